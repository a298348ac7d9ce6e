"""Effects put to a bound: two one-sided tests, their size, and what a study says of them.

Numbers are from equivalence.R.
"""

import copy

import numpy as np
import pandas as pd
import pytest
from chapters import TINY, lay_out
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from compendium.models import read_yaml, write_yaml
from compendium.statistics.association import association, equivalence, score_ends, trend
from compendium.statistics.findings import within
from compendium.statistics.proportions import difference
from compendium.statistics.repeated import paired_difference, wilcoxon_pairs
from compendium.survey.instrument import read_instrument
from helpers import open_study

BOUND = ["bound_p", "bound_low", "bound_high"]
RATED = (
    "12123311222232213313111331222213122311212221211322"
    "31222231222212211211322222323121222111222322322323"
)
SURVEY = read_yaml(TINY / "survey.yml")


def test_a_difference_of_shares_is_that_of_r():
    rows, columns = np.repeat([0, 0, 1, 1], [50, 48, 50, 52]), np.repeat([0, 1, 0, 1], [50, 48, 50, 52])
    row = association(rows, columns, seed=1, bound=15).iloc[0]
    assert list(row[BOUND]) == pytest.approx([0.03017203, -9.50948418, 13.43500516], abs=1e-7)


def test_a_paired_difference_is_that_of_r():
    first, second = [1] * 9 + [0] * 7 + [1] * 30 + [0] * 46, [0] * 9 + [1] * 37 + [0] * 46
    row = paired_difference(first, second, bound=12).iloc[0]
    assert list(row[BOUND]) == pytest.approx([0.01426549, -5.28752042, 9.54283957], abs=1e-7)


def test_tau_b_is_that_of_r():
    x = np.repeat([1, 2, 3, 4], [20, 40, 25, 15])
    row = trend(x, [int(point) for point in RATED], bound=0.2).iloc[0]
    assert list(row[BOUND]) == pytest.approx([0.01705935, -0.12609222, 0.16022279], abs=1e-7)


def test_newcombes_own_interval_is_the_bound_that_is_just_reached():
    """56 of 70 against 48 of 80, 5.24 to 33.39: Newcombe (1998), method 10."""
    found = equivalence(lambda level: difference(56, 70, 48, 80, level), 20.0, 33.3865, 0.975)
    assert found["bound_p"] == pytest.approx(0.025, abs=1e-4)
    assert (found["bound_low"], found["bound_high"]) == pytest.approx((5.24, 33.39), abs=0.01)


def test_the_documented_example_of_toster_comes_out_alike():
    """65 and 70 of 100 within ±10: TOSTER has p = .225 and -15.9 to 5.9 with Wald's interval."""
    found = equivalence(lambda level: difference(65, 100, 70, 100, level), -5.0, 10, 0.95)
    assert found["bound_p"] == pytest.approx(0.22485, abs=0.005)
    assert (found["bound_low"], found["bound_high"]) == pytest.approx((-15.88, 5.88), abs=0.3)


@pytest.mark.parametrize("value", [-0.5, -0.2, 0.0, 0.1, 0.2, 0.35])
def test_p_is_that_of_the_score_also_beyond_the_bound(value):
    found = equivalence(lambda level: score_ends(value, 0.01, level), value, 0.2, 0.95)
    score = (0.2 - abs(value)) / (0.1 * np.sqrt(1 - 0.2**2))
    assert found["bound_p"] == pytest.approx(stats.norm.sf(score), abs=1e-6)


@pytest.mark.parametrize(("base1", "base2", "share"), [(46, 46, 0.5), (150, 150, 0.4), (200, 60, 0.13)])
def test_what_just_matters_is_seldom_called_too_small(base1, base2, share):
    """Over every pair of counts: true differences of 15 points are called smaller in 5% of samples."""
    one, two = np.arange(base1 + 1)[:, None], np.arange(base2 + 1)[None]
    counts = np.broadcast_arrays(one, two)
    low, high = confint_proportions_2indep(
        counts[0], base1, counts[1], base2, method="newcomb", compare="diff", alpha=0.1
    )
    chance = stats.binom.pmf(one, base1, share + 0.15) * stats.binom.pmf(two, base2, share)
    assert 0 <= (chance * ((low > -0.15) & (high < 0.15))).sum() < 0.06


def test_alike_within_the_bound_and_few_are_told_apart():
    rng = np.random.default_rng(1)
    rated = rng.integers(1, 6, (400, 2))
    row = wilcoxon_pairs(pd.DataFrame(rated, columns=["a", "b"]), bound=0.2)
    (said,) = within(row.set_axis(["a / b"]), 0.95)
    assert said.startswith("- a / b: the 90% interval")
    assert "too small to matter" in said
    few = wilcoxon_pairs(pd.DataFrame(rated[:20], columns=["a", "b"]), bound=0.2)
    (said,) = within(few.set_axis(["a / b"]), 0.95)
    assert "equivalence is not shown, and neither is an effect" in said


def planned(folder, bounds):
    survey = copy.deepcopy(SURVEY)
    for question in survey["plan"]:
        question |= {"equivalence": bounds[question["id"]]} if question["id"] in bounds else {}
    write_yaml(folder / "survey.yml", survey)


def test_a_bound_of_the_plan_is_answered_in_a_sentence_and_in_fields(tmp_path):
    data = lay_out(tmp_path, TINY)
    planned(data / "tiny", {"where": 0.1, "by_weather": 0.9, "motives": 0.2, "weathers": 0.5})
    study = open_study("tiny", data, tmp_path / "build", tmp_path / "figures")
    said = {id: "\n".join(p for p in study.answer(id).parts if isinstance(p, str)) for id in
            ("where", "by_weather", "motives", "weathers")}  # fmt: skip
    assert "reaches beyond ±10.0 percentage points, so that equivalence is not shown" in said["where"]
    assert said["by_weather"].count("lies within ±0.90") == 3
    assert "The two kinds: the 90% interval" in said["motives"]
    assert said["weathers"].count("two one-sided tests") == 3
    records = {r["id"]: r for r in [*study.tests().records, *study.answer("weathers").records]}
    firm = records["plan.by_weather.age.sun.equivalence"]
    assert (firm["bound"], firm["equivalent"], firm["unit"]) == (0.9, True, "coefficient")
    assert -0.9 < firm["low"] < firm["value"] < firm["high"] < 0.9
    gap = records["plan.motives.difference.equivalence"]
    assert (gap["bound"], gap["equivalent"], gap["unit"]) == (20, False, "percent")
    assert records["plan.weathers.sun.rain.equivalence.p"]["value"] > 0.5
    assert "3 of 8 effects" in study.what_was_found()
    assert "too small to matter within ±0.2" in str(study.plan_table().frame.values)


@pytest.mark.parametrize(
    ("id", "bound", "why"),
    [
        ("riders", 0.1, "'share' has no effect to bound"),
        ("model", 0.1, "'ordinal_regression' has no effect to bound"),
        ("helmets", 0.1, "between two groups in one share.*'rows'"),
        ("where", 10, "plan > where > equivalence"),
        ("where", 0.0, "plan > where > equivalence"),
    ],
)
def test_a_bound_that_fits_nothing_is_refused(tmp_path, id, bound, why):
    planned(tmp_path, {id: bound})
    with pytest.raises(ValueError, match=why):
        read_instrument(tmp_path / "survey.yml")
