"""The words of saved figures: beside each one, and of all together in ``captions.json``.

A module of its own, because reading words needs no library that draws.
"""

from pathlib import Path

from compendium.files import read_json, write_json

WORDS = ("file", "title", "caption", "alt", "base", "results", "notebook")  # of a saved figure
NAME = "captions.json"


def write_captions(folder):
    """Join the words of all figures of a folder in its ``captions.json``, by file name.

    Parameters
    ----------
    folder : str or pathlib.Path
        Holds figures as `figures.style.save_figure` writes them.

    Raises
    ------
    ValueError
        When one of the JSON files is not what `figures.style.save_figure` writes.
    """
    folder, all_words = Path(folder), []
    for path in sorted(folder.glob("*.json")):
        if path.name == NAME:
            continue
        words = read_json(path)
        if not isinstance(words, dict) or set(words) != set(WORDS):
            raise ValueError(f"{path}: not the words of a figure; delete it and run make again.")
        all_words.append(words)
    write_json(folder / NAME, all_words)


def read_captions(folder):
    """The words of the figures that ``captions.json`` of a folder lists, by file name.

    Parameters
    ----------
    folder : str or pathlib.Path

    Returns
    -------
    dict of str to dict
        Empty where no figure is listed yet.

    Raises
    ------
    ValueError
        When ``captions.json`` is not a list of figures.

    Examples
    --------
    >>> read_captions("figures/microcredentials")["1_flow.svg"]["notebook"]
    '1_responses'
    """
    path = Path(folder) / NAME
    if not path.exists():
        return {}
    try:
        return {words["file"]: words for words in read_json(path)}
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(f"{path}: no list of figures ({error!r}); run make again.") from None
