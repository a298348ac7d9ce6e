"""Precision, recall and F1 against nltk and by hand."""

import numpy as np
import pandas as pd
import pytest
from nltk.metrics import scores as nltk_scores

from compendium.statistics.coders.scoring import majority, scores


def test_scores_equal_nltks_on_sets():
    rng = np.random.default_rng(3)
    truth = pd.DataFrame((rng.random((40, 3)) < 0.4) * 1.0, columns=list("abc"))
    guess = pd.DataFrame((rng.random((40, 3)) < 0.4) * 1.0, columns=list("abc"))
    table = scores(truth, guess, range(40), seed=1, resamples=2)
    everything = [set(), set()]
    for code in "abc":
        reference, test = ({(code, k) for k in np.flatnonzero(t[code])} for t in (truth, guess))
        assert table.loc[code, "precision"] == pytest.approx(nltk_scores.precision(reference, test))
        assert table.loc[code, "recall"] == pytest.approx(nltk_scores.recall(reference, test))
        assert table.loc[code, "f1"] == pytest.approx(nltk_scores.f_measure(reference, test))
        everything[0] |= reference
        everything[1] |= test
    assert table.loc["micro", "f1"] == pytest.approx(nltk_scores.f_measure(*everything))
    assert table.loc["macro", "f1"] == pytest.approx(table.loc[list("abc"), "f1"].mean())


def test_scores_leave_out_what_nobody_read_and_say_where_nothing_is_divided_by():
    truth = pd.DataFrame({"a": [1.0, 0.0, np.nan], "b": [0.0, 0.0, np.nan]})
    guess = pd.DataFrame({"a": [1.0, 0.0, 1.0], "b": [0.0, 0.0, 1.0]})
    table = scores(truth, guess, range(3), seed=1, resamples=5)
    assert table.loc["a", "answers"] == 2
    assert table.loc["b", ["precision", "recall", "f1", "f1_low"]].isna().all()
    assert table.loc["macro", "f1"] == 1.0  # the mean of the one code that has an F1
    assert table.loc["b", "accuracy"] == 100


def test_score_intervals_resample_respondents_not_answers():
    rng = np.random.default_rng(8)
    truth, guess = (pd.DataFrame({"a": (rng.random(30) < 0.5) * 1.0}) for _ in range(2))
    once = scores(truth, guess, range(30), seed=2).loc["a"]
    four = [pd.concat([t] * 4, ignore_index=True) for t in (truth, guess)]
    again = scores(*four, list(range(30)) * 4, seed=2).loc["a"]
    wrong = scores(*four, range(120), seed=2).loc["a"]
    assert again["f1_low"] == pytest.approx(once["f1_low"])
    assert wrong["f1_high"] - wrong["f1_low"] < 0.7 * (once["f1_high"] - once["f1_low"])


def test_majority_baseline_gives_what_most_answers_have():
    learnt = pd.DataFrame({"often": [1.0, 1.0, 0.0], "rare": [0.0, 0.0, 1.0]})
    baseline = majority(learnt.iloc[:2], learnt)
    assert baseline.to_numpy().tolist() == [[1.0, 0.0], [1.0, 0.0]]


def test_intervals_hold_the_score():
    rng = np.random.default_rng(8)
    truth = pd.DataFrame((rng.random((40, 3)) < [0.3, 0.5, 0.7]) * 1.0, columns=list("xyz"))
    against = scores(
        truth, truth.where(rng.random((40, 3)) < 0.8, 1 - truth), range(40), seed=1, resamples=200
    )
    for name in ("precision", "recall", "f1"):
        assert (against[f"{name}_low"] < against[name]).all()
        assert (against[name] < against[f"{name}_high"]).all()
