"""A population of known size: written once, minded by every interval of a share, and by no test."""

import copy

import pytest
from chapters import TINY, lay_out

from compendium.models import read_yaml, write_yaml
from compendium.survey.instrument import read_instrument
from helpers import open_study

SURVEY = read_yaml(TINY / "survey.yml")


def drawn(folder, **weights):
    write_yaml(folder / "survey.yml", copy.deepcopy(SURVEY) | ({"weights": weights} if weights else {}))


def width(view):
    row = view.frame.iloc[0]
    return row["high"] - row["low"]


def test_intervals_mind_the_population_and_say_so(tmp_path):
    data = lay_out(tmp_path, TINY)
    endless = open_study("tiny", data, tmp_path / "a", tmp_path / "f")
    before, test = width(endless.shares("rides")), endless.test("rides", by="place").frame["p"].item()
    drawn(data / "tiny", population=30)
    study = open_study("tiny", data, tmp_path / "b", tmp_path / "f")
    assert study.survey.sampled == pytest.approx(study.n / 30)
    shares = study.shares("rides")
    assert width(shares) < 0.75 * before
    told = [record for record in shares.records if record["value"] is not None]
    assert {record["method"] for record in told} == {"Wilson, finite population"}
    assert {record["sampled"] for record in told} == {study.survey.sampled}
    assert width(study.shares("rides", by="place")) < width(endless.shares("rides", by="place"))
    found = study.answer("riders")
    exact = next(record for record in found.records if record["id"].endswith(".exact"))
    assert exact["method"] == "exact, finite population"
    (said,) = study.precision().parts
    assert f"n = {study.n} of a population of 30: ±" in said
    assert "if it had no end; intervals of shares mind its size, tests do not" in said
    assert study.test("rides", by="place").frame["p"].item() == test
    assert "no weights" in study.weighted().parts[0]


def test_pictures_have_the_intervals_of_the_tables(tmp_path):
    from compendium.figures.shares import gather

    results = {"s.like.yes": {"value": 45.0, "unit": "percent", "count": 9, "base": 20, "sampled": 0.5}}
    row = gather(results, [("Yes", "s.like.yes")], 0.95).iloc[0]
    endless = gather(
        {"s.like.yes": results["s.like.yes"] | {"sampled": 0.0}}, [("Y", "s.like.yes")], 0.95
    )
    assert row["high"] - row["low"] < 0.8 * (endless["high"] - endless["low"]).item()


@pytest.mark.parametrize(
    ("weights", "why"),
    [
        ({"strata": "place"}, "weights: name the 'column' of weights, or give the 'population'"),
        ({"population": "frame"}, "weights: name the 'column' of weights, or give the 'population'"),
        ({"population": 30, "clusters": "place"}, "weights: the key 'column' is missing"),
    ],
)
def test_half_a_design_is_refused(tmp_path, weights, why):
    drawn(tmp_path, **weights)
    with pytest.raises(ValueError, match=why):
        read_instrument(tmp_path / "survey.yml")


def test_a_population_smaller_than_its_sample_is_refused(tmp_path):
    data = lay_out(tmp_path, TINY)
    drawn(data / "tiny", population=7)
    study = open_study("tiny", data, tmp_path / "a", tmp_path / "f")
    with pytest.raises(
        ValueError, match="weights > population: 7 is less than the 20 who are analysed"
    ):
        study.n  # noqa: B018 (reading it is what refuses)
