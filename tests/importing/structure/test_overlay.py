"""A structure is found by its name, refused in one sentence, and never believed against the answers."""

import json

import pytest
from described_survey import save
from structure_files import choices, chosen, logic, lss, qsf

from compendium.importing.importer import import_study
from compendium.importing.structure.overlay import find_structure, read_structure
from compendium.survey.study import load_study

LIME = ["id", "submitdate", "lastpage", "startlanguage"]
WORK = {"code": "work", "type": "L", "text": {"en": "Do you work?"},
        "answers": {"A1": {"en": "Yes"}, "A2": {"en": "No"}, "A3": {"en": "Retired"}}}  # fmt: skip
WHERE = {"code": "where", "type": "L", "text": {"en": "Where?"},
         "answers": {"A1": {"en": "At home"}, "A2": {"en": "In town"}}}  # fmt: skip

SAIL = {"QuestionText": "Do you sail?", "QuestionType": "MC", "Selector": "SAVR"} | choices(
    ["Yes", "No", "Once"]
)


def export(path, *columns):
    """A LimeSurvey export with answer codes: columns are a heading and the values of 40 rows."""
    rows = [[*LIME, *(head for head, _ in columns)]]
    rows += [
        [str(i), "2026-05-01", "2", "en", *(values[i] for _, values in columns)] for i in range(40)
    ]
    save(path, rows)
    return path


@pytest.mark.parametrize(
    ("name", "beside", "found"),
    [
        ("a.csv", ["a.lss"], "a.lss"),
        ("results-survey471112.csv", ["limesurvey_survey_471112.lss", "limesurvey_survey_88.lss"],
         "limesurvey_survey_471112.lss"),
        ("Boat+Survey_May+1,+2026_10.00.csv", ["Boat_Survey.qsf", "Car_Survey.qsf"], "Boat_Survey.qsf"),
        ("a.csv", ["b.lss"], None),
        ("471112.csv", ["x_471112.lss", "y_471112.lss"], None),
        ("a.csv", ["a.txt"], None),
    ],
)  # fmt: skip
def test_a_structure_is_found_by_its_name(tmp_path, name, beside, found):
    for other in beside:
        (tmp_path / other).write_text("")
    path = find_structure(tmp_path / name)
    assert (path and path.name) == found


def test_a_condition_that_answers_contradict_is_asked_about(data):
    """A rule that came later: those who answered before it was there are no strays."""
    a = export(
        data.parent / "a.csv", ("work", ["A1", "A2"] * 20), ("where", ["A1", ""] * 18 + ["A2"] * 4)
    )
    lss(data.parent / "a.lss", [WORK, WHERE | {"relevance": 'work.NAOK == "A1"'}])
    report = import_study("mine", a, data)
    study = load_study("mine", data)
    assert study.instrument.item("where").asked_if is None
    assert study.answers["where"].count() == 22
    (why,) = [one["why"] for one in report["decisions"] if one["item"] == "where"]
    assert "2 others answered" in why


@pytest.mark.parametrize("rule", ['Q100.NAOK == "A1"', '((4711X1X100.NAOK == "A1"))', "work=='A1'"])
def test_questions_are_named_in_the_ways_that_were_seen(data, rule):
    """Codes, ids, and survey, group and question as older versions write; the group's rule as well."""
    a = export(data.parent / "a.csv", ("work", ["A1", "A2"] * 20), ("where", ["A1", ""] * 20))
    for groups, question in (([("1", rule)], WHERE), ([("1", "1")], WHERE | {"relevance": rule})):
        first = WORK | {"group": "0"}
        lss(data.parent / "a.lss", [first, question | {"group": "1"}], groups=[("0", ""), *groups])
        if "X1X" in rule:  # the gate stands in group 1 there
            lss(data.parent / "a.lss", [WORK, WHERE | {"relevance": rule}])
        import_study("mine", a, data)
        asked = load_study("mine", data).instrument.item("where").asked_if
        assert (asked.item, asked.any) == ("work", ["yes"])


