"""Diverging bars for ordered answers: what lies below the middle to the left, above it to the right.

*Don't know* and no answer are no points of the scale: they stand beside the bars, in respondents.
After Heiberger & Robbins (2014), https://doi.org/10.18637/jss.v057.i05.
"""

import math

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.patches import Patch

from compendium.figures.estimates import label_rows, row_height
from compendium.figures.shares import option_ids, paged, percent, picture_of, sentence
from compendium.figures.style import (
    GREY,
    INK,
    PALE,
    contrast,
    flow,
    frame,
    legend_rows,
    readable,
    wrap,
)
from compendium.results import ResultId
from compendium.wording import number

NEUTRAL = {  # where the middle point of a scale goes
    "split": "split on both sides of zero",
    "left": "to the left of zero",
    "beside": "beside the bars",
}
# From the lowest to the highest point; light in the middle, and darker to both ends in grey print.
DIVERGING = ("#8c3d0f", "#e0a36b", "#ebebe9", "#86b6d2", "#0b4f79")
HATCH = {"facecolor": "white", "edgecolor": GREY, "hatch": "/////", "linewidth": 0.6}
BESIDE = {"dont_know": "#4a555e", "none": "#b4bcc2", "either": "#8b959d"}


def diverging(points):
    """Colours for 2 to 11 points from the lowest; the middle one of an odd number is light grey."""
    if points == len(DIVERGING):
        return list(DIVERGING)
    half, scale = points // 2, LinearSegmentedColormap.from_list("diverging", DIVERGING)
    sides = []
    for ends in ((0.0, 0.35), (1.0, 0.65)):  # kept off the middle, the neutral point's colour
        steps = [to_hex(scale(x)) for x in np.linspace(*ends, 200)]
        # Between dark and light there is a range on which neither white nor black can be read.
        legible = [x for x in steps if contrast(x, readable(x)) >= 4.6]
        places = np.linspace(0, len(legible) - 1, half) if half > 1 else [0]
        sides.append([legible[int(k)] for k in places])
    below, above = sides
    return [*below, *([DIVERGING[2]] if points % 2 else []), *reversed(above)]


