"""Exercises of chapter 1: who is left out, of whom a share is, what an empty cell means."""

from compendium.lessons.exercise import Task, exercise
from compendium.wording import number


@exercise(
    "1.1", "Follow the rows",
    aim="Read a respondent flow, and say of what a percentage is.",
    minutes=10, kind="percent", needs="rows that were left out",
    ask="Of all rows received, what percent is not analysed?",
    look="Read the flow from its first line to its last: `study.flow().frame`.",
    why="{out} of {received} rows were left out. The base is what came in.",
    hints={
        "kept": "That is what was kept. What was left out is asked for.",
        "base": "The base is wrong: of the rows *received*, not of those analysed.",
        "one_reason": "That is one reason alone. Rows were left out for several.",
        "count": "That is how many. How many percent is asked for.",
    },
)  # fmt: skip
def left_out(study):
    flow = study.survey.flow.set_index("reason")["count"]
    received, analysed = int(flow.iloc[0]), int(flow.iloc[-1])
    out = received - analysed
    if out:
        yield Task(
            100 * out / received,
            {"kept": 100 * analysed / received, "base": 100 * out / analysed,
             "one_reason": 100 * int(flow.iloc[1:-1].max()) / received, "count": out},
            {"out": number(out), "received": number(received)},
        )  # fmt: skip


@exercise(
    "1.2", "Find the base",
    aim="Tell not asked from skipped, and find the base that skip logic leaves.",
    minutes=15, kind="percent", needs="a question that is asked of some only",
    ask="Of those who were asked “{question}”, what percent left it out?",
    look="Take the three kinds of missing apart: `study.missing_table(100).frame` has a column each.",
    why="{skipped} of the {asked} who were asked left it out. Whoever was not asked is in no base.",
    hints={
        "everybody": "That is of all {respondents}. Some were never asked: take them out of the base.",
        "any_missing": "You counted as skipped what was *not asked* too.",
        "of_answered": "That is skipped over *answered*. Whoever skipped was asked as well.",
        "answered": "That is the share who answered. The others are asked for.",
    },
)  # fmt: skip
def skipped(study):
    for item in study.items:
        if not item.asked_if or item.type == "text":
            continue
        states = study.survey.states[next(iter(item.answer_columns()))]
        out, n = int((states == "skipped").sum()), len(states)
        asked = n - int((states == "not_asked").sum())
        if 0 < out < asked:
            yield Task(
                100 * out / asked,
                {"everybody": 100 * out / n, "any_missing": 100 * (n - asked + out) / n,
                 "of_answered": 100 * out / (asked - out), "answered": 100 * (asked - out) / asked},
                {"question": item.question, "skipped": number(out), "asked": number(asked),
                 "respondents": study.words.respondents},
                {"item": item.id},
            )  # fmt: skip


@exercise(
    "1.3", "Count silence as a no",
    aim="Change how missing answers are treated, and measure what that does to a share.",
    minutes=20, kind="points", needs="a question with several ticks that some left out",
    ask="Some reports count whoever left “{question}” out as if they had not ticked “{option}”. By how "
    "many percentage points does the share then fall?",
    look="Two shares of one count: once of those who answered, once of all. Subtract the second.",
    why="{count} of {base} who answered, {count} of {n} in all: the count is the same, the base is "
    "not. Silence became a no.",
    hints={
        "right_share": "That is the share of those who answered. How far it *falls* is asked for.",
        "wrong_share": "That is the share once silence counts as a no. Take it from the right one.",
        "relative": "That is how much smaller it becomes, in percent *of the share*. Points are the "
        "difference of two percentages.",
        "as_yes": "You counted silence as a tick. It is to count as none.",
    },
)  # fmt: skip
def silence(study):
    for item in study.items.of_type("multi"):
        if item.asked_if:
            continue
        ticks = study.survey.answers[[f"{item.id}.{option.id}" for option in item.options]]
        n, base = len(ticks), int(ticks.notna().all(axis=1).sum())
        for option in item.options:
            count = int(ticks[f"{item.id}.{option.id}"].eq(True).sum())
            if 0 < base < n and count:
                own, all_ = 100 * count / base, 100 * count / n
                yield Task(
                    own - all_,
                    {"right_share": own, "wrong_share": all_, "relative": 100 * (1 - base / n),
                     "as_yes": 100 * (count + n - base) / n - own},
                    {"question": item.question, "option": option.label, "count": number(count),
                     "base": number(base), "n": number(n)},
                    {"item": item.id, "option": option.id},
                )  # fmt: skip
