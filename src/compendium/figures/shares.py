"""Gathers named results into the tables that figures draw.

Figures are made from what the other notebooks wrote, not from answers: what disclosure control
withheld there has no number here, and so none in a figure.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from compendium.figures.style import PAGE, Picture
from compendium.results import ResultId, mark
from compendium.survey.instrument import Instrument
from compendium.wording import in_percent, number

ALL = "All"  # label of the whole sample, beside its groups
CLEAR = 0.05  # below it, an adjusted p tells groups apart
COLUMNS = ["result", "count", "base", "percent", "low", "high", "shown"]


@dataclass(frozen=True)
class Source:
    """What pictures of results are made of.

    Attributes
    ----------
    instrument : Instrument
    results : dict of str to dict
        As from `results.read_results`.
    confidence : float
        Level of the intervals, a proportion.
    """

    instrument: Instrument
    results: dict
    confidence: float

    @property
    def synthetic(self):
        return self.instrument.provenance == "synthetic"

    @property
    def respondents(self):
        """How the study names them."""
        return self.instrument.words.respondents

    @property
    def level(self):
        return f"{in_percent(self.confidence)} intervals"

    def item(self, id):
        return self.instrument.item(id)

    def gather(self, ids):
        """Shares by label, as `gather` looks them up."""
        return _labelled(self._shares, ids)

    @cached_property
    def _shares(self):
        """All shares: a picture asks for some, and there are many pictures."""
        shares = {id: x for id, x in self.results.items() if x.get("unit") == "percent"}
        return _shares_of(shares, self.confidence)

    def asked_of(self, item, table):
        """A question, of how many, in what: the line below a title."""
        base = f"{number(int(table['base'].max()))} {self.respondents}"
        return f"{sentence(item.question)} {base}, percent, {self.level}"


def sentence(text):
    """A question or a label as a sentence."""
    return text if text.endswith(("?", "!", ".", ")")) else f"{text}."


def picture_of(table, figure, name, caption, alt=None):
    """A figure with the ids of what it shows, and its rows in words where no `alt` is given."""
    ids = tuple(id for id in dict.fromkeys(table["result"]) if id)
    return Picture(figure, name, caption, alt or in_words(table), ids, table)


def enough(table):
    """Whether at least half of the cells of a table can be shown."""
    return len(table) > 0 and table["percent"].notna().mean() >= 0.5


def gather(results, ids, confidence):
    """Look up shares by their ids.

    Parameters
    ----------
    results : dict of str to dict
        As from `results.read_results`.
    ids : sequence of (str or tuple of str, str)
        Label and id; labels in two parts make an index of two levels. An id that no notebook
        recorded is passed over.
    confidence : float
        Level of Wilson's intervals, a proportion; they are made anew from count and base.

    Returns
    -------
    pandas.DataFrame
        Index: label. `result` (id), `count`, `base`, in percent `percent`, `low`, `high`, and
        `shown`: empty, the mark of a withheld number (``<5``, ``…``), or why there is none. Where
        `shown` is not empty, the numbers are missing.

    References
    ----------
    Wilson (1927), doi 10.1080/01621459.1927.10502953.

    Examples
    --------
    >>> results = {"s.like.yes": {"value": 52.9, "unit": "percent", "count": 9, "base": 17}}
    >>> gather(results, [("Yes", "s.like.yes"), ("No", "s.like.no")], 0.95)[["count", "base"]]
         count  base
    Yes      9    17
    """
    return _labelled(_shares_of({id: results[id] for _, id in ids if id in results}, confidence), ids)


def _shares_of(results, confidence):
    """The shares among results, by id, with their intervals."""
    # Here, because pages that only name results start without statistics.
    from compendium.statistics.proportions import proportions

    rows = [(id, x.get("count"), x.get("base"), mark(x)) for id, x in results.items()]
    table = pd.DataFrame(rows, columns=["result", "count", "base", "shown"], index=list(results))
    table = table.astype({"count": "Int64", "base": "Int64"})
    seen = (table["shown"] == "") & table["count"].notna()
    counts, bases = (table[x].where(seen, 0).astype(int).to_numpy() for x in ("count", "base"))
    sampled = [x.get("sampled", 0.0) for x in results.values()]
    made = proportions(counts, bases, confidence, sampled=sampled)
    table[["percent", "low", "high"]] = made[["percent", "low", "high"]].to_numpy()
    return table[COLUMNS]


def _labelled(shares, ids):
    """The shares of some ids in their order, by label."""
    found = [(label, id) for label, id in ids if id in shares.index]
    labels = [label for label, _ in found]
    parted = labels and isinstance(labels[0], tuple)
    index = pd.MultiIndex.from_tuples(labels) if parted else pd.Index(labels, dtype=object)
    return shares.loc[[id for _, id in found]].set_axis(index)


def in_words(table):
    """The rows of a table in words, for alt text.

    Parameters
    ----------
    table : pandas.DataFrame
        As from `gather`; the index may have several levels.

    Returns
    -------
    str

    Examples
    --------
    >>> in_words(pd.DataFrame({"percent": [52.9, None], "shown": ["", "<5"]}, index=["Yes", "No"]))
    'Yes: 53 percent; No: withheld.'
    """
    said = []
    for label, percent, shown in zip(table.index, table["percent"], table["shown"], strict=True):
        name = ", ".join(label) if isinstance(label, tuple) else label
        known = f"{number(float(percent), 0)} percent" if pd.notna(percent) else ""
        said.append(f"{name}: {known or ('withheld' if shown[:1] in '<…' else shown)}")
    return "; ".join(said) + "."


def fold(table, most=2):
    """Put many rows without a number together into one that counts them.

    Parameters
    ----------
    table : pandas.DataFrame
        As from `gather`.
    most : int
        Up to so many rows without a number stay as they are.

    Returns
    -------
    pandas.DataFrame

    Examples
    --------
    >>> table = pd.DataFrame({"percent": [50, None, None], "shown": ["", "<5", "…"]}, index=list("abc"))
    >>> fold(table, most=1).index.tolist()
    ['a', '2 others']
    """
    hidden = table["percent"].isna()
    if hidden.sum() <= most:
        return table
    last = pd.DataFrame({"percent": np.nan, "shown": "…"}, index=[f"{hidden.sum()} others"])
    return pd.concat([table[~hidden], last.reindex(columns=table.columns)]).fillna({"result": ""})


class Finding(NamedTuple):
    """What a picture says, how many points its groups lie apart, and whether a test bears it out."""

    said: str
    gap: float
    clear: bool


def compared(table, p=None):
    """Where groups lie furthest apart: of the rows that a test tells apart, or else of all.

    Parameters
    ----------
    table : pandas.DataFrame
        As from `gather`; the index is row and group.
    p : dict of str to float
        Adjusted p by row; empty where nothing was tested.

    Returns
    -------
    Finding or None
        None where no row has two groups with a number.

    Examples
    --------
    >>> rows = pd.MultiIndex.from_product([["Useful"], ["Small", "Large"]])
    >>> table = pd.DataFrame({"percent": [41.0, 70.0]}, index=rows)
    >>> compared(table, {"Useful": 0.01}).said
    'Useful: 41% of “Small”, 70% of “Large”'
    >>> compared(table, {"Useful": 0.3}).said
    'No clear difference; the widest: Useful, 41% of “Small”, 70% of “Large”'
    """
    if table.empty:
        return None
    known = table["percent"].drop(ALL, level=1, errors="ignore").dropna()
    gaps = known.groupby(level=0, sort=False).agg(np.ptp)[known.groupby(level=0, sort=False).size() > 1]
    if gaps.empty:
        return None
    tested = {row: value for row, value in (p or {}).items() if value is not None}
    held = [row for row in gaps.index if tested.get(row, 1) < CLEAR]
    row = gaps.loc[held or gaps.index].idxmax()
    groups = known.loc[row]
    ends = groups.loc[[x for x in groups.index if x in (groups.idxmin(), groups.idxmax())]]
    said = ", ".join(f"{percent(value)} of “{group}”" for group, value in ends.items())
    start = f"{row}: " if held else f"The widest difference: {row}, "
    if tested and not held:
        start = f"No clear difference; the widest: {row}, "
    return Finding(start + said, float(gaps[row]), bool(held))


def percent(value):
    """A percent of a title, whole."""
    return f"{number(float(value), 0)}%"


def most_chosen(table, most=20):
    """Of many rows those with the highest percents, in their order, and one that stands for the others.

    Examples
    --------
    >>> table = pd.DataFrame({"percent": [5.0, 50, 45], "shown": ""}, index=list("abc"))
    >>> most_chosen(table, 0)["shown"].tolist()
    ['50% or less each']
    """
    if len(table) <= most + 2:
        return table
    kept = table["percent"].rank(ascending=False, method="first") <= most
    highest = table["percent"][~kept].max()
    told = "withheld" if pd.isna(highest) else f"{number(float(highest), 0)}% or less each"
    last = {"result": "", "percent": np.nan, "shown": told}
    last = pd.DataFrame(last, index=[f"{(~kept).sum()} other options"])
    return pd.concat([table[kept], last.reindex(columns=table.columns)])


def paged(parts, heights, above):
    """Parts of a picture, such as rows or panels, page by page.

    Parameters
    ----------
    parts : sequence
    heights : sequence of float
        Of each part, in inches.
    above : float
        Inches that title, axis and legend take on every page.

    Returns
    -------
    list of (str, str, list)
        What stands behind the title and behind the name, both empty where one page holds all; and the
        parts of the page.

    Examples
    --------
    >>> paged("abc", [4, 4, 4], 1)
    [(' (1 of 2)', '-1', ['a', 'b']), (' (2 of 2)', '-2', ['c'])]
    """
    pages, used = [[]], above
    for part, height in zip(parts, heights, strict=True):
        if pages[-1] and used + height > PAGE:
            pages.append([])
            used = above
        pages[-1].append(part)
        used += height
    if len(pages) == 1:
        return [("", "", pages[0])]
    wide = len(str(len(pages)))  # so that names sort as the pages do
    return [(f" ({k} of {len(pages)})", f"-{k:0{wide}d}", part) for k, part in enumerate(pages, 1)]


def option_ids(item, kinds=("option",), statement=None):
    """Labels and ids of the distribution of an item.

    Parameters
    ----------
    item : Item
        A choice, a scale, a multi-response item, or a grid with its `statement`.
    kinds : sequence of str
        ``option``, ``dont_know``, ``group``.
    statement : Option, optional
        A statement of a grid.

    Returns
    -------
    list of (str, str)

    Examples
    --------
    >>> from compendium.survey.instrument import read_instrument
    >>> item = read_instrument("data/anes96/survey.yml").item
    >>> option_ids(item("intended"))
    [('Bill Clinton', 'vote.intended.clinton'), ('Bob Dole', 'vote.intended.dole')]
    """
    parts = {"option": item.choices, "dont_know": item.unsure, "group": item.groups}
    key = item.key if statement is None else f"{item.key}.{statement.id}"
    return [(part.label, str(ResultId(key, part.id))) for kind in kinds for part in parts[kind]]


def row_ids(item, of, by, rows=(), part=None):
    """Labels and ids of a breakdown: how often `of` was chosen, by the answers to another item.

    Parameters
    ----------
    item, by : Item
        Outcome, and the item whose options form the rows.
    of : str
        Option or group of the outcome.
    rows : sequence of str
        Options and groups of `by`; all of its options otherwise.
    part : Option, optional
        The statement, where the outcome is a grid.

    Returns
    -------
    list of (str, str)

    Examples
    --------
    >>> from compendium.survey.instrument import read_instrument
    >>> item = read_instrument("data/anes96/survey.yml").item
    >>> row_ids(item("intended"), "dole", item("education"), ["degree"])
    [('College degree or above', 'vote.intended.dole.by.education.degree')]
    """
    key = item.key if part is None else f"{item.key}.{part.id}"
    ids = rows or [option.id for option in by.choices]
    return [(by.label_of(row), str(ResultId(key, of, by.id, row))) for row in ids]


def at_random(saved, seed, most=6):
    """Numbers that were drawn, picked at random, to be found by hand.

    Parameters
    ----------
    saved : dict of str to pandas.DataFrame or None
        What each picture shows, by its file's name.
    seed, most : int

    Returns
    -------
    pandas.DataFrame or None
        `Figure`, `What it shows`, `Percent`, `Result`; None where no percentage was drawn.
    """
    cells = [
        (name, row.Index, float(row.percent), row.result)
        for name, table in saved.items()
        if table is not None and "percent" in table
        for row in table.itertuples()
        if pd.notna(row.percent)
    ]
    if not cells:
        return None
    rng, size, rows = np.random.default_rng(seed), min(most, len(cells)), []
    for k in sorted(rng.choice(len(cells), size=size, replace=False)):
        name, label, percent, result = cells[k]
        said = ", ".join(label[::-1]) if isinstance(label, tuple) else label
        rows.append((name, said, number(percent), result))
    return pd.DataFrame(rows, columns=["Figure", "What it shows", "Percent", "Result"])
