"""Puts guessed items together as a draft instrument: sections, shared scales, exclusions."""

import json
import re

from compendium.files import unique
from compendium.importing.draft.scales import plain
from compendium.importing.platforms import PLATFORM_NAMES

# Known scales whose two highest points are often counted together.
RATED = {
    "agreement", "satisfaction", "likelihood", "familiarity", "importance", "urgency", "frequency",
    "quality", "value", "support",
}  # fmt: skip


def draft_of(name, source, view, found):
    """The parts of a draft ``survey.yml``: sections, scales, exclusions and items.

    Parameters
    ----------
    name : str
        Of the study.
    source : str
        Name of the export.
    view : View
    found : list of Guess
        Their items are not changed.

    Returns
    -------
    dict
        For `survey_text`.
    """
    background = [one.item["id"] for one in found if _is_background(one, view.known)]
    sections = [{"id": "questions", "title": "Questions"}]
    if background:
        sections.append({"id": "background", "title": "About the respondents", "background": True})
    items = []
    for one in found:
        section = "background" if one.item["id"] in background else "questions"
        items.append({"why": one.why, "section": section} | one.item | _groups(one))
    scales = _shared_scales(items, found)
    exclude = []
    for item in items:
        if item["type"] == "consent":
            keep = [o["id"] for o in item["options"] if plain(o["label"]) in view.known.consent]
            label = "Consent not given"
            exclude.append({"reason": "no_consent", "label": label, "item": item["id"], "keep": keep})
    exclude.append({"reason": "empty", "label": "No question answered"})
    kinds = view.kinds.get("provenance", [])
    return {
        "source": source,
        "platform": PLATFORM_NAMES[view.export.platform],
        "title": name.replace("_", " ").replace("-", " ").capitalize(),
        "provenance": "synthetic" if kinds == ["synthetic"] else "collected",
        "exclude": exclude,
        "scales": scales,
        "sections": [s for s in sections if any(item["section"] == s["id"] for item in items)],
        "items": items,
        "left_out": view.export.left_out,
    }


def _is_background(one, known):
    """Whether an item describes respondents, by the words of its question."""
    question = one.item["question"]
    closed = one.item["type"] in ("single", "scale", "number")
    return closed and len(question) < 150 and bool(known.headings["background"].search(question))


def _known_scale(why):
    """The known scale that a guess names as its reason; empty where it names none."""
    named = re.search(r"known scale '(\w+)'", why)
    return named.group(1) if named else ""


def _groups(one):
    """The two highest points of a known scale as a group, which shares and trends can be about."""
    points = one.item.get("points", [])
    if len(points) < 4 or _known_scale(one.why) not in RATED:
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
    reasons = {one.item["id"]: one.why for one in found}
    for scale, members in used.items():
        if len(members) < 2:
            continue
        id = unique(_known_scale(reasons[members[0]["id"]]) or "scale", taken)
        scales[id] = json.loads(scale)
        for item in members:
            item.pop("points")
            item.pop("dont_know", None)
            item.pop("groups", None)
            item["scale"] = id
    return scales
