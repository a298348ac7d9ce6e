"""A manuscript as blocks of text: paragraphs and cells of tables, with what they stand under."""

import itertools
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from compendium.archives import read_members
from compendium.files import read_text

KINDS = {
    ".docx": "docx",
    ".pdf": "pdf",
    ".md": "markdown",
    ".txt": "text",
    ".typ": "typst",
    ".tex": "latex",
}
_REFERENCES = re.compile(
    r"(?:\d+\.?\s+)?(?:references|bibliography|works cited|literature)\W*", re.IGNORECASE
)
_NUMBER = rb"-?[\d.]+\s+"  # parts of a path, ISO 32000-1, table 59 (PDF operators)
_PATHS = re.compile(
    rb"(?<![\w.-])(?:(?:%b){2}[ml]|(?:%b){6}c|(?:%b){4}(?:v|y|re)|h)(?=[\s/]|$)" % ((_NUMBER,) * 3)
)
LARGEST = 20_000_000  # bytes of a manuscript
PAGES, DRAWN = 1000, 6_000_000  # pages of a PDF, and bytes of what is written on them


class Block(NamedTuple):
    """A paragraph, or a cell of a table.

    Attributes
    ----------
    text : str
    under : str
        The heading or caption above it.
    heads : str
        Of a cell, the heads of its row and column.
    cell, cited : bool
        Whether it is a cell, and whether it is one of the references.
    place : str
        Where a reader finds it, such as ``page 3``.
    """

    text: str
    under: str = ""
    heads: str = ""
    cell: bool = False
    cited: bool = False
    place: str = ""


def read_manuscript(path):
    """The blocks of a manuscript.

    Parameters
    ----------
    path : str or pathlib.Path
        A DOCX, PDF, Markdown, Typst, LaTeX or plain text file.

    Returns
    -------
    list of Block

    Raises
    ------
    ValueError
        When the file is of another kind, too large, damaged or holds no text.
    """
    path = Path(path)
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise ValueError(f"{path}: is no manuscript; give one that ends with {', '.join(KINDS)}.")
    if not path.is_file():
        raise ValueError(f"{path}: is no file; give DRAFT=path/to/paper.docx.")
    if path.stat().st_size > LARGEST:
        raise ValueError(f"{path}: is larger than {LARGEST // 10**6} MB; leave its pictures out.")
    found = [block for block in _with_references(_READ[kind](path)) if block.text.strip()]
    if not found:
        raise ValueError(f"{path}: holds no text; a scanned page has to be read by OCR first.")
    return found


def _with_references(parts):
    """Blocks from (kind, text, heads, place), under their headings; after *References* all is cited."""
    under, cited = "", False
    for kind, text, heads, place in parts:
        if kind == "heading":
            under, cited = text, bool(_REFERENCES.fullmatch(text.strip()))
        yield Block(text, "" if kind == "heading" else under, heads, kind == "cell", cited, place)


def _docx(path):
    import docx
    from docx.table import Table

    parts = read_members(path, wanted=lambda name: True)
    if any(re.search(rb"<!(DOCTYPE|ENTITY)", part[:100_000]) for part in parts.values()):
        raise ValueError(f"{path}: declares a document type or entities; save it again without them.")
    spans = re.findall(rb'gridSpan\s[^<>]*?val="(\d+)"', parts.get("word/document.xml", b""))
    if any(len(span) > 3 for span in spans):
        raise ValueError(f"{path}: a cell of a table spans over 999 columns; save it again without it.")
    try:
        document = docx.Document(str(path))
    except Exception as error:  # python-docx hands on whatever zip and XML raise
        raise ValueError(
            f"{path}: cannot be read as DOCX ({type(error).__name__}); save it again."
        ) from None
    for k, part in enumerate(document.iter_inner_content(), 1):
        if isinstance(part, Table):
            yield from _cells(
                [[cell.text for cell in row.cells] for row in part.rows],
                f"table after paragraph {k - 1}",
            )
        else:
            heading = (part.style.name or "").startswith(("Heading", "Title", "Caption"))
            yield ("heading" if heading else "paragraph"), part.text, "", f"paragraph {k}"


def _cells(rows, place):
    """The cells of a table, each with the heads of its row and column."""
    heads, *body = rows or [[]]
    for cell in heads:
        yield "cell", cell, "", place
    for row in body:
        for k, cell in enumerate(row):
            head = heads[k] if k < len(heads) else ""
            yield "cell", cell, f"{row[0] if k else ''} {head}", place


def _pdf(path):
    import pypdf

    try:
        whole = list(itertools.islice(pypdf.PdfReader(str(path)).pages, PAGES + 1))
        drawn = sum(map(_without_paths, whole[:PAGES])) if len(whole) <= PAGES else 0
        pages = [page.extract_text() or "" for page in whole if drawn <= DRAWN and len(whole) <= PAGES]
    except Exception as error:  # as above, of pypdf
        raise ValueError(
            f"{path}: cannot be read as PDF ({type(error).__name__}); make it anew."
        ) from None
    if not pages and whole:
        raise ValueError(
            f"{path}: has over {PAGES} pages or {DRAWN:,} signs of text; give it in parts."
        )
    lines = Counter(
        masked for text in pages for masked in {_masked(line) for line in text.splitlines()}
    )
    for k, text in enumerate(pages, 1):
        kept = [line for line in text.splitlines() if lines[_masked(line)] < max(3, len(pages) / 2)]
        for part in _paragraphs(kept):
            heading = _REFERENCES.fullmatch(part) or re.fullmatch(r"[A-Z]\w+(?:\s\w+){0,2}", part)
            yield ("heading" if heading else "paragraph"), part, "", f"page {k}"


