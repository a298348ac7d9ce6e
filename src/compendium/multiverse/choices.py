"""The universes of a question: every combination of choices that makes sense, each once.

And which choice turns its conclusion most, as `make multiverse` found it.
"""

from itertools import product

from compendium.files import read_json

SUMMARY = "summary.json"  # what `make multiverse` leaves of all questions
NAMES = {
    "outcome": "What is compared", "by": "By what", "exclusions": "Who is left out",
    "completeness": "How complete", "dont_know": "Don't know is", "cut": "Cut of the scale",
    "groups": "Groups", "coders": "Who coded", "covariates": "Predictor",
    "weights": "Weights", "test": "Effect",
}  # fmt: skip
ALIKE = ("kendall", "spearman", "linear")  # of two outcomes and two groups they are one: φ


def possible(sides, outcome, by):
    """What each decision can take for an outcome and a grouping, the plan's own first.

    Parameters
    ----------
    sides : ground.Sides
    outcome, by : str

    Returns
    -------
    dict of str to list of str
    """
    question, kind = sides.question, sides.kind
    cut = [*sides.cuts] if kind in ("pairs", "association", "grid") else []
    if kind == "share" or (kind == "association" and (question.of or _scale(sides.item))):
        cut = ["named", *cut]
    groups = [*sides.groups[by]] if by else []
    if question.rows and question.method in ("association", "themes"):
        groups = ["named", *groups]
    found = {
        "exclusions": ["nobody", "straight_liners", "break_offs", "speeders", "careless"],
        "completeness": ["any", "half", "most"],
        "dont_know": ["missing", "middle", "own_group"],
        "cut": cut,
        "coders": ["consensus", *sides.coders],
        "groups": groups,
        "covariates": ["others", "none"] if by and sides.others[by] else ["none"],
        "weights": ["off"] if sides.study.design is None else ["off", "on"],
        "test": _tests(sides, by),
    }
    return {name: [*dict.fromkeys(takes or ["points"])] for name, takes in found.items()}


def _scale(item):
    return item is not None and item.type == "scale"


def _tests(sides, by):
    if sides.kind == "association":
        positions = (
            sides.by[by].type == "scale" and len(sides.question.rows or sides.by[by].choices) > 2
        )
        return ["linear", "table"] if positions else ["table"]
    if sides.kind != "pairs":
        return ["none"]
    return ["spearman", "linear"] if sides.question.method == "ordinal_regression" else [*ALIKE]


def distinct(sides, asked):
    """All universes of a question: the plan's own first, no two of one meaning.

    Parameters
    ----------
    sides : ground.Sides
    asked : Multiverse

    Returns
    -------
    list of dict
        By decision what is taken, with `outcome` and `by`.
    """
    found = {}
    for outcome, by in product(sides.outcomes, [*sides.by] or [""]):
        can = possible(sides, outcome, by)
        takes = [[can[name][0], *(t for t in asked.takes(name) if t in can[name])] for name in can]
        takes = [[*dict.fromkeys(some)] for some in takes]
        for first, combination in enumerate(product(*takes)):
            choices = {"outcome": outcome, "by": by, **dict(zip(can, combination, strict=True))}
            if first and any(rule.holds(choices) for rule in asked.exclude):
                continue
            meaning = _meaning(sides, choices)
            if meaning is not None:
                found.setdefault(meaning, choices)
    return [*found.values()]


def _meaning(sides, choices):
    """What a universe computes; None where its choices do not go together."""
    name = choices.get
    outcome = sides.meaning(choices["outcome"], name("cut"), name("dont_know"), name("coders"))
    by = choices["by"]
    group = sides.group_meaning(by, name("groups"), name("dont_know")) if by else None
    test = name("test")
    if name("dont_know") == "own_group" and sides.kind != "share" and test != "table":
        return None
    if sides.kind == "pairs" and test in ALIKE and _two(outcome[1] or (0, 1)) and _two(group[1]):
        test = "φ"
    others = tuple(
        sides.group_meaning(one, "points", name("dont_know"))
        for one in (sides.others[by] if name("covariates") == "others" else ())
    )
    kept = name("exclusions"), name("completeness"), name("weights")
    return outcome, group, others, kept, test


def _two(scores):
    return len(set(scores) - {None}) == 2


def left(places):
    """What was left in the first of some places that holds anything.

    Returns
    -------
    dict
        As `summary.run_multiverse` writes it; empty where nothing was left.
    """
    for place in reversed(places):
        if (place / "multiverse" / SUMMARY).exists():
            summary = read_json(place / "multiverse" / SUMMARY)
            return summary | {"place": place / "multiverse"}
    return {}


def loosest(found):
    """The facts of the question whose conclusion the fewest universes share."""
    asked = [one for one in found.get("questions", ()) if "joint" in one]
    return min(asked, key=agreement, default={})


def agreement(one):
    return one["robust"]["agree"] / one["robust"]["of"]


def as_planned(one):
    robust = one["robust"]
    most = f", most on {NAMES[robust['decision']].lower()}" if robust["decision"] else ""
    return f"{robust['agree']:,} of {robust['of']:,} universes as planned{most}"


def turned(plan, found):
    """The planned question whose conclusion depends most on decisions; empty where none does."""
    one = loosest(found)
    if not one or one["robust"]["agree"] == one["robust"]["of"]:
        return ""
    return f"“{plan[one['id']].question}” ({as_planned(one)})"
