"""The analysis that a planned question asks for: its tables, its tests, and what must be withheld.

One function a method, all of one shape, so that a notebook asks every question in the same way.
"""

from dataclasses import dataclass, field

import pandas as pd

from compendium.statistics import association as tests
from compendium.statistics.display import share_records, spreads, three_digits
from compendium.statistics.frequencies import (
    as_shown,
    breakdown,
    breaks_down_withheld,
    distribution,
    few_rated,
    rests_on_withheld,
    spread,
)  # fmt: skip
from compendium.statistics.ordinal import ordinal_regression, parallel_lines
from compendium.statistics.proportions import detectable, precision, proportions
from compendium.statistics.repeated import friedman, paired_difference, wilcoxon_pairs
from compendium.survey.answers import answered, base_of, chosen, scores_of
from compendium.survey.plan import outcomes
from compendium.wording import number

TOLD = "withheld: few gave an answer"
FEW_RATED = "Withheld: few gave one of the ratings that it rests on."


@dataclass
class Finding:
    """What was found on a planned question.

    Attributes
    ----------
    question : Question
    shares : dict of str to pandas.DataFrame
        Tables of shares, as from `frequencies.breakdown`, by id of the item that forms the rows;
        one under the empty name where nothing is broken down.
    tests : pandas.DataFrame
        One row a test of the question's family: the columns of `association.one_test`, `name`
        (distinct within the question), `label` (what is tested, in words).
    pairs, coefficients, assumption : pandas.DataFrame or None
        Comparisons of two statements each; a model's odds ratios and the test of its assumption.
    records : list of dict
        Named results, as `results.record` takes them.
    reason : str
        Why there is no number, where all of it is withheld.
    """

    question: object
    shares: dict = field(default_factory=dict)
    tests: pd.DataFrame | None = None
    pairs: pd.DataFrame | None = None
    coefficients: pd.DataFrame | None = None
    assumption: pd.DataFrame | None = None
    records: list = field(default_factory=list)
    reason: str = ""


def find(study, question, hidden, seed, confidence):
    """Answer a question of the plan.

    Parameters
    ----------
    study : Study
    question : Question
        Of any method but ``published`` and ``themes``.
    hidden : dict of str to str
        What to withhold, as from `disclosure.counts.suppressed_counts`.
    seed : int
        For Monte Carlo tests.
    confidence : float
        Level of all intervals, a proportion.

    Returns
    -------
    Finding

    Examples
    --------
    >>> from compendium.survey.study import load_study
    >>> study = load_study("anes96", "data")
    >>> found = find(study, study.instrument.plan[0], {}, 1, 0.95)
    >>> found.shares[""]["base"].iloc[0].item()
    944
    """
    item = study.instrument.item(question.item)
    if question.method == "share":
        return _share(study, question, item, hidden, confidence)
    if question.method == "association":
        return _association(study, question, item, hidden, seed, confidence)
    if question.method == "trend":
        return _trend(study, question, item, hidden, confidence)
    if question.method == "grid":
        return _grid(study, question, item, hidden, confidence)
    if question.method == "contrast":
        return _contrast(study, question, item, hidden, confidence)
    return _model(study, question, item, hidden, confidence)


def _protected(study):
    return study.instrument.minimum > 1


def _named(test, name, label, withhold=False):
    """A test as a row of its family; empty but for its name where it may not be told."""
    if withhold:
        test = tests.one_test(test["test"].iloc[0], note=TOLD).assign(n=pd.NA)
    return test.assign(name=name, label=label)


def _share(study, question, item, hidden, confidence):
    """A share with two intervals: Wilson's in the table, Clopper and Pearson's as a result."""
    table = distribution(study, item, hidden, confidence)
    found = Finding(question, {"": table}, records=share_records(table, "Wilson"))
    id = f"{item.key}.{outcomes(item, question)[0]}"
    row = table[table["result"] == id].iloc[0]
    if row["shown"]:
        found.reason = "The count is withheld."
        return found
    counted = int(row["count"]), int(row["base"])
    exact = proportions(*counted, confidence, "clopper-pearson", study.sampled).iloc[0]
    found.records.append(
        {"id": f"{id}.exact", "value": exact["percent"], "unit": "percent", "count": row["count"],
         "base": row["base"], "low": exact["low"], "high": exact["high"],
         "method": "exact, finite population" if study.sampled else "Clopper–Pearson"}
    )  # fmt: skip
    return found


def _in_points(question):
    """The bound of a difference of shares, in percentage points as the tests take it."""
    return None if question.equivalence is None else 100 * question.equivalence


