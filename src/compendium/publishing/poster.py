"""Gathers what poster, handout and report show of a study, ready for Typst.

Everything is driven by the plan, the claims and what the notebooks wrote. What a study lacks is None
or an empty list, and its place on the page goes to the rest.
"""

from collections import Counter
from pathlib import Path

import segno

from compendium.audit.provenance import colophon
from compendium.audit.published import read_published
from compendium.coding.codebook import read_codebook
from compendium.files import read_json
from compendium.multiverse.choices import left, turned
from compendium.publishing.methods import methods_used
from compendium.publishing.notebooks import answers
from compendium.publishing.pictures import joint_rows, printed_figures
from compendium.publishing.statements import (
    bibliography_keys,
    leaning,
    others,
    publication,
    read_claims,
)
from compendium.results import ResultId, mark, read_results
from compendium.survey.freeze import standing
from compendium.survey.instrument import read_instrument
from compendium.survey.plan import outcomes
from compendium.wording import KINDS, banner, interval, number, short, why_not_shown

TABLE = "4_table1_{question}_{by}{of}.json"  # as notebook 4 writes them
DEFAULT = "microcredentials"  # the study that make runs when none is named


def poster_content(folder, out, pictures, citation, bibliography):
    """Gather everything that the pages show of a study.

    Parameters
    ----------
    folder : str or pathlib.Path
        The study, ``data/<study>``; ``published.csv`` lies beside it.
    out : str or pathlib.Path
        What its notebooks wrote, ``build/<study>``.
    pictures : str or pathlib.Path
        Its figures.
    citation : str or pathlib.Path
        ``CITATION.cff``.
    bibliography : str or pathlib.Path
        BibTeX file. A published figure is cited by the entry whose key its id starts with.

    Returns
    -------
    dict
        Plain values for JSON: every number already worded as it is shown, beside the percents that
        bars are drawn from.

    Raises
    ------
    ValueError
        When a file is missing or malformed.
    """
    folder, out, pictures = Path(folder), Path(out), Path(pictures)
    instrument, results = read_instrument(folder / "survey.yml"), read_results(out / "results")
    published, keys = read_published(folder.parent / "published.csv"), bibliography_keys(bibliography)
    claims = read_claims(folder, out, keys)
    themes = read_codebook(folder / "codebook.yml").themes if (folder / "codebook.yml").exists() else []
    own = next((c for c in claims if c["own"] and c["rows"]), None)
    first = headline(instrument, results)
    synthetic = instrument.provenance == "synthetic"
    drawn, raised = printed_figures(pictures, results), prevalence(results, themes)
    pairs = any((out / "tables" / f"2_{q.id}_pairs.csv").exists() for q in instrument.plan.of("grid"))
    used = methods_used(instrument, results, claims, [words["file"] for words in drawn], pairs)
    return {
        "study": folder.name,
        "title": instrument.title,
        "about": instrument.about,
        "licences": licences(instrument),
        "words": instrument.words.model_dump(),
        "synthetic": synthetic,
        "mark": banner(instrument),
        "reconstruction": instrument.reconstruction,
        "publication": publication(citation, published, own),
        "method": method(instrument, results, themes, used) + otherwise(instrument, out),
        "methods": used,
        "headline": first,
        "hero": hero(first, claims),
        "findings": findings(instrument, results) if own is None else [],
        "contact": contact(instrument),
        "kinds": KINDS,
        "audited": audited(claims),
        "claims": claims,
        "others": others(instrument, published, claims, keys),
        "tables": tables(instrument, out / "tables", claims),
        "themes": raised,
        "quotations": quotations(out / "tables", raised),
        "joint": joint_rows(out / "tables")[:8],  # in small
        "contrast": contrast(instrument, results),
        "further": further(instrument, results, claims),
        "distributions": [] if instrument.plan or themes else distributions(instrument, results),
        "figures": drawn,
        "answers": answers(out),
        "plan": standing(instrument, folder).lines() if instrument.plan else [],
        "minimum": instrument.minimum,
        "colophon": colophon(out),
        "command": "make all" if folder.name == DEFAULT else f"make all STUDY={folder.name}",
    }


