"""The audit trail: which inputs, parameters and packages a study's results come from."""

import ast
import hashlib
import json
import platform
import subprocess
from importlib import metadata, resources
from pathlib import Path

from compendium.files import digest, read_json, write_json
from compendium.models import read_yaml
from compendium.results import join_answers
from compendium.survey.freeze import standing
from compendium.survey.instrument import read_instrument
from compendium.wording import SAID, plain

INPUTS = (
    "survey.yml",
    "plan.lock.json",
    "margins.csv",
    "codebook.yml",
    "claims.yml",
    "model.yml",
    "coding/*.csv",
)
SHARED = ("published.csv", "checklists.csv")
PACKAGE = "microcredentials-compendium"
UNTOLD = "not published: guesses about answers could be tested against a checksum"


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
        `data_dir`; `export`, what the importer noted of the platform's file, where there is one.
        Files that hold what respondents gave have `UNTOLD` in place of a sum where answers are
        collected: guesses about single answers could be tested against it. For the same reason
        the sum of their instrument is of what it says, without comments and names to be masked;
        `plan`, when it was frozen and what was changed since; `parameters` by notebook;
        `commit`, where it is known; `python` and `packages`, the versions in use. No time and no
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
    collected = survey.get("provenance") != "synthetic"
    inputs = {
        str(path.relative_to(data).as_posix()): UNTOLD
        if collected and path.parent.name == "coding"
        else digest(path)
        for path in paths
    }
    if collected:
        inputs[f"{study}/survey.yml"] = _said_by(survey)
    if responses.startswith("statsmodels:"):
        name = responses.removeprefix("statsmodels:")
        file = resources.files(f"statsmodels.datasets.{name}") / f"{name}.csv"
        inputs[responses] = hashlib.sha256(file.read_bytes()).hexdigest()
    else:
        inputs[f"{study}/{responses}"] = UNTOLD if collected else digest(folder / responses)
    trail = {"study": study, "answers": survey.get("provenance"), "inputs": inputs}
    imported = folder / "import.json"
    if imported.exists():
        note = read_json(imported)
        told = ("source", "platform", "rows") if collected else ("source", "platform", "rows", "sha256")
        trail["export"] = {key: note.get(key) for key in told}
    trail["plan"] = standing(read_instrument(folder / "survey.yml"), folder).lines()
    trail["parameters"] = {path.stem: parameters(path) for path in notebooks}
    told = {"commit": known} if (known := commit(data.absolute().parent)) else {}
    return trail | told | {"python": platform.python_version(), "packages": _versions()}


def import_notes(folder):
    """What the import of a study guessed, left out and could not decide, as Markdown.

    Parameters
    ----------
    folder : pathlib.Path
        Of the study.

    Returns
    -------
    str
    """
    path = folder / "import.json"
    noted = read_json(path) if path.exists() else None
    if noted is None:
        return "*The instrument was written by hand: no import left a decision open.*"
    decide = [
        f"- {plain(one['item'] or 'the whole export')}: {plain(one['question'])} ({plain(one['why'])})"
        for one in noted.get("decisions", [])
    ]
    dropped = [plain(one["column"]) for one in noted.get("left_out", [])]
    lines = [
        "**What needs a decision**, in `survey.yml`, before anything below is believed:", "",
        *(decide or ["- Nothing that the import could see."]),
        f"- {len(noted.get('guessed', []))} items were guessed from "
        f"{plain(noted.get('source', ''))} ({plain(noted.get('platform', ''))}); "
        f"left out: {', '.join(dropped) or 'nothing'}.",
    ]  # fmt: skip
    return "\n".join(lines)


def write_trail(study, data_dir="data", out_dir="build"):
    """Write ``provenance.json`` and ``answers.json`` of a study, and a notice beside made-up numbers.

    Parameters
    ----------
    study : str
        Name of the study's folder.
    data_dir, out_dir : str or pathlib.Path
        The folders that hold the studies, and what their notebooks wrote.

    Returns
    -------
    dict
        As from `provenance`.
    """
    out = Path(out_dir) / study
    notebooks = [
        p for p in sorted((out / "notebooks").glob("*.ipynb")) if not p.name.endswith(".failed.ipynb")
    ]
    trail = provenance(study, data_dir, notebooks)
    write_json(out / "results" / "provenance.json", trail)
    join_answers(out / "results")
    for folder in ("results", "tables"):  # numbers travel without the notebook that explains them
        notice = out / folder / "SYNTHETIC.txt"
        notice.unlink(missing_ok=True)
        if trail["answers"] == "synthetic":
            notice.write_text(f"{SAID} Every number here was computed from answers made up.\n")
    return trail


def parameters(path):
    """The parameters that an executed notebook ran with, the injected ones over its own."""
    found = {}
    for cell in read_json(path)["cells"]:
        if {"parameters", "injected-parameters"} & set(cell["metadata"].get("tags", [])):
            for line in ast.parse("".join(cell["source"])).body:
                if isinstance(line, ast.Assign):
                    found[line.targets[0].id] = ast.literal_eval(line.value)
    return found


def colophon(built):
    """What closes a report: what made it.

    Parameters
    ----------
    built : pathlib.Path
        ``build/<study>``; what its ``provenance.json`` says is told.

    Returns
    -------
    dict
        `python`, `packages` (names with versions, of the direct dependencies), and `commit`, empty
        where neither git nor a bundle tells.
    """
    path = built / "results" / "provenance.json"
    trail = read_json(path) if path.exists() else {"python": "", "packages": {}}
    packages = [f"{name} {version}" for name, version in trail["packages"].items()]
    return {"python": trail["python"], "packages": packages, "commit": trail.get("commit", "")}


def commit(top):
    """The commit of the sources, *with changes* where they have any, or nothing where nobody tells."""
    if git(top, "rev-parse", "--show-prefix") == b"\n":  # the top of a repository, and not below one
        named = "describe", "--always", "--exclude=*", "--abbrev=12", "--dirty= with changes"
        return git(top, *named).decode().strip()
    crate = top / "ro-crate-metadata.json"
    graph = read_json(crate)["@graph"] if crate.exists() else []
    whole = next((one["version"] for one in graph if one["@id"] == "./"), "")
    return " ".join([whole[:12], *whole.split()[1:]]).strip()


def git(folder, *command):
    """What git prints, or nothing when it cannot say."""
    if not folder.is_dir():
        return b""
    try:
        done = subprocess.run(["git", "-C", str(folder), *command], capture_output=True, check=False)
    except FileNotFoundError:
        return b""
    return done.stdout if done.returncode == 0 else b""


def _said_by(survey):
    """SHA-256 of what an instrument says: drafts count answers in comments, and names are hidden."""
    disclosure = {key: said for key, said in (survey.get("disclosure") or {}).items() if key != "names"}
    said = json.dumps(survey | {"disclosure": disclosure}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def _versions():
    """Versions of the direct dependencies, as the installed package names them."""
    wanted = sorted({_name(entry) for entry in metadata.requires(PACKAGE) or []})
    return {name: metadata.version(name) for name in wanted}


def _name(requirement):
    return "".join(sign if sign.isalnum() or sign in "-_." else " " for sign in requirement).split()[0]
