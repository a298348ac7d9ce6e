"""The draft of a ``survey.yml``: guessed items put together, and a file to read, edit and keep.

One option a line, comments that say what was guessed; what is text stays text for any reader of YAML.
"""

import json
import re
from collections import defaultdict

from compendium.importing.platforms import PLATFORM_NAMES
from compendium.names import unique
from compendium.survey.instrument import Instrument, checked

# Known scales whose two highest points are often counted together.
RATED = {
    "agreement", "satisfaction", "likelihood", "familiarity", "importance", "urgency", "frequency",
    "quality", "value", "support",
}  # fmt: skip
BARE = re.compile(r"[A-Za-z][\w '’()/.%+–-]*[\w)’%+]|[A-Za-z]")
# What YAML, 1.2 or 1.1 which R still reads, takes for something else than text.
NOT_TEXT = {"yes", "no", "on", "off", "y", "n", "true", "false", "null"}
KEYS = (
    "id", "section", "type", "question", "column", "unit", "missing", "asked_if", "identifying",
    "scale", "options", "points", "dont_know", "groups", "statements",
)  # fmt: skip
OPENING = """\
# Draft of the questionnaire, made by `make study` from the export {source} ({platform}).
#
# It is yours to edit: once changed it is never overwritten, and a second export of the same survey
# updates responses.csv alone. `column` says where an answer stands in responses.csv: keep it when you
# rename an `id`. When you reword a `label`, write what the export has as `value`. What was guessed,
# left out and needs a decision stands in import.json and on top of notebook 1.
# The keys are explained in data/README.md; data/microcredentials/survey.yml is an example with a plan.

"""
SHAPE = """\
title: {title}
about: ""  # who was asked about what, by whom, when and how
# affiliation, contact and address of the web, for the poster: fill in, or leave out
provenance: {provenance}
licence: Not stated
words: {{respondent: respondent, respondents: respondents, concept: the subject of the survey}}
responses: responses.csv
respondent: respondent

# Applied in this order; a row is counted once, under the first reason that holds.
exclude:
{exclude}

disclosure:
  minimum_cell: 5
  names: []  # people and organisations to mask

{scales}sections:
{sections}

items:
{items}
"""


# ---- the parts of a draft


def draft_of(name, source, profile, found, decisions=()):
    """The parts of a draft ``survey.yml``: sections, scales, exclusions and items."""
    background = [one.item["id"] for one in found if _is_background(one, profile.known)]
    sections = [{"id": "questions", "title": "Questions"}]
    if background:
        sections.append({"id": "background", "title": "About the respondents", "background": True})
    items, by_item = [], defaultdict(list)
    for decision in decisions:
        by_item[decision.item].append(decision)
    for one in found:
        section = "background" if one.item["id"] in background else "questions"
        asked = [f"[{a.kind}] {a.question}".replace("{items}", a.item) for a in by_item[one.item["id"]]]
        about = {"why": one.why, "section": section, "asked": asked}
        items.append(about | one.item | _groups(one))
    scales = _shared_scales(items, found)
    exclude = []
    for one in found:
        if one.agreed:
            what = {"label": "Consent not given", "item": one.item["id"], "keep": one.agreed}
            exclude.append({"reason": "no_consent"} | what)
    exclude.append({"reason": "empty", "label": "No question answered"})
    kinds = profile.kinds.get("provenance", [])
    return {
        "source": source,
        "platform": PLATFORM_NAMES[profile.export.platform],
        "title": name.replace("_", " ").replace("-", " ").capitalize(),
        "provenance": "synthetic" if kinds == ["synthetic"] else "collected",
        "exclude": exclude,
        "scales": scales,
        "sections": [s for s in sections if any(item["section"] == s["id"] for item in items)],
        "items": items,
        "left_out": profile.export.left_out,
    }


def _is_background(one, known):
    """Whether an item describes respondents, by the words of its question."""
    question = one.item["question"]
    closed = one.item["type"] in ("single", "scale", "number")
    return closed and len(question) < 150 and bool(known.headings["background"].search(question))


