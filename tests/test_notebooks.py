"""The committed notebooks: well-formed, parameterised, deterministic, and their numbers right.

nbval compares a fresh run with the stored outputs; it passes notebooks whose outputs were stripped
and does not look at pictures, so both are checked here.
"""

import ast
import filecmp
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
STUDY = "microcredentials"
BUILT, FIGURES = ROOT / "build" / STUDY, ROOT / "figures" / STUDY
COMMON = {"study", "data_dir", "out_dir", "figures_dir", "seed", "confidence"}
SILENT = ("import", "def ", "write_", "results = ")  # a cell that only does these shows nothing

named = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def code(path):
    return [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]


def parameters(path):
    (cell,) = [c for c in code(path) if "parameters" in c.metadata.get("tags", [])]
    return cell


def run(tmp_path, name, study=STUDY, variables=None, **changed):
    """Execute a notebook as make does, with other parameters; returns the folder of its study."""
    settings = {
        "study": study,
        "data_dir": str(ROOT / "data"),
        "out_dir": str(tmp_path / "out"),
        "figures_dir": str(tmp_path / "figures"),
    } | changed
    command = (
        "import json, sys; from pathlib import Path; from compendium.publishing import execution;"
        "name, output, settings = sys.argv[1:];"
        "execution.execute(Path('notebooks', f'{name}.ipynb'), Path(output), json.loads(settings))"
    )
    output = tmp_path / f"{name}.ipynb"
    arguments = [sys.executable, "-c", command, name, str(output), json.dumps(settings)]
    environment = os.environ | (variables or {})
    subprocess.run(arguments, check=True, cwd=ROOT, env=environment, capture_output=True)
    return Path(settings["out_dir"]) / settings["study"]


def outcome(folder, pictures, notebook):
    """What a run left: its files by name, and all that its notebook showed."""
    files = {
        path.name: path.read_bytes()
        for place in (folder / "results", folder / "tables", folder / "review", pictures)
        for path in sorted(place.glob("*"))
        if path.suffix in (".json", ".csv", ".svg")
    }
    data = [output.get("data", {}) for cell in code(notebook) for output in cell.outputs]
    return files, [(shown.get("text/html"), shown.get("text/markdown")) for shown in data]


@named
def test_parameters_are_literals_with_type_comments(path):
    cell = parameters(path)
    tree = ast.parse(cell.source)
    names = set()
    for node, line in zip(tree.body, cell.source.splitlines(), strict=True):
        ast.literal_eval(node.value)
        names.add(node.targets[0].id)
        assert "# type: " in line
    assert names >= COMMON


@named
def test_papermill_documents_the_parameters(path):
    import papermill

    found = papermill.inspect_notebook(str(path))
    assert set(found) >= COMMON
    assert all(p["inferred_type_name"] != "None" and p["help"] for p in found.values())


@named
def test_committed_notebooks_carry_their_outputs_in_order(path):
    cells = code(path)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    for cell in cells:
        assert not any(output.output_type in ("error", "stream") for output in cell.outputs)
        assert "injected-parameters" not in cell.metadata.get("tags", [])
        last = ast.parse(cell.source).body[-1]
        shows = isinstance(last, ast.Expr) or "figures.frame(" in cell.source
        if shows and not ast.unparse(last).startswith(("write_", "record(")):
            assert cell.outputs, f"a cell shows nothing: {cell.source[:60]}"


@named
def test_each_notebook_says_that_the_answers_are_synthetic(path):
    shown = "".join(
        str(output.get("data", {})) for cell in code(path) for output in cell.get("outputs", [])
    )
    assert "Synthetic answers." in shown


# ---- each parameter matters

