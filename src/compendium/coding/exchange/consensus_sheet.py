"""The consensus as a spreadsheet: agreed codes filled in, the others to be settled side by side.

One row a code and answer. What coders noted stands beside what they gave; a decision and, where they
differ, a reason are all that is to be written. Nothing counts before every row is settled.
"""

from pathlib import Path

import openpyxl
import pandas as pd
from openpyxl.formatting.rule import FormulaRule
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from compendium.coding.codebook import NO_CODE, NONE, read_codebook
from compendium.coding.codings import Coding, open_answers, parted, read_codings
from compendium.coding.consensus import (
    CONSENSUS,
    DECISIONS,
    SETTLED,
    by_answer,
    check_consensus,
    completed,
    decided,
    draft,
)  # fmt: skip
from compendium.coding.exchange.cells import BAND, GIVEN, UNREAD, to_bytes, write_cell
from compendium.coding.exchange.grids import read_grid
from compendium.coding.exchange.keeping import match, text_index
from compendium.coding.fingerprints import key_of, sealed, with_fingerprints
from compendium.coding.notes import CODING, about, read_memos
from compendium.disclosure.masking import mask
from compendium.disclosure.release import NOTICE, ORIGIN, masked_answers
from compendium.files import write_table
from compendium.survey.study import load_study

SHEET = "Consensus"
LEAD = ["Respondent", "Item", "Question", "Answer", "Code", "Name", "Given by", "Not by"]
NEEDED = ["Respondent", "Item", "Answer", "Code", "Decision", "Reason"]
WIDTHS = {"Respondent": 11, "Item": 17, "Question": 30, "Answer": 60, "Code": 16, "Name": 24}
TASK = (
    "Where coders differ, the row is yellow: choose kept or dropped, and write the reason. Where all "
    "gave the code, agreed stands there already. Then read the sheet back with READ=."
)
SPARE = 200


def write(study, data_dir="data", out_dir="build", replace=False):
    """Write ``<out_dir>/<study>/coding/consensus.xlsx``, with the decisions that were made before.

    Parameters
    ----------
    study : str
        Its folder under `data_dir`.
    data_dir, out_dir : str or pathlib.Path
    replace : bool
        Whether a sheet may be overwritten whose decisions were perhaps not read back.

    Returns
    -------
    list of str
        What to tell the user.

    Raises
    ------
    ValueError
        When a file of the study does not fit, nobody has coded, or a sheet is in the way.
    """
    survey, coding, _ = _opened(study, data_dir)
    path = Path(data_dir) / study / "coding" / CONSENSUS
    before = decided(path, coding.codebook) if path.exists() else None
    rows = draft(coding.codings, before)
    masked, messages = masked_answers(survey, coding.answers)
    content = to_workbook(coding, masked, rows, survey.synthetic)
    target = Path(out_dir) / study / "coding" / "consensus.xlsx"
    if target.exists() and not replace and target.read_bytes() != content:
        raise ValueError(f"{target}: may hold decisions that were not read back; read it first (make: "
                         "READ=...), or add --replace (make: REPLACE=1).")  # fmt: skip
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    open_rows = int(rows["decision"].eq("").sum())
    counted = f"{len(rows) - open_rows} rows are settled, {open_rows} are to be settled."
    return [*messages, counted, f"Written: {target}"]


def read(study, sheet, data_dir="data", replace=False):
    """Check every row of a settled sheet against the codings, and write ``coding/consensus.csv``.

    Parameters
    ----------
    study, data_dir
        As in `write`.
    sheet : str or pathlib.Path
        ``.xlsx``, ``.ods`` or ``.csv``.
    replace : bool
        Whether another consensus may be overwritten.

    Returns
    -------
    list of str
        What to tell the user.

    Raises
    ------
    ValueError
        When a row is not settled or does not fit codings and texts; it names the cell.
    """
    survey, coding, answers = _opened(study, data_dir)
    names = survey.instrument.disclosure.names
    masked = masked_answers(survey, coding.answers)[0]
    rows = from_workbook(sheet, coding, masked, lambda text: mask(text, names)[0])
    path = Path(data_dir) / study / "coding" / CONSENSUS
    rows = completed(rows)
    check_consensus(sheet, rows, coding.codings)
    order = {code: n for n, code in enumerate([*coding.codebook.ids, NONE])}
    place = {answer: n for n, answer in enumerate(text_index(masked).texts)}
    rows = rows.sort_values(
        CODING, key=lambda column: column.map(order) if column.name == "code" else column
    )
    keys = [place[answer] for answer in rows[CODING[:2]].itertuples(index=False, name=None)]
    rows = rows.iloc[pd.Series(keys).argsort(kind="stable")].reset_index(drop=True)
    if path.exists():
        there = decided(path, coding.codebook)
        if sorted(there.values.tolist()) == sorted(rows.values.tolist()):
            return [f"{path} says the same already."]
        if not replace:
            raise ValueError(f"{path}: holds other decisions; add --replace (make: REPLACE=1) to "
                             "overwrite them.")  # fmt: skip
    write_table(path, with_fingerprints(rows, answers))
    return [f"{len(rows)} rows are settled.", f"Written: {path}"]


