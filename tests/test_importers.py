"""Exports of each platform, imported and compared with what was put in; second imports."""

import json
import os
import shutil
import subprocess
import sys

import fixtures_platforms as platforms
import fixtures_tables as tables
import pandas as pd
import pytest
from described_imports import ROOT, data_folder, ids_of, imported  # noqa: F401
from described_survey import FREQUENCY, SKIPPED, Question, Survey, cycling, save

from compendium.importing.importer import import_study
from compendium.models import read_yaml
from compendium.survey.plan import outcomes
from compendium.survey.study import load_study

LEFT_OUT = {
    "IPAddress", "RecipientLastName", "RecipientEmail", "LocationLatitude", "ipaddr", "IP address",
    "Email", "Name", "Email Address", "IP Address",
}  # fmt: skip


# ---- one fixture a platform

TYPES = ["single", "scale", "multi", "grid", "multi", "number", "scale", "text"]
SHAPES = {
    "qualtrics": (platforms.qualtrics, "a.csv", {"encoding": "utf-8-sig"}),
    "qualtrics, joined, German, TSV": (
        platforms.qualtrics, "a.tsv",
        {"delimiter": "\t", "encoding": "utf-16", "split": False, "chosen": " - Ausgewählte Option"},
    ),
    "qualtrics without -99": (platforms.qualtrics, "a.csv", {"seen": False}),
    "limesurvey": (platforms.limesurvey, "a.csv", {"encoding": "utf-8-sig"}),
    "limesurvey, code and text": (
        platforms.limesurvey, "a.csv", {"heading": "codetext", "delimiter": ";"},
    ),
    "limesurvey, texts": (platforms.limesurvey, "a.tsv", {"heading": "text", "delimiter": "\t"}),
    "limesurvey, answer codes": (platforms.limesurvey, "a.csv", {"full": False}),
    "msforms": (tables.msforms, "a.xlsx", {}),
    "google": (tables.google, "a.csv", {}),
    "google, TSV": (tables.google, "a.tsv", {"delimiter": "\t"}),
    "google, XLSX": (tables.google, "a.xlsx", {}),
    "google, semicolons": (tables.google, "a.csv", {"separator": ";"}),
    "surveymonkey, Windows": (tables.surveymonkey, "a.csv", {"encoding": "cp1252"}),
    "surveymonkey, Mac": (tables.surveymonkey, "a.csv", {"encoding": "mac_roman", "newline": "\r"}),
    "surveymonkey, XLSX": (tables.surveymonkey, "a.xlsx", {}),
    "jisc": (tables.jisc, "a.csv", {}),
    "spss": (tables.spss, "a.sav", {}),
    "plain, decimal commas": (tables.plain, "a.csv", {"delimiter": ";", "mark": ","}),
    "plain, XLSX": (tables.plain, "a.xlsx", {}),
    "plain, Parquet": (tables.plain, "a.parquet", {}),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_a_survey_comes_back_from_each_platform(data, shape):
    write, name, how = SHAPES[shape]
    report, study, wrong = imported(cycling(), write, data, name, **how)
    assert wrong == []
    assert report["platform"] == shape.split(",")[0].split(" ")[0]
    assert report["rows"] == 60
    types = [one["type"] for one in report["guessed"]]
    codes = ["single", "single", "multi", "grid", "multi", "number", "single", "text"]
    assert types == (codes if "codes" in shape else TYPES)
    named = {left["column"] for left in report["left_out"]} & LEFT_OUT
    assert named or report["platform"] in ("jisc", "spss", "plain")
    text = (data / "mine" / "responses.csv").read_text(encoding="utf-8")
    assert "192.0.2.7" not in text
    assert "muir" not in text.casefold()
    say = study.instrument.item(report["guessed"][-1]["item"])
    assert say.type == "text"
    assert say.identifying


def test_qualtrics_previews_are_left_out_and_unfinished_rows_told(data):
    report, study, _ = imported(cycling(), platforms.qualtrics, data)
    assert study.flow["count"].iloc[0] == 60
    assert {"column": "1 of the rows (row 7)", "why": "previews and tests, no respondents"} in report[
        "left_out"
    ]
    assert any("not finished stay in (1 of 60)" in one["question"] for one in report["decisions"])


@pytest.mark.parametrize("shape", ["qualtrics", "limesurvey", "spss"])
def test_the_three_kinds_of_missing_stay_apart(data, shape):
    """Who was not asked is known from the platform; asked and nothing ticked is no tick, not a gap."""
    write, name, how = SHAPES[shape]
    _, study, _ = imported(cycling(), write, data, name, **how)
    gate, why = study.instrument.items[0], study.instrument.items[4]
    assert why.asked_if.item == gate.id
    first = study.states[next(iter(why.columns()))]
    drove = [row["mode"] == "Car" for row in cycling().rows]
    assert ((first == "not_asked").to_numpy() == ~pd.Series(drove).to_numpy()).all()
    skipped = [row["why"] == SKIPPED for row in cycling().rows]
    nothing = study.states[list(why.columns())].eq("not_ticked").all(axis=1).to_numpy()
    assert (nothing == skipped).all()


def test_an_exclusive_option_left_empty_is_no_answer(data):
    """Where *None of these* could have been ticked, ticking nothing is skipping."""
    questions = (
        Question("a", "multi", "Which do you own?", ("A bicycle", "A car", "None of these")),
        Question("b", "scale", "How often do you cycle?", tuple(FREQUENCY)),
    )  # fmt: skip
    rows = [{"a": ({"A bicycle"}, ""), "b": "Often"}] * 4 + [{"a": SKIPPED, "b": "Never"}] * 3
    _, study, wrong = imported(
        Survey(questions, tuple(rows), frozenset("a")), platforms.qualtrics, data
    )
    assert wrong == []
    assert study.instrument.items[0].options[2].exclusive
    assert (study.states.iloc[4:, :3] == "skipped").all(axis=None)


def test_the_default_study_comes_back_from_its_bare_table(data):
    """The responses of the default study, read without its questionnaire."""
    report = import_study("mine", ROOT / "data/microcredentials/responses.csv", data)
    mine, known = load_study("mine", data), load_study("microcredentials", ROOT / "data")
    assert mine.synthetic
    types = {item.id: item.type for item in mine.instrument.items}
    expected = {item.id: item.type for item in known.instrument.items}
    assert types == expected | {"involved": "single", "prior": "single"}
    assert report["left_out"][-1]["column"] == "invitation"
    for item in known.instrument.items:
        columns = list(item.columns())
        got, put = mine.states.loc[known.states.index, columns], known.states[columns]
        assert (got.astype(str) == put.astype(str)).all(axis=None), item.id
        if item.type in ("number", "text", "multi"):
            pd.testing.assert_frame_equal(mine.answers.loc[put.index, columns], known.answers[columns])
        elif item.id != "prior":  # labels are the same, in the same order
            points = mine.instrument.item(item.id)
            assert [o.label for o in points.choices if points.type in ("scale", "grid")] in (
                [], [o.label for o in item.choices],
            )  # fmt: skip


# ---- what the draft is like


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
    assert "#   Email Address: it can identify a person" in text
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


def test_the_report_can_be_read_by_a_machine_and_quotes_nobody(data):
    imported(cycling(), tables.google, data)
    report = json.loads((data / "mine" / "import.json").read_text(encoding="utf-8"))
    assert {"source", "platform", "rows", "sha256", "read", "guessed", "left_out", "decisions"} <= set(
        report
    )
    assert report["source"] == "a.csv"
    assert all({"item", "question", "why"} == set(one) for one in report["decisions"])
    assert all({"column", "why"} == set(one) for one in report["left_out"])
    assert "Own words" not in json.dumps(report)
    assert "Own idea" not in json.dumps(report)
    ids = {one["item"] for one in report["decisions"]}
    assert ids <= {""} | {one["item"] for one in report["guessed"]}


def test_a_consent_question_leaves_out_who_did_not_agree(data):
    rows = [["Timestamp", "Do you agree to take part in this survey?", "How are you?"]]
    rows += [
        [f"2024/05/0{i % 9 + 1}", "No" if i == 4 else "Yes", "Well" if i % 2 else "So so"]
        for i in range(12)
    ]
    save(data.parent / "a.csv", rows)
    report = import_study("mine", data.parent / "a.csv", data)
    study = load_study("mine", data)
    assert dict(zip(study.flow["reason"], study.flow["count"], strict=True))["no_consent"] == 1
    assert any("consent" in one["question"] for one in report["decisions"])


@pytest.mark.parametrize(
    ("heading", "values", "why"),
    [
        ("Your e-mail address", ["a@example.org", "b@example.org"], "heading"),
        ("Q17", ["a@example.org", "b@example.org", "c.d@example.com"], "values"),
        ("Reachable at", ["0131 496 0123", "0131 496 0124", "07700 900456"], "values"),
        ("Where", ["EH8 9YL", "G1 1AA", "SW1A 1AA"], "values"),
        ("Logged from", ["192.0.2.1", "192.0.2.2", "198.51.100.7"], "values"),
        ("First name", ["Jean", "Morag", "Tavish"], "heading"),
        ("Prolific_PID", [f"5f{i:022x}" for i in range(12)], "heading"),
        ("Panel", [f"K{i:05d}x" for i in range(12)], "codes"),
    ],
)
def test_columns_that_identify_are_left_out(data, heading, values, why):
    rows = [[heading, "How often?"]] + [
        [values[i % len(values)], "Never"] for i in range(max(9, len(values)))
    ]
    save(data.parent / "a.csv", rows)
    report = import_study("mine", data.parent / "a.csv", data)
    assert [left["column"] for left in report["left_out"]] == [heading]
    assert why in report["left_out"][0]["why"]
    assert values[0] not in (data / "mine" / "responses.csv").read_text(encoding="utf-8")


def test_a_question_about_email_is_no_address(data):
    rows = [["May we send you e-mail?", "n"]] + [["Yes" if i % 2 else "No", str(i)] for i in range(20)]
    save(data.parent / "a.csv", rows)
    assert import_study("mine", data.parent / "a.csv", data)["left_out"] == []


def test_formulas_stay_text(data):
    """Nothing is computed and nothing is guarded: what was answered is what is written."""
    answers = ["=1+1", '=HYPERLINK("http://example.org","x")', "+1", "-1 to go", "@SUM(A1)", "'=2"]
    rows = [["What would you say?"], *([f"{answer} {i}"] for i, answer in enumerate(answers * 2))]
    save(data.parent / "a.csv", rows)
    import_study("mine", data.parent / "a.csv", data)
    study = load_study("mine", data)
    assert study.answers.iloc[:, 0].tolist() == [row[0] for row in rows[1:]]


# ---- the same whatever the machine


def test_the_files_are_the_same_whatever_hash_seed_time_zone_and_locale(data):
    export = data.parent / "a.csv"
    tables.google(cycling(), export)
    command = [
        sys.executable,
        "-m",
        "compendium",
        "import",
        "--name",
        "mine",
        "--export",
        export,
    ]
    written = []
    for i, (seed, zone, language) in enumerate([("0", "UTC", "C.UTF-8"), ("77", "Asia/Tokyo", "C")]):
        place = data.parent / f"data{i}"
        place.mkdir()
        shutil.copy(data / "response_scales.yml", place)
        setting = {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": language, "PYTHONUTF8": "1"}
        told = subprocess.run(
            [*command, "--data", place],
            capture_output=True,
            check=True,
            encoding="utf-8",
            env=os.environ | setting,
        )
        assert "8 items guessed: 1 single, 2 scale, 2 multi, 1 grid, 1 number, 1 text" in told.stdout
        written.append({path.name: path.read_bytes() for path in (place / "mine").iterdir()})
    assert written[0] == written[1]
    assert set(written[0]) == {"survey.yml", "responses.csv", "import.json"}


def test_the_command_ends_with_one_line_when_it_cannot(tmp_path):
    command = [sys.executable, "-m", "compendium", "import", "--name", "mine"]
    command += ["--export", tmp_path / "no.csv", "--data", ROOT / "data"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "there is no such file; check EXPORT" in done.stderr
    assert not (ROOT / "data" / "mine").exists()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["import", "--name", "", "--export", "a.csv"], "NAME is missing: give NAME=mine"),
        (["import", "--name", "mine", "--export", ""], "give EXPORT=path/to/export.csv"),
        (["import", "--name", "../x", "--export", "a.csv"], "NAME: use letters, digits, - and _ only"),
    ],
)
def test_the_commands_say_what_is_missing(given, told):
    """As make calls them when a variable is not set."""
    command = [sys.executable, "-m", "compendium", *given]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert told in done.stderr


