"""Guesses who is counted, and whom a question was put to, from who was shown it or who answered it.

Where the platform tells that a question was not shown, the guess is exact: the rows shown are those
who chose or ticked certain options of an earlier question, and nobody else. Where it does not, a
question that nobody answered outside certain options, and nearly everybody inside, was put to those
inside. Where that does not hold for all rows, those that stopped before the question are passed over:
they tell nothing.
"""

import re

import numpy as np

from compendium.importing.draft.decisions import Decision
from compendium.importing.draft.profile import MANY, Guess
from compendium.importing.draft.scales import plain
from compendium.importing.draft.values import options_of
from compendium.importing.mapping import ticks_of
from compendium.importing.structure.conditions import stated_condition

FEWEST = 10  # respondents outside who all gave no answer, where the platform says nothing
NEARLY = 0.8  # share of those inside who answered
NEARLY_ALL = 0.9  # of the answers to a question for consent agree
FIRST = 8  # rows that tell of most gates that they cannot be it
HEAD = 5000  # rows that show of most pairs of items that they have nothing to do with each other
UNCLEAR = "the platform says so, but no earlier answer tells who they are: they count as skipped"
ASKABLE = ("single", "scale", "consent")
MOST_CONSENTS = 6  # different values of a question for consent
# How a statement begins that one agrees to or not, as forms for consent have several.
STATED = re.compile(
    r"(i|we) (hereby |freely |also )?(agree|consent|understand|confirm|accept|give)\b"
    r"|ich (willige|stimme|bin (damit )?einverstanden|bestätige)"
    r"|(j['’]|je (l['’]|vous )?)(accepte|consens|autorise|confirme|comprends)"
    r"|(acepto|consiento|autorizo|entiendo|confirmo|aceito|concordo|acconsento|accetto|autorizzo)\b",
    re.IGNORECASE,
)
EARLY, MOST_OPTIONS, LENGTHY = 3, 3, 80  # place and options of what decides who is counted, its letters


def guess_conditions(profile, found):
    """Add ``asked_if`` to the items that were put to some only; return what stays unclear."""
    given = [_given(profile, one) for one in found]
    shown = [_shown(profile, one) for one in found]
    reached = _reached(given, shown)
    gates = [_gate(profile, one, place) for place, one in enumerate(found) if _can_gate(one)]
    ticked = [_boxes(profile, one, place) for place, one in enumerate(found) if _has_boxes(one)]
    single = {gate[1] for gate in gates}
    bits, unclear = _bits(gates), []
    places = np.array([gate[0] for gate in gates])
    for place, one in enumerate(found):
        sure = shown[place] is not None
        put = shown[place] if sure else given[place]
        if put.all():
            continue
        stated = stated_condition(profile.export, one, found[:place])
        if stated is not None:
            unclear += _as_stated(one, stated, given[place], gates + ticked)
            continue
        before = int(np.searchsorted(places, place))
        likely = [gates[i] for i in _likely(bits, before, put)]
        everybody = np.ones(len(put), bool)
        condition = (
            _condition(likely, put, everybody, sure)
            or _condition(likely, put, reached[place], sure)
            or _ticked(ticked, place, put, everybody, sure)
            or _ticked(ticked, place, put, reached[place], sure)
        )
        missed = int((~put & reached[place]).sum())
        if condition is not None:
            one.item["asked_if"] = condition
            verb = "chose" if condition["item"] in single else "ticked"
            one.decisions.append(_decision(condition, verb, sure, int((~put).sum())))
        elif sure and missed:
            question = f"Why was this not shown to some of those who got so far ({missed})?"
            unclear.append(Decision(question, UNCLEAR, one.item["id"], kind="asked_if", rows=missed))
    return unclear + _who_counts(profile, found, given)


def consent(part, counts, labels, profile):
    """The question for consent: every value agrees or refuses, and some words say what to."""
    known = profile.known.headings
    if len(counts) > MOST_CONSENTS or profile.other_specify.get(part.name):
        return None
    words = {value: plain(labels.get(value, value)) for value in counts}
    refusing = [v for v, word in words.items() if known["refusing"].search(word)]
    agreeing = [v for v in words if v not in refusing and known["agreeing"].search(words[v])]
    contact = known["contact"].search(part.question)
    asked = any(known["consent"].search(text) for text in (part.question, *words.values()))
    if not (asked or contact) or not agreeing or len(refusing) + len(agreeing) < len(words):
        return None
    item = {"id": profile.item_id([part]), "type": "consent", "question": part.question}
    item["column"] = profile.column(part)
    item["options"] = options_of([*agreeing, *refusing], labels)
    recipes = {item["column"]: {"take": "value", "from": part.name}}
    if contact:
        return Guess(item, recipes, [part.name], "it asks leave to contact: nothing of it is counted")
    agreed = [option["id"] for option in item["options"][: len(agreeing)]]
    left = len(profile.export.values) - sum(counts[value] for value in agreeing)
    decision = Decision(
        "Is this the question for consent, and are the right rows left out?",
        f"{left} rows do not agree and are excluded", kind="consent", rows=left,
        edit="correct 'keep' under 'exclude'; if it is no consent, take the exclusion out and write "
        "'type: single'",
    )  # fmt: skip
    why = "its question and its values are about consent"
    return Guess(item, recipes, [part.name], why, [decision], agreed=agreed)


