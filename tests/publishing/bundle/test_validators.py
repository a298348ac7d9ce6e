"""Bundles before the validators of others; `make validate` installs them into ``build/validators``.

No validator reaches out: what the one of crates would fetch is put where it keeps what it fetched.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

from compendium.publishing.bundle.write import bundled

ROOT = Path(__file__).parents[3]
VALIDATORS = ROOT / "build" / "validators"
BUILT = ROOT / "build" / "microcredentials" / "report" / "poster.pdf"
# They hold back packages that the compendium needs, so they stand in an environment of their own, which
# `.ci/run` makes before the tests and a user with `make validate`.
pytestmark = pytest.mark.skipif(
    not (VALIDATORS / ".ready").exists(), reason="no validators here: run make validate"
)
# Keeps the context of RO-Crate 1.1, which the package rocrate ships, as if it had been fetched.
KEEP = """
import io, sys
from importlib import resources
import requests, requests_cache, urllib3
url = "https://w3id.org/ro/crate/1.1/context"
content = (resources.files("rocrate") / "data" / "ro-crate.jsonld").read_bytes()
response = requests.Response()
response.status_code, response.url = 200, url
response.headers["Content-Type"] = "application/ld+json"
response.request = requests.Request("GET", url).prepare()
response.raw = urllib3.HTTPResponse(io.BytesIO(content), response.headers, 200, preload_content=False)
cache = requests_cache.CachedSession(sys.argv[1], backend="sqlite", expire_after=-1).cache
cache.save_response(response, cache.create_key(response.request))
"""


def run(*command, **where):
    """What a validator says; its status is no news."""
    path = {"PATH": f"{VALIDATORS / 'bin'}{os.pathsep}{os.environ['PATH']}", "HOME": os.devnull}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=path, **where)


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """What the validator of crates finds instead of fetching it."""
    path = tmp_path_factory.mktemp("kept") / "http"
    told = run("python", "-c", KEEP, str(path))
    assert told.returncode == 0, told.stderr
    return path


def unpack(files, folder):
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def crate_issues(folder, kept):
    """What the validator of crates finds wrong, and how many checks it made."""
    report = folder.parent / f"{folder.name}.json"
    told = run(
        "rocrate-validator", "-y", "validate", str(folder), "-p", "provenance-run-crate", "--offline",
        "--cache-path", str(kept), "--output-format", "json", "--output-file", str(report),
    )  # fmt: skip
    assert report.exists(), told.stdout + told.stderr
    found = json.loads(report.read_text())
    return [one["message"] for one in found["issues"]], found["statistics"]["total_checks"]


def table_errors(folder):
    """What the validator of data packages finds wrong, and how many tables it read."""
    told = run("frictionless", "validate", "datapackage.json", "--json", cwd=folder)
    found = json.loads(told.stdout)
    errors = [*found["errors"], *(error for task in found["tasks"] for error in task["errors"])]
    return [error["message"] for error in errors], found["stats"]["tasks"]


@pytest.fixture(scope="module", params=["closed", "opened", "default"])
def bundle(request, tmp_path_factory):
    """A bundle without answers, the same with them, and that of the default study, unpacked."""
    if request.param == "default" and not BUILT.exists():  # only where pytest is called by hand
        pytest.skip("the default study is not built: run make all first")
    default = request.param == "default"
    files = (
        bundled("microcredentials", top=ROOT)[1] if default else request.getfixturevalue(request.param)
    )
    return unpack(files, tmp_path_factory.mktemp(request.param) / "bundle")


def test_the_crate_has_no_error(bundle, kept):
    assert crate_issues(bundle, kept) == ([], 85)


def test_the_data_package_has_no_error(bundle):
    errors, tables = table_errors(bundle)
    assert errors == []
    assert tables > 3


def test_a_crate_without_the_tool_of_a_run_has_one(closed, kept, tmp_path):
    folder = unpack(closed, tmp_path / "bundle")
    path = folder / "ro-crate-metadata.json"
    crate = json.loads(path.read_text())
    del next(one for one in crate["@graph"] if one["@id"] == "#run-1_responses")["instrument"]
    path.write_text(json.dumps(crate))
    issues, _ = crate_issues(folder, kept)
    assert any("instrument property" in issue for issue in issues)


def test_an_answer_that_is_none_of_the_questions_has_one(opened, tmp_path):
    folder = unpack(opened, tmp_path / "bundle")
    path = folder / "answers.csv"
    # As long as before: the package tells how long its files are.
    path.write_bytes(path.read_bytes().replace(b",z0,", b",z9,", 1))
    errors, _ = table_errors(folder)
    assert len(errors) == 1
    assert "z9" in errors[0]
