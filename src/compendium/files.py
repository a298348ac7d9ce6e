"""Every file in and out: text, CSV, JSON and YAML; zip archives and XML are in `archives`.

What is read is checked strictly and refused in one line that names the file, the line or row, and the
remedy. What is written goes in place in one step, and is the same on every machine.
"""

import csv
import hashlib
import io
import json
import math
import os
import re
import unicodedata
from pathlib import Path

import pydantic
import ruamel.yaml

# pandas is imported where a table is read or written: poster and command line do without it.

GUARDED = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet may take for a formula
TAG = "tag:yaml.org,2002:"


class Model(pydantic.BaseModel):
    """A part of a YAML file: no key but its own, nothing changed after reading."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)


# ---- text and digests


def read_text(path):
    """Read a text in UTF-8, with or without a byte order mark; line ends become line feeds.

    Raises
    ------
    ValueError
        When the file is missing, is no file, or is not UTF-8.
    """
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ValueError(f"{path}: there is no such file; check its name and folder.") from None
    except UnicodeDecodeError as error:
        line = Path(path).read_bytes()[: error.start].count(b"\n") + 1
        raise ValueError(f"{path}: line {line} is not UTF-8; save the file as UTF-8.") from None
    except OSError as error:
        raise ValueError(f"{path}: cannot be read ({error.strerror}); check what it is.") from None


def replace(path, content):
    """Put a whole file in place in one step, so that no reader meets half of it.

    Parameters
    ----------
    path : str or pathlib.Path
        Its folder is made.
    content : str or bytes
        Text is written in UTF-8 with line feeds.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        temporary.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def digest(path):
    """SHA-256 of a file, in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# ---- tables


def read_csv(path, columns=()):
    """Read a CSV file, every value as text, and refuse what pandas would mend in silence.

    Parameters
    ----------
    path : str or pathlib.Path
        CSV in UTF-8 whose first line names the columns.
    columns : sequence of str
        Columns that must be there; others may be.

    Returns
    -------
    pandas.DataFrame
        Text only; the empty string is no value.

    Raises
    ------
    ValueError
        As `read_text`, and when the file is empty, a column is missing or stands twice, a row is
        shorter or longer than the header, or a quote is not closed. The first row below the header
        is row 1.
    """
    import pandas as pd

    text = read_text(path)
    _check_rows(path, csv.reader(io.StringIO(text), strict=True), columns)
    return pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False, index_col=False)


def read_rows(path, columns):
    """Read a small CSV file as dicts, checked as by `read_csv`, without pandas; no other columns."""
    text = read_text(path)
    _check_rows(path, csv.reader(io.StringIO(text), strict=True), columns)
    reader = csv.DictReader(io.StringIO(text))
    if set(reader.fieldnames) != set(columns):
        raise ValueError(f"{path}: the columns must be {', '.join(columns)}.")
    return list(reader)


def _check_rows(path, reader, columns):
    """Header and length of every row; pandas fills up a short row in silence."""
    row = 0
    try:
        header = next(reader, [])
        if not header:
            raise ValueError(f"{path}: the file is empty; the first line must name the columns.")
        for name in header:
            if header.count(name) > 1:
                raise ValueError(f"{path}: the column '{name}' stands twice; rename or remove one.")
        for name in columns:
            if name not in header:
                raise ValueError(
                    f"{path}: the column '{name}' is missing; the columns are {', '.join(columns)}."
                )
        for row, values in enumerate(reader, 1):
            if values and len(values) != len(header):
                raise ValueError(
                    f"{path}: row {row} has {len(values)} values for {len(header)} columns; quote "
                    "every value that holds a comma or a line break, or export the file again."
                )
    except csv.Error as error:
        raise ValueError(
            f"{path}: not readable as CSV after row {row} ({error}); close every quote that is "
            "opened there, or export the file again."
        ) from None


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
    >>> import pandas as pd
    >>> path = Path(tempfile.mkdtemp()) / "table.csv"
    >>> write_table(path, pd.DataFrame({"answer": ["=1+1", "Yes"], "change": [-1 / 3, 2]}))
    >>> print(path.read_text(encoding="utf-8"), end="")
    answer,change
    '=1+1,-0.3333333333
    Yes,2.0
    """
    import pandas as pd

    numbered = isinstance(frame.index, pd.RangeIndex) and frame.index.name is None
    table = frame if numbered else frame.reset_index()
    # object first: a categorical or text column would refuse what a cell is turned into.
    table = table.astype(object).map(_cell).rename(columns=_cell)
    replace(path, table.to_csv(index=False, lineterminator="\n"))


