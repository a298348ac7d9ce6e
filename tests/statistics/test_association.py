"""Tests and effect sizes against R 4.2.2 and published examples."""

from itertools import combinations, permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from compendium.statistics.association import (
    association,
    holm,
    null_variance,
    phi,
    trend,
)
from compendium.survey.study import load_study


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
    # association.R: bergsma(10 * job)
    ends = row[["effect", "low", "high"]].tolist()
    assert ends == pytest.approx([0.1328176111, 0.0956185745, 0.1715940394], rel=1e-7)


# Respondents of the American National Election Study 1996, columns by education.
VOTE = [[10, 38, 153, 106, 53, 119, 72], [3, 14, 95, 81, 37, 108, 55]]


def test_many_respondents_in_a_sparse_table_are_tested():
    row = association(*answers([[40_000, 20_000, 3], [20_000, 10_000, 1]]), seed=1, tables=999).iloc[0]
    assert row["test"] == "Freeman–Halton (Monte Carlo)"
    assert 0.9 < row["p"] <= 1


def test_ordered_groups_are_tested_for_a_trend():
    # association.R: prop.trend.test(clinton, clinton + dole), chisq.test, bergsma, widened
    row = association(*answers(VOTE), seed=1, ordered=True).iloc[0]
    assert (row["test"], row["df"]) == ("Cochran–Armitage (trend)", 1)
    assert (row["statistic"], row["p"]) == pytest.approx((6.9208, 0.00852), rel=1e-4)
    assert row["effect"] ** 2 * 944 == pytest.approx(row["statistic"])
    assert row["unordered"] == pytest.approx(0.08018, abs=5e-6)
    flat = association(*answers(VOTE), seed=1).iloc[0]
    assert flat["p"] == row["unordered"]
    assert flat[["effect", "low", "high"]].tolist() == pytest.approx([0.0747610437, 0, 0.15833468])


def test_a_trend_over_more_than_two_answers_compares_their_mean_positions():
    # association.R: n times the share of variance between three rows
    table = [[10, 12, 8, 6], [6, 9, 12, 9], [5, 6, 9, 16]]
    row = association(*answers(table), seed=1, ordered=True).iloc[0]
    assert row["test"] == "Mean positions (trend)"
    assert row[["statistic", "p"]].tolist() == pytest.approx([7.8986467031, 0.0192677348])


def test_a_sparse_trend_is_as_rare_as_among_all_tables_of_its_margins():
    # Both margins fixed, two rows: the first row is a draw without replacement, so all can be listed.
    table = np.array([[4, 1, 0], [1, 3, 3]])
    row = association(*answers(table), seed=1, ordered=True).iloc[0]
    scores = np.repeat([0, 1, 2], table.sum(axis=0))
    sums = np.array([scores[list(five)].sum() for five in combinations(range(12), 5)])
    exact = (abs(sums - sums.mean()) >= abs(2 * 0 + 1 - sums.mean()) - 1e-9).mean()
    assert row["p"] == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 9999))


def test_two_ordered_groups_are_the_same_as_two_groups():
    table = [[12, 5], [4, 11]]
    one, other = (association(*answers(table), seed=1, ordered=o) for o in (False, True))
    pd.testing.assert_frame_equal(one, other)


def test_the_same_square_gets_the_same_test_and_difference_in_both():
    group, outcome = answers([[12, 5], [4, 11]])
    one = association(outcome, group, seed=1).iloc[0]
    other = trend(group, outcome).iloc[0]
    assert one[["test", "p", "n"]].tolist() == other[["test", "p", "n"]].tolist()
    ends = ["difference", "difference_low", "difference_high"]
    assert one[ends].tolist() == other[ends].tolist()
    assert one["difference"] == pytest.approx(100 * (11 / 15 - 5 / 17))
    assert other["effect"] == pytest.approx(
        np.sqrt(stats.chi2_contingency([[12, 5], [4, 11]], False)[0] / 32)
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_ends_of_intervals_are_in_order_and_hold_the_effect(seed):
    rng = np.random.default_rng(seed)
    x = rng.integers(1, 5, 80)
    y = np.clip(x + rng.integers(-1, 2, 80), 1, 4)
    for row in (association(x, y, seed).iloc[0], trend(pd.Series(x), pd.Series(y)).iloc[0]):
        assert -1 <= row["low"] < row["effect"] < row["high"] <= 1


def test_association_is_the_same_for_the_same_seed_only():
    first, again, other = (association(*answers(JOB), seed=s) for s in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert (first["p"] != other["p"]).all()
    assert (first["effect"] == other["effect"]).all()


def test_no_variation_is_said_and_not_tested():
    row = association(["a", "a", None], ["x", "y", "z"], seed=1).iloc[0]
    assert np.isnan(row["p"])
    assert "no variation" in row["note"]
    assert "no variation" in trend([1, 1, 1], [1, 2, 3]).iloc[0]["note"]
    assert trend([1, 2], [1, 2]).iloc[0]["note"] == "fewer than three gave both answers"
    nobody = association(["a", None], [None, "x"], seed=1).iloc[0]
    assert (nobody["n"], nobody["note"]) == (0, "nobody gave both answers")


def test_tau_b_agrees_with_r():
    # R: cor.test(a, b, method = "kendall", exact = FALSE)$estimate = 0.4159001959
    a, b = [1, 2, 3, 4, 5, 5, 4, 2, 3, 1], [2, 2, 1, 3, 3, 4, 4, 1, 1, 2]
    row = trend(pd.Series(a), pd.Series(b)).iloc[0]
    assert row["effect"] == pytest.approx(0.4159001959)
    assert row["p"] == pytest.approx(0.1298062, abs=1e-6)
    assert row["low"] < row["effect"] < row["high"]


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3)), min_size=4, max_size=40))
def test_p_and_interval_of_tau_b_are_of_one_idea(pairs):
    x, y = np.array(pairs).T
    if len(set(x)) < 2 or len(set(y)) < 2:
        return
    row, theirs = trend(x, y).iloc[0], stats.kendalltau(x, y, method="asymptotic")
    assert row["effect"] == pytest.approx(theirs.statistic, abs=1e-12)
    assert -1 <= row["low"] <= row["effect"] <= row["high"] <= 1
    if row["test"] == "Kendall's τ-b":
        assert row["p"] == pytest.approx(theirs.pvalue, abs=1e-9)
        if abs(row["p"] - 0.05) > 1e-9:
            assert (row["low"] <= 0 <= row["high"]) == (row["p"] > 0.05)


