"""Recognises the survey platform that an export is from, and undoes that platform's shape.

Qualtrics, LimeSurvey and SPSS have modules of their own; here are Microsoft Forms, Google Forms,
SurveyMonkey, Jisc Online Surveys, and any table with one row of headings. The shapes follow what
the platforms show in their help pages. **Those of Microsoft Forms and Jisc Online Surveys are
untested on a real export; Jisc publishes no description of its format.**
"""

import itertools
import re
from collections import Counter, defaultdict
from dataclasses import replace

import pandas as pd

from compendium.importing.export import (
    OTHER_LABEL,
    OTHER_PART,
    RESPONDENT,
    Field,
    export_of,
    group_by_stem,
    heading,
    look_at_rows,
    pair_others,
    part_of,
    readable,
    unique_names,
)
from compendium.importing.limesurvey import is_vv, limesurvey
from compendium.importing.qualtrics import is_bare, is_legacy, qualtrics
from compendium.importing.structure.spss import spss

TIMESTAMPS = {"timestamp", "zeitstempel", "horodateur", "marca temporal", "carimbo de data/hora"}
GOOGLE_ROLES = {
    "email address": "person", "username": "person", "e-mail-adresse": "person",
    "adresse e-mail": "person", "dirección de correo electrónico": "person", "score": "admin",
} | dict.fromkeys(TIMESTAMPS, "admin")  # fmt: skip
FORMS_STARTS = {"start time", "startzeit", "heure de début", "hora de inicio"}
FORMS_ROLES = {
    "id": "respondent", "completion time": "admin", "fertigstellungszeit": "admin",
    "heure de fin": "admin", "hora de finalización": "admin", "last modified time": "admin",
    "total points": "admin", "quiz feedback": "admin", "grade posted time": "admin",
    "language": "admin", "email": "person", "name": "person", "e-mail": "person",
    "adresse de messagerie": "person", "nom": "person", "correo electrónico": "person",
    "nombre": "person",
} | dict.fromkeys(FORMS_STARTS, "admin")  # fmt: skip
# What only the platform itself writes; a first heading "Timestamp" may stand in any table.
CERTAIN = ("qualtrics", "limesurvey", "surveymonkey", "msforms", "spss")
PLATFORM_NAMES = {
    "qualtrics": "Qualtrics", "limesurvey": "LimeSurvey", "msforms": "Microsoft Forms",
    "google": "Google Forms", "surveymonkey": "SurveyMonkey", "jisc": "Jisc Online Surveys",
    "spss": "SPSS", "plain": "a table",
}  # fmt: skip
# Below these headings stands nothing else than ids, even if one stands twice.
SURELY = re.compile(r"(^|[ _-])[Ii][Dd]$|[a-z]I[Dd]$|(?i:uuid|instance_?id)$")
LIME = re.compile(r"[A-Za-z][A-Za-z0-9]*(\[[^\[\]]*\])*(\.\s.*)?", re.DOTALL)
LIME_PART = re.compile(r"[A-Za-z][A-Za-z0-9]*(\[[^\[\]]*\])+(\.\s.*)?", re.DOTALL)
PART = re.compile(r"^(.*\S)\s*(?:\[([^\[\]]+)\](?: \(\d+\))?|\(choice=(.+)\))$", re.DOTALL)
BESIDE = re.compile(r"(?P<stem>.+)(/(?P<a>[^/]+)| \((?!\d+\)$)(?P<b>.+)\))", re.DOTALL)
# What REDCap writes itself, where one of its own columns stands in the table.
REDCAP, REDCAP_OWN = (
    re.compile(r"record_id|redcap_\w+"),
    re.compile(r"redcap_\w+|\w+_(complete|timestamp)"),
)
# What KoboToolbox and ODK write beside the answers, where one of the columns stands in the table that
# they alone have.
ODK = re.compile(r"_uuid|_submission_time|formhub/uuid|(meta[/:-])?instanceID|__version__")
ODK_OWN = re.compile(
    r"start|end|today|deviceid|username|audit|_(submission_time|validation_status|notes|status|"
    r"submitted_by|tags|index|xform_id_string|attachments)|__version__|formhub/uuid|meta[/:-].*|"
    r"SubmissionDate"
)
FEWEST_IDS = 8  # rows of which numbers tell that they number respondents


