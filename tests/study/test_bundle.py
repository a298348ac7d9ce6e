"""The bundle of the default study, as `make bundle` writes it."""

import json
import os
from pathlib import Path

import pytest
import yaml
from lxml import etree

from compendium.publishing.bundle.compare import MOST
from compendium.publishing.bundle.write import bundled

ROOT = Path(__file__).parents[2]
# Not part of the project: beside its folder where it is worked on.
SCHEMAS = Path(os.environ.get("SCHEMAS", ROOT.parent / "shared" / "schemas"))


@pytest.fixture(scope="module")
def files():
    return bundled("microcredentials", top=ROOT)[1]


def test_made_up_answers_are_in_it_and_it_can_be_read_with_distrust(files):
    assert {"answers.csv", "data/microcredentials/responses.csv", "LICENSE", "CITATION.cff"} <= set(
        files
    )
    assert sum(map(len, files.values())) < MOST / 4
    made = [path for path in files if path.startswith("build/")]
    assert made
    assert not any("/review/" in path or "/site/" in path for path in made)


def test_its_codebook_keeps_to_the_schema_of_ddi(files):
    path = SCHEMAS / "ddi-codebook-2.5" / "schemas" / "codebook.xsd"
    if not path.exists():  # SCHEMAS=folder names where it lies; it may not be shipped with us
        pytest.skip(f"no schema of DDI at {path}: its licence keeps it out of the compendium")
    schema = etree.XMLSchema(etree.parse(path))
    root = etree.fromstring(files["ddi.xml"])
    assert schema.validate(root), schema.error_log
    root.find(".//{*}var").set("intrvl", "odd")
    assert not schema.validate(root)


def test_what_is_to_be_checked_is_there_and_named(files):
    told = yaml.safe_load(files["codecheck.yml"])
    assert told["paper"]["title"].endswith("Targeted Workforce Upskilling")
    names = [one["name"] for one in told["paper"]["authors"]]
    assert names == ["Perkins", "Pryor", "Tierney", "Thornton"]
    listed = [one["file"] for one in told["manifest"]]
    assert set(listed) <= set(files)
    assert {Path(path).suffix for path in listed} == {".csv", ".json", ".pdf", ".png", ".svg"}


def test_each_figure_and_table_names_its_results_and_each_chapter_what_it_made(files):
    graph = {one["@id"]: one for one in json.loads(files["ro-crate-metadata.json"])["@graph"]}
    results = json.loads(files["build/microcredentials/results/2_familiarity.json"])
    table = graph["build/microcredentials/tables/2_use.csv"]
    assert set(table["keywords"]) <= set(results)
    assert "sample.n" in graph["build/microcredentials/report/poster.pdf"]["keywords"]
    run = graph["#run-3_themes"]
    assert {"@id": "figures/microcredentials/3_joint_display.svg"} in run["result"]
    assert {"@id": "data/microcredentials/responses.csv"} in run["object"]
    seed = graph["#3_themes-seed-value"]
    assert (seed["name"], seed["value"]) == ("seed", 20240613)
