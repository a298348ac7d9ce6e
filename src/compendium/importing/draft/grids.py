"""Guesses grids: several statements on one scale, a column each."""

from collections import Counter
from dataclasses import replace

import numpy as np

from compendium.importing.draft.decisions import Decision
from compendium.importing.draft.multiple_response import options_in
from compendium.importing.draft.profile import Guess
from compendium.importing.draft.scales import known_id, known_scale
from compendium.importing.draft.values import (
    FEW,
    explain_scale,
    holds_contact,
    in_order,
    is_open,
    levels,
    numbers,
    only_few,
    options_of,
    own_words,
    points_of,
    split_dont_know,
)

WIDEST_SCALE = 11
RANKED = Decision(
    "Are these ranks, 1 the first? The points of {items} rise from the last rank to the first.",
    "each who ranked all of them gave each number once", kind="order",
    edit="if 1 is the last, turn the order of 'points' of {items} round",
)  # fmt: skip


def guess_grid(run, profile):
    """A grid: several statements on one scale."""
    main = [part for part in run if part.role == "answer"]
    tallies = [profile.counts(part.name) for part in main]
    union = sum(map(Counter, tallies), Counter())
    labels = profile.export.labels.get(main[0].name, {}) if main else {}
    if len(main) < 2 or any(profile.export.labels.get(part.name, {}) != labels for part in main):
        return None
    words = is_open(union) or _joined_cells(union, profile) or any(map(holds_contact, union))
    if not labels and (words or own_words(list(union), union, [], profile.known)):
        return None
    sure, dont_know = split_dont_know(levels(union, labels), labels, profile.known, union)
    points, scale = in_order(sure, labels, profile.known)
    scale = scale or ("told" if main[0].name in profile.export.ordered else "")
    counted = profile.known.headings["counted"].search(run[0].question)
    digits = numbers(dict.fromkeys(sure, 1)) and not labels
    told = profile.kind(main[0].name) == "grid"
    if (digits and (scale != "numbers" or counted)) or (len(points) > WIDEST_SCALE and not told):
        return None
    if not labels and not scale and not profile.few and only_few(union, profile.known):
        return None
    told = all(part.name.endswith("]") for part in main)  # in brackets behind one and the same question
    if not scale and not told and not _alike(tallies, labels):
        return None
    why, decisions = explain_scale(scale, points, union, profile.known, labels)
    if scale == "numbers" and _ranks(main, points, profile):
        points, decisions, why = points[::-1], [RANKED], "each number stands once in a row"
    if not scale:
        points, decisions = _in_doubt(points, labels, profile)
        why = "its values are few"
    item = {"id": profile.item_id(main), "type": "grid", "question": run[0].question}
    item |= points_of(points, dont_know, labels)
    statements = options_of([part.part or part.name for part in main])
    for statement, part in zip(statements, main, strict=True):
        statement.pop("value", None)
        statement["column"] = profile.column(part)
    item["statements"] = statements
    takes = zip(statements, main, strict=True)
    recipes = {s["column"]: {"take": "value", "from": part.name} for s, part in takes}
    if not main[0].told:
        left_out = "the export leaves it out; they stand together and share a scale"
        question = "How does the question over these statements run?"
        edit = "write it as 'question'"
        decisions = [Decision(question, left_out, kind="question", edit=edit), *decisions]
    why = f"its columns share one scale; {why}"
    fields = [part.name for part in main]
    return Guess(item, recipes, fields, why, decisions, known_id(scale))


def _ranks(main, points, profile):
    """Whether all who answered throughout gave each number from 1 on once, as in a ranking."""
    if points != [str(place + 1) for place in range(len(main))] or len(main) < 3:
        return False
    places = []
    for part in main:
        number = [int(kind) if kind in points else 0 for kind in profile.kinds[part.name]]
        places.append(np.array(number)[profile.codes[part.name]])
    rows = np.sort(np.column_stack(places), axis=1)
    whole = rows[rows[:, 0] > 0]
    return len(whole) >= FEW and bool((whole == np.arange(1, len(main) + 1)).all())


def _joined_cells(union, profile):
    separators = (";", ", ") if profile.export.platform == "google" else ()
    return any(options_in(union, separator) for separator in separators)


def _alike(tallies, labels):
    """Whether columns whose order nobody knows share their values, as statements on a scale do."""
    if labels:
        return True
    filled = [set(tally) for tally in tallies if tally]
    times = Counter(value for values in filled for value in values)
    shared = [sum(times[value] > 1 for value in values) / len(values) for values in filled]
    return len(filled) > 1 and min(shared) >= 0.5


def _in_doubt(points, labels, profile):
    """Points whose order is not known: no before yes, else as they first occur, and a question."""
    texts = [labels.get(value, value) for value in points]
    found = known_scale(texts, profile.known, choices=True)
    if found:
        back = dict(zip(texts, points, strict=True))
        return [back[text] for text in reversed(found[1]) if text in back], []
    order = "in which they are coded" if labels else "in which they first occur"
    question = f"In which order do the points stand: {', '.join(texts)}?"
    why = f"no known scale has them; they are in the order {order}"
    return points, [Decision(question, why, kind="order", edit="put 'points' in order, lowest first")]


def with_unnamed_grids(fields, profile):
    """Consecutive statements on one scale: Microsoft Forms exports a grid without its question."""
    found, before, number = [], None, 0
    for part in fields:
        scale = None
        if part.role == "answer" and not part.name.rstrip("0123456789 ").endswith(("?", ":")):
            sure, _ = split_dont_know(list(profile.counts(part.name)), {}, profile.known)
            matched = known_scale(sure, profile.known)
            scale = matched[0] if matched else None
        if scale is not None and scale == before:
            if not found[-1].group:
                number += 1
                title = f"Statements from “{found[-1].question}” on"
                found[-1] = _statement(found[-1], title, f"grid {number}")
            part = _statement(part, found[-1].question, found[-1].group)
        found.append(part)
        before = scale
    return found


def _statement(part, question, group):
    """A column as a statement under a question that nobody told."""
    return replace(part, question=question, part=part.question, group=group, told=False)
