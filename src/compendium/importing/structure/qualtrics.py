"""Reads Qualtrics' structure file (``.qsf``), which is JSON.

Seen in public test data (ctesta01/QualtricsTools, surveys of 2016; fflewddur/sp, schema 1.1.0 of 2019):
``SurveyElements`` with an ``SQ`` for each question, ``BL`` for blocks with skip logic, ``FL`` for the
flow of blocks and branches.
"""

import re
from dataclasses import replace

from compendium.files import read_json
from compendium.importing.export import heading
from compendium.importing.structure.questionnaire import Asked, Chosen, Level

ONE = {"SAVR", "SAHR", "SACOL", "DL", "SB"}
MANY = {"MAVR", "MAHR", "MACOL", "MSB"}
LOCATOR = re.compile(r"^q://(QID[\w#]+)/SelectableChoice/(\w+)$")


def read_qsf(path):
    """The version, and the questions; a translated survey is read in its first language."""
    try:
        whole = read_json(path)
        elements = [one for one in whole["SurveyElements"] if isinstance(one, dict)]
        payloads = [one["Payload"] for one in elements if one.get("Element") == "SQ"]
        payloads = {one["QuestionID"]: one for one in payloads if isinstance(one, dict)}
        asked = [one for id, payload in payloads.items() for one in _questions(id, payload)]
        rules = _rules(elements, payloads)
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError):
        raise ValueError(f"{path}: is no survey structure of Qualtrics; export it as .qsf.") from None
    schema = next(
        (one.get("TertiaryAttribute") for one in elements if one.get("Element") == "PROJ"), None
    )
    version = f"Qualtrics, schema {schema or 'not stated'}"
    return version, [[_with_rules(one, rules.get(one.key.split("#")[0], [])) for one in asked]]


def _questions(id, payload):
    """A question; the columns of a side-by-side question are questions of their own."""
    if payload.get("QuestionType") == "SBS":
        text = heading(payload.get("QuestionText") or "")
        for n, column in _listed(payload.get("AdditionalQuestions")).items():
            more = heading(column.get("QuestionText") or "")
            yield _question(f"{id}#{n}", column, f"{text} – {more}", payload)
    else:
        yield _question(id, payload, heading(payload.get("QuestionText") or ""), payload)


def _question(id, payload, text, whole):
    kind, sub = payload.get("QuestionType"), payload.get("SubSelector")
    selector = payload.get("Selector")
    settings = (whole.get("Validation") or {}).get("Settings") or {}
    required = settings.get("ForceResponse") == "ON"
    choices = _in_order(payload, "Choices", "ChoiceOrder")
    parts = {n: heading(str(choice.get("Display", ""))) or n for n, choice in choices.items()}
    if kind == "MC" and selector in ONE:
        return Asked(id, "single", text, _levels(payload, choices), required=required)
    if kind == "MC" and selector in MANY:
        return Asked(id, "multi", text, _levels(payload, choices), parts, required=required)
    if kind == "Matrix" and selector == "Likert" and sub in ("SingleAnswer", "DL"):
        answers = _in_order(payload, "Answers", "AnswerOrder")
        return Asked(id, "grid", text, _levels(payload, answers), parts, True, required)
    if kind == "TE":
        number = settings.get("ContentType") == "ValidNumber"
        return Asked(id, "number" if number else "text", text, parts=parts, required=required)
    return Asked(id, "", text, parts=parts, required=required)


def _listed(value):
    """By key; what PHP writes as a list, since its keys count up, is one of numbers."""
    return (
        dict(value) if isinstance(value, dict) else {str(n): one for n, one in enumerate(value or [])}
    )


def _in_order(payload, what, order):
    found = _listed(payload.get(what))
    places = [str(n) for n in _listed(payload.get(order)).values()]
    return {n: found[n] for n in [*places, *(n for n in found if n not in places)] if n in found}


