"""The home page: what was published, the model, what was computed, and the ways on from here."""

import re
from collections import Counter

from docutils.nodes import make_id

from compendium.audit.claims import STATUSES, failures
from compendium.publishing.site.pages import page
from compendium.results import ResultId, mark, withheld
from compendium.wording import interval, number

OWN = "## Your own survey\n"  # the section of the README that is a page of the site
PICTURE = re.compile(r"!\[(?P<said>[^]]+)\]\(report/site/static/(?P<file>[^)]+)\)")
FILE = re.compile(r"\[(?P<said>[^]]+)\]\((?!https?:|#)(?P<path>[^)]+)\)")  # a link into the repository


def home_page(instrument, results, audit, claims, links, notebooks, named, figures, ways):
    """The first page.

    Parameters
    ----------
    instrument : Instrument
    results : dict of str to dict
        As from `results.read_results`.
    audit : list of dict
        As from `claims.audit`.
    claims : list of Claim
    links : dict of str to str
        Address of the cell that computed a result, by its id.
    notebooks, named : dict of str to str
        Title by file name, in reading order, of the notebooks and of the other pages.
    figures : list of dict
        As from `pictures.shown_figures`.
    ways : dict
        Where a notebook leads to: `exercises` and `tables`, each title by address.
    """
    stages = {
        layout: words
        for words in figures
        for layout in ("wide", "column")
        if words["file"] == f"4_model_{layout}.svg"
    }
    synthetic = instrument.provenance == "synthetic"
    computed = "what-the-chapters-compute" if synthetic else "what-the-answers-say"
    jumps = {
        **({"#the-five-stages-a-reconstruction": "The five stages"} if stages else {}),
        **dict.fromkeys(ways["tables"], "Table 1"),
        f"#{computed}": "What is synthetic" if synthetic else "What the answers say",
        "#poster-handout-and-report": "Poster",
        "explorer.html": "Explore",
    }
    return page(
        "home",
        instrument=instrument,
        jumps=jumps,
        kind=instrument.provenance,
        finding=finding(instrument, claims),
        numbers=headlines(instrument, results, audit, claims, links),
        notebooks=notebooks,
        named=named,
        stages=stages,
        shown=lead(instrument, figures),
        ways=ways,
    )


def finding(instrument, claims):
    """What the authors of a study with synthetic answers published: figures, and findings in words.

    Returns
    -------
    dict or None
        `figures`, each with the number and what it says; `words`; `source`. A study with collected
        answers is its own source.
    """
    own = [claim for claim in claims if claim.result or claim.qualitative]
    if instrument.provenance != "synthetic" or not own:
        return None
    figures = []
    for claim in own:
        if claim.result and (claim.percent or claim.count is not None):
            first = f"{claim.percent}%" if claim.percent else number(claim.count)
            figures.append((first, claim.statement.removeprefix(first).strip(), claim.id))
    words = [(claim.statement, claim.id) for claim in own if claim.qualitative]
    return {"figures": figures, "words": words, "source": own[0].source}


def headlines(instrument, results, audit, claims, links):
    """The numbers that were computed: respondents, each planned share, and how the audit went.

    Returns
    -------
    list of dict
        `shown`, the number; `what` it counts; `how` it came about; `where`, an address or None. Plain
        text. Where the answers were made to match a published percent, that is said.
    """
    who, found = instrument.words.respondents, []
    if results.get("sample.n", {}).get("value") is not None:
        received = results.get("sample.received", {}).get("value")
        found.append({"shown": number(results["sample.n"]["value"]), "what": f"{who} analysed",
                      "how": f"Of {number(received)} rows received." if received else "",
                      "where": links.get("sample.n")})  # fmt: skip
    matched = {row["id"] for row in audit if row["status"] == "by_construction"}
    stated = {claim.results[0]: claim for claim in claims if claim.percent and claim.id in matched}
    for id, (what, asked) in planned_shares(instrument).items():
        shown, how = _share(results.get(id), stated.get(id), who)
        found.append({"shown": shown, "what": what, "how": f"{asked} {how}".strip(),
                      "where": links.get(id)})  # fmt: skip
    if audit:
        tally = Counter(row["status"] for row in audit)
        how = ", ".join(f"{tally[name]} {name.replace('_', ' ')}" for name in STATUSES if tally[name])
        failed = number(len(failures(audit))) if failures(audit) else "none"
        found.append({"shown": number(len(audit)), "how": f"{how}.", "where": "audit.html",
                      "what": f"published statements audited, {failed} of them failed"})  # fmt: skip
    return found


def _share(result, stated, who):
    """A share as it is shown, and how it came about; `stated` is the claim it was made to match.

    `result` is None where no notebook recorded one; it may lack count, base, interval and value.
    """
    if result is None:
        return "–", "Not computed."
    if result.get("value") is None:
        if withheld(result):
            return "Withheld", "Too few answers to be shown."
        why = mark(result)
        return "–", f"{why[:1].upper()}{why[1:]}."
    counts = spread = ""
    if result.get("count") is not None and result.get("base") is not None:
        counts = f"{number(result['count'])} of {number(result['base'])} {who}"
    if result.get("low") is not None:
        spread = f"interval {interval(result['low'], result['high'])} ({result.get('method', '')})"
    how = "; ".join(part for part in (counts, spread) if part)
    matched = f" Made to match the published {stated.percent}%." if stated else ""
    return f"{number(float(result['value']))}%", (how and f"{how}.") + matched


def planned_shares(instrument):
    """What the plan's questions for a share lead to: by result id, what is counted and the question."""
    found = {}
    for question in instrument.plan:
        if question.method == "share":
            item = instrument.item(question.item)
            of = question.of if isinstance(question.of, str) else question.of[0]
            found[str(ResultId(item.key, of))] = item.label_of(of), question.question
    return found


def lead(instrument, figures):
    """The first figure that draws the question of which the plan asks a share first, or None."""
    for id in map(ResultId.read, planned_shares(instrument)):
        for words in figures:
            drawn = map(ResultId.read, words["results"])
            if any((one.key, one.by) == (id.key, None) for one in drawn):
                return words
    return None


def ways_on(notebooks, tables):
    """Where the notebooks lead to: their exercises, and the tables by group, as titles by address.

    Parameters
    ----------
    notebooks : dict of str to dict
        As from `notebooks.read_notebooks`.
    tables : list of str
        Titles of the tables by group that chapter 4 shows, in their order.
    """
    exercises, shown = {}, {}
    for name, notebook in notebooks.items():
        for cell in notebook["cells"]:
            heading, _, _ = cell["source"].partition("\n")
            if cell["cell_type"] == "markdown" and re.match(r"#+ Exercise \d", heading):
                said = heading.lstrip("# ")
                exercises[f"{name}.html#{make_id(said)}"] = said.removeprefix("Exercise ").replace(
                    ":", "", 1
                )
            if cell["cell_type"] == "code" and "tables1()" in cell["source"] and tables:
                shown[f"{name}.html#cell-{cell['id']}"] = " ".join(tables)
    return {"exercises": exercises, "tables": shown}


def own_survey(readme):
    """The page on a survey of one's own: the README's section on it."""
    told = readme.partition(OWN)[2].partition("\n## ")[0]
    told = PICTURE.sub(r'<img src="_static/\g<file>" alt="\g<said>">', told)
    told = FILE.sub(r"\g<said>: `\g<path>`", told)  # the site has no such page
    return f"# Your own survey\n{told}".replace("\n### ", "\n## ")
