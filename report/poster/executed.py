"""What executed notebooks and their figures say in words."""

import html
import json
import re
from pathlib import Path

from compendium.files import read_text
from compendium.publishing.pages import shown_figures


def answers(folder):
    """What each executed notebook asks and answers.

    Returns
    -------
    list of dict
        `notebook`, `title`, `question`, `answer`, all without markup.

    Raises
    ------
    ValueError
        When no notebook was executed.
    """
    found = []
    for path in sorted(Path(folder).glob("*.ipynb")):
        if path.name.endswith(".failed.ipynb"):
            continue
        cells = json.loads(read_text(path))["cells"]
        told = [text for cell in cells for text in shown_markdown(cell)]
        answer = [text for text in told if text.startswith("**Answer.**")]
        if answer:
            opening = "".join(cells[0]["source"])
            question = re.search(r"\*\*Question\.\*\* (.+)", opening)
            found.append(
                {
                    "notebook": path.stem,
                    "title": unmarked(opening.splitlines()[0].lstrip("# ")),
                    "question": unmarked(question[1]) if question else "",
                    "answer": unmarked(answer[-1].removeprefix("**Answer.**")),
                }
            )
    if not found:
        raise ValueError(f"{folder}: no executed notebook with an answer; run make all first.")
    return found


def shown_markdown(cell):
    """The Markdown that a cell displayed."""
    for output in cell.get("outputs", []):
        yield "".join(output.get("data", {}).get("text/markdown", []))


def unmarked(text):
    """Markdown that the notebooks wrote, as plain text.

    Examples
    --------
    >>> unmarked("Of *92* `x`: [more](https://example.org), 5 &#42; 3 &lt; 16")
    'Of 92 x: more, 5 * 3 < 16'
    """
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return html.unescape(re.sub(r"[*`]", "", plain)).strip()


def figure_words(folder, results=None):
    """The words of a study's figures, without those in grey, each with its `shape`, height by width.

    Parameters
    ----------
    folder : str or pathlib.Path
    results : collection of str, optional
        As for `pages.shown_figures`.

    Returns
    -------
    list of dict
        The caption does not repeat the title.
    """
    found = []
    for words in shown_figures(folder, results):
        if Path(words["file"]).stem.endswith("_grey"):  # the same in grey, for other printers
            continue
        caption = words["caption"].removeprefix(words["title"]).lstrip(" .")
        found.append(words | {"caption": caption, "shape": shape(Path(folder) / words["file"])})
    return found


def shape(path):
    """How high an SVG is, by how wide it is."""
    with path.open(encoding="utf-8") as file:
        start = file.read(2000)
    box = re.search(r'viewBox="([^"]+)"', start)
    if box is None:
        raise ValueError(f"{path}: an SVG without viewBox; delete it and run make again.")
    _, _, width, height = map(float, box[1].split())
    return round(height / width, 4)


def on_pages(figures, width=170, height=235, least=130, between=9, ahead=5):
    """Which figures share a page of the report, and how wide they are drawn on it.

    A page is filled with the figures next in line; one that does not fit waits for the page after.

    Parameters
    ----------
    figures : list of dict
        With `shape` and `caption`, as from `figure_words`.
    width, height : float
        Of the text on a page, in millimetres.
    least : float
        No figure that shares its page is drawn narrower: its letters would be too small.
    between : float
        Space below each figure.
    ahead : int
        How many figures in line are tried for a page.

    Returns
    -------
    list of dict
        `width` and `figures` of each page.

    Examples
    --------
    >>> low, high = ({"shape": shape, "caption": "", "title": ""} for shape in (0.5, 1.4))
    >>> [(page["width"], len(page["figures"])) for page in on_pages([high, low, low])]
    [(158.6, 1), (170, 2)]
    """
    waiting, pages = list(figures), []
    while waiting:
        chosen = []
        for words in waiting[:ahead]:
            fits = room_for([*chosen, words], width, height, between)
            if not chosen or fits >= least:
                chosen.append(words)
                waiting.remove(words)
        drawn = round(min(width, room_for(chosen, width, height, between)), 1)
        pages.append({"width": drawn, "figures": chosen})
    return pages


def room_for(figures, width, height, between):
    """The width at which figures fit below each other with their captions, in millimetres."""
    lines = sum(1 + (len(words["title"]) + len(words["caption"])) // 90 for words in figures)
    return (height - 4 * lines - between * len(figures)) / sum(words["shape"] for words in figures)
