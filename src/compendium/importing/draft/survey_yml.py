"""The draft of a ``survey.yml``: guessed items put together, and a file to read, edit and keep.

One option a line, comments that say what was guessed; what is text stays text for any reader of YAML.
"""

import io
import json
import re
from collections import defaultdict

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, FoldedScalarString

from compendium.files import unique
from compendium.importing.platforms import PLATFORM_NAMES

# Known scales whose two highest points are often counted together.
RATED = {
    "agreement", "satisfaction", "likelihood", "familiarity", "importance", "urgency", "frequency",
    "quality", "value", "support",
}  # fmt: skip
BARE = re.compile(r"[A-Za-z][\w '’()/.%+–-]*[\w)’%+]|[A-Za-z]")
# What YAML 1.1, which R still reads, takes for something else than text; ruamel minds YAML 1.2 itself.
NOT_TEXT = {"yes", "no", "on", "off", "y", "n"}
IDS = {"id", "section", "type", "scale", "item", "reason"}
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
ABOUT = "Imported from {platform}. Say here who was asked about what, by whom, when and how."
SHAPE = """\
title: ""
about: ""
provenance: collected
licence: Not stated
words: {respondent: respondent, respondents: respondents, concept: the subject of the survey}
responses: responses.csv
respondent: respondent

# Applied in this order; a row is counted once, under the first reason that holds.
exclude: []

disclosure:
  minimum_cell: 5
  names: []  # people and organisations to mask

sections: []

items: []
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


# ---- the file


def survey_text(draft):
    """The text of a ``survey.yml`` with the parts that `draft_of` put together."""
    yaml = YAML()
    yaml.width = 10**9  # a text stays on its line
    yaml.indent(mapping=2, sequence=4, offset=2)
    survey, platform = yaml.load(SHAPE), draft["platform"]
    survey["title"] = _text(draft["title"])
    survey["about"] = FoldedScalarString(ABOUT.format(platform=platform))
    survey["provenance"] = draft["provenance"]
    for key in ("exclude", "sections"):
        survey[key] = _node(draft[key])
    if draft["scales"]:
        scales = {id: _block(scale) for id, scale in draft["scales"].items()}
        survey.insert(list(survey).index("sections"), "scales", CommentedMap(scales))
        survey.yaml_set_comment_before_after_key("scales", before="\n")
    survey["items"] = CommentedSeq(_item(item) for item in draft["items"])
    for place in range(1, len(draft["items"])):
        survey["items"].yaml_set_comment_before_after_key(place, before="\n")
    out = io.StringIO()
    yaml.dump(survey, out)
    opening = OPENING.format(source=_comment(draft["source"]), platform=platform)
    return opening + _seen(out.getvalue()).rstrip("\n") + "\n" + _left_out(draft["left_out"])


def _item(item):
    found = _block({key: item[key] for key in KEYS if key in item})
    found.yaml_add_eol_comment(_comment(item["why"]), "id", column=len(item["id"]) + 10)
    asked = [_comment(question) for question in item.get("asked", ())]
    if asked:
        found.yaml_set_comment_before_after_key("section", before="\n".join(asked), indent=4)
    return found


def _block(mapping):
    """A key a line; options and the like one a line below it."""
    return CommentedMap({key: _node(value, key) for key, value in mapping.items() if value != []})


def _node(value, key=""):
    if isinstance(value, dict):
        found = CommentedMap({key: _node(part, key) for key, part in value.items()})
        found.fa.set_flow_style()
    elif isinstance(value, list):
        bare = key not in ("missing", "also")  # ids, or what stands in the export
        found = CommentedSeq(
            _node(part) if not isinstance(part, str) else part if bare else _text(part)
            for part in value
        )
        if value and isinstance(value[0], str):  # ids of options
            found.fa.set_flow_style()
    else:
        found = value if isinstance(value, bool) or key in IDS else _text(value)
    return found


def _text(text):
    """Bare where nothing in it can be misread, quoted otherwise."""
    bare = BARE.fullmatch(text) and text.casefold() not in NOT_TEXT and len(text) < 200
    return text if bare else DoubleQuotedScalarString(text)


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
