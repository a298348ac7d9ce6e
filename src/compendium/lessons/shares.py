"""Exercises of chapter 2: how sure a share is, a test of two groups, an adjustment for many tests."""

import numpy as np

from compendium.lessons.exercise import Task, exercise
from compendium.survey.answers import answered, chosen
from compendium.survey.plan import outcomes
from compendium.wording import in_percent, number, p_value


def _planned_shares(study):
    """Item, and id of the option, of each share that was planned."""
    for question in study.plan.of("share"):
        item = study.items[question.item]
        if item.type in ("single", "scale"):
            yield item, outcomes(item, question)[0]


@exercise(
    "2.1", "Read an interval",
    aim="Read an interval, and know that its ends are not equally far from the share.",
    minutes=10, kind="percent", needs="a planned share",
    ask="Where does Wilson's {level} interval of the share who chose “{option}” begin?",
    look="The row of `study.shares(\"{item}\")` has the share, then its interval in brackets.",
    why="{count} of {base} chose it. The nearer a share is to 0 or 100, the less room is left on that "
    "side, and the shorter that half of the interval.",
    hints={
        "upper": "That is where it ends.",
        "share": "That is the share itself.",
        "wald": "That is the textbook interval, share ± z standard errors. Near 0 it is too low.",
        "clopper_pearson": "That is Clopper and Pearson's interval, which is wider.",
        "one_sided": "You left all of the error on one side. An interval leaves half on each.",
        "half_width": "That is how far it is from the share to the lower end, not the end.",
    },
)  # fmt: skip
def lower_end(study):
    from scipy import stats

    from compendium.statistics.proportions import proportions

    for item, of in _planned_shares(study):
        given = answered(study.survey, item)[item.id]
        base, count = int(given.sum()), int((chosen(study.survey, item, of) & given).sum())
        if not 0 < count < base:
            continue
        level, sampled = study.confidence, study.survey.sampled
        p, low, high = proportions(count, base, level, sampled=sampled)[
            ["percent", "low", "high"]
        ].iloc[0]
        exact = proportions(count, base, level, "clopper-pearson", sampled)["low"].iloc[0]
        one = proportions(count, base, 2 * level - 1, sampled=sampled) if level > 0.5 else None
        error = 100 * stats.norm.ppf((1 + level) / 2) * np.sqrt(p / 100 * (1 - p / 100) / base)
        yield Task(
            low,
            {"upper": high, "share": p, "wald": p - error, "clopper_pearson": exact,
             "one_sided": one["low"].iloc[0] if one is not None else None, "half_width": p - low},
            {"level": in_percent(level), "option": item.label_of(of), "item": item.id,
             "count": number(count), "base": number(base)},
            {"item": item.id, "of": of, "confidence": level},
        )  # fmt: skip


@exercise(
    "2.2", "Test one group against the rest",
    aim="Make the 2 × 2 table of a question, and test it exactly and on both sides.",
    minutes=20, kind="p", needs="a planned share and a background question with groups",
    ask="Set those whose answer to “{by}” is “{group}” against all who gave another answer. Do as many "
    "of both choose “{option}”? What is the p of Fisher's exact test, two-sided?",
    look="The counts are in `study.shares(\"{item}\", by=\"{by_id}\", of=\"{of}\").frame`: add up the "
    "other groups. Then `scipy.stats.fisher_exact`.",
    why="{a} of {m} against {b} of {k}: {p}. On both sides, because nobody said beforehand which group "
    "would be ahead.",
    hints={
        "one_sided": "That is one side only. Nobody said beforehand which group would be ahead.",
        "missing_as_other": "You put those who did not answer “{by}” among the others. They belong in "
        "neither group.",
        "chi2": "That is Pearson's χ² without correction. Some cells are too small for it.",
        "yates": "That is χ² with Yates's correction, an approximation. The exact test is asked for.",
        "percents": "You gave the test percentages. It needs counts: 1 of 2 is not 50 of 100.",
        "bases": "You set those who chose it beside all of the group. The second row is who did *not*.",
    },
)  # fmt: skip
def one_against_rest(study):
    survey = study.survey
    for item, of in _planned_shares(study):
        given, hit = answered(survey, item)[item.id], chosen(survey, item, of)
        for by in study.instrument.background():
            if by.type not in ("single", "scale"):
                continue
            told = answered(survey, by)[by.id]
            for group in by.choices:
                one = survey.answers[by.id].eq(group.id).fillna(False)
                table = _table(hit, given & told, one)
                if min(table.sum(axis=0)) and min(table.sum(axis=1)) > 4:
                    yield _tested(item, of, by, group, table, _table(hit, given, one))


