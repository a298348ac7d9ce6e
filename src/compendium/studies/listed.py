"""The list of exports: one path a line, or a table that begins with the names of its columns."""

import csv
import math
import os
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from compendium.files import read_text

COLUMNS = ("export", "name", "platform", "structure", "survey", "wave")


@dataclass(frozen=True)
class Entry:
    """One study of the list; paths as they are to be read. `survey` and `wave`: which, and when."""

    name: str
    export: Path
    platform: str = ""
    structure: str = ""
    survey: str = ""
    wave: float = math.nan
    line: int = 0


def read_list(path):
    """Read a list of exports.

    Parameters
    ----------
    path : str or pathlib.Path
        One path a line; or CSV, where the first line names some of `COLUMNS`, ``export`` among them.
        Empty lines, and lines that begin with ``#``, are passed over. Paths are relative to the list.

    Returns
    -------
    list of Entry
        A study without a name is called by its export.

    Raises
    ------
    ValueError
        In one line, before anything is read of any export: what is wrong in which line.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp(), "studies.txt")
    >>> _ = path.write_text("# last year's\\nold/Spring 2025.csv\\n", encoding="utf-8")
    >>> [entry.name for entry in read_list(path)]
    ['Spring_2025']
    """
    path = Path(path)
    lines = [(at, line) for at, line in enumerate(read_text(path).split("\n"), 1)
             if line.strip() and not line.lstrip().startswith("#")]  # fmt: skip
    if not lines:
        raise ValueError(f"{path}: names no export; write one path a line.")
    try:
        header = [name.strip() for name in next(csv.reader([lines[0][1]], strict=True))]
        if "export" in header:
            _check_header(path, header)
            rows = [(at, _cells(path, at, line, header)) for at, line in lines[1:]]
        else:
            rows = [(at, {"export": line.strip()}) for at, line in lines]
    except csv.Error as error:
        raise ValueError(f"{path}: not readable as CSV ({error}); close every quote.") from None
    entries = [_entry(path, at, given) for at, given in rows]
    _check_all(path, entries)
    return entries


def _check_header(path, header):
    for name in header:
        if name not in COLUMNS or header.count(name) > 1:
            raise ValueError(
                f"{path}: the column '{name}' is not known or stands twice; the columns are "
                f"{', '.join(COLUMNS)}."
            )


def _cells(path, at, line, header):
    values = next(csv.reader([line], strict=True))
    if len(values) != len(header):
        raise ValueError(
            f"{path}: line {at} has {len(values)} values for {len(header)} columns; quote every value "
            "that holds a comma."
        )
    return dict(zip(header, (value.strip() for value in values), strict=True))


def _entry(path, at, given):
    long = max(len(os.fsencode(part)) for part in [*given.get("export", "").split("/"), ""]) > 255
    if not given["export"] or long or not all(value.isprintable() for value in given.values()):
        raise ValueError(
            f"{path}: line {at} names no export, is too long, or holds a sign that is not printed."
        )
    export = path.parent / given["export"]
    name = given.get("name") or re.sub(r"[^A-Za-z0-9_-]+", "_", export.stem).strip("_-")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}", name):
        raise ValueError(
            f"{path}: line {at}: name '{name}': use letters, digits, _ and - only, as for a folder."
        )
    structure = given.get("structure", "")
    wave, survey = given.get("wave", ""), given.get("survey", "")
    if bool(wave) != bool(survey) or (wave and not _number(wave)):
        raise ValueError(
            f"{path}: line {at}: a wave has the name of its 'survey' and, as 'wave', a number such as "
            "the year."
        )
    return Entry(
        name, export, given.get("platform", ""), str(path.parent / structure) if structure else "",
        survey, float(wave or math.nan), at,
    )  # fmt: skip


def _number(text):
    return re.fullmatch(r"-?\d{1,9}(\.\d{1,6})?", text, re.ASCII)


def _check_all(path, entries):
    """No two studies share a folder, also where capitals do not count, and no two waves a time."""
    for what, keys in (
        ("the name of two studies; name one of them otherwise", [e.name.casefold() for e in entries]),
        ("a wave that its survey has twice", [(e.survey, e.wave) for e in entries if e.survey]),
    ):
        for key, count in Counter(keys).items():
            if count > 1:
                said = key if isinstance(key, str) else f"{key[0]}, {key[1]:g}"
                raise ValueError(f"{path}: '{said}' is {what}.")
