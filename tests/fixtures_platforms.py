"""Writes a described survey as Qualtrics and LimeSurvey do; nothing here is from a real export."""

import csv
import json
from dataclasses import replace

from described_survey import NOT_ASKED, OTHER, SKIPPED, Survey, missing, number, save

# ---- Qualtrics

QUALTRICS = {
    "StartDate": ("Start Date", "startDate", "2024-05-01 10:00:00"),
    "Status": ("Response Type", "status", "IP Address"),
    "IPAddress": ("IP Address", "ipAddress", "192.0.2.7"),
    "Progress": ("Progress", "progress", "100"),
    "Finished": ("Finished", "finished", "True"),
    "ResponseId": ("Response ID", "_recordId", None),
    "RecipientLastName": ("Recipient Last Name", "recipientLastName", "Muir"),
    "RecipientEmail": ("Recipient Email", "recipientEmail", "j.muir@example.org"),
    "LocationLatitude": ("Location Latitude", "locationLatitude", "55.95"),
    "UserLanguage": ("User Language", "userLanguage", "EN"),
}


def qualtrics(survey, path, split=True, seen=True, chosen=" - Selected Choice", **how):
    """Three rows of headings; a column a choice, or choices joined by commas; -99 as *seen* says."""
    columns = [(k, t, {"ImportId": i}, None) for k, (t, i, _) in QUALTRICS.items()]
    for n, q in enumerate(survey.questions, start=1):
        columns += _qualtrics_columns(n, q, split, chosen)
    table = [[c[0] for c in columns], [c[1] for c in columns], [json.dumps(c[2]) for c in columns]]
    for i, row in enumerate(survey.rows):
        fixed = {k: v for k, (_, _, v) in QUALTRICS.items()} | {"ResponseId": f"R_{i:05d}x"}
        fixed["Finished"] = "False" if i == 3 else "True"
        cells = [
            fixed[k] if get is None else _qualtrics_cell(get, row, seen) for k, _, _, get in columns
        ]
        table.append(cells)
        if i == 5:  # a preview among the respondents
            table.append(
                [
                    "Survey Preview" if c[0] == "Status" else v
                    for c, v in zip(columns, cells, strict=True)
                ]
            )
            table[-1][5] = "R_preview"
    save(path, table, **how)
    # An export without a single -99 does not tell that it would write one.
    told = seen and any(value == SKIPPED for row in survey.rows for value in row.values())
    exact = {q.code for q in survey.questions} if told else set()
    return replace(survey, exact=frozenset(exact))


def _qualtrics_columns(n, q, split, chosen):
    name, qid = f"Q{n}", f"QID{n + 20}"
    if q.kind == "grid":
        return [(f"{name}_{i}", f"{q.text} - {s}", {"ImportId": f"{qid}_{i}"}, (q, s, None))
                for i, s in enumerate(q.statements, start=1)]  # fmt: skip
    if q.kind == "multi" and split:
        mark = chosen if q.other else ""
        found = []
        for i, o in enumerate(q.options, start=1):
            id = {"ImportId": qid, "choiceId": str(i)}
            found.append((f"{name}_{i}", f"{q.text}{mark} - {o}", id, (q, o, None)))
        if q.other:
            id = {"ImportId": qid, "choiceId": "9"}
            found.append((f"{name}_9", f"{q.text}{mark} - Other", id, (q, OTHER, None)))
            id, text = {"ImportId": f"{qid}_9_TEXT"}, f"{q.text} - Other - Text"
            found.append((f"{name}_9_TEXT", text, id, (q, OTHER, "text")))
        return found
    if q.kind in ("number", "text"):
        return [(name, q.text, {"ImportId": f"{qid}_TEXT"}, (q, None, None))]
    mark = chosen if q.other else ""
    found = [(name, f"{q.text}{mark}", {"ImportId": qid}, (q, None, None))]
    if q.other:
        text = f"{q.text} - Other - Text"
        found.append((f"{name}_9_TEXT", text, {"ImportId": f"{qid}_9_TEXT"}, (q, OTHER, "text")))
    return found


def _qualtrics_cell(get, row, seen):
    q, part, text = get
    value, gap = row[q.code], "-99" if seen else ""
    if value == NOT_ASKED:
        return ""
    if value == SKIPPED:
        return "" if text else gap
    if q.kind == "multi":
        ticked, words = value
        ticked = ticked | ({OTHER} if words else set())
        if text:
            return words
        if part is None:
            return ",".join([*(o for o in q.options if o in ticked), *(["Other"] if words else [])])
        return ("Other" if part == OTHER else part) if part in ticked else ""
    if q.kind == "grid":
        return value[part]
    if isinstance(value, tuple):
        return value[1] if text else "Other"
    return "" if text else value


