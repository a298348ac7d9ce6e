"""What a person has to decide: by consequence, and only until ``survey.yml`` answers it."""

import re
import textwrap
from collections import Counter
from dataclasses import dataclass, replace

from compendium.importing.draft.scales import known_scale

# Each kind of decision and what follows from it, most consequential first.
KINDS = {
    "consent": "it decides whose answers are analysed",
    "respondent": "codings and later exports are tied to it",
    "file": "all answers are read so",
    "codings": "a chapter stops at a coding whose text is another",
    "renamed": "its answers are taken from there",
    "gone": "the item has no answers until then",
    "unlisted": "they count as not given until then",
    "type": "it decides what is counted",
    "several": "it decides what the percents of this item are of",
    "missing": "they count in no base, no percent and no mean",
    "dates": "bands in a wrong order make wrong trends and medians",
    "order": "medians, trends and groups of points go by the order",
    "points": "the group of the highest points and the middle of the scale go by them",
    "asked_if": "the others are out of its base",
    "weight": "nothing is weighted",
    "numbers": "a wrong sign makes every number another one",
    "spelling": "apart, each would be counted too low",
    "words": "what is no option is in no table",
    "new": "without an item its answers are not analysed",
    "question": "it is shown with every figure of the item",
    "about": "it is printed on every page",
}
# What of an item, changed in survey.yml, answers a decision of a kind; all of it where none is named.
ABOUT = {
    "missing": ("missing", "choices", "type"),
    "points": ("choices", "type"),
    "dates": ("choices", "labels", "type"),
    "order": ("choices", "type"),
    "asked_if": ("asked_if", "type"),
    "spelling": ("choices", "also", "type"),
    "question": ("question", "statements"),
}
# Questions for what has no order.
NOMINAL = re.compile(
    r"\b(where|who|whom|gender|sex|sector|industry|region|country|county|city|town|district|ward|"
    r"department|faculty|profession|occupation|nationality|ethnic\w*|language|religion|party|wo|wer|"
    r"geschlecht|branche|(bundes)?land|beruf|abteilung|genre|sexe|secteur|où|qui|dónde|quién|género|sexo|sesso|"
    r"geslacht|kön|płeć|пол)\b|性别|性別",
    re.IGNORECASE,
)
LINES, WIDTH = 24, 100  # of a screen
NAMED = 12  # items that a decision of many names; it stands at each of them in survey.yml


@dataclass(frozen=True)
class Decision:
    """What a person has to decide.

    `why` is the evidence; `kind` is one of `KINDS`, which says what follows from it; `edit` is what
    answers it in ``survey.yml``; `rows` is how many answers it touches; `source` is ``file``,
    ``guess``, or ``new`` of a new column. ``{items}`` in a question stands for all items that have it.
    """

    question: str
    why: str
    item: str = ""
    source: str = "guess"
    kind: str = "words"
    edit: str = ""
    rows: int = 0


def as_dict(decision):
    """A decision as it stands in ``import.json``."""
    keys = ("item", "kind", "question", "why", "edit", "rows", "source")
    found = {key: getattr(decision, key) for key in keys}
    return found | {"consequence": KINDS[decision.kind]}


def standing(item):
    """What decisions are about, as an item of ``survey.yml`` has it."""
    condition = item.asked_if
    return {
        "type": item.type,
        "question": item.question,
        "choices": [option.raw for option in [*item.choices, *item.dont_know]],
        "labels": [option.label for option in item.choices],
        "also": sorted(raw for option in [*item.choices, *item.dont_know] for raw in option.also),
        "statements": [statement.label for statement in item.statements],
        "missing": sorted(item.missing),
        "asked_if": [condition.item, *condition.any] if condition else [],
    }


def still_open(decisions, instrument, drafted, names):
    """Decisions that ``survey.yml`` does not answer yet.

    It does where what was drafted is changed, where `decided` of the item names the kind, or where the
    item is taken out. `drafted` is what stood in the draft, by the item's id then; `names` is what it
    is called now. Of a study as a whole the title, text and licence answer.
    """
    found = []
    for one in decisions:
        if not one.item:
            if one.kind not in instrument.decided and not (
                one.kind == "about" and instrument.licence != "Not stated"
            ):
                found.append(one)
            continue
        item = names.get(one.item)
        if item is None or one.kind in item.decided:
            continue
        before, now = drafted.get(one.item, {}), standing(item)
        keys = ABOUT.get(one.kind, tuple(now))
        if all(before.get(key, now[key]) == now[key] for key in keys):
            found.append(replace(one, item=item.id))
    return found


