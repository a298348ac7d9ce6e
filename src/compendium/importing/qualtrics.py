"""Undoes the shape of a Qualtrics export: three rows of headings, a column a choice or statement.

Today's shape is that of qualtRics' test data (sample.csv); some workbooks lack the third row.
Exports of 2016, whose third row is no JSON and whose ids have hyphens, are shaped as in
ctesta01/QualtricsTools; older ones of two rows as in qualtRics' sample_legacy.csv.
"""

import json
import re
from collections import defaultdict
from dataclasses import replace

from compendium.importing.export import (
    Field,
    doubt_unfinished,
    drop_rows,
    export_of,
    group_by_stem,
    heading,
    part_of,
    unique_names,
)

ROLE_OF = {
    "_recordId": "respondent", "ipAddress": "person", "recipientLastName": "person",
    "recipientFirstName": "person", "recipientEmail": "person", "externalDataReference": "person",
    "locationLatitude": "person", "locationLongitude": "person", "startDate": "admin",
    "endDate": "admin", "status": "admin", "progress": "admin", "duration": "admin",
    "finished": "admin", "recordedDate": "admin", "distributionChannel": "admin",
    "userLanguage": "admin", "responseId": "respondent", "responseSetId": "admin",
    "locationAccuracy": "admin",
}  # fmt: skip
LEGACY = {
    "ResponseID": "respondent", "ResponseSet": "admin", "Name": "person", "EmailAddress": "person",
    "ExternalDataReference": "person", "IPAddress": "person", "Status": "admin", "StartDate": "admin",
    "EndDate": "admin", "Finished": "admin", "LocationLatitude": "person",
    "LocationLongitude": "person", "LocationAccuracy": "admin",
}  # fmt: skip
# By code, in an export without import ids.
BARE = {id.casefold(): role for id, role in ROLE_OF.items()} | {
    "externalreference": "person", "duration (in seconds)": "admin",
}  # fmt: skip
QID = re.compile(r"^((?:\d+_)?QID\d+(?:#\d+)?)(?:_(.+))?$")
MADE = re.compile(
    r"_DO(_|$)|_FIRST_CLICK$|_LAST_CLICK$|_PAGE_SUBMIT$|_CLICK_COUNT$|_NPS_GROUP$|_FILE_(SIZE|TYPE)$"
    r"|_TEXT_[0-9a-f]{24}"  # topics and moods that Qualtrics found in a text
)
PREVIEWS = {"Survey Preview", "Survey Test", "1", "2"}


def qualtrics(path, sheet):
    """Three rows of headings: codes, texts, and JSON with each column's ``ImportId``.

    The text of the second row may be in any language, so structure is read from the third. A cell of
    -99 says *seen but unanswered*; where the export has any, an empty cell says *not shown*.
    """
    if is_legacy(sheet):
        return _two_rows(sheet)
    if is_bare(sheet):
        return _two_rows(sheet, legacy=False)
    codes, texts, ids = (sheet.cells.iloc[row].map(heading).tolist() for row in range(3))
    imported = [_import_id(cell) for cell in ids]
    if not any(id for id, _ in imported):
        raise ValueError(
            f"{path}: the third row holds no ImportId, as Qualtrics writes it; export the answers as "
            "CSV or TSV, or leave PLATFORM out."
        )
    names, _ = unique_names(codes)
    fields = _in_groups([_field(*row) for row in zip(names, texts, imported, strict=True)])
    export = export_of("qualtrics", sheet, fields, 3)
    asked = [name for name, (id, _) in zip(names, imported, strict=True) if QID.match(id)]
    _seen_but_unanswered(export, asked)
    by_id = dict(zip((id for id, _ in imported), names, strict=True))
    _without_previews(export, by_id.get("status"), by_id.get("finished"))
    return export


def _import_id(cell):
    """The import id and the choice id in a cell of the third row; empty where there is none."""
    if cell.startswith("{'"):  # as of 2016
        cell = re.sub(r"(panel|Location)-(.)", lambda m: m[2].lower(), cell.replace("'", '"'))
        cell = re.sub(r"(?<=\w)-(?=\w)", "_", cell)
    try:
        content = json.loads(cell)
    except json.JSONDecodeError:
        return "", ""
    if not isinstance(content, dict):
        return "", ""
    return str(content.get("ImportId", "")), str(content.get("choiceId", ""))


