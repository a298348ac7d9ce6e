"""A repository of one's own: its title, its authors and its study in README and citation file.

The site names both by itself: its title is the study's, and *How to cite* shows the citation file.
"""

import re
from pathlib import Path

from compendium.files import read_text, replace
from compendium.models import read_yaml, yaml_text
from compendium.survey.instrument import read_instrument
from compendium.wording import plain

ROOT = Path(__file__).resolve().parents[3]
BINDER = "https://mybinder.org/v2/gh/{}/HEAD?urlpath=lab/tree/notebooks/1_responses.ipynb"


def new_study(study, people, repository="", top=ROOT):
    """Put a study's title and its authors in the place of those of the default study.

    Parameters
    ----------
    study : str
        Its folder in ``data/``; title and description are those of its ``survey.yml``.
    people : str
        The authors, parted by semicolons: ``Ada Byron; Hopper, Grace``.
    repository : str
        Owner and name of the repository on GitHub, where there is one, for Binder and the citation.
    top : pathlib.Path
        The repository.

    Yields
    ------
    str
        What was changed, and what is left to do.

    Raises
    ------
    ValueError
        When the study is not there, no author or no repository is named as it should be, or the
        README has lost a heading; nothing is changed then.
    """
    instrument = read_instrument(top / "data" / study / "survey.yml")
    authors = [_author(name) for name in people.split(";") if name.strip()]
    if not authors:
        raise ValueError('AUTHORS is missing: give AUTHORS="Ada Byron; Grace Hopper".')
    if repository and not re.fullmatch(r"[\w.-]+/[\w.-]+", repository, re.ASCII):
        raise ValueError(f"REPOSITORY '{repository[:60]}' is no owner/name; write it as GitHub does.")
    citation = _cited(read_yaml(top / "CITATION.cff"), instrument.title, authors, repository)
    readme = _readme(read_text(top / "README.md"), study, instrument, citation, repository)
    replace(top / "CITATION.cff", yaml_text(citation))
    replace(top / "README.md", readme)
    yield f"README.md and CITATION.cff are those of “{instrument.title}” now."
    yield f"Read both, choose a licence, and run make all STUDY={study}: the site follows them."
    yield f"Git ignores data/{study}: publish answers only where respondents agreed to it."


def _author(name):
    """An author as the citation file names one: ``Ada Byron``, ``Byron, Ada``, or a group's one word.

    >>> _author("Ada Byron"), _author(" Byron, Ada"), _author("Consortium")[ "name"]
    ({'family-names': 'Byron', 'given-names': 'Ada'}, {'family-names': 'Byron', 'given-names': 'Ada'}, \
'Consortium')
    """
    family, comma, given = (part.strip() for part in name.partition(","))
    if not comma:
        given, _, family = name.strip().rpartition(" ")
    return (
        {"family-names": family, "given-names": given} if family and given else {"name": name.strip()}
    )


def _cited(citation, title, authors, repository):
    """The citation file of the new repository, which refers to the compendium that it was made from."""
    origin = [one for one in citation.get("references", []) if one["type"] == "software"]
    if not origin:
        kept = ("type", "title", "version", "authors", "url")
        origin = [{key: citation[key] for key in kept if key in citation}]
    found = {
        "cff-version": citation["cff-version"],
        "message": "Cite the study for its findings, and this compendium for its methods.",
        "type": "software",
        "title": f"{' '.join(title.split())}: a research compendium",
        "version": "0.1.0",
        "license": citation["license"],
        "authors": authors,
    }
    url = {"url": f"https://github.com/{repository}"} if repository else {}
    return found | url | {"references": origin}


def _readme(text, study, instrument, citation, repository):
    """The README with an own head, an own citation, and all between as it was."""
    parts = re.fullmatch(
        r".*?(?=^## Run it\n)(.*?)^## Cite\n.*?(?=^## Licences\n)(.*)", text, re.S | re.M
    )
    if not parts:
        raise ValueError(
            "README.md: a heading is gone; it needs '## Run it', '## Cite', '## Licences'."
        )
    names = ", ".join(
        plain(one.get("name") or f"{one['given-names']} {one['family-names']}")
        for one in citation["authors"]
    )
    title, origin = plain(citation["title"]), plain(citation["references"][0]["title"])
    badge = f"[![Binder](https://mybinder.org/badge_logo.svg)]({BINDER.format(repository)})"
    answers = (
        "**The answers here are synthetic**: no number computed from them is a finding."
        if instrument.provenance == "synthetic"
        else "**The answers are those of people.** They are not in this repository, and small counts "
        "are withheld wherever numbers are shown."
    )
    head = [
        f"# {title}",
        *([badge] if repository else []),
        f"{names}. {plain(instrument.about)}".strip(),
        f"> {answers}",
        f"`make all STUDY={study}` recomputes every number of it. Chapters and methods are those of "
        f"*{origin}*, with the two studies that they are shown on.",
    ]
    cite = f"## Cite\n\n{names}. *{title}*. [CITATION.cff](CITATION.cff) has it, and *{origin}*.\n\n"
    return "\n\n".join(head) + "\n\n" + parts[1] + cite + parts[2]
