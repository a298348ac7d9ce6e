"""One call a planned question: its pictures, each with caption, alt text and result ids, or why not.

Each function gives a list of pictures and of sentences that say what cannot be drawn, and why.
"""

import math

import pandas as pd

from compendium.audit.published import bands, of_named_studies
from compendium.figures.estimates import (
    GROUPS,
    bar_height,
    draw_bars,
    draw_groups,
    draw_panels,
    draw_published,
    panel_title,
    row_height,
)
from compendium.figures.shares import (
    enough,
    fold,
    in_words,
    most_chosen,
    option_ids,
    paged,
    picture_of,
    row_ids,
    sentence,
)
from compendium.figures.style import frame, legend_below
from compendium.results import ResultId
from compendium.survey.plan import outcomes
from compendium.wording import interval, number, withheld_below

MOST_ROWS = 15  # of a picture by groups: it fits a page, and its letters keep apart


def share(source, question, others):
    """The options of a planned share, and below them what other studies published.

    Parameters
    ----------
    source : shares.Source
    question : Question
    others : pandas.DataFrame
        Figures of other studies, as from `comparable`.

    Returns
    -------
    list of Picture or str
    """
    item, beside = source.item(question.item), bands(others, source.confidence)
    of = outcomes(item, question)[0]
    told = source.gather([(item.label_of(of), str(ResultId(item.key, of)))])
    table = most_chosen(fold(source.gather(option_ids(item))))
    if _unknown(table):
        return [_untold(question.question)]
    title = question.question
    if told["percent"].notna().any():
        percent = number(float(told["percent"].iloc[0]), 0)
        title = f"{told.index[0]}: {percent}% of {source.respondents}"
    lines = len(beside) + beside["study"].nunique()
    sizes = [0.3 * len(table)] + [0.325 * lines] * (lines > 0)
    figure, axes = frame(
        title, source.asked_of(item, table), source.synthetic, squeeze=False, rows=len(sizes),
        height=1.4 + sum(sizes) + 0.8 * (lines > 0), height_ratios=sizes,
    )  # fmt: skip
    total = table.index.isin([item.label_of(x) for x in item.members(of)])
    draw_bars(axes[0, 0], table.assign(total=total), width=3.2)
    name, caption = f"share_{question.id}", "Percent with Wilson's intervals."
    if not lines:
        return [picture_of(table, figure, name, caption)]
    panel_title(axes[0, 0], "Synthetic answers" if source.synthetic else "This survey", 6.4)
    draw_published(axes[1, 0], beside, width=3.3)
    heading = "Published by other studies: other concepts, other people, other years"
    panel_title(axes[1, 0], heading, 6.4)
    notes = " ".join(dict.fromkeys(f"{note}." for note in beside["note"] if note))
    below = (
        " Below, published percents: a point where one count gives the percent, a "
        f"band where rounding leaves several open. {notes}"
    )
    return [picture_of(table, figure, name, caption + below, _with_published(table, beside))]


def _with_published(table, beside):
    said = [
        f"{row.concept}, {row.wording}: {row.percent} percent ({row.year}, n = {row.n:,})"
        for row in beside.itertuples()
    ]
    return f"{in_words(table)} Published by others: {'; '.join(said)}."


def comparable(instrument, question, published, claims):
    """Figures of other studies, where the plan compares this item with one of them.

    Parameters
    ----------
    instrument : Instrument
    question : Question
    published : pandas.DataFrame
        As from `published.load_published`.
    claims : sequence of Claim
        What the study itself published is left out.

    Returns
    -------
    pandas.DataFrame
        Rows of `published`; none where the plan compares nothing.
    """
    compared = any(q.item == question.item for q in instrument.plan.of("published"))
    own = {claim.published for claim in claims if claim.result and isinstance(claim.published, str)}
    sure = published["confidence"] != "uncertain"
    stated = [claim.published for claim in claims]
    related = published.index.isin(of_named_studies(dict(published["study"]), stated, instrument.plan))
    return published[sure & ~published.index.isin(own) & compared & related]


