"""First and later imports: what is written, updated and kept, and nothing lost in silence."""

import json
import os
import shutil
import subprocess
import sys

import pandas as pd
import platform_exports as platforms
import pytest
import table_exports as tables
from described_imports import ROOT, files, ids_of, imported
from described_survey import OTHER, SKIPPED, Survey, cycling, save

from compendium.importing.importer import import_study
from compendium.survey.study import load_study

# ---- a first import


def test_the_report_can_be_read_by_a_machine_and_quotes_nobody(data):
    imported(cycling(), tables.google, data)
    report = json.loads((data / "mine" / "import.json").read_text(encoding="utf-8"))
    assert {"source", "platform", "rows", "sha256", "read", "guessed", "left_out", "decisions"} <= set(
        report
    )
    assert report["source"] == "a.csv"
    keys = {"item", "kind", "question", "why", "consequence", "edit", "rows", "source"}
    assert all(keys == set(one) for one in report["decisions"])
    assert all({"column", "why"} == set(one) for one in report["left_out"])
    assert "Own words" not in json.dumps(report)
    assert "Own idea" not in json.dumps(report)
    ids = {one["item"] for one in report["decisions"]}
    assert ids <= {""} | {one["item"] for one in report["guessed"]}


def test_formulas_stay_text(data):
    """Nothing is computed and nothing is guarded: what was answered is what is written."""
    answers = ["=1+1", '=HYPERLINK("http://example.org","x")', "+1", "-1 to go", "@SUM(A1)", "'=2"]
    rows = [["What would you say?"], *([f"{answer} {i}"] for i, answer in enumerate(answers * 2))]
    save(data.parent / "a.csv", rows)
    import_study("mine", data.parent / "a.csv", data)
    study = load_study("mine", data)
    assert study.answers.iloc[:, 0].tolist() == [row[0] for row in rows[1:]]


def test_many_columns_and_respondents_without_a_number(data):
    rows = [[f"Question number {i}?" for i in range(150)]]
    rows += [[("Yes", "No", "")[(i * j) % 3] for i in range(150)] for j in range(30)]
    save(data.parent / "a.csv", rows)
    report = import_study("mine", data.parent / "a.csv", data)
    assert len(report["guessed"]) + len(report["left_out"]) == 150
    assert ids_of(data / "mine") == [str(i + 1) for i in range(30)]
    assert any("numbered in the order" in one["question"] for one in report["decisions"])