def _cell(cell):
    """A table's cell or heading, safe to open in a spreadsheet."""
    if isinstance(cell, float):
        return _ten_digits(cell)
    if not isinstance(cell, str):
        return cell
    guarded = f"'{cell}" if cell.startswith(GUARDED) else cell
    # Python 3.11's csv leaves a lone carriage return unquoted, and readers start a new row there.
    return guarded.replace("\r\n", "\n").replace("\r", "\n")


def _ten_digits(number):
    return float(f"{number:.10g}") + 0.0  # + 0.0 turns -0.0 into 0.0


# ---- JSON


def read_json(path):
    """Read a JSON file that the compendium wrote.

    Raises
    ------
    ValueError
        As `read_text`, and when it is not JSON.
    """
    try:
        return json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise ValueError(f"{path}: not JSON ({error}); delete it and run make again.") from None


def write_json(path, content):
    """Write JSON in one step, or nothing at all when something is wrong with it.

    Parameters
    ----------
    path : str or pathlib.Path
        The file; its folder is made.
    content : dict or list
        Plain values and NumPy's scalars. Floats get 10 significant digits.

    Raises
    ------
    ValueError
        When a number is NaN or infinite; it names the key.
    """
    text = json.dumps(_json_ready(content, path), indent=2, ensure_ascii=False, allow_nan=False)
    replace(path, f"{text}\n")


def _json_ready(content, where):
    """Plain Python values only, floats to ten digits; NaN and infinity are refused."""
    if isinstance(content, dict):
        return {key: _json_ready(value, f"{where}: {key}") for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_json_ready(value, where) for value in content]
    content = content.item() if hasattr(content, "item") else content  # one of NumPy's scalars
    if isinstance(content, float) and not math.isfinite(content):
        raise ValueError(f"{where} is {content}, which JSON cannot hold; use None and a note.")
    return _ten_digits(content) if isinstance(content, float) else content


# ---- YAML


def read_yaml(path):
    """Read one YAML 1.2 document: ``yes`` and ``no`` are words, and no key may stand twice.

    Parameters
    ----------
    path : str or pathlib.Path
        A UTF-8 file.

    Returns
    -------
    dict or list
        Plain Python values only; keys and dates are text.

    Raises
    ------
    ValueError
        As `read_text`, and when the file is empty or not well-formed, has a tag that names a type
        of its own, or a key stands twice; it names the line.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "options.yml"
    >>> _ = path.write_text("- {id: yes, label: Yes, default: true}", encoding="utf-8")
    >>> read_yaml(path)
    [{'id': 'yes', 'label': 'Yes', 'default': True}]
    """
    return _compose(path, {})


def read_model(path, model):
    """Read one YAML document and check it against a pydantic model.

    Parameters
    ----------
    path : str or pathlib.Path
        A UTF-8 file that holds one YAML document. Where the model wants text, what YAML reads as
        something else is taken as it is written: ``true``, ``null``, ``2024-01-01``, ``1.50``.
    model : type
        A `Model`, or a type such as ``list[Model]``.

    Returns
    -------
    object
        An instance of `model`.

    Raises
    ------
    ValueError
        As `read_yaml`, and for a key that is unknown, missing or of the wrong kind; it names the
        line and the way to the key, by the ids on it.
    """
    places = {}
    content = _compose(path, places)
    while True:
        try:
            return pydantic.TypeAdapter(model).validate_python(content)
        except pydantic.ValidationError as error:
            if not _take_as_written(error, content, places):
                raise ValueError(f"{path}: {_first_error(error, content, places)}") from None


def _compose(path, places):
    """The document's values; `places` gets the line and the text of each, by container and key."""
    try:
        node = ruamel.yaml.YAML(typ="safe", pure=True).compose(read_text(path))
        content = None if node is None else _value(node, places, {})
    except ruamel.yaml.error.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}" if mark else "somewhere"
        problem = getattr(error, "problem", None) or "a character that YAML does not allow"
        raise ValueError(
            f"{path}: {line}: not readable as YAML: {problem}; "
            "check indentation, colons and quotes there."
        ) from None
    except RecursionError:
        raise ValueError(f"{path}: nested too deeply; write it flatter.") from None
    if content is None:
        raise ValueError(f"{path}: the file is empty; copy its shape from data/microcredentials/.")
    return content


