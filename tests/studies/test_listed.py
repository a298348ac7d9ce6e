"""The list of exports: two plain shapes, and one line for what is wrong with it."""

import math

import pytest

from compendium.studies.listed import read_list


def listed(folder, text):
    path = folder / "studies.txt"
    path.write_text(text, encoding="utf-8")
    return read_list(path)


def test_a_list_is_one_path_a_line_relative_to_itself(tmp_path):
    found = listed(
        tmp_path, "# this year\n\nSpring, 2025.csv\n  deep/er/ünïted (final).xlsx  \n/b/c.csv"
    )
    assert [entry.name for entry in found] == ["Spring_2025", "n_ted_final", "c"]
    assert [str(entry.export.relative_to(tmp_path)) for entry in found[:2]] == [
        "Spring, 2025.csv", "deep/er/ünïted (final).xlsx",
    ]  # fmt: skip
    assert str(found[2].export) == "/b/c.csv"
    assert found[0].line == 3


def test_a_table_says_more_of_each(tmp_path):
    one, other = listed(
        tmp_path,
        "export,name,platform,structure,survey,wave\n"
        '"a, b.csv",old,plain,a.lss,Skills,2023\nc d.csv,,,,,\n',
    )
    assert (one.name, one.platform, one.survey, one.wave) == ("old", "plain", "Skills", 2023.0)
    assert one.structure == str(tmp_path / "a.lss")
    assert (other.name, other.structure, other.survey) == ("c_d", "", "")
    assert math.isnan(other.wave)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("# nothing\n", "names no export"),
        ("export,nmae\na.csv,b\n", "the column 'nmae' is not known"),
        ("export,export\na.csv,b.csv\n", "stands twice"),
        ("export,name\na.csv\n", "line 2 has 1 values for 2 columns"),
        ('export,name\n"a.csv,b\n', "not readable as CSV"),
        ("export,name\n,b\n", "line 2 names no export"),
        ("a\x1b[2J.csv\n", "line 1 names no export, is too long, or holds a sign"),
        ("a" * 300 + ".csv", "line 1 names no export, is too long"),
        ("export,name\na.csv,../b\n", "line 2: name '../b': use letters"),
        ("export,name\na.csv,-rf\n", "line 2: name '-rf'"),
        ("問卷.csv\n", "line 1: name '': use letters"),
        ("a.csv\nsub/A.xlsx\n", "'a' is the name of two studies"),
        ("export,survey,wave\na.csv,S,\n", "line 2: a wave has the name of its 'survey' and"),
        ("export,survey,wave\na.csv,S,nan\n", "line 2: a wave has"),
        ("export,survey,wave\na.csv,S,1\nb.csv,S,1.0\n", "'S, 1' is a wave that its survey has twice"),
    ],
)
def test_what_is_wrong_with_a_list_is_said_in_one_line(tmp_path, text, says):
    with pytest.raises(ValueError, match=r"studies\.txt: ") as caught:
        listed(tmp_path, text)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
