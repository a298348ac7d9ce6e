"""Spreadsheets that come back from people: ``.xlsx``, ``.ods`` and ``.csv`` as rows of text and notes.

Nothing here knows what a sheet is about. A file is checked before it is parsed, and what it may hold is
bounded: programs store a million empty rows in one line.
"""

import csv
import io
import warnings
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from openpyxl.utils import get_column_letter

from compendium.archives import parse_xml, read_members, write_archive
from compendium.files import read_text


@dataclass(frozen=True)
class Grid:
    """One sheet: its rows as lists of text, equally long, and the notes on cells by row and column."""

    path: Path
    sheet: str
    rows: list[list[str]]
    notes: dict[tuple[int, int], str]

    def at(self, row, column):
        """A cell's place in words."""
        return f"{self.path}: sheet {self.sheet}, cell {get_column_letter(column + 1)}{row + 1}"

    def head(self, heading):
        """Number of the row that has the heading, among the first 20."""
        for number, row in enumerate(self.rows[:20]):
            if heading in row:
                return number
        raise ValueError(f"{self.path}: sheet {self.sheet}: no row has the heading '{heading}'; put "
                         "the headings back above the answers.")  # fmt: skip


def read_grid(path, sheet, most_rows, most_columns):
    """Read a sheet of a workbook, or a CSV file, no larger than it may be.

    Raises
    ------
    ValueError
        When the file is damaged, hostile or too large, or the sheet is missing.
    """
    path = Path(path)
    if path.suffix.lower() == ".csv":
        cells, notes = _csv(path, sheet), {}
    else:
        members = read_members(path, wanted=lambda name: True)
        for name, content in members.items():
            if name.lower().endswith((".xml", ".rels", ".vml")):
                parse_xml(content, f"{path}: {name}")
        open_document = path.suffix.lower() == ".ods"
        cells, notes = (_ods if open_document else _xlsx)(path, sheet, members)
    rows = max((row for row, _ in [*cells, *notes]), default=0) + 1
    columns = max((column for _, column in [*cells, *notes]), default=0) + 1
    if rows > most_rows or columns > most_columns:
        raise ValueError(f"{path}: sheet {sheet} reaches to cell {get_column_letter(columns)}{rows}; "
                         "delete what lies far outside answers and codes.")  # fmt: skip
    table = [[cells.get((row, column), "") for column in range(columns)] for row in range(rows)]
    return Grid(path, sheet, table, notes)


def _xlsx(path, sheet, members):
    """Texts and notes; openpyxl sees only what was checked before."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what a workbook may hold and is not used here
            book = openpyxl.load_workbook(io.BytesIO(write_archive(members)), keep_links=False)
            found = book[sheet] if sheet in book.sheetnames else None
            every = [] if found is None else [cell for cell in found._cells.values()]
    except Exception as error:  # openpyxl has no exception of its own for a broken workbook
        raise ValueError(f"{path}: no workbook in xlsx ({error}); save it again as .xlsx.") from None
    if found is None:
        raise _missing(path, sheet)
    placed = [((cell.row - 1, cell.column - 1), cell) for cell in every]
    cells = {place: plain(cell.value) for place, cell in placed if plain(cell.value)}
    return cells, {place: cell.comment.text.strip() for place, cell in placed if cell.comment}


def _missing(path, sheet):
    return ValueError(f"{path}: the sheet '{sheet}' is missing; give it its name back.")


def _ods(path, sheet, members):
    """Texts and notes of an OpenDocument spreadsheet; what is repeated stands once a cell."""
    root = parse_xml(members.get("content.xml", b""), f"{path}: content.xml")
    found = next((e for e in root.iter() if _tag(e) == "table" and _get(e, "name") == sheet), None)
    if found is None:
        raise _missing(path, sheet)
    cells, notes, row = {}, {}, 0
    for line in (element for element in found.iter() if _tag(element) == "table-row"):
        column, again = 0, int(_get(line, "number-rows-repeated") or 1)
        for cell in (e for e in line if _tag(e) in ("table-cell", "covered-table-cell")):
            wide = int(_get(cell, "number-columns-repeated") or 1)
            text = "\n".join(_words(e) for e in cell if _tag(e) == "p").strip()
            noted = [e for e in cell if _tag(e) == "annotation"]
            if text or noted:
                for place in (
                    (row + r, column + c) for r in range(min(again, 999)) for c in range(min(wide, 999))
                ):
                    cells[place] = text
            if noted:
                notes[row, column] = "\n".join(_words(e) for e in noted[0] if _tag(e) == "p").strip()
            column += wide
        row += again
    return cells, notes


def _words(element):
    """Text of a paragraph, with the spaces and breaks that stand as elements."""
    stands_for = {"s": " " * int(_get(element, "c") or 1), "tab": "\t", "line-break": "\n"}
    parts = [stands_for.get(_tag(element), element.text or "")]
    return "".join(parts + [_words(below) + (below.tail or "") for below in element])


def _tag(element):
    return element.tag.rsplit("}", 1)[-1]


def _get(element, name):
    """An attribute, whatever its namespace."""
    return next((value for key, value in element.attrib.items() if key.rsplit("}", 1)[-1] == name), "")


def _csv(path, sheet):
    """Texts of a CSV file, whichever of three signs parts its columns."""
    text = read_text(path)
    tables = [list(csv.reader(io.StringIO(text), delimiter=sign)) for sign in ",;\t"]
    rows = max(tables, key=lambda rows: max(map(len, rows), default=0))
    return {
        (r, c): plain(text) for r, row in enumerate(rows) for c, text in enumerate(row) if plain(text)
    }


def plain(value):
    """A cell's content as text; programs turn ids such as 17 into numbers."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()