def shares(results, ids, strong=()):
    """Shares as rows of bars.

    Of labels and ids; an id that no notebook recorded is passed over, those in `strong` stand out.
    Each row has `label`, `percent`, `low`, `high` (None where there is none to show), `said`, the share
    in words or the reason why there is none, `base` and `strong`.

    Examples
    --------
    >>> result = {"value": None, "note": "few", "withheld": "<5"}
    >>> shares({"a.b": result}, [("Yes", "a.b"), ("No", "a.c")])[0]["said"]
    'withheld (<5)'
    """
    rows = []
    for label, id in ids:
        if id not in results:
            continue
        result = results[id]
        value, why = result.get("value"), mark(result)
        rows.append(
            {
                "label": label,
                "percent": value,
                "low": result.get("low"),
                "high": result.get("high"),
                "said": why_not_shown(why) if value is None else f"{number(float(value), 0)}%",
                "base": result.get("base"),
                "strong": id in strong,
            }
        )
    return rows


def share_ids(item, outcomes):
    """Labels and ids of the shares of options or groups of an item."""
    return [(item.label_of(of), str(ResultId(item.key, of))) for of in outcomes]


def option_ids(item):
    """Labels and ids of the distribution of an item."""
    return share_ids(item, [option.id for option in item.choices])


def leading(grid):
    """The answer that stands for a grid: its first group, or else its highest point."""
    return (grid.groups or grid.choices[-1:])[0].id


def statement_ids(grid):
    """Labels and ids of the share of the leading answer, statement by statement."""
    of = leading(grid)
    return [(s.label, str(ResultId(f"{grid.key}.{s.id}", of))) for s in grid.statements]


def panel(title, asked, rows):
    """Rows of bars with their heading; None where there is no row."""
    bases = sorted({row["base"] for row in rows if row["base"] is not None})
    span = "" if not bases else number(bases[0])
    span += f" to {number(bases[-1])}" if len(bases) > 1 else ""
    return {"title": title, "asked": asked, "n": span, "rows": rows} if rows else None


def headline(instrument, results):
    """The first share of the plan that can be shown, or else the first: its distribution, and itself.

    Returns
    -------
    dict or None
        A panel, and `result` (id), `big`, `count`, `interval`, `seen`, whether there is a number.
    """
    asked = [question for question in instrument.plan if question.method == "share"]
    found = [shown for q in asked if (shown := planned_share(instrument, results, q))]
    return next((shown for shown in found if shown["seen"]), found[0] if found else None)


def planned_share(instrument, results, question):
    """What `headline` gives, of one question of the plan; None where nothing was recorded."""
    item = instrument.item(question.item)
    of = outcomes(item, question)[0]
    ((label, id),) = share_ids(item, [of])
    members = [id for _, id in share_ids(item, item.members(of))]
    shown = panel(question.question, item.question, shares(results, option_ids(item), members))
    if shown is None or id not in results:
        return None
    (row,) = shares(results, [(label, id)])
    seen = row["percent"] is not None
    counted = seen and results[id].get("count") is not None
    bounded = seen and row["low"] is not None
    return shown | {
        "result": id,
        "label": label,
        "who": instrument.words.respondents,
        "percent": row["percent"],
        "big": row["said"],
        "seen": seen,
        "exact": f"{number(float(row['percent']))}%" if seen else row["said"],
        "count": f"{number(results[id]['count'])} of {number(row['base'])}" if counted else "",
        "interval": interval(row["low"], row["high"]) if bounded else "",
    }


def hero(first, claims):
    """The finding that heads the poster: what was published, or else the share that was computed.

    Returns
    -------
    dict or None
        `big`, `words`, `below`, `percent` or None, whether it was `published`, and whether it is `seen`
        or withheld.
    """
    if first is None:
        return None
    said = next((c for c in claims if c["result"] == first["result"] and c["percent"]), None)
    if said:
        big = f"{said['percent']}%"
        words = said["statement"].removeprefix(big).strip()
        return {
            "big": big,
            "words": words,
            "below": f"Published: {said['published']}",
            "percent": float(said["percent"]),
            "published": True,
            "seen": True,
        }
    below = [first["count"], first["interval"] and f"interval {first['interval']}"]
    return {
        "big": first["big"],
        "words": f"of {first['who']}: {first['label']}" if first["seen"] else first["label"],
        "below": "; ".join(part for part in below if part),
        "percent": first["percent"],
        "published": False,
        "seen": first["seen"],
    }


