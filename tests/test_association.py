"""Tests and effect sizes against R 4.2.2 and published examples."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from compendium.statistics.association import association, friedman, holm, paired, trend
from compendium.statistics.ordinal import ordinal_regression, parallel_lines


def answers(table):
    """Rows and columns of the respondents behind a table of counts."""
    table = np.asarray(table)
    rows, columns = np.indices(table.shape)
    return np.repeat(rows.ravel(), table.ravel()), np.repeat(columns.ravel(), table.ravel())


# Agresti (2002), Categorical Data Analysis, table 2.8: income by job satisfaction.
JOB = [[1, 3, 10, 6], [2, 3, 10, 7], [1, 6, 14, 12], [0, 1, 9, 11]]
# Agresti (2002), table 7.5: mental impairment by socio-economic status and life events.
SES = [1,1,1,1,0,1,0,1,1,1,0,0, 1,0,1,0,1,1,0,1,1,0,1,1, 0,1,0,0,1,0,0, 1,1,1,0,0,0,1,0,0]  # fmt: skip
LIFE = [1,9,4,3,2,0,1,3,3,7,1,2, 5,6,3,1,8,2,5,5,9,3,3,1, 0,4,3,9,6,4,3, 8,2,7,5,4,4,8,8,9]  # fmt: skip
LEVELS = ["well", "mild", "moderate", "impaired"]
IMPAIRMENT = pd.Series(pd.Categorical(np.repeat(LEVELS, [12, 12, 7, 9]), LEVELS, ordered=True))
PREDICTORS = pd.DataFrame({"ses": SES, "life": LIFE})


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
    from compendium.statistics.association import _tau_b

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


def test_the_trap_that_holm_avoids():
    spoilt = multipletests([0.01, np.nan, 0.04], method="holm")[1]
    assert not np.allclose(spoilt[[0, 2]], [0.02, 0.04])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_holm_keeps_the_order_and_never_lowers(p_values):
    adjusted = holm(p_values)
    assert (adjusted >= np.array(p_values) - 1e-12).all()
    assert (np.diff(adjusted[np.argsort(p_values)]) >= -1e-12).all()


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
    row = paired(pd.DataFrame({"a": a, "b": b})).iloc[0]
    assert row["statistic"] == 30
    assert row["p"] == pytest.approx(0.08326452, abs=1e-7)
    assert row["effect"] == pytest.approx((30 - 6) / 36)  # Kerby (2014): R+ = 30, R- = 6 of 36


def test_equal_ratings_are_said_and_not_tested():
    row = paired(pd.DataFrame({"a": [1, 2], "b": [1, 2]})).iloc[0]
    assert np.isnan(row["p"])
    assert "alike" in row["note"]


def test_proportional_odds_agree_with_agresti_and_r():
    # R: MASS::polr(y ~ ses + life, Hess = TRUE); Agresti (2002), table 7.6: 1.111 and -0.319.
    coefficients, fit = ordinal_regression(IMPAIRMENT, PREDICTORS)
    assert coefficients["coefficient"].tolist() == pytest.approx([-1.1112310, 0.3188613], abs=2e-4)
    z = coefficients["coefficient"] / [0.6108786, 0.1209922]
    assert (coefficients["p"] - 2 * stats.norm.sf(abs(z))).abs().max() < 2e-3
    # anova(m0, m): LR = 9.944156469, df = 2, p = 0.006928733528
    assert (fit["statistic"].iloc[0], fit["df"].iloc[0]) == pytest.approx((9.944156, 2), abs=1e-4)
    assert fit["p"].iloc[0] == pytest.approx(0.006928733, abs=1e-6)


def test_brant_agrees_with_car():
    # R: car::poTest(m), car 3.1.1: overall 2.13 on 4 df, p = 0.71
    row = parallel_lines(IMPAIRMENT, PREDICTORS).iloc[0]
    assert (row["statistic"], row["df"]) == pytest.approx((2.13, 4), abs=0.005)
    assert row["p"] == pytest.approx(0.71, abs=0.005)


def test_separation_is_said_and_does_not_raise():
    answer = pd.Series(pd.Categorical(list("aabbcc") * 5, list("abc"), ordered=True))
    split = pd.DataFrame({"x": pd.Categorical(list("llmmhh") * 5, list("lmh"))})
    _, fit = ordinal_regression(answer, split)
    assert "fully predicted" in fit["note"].iloc[0]
    assert "fully predicted" in parallel_lines(answer, split)["note"].iloc[0]


def test_unused_points_and_missing_answers_are_left_out():
    answer = IMPAIRMENT.cat.add_categories("unknown").copy()
    answer.iloc[0] = None
    coefficients, fit = ordinal_regression(answer, PREDICTORS)
    assert fit["n"].iloc[0] == 39
    assert coefficients["coefficient"].notna().all()


def test_too_little_for_a_model_is_said():
    short = pd.Series(pd.Categorical(["a", "b"], ["a", "b", "c"], ordered=True))
    _, fit = ordinal_regression(short, pd.DataFrame({"x": [1, 2]}))
    assert "too few" in fit["note"].iloc[0]
