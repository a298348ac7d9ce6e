"""Undoes the shape of a LimeSurvey export: codes, texts or both in one row of headings, or VV in two.

After LimeSurvey's own writers (application/helpers/admin/export in its source, and for the VV file
application/controllers/admin/Export.php).
"""

import re
from collections import Counter
from dataclasses import replace

from compendium.importing.export import (
    OTHER_PART,
    Field,
    doubt_unfinished,
    export_of,
    heading,
    unique_names,
)

# Codes hold no underscore; where codes of the expression engine are exported, one parts them.
HEADING = re.compile(
    r"^([A-Za-z][A-Za-z0-9]*)((?:\[[^\[\]]*\])*|(?:_[A-Za-z0-9]+)+)(?:\.\s+(.*))?$", re.DOTALL
)
ROLE_OF = {
    "id": "respondent", "submitdate": "admin", "lastpage": "admin", "startlanguage": "admin",
    "seed": "admin", "startdate": "admin", "datestamp": "admin", "interviewtime": "admin",
    "token": "person", "ipaddr": "person", "refurl": "person", "firstname": "person",
    "lastname": "person", "email": "person",
    "response id": "respondent", "date submitted": "admin", "last page": "admin",
    "start language": "admin", "date started": "admin", "date last action": "admin",
    "total time": "admin", "access code": "person", "ip address": "person", "referrer url": "person",
}  # fmt: skip
TIMES = re.compile(r"^(group|question|page)time", re.IGNORECASE)
TIMED = re.compile(r"^(group|question|page) time: |^(gruppen|fragen?)zeit: ", re.IGNORECASE)
NOT_SHOWN = ("N/A", "{question_not_shown}")
# What stands for signs that a VV file cannot hold; the brace last, as it is in all of them.
WRITTEN = {"{newline}": "\n", "{cr}": "", "{tab}": " ", "{quote}": '"', "{lbrace}": "{"}
NUMBERED = re.compile(r"\d+X\d+X\d+")


def limesurvey(path, sheet):
    """One row of headings: a code, ``code. text``, or the text; parts stand in square brackets.

    ``N/A`` and ``{question_not_shown}`` say *not shown*; LimeSurvey writes them for a database null
    when full answers are exported. With answer codes a null and an empty box are both empty.
    """
    two = is_vv(sheet)
    headings = _vv_headings(path, sheet) if two else sheet.cells.iloc[0].map(heading).tolist()
    parsed = [HEADING.match(text) for text in headings]
    coded = all(match is not None for match in parsed)
    names, _ = unique_names(
        [m.group(1) + m.group(2) if coded else h for m, h in zip(parsed, headings, strict=True)]
    )
    if coded:
        fields = _untimed([_field(name, m) for name, m in zip(names, parsed, strict=True)], sheet)
    else:
        fields = [_text_field(*pair) for pair in zip(names, headings, strict=True)]
    several = Counter(field.group for field in fields)
    mains = {field.name for field in fields}
    fields = [_other(field, several, mains) for field in fields]
    export = export_of("limesurvey", sheet, fields, 2 if two else 1)
    # A leading apostrophe guards what a spreadsheet would compute.
    guarded = r"^'(?=[=+\-@\t])"
    for field in fields:
        values = export.values[field.name]
        hidden = values.isin(NOT_SHOWN)
        if hidden.any() and field.role in ("answer", "other", "other_specify"):
            export.seen[field.name] = ~hidden
            values = values.mask(hidden, "")
        for written, sign in WRITTEN.items() if two else ():
            values = values.str.replace(written, sign, regex=False)
        export.values[field.name] = values.str.replace(guarded, "", regex=True)
    submitted = [f.name for f in fields if f.name in ("submitdate", "Date submitted")]
    if submitted:
        unfinished = export.values[submitted[0]].isin(["", *NOT_SHOWN])
        doubt_unfinished(export, int(unfinished.sum()))
    return export


def is_vv(sheet):
    """Whether the second row holds the codes of the columns, as in a VV survey file."""
    return len(sheet.cells) > 2 and {"lastpage", "startlanguage"} <= set(sheet.cells.iloc[1])


