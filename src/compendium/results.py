"""Named results and tables in and out."""

import json
import math
import os
import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd

UNITS = ("count", "percent", "proportion", "score", "coefficient", "p")
ID = r"^[a-z0-9_]+(\.[a-z0-9_]+)+$"


def record(
    results, id, value, unit, *,
    count=None, base=None, low=None, high=None, method=None, note=None, withheld=None,
):  # fmt: skip
    """Add one named result.

    Parameters
    ----------
    results : dict
        The results of a notebook so far; changed in place.
    id : str
        Dotted and lower-case, such as ``familiarity.concept.not_familiar``.
    value : int or float or None
        The number, in `unit`; None or NaN where there is none, and then `note` says why (from the
        word *withheld* on where disclosure control hides it).
    unit : str
        One of `UNITS`; a percent is 0 to 100, a proportion 0 to 1.
    count, base : int, optional
        Respondents counted, and respondents they are counted among.
    low, high : float, optional
        Ends of the interval, in `unit`; None or NaN is left out.
    method, note : str, optional

    Raises
    ------
    ValueError
        When the id is malformed or taken, the unit not known, a number infinite or no number, or
        value and note are both missing.

    Examples
    --------
    >>> results = {}
    >>> record(results, "familiarity.concept.not_familiar", 13.04, "percent", count=12, base=92)
    >>> results["familiarity.concept.not_familiar"]
    {'value': 13.04, 'unit': 'percent', 'count': 12, 'base': 92}
    """
    if not re.fullmatch(ID, id):
        raise ValueError(f"result '{id}': write lower-case words with dots between: 'sample.n'.")
    if id in results:
        raise ValueError(f"result '{id}' stands there already; give the second its own id.")
    if unit not in UNITS:
        raise ValueError(f"result '{id}': unit '{unit}' is not one of {', '.join(UNITS)}.")
    value = _plain(id, "value", value, whole=unit == "count")
    if value is None and not note:
        raise ValueError(f"result '{id}' has no value; say why in 'note'.")
    optional = {
        "count": _plain(id, "count", count, whole=True),
        "base": _plain(id, "base", base, whole=True),
        "low": _plain(id, "low", low),
        "high": _plain(id, "high", high),
        "method": method,
        "note": note,
        "withheld": withheld,
    }
    present = {key: given for key, given in optional.items() if given is not None}
    results[id] = {"value": value, "unit": unit} | present | _running_cell()


