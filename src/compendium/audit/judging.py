"""How each claim is judged: by which convention of rounding, with which status, and why."""

from collections import defaultdict

from compendium.audit import arithmetic, prose
from compendium.audit.rounding import CONVENTIONS, in_words
from compendium.results import withheld
from compendium.wording import evidence, noticed

# Means and tests come out of software, which rounds to the nearest; tables of percents may not.
NEAREST = ("half_up", "half_even", "half_down")


def conventions(claims, results):
    """The conventions of rounding that may stand behind each claim, the most usual first."""
    fitting, of_source = {}, defaultdict(list)
    for claim in claims:
        if claim.kind is not None:
            found = [results[id] for id in claim.results]
            fitting[claim.id] = [rule for rule in CONVENTIONS if _passes(claim, found, rule)]
            of_source[claim.source].append(claim.id)
    rules = {}
    for claim in claims:
        others = [fitting[id] for id in of_source[claim.source] if id != claim.id]
        score = {rule: sum(rule in fits for fits in others) for rule in CONVENTIONS}
        best = [rule for rule in CONVENTIONS if score[rule] == max(score.values())]
        if claim.kind not in ("share", "count"):
            best = [rule for rule in best if rule in NEAREST] or best
        rules[claim.id] = [claim.rounding] if claim.rounding else best
    return rules


def _passes(claim, found, rule):
    return arithmetic.allows(claim, rule) and not arithmetic.contradicted(claim, found, rule)


def _detectable(claim, found, rules):
    """The proportion of other figures of the same form that would have failed."""
    tried = passed = 0
    for other in arithmetic.alternatives(claim):
        rule = next((rule for rule in rules if arithmetic.allows(other, rule)), None)
        passed += rule is not None and not arithmetic.contradicted(other, found, rule)
        tried += 1
    return round(1 - passed / tried, 4) if tried else 0.0


def judged(claim, results, provenance, rules):
    """A claim as it stands in ``claims.json``."""
    if claim.kind is None:
        detectable = None
        status, computed, why = _words(claim, results, provenance)
    else:
        found = [results[id] for id in claim.results]
        detectable = _detectable(claim, found, rules)
        status, computed, why = _figure(claim, found, provenance, rules, detectable)
    return {
        "id": claim.id,
        "statement": claim.statement,
        "source": claim.source,
        "published": claim.printed,
        "computed": computed,
        "status": status,
        "why": why,
        "detectable": detectable,
    }


def _words(claim, results, provenance):
    found = {id: {key: results[id].get(key) for key in ("value", "unit")} for id in claim.evidence}
    hidden = [id for id in claim.evidence if withheld(results[id])]
    if wrong := prose.misquoted(claim):
        return "inconsistent", found or None, f"{_misquoted(wrong)}."
    if not found:
        return "qualitative", None, "A finding in words; no computed value bears on it."
    why = "A finding in words: the computed values bear on it and do not settle it"
    why += "; the answers are synthetic" if provenance == "synthetic" else ""
    why += f"; withheld: {', '.join(hidden)}" if hidden else ""
    return "qualitative", found, f"{why}."


def _misquoted(wrong):
    remedy = "correct one of the two, or name its words in 'besides'"
    return f"the statement gives {in_words(wrong)}, which no field of the claim holds: {remedy}"


def _figure(claim, found, provenance, rules, detectable):
    rule = next((rule for rule in rules if arithmetic.allows(claim, rule)), None)
    why = arithmetic.words(claim, rule or rules[0]) + _rounded(claim, rule, rules)
    computed = arithmetic.computed(claim, found)
    if wrong := prose.misquoted(claim):
        return "inconsistent", computed, f"{why}; {_misquoted(wrong)}."
    if rule is None:
        return "inconsistent", computed, f"{why}."
    why += f"; computed {computed}" if computed is not None else ""
    if against := arithmetic.contradicted(claim, found, rule):
        return "not_reproduced", computed, f"{why}, {against}{_instead(claim, found, rule)}."
    if any(map(withheld, found)):
        return "withheld", None, f"{why}; disclosure control withholds the computed number."
    if not _based(claim, found):
        return "untestable", computed, f"{why}; the base is not stated."
    if not found and not detectable:
        ways = ", rounded in one way or another" if len(rules) > 1 else ""
        return "untestable", None, f"{why}; any other number would have passed as well{ways}."
    if not found:
        return "consistent", None, f"{why}; no result of this study is compared."
    if provenance == "collected":
        return "reproduced", computed, f"{why}; the data were collected."
    return "by_construction", computed, f"{why}; the answers are synthetic, and made to match."


def _rounded(claim, rule, rules):
    """How the figures are taken as rounded."""
    if claim.kind == "count" or claim.fraction or claim.forced:
        return ""
    if rule is None and len(rules) == len(CONVENTIONS):
        return ", however rounded"
    how = " or ".join(rules).replace("_", " ") if rule is None else in_words([rule])
    return f", rounded {how}{' (as stated)' if claim.rounding else ''}"


def _instead(claim, found, rule):
    """Conventions under which a figure would fit that does not."""
    fits = [other for other in CONVENTIONS if other != rule and _passes(claim, found, other)]
    if claim.rounding or not fits:
        return ""
    return f"; it fits if rounded {in_words(fits)}: if its source rounds so, state 'rounding'"


def _based(claim, found):
    """Whether the base is stated, or none is needed."""
    if claim.kind == "count" and found:
        return claim.base is not None or "count" not in found[0]
    return claim.base is not None or claim.weighted or claim.kind not in ("share", "count", "mean")


def in_cells(row):
    """An audited statement as a row of a table: in each cell, what matters less stands below.

    Returns
    -------
    tuple of str
        Statement and source; status, reason, and how many other numbers would have failed; what was
        published; what was computed, or how many results bear on a finding in words.
    """
    chance, several = noticed(row["detectable"]), row["computed"]
    why = [row["why"]] + [f"{chance} of other numbers would have failed."] * (chance not in ("–", "0%"))
    if isinstance(several, dict):
        several = f"{len(several)} results bear on it" if several else "–"
    status = row["status"].replace("_", " ")
    return (
        f"{row['statement']}\n{row['source']}", "\n".join([status, *why]), evidence(row["published"]),
        evidence(several),
    )  # fmt: skip
