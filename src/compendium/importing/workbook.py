"""Reads an export of any kind as rows of text: delimited text, XLSX, Parquet and SPSS files.

What a file is, its first bytes say, not its name. A workbook is a zip archive of XML from outside:
before it is opened its parts are unpacked once, counted and thrown away, so that neither a zip bomb
nor a single cell in the last corner of a sheet can fill the memory. Formulas are never computed.
"""

import html
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from compendium.files import refuse_special
from compendium.importing.structure.spss import DONT_KNOW
from compendium.importing.text import (
    Sheet,
    as_text,
    frame_of,
    read_text_table,
    refuse_size,
    zipped_text,
)

LARGEST = 1 << 30  # bytes of a file
UNPACKED = 3 << 30  # bytes of a workbook's parts
KINDS = (
    (b"PK\x03\x04", "xlsx"),
    (b"PAR1", "parquet"),
    (b"$FL2", "sav"),
    (b"$FL3", "sav"),
    (
        b"\xd0\xcf\x11\xe0",
        "an old or a password-protected Excel or Word file; open it and save it as XLSX without a "
        "password",
    ),
    (b"%PDF", "a PDF; export the answers as CSV or XLSX"),
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it first"),
    (b"Rar!", "a RAR archive; unpack it first"),
    (b"SQLite format 3", "a database; export the answers as CSV or XLSX"),
    (b"\x89PNG", "a picture; export the answers as CSV or XLSX"),
    (b"\xff\xd8\xff", "a picture; export the answers as CSV or XLSX"),
)
# A cell that says where it stands and is not empty; one that does not say; a row's number.
CELL = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,9})(\d{1,12})[\"'](?:[^<>]*[^/<>])?>")
BARE = re.compile(rb"<(?:\w+:)?c(?:\s(?![^<>]*\br\s*=)[^<>]*)?(?<!/)>")
ROW = re.compile(rb"<(?:\w+:)?row\b[^<>]*?\br\s*=\s*[\"'](\d{1,12})")
VALUE = re.compile(rb"<(?:\w+:)?[vt](?:\s[^<>]*)?>[^<]")
FORMULA = re.compile(rb"<(?:\w+:)?f(?:\s[^<>]*)?/?>")
UNCOMPUTED = re.compile(rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f(?:\s[^<>]*)?/>)\s*"
                        rb"(?:<(?:\w+:)?v(?:\s*/>|></)|</(?:\w+:)?c>)")  # fmt: skip
ERROR = re.compile(rb"<(?:\w+:)?c\b[^<>]*\bt\s*=\s*[\"']e[\"']")
HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\b[^<>]*\bhidden\s*=\s*[\"'](?:1|true)[\"']")
HIDDEN_COLUMNS = re.compile(rb"<(?:\w+:)?col\b[^<>]*\bhidden\s*=\s*[\"'](?:1|true)[\"'][^<>]*>")


def read_export(path):
    """Read an export as rows of text, headings among them."""
    path = Path(path)
    refuse_special(path)
    try:
        size = path.stat().st_size
        with open(path, "rb") as file:
            start = file.read(16)
    except FileNotFoundError:
        raise ValueError(f"{path}: there is no such file; check EXPORT.") from None
    except OSError as error:
        raise ValueError(f"{path}: cannot be read ({error.strerror}); check what it is.") from None
    if size > LARGEST:
        raise ValueError(f"{path}: the file has {size:,} bytes; {LARGEST:,} are the most.")
    kind = next((kind for magic, kind in KINDS if start.startswith(magic)), "text")
    text = path.read_bytes() if kind == "text" else zipped_text(path) if kind == "xlsx" else None
    if text is not None:
        return read_text_table(path, text)
    reader = {"xlsx": _read_workbook, "parquet": _read_parquet, "sav": read_spss}.get(kind)
    if reader is None:
        raise ValueError(f"{path}: this is {kind}.")
    return reader(path)


# ---- workbooks


@dataclass
class _Part:
    """What the raw text of one sheet holds; a second count of what is read of it."""

    rows: int = 0  # with a value in some cell
    formulas: int = 0
    uncomputed: int = 0
    errors: int = 0
    hidden_rows: int = 0
    hidden_columns: int = 0


