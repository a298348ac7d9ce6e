"""Writes coding sheets: a spreadsheet in which a person codes answers.

One row an answer, one column a code. The rows above the answers name theme, code and id; the ids are
what `sheet_reading` reads back, in whatever order the columns are. An answer without any mark has not
been read, so a half-filled sheet is fine.
"""

import io
import re
import zipfile

import openpyxl
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.filters import FilterColumn
from openpyxl.worksheet.properties import PageSetupProperties

from compendium.archives import refuse_forbidden, write_archive
from compendium.coding.codebook import CODING, NONE
from compendium.coding.refi_write import CREATED, NO_CODE, ORIGIN

SHEET, MARK = "Answers", "x"
LEAD = ["Respondent", "Item", "Question", "Answer"]  # capitals, which no code's id has
WIDTHS = (11, 17, 34, 60)
SMALL = Font(size=9, color="FF52606D")
ABOVE = 4  # rows above the answers: what to do, themes, names, ids
RISKY = ("=", "+", "-", "@", "\t", "\r")  # what spreadsheets take for the beginning of a formula
NOTICE = "SYNTHETIC ANSWERS, made up for this compendium: nothing that is coded here is a finding."
TASK = (
    f"Choose {MARK} for every code that applies to an answer, or for “{NO_CODE}” where none does. "
    "An answer without a mark counts as not yet read and is yellow; you can stop anywhere. The "
    "sheet Codebook says what each code means. Identifying text is masked: [name], [e-mail]."
)
BAND, HEAD, UNREAD, GIVEN, WRONG = (
    PatternFill("solid", start_color=colour, end_color=colour)
    for colour in ("FFD9E2EC", "FFF0F4F8", "FFFFF8DC", "FFCDE7D8", "FFF4B6B6")
)
LINE = Border(bottom=Side("thin", "FFBCCCDC"), left=Side("thin", "FFE4E7EB"))


def write_sheet(codebook, answers, coded, synthetic):
    """A workbook for one coder.

    Parameters
    ----------
    codebook : Codebook
    answers : pandas.DataFrame
        `respondent`, `item`, `question` (its wording) and `text`, which should be masked; one row of
        the sheet each.
    coded : pandas.DataFrame
        `respondent`, `item`, `code`: marks that the coder has set before; may be empty.
    synthetic : bool
        Whether the sheet says that the answers were made up.

    Returns
    -------
    bytes
        An ``.xlsx`` file, the same for the same input. No text in it is run as a formula.

    Raises
    ------
    ValueError
        When a text holds a character that XML forbids: see `archives.without_forbidden`.

    References
    ----------
    OWASP, CSV Injection, https://owasp.org/www-community/attacks/CSV_Injection

    Examples
    --------
    >>> import pandas as pd
    >>> from compendium.coding.codebook import read_codebook
    >>> codebook = read_codebook("data/microcredentials/codebook.yml")
    >>> answers = pd.DataFrame({"respondent": ["R1"], "item": ["use"], "question": ["Do you?"],
    ...                         "text": ["We do."]})
    >>> write_sheet(codebook, answers, pd.DataFrame(columns=CODING), synthetic=True)[:2]
    b'PK'
    """
    book = openpyxl.Workbook()
    book.properties.creator = ORIGIN
    sheet = book.active
    sheet.title = SHEET
    codes = [NONE, *codebook.ids]
    _head(sheet, codebook, synthetic)
    marks = set(coded[CODING].astype(str).itertuples(index=False, name=None))
    rows = answers[["respondent", "item", "question", "text"]].itertuples(index=False)
    for number, (respondent, item, question, text) in enumerate(rows, ABOVE + 1):
        _write(sheet, number, 1, str(respondent))
        _write(sheet, number, 2, item).font = SMALL
        _write(sheet, number, 3, question).font = SMALL
        _write(sheet, number, 4, text)
        # Not every program finds the height of a row by itself when it opens a file.
        height = max(15 * _lines(text, WIDTHS[3]), 12.5 * _lines(question, WIDTHS[2]))
        sheet.row_dimensions[number].height = min(height + 3, 400)
        for column, code in enumerate(codes, len(LEAD) + 1):
            marked = (str(respondent), item, code) in marks
            _write(sheet, number, column, MARK if marked else None, centred=True)
    _aids(sheet, ABOVE + max(1, len(answers)), len(LEAD) + len(codes))
    _explain(book.create_sheet("Codebook"), codebook)
    for each in book:
        each.page_setup.orientation, each.page_setup.fitToHeight = "landscape", 0
        each.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"1:{ABOVE}"
    return _without_dates(book)


