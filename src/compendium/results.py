"""Named results: their ids, how they are recorded, written and read, and the answers beside them."""

import math
import re
import sys
from pathlib import Path
from typing import NamedTuple

from compendium.files import read_json, write_json

UNITS = ("count", "percent", "proportion", "score", "mean", "sd", "coefficient", "p")
ID = r"^[a-z0-9_]+(\.[a-z0-9_]+)+$"
BESIDE = ("claims", "provenance", "answers")  # files of the folder that hold no results


class ResultId(NamedTuple):
    """The parts of a share's id: ``familiarity.concept`` ``not_familiar`` by ``size`` ``micro``.

    Attributes
    ----------
    key : str
        What is counted in: section and item, with a grid its statement, or ``themes.cost``.
    of : str
        The option or group that is counted.
    by, row : str, optional
        For a row of a breakdown, the item that forms the rows and its option or group.

    Examples
    --------
    >>> str(ResultId("familiarity.concept", "not_familiar", "size", "micro"))
    'familiarity.concept.not_familiar.by.size.micro'
    >>> ResultId.read("themes.cost.respondents").key
    'themes.cost'
    """

    key: str
    of: str
    by: str | None = None
    row: str | None = None

    def __str__(self):
        share = f"{self.key}.{self.of}"
        return share if self.by is None else row_id(share, self.by, self.row)

    @classmethod
    def read(cls, id):
        """The parts of an id: the only place where one is taken apart."""
        parts = id.split(".")
        # From the right, because an item may be called "by" too: a key has at least two parts.
        by = parts[-2:] if len(parts) > 5 and parts[-3] == "by" else []
        *key, of = parts[:-3] if by else parts
        return cls(".".join(key), of, *by)


def row_id(name, by, row):
    """Name of a count, or of a base, among those who gave the answer `row` to the item `by`."""
    return f"{name}.by.{by}.{row}"


def record(
    results, id, value, unit, *,
    count=None, base=None, low=None, high=None, method=None, note=None, withheld=None,
    weighted=None, exploratory=False, bound=None, equivalent=None,
    sampled=None, test=None,
):  # fmt: skip
    """Add one named result.

    Parameters
    ----------
    results : dict
        The results of a notebook so far; changed in place.
    id : str or ResultId
        Dotted and lower-case, such as ``familiarity.concept.not_familiar``.
    value : int or float or None
        The number, in `unit`; None or NaN where there is none, and then `note` says why.
    unit : str
        One of `UNITS`; a percent is 0 to 100, a proportion 0 to 1.
    count, base : int, optional
        Respondents counted, and respondents they are counted among.
    low, high : float, optional
        Ends of the interval, in `unit`; None or NaN is left out.
    method, note : str, optional
    withheld : str, optional
        The mark of what disclosure control hides: ``<5`` for a small count, ``…`` for what would
        give one away.
    weighted : bool, optional
        Whether respondents count by their weights; left out where a study has none.
    exploratory : bool
        Whether it answers a question that was changed after the plan was frozen.
    bound : float, optional
        What an effect must reach to matter, as the plan has it, in the effect's unit.
    equivalent : bool, optional
        Whether the effect was shown to lie within that bound.
    sampled : float, optional
        Which share of a finite population answered, a proportion, where the interval minds it.
    test : str, optional
        Name of the test whose p this is.

    Raises
    ------
    ValueError
        When the id is malformed or taken, the unit not known, a number infinite or no number, value
        and note are both missing, or a value is given for what is withheld.

    Examples
    --------
    >>> results = {}
    >>> record(results, "familiarity.concept.not_familiar", 13.04, "percent", count=12, base=92)
    >>> results["familiarity.concept.not_familiar"]
    {'value': 13.04, 'unit': 'percent', 'count': 12, 'base': 92}
    """
    id = str(id)
    if not re.fullmatch(ID, id):
        raise ValueError(f"result '{id}': write lower-case words with dots between: 'sample.n'.")
    if id in results:
        raise ValueError(f"result '{id}' stands there already; give the second its own id.")
    if unit not in UNITS:
        raise ValueError(f"result '{id}': unit '{unit}' is not one of {', '.join(UNITS)}.")
    value = _plain(id, "value", value, whole=unit == "count")
    if value is None and not note:
        raise ValueError(f"result '{id}' has no value; say why in 'note'.")
    if value is not None and withheld:
        raise ValueError(f"result '{id}' is withheld and has a value; leave the value out.")
    optional = {
        "count": _plain(id, "count", count, whole=True),
        "base": _plain(id, "base", base, whole=True),
        "low": _plain(id, "low", low),
        "high": _plain(id, "high", high),
        "method": method,
        "note": note,
        "withheld": withheld or None,
        "weighted": weighted,
        "exploratory": exploratory or None,
        "bound": _plain(id, "bound", bound),
        "sampled": _plain(id, "sampled", sampled),
        "test": test,
        "equivalent": None if equivalent is None else bool(equivalent),
    }
    present = {key: given for key, given in optional.items() if given is not None}
    results[id] = {"value": value, "unit": unit} | present | _running_cell()


