"""Proportional odds and the test of parallel lines against R 4.2.2 and published examples."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.miscmodels.ordinal_model import OrderedModel

from compendium.statistics.ordinal import ordinal_regression, parallel_lines

# Agresti (2002), table 7.5: mental impairment by socio-economic status and life events.
SES = [1,1,1,1,0,1,0,1,1,1,0,0, 1,0,1,0,1,1,0,1,1,0,1,1, 0,1,0,0,1,0,0, 1,1,1,0,0,0,1,0,0]  # fmt: skip
LIFE = [1,9,4,3,2,0,1,3,3,7,1,2, 5,6,3,1,8,2,5,5,9,3,3,1, 0,4,3,9,6,4,3, 8,2,7,5,4,4,8,8,9]  # fmt: skip
LEVELS = ["well", "mild", "moderate", "impaired"]
IMPAIRMENT = pd.Series(pd.Categorical(np.repeat(LEVELS, [12, 12, 7, 9]), LEVELS, ordered=True))
PREDICTORS = pd.DataFrame({"ses": SES, "life": LIFE})


def test_proportional_odds_agree_with_agresti_and_r():
    # R: MASS::polr(y ~ ses + life, Hess = TRUE); Agresti (2002), table 7.6: 1.111 and -0.319.
    coefficients, fit = ordinal_regression(IMPAIRMENT, PREDICTORS)
    assert coefficients["coefficient"].tolist() == pytest.approx([-1.1112310, 0.3188613], abs=2e-4)
    z = coefficients["coefficient"] / [0.6108786, 0.1209922]
    assert (coefficients["p"] - 2 * stats.norm.sf(abs(z))).abs().max() < 2e-3
    # anova(m0, m): LR = 9.944156469, df = 2, p = 0.006928733528
    assert (fit["statistic"].iloc[0], fit["df"].iloc[0]) == pytest.approx((9.944156, 2), abs=1e-4)
    assert fit["p"].iloc[0] == pytest.approx(0.006928733, abs=1e-6)


def test_intervals_of_odds_ratios_hold_them():
    coefficients, _ = ordinal_regression(IMPAIRMENT, PREDICTORS, confidence=0.9)
    assert (coefficients["low"] < coefficients["odds_ratio"]).all()
    assert (coefficients["odds_ratio"] < coefficients["high"]).all()
    # Wald's interval is symmetric in log odds: MASS::polr's standard errors, qnorm(0.95) = 1.644854
    assert np.log(coefficients["high"]).tolist() == pytest.approx(
        (coefficients["coefficient"] + 1.644854 * np.array([0.6108786, 0.1209922])).tolist(), abs=2e-3
    )


# Cheeses A to D rated 1 to 9: McCullagh & Nelder (1989), Generalized Linear Models, table 5.1.
CHEESE = [[0, 0, 1, 7, 8, 8, 19, 8, 1], [6, 9, 12, 11, 7, 6, 1, 0, 0],
          [1, 1, 6, 8, 23, 7, 5, 1, 0], [0, 0, 0, 1, 3, 7, 14, 16, 11]]  # fmt: skip


def test_the_score_test_agrees_with_r():
    # parallel_lines.R, which differentiates the probabilities numerically
    rating = pd.Series(np.concatenate([np.repeat(np.arange(9), row) for row in CHEESE]))
    rating = rating.astype(pd.CategoricalDtype(range(9), ordered=True))
    cheese = pd.DataFrame({"cheese": pd.Categorical(np.repeat(list("abcd"), 52))})
    both = parallel_lines(rating, cheese)
    assert both["name"].tolist() == ["all", "cheese"]
    for row in both.itertuples():
        assert (row.statistic, row.df, row.p) == pytest.approx((20.9379359, 21, 0.4627401), rel=1e-6)
    row = parallel_lines(IMPAIRMENT, PREDICTORS).iloc[0]
    assert (row["statistic"], row["df"], row["p"]) == pytest.approx(
        (1.955420842, 4, 0.743958074), rel=1e-6
    )


def test_one_term_alone_is_tested_against_the_others_held_parallel():
    # parallel_lines.R: score_test(y, x, free = 1) and (y, x, free = 2)
    table = parallel_lines(IMPAIRMENT, PREDICTORS).set_index("name")
    assert table.loc["ses", "statistic"] == pytest.approx(1.662487482, rel=1e-6)
    assert table.loc["life", "statistic"] == pytest.approx(0.821157834, rel=1e-6)


def test_few_at_a_point_or_in_a_group_are_said_and_not_tested():
    answer, x = IMPAIRMENT.copy(), PREDICTORS.assign(group=pd.Categorical(["a"] * 37 + ["b"] * 3))
    table = parallel_lines(answer, x).set_index("name")
    assert table["p"].notna().to_dict() == {"all": False, "ses": True, "life": True, "group": False}
    assert "fewer than 5 respondents in a group of group" in table.loc["all", "note"]
    answer.iloc[26:31] = "mild"
    answer.iloc[-5:] = "mild"
    row = parallel_lines(answer, PREDICTORS).iloc[0]
    assert np.isnan(row["p"])
    assert "at a point of the scale" in row["note"]


def test_separation_is_said_and_does_not_raise():
    answer = pd.Series(pd.Categorical(list("aabbcc") * 5, list("abc"), ordered=True))
    split = pd.DataFrame({"x": pd.Categorical(list("llmmhh") * 5, list("lmh"))})
    _, fit = ordinal_regression(answer, split)
    assert "fully predicted" in fit["note"].iloc[0]
    assert 0 <= parallel_lines(answer, split)["p"].iloc[0] <= 1


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


def test_respondents_who_are_alike_count_as_if_each_had_a_row():
    rng = np.random.default_rng(4)
    x = pd.DataFrame({"x": rng.integers(0, 3, 3000), "z": rng.integers(0, 2, 3000)})
    points = np.digitize(x["x"] + rng.logistic(size=3000), [0, 1, 2])
    answer = pd.Series(pd.Categorical(points, range(4), ordered=True))
    found, fit = ordinal_regression(answer, x)  # 24 patterns
    rows = OrderedModel(points, x, distr="logit").fit(method="bfgs", gtol=1e-8, disp=False)
    assert found["coefficient"].to_numpy() == pytest.approx(np.array(rows.params)[:2], abs=1e-5)
    assert found["p"].to_numpy() == pytest.approx(np.array(rows.pvalues)[:2], rel=1e-3)
    assert fit[["n", "statistic"]].iloc[0].tolist() == pytest.approx([3000, rows.llr], rel=1e-6)
