"""What a study and other studies published, as poster and report show it."""

import re

from compendium.audit.claims import load_claims
from compendium.audit.published import ASKED, of_named_studies, stated_n
from compendium.files import read_json, read_text
from compendium.models import read_yaml
from compendium.wording import noticed


def read_claims(folder, out, bibliography):
    """The audited statements, with what is needed to show them.

    Parameters
    ----------
    folder, out : pathlib.Path
        ``data/<study>`` and ``build/<study>``.
    bibliography : list of str
        Keys of the bibliography.

    Returns
    -------
    list of dict
        The audit's `statement`, `source`, `published`, `computed`, `status`, `why`; `figure` and
        `rest`, the statement cut after the number it starts with; `own`, whether a result of this
        study bears on it; `evidence`, the ids of those results; `rows`, ids of published figures;
        `cite`, a key of the bibliography or None.
    """
    path, source = out / "results" / "claims.json", folder / "claims.yml"
    if not (path.exists() and source.exists()):
        return []
    claims = {claim.id: claim for claim in load_claims(source, folder.parent / "published.csv")}
    return [_shown(row, claims[row["id"]], bibliography) for row in read_json(path)]


def _shown(row, claim, bibliography):
    rows = [claim.published] if isinstance(claim.published, str) else claim.published or []
    own = claim.result is not None or claim.qualitative
    first = f"{claim.percent}%" if claim.percent else str(claim.count)
    figure = first if own and row["statement"].startswith(f"{first} ") else ""
    computed = row["computed"]
    if isinstance(computed, dict):
        known = [x for x in computed.values() if x["value"] is not None]
        computed = f"{len(known)} result{' bears' if len(known) == 1 else 's bear'} on it"
    return row | {
        "computed": computed,
        "status": row["status"].replace("_", " "),
        "figure": figure,
        "rest": row["statement"].removeprefix(figure).strip(),
        "noticed": noticed(row.get("detectable")),
        "own": own,
        "result": next(iter(claim.results), None),
        "percent": claim.percent,
        "evidence": [*claim.results, *claim.evidence],
        "rows": rows,
        "cite": next((key for id in rows if (key := cited(id, bibliography))), None),
    }


def publication(citation, published, own):
    """The publication that a study's own figures are from, as the citation file describes it.

    Returns
    -------
    dict or None
        `title`, `authors`, `source`, `cite`, and its `kind` in a word; None where the study is not
        about a publication.
    """
    if own is None:
        return None
    source = published[own["rows"][0]].source
    for entry in read_yaml(citation).get("references", []):
        if entry["title"] in source:
            names = [author["family-names"] for author in entry["authors"]]
            joined = " & ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
            found = {"title": entry["title"], "authors": joined, "source": source, "cite": own["cite"]}
            return found | {"kind": entry.get("medium", "publication")}
    return None


def others(instrument, published, claims, bibliography):
    """The first figure of each other study, where the plan compares the headline with one."""
    compared = [q.published for q in instrument.plan if q.method == "published"]
    if not compared:
        return []
    mine = {id for claim in claims if claim["own"] for id in claim["rows"]}
    stated = [claim["rows"] for claim in claims]
    related = of_named_studies({id: x.study for id, x in published.items()}, stated, instrument.plan)
    shown = [id for id in related if id not in mine]
    rows = [published[id] for id in shown if published[id].confidence != "uncertain"]
    firsts = {}
    for row in sorted(rows, key=lambda row: row.id not in compared):
        firsts.setdefault(row.study, row)
    return [
        {
            "label": row.wording,
            "study": " ".join(part for part in (row.study.partition(", ")[0], row.year) if part),
            "n": stated_n(row.n),
            "asked": ASKED[row.asked],
            "percent": float(row.percent),
            "said": f"{row.percent}%",
            "low": None,
            "high": None,
            "strong": True,
            "cite": cited(row.id, bibliography),
        }
        for row in firsts.values()
    ]


def subject_of(citation, claims, published):
    """The entry of the citation file whose figures a study's own claims are of; None if there is none.

    Parameters
    ----------
    citation : dict
        What ``CITATION.cff`` holds.
    claims : list of Claim
    published : dict of str to Published
    """
    named = [claim.published for claim in claims if claim.result and isinstance(claim.published, str)]
    sources = " ".join(published[id].source for id in named if id in published)
    return next((one for one in citation.get("references", []) if one["title"] in sources), None)


def leaning(claims, key):
    """How many pieces of evidence of the claims are results of this item."""
    return sum(id.startswith(f"{key}.") for claim in claims for id in claim["evidence"])


def bibliography_keys(path):
    """Keys of the entries of a BibTeX file."""
    return re.findall(r"^@\w+\{([^,\s]+),", read_text(path), flags=re.M)


def cited(id, keys):
    """The key that an id starts with, or None."""
    return next((key for key in keys if id == key or id.startswith(f"{key}_")), None)
