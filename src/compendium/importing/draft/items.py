"""Guesses the items of an instrument from an export: types, options, scales, grids.

Every guess says why, and what a person has to decide. Beside each item stand *recipes*: how each
column of ``responses.csv`` is made, kept in ``import.json`` so that a second export is read alike.
"""

from collections import Counter
from dataclasses import replace

import numpy as np

from compendium.importing.draft.decisions import Decision
from compendium.importing.draft.grids import guess_grid, with_unnamed_grids
from compendium.importing.draft.multiple_response import (
    guess_in_one_cell,
    guess_ticks,
    options_in,
    written_decision,
)
from compendium.importing.draft.profile import Guess
from compendium.importing.draft.scales import (
    FEWEST_POINTS,
    dated_bands,
    known_id,
    known_scale,
    mostly_digits,
    plain,
)
from compendium.importing.draft.skip_logic import consent
from compendium.importing.draft.values import (
    BAND,
    FEW,
    GROUPED,
    UNIT,
    explain_scale,
    holds_contact,
    identifies,
    in_order,
    is_number,
    is_open,
    is_wordy,
    levels,
    listed,
    nearly_numbers,
    numbers,
    only_few,
    options_of,
    own_words,
    points_of,
    split_dont_know,
    unit_of,
)
from compendium.importing.export import LeftOut, part_of, runs_of
from compendium.names import unique

JOINED = {"google": (";", ", "), "msforms": (";",), "qualtrics": (",",),
          "plain": (";", "|", "；", "┋", "\n", " / ", "、", "،", "，", ", ", ",")}  # fmt: skip
FEWEST_NUMBERS = 5  # different values; of fewer, numbers and words may well be options
NO_ITEM = {"admin": "the platform's own record, no answer", "person": "can identify a person",
           "joined": "its ticks have columns of their own"}  # fmt: skip
PROVENANCES = {"synthetic", "collected"}
INLINE_OTHER = ("google", "msforms", "plain")  # a text beside Other may stand in place of an option


def guess(profile):
    """Guess the items of a survey in the order of the export, which is told what is left out."""
    fields = [part for part in profile.export.fields if part.role != "other_specify"]
    if profile.export.platform == "msforms":
        fields = with_unnamed_grids(fields, profile)
    found, used, counted = [], set(), 0
    for run in runs_of(fields):
        if run[0].role in NO_ITEM:
            profile.export.left_out += [LeftOut(part.name, NO_ITEM[part.role]) for part in run]
        elif run[0].name == "provenance" and set(profile.kinds["provenance"]) <= PROVENANCES:
            profile.export.left_out.append(LeftOut("provenance", "says where the rows are from"))
        elif run[0].role != "respondent":
            found += _guess_several(run, profile) if run[0].group else _guess_one(run[0], profile)
        used |= {name for one in found[counted:] for name in one.fields}
        counted = len(found)
        for part in [profile.other_specify.get(part.name) for part in run]:
            if part is not None and part.name not in used:
                found += _guess_one(replace(part, role="answer"), profile)
    return [_completed(one, profile) for one in found]


