"""Named results and the files they are written to."""

import csv
import io
import json
import os
import stat

import numpy as np
import pandas as pd
import pytest

from compendium import files as module
from compendium.files import write_json, write_table
from compendium.results import ResultId, read_results, record, withheld, write_results

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


# ---- files


def test_write_results_bytes(tmp_path):
    path = tmp_path / "new" / "folder" / "x.json"
    write_results(path, {"z.b": {"value": 1 / 3, "low": -0.0, "note": "ü"}, "a.a": {"value": 2}})
    assert (
        path.read_bytes()
        == (
            '{\n  "z.b": {\n    "value": 0.3333333333,\n    "low": 0.0,\n    "note": "ü"\n  },\n'
            '  "a.a": {\n    "value": 2\n  }\n}\n'
        ).encode()
    )


def test_ten_digits_hide_the_last_bits_that_differ_between_machines(tmp_path):
    for name, value in {"a": 0.1 + 0.2, "b": 0.3}.items():
        write_results(tmp_path / name, {"x.y": {"value": value}})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, np.float32("nan")])
def test_nan_and_infinity_are_refused_and_the_old_file_stays(tmp_path, bad):
    path = tmp_path / "x.json"
    write_results(path, {"a.b": {"value": 1}})
    with pytest.raises(ValueError, match=r"x\.json: a\.b: low is (nan|-?inf)"):
        write_results(path, {"a.b": {"value": 1, "low": bad}})
    assert json.loads(path.read_text()) == {"a.b": {"value": 1}}
    assert os.listdir(tmp_path) == ["x.json"]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "x.json"
    write_results(path, {"a.b": {"value": 1}})

    def full(*_):
        raise OSError("no space left")

    monkeypatch.setattr(module.os, "replace", full)
    with pytest.raises(OSError, match="no space left"):
        write_results(path, {"a.b": {"value": 2}})
    assert json.loads(path.read_text()) == {"a.b": {"value": 1}}
    assert os.listdir(tmp_path) == ["x.json"]


def test_files_are_readable_as_any_other(tmp_path):
    (tmp_path / "plain").write_text("")
    write_results(tmp_path / "x.json", {})
    modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("plain", "x.json")}
    assert len(modes) == 1  # tempfile's files would be closed to everybody else


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
    for name in ("1_a.json", "2_b.json"):
        write_results(tmp_path / name, {"sample.n": {"value": 92}})
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


# ---- tables


def test_write_table_disarms_text_and_leaves_numbers(tmp_path):
    frame = pd.DataFrame(
        {
            "text": ["=1+1", "+44", "-5", "@x", "\tx", "\rx", "a=1", None],
            "number": [-1.5, 1 / 3, -0.0, np.nan, 1e-7, 2.0, -3.0, 1e12],
            "=sum": range(-1, 7),
        }
    )
    write_table(tmp_path / "t.csv", frame)
    rows = list(csv.reader(io.StringIO((tmp_path / "t.csv").read_bytes().decode(), newline="")))
    assert rows[0] == ["text", "number", "'=sum"]
    assert [row[0] for row in rows[1:]] == [
        "'=1+1", "'+44", "'-5", "'@x", "'\tx", "'\nx", "a=1", "",
    ]  # fmt: skip
    assert [row[1] for row in rows[1:3]] == ["-1.5", "0.3333333333"]
    assert rows[3][1:] == ["0.0", "1"]
    assert rows[4][1] == ""
    assert [float(row[1]) for row in rows[5:]] == [1e-7, 2.0, -3.0, 1e12]


def test_a_carriage_return_does_not_start_a_row_of_its_own(tmp_path):
    # The trap: Python 3.11's csv quotes a line feed but not a lone carriage return.
    write_table(tmp_path / "t.csv", pd.DataFrame({"text": ["a\r=1+1", "\r=2", "b\r\nc"], "n": 1}))
    assert pd.read_csv(tmp_path / "t.csv")["text"].to_list() == ["a\n=1+1", "'\n=2", "b\nc"]


def test_write_table_keeps_index_categories_and_missing_integers(tmp_path):
    frame = pd.DataFrame(
        {"n": pd.array([1, None], dtype="Int64"), "size": pd.Categorical(["=big", "small"])},
        index=pd.Index(["-a", "b"], name="sector"),
    )
    write_table(tmp_path / "t.csv", frame)
    assert (tmp_path / "t.csv").read_bytes() == b"sector,n,size\n'-a,1,'=big\nb,,small\n"


def test_write_table_of_an_empty_table_has_its_header(tmp_path):
    write_table(tmp_path / "t.csv", pd.DataFrame({"a": [], "b": []}))
    assert (tmp_path / "t.csv").read_bytes() == b"a,b\n"
