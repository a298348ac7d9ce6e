"""Weighted estimates and tests against R's survey: on a made-up sample, and on survey's own data."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from compendium.statistics.design.estimates import effective, freedom, means, shares, table
from compendium.statistics.design.tests import paired_shares, rao_scott

HERE = Path(__file__).parent
SAMPLE = pd.read_csv(HERE / "sample.csv")  # made up
NUMBERED = SAMPLE.assign(cluster=range(len(SAMPLE)), stratum="", population=np.nan)
# Rscript weights.R: R 4.2.2, survey 4.1.1; the full design, and one of weights alone.
EXPECTED = {
    "full": (
        SAMPLE,
        {
            "df": 9, "hours": 2.347764478, "size": [0.05744136486, 0.05879727026, 0.07968759367],
            "ends": [[0.1026126325, 0.3626912800], [0.1333549576, 0.3967991483],
                     [0.3757663926, 0.7216149578]],
            "F": [1.215789873, 1.416463936, 12.748175428, 0.3115983326], "gap": 0.1261303578,
        },
    ),
    "weights": (
        NUMBERED,
        {
            "df": 62, "hours": 1.429317365, "size": [0.05388202686, 0.05985030309, 0.07017739312],
            "ends": [[0.1159622389, 0.3315919749], [0.1420215898, 0.3794613354],
                     [0.4144408249, 0.6879529619]],
            "F": [0.7437712737, 1.988428184, 123.282547401, 0.4767142418], "gap": 0.1079418126,
        },
    ),
}  # fmt: skip
PERCENT = [20.324835, 24.136370, 55.538794]
SIZES = ["large", "medium", "small"]


def ticks(answers, options):
    return pd.DataFrame({o: answers.eq(o).astype(float).where(answers.notna()) for o in options})


@pytest.mark.parametrize("name", EXPECTED)
def test_means_and_shares_agree_with_r(name):
    design, expected = EXPECTED[name]
    assert freedom(design) == expected["df"]
    mean, covariance = means(SAMPLE[["hours"]], design)
    assert mean["hours"] == pytest.approx(20.550211, abs=1e-6)
    assert np.sqrt(covariance[0, 0]) == pytest.approx(expected["hours"], rel=1e-8)
    found = shares(ticks(SAMPLE["size"], SIZES), design)
    assert found["percent"].tolist() == pytest.approx(PERCENT, abs=1e-6)
    assert (found["se"] / 100).tolist() == pytest.approx(expected["size"], rel=1e-8)
    ends = (found[["low", "high"]] / 100).to_numpy()
    assert ends == pytest.approx(np.array(expected["ends"]), rel=1e-6)  # svyglm iterates


@pytest.mark.parametrize("name", EXPECTED)
def test_rao_scott_and_the_paired_difference_agree_with_r(name):
    design, expected = EXPECTED[name]
    (test,) = rao_scott(SAMPLE["size"], SAMPLE["knows"], design).itertuples()
    assert [test.statistic, test.df, test.df2, test.p] == pytest.approx(expected["F"], rel=1e-8)
    given = SAMPLE["size"].notna()
    first, second = (SAMPLE["size"] == "small")[given], (SAMPLE["knows"] == "yes")[given]
    (paired,) = paired_shares(first, second, design).itertuples()
    assert (paired.effect / 100, paired.n) == pytest.approx((0.026298587, 60), abs=1e-9)
    assert paired.effect / 100 / paired.statistic == pytest.approx(expected["gap"], rel=1e-8)


def test_a_weighted_table_agrees_with_r():
    # prop.table(svytable(~size + knows, full))
    r = [[0.07095087243, 0.13229748077], [0.09860713029, 0.14275657465], [0.30135264243, 0.25403529944]]
    assert table(SAMPLE["size"], SAMPLE["knows"], SAMPLE).to_numpy() / 100 == pytest.approx(np.array(r))


@pytest.fixture(scope="module")
def surveys(tmp_path_factory):
    """What R's survey makes of its own example data, all of it in one run.

    The files of `survey` are under the GPL and not part of this repository: R is asked for them.
    """
    folder = tmp_path_factory.mktemp("survey")
    done = subprocess.run(["Rscript", HERE / "api.R", folder], capture_output=True, text=True)
    if "no package called" in done.stderr:
        pytest.skip("R's survey is not installed: its figures, kept above, hold without it")
    return folder


# Only a second look: the figures of R above are compared without R, which make test does not need.
@pytest.mark.skipif(shutil.which("Rscript") is None, reason="no R here: the figures above need none")
@pytest.mark.parametrize(("name", "of", "option"), [
    ("apistrat", "sch.wide", "Yes"), ("apiclus1", "stype", "E"), ("apiclus2", "stype", "E"),
])  # fmt: skip
def test_survey_on_its_own_example_data(name, of, option, surveys):
    data = pd.read_csv(surveys / f"{name}.csv")
    r = [float(line) for line in (surveys / f"{name}.txt").read_text().split()]
    stratified = name == "apistrat"
    design = pd.DataFrame({"weight": data["pw"], "population": data["fpc"].astype(float)})
    design["stratum"] = data["stype"] if stratified else ""
    design["cluster"] = range(len(data)) if stratified else data["dnum"]
    mean, covariance = means(data[["api00"]], design)
    share = (shares(ticks(data[of], [option]), design) / 100).iloc[0]
    (test,) = rao_scott(data["stype"], data["sch.wide"], design).itertuples()
    found = [mean.iloc[0], np.sqrt(covariance[0, 0]), share["percent"], share["low"], share["high"]]
    found += [test.statistic, test.df, test.df2, test.p, freedom(design)]
    found += [effective(data["pw"])["design_effect"]]
    assert found == pytest.approx(r, rel=1e-6)
    if stratified:  # the introduction to survey prints them: 662.29, 9.4089
        assert found[:2] == pytest.approx([662.29, 9.4089], abs=5e-3)


def test_equal_weights_are_none():
    """Then the design effect is 1 and a mean's variance that of the textbook, finite or not."""
    same = NUMBERED.assign(weight=2.5)
    assert effective(same["weight"]) == {"n": 63, "design_effect": 1.0, "effective_n": 63.0}
    hours = SAMPLE.loc[SAMPLE["hours"].notna(), ["hours"]]
    _, covariance = means(hours, same.loc[hours.index])
    assert covariance[0, 0] == pytest.approx(hours["hours"].var() / len(hours))
    _, finite = means(hours, same.loc[hours.index].assign(population=100.0))
    assert finite[0, 0] == pytest.approx(covariance[0, 0] * (1 - len(hours) / 100))


def test_nobody_and_everybody_have_a_share_without_an_interval():
    all_of_them = pd.DataFrame({"none": 0.0, "all": 1.0}, SAMPLE.index)
    found = shares(all_of_them, SAMPLE)
    assert found["percent"].tolist() == pytest.approx([0, 100])
    assert found[["low", "high"]].isna().all(axis=None)


def test_a_stratum_of_one_cluster_is_refused_with_its_name():
    lonely = SAMPLE.assign(stratum=SAMPLE["stratum"].mask(SAMPLE.index == 0, "Shetland"))
    with pytest.raises(ValueError, match="stratum 'Shetland' has one cluster only"):
        means(SAMPLE[["hours"]], lonely)
    nothing = rao_scott(pd.Series("a", SAMPLE.index), SAMPLE["knows"], SAMPLE).iloc[0]
    assert nothing["note"] == "all gave the same answer"
    assert np.isnan(nothing["p"])
