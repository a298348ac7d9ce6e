"""What the site must know of executed notebooks: addresses, words of pictures, harmless outputs."""

import json
import re
import struct
from html.parser import HTMLParser

from compendium.publishing.pages import shown_figures

HARMLESS = {"text/plain", "text/html", "text/markdown", "image/png", "image/svg+xml"}
ACTIVE = {"script", "iframe", "object", "embed", "form", "base", "meta", "link"}
INJECTED = "injected-parameters"


def title(notebook):
    """The first heading of a notebook, without its marks.

    Parameters
    ----------
    notebook : nbformat.NotebookNode

    Returns
    -------
    str
    """
    source = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    found = re.search(r"^# +(.+)$", source, flags=re.M)
    return found[1].strip() if found else "Untitled"


def keep_links(notebook, names):
    """Turn links to notebooks that are not there into their text.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        Changed in place.
    names : collection of str
        The notebooks that are there, without ending.
    """
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = re.sub(
                r"\[([^\]]+)\]\((\w+)\.ipynb\)",
                lambda link: link[0] if link[2] in names else link[1],
                cell.source,
            )


def anchor(cell):
    """The name under which a cell can be linked to; empty for the cell that papermill adds.

    Papermill gives its cell another id in each run, and an address should last.
    """
    return "" if INJECTED in cell.metadata.get("tags", []) else f"cell-{cell.id}"


def addresses(results, notebooks):
    """Where each result was computed.

    Parameters
    ----------
    results : dict of str to dict
        As from `results.read_results`; `cell` is the execution count of the cell that recorded it.
    notebooks : dict of str to nbformat.NotebookNode
        Executed, by name without ending.

    Returns
    -------
    dict of str to str
        ``2_familiarity.html#cell-2-06`` by result id; without the cell where it is not known, and
        left out where the notebook is not there.
    """
    counted = {
        (name, cell.execution_count): anchor(cell)
        for name, notebook in notebooks.items()
        for cell in notebook.cells
        if cell.cell_type == "code"
    }
    found = {}
    for id, result in results.items():
        name = result["notebook"]
        if name in notebooks:
            cell = counted.get((name, result.get("cell")))
            found[id] = f"{name}.html#{cell}" if cell else f"{name}.html"
    return found


def read_figures(folder, results=None):
    """The figures of a study, in the order in which they are read.

    Parameters
    ----------
    folder : pathlib.Path
        Holds each figure as SVG and PNG, the words of all in ``captions.json``.
    results : collection of str, optional
        As for `pages.shown_figures`.

    Returns
    -------
    list of dict
        As `style.save_figure` writes them, each with the added key ``pixels``, width and height of
        the PNG.

    Raises
    ------
    ValueError
        When the words are not JSON.
    """
    found = []
    for words in shown_figures(folder, results):
        picture = (folder / words["file"]).with_suffix(".png")
        if picture.exists() and picture.with_suffix(".svg").exists():
            # A PNG starts with eight bytes of signature and its header: length, name, width, height.
            found.append(words | {"pixels": struct.unpack(">2I", picture.read_bytes()[16:24])})
    return found


def read_json(path):
    """Read JSON; the message for a file that is none names it and the remedy."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path}: not JSON ({error}); delete it and run make again.") from None


def pictures(cell, figures):
    """Which figures the pictures of a cell can be, by their shape and the names in the source.

    A notebook holds its pictures at another resolution than the files and without their names, but it
    says how large each was drawn.

    Parameters
    ----------
    cell : nbformat.NotebookNode
    figures : list of dict
        As from `read_figures`, those of this notebook.

    Returns
    -------
    list of list of dict
        One list a picture, in order: the figure, or several that cannot be told apart, or none.
    """
    found = []
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        if "image/png" not in data:
            continue
        size = re.match(r"<Figure size ([\d.]+)x([\d.]+) ", data.get("text/plain", ""))
        width, height = map(float, size.groups()) if size else (0, 0)
        alike = []
        for words in figures:
            across, down = words["pixels"]
            if abs(height - down * width / across) < 0.5:
                alike.append(words)
        named = [words for words in alike if words["file"].partition(".")[0] in cell.source]
        # A figure in colour and the same in grey have the same words: either will do.
        found.append(list({words["alt"]: words for words in named or alike}.values()) if size else [])
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
    """What in a piece of HTML or Markdown could run or load something; empty where nothing could.

    Parameters
    ----------
    markup : str

    Returns
    -------
    str
        In words.
    """
    parser = _Tags()
    parser.feed(markup)
    parser.close()
    return parser.found


def check_outputs(path, notebook):
    """Refuse a notebook that would bring anything active into a page.

    Parameters
    ----------
    path : pathlib.Path
        For the message.
    notebook : nbformat.NotebookNode

    Raises
    ------
    ValueError
        When an output is of a kind that is not text, table or picture, or its markup could run or
        load something. The message names the file, the cell and the remedy.
    """
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            for kind, content in output.get("data", {}).items():
                where = f"{path}: cell '{cell.id}'"
                if kind not in HARMLESS:
                    raise ValueError(f"{where}: an output of the kind {kind} has no place on the site; "
                                     "show text, a table or a picture.")  # fmt: skip
                found = active_markup(content) if kind in ("text/html", "text/markdown") else ""
                if found:
                    raise ValueError(f"{where}: its output holds {found}; write answers through "
                                     "present.plain or present.texts, and run make again.")  # fmt: skip
