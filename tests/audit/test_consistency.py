"""Reported statistics: the published examples, values of R, and every sample of a small size."""

import doctest
import itertools
import math
import statistics
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from compendium.audit import consistency
from compendium.audit.consistency import (
    change_span,
    debit,
    decides_otherwise,
    difference_span,
    grim,
    grimmer,
    p_reported,
    p_span,
    ratio_fits,
)
from compendium.audit.rounding import CONVENTIONS


def test_examples_in_the_docstrings():
    assert doctest.testmod(consistency).failed == 0


# ---- GRIM


@pytest.mark.parametrize(
    ("mean", "base", "possible"),
    [
        ("5.19", 28, False),  # Brown & Heathers (2017): 145 / 28 is 5.18, 146 / 28 is 5.21
        ("5.18", 28, True),
        ("5.21", 28, True),
        ("3.48", 20, False),  # the die of Wikipedia's article on GRIM
        ("5.93", 49, False),  # the example of The Economist, 18 June 2016: 290.57 in all, 291 is 5.94
        # pigs1 of R's scrutiny 0.6.1 and what its grim_map() says
        ("7.22", 32, True), ("4.74", 25, False), ("5.23", 29, False), ("2.57", 24, False),
        ("6.77", 27, False), ("2.68", 28, True), ("7.01", 29, False), ("7.38", 26, True),
        ("3.14", 27, False), ("6.89", 31, False), ("5.00", 25, True),
    ],
)  # fmt: skip
def test_grim_decides_as_its_published_examples(mean, base, possible):
    found = {rule: bool(grim(mean, base, convention=rule)) for rule in ("half_up", "half_down")}
    assert any(found.values()) == possible


@pytest.mark.parametrize("mean", ["5.90", "5.71", "3.50", "3.82", "4.61", "5.24"])
def test_a_mean_of_three_items_can_be_finer(mean):
    """R's scrutiny 0.6.1, vignette GRIMMER: half of them fail as one item, none as three."""
    usual = ("half_up", "half_down")  # 153 of 40 is 3.825
    assert any(grim(mean, 40, convention=rule) for rule in usual) == (mean in ("5.90", "3.50", "3.82"))
    assert grim(mean, 40, items=3)


@pytest.mark.parametrize("rule", sorted(CONVENTIONS))
def test_every_mean_of_real_answers_is_possible_and_its_sum_found(rule):
    for base, total in itertools.product((3, 7, 40), range(40, 60)):
        exact, whole = Fraction(total, base) * 100, Fraction(total, base) * 100 // 1
        up = {"half_up": Fraction(1, 2), "half_even": Fraction(1, 2), "half_down": Fraction(1, 2)}
        half = exact - whole == Fraction(1, 2)
        upwards = {"half_up": True, "half_down": False, "half_even": whole % 2 == 1}
        if rule == "truncate":
            last = whole
        elif rule == "ceiling":
            last = whole + (exact > whole)
        else:
            last = whole + (upwards[rule] if half else exact - whole > up[rule])
        mean = f"{int(last) // 100}.{int(last) % 100:02d}"
        assert total in grim(mean, base, convention=rule)


def test_a_mean_beyond_the_scale_is_impossible():
    assert not grim("5.20", 10, (1, 5))
    assert not grim("0.90", 10, (1, 5))
    assert list(grim("5.00", 10, (1, 5))) == [50]


# ---- GRIMMER and DEBIT


def samples(base, low, high):
    return itertools.combinations_with_replacement(range(low, high + 1), base)


def printed(sample):
    return f"{statistics.fmean(sample):.2f}", f"{statistics.stdev(sample):.2f}"


@pytest.mark.parametrize(
    ("mean", "sd", "base", "possible"),
    [
        ("3.44", "2.47", 18, False),  # Allard (2018), as in the help page of R's rsprite2
        ("5.21", "1.60", 28, True),  # rsprite2's own test
        ("5.21", "0.74", 28, True),  # consistency.R
        ("5.19", "1.50", 28, False),  # fails GRIM
        ("2.00", "0.00", 10, True),
        ("2.00", "5.00", 1, False),  # one answer has no deviation
    ],
)
def test_grimmer_decides_as_its_published_examples(mean, sd, base, possible):
    assert grimmer(mean, sd, base) == possible


def test_grimmer_accepts_every_real_sample_and_few_others():
    real = {printed(sample) for sample in samples(5, 1, 4)}
    assert len(real) == 52  # consistency.R
    means = {mean for mean, _ in real}
    tried = {(mean, f"{k / 100:.2f}") for mean in means for k in range(250)}
    accepted = {pair for pair in tried if grimmer(*pair, 5, (1, 4))}
    assert accepted >= real
    assert len(accepted) <= 1.1 * len(real)


def test_grimmer_knows_the_ends_of_the_scale_and_the_items():
    assert not grimmer("2.00", "5.00", 10, (1, 3))  # at most 5 of each end: 1.05
    assert grimmer("2.00", "1.05", 10, (1, 3))
    assert grimmer("1.33", "0.00", 3, items=3)  # rsprite2's own test: 4 of 3 items, thrice
    assert not grimmer("1.33", "0.00", 3)


# Heathers & Brown (2019), Table 1, with what R's scrutiny 0.6.1 says of it
@pytest.mark.parametrize(
    ("mean", "sd", "possible"),
    [("0.53", "0.50", True), ("0.44", "0.50", True), ("0.77", "0.42", True), ("0.19", "0.35", False),
     ("0.34", "0.47", True), ("0.93", "0.25", True), ("0.12", "0.33", True)],
)  # fmt: skip
def test_debit_decides_as_its_published_table(mean, sd, possible):
    assert bool(debit(mean, sd, 1683)) == possible


