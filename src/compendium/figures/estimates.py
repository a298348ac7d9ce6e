"""Draws what notebook 4 shows of results: nested bars, groups side by side, published bands, pairs.

Plain functions from tidy tables, as `gather` makes them, to axes. A row without percent is withheld
or has none: its reason stands where the bar would be.
"""

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from compendium.figures.lettering import GREY, INK, inches, readable, wrap
from compendium.figures.shares import ALL
from compendium.figures.style import ACCENT, PALE, WARM
from compendium.wording import number, why_not_shown

# Groups of respondents differ in lightness and in the shape of their marks too; the last is for all.
GROUPS = ("#c4622d", ACCENT, "#8a8f98")
SHAPES = ("D", "o", "s")
# Counts in steps. Black or white letters are legible on each; between the last two they would not be.
STEPS = ("#eef4f9", "#c0d7e7", "#8ab3cf", "#0b5d8a")


def room(labels, width, least=0.3):
    """Height that a row needs so that its label, wrapped, does not touch the next.

    Parameters
    ----------
    labels : sequence of str
    width : float
        Inches for the labels.
    least : float
        Inches of a row with a short label.

    Returns
    -------
    float
        Inches.
    """
    lines = max((wrap(label, width, 8.5).count("\n") + 1 for label in labels), default=1)
    return max(least, 1.2 * 8.5 * lines / 72 + 0.13)


def name_rows(axes, labels, width, beside=None, bold=()):
    """Label the rows of an axes from top to bottom, with a column of text beside the labels.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    labels : sequence of str
    width : float
        Inches for the labels; longer ones are wrapped into three lines at most.
    beside : sequence of str, optional
        The base of each row.
    bold : collection of int
        Rows whose labels are bold.
    """
    rows = np.arange(len(labels))[::-1]
    weights = ["bold" if k in bold else "normal" for k in range(len(labels))]
    texts = [wrap(x, width, 8.5, w) for x, w in zip(labels, weights, strict=True)]
    axes.set_yticks(rows, texts, linespacing=1.05)
    for tick, weight in zip(axes.get_yticklabels(), weights, strict=True):
        tick.set_weight(weight)
    axes.set_ylim(-0.6, len(labels) - 0.4)
    axes.tick_params(axis="y", length=0, pad=4)
    sns.despine(ax=axes, left=True)
    if beside is None:
        return
    axes.tick_params(axis="y", pad=14 + 72 * max(inches(text) for text in [*beside, "n"]))
    for row, text in zip([*rows, len(labels) - 0.42], [*beside, "n"], strict=True):
        axes.annotate(text, (0, row), xycoords=("axes fraction", "data"), xytext=(-6, 0),
                      textcoords="offset points", ha="right", va="center_baseline", size=8.5,
                      color=GREY, annotation_clip=False)  # fmt: skip


def draw_bars(axes, table, width=2.4, colours=None):
    """Draw one bar a row with its interval and its number; totals dark, their parts light.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    table : pandas.DataFrame
        As from `gather`; a column `total` marks rows that stand for the rows below them.
    width : float
        Inches for the labels.
    colours : sequence of str, optional
        One a row, of its theme or kind.
    """
    total = table["total"].to_numpy(bool) if "total" in table else np.zeros(len(table), bool)
    colours = colours or [ACCENT] * len(table)
    for k, (_, row) in enumerate(table.iterrows()):
        y = len(table) - 1 - k
        if pd.isna(row["percent"]):
            _say_why(axes, y, row["shown"])
            continue
        face = colours[k] if total[k] else lighter(colours[k])
        axes.barh(y, row["percent"], height=0.66, color=face, zorder=2)
        for colour, wide in (("white", 2.8), (INK, 1.1)):  # the rim keeps it visible on dark bars
            ends = [row["low"], row["high"]]
            axes.plot(ends, [y, y], color=colour, lw=wide, zorder=3, clip_on=False)
        _write(axes, row["high"], y, number(float(row["percent"]), 0), "bold" if total[k] else "normal")
    name_rows(axes, table.index, width, bold=set(np.flatnonzero(total)))
    axes.set(xlim=(0, 100))
    axes.grid(axis="x", color=PALE, lw=0.6, zorder=0)


def lighter(colour, share=0.55):
    """A colour mixed with white.

    Parameters
    ----------
    colour : str
        As ``#rrggbb``.
    share : float
        Of white, 0 to 1.

    Returns
    -------
    str

    Examples
    --------
    >>> lighter("#000000", 0.5)
    '#808080'
    """
    channels = [int(colour[k : k + 2], 16) for k in (1, 3, 5)]
    return "#" + "".join(f"{int(c + (255 - c) * share + 0.5):02x}" for c in channels)


