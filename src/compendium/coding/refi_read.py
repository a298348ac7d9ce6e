"""Reads codebook, texts and codings from other QDA software: REFI-QDA ``.qdc`` and ``.qdpx``.

What `refi_write` writes comes back exactly. What other programs write is taken as far as it maps, and
messages say what did not: this compendium codes whole answers and reads texts only. So positions in a
text, in which programs differ (code points or UTF-16, one or two for a line break), decide nothing
here but whether a message is due. Tags are compared without their namespace and identifiers without
case and braces, since programs differ in both.
"""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd

from compendium.archives import MAX_BYTES, parse_xml, read_members
from compendium.coding.codebook import NO_CODE, NONE, TAKEN, Codebook, read_codebook
from compendium.coding.codings import CODING, open_answers, write_codings
from compendium.coding.refi_write import ANSWERS
from compendium.models import write_yaml
from compendium.survey.study import load_study

LABEL = re.compile("(Theme|Code|Unit|Mode|Note|Definition|Include|Exclude|Example): ?")
ID = re.compile("[a-z][a-z0-9_]*")
LOOSE = "Codes without a theme"
NAME = re.compile(r"(?P<respondent>.+) \[(?P<item>[a-z][a-z0-9_]*)\](?:\.\w+)?", re.DOTALL)
OTHER = ("Notes", "Links", "Sets", "Graphs")
UNKNOWN = "unknown"
VALUES = (
    "TextValue", "BooleanValue", "IntegerValue", "FloatValue", "DateValue", "DateTimeValue",
)  # fmt: skip


@dataclass(frozen=True)
class Project:
    """A project of QDA software, as far as it maps."""

    codebook: Codebook
    answers: pd.DataFrame  # respondent, item, question, text; in the order of the project
    codings: pd.DataFrame  # coder, respondent, item, code; by coder, answer and codebook
    cases: pd.DataFrame  # values of the variables as text, by respondent
    messages: list[str]  # what did not map


def read(study, path, data_dir="data", out_dir="build", replace=False):
    """Read a file of another program into a study.

    Codings of a ``.qdpx`` become ``coding/<coder>.csv`` of the study; the codebook of a ``.qdc``
    becomes ``<out_dir>/<study>/exchange/codebook.yml``, to be compared with the study's own.

    Parameters
    ----------
    study : str
        Its folder under `data_dir`.
    path : str or pathlib.Path
    data_dir, out_dir : str or pathlib.Path
    replace : bool
        Whether other codings of a coder may be overwritten.

    Returns
    -------
    list of str
        What to tell the user: what did not map, and what was written.

    Raises
    ------
    ValueError
        When a file is damaged, hostile or does not fit, or codings are in the way.
    """
    survey, path, folder = load_study(study, data_dir), Path(path), Path(data_dir) / study
    if path.suffix.lower() == ".qdc":
        return _take_codebook(path, Path(out_dir) / study / "exchange" / "codebook.yml")
    project, codebook = read_project(path), read_codebook(folder / "codebook.yml")
    codings = codings_in(project, codebook)
    files = {coder: re.sub("[^a-z0-9_-]+", "_", coder.lower()) for coder in codings["coder"].unique()}
    if len(set(files.values())) < len(files):
        raise ValueError(f"{path}: the names of two coders differ in capitals and signs only; rename "
                         "one of them.")  # fmt: skip
    codings["coder"] = codings["coder"].map(files)
    written = write_codings(folder / "coding", codings, codebook, open_answers(survey), replace)
    told = [f"{len(codings)} codings are read."] + [f"Written: {file}" for file in written]
    return project.messages + told


def _take_codebook(path, target):
    codebook, messages = read_codebook_file(path)
    content = codebook.model_dump(exclude_defaults=True)
    write_yaml(target, content)
    return [*messages, f"Written: {target}"]


