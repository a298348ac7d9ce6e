"""A grid as one scale, in one call."""

import pytest

from compendium.statistics.scales.reliability import reliability
from compendium.survey.answers import scores_of
from helpers import open_study


def test_every_grid_is_told_with_its_numbers():
    study = open_study("microcredentials")
    view = study.reliability()
    grids = [grid for grid in study.items.of_type("grid") if len(grid.statements) > 2]
    assert len(view.parts) == 2 * len(grids)
    by_hand = reliability(scores_of(study.survey, grids[0]), study.seed, resamples=study.resamples)
    told = {record["id"]: record for record in view.records}
    alpha = told[f"reliability.{grids[0].id}.alpha"]
    assert [alpha[key] for key in ("value", "low", "high")] == pytest.approx(
        by_hand.loc["alpha", ["value", "low", "high"]].tolist()
    )
    assert len(study.reliability(grids[0].id).records) == 3


def test_protected_answers_have_three_digits():
    study = open_study("microcredentials", protect="always", resamples=20)
    grid = study.items["value"]
    study.hidden = {f"{grid.key}.{grid.statements[0].id}.{grid.choices[0].id}": "<5"}
    withheld = study.reliability("value")
    assert not withheld.records
    assert withheld.frame is None
    study.hidden = {}
    record = study.reliability("value").records[0]
    assert record["value"] == float(f"{record['value']:.3g}")
