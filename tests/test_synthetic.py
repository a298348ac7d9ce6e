"""The synthetic responses: committed as the seed gives them, marked, and as the source says."""

import importlib
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np

from compendium.survey.instrument import read_instrument
from compendium.survey.study import interpret

FOLDER = Path(__file__).parents[1] / "data" / "microcredentials"
sys.path.insert(0, str(FOLDER))
synthetic = importlib.import_module("synthesise")


def test_the_committed_responses_are_what_the_seed_gives(tmp_path):
    for file in FOLDER.glob("*"):
        if file.is_file() and file.name != "responses.csv":
            shutil.copy(file, tmp_path)
    command = [sys.executable, str(FOLDER / "synthesise.py"), str(tmp_path)]
    subprocess.run(command, check=True)
    assert (tmp_path / "responses.csv").read_bytes() == (FOLDER / "responses.csv").read_bytes()


def test_every_row_says_that_it_is_synthetic():
    rows = (FOLDER / "responses.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0].split(",")[1] == "provenance"
    assert all(",synthetic," in row for row in rows[1:] if row.startswith("R"))


def test_another_seed_gives_other_rows_and_the_same_published_counts():
    instrument = read_instrument(FOLDER / "survey.yml")
    first, other = (synthetic.generate(instrument, seed) for seed in (1, 2))
    assert not first.equals(other)
    for rows in (first, other):
        study = interpret("s", instrument, "rows", rows.set_index("respondent"))
        assert study.n == 92
        assert (study.answers["concept"] == "not_familiar").sum() == 12


def test_nothing_but_the_written_structure_ties_answers_together():
    # In a large sample, region and sector must go with nothing, and size must shift awareness.
    instrument = read_instrument(FOLDER / "survey.yml")
    rows = synthetic.generate(instrument, 7, respondents=20_000)
    study = interpret("s", instrument, "rows", rows.set_index("respondent"))
    known = study.answers["concept"].cat.codes
    by_region = known.groupby(study.answers["region"], observed=True).mean()
    by_size = known.groupby(study.answers["size"], observed=True).mean()
    largest = by_region[["scotland", "england"]]
    assert np.ptp(largest) < 0.1
    assert by_size["large"] - by_size["micro"] > 0.3
