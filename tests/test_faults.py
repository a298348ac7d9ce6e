"""What goes wrong while make runs: the next run gives what a clean one gives, and no process stays.

The whole graph, poster and site too, on the study of twenty rows. ``make attack`` sets ATTACK and so
the number of kills; without it this takes too long, and `test_make` interrupts one chapter.
"""

import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from chapters import copy_tree

KILLS = 20 if int(os.environ.get("ATTACK", "0")) > 1 else 0
# Six minutes of kills and clocks: `make test` has one of them (test_make), `make attack` all.
pytestmark = pytest.mark.skipif(not KILLS, reason="minutes long: make attack")
SLOWEST = 900  # seconds that any of these runs may take on a busy machine
TARGET = "all"


# Who is root writes to anything, unless this is taken away.
WITHOUT_RIGHTS = ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner"]


def start(top, *arguments, before=()):
    """Make, in a session of its own."""
    inherited = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    given = {"VIRTUAL_ENV": sys.prefix, "PYTHONPATH": str(top / "src")}
    command = [*before, "make", "-C", str(top), "STUDY=tiny", TARGET, *arguments]
    return subprocess.Popen(
        command, env=inherited | given, start_new_session=True, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def finish(running):
    said, _ = running.communicate(timeout=SLOWEST)
    assert running.returncode == 0, said
    return said


def made(top):
    """All that make left and would publish, by path; when its sources were written is no part of it."""
    places = (top / "build" / "tiny", top / "figures")
    paths = (path for place in places for path in sorted(place.rglob("*")) if path.is_file())
    left = {str(path.relative_to(top)): path.read_bytes() for path in paths}
    left.pop("build/tiny/multiverse/made.json", None)
    return left


def unmake(top):
    for name in ("build", "figures"):
        shutil.rmtree(top / name, ignore_errors=True)  # a killed run may not have made it


def processes(top):
    """Numbers and commands of the processes whose working folder is in the copy (Linux only)."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").resolve().is_relative_to(top):
                found[int(process.name)] = (process / "cmdline").read_bytes().replace(b"\0", b" ")
        except OSError:
            continue
    return found


def gone(top, seconds=30):
    deadline = time.monotonic() + seconds
    while processes(top) and time.monotonic() < deadline:
        time.sleep(0.2)
    return processes(top) == {}


@pytest.fixture(scope="module")
def top(tmp_path_factory):
    signal.signal(signal.SIGINT, signal.default_int_handler)  # else ignored behind an ampersand
    return copy_tree(tmp_path_factory.mktemp("faults") / "tree")


@pytest.fixture(scope="module")
def clean(top):
    """What a run gives that nothing disturbs, and how long it takes."""
    started = time.monotonic()
    finish(start(top))
    took, left = time.monotonic() - started, made(top)
    assert any(path.endswith("site/index.html") for path in left)
    assert any(path.endswith("poster.pdf") for path in left)
    return left, took


def test_a_run_that_is_stopped_at_any_moment_is_completed_by_the_next(top, clean):
    """Each run goes on where the one before was killed or interrupted; no process outlives it."""
    left, took = clean
    chance, stopped = random.Random(1), 0
    unmake(top)
    while stopped < KILLS:
        running = start(top)
        try:
            said, _ = running.communicate(timeout=chance.uniform(0.3, took / 6))
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, (signal.SIGKILL, signal.SIGINT)[stopped % 2])
            running.communicate(timeout=60)
            stopped += 1
            assert gone(top), processes(top)
        else:  # complete before it was stopped
            assert running.returncode == 0, said
            assert made(top) == left
            unmake(top)
    finish(start(top))
    assert made(top) == left


def test_times_that_lie_ahead_change_nothing(top, clean):
    """As after a clock went back: some files are from tomorrow, and all code is from later still."""
    finish(start(top))
    ahead = time.time() + 86_400
    for path in [*(top / "build" / "tiny").rglob("*"), *(top / "figures").rglob("*")][::3]:
        os.utime(path, (ahead, ahead))
    for path in (top / "src").rglob("*.py"):
        os.utime(path, (ahead + 60, ahead + 60))
    try:
        finish(start(top))
        assert made(top) == clean[0]
    finally:
        for path in (top / "src").rglob("*.py"):
            os.utime(path)


def test_two_runs_at_once_give_what_one_gives(top, clean):
    unmake(top)
    both = [start(top), start(top)]
    for running in both:
        finish(running)
    assert made(top) == clean[0]


def test_four_jobs_in_a_long_folder_with_data_that_cannot_be_written_to(tmp_path, clean):
    top = copy_tree(tmp_path / ("ä long name " + 187 * "x" + "é"))
    assert len(top.name) == 200
    places = [top / "data", *(top / "data").rglob("*")]
    before = {path: path.stat().st_mtime_ns for path in places}
    for path in places:
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    root = os.geteuid() == 0 and shutil.which("setpriv")
    try:
        finish(start(top, "-j4", before=WITHOUT_RIGHTS if root else ()))
    finally:
        for path in places:
            path.chmod(path.stat().st_mode | stat.S_IWUSR)
    assert made(top) == clean[0]
    assert {p: p.stat().st_mtime_ns for p in [top / "data", *(top / "data").rglob("*")]} == before
