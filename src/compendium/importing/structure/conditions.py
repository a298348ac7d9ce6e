"""Whom a question was put to, as its survey structure states it, in the items of a draft."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Stated:
    """`condition` as in ``survey.yml``, None for everybody; `quoted` is one that no item can state."""

    condition: dict | None = None
    quoted: str = ""


def stated_condition(export, one, earlier):
    """What the structure states of an item; None where there is no structure, or it knows it not."""
    told = export.told.get(one.fields[0])
    if told is None:
        return None
    asked = told.asked
    if asked.unclear or not asked.shown:
        return Stated(quoted=asked.unclear)
    gates = {export.told[g.fields[0]].asked.key: g for g in earlier if g.fields[0] in export.told}
    # Of conditions that follow from each other the last says all.
    before = [gates[rule.question] for rule in asked.shown if rule.question in gates]
    implied = {rule for gate in before for rule in export.told[gate.fields[0]].asked.shown}
    rules = [rule for rule in asked.shown if rule not in implied]
    gate = gates.get(rules[0].question)
    options = _options(export, gate, rules[0].any) if gate is not None else []
    if len(rules) > 1 or not options:
        return Stated(quoted=" and ".join(f"{', '.join(r.any)} at {r.question}" for r in rules))
    return Stated({"item": gate.item["id"], "any": options})


def _options(export, gate, ids):
    """The options of an item that these levels or ticks of the structure are."""
    if gate.item["type"] == "grid":
        return []
    if gate.item["type"] == "multi":
        parts = {c: _part(export, recipe) for c, recipe in gate.recipes.items()}
        return [o["id"] for o in gate.item["options"] if parts.get(o["column"]) in ids]
    values = export.told[gate.fields[0]].values
    wanted = {values[id] for id in ids if id in values}
    options = gate.item.get("points") or gate.item.get("options") or []
    return [o["id"] for o in options if o.get("value", o["label"]) in wanted]


def _part(export, recipe):
    """The structure's id of a tick, whether it has a column or stands in a cell with others."""
    told = export.told.get(recipe["from"])
    if told is None or told.part:
        return told.part if told else ""
    return next((id for id, value in told.values.items() if value == recipe.get("option")), "")
