"""Surveys described plainly: questions, what each respondent did, and the comparison with a study."""

import csv
import io
import random
from collections import Counter
from dataclasses import dataclass, field

import openpyxl

SKIPPED, NOT_ASKED = "<skipped>", "<not asked>"
OTHER = "<other>"  # a label; the words beside it stand in a pair (OTHER, words) or behind the ticks

AGREEMENT = ["Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"]
SATISFACTION = ["Very dissatisfied", "Dissatisfied", "Neither satisfied nor dissatisfied", "Satisfied",
                "Very satisfied"]  # fmt: skip
FREQUENCY = ["Never", "Rarely", "Sometimes", "Often", "Always"]


@dataclass(frozen=True)
class Question:
    """`kind` is single, scale, multi, grid, number or text; `asked_if` a question's code and labels."""

    code: str
    kind: str
    text: str
    options: tuple = ()
    statements: tuple = ()
    other: bool = False
    dont_know: str = ""
    asked_if: tuple = ()

    def labels(self):
        """All that can be chosen, without Other."""
        return [*self.options, *([self.dont_know] if self.dont_know else [])]


@dataclass(frozen=True)
class Survey:
    """Questions, and for each respondent what they did at each question, by its code."""

    questions: tuple
    rows: tuple
    exact: frozenset = field(default=frozenset())  # codes whose missing answers the shape tells apart


def answer(rng, question, i):
    """The answer of the i-th who is asked; the first go through the options, so that each occurs."""
    labels, turn = question.labels(), i % (len(question.labels()) or 1)
    chosen = labels[turn] if labels and i < 3 * len(labels) else rng.choice(labels or [""])
    if question.kind == "number":
        return f"{1 + (i * 13) % 83}.5"
    if question.kind == "text":
        return f"{rng.choice(OPENINGS)} {i} {rng.choice(ENDINGS)}"
    if question.kind == "grid":
        return {s: labels[(turn + j) % len(labels)] if i < 15 else rng.choice(labels)
                for j, s in enumerate(question.statements)}  # fmt: skip
    if question.kind == "multi":
        ticked = {label for label in labels if rng.random() < 0.4 or i == 7} | {chosen}
        ticked = {chosen} if i < len(labels) else ticked
        words = f"Own idea number {i}" if question.other and rng.random() < 0.2 else ""
        return ticked, words
    return (OTHER, f"Own words number {i}") if question.other and i % 9 == 8 else chosen


OPENINGS = [
    "=SUM(A1:A9) says", "@home I said", "Line one\nline two,", 'They say "never",', "+44 is no prefix;",
    "Ängstlich – café –", "Well; then,", "-5 degrees and", "It is <b>bold</b> of us:",
]  # fmt: skip
ENDINGS = [
    "and that is a fact about cycling.", "; so what, then?", "‘quoted’ and € 5.", "with a tab\there.",
    "'tis all we can say about it.",
]  # fmt: skip


def respondents(questions, count, rng, skips=0.1):
    """Rows in keeping with the questions' conditions."""
    rows, before = [], Counter()
    for i in range(count):
        row = {}
        for question in questions:
            asked = True
            if question.asked_if:
                code, labels = question.asked_if
                asked = row[code] in labels
            value = answer(rng, question, before[question.code]) if asked else NOT_ASKED
            before[question.code] += asked
            # Nobody skips a question on which another depends, so that who was asked is known.
            gate = any(q.asked_if and q.asked_if[0] == question.code for q in questions)
            if asked and not gate and i >= 15 and rng.random() < skips:
                value = SKIPPED
            row[question.code] = value
        rows.append(row)
    return tuple(rows)


def cycling(count=60):
    """A survey with the hard cases: commas in options, Other, don't know, skip logic, all types."""
    questions = (
        Question("mode", "single", "How do you mostly travel to work?",
                 ("Bicycle", "Bus, tram or train", "Car", "On foot"), other=True),
        Question("paths", "scale", "How satisfied are you with the cycle paths – so far?",
                 tuple(SATISFACTION), dont_know="Don't know"),
        Question("wish", "multi", "What would make you cycle more? (Tick all that apply.)",
                 ("Safer paths", "Showers, lockers and parking", "A cheaper bicycle", "Better weather"),
                 other=True),
        Question("agree", "grid", "How far do you agree with these statements?",
                 tuple(AGREEMENT), ("Cycling is safe", "Cycling is fast", "My employer supports it")),
        Question("why", "multi", "Why do you drive?",
                 ("It is far", "Children to drop", "No other way"), asked_if=("mode", ("Car",))),
        Question("km", "number", "How many kilometres is it to work?"),
        Question("age", "single", "Which age group are you in?", ("18–29", "30–49", "50 or more")),
        Question("say", "text", "What else should we know about cycling?"),
    )  # fmt: skip
    return Survey(questions, respondents(questions, count, random.Random(7)))


