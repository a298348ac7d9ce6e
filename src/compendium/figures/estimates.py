"""Draws estimates: bars, points and panels with their intervals, published bands, pairs, flow.

Plain functions from tidy tables, as `shares.gather` makes them, to axes. A row without percent is
withheld or has none: its reason stands where the bar would be.
"""

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from compendium.audit.published import ASKED, stated_n
from compendium.figures.shares import ALL
from compendium.figures.style import (
    ACCENT,
    GREY,
    INK,
    PALE,
    WARM,
    Picture,
    frame,
    inches,
    legend_below,
    lighter,
    readable,
    wrap,
)
from compendium.wording import KINDS, number, why_not_shown

# Groups of respondents differ in lightness and in the shape of their marks too; the last is for all.
GROUPS = ("#c4622d", ACCENT, "#8a8f98")
SHAPES = ("D", "o", "s")
# Counts in steps. Black or white letters are legible on each; between the last two they would not be.
STEPS = ("#eef4f9", "#c0d7e7", "#8ab3cf", "#0b5d8a")
# Published figures that share these stand under one heading; so many lines fit on a page.
SURVEY, LINES = ("asked", "study", "population", "country", "n"), 24


def scale_end(table):
    """Where the axis of percents ends: small shares get one to 50."""
    highest = table[["percent", "high"]].max().max()
    return 50 if highest <= 50 else 100


def row_height(labels, width, least=0.3):
    """Inches that a row needs so that its longest label, wrapped, does not touch the next."""
    lines = max((wrap(label, width, 8.5).count("\n") + 1 for label in labels), default=1)
    return max(least, 1.2 * 8.5 * lines / 72 + 0.13)


def bar_height(labels, width):
    """The same of a row of `draw_bars`, which holds two lines as it is."""
    height = row_height(labels, width)
    return height if height > row_height(["a"], width) + 0.2 else 0.29


def label_rows(axes, labels, width, beside=None, bold=()):
    """Label the rows of an axes from top to bottom, with a column of text (bases) beside the labels.

    Labels wider than `width` inches are wrapped; the rows in `bold` have bold ones.
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


def draw_bars(axes, table, width=2.4, colours=None, top=None):
    """Draw one bar a row with its interval and its number; totals dark, their parts light.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    table : pandas.DataFrame
        As from `shares.gather`; a column `total` marks rows that stand for the rows below them.
    width : float
        Inches for the labels.
    colours : sequence of str, optional
        One a row, of its theme or kind.
    top : float, optional
        Where the axis ends, the same in all panels of a figure.
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
        ends = [row["low"], row["high"]]  # none of who happened to answer
        for colour, wide in (("white", 2.8), (INK, 1.1)) if pd.notna(ends).all() else ():
            # The rim keeps it visible on dark bars.
            axes.plot(ends, [y, y], color=colour, lw=wide, zorder=3, clip_on=False)
        end, weight = np.fmax(row["percent"], row["high"]), "bold" if total[k] else "normal"
        _write(axes, end, y, number(float(row["percent"]), 0), weight)
    label_rows(axes, table.index, width, bold=set(np.flatnonzero(total)))
    axes.set(xlim=(0, top or scale_end(table)))
    axes.grid(axis="x", color=PALE, lw=0.6, zorder=0)


