"""McNemar, Friedman and Wilcoxon against R 4.2.2 and published examples."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

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


def test_wilcoxon_agrees_with_r():
    # R: wilcox.test(a, b, paired = TRUE, exact = FALSE, correct = FALSE): V = 30, p = 0.08326452
    a, b = [1, 2, 3, 4, 5, 5, 4, 2, 3, 1], [2, 2, 1, 3, 3, 4, 4, 1, 1, 2]
    row = wilcoxon_pairs(pd.DataFrame({"a": a, "b": b})).iloc[0]
    assert row["statistic"] == 30
    assert row["p"] == pytest.approx(0.08326452, abs=1e-7)
    assert row["effect"] == pytest.approx((30 - 6) / 36)  # Kerby (2014): R+ = 30, R- = 6 of 36


def test_equal_ratings_are_said_and_not_tested():
    row = wilcoxon_pairs(pd.DataFrame({"a": [1, 2], "b": [1, 2]})).iloc[0]
    assert np.isnan(row["p"])
    assert "alike" in row["note"]