def _running_cell():
    """Number of the notebook cell that is running, so that a result leads back to it."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    number = len(shell.user_ns["In"]) - 1 if shell else 0
    return {"cell": number} if number else {}


def _plain(id, key, number, whole=False):
    """A Python number, or None for what is missing; whole numbers as int where asked."""
    number = number.item() if hasattr(number, "item") else number  # one of NumPy's scalars
    if number is None or type(number).__name__ == "NAType" or number != number:
        return None
    if isinstance(number, bool) or not isinstance(number, int | float) or math.isinf(number):
        raise ValueError(f"result '{id}': {key} is {number!r}; give a finite number, or None.")
    return int(number) if whole and number == int(number) else number


def withheld(result):
    """Whether disclosure control hides a result.

    Examples
    --------
    >>> withheld({"value": None, "unit": "percent", "note": "nobody answered"})
    False
    """
    return "withheld" in result


def mark(result):
    """Why a result has no number: the mark of what is withheld, or its note; empty if it has one.

    Examples
    --------
    >>> mark({"value": None, "note": "withheld (<5): small count", "withheld": "<5"})
    '<5'
    >>> mark({"value": 12.5}), mark({"value": None, "note": "nobody answered"})
    ('', 'nobody answered')
    """
    if result.get("value") is not None:
        return ""
    return result.get("withheld") or result.get("note") or "none"


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
        When a number is NaN or infinite; it names the key.

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


def read_results(folder):
    """Read the results of all notebooks of a study.

    Parameters
    ----------
    folder : str or pathlib.Path
        Holds one JSON file a notebook; the files `BESIDE` are passed over.

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
        if path.stem in BESIDE:
            continue
        content = read_json(path)
        if not isinstance(content, dict):
            raise ValueError(f"{path}: holds no results by id; delete it and run make again.")
        for id, result in content.items():
            if id in results and _same(results[id], result):
                continue  # a background question that the plan asks about stands in two chapters
            if id in results:
                other = folder / f"{results[id]['notebook']}.json"
                raise ValueError(f"result '{id}' stands in {other} and in {path}; rename one.")
            results[id] = result | {"notebook": path.stem}
    return results


def _same(one, other):
    """Whether two results say the same; the cell that recorded them apart."""
    beside = ("cell", "notebook")
    return {k: v for k, v in one.items() if k not in beside} == {
        k: v for k, v in other.items() if k not in beside
    }


# ---- the answer of each notebook, in a paragraph


def write_answer(folder, notebook, text):
    """Write the answer that a notebook gives, in a file of its own: notebooks run side by side.

    Parameters
    ----------
    folder : str or pathlib.Path
        The folder of the results.
    notebook : str
        Such as ``2_familiarity``.
    text : str
        One paragraph of Markdown, without a heading.
    """
    write_json(Path(folder) / "answers" / f"{notebook}.json", {"answer": text})


def join_answers(folder):
    """Put the answers of all notebooks into ``answers.json``: notebook to paragraph.

    Parameters
    ----------
    folder : str or pathlib.Path
        The folder of the results.

    Returns
    -------
    dict of str to str

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> write_answer(folder, "2_familiarity", "Most are familiar.")
    >>> join_answers(folder)
    {'2_familiarity': 'Most are familiar.'}
    """
    paths = sorted((Path(folder) / "answers").glob("*.json"))
    answers = {path.stem: read_json(path)["answer"] for path in paths}
    write_json(Path(folder) / "answers.json", answers)
    return answers
