"""Reads a coding sheet back: marks, notes, and columns that a coder added, each row beside its text."""

from dataclasses import dataclass

import pandas as pd

from compendium.coding.codebook import NO_CODE, NONE
from compendium.coding.exchange.grids import read_grid
from compendium.coding.exchange.keeping import Given, match, text_index
from compendium.coding.notes import CODING, MEMO, drafted
from compendium.names import slug

SHEET, MARK = "Answers", "x"
LEAD = ["Respondent", "Item", "Question", "Answer"]  # capitals, which no code's id has
NOTE = "Note"
NEEDED = ["Respondent", "Item", "Answer"]  # what says which answer a row is
ABOVE = 4  # rows above the answers: what to do, themes, names, ids
SPARE = 200  # rows and columns that somebody may have added


@dataclass(frozen=True)
class Columns:
    """Where each column of a sheet is, by its id, and those that a coder added."""

    known: dict[str, int]
    proposed: dict[str, int]  # by the id that the heading makes
    names: dict[str, str]
    ignored: list[str]
    start: int


def from_workbook(path, codebook, answers, reattach=False, remask=str):
    """What a coder's sheet says, in the order of answers and codebook, whatever its own.

    Parameters
    ----------
    path : str or pathlib.Path
    codebook : Codebook
    answers : pandas.DataFrame
        As from `release.masked_answers`.
    reattach : bool
        Whether marks beside a text that is another respondent's, and only theirs, go to them.
    remask : callable
        Masks a text as is done today; tried where the text of a row is not found.

    Returns
    -------
    keeping.Given
        Without the coder.

    Raises
    ------
    ValueError
        When the sheet is damaged, or a row, column or mark is not what was handed out.
    """
    most = ABOVE + len(answers) + SPARE, len(LEAD) + 2 + len(codebook.ids) + SPARE
    grid = read_grid(path, SHEET, *most)
    columns, index = _columns(grid, codebook), text_index(answers)
    given, notes, moved = {}, {}, 0
    for number, row in enumerate(grid.rows[columns.start :], columns.start):
        respondent, item, text = (row[columns.known[key]] for key in NEEDED)
        codes, noted = _marks(grid, number, columns), _notes(grid, number, columns)
        if (respondent, item) == ("", "") and not codes and not noted:
            continue
        here, answer = grid.at(number, columns.known["Respondent"]), (respondent, item)
        if codes or noted:
            answer = match(here, answer, text, index, reattach, remask)
            moved += answer != (respondent, item)
        elif reattach:
            continue  # nothing is said of it, wherever it is now
        elif answer not in index.texts:
            raise ValueError(f"{here}: respondent '{respondent}' gave no answer to '{item}'; correct "
                             "the row, or remove it.")  # fmt: skip
        if answer in given:
            raise ValueError(f"{here}: the answer of respondent '{answer[0]}' to '{item}' stands in "
                             "two rows; remove one.")  # fmt: skip
        given[answer], notes[answer] = codes, noted
    return _given(codebook, columns, given, notes | {("", ""): _on_codes(grid, columns)}, moved, index)


def _given(codebook, columns, given, notes, moved, index):
    """Marks and notes as tables, and what to tell the coder."""
    codings, proposals = [], []
    for answer in index.texts:
        marked = given.get(answer, [])
        order = [*codebook.ids, *codebook.former, NONE]
        codings += [(*answer, code) for code in order if code in marked]
        new = [code for code in columns.proposed if code in marked]
        proposals += [(*answer, code) for code in new]
        if new and set(marked) <= {*new}:  # no code of the codebook, as yet
            codings.append((*answer, NONE))
    memos = [("", *answer, *memo) for answer, found in notes.items() for memo in found]
    used = {code for *_, code in proposals}
    drafts = [drafted(code, columns.names[code]) for code in columns.proposed if code in used]
    messages = [f"The column '{name}' is no code and was not read." for name in columns.ignored]
    if moved:
        messages.append(f"{moved} rows went to the respondents whose text stands in them.")
    if drafts:
        names = ", ".join(f"'{draft['name']}'" for draft in drafts)
        messages.append(f"Proposed as codes, as the codebook has no such column: {names}.")
    return Given(
        pd.DataFrame(codings, columns=CODING, dtype=object).assign(coder=""),
        pd.DataFrame(memos, columns=MEMO, dtype=object),
        pd.DataFrame(proposals, columns=CODING, dtype=object).assign(coder=""),
        drafts, messages,
    )  # fmt: skip


