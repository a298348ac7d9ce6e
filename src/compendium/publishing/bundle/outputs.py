"""What each file that a run made shows, and which results stand in it."""

import csv
import io
import json
from pathlib import PurePosixPath
from typing import NamedTuple

SHOWN = {".csv": "Table", ".ipynb": "Chapter as it was run:", ".pdf": "PDF:", ".txt": "Note:"}


class Output(NamedTuple):
    """What a file shows.

    Attributes
    ----------
    name : str
        In a line.
    results : list of str
        Ids of the results that stand in it; of a file of results that is their name, none.
    chapter : str
        The notebook that made it, or empty.
    """

    name: str
    results: list
    chapter: str


def outputs(contents):
    """What each file that a run made shows.

    Parameters
    ----------
    contents : contents.Contents

    Returns
    -------
    dict of str to Output
        By path.
    """
    made = contents.made
    chapters = {PurePosixPath(path).stem[:2]: PurePosixPath(path).stem for path in made
                if path.endswith(".ipynb")}  # fmt: skip
    read = {path: json.loads(content) for path, content in made.items() if path.endswith(".json")}
    folder = f"build/{contents.study}/results/"
    known = {id for name in chapters.values() for id in read.get(f"{folder}{name}.json", {})}
    shown = {}
    for path, content in made.items():
        file = PurePosixPath(path)
        name = f"{SHOWN.get(file.suffix, 'Facts:')} {file.stem}"
        chapter, named = chapters.get(file.name[:2], ""), []
        if path.startswith("figures/"):
            words = read.get(str(file.with_suffix(".json")))
            words = words if isinstance(words, dict) else {"title": "Captions of all figures"}
            name, named = f"Figure: {words['title']}", words.get("results", [])
        elif path == f"{folder}{chapter}.json":
            name = f"Named results of {chapter}"
        elif file.suffix == ".csv":
            rows = csv.DictReader(io.StringIO(content.decode()))
            named = [row[key] for row in rows for key in rows.fieldnames if key.endswith("result")]
        elif file.suffix == ".pdf":
            named = read.get(str(file.with_name("content.json")), {}).get("results", [])
        shown[path] = Output(name, [id for id in dict.fromkeys(named) if id in known], chapter)
    return shown