def _read_workbook(path):
    """The first sheet with anything in it that its reader would see."""
    parts = _weigh(path)
    try:
        book = CalamineWorkbook.from_path(path)
        filled, seen = [], {}
        for about in book.sheets_metadata:
            sheet = book.get_sheet_by_name(about.name)
            if sheet.end is not None:
                seen[about.name] = about.visible == SheetVisibleEnum.Visible
                filled.append((about.name, sheet))
    except (CalamineError, OSError, ValueError) as error:
        raise ValueError(
            f"{path}: not readable as a workbook ({_plain(error)}); save it as XLSX again, or as CSV."
        ) from None
    if not filled:
        raise ValueError(f"{path}: no sheet holds anything; export the answers again.")
    name, sheet = next((one for one in filled if seen[one[0]]), filled[0])
    part = _part_of(path, name, parts)
    if part.rows > sheet.height:
        raise ValueError(
            f"{path}: sheet '{name}' has {part.rows:,} rows with values, of which {sheet.height:,} can "
            "be read; save it as XLSX again, or as CSV."
        )
    others = [f"'{other}'" for other, _ in filled if other != name and seen[other]]
    left = f"; not read: {', '.join(others)}" if others else ""
    read = [f"XLSX workbook, sheet '{name}' of {len(book.sheet_names)}{left}."]
    hidden = [other for other in seen if not seen[other]]
    doubts = list(_doubts(name, sheet, part, sum(one.formulas for one in parts.values()), hidden))
    cells = frame_of(_columns_of(sheet))
    filled = (cells != "").any(axis=1)
    last = filled[filled].index.max() if filled.any() else -1
    return Sheet(cells.loc[: int(last)], read, doubts)


def _doubts(name, sheet, part, formulas, hidden):
    """What in a workbook may be other than it looks, each as a question."""
    if formulas:
        never = f" ({part.uncomputed:,} in '{name}' were never computed)" if part.uncomputed else ""
        yield (
            f"{formulas:,} cells of the workbook hold formulas; what was last computed for them was "
            f"read, and nothing where the workbook does not say{never}: are they answers?"
        )
    if part.errors:
        yield (
            f"{part.errors:,} cells hold an error such as #N/A or #REF!, and were read as no answer: "
            "is that right, or is a formula to be mended in the workbook?"
        )
    if merged := sheet.merged_cell_ranges:
        yield (
            f"{len(merged):,} areas of the sheet are merged, and only the first cell of each was read: "
            "do the others mean the same?"
        )
    if part.hidden_rows or part.hidden_columns:
        yield (
            f"{part.hidden_rows:,} rows and {part.hidden_columns:,} columns of the sheet are hidden or "
            "filtered out, and were read like the others: do they belong to the answers?"
        )
    if name in hidden:
        yield f"The sheet '{name}' is hidden, and was read, as no visible one holds anything: right?"
    for other in hidden:
        if other != name:
            yield f"The sheet '{other}' is hidden, and was not read: are the answers in '{name}'?"


def _part_of(path, name, parts):
    """What was counted in the part of the archive that holds a sheet; nothing where none is named."""
    with zipfile.ZipFile(path) as archive:
        book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
        links = "xl/_rels/workbook.xml.rels"
        links = archive.read(links).decode("utf-8", "replace") if links in archive.namelist() else ""
    targets = {}
    for link in re.findall(r"<(?:\w+:)?Relationship\b[^<>]*>", links):
        fields = dict(re.findall(r"\b(Id|Target)=\"([^\"]*)\"", link))
        targets[fields.get("Id")] = fields.get("Target", "")
    for sheet in re.findall(r"<(?:\w+:)?sheet\b[^<>]*>", book):
        fields = dict(re.findall(r"\b(name|\w+:id)=\"([^\"]*)\"", sheet))
        if html.unescape(fields.pop("name", "")) == name:
            target = targets.get(next(iter(fields.values()), None), "")
            return parts.get(f"xl/{target.removeprefix('/').removeprefix('xl/')}", _Part())
    return _Part()


def _columns_of(sheet):
    """The sheet's columns as text, some thousand rows at a time."""
    chunks, rows = [], []
    for row in sheet.iter_rows():
        rows.append(row)
        if len(rows) == 20_000:
            chunks.append(_texts(rows))
            rows = []
    chunks += [_texts(rows)] if rows else []
    return [pa.chunked_array(list(parts)) for parts in zip(*chunks, strict=True)]


def _texts(rows):
    return [pa.array(map(as_text, column), pa.large_string()) for column in zip(*rows, strict=True)]


def _weigh(path):
    """Unpack every part once, keeping nothing; return what was counted in each sheet."""
    total, sheets = 0, {}
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            names = [part.filename for part in parts]
            if "xl/workbook.xml" not in names:
                raise ValueError(_no_workbook(path, names))
            if any(part.flag_bits & 1 for part in parts):
                raise ValueError(f"{path}: the workbook is protected; save it without a password.")
            # The sizes that the archive states: a first, cheap look.
            _refuse_bomb(path, sum(part.file_size for part in parts))
            for part in parts:
                size, sheets[part.filename] = _weigh_part(path, archive, part, total)
                total += size
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise ValueError(
            f"{path}: the workbook is damaged or cut off ({_plain(error)}); export it again."
        ) from None
    return sheets


