"""Writes codebook and codings for other QDA software: REFI-QDA ``.qdc`` and ``.qdpx``.

A theme is a code that cannot be given itself (``isCodable="false"``): nobody gives a theme in this
compendium, and programs that know categories, such as QualCoder, make one of it. Its codes are nested
in it. What a `Code` holds beside its name stands in labelled lines of the description, which a person
can read in any program and `refi_read` reads back. The rules of the rule coder and the seed of
their split are not exchanged: they mean nothing elsewhere.

*Read, and no code applies* is a code of its own, `NO_CODE`, in the project. A note or a selection
without a code would do for reading it back, but programs turn those into annotations or drop them,
and a coder who works elsewhere needs something to give.

Positions count Unicode code points from 0, as the standard has it, in texts whose line breaks are one
line feed. Identifiers are made from ids, so they never change. The standard's dates of creation are
fixed: some programs cannot do without one.

References
----------
REFI-QDA standard 1.5 (2019), with Codebook.xsd and Project.xsd 1.0, https://www.qdasoftware.org.
Evers, J., Caprioli, M. U., Nöst, S. & Wiedemann, G. (2020). What is the REFI-QDA standard. Forum
Qualitative Sozialforschung 21(2), art. 22. https://doi.org/10.17169/fqs-21.2.3439
"""

import json
import uuid
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd

from compendium.archives import refuse_forbidden, write_archive
from compendium.coding.codebook import NO_CODE, NONE, read_codebook
from compendium.coding.codings import open_answers, read_codings
from compendium.coding.fingerprints import check_coding, key_of, sealed
from compendium.coding.notes import (
    ABOUT,
    CODING,
    MEMO,
    drafted,
    read_drafts,
    read_memos,
    read_proposals,
)  # fmt: skip
from compendium.disclosure.release import CREATED, NOTICE, ORIGIN, described, masked_answers
from compendium.files import write_table
from compendium.survey.study import load_study

CODEBOOK = "urn:QDA-XML:codebook:1.0"
PROJECT = "urn:QDA-XML:project:1.0"
NO_CODE_MEANS = "The answer was read, and no code of the codebook applies to it."
ANSWERS = ["respondent", "item", "question", "text"]
SPACE = uuid.uuid5(uuid.NAMESPACE_URL, PROJECT)


def write(study, data_dir="data", out_dir="build"):
    """Write ``codebook.qdc`` and ``project.qdpx`` of a study into ``<out_dir>/<study>/exchange/``.

    Parameters
    ----------
    study : str
        Its folder under `data_dir`.
    data_dir, out_dir : str or pathlib.Path

    Returns
    -------
    list of str
        What to tell the user.

    Raises
    ------
    ValueError
        When a file of the study does not fit, or a text holds a character that XML forbids.
    """
    survey, folder = load_study(study, data_dir), Path(data_dir) / study
    codebook, answers = read_codebook(folder / "codebook.yml"), open_answers(survey)
    key = key_of(survey.synthetic, folder / "coding")
    codings, waiting = read_codings(folder / "coding", codebook, sealed(answers, key))
    memos, proposed = read_memos(folder / "coding"), read_proposals(folder / "coding")
    masked, messages = masked_answers(survey, answers)
    cases, note = described(survey, masked["respondent"]), NOTICE if survey.synthetic else ""
    output = Path(out_dir) / study / "exchange"
    files = {
        output / "codebook.qdc": write_codebook(codebook),
        output / "project.qdpx": write_project(
            codebook, masked, codings, cases, note, memos, proposed, read_drafts(folder / "coding")
        ),
    }
    if len(waiting):
        messages.append(f"{len(waiting)} codings wait and are left out, as their code was split.")
    output.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        path.write_bytes(content)
    write_table(output / "codebook.csv", tags(codebook))
    return [*messages, *(f"Written: {path}" for path in [output / "codebook.csv", *files])]


def tags(codebook):
    """A codebook as Taguette reads one: a row a theme or code, as `tag`, `description`, `parent`."""
    rows = []
    for theme in codebook.themes:
        rows.append((theme.name, describe([("Theme", theme.id), ("Definition", theme.definition)]), ""))
        rows += [(code.name, describe(_fields(code)), theme.name) for code in theme.codes]
    return pd.DataFrame(rows, columns=["tag", "description", "parent"])


def write_codebook(codebook):
    """A codebook as REFI-QDA ``.qdc``, in bytes.

    The format has no place for a codebook's title and unit; a set of all codes holds them.
    """
    root = ElementTree.Element("CodeBook", xmlns=CODEBOOK, origin=ORIGIN)
    _codes(root, codebook)
    title = {"name": codebook.title, "guid": guid("codebook")}
    whole = _add(_add(root, "Sets"), "Set", **title)
    _add(whole, "Description", describe(_about(codebook)))
    for code in codebook.ids:
        _add(whole, "MemberCode", guid=guid("code", code))
    return _serialise(root)


