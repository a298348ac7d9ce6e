"""Executed notebooks of a study: their cells, what pages must know of them, and their answers."""

import html
import re
from html.parser import HTMLParser
from pathlib import Path

from compendium.files import read_json

HARMLESS = {"text/plain", "text/html", "text/markdown", "image/png", "image/svg+xml"}
ACTIVE = {"script", "iframe", "object", "embed", "form", "base", "meta", "link"}
INJECTED = "injected-parameters"
CALLED = {"familiarity": "Shares"}  # the file keeps the name that its results are known by


def read_notebooks(folder):
    """The executed notebooks of a study in reading order, by name without ending.

    Parameters
    ----------
    folder : pathlib.Path

    Returns
    -------
    dict of str to dict
        As JSON holds them, with every source and output as one text, and without the cell that
        papermill adds: it has another id in each run, and an address should last.

    Raises
    ------
    ValueError
        When there is none.
    """
    paths = [p for p in sorted(Path(folder).glob("*.ipynb")) if not p.name.endswith(".failed.ipynb")]
    if not paths:
        raise ValueError(
            f"{folder}: there are no executed notebooks; run the notebooks first (make all)."
        )
    return {path.stem: _read(path) for path in paths}


def _read(path):
    notebook = read_json(path)
    cells = notebook["cells"]
    notebook["cells"] = [c for c in cells if INJECTED not in c["metadata"].get("tags", [])]
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
        for output in cell.get("outputs", []):
            for kind, content in output.get("data", {}).items():
                output["data"][kind] = "".join(content) if isinstance(content, list) else content
    return notebook


def short_title(name):
    """``1_responses.ipynb`` as the notebooks call each other: ``1 · Responses``.

    The second is named after its subject in the default study; what it does is estimate shares.
    """
    order, _, word = name.removesuffix(".ipynb").partition("_")
    return f"{order} · {CALLED.get(word, word.replace('_', ' ').capitalize())}"


def title(notebook):
    """The first heading of a notebook, without its marks."""
    opening = notebook["cells"][0]["source"] if notebook["cells"] else ""
    return opening.partition("\n")[0].lstrip("# ").strip() or "Untitled"


def addresses(results, notebooks):
    """Where each result was computed: ``2_familiarity.html#cell-2-06`` by result id.

    Without the cell where it is not known, and left out where the notebook is not there.
    """
    counted = {
        (name, cell["execution_count"]): f"cell-{cell['id']}"
        for name, notebook in notebooks.items()
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    }
    found = {}
    for id, result in results.items():
        name = result["notebook"]
        if name in notebooks:
            cell = counted.get((name, result.get("cell")))
            found[id] = f"{name}.html#{cell}" if cell else f"{name}.html"
    return found


def for_page(name, notebooks, alts):
    """A notebook as Sphinx is to read it.

    Parameters
    ----------
    name : str
    notebooks : dict of str to dict
        As from `read_notebooks`.
    alts : dict of str to str
        What each figure shows, by its file name without ending.

    Returns
    -------
    dict
        Code is folded; each code cell says its `anchor` and the `alts` of its pictures in its
        metadata; links to notebooks that are not there are text.

    Raises
    ------
    ValueError
        When an output could run or load something.
    """
    cells = []
    for cell in notebooks[name]["cells"]:
        metadata, source = dict(cell["metadata"]), cell["source"]
        if cell["cell_type"] == "markdown":
            source = re.sub(
                r"\[([^\]]+)\]\((\w+)\.ipynb\)",
                lambda link: link[0] if link[2] in notebooks else link[1],
                source,
            )
        if cell["cell_type"] == "code":
            check_outputs(f"{name}.ipynb: cell '{cell['id']}'", cell)
            metadata["tags"] = [*metadata.get("tags", []), "hide-input"]
            shown = [alts.get(figure, alt) for figure, alt in figures_of(name, cell)]
            metadata["compendium"] = {"anchor": f"cell-{cell['id']}", "alts": shown}
        cells.append(cell | {"metadata": metadata, "source": source})
    return notebooks[name] | {"cells": cells}


def figures_of(notebook, cell):
    """Name and alt text of the figures that a cell shows, as its outputs say."""
    pictures = [out for out in cell["outputs"] if "image/png" in out.get("data", {})]
    number, found = notebook.partition("_")[0], []
    for said in (out.get("metadata", {}) for out in pictures):
        name = said.get("compendium", {}).get("figure")
        alt = said.get("image/png", {}).get("alt", "A picture.")
        found.append((f"{number}_{name}" if name else "", alt))
    return found


class _Tags(HTMLParser):
    """Notes the first tag or attribute that could run or load something."""

    found = ""

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            address = re.sub(r"\s", "", value or "").lower()
            loads = name in ("src", "srcset", "poster") and not address.startswith("data:image/")
            if name.startswith("on") or loads or address.startswith(("javascript:", "data:text")):
                self.found = self.found or f"the attribute '{name}' of <{tag}>"
        if tag in ACTIVE:
            self.found = self.found or f"<{tag}>"


def active_markup(markup):
    """What in a piece of HTML or Markdown could run or load something, in words; empty if nothing."""
    parser = _Tags()
    parser.feed(markup)
    parser.close()
    return parser.found


def check_outputs(where, cell):
    """Refuse a cell whose outputs would bring anything active into a page."""
    for output in cell["outputs"]:
        for kind, content in output.get("data", {}).items():
            if kind not in HARMLESS:
                raise ValueError(f"{where}: an output of the kind {kind} has no place on the site; "
                                 "show text, a table or a picture.")  # fmt: skip
            found = active_markup(content) if kind in ("text/html", "text/markdown") else ""
            if found:
                raise ValueError(f"{where}: its output holds {found}; write answers through "
                                 "wording.plain or wording.texts, and run make again.")  # fmt: skip


def answers(out):
    """What each executed notebook asks and answers.

    Parameters
    ----------
    out : pathlib.Path
        ``build/<study>``.

    Returns
    -------
    list of dict
        `notebook`, `title`, `question`, `answer`, all without markup.

    Raises
    ------
    ValueError
        When no notebook was executed.
    """
    path = out / "results" / "answers.json"
    told, found = read_json(path) if path.exists() else {}, []
    for name, notebook in read_notebooks(out / "notebooks").items():
        if name in told:
            question = notebook["cells"][0]["source"].split("\n\n")[1]
            found.append(
                {
                    "notebook": name,
                    "title": unmarked(title(notebook)),
                    "question": unmarked(question).removeprefix("Question. "),
                    "answer": unmarked(told[name]),
                }
            )
    return found


def unmarked(text):
    """Markdown that the notebooks wrote, as plain text.

    Examples
    --------
    >>> unmarked("Of *92* `x`: [more](https://example.org), 5 &#42; 3 &lt; 16")
    'Of 92 x: more, 5 * 3 < 16'
    """
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return html.unescape(re.sub(r"[*`]", "", plain)).strip()