def _completed(one, profile):
    """Add what stands for no answer, other spellings, and what these leave to decide."""
    missing, also = Counter(), {}
    for name in one.fields:
        missing.update(profile.missing.get(name, {}))
        also |= profile.also.get(name, {})
    if one.item["type"] == "text":  # what stands there once, somebody wrote
        missing = Counter({value: count for value, count in missing.items() if count > 1})
    if missing:
        one.item["missing"] = list(missing)
        for recipe in one.recipes.values():
            for part in (recipe, recipe.get("text", {})):
                if part.get("take") in ("tick", "filled", "option", "rest", "rest_text", "unlisted"):
                    part["missing"] = list(missing)
        one.decisions.append(
            Decision(
                f"Do these stand for no answer in {{items}}: {', '.join(missing)}?",
                "{rows} values are words or codes such as are written for no answer", kind="missing",
                edit="if one is an answer, take it out of 'missing' of {items} and make it an option",
                rows=sum(missing.values()),
            )
        )  # fmt: skip
    beside = [o["label"] for o in one.item.get("dont_know", [])
              if plain(o["label"]) not in profile.known.dont_know]  # fmt: skip
    if beside:
        one.decisions.append(
            Decision(
                f"Is “{beside[0]}” no answer, one beside the scale of {{items}}, or a point of it?",
                "it stands beside it now: the others are a known scale, or have codes from 1 on",
                kind="missing", edit="put it under 'missing', or into 'points' at its place",
            )
        )  # fmt: skip
    spelled = []
    for key in ("options", "points", "dont_know"):
        for option in one.item.get(key, []):
            others = also.get(option.get("value", option["label"]), [])
            if others:
                option["also"] = others
                spelled.append(option["label"])
    if spelled:
        one.decisions.append(
            Decision(
                f"Is each of these one answer, spelled in several ways: {', '.join(spelled)}?",
                "the spellings differ in capitals, spaces or quotes alone", kind="spelling",
                edit="where they are two, take the other out of 'also' and write it as an option",
            )
        )  # fmt: skip
    if one.item["type"] == "number" and _weighs(one, profile):
        one.decisions.append(
            Decision(
                "Is this a weight of the respondents?",
                "its heading or its values, around 1, say so", kind="weight",
                edit=f"if it is one, write 'weights: {one.item['column']}' on top, no item",
            )
        )  # fmt: skip
    if profile.kind(one.fields[0]):
        one.required = profile.export.told[one.fields[0]].asked.required
        one.why = "as the survey structure has it" + (", required" if one.required else "")
    return one


def _weighs(one, profile):
    """Whether a number looks like a weight: by its heading, or positive fractions whose mean is 1."""
    heading = profile.known.headings["weight"]
    if any(heading.search(text.strip()) for text in (one.item["question"], *one.fields)):
        return True
    counts = profile.counts(one.fields[0])
    try:
        values = {float(value.replace(",", ".")): count for value, count in counts.items()}
    except ValueError:
        return False
    total = sum(counts.values())
    mean = sum(value * count for value, count in values.items()) / total
    broken = sum(value % 1 > 0 for value in values) > 0.8 * len(values)
    return total >= 20 and broken and min(values) > 0 and abs(mean - 1) < 0.01


def _guess_several(run, profile):
    """A grid or a multi-response item; single items where the columns do not go together."""
    if not any(profile.counts(part.name) for part in run):
        profile.export.left_out += [LeftOut(part.name, "no answers yet") for part in run]
        return []
    alone = {profile.kind(part.name) for part in run} <= {"number", "text"}
    one = None if alone else guess_ticks(run, profile) or guess_grid(run, profile)
    labels = [profile.export.labels.get(part.name, {}) for part in run]
    if one is None and not alone and any(labels):  # a text, or another question, among statements
        most = max((of for of in labels if of), key=labels.count)
        same = [part for part, of in zip(run, labels, strict=True) if of == most]
        shared = part_of([part.part for part in same]) or (same[0].question, [p.part for p in same])
        same = [
            replace(part, question=shared[0], part=text)
            for part, text in zip(same, shared[1], strict=True)
        ]
        one = guess_grid(same, profile)
    alone = [one] if one else []
    for part in run:
        if one and part.name in one.fields:
            continue
        question = f"{part.question} – {part.part}" if part.part else part.question
        alone += _guess_one(replace(part, group="", question=question, part="", role="answer"), profile)
    return alone


