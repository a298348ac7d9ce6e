"""What is in a bundle, and what is not: a stranger who has it learns nothing of single respondents."""

import hashlib
import io
import json
import re
import subprocess
import zipfile
from xml.etree import ElementTree

import pandas as pd
import pytest
import yaml

from compendium.archives import write_archive
from compendium.publishing.bundle.codecheck import configuration, orcid
from compendium.publishing.bundle.compare import compared, verify_bundle
from compendium.publishing.bundle.contents import collect
from compendium.publishing.bundle.datapackage import answers_table
from compendium.publishing.bundle.outputs import outputs
from compendium.publishing.bundle.write import bundled, write_bundle
from compendium.survey.study import load_study

STUDY = "random"
NAME = "Ailsa Craigdallie"
HIDDEN = (
    NAME,
    "three-answers-hold-it",
    "looked-at-answers",
    "key-of-fingerprints",
    "sum-of-export",
    "lies-about",
    "read-before-publishing",
)
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


def test_a_citation_file_may_lack_what_only_releases_have(top, closed, tmp_path):
    """Version and licence; what else is in the bundle stays as it is."""
    unpacked = unpack(closed, tmp_path / "bundle")
    (unpacked / "CITATION.cff").write_text("title: T\nauthors: [{family-names: Carberry}]\n")
    files = bundled(STUDY, top=unpacked)[1]
    assert b"Carberry" in files["ddi.xml"]
    graph = {one["@id"]: one for one in json.loads(files["ro-crate-metadata.json"])["@graph"]}
    assert graph["./"]["license"] == "none"  # as the survey says
    assert graph["#author-1"]["@type"] == "Person"


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
    changed = bundled(STUDY, top=unpacked)[1]
    graph = json.loads(changed["ro-crate-metadata.json"])["@graph"]
    assert graph[1]["version"].endswith(" with changes")
    assert bundled(STUDY, top=unpack(changed, unpacked))[1] == changed


def test_make_runs_the_one_study_of_a_bundle_and_all_of_it(top, closed, tmp_path):
    unpacked = unpack(closed, tmp_path / "bundle")
    (unpacked / "data" / STUDY / "responses.csv").touch()
    told = subprocess.run(["make", "-n", "all", "VIRTUAL_ENV=/x"], cwd=unpacked, capture_output=True,
                          text=True, check=True)  # fmt: skip
    chapters = [path for path in closed if re.fullmatch(r"notebooks/\d_\w+\.ipynb", path)]
    assert told.stdout.count("compendium run ") == len(chapters) > 4
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


# ---- a bundle beside a fresh run


def verified(files, top, folder, study=STUDY):
    """The status that a comparison ends with, and its lines."""
    path = folder / "given.zip"
    path.write_bytes(files if isinstance(files, bytes) else write_archive(files))
    lines, said = verify_bundle(study, path, top), []
    while True:
        try:
            said.append(next(lines))
        except StopIteration as ended:
            return ended.value, said


@pytest.fixture
def again(closed, tmp_path):
    """The same run elsewhere, free to be changed."""
    return unpack(closed, tmp_path / "again")


def change(path, before, after):
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def test_the_same_run_is_identical(top, closed, opened, tmp_path):
    for files in (closed, opened):
        status, (line, *more) = verified(files, top, tmp_path)
        assert (status, more) == (0, [])
        assert "0 equal within rounding, 0 different: build/random/verification.csv" in line
    table = pd.read_csv(top / "build" / STUDY / "verification.csv")
    assert set(table["status"]) == {"identical"}
    assert "build/random/tables/2_ill.csv" in set(table["file"])


def test_other_files_are_named_with_what_may_have_made_them_so(closed, again, tmp_path):
    built = again / "build" / STUDY
    (built / "tables" / "2_ill.csv").unlink()
    change(built / "results" / "2_familiarity.json", '"unit": "percent"', '"unit": "score"')
    change(built / "results" / "provenance.json", '"numpy": "', '"numpy": "0.')
    change(built / "results" / "provenance.json", '"resamples": 2000', '"resamples": 20')
    change(again / "src" / "compendium" / "wording.py", '"""', '"""Changed. ')
    change(again / "README.md", "Run it", "Start it")
    status, said = verified(closed, again, tmp_path)
    assert status == 1
    assert "3 different" in said[0]
    assert "build/random/tables/2_ill.csv: not made by this run" in said
    assert "build/random/results/2_familiarity.json: other words" in said
    assert any(line.startswith("another version of numpy: ") for line in said)
    assert "another parameter of 2_familiarity, resamples: 2000, and now 20" in said
    # What numbers rest on comes first.
    assert said[-2:] == ["another source: src/compendium/wording.py", "another source: README.md"]


def test_a_bundle_that_was_changed_after_it_was_made_is_told(closed, top, tmp_path):
    changed = closed | {"src/helpers/show.py": b"print()", "build/random/audit.txt": b"x"}
    status, said = verified(changed, top, tmp_path)
    assert status == 1
    assert "src/helpers/show.py: is not what the bundle says that it is" in said


@pytest.mark.parametrize(
    ("name", "before", "after", "told"),
    [
        ("a.json", b'{"x": 1.000000001}', b'{"x": 1.0000000012}', ("equal within rounding", "")),
        ("a.csv", b"a,0.5\n", b"a,0.5000001\n", ("different", "reads 0.5, and now 0.5000001")),
        ("a.svg", b'<path d="M 1.0 2"/>', b'<path d="M 1 2"/>', ("equal within rounding", "")),
        ("a.csv", b"a,1\n", b"b,1\n", ("different", "other words")),
        ("a.csv", b"a,1\n", b"a,1\na,2\n", ("different", "other words")),
        ("a.ipynb", b'"image/png": "AAAA"', b'"image/png": "AAAB"',
         ("different", "a picture in it: another size or kind of picture")),
        ("a.png", b"a" * 40, b"b" * 40, ("different", "another size or kind of picture")),
        ("a.png", b"a" * 40, b"a" * 41, ("different", "no sound picture")),
        ("a.pdf", b"a", b"b", ("different", "other bytes")),
        ("a.csv", None, b"b", ("different", "not in the bundle")),
    ],
)  # fmt: skip
def test_numbers_may_differ_from_the_eleventh_digit_on_and_words_may_not(name, before, after, told):
    assert compared(name, before, after) == told


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"a.txt": b"x"}, "is no bundle of a study"),
        ({"../a.txt": b"x"}, "outside the archive's own folder"),
        ({"a/" * 3 + "b.csv": b"0" * 5_000_000}, "unpacks to more than 200 times"),
        (b"PK no zip", "no sound zip archive"),
        ({"build/other/results/provenance.json": b"{}", "sources.sha256": b"",
          "ro-crate-metadata.json": b"{}"}, "is a bundle of other; give STUDY=other"),
        ({"build/random/results/provenance.json": b"[" * 9_000, "sources.sha256": b"",
          "ro-crate-metadata.json": b"{}"}, "provenance.json is not JSON"),
    ],
)  # fmt: skip
def test_what_is_no_bundle_of_this_study_is_refused(files, told, top, tmp_path):
    with pytest.raises(ValueError, match=told):
        verified(files, top, tmp_path)