def _vv_headings(path, sheet):
    """``code. question [part]`` from the two rows of a VV file, whichever sign parts its texts."""
    codes = sheet.cells.iloc[1].map(heading)
    if codes.str.match(NUMBERED).any():
        raise ValueError(
            f"{path}: a VV survey file whose columns go by numbers such as {codes.iat[-1]}; export it "
            "again in the other version of the format, or the answers as CSV."
        )
    sheet.read.append("VV survey file of LimeSurvey: answers are codes; their texts are in its .lss.")
    found = []
    for code, text in zip(codes, sheet.cells.iloc[0], strict=True):
        stem, *parts = code.split("_")
        named = stem + "".join(f"[{part}]" for part in parts)
        found.append(f"{named}. {_vv_text(text, parts)}" if text and text != code else named)
    return found


def _vv_text(text, parts):
    """A question with its part in brackets, which is in parentheses, behind a dash or on a new line."""
    match = re.fullmatch(r"(.*?)(?: \n| {1,2}- |\s*\((?=.*\)$))(.+?)\)?", text.strip(), re.DOTALL)
    if not parts or match is None:
        return heading(text)
    question, part = match.groups()
    part += ")" * (part.count("(") - part.count(")"))
    return f"{heading(question)} [{heading(part)}]"


def _role(code):
    code = code.casefold()
    if code.startswith("attribute_"):
        return "person"
    return "admin" if TIMES.match(code) or TIMED.match(code) else ROLE_OF.get(code, "answer")


def _field(name, match):
    """From a heading that starts with a code; without a text, codes stand for question and part."""
    code, rest, text = match.groups()
    subs = re.findall(r"\[([^\[\]]*)\]", rest) or rest.split("_")[1:]
    key = (code, *subs)
    role = _role(f"{code}{rest}") if rest.startswith("_") else _role(code)
    role = role if not TIMED.match(text or "") else "admin"
    if role != "answer" or not subs:
        return Field(name, text or code, role=role, coded=True, key=key)
    question, part = text or code, ", ".join(subs)
    if text and text.endswith("]") and " [" in f" {text}":  # the question itself may be empty
        question, part = (side.strip() for side in f" {text[:-1]}".rsplit(" [", 1))
        question, part = question or code, part.replace("][", ", ")  # of an array of two scales
    role = "other" if subs[-1] == "other" else "answer"
    if subs[-1].endswith("comment"):
        return Field(name, f"{question} [{part}]", coded=True)  # words beside a tick, in no structure
    return Field(name, question, part, code, role, coded=True, key=key)


def _untimed(fields, sheet):
    """Codes such as ``AGETime`` are the time that a question took, where ``AGE`` is asked as well.

    A text beside the code decides: it says *Question time*. A code alone does where all it holds are
    numbers, and of the question it is named after there is a column.
    """
    stems = {re.split(r"[\[.]", field.name)[0] for field in fields}
    for i, field in enumerate(fields):
        bare = field.question == field.name and field.name.endswith("Time")
        if field.role == "answer" and bare and field.name.removesuffix("Time") in stems:
            values = sheet.cells.iloc[1:, i]
            if values.str.fullmatch(r"\s*(\d+([.,]\d+)?)?\s*").all():
                fields[i] = replace(field, role="admin")
    return fields


def _text_field(name, text):
    role = _role(text)
    if role == "answer" and text.endswith("]") and " [" in text:
        question, part = (side.strip() for side in text[:-1].rsplit(" [", 1))
        if part.casefold() in ("comment", "kommentar", "commentaire"):
            return Field(name, text)
        return Field(name, question, part, question)
    return Field(name, text, role=role)


def _other(field, several, mains):
    """The text of *Other*: beside a single choice, or itself the option of a multi-response item."""
    if field.role == "other" and several[field.group] == 1:
        main = field.group if field.group in mains else ""
        return replace(field, group="", part="", role="other_specify" if main else "answer", of=main)
    if field.group and field.group in mains and several[field.group] == 1:
        other = bool(OTHER_PART.search(field.part))
        of, role = (field.group, "other_specify") if other else ("", "answer")
        return replace(field, group="", part="", role=role, of=of)
    if field.group and field.part.casefold() in ("other", "sonstiges", "andere", "autre", "otro"):
        return replace(field, role="other", part=field.part[:1].upper() + field.part[1:])
    return field
