"""Tables of a study: how often each option was chosen, and of whom.

The layer between `survey.study` (who answered what) and `proportions` (what a count of a base
says). Each row of a table is a named result; what may not be shown `disclosure.counts` says.
"""

from itertools import permutations

import numpy as np
import pandas as pd

from compendium.results import ResultId, row_id
from compendium.statistics.proportions import proportions
from compendium.survey.answers import answered, answered_one, base_of, chosen


def distribution(study, item, hidden, confidence):
    """How often each option and each group of an item was chosen.

    Parameters
    ----------
    study : Study
    item : Item
        A choice, a scale, a grid or a multi-response item.
    hidden : dict of str to str
        What to withhold, as from `counts.suppressed_counts`.
    confidence : float
        Level of Wilson's intervals, as a proportion.

    Returns
    -------
    pandas.DataFrame
        `result` (id), `statement`, `option`, `kind` (``option``, ``dont_know``, ``group``),
        `count`, `base`, in percent `percent`, `low`, `high`, and `shown`. The base of an option is
        whoever answered on the scale; that of *don't know* adds those who said so. A withheld row
        has no count, percent or interval, and `shown` says ``<5`` or ``…``. Where the size of the
        population is known, `sampled`, which share of it answered: intervals take it into account.

    Examples
    --------
    >>> from compendium.survey.study import load_study
    >>> study = load_study("anes96", "data")
    >>> table = distribution(study, study.instrument.item("intended"), {}, confidence=0.95)
    >>> table[["result", "count", "base"]].values.tolist()
    [['vote.intended.clinton', 551, 944], ['vote.intended.dole', 393, 944]]
    """
    rows = []
    kinds = {"option": item.choices, "dont_know": item.unsure, "group": item.groups}
    for (column, given), statement in zip(
        answered(study, item).items(), item.statements or [None], strict=True
    ):
        key, text = item.key_of(column), statement.label if statement else ""
        for kind, parts in kinds.items():
            for part in parts:
                hit, base = chosen(study, item, part.id, column), given
                if kind == "dont_know":
                    hit = study.states[column] == "dont_know"
                    base = given | hit
                counts = hit.sum(), base.sum(), base_of(item, column)
                rows.append((str(ResultId(key, part.id)), text, part.label, kind, *counts))
    return estimated(rows, hidden, confidence, study.sampled)


def breakdown(study, item, of, by, hidden, confidence, column=None, rows=()):
    """How often an option or a group was chosen, by the answers to another item.

    Parameters
    ----------
    study : Study
    item, by : Item
        The outcome, and the choice or scale whose options form the rows.
    of : str
        Option or group of the outcome.
    hidden, confidence
        As in `distribution`.
    column : str, optional
        The statement's column, where the outcome is a grid.
    rows : sequence of str, optional
        Options and groups of `by` that form the rows; all of its options otherwise.

    Returns
    -------
    pandas.DataFrame
        One row an option or group of `by`, columns as in `distribution`.

    Examples
    --------
    >>> from compendium.survey.study import load_study
    >>> study = load_study("anes96", "data")
    >>> item = study.instrument.item
    >>> table = breakdown(study, item("intended"), "dole", item("education"), {}, confidence=0.95)
    >>> table["count"].tolist(), int(table["base"].sum())
    ([3, 14, 95, 81, 37, 108, 55], 944)
    """
    column = column or item.id
    many = item.type == "multi"
    given = answered(study, item)[column] if many else answered_one(study, column)
    hit = chosen(study, item, of, column)
    text = item.label_of(of)
    if item.type == "grid":
        statement = next(s for s in item.statements if f"{item.id}.{s.id}" == column)
        text = f"{statement.label}: {text}"
    table = []
    for part in rows or [option.id for option in by.choices]:
        row, label = study.answers[by.id].isin(by.members(part)), by.label_of(part)
        result = str(ResultId(item.key_of(column), of, by.id, part))
        counts = (hit & row).sum(), (given & row).sum(), row_id(base_of(item, column), by.id, part)
        table.append((result, text, label, "option", *counts))
    return estimated(table, hidden, confidence, study.sampled)


def estimated(rows, hidden, confidence, sampled):
    """The rows with percent and interval; nothing of what is withheld, nor of what lacks its base."""
    table = pd.DataFrame([row[:4] for row in rows], columns=["result", "statement", "option", "kind"])
    counts, bases = (np.array([row[place] for row in rows], int) for place in (4, 5))
    baseless = np.array([row[6] in hidden for row in rows], bool)
    shown = [hidden.get(row[0], "") or "…" * (row[6] in hidden) for row in rows]
    hide = np.array([mark != "" for mark in shown], bool)
    unsure = np.array([row[3] == "dont_know" for row in rows], bool)
    estimates = proportions(counts, bases, confidence, sampled=sampled)
    table["count"] = _without(counts, hide)
    # The base of "don't know" less that of the scale would be the count itself.
    table["base"] = _without(bases, baseless | (hide & unsure))
    for name in ("percent", "low", "high"):
        table[name] = np.where(hide, np.nan, estimates[name])
    if sampled:
        table["sampled"] = sampled
    return table.assign(shown=shown)


