"""Pages of the web site, from the templates beside this module.

Headings and sentences are MyST Markdown; tables and lists of facts are HTML, since Markdown cannot say
which cell is a heading. Every text out of a file is escaped unless a template says otherwise: as HTML
by itself, as Markdown through the filter ``plain``.
"""

import ast
import functools
import json
from collections import Counter

import jinja2
import markupsafe

from compendium.audit.claims import STATUSES, failures
from compendium.publishing.notebooks import short_title
from compendium.results import ResultId, mark, withheld
from compendium.wording import COLLECTED, evidence, interval, noticed, number, plain


def page(name, **facts):
    """A page in MyST Markdown.

    Parameters
    ----------
    name : str
        Of the template, without ending.
    **facts
        What the template shows.

    Returns
    -------
    str
    """
    return _templates().get_template(f"{name}.md.j2").render(facts).strip() + "\n"


@functools.cache
def _templates():
    found = jinja2.Environment(
        loader=jinja2.PackageLoader("compendium.publishing.site"),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {
        "plain": lambda text: markupsafe.Markup(plain(str(text))),
        "line": line,
        "quoted": lambda text: markupsafe.Markup(json.dumps(line(text), ensure_ascii=False)),
        "number": number,
        "counted": counted,
        "status": lambda name: name.replace("_", " "),
        "short_title": short_title,
        "spelt": spelt,
        "authors": authors,
    }
    return found


def line(value):
    """Text on one line, since a blank one would end HTML in Markdown; None is a dash."""
    return "–" if value is None else " ".join(str(value).split())


def counted(things, name):
    return f"{number(len(things))} {name}{'' if len(things) == 1 else 's'}"


def spelt(licence):
    """A licence as it is written in text; files for machines write ``CC-BY-4.0``.

    Examples
    --------
    >>> spelt("CC-BY-4.0"), spelt("MIT")
    ('CC BY 4.0', 'MIT')
    """
    return licence.replace("-", " ") if licence.startswith("CC-") else licence


def authors(entry):
    """The authors of an entry of the citation file in a row, the last after *&*."""
    names = [author.get("family-names") or author["name"] for author in entry["authors"]]
    return " & ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


# ---- the home page


def home_page(instrument, results, audit, claims, links, notebooks, named, figures, papers):
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
    papers : sequence of str
        Names of the PDF files that lie in the folder ``papers``.
    """
    return page(
        "home",
        instrument=instrument,
        numbers=headlines(instrument, results, audit, claims, links),
        notebooks=notebooks,
        named=named,
        shown=lead(instrument, figures),
        papers=papers,
        collected=COLLECTED,
    )


def headlines(instrument, results, audit, claims, links):
    """The numbers that open the site: respondents, each planned share, and how the audit went.

    Returns
    -------
    list of dict
        `shown`, the number; `what` it counts; `how` it came about; `where`, an address or None; its
        `kind`. Plain text. Where the answers are synthetic and were made to match a published percent,
        that percent is the number.
    """
    who, found = instrument.words.respondents, []
    synthetic = instrument.provenance == "synthetic"
    kind = "synthetic" if synthetic else "computed"
    if results.get("sample.n", {}).get("value") is not None:
        received = results.get("sample.received", {}).get("value")
        rows = "synthetic rows" if synthetic else "answers received"
        how = f"Of {number(received)} {rows}." if received else ""
        what = f"{'synthetic ' if synthetic else ''}{who} analysed"
        found.append({"shown": number(results["sample.n"]["value"]), "what": what,
                      "how": how, "where": links.get("sample.n"), "kind": kind})  # fmt: skip
    matched = {row["id"] for row in audit if row["status"] == "by_construction"}
    stated = {claim.results[0]: claim for claim in claims if claim.percent and claim.id in matched}
    for id, (what, asked) in planned_shares(instrument).items():
        shown, how, source = _share(results.get(id), stated.get(id) if synthetic else None, who)
        found.append({"shown": shown, "what": what, "how": f"{asked} {how}".strip(),
                      "where": links.get(id), "kind": source or kind})  # fmt: skip
    if audit:
        tally = Counter(row["status"] for row in audit)
        how = ", ".join(f"{tally[name]} {name.replace('_', ' ')}" for name in STATUSES if tally[name])
        failed = number(len(failures(audit))) if failures(audit) else "none"
        found.append({"shown": number(len(audit)), "how": f"{how}.", "where": "audit.html",
                      "what": f"published statements audited, {failed} of them failed",
                      "kind": "audit"})  # fmt: skip
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
    counts = ""
    if result.get("count") is not None and result.get("base") is not None:
        counts = f"{number(result['count'])} of {number(result['base'])}"
    spread = ""
    if result.get("low") is not None:
        spread = f"interval {interval(result['low'], result['high'])} ({result.get('method', '')})"
    if stated:
        here = "; ".join(part for part in (f"{counts} synthetic {who} here", spread) if part)
        how = f"Published by {stated.source}: {stated.printed}. By construction {here}."
        return f"{stated.percent}%", how, "published"
    how = "; ".join(part for part in (counts and f"{counts} {who}", spread) if part)
    return f"{number(float(result['value']))}%", how and f"{how}.", ""


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


# ---- the other pages


def audit_page(audit, claims, links, synthetic=False, plan=()):
    """The audit of the published statements, with links to the cells that computed what they say.

    Parameters
    ----------
    audit, claims, links
        As for `home_page`.
    synthetic : bool
        Whether what was computed is computed from made-up answers.
    plan : sequence of str
        When the plan was frozen and what was changed since, as from `freeze.Standing.lines`.
    """
    bound = {claim.id: next(iter(claim.results), None) for claim in claims}
    rows = []
    for row in audit:
        computed = row["computed"]
        if isinstance(computed, dict):  # several results bear on a finding in words
            lines = [(_value(result), links.get(id), id) for id, result in computed.items()]
        else:
            lines = [(evidence(computed), links.get(bound.get(row["id"])), "")]
        seen = {"noticed": noticed(row.get("detectable")), "exploratory": row.get("exploratory")}
        rows.append(row | seen | {"computed": lines})
    used = {row["status"] for row in audit}
    meanings = {name: meaning for name, meaning in STATUSES.items() if name in used}
    return page("audit", rows=rows, meanings=meanings, synthetic=synthetic, plan=plan)


def _value(result):
    known = result.get("value") is not None
    return f"{number(result['value'])} {result['unit']}" if known else "no number shown"


def figures_page(figures, notebooks):
    """All figures with captions; the same in colour and in grey is shown once, and both can be had.

    Parameters
    ----------
    figures : list of dict
        As from `pictures.shown_figures`.
    notebooks : collection of str
        The notebooks that are there, without ending.
    """
    versions = {}
    for words in figures:
        versions.setdefault(words["file"].removesuffix("_grey.svg").removesuffix(".svg"), []).append(
            words
        )
    return page("figures", versions=list(versions.values()), notebooks=notebooks)


def dictionary_page(instrument):
    """What was asked: every question with its columns, values and conditions, and the plan."""
    sections = []
    for section in instrument.sections:
        items = [_columns(item) for item in instrument.items if item.section == section.id]
        sections += [(section, items)] if items else []
    return page("dictionary", instrument=instrument, questions=instrument.items, sections=sections)


def _columns(item):
    """An item with its own column, those of texts beside options, and its parts with theirs."""
    columns, beside = item.answer_columns(), list(item.text_columns().values())
    parts = {"grid": item.statements, "multi": item.options}.get(item.type)
    own = [] if parts is not None else list(columns.values())
    return item, own, beside, [(part, columns[f"{item.id}.{part.id}"]) for part in parts or []]


def codebook_page(codebook, synthetic=False):
    """Themes and codes: what each means, where it ends and how it looks.

    Parameters
    ----------
    codebook : Codebook
    synthetic : bool
        Whether the study's answers, and with them the examples, were made up.
    """
    return page("codebook", codebook=codebook, synthetic=synthetic)


def citation_page(citation, instrument, about):
    """How to cite.

    Parameters
    ----------
    citation : dict
        What ``CITATION.cff`` holds.
    instrument : Instrument
    about : bool
        Whether the study is about the publications that the citation file lists. Of any other study
        itself is cited.
    """
    return page("citation", citation=citation, instrument=instrument, about=about)


def about_references(citation, claims, published):
    """Whether a study's own figures are those of a publication that the citation file lists."""
    named = [claim.published for claim in claims if claim.result and isinstance(claim.published, str)]
    sources = " ".join(published[id].source for id in named if id in published)
    return any(entry["title"] in sources for entry in citation.get("references", []))


def reference_pages(folder, guide):
    """The language of the notebooks: a guide by examples, and from its docstrings a page a module.

    The source is read and never run, which would import all that the notebooks need.

    Parameters
    ----------
    folder : pathlib.Path
        Of the package.
    guide : str
        MyST Markdown.

    Returns
    -------
    dict of str to str
        MyST Markdown by file name.
    """
    read = {
        f"{folder.name}.{path.stem}": ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("[a-z]*.py"))
    }
    said = {name: (ast.get_docstring(tree) or "").partition("\n")[0] for name, tree in read.items()}
    found = {"reference.md": page("reference", guide=guide, modules=said)}
    for name, tree in read.items():
        about = numpydoc(ast.get_docstring(tree) or "")
        parts = [part for node in tree.body for part in _described(node, name)]
        found[f"{name}.md"] = page("module", module=name, about=about, parts=parts)
    return found


def _described(node, module, within=""):
    """What a page says of a function, or of a class and its public parts."""
    function = isinstance(node, ast.FunctionDef)
    documented = function or isinstance(node, ast.ClassDef)
    if not documented or node.name.startswith("_") or not ast.get_docstring(node):
        return []
    marks = {getattr(mark, "id", "") for mark in node.decorator_list} if function else set()
    kind = "class" if not function else "method" if within else "function"
    signature = f"({ast.unparse(node.args)})" if function else ""
    if within:
        signature = signature.replace("(self, ", "(").replace("(self)", "()")
        if marks & {"property", "cached_property"}:
            kind, signature = "property", ""
    path = f"{within}.{node.name}" if within else node.name
    found = [{"kind": kind, "name": f"{path}{signature}", "module": module,
              "text": numpydoc(ast.get_docstring(node))}]  # fmt: skip
    inner = [] if function else [_described(part, module, path) for part in node.body]
    return found + [part for parts in inner for part in parts]


def numpydoc(docstring):
    """A docstring as reStructuredText."""
    from sphinx.ext.napoleon import Config, NumpyDocstring  # it takes a while, and only this needs it

    return str(NumpyDocstring(docstring, Config(napoleon_use_rtype=False)))
