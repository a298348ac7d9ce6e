"""Colours: told apart with every kind of eye and in grey print, and letters legible on them.

Distances are in CAM02-UCS (Luo, Cui & Li 2006, https://doi.org/10.1002/col.20227), computed by
colorspacious; about 1 can just be seen when colours touch. Deficient vision is simulated after
Machado, Oliveira & Fernandes (2009), https://doi.org/10.1109/TVCG.2009.113, at full severity.
"""

import itertools
import warnings

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from compendium.figures import estimates, likert, stage_model, style
from compendium.figures.style import GREY, INK, contrast, lighter, luminance, readable

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its docstring holds an escape that Python 3.12 warns of
    from colorspacious import cspace_convert, deltaE

EYES = ("normal", "deuteranomaly", "protanomaly", "tritanomaly", "grey")
LEAST = 8  # of neighbours in every palette, and on scales of up to seven points
LEAST_LONG = 5  # on scales of eight to eleven points

PALETTES = {
    "groups": estimates.GROUPS,
    "steps": estimates.STEPS,
    "off the scale": tuple(likert.BESIDE.values()),
    "model": stage_model.COLOUR,
    "model in grey": stage_model.GREYS,
}
for name in ("model", "model in grey"):  # from the upper lane to the lower
    lanes = PALETTES[name]
    PALETTES[name] = (lanes["business"][0], lanes["path"], lanes["university"][0])


def seen(colour, eye):
    """A colour as somebody sees it, in sRGB from 0 to 1."""
    rgb = np.array(to_rgb(colour))
    if eye == "normal":
        return rgb
    if eye == "grey":
        y = luminance(rgb)
        return np.full(3, 12.92 * y if y <= 0.0031308 else 1.055 * y ** (1 / 2.4) - 0.055)
    space = {"name": "sRGB1+CVD", "cvd_type": eye, "severity": 100}
    return np.clip(cspace_convert(rgb, space, "sRGB1"), 0, 1)


def distance(first, second, eye):
    return float(deltaE(seen(first, eye), seen(second, eye), input_space="sRGB1"))


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("name", PALETTES)
def test_neighbours_in_a_palette_are_told_apart(name, eye):
    for first, second in itertools.pairwise(PALETTES[name]):
        assert distance(first, second, eye) >= LEAST, (first, second)


@pytest.mark.parametrize("eye", EYES)
def test_any_two_states_of_an_answer_are_told_apart(eye):
    """A state that nobody is in has no length, so any two may touch."""
    for first, second in itertools.combinations(style.STATES, 2):
        assert distance(first, second, eye) >= LEAST, (first, second)


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("points", range(2, 12))
def test_neighbours_on_a_scale_are_told_apart(points, eye):
    """The middle two of an even scale are equally light: the line at zero parts them."""
    colours = likert.diverging(points)
    assert len(set(colours)) == points
    for k, (first, second) in enumerate(itertools.pairwise(colours)):
        if not (eye == "grey" and points % 2 == 0 and k == points // 2 - 1):
            assert distance(first, second, eye) >= (LEAST if points <= 7 else LEAST_LONG), (
                first,
                second,
            )


def test_a_scale_grows_darker_from_its_middle_to_both_ends():
    for points in range(3, 12, 2):
        light = [luminance(colour) for colour in likert.diverging(points)]
        middle = points // 2
        assert light[: middle + 1] == sorted(light[: middle + 1])
        assert light[middle:] == sorted(light[middle:], reverse=True)


def test_letters_are_legible_on_every_colour_that_carries_them():
    carriers = [*style.STATES, *estimates.STEPS, "#ffffff"]
    carriers += [colour for points in range(2, 12) for colour in likert.diverging(points)]
    for colour in carriers:
        assert contrast(colour, readable(colour)) >= 4.5, colour
    for colour in (INK, GREY, style.WARM, style.ACCENT):
        assert contrast(colour, "#ffffff") >= 4.5, colour
    for palette in (stage_model.COLOUR, stage_model.GREYS):
        for part in ("business", "university"):
            assert contrast(*palette[part]) >= 4.5
            assert contrast(palette[part][0], INK) >= 4.5
        assert contrast(palette["path"], palette["soft"]) >= 4.5
        assert contrast(palette["path"], "#ffffff") >= 4.5


def test_the_grey_model_is_grey():
    for value in stage_model.GREYS.values():
        for colour in [value] if isinstance(value, str) else value:
            red, green, blue = to_rgb(colour)
            assert red == green == blue


def test_contrast_is_that_of_the_web_guidelines():
    # The ratios to white that accessibility guides quote for these three: 4.48, 8.59 and 4.00
    for colour, ratio in (("#777777", 4.48), ("#0000ff", 8.59), ("#ff0000", 4.00)):
        assert contrast(colour, "#ffffff") == pytest.approx(ratio, abs=0.005)


def test_white_is_mixed_in_by_share():
    assert lighter("#000000", 0.5) == "#808080"
    assert lighter("#0b5d8a", 1) == "#ffffff"
