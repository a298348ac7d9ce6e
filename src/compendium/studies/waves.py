"""Waves of one survey: the same question over time, where it is the same question.

A wave shows what its own study may show: nothing is told here that its chapters do not tell, and a test
is made of shown numbers only, so that no withheld count can be had back from it.
"""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats

from compendium.disclosure.counts import published_counts, read_or_decide
from compendium.disclosure.gate import refuse_uncleared
from compendium.statistics.association import association, holm, one_test
from compendium.statistics.frequencies import distribution, spread
from compendium.statistics.proportions import difference
from compendium.studies.examined import themed
from compendium.survey.answers import COUNTED
from compendium.survey.study import Study, load_study

LEVEL, SEED, UNTOLD = 0.95, 20240613, "withheld in a wave"
MOST = 0.9  # of the respondents of a wave, above which another is a later export of it
OTHERWISE = {
    "type": "is a question of another type",
    "question": "is worded otherwise",
    "statements": "has other statements",
    "options": "has other options",
    "asked": "was asked of others, or other respondents were left out",
}
KEYS = ["item", "question", "statement", "option", "kind"]
SHOWN = [*KEYS, "wave", "value", "low", "high", "count", "base", "shown"]
TESTED = ["waves", "change", "change_low", "change_high", "test", "statistic", "df", "p", "note"]


@dataclass
class Wave:
    """One wave: its place in time, its study, and what may not be told of it."""

    time: float
    study: Study
    hidden: dict

    @cached_property
    def cells(self):
        """Every count that was decided on, where people are protected."""
        return published_counts(self.study)[0] if self.study.instrument.minimum > 1 else {}


@dataclass
class Survey:
    """What the waves of one survey show.

    Attributes
    ----------
    title : str
    times : list of float
        Of the waves that are compared.
    synthetic : bool
    points : pandas.DataFrame
        A row an option (or a mean) and wave: `SHOWN`.
    trends : pandas.DataFrame
        A row an option or mean: `KEYS` and `TESTED`, the change from the first to the last wave and
        the test of a trend, with Holm's `adjusted` p over all of the survey.
    apart : list of tuple
        Item, wave, and why the two do not compare.
    notes : list of str
    """

    title: str
    times: list = field(default_factory=list)
    synthetic: bool = False
    points: pd.DataFrame = field(default_factory=pd.DataFrame)
    trends: pd.DataFrame = field(default_factory=pd.DataFrame)
    apart: list = field(default_factory=list)
    notes: list = field(default_factory=list)


def surveys(places, entries, found):
    """The surveys of a list that have waves, in its order.

    Parameters
    ----------
    places : examined.Places
    entries : list of listed.Entry
    found : list of dict
        What came of each, as `examined.examine` leaves it.

    Returns
    -------
    list of Survey
    """
    by_survey = {}
    for entry, one in zip(entries, found, strict=True):
        if entry.survey:
            by_survey.setdefault(entry.survey, []).append((entry, one))
    told = []
    for title, members in by_survey.items():
        waves, notes = [], []
        for entry, one in sorted(members, key=lambda member: member[0].wave):
            if one["status"] == "refused":
                notes.append(f"The wave {entry.wave:g} is left out: its study was refused.")
                continue
            study = load_study(entry.name, places.data)
            kept = places.of(entry) / "suppressed.json"
            waves.append(Wave(entry.wave, study, read_or_decide(kept, themed(study, places.data))))
        told.append(compared(title, waves, notes))
    return told


def compared(title, waves, notes=()):
    """Set the waves of a survey side by side, question by question.

    Parameters
    ----------
    title : str
    waves : list of Wave
        In the order of time.
    notes : sequence of str

    Returns
    -------
    Survey
    """
    survey = Survey(title, [wave.time for wave in waves], any(wave.study.synthetic for wave in waves))
    survey.notes = [*notes, *_against(waves)]
    if len(survey.notes) > len(notes):
        return survey
    tables = []
    for item in waves[-1].study.instrument.of_type(*COUNTED, "number"):
        same = []
        for wave in waves:
            why = unlike(waves[-1].study.instrument, wave.study.instrument, item.id)
            if why:
                survey.apart.append((item.id, wave.time, why))
            else:
                same.append(wave)
        if len(same) > 1:
            tables += [_points(wave, item.id) for wave in same]
    if tables:
        points = pd.concat(tables, ignore_index=True)
        survey.points, survey.trends = points.reindex(columns=SHOWN), _trends(points)
    return survey