def draw_groups(axes, table, width=2.1):
    """Draw estimates of several groups side by side, row by row, with their intervals.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    table : pandas.DataFrame
        As from `gather`, its index in two levels: row and group. At most three groups, the first
        of which may be `gather.ALL`.
    width : float
        Inches for the labels; the bases of the groups stand beside them.
    """
    labels, groups = (list(dict.fromkeys(level)) for level in zip(*table.index, strict=True))
    kinds = [k - (groups[0] == ALL) for k in range(len(groups))]  # -1, the last look, is for all
    space = 0.36 if len(groups) < 3 else 0.27
    for (label, group), row in table.iterrows():
        g = groups.index(group)
        y = len(labels) - 1 - labels.index(label) + space * ((len(groups) - 1) / 2 - g)
        if pd.isna(row["percent"]):
            _say_why(axes, y, row["shown"])
            continue
        colour, shape = GROUPS[kinds[g]], SHAPES[kinds[g]]
        axes.plot([row["low"], row["high"]], [y, y], color=colour, lw=1.8, zorder=2, clip_on=False)
        axes.plot(row["percent"], y, shape, color=colour, ms=5.5, zorder=3, clip_on=False)
        _write(axes, row["high"], y, number(float(row["percent"]), 0))
    of = table["base"].map(lambda base: "–" if pd.isna(base) else f"{base}")
    name_rows(axes, labels, width, [" / ".join(of.loc[[label]]) for label in labels])
    axes.set(xlim=(0, 100), xlabel="Percent")
    axes.grid(axis="x", color=PALE, lw=0.6)
    for group, k in zip(groups, kinds, strict=True):
        look = {"color": GROUPS[k], "marker": SHAPES[k], "ms": 5.5, "lw": 1.8}
        axes.add_line(Line2D([], [], label=group, **look))


def draw_published(axes, table, width):
    """Draw published percents, study by study: a point, or a band where rounding hides the count.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    table : pandas.DataFrame
        As from `gather.bands`.
    width : float
        Inches for the labels.
    """
    lines = []
    for study, rows in table.groupby("study", sort=False):
        first = rows.iloc[0]
        where = [first["year"], first["country"] if first["country"] != "not stated" else ""]
        about = ", ".join([*filter(None, where), f"n\u00a0=\u00a0{first['n']:,}"])
        lines.append((f"{study.rsplit(', ', 1)[0]} ({about})", None))
        lines += [(_asked(row), row) for _, row in rows.iterrows()]
    for k, (_, row) in enumerate(lines):
        y = len(lines) - 1 - k
        if row is None:
            continue
        middle, wide = (row["first"] + row["last"]) / 2, row["last"] - row["first"]
        axes.plot([row["low"], row["high"]], [y, y], color=GREY, lw=1.8, zorder=2, clip_on=False)
        if wide:
            box = Rectangle((row["first"], y - 0.22), wide, 0.44, fc=WARM, ec="none", zorder=3)
            axes.add_patch(box)
        else:
            axes.plot(middle, y, "o", color=INK, ms=5.5, zorder=3, clip_on=False)
        _write(axes, row["high"], y, row["percent"])
    studies = {k for k, (_, row) in enumerate(lines) if row is None}
    name_rows(axes, [text for text, _ in lines], width, bold=studies)
    axes.set(xlim=(0, 100), xlabel="Percent")
    axes.grid(axis="x", color=PALE, lw=0.6)


def _asked(row):
    """What a published figure is about: its wording, after its concept where that is not in it."""
    concept, wording = row["concept"], row["wording"]
    text = wording if concept in wording else f"{concept}: {wording}"
    return text[:1].upper() + text[1:]


def head(axes, text, width):
    """A heading over one of several axes, from the left edge of the figure.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    text : str
    width : float
        Inches.
    """
    lines = wrap(text, width, 8.5, "bold", most=2)
    axes.set_title("\n" * lines.count("\n") + " ", size=8.5)  # makes room in the layout
    axes.annotate(lines, (0.01, 1), xycoords=("figure fraction", "axes fraction"), xytext=(0, 7),
                  textcoords="offset points", size=8.5, weight="bold", va="baseline",
                  annotation_clip=False).set_in_layout(False)  # fmt: skip


