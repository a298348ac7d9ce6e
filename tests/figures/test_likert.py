"""Diverging bars: where each part of a bar begins, and what is withheld."""

import math

import pytest

from compendium.figures import likert


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
