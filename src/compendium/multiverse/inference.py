"""What all universes of a question say together: whether anything is there, and what it depends on."""

from functools import cache
from itertools import combinations
from math import comb

import numpy as np
import pandas as pd


def p_values(effects, signed):
    """The p of every universe, in the answers as they are and in every shuffle.

    Parameters
    ----------
    effects : numpy.ndarray
        One row a universe; the first column as found, the others in the shuffles.
    signed : bool
        Whether an effect below zero is as far from none as one above.

    Returns
    -------
    numpy.ndarray
        Of the same shape: which share of the row is at least as large.

    Notes
    -----
    As found and shuffled, effects are exchangeable where nothing is there, so the p of each column is
    exact, whatever the statistic, its ties and its weights: Phipson & Smyth (2010),
    doi 10.2202/1544-6115.1585.

    Examples
    --------
    >>> p_values(np.array([[0.3, 0.1, -0.4, 0.0]]), signed=True).tolist()
    [[0.5, 0.75, 0.25, 1.0]]
    """
    sizes = np.abs(effects) if signed else effects
    found = np.empty(sizes.shape)
    for row, size in enumerate(sizes):
        found[row] = 1 - np.searchsorted(np.sort(size), size, side="left") / sizes.shape[1]
    return found


def joint(effects, p, signed, level=0.05):
    """Whether all universes together find more than shuffled answers would give them.

    Parameters
    ----------
    effects, p : numpy.ndarray
        As in `p_values`, and from it.
    signed : bool
    level : float
        Below which a universe counts as significant, a proportion.

    Returns
    -------
    dict of str to float
        `median`, `significant` (a share of the universes) and `dominant`, the share that is significant
        in the direction of the median; `median_p`, `significant_p`, `dominant_p`, how often a shuffle
        gives as much; `dominant` is NaN where effects have no direction.

    Notes
    -----
    Every shuffle runs through all universes, so that their dependence is that of the data. Simonsohn,
    Simmons and Nelson's third statistic averages z over all universes; here it is the share that is
    significant in the dominant direction, which a reader can count in the curve. As in their code, a
    shuffle that gives just as much counts half (mid-p, after Lancaster); what was found counts whole,
    so that no p is 0. Of 2,000 shuffled outcomes of each of three questions of the default study
    (`tests/bench.py`) each p was at most 0.05 in 4 to 5%. With ties counted whole the median's was in
    3.3% of those of the question with most ties.

    References
    ----------
    Simonsohn, Simmons & Nelson (2020), doi 10.1038/s41562-020-0912-z. Lancaster (1961), doi
    10.1080/01621459.1961.10482105.

    Examples
    --------
    >>> effects = np.array([[0.5, 0.1, -0.2, 0.0], [0.4, -0.1, -0.3, 0.2]])
    >>> found = joint(effects, p_values(effects, True), signed=True, level=0.25)
    >>> round(found["median"], 2), found["significant"], found["median_p"]
    (0.45, 1.0, 0.25)
    """
    middle = np.round(np.median(effects, axis=0), 10)
    below = p <= level + 1e-12
    found = {"median": middle[0], "significant": below[:, 0].mean(), "dominant": np.nan}
    sizes = {"median": np.abs(middle) if signed else middle, "significant": below.sum(axis=0)}
    if signed:
        along = below & (np.sign(effects) == np.sign(middle))
        found["dominant"], sizes["dominant"] = along[:, 0].mean(), along.sum(axis=0)
    tails = {f"{name}_p": _tail(size) for name, size in sizes.items()}
    return {name: float(value) for name, value in found.items()} | {"dominant_p": np.nan} | tails


def _tail(sizes):
    """Which share of shuffles gives as much as what was found, the first; a tie counts half."""
    larger, tied = (sizes > sizes[0]).sum(), (sizes == sizes[0]).sum() - 1
    return float((1 + larger + tied / 2) / len(sizes))


def null_curve(effects, level=0.05, most=41):
    """Where the curve of sorted effects would lie if nothing were there.

    Parameters
    ----------
    effects : numpy.ndarray
        As in `p_values`.
    level : float
        What the band leaves outside at each place, a proportion.
    most : int
        Places along the curve.

    Returns
    -------
    list of list of float
        For each place its rank, from 0 to 1, and the lower and the upper end of the band.
    """
    ranks = np.linspace(0, 1, min(most, len(effects)))
    curves = np.quantile(effects[:, 1:], ranks, axis=0)
    ends = np.quantile(curves, [level / 2, 1 - level / 2], axis=1)
    return np.column_stack([ranks, *ends]).tolist()