def _table(hit, among, one):
    """Rows: chosen or not; columns: the group and the others."""
    return np.array([[int((h & among & g).sum()) for g in (one, ~one)] for h in (hit, ~hit)])


def _tested(item, of, by, group, table, with_missing):
    from scipy import stats

    sizes = table.sum(axis=0)
    right = stats.fisher_exact(table).pvalue
    sides = [stats.fisher_exact(table, alternative=side).pvalue for side in ("less", "greater")]
    percents = np.round(100 * table / sizes).astype(int)
    return Task(
        right,
        {"one_sided": min(sides), "missing_as_other": stats.fisher_exact(with_missing).pvalue,
         "chi2": stats.chi2_contingency(table, correction=False).pvalue,
         "yates": stats.chi2_contingency(table).pvalue,
         "percents": stats.fisher_exact(percents).pvalue,
         "bases": stats.fisher_exact(np.array([table[0], sizes])).pvalue},
        {"by": by.question, "group": group.label, "option": item.label_of(of), "item": item.id,
         "by_id": by.id, "of": of, "a": table[0, 0], "b": table[0, 1], "m": sizes[0], "k": sizes[1],
         "p": p_value(right)},
        {"item": item.id, "of": of, "by": by.id, "group": group.id},
    )  # fmt: skip


@exercise(
    "2.3", "Adjust otherwise",
    aim="Replace Holm's adjustment by Bonferroni's, and see what the simpler one costs.",
    minutes=20, kind="p", needs="a family of three planned tests or more that compare groups",
    ask="The {m} tests of the family “{family}” are adjusted by Holm's method. What is the p of "
    "“{label}” if Bonferroni's is used?",
    look="`study.tests().frame` has the unadjusted `p` of each test, and its `family`.",
    why="{m} times the unadjusted p, at most 1. Holm multiplies only the smallest by {m}, so it finds "
    "what Bonferroni finds, and sometimes more.",
    hints={
        "unadjusted": "That is the unadjusted p.",
        "holm": "That is Holm's, as the table has it.",
        "all_tests": "You multiplied by the number of *all* planned tests. Only the family counts.",
        "divided": "You divided. Bonferroni divides the *level*, or multiplies the p.",
        "sidak": "That is Šidák's adjustment, 1 − (1 − p)ᵐ, which needs independent tests.",
        "smallest": "That is the adjusted p of another test, the one with the smallest p.",
    },
)  # fmt: skip
def bonferroni(study):
    trends = study.plan.of("trend")
    for family in dict.fromkeys(question.family or question.id for question in trends):
        asked = [question for question in study.plan if (question.family or question.id) == family]
        found = map(study.found, asked)
        tests = [test for one in found for test in one.tests.to_dict("records") if test["p"] >= 0]
        tests.sort(key=lambda test: test["p"])
        m = len(tests)
        for place, test in enumerate(tests[1:] if m > 2 else [], 1):
            p = test["p"]
            holm = max(min(1, (m - k) * tests[k]["p"]) for k in range(place + 1))
            yield Task(
                min(1, m * p),
                {"unadjusted": p, "holm": holm, "all_tests": min(1, _planned_tests(study) * p),
                 "divided": p / m, "sidak": 1 - (1 - p) ** m, "smallest": min(1, m * tests[0]["p"])},
                {"m": m, "family": family, "label": test["label"]},
                {"family": family, "label": test["label"]},
            )  # fmt: skip


def _planned_tests(study):
    """How many planned tests there are, without making them: parts of grids and ticks are tests."""
    parts = 0
    for question in study.plan.of("association", "grid", "ordinal_regression", "trend", "contrast"):
        item = study.items[question.item]
        each = len(item.statements) or (len(item.options) if item.type == "multi" else 1)
        parts += {"trend": each * len(question.by), "association": len(question.by)}.get(
            question.method, 1
        )
    return parts
