"""What the functions of this folder accept: each check names the argument and says what it needs."""

import numpy as np
import pandas as pd


def check_level(confidence):
    """Refuse a confidence that is no proportion between 0 and 1, such as 95."""
    if not (np.isscalar(confidence) and 0 < confidence < 1):
        raise ValueError(
            f"confidence = {confidence}: a proportion between 0 and 1, such as 0.95, is needed."
        )


def check_counts(**arguments):
    """Refuse counts that are missing, not whole, or below 0."""
    for name, values in arguments.items():
        given = np.asarray(values)
        if given.dtype.kind == "i" and given.min(initial=0) >= 0:
            continue
        given = np.atleast_1d(np.asarray(values, dtype=object))
        numbers = pd.to_numeric(pd.Series(given), errors="coerce").to_numpy(float)
        text = np.array([isinstance(value, str) for value in given], bool)
        wrong = text | ~(np.isfinite(numbers) & (numbers >= 0) & (numbers == np.floor(numbers)))
        if wrong.any():
            given = given[wrong][0]
            given = f"the text '{given}'" if isinstance(given, str) else given
            raise ValueError(f"{name} holds {given}: whole numbers from 0 up are needed.")


def check_same_length(**arguments):
    """Refuse arguments that do not have one value each for the same respondents."""
    lengths = {name: len(values) for name, values in arguments.items()}
    if len(set(lengths.values())) > 1:
        told = " and ".join(f"{name} has {length}" for name, length in lengths.items())
        raise ValueError(f"{told} values: one for each of the same respondents is needed.")


def answered_pairs(**columns):
    """Two answers of the same respondents, side by side, without those that lack one."""
    columns = {name: np.asarray(values) for name, values in columns.items()}
    (one, first), (other, second) = columns.items()
    if first.ndim != 1 or second.ndim != 1:
        raise ValueError(f"{one} and {other} need one value a respondent each, not a table.")
    check_same_length(**columns)
    return pd.DataFrame(columns).dropna()


def check_columns(table, name, least=2):
    """Refuse a table with fewer columns than can be compared."""
    if not isinstance(table, pd.DataFrame):
        raise ValueError(f"{name} needs a table with one row a respondent, one column a thing rated.")
    if table.shape[1] < least:
        raise ValueError(
            f"{name} has {table.shape[1]} columns: at least {least} are needed to compare."
        )
