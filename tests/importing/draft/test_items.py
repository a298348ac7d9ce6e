"""Which type a column's item gets, what is left out, and what a person has to decide."""

import pytest
import table_exports as tables
from described_survey import save
from small_exports import SPENT, forms, monkey

from compendium.importing.importer import import_study
from compendium.survey.study import load_study

ROUTINE = ["Noise;Too little time;", "Noise;", "Too little time;", "Staff;Noise;"] * 8

WROTE = "People like Gerry McSorley chatting"


def test_what_few_wrote_beside_other_is_no_option_of_several(data):
    cells = [*ROUTINE, f"Noise;{WROTE};", f"{WROTE};", "heat;", "heat;", "heat;", "no chairs;"]
    item, study, asks = forms(data, cells)
    assert {o.label for o in item.options} == {"Noise", "Too little time", "Staff", "Other"}
    words = study.answers[f"{item.id}.other.text"].dropna().tolist()
    assert words == [WROTE, WROTE, "heat", "heat", "heat", "no chairs"]
    assert any("Is any of 3 texts beside Other" in one["question"] for one in asks)
    assert "McSorley" not in (data / "mine" / "import.json").read_text(encoding="utf-8")
    assert "McSorley" not in (data / "mine" / "survey.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize("write", [tables.msforms, tables.google])
def test_what_few_wrote_beside_other_is_no_option_of_one(data, write):
    cells = ["Nurse", "Doctor", "Porter"] * 9 + ["Ask Jean", "Ask Jean", "Clerk at the front desk"]
    item, study, asks = forms(data, cells, "What are you?", write)
    assert [o.label for o in item.options] == ["Nurse", "Doctor", "Porter", "Other"]
    assert study.answers[f"{item.id}.other.text"].dropna().tolist() == cells[-3:]
    assert "fewer than 5 respondents" in asks[0]["why"]


def test_options_that_few_chose_stay_where_nobody_wrote_anything(data):
    item, _, _ = forms(data, ["Nurse", "Doctor", "Porter"] * 9 + ["Clerk", "Clerk", "Cook", "Cook"])
    assert [o.label for o in item.options] == ["Nurse", "Doctor", "Porter", "Clerk", "Cook"]


def test_options_that_a_known_list_has_stay_whoever_chose_them(data):
    cells = ["Yes"] * 20 + ["No", "Maybe", "It depends on my manager"]
    item, _, _ = forms(data, cells, "Would you?")
    assert [o.label for o in item.options] == ["Yes", "Maybe", "No", "Other"]


@pytest.mark.parametrize("contact", ["ask jean.muir@example.org", "Ring 0131 496 0123"])
@pytest.mark.parametrize("shape", ["forms", "forms, several", "monkey", "beside", "known scale"])
def test_an_address_is_never_an_option(data, shape, contact):
    values = ["Nurse", "Doctor", "Porter", contact] * 7
    if shape == "forms":
        forms(data, values)
    elif shape == "forms, several":
        forms(data, [f"{value};" for value in values] + ["Nurse;Doctor;"])
    elif shape == "beside":
        rows = [["Respondent ID", "What are you?", ""], ["", "Response", "Other (please specify)"]]
        rows += [[str(i), value, ""] for i, value in enumerate(values)] + [["99", "", "Cook"]]
        save(data.parent / "a.csv", rows)
        import_study("mine", data.parent / "a.csv", data)
        (item,) = load_study("mine", data).instrument.items
        texts = load_study("mine", data).answers[f"{item.id}.other.text"]
        assert texts.dropna().tolist() == [contact] * 7 + ["Cook"]
    else:
        monkey(data, values if shape == "monkey" else ["Never", "Often", "Always", contact] * 7)
    survey = (data / "mine" / "survey.yml").read_text(encoding="utf-8")
    assert contact not in survey
    assert contact not in (data / "mine" / "import.json").read_text(encoding="utf-8")
    study = load_study("mine", data)
    assert (study.answers.astype(str) == contact).sum().sum() == 7


# ---- nearly numbers


@pytest.mark.parametrize("odd", [["about 10"], ["€ 15", "two"], ["8.90"]])
def test_numbers_with_some_words_among_them_are_a_decision_and_no_options(data, odd):
    item, asks = monkey(data, [*SPENT, "", *odd])
    assert item.type == "text"
    rows = ", ".join(str(i) for i in range(32, 32 + len(odd)))
    assert f"{len(odd)} of {30 + len(odd)} answers are no plain numbers (row {rows})" in asks[0]


def test_all_numbers_are_numbers_and_mostly_words_are_none(data):
    item, asks = monkey(data, [*SPENT, ""])
    assert item.type == "number"
    item, asks = monkey(data, [*["Ward 3", "Ward 5", "ICU", "Day unit", "Mill Lane"] * 8, *"123"])
    assert item.type == "single"
    assert not any("no plain numbers" in one for one in asks)


def test_bands_of_a_known_kind_are_no_numbers_gone_wrong(data):
    item, _ = monkey(data, [*"0123456789", "10 or more"] * 4)
    assert item.type == "scale"
    item, _ = monkey(data, ["under 1", *"123456", "7+"] * 4)
    assert (item.type, item.points[0].label) == ("scale", "under 1")


def test_corrected_numbers_are_read_as_the_decision_says(data):
    """A copy of the export, corrected, and `type: number`: decimal commas are read as before."""
    monkey(data, [*SPENT, "about 10"])
    survey = data / "mine" / "survey.yml"
    text = survey.read_text(encoding="utf-8")
    assert "    type: text\n" in text
    text = text.replace("type: text", "type: number").replace("    identifying: true\n", "")
    survey.write_text(text, encoding="utf-8")
    item, _ = monkey(data, [*SPENT, "10"])
    answers = load_study("mine", data).answers[item.id]
    assert (answers.iloc[1], answers.iloc[-1]) == (12.5, 10)


def test_signs_for_thousands_are_told_and_kept_for_a_later_number(data):
    item, asks = monkey(data, [*["1,250", "900", "12,000", "40", "75", "300"] * 5, "about 3,5 or so"])
    assert item.type == "text"
    assert asks[1] == "Are numbers such as 1,250 read rightly?"
    survey = data / "mine" / "survey.yml"
    text = survey.read_text(encoding="utf-8")
    text = text.replace("type: text", "type: number").replace("    identifying: true\n", "")
    survey.write_text(text, encoding="utf-8")
    item, _ = monkey(data, ["1,250", "900"])
    assert load_study("mine", data).answers[item.id].tolist() == [1250, 900]


def test_corrections_in_responses_are_not_overwritten_as_the_decision_says(data):
    monkey(data, [*SPENT, "about 10"])
    path = data / "mine" / "responses.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("about 10", "10"), encoding="utf-8")
    with pytest.raises(ValueError, match="was changed since the last import and is not overwritten"):
        monkey(data, [*SPENT, "about 10"])
    path.unlink()
    monkey(data, [*SPENT, "about 10"])
    assert "about 10" in path.read_text(encoding="utf-8")


# ---- order


def test_options_of_unknown_order_are_one_decision(data):
    asked = {"How good are you?": ("Novice", "Adept", "Master"),
             "How full is it?": ("Empty", "Half", "Full"),
             "Where do you live?": ("Town", "Village", "Farm"), "Would you?": ("Yes", "Maybe", "No"),
             "How often?": ("Now and then", "Always", "Never")}  # fmt: skip
    rows = [["Respondent ID", *asked], ["", *(["Response"] * 5)]]
    rows += [[str(i), *(options[i % 3] for options in asked.values())] for i in range(30)]
    save(data.parent / "a.csv", rows)
    report = import_study("mine", data.parent / "a.csv", data)
    (line,) = [one for one in report["decisions"] if "an order" in one["question"]]
    assert line["question"].startswith("Do the options of good, full have an order?")
    assert line["item"] == ""


# ---- consent, and what identifies a person


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
