"""The committed notebooks: parameters that say what they are, and outputs of the default study.

nbval compares a fresh run with the stored outputs; it passes notebooks whose outputs were stripped
and does not look at pictures, so both are checked here.
"""

import ast

import nbformat
import pytest
from chapters import NOTEBOOKS, parameters

COMMON = {"study", "data_dir", "out_dir", "figures_dir", "seed", "confidence"}
SHOWS = ("show(", "display(")

named = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def code(path):
    return [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]


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
def test_interactive_runs_write_to_scratch_only(path):
    tree = ast.parse(parameters(path).source)
    given = {node.targets[0].id: ast.literal_eval(node.value) for node in tree.body}
    assert given["out_dir"] == "../build/scratch"
    assert given["figures_dir"] == "../build/scratch/figures"


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
        if isinstance(last, ast.Expr) or any(call in cell.source for call in SHOWS):
            assert cell.outputs, f"a cell shows nothing: {cell.source[:60]}"


@named
def test_each_notebook_says_that_the_answers_are_synthetic(path):
    shown = "".join(
        str(output.get("data", {})) for cell in code(path) for output in cell.get("outputs", [])
    )
    assert "Synthetic answers." in shown