def _who_counts(profile, found, given):
    """Ask of what may be the question for consent, in any language, where its words did not tell so."""
    asked, known = [], any(one.agreed for one in found)
    for place, one in enumerate(found):
        if known and not STATED.match(one.item["question"]):
            continue
        why = _decides(profile, one, place, given) if one.item["type"] in ("single", "scale") else ""
        if not why:
            continue
        id, kept = one.item["id"], _options(one)[0]["id"]
        rule = f"{{reason: no_consent, label: Consent not given, item: {id}, keep: [{kept}]}}"
        edit = f"if so write 'type: consent', and first under 'exclude': {rule}"
        question = "Is this the question for consent, or another that decides who is counted?"
        asked.append(
            Decision(question, why, id, kind="consent", edit=edit, rows=int(given[place].sum()))
        )
    return asked


def _decides(profile, one, place, given):
    """Why an item seems to decide who is counted: its words, who stopped there, one answer of all."""
    if profile.known.headings["consent"].search(one.item["question"]):
        return "its question says so, but not all of its options agree or refuse"
    counts = profile.counts(one.fields[0])
    stated = STATED.match(one.item["question"])
    if len(counts) > MOST_OPTIONS or not counts or (place >= EARLY and not stated):
        return ""
    most = max(counts, key=counts.get)
    chosen = np.array([kind == most for kind in profile.kinds[one.fields[0]]])[
        profile.codes[one.fields[0]]
    ]
    after = np.any(given[place + 1 :], axis=0) if given[place + 1 :] else np.zeros(len(chosen), bool)
    others = given[place] & ~chosen
    if others.any() and len(counts) == 2 and stated:
        return f"it is a statement to agree to, and {others.sum()} did not answer it as most did"
    if others.any() and not (others & after).any() and after[chosen].mean() > 0.5:
        return f"the {others.sum()} who did not answer as most did answered nothing after it"
    total = int(given[place].sum())
    first = place == 0 or len(one.item["question"]) >= LENGTHY
    if first and total >= MANY and counts[most] >= NEARLY_ALL * total:
        return f"it stands at the beginning, and {counts[most]} of {total} gave the same answer"
    return ""


def _as_stated(one, stated, given, gates):
    """Use the condition that a survey structure states, unless answers tell otherwise; what to ask."""
    if stated.quoted:
        question = f"Was this asked under this condition: {stated.quoted[:300]}?"
        why = "the survey structure says so, which no 'asked_if' can state: all count as asked"
        return [Decision(question, why, one.item["id"], kind="asked_if")]
    if stated.condition is None:
        return []
    id, options = stated.condition["item"], stated.condition["any"]
    gate = next((gate for gate in gates if gate[1] == id), None)
    if gate is None:  # so many options that they are no gate
        return []
    _, _, known, chosen = gate
    places = [known.index(option) for option in options]
    if chosen.ndim == 1:
        met = np.isin(chosen, [place + 1 for place in places])
    else:
        met = chosen[:, places].any(axis=1)
    stray = int((given & ~met).sum())
    if not stray:
        one.item["asked_if"] = stated.condition
        return []
    question = f"Was this asked only of those who chose {' or '.join(options)} at '{id}'?"
    why = f"the survey structure says so, but {stray} others answered: all count as asked"
    return [Decision(question, why, one.item["id"], kind="asked_if", rows=stray)]


def _given(profile, one):
    """Who gave any answer."""
    filled = []
    for name in one.fields:
        kinds = np.array([bool(kind) for kind in profile.kinds[name]])
        filled.append(kinds[profile.codes[name]])
    return np.any(filled, axis=0)


def _shown(profile, one):
    """Who was shown the item; None where the platform does not say."""
    seen = [profile.export.seen[name].to_numpy() for name in one.fields if name in profile.export.seen]
    return np.any(seen, axis=0) if seen else None


def _reached(given, shown):
    """Who got as far as each item: an answer to it or to a later one, or it or a later one shown."""
    reached, so_far = [], np.zeros(len(given[0]), bool) if given else None
    for answered, put in zip(reversed(given), reversed(shown), strict=True):
        so_far = so_far | answered | (put if put is not None else False)
        reached.append(so_far)
    return reached[::-1]


