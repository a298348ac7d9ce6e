"""Published statements, and whether they hold."""

import difflib
from collections import Counter
from typing import Annotated

import pydantic

from compendium.audit.published import read_published
from compendium.audit.rounding import (
    USUAL,
    allowed_counts,
    counts_in_words,
    in_words,
    jointly_possible,
)
from compendium.files import read_json, replace
from compendium.models import Model, read_model
from compendium.results import ID, withheld

# What each status means, in the order in which they are listed; those of `FAILED` ask for a correction.
STATUSES = {
    "reproduced": "recomputed from collected answers, and equal",
    "by_construction": "equal, but the answers are synthetic and were built to match: no evidence",
    "consistent": "arithmetically possible; there are no answers here to recompute it from",
    "qualitative": "a finding in words; what bears on it is listed, and a reader decides",
    "withheld": "the number exists, disclosure control hides it",
    "not_reproduced": "possible, but the recomputed number differs",
    "inconsistent": "arithmetically impossible as printed",
}
FAILED = ("inconsistent", "not_reproduced")


class Claim(Model):
    """One published statement: a percent, exclusive percents, a count, or words (`qualitative`)."""

    model_config = pydantic.ConfigDict(strict=True)

    id: Annotated[str, pydantic.Field(pattern=ID)]
    statement: Annotated[str, pydantic.Field(min_length=1)]
    source: Annotated[str, pydantic.Field(min_length=1)]
    percent: str | None = None
    percents: list[str] = pydantic.Field(default_factory=list)
    count: Annotated[int, pydantic.Field(ge=0)] | None = None
    base: Annotated[int, pydantic.Field(ge=1)] | None = None
    published: str | list[str] | None = None
    exclusive: bool = False
    result: str | None = None
    qualitative: bool = False
    evidence: list[str] = pydantic.Field(default_factory=list)

    @pydantic.model_validator(mode="after")
    def _one_figure(self):
        shares = [self.percent] if self.percent is not None else self.percents
        rest = [self.count is not None, self.published is not None, self.qualitative]
        several = bool(self.percents) or self.exclusive
        if (self.percent is not None) + bool(self.percents) + sum(rest) != 1:
            raise ValueError("give one of percent, percents, count, published, qualitative: true")
        if shares and self.base is None:
            raise ValueError("'base' is missing; add the number of respondents the percent is of")
        if self.base is not None and (self.published is not None or self.qualitative):
            raise ValueError("remove 'base'; it goes with percent, percents or count")
        if self.exclusive != isinstance(self.published, list):
            raise ValueError("a list of 'published' rows and 'exclusive: true' go together")
        if self.evidence and not self.qualitative:
            raise ValueError("'evidence' goes with 'qualitative: true'; use 'result' for a figure")
        if self.result and (several or self.qualitative):
            raise ValueError("remove 'result'; it goes with one percent or count")
        for percent in shares:
            allowed_counts(percent, self.base)
        return self

    @property
    def printed(self):
        """The figure as published: ``13% of 92``, ``92``, or None where there is none."""
        shares = [f"{share}%" for share in self.percents or [self.percent] if share]
        figure = in_words(shares) if shares else self.count
        return None if figure is None else f"{figure} of {self.base}" if self.base else str(figure)


def load_claims(path, published_path):
    """Read the statements of a study that are audited.

    Parameters
    ----------
    path : str or pathlib.Path
        A YAML list; its keys are those of `Claim`. `published` names a row of the other file, or
        with ``exclusive: true`` several that exclude each other and leave none out.
    published_path : str or pathlib.Path
        As for `load_published`; read only if a claim names a row of it.

    Returns
    -------
    list of Claim
        In the file's order; percent and base of those with `published` are filled in.

    Raises
    ------
    ValueError
        When the file does not hold such a list, an id stands twice, or a published row is not there
        or is marked uncertain.

    Examples
    --------
    >>> claims = load_claims("data/microcredentials/claims.yml", "data/published.csv")
    >>> claims[0].id, claims[0].printed
    ('poster.respondents', '92')
    """
    claims = read_model(path, list[Claim])
    ids = [claim.id for claim in claims]
    for id in ids:
        if ids.count(id) > 1:
            raise ValueError(f"{path}: claim '{id}' stands twice; give each its own id.")
    if all(claim.published is None for claim in claims):
        return claims
    published = read_published(published_path)
    return [_with_published(path, claim, published, published_path) for claim in claims]


