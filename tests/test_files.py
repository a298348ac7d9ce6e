"""Files in and out: what is malformed is refused in one line, what is written is whole and the same."""

import csv
import errno
import fcntl
import io
import json
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from unittest import mock

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compendium import files
from compendium.files import (
    alone,
    digest,
    read_csv,
    read_json,
    read_text,
    replace,
    write_json,
    write_table,
)  # fmt: skip


def file_of(folder, content, name="x.yml"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


# ---- text


def test_a_text_loses_its_byte_order_mark_and_its_carriage_returns(tmp_path):
    assert read_text(file_of(tmp_path, b"\xef\xbb\xbfa\r\nb\rc")) == "a\nb\nc"


def test_what_cannot_be_read_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"x\.yml: line 2 is not UTF-8; save the file as UTF-8"):
        read_text(file_of(tmp_path, b"a\n\xe9\n"))
    with pytest.raises(ValueError, match="none: there is no such file"):
        read_text(tmp_path / "none")
    with pytest.raises(ValueError, match="this is a folder and no file"):
        read_text(tmp_path)


def test_the_digest_is_that_of_another_program(tmp_path):
    # printf 'abc' | sha256sum
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert digest(file_of(tmp_path, "abc")) == known


def test_bytes_and_text_are_put_in_place_as_they_are(tmp_path):
    for content, written in ((b"\x00\r\n", b"\x00\r\n"), ("ü\n", "ü\n".encode())):
        replace(tmp_path / "new" / "x", content)
        assert (tmp_path / "new" / "x").read_bytes() == written
    assert os.listdir(tmp_path / "new") == ["x"]


# ---- CSV in


def test_every_value_is_text_as_it_stands(tmp_path):
    path = file_of(tmp_path, 'id,text\n01,NA\n2,"a, ""b""\nc"\n\n3,\n')
    assert read_csv(path).to_dict("list") == {
        "id": ["01", "2", "3"], "text": ["NA", 'a, "b"\nc', ""],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "the file is empty"),
        ("\n", "the file is empty"),
        ("a,b,a\n1,2,3\n", "the column 'a' stands twice"),
        ("a,b\n1,2\n3\n", "row 2 has 1 values for 2 columns"),
        ("a,b\n1,2,3\n", "row 1 has 3 values for 2 columns"),
        ("a\n1\n", "the column 'b' is missing; add it: the columns are b."),
        ('a,b\n1,2\n3,"4\n5,6\n', "not readable as CSV after row 1 .*close every quote"),
        ('a,"b\n1,2\n', "not readable as CSV after row 0"),
        ('a,b\n1,"2" 3\n', "not readable as CSV after row 0"),
    ],
)
def test_a_malformed_table_is_refused(tmp_path, content, message):
    path = file_of(tmp_path, content, "t.csv")
    with pytest.raises(ValueError, match=message) as caught:
        read_csv(path, columns=["b"])
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


@given(
    st.text(st.sampled_from('ab,,""\n\n\ré\ufeff\0'), max_size=25),
    st.sampled_from(["a,b\n", "é\n", ""]),
)
@settings(max_examples=100, deadline=None)
def test_the_quick_way_to_read_a_table_is_the_thorough_one(text, header):
    with tempfile.TemporaryDirectory() as folder:
        path = file_of(Path(folder), f"{header}{text}", "t.csv")
        quick = outcome(path)
        with mock.patch.object(files, "_simple_table", return_value=None):
            assert quick == outcome(path)


def outcome(path):
    """The rows of a file, or why it is refused."""
    try:
        frame = read_csv(path)
    except ValueError as error:
        return str(error)
    return [list(frame), *frame.to_numpy().tolist()]


# ---- JSON


def test_write_json_bytes(tmp_path):
    path = tmp_path / "new" / "folder" / "x.json"
    write_json(path, {"z.b": {"value": 1 / 3, "low": -0.0, "note": "ü"}, "a.a": {"value": 2}})
    assert (
        path.read_bytes()
        == (
            '{\n  "z.b": {\n    "value": 0.3333333333,\n    "low": 0.0,\n    "note": "ü"\n  },\n'
            '  "a.a": {\n    "value": 2\n  }\n}\n'
        ).encode()
    )


def test_ten_digits_hide_the_last_bits_that_differ_between_machines(tmp_path):
    for name, value in {"a": 0.1 + 0.2, "b": 0.3}.items():
        write_json(tmp_path / name, {"x.y": {"value": value}})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, np.float32("nan")])
def test_nan_and_infinity_are_refused_and_the_old_file_stays(tmp_path, bad):
    path = tmp_path / "x.json"
    write_json(path, {"a.b": {"value": 1}})
    with pytest.raises(ValueError, match=r"x\.json: a\.b: low is (nan|-?inf)"):
        write_json(path, {"a.b": {"value": 1, "low": bad}})
    assert json.loads(path.read_text()) == {"a.b": {"value": 1}}
    assert os.listdir(tmp_path) == ["x.json"]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "x.json"
    write_json(path, {"a.b": {"value": 1}})

    def full(*_):
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(files.os, "replace", full)
    with pytest.raises(ValueError, match=r"x\.json: cannot be written \(no space left\); free some"):
        write_json(path, {"a.b": {"value": 2}})
    assert json.loads(path.read_text()) == {"a.b": {"value": 1}}
    assert os.listdir(tmp_path) == ["x.json"]


def test_what_a_killed_process_left_of_a_file_goes_when_it_is_written_again(tmp_path):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    for name in (f".a.json.{dead.pid}.part", f".a.json.{os.getppid()}.part", ".a.json.x.part"):
        (tmp_path / name).touch()
    replace(tmp_path / "a.json", "{}")
    kept = {f".a.json.{os.getppid()}.part", ".a.json.x.part", "a.json"}
    assert {path.name for path in tmp_path.iterdir()} == kept


def test_one_process_at_a_time_works_in_a_folder(tmp_path):
    with alone(tmp_path / "new"):
        other = os.open(tmp_path / "new", os.O_RDONLY)
        with pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(other)
    assert list(tmp_path.rglob("*")) == [tmp_path / "new"]


def test_files_are_readable_as_any_other(tmp_path):
    (tmp_path / "plain").write_text("")
    write_json(tmp_path / "x.json", {})
    modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("plain", "x.json")}
    assert len(modes) == 1  # tempfile's files would be closed to everybody else


def test_json_that_is_none_is_named(tmp_path):
    assert read_json(file_of(tmp_path, "[1]")) == [1]
    with pytest.raises(ValueError, match=r"x\.yml: not JSON .*run make again"):
        read_json(file_of(tmp_path, "{"))


# ---- tables out


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
