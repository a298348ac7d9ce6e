"""What the tests share: the repository's folders, and copies of a study to break."""

import fcntl
import gc
import hashlib
import os
import pickle
import shutil
from pathlib import Path
from unittest import mock

import hypothesis
import pytest
from nbval.plugin import IPyNbFile

from compendium.disclosure import counts, suppression
from compendium.survey import study

ROOT = Path(__file__).parents[1]
# What kernels run first: collected for its examples, it would change this process.
collect_ignore = ["fixtures/kernel_startup.py", "fixtures/coarse_startup.py"]

# No test may fail because a machine is slow.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


LONG = ("tests/test_make.py", "tests/test_damage.py", "tests/study/", "notebooks/", "tests/notebooks/",
        "tests/lessons/")  # fmt: skip


def pytest_collection_modifyitems(items):
    """Libraries may warn while nbval runs the cells of a notebook; what takes long is begun first."""
    for item in items:
        if item.path.suffix == ".ipynb":
            # nbval's own kernels and sockets warn: no failure of the cell that is compared.
            item.add_marker(pytest.mark.filterwarnings("default"))
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


def _outlined(setup):
    """A notebook's kernel, begun so that it saves pictures as outlines.

    nbval compares no pixels, and `tests/study/test_figures.py` draws what chapters draw.
    """
    tests = ROOT / "tests"
    searched = filter(None, (str(tests), os.environ.get("PYTHONPATH")))
    changed = {"PYTHONSTARTUP": str(tests / "fixtures" / "kernel_startup.py"),
               "PYTHONPATH": os.pathsep.join(searched)}  # fmt: skip

    def begin(notebook):
        with mock.patch.dict(os.environ, changed):
            setup(notebook)

    return begin


IPyNbFile.setup = _outlined(IPyNbFile.setup)  # a hook of this folder is not asked of the notebooks


def pytest_collection_finish():
    """What was imported and collected stays: the garbage collector need not walk it in each test.

    It comes by less often, too: it took a twelfth of the tests' time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


@pytest.fixture(autouse=True)
def _in_the_repository(monkeypatch):
    """The examples in the docstrings name the data as seen from the repository's top.

    `make test` hands its options and its study on in the environment: a make that a test starts must
    not take them.
    """
    monkeypatch.chdir(ROOT)
    for name in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "STUDY"):
        monkeypatch.delenv(name, raising=False)


def _remembered(function):
    """The function, which computes once what it is asked of the same; each answer is a copy.

    What is asked of very many answers is asked once, and would only take room.
    """
    known = {}

    def remembered(*given, **named):
        key = hashlib.sha256(pickle.dumps((given, named))).digest()
        answer = known.get(key) or pickle.dumps(function(*given, **named))
        if len(answer) < 2**20:
            known[key] = answer
        return pickle.loads(answer)

    return remembered


@pytest.fixture(autouse=True, scope="session")
def _once():
    """The same answers, which many tests ask about, are read, counted and decided on once."""
    import helpers.shares
    import helpers.study

    with pytest.MonkeyPatch.context() as patch:
        for name, *places in (
            ("suppress", suppression),
            ("interpret", study, helpers.study),
            ("published_counts", counts, helpers.shares),
        ):
            remembered = _remembered(getattr(places[0], name))
            for place in places:
                patch.setattr(place, name, remembered)
        yield


@pytest.fixture
def data_dir(tmp_path):
    """A copy of the default study under ``data/``, free to be damaged."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture(scope="session")
def _ran(tmp_path_factory):
    """The first worker runs the chapters, and the others read what it kept."""
    import chapters

    base = tmp_path_factory.getbasetemp()
    top = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "tiny"
    top.mkdir(exist_ok=True)
    kept = top / "told.pickle"
    with open(top / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            chapters.lay_out(top, chapters.TINY)
            kept.write_bytes(pickle.dumps(chapters.run_all(top)))
    return top, pickle.loads(kept.read_bytes())


@pytest.fixture(scope="session")
def tiny(_ran):
    """All chapters run once for the study of twenty rows: the folder with data, build and figures.

    Read only; a test that changes a parameter runs its chapter elsewhere, with `chapters.run_chapter`.
    """
    return _ran[0]


@pytest.fixture(scope="session")
def told(_ran):
    """What each chapter showed of the study of twenty rows, by name."""
    return _ran[1]


@pytest.fixture(scope="session")
def browser():
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next((found for found in map(shutil.which, names) if found), None)
    if path is None:  # make test needs none; .ci/run installs one, so that nothing is skipped there
        pytest.skip(f"no browser here: none of {', '.join(names)} is installed")
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=quiet)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def environment():
    """Variables for a notebook run in a process of its own."""
    return os.environ | {"PYTHONPATH": str(ROOT / "src"), "MPLBACKEND": "agg"}
