"""Tests and effect sizes for what goes with what: categorical, ordinal and repeated answers.

Results are tables with one row a test, the columns of `estimate.test_row`.
"""

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.multitest import multipletests

from compendium.statistics.proportions import test_row


def association(rows, columns, seed, confidence=0.95, resamples=2000, tables=9999):
    """Test whether two categorical answers are independent.

    Parameters
    ----------
    rows, columns : pandas.Series
        Answers of the same respondents; pairs with a missing answer are left out.
    seed : int
        For the Monte Carlo tables and the bootstrap.
    confidence : float
        Level of the interval of Cramér's V, a proportion.
    resamples, tables : int
        Bootstrap samples, and Monte Carlo tables.

    Returns
    -------
    pandas.DataFrame
        One row. Fisher's exact test for a 2 × 2 table; the Freeman–Halton test by Monte Carlo for a
        larger one in which an expected count is below 5; Pearson's χ² otherwise. Effect: Cramér's V
        with a percentile interval.

    Notes
    -----
    Freeman and Halton order tables with the observed margins by their probability; p is the share
    of drawn tables that are no more probable than the observed one, ``(b + 1) / (m + 1)``.
    ``V = √(χ² / (n (min(r, c) - 1)))``. V is never negative, so that chance alone pushes it up in
    small samples, and its interval does not reach 0.

    References
    ----------
    Fisher (1922), doi 10.2307/2340521. Freeman & Halton (1951), doi 10.1093/biomet/38.1-2.141.
    Cramér (1946), Mathematical Methods of Statistics, doi 10.1515/9781400883868.

    Examples
    --------
    >>> guess, truth = list("MMMTMTTT"), list("MMMMTTTT")
    >>> association(guess, truth, seed=1)[["test", "p", "n"]].round(4).values.tolist()
    [['Fisher (exact)', 0.4857, 8]]
    """
    pairs = pd.DataFrame({"rows": np.asarray(rows), "columns": np.asarray(columns)}).dropna()
    table = pd.crosstab(pairs["rows"], pairs["columns"]).to_numpy()
    n = int(table.sum())
    if min(table.shape) < 2:
        return test_row("none", n=n, note="no variation in one of the two answers")
    rng = np.random.default_rng(seed)
    expected = stats.contingency.expected_freq(table)
    sparse = int((expected < 5).sum())
    df = np.nan
    if table.shape == (2, 2):
        name, statistic, note = "Fisher (exact)", np.nan, ""
        p = stats.fisher_exact(table).pvalue
    elif sparse:
        name = "Freeman–Halton (Monte Carlo)"
        method = stats.MonteCarloMethod(n_resamples=tables, rng=rng)
        statistic, p = np.nan, stats.fisher_exact(table, method=method).pvalue
        note = f"{sparse} of {table.size} expected counts below 5; {tables:,} tables drawn"
    else:
        name, note = "Pearson's χ²", ""
        statistic, p, df, _ = stats.chi2_contingency(table, correction=False)
    effect = stats.contingency.association(table, method="cramer")
    low, high = _bootstrap_v(table, rng, confidence, resamples)
    return test_row(name, statistic, df, p, effect, "Cramér's V", low, high, n, note)


def _bootstrap_v(table, rng, confidence, resamples):
    """Percentile interval of V: resampling respondents is drawing the cells' counts anew."""
    n = table.sum()
    drawn = rng.multinomial(n, table.ravel() / n, size=resamples).reshape(-1, *table.shape)
    expected = drawn.sum(2, keepdims=True) * drawn.sum(1, keepdims=True) / n
    with np.errstate(invalid="ignore"):
        chi2 = np.nansum((drawn - expected) ** 2 / expected, axis=(1, 2))
    smaller = np.minimum((drawn.sum(2) > 0).sum(1), (drawn.sum(1) > 0).sum(1)) - 1
    v = np.sqrt(chi2[smaller > 0] / (n * smaller[smaller > 0]))
    return np.quantile(v, [(1 - confidence) / 2, (1 + confidence) / 2])


