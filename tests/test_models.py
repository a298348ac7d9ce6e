"""YAML as people write it, and the line and key of what does not fit."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from compendium.models import Model, read_model, read_yaml, write_yaml


def file_of(folder, content):
    path = folder / "x.yml"
    path.write_text(content, encoding="utf-8")
    return path


def test_yes_and_no_stay_words(tmp_path):
    path = file_of(tmp_path, "[yes, no, on, off, true, 12:30, 2024-01-01, 0o17, 010, 1.5, -.inf, ~]")
    words = ["yes", "no", "on", "off", True, "12:30", "2024-01-01", 15, 10, 1.5, -np.inf, None]
    assert read_yaml(path) == words


def test_keys_are_text_and_what_is_referred_to_is_the_same(tmp_path):
    assert read_yaml(file_of(tmp_path, "1: &a [x]\ntrue: *a\n<<: y")) == {
        "1": ["x"], "true": ["x"], "<<": "y",
    }  # fmt: skip


def test_what_the_fast_reader_refuses_of_yaml_1_2_is_read(tmp_path):
    text = "[Do you agree?, {a: yes?}]"
    with pytest.raises(YAMLError):
        YAML(typ="safe").compose(text)
    assert read_yaml(file_of(tmp_path, text)) == ["Do you agree?", {"a": "yes?"}]


@pytest.mark.parametrize("path", sorted(Path("data").glob("*/*.yml")), ids=str)
def test_both_readers_of_yaml_find_the_same_values_on_the_same_lines(path):
    text = path.read_text(encoding="utf-8")
    fast, slow = (list(nodes(YAML(typ="safe", pure=pure).compose(text))) for pure in (None, True))
    assert fast == slow != []


def nodes(node):
    """Kind, line and text of a node and of those below it."""
    yield str(node.tag), node.start_mark.line, node.value if node.id == "scalar" else ""
    for below in () if node.id == "scalar" else node.value:
        for one in below if node.id == "mapping" else (below,):
            yield from nodes(one)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("!!python/object/apply:os.getcwd []", "line 1: .* a type of its own"),
        ("a: 1\nb: !!binary aaaa", "line 2: .*binary"),
        ("a: 1\nb:\n  c: 1\n  c: 2\n", "line 4: .*the key 'c' stands twice"),
        ("a: 1\nb: [1\n", "line 3: not readable as YAML"),
        ("a: 1\n? [x]\n: 2\n", "line 2: .*no plain key"),
        ("a: 1\n---\nb: 1\n", "not readable as YAML"),
        ("a: \x07", "not readable as YAML"),
        ("# nothing\n", "the file is empty"),
        ("[" * 5000, "nested too deeply|not readable"),
        ("- " * 30_000, "nested too deeply"),
    ],
)
def test_malformed_yaml_is_refused_by_its_line(tmp_path, content, message):
    path = file_of(tmp_path, content)
    with pytest.raises(ValueError, match=message) as caught:
        read_yaml(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


# Line ends other than \n are folded to spaces by YAML itself.
TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]) | st.sampled_from("\n\t"))


@given(
    st.recursive(
        TEXT | st.integers() | st.booleans() | st.none(),
        lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    )
)
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_written_is_read_again(tmp_path, content):
    write_yaml(tmp_path / "new" / "x.yml", {"content": content})
    assert read_yaml(tmp_path / "new" / "x.yml") == {"content": content}


class Part(Model):
    id: str
    size: int = 0
    ticked: bool = False
    of: str | list[str] | None = None


class Whole(Model):
    parts: list[Part]


def test_text_is_taken_as_it_is_written_and_only_where_text_is_wanted(tmp_path):
    text = "parts:\n  - {id: 1.50, size: 2, ticked: true, of: null}\n  - {id: null, of: [1, no]}\n"
    whole = read_model(file_of(tmp_path, text), Whole)
    assert [(x.id, x.size, x.ticked, x.of) for x in whole.parts] == [
        ("1.50", 2, True, None), ("null", 0, False, ["1", "no"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("parts:\n  - id: a\n    colour: red\n", "line 3: parts > a > colour: the key is not known"),
        ("parts:\n  - id: a\n  - size: 3\n", "line 3: parts > 1 > id: the key is missing; add it"),
        ("parts:\n  - id: a\n    size: many\n", r"line 3: parts > a > size \('many'\): .*integer"),
        ("parts:\n  - id: a\n    of: [x,\n      {y: z}]\n", "line 4: parts > a > of > 1"),
        ("parts:\n  - id:\n", r"line 2: parts > 0 > id \(None\): input should be a valid string"),
        ("other: 1\n", "line 1: parts: the key is missing"),
    ],
)
def test_a_file_that_is_not_as_the_model_says_is_refused_by_line_and_key(tmp_path, content, message):
    path = file_of(tmp_path, content)
    with pytest.raises(ValueError, match=message) as caught:
        read_model(path, Whole)
    assert str(caught.value).startswith(f"{path}: line ")
    assert "\n" not in str(caught.value)


def test_a_model_is_not_changed_after_reading():
    with pytest.raises(ValueError, match="frozen"):
        Part(id="a").id = "b"