def test_the_files_are_the_same_whatever_hash_seed_time_zone_and_locale(data):
    export = data.parent / "a.csv"
    tables.google(cycling(), export)
    run = "import sys; from compendium.importing.importer import import_study as i; i(*sys.argv[1:])"
    written = []
    for i, (seed, zone, language) in enumerate([("0", "UTC", "C.UTF-8"), ("77", "Asia/Tokyo", "C")]):
        place = data.parent / f"data{i}"
        place.mkdir()
        shutil.copy(data / "response_scales.yml", place)
        setting = {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": language, "PYTHONUTF8": "1"}
        setting["PYTHONPATH"] = str(ROOT / "src")
        command = [sys.executable, "-c", run, "mine", export, place]
        subprocess.run(command, check=True, env=os.environ | setting)
        written.append({path.name: path.read_bytes() for path in (place / "mine").iterdir()})
    assert written[0] == written[1]
    assert set(written[0]) == {"survey.yml", "responses.csv", "import.json"}


# ---- a second one


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_second_export_updates_the_answers_and_keeps_the_edits(data):
    imported(cycling(40), tables.google, data)
    survey = data / "mine" / "survey.yml"
    edit(survey, "title: Mine", "title: Cycling to work")
    edit(survey, "- id: mostly_travel_work ", "- id: mode ")
    edit(survey, "{id: safer_paths, label: Safer paths,", "{id: paths, label: Paths that are safer,")
    edited = survey.read_bytes()
    report, study, _ = imported(cycling(60), tables.google, data)
    assert survey.read_bytes() == edited
    assert report["edited"]
    assert study.instrument.title == "Cycling to work"
    assert study.n == 60
    chose = [row["mode"] if isinstance(row["mode"], str) else OTHER for row in cycling(60).rows]
    assert (study.answers["mode"] == "bicycle").tolist() == [mode == "Bicycle" for mode in chose]
    words = [row["mode"][1] if isinstance(row["mode"], tuple) else None for row in cycling(60).rows]
    assert [w if isinstance(w, str) else None for w in study.answers["mode.other.text"]] == words
    safer = [
        "Safer paths" in row["wish"][0] if row["wish"] != SKIPPED else None for row in cycling(60).rows
    ]
    got = study.answers["make_cycle_more.paths"]
    assert [None if pd.isna(tick) else bool(tick) for tick in got] == safer


def test_an_untouched_draft_is_made_anew(data):
    imported(cycling(40), tables.google, data)
    report, study, wrong = imported(cycling(60), tables.google, data)
    assert not report["edited"]
    assert wrong == []
    assert study.n == 60


def test_an_option_added_by_hand_is_found_in_the_cells(data):
    """Words beside Other that are an option after all: a line in survey.yml, and a second import."""
    rows = [["Timestamp", "Which? (Tick all)"]]
    rows += [
        ["2024/05/01", cell] for cell in ["Apples, Pears", "Apples", "Pears", "Pears, Figs, dried"] * 6
    ]
    rows += [["2024/05/01", "Apples, Quinces of my own"]]
    save(data.parent / "a.csv", rows)
    import_study("mine", data.parent / "a.csv", data)
    survey = data / "mine" / "survey.yml"
    edit(
        survey,
        "      - {id: other,",
        '      - {id: quince, label: "Quinces of my own", column: q_own}\n      - {id: other,',
    )
    import_study("mine", data.parent / "a.csv", data)
    study = load_study("mine", data)
    item = study.instrument.items[0]
    assert [option.label for option in item.options][:3] == ["Apples", "Pears", "Figs, dried"]
    assert study.answers[f"{item.id}.quince"].sum() == 1
    assert study.answers[f"{item.id}.other"].sum() == 0


def test_a_new_question_in_a_second_export_is_told(data):
    survey = cycling(40)
    imported(Survey(survey.questions[:6], survey.rows), tables.google, data)
    edit(data / "mine" / "survey.yml", "title: Mine", "title: Edited")
    tables.google(survey, data.parent / "a.csv")
    report = import_study("mine", data.parent / "a.csv", data)
    new = [one["question"] for one in report["decisions"] if "it is new" in one["why"]]
    assert ["age group" in new[0], "else should we know" in new[1], len(new)] == [True, True, 2]


def test_a_second_import_keeps_the_record_of_the_first(data):
    """What was guessed, left out and is to be decided stays on record while survey.yml is edited."""
    first, _, _ = imported(cycling(40), platforms.qualtrics, data)
    edit(data / "mine" / "survey.yml", "title: Mine", "title: Edited")
    for _ in range(2):
        again, _, _ = imported(cycling(60), platforms.qualtrics, data)
        assert again["edited"]
        assert again["guessed"] == first["guessed"]
        assert len(first["guessed"]) == 8
        assert again["left_out"] == first["left_out"][1:] + first["left_out"][:1]
        asked = [one["question"] for one in again["decisions"]]
        assert len(asked) == len(first["decisions"]) == len(set(asked))
        assert any("not finished stay in (1 of 60)?" in one for one in asked)  # no longer of 40
        assert "Write title, about, licence" in asked[-1]  # what changes no number comes last


def test_a_draft_made_anew_has_a_record_of_its_own(data):
    imported(cycling(40), tables.google, data)
    (data / "mine" / "survey.yml").unlink()
    report, _, _ = imported(cycling(60), platforms.qualtrics, data)
    assert not report["edited"]
    assert [one["columns"][0] for one in report["guessed"]][:2] == ["Q1", "Q2"]


def test_a_left_out_column_can_be_taken_in_by_hand(data):
    imported(cycling(40), platforms.qualtrics, data)
    item = "  - {id: language, section: questions, type: single, question: Language,"
    item += " column: UserLanguage, options: [{id: en, label: EN}]}\n"
    edit(data / "mine" / "survey.yml", "items:\n", f"items:\n{item}")
    import_study("mine", data.parent / "a.csv", data)
    assert (load_study("mine", data).answers["language"] == "en").all()


@pytest.mark.parametrize("name", ["responses.csv", "import.json"])
def test_what_a_person_changed_is_not_overwritten(data, name):
    imported(cycling(40), tables.google, data)
    path = data / "mine" / name
    path.write_text(path.read_text(encoding="utf-8")[:-9] + "changed", encoding="utf-8")
    before = files(data)
    with pytest.raises(ValueError, match="was changed"):
        import_study("mine", data.parent / "a.csv", data)
    assert files(data) == before


def test_a_study_that_no_import_made_is_left_alone(data):
    shutil.copytree(ROOT / "data" / "microcredentials", data / "microcredentials")
    tables.google(cycling(40), data.parent / "a.csv")
    before = files(data)
    with pytest.raises(ValueError, match="was not made by an import"):
        import_study("microcredentials", data.parent / "a.csv", data)
    assert files(data) == before


@pytest.mark.parametrize("name", ["../mine", "", "a/b", ".hidden", "a b"])
def test_a_study_lies_in_its_own_folder(data, name):
    with pytest.raises(ValueError, match="NAME"):
        import_study(name, data.parent / "a.csv", data)
