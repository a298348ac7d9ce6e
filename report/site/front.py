"""Pages that lead into a study and out of it: home, audit, figures, reference, citation."""

import json
import re
from collections import Counter

from compendium.audit.claims import failures
from compendium.publishing.pages import facts, link, paragraph, table, text
from compendium.results import ResultId, mark, withheld
from compendium.wording import COLLECTED, evidence, interval, number, plain

STATUSES = {
    "reproduced": "recomputed from collected answers, and equal",
    "by_construction": "equal, but the answers are synthetic and were built to match: no evidence",
    "consistent": "arithmetically possible; there are no answers here to recompute it from",
    "qualitative": "a finding in words; what bears on it is listed, and a reader decides",
    "withheld": "the number exists, disclosure control hides it",
    "not_reproduced": "possible, but the recomputed number differs",
    "inconsistent": "arithmetically impossible as printed",
}


ORIGINS = (
    "**Synthetic answers.** The respondents' own answers were never published. Each number below says "
    "where it is from: *published* is what the study stated; *synthetic* is computed from answers made "
    "up for this compendium and no finding of the study; *audit* counts statements that were checked."
)


def headlines(instrument, results, audit, claims, links):
    """The numbers that open the site: respondents, each planned share, and how the audit went.

    Parameters
    ----------
    instrument : Instrument
    results : dict of str to dict
        As from `results.read_results`.
    audit : list of dict
        As from `claims.audit`.
    claims : list of Claim
        Of the study.
    links : dict of str to str
        Address of the cell that computed a result, by its id.

    Returns
    -------
    list of tuple of str
        The number, what it counts, how it came about, where, and what kind of number it is; plain
        text. Where the answers are synthetic and were made to match a published percent, that percent
        is the number.
    """
    who, found = instrument.words.respondents, []
    synthetic = instrument.provenance == "synthetic"
    kind = "synthetic" if synthetic else "computed"
    if results.get("sample.n", {}).get("value") is not None:
        shown = number(results["sample.n"]["value"])
        received = results.get("sample.received", {}).get("value")
        how = f"Of {number(received)} {'synthetic rows' if synthetic else 'answers received'}."
        what = f"{'synthetic ' if synthetic else ''}{who} analysed"
        found.append((shown, what, how if received else "", links.get("sample.n"), kind))
    matched = {row["id"] for row in audit if row["status"] == "by_construction"}
    stated = {claim.result: claim for claim in claims if claim.percent and claim.id in matched}
    for id, (what, asked) in shares(instrument).items():
        shown, how, source = _share(results.get(id), stated.get(id) if synthetic else None, who)
        found.append((shown, what, f"{asked} {how}".strip(), links.get(id), source or kind))
    if audit:
        tally = Counter(row["status"] for row in audit)
        how = ", ".join(f"{tally[name]} {name.replace('_', ' ')}" for name in STATUSES if tally[name])
        failed = number(len(failures(audit))) if failures(audit) else "none"
        what = f"published statements audited, {failed} of them failed"
        found.append((number(len(audit)), what, f"{how}.", "audit.html", "audit"))
    return found


def _share(result, stated, who):
    """A share as it is shown, how it came about, and ``published`` where the percent was stated.

    `result` is None where no notebook recorded one; it may lack count, base, interval and value.
    """
    if result is None:
        return "–", "Not computed.", ""
    if result.get("value") is None:
        if withheld(result):
            return "Withheld", "Too few answers to be shown.", ""
        why = mark(result)
        return "–", f"{why[:1].upper()}{why[1:]}.", ""
    counted = ""
    if result.get("count") is not None and result.get("base") is not None:
        counted = f"{number(result['count'])} of {number(result['base'])}"
    spread = ""
    if result.get("low") is not None:
        spread = f"interval {interval(result['low'], result['high'])} ({result.get('method', '')})"
    if stated:
        here = "; ".join(part for part in (f"{counted} synthetic {who} here", spread) if part)
        how = f"Published by {stated.source}: {stated.printed}. By construction {here}."
        return f"{stated.percent}%", how, "published"
    how = "; ".join(part for part in (counted and f"{counted} {who}", spread) if part)
    return f"{number(float(result['value']))}%", how and f"{how}.", ""


