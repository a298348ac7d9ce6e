"""Coding sheets: a spreadsheet in which a person codes answers, out and back.

One row an answer, one column a code. The rows above the answers name theme, code and id; the ids are
what is read back, in whatever order the columns are. An answer without any mark has not been read, so
a half-filled sheet is fine.

A sheet comes back from a person and from programs that nobody here chose: it is checked before it is
parsed, every mark and every row is checked after, and a message names the cell.
"""

import io
import re
import warnings
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.filters import FilterColumn
from openpyxl.worksheet.properties import PageSetupProperties

from compendium.archives import parse_xml, read_members, refuse_forbidden, write_archive
from compendium.coding.codebook import NO_CODE, NONE, read_codebook
from compendium.coding.codings import CODING, check_coder, open_answers, read_coding, write_codings
from compendium.disclosure.release import CREATED, NOTICE, ORIGIN, masked_answers
from compendium.survey.study import load_study

SHEET, MARK = "Answers", "x"
LEAD = ["Respondent", "Item", "Question", "Answer"]  # capitals, which no code's id has
ANSWER = LEAD[:2]  # what says which answer a row is
WIDTHS = (11, 17, 34, 60)
SMALL = Font(size=9, color="FF52606D")
ABOVE = 4  # rows above the answers: what to do, themes, names, ids
SPARE = 200  # rows and columns that somebody may have added
RISKY = ("=", "+", "-", "@", "\t", "\r")  # what spreadsheets take for the beginning of a formula
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


def write(study, coder, data_dir="data", out_dir="build", replace=False):
    """Write ``<out_dir>/<study>/coding/<coder>.xlsx``, with the marks that the coder has set before.

    Parameters
    ----------
    study : str
        Its folder under `data_dir`.
    coder : str
        Small letters, digits, ``_`` and ``-``.
    data_dir, out_dir : str or pathlib.Path
    replace : bool
        Whether a sheet may be overwritten whose marks were perhaps not read back.

    Returns
    -------
    list of str
        What to tell the user.

    Raises
    ------
    ValueError
        When the name is no safe one, a file of the study does not fit, or a sheet is in the way.
    """
    survey, codebook, path = _opened(study, coder, data_dir)
    answers, messages = masked_answers(survey, open_answers(survey))
    coded = pd.DataFrame(columns=CODING)
    if path.exists():
        coded = read_coding(path, codebook, answers)
    content = to_workbook(codebook, answers, coded, survey.synthetic)
    target = Path(out_dir) / study / "coding" / f"{coder}.xlsx"
    if target.exists() and not replace and target.read_bytes() != content:
        raise ValueError(f"{target}: may hold marks that were not read back; read it first (make: "
                         "READ=...), or add --replace (make: REPLACE=1).")  # fmt: skip
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return [*messages, f"Written: {target}"]


def read(study, coder, workbook, data_dir="data", replace=False):
    """Check every row and mark of a coder's workbook, and write ``coding/<coder>.csv`` of the study.

    Parameters
    ----------
    study, coder, data_dir
        As in `write`.
    workbook : str or pathlib.Path
    replace : bool
        Whether other codings of the coder may be overwritten.

    Returns
    -------
    list of str
        What to tell the user.

    Raises
    ------
    ValueError
        As `write`, and when the workbook is damaged, a row or a column is not what was handed out,
        or a cell holds anything but a mark.
    """
    survey, codebook, path = _opened(study, coder, data_dir)
    answers = open_answers(survey)
    rows = from_workbook(workbook, codebook, answers)
    marked = len(rows.drop_duplicates(["respondent", "item"]))
    write_codings(path.parent, rows.assign(coder=coder), codebook, answers, replace)
    where = f"their codes are in {path}" if marked else "nothing is written"
    return [f"{marked} of {len(answers)} answers are read; {where}."]


def _opened(study, coder, data_dir):
    """Study, codebook, and the file of the coder's codings."""
    if not coder.strip():
        raise ValueError("CODER is missing: give CODER=name, in small letters.")
    check_coder(coder)
    survey, folder = load_study(study, data_dir), Path(data_dir) / study
    return survey, read_codebook(folder / "codebook.yml"), folder / "coding" / f"{coder}.csv"


