"""Exercises of chapters 5 and 6: which counts a printed number allows; how decisions multiply."""

import numpy as np

from compendium.audit.rounding import CONVENTIONS, allowed_counts, unique_count
from compendium.lessons.exercise import Task, exercise
from compendium.survey.answers import answered, chosen

WIDE = 30  # bases between which the last exercise asks


@exercise(
    "5.1", "Find the count behind a percentage",
    aim="Turn a printed percentage back into the one count that can stand behind it.",
    minutes=10, kind="count", needs="a share of fewer than a hundred",
    ask="A report prints that {percent}% of {base} {respondents} answered “{option}” to “{question}”. "
    "How many answered so?",
    look="Try counts k: 100 k / {base} must round to {percent}.",
    why="100 × {count} / {base} rounds to {percent}, and no other count does.",
    hints={
        "exact": "Respondents come whole. Which whole number is printed as {percent}%?",
        "cut_off": "You cut off the digits. That count is printed as another percentage.",
        "others": "That is how many did *not* answer so.",
        "percent": "That is the percentage itself. It is a count only of a hundred.",
        "everybody": "You took the percentage of all who were analysed, not of the {base}.",
    },
)  # fmt: skip
def count_behind(study):
    for item in study.items.of_type("single", "scale"):
        if item.id in {one.id for one in study.instrument.background()}:
            continue
        base = int(answered(study.survey, item)[item.id].sum())
        for option in item.choices:
            count = int(chosen(study.survey, item, option.id).sum())
            if not (base < 100 and 0 < count < base):
                continue
            percent = next(p for p in range(101) if count in allowed_counts(str(p), base))
            if unique_count(str(percent), base) is None:
                continue
            exact = percent * base / 100
            yield Task(
                count,
                {"exact": exact, "cut_off": int(exact), "others": base - count, "percent": percent,
                 "everybody": round(percent * study.n / 100)},
                {"percent": percent, "base": base, "respondents": study.words.respondents,
                 "option": option.label, "question": item.question, "count": count},
                {"percent": percent, "base": base},
            )  # fmt: skip


@exercise(
    "5.2", "Count what cannot be printed",
    aim="See that a small base rules out many percentages, which is what an audit lives on.",
    minutes=20, kind="count", needs="fewer than a hundred answers to a question",
    ask="Percentages are printed whole, from 0 to 100, halves rounded up. How many of these 101 "
    "numbers cannot be a share of {base}?",
    look="Make the set of all numbers that counts from 0 to {base} give. What is missing from it?",
    why="{base} answers allow {possible} different percentages; the rest would be an error somewhere.",
    hints={
        "possible": "So many *can* be printed. Those that cannot are asked for.",
        "zero": "You forgot that nobody, 0 of {base}, is a share too.",
        "exact": "You let no rounding happen. 100 k / {base} need not be whole, it is rounded.",
        "any_rounding": "You allowed every way to round. Here halves are rounded up, always.",
        "hundred": "There are 101 whole numbers from 0 to 100.",
    },
)  # fmt: skip
def impossible(study):
    for item in study.items:
        if item.type not in ("single", "scale"):
            continue
        base = int(answered(study.survey, item)[item.id].sum())
        if not 20 <= base < 95:
            continue
        whole = [str(percent) for percent in range(101)]
        possible = sum(len(allowed_counts(percent, base)) > 0 for percent in whole)
        any_ = sum(any(len(allowed_counts(p, base, way)) for way in CONVENTIONS) for p in whole)
        exact = sum(100 * k % base == 0 for k in range(base + 1))
        yield Task(
            101 - possible,
            {"possible": possible, "zero": 102 - possible, "exact": 101 - exact,
             "any_rounding": 101 - any_, "hundred": 100 - possible},
            {"base": base, "possible": possible},
            {"base": base},
        )  # fmt: skip


@exercise(
    "5.3", "Audit a percentage without its base",
    aim="Extend the arithmetic to a base that nobody states, and see how little is left of it.",
    minutes=25, kind="count", needs="nothing",
    ask="A press release says {percent}% and no base, but that {first} to {last} people were asked, "
    "both included. Of how many of these bases can {percent}% be a share, halves rounded up?",
    look="Go through the bases. For each, is there a count k with 100 k / n printed as {percent}?",
    why="{right} of {all} bases allow it. The wider the range, the less such a number can fail.",
    hints={
        "impossible": "Those are the bases that do *not* allow it.",
        "exact": "You counted bases of which it is the exact share. It may be rounded.",
        "pairs": "You counted pairs of base and count. A base counts once.",
        "cut_off": "You cut the digits off. Here numbers are rounded, halves up.",
        "any_rounding": "You allowed every way to round. Here halves are rounded up, always.",
        "end": "You left out the last base. Both ends are included.",
    },
)  # fmt: skip
def unstated_base(study):
    rng = np.random.default_rng(list(study.name.encode()))
    for _ in range(50):
        percent, first = int(rng.integers(3, 48)), int(rng.integers(9, 40))
        bases = range(first, first + WIDE)
        allowed = {
            way: [len(allowed_counts(str(percent), n, way)) for n in bases] for way in CONVENTIONS
        }
        fits = np.array(allowed["half_up"])
        right = int((fits > 0).sum())
        yield Task(
            right,
            {"impossible": WIDE - right, "pairs": int(fits.sum()),
             "exact": sum(percent * n % 100 == 0 for n in bases),
             "cut_off": int(np.count_nonzero(allowed["truncate"])),
             "any_rounding": int(np.any([*allowed.values()], axis=0).sum()),
             "end": int((fits[:-1] > 0).sum())},
            {"percent": percent, "first": first, "last": bases[-1], "right": right, "all": WIDE},
            {"percent": percent, "first": first, "last": bases[-1]},
        )  # fmt: skip


