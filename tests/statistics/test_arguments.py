"""What cannot be meant is refused in a sentence that names the argument."""

import numpy as np
import pandas as pd
import pytest

from compendium.statistics import association, ordinal, proportions, repeated
from compendium.statistics.coders import agreement, scoring

ANSWER = pd.Series(pd.Categorical(list("lmh") * 10, list("lmh"), ordered=True))
X = pd.DataFrame({"x": range(30)})
TICKS = pd.DataFrame({"a": [True, False]}, dtype="boolean")
MARKS = {c: pd.DataFrame({"code": [1.0, 0, 1]}) for c in "ab"}
SETS = {c: [frozenset("x"), frozenset(), frozenset("y")] for c in "ab"}


@pytest.mark.parametrize(
    ("call", "names"),
    [
        (lambda: proportions.proportions([np.nan], 5), "counts holds nan"),
        (lambda: proportions.proportions(2.5, 5), "counts holds 2.5"),
        (lambda: proportions.proportions(-1, 5), "counts holds -1"),
        (lambda: proportions.proportions("2", 5), "counts holds the text '2'"),
        (lambda: proportions.proportions(1, None), "base holds None"),
        (lambda: proportions.proportions([1, 2], [5, 6, 7]), "base has 3 values for 2 counts"),
        (lambda: proportions.proportions([1, 2], [5]), "base has 1 values for 2 counts"),
        (lambda: proportions.proportions(6, 5), "above its base"),
        (lambda: proportions.difference(1, 2.5, 1, 2), "base1 holds 2.5"),
        (lambda: proportions.difference(0, 0, 1, 2), "0 of 0"),
        (lambda: proportions.precision(0), "base = 0"),
        (lambda: proportions.detectable(0, 5), "base1 = 0"),
        (lambda: proportions.multi_response(TICKS[[]]), "ticks has 0 columns"),
        (lambda: association.association([1, 2], [1, 2, 3], seed=1), "rows has 2 and columns has 3"),
        (lambda: association.association(TICKS, [1, 2], seed=1), "rows and columns need one value"),
        (lambda: association.trend([1, 2], [1, 2, 3]), "x has 2 and y has 3"),
        (lambda: repeated.paired_difference([1, 0], [1]), "first has 2 and second has 1"),
        (lambda: repeated.friedman(X), "ratings has 1 columns"),
        (lambda: repeated.wilcoxon_pairs(X), "ratings has 1 columns"),
        (lambda: repeated.wilcoxon_pairs([1, 2]), "ratings needs a table"),
        (lambda: ordinal.ordinal_regression(ANSWER, X[:5]), "outcome has 30 and predictors has 5"),
        (lambda: ordinal.parallel_lines(ANSWER, X[:5]), "outcome has 30 and predictors has 5"),
        (lambda: agreement.by_code(MARKS, [1, 2], seed=1), "respondents has 2"),
        (lambda: agreement.by_set(SETS, [1], agreement.masi, seed=1), "respondents has 1"),
        (lambda: scoring.scores(*MARKS.values(), [1], seed=1), "respondents has 1"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(call, names):
    with pytest.raises(ValueError, match=names):
        call()


@pytest.mark.parametrize(
    "call",
    [
        lambda level: proportions.proportions(1, 5, level),
        lambda level: proportions.difference(1, 5, 2, 5, level),
        lambda level: proportions.multi_response(TICKS, level),
        lambda level: proportions.mean_interval([1, 2], 1, level),
        lambda level: proportions.precision(5, level),
        lambda level: association.association([1, 2], [1, 2], 1, level),
        lambda level: association.trend([1, 2, 3], [1, 2, 3], level),
        lambda level: repeated.paired_difference([1], [1], level),
        lambda level: repeated.friedman(X.assign(y=1), level),
        lambda level: repeated.wilcoxon_pairs(X.assign(y=1), level),
        lambda level: ordinal.ordinal_regression(ANSWER, X, level),
        lambda level: agreement.by_code(MARKS, range(3), 1, level),
        lambda level: agreement.by_set(SETS, range(3), agreement.masi, 1, level),
        lambda level: scoring.scores(*MARKS.values(), range(3), 1, level),
    ],
)
@pytest.mark.parametrize("level", [95, 0, 1, np.nan])
def test_a_level_is_a_proportion(call, level):
    with pytest.raises(ValueError, match="confidence = "):
        call(level)


def test_nobody_at_all_is_said_and_not_tested():
    nothing = pd.Series(dtype=float)
    assert association.association(nothing, nothing, seed=1)["note"].item() != ""
    assert association.trend(nothing, nothing)["note"].item() != ""
    assert repeated.friedman(X.assign(y=1, z=2)[:0])["note"].item() != ""
    assert repeated.paired_difference([], [])["note"].item() == "nobody answered"
    assert repeated.wilcoxon_pairs(X.assign(y=1)[:0])["note"].item() == "nobody rated both"
    empty = ordinal.ordinal_regression(ANSWER[:0], X[:0])[1]
    assert "too few" in empty["note"].item()
    assert "too few" in ordinal.parallel_lines(ANSWER[:0], X[:0])["note"].item()
    assert proportions.proportions([], 5).empty