@pytest.mark.parametrize("shape", ["qualtrics", "limesurvey", "msforms", "surveymonkey, XLSX", "spss"])
def test_another_platform_s_name_is_refused_before_anything_is_read(data, shape):
    write, name, how = SHAPES[shape]
    write(cycling(), data.parent / name, **how)
    for named in {"surveymonkey", "google", "limesurvey"} - {shape.split(",")[0]}:
        with pytest.raises(ValueError, match="leave PLATFORM out") as caught:
            import_study("mine", data.parent / name, data, named)
        assert f"PLATFORM={named} was given, but this is an export of " in str(caught.value)
    assert not (data / "mine").exists()
    assert import_study("mine", data.parent / name, data, shape.split(",")[0])["guessed"]


@pytest.mark.parametrize(
    ("shape", "named", "looks"),
    [
        ("plain, XLSX", "msforms", "a bare table"),
        ("google", "plain", "an export of Google Forms"),
        ("limesurvey", "plain", "an export of LimeSurvey"),
    ],
)
def test_a_platform_that_may_be_wrong_is_a_decision(data, shape, named, looks):
    write, name, how = SHAPES[shape]
    write(cycling(), data.parent / name, **how)
    report = import_study("mine", data.parent / name, data, named)
    asked = [one["question"] for one in report["decisions"]]
    assert any(f"PLATFORM={named} was given and the file looks like {looks}" in one for one in asked)


def test_many_columns_and_respondents_without_a_number(data):
    rows = [[f"Question number {i}?" for i in range(400)]]
    rows += [[("Yes", "No", "")[(i * j) % 3] for i in range(400)] for j in range(30)]
    save(data.parent / "a.csv", rows)
    report = import_study("mine", data.parent / "a.csv", data)
    assert len(report["guessed"]) + len(report["left_out"]) == 400
    assert ids_of(data / "mine") == [str(i + 1) for i in range(30)]
    assert any("numbered in the order" in one["question"] for one in report["decisions"])


def test_respondents_of_fixtures_differ():
    """The comparison above is no comparison of empty rows."""
    survey = cycling()
    assert len({str(row) for row in survey.rows}) == len(survey.rows)
    kinds = {str(row[q.code]) for row in survey.rows for q in survey.questions}
    assert len(kinds) > 150
