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
    _check_columns(source, raw, columns)
    return source, raw.set_index(_respondents(instrument, source, raw))


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
    path = folder / instrument.responses
    if not path.exists():
        raise ValueError(
            f"{path}: there is no such file; put the export there, or name it under 'responses' "
            "in survey.yml."
        )
    return path, read_csv(path)


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