def _association(study, question, item, hidden, seed, confidence):
    """Answers by background: a breakdown and one test for each item of `by`, of a trend if ordered."""
    found, rows = Finding(question), []
    ofs = outcomes(item, question)
    for by in map(study.instrument.item, question.by):
        groups = question.rows or [option.id for option in by.choices]
        parts = [breakdown(study, item, of, by, hidden, confidence, rows=question.rows) for of in ofs]
        both = as_shown(study, item, ofs, by, groups)
        test = tests.association(
            both["outcome"], both["row"], seed, confidence, ordered=by.type == "scale",
            bound=_in_points(question),
        )  # fmt: skip
        rows.append(_named(test, by.id, by.question, rests_on_withheld(parts)))
        found.shares[by.id] = pd.concat(parts, ignore_index=True)
        found.records += share_records(found.shares[by.id], "Wilson")
    found.tests = pd.concat(rows, ignore_index=True)
    return found


def _trend(study, question, item, hidden, confidence):
    """Shares by an ordered answer, and one rank correlation for each statement or option.

    The correlation is of all points of both scales, whatever groups are shown.
    """
    found, rows = Finding(question), []
    ofs = outcomes(item, question)
    labels, scores = _ranked(study, item, ofs)
    decimals = 2 if _protected(study) else None
    for by in map(study.instrument.item, question.by):
        points = scores_of(study, by)[by.id]
        shown = {
            (of, column): breakdown(study, item, of, by, hidden, confidence, column, question.rows)
            for of in ofs
            for column in ([item.id] if item.type == "multi" else item.answer_columns())
        }
        for column, part in labels.items():
            told = item.id if item.type == "multi" else column
            table = shown[question_of(item, question, part), told]
            test = tests.trend(points, scores[column], confidence, decimals, question.equivalence)
            if _protected(study):
                test = three_digits(test)
            label = item.question if part is item else part.label
            rows.append(_named(test, f"{by.id}.{part.id}", label, rests_on_withheld([table])))
        found.shares[by.id] = pd.concat(shown.values(), ignore_index=True)
        found.records += share_records(found.shares[by.id], "Wilson")
    found.tests = pd.concat(rows, ignore_index=True)
    return found


def _ranked(study, item, ofs):
    """What a trend ranks, by column: the options and groups that are named, statements, or the item."""
    if item.type != "multi":
        scores = scores_of(study, item)
        return dict(zip(scores, item.statements or [item], strict=True)), scores
    given = answered(study, item)[item.id]
    labels = {f"{item.id}.{p.id}": p for p in [*item.options, *item.groups] if p.id in ofs}
    ticks = {
        column: chosen(study, item, p.id).astype(float).where(given) for column, p in labels.items()
    }
    return labels, pd.DataFrame(ticks)


def question_of(item, question, part):
    """The option or group whose share stands for a part; where several are ticked, the part itself."""
    return part.id if item.type == "multi" else outcomes(item, question)[0]


def _grid(study, question, item, hidden, confidence):
    """Statements rated by the same respondents: ranks over all, then every two compared."""
    table = distribution(study, item, hidden, confidence)
    ratings = scores_of(study, item)
    if ratings.shape[1] < 2:
        reason = "One statement cannot be compared with another."
        return Finding(question, {"": table}, records=share_records(table, "Wilson"), reason=reason)
    if few_rated(table):
        row = _named(tests.one_test("Friedman"), "all", item.question, withhold=True)
        records = share_records(table, "Wilson")
        return Finding(question, {"": table}, row, records=records, reason=FEW_RATED)
    ranks = friedman(ratings, confidence)
    pairs = wilcoxon_pairs(ratings, confidence, question.equivalence)
    if _protected(study):  # a rank sum to the last digit would tell more than the table does
        ranks, pairs = three_digits(ranks), three_digits(pairs).drop(columns="differed")
    ranks = _named(ranks, "all", item.question)
    records = share_records(table, "Wilson")
    for pair in pairs.to_dict("records"):
        names = ".".join(pair[side].rpartition(".")[2] for side in ("a", "b"))
        records += _equivalence(f"plan.{question.id}.{names}", pair)
    return Finding(question, {"": table}, ranks, pairs, records=records)


