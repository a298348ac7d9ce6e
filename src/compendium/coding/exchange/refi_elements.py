"""Elements of REFI-QDA files of any program: their children, texts, users and memos."""

import re

import pandas as pd

from compendium.coding.notes import ABOUT, MEMO

LABEL = re.compile("(Theme|Code|Unit|Mode|Note|Definition|Include|Exclude|Example): ?")
UNKNOWN = "unknown"


def source_text(element, internal):
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


def labelled(text, first):
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


def users_in(root):
    """Names of the users by identifier."""
    return {
        guid_of(user): user.get("name") or user.get("id") or UNKNOWN
        for user in children(child(root, "Users"), "User")
    }


def notes_in(root, members):
    """Notes by identifier: who wrote each, the code that it names itself, and its text."""
    internal, found = {name.lower(): content for name, content in members.items()}, {}
    for note in children(child(root, "Notes"), "Note"):
        code = (labelled(text_of(note, "Description"), "Code") or {}).get("Code", [""])[0]
        text = (source_text(note, internal) or "").strip()
        if text:
            found[guid_of(note)] = (guid_of(note, "creatingUser"), code, text)
    return found


def memos_in(root, sources, ids, members):
    """What coders noted on codings, answers, codes and the project, wherever programs keep it.

    `sources` begin with respondent and item and end with the element; `ids` are codes by identifier. A
    note to which nothing refers is about the project.
    """
    users, written = users_in(root), notes_in(root, members)
    used, rows = set(), []
    for by, *about, element in _places(root, sources, ids):
        for ref in children(element, "NoteRef"):
            author, code, text = written.get(guid_of(ref, "targetGUID"), ("", "", ""))
            used.add(guid_of(ref, "targetGUID"))
            rows.append((users.get(author or by, ""), *about[:2], about[2] or code, text))
        if tag_of(element) == "PlainTextSelection":
            rows.append((users.get(by, ""), *about, text_of(element, "Description").strip()))
    loose = [found for id, found in written.items() if id not in used]
    rows += [(users.get(author, ""), "", "", "", text) for author, _, text in loose]
    table = pd.DataFrame([row for row in rows if row[4]], columns=MEMO, dtype=object).drop_duplicates()
    return table.groupby(ABOUT, sort=False)["note"].agg("\n".join).reset_index().astype(object)


def _places(root, sources, ids):
    """Elements that may carry a memo: user, respondent, item, code, element."""
    for respondent, item, *_, element in sources:
        yield "", respondent, item, "", element
        for selection in children(element, "PlainTextSelection"):
            codings = children(selection, "Coding")
            codes = [ids.get(guid_of(child(one, "CodeRef"), "targetGUID"), "") for one in codings]
            by = guid_of(selection, "creatingUser") or guid_of(selection, "modifyingUser")
            by = by or next((guid_of(one, "creatingUser") for one in codings), "")
            # A selection of several codes speaks of the answer.
            yield by, respondent, item, codes[0] if len(codes) == 1 else "", selection
            for one, code in zip(codings, codes, strict=True):
                yield guid_of(one, "creatingUser") or by, respondent, item, code, one
        for one in children(element, "Coding"):
            code = ids.get(guid_of(child(one, "CodeRef"), "targetGUID"), "")
            yield guid_of(one, "creatingUser"), respondent, item, code, one
    book = child(root, "CodeBook")
    for element in book.iter() if book is not None else ():
        if tag_of(element) == "Code" and guid_of(element) in ids:
            yield "", "", "", ids[guid_of(element)], element
    yield "", "", "", "", root
