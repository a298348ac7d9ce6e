"""Makes damaged files: parts of good ones cut off or changed, and files that are something else."""

import io
import struct
import zipfile

import fixtures_platforms as platforms
import fixtures_tables as tables
import openpyxl
from described_survey import cycling

HEAD = "ID,How?,Why?\n"
ROWS = "".join(
    f"{i},{'Well' if i % 2 else 'Badly'},Because {i} reasons are enough\n" for i in range(30)
)
CSV = HEAD + ROWS


def made(write, name, **how):
    """The bytes of a fixture."""

    def content(folder):
        write(cycling(40), folder / f"made{name}", **how)
        data = (folder / f"made{name}").read_bytes()
        (folder / f"made{name}").unlink()
        return data

    return content


GOOGLE, FORMS = made(tables.google, ".csv"), made(tables.msforms, ".xlsx")
QUALTRICS, PARQUET, SPSS = (
    made(platforms.qualtrics, ".csv"), made(tables.plain, ".parquet"), made(tables.spss, ".sav"),
)  # fmt: skip


def cut(content, share):
    return lambda folder: content(folder)[: int(share * len(content(folder)))]


def flipped(content, share):
    """One byte in the middle of something changed."""

    def damaged(folder):
        data = bytearray(content(folder))
        data[int(share * len(data))] ^= 0xFF
        return bytes(data)

    return damaged


def book_of(fill):
    """A workbook, with whatever is done to its sheet."""

    def content(_):
        book, out = openpyxl.Workbook(), io.BytesIO()
        fill(book.active)
        book.save(out)
        return out.getvalue()

    return content


def archive_of(parts, base=None):
    """A zip archive of these parts, over those of a good workbook."""

    def content(folder):
        out, old = io.BytesIO(), {}
        if base is not None:
            with zipfile.ZipFile(io.BytesIO(base(folder))) as archive:
                old = {name: archive.read(name) for name in archive.namelist()}
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in (old | parts).items():
                archive.writestr(name, part)
        return out.getvalue()

    return content


SHEET = "xl/worksheets/sheet1.xml"
XML = (
    '<?xml version="1.0"?>{}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<sheetData>{}</sheetData></worksheet>"
)
BARE = "<c><v>1</v></c>"  # a cell that does not say where it stands
LAUGHS = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'


def sheet_of(rows, before=""):
    return archive_of({SHEET: XML.format(before, rows)}, FORMS)


def far(place):
    return f'<row r="1"><c r="A1"><v>1</v></c></row><row r="9"><c r="{place}"><v>1</v></c></row>'


def stated_small(folder):
    """A zip bomb whose directory says that it is small."""
    data = bytearray(archive_of({"xl/media/zeros.bin": b"\0" * 50_000_000}, FORMS)(folder))
    real, small = struct.pack("<I", 50_000_000), struct.pack("<I", 1000)
    assert data.count(real) >= 1
    return bytes(data.replace(real, small))


def protected(_):
    """The head of an OLE file, which is what a password makes of a workbook."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")


def frame_bytes(frame):
    out = io.BytesIO()
    frame.to_parquet(out)
    return out.getvalue()


def as_is(content):
    return lambda folder: content if isinstance(content, bytes) else content.encode("utf-8")
