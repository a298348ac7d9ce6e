"""Siblings of the hard cases in other languages, platforms and places: right values, or a decision."""

import pytest
from described_survey import save

from compendium.importing.importer import import_study
from compendium.survey.study import load_study

TEA = ("Do you like tea?", ["Yes", "No"])


def kinds(report):
    return {one["kind"] for one in report["decisions"]} - {"about"}


@pytest.mark.parametrize(
    "values",
    [
        ["9am-12pm", "12pm-3pm", "3pm-6pm", "After 6pm"],
        ["8:00-12:00", "12:00-17:00", "17:00-22:00"],
        ["7 Uhr", "12 Uhr", "18 Uhr"],
        ["500 m", "1.5 km", "2 km", "3 km"],
        ["5-10 minutes", "15-30 minutes", "1-2 hours"],
        ["30 Minuten", "1 Stunde", "2 Stunden"],
        ["2 semaines", "1 mois", "3 mois"],
        ["10 días", "2 semanas", "3 meses"],
        ["500 g", "1 kg", "2 kg"],
        ["Under 100k", "100k-900k", "1m-10m"],
    ],
)
def test_numbers_of_different_things_tell_no_order(study_of, values):
    """Sorted by them, one kilometre stood before 500 metres, and nothing was asked."""
    report, study = study_of([("How much is it?", values), TEA])
    (item, _) = study.instrument.items
    assert item.type == "single"
    assert {option.label for option in item.options} == {*values}
    assert "order" in kinds(report)


@pytest.mark.parametrize(
    "values",
    [
        ["1-2 hours", "3-5 hours", "6 hours or more"],
        ["£10k-£20k", "£20k-£50k", "over £50k"],
        ["1 poor", "2 fair", "3 good", "4 excellent"],
        ["Micro (1-9)", "Small (10-49)", "Medium (50-249)", "Large (250+)"],
        ["Under 18", "18-24 years", "25-64 years", "65 years and over"],
        ["0%", "1-25%", "26-50%", "51-100%"],
        ["weniger als 1 Jahr", "1-2 Jahre", "3 Jahre oder mehr"],
    ],
)
def test_numbers_of_one_thing_are_bands(study_of, values):
    _, study = study_of([("How much is it?", [values[i * 2 % len(values)] for i in range(9)] + values)])
    (item,) = study.instrument.items
    assert [point.label for point in item.points] == values


@pytest.mark.parametrize(
    "written",
    [
        ["Skates", "Kayak", "Mule"],
        ["Other: skates", "Other - kayak", "Other (please specify): mule"],
        ["Sonstiges: Rollschuhe", "Andere – Kajak", "Sonstige: Maultier"],
        ["Autre : patins", "Autres: kayak", "Autre (veuillez préciser) : mule"],
        ["Otro: patines", "Otros: kayak", "Otra: mula"],
    ],
)
def test_what_stands_once_beside_options_is_somebody_s_own_words(study_of, data, written):
    values = ["Car", "Bus", "Train"] * 19 + written
    report, study = study_of([("How do you come here?", values), TEA])
    item = study.instrument.items[0]
    assert [option.label for option in item.options] == ["Car", "Bus", "Train", "Other"]
    assert study.answers[item.id].value_counts()["other"] == 3
    assert "words" in kinds(report)
    told = (data / "mine" / "survey.yml").read_text(encoding="utf-8") + str(report)
    assert not [one for one in written if one in told]


@pytest.mark.parametrize(
    "statement",
    [
        "I agree that my data are stored", "I understand that I can withdraw", "I give leave to quote",
        "Ich bin damit einverstanden, dass die Angaben gespeichert werden",
        "Autorizo el uso de mis datos", "J'autorise l'enregistrement de mes réponses",
    ],
)  # fmt: skip
def test_a_second_statement_to_agree_to_is_asked_about(study_of, statement):
    consent = ("Do you agree to take part?", ["Yes"] * 9 + ["No"])
    report, study = study_of([consent, (statement, ["Yes"] * 8 + ["No"] * 2), TEA])
    asked = [one["item"] for one in report["decisions"] if one["kind"] == "consent"]
    assert {*asked} >= {study.instrument.items[0].id}
    assert len(asked) == 2 or len(study.instrument.exclude) == 3  # asked, or left out by both


