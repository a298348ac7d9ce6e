"""What chapter 6 says of the universes that `make multiverse` left: tables, curves, and the answer."""

import pandas as pd

from compendium.files import read_csv
from compendium.multiverse.choices import NAMES, agreement, as_planned, left, loosest
from compendium.multiverse.curve import EFFECTS, curve_picture, varied_names
from compendium.multiverse.ground import Material, lay_ground
from compendium.multiverse.summary import LEVEL, SHUFFLES, UNIVERSES
from compendium.multiverse.universe import examine, shuffles
from compendium.survey.plan import TAKES
from compendium.wording import did_you_mean, in_percent, interval, number, p_value, plain, texts

NONE = "This study names no decision that could have been another (`multiverse:` in `survey.yml`)."
LEAST = 3  # questions whose conclusion depends most on decisions
METHOD, METHOD_ONE = "permutation test over all universes", "permutation test"


def part(study, name, *given):
    """A part of what is told of the universes of a study, as a view takes it.

    Parameters
    ----------
    study : OpenStudy
    name : str
        ``decisions``, ``summary``, ``curves``, ``dependence`` or ``claims``.
    *given
        For ``curves``: how many at most, and of which question.

    Returns
    -------
    dict

    Raises
    ------
    KeyError
        When there is no such part.
    """
    tell = {"decisions": decisions, "summary": summary, "curves": curves, "dependence": dependence,
            "claims": claims}  # fmt: skip
    if name not in tell:
        raise KeyError(f"The multiverse has no '{name}'{did_you_mean(name, tell)}: {', '.join(tell)}.")
    return tell[name](study, left(study.places), *given)


def nothing(instrument, found):
    """Why there is nothing to tell, in a sentence; empty where there is something."""
    if instrument.multiverse is None:
        return NONE
    if not found.get("questions"):
        many = (
            f"{found['universes']:,} universes are not examined yet"
            if found
            else "Nothing was examined"
        )
        return f"{many}: `make multiverse` does it."
    if not any(one["told"] for one in found["questions"]):
        return "Every universe rests on few respondents, so none is told."
    return ""


def decisions(study, _):
    """The decisions with their alternatives, and which combinations make no sense."""
    asked = study.instrument.multiverse
    if asked is None:
        return {"parts": [NONE]}
    rows = [
        (NAMES[one.decides], words_of(one.decides, other.take), other.reason)
        for one in asked.decisions
        for other in one.alternatives
    ]
    table = pd.DataFrame(rows, columns=["Decision", "Alternative", "Why it would be reasonable"])
    rules = [f"Left out: {_rule(rule)}. {plain(rule.reason)}" for rule in asked.exclude]
    return {"parts": [texts(table, "decisions", grouped=True), *rules], "frame": table}


def _rule(rule):
    parts = []
    for name, takes in rule.when.items():
        takes = [takes] if isinstance(takes, str) else takes
        parts.append(" or ".join(words_of(name, take) for take in takes))
    return plain(" with ".join(parts))


def words_of(decides, take):
    """What a decision takes, in words; a coder by name."""
    return TAKES.get(decides, {}).get(take, take)


def summary(study, found):
    """One row a question: what all universes found, and what turns the conclusion."""
    why = nothing(study.instrument, found)
    if why:
        return {"parts": [f"*{why}*"]}
    rows, records = [], []
    for one in found["questions"]:
        question = study.plan[one["id"]].question
        rows.append(_row(question, one))
        records += _records(one)
    table = pd.DataFrame(rows)
    failed = [
        f"Failed: {plain(_choices(fail['choices']))} ({plain(fail['why'])})."
        for one in found["questions"] for fail in one["failed"]
    ]  # fmt: skip
    shown = table.set_index("Question").fillna("–")
    return {"parts": [shown, *failed[:20]], "frame": table, "records": records}


def _row(question, one):
    row = {"Question": question, "Effect": EFFECTS[one["kind"]], "Universes": number(one["universes"])}
    if not one["told"]:
        return row | {"Median": "withheld"}
    ends = [found[side] for found in one["comparisons"] for side in ("smallest", "largest")]
    row |= {"From, to": interval(min(ends), max(ends), 2)}
    if "joint" not in one:
        return row
    joint, robust = one["joint"], one["robust"]
    return row | {
        "Median": number(joint["median"], 2),
        "p below 0.05": in_percent(round(joint["significant"], 3)),
        "Joint p: median": p_value(joint["median_p"]),
        "significant": p_value(joint["significant_p"]),
        "in its direction": p_value(joint["dominant_p"]),
        "As planned in": f"{robust['agree']:,} of {robust['of']:,}",
        "Turned most by": NAMES.get(robust["decision"], "nothing"),
    }