def maybe_ordered(found, known):
    """Single choices whose options may have an order that no known scale tells."""
    named = []
    for item in (one.item for one in found if one.item["type"] == "single"):
        labels = [option["label"] for option in item["options"]]
        written = any(option.get("text") for option in item["options"])
        nominal = NOMINAL.search(item["question"]) or known_scale(labels, known, choices=True)
        if 3 <= len(labels) <= 7 and not written and not nominal:
            named.append(item["id"])
    return named


def ranked(decisions):
    """By consequence, then by how many answers they touch; one for all items with the same question."""
    merged = {}
    for one in decisions:
        same = (one.question, one.kind, one.edit) if "{items}" in one.question else (id(one),)
        merged.setdefault(same, []).append(one)
    found = []
    for members in merged.values():
        items = [one.item for one in members if one.item]
        first = members[0]
        if len(members) > 1:
            first = replace(first, item="", rows=sum(one.rows for one in members))
        items = list(dict.fromkeys(items))
        more = f" and {len(items) - NAMED} more" if len(items) > NAMED + 1 else ""
        named = ", ".join(items[:NAMED] if more else items) + more
        why = first.why.replace("{rows}", f"{first.rows:,}")
        found.append(
            replace(
                first, question=first.question.replace("{items}", named), why=why,
                edit=first.edit.replace("{items}", "each" if len(members) > 1 else named),
            )
        )  # fmt: skip
    places = list(KINDS)
    return sorted(found, key=lambda one: (places.index(one.kind), -one.rows))


def screen(report, folder):
    """What ``make study`` prints of a report: one screen, the most consequential decisions first."""
    lines, asked, told = _wrapped(_summary(report, folder)), report["decisions"], set()
    texts = {one["item"]: one.get("drafted", {}).get("question", "") for one in report["guessed"]}
    shown = 0
    for one in asked:
        item, why = one["item"], one["why"]
        text = f" “{textwrap.shorten(texts[item], 60, placeholder=' …')}”" if texts.get(item) else ""
        where = f"{item}{text}: " if item else ""
        if one["kind"] not in told:  # what follows is the same for all of a kind
            why += f"; {one['consequence']}"
        question = textwrap.shorten(one["question"], 3 * WIDTH, placeholder=" …")
        said = _wrapped([f"{shown + 1}. [{one['kind']}] {where}{question} ({why})"])
        edit = one["edit"][:1].upper() + one["edit"][1:]
        said += [f"   {line}" for line in textwrap.wrap(edit, WIDTH - 3)]
        if len(lines) + len(said) > LINES - 4:
            break
        lines += said
        shown += 1
        told.add(one["kind"])
    rest = Counter(one["kind"] for one in asked[shown:])
    if rest:
        kinds = ", ".join(f"{count} {kind}" for kind, count in rest.items())
        lines += _wrapped([f"{rest.total()} more ({kinds}): in import.json, and on top of notebook 1."])
    if asked:
        right = (
            "Right as drafted? Write 'decided: [word]' with the word in brackets into the item named; "
        )
        lines += _wrapped([right + "at the top of survey.yml where none is."])
    lines.append(f"Then: make all STUDY={folder.name}")
    return lines


def _summary(report, folder):
    kept = " (survey.yml is edited and was kept)" if report["edited"] else ""
    yield f"{report['source']} ({report['platform']}): {report['rows']:,} rows to {folder}{kept}"
    yield " ".join(report["read"])
    if report["guessed"] and not report["edited"]:
        kinds = [one["type"] for one in report["guessed"]]
        counted = (f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds))
        yield f"{len(kinds)} questions, their types guessed: {', '.join(counted)}"
    if report["changes"]:
        yield "Changed since the last import: " + textwrap.shorten(
            "; ".join(report["changes"]), 3 * WIDTH
        )
    reasons = {}
    for left in report["left_out"]:
        reasons.setdefault(left["why"], []).append(left["column"])
    said = [f"{', '.join(columns)} ({why})" for why, columns in reasons.items()]
    if said:
        yield "Left out: " + textwrap.shorten("; ".join(said), 4 * WIDTH)
    if report["decisions"]:
        yield f"To decide in {folder}/survey.yml, most consequential first:"


def _wrapped(texts):
    return [line for text in texts for line in textwrap.wrap(text, WIDTH) or [""]]
