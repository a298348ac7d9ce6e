"""The draft of survey.yml: a file to read and edit, and the same instrument when it is read back."""

import pandas as pd
import pytest
import table_exports as tables
from described_imports import imported
from described_survey import FREQUENCY, cycling, save
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from compendium.importing.draft.survey_yml import survey_text
from compendium.importing.export import LeftOut
from compendium.importing.importer import import_study
from compendium.models import read_yaml
from compendium.survey.plan import outcomes
from compendium.survey.study import load_study


def test_the_draft_is_a_file_to_read_and_edit(data):
    imported(cycling(), tables.google, data)
    path = data / "mine" / "survey.yml"
    text, content = path.read_text(encoding="utf-8"), read_yaml(path)
    assert content["provenance"] == "collected"
    assert content["licence"] == "Not stated"
    assert content["disclosure"]["minimum_cell"] == 5
    assert "plan" not in content
    assert [section["id"] for section in content["sections"]] == ["questions", "background"]
    assert "- id: make_cycle_more  # its cells hold options parted by ', '" in text
    assert '{id: showers_lockers_and_parking, label: "Showers, lockers and parking"' in text
    assert "#   Email Address: can identify a person" in text
    wish = next(item for item in content["items"] if item["id"] == "make_cycle_more")
    assert [option["label"] for option in wish["options"]] == [
        "Safer paths", "Showers, lockers and parking", "A cheaper bicycle", "Better weather", "Other",
    ]  # fmt: skip


def test_the_two_highest_points_of_a_known_scale_are_a_group(data):
    """A plan without `of` is then about a group; scales of numbers and short ones get none."""
    report, _, _ = imported(cycling(), tables.google, data)
    survey = data / "mine" / "survey.yml"
    ids = {one["type"]: one["item"] for one in report["guessed"][:4]}
    grid, paths = ids["grid"], ids["scale"]
    plan = f"\nplan:\n  - {{id: p, question: q, method: trend, item: {grid}, by: [{paths}]}}\n"
    survey.write_text(survey.read_text(encoding="utf-8") + plan, encoding="utf-8")
    instrument = load_study("mine", data).instrument
    agree = instrument.item(grid)
    assert [(g.id, g.label, g.options) for g in agree.groups] == [
        ("top_two", "Agree or strongly agree", ["agree", "strongly_agree"])
    ]
    assert outcomes(agree, instrument.plan[0]) == ["top_two"]
    assert [g.label for g in instrument.item(paths).groups] == ["Satisfied or very satisfied"]
    assert [item.id for item in instrument.items if item.groups] == [paths, grid]


def test_a_group_stands_in_a_scale_that_items_share(data):
    rows = [["Respondent ID", "Is it clean?", "Is it fun?"], ["", "Response", "Response"]]
    rows += [[str(i), FREQUENCY[i % 5], FREQUENCY[i * 2 % 5]] for i in range(30)]
    save(data.parent / "a.csv", rows)
    import_study("mine", data.parent / "a.csv", data)
    text = (data / "mine" / "survey.yml").read_text(encoding="utf-8")
    assert text.count("groups:") == 1
    assert [[g.label for g in i.groups] for i in load_study("mine", data).instrument.items] == [
        ["Often or always"]
    ] * 2


# ---- what YAML would take for something else than text


def draft(item, scales=None, left_out=()):
    """The least that a draft is made of."""
    return {
        "source": "a.csv", "platform": "a table", "title": "A: b", "provenance": "collected",
        "exclude": [{"reason": "empty", "label": "No question answered"}], "scales": scales or {},
        "sections": [{"id": "questions", "title": "Questions"}], "left_out": list(left_out),
        "items": [{"why": "guessed", "section": "questions"} | item],
    }  # fmt: skip