def _weigh_part(path, archive, part, before):
    """Bytes of one part, and what is in it; its cells are measured where it is a sheet."""
    size, found, right, bottom, tail = 0, _Part(), 0, 0, b""
    with archive.open(part) as stream:
        while block := stream.read(1 << 20):
            size += len(block)
            _refuse_bomb(path, before + size)
            if not part.filename.startswith("xl/worksheets/") or not part.filename.endswith(".xml"):
                continue
            if b"<!DOCTYPE" in block or b"<!ENTITY" in block:
                raise ValueError(f"{path}: the workbook declares XML entities; save it as XLSX again.")
            block = tail + block
            cells = CELL.findall(block)
            if cells:
                right = max(right, max(map(_column_number, {letters for letters, _ in cells})))
                bottom = max(bottom, max(int(row) for _, row in cells))
            if BARE.search(block):
                right = max(right, max(row.count(b"<c") for row in block.split(b"<row")))
                bottom = max(bottom, max(map(int, ROW.findall(block)), default=0))
            tail = _count(found, block)
    _count(found, tail + b"<row")
    refuse_size(path, bottom, right)
    return size, found


def _count(found, block):
    """Add what whole rows hold to what was found; returns the row that goes on in the next block."""
    whole, row, rest = block.rpartition(b"<row" if b"<x:row" not in block else b"<x:row")
    found.formulas += len(FORMULA.findall(whole))
    found.uncomputed += len(UNCOMPUTED.findall(whole))
    found.errors += len(ERROR.findall(whole))
    found.hidden_rows += len(HIDDEN_ROW.findall(whole))
    for columns in HIDDEN_COLUMNS.findall(whole):
        ends = dict(re.findall(rb"\b(min|max)=\"(\d{1,6})\"", columns))
        found.hidden_columns += int(ends.get(b"max", 0)) - int(ends.get(b"min", 0)) + 1
    found.rows += sum(VALUE.search(one) is not None for one in re.split(rb"<(?:\w+:)?row\b", whole)[1:])
    return (row + rest)[-(1 << 24) :]


def _refuse_bomb(path, size):
    if size > UNPACKED:
        raise ValueError(
            f"{path}: the workbook unpacks to more than {UNPACKED >> 30} GiB, which no survey needs; "
            "export the answers as CSV."
        )


def _column_number(letters):
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number


def _no_workbook(path, names):
    kinds = {"content.xml": "an OpenDocument spreadsheet", "xl/workbook.bin": "a binary workbook"}
    for part in kinds.keys() & set(names):
        return f"{path}: this is {kinds[part]}; mend cells that show an error and save it as XLSX."
    inside = [name for name in names if name.lower().endswith((".csv", ".tsv", ".xlsx", ".sav"))]
    if inside:
        return f"{path}: this is a zip archive; unpack it and name the file in it ({inside[0]})."
    return f"{path}: this is a zip archive and no XLSX workbook; export the answers as CSV or XLSX."


def _plain(error):
    """The first line of a library's message, without its full stop."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].rstrip(".")[:120]


def _same_rows(path, stated, read):
    """Refuse a file that states another number of rows than was read; some state none."""
    if stated is not None and stated >= 0 and stated != read:
        raise ValueError(
            f"{path}: the file states {stated:,} rows and {read:,} were read; save it again, or as CSV."
        )


# ---- Parquet


def _read_parquet(path):
    try:
        file = pq.ParquetFile(path)
        refuse_size(path, file.metadata.num_rows, file.metadata.num_columns)
        table = file.read()
        _same_rows(path, file.metadata.num_rows, table.num_rows)
    except (pa.ArrowException, OSError, MemoryError) as error:
        raise ValueError(
            f"{path}: not readable as Parquet ({_plain(error)}); write the file again."
        ) from None
    columns = []
    for name, column in zip(table.column_names, table.columns, strict=True):
        kind = column.type
        if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
            raise ValueError(
                f"{path}: the column '{name}' holds {kind}, not one value a respondent; "
                "leave it out, or spread it over columns."
            )
        values = [as_text(value) for value in column.to_pylist()]
        columns.append([name, *values])
    return Sheet(frame_of(columns), [f"Parquet, {table.num_rows:,} rows."])


# ---- SPSS files, in a process of its own: the library that reads them can crash on a damaged one

LONG = 600  # seconds


def read_spss(path):
    """Codes as text under two rows of headings: the variables' names and their labels."""
    with tempfile.TemporaryDirectory() as scratch:
        target = Path(scratch) / "table.feather"
        _convert_apart(path, target)
        table = pyarrow.feather.read_table(target, memory_map=False)
    about = json.loads(table.schema.metadata[b"spss"])
    sheet = Sheet(frame_of(table.columns), [f"SPSS file, {table.num_rows - 2:,} rows."])
    sheet.labels = dict(enumerate(about["labels"]))
    sheet.unseen = {i: set(codes) for i, codes in enumerate(about["unseen"])}
    sheet.refused = {i: set(codes) for i, codes in enumerate(about["refused"])}
    sheet.measures, sheet.sets = dict(enumerate(about["measures"])), about["sets"]
    return sheet


