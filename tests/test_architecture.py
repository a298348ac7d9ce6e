"""The house: which way imports point, and how much a folder holds."""

import ast
from pathlib import Path
from statistics import median

import pytest
from importlinter.cli import lint_imports

from compendium.files import read_json

ROOT = Path(__file__).parents[1]
FOLDERS = sorted({path.parent for path in (ROOT / "src").rglob("*.py")})
MOST_MODULES, MOST_LINES, HELPERS_LINES = 9, 450, 2000


def modules(folder):
    return [path for path in sorted(folder.glob("*.py")) if path.stem not in ("__init__", "__main__")]


def lines(paths):
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths)


def test_imports_point_down_only():
    """The contract stands in pyproject.toml; what is printed says which import breaks it."""
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.relative_to(ROOT)))
def test_a_folder_can_be_taken_in_at_a_glance(folder):
    assert len(modules(folder)) <= MOST_MODULES
    assert [path.name for path in modules(folder) if lines([path]) > MOST_LINES] == []


def test_the_language_of_the_chapters_is_read_in_an_hour():
    assert lines((ROOT / "src" / "helpers").rglob("*.py")) <= HELPERS_LINES
    assert [path.name for path in (ROOT / "src" / "helpers").iterdir() if path.is_dir()] in (
        [], ["__pycache__"],
    )  # fmt: skip


def test_notebooks_and_sources_of_pages_hold_no_python_files():
    tracked = [path for name in ("notebooks", "report") for path in (ROOT / name).rglob("*")]
    tracked = [p for p in tracked if p.is_file() and not {".ipynb_checkpoints"} & set(p.parts)]
    assert [path for path in tracked if path.suffix == ".py"] == []
    assert {path.suffix for path in tracked if path.parent.name == "notebooks"} == {".ipynb"}


def test_a_cell_is_one_idea():
    notebooks = [read_json(path)["cells"] for path in (ROOT / "notebooks").glob("[1-6]_*.ipynb")]
    code = [cell["source"] for cells in notebooks for cell in cells if cell["cell_type"] == "code"]
    lengths = [len("".join(source).splitlines()) for source in code]
    assert len(notebooks) == 6
    assert max(lengths) <= 20
    assert median(lengths) <= 6
    assert sum(lengths) <= 900


def test_a_package_says_what_it_is_about_and_imports_nothing_heavy():
    for path in (ROOT / "src" / "compendium").rglob("__init__.py"):
        docstring, *rest = ast.parse(path.read_text(encoding="utf-8")).body
        assert len(ast.literal_eval(docstring.value).split()) > 3, path
        # A filter of Matplotlib's log has to be there before Matplotlib is.
        imported = [alias.name for node in rest if isinstance(node, ast.Import) for alias in node.names]
        assert not rest or (imported == ["logging"] and len(rest) == 2), path
