"""What goes into a bundle: the sources that a run needs, and what a run made of them.

Every file keeps its path, so that the bundle unpacks to a compendium. `suppressed.json` is not in it:
all notebooks depend on it, so that make runs everything anew there. Sources are what git tracks, or,
in a bundle that was unpacked, what its list of sums names. The folder of a study that protects people
is not looked through: of it, only files that are named here are in a bundle; and notebooks are in it
without what they showed, since somebody may have looked at answers in them.
"""

import hashlib
import json
import re
from glob import escape
from pathlib import Path
from typing import NamedTuple

from compendium.audit.provenance import git
from compendium.files import digest, read_json, read_text, refuse_special
from compendium.models import read_yaml, yaml_text
from compendium.survey.instrument import read_instrument

SUMS = "sources.sha256"  # as sha256sum writes and checks them
CRATE = "ro-crate-metadata.json"
CHANGED = " with changes"
INCLUDE = "include"  # typed out, it puts answers of people into a bundle
# Of a study's folder: what tells nothing of single respondents, and what does.
OPEN = ("survey.yml", "plan.lock.json", "claims.yml", "codebook.yml", "model.yml", "margins.csv")
ANSWERS = ("open_answers.csv", "coding/*.csv", "coding/*.yml")
MADE = (
    "build/{}/results/**/*", "build/{}/tables/*", "build/{}/notebooks/*.ipynb", "build/{}/audit.txt",
    "build/{}/report/*.pdf", "build/{}/report/content.json", "figures/{}/*",
)  # fmt: skip


class Contents(NamedTuple):
    """The files of a bundle, by their path from the top.

    Attributes
    ----------
    study : str
    instrument : Instrument
    sources, made : dict of str to bytes
        What a run needs, and what it made.
    answers : bool
        Whether respondents' answers may be told.
    commit, date : str
        Of the sources; *with changes* behind the commit where they are others now.
    """

    study: str
    instrument: object
    sources: dict
    made: dict
    answers: bool
    commit: str
    date: str

    @property
    def sums(self):
        """A line a source, as sha256sum has them."""
        lines = (f"{hashlib.sha256(content).hexdigest()}  {path}\n"
                 for path, content in sorted(self.sources.items()))  # fmt: skip
        return "".join(lines).encode()

    @property
    def digest(self):
        """SHA-256 of the sums: one number that stands for all sources."""
        return hashlib.sha256(self.sums).hexdigest()


def collect(study, answers="", top="."):
    """Read what a bundle of a study holds.

    Parameters
    ----------
    study : str
        Name of the study's folder; its notebooks were executed.
    answers : str
        `INCLUDE` for the answers of people too; those that were made up are always there.
    top : str or pathlib.Path
        The repository, or a bundle that was unpacked.

    Returns
    -------
    Contents

    Raises
    ------
    ValueError
        When `answers` is another word, the study was not run to its end, or nothing says what the
        sources are.
    """
    top = Path(top)
    if answers not in ("", INCLUDE):
        raise ValueError(f"ANSWERS: write {INCLUDE}, or leave it out, not '{answers}'.")
    if not (top / "build" / study / "report" / "poster.pdf").exists():
        raise ValueError(f"build/{study}: there is no whole run; run make all STUDY={study} first.")
    instrument = read_instrument(top / "data" / study / "survey.yml")
    told = not instrument.protects or answers == INCLUDE
    mine, elsewhere = f"data/{study}/", re.compile(r"(data|figures)/[^/]+/|build/")
    known, *when = _tracked(top)
    paths = {path for path in known if not elsewhere.match(path)}
    if not instrument.protects:
        paths |= {path for path in known if path.startswith(mine)}
    paths |= _found(top, [f"{mine}{name}" for name in _named(instrument, told)])
    sources = {path: _read(top / path) for path in sorted(paths) if (top / path).exists()}
    if instrument.protects:
        _hide(sources, instrument, f"{mine}survey.yml", top, known)
    made = _found(top, [pattern.format(study) for pattern in MADE])
    made = {path: _read(top / path) for path in sorted(made) if not path.endswith(".failed.ipynb")}
    return Contents(study, instrument, sources, made, told, *when)


def _hide(sources, instrument, survey, top, known):
    """Leave out of sources what can tell of people; `sources` is changed.

    Names to be masked; comments, in which a draft counts answers; what notebooks showed when somebody
    looked at answers in them. The chapters as they were run are in the bundle, too.
    """
    if instrument.disclosure.names or survey not in known:
        said = read_yaml(top / survey)
        (said.get("disclosure") or {}).pop("names", None)
        sources[survey] = yaml_text(said).encode()
    for path in [path for path in sources if path.endswith(".ipynb")]:
        notebook = json.loads(sources[path])
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                cell |= {"outputs": [], "execution_count": None}
        sources[path] = f"{json.dumps(notebook, indent=1, ensure_ascii=False)}\n".encode()


def _named(instrument, told):
    """Names and patterns of what a study's folder gives."""
    if not told:
        return OPEN
    read = [instrument.responses, instrument.weights and instrument.weights.file]
    return (*OPEN, *ANSWERS, *(escape(name) for name in read if name and ":" not in name))


def _found(top, patterns):
    """Paths of the files that patterns find; what is hidden, a key above all, is never found."""
    found = {path.relative_to(top) for pattern in patterns for path in top.glob(pattern)
             if path.is_file()}  # fmt: skip
    return {path.as_posix() for path in found if not any(part.startswith(".") for part in path.parts)}


def _read(path):
    refuse_special(path)
    return path.read_bytes()


def _tracked(top):
    """Paths of the sources, their commit and its date."""
    head = git(top, "show", "--no-patch", "--format=%H %cs", "HEAD").decode()
    if (
        head and git(top, "rev-parse", "--show-prefix") == b"\n"
    ):  # the top of a repository, not below one
        listed, (commit, date) = git(top, "ls-files", "-z").decode().split("\0")[:-1], head.split()
        changed = git(top, "status", "--porcelain", "--untracked-files=no")
        return listed, f"{commit}{CHANGED}" if changed else commit, date
    if not (top / SUMS).exists() or not (top / CRATE).exists():
        raise ValueError(f"{SUMS}: neither git nor this list says what the sources are; make the "
                         "bundle in a clone, or where a bundle was unpacked.")  # fmt: skip
    sums = {line[66:]: line[:64] for line in read_text(top / SUMS).splitlines()}
    sums = {path: sum for path, sum in sums.items() if path[:1] != "/" and ".." not in path.split("/")}
    root = next(one for one in read_json(top / CRATE)["@graph"] if one["@id"] == "./")
    commit = root["version"]
    same = all((top / path).exists() and digest(top / path) == sum for path, sum in sums.items())
    commit = commit if same else f"{commit.removesuffix(CHANGED)}{CHANGED}"
    return [*sums], commit, root["datePublished"]
