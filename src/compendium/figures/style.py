"""Draws the figures: one look, one way of saving, plain functions from tidy tables to axes.

Titles say what is shown, the line below says of whom, and a figure of synthetic answers carries its
mark wherever it goes.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns

from compendium.figures.lettering import FONT, GREY, INK, inches, readable, wrap
from compendium.files import write_json
from compendium.wording import MARK, SAID

WIDTH = 6.7  # inches: the text width of an A4 page
PALE, ACCENT, WARM = "#d9dee2", "#0b5d8a", "#b3471d"
# Of an answer, as `study.STATES`. Any two may touch in a bar, so all five differ in lightness.
STATES = ("#0b4f79", "#86b0cd", "#c9dae6", "#b9521f", "#f4f4f4")


def use_style():
    """Set the one look of all figures (seaborn's theme and matplotlib's settings)."""
    sns.set_theme(
        style="white",
        rc={
            "font.family": FONT,
            "font.size": 9,
            "axes.labelsize": 9,
            "axes.titlesize": 9,
            "xtick.labelsize": 8.5,
            "ytick.labelsize": 8.5,
            "legend.fontsize": 8.5,
            "text.color": INK,
            "axes.labelcolor": INK,
            "xtick.color": INK,
            "ytick.color": INK,
            "axes.edgecolor": GREY,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "figure.dpi": 110,
            "svg.hashsalt": "compendium",
            "svg.fonttype": "path",
            "text.parse_math": False,  # a $ in an answer or a label is a dollar
        },
    )


def frame(title, base, synthetic, height, rows=1, columns=1, legend=False, width=WIDTH, **options):
    """Start a figure with its title, its base and, where it applies, the synthetic mark.

    Parameters
    ----------
    title : str
        What is shown. It is wrapped, and the figure grows by each line after the first.
    base : str
        Of whom, with n; wrapped likewise.
    synthetic : bool
        Whether the answers were made up.
    height : float
        Inches.
    legend : bool or int
        Leave room below for `legend_below`, or for so many rows of `legend_rows`.
    rows, columns : int
        Axes, as in `matplotlib.pyplot.subplots`, which also takes `options`.
    width : float
        Inches, as printed.

    Returns
    -------
    figure : matplotlib.figure.Figure
    axes : matplotlib.axes.Axes or numpy.ndarray of them
    """
    title = wrap(title, 0.98 * width, 11, "bold")
    base = wrap(base, 0.98 * width, 8.5)
    further = 0.19 * title.count("\n")
    more = further + 0.15 * base.count("\n")
    height += more
    figure = plt.figure(figsize=(width, height), layout="constrained")
    head, foot = (0.52 + more) / height, (0.06 + 0.2 * synthetic + 0.28 * legend) / height
    figure.get_layout_engine().set(rect=(0.005, foot, 0.99, 1 - head - foot))
    figure.text(0.01, 1 - 0.07 / height, title, size=11, weight="bold", va="top")
    figure.text(0.01, 1 - (0.29 + further) / height, base, size=8.5, color=GREY, va="top")
    if synthetic:
        figure.text(0.01, 0.06 / height, MARK, size=8.5, color=WARM, weight="bold")
    return figure, figure.subplots(rows, columns, **options)


def save(figure, folder, name, caption, alt, results=(), notebook=""):
    """Write a figure as SVG and PNG (300 dpi), its words beside it and inside it.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    folder : str or pathlib.Path
        Made if it is not there.
    name : str
        File name without ending.
    caption, alt : str
        What a reader needs below the figure, and instead of it; a figure with the synthetic mark
        says so in both.
    results : sequence of str
        Ids of the results that are drawn.
    notebook : str
        The notebook that draws it.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    _settle(figure)
    title, base = (text.get_text().replace("\n", " ") for text in figure.texts[:2])
    if any(text.get_text() == MARK for text in figure.texts):  # words travel without their picture
        caption, alt = f"{caption} {SAID}", f"{SAID} {alt}"
    about = {"Title": f"{title}. {base}", "Description": f"{caption} {alt}", "Source": notebook}
    figure.savefig(folder / f"{name}.svg", metadata=about | {"Date": None, "Creator": None})
    figure.savefig(folder / f"{name}.png", dpi=300, metadata=about | {"Software": None})
    words = {
        "file": f"{name}.svg", "title": title, "caption": caption, "alt": alt, "base": base,
        "results": list(results), "notebook": notebook,
    }  # fmt: skip
    write_json(folder / f"{name}.json", words)  # in one step: `captions` may read it meanwhile


