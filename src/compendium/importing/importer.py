"""Imports a survey platform's export as a study: ``survey.yml``, ``responses.csv``, ``import.json``.

The draft of the instrument is a person's to edit. What was written last time is remembered by its
SHA-256 in ``import.json``: an edited file is never overwritten, and a second export of the same survey
updates the responses by the same recipes and keeps the edits. Nothing is written before everything is
checked. Guesses about answers could be tested against such a sum, so ``import.json`` stays beside the
answers, in a folder that git ignores, and no sum of it is published.
"""

import os
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from compendium.files import digest, read_json, read_text, unwritable, write_json
from compendium.importing.draft.decisions import (
    Decision,
    as_dict,
    maybe_ordered,
    ranked,
    standing,
    still_open,
)
from compendium.importing.draft.items import guess
from compendium.importing.draft.profile import profile
from compendium.importing.draft.scales import read_wordings
from compendium.importing.draft.skip_logic import guess_conditions
from compendium.importing.draft.survey_yml import draft_of, instrument_of, survey_text
from compendium.importing.export import LeftOut
from compendium.importing.later import (
    PLAIN,
    asked_again,
    changes,
    codings_apart,
    described,
    found_again,
    rewired,
    source_of,
    unlisted,
    with_earlier_names,
    without_answers,
)
from compendium.importing.mapping import csv_parts, make_columns
from compendium.importing.platforms import undo
from compendium.importing.structure.overlay import find_structure, use_structure
from compendium.importing.workbook import read_export
from compendium.survey.instrument import read_instrument
from compendium.survey.study import interpret

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}")
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
        consequential first), `changes` since the last import, `fields` (by heading, the platform's id,
        the text and the type, by which a later export finds them), `edited`, `columns` (how each is
        made), `draft_sha256`, `responses_sha256`.

    Raises
    ------
    ValueError
        When the export cannot be read, a file of the study was changed by hand or was not made by an
        import, or an edited ``survey.yml`` is of another survey. No file is touched then.

    Examples
    --------
    >>> import shutil, tempfile
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
    told, again = described(export, found), {}
    if memory["fields"]:
        again = found_again(memory["fields"], told)
    if edited:
        survey = folder / "survey.yml"
        text, instrument = read_text(survey), read_instrument(survey)
        mine = rewired(memory["columns"], instrument, again)
        used = source_of(mine)
        recipes = {c: recipe for c, recipe in recipes.items() if recipe["from"] not in used} | mine
        guessed = _under_new_names(memory["guessed"], again)
        left_out = _left_out(memory, guessed, export)
        new = asked_again(memory, instrument, again, recipes) + without_answers(
            survey, path, instrument, recipes, export
        )
        frame = _made(instrument, path, recipes, export, ids)
        new += unlisted(instrument, path, frame, found, recipes, export)
        new += codings_apart(folder, instrument, frame)
        asked = still_open(asked, instrument, *_items_now(found, guessed, instrument, recipes))
        asked += new + _new_columns(recipes, memory, again)
        with_earlier_names(told, memory, instrument, again, recipes)
    else:
        draft = draft_of(name, source, seen, found, asked)
        text, instrument = survey_text(draft), instrument_of(folder / "survey.yml", draft)
        frame = _made(instrument, path, recipes, export, ids)
        guessed, left_out = _guessed(found, instrument), export.left_out
        asked += codings_apart(folder, instrument, frame)
    _check(instrument, path, frame)
    report = {
        "source": source, "platform": export.platform, "rows": len(export.values),
        "sha256": digest(path), "read": export.read, "guessed": guessed,
        "left_out": [left.as_dict() for left in left_out],
        "decisions": [as_dict(one) for one in ranked(asked)], "edited": edited, "columns": recipes,
        "changes": changes(memory, again, export, found), "fields": told,
    }  # fmt: skip
    _write(folder, text, frame, report, memory)
    return report


# ---- the study's folder


def _memory(folder):
    """What the last import wrote down; empty where there was none."""
    path = folder / "import.json"
    found = {"columns": {}, "guessed": [], "left_out": [], "fields": {}}
    if not path.exists():
        return found
    try:
        found |= read_json(path)
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


