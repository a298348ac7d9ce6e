"""Answers as scores, under each alternative of a decision: what a universe compares with what.

A side is an outcome or a grouping of a question. Which score an answer gets, and whether it gets one,
is a table of scores by option; two alternatives with the same table are one.
"""

import numpy as np

from compendium.survey.answers import answered, chosen
from compendium.survey.plan import outcomes

SIGNED = ("trend", "grid", "ordinal_regression")
FEW = 5  # smaller groups are put together
MISSING = None


def cuts(item, question):
    """How the points of an outcome can be cut: a score by option under each alternative.

    Parameters
    ----------
    item : Item
        A choice, a scale or a grid.
    question : Question
        Names the option or group that is shown; ends are counted from its side of the scale.

    Returns
    -------
    dict of str to tuple
        By alternative, a score for each option in its order, None where it is left out.

    Examples
    --------
    >>> from compendium.survey.instrument import read_instrument
    >>> instrument = read_instrument("data/microcredentials/survey.yml")
    >>> found = cuts(instrument.item("value"), instrument.plan["value_by_familiarity"])
    >>> found["two"], found["no_middle"]
    ((0, 0, 0, 1, 1), (0, 0, None, 1, 1))
    """
    ids = [option.id for option in item.choices]
    k, found = len(ids), {"points": tuple(range(1, len(ids) + 1))}
    parts = [item.members(of) for of in outcomes(item, question)]
    if item.type == "single" and question.of is None:
        parts = [group.options for group in item.groups][:1]
    elif question.method != "association":
        parts = parts[:1]
    if parts:
        where = {id: place for place, part in reversed([*enumerate(parts, 1)]) for id in part}
        found["named"] = tuple(where.get(id, 0) for id in ids)
    if item.type == "single" or k < 3:
        return found
    below = found.get("named", (0,))[0] > 0  # the group that is shown lies at the lower end
    if below and question.method in SIGNED:  # up stays up
        found["named"], below = tuple(int(score == 0) for score in found["named"]), False
    order = range(k - 1, -1, -1) if below else range(k)
    found["one"] = tuple(int(place >= k - 1) for place in order)
    if k > 3:
        found["two"] = tuple(int(place >= k - 2) for place in order)
    middle = (k - 1) / 2
    found["no_middle"] = tuple(MISSING if p == middle else int(p > middle) for p in order)
    return found


def groupings(study, item, question):
    """How the answers that form groups can be put together: as `cuts`.

    Parameters
    ----------
    study : Study
        What halves are, and which groups are small, its respondents say.
    item : Item
        A choice or a scale.
    question : Question

    Returns
    -------
    dict of str to tuple
    """
    ids = [option.id for option in item.choices]
    found, k = {"points": tuple(range(1, len(ids) + 1))}, len(ids)
    if question.rows:
        parts = enumerate(map(item.members, question.rows), 1)
        where = {id: place for place, part in reversed([*parts]) for id in part}
        found["named"] = tuple(where.get(id, MISSING) for id in ids)
    counts = study.answers[item.id].value_counts().reindex(ids, fill_value=0).to_numpy()
    if item.type == "scale" and k > 2:
        upper = np.abs(counts.cumsum()[:-1] - counts.sum() / 2).argmin() + 1
        found["halves"] = tuple(int(place >= upper) for place in range(k))
    elif k > 2 and (counts < FEW).sum() > 1:
        found["no_small"] = tuple(0 if few else place + 1 for place, few in enumerate(counts < FEW))
    return found


def unsure(scores, take, points, item):
    """The score of *don't know* where an alternative gives it one, else None."""
    k = len(points)
    if not item.dont_know or take == "missing":
        return MISSING
    if take == "own_group":
        return k + 1
    if scores == points:
        return (k + 1) / 2
    inner = {scores[(k - 1) // 2], scores[k // 2]}
    return inner.pop() if len(inner) == 1 else MISSING


def scored(study, item, column, scores, dont_know):
    """One score a respondent.

    Parameters
    ----------
    study : Study
    item : Item
    column : str
        The statement's column, where the item is a grid.
    scores : sequence of float or None
        One an option, in its order.
    dont_know : float or None

    Returns
    -------
    numpy.ndarray of float
        NaN for no answer, and where the option or *don't know* has no score.
    """
    table = np.array([np.nan if score is None else score for score in (*scores, None)], float)
    values = table[study.answers[column].cat.codes.to_numpy()]  # -1, no option, is the last
    if dont_know is not None:
        values = np.where(study.states[column] == "dont_know", float(dont_know), values)
    return values


def ticks(study, item, of):
    """Whether an option or a group of a multi-response item was ticked; NaN for no answer."""
    given = answered(study, item)[item.id].to_numpy()
    return np.where(given, chosen(study, item, of).to_numpy(float), np.nan)
