"""Raking: weights under which a sample has the margins that a population is known to have.

A page of our own: ipfn has not changed since 2021, and balance brings scikit-learn and plotly.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from compendium.files import read_csv, write_table
from compendium.statistics.design.estimates import effective
from compendium.survey.instrument import read_instrument
from compendium.survey.study import interpret, read_responses
from compendium.wording import number

MARGINS, COLUMNS = "margins.csv", ("item", "option", "share", "source")


def read_margins(path, instrument):
    """Known margins of the population.

    Parameters
    ----------
    path : str or pathlib.Path
        A CSV with the columns `item`, `option` (an option or a group of it), `share` (percents or
        counts, of all options of an item in one unit) and `source`.
    instrument : Instrument

    Returns
    -------
    pandas.DataFrame
        `item`, `option`, `percent` (adds up to 100 for each item), `source`.

    Raises
    ------
    ValueError
        For an item, option or share that does not fit, with its row.
    """
    table = read_csv(path, COLUMNS)
    for row, (id, option) in enumerate(zip(table["item"], table["option"], strict=True), 1):
        item = next((one for one in instrument.of_type("single", "scale") if one.id == id), None)
        if item is None:
            raise ValueError(f"{path}: row {row}: '{id}' is no item of type single or scale.")
        known = [part.id for part in [*item.choices, *item.groups]]
        if option not in known:
            raise ValueError(
                f"{path}: row {row}: '{id}' has no option or group '{option}' (known: "
                f"{', '.join(known)})."
            )
    share = pd.to_numeric(table["share"], errors="coerce")
    bad = ~(np.isfinite(share) & (share > 0))
    if bad.any():
        row = int(np.argmax(bad))
        raise ValueError(
            f"{path}: row {row + 1}: the share '{table['share'][row]}' is no number above 0; write a "
            "percent or a count, or put the option into a group that has some."
        )
    for id, rows in table.groupby("item", sort=False):
        _once(path, instrument.item(id), rows["option"])
    return table.assign(percent=100 * share / share.groupby(table["item"]).transform("sum"))[
        ["item", "option", "percent", "source"]
    ]


def _once(path, item, parts):
    """Refuse margins of an item that leave out one of its options, or count it twice."""
    held = [option for part in parts for option in item.members(part)]
    for option in item.choices:
        if held.count(option.id) != 1:
            times = "is missing" if option.id not in held else "counts twice"
            raise ValueError(
                f"{path}: item '{item.id}': the option '{option.id}' {times}; name each option once, "
                "by itself or in a group."
            )


def belongs(study, margins):
    """Who belongs to which row of the margins.

    Returns
    -------
    pandas.DataFrame of bool
        One row a respondent, one column a row of `margins`.
    """
    members = study.instrument.item
    rows = zip(margins.index, margins["item"], margins["option"], strict=True)
    return pd.DataFrame({row: study.answers[id].isin(members(id).members(of)) for row, id, of in rows})


def rake(weights, margins, inside, tolerance=1e-10, most=1000):
    """Adjust weights to known margins, one margin after the other until all hold.

    Parameters
    ----------
    weights : pandas.Series of float
        To begin with; all 1 for a simple random sample.
    margins : pandas.DataFrame
        As from `read_margins`.
    inside : pandas.DataFrame of bool
        As from `belongs`. Who gave no answer to an item keeps the weight that the others leave.
    tolerance : float
        Largest relative change of a weight in a whole round at which it ends.
    most : int
        Rounds.

    Returns
    -------
    pandas.Series
        Weights whose sum is that of `weights`.

    Raises
    ------
    ValueError
        Where nobody of the sample is in a row of the margins, or the margins contradict each other.

    References
    ----------
    Deming & Stephan (1940), doi 10.1214/aoms/1177731829.

    Examples
    --------
    >>> margins = pd.DataFrame({"item": "size", "option": ["small", "large"], "percent": [80.0, 20.0]})
    >>> inside = pd.DataFrame({0: [True, False, False, False], 1: [False, True, True, True]})
    >>> rake(pd.Series(1.0, range(4)), margins, inside).round(3).tolist()
    [3.2, 0.267, 0.267, 0.267]
    """
    for row, id, of in zip(margins.index, margins["item"], margins["option"], strict=True):
        if not weights[inside[row]].sum() > 0:
            raise ValueError(
                f"{MARGINS}: nobody of the sample is '{of}' of '{id}'; join it with another option in "
                "a group of the item."
            )
    old = weights.astype(float)
    for _ in range(most):
        new = old.copy()
        for _, rows in margins.groupby("item", sort=False):
            all_of_it = new[inside[rows.index].any(axis=1)].sum()
            for row, percent in rows["percent"].items():
                who = inside[row]
                new[who] *= percent / 100 * all_of_it / new[who].sum()
        if ((new - old).abs() <= tolerance * old).all():
            return new
        old = new
    raise ValueError(
        f"{MARGINS}: no weights fit after {most} rounds; the margins contradict each other."
    )


def weigh(name, data_dir="data"):
    """Rake a study's sample to its ``margins.csv`` and write ``weights.csv`` beside it.

    Parameters
    ----------
    name : str
        Of the study.
    data_dir : str or pathlib.Path
        The folder that holds the studies.

    Yields
    ------
    str
        What was done, line by line.
    """
    folder = Path(data_dir) / name
    if not (folder / MARGINS).exists():
        raise ValueError(
            f"{folder / MARGINS}: there is no such file; write the population's margins there, with "
            f"the columns {', '.join(COLUMNS)}."
        )
    instrument = read_instrument(folder / "survey.yml")
    source, raw = read_responses(instrument.model_copy(update={"weights": None}), folder)
    study = interpret(name, instrument, source, raw)
    margins = read_margins(folder / MARGINS, study.instrument)
    weights = rake(pd.Series(1.0, study.answers.index), margins, belongs(study, margins))
    write_table(
        folder / "weights.csv", weights.rename("weight").rename_axis("respondent").reset_index()
    )
    cost = effective(weights)
    items = ", ".join(dict.fromkeys(margins["item"]))
    yield f"{folder / 'weights.csv'}: {cost['n']:,} weights, raked to {items}"
    yield (
        f"from {number(weights.min(), 2)} to {number(weights.max(), 2)}; design effect "
        f"{number(cost['design_effect'], 2)}, effective n {number(cost['effective_n'], 0)}"
    )
    drawn = study.instrument.weights
    if drawn is None or drawn.column is None:
        size = f", population: {drawn.population}" if drawn else ""
        keys = f"file: weights.csv, column: weight{size}"
        yield f"to use them, write into survey.yml: weights: {{{keys}}}"
