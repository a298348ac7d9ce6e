"""Reads codebook, texts and codings from other QDA software: REFI-QDA ``.qdpx``.

What `exchange` writes comes back exactly. What other programs write is taken as far as it maps, and
messages say what did not: this compendium codes whole answers and reads texts only. So positions in
a text, in which programs differ (code points or UTF-16, one or two for a line break), decide nothing
here but whether a message is due.
"""

import re
from collections import defaultdict
from dataclasses import dataclass

import pandas as pd

from compendium.archives import parse_xml, read_members
from compendium.coding.codebook import NONE, Codebook
from compendium.coding.refi_codebook import (
    build_codebook,
    child,
    children,
    fields_of,
    guid_of,
    new_id,
    said,
    tag_of,
    text_of,
)
from compendium.coding.refi_write import ANSWERS

NAME = re.compile(r"(?P<respondent>.+) \[(?P<item>[a-z][a-z0-9_]*)\](?:\.\w+)?", re.DOTALL)
OTHER = ("Notes", "Links", "Sets", "Graphs")
UNKNOWN = "unknown"
VALUES = (
    "TextValue", "BooleanValue", "IntegerValue", "FloatValue", "DateValue", "DateTimeValue",
)  # fmt: skip


@dataclass(frozen=True)
class Project:
    """A project of QDA software, as far as it maps.

    Attributes
    ----------
    codebook : Codebook
    answers : pandas.DataFrame
        `respondent`, `item`, `question`, `text`; the texts of the project, in their order.
    codings : pandas.DataFrame
        `coder`, `respondent`, `item`, `code`, sorted by coder, answer and codebook.
    cases : pandas.DataFrame
        Values of the variables as text, by respondent.
    messages : list of str
        What did not map.
    """

    codebook: Codebook
    answers: pd.DataFrame
    codings: pd.DataFrame
    cases: pd.DataFrame
    messages: list[str]


def read_project(path):
    """Read a REFI-QDA project (``.qdpx``).

    Parameters
    ----------
    path : str or pathlib.Path

    Returns
    -------
    Project
        A text named like ``R001 [use]`` is respondent R001's answer to `use`. Any other text belongs
        to the respondent whose case it is part of; where there is none, its name is a respondent's.

    Raises
    ------
    ValueError
        As `archives.read_members`, and when ``project.qde`` is missing, not XML or holds no code.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from compendium.coding.codebook import read_codebook
    >>> from compendium.coding.refi_write import write_project
    >>> answers = pd.DataFrame([["R1", "use", "Do you?", "We do."]], columns=ANSWERS)
    >>> codings = pd.DataFrame([["jo", "R1", "use", "none"]],
    ...                        columns=["coder", "respondent", "item", "code"])
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "project.qdpx"
    >>> _ = path.write_bytes(write_project(read_codebook("data/microcredentials/codebook.yml"),
    ...                                    answers, codings, pd.DataFrame(index=["R1"])))
    >>> read_project(path).codings.values.tolist()
    [['jo', 'R1', 'use', 'none']]
    """
    members = read_members(path, lambda name: name.lower().endswith((".qde", ".txt")))
    if "project.qde" not in members:
        raise ValueError(f"{path}: holds no project.qde, so it is no project; export it again.")
    root, notes = parse_xml(members["project.qde"], f"{path}: project.qde"), defaultdict(list)
    about = fields_of(text_of(root, "Description"), "Unit") or {}
    codebook, ids = build_codebook(path, child(root, "CodeBook"), root.get("name"), about, notes)
    sources = _sources(root, members, notes)
    codings = _codings(root, sources, ids, codebook, notes)
    cases = _cases(root, sources)
    other = [tag for tag in OTHER if child(root, tag) is not None]
    if other:
        notes["Parts of the project that are not taken over"] += other
    answers = pd.DataFrame([source[:4] for source in sources], columns=ANSWERS, dtype=object)
    return Project(codebook, answers, codings, cases, said(notes))


def codings_in(project, codebook):
    """The codings of a project in the terms of a study's codebook.

    Parameters
    ----------
    project : Project
    codebook : Codebook
        Codes are found by id, or else by name: some programs keep nothing else of a code.

    Returns
    -------
    pandas.DataFrame
        As `Project.codings`. What the codebook has neither by id nor by name keeps its id, which
        `codebook.check_coding` refuses.

    Examples
    --------
    >>> from compendium.coding.codebook import read_codebook
    >>> codebook = read_codebook("data/microcredentials/codebook.yml")
    >>> renamed = codebook.themes[5].codes[2].model_copy(update={"id": "cost_and_funding"})
    >>> theme = codebook.themes[5].model_copy(update={"codes": [renamed]})
    >>> theirs = codebook.model_copy(update={"themes": [theme]})
    >>> codings = pd.DataFrame({"coder": ["jo"], "code": ["cost_and_funding"]})
    >>> codings_in(Project(theirs, None, codings, None, []), codebook)["code"].tolist()
    ['cost']
    """
    named = {code.name: code.id for code in codebook.codes}
    theirs = {code.id: named.get(code.name, code.id) for code in project.codebook.codes}
    ids = {code: code if code in codebook.ids else id for code, id in theirs.items()}
    codes = project.codings["code"].map(lambda code: ids.get(code, code))
    return project.codings.assign(code=codes)