def _field(name, text, imported):
    """A field, its question still with its part; groups are settled when all are known."""
    id, choice = imported
    match = QID.match(id)
    if MADE.search(id) or MADE.search(name):
        return Field(name, text, role="admin", coded=True)
    if id.endswith(("_FILE_ID", "_FILE_NAME")):
        return Field(name, text, role="person", coded=True)
    if match is None:
        return Field(name, text or name, role=ROLE_OF.get(id, "answer"), coded=True)
    base, rest = match.group(1), match.group(2) or ""
    key = (
        re.sub(r"^\d+_", "", base),
        *[one for one in (choice or rest.removesuffix("TEXT").strip("_"),) if one],
    )
    if rest in ("", "TEXT") and not choice:
        return Field(name, text, group="" if rest else base, coded=True, key=key)
    role = "other_specify" if rest.endswith("TEXT") else "answer"
    return Field(name, text, part=choice or rest, group=base, role=role, coded=True, key=key)


def _in_groups(fields):
    """Give each column of a question of several its question and its part."""
    groups = defaultdict(list)
    for field in fields:
        if field.group:
            groups[field.group].append(field)
    settled = {}
    for members in groups.values():
        main = [field for field in members if field.role == "answer"]
        if not main:  # a form of several texts: each is a question
            settled |= {f.name: replace(f, group="", role="answer", part="") for f in members}
            continue
        question = (_shared([f.question for f in members]) or ("", []))[0]
        alone = len(main) == 1 and not main[0].part
        if alone and len(members) == 1:
            settled[main[0].name] = replace(main[0], group="")
            continue
        shared = _shared([f.question for f in main]) or (main[0].question, None)
        parts = shared[1] or [f.question for f in main]
        for field, part in zip(main, parts, strict=True):
            settled[field.name] = replace(
                field,
                question=question or shared[0],
                part="" if alone else part or field.name,
                group="" if alone else field.group,
            )
        ids = {f.part: f.name for f in main}
        for field in (f for f in members if f.role == "other_specify"):
            of = main[0].name if alone else ids.get(field.part.split("_")[0], main[-1].name)
            settled[field.name] = replace(field, question=question, part="", group="", of=of)
    return [settled.get(field.name, field) for field in fields]


def _shared(texts):
    return part_of(texts, (" - ",)) or part_of(texts, ("-",))


def is_legacy(sheet):
    """Whether there are two rows of headings, the first columns called V1, V2, ..."""
    cells = sheet.cells
    return (
        len(cells) > 1
        and cells.shape[1] > 1
        and (cells.iat[0, 0], cells.iat[1, 0]) == ("V1", "ResponseID")
    )


def is_bare(sheet):
    """Whether codes and texts stand above the answers without a third row of import ids: a workbook."""
    rows = [set(row) for row in sheet.cells.iloc[:3].to_numpy()]
    named = len(rows) > 1 and "Response ID" in rows[1] and {"ResponseId", "Finished"} <= rows[0]
    return named and not any("ImportId" in cell for cell in rows[-1])


def _two_rows(sheet, legacy=True):
    """Codes and texts; a text is parted from its choice by a hyphen, long ago without spaces."""
    codes, texts = (sheet.cells.iloc[row].map(heading).tolist() for row in range(2))
    names, _ = unique_names(codes)
    fields = []
    for name, text in zip(names, texts, strict=True):
        part = re.search(r"_(\d+)(_TEXT)?$", name) if legacy else None
        question = re.sub(r"\s*-(?=[^-]*$)", " - ", text) if part else text
        question = question.replace(" - Selected Choice", "") or name
        role = LEGACY.get(text, "answer") if legacy else BARE.get(name.casefold(), "answer")
        fields.append(Field(name, question, role=role, coded=True))
    export = export_of("qualtrics", sheet, group_by_stem(fields), 2)
    if not legacy:
        _seen_but_unanswered(export, [field.name for field in fields if field.role == "answer"])
    titles = dict(zip(texts if legacy else names, names, strict=True))
    _without_previews(export, titles.get("Status"), titles.get("Finished"))
    return export


def _without_previews(export, status, finished):
    """Leave previews out, and ask about what is not finished."""
    if status:
        drop = export.values[status].isin(PREVIEWS)
        drop_rows(export, drop, "previews and tests, no respondents")
    if finished:
        unfinished = export.values[finished].isin(["False", "FALSE", "0"])
        doubt_unfinished(export, int(unfinished.sum()))


def _seen_but_unanswered(export, names):
    values = export.values[names]
    if not (values == "-99").any(axis=None):
        return
    export.seen = {name: values[name] != "" for name in names}
    export.values[names] = values.mask(values == "-99", "")
    export.read.append(
        "Cells of -99 mean seen but unanswered; empty cells mean that the question was not shown."
    )