def draw_pairs(axes, counts, labels, limits):
    """Draw how often two things were found in the same respondent: a triangle of cells.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    counts : dict of (str, str) to int or None
        By pair of ids, the earlier in `labels` first; None is withheld.
    labels : dict of str to str
        Name by id; a name stands at the end of its row, and the cells below it are its column.
    limits : sequence of int
        Where the second and each further step of the colour begins.
    """
    order = list(labels)
    for (a, b), count in counts.items():
        x, y = order.index(a), -order.index(b)
        if count is None:
            axes.plot(x, y, ".", color="#9aa5ad", ms=2.5)
            continue
        colour = STEPS[int(np.searchsorted(limits, count, side="right"))]
        axes.add_patch(Rectangle((x - 0.47, y - 0.47), 0.94, 0.94, fc=colour, ec="none"))
        axes.text(x, y, f"{count}", ha="center", va="center", size=8, color=readable(colour))
    for k, name in enumerate(labels.values()):
        axes.plot([k - 0.42, k + 0.42], [-k, -k], color=ACCENT, lw=1.6)
        axes.text(k + 0.62, -k, name, va="center", size=8.5)
    axes.set(xlim=(-0.6, len(order) - 0.4), ylim=(-len(order) + 0.4, 0.6), aspect="equal", anchor="W")
    axes.set_axis_off()


def draw_coefficients(axes, table, width=None, marks=()):
    """Draw coefficients from 0 to 1 as points with their intervals, the numbers in a column.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    table : pandas.DataFrame
        Index: label; `value`, `low`, `high`, and `shown`, which stands instead of a missing value.
    width : float, optional
        Inches for the labels; none are written where it is left out.
    marks : sequence of float
        Values that a thin line marks.
    """
    for mark in marks:
        axes.axvline(mark, color=GREY, lw=0.8, ls=(0, (2, 2)), zorder=1)
    for k, (_, row) in enumerate(table.iterrows()):
        y = len(table) - 1 - k
        if pd.isna(row["value"]):
            _say_why(axes, y, row["shown"], at=axes.get_xlim()[0])
            continue
        ends = [max(row["low"], -0.2), row["high"]]
        axes.plot(ends, [y, y], color=ACCENT, lw=1.8, alpha=0.55, clip_on=False)
        axes.plot(row["value"], y, "o", color=ACCENT, ms=4.5, clip_on=False)
        axes.annotate(number(float(row["value"]), 2), (1.07, y), xycoords=("axes fraction", "data"),
                      va="center", size=8, annotation_clip=False)  # fmt: skip
    name_rows(axes, table.index if width else [""] * len(table), width or 1)
    axes.set(xlim=(-0.2, 1), xticks=[0, 0.5, 1])
    axes.grid(axis="x", color=PALE, lw=0.6)


def _write(axes, x, y, text, weight="normal", colour=INK):
    """A number just behind the end of an interval."""
    axes.annotate(text, (x, y), xytext=(5, 0), textcoords="offset points", va="center", size=8.5,
                  weight=weight, color=colour, annotation_clip=False)  # fmt: skip


def _say_why(axes, y, shown, colour=GREY, at=0):
    """Why a row has no number."""
    axes.annotate(why_not_shown(shown), (at, y), xytext=(3, 0), textcoords="offset points",
                  va="center", size=8.5, color=colour, style="italic")  # fmt: skip


def draw_panels(axes, table, width=1.7):
    """Draw estimates in panels side by side, rows in common, each point with its interval.

    Parameters
    ----------
    axes : numpy.ndarray of matplotlib.axes.Axes
        Two-dimensional; panels fill it row by row, and what is left over is switched off.
    table : pandas.DataFrame
        As from `gather`, its index in two levels: row and panel. The base of a row stands beside
        its label, as a range where it differs from panel to panel.
    width : float
        Inches for the labels.
    """
    labels, panels = (list(dict.fromkeys(level)) for level in zip(*table.index, strict=True))
    spans = [table.loc[[label], "base"].agg(["min", "max"]) for label in labels]
    bases = ["–".join(dict.fromkeys(map(number, span))) for span in spans]
    for k, axis in enumerate(axes.flat):
        if k >= len(panels):
            axis.set_axis_off()
            continue
        for label, row in table.xs(panels[k], level=1).iterrows():
            y = len(labels) - 1 - labels.index(label)
            if pd.isna(row["percent"]):
                _say_why(axis, y, row["shown"])
                continue
            axis.plot([row["low"], row["high"]], [y, y], color=ACCENT, lw=1.8, alpha=0.55)
            axis.plot(row["percent"], y, "o", color=ACCENT, ms=5, clip_on=False)
            axis.annotate(number(float(row["percent"]), 0), (row["percent"], y), xytext=(0, 4.5),
                          textcoords="offset points", ha="center", size=8.5)  # fmt: skip
        first = k % axes.shape[1] == 0
        name_rows(axis, labels if first else [""] * len(labels), width, bases if first else None)
        axis.set(xlim=(0, 100), ylim=(-0.5, len(labels) - 0.2), xticks=[0, 50, 100])
        axis.grid(axis="x", color=PALE, lw=0.6)
        axis.set_title(wrap(panels[k], 4.2 / axes.shape[1], 8.5, "bold"), size=8.5, weight="bold")