def _settle(figure):
    """End the layout on round numbers.

    The solver's last digits differ from run to run, and the ids in an SVG are made of all digits.
    """
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for axes in figure.axes:
        bounds = axes.get_position(original=True).bounds
        axes.set_position([round(x + 1e-9, 5) for x in bounds])  # off the edge of rounding


def draw_flow(axes, flow):
    """Draw the respondent flow: what came in, what left for which reason, what is analysed.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    flow : pandas.DataFrame
        `label` and `count`; first row received, last row analysed, exclusions between.
    """
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


def draw_intervals(axes, table, colours=ACCENT, limits=(0, 100), unit="Percent"):
    """Draw estimates as points with their intervals, one row each, the figure beside it.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    table : pandas.DataFrame
        `percent`, `low`, `high`; the index is the label. A row without percent is withheld or not
        applicable: its `shown` text stands instead of the point.
    colours : str or sequence of str
        One for all, or one a row.
    limits : tuple of float
        Ends of the axis.
    unit : str
        Label of the axis.
    """
    rows = np.arange(len(table))[::-1]
    colours = [colours] * len(table) if isinstance(colours, str) else list(colours)
    for row, colour, (_, line) in zip(rows, colours, table.iterrows(), strict=True):
        if np.isnan(line["percent"]):
            text = line.get("shown", "not applicable")
            axes.text(limits[0] + 0.01 * (limits[1] - limits[0]), row, text, va="center", size=8.5,
                      color=GREY)  # fmt: skip
            continue
        axes.plot([line["low"], line["high"]], [row, row], color=colour, lw=2.2, alpha=0.55)
        axes.plot(line["percent"], row, "o", color=colour, ms=6)
        axes.annotate(f"{line['percent']:.0f}", (line["percent"], row), xytext=(0, 5),
                      textcoords="offset points", ha="center", size=8.5)  # fmt: skip
    axes.set_yticks(rows, table.index)
    axes.set(xlim=limits, ylim=(-0.6, len(table) - 0.2), xlabel=unit)
    axes.grid(axis="x", color=PALE, lw=0.6)
    sns.despine(ax=axes, left=True)


def legend_below(axes, columns=5):
    """Put the legend of these axes into the room that `frame` left below.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    columns : int
        Entries side by side.
    """
    legend_rows(axes.figure, [axes.get_legend_handles_labels()[0]], columns)


def legend_rows(figure, rows, columns=None):
    """Put legends, row by row, into the room that `frame` left below.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    rows : sequence of list of matplotlib artists
        Labelled handles, from top to bottom, as from `flow`.
    columns : int, optional
        Entries side by side; all of a row otherwise.
    """
    above = 0.26 if any(text.get_text() == MARK for text in figure.texts) else 0.06
    for k, handles in enumerate(reversed(rows)):
        figure.legend(
            handles, [handle.get_label() for handle in handles], loc="lower center",
            ncol=columns or len(handles), frameon=False, handlelength=1, columnspacing=1.2,
            bbox_to_anchor=(0.5, (above + 0.24 * k) / figure.get_figheight()), borderaxespad=0,
        )  # fmt: skip


def flow(handles, width=WIDTH):
    """Break the entries of a legend into rows that fit a width, in their order.

    Parameters
    ----------
    handles : sequence of matplotlib artists
        Labelled.
    width : float
        Inches.

    Returns
    -------
    list of list of matplotlib artists
    """
    rows, used = [], width
    for handle in handles:
        needed = inches(handle.get_label()) + 0.4
        if used + needed > width:
            rows.append([])
            used = 0.0
        rows[-1].append(handle)
        used += needed
    return rows


def draw_counts(axes, counts, colours):
    """Draw one bar a category with its count at the end.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    counts : pandas.Series
        Whole numbers; the index is the label.
    colours : sequence of str
        One a bar.
    """
    rows = np.arange(len(counts))[::-1]
    axes.barh(rows, counts, color=list(colours), height=0.7)
    for row, count in zip(rows, counts, strict=True):
        axes.annotate(f"{count:,}", (count, row), xytext=(4, 0), textcoords="offset points",
                      va="center", size=9)  # fmt: skip
    axes.set_yticks(rows, counts.index)
    axes.set_xticks([])
    sns.despine(ax=axes, left=True, bottom=True)
