"""Which columns belong to one question: what their headings share."""

import itertools
import re
from dataclasses import replace

# Between a question and its option or statement; the longest stem that ends in one of these is used.
PARTINGS = (" [", " - ", " – ", " — ", ": ", "? ", " | ")
WORDS = re.compile(r"_(text|other|oth|specify)$", re.IGNORECASE)
CODE = re.compile(r"^[A-Za-z][A-Za-z0-9]*(?:[_.][A-Za-z0-9]+)*$")


def part_of(texts, signs=PARTINGS):
    """Split headings of one question into what they share and what each adds.

    Parameters
    ----------
    texts : sequence of str
        ``"Which? - A"``, ``"Which? - B"``, or ``"Which? [A]"``.
    signs : sequence of str
        What may stand between.

    Returns
    -------
    tuple of (str, list of str) or None
        The question and the parts; None when nothing is shared up to a sign that parts.

    Examples
    --------
    >>> part_of(["How good - so far? - Food", "How good - so far? - Fun"])
    ('How good - so far?', ['Food', 'Fun'])
    >>> part_of(["Rate [Food]", "Rate [Fun]"])
    ('Rate', ['Food', 'Fun'])
    """
    low, high = min(texts), max(texts)
    same = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(low, high, strict=False))
    shared = low[: len(list(same))]
    cuts = [shared.rfind(sign) + len(sign) for sign in signs if sign in shared]
    if not cuts:
        return None
    cut = max(cuts)
    stem, parts = shared[:cut], [text[cut:] for text in texts]
    if stem.endswith(" ["):
        if not all(part.endswith("]") for part in parts):
            return None
        parts = [part[:-1] for part in parts]
    question = stem.strip() if stem.endswith("? ") else stem.strip(" -–—:[|")
    return question, [part.strip() for part in parts]


def group_by_stem(fields):
    """Group consecutive codes ``stem_part`` and texts ``stem - part`` by the stem that fits most.

    Parameters
    ----------
    fields : list of Field
        Those that have a group already keep it.

    Returns
    -------
    list of Field

    Examples
    --------
    >>> from compendium.importing.exports import Field
    >>> fields = [Field(name, name) for name in ("age", "use_home", "use_work", "use_work_text")]
    >>> [(field.group, field.part, field.of) for field in group_by_stem(fields)]
    [('', '', ''), ('use', 'Home', ''), ('use', 'Work', ''), ('', '', 'use_work')]
    """
    everything = _with_words(list(fields))
    fields, start = [field for field in everything if field.role != "beside"], 0
    while start < len(fields):
        best = (1, "")
        for stem in _stems_of(fields[start]):
            run = 0
            while start + run < len(fields) and stem in _stems_of(fields[start + run]):
                run += 1
            best = max(best, (run, stem), key=lambda pair: (pair[0], len(pair[1])))
        run, stem = best
        if run > 1:
            fields[start : start + run] = _parted(fields[start : start + run], stem)
        start += run
    grouped = {field.name: field for field in fields}
    return [grouped.get(field.name, field) for field in everything]


def _with_words(fields):
    """A code that ends in ``_text`` or ``_other`` is of words beside the field it is named after."""
    names = {field.name for field in fields if field.role == "answer"}
    for i, field in enumerate(fields):
        once = WORDS.sub("", field.name)
        main = once if once in names else WORDS.sub("", once)
        if main != field.name and main in names and field.role == "answer":
            fields[i] = replace(field, role="beside", of=main, coded=True)
    return fields


def _stems_of(field):
    """What the field's name or question may share with its neighbours."""
    if field.group or field.role != "answer":
        return []
    if CODE.match(field.name):
        return [field.name[: m.start()] for m in re.finditer(r"[_.]", field.name)]
    ends = (field.question.find(sign) for sign in (" [", " - ", " – ", " — ", ": "))
    return [field.question[:end] for end in ends if end > 0]


def _parted(run, stem):
    """Fields of one stem: their question and parts, from their texts where these share a beginning."""
    texts = [field.question for field in run]
    plain = [field.question for field in run if not WORDS.search(field.name)]
    shared = part_of(plain) if len(plain) == len(run) else None
    if plain and not shared and part_of(plain):
        stem_text = part_of(plain)[0]
        shared = stem_text, [text.removeprefix(stem_text).strip(" -–—:[]|") for text in texts]
    parts = [re.sub(r"^[_.]", "", field.name.removeprefix(stem)) for field in run]
    if shared and all(shared[1]):
        question, parts = shared
    else:
        question = stem
        told = [text != field.name for text, field in zip(texts, run, strict=True)]
        parts = texts if all(told) else [_spoken(part) for part in parts]
    found = []
    for field, part in zip(run, parts, strict=True):
        role = "other" if WORDS.search(field.name) and CODE.match(field.name) else field.role
        coded = bool(CODE.match(field.name))
        found.append(replace(field, question=question, part=part, group=stem, role=role, coded=coded))
    return found


def _spoken(code):
    """A code as words: ``skills_gaps`` becomes *Skills gaps*."""
    words = re.sub(r"[_.]+", " ", code).strip()
    return words[:1].upper() + words[1:]