WORDS = [
    "true", "True", "false", "null", "Null", "~", "yes", "No", "on", "1", "1.0", "0x1F", "012", "1e5",
    ".inf",
    ".nan", "2024-05-01", "12:30", "1_000", "=", "<<", "- a", "a: b", "#c", "", " a ", "[", "{}",
    "!x", "&x", "*x", "| a", "> a", "%a", "@a", "`a", "'", '"', "a\nb", "é: ü", "日本", "😀",
    "a\u202eb", "\ufeffa", "a #b",
]  # fmt: skip


@pytest.mark.parametrize("reader", ["safe", "1.1"])
@pytest.mark.parametrize("word", WORDS)
def test_every_text_comes_back_as_text(word, reader):
    """In any place where a text of the export can stand, for readers of YAML 1.2 and 1.1."""
    item = {"id": "a", "type": "single", "question": word, "column": word,
            "options": [{"id": "b", "label": word, "value": word}]}  # fmt: skip
    text = survey_text(draft(item, left_out=[LeftOut(word, word)]))
    yaml = YAML(typ="safe", pure=True)
    if reader == "1.1":
        yaml.version = (1, 1)
    (read,) = yaml.load(text)["items"]
    assert (read["question"], read["column"]) == (word, word)
    assert read["options"] == item["options"]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
@settings(max_examples=60, deadline=None)
def test_no_text_can_become_yaml(text):
    item = {"id": "a", "type": "text", "question": text, "column": text}
    written = survey_text(draft(item, left_out=[LeftOut(text, text)]))
    (read,) = YAML(typ="safe", pure=True).load(written)["items"]
    assert (read["question"], read["column"]) == (text, text)


@pytest.mark.parametrize("id", ["true", "false", "null"])
def test_ids_that_yaml_reads_as_something_else_stay_ids(id, tmp_path):
    item = {
        "id": id, "type": "single", "question": "q", "scale": id,
        "asked_if": {"item": id, "any": [id]}, "groups": [{"id": id, "label": "g", "options": [id]}],
    }  # fmt: skip
    (tmp_path / "a.yml").write_text(
        survey_text(draft(item, {id: {"points": [{"id": id, "label": id}]}})), encoding="utf-8"
    )
    read = read_yaml(tmp_path / "a.yml")
    assert list(read["scales"]) == [id]
    assert read["scales"][id]["points"] == [{"id": id, "label": id}]
    assert {key: read["items"][0][key] for key in item} == item


def test_marks_that_turn_the_writing_are_seen():
    text = survey_text(draft({"id": "a", "type": "text", "question": "a\u202eb", "column": "c"}))
    assert "\u202e" not in text


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
@pytest.mark.parametrize("heading", ["true", "null", "The earth is flat"])
def test_answers_that_are_booleans_are_imported(data, heading, kind):
    """As R, pandas, Excel and Parquet write them, and headings that YAML reads as nothing."""
    answers, other = [True, False] * 10, ["null", "true"] * 10
    export = data.parent / f"a.{kind}"
    frame = pd.DataFrame({heading: answers, "no": other})
    write = {"csv": frame.to_csv, "xlsx": frame.to_excel, "parquet": frame.to_parquet}[kind]
    write(export, index=False)
    import_study("mine", export, data)
    study = load_study("mine", data)
    first, second = study.instrument.items
    assert first.question == heading
    assert {o.label.casefold() for o in first.choices} == {"true", "false"}
    assert {o.label for o in second.choices} == {"null", "true"}
    assert study.answers[first.id].tolist() == ["true", "false"] * 10
    assert study.answers[second.id].tolist() == other


def test_conditions_and_groups_name_options_that_yaml_reads_as_something_else(data):
    """A question put to those who said True, and a scale that two items share."""
    rows = [["Respondent ID", "Is it flat?", "Why so?"], ["", "Response", "Response"]]
    rows += [
        [str(i), "True" if i % 2 else "False", "Null" if i % 4 == 1 else "Maps" if i % 2 else ""]
        for i in range(60)
    ]
    save(data.parent / "a.csv", rows)
    import_study("mine", data.parent / "a.csv", data)
    why = load_study("mine", data).instrument.items[1]
    assert why.asked_if.any == ["true"]
    assert {option.id for option in why.options} == {"null", "maps"}
