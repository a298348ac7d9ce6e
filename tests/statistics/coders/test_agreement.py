"""Agreement against published worked examples and the libraries."""

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import jaccard_distance, masi_distance

from compendium.statistics.coders.agreement import (
    _alpha,
    _resampled,
    by_code,
    by_set,
    disagreement_bound,
    jaccard,
    masi,
)

# Krippendorff (2011), Computing Krippendorff's alpha-reliability: four observers, twelve units.
FOUR_OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, np.nan, np.nan, np.nan],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, np.nan, 3],
    [np.nan, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, np.nan],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, np.nan],
]
ONES = np.ones((1, 12))


def values_and_counts():
    data = np.array(FOUR_OBSERVERS)
    values = np.array([1, 2, 3, 4, 5])
    return values, np.array([[np.sum(unit == value) for value in values] for unit in data.T])


def two_coders(both, first, second, neither):
    """Marks of two coders from a published 2 × 2 table."""
    a = [1] * both + [1] * first + [0] * second + [0] * neither
    b = [1] * both + [0] * first + [1] * second + [0] * neither
    return {name: pd.DataFrame({"code": marks}, dtype=float) for name, marks in (("a", a), ("b", b))}


@pytest.mark.parametrize(
    ("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)]
)
def test_library_gives_krippendorffs_published_example(level, published):
    found = krippendorff.alpha(reliability_data=FOUR_OBSERVERS, level_of_measurement=level)
    assert found == pytest.approx(published, abs=0.0005)


def test_bootstrap_arithmetic_gives_krippendorffs_published_example():
    values, counts = values_and_counts()
    assert _alpha(counts, (values[:, None] != values) * 1.0, ONES)[0] == pytest.approx(0.743, abs=5e-4)
    assert _alpha(counts, (values[:, None] - values) ** 2.0, ONES)[0] == pytest.approx(0.849, abs=5e-4)


def test_kappa_published_table():
    # Fleiss, Levin & Paik (2003) and many after: 20 + 15 agree of 50; po 0.70, pe 0.50, kappa 0.40.
    table = by_code(two_coders(20, 5, 10, 15), range(50), seed=1, resamples=20)
    assert table.loc["code", "observed"] == pytest.approx(70)
    assert table.loc["code", "kappa"] == pytest.approx(0.40)


def test_ac1_holds_where_kappa_falls():
    # Gwet (2008), table 1 of the paradox: 118 of 125 pairs agree on yes, 2 and 5 disagree, none on no.
    # po = 118/125; pi = (118 + 3.5)/125; by hand: AC1 = 0.9408, kappa = -0.0234.
    row = by_code(two_coders(118, 5, 2, 0), range(125), seed=1, resamples=20).loc["code"]
    assert row["observed"] == pytest.approx(94.4)
    assert row["ac1"] == pytest.approx(0.9408, abs=5e-5)
    assert row["kappa"] == pytest.approx(-0.0234, abs=5e-5)


def test_masi_of_passonneau():
    # Passonneau (2006): {a, b, c} and {b, c, d} share 2 of 4 codes and neither holds the other:
    # Jaccard 2/4, monotonicity 1/3; distance 1 - 2/4 * 1/3.
    assert masi({"a", "b", "c"}, {"b", "c", "d"}) == pytest.approx(1 - 0.5 / 3)
    assert masi({"a"}, {"a"}) == 0
    assert masi({"a"}, {"b"}) == 1


@pytest.mark.parametrize(("ours", "theirs"), [(masi, masi_distance), (jaccard, jaccard_distance)])
def test_two_empty_sets_agree_where_nltk_divides_by_zero(ours, theirs):
    with pytest.raises(ZeroDivisionError):
        theirs(set(), set())
    assert ours(set(), set()) == 0.0
    assert ours(set(), {"cost"}) == 1.0


def test_no_variation_is_said_where_krippendorff_raises():
    never = two_coders(0, 0, 0, 8)
    with pytest.raises(ValueError, match="more than one"):
        krippendorff.alpha(reliability_data=np.zeros((2, 8)), level_of_measurement="nominal")
    row = by_code(never, range(8), seed=1, resamples=20).loc["code"]
    assert (row["note"], row["observed"]) == ("undefined: no variation", 100)
    assert row[["kappa", "alpha", "ac1", "alpha_low"]].isna().all()
    one = by_set({"a": [frozenset()] * 3, "b": [frozenset()] * 3}, range(3), masi, seed=1, resamples=5)
    assert one["note"] == "undefined: no variation"


@pytest.fixture(scope="module")
def coded_study():
    """Three coders of forty answers, two of them careful and one who guesses now and then."""
    rng = np.random.default_rng(8)
    truth = rng.random((40, 3)) < [0.3, 0.5, 0.7]
    marks = {
        name: pd.DataFrame(truth ^ (rng.random(truth.shape) < error), columns=list("xyz")) * 1.0
        for name, error in (("a", 0.05), ("b", 0.1), ("c", 0.3))
    }
    sets = {
        name: [frozenset(row.index[row == 1]) for _, row in table.iterrows()]
        for name, table in marks.items()
    }
    return marks, sets


def test_every_interval_holds_its_coefficient_and_its_low_end_comes_first(coded_study):
    marks, sets = coded_study
    table = by_code(marks, range(40), seed=1, resamples=200)
    assert table["note"].eq("").all()
    for name in ("kappa", "alpha", "ac1"):
        assert (table[f"{name}_low"] < table[name]).all()
        assert (table[name] < table[f"{name}_high"]).all()
    for distance in (masi, jaccard):
        whole = by_set(sets, range(40), distance, seed=1, resamples=200)
        assert whole["low"] < whole["alpha"] < whole["high"]


def test_a_higher_confidence_widens_every_interval(coded_study):
    marks, sets = coded_study
    narrow, wide = (by_code(marks, range(40), 1, level, 200) for level in (0.5, 0.95))
    for name in ("kappa", "alpha", "ac1"):
        assert (wide[f"{name}_low"] < narrow[f"{name}_low"]).all()
        assert (wide[f"{name}_high"] > narrow[f"{name}_high"]).all()
    less, more = (by_set(sets, range(40), masi, 1, level, 200) for level in (0.5, 0.95))
    assert more["low"] < less["low"] < less["high"] < more["high"]


coded = st.lists(st.tuples(*[st.sampled_from([0.0, 1.0, np.nan])] * 3), min_size=4, max_size=25)


@given(coded)
def test_bootstrap_arithmetic_equals_the_libraries_on_all_answers(votes):
    votes = np.array(votes).T
    pairable = votes[:, np.isfinite(votes).sum(axis=0) > 1]
    if len(np.unique(pairable[np.isfinite(pairable)])) < 2:
        return
    frames = {str(k): pd.DataFrame({"code": row}) for k, row in enumerate(votes)}
    point = by_code(frames, range(votes.shape[1]), seed=1, resamples=2).loc["code"]
    again = _resampled(votes, np.ones((1, votes.shape[1])))
    for name in ("alpha", "ac1", "kappa"):
        assert again[name][0] == pytest.approx(point[name], nan_ok=True, abs=1e-9)


def test_alpha_of_sets_equals_nltk():
    rng = np.random.default_rng(4)
    sets = {
        name: [frozenset(np.array(list("abcd"))[rng.random(4) < 0.4]) for _ in range(40)]
        for name in ("a", "b", "c")
    }
    triples = [(name, unit, s) for name, coder in sets.items() for unit, s in enumerate(coder)]
    for distance in (masi, jaccard):
        theirs = AnnotationTask(data=triples, distance=distance).alpha()
        assert by_set(sets, range(40), distance, seed=1, resamples=2)["alpha"] == pytest.approx(theirs)


def test_partial_overlap_uses_only_what_two_coders_read():
    marks = two_coders(20, 5, 10, 15)
    longer = {name: pd.concat([m, m.iloc[:10]], ignore_index=True) for name, m in marks.items()}
    longer["b"].iloc[50:] = np.nan
    table = by_code(longer, range(60), seed=1, resamples=5)
    assert (table.loc["code", "answers"], round(table.loc["code", "kappa"], 9)) == (50, 0.4)


def test_intervals_resample_respondents_not_answers():
    marks = {
        name: pd.concat([m] * 4, ignore_index=True) for name, m in two_coders(20, 5, 10, 15).items()
    }
    four_each = by_code(marks, list(range(50)) * 4, seed=1).loc["code"]
    once = by_code(two_coders(20, 5, 10, 15), range(50), seed=1).loc["code"]
    assert four_each["ac1_low"] == pytest.approx(once["ac1_low"])
    assert four_each["kappa_high"] == pytest.approx(once["kappa_high"])


@pytest.mark.parametrize("marks", [{"a": pd.DataFrame({"x": [1.0]})}])
def test_one_coder_is_told_what_is_missing(marks):
    with pytest.raises(ValueError, match="needs two coders"):
        by_code(marks, [1], seed=1)


def test_gaps_take_the_prevalence_of_all_that_was_read():
    # irrCAC 0.4.4 (PyPI), CAC(ratings).gwet(): pa .85185, pe .48611, AC1 .71171
    nan = np.nan
    votes = [
        [1, 1, 0, 0, 1, 0, 1, nan, 0, 0, 1, nan],
        [1, 0, 0, 0, 1, 0, nan, 1, 0, 0, 1, 1],
        [nan, 1, 0, 1, 1, 0, nan, nan, 0, 0, nan, nan],
    ]
    marks = {name: pd.DataFrame({"code": given}) for name, given in zip("abc", votes, strict=True)}
    row = by_code(marks, range(12), seed=1, resamples=5).loc["code"]
    assert (row["observed"], row["ac1"]) == pytest.approx((85.185, 0.71171), abs=5e-4)


def test_ac1_with_gaps_is_that_of_gwets_formula_which_gives_his_example():
    # ac1.R: its formula gives .77544 for the whole of the published example (irrCAC's cac.raw4raters);
    # here the example one kind at a time, answers 10 to 12 with gaps and the last read by one coder.
    nan = np.nan
    rated = np.array([
        [1, 1, nan, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4],
        [4, 4, 4, 4], [1, 1, 2, 1], [2, 2, 2, 2], [nan, 5, 5, 5], [nan, nan, 1, 1], [nan, nan, 3, nan],
    ])  # fmt: skip
    kinds = {k: np.where(np.isnan(rated), nan, rated == k) for k in range(1, 5)}
    marks = {
        coder: pd.DataFrame({k: votes[:, coder] for k, votes in kinds.items()}) for coder in range(4)
    }
    found = by_code(marks, range(12), seed=1, resamples=5)
    assert found["ac1"].tolist() == pytest.approx([0.854545455, 0.774618495, 0.845077999, 0.944115650])
    assert found["observed"].tolist() == pytest.approx([90.9090909, 86.3636364, 90.9090909, 95.4545455])


def test_agreement_without_a_difference_is_not_certain():
    # No disagreement in 224: one-sided Clopper-Pearson, 1 - .05 ** (1 / 224) = .013285, over what
    # chance would bring: kappa's 2 p (1 - p) with p = 6 / 224 and AC1's 1 - 2 p (1 - p).
    row = by_code(two_coders(6, 0, 0, 218), range(224), seed=1, resamples=20).loc["code"]
    p, most = 6 / 224, 1 - 0.05 ** (1 / 224)
    assert row[["kappa", "kappa_high", "ac1", "ac1_high"]].tolist() == [1, 1, 1, 1]
    assert row["kappa_low"] == pytest.approx(1 - most / (2 * p * (1 - p)))
    assert row["ac1_low"] == pytest.approx(1 - most / (1 - 2 * p * (1 - p)))
    assert row["kappa_low"] < 0.8 < 0.98 < row["ac1_low"] < 1
    whole = [frozenset("x")] * 6 + [frozenset()] * 218
    sets = by_set({"a": whole, "b": whole}, range(224), masi, seed=1, resamples=20)
    assert (sets["alpha"], sets["high"]) == (1, 1)
    assert 0.7 < sets["low"] < 0.8


def test_few_disagreements_are_bounded_as_clopper_and_pearson_do():
    # R 4.2.2: binom.test(2, 224)$conf.int = 0.001083126, 0.031879109
    assert disagreement_bound(2, 224, 0.95) == pytest.approx((0.001083126, 0.031879109), rel=1e-6)
    row = by_code(two_coders(9, 1, 1, 213), range(224), seed=1, resamples=20).loc["code"]
    by_chance = (2 / 224) / (1 - row["kappa"])
    assert row["kappa_low"] == pytest.approx(1 - 0.031879109 / by_chance)
    assert row["kappa_high"] == pytest.approx(1 - 0.001083126 / by_chance)


@pytest.mark.parametrize("counts", [(4, 0, 0, 60), (0, 1, 0, 0), (60, 0, 0, 3), (1, 1, 1, 30)])
def test_where_a_code_is_hardly_used_no_interval_is_given(counts):
    row = by_code(two_coders(*counts), range(sum(counts)), seed=1, resamples=20).loc["code"]
    assert row[["kappa_low", "kappa_high", "alpha_low", "ac1_low"]].isna().all()
    assert row["observed"] == pytest.approx(100 * (counts[0] + counts[3]) / sum(counts))


def test_a_coder_who_always_says_the_same_leaves_kappa_and_alpha_without_an_interval():
    row = by_code(two_coders(0, 8, 0, 40), range(48), seed=1, resamples=50).loc["code"]
    assert row["kappa"] == 0
    assert row["alpha"] < 0
    assert row[["kappa_low", "kappa_high", "alpha_low", "alpha_high"]].isna().all()
    assert row["ac1_low"] < row["ac1"] < row["ac1_high"]
    sets = {"a": [frozenset()] * 48, "b": [frozenset("x")] * 8 + [frozenset()] * 40}
    found = by_set(sets, range(48), masi, seed=1, resamples=20)
    assert found["alpha"] < 0
    assert np.isnan([found["low"], found["high"]]).all()


def test_several_answers_of_a_respondent_do_not_widen_the_bound_of_each():
    # The same 224 answers of 56 respondents: 1 - .05 ** (1 / 56) of respondents, a quarter of answers.
    row = by_code(two_coders(8, 0, 0, 216), np.repeat(range(56), 4), seed=1, resamples=20).loc["code"]
    p, most = 8 / 224, (1 - 0.05 ** (1 / 56)) / 4
    assert row["kappa_low"] == pytest.approx(1 - most / (2 * p * (1 - p)))