def _records(one):
    """The named results of a question."""
    id = f"multiverse.{one['id']}"
    found = [{"id": f"{id}.universes", "value": one["universes"], "unit": "count", "note": "analyses"}]
    if "joint" not in one or not one["told"]:
        return found
    joint, robust = one["joint"], one["robust"]
    unit = "percent" if one["kind"] == "contrast" else "coefficient"
    found += [
        {"id": f"{id}.robust", "value": robust["agree"], "unit": "count", "base": robust["of"],
         "method": "universes as planned"},
        {"id": f"{id}.median", "value": joint["median"], "unit": unit, "method": EFFECTS[one["kind"]]},
    ]  # fmt: skip
    return found + [
        {"id": f"{id}.{name}.p", "value": joint[f"{name}_p"], "unit": "p", "method": METHOD}
        for name in ("median", "significant", "dominant") if joint[f"{name}_p"] is not None
    ]  # fmt: skip


def _choices(choices):
    parts = [f"{NAMES[name]}: {words_of(name, take)}" for name, take in choices.items() if take]
    return "; ".join(parts)


def dependence(study, found):
    """How much of the spread of effects goes with each decision, in percent, a row a question."""
    if nothing(study.instrument, found):
        return {"parts": []}
    rows = {}
    for one in found["questions"]:
        if one.get("variance"):
            named = {NAMES.get(name, "Combinations"): 100 * x for name, x in one["variance"].items()}
            rows[study.plan[one["id"]].question] = named
    order = [*NAMES.values(), "Combinations"]
    table = pd.DataFrame(rows).T
    table = table[[name for name in order if name in table]]
    shown = table.map(lambda share: number(share, 0)).rename_axis("Percent of the variance")
    return {"parts": [shown], "frame": table}


def claims(study, found):
    """In how many universes each published statement stands that a question concerns."""
    if nothing(study.instrument, found):
        return {"parts": []}
    statements = {claim.id: claim.statement for claim in study.claims}
    rows = [
        (statements[one["claim"]], f"{one['agree']:,} of {one['of']:,}",
         NAMES.get(one["decision"], "nothing"))
        for one in found["claims"]
    ]  # fmt: skip
    if not rows:
        return {"parts": ["*No published statement is about a question that was asked here.*"]}
    table = pd.DataFrame(rows, columns=["Statement", "Stands in", "Turned most by"])
    records = [
        {"id": f"multiverse.{one['claim']}.stands", "value": one["agree"], "unit": "count",
         "base": one["of"], "method": "universes that agree"}
        for one in found["claims"]
    ]  # fmt: skip
    return {"parts": [texts(table, "claims_multiverse")], "frame": table, "records": records}


def curves(study, found, most=2, question=None):
    """The specification curves of the questions whose conclusion the fewest universes share."""
    if nothing(study.instrument, found):
        return {"parts": []}
    asked = [one for one in found["questions"] if "joint" in one and one["universes"] > 2]
    if question:
        asked = [one for one in asked if one["id"] == study.plan[question].id]
    else:
        asked.sort(key=lambda one: one["robust"]["agree"] / one["robust"]["of"])
    table = _universes(found["place"] / UNIVERSES)
    parts = []
    for one in asked[:most]:
        rows = table[table["question"] == one["id"]].reset_index(drop=True)
        question = study.plan[one["id"]]
        words = _labels(study.instrument, question, rows)
        about = question.question, study.synthetic, found["level"]
        parts.append(curve_picture(rows, one, words, *about))
    return {"parts": parts, "frame": table}


def _universes(path):
    table = read_csv(path)
    numbers = ["estimate", "low", "high", "n", "p"]
    table[numbers] = table[numbers].apply(pd.to_numeric)
    return table.assign(planned=table["planned"] == "True")


def _labels(instrument, question, table):
    """How decisions and what they take are called in a picture."""
    words = {name: {"": NAMES[name]} | TAKES.get(name, {}) for name in varied_names(table)}
    items = {item.id: item for item in instrument.items}
    for by in question.by:
        words.setdefault("by", {"": NAMES["by"]})[by] = items[by].question
    item = items.get(question.item)
    for part in [*item.statements, *item.options, *item.groups] if item else ():
        words.setdefault("outcome", {"": NAMES["outcome"]})[part.id] = part.label
    return words


def one_universe(study, question=None, choices=None):
    """One universe of a planned question beside the plan's own.

    Parameters
    ----------
    study : OpenStudy
    question : Question, optional
        The one whose conclusion the fewest universes share, unless one is named.
    choices : dict of str to str, optional
        What is decided otherwise, by decision; `outcome` and `by` where a question has several. If
        nothing is named, one alternative of the decision that turns the conclusion most.

    Returns
    -------
    dict
        `parts`, `frame` and `records`.

    Raises
    ------
    KeyError
        When no universe makes these choices; it names the nearest.
    """
    if study.instrument.multiverse is None or study.instrument.minimum > 1:
        return {"parts": [f"*{NONE if study.instrument.multiverse is None else PROTECTED}*"]}
    material, facts = Material(study.survey, study.coding), loosest(left(study.places))
    if question is None:
        question = study.plan[facts.get("id", _first(study))]
    ground = lay_ground(material, question)
    own, other = _both(ground, choices or {}, facts if facts.get("id") == question.id else {})
    drawn, rows = shuffles(ground, SHUFFLES, study.seed), {}
    for name, universe in (("As planned", own), ("Decided otherwise", other)):
        rows[name] = _examined(ground, universe, drawn, study.confidence)
    frame = pd.DataFrame(rows).T
    shown = pd.DataFrame({
        EFFECTS[ground.kind]: [number(x, 2) for x in frame["estimate"]],
        f"{in_percent(study.confidence)} interval": [
            interval(*ends, 2) for ends in zip(frame["low"], frame["high"], strict=True)
        ],
        "p, from shuffles": [p_value(x) for x in frame["p"]],
        "n": frame["n"].astype(int),
    }, index=frame.index)  # fmt: skip
    changed = {name: take for name, take in other.items() if own[name] != take}
    said = f"**{plain(question.question)}** Decided otherwise: {plain(_choices(changed))}."
    unit, records = "percent" if ground.kind in ("contrast", "share") else "coefficient", []
    for name, row in zip(("planned", "otherwise"), rows.values(), strict=True):
        records += [
            {"id": f"multiverse.one.{name}", "value": row["estimate"], "low": row["low"],
             "high": row["high"], "unit": unit, "base": int(row["n"]), "method": question.id},
            {"id": f"multiverse.one.{name}.p", "value": row["p"], "unit": "p", "method": METHOD_ONE},
        ]  # fmt: skip
    return {"parts": [said, shown], "frame": frame, "records": records}


