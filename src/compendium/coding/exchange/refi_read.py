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
from compendium.coding.codings import named_coder, open_answers
from compendium.coding.exchange.keeping import Given, keep, match, text_index
from compendium.coding.exchange.refi_elements import (
    UNKNOWN,
    child,
    children,
    guid_of,
    labelled,
    memos_in,
    source_text,
    tag_of,
    text_of,
    users_in,
)  # fmt: skip
from compendium.coding.exchange.refi_write import ANSWERS
from compendium.coding.fingerprints import key_of, sealed
from compendium.coding.notes import ABOUT, CODING, drafted
from compendium.disclosure.masking import mask
from compendium.disclosure.release import masked_answers
from compendium.files import GUARDED, read_csv, refuse_special
from compendium.models import write_yaml
from compendium.survey.study import load_study

ID = re.compile("[a-z][a-z0-9_]*")
LOOSE = "Codes without a theme"
NAME = re.compile(r"(?P<respondent>.+) \[(?P<item>[a-z][a-z0-9_]*)\](?:\.\w+)?", re.DOTALL)
OTHER = ("Links", "Sets", "Graphs")
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
    memos: pd.DataFrame  # coder, respondent, item, code, note


def read(study, path, data_dir="data", out_dir="build", replace=False, reattach=False):
    """Read a file of another program into a study.

    Codings of a ``.qdpx`` become ``coding/<coder>.csv`` of the study; the codebook of a ``.qdc``, or of
    a ``.csv`` as Taguette has it, becomes ``<out_dir>/<study>/exchange/codebook.yml``, to be compared
    with the study's own.

    Parameters
    ----------
    study : str
        Its folder under `data_dir`.
    path : str or pathlib.Path
    data_dir, out_dir : str or pathlib.Path
    replace : bool
        Whether other codings of a coder may be overwritten.
    reattach : bool
        Whether a text that is another respondent's answer, and only theirs, is taken as theirs.

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
    if path.suffix.lower() in (".qdc", ".csv"):
        return _take_codebook(path, Path(out_dir) / study / "exchange" / "codebook.yml")
    project, codebook = read_project(path), read_codebook(folder / "codebook.yml")
    raw, names = open_answers(survey), survey.instrument.disclosure.names
    masked = masked_answers(survey, raw)[0]
    given = given_in(path, project, codebook, masked, reattach, lambda text: mask(text, names)[0])
    answers = sealed(raw, key_of(survey.synthetic, folder / "coding", make=True))
    written = keep(folder / "coding", given, codebook, answers, replace)
    counts = f"{len(given.codings)} codings, {len(given.memos)} memos and {len(given.proposals)} "
    told = [f"{counts}codings with proposed codes are read."] + [f"Written: {file}" for file in written]
    return project.messages + given.messages + told


def given_in(path, project, codebook, masked, reattach=False, remask=str):
    """What a project says, in the terms of a study's codebook and answers, coders named as files.

    A text that is not the answer it is named after is refused where anything is said of it. A code that
    the codebook has under neither id nor name becomes a proposal.
    """
    index, moved = text_index(masked), {}
    said = pd.concat([project.codings, project.memos], ignore_index=True)[["respondent", "item"]]
    said = set(said.itertuples(index=False, name=None))
    for respondent, item, _, text in project.answers.itertuples(index=False, name=None):
        if (respondent, item) in said:
            here, of = f"{path}: the text '{respondent} [{item}]'", (respondent, item)
            moved[of] = match(here, of, text, index, reattach, remask)
    codings, memos = (_renamed(path, table, moved) for table in codings_in(project, codebook))
    proposed = ~codings["code"].isin([NONE, *codebook.ids, *codebook.former])
    names = {code.id: code for code in project.codebook.codes}
    new = dict.fromkeys(codings.loc[proposed, "code"])
    drafts = [drafted(code, names[code].name, names[code].definition) for code in new]
    proposals, kept = codings[proposed], codings[~proposed]
    also = set(kept[ABOUT[:3]].itertuples(index=False, name=None))
    none = proposals[ABOUT[:3]].drop_duplicates().assign(code=NONE)  # of the codebook's codes, none
    none = none[[row not in also for row in none[ABOUT[:3]].itertuples(index=False, name=None)]]
    messages = [f"Proposed as codes, as the codebook lacks them: {', '.join(new)}."] if new else []
    changed = sum(old != now for old, now in moved.items())
    if changed:
        messages.append(f"{changed} texts went to the respondents whose answer they are.")
    return Given(pd.concat([kept, none], ignore_index=True), memos, proposals, drafts, messages)


def _renamed(path, table, moved):
    """Codings or memos with coders named as files, and their answers where they are now."""
    names = {name: _file_name(name) for name in table["coder"].unique() if name}
    if len(set(names.values())) < len(names):
        raise ValueError(f"{path}: the names of two coders differ in capitals and signs only; rename "
                         "one of them.")  # fmt: skip
    to = [moved.get(of, of) for of in table[["respondent", "item"]].itertuples(index=False, name=None)]
    respondents = [respondent for respondent, _ in to]
    coders = [names.get(name, "") for name in table["coder"]]
    return table.assign(coder=coders, respondent=respondents)


def _file_name(name):
    return named_coder(re.sub(r"[^\w-]+", "_", unicodedata.normalize("NFC", name)))


def _take_codebook(path, target):
    read = read_tags if path.suffix.lower() == ".csv" else read_codebook_file
    codebook, messages = read(path)
    content = codebook.model_dump(exclude_defaults=True)
    write_yaml(target, content)
    return [*messages, f"Written: {target}"]


def read_codebook_file(path):
    """The codebook of a ``.qdc``, without rules, and what did not map."""
    refuse_special(path)
    try:
        with open(path, "rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ValueError(f"{path}: cannot be opened ({error.strerror}); check its name.") from None
    if len(content) > MAX_BYTES:
        raise ValueError(f"{path}: larger than {MAX_BYTES // 1_000_000} MB, which no codebook is.")
    root, notes = parse_xml(content, path), defaultdict(list)
    title, about = Path(path).stem, None
    for group in children(child(root, "Sets"), "Set"):
        about = about or labelled(text_of(group, "Description"), "Unit")
        if about is None:
            notes["Groups of codes are not taken over"].append(group.get("name"))
        else:
            title = group.get("name")
    codebook, _ = _codebook(path, root, title, about or {}, notes)
    return codebook, _said(notes)


def read_tags(path):
    """The codebook of a CSV file as Taguette has it, and what did not map.

    A row a code: its name in `tag`, `name` or `path` (levels parted by ``/``), a `description` if any,
    and in `parent`, if any, the name of the row that it stands below.
    """
    rows, notes = read_csv(path), defaultdict(list)
    rows = rows.map(lambda text: text[1:] if text[:1] == "'" and text[1:].startswith(GUARDED) else text)
    key = next((name for name in ("tag", "name", "path") if name in rows), None)
    if key is None:
        raise ValueError(f"{path}: has none of the columns tag, name and path; export it again.")
    root = ElementTree.Element("CodeBook")
    made = {"": ElementTree.SubElement(root, "Codes")}
    for row in rows.to_dict("records"):
        above, name = row[key].rpartition("/")[::2] if key == "path" else (row.get("parent"), row[key])
        if above and above not in made:  # it is no row of its own
            made[above] = ElementTree.SubElement(made[""], "Code", name=above, isCodable="false")
        element = ElementTree.SubElement(made[above or ""], "Code", name=name)
        ElementTree.SubElement(element, "Description").text = row.get("description", "")
        made.setdefault(row[key], element)
    codebook, _ = _codebook(path, root, path.stem, {}, notes)
    return codebook, _said(notes)


def read_project(path):
    """The project of a ``.qdpx``.

    A text named like ``R001 [use]`` is respondent R001's answer to `use`. Any other text belongs to the
    respondent whose case it is part of; where there is none, its name is a respondent's.
    """
    members = read_members(path, lambda name: name.lower().endswith((".qde", ".txt")))
    named = [name for name in members if name.lower() == "project.qde"]
    named = named or [name for name in members if name.lower().endswith(".qde") and "/" not in name]
    if len(named) != 1:
        raise ValueError(f"{path}: holds no project.qde, so it is no project; export it again.")
    root, notes = parse_xml(members[named[0]], f"{path}: {named[0]}"), defaultdict(list)
    about = labelled(text_of(root, "Description"), "Unit") or {}
    codebook, ids = _codebook(path, child(root, "CodeBook"), root.get("name"), about, notes)
    sources = _sources(root, members, notes)
    codings = _codings(root, sources, ids, codebook, notes)
    cases = _cases(root, sources)
    other = [tag for tag in OTHER if child(root, tag) is not None]
    if other:
        notes["Parts of the project that are not taken over"] += other
    answers = pd.DataFrame([source[:4] for source in sources], columns=ANSWERS, dtype=object)
    memos = memos_in(root, sources, ids, members)
    return Project(codebook, answers, codings, cases, _said(notes), memos)


def codings_in(project, codebook):
    """The codings of a project in the terms of a study's codebook.

    Codes are found by id, or else by name: some programs keep nothing else of a code. What the
    codebook has under neither keeps its id. Returns codings and memos.
    """
    named = {code.name: code.id for code in codebook.codes}
    known = {NONE, *codebook.ids, *codebook.former}
    theirs = {code.id: named.get(code.name, code.id) for code in project.codebook.codes}
    ids = {code: code if code in known else id for code, id in theirs.items()}
    return tuple(
        table.assign(code=table["code"].map(lambda code: ids.get(code, code)))
        for table in (project.codings, project.memos)
    )


def _codebook(path, root, title, about, notes):
    """The codebook under an element, and the ids of its codes (that of `NONE` too) by identifier."""
    tops = children(child(root, "Codes"), "Code")
    every = [element for top in tops for element in [top, *(below for below, _ in _descend(top))]]
    ids = {guid_of(element): NONE for element in every if _means_none(element)}
    taken_themes, taken_codes, themes = dict.fromkeys([NONE, *TAKEN], 1), {NONE: 1}, []
    for top, elements in _themes(tops, notes):
        codes = []
        for element in elements:
            codes.append(_part(element, "Code", taken_codes, notes))
            ids.setdefault(guid_of(element), codes[-1]["id"])
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
        own = [top] if _codable(top) and not text_of(top, "Description").startswith("Theme:") else []
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
    name, text = element.get("name") or "Untitled", text_of(element, "Description")
    fields = labelled(text, label) or {"Definition": [text]}
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
    fields = labelled(text_of(element, "Description"), "Code") or {}
    return fields.get("Code") == [NONE] or element.get("name") == NO_CODE


def _codable(element):
    return element.get("isCodable", "true").strip().lower() not in ("false", "0")


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
        text = source_text(element, internal) if tag_of(element) == "TextSource" else None
        name = element.get("name") or guid_of(element)
        if text is None:
            notes["Sources that are no plain text in UTF-8 within the project are skipped"].append(name)
            continue
        named, owner = NAME.fullmatch(name), owners.get(guid_of(element))
        respondent = named["respondent"] if named else owner or name
        item = named["item"] if named else name if owner else "text"
        if item in taken[respondent] or not named:
            item = _new_id(item, taken[respondent])
        taken[respondent].setdefault(item, 1)
        question = text_of(element, "Description")
        sources.append((respondent, item, question, text, element))
    return sources


def _codings(root, sources, ids, codebook, notes):
    """Codings of whole answers, sorted; `NONE` stands only where a coder gave nothing else."""
    users, rows = users_in(root), set()
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
    return pd.DataFrame(kept, columns=["coder", *CODING], dtype=object)


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


def _descend(top):
    """Codes below a code with their depth, in the order of the file; no recursion, for any depth."""
    left = [(element, 1) for element in reversed(children(top, "Code"))]
    while left:
        element, depth = left.pop()
        yield element, depth
        left += [(below, depth + 1) for below in reversed(children(element, "Code"))]


def _said(notes):
    """Messages of what happened, each with the first few names it happened to."""
    messages = []
    for what, names in notes.items():
        names = [name or "unnamed" for name in dict.fromkeys(names)]
        more = f" and {len(names) - 5} more" if len(names) > 5 else ""
        messages.append(f"{what}: {', '.join(names[:5])}{more}.")
    return messages
