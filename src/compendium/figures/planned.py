"""One call a planned question: its pictures, each with caption, alt text and result ids, or why not.

Each function gives a list of pictures and of sentences that say what cannot be drawn, and why.
"""

import math

import pandas as pd

from compendium.figures.estimates import (
    GROUPS,
    bar_height,
    draw_bars,
    draw_groups,
    draw_panels,
    panel_title,
    row_height,
    scale_end,
)
from compendium.figures.shares import (
    compared,
    enough,
    fold,
    most_chosen,
    option_ids,
    paged,
    percent,
    picture_of,
    row_ids,
    sentence,
)
from compendium.figures.style import frame, legend_below
from compendium.results import ResultId
from compendium.survey.plan import outcomes
from compendium.wording import in_percent, interval, number, withheld_below

MOST_ROWS = 15  # of a picture by groups: it fits a page, and its letters keep apart


def share(source, question):
    """The options of a planned share; the title says the one that it is about.

    Parameters
    ----------
    source : shares.Source
    question : Question

    Returns
    -------
    list of Picture or str
    """
    item = source.item(question.item)
    of, table = outcomes(item, question)[0], most_chosen(fold(source.gather(option_ids(item))))
    if _unknown(table):
        return [_untold(question.question)]
    told, title = source.gather([(item.label_of(of), str(ResultId(item.key, of)))]), question.question
    if told["percent"].notna().any():
        title = f"{told.index[0]}: {percent(told['percent'].iloc[0])} of {source.respondents}"
    table["total"] = table.index.isin([item.label_of(x) for x in item.members(of)])
    base, name = source.asked_of(item, table), f"share_{question.id}"
    return [_bars(title, base, table, source.synthetic, name)]


def plotted(study, item, shares, title, of=""):
    """A bar a row of a table of shares that somebody asked for by hand, as from `distribution`.

    Parameters
    ----------
    study : OpenStudy
    item : Item
    shares : pandas.DataFrame
    title : str
        Of the picture, unless `of`, an option or group that stands out, has a percent to tell.
    """
    told, rows = shares[shares["result"] == f"{item.key}.{of}"], shares[shares["kind"] != "group"]
    rows = rows if len(rows) else shares
    who, asked = study.words.respondents, ""
    if len(told) and told["percent"].notna().all():
        asked = f"{sentence(item.question)} "
        title = f"{told['option'].iloc[0]}: {percent(told['percent'].iloc[0])} of {who}"
    ends = " to ".join(dict.fromkeys(number(x) for x in (rows["base"].min(), rows["base"].max())))
    base = f"{asked}{ends} {who}, {in_percent(study.confidence)} intervals"
    table = most_chosen(fold(rows.set_index("option")))
    table["total"] = table["result"].isin([str(ResultId(item.key, x)) for x in item.members(of or "")])
    return _bars(title, base, table, study.synthetic, "share")


def _bars(title, base, table, synthetic, name):
    figure, axes = frame(title, base, synthetic, height=1.4 + 0.3 * len(table))
    draw_bars(axes, table, width=3.2)
    axes.set_xlabel("Percent")
    return picture_of(table, figure, name, "Percent with Wilson's intervals.")


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
    found = []
    for by, of, ids in comparisons(source, question):
        groups = len(question.rows or by.choices)
        each = 0.34 * groups / 3 if groups > 3 else max(row_height(ids, 2.1), 0.4)
        pages = paged(ids, [each] * len(ids), 2.2)
        found += [
            _trend(source, question, by, of, {row: ids[row] for row in part}, more, end)
            for more, end, part in pages
        ]
    return found


def comparisons(source, question):
    """The breakdowns that a question plans: by what, the outcome of a grid, and the ids of the groups.

    Returns
    -------
    list of (Item, str, dict)
        Labels and ids of the groups by row: an answer, or a statement of a grid.
    """
    outcome, found = source.item(question.item), []
    asked = outcomes(outcome, question)
    for by in map(source.item, question.by):
        if not outcome.statements:
            found.append(
                (by, "", {outcome.label_of(x): row_ids(outcome, x, by, question.rows) for x in asked})
            )
            continue
        for of in asked:
            ids = {
                part.label: row_ids(outcome, of, by, question.rows, part) for part in outcome.statements
            }
            found.append((by, of, ids))
    return found


def told(source, question, by, ids, table):
    """What a comparison found, as `shares.compared`; the tests are those that chapter 2 recorded."""
    key, p = f"plan.{question.id}.{by.id}", {}
    for row, pairs in ids.items():
        part = ResultId.read(pairs[0][1])
        names = (f"{key}.p", f"{key}.{part.key.rpartition('.')[2]}.p", f"{key}.{part.of}.p")
        p[row] = next((source.results[x].get("value") for x in names if x in source.results), None)
    return compared(table, p)