def test_a_rare_answer_has_no_interval_beside_a_p_that_says_otherwise():
    # One of forty ticked it: the interval was .12 to .33 beside p = .317.
    x, y = np.repeat([1, 2, 3, 4], 10), np.r_[np.zeros(39), 1]
    row = trend(x, y).iloc[0]
    assert row["p"] == pytest.approx(stats.kendalltau(x, y, method="asymptotic").pvalue)
    assert row["low"] < 0 < row["effect"] < row["high"]


def test_the_variance_of_tau_b_is_that_of_all_orders():
    # Kendall's S of every permutation of the second answer, whose mean square is its variance.
    x, y = np.array([1, 1, 2, 3, 3, 3, 4]), np.array([1, 2, 2, 1, 3, 3, 2])
    table = pd.crosstab(x, y).to_numpy()
    taus = [stats.kendalltau(x, list(order)).statistic for order in set(permutations(y))]
    assert null_variance(table) == pytest.approx(np.mean(np.square(taus)))


def test_a_planned_trend_is_tested_on_all_points_of_both_scales():
    # R 4.2.2: cor.test(value, concept, method = "kendall", exact = FALSE): tau .2608, p .005191
    study = load_study("microcredentials", "data")
    rows = []
    for statement in study.instrument.item("value").statements:
        pair = (study.answers[f"value.{statement.id}"].cat.codes, study.answers["concept"].cat.codes)
        rows.append(trend(*(codes.where(codes >= 0) for codes in pair)).assign(name=statement.id))
    table = pd.concat(rows).set_index("name")
    row = table.assign(holm=holm(table["p"])).loc["future_skills"]
    assert (row["effect"], row["p"]) == pytest.approx((0.26081642, 0.005191062), rel=1e-6)
    assert row["holm"] == pytest.approx(6 * 0.005191062, rel=1e-6)


def test_holm_agrees_with_r_and_leaves_out_what_was_not_tested():
    # R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm") = 0.03 0.06 0.06 0.02
    assert holm([0.01, 0.04, 0.03, 0.005]).tolist() == pytest.approx([0.03, 0.06, 0.06, 0.02])
    with_gap = holm([0.01, np.nan, 0.04, 0.03, 0.005])
    assert np.delete(with_gap, 1).tolist() == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert np.isnan(with_gap[1])
    assert np.isnan(holm([np.nan])).all()


def test_holm_counts_tests_that_may_not_be_told_as_the_largest():
    assert holm([0.01, np.nan, 0.03], untold=1).tolist()[::2] == holm([0.01, 0.9, 0.03]).tolist()[::2]


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


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        # association.R: cor, and the variance as Bishop, Fienberg & Holland print it
        ((47, 23, 1, 11), (0.421917198, 0.220261498, 0.563574788)),
        ((0, 5, 5, 20), (-0.2, -0.379303524, 0.140481535)),
    ],
)
def test_phi_with_its_interval(cells, expected):
    assert tuple(phi(*cells).values()) == pytest.approx(expected, rel=1e-7)


def test_phi_of_what_everybody_has_is_no_number():
    assert np.isnan(list(phi(3, 4, 0, 0).values())).all()


def test_phi_s_interval_covers():
    cells = np.array([0.12, 0.08, 0.23, 0.57])
    true = (0.12 * 0.57 - 0.08 * 0.23) / np.sqrt(0.2 * 0.8 * 0.35 * 0.65)
    drawn = np.random.default_rng(3).multinomial(60, cells, 1000)
    held = [found["low"] <= true <= found["high"] for found in (phi(*one) for one in drawn)]
    assert np.mean(held) > 0.93
