"""Writes a described survey as the platforms with one or two rows of headings do, and as tables."""

from dataclasses import replace

import pandas as pd
import pyreadstat
from described_survey import NOT_ASKED, OTHER, SKIPPED, Survey, missing, number, save

# ---- Microsoft Forms and Google Forms


def msforms(survey, path, **how):
    """One row of headings; ``;`` after every option; other words in place; equal titles numbered."""
    table, titles = [["ID", "Start time", "Completion time", "Email", "Name"]], []
    for q in survey.questions:
        titles += list(q.statements) if q.kind == "grid" else [q.text]
    for i, title in enumerate(titles):
        before = titles[:i].count(title)
        table[0].append(title.replace(" ", "\xa0", 1) + (str(before + 1) if before else ""))
    for i, row in enumerate(survey.rows):
        cells = [i + 1, "5/1/24 10:00:00", "5/1/24 10:05:00", "anonymous", ""]
        for q in survey.questions:
            cells += _forms_cells(q, row[q.code], lambda parts: "".join(f"{part};" for part in parts))
        table.append(cells)
    save(path, table, **how)
    return survey


def google(survey, path, separator=", ", **how):
    """A timestamp, then texts; options joined; a grid's rows in brackets."""
    table = [["Timestamp", "Email Address"]]
    for q in survey.questions:
        table[0] += [f"{q.text} [{s}]" for s in q.statements] if q.kind == "grid" else [q.text]
    for row in survey.rows:
        cells = ["2024/05/01 10:00:00 AM GMT+1", "j.muir@example.org"]
        for q in survey.questions:
            cells += _forms_cells(q, row[q.code], separator.join)
        table.append(cells)
    save(path, table, **how)
    return survey


def _forms_cells(q, value, joined):
    if missing(value):
        return [""] * max(len(q.statements), 1)
    if q.kind == "grid":
        return [value[s] for s in q.statements]
    if q.kind == "multi":
        ticked = [option for option in q.options if option in value[0]]
        return [joined(ticked + [value[1]] * bool(value[1]))]
    if q.kind == "number":
        return [float(value)]
    return [value[1] if isinstance(value, tuple) else value]


# ---- SurveyMonkey and Jisc


def surveymonkey(survey, path, **how):
    """Two rows of headings: the question over the first of its columns, its parts below."""
    over = ["Respondent ID", "Collector ID", "Start Date", "IP Address", "Email Address"]
    under, gets = [""] * len(over), []
    for q in survey.questions:
        parts = list(q.statements) or (list(q.options) if q.kind == "multi" else [None])
        parts += [OTHER] if q.other else []
        named = {None: "Open-Ended Response" if q.kind in ("text", "number") else "Response",
                 OTHER: "Other (please specify)"}  # fmt: skip
        over += [q.text] + [""] * (len(parts) - 1)
        under += [named.get(part, part) for part in parts]
        gets += [(q, part) for part in parts]
    table = [over, under]
    for i, row in enumerate(survey.rows):
        cells = [str(11_000_000_000 + i), "4000", "05/01/2024 10:00:00 AM", "192.0.2.7", ""]
        table.append(cells + [_spread_cell(q, row[q.code], part) for q, part in gets])
    save(path, table, **how)
    return survey


def _spread_cell(q, value, part, tick=None):
    if missing(value):
        return ""
    if q.kind == "grid":
        return value[part]
    if q.kind == "multi":
        return value[1] if part == OTHER else (tick or part) if part in value[0] else ""
    if isinstance(value, tuple):
        return value[1] if part == OTHER else ""
    return "" if part == OTHER else value


def jisc(survey, path, **how):
    """Numbered questions with numbered parts; Other has a part of its own."""
    names, gets = ["Unique Response Number"], []
    for n, q in enumerate(survey.questions, start=1):
        if q.kind == "grid":
            names += [f"{n}.{i}. {q.text} - {s}" for i, s in enumerate(q.statements, start=1)]
            gets += [(q, s, None) for s in q.statements]
        elif q.kind == "multi":
            names += [f"{n}. {q.text} - {o}" for o in [*q.options, *(["Other"] if q.other else [])]]
            gets += [(q, o, None) for o in [*q.options, *([OTHER] if q.other else [])]]
        else:
            names.append(f"{n}. {q.text}")
            gets.append((q, None, None))
        if q.other:
            names.append(f"{n}.a. If you selected Other, please specify:")
            gets.append((q, OTHER, "text"))
    table = [names]
    for i, row in enumerate(survey.rows):
        table.append([f"{100 + i}", *(_jisc_cell(get, row[get[0].code]) for get in gets)])
    save(path, table, **how)
    return survey


