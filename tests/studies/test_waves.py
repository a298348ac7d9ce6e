"""The same question over time: what compares, how it moved, and what stays withheld."""

from dataclasses import replace

import pandas as pd
import pytest
from chapters import TINY

from compendium.disclosure.counts import suppressed_counts
from compendium.studies.page import page
from compendium.studies.waves import Wave, compared, trend_of_means, trend_of_shares, unlike
from compendium.survey.instrument import Plan
from compendium.survey.study import load_study

MEANS = {"n": [5, 6, 4], "mean": [5.2, 7.0, 8.75], "sd": [1.923538, 1.414214, 1.707825]}


@pytest.fixture(scope="module")
def study():
    """The tiny study without its plan and its grid, which has as many rows as all else."""
    study = load_study(TINY.name, TINY.parent)
    items = [item for item in study.instrument.items if item.type != "grid"]
    return changed(study, items=items, plan=Plan([]), integration=[])


def changed(study, id="", **how):
    """The study with an item, or the whole questionnaire, changed."""
    instrument = study.instrument
    if not id:
        return replace(study, instrument=instrument.model_copy(update=how))
    items = [item.model_copy(update=how) if item.id == id else item for item in instrument.items]
    return replace(study, instrument=instrument.model_copy(update={"items": items}))


def others(study, k):
    """The same answers, of other respondents."""
    ids = [f"{k}-{id}" for id in study.answers.index]
    return replace(study, answers=study.answers.set_axis(ids), states=study.states.set_axis(ids))


def waves(*studies):
    return [
        Wave(2021.0 + 2 * k, others(one, k), suppressed_counts(one)) for k, one in enumerate(studies)
    ]


@pytest.mark.parametrize(
    ("times", "chi2", "p"),
    [([1, 2, 3, 4], 8.224922, 0.004132), ([2019, 2021, 2022, 2025], 10.069067, 0.001508)],
)
def test_the_trend_of_shares_is_rs(times, chi2, p):
    """prop.trend.test: see waves.R beside this file."""
    (row,) = trend_of_shares([83, 90, 129, 70], [86, 93, 136, 82], times).to_dict("records")
    assert row["test"] == "Cochran–Armitage (trend)"
    assert (row["statistic"], row["p"]) == pytest.approx((chi2, p), abs=1e-6)


def test_two_waves_have_an_exact_test():
    (row,) = trend_of_shares([3, 9], [20, 20], [2021, 2023]).to_dict("records")
    assert row["test"] == "Fisher (exact)"


def test_the_trend_of_means_is_rs():
    """lm: see waves.R beside this file."""
    (row,) = trend_of_means(**MEANS, times=[2019, 2021, 2025]).to_dict("records")
    assert (row["statistic"], row["p"]) == pytest.approx((3.162340, 0.00749153), abs=1e-5)
    assert trend_of_means([5, 5], [2, 2], [0, 0], [1, 2])["test"].item() == "none"


def test_waves_that_are_the_same_do_not_move(study):
    found = compared("Riding", waves(study, study, study))
    assert found.apart == []
    assert found.synthetic
    assert set(found.points["item"]) == {
        "place", "age", "rides", "reasons", "helmet", "distance",
    }  # fmt: skip
    assert found.trends["change"].abs().max() == 0
    assert found.trends["adjusted"].min() == 1
    assert (found.trends["waves"] == 3).all()
    shown = page([], [found])
    assert "Synthetic answers" in shown
    assert "Town | centre" in shown


@pytest.mark.parametrize(
    ("id", "how", "why"),
    [
        ("place", {"question": "Where do you live now?"}, "is worded otherwise"),
        ("distance", {"unit": "miles"}, "has other options"),
        ("rides", {"dont_know": []}, "has other options"),
        ("helmet", {"asked_if": None}, "was asked of others, or other respondents were left out"),
        ("age", {"type": "single", "question": "Age?"},
         "is a question of another type and is worded otherwise"),
    ],
)  # fmt: skip
def test_what_is_not_the_same_question_is_not_compared(study, id, how, why):
    """The options of a choice may stand in another order; a scale's may not."""
    other = changed(study, id, **how)
    assert unlike(study.instrument, other.instrument, id) == why
    assert unlike(study.instrument, study.instrument, id) == ""


def test_options_of_a_choice_have_no_order_and_missing_questions_are_named(study):
    turned = changed(study, "place", options=study.instrument.item("place").options[::-1])
    assert unlike(study.instrument, turned.instrument, "place") == ""
    points = study.instrument.item("age").points[::-1]
    turned = changed(study, "age", points=points)
    assert unlike(study.instrument, turned.instrument, "age") == "has other options"
    items = [item for item in study.instrument.items if item.id != "distance"]
    fewer = changed(study, items=items)
    assert unlike(study.instrument, fewer.instrument, "distance") == "was not asked"
    found = compared("Riding", waves(fewer, study))
    assert found.apart == [("distance", 2021.0, "was not asked")]
    assert "distance" not in set(found.points["item"])
    kept = [one for one in study.instrument.exclude if one.reason != "empty"]
    found = compared("Riding", waves(changed(study, exclude=kept), study))
    assert found.points.empty  # all rest on other respondents


def test_what_a_wave_withholds_stays_withheld_and_no_test_rests_on_it(study):
    real = replace(study, instrument=study.instrument.protecting("always"))
    found = compared("Riding", waves(real, real))
    hidden = found.points["shown"] != ""
    assert hidden.any()
    assert found.points.loc[hidden, ["value", "low", "high", "count"]].isna().all(axis=None)
    untold = found.trends["note"] == "withheld in a wave"
    assert untold.any()
    assert found.trends.loc[untold, ["change", "p", "statistic", "adjusted"]].isna().all(axis=None)
    told = found.trends[found.trends["p"].notna()].sort_values("p")  # Holm's counts all of them
    assert told["adjusted"].iloc[0] >= min(1, told["p"].iloc[0] * (len(told) + untold.sum()) - 1e-12)
    keys = ["item", "statement", "option", "kind"]
    withheld = pd.MultiIndex.from_frame(found.points.loc[hidden, keys])
    assert set(pd.MultiIndex.from_frame(found.trends.loc[untold, keys])) == set(withheld)


def test_made_up_answers_and_those_of_people_share_no_table(study):
    real = changed(study, provenance="collected")
    found = compared("Riding", waves(study, real))
    assert found.points.empty
    assert "not set side by side" in found.notes[0]
    assert "nothing to be compared" in compared("Riding", waves(study)).notes[0]


def test_a_later_export_of_a_wave_is_no_other_wave(study):
    """Its counts less the earlier ones would be those of the few who came late."""
    ids = study.answers.index[:-2]
    early = replace(study, answers=study.answers.loc[ids], states=study.states.loc[ids])
    found = compared("Riding", [Wave(2021.0, early, {}), Wave(2023.0, study, {})])
    assert found.points.empty
    assert found.notes[0].startswith("The respondents of 2021 stand in 2023 too, with the same answers")
