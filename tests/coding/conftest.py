"""The coded answers of the default study, read once for all tests of this folder."""

import csv
import shutil
from pathlib import Path

import pytest

from compendium.coding.codings import load_coding
from compendium.coding.themes import with_themes
from compendium.survey.study import load_study


@pytest.fixture(scope="package")
def study():
    return load_study("microcredentials", "data")


@pytest.fixture(scope="package")
def coding(study):
    return load_coding(study, "data/microcredentials")


@pytest.fixture(scope="package")
def codebook(coding):
    return coding.codebook


@pytest.fixture(scope="package")
def answers(coding):
    return coding.answers


@pytest.fixture(scope="package")
def themed(study, coding):
    return with_themes(study, coding)


@pytest.fixture
def small(tmp_path):
    """``data/`` with the first ten respondents of the default study, free to be damaged."""
    source, folder = Path("data/microcredentials"), tmp_path / "data" / "microcredentials"
    (folder / "coding").mkdir(parents=True)
    shutil.copy("data/response_scales.yml", tmp_path / "data")
    for name in ("survey.yml", "codebook.yml"):
        shutil.copy(source / name, folder)
    for path in [source / "responses.csv", *(source / "coding").glob("*.csv")]:
        with path.open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["respondent"] <= "R010"]
        with (folder / path.relative_to(source)).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return tmp_path / "data"
