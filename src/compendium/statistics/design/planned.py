"""Weighted answers to the questions of the plan, beside those that count everybody as one."""

import numpy as np
import pandas as pd
from scipy import stats

from compendium.statistics import display
from compendium.statistics.association import one_test
from compendium.statistics.design.estimates import effective, freedom, means, shares
from compendium.statistics.design.tests import UNWEIGHTED, paired_shares, rao_scott
from compendium.statistics.frequencies import as_shown, breakdown, distribution, rests_on_withheld
from compendium.statistics.planned import TOLD
from compendium.survey.answers import COUNTED, answered, chosen
from compendium.survey.plan import outcomes
from compendium.wording import interval, number, plain

NONE = "*This study has no weights: every number counts each respondent once.*"
METHOD = "weighted; Taylor linearisation, interval in log odds"
COARSE = (
    "Answers are protected, so that weighted percents are whole numbers, and left out where they would "
    "tell of a group that is withheld."
)


def weighted(study, hidden, confidence, exploratory=()):
    """Weighted shares, means and tests of what the plan asks.

    Parameters
    ----------
    study : Study
        Its `design` is None where it has no weights.
    hidden : dict of str to str
        What to withhold, as from `disclosure.counts.suppressed_counts`.
    confidence : float
        Level of all intervals, a proportion.
    exploratory : collection of str
        Questions that were changed after the plan was frozen: their results say so.

    Returns
    -------
    dict
        `parts`, sentences and tables in their order; `frame`, all shares; `records`, as
        `results.record` takes them, each with `weighted`; `tables` by name.

    Notes
    -----
    Where few answers are protected, weighted percents are whole numbers, tests have three digits and
    means are left out: sums of known weights to the last digit would tell who is counted in them. Even
    a whole percent does beside a breakdown that is withheld in part, unless it is of enough people.
    """
    if study.design is None:
        return {"parts": [NONE]}
    protected = study.instrument.minimum > 1
    cost = effective(study.design["weight"])
    records = [
        {"id": f"sample.{name}", "value": cost[name], "unit": "score", "base": cost["n"],
         "method": "Kish", "weighted": True}
        for name in ("design_effect", "effective_n")
    ]  # fmt: skip
    parts = [
        f"{number(cost['n'])} respondents with weights tell as much of a mean as "
        f"{number(cost['effective_n'], 0)} without (design effect {number(cost['design_effect'], 2)}; "
        f"Kish). The design leaves {freedom(study.design)} degrees of freedom. {COARSE * protected}"
    ]
    plan = study.instrument.plan
    named = dict.fromkeys(q.item for q in plan if q.item)
    firm = {q.item for q in plan if q.id not in exploratory}
    frames = {}
    for item in map(study.instrument.item, named):
        if item.type in COUNTED:
            frames[item.id] = weighted_distribution(study, item, hidden, confidence)
            parts += [f"**{plain(item.question)}**", shown(frames[item.id], confidence)]
            loose = {} if item.id in firm else {"exploratory": True}
            records += [fields | loose for fields in weighted_records(frames[item.id])]
    found = weighted_means(study, hidden, confidence)
    if len(found) and not protected:  # a weighted mean to the last digit would tell whose it is
        parts += ["**Means**", _means_shown(study, found, confidence)]
        records += [
            {"id": f"{study.instrument.item(row.item).key}.mean.weighted", "value": row.weighted,
             "unit": "mean", "base": row.n, "low": row.low, "high": row.high,
             "method": "weighted; Taylor linearisation", "weighted": True}
            for row in found.itertuples()
        ]  # fmt: skip
    tests = weighted_tests(study, hidden, confidence)
    if len(tests):
        rows = tests.set_axis(tests["label"]).rename_axis(None)
        parts += ["**Planned tests, weighted; not adjusted for their number**"]
        parts += [display.tests(rows, confidence), *display.listed(display.notes(rows))]
        records += [
            {"id": f"plan.{row.question}.{row.name}.weighted.p", "value": row.p, "unit": "p",
             "base": row.n, "method": row.test, "weighted": True,
             "exploratory": row.question in exploratory}
            for row in tests.itertuples() if pd.notna(row.p)
        ]  # fmt: skip
    frame = pd.concat(frames.values(), ignore_index=True) if frames else None
    tables = {f"weighted_{id}": table for id, table in frames.items()}
    return {"parts": parts, "frame": frame, "records": records, "tables": tables}


def weighted_distribution(study, item, hidden, confidence):
    """How often each option and group was chosen, unweighted and weighted.

    Returns
    -------
    pandas.DataFrame
        As from `frequencies.distribution`, with `weighted`, `weighted_low` and `weighted_high` in
        percent; NaN where the count is withheld.
    """
    table = distribution(study, item, hidden, confidence)
    ticks = {}
    for column, given in answered(study, item).items():
        for part in [*item.choices, *item.unsure, *item.groups]:
            hit, base = chosen(study, item, part.id, column), given
            if part in item.unsure:
                hit = study.states[column] == "dont_know"
                base = given | hit
            ticks[f"{item.key_of(column)}.{part.id}"] = hit.astype(float).where(base)
    found = shares(pd.DataFrame(ticks), study.design, confidence).loc[table["result"]]
    found = found.round(0) if study.instrument.minimum > 1 else found
    told = table["percent"].notna().to_numpy() & (not _sharp(study, item, hidden))
    for name, column in (("weighted", "percent"), ("weighted_low", "low"), ("weighted_high", "high")):
        table[name] = np.where(told, found[column], np.nan)
    return table


