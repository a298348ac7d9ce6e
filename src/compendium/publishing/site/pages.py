"""Pages of the web site, from the templates beside this module.

Headings and sentences are MyST Markdown; tables and lists of facts are HTML, since Markdown cannot say
which cell is a heading. Every text out of a file is escaped unless a template says otherwise: as HTML
by itself, as Markdown through the filter ``plain``.
"""

import functools
import json

import jinja2
import markupsafe

from compendium.audit.claims import STATUSES
from compendium.audit.published import ASKED, stated_n
from compendium.lessons.table import EXERCISES
from compendium.publishing.notebooks import short_title
from compendium.wording import KINDS, evidence, noticed, number, plain

JOINT = "3_joint_display"


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
    found.globals["kinds"] = KINDS
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


# ---- the other pages


def audit_page(audit, claims, links, synthetic=False, plan=(), named=None):
    """The audit of the published statements, with links to the cells that computed what they say.

    Parameters
    ----------
    audit, claims, links
        As for `home_page`.
    synthetic : bool
        Whether what was computed is computed from made-up answers.
    plan : sequence of str
        When the plan was frozen and what was changed since, as from `freeze.Standing.lines`.
    named : dict of str to str, optional
        What the results are of, in words, by id.
    """
    bound = {claim.id: next(iter(claim.results), None) for claim in claims}
    rows = []
    for row in audit:
        computed = row["computed"]
        if isinstance(computed, dict):  # several results bear on a finding in words
            lines = [
                (_value(result), links.get(id), (named or {}).get(id, id))
                for id, result in computed.items()
            ]
        else:
            lines = [(evidence(computed), links.get(bound.get(row["id"])), "")]
        seen = {"noticed": noticed(row.get("detectable")), "exploratory": row.get("exploratory")}
        rows.append(row | seen | {"computed": lines})
    others = {claim.id for claim in claims if not (claim.result or claim.qualitative)}
    sections = [("published", [row for row in rows if row["id"] not in others]),
                ("others", [row for row in rows if row["id"] in others])]  # fmt: skip
    used = {row["status"] for row in audit}
    meanings = {name: meaning for name, meaning in STATUSES.items() if name in used}
    return page(
        "audit", rows=rows, sections=sections, meanings=meanings, synthetic=synthetic, plan=plan
    )


def _value(result):
    known = result.get("value") is not None
    unit = "%" if result["unit"] == "percent" else f" {result['unit']}"
    return f"{number(result['value'])}{unit}" if known else "no number shown"


def published_page(published, own):
    """A map of wordings: what other studies asked, of whom, with which answers.

    Parameters
    ----------
    published : dict of str to Published
    own : collection of str
        Ids of the study's own figures.
    """
    rows = list(published.values())
    found = {key: [row for row in rows if row.asked == key] for key in ASKED}
    sections = [(ASKED[key], shown) for key, shown in found.items() if shown]
    sources = list(dict.fromkeys(row.source for row in rows))
    return page("published", rows=rows, sections=sections, sources=sources, own=own, stated_n=stated_n)


def figures_page(figures, notebooks):
    """All figures with captions; the same in grey or in another layout is one, and all can be had.

    Parameters
    ----------
    figures : list of dict
        As from `pictures.shown_figures`.
    notebooks : collection of str
        The notebooks that are there, without ending.
    """
    versions = {}
    for words in figures:
        name = words["file"].removesuffix(".svg").removesuffix("_grey")
        model = name in ("4_model_wide", "4_model_column")
        layout = f"stages-{name.removeprefix('4_model_')}" if model else ""
        versions.setdefault("4_model" if model else name, []).append(words | {"layout": layout})
    return page("figures", versions=list(versions.values()), notebooks=notebooks)


def teachers_page(titles):
    """The exercises with their aims and times; `titles` of the chapters, in order."""
    chapters = [
        (name, [one for one in EXERCISES.values() if one.id.startswith(f"{place}.")])
        for place, name in enumerate(titles, 1)
    ]
    minutes = sum(one.minutes for one in EXERCISES.values())
    return page("teachers", exercises=EXERCISES, chapters=chapters, minutes=minutes)


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


def codebook_page(codebook, synthetic=False, themes=()):
    """Themes and codes: what each means, where it ends and how it looks.

    Parameters
    ----------
    codebook : Codebook
    synthetic : bool
        Whether the study's answers, and with them the examples, were made up.
    themes : collection of str
        Names of the files of pages of their own, one a theme.
    """
    named = {f"theme_{theme.id}.md": theme.name for theme in codebook.themes}
    return page(
        "codebook",
        codebook=codebook,
        synthetic=synthetic,
        names=codebook.names,
        named={name: plain(title) for name, title in named.items() if name in themes},
    )


def joint_page(rows, figures, instrument):
    """Numbers beside words: the joint display, a topic a section.

    Parameters
    ----------
    rows : list of dict
        As from `pictures.joint_rows`.
    figures : list of dict
        As from `pictures.shown_figures`.
    instrument : Instrument
    """
    return page(
        "joint",
        rows=rows,
        figures=[words for words in figures if words["file"].startswith(JOINT)],
        synthetic=instrument.provenance == "synthetic",
        people=instrument.words.respondents,
    )


def citation_page(citation, instrument, about, colophon):
    """How to cite.

    Parameters
    ----------
    citation : dict
        What ``CITATION.cff`` holds.
    instrument : Instrument
    about : bool
        Whether the study is about the publications that the citation file lists. Of any other study
        itself is cited.
    colophon : dict
        As from `provenance.colophon`.
    """
    return page("citation", citation=citation, instrument=instrument, about=about, colophon=colophon)
