"""What the tests of imports share: a folder of studies, and an import compared with its survey."""

import csv
import shutil
from pathlib import Path

import pytest
from described_survey import differences

from compendium.importing.importer import import_study
from compendium.survey.study import load_study

ROOT = Path(__file__).parents[1]


@pytest.fixture(name="data")
def data_folder(tmp_path):
    """An empty folder of studies beside the known response scales."""
    (tmp_path / "data").mkdir()
    shutil.copy(ROOT / "data" / "response_scales.yml", tmp_path / "data")
    return tmp_path / "data"


def ids_of(folder):
    """Respondents in the order of the rows written."""
    with open(folder / "responses.csv", newline="", encoding="utf-8") as file:
        return [row[0] for row in csv.reader(file)][1:]


def imported(survey, write, data, name="a.csv", **how):
    """The report, and where the imported study differs from the survey."""
    export = data.parent / name
    expected = write(survey, export, **how)
    before = export.read_bytes()
    report = import_study("mine", export, data)
    assert export.read_bytes() == before
    study = load_study("mine", data)
    return report, study, differences(study, expected, ids_of(data / "mine"))


def files(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
