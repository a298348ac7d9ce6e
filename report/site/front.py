"""Pages that lead into a study and out of it: home, audit, figures, reference, citation."""

import json
import re
from collections import Counter

from helpers.claims import failures
from helpers.pages import facts, link, paragraph, table, text
from helpers.present import evidence, interval, notice, number, plain

STATUSES = {
    "reproduced": "recomputed from collected answers, and equal",
    "by_construction": "equal, but the answers are synthetic and were built to match: no evidence",
    "consistent": "arithmetically possible; there are no answers here to recompute it from",
    "qualitative": "a finding in words; what bears on it is listed, and a reader decides",
    "withheld": "the number exists, disclosure control hides it",
    "not_reproduced": "possible, but the recomputed number differs",
    "inconsistent": "arithmetically impossible as printed",
}


def headlines(instrument, results, audit, links):
    """The numbers that open the site: respondents, each planned share, and how the audit went.

    Parameters
    ----------
    instrument : Instrument
    results : dict of str to dict
        As from `results.read_results`.
    audit : list of dict
        As from `claims.audit`.
    links : dict of str to str
        Address of the cell that computed a result, by its id.

    Returns
    -------
    list of tuple of str
        The number, what it counts, how it came about, and where; plain text.
    """
    who, found = instrument.words.respondents, []
    if "sample.n" in results:
        shown = number(results["sample.n"]["value"])
        received = results.get("sample.received", {}).get("value")
        how = f"Of {number(received)} answers received." if received else ""
        found.append((shown, f"{who} analysed", how, links.get("sample.n")))
    for id, (what, asked) in shares(instrument).items():
        result = results.get(id, {})
        if result.get("value") is None:
            found.append(("Withheld", what, f"{asked} Too few answers to be shown.", links.get(id)))
            continue
        how = f"{asked} {number(result['count'])} of {number(result['base'])} {who}"
        if "low" in result:
            how += f"; interval {interval(result['low'], result['high'])} ({result['method']})"
        found.append((f"{number(result['value'])}%", what, f"{how}.", links.get(id)))
    if audit:
        tally = Counter(row["status"] for row in audit)
        how = ", ".join(f"{tally[name]} {name.replace('_', ' ')}" for name in STATUSES if tally[name])
        failed = number(len(failures(audit))) if failures(audit) else "none"
        what = f"published statements audited, {failed} of them failed"
        found.append((number(len(audit)), what, f"{how}.", "audit.html"))
    return found


def shares(instrument):
    """What the plan's questions for a share lead to: by result id, what is counted and the question."""
    found = {}
    for question in instrument.plan:
        if question.method == "share":
            item = instrument.item(question.item)
            of = question.of if isinstance(question.of, str) else question.of[0]
            found[f"{item.key}.{of}"] = item.label_of(of), question.question
    return found


def lead(instrument, figures):
    """The first figure that draws the question of which the plan asks a share first, or None."""
    for id in shares(instrument):
        for words in figures:
            if id.rpartition(".")[0] in [drawn.rpartition(".")[0] for drawn in words["results"]]:
                return words
    return None