def trend(x, y, seed, confidence=0.95, resamples=1000):
    """Test whether two ordered answers rise together.

    Parameters
    ----------
    x, y : pandas.Series of numbers
        Scale points (or 0 and 1) of the same respondents; pairs with a missing one are left out.
    seed : int
        For the bootstrap.
    confidence : float
        Level of the interval, a proportion.
    resamples : int
        Bootstrap samples.

    Returns
    -------
    pandas.DataFrame
        One row: Kendall's τ-b with its asymptotic test and a percentile interval.

    References
    ----------
    Kendall (1945), doi 10.1093/biomet/33.3.239.

    Examples
    --------
    >>> row = trend(pd.Series([1, 2, 3, 4, 5]), pd.Series([1, 3, 2, 5, 4]), seed=1)
    >>> float(row["effect"].round(2).iloc[0])
    0.6
    """
    pairs = pd.DataFrame({"x": np.asarray(x, float), "y": np.asarray(y, float)}).dropna()
    if len(pairs) < 3 or pairs.nunique().min() < 2:
        return test_row("Kendall's τ-b", n=len(pairs), note="no variation in one of the two answers")
    tau, p = stats.kendalltau(pairs["x"], pairs["y"])
    table = pd.crosstab(pairs["x"], pairs["y"]).to_numpy()
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(len(pairs), table.ravel() / len(pairs), size=resamples)
    values = _tau_b(drawn.reshape(-1, *table.shape).astype(float))
    low, high = np.nanquantile(values, [(1 - confidence) / 2, (1 + confidence) / 2])
    return test_row("Kendall's τ-b", np.nan, np.nan, p, tau, "τ-b", low, high, len(pairs))


def _tau_b(tables):
    """τ-b of many cross-tables at once: concordant less discordant pairs, corrected for ties."""
    later = tables[:, ::-1, ::-1].cumsum(1).cumsum(2)[:, ::-1, ::-1]
    below_left = tables[:, ::-1, :].cumsum(1).cumsum(2)[:, ::-1, :]
    concordant = (tables[:, :-1, :-1] * later[:, 1:, 1:]).sum((1, 2))
    discordant = (tables[:, :-1, 1:] * below_left[:, 1:, :-1]).sum((1, 2))
    n = tables.sum((1, 2))
    pairs = n * (n - 1) / 2
    ties = [(m * (m - 1) / 2).sum(1) for m in (tables.sum(2), tables.sum(1))]
    with np.errstate(invalid="ignore", divide="ignore"):
        return (concordant - discordant) / np.sqrt((pairs - ties[0]) * (pairs - ties[1]))


def holm(p_values):
    """Holm's adjustment of the p-values of one family.

    Parameters
    ----------
    p_values : sequence of float
        NaN for a test that could not be made; it stays NaN and does not count.

    Returns
    -------
    numpy.ndarray of float
        Adjusted p-values in the same order.

    Notes
    -----
    statsmodels' `multipletests` turns every p-value into NaN when one is; the made tests are
    picked out here.

    References
    ----------
    Holm (1979), https://www.jstor.org/stable/4615733.

    Examples
    --------
    >>> holm([0.01, float("nan"), 0.04, 0.03]).tolist()
    [0.03, nan, 0.06, 0.06]
    """
    p_values = np.asarray(p_values, float)
    made = ~np.isnan(p_values)
    adjusted = np.full(len(p_values), np.nan)
    if made.any():
        adjusted[made] = multipletests(p_values[made], method="holm")[1]
    return adjusted


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
        return test_row("Friedman", n=n, note=note)
    statistic, p = stats.friedmanchisquare(*complete.T)
    w = statistic / (n * (k - 1))
    return test_row("Friedman", statistic, k - 1, p, w, "Kendall's W", n=n)


def paired(ratings):
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
    >>> pair = paired(pd.DataFrame({"x": [3, 4, 2, 5, 4], "y": [1, 2, 3, 2, 3]}))
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
        row = test_row(name, n=n, note="every respondent rated both alike")
    else:
        ranks = stats.rankdata(np.abs(moved))
        plus, minus = ranks[moved > 0].sum(), ranks[moved < 0].sum()
        result = stats.wilcoxon(moved, zero_method="wilcox", correction=False, method="asymptotic")
        effect = (plus - minus) / (plus + minus)
        row = test_row(name, plus, np.nan, result.pvalue, effect, "rank-biserial r", n=n)
    return row.assign(a=a, b=b)[["a", "b", *row.columns]]
