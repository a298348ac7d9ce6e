"""Tests and effect sizes for what goes with what, and the adjustment of many tests.

Results are tables with one row a test, the columns of `one_test`.
"""

import numpy as np
import pandas as pd
from scipy import stats


def one_test(
    test, statistic=np.nan, df=np.nan, p=np.nan, effect=np.nan, effect_name="", low=np.nan,
    high=np.nan, n=0, note="",
):  # fmt: skip
    """One row of a table of tests; what does not apply is NaN or empty.

    Parameters
    ----------
    test, effect_name, note : str
    statistic, df, p, effect, low, high : float
        `low` and `high` are the interval of the effect.
    n : int
        Respondents.

    Returns
    -------
    pandas.DataFrame
    """
    row = {"test": test, "statistic": float(statistic), "df": float(df), "p": float(p)}
    row |= {"effect": float(effect), "effect_name": effect_name, "low": float(low)}
    return pd.DataFrame([row | {"high": float(high), "n": int(n), "note": note}])


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
        return one_test("none", n=n, note="no variation in one of the two answers")
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
    return one_test(name, statistic, df, p, effect, "Cramér's V", low, high, n, note)


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
        return one_test("Kendall's τ-b", n=len(pairs), note="no variation in one of the two answers")
    tau, p = stats.kendalltau(pairs["x"], pairs["y"])
    table = pd.crosstab(pairs["x"], pairs["y"]).to_numpy()
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(len(pairs), table.ravel() / len(pairs), size=resamples)
    values = _tau_b(drawn.reshape(-1, *table.shape).astype(float))
    low, high = np.nanquantile(values, [(1 - confidence) / 2, (1 + confidence) / 2])
    return one_test("Kendall's τ-b", np.nan, np.nan, p, tau, "τ-b", low, high, len(pairs))


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
    The k-th smallest of m is multiplied by m - k + 1, and none falls below the one before it.
    statsmodels' `multipletests` turns every p-value into NaN when one is, and collects garbage
    at each call, which takes a notebook longer than all of its tests.

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
    order = np.flatnonzero(made)[np.argsort(p_values[made])]
    steps = p_values[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1)
    return adjusted