def _can_gate(one):
    return one.item["type"] in ASKABLE and len(_options(one)) < 60


def _options(one):
    return one.item.get("points") or one.item["options"]


def _gate(profile, one, place):
    """Where an item stands, its id, its options' ids, and by row which is chosen: 0 for none."""
    places = {
        option.get("value", option["label"]): i for i, option in enumerate(_options(one), start=1)
    }
    name = one.fields[0]
    kinds = np.array([places.get(kind, 0) for kind in profile.kinds[name]])
    return place, one.item["id"], [option["id"] for option in _options(one)], kinds[profile.codes[name]]


def _bits(gates):
    """For the first rows, what is chosen at each gate, as a bit: all gates are looked at in one go.

    Beside them stands what all options of each gate make together.
    """
    chosen = [np.left_shift(np.uint64(1), gate[3][:HEAD].astype(np.uint64)) for gate in gates]
    every = np.array([2 ** (len(gate[2]) + 1) - 2 for gate in gates], np.uint64)
    return (np.column_stack(chosen) if chosen else np.zeros((HEAD, 0), np.uint64)), every


def _likely(bits, before, asked):
    """Of the first gates, the latest first, where all asked chose something, yet not everything."""
    (chosen, every), left, rows = bits, np.arange(before), np.flatnonzero(asked[:HEAD])
    for some in (rows[:FIRST], rows[: FIRST**2], rows):  # a few rows tell of most gates
        inside = np.bitwise_or.reduce(chosen[np.ix_(some, left)], axis=0)
        left = left[(inside & np.uint64(1) == 0) & (inside != every[left])]
    return left[::-1]


def _condition(gates, put, reached, sure):
    """The first of the gates whose options part those who were asked from those who were not."""
    put = put[reached]
    for _, id, options, chosen in gates:
        places = chosen[reached]
        asked = _asked_of(places, put, len(options))
        if not asked:
            continue
        missed = int(np.isin(places[~put], asked).sum())
        rest = int((places[~put] > 0).sum()) - missed  # who gave no answer here as well has broken off
        exact = sure and missed == 0 and rest > 0
        if exact or (not sure and rest >= FEWEST and missed <= (1 - NEARLY) * put.sum()):
            return {"item": id, "any": [options[place - 1] for place in asked]}
    return None


def _asked_of(places, put, width):
    """Options that those asked chose; None if these are all, or somebody asked chose none."""
    inside = np.bincount(places[put], minlength=width + 1)
    asked = [place for place in range(1, width + 1) if inside[place]]
    chosen = np.count_nonzero(np.bincount(places, minlength=width + 1)[1:])
    return None if inside[0] or len(asked) == chosen else asked


def _has_boxes(one):
    return one.item["type"] == "multi" and len(one.item["options"]) < 60


def _boxes(profile, one, place):
    """Where a multi-response item stands, its id, its options' ids, and by row which are ticked."""
    columns = [option["column"] for option in one.item["options"]]
    ticks = ticks_of({column: one.recipes[column] for column in columns}, profile.export)
    return place, one.item["id"], [option["id"] for option in one.item["options"]], ticks


def _ticked(gates, place, put, reached, sure):
    """The latest multi-response item of which some options part those who were asked from the others.

    An option ticked only by those who were asked may have been needed or not: the fewest are taken that
    explain everybody, and no more than half of the options, which would explain too much.
    """
    allowed = 0 if sure else 1 - NEARLY
    for _, id, options, ticks in reversed([gate for gate in gates if gate[0] < place]):
        inside, outside = ticks[put & reached], ticks[~put & reached]
        hits, misses = inside.sum(axis=0), outside.sum(axis=0)
        needed = [
            i for i in np.argsort(hits, kind="stable") if hits[i] and misses[i] <= allowed * hits[i]
        ]
        if not inside[:, needed].any(axis=1).all():
            continue
        for i in list(needed):
            fewer = [other for other in needed if other != i]
            if fewer and inside[:, fewer].any(axis=1).all():
                needed = fewer
        met = outside[:, needed].any(axis=1)
        rest = int((outside.any(axis=1) & ~met).sum())  # they answered it, and otherwise
        enough = rest > 0 if sure else rest >= FEWEST
        few = 0 < len(needed) <= max(1, len(options) // 2)
        if few and enough and met.sum() <= allowed * len(inside):
            return {"item": id, "any": [options[i] for i in sorted(needed)]}
    return None


def _decision(condition, verb, sure, rows):
    options = " or ".join(condition["any"])
    return Decision(
        f"Was this asked only of those who {verb} {options} at '{condition['item']}'?",
        f"{rows} gave no answer, "
        + ("and the platform says who was shown it" if sure else "and nobody else answered it"),
        kind="asked_if",
        edit="if not, take 'asked_if' out",
        rows=rows,
    )