def _running_cell():
    """Number of the notebook cell that is running, so that a result leads back to it."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return {"cell": len(shell.user_ns["In"]) - 1} if shell else {}


def withheld(result):
    """Whether disclosure control hides a result: no value, and a note that starts with *withheld*.

    Parameters
    ----------
    result : dict

    Returns
    -------
    bool

    Examples
    --------
    >>> withheld({"value": None, "unit": "percent", "note": "withheld: fewer than 5 respondents"})
    True
    """
    return result.get("value") is None and (result.get("note") or "").startswith("withheld")


def write_results(path, results):
    """Write named results as JSON, or nothing at all when something is wrong with them.

    Parameters
    ----------
    path : str or pathlib.Path
        The file; its folder is made, the file replaced in one step.
    results : dict of str to dict
        As `record` makes them; kept in their order. Floats get 10 significant digits.

    Raises
    ------
    ValueError
        When a number is NaN or infinite; the message names the file and the key.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "results" / "1_responses.json"
    >>> write_results(path, {"sample.mean": {"value": 100 / 3, "unit": "score"}})
    >>> print(path.read_text(encoding="utf-8"), end="")
    {
      "sample.mean": {
        "value": 33.33333333,
        "unit": "score"
      }
    }
    """
    write_json(path, results)


def write_table(path, frame):
    """Write a table as CSV that a spreadsheet can open without running any of its text.

    Parameters
    ----------
    path : str or pathlib.Path
        The file; its folder is made, the file replaced in one step.
    frame : pandas.DataFrame
        An index other than row numbers becomes the first columns. Floats get 10 significant digits,
        missing values are empty. Text that starts with ``= + - @``, tab or carriage return gets an
        apostrophe in front; carriage returns become line feeds.

    References
    ----------
    OWASP, CSV Injection, https://owasp.org/www-community/attacks/CSV_Injection

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "table.csv"
    >>> write_table(path, pd.DataFrame({"answer": ["=1+1", "Yes"], "change": [-1 / 3, 2]}))
    >>> print(path.read_text(encoding="utf-8"), end="")
    answer,change
    '=1+1,-0.3333333333
    Yes,2.0
    """
    numbered = isinstance(frame.index, pd.RangeIndex) and frame.index.name is None
    table = frame if numbered else frame.reset_index()
    # object first: a categorical or text column would refuse what a cell is turned into.
    table = table.astype(object).map(_cell).rename(columns=_cell)
    _replace(path, table.to_csv(index=False, lineterminator="\n"))


def read_results(folder):
    """Read the results of all notebooks of a study.

    Parameters
    ----------
    folder : str or pathlib.Path
        Holds one JSON file a notebook; ``claims.json`` and ``provenance.json`` are passed over.

    Returns
    -------
    dict of str to dict
        The results by id, in the order of files and of results, each with the added key
        ``notebook``, the file's name without its ending.

    Raises
    ------
    ValueError
        When the folder is missing, a file is not JSON, or two files hold the same id.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> write_results(folder / "1_responses.json", {"sample.n": {"value": 92, "unit": "count"}})
    >>> read_results(folder)
    {'sample.n': {'value': 92, 'unit': 'count', 'notebook': '1_responses'}}
    """
    folder, results = Path(folder), {}
    if not folder.is_dir():
        raise ValueError(f"{folder}: there is no such folder; run the notebooks first (make all).")
    for path in sorted(folder.glob("*.json")):
        if path.stem in ("claims", "provenance"):
            continue
        for id, result in _read_json(path).items():
            if id in results:
                other = folder / f"{results[id]['notebook']}.json"
                raise ValueError(f"result '{id}' stands in {other} and in {path}; rename one.")
            results[id] = result | {"notebook": path.stem}
    return results


def _plain(id, key, number, whole=False):
    """A Python number, or None for what is missing; whole numbers as int where asked."""
    if isinstance(number, np.generic):
        number = number.item()
    if number is None or number is pd.NA or number != number:
        return None
    if isinstance(number, bool) or not isinstance(number, int | float) or math.isinf(number):
        raise ValueError(f"result '{id}': {key} is {number!r}; give a finite number, or None.")
    return int(number) if whole and number == int(number) else number


def _ten_digits(number):
    return float(f"{number:.10g}") + 0.0  # + 0.0 turns -0.0 into 0.0


def _cell(cell):
    """A table's cell or heading, safe to open in a spreadsheet."""
    if isinstance(cell, float):
        return _ten_digits(cell)
    if not isinstance(cell, str):
        return cell
    guarded = f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
    # Python 3.11's csv leaves a lone carriage return unquoted, and readers start a new row there.
    return guarded.replace("\r\n", "\n").replace("\r", "\n")


def _json_ready(content, where):
    """Plain Python values only, floats to ten digits; NaN and infinity are refused."""
    if isinstance(content, dict):
        return {key: _json_ready(value, f"{where}: {key}") for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_json_ready(value, where) for value in content]
    content = content.item() if isinstance(content, np.generic) else content
    if isinstance(content, float) and not math.isfinite(content):
        raise ValueError(f"{where} is {content}, which JSON cannot hold; use None and a note.")
    return _ten_digits(content) if isinstance(content, float) else content


def write_json(path, content):
    text = json.dumps(_json_ready(content, path), indent=2, ensure_ascii=False, allow_nan=False)
    _replace(path, f"{text}\n")


def _replace(path, text):
    """Put a whole file in place in one step, so that no reader meets half of it."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def read_text(path):
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ValueError(f"{path}: there is no such file; check its name and folder.") from None
    except UnicodeDecodeError as error:
        line = Path(path).read_bytes()[: error.start].count(b"\n") + 1
        raise ValueError(f"{path}: line {line} is not UTF-8; save the file as UTF-8.") from None


def _read_json(path):
    try:
        content = json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise ValueError(f"{path}: not JSON ({error}); delete it and run make again.") from None
    if not isinstance(content, dict):
        raise ValueError(f"{path}: holds no results by id; delete it and run make again.")
    return content