def _convert_apart(path, target):
    """Call `convert` in a process of its own."""
    package = str(Path(__file__).resolve().parents[1])
    paths = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH")]))
    command = [sys.executable, "-m", "compendium.importing.workbook", str(path), str(target)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=LONG, check=False,
            env=os.environ | {"PYTHONPATH": paths},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise ValueError(f"{path}: the file cannot be read in {LONG} s; save it again.") from None
    if done.returncode or not target.exists():
        said = done.stderr.strip().splitlines() if done.returncode == 1 else []
        # What the reader refuses it says in one line; any other end is a crash.
        message = said[-1] if said and said[-1].startswith(str(path)) else None
        raise ValueError(message or _unreadable(path))


def convert(path, target):
    """Read an SPSS file into an Arrow table of text; what the codes mean goes into its metadata."""
    import pyreadstat  # here, so that only the process of its own can crash

    try:
        _, head = pyreadstat.read_sav(path, metadataonly=True)
        refuse_size(path, head.number_rows or 0, head.number_columns or 0)
        frame, meta = pyreadstat.read_sav(path, user_missing=True)
        _same_rows(path, head.number_rows, len(frame))
    except ValueError as error:
        said = str(error).startswith(str(path))
        raise ValueError(str(error) if said else _unreadable(path)) from None
    except Exception:
        raise ValueError(_unreadable(path)) from None
    columns, about = {}, {"labels": [], "unseen": [], "refused": [], "measures": []}
    for i, (name, label) in enumerate(zip(meta.column_names, meta.column_labels, strict=True)):
        values = [as_text(v) for v in frame[name].astype(object).where(frame[name].notna(), None)]
        columns[str(i)] = pa.array([name, label or "", *values], pa.large_string())
        labels = meta.variable_value_labels.get(name, {})
        labels = {as_text(code): str(text) for code, text in sorted(labels.items(), key=_by_code)}
        unseen, refused = _user_missing(meta, name, labels, set(values))
        about["labels"].append(labels)
        about["unseen"].append(sorted(unseen))
        about["refused"].append(sorted(refused))
        about["measures"].append(meta.variable_measure.get(name, ""))
    about["sets"] = [
        [name, one["label"], one["variable_list"]]
        for name, one in (meta.mr_sets or {}).items() if one["is_dichotomy"]
    ]  # fmt: skip
    table = pa.table(columns).replace_schema_metadata({"spss": json.dumps(about)})
    pyarrow.feather.write_feather(table, str(target))


def _by_code(labelled):
    """Numbers in their order, before texts."""
    code = labelled[0]
    return (1, 0.0, code) if isinstance(code, str) else (0, float(code), "")


def _unreadable(path):
    return f"{path}: not readable as an SPSS file (damaged); save it again, or as CSV."


# Words in the label of a missing code that say the question was not put at all.
NOT_PUT = re.compile(
    r"not (asked|shown|displayed|applicable|reached|presented)|inapplicable|filter|skip logic"
    r"|nicht gestellt|trifft nicht zu|système",
    re.IGNORECASE,
)


def _user_missing(meta, name, labels, present):
    """The codes that the file calls missing: not asked, and no answer; *don't know* is an answer."""
    codes, present = set(), present | set(labels)
    for span in meta.missing_ranges.get(name, []):
        low, high = span["lo"], span["hi"]
        codes |= {code for code in present if _within(code, low, high)}
    codes |= {as_text(value) for value in meta.missing_user_values.get(name, [])}
    codes = {code for code in codes if code and not DONT_KNOW.search(labels.get(code, ""))}
    unseen = {code for code in codes if NOT_PUT.search(labels.get(code, ""))}
    return unseen, codes - unseen


def _within(code, low, high):
    if isinstance(low, str) or isinstance(high, str):
        return code.rstrip() == str(low).rstrip()
    try:
        return low <= float(code) <= high
    except ValueError:
        return False


if __name__ == "__main__":
    try:
        convert(*sys.argv[1:])
    except ValueError as error:
        sys.exit(str(error))
