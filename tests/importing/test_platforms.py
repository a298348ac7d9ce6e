"""Exports of each platform, imported and compared with what was put in."""

import shutil

import pandas as pd
import platform_exports as platforms
import pyreadstat
import pytest
import table_exports as tables
from described_imports import ROOT, imported
from described_survey import FREQUENCY, SKIPPED, Question, Survey, cycling, save

from compendium.importing.importer import import_study
from compendium.importing.platforms import recognise
from compendium.importing.text import Sheet, frame_of
from compendium.survey.study import load_study

LEFT_OUT = {
    "IPAddress", "RecipientLastName", "RecipientEmail", "LocationLatitude", "ipaddr", "IP address",
    "Email", "Name", "Email Address", "IP Address",
}  # fmt: skip

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


@pytest.fixture(scope="module")
def cycled(tmp_path_factory):
    """The cycling survey in a shape: its report, study, what differs and its folder; each made once."""
    made = {}

    def of(shape):
        if shape not in made:
            data = tmp_path_factory.mktemp("shape") / "data"
            data.mkdir()
            shutil.copy(ROOT / "data" / "response_scales.yml", data)
            write, name, how = SHAPES[shape]
            made[shape] = (*imported(cycling(), write, data, name, **how), data)
        return made[shape]

    return of


@pytest.mark.parametrize("shape", SHAPES)
def test_a_survey_comes_back_from_each_platform(cycled, shape):
    report, study, wrong, data = cycled(shape)
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


def test_qualtrics_previews_are_left_out_and_unfinished_rows_told(cycled):
    report, study, _, _ = cycled("qualtrics")
    assert study.flow["count"].iloc[0] == 60
    (rows,) = [left for left in report["left_out"] if "rows" in left]
    assert rows == {
        "column": "1 of the rows (row 7)", "why": "previews and tests, no respondents", "rows": [7],
    }  # fmt: skip
    assert any("not finished stay in (1 of 60)" in one["question"] for one in report["decisions"])


@pytest.mark.parametrize("shape", ["qualtrics", "limesurvey", "spss"])
def test_the_three_kinds_of_missing_stay_apart(cycled, shape):
    """Who was not asked is known from the platform; asked and nothing ticked is no tick, not a gap."""
    _, study, _, _ = cycled(shape)
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


@pytest.mark.parametrize("shape", ["qualtrics", "limesurvey", "msforms", "surveymonkey, XLSX", "spss"])
def test_another_platform_s_name_is_refused_before_anything_is_read(data, shape):
    write, name, how = SHAPES[shape]
    write(cycling(8), data.parent / name, **how)
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


def test_respondents_of_fixtures_differ():
    """The comparison above is no comparison of empty rows."""
    survey = cycling()
    assert len({str(row) for row in survey.rows}) == len(survey.rows)
    kinds = {str(row[q.code]) for row in survey.rows for q in survey.questions}
    assert len(kinds) > 150


def test_a_first_heading_tells_google_forms():
    sheet = Sheet(frame_of([["Timestamp", "2024/06/13 2:15"], ["How?", "Well"]]))
    assert recognise(sheet) == "google"


@pytest.mark.parametrize("stem", ["grid", "Rate"])
def test_only_a_question_that_the_export_leaves_out_is_asked_for(data, stem):
    """Microsoft Forms leaves out a grid's question; a question called grid is told."""
    rows = [["Respondent ID", f"{stem} 1 [Food]", f"{stem} 1 [Fun]"]]
    rows += [[str(i), FREQUENCY[i % 5], FREQUENCY[i % 3]] for i in range(30)]
    save(data.parent / "a.csv", rows)
    report = import_study("mine", data.parent / "a.csv", data)
    assert [one["type"] for one in report["guessed"]] == ["grid"]
    assert not any("over these statements" in one["question"] for one in report["decisions"])


def test_a_grid_of_microsoft_forms_asks_for_its_question(cycled):
    decisions = [one["question"] for one in cycled("msforms")[0]["decisions"]]
    assert "How does the question over these statements run?" in decisions


