"""A hundred damaged files: each gives one clear error and touches no file, or is read in full."""

from datetime import date

import pandas as pd
import pytest
from damaged_files import (
    BARE,
    CSV,
    FORMS,
    GOOGLE,
    HEAD,
    LAUGHS,
    PARQUET,
    QUALTRICS,
    ROWS,
    SHEET,
    SPSS,
    XML,
    archive_of,
    as_is,
    book_of,
    cut,
    far,
    flipped,
    frame_bytes,
    protected,
    sheet_of,
    stated_small,
)
from described_imports import files, ids_of
from described_survey import csv_text

from compendium.importing import text, workbook
from compendium.importing.importer import import_study
from compendium.survey.study import load_study

# What is refused, and what the message says.
REFUSED = {
    "empty": (as_is(b""), "the file is empty"),
    "only a byte order mark": (as_is(b"\xef\xbb\xbf"), "the file is empty"),
    "only blank lines": (as_is("\n\n \n"), "empty"),
    "a header only": (as_is(HEAD), "headings but no answers"),
    "a header without its line end": (as_is("ID,How?,Why?"), "headings but no answers"),
    "headings and empty rows": (as_is(HEAD + ",,\n,,\n"), "headings but no answers"),
    "commas only": (as_is(",,,\n,,,\n"), "empty"),
    "a row too long": (as_is(CSV + "31,Well,Because,that\n"), "row 32 (headings counted) has 4 values"),
    "an unquoted comma": (as_is(CSV.replace("Because 7", "Yes, 7")), "has 4 values for 3 columns"),
    "an unquoted line break": (as_is(CSV.replace("Because 7 r", "Yes\n7 r")), "has 1 values for 3"),
    "cut off in a row": (as_is(CSV + "31,Well"), "cut off"),
    "cut off in quotes": (as_is(CSV + '31,Well,"Because'), "never closed"),
    "a quote in quotes": (as_is(CSV + '31,Well,"a" b\n'), "double the quotes"),
    "an endless value": (as_is(CSV + "31,Well," + "x" * 200_000 + "\n"), "more than 131,072"),
    "an unclosed quote far up": (as_is(HEAD + '1,"Well,x\n' + ROWS * 200), "never closed"),
    "a million columns": (as_is(",".join(map(str, range(1_000_000))) + "\n"), "10,000 are the most"),
    "a zero byte": (as_is(CSV.replace("Because 9", "Because\0 9")), "this is no text"),
    "a zero byte far down": (as_is(HEAD + ROWS * 9 + "31,Well,\0\n"), "NUL"),
    "zeros": (as_is(b"\0" * 5000), "this is no text"),
    "random bytes": (as_is(bytes((i * 7919 + i // 3) % 256 for i in range(9000))), "this is no text"),
    "machine code": (as_is(b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 9), "this is no text"),
    "control characters": (as_is("a,b\n" + "\x01\x02\x03,\x04\n" * 99), "this is no text"),
    "UTF-8 cut in a character": (as_is((CSV + "31,Well,é").encode()[:-1]), "middle of a character"),
    "UTF-16 cut in a character": (as_is(CSV.encode("utf-16")[:-1]), "middle of a character"),
    "UTF-16 by its mark alone": (as_is(b"\xff\xfe" + b"\x00\xd8" * 9), "not"),
    "UTF-8 with a byte of Windows": (
        as_is((CSV + "31,Well,Größe für Öl naïf\n").encode() + b"32,Well,caf\xe9\n"),
        "line 33 is not UTF-8 while the rest is",
    ),
    "UTF-32 cut off": (as_is(CSV.encode("utf-32")[:-3]), "cut off"),
    "a web page named CSV": (as_is("<!DOCTYPE html><table><tr><td>1</td></tr></table>"), "web page"),
    "a table of HTML": (as_is("\n <table><tr><td>a</td></tr></table>"), "web page"),
    "XML": (as_is('<?xml version="1.0"?><Workbook/>'), "web page or XML"),
    "entities in XML": (as_is(f'<?xml version="1.0"?>{LAUGHS}<l>&c;</l>'), "web page or XML"),
    "JSON": (as_is('{"responses": [{"a": 1}]}'), "this is JSON"),
    "a list in JSON": (as_is('[{"a": 1}]'), "this is JSON"),
    "a PDF": (as_is(b"%PDF-1.7\n" + b"\0" * 99), "a PDF"),
    "a picture": (as_is(b"\x89PNG\r\n\x1a\n" + b"\0" * 99), "a picture"),
    "a photograph": (as_is(b"\xff\xd8\xff\xe0" + b"\0" * 99), "a picture"),
    "a database": (as_is(b"SQLite format 3\0" + b"\0" * 99), "a database"),
    "gzip": (as_is(b"\x1f\x8b\x08" + b"\0" * 20), "unpack it"),
    "7z": (as_is(b"7z\xbc\xaf\x27\x1c" + b"\0" * 20), "unpack it"),
    "RAR": (as_is(b"Rar!\x1a\x07" + b"\0" * 20), "unpack it"),
    "two zipped CSVs": (archive_of({"a.csv": CSV, "b.csv": CSV}), "name the file in it (a.csv)"),
    "a zip archive that lies": (archive_of({"../a.csv": CSV}), "outside"),
    "SPSS syntax": (as_is(b"* Rev 1.\nSET UNICODE=ON.\nGET DATA\n /TYPE=TXT\n"), "only SPSS"),
    "the data of SPSS syntax": (as_is(b"'1','2026-05-01','A1',3\n'2','2026-05-01','A2',\n" * 9),
                                "no headings"),
    "a zip archive of anything": (archive_of({"readme.txt": "x"}), "no XLSX workbook"),
    "an empty zip archive": (archive_of({}), "no text"),
    "a password": (protected, "password"),
    "the head of a zip archive": (as_is(b"PK\x03\x04" + b"\0" * 40), "damaged or cut off"),
    "a workbook without a sheet": (archive_of({"xl/workbook.xml": "<workbook/>"}), "not readable"),
    "a workbook of no XML": (archive_of({SHEET: b"\0\1\2\3" * 99}, FORMS), ""),
    "a sheet that stops": (archive_of({SHEET: XML.format("", "")[:90]}, FORMS), ""),
    "an empty sheet": (sheet_of(""), "no sheet holds anything"),
    "a cell at the last corner": (sheet_of(far("XFD1048576")), "1,048,576 rows and 16,384 columns"),
    "a cell far down": (sheet_of(far("ZZ999999")), "999,999 rows"),
    "a cell far right": (sheet_of(far("XFD9")), "16,384 columns"),
    "a cell out of this world": (sheet_of(far("AAAAAAA9999999999")), "Delete what stands far outside"),
    "a far cell with spaces in its tag": (
        sheet_of(far("A1").replace('r="A1"', 'r = "XFD999999"')), "16,384 columns",
    ),
    "a far row whose cells do not say where they stand": (
        sheet_of(f'<row r="1">{BARE * 99}</row><row r="999999">{BARE}</row>'),
        "999,999 rows",
    ),
    "entities in a sheet": (sheet_of(far("B2"), LAUGHS), "XML entities"),
    "a workbook whose directory lies": (stated_small, "damaged"),
    "formulas never computed": (book_of(lambda s: [s.append(["=1+1"] * 3) for _ in range(9)]), ""),
    "a workbook with headings only": (book_of(lambda s: s.append(["a", "b"])), "no answers"),
    "errors in all cells": (
        book_of(lambda s: [s.append(["a", "b"])] + [s.append(["#N/A", "#DIV/0!"]) for _ in range(9)]),
        "headings but no answers",
    ),
    "a Parquet file of lists": (
        as_is(frame_bytes(pd.DataFrame({"a": [[1], [2]]}))), "not one value a respondent",
    ),
    "a Parquet file of bytes": (as_is(frame_bytes(pd.DataFrame({"a": [b"\0\1"]}))), "not one value"),
    "a Parquet file without rows": (
        as_is(frame_bytes(pd.DataFrame({"a": pd.Series([], dtype="str")}))), "headings but no answers",
    ),
    "the head of a Parquet file": (as_is(b"PAR1" + b"\0" * 99), "not readable as Parquet"),
    "the head of an SPSS file": (as_is(b"$FL2@(#) SPSS" + b"\0" * 300), "not readable as an SPSS file"),
    "an SPSS file of nothing": (as_is(b"$FL3"), "not readable as an SPSS file"),
    "nothing but dates and addresses": (
        as_is("Timestamp,Email Address\n2024/05/01,a@example.org\n"), "no column holds answers",
    ),
    "SurveyMonkey's first row alone": (as_is("Respondent ID,Collector ID\n"), "no answers"),
    "Qualtrics without its answers": (
        as_is('Q1\nHow?\n"{""ImportId"":""QID1""}"\n'), "headings but no answers",
    ),
}  # fmt: skip
REFUSED |= {
    f"a workbook cut at {share}": (cut(FORMS, share), "") for share in (0.02, 0.3, 0.6, 0.9, 0.99)
}
REFUSED |= {f"a Parquet file cut at {share}": (cut(PARQUET, share), "") for share in (0.02, 0.5, 0.98)}
REFUSED |= {f"an SPSS file cut at {share}": (cut(SPSS, share), "") for share in (0.02, 0.1, 0.3)}

# What may be either: whole as far as anybody can tell, or refused.
EITHER = {
    f"an export cut at {share}": cut(GOOGLE, share) for share in (0.05, 0.2, 0.35, 0.5, 0.77, 0.999)
}
EITHER |= {f"Qualtrics cut at {share}": cut(QUALTRICS, share) for share in (0.05, 0.3, 0.55, 0.9)}
EITHER |= {f"an SPSS file cut at {share}": cut(SPSS, share) for share in (0.6, 0.9)}
EITHER |= {
    f"a workbook with a flipped byte at {share}": flipped(FORMS, share) for share in (0.2, 0.5, 0.8)
}
EITHER |= {
    f"a Parquet file with a flipped byte at {share}": flipped(PARQUET, share) for share in (0.3, 0.7)
}
EITHER |= {f"an SPSS file with a flipped byte at {share}": flipped(SPSS, share) for share in (0.3, 0.7)}

DAYS = [date(2024, 5, i) for i in range(1, 21)]

# What looks damaged and is not: read in full.
READ = {
    "no line end at the end": (as_is(CSV.rstrip("\n")), 30),
    "cut at the end of a row": (as_is(HEAD + ROWS[: ROWS.index("9,")]), 9),
    "blank lines between": (as_is(CSV.replace("\n", "\n\n")), 30),
    "empty columns at the end": (as_is(CSV.replace("\n", ",,\n")), 30),
    "short rows": (as_is(CSV.replace(",Because 7 reasons are enough", "")), 30),
    "old Mac line ends": (as_is(CSV.replace("\n", "\r")), 30),
    "a byte order mark twice": (as_is(b"\xef\xbb\xbf" * 2 + CSV.encode()), 30),
    "a formula in each cell": (as_is("=1+1,=2+2\n" + "=A1,=cmd|x!A0\n=B1,@SUM(A1)\n" * 15), 30),
    "one answer": (as_is("How?\nWell\n"), 1),
    "headings alike": (as_is("How?,How?,\nWell,Badly,x\n" * 1 + "Well,Badly,y\n" * 20), 21),
    "a workbook of formulas as text": (
        book_of(lambda s: [s.append(["'=1+1", f"=2+{i}"]) for i in range(30)]), 29,
    ),
    "dates in all cells": (
        book_of(lambda s: [s.append([x]) for x in ["When?", *DAYS]]), 20,
    ),
}  # fmt: skip


def test_there_are_a_hundred_of_them():
    assert len(REFUSED) + len(EITHER) + len(READ) >= 100


def refused(data, export):
    before = files(data.parent)
    with pytest.raises(ValueError, match=r"\S") as caught:
        import_study("mine", export, data)
    assert files(data.parent) == before
    return in_one_clear_line(caught.value, data, export)


def in_one_clear_line(error, data, export):
    message = str(error)
    assert "\n" not in message
    assert message.startswith(str(export))
    assert len(message) < 500 + len(str(export))
    assert not (data / "mine").exists()
    return message


@pytest.mark.parametrize("damage", REFUSED)
def test_a_damaged_file_gives_one_clear_error_and_touches_nothing(data, damage, tmp_path):
    content, part = REFUSED[damage]
    export = tmp_path / "export.csv"  # what a file is, its bytes say
    export.write_bytes(content(tmp_path))
    assert part in refused(data, export)


def read(data, export):
    """Imported, and all three files agree."""
    report = import_study("mine", export, data)
    study = load_study("mine", data)
    assert report["rows"] == len(ids_of(data / "mine")) == study.flow["count"].iloc[0]
    return report["rows"]


@pytest.mark.parametrize("damage", EITHER)
def test_what_cannot_be_told_from_whole_is_read_in_full_or_refused(data, damage, tmp_path):
    export = tmp_path / "export.csv"
    export.write_bytes(EITHER[damage](tmp_path))
    try:
        rows = read(data, export)
    except ValueError as error:
        in_one_clear_line(error, data, export)
    else:
        assert 0 < rows <= 41


@pytest.mark.parametrize("damage", READ)
def test_what_only_looks_damaged_is_read(data, damage, tmp_path):
    content, rows = READ[damage]
    export = tmp_path / "export.csv"
    export.write_bytes(content(tmp_path))
    assert read(data, export) == rows


# ---- what is no file, and bombs that would fill the memory


def test_a_missing_file_and_a_folder(data, tmp_path):
    assert "no such file; check EXPORT" in refused(data, tmp_path / "no.csv")
    assert "this is a folder" in refused(data, tmp_path)


def test_a_file_that_may_not_be_read(data, tmp_path, monkeypatch):
    export = tmp_path / "export.csv"
    export.write_text(CSV, encoding="utf-8")

    def forbidden(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(workbook, "open", forbidden, raising=False)
    with pytest.raises(ValueError, match=r"cannot be read .Permission denied"):
        import_study("mine", export, data)


def test_a_spreadsheet_bomb_is_not_unpacked_into_memory(data, tmp_path, monkeypatch):
    """The limits are lowered, so that the test needs no gigabytes: the rule is the same."""
    monkeypatch.setattr(workbook, "UNPACKED", 5_000_000)
    export = tmp_path / "export.xlsx"
    export.write_bytes(archive_of({SHEET: b"<a>" + b" " * 9_000_000}, FORMS)(tmp_path))
    assert export.stat().st_size < 50_000
    assert "unpacks to more than" in refused(data, export)


def test_a_file_that_is_too_large_is_not_read(data, tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "LARGEST", 100)
    export = tmp_path / "export.csv"
    export.write_text(CSV, encoding="utf-8")
    assert "100 are the most" in refused(data, export)


def test_a_parquet_bomb_is_not_unpacked(data, tmp_path, monkeypatch):
    monkeypatch.setattr(text, "CELLS", 1000)
    export = tmp_path / "export.parquet"
    pd.DataFrame({"a": ["x"] * 100_000}).to_parquet(export)
    assert "100,000 rows" in refused(data, export)


@pytest.mark.parametrize("platform", ["qualtrics", "surveymonkey", "nonsense"])
def test_a_platform_that_the_file_is_not_of(data, tmp_path, platform):
    export = tmp_path / "export.csv"
    export.write_text(csv_text([["How?"]] * (1 if platform == "surveymonkey" else 5)), encoding="utf-8")
    before = files(data)
    with pytest.raises(ValueError, match=r"ImportId|two rows of headings|is not known"):
        import_study("mine", export, data, platform)
    assert files(data) == before