def to_workbook(codebook, answers, coded, synthetic):
    """An ``.xlsx`` file for one coder, as bytes that depend on nothing else; no text is a formula.

    `answers` has one row of the sheet each, `coded` the marks that the coder has set before. See
    OWASP, CSV Injection, https://owasp.org/www-community/attacks/CSV_Injection.
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


def from_workbook(path, codebook, answers):
    """The codings in a coder's workbook, in the order of answers and codebook, whatever its own."""
    sheet = _open(path, len(answers), len(codebook.ids))
    columns, start = _columns(path, sheet, codebook)
    keys = list(zip(answers["respondent"].map(_plain), answers["item"], strict=True))
    known, given = set(keys), {}
    for row in sheet.iter_rows(min_row=start):
        codes = _marks(path, row, columns)
        answer = tuple(_plain(row[columns[key]].value) for key in ANSWER)
        if answer == ("", "") and not codes:
            continue
        here, (respondent, item) = _at(path, row[columns[ANSWER[0]]]), answer
        if answer not in known:
            raise ValueError(f"{here}: respondent '{respondent}' gave no answer to '{item}'; correct "
                             "the row, or remove it.")  # fmt: skip
        if answer in given:
            raise ValueError(f"{here}: the answer of respondent '{respondent}' to '{item}' stands in "
                             "two rows; remove one.")  # fmt: skip
        given[answer] = codes
    rows = [
        (*answer, code)
        for key, answer in zip(keys, answers[["respondent", "item"]].to_numpy(), strict=True)
        for code in [*codebook.ids, NONE]
        if code in given.get(key, [])
    ]
    return pd.DataFrame(rows, columns=CODING, dtype=object)


def _open(path, answers, codes):
    """The sheet with the answers; openpyxl sees only what was checked before."""
    members = read_members(path, wanted=lambda name: True)
    for name, content in members.items():
        if name.lower().endswith((".xml", ".rels")):
            parse_xml(content, f"{path}: {name}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what a workbook may hold and is not used here
            book = openpyxl.load_workbook(io.BytesIO(write_archive(members)), keep_links=False)
            sheet = book[SHEET] if SHEET in book.sheetnames else None
            rows, columns = (0, 0) if sheet is None else (sheet.max_row, sheet.max_column)
    except Exception as error:  # openpyxl has no exception of its own for a broken workbook
        raise ValueError(f"{path}: no workbook in xlsx ({error}); save it again as .xlsx.") from None
    if sheet is None:
        raise ValueError(f"{path}: the sheet '{SHEET}' is missing; give it its name back.")
    if rows > ABOVE + answers + SPARE or columns > len(LEAD) + 1 + codes + SPARE:
        raise ValueError(f"{path}: sheet {SHEET} reaches to cell {get_column_letter(columns)}{rows}; "
                         "delete what lies far outside answers and codes.")  # fmt: skip
    return sheet


def _columns(path, sheet, codebook):
    """Where each column is, by its id, and the first row of answers."""
    rows = sheet.iter_rows(max_row=min(sheet.max_row, 20))
    head = next((row for row in rows if ANSWER[0] in [_plain(cell.value) for cell in row]), None)
    if head is None:
        raise ValueError(f"{path}: sheet {SHEET}: no row has the heading '{ANSWER[0]}'; put the "
                         "headings back above the answers.")  # fmt: skip
    columns, known = {}, [*LEAD, NONE, *codebook.ids]
    for cell in head:
        key = _plain(cell.value)
        if key in columns:
            raise ValueError(f"{_at(path, cell)}: '{key}' stands in two columns; remove one.")
        if key and key not in known:
            raise ValueError(f"{_at(path, cell)}: the codebook has no code '{key}'; correct the id, or "
                             "clear the column.")  # fmt: skip
        if key:
            columns[key] = cell.column - 1
        else:
            _refuse_nameless(path, sheet, cell)
    missing = [key for key in [*ANSWER, NONE, *codebook.ids] if key not in columns]
    if missing:
        raise ValueError(f"{path}: sheet {SHEET}, row {head[0].row}: the column '{missing[0]}' is "
                         "missing; put it back, or start from a new sheet.")  # fmt: skip
    return columns, head[0].row + 1


def _refuse_nameless(path, sheet, head):
    """Refuse contents under an empty heading: nobody can say which code they mean."""
    for (cell,) in sheet.iter_rows(head.row + 1, sheet.max_row, head.column, head.column):
        if _plain(cell.value):
            raise ValueError(f"{_at(path, cell)}: the column has no id in row {head.row}; put it back, "
                             "or clear the column.")  # fmt: skip


def _marks(path, row, columns):
    """The codes marked in a row."""
    codes = []
    for key, column in columns.items():
        mark = "" if key in LEAD else _plain(row[column].value)
        if mark.lower() == MARK:
            codes.append(key)
        elif mark:
            raise ValueError(f"{_at(path, row[column])}: {mark[:40]!r} is no mark; write {MARK}, or "
                             "leave the cell empty.")  # fmt: skip
    if NONE in codes and len(codes) > 1:
        raise ValueError(f"{_at(path, row[columns[NONE]])}: '{NO_CODE}' is marked beside a code; "
                         "remove one of them.")  # fmt: skip
    return codes


def _at(path, cell):
    return f"{path}: sheet {SHEET}, cell {cell.coordinate}"


def _plain(value):
    """A cell's content as text; programs turn ids such as 17 into numbers."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()