def _value(node, places, known):
    """The value of a node; `known` are those of nodes met before, for they can be referred to."""
    if id(node) in known:
        return known[id(node)]
    kind = str(node.tag).removeprefix(TAG)
    if node.id == "scalar":
        known[id(node)] = _scalar(node, kind)
    elif kind == "seq":
        known[id(node)] = found = []
        for index, below in enumerate(node.value):
            places[id(found), index] = (below.start_mark.line + 1, _written(below))
            found.append(_value(below, places, known))
    elif kind == "map":
        known[id(node)] = found = {}
        for key, below in node.value:
            if key.id != "scalar" or key.value in found:
                twice = f"the key '{key.value}' stands twice" if key.id == "scalar" else "no plain key"
                raise ruamel.yaml.error.MarkedYAMLError(problem=twice, problem_mark=key.start_mark)
            places[id(found), key.value] = (key.start_mark.line + 1, _written(below))
            found[key.value] = None  # until its value is known, which may refer to it
            found[key.value] = _value(below, places, known)
    else:
        _refuse_tag(node)
    return known[id(node)]


def _scalar(node, kind):
    text = node.value
    if kind in ("str", "timestamp", "merge"):
        return text
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind == "int":
        return int(text, 0) if re.match(r"[-+]?0[box]", text) else int(text)
    if kind == "float":
        return float(re.sub(r"\.(inf|nan)$", r"\1", text, flags=re.IGNORECASE))
    return _refuse_tag(node)


def _refuse_tag(node):
    raise ruamel.yaml.error.MarkedYAMLError(
        problem=f"the tag '{node.tag}', which names a type of its own", problem_mark=node.start_mark
    )


def _written(node):
    return node.value if node.id == "scalar" else ""


def _take_as_written(error, content, places):
    """Put the text of a value where the model wants text and YAML read something else."""
    changed = False
    for finding in error.errors():
        container, key = None, None
        here = content
        for step in finding["loc"]:
            if _has(here, step):
                container, key, here = here, step, here[step]
        text = places.get((id(container), key), (0, ""))[1]
        if finding["type"] == "string_type" and text and not isinstance(here, str):
            container[key] = text
            changed = True
    return changed


def _first_error(error, content, places):
    """The first of pydantic's findings in one plain sentence."""
    first = error.errors()[0]
    where, here, line = [], content, 1
    for step in first["loc"]:
        if _has(here, step):
            line, here = places[id(here), step][0], here[step]
            where.append(str(here.get("id", step)) if isinstance(here, dict) else str(step))
        elif first["type"] == "missing":  # other steps are types that the model allows there
            where.append(str(step))
    remedy = {
        "extra_forbidden": "the key is not known; check its spelling, or remove it",
        "missing": "the key is missing; add it",
        "string_pattern_mismatch": "use lower-case letters, digits and _ only, a letter first",
        "value_error": first["msg"].removeprefix("Value error, ").rstrip("."),
    }.get(first["type"], first["msg"].lower())
    told = first["type"] in ("missing", "extra_forbidden") or isinstance(first["input"], dict | list)
    given = "" if told else f" ({first['input']!r})"
    place = f"{' > '.join(where)}{given}: " if where else ""
    return f"line {line}: {place}{remedy}."


def _has(container, step):
    if isinstance(container, list):
        return isinstance(step, int) and step < len(container)
    return isinstance(container, dict) and step in container


# ---- names


def slug(text, small=frozenset(), most=32):
    """An id made from a label or a question.

    Parameters
    ----------
    text : str
    small : set of str
        Words to leave out while others are left.
    most : int
        Characters; cut between words where possible.

    Returns
    -------
    str
        Lower-case letters, digits and ``_``, a letter first; empty when nothing is left.

    Examples
    --------
    >>> slug("Größe & Alter"), slug("10–49"), slug("How often do you cycle?", {"how", "do", "you"})
    ('groesse_alter', 'n10_49', 'often_cycle')
    """
    text = text.casefold().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    text = unicodedata.normalize("NFKD", text)
    text = "".join(c for c in text if not unicodedata.combining(c)).replace("'", "").replace("’", "")
    words = re.findall(r"[a-z0-9]+", text)
    words = [word for word in words if word not in small] or words
    kept = ""
    for word in words:
        if kept and len(kept) + 1 + len(word) > most:
            break
        kept = f"{kept}_{word}" if kept else word[:most]
    return f"n{kept}" if kept[:1].isdigit() else kept


def unique(name, taken, form="{}_{}"):
    """The name, or the name with a number behind it, and remember it as taken.

    Parameters
    ----------
    name : str
    taken : set of str
        Changed in place.
    form : str
        How name and number are put together.

    Returns
    -------
    str

    Examples
    --------
    >>> taken = {"other"}
    >>> unique("other", taken), unique("other", taken), unique("other", taken, "{} ({})")
    ('other_2', 'other_3', 'other (2)')
    """
    found, number = name, 1
    while found in taken:
        number += 1
        found = form.format(name, number)
    taken.add(found)
    return found
