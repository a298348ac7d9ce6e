"""Imports a survey platform's export as a study: ``survey.yml``, ``responses.csv``, ``import.json``.

The draft of the instrument is a person's to edit. What was written last time is remembered by its
SHA-256 in ``import.json``: an edited file is never overwritten, and a second export of the same survey
updates the responses by the same recipes and keeps the edits. Nothing is written before everything is
checked.
"""

import difflib
import hashlib
import json
import re
import tempfile
from pathlib import Path

import pandas as pd

from compendium.files import read_text, write_json
from compendium.importing.draft.drafting import draft_of
from compendium.importing.draft.items import guess, maybe_ordered
from compendium.importing.draft.profile import ask, look
from compendium.importing.draft.scales import read_wordings
from compendium.importing.draft.skip_logic import guess_conditions
from compendium.importing.draft.survey_yml import survey_text
from compendium.importing.mapping import csv_parts, make_columns, missing_columns
from compendium.importing.platforms import undo
from compendium.importing.workbooks import read_sheet
from compendium.survey.instrument import read_instrument
from compendium.survey.study import interpret

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}")
ROWS = re.compile(r"\d+ of the rows \(")  # how `exports.drop_rows` names rows that it left out
IN_THE_FILE = "seen when the file was read"
LONGEST = 131_072  # characters of a value; what Python's csv reads


def import_study(name, export, data_dir, platform=None):
    """Write a study's folder from an export, or update its responses.

    Parameters
    ----------
    name : str
        Of the folder under `data_dir`.
    export : str or pathlib.Path
        The export; read, never changed.
    data_dir : str or pathlib.Path
        Holds the studies and ``response_scales.yml``.
    platform : str, optional
        ``qualtrics``, ``limesurvey``, ``msforms``, ``google``, ``surveymonkey``, ``jisc``, ``spss`` or
        ``plain``; recognised where it is not given.

    Returns
    -------
    dict
        What ``import.json`` holds: `source`, `platform`, `rows`, `sha256` of the export, `read`,
        `guessed`, `left_out`, `decisions`, `edited`, `columns` (how each is made), `draft_sha256`,
        `responses_sha256`.

    Raises
    ------
    ValueError
        When the export cannot be read, a file of the study was changed by hand or was not made by an
        import, or an edited ``survey.yml`` does not fit the export. No file is touched then.

    Examples
    --------
    >>> import shutil
    >>> data = Path(tempfile.mkdtemp())
    >>> _ = shutil.copy("data/response_scales.yml", data)
    >>> _ = (data / "answers.csv").write_text("Age,Tea?\\n40,Yes\\n51,No\\n", encoding="utf-8")
    >>> report = import_study("mine", data / "answers.csv", data)
    >>> [(one["item"], one["type"]) for one in report["guessed"]]
    [('age', 'number'), ('tea', 'single')]
    """
    if not NAME.fullmatch(name):
        raise ValueError(f"NAME '{name}': use letters, digits, _ and - only, as for a folder.")
    folder, path = Path(data_dir) / name, Path(export)
    memory = _memory(folder)
    edited = _check_folder(folder, memory)
    known = read_wordings(Path(data_dir) / "response_scales.yml")
    view = look(undo(path, read_sheet(path), platform), known)
    report = {"source": path.name, "platform": view.export.platform, "rows": len(view.export.values)}
    report |= {"sha256": _sha_of(path), "read": view.export.read}
    found = guess(view)
    if not found:
        raise ValueError(f"{path}: no column holds answers that could be an item; see PLATFORM.")
    unclear = guess_conditions(view, found)
    ids = _respondents(view.export)
    recipes = {column: recipe for one in found for column, recipe in one.recipes.items()}
    if edited:
        recipes |= memory.get("columns", {})
        text = read_text(folder / "survey.yml")
        frame = _by_edited(folder / "survey.yml", path, recipes, view.export, ids)
        report |= {"guessed": memory.get("guessed", []), "left_out": _left_out(memory, view.export)}
        fresh = _doubts(view.export, []) + _new_columns(recipes, memory, view.export)
        report["decisions"] = fresh + _still_open(memory, fresh)
    else:
        draft = draft_of(name, path.name, view, found)
        text = survey_text(draft)
        frame = _by_draft(text, path, recipes, view.export, ids)
        report |= {"guessed": _guessed(found), "left_out": view.export.left_out}
        report["decisions"] = _doubts(view.export, unclear) + _decisions(found, view.known)
    report |= {"edited": edited, "columns": recipes}
    _write(folder, text, frame, report, memory)
    return report


