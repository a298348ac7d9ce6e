"""A page for each theme: what it argues, how many raise it and who, and passages for and against.

Its numbers are those of ``results/*.json``, and its pairs and passages those that chapter 3 released:
masked, and without what is withheld.
"""

from compendium.files import read_json, read_rows
from compendium.publishing.site import explorer
from compendium.publishing.site.pages import page


def theme_pages(instrument, results, codebook, tables, most=6):
    """The pages, by file name; none where chapter 3 released no passages.

    Parameters
    ----------
    instrument : Instrument
    results : dict of str to dict
        As from `results.read_results`.
    codebook : Codebook
    tables : pathlib.Path
        The folder with what chapter 3 left.
    most : int
        Pairs of codes that are named.

    Returns
    -------
    dict of str to str
    """
    if not (tables / "3_quotations.json").exists():
        return {}
    quoted, contrasts = (_there(tables / f"3_{name}.json") for name in ("quotations", "contrasts"))
    counted = {
        asked["id"]: asked["tables"] for asked in explorer.questions(instrument, results, codebook)
    }
    pairs = _pairs(tables / "3_cooccurrence.csv")
    made = {}
    for theme in codebook.themes:
        ids = {code.id for code in theme.codes}
        shares = dict(counted.get(f"themes.{theme.id}", {}))
        made[file_of(theme)] = page(
            "theme",
            theme=theme,
            names=codebook.names,
            overall=shares.pop("", {"rows": []})["rows"],
            breakdowns=list(shares.values()),
            pairs=[pair for pair in pairs if not ids.isdisjoint(pair[:2])][:most],
            quoted=[row for row in quoted if row["theme"] == theme.name],
            contrasts=[row for row in contrasts if row["code"] in ids],
            synthetic=instrument.provenance == "synthetic",
            people=instrument.words.respondents,
        )
    return made


def file_of(theme):
    """Name of a theme's page."""
    return f"theme_{theme.id}.md"


def _there(path):
    return read_json(path) if path.exists() else []


def _pairs(path):
    """Pairs of codes with the number of respondents, the most frequent first; none withheld."""
    if not path.exists():
        return []
    rows = read_rows(path, ("result", "code_a", "code_b", "count", "base", "shown"))
    found = [(row["code_a"], row["code_b"], int(row["count"] or 0)) for row in rows]
    return sorted((pair for pair in found if pair[2]), key=lambda pair: -pair[2])