def _without(counts, hide):
    """Counts without those to hide: none is left below its mask."""
    return pd.arrays.IntegerArray(np.where(hide, 0, counts), hide)


def rests_on_withheld(tables):
    """Whether a count or a base of any of these tables is withheld, so that no test may tell it.

    Parameters
    ----------
    tables : sequence of pandas.DataFrame
        As from `frequencies.breakdown`.

    Returns
    -------
    bool

    Examples
    --------
    >>> import pandas as pd
    >>> rests_on_withheld([pd.DataFrame({"shown": ["", "<5"], "base": [12, 31]})])
    True
    """
    return any(table["shown"].ne("").any() or table["base"].isna().any() for table in tables)


def few_rated(table):
    """Whether few gave one of a grid's ratings, so that nothing may be computed from all of them.

    Parameters
    ----------
    table : pandas.DataFrame
        As from `distribution`. A *don't know* is no rating.

    Returns
    -------
    bool

    Notes
    -----
    Three digits are not coarse enough here: ranks of a hundred respondents have few other ratings
    that fit the shown counts, one test and all pairs of statements at once.
    """
    return bool(table.loc[table["kind"] == "option", "shown"].ne("").any())


def breaks_down_withheld(items, hidden):
    """Whether a count of one of these items by another is withheld, which a model of them would tell.

    Parameters
    ----------
    items : sequence of Item
    hidden : collection of str
        As in `distribution`.

    Returns
    -------
    bool
    """
    for item, by in permutations(items, 2):
        counts = (name for name in hidden if name.startswith(f"{item.key}."))
        if any(ResultId.read(name).by == by.id for name in counts):
            return True
        if any(name.startswith(row_id(f"base:{item.key}", by.id, "")) for name in hidden):
            return True
    return False


def as_shown(study, item, of, by, rows, column=None):
    """Answers as coarse as the breakdown that is shown of them, to be tested.

    Parameters
    ----------
    study : Study
    item, by : Item
        As in `breakdown`.
    of : sequence of str
        Options or groups of the outcome.
    rows : sequence of str
        Options and groups of `by`.
    column : str, optional
        The statement's column, where the outcome is a grid.

    Returns
    -------
    pandas.DataFrame of float
        One row a respondent: `row` and `outcome`, the position of the first of `rows` and of `of`
        that holds; an outcome that none of `of` holds is 0. NaN for no answer, or in none of `rows`.

    Examples
    --------
    >>> from compendium.survey.study import load_study
    >>> study = load_study("anes96", "data")
    >>> item = study.instrument.item
    >>> both = as_shown(study, item("intended"), ["dole"], item("party"), ["democrat", "republican"])
    >>> pd.crosstab(both["row"], both["outcome"]).values.tolist()
    [[366, 14], [34, 291]]
    """
    column = column or item.id
    row = pd.Series(np.nan, index=study.answers.index)
    outcome = pd.Series(0.0, index=study.answers.index).where(answered(study, item)[column])
    for position, part in reversed(list(enumerate(rows, 1))):
        row = row.mask(study.answers[by.id].isin(by.members(part)), position)
    for position, part in reversed(list(enumerate(of, 1))):
        outcome = outcome.mask(chosen(study, item, part, column), position)
    return pd.DataFrame({"row": row, "outcome": outcome})


def spread(values, minimum):
    """Numbers that respondents gave, in a few figures that point at nobody.

    Parameters
    ----------
    values : pandas.Series of float
        One value a respondent; NaN for no answer.
    minimum : int
        Smallest count that may be shown.

    Returns
    -------
    pandas.Series
        `n`, `mean`, `sd` and the quartiles `q1`, `median`, `q3`. All but `n` are NaN where a quarter
        of the respondents would be fewer than `minimum`, and have three digits where anybody is
        protected; smallest and largest, which are one respondent's each, are never told.

    Examples
    --------
    >>> spread(pd.Series([1.0, 2.0, 3.0, 4.0]), minimum=1)["median"].item()
    2.5
    >>> spread(pd.Series([1.0, 2.0, 3.0, 4.0]), minimum=5).tolist()
    [4.0, nan, nan, nan, nan, nan]
    """
    told = values.dropna().astype(float)
    if len(told) < 4 * minimum:
        told = told.iloc[:0]
    q1, median, q3 = told.quantile([0.25, 0.5, 0.75])
    figures = {"mean": told.mean(), "sd": told.std(), "q1": q1, "median": median, "q3": q3}
    if minimum > 1:  # to the last digit a mean times n is a sum, and a sum less the others an answer
        figures = {name: float(f"{figure:.3g}") for name, figure in figures.items()}
    return pd.Series({"n": float(values.notna().sum())} | figures)
