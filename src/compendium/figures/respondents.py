"""Pictures of who answered: the flow, what is missing, and the composition of the sample."""

import textwrap

import pandas as pd

from compendium.figures import estimates, style
from compendium.figures.shares import paged
from compendium.figures.style import Picture
from compendium.fonts import BASIC
from compendium.statistics.display import visible
from compendium.wording import in_percent, number, short, withheld_below

MOST = 12  # options of a question that are drawn one by one
KINDS = ["answered or ticked", "don't know", "not ticked", "skipped", "not asked"]


def flow_picture(study, results):
    """The way from the rows received to the respondents analysed.

    Parameters
    ----------
    study : Study
    results : sequence of str
        Ids of the counts that are drawn.

    Returns
    -------
    Picture
    """
    flow = study.flow
    base = f"{study.instrument.title}: {flow['count'].iloc[0]:,} rows received"
    height = 1.1 + 0.42 * len(flow)
    figure, axes = style.frame("Respondent flow", base, study.synthetic, height=height)
    estimates.draw_flow(axes, flow)
    said = "; ".join(f"{label}: {count}" for _, label, count in flow.itertuples(index=False))
    caption = "Rows received, rows left out by reason, respondents analysed."
    return Picture(figure, "flow", caption, said, tuple(results))


def missing_picture(study, by_item):
    """What is missing, one bar a question.

    Parameters
    ----------
    study : Study
    by_item : pandas.DataFrame
        As from `quality.missing_by_item`, the rows to draw.

    Returns
    -------
    Picture
    """
    questions = [study.instrument.item(item).question for item in by_item.index]
    shares = (100 * by_item / study.n).set_axis(KINDS, axis=1)
    shares.index = [_two_lines(question) for question in questions]
    base = (
        f"All {study.n:,} {study.instrument.words.respondents}; mean over the parts of grids and "
        "multi-response questions"
    )
    height = 1.35 + 0.33 * len(shares)
    figure, axes = style.frame(
        "What is missing, by question", base, study.synthetic, height=height, legend=True
    )
    estimates.draw_shares(axes, shares, style.STATES, least=7)
    style.legend_below(axes)
    caption = (
        "Answered or ticked, don't know, not ticked, skipped and not asked, in percent of "
        "all respondents analysed; the question skipped most on top."
    )
    said = [
        f"{q}: skipped by {x:.0f} percent" for q, x in zip(questions, shares["skipped"], strict=True)
    ]
    results = tuple(f"missing.{item}" for item in by_item.index)
    return Picture(figure, "missing", caption, "; ".join(said), results)


def _two_lines(question):
    """A question as a label; letters of further scripts differ too much in width to be counted."""
    if BASIC.fullmatch(question):
        return textwrap.fill(question, 46, max_lines=2, placeholder="…")
    return style.wrap(question, 3.2, 8.5, most=2)


def composition_pictures(study, tables, confidence):
    """Who answered: one panel a background question, options with their intervals.

    Parameters
    ----------
    study : Study
    tables : dict of str to pandas.DataFrame
        By question, as from `display.visible`.
    confidence : float
        Level of the intervals, a proportion, for the line below the title.

    Returns
    -------
    list of Picture
        As many as the panels need pages.
    """
    tables = {question: _largest(table) for question, table in tables.items()}
    pages = paged(tables.items(), [0.27 * len(table) + 0.5 for table in tables.values()], 1)
    return [_composition(study, dict(part), confidence, more, end) for more, end, part in pages]


def _composition(study, tables, confidence, more, end):
    """A page of it."""
    sizes = [len(table) for table in tables.values()]
    base = (
        f"Percent of those who answered each question, with {in_percent(confidence)} "
        f"intervals; n = {study.n:,}"
    )
    figure, axes = style.frame(
        f"Who answered{more}", base, study.synthetic, rows=len(tables), squeeze=False,
        height=1 + 0.27 * sum(sizes) + 0.5 * len(tables), height_ratios=sizes,
    )  # fmt: skip
    for axis, (question, table) in zip(axes[:, 0], tables.items(), strict=True):
        estimates.draw_intervals(axis, table, unit="")
        axis.set_title(short(question, 60), loc="left")
    said = pd.concat(tables.values())
    alt = "; ".join(f"{label}: {text}" for label, text in said["said"].items())
    caption = f"Composition of the sample. {withheld_below(study.instrument)}"
    return Picture(figure, f"composition{end}", caption, alt, tuple(said["result"].dropna()))


def _largest(table):
    """The rows of a question's picture: of many options the most frequent, and a word on the others."""
    if len(table) <= MOST + 2:
        return table
    kept = table["percent"].sort_values(ascending=False, kind="stable").index[:MOST]
    others = table[~table.index.isin(kept)]
    told = f"{number(others['percent'].max(), 0)}% or less each"
    last = pd.DataFrame(
        {"percent": [float("nan")], "shown": [told], "said": [told]},
        index=[f"{len(others)} other options"],
    )
    return pd.concat([table[table.index.isin(kept)], last])


def share_picture(study, item, table, of=None):
    """How often each option of an item was chosen, one row an option.

    Parameters
    ----------
    study : OpenStudy
    item : Item
    table : pandas.DataFrame
        As from `frequencies.distribution`.
    of : str, optional
        The option or group that stands out and gives the title.

    Returns
    -------
    Picture
    """
    rows, result = visible(table), f"{item.key}.{of}"
    told = table[(table["result"] == result) & table["percent"].notna()]
    words, title = study.instrument.words, item.question
    if len(told):
        percent = number(told["percent"].iloc[0], 0)
        title = f"{told['option'].iloc[0]}: {percent}% of {words.respondents}"
    base = (
        f"{short(item.question, 70)} {number(int(table['base'].max()))} {words.respondents}, "
        f"{in_percent(study.confidence)} intervals"
    )
    figure, axes = style.frame(title, base, study.synthetic, height=1.35 + 0.34 * len(rows))
    colours = [style.WARM if id == result else style.ACCENT for id in rows["result"]]
    estimates.draw_intervals(axes, rows, colours)
    caption = f"{item.question} Percent with Wilson's intervals."
    alt = "; ".join(f"{label}: {text}" for label, text in rows["said"].items())
    return Picture(figure, "share", caption, alt, tuple(rows["result"].dropna()))