def _sharp(study, item, hidden):
    """Whether whole percents would tell, through known weights, of a breakdown that is withheld.

    Weights are often known by group. Then a weighted percent is one more sum of the counts of the
    groups, as sharp as half a percent of the respondents.
    """
    if study.n >= 100 * study.instrument.minimum:
        return False
    rows = [name.removeprefix("base:") for name in hidden if ".by." in name]
    return any(name.startswith(f"{item.key}.") or f".by.{item.id}." in name for name in rows)


def shown(table, confidence):
    """Unweighted and weighted shares side by side, as text."""
    index = ["statement", "option"] if table["statement"].nunique() > 1 else ["option"]
    unweighted = display.shares(table, index, confidence)
    ends = zip(table["weighted_low"], table["weighted_high"], strict=True)
    return unweighted.assign(
        **{
            "Weighted percent": [
                mark or number(share)
                for mark, share in zip(table["shown"], table["weighted"], strict=True)
            ],
            f"Weighted {100 * confidence:g}% interval": [interval(*both) for both in ends],
        }
    )


def weighted_records(table):
    """The weighted shares that may be told, as named results."""
    told = table[table["weighted"].notna()]
    return [
        {"id": f"{row.result}.weighted", "value": row.weighted, "unit": "percent",
         "base": int(row.base), "low": row.weighted_low, "high": row.weighted_high,
         "method": METHOD, "weighted": True}
        for row in told.itertuples()
    ]  # fmt: skip


def _means_shown(study, found, confidence):
    rows = {
        "n": [number(n) for n in found["n"]],
        "Mean": [number(mean) for mean in found["mean"]],
        "Weighted mean": [number(mean) for mean in found["weighted"]],
        f"Weighted {100 * confidence:g}% interval": [
            interval(*ends) for ends in zip(found["low"], found["high"], strict=True)
        ],
    }
    return pd.DataFrame(rows, [study.instrument.item(id).question for id in found["item"]])


def weighted_tests(study, hidden, confidence):
    """The planned tests that have a weighted form, and why the others have none.

    Returns
    -------
    pandas.DataFrame
        As from `association.one_test`, with `question`, `name` and `label`.
    """
    rows, item_of = [], study.instrument.item
    for question in study.instrument.plan:
        if question.method == "association":
            for by in map(item_of, question.by):
                test = _independence(study, question, by, hidden, confidence)
                rows.append(test.assign(question=question.id, name=by.id, label=by.question))
        elif question.method == "contrast":
            item = item_of(question.item)
            given = answered(study, item)[item.id]
            first, second = (chosen(study, item, of)[given] for of in question.of[:2])
            test = paired_shares(first, second, study.design, confidence)
            pair = any(name in hidden for name in item.pair_names(question.of))
            if pair or _sharp(study, item, hidden):
                test = _withheld(test)
            rows.append(test.assign(question=question.id, name="difference", label=item.question))
        elif question.method in UNWEIGHTED:
            test = one_test("none", note=UNWEIGHTED[question.method]).assign(n=pd.NA)
            rows.append(test.assign(question=question.id, name="none", label=question.question))
    if not rows:
        return pd.DataFrame()
    table = pd.concat(rows, ignore_index=True)
    return display.three_digits(table) if study.instrument.minimum > 1 else table


def _independence(study, question, by, hidden, confidence):
    item = study.instrument.item(question.item)
    ofs = outcomes(item, question)
    groups = question.rows or [option.id for option in by.choices]
    both = as_shown(study, item, ofs, by, groups)
    test = rao_scott(both["row"], both["outcome"], study.design)
    parts = [breakdown(study, item, of, by, hidden, confidence, rows=question.rows) for of in ofs]
    return _withheld(test) if rests_on_withheld(parts) else test


def _withheld(test):
    """A test of which nothing but its name may be told."""
    return one_test(test["test"].iloc[0], note=TOLD).assign(n=pd.NA)


def weighted_means(study, hidden, confidence):
    """Weighted means of the questions that are answered by a number, beside the plain ones.

    Returns
    -------
    pandas.DataFrame
        One row a question: `item`, `n`, `mean`, `weighted`, `low`, `high`; none of few numbers.
    """
    rows, least = [], 4 * study.instrument.minimum
    for item in study.instrument.of_type("number"):
        values = study.answers[[item.id]]
        n = int(values[item.id].notna().sum())
        if n < least or f"asked:{item.id}" in hidden:
            continue
        mean, covariance = means(values, study.design)
        half = stats.t.ppf((1 + confidence) / 2, freedom(study.design)) * np.sqrt(covariance[0, 0])
        middle = mean.iloc[0]
        rows.append((item.id, n, values[item.id].mean(), middle, middle - half, middle + half))
    return pd.DataFrame(rows, columns=["item", "n", "mean", "weighted", "low", "high"])
