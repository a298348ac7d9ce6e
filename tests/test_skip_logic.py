"""To whom a question was put: conditions on ticked options, in survey.yml and guessed from exports."""

import numpy as np
import pandas as pd
import pytest
from described_imports import data_folder  # noqa: F401
from described_survey import save
from spoiling import STUDY, change, refused

from compendium.importing.importer import import_study
from compendium.survey.instrument import Instrument
from compendium.survey.study import interpret, load_study

OPTIONS = [
    {"id": "bike", "label": "Bike"},
    {"id": "bus", "label": "Bus"},
    {"id": "car", "label": "Car"},
]


def asked_of(any_of):
    """An instrument whose second question is put to those who ticked any of these."""
    gate = {"id": "mode", "section": "s", "type": "multi", "question": "q", "options": OPTIONS}
    why = {"id": "why", "section": "s", "type": "text", "question": "q"}
    why["asked_if"] = {"item": "mode", "any": any_of}
    parts = {"title": "t", "provenance": "collected", "licence": "l", "items": [gate, why]}
    return Instrument.model_validate(parts | {"sections": [{"id": "s", "title": "s"}]})


@pytest.mark.parametrize(
    ("any_of", "put"),
    [(["bike"], [True, False, False, True]), (["bike", "bus"], [True, True, False, True])],
)
def test_asked_are_those_who_ticked_any_of_the_options(any_of, put):
    rows = [("1", "", "", "x"), ("", "1", "", ""), ("", "", "", "stray"), ("1", "1", "1", "")]
    raw = pd.DataFrame(rows, columns=["mode_bike", "mode_bus", "mode_car", "why"], dtype="str")
    study = interpret("small", asked_of(any_of), "rows", raw)
    states = study.states["why"].reindex(raw.index, fill_value="not_asked")
    assert (states != "not_asked").tolist() == put
    assert study.notes == ["1 answered 'why' without being asked; set aside."]


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("asked_if: {item: interest, any: [yes, maybe]}", "asked_if: {item: terms, any: [yes]}",
         ("'terms' is of type 'grid', which cannot decide this", "name an item of type multi,")),
        ("item: involved", "item: benefits",
         ("exclude > screened_out: 'benefits' is of type 'multi'", "name an item of type single,")),
    ],
)  # fmt: skip
def test_a_condition_on_what_cannot_decide_is_refused(data_dir, old, new, parts):
    text = (data_dir / STUDY / "survey.yml").read_text(encoding="utf-8")
    assert old in text
    change(data_dir / STUDY / "survey.yml", old, new)
    refused(data_dir, "survey.yml", *parts)


# ---- guessed from exports

LIME = ["id. Response ID", "submitdate. Date submitted", "lastpage. Last page",
        "startlanguage. Start language"]  # fmt: skip
MODES = ["Bicycle", "E-bike", "Bus or tram", "Car"]


def cyclists(count=60):
    """Who ticked what, how far they got, and whether they leased the e-bike they may have."""
    rng = np.random.default_rng(4)
    ticked = rng.random((count, 4)) < [0.5, 0.3, 0.4, 0.3]
    ticked[:5] = False  # shown, and nothing ticked
    return ticked, rng.random(count) < 0.9


def lime_rows(timed):
    ticked, finished = cyclists()
    rows = [[*LIME, *(f"MODE[SQ{i}]. How do you travel? [{m}]" for i, m in enumerate(MODES)),
             "LEASE. Did you lease your e-bike?", "SAY. What else?"]]  # fmt: skip
    rows[0] += ["interviewtime. Total time", "groupTime3. Group time: Cycling",
                "LEASETime. Question time: LEASE"] * timed  # fmt: skip
    for i, (ticks, done) in enumerate(zip(ticked, finished, strict=True)):
        page = ["Yes" if tick else "No" for tick in ticks]
        lease = ("Yes" if i % 2 else "No") if done and ticks[1] else "N/A"
        say = f"Respondent {i} has this to say" if done and i % 3 else "" if done else "N/A"
        row = [str(i + 1), "2026-01-01" if done else "", "2" if done else "1", "en", *page, lease, say]
        rows.append(row + [f"{90 + i}.25", f"{i}.5", f"{i / 4}"] * timed)
    return rows


