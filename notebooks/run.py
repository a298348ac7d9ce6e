"""Execute one notebook for one study with papermill.

    python notebooks/run.py 1_responses --study microcredentials --output OUT.ipynb

The copy appears under its name only when every cell ran; a run that fails leaves `OUT.failed.ipynb`
with its traceback instead. Kernels talk over local sockets (IPC), so no TCP port is opened.
"""

import argparse
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

import nbformat  # noqa: E402

HERE = Path(__file__).resolve().parent
ADDRESS = re.compile(r" at 0x[0-9a-f]+")  # where an object happened to lie in memory


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
        with quiet():
            return papermill.execute_notebook(
                str(source),
                str(output),
                parameters,
                kernel_name="python3",
                cwd=str(HERE),
                progress_bar=False,
                request_save_on_cell_execute=False,
                config=config,
            )


@contextlib.contextmanager
def quiet():
    """Keep a kernel's own log off the terminal; what a cell prints and raises is in its notebook."""
    terminal = os.dup(2)
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(terminal, 2)
        os.close(terminal)


def tidy(notebook):
    """Leave out what differs from run to run: times, paths, and marks of the run."""
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        cell.metadata["tags"] = cell.metadata.get("tags", [])
        if not cell.metadata["tags"]:
            del cell.metadata["tags"]
        for output in cell.get("outputs", []):
            text = output.get("data", {}).get("text/plain")
            if text is not None:
                output["data"]["text/plain"] = ADDRESS.sub("", text)
    return notebook


def sweep(study, prefix, since):
    """Delete the tables and figures that an earlier run of a notebook left and this one did not make.

    A table of a question that is gone, or of a smaller minimum cell, would be published once more.
    """
    build = HERE.parent / "build" / study
    for folder in (build / "tables", build / "review", HERE.parent / "figures" / study):
        for path in folder.glob(f"{prefix}*"):
            if path.stat().st_mtime < since:
                path.unlink()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebook", help="name without ending, such as 1_responses")
    parser.add_argument("--study", help="the study's folder; the notebook's own by default")
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    source, output = HERE / f"{options.notebook}.ipynb", options.output.resolve()
    output.parent.mkdir(parents=True, exist_ok=True)
    unfinished = output.with_suffix(".failed.ipynb")
    started, since = time.monotonic(), time.time()
    try:
        notebook = execute(source, unfinished, {"study": options.study} if options.study else {})
    except Exception as error:
        # The last line is the message that the helpers wrote for the user.
        problem = str(error).strip().splitlines()[-1]
        sys.exit(f"  {options.notebook}: {problem}\n  The traceback is in {unfinished}")
    unfinished.unlink()
    sweep(options.study or "microcredentials", options.notebook[:2], since)
    temporary = output.with_suffix(".tmp")
    nbformat.write(tidy(notebook), temporary)
    temporary.replace(output)
    print(f"  {options.notebook}: done in {time.monotonic() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main()
