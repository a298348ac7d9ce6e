"""Writes the draft of a ``survey.yml``: a file that a person reads, edits and keeps.

Written by hand and not dumped: one option a line, comments that say what was guessed, and every text
from the export quoted so that nothing in it can become YAML.
"""

import json
import re

BARE = re.compile(r"[A-Za-z][\w '’()/.%+–-]*[\w)’%+]|[A-Za-z]")
# What YAML 1.1 or 1.2 would take for something else than text.
NOT_TEXT = {"true", "false", "yes", "no", "on", "off", "y", "n", "null", "none", "nan", "inf"}
KEYS = (
    "column", "unit", "asked_if", "identifying", "scale",
    "options", "points", "dont_know", "groups", "statements",
)  # fmt: skip
HEAD = """\
# Draft of the questionnaire, made by `make study` from the export {source} ({platform}).
#
# It is yours to edit: once changed it is never overwritten, and a second export of the same survey
# updates responses.csv alone. `column` says where an answer stands in responses.csv: keep it when you
# rename an `id`. When you reword a `label`, write what the export has as `value`. What was guessed,
# left out and needs a decision stands in import.json and on top of notebook 1.
# The keys are explained in data/README.md; data/microcredentials/survey.yml is an example with a plan.

title: {title}
about: >-
  Imported from {platform}. Say here who was asked about what, by whom, when and how.
provenance: {provenance}
licence: Not stated
words: {{respondent: respondent, respondents: respondents, concept: the subject of the survey}}
responses: responses.csv
respondent: respondent

# Applied in this order; a row is counted once, under the first reason that holds.
exclude:
"""


def survey_text(draft):
    """The text of a draft ``survey.yml``.

    Parameters
    ----------
    draft : dict
        `source`, `platform`, `title`, `provenance`, `exclude`, `scales`, `sections`, `items` (each
        with the key `why`) and `left_out`.

    Returns
    -------
    str

    Examples
    --------
    >>> draft = {"source": "a.csv", "platform": "plain", "title": "A: b", "provenance": "collected",
    ...          "exclude": [], "scales": {}, "left_out": [],
    ...          "sections": [{"id": "questions", "title": "Questions"}],
    ...          "items": [{"id": "age", "section": "questions", "type": "number", "question": "Age?",
    ...                     "column": "Age", "why": "all its values are numbers"}]}
    >>> print(survey_text(draft).split("items:")[1].strip())
    - id: age  # all its values are numbers
        section: questions
        type: number
        question: "Age?"
        column: Age
    """
    head = {key: draft[key] for key in ("platform", "provenance")}
    head |= {"source": _comment(draft["source"]), "title": yaml_text(draft["title"])}
    lines = [HEAD.format(**head).rstrip()]
    lines += [f"  - {_flow(exclusion)}" for exclusion in draft["exclude"]] or ["  []"]
    lines += ["", "disclosure:", "  minimum_cell: 5", "  names: []  # people and organisations to mask"]
    if draft["scales"]:
        lines += ["", "scales:"]
        for id, scale in draft["scales"].items():
            lines += [f"  {id}:", *_options(scale, ("points", "dont_know", "groups"), "    ")]
    lines += ["", "sections:", *(f"  - {_flow(section)}" for section in draft["sections"])]
    lines += ["", "items:"]
    for item in draft["items"]:
        lines += [*_item(item), ""]
    if draft["left_out"]:
        lines += ["# Left out of responses.csv. To take a column in, add an item with it as `column`:"]
        lines += [f"#   {_comment(x['column'])}: {_comment(x['why'])}" for x in draft["left_out"]]
    return "\n".join(lines).rstrip() + "\n"


def _item(item):
    lines = [f"  - id: {item['id']}  # {_comment(item['why'])}"]
    for key in ("section", "type", "question", *KEYS):
        if key not in item:
            continue
        if key in ("options", "points", "dont_know", "groups", "statements"):
            lines += _options(item, (key,), "    ")
        elif key == "asked_if":
            lines.append(
                f"    asked_if: {{item: {item[key]['item']}, any: [{', '.join(item[key]['any'])}]}}"
            )
        else:
            lines.append(f"    {key}: {_scalar(item[key])}")
    return lines


def _options(holder, keys, indent):
    lines = []
    for key in keys:
        if holder.get(key):
            lines += [f"{indent}{key}:", *(f"{indent}  - {_flow(option)}" for option in holder[key])]
    return lines


def _flow(mapping):
    parts = []
    for key, value in mapping.items():
        if isinstance(value, list):
            parts.append(f"{key}: [{', '.join(value)}]")
        elif key == "id":
            parts.append(f"id: {value}")
        else:
            parts.append(f"{key}: {_scalar(value)}")
    return f"{{{', '.join(parts)}}}"


def _scalar(value):
    return ("true" if value else "false") if isinstance(value, bool) else yaml_text(value)


def yaml_text(text):
    """A text as a YAML scalar that any reader takes for exactly this text.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        Bare where nothing in it can be misread, quoted otherwise.

    Examples
    --------
    >>> yaml_text("Very familiar"), yaml_text("No"), yaml_text("1–9"), yaml_text("a: b")
    ('Very familiar', '"No"', '"1–9"', '"a: b"')
    """
    if (
        BARE.fullmatch(text)
        and text.casefold() not in NOT_TEXT
        and text.isprintable()
        and len(text) < 200
    ):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(
        c if c.isprintable() else f"\\U{ord(c):08x}" if ord(c) > 0xFFFF else f"\\u{ord(c):04x}"
        for c in quoted
    )


def _comment(text):
    """A text on one line that cannot end the comment it stands in."""
    text = "".join(c if c.isprintable() else " " for c in text)
    return text if len(text) <= 90 else text[:87] + "..."