def _guess_one(part, profile):
    """The item of one column, or nothing where it is left out."""
    counts, labels = profile.counts(part.name), profile.export.labels.get(part.name, {})
    if not counts:
        profile.export.left_out.append(LeftOut(part.name, "no answers yet"))
        return []
    opened = not labels and bool(
        is_open(counts) or profile.known.headings["open"].search(part.question)
    )
    asked = consent(part, counts, labels, profile)
    if asked:
        return [asked]
    why = identifies([part.name, part.question], counts, not opened, profile.known)
    if why:
        profile.export.left_out.append(LeftOut(part.name, why))
        return []
    beside, told = profile.other_specify.get(part.name), profile.kind(part.name)
    if told == "text" or (told == "number" and not numbers(counts)):
        return [_text(part, profile)]
    several = None if labels else _several_in_a_cell(part, counts, profile)
    if several:
        return [several]
    sure, dont_know = split_dont_know(levels(counts, labels), labels, profile.known, counts)
    points, scale = in_order(sure, labels, profile.known)
    scale = scale or ("told" if part.name in profile.export.ordered else "")
    some = not labels and not profile.few and (scale or not opened)
    few = some and only_few(counts, profile.known)
    if few and scale in ("bands", "ends") and any(len(v.split()) > BAND for v in sure):
        scale = ""
    banded, ordered = ({}, []) if labels or beside or dont_know else dated_bands(counts)
    if banded:
        return [_dated(part, banded, ordered, profile)]
    united = None if labels or dont_know or beside else unit_of(counts)
    if united:
        strip, unit, bare = united
        digits = numbers(bare)
        if digits:
            return [_number(part, digits | {"strip": strip + digits.get("strip", [])}, profile, unit)]
    digits = None if labels or beside else numbers(dict.fromkeys(sure, 1))
    if dont_know and digits and (scale == "bands" or len(sure) >= FEWEST_POINTS):
        profile.missing[part.name].update({value: counts[value] for value in dont_know})
        counts, dont_know = {value: counts[value] for value in sure}, []  # beside ages, it is no point
    digits = None if dont_know else digits
    counted = profile.known.headings["counted"].search(part.question)
    whole = digits and _maybe_whole(counts, digits)
    if whole and counted:  # nobody has 1.2 hives
        digits = {"decimal": ",", "thousands": "."}
    if digits and (told == "number" or scale != "numbers" or counted or digits["thousands"]):
        return [_number(part, digits, profile, asked=bool(whole))]
    odd, written = ([], {}) if labels or beside else nearly_numbers(counts)
    mixed = odd and len(counts) > FEWEST_NUMBERS
    if mixed and (not scale or (scale == "bands" and all(map(is_number, counts)))):
        return [_mixed(part, odd, written, profile)]
    written = not labels and scale and any(map(holds_contact, sure))
    if scale and not beside and not written and not {*points} <= {"0", "1"}:
        return [_scale(part, points, dont_know, scale, profile)]
    if opened or few:
        return [_text(part, profile, asked=not opened, digital=mostly_digits(counts))]
    return [_single(part, points, dont_know, counts, profile)]


def _dated(part, banded, ordered, profile):
    """A scale of bands, some of which a spreadsheet has made dates of."""
    item = _base(part, "scale", profile) | points_of(ordered, [], {})
    were = "; ".join(f"'{value}' {band}" for value, band in banded.items())
    counts = profile.counts(part.name)
    decision = Decision(
        f"Were these bands before a spreadsheet took them for dates: {were}?",
        "beside the other values they make bands that follow one another", kind="dates",
        edit="if so write the band as 'label' and what the export has as 'value' of the point",
        rows=sum(counts[value] for value in banded),
    )  # fmt: skip
    why = "its values are bands, some of them made dates by a spreadsheet"
    recipes = {item["column"]: {"take": "value", "from": part.name}}
    return Guess(item, recipes, [part.name], why, [decision])


def _several_in_a_cell(part, counts, profile):
    """A multi-response item, where the cells hold several options."""
    platform, told = profile.export.platform, profile.export.told.get(part.name)
    if told and told.values and told.asked.kind == "multi":
        labels = {level.id: level.label for level in told.asked.levels}
        labels = {value: labels[id] for id, value in told.values.items()}
        return guess_in_one_cell(part, list(labels), ",", counts, profile, labels)
    if platform != "qualtrics" and numbers(counts):  # 1,5 is a number; Qualtrics writes 1.5
        return None
    everything = "\0".join(counts)
    for separator in JOINED.get(platform, ()):
        if separator not in everything:
            continue
        sure = platform == "msforms" and all(value.endswith(";") for value in counts)
        options = options_in(counts, separator, sure)
        found = options and guess_in_one_cell(part, options, separator, counts, profile)
        if found:
            return found
    return None


