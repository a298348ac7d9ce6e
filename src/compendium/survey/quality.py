"""How respondents went through the questionnaire: what they left out, where they stopped."""

import numpy as np
import pandas as pd

from compendium.survey.answers import base_of
from compendium.survey.study import STATES

ENOUGH = 3  # this many closed items left unanswered to the end count as breaking off
LONG_GRID = 4  # a shorter grid answered alike throughout says nothing


def item_states(study):
    """The state of each item for each respondent: a grid is ``answered`` when any statement is."""
    columns = {}
    for item in study.instrument.substantive():
        states = study.states[list(item.answer_columns())]
        states = states.replace({"not_ticked": "answered"}) if item.type == "multi" else states
        first = states.iloc[:, 0].astype(object)
        for state in ("dont_know", "answered"):
            first = first.mask((states == state).any(axis=1), state)
        columns[item.id] = first
    return pd.DataFrame(columns, index=study.states.index)


def missing(study, hidden=()):
    """How many answered, did not know, skipped and were not asked, for each column of answers.

    Parameters
    ----------
    study : Study
    hidden : collection of str
        Results to withhold, as from `suppressed_counts`. Where few did not know, they are counted
        with those who skipped: base and respondents give away the sum of both, not its parts. Where
        few ticked an option, they are counted with those who did not.

    Returns
    -------
    pandas.DataFrame
        One row a question or part of one: `item`, `label`, then a count for each of the states
        ``answered``, ``dont_know``, ``not_ticked``, ``skipped``, ``not_asked``; each row adds up to
        the respondents analysed, or is missing where it would tell how many answered or were asked.
        `merged` says that ``answered`` holds those who ticked and those who did not.
    """
    rows = []
    for item in study.instrument.substantive():
        parts = {"grid": item.statements, "multi": item.options}.get(item.type) or [None]
        for column, part in zip(item.answer_columns(), parts, strict=True):
            counts = study.states[column].value_counts().to_dict()
            if any(f"{item.key_of(column)}.{unsure.id}" in hidden for unsure in item.unsure):
                counts["skipped"] = counts.get("skipped", 0) + counts.pop("dont_know", 0)
            merged = item.type == "multi" and item.key_of(column) in hidden
            if merged:
                counts["answered"] = counts.get("answered", 0) + counts.pop("not_ticked", 0)
            label = item.question if part is None else part.label
            where = item.id if item.type == "multi" else column
            secret = f"asked:{item.id}" in hidden or base_of(item, where) in hidden
            told = [pd.NA if secret else int(counts.get(state, 0)) for state in STATES]
            rows.append((column, item.id, label, *told, merged))
    table = pd.DataFrame(rows, columns=["column", "item", "label", *STATES, "merged"])
    return table.set_index("column").astype(dict.fromkeys(STATES, "Int64"))


def break_offs(study):
    """Who stopped before the end, and after which item.

    Parameters
    ----------
    study : Study

    Returns
    -------
    pandas.Series
        Id of the last item answered, for each respondent who left at least three of the closed items
        put to them unanswered up to the end; empty where nobody did. Open questions do not count:
        many who finish leave them empty.

    Examples
    --------
    >>> from compendium.survey.study import load_study
    >>> len(break_offs(load_study("anes96", "data")))
    0
    """
    closed = [item.id for item in study.instrument.substantive() if item.type != "text"]
    states = item_states(study)[closed]
    asked = (states != "not_asked").to_numpy()
    answered = states.isin(["answered", "dont_know"]).to_numpy()
    position = np.arange(len(closed))
    last = np.where(answered, position, -1).max(axis=1)
    left = (asked & (position > last[:, None])).sum(axis=1)
    stopped = (left >= ENOUGH) & (last >= 0)
    return pd.Series(np.array(closed, object)[last[stopped]], index=states.index[stopped])


def completion(study):
    """Share of the items put to a respondent that they answered.

    Parameters
    ----------
    study : Study

    Returns
    -------
    pandas.Series
        Percent, one value a respondent.
    """
    states = item_states(study)
    asked = (states != "not_asked").sum(axis=1)
    return 100 * states.isin(["answered", "dont_know"]).sum(axis=1) / asked.where(asked > 0)


def straight_liners(study):
    """Who gave one and the same answer to every statement of every long grid.

    Parameters
    ----------
    study : Study

    Returns
    -------
    pandas.Index
        Respondents; flagged, not removed: a plain opinion can look like this too. Only respondents
        who answered at least two grids of four or more statements throughout are looked at.

    References
    ----------
    Herzog & Bachman (1981), doi 10.1086/268687.
    """
    grids = [i for i in study.instrument.of_type("grid") if len(i.statements) >= LONG_GRID]
    if len(grids) < 2:
        return study.answers.index[:0]
    alike = pd.DataFrame(index=study.answers.index)
    for item in grids:
        codes = study.answers[list(item.answer_columns())].apply(lambda column: column.cat.codes)
        full = (codes >= 0).all(axis=1)
        alike[item.id] = full & codes.eq(codes.iloc[:, 0], axis=0).all(axis=1)
    return alike.index[alike.all(axis=1)]


def missing_by_item(gaps):
    """What is missing, question by question: the mean over the parts of a grid or multi-response item.

    Parameters
    ----------
    gaps : pandas.DataFrame
        As from `missing`.

    Returns
    -------
    pandas.DataFrame of float
        One row an item, respondents by state; items of which a part is withheld are left out.
    """
    return gaps.groupby("item", sort=False)[STATES].mean().dropna().astype(float)


def progress(completion):
    """How many respondents got how far.

    Parameters
    ----------
    completion : pandas.Series
        Percent of the questions answered, as from `completion`.

    Returns
    -------
    pandas.Series of int
        By how much was answered, from little to all.
    """
    steps = ["up to 50%", "over 50 to 80%", "over 80, not all", "all questions"]
    return pd.cut(completion, [-1, 50, 80, 99.999, 100], labels=steps).value_counts(sort=False)
