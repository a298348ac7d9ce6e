"""Imports a survey platform's export as a study: ``survey.yml``, ``responses.csv``, ``import.json``.

The draft of the instrument is a person's to edit. What was written last time is remembered by its
SHA-256 in ``import.json``: an edited file is never overwritten, and a second export of the same survey
updates the responses by the same recipes and keeps the edits. Nothing is written before everything is
checked. Guesses about answers could be tested against such a sum, so ``import.json`` stays beside the
answers, in a folder that git ignores, and no sum of it is published.
"""

import difflib
import json
import os
import re
import tempfile
from dataclasses import replace
from pathlib import Path

import pandas as pd

from compendium.files import digest, read_text, unwritable, write_json
from compendium.importing.draft.decisions import Decision, as_dict, ranked, standing, still_open
from compendium.importing.draft.items import guess, maybe_ordered
from compendium.importing.draft.profile import profile
from compendium.importing.draft.scales import read_wordings
from compendium.importing.draft.skip_logic import guess_conditions
from compendium.importing.draft.survey_yml import draft_of, survey_text
from compendium.importing.export import LeftOut
from compendium.importing.mapping import csv_parts, make_columns, missing_columns
from compendium.importing.platforms import undo
from compendium.importing.structure.overlay import find_structure, use_structure
from compendium.importing.workbook import read_export
from compendium.survey.instrument import read_instrument
from compendium.survey.study import interpret

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}")
PLAIN = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?")  # digits with a decimal point
IN_THE_FILE = "seen when the file was read"
LONGEST = 131_072  # characters of a value; what Python's csv reads


def import_study(name, export, data_dir, platform=None, structure=None):
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
    structure : str or pathlib.Path, optional
        The survey's structure, ``.lss`` or ``.lsq`` of LimeSurvey or ``.qsf`` of Qualtrics; where it is
        not given, the one beside the export that goes by its name.

    Returns
    -------
    dict
        What ``import.json`` holds: `source`, `platform`, `rows`, `sha256` of the export, `read`,
        `guessed` (with `required` where a structure says so), `left_out`, `decisions` (most
        consequential first), `changes` since the last import, `headings`, `edited`, `columns` (how each
        is made), `draft_sha256`, `responses_sha256`.

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
    source = os.fsencode(path.name).decode("utf-8", "replace")  # a name may be of any bytes
    memory = _memory(folder)
    edited = _check_folder(folder, memory)
    known = read_wordings(Path(data_dir) / "response_scales.yml")
    export = undo(path, read_export(path), platform)
    beside = Path(structure) if structure else find_structure(path)
    if beside is not None:
        use_structure(beside, export, given=bool(structure))
    seen = profile(export, known)
    found = guess(seen)
    if not found:
        raise ValueError(f"{path}: no column holds answers that could be an item; see PLATFORM.")
    unclear = guess_conditions(seen, found)
    ids, numbered = _respondents(export)
    asked = _doubts(export) + numbered + unclear + _decisions(found, known)
    recipes = {column: recipe for one in found for column, recipe in one.recipes.items()}
    if edited:
        recipes |= memory["columns"]
        text, guessed = read_text(folder / "survey.yml"), memory["guessed"]
        instrument, frame = _by_edited(folder / "survey.yml", path, recipes, export, ids)
        drafted = {one["item"]: one.get("drafted", {}) for one in guessed}
        names = _renamed(found, instrument)
        asked = still_open(asked, instrument, drafted, names) + _new_columns(recipes, memory)
    else:
        text = survey_text(draft_of(name, source, seen, found, asked))
        instrument, frame = _by_draft(text, path, recipes, export, ids)
        guessed = _guessed(found, instrument)
    left_out = _left_out(memory, export) if edited else export.left_out
    report = {
        "source": source, "platform": export.platform, "rows": len(export.values),
        "sha256": digest(path), "read": export.read, "guessed": guessed,
        "left_out": [left.as_dict() for left in left_out],
        "decisions": [as_dict(one) for one in ranked(asked)], "edited": edited, "columns": recipes,
        "changes": changes(memory, export, found), "headings": [part.name for part in export.fields],
    }  # fmt: skip
    _write(folder, text, frame, report, memory)
    return report


