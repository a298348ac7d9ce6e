"""What the same respondents answered twice or more: McNemar, Friedman, Wilcoxon.

Results are tables with one row a test, the columns of `association.one_test`.
"""

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar

from compendium.statistics.arguments import answered_pairs, check_columns, check_level
from compendium.statistics.association import (
    equivalence,
    holm,
    noncentral,
    one_test,
    score_ends,
)  # fmt: skip

EXACT_BELOW = 25  # differences other than 0, below which Wilcoxon's test lists all signs


def paired_difference(first, second, confidence=0.95, bound=None):
    """Difference of two shares of the same respondents, with McNemar's exact test.

    Parameters
    ----------
    first, second : pandas.Series or sequence of bool
        One value a respondent, the same respondents in both.
    confidence : float
        Level of the interval, a proportion.
    bound : float, optional
        Percentage points within which a difference would not matter: see `association.equivalence`.

    Returns
    -------
    pandas.DataFrame
        One row: `test`, `statistic` (the smaller discordant count), `df`, `p`, `effect` (percentage
        points), `effect_name`, `low`, `high`, `n`, `note`.

    Notes
    -----
    The test is the exact binomial test of the discordant pairs. The interval is Bonett and Price's
    adjusted Wald interval: with ``p12 = (f12 + 1) / (n + 2)`` and ``p21`` alike,
    ``p12 - p21 ± z √((p12 + p21 - (p12 - p21)²) / (n + 2))``.

    References
    ----------
    McNemar (1947), doi 10.1007/BF02295996. Bonett & Price (2012), doi 10.3102/1076998611411915.

    Examples
    --------
    >>> both = paired_difference([1, 1, 1, 1, 0, 0, 1, 1], [0, 0, 1, 0, 0, 1, 1, 0])
    >>> both[["statistic", "p", "effect", "n"]].round(4).values.tolist()
    [[1.0, 0.375, 37.5, 8.0]]
    """
    check_level(confidence)
    pairs = answered_pairs(first=first, second=second)
    first, second = (pairs[side].to_numpy(bool) for side in pairs)
    n, f12, f21 = len(first), int((first & ~second).sum()), int((~first & second).sum())
    if n == 0:
        return one_test("McNemar (exact)", note="nobody answered", n=0)
    table = [[int((first & second).sum()), f12], [f21, int((~first & ~second).sum())]]
    p = mcnemar(table, exact=True).pvalue if f12 + f21 else 1.0
    q12, q21 = (f12 + 1) / (n + 2), (f21 + 1) / (n + 2)
    error = np.sqrt((q12 + q21 - (q12 - q21) ** 2) / (n + 2))

    def ends(level):
        half = stats.norm.ppf((1 + level) / 2) * error
        return {"low": 100 * max(q12 - q21 - half, -1), "high": 100 * min(q12 - q21 + half, 1)}

    test = one_test(
        "McNemar (exact)", statistic=min(f12, f21), p=p, effect=100 * (f12 - f21) / n,
        effect_name="difference", n=n, **ends(confidence),
    )  # fmt: skip
    return test.assign(**equivalence(ends, 100 * (q12 - q21), bound, confidence))


def friedman(ratings, confidence=0.95):
    """Test whether several things are rated alike by the same respondents.

    Parameters
    ----------
    ratings : pandas.DataFrame of numbers
        One row a respondent, one column a thing rated; rows with a missing rating are left out.
    confidence : float
        Level of the interval, a proportion.

    Returns
    -------
    pandas.DataFrame
        One row: Friedman's χ² (corrected for ties) and Kendall's W with its interval. W is 0 without
        and 1 with complete agreement on the order.

    Notes
    -----
    ``W = χ² / (n (k - 1))`` for n respondents and k things; its interval is that of the χ²'s
    noncentrality on the same scale. (A bootstrap of W misses small values, as W is never negative.)

    References
    ----------
    Friedman (1937), doi 10.1080/01621459.1937.10503522. Kendall & Smith (1939),
    doi 10.1214/aoms/1177732186. Smithson (2003), doi 10.4135/9781412983761.

    Examples
    --------
    >>> ratings = pd.DataFrame([[1, 2, 3], [1, 3, 2], [1, 2, 3], [2, 1, 3]])
    >>> friedman(ratings)[["statistic", "df", "effect"]].round(3).values.tolist()
    [[4.5, 2.0, 0.562]]
    """
    check_level(confidence)
    check_columns(ratings, "ratings")
    complete = ratings.dropna().to_numpy(float)
    n, k = complete.shape
    if k < 3 or n < 2 or (complete == complete[:, :1]).all():
        note = "too few things, respondents or differences to compare"
        return one_test("Friedman", n=n, note=note)
    statistic, p = stats.friedmanchisquare(*complete.T)
    w = statistic / (n * (k - 1))
    low, high = noncentral(statistic, k - 1, confidence) / (n * (k - 1))
    low, high = min(low, w), max(min(high, 1.0), w)
    return one_test("Friedman", statistic, k - 1, p, w, "Kendall's W", low, high, n)