def _head(sheet, codebook, synthetic):
    """What to do, and the rows that name the columns."""
    task = _write(sheet, 1, 1, f"{NOTICE}\n\n{TASK}" if synthetic else TASK)
    task.font = Font(size=12)
    sheet.merge_cells(start_row=1, end_row=ABOVE - 1, start_column=1, end_column=len(LEAD))
    for column, (key, width) in enumerate(zip(LEAD, WIDTHS, strict=True), 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
        _write(sheet, ABOVE, column, key, bold=True, fill=BAND)
    column = len(LEAD) + 1
    _name(sheet, column, NO_CODE, NONE)
    for theme in codebook.themes:
        first = column + 1
        for code in theme.codes:
            column += 1
            _name(sheet, column, code.name, code.id)
        band = _write(sheet, 2, first, theme.name, bold=True, fill=BAND)
        band.font = Font(size=9, bold=True)
        sheet.merge_cells(start_row=2, end_row=2, start_column=first, end_column=column)
    for row, height in ((1, 6), (2, 42), (3, 130), (ABOVE, 18)):  # low, for a laptop's screen
        sheet.row_dimensions[row].height = height
    sheet.freeze_panes = sheet.cell(ABOVE + 1, len(LEAD) + 1)


def _name(sheet, column, name, id):
    """Name and id of a code above its column, written upwards."""
    sheet.column_dimensions[get_column_letter(column)].width = 5
    _write(sheet, 3, column, name, fill=HEAD)
    sheet.cell(3, column).alignment = Alignment(text_rotation=90, wrap_text=True)
    _write(sheet, ABOVE, column, id, fill=HEAD).font = SMALL
    sheet.cell(ABOVE, column).alignment = Alignment(vertical="top")


def _aids(sheet, bottom, last):
    """Drop-downs, a filter, and colours that say what is unread, given or contradictory."""
    top = ABOVE + 1
    none, first, right = (get_column_letter(column) for column in (len(LEAD) + 1, len(LEAD) + 2, last))
    area = f"{none}{top}:{right}{bottom}"
    choice = DataValidation("list", formula1=f'"{MARK}"', allow_blank=True, showErrorMessage=True)
    choice.errorTitle, choice.error = "Not a mark", f"Write {MARK}, or leave the cell empty."
    choice.add(area)
    sheet.add_data_validation(choice)
    wrong = f'AND(${none}{top}<>"",COUNTA(${first}{top}:${right}{top})>0)'
    sheet.conditional_formatting.add(area, FormulaRule([wrong], fill=WRONG, stopIfTrue=True))
    sheet.conditional_formatting.add(area, FormulaRule([f'{none}{top}<>""'], fill=GIVEN))
    unread = FormulaRule([f"COUNTA(${none}{top}:${right}{top})=0"], fill=UNREAD)
    sheet.conditional_formatting.add(f"A{top}:{get_column_letter(len(LEAD))}{bottom}", unread)
    # The whole width, so that whoever sorts takes the marks along; buttons only where they help.
    sheet.auto_filter.ref = f"A{ABOVE}:{right}{bottom}"
    hidden = (FilterColumn(colId=column, hiddenButton=True) for column in range(len(LEAD), last))
    sheet.auto_filter.filterColumn.extend(hidden)


def _explain(sheet, codebook):
    """The codebook, one row a code."""
    keys = ("Theme", "Code", "Id", "Definition", "Include", "Exclude", "Examples")
    widths = (24, 26, 18, 44, 44, 44, 44)
    for column, (key, width) in enumerate(zip(keys, widths, strict=True), 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
        _write(sheet, 1, column, key, bold=True, fill=BAND)
    codes = [(theme, code) for theme in codebook.themes for code in theme.codes]
    for row, (theme, code) in enumerate(codes, 2):
        examples = "\n".join(code.examples)
        texts = (theme.name, code.name, code.id, code.definition, code.include, code.exclude, examples)
        for column, text in enumerate(texts, 1):
            _write(sheet, row, column, text or None, bold=column == 2)
        height = max(_lines(text, width) for text, width in zip(texts, widths, strict=True))
        sheet.row_dimensions[row].height = min(15 * height + 3, 400)
    sheet.freeze_panes = "D2"


def _write(sheet, row, column, text, bold=False, centred=False, fill=None):
    """Write a text that stays a text."""
    refuse_forbidden(text or "")
    cell = sheet.cell(row, column, text)
    if text is not None:
        cell.data_type = "s"
        cell.quotePrefix = text.startswith(RISKY)
    across = "center" if centred else None
    cell.alignment = Alignment(horizontal=across, vertical="top", wrap_text=True)
    cell.font, cell.border = Font(bold=bold), LINE
    if fill is not None:
        cell.fill = fill
    return cell


def _lines(text, width):
    """How many lines a text takes in a column that is so many characters wide."""
    return sum(max(1, -(-len(line) // width)) for line in text.split("\n"))


def _without_dates(book):
    """The workbook as bytes; the one place where the time of writing is taken out."""
    buffer = io.BytesIO()
    book.save(buffer)
    with zipfile.ZipFile(buffer) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    core, dates = "docProps/core.xml", rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*"
    members[core] = re.sub(dates, rb"\g<1>" + CREATED.encode(), members[core])
    return write_archive(members)