CHANGES = [
    ("1_responses", {"seed": 1}, True),
    ("1_responses", {"confidence": 0.8}, True),
    ("1_responses", {"most_missing": 3}, True),
    ("1_responses", {"study": "anes96"}, True),
    ("2_familiarity", {"seed": 1}, True),
    ("2_familiarity", {"confidence": 0.8}, True),
    ("2_familiarity", {"resamples": 50}, True),
    ("2_familiarity", {"power": 0.5}, True),
    ("3_themes", {"seed": 1}, True),
    ("3_themes", {"confidence": 0.8}, True),
    ("3_themes", {"resamples": 50}, True),
    ("3_themes", {"term": "no time"}, False),
    ("3_themes", {"coding_mode": "reflexive"}, True),
    ("4_figures", {"seed": 1}, False),
    ("4_figures", {"confidence": 0.8}, True),
    ("4_figures", {"neutral": "left"}, True),
    ("5_claims", {"seed": 1}, False),
    ("5_claims", {"confidence": 0.8}, True),
]


@pytest.fixture(scope="session")
def usual():
    """What each notebook gave with its own parameters, when make ran them."""
    assert (BUILT / "results" / "claims.json").exists(), "make all comes before make test"
    return {path.stem: outcome(BUILT, FIGURES, BUILT / "notebooks" / path.name) for path in NOTEBOOKS}


@pytest.mark.parametrize(("name", "changed", "in_files"), CHANGES, ids=str)
def test_each_parameter_changes_something(tmp_path, usual, name, changed, in_files):
    if name in ("4_figures", "5_claims"):  # read the results of the others
        shutil.copytree(BUILT / "results", tmp_path / "out" / STUDY / "results")
    folder = run(tmp_path, name, **changed)
    pictures = tmp_path / "figures" / folder.name
    files, shown = outcome(folder, pictures, tmp_path / f"{name}.ipynb")
    before_files, before_shown = usual[name]
    if in_files:
        assert any(files[key] != before_files.get(key) for key in files)
    else:
        assert shown != before_shown


def test_the_folders_are_where_the_parameters_say(tmp_path):
    (tmp_path / "data").symlink_to(ROOT / "data")
    folder = run(tmp_path, "1_responses", data_dir=str(tmp_path / "data"))
    assert (folder / "results" / "1_responses.json").exists()
    assert (tmp_path / "figures" / STUDY / "1_flow.svg").exists()
    with pytest.raises(subprocess.CalledProcessError):
        run(tmp_path, "1_responses", data_dir=str(tmp_path / "nowhere"))


# ---- determinism, and the results that matter


def test_runs_give_the_same_bytes_whatever_hash_seed_zone_and_locale(tmp_path):
    variables = {"PYTHONHASHSEED": "4242", "TZ": "Asia/Kathmandu", "LC_ALL": "C", "PYTHONUTF8": "1"}
    for path in NOTEBOOKS:
        run(tmp_path, path.stem, variables=variables)
    compared = 0
    for mine, makes in ((tmp_path / "out" / STUDY, BUILT), (tmp_path / "figures" / STUDY, FIGURES)):
        # What notebook 4 begins there, make ends when notebook 5 has drawn its figures too.
        files = [p.relative_to(mine) for p in mine.rglob("*.*") if p.name != "captions.json"]
        same, differ, missing = filecmp.cmpfiles(mine, makes, files, shallow=False)
        assert (differ, missing) == ([], [])
        compared += len(same)
    assert compared > 60


def test_headline_results_of_the_default_study(usual):
    files, _ = usual["2_familiarity"]
    results = json.loads(files["2_familiarity.json"])
    share = results["familiarity.concept.not_familiar"]
    assert (share["count"], share["base"], share["unit"]) == (12, 92, "percent")
    # Wilson and Clopper-Pearson, R 4.2.2: prop.test(12, 92, correct = FALSE), binom.test(12, 92)
    assert (share["low"], share["high"]) == pytest.approx((7.62148, 21.42801), abs=1e-5)
    exact = results["familiarity.concept.not_familiar.exact"]
    assert (exact["low"], exact["high"]) == pytest.approx((6.925269, 21.676125), abs=1e-6)
    for id, result in results.items():
        assert id.count(".") >= 1
        assert set(result) <= {
            "value",
            "unit",
            "count",
            "base",
            "low",
            "high",
            "method",
            "note",
            "cell",
        }
        assert result.get("count") is None or result["count"] >= 5