def wilcoxon_pairs(ratings, confidence=0.95, bound=None):
    """Compare every two columns that the same respondents rated.

    Parameters
    ----------
    ratings : pandas.DataFrame of numbers
        One row a respondent, one column a thing rated.
    confidence : float
        Level of the intervals, a proportion.
    bound : float, optional
        The rank-biserial correlation below which two things are rated as good as alike: see
        `association.equivalence`.

    Returns
    -------
    pandas.DataFrame
        One row a pair, `a` and `b` before the columns of a test: Wilcoxon's signed-rank test, `p_holm`
        over all pairs, and the matched-pairs rank-biserial correlation (positive where `a` is rated
        higher) with its interval; `differed`, of how many respondents the two ratings differ, which
        are all that the test uses. Below 25 of them it is exact, ties included; else it takes the
        normal approximation with ties.

    Notes
    -----
    The effect is ``(R⁺ - R⁻) / (R⁺ + R⁻)`` with the sums of the ranks of positive and negative
    differences. Exact: of all ways in which signs could fall on the ranks, the share that lie as far
    from the middle. The interval is built as that of τ-b (`association.trend`), with the effect's
    variance where signs are chance, ``Σ r² / (Σ r)²``; it holds 0 where the test does not reject.

    References
    ----------
    Wilcoxon (1945), doi 10.2307/3001968. Kerby (2014), doi 10.2466/11.IT.3.1.

    Examples
    --------
    >>> pair = wilcoxon_pairs(pd.DataFrame({"x": [3, 4, 2, 5, 4], "y": [1, 2, 3, 2, 3]}))
    >>> pair[["a", "b", "n", "effect", "p"]].round(3).values.tolist()
    [['x', 'y', 5, 0.8, 0.188]]
    """
    check_level(confidence)
    check_columns(ratings, "ratings")
    rows = []
    for i, a in enumerate(ratings.columns):
        for b in ratings.columns[i + 1 :]:
            differences = (ratings[a] - ratings[b]).dropna().to_numpy(float)
            rows.append(_signed_rank(differences, confidence, bound).assign(a=a, b=b))
    table = pd.concat(rows, ignore_index=True).assign(p_holm=lambda t: holm(t["p"]))
    return table[["a", "b", *table.columns.drop(["a", "b"])]]


def _signed_rank(differences, confidence, bound):
    n, moved = len(differences), differences[differences != 0]
    if len(moved) == 0:
        note = "every respondent rated both alike" if n else "nobody rated both"
        return one_test("Wilcoxon (signed ranks)", n=n, note=note).assign(differed=0)
    ranks = stats.rankdata(np.abs(moved))
    plus, minus = ranks[moved > 0].sum(), ranks[moved < 0].sum()
    if len(moved) < EXACT_BELOW:
        name, p = "Wilcoxon (exact)", _exact(ranks, min(plus, minus))
    else:
        name = "Wilcoxon (signed ranks)"
        p = stats.wilcoxon(moved, zero_method="wilcox", correction=False, method="asymptotic").pvalue
    effect = (plus - minus) / (plus + minus)
    variance = (ranks**2).sum() / ranks.sum() ** 2
    within = equivalence(lambda level: score_ends(effect, variance, level), effect, bound, confidence)
    ends = score_ends(effect, variance, confidence)
    if p >= 1 - confidence:  # the exact test may need more than the approximation
        ends = {"low": min(ends["low"], 0.0), "high": max(ends["high"], 0.0)}
    test = one_test(name, plus, p=p, effect=effect, effect_name="rank-biserial r", n=n, **ends)
    return test.assign(differed=len(moved), **within)


def _exact(ranks, smaller):
    """Two-sided p: the share of all signs whose smaller rank sum is at most this one."""
    doubled = np.rint(2 * ranks).astype(int)  # ties have ranks that end in a half
    ways = np.zeros(doubled.sum() + 1)
    ways[0] = 1
    for rank in doubled:
        ways[rank:] += ways[:-rank].copy()
    return min(1.0, 2 * ways[: round(2 * smaller) + 1].sum() / ways.sum())