def test_debit_finds_the_count_behind_mean_and_deviation():
    assert debit("0.13", "0.34", 92) == [12]  # consistency.R
    assert debit("0.35", "0.18", 20) == []  # R's scrutiny 0.6.1, vignette DEBIT
    for ones in range(13):
        sample = [1] * ones + [0] * (12 - ones)
        assert ones in debit(*printed(sample), 12)


# ---- p-values


# The examples of statcheck's own tests (test-compute-pvalues.R), computed in consistency.R.
STATCHECK = [
    ("t", "2.20", (28,), 0.036225485),
    ("F", "2.20", (2, 28), 0.129593224),
    ("r", "0.22", (28,), 0.242738988),
    ("z", "2.20", (), 0.027806895),
    ("chi2", "22.20", (28,), 0.771948704),
    ("Q", "22.20", (28,), 0.771948704),
    ("t", "1.02", (48,), 0.312842097),
]


@pytest.mark.parametrize(("test", "statistic", "df", "p"), STATCHECK)
def test_p_is_computed_as_in_r(test, statistic, df, p):
    found = p_span(test, statistic, df)
    assert found.low < p < found.high
    exact = p_span(test, statistic + "000000", df)
    assert math.isclose(exact.low, p, rel_tol=1e-4)
    assert math.isclose(exact.high, p, rel_tol=1e-4)


@pytest.mark.parametrize(
    ("test", "statistic", "df", "p", "fits"),
    [
        ("t", "2.20", (28,), ".04", True), ("t", "2.20", (28,), ".03", False),
        ("t", "-2.20", (28,), ".036", True), ("t", "1.02", (48,), "<.05", False),
        ("t", "1", (100,), "<0.001", False), ("z", "1.96", (), "0.05", True),
        ("F", "2.20", (2, 28), ">.05", True), ("t", "2.20", (28,), "0.000", False),
        ("z", "9.99", (), "<.001", True), ("z", "9.99", (), ".000", False),
    ],
)  # fmt: skip
def test_a_p_fits_its_statistic_or_not(test, statistic, df, p, fits):
    assert p_reported(p).meets(p_span(test, statistic, df)) == fits


# statcheck's own tests (test-decisionerror.R): all are errors that change the decision.
@pytest.mark.parametrize(
    ("test", "statistic", "df", "p"),
    [
        ("t", "2.20", (28,), ".06"), ("t", "1.20", (28,), ".03"), ("F", "22.20", (2, 28), ".06"),
        ("F", "2.20", (2, 28), ".03"), ("r", ".22", (28,), ".03"), ("r", ".52", (28,), ".06"),
        ("chi2", "2.20", (28,), ".03"), ("chi2", "52.20", (28,), ".06"), ("z", "1.20", (), ".03"),
        ("z", "2.20", (), ".06"), ("Q", "2.20", (28,), ".03"), ("Q", "52.20", (28,), ".06"),
    ],
)  # fmt: skip
def test_decision_errors_are_those_of_statcheck(test, statistic, df, p):
    assert decides_otherwise(p_reported(p), p_span(test, statistic, df))


def test_verdicts_are_those_of_statcheck():
    """Of 522 sentences; where rounding leaves open on which side of .05 p lies, nobody is accused."""
    told = pd.read_csv(Path(__file__).with_name("statcheck.csv"), dtype=str, keep_default_na=False)
    others = {"error": [], "decision_error": []}
    for row in told.itertuples():
        degrees = tuple(int(df) for df in row.df.split(", ") if df)
        computed = p_span(row.test, row.statistic, degrees)
        printed = p_reported(row.p.removeprefix("="))
        if printed.meets(computed) == (row.error == "TRUE"):
            others["error"].append(row.text)
        if decides_otherwise(printed, computed) != (row.decision_error == "TRUE"):
            others["decision_error"].append(row.text)
            assert computed.low < 0.05 < computed.high
            assert row.decision_error == "TRUE"
    assert (len(told), len(others["error"]), len(others["decision_error"])) == (522, 0, 4)


def test_one_side_halves_p_and_a_statistic_around_zero_reaches_one():
    both, one = (p_span("t", "2.20", (28,), tails) for tails in (2, 1))
    assert math.isclose(both.low, 2 * one.low)
    assert p_span("z", "0.0").high == 1
    assert p_span("r", "1.00", (28,)).low == 0


@pytest.mark.parametrize("p", ["<0,05", "5", "1.2", "p<.05", "0.05%", ""])
def test_what_is_no_p_is_refused(p):
    with pytest.raises(ValueError, match="write it as printed"):
        p_reported(p)


# ---- ratios, differences, changes


def test_an_odds_ratio_lies_midway_in_its_interval_by_logarithms():
    assert ratio_fits("0.349", ["0.209", "0.584"])  # consistency.R: UCBAdmissions, department A
    assert ratio_fits("0.35", ["0.21", "0.58"])
    assert not ratio_fits("0.40", ["0.21", "0.58"])  # midway on the plain scale
    assert not ratio_fits("0.35", ["0.21", "0.68"])


def test_differences_and_changes_are_as_exact_as_what_they_are_made_of():
    assert difference_span("40", "52")[:2] == (11, 13)
    low, high = change_span("40", "52")[:2]
    assert (low, high) == (Fraction(11, Fraction(81, 2)) * 100, Fraction(13, Fraction(79, 2)) * 100)
    assert change_span("0", "5") is None