def recognise(sheet):
    """The platform that an export is from."""
    if sheet.labels:
        return "spss"
    rows = [[heading(cell) for cell in row] for row in sheet.cells.iloc[:3].to_numpy()]
    first = [cell.casefold() for cell in rows[0]]
    if len(rows) > 2 and any(re.match("{[\"']ImportId[\"']", cell) for cell in rows[2]):
        return "qualtrics"
    if is_legacy(sheet) or is_bare(sheet):
        return "qualtrics"
    if is_vv(sheet):
        return "limesurvey"
    if first[0] in ("respondent id", "respondentid") and len(rows) > 1 and not rows[1][0]:
        return "surveymonkey"
    codes = {re.split(r"[.\[]", cell)[0] for cell in first}
    if {"lastpage", "startlanguage"} <= codes or {"last page", "start language"} <= set(first):
        return "limesurvey"
    # Without the platform's own columns: codes with parts in brackets behind all questions.
    parts = sum(bool(LIME_PART.fullmatch(cell)) for cell in rows[0])
    if parts > 1 and all(LIME.fullmatch(cell) for cell in rows[0]):
        return "limesurvey"
    if first[0] == "id" and FORMS_STARTS & set(first[1:3]):
        return "msforms"
    if first[0] in TIMESTAMPS:
        return "google"
    numbered = sum(bool(JISC.match(cell)) for cell in first)
    if "unique response number" in first or numbered > max(2, 0.6 * len(first)):
        return "jisc"
    return "plain"


def _check_named(path, sheet, platform):
    """Refuse a platform whose export this cannot be; note a doubt where it may be one after all."""
    seen = recognise(sheet)
    if platform == seen:
        return
    if seen in CERTAIN and platform != "plain":
        raise ValueError(
            f"{path}: PLATFORM={platform} was given, but this is an export of {PLATFORM_NAMES[seen]}; "
            f"leave PLATFORM out, or give PLATFORM={seen}."
        )
    looks = "a bare table" if seen == "plain" else f"an export of {PLATFORM_NAMES[seen]}"
    sheet.doubts.append(
        f"PLATFORM={platform} was given and the file looks like {looks}: are the questions read "
        "rightly, and is everything left out that can identify a person?"
    )


def undo(path, sheet, platform=None):
    """Undo the shape of an export's platform."""
    headed = [bool(cell) for cell in sheet.cells.iloc[:1].to_numpy().flat]
    bare = [i for i, some in zip(sheet.cells, headed, strict=True) if not some] if headed else []
    empty = [i for i in bare if (sheet.cells[i] == "").all()]
    if empty:
        sheet.cells = sheet.cells.drop(columns=empty)
        sheet.read.append(f"{len(empty)} empty columns were passed over.")
    if not platform and not sheet.labels and sum(headed) < 2:
        _pass_title(sheet)
    if sheet.cells.empty:
        raise ValueError(f"{path}: the file is empty; export the answers again.")
    if platform and platform not in PLATFORMS:
        raise ValueError(f"PLATFORM '{platform}' is not known; it is one of {', '.join(PLATFORMS)}.")
    if platform:
        _check_named(path, sheet, platform)
    platform = platform or recognise(sheet)
    before = dict(sheet.cells.items())
    after = {i: readable(cells) for i, cells in before.items()}
    if any(after[i] is not cells for i, cells in before.items()):
        sheet.cells = pd.DataFrame(after, copy=False)
    export = PLATFORMS[platform](path, sheet)
    pair_others(export)
    _find_respondents(export)
    if not any((values != "").any() for _, values in export.values.items()):
        raise ValueError(f"{path}: there are headings but no answers; export the answers again.")
    return export


# ---- one row of headings


