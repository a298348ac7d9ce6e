"""Themes counted as multi-response items, co-occurrence, saturation and quotations."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from compendium.coding.codings import CODING, Coding, load_coding
from compendium.coding.themes import (
    cooccurrence,
    quotations,
    saturation,
    told_saturation,
    with_themes,
)
from compendium.disclosure.counts import not_shown, published_counts, suppressed_counts
from compendium.disclosure.suppression import feasibility_intervals
from compendium.statistics.frequencies import distribution
from compendium.survey.answers import answered
from compendium.survey.study import load_study


@pytest.fixture(scope="module")
def protected(themed):
    """The same study, protected as if its answers were those of people."""
    return replace(themed, instrument=themed.instrument.protecting("always"))


def test_themes_count_respondents_as_a_hand_count_does(themed, coding, codebook):
    settled = coding.settled
    kept = settled[settled["decision"] != "dropped"]
    for item in themed.instrument.themes():
        table = distribution(themed, item, {}, 0.95).set_index("result")
        theme = next(t for t in codebook.themes if item.id == f"themes.{t.id}")
        ids = [code.id for code in theme.codes]
        by_hand = kept.loc[kept["code"].isin(ids), "respondent"].nunique()
        assert table.loc[f"{item.id}.respondents", "count"] == by_hand
        for code in ids:
            count = kept.loc[kept["code"] == code, "respondent"].nunique()
            assert table.loc[f"{item.id}.{code}", "count"] == count
        assert set(table["base"]) == {kept["respondent"].nunique()}


def test_respondents_who_wrote_nothing_are_no_base(study, themed):
    silent = study.answers[[i.id for i in study.instrument.of_type("text")]].isna().all(axis=1)
    given = answered(themed, themed.instrument.themes()[0])
    assert not given[silent].to_numpy().any()
    assert given[~silent].to_numpy().all()


def test_a_study_without_free_text_passes_through():
    study = load_study("anes96", "data")
    assert with_themes(study, load_coding(study, "data/anes96")) is study


def test_no_small_theme_count_can_be_worked_out(protected):
    cells, sums = published_counts(protected)
    hidden = suppressed_counts(protected)
    bounds = feasibility_intervals(
        cells, sums, 5, [name for name in hidden if name in cells], *not_shown(cells)
    )
    themes = bounds[bounds["name"].str.contains("themes.")]
    assert len(themes) > 0
    assert (themes["low"] != themes["high"]).all()


def test_cooccurrence_shows_only_pairs_whose_four_parts_are_large(protected):
    table = cooccurrence(protected, {}).set_index(["code_a", "code_b"])
    ticks = {
        c.rsplit(".", 1)[1]: protected.answers[c] for c in protected.answers if c.startswith("themes.")
    }
    some = table.dropna(subset="count")
    assert 0 < len(some) < len(table)
    for (a, b), row in some.iterrows():
        square = pd.crosstab(ticks[a], ticks[b])
        assert row["count"] == square.loc[True, True]
        assert square.to_numpy().min() >= 5
    first = "themes.value.learner_gain"
    assert cooccurrence(protected, {first: "…"}).query("code_a == 'learner_gain'")["count"].isna().all()


def test_saturation_is_the_mean_over_all_orders_of_respondents():
    # Six respondents, the last of whom gave two answers: all 720 orders are made.
    marks = pd.DataFrame(
        {"x": [1, 1, 0, 0, 0, 0, 0], "y": [1, 0, 0, 1, 0, 0, 1], "z": [0] * 6 + [1], "never": [0] * 7},
        index=pd.MultiIndex.from_tuples([(f"r{k}", "q") for k in range(6)] + [("r5", "p")]),
    )
    heard = marks.astype(float).groupby(level=0).max().to_numpy()
    orders = np.array(
        [np.maximum.accumulate(heard[list(o)]).sum(axis=1) for o in permutations(range(6))]
    )
    curve = saturation(marks.astype(float))
    assert curve.index.name == "respondents"
    assert curve["codes"].to_numpy() == pytest.approx(orders.mean(axis=0))
    ends = orders.mean(axis=0) + 1.645 * orders.std(axis=0)
    assert curve["high"].to_numpy() == pytest.approx(np.minimum(ends, 3))


def test_quotations_follow_their_rule(codebook):
    theme = next(t for t in codebook.themes if t.id == "barriers")
    long = "word " * 10
    rows = [
        ("r1", "q", f"{long}one", ["cost"]),
        ("r2", "q", f"{long}two three", ["cost", "time"]),  # adds two codes: first
        ("r2", "p", f"{long}four", ["awareness"]),  # the same writer: passed over
        ("r3", "q", f"{long}five a@b.example", ["awareness", "green"]),  # carries another theme
        ("r4", "q", f"{long}six seven", ["awareness"]),  # fewest others: second
        ("r5", "q", "too short", ["awareness"]),
    ]
    answers = pd.DataFrame([r[:3] for r in rows], columns=["respondent", "item", "text"])
    settled = pd.DataFrame([(*r[:2], code) for r in rows for code in r[3]], columns=CODING)

    def picked(answers):
        found = quotations(Coding(codebook, answers, settled.assign(coder="a"), settled))
        return found[found["theme"] == theme.name]["quotation"].tolist()

    assert [quote.split()[-1] for quote in picked(answers)] == ["three", "seven"]
    assert picked(answers.iloc[[3]])[0].endswith("[e-mail]")


def test_the_band_of_the_curve_does_not_tell_a_withheld_pair(themed, coding):
    """With two codes the ends of the band follow from how many raise both, so both follow from them."""
    item = max(themed.instrument.themes(), key=lambda item: len(item.options))
    one, other = (option.id for option in item.options[:2])
    marks, ends = coding.consensus[[one, other]], {}
    assert list(told_saturation(marks, themed, {})) == ["codes", "low", "high"]
    secret = {f"both:{item.id}.{one}.{other}": "<5"}
    assert list(told_saturation(marks, themed, secret)) == ["codes"]
    for both in range(1, 5):  # ten respondents raise each of two codes
        rows = [(1, 1)] * both + [(1, 0), (0, 1)] * (10 - both) + [(0, 0)] * (10 + both)
        index = pd.MultiIndex.from_tuples([(k, "x") for k in range(30)])
        curve = saturation(pd.DataFrame(rows, index=index, columns=["a", "b"], dtype=float))
        ends[both] = tuple(curve["high"].round(6))
        assert curve["codes"].iloc[9] == pytest.approx(2 * (1 - stats.hypergeom.pmf(0, 30, 10, 10)))
    assert len(set(ends.values())) == 4
