"""Reads an export of any kind as rows of text: delimited text, XLSX and Parquet; SPSS files in `sav`.

What a file is, its first bytes say, not its name. A workbook is a zip archive of XML from outside:
before it is opened its parts are unpacked once, counted and thrown away, so that neither a zip bomb
nor a single cell in the last corner of a sheet can fill the memory. Formulas are never computed.
"""

import html
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from compendium.archives import MAX_RATIO
from compendium.files import refuse_special
from compendium.importing.structure.sav import read_spss
from compendium.importing.text import (
    CELLS,
    Sheet,
    as_text,
    frame_of,
    read_text_table,
    refuse_size,
    same_rows,
    zipped_text,
)

LARGEST = 1 << 30  # bytes of a file
UNPACKED = 3 << 30  # bytes of a workbook's parts
SPARE = 50_000_000  # bytes of a part; below, it may be packed as tightly as it will
MOST_SHEETS = 500
SHOWN = 1 << 30  # bytes of all cells, where a text that is stored once counts in each
SHARED = re.compile(rb"\bt\s*=\s*[\"']s[\"'][^<>]*>\s*<(?:\w+:)?v>(\d{1,9})<")
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
    shown: int = 0  # bytes of texts that its cells share


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
            tight = [p for p in parts if p.file_size > max(SPARE, MAX_RATIO * p.compress_size)]
            _refuse_bomb(path, UNPACKED + 1 if tight else sum(part.file_size for part in parts))
            if sum(name.startswith("xl/worksheets/sheet") for name in names) > MOST_SHEETS:
                raise ValueError(
                    f"{path}: has over {MOST_SHEETS} sheets; save that of the answers alone."
                )
            lengths = _shared(archive, parts)
            for part in parts:
                size, sheets[part.filename] = _weigh_part(path, archive, part, total, lengths)
                total += size
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise ValueError(
            f"{path}: the workbook is damaged or cut off ({_plain(error)}); export it again."
        ) from None
    return sheets


def _shared(archive, parts):
    """How long each text is that cells share; nothing where all cells together cannot be too long."""
    cells = sum(part.file_size for part in parts if part.filename.startswith("xl/worksheets/")) // 20
    shared = [part for part in parts if part.filename == "xl/sharedStrings.xml"]
    if not shared or shared[0].file_size > CELLS or cells * shared[0].file_size < SHOWN:
        return None
    lengths = np.array([len(one) for one in archive.read(shared[0]).split(b"<si")[1:]] or [0])
    return lengths if int(lengths.max()) * cells > SHOWN else None


def _weigh_part(path, archive, part, before, lengths):
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
            if not any(sign in block for sign in (b"</c>", b":c>", b"hidden")):  # no cell is filled
                tail = _parted(block)[1]
                continue
            cells = CELL.findall(block)
            if cells:
                right = max(right, max(map(_column_number, {letters for letters, _ in cells})))
                bottom = max(bottom, max(int(row) for _, row in cells))
            if BARE.search(block):
                right = max(right, max(row.count(b"<c") for row in block.split(b"<row")))
                bottom = max(bottom, max(map(int, ROW.findall(block)), default=0))
            tail = _count(found, block, lengths)
            if found.shown > SHOWN:
                raise ValueError(
                    f"{path}: the cells hold more than {SHOWN >> 30} GiB of text; export them as CSV."
                )
    _count(found, tail + b"<row")
    refuse_size(path, bottom, right)
    return size, found


def _parted(block):
    """Whole rows, and the row that goes on in the next block."""
    whole, row, rest = block.rpartition(b"<row" if b"<x:row" not in block else b"<x:row")
    return whole, (row + rest)[-(1 << 24) :]


def _count(found, block, lengths=None):
    """Add what whole rows hold to what was found; returns the row that goes on in the next block."""
    whole, rest = _parted(block)
    if lengths is not None:
        places = (int(place) for place in SHARED.findall(whole))
        found.shown += int(lengths[[place for place in places if place < len(lengths)]].sum())
    found.formulas += len(FORMULA.findall(whole))
    found.uncomputed += len(UNCOMPUTED.findall(whole))
    found.errors += len(ERROR.findall(whole))
    found.hidden_rows += len(HIDDEN_ROW.findall(whole))
    for columns in HIDDEN_COLUMNS.findall(whole):
        ends = dict(re.findall(rb"\b(min|max)=\"(\d{1,6})\"", columns))
        found.hidden_columns += int(ends.get(b"max", 0)) - int(ends.get(b"min", 0)) + 1
    found.rows += sum(VALUE.search(one) is not None for one in re.split(rb"<(?:\w+:)?row\b", whole)[1:])
    return rest


def _refuse_bomb(path, size):
    if size > UNPACKED:
        raise ValueError(
            f"{path}: the workbook unpacks to more than {UNPACKED >> 30} GiB or {MAX_RATIO} times its "
            "size, which no survey needs; export the answers as CSV."
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


# ---- Parquet


def _is_text(kind):
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def _letters(column):
    """Bytes of all values of a column in which each text is stored once."""
    parts = [(chunk.dictionary, chunk.indices) for chunk in column.chunks]
    return sum(pc.sum(pc.binary_length(texts).take(rows)).as_py() or 0 for texts, rows in parts)


def _read_parquet(path):
    try:
        file = pq.ParquetFile(path)
        refuse_size(path, file.metadata.num_rows, file.metadata.num_columns)
        texts = [part.name for part in file.schema_arrow if _is_text(part.type)]
        once = pq.ParquetFile(path, read_dictionary=texts)
        if sum(_letters(once.read([name]).column(0)) for name in texts) > SHOWN:
            raise ValueError(f"{path}: holds more than {SHOWN >> 30} GiB of text; leave columns out.")
        table = file.read()
        same_rows(path, file.metadata.num_rows, table.num_rows)
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
