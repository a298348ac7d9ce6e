"""A manuscript checked against the results of its study: a page, a table, and a draft of claims."""

import re
from collections import Counter
from pathlib import Path

import jinja2
import pandas as pd

from compendium.audit.claims import load_claims
from compendium.audit.manuscript.binding import STATUSES, bind, sentence
from compendium.audit.manuscript.catalogue import catalogue, numbered, weights
from compendium.audit.manuscript.reading import read_manuscript
from compendium.audit.published import named, read_published
from compendium.captions import read_captions
from compendium.coding.codebook import read_codebook
from compendium.files import read_json, replace, write_table
from compendium.models import read_yaml, write_yaml
from compendium.multiverse.summary import LEVEL
from compendium.multiverse.told import LEAST
from compendium.publishing.notebooks import addresses, read_notebooks
from compendium.results import read_results
from compendium.survey.instrument import read_instrument
from compendium.wording import interval, number, p_value

WORST = ("wrong", "impossible", "unbound")  # what the screen lists, in this order
LISTED = 12


def check_manuscript(study, draft, data="data", out="build", figures="figures"):
    """Bind every number of a manuscript to a result, a claim or a citation, or say that it is unbound.

    Written are ``<out>/<study>/manuscript/<name>.html``, the sentences with each number coloured and
    linked to the cell that computed it; ``.csv``, a row a number; and ``.claims.yml``, what could be
    claims, for a person to confirm.

    Parameters
    ----------
    study : str
    draft : str or pathlib.Path
        As for `reading.read_manuscript`. It is only read.
    data, out, figures : str or pathlib.Path

    Yields
    ------
    str
        What was found, in lines.

    Raises
    ------
    ValueError
        When the draft cannot be read, or the study has no results yet.
    """
    draft, built, folder = Path(draft), Path(out, study), Path(data, study)
    if not (built / "results").is_dir():
        raise ValueError(f"{built}/results: there are no results; run make all STUDY={study} first.")
    blocks, results = read_manuscript(draft), read_results(built / "results")
    entries = known(folder, built, Path(figures, study), results)
    instrument = read_instrument(folder / "survey.yml")
    found = bind(blocks, entries, weights(entries), numbered(instrument))
    links = addresses(results, read_notebooks(built / "notebooks"))
    name = re.sub(r"[^A-Za-z0-9_-]+", "_", draft.stem).strip("_") or "manuscript"
    target = built / "manuscript"
    target.mkdir(parents=True, exist_ok=True)
    replace(target / f"{name}.html", _page(draft.name, instrument, blocks, found, links).encode())
    write_table(target / f"{name}.csv", _table(blocks, found))
    write_yaml(target / f"{name}.claims.yml", _claims(blocks, found, results))
    tally = Counter(one.status for one in found)
    yield f"{draft}: {len(found)} numbers: " + ", ".join(
        f"{tally[s]} {s}" for s in STATUSES if tally[s]
    )
    listed = sorted(
        (one for one in found if one.status in WORST), key=lambda one: WORST.index(one.status)
    )
    for one in listed[:LISTED]:
        yield f"  {one.status:10} {one.printed}   {blocks[one.at].place}   {one.why}".rstrip()
    if len(listed) > LISTED:
        yield f"  … and {len(listed) - LISTED} more"
    yield f"  See {target / name}.html; confirm {target / name}.claims.yml before you use it."


def known(folder, built, figures, results):
    """All that a number of a manuscript about a study can be, as `catalogue.Entry`."""
    instrument = read_instrument(folder / "survey.yml")
    codebook = read_codebook(folder / "codebook.yml") if (folder / "codebook.yml").exists() else None
    beside = folder.parent / "published.csv"
    claims = load_claims(folder / "claims.yml", beside) if (folder / "claims.yml").exists() else []
    audited = built / "results" / "claims.json"
    rows = read_json(audited) if audited.exists() else []
    published = read_published(beside) if beside.exists() else {}
    facts = [*_facts(instrument, codebook, results, figures, built), *_of_claims(rows)]
    shown = named(published, claims, instrument.plan).values()
    facts.append(("published.studies", "studies published", len({row.study for row in shown})))
    return catalogue(instrument, results, codebook, claims, published, _said(folder), facts)


def _said(folder):
    """Other words for results: those of the model of stages."""
    found = {}
    model = read_yaml(folder / "model.yml") if (folder / "model.yml").exists() else {}
    for stage in model.get("stages", ()):
        for piece in stage.get("evidence", ()):
            found.setdefault(piece["result"], []).append(f"{stage['name']}: {piece['says']}")
    return found


