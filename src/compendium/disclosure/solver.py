"""Cell suppression as whole-number programming: the solver behind `suppression`.

A reader who does not see some counts is left with every table that fits what is shown. A count is
protected when it differs between two of them: the true table and a *move* away from it, a change
that keeps all sums and all marks right. Bounds that follow from single sums are tried before any
programme is solved, and one programme answers for all counts that it moves.
"""

from dataclasses import dataclass, replace
from math import inf

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, hstack
from scipy.sparse.csgraph import connected_components

INFEASIBLE, UNBOUNDED, OTHER = 2, 3, 4  # what scipy's milp calls its status
TRIES = 4  # a programme costs about as much as so many looks


@dataclass(frozen=True)
class Tables:
    """Counts and their sums, and what a reader would know of each count if it were not shown."""

    names: np.ndarray
    matrix: csr_array  # one row a sum, one column a name: 1 for a part, -1 for the total
    lack: np.ndarray  # what the parts of each sum that are not among the names leave over
    counts: np.ndarray
    low: np.ndarray  # smallest and largest value, from its mark
    high: np.ndarray
    sensitive: np.ndarray  # below the minimum, and not harmless
    unseen: np.ndarray  # derived or harmless: in no table, so without a mark
    late: np.ndarray  # how late it is withheld for another's sake


def tables_of(names, sums, cells, minimum, derived, harmless, rank=None):
    """The counts of these names, with the limits that the mark of each would tell a reader."""
    rank, place = rank or {}, {name: i for i, name in enumerate(names)}
    entries = [
        (sign, row, place[name])
        for row, (total, parts) in enumerate(sums)
        for name, sign in [(total, -1), *((part, 1) for part in parts)]
        if name in place
    ]
    signs, rows, columns = np.array(entries, dtype=int).reshape(-1, 3).T
    matrix = csr_array((signs, (rows, columns)), shape=(len(sums), len(names)))
    listed = np.empty(len(names), dtype=object)
    listed[:] = names
    counts = np.array([int(cells[name]) for name in names], dtype=np.int64)
    harmless = set(harmless)
    tame = np.array([name in harmless for name in names], dtype=bool)
    unseen = tame | np.isin(np.arange(len(names)), [place[name] for name in derived if name in place])
    small = counts < minimum
    return Tables(
        listed, matrix, matrix @ counts, counts,
        low=np.where(small | unseen, 0, minimum),
        high=np.where(small & ~unseen, minimum - 1, inf),
        sensitive=small & ~tame, unseen=unseen,
        late=np.array([rank.get(name, 0) for name in names], dtype=float),
    )  # fmt: skip


def linked(tables):
    """The parts of the tables that hang together through sums, and where their counts stand."""
    n, m = tables.matrix.shape[1], tables.matrix.shape[0]
    entries = tables.matrix.tocoo()
    graph = coo_array((np.ones(entries.nnz), (entries.col, n + entries.row)), shape=(n + m, n + m))
    label = connected_components(graph, directed=False)[1]
    columns, rows = np.argsort(label[:n], kind="stable"), np.argsort(label[n:], kind="stable")
    ordered = tables.matrix[rows]
    sizes, heights = np.bincount(label[:n]), np.bincount(label[n:], minlength=label.max() + 1)
    ends, floors = np.cumsum(sizes), np.cumsum(heights)
    place = np.empty(n, dtype=int)  # of a column within its part
    place[columns] = np.arange(n) - np.repeat(ends - sizes, sizes)
    for end, size, floor, height in zip(ends, sizes, floors, heights, strict=False):
        members, used = columns[end - size : end], rows[floor - height : floor]
        pointers = ordered.indptr[floor - height : floor + 1]
        inside = slice(pointers[0], pointers[-1])
        block = (ordered.data[inside], place[ordered.indices[inside]], pointers - pointers[0])
        matrix = csr_array(block, shape=(height, size))
        picked = {
            key: getattr(tables, key)[members]
            for key in ("names", "counts", "low", "high", "sensitive", "unseen", "late")
        }
        yield members, replace(tables, matrix=matrix, lack=tables.lack[used], **picked)


