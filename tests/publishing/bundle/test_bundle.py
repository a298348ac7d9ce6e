"""What is in a bundle, and what is not: a stranger who has it learns nothing of single respondents."""

import hashlib
import io
import json
import subprocess
import zipfile
from xml.etree import ElementTree

import pandas as pd
import pytest
import yaml

from compendium.publishing.bundle.codecheck import configuration, orcid
from compendium.publishing.bundle.contents import collect
from compendium.publishing.bundle.datapackage import answers_table
from compendium.publishing.bundle.outputs import outputs
from compendium.publishing.bundle.write import bundled, write_bundle
from compendium.survey.study import load_study

STUDY = "random"
NAME = "Ailsa Craigdallie"
HIDDEN = (NAME, "key-of-fingerprints", "sum-of-export", "lies-about", "read-before-publishing")
DDI = "{ddi:codebook:2_5}"


def unpack(files, folder):
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def test_it_holds_what_a_run_needs_and_what_a_run_made(closed):
    for path in ("Makefile", "README.md", "CITATION.cff", "requirements.lock",
                 "notebooks/5_claims.ipynb", "src/compendium/__main__.py", "report/poster/poster.typ",
                 "data/published.csv",
                 "data/random/survey.yml", "build/random/results/1_responses.json",
                 "build/random/notebooks/1_responses.ipynb", "build/random/report/poster.pdf",
                 "ro-crate-metadata.json", "datapackage.json", "ddi.xml", "codecheck.yml"):  # fmt: skip
        assert path in closed
    # All notebooks depend on it: without it make runs everything anew.
    assert "build/random/suppressed.json" not in closed
    assert not any(path.startswith("data/tiny") for path in closed)


def test_no_answer_of_a_person_is_in_it_unless_asked_for(top, closed):
    study = top / "data" / STUDY
    held = ("data/random/responses.csv", "data/random/coding/one.csv", "answers.csv")
    assert not set(held) & set(closed)
    read = ((study / name).read_bytes() for name in ("responses.csv", "survey.yml"))
    sums = [hashlib.sha256(content).hexdigest() for content in read]
    for path, content in closed.items():
        for trace in ("For reason ", *HIDDEN, *sums):
            assert trace.encode() not in content, path


def test_the_word_puts_answers_in_and_neither_key_nor_names_nor_what_lies_about(opened):
    assert {"data/random/responses.csv", "data/random/coding/one.csv", "answers.csv"} <= set(opened)
    for path, content in opened.items():
        assert not path.startswith("build/random/review")
        for trace in HIDDEN:
            assert trace.encode() not in content, path


@pytest.mark.parametrize("word", ["yes", "Include", "1"])
def test_another_word_puts_nothing_in(top, word):
    with pytest.raises(ValueError, match="ANSWERS: write include, or leave it out"):
        collect(STUDY, word, top)


def test_a_study_that_was_not_run_is_refused(top):
    with pytest.raises(ValueError, match="run make all STUDY=other first"):
        collect("other", top=top)


def test_counts_of_the_codebook_are_those_of_the_results(closed):
    results = json.loads(closed["build/random/results/2_familiarity.json"])
    assert any("withheld" in one for one in results.values())
    root, checked = ElementTree.fromstring(closed["ddi.xml"]), 0
    for var in root.iter(f"{DDI}var"):
        for category in var.iter(f"{DDI}catgry"):
            value, freq = category.find(f"{DDI}catValu").text, category.find(f"{DDI}catStat")
            name = f"s.{var.get('name')}" + (f".{value}" if value != "true" else "")
            result = results.get(name, {})
            assert (None if freq is None else int(freq.text)) == result.get("count")
            checked += freq is not None
    assert checked
    assert {one.get("type") for one in root.iter(f"{DDI}sumStat")} <= {"vald"}  # no extremes
    assert not list(root.iter(f"{DDI}fileDscr"))


def test_skip_logic_names_question_and_answers(closed):
    root = ElementTree.fromstring(closed["ddi.xml"])
    (first, *_) = [one for one in root.iter(f"{DDI}var") if one.get("name").startswith("ill.")]
    back = first.find(f"{DDI}qstn/{DDI}backward")
    assert (back.get("qstn"), back.text) == ("Q_size", "Those who answered “Small” or “Middle” to: ?")


