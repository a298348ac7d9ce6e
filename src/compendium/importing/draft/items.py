"""Guesses the items of an instrument from an export: types, options, scales, grids.

Every guess says why, and what a person has to decide. Beside each item stand *recipes*: how each
column of ``responses.csv`` is made from the export, kept in ``import.json`` so that a second export is
read in the same way whatever was edited meanwhile.
"""

import re
from collections import Counter
from dataclasses import replace

import numpy as np

from compendium.files import unique
from compendium.importing.draft.joined import options_in
from compendium.importing.draft.numerals import is_number, nearly_numbers, numbers
from compendium.importing.draft.points import (
    holds_contact,
    identifies,
    in_order,
    is_open,
    listed,
    options_of,
    own_words,
    split_unsure,
)
from compendium.importing.draft.profile import Guess, ask
from compendium.importing.draft.scales import known_scale, plain
from compendium.importing.draft.several import (
    ask_written,
    explain_scale,
    guess_grid,
    guess_joined,
    guess_ticks,
    points_of,
)
from compendium.importing.exports import runs_of

JOINED = {"google": (";", ", "), "msforms": (";",), "qualtrics": (",",), "plain": (";", "|", ", ", ",")}
FEWEST_NUMBERS = 5  # different values; of fewer, numbers and words may well be options
# Questions for what has no order.
NOMINAL = re.compile(
    r"\b(where|who|whom|gender|sex|sector|industry|region|country|county|city|town|district|ward|"
    r"department|faculty|profession|occupation|nationality|ethnic\w*|language|religion|party|wo|wer|"
    r"geschlecht|branche|(bundes)?land|beruf|abteilung|genre|sexe|secteur|où|qui|dónde|quién|género)\b",
    re.IGNORECASE,
)
INLINE_OTHER = ("google", "msforms")  # what is written beside Other stands in place of an option


def guess(view):
    """Guess the items of a survey.

    Parameters
    ----------
    view : View
        From `look`; the names it has given are remembered in it.

    Returns
    -------
    list of Guess
        In the order of the export. What is left out is added to ``view.export.left_out``.

    Examples
    --------
    >>> from compendium.importing.platforms import undo
    >>> from compendium.importing.draft.profile import look
    >>> from compendium.importing.draft.scales import read_wordings
    >>> from compendium.importing.workbooks import read_sheet
    >>> export = undo("r.csv", read_sheet("data/microcredentials/responses.csv"))
    >>> found = guess(look(export, read_wordings("data/response_scales.yml")))
    >>> [(g.item["id"], g.item["type"]) for g in found if g.item["id"] in ("terms", "training_share")]
    [('terms', 'grid'), ('training_share', 'number')]
    """
    fields = [part for part in view.export.fields if part.role != "beside"]
    if view.export.platform == "msforms":
        fields = _unnamed_grids(fields, view)
    found = []
    for run in runs_of(fields):
        if run[0].role in ("admin", "person"):
            view.export.left_out += [_left_out(part) for part in run]
        elif run[0].name == "provenance" and set(view.kinds["provenance"]) <= {
            "synthetic",
            "collected",
        }:
            view.export.left_out.append({"column": "provenance", "why": "says where the rows are from"})
        elif run[0].role != "respondent":
            found += _guess_several(run, view) if run[0].group else _guess_one(run[0], view)
        used = {name for one in found for name in one.fields}
        for part in [view.besides.get(part.name) for part in run]:
            if part is not None and part.name not in used:
                found += _guess_one(replace(part, role="answer"), view)
    return found


def _left_out(part):
    why = {
        "admin": "the platform's own record, no answer",
        "person": "it can identify a person",
    }
    return {"column": part.name, "why": why[part.role]}


def _guess_several(run, view):
    """A grid or a multi-response item; single items where the columns do not go together."""
    if not any(view.counts(part.name) for part in run):
        view.export.left_out += [{"column": part.name, "why": "no answers yet"} for part in run]
        return []
    one = guess_ticks(run, view) or guess_grid(run, view)
    alone = [one] if one else []
    for part in run:
        if one and part.name in one.fields:
            continue
        question = f"{part.question} – {part.part}" if part.part else part.question
        alone += _guess_one(replace(part, group="", question=question, part="", role="answer"), view)
    return alone