# ---- text files


def csv_text(table, delimiter=",", quoting=csv.QUOTE_MINIMAL, newline="\r\n"):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=newline).writerows(table)
    return out.getvalue()


def save(path, table, encoding="utf-8", **how):
    """Write a table as text or, by the path's ending, as a workbook."""
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        for row, values in enumerate(table, start=1):
            for column, value in enumerate(values, start=1):
                cell = book.active.cell(row, column)
                cell.value = value
                if isinstance(value, str) and value:
                    cell.data_type = "s"  # openpyxl takes a text with = for a formula
        book.save(path)
    else:
        path.write_bytes(csv_text(table, **how).encode(encoding, "replace"))


def missing(value):
    return value in (SKIPPED, NOT_ASKED)


def number(question, value, mark):
    return value.replace(".", mark) if question.kind == "number" else value


# ---- comparison


def differences(study, survey, ids):
    """Where a study says something else than the survey it was made of.

    Parameters
    ----------
    study : Study
    survey : Survey
        As its export still knows it.
    ids : list of str
        The respondents' ids in the order of the survey's rows.

    Returns
    -------
    list of tuple
        Respondent, question, what they did, what was read.
    """
    found = []
    for question in survey.questions:
        item = _item(study, question)
        for i, row in zip(ids, survey.rows, strict=True):
            if i not in study.answers.index:  # left out as empty, and rightly so
                answered = [value for value in row.values() if not missing(value)]
                found += [(i, "", answered, "left out")] if answered else []
                continue
            did, read = row[question.code], _read(study, item, i)
            if not _same(question, did, read, question.code in survey.exact, item):
                found.append((i, question.code, did, read))
    return found


def _item(study, question):
    """The item of a question, by its text, or by its statements where the export has no text."""
    items = study.instrument.items
    same = [item for item in items if item.question == " ".join(question.text.split())]
    if question.kind == "grid" and not same:
        same = [
            item for item in items if {s.label for s in item.statements} == set(question.statements)
        ]
    assert len(same) == 1, f"{question.text}: {[item.question for item in items]}"
    return same[0]


def _read(study, item, i):
    """What a respondent did at an item, written as a survey's rows are."""
    columns = [name for name in item.columns() if not name.endswith(".text")]
    states = study.states.loc[i, columns]
    if states.isin(["skipped", "not_asked"]).all():
        return NOT_ASKED if (states == "not_asked").all() else SKIPPED
    values = study.answers.loc[i, columns]
    if item.type == "multi":
        plain = [o for o in item.options if not o.text]
        ticked = {
            o.label for o in plain if values[f"{item.id}.{o.id}"] is True or values[f"{item.id}.{o.id}"]
        }
        words = [study.answers.loc[i, f"{item.id}.{o.id}.text"] for o in item.options if o.text]
        others = [bool(values[f"{item.id}.{o.id}"]) for o in item.options if o.text]
        words = [word for word in words if isinstance(word, str)]
        assert any(others) == bool(words)
        return ticked, "".join(words)
    if item.type == "grid":
        return {s.label: _label(study, item, i, f"{item.id}.{s.id}") for s in item.statements}
    if item.type in ("number", "text"):
        return values[item.id]
    chosen = next((o for o in item.options if o.id == values[item.id]), None)
    if chosen is not None and chosen.text:
        return OTHER, study.answers.loc[i, f"{item.id}.{chosen.id}.text"]
    return _label(study, item, i, item.id)


def _label(study, item, i, column):
    if study.states.loc[i, column] == "dont_know":
        (unsure,) = item.dont_know
        return unsure.label
    if study.states.loc[i, column] != "answered":
        return study.states.loc[i, column]
    return item.label_of(study.answers.loc[i, column])


def _same(question, did, read, exact, item):
    if missing(did):
        nothing = question.kind == "multi" and exact and did == SKIPPED
        if nothing and not any(option.exclusive for option in item.options):
            return read == (set(), "")
        return read == did if exact else missing(read)
    if question.kind == "number":
        return float(did) == read
    return read == (did if question.kind == "text" else _in_one_line(did))


def _in_one_line(did):
    """Labels lose doubled blanks; the words beside Other stay as they are."""
    if isinstance(did, dict):
        return {" ".join(s.split()): " ".join(label.split()) for s, label in did.items()}
    if isinstance(did, tuple):
        words = did[1]
        return (_in_one_line(did[0]), words)
    return {" ".join(v.split()) for v in did} if isinstance(did, set) else " ".join(did.split())