def limits(tables, low, high):
    """Smallest and largest value of each count that follow from one sum after another.

    They hold, but may be wider than the sharpest ones.
    """
    entries = tables.matrix.tocoo()
    row, column, plus = entries.row, entries.col, entries.data > 0
    lack = tables.lack[row]
    for _ in range(20):  # any number of rounds gives limits that hold
        upper = lack - _others(row, np.where(plus, low[column], -high[column]), -inf)
        lower = lack - _others(row, np.where(plus, high[column], -low[column]), inf)
        was = low.copy(), high.copy()
        np.maximum.at(low, column, np.where(plus, lower, -upper))
        np.minimum.at(high, column, np.where(plus, upper, -lower))
        if (was[0] == low).all() and (was[1] == high).all():
            break
    return low, high


def _range(tables, free):
    """Smallest and largest value of each count, where all but the free ones are known."""
    low = np.where(free, tables.low, tables.counts).astype(float)
    return low, np.where(free, tables.high, tables.counts).astype(float)


def _others(row, values, endless):
    """What the other entries of the same row add up to; endless where one of them is."""
    without = values == endless
    finite = np.where(without, 0, values)
    rest = np.bincount(row, finite)[row] - finite
    return np.where(np.bincount(row, without)[row] > without, endless, rest)


def sweep(tables, free, wanted):
    """Moves, as few as will do, that change what is wanted and can be changed, or most of it."""
    if not wanted.any():  # scipy 1.18 takes no programme without a variable
        return []
    moves, at = [], np.flatnonzero(free)
    # A count without an upper limit would let the programme run away.
    top = np.minimum(tables.high, tables.counts + tables.counts.max(initial=0) + 1)
    change = Bounds((tables.low - tables.counts)[at], (top - tables.counts)[at])
    still = LinearConstraint(tables.matrix[:, at], 0, 0)
    weight = 1 + np.arange(len(free)) % 11  # with equal weights a change of two would be none
    while wanted.any() and len(moves) < 8:
        left = wanted.sum()
        for way in (1, -1):
            found = milp(-way * (weight * wanted)[at], constraints=still, integrality=1, bounds=change)
            moves.append(np.zeros_like(tables.counts))
            moves[-1][at] = _whole_numbers(found)
            wanted = wanted & (moves[-1] == 0)
        if wanted.sum() == left:
            break
    return moves


def protect(tables, moves):
    """Which counts to withhold, and the first that cannot be protected, if any.

    `moves` are some that change nothing but small counts and what is in no table.
    """
    withheld = tables.sensitive | tables.unseen
    witness = _moved(tables, moves)  # sensitive count -> move that changes it
    for cell in np.flatnonzero(tables.sensitive):
        if cell in witness:
            continue
        move = _move(tables, cell, withheld)
        for stage in np.unique(tables.late[~withheld & np.isfinite(tables.late)]):
            if move is not None:
                break
            move = _cheapest(tables, cell, withheld | (tables.late <= stage), withheld)
        if move is None:
            return withheld, cell
        withheld = withheld | (move != 0)
        # Later on more is withheld, never less, so what fits now will fit then.
        witness |= _moved(tables, [move])
    return _spare(tables, withheld, witness), None


def _moved(tables, moves):
    """For each sensitive count that one of the moves changes, that move."""
    return {cell: move for move in moves for cell in np.flatnonzero((move != 0) & tables.sensitive)}


def _spare(tables, withheld, witness):
    """Withheld without the counts that turned out not to be needed, dearest first."""
    secondary = np.flatnonzero(withheld & ~tables.sensitive & ~tables.unseen)
    for cell in secondary[np.lexsort((-tables.counts[secondary], -tables.late[secondary]))]:
        trial, broken = withheld.copy(), np.zeros_like(withheld)
        trial[cell] = False
        broken[[other for other in witness if witness[other][cell]]] = True
        low, high = limits(tables, *_range(tables, trial))
        if (broken & (low == high)).any():
            continue
        found = witness | _moved(tables, sweep(tables, trial, broken))
        for other in np.flatnonzero(broken):
            if found[other][cell]:
                move = _move(tables, other, trial)
                if move is None:
                    break
                found |= _moved(tables, [move])
        else:
            withheld, witness = trial, found
    return withheld


