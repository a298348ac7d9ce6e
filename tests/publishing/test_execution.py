"""What a run of a notebook leaves of the runs before it."""

import os
import time

import nbformat.v4 as v4

from compendium.publishing.execution import FONTS, _standing, _sweep, _tidy


def test_that_fonts_were_listed_for_the_first_time_is_no_output():
    said = [v4.new_output("stream", name="stderr", text=text) for text in (FONTS, "A warning\n")]
    notebook = v4.new_notebook(cells=[v4.new_code_cell("1", outputs=said), v4.new_markdown_cell("x")])
    assert [output["text"] for output in _tidy(notebook).cells[0].outputs] == ["A warning\n"]


def test_what_a_run_did_not_make_goes_whatever_the_clock_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tables = tmp_path / "build" / "mine" / "tables"
    tables.mkdir(parents=True)
    for name in ("2_kept.csv", "2_gone.csv", "3_other.csv"):
        (tables / name).write_text("old")
    before = _standing("mine", "2_")
    long_ago = time.time() - 86_400  # the clock went back while the notebook ran
    for name in ("2_kept.csv", "2_new.csv"):
        (tables / "part").write_text("made")
        os.utime(tables / "part", (long_ago, long_ago))
        os.replace(tables / "part", tables / name)
    _sweep("mine", "2_", before)
    assert sorted(path.name for path in tables.iterdir()) == ["2_kept.csv", "2_new.csv", "3_other.csv"]
