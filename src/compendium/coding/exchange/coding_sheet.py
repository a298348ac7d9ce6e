"""Coding sheets: a spreadsheet in which a person codes answers, out and back.

One row an answer, one column a code. The rows above the answers name theme, code and id; the ids are
what is read back, in whatever order the columns are. An answer without any mark has not been read, so
a half-filled sheet is fine.

A sheet comes back from a person and from programs that nobody here chose: it is checked before it is
parsed, every mark and every row is checked after, and a message names the cell.
"""

from pathlib import Path

import openpyxl
import pandas as pd
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.filters import FilterColumn
from openpyxl.worksheet.properties import PageSetupProperties

from compendium.coding.codebook import NO_CODE, NONE, read_codebook
from compendium.coding.coders import SAMPLE, draw
from compendium.coding.codings import coder_files, named_coder, open_answers, read_coder
from compendium.coding.exchange.cells import (
    BAND,
    GIVEN,
    HEAD,
    SMALL,
    UNREAD,
    WRONG,
    lines,
    note_cell,
    to_bytes,
    write_cell,
)  # fmt: skip
from compendium.coding.exchange.keeping import keep
from compendium.coding.exchange.sheet_read import ABOVE, LEAD, MARK, NOTE, SHEET, from_workbook
from compendium.coding.fingerprints import key_of, sealed
from compendium.coding.notes import CODING, MEMO, read_memos
from compendium.disclosure.masking import mask
from compendium.disclosure.release import NOTICE, ORIGIN, masked_answers
from compendium.files import write_table
from compendium.survey.study import load_study

WIDTHS = (11, 17, 34, 60)
TASK = (
    f"Choose {MARK} for every code that applies to an answer, or for “{NO_CODE}” where none does. "
    "An answer without a mark counts as not yet read and is yellow; you can stop anywhere. The "
    "sheet Codebook says what each code means. Notes go into the last column, or as a note on a mark; "
    "a code that is missing gets a column of its own. Identifying text is masked: [name], [e-mail]."
)


def write(study, coder, data_dir="data", out_dir="build", replace=False, sample=""):
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
    sample : str
        How many respondents to draw at random; the sheet has their answers, and those that the coder
        has coded before. Who was drawn stands in ``coding/sample.csv`` from then on.

    Returns
    -------
    list of str
        What to tell the user.

    Raises
    ------
    ValueError
        When the name is no safe one, a file of the study does not fit, or a sheet is in the way.
    """
    survey, codebook, folder, coder = _opened(study, coder, data_dir)
    raw, drawn, rows = open_answers(survey), None, None
    answers, messages = masked_answers(survey, raw)
    coded, memos = pd.DataFrame(columns=CODING), read_memos(folder)
    marked = sealed(raw, key_of(survey.synthetic, folder, make=bool(sample)))
    if sample:
        drawn, rows = draw(folder, marked, sample, codebook.split_seed)
        messages.append(f"{len(drawn)} respondents are drawn; {folder / SAMPLE} remembers them.")
    if path := coder_files(folder).get(coder):
        coded, waiting = read_coder(path, codebook, marked)
        if len(waiting):
            messages.append(f"{len(waiting)} codings wait, as their code was split: {_first(waiting)}.")
    if drawn is not None:
        answers = answers[answers["respondent"].astype(str).isin({*drawn, *coded["respondent"]})]
    content = to_workbook(codebook, answers, coded, survey.synthetic, memos[memos["coder"] == coder])
    target = Path(out_dir) / study / "coding" / f"{coder}.xlsx"
    if target.exists() and not replace and target.read_bytes() != content:
        raise ValueError(f"{target}: may hold marks that were not read back; read it first (make: "
                         "READ=...), or add --replace (make: REPLACE=1).")  # fmt: skip
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    if rows is not None:
        write_table(folder / SAMPLE, rows)
    return [*messages, f"Written: {target}"]


def read(study, coder, workbook, data_dir="data", replace=False, reattach=False):
    """Check every row and mark of a coder's sheet, and write ``coding/<coder>.csv`` of the study.

    Parameters
    ----------
    study, coder, data_dir
        As in `write`.
    workbook : str or pathlib.Path
        ``.xlsx``, ``.ods`` or ``.csv``.
    replace : bool
        Whether other codings of the coder may be overwritten.
    reattach : bool
        Whether marks beside a text that is another respondent's, and only theirs, go to them.

    Returns
    -------
    list of str
        What to tell the user.

    Raises
    ------
    ValueError
        As `write`, and when the sheet is damaged, a row or a column is not what was handed out, an
        answer is not the respondent's, or a cell holds anything but a mark.
    """
    survey, codebook, folder, coder = _opened(study, coder, data_dir)
    raw = open_answers(survey)
    names = survey.instrument.disclosure.names
    sheet = from_workbook(
        workbook, codebook, masked_answers(survey, raw)[0], reattach, lambda text: mask(text, names)[0]
    )
    marked = len(sheet.codings.drop_duplicates(["respondent", "item"]))
    answers = sealed(raw, key_of(survey.synthetic, folder, make=True))
    written = keep(folder, sheet.by(coder), codebook, answers, replace)
    where = f"their codes are in {folder / coder}.csv" if marked else "nothing is written"
    told = [f"{marked} of {len(raw)} answers are read; {where}."]
    return told + sheet.messages + [f"Written: {path}" for path in written if path.stem != coder]


def _opened(study, coder, data_dir):
    """Study, codebook, the folder of codings, and the coder's name as files have it."""
    if not coder.strip():
        raise ValueError("CODER is missing: give CODER=name, in small letters.")
    coder, folder = named_coder(coder), Path(data_dir) / study
    return load_study(study, data_dir), read_codebook(folder / "codebook.yml"), folder / "coding", coder


