"""What a rounded percent allows, against decimal's own rounding of every count."""

import decimal
import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compendium.audit.rounding import (
    CONVENTIONS,
    allowed_counts,
    counts_in_words,
    every_convention,
    jointly_possible,
    span,
    unique_count,
)

# The reference: Python's decimal rounds each count's percent, with 60 digits.
MODES = {
    "half_up": decimal.ROUND_HALF_UP,
    "half_even": decimal.ROUND_HALF_EVEN,
    "half_down": decimal.ROUND_HALF_DOWN,
    "truncate": decimal.ROUND_DOWN,
    "ceiling": decimal.ROUND_CEILING,
}


def printed(count, base, decimals, convention):
    with decimal.localcontext(prec=60):
        exact = decimal.Decimal(100 * count) / decimal.Decimal(base)
        return str(exact.quantize(decimal.Decimal(1).scaleb(-decimals), MODES[convention]))


def brute_force(percent, base, convention):
    decimals = len(percent.partition(".")[2])
    return [k for k in range(base + 1) if printed(k, base, decimals, convention) == percent]


def test_every_convention_has_a_reference():
    assert set(CONVENTIONS) == set(MODES)


@given(
    base=st.integers(1, 400),
    decimals=st.integers(0, 2),
    part=st.integers(0, 10_000),
    convention=st.sampled_from(sorted(MODES)),
)
def test_allowed_counts_are_those_that_decimal_prints(base, decimals, part, convention):
    number = Fraction(part % (100 * 10**decimals + 1), 10**decimals)
    percent = f"{decimal.Decimal(number.numerator) / number.denominator:.{decimals}f}"
    assert list(allowed_counts(percent, base, convention)) == brute_force(percent, base, convention)


@given(st.integers(1, 3000), st.data(), st.sampled_from(sorted(MODES)), st.integers(0, 3))
def test_a_count_is_among_those_its_own_percent_allows(base, data, convention, decimals):
    count = data.draw(st.integers(0, base))
    assert count in allowed_counts(printed(count, base, decimals, convention), base, convention)


@pytest.mark.parametrize("base", [2, 8, 16, 40, 200])
@pytest.mark.parametrize("convention", sorted(MODES))
def test_bases_with_exact_halves(base, convention):
    for percent in map(str, range(101)):
        found = list(allowed_counts(percent, base, convention))
        assert found == brute_force(percent, base, convention), percent


def test_published_facts():
    assert list(allowed_counts("13", 92)) == [12]
    assert list(allowed_counts("97", 73)) == [71]
    assert list(allowed_counts("76", 510)) == [386, 387, 388, 389, 390]


def test_decimals_are_read_off_the_text():
    assert list(allowed_counts("13", 1000)) == list(range(125, 135))
    assert list(allowed_counts("13.0", 1000)) == [130]
    assert list(allowed_counts("13.00", 920)) == []  # 120 of 920 is 13.04, 119 is 12.93


def test_ends_of_the_scale_stay_within_the_base():
    assert list(allowed_counts("0", 300, "half_up")) == [0, 1]
    assert list(allowed_counts("100", 300, "half_up")) == [299, 300]  # 299 of 300 is 99.67
    assert list(allowed_counts("100", 300, "truncate")) == [300]
    assert list(allowed_counts("0", 300, "ceiling")) == [0]


def test_large_numbers_stay_exact():
    # Floats would see 50.5 here: (10**30 + 1) of 2 * 10**30 is a hair above one half.
    base = 2 * 10**30
    assert allowed_counts("50", base, "half_even").stop == 101 * 10**28 + 1
    assert allowed_counts("50", base, "half_up").stop == 101 * 10**28


def test_every_convention_reports_all():
    assert every_convention("13", 92) == {
        "half_up": range(12, 13),
        "half_even": range(12, 13),
        "half_down": range(12, 13),
        "truncate": range(12, 13),
        "ceiling": range(0),
    }


@pytest.mark.parametrize(
    ("percent", "base", "count"),
    [
        ("13", 92, 12),
        ("97", 73, 71),
        ("76", 510, None),  # five counts
        ("86", 150, None),  # 129, but truncating also allows 130
        ("12", 8, None),  # 1 of 8 is 12.5: not under half up
        ("50", 3, None),  # no count at all
    ],
)
def test_unique_count(percent, base, count):
    assert unique_count(percent, base) == count


@given(
    base=st.integers(1, 24),
    percents=st.lists(st.integers(0, 100).map(str), min_size=1, max_size=3),
    convention=st.sampled_from(sorted(MODES)),
)
def test_jointly_possible_agrees_with_trying_everything(base, percents, convention):
    allowed = [brute_force(percent, base, convention) for percent in percents]
    possible = any(sum(counts) == base for counts in itertools.product(*allowed))
    check_example(jointly_possible(percents, base, convention), possible, allowed, base)


@given(st.lists(st.integers(0, 9), min_size=2, max_size=4), st.sampled_from(sorted(MODES)))
def test_percents_of_real_counts_are_jointly_possible(counts, convention):
    base = sum(counts) or 1
    counts = counts if sum(counts) else [1, 0]
    percents = [printed(count, base, 0, convention) for count in counts]
    allowed = [brute_force(percent, base, convention) for percent in percents]
    check_example(jointly_possible(percents, base, convention), True, allowed, base)


