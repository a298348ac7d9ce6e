"""Table 1: the share that agrees with each statement, by the answers to another question.

Made of named results only. A withheld cell keeps its mark in every form of the table.
"""

import pandas as pd

from compendium.figures.shares import ALL, gather, row_ids
from compendium.results import ResultId
from compendium.wording import in_percent, interval, number, p_value

HEADS = {"statement": "", "percent": "%", "n": "n", "effect": "τ-b", "p": "p (Holm)"}


def agreement_by(results, item, of, by, rows, confidence):
    """How many agree with each statement of a grid, in all and by the answers to another question.

    Parameters
    ----------
    results : dict of str to dict
        As from `results.read_results`.
    item, by : Item
        The grid, and the choice or scale whose options form the groups.
    of : str
        The option or group of the grid's scale that counts as agreeing.
    rows : sequence of str
        Options and groups of `by`; all of its options otherwise.
    confidence : float
        Level of Wilson's intervals, a proportion.

    Returns
    -------
    pandas.DataFrame
        Index: statement and group (`ALL` first); columns as from `shares.gather`. Empty where no
        notebook recorded such results.
    """
    ids = []
    for part in item.statements:
        every = (ALL, str(ResultId(f"{item.key}.{part.id}", of)))
        ids += [((part.label, group), id) for group, id in [every, *row_ids(item, of, by, rows, part)]]
    return gather(results, ids, confidence)


def printed(table, tests):
    """Table 1 as it is printed: text only.

    Parameters
    ----------
    table : pandas.DataFrame
        As from `agreement_by`; one row at least.
    tests : dict of str to tuple
        By statement: effect and adjusted p, either of which may be missing.

    Returns
    -------
    pandas.DataFrame
        Columns in two levels, group and what: ``statement``, of each group ``percent``,
        ``interval`` and ``n``, and ``effect`` and ``p``; what is of no group has an empty one.
        Withheld cells hold their mark.

    Examples
    --------
    >>> row = {"percent": 58.6, "low": 43.4, "high": 72.2, "base": 41, "shown": ""}
    >>> table = pd.DataFrame([row], index=pd.MultiIndex.from_tuples([("Of value", "All")]))
    >>> printed(table, {}).iloc[0].tolist()
    ['Of value', '59%', '43 to 72', '41', '–', '–']
    """
    lines = {}
    for (statement, group), cell in table.iterrows():
        line = lines.setdefault(statement, {("", "statement"): statement})
        share = f"{number(float(cell['percent']), 0)}%" if not cell["shown"] else cell["shown"]
        line[group, "percent"] = share
        line[group, "interval"] = interval(cell["low"], cell["high"], 0)
        line[group, "n"] = number(cell["base"])
    for statement, line in lines.items():
        effect, p = tests.get(statement, (None, None))
        line |= {("", "effect"): number(effect, 2), ("", "p"): p_value(p)}
    text = pd.DataFrame(list(lines.values()))
    return text.set_axis(pd.MultiIndex.from_tuples(text.columns, names=["group", "what"]), axis=1)


def as_json(text, title, base, notes, confidence):
    """Table 1 as a file holds it: `groups` by name, and of each column its group and what it shows.

    Parameters
    ----------
    text : pandas.DataFrame
        As from `printed`.
    title, base : str
        Above the table.
    notes : sequence of str
        Below it.
    confidence : float
        Level of the intervals, a proportion.

    Returns
    -------
    dict
    """
    return {
        "title": title,
        "base": base,
        "notes": notes,
        "confidence": confidence,
        "groups": [group for group in dict.fromkeys(text.columns.get_level_values(0)) if group],
        "columns": [{"group": group or None, "what": what} for group, what in text.columns],
        "rows": text.to_numpy().tolist(),
    }


def as_html(text, title, base, notes, name, confidence):
    """Table 1 as HTML whose every text is escaped and whose markup is the same from run to run.

    Parameters
    ----------
    text, title, base, notes, confidence
        As for `as_json`.
    name : str
        Names the table in its page.

    Returns
    -------
    str
        With a class that keeps page mathematics off it: a ``$`` in a question is a dollar.
    """
    from great_tables import GT  # takes its time, and only Table 1 needs it

    heads = HEADS | {"interval": f"{in_percent(confidence)} interval"}
    keys = [f"{what}_{k}" for k, (_, what) in enumerate(text.columns)]
    shown = GT(text.set_axis(keys, axis=1), id=name).tab_header(title=title, subtitle=base)
    groups = text.columns.get_level_values(0)
    for k, group in enumerate(dict.fromkeys(filter(None, groups))):
        parts = [key for key, of in zip(keys, groups, strict=True) if of == group]
        shown = shown.tab_spanner(label=group, columns=parts, id=f"group_{k}")
    names = {key: heads[what] for key, (_, what) in zip(keys, text.columns, strict=True)}
    shown = shown.cols_label(names).cols_align("right").cols_align("left", columns=keys[0])
    for note in notes:
        shown = shown.tab_source_note(note)
    look = shown.tab_options(table_font_size="13px", data_row_padding="4px")
    return f'<div class="tex2jax_ignore mathjax_ignore">{look.as_raw_html()}</div>'