@pytest.mark.parametrize("timed", [False, True])
def test_who_ticked_an_option_and_was_asked_is_guessed_from_limesurvey(data, timed):
    save(data.parent / "a.csv", lime_rows(timed))
    report = import_study("mine", data.parent / "a.csv", data)
    study = load_study("mine", data)
    lease = study.instrument.item("lease")
    assert (lease.asked_if.item, lease.asked_if.any) == ("mode", ["e_bike"])
    asks = [one["question"] for one in report["decisions"] if one["item"] == "lease"]
    assert asks == ["Was this asked only of those who ticked e_bike at 'mode'?"]
    ticked, _ = cyclists()
    owners = pd.Series(ticked[:, 1], index=[str(i + 1) for i in range(len(ticked))])
    assert ((study.states["lease"] != "not_asked") == owners[study.states.index]).all()


def test_several_options_are_guessed_where_the_platform_says_nothing(data):
    ticked, _ = cyclists(90)
    rows = [["Respondent ID", *["How do you travel?", "", "", ""], "Where do you park?"],
            ["", *MODES, "Response"]]  # fmt: skip
    for i, ticks in enumerate(ticked):
        park = ("Street", "Garage")[i % 2] if ticks[1] or ticks[3] else ""
        rows.append([str(1000 + i), *(m if t else "" for m, t in zip(MODES, ticks, strict=True)), park])
    save(data.parent / "a.csv", rows)
    import_study("mine", data.parent / "a.csv", data)
    study = load_study("mine", data)
    assert study.instrument.item("park").asked_if.any == ["e_bike", "car"]


def test_chance_is_no_skip_logic(data):
    """Answers that are missing at random, and rows that break off, have no condition."""
    rng = np.random.default_rng(9)
    for seed in range(12):
        ticked, _ = cyclists(90)
        rows = [["Respondent ID", *["How do you travel?", "", "", ""], "Where do you park?", "Well?"],
                ["", *MODES, "Response", "Response"]]  # fmt: skip
        for i, ticks in enumerate(rng.permutation(ticked)):
            gone = rng.random() < 0.2
            picks = ["" if gone else m if t else "" for m, t in zip(MODES, ticks, strict=True)]
            park, well = ("" if gone or rng.random() < 0.15 else rng.choice(["A", "B"]) for _ in "ab")
            rows.append([str(1000 + i), *picks, park, well])
        save(data.parent / "a.csv", rows)
        import_study(f"mine{seed}", data.parent / "a.csv", data)
        items = load_study(f"mine{seed}", data).instrument.items
        assert [item.asked_if for item in items] == [None, None, None]


@pytest.mark.parametrize("heading", ["code", "codetext", "text"])
def test_times_that_limesurvey_takes_are_no_answers(data, heading):
    """In all three forms of its headings; a question whose code ends in Time stays one."""
    columns = [("id", "Response ID", "{}"), ("submitdate", "Date submitted", "2026-01-01"),
               ("lastpage", "Last page", "2"), ("startlanguage", "Start language", "en"),
               ("AGE", "How old are you?", "3{}"), ("WORK", "Where do you work?", "At home"),
               ("WORKTime", "Question time: WORK" if heading != "code" else "", "{}.25"),
               ("AGETime", "Question time: AGE", "{}"), ("PartTime", "Do you work part time?", "Yes"),
               ("groupTime12", "Group time: About you", "1{}.5"),
               ("interviewtime", "Total time", "2{}.75")]  # fmt: skip
    form = {"code": "{0}", "codetext": "{0}. {1}", "text": "{1}"}[heading]
    rows = [[form.format(code, text) for code, text, _ in columns]]
    rows += [[value.format(i % 8) if i else value.format(9) for _, _, value in columns]
             for i in range(8)]  # fmt: skip
    for i, row in enumerate(rows[1:], start=1):
        row[0] = str(i)
    save(data.parent / "a.csv", rows)
    report = import_study("mine", data.parent / "a.csv", data)
    assert [one["columns"] for one in report["guessed"]] == [
        [rows[0][i].split(".")[0]] for i in (4, 5, 8)
    ]
    assert {rows[0][i].split(". ")[0] for i in (6, 7, 9, 10)} <= {
        x["column"] for x in report["left_out"]
    }


def test_a_question_named_like_a_time_is_told_by_its_text(data):
    """``WORKTime`` beside ``WORK`` is a question where its text asks one."""
    rows = [[*LIME, "WORK. Where do you work?", "WORKTime. How many hours do you work?"]]
    rows += [[str(i), "2026-01-01", "2", "en", "At home", str(20 + i)] for i in range(9)]
    save(data.parent / "a.csv", rows)
    report = import_study("mine", data.parent / "a.csv", data)
    assert [one["type"] for one in report["guessed"]] == ["single", "number"]
