"""Prevalences corrected by what people found in a random sample."""

import numpy as np
import pytest

from compendium.statistics.coders.corrected import corrected


def test_point_and_normal_interval_are_those_of_ppi_python():
    # ppi-python 0.2.3, lam=1: ppi.py beside this file
    found = corrected(missed=3, invented=7, sample=60, given=130, others=400, add=0)
    assert np.round(found, 5).tolist() == [0.25833, 0.14656, 0.37011]


def test_the_interval_adds_one_to_each_disagreement_and_two_to_the_others():
    # Bonett & Price (2012): 4/62 - 8/62; Agresti & Coull (1998): 132/404; z = 1.959964
    centre = 132 / 404 + 4 / 62 - 8 / 62
    half = 1.959964 * np.sqrt((12 / 62 - (4 / 62) ** 2) / 62 + 132 * 272 / 404**3)
    found = corrected(3, 7, 60, 130, 400)
    assert found[0] == pytest.approx(0.258333, abs=1e-6)
    assert found[1:] == pytest.approx((centre - half, centre + half), abs=1e-6)


@pytest.mark.parametrize("others", [40, 400])
@pytest.mark.parametrize(("sees", "invents"), [(0.8, 0.1), (0.6, 0.02), (0.95, 0.3), (0.99, 0.005)])
@pytest.mark.parametrize("true", [0.01, 0.05, 0.3])
def test_intervals_hold_the_truth_whatever_the_programs_errors(true, sees, invents, others):
    rng, times, sample = np.random.default_rng(20240613), 1000, 60
    kinds = [true * sees, true * (1 - sees), (1 - true) * invents, (1 - true) * (1 - invents)]
    _, missed, invented, _ = rng.multinomial(sample, kinds, times).T
    given = rng.binomial(others, kinds[0] + kinds[2], times)
    _, low, high = corrected(missed, invented, sample, given, others)
    assert np.mean((low <= true) & (true <= high)) >= 0.93
    naive = given / others
    half = 1.96 * np.sqrt(naive * (1 - naive) / others)
    if invents == 0.3 and others == 400:  # the program's own interval does not
        assert np.mean((naive - half <= true) & (true <= naive + half)) < 0.5


def test_nothing_is_corrected_where_everybody_was_drawn():
    assert np.isnan(corrected(3, 7, 60, 0, 0)).all()