def _trend(source, question, by, of, ids, more, end):
    """A row a statement, a mark a group; panels instead where there are more than three groups."""
    table, outcome = by_row(source, ids), source.item(question.item)
    if not enough(table):
        return f"“{question.question}” as a picture: most cells are withheld"
    found = told(source, question, by, ids, table)
    title = found.said if found else question.question
    what = f"Percent “{outcome.label_of(of)}”" if of else "Percent who chose it"
    level = source.level[0].upper() + source.level[1:]
    base = f"{what}, by: {sentence(by.question)} {level}; n of each group beside the label"
    rows = len(question.rows or by.choices)
    if rows > 3:
        deep = math.ceil(len(ids) / 3)
        figure, axes = frame(
            title + more, base, source.synthetic, height=1.3 + 0.34 * rows * deep,
            rows=deep, columns=min(3, len(ids)), squeeze=False,
        )  # fmt: skip
        draw_panels(axes, table.swaplevel())
    else:
        height = 1.6 + max(row_height(ids, 2.1), 0.4) * len(ids)
        figure, axes = frame(title + more, base, source.synthetic, height=height, legend=True)
        draw_groups(axes, table)
        legend_below(axes, 3)
    several = of and len(outcomes(outcome, question)) > 1
    name = f"trend_{question.id}_{by.id}" + (f"_{of}" if several else "") + end
    caption = f"{question.question} {base[0].upper()}{base[1:]}, with Wilson's intervals."
    return picture_of(table, figure, name, caption)


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
    found = []
    for by, _, ids in comparisons(source, question):
        each = (0.2 + 0.4 * min(len(question.rows or by.choices), MOST_ROWS)) / 4
        for more, end, part in paged(ids, [each] * len(ids), 2.2):
            found.append(_association(source, question, by, {row: ids[row] for row in part}, more, end))
    return found


def _association(source, question, by, ids, more, end):
    outcome = source.item(question.item)
    table = by_row(source, ids)
    if not enough(table):
        return f"“{'”, “'.join(ids)}”, by “{by.question}”: most cells are withheld"
    if len(table) // len(ids) > MOST_ROWS:
        return f"“{question.question}”, by “{by.question}”: too many groups for one picture"
    found, table = told(source, question, by, ids, table), table.swaplevel()
    across = min(4, len(ids))
    deep, rows = math.ceil(len(ids) / across), len(table) // len(ids)
    what = f"{sentence(outcome.question)} By: {sentence(by.question)} Percent of each row"
    figure, axes = frame(
        (found.said if found else question.question) + more,
        f"{what}, {source.level}; n beside the label", source.synthetic,
        height=1.3 + (0.2 + row_height(table.index.levels[0], 1.7, 0.36) * rows) * deep,
        rows=deep, columns=across, squeeze=False,
    )  # fmt: skip
    draw_panels(axes, table)
    caption = f"{question.question} {what}. Wilson's intervals. {withheld_below(source.instrument)}"
    return picture_of(table, figure, f"by_{question.id}_{by.id}{end}", caption)


def by_row(source, ids):
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
    gap, apart = source.results.get(f"plan.{question.id}.difference.effect", {}), ""
    if gap.get("value") is not None:
        ends = interval(gap["low"], gap["high"])
        apart = f"Difference: {number(gap['value'])} percentage points (interval {ends}, notebook 2)."
    kinds = pd.concat(parts[::2])["percent"].dropna()
    said = "; ".join(f"{label}: {percent(value)}" for label, value in kinds.items())
    base, height = source.asked_of(item, table), 1.2 + 0.29 * len(table)
    figure, axes = frame(said or question.question, base, source.synthetic, height=height)
    draw_bars(axes, table, colours=colours)
    axes.set_xlabel("Percent")
    told = "Percent with Wilson's intervals; dark bars: at least one of a kind."
    caption = f"{question.question} {told} {apart}"
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
    top = scale_end(pd.concat(tables.values()))
    base = f"{section.title}: percent of the {source.respondents} who answered, {source.level}"
    figure, axes = frame(
        _most(tables.values()) + more, base, source.synthetic, height=0.8 + sum(sizes), rows=len(sizes),
        squeeze=False, height_ratios=[len(table) for table in tables.values()],
    )  # fmt: skip
    for axis, (id, table) in zip(axes[:, 0], tables.items(), strict=True):
        draw_bars(axis, table, top=top)
        panel_title(axis, _heading(source, source.item(id), table), 6.4)
    whole = pd.concat({source.item(id).question: table for id, table in tables.items()})
    caption = "Percent with Wilson's intervals, of those who answered each question."
    return picture_of(whole, figure, f"section_{section.id}{end}", caption)


def _most(tables):
    """The answer given most to each question."""
    tops = [table["percent"] for table in tables if table["percent"].notna().any()]
    return "Most often: " + ", ".join(f"{top.idxmax()} ({percent(top.max())})" for top in tops)


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