def test_a_rule_without_any_answer_outside_is_not_invented(data):
    """Nobody without work answered, but the structure puts the question to everybody: skipped."""
    a = export(data.parent / "a.csv", ("work", ["A1", "A2"] * 20), ("where", ["A1", ""] * 20))
    import_study("bare", a, data)
    assert load_study("bare", data).instrument.item("where").asked_if is not None
    lss(data.parent / "a.lss", [WORK, WHERE])
    import_study("mine", a, data)
    study = load_study("mine", data)
    assert study.instrument.item("where").asked_if is None
    assert (study.states["where"] == "skipped").sum() == 20


def test_one_question_of_a_lsq_is_read(data):
    a = export(data.parent / "a.csv", ("work", ["A1", "A2"] * 20), ("age", ["40", "50"] * 20))
    lss(data.parent / "q.lsq", [WORK], version=717, kind="Question")
    report = import_study("mine", a, data, structure=data.parent / "q.lsq")
    work, age = load_study("mine", data).instrument.items
    assert [option.label for option in work.options] == ["Yes", "No", "Retired"]
    assert (work.question, age.question) == ("Do you work?", "age")
    assert any("q.lsq (LimeSurvey, database version 717): 1 of 2 columns" in x for x in report["read"])


def test_a_second_import_with_its_structure_keeps_the_edits(data):
    a = export(data.parent / "a.csv", ("work", ["A1", "A2"] * 20), ("where", ["A1", ""] * 20))
    lss(data.parent / "a.lss", [WORK, WHERE])
    import_study("mine", a, data)
    survey = data / "mine" / "survey.yml"
    survey.write_text(survey.read_text().replace("Retired", "Pensioner"))
    export(a, ("work", ["A1", "A3"] * 20), ("where", ["A1", ""] * 20))
    assert import_study("mine", a, data)["edited"]
    study = load_study("mine", data)
    assert study.answers["work"].value_counts().to_dict() == {"yes": 20, "retired": 20, "no": 0}


def test_a_structure_of_another_survey_is_told(data):
    """Found by its name: asked about; given: refused where it names no column at all."""
    a = export(data.parent / "a.csv", ("work", ["B7", "B8"] * 20), ("where", ["A1", "A2"] * 20))
    lss(data.parent / "a.lss", [WORK, WHERE])
    report = import_study("mine", a, data)
    assert any("belong to this export" in d["question"] and "work" in d["question"]
               for d in report["decisions"])  # fmt: skip
    lss(data.parent / "b.lss", [WORK | {"code": "other"}])
    with pytest.raises(ValueError, match="names no column of the export"):
        import_study("mine", a, data, structure=data.parent / "b.lss")


def test_a_structure_whose_questions_run_otherwise_is_not_used_unasked(data):
    """QID1 stands in every survey of Qualtrics; given by hand it is used, and asked about."""
    rows = [["Status", "ResponseId", "Q1"], ["Status", "ResponseId", "Where do you sail to?"],
            [json.dumps({"ImportId": id}) for id in ("status", "_recordId", "QID1")]]  # fmt: skip
    rows += [["IP Address", f"R_{i}", str(i % 3 + 1)] for i in range(30)]
    save(data.parent / "a.csv", rows)
    qsf(data.parent / "a.qsf", {"QID1": SAIL})
    for name, given in (("mine", None), ("given", data.parent / "a.qsf")):
        report = import_study(name, data.parent / "a.csv", data, structure=given)
        (item,) = load_study(name, data).instrument.items
        assert (item.question == SAIL["QuestionText"]) == (given is not None)
        assert any("run otherwise in" in one["question"] for one in report["decisions"])