def _facts(instrument, codebook, results, figures, built):
    """Numbers that a report tells beside the results: of what there are how many."""
    if "sample.n" in results:
        n = results["sample.n"]["value"]
        yield from [("sample.n", word, n) for word in (instrument.words.respondents, "respondents")]
    if codebook:
        yield "codebook.codes", "codes", len(codebook.codes)
        yield "codebook.themes", "themes", len(codebook.themes)
    if "themes.answers" in results:
        yield "themes.answers", "open answers", results["themes.answers"]["value"]
    if "themes.disagreements" in results:
        yield "themes.disagreements", "differences settled", results["themes.disagreements"]["value"]
    if "sample.checklists.not_reported" in results:
        yield "sample.checklists", "checklist topics", results["sample.checklists.not_reported"]["base"]
    p = [r["value"] for r in results.values() if r.get("test") and r["unit"] == "p"]
    yield "plan.tests", "planned tests", len(p)
    yield (
        "plan.tests.below",
        "tests stay below",
        sum(1 for value in p if value is not None and value < 0.05),
    )
    yield "plan.questions", "planned questions", len(instrument.plan)
    yield from _of_universes(instrument, results)
    fits = Counter(
        r.get("note") for id, r in results.items() if id.startswith("integration.") and r.get("note")
    )
    yield "integration.topics", "topics", len(instrument.integration or ())
    yield from [(f"integration.{fit}", f"{fit}", count) for fit, count in fits.items()]
    yield "figures", "figures", len(list(figures.glob("4_*.svg")))
    yield "tables", "tables by group", len(list((built / "tables").glob("4_table1_*.json")))
    drawn = read_captions(figures).items()
    ids = {
        id
        for file, one in drawn
        if file.startswith("4_") and "model" not in file
        for id in one["results"]
    }
    yield "results", "results", len(ids & set(results))  # the model of stages shows no share


def _of_universes(instrument, results):
    """In how many universes all was asked, and how many questions have how many conclusions."""

    def found(name):
        ids = [f"multiverse.{question.id}.{name}" for question in instrument.plan]
        return [results[id] for id in ids if id in results]

    robust = [one["value"] == one["base"] for one in found("robust")]
    there = [one["value"] <= LEVEL for one in found("median.p")]
    asked = sum(one["value"] for one in found("universes"))
    if not asked:
        return
    yield "multiverse.universes", "planned questions were asked in universes", asked
    yield "multiverse.compared", "questions that compare", len(robust)
    yield "multiverse.firm", "have one conclusion in every universe", sum(robust)
    others = max(0, len(robust) - sum(robust) - LEAST)
    yield "multiverse.loose", "more depend on decisions less", others
    yield "multiverse.there", "all universes find more than shuffled answers in questions", sum(there)


def _of_claims(rows):
    """How many claims have which status, and of each what its check could notice."""
    yield "claims", "published statements", len(rows)
    for status, count in Counter(row["status"] for row in rows).items():
        yield f"claims.{status}", status.replace("_", " "), count
    for row in rows:
        if row.get("detectable") is not None:
            yield row["id"], f"% {row['statement']}", 100 * row["detectable"]
        if isinstance(row["computed"], dict):
            yield row["id"], f"results bear {row['statement']}", len(row["computed"])


def _table(blocks, found):
    columns = ["place", "number", "status", "id", "why", "sentence"]
    rows = [
        (blocks[one.at].place, one.printed, one.status, one.id or "", one.why, blocks[one.at].text)
        for one in found
    ]
    return pd.DataFrame(rows, columns=columns)


def _page(name, instrument, blocks, found, links):
    """The manuscript's text with its numbers marked."""
    by = {}
    for one in found:
        by.setdefault(one.at, []).append(one)
    shown = [
        {"place": block.place, "cell": block.cell, "pieces": _pieces(block.text, by[at], links)}
        for at, block in enumerate(blocks)
        if at in by
    ]
    tally = Counter(one.status for one in found)
    return rendered(
        "manuscript.html.j2",
        name=name, instrument=instrument, blocks=shown, statuses=STATUSES, tally=tally,
    )  # fmt: skip


def rendered(template, **given):
    """A page of its own, which needs no other file; what is given is escaped."""
    loader = jinja2.PackageLoader("compendium.publishing.site")
    made = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    made.filters |= {"number": number, "interval": interval, "p_value": p_value}
    return made.get_template(template).render(**given)


def _pieces(text, found, links):
    """Stretches of a text, with what became of each number."""
    at, pieces = 0, []
    for one in found:
        pieces += [
            (text[at : one.start], None, None),
            (text[one.start : one.end], one, links.get(one.id)),
        ]
        at = one.end
    return [*pieces, (text[at:], None, None)]


def _claims(blocks, found, results):
    """Claims that could be made of the percents that are bound to a result, for a person to confirm."""
    claims = []
    for one in found:
        result = results.get(one.id or "")
        if one.status != "agrees" or not result or "percent" not in one.fields or "count" not in result:
            continue
        text = blocks[one.at].text
        first, last = sentence(text, one)
        others = [two.printed for two in found if two.at == one.at and two is not one]
        claim = {"id": f"draft.n{len(claims) + 1}", "statement": " ".join(text[first:last].split()),
                 "source": "the manuscript", "percent": one.fields["percent"],
                 "base": result["base"]}  # fmt: skip
        claim |= {"count": int(one.fields["count"])} if "count" in one.fields else {}
        claim |= {"result": one.id}
        if "low" in one.fields:
            level = r"(?:\d\d(?:\.\d)?%\s)?(?:confidence\s)?(?:interval|CI)?[:\s]*[\[(]?"
            others.append(re.search(level + re.escape(one.fields["low"]) + ".*", one.printed)[0])
        besides = [other for other in dict.fromkeys(others) if other in claim["statement"]]
        claims.append(claim | ({"besides": besides} if besides else {}))
    return claims
