"""The bundle of a study, written as one zip archive that is the same from run to run."""

from pathlib import Path

from compendium.archives import write_archive
from compendium.audit.claims import load_claims
from compendium.audit.published import read_published
from compendium.files import json_text, replace
from compendium.models import read_yaml
from compendium.publishing.bundle.codecheck import configuration
from compendium.publishing.bundle.contents import CRATE, SUMS, collect
from compendium.publishing.bundle.crate import crate
from compendium.publishing.bundle.datapackage import ANSWERS, answers_table, data_package
from compendium.publishing.bundle.ddi import codebook
from compendium.publishing.bundle.outputs import outputs
from compendium.publishing.statements import subject_of
from compendium.results import read_results
from compendium.survey.study import load_study

DATA = ("data/", "build/")  # where tables lie that are data, and none of a test


def write_bundle(study, answers="", top="."):
    """Write ``build/<study>/bundle.zip``.

    Parameters
    ----------
    study, answers, top
        As for `contents.collect`.

    Yields
    ------
    str
        What is in it, and what its authors could add.
    """
    contents, files = bundled(study, answers, top)
    path = Path("build", study, "bundle.zip")
    replace(Path(top) / path, write_archive(files))
    yield f"{path}: {len(files)} files; sources {contents.digest[:16]}, commit {contents.commit[:10]}"
    if not contents.answers:
        yield "respondents' answers are not in it; ANSWERS=include would put them in"
    if b"\n  reference:" not in files["codecheck.yml"]:
        yield "codecheck.yml names no address of the paper: give its doi or url in CITATION.cff"


def bundled(study, answers="", top="."):
    """The files of a bundle, sorted by path.

    Parameters
    ----------
    study, answers, top
        As for `contents.collect`.

    Returns
    -------
    contents : contents.Contents
    files : dict of str to bytes
    """
    top = Path(top)
    contents, citation = collect(study, answers, top), read_yaml(top / "CITATION.cff")
    shown = outputs(contents)
    files = contents.sources | contents.made | {SUMS: contents.sums}
    if contents.answers:
        files[ANSWERS] = answers_table(load_study(study, top / "data"))
    results = read_results(top / "build" / study / "results")
    files["ddi.xml"] = codebook(contents, results, citation)
    tables = {path: content for path, content in files.items()
              if path.endswith(".csv") and path.startswith((ANSWERS, *DATA))}  # fmt: skip
    files["datapackage.json"] = _json(data_package(contents, tables, shown, citation))
    paper = _paper(top / "data", study, citation)
    files["codecheck.yml"] = configuration(contents, shown, paper, citation).encode()
    files = dict(sorted(files.items()))
    files[CRATE] = _json(crate(contents, files, shown, citation))
    return contents, dict(sorted(files.items()))


def _paper(data, study, citation):
    """What is checked: the publication that the study's own claims are of, or the compendium itself."""
    claims = data / study / "claims.yml"
    if not claims.exists():
        return citation
    known = data / "published.csv"
    return subject_of(citation, load_claims(claims, known), read_published(known)) or citation


def _json(content):
    return json_text(content, "bundle").encode()