def findings(instrument, results, most=3):
    """The planned differences between groups that a test bears out, the widest first."""
    from compendium.figures import planned, shares  # they draw too, and not every poster needs them

    source, found = shares.Source(instrument, results, 0.95), []
    for question in instrument.plan.of("trend", "association"):
        for by, _, ids in planned.comparisons(source, question):
            told = planned.told(source, question, by, ids, planned.by_row(source, ids))
            found += [told] if told and told.clear else []
    return [told.said for told in sorted(found, key=lambda told: -told.gap)[:most]]


def contact(instrument):
    """Whom to ask, as survey.yml says, and a code to scan where an address of the web is given."""
    code, address = "", instrument.address
    if address.startswith(("https://", "http://")):
        code = segno.make(address, error="m").svg_inline(border=1, dark="#1f2933")
    said = {"affiliation": instrument.affiliation, "contact": instrument.contact}
    return said | {"address": address, "code": code}


def audited(claims):
    """How many published statements have which status, in a sentence; empty where there is none."""
    tally = Counter(claim["status"] for claim in claims)
    counted = ", ".join(f"{count} {status}" for status, count in tally.items())
    return f"{len(claims)} published statements audited: {counted}." if claims else ""


def tables(instrument, folder, claims):
    """Table 1, one for each planned comparison on a grid; first the one that most claims lean on.

    Otherwise in the order of the plan. Files of questions that are no longer in it are passed over.

    Returns
    -------
    list of dict
        `title`, `base`, `notes`, `groups` and `rows`: `statement`, `cells` (for each group
        `percent`, `interval`, `n`), `effect`, `p`.
    """
    found = []
    for question in (q for q in instrument.plan if q.method == "trend"):
        item = instrument.item(question.item)
        asked = outcomes(item, question) if item.type == "grid" else []
        for by in question.by:
            for of in asked:
                end = f"_{of}" if len(asked) > 1 else ""
                path = folder / TABLE.format(question=question.id, by=by, of=end)
                if path.exists():
                    weight = leaning(claims, item.key)
                    found.append((-weight, len(found), parsed_table(read_json(path))))
    return [table for *_, table in sorted(found, key=lambda entry: entry[:2])]


def parsed_table(table):
    """A table by group, as notebook 4 writes it: its rows with the cells of each group together."""
    rows = []
    for values in table["rows"]:
        cells, rest = {group: {} for group in table["groups"]}, {}
        for column, value in zip(table["columns"], values, strict=True):
            (cells[column["group"]] if column["group"] else rest)[column["what"]] = value
        rows.append(rest | {"cells": list(cells.values())})
    return {key: table[key] for key in ("title", "base", "notes", "groups")} | {"rows": rows}


def prevalence(results, themes):
    """Themes, the most raised on top; None where nothing was coded."""
    ids = [(theme.name, f"themes.{theme.id}.respondents") for theme in themes]
    rows = shares(results, ids)
    rows.sort(key=lambda row: -1 if row["percent"] is None else row["percent"], reverse=True)
    return panel("What they write about", "Open answers, coded by theme", rows)


def quotations(folder, themes, most=3):
    """The shortest masked quotation for each of the themes that are raised most."""
    path = Path(folder) / "3_quotations.json"
    if themes is None or not path.exists():
        return []
    chosen, rows = [], read_json(path)
    for theme in themes["rows"]:
        said = [row["quotation"] for row in rows if row["theme"] == theme["label"]]
        chosen += [{"theme": theme["label"], "words": min(said, key=len)}] if said else []
    return chosen[:most]


def contrast(instrument, results):
    """The first planned contrast: the groups of options that it compares."""
    question = next((q for q in instrument.plan if q.method == "contrast"), None)
    if question is None:
        return None
    item = instrument.item(question.item)
    ids = share_ids(item, outcomes(item, question))
    return panel(question.question, item.question, shares(results, ids, [id for _, id in ids]))


