"""What the universes of a question are made of: the scores of its answers under every choice.

A `Ground` holds arrays and choices only, so that it travels to another process in a moment and each
universe is a pure function of it.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from compendium.coding.automatic.rule_coder import code_answers, compile_rules
from compendium.coding.codings import assigned
from compendium.disclosure.masking import mask_all
from compendium.multiverse.choices import distinct
from compendium.multiverse.sides import cuts, groupings, scored, ticks, unsure
from compendium.survey.plan import outcomes
from compendium.survey.quality import break_offs, completion, straight_liners
from compendium.wording import did_you_mean

COMPLETE = {"any": 0, "half": 50, "most": 80}  # percent of the questions that were put to somebody
SPEEDING = 0.5  # of the median duration


@dataclass(frozen=True)
class Ground:
    """The arrays of one question, and its universes.

    Attributes
    ----------
    question, kind : str
        `kind` says what is compared: ordered ``pairs`` of answers, an ``association`` of them, a
        ``grid`` or a ``contrast`` within the same respondents, or nothing, a ``share``.
    universes : list of dict
        The choices of each, the plan's own first: by decision what it takes, and `outcome` and `by`.
    outcomes, groups : dict of tuple to numpy.ndarray
        Scores, one row a respondent, NaN for none: by outcome, cut, don't know and coders; by grouping,
        groups and don't know.
    kept : dict of tuple to numpy.ndarray
        Who is left in, by exclusions and completeness.
    pattern : numpy.ndarray of int
        Which of the groupings somebody answered: shuffles stay among those alike.
    withheld : list of bool
        Which universes may not be told, because few gave an answer that they rest on.
    others : dict of str to list of str
        The other predictors of each grouping.
    design : pandas.DataFrame or None
        As from `responses.read_design`.
    """

    question: str
    kind: str
    universes: list
    outcomes: dict
    groups: dict
    kept: dict
    pattern: np.ndarray
    withheld: list
    others: dict = field(default_factory=dict)
    design: pd.DataFrame | None = None

    @property
    def signed(self):
        """Whether effects have a direction."""
        return self.kind in ("pairs", "contrast")


class Material:
    """What all questions of a study share: who may be left out, and who says what was written."""

    def __init__(self, study, coding):
        self.study, self.coding, self.asked = study, coding, study.instrument.multiverse

    @cached_property
    def flags(self):
        """By reason to leave somebody out, a truth value a respondent."""
        study, index = self.study, self.study.answers.index
        found = {
            "nobody": np.zeros(study.n, bool),
            "straight_liners": index.isin(straight_liners(study)),
            "break_offs": index.isin(break_offs(study).index),
        }
        if self.asked.duration:
            took = study.answers[self.asked.duration]
            found["speeders"] = (took < SPEEDING * took.median()).to_numpy()
        listed = [name for name in self.asked.takes("exclusions") if name in found]
        return found | {"careless": np.any([found[name] for name in ["nobody", *listed]], axis=0)}

    @cached_property
    def completed(self):
        return completion(self.study).fillna(100).to_numpy()  # of no question, all is answered

    def left_in(self, exclusions, completeness):
        """Who stays in the analysis under two decisions."""
        return ~self.flags[exclusions] & (self.completed >= COMPLETE[completeness])

    @cached_property
    def coders(self):
        """Who can say what was written: by name, then by theme, whether each respondent raises it."""
        book, coding, asked = self.coding.codebook, self.coding, self.asked.takes("coders")
        if book is None or coding.settled.empty:
            return {}
        marks = {"consensus": coding.consensus, **coding.marks}
        if "rules" in asked:
            texts, _ = mask_all(coding.answers["text"], self.study.instrument.disclosure.names)
            found = code_answers(coding.answers.assign(text=texts), compile_rules(book))
            given = assigned(found, coding.answers, book.ids).fillna(0.0)
            read = coding.consensus.notna().all(axis=1)
            marks["rules"] = given.where(read, np.nan, axis=0)
        for coder in asked:
            if coder not in marks:
                raise ValueError(
                    f"survey.yml: multiverse > decisions > coders: nobody called '{coder}' has coded"
                    f"{did_you_mean(coder, marks)}; there are: {', '.join(marks)}."
                )
        return {coder: self._by_theme(table) for coder, table in marks.items()}

    def _by_theme(self, marks):
        """Whether a respondent raises each theme; NaN where no answer of theirs was read."""
        most = marks.groupby(level=0, sort=False).max()
        most = most.reindex(self.study.answers.index.astype(str))
        themes = self.coding.codebook.themes
        return {t.id: most[[code.id for code in t.codes]].max(axis=1).to_numpy() for t in themes}


def lay_ground(material, question, hidden=()):
    """Prepare a planned question for all of its universes.

    Parameters
    ----------
    material : Material
        Of a study with a `multiverse`.
    question : Question
    hidden : collection of str
        What to withhold, as from `disclosure.counts.suppressed_counts`.

    Returns
    -------
    Ground

    Raises
    ------
    ValueError
        When a coder is named who has coded nothing.

    References
    ----------
    Straight-lining: Herzog & Bachman (1981), doi 10.1086/268687. Speeding: Greszki, Meyer & Schoen
    (2015), doi 10.1093/poq/nfu058. Completeness: AAPOR, Standard Definitions (2023).
    """
    study, sides = material.study, Sides(material, question)
    universes = distinct(sides, material.asked)
    outcome_keys = {(u["outcome"], u["cut"], u["dont_know"], u["coders"]): None for u in universes}
    group_keys = {(u["by"], u["groups"], u["dont_know"]): None for u in universes if u["by"]}
    for u in universes:
        others = sides.others[u["by"]] if u["covariates"] == "others" else ()
        group_keys |= {(by, "points", u["dont_know"]): None for by in others}
    kept = {(u["exclusions"], u["completeness"]): None for u in universes}
    given = [study.states[by].isin(["answered", "dont_know"]) for by in question.by]
    pattern = sum((1 << k) * part.to_numpy(int) for k, part in enumerate(given))
    return Ground(
        question.id, sides.kind, universes,
        {key: sides.outcome(*key) for key in outcome_keys},
        {key: sides.group(*key) for key in group_keys},
        {key: material.left_in(*key) for key in kept},
        np.broadcast_to(pattern, study.n), _withheld(sides, universes, hidden), sides.others,
        study.design,
    )  # fmt: skip


def _withheld(sides, universes, hidden):
    """Which universes rest on few: on a small cell of answers by answers, or of who is left out.

    Estimates of other cuts and of others left out differ by what lies between them, so the finest table
    counts, and nothing else that is withheld of the same answers may be touched.
    """
    study = sides.study
    if study.instrument.minimum == 1:
        return [False] * len(universes)
    keys = ["themes." if sides.item is None else f"{sides.item.key}."]
    keys += [f"{by.key}." for by in sides.by.values()]
    names = [name.rpartition(":")[2] + "." for name in hidden]
    if sides.kind in ("grid", "contrast") or any(n.startswith(k) for n in names for k in keys):
        return [True] * len(universes)  # ranks and pairs of the same people tell more than their table
    known = {}

    def few(u):
        key = u["outcome"], u["by"], u["dont_know"], u["coders"], u["exclusions"], u["completeness"]
        if key not in known:
            known[key] = _few(sides, u)
        return known[key]

    return [few(u) for u in universes]


def _few(sides, choices):
    """Whether a cell of the finest table is small, of who is left in or of who is left out."""
    take = choices["dont_know"]
    y = sides.outcome(choices["outcome"], "points", take, choices["coders"])
    columns = [y, *(sides.group(by, "points", take) for by in sides.by)]
    levels = [np.unique(column[~np.isnan(column)]) for column in columns]
    given = ~np.isnan(columns).any(axis=0)
    kept = sides.material.left_in(choices["exclusions"], choices["completeness"])
    for part in (kept & given, ~kept & given):
        cells = np.zeros([len(found) for found in levels])
        both = zip(levels, columns, strict=True)
        np.add.at(cells, tuple(np.searchsorted(found, column[part]) for found, column in both), 1)
        if part.any() and cells.min() < sides.study.instrument.minimum:
            return True
    return False


class Sides:
    """The outcomes and groupings of a question, and their scores under each alternative."""

    def __init__(self, material, question):
        self.material, self.study, self.question = material, material.study, question
        item = self.study.instrument.item
        self.item = item(question.item) if question.item else None
        self.by = {by: item(by) for by in question.by}
        several = len(self.by) > 1 and question.method == "ordinal_regression"
        self.others = {by: [o for o in self.by if o != by] if several else [] for by in self.by}
        cuttable = self.item is not None and self.item.type in ("single", "scale", "grid")
        self.cuts = cuts(self.item, question) if cuttable else {}
        self.groups = {by: groupings(self.study, one, question) for by, one in self.by.items()}

    @property
    def kind(self):
        kinds = {"share": "share", "published": "share", "grid": "grid", "contrast": "contrast",
                 "association": "association"}  # fmt: skip
        if self.question.method == "themes" and not all(map(self.ordered, self.by)):
            return "association"
        return kinds.get(self.question.method, "pairs")

    def ordered(self, by):
        """Whether the groups of an item have an order, or are two."""
        return self.by[by].type == "scale" or len(self.question.rows or self.by[by].choices) == 2

    @property
    def coders(self):
        """Who can say what was written, where that is asked."""
        return self.material.coders if self.question.method == "themes" else {}

    @property
    def outcomes(self):
        """Ids of what is compared: items, statements, options or themes."""
        if self.question.method == "themes":
            return list(self.coders.get("consensus", ()))
        if self.kind == "share":
            return outcomes(self.item, self.question)[:1]
        if self.item.type == "multi" and self.kind == "pairs":
            return outcomes(self.item, self.question)
        if self.item.type == "grid" and self.kind == "pairs":
            return [statement.id for statement in self.item.statements]
        return [self.item.id]

    def meaning(self, outcome, cut, dont_know, coders):
        """What tells two outcomes apart: their scores by option, and who says so."""
        scores = self.cuts.get(cut, ())
        take = "missing" if dont_know == "own_group" and self.kind != "share" else dont_know
        if not scores:
            return outcome, (), None, coders
        if self.kind == "share" and take == "own_group":
            return outcome, scores, 0 if self.item.dont_know else None, coders
        return outcome, scores, unsure(scores, take, self.cuts["points"], self.item), coders

    def outcome(self, outcome, cut, dont_know, coders):
        """The scores of an outcome: see `Ground.outcomes`."""
        item, question = self.item, self.question
        if question.method == "themes":
            return self.coders[coders][outcome]
        if self.kind == "contrast":
            return ticks(self.study, item, question.of[0]) - ticks(self.study, item, question.of[1])
        if item.type == "multi":
            return ticks(self.study, item, outcome)
        _, scores, dont_know, _ = self.meaning(outcome, cut, dont_know, coders)
        columns = [*item.answer_columns()]
        if self.kind == "grid":
            every = [scored(self.study, item, column, scores, dont_know) for column in columns]
            return np.column_stack(every)
        column = f"{item.id}.{outcome}" if item.type == "grid" else item.id
        return scored(self.study, item, column, scores, dont_know)

    def group_meaning(self, by, groups, dont_know):
        """What tells two groupings apart."""
        scores = self.groups[by][groups]
        return by, scores, unsure(scores, dont_know, self.groups[by]["points"], self.by[by])

    def group(self, by, groups, dont_know):
        """The scores of a grouping: see `Ground.groups`."""
        _, scores, dont_know = self.group_meaning(by, groups, dont_know)
        return scored(self.study, self.by[by], by, scores, dont_know)