def draw_groups(axes, table, width=2.1):
    """Draw up to three groups side by side, row by row; the table's index is row and group.

    The first group may be `shares.ALL`; bases stand beside the labels.
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
    label_rows(axes, labels, width, [" / ".join(of.loc[[label]]) for label in labels])
    axes.set(xlim=(0, 100), xlabel="Percent")
    axes.grid(axis="x", color=PALE, lw=0.6)
    for group, k in zip(groups, kinds, strict=True):
        look = {"color": GROUPS[k], "marker": SHAPES[k], "ms": 5.5, "lw": 1.8}
        axes.add_line(Line2D([], [], label=group, **look))


def draw_published(axes, table, width):
    """Draw published percents (as from `bands`) under what was asked, study by study.

    A point, or a band where rounding hides the count; a ring where no n is stated.
    """
    lines = []
    for _, rows in table.groupby(list(SURVEY), sort=False, dropna=False):
        lines.append((_survey(rows.iloc[0]), None))
        lines += [(_asked(row), row) for _, row in rows.iterrows()]
    for k, (_, row) in enumerate(lines):
        y = len(lines) - 1 - k
        if row is None:
            continue
        if pd.isna(row["n"]):
            axes.plot(row["first"], y, "o", mfc="white", color=KINDS[row["kind"]][2], ms=5.5, zorder=3,
                      clip_on=False)  # fmt: skip
            _write(axes, row["first"] + 1, y, row["percent"])
            continue
        middle, wide = (row["first"] + row["last"]) / 2, row["last"] - row["first"]
        axes.plot([row["low"], row["high"]], [y, y], color=GREY, lw=1.8, zorder=2, clip_on=False)
        colour = KINDS[row["kind"]][2]
        if wide:
            box = Rectangle((row["first"], y - 0.22), wide, 0.44, fc=colour, ec="none", zorder=3)
            axes.add_patch(box)
        else:
            axes.plot(middle, y, "o", color=colour, ms=5.5, zorder=3, clip_on=False)
        _write(axes, row["high"], y, row["percent"])
    studies = {k for k, (_, row) in enumerate(lines) if row is None}
    label_rows(axes, [text for text, _ in lines], width, bold=studies)
    axes.set(xlim=(0, 100), xlabel="Percent")
    axes.grid(axis="x", color=PALE, lw=0.6)


def _survey(row):
    """The heading of a group of published figures: what was asked, by whom, of whom, when and where."""
    people, where = row["population"].partition(" (")[0], row["country"].replace("not stated", "")
    about = ", ".join(filter(None, (people, row["year"], where, stated_n(row["n"]))))
    return f"{ASKED[row['asked']]} {row['study'].rsplit(', ', 1)[0]} ({about})"


def _asked(row):
    """What a published figure is about: its wording, after its concept where that is not in it."""
    concept, wording = row["concept"], row["wording"]
    text = wording if concept in wording else f"{concept}: {wording}"
    return text[:1].upper() + text[1:]


def panel_title(axes, text, width):
    """A heading over one of several axes, from the left edge of the figure, `width` inches at most."""
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
    label_rows(axes, table.index if width else [""] * len(table), width or 1)
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
    """Draw estimates in panels side by side (axes in two dimensions); the index is row and panel.

    The base of a row stands beside its label, as a range where it differs from panel to panel.
    """
    labels, panels = (list(dict.fromkeys(level)) for level in zip(*table.index, strict=True))
    spans = [table.loc[[label], "base"].agg(["min", "max"]) for label in labels]
    bases = ["–".join(dict.fromkeys(map(number, span))) for span in spans]
    top = scale_end(table)
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
        label_rows(axis, labels if first else [""] * len(labels), width, bases if first else None)
        axis.set(xlim=(0, top), ylim=(-0.5, len(labels) - 0.2), xticks=[0, top / 2, top])
        axis.grid(axis="x", color=PALE, lw=0.6)
        axis.set_title(
            wrap(panels[k], 4.2 / axes.shape[1], 8.5, "bold", most=4), size=8.5, weight="bold"
        )


def draw_flow(axes, flow):
    """Draw the respondent flow, `label` and `count`: received, exclusions, analysed."""
    axes.set_axis_off()
    first, last, left = flow.iloc[0], flow.iloc[-1], flow.iloc[1:-1]
    box = {"boxstyle": "round,pad=0.5", "facecolor": "white", "edgecolor": ACCENT, "lw": 1.4}
    side = box | {"edgecolor": GREY, "lw": 0.8}
    bottom = -len(left) - 1
    axes.plot([0, 0], [0, bottom], color=ACCENT, lw=1.4, zorder=0)
    for y, row in ((0, first), (bottom, last)):
        axes.text(0, y, f"{row['label']}: {row['count']:,}", bbox=box, ha="center", va="center",
                  weight="bold")  # fmt: skip
    for step, (_, row) in enumerate(left.iterrows(), start=1):
        axes.plot([0, 0.75], [-step, -step], color=GREY, lw=0.8, zorder=0)
        axes.text(0.75, -step, f"{row['label']}: {row['count']:,}", bbox=side, va="center")
    axes.set(xlim=(-0.8, 3.2), ylim=(bottom - 0.5, 0.5))


def draw_shares(axes, table, palette, labels=None, least=6):
    """Draw one stacked bar of 100% a row.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    table : pandas.DataFrame
        Percent; one row a bar (its index is the label), one column a part.
    palette : sequence of str
        A colour for each column.
    labels : pandas.DataFrame, optional
        What to write into the parts; the rounded percent otherwise.
    least : float
        Parts narrower than this many percent stay without label.
    """
    left = np.zeros(len(table))
    rows = np.arange(len(table))[::-1]
    for column, colour in zip(table.columns, palette, strict=True):
        values = table[column].fillna(0).to_numpy()
        axes.barh(rows, values, left=left, color=colour, height=0.74, label=column,
                  edgecolor="white", linewidth=0.6)  # fmt: skip
        for row, value, start in zip(rows, values, left, strict=True):
            if value >= least:
                text = f"{value:.0f}" if labels is None else labels[column].iloc[-1 - row]
                axes.text(start + value / 2, row, text, ha="center", va="center", size=8,
                          color=readable(colour))  # fmt: skip
        left += values
    axes.set_yticks(rows, table.index)
    axes.set(xlim=(0, 100), ylim=(-0.6, len(table) - 0.4), xlabel="Percent")
    sns.despine(ax=axes, left=True)


def draw_counts(axes, counts, colours):
    """Draw one bar a category with its count (a Series by label) at the end, each in its colour."""
    rows = np.arange(len(counts))[::-1]
    axes.barh(rows, counts, color=list(colours), height=0.7)
    for row, count in zip(rows, counts, strict=True):
        axes.annotate(f"{count:,}", (count, row), xytext=(4, 0), textcoords="offset points",
                      va="center", size=9)  # fmt: skip
    axes.set_yticks(rows, counts.index)
    axes.set_xticks([])
    sns.despine(ax=axes, left=True, bottom=True)


# ---- published statements, and how they fared


def claims_picture(tally, failed, title, synthetic):
    """How many published statements have which status of the audit.

    Parameters
    ----------
    tally : pandas.Series
        Statements by status.
    failed : collection of str
        The statuses that stand out.
    title : str
        Of the study.
    synthetic : bool
        Whether the answers were made up.

    Returns
    -------
    Picture
    """
    wrong = tally[tally.index.isin(failed)].sum()
    figure, axes = frame(
        f"{wrong or 'None'} of {tally.sum()} published statements failed the audit",
        f"How the published statements fared: {title}",
        synthetic,
        height=2.9,
    )
    colours = [WARM if name in failed else ACCENT for name in tally.index]
    named = tally.rename(index=lambda name: name.replace("_", " "))
    draw_counts(axes, named, colours)
    alt = "; ".join(f"{name}: {count}" for name, count in named.items())
    return Picture(figure, "claims", "Number of published statements by status of the audit.", alt)


def published_pictures(table):
    """Published percents with what rounding leaves open, by what was asked; as many as pages need.

    Parameters
    ----------
    table : pandas.DataFrame
        As from `published.bands`, and `kind`, a key of `wording.KINDS`.

    Returns
    -------
    list of Picture
    """
    table = table.iloc[table["asked"].map(list(ASKED).index).argsort(kind="stable")]
    lines = np.cumsum(1 + ~table.duplicated(list(SURVEY)))  # a figure, and a heading over the first
    return [
        _published_picture(part, f"published_{k + 1}" if k else "published")
        for k, (_, part) in enumerate(table.groupby(lines // LINES))
    ]


def _published_picture(table, name):
    percents, studies = table["percent"].astype(float), table["study"].nunique()
    figure, axes = frame(
        f"What {studies} studies published: from {percents.min():g}% to {percents.max():g}%",
        "Different questions about different concepts, of different people: to be read one by one",
        False,
        height=1.4 + 0.325 * (len(table) + len(table.drop_duplicates(list(SURVEY)))),
        legend=True,
    )
    draw_published(axes, table, width=3.8)
    for kind in dict.fromkeys(table["kind"]):
        look = {"color": KINDS[kind][2], "marker": "o", "ms": 5.5, "lw": 0}
        axes.add_line(Line2D([], [], label=KINDS[kind][0], **look))
    legend_below(axes)
    caption = (
        "Published percentages: a point where one count gives the percent, a band where rounding "
        "leaves several open, with Wilson's intervals for the stated n; a ring where no n is stated. "
        "Questions, concepts, populations and years differ; nothing is pooled."
    )
    alt = "; ".join(
        f"{KINDS[row.kind][0]}: {ASKED[row.asked]} {row.concept}, {row.wording}: {row.percent} percent "
        f"({', '.join(filter(None, (row.year, stated_n(row.n))))})"
        for row in table.itertuples()
    )
    return Picture(figure, name, caption, alt)
