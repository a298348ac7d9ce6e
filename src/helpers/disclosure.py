"""Withholds small counts, and the others that would give them away.

A count below the minimum says something of few people. Withholding it alone is not enough: a margin
less the other cells, or a second table, may give it back. So further counts are withheld until no
small one can be worked out from everything that is shown (secondary cell suppression).

References
----------
Cox (1980), doi 10.1080/01621459.1980.10477481. Hundepool et al. (2012), Statistical Disclosure
Control, chapter 4, doi 10.1002/9781118348239.
"""

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import csr_matrix


def withhold(cells, sums, minimum, derived=(), harmless=(), last=None):
    """Choose the counts to withhold.

    Parameters
    ----------
    cells : dict of str to int
        Every count, by name.
    sums : list of tuple
        ``(total, parts)``: names of counts of which the first is the sum of the others.
    minimum : int
        Counts below it are withheld; so is 0, which says of everybody that they did *not*. 1 stands
        for public data: nothing is withheld.
    derived : sequence of str
        Names that are not shown but tell as much as shown ones do, if they can be worked out.
    harmless : sequence of str
        Names that are not shown and need no protection.
    last : dict of str to int, optional
        How late a name should be withheld for another's sake; 0 where it does not say.

    Returns
    -------
    list of str
        Names to withhold, those below the minimum first.

    Notes
    -----
    Repeats until `attack` pins nothing: for each small count that is pinned, the least loss among
    the counts still shown that are tied to it by sums is withheld too. The choice is greedy, not
    the optimum, which is NP-hard (Hundepool et al. 2012, section 4.4).

    Examples
    --------
    >>> cells = {"all": 30, "micro": 2, "small": 9, "large": 19}
    >>> withhold(cells, [("all", ["micro", "small", "large"])], minimum=5)
    ['micro', 'small']
    """
    if minimum <= 1:
        return []
    aside = dict.fromkeys([*derived, *harmless])
    hidden = {name: None for name in cells if cells[name] < minimum and name not in aside}
    touching = _touching(sums)
    while True:
        bounds = _bounds(cells, sums, minimum, hidden, derived, harmless)
        added = {}
        for name in [name for name, (low, high) in bounds.items() if low == high]:
            unknown = hidden.keys() | aside.keys() | added.keys()
            choice = _least_loss(name, cells, touching, unknown, added, last or {})
            if choice is not None:
                added[choice] = None
        if not added:
            return list(hidden)
        hidden |= added


def _touching(sums):
    """The sums that each name takes part in."""
    touching = {}
    for total, parts in sums:
        for name in (total, *parts):
            touching.setdefault(name, []).append((total, *parts))
    return touching


def _least_loss(exposed, cells, touching, unknown, added, last):
    """The shown count to withhold for an exposed one: early in `last`, then near, then small."""
    near, reached, shown, steps = [exposed], {exposed}, {}, 0
    while near:
        steps += 1
        beside = dict.fromkeys(n for name in near for names in touching.get(name, ()) for n in names)
        if steps == 1 and any(name in added for name in beside):
            return None  # this sweep already withholds one beside it; look again afterwards
        for name in beside:
            if name not in unknown:
                shown.setdefault(name, steps)
        near = [name for name in beside if name in unknown and name not in reached]
        reached.update(near)
    rank = {name: (last.get(name, 0), step, cells[name], name) for name, step in shown.items()}
    return min(rank, key=rank.get, default=None)


def attack(cells, sums, minimum, hidden, derived=(), harmless=()):
    """What anybody can work out about the withheld counts.

    Parameters
    ----------
    cells, sums, minimum, derived, harmless
        As in `withhold`. Of `cells`, only what is shown is used, and whether a withheld count lies
        below the minimum, which its mark says.
    hidden : sequence of str
        The withheld names.

    Returns
    -------
    pandas.DataFrame
        One row a count below the minimum, withheld or derived: `low` and `high`, the range in which
        it must lie. It is disclosed when both are equal.

    Notes
    -----
    Linear programming over all sums at once, with whole counts of 0 and above.

    Examples
    --------
    >>> cells = {"all": 30, "micro": 2, "small": 9, "large": 19}
    >>> sums = [("all", ["micro", "small", "large"])]
    >>> attack(cells, sums, 5, ["micro"]).values.tolist(), attack(cells, sums, 5, ["micro", "small"])
    ([['micro', 2, 2]],     name  low  high
    0  micro    0     4)
    """
    bounds = _bounds(cells, sums, minimum, hidden, derived, harmless, exact=True)
    rows = [(name, low, high) for name, (low, high) in bounds.items()]
    return pd.DataFrame(rows, columns=["name", "low", "high"])


def _bounds(cells, sums, minimum, hidden, derived, harmless, exact=False):
    """Range of each small count that is withheld or derived.

    The true counts solve the system. One other solution in which a count differs by 1 or more shows
    that this count is not pinned, so most need no optimisation of their own; `exact` makes it anyway.
    """
    names = [*hidden, *derived, *harmless]
    column = {name: k for k, name in enumerate(names)}
    small = [name for name in [*hidden, *derived] if cells[name] < minimum]
    if not small:
        return {}
    matrix, rest = _system(cells, sums, column)
    marked = [(0, minimum - 1) if cells[name] < minimum else (minimum, None) for name in hidden]
    limits = marked + [(0, None)] * (len(names) - len(hidden))
    true = np.array([cells[name] for name in names], float)
    free = np.zeros(len(names), bool)
    found = {}
    for name in small:
        k = column[name]
        if free[k] and not exact:
            continue
        ends = []
        for sign in (1, -1):
            aim = np.zeros(len(names))
            aim[k] = sign
            result = linprog(aim, A_eq=matrix, b_eq=rest, bounds=limits, method="highs")
            ends.append(sign * result.fun)
            free |= np.abs(result.x - true) > 1 - 1e-6
        found[name] = int(np.ceil(ends[0] - 1e-6)), int(np.floor(ends[1] + 1e-6))
    return found


def _system(cells, sums, column):
    """The sums in which something is withheld, as a matrix over the unknown counts."""
    rows, columns, values, rest = [], [], [], []
    for total, parts in sums:
        terms = [(total, -1), *((part, 1) for part in parts)]
        if not any(name in column for name, _ in terms):
            continue
        known = sum(sign * cells[name] for name, sign in terms if name not in column)
        for name, sign in terms:
            if name in column:
                rows.append(len(rest))
                columns.append(column[name])
                values.append(sign)
        rest.append(-known)
    matrix = csr_matrix((values, (rows, columns)), shape=(len(rest), len(column)))
    return (matrix, np.array(rest, float)) if rest else (None, None)