def _one_row(platform, sheet, roles):
    """Fields of a table whose first row is the headings, and which of them were renamed."""
    headings = [heading(cell) for cell in sheet.cells.iloc[0]]
    names, renamed = unique_names(headings)
    fields = [
        Field(name, text or name, role=roles.get(text.casefold(), "answer"))
        for name, text in zip(names, headings, strict=True)
    ]
    if renamed:
        sheet.doubts.append(
            f"Headings that are empty or stand twice got names of their own: {', '.join(renamed[:10])}."
        )
    export = export_of(platform, sheet, fields, 1)
    look_at_rows(export, sheet.cells.iloc[0].tolist())
    return export


def _pass_title(sheet):
    """Pass over a title in a row of its own, above headings that differ and are no numbers."""
    top = [[cell for cell in row if cell] for row in sheet.cells.iloc[:6].to_numpy()]
    first = next((i for i, row in enumerate(top) if len(row) > 1), 0)
    width = sheet.cells.shape[1]
    whole = width > 2 and len({*top[first]}) == width
    if first and whole and not any(re.fullmatch(r"[\d.,]+", cell) for cell in top[first]):
        titles = ", ".join(f"“{row[0]}”" for row in top[:first] if row)
        sheet.doubts.append(f"Is what stands above the headings, {titles}, a title? It was left out.")
        sheet.cells = sheet.cells.iloc[first:].reset_index(drop=True)


def _google(path, sheet):
    """A timestamp, then the texts of the questions; a grid's rows stand in square brackets."""
    export = _one_row("google", sheet, GOOGLE_ROLES)
    export.fields = _bracketed(export.fields)
    return export


def _bracketed(fields):
    """Columns ``question [part]`` with one and the same question belong together, as REDCap's do."""
    split = [PART.match(field.name) for field in fields]
    several = Counter(match.group(1) for match in split if match)
    return [
        replace(f, question=m.group(1), part=(m.group(2) or m.group(3)).strip(), group=m.group(1))
        if m and several[m.group(1)] > 1 and f.role == "answer"
        else f
        for f, m in zip(fields, split, strict=True)
    ]


def _msforms(path, sheet):
    """ID, times, e-mail and name, then the titles; several options in a cell end in ``;`` each."""
    export = _one_row("msforms", sheet, FORMS_ROLES)
    titles = {field.name for field in export.fields}
    for i, field in enumerate(export.fields):
        # Excel tells equal titles apart by a number at the end.
        bare = re.sub(r"\d+$", "", field.name)
        question = bare.strip() if bare != field.name and bare in titles else field.question
        points = re.match(r"^(Points|Feedback) - ", field.name)
        export.fields[i] = replace(field, question=question, role="admin" if points else field.role)
    return export


def _plain(path, sheet):
    """Any table: parts are told by what consecutive headings share."""
    export = _one_row("plain", sheet, {})
    if any(REDCAP.fullmatch(field.name) for field in export.fields):
        export.fields = [
            replace(f, role="admin") if REDCAP_OWN.fullmatch(f.name) else f for f in export.fields
        ]
    if any(ODK.fullmatch(field.name) for field in export.fields):
        fields = [replace(f, role="admin") if ODK_OWN.fullmatch(f.name) else f for f in export.fields]
        export.fields = _rows_of_odk(fields)
    export.fields = group_by_stem(_self_named(_slashed(_bracketed(export.fields)), export))
    coded = sum(bool(re.fullmatch(r"[A-Za-z][\w.]*", field.name)) for field in export.fields)
    if coded > 0.5 * len(export.fields):
        export.doubts.append("The headings are codes: how do the questions and statements run?")
    return export


def _slashed(fields):
    """Columns ``question/option`` beside a column ``question``, as KoboToolbox and ODK write ticks.

    Tally writes ``question (option)`` for it.
    """
    names, split = {f.name for f in fields}, [BESIDE.fullmatch(f.name) for f in fields]
    split = [(m["stem"], m["a"] or m["b"]) if m else ("", "") for m in split]
    stems, found = Counter(stem for stem, _ in split if stem in names), []
    for part, (stem, option) in zip(fields, split, strict=True):
        if stem in names and stems[stem] > 1 and part.role == "answer":
            question = stem.rpartition("/")[2]
            part = replace(part, question=question, part=option, group=stem)
        elif stems[part.name] > 1:
            part = replace(part, role="joined")
        found.append(part)
    return found