def test_themes_of_the_default_study(usual):
    results = json.loads(usual["3_themes"][0]["3_themes.json"])
    # By hand from coding/consensus.csv: awk -F, '$4 != "dropped" && $3 == "cost"' | cut -d, -f1,
    # sorted and unique: 12 of the 89 respondents who wrote an answer.
    cost = results["themes.barriers.cost"]
    assert (cost["count"], cost["base"]) == (12, 89)
    # R 4.2.2: prop.test(12, 89, correct = FALSE)
    assert (cost["low"], cost["high"]) == pytest.approx((7.884271201, 22.103903451), abs=1e-6)
    assert results["themes.answers"]["value"] == 224
    agreement = {id: r for id, r in results.items() if id.startswith("themes.agreement.")}
    assert len(agreement) == 24 * 4
    # R 4.2.2, psych 2.2.9: cohen.kappa(cbind(a, b)) of the code `business_value`.
    assert agreement["themes.agreement.business_value.kappa"]["value"] == pytest.approx(
        0.6831683168, abs=1e-9
    )
    micro = results["themes.rules.micro.f1"]
    assert micro["base"] == 106
    assert 0 < micro["low"] < micro["value"] < micro["high"] < 1


def test_reflexive_coding_reports_no_coefficients(tmp_path):
    folder = run(tmp_path, "3_themes", coding_mode="reflexive")
    text = (folder / "results" / "3_themes.json").read_text(encoding="utf-8")
    results = json.loads(text)
    assert not [
        id for id in results if id.startswith(("themes.agreement", "themes.rules", "themes.sets"))
    ]
    assert results["themes.disagreements"]["value"] == 90
    shown = (tmp_path / "3_themes.ipynb").read_text(encoding="utf-8")
    assert "No coefficients: coding is reflexive." in shown


def test_the_audit_of_the_default_study(usual):
    audit = {row["id"]: row for row in json.loads(usual["5_claims"][0]["claims.json"])}
    assert "reproduced" not in {row["status"] for row in audit.values()}
    assert audit["poster.not_familiar"]["status"] == "by_construction"
    assert "exactly 12" in audit["poster.not_familiar"]["why"]
    assert audit["perkins_pryor.unfamiliar"]["status"] == "consistent"
    keys = {"id", "statement", "source", "published", "computed", "status", "why"}
    assert all(set(row) == keys for row in audit.values())


def test_the_second_study_reproduces_what_others_published(tmp_path):
    for path in NOTEBOOKS:
        folder = run(tmp_path, path.stem, study="anes96")
    audit = json.loads((folder / "results" / "claims.json").read_text(encoding="utf-8"))
    assert {row["status"] for row in audit} == {"reproduced"}
    assert len(audit) >= 6


def test_a_study_with_nothing_but_one_item_passes_through(tmp_path):
    data = tmp_path / "data"
    (data / "tiny").mkdir(parents=True)
    for name in ("published.csv", "checklists.csv"):
        (data / name).write_bytes((ROOT / "data" / name).read_bytes())
    (data / "tiny" / "survey.yml").write_text(
        "title: One <b>question</b> & $no$ plan\nprovenance: collected\nlicence: none\n"
        "sections: [{id: s, title: S}]\n"
        "items:\n  - {id: like, section: s, type: single, question: 'Like it?',\n"
        "     options: [{id: yes, label: 'Yes'}, {id: no, label: 'No'}]}\n",
        encoding="utf-8",
    )
    (data / "tiny" / "responses.csv").write_text("like\n" + "Yes\n" * 9 + "No\n" * 8)
    for path in NOTEBOOKS:
        folder = run(tmp_path, path.stem, study="tiny", data_dir=str(data))
    results = json.loads((folder / "results" / "2_familiarity.json").read_text(encoding="utf-8"))
    assert results["s.like.yes"]["count"] == 9
    shown = (tmp_path / "1_responses.ipynb").read_text(encoding="utf-8")
    assert "<b>question</b>" not in shown
