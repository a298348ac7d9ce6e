"""The test of the rules on held-out answers, beside coders and what is learnt."""

from compendium.coding.automatic.trial import split


def test_split_is_fixed_by_its_seed_and_keeps_respondents_whole():
    ids = [f"R{k}" for k in range(9)]
    first, second = split(ids * 3, seed=5)
    assert split(reversed(ids), seed=5) == (first, second)
    assert split(ids, seed=6) != (first, second)
    assert sorted(first + second) == ids
    assert (len(first), len(second)) == (5, 4)
