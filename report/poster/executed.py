"""What executed notebooks and their figures say in words."""

import html
import json
import re
from pathlib import Path

from helpers.results import read_text


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


def figure_words(folder):
    """What `figures.save` wrote beside each figure, in the order of their names."""
    words = []
    for path in sorted(Path(folder).glob("[0-9]_*.json")):
        if not path.stem.endswith("_grey"):  # the same in grey, for other printers
            words.append(json.loads(read_text(path)))
    return words
