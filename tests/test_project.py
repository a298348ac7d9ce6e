"""The project's own files agree with each other and say nothing that only one machine knows."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def tracked():
    """Files that git knows, or all outside build and environment where there is no git."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]
    return [p for p in ROOT.rglob("*") if p.is_file() and not {"build", ".venv"} & set(p.parts)]


def names(requirements):
    return {
        re.split(r"[^A-Za-z0-9._-]", r)[0].lower().translate({46: 45, 95: 45}) for r in requirements
    }


def test_the_lock_holds_every_direct_dependency_with_hashes():
    direct = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    pinned = re.findall(r"^([a-z0-9._-]+)==", LOCK, flags=re.M)
    assert names(direct) <= set(pinned)
    for block in re.split(r"\n(?=[a-z0-9])", LOCK.strip()):
        assert "--hash=sha256:" in block, block.splitlines()[0]


def test_the_lock_is_past_every_advisory_that_is_listed():
    """As numbers: 3.10.4 is after 3.9.3. A package may be locked once for each Python."""
    rows = re.findall(r"^\| ([a-z0-9-]+) \|.*\| ([\d.]+) \|", (ROOT / "SECURITY.md").read_text(), re.M)
    assert len(rows) >= 12
    for name, fixed in rows:
        locked = re.findall(rf"^{name}==([\d.]+)", LOCK, re.M)
        assert locked, name
        for version in locked:
            assert [*map(int, version.split("."))] >= [*map(int, fixed.split("."))], (name, version)


@pytest.mark.parametrize(
    ("group", "lock"), [("validate", "validators.lock"), ("second-opinion", "nbmake.lock")]
)
def test_what_is_installed_beside_it_is_locked_with_hashes_too(group, lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"][group]
    assert names(wanted) <= set(re.findall(r"^([a-z0-9._-]+)==", text, flags=re.M))
    for block in re.split(r"\n(?=[a-z0-9])", text.strip()):
        assert "--hash=sha256:" in block, block.splitlines()[0]


def test_conda_and_binder_install_the_same_lock():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    *conda, pip = environment["dependencies"]
    assert pip == {"pip": ["-r requirements.lock"]}
    least = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    (python,) = [entry for entry in conda if entry.startswith("python")]
    # What repo2docker's pattern sees: digits and points behind equals signs, and nothing behind >=.
    seen = re.match(r"python\s*=+\s*([\d.]+)$", python)
    assert seen
    assert least.startswith(">=3.")
    assert int(seen[1].removeprefix("3.")) >= int(least.removeprefix(">=3."))
    assert f"python={seen[1]}" in (ROOT / "README.md").read_text()


def test_workflow_and_ci_run_the_two_commands_of_the_readme():
    (job,) = yaml.safe_load((ROOT / ".github/workflows/compendium.yml").read_text())["jobs"].values()
    assert [step["run"] for step in job["steps"] if "run" in step] == ["make all", "make test"]
    made = [line for line in (ROOT / ".ci/run").read_text().splitlines() if line.startswith("make ")]
    assert made == ["make all", "make build/validators/.ready", "make test"]
    readme = (ROOT / "README.md").read_text()
    assert "\nmake all" in readme
    assert "\nmake test" in readme


def test_the_card_is_kept():
    direct = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    card = {"jupyterlab", "pandas", "seaborn", "nltk", "papermill", "nbval", "pytest"}
    assert card <= names(direct)
    for name in [
        "environment.yml",
        "notebooks",
        "data",
        "figures",
        "src/helpers",
        "tests",
        "Makefile",
        "README.md",
    ]:
        assert (ROOT / name).exists()


def test_paths_that_the_readmes_name_exist():
    for readme in (ROOT / "README.md", ROOT / "data" / "README.md"):
        text = readme.read_text(encoding="utf-8")
        for path in re.findall(
            r"`((?:notebooks|data|src|figures|microcredentials|anes96)/[\w./]*)`", text
        ):
            if path.startswith("data/mine"):
                continue
            assert (ROOT / path).exists() or (ROOT / "data" / path).exists(), path
        for path in re.findall(r"\]\((?!http)([^)]+)\)", text):
            assert (readme.parent / path).exists(), path


def test_no_file_names_a_registry_or_a_machines_path():
    hosts = re.compile(r"pypi\.or" + r"g|pythonhosted\.or" + r"g|npmjs\.or" + r"g|debian\.or" + r"g")
    paths = re.compile(r"(?<![\w.])/(?:home|root|work|Users)/\w")
    for path in tracked():
        if path.suffix in (".png", ".lock"):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        assert not hosts.search(text), path
        assert not paths.search(text), path


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]])
def test_code_and_notebooks_keep_one_style(command):
    told = subprocess.run(
        [sys.executable, "-m", "ruff", *command, "--no-cache", "."],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout


def test_the_citation_names_the_poster_and_the_earlier_paper():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    poster, paper, parent = citation["references"]
    assert "Targeted Workforce Upskilling" in poster["title"]
    assert paper["doi"] == "10.21153/jtlge2021vol12no1art1027"
    assert "probable parent" in parent["notes"]
    assert "no source says so" in parent["notes"]


def test_make_help_lists_the_readmes_commands():
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    names = """all test second-opinion lab lesson study new-study bundle validate verify exchange
        coding-sheet refresh bench clean lock"""
    for command in names.split():
        assert f"make {command} " in shown.stdout


@pytest.mark.parametrize("changed", ["data/checklists.csv", "notebooks/5_claims.ipynb"])
def test_one_changed_file_runs_only_what_depends_on_it(changed):
    """As make plans it: the checklists touch notebook 1 and what reads its results."""
    plan = subprocess.run(
        ["make", "-n", "-W", changed, "all"], cwd=ROOT, capture_output=True, text=True, check=True,
        env={k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")},
    ).stdout  # fmt: skip
    ran = re.findall(r"compendium run (\w+)", plan)
    expected = {"data/checklists.csv": ["1_responses", "4_figures", "5_claims"]}
    assert sorted(ran) == expected.get(changed, ["5_claims"])  # 4 and 5 may go either way


def test_a_failing_notebook_leaves_no_target(tmp_path):
    command = ["-m", "compendium", "run", "1_responses", "--study", "no_such_study"]
    done = subprocess.run(
        [sys.executable, *command, "--output", str(tmp_path / "1_responses.ipynb")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "survey.yml: there is no such file" in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["1_responses.failed.ipynb"]


@pytest.mark.parametrize(
    "study", ["", " ", "../x", "a b", "$(shell touch pwned)", "`touch pwned`", "é"]
)
def test_make_refuses_a_study_that_is_no_folder_s_name(study):
    done = subprocess.run(
        ["make", "-n", f"STUDY={study}"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "STUDY: use letters, digits, - and _ only" in done.stderr
    assert not (ROOT / "pwned").exists()


def test_what_a_user_gives_make_reaches_the_command_as_typed(tmp_path):
    """`echo` stands in for Python, and shows what it was given."""
    ready = tmp_path / "ready"
    ready.touch()
    given = """$(shell touch pwned) `touch pwned` "x" 'y' $HOME; touch pwned"""
    done = subprocess.run(
        ["make", "study", "NAME=-x", f"EXPORT={given}", "PYTHON=echo", f"READY={ready}"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == f"-m compendium import --name=-x --export={given} --platform= --structure=\n"
    assert not (ROOT / "pwned").exists()