def _groups(one):
    """The two highest points of a known scale as a group, which shares and trends can be about."""
    points = one.item.get("points", [])
    if len(points) < 4 or one.scale not in RATED:
        return {}
    high = points[-2:]
    first, second = (point["label"] for point in high)
    second = second[0].lower() + second[1:] if second[1:2].islower() else second
    id = unique("top_two", {point["id"] for point in [*points, *one.item.get("dont_know", [])]})
    options = [point["id"] for point in high]
    return {"groups": [{"id": id, "label": f"{first} or {second}", "options": options}]}


def _shared_scales(items, found):
    """Scales that several items use, each named once; changes the items."""
    used, scales, taken = {}, {}, set()
    for item in items:
        if "points" in item:
            scale = {key: item[key] for key in ("points", "dont_know", "groups") if key in item}
            used.setdefault(json.dumps(scale), []).append(item)
    known = {one.item["id"]: one.scale for one in found}
    for scale, members in used.items():
        if len(members) < 2:
            continue
        id = unique(known[members[0]["id"]] or "scale", taken)
        scales[id] = json.loads(scale)
        for item in members:
            item.pop("points")
            item.pop("dont_know", None)
            item.pop("groups", None)
            item["scale"] = id
    return scales


def instrument_of(path, draft):
    """The instrument that the draft's file says, without reading it, which takes long."""
    whole = {key: draft[key] for key in ("title", "provenance", "exclude", "scales", "sections")}
    items = [{key: item[key] for key in KEYS if item.get(key, []) != []} for item in draft["items"]]
    whole |= {"licence": "Not stated", "respondent": "respondent", "items": items}
    return checked(path, Instrument.model_validate(whole))


# ---- the file: written line by line, since libraries take half a minute for thousands of items


def survey_text(draft):
    """The text of a ``survey.yml`` with the parts that `draft_of` put together."""
    scales = [f"  {_text(id)}:\n" + _block(scale, 4) for id, scale in draft["scales"].items()]
    text = SHAPE.format(
        title=_text(draft["title"]), provenance=draft["provenance"],
        exclude=_rows(draft["exclude"], 2), sections=_rows(draft["sections"], 2),
        scales="scales:\n" + "\n".join(scales) + "\n\n" if scales else "",
        items="\n\n".join(_item(item) for item in draft["items"]),
    )  # fmt: skip
    opening = OPENING.format(source=_comment(draft["source"]), platform=draft["platform"])
    return opening + _seen(text) + _left_out(draft["left_out"])


def _item(item):
    first = f"  - id: {_text(item['id'])}  # {_comment(item['why'])}"
    asked = [f"    # {_comment(question)}" for question in item.get("asked", ())]
    rest = {key: item[key] for key in KEYS if key in item and key != "id"}
    return "\n".join([first, *asked, _block(rest, 4)])


def _block(mapping, indent):
    """A key a line; options and the like one a line below it."""
    lines, blank = [], " " * indent
    for key, value in mapping.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            lines += [f"{blank}{key}:", _rows(value, indent + 2)]
        elif value != []:
            lines.append(f"{blank}{key}: {_flow(value)}")
    return "\n".join(lines)


def _rows(mappings, indent):
    return "\n".join(f"{' ' * indent}- {_flow(mapping)}" for mapping in mappings)


def _flow(value):
    """On one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else _text(value)


def _text(text):
    """Bare where nothing in it can be misread, quoted otherwise: JSON's quotes are YAML's too."""
    bare = BARE.fullmatch(text) and text.casefold() not in NOT_TEXT and len(text) < 200
    return text if bare else json.dumps(text, ensure_ascii=False)


def _seen(text):
    """What does not show, such as marks that turn the direction of writing, as the escape for it.

    It can only stand between double quotes, where YAML knows escapes.
    """
    hidden = {c for c in set(text) if not c.isprintable()} - {"\n"}
    return text.translate({ord(sign): f"\\U{ord(sign):08x}" for sign in hidden})


def _left_out(columns):
    """The columns in no item, as a comment at the end."""
    lines = [f"#   {_comment(left.column)}: {_comment(left.why)}" for left in columns]
    said = "\n# Left out of responses.csv. To take a column in, add an item with it as `column`:\n"
    return said + "\n".join(lines) + "\n" if lines else ""


def _comment(text):
    """A text on one line that cannot end the comment it stands in."""
    text = "".join(c if c.isprintable() else " " for c in text)
    return text if len(text) <= 90 else text[:87] + "..."
