"""How reliably the statements of a grid measure one thing, and the score that they make together."""

import numpy as np
import pandas as pd
from scipy import stats

from compendium.statistics.arguments import check_columns, check_level

LEAST = 0.5  # share of the statements that a respondent must have rated to get a score
TOGETHER = 50  # resamples that are summed in one product of matrices


def reliability(ratings, seed, confidence=0.95, resamples=1000):
    """Cronbach's α and McDonald's ω of statements that are meant to measure one thing.

    Parameters
    ----------
    ratings : pandas.DataFrame of numbers
        One row a respondent, one column a statement; rows with a missing rating are left out.
    seed, resamples : int
        For the bootstrap of ω.
    confidence : float
        Level of the intervals, a proportion.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``alpha`` and ``omega``: `value`, `low`, `high`, `n`, and `note`, which says why
        there is no value.

    Notes
    -----
    ``α = k/(k-1) (1 - Σ s²ᵢ / s²)`` with the variances of k statements and of their sum; its interval
    is Feldt's. ``ω = (Σλ)² / ((Σλ)² + Σψ)`` with the loadings λ and the rest ψ of one common factor, by
    principal axes of the correlations, put back on the scale of the ratings; its interval holds the
    middle of resampled respondents. α is no larger than the reliability where errors are independent; ω
    equals it where one factor is all that the statements share. Neither shows that they do.

    References
    ----------
    Cronbach (1951), doi 10.1007/BF02310555. Feldt (1965), doi 10.1007/BF02289499. McDonald (1999),
    Test Theory, doi 10.4324/9781410601087.

    Examples
    --------
    >>> ratings = pd.DataFrame({"a": [1, 2, 3, 4, 5], "b": [1, 3, 2, 5, 4], "c": [2, 1, 3, 4, 5]})
    >>> reliability(ratings, seed=1, resamples=20)["value"].round(3).tolist()
    [0.908, 0.906]
    """
    check_level(confidence)
    check_columns(ratings, "ratings", least=3)
    complete = ratings.dropna().to_numpy(float)
    n, k = complete.shape
    table = pd.DataFrame(np.nan, index=["alpha", "omega"], columns=["value", "low", "high"])
    if n < 3 or (np.ptp(complete, axis=0) == 0).any():
        return table.assign(n=n, note="too few respondents, or a statement that all rated alike")
    alpha = _alpha(np.cov(complete.T))
    # The larger F belongs to the lower end.
    f = stats.f.ppf([(1 + confidence) / 2, (1 - confidence) / 2], n - 1, (n - 1) * (k - 1))
    table.loc["alpha"] = [alpha, *(1 - (1 - alpha) * f)]
    omegas = _omega(_resampled(complete, np.random.default_rng(seed), resamples))
    tail = 50 * (1 - confidence)
    table.loc["omega"] = [
        _omega(np.cov(complete.T)[None])[0],
        *np.percentile(omegas, [tail, 100 - tail]),
    ]
    return table.assign(n=n, note="")


def _resampled(ratings, rng, resamples):
    """The covariances in resamples of respondents; without those where all rated one thing alike.

    Whoever rated alike is drawn together: a million respondents are some thousand patterns. Beyond
    ten thousand it is quicker to draw respondents one by one, and to count theirs.
    """
    patterns, share = np.unique(ratings, axis=0, return_counts=True)
    (n, k), centred, found = ratings.shape, patterns - ratings.mean(axis=0), []
    products = (centred[:, :, None] * centred[:, None, :]).reshape(len(share), k * k)
    pattern_of = np.repeat(np.arange(len(share), dtype=np.int32), share)

    def drawn():
        if len(share) < 10_000:
            return rng.multinomial(n, share / n)
        return np.bincount(pattern_of[rng.integers(n, size=n, dtype=np.int32)], minlength=len(share))

    for first in range(0, resamples, TOGETHER):
        times = np.array([drawn() for _ in range(first, min(first + TOGETHER, resamples))], float)
        off = times @ centred / n
        sums = (times @ products).reshape(-1, k, k)
        found.append((sums - n * off[:, :, None] * off[:, None, :]) / (n - 1))
    found, varies = np.concatenate(found), 1e-9 * ratings.var(axis=0)
    return found[(np.einsum("rii->ri", found) > varies).all(axis=1)]


def _alpha(covariance):
    k = len(covariance)
    return k / (k - 1) * (1 - np.trace(covariance) / covariance.sum())


def _omega(covariances, steps=200):
    """ω of many covariance matrices at once: one factor by iterated principal axes."""
    spread = np.sqrt(np.einsum("rii->ri", covariances))
    correlations = covariances / (spread[:, :, None] * spread[:, None, :])
    own = np.arange(correlations.shape[1])
    shared = np.abs(correlations - np.eye(len(own))).max(axis=2)
    for _ in range(steps):
        correlations[:, own, own] = shared
        values, vectors = np.linalg.eigh(correlations)
        loadings = vectors[:, :, -1] * np.sqrt(values[:, -1:].clip(0))
        before, shared = shared, (loadings**2).clip(max=1)
        if np.abs(shared - before).max() < 1e-8:
            break
    common = (loadings * spread).sum(axis=1) ** 2
    return common / (common + ((1 - shared) * spread**2).sum(axis=1))


def item_rest(ratings):
    """How each statement goes with the sum of all others.

    Parameters
    ----------
    ratings : pandas.DataFrame of numbers
        As in `reliability`.

    Returns
    -------
    pandas.Series of float
        Pearson's correlation by statement, among those who rated all of them. One near or below 0
        belongs to a statement that measures something else, or the opposite.

    Examples
    --------
    >>> ratings = pd.DataFrame({"a": [1, 2, 3, 4], "b": [1, 2, 4, 3], "c": [4, 3, 2, 2]})
    >>> item_rest(ratings).round(2).tolist()
    [0.26, 0.26, -0.99]
    """
    check_columns(ratings, "ratings", least=3)
    complete = ratings.dropna().astype(float)
    rest = {name: complete.drop(columns=name).sum(axis=1) for name in complete}
    varied = {n: complete[n].nunique() > 1 and rest[n].nunique() > 1 for n in complete}
    return pd.Series({n: complete[n].corr(rest[n]) if varied[n] else np.nan for n in complete})


def scale_scores(ratings, least=LEAST):
    """One score a respondent: the mean of the statements that were rated, where enough were.

    Parameters
    ----------
    ratings : pandas.DataFrame of numbers
    least : float
        Share of the statements that must have been rated, a proportion.

    Returns
    -------
    pandas.Series of float
        NaN for whoever rated fewer.

    Examples
    --------
    >>> ratings = pd.DataFrame({"a": [1, 2, None], "b": [3, None, None], "c": [5, 4, 1]})
    >>> scale_scores(ratings).tolist()
    [3.0, 3.0, nan]
    """
    check_columns(ratings, "ratings", least=1)
    if not 0 < least <= 1:
        raise ValueError(f"least = {least}: a proportion above 0 and up to 1 is needed.")
    return ratings.mean(axis=1).where(ratings.notna().mean(axis=1) >= least)
