"""Cells of the workbooks for people: texts that stay texts, bytes without a date."""

import io
import re
import zipfile

from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from compendium.archives import refuse_forbidden, write_archive
from compendium.disclosure.release import CREATED, ORIGIN
from compendium.files import GUARDED

SMALL = Font(size=9, color="FF52606D")
BAND, HEAD, UNREAD, GIVEN, WRONG = (
    PatternFill("solid", start_color=colour, end_color=colour)
    for colour in ("FFD9E2EC", "FFF0F4F8", "FFFFF8DC", "FFCDE7D8", "FFF4B6B6")
)
LINE = Border(bottom=Side("thin", "FFBCCCDC"), left=Side("thin", "FFE4E7EB"))


def write_cell(sheet, row, column, text, bold=False, centred=False, fill=None):
    """Write a text that stays a text."""
    refuse_forbidden(text or "")
    cell = sheet.cell(row, column, text)
    if text is not None:
        cell.data_type = "s"
        cell.quotePrefix = text.startswith(GUARDED)
    across = "center" if centred else None
    cell.alignment = Alignment(horizontal=across, vertical="top", wrap_text=True)
    cell.font, cell.border = Font(bold=bold), LINE
    if fill is not None:
        cell.fill = fill
    return cell


def note_cell(cell, text):
    """Put a note on a cell."""
    refuse_forbidden(text)
    cell.comment = Comment(text, ORIGIN, height=120, width=300)


def lines(text, width):
    """How many lines a text takes in a column that is so many characters wide."""
    return sum(max(1, -(-len(line) // width)) for line in text.split("\n"))


def to_bytes(book):
    """The workbook as bytes; the one place where the time of writing is taken out."""
    buffer = io.BytesIO()
    book.save(buffer)
    with zipfile.ZipFile(buffer) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    core, dates = "docProps/core.xml", rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*"
    members[core] = re.sub(dates, rb"\g<1>" + CREATED.encode(), members[core])
    return write_archive(members)
