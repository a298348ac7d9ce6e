"""The default study and what its universes are made of, read once for all tests of the folder."""

from pathlib import Path

import pytest

from compendium.coding.codings import load_coding
from compendium.multiverse.ground import Material
from compendium.survey.study import load_study

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="session")
def employers():
    study = load_study("microcredentials", DATA)
    return Material(study, load_coding(study, DATA / "microcredentials"))
