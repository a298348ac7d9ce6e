"""What a forge and an archive read, by the schemas of others; `make validate` installs them."""

import subprocess
from pathlib import Path

import pytest

from compendium.publishing.template import new_study

ROOT = Path(__file__).parents[1]
CHECK = ROOT / "build" / "validators" / "bin" / "check-jsonschema"
# They stand in an environment of their own, which `.ci/run` makes before the tests.
pytestmark = pytest.mark.skipif(not CHECK.exists(), reason="no validators here: run make validate")
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[!c]*.yml"))


def complaints(schema, *paths):
    """What the schema finds wrong, which the package brings."""
    told = subprocess.run(
        [str(CHECK), "--builtin-schema", schema, *map(str, paths)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return "" if told.returncode == 0 else told.stdout + told.stderr


@pytest.mark.parametrize(
    ("schema", "paths"),
    [
        ("vendor.github-workflows", sorted((ROOT / ".github" / "workflows").glob("*.yml"))),
        ("custom.github-workflows-require-timeout", sorted((ROOT / ".github").glob("workflows/*.yml"))),
        ("vendor.github-issue-forms", FORMS),
        ("vendor.github-issue-config", [ROOT / ".github" / "ISSUE_TEMPLATE" / "config.yml"]),
        ("vendor.citation-file-format", [ROOT / "CITATION.cff"]),
    ],
)
def test_workflows_forms_and_citation_fit_their_schemas(schema, paths):
    assert paths
    assert complaints(schema, *paths) == ""


def test_a_label_that_a_comma_cuts_off_does_not_fit(tmp_path):
    path = tmp_path / "number.yml"
    path.write_text(
        FORMS[-1].read_text(encoding="utf-8").replace("label: Commit", "label: Commit, tag")
    )
    assert "tag" in complaints("vendor.github-issue-forms", path)


def test_the_citation_of_a_new_study_fits_its_schema(tmp_path):
    for name in ("README.md", "CITATION.cff"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / "data").symlink_to(ROOT / "data")
    list(new_study("anes96", "Ada Byron; Hopper, Grace; Consortium", "ada/parks", tmp_path))
    assert complaints("vendor.citation-file-format", tmp_path / "CITATION.cff") == ""
