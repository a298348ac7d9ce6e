"""Diverging bars: where each part of a bar begins, and what is withheld."""

import math
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

from compendium.figures import likert
from compendium.figures.shares import Source
from compendium.survey.instrument import read_instrument

SURVEY = Path(__file__).parents[1] / "fixtures" / "tiny" / "survey.yml"
GRID = "question: How often do you ride in this weather?"


def test_parts_of_a_bar_for_each_place_of_the_middle():
    shares = [10, 20, 30, 25, 15]
    assert [part[2] for part in likert.parts_of(shares, "split")[0]] == [-45, -35, -15, 15, 40]
    assert [part[2] for part in likert.parts_of(shares, "left")[0]] == [-60, -50, -30, 0, 25]
    parts, apart, middle = likert.parts_of(shares, "beside")
    assert [part[2] for part in parts] == [-30, -20, 0, 25]
    assert math.isnan(apart)
    assert middle == 30
    even = likert.parts_of([10, 40, 30, 20], "left")[0]
    assert [part[2] for part in even] == [-50, -40, 0, 30]


def test_what_is_withheld_on_both_sides_has_no_place_on_the_bar():
    nothing = float("nan")
    parts, apart, _ = likert.parts_of([nothing, 20, 30, 25, nothing])
    assert [part[:2] for part in parts] == [(1, 1), (2, 2), (3, 3)]
    assert apart == 25
    _, alone, _ = likert.parts_of([nothing, 20, 30, 25, 15])
    assert math.isnan(alone)  # a single one must not be worked out


def test_an_unknown_place_of_the_middle_is_refused():
    with pytest.raises(ValueError, match="neutral is 'right'; write one of split, left, beside"):
        likert.parts_of([50, 50], "right")


def grid_of(folder, asked, results, condition="asked_if: {item: place, any: [town]}, "):
    """The pictures of the tiny study's grid, put to some, with shares of three statements by hand."""
    path = folder / "survey.yml"
    path.write_text(SURVEY.read_text("utf-8").replace(GRID, condition + GRID), "utf-8")
    instrument = read_instrument(path)
    grid = instrument.item("weather")
    found = {"sample.n": {"value": 20, "unit": "count"}}
    found |= {} if asked is None else {"missing.weather": {"value": 0, "base": asked}}
    for s in grid.statements:
        for option, count in results.get(s.id, {"never": 2, "sometimes": 3, "daily": 3}).items():
            base = {"value": count, "unit": "percent", "base": 8}
            share = {"withheld": "<5"} if count is None else {"value": 12.5 * count, "count": count}
            found[f"{grid.key}.{s.id}.{option}"] = base | share
        found[f"{grid.key}.{s.id}.dont_know"] = {"value": 0, "unit": "percent", "count": 1, "base": 9}
    return likert.grid_picture(Source(instrument, found, 0.95), grid)


@pytest.mark.parametrize(
    ("asked", "beside"), [(10, ["1 + 1"] * 3), (9, ["1 + 0"] * 3), (None, ["1"] * 3)]
)
def test_who_was_not_asked_gave_no_answer_neither(tmp_path, asked, beside):
    """Ten of twenty were asked: 8 chose a point, 1 did not know, 1 said nothing."""
    (picture,) = grid_of(tmp_path, asked, {})
    assert [text.get_text() for text in picture.figure.axes[1].texts] == beside
    plt.close(picture.figure)


def test_all_points_withheld_make_no_bar_from_2_to_102(tmp_path):
    nothing = dict.fromkeys(["never", "sometimes", "daily"])
    said, picture = grid_of(tmp_path, 10, {"sun": nothing})
    assert said.startswith("“Sun” of")
    assert said.endswith("all that were chosen are withheld")
    assert max(bar.get_x() + bar.get_width() for bar in picture.figure.axes[0].patches) <= 100
    plt.close(picture.figure)
    every = grid_of(tmp_path, 10, dict.fromkeys(["sun", "rain", "snow"], nothing))
    assert every == [f"“{GRID[10:]}”: its answers were not recorded, or all are withheld"]
