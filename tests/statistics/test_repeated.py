"""McNemar, Friedman and Wilcoxon against R 4.2.2 and published examples."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compendium.statistics.association import noncentral
from compendium.statistics.repeated import friedman, paired_difference, wilcoxon_pairs


def test_mcnemar_agrees_with_r():
    # Agresti's approval ratings, 794 150 / 86 570.
    # R 4.2.2: binom.test(86, 236)$p.value = 3.715936e-05
    first = np.repeat([1, 1, 0, 0], [794, 150, 86, 570])
    second = np.repeat([1, 0, 1, 0], [794, 150, 86, 570])
    row = paired_difference(first, second).iloc[0]
    assert row["p"] == pytest.approx(3.715936e-05, rel=1e-6)
    assert row["effect"] == pytest.approx(100 * (944 - 880) / 1600)
    # Agresti (2007), section 8.1.3, gives the Wald interval 0.02 to 0.06 of the same difference.
    assert (row["low"], row["high"]) == pytest.approx((2, 6), abs=0.6)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60))
def test_the_interval_of_a_paired_difference_is_in_order_and_mirrors(pairs):
    first, second = zip(*pairs, strict=True)
    row, mirror = paired_difference(first, second).iloc[0], paired_difference(second, first).iloc[0]
    assert -100 <= row["low"] <= row["effect"] <= row["high"] <= 100
    assert (row["low"], row["high"]) == pytest.approx((-mirror["high"], -mirror["low"]))


def test_equal_answers_are_no_difference():
    row = paired_difference([True, False], [True, False]).iloc[0]
    assert (row["p"], row["effect"]) == (1.0, 0.0)
    assert paired_difference([], []).iloc[0]["note"] == "nobody answered"


def test_friedman_agrees_with_r():
    # R: example(friedman.test), Hollander & Wolfe's rounding times: chi-squared = 11.142857, df = 2
    times = [
        5.40, 5.50, 5.55, 5.85, 5.70, 5.75, 5.20, 5.60, 5.50, 5.55, 5.50, 5.40, 5.90, 5.85, 5.70,
        5.45, 5.55, 5.60, 5.40, 5.40, 5.35, 5.45, 5.50, 5.35, 5.25, 5.15, 5.00, 5.85, 5.80, 5.70,
        5.25, 5.20, 5.10, 5.65, 5.55, 5.45, 5.60, 5.35, 5.45, 5.05, 5.00, 4.95, 5.50, 5.50, 5.40,
        5.45, 5.55, 5.50, 5.55, 5.55, 5.35, 5.45, 5.50, 5.55, 5.50, 5.45, 5.25, 5.65, 5.60, 5.40,
        5.70, 5.65, 5.55, 6.30, 6.30, 6.25,
    ]  # fmt: skip
    row = friedman(pd.DataFrame(np.array(times).reshape(22, 3))).iloc[0]
    assert (row["statistic"], row["df"]) == pytest.approx((11.142857, 2), abs=1e-6)
    assert row["p"] == pytest.approx(0.003805041)
    assert row["effect"] == pytest.approx(11.142857 / 44, abs=1e-6)


def test_friedman_uses_complete_rows_only():
    ratings = pd.DataFrame([[1, 2, 3], [1, 3, 2], [2, 1, 3], [np.nan, 1, 2]])
    assert friedman(ratings).iloc[0]["n"] == 3
    assert "too few" in friedman(ratings[[0, 1]]).iloc[0]["note"]


def pair(a, b):
    return wilcoxon_pairs(pd.DataFrame({"a": a, "b": b})).iloc[0]


MANY = np.array([1, -1, 2, 2, -3, 1, 1, 4, -2, 2, 3, -1, 1, 2, 1, -1, 2, 3, 1, -2, 1, 1, 4, -1])


# repeated.R: coin::wilcoxsign_test(distribution = "exact", zero.method = "Wilcoxon"), coin 1.4-2
@pytest.mark.parametrize(
    ("a", "b", "differed", "p"),
    [
        ([1, 2, 3, 4, 5, 5, 4, 2, 3, 1], [2, 2, 1, 3, 3, 4, 4, 1, 1, 2], 8, 0.125),
        ([3, 4, 2, 5, 4], [1, 2, 3, 2, 3], 5, 0.1875),
        ([1] * 35 + [2, 2, 3, 2, 4], [1] * 40, 5, 0.0625),
        (MANY + 5, [5] * 24, 24, 0.03931868076),
    ],
)
def test_wilcoxon_is_exact_where_few_differ(a, b, differed, p):
    row = pair(a, b)
    assert (row["test"], row["differed"]) == ("Wilcoxon (exact)", differed)
    assert row["p"] == pytest.approx(p, rel=1e-8)
    assert row["low"] <= 0 or p < 0.05
    assert row["low"] <= row["effect"] <= row["high"]


def test_wilcoxon_of_many_agrees_with_r():
    # R: wilcox.test(d, exact = FALSE, correct = FALSE), d = rep(MANY, 2): V = 867, p = 0.003548
    row = pair(np.tile(MANY, 2) + 5, [5] * 48)
    assert (row["test"], row["statistic"]) == ("Wilcoxon (signed ranks)", 867)
    assert row["p"] == pytest.approx(0.003548268594, rel=1e-5)


def test_the_rank_biserial_correlation_is_kerbys():
    # Kerby (2014): R+ = 30, R- = 6 of 36
    row = pair([1, 2, 3, 4, 5, 5, 4, 2, 3, 1], [2, 2, 1, 3, 3, 4, 4, 1, 1, 2])
    assert (row["statistic"], row["effect"]) == (30, pytest.approx((30 - 6) / 36))


def test_equal_ratings_are_said_and_not_tested():
    row = pair([1, 2], [1, 2])
    assert np.isnan(row["p"])
    assert "alike" in row["note"]
    assert pair([1, np.nan], [np.nan, 2])["note"] == "nobody rated both"


def test_the_interval_of_w_is_that_of_a_noncentral_chi_squared():
    # repeated.R: 11.142857, df = 2, n = 22
    rng = np.random.default_rng(1)
    ratings = pd.DataFrame(rng.integers(1, 6, (22, 3)))
    row = friedman(ratings).iloc[0]
    assert row["low"] <= row["effect"] <= row["high"]
    times = noncentral(11.142857, 2, 0.95) / 44
    assert times.tolist() == pytest.approx([0.0285636502, 0.6092384546], rel=1e-7)
