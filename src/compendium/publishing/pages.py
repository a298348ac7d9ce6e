"""Writes pages of the web site from the files of a study: plain functions that return Markdown.

Headings and sentences are MyST Markdown. Tables and lists of facts are HTML, since Markdown cannot
say which cell is a heading; everything in them is escaped, so that no text out of a file or an answer
is ever read as markup.
"""

import html
import json
from pathlib import Path

from compendium.files import read_text
from compendium.wording import number, plain

INVENTED = (
    "**Invented examples.** The examples below, like all answers of this study, were written for this "
    "compendium. No respondent said any of it."
)


# Figures in the order in which they are read: the model, then by notebook who answered, what is
# missing, shares, scales, groups, open answers. What no word of a name says comes last.
READING = (
    "flow", "composition", "missing", "share", "scale", "trend", "by", "contrast", "section", "codes",
    "saturation", "themes", "together", "agreement", "claims", "published",
)  # fmt: skip


def shown_figures(folder, results=None):
    """The words of a study's figures in the order in which they are read.

    Parameters
    ----------
    folder : str or pathlib.Path
        Holds figures as `style.save_figure` writes them, and ``captions.json``, which lists those of
        the study. Where no figure is listed yet there are none.
    results : collection of str, optional
        Ids of the study's results. A figure that shows another one is left over from an earlier plan
        and passed over.

    Returns
    -------
    list of dict

    Raises
    ------
    ValueError
        When ``captions.json`` is not a list of figures; the message names it.

    Examples
    --------
    >>> [words["file"] for words in shown_figures("figures/microcredentials")][:5:4]
    ['4_model_column.svg', '1_flow.svg']
    """
    path = Path(folder) / "captions.json"
    if not path.exists():
        return []
    try:
        listed = json.loads(read_text(path))
        named = {words["file"]: words for words in listed}
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(f"{path}: no list of figures ({error!r}); run make again.") from None
    current = [
        words for words in named.values() if results is None or set(words["results"]) <= set(results)
    ]
    return sorted(current, key=_read_at)


def _read_at(words):
    """Sorts a figure among the others by its name, such as ``4_by_use_by_familiarity_concept.svg``."""
    notebook, _, name = Path(words["file"]).stem.partition("_")
    kind = name.partition("_")[0]
    place = READING.index(kind) if kind in READING else len(READING)
    return (kind != "model", notebook, place, name)


def text(value):
    """Text on one line with every character shown as it is in HTML.

    Parameters
    ----------
    value : object
        Turned into text; None is a dash.

    Returns
    -------
    str

    Examples
    --------
    >>> text('5 < 6 & "so on"')
    '5 &lt; 6 &amp; &quot;so on&quot;'
    """
    return "–" if value is None else html.escape(" ".join(str(value).split()))


def link(shown, target):
    """A link, or the text alone where there is no target; `shown` is escaped here.

    Parameters
    ----------
    shown : str
    target : str or None
        Address relative to the page.

    Returns
    -------
    str
        HTML.

    Examples
    --------
    >>> link("12 of 92", "2_familiarity.html#cell-2-06")
    '<a href="2_familiarity.html#cell-2-06">12 of 92</a>'
    """
    return f'<a href="{html.escape(target)}">{text(shown)}</a>' if target else text(shown)


def table(headings, rows, label):
    """A table that a screen reader can follow and that scrolls in a box of its own.

    Parameters
    ----------
    headings : sequence of str
        HTML.
    rows : iterable of sequence of str
        HTML; the first cell of each row is its heading.
    label : str
        Plain text: what the table shows.

    Returns
    -------
    str
        HTML without blank lines, which would end it in Markdown.

    Examples
    --------
    >>> print(table(["Code", "Times"], [["cost", "7"]], "How often"))
    <div class="scroll" role="group" tabindex="0" aria-label="Table: How often"><table>
    <thead><tr><th scope="col">Code</th><th scope="col">Times</th></tr></thead>
    <tbody>
    <tr><th scope="row">cost</th><td>7</td></tr>
    </tbody></table></div>
    """
    head = "".join(f'<th scope="col">{heading}</th>' for heading in headings)
    body = "\n".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>'
        for first, *rest in rows
    )
    return (
        f'<div class="scroll" role="group" tabindex="0" aria-label="Table: {text(label)}"><table>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>"
    )


