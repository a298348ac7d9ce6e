"""Executed notebooks: papermill runs one for a study, and nothing of the run but its outputs stays.

Kernels talk over local sockets (IPC), so no TCP port is opened.
"""

import contextlib
import os
import re
import sys
import tempfile
import time
from pathlib import Path

# nbformat imports jsonschema, which imports this package, which compiles a grammar of web addresses
# for more than a second. No notebook format checks one, and jsonschema does without it.
sys.modules.setdefault("rfc3987_syntax", None)

import nbformat  # noqa: E402 (after the line above)

NAMES = ("1_responses", "2_familiarity", "3_themes", "4_figures", "5_claims", "6_multiverse")
SOURCES = Path("notebooks")
# On a slow machine the first chapter of all says so, and no later one.
FONTS = "Matplotlib is building the font cache; this may take a moment.\n"
ADDRESS = re.compile(r" at 0x[0-9a-f]+")  # where an object happened to lie in memory
PLACES = {"out_dir": "../build", "figures_dir": "../figures"}  # seen from the notebooks' folder


def run(name, study, output=None):
    """Execute a notebook for a study; results, tables and figures go to their real places.

    Parameters
    ----------
    name : str
        Without ending, such as ``1_responses``.
    study : str
        Its folder under ``data/``.
    output : pathlib.Path, optional
        The executed copy, ``build/<study>/notebooks/<name>.ipynb`` if not given. It appears only when
        every cell ran; otherwise ``.failed.ipynb`` beside it keeps the traceback.

    Returns
    -------
    str
        What to tell the user.

    Raises
    ------
    ValueError
        When a cell fails, with the last line of its message.
    """
    output = Path(output or Path("build", study, "notebooks", f"{name}.ipynb")).absolute()
    output.parent.mkdir(parents=True, exist_ok=True)
    started, before = time.monotonic(), _standing(study, name[:2])
    notebook = _executed(name, output.with_suffix(".failed.ipynb"), {"study": study} | PLACES)
    _sweep(study, name[:2], before)
    _replace(output, notebook)
    return f"{name}: done in {time.monotonic() - started:.0f} s"


def refresh():
    """Execute the committed notebooks as they stand, and record their outputs where any changed.

    Yields
    ------
    str
        What to tell the user, notebook by notebook.

    Raises
    ------
    ValueError
        When a cell fails; that notebook and the later ones stay as they were.
    """
    for name in NAMES:
        source = SOURCES / f"{name}.ipynb"
        unfinished = Path("build", "scratch", f"{name}.failed.ipynb").absolute()
        unfinished.parent.mkdir(parents=True, exist_ok=True)
        notebook = _executed(name, unfinished, {})
        same = nbformat.writes(notebook) == nbformat.writes(nbformat.read(source, 4))
        if not same:  # an untouched file makes nothing run again
            _replace(source, notebook)
        yield f"{name}: {'as recorded' if same else 'recorded anew'}"


def execute(source, output, parameters):
    """Run `source` with these parameters; return the executed notebook, also written to `output`.

    Parameters
    ----------
    source, output : pathlib.Path
        Notebook to run, and where its executed copy goes.
    parameters : dict
        What replaces the values of the cell tagged ``parameters``; empty for its own values.

    Raises
    ------
    papermill.PapermillExecutionError
        When a cell fails.
    """
    with tempfile.TemporaryDirectory(prefix="nb") as runtime:
        # Sockets need a short path (about 100 characters), which a runtime folder of its own gives.
        os.environ["JUPYTER_RUNTIME_DIR"] = runtime
        import papermill
        from traitlets.config import Config

        # Without an `ip` of its own, every kernel would use the same sockets in this folder.
        config = Config(KernelManager={"transport": "ipc", "ip": f"{runtime}/kernel"})
        with _quiet():
            notebook = papermill.execute_notebook(
                str(source),
                str(output),
                parameters,
                kernel_name="python3",
                cwd=str(Path(source).absolute().parent),
                progress_bar=False,
                request_save_on_cell_execute=False,
                start_timeout=600,  # a busy machine takes its time
                config=config,
            )
    return _tidy(notebook)


def _executed(name, unfinished, parameters):
    try:
        notebook = execute(SOURCES / f"{name}.ipynb", unfinished, parameters)
    except Exception as error:
        # The last line is the message that was written for the user.
        problem = (str(error).strip() or type(error).__name__).splitlines()[-1]
        kept = f" The traceback is in {unfinished}" if unfinished.exists() else ""
        raise ValueError(f"{name}: {problem}{kept}") from error
    unfinished.unlink()
    return notebook


@contextlib.contextmanager
def _quiet():
    """Keep a kernel's own log off the terminal; what a cell prints and raises is in its notebook."""
    terminal = os.dup(2)
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(terminal, 2)
        os.close(terminal)


def _tidy(notebook):
    """Leave out what differs from run to run: times, paths, and marks of the run."""
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        cell.metadata["tags"] = cell.metadata.get("tags", [])
        if "injected-parameters" in cell.metadata["tags"]:
            cell["id"] = "injected-parameters"  # papermill draws one by chance
        if not cell.metadata["tags"]:
            del cell.metadata["tags"]
        if "outputs" in cell:
            cell["outputs"] = [output for output in cell["outputs"] if output.get("text") != FONTS]
        for output in cell.get("outputs", []):
            text = output.get("data", {}).get("text/plain")
            if text is not None:
                output["data"]["text/plain"] = ADDRESS.sub("", text)
    return notebook


def _standing(study, prefix):
    """The tables and figures of a notebook that stand, each with what changes when it is written."""
    build, found = Path("build", study), {}
    for folder in (build / "tables", build / "review", Path("figures", study)):
        for path in folder.glob(f"{prefix}*"):
            about = path.stat()
            found[path] = about.st_ino, about.st_mtime_ns, about.st_ctime_ns
    return found


def _sweep(study, prefix, before):
    """Delete the tables and figures that stood before a run of a notebook and that it did not make.

    A table of a question that is gone, or of a smaller minimum cell, would be published once more. No
    time is compared with the clock, which may have been set back.
    """
    for path, about in _standing(study, prefix).items():
        if before.get(path) == about:
            path.unlink()


def _replace(path, notebook):
    temporary = path.with_suffix(".tmp")
    nbformat.write(notebook, temporary)
    temporary.replace(path)
