"""Shares, intervals and differences against published examples and R 4.2.2."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from compendium.statistics.proportions import (
    detectable,
    difference,
    mean_interval,
    multi_response,
    precision,
    proportions,
)

COUNTED = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("count", "base", "method", "low", "high"),
    [
        # Newcombe (1998), table I, methods 3 and 5, to four digits.
        (81, 263, "wilson", 25.53, 36.62),
        (15, 148, "wilson", 6.24, 16.05),
        (0, 20, "wilson", 0, 16.11),
        (1, 29, "wilson", 0.61, 17.18),
        (81, 263, "clopper-pearson", 25.27, 36.76),
        (15, 148, "clopper-pearson", 5.78, 16.17),
        (0, 20, "clopper-pearson", 0, 16.84),
        (1, 29, "clopper-pearson", 0.09, 17.76),
        # R 4.2.2: prop.test(12, 92, correct = FALSE) and binom.test(12, 92)
        (12, 92, "wilson", 7.621480371, 21.428013620),
        (12, 92, "clopper-pearson", 6.925268545, 21.676124887),
    ],
)
def test_intervals_agree_with_the_literature(count, base, method, low, high):
    row = proportions(count, base, method=method).iloc[0]
    digits = 1e-8 if base == 92 else 0.0051
    assert row["percent"] == pytest.approx(100 * count / base)
    assert (row["low"], row["high"]) == pytest.approx((low, high), abs=digits)


@given(COUNTED, st.sampled_from(["wilson", "clopper-pearson"]), st.floats(0.5, 0.999))
def test_intervals_hold_the_estimate_mirror_and_stay_on_the_scale(counted, method, confidence):
    count, base = counted
    row = proportions(count, base, confidence, method).iloc[0]
    mirror = proportions(base - count, base, confidence, method).iloc[0]
    assert 0 <= row["low"] <= row["percent"] <= row["high"] <= 100
    assert (row["low"], row["high"]) == pytest.approx(
        (100 - mirror["high"], 100 - mirror["low"]), abs=1e-8
    )


@given(COUNTED, st.integers(2, 20))
def test_intervals_narrow_as_the_base_grows(counted, times):
    count, base = counted
    small = proportions(count, base).iloc[0]
    large = proportions(count * times, base * times).iloc[0]
    assert large["high"] - large["low"] < small["high"] - small["low"]


def test_an_empty_base_has_no_share_and_no_warning():
    table = proportions(pd.Series([0, 3], index=["a", "b"]), pd.Series([0, 4], index=["a", "b"]))
    assert table.loc["a", ["percent", "low", "high"]].isna().all()
    assert table.loc["b", "percent"] == 75


@pytest.mark.parametrize(
    ("count", "base", "why"),
    [(-1, 5, "whole numbers from 0 up"), (6, 5, "count respondents, not answers")],
)
def test_impossible_counts_are_refused(count, base, why):
    with pytest.raises(ValueError, match=why):
        proportions(count, base)
    with pytest.raises(ValueError, match=r"must lie within the base|whole numbers from 0 up"):
        difference(count, base, 1, 5)


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        # Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10.
        ((56, 70, 48, 80), 5.24, 33.39),
        ((9, 10, 3, 10), 17.05, 80.90),
        ((5, 56, 0, 29), -3.81, 19.26),
        ((0, 10, 0, 20), -16.11, 27.75),
        ((10, 10, 0, 20), 67.91, 100.00),
    ],
)
def test_differences_agree_with_newcombe(counts, low, high):
    found = difference(*counts)
    assert (found["low"], found["high"]) == pytest.approx((low, high), abs=0.0051)


def test_the_difference_to_the_2021_study_follows_newcombes_formula():
    # The formula by hand from Wilson's ends (R 4.2.2: prop.test(x, n, correct = FALSE)$conf.int).
    p1, l1, u1 = 12 / 92, 0.07621480371, 0.21428013620
    p2, l2, u2 = 71 / 73, 0.9055, 0.9925  # prop.test(71, 73, correct = FALSE), four digits
    d = p1 - p2
    low = d - np.hypot(p1 - l1, u2 - p2)
    high = d + np.hypot(u1 - p1, p2 - l2)
    found = difference(12, 92, 71, 73)
    assert (found["low"], found["high"]) == pytest.approx((100 * low, 100 * high), abs=0.02)


@given(COUNTED, COUNTED)
def test_differences_change_sign_with_the_order(first, second):
    one, other = difference(*first, *second), difference(*second, *first)
    assert one["difference"] == pytest.approx(-other["difference"], abs=1e-9)
    assert one["low"] == pytest.approx(-other["high"], abs=1e-8)
    assert -100 <= one["low"] <= one["difference"] <= one["high"] <= 100


def test_multi_response_leaves_out_who_did_not_answer():
    ticks = pd.DataFrame(
        {"a": [True, True, False, None], "b": [True, False, False, None]}, dtype="boolean"
    )
    table = multi_response(ticks)
    assert table["base"].tolist() == [3, 3]
    assert table["percent"].tolist() == pytest.approx([200 / 3, 100 / 3])
    assert table["percent_of_responses"].sum() == pytest.approx(100)


def test_multi_response_without_a_tick_has_no_percent_of_responses():
    table = multi_response(pd.DataFrame({"a": [False, False]}, dtype="boolean"))
    assert table["percent_of_responses"].isna().all()


@given(st.integers(1, 100_000))
def test_precision_is_half_the_wilson_interval_at_half(half):
    row = proportions(half, 2 * half).iloc[0]
    assert precision(2 * half) == pytest.approx((row["high"] - row["low"]) / 2)


def test_the_detectable_difference_is_that_of_fishers_test():
    # proportions.R, which makes every table: power .798585 at 79.4% and .802003 at 79.5%
    assert 29.4 < detectable(46, 46) < 29.5
    assert detectable(46, 46, power=0.798585499) == pytest.approx(29.4, abs=1e-6)
    assert np.isnan(detectable(3, 3, baseline=95))


def test_large_groups_are_approximated_after_casagrande_pike_and_smith():
    assert detectable(150, 150) == pytest.approx(detectable(151, 151), abs=0.3)
    # Cohen (1988), table 6.4.1: h = .20 at power .80 needs 392 without the correction for continuity.
    assert 100 * (np.sin(np.pi / 4 + 0.1) ** 2 - 0.5) < detectable(392, 392) < 10.5


def test_the_bootstrap_mean_agrees_with_students_interval():
    # For many symmetric values both tend to the same: mean -+ t sd / sqrt(n).
    values = np.linspace(0, 100, 400)
    half = 1.966 * values.std(ddof=1) / np.sqrt(400)  # t(399) at 0.975
    assert mean_interval(values, seed=2) == pytest.approx((50 - half, 50 + half), abs=0.5)
    low, high = mean_interval(values, seed=2)
    assert low < values.mean() < high
    assert np.isnan(mean_interval([1.0], seed=2)).all()
    assert mean_interval(values, seed=2) != mean_interval(values, seed=3)


@pytest.mark.parametrize(
    ("count", "base", "size", "wilson", "exact"),
    [  # proportions.R; the exact ends as counts of the population
        (12, 92, 400, (8.135442917, 20.259482631), (31, 82)),
        (0, 20, 50, (0, 10.5222023), (0, 6)),
        (45, 100, 300, (37.25007198, 53.00044467), (111, 160)),
        (20, 20, 50, (89.4777977, 100), (44, 50)),
    ],
)
def test_intervals_of_a_finite_population_are_those_of_r(count, base, size, wilson, exact):
    row = proportions(count, base, sampled=base / size).iloc[0]
    assert (row["low"], row["high"]) == pytest.approx(wilson, abs=1e-6)
    row = proportions(count, base, method="clopper-pearson", sampled=base / size).iloc[0]
    assert (row["low"] * size / 100, row["high"] * size / 100) == pytest.approx(exact)


def test_a_documented_finite_population_comes_out_alike():
    """45 of 100 out of 300: R's samplingbook (README, Sprop) has 110 to 161, ends excluded."""
    row = proportions(45, 100, method="clopper-pearson", sampled=1 / 3).iloc[0]
    assert (row["low"] * 3 - 1, row["high"] * 3 + 1) == pytest.approx((110, 161))
    # and half the width at 50% is that of svymean with fpc (proportions.R), for Wald's interval
    assert precision(400, sampled=0.4) == pytest.approx(3.80, abs=0.02)


@pytest.mark.parametrize("method", ["wilson", "clopper-pearson"])
def test_intervals_of_a_finite_population_hold_its_share(method):
    """Over every count that 60 of 150 could give: the exact one always, Wilson's on average."""
    rows = proportions(range(61), 60, method=method, sampled=0.4)
    of = np.arange(151)
    chance = stats.hypergeom.pmf(np.arange(61)[:, None], 150, of[None], 60)
    low, high = (rows[end].to_numpy()[:, None] * 1.5 for end in ("low", "high"))
    held = (chance * ((low <= of + 1e-9) & (of - 1e-9 <= high))).sum(axis=0)
    assert held.min() >= 0.95 if method == "clopper-pearson" else held[5:-5].mean() >= 0.945


def test_whoever_asked_everybody_knows():
    row = proportions([5, 0], 20, sampled=1.0)
    assert row["low"].tolist() == row["high"].tolist() == [25, 0]
    exact = proportions(5, 20, method="clopper-pearson", sampled=1.0).iloc[0]
    assert exact["low"] == exact["high"] == pytest.approx(25)
    assert precision(20, sampled=1.0) == 0
    with pytest.raises(ValueError, match="sampled = 40: write a proportion"):
        proportions(5, 20, sampled=40)