def paragraph(said):
    """A paragraph of text out of a file; Markdown would read a # or a - at its start as markup.

    Parameters
    ----------
    said : str

    Returns
    -------
    str
        HTML, or nothing where there is no text.

    Examples
    --------
    >>> paragraph("# 1 < 2")
    '<p># 1 &lt; 2</p>'
    """
    return f"<p>{text(said)}</p>" if said.strip() else ""


def facts(pairs):
    """A list of names and what they stand for; pairs whose second part is empty are left out.

    Parameters
    ----------
    pairs : iterable of tuple of str
        Plain text and HTML.

    Returns
    -------
    str
        HTML without blank lines.

    Examples
    --------
    >>> facts([("Unit", "years"), ("Base", "")])
    '<dl class="facts">\\n<dt>Unit</dt><dd>years</dd>\\n</dl>'
    """
    said = "\n".join(f"<dt>{text(name)}</dt><dd>{meaning}</dd>" for name, meaning in pairs if meaning)
    return f'<dl class="facts">\n{said}\n</dl>'


def codebook_page(codebook, synthetic=False):
    """Themes and codes: what each means, where it ends and how it looks.

    Parameters
    ----------
    codebook : Codebook
    synthetic : bool
        Whether the study's answers, and with them the examples, were made up.

    Returns
    -------
    str
        MyST Markdown.

    Examples
    --------
    >>> from compendium.coding.codebook import Code, Codebook, Theme
    >>> cost = Code(id="cost", name="Cost", definition="Names fees.", examples=["Too *dear*."])
    >>> theme = Theme(id="barriers", name="Barriers", definition="What hinders.", codes=[cost])
    >>> print(codebook_page(Codebook(title="What they say", themes=[theme])))
    # Codebook: What they say
    <BLANKLINE>
    The unit coded is one answer to one question. 1 theme, 1 code.
    <BLANKLINE>
    ## Barriers
    <BLANKLINE>
    <p>What hinders.</p>
    <BLANKLINE>
    ### Cost
    <BLANKLINE>
    <dl class="facts">
    <dt>Id</dt><dd><code>cost</code></dd>
    <dt>Definition</dt><dd>Names fees.</dd>
    <dt>Example</dt><dd><ul><li>Too *dear*.</li></ul></dd>
    </dl>
    <BLANKLINE>
    """
    size = f"{counted(codebook.themes, 'theme')}, {counted(codebook.codes, 'code')}."
    parts = [f"# Codebook: {plain(codebook.title)}", f"> {INVENTED}" if synthetic else ""]
    parts.append(f"The unit coded is {plain(codebook.unit)}. {size}")
    for theme in codebook.themes:
        parts += [f"## {plain(theme.name)}", paragraph(theme.definition)]
        for code in theme.codes:
            examples = "".join(f"<li>{text(example)}</li>" for example in code.examples)
            known = [
                ("Id", f"<code>{code.id}</code>"),
                ("Definition", text(code.definition)),
                ("Include", text(code.include)),
                ("Exclude", text(code.exclude)),
                (_examples(code.examples, synthetic), examples and f"<ul>{examples}</ul>"),
            ]
            parts += [f"### {plain(code.name)}", facts(known)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _examples(examples, synthetic):
    """What heads the examples of a code."""
    plural = "s" if len(examples) > 1 else ""
    return f"Invented example{plural}" if synthetic else f"Example{plural}"


def counted(things, name):
    return f"{number(len(things))} {name}{'' if len(things) == 1 else 's'}"
