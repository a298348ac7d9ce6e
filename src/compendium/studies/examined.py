"""One study from its export to the audit: its chapters' cells, without a kernel and without pictures.

A kernel for each notebook, and pictures, take most of the time of `make all`, which makes them of any
study of the list. What is found is the same from run to run; how long it took stands beside it.
"""

import contextlib
import io
import shutil
import threading
import time
import warnings
from dataclasses import dataclass
from pathlib import Path

from compendium.audit.claims import failures
from compendium.coding.codings import load_coding
from compendium.coding.themes import with_themes
from compendium.disclosure.counts import write_suppressed
from compendium.files import read_json, standing, write_json
from compendium.importing.importer import import_study
from compendium.importing.structure.overlay import find_structure
from compendium.results import read_results
from compendium.survey.study import load_study

CHAPTERS = ("1_responses", "2_familiarity", "3_themes", "5_claims")  # 4 draws, 6 asks many times more
EACH, FOUND, MADE = "each", "found.json", "made.json"
ALONE = threading.Lock()  # what chapters print and warn of goes where a process's does


@dataclass(frozen=True)
class Places:
    """Where studies lie and what is found goes, and what the compendium itself rests on."""

    data: Path
    out: Path
    notebooks: Path
    house: str

    def of(self, entry):
        """The folder of what is found of a study."""
        return self.out / EACH / entry.name


def examine(places, entry):
    """Read an export, run its chapters, and leave what came of it; nothing is raised.

    Parameters
    ----------
    places : Places
    entry : listed.Entry
    """
    folder, started = places.of(entry), time.monotonic()
    with contextlib.suppress(FileNotFoundError):  # nothing is there the first time
        shutil.rmtree(folder)
    found = {"name": entry.name, "export": entry.export.name, "status": "done"}
    seconds, at = {}, "import"
    with ALONE, warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")  # as under make: what matters stands in the notes of results
        try:
            export = standing([entry.export])
            report = import_study(
                entry.name, entry.export, places.data, entry.platform or None, entry.structure or None
            )
            found |= guessed(report)
            stamp = rests_on(places, entry) | {"export": export}
            seconds[at], started, at = time.monotonic() - started, time.monotonic(), "counts"
            study = load_study(entry.name, places.data)
            found |= {"respondents": study.n, "items": len(study.instrument.substantive())}
            write_suppressed(folder / "suppressed.json", themed(study, places.data))
            for name in CHAPTERS:
                seconds[at], started, at = time.monotonic() - started, time.monotonic(), name
                asked = run_cells(places, name, entry.name)
                found |= answered(asked) if name == "2_familiarity" else {}
            found |= given(folder)
        except Exception as error:  # whatever it is, the other studies go on
            found |= {"status": "refused", "at": at, "why": _line(error, entry)}
            stamp = rests_on(places, entry)
    seconds[at] = time.monotonic() - started
    write_json(folder / FOUND, found)
    write_json(folder / MADE, {"of": stamp, "seconds": seconds})


def rests_on(places, entry):
    """What a study's results are made from: another of these, and it is examined again."""
    beside = entry.structure
    with contextlib.suppress(OSError):  # a folder that is not there, or may not be looked into
        beside = beside or find_structure(entry.export)
    paths = (places.data / entry.name).rglob("*")
    told = [str(entry.export), entry.platform, entry.structure]
    return {
        "house": places.house, "entry": told, "export": standing([entry.export]),
        "structure": standing([beside] if beside else []), "study": standing(paths),
    }  # fmt: skip


def is_made(places, entry):
    """Whether a study was examined, not refused, and nothing that it rests on has changed since."""
    folder = places.of(entry)
    if not (folder / MADE).exists() or read_json(folder / FOUND)["status"] == "refused":
        return False
    return read_json(folder / MADE)["of"] == rests_on(places, entry)


def run_cells(places, name, study):
    """Run the code of a chapter for a study, as the notebook would; returns the study it opened."""
    given = {"study": study, "data_dir": str(places.data), "figures_dir": ""}
    given["out_dir"] = str(places.out / EACH)
    names = {}
    for cell in read_json(places.notebooks / f"{name}.ipynb")["cells"]:
        if cell["cell_type"] == "code" and "study.check(" not in "".join(cell["source"]):
            exec(compile("".join(cell["source"]), name, "exec"), names)
        if "parameters" in cell["metadata"].get("tags", []):
            names |= given
    return names["study"]


def guessed(report):
    """What an import had to guess."""
    first = next(iter(report["decisions"]), None)
    said = f"{first['item']}: {first['question']}".removeprefix(": ") if first else ""
    return {
        "platform": report["platform"], "rows": report["rows"],
        "decisions": len(report["decisions"]), "first_decision": said,
    }  # fmt: skip


def answered(study):
    """How many questions were planned, and of how many some number could be told."""
    views = [study.answer(question) for question in study.plan]
    told = [any(fields["value"] is not None for fields in view.records) for view in views]
    return {"planned": len(told), "answered": sum(told)}


def given(folder):
    """What the chapters left."""
    results = read_results(folder / "results")
    path = folder / "results" / "claims.json"
    claims = read_json(path) if path.exists() else []
    hidden = sum("withheld" in fields for fields in results.values())
    return {
        "results": len(results), "withheld": hidden, "claims": len(claims),
        "claims_failed": len(failures(claims)),
    }  # fmt: skip


def themed(study, data):
    return with_themes(study, load_coding(study, data / study.name))


def _line(error, entry):
    """One line of what went wrong; a fault of the compendium's own is named by its kind."""
    said = " ".join(str(error).replace(str(entry.export), entry.export.name).split())
    return said if isinstance(error, ValueError) else f"{type(error).__name__}: {said}"