# ---- LimeSurvey


def limesurvey(survey, path, heading="code", full=True, mark=".", **how):
    """Codes, ``code. text`` or texts; full answers (N/A for a null) or codes (Y, -oth-)."""
    columns = [("id", "Response ID", None), ("submitdate", "Date submitted", None),
               ("lastpage", "Last page", None), ("startlanguage", "Start language", None),
               ("ipaddr", "IP address", None)]  # fmt: skip
    expected = [_lime_expected(q, heading, full) for q in survey.questions]
    for q in survey.questions:
        columns += _lime_columns(q)
    title = {"code": lambda c: c[0], "codetext": lambda c: f"{c[0]}. {c[1]}", "text": lambda c: c[1]}
    table = [[title[heading](column) for column in columns]]
    for i, row in enumerate(survey.rows):
        fixed = [str(i + 1), "" if i == 3 else "2024-05-01 10:00:00", "4", "en", "192.0.2.7"]
        cells = [_lime_cell(get, row, full, mark) for _, _, get in columns[5:]]
        table.append([*fixed, *("'" + c if c.startswith("=") else c for c in cells)])
    # LimeSurvey ends a file with an empty line.
    save(path, [*table, []], **({"quoting": csv.QUOTE_ALL} | how))
    relabelled = [_lime_row(row, survey.questions, expected) for row in survey.rows]
    exact = {q.code for q in survey.questions if q.kind == "multi"} if full else set()
    return Survey(tuple(expected), tuple(relabelled), frozenset(exact))


def _lime_columns(q):
    if q.kind == "grid":
        return [
            (f"{q.code}[SQ{i:03d}]", f"{q.text} [{s}]", (q, s)) for i, s in enumerate(q.statements, 1)
        ]
    if q.kind == "multi":
        found = [
            (f"{q.code}[SQ{i:03d}]", f"{q.text} [{o}]", (q, o)) for i, o in enumerate(q.options, 1)
        ]
        return found + ([(f"{q.code}[other]", f"{q.text} [Other]", (q, OTHER))] if q.other else [])
    found = [(q.code, q.text, (q, None))]
    return found + ([(f"{q.code}[other]", f"{q.text} [Other]", (q, OTHER))] if q.other else [])


def _lime_code(q, label):
    return f"A{q.labels().index(label) + 1}"


def _lime_cell(get, row, full, mark):
    q, part = get
    value = row[q.code]
    if value == NOT_ASKED:
        return "N/A" if full and q.kind == "multi" and part != OTHER else ""
    if q.kind == "multi":
        ticked, words = (set(), "") if value == SKIPPED else value
        if part == OTHER:
            return words
        return ("Yes" if full else "Y") if part in ticked else "No" if full else ""
    if value == SKIPPED:
        return ""
    if q.kind == "grid":
        return value[part] if full else _lime_code(q, value[part])
    if isinstance(value, tuple):
        return value[1] if part == OTHER else "Other" if full else "-oth-"
    if part == OTHER:
        return ""
    if q.kind in ("single", "scale"):
        return value if full else _lime_code(q, value)
    return number(q, value, mark)


def _lime_expected(q, heading, full):
    """The question as its export still knows it."""
    if not full and q.kind != "multi":
        codes = tuple(_lime_code(q, label) for label in q.labels())
        # Without labels nobody can tell don't know from a point of the scale.
        q = replace(q, options=codes, dont_know="")
    if heading == "code":
        q = replace(
            q, text=q.code, statements=tuple(f"SQ{i:03d}" for i, _ in enumerate(q.statements, 1))
        )
        if q.kind == "multi":
            q = replace(q, options=tuple(f"SQ{i:03d}" for i, _ in enumerate(q.options, 1)))
    return q


def _lime_row(row, before, after):
    found = {}
    for old, new in zip(before, after, strict=True):
        names = dict(zip(old.labels(), new.labels(), strict=True))
        value = row[old.code]
        if missing(value) or old.kind in ("number", "text"):
            found[old.code] = value
        elif old.kind == "grid":
            statements = dict(zip(old.statements, new.statements, strict=True))
            found[old.code] = {statements[s]: names[v] for s, v in value.items()}
        elif old.kind == "multi":
            found[old.code] = {names[v] for v in value[0]}, value[1]
        else:
            found[old.code] = value if isinstance(value, tuple) else names[value]
    return found
