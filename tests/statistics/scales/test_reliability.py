"""Reliability of scales against R 4.2.2 and psych 2.2.9: reliability.R beside this file."""

import numpy as np
import pandas as pd
import pytest

from compendium.statistics.scales.reliability import item_rest, reliability, scale_scores

# ruff: noqa: E501 (a data set reads better a column a line)
# Chatterjee & Price (1977), Regression Analysis by Example: R's data set `attitude`.
ATTITUDE = pd.DataFrame({
    "rating": [43, 63, 71, 61, 81, 43, 58, 71, 72, 67, 64, 67, 69, 68, 77, 81, 74, 65, 65, 50, 50, 64, 53, 40, 63, 66, 78, 48, 85, 82],
    "complaints": [51, 64, 70, 63, 78, 55, 67, 75, 82, 61, 53, 60, 62, 83, 77, 90, 85, 60, 70, 58, 40, 61, 66, 37, 54, 77, 75, 57, 85, 82],
    "privileges": [30, 51, 68, 45, 56, 49, 42, 50, 72, 45, 53, 47, 57, 83, 54, 50, 64, 65, 46, 68, 33, 52, 52, 42, 42, 66, 58, 44, 71, 39],
    "learning": [39, 54, 69, 47, 66, 44, 56, 55, 67, 47, 58, 39, 42, 45, 72, 72, 69, 75, 57, 54, 34, 62, 50, 58, 48, 63, 74, 45, 71, 59],
    "raises": [61, 63, 76, 54, 71, 54, 66, 70, 71, 62, 58, 59, 55, 59, 79, 60, 79, 55, 75, 64, 43, 66, 63, 50, 66, 88, 80, 51, 77, 64],
    "critical": [92, 73, 86, 84, 83, 49, 68, 66, 83, 80, 67, 74, 63, 77, 77, 54, 79, 80, 85, 78, 64, 80, 80, 57, 75, 76, 78, 83, 74, 78],
    "advance": [45, 47, 48, 35, 47, 34, 35, 41, 31, 41, 34, 41, 25, 35, 46, 36, 63, 60, 46, 52, 33, 41, 37, 49, 33, 72, 49, 38, 55, 39],
})  # fmt: skip


def test_alpha_and_its_interval_agree_with_psych():
    row = reliability(ATTITUDE, seed=1, resamples=20).loc["alpha"]
    ends = row[["value", "low", "high"]].tolist()
    assert ends == pytest.approx([0.8431427696, 0.7393756856, 0.9157730722], rel=1e-9)


def test_omega_agrees_with_one_factor_of_psych():
    row = reliability(ATTITUDE, seed=1, resamples=200).loc["omega"]
    assert row["value"] == pytest.approx(0.8602623268, abs=1e-6)
    assert row["low"] < row["value"] < row["high"]


def test_item_rest_correlations_agree_with_psych():
    theirs = [0.671262057, 0.742109710, 0.560711111, 0.714445498, 0.786275594, 0.265034339, 0.460810549]
    assert item_rest(ATTITUDE).tolist() == pytest.approx(theirs)


def test_omega_is_the_reliability_that_was_built_in():
    # One factor with loadings .8, .7, .6, .5 and errors that make each variance 1.
    loadings = np.array([0.8, 0.7, 0.6, 0.5])
    rng = np.random.default_rng(5)
    factor, errors = rng.normal(size=(20_000, 1)), rng.normal(size=(20_000, 4))
    ratings = pd.DataFrame(factor * loadings + errors * np.sqrt(1 - loadings**2))
    table = reliability(ratings, seed=1, resamples=10)
    built = loadings.sum() ** 2 / (loadings.sum() ** 2 + (1 - loadings**2).sum())
    assert table.loc["omega", "value"] == pytest.approx(built, abs=0.01)
    assert table.loc["alpha", "value"] < table.loc["omega", "value"]


def test_the_seed_and_the_resamples_move_the_interval_of_omega_only():
    tables = [reliability(ATTITUDE, seed, resamples=n) for seed, n in ((1, 50), (2, 50), (1, 60))]
    assert len({table.loc["omega", "low"] for table in tables}) == 3
    assert len({table.loc["alpha", "low"] for table in tables}) == 1
    assert len({table.loc["omega", "value"] for table in tables}) == 1


def test_what_cannot_be_a_scale_is_said():
    with pytest.raises(ValueError, match="ratings has 2 columns"):
        reliability(ATTITUDE.iloc[:, :2], seed=1)
    with pytest.raises(ValueError, match="confidence = 95"):
        reliability(ATTITUDE, seed=1, confidence=95)
    alike = reliability(ATTITUDE.assign(rating=5), seed=1)
    assert alike["value"].isna().all()
    assert "all rated alike" in alike["note"].iloc[0]
    assert reliability(ATTITUDE[:2], seed=1)["value"].isna().all()


def test_scores_need_half_of_the_statements_unless_told_otherwise():
    ratings = pd.DataFrame({"a": [1, 2, np.nan], "b": [3, np.nan, np.nan], "c": [5, 4, 1]})
    assert scale_scores(ratings).tolist()[:2] == [3, 3]
    assert scale_scores(ratings).isna().tolist() == [False, False, True]
    assert scale_scores(ratings, least=1).isna().tolist() == [False, True, True]
    with pytest.raises(ValueError, match="least = 2"):
        scale_scores(ratings, least=2)


def test_many_who_rated_unlike_are_resampled_as_few_are():
    rng = np.random.default_rng(2)
    ratings = rng.normal(size=(12_000, 1)) + rng.normal(size=(12_000, 3))  # nobody like another
    low, high = reliability(pd.DataFrame(ratings), seed=1, resamples=60).loc["omega", ["low", "high"]]
    # The reliability built in is 9 / 12; an interval narrows with the root of the respondents.
    few = reliability(pd.DataFrame(ratings[:9_999]), seed=1, resamples=60).loc["omega"]
    assert low < 0.75 < high
    assert high - low == pytest.approx((few["high"] - few["low"]) * np.sqrt(9_999 / 12_000), rel=0.4)
