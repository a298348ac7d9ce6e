"""Pictures of who answered: the flow, what is missing, and the composition of the sample."""

import textwrap

import pandas as pd

from compendium.figures import estimates, style
from compendium.figures.shares import paged
from compendium.figures.style import Picture
from compendium.fonts import BASIC
from compendium.wording import number, withheld_below

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
    received, kept = flow["count"].iloc[0], flow["count"].iloc[-1]
    title = f"{kept:,} {study.instrument.words.respondents} are analysed, of {received:,} rows received"
    height = 1.1 + 0.42 * len(flow)
    figure, axes = style.frame(title, study.instrument.title, study.synthetic, height=height)
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
        f"What is missing, by question: percent of {study.n:,} {study.instrument.words.respondents}; "
        "mean over the parts of grids and multi-response questions"
    )
    height = 1.35 + 0.33 * len(shares)
    skipped = shares["skipped"].max()
    title = "Nobody left out a question"
    if skipped > 0:
        title = f"Left out most: “{questions[shares['skipped'].argmax()]}” ({number(skipped, 0)}%)"
    figure, axes = style.frame(title, base, study.synthetic, height=height, legend=True)
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
        return textwrap.fill(question, 62, max_lines=2, placeholder="…")
    return style.wrap(question, 4, 8.5, most=2)


def composition_pictures(study, tables):
    """Who answered: one panel a background question. Of them nothing is inferred: no intervals.

    Parameters
    ----------
    study : Study
    tables : dict of str to pandas.DataFrame
        By question, as from `display.visible`.

    Returns
    -------
    list of Picture
        As many as the panels need pages.
    """
    tables = {question: _largest(table) for question, table in tables.items()}
    pages = paged(tables.items(), [0.26 * len(table) + 0.55 for table in tables.values()], 1)
    return [_composition(study, dict(part), more, end) for more, end, part in pages]


def _composition(study, tables, more, end):
    """A page of it."""
    sizes, said = [len(table) for table in tables.values()], pd.concat(tables.values())
    at, who = said["percent"].argmax(), study.instrument.words.respondents
    title = f"{said.index[at]}: {number(float(said['percent'].iloc[at]), 0)}% of {who}"
    base = f"Who answered: percent of those who answered each question; n = {study.n:,}"
    top = estimates.scale_end(said)
    figure, axes = style.frame(
        title + more, base, study.synthetic, rows=len(tables), squeeze=False,
        height=0.9 + 0.26 * sum(sizes) + 0.55 * len(tables), height_ratios=sizes,
    )  # fmt: skip
    for axis, (question, table) in zip(axes[:, 0], tables.items(), strict=True):
        estimates.draw_bars(axis, table.assign(low=float("nan"), high=float("nan")), 3.2, top=top)
        estimates.panel_title(axis, question, 6.4)
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