def _rows_of_odk(fields):
    """Neighbours ``question/statement`` without a column of the question are a matrix of ODK."""
    names, found = {f.name for f in fields}, []
    for stem, run in itertools.groupby(fields, lambda f: f.name.rpartition("/")[0]):
        run = list(run)
        matrix = stem and stem not in names and len(run) > 1 and run[0].role == "answer"
        question = stem.rpartition("/")[2]
        found += [
            replace(f, question=question, part=f.name.rpartition("/")[2], group=stem) if matrix else f
            for f in run
        ]
    return found


def _self_named(fields, export):
    """Neighbours that hold their own heading or nothing are ticks, as Typeform writes them."""
    found = []
    for ticked, run in itertools.groupby(fields, lambda f: f.role == "answer" and not f.group and (
        {*export.kinds(f.name), ""} == {f.name, ""})):  # fmt: skip
        run = list(run)
        title = f"Ticks from “{run[0].name}” on"
        found += [
            replace(part, question=title, part=part.name, group=title, told=False)
            if ticked and len(run) > 1 else part for part in run
        ]  # fmt: skip
    return found


def _find_respondents(export):
    """The column that tells respondents apart, where the platform does not say; others are left out."""
    named = any(part.role == "respondent" for part in export.fields)
    for at, part in enumerate(export.fields):
        if part.role != "answer" or part.group or export.labels.get(part.name):
            continue
        named_so = any(map(RESPONDENT.match, (part.name, part.question)))
        kinds, role = export.kinds(part.name), ""
        sole = len(kinds) == len(export.values) and "" not in kinds
        if not (sole or named_so or SURELY.search(part.name)):
            continue
        values = export.values[part.name].str.strip()
        coded = SURELY.search(part.name) and values[values != ""].str.fullmatch(r"\S*\d\S*").all()
        given = len(kinds) - ("" in kinds)
        several = len(values) - given if named_so and 2 * given >= len(values) else 0
        if named_so and (sole or SURELY.search(part.name)):
            role = "admin" if named else "respondent"
        elif several and len(values) >= FEWEST_IDS:
            role = "admin"
            export.doubts.append(
                f"Are rows doubled? {several:,} of '{part.name}', which tells respondents apart, are "
                "empty or stand before."
            )
        elif coded or (sole and len(values) >= FEWEST_IDS and _numbers_rows(values, at == 0)):
            role = "admin"
        if role:
            export.fields[at] = replace(part, role=role)
            named = named or role == "respondent"


def _numbers_rows(values, first):
    """Whether whole numbers count rows in the first column, or are long and close, as ids are."""
    if not values.str.fullmatch(r"\d{1,18}").all():
        return False
    numbers = values.astype("int64")
    counted = bool((numbers.diff().iloc[1:] == 1).all())
    close = int(numbers.max() - numbers.min()) < 100 * len(numbers)
    return (first and counted) or (int(numbers.min()) > 10**6 and close)


# ---- SurveyMonkey

MONKEY_ROLES = {
    "respondentid": "respondent", "collectorid": "admin", "startdate": "admin",
    "enddate": "admin", "datecreated": "admin", "datemodified": "admin", "ipaddress": "person",
    "emailaddress": "person", "firstname": "person", "lastname": "person",
    "customdata1": "person", "customdata": "person", "language": "admin",
}  # fmt: skip
COMMENT = re.compile(
    r"(your |any |other )?(comments?|kommentare?|commentaires?|comentarios?)\W*", re.IGNORECASE
)
MONKEY_ALONE = {"", "response", "open-ended response", "antwort", "réponse", "respuesta", "resposta"}


