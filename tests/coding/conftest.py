"""The coded answers of the default study, read once for all tests of this folder."""

import pytest
from chapters import TINY, lay_out

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
    """``data/`` with the study of twenty rows, free to be coded anew."""
    return lay_out(tmp_path, TINY)
