"""What the tests of imports share: an empty folder of studies, and known scales read once."""

import shutil

import pytest
from described_imports import ROOT

from compendium.importing import importer
from compendium.importing.draft.scales import read_wordings


@pytest.fixture(name="data")
def data_folder(tmp_path):
    """An empty folder of studies beside the known response scales."""
    (tmp_path / "data").mkdir()
    shutil.copy(ROOT / "data" / "response_scales.yml", tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture(scope="session")
def known():
    """The known response scales."""
    return read_wordings(ROOT / "data" / "response_scales.yml")


@pytest.fixture(autouse=True)
def _scales_read_once(monkeypatch, known):
    """The same file beside every study: reading it is most of the time that a small import takes."""
    monkeypatch.setattr(importer, "read_wordings", lambda _: known)
