"""Named results in and out, and the claims that are audited against them."""

import csv
import difflib
import io
import json
import math
import os
import re
from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
import pydantic
import yaml

from helpers.rounding import (
    USUAL,
    allowed_counts,
    counts_in_words,
    in_words,
    jointly_possible,
)

UNITS = ("count", "percent", "proportion", "score", "coefficient", "p")
PUBLISHED_COLUMNS = (
    "id", "study", "year", "country", "population", "n", "wording", "percent", "decimals",
    "concept", "source", "confidence", "note",
)  # fmt: skip
_ID = r"^[a-z0-9_]+(\.[a-z0-9_]+)+$"


def record(
    results, id, value, unit, *,
    count=None, base=None, low=None, high=None, method=None, note=None,
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
    if not re.fullmatch(_ID, id):
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
    }
    present = {key: given for key, given in optional.items() if given is not None}
    results[id] = {"value": value, "unit": unit} | present


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
    _write_json(path, results)


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


def _write_json(path, content):
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


def _read_text(path):
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ValueError(f"{path}: there is no such file; check its name and folder.") from None
    except UnicodeDecodeError as error:
        line = Path(path).read_bytes()[: error.start].count(b"\n") + 1
        raise ValueError(f"{path}: line {line} is not UTF-8; save the file as UTF-8.") from None


def _read_json(path):
    try:
        content = json.loads(_read_text(path))
    except json.JSONDecodeError as error:
        raise ValueError(f"{path}: not JSON ({error}); delete it and run make again.") from None
    if not isinstance(content, dict):
        raise ValueError(f"{path}: holds no results by id; delete it and run make again.")
    return content


def load_published(path):
    """Read the figures that studies published.

    Parameters
    ----------
    path : str or pathlib.Path
        CSV in UTF-8 with the columns `PUBLISHED_COLUMNS`.

    Returns
    -------
    pandas.DataFrame
        One row a figure, indexed by id; `n` and `decimals` are whole numbers, `percent` (0 to 100)
        and everything else text as printed.

    Raises
    ------
    ValueError
        When the file is missing or not UTF-8, a column is missing or unknown, a row is ragged, an
        id stands twice, or a percent, n, decimals or confidence does not hold. The message names
        the file, the row (the first below the header is row 1) and its id.

    Examples
    --------
    >>> published = load_published("data/published.csv")
    >>> print(*published.loc["perkins_2021_unfamiliar", ["percent", "n"]])
    97 73
    """
    reader = csv.DictReader(io.StringIO(_read_text(path)), restkey="", restval=None)
    if set(reader.fieldnames or ()) != set(PUBLISHED_COLUMNS):
        raise ValueError(f"{path}: the columns must be {', '.join(PUBLISHED_COLUMNS)}.")
    rows = {}
    for number, row in enumerate(reader, start=1):
        try:
            _check_published(row)
            if row["id"] in rows:
                raise ValueError("the id stands twice; give each figure its own.")
        except ValueError as error:
            raise ValueError(f"{path}: row {number} ({row['id']}): {error}") from None
        rows[row["id"]] = row
    table = pd.DataFrame(list(rows.values()), columns=PUBLISHED_COLUMNS, dtype=object)
    return table.astype({"n": int, "decimals": int}).set_index("id")


def _check_published(row):
    if None in row.values() or "" in row:
        raise ValueError("the row and the header differ in length; quote values with commas.")
    if not re.fullmatch(r"[0-9]+", row["n"]):
        raise ValueError(f"n '{row['n']}' is no whole number; write how many respondents.")
    allowed_counts(row["percent"], int(row["n"]))
    decimals = len(row["percent"].partition(".")[2])
    if row["decimals"] != str(decimals):
        raise ValueError(f"percent '{row['percent']}' has {decimals} decimals; correct 'decimals'.")
    if row["confidence"] not in ("high", "medium", "uncertain"):
        raise ValueError("confidence must be high, medium or uncertain.")