def test_one_number_stands_for_all_sources(closed):
    for line in closed["sources.sha256"].decode().splitlines():
        assert hashlib.sha256(closed[line[66:]]).hexdigest() == line[:64]
    graph = {one["@id"]: one for one in json.loads(closed["ro-crate-metadata.json"])["@graph"]}
    digest = hashlib.sha256(closed["sources.sha256"]).hexdigest()
    assert graph["#digest"]["value"] == graph["sources.sha256"]["sha256"] == digest
    assert len(graph["./"]["version"]) == 40  # the commit, with no change since
    poster = graph["build/random/report/poster.pdf"]
    assert poster["keywords"] == "sample.n"
    assert poster["isBasedOn"] == {"@id": "sources.sha256"}
    table = graph["build/random/tables/2_ill.csv"]
    assert "s.ill.t0" in table["keywords"]


def test_a_bundle_is_the_same_from_run_to_run(top):
    path, made = top / "build" / STUDY / "bundle.zip", []
    for _ in range(2):
        lines = list(write_bundle(STUDY, top=top))
        made.append(path.read_bytes())
        path.unlink()
    assert made[0] == made[1]
    assert "respondents' answers are not in it" in lines[1]
    members = zipfile.ZipFile(io.BytesIO(made[0])).infolist()
    assert [one.filename for one in members] == sorted(one.filename for one in members)
    assert {one.date_time[0] for one in members} == {1980}


def test_a_bundle_makes_itself_again_without_git(top, closed):
    """Even below the repository of somebody else."""
    unpacked = unpack(closed, top / "build" / "unpacked")
    assert bundled(STUDY, top=unpacked)[1] == closed
    (unpacked / "Makefile").write_text("all:\n")
    graph = json.loads(bundled(STUDY, top=unpacked)[1]["ro-crate-metadata.json"])["@graph"]
    assert graph[1]["version"].endswith(" with changes")


def test_make_runs_the_one_study_of_a_bundle_and_all_of_it(top, closed, tmp_path):
    unpacked = unpack(closed, tmp_path / "bundle")
    (unpacked / "data" / STUDY / "responses.csv").touch()
    told = subprocess.run(["make", "-n", "all", "VIRTUAL_ENV=/x"], cwd=unpacked, capture_output=True,
                          text=True, check=True)  # fmt: skip
    assert told.stdout.count("compendium run ") == 5
    assert f"--study={STUDY}" in told.stdout


def test_every_missing_answer_says_why():
    study = load_study("microcredentials", "data")
    marks = {".skipped": "skipped", ".not_asked": "not_asked", ".dont_know": "dont_know"}
    cells = pd.read_csv(
        io.BytesIO(answers_table(study)), index_col="respondent", dtype=str, keep_default_na=False
    )
    marked = cells.isin([*marks])
    assert cells.index.tolist() == study.states.index.tolist()
    assert marked.equals(study.states.isin([*marks.values()]))
    states = study.states.astype(object)
    assert (cells.replace(marks) == states).where(marked, True).all(axis=None)
    ticked = states["benefits.flexible"].map({"answered": "true", "not_ticked": "false"}).dropna()
    assert cells.loc[ticked.index, "benefits.flexible"].tolist() == ticked.tolist()
    assert {*marks, "true", "false"} <= set(cells.to_numpy().ravel())


def test_codecheck_yml_is_what_an_author_can_fill_in(top):
    contents = collect(STUDY, top=top)
    paper = {
        "title": "T", "doi": "10.5555/12345678",
        "authors": [{"given-names": "Josiah", "family-names": "Carberry",
                     "orcid": "https://orcid.org/0000-0002-1825-0097"}],
    }  # fmt: skip
    citation = {"references": [paper, {"title": "U", "url": "https://example.org/u"}, {"title": "V"}]}
    text = configuration(contents, outputs(contents), paper, citation)
    assert text.startswith("---\n")
    told = yaml.safe_load(text)
    assert told["version"] == "https://codecheck.org.uk/spec/config/2.0/"
    assert told["paper"] == {
        "title": "T", "authors": [{"name": "Josiah Carberry", "ORCID": "0000-0002-1825-0097"}],
        "reference": "https://doi.org/10.5555/12345678", "reference-other": ["https://example.org/u"],
    }  # fmt: skip
    for item in told["manifest"]:
        assert item["comment"]
        assert (top / item["file"]).is_file()
    assert {"codechecker", "report", "summary", "certificate"}.isdisjoint(told)


@pytest.mark.parametrize(
    "given", ["https://orcid.org/0000-0002-1825-0098", "0000-0002-1825", "https://orcid.org/"]
)
def test_an_orcid_with_a_wrong_sign_is_refused(given):
    with pytest.raises(ValueError, match="is no ORCID"):
        orcid({"orcid": given})
