"""Headings of an export: plain text, names of their own, questions that columns share."""

import pytest

from compendium.importing.export import Field, group_by_stem, heading, part_of, unique_names


def test_headings_get_names_of_their_own():
    assert unique_names(["a", "", "a", "a (2)"])[0] == ["a", "column 2", "a (2)", "a (2) (2)"]
    assert heading(" Wie\xa0<br/>oft?&nbsp;\n") == "Wie oft?"
    assert heading("x < 5 and y > 3") == "x < 5 and y > 3"


@pytest.mark.parametrize(
    ("texts", "parted"),
    [
        (
            ["How good - so far? - Food", "How good - so far? - Fun"],
            ("How good - so far?", ["Food", "Fun"]),
        ),
        (["Rate [Food]", "Rate [Fun]"], ("Rate", ["Food", "Fun"])),
        (["Food", "Fun"], None),
    ],
)
def test_headings_are_parted_by_what_they_share(texts, parted):
    assert part_of(texts) == parted


def test_codes_of_one_stem_are_one_question_and_its_words():
    fields = [Field(name, name) for name in ("age", "use_home", "use_work", "use_work_text")]
    assert [(one.group, one.part, one.of) for one in group_by_stem(fields)] == [
        ("", "", ""), ("use", "Home", ""), ("use", "Work", ""), ("", "", "use_work"),
    ]  # fmt: skip
