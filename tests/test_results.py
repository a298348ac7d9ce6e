"""Named results and the files they are written to."""

import numpy as np
import pandas as pd
import pytest

from compendium.files import read_json, write_json
from compendium.results import (
    ResultId,
    join_answers,
    mark,
    read_results,
    record,
    withheld,
    write_answer,
    write_results,
)  # fmt: skip

SHARE = {"value": 13.043478, "unit": "percent", "count": 12, "base": 92}

# ---- record


def test_record_keeps_what_applies_in_plain_numbers():
    results = {}
    record(
        results, "a.share", np.float64(13.5), "percent",
        count=np.int64(12), base=92.0, low=np.nan, high=pd.NA, method="Wilson",
    )  # fmt: skip
    assert results == {
        "a.share": {"value": 13.5, "unit": "percent", "count": 12, "base": 92, "method": "Wilson"}
    }
    assert [type(v) for v in results["a.share"].values()] == [float, str, int, int, str]


def test_record_zero_is_a_value():
    results = {}
    record(results, "a.none", 0, "count", count=0, base=0)
    assert results["a.none"] == {"value": 0, "unit": "count", "count": 0, "base": 0}


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA, np.float64("nan")])
def test_record_without_value_needs_a_note(missing):
    results = {}
    with pytest.raises(ValueError, match=r"'a.b' has no value; say why in 'note'"):
        record(results, "a.b", missing, "p")
    record(results, "a.b", missing, "p", note="not estimable: one group is empty")
    assert results["a.b"]["value"] is None


@pytest.mark.parametrize("id", ["n", "Sample.n", "sample.", ".n", "a b.c", "a..b", "a.b\n", "a-b.c"])
def test_record_refuses_malformed_ids(id):
    with pytest.raises(ValueError, match="lower-case words with dots"):
        record({}, id, 1, "count")


def test_record_refuses_repeats_units_and_non_numbers():
    results = {"a.b": SHARE}
    with pytest.raises(ValueError, match=r"'a.b' stands there already"):
        record(results, "a.b", 1, "count")
    with pytest.raises(ValueError, match="unit '%' is not one of count, percent"):
        record(results, "a.c", 1, "%")
    for bad in ("12", True, np.inf, 1j):
        with pytest.raises(ValueError, match="give a finite number"):
            record(results, "a.c", bad, "score")
    assert results == {"a.b": SHARE}


def test_withheld_is_a_key_and_not_a_word():
    results = {}
    record(results, "a.b", None, "percent", note="few", withheld="<5")
    record(results, "a.c", None, "percent", note="withheld: so they say", withheld="")
    assert results["a.b"] == {"value": None, "unit": "percent", "note": "few", "withheld": "<5"}
    assert withheld(results["a.b"])
    assert not withheld(results["a.c"])
    with pytest.raises(ValueError, match="withheld and has a value"):
        record(results, "a.d", 3, "percent", withheld="…")


@pytest.mark.parametrize(
    ("id", "parts"),
    [
        ("sample.n", ("sample", "n", None, None)),
        ("familiarity.concept.yes", ("familiarity.concept", "yes", None, None)),
        ("s.by.statement.agree", ("s.by.statement", "agree", None, None)),
        ("s.by.yes.by.size.small", ("s.by", "yes", "size", "small")),
        ("s.grid.one.agree.by.by.by", ("s.grid.one", "agree", "by", "by")),
        ("themes.cost.respondents.by.size.small", ("themes.cost", "respondents", "size", "small")),
    ],
)
def test_an_id_is_taken_apart_as_it_was_put_together(id, parts):
    assert ResultId.read(id) == ResultId(*parts)
    assert str(ResultId(*parts)) == id


def test_answers_are_joined_and_are_no_results(tmp_path):
    write_results(tmp_path / "1_a.json", {"b.c": {"value": 1}})
    write_answer(tmp_path, "2_b", "Most *are*.")
    write_answer(tmp_path, "1_a", "Ninety-two.")
    assert join_answers(tmp_path) == {"1_a": "Ninety-two.", "2_b": "Most *are*."}
    assert read_json(tmp_path / "answers.json") == {"1_a": "Ninety-two.", "2_b": "Most *are*."}
    assert list(read_results(tmp_path)) == ["b.c"]


def test_a_study_without_answers_has_none_to_join(tmp_path):
    assert join_answers(tmp_path) == {}


@pytest.mark.parametrize(
    ("result", "shown"),
    [
        ({"value": 0}, ""),
        ({"value": None, "note": "withheld: so they say"}, "withheld: so they say"),
        ({"value": None, "note": "few", "withheld": "…"}, "…"),
        ({"value": None}, "none"),
    ],
)
def test_the_mark_says_why_there_is_no_number(result, shown):
    assert mark(result) == shown


# ---- files


def test_results_go_out_and_in_again(tmp_path):
    results = {}
    record(results, "sample.n", 92, "count")
    record(results, "a.share", 13.5, "percent", count=12, base=92, low=7.6, high=21.4)
    write_results(tmp_path / "2_b.json", results)
    write_results(tmp_path / "1_a.json", {"b.c": {"value": None, "note": "withheld: 3"}})
    write_json(tmp_path / "claims.json", [{"id": "not.a_result"}])
    write_results(tmp_path / "provenance.json", {"commit": {}})
    back = read_results(tmp_path)
    assert list(back) == ["b.c", "sample.n", "a.share"]
    assert back["a.share"] == results["a.share"] | {"notebook": "2_b"}
    assert back["b.c"]["notebook"] == "1_a"


def test_read_results_names_both_files_of_a_repeated_id(tmp_path):
    for value, name in enumerate(("1_a.json", "2_b.json")):
        write_results(tmp_path / name, {"sample.n": {"value": value}})
    with pytest.raises(ValueError, match=r"'sample.n' stands in .*1_a\.json and in .*2_b\.json"):
        read_results(tmp_path)


def test_read_results_refuses_what_is_no_result_file(tmp_path):
    with pytest.raises(ValueError, match=r"no such folder; run the notebooks first"):
        read_results(tmp_path / "nowhere")
    (tmp_path / "x.json").write_text('{"a.b": ')
    with pytest.raises(ValueError, match=r"x\.json: not JSON"):
        read_results(tmp_path)
    (tmp_path / "x.json").write_text("[]")
    with pytest.raises(ValueError, match=r"x\.json: holds no results by id"):
        read_results(tmp_path)