def trend(source, question):
    """Groups of respondents compared, statement by statement: one picture a group and outcome.

    Parameters
    ----------
    source : shares.Source
    question : Question

    Returns
    -------
    list of Picture or str
    """
    outcome, found = source.item(question.item), []
    asked = outcomes(outcome, question)
    for by in map(source.item, question.by):
        name = f"trend_{question.id}_{by.id}"
        if outcome.type == "multi":
            ids = {outcome.label_of(of): row_ids(outcome, of, by, question.rows) for of in asked}
            found += _trends(source, question, by, name, "Percent who ticked it", ids)
            continue
        for of in asked:
            ids = {
                part.label if part else outcome.label_of(of): row_ids(
                    outcome, of, by, question.rows, part
                )
                for part in outcome.statements or [None]
            }
            what, end = f"Percent “{outcome.label_of(of)}”", "" if len(asked) == 1 else f"_{of}"
            found += _trends(source, question, by, name + end, what, ids)
    return found


def _trends(source, question, by, name, what, ids):
    """The statements that the groups are compared on, on as many pages as they need."""
    groups = len(question.rows or by.choices)
    each = 0.34 * groups / 3 if groups > 3 else max(row_height(ids, 2.1), 0.4)
    pages = paged(ids, [each] * len(ids), 2.2)
    return [
        _trend(source, question, by, name + end, what, {row: ids[row] for row in part}, more)
        for more, end, part in pages
    ]


def _trend(source, question, by, name, what, ids, more):
    """A row a statement, a mark a group; panels instead where there are more than three groups."""
    table = _by_row(source, ids)
    if not enough(table):
        return f"“{question.question}” as a picture: most cells are withheld"
    level = source.level[0].upper() + source.level[1:]
    base = f"{what}, by: {sentence(by.question)} {level}; n of each group beside the label"
    rows = len(question.rows or by.choices)
    if rows > 3:
        deep = math.ceil(len(ids) / 3)
        figure, axes = frame(
            question.question + more, base, source.synthetic, height=1.3 + 0.34 * rows * deep,
            rows=deep, columns=min(3, len(ids)), squeeze=False,
        )  # fmt: skip
        draw_panels(axes, table.swaplevel())
    else:
        height = 1.6 + max(row_height(ids, 2.1), 0.4) * len(ids)
        figure, axes = frame(
            question.question + more, base, source.synthetic, height=height, legend=True
        )
        draw_groups(axes, table)
        legend_below(axes, 3)
    return picture_of(table, figure, name, f"{base[0].upper()}{base[1:]}, with Wilson's intervals.")


def association(source, question):
    """Answers by background: one picture a background question, in it one panel an answer.

    Parameters
    ----------
    source : shares.Source
    question : Question

    Returns
    -------
    list of Picture or str
    """
    outcome, found = source.item(question.item), []
    for by in map(source.item, question.by):
        each = (0.2 + 0.4 * min(len(question.rows or by.choices), MOST_ROWS)) / 4
        asked = outcomes(outcome, question)
        for more, end, part in paged(asked, [each] * len(asked), 2.2):
            ids = {outcome.label_of(of): row_ids(outcome, of, by, question.rows) for of in part}
            found.append(_association(source, question, by, ids, more, end))
    return found


def _association(source, question, by, ids, more, end):
    outcome = source.item(question.item)
    table = _by_row(source, ids)
    if not enough(table):
        return f"“{'”, “'.join(ids)}”, by “{by.question}”: most cells are withheld"
    if len(table) // len(ids) > MOST_ROWS:
        return f"“{question.question}”, by “{by.question}”: too many groups for one picture"
    table = table.swaplevel()
    across = min(4, len(ids))
    deep, rows = math.ceil(len(ids) / across), len(table) // len(ids)
    told = f"{sentence(outcome.question)} By: {sentence(by.question)} Percent of each row"
    figure, axes = frame(
        question.question + more, f"{told}, {source.level}; n beside the label", source.synthetic,
        height=1.3 + (0.2 + row_height(table.index.levels[0], 1.7, 0.36) * rows) * deep,
        rows=deep, columns=across, squeeze=False,
    )  # fmt: skip
    draw_panels(axes, table)
    what = f"{sentence(outcome.question)} Percent of each row, by: {sentence(by.question)}"
    caption = f"{what} Wilson's intervals. {withheld_below(source.instrument)}"
    return picture_of(table, figure, f"by_{question.id}_{by.id}{end}", caption)


def _by_row(source, ids):
    """Shares by row and group, from labels and ids of the groups by row."""
    return source.gather([((row, group), id) for row, pairs in ids.items() for group, id in pairs])


