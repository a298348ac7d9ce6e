"""Archives, workbooks and structures that unpack to more than they seem: refused within 5 s."""

import struct
import time
import zipfile

import docx
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest

from compendium.audit.manuscript.reading import read_manuscript
from compendium.importing.importer import import_study
from compendium.importing.structure.overlay import read_structure

SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
CELL = '<c r="{}{}" t="s"><v>0</v></c>'


def repacked(path, parts):
    """An archive in which parts are others; each is bytes, or bytes and how often they stand."""
    with zipfile.ZipFile(path) as archive:
        before = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (before | parts).items():
            start, often, end = content if isinstance(content, tuple) else (content, 0, b"")
            with archive.open(name, "w") as file:
                file.write(start)
                for _ in range(often):
                    file.write(b" " * (1 << 20))
                file.write(end)
    return path


def workbook(folder, **parts):
    path, book = folder / "a.xlsx", openpyxl.Workbook()
    for row in (["Age", "Tea?"], ["40", "Yes"], ["51", "No"]):
        book.active.append(row)
    book.save(path)
    return repacked(path, {f"xl/{name}": part for name, part in parts.items()})


def blanks(folder):
    return workbook(folder, **{"worksheets/sheet1.xml": (b"<worksheet><sheetData>", 60, b"")})


def shared(folder):
    """A text of 100,000 letters that is stored once and stands in 20,000 cells."""
    cells = [[CELL.format(sign, r) for sign in "ABCDEFGHIJKLMNOPQRST"] for r in range(1, 1001)]
    rows = "".join(f'<row r="{r}">{"".join(row)}</row>' for r, row in enumerate(cells, 1))
    sheet = f"<worksheet {SPACE}><sheetData>{rows}</sheetData></worksheet>"
    texts = f"<sst {SPACE}><si><t>{'x' * 100_000}</t></si></sst>"
    return workbook(
        folder, **{"worksheets/sheet1.xml": sheet.encode(), "sharedStrings.xml": texts.encode()}
    )


def many_sheets(folder):
    return workbook(folder, **{f"worksheets/sheet{k}.xml": b"<worksheet/>" for k in range(2, 502)})


def parquet(folder):
    texts = pa.DictionaryArray.from_arrays(pa.array([0] * 200_000), pa.array(["x" * 10_000]))
    pq.write_table(pa.table({"a": texts, "b": pa.array(["1"] * 200_000)}), folder / "a.parquet")
    return folder / "a.parquet"


def spss(folder):
    """A header that states 19 million rows of two columns, of which three are there."""
    pyreadstat.write_sav(pd.DataFrame({"a": [1.0, 2, 3], "b": ["x", "y", "z"]}), folder / "a.sav")
    content = bytearray((folder / "a.sav").read_bytes())
    content[80:84] = struct.pack("<i", 19_000_000)
    (folder / "a.sav").write_bytes(content)
    return folder / "a.sav"


def refused(call, *said):
    began = time.process_time()
    with pytest.raises(ValueError, match=r"^[^\n]+$") as caught:
        call()
    assert time.process_time() - began < 5
    for words in said:
        assert words in str(caught.value)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (blanks, "200 times its size"), (shared, "GiB of text"), (many_sheets, "over 500 sheets"),
        (parquet, "GiB of text"), (spss, "a.sav: "),
    ],
)  # fmt: skip
def test_an_export_that_is_more_than_it_seems_is_refused(data, spss_here, made, said):
    path = made(data.parent)
    refused(lambda: import_study("mine", path, data), path.name, said)
    assert not (data / "mine").exists()


def test_a_million_formatted_empty_rows_are_no_answers(data):
    """Rows that somebody coloured down to the end of the sheet; a tenth of them here."""
    cells = "".join(
        f'<row r="{r}"><c r="A{r}" t="str"><v>{20 + r * 7 % 40 if r > 1 else "Age"}</v></c></row>'
        for r in range(1, 30)
    )
    empty = "".join(f'<row r="{r}" s="1" customFormat="1"><c r="A{r}" s="1"/></row>'
                    for r in range(30, 100_000))  # fmt: skip
    sheet = f"<worksheet {SPACE}><sheetData>{cells}{empty}</sheetData></worksheet>".encode()
    path = workbook(data.parent, **{"worksheets/sheet1.xml": sheet})
    assert import_study("mine", path, data)["rows"] == 28


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.lss", "<document>" + "<a/>" * 2_000_001 + "</document>", "elements and attributes"),
        ("a.lss", '<!DOCTYPE a [<!ENTITY b "c">]><document>&b;</document>', "entities"),
        ("a.qsf", "[" * 100_000, "no survey structure"),
        ("a.qsf", "[" + "[]," * 2_000_001 + "[]]", "no survey structure"),
    ],
)
def test_a_structure_that_is_more_than_it_seems_is_refused(tmp_path, name, text, said):
    (tmp_path / name).write_text(text, encoding="utf-8")
    refused(lambda: read_structure(tmp_path / name), name, said)


TABLE = (b'<w:tbl><w:tblGrid/><w:tr><w:tc><w:tcPr><w:gridSpan w:val="300000000"/></w:tcPr><w:p/></w:tc>'
         b"</w:tr></w:tbl>")  # fmt: skip
TRAILER = b"trailer << /Size 4 /Root 1 0 R >>\n"
ENTITY = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("before", "inside", "often", "said"),
    [
        (b"", b"", 33, "unpacks to more than"),
        (b"", TABLE, 0, "999 columns"),
        (ENTITY, b"<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", 0, "document type or entities"),
    ],
)
def test_a_manuscript_that_is_more_than_it_seems_is_refused(tmp_path, before, inside, often, said):
    docx.Document().save(tmp_path / "a.docx")
    space = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    start = before + b"<w:document " + space + b"><w:body>" + inside
    path = repacked(
        tmp_path / "a.docx", {"word/document.xml": (start, often, b"</w:body></w:document>")}
    )
    refused(lambda: read_manuscript(path), "a.docx", said)


def test_a_pdf_of_more_pages_than_any_manuscript_is_refused(tmp_path):
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1001 /Kids [" + b"3 0 R " * 1001 + b"] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
    ]
    text, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(b"%010d 00000 n \n" % len(text))
        text += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = (
        b"xref\n0 4\n0000000000 65535 f \n" + b"".join(places) + b"trailer << /Size 4 /Root 1 0 R >>\n"
    )
    (tmp_path / "a.pdf").write_bytes(text + table + b"startxref\n%d\n%%%%EOF" % len(text))
    refused(lambda: read_manuscript(tmp_path / "a.pdf"), "a.pdf", "over 1000 pages")