def _without_paths(page):
    """Take the lines and curves of its figures out of a page, which take long to parse; bytes left."""
    from pypdf.generic import ContentStream, NameObject

    if "/Contents" not in page:
        return 0
    content = ContentStream(page["/Contents"].get_object(), page.pdf, "bytes")
    content.set_data(_PATHS.sub(b"", content.get_data()))
    page[NameObject("/Contents")] = content
    return len(content.get_data())


def _masked(line):
    """A line without its numbers: running heads and feet are the same on most pages."""
    return re.sub(r"\d+", "0", line.strip())


def _paragraphs(lines):
    """Lines of a page as paragraphs: broken words joined, one line of a table left alone."""
    found = []
    for line in lines:
        line = re.sub("\u00ad$", "-", line.strip()).replace("\u00ad", "").replace("\u200b", "").strip()
        goes_on = (
            found
            and not re.search(r"[.?!:]$", found[-1])
            and (line[:1].islower() or found[-1][-1] == ",")
        )
        # A line of text that is full goes on, be it with a number.
        goes_on = goes_on or (found and len(found[-1]) > 60 and line[:1].isdigit()
                              and not re.search(r"[.?!:\d%]$", found[-1]))  # fmt: skip
        if goes_on and found[-1].endswith("-"):
            found[-1] = found[-1][:-1] + line
        elif goes_on:
            found[-1] += " " + line
        elif line:
            found.append(line)
    return found


def _markdown(path):
    from markdown_it import MarkdownIt

    text = re.sub(r"\A---\n.*?\n---\n", "", read_text(path), flags=re.DOTALL)
    rows, within = [], False
    level = ""
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        place = f"line {token.map[0] + 1}" if token.map else ""
        if token.type in ("heading_open", "heading_close"):
            level = "heading" if token.type == "heading_open" else ""
        elif token.type == "table_open":
            rows, within, where = [], True, place
        elif token.type == "table_close":
            within = False
            yield from _cells(rows, where)
        elif token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            plain = "".join(_plain(child) for child in token.children)
            if within:
                rows[-1].append(plain)
            else:
                yield (level or "paragraph"), plain, "", place


def _plain(token):
    if token.type in ("softbreak", "hardbreak"):
        return " "
    return token.content if token.type in ("text", "code_inline") else ""


def _text(path):
    for k, part in enumerate(re.split(r"\n\s*\n", read_text(path)), 1):
        yield "paragraph", " ".join(part.split()), "", f"paragraph {k}"


def _typst(path):
    """Typst's words without its marks: what is written in code blocks is left out."""
    text = re.sub(r"//[^\n]*|/\*.*?\*/", "", read_text(path), flags=re.DOTALL)
    text = re.sub(r"(?m)^#(?:import|include|set|show|let)\b[^\n]*$", "", text)
    text = re.sub(r"@[\w:.-]+|<[\w:.-]+>|#\w[\w.-]*(?:\([^()]*\))?", " ", text)
    text = re.sub(r"(?m)^(=+\s.*)$", r"\n\n\1\n\n", text)
    for k, part in enumerate(re.split(r"\n\s*\n", text), 1):
        kind = "heading" if re.match(r"\s*=+\s", part) else "paragraph"
        plain = re.sub(r"[*_`\[\]$]|^\s*=+\s|\\(?=\W)", "", part)
        yield kind, " ".join(plain.split()), "", f"paragraph {k}"


def _latex(path):
    """LaTeX's words without its commands: comments, preamble and bibliography are left out."""
    text = re.sub(r"(?<!\\)%[^\n]*", "", read_text(path))
    text = re.sub(r"\A.*?\\begin\{document\}", "", text, flags=re.DOTALL)
    text = re.sub(r"\\begin\{thebibliography\}.*?\\end\{thebibliography\}", "", text, flags=re.DOTALL)
    text = re.sub(
        r"\\(?:cite\w*|ref|eqref|label|includegraphics|bibliography\w*|input|vspace|hspace)\*?(?:\[[^\]]*\])*\{[^}]*\}",
        " ",
        text,
    )
    text = re.sub(r"(\\(?:(?:sub)*section\*?|caption)\{[^{}]*\})", r"\n\n\1\n\n", text)
    text = re.sub(r"\\end\{document\}.*", "", text, flags=re.DOTALL)
    for k, part in enumerate(re.split(r"\n\s*\n", text), 1):
        rows = re.search(
            r"\\begin\{tabular\w*\}(?:\[[^\]]*\])?\{[^}]*\}(.*?)\\end\{tabular", part, re.DOTALL
        )
        if rows:
            lines = [line for line in re.split(r"\\\\", rows[1]) if "&" in line]
            yield from _cells(
                [[_untex(cell) for cell in line.split("&")] for line in lines], f"part {k}"
            )
            part = part.replace(rows[0], " ")
        kind = "heading" if re.match(r"\s*\\(?:(?:sub)*section|caption)", part) else "paragraph"
        yield kind, _untex(part), "", f"part {k}"


_SIGNS = {
    "chi": "χ",
    "tau": "τ",
    "kappa": "κ",
    "alpha": "α",
    "omega": "ω",
    "eta": "η",
    "phi": "φ",
    "rho": "ρ",
    "times": "×",
}


def _untex(text):
    text = re.sub(r"\\([a-zA-Z]+)\b", lambda found: _SIGNS.get(found[1], " "), text)
    text = (
        text.replace("^2", "²")
        .replace("~", " ")
        .replace("--", "–")
        .replace("\\%", "%")
        .replace("\\&", "&")
    )
    return " ".join(re.sub(r"[{}$]|\\[,;!]|\\(?=\W)", "", text).split())


_READ = {
    "docx": _docx, "pdf": _pdf, "markdown": _markdown, "text": _text, "typst": _typst, "latex": _latex,
}  # fmt: skip