DTD = '<!DOCTYPE d [<!ENTITY a "x">]><document><LimeSurveyDocType>&a;</LimeSurveyDocType></document>'


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.lss", DTD, "declares a document type"),
        ("a.lss", "<document><LimeSurveyDocType>Survey", "not readable as XML"),
        ("a.lss", "<html/>", "no structure of a LimeSurvey survey"),
        ("a.lss", "<document><LimeSurveyDocType>Survey</LimeSurveyDocType><questions><rows><row>"
                  "<title>a</title></row></rows></questions></document>", "a row has no 'qid'"),
        ("a.qsf", "{", "no survey structure of Qualtrics"),
        ("a.qsf", "[" * 100_000, "no survey structure of Qualtrics"),
        ("a.qsf", '{"SurveyElements": [{"Element": "SQ", "Payload": {}}]}', "no survey structure"),
        ("a.qsf", '{"SurveyElements": 4}', "no survey structure of Qualtrics"),
        ("a.txt", "", "STRUCTURE is a file that ends in"),
    ],
)  # fmt: skip
def test_what_is_no_structure_is_refused_in_a_sentence(tmp_path, name, content, said):
    (tmp_path / name).write_text(content)
    with pytest.raises(ValueError, match=said) as refused:
        read_structure(tmp_path / name)
    assert str(refused.value).startswith(str(tmp_path / name))
    assert "\n" not in str(refused.value)


def test_a_missing_structure_and_one_of_another_platform_are_refused(data):
    a = export(data.parent / "a.csv", ("work", ["A1", "A2"] * 20))
    with pytest.raises(ValueError, match="cannot be read"):
        import_study("mine", a, data, structure=data.parent / "none.lss")
    qsf(data.parent / "b.qsf", {"QID1": {"QuestionText": "x", "QuestionType": "TE", "Selector": "SL"}})
    with pytest.raises(ValueError, match="not of the platform of the export"):
        import_study("mine", a, data, structure=data.parent / "b.qsf")
    assert not (data / "mine").exists()


# ---- Qualtrics: skips and branches

TEXT = {"QuestionType": "TE", "Selector": "ML"}


@pytest.mark.parametrize("way", ["skip", "branch", "display"])
def test_each_way_to_put_a_question_to_some_is_read(data, way):
    """A skip past it, a branch around its block, display logic; what follows is put to everybody."""
    heads = [("Status", "status"), ("ResponseId", "_recordId"), ("Q1", "QID1"), ("Q2", "QID2_TEXT"),
             ("Q3", "QID3_TEXT")]  # fmt: skip
    rows = [
        [h for h, _ in heads],
        [h for h, _ in heads],
        [json.dumps({"ImportId": i}) for _, i in heads],
    ]
    rows += [["IP Address", f"R_{i}", ["No", "Yes", "Once"][i % 3], f"Boat {i} is fine" * (i % 3 > 0),
              f"Nothing else from me, {i}"] for i in range(45)]  # fmt: skip
    save(data.parent / "a.csv", rows)
    payloads = {"QID1": SAIL, "QID2": TEXT | {"QuestionText": "Which boat?"},
                "QID3": TEXT | {"QuestionText": "What else?"}}  # fmt: skip
    one, two, three = ({"Type": "Question", "QuestionID": id} for id in payloads)
    blocks, flow = [{"Type": "Default", "ID": "BL_1", "BlockElements": [one, two, three]}], None
    if way == "skip":
        one["SkipLogic"] = [{"ChoiceLocator": "q://QID1/SelectableChoice/2", "Condition": "Selected",
                             "SkipToDestination": "QID3", "Description": "If No, skip"}]  # fmt: skip
    elif way == "branch":
        blocks = [{"Type": "Standard", "ID": f"BL_{n}", "BlockElements": [part]}
                  for n, part in enumerate((one, two, three), start=1)]  # fmt: skip
        inside = {"Type": "Standard", "ID": "BL_2", "FlowID": "FL_4"}
        branch = {"Type": "Branch", "FlowID": "FL_3", "Flow": [inside],
                  "BranchLogic": logic(chosen("QID1", 1), chosen("QID1", 3, "Or"))}  # fmt: skip
        flow = [{"Type": "Block", "ID": "BL_1"}, branch, {"Type": "Standard", "ID": "BL_3"}]
    else:
        payloads["QID2"]["DisplayLogic"] = logic(chosen("QID1", 1), chosen("QID1", 3, "Or"))
    qsf(data.parent / "a.qsf", payloads, blocks, flow)
    import_study("mine", data.parent / "a.csv", data)
    sail, boat, more = load_study("mine", data).instrument.items
    assert (boat.asked_if.item, boat.asked_if.any) == (sail.id, ["yes", "once"])
    assert more.asked_if is None
