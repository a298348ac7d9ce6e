"""An exercise: what is asked, what is right, and what the usual mistakes would give.

A mistake is recognised by computing what it gives, so hints fit the answers of every study. What it is
computed with is imported there: the page for teachers lists exercises without any answers.
"""

import math
import numbers
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from compendium.wording import did_you_mean, plain

APART = 3  # usual mistakes that a task should tell from each other


class Kind(NamedTuple):
    """How an answer is given: digits after the point, how near it must come, and an example."""

    digits: int
    near: float
    form: str


KINDS = {
    "count": Kind(0, 1e-6, "a whole number, such as 12"),
    "percent": Kind(1, 0.05, "a percentage with one decimal, such as 12.3"),
    "points": Kind(1, 0.05, "percentage points with one decimal, such as 12.3"),
    "proportion": Kind(3, 0.0005, "a proportion with three decimals, such as 0.123"),
    "p": Kind(3, 0.0005, "a p-value with three decimals, such as 0.123"),
    "choice": Kind(0, 0, "an id in quotes"),
    "codes": Kind(0, 0, 'codes by number, such as {1: ["cost"], 2: []}'),
}
SLIPS = {
    "proportion": "That is a proportion. Multiply by 100 for percent.",
    "percent": "That is a percentage. Divide by 100.",
    "sign": "The size is right, the sign is not: read again what is taken from what.",
    "rounding": "Near, and rounded too far: {form} is asked for.",
    "cut_off": "Near: the digits after the last one were cut off. Round instead.",
    "whole": "Respondents come whole: {form} is asked for.",
}


@dataclass(frozen=True)
class Task:
    """An exercise as it is put to one study.

    Attributes
    ----------
    right : float or str
    mistakes : dict of str to float or str
        What each usual mistake gives, by the name of its hint.
    words : dict of str to object
        What stands in the blanks of the question and of the hints.
    facts : dict of str to object
        The same as ids, for a program that solves it.
    about : dict of str to str
        What is to be said of each answer that can be chosen, by its id.
    parts : list
        What is shown with the question.
    """

    right: float | str
    mistakes: dict = field(default_factory=dict)
    words: dict = field(default_factory=dict)
    facts: dict = field(default_factory=dict)
    about: dict = field(default_factory=dict)
    parts: list = field(default_factory=list)


class Verdict(NamedTuple):
    """Whether an answer is right, what is said of it, which mistake it is, and what to look at."""

    right: bool
    said: str
    mistake: str = ""
    parts: tuple = ()


@dataclass(frozen=True)
class Exercise:
    """One exercise of a chapter.

    Attributes
    ----------
    id : str
        Chapter and place, such as ``"2.1"``.
    title, aim : str
        In the chapter, and on the page for teachers.
    minutes : int
    kind : str
        One of `KINDS`.
    needs : str
        What a study without a task lacks.
    ask, look, why : str
        The question, where to look when no usual mistake was made, and why the answer is right; with
        blanks for `Task.words`.
    hints : dict of str to str
        By name of the mistake; with blanks.
    tasks : callable
        Of an `OpenStudy`: yields tasks, the best first.
    judge : callable, optional
        Of task and answer, where no single value is right.
    """

    id: str
    title: str
    aim: str
    minutes: int
    kind: str
    needs: str
    ask: str
    look: str
    why: str
    hints: dict
    tasks: Callable
    judge: Callable | None = None

    def task(self, study):
        """The first task of which the usual mistakes can be told apart, or else the first of all.

        Raises
        ------
        LookupError
            When the study lacks what the exercise needs.
        """
        first = None
        for task in self.tasks(study):
            if len(self.told_apart(task)) >= APART or self.judge:
                return task
            first = first or task
        if first is None:
            raise LookupError(self.needs)
        return first

    def told_apart(self, task):
        """Mistakes that give neither the right answer nor that of a mistake before them."""
        seen, found = [task.right], {}
        for name, value in task.mistakes.items():
            if _missing(value) or any(self._same(value, other) for other in seen):
                continue
            seen.append(value)
            found[name] = value
        return found

    def _same(self, one, other):
        """Whether two values are one answer."""
        if self.kind == "choice":
            return one == other
        return abs(one - other) <= KINDS[self.kind].near + 1e-9

    def asked(self, task):
        """The question with its blanks filled, and the form of the answer."""
        return f"{filled(self.ask, task)} Give {KINDS[self.kind].form}."

    def judged(self, task, answer):
        """A `Verdict` on an answer."""
        if self.judge:
            return self.judge(task, answer)
        return self._choice(task, answer) if self.kind == "choice" else self._number(task, answer)

    def _verdict(self, task, mistake, said=None):
        hint = said or self.hints.get(mistake) or SLIPS.get(mistake) or self.look
        return Verdict(False, filled(hint, task, form=KINDS[self.kind].form), mistake)

    def _number(self, task, answer):
        form = KINDS[self.kind].form
        if isinstance(answer, bool) or not isinstance(answer, numbers.Real) or math.isnan(answer):
            return self._verdict(task, "form", f"Give {form}, and nothing around it.")
        if self._same(answer, task.right):
            return Verdict(True, filled(self.why, task))
        for name, value in task.mistakes.items():
            if not _missing(value) and self._same(answer, value):
                return self._verdict(task, name)
        return self._verdict(task, self._slip(answer, task.right))

    def _slip(self, answer, right):
        """A mistake of form that any number can have; empty where there is none."""
        digits, near, _ = KINDS[self.kind]
        if self.kind == "count":
            return "" if float(answer).is_integer() else "whole"
        if self.kind in ("percent", "points") and abs(100 * answer - right) <= 10 * near:
            return "proportion"
        if self.kind in ("p", "proportion") and abs(answer / 100 - right) <= near:
            return "percent"
        if abs(answer + right) <= near:
            return "sign"
        for fewer in range(digits):
            if abs(answer - right) <= 0.5 * 10**-fewer and round(answer, fewer) == answer:
                return "rounding"
        cut = math.trunc(right * 10**digits) / 10**digits
        return "cut_off" if abs(answer - cut) < 1e-9 else ""

    def _choice(self, task, answer):
        if answer == task.right:
            return Verdict(True, filled(self.why, task))
        if answer not in task.about:
            hint = did_you_mean(str(answer), [*task.about])
            return self._verdict(
                task, "form", f"No such id{hint}. There are: {', '.join(map(plain, task.about))}."
            )
        name = next((name for name, value in task.mistakes.items() if value == answer), "")
        verdict = self._verdict(task, name)
        return verdict._replace(said=f"{plain(task.about[answer])} {verdict.said}")


def exercise(id, title, judge=None, **fields):
    """Make an `Exercise` of the function that yields its tasks."""
    return lambda tasks: Exercise(id, title, tasks=tasks, judge=judge, **fields)


def filled(text, task, **more):
    """A text with its blanks filled, safe to stand in Markdown; ids stay as they are, for code."""
    words = {name: str(word) for name, word in {**task.words, **more}.items()}
    return text.format(
        **{n: w if re.fullmatch("[a-z][a-z0-9_]*", w) else plain(w) for n, w in words.items()}
    )


def _missing(value):
    return value is None or (isinstance(value, float) and not math.isfinite(value))
