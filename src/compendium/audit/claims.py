"""Published statements, and whether they hold."""

import difflib
from collections import Counter
from typing import Annotated, Literal

import pydantic

from compendium.audit import arithmetic, consistency, judging, prose
from compendium.audit.published import read_published
from compendium.audit.rounding import CONVENTIONS, number, percent_span
from compendium.files import read_json, replace
from compendium.models import Model, read_model
from compendium.results import ID

# What each status means, in the order in which they are listed; those of `FAILED` ask for a correction.
STATUSES = {
    "reproduced": "recomputed from collected answers, and equal",
    "by_construction": "equal, but the answers are synthetic and were built to match: no evidence",
    "consistent": "arithmetically possible; there are no answers here to recompute it from",
    "untestable": "no other number would have been noticed, or the base is not stated",
    "qualitative": "a finding in words; what bears on it is listed, and a reader decides",
    "withheld": "the number exists, disclosure control hides it",
    "not_reproduced": "possible, but the recomputed number differs",
    "inconsistent": "arithmetically impossible as printed, or its sentence gives another number",
}
FAILED = ("inconsistent", "not_reproduced")
FIGURES = (
    "percent", "percents", "fraction", "count", "mean", "means", "p", "ratio", "difference",
    "change", "published", "qualitative",
)  # fmt: skip
SHARES = ("percent", "percents", "published")
# The figures that each other key goes with, and the keys that a figure cannot do without.
GOES_WITH = {
    "base": ("percent", "percents", "fraction", "count", "mean", "means"),
    "of": SHARES,
    "to_nearest": SHARES,
    "weighted": (*SHARES, "mean", "means"),
    "forced": ("percents", "published"),
    "exclusive": ("published",),
    "tolerance": ("fraction",),
    "sd": ("mean",),
    "scale": ("mean", "means"),
    "items": ("mean", "means"),
    "test": ("p",),
    "statistic": ("p",),
    "df": ("p",),
    "tails": ("p",),
    "interval": ("ratio",),
    "before": ("difference", "change"),
    "after": ("difference", "change"),
    "evidence": ("qualitative",),
    "result": FIGURES[:-1],
}
NEEDS = {
    "fraction": ("tolerance",),
    "sd": ("base",),
    "p": ("test", "statistic"),
    "ratio": ("interval",),
    "difference": ("before", "after"),
    "change": ("before", "after"),
}
NUMBERS = (
    "mean", "means", "sd", "statistic", "tolerance", "ratio", "interval", "before", "after",
    "difference", "change",
)  # fmt: skip
Positive = Annotated[int, pydantic.Field(ge=1, le=10**12)]
Convention = Literal[tuple(CONVENTIONS)]


class Source(Model):
    """How a source rounds."""

    model_config = pydantic.ConfigDict(strict=True)

    source: str
    rounding: Convention


