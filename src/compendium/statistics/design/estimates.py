"""Weighted means and shares with the sampling error that strata, clusters and weights leave.

Sums by stratum and cluster are a few lines of NumPy, held against R's `survey` to six digits. Libraries
were looked at: svy 0.35 and samplics 0.6 do the same, and bring polars and 210 MB; the `DescrStatsW` of
statsmodels takes weights for counts and knows no strata or clusters.
"""

import numpy as np
import pandas as pd
from scipy import stats


def effective(weights):
    """What unequal weights cost.

    Parameters
    ----------
    weights : pandas.Series of float
        One a respondent.

    Returns
    -------
    dict of str to float
        `n`; `design_effect`, by which weights alone multiply the variance of a mean that has nothing to
        do with them; `effective_n`, the size of a simple random sample that tells as much.

    Notes
    -----
    ``deff = n Σw² / (Σw)²``: one more than the squared coefficient of variation of the weights.

    References
    ----------
    Kish (1965), Survey Sampling, section 11.7; Kish (1992), J Off Stat 8: 183-200.

    Examples
    --------
    >>> effective(pd.Series([1.0, 1.0, 2.0]))
    {'n': 3, 'design_effect': 1.125, 'effective_n': 2.6666666666666665}
    """
    deff = float(len(weights) * (weights**2).sum() / weights.sum() ** 2)
    return {"n": len(weights), "design_effect": deff, "effective_n": len(weights) / deff}


def freedom(design):
    """Degrees of freedom of a design's variance: clusters less strata.

    Parameters
    ----------
    design : pandas.DataFrame
        One row a respondent: `weight`, `stratum`, `cluster` (distinct over strata, one's own number
        where nobody was drawn with others) and `population`, the clusters of the stratum in the
        population, NaN where it is not finite.

    Returns
    -------
    int
    """
    return design.groupby("stratum")["cluster"].nunique().sub(1).sum().item()


def means(values, design):
    """Weighted means and their covariance by Taylor linearisation.

    Parameters
    ----------
    values : pandas.DataFrame of float
        One row a respondent; NaN for who is outside the domain. Those stay in the design.
    design : pandas.DataFrame
        As in `freedom`.

    Returns
    -------
    pandas.Series
        The weighted mean of each column.
    numpy.ndarray
        Their covariances.

    Raises
    ------
    ValueError
        When a stratum has one cluster only, which says nothing of how clusters differ.

    Notes
    -----
    With ``z = w (y - ȳ) / Σw`` summed to ``t`` in each of ``n`` clusters of a stratum that has ``N``,
    the variance is the sum over strata of ``n/(n-1) (1 - n/N) Σ (t - t̄)²``.

    References
    ----------
    Binder (1983), doi 10.2307/1402588. Lumley (2004), doi 10.18637/jss.v009.i08.

    Examples
    --------
    >>> sample = pd.DataFrame({"weight": 1.0, "stratum": 1, "cluster": range(4), "population": np.nan})
    >>> mean, covariance = means(pd.DataFrame({"y": [1.0, 2.0, 3.0, 4.0]}), sample)
    >>> mean["y"].item(), round(covariance[0, 0].item(), 4)
    (2.5, 0.4167)
    """
    y, inside = values.fillna(0.0).to_numpy(float), values.notna().to_numpy()
    weights = np.where(inside, design["weight"].to_numpy(float)[:, None], 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (weights * y).sum(axis=0) / weights.sum(axis=0)
        scores = weights * (y - mean) / weights.sum(axis=0)
    return pd.Series(mean, index=values.columns), _covariance(scores, design)


def _covariance(scores, design):
    """Covariance of the sums of scores over a sample of clusters within strata."""
    keys = [design["stratum"].to_numpy(), design["cluster"].to_numpy()]
    sums = pd.DataFrame(scores).groupby(keys, sort=True).sum()
    population = design.groupby("stratum")["population"].first()
    found = np.zeros((scores.shape[1], scores.shape[1]))
    for stratum, of in sums.groupby(level=0):
        n = len(of)
        if n == 1 and population[stratum] != 1:
            raise ValueError(
                f"weights > strata: stratum '{stratum}' has one cluster only, so nothing tells how "
                "clusters differ there; join it with another stratum."
            )
        apart = of.to_numpy() - of.to_numpy().mean(axis=0)
        finite = 1 - n / population[stratum] if pd.notna(population[stratum]) else 1.0
        found += 0.0 if n == 1 else n / (n - 1) * finite * apart.T @ apart
    return found


def shares(ticks, design, confidence=0.95):
    """Weighted shares with intervals.

    Parameters
    ----------
    ticks : pandas.DataFrame of float
        One column an option: 1 chosen, 0 not, NaN for who is not in the base.
    design : pandas.DataFrame
        As in `freedom`.
    confidence : float
        Level of the interval, a proportion.

    Returns
    -------
    pandas.DataFrame
        One row an option, in percent `percent`, `se`, `low`, `high`; no interval at 0 and 100.

    Notes
    -----
    The interval is symmetric in log odds, with a quantile of t for the design's degrees of freedom: the
    default of ``svyciprop`` of R's `survey`.

    References
    ----------
    Korn & Graubard (1998), Survey Methodology 24: 193-201, compares it with others.

    Examples
    --------
    >>> sample = pd.DataFrame({"weight": [1, 3.0], "stratum": 1, "cluster": [1, 2]})
    >>> sample["population"] = np.nan
    >>> shares(pd.DataFrame({"yes": [1.0, 0.0]}), sample)["percent"].tolist()
    [25.0]
    """
    share, covariance = means(ticks, design)
    share, error = share.to_numpy(), np.sqrt(np.diag(covariance))
    with np.errstate(invalid="ignore", divide="ignore"):
        odds = np.log(share / (1 - share))
        half = stats.t.ppf((1 + confidence) / 2, freedom(design)) * error / (share * (1 - share))
        ends = [1 / (1 + np.exp(-end)) for end in (odds - half, odds + half)]
    inside = (share > 0) & (share < 1)
    low, high = (np.where(inside, end, np.nan) for end in ends)
    columns = {"percent": share, "se": error, "low": low, "high": high}
    return 100 * pd.DataFrame(columns, index=ticks.columns)


def table(rows, columns, design):
    """A weighted table of two answers.

    Parameters
    ----------
    rows, columns : pandas.Series
        One answer a respondent; NaN for none.
    design : pandas.DataFrame
        As in `freedom`.

    Returns
    -------
    pandas.DataFrame
        Percent of all who gave both answers.
    """
    weights = design["weight"].to_numpy(float)
    both = pd.Series(weights, index=rows.index).groupby([rows, columns], observed=True).sum().unstack()
    return 100 * both.fillna(0.0) / both.sum().sum()