def shares(instrument):
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
    for id in map(ResultId.read, shares(instrument)):
        for words in figures:
            drawn = map(ResultId.read, words["results"])
            if any((one.key, one.by) == (id.key, None) for one in drawn):
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
        The words of the figure that leads, as `style.save_figure` writes them.
    papers : sequence of str
        Names of the PDF files that lie in the folder ``papers``.

    Returns
    -------
    str
        MyST Markdown.
    """
    cards = "\n".join(
        f'<div class="headline {kind}"><dt>{text(what)}</dt>'
        f'<dd><em class="origin">{text(kind)}</em><strong>{link(shown, where)}</strong>'
        f"{f'<span>{text(how)}</span>' if how else ''}</dd></div>"
        for shown, what, how, where, kind in numbers
    )
    origin = ORIGINS if instrument.provenance == "synthetic" else COLLECTED
    named = {name: short_title(name) for name in notebooks}
    parts = [
        f"# {plain(instrument.title)}",
        paragraph(instrument.about),
        f"> {origin} {plain(instrument.reconstruction)}".rstrip(),
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

    `words` is what `style.save_figure` writes beside a picture, which lies in the folder ``figures``.
    """
    said = f"{words['title']}. {words['base']}. {words['alt']}"
    alt = json.dumps(" ".join(said.split()), ensure_ascii=False)
    caption = f"<span>{plain(words['caption'])}</span>"  # a # at the start would be a heading
    return f"```{{figure}} figures/{words['file']}\n:alt: {alt}\n\n{caption}\n```"


def audit_page(audit, claims, links, synthetic=False):
    """The audit of the published statements, with links to the cells that computed what they say.

    Parameters
    ----------
    audit : list of dict
        As from `claims.audit`.
    claims : list of Claim
    links : dict of str to str
        Address of the cell that computed a result, by its id.
    synthetic : bool
        Whether what was computed is computed from made-up answers.

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
                f'<span class="status {row["status"]}">{name}</span> {_aside(row["why"])}',
                text(row["published"]),
                _computed(row["computed"], bound.get(row["id"]), links),
            ]
        )
    used = {row["status"] for row in audit}
    meaning = facts((name.replace("_", " "), STATUSES[name]) for name in STATUSES if name in used)
    computed = "Computed from synthetic answers" if synthetic else "Computed"
    headings = ["Statement", "Status, and why", "Published", computed]
    warned = " No number there is a finding of the study." if synthetic else ""
    return (
        f"{title}\n\nEach number under *{computed}* leads to the cell that computed it.{warned}\n\n"
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
        known = result.get("value") is not None
        shown = f"{number(result['value'])} {result['unit']}" if known else "no number shown"
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


def about_references(citation, claims, published):
    """Whether a study's own figures are those of a publication that the citation file lists.

    Parameters
    ----------
    citation : dict
        What ``CITATION.cff`` holds.
    claims : list of Claim
        Of the study.
    published : pandas.DataFrame
        As from `published.load_published`.

    Returns
    -------
    bool
    """
    named = [claim.published for claim in claims if claim.result and isinstance(claim.published, str)]
    sources = " ".join(published.loc[[id for id in named if id in published.index], "source"])
    return any(entry["title"] in sources for entry in citation.get("references", []))


def citation_page(citation, instrument, about):
    """How to cite, in MyST Markdown.

    Parameters
    ----------
    citation : dict
        What ``CITATION.cff`` holds.
    instrument : Instrument
    about : bool
        Whether the study is about the publications that the citation file lists. Of any other study
        itself is cited.
    """
    itself = _cited(citation) + f" Version {plain(str(citation['version']))}."
    others = "\n".join(f"- {_cited(reference)}" for reference in citation.get("references", []))
    message = citation["message"]
    if not about:
        message = "Cite the study for its findings, and this compendium for its methods."
        others = f"- *{plain(instrument.title)}*. {plain(instrument.about)}".rstrip()
    code, words = citation["license"]
    return (
        f"# How to cite\n\n{plain(message)}\n\n## This compendium\n\n{itself}\n\n"
        f"## {'What it is about' if about else 'The study'}\n\n{others}\n\n## Licences\n\n"
        f"Code: {plain(code)}. Text and figures: {plain(spelt(words))}. "
        f"Questionnaire and answers of this study: {plain(spelt(instrument.licence))}.\n"
    )


def spelt(licence):
    """A licence as it is written in text; files for machines write ``CC-BY-4.0``.

    Examples
    --------
    >>> spelt("CC-BY-4.0"), spelt("MIT")
    ('CC BY 4.0', 'MIT')
    """
    return licence.replace("-", " ") if licence.startswith("CC-") else licence


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
