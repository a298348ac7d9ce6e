"""Rows of text from any file: encodings, delimiters, quotes, ragged rows."""

import csv
import io

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compendium.files import arrow_table
from compendium.importing import text as reader
from compendium.importing.text import decode, frame_of, read_text_table

# ---- encodings

WORDS = [
    "Müller sagt: „Größe“ für alle", "café à l’école, naïve", "It’s “fine” – really: £50, €60",
    "Ärger, Öl, Übung", "São Paulo não é", "señor ¿qué? ¡sí!", "Été, Île, À bientôt",
    "ÉCOLE SUPÉRIEURE", "1–9 staff", "§ 5 Abs. 2", "10 °C und mehr…",
]  # fmt: skip


@pytest.mark.parametrize("text", WORDS)
@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"), ("utf-32", "UTF-32"), ("cp1252", "Windows-1252"),
        ("mac_roman", "Mac Roman"),
    ],
)  # fmt: skip
def test_the_encoding_is_found(text, encoding, name):
    text = f"Question one,{text}"
    found, called, doubts = decode("a.csv", text.encode(encoding))
    assert (found, called) == (text, name)
    assert bool(doubts) == (name in ("Windows-1252", "Mac Roman"))


def test_a_doubt_about_the_encoding_quotes_headings_only():
    data = "Größe,Name\n5,Müller\n".encode("cp1252")
    assert "'Größe'" in decode("a.csv", data)[2][0]
    assert "Müller" not in str(decode("a.csv", "Size,Name\n5,Müller\n".encode("cp1252"))[2])


# ---- rows


TABLE = [["Wie?", "Größe", "Text"], ["Gut; sehr", "1,5", 'sagt "ja"'], ["", "2", "eins\nzwei"]]


def text_of(table, delimiter=",", end="\r\n", **how):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end, **how).writerows(table)
    return out.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    ("end", "quoting"),
    [
        ("\n", csv.QUOTE_MINIMAL),
        ("\r\n", csv.QUOTE_MINIMAL),
        ("\n", csv.QUOTE_ALL),
        ("\r", csv.QUOTE_ALL),
    ],
)
def test_delimiter_line_ends_and_quotes_are_found(delimiter, end, quoting):
    text = text_of(TABLE, delimiter, end, quoting=quoting)
    assert read_text_table("a.csv", text.encode()).cells.to_numpy().tolist() == TABLE


@pytest.mark.parametrize("last", ["\n", ""])
def test_excels_own_first_line_is_no_row(last):
    sheet = read_text_table("a.csv", f"sep=;\na;b\n1;2,5{last}".encode())
    assert sheet.cells.to_numpy().tolist() == [["a", "b"], ["1", "2,5"]]


def test_a_table_of_one_column_keeps_its_commas_quoted():
    sheet = read_text_table("a.csv", b'"What, then?"\n"Yes, so"\nNo\n')
    assert sheet.cells[0].tolist() == ["What, then?", "Yes, so", "No"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a,b\n1,2\n1,2,3\n", ["row 3 (headings counted) has 3 values for 2 columns"]),
        ("a,b,c\n1,2,3\n1,2", ["row (3, headings counted) has 2 values for 3 columns", "cut off"]),
        ("a,b,c\n1,2\n3,4\n1,2,3\n", ["rows 2 and 3", "a line break that is not quoted"]),
        ('a,b\n1,"2\n', ["quote that opens in row 2", "cut off"]),
        ('a,b\n1,"2" x\n', ["row 2", "double the quotes"]),
        ("a,b\n1," + "x" * 140_000 + "\n", ["row 2", "more than 131,072 characters"]),
    ],
)
def test_ragged_rows_are_named(text, parts):
    with pytest.raises(ValueError, match=r"^a\.csv: ") as caught:
        read_text_table("a.csv", text.encode())
    assert all(part in str(caught.value) for part in parts), caught.value


def test_short_rows_are_filled_up_and_told():
    sheet = read_text_table("a.csv", b"a,b,c,d\n1,2,3\n1,2,3,4\n1,2\n1,2,3,4,,\n\n")
    rows = [["1", "2", "3", ""], ["1", "2", "3", "4"], ["1", "2", "", ""], ["1", "2", "3", "4"]]
    assert sheet.cells.iloc[1:].to_numpy().tolist() == rows
    assert "2 of the file's rows" in sheet.doubts[0]
    assert "row 2, 4" in sheet.doubts[0]


CELLS = st.text(st.sampled_from("ab,;\"\n\t é|'"), max_size=5)

TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=6)
)


@given(TABLES)
@settings(max_examples=150, deadline=None)
def test_both_readers_go_by_the_same_rules(table):
    """Arrow's reader for whole tables, Python's for others, and Python's csv as the reference."""
    text = text_of(table, end="\n")
    expected = [row for row in csv.reader(io.StringIO(text)) if row]
    names = [str(k) for k in range(len(table[0]))]
    fast = frame_of(arrow_table(text.encode(), names).columns)
    slow, short = reader._parse_uneven("a.csv", text, ",", len(table[0]))
    assert fast.to_numpy().tolist() == slow.to_numpy().tolist() == expected
    assert short == []


def test_text_columns_hold_nothing_missing():
    frame = frame_of([["a", ""], pa.chunked_array([["x"], ["y"]], pa.large_string())])
    assert not frame.isna().any(axis=None)
    assert (frame.dtypes == "str").all()


def test_a_sign_in_all_cells_below_a_heading_parts_no_values():
    """Ticks of four options in one cell made more columns than the commas, and nothing was read."""
    data = b"id,when,which\n" + b"1,now,Tea;Milk;Rum;\n" * 30
    assert read_text_table("a.csv", data).cells.shape == (31, 3)
