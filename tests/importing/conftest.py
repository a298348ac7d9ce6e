"""What the tests of imports share: an empty folder of studies, and known scales read once."""

import shutil

import pytest
from described_imports import ROOT
from described_survey import save

from compendium.importing import importer
from compendium.importing.draft.scales import read_wordings
from compendium.importing.importer import import_study
from compendium.importing.structure import sav
from compendium.survey.study import load_study


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


@pytest.fixture
def spss_here(monkeypatch):
    """SPSS files that are whole are read in this process; starting another takes longer than all else.

    `test_damage` and `test_platforms` read as users do.
    """
    monkeypatch.setattr(sav, "_convert_apart", sav.convert)


@pytest.fixture(name="study_of")
def _study_of(data):
    """Import columns of text, each repeated until there are `rows` rows; report and study come back."""

    def make(columns, rows=60, ids=True):
        heads = (["Respondent ID"] if ids else []) + [head for head, _ in columns]
        table = [
            ([str(i + 1)] if ids else []) + [v[i % len(v)] for _, v in columns] for i in range(rows)
        ]
        save(data.parent / "a.csv", [heads, *table])
        return import_study("mine", data.parent / "a.csv", data), load_study("mine", data)

    return make
