"""Reporting standards: complete, filled with what is known, with places that exist."""

import csv
from types import SimpleNamespace

import nbformat
import pandas as pd
import pytest
from chapters import NOTEBOOKS, ROOT

from compendium.coding.codings import load_coding
from compendium.coding.reading.in_short import on_coding
from compendium.survey.checklists import by_standard, filled
from compendium.survey.study import load_study

PATH = ROOT / "data" / "checklists.csv"
ELSEWHERE = ("", "survey.yml", "data dictionary", "CITATION.cff", "codebook.yml")


def lists(name, folder, told=None):
    return filled(PATH, load_study(name, folder), pd.Series([100.0, 50.0]), 1, told=told)


@pytest.fixture(scope="module")
def default():
    study = load_study("microcredentials", ROOT / "data")
    coding = load_coding(study, ROOT / "data" / "microcredentials")
    return filled(
        PATH, study, pd.Series([100.0]), 0, told=on_coding(coding, study.instrument)
    ).set_index(["checklist", "topic"])["answer"]


def test_each_standard_has_as_many_topics_as_its_source():
    counted = pd.read_csv(PATH)["checklist"].value_counts()
    # AAPOR 2021: eleven items; O'Cathain 2008, box; Tong 2007, items 24 to 32; O'Brien 2014, S1 to S21.
    assert counted[["AAPOR", "GRAMMS", "COREQ", "SRQR"]].to_dict() == {
        "AAPOR": 11, "GRAMMS": 6, "COREQ": 9, "SRQR": 21
    }  # fmt: skip


def test_every_place_is_there():
    headings = {path.stem[0]: _headings(path) for path in NOTEBOOKS}
    with PATH.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            assert row["place"] in headings.get(row["chapter"], ELSEWHERE), row


def _headings(path):
    cells = nbformat.read(path, as_version=4).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return [line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")]


def test_what_is_known_stands_there_and_the_rest_is_not_reported(default):
    assert default["GRAMMS", "Design"].startswith("Not reported.")
    assert default["AAPOR", "Dates"] == "Not reported."
    assert default["COREQ", "Coders"].startswith("2, on the same answers.")
    assert "person by person, in 5 topics" in default["GRAMMS", "Integration"]
    assert default["COREQ", "Themes"].startswith("Set beforehand")


def test_a_study_without_free_text_is_asked_nothing_of_words():
    found = lists("anes96", ROOT / "data")
    assert list(found["checklist"].unique()) == ["CROSS", "CHERRIES", "AAPOR"]


def test_nothing_is_claimed_of_answers_that_nobody_coded():
    study = load_study("microcredentials", ROOT / "data")
    coding = SimpleNamespace(codebook=None, coders=[], shared=0)
    found = filled(PATH, study, pd.Series([100.0]), 0, told=on_coding(coding, study.instrument))
    found = found[found["checklist"] == "COREQ"].set_index("topic")["reported"]
    assert not found[["Coders", "Quotations", "Consistency", "Major themes"]].any()


def test_a_standard_is_a_line_and_a_table_with_places():
    name, line, table = next(iter(by_standard(lists("anes96", ROOT / "data"))))
    assert (name, line) == ("CROSS", "CROSS (surveys of any kind): 20 topics, 7 not reported")
    assert table.loc[12:13, "Where"].tolist() == ["", "1 · Keep three meanings of an empty cell apart"]
