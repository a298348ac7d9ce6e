"""One universe: the effect that its choices find, in the answers as they are and in each shuffle.

Answers of a universe are whole numbers, so that one count of all shuffles at once gives their tables,
and an effect is a function of stacked tables.
"""

import zlib
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from compendium.statistics.association import cramers_v, noncentral, null_variance, score_ends
from compendium.statistics.design.estimates import effective, shares
from compendium.statistics.proportions import proportions
from compendium.statistics.repeated import paired_difference

DIGITS = 10  # so that the last digits of a sum, which another machine may add otherwise, decide nothing
TOGETHER = 10_000_000  # answers of shuffles that are counted at once
NOTHING_VARIES = "no variation in one of the two answers"


@dataclass(frozen=True)
class Found:
    """What a universe found: estimate with interval, respondents, and the effect in each shuffle."""

    estimate: float
    low: float
    high: float
    n: int
    shuffled: np.ndarray


def shuffles(ground, count, seed):
    """The shuffles of a question, the same in all of its universes; first the answers as they are.

    Parameters
    ----------
    ground : Ground
    count : int
        How many.
    seed : int

    Returns
    -------
    numpy.ndarray
        Of ``pairs``: whose groups each respondent gets, among those who answered the same groupings. Of
        a ``contrast``: 1, or -1 where its two halves change places. Of a ``grid``: which statement
        stands in the place of which. One row more than `count`.
    """
    rng = np.random.default_rng([seed, zlib.crc32(ground.question.encode())])
    n = len(ground.pattern)
    if ground.kind == "contrast":
        found = rng.integers(0, 2, (count + 1, n)) * 2 - 1
        found[0] = 1
        return found
    if ground.kind == "grid":
        k = next(iter(ground.outcomes.values())).shape[1]
        found = rng.permuted(np.tile(np.arange(k, dtype=np.int8), (count + 1, n, 1)), axis=2)
        found[0] = np.arange(k)
        return found
    found = np.tile(np.arange(n, dtype=np.int32), (count + 1, 1))
    if ground.kind == "share":
        return found[:1]
    for alike in np.unique(ground.pattern):
        where = np.flatnonzero(ground.pattern == alike)
        for few in np.array_split(found[1:], 1 + count * n // TOGETHER):  # copies of a part at a time
            few[:, where] = rng.permuted(few[:, where], axis=1)
    return found


def examine(ground, choices, shuffled, confidence):
    """What one universe finds.

    Parameters
    ----------
    ground : Ground
    choices : dict
        One of its `universes`.
    shuffled : numpy.ndarray
        As from `shuffles`.
    confidence : float
        Level of the interval, a proportion.

    Returns
    -------
    Found
        Effects: Kendall's τ-b, or Pearson's correlation of scores or mid-ranks, given the other
        predictors; of an ``association`` Bergsma's V of the table, or η of the scores; Kendall's W of a
        ``grid``; a difference in percentage points of a ``contrast``; a percent of a ``share``.

    Raises
    ------
    ValueError
        When nothing varies in what it compares.

    Notes
    -----
    Intervals are those of `statistics.association`, `statistics.repeated` and
    `statistics.proportions`; a correlation given other predictors, of scores or of mid-ranks has that
    of a rank correlation with the variance of a shuffled one, ``1 / (n - 1)``. Weights count as many
    respondents as Kish's effective number, in the interval; the p comes from the shuffles.

    References
    ----------
    Simonsohn, Simmons & Nelson (2020), doi 10.1038/s41562-020-0912-z.
    """
    y = ground.outcomes[choices["outcome"], choices["cut"], choices["dont_know"], choices["coders"]]
    kept = ground.kept[choices["exclusions"], choices["completeness"]]
    weights = ground.design["weight"].to_numpy(float) if choices["weights"] == "on" else None
    asked = kept & ~np.isnan(y).reshape(len(y), -1).any(axis=1)
    if ground.kind == "share":
        return _share(y, asked, ground.design if weights is not None else None, confidence)
    if not asked.any():
        raise ValueError("nobody gave an answer")
    given = _of(weights, asked)
    if ground.kind == "grid":
        return _grid(y[asked], shuffled[:, asked], given, confidence)
    if ground.kind == "contrast":
        return _contrast(y[asked], shuffled[:, asked], given, confidence)
    names = [choices["by"]]
    groups = [ground.groups[choices["by"], choices["groups"], choices["dont_know"]]]
    if choices["covariates"] == "others":
        names += ground.others[choices["by"]]
        groups += [ground.groups[by, "points", choices["dont_know"]] for by in names[1:]]
    pairs = _Pairs(y, groups, asked, shuffled, weights)
    if ground.kind == "association":
        return _association(pairs, choices["test"], confidence)
    return _correlation(pairs, choices["test"], confidence)


# ---- tables of all shuffles at once


class _Pairs:
    """The tables of an outcome by groups in every shuffle, and the scores of rows and columns."""

    def __init__(self, y, groups, asked, shuffled, weights):
        given = ~np.isnan(groups).any(axis=0)
        self.scores, row = np.unique(
            np.where(given, groups, np.nan)[:, given], axis=1, return_inverse=True
        )
        self.levels, column = np.unique(y[asked], return_inverse=True)
        rows, columns = self.scores.shape[1], len(self.levels)
        place = np.zeros(len(y), np.int64)  # 0: in no group
        place[given] = 1 + row.ravel()
        heavy = None if weights is None else weights[asked]
        self.weighted = weights is not None
        self.design_effect = 1.0
        if self.weighted:
            self.design_effect = effective(pd.Series(weights[asked & given]))["design_effect"]
        step = max(1, TOGETHER // len(y))
        found = np.concatenate([
            _counted(place[shuffled[first : first + step, asked]] * columns + column, heavy,
                     (rows + 1) * columns)
            for first in range(0, len(shuffled), step)
        ])  # fmt: skip
        self.tables = found.reshape(len(shuffled), rows + 1, columns)[:, 1:]
        self.n = int((asked & given).sum())
        seen = self.tables[0]
        if min((seen.sum(axis=0) > 0).sum(), len(np.unique(self.scores[0][seen.sum(axis=1) > 0]))) < 2:
            raise ValueError(NOTHING_VARIES)

    @property
    def observed(self):
        """The table of the answers as they are, no empty row or column, as heavy as what it tells."""
        table = self.tables[0]
        table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
        return table * (self.n / self.design_effect / table.sum()) if self.weighted else table


def _counted(cells, weights, size):
    """How often, or with which weight, each of `size` cells stands in each row."""
    cells += np.arange(len(cells))[:, None] * size
    weights = None if weights is None else np.broadcast_to(weights, cells.shape).ravel()
    return np.bincount(cells.ravel(), weights, minlength=len(cells) * size).astype(float)


def kendall(tables):
    """τ-b of stacked tables whose rows and columns are in order.

    Parameters
    ----------
    tables : numpy.ndarray
        The last two axes are rows and columns; counts, or sums of weights.

    Returns
    -------
    numpy.ndarray
        NaN where nothing varies.

    Examples
    --------
    >>> kendall(np.array([[[3, 1], [1, 3]]])).tolist()
    [0.5]
    """
    below = tables[..., ::-1, :].cumsum(axis=-2)[..., ::-1, :] - tables  # in later rows
    after = below[..., ::-1].cumsum(axis=-1)[..., ::-1] - below  # and in later columns
    before = below.cumsum(axis=-1) - below
    gap = (tables * (after - before)).sum(axis=(-2, -1))
    n = tables.sum(axis=(-2, -1))
    ties = [(tables.sum(axis=axis) ** 2).sum(axis=-1) for axis in (-1, -2)]
    return _ratio(2 * gap, np.sqrt((n**2 - ties[0]) * (n**2 - ties[1])))


def correlation(tables, scores, levels):
    """The correlation of the first of several scores of rows with that of columns, given the others.

    Parameters
    ----------
    tables : numpy.ndarray
        As in `kendall`.
    scores : numpy.ndarray
        One row a predictor, one column a row of the tables; or the same for each table.
    levels : numpy.ndarray
        One a column; or the same for each table.

    Returns
    -------
    numpy.ndarray

    Examples
    --------
    >>> correlation(np.array([[[3, 1], [1, 3]]]), np.array([[0, 1]]), np.array([0, 1])).tolist()
    [0.5]
    """
    n = tables.sum(axis=(-2, -1))[..., None]
    rows, columns = tables.sum(axis=-1), tables.sum(axis=-2)
    levels = np.broadcast_to(levels, columns.shape)
    scores = np.broadcast_to(scores, (len(tables), *np.shape(scores)[-2:]))
    x = scores - (scores * rows[:, None]).sum(axis=-1, keepdims=True) / n[..., None]
    y = levels - (levels * columns).sum(axis=-1, keepdims=True) / n
    xy = np.einsum("tpr,trc,tc->tp", x, tables, y)
    yy = (y**2 * columns).sum(axis=-1)
    if x.shape[1] == 1:
        return _ratio(xy[:, 0], np.sqrt((x[:, 0] ** 2 * rows).sum(axis=-1) * yy))
    moments = np.empty((len(tables), x.shape[1] + 1, x.shape[1] + 1))
    moments[:, :-1, :-1] = np.einsum("tpr,tqr,tr->tpq", x, x, rows)
    moments[:, :-1, -1] = moments[:, -1, :-1] = xy
    moments[:, -1, -1] = yy
    inverse = np.linalg.pinv(moments, hermitian=True)
    return _ratio(-inverse[:, 0, -1], np.sqrt(inverse[:, 0, 0] * inverse[:, -1, -1]))


def midranks(margin):
    """The mean rank of each level, by how many are at it."""
    return margin.cumsum(axis=-1) - margin / 2


def bergsma(tables, n=None):
    """Bergsma's bias-corrected V of stacked tables: see `association.association`."""
    total = tables.sum(axis=(-2, -1))
    rows, columns = tables.sum(axis=-1), tables.sum(axis=-2)
    expected = rows[..., :, None] * columns[..., None, :] / total[..., None, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        terms = np.where(expected > 0, (tables - expected) ** 2 / expected, 0.0)
    n = total if n is None else n
    chi2 = terms.sum(axis=(-2, -1)) * n / total
    r, c = (rows > 0).sum(axis=-1), (columns > 0).sum(axis=-1)
    excess = np.maximum(0.0, chi2 / n - (r - 1) * (c - 1) / (n - 1))
    smaller = np.minimum(r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)) - 1
    return np.minimum(1.0, np.sqrt(_ratio(excess, smaller)))


def positions(tables, scores):
    """η: how far the mean scores of rows differ between columns, 0 to 1."""
    n = tables.sum(axis=(-2, -1))[:, None]
    rows, columns = tables.sum(axis=-1), tables.sum(axis=-2)
    centred = scores - (scores * rows).sum(axis=-1, keepdims=True) / n
    sums = np.einsum("tr,trc->tc", centred, tables)
    between = _ratio(sums**2, columns).sum(axis=-1)
    return np.sqrt(_ratio(between, (centred**2 * rows).sum(axis=-1)))


def _ratio(above, below):
    """Of what does not vary, there is no effect."""
    return np.divide(above, below, out=np.zeros(np.shape(above)), where=np.abs(below) > 1e-12)


# ---- what each kind of question finds


def _correlation(pairs, test, confidence):
    tables, scores, levels = pairs.tables, pairs.scores, pairs.levels
    if test == "kendall":
        effects = kendall(tables)
    elif test == "spearman":
        ranked = np.stack([_ranked_rows(tables, row) for row in scores], axis=1)
        effects = correlation(tables, ranked, midranks(tables.sum(axis=-2)))
    else:
        effects = correlation(tables, scores, levels)
    free = pairs.n / pairs.design_effect - len(scores)
    variance = 1 / free if free > 0 else np.nan
    if test == "kendall":
        variance = null_variance(pairs.observed)
    return _found(effects, score_ends(effects[0], variance, confidence), pairs.n)


def _ranked_rows(tables, scores):
    """Mid-ranks of rows by one of several scores that they have."""
    values, which = np.unique(scores, return_inverse=True)
    margin = np.zeros((len(tables), len(values)))
    for level in range(len(values)):
        margin[:, level] = tables[:, which == level].sum(axis=(-2, -1))
    return midranks(margin)[:, which]


def _association(pairs, test, confidence):
    table, n = pairs.observed, pairs.n / pairs.design_effect
    chi2, _, df, _ = stats.chi2_contingency(table, correction=False)
    if test == "table":
        effects = bergsma(pairs.tables, n)
        ends = cramers_v(table, chi2, df, confidence)
        return _found(effects, ends, pairs.n)
    effects, df = positions(pairs.tables, pairs.scores[0]), table.shape[1] - 1
    low, high = np.sqrt(noncentral(n * effects[0] ** 2, df, confidence) / n)
    return _found(effects, {"low": low, "high": min(high, 1.0)}, pairs.n)


def _of(weights, asked):
    return None if weights is None else weights[asked]


def _contrast(difference, signs, weights, confidence):
    weight = np.ones(len(difference)) if weights is None else weights
    effects = 100 * (signs * (difference * weight)).sum(axis=1) / weight.sum()
    if weights is None:  # the other parts of the table change nothing
        ends = paired_difference(difference > 0, difference < 0, confidence).iloc[0]
    else:
        half = stats.norm.ppf((1 + confidence) / 2) * effects[1:].std()
        ends = {"low": effects[0] - half, "high": effects[0] + half}
    return _found(effects, ends, len(difference))


def _grid(ratings, places, weights, confidence):
    n, k = ratings.shape
    if k < 3 or (ratings == ratings[:, :1]).all():
        raise ValueError("too few things or differences to compare")
    weight = np.ones(n) if weights is None else weights
    ranks = stats.rankdata(ratings, axis=1) - (k + 1) / 2
    moved = np.take_along_axis(np.broadcast_to(ranks * weight[:, None], places.shape), places, axis=2)
    sums = moved.sum(axis=1)
    size = n if weights is None else effective(pd.Series(weights))["effective_n"]
    chi2 = (k - 1) * (sums**2).sum(axis=1) / (weight[:, None] ** 2 * ranks**2).sum()
    low, high = noncentral(chi2[0], k - 1, confidence) / (size * (k - 1))
    effects = chi2 / (size * (k - 1))
    return _found(effects, {"low": low, "high": min(high, 1.0)}, n)


def _share(y, asked, design, confidence):
    count, n = int(y[asked].sum()), int(asked.sum())
    row = proportions(count, n, confidence).iloc[0]
    if design is not None:
        row = shares(pd.DataFrame({"y": np.where(asked, y, np.nan)}), design, confidence).iloc[0]
    return Found(float(row["percent"]), float(row["low"]), float(row["high"]), n, np.empty(0))


def _found(effects, ends, n):
    effects = np.round(effects, DIGITS)
    low, high = min(ends["low"], effects[0]), max(ends["high"], effects[0])
    return Found(float(effects[0]), float(low), float(high), n, effects[1:])