def _jisc_cell(get, value):
    q, part, text = get
    if missing(value):
        return ""
    if text or part == OTHER:
        words = value[1] if isinstance(value, tuple) else ""
        return words if text else "Other" if words else ""
    if isinstance(value, tuple) and q.kind != "multi":
        return "Other"
    return _spread_cell(q, value, part)


# ---- SPSS and plain tables


def spss(survey, path):
    """Codes with labels; user-missing codes for *not asked* and *no answer*; options 1 and 0."""
    data, labels, values, gone = (
        {"case_id": [float(i + 1) for i in range(len(survey.rows))]},
        {},
        {},
        {},
    )
    for q in survey.questions:
        for name, label, part in _spss_columns(q):
            data[name] = [_spss_cell(q, row[q.code], part) for row in survey.rows]
            labels[name] = label
            if q.kind in ("single", "scale", "grid") and part != OTHER:
                codes = {
                    float(i): o for i, o in enumerate([*q.labels(), *(["Other"] if q.other else [])], 1)
                }
                values[name] = codes | {-8.0: "No answer", -9.0: "Not asked (filter)"}
            elif q.kind == "multi" and part != OTHER:
                values[name] = {0.0: "Not selected", 1.0: "Selected", -9.0: "Not asked (filter)"}
            if name in values:
                gone[name] = [{"lo": -9.0, "hi": -8.0}]
    frame = pd.DataFrame(data)
    pyreadstat.write_sav(
        frame, str(path), column_labels=labels, variable_value_labels=values, missing_ranges=gone
    )
    exact = {q.code for q in survey.questions if q.kind not in ("number", "text")}
    return replace(survey, exact=frozenset(exact))


def _spss_columns(q):
    if q.kind == "grid":
        return [(f"{q.code}_{i}", f"{q.text}: {s}", s) for i, s in enumerate(q.statements, start=1)]
    if q.kind == "multi":
        found = [(f"{q.code}_{i}", f"{q.text}: {o}", o) for i, o in enumerate(q.options, start=1)]
    else:
        found = [(q.code, q.text, None)]
    return found + ([(f"{q.code}_other", f"{q.text} Other, in words", OTHER)] if q.other else [])


def _spss_cell(q, value, part):
    if q.kind == "text" or part == OTHER:
        return "" if missing(value) else value[1] if isinstance(value, tuple) else "" if part else value
    if missing(value) and q.kind == "number":
        return None
    if value == NOT_ASKED:
        return -9.0
    if q.kind == "multi":
        return 0.0 if value == SKIPPED else float(part in value[0])
    if value == SKIPPED:
        return -8.0
    if q.kind == "number":
        return float(value)
    labels = [*q.labels(), OTHER]
    return float(
        labels.index(
            value[part] if q.kind == "grid" else value[0] if isinstance(value, tuple) else value
        )
        + 1
    )


def plain(survey, path, mark=".", **how):
    """One row of headings, a part in brackets; a tick is 1; no words beside Other."""
    survey = _without_words(survey)
    names, gets = ["respondent"], []
    for q in survey.questions:
        parts = list(q.statements) or (list(q.options) if q.kind == "multi" else [None])
        names += [f"{q.text} [{part}]" if part else q.text for part in parts]
        gets += [(q, part) for part in parts]
    table = [names]
    for i, row in enumerate(survey.rows):
        cells = [number(q, _spread_cell(q, row[q.code], part, "1"), mark) for q, part in gets]
        table.append([f"p{i}", *cells])
    if path.suffix == ".parquet":
        pd.DataFrame(table[1:], columns=names).to_parquet(path)
    else:
        save(path, table, **how)
    return survey


def _without_words(survey):
    """Other is an option like any other."""
    questions, rows = [], []
    for q in survey.questions:
        options = (*q.options, "Other") if q.other else q.options
        questions.append(replace(q, options=options, other=False))
    for row in survey.rows:
        kept = {}
        for q in survey.questions:
            value = row[q.code]
            if isinstance(value, tuple):
                ticked = value[0] | ({"Other"} if value[1] else set()) if q.kind == "multi" else "Other"
                value = (ticked, "") if q.kind == "multi" else ticked
            kept[q.code] = value
        rows.append(kept)
    return Survey(tuple(questions), tuple(rows))