def _guess_one(part, view):
    """The item of one column, or nothing where it is left out."""
    counts, labels = view.counts(part.name), view.export.labels.get(part.name, {})
    if not counts:
        view.export.left_out.append({"column": part.name, "why": "no answers yet"})
        return []
    opened = not labels and is_open(counts)
    why = identifies([part.name, part.question], counts, not opened, view.known)
    if why:
        view.export.left_out.append({"column": part.name, "why": why})
        return []
    beside = view.besides.get(part.name)
    several = None if labels else _several_in_a_cell(part, counts, view)
    if several:
        return [several]
    sure, unsure = split_unsure(list(counts), labels, view.known)
    points, scale = in_order(sure, labels, view.known)
    digits = None if labels or unsure or beside else numbers(counts)
    counted = view.known.headings["counted"].search(part.question)
    if digits and (scale != "numbers" or counted or digits["thousands"]):
        return [_number(part, digits, view)]
    odd, written = ([], {}) if labels or beside else nearly_numbers(counts)
    mixed = odd and len(counts) > FEWEST_NUMBERS
    if mixed and (not scale or (scale == "bands" and all(map(is_number, counts)))):
        return [_mixed(part, odd, written, view)]
    contact = not labels and any(map(holds_contact, sure))
    if scale and not beside and not contact and not {*points} <= {"0", "1"}:
        return [_scale(part, points, unsure, scale, view)]
    if opened:
        return [_text(part, view)]
    return [_single(part, points, unsure, counts, view)]


def _several_in_a_cell(part, counts, view):
    """A multi-response item, where the cells hold several options."""
    platform = view.export.platform
    if platform != "qualtrics" and numbers(counts):  # 1,5 is a number; Qualtrics writes 1.5
        return None
    for separator in JOINED.get(platform, ()):
        sure = platform == "msforms" and all(value.endswith(";") for value in counts)
        options = options_in(counts, separator, sure)
        if options:
            return guess_joined(part, options, separator, counts, view)
    return None


def _base(part, kind, view):
    item = {"id": view.item_id([part]), "type": kind, "question": part.question}
    return item | {"column": view.column(part)}


def _number(part, digits, view):
    item = _base(part, "number", view)
    recipe = {"take": "number", "from": part.name} | digits
    why = "all its values are numbers"
    return Guess(item, {item["column"]: recipe}, [part.name], why, _ask_digits(part, digits, view))


def _ask_digits(part, digits, view):
    """Which signs were taken for what, where there was a choice."""
    if digits == {"decimal": ".", "thousands": ""}:
        return []
    thousands = f" and '{digits['thousands']}' for thousands" if digits["thousands"] else ""
    why = f"'{digits['decimal']}' was taken for the decimal sign{thousands}"
    return [ask(f"Are numbers such as {_example(part, view, ',')} read rightly?", why)]


def _example(part, view, sign):
    found = (value for value in view.counts(part.name) if sign in value and is_number(value))
    return next(found, "these")


def _scale(part, points, unsure, scale, view):
    labels = view.export.labels.get(part.name, {})
    item = _base(part, "scale", view) | points_of(points, unsure, labels)
    why, asks = explain_scale(scale, points, view.counts(part.name))
    recipe = {"take": "value", "from": part.name}
    return Guess(item, {item["column"]: recipe}, [part.name], why, asks)


def _text(part, view):
    item = _base(part, "text", view) | {"identifying": True}
    why = "its values are the respondents' own words"
    return Guess(item, {item["column"]: {"take": "text", "from": part.name}}, [part.name], why)


def _mixed(part, odd, digits, view):
    """Numbers among which some values are none: a text, so nothing is lost and nothing an option."""
    item = _base(part, "text", view) | {"identifying": True}
    places = [i for i, kind in enumerate(view.kinds[part.name]) if kind in set(odd)]
    rows = np.flatnonzero(np.isin(view.codes[part.name], places)) + 1
    shown = ", ".join(map(str, rows[:5])) + (", ..." if len(rows) > 5 else "")
    total = sum(view.counts(part.name).values())
    asks = [
        ask(
            f"{len(rows)} of {total} answers are no plain numbers (row {shown}): is this a number? "
            "Correct them in a copy of the export, write 'type: number' in survey.yml in place of "
            "'type' and 'identifying', and import the copy.",
            "a responses.csv corrected by hand is never overwritten: the next import stops until it is "
            "moved away, and then makes it anew from the export, without the corrections",
        )
    ]
    asks += _ask_digits(part, digits, view)
    recipe = {"take": "text", "from": part.name} | digits
    return Guess(item, {item["column"]: recipe}, [part.name], "most of its values are numbers", asks)


def _single(part, values, unsure, counts, view):
    """A single choice; rare values are texts beside *Other* where the platform puts them there."""
    labels = view.export.labels.get(part.name, {})
    item, asks, beside = _base(part, "single", view), [], view.besides.get(part.name)
    agreeing = [v for v in values if plain(labels.get(v, v)) in view.known.consent]
    others = [
        v for v in values if plain(labels.get(v, v)) not in view.known.consent | view.known.unticked
    ]
    recipe = {"take": "value", "from": part.name}
    written = [] if labels else _written(values, counts, view)
    values = [value for value in values if value not in written]
    taken = set()
    item["options"] = options_of(_choice_order(values, labels, view), labels, taken)
    if written and beside is not None:
        recipe = _with_text(part, beside, item, recipe, taken, view)
        recipe = _both_texts(part, beside, item, recipe)
        asks.append(ask_written(written))
    elif written:
        raw = unique("Other", {option.get("value", option["label"]) for option in item["options"]})
        item["options"].append({"id": unique("other", taken), "label": raw, "text": True})
        unlisted = {"take": "unlisted", "from": part.name}
        recipe = {"take": "listed", "from": part.name, "other": raw, "text": unlisted}
        asks.append(ask_written(written))
    elif beside is not None:
        recipe = _with_text(part, beside, item, recipe, taken, view)
    if unsure:
        item["dont_know"] = options_of(unsure, labels, taken)
    if view.known.headings["consent"].search(part.question) and agreeing and not others and not beside:
        item["type"] = "consent"
        item["options"] += item.pop("dont_know", [])
        why = "rows without an answer that agrees are excluded"
        asks.append(ask("Is this the question for consent, and are the right rows left out?", why))
    fields = [part.name] + ([beside.name] if beside else [])
    return Guess(item, {item["column"]: recipe}, fields, "its values are a few options", asks)