class Claim(pydantic.BaseModel):
    """One published statement: a percent, exclusive percents, a count, or words (`qualitative`)."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True, strict=True)

    id: Annotated[str, pydantic.Field(pattern=_ID)]
    statement: Annotated[str, pydantic.Field(min_length=1)]
    source: Annotated[str, pydantic.Field(min_length=1)]
    percent: str | None = None
    percents: list[str] = []
    count: Annotated[int, pydantic.Field(ge=0)] | None = None
    base: Annotated[int, pydantic.Field(ge=1)] | None = None
    published: str | list[str] | None = None
    exclusive: bool = False
    result: str | None = None
    qualitative: bool = False
    evidence: list[str] = []

    @pydantic.model_validator(mode="after")
    def _one_figure(self):
        shares = [self.percent] if self.percent is not None else self.percents
        rest = [self.count is not None, self.published is not None, self.qualitative]
        several = bool(self.percents) or self.exclusive
        if (self.percent is not None) + bool(self.percents) + sum(rest) != 1:
            raise ValueError("give one of percent, percents, count, published, qualitative: true")
        if shares and self.base is None:
            raise ValueError("'base' is missing; add the number of respondents the percent is of")
        if self.base is not None and (self.published is not None or self.qualitative):
            raise ValueError("remove 'base'; it goes with percent, percents or count")
        if self.exclusive != isinstance(self.published, list):
            raise ValueError("a list of 'published' rows and 'exclusive: true' go together")
        if self.evidence and not self.qualitative:
            raise ValueError("'evidence' goes with 'qualitative: true'; use 'result' for a figure")
        if self.result and (several or self.qualitative):
            raise ValueError("remove 'result'; it goes with one percent or count")
        for percent in shares:
            allowed_counts(percent, self.base)
        return self

    @property
    def printed(self):
        """The figure as published: ``13% of 92``, ``92``, or None where there is none."""
        shares = [f"{share}%" for share in self.percents or [self.percent] if share]
        figure = in_words(shares) if shares else self.count
        return None if figure is None else f"{figure} of {self.base}" if self.base else str(figure)


def load_claims(path, published_path):
    """Read the statements of a study that are audited.

    Parameters
    ----------
    path : str or pathlib.Path
        A YAML list; its keys are those of `Claim`. `published` names a row of the other file, or
        with ``exclusive: true`` several that exclude each other and leave none out.
    published_path : str or pathlib.Path
        As for `load_published`; read only if a claim names a row of it.

    Returns
    -------
    list of Claim
        In the file's order; percent and base of those with `published` are filled in.

    Raises
    ------
    ValueError
        When the file does not hold such a list, an id stands twice, or a published row is not there
        or is marked uncertain. One line names the file, the claim, the key and the remedy.

    Examples
    --------
    >>> claims = load_claims("data/microcredentials/claims.yml", "data/published.csv")
    >>> claims[0].id, claims[0].printed
    ('poster.respondents', '92')
    """
    try:
        entries = yaml.safe_load(_read_text(path))
    except yaml.YAMLError as error:
        raise ValueError(f"{path}: not readable as YAML: {' '.join(str(error).split())}") from None
    if not isinstance(entries, list):
        raise ValueError(f"{path}: write a list of claims, each starting with '- id:'.")
    try:
        claims = pydantic.TypeAdapter(list[Claim]).validate_python(entries)
    except pydantic.ValidationError as error:
        raise ValueError(f"{path}: {_first_error(error, entries)}") from None
    ids = [claim.id for claim in claims]
    for id in ids:
        if ids.count(id) > 1:
            raise ValueError(f"{path}: claim '{id}' stands twice; give each its own id.")
    if all(claim.published is None for claim in claims):
        return claims
    published = load_published(published_path)
    return [_with_published(path, claim, published, published_path) for claim in claims]


def _first_error(error, entries):
    """The first of pydantic's findings in one line: claim, key, remedy."""
    first = error.errors()[0]
    position, *keys = first["loc"]
    entry = entries[position]
    name = entry.get("id", f"number {position + 1}") if isinstance(entry, dict) else position + 1
    remedy = {
        "extra_forbidden": "the key is not known; check its spelling, or remove it",
        "missing": "the key is missing; add it",
        "string_pattern_mismatch": "write lower-case words with dots between: 'poster.share'",
        "string_type": "write it as text, in quotes, just as printed",
    }.get(first["type"], first["msg"].removeprefix("Value error, ").rstrip("."))
    key = f" key '{keys[0]}':" if keys else ""
    quoted = f" {first['input']!r}:" if first["type"] == "string_type" else ""
    return f"claim '{name}':{key}{quoted} {remedy}."