def contrast(source, question):
    """Two kinds of reasons set against each other: dark bars for at least one of a kind.

    Parameters
    ----------
    source : shares.Source
    question : Question

    Returns
    -------
    list of Picture or str
    """
    item, parts, colours = source.item(question.item), [], []
    for of, colour in zip(question.of, GROUPS[1::-1], strict=False):
        members = [x for x in item.members(of) if x != of]
        ids = [(item.label_of(x), str(ResultId(item.key, x))) for x in [of, *members]]
        kind, some = source.gather(ids[:1]), source.gather(ids[1:])
        some = most_chosen(some.sort_values("percent", ascending=False, kind="stable"), 12)
        parts += [kind.assign(total=bool(members)), some.assign(total=False)]
        colours += [colour] * (len(kind) + len(some))
    table = pd.concat(parts)
    if _unknown(table):
        return [_untold(question.question)]
    gap, told = source.results.get(f"plan.{question.id}.difference.effect", {}), ""
    if gap.get("value") is not None:
        ends = interval(gap["low"], gap["high"])
        told = f"Difference: {number(gap['value'])} percentage points (interval {ends}, notebook 2)."
    base, height = source.asked_of(item, table), 1.2 + 0.29 * len(table)
    figure, axes = frame(question.question, base, source.synthetic, height=height)
    draw_bars(axes, table, colours=colours)
    axes.set_xlabel("Percent")
    caption = f"Percent with Wilson's intervals; dark bars: at least one of a kind. {told}"
    return [picture_of(table, figure, f"contrast_{question.id}", caption)]


def section(source, section):
    """What was chosen in a section: one panel a question with options that no other figure shows.

    Parameters
    ----------
    source : shares.Source
    section : Section

    Returns
    -------
    list of Picture or str
    """
    plan = source.instrument.plan
    elsewhere = {q.item for q in plan.of("share", "contrast")}
    elsewhere |= {item.id for item in source.instrument.background()}
    tables = {
        item.id: _options(source, item)
        for item in source.instrument.of_type("single", "scale", "multi")
        if item.section == section.id and item.id not in elsewhere
    }
    hidden = [id for id, table in tables.items() if len(table) and _unknown(table)]
    said = [_untold(source.item(id).question) for id in hidden]
    tables = {id: table for id, table in tables.items() if len(table) and id not in hidden}
    if not tables:
        return said
    heights = [0.5 + bar_height(table.index, 2.4) * len(table) for table in tables.values()]
    pages = paged(tables.items(), heights, 0.8)
    return said + [_section(source, section, dict(part), *ends) for *ends, part in pages]


def _section(source, section, tables, more, end):
    """A page of a section."""
    sizes = [0.5 + bar_height(table.index, 2.4) * len(table) for table in tables.values()]
    base = f"Percent of the {source.respondents} who answered each question, {source.level}"
    figure, axes = frame(
        section.title + more, base, source.synthetic, height=0.8 + sum(sizes), rows=len(sizes),
        squeeze=False, height_ratios=[len(table) for table in tables.values()],
    )  # fmt: skip
    for axis, (id, table) in zip(axes[:, 0], tables.items(), strict=True):
        draw_bars(axis, table)
        panel_title(axis, _heading(source, source.item(id), table), 6.4)
    whole = pd.concat({source.item(id).question: table for id, table in tables.items()})
    caption = "Percent with Wilson's intervals, of those who answered each question."
    return picture_of(whole, figure, f"section_{section.id}{end}", caption)


def _options(source, item):
    """The shares of an item; ticks from the most to the least, *other* and *none* last."""
    table = most_chosen(fold(source.gather(option_ids(item))))
    if item.type != "multi":
        return table
    last = [option.label for option in item.options if option.exclusive or option.text]
    keys = pd.DataFrame({"last": table.index.isin(last), "percent": -table["percent"]})
    order = keys.reset_index(drop=True).sort_values(["last", "percent"], kind="stable").index
    return table.iloc[order]


def _heading(source, item, table):
    """The question, how many answered it, and of whom it was asked."""
    asked = ""
    if item.asked_if:
        labels = [source.item(item.asked_if.item).label_of(x) for x in item.asked_if.any]
        asked = f", asked of those who said {' or '.join(labels)}"
    return f"{item.question} (n = {number(int(table['base'].max()))}{asked})"


def _unknown(table):
    """Whether not even a base is known: all is withheld, or nothing was recorded."""
    return table["base"].isna().all()


def _untold(question):
    return f"“{question}”: all of its numbers are withheld, or none was recorded"
