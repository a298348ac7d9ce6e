"""What the values of a column are: numbers, points of a scale, free text, options."""

import pytest
from small_exports import monkey

from compendium.importing.draft.scales import known_id
from compendium.importing.draft.values import (
    holds_contact,
    identifies,
    in_order,
    is_number,
    is_open,
    listed,
    nearly_numbers,
    numbers,
    options_of,
)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["1", "2.5"], (".", "")), (["1,5", "2"], (",", "")), (["1,234", "12,500"], (".", ",")),
        (["1.234,5", "2"], (",", ".")), (["-3", "+4"], (".", "")), (["1.5", "1,5"], None),
        (["007"], None), (["12 km"], None), (["1e5"], None), (["١٢"], None),
    ],
)  # fmt: skip
def test_numbers_are_told_from_codes(values, expected):
    found = numbers(dict.fromkeys(values, 1))
    assert found == (expected and {"decimal": expected[0], "thousands": expected[1]})


def test_what_is_nearly_a_number():
    assert [is_number(value) for value in ("€ 4,20", "4-5", "007")] == [True, False, False]
    commas = {"decimal": ",", "thousands": ""}
    assert nearly_numbers({"1,5": 4, "12": 4, "about 3": 1, "7 €": 1}) == (["about 3", "7 €"], commas)
    grouped = {"decimal": ".", "thousands": ","}
    assert nearly_numbers({"1,250": 4, "900": 4, "about 800": 1}) == (["about 800"], grouped)
    assert nearly_numbers({"Yes": 9, "1": 1})[0] == []


def test_options_are_told_from_free_text(known):
    assert not is_open({"Yes": 30, "No": 12})
    assert is_open({f"Because of reason {i}": 1 for i in range(9)})
    assert options_of(["1", "Not  sure"], {"1": "Yes"})[0] == {
        "id": "yes",
        "label": "Yes",
        "value": "1",
    }
    assert listed(["Yes", "No", "Ask me"], {"Yes": 9, "No": 1, "Ask me": 1}, known) == {"Yes", "No"}


def test_what_identifies_a_person(known):
    assert "heading" in identifies(["Q9", "Your e-mail"], {"a@example.org": 1}, False, known)
    assert identifies(["Q9", "How are you?"], {"Well": 1}, False, known) == ""
    assert holds_contact("Ask me: j.muir@example.org")
    assert not holds_contact("Ward 3, 10-12 beds")


@pytest.mark.parametrize(
    ("values", "order", "scale"),
    [
        (["4", "0 - Low", "2", "5 - High"], ["0 - Low", "1", "2", "3", "4", "5 - High"], ""),
        (
            ["Often", "Never", "Always"],
            ["Never", "Sometimes", "Often", "Always"],
            "frequency",
        ),
        (["10–49", "1–9"], ["1–9", "10–49"], ""),
        (["Red", "Blue"], ["Red", "Blue"], ""),
    ],
)
def test_points_are_put_in_order_and_a_known_scale_is_named(known, values, order, scale):
    """The id of a known scale is a field of its own; numbers and bands are of none."""
    points, how = in_order(values, {}, known)
    assert (points, known_id(how)) == (order, scale)


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
