"""One universe beside the compendium's own statistics, SciPy, statsmodels and specification_curve."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.regression.linear_model import OLS

from compendium.multiverse import universe
from compendium.multiverse.ground import Ground, lay_ground
from compendium.multiverse.universe import examine, shuffles
from compendium.statistics.association import association
from compendium.statistics.planned import find
from compendium.statistics.repeated import friedman

TABLES = np.random.default_rng(5).integers(0, 9, (40, 4, 5)).astype(float)


def pairs_of(table):
    """The respondents of a table of counts: their row and their column."""
    rows, columns = np.nonzero(table)
    return tuple(np.repeat(at, table[rows, columns].astype(int)) for at in (rows, columns))


def first(ground):
    return examine(ground, ground.universes[0], shuffles(ground, 20, 1), 0.95)


def ground_of(y, x, kind="pairs", **more):
    """A ground of one outcome and one grouping, both given as scores."""
    choices = {"outcome": "y", "by": "x", "cut": "points", "dont_know": "missing", "weights": "off",
               "coders": "consensus", "groups": "points", "covariates": "none", "test": "kendall",
               "exclusions": "nobody", "completeness": "any"} | more.pop("choices", {})  # fmt: skip
    y, x = np.asarray(y, float), np.asarray(x, float)
    return Ground(
        "q", kind, [choices], {("y", "points", "missing", "consensus"): y},
        {("x", "points", "missing"): x}, {("nobody", "any"): np.ones(len(y), bool)},
        np.zeros(len(y), int), [False], **more,
    )  # fmt: skip


def test_rank_correlations_of_stacked_tables_are_scipys():
    taus = universe.kendall(TABLES)
    ranks = [universe.midranks(TABLES.sum(axis=axis)) for axis in (2, 1)]
    rhos = universe.correlation(TABLES, ranks[0][:, None], ranks[1])
    for table, tau, rho in zip(TABLES, taus, rhos, strict=True):
        x, y = pairs_of(table)
        assert tau == pytest.approx(stats.kendalltau(x, y).statistic)
        assert rho == pytest.approx(stats.spearmanr(x, y).statistic)


def test_a_weight_of_two_counts_as_two_respondents():
    table = TABLES[0]
    assert universe.kendall(2 * table) == pytest.approx(universe.kendall(table))
    doubled = table.copy()
    doubled[1] *= 2
    x, y = pairs_of(doubled)
    assert universe.kendall(doubled) == pytest.approx(stats.kendalltau(x, y).statistic)


def test_effects_without_order_are_those_of_the_associations():
    v, eta = universe.bergsma(TABLES), universe.positions(TABLES[:, :, :2], np.arange(4.0))
    for table, one, other in zip(TABLES[:8], v, eta, strict=False):
        found = association(*map(pd.Series, pairs_of(table)), seed=1, tables=1)
        assert one == pytest.approx(found["effect"].item())
        x, y = pairs_of(table[:, :2])
        found = association(pd.Series(y), pd.Series(x), seed=1, tables=1, ordered=True)
        assert other == pytest.approx(found["effect"].item())
        assert other == pytest.approx(abs(np.corrcoef(x, y)[0, 1]))


def test_a_correlation_given_other_predictors_is_that_of_a_regression():
    rng = np.random.default_rng(3)
    x, z = rng.integers(0, 4, 80), rng.integers(0, 3, 80)
    y = rng.integers(0, 5, 80) + x
    ground = ground_of(y, x, choices={"covariates": "others", "test": "linear"}, others={"x": ["z"]})
    ground.groups["z", "points", "missing"] = z.astype(float)
    fit = OLS(y, np.column_stack([np.ones(80), x, z])).fit()
    t, free = fit.tvalues[1], 77
    assert first(ground).estimate == pytest.approx(t / np.sqrt(t**2 + free))


def test_shuffles_are_counted_as_if_each_were_a_study_of_its_own():
    rng = np.random.default_rng(8)
    x, y = rng.integers(0, 4, 50).astype(float), rng.integers(0, 5, 50).astype(float)
    x[:6] = y[4:9] = np.nan
    ground = ground_of(y, x)
    drawn = shuffles(ground, 12, 7)
    found = examine(ground, ground.universes[0], drawn, 0.95)
    assert found.n == (~np.isnan(x) & ~np.isnan(y)).sum()
    for row, effect in zip(drawn[1:], found.shuffled, strict=True):
        given = ~np.isnan(x[row]) & ~np.isnan(y)
        assert effect == pytest.approx(stats.kendalltau(x[row][given], y[given]).statistic)


def test_shuffles_stay_among_those_who_answered_the_same_questions(employers):
    ground = lay_ground(employers, employers.study.instrument.plan["model"])
    drawn = shuffles(ground, 30, 1)
    assert (drawn[0] == np.arange(len(ground.pattern))).all()
    assert (ground.pattern[drawn] == ground.pattern).all()
    assert (np.sort(drawn, axis=1) == np.arange(len(ground.pattern))).all()
    assert (shuffles(ground, 30, 1) == drawn).all()
    assert (shuffles(ground, 30, 2) != drawn).any()


@pytest.mark.parametrize(
    "name", ["recruitment_by_familiarity", "benefits_by_familiarity", "terms", "persuasion",
             "use_by_familiarity", "who"],
)  # fmt: skip
def test_the_plans_own_universe_finds_what_chapter_2_does(employers, name):
    question = employers.study.instrument.plan[name]
    ground = lay_ground(employers, question)
    table = find(employers.study, question, {}, 1, 0.95).tests
    drawn = shuffles(ground, 2, 1)
    seen, found = set(), []
    for choices in ground.universes:
        if (choices["outcome"], choices["by"]) not in seen:
            seen.add((choices["outcome"], choices["by"]))
            found.append(examine(ground, choices, drawn, 0.95))
    assert [one.n for one in found] == table["n"].tolist()
    assert [one.estimate for one in found] == pytest.approx(table["effect"].tolist())
    assert [one.low for one in found] == pytest.approx(table["low"].tolist())
    assert [one.high for one in found] == pytest.approx(table["high"].tolist())


def test_a_shuffled_grid_is_a_grid():
    ratings = np.random.default_rng(2).integers(1, 6, (30, 4)).astype(float)
    ground = ground_of(ratings[:, 0], ratings[:, 0], "grid")
    ground.outcomes["y", "points", "missing", "consensus"] = ratings
    drawn = shuffles(ground, 5, 1)
    found = examine(ground, ground.universes[0], drawn, 0.95)
    for places, effect in zip(drawn[1:], found.shuffled, strict=True):
        moved = pd.DataFrame(np.take_along_axis(ratings, places.astype(int), axis=1))
        assert effect == pytest.approx(friedman(moved)["effect"].item())


def test_weights_count_in_every_kind_of_universe():
    rng = np.random.default_rng(4)
    x, y, twice = rng.integers(0, 3, 60), rng.integers(0, 4, 60), rng.integers(1, 3, 60)
    design = pd.DataFrame({"weight": twice.astype(float), "stratum": 1, "cluster": range(60)})
    design["population"] = np.nan
    on = {"weights": "on"}
    repeated = np.repeat(np.arange(60), twice)
    for kind, test in (("pairs", "kendall"), ("pairs", "linear"), ("association", "linear")):
        weighted = first(ground_of(y, x, kind, choices=on | {"test": test}, design=design))
        plain = first(ground_of(y[repeated], x[repeated], kind, choices={"test": test}))
        assert weighted.estimate == pytest.approx(plain.estimate)
        assert weighted.high - weighted.low > plain.high - plain.low  # as many as there are, no more
    ticks = (y > 1).astype(float)
    share = first(ground_of(ticks, x, "share", choices=on, design=design))
    assert share.estimate == pytest.approx(100 * ticks[repeated].mean())


@pytest.mark.parametrize("weights", [None, np.linspace(0.5, 2, 30)])
def test_many_respondents_are_counted_a_few_shuffles_at_a_time(monkeypatch, weights):
    y, x = (np.random.default_rng(4).integers(0, 3, (2, 30))).astype(float)
    found, everybody = [], np.ones(30, bool)
    for together in (10_000, 70):
        monkeypatch.setattr(universe, "TOGETHER", together)
        drawn = shuffles(ground_of(y, x), 20, 1)
        found.append((drawn, universe._Pairs(y, [x], everybody, drawn, weights).tables))
    for all_at_once, few_at_once in zip(*found, strict=True):
        assert np.array_equal(all_at_once, few_at_once)


def test_what_does_not_vary_is_refused():
    with pytest.raises(ValueError, match="no variation"):
        first(ground_of([1, 1, 1, 1], [1, 2, 1, 2]))
    with pytest.raises(ValueError, match="nobody"):
        first(ground_of([np.nan] * 3, [1, 2, 1]))


# specification_curve 0.3.9 on the same regressions, of those who answered all three questions: see
# second_source.py. Cut, predictor, with the other one or alone; coefficient and p.
SECOND = """
named size others 0.083669 0.062859
named size none 0.090877 0.039273
points size others 0.267614 0.016821
points size none 0.308728 0.00577
named prior others 0.047228 0.417279
named prior none 0.068972 0.234286
points prior others 0.269385 0.063421
points prior none 0.338933 0.021018
"""


def test_the_regressions_are_those_of_specification_curve(employers):
    ground = lay_ground(employers, employers.study.instrument.plan["model"])
    drawn = shuffles(ground, 2, 1)
    both = [ground.groups[by, "points", "missing"] for by in ("size", "prior")]
    ground.kept["nobody", "any"] = ~np.isnan(both).any(axis=0)
    for line in SECOND.split("\n")[1:-1]:
        cut, by, covariates, coefficient, p = line.split()
        choices = ground.universes[0] | {
            "cut": cut,
            "by": by,
            "covariates": covariates,
            "test": "linear",
        }
        found = examine(ground, choices, drawn, 0.95)
        free = found.n - 2 - (covariates == "others")
        t = found.estimate * np.sqrt(free / (1 - found.estimate**2))
        assert 2 * stats.t.sf(abs(t), free) == pytest.approx(float(p), abs=2e-6)
        assert np.sign(t) == np.sign(float(coefficient))