def _with_published(path, claim, published, published_path):
    """The claim with the percents and the base of the published rows it names."""
    if claim.published is None:
        return claim
    ids = claim.published if claim.exclusive else [claim.published]
    where = f"{path}: claim '{claim.id}': key 'published':"
    for id in ids:
        if id not in published.index:
            raise ValueError(
                f"{where} '{id}' is no id of {published_path}{_near(id, published.index)}"
            )
        if published.loc[id, "confidence"] == "uncertain":
            raise ValueError(f"{where} '{id}' is marked uncertain; settle its source before use.")
    rows = published.loc[ids]
    if len(rows[["study", "n"]].drop_duplicates()) != 1:
        raise ValueError(f"{where} rows of one exclusive set must share study and n; correct them.")
    percents = rows["percent"].to_list()
    figure = {"percents": percents} if claim.exclusive else {"percent": percents[0]}
    return claim.model_copy(update=figure | {"base": int(rows["n"].iloc[0])})


def audit(claims, results, provenance):
    """Check each claim: is its figure possible, and do the results bear it out?

    Parameters
    ----------
    claims : list of Claim
    results : dict of str to dict
        As from `read_results`.
    provenance : str
        ``collected`` or ``synthetic``, of the responses behind the results.

    Returns
    -------
    list of dict
        For each claim ``id``, ``statement``, ``source``; ``published``, the figure as printed
        (``13% of 92``); ``computed``, what the result says (``12 of 92``), or for words a dict of
        evidence id to value and unit; both None where there is none; ``why``, a sentence to check
        the status by; and ``status``, the first of these that holds:

        - ``qualitative``: a finding in words; nothing is compared.
        - ``inconsistent``: no count of the base is printed as the percent, or no counts add up.
        - ``consistent``: possible, and no result is named.
        - ``withheld``: possible, but disclosure control hides the result.
        - ``not_reproduced``: the result's count or base is not one that the figure allows.
        - ``reproduced`` from collected responses, ``by_construction`` from synthetic ones, which
          were made to match and so confirm nothing.

        Rounding up throughout (`ceiling`) carries no claim, as in `unique_count`.

    Raises
    ------
    ValueError
        When a result or evidence id does not exist, a result lacks the count or base to compare, or
        the provenance is not known.

    Examples
    --------
    >>> claim = Claim(id="a.b", statement="…", source="…", percent="13", base=92, result="f.no")
    >>> results = {"f.no": {"value": 13.04, "unit": "percent", "count": 12, "base": 92}}
    >>> checked = audit([claim], results, "collected")[0]
    >>> checked["status"], checked["published"], checked["computed"]
    ('reproduced', '13% of 92', '12 of 92')
    """
    if provenance not in ("collected", "synthetic"):
        raise ValueError(f"provenance '{provenance}': write collected or synthetic in survey.yml.")
    return [_audited(claim, results, provenance) for claim in claims]


def _audited(claim, results, provenance):
    for id in [claim.result] if claim.result else claim.evidence:
        if id not in results:
            raise ValueError(f"claim '{claim.id}': there is no result '{id}'{_near(id, results)}")
    check = _words if claim.qualitative else _figure
    status, computed, why = check(claim, results, provenance)
    return {
        "id": claim.id,
        "statement": claim.statement,
        "source": claim.source,
        "published": claim.printed,
        "computed": computed,
        "status": status,
        "why": why,
    }


def _words(claim, results, provenance):
    found = {id: {key: results[id].get(key) for key in ("value", "unit")} for id in claim.evidence}
    hidden = [id for id in claim.evidence if withheld(results[id])]
    if not found:
        return "qualitative", None, "A finding in words; no computed value bears on it."
    why = "A finding in words: the computed values bear on it and do not settle it"
    why += "; the data are synthetic" if provenance == "synthetic" else ""
    why += f"; withheld: {', '.join(hidden)}" if hidden else ""
    return "qualitative", found, f"{why}."