def _sources(root, members, notes):
    """Respondent, item, question, text and element of each text that can be read."""
    internal = {name.lower(): content for name, content in members.items()}
    owners = {
        guid_of(of, "targetGUID"): case.get("name")
        for case in children(child(root, "Cases"), "Case")
        for of in children(case, "SourceRef")
        if case.get("name")
    }
    sources, taken = [], defaultdict(dict)
    parent = child(root, "Sources")
    for element in parent if parent is not None else []:
        text = _text(element, internal) if tag_of(element) == "TextSource" else None
        name = element.get("name") or guid_of(element)
        if text is None:
            notes["Sources that are no plain text in UTF-8 within the project are skipped"].append(name)
            continue
        named, owner = NAME.fullmatch(name), owners.get(guid_of(element))
        respondent = named["respondent"] if named else owner or name
        item = named["item"] if named else name if owner else "text"
        if item in taken[respondent] or not named:
            item = new_id(item, taken[respondent])
        taken[respondent].setdefault(item, 1)
        question = text_of(element, "Description")
        sources.append((respondent, item, question, text, element))
    return sources


def _text(element, internal):
    """The text of a source with line feeds only, or None; nothing outside the project is opened."""
    inline, path = child(element, "PlainTextContent"), element.get("plainTextPath", "")
    if inline is not None:
        text = inline.text or ""
    else:
        content = internal.get(f"sources/{path.removeprefix('internal://').lstrip('/')}".lower())
        if content is None:
            return None
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _codings(root, sources, ids, codebook, notes):
    """Codings of whole answers, sorted; `NONE` stands only where a coder gave nothing else."""
    users = {
        guid_of(user): user.get("name") or user.get("id") or UNKNOWN
        for user in children(child(root, "Users"), "User")
    }
    rows = set()
    for place, (respondent, item, _, text, element) in enumerate(sources):
        for coding, by in _given(respondent, text, element, notes):
            code = ids.get(guid_of(child(coding, "CodeRef"), "targetGUID"))
            coder = users.get(guid_of(coding, "creatingUser") or by, UNKNOWN)
            if code is None:
                notes["Codings with a code that the codebook lacks are left out"].append(respondent)
            else:
                rows.add((coder, place, respondent, item, code))
    given = {row[:2] for row in rows if row[4] != NONE}
    order = {code: number for number, code in enumerate([*codebook.ids, NONE])}
    for row in sorted(rows):
        if row[4] == NONE and row[:2] in given:
            notes["'No code applies' is left out where the same coder gave a code"].append(row[2])
            rows.remove(row)
    ordered = sorted(rows, key=lambda row: (row[0], row[1], order[row[4]]))
    kept = [(coder, respondent, item, code) for coder, _, respondent, item, code in ordered]
    return pd.DataFrame(kept, columns=["coder", "respondent", "item", "code"], dtype=object)


def _given(respondent, text, element, notes):
    """The codings of a source, each with the user of its selection."""
    for coding in children(element, "Coding"):
        yield coding, ""
    for selection in children(element, "PlainTextSelection"):
        codings = children(selection, "Coding")
        ends = [selection.get("startPosition"), selection.get("endPosition")]
        if not codings:
            notes["Selections without a code are left out"].append(respondent)
        elif ends != ["0", str(len(text))]:
            notes["Parts of a text were coded; the code counts for the whole of it"].append(respondent)
        by = guid_of(selection, "creatingUser") or guid_of(selection, "modifyingUser")
        yield from ((coding, by) for coding in codings)


def _cases(root, sources):
    """Values of the variables by respondent; programs keep them with a case or with its source."""
    variables = {
        guid_of(variable): variable.get("name") or "unnamed"
        for variable in children(child(root, "Variables"), "Variable")
    }
    respondents = {guid_of(source[4]): source[0] for source in sources}
    held = [(source[0], source[4]) for source in sources if children(source[4], "VariableValue")]
    for case in children(child(root, "Cases"), "Case"):
        of = [respondents.get(guid_of(ref, "targetGUID")) for ref in children(case, "SourceRef")]
        held += [(name, case) for name in [case.get("name") or next(iter(of), None)] if name]
    rows = {}
    for respondent, element in held:
        row = rows.setdefault(respondent, {})
        for given in children(element, "VariableValue"):
            name = variables.get(guid_of(child(given, "VariableRef"), "targetGUID"))
            value = next((tag_of(value) for value in given if tag_of(value) in VALUES), None)
            if name and value:
                row[name] = text_of(given, value)
    columns = list(dict.fromkeys(variables.values()))
    index = pd.Index(list(rows), name="respondent", dtype=object)
    return pd.DataFrame(list(rows.values()), index=index, columns=columns, dtype=object)