def home_page(instrument, numbers, notebooks, pages, shown=None, papers=()):
    """The first page.

    Parameters
    ----------
    instrument : Instrument
    numbers : list of tuple of str
        As from `headlines`.
    notebooks, pages : dict of str to str
        Title by file name, in reading order; first the notebooks, then the other pages.
    shown : dict, optional
        The words of the figure that leads, as `figures.save` writes them.
    papers : sequence of str
        Names of the PDF files that lie in the folder ``papers``.

    Returns
    -------
    str
        MyST Markdown.
    """
    cards = "\n".join(
        f'<div class="headline"><dt>{text(what)}</dt><dd><strong>{link(shown, where)}</strong>'
        f"{f'<span>{text(how)}</span>' if how else ''}</dd></div>"
        for shown, what, how, where in numbers
    )
    named = {name: short_title(name) for name in notebooks}
    parts = [
        f"# {plain(instrument.title)}",
        paragraph(instrument.about),
        notice(instrument),
        cards and f'<dl class="headlines">\n{cards}\n</dl>',
        figure(shown) if shown else "",
        "## Read the analysis in order",
        "\n".join(f"- [{plain(title)}]({name})" for name, title in notebooks.items()),
        "## Print it" if papers else "",
        "\n".join(f"- {{download}}`{name} <papers/{name}>`" for name in papers),
        "## Look things up",
        "\n".join(f"- [{plain(title)}]({name})" for name, title in pages.items()),
        _contents("Analysis", named),
        _contents("Look up", pages),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def short_title(name):
    """``1_responses.ipynb`` as the notebooks call each other: ``1 · Responses``."""
    order, _, word = name.removesuffix(".ipynb").partition("_")
    return f"{order} · {word.replace('_', ' ').capitalize()}"


def _contents(caption, pages):
    entries = "\n".join(f"{title} <{name}>" for name, title in pages.items())
    return f"```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{entries}\n```"


def figure(words):
    """A figure with its caption and its alternative text, in MyST Markdown.

    `words` is what `figures.save` writes beside a picture, which lies in the folder ``figures``.
    """
    said = f"{words['title']}. {words['base']}. {words['alt']}"
    alt = json.dumps(" ".join(said.split()), ensure_ascii=False)
    caption = f"<span>{plain(words['caption'])}</span>"  # a # at the start would be a heading
    return f"```{{figure}} figures/{words['file']}\n:alt: {alt}\n\n{caption}\n```"


def audit_page(audit, claims, links):
    """The audit of the published statements, with links to the cells that computed what they say.

    Parameters
    ----------
    audit : list of dict
        As from `claims.audit`.
    claims : list of Claim
    links : dict of str to str
        Address of the cell that computed a result, by its id.

    Returns
    -------
    str
        MyST Markdown.
    """
    title = "# Audit of published statements"
    if not audit:
        return f"{title}\n\nNo published statements were entered for this study.\n"
    bound = {claim.id: claim.result for claim in claims}
    rows = []
    for row in audit:
        name = row["status"].replace("_", " ")
        rows.append(
            [
                f'<span id="{row["id"]}">{text(row["statement"])}</span> {_aside(row["source"])}',
                text(row["published"]),
                _computed(row["computed"], bound.get(row["id"]), links),
                f'<span class="status {row["status"]}">{name}</span> {_aside(row["why"])}',
            ]
        )
    used = {row["status"] for row in audit}
    meaning = facts((name.replace("_", " "), STATUSES[name]) for name in STATUSES if name in used)
    headings = ["Statement", "Published", "Computed", "Status, and why"]
    return (
        f"{title}\n\nEach number under *Computed* leads to the cell that computed it.\n\n"
        f"{table(headings, rows, 'published statements and how they fared')}\n\n"
        f"## What the statuses mean\n\n{meaning}\n"
    )


def _aside(said):
    return f'<span class="aside">{text(said)}</span>'


def _computed(computed, result, links):
    """What an audit computed, as links: one number, or several that bear on a finding in words."""
    if not isinstance(computed, dict):
        return link(evidence(computed), links.get(result))
    lines = []
    for id, result in computed.items():
        shown = f"{number(result['value'])} {result['unit']}"
        lines.append(f"{link(shown, links.get(id))} {_aside(id)}")
    return "".join(lines) or "–"


def figures_page(figures, notebooks):
    """All figures with captions, in MyST Markdown.

    Parameters
    ----------
    figures : list of dict
        As from `cells.read_figures`.
    notebooks : collection of str
        The notebooks that are there, without ending.
    """
    parts = ["# Figures", "" if figures else "This study has no figures."]
    versions = {}  # the same picture in colour and in grey: one is shown, both can be had
    for words in figures:
        versions.setdefault((words["alt"], words["pixels"]), []).append(words)
    for words, *others in versions.values():
        name = words["notebook"]
        drawn = f"Drawn in [{short_title(name)}]({name}.ipynb). " if name in notebooks else ""
        files = [version["file"].replace(".svg", ".png") for version in (words, *others)]
        prints = ", ".join(f"{{download}}`{file} <figures/{file}>`" for file in files)
        parts += [f"## {plain(words['title'])}", figure(words), f"{drawn}For print, 300 dpi: {prints}"]
    return "\n\n".join(part for part in parts if part) + "\n"


def reference_pages(modules):
    """The helpers' reference from their docstrings: an overview, and a page a module.

    Parameters
    ----------
    modules : dict of str to str
        First line of the docstring by the module's name.

    Returns
    -------
    dict of str to str
        MyST Markdown by file name.
    """
    said = {name: re.sub("``(.+?)``", r"`\1`", line) for name, line in modules.items()}
    rows = "\n".join(f"- [{name}](helpers.{name}.md): {line}" for name, line in said.items())
    entries = "\n".join(f"helpers.{name}" for name in modules)
    about = "The layer under the notebooks: each function says what goes in and out, and its method."
    found = {
        "reference.md": f"# Helpers' reference\n\n{about}\n\n{rows}\n\n"
        f"```{{toctree}}\n:hidden:\n\n{entries}\n```\n"
    }
    for name in modules:
        auto = f"```{{eval-rst}}\n.. automodule:: helpers.{name}\n```"
        found[f"helpers.{name}.md"] = f"# {name}\n\n{auto}\n"
    return found


def citation_page(citation, licence):
    """How to cite, in MyST Markdown.

    Parameters
    ----------
    citation : dict
        What ``CITATION.cff`` holds.
    licence : str
        Of the study's data and questionnaire.
    """
    itself = _cited(citation) + f" Version {plain(str(citation['version']))}."
    others = "\n".join(f"- {_cited(reference)}" for reference in citation.get("references", []))
    code, words = citation["license"]
    return (
        f"# How to cite\n\n{plain(citation['message'])}\n\n## This compendium\n\n{itself}\n\n"
        f"## What it is about\n\n{others}\n\n## Licences\n\n"
        f"Code: {plain(code)}. Text and figures: {plain(words)}. "
        f"Questionnaire and answers of this study: {plain(licence)}.\n"
    )


def _cited(entry):
    """One reference: authors, year, title, where it appeared, DOI, notes."""
    authors = [author.get("family-names") or author["name"] for author in entry["authors"]]
    named = " & ".join(part for part in (", ".join(authors[:-1]), authors[-1]) if part)
    year = f" ({entry['year']})" if "year" in entry else ""
    said = f"{plain(named)}{year}. *{plain(entry['title'])}*."
    if "journal" in entry:
        said += f" {plain(entry['journal'])} {entry['volume']}({entry['issue']})"
        said += f", {entry['start']}–{entry['end']}."
    if "doi" in entry:
        said += f" [doi {plain(entry['doi'])}](https://doi.org/{entry['doi']})."
    return said + (f" {plain(entry['notes'])}" if "notes" in entry else "")
