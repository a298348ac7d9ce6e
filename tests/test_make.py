"""What make runs, in a copy of the tree whose folder has spaces and accents, on a study of twenty rows.

The notebooks run in kernels here, as papermill runs them, and every file that they open is noted.
"""

import ast
import functools
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from chapters import NAMES, ROOT, copy_tree, files, run_chapter

# What starts a run, and is no part of what it gives.
COMMAND_LINE = {"src/compendium/__main__.py", "src/compendium/publishing/__init__.py"}
# Noted by the process that runs a notebook and by its kernel, a file for each notebook; a compiled
# module stands for its source.
WATCH = """
import os, sys
if "run" in sys.orig_argv:
    os.environ["NOTEBOOK"] = sys.orig_argv[sys.orig_argv.index("run") + 1]
_log = os.path.join(os.environ.get("OPENED", ""), os.environ.get("NOTEBOOK", "none"))
def _note(event, arguments, log=_log, top=os.environ.get("TOP", "")):
    if event == "open" and isinstance(arguments[0], (str, bytes)) and top:
        path = os.path.abspath(os.fsdecode(arguments[0]))
        if path.startswith(top) and not arguments[2] & (os.O_WRONLY | os.O_RDWR):
            with os.fdopen(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT), "a") as file:
                file.write(path + "\\n")
sys.addaudithook(_note)
"""
# Kernels draw as coarsely as chapters do in this process.
KERNELS = {"PYTHONSTARTUP": str(ROOT / "tests" / "fixtures" / "coarse_startup.py")}
# Nothing that is made may depend on these.
ODD = {"PYTHONHASHSEED": "4242", "TZ": "Asia/Kathmandu", "LC_ALL": "C", "PYTHONUTF8": "1"}


def make(top, *arguments, **variables):
    """Run make for the tiny study, without what the make around the tests handed down."""
    inherited = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    given = {"VIRTUAL_ENV": sys.prefix, "PYTHONPATH": str(top / "src")} | KERNELS | variables
    command = ["make", "-C", str(top), "STUDY=tiny", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=inherited | given)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def prerequisites(top):
    """What make knows each notebook's target and `suppressed.json` to be made of."""
    told, found = make(top, "-pn", "all").stdout, {}
    for target, needed in re.findall(r"^(build/tiny/\S+):([^=\n]*)$", told, re.MULTILINE):
        found[target] = set(needed.partition("|")[0].split())
    return found


def everything(needed, target):
    """Prerequisites, and theirs."""
    mine = needed.get(target, set())
    return mine.union(*(everything(needed, path) for path in mine))


@pytest.fixture(scope="module")
def top(tmp_path_factory):
    """The copy, and nothing made in it."""
    return copy_tree(tmp_path_factory.mktemp("make") / "a spáce")


def made(top):
    """All that make left, by path: bytes, and when they were written."""
    places = (top / "build" / "tiny", top / "figures")
    paths = [path for place in places for path in sorted(place.rglob("*")) if path.is_file()]
    return {path.relative_to(top): (path.read_bytes(), path.stat().st_mtime_ns) for path in paths}


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """A folder for the names of the files that each notebook of the first run opens."""
    return tmp_path_factory.mktemp("opened")


@pytest.fixture(scope="module")
def first(top, opened):
    """What a first run leaves, up to the audit."""
    (opened / "sitecustomize.py").write_text(WATCH)
    make(top, "-j3", "build/tiny/audit.txt", OPENED=str(opened), TOP=str(top),
         PYTHONPATH=f"{opened}{os.pathsep}{top / 'src'}", **ODD)  # fmt: skip
    return made(top)


@pytest.fixture(scope="module")
def needed(top):
    """Prerequisites as make knows them."""
    return prerequisites(top)


