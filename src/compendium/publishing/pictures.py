"""The figures of a study in the order in which they are read, and the joint display in words."""

import re
from pathlib import Path

from compendium.captions import read_captions
from compendium.files import read_json
from compendium.publishing.notebooks import short_title
from compendium.wording import HEADS, SAID, interval, number, phi_said, why_not_shown

# The model first, then by notebook who answered, what is missing, shares, scales, groups, open
# answers. What no word of a name says comes last.
READING = (
    "flow", "composition", "missing", "share", "scale", "trend", "by", "contrast", "section", "codes",
    "saturation", "joint", "themes", "together", "agreement", "claims", "published",
)  # fmt: skip


def shown_figures(folder, results=None):
    """The words of a study's figures in the order in which they are read.

    That answers are synthetic stands on each page and in each picture, and not once more in a caption.

    Parameters
    ----------
    folder : str or pathlib.Path
        Holds figures as `figures.style.save_figure` writes them, and ``captions.json``, which lists
        those of the study. Where no figure is listed yet there are none.
    results : collection of str, optional
        Ids of the study's results. A figure that shows another one is left over from an earlier plan
        and passed over.

    Returns
    -------
    list of dict
        As `figures.style.save_figure` writes them.

    Raises
    ------
    ValueError
        When ``captions.json`` is not a list of figures.

    Examples
    --------
    >>> [words["file"] for words in shown_figures("figures/microcredentials")][:5:4]
    ['4_model_column.svg', '1_flow.svg']
    """
    current = [
        words | {"caption": words.get("caption", "").replace(SAID, "").strip()}
        for words in read_captions(folder).values()
        if results is None or set(words["results"]) <= set(results)
    ]
    return sorted(current, key=_read_at)


def _read_at(words):
    """Sorts a figure among the others by its name, such as ``4_by_use_by_familiarity_concept.svg``."""
    notebook, _, name = Path(words["file"]).stem.partition("_")
    kind = name.partition("_")[0]
    place = READING.index(kind) if kind in READING else len(READING)
    return (kind != "model", notebook, place, name)


def printed_figures(folder, results):
    """The figures that are printed, without those in grey, each with its `shape`, height by width.

    The caption does not repeat the title.
    """
    found = []
    for words in shown_figures(folder, results):
        if Path(words["file"]).stem.endswith("_grey"):  # the same in grey, for other printers
            continue
        caption = words["caption"].removeprefix(words["title"]).lstrip(" .")
        drawn_in, high = short_title(words["notebook"]), shape(Path(folder) / words["file"])
        found.append(words | {"caption": caption, "drawn-in": drawn_in, "shape": high})
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


def joint_rows(folder):
    """The joint display that chapter 3 left, worded as it is shown; empty where there is none.

    Parameters
    ----------
    folder : pathlib.Path
        The study's tables.

    Returns
    -------
    list of dict
        `topic`, `fit`, `quotation`, `inference`, `phi` in words; `chosen` and `said` with `label`,
        `counts`, `percent` and, for bars, `value`, `low` and `high`; `parts`, the four counts, with
        `head` and `shown`, and `value`, the count, or None.
    """
    path = folder / "3_joint_display.json"
    return [_worded(row) for row in read_json(path)] if path.exists() else []


def _worded(row):
    kept = {key: row[key] for key in ("topic", "fit", "quotation", "inference")}
    parts = [
        {"head": head, "value": count, "shown": why_not_shown(mark) if count is None else number(count)}
        for head, count, mark in zip(HEADS, row["cells"].values(), row["marks"].values(), strict=True)
    ]
    shares = {name: _share(row[name]) for name in ("chosen", "said")}
    return kept | shares | {"parts": parts, "phi": phi_said(row)}


def _share(share):
    told = {"label": share["label"], **{key: share[key] for key in ("low", "high")}}
    if share["percent"] is None:
        why = why_not_shown(share["shown"] or "nobody answered")
        return told | {"value": None, "counts": why, "percent": "–"}
    counts = f"{number(share['count'])} of {number(share['base'])}"
    percent = f"{number(share['percent'])}% ({interval(share['low'], share['high'])})"
    return told | {"value": share["percent"], "counts": counts, "percent": percent}
