"""Cell suppression as whole-number programming: the solver behind `disclosure`.

A reader who does not see some counts is left with every table that fits what is shown. A count is
protected when it differs between two of them: the true table and a *move* away from it, a change
that keeps all sums and all marks right.
"""

from dataclasses import dataclass
from math import inf

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, hstack
from scipy.sparse.csgraph import connected_components

INFEASIBLE, UNBOUNDED, OTHER = 2, 3, 4  # what scipy's milp calls its status


def linked(names, sums):
    """Names that hang together through sums, set by set, with the matrix of their sums.

    Yields
    ------
    names : list
    matrix : scipy.sparse.csr_array
        One row a sum, one column a name: 1 for a part, -1 for the total.
    rows : numpy.ndarray
        Which of `sums` the rows are.
    """
    position = {name: i for i, name in enumerate(names)}
    entries = [
        (sign, row, position[name])
        for row, (total, parts) in enumerate(sums)
        for name, sign in [(total, -1), *((part, 1) for part in parts)]
        if name in position
    ]
    signs, rows, columns = np.array(entries, dtype=int).reshape(-1, 3).T
    matrix = csr_array((signs, (rows, columns)), shape=(len(sums), len(names)))
    size = len(names) + len(sums)
    graph = coo_array((np.ones(len(rows)), (columns, len(names) + rows)), shape=(size, size))
    label = connected_components(graph, directed=False)[1][: len(names)]
    for members in pd.Series(label).groupby(label).indices.values():
        block = matrix[:, members]
        used = np.flatnonzero(np.diff(block.indptr))
        yield [names[i] for i in members], block[used], used


@dataclass(frozen=True)
class Tables:
    """Linked counts, and what a reader would know of each if it were not shown."""

    matrix: csr_array  # sums by counts
    counts: np.ndarray
    low: np.ndarray  # smallest and largest value, from its mark
    high: np.ndarray
    sensitive: np.ndarray  # below the minimum, and not harmless
    unseen: np.ndarray  # derived or harmless: in no table, so without a mark


def known_of(names, matrix, cells, minimum, derived, harmless):
    """The counts, with the limits that the mark of each would tell a reader."""
    counts = np.array([int(cells[name]) for name in names], dtype=np.int64)
    unseen = np.array([name in derived or name in harmless for name in names])
    small = counts < minimum
    low = np.where(small | unseen, 0, minimum)
    high = np.where(small & ~unseen, minimum - 1, inf)
    sensitive = small & np.array([name not in harmless for name in names])
    return Tables(matrix, counts, low, high, sensitive, unseen)


def protect(tables, late):
    """Which counts to withhold, and the first that cannot be protected, if any."""
    withheld = tables.sensitive | tables.unseen
    witness = {}  # sensitive count -> change into a table that fits all that is shown, but not it
    _sweep(tables, withheld, witness)
    for cell in np.flatnonzero(tables.sensitive):
        if cell in witness:
            continue
        for stage in [-1, *np.unique(late[~withheld & np.isfinite(late)])]:
            move = _move(tables, cell, withheld | (late <= stage), withheld, late)
            if move is not None:
                break
        else:
            return withheld, cell
        withheld = withheld | (move != 0)
        # Later on more is withheld, never less, so what fits now will fit then.
        witness |= dict.fromkeys(np.flatnonzero((move != 0) & tables.sensitive), move)
    return _spare(tables, withheld, witness, late), None


def _sweep(tables, withheld, witness):
    """Find out cheaply which counts are protected already: move as many as will go, up and down."""
    for way in (1, -1):
        wanted = tables.sensitive & ~np.isin(np.arange(len(withheld)), list(witness))
        if wanted.any():
            at = np.flatnonzero(withheld)
            # A count without an upper limit would let the programme run away.
            high = np.minimum(tables.high, tables.counts + tables.counts.sum() + 1)[at]
            change = Bounds(tables.low[at] - tables.counts[at], high - tables.counts[at])
            still = LinearConstraint(tables.matrix[:, at], 0, 0)
            found = milp(-way * wanted[at], constraints=still, integrality=1, bounds=change)
            move = np.zeros_like(tables.counts)
            move[at] = _whole_numbers(found)
            witness |= dict.fromkeys(np.flatnonzero((move != 0) & tables.sensitive), move)


def _spare(tables, withheld, witness, late):
    """Withheld without the counts that turned out not to be needed, dearest first."""
    secondary = np.flatnonzero(withheld & ~tables.sensitive & ~tables.unseen)
    for cell in secondary[np.lexsort((-tables.counts[secondary], -late[secondary]))]:
        trial, found = withheld.copy(), dict(witness)
        trial[cell] = False
        for other in witness:
            if found[other][cell]:
                move = _move(tables, other, trial, trial, late)
                if move is None:
                    break
                found |= dict.fromkeys(np.flatnonzero((move != 0) & tables.sensitive), move)
        else:
            withheld, witness = trial, found
    return withheld


def _move(tables, cell, free, withheld, late):
    """Changes that give a count another value at the least price; None if none can.

    Only what is `free` changes, every sum still holds and every mark is still right. What is
    `withheld` already changes for nothing.
    """
    at = np.flatnonzero(free)
    counts = tables.counts[at]
    room = np.array([tables.high[at] - counts, counts - tables.low[at]])
    price = np.where(withheld[at], 0, 1 + late[at] + counts / (1 + tables.counts.sum()))
    matrix = tables.matrix[:, at]
    still = LinearConstraint(hstack([matrix, -matrix]), 0, 0)
    best, least = None, inf
    for way in (0, 1):  # up, down
        if least == 0 or room[way, at == cell] < 1:
            continue
        lower, upper = np.zeros_like(room), room.copy()
        lower[way, at == cell], upper[1 - way, at == cell] = 1, 0
        change = Bounds(lower.ravel(), upper.ravel())
        found = milp(np.tile(price, 2), constraints=still, integrality=1, bounds=change)
        if found.status == INFEASIBLE:
            continue
        up, down = _whole_numbers(found).reshape(2, -1)
        if (cost := price @ np.abs(up - down)) < least:
            best, least = np.zeros_like(tables.counts), cost
            best[at] = up - down
    return best


def sharpest(tables, lack, cell):
    """Smallest and largest value of a count, given what its sums lack; None for no largest."""
    aim = np.zeros(len(tables.counts))
    aim[cell] = 1
    fits = LinearConstraint(tables.matrix, lack, lack)
    within = Bounds(tables.low, tables.high)
    low = _whole_numbers(milp(aim, constraints=fits, integrality=1, bounds=within))[cell]
    found = milp(-aim, constraints=fits, integrality=1, bounds=within)
    # The true counts fit, so where the solver finds no largest value there is none.
    high = None if found.status in (INFEASIBLE, UNBOUNDED, OTHER) else _whole_numbers(found)[cell]
    return low, high


def _whole_numbers(found):
    """What `milp` found, rounded: it keeps whole numbers only to within a millionth."""
    if found.x is None:
        raise RuntimeError(f"no solution to the tables: {found.message}")
    return np.rint(found.x).astype(np.int64)
