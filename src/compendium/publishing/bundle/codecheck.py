"""``codecheck.yml``: what a checker of the study is to make anew, and of which paper.

CODECHECK configuration 2.0, https://codecheck.org.uk/spec/config/2.0/. Its `codechecker`, `report`,
`summary` and `certificate` are for the checker to fill in. What ``CITATION.cff`` does not know, such as
an ORCID, is left out: nothing is made up.
"""

from compendium.models import yaml_text
from compendium.publishing.bundle.datapackage import name

VERSION = "https://codecheck.org.uk/spec/config/2.0/"
CHECKED = (".csv", ".pdf", ".png", ".svg")  # and results, which are JSON


def configuration(contents, shown, paper, citation):
    """The text of ``codecheck.yml``.

    Parameters
    ----------
    contents : contents.Contents
    shown : dict of str to Output
        As from `outputs.outputs`.
    paper : dict
        The entry of the citation file that is checked, or the whole of it.
    citation : dict
        What ``CITATION.cff`` holds.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        When an ORCID of the citation file has a wrong checksum.
    """
    results = f"build/{contents.study}/results/"
    manifest = [
        {"file": path, "comment": one.name}
        for path, one in shown.items()
        if path.endswith(CHECKED) or path == f"{results}{one.chapter}.json"
    ]
    known = {"title": paper["title"], "authors": [_author(one) for one in paper["authors"]]}
    if address(paper):
        known["reference"] = address(paper)
    others = [address(one) for one in [citation, *citation.get("references", [])] if one is not paper]
    if others := [one for one in dict.fromkeys(others) if one and one != address(paper)]:
        known["reference-other"] = others
    return "---\n" + yaml_text({"version": VERSION, "paper": known, "manifest": manifest})


def address(entry):
    """Where an entry of a citation file is found: its DOI before its address on the web."""
    return f"https://doi.org/{entry['doi']}" if entry.get("doi") else entry.get("url")


def orcid(author):
    """The plain ORCID of an author, or None.

    Raises
    ------
    ValueError
        When its last sign is not the checksum of the others (ISO 7064, MOD 11-2).

    Examples
    --------
    >>> orcid({"orcid": "https://orcid.org/0000-0002-1825-0097"})
    '0000-0002-1825-0097'
    """
    given = author.get("orcid")
    if not given:
        return None
    plain = given.rstrip("/").rpartition("/")[2]
    signs, total = plain.replace("-", ""), 0
    if len(signs) == 16 and signs[:15].isascii() and signs[:15].isdigit():
        for sign in signs[:15]:
            total = (total + int(sign)) * 2
        if signs[15] == "0123456789X"[(12 - total % 11) % 11]:
            return plain
    raise ValueError(f"CITATION.cff: '{given}' is no ORCID: a sign is wrong; copy it from its owner's "
                     "page, or leave it out.")  # fmt: skip


def _author(author):
    found = {"name": name(author), "ORCID": orcid(author)}
    return {key: value for key, value in found.items() if value}