def shares_of_variance(effects, choices):
    """How much of the spread of effects goes with each decision.

    Parameters
    ----------
    effects : numpy.ndarray
        One a universe, as found.
    choices : pandas.DataFrame
        One row a universe, one column a decision, which takes more than one value.

    Returns
    -------
    pandas.Series
        By decision, the largest first, a proportion of all variance; `rest` is what only combinations
        of decisions explain.

    Notes
    -----
    Main effects of an analysis of variance over universes. Where some combinations are left out,
    decisions are not independent and the order in which they enter matters: each gets the mean, over
    all orders, of what it adds to R² (Lindeman, Merenda and Gold). With all combinations there this is
    the classical η².

    References
    ----------
    Grömping (2006), doi 10.18637/jss.v017.i01.

    Examples
    --------
    >>> choices = pd.DataFrame({"cut": list("aabb"), "test": list("xyxy")})
    >>> shares_of_variance(np.array([1.0, 1.0, 3.0, 3.0]), choices).round(3).to_dict()
    {'cut': 1.0, 'test': 0.0, 'rest': 0.0}
    """
    centred = effects - effects.mean()
    total, names = centred @ centred, [*choices]
    if total < 1e-12 or not names:
        return pd.Series(dtype=float)
    dummies = [pd.get_dummies(choices[name]).to_numpy(float)[:, 1:] for name in names]
    blocks = np.cumsum([0, *(part.shape[1] for part in dummies)])
    design = np.column_stack(dummies)
    design -= design.mean(axis=0)
    products, along = design.T @ design, design.T @ centred

    @cache
    def explained(used):
        columns = np.concatenate([np.arange(blocks[k], blocks[k + 1]) for k in used])
        return (
            along[columns] @ np.linalg.pinv(products[np.ix_(columns, columns)]) @ along[columns] / total
        )

    found = dict.fromkeys(names, 0.0)
    for k, name in enumerate(names):
        others = [other for other in range(len(names)) if other != k]
        for size in range(len(names)):
            weight = 1 / (len(names) * comb(len(names) - 1, size))
            for before in combinations(others, size):
                added = explained(tuple(sorted((*before, k)))) - (explained(before) if before else 0.0)
                found[name] += weight * added
    found = pd.Series(found).round(8).clip(lower=0).sort_values(ascending=False, kind="stable")
    return pd.concat([found, pd.Series({"rest": round(max(0.0, 1 - found.sum()), 8)})])


def conclusions(table, level=0.05):
    """Whether each universe concludes what the plan's own universe of its comparison does.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a universe: `outcome`, `by`, `planned`, `estimate` and `p`.
    level : float

    Returns
    -------
    pandas.Series of bool
        True where both are below `level` in one direction, or neither is.
    """
    holds = table["p"] <= level + 1e-12
    said = np.sign(table["estimate"]).where(holds, 0.0)
    keys = pd.MultiIndex.from_frame(table[["outcome", "by"]])
    own = pd.Series(said[table["planned"]].to_numpy(), keys[table["planned"]])
    return said.eq(own.reindex(keys).to_numpy())


def turning(agrees, choices):
    """Which decision turns a conclusion most.

    Parameters
    ----------
    agrees : pandas.Series of bool
        As from `conclusions`.
    choices : pandas.DataFrame
        As in `shares_of_variance`, of the same rows.

    Returns
    -------
    decision : str
        Empty where every alternative of every decision agrees as often.
    rates : pandas.Series of float
        How often universes agree, by what that decision takes, the least often first.

    Examples
    --------
    >>> turning(pd.Series([True, False]), pd.DataFrame({"cut": ["points", "one"]}))[0]
    'cut'
    """
    rates = {name: agrees.groupby(choices[name], sort=False).mean() for name in choices}
    spreads = pd.Series({name: rate.max() - rate.min() for name, rate in rates.items()}, dtype=float)
    if spreads.empty or spreads.max() < 1e-9:
        return "", pd.Series(dtype=float)
    return spreads.idxmax(), rates[spreads.idxmax()].sort_values(kind="stable")