# ---- the study's folder


def _memory(folder):
    """What the last import wrote down; empty where there was none."""
    path = folder / "import.json"
    if not path.exists():
        return {}
    try:
        content = json.loads(read_text(path))
    except json.JSONDecodeError:
        content = None
    lists = ("guessed", "left_out", "decisions")
    if (
        not isinstance(content, dict)
        or not isinstance(content.get("columns"), dict)
        or not all(isinstance(one, dict) for key in lists for one in content.get(key, []))
    ):
        raise ValueError(f"{path}: was changed and cannot be read; restore it or remove the folder.")
    return content


def _check_folder(folder, memory):
    """Refuse to overwrite what no import wrote; return whether ``survey.yml`` is edited."""
    survey, responses = folder / "survey.yml", folder / "responses.csv"
    if responses.exists() and _sha_of(responses) != memory.get("responses_sha256"):
        how = "was changed since the last import" if memory else "was not made by an import"
        raise ValueError(
            f"{responses}: {how} and is not overwritten; move it away, or choose another NAME."
        )
    return survey.exists() and _sha_of(survey) != memory.get("draft_sha256")


def _sha_of(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(folder, text, frame, report, memory):
    """Put the files in place; each appears whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    names = ["responses.csv"] if report["edited"] else ["responses.csv", "survey.yml"]
    parts = [folder / f".{name}.part" for name in names]
    try:
        with open(parts[0], "wb") as file:
            file.writelines(csv_parts(frame))
        report["responses_sha256"] = _sha_of(parts[0])
        report["draft_sha256"] = memory.get("draft_sha256", "")
        if not report["edited"]:
            parts[1].write_bytes(text.encode("utf-8"))
            report["draft_sha256"] = _sha_of(parts[1])
        write_json(folder / "import.json", report)
        for part, name in zip(parts, names, strict=True):
            part.replace(folder / name)
    finally:
        for part in parts:
            part.unlink(missing_ok=True)


# ---- responses


def _respondents(export):
    """Ids of the respondents: the platform's own, or numbers in the order of the rows."""
    named = [part.name for part in export.fields if part.role == "respondent"]
    ids = export.values[named[0]].str.strip() if named else None
    if ids is not None and (ids != "").all() and ids.is_unique:
        return ids
    why = f"'{named[0]}' is empty or stands twice" if named else "no column tells respondents apart"
    export.doubts.append(
        f"Respondents are numbered in the order of the rows, since {why}: does a later export keep "
        "that order? Codings are tied to these numbers."
    )
    return pd.Series([str(i + 1) for i in range(len(export.values))], dtype="str")


def _by_draft(text, path, recipes, export, ids):
    """The responses of an untouched draft, which is read back as a person's file would be."""
    with tempfile.TemporaryDirectory() as scratch:
        draft = Path(scratch) / "survey.yml"
        draft.write_text(text, encoding="utf-8")
        instrument = read_instrument(draft)
    return _checked(instrument, path, recipes, export, ids)


def _by_edited(survey, path, recipes, export, ids):
    """The responses with the columns that an edited instrument names."""
    instrument = read_instrument(survey)
    missing = missing_columns(instrument, recipes, export)
    if missing:
        column, source = missing[0]
        near = difflib.get_close_matches(source, list(export.values), n=1)
        hint = f" (is it '{near[0]}'?)" if near else ""
        made = "" if column == source else f", made of '{source}'"
        raise ValueError(
            f"{path}: has no column '{source}'{hint}, but {survey} names '{column}'{made}; correct "
            "'column' there, take the item out, or export the survey with it. Nothing was changed."
        )
    return _checked(instrument, path, recipes, export, ids)


def _checked(instrument, path, recipes, export, ids):
    """Responses that the study's own reader accepts."""
    frame = make_columns(instrument, recipes, export)
    if instrument.provenance == "synthetic" and "provenance" in export.values:
        frame["provenance"] = export.values["provenance"]
    for column, values in frame.items():
        if values.str.len().max() > LONGEST:
            raise ValueError(
                f"{path}: the column '{column}' has a value of more than {LONGEST:,} characters, which "
                "is no answer; leave it out of the export."
            )
    key = instrument.respondent or "respondent"
    if key in export.values and key != "respondent":
        ids = export.values[key]
    raw = frame.drop(columns=key, errors="ignore").set_axis(pd.Index(ids, name=key), axis=0)
    try:
        interpret(path.name, instrument, path, _each_value_once(instrument, frame))
    except ValueError:
        interpret(path.name, instrument, path, raw)  # for a message that names the row
        raise
    return raw.reset_index()


def _each_value_once(instrument, frame):
    """Every value of every closed column, on as few rows as hold them: quick to check."""
    texts = {c for item in instrument.of_type("text") for c in item.columns().values()}
    kinds = {c: [""] if c in texts else values.unique().tolist() for c, values in frame.items()}
    longest = max(map(len, kinds.values()))
    return pd.DataFrame({c: v + [""] * (longest - len(v)) for c, v in kinds.items()}, dtype="str")


# ---- the report


def _guessed(found):
    keys = ("id", "type")
    return [
        dict(zip(("item", "type"), (one.item[key] for key in keys), strict=True))
        | {"columns": one.fields, "why": one.why}
        for one in found
    ]


def _decisions(found, known):
    """What a person has to decide, item by item, and what no export can tell."""
    general = ask(
        "Write title, about, licence and words, and a plan if there is one.", "no export tells them"
    )
    whole = [{"item": ""} | general]
    ordered = maybe_ordered(found, known)
    if ordered:
        question = (
            f"Is any of these ordered: {', '.join(ordered)}? If so write 'type: scale' in survey.yml, "
            "and 'points' in place of 'options', lowest first."
        )
        why = "no known scale has their options, which stand in the order in which they first occur"
        whole.append({"item": ""} | ask(question, why))
    return whole + [{"item": one.item["id"]} | a for one in found for a in one.asks]


def _left_out(memory, export):
    """What the draft left out, still so, and what only this export brought; rows are this export's."""
    before = [left for left in memory.get("left_out", []) if not ROWS.match(left["column"])]
    known = {left["column"] for left in before}
    known |= {name for one in memory.get("guessed", []) for name in one["columns"]}
    return before + [left for left in export.left_out if left["column"] not in known]


def _still_open(memory, fresh):
    """Decisions of earlier imports; what was said of an earlier file is said of this one anew."""
    before = [one for one in memory.get("decisions", []) if one["why"] != IN_THE_FILE]
    return [one for one in before if one not in fresh]


def _doubts(export, unclear):
    """What reading the file left open."""
    found = [{"item": ""} | ask(doubt, IN_THE_FILE) for doubt in export.doubts]
    why = "the platform says so, but no earlier answer tells who they are: they count as skipped"
    for one in unclear:
        question = f"Why was this not shown to some of those who got so far ({one['count']})?"
        found.append({"item": one["item"]} | ask(question, why))
    return found


def _new_columns(recipes, memory, export):
    """Columns of the export that neither the edited instrument nor the last import knew."""
    known = {recipe["from"] for recipe in memory.get("columns", {}).values()}
    known |= {r["text"]["from"] for r in memory.get("columns", {}).values() if "text" in r}
    known |= {left["column"] for left in memory.get("left_out", [])}
    new = {column: r["from"] for column, r in recipes.items() if r["from"] not in known}
    return [
        {"item": ""}
        | ask(f"Does '{source}' belong in survey.yml (column: {column})?", "it is new in this export")
        for column, source in new.items()
        if memory
    ]