def read_codebook_file(path):
    """The codebook of a ``.qdc``, without rules, and what did not map."""
    try:
        with open(path, "rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ValueError(f"{path}: cannot be opened ({error.strerror}); check its name.") from None
    if len(content) > MAX_BYTES:
        raise ValueError(f"{path}: larger than {MAX_BYTES // 1_000_000} MB, which no codebook is.")
    root, notes = parse_xml(content, path), defaultdict(list)
    title, about = Path(path).stem, None
    for group in _children(_child(root, "Sets"), "Set"):
        about = about or _fields(_text_of(group, "Description"), "Unit")
        if about is None:
            notes["Groups of codes are not taken over"].append(group.get("name"))
        else:
            title = group.get("name")
    codebook, _ = _codebook(path, root, title, about or {}, notes)
    return codebook, _said(notes)


def read_project(path):
    """The project of a ``.qdpx``.

    A text named like ``R001 [use]`` is respondent R001's answer to `use`. Any other text belongs to the
    respondent whose case it is part of; where there is none, its name is a respondent's.
    """
    members = read_members(path, lambda name: name.lower().endswith((".qde", ".txt")))
    if "project.qde" not in members:
        raise ValueError(f"{path}: holds no project.qde, so it is no project; export it again.")
    root, notes = parse_xml(members["project.qde"], f"{path}: project.qde"), defaultdict(list)
    about = _fields(_text_of(root, "Description"), "Unit") or {}
    codebook, ids = _codebook(path, _child(root, "CodeBook"), root.get("name"), about, notes)
    sources = _sources(root, members, notes)
    codings = _codings(root, sources, ids, codebook, notes)
    cases = _cases(root, sources)
    other = [tag for tag in OTHER if _child(root, tag) is not None]
    if other:
        notes["Parts of the project that are not taken over"] += other
    answers = pd.DataFrame([source[:4] for source in sources], columns=ANSWERS, dtype=object)
    return Project(codebook, answers, codings, cases, _said(notes))


def codings_in(project, codebook):
    """The codings of a project in the terms of a study's codebook.

    Codes are found by id, or else by name: some programs keep nothing else of a code. What the
    codebook has under neither keeps its id, which `codings.check_coding` refuses.
    """
    named = {code.name: code.id for code in codebook.codes}
    theirs = {code.id: named.get(code.name, code.id) for code in project.codebook.codes}
    ids = {code: code if code in codebook.ids else id for code, id in theirs.items()}
    codes = project.codings["code"].map(lambda code: ids.get(code, code))
    return project.codings.assign(code=codes)


def _codebook(path, root, title, about, notes):
    """The codebook under an element, and the ids of its codes (that of `NONE` too) by identifier."""
    tops = _children(_child(root, "Codes"), "Code")
    every = [element for top in tops for element in [top, *(below for below, _ in _descend(top))]]
    ids = {_guid(element): NONE for element in every if _means_none(element)}
    taken_themes, taken_codes, themes = dict.fromkeys([NONE, *TAKEN], 1), {NONE: 1}, []
    for top, elements in _themes(tops, notes):
        codes = []
        for element in elements:
            codes.append(_part(element, "Code", taken_codes, notes))
            ids.setdefault(_guid(element), codes[-1]["id"])
        theme = _part(top, "Theme", taken_themes, notes)
        kept = {key: theme[key] for key in ("id", "name", "definition")}
        themes.append(kept | {"codes": codes})
    if not themes:
        raise ValueError(f"{path}: holds no code; choose another file, or export it again.")
    ids.pop("", None)
    unit, mode = (about.get(label, [""])[0] for label in ("Unit", "Mode"))
    more = ({"unit": unit} if unit else {}) | ({"coding_mode": mode} if mode == "reflexive" else {})
    return Codebook(title=title or Path(path).stem, themes=themes, **more), ids


def _themes(tops, notes):
    """Themes with their codes, as elements: two levels out of any number."""
    themes, loose = [], []
    for top in tops:
        nested = list(_descend(top))
        if _means_none(top):
            continue
        if not nested and _codable(top):
            loose.append(top)
            continue
        # In some programs a parent can be given too: it is a code of its own theme as well.
        own = [top] if _codable(top) and not _text_of(top, "Description").startswith("Theme:") else []
        codes = [element for element, _ in nested if _codable(element) and not _means_none(element)]
        deep = [element.get("name") for element, depth in nested if depth > 1]
        if deep:
            notes["Codes below the second level stand directly under their theme"] += deep
        if codes or own:
            themes.append((top, [*own, *codes]))
        else:
            notes["Left out, because no code is in it"].append(top.get("name"))
    if loose:
        theme = ElementTree.Element("Code", name=LOOSE)
        ElementTree.SubElement(theme, "Description").text = f"{LOOSE}."
        themes.append((theme, loose))
    return themes


def _part(element, label, taken, notes):
    """What the model of a theme or code needs."""
    name, text = element.get("name") or "Untitled", _text_of(element, "Description")
    fields = _fields(text, label) or {"Definition": [text]}
    definition = fields.get("Definition", [""])[0]
    if not definition:
        notes["No definition, so the name stands in its place"].append(name)
    id = fields.get(label, [""])[0]
    if not ID.fullmatch(id) or id in taken:
        id = _new_id(name, taken)
    taken.setdefault(id, 1)
    return {
        "id": id,
        "name": name,
        "definition": definition or name,
        "include": fields.get("Include", [""])[0],
        "exclude": fields.get("Exclude", [""])[0],
        "examples": [example for example in fields.get("Example", []) if example],
    }


def _means_none(element):
    """Whether this is the code for *read, and no code applies*."""
    fields = _fields(_text_of(element, "Description"), "Code") or {}
    return fields.get("Code") == [NONE] or element.get("name") == NO_CODE


def _codable(element):
    return element.get("isCodable", "true").strip().lower() not in ("false", "0")


def _sources(root, members, notes):
    """Respondent, item, question, text and element of each text that can be read."""
    internal = {name.lower(): content for name, content in members.items()}
    owners = {
        _guid(of, "targetGUID"): case.get("name")
        for case in _children(_child(root, "Cases"), "Case")
        for of in _children(case, "SourceRef")
        if case.get("name")
    }
    sources, taken = [], defaultdict(dict)
    parent = _child(root, "Sources")
    for element in parent if parent is not None else []:
        text = _text(element, internal) if _tag(element) == "TextSource" else None
        name = element.get("name") or _guid(element)
        if text is None:
            notes["Sources that are no plain text in UTF-8 within the project are skipped"].append(name)
            continue
        named, owner = NAME.fullmatch(name), owners.get(_guid(element))
        respondent = named["respondent"] if named else owner or name
        item = named["item"] if named else name if owner else "text"
        if item in taken[respondent] or not named:
            item = _new_id(item, taken[respondent])
        taken[respondent].setdefault(item, 1)
        question = _text_of(element, "Description")
        sources.append((respondent, item, question, text, element))
    return sources


def _text(element, internal):
    """The text of a source with line feeds only, or None; nothing outside the project is opened."""
    inline, path = _child(element, "PlainTextContent"), element.get("plainTextPath", "")
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
        _guid(user): user.get("name") or user.get("id") or UNKNOWN
        for user in _children(_child(root, "Users"), "User")
    }
    rows = set()
    for place, (respondent, item, _, text, element) in enumerate(sources):
        for coding, by in _given(respondent, text, element, notes):
            code = ids.get(_guid(_child(coding, "CodeRef"), "targetGUID"))
            coder = users.get(_guid(coding, "creatingUser") or by, UNKNOWN)
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
    return pd.DataFrame(kept, columns=["coder", *CODING], dtype=object)


