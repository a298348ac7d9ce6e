"""Small cells: which counts of linked tables to withhold, and what a reader could still work out.

A count below the minimum says something of few people. Withholding it alone is not enough: a margin
less the other cells, or a second table, may give it back. So the fewest others needed are withheld
with it. This is cell suppression: Cox (1980), https://doi.org/10.1080/01621459.1980.10477481;
Hundepool et al. (2012), Statistical Disclosure Control, https://doi.org/10.1002/9781118348239.

Identifying text is the subject of `masking`.
"""

import operator
from math import inf

import numpy as np
import pandas as pd

from compendium.disclosure.solver import linked, protect, sharpest, sweep, tables_of


def suppress(cells, sums, minimum, derived=(), harmless=(), last=None):
    """Counts to withhold, so that none below a minimum can be worked out from what is left.

    Parameters
    ----------
    cells : mapping of hashable to int
        Count of respondents by name. Tables that show the same count share its name.
    sums : sequence of tuple
        ``(total, parts)``: the name of a count that is the sum of the counts named in `parts`.
    minimum : int
        Smallest count that may be shown. At 1 nothing is withheld.
    derived : collection of hashable
        Names that are not shown but tell as much as shown ones do, if they can be worked out.
    harmless : collection of hashable
        Names that are not shown and need no protection.
    last : mapping of hashable to float, optional
        How late a name is withheld for another's sake: 0 first, infinity never. Left out, parts
        have 0, totals that are part of another 1, and totals that are part of nothing 2.

    Returns
    -------
    list of hashable
        Names to withhold, in the order of `cells`.

    Raises
    ------
    ValueError
        When a count is not a whole number from 0, a name has no count, a sum does not add up, or a
        small count is given away whatever else is withheld.

    Notes
    -----
    A reader is assumed to know every count that is shown, all sums, that counts are whole numbers,
    and from the marks whether a withheld count is below the minimum. A small count is protected
    when another table with a different value there fits all of this. Such a table is found by
    integer programming at the least price: few further counts changed, then few respondents. This
    is the problem of Fischetti & Salazar-González (2001),
    https://doi.org/10.1287/mnsc.47.7.1008.9805, solved cell by cell. At the end every count that
    turns out not to be needed is shown again; none of the withheld can then be spared, though
    another choice may be cheaper.

    Zeros are small counts: that nobody of a group gave an answer says something about each of its
    members (Hundepool et al., 2012, on group disclosure), and data cannot tell a zero that had to
    be from one that happened. Leave impossible combinations out of `cells`.

    Protected means that two values or more remain possible, not that the range is wide. Not
    considered are what readers know from elsewhere, their own answer included, and inequalities,
    such as that *any of these* was ticked at least as often as each of them.

    Examples
    --------
    >>> cells = {"n": 92, "micro": 3, "small": 30, "medium": 12, "large": 47}
    >>> suppress(cells, [("n", ["micro", "small", "medium", "large"])], minimum=5)
    ['micro', 'medium']
    """
    minimum = _check(cells, sums, minimum, [*derived, *harmless])
    if minimum == 1:
        return []
    parts = {part for _, members in sums for part in members}
    rank = {total: 1 if total in parts else 2 for total, _ in sums} if last is None else last
    suppressed = set()
    # What is never withheld never moves, and so does not link what adds up to it.
    free = [name for name in cells if cells[name] < minimum or rank.get(name, 0) < inf]
    tables = tables_of(free, sums, cells, minimum, derived, harmless, rank)
    moves = sweep(tables, tables.sensitive | tables.unseen, tables.sensitive)
    for members, part in linked(tables):
        withheld, exposed = protect(part, [move[members] for move in moves])
        if exposed is not None:
            raise ValueError(
                f"{part.names[exposed]!r} is below the minimum of {minimum} and can be worked out "
                "whatever else is withheld: combine it with another count or leave its table out"
            )
        suppressed.update(part.names[withheld & ~part.unseen])
    return [name for name in cells if name in suppressed]


def feasibility_intervals(cells, sums, minimum, hidden, derived=(), harmless=()):
    """What anybody can work out about the small counts that are not shown.

    Parameters
    ----------
    cells, sums, minimum, derived, harmless
        As in `suppress`. Of `cells`, only what is shown is used, and whether a withheld count lies
        below the minimum, which its mark says.
    hidden : collection of hashable
        Names withheld.

    Returns
    -------
    pandas.DataFrame
        One row a count below the minimum, withheld or derived: `name`, `low`, `high` (Int64), the
        sharpest bounds that follow; `high` is missing where nothing bounds the count. It is
        disclosed where both are equal.

    Notes
    -----
    Each bound is an integer programme over all tables that fit what is shown (Fischetti &
    Salazar-González, 2001, https://doi.org/10.1287/mnsc.47.7.1008.9805).

    Examples
    --------
    >>> cells, sums = {"n": 20, "yes": 3, "no": 17}, [("n", ["yes", "no"])]
    >>> feasibility_intervals(cells, sums, 5, hidden=["yes"])
      name  low  high
    0  yes    3     3
    >>> feasibility_intervals(cells, sums, 5, hidden=["yes", "no"])
      name  low  high
    0  yes    0     4
    """
    minimum = _check(cells, sums, minimum, [*hidden, *derived, *harmless])
    unknown = list(dict.fromkeys([*hidden, *derived, *harmless]))
    bounds = {}
    for _, part in linked(tables_of(unknown, sums, cells, minimum, derived, harmless)):
        bounds |= {name: (low, high) for name, low, high in sharpest(part)}
    rows = [(name, *bounds[name]) for name in unknown if name in bounds]
    table = pd.DataFrame(rows, columns=["name", "low", "high"])
    return table.astype({"low": "Int64", "high": "Int64"})


def _check(cells, sums, minimum, named):
    """The minimum, after everything that was given is checked."""
    minimum = _whole(minimum, "minimum", least=1)
    for name, count in cells.items():
        _whole(count, f"the count of {name!r}", least=0)
    for name in [*named, *(name for total, parts in sums for name in (total, *parts))]:
        if name not in cells:
            raise ValueError(f"{name!r} has no count in `cells`: give every name that is used")
    for total, parts in sums:
        if cells[total] != (added := sum(cells[part] for part in parts)):
            raise ValueError(
                f"{total!r} is {cells[total]} but its parts add up to {added}: "
                "name every part, those without an answer included"
            )
    return minimum


def _whole(value, what, least):
    """A whole number; numpy's are, 3.0 and True are not."""
    try:
        number = operator.index(value)
    except TypeError:
        number = least - 1
    if number < least or isinstance(value, bool | np.bool_):
        raise ValueError(f"{what} is {value!r}: give a whole number from {least}")
    return number