def _against(waves):
    """Why the waves of a survey may not be compared at all."""
    if len(waves) < 2:
        yield "One wave has nothing to be compared with."
    if len({wave.study.synthetic for wave in waves}) > 1:
        yield "Made-up answers and those of people are not set side by side."
    for early, late in combinations(waves, 2):
        if _again(early.study, late.study) > MOST:
            yield (
                f"The respondents of {early.time:g} stand in {late.time:g} too, with the same answers: "
                "a later export of a wave is no other wave, and what it has more would be told."
            )


def _again(early, late):
    """Which share of the respondents of a wave another one holds with all their answers."""
    both = early.answers.index.intersection(late.answers.index)
    columns = early.answers.columns.intersection(late.answers.columns)
    one, other = (study.answers.loc[both, columns].astype(object).fillna("") for study in (early, late))
    return (one == other).all(axis=1).sum() / max(early.n, 1) if len(columns) else 0.0


def unlike(newest, instrument, id):
    """In what an item differs between two questionnaires, in words; empty where it is the same."""
    if id not in [item.id for item in instrument.items]:
        return "was not asked"
    now, then = _standing(newest, id), _standing(instrument, id)
    return " and ".join(words for key, words in OTHERWISE.items() if now[key] != then[key])


def _standing(instrument, id):
    """What has to be the same for answers to compare; only a scale's options have an order."""
    item = instrument.item(id)
    labels = [option.label for option in item.choices]
    condition = item.asked_if
    return {
        "type": item.type,
        "question": item.question,
        "statements": [statement.label for statement in item.statements],
        "options": [
            labels if item.points else sorted(labels), sorted(item.missing),
            sorted(option.label for option in item.dont_know),
            [(group.label, sorted(group.options)) for group in item.groups],
            item.unit, item.minimum, item.maximum,
        ],
        "asked": [condition and (condition.item, sorted(condition.any)), sorted(
            (e.reason, e.item or "", sorted(e.keep)) for e in instrument.exclude)],
    }  # fmt: skip


def _points(wave, id):
    """What one wave shows of an item: a share an option, or the mean of numbers."""
    study = wave.study
    item = study.instrument.item(id)
    named = {"item": item.id, "question": item.question, "wave": wave.time}
    if item.type == "number":
        return pd.DataFrame([named | _mean(study, item, wave.hidden)])
    table = distribution(study, item, wave.hidden, LEVEL)
    if wave.cells:
        refuse_uncleared(wave.cells, wave.hidden, (), [table])
    table = table[table["kind"] != "dont_know"].rename(columns={"percent": "value"})
    kept = ["statement", "option", "kind", "value", "low", "high", "count", "base", "shown"]
    return table[kept].assign(**named)


def _mean(study, item, hidden):
    """The mean of numbers, as `frequencies.spread` tells it, with Student's interval."""
    told = spread(study.answers[item.id], study.instrument.minimum)
    row = {"statement": "", "option": f"mean ({item.unit})" if item.unit else "mean", "kind": "mean"}
    if f"asked:{item.id}" in hidden or told.isna().any():
        return row | {"base": pd.NA, "shown": "…"}
    n, mean, sd = told["n"], told["mean"], told["sd"]
    half = stats.t.ppf((1 + LEVEL) / 2, n - 1) * sd / np.sqrt(n)
    return row | {"value": mean, "low": mean - half, "high": mean + half, "base": int(n), "sd": sd,
                  "shown": ""}  # fmt: skip


