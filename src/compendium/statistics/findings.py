"""How the finding of a planned question is laid out: its tests, and the shares that they compare."""

from typing import NamedTuple

import pandas as pd

from compendium.statistics import display


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
    parts = [display.tests(rows, confidence)]
    for by, table in found.shares.items():
        parts.append(
            Details(
                f"Shares by: {instrument.item(by).question}", [_breakdown(found, table, confidence)]
            )
        )
    return parts


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
    return [
        display.tests(found.tests.set_axis(["all"]), confidence),
        Details("Shares of each statement", [shown]),
        Details(
            f"The ten largest of {len(found.pairs)} differences",
            [display.tests(pairs.set_axis(names), confidence)],
        ),
    ]


def _model(instrument, found, confidence):
    if found.reason:
        return [found.reason]
    terms = ["Assumption" + ("" if n == "all" else f": {n}") for n in found.assumption["name"]]
    both = pd.concat([found.tests, found.assumption]).set_axis(["Model", *terms])
    return [display.odds(found.coefficients, confidence), display.tests(both, confidence)]


def _contrast(instrument, found, confidence):
    """The two kinds of options, and the paired test of their difference."""
    item, table = instrument.item(found.question.item), found.shares[""]
    kinds = table[table["result"].isin([f"{item.key}.{of}" for of in found.question.of])]
    return [
        display.shares(kinds, confidence=confidence),
        display.tests(found.tests.set_axis(["percentage points"]), confidence),
    ]


LAYOUTS = {
    "association": _tested, "trend": _tested, "grid": _grid, "ordinal_regression": _model,
    "contrast": _contrast,
}  # fmt: skip
