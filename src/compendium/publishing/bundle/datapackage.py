"""A Data Package of the tables of a bundle: what each column of each CSV file holds.

Data Package standard 2.0, https://datapackage.org. Responses as received have one empty value for all
that is missing; `ANSWERS`, made of those who are analysed, says of each which kind it is.
"""

import csv
import io
import math
import re

from compendium.files import table_text
from compendium.names import unique
from compendium.publishing.bundle.columns import MISSING, described, variables

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
ANSWERS = "answers.csv"
KINDS = {"multi": "boolean", "number": "number"}  # of an item's type; all others are text


def answers_table(study):
    """Answers of those who are analysed, as CSV in which every missing one says why.

    Parameters
    ----------
    study : Study

    Returns
    -------
    bytes
        One row a respondent, a column an answer: ids of options, ``true`` and ``false`` for options to
        tick, numbers, texts, or a mark such as ``.skipped``. Without a text beside an option: empty.

    Examples
    --------
    >>> from compendium.survey.study import load_study
    >>> answers_table(load_study("anes96", "data")).decode().splitlines()[1][:13]
    '1,high_school'
    """
    marks = {state: f".{state}" for state in MISSING}
    answers = study.answers.astype(object).map(_spelt)
    marked = study.states.astype(object).apply(lambda states: states.map(marks))
    answers = answers.where(marked.isna(), marked)
    answers.insert(0, "respondent", answers.index.astype(str))
    return table_text(answers.reset_index(drop=True)).encode()


def _spelt(value):
    return str(value).lower() if isinstance(value, bool) else value


def data_package(contents, tables, shown, citation):
    """The descriptor of all tables of a bundle.

    Parameters
    ----------
    contents : contents.Contents
    tables : dict of str to bytes
        CSV files by path.
    shown : dict of str to Output
        As from `outputs.outputs`.
    citation : dict
        What ``CITATION.cff`` holds.

    Returns
    -------
    dict
        As ``datapackage.json`` has it; beside what the standard knows, `commit` and `digest` of the
        sources, and the `results` that stand in a table.
    """
    instrument, taken = contents.instrument, set()
    return {
        "$schema": PROFILE,
        "name": contents.study.lower(),
        "title": instrument.title,
        "description": " ".join(part for part in (instrument.about, instrument.reconstruction) if part),
        "version": str(citation.get("version") or contents.commit),
        "licenses": [{"title": instrument.licence, "name": _name(instrument.licence, set())}],
        "contributors": [
            {"title": name(author), "roles": ["author"]} for author in citation["authors"]
        ],
        "commit": contents.commit,
        "digest": contents.digest,
        "resources": [
            {
                "name": _name(path.removesuffix(".csv"), taken),
                "path": path,
                "title": _title(path, contents.study),
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": len(content),
                **({"results": shown[path].results} if path in shown else {}),
                "schema": _schema(path, content, contents),
            }
            for path, content in sorted(tables.items())
        ],
    }


def name(author):
    """An author of a citation file, as text."""
    parts = [author.get(key) for key in ("given-names", "name-particle", "family-names", "name")]
    return " ".join(part for part in parts if part)


def _name(text, taken):
    return unique(re.sub(r"[^a-z0-9._]+", "-", text.lower()).strip("-") or "table", taken, "{}-{}")


def _title(path, study):
    if path == ANSWERS:
        return "Answers of those who are analysed, with kinds of missing"
    kind = "Table of chapter" if path.startswith("build/") else "Data"
    return f"{kind} {path.removeprefix(f'build/{study}/tables/').removeprefix('data/')}"


def _schema(path, content, contents):
    """Fields of a table: from the questionnaire where it holds answers, else from what stands there."""
    instrument = contents.instrument
    if path == ANSWERS:
        return _of_answers(instrument)
    header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    received = path == f"data/{contents.study}/{instrument.responses}"
    known = {one.column: _as_received(one) for one in variables(instrument)} if received else {}
    columns = zip(*rows, strict=True) if rows else [()] * len(header)
    fields = [
        known.get(heading)
        or {"name": heading, "type": "string" if received else _kind(values), "title": heading,
            "description": described(heading)}
        for heading, values in zip(header, columns, strict=True)
    ]  # fmt: skip
    none = "Skipped or not asked; of an option: not ticked" if received else "Not there, or withheld"
    return {"fields": fields, "missingValues": [{"value": "", "label": none}]}


def _of_answers(instrument):
    """Fields of the answers of those who are analysed: types and categories of the questionnaire."""
    fields = [{"name": "respondent", "type": "string", "title": "respondent",
               "description": described("respondent")}]  # fmt: skip
    for one in variables(instrument):
        item = one.item
        field = {"name": one.name, "type": "string" if one.text else KINDS.get(item.type, "string")}
        field |= _told(one)
        limits = {"minimum": item.minimum, "maximum": item.maximum}
        if one.choices:
            field["categories"] = [{"value": o.id, "label": o.label} for o in one.choices]
            field["categoriesOrdered"] = item.type in ("scale", "grid")
            limits["enum"] = [o.id for o in one.choices]
        if limits := {key: limit for key, limit in limits.items() if limit is not None}:
            field["constraints"] = limits
        fields.append(field)
    missing = [{"value": f".{state}", "label": label} for state, label in MISSING.items()]
    none = {"value": "", "label": "No text beside the option"}
    return {"fields": fields, "missingValues": [*missing, none]}


def _as_received(one):
    """A field of the responses: text, in which some values may stand for no answer."""
    field = {"name": one.column, "type": "string"} | _told(one)
    if one.item.missing:
        values = dict.fromkeys(["", *one.item.missing])
        field["missingValues"] = [{"value": value, "label": "No answer"} for value in values]
    return field


def _told(one):
    unit = f" ({one.item.unit})" if one.item.unit else ""
    return {"title": one.label if one.part else one.item.id, "description": one.item.question + unit}


def _kind(values):
    """The narrowest type that all values have."""
    given = [value for value in values if value]
    if given and all(re.fullmatch(r"-?(0|[1-9]\d*)", value) for value in given):
        return "integer"
    if given and all(_number(value) for value in given):
        return "number"
    return "boolean" if given and {*given} <= {"True", "False"} else "string"


def _number(text):
    try:
        return math.isfinite(float(text)) and text.strip() == text and "_" not in text
    except ValueError:
        return False