def write_project(codebook, answers, codings, cases, note="", memos=None, proposed=None, drafts=()):
    """Codebook, answers, codings and respondents as REFI-QDA ``.qdpx``, in bytes.

    Give masked `answers`: positions refer to the text as given. Each coding is of a whole answer.
    `cases` has one row a respondent and one column a variable, as text; missing is not written.
    `note` says what whoever opens the project should know; `memos` and `proposed` are as in
    `codings.Coding`, `drafts` says what the proposed codes mean. A proposal stands beside the themes.
    """
    _check(codebook, answers, codings)
    memos = pd.DataFrame(columns=MEMO) if memos is None else memos
    proposed, drafts = _open_proposals(codebook, proposed, drafts)
    codings = _with_proposals(codings, proposed)
    root = ElementTree.Element(
        "Project", xmlns=PROJECT, name=codebook.title, origin=ORIGIN, creationDateTime=CREATED
    )
    coders = sorted({*codings["coder"], *memos["coder"]} - {""})
    if coders:
        users = _add(root, "Users")
        for coder in coders:
            _add(users, "User", guid=guid("coder", coder), name=coder)
    noted = memos.groupby([*CODING, "coder"], sort=False)["note"].agg("\n".join)
    noted = {key: (_note_id(key), text) for key, text in noted.items()}
    _codes(_add(root, "CodeBook"), codebook, noted, drafts)
    _cases(root, answers, cases)
    texts = _sources(root, answers, codings, [*codebook.ids, *(d["id"] for d in drafts), NONE], noted)
    _notes(root, noted)
    about = _about(codebook) + ([("Note", note)] if note else [])
    _add(root, "Description", describe(about))
    _refer(root, [key for key in noted if key[:3] == ("", "", "")], noted)
    return write_archive({"project.qde": _serialise(root)} | texts)


def guid(*parts):
    """The identifier of a part of a study, from its kind and ids: the same on every machine."""
    return str(uuid.uuid5(SPACE, json.dumps(parts)))


def describe(fields):
    """Labelled lines; further lines of a text are indented, so that none looks like a label."""
    return "\n".join(f"{label}: {_lines(text)}".replace("\n", "\n  ") for label, text in fields)


def _about(codebook):
    return [("Unit", codebook.unit), ("Mode", codebook.coding_mode)]


def _codes(parent, codebook, noted=None, drafts=()):
    """Themes with their codes; in a project, proposals and the code for none beside them."""
    codes = _add(parent, "Codes")
    for theme in codebook.themes:
        fields = [("Theme", theme.id), ("Definition", theme.definition)]
        above = _code(codes, guid("theme", theme.id), theme.name, "false", fields)
        for code in theme.codes:
            element = _code(above, guid("code", code.id), code.name, "true", _fields(code))
            _refer_to_code(element, code.id, noted)
    for entry in drafts:
        fields = [("Code", entry["id"]), ("Definition", entry["definition"])]
        element = _code(codes, guid("code", entry["id"]), entry["name"], "true", fields)
        _refer_to_code(element, entry["id"], noted)
    if noted is not None:
        fields = [("Code", NONE), ("Definition", NO_CODE_MEANS)]
        _refer_to_code(_code(codes, guid("code", NONE), NO_CODE, "true", fields), NONE, noted)


def _fields(code):
    """What is said of a code, as labelled lines."""
    given = (("Include", code.include), ("Exclude", code.exclude))
    fields = [("Code", code.id), ("Definition", code.definition)]
    fields += [(label, text) for label, text in given if text]
    return fields + [("Example", example) for example in code.examples]


def _refer_to_code(element, code, noted):
    _refer(element, [key for key in noted or () if key[:3] == ("", "", code)], noted)


def _code(parent, id, name, codable, fields):
    element = _add(parent, "Code", guid=id, name=name, isCodable=codable)
    _add(element, "Description", describe(fields))
    return element


def _cases(root, answers, cases):
    """Variables, and the respondents with their values and their answers."""
    if len(cases.columns):
        variables = _add(root, "Variables")
        for name in cases.columns:
            _add(variables, "Variable", guid=guid("variable", name), name=name, typeOfVariable="Text")
    if len(cases):
        parent = _add(root, "Cases")
    items = answers.groupby("respondent", sort=False)["item"].agg(list)
    for respondent, values in cases.iterrows():
        case = _add(parent, "Case", guid=guid("case", respondent), name=respondent)
        for name, value in values.dropna().items():
            given = _add(case, "VariableValue")
            _add(given, "VariableRef", targetGUID=guid("variable", name))
            _add(given, "TextValue", value)
        for item in items.get(respondent, []):
            _add(case, "SourceRef", targetGUID=guid("answer", respondent, item))


