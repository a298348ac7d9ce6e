"""Names for machines, made of words that people wrote."""

import pytest

from compendium.names import slug, unique


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("Größe & Alter", "groesse_alter"),
        ("10–49", "n10_49"),
        ("Crédit & progression", "credit_progression"),
        ("Don't know", "dont_know"),
        ("?", ""),
        ("one two three four five six seven eight", "one_two_three_four_five_six"),
        ("x" * 40, "x" * 32),
    ],
)
def test_a_slug_is_an_id(text, id):
    assert slug(text) == id


def test_names_are_made_unique_whatever_is_taken_already():
    taken = {"a", "a_2"}
    assert [unique("a", taken) for _ in range(2)] == ["a_3", "a_4"]
    assert unique("b", taken) == "b"
    assert taken == {"a", "a_2", "a_3", "a_4", "b"}
