"""Numbers in a published sentence."""

import doctest
from fractions import Fraction

import pytest

from compendium.audit import prose
from compendium.audit.prose import fraction, fractions_in, unaccounted


def test_examples_in_the_docstrings():
    assert doctest.testmod(prose).failed == 0


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("13% of 92 employers", ["13%", "92"]),
        ("13 per cent, or 13.5 percent, of 1,204", ["13 per cent", "13.5 percent", "1,204"]),
        ("up 5 percentage points", ["5 percentage points"]),
        ("48, 29 and 23% of 750", ["48", "29", "23%", "750"]),
        ("10–15% and 10 to 15 percent", ["10", "15%", "10", "15 percent"]),
        ("t(28) = 2.20, p < .05", ["28", "2.20", ".05"]),
        ("n=92; −0.3 points", ["92", "−0.3"]),
        ("in 2022, since 1999 (2019)", []),
        ("2022 employers", ["2022"]),
        ("COVID-19, an 18-month course, a 5-point scale, Q3 and 2nd", []),
        ("ages 16–24 and 25 to 34, points 0-1", []),
        ("thirteen employers of ninety-two", ["13"]),
        ("one in thirteen employers, thirteen of them small", []),
    ],
)
def test_numbers_are_found_and_what_is_none_is_not(statement, said):
    assert unaccounted(statement, set(), set()) == said


def test_bands_count_where_the_claim_has_any():
    assert unaccounted("from 1 to 5", set(), {Fraction(1)}, bands=True) == ["5"]
    assert unaccounted("1.85 (95% CI 1.20 to 2.85)", set(), set(), bands=True) == [
        "1.85", "95%", "1.20", "2.85",
    ]  # fmt: skip


def test_a_percent_is_no_count_and_a_list_may_carry_one_sign():
    thirteen, count = {Fraction(13)}, {Fraction(92)}
    assert unaccounted("13% of 92", thirteen, count) == []
    assert unaccounted("92% of 13", thirteen, count) == ["92%", "13"]
    assert unaccounted("13, 13 and 13%", thirteen, count) == []
    assert unaccounted("13.0% of 92", thirteen, count) == []


def test_what_is_about_something_else_can_be_named():
    assert unaccounted("13% in 4 regions", {Fraction(13)}, set(), ["4 regions"]) == []


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("one in eight", "1/8"), ("1 in 8", "1/8"), ("three out of five", "3/5"), ("half", "1/2"),
        ("a half", "1/2"), ("two thirds", "2/3"), ("two-thirds", "2/3"), ("A third", "1/3"),
        ("one in every four", "1/4"), ("three quarters", "3/4"), ("9 out of 10", "9/10"),
    ],
)  # fmt: skip
def test_fractions_in_words(words, value):
    assert fraction(words) == Fraction(value)
    assert fractions_in(f"Said {words} of them.") == [Fraction(value)]


@pytest.mark.parametrize("words", ["most", "", "eight in one", "1 in 0", "five thirds", "one of eight"])
def test_what_is_no_fraction_is_refused(words):
    with pytest.raises(ValueError, match="write it as 'one in eight'"):
        fraction(words)
