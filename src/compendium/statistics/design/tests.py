"""Tests on a weighted sample: independence of two answers, and the difference of two paired ones."""

import numpy as np
import pandas as pd
from scipy import stats

from compendium.statistics.association import one_test
from compendium.statistics.design.estimates import freedom, means

UNWEIGHTED = {
    "trend": "no weighted test is made: Kendall's τ-b has no established form with weights",
    "grid": "no weighted test is made: ranks within respondents have no established form with weights",
    "ordinal_regression": "no weighted model is fitted: likelihood and its test would need a design of "
    "their own",
}  # fmt: skip
RAO_SCOTT = "Rao–Scott F"


def rao_scott(rows, columns, design):
    """Whether two answers are independent, in a sample with weights, strata and clusters.

    Parameters
    ----------
    rows, columns : pandas.Series
        One answer a respondent; NaN for none.
    design : pandas.DataFrame
        As in `estimates.freedom`.

    Returns
    -------
    pandas.DataFrame
        One row, as from `association.one_test`: the statistic F with its two degrees of freedom, the
        second as `df2`; `effect` is Cramér's V of the weighted table.

    Notes
    -----
    Pearson's χ² of the weighted table, divided by the sum of its generalised design effects δ, and
    compared with F of d = (Σδ)²/Σδ² and dν degrees of freedom, ν clusters less strata (the second-order
    correction): the statistic is no χ², because a weighted or clustered sample has another covariance.

    References
    ----------
    Rao & Scott (1984), doi 10.1214/aos/1176346391.

    Examples
    --------
    >>> sample = pd.DataFrame({"weight": 1.0, "stratum": 1, "cluster": range(8), "population": np.nan})
    >>> a, b = pd.Series([1, 1, 1, 1, 2, 2, 2, 2]), pd.Series([1, 1, 1, 2, 2, 2, 2, 1])
    >>> float(rao_scott(a, b, sample)["statistic"].round(4).iloc[0])
    1.75
    """
    given = rows.notna() & columns.notna()
    cells = pd.get_dummies(pd.Series(list(zip(rows, columns, strict=True)), rows.index).where(given))
    r, c = rows[given].nunique(), columns[given].nunique()
    if min(r, c) < 2:
        return one_test(RAO_SCOTT, n=int(given.sum()), note="all gave the same answer").assign(
            df2=np.nan
        )
    order = [(a, b) for a in sorted(rows[given].unique()) for b in sorted(columns[given].unique())]
    cells = cells.reindex(columns=order, fill_value=False).astype(float).where(given)
    share, covariance = means(cells, design)
    p = share.to_numpy().reshape(r, c)
    expected = np.outer(p.sum(axis=1), p.sum(axis=0))
    phi = ((p - expected) ** 2 / expected).sum()
    # Contrasts of interaction: what is left of cells when rows and columns are taken out.
    main = np.column_stack([np.kron(np.eye(r), np.ones((c, 1))), np.kron(np.ones((r, 1)), np.eye(c))])
    left = np.kron(np.eye(r)[:, 1:], np.eye(c)[:, 1:])
    left -= main @ np.linalg.pinv(main) @ left
    inverse = np.diag(np.divide(1.0, p.ravel(), out=np.zeros(r * c), where=p.ravel() > 0))
    delta = np.linalg.solve(left.T @ inverse @ left, left.T @ inverse @ covariance @ inverse @ left)
    d, nu = np.trace(delta) ** 2 / np.trace(delta @ delta), freedom(design)
    statistic = phi / np.trace(delta)
    return one_test(
        RAO_SCOTT, n=int(given.sum()), statistic=statistic, df=d, p=stats.f.sf(statistic, d, d * nu),
        effect=np.sqrt(phi / (min(r, c) - 1)), effect_name="weighted V",
    ).assign(df2=d * nu)  # fmt: skip


def paired_shares(first, second, design, confidence=0.95):
    """Difference of two shares of the same respondents, weighted.

    Parameters
    ----------
    first, second : pandas.Series of bool
        Who chose the one, and who the other; the same respondents.
    design : pandas.DataFrame
        As in `estimates.freedom`, of all respondents; who is not in `first` is outside the base.
    confidence : float
        Level of the interval, a proportion.

    Returns
    -------
    pandas.DataFrame
        One row, as from `association.one_test`: t of the weighted mean difference, `effect` in
        percentage points.
    """
    apart = (first.astype(float) - second.astype(float)).reindex(design.index)
    mean, covariance = means(apart.to_frame("gap"), design)
    gap, error, df = mean["gap"], np.sqrt(covariance[0, 0]), freedom(design)
    t = gap / error if error > 0 else np.nan
    half = stats.t.ppf((1 + confidence) / 2, df) * error
    return one_test(
        "weighted t", n=int(apart.notna().sum()), statistic=t, df=df, p=2 * stats.t.sf(abs(t), df),
        effect=100 * gap, effect_name="difference", low=100 * (gap - half), high=100 * (gap + half),
    )  # fmt: skip