def _figure(claim, results, provenance):
    fits, arithmetic = _arithmetic(claim)
    result = results.get(claim.result)
    hidden = result is not None and withheld(result)
    empty = result is None or result.get("value") is None
    count, base = (None, None) if empty else _counted(claim, result)
    computed = None if empty else f"{count} of {base}" if base is not None else str(count)
    if not any(fits.values()):
        return "inconsistent", computed, f"{arithmetic}."
    if result is None:
        return "consistent", None, f"{arithmetic}; no result of this study is compared."
    if hidden:
        return "withheld", None, f"{arithmetic}; disclosure control withholds the computed number."
    if empty:
        return "not_reproduced", None, f"{arithmetic}; no value was computed: {result.get('note')}."
    why = f"{arithmetic}; computed {computed}"
    if claim.base is not None and base != claim.base:
        return "not_reproduced", computed, f"{why}, which is another base."
    under = [name for name, counts in fits.items() if count in counts]
    if not under:
        return "not_reproduced", computed, f"{why}, which does not fit."
    why += "" if len(under) == len(fits) else f", which fits {in_words(under)} only"
    if provenance == "collected":
        return "reproduced", computed, f"{why}; the data were collected."
    return "by_construction", computed, f"{why}; the data are synthetic and built to match."


def _arithmetic(claim):
    """What each usual convention allows (empty or None: nothing), and that in words."""
    if claim.count is not None:
        possible = claim.base is None or claim.count <= claim.base
        exactly = range(claim.count, claim.count + 1) if possible else range(0)
        text = "is a possible count" if possible else "is impossible: more than the base"
        return dict.fromkeys(USUAL, exactly), f"{claim.printed} {text}"
    if claim.percent is not None:
        fits = {name: allowed_counts(claim.percent, claim.base, name) for name in USUAL}
        return fits, counts_in_words(claim.percent, claim.base)
    fits = {name: jointly_possible(claim.percents, claim.base, name) for name in USUAL}
    under = [name for name, example in fits.items() if example]
    if not under:
        return fits, f"no counts that add up to {claim.base} are printed as {claim.printed}"
    example = in_words([str(count) for count in fits[under[0]]])
    return fits, f"{claim.printed} add up under {in_words(under)}, for example as {example}"


def _counted(claim, result):
    """Count and base of a result, as far as the claim needs them."""
    count, base = result.get("count"), result.get("base")
    if count is None and claim.count is not None and result.get("unit") == "count":
        count = result["value"]
    if count is None or (base is None and claim.base is not None):
        raise ValueError(
            f"claim '{claim.id}': result '{claim.result}' has no count or no base to compare with "
            f"{claim.printed}; record it with count= and base=."
        )
    return count, base


def failures(audit):
    """Claims whose figure is impossible or not borne out.

    Parameters
    ----------
    audit : list of dict
        As from `audit`.

    Returns
    -------
    list of dict
        Those with status ``inconsistent`` or ``not_reproduced``.

    Examples
    --------
    >>> failures([{"id": "a.b", "status": "inconsistent"}, {"id": "a.c", "status": "withheld"}])
    [{'id': 'a.b', 'status': 'inconsistent'}]
    """
    return [claim for claim in audit if claim["status"] in ("inconsistent", "not_reproduced")]


def write_claims(path, audit):
    """Write the audited claims as a JSON list, as `write_results` writes results.

    Parameters
    ----------
    path : str or pathlib.Path
    audit : list of dict
        As from `audit`.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "claims.json"
    >>> write_claims(path, [])
    >>> print(path.read_text(encoding="utf-8"), end="")
    []
    """
    _write_json(path, audit)


def _near(id, known):
    """The closest known ids, as the end of a message."""
    near = difflib.get_close_matches(id, list(known), n=3, cutoff=0.4)
    return f"; the closest are {', '.join(near)}." if near else "; check its spelling."
