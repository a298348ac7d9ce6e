"""What a run of a notebook leaves of the runs before it."""

import os
import time

from compendium.publishing.execution import _standing, _sweep


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