def check_example(example, possible, allowed, base):
    assert (example is not None) == possible
    if possible:
        assert sum(example) == base
        assert all(count in counts for count, counts in zip(example, allowed, strict=True))


def test_jointly_possible_facts():
    counts = jointly_possible(["48", "29", "23"], 750)
    assert sum(counts) == 750
    assert [printed(count, 750, 0, "half_up") for count in counts] == ["48", "29", "23"]
    assert jointly_possible(["50", "50", "50"], 10) is None
    assert jointly_possible(["33", "33", "33"], 3) == [1, 1, 1]
    assert jointly_possible(["33", "33", "33"], 100) is None


def test_words_name_the_counts():
    assert counts_in_words(allowed_counts("13", 92)) == "exactly 12"
    assert counts_in_words(allowed_counts("76", 510)) == "386 to 390"
    assert counts_in_words(allowed_counts("50", 3)) == "no count"


# ---- other forms


@pytest.mark.parametrize(
    ("percent", "counts"),
    [("<1", range(5)), (">99", range(496, 501)), ("10-15", range(50, 76)), ("10–15", range(50, 76)),
     ("10 to 15", range(50, 76)), ("<0.5", range(3))],
)  # fmt: skip
def test_bounds_and_ranges_are_taken_at_their_word(percent, counts):
    assert allowed_counts(percent, 500) == counts


@pytest.mark.parametrize("convention", sorted(MODES))
def test_rounding_to_fives_is_rounding_of_fifths(convention):
    """15 of a hundred in fives is 3 of a twenty in ones: decimal prints the latter."""
    for base, count in itertools.product((12, 40, 92), range(13)):
        with decimal.localcontext(prec=60):
            exact = decimal.Decimal(20 * count) / decimal.Decimal(base)
            fives = 5 * int(exact.quantize(decimal.Decimal(1), MODES[convention]))
        assert count in allowed_counts(str(fives), base, convention, 5)
        others = [five for five in range(0, 101, 5) if five != fives]
        assert not any(count in allowed_counts(str(five), base, convention, 5) for five in others)


def test_sets_forced_to_add_up_lie_within_a_unit():
    # Three times one third: 33.33 each, and one is printed as 34 so that they add up to 100.
    assert jointly_possible(["34", "33", "33"], 3) is None
    assert jointly_possible(["34", "33", "33"], 3, forced=True) == [1, 1, 1]
    assert jointly_possible(["33", "33", "33"], 3, forced=True) is None  # 99
    assert jointly_possible(["35", "33", "32"], 3, forced=True) is None  # 35 is more than a unit off


@given(
    decimals=st.integers(0, 3),
    value=st.integers(-10_000, 10_000),
    convention=st.sampled_from(sorted(MODES)),
)
def test_the_span_of_a_printed_number_is_what_decimal_prints_so(decimals, value, convention):
    with decimal.localcontext(prec=60):
        unit = decimal.Decimal(1).scaleb(-decimals)
        text = str(decimal.Decimal(value) * unit)
        text = f"{decimal.Decimal(text):f}"
        found = span(text, convention)
        for eighths in range(-12, 13):
            exact = decimal.Decimal(text) + unit * eighths / 8
            # decimal's "up" and "down" are away from zero and towards it; ceiling is not.
            mode = decimal.ROUND_UP if convention == "ceiling" else MODES[convention]
            same = exact.quantize(unit, mode) == decimal.Decimal(text)
            crosses = (exact < 0) != (decimal.Decimal(text) < 0) and exact != 0
            if not crosses and value:
                assert found.holds(Fraction(exact)) == same, (text, exact)


def test_spans_meet_where_a_value_lies_in_both():
    assert not span("1").meets(span("2"))  # 1.5 is printed as 2
    assert span("1", "half_down").meets(span("2", "half_up"))
    assert span("2", "half_even").meets(span("2"))


@pytest.mark.parametrize(
    ("percent", "base", "message"),
    [
        (13.0, 92, "would lose its decimals"),
        (13, 92, "in quotes"),
        (None, 92, "is not text"),
        ("13%", 92, "digits and a point only"),
        ("-1", 92, "digits and a point only"),
        ("1e1", 92, "digits and a point only"),
        ("١٣", 92, "digits and a point only"),
        ("13\n", 92, "digits and a point only"),
        ("100.1", 92, "above 100"),
        ("13", 0, "whole number from 1"),
        ("13", -5, "whole number from 1"),
        ("13", 92.0, "whole number from 1"),
        ("13", True, "whole number from 1"),
    ],
)
def test_bad_input_is_refused_with_the_remedy(percent, base, message):
    with pytest.raises(ValueError, match=message):
        allowed_counts(percent, base)


def test_unknown_convention_and_empty_set_are_refused():
    with pytest.raises(ValueError, match="choose one of half_up, half_even"):
        allowed_counts("13", 92, "bankers")
    with pytest.raises(ValueError, match="a list of percents"):
        jointly_possible([], 92)
    with pytest.raises(ValueError, match="a list of percents"):
        jointly_possible("48", 92)


def test_numpy_bases_are_whole_numbers_too():
    assert allowed_counts("13", np.int64(92)) == range(12, 13)
