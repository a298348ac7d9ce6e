"""Poster, handout and report as PDF, set with Typst: text that can only ever be shown, own fonts.

Texts reach Typst as strings in a JSON file and are inserted as values, so that no `#`, `$` or `@` in
an answer means anything. What is left to do is done here: characters that no font can draw are named.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import typst

from compendium.files import replace, write_json
from compendium.fonts import FONTS, NAMED, UNDRAWN, needed, printable
from compendium.publishing.poster import poster_content
from compendium.results import read_results

ROOT = Path(__file__).resolve().parents[3]
PAGES = ("poster", "handout", "report")
PREVIEW = {"poster": 7, "handout": 28, "report": 28}  # pixels an inch: pictures some 230 wide


def build_pdfs(study, top=ROOT):
    """Write `build/<study>/report/{poster,handout,report}.pdf`, and the data they are set from.

    Beside each lies a small picture of its first page, ``poster.png``.

    Parameters
    ----------
    study : str
        Name of the study's folder; its notebooks were executed.
    top : pathlib.Path
        The repository, or a copy of it.

    Raises
    ------
    ValueError
        When something that is shown is missing or malformed; no PDF is changed then.
    """
    out = top / "build" / study
    content = poster_content(
        top / "data" / study,
        out,
        top / "figures" / study,
        top / "CITATION.cff",
        top / "report" / "references.bib",
    )
    shown = all_printable(content)
    letters = needed(json.dumps(shown, ensure_ascii=False))
    shown |= {"fonts": [font.family for font in letters], "undrawn": UNDRAWN * (NAMED in str(shown))}
    results = read_results(out / "results")
    shown["results"] = [id for id in dict.fromkeys(_texts(content)) if id in results]
    write_json(out / "report" / "content.json", shown)
    # Typst reads paths from the top.
    inputs = {"data": f"/build/{study}/report/content.json", "figures": f"/figures/{study}"}
    sources = {page: top / "report" / "poster" / f"{page}.typ" for page in PAGES}
    with ThreadPoolExecutor() as pool:  # Typst works outside Python's lock
        made = list(
            pool.map(lambda page: _with_picture(page, sources[page], top, inputs, letters), PAGES)
        )
    for page, (pdf, picture) in zip(PAGES, made, strict=True):
        replace(out / "report" / f"{page}.png", picture)
        replace(out / "report" / f"{page}.pdf", pdf)


def all_printable(content):
    """The same content with every text made `printable`.

    Parameters
    ----------
    content : dict, list, str, number or None
        As JSON holds it. Keys stay as they are.

    Returns
    -------
    dict, list, str, number or None

    Examples
    --------
    >>> all_printable({"rows": [["a\\nb", 1, None]]})
    {'rows': [['a b', 1, None]]}
    """
    if isinstance(content, dict):
        return {key: all_printable(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [all_printable(value) for value in content]
    return printable(content) if isinstance(content, str) else content


def _texts(content):
    """All texts in what JSON holds."""
    if isinstance(content, dict | list | tuple):
        below = content.values() if isinstance(content, dict) else content
        return [text for one in below for text in _texts(one)]
    return [content] if isinstance(content, str) else []


def typeset(source, top, inputs, letters=()):
    """Set a Typst source as a tagged PDF (PDF/UA-1) that is the same from run to run.

    Parameters
    ----------
    source : str or pathlib.Path
        The ``.typ`` file.
    top : str or pathlib.Path
        The folder outside which the source can read nothing.
    inputs : dict of str to str
        What the source finds in ``sys.inputs``.
    letters : sequence of fonts.Font
        Fonts that it may use beside DejaVu and Typst's own.

    Returns
    -------
    bytes
        The PDF.

    Raises
    ------
    ValueError
        When Typst refuses the source or warns of something; the message says where and why.

    References
    ----------
    ISO 14289-1:2014, PDF/UA-1.

    Examples
    --------
    >>> import tempfile
    >>> top = Path(tempfile.mkdtemp())
    >>> _ = (top / "page.typ").write_text("#set document(title: [A], date: none)\\n= #sys.inputs.a")
    >>> typeset(top / "page.typ", top, {"a": "#A"})[:5]
    b'%PDF-'
    """
    return _typeset(source, _compiler(source, top, inputs, letters))


def _compiler(source, top, inputs, letters):
    """Typst at work on a source: what it laid out once it does not lay out for the picture again."""
    folders = dict.fromkeys(str(path) for path in (FONTS, *(font.path.parent for font in letters)))
    return typst.Compiler(
        str(source),
        root=str(top),
        sys_inputs=inputs,
        font_paths=list(folders),
        ignore_system_fonts=True,
    )


def _typeset(source, compiler):
    try:
        pdf, warnings = compiler.compile_with_warnings(format="pdf", pdf_standards=["ua-1"])
    except typst.TypstError as error:
        raise ValueError(f"{source}: Typst cannot set it: {error.diagnostic.strip()}") from None
    if warnings:
        raise ValueError(f"{source}: Typst warns: {warnings[0].diagnostic.strip()}")
    return pdf


def _with_picture(page, source, top, inputs, letters):
    """A PDF, and its first page as a small PNG."""
    compiler = _compiler(source, top, inputs, letters)
    pdf = _typeset(source, compiler)
    drawn = compiler.compile(format="png", ppi=PREVIEW[page])
    return pdf, drawn[0] if isinstance(drawn, list) else drawn
