"""What an export is once its platform's headings are understood: fields, values, who saw what."""

import itertools
import re
from dataclasses import dataclass, field

import pandas as pd

# Headings of the text that goes with an option Other, and labels of that option itself.
OTHER_PART = re.compile(r"\bother\b|specify|sonstige|andere|autre|\botr[oa]", re.IGNORECASE)
OTHER_LABEL = re.compile(r"^(other|sonstige|andere|autre|otr[oa])|specify\b", re.IGNORECASE)


@dataclass(frozen=True)
class Field:
    """One column of an export.

    Attributes
    ----------
    name : str
        Its own name in the export: a code, or the whole heading.
    question : str
        What was asked.
    part : str
        The option or statement that the column is about; empty for a question of one column.
    group : str
        The same for all columns of one question; empty where the column stands alone.
    role : str
        ``answer``; ``other``, a text that is itself the option *Other*; ``beside``, the text beside
        an option of the field that `of` names; ``respondent``; ``admin`` (dates, progress, device);
        ``person`` (can identify somebody).
    of : str
        The name of a field.
    coded : bool
        Whether `name` is a code that a person chose, such as ``Q7_1``, and not a heading.
    """

    name: str
    question: str
    part: str = ""
    group: str = ""
    role: str = "answer"
    of: str = ""
    coded: bool = False


@dataclass
class Export:
    """An export with its platform's shape undone.

    Attributes
    ----------
    platform : str
    fields : list of Field
    values : pandas.DataFrame
        Text, one row a respondent, a column a field, by its name. The empty string is no value.
    seen : dict of str to pandas.Series of bool
        Whether the question was shown, by field, where the platform says.
    labels : dict of str to dict of str to str
        What the codes of a field mean, where the file says.
    read, doubts : list of str
        As of a `Sheet`.
    left_out : list of dict
        ``{"column", "why"}``.
    """

    platform: str
    fields: list[Field]
    values: pd.DataFrame
    seen: dict = field(default_factory=dict)
    labels: dict = field(default_factory=dict)
    read: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    left_out: list[dict] = field(default_factory=list)


def heading(text):
    """A heading as one line of plain text: no markup, no line breaks, no hard spaces.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> heading("How\\xa0<b>often</b>\\n do you cycle? ")
    'How often do you cycle?'
    """
    text = re.sub(r"</?[a-zA-Z][^<>]{0,300}>", "", text)
    for entity, sign in (
        ("&nbsp;", " "),
        ("&amp;", "&"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", '"'),
    ):
        text = text.replace(entity, sign)
    return re.sub(r"\s+", " ", text).strip()


def unique_names(names):
    """Column names of their own: a name that stands twice gets a number, an empty one its place.

    Parameters
    ----------
    names : sequence of str

    Returns
    -------
    names : list of str
    renamed : list of str
        The new names.

    Examples
    --------
    >>> unique_names(["Why?", "", "Why?"])
    (['Why?', 'column 2', 'Why? (2)'], ['column 2', 'Why? (2)'])
    """
    found, renamed, seen = [], [], set()
    for place, name in enumerate(names, start=1):
        new = name or f"column {place}"
        number = 1
        while new in seen:
            number += 1
            new = f"{name} ({number})"
        seen.add(new)
        found.append(new)
        renamed += [new] if new != name else []
    return found, renamed


def runs_of(fields):
    """Consecutive fields of one question.

    Parameters
    ----------
    fields : list of Field

    Returns
    -------
    list of list of Field
    """
    keyed = itertools.groupby(enumerate(fields), key=lambda pair: pair[1].group or str(pair[0]))
    return [[part for _, part in run] for _, run in keyed]


def drop_rows(export, drop, why):
    """Leave rows out, and say which.

    Parameters
    ----------
    export : Export
        Changed in place.
    drop : pandas.Series of bool
    why : str
    """
    if not drop.any():
        return
    rows = [str(i + 1) for i in range(len(drop)) if drop.iloc[i]]
    shown = ", ".join(rows[:10]) + (", ..." if len(rows) > 10 else "")
    export.left_out.append({"column": f"{len(rows)} of the rows (row {shown})", "why": why})
    export.values = export.values[~drop].reset_index(drop=True)
    export.seen = {k: v[~drop].reset_index(drop=True) for k, v in export.seen.items()}


def export_of(platform, sheet, fields, rows):
    """The fields over the rows below the headings.

    Parameters
    ----------
    platform : str
    sheet : Sheet
    fields : list of Field
        One a column of the sheet.
    rows : int
        How many rows are headings.

    Returns
    -------
    Export
    """
    values = sheet.cells.iloc[rows:].reset_index(drop=True)
    values.columns = [field.name for field in fields]
    return Export(platform, fields, values, read=list(sheet.read), doubts=list(sheet.doubts))


def doubt_unfinished(export, count):
    """Ask what is to become of rows that the platform calls unfinished.

    Parameters
    ----------
    export : Export
        Changed in place.
    count : int
    """
    if count:
        export.doubts.append(
            f"May rows that were not finished stay in ({count} of {len(export.values)})? Each answer "
            "counts under its own base."
        )