class Claim(Model):
    """One published statement: its figures as printed, or words (`qualitative`).

    `data/README.md` explains the keys. Numbers whose decimals say how far they were rounded are text.
    """

    model_config = pydantic.ConfigDict(strict=True)

    id: Annotated[str, pydantic.Field(pattern=ID)]
    statement: Annotated[str, pydantic.Field(min_length=1)]
    source: Annotated[str, pydantic.Field(min_length=1)]
    percent: str | None = None
    percents: list[str] = []
    fraction: str | None = None
    tolerance: str | None = None
    count: Annotated[int, pydantic.Field(ge=0)] | None = None
    base: Positive | list[Positive] | None = None
    of: Literal["respondents", "responses"] = "respondents"
    weighted: bool = False
    forced: Literal[100] | None = None
    to_nearest: Positive = 1
    mean: str | None = None
    means: list[str] = []
    sd: str | None = None
    scale: list[int] = []
    items: Positive = 1
    test: Literal[tuple(consistency.DEGREES)] | None = None
    statistic: str | None = None
    df: float | list[float] = []
    tails: Annotated[int, pydantic.Field(ge=1, le=2)] = 2
    p: str | None = None
    ratio: str | None = None
    interval: list[str] = []
    before: str | None = None
    after: str | None = None
    difference: str | None = None
    change: str | None = None
    published: str | list[str] | None = None
    exclusive: bool = False
    rounding: Convention | None = None
    result: str | list[str] | None = None
    besides: list[str] = []
    qualitative: bool = False
    evidence: list[str] = []

    @pydantic.model_validator(mode="after")
    def _fits_together(self):
        values = {key: getattr(self, key) for key in self.model_fields_set}
        given = {key for key, value in values.items() if value is not None and value is not False}
        figures = {key for key in given if key in FIGURES and values[key] != []}
        beside = {"count"} if "percent" in figures or isinstance(self.published, str) else set()
        if len(figures - beside) != 1:
            raise ValueError(f"give one of {', '.join(FIGURES)}")
        for key, others in GOES_WITH.items():
            if key in given and figures.isdisjoint(others):
                raise ValueError(f"key '{key}': remove '{key}'; it goes with {_or(others)}")
        for key, others in NEEDS.items():
            for other in others:
                if key in given and other not in given:
                    raise ValueError(f"key '{other}': it is missing; add it beside '{key}'")
        if self.exclusive != isinstance(self.published, list):
            raise ValueError("key 'published': a list of rows and 'exclusive: true' go together")
        if self.forced and not (self.percents or self.exclusive):
            raise ValueError("key 'forced': remove 'forced'; it goes with several percents")
        self.check_values()
        return self

    def check_values(self):
        """Refuse values that do not fit together; again once the published rows are filled in."""
        for key in NUMBERS:
            _check(key, number, _listed(getattr(self, key)))
        _check("percent", lambda text: percent_span(text, step=self.to_nearest), self.all_percents)
        _check("fraction", prose.fraction, _listed(self.fraction))
        _check("p", consistency.p_reported, _listed(self.p))
        _check("forced", number, self.percents if self.forced else [])
        many = consistency.DEGREES.get(self.test, 0)
        if len(self.all_df) != many or min(self.all_df, default=1) <= 0:
            raise ValueError(f"key 'df': {self.test} has {many or 'none'}; give them as printed")
        if isinstance(self.base, list) and len(self.base) != len(self.means):
            raise ValueError("key 'base': give one number, or beside 'means' one for each")
        if self.scale and (len(self.scale) != 2 or self.scale[0] >= self.scale[1]):
            raise ValueError("key 'scale': give the smallest and the largest answer, such as [1, 5]")
        if self.interval and len(self.interval) != 2:
            raise ValueError("key 'interval': give its two ends, such as ['1.20', '2.85']")
        for words in self.besides:
            if words not in self.statement:
                raise ValueError(f"key 'besides': '{words}' is not in the statement; copy its words")
        figures = max(len(self.percents), len(self.means), 1)
        enough = {1, 2} if self.kind == "move" or self.sd is not None else {figures}
        if self.kind and self.results and len(self.results) not in enough:
            raise ValueError("key 'result': remove 'result', or name one for each figure")

    @property
    def kind(self):
        """Which arithmetic the figure has; None for words."""
        keys = {
            "share": self.all_percents or self.fraction, "mean": self.all_means, "p": self.p,
            "ratio": self.ratio, "move": self.difference or self.change,
        }  # fmt: skip
        found = next((kind for kind, given in keys.items() if given), None)
        return found or (None if self.count is None else "count")

    @property
    def all_percents(self):
        """The percents, be they one or several."""
        return self.percents or _listed(self.percent)

    @property
    def all_means(self):
        """The means, be they one or several."""
        return self.means or _listed(self.mean)

    @property
    def bases(self):
        """The base of each mean."""
        return self.base if isinstance(self.base, list) else [self.base] * len(self.all_means)

    @property
    def all_df(self):
        """The degrees of freedom, be they none, one or two."""
        return _listed(self.df)

    @property
    def results(self):
        """Ids of the results that must bear the figure out."""
        return _listed(self.result)

    @property
    def printed(self):
        """The figure as published: ``13% of 92``, ``92``, or None where there is none."""
        return arithmetic.printed(self)


def _listed(value):
    return value if isinstance(value, list) else [] if value is None else [value]


def _or(names):
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last


def _check(key, check, texts):
    """Let the message of what is wrong with a value begin with its key."""
    for text in texts:
        try:
            check(text)
        except ValueError as error:
            raise ValueError(f"key '{key}': {error}") from None


def _kind_of_entry(entry):
    return "source" if isinstance(entry, dict) and set(entry) == {"source", "rounding"} else "claim"


Entry = Annotated[
    Annotated[Claim, pydantic.Tag("claim")] | Annotated[Source, pydantic.Tag("source")],
    pydantic.Discriminator(_kind_of_entry),
]


