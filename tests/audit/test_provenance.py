"""The audit trail names what went in, and changes when any of it does."""

import json
import subprocess
from pathlib import Path

import nbformat
import pytest

from compendium.audit.provenance import UNTOLD, colophon, commit, parameters, provenance, write_trail
from compendium.files import read_json, write_json
from compendium.results import read_results, write_answer

STUDY = "microcredentials"


def executed(folder, **injected):
    """A notebook as papermill leaves it: its own parameters, and the injected ones after them."""
    cells = [nbformat.v4.new_code_cell("seed = 1  # type: int\nname = 'a'", id="a")]
    cells[0].metadata["tags"] = ["parameters"]
    if injected:
        source = "# Parameters\n" + "\n".join(f"{k} = {v!r}" for k, v in injected.items())
        cells.append(nbformat.v4.new_code_cell(source, id="b"))
        cells[1].metadata["tags"] = ["injected-parameters"]
    path = folder / "1_first.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def test_a_commit_is_named_only_where_git_or_a_bundle_tells(tmp_path):
    """Nothing in a folder below a repository; in an unpacked bundle what that says."""
    top, built = tmp_path / "top", tmp_path / "built"
    (top / "below").mkdir(parents=True)
    assert commit(top) == ""
    crate = {"@graph": [{"@id": "./", "version": f"{'ab' * 20} with changes"}]}
    write_json(top / "ro-crate-metadata.json", crate)
    assert commit(top) == "abababababab with changes"

    me = ("-c", "user.name=a", "-c", "user.email=b")
    for command in (("init",), ("add", "."), (*me, "commit", "--message=a")):
        subprocess.run(["git", "-C", top, *command], check=True, capture_output=True)
    head = subprocess.run(["git", "-C", top, "rev-parse", "HEAD"], check=True, capture_output=True)
    assert commit(top) == head.stdout.decode()[:12]
    assert commit(top / "below") == ""
    (top / "ro-crate-metadata.json").write_text("{}")
    assert commit(top) == f"{head.stdout.decode()[:12]} with changes"

    assert colophon(built) == {"python": "", "packages": [], "commit": ""}
    trail = {"python": "3.12", "packages": {"a": "1"}}
    write_json(built / "results" / "provenance.json", trail)
    assert colophon(built) == {"python": "3.12", "packages": ["a 1"], "commit": ""}
    write_json(built / "results" / "provenance.json", trail | {"commit": "abc"})
    assert colophon(built)["commit"] == "abc"


def test_sums_are_those_of_another_program(data_dir):
    trail = provenance(STUDY, data_dir, [])
    names = list(trail["inputs"])
    done = subprocess.run(
        ["sha256sum", *names], cwd=data_dir, capture_output=True, text=True, check=True
    ).stdout
    assert {line.split()[1]: line.split()[0] for line in done.splitlines()} == trail["inputs"]
    for name in ("survey.yml", "responses.csv", "codebook.yml", "claims.yml", "coding/coder_a.csv"):
        assert f"{STUDY}/{name}" in names


@pytest.mark.parametrize("name", ["responses.csv", "codebook.yml", "claims.yml", "survey.yml"])
def test_one_changed_byte_changes_one_sum(data_dir, name):
    before = provenance(STUDY, data_dir, [])["inputs"]
    path = data_dir / STUDY / name
    path.write_bytes(path.read_bytes() + b"\n")
    after = provenance(STUDY, data_dir, [])["inputs"]
    assert {key for key in before if before[key] != after[key]} == {f"{STUDY}/{name}"}


def test_injected_parameters_win(tmp_path):
    assert parameters(executed(tmp_path)) == {"seed": 1, "name": "a"}
    assert parameters(executed(tmp_path, seed=7)) == {"seed": 7, "name": "a"}


def test_an_imported_study_names_its_export(data_dir):
    note = {"source": "export.csv", "platform": "qualtrics", "rows": 9, "sha256": "0" * 64, "x": 1}
    (data_dir / STUDY / "import.json").write_text(json.dumps(note), encoding="utf-8")
    assert provenance(STUDY, data_dir, [])["export"] == {k: note[k] for k in list(note)[:4]}


def test_the_trail_has_no_time_and_no_machine(data_dir, tmp_path):
    trail = provenance(STUDY, data_dir, [executed(tmp_path)])
    assert trail == provenance(STUDY, data_dir, [executed(tmp_path)])
    assert str(Path.home()) not in json.dumps(trail)
    assert str(data_dir) not in json.dumps(trail)
    assert {"pandas", "nltk", "papermill"} <= set(trail["packages"])


def test_the_trail_joins_the_answers_of_the_chapters(tmp_path, monkeypatch):
    monkeypatch.setattr("compendium.audit.provenance._versions", dict)
    results = tmp_path / "anes96" / "results"
    write_answer(results, "1_responses", "944 answered.")
    (tmp_path / "anes96" / "tables").mkdir()
    write_trail("anes96", "data", tmp_path)
    assert read_json(results / "answers.json") == {"1_responses": "944 answered."}
    assert read_results(results) == {}


def test_no_sum_of_collected_answers_is_published(data_dir, monkeypatch):
    monkeypatch.setattr("compendium.audit.provenance._versions", dict)  # not about the environment
    for path in (data_dir / STUDY / "survey.yml", data_dir / STUDY / "responses.csv"):
        spoilt = path.read_text(encoding="utf-8").replace("synthetic", "collected")
        path.write_text(spoilt, encoding="utf-8")
    note = {"source": "export.csv", "platform": "qualtrics", "rows": 9, "sha256": "0" * 64}
    (data_dir / STUDY / "import.json").write_text(json.dumps(note), encoding="utf-8")
    trail = provenance(STUDY, data_dir, [])
    told = {name for name, sum in trail["inputs"].items() if sum == UNTOLD}
    coded = {f"{STUDY}/coding/{path.name}" for path in (data_dir / STUDY / "coding").iterdir()}
    assert told == coded | {f"{STUDY}/responses.csv"}
    # Names to be masked, and comments in which a draft counts answers, could be guessed at, too.
    survey = data_dir / STUDY / "survey.yml"
    text = survey.read_text(encoding="utf-8")
    survey.write_text(text.replace("Morag Dunlin, ", "") + "# 3 answers hold 'x'\n", encoding="utf-8")
    assert provenance(STUDY, data_dir, [])["inputs"] == trail["inputs"]
    survey.write_text(text.replace("minimum_cell: 5", "minimum_cell: 6"), encoding="utf-8")
    assert provenance(STUDY, data_dir, [])["inputs"] != trail["inputs"]
    assert trail["export"] == {"source": "export.csv", "platform": "qualtrics", "rows": 9}
