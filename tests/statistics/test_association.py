"""Tests and effect sizes against R 4.2.2 and published examples."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from compendium.statistics.association import _tau_b, association, holm, trend


def answers(table):
    """Rows and columns of the respondents behind a table of counts."""
    table = np.asarray(table)
    rows, columns = np.indices(table.shape)
    return np.repeat(rows.ravel(), table.ravel()), np.repeat(columns.ravel(), table.ravel())


# Agresti (2002), Categorical Data Analysis, table 2.8: income by job satisfaction.
JOB = [[1, 3, 10, 6], [2, 3, 10, 7], [1, 6, 14, 12], [0, 1, 9, 11]]


def test_fisher_on_the_tea_tasting():
    # Agresti (2002), section 3.5.2: two-sided p = 0.486. R: fisher.test(matrix(c(3,1,1,3), 2))
    row = association(*answers([[3, 1], [1, 3]]), seed=1).iloc[0]
    assert row["test"].startswith("Fisher")
    assert row["p"] == pytest.approx(0.4857142857)


def test_freeman_halton_within_its_monte_carlo_error():
    # R: fisher.test(job)$p.value = 0.7826849
    row = association(*answers(JOB), seed=3).iloc[0]
    error = np.sqrt(0.7827 * 0.2173 / 9999)
    assert row["test"].startswith("Freeman–Halton")
    assert row["p"] == pytest.approx(0.7826849, abs=4 * error)
    assert "of 16 expected counts below 5" in row["note"]


def test_pearson_where_no_cell_is_small():
    # R: chisq.test(10 * job, correct = FALSE): X-squared = 59.655146, df = 9 (ten times 5.9655146)
    row = association(*answers(10 * np.array(JOB)), seed=1).iloc[0]
    assert row["test"] == "Pearson's χ²"
    assert (row["statistic"], row["df"]) == pytest.approx((59.655146, 9))
    assert row["effect"] == pytest.approx(np.sqrt(5.9655146 / 96 / 3), rel=1e-6)
    assert row["low"] < row["effect"] < row["high"]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_ends_of_intervals_are_in_order_and_hold_the_effect(seed):
    rng = np.random.default_rng(seed)
    x = rng.integers(1, 5, 80)
    y = np.clip(x + rng.integers(-1, 2, 80), 1, 4)
    for row in (association(x, y, seed).iloc[0], trend(pd.Series(x), pd.Series(y), seed).iloc[0]):
        assert -1 <= row["low"] < row["effect"] < row["high"] <= 1


def test_association_is_the_same_for_the_same_seed_only():
    first, again, other = (association(*answers(JOB), seed=s) for s in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert (first["p"] != other["p"]).all()


def test_no_variation_is_said_and_not_tested():
    row = association(["a", "a", None], ["x", "y", "z"], seed=1).iloc[0]
    assert np.isnan(row["p"])
    assert "no variation" in row["note"]
    assert "no variation" in trend([1, 1, 1], [1, 2, 3], seed=1).iloc[0]["note"]


def test_the_interval_of_v_is_wide_enough():
    # Coverage by simulation: the true V of this 2 x 2 population is 0.4.
    rng = np.random.default_rng(5)
    population = [0.35, 0.15, 0.15, 0.35]
    inside = 0
    for k in range(200):
        table = rng.multinomial(200, population).reshape(2, 2)
        row = association(*answers(table), seed=k, resamples=400).iloc[0]
        inside += row["low"] <= 0.4 <= row["high"]
    assert inside >= 180


def test_tau_b_agrees_with_r():
    # R: cor.test(a, b, method = "kendall", exact = FALSE)$estimate = 0.4159001959
    a, b = [1, 2, 3, 4, 5, 5, 4, 2, 3, 1], [2, 2, 1, 3, 3, 4, 4, 1, 1, 2]
    row = trend(pd.Series(a), pd.Series(b), seed=1).iloc[0]
    assert row["effect"] == pytest.approx(0.4159001959)
    assert row["p"] == pytest.approx(0.1298062, abs=1e-6)
    assert row["low"] < row["effect"] < row["high"]


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3)), min_size=4, max_size=40))
def test_tau_b_of_tables_equals_scipys(pairs):
    x, y = np.array(pairs).T
    if len(set(x)) > 1 and len(set(y)) > 1:
        table = pd.crosstab(x, y).to_numpy(float)
        assert _tau_b(table[None])[0] == pytest.approx(stats.kendalltau(x, y)[0], abs=1e-9)


def test_holm_agrees_with_r_and_leaves_out_what_was_not_tested():
    # R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm") = 0.03 0.06 0.06 0.02
    assert holm([0.01, 0.04, 0.03, 0.005]).tolist() == pytest.approx([0.03, 0.06, 0.06, 0.02])
    with_gap = holm([0.01, np.nan, 0.04, 0.03, 0.005])
    assert np.delete(with_gap, 1).tolist() == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert np.isnan(with_gap[1])
    assert np.isnan(holm([np.nan])).all()


def test_holm_equals_statsmodels_and_avoids_its_trap():
    p_values = np.random.default_rng(3).random(12) ** 4
    assert holm(p_values).tolist() == multipletests(p_values, method="holm")[1].tolist()
    spoilt = multipletests([0.01, np.nan, 0.04], method="holm")[1]
    assert not np.allclose(spoilt[[0, 2]], [0.02, 0.04])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_holm_keeps_the_order_and_never_lowers(p_values):
    adjusted = holm(p_values)
    assert (adjusted >= np.array(p_values) - 1e-12).all()
    assert (np.diff(adjusted[np.argsort(p_values)]) >= -1e-12).all()