def _with_published(path, claim, published, published_path):
    """The claim with the percents and the base of the published rows it names."""
    if claim.published is None:
        return claim
    ids = claim.published if claim.exclusive else [claim.published]
    where = f"{path}: claim '{claim.id}': key 'published':"
    for id in ids:
        if id not in published:
            raise ValueError(f"{where} '{id}' is no id of {published_path}{_near(id, published)}")
        if published[id].confidence == "uncertain":
            raise ValueError(f"{where} '{id}' is marked uncertain; settle its source before use.")
    rows = [published[id] for id in ids]
    if len({(row.study, row.n) for row in rows}) != 1:
        raise ValueError(f"{where} rows of one exclusive set must share study and n; correct them.")
    percents = [row.percent for row in rows]
    figure = {"percents": percents} if claim.exclusive else {"percent": percents[0]}
    return claim.model_copy(update=figure | {"base": rows[0].n})


def audit(claims, results, provenance):
    """Check each claim: is its figure possible, and do the results bear it out?

    Parameters
    ----------
    claims : list of Claim
    results : dict of str to dict
        As from `read_results`.
    provenance : str
        ``collected`` or ``synthetic``, of the responses behind the results.

    Returns
    -------
    list of dict
        For each claim ``id``, ``statement``, ``source``; ``published``, the figure as printed
        (``13% of 92``); ``computed``, what the result says (``12 of 92``), or for words a dict of
        evidence id to value and unit; both None where there is none; ``why``, a sentence to check
        the status by; and ``status``, one of `STATUSES`: words are ``qualitative``; a figure is
        ``inconsistent`` when no count of the base is printed as the percent or no counts add up,
        ``not_reproduced`` when the result's count or base is not one that it allows; answers that
        were made to match confirm nothing, so equal is ``by_construction`` where they are synthetic.

        Rounding up throughout (`ceiling`) carries no claim, as in `unique_count`.

    Raises
    ------
    ValueError
        When a result or evidence id does not exist, a result lacks the count or base to compare, or
        the provenance is not known.

    Examples
    --------
    >>> claim = Claim(id="a.b", statement="…", source="…", percent="13", base=92, result="f.no")
    >>> results = {"f.no": {"value": 13.04, "unit": "percent", "count": 12, "base": 92}}
    >>> checked = audit([claim], results, "collected")[0]
    >>> checked["status"], checked["published"], checked["computed"]
    ('reproduced', '13% of 92', '12 of 92')
    """
    if provenance not in ("collected", "synthetic"):
        raise ValueError(f"provenance '{provenance}': write collected or synthetic in survey.yml.")
    return [_audited(claim, results, provenance) for claim in claims]


def _audited(claim, results, provenance):
    for id in [claim.result] if claim.result else claim.evidence:
        if id not in results:
            raise ValueError(f"claim '{claim.id}': there is no result '{id}'{_near(id, results)}")
    check = _words if claim.qualitative else _figure
    status, computed, why = check(claim, results, provenance)
    return {
        "id": claim.id,
        "statement": claim.statement,
        "source": claim.source,
        "published": claim.printed,
        "computed": computed,
        "status": status,
        "why": why,
    }


def _words(claim, results, provenance):
    found = {id: {key: results[id].get(key) for key in ("value", "unit")} for id in claim.evidence}
    hidden = [id for id in claim.evidence if withheld(results[id])]
    if not found:
        return "qualitative", None, "A finding in words; no computed value bears on it."
    why = "A finding in words: the computed values bear on it and do not settle it"
    why += "; the data are synthetic" if provenance == "synthetic" else ""
    why += f"; withheld: {', '.join(hidden)}" if hidden else ""
    return "qualitative", found, f"{why}."


