"""Reads a codebook from other QDA software: REFI-QDA ``.qdc``.

What `exchange` writes comes back exactly. What other programs write is taken as far as it maps, and
messages say what did not. Tags are compared without their namespace and identifiers without case and
braces, since programs differ in both.
"""

import re
import unicodedata
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree

from compendium.archives import MAX_BYTES, parse_xml
from compendium.coding.codebook import NONE, TAKEN, Codebook
from compendium.coding.refi_write import NO_CODE

LABEL = re.compile("(Theme|Code|Unit|Mode|Note|Definition|Include|Exclude|Example): ?")
ID = re.compile("[a-z][a-z0-9_]*")
LOOSE = "Codes without a theme"


def read_codebook_file(path):
    """Read a REFI-QDA codebook (``.qdc``).

    Parameters
    ----------
    path : str or pathlib.Path

    Returns
    -------
    codebook : Codebook
        Without rules. Ids that the file does not give are made from names.
    messages : list of str
        What did not map.

    Raises
    ------
    ValueError
        When the file is missing, too large, not XML, declares a document type, or holds no code.

    Examples
    --------
    >>> import tempfile
    >>> from compendium.coding.codebook import read_codebook
    >>> from compendium.coding.refi_write import write_codebook
    >>> path = Path(tempfile.mkdtemp()) / "codebook.qdc"
    >>> _ = path.write_bytes(write_codebook(read_codebook("data/microcredentials/codebook.yml")))
    >>> codebook, messages = read_codebook_file(path)
    >>> codebook.title, messages
    ('What employers say about micro-credentials', [])
    """
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
        about = about or fields_of(text_of(group, "Description"), "Unit")
        if about is None:
            notes["Groups of codes are not taken over"].append(group.get("name"))
        else:
            title = group.get("name")
    codebook, _ = build_codebook(path, root, title, about or {}, notes)
    return codebook, said(notes)


def build_codebook(path, root, title, about, notes):
    """The codebook under an element, which has a child ``Codes``.

    Parameters
    ----------
    path : str or pathlib.Path
        For the messages.
    root : xml.etree.ElementTree.Element or None
    title : str
    about : dict
        Fields with the labels ``Unit`` and ``Mode``; may be empty.
    notes : dict of str to list of str
        What did not map, by what happened to it; changed in place.

    Returns
    -------
    codebook : Codebook
    ids : dict of str to str
        Ids of the codes by identifier, with that of `NONE`.

    Raises
    ------
    ValueError
        When there is no code.
    """
    tops = children(child(root, "Codes"), "Code")
    every = [element for top in tops for element in [top, *(below for below, _ in descend(top))]]
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


def fields_of(text, first):
    """Take labelled lines apart that `exchange.describe` wrote.

    Parameters
    ----------
    text : str
    first : str
        The label with which such a text begins; a text of another origin does not.

    Returns
    -------
    dict of str to list of str, or None
        Texts by label; None for a text of another origin.

    Examples
    --------
    >>> fields_of("Code: cost\\nExample: Dear.\\n  Very.\\nExample: No.", "Code")
    {'Code': ['cost'], 'Example': ['Dear.\\nVery.', 'No.']}
    """
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


def new_id(name, taken):
    """An id made of a name, other than those taken; it is added to them.

    Parameters
    ----------
    name : str
    taken : dict of str to int
        Ids, each with the last number that was put behind it; changed in place. The numbers keep a
        thousand equal names from being counted a thousand times.

    Returns
    -------
    str

    Examples
    --------
    >>> new_id("Crédit & progression", {}), new_id("2nd", {"x_2nd": 1}), new_id("Cost", {"cost": 1})
    ('credit_progression', 'x_2nd_2', 'cost_2')
    """
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


def children(element, tag):
    """Children with this tag, whatever its namespace; none where the element itself is missing."""
    return [below for below in element if tag_of(below) == tag] if element is not None else []


def child(element, tag):
    """The first child with this tag, or None."""
    return next(iter(children(element, tag)), None)


def tag_of(element):
    """The tag without its namespace; empty for a comment."""
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


def text_of(element, tag):
    """Text of the first child with this tag, its line breaks line feeds; empty where there is none."""
    found = child(element, tag)
    text = "" if found is None else found.text or ""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def guid_of(element, key="guid"):
    """An identifier without braces, in lower case; empty where there is none."""
    return "" if element is None else element.get(key, "").strip(" {}").lower()


def descend(top):
    """Codes below a code with their depth, in the order of the file; no recursion, for any depth."""
    left = [(element, 1) for element in reversed(children(top, "Code"))]
    while left:
        element, depth = left.pop()
        yield element, depth
        left += [(below, depth + 1) for below in reversed(children(element, "Code"))]


def said(notes):
    """Messages of what happened, each with the first few names it happened to."""
    messages = []
    for what, names in notes.items():
        names = [name or "unnamed" for name in dict.fromkeys(names)]
        more = f" and {len(names) - 5} more" if len(names) > 5 else ""
        messages.append(f"{what}: {', '.join(names[:5])}{more}.")
    return messages


def _themes(tops, notes):
    """Themes with their codes, as elements: two levels out of any number."""
    themes, loose = [], []
    for top in tops:
        nested = list(descend(top))
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
    fields = fields_of(text, label) or {"Definition": [text]}
    definition = fields.get("Definition", [""])[0]
    if not definition:
        notes["No definition, so the name stands in its place"].append(name)
    id = fields.get(label, [""])[0]
    if not ID.fullmatch(id) or id in taken:
        id = new_id(name, taken)
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
    fields = fields_of(text_of(element, "Description"), "Code") or {}
    return fields.get("Code") == [NONE] or element.get("name") == NO_CODE


def _codable(element):
    return element.get("isCodable", "true").strip().lower() not in ("false", "0")
