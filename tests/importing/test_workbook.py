"""Workbooks and Parquet files as rows of text; how SPSS files are read, tests of platforms show."""

import datetime

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from compendium.importing import workbook
from compendium.importing.text import same_rows
from compendium.importing.workbook import read_export


def test_cells_of_a_workbook_become_text(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["n", "x", "when", "day", "ok"])
    book.active.append([3, 2.50, datetime.datetime(2024, 5, 1, 10, 0), datetime.date(2024, 5, 1), True])
    book.active.append([0.1 + 0.2, None, datetime.time(9, 30), "a\r\nb", False])
    book.active["B3"] = "=1+1"
    book.create_sheet("Notes")["A1"] = "not this"
    book.save(tmp_path / "a.xlsx")
    sheet = read_export(tmp_path / "a.xlsx")
    assert sheet.cells.to_numpy().tolist()[1:] == [
        ["3", "2.5", "2024-05-01 10:00:00", "2024-05-01", "TRUE"],
        ["0.3", "", "09:30:00", "a\nb", "FALSE"],
    ]
    assert "1 cells of the workbook hold formulas" in sheet.doubts[0]


def test_a_table_that_starts_below_and_ends_above_the_edge(tmp_path):
    book = openpyxl.Workbook()
    for place, value in {"C4": "q", "D4": "r", "C5": "1", "D6": "2"}.items():
        book.active[place] = value
    book.active["D90"].font = openpyxl.styles.Font(bold=True)
    book.active["A1048576"].font = openpyxl.styles.Font(bold=True)
    book.save(tmp_path / "a.xlsx")
    cells = read_export(tmp_path / "a.xlsx").cells
    assert [row[-2:] for row in cells.to_numpy().tolist()][-3:] == [["q", "r"], ["1", ""], ["", "2"]]


def test_columns_of_a_parquet_file_become_text(tmp_path):
    table = pa.table(
        {
            "n": pa.array([1, None, 3]), "x": pa.array([1.0, 2.5, None]),
            "b": pa.array([True, False, None]),
            "d": pa.array(["a", "b", "a"]).dictionary_encode(),
            "t": pa.array([datetime.date(2024, 5, 1)] * 3),
        }
    )  # fmt: skip
    pq.write_table(table, tmp_path / "a.parquet")
    assert read_export(tmp_path / "a.parquet").cells.to_numpy().tolist() == [
        ["n", "x", "b", "d", "t"], ["1", "1", "TRUE", "a", "2024-05-01"],
        ["", "2.5", "FALSE", "b", "2024-05-01"], ["3", "", "", "a", "2024-05-01"],
    ]  # fmt: skip


def _book(tmp_path, change):
    """Three rows of two questions in a workbook, after some change; as it is read."""
    book = openpyxl.Workbook()
    for row in (["q", "r"], ["1", "2"], ["3", "4"]):
        book.active.append(row)
    change(book)
    book.save(tmp_path / "a.xlsx")
    return read_export(tmp_path / "a.xlsx")


def _hide_the_first(book):
    book.active.title, book.active.sheet_state = "Old", "veryHidden"
    book.create_sheet("New").append(["new"])
    book.active = 1


def _put_errors(book):
    for place, what in {"A2": "#N/A", "B3": "#REF!"}.items():
        book.active[place] = what
        book.active[place].data_type = "e"


def _filter(book):
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["B"].hidden = True


@pytest.mark.parametrize(
    ("change", "said", "first"),
    [
        (_hide_the_first, "The sheet 'Old' is hidden, and was not read", ["new"]),
        (lambda b: b.create_sheet("Later", 0).append(["x"]), "not read: 'Sheet'", ["x"]),
        (lambda b: b["Sheet"].merge_cells("A1:B1"), "1 areas of the sheet are merged", ["q", ""]),
        (_put_errors, "2 cells hold an error such as #N/A or #REF!", ["q", "r"]),
        (
            lambda b: b.active.__setitem__("A2", "=1+1"),
            "(1 in 'Sheet' were never computed)",
            ["q", "r"],
        ),
        (_filter, "1 rows and 1 columns of the sheet are hidden", ["q", "r"]),
    ],
)
def test_what_in_a_workbook_may_be_other_than_it_looks_is_said(tmp_path, change, said, first):
    sheet = _book(tmp_path, change)
    assert any(said in line for line in [*sheet.read, *sheet.doubts])
    assert sheet.cells.iloc[0].tolist() == first


def test_a_plain_workbook_raises_no_question(tmp_path):
    assert _book(tmp_path, lambda book: None).doubts == []


def test_rows_that_a_reader_loses_are_missed(tmp_path, monkeypatch):
    """Counted in the raw text of the sheet, and again in what was read."""
    monkeypatch.setattr(workbook, "_part_of", lambda *_: workbook._Part(rows=4))
    with pytest.raises(ValueError, match="has 4 rows with values, of which 3 can be read"):
        _book(tmp_path, lambda book: None)
    monkeypatch.undo()
    parts = workbook._weigh(tmp_path / "a.xlsx")
    assert workbook._part_of(tmp_path / "a.xlsx", "Sheet", parts).rows == 3


def test_rows_are_those_that_a_file_states():
    same_rows("a.sav", None, 3)
    same_rows("a.sav", 3, 3)
    with pytest.raises(ValueError, match="the file states 30 rows and 3 were read"):
        same_rows("a.sav", 30, 3)
