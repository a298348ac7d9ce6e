"""Table 1: the share that agrees with each statement, by the answers to another question.

Made of named results only. A withheld cell keeps its mark in every form of the table.
"""

import pandas as pd
from great_tables import GT

from compendium.figures.shares import ALL, gather, option_ids, row_ids
from compendium.results import ResultId
from compendium.wording import interval, number, p_value


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
        Index: statement and group (`ALL` first); columns as from `gather.gather`. Empty where no
        notebook recorded such results.
    """
    tables = {}
    for statement in item.statements:
        groups = option_ids(item, ("group", "option"), statement)
        every = [(ALL, id) for _, id in groups if ResultId.read(id).of == of]
        parts = gather(results, every + row_ids(item, of, by, rows, statement), confidence)
        if len(parts):
            tables[statement.label] = parts
    return pd.concat(tables) if tables else pd.DataFrame()


def printed(table, tests):
    """Table 1 as it is printed: text only.

    Parameters
    ----------
    table : pandas.DataFrame
        As from `agreement_by`.
    tests : dict of str to tuple
        By statement: effect and adjusted p, either of which may be missing.

    Returns
    -------
    pandas.DataFrame
        `statement`; for each group its `percent`, `interval` and `n`, the column named
        ``group|part``; `effect` and `p`. Withheld cells hold their mark.

    Examples
    --------
    >>> row = {"percent": 58.6, "low": 43.4, "high": 72.2, "base": 41, "shown": ""}
    >>> table = pd.DataFrame([row], index=pd.MultiIndex.from_tuples([("Of value", "All")]))
    >>> printed(table, {}).iloc[0].tolist()
    ['Of value', '59%', '43 to 72', '41', '–', '–']
    """
    lines = {}
    for (statement, group), cell in table.iterrows():
        line = lines.setdefault(statement, {"statement": statement})
        share = f"{number(float(cell['percent']), 0)}%" if not cell["shown"] else cell["shown"]
        line[f"{group}|percent"] = share
        line[f"{group}|interval"] = interval(cell["low"], cell["high"], 0)
        line[f"{group}|n"] = number(cell["base"])
    for statement, line in lines.items():
        effect, p = tests.get(statement, (None, None))
        line |= {"effect": number(effect, 2), "p": p_value(p)}
    return pd.DataFrame(list(lines.values()))


def as_html(table, title, base, notes, name, confidence):
    """Table 1 as HTML whose every text is escaped and whose markup is the same from run to run.

    Parameters
    ----------
    table : pandas.DataFrame
        As from `printed`.
    title, base : str
        Above the table.
    notes : sequence of str
        Below it.
    name : str
        Names the table in its page.
    confidence : float
        Level of the intervals, a proportion, for the headings.

    Returns
    -------
    str
        With a class that keeps page mathematics off it: a ``$`` in a question is a dollar.
    """
    level = f"{100 * confidence:g}% interval"
    heads = {"percent": "%", "interval": level, "n": "n"}
    names = {"statement": "", "effect": "τ-b", "p": "p (Holm)"}
    shown = GT(table, id=name).tab_header(title=title, subtitle=base)
    for group in dict.fromkeys(column.split("|")[0] for column in table if "|" in column):
        parts = [column for column in table if column.startswith(f"{group}|")]
        shown = shown.tab_spanner(label=group, columns=parts)
        names |= {column: heads[column.rsplit("|", 1)[1]] for column in parts}
    shown = shown.cols_label(names).cols_align("right").cols_align("left", columns="statement")
    for note in notes:
        shown = shown.tab_source_note(note)
    look = shown.tab_options(table_font_size="13px", data_row_padding="4px")
    return f'<div class="tex2jax_ignore mathjax_ignore">{look.as_raw_html()}</div>'