def _base(part, kind, profile):
    item = {"id": profile.item_id([part]), "type": kind, "question": part.question}
    return item | {"column": profile.column(part)}


def _maybe_whole(counts, digits):
    """Whether points may part thousands: three digits stand behind each, and others have no point."""
    pointed = [value for value in counts if "." in value]
    plain = digits == {"decimal": ".", "thousands": ""} and 0 < len(pointed) < len(counts)
    return plain and all(map(GROUPED.fullmatch, pointed))


def _number(part, digits, profile, unit="", asked=False):
    item = _base(part, "number", profile) | ({"unit": unit} if unit else {})
    recipe = {"take": "number", "from": part.name} | digits
    why = "all its values are numbers" + (f" with the unit {unit}" if unit else "")
    found = _digits_decisions(part, digits, profile, asked)
    return Guess(item, {item["column"]: recipe}, [part.name], why, found)


def _digits_decisions(part, digits, profile, asked=False):
    """Which signs were taken for what, where there was a choice."""
    if (digits["decimal"], digits["thousands"]) == (".", "") and not asked:
        return []
    thousands = f" and '{digits['thousands']}' for thousands" if digits["thousands"] else ""
    why = f"'{digits['decimal']}' was taken for the decimal sign{thousands}"
    sign = "," if (digits["decimal"] == "," and not asked) or digits["thousands"] == "," else "."
    question = f"Are numbers such as {_example(part, profile, sign)} read rightly?"
    return [Decision(question, why, kind="numbers", edit="if not, export with a decimal point")]


def _example(part, profile, sign):
    found = (match["number"] for match in map(UNIT.fullmatch, profile.counts(part.name)) if match)
    return next((number for number in found if sign in number), "these")


def _scale(part, points, dont_know, scale, profile):
    labels = profile.export.labels.get(part.name, {})
    item = _base(part, "scale", profile) | points_of(points, dont_know, labels)
    why, decisions = explain_scale(scale, points, profile.counts(part.name), profile.known, labels)
    recipes = {item["column"]: {"take": "value", "from": part.name}}
    return Guess(item, recipes, [part.name], why, decisions, known_id(scale))


def _text(part, profile, asked=False, digital=False):
    item = _base(part, "text", profile) | {"identifying": True}
    why, found = "its values are the respondents' own words", []
    if asked:
        why = f"none of its values was given by {FEW} respondents or more"
        found = [
            Decision(
                "Was {items} a choice from options? It was read as text.", why, kind="type",
                edit="if so write 'type: single', 'options' with their labels, and no 'identifying'",
                rows=sum(profile.counts(part.name).values()),
            )
        ]  # fmt: skip
    if digital:
        found = [
            Decision(
                "Are the answers of {items} numbers, or dates? They were read as text.",
                "most are digits, and not all are written as one kind of number", kind="type",
                edit="if numbers, write them alike in a copy of the export; if dates, as bands there",
            )
        ]  # fmt: skip
    recipes = {item["column"]: {"take": "text", "from": part.name}}
    return Guess(item, recipes, [part.name], why, found)


def _mixed(part, odd, digits, profile):
    """Numbers among which some values are none: a text, so nothing is lost and nothing an option."""
    item = _base(part, "text", profile) | {"identifying": True}
    places = [i for i, kind in enumerate(profile.kinds[part.name]) if kind in set(odd)]
    rows = np.flatnonzero(np.isin(profile.codes[part.name], places)) + 1
    shown = ", ".join(map(str, rows[:5])) + (", ..." if len(rows) > 5 else "")
    total = sum(profile.counts(part.name).values())
    decisions = [
        Decision(
            f"{len(rows)} of {total} answers are no plain numbers (row {shown}): is this a number?",
            "the others are; corrections in responses.csv would be lost, which each import makes anew",
            edit="if so correct a copy of the export, write 'type: number' in place of 'type' and "
            "'identifying', and import the copy",
            kind="type",
        )
    ]
    decisions += _digits_decisions(part, digits, profile)
    recipe = {"take": "text", "from": part.name} | digits
    return Guess(
        item, {item["column"]: recipe}, [part.name], "most of its values are numbers", decisions
    )