CONTACT = [
    "Contact information",
    "",
    "",
    "Where should benches stand?",
    "Rank what the square needs.",
    "",
    "Should buses stop?",
    "What is the matter, and what would you do?",
    "",
]
UNDER = [
    "Name",
    "Email",
    "Fundraising link, if applicable",
    "Open-Ended Response",
    "Trees",
    "Payments to schools, and clubs",
    "Response",
    "The matter is:",
    "I would:",
]


def test_two_rows_of_headings_as_surveymonkey_wrote_them_in_2022(data):
    """Both rows as a public reader of such an export quotes them: boxes of text, a ranking."""
    own = [
        "Respondent ID",
        "Collector ID",
        "Start Date",
        "End Date",
        "IP Address",
        "Email Address",
        "First Name",
        "Last Name",
        "Custom Data 1",
    ]
    rows = [[*own, *CONTACT], [""] * len(own) + UNDER]
    for i in range(30):
        kept = [f"Ann{i} Bee", f"a{i}@example.org", f"https://x.example/{i}", f"By the {i} old trees"]
        rows.append(
            [
                str(11_800_000_000 + 37 * i),
                "42",
                *[""] * 7,
                *kept,
                str(i % 2 + 1),
                str(2 - i % 2),
                "Yes" if i % 3 else "No",
                f"Too loud at {i} in town",
                f"I would close it, {i}",
            ]
        )
    save(data.parent / "a.csv", rows)
    report = import_study("it", data.parent / "a.csv", data)
    assert [one["type"] for one in report["guessed"]] == ["text", "grid", "single", "text", "text"]
    left = {one["column"] for one in report["left_out"]}
    assert {f"Contact information [{part}]" for part in UNDER[:3]} <= left
    assert "Ann1 Bee" not in (data / "it" / "responses.csv").read_text("utf-8")


def test_a_quiz_of_microsoft_forms_with_questions_named_as_its_own_columns(data):
    """Columns as public scripts that read such exports name them."""
    heads = [
        "ID",
        "Start time",
        "Completion time",
        "Email",
        "Name",
        "Total points",
        "Quiz feedback",
        "Grade posted time",
        "Name2",
        "Points - Name",
        "Feedback - Name",
        "Which tree is it?",
        "Points - Which tree is it?",
        "Feedback - Which tree is it?",
    ]
    rows = [
        [
            str(i + 1),
            "5/1/24 10:00:00",
            "5/1/24 10:09:00",
            "anonymous",
            "",
            "1",
            "",
            "",
            f"Bo{i} Ek",
            "0",
            "",
            "Oak" if i % 2 else "Elm",
            "1",
            "Good",
        ]
        for i in range(20)
    ]
    save(data.parent / "a.csv", [heads, *rows])
    report = import_study("it", data.parent / "a.csv", data)
    assert (report["platform"], [one["item"] for one in report["guessed"]]) == ("msforms", ["tree"])


def test_jisc_writes_an_spss_file_whose_questions_have_a_text_among_statements(data):
    """Variables and labels as the R package bossier reads them: URN, Q1, Q2_1, Q2_a."""
    rate = {1.0: "Very poor", 2.0: "Poor", 3.0: "Fair", 4.0: "Good", 5.0: "Very good"}
    frame = pd.DataFrame(
        {
            "URN": [f"{i:03d}-{7 * i:03d}" for i in range(20)],
            "Q2_1": [float(i % 5 + 1) for i in range(20)],
            "Q2_2": [float(i % 4 + 1) for i in range(20)],
            "Q2_a": [f"because it is number {i}" for i in range(20)],
        }
    )
    says = {
        "URN": "Unique Response Number",
        "Q2_1": "How is it? The seats",
        "Q2_2": "How is it? The driver",
        "Q2_a": "Please say why",
    }
    pyreadstat.write_sav(
        frame,
        str(data.parent / "a.sav"),
        column_labels=says,
        variable_value_labels={"Q2_1": rate, "Q2_2": rate},
    )
    import_study("it", data.parent / "a.sav", data)
    study = load_study("it", data)
    (grid, why) = study.instrument.items
    assert (grid.type, grid.question, why.type) == ("grid", "How is it?", "text")
    assert [one.label for one in grid.statements] == ["The seats", "The driver"]
    assert study.answers.index[1] == "001-007"
