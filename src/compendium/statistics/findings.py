"""How the finding of a planned question is laid out: its tests, and the shares that they compare."""

from typing import NamedTuple

import pandas as pd

from compendium.statistics import display
from compendium.statistics.planned import bounded
from compendium.wording import interval, number, p_value, plain


class Details(NamedTuple):
    """What a reader can do without at first: a line, and the tables under it."""

    line: str
    parts: list


def laid_out(instrument, found, confidence):
    """The tables of a finding as they are shown.

    Parameters
    ----------
    instrument : Instrument
    found : planned.Finding
        Of any method but ``share``.
    confidence : float
        Level of the intervals, a proportion, for the headings.

    Returns
    -------
    list of str, pandas.DataFrame or Details
        Sentences, tables of text, and details to be folded away.
    """
    return LAYOUTS[found.question.method](instrument, found, confidence)


def _tested(instrument, found, confidence):
    """The tests of a question, and under a line the shares that they compare."""
    rows = found.tests.set_axis(found.tests["label"]).rename_axis(None)
    parts = [*_noted(rows, confidence), *within(rows, confidence)]
    for by, table in found.shares.items():
        parts.append(
            Details(
                f"Shares by: {instrument.item(by).question}", [_breakdown(found, table, confidence)]
            )
        )
    return parts


def _noted(rows, confidence):
    """A table of tests, and below it what is to be said of them."""
    return [display.tests(rows, confidence), *display.listed(display.notes(rows))]


def _breakdown(found, table, confidence):
    if table["shown"].ne("").all():
        return f"All {len(table)} rows are withheld: few of each group gave the answer."
    if found.question.method == "trend":
        return display.wide(table)
    index = ["statement", "option"] if table["statement"].nunique() > 1 else ["option"]
    return display.shares(table, index, confidence)


def _grid(instrument, found, confidence):
    """Friedman's test, and under a line the shares and the largest differences of two statements."""
    grid, table = instrument.item(found.question.item), found.shares[""]
    groups = table[table["kind"] == "group"]
    if found.reason:
        return [found.reason, display.shares(table, ["statement", "option"], confidence)]
    shown = display.shares(groups if len(groups) else table, ["statement", "option"], confidence)
    labels = {f"{grid.id}.{statement.id}": statement.label for statement in grid.statements}
    largest = found.pairs["effect"].abs().sort_values(ascending=False, kind="stable").index[:10]
    pairs = found.pairs.loc[largest]
    names = [f"{labels[a]} / {labels[b]}" for a, b in zip(pairs["a"], pairs["b"], strict=True)]
    pairs = pairs.set_axis(names)
    return [
        *_noted(found.tests.set_axis(["All statements"]), confidence),
        *within(pairs, confidence),
        Details("Shares of each statement", [shown]),
        Details(
            f"The ten largest of {len(found.pairs)} differences",
            [display.tests(pairs, confidence), *display.notes(pairs)],
        ),
    ]


def _model(instrument, found, confidence):
    if found.reason:
        return [found.reason]
    by = [instrument.item(id) for id in found.question.by]
    asked = {item.id: item.question for item in by}
    terms = [
        f"Assumption: {asked[n]}" if n in asked else "Assumption" for n in found.assumption["name"]
    ]
    both = pd.concat([found.tests, found.assumption]).set_axis(["Model", *terms])
    named = _terms(by, found.coefficients)
    return [display.odds(found.coefficients, confidence, named), *_noted(both, confidence)]


def _terms(by, coefficients):
    """The terms of a model in the words of the questionnaire: question, answer, against which."""
    named = {item.id: (item.question, "one more", "–") for item in by}
    for item in by:
        reference = coefficients.loc[coefficients["term"].str.startswith(f"{item.id}: "), "reference"]
        for option in item.choices if len(reference) else []:
            against = item.label_of(reference.iloc[0])
            named[f"{item.id}: {option.id}"] = (item.question, option.label, against)
    return [named[term] for term in coefficients["term"]]


def _contrast(instrument, found, confidence):
    """The two kinds of options, and the paired test of their difference."""
    item, table = instrument.item(found.question.item), found.shares[""]
    kinds = table[table["result"].isin([f"{item.key}.{of}" for of in found.question.of])]
    against = " against ".join(kinds["option"])
    return [
        display.shares(kinds, confidence=confidence),
        *_noted(found.tests.set_axis([f"{against}, in percentage points"]), confidence),
        *within(found.tests.set_axis(["The two kinds"]), confidence),
    ]


def within(tests, confidence):
    """What the bound of the plan says of each test that it was put to: one sentence each, as a list.

    Parameters
    ----------
    tests : pandas.DataFrame
        As from `association.one_test`, its index what is tested, in words.
    confidence : float
        Level of the intervals, a proportion; an equivalence has twice the error, half on each side.

    Returns
    -------
    list of str
        One item, or none where nothing was put to a bound.
    """
    if "bound" not in tests:
        return []
    told = []
    for label, row in tests[tests["bound"].notna()].iterrows():
        found = bounded(row)
        ends = interval(row["bound_low"], row["bound_high"], found["decimals"])
        bound = f"±{number(row['bound'], found['decimals'])}{found['unit_said']}"
        said = f"{plain(str(label))}: the {200 * confidence - 100:g}% interval {ends}"
        if found["equivalent"]:
            said += f" lies within {bound}: whatever the effect is, it is too small to matter"
        else:
            said += f" reaches beyond {bound}, so that equivalence is not shown"
            said += ", and neither is an effect" if row["p"] >= 1 - confidence else ""
        p = p_value(row["bound_p"])
        p = p.replace("<", "< ") if p.startswith("<") else f"= {p}"
        told.append(f"- {said} (two one-sided tests, p {p}).")
    return ["\n".join(told)] if told else []


LAYOUTS = {
    "association": _tested, "trend": _tested, "grid": _grid, "ordinal_regression": _model,
    "contrast": _contrast,
}  # fmt: skip
