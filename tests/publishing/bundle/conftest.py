"""A study of collected answers whose first two chapters were run, in a repository of its own."""

import json
import os
import subprocess

import chapters
import pytest
import yaml
from random_studies import write_study

from compendium.audit.provenance import write_trail
from compendium.files import write_json
from compendium.publishing.bundle.write import bundled

NAME = "Ailsa Craigdallie"  # to be masked, so in no bundle
STUDY = "random"


@pytest.fixture(scope="session")
def top(tmp_path_factory):
    """The repository; the study's folder is ignored there, as in any clone."""
    top = tmp_path_factory.mktemp("bundle") / "a clone"
    chapters.copy_tree(top)
    (top / ".gitignore").write_text("__pycache__/\n/build/\n/data/random/\n/figures/\n")
    looked = top / "notebooks" / "explore.ipynb"
    notebook = json.loads(looked.read_text())
    cell = next(one for one in notebook["cells"] if one["cell_type"] == "code")
    cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["looked-at-answers"]}]
    looked.write_text(json.dumps(notebook))
    run = ["git", "-c", "user.name=x", "-c", "user.email=x@x.example", "-C", str(top)]
    inside = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"]):
        subprocess.run([*run, *command], check=True, capture_output=True, env=inside)
    study = top / "data" / STUDY
    write_study(study, 1)
    survey = yaml.safe_load((study / "survey.yml").read_text())
    survey |= {"title": "T & <b>T</b>\x01", "disclosure": {"names": [NAME]}}
    (study / "survey.yml").write_text(f"# three-answers-hold-it\n{yaml.safe_dump(survey)}")
    (study / "coding" / ".key").write_text("key-of-fingerprints")
    (study / "import.json").write_text('{"sha256": "sum-of-export"}')
    (study / "my export.csv").write_text("respondent,why\n1,lies-about\n")
    for name in chapters.NAMES[:2]:
        chapters.write_executed(name, top, STUDY, drawn=False, resamples=20)
    write_trail(STUDY, top / "data", top / "build")
    built = top / "build" / STUDY
    for page in ("poster", "report"):
        (built / "report").mkdir(exist_ok=True)
        (built / "report" / f"{page}.pdf").write_bytes(b"%PDF-1.7")
    write_json(built / "report" / "content.json", {"results": ["sample.n"]})
    (built / "review").mkdir(exist_ok=True)
    (built / "review" / "3_masked.csv").write_text("text\nread-before-publishing\n")
    return top


@pytest.fixture(scope="session")
def closed(top):
    """The files of its bundle without answers."""
    return bundled(STUDY, top=top)[1]


@pytest.fixture(scope="session")
def opened(top):
    """The same with answers."""
    return bundled(STUDY, "include", top)[1]
