"""Known wordings of response scales, and numbers in bands."""

import pytest
from small_exports import monkey

from compendium.importing.draft.scales import in_number_order, plain


@pytest.mark.parametrize(
    "points",
    [
        ["Never", "Once or twice", "About once a week", "Several times a week", "Every day"],
        ["Never", "Once or twice", "About once a week", "Most days", "Every day"],
        ["Not at all", "A bit", "Quite", "Very", "Extremely"],
        ["Never", "Hardly ever", "Now and then", "Mostly", "Always"],
        ["Nie", "Kaum", "Ab und zu", "Meistens", "Immer"],
    ],
)
def test_common_scales_are_known_whatever_occurs_first(data, points):
    item, _ = monkey(data, [points[i * 3 % 5] for i in range(40)])
    assert item.type == "scale"
    assert [point.label for point in item.points] == points


def test_what_does_not_matter_in_a_wording():
    assert plain("1 – Don’t  know.") == "don't know"


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (["10–49", "250 or more", "1–9", "50–249"], ["1–9", "10–49", "50–249", "250 or more"]),
        (["5 (very)", "1 (not at all)", "3", "2"], ["1 (not at all)", "2", "3", "5 (very)"]),
        (["1–10", "5–20"], None),
    ],
)
def test_bands_stand_in_the_order_of_their_numbers(values, order):
    assert in_number_order(values) == order


def test_errors_that_a_spreadsheet_wrote_as_text_are_no_answers(data):
    errors = ["#REF!", "#DIV/0!", "#NAME?", "#WERT!"]
    item, _ = monkey(data, ["Value", "Name", "Low"] * 12 + errors)
    assert list(item.missing) == errors  # as they first occur, in every run
    assert {option.label for option in item.choices} == {"Value", "Name", "Low"}
