"""The words of all figures of a study in one file.

    python -m compendium.figures.captions figures/microcredentials

Each figure has its own JSON file, so that notebooks can draw at the same time; whoever shows figures
reads `captions.json`, which is made of them.
"""

import json
import sys
from pathlib import Path

from compendium.files import read_text, write_json

KEYS = ("file", "title", "caption", "alt", "base", "results", "notebook")
NAME = "captions.json"


def write_captions(folder):
    """Put the words of all figures of a folder into its ``captions.json``.

    Parameters
    ----------
    folder : str or pathlib.Path
        Holds figures as `figures.save` writes them.

    Returns
    -------
    list of dict
        One a figure, by file name: `file`, `title`, `caption`, `alt`, `base`, `results`,
        `notebook`.

    Raises
    ------
    ValueError
        When one of the JSON files is not what `figures.save` writes; the message names it.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> write_json(folder / "4_a.json", {key: "" for key in KEYS} | {"file": "4_a.svg"})
    >>> [words["file"] for words in write_captions(folder)]
    ['4_a.svg']
    """
    folder, all_words = Path(folder), []
    for path in sorted(folder.glob("*.json")):
        if path.name == NAME:
            continue
        try:
            words = json.loads(read_text(path))
        except json.JSONDecodeError:
            words = None
        if not isinstance(words, dict) or set(words) != set(KEYS):
            raise ValueError(f"{path}: not the words of a figure; delete it and run make again.")
        all_words.append(words)
    write_json(folder / NAME, all_words)
    return all_words


if __name__ == "__main__":
    for name in sys.argv[1:]:
        write_captions(name)
