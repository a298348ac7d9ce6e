"""Weighted answers to a plan: beside the others, marked, and no finer than protection allows."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from compendium.results import record
from compendium.statistics.design.planned import NONE, weighted, weighted_distribution
from compendium.statistics.design.tests import UNWEIGHTED
from compendium.survey.study import load_study
from compendium.wording import UNWEIGHTED as UNWEIGHTED_UNLESS
from compendium.wording import notice
from helpers import open_study, show

SHARE = "familiarity.concept.not_familiar.weighted"


@pytest.fixture
def weighed(data_dir):
    """The default study with a weight of 3 for micro-businesses in a column of its own, and 1 else."""
    folder = data_dir / "microcredentials"
    rows = pd.read_csv(folder / "responses.csv", dtype=str, keep_default_na=False)
    rows["wgt"] = np.where(rows["size"].str.startswith("Micro"), "3", "1")
    rows.to_csv(folder / "responses.csv", index=False)

    def load(protect=""):
        survey = folder / "survey.yml"
        text = f"weights: wgt\n{survey.read_text(encoding='utf-8')}"
        if protect:
            text = text.replace("minimum_cell: 5", f"minimum_cell: 5\n  protect: {protect}")
        survey.write_text(text, encoding="utf-8")
        return load_study("microcredentials", data_dir)

    return load


def by_id(found):
    results = {}
    for fields in found["records"]:
        record(results, **fields)
    return results


def test_a_study_without_weights_says_so():
    assert weighted(load_study("anes96", "data"), {}, 0.95) == {"parts": [NONE]}


def test_weighted_shares_are_the_sums_of_weights(weighed):
    study = weighed()
    results = by_id(weighted(study, {}, 0.95))
    told = study.answers["concept"].notna()
    weight = np.where(study.answers["size"] == "micro", 3.0, 1.0)
    share = weight[study.answers["concept"] == "not_familiar"].sum() / weight[told].sum()
    assert results[SHARE]["value"] == pytest.approx(100 * share)
    assert results[SHARE]["low"] < 100 * share < results[SHARE]["high"]
    assert all(result["weighted"] for result in results.values())
    deff = len(weight) * (weight**2).sum() / weight.sum() ** 2
    assert results["sample.effective_n"]["value"] == pytest.approx(len(weight) / deff)
    assert "familiarity.concept.not_familiar" not in results  # the unweighted result stands elsewhere


def test_every_result_says_whether_it_is_weighted(weighed, data_dir, tmp_path):
    weighed()
    study = open_study("microcredentials", data_dir, tmp_path, tmp_path, "2_familiarity")
    show(study.answer(study.plan.of("share")[0]), study.weighted())
    said = {id.endswith(".weighted"): result["weighted"] for id, result in study.results.items()
            if id.startswith(SHARE.removesuffix(".weighted"))}  # fmt: skip
    assert said == {False: False, True: True}
    assert all("weighted" in result for result in study.results.values())
    assert UNWEIGHTED_UNLESS in notice(study.instrument)
    plain = load_study("anes96", "data").instrument
    assert UNWEIGHTED_UNLESS not in notice(plain)


def test_each_planned_test_is_weighted_or_says_why_not(weighed):
    found = weighted(weighed(), {}, 0.95)
    tests, notes = found["parts"][-2:]
    assert set(tests["Test"]) == {"Rao–Scott F", "weighted t", "none"}
    assert all(f"{why[0].upper()}{why[1:]} (" in notes for why in UNWEIGHTED.values())


def test_where_answers_are_protected_weighted_numbers_are_coarse_or_withheld(weighed):
    hidden = {"familiarity.concept.not_familiar": "<5", "familiarity.concept.extremely": "…"}
    study = weighed("always")
    assert study.instrument.minimum == 5
    results = by_id(weighted(study, hidden, 0.95))
    assert SHARE not in results
    percents = [r for r in results.values() if r["unit"] == "percent"]
    assert percents
    assert all(
        float(r[key]).is_integer() for r in percents for key in ("value", "low", "high") if key in r
    )
    assert not any(id.endswith("mean.weighted") for id in results)


def test_a_whole_percent_of_known_weights_tells_of_a_withheld_breakdown(weighed):
    """Ten of 40 gave an answer, few of each size: rounded, the weighted share still fits one table."""
    weights, sizes = np.array([0.5, 1.0, 1.7]), np.array([12, 14, 14])
    tables = [t for t in product(range(5), repeat=3) if sum(t) == 10]
    percents = [round(100 * (weights @ t) / (weights @ sizes)) for t in tables]
    assert len(set(percents)) == len(tables) == 6

    study = weighed("always")

    def told(item, hidden):
        item = study.instrument.item(item)
        return weighted_distribution(study, item, {hidden: "…"}, 0.95)["weighted"].notna().any()

    assert not told("concept", "familiarity.concept.extremely.by.size.micro")
    assert not told("size", "familiarity.concept.extremely.by.size.micro")
    assert told("interest", "familiarity.concept.extremely.by.size.micro")
    assert not told("interest", "base:codevelopment.interest.by.size.micro")
