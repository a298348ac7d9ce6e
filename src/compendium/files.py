"""Files in and out: text, CSV and JSON. YAML is read in `models`, zip archives and XML in `archives`.

What is read is checked strictly and refused in one line that names the file, the line or row, and the
remedy. What is written goes in place in one step, and is the same on every machine.
"""

import codecs
import contextlib
import csv
import errno
import glob
import hashlib
import io
import json
import math
import os
import re
from pathlib import Path

# numpy and pandas are imported where a table is read or written: poster and command line do without.

LARGEST = 1 << 30  # bytes of a text
SIGNS = 4_000_000  # commas and brackets of a JSON file: each value takes a hundred bytes
GUARDED = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet may take for a formula


# ---- text and digests


def read_text(path, most=LARGEST):
    """Read a text in UTF-8, with or without a byte order mark; line ends become line feeds.

    Raises
    ------
    ValueError
        When the file is missing, is no file, has more than `most` bytes, or is not UTF-8.
    """
    refuse_special(path)
    try:
        if Path(path).stat().st_size > most:
            raise ValueError(f"{path}: has more than {most:,} bytes; shorten it, or check what it is.")
        return Path(path).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ValueError(f"{path}: there is no such file; check its name and folder.") from None
    except UnicodeDecodeError as error:
        line = Path(path).read_bytes()[: error.start].count(b"\n") + 1
        raise ValueError(f"{path}: line {line} is not UTF-8; save the file as UTF-8.") from None
    except OSError as error:
        raise ValueError(f"{path}: cannot be read ({error.strerror}); check what it is.") from None


def refuse_special(path):
    """Raise a ValueError for a pipe, a device or a folder: reading one may never end."""
    path = Path(path)
    if path.exists() and not path.is_file():
        kind = "a folder" if path.is_dir() else "a pipe or a device"
        raise ValueError(f"{path}: this is {kind} and no file; move it away, or name a file.")


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
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _clear(path)
        temporary.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        os.replace(temporary, path)
    except OSError as error:
        raise ValueError(unwritable(path, error)) from None
    finally:
        temporary.unlink(missing_ok=True)


def _clear(path):
    """Remove what processes that were killed left of a file: the next one writes it again."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.part"):
        try:
            os.kill(int(left.suffixes[-2][1:]), 0)
        except ProcessLookupError:
            left.unlink(missing_ok=True)
        except (OSError, ValueError, IndexError):
            continue  # somebody else's process, or no file of ours


@contextlib.contextmanager
def alone(folder):
    """Wait until no other process works in a folder; one that ends, by whatever, gives it free."""
    import fcntl  # where there is make there is this

    Path(folder).mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some shared folders know no locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def unwritable(path, error):
    """Why a file cannot be written, and what to do."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    remedy = "free some space" if full else "check the folder's permissions"
    return f"{path}: cannot be written ({error.strerror}); {remedy} and run it again."


def digest(path):
    """SHA-256 of a file, in hexadecimal."""
    refuse_special(path)
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def standing(paths):
    """Files by name, size and time: what tells that one changed, and nothing of what it holds."""
    found = sorted(path for path in map(Path, paths) if os.path.isfile(path))
    return [[str(path), path.stat().st_size, path.stat().st_mtime_ns] for path in found]


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
        shorter or longer than the header, a quote is not closed, or one takes in whole rows. The
        first row below the header is row 1.
    """
    import pandas as pd

    table = _simple_table(path, columns)
    if table is None:
        text = read_text(path)
        header = _check_rows(path, csv.reader(lines_of(text), strict=True), columns)
        table = arrow_table(text.encode("utf-8"), header, rows_before=1)
    if table is None:
        return pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False, index_col=False)
    return table.to_pandas(types_mapper=lambda _: pd.StringDtype(na_value=math.nan))


def _simple_table(path, columns):
    """The table of a CSV file whose quotes are in order; None for any other, and where a row errs.

    Python's reader, which takes most of the time, has nothing to add there: Arrow's finds rows that are
    too short or too long.
    """
    refuse_special(path)
    try:
        content = Path(path).read_bytes().removeprefix(codecs.BOM_UTF8)
        if b"\r" in content:
            content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if codecs.BOM_UTF8 in content or not _in_order(content):  # Arrow would drop a second mark too
            return None
        end = content.index(b"\n") + 1
        first = content[:end].decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    header = _check_rows(path, csv.reader([first], strict=True), columns)
    table = arrow_table(memoryview(content)[end:], header)  # of rows that it skips it counts no values
    return None if table is None or _suspicious(table) else table


def _in_order(content):
    """Whether each quote in the bytes of a CSV file opens or closes a whole value, below one header."""
    import numpy as np

    signs = np.frombuffer(content, np.uint8)
    quotes, around = np.flatnonzero(signs == ord('"')), np.frombuffer(b',\n"', np.uint8)
    opening, closing = quotes[::2], quotes[1::2]
    return (
        content.endswith(b"\n")  # so what precedes the first sign and what follows the last is one
        and len(opening) == len(closing)
        and np.isin(signs[opening - 1], around).all()
        and np.isin(signs[closing + 1], around).all()
        and np.searchsorted(quotes, content.index(b"\n")) % 2 == 0
    )


def _suspicious(table):
    """Whether a value is longer than Python's reader takes, or may hold rows that a quote took in."""
    import pyarrow.compute as pc

    for column in table.columns:
        if (pc.max(pc.binary_length(column)).as_py() or 0) > csv.field_size_limit():
            return True
        if swallowed(column.filter(pc.match_substring(column, "\n")).to_pylist(), table.num_columns):
            return True
    return False