def load_claims(path, published_path):
    """Read the statements of a study that are audited.

    Parameters
    ----------
    path : str or pathlib.Path
        A YAML list; its keys are those of `Claim`. `published` names a row of the other file, or
        with ``exclusive: true`` several that exclude each other and leave none out. An entry of
        `source` and `rounding` alone says how that source rounds.
    published_path : str or pathlib.Path
        As for `load_published`; read only if a claim names a row of it.

    Returns
    -------
    list of Claim
        In the file's order; percent and base of those with `published` are filled in, and
        `rounding` is that of the source.

    Raises
    ------
    ValueError
        When the file does not hold such a list, an id stands twice, a source rounds in two ways, or
        a published row is not there or is marked uncertain.

    Examples
    --------
    >>> claims = load_claims("data/microcredentials/claims.yml", "data/published.csv")
    >>> claims[0].id, claims[0].printed
    ('poster.respondents', '92')
    """
    entries = read_model(path, list[Entry])
    claims = [entry for entry in entries if isinstance(entry, Claim)]
    for id, times in Counter(claim.id for claim in claims).items():
        if times > 1:
            raise ValueError(f"{path}: claim '{id}' stands twice; give each its own id.")
    if any(claim.published is not None for claim in claims):
        published = read_published(published_path)
        claims = [_with_published(path, claim, published, published_path) for claim in claims]
    asked = _asked_rounding(path, entries)
    return [claim.model_copy(update={"rounding": asked.get(claim.source)}) for claim in claims]


def _asked_rounding(path, entries):
    """The convention of each source that has one: by an entry of its own, or by one of its claims."""
    asked = {}
    sources = {entry.source for entry in entries if isinstance(entry, Claim)}
    for entry in entries:
        who = f"{path}: {'claim' if isinstance(entry, Claim) else 'source'} "
        who += f"'{entry.id if isinstance(entry, Claim) else entry.source}': key"
        if entry.source not in sources:
            raise ValueError(f"{who} 'source': no claim has it; copy the name from its claims.")
        if entry.rounding and asked.setdefault(entry.source, entry.rounding) != entry.rounding:
            raise ValueError(
                f"{who} 'rounding': {entry.rounding}, but {asked[entry.source]} elsewhere; a source "
                "rounds in one way: correct one of the two."
            )
    return asked


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
    filled = claim.model_copy(update=figure | {"base": rows[0].n})
    try:
        filled.check_values()
    except ValueError as error:
        raise ValueError(f"{path}: claim '{claim.id}': {error}.") from None
    return filled


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
        the status by; ``detectable``, the proportion of other figures of the same form that would
        have failed in its place, one at a time, or None for words; and ``status``, one of
        `STATUSES`: answers that were made to match confirm nothing, so equal is ``by_construction``
        where they are synthetic. ``exploratory`` is True where a result answers a question that was
        changed after the plan was frozen.

    Raises
    ------
    ValueError
        When a result or evidence id does not exist, a result lacks the count or base to compare, or
        the provenance is not known.

    Notes
    -----
    A source rounds in one way: as asked for (`rounding`), else as fits most of its *other* figures
    and their results, for no figure can vouch for itself. Of conventions that fit equally well the
    most usual is taken that allows the figure, and all of them make ``detectable`` smaller.

    Examples
    --------
    >>> claim = Claim(id="a.b", statement="…", source="…", percent="13", base=92, result="f.no")
    >>> results = {"f.no": {"value": 13.04, "unit": "percent", "count": 12, "base": 92}}
    >>> checked = audit([claim], results, "collected")[0]
    >>> checked["status"], checked["published"], checked["computed"], checked["detectable"]
    ('reproduced', '13% of 92', '12 of 92', 1.0)
    """
    if provenance not in ("collected", "synthetic"):
        raise ValueError(f"provenance '{provenance}': write collected or synthetic in survey.yml.")
    for claim in claims:
        for key, ids in {"result": claim.results, "evidence": claim.evidence}.items():
            for id in ids:
                if id not in results:
                    where = f"claims.yml: claim '{claim.id}': key '{key}':"
                    raise ValueError(f"{where} there is no result '{id}'{_near(id, results)}")
    rules = judging.conventions(claims, results)
    return [
        judging.judged(claim, results, provenance, rules[claim.id]) | _exploratory(claim, results)
        for claim in claims
    ]


def _exploratory(claim, results):
    """Whether a claim leans on a question that was changed after the plan was frozen."""
    loose = [id for id in [*claim.results, *claim.evidence] if results[id].get("exploratory")]
    return {"exploratory": True} if loose else {}


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