def imports(tree):
    """Names of modules that a file may import, at its top or within a function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def closure(tree, found=None):
    """Files under ``src/`` that a module imports, and what these import."""
    found = set() if found is None else found
    for name in imports(tree):
        parts = name.split(".")
        for depth in range(1, len(parts) + 1):
            stem = Path("src", *parts[:depth])
            for path in (stem.with_suffix(".py"), stem / "__init__.py"):
                if (ROOT / path).is_file() and str(path) not in found:
                    found.add(str(path))
                    closure(parsed(ROOT / path), found)
    return found


@functools.cache
def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_what_a_notebook_imports_is_among_its_prerequisites(needed, name):
    import nbformat

    cells = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", 4).cells
    code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    imported = closure(ast.parse(code))
    assert "src/compendium/survey/instrument.py" in imported
    assert imported - everything(needed, f"build/tiny/notebooks/{name}.ipynb") == set()


def test_nothing_runs_again(top, first):
    told = make(top, "build/tiny/audit.txt").stdout
    assert "done in" not in told
    assert made(top) == first
    assert sum(path.suffix == ".ipynb" for path in first) == len(NAMES)


def test_a_run_elsewhere_leaves_the_same_bytes_and_shows_the_same(top, first, tiny, told):
    """Another folder, process, time zone, locale, order of hashes, and one chapter after another."""
    import nbformat

    elsewhere = files(tiny)
    assert {f"build/tiny/results/{name}.json" for name in NAMES[:3]} <= elsewhere.keys()
    assert elsewhere == {path: first[Path(path)][0] for path in elsewhere}
    for name in NAMES:
        cells = nbformat.read(top / "build" / "tiny" / "notebooks" / f"{name}.ipynb", 4).cells
        outputs = [output for cell in cells for output in cell.get("outputs", [])]
        for kind in ("text/html", "text/markdown"):
            shown = [output.get("data", {}).get(kind) for output in outputs]
            assert shown == [data.get(kind) for data in told[name]], name


def test_a_notebook_that_runs_again_has_the_same_bytes(top, first):
    target = "build/tiny/notebooks/5_claims.ipynb"
    (top / target).unlink()
    assert "5_claims: done in" in make(top, target).stdout
    again = {path: content for path, (content, _) in made(top).items()}
    assert again == {path: content for path, (content, _) in first.items()}


@pytest.mark.parametrize("name", NAMES)
def test_what_a_notebook_opens_is_among_its_prerequisites(top, first, opened, needed, name):
    target = f"build/tiny/notebooks/{name}.ipynb"
    asked = everything(needed, target)
    paths = {Path(path).relative_to(top) for path in (opened / name).read_text().splitlines()}
    sources = {
        source(path) for path in paths if path.parts[:1] in (("src",), ("data",), ("notebooks",))
    }
    read = {str(path) for path in sources if (top / path).is_file()}
    assert f"notebooks/{name}.ipynb" in read
    assert read - asked == COMMAND_LINE
    results = {path.stem for path in paths if path.parts[:3] == ("build", "tiny", "results")}
    assert {f"build/tiny/notebooks/{stem}.ipynb" for stem in results & set(NAMES)} <= asked | {target}


def source(path):
    """The file that a compiled module was made from; other paths as they are."""
    if path.parent.name == "__pycache__":
        return path.parent.parent / f"{path.name.partition('.')[0]}.py"
    return path


def test_run_all_in_scratch_changes_nothing_that_is_built(top, first):
    before = made(top)
    for name in NAMES:
        places = {"data_dir": "../data", "out_dir": "../build/scratch"}
        if name in ("2_familiarity", "3_themes"):
            places["resamples"] = 20
        run_chapter(
            name, top, drawn=False, confidence=0.8, figures_dir="../build/scratch/figures", **places
        )
    assert made(top) == before
    assert (top / "build" / "scratch" / "tiny" / "results" / "2_familiarity.json").exists()
    assert "done in" not in make(top, "build/tiny/audit.txt").stdout


def test_a_run_that_is_interrupted_leaves_no_target_and_no_process(top):
    target = top / "build" / "tiny" / "notebooks" / "2_familiarity.ipynb"
    make(top, "build/tiny/suppressed.json")
    target.unlink(missing_ok=True)
    environment = os.environ | {"VIRTUAL_ENV": sys.prefix, "PYTHONPATH": str(top / "src")}
    running = subprocess.Popen(
        ["make", "-C", str(top), "STUDY=tiny", f"build/tiny/notebooks/{target.name}"],
        env=environment, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # nohup ignores it
    )  # fmt: skip
    deadline = time.monotonic() + 120
    while not kernels(top) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert kernels(top)
    os.killpg(running.pid, signal.SIGINT)
    running.communicate(timeout=60)
    assert running.returncode != 0
    deadline = time.monotonic() + 30
    while kernels(top) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert kernels(top) == []
    assert not target.exists()


def kernels(top):
    """Numbers of the processes whose working folder is the copy's notebooks (Linux only)."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").resolve() == top / "notebooks":
                found.append(process.name)
        except OSError:
            continue
    return found