def _sources(root, answers, codings, order, noted):
    """One text an answer, and one selection of the whole of it for each coder who read it."""
    if len(answers):
        sources = _add(root, "Sources")
    order = {code: place for place, code in enumerate(order)}
    given = codings.groupby(["respondent", "item"])
    marks = set(codings[["coder", *CODING]].itertuples(index=False, name=None))
    texts = {}
    for respondent, item, question, text in answers[ANSWERS].itertuples(index=False):
        # A byte-order mark at its head would be taken for the file's, and positions be one off.
        text, id = _lines(text).lstrip("\ufeff"), guid("answer", respondent, item)
        refuse_forbidden(text)
        texts[f"sources/{id}.txt"] = text.encode()
        source = _add(
            sources, "TextSource", guid=id, name=f"{respondent} [{item}]",
            plainTextPath=f"internal://{id}.txt", creationDateTime=CREATED,
        )  # fmt: skip
        _add(source, "Description", question)
        if (respondent, item) in given.groups:
            for coder, codes in given.get_group((respondent, item)).groupby("coder")["code"]:
                codes = sorted(codes, key=order.get)
                _selection(source, len(text), (coder, respondent, item), codes, noted)
        here = [key for key in noted if key[:2] == (respondent, item)]
        _refer(source, [key for key in here if (key[3], *key[:3]) not in marks], noted)
    return texts


def _selection(source, length, of, codes, noted):
    user = guid("coder", of[0])
    selection = _add(
        source, "PlainTextSelection", guid=guid("selection", *of), startPosition="0",
        endPosition=str(length), creatingUser=user, creationDateTime=CREATED,
    )  # fmt: skip
    for code in codes:
        id = guid("coding", *of, code)
        coding = _add(selection, "Coding", guid=id, creatingUser=user, creationDateTime=CREATED)
        _add(coding, "CodeRef", targetGUID=guid("code", code))
        _refer(coding, [key for key in noted if key == (*of[1:], code, of[0])], noted)


def _note_id(key):
    return guid("memo", *key)


def _notes(root, noted):
    """The memos that something refers to, or about the project; one on a coding names its code."""
    used = {element.get("targetGUID") for element in root.iter("NoteRef")}
    used |= {id for key, (id, _) in noted.items() if key[:3] == ("", "", "")}
    parent = _add(root, "Notes") if used else None
    for (respondent, _, code, coder), (id, text) in noted.items():
        if id in used:
            of = {"creatingUser": guid("coder", coder)} if coder else {}
            note = _add(parent, "Note", guid=id, name="Memo", creationDateTime=CREATED, **of)
            if respondent and code:
                _add(note, "Description", describe([("Code", code)]))
            _add(note, "PlainTextContent", text)


def _refer(element, keys, noted):
    for key in keys:
        _add(element, "NoteRef", targetGUID=noted[key][0])


def _open_proposals(codebook, proposed, drafts):
    """Proposals that the codebook has not taken up, with an entry for each of their codes."""
    if proposed is None:
        return pd.DataFrame(columns=ABOUT), []
    proposed = proposed[~proposed["code"].isin([*codebook.ids, *codebook.former])]
    entries = {entry["id"]: entry for entry in drafts}
    codes = sorted(proposed["code"].unique())
    return proposed[ABOUT], [entries.get(code) or drafted(code, code) for code in codes]


def _with_proposals(codings, proposed):
    """Codings and proposals together; what has a proposal is not without a code."""
    also = set(proposed[ABOUT[:3]].itertuples(index=False, name=None))
    rows = codings[["coder", *CODING]].itertuples(index=False, name=None)
    kept = [row for row in rows if row[3] != NONE or row[:3] not in also]
    new = list(proposed[["coder", *CODING]].itertuples(index=False, name=None))
    return pd.DataFrame([*kept, *new], columns=["coder", *CODING], dtype=object)


def _check(codebook, answers, codings):
    twice = answers[answers.duplicated(["respondent", "item"])]
    if len(twice):
        respondent, item = twice[["respondent", "item"]].iloc[0]
        raise ValueError(f"answers: '{item}' of respondent '{respondent}' stands twice; remove one.")
    if NO_CODE in [code.name for code in codebook.codes]:
        raise ValueError(f"codebook: the name '{NO_CODE}' is kept for answers without a code; rename "
                         "that code.")  # fmt: skip
    for coder, rows in codings.groupby("coder"):
        check_coding(f"codings of {coder}", rows.reset_index(drop=True), codebook, answers)


def _add(parent, tag, text=None, **attributes):
    element = ElementTree.SubElement(parent, tag, attributes)
    element.text = text if text is None else _lines(text)
    return element


def _lines(text):
    """One kind of line break: XML parsers and programs change the others, and positions with them."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _serialise(root):
    for element in root.iter():
        for text in [element.text or "", *element.attrib.values()]:
            refuse_forbidden(text)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"
