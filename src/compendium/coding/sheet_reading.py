"""Reads coding sheets back, and writes a coder's codings as CSV.

A sheet comes back from a person and from programs that nobody here chose: it is checked before it is
parsed, every mark and every row is checked after, and a message names the cell.
"""

import io
import re
import warnings
from pathlib import Path

import openpyxl
import pandas as pd
from openpyxl.utils import get_column_letter

from compendium.archives import parse_xml, read_members, write_archive
from compendium.coding.codebook import CODING, CONSENSUS, NONE, check_coding, read_coding
from compendium.coding.refi_write import NO_CODE
from compendium.coding.sheets import ABOVE, LEAD, MARK, SHEET
from compendium.files import write_table

CODER = "[a-z0-9_-]+"
KEY = LEAD[:2]
SPARE = 200  # rows and columns that somebody may have added


def read_sheet(path, codebook, answers):
    """Read a coder's workbook.

    Parameters
    ----------
    path : str or pathlib.Path
    codebook : Codebook
    answers : pandas.DataFrame
        `respondent`, `item`; the answers of the study, which the sheet may hold in any order.

    Returns
    -------
    pandas.DataFrame
        `respondent`, `item`, `code`, in the order of answers and codebook; answers without a mark
        are left out.

    Raises
    ------
    ValueError
        When the file is damaged or no workbook, a column is missing, unknown or there twice, a row
        names an answer that the study lacks or that another row has, a cell holds anything but
        `MARK`, or `NONE` is marked beside a code. The message names the file and the cell.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from compendium.coding.codebook import read_codebook
    >>> from compendium.coding.sheets import write_sheet
    >>> codebook = read_codebook("data/microcredentials/codebook.yml")
    >>> answers = pd.DataFrame({"respondent": ["R1"], "item": ["use"], "question": ["Do you?"],
    ...                         "text": ["We do."]})
    >>> coded = pd.DataFrame([["R1", "use", "cost"]], columns=CODING)
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "jo.xlsx"
    >>> _ = path.write_bytes(write_sheet(codebook, answers, coded, synthetic=False))
    >>> read_sheet(path, codebook, answers).values.tolist()
    [['R1', 'use', 'cost']]
    """
    sheet = _open(path, len(answers), len(codebook.ids))
    columns, start = _columns(path, sheet, codebook)
    keys = list(zip(answers["respondent"].map(_plain), answers["item"], strict=True))
    known, given = set(keys), {}
    for row in sheet.iter_rows(min_row=start):
        codes = _marks(path, row, columns)
        answer = tuple(_plain(row[columns[key]].value) for key in KEY)
        if answer == ("", "") and not codes:
            continue
        here, (respondent, item) = _at(path, row[columns[KEY[0]]]), answer
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


def check_coder(name):
    """Refuse a coder's name that is no safe name of a file.

    Parameters
    ----------
    name : str

    Raises
    ------
    ValueError

    Examples
    --------
    >>> check_coder("../jo")
    Traceback (most recent call last):
    ValueError: coder '../jo': use small letters, digits, _ and - only, and not 'consensus'.
    """
    if not re.fullmatch(CODER, name) or f"{name}.csv" == CONSENSUS:
        raise ValueError(f"coder '{name}': use small letters, digits, _ and - only, and not "
                         "'consensus'.")  # fmt: skip


def write_codings(folder, codings, codebook, answers, replace=False):
    """Write what coders gave as CSV, one file a coder, over other codings only when told to.

    Parameters
    ----------
    folder : str or pathlib.Path
        Such as ``data/mine/coding``.
    codings : pandas.DataFrame
        `coder`, `respondent`, `item`, `code`.
    codebook : Codebook
    answers : pandas.DataFrame
        `respondent`, `item`.
    replace : bool
        Whether files with other codings may be overwritten.

    Returns
    -------
    list of pathlib.Path
        The files that were written: not those that hold the same codings already.

    Raises
    ------
    ValueError
        When a coder's name is no safe name of a file, a row does not fit, or a file holds other
        codings and `replace` is false. Then no file is written.

    Examples
    --------
    >>> import tempfile
    >>> rows = pd.DataFrame([["jo", "R1", "use", "cost"]], columns=["coder", *CODING])
    >>> from compendium.coding.codebook import read_codebook
    >>> codebook = read_codebook("data/microcredentials/codebook.yml")
    >>> (path,) = write_codings(tempfile.mkdtemp(), rows, codebook, rows)
    >>> print(path.read_text(), end="")
    respondent,item,code
    R1,use,cost
    """
    changed = {}
    for coder, rows in codings.groupby("coder"):
        check_coder(coder)
        path = Path(folder) / f"{coder}.csv"
        rows = rows[CODING].reset_index(drop=True)
        check_coding(f"codings of {coder}", rows, codebook, answers)
        if not path.exists() or _differs(path, rows, codebook, answers, replace):
            changed[path] = rows
    for path, rows in changed.items():
        write_table(path, rows)
    return list(changed)


def _differs(path, rows, codebook, answers, replace):
    """Whether a file is to be overwritten; refused where it holds other codings."""
    there = read_coding(path, codebook, answers)
    differs = set(map(tuple, there.to_numpy())) != set(map(tuple, rows.to_numpy()))
    if differs and not replace:
        raise ValueError(f"{path}: holds other codings, {len(there)} rows against {len(rows)}; add "
                         "--replace (make: REPLACE=1) to overwrite them.")  # fmt: skip
    return differs


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
    head = next((row for row in rows if KEY[0] in [_plain(cell.value) for cell in row]), None)
    if head is None:
        raise ValueError(f"{path}: sheet {SHEET}: no row has the heading '{KEY[0]}'; put the headings "
                         "back above the answers.")  # fmt: skip
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
    missing = [key for key in [*KEY, NONE, *codebook.ids] if key not in columns]
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