def _made(instrument, path, recipes, export, ids):
    """The responses that an instrument names, respondents first."""
    frame = make_columns(instrument, recipes, export)
    if instrument.provenance == "synthetic" and "provenance" in export.values:
        frame["provenance"] = export.values["provenance"]
    for column, values in frame.items():
        array = pa.array(values)
        if array.nbytes > LONGEST and pc.max(pc.utf8_length(array)).as_py() > LONGEST:
            raise ValueError(
                f"{path}: the column '{column}' has a value of more than {LONGEST:,} characters, which "
                "is no answer; leave it out of the export."
            )
    key = instrument.respondent or "respondent"
    if key in export.values and key != "respondent":
        ids = export.values[key]
    raw = frame.drop(columns=key, errors="ignore").set_axis(pd.Index(ids, name=key), axis=0)
    return raw.reset_index()


def _check(instrument, path, frame):
    """Refuse responses that the study's own reader would not accept."""
    if not _fits(instrument, frame):
        raw = frame.set_index(instrument.respondent or "respondent")
        interpret(path.name, instrument, path, raw)  # for a message that names the row


def _fits(instrument, frame):
    """Whether every column holds what its item can have, looking at each value once."""
    for item in instrument.items:
        if item.type == "text":
            continue
        options = [*item.choices, *item.dont_know]
        allowed = {"", *item.missing, *(raw for o in options for raw in [o.raw, *o.also])}
        for column in item.answer_columns().values():
            values = {value.strip() for value in pa.array(frame[column]).unique().to_pylist()}
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
    drafted = {item.id: item for item in instrument.items}
    return [
        {
            "item": one.item["id"], "type": one.item["type"], "columns": one.fields, "why": one.why,
            "drafted": standing(drafted[one.item["id"]]),
        }
        | ({"required": True} if one.required else {})
        for one in found
    ]  # fmt: skip


def _under_new_names(guessed, again):
    """What was guessed, with the names that its columns have now."""
    now = {old: new for old, (new, _) in again.items()}
    return [one | {"columns": [now.get(name, name) for name in one["columns"]]} for one in guessed]


def _items_now(found, guessed, instrument, recipes):
    """By the id of a guess, what was drafted of it, and the item that it is now, if it is still in."""
    drafted = {name: one.get("drafted", {}) for one in guessed for name in one["columns"]}
    items = {column: item for item in instrument.items for column in item.columns().values()}
    sources = source_of(recipes)
    before, now = {}, {}
    for one in found:
        before[one.item["id"]] = next((drafted[n] for n in one.fields if n in drafted), {})
        here = [items[sources[n]] for n in one.fields if sources.get(n) in items]
        if here:
            now[one.item["id"]] = here[0]
    return before, now


def _decisions(found, known):
    """What a person has to decide, item by item, and what no export can tell."""
    question = "Write title, about, licence and words, and a plan if there is one."
    whole = [Decision(question, "no export tells them", kind="about")]
    question = "Do the options of {items} have an order?"
    why = "no known scale has their options, which stand in the order in which they first occur"
    edit = "if so write 'type: scale', and 'points' in place of 'options', lowest first"
    whole += [
        Decision(question, why, id, kind="order", edit=edit) for id in maybe_ordered(found, known)
    ]
    return whole + [replace(a, item=one.item["id"]) for one in found for a in one.decisions]


def _doubts(export):
    """What reading the file left open."""
    return [Decision(doubt, IN_THE_FILE, source="file", kind="file") for doubt in export.doubts]


def _left_out(memory, guessed, export):
    """What the draft left out, still so, and what only this export brought; rows are this export's."""
    before = [left for left in memory["left_out"] if left.column in export.values]
    known = {left.column for left in before}
    known |= {name for one in guessed for name in one["columns"]}
    return before + [left for left in export.left_out if left.column not in known]


def _new_columns(recipes, memory, again):
    """Columns of the export that neither the edited instrument nor the last import knew."""
    known = {*source_of(memory["columns"]), *(new for new, _ in again.values())}
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
