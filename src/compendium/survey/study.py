"""A study: its instrument, its responses, and what each missing answer means.

Three kinds of missing are never mixed: *not asked* (skip logic), *skipped* (asked, no answer) and
*not ticked* (an option left empty in a multi-response item that was answered).
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from compendium.survey.instrument import Instrument, read_instrument
from compendium.survey.responses import read_design, read_responses, read_times
from compendium.wording import did_you_mean

STATES = ["answered", "dont_know", "not_ticked", "skipped", "not_asked"]
STATE = pd.CategoricalDtype(STATES)
TICKS = {"1": True, "0": False}


@dataclass(frozen=True)
class Study:
    """A validated study.

    Attributes
    ----------
    name : str
        The study's folder, for instance ``"microcredentials"``.
    instrument : Instrument
        Its questionnaire and plan.
    flow : pandas.DataFrame
        Respondent flow: `reason`, `label`, `count`; from the rows received to those analysed.
    answers : pandas.DataFrame
        One row a respondent who is analysed. Single choices and scales are categorical with the
        ids of the options (scales ordered, *don't know* left out), multi-response options are
        nullable booleans, numbers floats, texts strings.
    states : pandas.DataFrame
        Same shape: ``answered``, ``dont_know``, ``not_ticked``, ``skipped`` or ``not_asked``.
    notes : list of str
        What a careful reader should know about the file: unused columns, answers to questions that
        were not asked.
    design : pandas.DataFrame or None
        Weights, strata, clusters and population, as from `responses.read_design`.
    submitted : pandas.Series or None
        When each respondent answered, where a column says so; NaT where it is empty.
    """

    name: str
    instrument: Instrument
    flow: pd.DataFrame
    answers: pd.DataFrame
    states: pd.DataFrame
    notes: list[str]
    design: pd.DataFrame | None = None
    submitted: pd.Series | None = None

    @property
    def n(self):
        """How many respondents are analysed."""
        return len(self.answers)

    @property
    def sampled(self):
        """Which share of a finite population is analysed; 0 where its size is not known."""
        return self.n / self.instrument.population if self.instrument.population else 0.0

    @property
    def synthetic(self):
        """Whether the answers were made up."""
        return self.instrument.provenance == "synthetic"


def load_study(name, data_dir):
    """Read a study's folder and check every answer against its instrument.

    Parameters
    ----------
    name : str
        Name of the folder under `data_dir`.
    data_dir : str or pathlib.Path
        The folder that holds the studies.

    Returns
    -------
    Study

    Raises
    ------
    ValueError
        When a file cannot be read, a column is missing or stands twice, a respondent stands twice,
        or an answer is none of the item's options.

    Examples
    --------
    >>> study = load_study("anes96", "data")
    >>> study.n, int((study.answers["intended"] == "clinton").sum())
    (944, 551)
    """
    folder = Path(data_dir) / name
    instrument = read_instrument(folder / "survey.yml")
    source, raw = read_responses(instrument, folder)
    return interpret(name, instrument, source, raw)


def interpret(name, instrument, source, raw):
    """Turn raw values into a `Study`: typed answers, states of missing, exclusions applied.

    Parameters
    ----------
    name : str
        Name of the study.
    instrument : Instrument
        Its questionnaire.
    source : str or pathlib.Path
        Where the values are from, for the messages.
    raw : pandas.DataFrame
        Text as exported, one row a respondent, indexed by respondent; the empty string is no value.

    Returns
    -------
    Study

    Raises
    ------
    ValueError
        When a value is none of the item's options.
    """
    answers, states, notes = {}, {}, []
    raw = _without_missing(instrument, raw)
    for item in instrument.items:
        typed, state = _READERS.get(item.type, _read_choice)(item, raw, source)
        if item.asked_if is not None:
            asked = _asked(item.asked_if, answers, raw.index)
            stray = ~asked & pd.concat(state, axis=1).isin(["answered", "dont_know"]).any(axis=1)
            if stray.any():
                notes.append(f"{int(stray.sum())} answered '{item.id}' without being asked; set aside.")
            typed = {name: values.where(asked, _nothing(values)) for name, values in typed.items()}
            state = {name: values.where(asked, "not_asked") for name, values in state.items()}
        answers |= typed
        states |= state
    answers = pd.DataFrame(answers, index=raw.index)
    states = pd.DataFrame(states, index=raw.index).astype(STATE)
    kept, flow = _exclude(instrument, raw, answers, states)
    used = {column for item in instrument.items for column in item.columns().values()}
    used |= {instrument.respondent, "provenance", *instrument.beside_answers()} | {
        e.column for e in instrument.exclude
    }
    unused = [column for column in raw.columns if column not in used]
    if unused:
        notes.append(f"Columns that the instrument does not name: {', '.join(unused)}.")
    design = read_design(instrument, source, raw[kept]) if instrument.weights else None
    submitted = None
    if instrument.submitted:
        submitted = read_times(source, raw.loc[kept, instrument.submitted])
    return Study(name, instrument, flow, answers[kept], states[kept], notes, design, submitted)


def _without_missing(instrument, raw):
    """Nothing where an item's `missing` says that a value stands for no answer."""
    columns = {c: item.missing for item in instrument.items if item.missing
               for c in item.columns().values() if c in raw}  # fmt: skip
    if not columns:
        return raw
    return raw.assign(**{c: raw[c].mask(raw[c].str.strip().isin(m), "") for c, m in columns.items()})


def _asked(condition, answers, index):
    """Who met the condition under which an item was asked.

    Ticked options have columns of their own; who left their question unanswered met no condition.
    """
    if condition.item in answers:
        return answers[condition.item].isin(condition.any)
    asked = pd.Series(False, index=index)
    for option in condition.any:
        asked |= answers[f"{condition.item}.{option}"].fillna(False).astype(bool)
    return asked


def _nothing(values):
    return pd.NA if values.dtype == "boolean" else np.nan


def _refuse(source, item, column, values, bad, remedy):
    """Raise for the first bad value, naming row, respondent, column and remedy."""
    row = int(np.argmax(bad))
    value = values.iloc[row]
    hint = did_you_mean(value, [option.raw for option in [*item.choices, *item.dont_know]])
    raise ValueError(
        f"{source}: row {row + 1} (respondent {values.index[row]}), column '{column}': "
        f"'{value}' {remedy}{hint}."
    )


def _different(texts):
    """Which text each one is, and the different ones, each to be looked at once, stripped."""
    which, different = pd.factorize(texts)
    return which, pd.Index(different).str.strip()


def _read_choice(item, raw, source):
    """A single choice or scale, or the statements of a grid."""
    order = {
        raw: place
        for place, option in enumerate(item.choices)
        for raw in [option.raw, *option.also]
    }  # fmt: skip
    unsure = {raw for option in item.dont_know for raw in [option.raw, *option.also]}
    ids = [option.id for option in item.choices]
    dtype = pd.CategoricalDtype(ids, ordered=item.type in ("scale", "grid"))
    typed, states = {}, {}
    for name, column in item.answer_columns().items():
        which, values = _different(raw[column])
        bad = ~values.isin([*order, *unsure, ""])
        if bad.any():
            kind, stripped = (
                "point of its scale" if dtype.ordered else "option",
                raw[column].str.strip(),
            )
            _refuse(
                source, item, column, stripped, bad[which], f"is no {kind}; correct it or survey.yml"
            )
        place = np.array([order.get(value, -1) for value in values], dtype=int)
        state = ["dont_know" if v in unsure else "answered" if v else "skipped" for v in values]
        state = np.array([STATES.index(name) for name in state], dtype=int)
        typed[name] = _categorical(place[which], dtype, raw.index)
        states[name] = _categorical(state[which], STATE, raw.index)
    _read_beside(item, raw, typed, states)
    return typed, states


def _read_multi(item, raw, source):
    """A multi-response item: ticked options, and not ticked only where the item was answered."""
    typed, states, ticks = {}, {}, {}
    answered = np.zeros(len(raw), bool)
    for (name, column), option in zip(item.answer_columns().items(), item.options, strict=True):
        which, values = _different(raw[column])
        known = TICKS | dict.fromkeys([option.raw, *option.also], True)
        bad = ~values.isin([*known, ""])
        if bad.any():
            stripped = raw[column].str.strip()
            _refuse(source, item, column, stripped, bad[which], "is no tick; write 1, 0 or nothing")
        answered |= np.asarray(values != "", bool)[which]
        ticks[name] = np.array([known.get(value) is True for value in values], bool)[which]
    for name, ticked in ticks.items():
        typed[name] = pd.Series(pd.arrays.BooleanArray(ticked, ~answered), index=raw.index)
        state = np.where(ticked, STATES.index("answered"), STATES.index("not_ticked"))
        state = np.where(answered, state, STATES.index("skipped"))
        states[name] = _categorical(state, STATE, raw.index)
    _read_beside(item, raw, typed, states)
    return typed, states


def _read_beside(item, raw, typed, states):
    """The texts beside options such as *Other*: no questions of their own, so never skipped."""
    for name, column in item.text_columns().items():
        values = raw[column].str.strip()
        typed[name] = values.where(values != "")
        states[name] = _state(values != "", no="not_ticked")


def _read_number(item, raw, source):
    """A number within the item's limits."""
    column = item.columns()[item.id]
    values = raw[column].str.strip()
    numbers = pd.to_numeric(values, errors="coerce").astype(float)
    bad = (values != "") & ~np.isfinite(numbers)
    if bad.any():
        _refuse(source, item, column, values, bad, "is no number; write digits and a decimal point")
    low = -np.inf if item.minimum is None else item.minimum
    high = np.inf if item.maximum is None else item.maximum
    outside = (values != "") & ~numbers.between(low, high)
    if outside.any():
        _refuse(
            source,
            item,
            column,
            values,
            outside,
            f"lies outside {low:g} to {high:g}; correct it, or "
            "the item's minimum and maximum in survey.yml",
        )
    return {item.id: numbers}, {item.id: _state(values != "")}


def _read_text(item, raw, source):
    values = raw[item.columns()[item.id]]
    given = values.str.strip() != ""
    return {item.id: values.where(given)}, {item.id: _state(given)}


def _state(given, no="skipped"):
    codes = np.where(given, STATES.index("answered"), STATES.index(no))
    return _categorical(codes, STATE, given.index)


def _categorical(codes, dtype, index):
    return pd.Series(pd.Categorical.from_codes(codes, dtype=dtype), index=index)


_READERS = {"multi": _read_multi, "number": _read_number, "text": _read_text}


def _exclude(instrument, raw, answers, states):
    """Apply the exclusions in their order.

    Returns which rows stay, and the respondent flow.
    """
    substantive = [column for item in instrument.substantive() for column in item.columns()]
    empty = ~states[substantive].isin(["answered", "dont_know"]).any(axis=1)
    left = pd.Series(True, index=raw.index)
    rows = [("received", "Rows received", len(raw))]
    for exclusion in instrument.exclude:
        if exclusion.item is not None:
            hit = ~answers[exclusion.item].isin(exclusion.keep)
        elif exclusion.reason == "empty":
            hit = empty
        else:
            key = raw[exclusion.column]
            hit = key[left].duplicated().reindex(raw.index, fill_value=False) & (key != "")
        hit &= left
        left &= ~hit
        rows.append((exclusion.reason, exclusion.label, int(hit.sum())))
    rows.append(("analysed", "Analysed", int(left.sum())))
    return left, pd.DataFrame(rows, columns=["reason", "label", "count"])