def _move(tables, cell, free):
    """A move of what is free that changes a count; None if there is none."""
    low, high = limits(tables, *_range(tables, free))
    at = np.flatnonzero(low < high)
    still = LinearConstraint(tables.matrix[:, at], 0, 0)
    for way in (1, -1):
        lower, upper = low - tables.counts, high - tables.counts
        (lower if way == 1 else upper)[cell] = way
        if lower[cell] > upper[cell]:
            continue
        change = Bounds(lower[at], upper[at])
        found = milp(np.zeros(len(at)), constraints=still, integrality=1, bounds=change)
        if found.status != INFEASIBLE:
            move = np.zeros_like(tables.counts)
            move[at] = _whole_numbers(found)
            return move
    return None


def _cheapest(tables, cell, free, withheld):
    """The move of what is free that changes a count at the least price; None if there is none.

    What is `withheld` already changes for nothing, but nothing changes the count that way alone.
    """
    low, high = limits(tables, *_range(tables, free))
    if low[cell] == high[cell]:
        return None
    price = 1 + tables.late + tables.counts / (1 + tables.counts.sum())
    extra = np.where(free & ~withheld & (low < high), price, inf)
    move = _one_more(tables, cell, extra, withheld)
    if move is not None:
        return move
    at = np.flatnonzero(free)
    counts, price = tables.counts[at], np.where(withheld[at], 0, price[at])
    room = np.array([tables.high[at] - counts, counts - tables.low[at]])
    matrix = tables.matrix[:, at]
    still = LinearConstraint(hstack([matrix, -matrix]), 0, 0)
    best, least = None, inf
    for way in (0, 1):  # up, down
        if room[way, at == cell] < 1 or least <= extra.min():
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


def _one_more(tables, cell, price, withheld):
    """The cheapest move, where it is seen at once: it changes one more count by one, and no tie."""
    found, order = [], np.argsort(price, kind="stable")
    for partner in order[price[order] < min(2 * price.min(), inf)][:TRIES]:
        if found and price[partner] > price[found[0][0]]:
            return found[0][1] if len(found) == 1 else None
        low, high = _range(tables, withheld)
        low[partner] = max(tables.low[partner], tables.counts[partner] - 1)
        high[partner] = tables.counts[partner] + 1
        for way in (1, -1):
            least, most = low.copy(), high.copy()
            least[cell] = most[cell] = tables.counts[cell] + way
            if not tables.low[cell] <= least[cell] <= tables.high[cell]:
                continue
            least, most = limits(tables, least, most)
            if (least > most).any():
                continue
            values = np.clip(tables.counts, least, most)
            if (tables.matrix @ values != tables.lack).any():
                return None
            found.append((partner, (values - tables.counts).astype(np.int64)))
            break
    return None


def sharpest(tables):
    """Smallest and largest value of each sensitive count, by its name; None for no largest."""
    fits = LinearConstraint(tables.matrix, tables.lack, tables.lack)
    within = Bounds(tables.low, tables.high)
    outer_low, outer_high = limits(tables, tables.low.astype(float), tables.high.astype(float))
    low, high = tables.counts.copy(), tables.counts.copy()  # the true table is one that fits
    for cell in np.flatnonzero(tables.sensitive):
        for way, outer in ((1, outer_low), (-1, outer_high)):
            if (low if way == 1 else high)[cell] == outer[cell]:
                continue
            aim = np.zeros(len(tables.counts))
            aim[cell] = way
            found = milp(aim, constraints=fits, integrality=1, bounds=within)
            # The true counts fit, so where the solver finds no largest value there is none.
            if way == -1 and found.status in (INFEASIBLE, UNBOUNDED, OTHER):
                yield tables.names[cell], low[cell], None
                break
            values = _whole_numbers(found)
            low, high = np.minimum(low, values), np.maximum(high, values)
        else:
            yield tables.names[cell], low[cell], high[cell]


def _whole_numbers(found):
    """What `milp` found, rounded: it keeps whole numbers only to within a millionth."""
    if found.x is None:
        raise RuntimeError(f"no solution to the tables: {found.message}")
    return np.rint(found.x).astype(np.int64)