def _given(respondent, text, element, notes):
    """The codings of a source, each with the user of its selection."""
    for coding in _children(element, "Coding"):
        yield coding, ""
    for selection in _children(element, "PlainTextSelection"):
        codings = _children(selection, "Coding")
        ends = [selection.get("startPosition"), selection.get("endPosition")]
        if not codings:
            notes["Selections without a code are left out"].append(respondent)
        elif ends != ["0", str(len(text))]:
            notes["Parts of a text were coded; the code counts for the whole of it"].append(respondent)
        by = _guid(selection, "creatingUser") or _guid(selection, "modifyingUser")
        yield from ((coding, by) for coding in codings)


def _cases(root, sources):
    """Values of the variables by respondent; programs keep them with a case or with its source."""
    variables = {
        _guid(variable): variable.get("name") or "unnamed"
        for variable in _children(_child(root, "Variables"), "Variable")
    }
    respondents = {_guid(source[4]): source[0] for source in sources}
    held = [(source[0], source[4]) for source in sources if _children(source[4], "VariableValue")]
    for case in _children(_child(root, "Cases"), "Case"):
        of = [respondents.get(_guid(ref, "targetGUID")) for ref in _children(case, "SourceRef")]
        held += [(name, case) for name in [case.get("name") or next(iter(of), None)] if name]
    rows = {}
    for respondent, element in held:
        row = rows.setdefault(respondent, {})
        for given in _children(element, "VariableValue"):
            name = variables.get(_guid(_child(given, "VariableRef"), "targetGUID"))
            value = next((_tag(value) for value in given if _tag(value) in VALUES), None)
            if name and value:
                row[name] = _text_of(given, value)
    columns = list(dict.fromkeys(variables.values()))
    index = pd.Index(list(rows), name="respondent", dtype=object)
    return pd.DataFrame(list(rows.values()), index=index, columns=columns, dtype=object)