def parts_of(shares, neutral="split"):
    """Where the parts of one diverging bar begin, and how long they are.

    Parameters
    ----------
    shares : sequence of float
        Percent by point, from the lowest; NaN where it is withheld.
    neutral : str
        Where the middle of an odd number of points goes: ``split`` on both sides of zero, ``left``
        of zero, or ``beside`` the bar.

    Returns
    -------
    parts : list of tuple
        `first`, `last` (points, from 0), `start` and `length`. Neighbours on one side that are
        withheld make one part: together they are what the others leave of 100.
    apart : float
        What is withheld and has no place on the bar; NaN where it must stay unknown.
    middle : float
        The share of the neutral point where it goes beside the bar; otherwise NaN.

    Raises
    ------
    ValueError
        When `neutral` is not one of `NEUTRAL`.

    Examples
    --------
    >>> parts_of([10, 20, 30, 25, 15])[0][0]
    (0, 0, -45.0, 10)
    >>> nothing = float("nan")
    >>> parts_of([nothing, nothing, 30, 25, 15], "left")[0][:2]
    [(0, 1, -60.0, 30), (2, 2, -30.0, 30)]
    """
    if neutral not in NEUTRAL:
        raise ValueError(f"neutral is '{neutral}'; write one of {', '.join(NEUTRAL)}.")
    size, hidden = len(shares), [k for k, x in enumerate(shares) if math.isnan(x)]
    middle = size // 2 if size % 2 else None
    spans = [(k, k, x) for k, x in enumerate(shares) if not math.isnan(x)]
    apart = max(100 - sum(x for *_, x in spans), 0.0) if len(hidden) > 1 else float("nan")
    if len(hidden) > 1 and _one_side(hidden, size):
        spans, apart = sorted([*spans, (hidden[0], hidden[-1], apart)]), float("nan")
    centre = next((x for first, last, x in spans if first == last == middle), 0.0)
    if neutral == "beside" and middle is not None:
        spans = [span for span in spans if span[0] != middle]
    on_left = {"split": centre / 2, "left": centre, "beside": 0.0}[neutral]
    start = -float(sum(x for _, last, x in spans if last < size // 2) + on_left)
    parts = []
    for first, last, length in spans:
        parts.append((first, last, start, length))
        start += length
    return parts, apart, centre if neutral == "beside" and middle is not None else float("nan")


def _one_side(hidden, size):
    """Whether the points are neighbours and all below or all above the middle."""
    together = hidden[-1] - hidden[0] == len(hidden) - 1
    return together and (hidden[-1] < size // 2 or hidden[0] >= (size + 1) // 2)


def draw_likert(axes, shares, bases, neutral="split", width=2.1):
    """Draw diverging bars, one a statement.

    Parameters
    ----------
    axes : sequence of matplotlib.axes.Axes
        The bars, and where `neutral` is ``beside``, a second for the neutral point.
    shares : pandas.DataFrame
        Percent; index: statement, columns: points from the lowest to the highest; NaN is withheld.
    bases : sequence of str
        The base of each row, as text.
    neutral : str
        As in `parts_of`.
    width : float
        Inches for the labels.
    """
    colours, main, ends = diverging(shares.shape[1]), axes[0], [0]
    for k, values in enumerate(shares.to_numpy(float)):
        y = len(shares) - 1 - k
        parts, apart, middle = parts_of(values, neutral)
        for first, last, start, length in parts:
            known = first == last
            look = {"color": colours[first], "edgecolor": "white", "linewidth": 0.6} if known else HATCH
            _bar(main, y, start, length, look, colours[first] if known else "#ffffff")
        end = max((start + length for _, _, start, length in parts), default=0)
        if apart > 0:
            _bar(main, y, end + 2, apart, HATCH, "#ffffff")
            end += 2 + apart
        if not math.isnan(middle):
            look = {"color": DIVERGING[2], "edgecolor": GREY, "linewidth": 0.6}
            _bar(axes[1], y, 0, middle, look, DIVERGING[2])
        ends += [start for _, _, start, _ in parts] + [end]
    label_rows(main, shares.index, width, bases)
    low, high = 10 * math.floor(min(ends) / 10), 10 * math.ceil(max(ends) / 10)
    for other in axes[1:2] if neutral == "beside" and shares.shape[1] % 2 else []:
        name = wrap(shares.columns[shares.shape[1] // 2], 0.8, 8.5)
        other.set_title(name, size=8.5, color=GREY, loc="left")
        other.set(xlim=(0, None), ylim=main.get_ylim(), xticks=[], yticks=[])
        sns.despine(ax=other, left=True, bottom=True)
    # A middle that lies across the line keeps its number; otherwise the line parts two colours.
    main.axvline(0, color=INK, lw=0.8, zorder=1 if neutral == "split" and shares.shape[1] % 2 else 3)
    main.set(xlim=(low, high), xlabel="Percent of those who chose a point")
    ticks = [x for x in range(-100, 101, 25) if low <= x <= high]
    main.set_xticks(ticks, [f"{abs(x)}" for x in ticks])
    main.grid(axis="x", color=PALE, lw=0.6, zorder=0)


def _bar(axes, y, start, length, look, background):
    """One part of a bar, with its percent where that fits; the hatching stays off the letters."""
    axes.barh(y, length, left=start, height=0.72, zorder=2, **look)
    if length < 6:
        return
    clear = {"bbox": {"fc": "white", "ec": "none", "pad": 1}} if look is HATCH else {}
    axes.text(start + length / 2, y, number(float(length), 0), ha="center", va="center", size=8,
              color=readable(background), zorder=4, **clear)  # fmt: skip


def draw_beside(axes, beside, title):
    """Draw who is not on the scale, in respondents, as `off_scale` counts them."""
    left = np.zeros(len(beside))
    rows = np.arange(len(beside))[::-1]
    for part, colour in BESIDE.items():
        counts = beside[part].fillna(0).to_numpy(float)
        axes.barh(rows, counts, left=left, height=0.5, color=colour)
        left += counts
    for row, (_, line) in zip(rows, beside.iterrows(), strict=True):
        known = [number(int(x)) for x in line.dropna()]
        axes.annotate(" + ".join(known), (np.nansum(line), row), xytext=(4, 0), va="center", size=8.5,
                      textcoords="offset points", annotation_clip=False)  # fmt: skip
    axes.set_title(title, size=8.5, color=GREY, loc="left")
    axes.set(xlim=(0, max(left.max() * 1.6, 1)), ylim=(-0.6, len(beside) - 0.4), yticks=[], xticks=[])
    sns.despine(ax=axes, left=True, bottom=True)


def off_scale(asked, bases, dont_knows):
    """How many are not on the scale, and which of the two reasons may be told apart.

    Parameters
    ----------
    asked : int or None
        Respondents who were asked; None where that is withheld, and with it who gave no answer.
    bases : sequence of int
        Of them on the scale, by statement.
    dont_knows : sequence of int or None
        Of the others, who said *don't know*; None where that is withheld.

    Returns
    -------
    pandas.DataFrame
        As `draw_beside` takes it. Base and who was asked give the sum away anyhow, and no more than
        that is told.

    Examples
    --------
    >>> off_scale(92, [84, 87], [5, None])
       dont_know  none  either
    0        5.0   3.0     NaN
    1        NaN   NaN     5.0
    """
    if asked is None:
        return pd.DataFrame({"dont_know": dont_knows, "none": None, "either": None}, dtype=float)
    rows = [
        (None, None, asked - base) if said is None else (said, asked - base - said, None)
        for base, said in zip(bases, dont_knows, strict=True)
    ]
    return pd.DataFrame(rows, columns=["dont_know", "none", "either"], dtype=float)


def keys(shares, beside=None):
    """What the colours mean: the points in their order; with `beside`, what occurs off the scale."""
    patches = [
        Patch(facecolor=colour, edgecolor=GREY, linewidth=0.4, label=label)
        for colour, label in zip(diverging(shares.shape[1]), shares.columns, strict=True)
    ]
    if beside is None:
        return patches
    if shares.isna().to_numpy().any():
        patches.append(Patch(**HATCH, label="Withheld point by point"))
    names = {"dont_know": "Don't know", "none": "No answer", "either": "Don't know or no answer"}
    used = [part for part in BESIDE if beside[part].gt(0).any()]
    return patches + [Patch(facecolor=BESIDE[part], label=names[part]) for part in used]


def grid_picture(source, grid, neutral="split"):
    """The statements of a grid as diverging bars, the most agreed with on top.

    Parameters
    ----------
    source : shares.Source
    grid : Item
    neutral : str
        As in `parts_of`.

    Returns
    -------
    list of Picture or str
        A sentence instead of the picture where it cannot be drawn.
    """
    told = [s for s in grid.statements if _base(source, grid, s) and _tells(source, grid, s)]
    if not told:
        return [f"“{grid.question}”: its answers were not recorded, or all are withheld"]
    said = [
        f"“{s.label}” of “{grid.question}”: nobody chose a point, or all that were chosen are withheld"
        for s in grid.statements
        if s not in told
    ]
    grid = grid.model_copy(update={"statements": told})
    shares, bases, off, parts = _on_scale(source, grid)
    rows, each = range(len(shares)), row_height(shares.index, 2.1)
    return said + [
        _bars(source, grid, neutral, (shares, bases, off, parts), part, more, end)
        for more, end, part in paged(rows, [each] * len(rows), 2.6)
    ]


def _base(source, grid, statement):
    """How many chose a point; None where it is withheld or was not recorded."""
    first = str(ResultId(f"{grid.key}.{statement.id}", grid.choices[0].id))
    return source.results.get(first, {}).get("base")


def _tells(source, grid, statement):
    """Whether a bar would show anything: at least one point is not withheld."""
    return source.gather(option_ids(grid, statement=statement))["percent"].notna().any()


def _asked(source, grid):
    """How many were asked a grid; None where a condition decides it and it may not be told."""
    if grid.asked_if is None:
        return source.results["sample.n"]["value"]
    return source.results.get(f"missing.{grid.id}", {}).get("base")


def _bars(source, grid, neutral, on_scale, part, more, end):
    """A page of a grid: the rows `part` of what `_on_scale` gives."""
    every_share, all_bases, every_off, parts = on_scale
    shares, off = every_share.iloc[part], every_off.iloc[part]
    bases = [all_bases[k] for k in part]
    apart, away = neutral == "beside" and shares.shape[1] % 2 == 1, bool(off.gt(0).to_numpy().any())
    points, every = keys(shares), keys(shares, off)
    legend = flow(points) + flow(every[len(points) :])
    ratios = [5] + [1.2] * apart + [1.3] * away
    figure, axes = frame(
        _title(grid, every_share) + more,
        f"{sentence(grid.question)} Percent of the {source.respondents} who chose a point; n beside "
        "each row", source.synthetic,
        height=1.3 + 0.25 * len(legend) + row_height(shares.index, 2.1) * len(shares),
        columns=len(ratios), legend=len(legend), squeeze=False, width_ratios=ratios,
    )  # fmt: skip
    draw_likert(axes[0], shares, [f"{base:,}" for base in bases], neutral)
    if away:
        draw_beside(axes[0, -1], off, "Off the scale")
    legend_rows(figure, legend)
    caption = (
        f"{sentence(grid.question)} Diverging bars; the middle point is {NEUTRAL[neutral]}. "
        "Beside the bars, respondents who are not on the scale."
    )
    table = pd.concat({label: drawn for label, drawn in parts.items() if label in shares.index})
    return picture_of(table, figure, f"scale_{grid.id}{end}", caption)


def _title(grid, shares):
    """The statements with most and fewest on the upper points; the question where one is withheld."""
    upper = grid.choices[(len(grid.choices) + 1) // 2 :]
    agreed = shares.iloc[:, -len(upper) :].sum(axis=1, skipna=False).dropna()
    if len(agreed) < 2 or not upper:
        return grid.question
    ids = [point.id for point in upper]
    named = next((group.label for group in grid.groups if group.options == ids), "")
    named = named or f"{upper[0].label} or above"
    ends = (agreed.idxmax(), agreed.idxmin())
    return f"{named}: " + ", ".join(f"{percent(agreed[end])} for “{end}”" for end in ends)


def _on_scale(source, grid):
    """Shares and bases of a grid's statements in the order of the bars, and who is off the scale."""
    parts = {s.label: source.gather(option_ids(grid, statement=s)) for s in grid.statements}
    shares = pd.DataFrame({label: part["percent"] for label, part in parts.items()}).T.astype(float)
    upper = shares.iloc[:, (shares.shape[1] + 1) // 2 :]
    agreed = upper.sum(axis=1).where(
        upper.notna().all(axis=1), 100 - shares.iloc[:, : -upper.shape[1]].sum(axis=1)
    )
    order = agreed.sort_values(ascending=False, kind="stable").index
    bases = {label: int(part["base"].iloc[0]) for label, part in parts.items()}
    unsure = {}
    for s in grid.statements:
        said = source.gather(option_ids(grid, ("dont_know",), s))["count"]
        unsure[s.label] = None if said.isna().any() else int(said.sum())
    off = off_scale(_asked(source, grid), [bases[x] for x in order], [unsure[x] for x in order])
    return shares.loc[order], [bases[x] for x in order], off, parts