def _figure(claim, results, provenance):
    fits, arithmetic = _arithmetic(claim)
    result = results.get(claim.result)
    hidden = result is not None and withheld(result)
    empty = result is None or result.get("value") is None
    count, base = (None, None) if empty else _counted(claim, result)
    computed = None if empty else f"{count} of {base}" if base is not None else str(count)
    if not any(fits.values()):
        return "inconsistent", computed, f"{arithmetic}."
    if result is None:
        return "consistent", None, f"{arithmetic}; no result of this study is compared."
    if hidden:
        return "withheld", None, f"{arithmetic}; disclosure control withholds the computed number."
    if empty:
        return "not_reproduced", None, f"{arithmetic}; no value was computed: {result.get('note')}."
    why = f"{arithmetic}; computed {computed}"
    if claim.base is not None and base != claim.base:
        return "not_reproduced", computed, f"{why}, which is another base."
    under = [name for name, counts in fits.items() if count in counts]
    if not under:
        return "not_reproduced", computed, f"{why}, which does not fit."
    why += "" if len(under) == len(fits) else f", which fits {in_words(under)} only"
    if provenance == "collected":
        return "reproduced", computed, f"{why}; the data were collected."
    return "by_construction", computed, f"{why}; the data are synthetic and built to match."


def _arithmetic(claim):
    """What each usual convention allows (empty or None: nothing), and that in words."""
    if claim.count is not None:
        possible = claim.base is None or claim.count <= claim.base
        exactly = range(claim.count, claim.count + 1) if possible else range(0)
        text = "is a possible count" if possible else "is impossible: more than the base"
        return dict.fromkeys(USUAL, exactly), f"{claim.printed} {text}"
    if claim.percent is not None:
        fits = {name: allowed_counts(claim.percent, claim.base, name) for name in USUAL}
        return fits, counts_in_words(claim.percent, claim.base)
    fits = {name: jointly_possible(claim.percents, claim.base, name) for name in USUAL}
    under = [name for name, example in fits.items() if example]
    if not under:
        return fits, f"no counts that add up to {claim.base} are printed as {claim.printed}"
    example = in_words([str(count) for count in fits[under[0]]])
    return fits, f"{claim.printed} add up under {in_words(under)}, for example as {example}"


def _counted(claim, result):
    """Count and base of a result, as far as the claim needs them."""
    count, base = result.get("count"), result.get("base")
    if count is None and claim.count is not None and result.get("unit") == "count":
        count = result["value"]
    if count is None or (base is None and claim.base is not None):
        raise ValueError(
            f"claim '{claim.id}': result '{claim.result}' has no count or no base to compare with "
            f"{claim.printed}; record it with count= and base=."
        )
    return count, base


def failures(audit):
    """Those of the audited claims whose figure is impossible or not borne out."""
    return [claim for claim in audit if claim["status"] in FAILED]


def verdict(build):
    """Say how an audit went, and keep it in ``audit.txt`` unless a claim failed.

    Parameters
    ----------
    build : pathlib.Path
        Of the study; its ``results/claims.json`` is read.

    Yields
    ------
    str
        The tally of statuses, and each claim that failed.

    Returns
    -------
    int
        0, or 1 where a claim failed.
    """
    audit = read_json(build / "results" / "claims.json")
    counts = sorted(Counter(row["status"] for row in audit).items())
    tally = "audit: " + (", ".join(f"{count} {status}" for status, count in counts) or "no claims")
    yield tally
    failed = failures(audit)
    for row in failed:
        yield f"FAILED {row['id']} ({row['status']}): {row['why']}"
    if not failed:
        replace(build / "audit.txt", f"{tally}\n")
    return 1 if failed else 0


def _near(id, known):
    """The closest known ids, as the end of a message."""
    near = difflib.get_close_matches(id, list(known), n=3, cutoff=0.4)
    return f"; the closest are {', '.join(near)}." if near else "; check its spelling."