def _trends(points):
    """One row an option or mean: how far it moved, and whether that is a trend."""
    rows = []
    for keys, part in points.groupby(KEYS, sort=False):
        whole = part["shown"].eq("").all() and part["base"].gt(0).all()
        test = _test(part) if whole else one_test("none", note=UNTOLD)
        row = dict(zip(KEYS, keys, strict=True)) | test.iloc[0].to_dict() | {"waves": len(part)}
        rows.append(row | (_change(part) if whole else {}))
    trends = pd.DataFrame(rows).reindex(columns=[*KEYS, *TESTED])
    withheld = int(trends["note"].eq(UNTOLD).sum())
    trends["adjusted"] = holm(trends["p"].to_numpy(float), withheld)
    return trends


def _test(part):
    """A trend of shares by Cochran and Armitage, two of them by Fisher; of means by regression."""
    if part["kind"].iloc[0] == "mean":
        return trend_of_means(*part[["base", "value", "sd", "wave"]].to_numpy(float).T)
    counts, bases = part["count"].astype(int), part["base"].astype(int)
    return trend_of_shares(counts, bases, part["wave"])


def trend_of_shares(counts, bases, times):
    """Whether a share rises or falls over independent samples.

    Parameters
    ----------
    counts, bases : sequence of int
    times : sequence of float
        What the trend is linear in.

    Returns
    -------
    pandas.DataFrame
        One row, as from `association`, which tests it: Cochran and Armitage's test of three samples or
        more (by Monte Carlo where an expected count is below 5), Fisher's exact one of two.

    References
    ----------
    Armitage (1955), doi 10.2307/3001775.

    Examples
    --------
    >>> float(trend_of_shares([83, 90, 129, 70], [86, 93, 136, 82], [1, 2, 3, 4])["p"].round(3).iloc[0])
    0.004
    """
    cells = np.column_stack([counts, np.subtract(bases, counts)])
    hit = np.repeat(np.tile([1, 0], len(cells)), cells.ravel())
    when = np.repeat(np.repeat(np.asarray(times, float), 2), cells.ravel())
    return association(pd.Series(hit), pd.Series(when), SEED, LEVEL, ordered=True)


def trend_of_means(n, mean, sd, times):
    """The slope of answers on time, from each wave's n, mean and standard deviation.

    Parameters
    ----------
    n, mean, sd, times : sequence of float

    Returns
    -------
    pandas.DataFrame
        One row: t and p of the slope of a regression of all answers, which these figures determine;
        of two waves it is Student's test.
    """
    n, mean, sd, times = (np.asarray(values, float) for values in (n, mean, sd, times))
    centred, df = times - np.average(times, weights=n), n.sum() - 2
    squares = (n * centred**2).sum()
    slope = (n * centred * mean).sum() / squares
    off = mean - np.average(mean, weights=n) - slope * centred
    left = ((n - 1) * sd**2).sum() + (n * off**2).sum()
    if left <= 0:
        return one_test("none", n=int(n.sum()), note="no variation")
    t = slope / np.sqrt(left / df / squares)
    return one_test("Regression (slope)", t, df, 2 * stats.t.sf(abs(t), df), n=int(n.sum()))


def _change(part):
    """The last wave less the first, with its interval: percentage points, or the mean's unit."""
    first, last = part.iloc[0], part.iloc[-1]
    if first["kind"] != "mean":
        gap = difference(*(int(x[key]) for x in (last, first) for key in ("count", "base")), LEVEL)
        return {"change": gap["difference"], "change_low": gap["low"], "change_high": gap["high"]}
    change, parts = last["value"] - first["value"], [x["sd"] ** 2 / x["base"] for x in (last, first)]
    if not sum(parts):
        return {"change": change}
    df = sum(parts) ** 2 / sum(
        part**2 / (x["base"] - 1) for part, x in zip(parts, (last, first), strict=True)
    )
    half = stats.t.ppf((1 + LEVEL) / 2, df) * np.sqrt(sum(parts))  # Welch's
    return {"change": change, "change_low": change - half, "change_high": change + half}
