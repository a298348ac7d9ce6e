"""A Qualtrics export read by its structure: recoded values, names of values, order, logic, required."""

import json

import pytest
from described_survey import save
from structure_files import choices, chosen, logic, qsf

from compendium.importing.importer import import_study
from compendium.survey.study import load_study

FORCED = {
    "Validation": {"Settings": {"ForceResponse": "ON", "ForceResponseType": "ON", "Type": "None"}}
}
PAYLOADS = {
    "QID1": {"QuestionText": "Do you <b>sail</b>?", "QuestionType": "MC", "Selector": "SAVR"}
    | choices(["Yes", "No", "Only as a passenger"]) | FORCED
    | {"RecodeValues": {"1": "1", "2": "0", "3": "7"}},
    "QID2": {"QuestionText": "Which boats?", "QuestionType": "MC", "Selector": "MAVR",
             "DisplayLogic": logic(chosen("QID1", 1), chosen("QID1", 3, "Or"))}
    | choices(["Dinghies", "Yachts"]),
    "QID4": {"QuestionText": "How good are they?", "QuestionType": "Matrix", "Selector": "Likert",
             "SubSelector": "SingleAnswer"} | choices(["Sails", "Ropes"])
    | {"Answers": {"1": {"Display": "Superb"}, "2": {"Display": "Fair"}, "3": {"Display": "Poor"}},
       "AnswerOrder": ["3", "2", "1"], "RecodeValues": {"1": "30", "2": "20", "3": "10"}},
    "QID5": {"QuestionText": "Since when?", "QuestionType": "TE", "Selector": "SL",
             "Validation": {"Settings": {"ForceResponse": "OFF", "ContentType": "ValidNumber"}}},
    "QID6": {"QuestionText": "What else?", "QuestionType": "TE", "Selector": "ML",
             "DisplayLogic": logic(chosen("QID1", 1), chosen("QID2", 1, "And"))},
}  # fmt: skip
HEADS = [("Status", "status"), ("ResponseId", "_recordId"), ("Q1", "QID1"), ("Q2_1", "QID2", "1"),
         ("Q2_2", "QID2", "2"), ("Q4_1", "QID4_1"), ("Q4_2", "QID4_2"), ("Q5", "QID5_TEXT"),
         ("Q6", "QID6_TEXT")]  # fmt: skip

TEXTS = {"Q1": "Do you sail?", "Q2": "Which boats?", "Q2_1": "Which boats? - Dinghies",
         "Q2_2": "Which boats? - Yachts", "Q4_1": "How good are they? - Sails",
         "Q4_2": "How good are they? - Ropes", "Q5": "Since when?", "Q6": "What else?"}  # fmt: skip


def export(path, numeric, joined=False):
    """60 respondents; nobody is a passenger only, no rope is superb."""
    heads = HEADS[:3] + ([("Q2", "QID2")] if joined else HEADS[3:5]) + HEADS[5:]
    ids = [
        json.dumps({"ImportId": id} | ({"choiceId": rest[0]} if rest else {})) for _, id, *rest in heads
    ]
    rows = [[h[0] for h in heads], [TEXTS.get(h[0], h[0]) for h in heads], ids]
    grade = {"Poor": "10", "Fair": "20", "Superb": "30"}
    for i in range(60):
        sails, dinghy = i % 3 > 0, i % 2 > 0
        boats = ["Dinghies"] * (sails and dinghy) + ["Yachts"] * (sails and i % 4 < 2)
        cells = [",".join(str(["Dinghies", "Yachts"].index(b) + 1) if numeric else b for b in boats)]
        if not joined:
            cells = [("1" if numeric else b) if b in boats else "" for b in ("Dinghies", "Yachts")]
        rates = [["Poor", "Fair", "Superb"][i % 3], ["Poor", "Fair"][i % 2]]
        rates = [grade[rate] if numeric else rate for rate in rates]
        gate = ("1" if sails else "0") if numeric else "Yes" if sails else "No"
        rows.append(["IP Address", f"R_{i}", gate, *cells, *rates, str(i % 4), "much" if boats else ""])
    save(path, rows)


@pytest.mark.parametrize(
    ("numeric", "joined"), [(True, False), (False, False), (True, True), (False, True)]
)
def test_texts_levels_and_logic_are_the_structures(data, numeric, joined):
    """Recoded values or texts; ticks in a column each or in one cell."""
    export(data.parent / "Boats_May 1, 2026_10.00.csv", numeric, joined)
    qsf(data.parent / "Boats.qsf", PAYLOADS)
    report = import_study("mine", data.parent / "Boats_May 1, 2026_10.00.csv", data)
    study = load_study("mine", data)
    sail, boats, good, since, say = study.instrument.items
    assert [i.type for i in study.instrument.items] == ["single", "multi", "grid", "number", "text"]
    assert [i.question for i in study.instrument.items] == [
        "Do you sail?", "Which boats?", "How good are they?", "Since when?", "What else?"
    ]  # fmt: skip
    assert {option.label for option in sail.options} == {"Yes", "No", "Only as a passenger"}
    assert [point.label for point in good.points] == ["Poor", "Fair", "Superb"]
    assert [one.label for one in good.statements] == ["Sails", "Ropes"]
    assert [option.label for option in boats.options] == ["Dinghies", "Yachts"]
    sails = study.answers[f"{good.id}.{good.statements[0].id}"]
    assert sails.value_counts(sort=False).tolist() == [20, 20, 20]
    ropes = study.answers[f"{good.id}.{good.statements[1].id}"]
    assert ropes.value_counts(sort=False).tolist() == [30, 30, 0]
    labels = {option.id: option.label for option in sail.options}
    assert (boats.asked_if.item, {labels[id] for id in boats.asked_if.any}) == (
        sail.id, {"Yes", "Only as a passenger"},
    )  # fmt: skip
    counted = study.answers[sail.id].astype(str).map(labels).value_counts().to_dict()
    assert counted == {"Yes": 40, "No": 20}
    assert (since.asked_if, say.asked_if) == (None, None)
    assert any(
        d["item"] == say.id and "QID2 1 Is Selected" in d["question"] for d in report["decisions"]
    )
    assert [one.get("required", False) for one in report["guessed"]] == [
        True,
        False,
        False,
        False,
        False,
    ]
    assert any("Qualtrics, schema 1.1.0" in line for line in report["read"])