# ---- the study's folder


def _memory(folder):
    """What the last import wrote down; empty where there was none."""
    path = folder / "import.json"
    found = {"columns": {}, "guessed": [], "left_out": []}
    if not path.exists():
        return found
    text = read_text(path)
    try:
        found |= json.loads(text)
        found["columns"] = dict(found["columns"])
        found["left_out"] = [LeftOut(**one) for one in found["left_out"]]
        _ = [one["columns"] for one in found["guessed"]]
    except (TypeError, KeyError, AttributeError, ValueError):
        raise ValueError(
            f"{path}: was changed and cannot be read; restore it or remove the folder."
        ) from None
    return found


def _check_folder(folder, memory):
    """Refuse to overwrite what no import wrote; return whether ``survey.yml`` is edited."""
    survey, responses = folder / "survey.yml", folder / "responses.csv"
    if responses.exists() and digest(responses) != memory.get("responses_sha256"):
        how = "was changed since the last import" if memory["columns"] else "was not made by an import"
        raise ValueError(
            f"{responses}: {how} and is not overwritten; move it away, or choose another NAME."
        )
    return survey.exists() and digest(survey) != memory.get("draft_sha256")


def _write(folder, text, frame, report, memory):
    """Put the files in place; each appears whole or not at all."""
    names = ["responses.csv"] if report["edited"] else ["responses.csv", "survey.yml"]
    parts = [folder / f".{name}.part" for name in names]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with open(parts[0], "wb") as file:
            file.writelines(csv_parts(frame))
        report["responses_sha256"] = digest(parts[0])
        report["draft_sha256"] = memory.get("draft_sha256", "")
        if not report["edited"]:
            parts[1].write_bytes(text.encode("utf-8"))
            report["draft_sha256"] = digest(parts[1])
        write_json(folder / "import.json", report)
        for part, name in zip(parts, names, strict=True):
            part.replace(folder / name)
    except OSError as error:
        raise ValueError(unwritable(folder, error)) from None
    finally:
        for part in parts:
            part.unlink(missing_ok=True)


# ---- responses


def _respondents(export):
    """Ids of the respondents: the platform's own, or numbers in the order of the rows."""
    named = [part.name for part in export.fields if part.role == "respondent"]
    ids = export.values[named[0]].str.strip() if named else None
    if ids is not None and (ids != "").all() and ids.is_unique:
        return ids, []
    why = f"'{named[0]}' is empty or stands twice" if named else "no column tells respondents apart"
    question = "Respondents are numbered in the order of the rows: does a later export keep that order?"
    edit = "if not, name the column that tells them apart as 'respondent'"
    asked = Decision(question, why, source="file", kind="respondent", edit=edit)
    return pd.Series([str(i + 1) for i in range(len(export.values))], dtype="str"), [asked]


def _by_draft(text, path, recipes, export, ids):
    """The responses of an untouched draft, which is read back as a person's file would be."""
    with tempfile.TemporaryDirectory() as scratch:
        draft = Path(scratch) / "survey.yml"
        draft.write_text(text, encoding="utf-8")
        instrument = read_instrument(draft)
    return instrument, _checked(instrument, path, recipes, export, ids)


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
    return instrument, _checked(instrument, path, recipes, export, ids)


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
    if not _fits(instrument, frame):
        interpret(path.name, instrument, path, raw)  # for a message that names the row
    return raw.reset_index()


def _fits(instrument, frame):
    """Whether every column holds what its item can have, looking at each value once."""
    for item in instrument.items:
        if item.type == "text":
            continue
        options = [*item.choices, *item.dont_know]
        allowed = {"", *item.missing, *(raw for o in options for raw in [o.raw, *o.also])}
        for column in item.answer_columns().values():
            values = {value.strip() for value in frame[column].unique()}
            if item.type == "multi":
                values -= {"0", "1"}
            if item.type == "number":
                values = {value for value in values if not PLAIN.fullmatch(value)}
            if not values <= allowed or (item.minimum, item.maximum) != (None, None):
                return False
    return True


# ---- the report