def _single(part, values, dont_know, counts, profile):
    """A single choice; rare values are texts beside *Other* where the platform puts them there."""
    labels = profile.export.labels.get(part.name, {})
    beside = profile.other_specify.get(part.name)
    recipe = {"take": "value", "from": part.name}
    written = [] if labels else _written(values, counts, profile)
    values = [value for value in values if value not in written]
    if written and len(values) < (2 if beside is None else 1):
        return _text(part, profile, asked=not all(map(is_wordy, written)))
    item, decisions = _base(part, "single", profile), []
    taken = set()
    item["options"] = options_of(_choice_order(values, labels, profile), labels, taken)
    if written and beside is not None:
        recipe = _with_text(part, beside, item, recipe, taken, profile)
        recipe = _both_texts(part, beside, item, recipe)
        decisions.append(written_decision(written))
    elif written:
        raw = unique("Other", {option.get("value", option["label"]) for option in item["options"]})
        item["options"].append({"id": unique("other", taken), "label": raw, "text": True})
        unlisted = {"take": "unlisted", "from": part.name}
        recipe = {"take": "listed", "from": part.name, "other": raw, "text": unlisted}
        decisions.append(written_decision(written))
    elif beside is not None:
        recipe = _with_text(part, beside, item, recipe, taken, profile)
    if dont_know:
        item["dont_know"] = options_of(dont_know, labels, taken)
    fields = [part.name] + ([beside.name] if beside else [])
    return Guess(item, {item["column"]: recipe}, fields, "its values are a few options", decisions)


def _choice_order(values, labels, profile):
    """Yes before no; else as they are."""
    texts = [labels.get(value, value) for value in values]
    found = known_scale(texts, profile.known, choices=True)
    back = dict(zip(texts, values, strict=True))
    return [back[text] for text in found[1] if text in back] if found else values


def _written(values, counts, profile):
    """Respondents' own words among the values; some platforms put them in place of options."""
    answered = sum(counts.values())
    if profile.export.platform not in INLINE_OTHER or answered < 20:
        return own_words(values, counts, [], profile.known)
    proven = listed(values, counts, profile.known)
    once = [value for value in values if counts.get(value) == 1 and value not in proven]
    free = len(values) - len(once) > 1 and len(once) <= 0.4 * answered
    return own_words(values, counts, once if free else [], profile.known)


def _with_text(part, beside, item, recipe, taken, profile):
    """The option that the text in another column is beside: the one that goes with it most."""
    codes = profile.codes[part.name]
    filled = np.array([bool(kind) for kind in profile.kinds[beside.name]])[profile.codes[beside.name]]
    together = Counter(profile.kinds[part.name][code] for code in codes[filled])
    raw = together.most_common(1)[0][0] if together else ""
    by_raw = {option.get("value", option["label"]): option for option in item["options"]}
    if not raw:
        named = [r for r, option in by_raw.items() if plain(option["label"]) in profile.known.other]
        raw = named[0] if named else "" if together else list(by_raw)[-1]
    text = {"take": "text", "from": beside.name}
    if raw in by_raw:
        by_raw[raw]["text"] = True
        return recipe | {"text": text}
    other = beside.part or "Other"
    item["options"].append({"id": unique("other", taken), "label": other, "text": True})
    return recipe | {"take": "choice", "other": other, "beside": beside.name, "text": text}


def _both_texts(part, beside, item, recipe):
    """A text in place of an option goes with the text beside one: both are the respondent's words."""
    other = next(o.get("value", o["label"]) for o in item["options"] if o.get("text"))
    text = {"take": "unlisted", "from": part.name, "beside": beside.name}
    return recipe | {"take": "listed", "other": other, "text": text}