def _levels(payload, choices):
    """Choices, which an export writes as recoded value, as name of the value or as text."""
    recoded, named = _listed(payload.get("RecodeValues")), _listed(payload.get("VariableNaming"))
    found = []
    for n, choice in choices.items():
        label = heading(str(choice.get("Display", ""))) or n
        spellings = (str(recoded.get(n, n)), heading(str(named.get(n) or "")) or label, label)
        found.append(Level(n, label, spellings))
    return tuple(found)


# ---- who was shown what


def _rules(elements, payloads):
    """By question, what must have been chosen, or a condition that no item can state."""
    rules = {id: [_logic(payload["DisplayLogic"])] for id, payload in payloads.items()
             if payload.get("DisplayLogic")}  # fmt: skip
    blocks = {}
    for element in elements:
        if element.get("Element") == "BL":
            for block in _listed(element["Payload"]).values():
                parts = _listed(block.get("BlockElements")).values()
                blocks[block.get("ID")] = [one for one in parts if one.get("Type") == "Question"]
    for questions in blocks.values():
        _skips(questions, payloads, rules)
    for element in elements:
        if element.get("Element") == "FL":
            places = list(_branches(element["Payload"], []))
            for id, logic in places:
                # Of a block that stands twice in the flow, no condition is the only way to it.
                if [id for id, _ in places].count(id) == 1:
                    for question in blocks.get(id, ()):
                        rules.setdefault(question["QuestionID"], []).extend(logic)
    return {id: rule for id, rule in rules.items() if rule}


def _branches(flow, logic):
    """The blocks of a flow with the conditions of the branches that they stand in."""
    for one in _listed(flow.get("Flow")).values():
        inside = logic
        if one.get("Type") == "Branch":
            inside = [*logic, _logic(one.get("BranchLogic") or {})]
        if "ID" in one:
            yield one["ID"], inside
        yield from _branches(one, inside)


def _skips(questions, payloads, rules):
    """Who skips from a question is not asked those between it and where the skip leads."""
    ids = [one["QuestionID"] for one in questions]
    for at, question in enumerate(questions):
        for skip in _listed(question.get("SkipLogic")).values():
            match, to = LOCATOR.match(str(skip.get("ChoiceLocator"))), skip.get("SkipToDestination")
            end = ids.index(to) if to in ids[at + 1 :] else len(ids)
            rule = str(skip.get("Description") or "skip logic")
            if match and skip.get("Condition") == "Selected" and match[1] in payloads:
                choices = _in_order(payloads[match[1]], "Choices", "ChoiceOrder")
                rule = Chosen(match[1], tuple(n for n in choices if n != match[2]))
            for id in ids[at + 1 : end]:
                rules.setdefault(id, []).append(rule)


def _logic(logic):
    """What must have been chosen; the condition's own words where it is more than that."""
    groups = [one for key, one in logic.items() if key.isdecimal()]
    terms = [one for group in groups for key, one in group.items() if key.isdecimal()]
    said = " ".join(heading(re.sub("<", " <", str(one.get("Description", "")))) for one in terms)
    found = [LOCATOR.match(str(one.get("LeftOperand"))) for one in terms]
    joined = {one.get("Conjuction", one.get("Conjunction", "Or")) for one in terms}  # misspelt there
    selected = {one.get("Operator") for one in terms} == {"Selected"} and joined == {"Or"}
    plain = len(groups) == 1 and None not in found and selected
    if not found or not plain or len({match[1] for match in found}) != 1:
        return said or "a condition"
    return Chosen(found[0][1], tuple(match[2] for match in found))


def _with_rules(asked, rules):
    """Conditions on one question hold together where all of them do."""
    quoted = [heading(rule) for rule in rules if isinstance(rule, str)]
    by_gate = {}
    for rule in rules:
        if isinstance(rule, Chosen):
            before = by_gate.get(rule.question, rule.any)
            by_gate[rule.question] = tuple(n for n in before if n in rule.any)
    shown = tuple(Chosen(gate, chosen) for gate, chosen in by_gate.items())
    if quoted:
        return replace(asked, unclear="; ".join(dict.fromkeys(quoted)))
    return replace(asked, shown=shown)
