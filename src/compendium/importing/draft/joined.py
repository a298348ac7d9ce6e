"""Multi-response answers that stand together in one cell, when options may hold the separator too.

No export of this kind lists its options, so they are worked out from all cells: pieces that only ever
stand side by side are one option, what one respondent alone wrote is no option but an *Other*.
"""

import graphlib
import itertools
import re
from collections import Counter, defaultdict

SEPARATORS = {";": r"\s*;\s*", ", ": r",\s+", ",": r",(?!\s)", "|": r"\s*\|\s*"}
FEW = 20  # respondents: among fewer, an option ticked once is not taken for somebody's own words
ALWAYS = 5  # times that pieces must stand together before they are taken for one option
MOST = 60  # options
GLANCE = 2000  # different cells that show whether it is worth looking at all


def pieces(cell, separator):
    """What stands between the separators of a cell.

    Parameters
    ----------
    cell : str
    separator : str
        One of `SEPARATORS`; the comma alone is one that no space follows.

    Returns
    -------
    list of str

    Examples
    --------
    >>> pieces("Skills; up to date;", ";"), pieces("Read, heard,Used", ",")
    (['Skills', 'up to date'], ['Read, heard', 'Used'])
    """
    parts = re.split(SEPARATORS[separator], cell.strip())
    return [part.strip() for part in parts if part.strip()]


def picks(cell, options, separator):
    """The options that a cell holds, and what is left: the longest option that fits is taken.

    Parameters
    ----------
    cell : str
    options : sequence of str
    separator : str

    Returns
    -------
    picked : set of str
    rest : str
        Empty when the options account for all of the cell.

    Examples
    --------
    >>> options = ["Read", "Read, heard of", "Used"]
    >>> picked, rest = picks("Read, heard of, Used, on a, hm, website", options, ", ")
    >>> sorted(picked), rest
    (['Read, heard of', 'Used'], 'on a, hm, website')
    """
    found, rest, at = set(), [], 0
    parts = pieces(cell, separator)
    known = {tuple(pieces(option, separator)): option for option in options}
    longest = max((len(key) for key in known), default=1)
    while at < len(parts):
        for length in range(min(longest, len(parts) - at), 0, -1):
            option = known.get(tuple(parts[at : at + length]))
            if option is not None:
                found.add(option)
                at += length
                break
        else:
            rest.append(parts[at])
            at += 1
    return found, (separator if separator.endswith(" ") else f"{separator} ").join(rest)


def options_in(counts, separator, sure=False):
    """The options of a multi-response question whose ticks stand together in one cell.

    Parameters
    ----------
    counts : dict of str to int
        How often each cell occurs.
    separator : str
    sure : bool
        Whether the platform says that the cells are of this kind.

    Returns
    -------
    list of str or None
        In the order of the questionnaire as far as the cells tell it; None when the cells look like
        single choices or free text.

    Examples
    --------
    >>> options_in({"Email, Post": 4, "Email": 3, "Post": 1, "Email, Phone, Post": 2}, ", ")
    ['Email', 'Phone', 'Post']
    >>> options_in({"Yes, often": 9, "Yes, rarely": 8, "No": 3}, ", ") is None
    True
    """
    cells = [
        (pieces(cell, separator), count) for cell, count in itertools.islice(counts.items(), 20_000)
    ]
    cells = [(parts, count) for parts, count in cells if parts]
    if separator in (", ", ","):
        cells = _glued(cells, separator)
    total, often, within = 0, Counter(), Counter()
    for parts, count in cells:
        total += count
        often.update(dict.fromkeys(parts, count))
        within.update(set(parts))
    options = [part for part, count in often.items() if count > 1 or total < FEW]
    if not options or len(options) > MOST:
        return None
    # Options stand together in some cells and apart in others; the pieces of one option do not.
    varied = any(len(parts) > 1 and min(within[part] for part in parts) > 1 for parts, _ in cells)
    kept = sum(often[option] for option in options if often[option] > 1)
    if not sure and (not varied or kept < 0.6 * often.total() or max(map(len, options)) > 120):
        return None
    return _in_order(cells, options)


def _glued(cells, separator):
    """Pieces that belong to one option, put together again."""
    between = separator if separator.endswith(" ") else ", " if separator == ", " else separator
    if not any(parts[0][:1].islower() for parts, _ in cells):
        # Options begin with a capital, so a small letter goes on with the option before it.
        cells = [(_joined(parts, lambda _, b: b[0].islower() or b[0] == "(", between), n)
                 for parts, n in cells]  # fmt: skip
    while True:
        alone, pairs = Counter(), Counter()
        for parts, count in cells:
            alone.update(dict.fromkeys(parts, count))
            pairs.update(dict.fromkeys(itertools.pairwise(parts), count))
        always = {
            pair for pair, count in pairs.items()
            if count >= ALWAYS and count == alone[pair[0]] == alone[pair[1]]
        }  # fmt: skip
        if not always:
            return cells
        cells = [(_joined(parts, lambda a, b: (a, b) in always, between), n) for parts, n in cells]  # noqa: B023


def _joined(parts, together, between):
    """Neighbours put together where they go together, looking at each pair as it stood before."""
    found = [parts[0]]
    for before, part in itertools.pairwise(parts):
        if together(before, part):
            found[-1] += between + part
        else:
            found.append(part)
    return found


def _in_order(cells, options):
    """Options in the order in which cells name them; as they first occur where cells disagree."""
    before, known = defaultdict(Counter), set(options)
    for parts, count in cells:
        listed = [part for part in parts if part in known]
        for a, b in itertools.combinations(listed, 2):
            before[a][b] += count
    graph = graphlib.TopologicalSorter({option: [] for option in options})
    for a, b in itertools.permutations(options, 2):
        if before[a][b] > before[b][a]:
            graph.add(b, a)
    try:
        return list(graph.static_order())
    except graphlib.CycleError:
        return options
