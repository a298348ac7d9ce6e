"""Workbooks and Parquet files as rows of text; how SPSS files are read, tests of platforms show."""

import datetime

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

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