def _first(study):
    """The first planned question that compares something."""
    kinds = "trend", "association", "ordinal_regression", "grid", "contrast", "themes", "share"
    return next((q.id for kind in kinds for q in study.plan.of(kind)), None)


def _both(ground, choices, facts):
    """The plan's own universe and the one that is asked for."""
    for name, take in choices.items():
        known = [*dict.fromkeys(one.get(name) for one in ground.universes if one.get(name))]
        if take not in known:
            raise KeyError(
                f"'{ground.question}' has no universe with {name} = '{take}'"
                f"{did_you_mean(take, known)}; there are: {', '.join(known) or 'none'}."
            )
    same = {name: take for name, take in choices.items() if name in ("outcome", "by")}
    own = next(one for one in ground.universes if same.items() <= one.items())
    if not choices:
        return own, _otherwise(ground, own, facts)
    if own | choices not in ground.universes:
        raise KeyError(f"'{ground.question}': these choices make no universe together: see `exclude`.")
    return own, own | choices


def _otherwise(ground, own, facts):
    """The universe that differs in one decision, the one that turns the conclusion most if it can."""
    apart = [one for one in ground.universes if sum(own[name] != one[name] for name in own) == 1]
    decision = facts.get("robust", {}).get("decision")
    return next((one for one in apart if decision and own[decision] != one[decision]), [*apart, own][0])


def _examined(ground, universe, drawn, confidence):
    """What a universe found, and the share of shuffles that find as much."""
    one = examine(ground, universe, drawn, confidence)
    size = abs if ground.signed else float
    larger = sum(size(effect) >= size(one.estimate) for effect in one.shuffled)
    p = (1 + larger) / len(drawn) if len(one.shuffled) else float("nan")
    return {"estimate": one.estimate, "low": one.low, "high": one.high, "n": one.n, "p": p}


PROTECTED = (
    "Single universes are not told where answers are protected: two of them differ by few people."
)


def answer(study, found):
    """The answer of chapter 6, in one paragraph: what depends on what."""
    why = nothing(study.instrument, found)
    if why:
        return why
    asked = [one for one in found["questions"] if "joint" in one]
    loose = [one for one in asked if one["robust"]["agree"] < one["robust"]["of"]]
    there = [one for one in asked if one["joint"]["median_p"] <= LEVEL]
    firm = len(asked) - len(loose)
    have = f"{firm} have" if firm > 1 else "one has" if firm else "none has"
    finds = f"{len(there)} question{'' if len(there) == 1 else 's'}" if there else "no question"
    said = [
        f"{len(found['questions'])} planned questions were asked in {found['universes']:,} universes.",
        f"Of {len(asked)} that compare, {have} one conclusion in every universe.",
    ]
    if loose:
        least = sorted(loose, key=agreement)[:LEAST]
        told = "; ".join(_turned(study, one) for one in least)
        others = len(loose) - len(least)
        depend = "depends" if others == 1 else "depend"
        more = f"; {number(others)} more {depend} on them less" if others else ""
        said.append(f"The others depend on decisions: {told}{more}.")
    said.append(
        f"All universes together find more than shuffled answers do in {finds} "
        f"(joint p of the median effect below {LEVEL:g})."
    )
    statements = {claim.id: claim.statement for claim in study.claims}
    for one in found["claims"]:
        if "printed" in one:
            turn = f"; {NAMES[one['decision']].lower()} decides" if one["decision"] else ""
            stated = plain(statements[one["claim"]].rstrip("."))
            agree = (
                f"all {one['of']}"
                if one["agree"] == one["of"]
                else f"{one['agree']} of its {one['of']}"
            )
            said.append(f"The published statement *{stated}* holds in {agree} universes{turn}.")
    if study.synthetic:
        said.append(
            "The answers are synthetic: this shows what a multiverse tells, not what employers think."
        )
    return " ".join(said)


def _turned(study, one):
    return f"*{plain(study.plan[one['id']].question)}* ({as_planned(one)})"
