"""What a rank correlation of all points tells of single cells, by trying every table."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from compendium.statistics.association import trend
from compendium.survey.answers import chosen, scores_of
from compendium.survey.study import load_study

ROWS = {"less": [0, 1], "more": [2, 3, 4]}  # points of `concept` that the plan puts together


@pytest.fixture(scope="module")
def study():
    return load_study("microcredentials", "data")


def ticks_of(study, option):
    """Point of the scale and tick of each respondent who gave both."""
    item = study.instrument.item
    scale = scores_of(study, item("concept"))["concept"]
    ticks = scores_of(study, item("benefits"))[f"benefits.{option}"]
    return pd.DataFrame({"scale": scale, "ticks": ticks}).dropna()


def all_ticks(sizes, ticks):
    """Every way in which the ticks could lie on the points, given the printed table and the bases."""
    halves = [
        [way for way in product(*[range(sizes[k] + 1) for k in row]) if sum(way) == ticks[row].sum()]
        for row in ROWS.values()
    ]
    return np.array([one + other for one in halves[0] for other in halves[1]])


def tau_of(ways, sizes):
    """Kendall's τ-b of each of these tables."""
    below = np.cumsum(sizes - ways, axis=1)
    less = np.cumsum(ways, axis=1)
    surplus = (ways[:, 1:] * below[:, :-1] - (sizes - ways)[:, 1:] * less[:, :-1]).sum(axis=1)
    n, hits = sizes.sum(), ways[0].sum()
    pairs = n * (n - 1) / 2 - (sizes * (sizes - 1) / 2).sum()
    return surplus / np.sqrt(pairs * hits * (n - hits))


@pytest.mark.parametrize(
    "option",
    ["skills_gaps", "up_to_date", "flexible", "retention", "affordable", "new_roles", "sustainability"],
)
def test_two_decimals_of_tau_leave_a_small_cell_as_open_as_the_printed_table(study, option):
    pairs = ticks_of(study, option)
    table = pd.crosstab(pairs["scale"], pairs["ticks"]).reindex(range(1, 6), fill_value=0).to_numpy()
    sizes, ticks = table.sum(axis=1), table[:, 1]
    ways = all_ticks(sizes, ticks)
    taus = tau_of(ways, sizes)
    told = trend(pairs["scale"], pairs["ticks"], decimals=2)["effect"].item()
    true = stats.kendalltau(pairs["scale"], pairs["ticks"]).statistic
    assert taus[(ways == ticks).all(axis=1)].item() == pytest.approx(true)
    left = ways[np.isclose(np.round(taus, 2), told)]
    for point in np.flatnonzero(ticks < 5):
        assert left[:, point].max() >= 5
        assert left[:, point].min() <= max(1, ways[:, point].min())


def test_three_digits_of_tau_would_give_small_cells_away(study):
    pairs = ticks_of(study, "skills_gaps")
    table = pd.crosstab(pairs["scale"], pairs["ticks"]).to_numpy()
    ways = all_ticks(table.sum(axis=1), table[:, 1])
    taus = tau_of(ways, table.sum(axis=1))
    true = stats.kendalltau(pairs["scale"], pairs["ticks"]).statistic
    assert ways[np.round(taus, 3) == round(true, 3)][:, 4].max() < 5


def test_interval_and_p_are_made_of_what_is_told():
    """Two pairs of answers with the same margins and the same rounded τ-b read the same in full."""
    rng = np.random.default_rng(2)
    x, found = np.repeat([1, 2, 3, 4, 5], [12, 34, 24, 16, 6]), {}
    for _ in range(300):
        y = rng.permutation(np.repeat([0, 1], [60, 32]))
        row = trend(x, y, decimals=2).iloc[0]
        found.setdefault(row["effect"], set()).add((row["low"], row["high"], row["p"]))
    assert max(map(len, found.values())) == 1 < len(found)


def test_the_points_that_are_put_together_are_those_of_the_plan(study):
    item = study.instrument.item("concept")
    points = [option.id for option in item.choices]
    for group, positions in ROWS.items():
        members = chosen(study, item, group)
        assert members.equals(study.answers["concept"].isin([points[k] for k in positions]))
