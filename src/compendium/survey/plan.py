"""What is planned to be shown: breakdowns of the plan, and topics of the joint display."""

from typing import Literal

import pydantic

from compendium.models import Model

Id = pydantic.constr(pattern=r"^[a-z][a-z0-9_]*$")


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
