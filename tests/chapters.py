"""Chapters run in this process, without a kernel: for tests of what their cells compute and show.

A kernel, papermill and the imports of statistics take seconds a chapter, its cells on a study of twenty
rows a fraction of one. That papermill runs chapters in kernels is tested with notebooks of a few cells.
"""

import base64
import contextlib
import functools
import os
import re
import shutil
import warnings
from pathlib import Path
from unittest import mock

import matplotlib
import matplotlib.pyplot as plt
import nbformat
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from outlines import OUTLINED

from compendium.figures import style
from compendium.multiverse.summary import MADE, run_multiverse

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[1-6]_*.ipynb"))
NAMES = [path.stem for path in NOTEBOOKS]
TINY = ROOT / "tests" / "fixtures" / "tiny"
COPIED = (
    "Makefile", "requirements.lock", "pyproject.toml", "environment.sh", "CITATION.cff", "README.md",
)  # fmt: skip
COARSE = 40  # dots an inch: pixels are looked at where figures are tested, and cost more than all else


def lay_out(top, study=None, name="tiny"):
    """Put a study beside copies of what all studies share, under ``<top>/data``; returns the folder."""
    data = top / "data"
    data.mkdir(parents=True, exist_ok=True)
    for path in (ROOT / "data").glob("*.*"):
        shutil.copyfile(path, data / path.name)
    if study is not None:
        shutil.copytree(study, data / name)
    return data


def copy_tree(top):
    """A copy of the tree that make can build in, with the tiny study and nothing made; returns it.

    Modules are as compiled as they are here, since all of them take seconds to compile.
    """
    top.mkdir(parents=True)
    for name in COPIED:
        shutil.copy2(ROOT / name, top / name)
    for name in ("src", "notebooks", "report"):
        shutil.copytree(ROOT / name, top / name)
    lay_out(top, TINY)
    return top


def run_chapter(name, top, study="tiny", drawn=True, **changed):
    """Run the cells of a notebook for a study under `top`, with these parameters changed.

    Unless they are `drawn`, pictures are made with all their words and saved as outlines: laying them
    out and drawing them takes longer than all else, and most tests look at numbers.

    Returns
    -------
    list of dict
        What was shown, by media type, in order.
    """
    cells = executed(name, top, study, drawn=drawn, **changed)
    return [output.data for cell in cells for output in cell.shown]


def executed(name, top, study="tiny", only="", drawn=True, **changed):
    """Run a chapter, as `run_chapter`; returns its code cells, each with what it showed in `shown`.

    They are numbered as papermill numbers them, which adds a cell of the given parameters. After the
    study is open only the cells that hold this expression are run.
    """
    places = {"data_dir": top / "data", "out_dir": top / "build", "figures_dir": top / "figures"}
    settings = {"study": study} | {key: str(path) for key, path in places.items()} | changed
    shell, done = _shell(), []
    with (
        warnings.catch_warnings(),
        contextlib.chdir(_beside(top)),
        mock.patch.object(style, "PRINT", COARSE),
        contextlib.nullcontext() if drawn else mock.patch.multiple(style, **OUTLINED),
    ):
        warnings.simplefilter("ignore")  # as under make: a kernel's reader sees no library's warnings
        for cell in nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", 4).cells:
            if cell.cell_type != "code" or (len(done) > 1 and not re.search(only, cell.source)):
                continue
            cell.execution_count = len(done) + 1 + (len(done) > 0)
            shell.user_ns["In"] = [""] * (cell.execution_count + 1)  # results know their cell by it
            with capture_output() as captured:
                ran = shell.run_cell(cell.source)
            ran.raise_error()
            cell.shown = captured.outputs
            done.append(cell)
            if "parameters" in cell.metadata.get("tags", []):
                shell.push(settings)
    plt.close("all")
    _shell()
    return done


def parameters(path):
    """The cell of a notebook that is tagged ``parameters``."""
    cells = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    (cell,) = [cell for cell in cells if "parameters" in cell.metadata.get("tags", [])]
    return cell


def run_all(top, study="tiny", **changed):
    """Run all chapters in order, as `run_chapter`; returns what each showed, by name.

    A study's universes come first, as with `make`; without the file that says where and when.
    """
    if "\nmultiverse:" in (top / "data" / study / "survey.yml").read_text(encoding="utf-8"):
        list(run_multiverse(study, top / "build", top / "data", briefly=True))
        (top / "build" / study / "multiverse" / MADE).unlink()
    return {name: run_chapter(name, top, study, **changed) for name in NAMES}


def write_executed(name, top, study, drawn=True, **changed):
    """Run a chapter and keep its executed copy where `make` does, with all that it showed."""
    notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", 4)
    cells = {cell.id: cell for cell in executed(name, top, study, drawn=drawn, **changed)}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.execution_count = cells[cell.id].execution_count
            cell.outputs = [
                nbformat.v4.new_output("display_data", _as_text(shown.data), metadata=shown.metadata)
                for shown in cells[cell.id].shown
            ]
    path = top / "build" / study / "notebooks" / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


def _as_text(data):
    """Shown data as notebooks hold them: pictures in base 64."""
    return {
        kind: base64.b64encode(content).decode() if isinstance(content, bytes) else content
        for kind, content in data.items()
    }


def files(top, study="tiny"):
    """Everything that chapters left of a study under `top`, by path."""
    places = (top / "build" / study, top / "figures" / study)
    found = (path for place in places for path in sorted(place.rglob("*")) if path.is_file())
    return {str(path.relative_to(top)): path.read_bytes() for path in found}


def _beside(top):
    """Where a chapter runs: in the notebooks' folder of a copy of the tree, or else of the tree."""
    return top / "notebooks" if (top / "notebooks").is_dir() else ROOT / "notebooks"


@functools.cache
def _new_shell():
    os.environ.setdefault("IPYTHONDIR", str(ROOT / "build" / "ipython"))
    matplotlib.use("agg")
    shell = InteractiveShell.instance()
    shell.history_manager.enabled = False
    return shell


def _shell():
    """An IPython shell as a kernel has one, with nothing of the last chapter in it."""
    shell = _new_shell()
    with mock.patch("gc.collect"):  # walks all that was imported, half a second each time
        shell.reset(new_session=False)
    return shell
