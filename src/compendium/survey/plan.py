"""What is planned: breakdowns, topics of the joint display, and what could be decided otherwise."""

from typing import Annotated, Literal

import pydantic

from compendium.models import Model

Id = pydantic.constr(pattern=r"^[a-z][a-z0-9_]*$")
Reason = pydantic.constr(strip_whitespace=True, min_length=3)

# What a decision of the multiverse can take, and how a reader is told of it.
TAKES = {
    "exclusions": {
        "nobody": "nobody left out",
        "straight_liners": "without straight-liners",
        "break_offs": "without break-offs",
        "speeders": "without speeders",
        "careless": "without any of these",
    },
    "completeness": {
        "any": "however much was answered", "half": "half answered", "most": "80% answered",
    },
    "dont_know": {
        "missing": "no answer", "middle": "middle of the scale", "own_group": "a group of its own",
    },
    "cut": {
        "points": "all points",
        "named": "the group that the plan shows",
        "one": "the end point",
        "two": "the two end points",
        "no_middle": "halves without the midpoint",
    },
    "groups": {
        "points": "each answer", "named": "as the plan shows", "halves": "two halves",
        "no_small": "small ones together",
    },
    "coders": {"consensus": "consensus", "rules": "rules"},  # or a coder's name
    "covariates": {"others": "with the other predictors", "none": "alone"},
    "weights": {"off": "unweighted", "on": "weighted"},
    "test": {
        "kendall": "ranks (Kendall)", "spearman": "mid-ranks (Spearman)", "linear": "scores (linear)",
        "table": "table (χ²)",
    },
}  # fmt: skip
Decides = Literal[tuple(TAKES)]


class Topic(Model):
    """A row of the joint display: what was chosen, what was said of it, and what a person infers.

    Chosen is option or group `of` of `item` (`statement` of a grid); said is any code of `theme`, or
    any of `codes`. `relation` declares what the words are to the number: the ``same`` thing, an
    ``other`` aspect of the topic, or the ``contrary``.
    """

    id: Id
    topic: str
    item: Id
    of: Id
    statement: Id | None = None
    theme: Id | None = None
    codes: list[Id] = []
    relation: Literal["same", "other", "contrary"] = "same"
    inference: str

    @property
    def key(self):
        """What the ids of this topic's own results start with."""
        return f"integration.{self.id}"

    @property
    def cells(self):
        """Ids of its four counts: chosen and said, chosen only, said only, neither."""
        return [f"{self.key}.{part}" for part in ("both", "chosen_only", "said_only", "neither")]

    @property
    def column(self):
        """The item's column in the answers."""
        return f"{self.item}.{self.statement}" if self.statement else self.item


class Alternative(Model):
    """One way in which a decision of the analysis could be taken, and why that would be reasonable."""

    take: str
    reason: Reason


class Decision(Model):
    """A decision of the analysis with its reasonable alternatives, each one of `TAKES`."""

    decides: Decides
    alternatives: Annotated[list[Alternative], pydantic.Field(min_length=2)]


class Rule(Model):
    """A combination of alternatives that makes no sense: all that it names at once."""

    reason: Reason
    when: Annotated[dict[Decides, str | list[str]], pydantic.Field(min_length=2)]

    def holds(self, choices):
        """Whether the choices of a universe are such a combination."""
        takes = {name: [take] if isinstance(take, str) else take for name, take in self.when.items()}
        return all(choices.get(name) in take for name, take in takes.items())


class Multiverse(Model):
    """Every reasonable analysis: decisions, and which of their combinations make no sense.

    Each planned question is asked in every universe, or only those of `questions`. `duration` is the
    number item that says how long a respondent took: less than half the median is speeding.
    """

    decisions: Annotated[list[Decision], pydantic.Field(min_length=1)]
    exclude: list[Rule] = []
    questions: list[Id] = []
    duration: Id | None = None

    def takes(self, decides):
        """What a decision can take, in the order of the file; nothing where it is not made."""
        return [a.take for d in self.decisions if d.decides == decides for a in d.alternatives]


def shown_breakdowns(instrument):
    """The breakdowns that the plan asks for.

    Yields
    ------
    tuple
        `item`, `of` (option or group), `column`, `by` and `rows`, as `breakdown` takes them.
    """
    for question in instrument.plan:
        for by in map(instrument.item, question.by):
            if question.method not in ("association", "trend", "themes") or not by.choices:
                continue
            rows = question.rows or [option.id for option in by.choices]
            if question.method == "themes":
                for theme in instrument.themes():
                    yield theme, theme.groups[0].id, theme.id, by, rows
                continue
            item = instrument.item(question.item)
            for of in outcomes(item, question):
                for column in [item.id] if item.type == "multi" else item.answer_columns():
                    yield item, of, column, by, rows


def counted_in(instrument, codebook=None):
    """All that shares are counted in, in the order of the questionnaire.

    Yields
    ------
    tuple
        `key`, what the ids of its results start with; `item`, none for a theme; `label`, the words for
        it; `parts`, the labels of what is counted, by id.
    """
    for item in instrument.items:
        parts = {part.id: part.label for part in [*item.choices, *item.unsure, *item.groups]}
        if item.type == "grid":
            for statement in item.statements:
                yield f"{item.key}.{statement.id}", item, statement.label, parts
        else:
            yield item.key, item, item.question, parts
    for theme in codebook.themes if codebook else []:
        parts = {"respondents": "Any of its codes"} | {code.id: code.name for code in theme.codes}
        yield f"themes.{theme.id}", None, theme.name, parts


def in_words(instrument, codebook=None):
    """What shares are of, such as *Would you be interested …? Yes*, by the ids of their results."""
    return {
        f"{key}.{id}": f"{label}{' ' if label.endswith('?') else ': '}{said}"
        for key, _, label, parts in counted_in(instrument, codebook)
        for id, said in parts.items()
    }


def outcomes(item, question):
    """Options or groups whose share a question of the plan breaks down.

    What the plan names; or else the groups of a scale or grid, such as *agree or strongly agree*; or
    else every option.
    """
    if question.of is not None:
        return [question.of] if isinstance(question.of, str) else list(question.of)
    groups = [group.id for group in item.groups] if item.type in ("scale", "grid") else []
    return groups or [option.id for option in item.choices]


def method_of(question):
    """How the plan has a question answered, in words, with the bound that its effect is put to."""
    method = question.method.replace("_", " ")
    bound = question.equivalence
    return method if bound is None else f"{method}; too small to matter within ±{bound:g}"


def family_of(question):
    """The family of tests that a question is in, in words; a dash where it asks for no test."""
    tested = question.method not in ("share", "published", "themes")
    return (question.family or question.id).replace("_", " ") if tested else "–"