def _choice_order(values, labels, view):
    """Yes before no; else as they are."""
    texts = [labels.get(value, value) for value in values]
    found = known_scale(texts, view.known, choices=True)
    back = dict(zip(texts, values, strict=True))
    return [back[text] for text in found[1] if text in back] if found else values


def _written(values, counts, view):
    """Respondents' own words among the values; some platforms put them in place of options."""
    answered = sum(counts.values())
    if view.export.platform not in INLINE_OTHER or answered < 20:
        return [value for value in values if holds_contact(value)]
    proven = listed(values, counts, view.known)
    once = [value for value in values if counts.get(value) == 1 and value not in proven]
    free = len(values) - len(once) > 1 and len(once) <= 0.4 * answered
    return own_words(values, counts, once if free else [], view.known)


def maybe_ordered(found, known):
    """Single choices whose options may have an order that no known scale tells.

    Parameters
    ----------
    found : list of Guess
    known : Wordings

    Returns
    -------
    list of str
        Ids of items with a few options, none of them a text, of a question that asks for no name, place
        or group.

    Examples
    --------
    >>> from compendium.importing.draft.scales import read_wordings
    >>> known = read_wordings("data/response_scales.yml")
    >>> options = [{"id": id, "label": id} for id in ("novice", "adept", "master")]
    >>> asked = {"skill": "How good are you?", "town": "Where do you live?"}
    >>> items = [{"id": id, "type": "single", "question": q, "options": options}
    ...          for id, q in asked.items()]
    >>> maybe_ordered([Guess(item, {}, [], "") for item in items], known)
    ['skill']
    """
    named = []
    for item in (one.item for one in found if one.item["type"] == "single"):
        labels = [option["label"] for option in item["options"]]
        written = any(option.get("text") for option in item["options"])
        nominal = NOMINAL.search(item["question"]) or known_scale(labels, known, choices=True)
        if 3 <= len(labels) <= 7 and not written and not nominal:
            named.append(item["id"])
    return named


def _with_text(part, beside, item, recipe, taken, view):
    """The option that the text in another column is beside: the one that goes with it most."""
    codes = view.codes[part.name]
    filled = np.array([bool(kind) for kind in view.kinds[beside.name]])[view.codes[beside.name]]
    together = Counter(view.kinds[part.name][code] for code in codes[filled])
    raw = together.most_common(1)[0][0] if together else ""
    by_raw = {option.get("value", option["label"]): option for option in item["options"]}
    if not raw:
        named = [r for r, option in by_raw.items() if plain(option["label"]) in view.known.other]
        raw = named[0] if named else "" if together else list(by_raw)[-1]
    text = {"take": "text", "from": beside.name}
    if raw in by_raw:
        by_raw[raw]["text"] = True
        return recipe | {"text": text}
    item["options"].append(
        {"id": unique("other", taken), "label": beside.part or "Other", "text": True}
    )
    other = item["options"][-1]["label"]
    return recipe | {"take": "choice", "other": other, "beside": beside.name, "text": text}


def _both_texts(part, beside, item, recipe):
    """A text in place of an option goes with the text beside one: both are the respondent's words."""
    other = next(o.get("value", o["label"]) for o in item["options"] if o.get("text"))
    text = {"take": "unlisted", "from": part.name, "beside": beside.name}
    return recipe | {"take": "listed", "other": other, "text": text}


def _unnamed_grids(fields, view):
    """Consecutive statements on one scale: Microsoft Forms exports a grid without its question."""
    found, before, number = [], None, 0
    for part in fields:
        scale = None
        if part.role == "answer" and not part.name.rstrip("0123456789 ").endswith(("?", ":")):
            sure, _ = split_unsure(list(view.counts(part.name)), {}, view.known)
            matched = known_scale(sure, view.known)
            scale = matched[0] if matched else None
        if scale is not None and scale == before:
            group = found[-1].group or f"grid {(number := number + 1)}"
            title = f"Statements from “{found[-1].question}” on"
            if not found[-1].group:
                found[-1] = replace(found[-1], group=group, part=found[-1].question, question=title)
            part = replace(part, group=group, part=part.question, question=found[-1].question)
        found.append(part)
        before = scale
    return found
