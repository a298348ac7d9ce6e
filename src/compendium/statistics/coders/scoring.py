"""How well codes meet a reference: precision, recall and F1 of a coder or of the rules."""

import numpy as np
import pandas as pd

from compendium.statistics.arguments import check_level, check_same_length
from compendium.statistics.coders.agreement import percentile_ends, resample_weights

SCORES = ("precision", "recall", "f1")


def scores(reference, candidate, respondents, seed, confidence=0.95, resamples=1000):
    """Precision, recall and F1 of codes, with percentile intervals from resampled respondents.

    Parameters
    ----------
    reference, candidate : pandas.DataFrame
        As from `themes.assigned`, same shape: 1 given, 0 not. Answers that either did not read
        (NaN) are left out.
    respondents : sequence
        Whose each answer is; a respondent's answers are drawn together.
    seed : int
    confidence : float
        Level of the intervals, a proportion.
    resamples : int

    Returns
    -------
    pandas.DataFrame
        Indexed by code, then ``micro`` and ``macro``: `answers`, `in_reference`, `in_candidate`
        (counts of answers with the code), `accuracy` (percent of answers), and the proportions
        `precision`, `recall`, `f1`, each with `_low` and `_high`.

    Notes
    -----
    With true positives TP, false positives FP and false negatives FN: precision TP/(TP+FP), recall
    TP/(TP+FN), F1 2TP/(2TP+FP+FN), NaN where nothing is divided by. *Micro* adds up all codes,
    *macro* is the mean over the codes that have an F1. Between two people F1 is their positive
    specific agreement, whoever is called the reference.

    References
    ----------
    van Rijsbergen (1979), Information Retrieval, 2nd ed., chapter 7. Hripcsak & Rothschild (2005),
    https://doi.org/10.1197/jamia.M1733. Efron & Tibshirani (1993),
    https://doi.org/10.1201/9780429246593.

    Examples
    --------
    >>> people = pd.DataFrame({"cost": [1.0, 1.0, 0.0, 0.0], "time": [0.0, 1.0, 0.0, 0.0]})
    >>> rules = pd.DataFrame({"cost": [1.0, 0.0, 1.0, 0.0], "time": [0.0, 1.0, 0.0, 0.0]})
    >>> table = scores(people, rules, range(4), seed=1, resamples=20)
    >>> table[["precision", "recall", "f1"]].round(3).values.tolist()
    [[0.5, 0.5, 0.5], [1.0, 1.0, 1.0], [0.667, 0.667, 0.667], [0.75, 0.75, 0.75]]
    """
    check_level(confidence)
    check_same_length(reference=reference, candidate=candidate, respondents=respondents)
    read = reference.notna().all(axis=1).to_numpy() & candidate.notna().all(axis=1).to_numpy()
    truth, given = reference.to_numpy()[read] == 1, candidate.to_numpy()[read] == 1
    respondents = np.asarray(respondents)[read]
    parts = np.stack([truth & given, ~truth & given, truth & ~given]).astype(float)
    point = _rates(parts.sum(axis=1)[:, None, :])
    weights = resample_weights(respondents, seed, resamples)
    drawn = _rates(np.einsum("ra,pac->prc", weights, parts, optimize=True))
    codes = [*reference.columns, "micro", "macro"]
    table = pd.DataFrame({"answers": int(read.sum())}, index=pd.Index(codes, name="code"))
    table["in_reference"] = [*truth.sum(axis=0), truth.sum(), truth.sum()]
    table["in_candidate"] = [*given.sum(axis=0), given.sum(), given.sum()]
    right = 100 * (truth == given).mean(axis=0) if len(truth) else np.full(truth.shape[1], np.nan)
    table["accuracy"] = [*right, right.mean(), right.mean()]
    tail = 100 * (1 - confidence) / 2
    for name, values, samples in zip(SCORES, point, drawn, strict=True):
        table[name] = values[0]
        table[[f"{name}_low", f"{name}_high"]] = [percentile_ends(column, tail) for column in samples.T]
    return table


def majority(reference, development):
    """The baseline: every answer gets what most answers of the development half have.

    Parameters
    ----------
    reference, development : pandas.DataFrame
        As from `themes.assigned`: the answers to code, and those to learn from.

    Returns
    -------
    pandas.DataFrame
        Like `reference`: 1 in the columns of codes that more than half of the development answers
        carry, and 0 in the others.

    Examples
    --------
    >>> learnt = pd.DataFrame({"cost": [1.0, 1.0, 0.0], "time": [0.0, 0.0, 1.0]})
    >>> majority(learnt, learnt).iloc[0].tolist()
    [1.0, 0.0]
    """
    common = (development.mean() > 0.5).astype(float)
    return pd.DataFrame(1.0, index=reference.index, columns=reference.columns) * common


def _rates(parts):
    """Precision, recall and F1 with micro and macro; `parts` is TP, FP, FN × samples × codes."""
    tp, fp, fn = np.concatenate([parts, parts.sum(axis=2, keepdims=True)], axis=2)
    with np.errstate(invalid="ignore"):
        found = tp / (tp + fp), tp / (tp + fn), 2 * tp / (2 * tp + fp + fn)
    return [np.column_stack([rates, _mean(rates[:, :-1])]) for rates in found]


def _mean(rates):
    """Mean over the codes that have the rate; NaN where none has."""
    some = np.isfinite(rates).sum(axis=1)
    return np.divide(np.nansum(rates, axis=1), some, out=np.full(len(rates), np.nan), where=some > 0)