def _first(waiting):
    some = [f"{respondent} {item} {code}" for respondent, item, code in waiting[CODING].to_numpy()[:5]]
    return ", ".join(some) + (" …" if len(waiting) > 5 else "")


def to_workbook(codebook, answers, coded, synthetic, memos=None):
    """An ``.xlsx`` file for one coder, as bytes that depend on nothing else; no text is a formula.

    `answers` has one row of the sheet each, `coded` the marks and `memos` the notes of before. See
    OWASP, CSV Injection, https://owasp.org/www-community/attacks/CSV_Injection.
    """
    book = openpyxl.Workbook()
    book.properties.creator = ORIGIN
    sheet = book.active
    sheet.title = SHEET
    codes = [NONE, *codebook.ids]
    _head(sheet, codebook, synthetic)
    memos = pd.DataFrame(columns=MEMO) if memos is None else memos
    noted = dict(zip(memos[CODING].itertuples(index=False, name=None), memos["note"], strict=True))
    last = len(LEAD) + len(codes) + 1
    marks = set(coded[CODING].astype(str).itertuples(index=False, name=None))
    rows = answers[["respondent", "item", "question", "text"]].itertuples(index=False)
    for number, (respondent, item, question, text) in enumerate(rows, ABOVE + 1):
        write_cell(sheet, number, 1, str(respondent))
        write_cell(sheet, number, 2, item).font = SMALL
        write_cell(sheet, number, 3, question).font = SMALL
        write_cell(sheet, number, 4, text)
        # Not every program finds the height of a row by itself when it opens a file.
        height = max(15 * lines(text, WIDTHS[3]), 12.5 * lines(question, WIDTHS[2]))
        sheet.row_dimensions[number].height = min(height + 3, 400)
        for column, code in enumerate(codes, len(LEAD) + 1):
            marked = (str(respondent), item, code) in marks
            cell = write_cell(sheet, number, column, MARK if marked else None, centred=True)
            if note := noted.get((str(respondent), item, code)):
                note_cell(cell, note)
        write_cell(sheet, number, last, noted.get((str(respondent), item, "")))
    for column, code in enumerate(codes, len(LEAD) + 1):
        if note := noted.get(("", "", code)):
            note_cell(sheet.cell(ABOVE, column), note)
    _aids(sheet, ABOVE + max(1, len(answers)), len(LEAD) + len(codes))
    _explain(book.create_sheet("Codebook"), codebook)
    for each in book:
        each.page_setup.orientation, each.page_setup.fitToHeight = "landscape", 0
        each.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"1:{ABOVE}"
    return to_bytes(book)


def _head(sheet, codebook, synthetic):
    """What to do, and the rows that name the columns."""
    task = write_cell(sheet, 1, 1, f"{NOTICE}\n\n{TASK}" if synthetic else TASK)
    task.font = Font(size=12)
    sheet.merge_cells(start_row=1, end_row=ABOVE - 1, start_column=1, end_column=len(LEAD))
    for column, (key, width) in enumerate(zip(LEAD, WIDTHS, strict=True), 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
        write_cell(sheet, ABOVE, column, key, bold=True, fill=BAND)
    column = len(LEAD) + 1
    _name(sheet, column, NO_CODE, NONE)
    for theme in codebook.themes:
        first = column + 1
        for code in theme.codes:
            column += 1
            _name(sheet, column, code.name, code.id)
        band = write_cell(sheet, 2, first, theme.name, bold=True, fill=BAND)
        band.font = Font(size=9, bold=True)
        sheet.merge_cells(start_row=2, end_row=2, start_column=first, end_column=column)
    sheet.column_dimensions[get_column_letter(column + 1)].width = 40
    write_cell(sheet, ABOVE, column + 1, NOTE, bold=True, fill=BAND)
    for row, height in ((1, 6), (2, 42), (3, 130), (ABOVE, 18)):  # low, for a laptop's screen
        sheet.row_dimensions[row].height = height
    sheet.freeze_panes = sheet.cell(ABOVE + 1, len(LEAD) + 1)


def _name(sheet, column, name, id):
    """Name and id of a code above its column, written upwards."""
    sheet.column_dimensions[get_column_letter(column)].width = 5
    write_cell(sheet, 3, column, name, fill=HEAD)
    sheet.cell(3, column).alignment = Alignment(text_rotation=90, wrap_text=True)
    write_cell(sheet, ABOVE, column, id, fill=HEAD).font = SMALL
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
    sheet.auto_filter.ref = f"A{ABOVE}:{get_column_letter(last + 1)}{bottom}"
    hidden = (FilterColumn(colId=column, hiddenButton=True) for column in range(len(LEAD), last))
    sheet.auto_filter.filterColumn.extend(hidden)


def _explain(sheet, codebook):
    """The codebook, one row a code."""
    keys = ("Theme", "Code", "Id", "Definition", "Include", "Exclude", "Examples")
    widths = (24, 26, 18, 44, 44, 44, 44)
    for column, (key, width) in enumerate(zip(keys, widths, strict=True), 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
        write_cell(sheet, 1, column, key, bold=True, fill=BAND)
    codes = [(theme, code) for theme in codebook.themes for code in theme.codes]
    for row, (theme, code) in enumerate(codes, 2):
        examples = "\n".join(code.examples)
        texts = (theme.name, code.name, code.id, code.definition, code.include, code.exclude, examples)
        for column, text in enumerate(texts, 1):
            write_cell(sheet, row, column, text or None, bold=column == 2)
        height = max(lines(text, width) for text, width in zip(texts, widths, strict=True))
        sheet.row_dimensions[row].height = min(15 * height + 3, 400)
    sheet.freeze_panes = "D2"
