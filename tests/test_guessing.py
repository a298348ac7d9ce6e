"""What is guessed of a column's values: points nobody chose, nearly numbers, respondents' words."""

import pytest
from described_imports import data_folder  # noqa: F401
from described_survey import save

from helpers.importers import import_study
from helpers.study import load_study

MONKEY = [["Respondent ID", "How likely is it?"], ["", "Response"]]


def monkey(data, values):
    """The only item of a SurveyMonkey export with these values, and what is to be decided of it."""
    save(data.parent / "a.csv", [*MONKEY, *([str(i), value] for i, value in enumerate(values, 100))])
    report = import_study("mine", data.parent / "a.csv", data)
    (item,) = load_study("mine", data).instrument.items
    return item, [one["question"] for one in report["decisions"] if one["item"] == item.id]


# ---- points of numbers


def test_numbers_that_nobody_chose_are_points_of_a_scale_with_labelled_ends(data):
    values = ["10 - Extremely likely", "0 - Not at all likely", "3", "9", "8", "5", "6", "7"] * 6
    item, asks = monkey(data, values)
    assert item.type == "scale"
    labels = [point.label for point in item.points]
    assert labels == ["0 - Not at all likely", *"123456789", "10 - Extremely likely"]
    assert asks == ["Are 1, 2, 4 points of this scale? Nobody chose any."]
    item, asks = monkey(data, [*values, "1", "2", "4"])
    assert asks == []


def test_bare_numbers_that_nobody_chose_are_told(data):
    item, asks = monkey(data, ["1", "2", "5"] * 12)
    assert [point.label for point in item.points] == list("12345")
    assert "Are 3, 4 points of this scale? Nobody chose any." in asks


@pytest.mark.parametrize(
    "values",
    [
        ["1 child", "2 children", "4 children or more"],
        ["1–9", "10–49", "250 or more"],
        ["0", "1–3", "6+"],
        ["1 km", "12", "40"],
    ],
)
def test_bands_get_no_points_of_their_own(data, values):
    item, asks = monkey(data, values * 12)
    assert {o.label for o in item.choices} == set(values)
    assert not any("Nobody chose" in one for one in asks)