def _contrast(study, question, item, hidden, confidence):
    """Two kinds of options that the same respondents could tick: a paired difference."""
    given, table = answered(study, item)[item.id], distribution(study, item, hidden, confidence)
    first, second = (chosen(study, item, of)[given] for of in question.of[:2])
    secret = any(name in hidden for name in item.pair_names(question.of))
    test = paired_difference(first, second, confidence, _in_points(question))
    row = _named(test, "difference", item.question, secret)
    return Finding(question, {"": table}, row, records=share_records(table, "Wilson"))


def _model(study, question, item, hidden, confidence):
    """A proportional-odds model of an ordered answer, and the test of its assumption."""
    answers, instrument = study.answers, study.instrument
    involved = [item, *map(instrument.item, question.by)]
    few = any(f"{part.key}.{option.id}" in hidden for part in involved for option in part.choices)
    few = few or any(base_of(part, part.id) in hidden for part in involved)
    few = few or breaks_down_withheld(involved, hidden)
    coefficients, fit = ordinal_regression(answers[question.item], answers[question.by], confidence)
    parallel = parallel_lines(answers[question.item], answers[question.by])
    if _protected(study):  # coefficients to the last digit would tell more than the tables do
        coefficients, fit, parallel = map(three_digits, (coefficients, fit, parallel))
    found = Finding(question, tests=_named(fit, "model", item.question, few))
    if few:
        found.reason = "The model is withheld: few gave one of the answers that it rests on."
        return found
    found.coefficients, found.assumption = coefficients, parallel
    for term in coefficients.dropna(subset=["odds_ratio"]).itertuples():
        found.records.append(
            {"id": f"plan.{question.id}.{term.name}.odds_ratio", "value": term.odds_ratio,
             "unit": "coefficient", "low": term.low, "high": term.high,
             "base": fit["n"].iloc[0], "method": "proportional odds"}
        )  # fmt: skip
    for row in parallel.dropna(subset=["p"]).itertuples():
        name = "parallel_lines" + ("" if row.name == "all" else f".{row.name}")
        found.records.append(
            {"id": f"plan.{question.id}.{name}.p", "value": row.p, "unit": "p", "base": row.n,
             "method": "score test"}
        )  # fmt: skip
    return found


def adjusted(findings):
    """All planned tests in one table, adjusted within their families.

    Parameters
    ----------
    findings : sequence of Finding

    Returns
    -------
    pandas.DataFrame
        The rows of all `tests` with `question`, `family` and `p_holm`; empty where none was made.
        Tests that may not be told count in their family, tests that could not be made do not.
    """
    rows = [
        found.tests.assign(
            question=found.question.id, family=found.question.family or found.question.id
        )
        for found in findings
        if found.tests is not None
    ]
    if not rows:
        return pd.DataFrame(columns=["question", "family", "name", "p_holm"])
    table = pd.concat(rows, ignore_index=True)
    table["name"] = table.pop("name")  # after the question that it belongs to
    for _, rows in table.groupby("family", sort=False):
        untold = int(rows["note"].eq(TOLD).sum())
        table.loc[rows.index, "p_holm"] = tests.holm(rows["p"], untold)
    return table


def test_records(table, exploratory=()):
    """The planned tests as named results: the adjusted p, and the effect with its interval.

    Parameters
    ----------
    table : pandas.DataFrame
        As from `adjusted`.
    exploratory : collection of str
        Questions that were changed after the plan was frozen.

    Returns
    -------
    list of dict
        As `results.record` takes them.
    """
    records = []
    for row in table.itertuples():
        id = f"plan.{row.question}.{row.name}"
        note = row.note or (None if pd.notna(row.p_holm) else "not tested")
        loose = {"exploratory": True} if row.question in exploratory else {}
        secret = {"withheld": "…"} if row.note == TOLD else {}
        records.append(
            {"id": f"{id}.p", "value": row.p_holm, "unit": "p", "base": row.n,
             "method": f"{row.test}, Holm within '{row.family}'", "note": note, "test": row.test}
            | secret | loose
        )  # fmt: skip
        if pd.notna(row.effect):
            unit = "percent" if row.effect_name == "difference" else "coefficient"
            records.append(
                {"id": f"{id}.effect", "value": row.effect, "unit": unit, "low": row.low,
                 "high": row.high, "base": row.n, "method": row.effect_name} | loose
            )  # fmt: skip
        records += [fields | loose for fields in _beside(id, row._asdict())]
    return records