def further(instrument, results, claims):
    """The planned question that claims lean on most after the headline, and what it opens.

    Returns
    -------
    list of dict
        Panels: the question, then the choices asked only of those who gave certain answers to it.
    """
    first = next((q.item for q in instrument.plan if q.method == "share"), None)
    asked = [q.item for q in instrument.plan if q.method == "association" and q.item != first]
    if not asked:
        return []
    id = max(reversed(asked), key=lambda id: leaning(claims, instrument.item(id).key))
    opened = [x for x in instrument.items if x.asked_if and x.asked_if.item == id and x.options]
    found = []
    for item in [instrument.item(id), *opened]:
        section = next(s.title for s in instrument.sections if s.id == item.section)
        rows = shares(results, option_ids(item))
        if item.type == "multi":
            rows.sort(key=lambda row: -1 if row["percent"] is None else row["percent"], reverse=True)
        found.append(panel(section, item.question, rows))
    return [shown for shown in found if shown]


def method(instrument, results, themes, used):
    """How it was done, in a few lines.

    Returns
    -------
    list of dict
        `word`, `sentence`, and whether its numbers are `made`, of a synthetic file.
    """
    made, people = instrument.provenance == "synthetic", instrument.words.respondents
    lines = []
    if instrument.reporting.get("population"):
        asked = "The study asked" if made else "Asked"
        lines.append({"word": asked, "sentence": instrument.reporting["population"], "made": False})
    n, received = (results.get(f"sample.{id}", {}).get("value") for id in ("n", "received"))
    least = instrument.minimum
    counted = f"{number(n)} {people}" + (f" of {number(received)} rows" if received != n else "")
    done = ["shares with Wilson's intervals"] * bool({"wilson", "finite"} & {*used})
    done += ["tests adjusted by Holm's method within their family"] * ("holm" in used)
    done += [f"counts below {least} withheld"] * (least > 1)
    how = "; ".join(done)
    how = f"{how[0].upper()}{how[1:]}." if how else ""
    start = "In the synthetic file: " if made else ""
    sentence = f"{start}{counted}. {how}".strip()
    lines.append({"word": "Counted", "sentence": sentence, "made": made})
    read = results.get("themes.answers", {}).get("value")
    if themes and read:
        codes = sum(len(theme.codes) for theme in themes)
        answers = f"{number(read)} {'invented ' if made else ''}open answers"
        said = f"{start}{answers}, with {codes} codes in {len(themes)} themes."
        lines.append({"word": "Read", "sentence": said, "made": made})
    return lines


def otherwise(instrument, out):
    """A line on what reasonable decisions turn most, as lines of `method`; none where nothing does."""
    if instrument.multiverse is None:
        return []
    made = instrument.provenance == "synthetic"
    said, start = turned(instrument.plan, left([out])), "In the synthetic file" if made else "Here"
    sentence = f"{start} one conclusion depends most on decisions of the analysis: {said}."
    return [{"word": "Varied", "sentence": sentence, "made": made}] if said else []


def licences(instrument):
    """Under which licences data, code and text may be used; of the data only where one is stated."""
    stated = f"Data: {instrument.licence.rstrip('.')}. " if instrument.licensed else ""
    return f"{stated}Code: MIT. Text and figures: CC BY 4.0."


def distributions(instrument, results, questions=12, options=8):
    """The answers to the closed questions, for a study that has planned nothing yet.

    Of a grid, how many agree with each statement: the share of its first group, or its highest point.

    Returns
    -------
    list of dict
        Panels in the order of the questionnaire, the respondents' background last; a question of
        which nothing can be shown is left out. Of many options those chosen most are shown; a scale is
        shown whole.
    """
    background = {item.id for item in instrument.background()}
    asked = [item for item in instrument.substantive() if item.choices]
    found = []
    for item in sorted(asked, key=lambda item: item.id in background):
        grid = item.type == "grid"
        rows = shares(results, statement_ids(item) if grid else option_ids(item))
        many = len(rows) > options and (grid or not item.points)
        if item.type == "multi" or many or grid:
            rows.sort(key=lambda row: -1 if row["percent"] is None else row["percent"], reverse=True)
        most = f"The {options} chosen most, of {len(rows)}." if many else None
        if grid:
            told = f" The {options} with the most, of {len(rows)}." if many else ""
            most = f"Percent “{item.label_of(leading(item))}”.{told}"
        if any(row["percent"] is not None for row in rows):
            told = [row | {"label": short(row["label"], 90)} for row in rows]
            found.append(panel(short(item.question, 180), most, told[:options] if many else told))
    return found[:questions]
