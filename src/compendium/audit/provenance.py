"""The audit trail: which inputs, parameters and packages a study's results come from."""

import ast
import hashlib
import json
import platform
from importlib import metadata, resources
from pathlib import Path

import nbformat

from compendium.files import read_yaml, write_json
from compendium.wording import SAID

INPUTS = ("survey.yml", "codebook.yml", "claims.yml", "model.yml", "coding/*.csv")
SHARED = ("published.csv", "checklists.csv")
PACKAGE = "microcredentials-compendium"


def provenance(study, data_dir, notebooks):
    """Tie the results of a study to what they were computed from.

    Parameters
    ----------
    study : str
        Name of the study's folder.
    data_dir : str or pathlib.Path
        The folder that holds the studies.
    notebooks : sequence of pathlib.Path
        Executed notebooks.

    Returns
    -------
    dict
        `study`; `answers`, ``synthetic`` or ``collected``; `inputs`, the SHA-256 of the export, the
        instrument, the codebook, the codings, the claims and the shared tables by their path under
        `data_dir`; `export`, what the importer noted of the platform's file, where there is one;
        `parameters` by notebook; `python` and `packages`, the versions in use. No time and no
        machine: the same inputs give the same trail.

    Raises
    ------
    ValueError
        When ``survey.yml`` cannot be read.

    Examples
    --------
    >>> trail = provenance("anes96", "data", [])
    >>> sorted(trail["inputs"])[0], len(trail["inputs"]["anes96/survey.yml"])
    ('anes96/claims.yml', 64)
    """
    data, folder = Path(data_dir), Path(data_dir) / study
    survey = read_yaml(folder / "survey.yml")
    responses = survey.get("responses", "responses.csv")
    paths = [path for pattern in INPUTS for path in sorted(folder.glob(pattern))]
    paths += [data / name for name in SHARED if (data / name).exists()]
    inputs = {str(path.relative_to(data).as_posix()): _sha256(path) for path in paths}
    if responses.startswith("statsmodels:"):
        name = responses.removeprefix("statsmodels:")
        file = resources.files(f"statsmodels.datasets.{name}") / f"{name}.csv"
        inputs[responses] = hashlib.sha256(file.read_bytes()).hexdigest()
    else:
        inputs[f"{study}/{responses}"] = _sha256(folder / responses)
    trail = {"study": study, "answers": survey.get("provenance"), "inputs": inputs}
    imported = folder / "import.json"
    if imported.exists():
        note = json.loads(imported.read_text(encoding="utf-8"))
        trail["export"] = {key: note.get(key) for key in ("source", "platform", "rows", "sha256")}
    trail["parameters"] = {path.stem: parameters(path) for path in notebooks}
    return trail | {"python": platform.python_version(), "packages": _versions()}


def write_trail(study):
    """Write a study's ``results/provenance.json``, and beside its numbers that they are synthetic.

    Parameters
    ----------
    study : str
        Its folder in ``data/`` and ``build/``.
    """
    build = Path("build", study)
    executed = [p for p in sorted((build / "notebooks").glob("[1-5]_*.ipynb"))
                if not p.name.endswith(".failed.ipynb")]  # fmt: skip
    trail = provenance(study, "data", executed)
    write_json(build / "results" / "provenance.json", trail)
    for folder in ("results", "tables"):  # numbers travel without the notebook that explains them
        notice = build / folder / "SYNTHETIC.txt"
        notice.unlink(missing_ok=True)
        if trail["answers"] == "synthetic":
            notice.write_text(f"{SAID} Every number here was computed from answers made up.\n")


def parameters(path):
    """The parameters that an executed notebook ran with.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    dict
        Name to value, the injected ones over the notebook's own.
    """
    found = {}
    for cell in nbformat.read(path, 4).cells:
        if {"parameters", "injected-parameters"} & set(cell.metadata.get("tags", [])):
            for line in ast.parse(cell.source).body:
                if isinstance(line, ast.Assign):
                    found[line.targets[0].id] = ast.literal_eval(line.value)
    return found


def _sha256(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _versions():
    """Versions of the direct dependencies, as the installed package names them."""
    wanted = sorted({_name(entry) for entry in metadata.requires(PACKAGE) or []})
    return {name: metadata.version(name) for name in wanted}


def _name(requirement):
    return "".join(sign if sign.isalnum() or sign in "-_." else " " for sign in requirement).split()[0]