@exercise(
    "6.1", "Count the universes",
    aim="See how fast decisions multiply, and what a rule takes away.",
    minutes=10, kind="count", needs="nothing",
    ask="A team could take three decisions in {first}, {second} and {third} ways. Only this makes no "
    "sense: one way of the first decision with any of {never} ways of the second. How many universes?",
    look="Multiply the ways. Then take out every universe in which the two stand together.",
    why="{all} combinations, less the {without} in which the two stand together.",
    hints={
        "product": "Those are all combinations. Some of them make no sense.",
        "pairs": "You took out {never}. Each such pair comes with every way of the third decision.",
        "left_out": "Those are the universes that make no sense.",
        "sum": "You added the ways. Each way of one decision goes with each of the others.",
    },
)  # fmt: skip
def universes(study):
    rng = np.random.default_rng([6, 1, *study.name.encode()])
    for _ in range(50):
        first, second, third = map(int, rng.integers(3, 9, 3))
        never = int(rng.integers(1, second))
        every, without = first * second * third, never * third
        yield Task(
            every - without,
            {"product": every, "pairs": every - never, "left_out": without,
             "sum": first + second + third},
            {"first": first, "second": second, "third": third, "never": never, "all": every,
             "without": without},
            {"first": first, "second": second, "third": third, "never": never},
        )  # fmt: skip


@exercise(
    "6.2", "Test all universes at once",
    aim="Turn shuffles into a p-value, and know why what was found is counted with them.",
    minutes=15, kind="p", needs="nothing",
    ask="The outcome was shuffled {count} times. In {larger} shuffles the median of all universes was "
    "farther from none than the one found, in no other just as far. What is the joint p?",
    look="Of all arrangements that could have been met, which share gives as much or more?",
    why="{larger} shuffles and the answers as they are, of {all} arrangements in all.",
    hints={
        "found": "The answers as they are are one arrangement too. Without them p could be 0.",
        "complement": "That is the share of arrangements that give less.",
        "twice": "Far from none, up or down, was counted already. There is nothing to double.",
        "half": "You counted what was found above the line only.",
    },
)  # fmt: skip
def joint_p(study):
    rng = np.random.default_rng([6, 2, *study.name.encode()])
    for _ in range(50):
        count, larger = int(rng.integers(90, 200)), int(rng.integers(4, 30))
        p = (larger + 1) / (count + 1)
        yield Task(
            p,
            {"found": larger / count, "complement": 1 - p, "twice": 2 * p,
             "half": larger / (count + 1)},
            {"count": count, "larger": larger, "all": count + 1}, {"count": count, "larger": larger},
        )  # fmt: skip


@exercise(
    "6.3", "Find how far a decision turns a conclusion",
    aim="Measure a decision by rates: its alternatives stand in different numbers of universes.",
    minutes=20, kind="points", needs="nothing",
    ask="Of {one} universes that keep all points of a scale {one_same} conclude what the plan does, of "
    "{other} that cut it {other_same}. By how many percentage points does agreement differ, all points "
    "less cut?",
    look="One percentage for each alternative, each of its own universes. Then the difference.",
    why="{high}% of the one, {low}% of the other.",
    hints={
        "counts": "You compared counts. The alternatives stand in different numbers of universes.",
        "of_all": "You divided by all universes. Each alternative has its own base.",
        "ratio": "That is by which percentage agreement falls. Percentage points are asked for.",
    },
)  # fmt: skip
def turning_points(study):
    rng = np.random.default_rng([6, 3, *study.name.encode()])
    for _ in range(50):
        one, other = (int(n) for n in rng.integers(40, 200, 2))
        one_same, other_same = int(one * rng.uniform(0.7, 0.98)), int(other * rng.uniform(0.2, 0.6))
        high, low = 100 * one_same / one, 100 * other_same / other
        facts = {"one": one, "other": other, "one_same": one_same, "other_same": other_same}
        yield Task(
            high - low,
            {"counts": one_same - other_same, "of_all": 100 * (one_same - other_same) / (one + other),
             "ratio": 100 * (1 - low / high)},
            facts | {"high": f"{high:.1f}", "low": f"{low:.1f}"}, facts,
        )  # fmt: skip