@pytest.mark.parametrize("gone", ["(Leer)", "(vide)", "(en blanco)", "(vuoto)", "[No answer]", "<NA>"])
def test_what_spreadsheets_write_for_nothing_is_no_answer(study_of, gone):
    _, study = study_of([("How good was it?", ["Poor", "Fair", "Good", "Excellent", gone])])
    (item,) = study.instrument.items
    assert (item.type, list(item.missing)) == ("scale", [gone])
    assert study.answers[item.id].count() == 48


@pytest.mark.parametrize(
    ("heads", "cells", "labels"),
    [
        (["Uses (choice=Car)", "Uses (choice=Bike (mine))"], ("Checked", "Unchecked"),
         ["Car", "Bike (mine)"]),
        (["uses___1", "uses___2"], ("1", "0"), ["Choice 1", "Choice 2"]),
    ],
)  # fmt: skip
def test_boxes_of_redcap_are_one_question_and_its_own_columns_are_left_out(data, heads, cells, labels):
    """Headings as its help pages show them; a time of its own named an option."""
    rows = [["record_id", "redcap_survey_identifier", "survey_timestamp", *heads, "survey_complete"]]
    for i in range(40):
        rows.append([str(i + 1), "", "2024-05-01 10:00:00", cells[i % 2], cells[i % 3 > 0], "2"])
    save(data.parent / "a.csv", rows)
    report = import_study("mine", data.parent / "a.csv", data)
    (item,) = load_study("mine", data).instrument.items
    assert (item.type, [option.label for option in item.options]) == ("multi", labels)
    assert {"survey_timestamp", "survey_complete"} <= {one["column"] for one in report["left_out"]}


@pytest.mark.parametrize("heading", ["Your initials", "Initialen", "Vos initiales"])
def test_initials_are_left_out(study_of, heading):
    report, _ = study_of([(heading, [chr(65 + i) * 2 for i in range(26)]), TEA])
    assert heading in {one["column"] for one in report["left_out"]}


def test_roles_are_no_people_and_the_name_of_a_school_is_left_out(study_of):
    heads = ["Teacher", "Parent", "Student", "Supervisor"]
    report, study = study_of(
        [
            *((head, ["Yes", "No"]) for head in heads),
            ("Name of your school", ["Oak Lane", "St Bride's", "Hill Top"] * 9),
        ]
    )
    assert [item.question for item in study.instrument.items] == heads
    assert "Name of your school" in {one["column"] for one in report["left_out"]}


def test_the_same_options_of_many_questions_are_one_decision(study_of):
    cells = ["Tea; Milk", "Milk", "Tea; Rum", "Rum"]
    report, _ = study_of([(f"Which did you drink in week {i}?", cells) for i in range(1, 16)])
    (one,) = [one for one in report["decisions"] if one["kind"] == "several"]
    assert one["question"].startswith("Are these the options of drink_week_1, drink_week_2, ")
    assert one["question"].endswith(" drink_week_12 and 3 more: Tea; Milk; Rum?")


@pytest.mark.parametrize(
    ("question", "values", "mean"),
    [
        ("¿Cuántas colmenas tiene?", ["3", "12", "25", "40", "1.200", "8"], 214.67),
        ("Preis je Liter", ["3", "12", "25", "40", "1.200", "8"], 14.87),
        ("¿Cuánta miel?", ["12,5 kg", *(f"{n} kg" for n in range(20, 31))], 23.96),
    ],
)
def test_a_point_that_may_part_thousands_is_asked_about(study_of, question, values, mean):
    """Nobody has 1.2 hives; a litre may cost that."""
    report, study = study_of([(question, values), TEA])
    assert study.answers[study.instrument.items[0].id].mean() == pytest.approx(mean, abs=0.01)
    (asked,) = [one["question"] for one in report["decisions"] if one["kind"] == "numbers"]
    assert asked == f"Are numbers such as {'12,5' if 'kg' in values[0] else '1.200'} read rightly?"


def test_prices_with_three_decimals_are_not_asked_about(study_of):
    report, _ = study_of([("Price", [f"1.{n}" for n in range(401, 431)]), TEA])
    assert "numbers" not in kinds(report)


def test_consent_in_the_word_order_of_german_leaves_out_who_refuses(study_of):
    question = "Ich willige ein, dass meine Angaben ausgewertet werden."
    cells = ["Ja, ich willige ein"] * 9 + ["Nein, ich willige nicht ein"]
    _, study = study_of([(question, cells), TEA])
    assert study.n == 54


