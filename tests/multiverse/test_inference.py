"""What all universes say together: exact p, size under shuffled outcomes, and what depends on what."""

import numpy as np
import pandas as pd
import pytest

from compendium.multiverse.inference import (
    conclusions,
    joint,
    p_values,
    shares_of_variance,
    turning,
)
from compendium.multiverse.universe import kendall


def test_p_counts_what_is_at_least_as_large():
    effects = np.array([[0.2, -0.5, 0.2, 0.1], [0.0, 0.0, 0.0, 0.0]])
    assert p_values(effects, signed=True).tolist() == [[0.75, 0.25, 0.75, 1.0], [1.0] * 4]
    assert p_values(effects, signed=False)[0].tolist() == [0.5, 1.0, 0.5, 0.75]


def sampled(rng, real=0.0, universes=6, n=60, shuffles=79):
    """Effects of universes that cut one outcome in several ways, as found and shuffled."""
    x = rng.integers(0, 3, n)
    latent = rng.normal(size=n) + real * x
    order = np.array([np.arange(n), *(rng.permutation(n) for _ in range(shuffles))])
    effects = []
    for cut in np.linspace(-0.8, 0.8, universes):
        y = (latent > cut).astype(int)
        cell = np.arange(len(order))[:, None] * 6 + x[order] * 2 + y
        effects.append(
            kendall(np.bincount(cell.ravel(), minlength=6 * len(order)).reshape(-1, 3, 2) * 1.0)
        )
    return np.round(effects, 10)


def test_a_shuffled_outcome_is_called_an_effect_as_often_as_the_level_says():
    """400 samples here; 2,000 in tests/bench.py."""
    rng, found = np.random.default_rng(11), []
    for _ in range(400):
        effects = sampled(rng)
        tested = joint(effects, p_values(effects, True), signed=True)
        found.append([tested[name] for name in ("median_p", "significant_p", "dominant_p")])
    rejected = (np.array(found) <= 0.05).mean(axis=0)
    assert ((rejected >= 0.02) & (rejected <= 0.08)).all()  # the binomial error of 400 is 1.1 points


def test_a_tied_shuffle_counts_half_and_what_was_found_whole():
    effects = np.array([[2.0, 2.0, -3.0, 1.0, 2.0, -2.0, 0.0, 0.0]])
    tested = joint(effects, p_values(effects, True), signed=True, level=0.2)
    assert tested["median_p"] == (1 + 1 + 3 / 2) / 8
    assert tested["significant_p"] == (1 + 1 + 6 / 2) / 8  # only -3 has a p below 0.2


def test_an_effect_is_found_and_has_its_direction():
    effects = sampled(np.random.default_rng(2), real=-1.0)
    tested = joint(effects, p_values(effects, True), signed=True)
    assert tested["median"] < -0.2
    assert tested["significant"] == tested["dominant"] == 1.0
    assert max(tested["median_p"], tested["significant_p"], tested["dominant_p"]) <= 2 / 80
    assert np.isnan(joint(effects**2, p_values(effects**2, False), signed=False)["dominant"])


def test_shares_of_variance_are_rs():
    """See variance.R beside this file."""
    choices = pd.DataFrame(
        {"cut": list("aaabbbcc"), "test": list("xyyxyxxy"), "kept": list("uvuvuvuu")}
    )
    effects = np.array([0.31, 0.12, 0.27, -0.05, 0.4, 0.22, 0.08, 0.19])
    found = shares_of_variance(effects, choices)
    assert found.to_dict() == pytest.approx(
        {"kept": 0.391239, "cut": 0.195026, "test": 0.102337, "rest": 0.311398}, abs=1e-6
    )


def test_with_all_combinations_a_share_is_eta_squared_and_the_rest_is_their_interplay():
    choices = pd.DataFrame([(a, b) for a in "xyz" for b in "uv"], columns=["a", "b"])
    effects = np.array([0.1, 0.2, 0.4, 0.1, 0.7, 0.9])
    found = shares_of_variance(effects, choices)
    total = ((effects - effects.mean()) ** 2).sum()
    for name in "ab":
        means = pd.Series(effects).groupby(choices[name]).transform("mean")
        assert found[name] == pytest.approx(((means - effects.mean()) ** 2).sum() / total)
    assert found.sum() == pytest.approx(1)
    assert shares_of_variance(np.ones(6), choices).empty


def test_a_universe_agrees_with_the_plans_own_of_the_same_comparison():
    table = pd.DataFrame({
        "outcome": list("aaabbb"), "by": "x", "planned": [True, False, False] * 2,
        "estimate": [0.3, 0.2, -0.3, 0.1, 0.4, -0.1], "p": [0.01, 0.05, 0.01, 0.5, 0.01, 0.6],
        "cut": ["points", "one", "two"] * 2,
    })  # fmt: skip
    agrees = conclusions(table)
    assert agrees.tolist() == [True, True, False, True, False, True]
    decision, rates = turning(agrees, table[["cut"]])
    assert decision == "cut"
    assert rates.to_dict() == {"one": 0.5, "two": 0.5, "points": 1.0}
    assert turning(pd.Series([True, True]), pd.DataFrame({"cut": ["a", "b"]}))[0] == ""