def _opened(study, data_dir):
    """Study, what has been coded, and the answers with fingerprints."""
    survey, folder = load_study(study, data_dir), Path(data_dir) / study
    codebook, raw = read_codebook(folder / "codebook.yml"), open_answers(survey)
    answers = sealed(raw, key_of(survey.synthetic, folder / "coding", make=True))
    everybody, _ = read_codings(folder / "coding", codebook, answers)
    codings, _ = parted(everybody, folder / "coding")
    if codings.empty:
        raise ValueError(f"{folder / 'coding'}: nobody has coded yet; make coding-sheet CODER=name "
                         "writes a sheet.")  # fmt: skip
    nothing = pd.DataFrame(columns=SETTLED)
    return survey, Coding(codebook, raw, codings, nothing, read_memos(folder / "coding")), answers


def to_workbook(coding, masked, rows, synthetic):
    """An ``.xlsx`` file, as bytes that depend on nothing else; no text is a formula."""
    book = openpyxl.Workbook()
    book.properties.creator, sheet = ORIGIN, book.active
    sheet.title = SHEET
    heads = [*LEAD, *(f"Notes of {coder}" for coder in coding.coders), "Decision", "Reason"]
    write_cell(sheet, 1, 1, f"{NOTICE}\n{TASK}" if synthetic else TASK)
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(heads))
    sheet.row_dimensions[1].height = 48
    for column, head in enumerate(heads, 1):
        write_cell(sheet, 2, column, head, bold=True, fill=BAND)
        sheet.column_dimensions[get_column_letter(column)].width = WIDTHS.get(head, 22)
    texts = {(row.respondent, row.item): (row.question, row.text) for row in masked.itertuples()}
    found, names = by_answer(coding.codings), {NONE: NO_CODE} | coding.codebook.names
    for number, row in enumerate(rows.itertuples(index=False), 3):
        answer = (row.respondent, row.item)
        coders, given = found[answer]
        by = given.get(row.code, []) if row.code != NONE else list(coders)
        rest = [coder for coder in coders if coder not in by]
        notes = about(coding.memos, *answer, row.code)
        values = [*answer, *texts[answer], row.code, names[row.code], ", ".join(by), ", ".join(rest)]
        values += [notes.get(coder, "") for coder in coding.coders]
        for column, value in enumerate([*values, row.decision, row.reason], 1):
            write_cell(sheet, number, column, value or None)
    _aids(sheet, len(heads) - 1, len(rows) + 2)
    return to_bytes(book)


def _aids(sheet, column, bottom):
    """A list to choose from, and colours that say what is open and what is settled."""
    letter, last = get_column_letter(column), get_column_letter(column + 1)
    choice = DataValidation("list", formula1=f'"{",".join(DECISIONS)}"', allow_blank=True)
    choice.add(f"{letter}3:{letter}{max(3, bottom)}")
    sheet.add_data_validation(choice)
    area = f"A3:{last}{max(3, bottom)}"
    sheet.conditional_formatting.add(area, FormulaRule([f'${letter}3=""'], fill=UNREAD))
    sheet.conditional_formatting.add(
        f"{letter}3:{letter}{max(3, bottom)}", FormulaRule([f'${letter}3<>""'], fill=GIVEN)
    )
    sheet.freeze_panes = "E3"
    sheet.auto_filter.ref = f"A2:{last}{max(3, bottom)}"


def from_workbook(path, coding, masked, remask=str):
    """The decisions of a sheet, each row beside its text; refused by the cell."""
    most = sum(len(given) + 1 for _, given in by_answer(coding.codings).values())
    grid = read_grid(path, SHEET, most + SPARE, len(LEAD) + len(coding.coders) + SPARE)
    head = grid.head(LEAD[0])
    columns = {key: column for column, key in enumerate(grid.rows[head]) if key}
    for key in NEEDED:
        if key not in columns:
            raise ValueError(f"{grid.path}: sheet {SHEET}, row {head + 1}: the column '{key}' is "
                             "missing; put it back, or start from a new sheet.")  # fmt: skip
    index, rows, unsettled = text_index(masked), {}, []
    found = by_answer(coding.codings)
    for number, row in enumerate(grid.rows[head + 1 :], head + 1):
        respondent, item, text, code, decision, reason = (row[columns[key]] for key in NEEDED)
        if not any((respondent, item, code, decision)):
            continue
        here = grid.at(number, columns["Decision"])
        answer = match(
            grid.at(number, columns["Respondent"]), (respondent, item), text, index, False, remask
        )
        if (*answer, code) in rows:
            raise ValueError(f"{here}: '{code}' of the answer stands in two rows; remove one.")
        coders, given = found.get(answer, ({}, {}))
        if code not in given and not (code == NONE and coders and not given):
            raise ValueError(f"{here}: no coder gave '{code}' to the answer of respondent "
                             f"'{respondent}' to '{item}'; remove the row.")  # fmt: skip
        decision = decision.lower()
        if decision and decision not in DECISIONS:
            raise ValueError(f"{here}: '{decision[:40]}' is not one of {', '.join(DECISIONS)}.")
        if decision in ("kept", "dropped") and not reason:
            raise ValueError(f"{here}: settled without a reason; write one.")
        unsettled += [] if decision else [here]
        rows[*answer, code] = (decision, reason)
    if unsettled:
        more = f" and {len(unsettled) - 1} more" if len(unsettled) > 1 else ""
        raise ValueError(f"{unsettled[0]}{more}: not settled; choose kept or dropped, with the reason.")
    table = [(*key, *value) for key, value in rows.items()]
    return pd.DataFrame(table, columns=SETTLED, dtype=object)
