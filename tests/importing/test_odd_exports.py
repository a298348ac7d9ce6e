"""Odd exports: what was silently wrong is a decision now, or the right value."""

import random

import pytest
from described_survey import save

from compendium.importing.importer import import_study
from compendium.survey.study import load_study

TEA = ("Do you like tea?", ["Yes", "No"])


def asked(report, kind):
    return [one["question"] for one in report["decisions"] if one["kind"] == kind]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (["0,953", "1,081", "1,204"], [0.953, 1.081, 1.204]),  # no thousands begin with a nought
        (["0.953", "1.081", "1.204"], [0.953, 1.081, 1.204]),
        (["1,20,000", "45,000", "12,50,000"], [120_000, 45_000, 1_250_000]),  # as in India
        (["1,250", "900", "12,500.50"], [1250, 900, 12_500.5]),
        (["1.250", "900", "12.500,50"], [1250, 900, 12_500.5]),
    ],
)
def test_signs_in_numbers_are_read_as_they_are_meant(study_of, written, meant):
    _, study = study_of([("Rainfall", written), TEA])
    assert study.instrument.items[0].type == "number"
    assert study.answers.iloc[:3, 0].tolist() == meant


@pytest.mark.parametrize("beside", ["NSP", "Don't know", "weiß nicht"])
def test_who_does_not_know_an_age_is_no_point_beside_ages(study_of, beside):
    """Seven ages and *NSP* were a scale of seven points."""
    report, study = study_of([("What age?", ["19", "23", "34", "41", "56", "67", "72", beside]), TEA])
    (item, _) = study.instrument.items
    assert (item.type, item.missing) == ("number", [beside])
    assert asked(report, "missing")


@pytest.mark.parametrize(
    "values",
    [
        [f"{i % 28 + 1:02d}.{i % 12 + 1:02d}.2025" for i in range(60)],
        [f"{i % 12 + 1}/{i % 28 + 1}/25" for i in range(60)],
        [f"({i + 11})" if i % 2 else f"{i + 11}" for i in range(60)],  # losses, as in books
        [f"{i + 11}-" if i % 2 else f"{i + 11}" for i in range(60)],
        [f"{i + 11}%" if i % 2 else f"0.{i + 11}" for i in range(60)],
        [f"~{i + 11}" if i % 2 else f"{i + 11}+" for i in range(60)],
        [f"{i + 11} {['min', 'mins', 'minutes'][i % 3]}" for i in range(60)],
    ],
)
def test_dates_and_nearly_numbers_are_asked_about(study_of, values):
    """They became texts in the respondents' own words, and nothing was asked."""
    report, study = study_of([("When, or how much?", values), TEA])
    assert study.instrument.items[0].type == "text"
    assert any("numbers, or dates" in question for question in asked(report, "type"))


@pytest.mark.parametrize(
    "points",
    [
        ["1 = strongly agree", "2", "3", "4", "5 = strongly disagree"],
        ["1 (sehr gut)", "2 (gut)", "3 (befriedigend)", "4 (ausreichend)", "5 (mangelhaft)"],
    ],
)
def test_words_that_fall_where_numbers_rise_are_asked_about(study_of, points):
    report, _ = study_of([("Is it so?", points), TEA])
    assert any("rise in this order" in question for question in asked(report, "order"))


def test_words_and_numbers_that_rise_together_are_not(study_of):
    report, _ = study_of([("Is it so?", ["0 = not at all likely", "1", "2", "3 = very likely"]), TEA])
    assert not asked(report, "order")


def test_codes_with_noughts_in_front_are_no_bands(study_of):
    _, study = study_of([("District", ["01", "02", "03", "04", "11"]), TEA])
    assert study.instrument.items[0].type == "single"


HEADS = ["Nr", "Which colour?", "Do you like tea?"]
ROWS = [[str(i), "Red" if i % 3 else "Blue", "Yes" if i % 2 else "No"] for i in range(1, 31)]


@pytest.mark.parametrize(
    ("table", "rows", "said"),
    [
        ([["Survey on tea, 2025", "", ""], ["", "", ""], HEADS, *ROWS], 30, "a title"),
        ([HEADS, *ROWS, ["Total", "30", ""]], 31, "sum up the others"),
        ([HEADS, *ROWS, ["", "Mittelwert", "17"]], 31, "sum up the others"),
        ([HEADS, ["number", "1=Red 2=Blue", "1 = Yes, 2 = No"], *ROWS], 31, "explain codes"),
        ([HEADS, *ROWS, *ROWS], 60, "Are rows doubled? 30"),
        ([HEADS, *ROWS[:20], HEADS, *ROWS[20:]], 30, None),
    ],
    ids=["title", "total", "mean", "codes", "doubled", "headings"],
)
def test_rows_that_are_no_respondents_are_seen(data, table, rows, said):
    save(data.parent / "a.csv", table)
    report = import_study("mine", data.parent / "a.csv", data)
    assert report["rows"] == rows
    if said:
        assert any(said in question for question in asked(report, "file"))
    else:
        assert "it repeats the headings" in {left["why"] for left in report["left_out"]}


def test_a_row_of_all_ticks_does_not_repeat_the_headings(data):
    heads = ["Tea", "Coffee", "Milk"]
    rows = [[head if (i >> k) % 2 else "" for k, head in enumerate(heads)] for i in range(8)] * 3
    save(data.parent / "a.csv", [heads, *rows])
    assert import_study("mine", data.parent / "a.csv", data)["rows"] == 24


def test_an_option_may_hold_the_sign_that_parts_options(study_of):
    draw, options = random.Random(4), ["Tea; black", "Coffee", "Milk; with honey", "Water"]
    cells = ["; ".join(o for o in options if draw.random() < 0.5) for _ in range(60)]
    _, study = study_of([("Which do you use? (tick all)", cells), TEA])
    assert {option.label for option in study.instrument.items[0].options} == {*options}


def test_options_that_differ_by_a_full_stop_are_one(study_of):
    values = ["Agree.", "Disagree", "Neither agree nor disagree", "Agree", "Disagree.", "Agree"]
    report, study = study_of([("Is it so?", values), TEA])
    assert [point.label for point in study.instrument.items[0].points][::2] == ["Disagree", "Agree"]
    assert asked(report, "spelling")


def test_comments_are_texts_however_often_they_are_the_same(study_of):
    said = ["Great, thank you so much", "The chair hurts my back", "Ask for Mrs Muir at the desk"]
    _, study = study_of([("Comments", said), TEA])
    assert study.instrument.items[0].type == "text"


def test_a_form_of_odk_is_read_without_its_own_columns(data):
    """Its matrix fell apart, its own columns were questions, and coordinates were numbers."""
    heads = ["start", "today", "Age", "Your view/It is warm", "Your view/It is near", "_Where_latitude",
             "_id", "_uuid", "_status", "__version__"]  # fmt: skip
    rate = ["Agree", "Disagree", "Strongly agree", "Neutral"]
    rows = [["2026-03-01T09:12:33.102+01:00", "2026-03-01", str(20 + i), rate[i % 4], rate[i % 3],
             f"48.85{i}", str(41000 + i), f"3f{i:04x}-77c2", "submitted_via_web", "vX1"]
            for i in range(40)]  # fmt: skip
    save(data.parent / "a.csv", [heads, *rows])
    import_study("mine", data.parent / "a.csv", data)
    study = load_study("mine", data)
    assert [(item.type, item.question) for item in study.instrument.items] == [
        ("number", "Age"), ("grid", "Your view"),
    ]  # fmt: skip
    assert study.answers.index[0] == "41000"
