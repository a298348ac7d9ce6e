"""What the tests share: the repository's folders, and copies of a study to break."""

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def _in_the_repository(monkeypatch):
    """The examples in the docstrings name the data as seen from the repository's top."""
    monkeypatch.chdir(ROOT)


@pytest.fixture
def data_dir(tmp_path):
    """A copy of the default study under ``data/``, free to be damaged."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture(scope="session")
def environment():
    """Variables for a notebook run in a process of its own."""
    return os.environ | {"PYTHONPATH": str(ROOT / "src"), "MPLBACKEND": "agg"}