def _fields(text, first):
    """Labelled lines of `refi_write` taken apart; None for a text that begins with another label."""
    if not text.startswith(f"{first}:"):
        return None
    fields = {}
    for line in text.split("\n"):
        label = LABEL.match(line)
        if label:
            last = fields.setdefault(label[1], [])
            last.append(line[label.end() :])
        else:
            last[-1] += "\n" + line.removeprefix("  ")
    return fields


def _new_id(name, taken):
    """An id made of a name, other than those taken (id to last number behind it); it is added."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    stem = "_".join(re.findall("[a-z0-9]+", plain)) or "unnamed"
    stem = stem if stem[0].isalpha() else f"x_{stem}"
    id, number = stem, taken.get(stem, 1)
    while id in taken:
        number += 1
        id = f"{stem}_{number}"
    taken[stem] = number
    taken[id] = 1
    return id


def _children(element, tag):
    """Children with this tag, whatever its namespace; none where the element itself is missing."""
    return [below for below in element if _tag(below) == tag] if element is not None else []


def _child(element, tag):
    """The first child with this tag, or None."""
    return next(iter(_children(element, tag)), None)


def _tag(element):
    """The tag without its namespace; empty for a comment."""
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


def _text_of(element, tag):
    """Text of the first child with this tag, its line breaks line feeds; empty where there is none."""
    found = _child(element, tag)
    text = "" if found is None else found.text or ""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _guid(element, key="guid"):
    """An identifier without braces, in lower case; empty where there is none."""
    return "" if element is None else element.get(key, "").strip(" {}").lower()


def _descend(top):
    """Codes below a code with their depth, in the order of the file; no recursion, for any depth."""
    left = [(element, 1) for element in reversed(_children(top, "Code"))]
    while left:
        element, depth = left.pop()
        yield element, depth
        left += [(below, depth + 1) for below in reversed(_children(element, "Code"))]


def _said(notes):
    """Messages of what happened, each with the first few names it happened to."""
    messages = []
    for what, names in notes.items():
        names = [name or "unnamed" for name in dict.fromkeys(names)]
        more = f" and {len(names) - 5} more" if len(names) > 5 else ""
        messages.append(f"{what}: {', '.join(names[:5])}{more}.")
    return messages