def _guessed(found, instrument):
    """What was guessed, and as what it stands in the draft, so that an edit of it is seen."""
    return [
        {
            "item": one.item["id"], "type": one.item["type"], "columns": one.fields, "why": one.why,
            "drafted": standing(instrument.item(one.item["id"])),
        }
        | ({"required": True} if one.required else {})
        for one in found
    ]  # fmt: skip


def _renamed(found, instrument):
    """The item that each guess is now, by the guess's id; none where it was taken out."""
    now = {column: item for item in instrument.items for column in item.columns().values()}
    pairs = {one.item["id"]: [now[c] for c in one.recipes if c in now] for one in found}
    return {id: items[0] for id, items in pairs.items() if items}


def _decisions(found, known):
    """What a person has to decide, item by item, and what no export can tell."""
    question = "Write title, about, licence and words, and a plan if there is one."
    whole = [Decision(question, "no export tells them", kind="about")]
    question = (
        "Is any of these ordered: {items}? If so write 'type: scale' in survey.yml, "
        "and 'points' in place of 'options', lowest first."
    )
    why = "no known scale has their options, which stand in the order in which they first occur"
    whole += [Decision(question, why, id, kind="order") for id in maybe_ordered(found, known)]
    return whole + [replace(a, item=one.item["id"]) for one in found for a in one.decisions]


def _doubts(export):
    """What reading the file left open."""
    return [Decision(doubt, IN_THE_FILE, source="file", kind="file") for doubt in export.doubts]


def _left_out(memory, export):
    """What the draft left out, still so, and what only this export brought; rows are this export's."""
    before = [left for left in memory["left_out"] if left.column in export.values]
    known = {left.column for left in before}
    known |= {name for one in memory["guessed"] for name in one["columns"]}
    return before + [left for left in export.left_out if left.column not in known]


def _new_columns(recipes, memory):
    """Columns of the export that neither the edited instrument nor the last import knew."""
    known = {recipe["from"] for recipe in memory["columns"].values()}
    known |= {recipe["text"]["from"] for recipe in memory["columns"].values() if "text" in recipe}
    known |= {left.column for left in memory["left_out"]}
    new = {column: r["from"] for column, r in recipes.items() if r["from"] not in known}
    return [
        Decision(
            f"Does '{source}' belong in survey.yml (column: {column})?",
            "it is new in this export",
            source="new",
            kind="new",
            edit="if so add an item with it as 'column'",
        )
        for column, source in new.items()
        if known
    ]


# ---- what changed since the last import


def changes(memory, export, found):
    """What is other than in the last export, in sentences: rows, columns, types, options."""
    if "headings" not in memory:
        return []
    said = []
    if memory["rows"] != len(export.values):
        said.append(f"{len(export.values):,} rows, {memory['rows']:,} before")
    now = [part.name for part in export.fields]
    gone = [name for name in memory["headings"] if name not in set(now)]
    new = [name for name in now if name not in set(memory["headings"])]
    for name in gone:
        near = difflib.get_close_matches(name, new, n=1, cutoff=0.7)
        said.append(f"'{name}' is gone" + (f", and '{near[0]}' is new" if near else ""))
        new = [other for other in new if other not in near]
    said += [f"'{name}' is new" for name in new]
    kept = [name for name in now if name in set(memory["headings"])]
    if kept != [name for name in memory["headings"] if name in set(now)]:
        said.append("the columns stand in another order")
    before = {tuple(one["columns"]): one for one in memory["guessed"]}
    for one in found:
        was = before.get(tuple(one.fields))
        if was and was["type"] != one.item["type"]:
            said.append(f"'{one.item['id']}' looks like {one.item['type']}, before like {was['type']}")
        elif was and "drafted" in was:
            said += _new_options(one, was["drafted"]["choices"])
    return said


def _new_options(one, before):
    """Options that are new or gone; an option is none that is respondents' own words."""
    keys = ("options", "points", "dont_know")
    now = [o.get("value", o["label"]) for key in keys for o in one.item.get(key, [])]
    said = [(raw, "new") for raw in now if raw not in before]
    said += [(raw, "no longer chosen") for raw in before if raw not in now]
    return [f"'{one.item['id']}': the option '{raw}' is {what}" for raw, what in said]
