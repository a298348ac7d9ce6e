"""Reads the raw responses of a study: text as exported, one row a respondent."""

import importlib

import numpy as np
import pandas as pd

from compendium.files import read_csv
from compendium.wording import did_you_mean


def read_responses(instrument, folder):
    """Where the responses that an instrument names are from, and a row of texts for each respondent."""
    source, raw = _read(instrument, folder)
    _check_provenance(instrument, source, raw)
    columns = [column for item in instrument.items for column in item.columns().values()]
    columns += [exclusion.column for exclusion in instrument.exclude if exclusion.column]
    columns += instrument.beside_answers()
    _check_columns(source, raw, columns)
    raw = raw.set_index(_respondents(instrument, source, raw))
    return source, _with_weights(instrument, folder, raw)


def _with_weights(instrument, folder, raw):
    """The weights of a file of their own, as one more column."""
    weights = instrument.weights
    if weights is None or weights.file is None:
        return raw
    path = _within(folder, weights.file, "weights > file")
    if not path.exists():
        raise ValueError(f"{path}: there is no such file; make it with: make weights.")
    table = read_csv(path, ("respondent", weights.column))
    if table["respondent"].duplicated().any():
        twice = table["respondent"][table["respondent"].duplicated()].iloc[0]
        raise ValueError(f"{path}: respondent '{twice}' stands twice; keep one row.")
    known = table.set_index("respondent")[weights.column]
    return raw.assign(**{weights.column: raw.index.astype(str).map(known).fillna("")})


def read_design(instrument, source, raw):
    """How respondents were drawn, and how many each stands for.

    Parameters
    ----------
    instrument : Instrument
    source : str or pathlib.Path
        Where the values are from, for the messages.
    raw : pandas.DataFrame
        Text, one row a respondent who is analysed.

    Returns
    -------
    pandas.DataFrame or None
        `weight`, `stratum`, `cluster`, `population`, as `statistics.design.estimates` takes them; None
        where the study has no weights.

    Raises
    ------
    ValueError
        For a weight or a size of the population that is none, naming the respondent.
    """
    weights = instrument.weights
    if weights and not weights.column and weights.population < len(raw):
        raise ValueError(
            f"{source}: weights > population: {weights.population:,} is less than the {len(raw):,} who "
            "are analysed; correct it."
        )
    if weights is None or weights.column not in raw:  # none, or a file that an import does not read
        return None
    design = pd.DataFrame({"weight": _number(source, raw, weights.column)})
    if not design["weight"].sum() > 0:
        raise ValueError(f"{source}: column '{weights.column}': no weight is above 0.")
    design["stratum"] = raw[weights.strata] if weights.strata else ""
    design["cluster"] = raw[weights.clusters] if weights.clusters else np.arange(len(raw))
    design["population"] = np.nan
    if isinstance(weights.population, str):
        design["population"] = _number(source, raw, weights.population)
    elif weights.population is not None:
        design["population"] = float(weights.population)
    return _check_population(source, weights, design)


def read_times(source, texts):
    """When respondents answered: dates and times as in ISO 8601, which cannot be misread."""
    times = pd.to_datetime(
        texts.str.strip().replace("", None), format="ISO8601", errors="coerce", utc=True
    )
    bad = times.isna() & (texts.str.strip() != "")
    if bad.any():
        who = int(np.argmax(bad))
        raise ValueError(
            f"{source}: respondent {texts.index[who]}, column '{texts.name}': '{texts.iloc[who]}' is "
            "no time; write 2026-03-01 or 2026-03-01 14:05:00."
        )
    return times


def _number(source, raw, column):
    numbers = pd.to_numeric(raw[column].str.strip(), errors="coerce")
    bad = ~(np.isfinite(numbers) & (numbers >= 0))
    if bad.any():
        who = int(np.argmax(bad))
        raise ValueError(
            f"{source}: respondent {raw.index[who]}, column '{column}': '{raw[column].iloc[who]}' is "
            "no number from 0 up; correct it, or leave the row out under 'exclude' (of a file made by "
            "make weights: run that again)."
        )
    return numbers.astype(float)