@pytest.mark.parametrize("gone", ["", "Don't know"])
def test_ranks_rise_from_the_last_to_the_first_and_are_asked_about(study_of, gone):
    ranked = {"Tea": "1 2 3", "Milk": "2 3 1", "Rum": "3 1 2"}
    report, study = study_of(
        [(f"Rank these [{name}]", [*places.split(), gone]) for name, places in ranked.items()]
    )
    (item,) = study.instrument.items
    assert [point.label for point in item.points] == ["3", "2", "1"]
    assert next(one["kind"] for one in report["decisions"] if one["item"] == item.id) == "order"
    rated = [(f"Rate these [{name}]", ["1", "2", "3", "2"]) for name in ranked]
    _, study = study_of(rated)
    assert [point.label for point in study.instrument.items[0].points] == ["1", "2", "3"]


# ---- columns of other platforms


def imported(data, columns, over=None, rows=40):
    """The report and the items of a table; each column's cells are repeated."""
    heads = [list(columns)] if over is None else [over, list(columns)]
    cells = [[cells[i % len(cells)] for cells in columns.values()] for i in range(rows)]
    save(data.parent / "a.csv", [*heads, *cells])
    report = import_study("mine", data.parent / "a.csv", data)
    return report, load_study("mine", data).instrument.items


def test_columns_that_hold_their_own_heading_are_ticks(data):
    """As Typeform writes them; the question over them is asked for."""
    columns = {"#": [f"{i:032x}" for i in range(40)], "Tea": ["Tea", ""], "Milk": ["", "Milk", "Milk"],
               "How old are you?": ["34", "45"]}  # fmt: skip
    report, (ticks, _) = imported(data, columns)
    assert (ticks.type, [option.label for option in ticks.options]) == ("multi", ["Tea", "Milk"])
    assert "question" in kinds(report)


def test_ticks_in_brackets_beside_their_question_are_counted_once(data):
    """As Tally writes them; two columns of one heading are told apart by a number, and are no ticks."""
    columns = {
        "Which do you use?": ["Tea, Milk", "Tea"], "Which do you use? (Tea)": ["true", "true", "false"],
        "Which do you use? (Milk)": ["true", "false"], "Fine? (2)": ["Yes", "No"], "Fine?": ["No"],
        "Fine? (3)": ["Yes"],
    }  # fmt: skip
    _, items = imported(data, columns)
    assert [item.type for item in items] == ["multi", "single", "single", "single"]
    assert [option.label for option in items[0].options] == ["Tea", "Milk"]


def test_a_comment_below_a_matrix_is_no_statement_of_it(data):
    over = ["Respondent ID", "How good is it?", "", ""]
    columns = {"": [str(114_000_000 + i) for i in range(40)], "Bread": ["Good", "Bad"],
               "Milk": ["Bad", "Good", "Fair"], "Comments": ["so so", "", ""]}  # fmt: skip
    _, (grid, comment) = imported(data, columns, over)
    assert [one.label for one in grid.statements] == ["Bread", "Milk"]
    assert comment.question == "How good is it? – Comments"


def test_an_array_of_two_scales_names_both(data):
    fixed = {"id": [str(i) for i in range(40)], "lastpage": ["3"], "startlanguage": ["en"]}
    parts = [("[SQ1][1]", "Tea", "Now"), ("[SQ1][2]", "Tea", "Then"), ("[SQ2][1]", "Milk", "Now")]
    rated = {f"Q1{code}. How was it? [{a}][{b}]": ["Good", "Bad", "Fair"] for code, a, b in parts}
    _, (grid,) = imported(data, fixed | rated)
    assert [one.label for one in grid.statements] == ["Tea, Now", "Tea, Then", "Milk, Now"]


def test_a_ranking_in_one_cell_is_asked_about(data):
    columns = {"ID": [str(i) for i in range(40)], "Start time": ["5/1/24"]}
    columns |= {"Rank these": ["Tea;Milk;Rum;", "Milk;Tea;Rum;", "Rum;Tea;Milk;"]}
    report, _ = imported(data, columns)
    asked = [one["question"] for one in report["decisions"] if one["kind"] == "type"]
    assert asked == ["Is this a ranking? Everybody named all options, in different orders."]