def _beside(id, row):
    """What stands beside a test: a difference of shares, and the p of its unordered twin."""
    records = []
    if pd.notna(row.get("difference")):
        records.append(
            {"id": f"{id}.difference", "value": row["difference"], "unit": "percent",
             "low": row["difference_low"], "high": row["difference_high"], "base": row["n"],
             "method": "Newcombe", "note": "percentage points"}
        )  # fmt: skip
    if pd.notna(row.get("unordered")):
        records.append(
            {"id": f"{id}.unordered.p", "value": row["unordered"], "unit": "p", "base": row["n"],
             "method": "groups as unordered, not adjusted"}
        )  # fmt: skip
    return records + _equivalence(id, row)


def bounded(test):
    """The effect of a test that a bound of the plan was put to: value, unit, and what came of it.

    Parameters
    ----------
    test : mapping
        A row of a table of tests, with `bound`.

    Returns
    -------
    dict
        `value`; `unit`, as a result has it; `unit_said` and `decimals`, for words; `equivalent`.
    """
    if test["effect_name"] in ("τ-b", "rank-biserial r"):
        found = {"value": test["effect"], "unit": "coefficient", "unit_said": "", "decimals": 2}
    else:
        gap = test.get("difference")
        found = {"value": test["effect"] if pd.isna(gap) else gap, "unit": "percent"}
        found |= {"unit_said": " percentage points", "decimals": 1}
    inside = -test["bound"] < test["bound_low"] and test["bound_high"] < test["bound"]
    return found | {"equivalent": bool(inside)}


def _equivalence(id, row):
    """The effect with the interval that is put to the plan's bound, and the p of doing so."""
    if pd.isna(row.get("bound")):
        return []
    found = bounded(row)
    common = {"base": row["n"], "method": "two one-sided tests, not adjusted", "bound": row["bound"],
              "equivalent": found["equivalent"]}  # fmt: skip
    points = {"note": "percentage points"} if found["unit"] == "percent" else {}
    ends = {"low": row["bound_low"], "high": row["bound_high"]}
    return [
        {"id": f"{id}.equivalence", "value": found["value"], "unit": found["unit"]}
        | ends | common | points,
        {"id": f"{id}.equivalence.p", "value": row["bound_p"], "unit": "p"} | common,
    ]  # fmt: skip


def told_bounds(findings, exploratory=()):
    """How many effects were put to a bound of the plan and lie within it: one sentence or none."""
    tables = [
        table
        for found in findings
        for table in (found.tests, found.pairs)
        if found.question.id not in exploratory and table is not None and "bound" in table
    ]
    inside = [bounded(row)["equivalent"] for table in tables for row in
              table[table["bound"].notna()].to_dict("records")]  # fmt: skip
    if not inside:
        return []
    return [
        f"{sum(inside)} of {len(inside)} effects that the plan puts to a bound are shown to be too "
        "small to matter (two one-sided tests)."
    ]


def number_answers(study, items, hidden):
    """What respondents answered to questions for a number, as `parts`, `frame` and `records`."""
    told, records = {}, []
    for item in items:
        if f"asked:{item.id}" in hidden:
            continue
        found = spread(study.answers[item.id], study.instrument.minimum)
        told[item.question] = found
        fields = {"id": f"{item.key}.median", "value": found["median"], "unit": "score"}
        secret = pd.isna(found["median"])
        note = {"note": "withheld: few answered", "withheld": "…"} if secret else {"note": item.unit}
        records.append(fields | {"base": int(found["n"]), "method": "median"} | note)
    if not told:
        return {"parts": ["No other question asks for a number."]}
    return {"parts": [spreads(told)], "frame": pd.DataFrame(told).T, "records": records}


def told_precision(study, confidence, power):
    """What the respondents of a study can show, as `parts` and `records`."""
    n, population = study.n, study.instrument.population
    half = n // 2
    width, gap = precision(n, confidence, study.sampled), detectable(half, half, power)
    of = f" of a population of {population:,}" if population else ""
    endless = (
        f" (± {number(precision(n, confidence))} if it had no end; intervals of shares mind its size, "
        "tests do not)"
    )
    base = {"unit": "percent", "base": n}
    records = [
        {"id": "sample.precision", "value": width, **base, "note": "percentage points",
         "method": "half the width of Wilson's interval at 50%"},
        {"id": "sample.detectable", "value": gap, **base, "method": "power of Fisher's exact test",
         "note": "percentage points above 50%, two halves of the sample"},
    ]  # fmt: skip
    told = (
        f"With n = {n:,}{of}: ± {number(width)} percentage points around 50%{endless if of else ''}; "
        "a difference of "
        f"{number(gap)} points between two halves of the sample is found by Fisher's exact test "
        f"with probability {power:g}."
    )
    return {"parts": [told], "records": records}