def _surveymonkey(path, sheet):
    """Two rows of headings: a question stands over the first of its columns, its parts below it."""
    if len(sheet.cells) < 2:
        raise ValueError(f"{path}: SurveyMonkey writes two rows of headings; there is one row.")
    over, under = (sheet.cells.iloc[row].map(heading).tolist() for row in (0, 1))
    asked, place = [], 0
    for i, question in enumerate(over):
        place = i if question or not under[i] else place
        asked.append((over[place] if question or under[i] else "", place))
    width = Counter(place for _, place in asked)
    labels = [
        f"{q} [{part}]" if part.casefold() not in MONKEY_ALONE else q
        for (q, _), part in zip(asked, under, strict=True)
    ]
    names, _ = unique_names(labels)
    fields = []
    for name, (question, place), part in zip(names, asked, under, strict=True):
        alone = part.casefold() in MONKEY_ALONE
        other = not alone and width[place] > 1 and bool(OTHER_LABEL.search(part))
        if alone or width[place] == 1 or COMMENT.fullmatch(part):
            question = f"{question} – {part}" if not alone and width[place] > 1 else question
            role = MONKEY_ROLES.get(question.casefold().replace(" ", ""), "answer")
            fields.append(Field(name, question, role=role))
        elif other and under[place].casefold() in MONKEY_ALONE:
            fields.append(Field(name, question, part, role="other_specify", of=names[place]))
        else:
            group = f"{place} {question}"
            fields.append(Field(name, question, part, group, "other" if other else "answer"))
    return export_of("surveymonkey", sheet, fields, 2)


# ---- Jisc Online Surveys

JISC = re.compile(r"^(\d{1,3})((?:\.[a-z0-9]{1,3})*)\.?(?:\s+|$)(.*)$", re.IGNORECASE | re.DOTALL)


def _jisc(path, sheet):
    """Numbered questions whose parts have numbers of their own: ``5.`` and, for its Other, ``5.a``.

    Untested on a real export: Jisc publishes no description of the format.
    """
    headings = sheet.cells.iloc[0].map(heading).tolist()
    names, _ = unique_names(headings)
    parsed = [JISC.match(text) for text in headings]
    parts = Counter(m.group(1) for m in parsed if m and not re.search("[a-z]", m.group(2), re.I))
    paired = list(zip(parsed, names, strict=True))
    fields = []
    for name, match in zip(names, parsed, strict=True):
        if match is None:
            fields.append(Field(name, name, role=_jisc_role(name)))
            continue
        number, sub, text = match.groups()
        if re.search("[a-z]", sub, re.IGNORECASE):
            others = [n for m, n in paired if m and m.group(1) == number and not m.group(2)]
            others = [n for n in others if OTHER_PART.search(n) or len(others) == 1]
            beside = bool(others) and bool(OTHER_PART.search(text))
            role, of = ("other_specify", others[-1]) if beside else ("answer", "")
            fields.append(Field(name, text or name, role=role, of=of))
        elif parts[number] > 1:
            fields.append(Field(name, text or name, part=text or name, group=f"{number}."))
        else:
            fields.append(Field(name, text or name))
    export = export_of("jisc", sheet, _jisc_groups(fields), 1)
    export.doubts.append(
        "The reader of Jisc Online Surveys' exports was never tried on a real one: compare some rows."
    )
    return export


def _jisc_role(name):
    name = name.casefold()
    if "response number" in name or "response id" in name:
        return "respondent"
    return "admin" if re.search(r"\b(date|time|started|completed|submitted)\b", name) else "answer"


def _jisc_groups(fields):
    """What the parts of a question share is its question."""
    groups = defaultdict(list)
    for field in fields:
        if field.group:
            groups[field.group].append(field.part)
    shared = {group: part_of(parts) or (f"Question {group}", parts) for group, parts in groups.items()}
    parts = {group: iter(found) for group, (_, found) in shared.items()}
    return [
        replace(f, question=shared[f.group][0], part=next(parts[f.group])) if f.group else f
        for f in fields
    ]


PLATFORMS = {
    "qualtrics": qualtrics,
    "limesurvey": limesurvey,
    "msforms": _msforms,
    "google": _google,
    "surveymonkey": _surveymonkey,
    "jisc": _jisc,
    "spss": spss,
    "plain": _plain,
}