def _check_population(source, weights, design):
    """One size for each stratum, and no smaller than its sample."""
    if weights.strata and isinstance(weights.population, int):
        raise ValueError(
            "survey.yml: weights > population: name a column that gives the size of each stratum; one "
            "number says nothing of strata."
        )
    for stratum, rows in design.groupby("stratum"):
        sizes, drawn = rows["population"].unique(), rows["cluster"].nunique()
        where = f"{source}: weights > population" + (f", stratum '{stratum}'" if stratum else "")
        if len(sizes) > 1:
            raise ValueError(f"{where}: {sizes[0]:g} and {sizes[1]:g}; give one size for a stratum.")
        if sizes[0] < drawn:
            raise ValueError(f"{where}: {sizes[0]:g} is less than the {drawn} that were drawn.")
    return design


def _read(instrument, folder):
    """The table as it stands in the file, or in the data set ``statsmodels:NAME`` of that package."""
    if instrument.responses.startswith("statsmodels:"):
        data = instrument.responses.removeprefix("statsmodels:")
        try:
            package = importlib.import_module(f"statsmodels.datasets.{data}")
        except ModuleNotFoundError:
            raise ValueError(
                f"{folder / 'survey.yml'}: responses: statsmodels has no data set '{data}'."
            ) from None
        return instrument.responses, package.load_pandas().data.map(_as_text)
    path = _within(folder, instrument.responses, "responses")
    if not path.exists():
        raise ValueError(
            f"{path}: there is no such file; put the export there, or name it under 'responses' "
            "in survey.yml."
        )
    return path, read_csv(path)


def _within(folder, name, key):
    """A file in the study's folder; a survey.yml from elsewhere reads nothing outside of it."""
    try:
        inside = (folder / name).resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a link to itself: Python 3.11 and 3.13 say it in two ways
        raise ValueError(
            f"{folder / name}: the file is a link that leads nowhere; put the file itself there."
        ) from None
    if not inside:
        raise ValueError(
            f"{folder / 'survey.yml'}: {key}: '{name}' lies outside the study's folder; move it there."
        )
    return folder / name


def _as_text(value):
    if pd.isna(value):
        return ""
    return str(int(value)) if float(value).is_integer() else str(value)


def _check_provenance(instrument, source, raw):
    """Refuse synthetic rows that a study passes off as collected, and the other way round."""
    if "provenance" not in raw:
        return
    other = raw.index[raw["provenance"] != instrument.provenance]
    if len(other):
        raise ValueError(
            f"{source}: row {other[0] + 1} says provenance '{raw['provenance'][other[0]]}', but "
            f"survey.yml says '{instrument.provenance}'; make them agree before anything is shown."
        )


def _respondents(instrument, source, raw):
    """The index: the respondent column, or the row's number where a study has none."""
    if instrument.respondent is None:
        return pd.RangeIndex(1, len(raw) + 1, name="respondent")
    _check_columns(source, raw, [instrument.respondent])
    ids = raw[instrument.respondent]
    empty = ids == ""
    if empty.any():
        raise ValueError(f"{source}: row {int(np.argmax(empty)) + 1} has no respondent id; add one.")
    repeated = ids[ids.duplicated()]
    if len(repeated):
        raise ValueError(
            f"{source}: row {repeated.index[0] + 1}: respondent '{repeated.iloc[0]}' stands twice; "
            "give each row its own id, or remove the row."
        )
    return pd.Index(ids, name="respondent")


def _check_columns(source, raw, columns):
    missing = [column for column in columns if column not in raw.columns]
    if missing:
        hint = did_you_mean(missing[0], raw.columns)
        raise ValueError(
            f"{source}: the column '{missing[0]}' is missing{hint}; add it, or write the export's "
            "name as 'column' of the item in survey.yml."
        )