def _columns(grid, codebook):
    """Where each column is, by its id; a column of marks that nobody handed out proposes a code."""
    head = grid.head(LEAD[0])
    places, codes = {}, [NONE, *codebook.ids]
    for column, key in enumerate(grid.rows[head]):
        if key and key in places:
            raise ValueError(f"{grid.at(head, column)}: '{key}' stands in two columns; remove one.")
        if key:
            places[key] = column
    former = [key for key in places if key in codebook.former]  # of a sheet handed out before
    known = {key: places[key] for key in [*LEAD, NOTE, *codes, *former] if key in places}
    added = {key: column for key, column in places.items() if key not in known}
    missing = [key for key in [*NEEDED, *codes] if key not in known]
    if former:
        missing = [key for key in missing if key not in codebook.ids]
    if missing:
        for key, column in added.items():
            raise ValueError(f"{grid.at(head, column)}: the codebook has no code '{key}', and the "
                             f"column '{missing[0]}' is missing; correct the id.")  # fmt: skip
        _refuse_nameless(grid, head)
        raise ValueError(f"{grid.path}: sheet {grid.sheet}, row {head + 1}: the column '{missing[0]}' "
                         "is missing; put it back, or start from a new sheet.")  # fmt: skip
    marked = {key: column for key, column in added.items() if _holds_marks(grid, head, column)}
    proposed, names = {}, {}
    for key, column in marked.items():
        id = slug(key) or "proposed"
        while id in codes or id in codebook.former or id in proposed:
            id += "_new"
        proposed[id], names[id] = column, key
    return Columns(known, proposed, names, [key for key in added if key not in marked], head + 1)


def _holds_marks(grid, head, column):
    """Whether a column holds marks and nothing else."""
    return {row[column].lower() for row in grid.rows[head + 1 :]} - {""} == {MARK}


def _refuse_nameless(grid, head):
    """Refuse contents under an empty heading while a code is missing: they may be that code's."""
    for column in (column for column, key in enumerate(grid.rows[head]) if not key):
        for number in range(head + 1, len(grid.rows)):
            if grid.rows[number][column]:
                raise ValueError(f"{grid.at(number, column)}: the column has no id in row {head + 1}; "
                                 "put it back, or clear the column.")  # fmt: skip


def _marks(grid, number, columns):
    """The codes marked in a row."""
    codes, row = [], grid.rows[number]
    every = {key: place for key, place in columns.known.items() if key not in (*LEAD, NOTE)}
    for key, column in (every | columns.proposed).items():
        if row[column].lower() == MARK:
            codes.append(key)
        elif row[column]:
            raise ValueError(f"{grid.at(number, column)}: {row[column][:40]!r} is no mark; write "
                             f"{MARK}, or leave the cell empty.")  # fmt: skip
    if NONE in codes and len(codes) > 1:
        raise ValueError(f"{grid.at(number, columns.known[NONE])}: '{NO_CODE}' is marked beside a "
                         "code; remove one of them.")  # fmt: skip
    return codes


def _notes(grid, number, columns):
    """Notes of a row as code and text: on marks, and on the answer as a whole."""
    on_code, on_answer = [], []
    if NOTE in columns.known and grid.rows[number][columns.known[NOTE]]:
        on_answer.append(grid.rows[number][columns.known[NOTE]])
    for key, column in (columns.known | columns.proposed).items():
        text = grid.notes.get((number, column))
        if text and key in (*LEAD, NOTE):
            on_answer.append(text)
        elif text:
            on_code.append((key, text))
    return [("", "\n".join(on_answer))] * bool(on_answer) + on_code


def _on_codes(grid, columns):
    """Notes on the headings: on codes as such."""
    every = {key: place for key, place in columns.known.items() if key not in (*LEAD, NOTE)}
    found = {}
    for number in range(columns.start):
        for key, column in (every | columns.proposed).items():
            if text := grid.notes.get((number, column)):
                found.setdefault(key, []).append(text)
    return [(key, "\n".join(texts)) for key, texts in found.items()]
