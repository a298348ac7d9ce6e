"""Exercises of chapter 4: read diverging bars, place a bar, and put *don't know* into a base."""

import numpy as np

from compendium.lessons.exercise import Task, exercise
from compendium.wording import number


def _bars(study):
    """Of each statement of each grid: answers by point from the lowest, and how many did not know."""
    for grid in study.items.of_type("grid"):
        if len(grid.choices) < 2:
            continue
        answers, states = study.survey.answers, study.survey.states
        yield (
            grid,
            {
                part.id: (
                    np.array([int(answers[column].eq(p.id).sum()) for p in grid.choices]),
                    int((states[column] == "dont_know").sum()),
                    part.label,
                )
                for part, column in zip(grid.statements, grid.answer_columns(), strict=True)
                if answers[column].notna().any()
            },
        )


@exercise(
    "4.1", "Find the bar that reaches furthest",
    aim="Read diverging bars by the share on one side, not by their darkest part.",
    minutes=10, kind="choice", needs="a grid with a group of points",
    ask="To which statement of “{grid}” does the largest share answer “{group}”? Statements are named "
    "by their ids, which `study.items[\"{item}\"].statements` lists.",
    look="Another statement has a larger share.",
    why="{share}% of the {base} who rated it: the largest share.",
    hints={
        "darkest": "It has the most answers at the outermost point; the group holds more than that.",
        "smallest": "That is the smallest share: this bar reaches furthest to the other side.",
        "middle": "Most chose the middle point of it, which is on neither side.",
        "first": "It stands first in the questionnaire, which says nothing.",
        "unsure": "Of this statement most did not know. They stand beside the bars.",
    },
)  # fmt: skip
def longest(study):
    for grid, bars in _bars(study):
        for group in grid.groups:
            inside = [k for k, point in enumerate(grid.choices) if point.id in group.options]
            share = {id: 100 * n[inside].sum() / n.sum() for id, (n, _, _) in bars.items()}
            ranked = sorted(share, key=share.get)
            if len(ranked) < 3 or np.isclose(share[ranked[-1]], share[ranked[-2]]):
                continue
            best, half = ranked[-1], len(grid.choices) // 2
            yield Task(
                best,
                {"darkest": max(bars, key=lambda id: bars[id][0][-1] / bars[id][0].sum()),
                 "smallest": ranked[0], "first": next(iter(bars)),
                 "middle": max(bars, key=lambda id: bars[id][0][half] / bars[id][0].sum()),
                 "unsure": max(bars, key=lambda id: bars[id][1])},
                {"grid": grid.question, "group": group.label, "item": grid.id,
                 "share": number(share[best]), "base": bars[best][0].sum()},
                {"item": grid.id, "group": group.id},
                {id: f"“{label}” has {number(share[id])}% of {n.sum()}."
                 for id, (n, _, label) in bars.items()},
            )  # fmt: skip


@exercise(
    "4.2", "Place a bar",
    aim="Compute where a diverging bar begins, and know what the middle point does to it.",
    minutes=15, kind="percent", needs="a grid whose scale has a middle point",
    ask="With `neutral = \"split\"`, how far does the bar of “{statement}” reach to the left of zero?",
    look="Shares by point are in `study.shares(\"{item}\").frame`; those who rated the statement are "
    "the base.",
    why="{below} of {base} below the middle, and half of the {middle} at it.",
    hints={
        "beside": "That leaves the middle point out, as `neutral = \"beside\"` does.",
        "left": "That puts all of the middle point to the left, as `neutral = \"left\"` does.",
        "right": "That is how far it reaches to the right.",
        "base": "You counted *don't know* among the base. It is no point of the scale.",
        "everybody": "The base is whoever rated this statement, not everybody.",
    },
)  # fmt: skip
def left_of_zero(study):
    for grid, bars in _bars(study):
        half = len(grid.choices) // 2
        if len(grid.choices) % 2 == 0:
            continue
        for id, (n, unsure, label) in bars.items():
            below, middle, above, base = n[:half].sum(), n[half], n[half + 1 :].sum(), n.sum()
            left = below + middle / 2
            yield Task(
                100 * left / base,
                {"beside": 100 * below / base, "left": 100 * (below + middle) / base,
                 "right": 100 * (above + middle / 2) / base, "base": 100 * left / (base + unsure),
                 "everybody": 100 * left / study.n},
                {"statement": label, "item": grid.id, "below": below, "middle": middle, "base": base},
                {"item": grid.id, "statement": id},
            )  # fmt: skip


@exercise(
    "4.3", "Let who did not know into the base",
    aim="Change who is in the base of a figure, and say what the figure then claims.",
    minutes=15, kind="percent", needs="a grid in which some did not know",
    ask="Bars leave *don't know* out of their base. If it is let in, what percent answer “{group}” to "
    "“{statement}”?",
    look="The count stays. The base grows by those who did not know: the kind `dont_know` in "
    "`study.shares(\"{item}\").frame`.",
    why="{count} of {base}: who did not know did not say so. The share falls though nobody changed "
    "their mind.",
    hints={
        "without": "That is the share without *don't know*, as the figure has it.",
        "as_group": "You counted who did not know *among* the answer. They belong in the base only.",
        "everybody": "That is of all {respondents}. Who skipped the statement is not in the base.",
        "unsure": "That is the share who did not know.",
    },
)  # fmt: skip
def with_unsure(study):
    for grid, bars in _bars(study):
        for group in grid.groups:
            inside = [k for k, point in enumerate(grid.choices) if point.id in group.options]
            for id, (n, unsure, label) in bars.items():
                count, base = n[inside].sum(), n.sum() + unsure
                if unsure:
                    yield Task(
                        100 * count / base,
                        {"without": 100 * count / n.sum(), "as_group": 100 * (count + unsure) / base,
                         "everybody": 100 * count / study.n, "unsure": 100 * unsure / base},
                        {"group": group.label, "statement": label, "item": grid.id, "count": count,
                         "base": base, "respondents": study.words.respondents},
                        {"item": grid.id, "group": group.id, "statement": id},
                    )  # fmt: skip