def lines_of(text):
    """Lines one by one; a StringIO of the whole would take four bytes a character."""
    return (match.group() for match in re.finditer(r"[^\n]*\n|[^\n]+", text))


def arrow_table(content, names, delimiter=",", rows_before=0):
    """The columns of rows that Python's reader finds whole, every value as text.

    Arrow's reader goes by the same rules and is many times faster; None where a row has not a value for
    each name, or is longer than the blocks that it reads.
    """
    import pyarrow as pa
    import pyarrow.csv

    try:
        return pyarrow.csv.read_csv(
            pa.BufferReader(content),
            pyarrow.csv.ReadOptions(
                column_names=names, skip_rows_after_names=rows_before, block_size=1 << 24
            ),
            pyarrow.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
            pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None


def read_rows(path, columns):
    """Read a small CSV file as dicts, checked as by `read_csv`, without pandas; no other columns."""
    text = read_text(path)
    _check_rows(path, csv.reader(lines_of(text), strict=True), columns)
    reader = csv.DictReader(io.StringIO(text))
    if set(reader.fieldnames) != set(columns):
        raise ValueError(f"{path}: the columns must be {', '.join(columns)}.")
    return list(reader)


def _check_rows(path, reader, columns):
    """The header, when every row is as long; pandas fills up a short row in silence."""
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
                    f"{path}: the column '{name}' is missing; add it: the columns are "
                    f"{', '.join(columns)}."
                )
        line = reader.line_num
        for row, values in enumerate(reader, 1):
            if reader.line_num > line + 1 and (told := swallowed(values, len(header))):
                raise ValueError(f"{path}: row {row}: {told}")
            line = reader.line_num
            if values and len(values) != len(header):
                raise ValueError(
                    f"{path}: row {row} has {len(values)} values for {len(header)} columns; quote "
                    "every value that holds a comma or a line break, or export the file again."
                )
        return header
    except csv.Error as error:
        raise ValueError(
            f"{path}: not readable as CSV after row {row} ({error}); close every quote that is "
            "opened there, or export the file again."
        ) from None


def swallowed(values, width, delimiter=","):
    """Why the values of a row look as if a stray quote had taken in whole rows; empty if they do not.

    So rows are counted twice, by their quotes and by their lines: a line inside a value that parts into
    as many values as there are columns is a row too. Where few columns make that likely by chance, all
    lines between the first and the last must.
    """
    for value in values:
        inside = value.split("\n")[1:-1]
        rows = sum(width in _widths(line, delimiter) for line in inside)
        if rows and width > 1 and (width > 5 or (rows > 1 and rows == len(inside))):
            return (
                f"a quote takes {rows + 1:,} more rows into one value: counted by quotes they are one, "
                "by lines they are not; close or double the stray quote, or export the file again."
            )
    return ""


def _widths(line, delimiter):
    """How many values a line has, with quotes and without."""
    ways = (csv.QUOTE_MINIMAL, csv.QUOTE_NONE)
    return {len(next(csv.reader([line], delimiter=delimiter, quoting=way), [])) for way in ways}


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
    replace(path, table_text(frame))


def table_text(frame):
    """A table as `write_table` writes it."""
    import pandas as pd

    numbered = isinstance(frame.index, pd.RangeIndex) and frame.index.name is None
    table = frame if numbered else frame.reset_index()
    # object first: a categorical or text column would refuse what a cell is turned into.
    table = table.astype(object).map(_cell).rename(columns=_cell)
    return table.to_csv(index=False, lineterminator="\n")


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
    text, remedy = read_text(path, LARGEST // 8), "delete it and run make again"
    if sum(map(text.count, ",[{")) > SIGNS:
        raise ValueError(f"{path}: has more than {SIGNS:,} commas and brackets; {remedy}.")
    try:
        return json.loads(text)
    except ValueError as error:  # also of a number with thousands of digits
        said = str(error).partition(";")[0]
        raise ValueError(f"{path}: not JSON ({said}); {remedy}.") from None
    except RecursionError:
        raise ValueError(f"{path}: nested too deeply; delete it and run make again.") from None


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
    replace(path, json_text(content, path))


def json_text(content, where):
    """Plain values as `write_json` writes them; `where` is for the message."""
    text = json.dumps(_json_ready(content, where), indent=2, ensure_ascii=False, allow_nan=False)
    return f"{text}\n"


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
