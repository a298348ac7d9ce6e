"""What the same respondents answered twice or more: McNemar, Friedman, Wilcoxon.

Results are tables with one row a test, the columns of `association.one_test`.
"""

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar

from compendium.statistics.association import holm, one_test


def paired_difference(first, second, confidence=0.95):
    """Difference of two shares of the same respondents, with McNemar's exact test.

    Parameters
    ----------
    first, second : pandas.Series or sequence of bool
        One value a respondent, the same respondents in both.
    confidence : float
        Level of the interval, a proportion.

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
    first, second = np.asarray(first, bool), np.asarray(second, bool)
    n, f12, f21 = len(first), int((first & ~second).sum()), int((~first & second).sum())
    if n == 0:
        return one_test("McNemar (exact)", note="nobody answered", n=0)
    table = [[int((first & second).sum()), f12], [f21, int((~first & ~second).sum())]]
    p = mcnemar(table, exact=True).pvalue if f12 + f21 else 1.0
    q12, q21, z = (f12 + 1) / (n + 2), (f21 + 1) / (n + 2), stats.norm.ppf((1 + confidence) / 2)
    half = z * np.sqrt((q12 + q21 - (q12 - q21) ** 2) / (n + 2))
    return one_test(
        "McNemar (exact)", statistic=min(f12, f21), p=p, effect=100 * (f12 - f21) / n,
        effect_name="difference", low=100 * max(q12 - q21 - half, -1),
        high=100 * min(q12 - q21 + half, 1), n=n,
    )  # fmt: skip


def friedman(ratings):
    """Test whether several things are rated alike by the same respondents.

    Parameters
    ----------
    ratings : pandas.DataFrame of numbers
        One row a respondent, one column a thing rated; rows with a missing rating are left out.

    Returns
    -------
    pandas.DataFrame
        One row: Friedman's χ² (corrected for ties) and Kendall's W, which is 0 without and 1 with
        complete agreement on the order.

    References
    ----------
    Friedman (1937), doi 10.1080/01621459.1937.10503522. Kendall & Smith (1939),
    doi 10.1214/aoms/1177732186.

    Examples
    --------
    >>> ratings = pd.DataFrame([[1, 2, 3], [1, 3, 2], [1, 2, 3], [2, 1, 3]])
    >>> friedman(ratings)[["statistic", "df", "effect"]].round(3).values.tolist()
    [[4.5, 2.0, 0.562]]
    """
    complete = ratings.dropna().to_numpy(float)
    n, k = complete.shape
    if k < 3 or n < 2 or (complete == complete[:, :1]).all():
        note = "too few things, respondents or differences to compare"
        return one_test("Friedman", n=n, note=note)
    statistic, p = stats.friedmanchisquare(*complete.T)
    w = statistic / (n * (k - 1))
    return one_test("Friedman", statistic, k - 1, p, w, "Kendall's W", n=n)


def wilcoxon_pairs(ratings):
    """Compare every two columns that the same respondents rated.

    Parameters
    ----------
    ratings : pandas.DataFrame of numbers
        One row a respondent, one column a thing rated.

    Returns
    -------
    pandas.DataFrame
        One row a pair, `a` and `b` before the columns of a test: Wilcoxon's signed-rank test (zeros
        left out, normal approximation with ties), `p_holm` over all pairs, and the matched-pairs
        rank-biserial correlation (positive where `a` is rated higher).

    Notes
    -----
    The effect is ``(R⁺ - R⁻) / (R⁺ + R⁻)`` with the sums of the ranks of positive and negative
    differences.

    References
    ----------
    Wilcoxon (1945), doi 10.2307/3001968. Kerby (2014), doi 10.2466/11.IT.3.1.

    Examples
    --------
    >>> pair = wilcoxon_pairs(pd.DataFrame({"x": [3, 4, 2, 5, 4], "y": [1, 2, 3, 2, 3]}))
    >>> pair[["a", "b", "n", "effect"]].round(2).values.tolist()
    [['x', 'y', 5, 0.8]]
    """
    rows = []
    for i, a in enumerate(ratings.columns):
        for b in ratings.columns[i + 1 :]:
            rows.append(_signed_rank((ratings[a] - ratings[b]).dropna().to_numpy(float), a, b))
    table = pd.concat(rows, ignore_index=True)
    return table.assign(p_holm=holm(table["p"]))


def _signed_rank(differences, a, b):
    name, n = "Wilcoxon (signed ranks)", len(differences)
    moved = differences[differences != 0]
    if len(moved) == 0:
        row = one_test(name, n=n, note="every respondent rated both alike")
    else:
        ranks = stats.rankdata(np.abs(moved))
        plus, minus = ranks[moved > 0].sum(), ranks[moved < 0].sum()
        result = stats.wilcoxon(moved, zero_method="wilcox", correction=False, method="asymptotic")
        effect = (plus - minus) / (plus + minus)
        row = one_test(name, plus, np.nan, result.pvalue, effect, "rank-biserial r", n=n)
    return row.assign(a=a, b=b)[["a", "b", *row.columns]]
