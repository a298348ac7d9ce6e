"""Figures that were drawn anew beside the committed ones.

The notebooks draw into ``figures/<study>``; git knows what was there before (its index, which is the
last commit unless a changed figure was added on purpose). SVG and JSON must be the same byte for byte.
So should PNG; where a machine draws letters a shade differently, no channel of any pixel may be further
off than `TOLERANCE`.
"""

import io

import matplotlib.image
import numpy as np

from compendium.audit.provenance import git

TOLERANCE = 24  # of 255


def verify(folder):
    """Compare a study's figures with the committed ones.

    Parameters
    ----------
    folder : pathlib.Path

    Yields
    ------
    str
        How many are the same, and each file that differs.

    Returns
    -------
    int
        0 all the same, 1 some differ, 2 nothing to compare with.
    """
    before = committed(folder)
    if not before:
        yield f"{folder}: git has no figures here to compare with"
        return 2
    found = compare(before, drawn(folder))
    wrong = {name: said for name, said in found.items() if said not in ("", "within tolerance")}
    near = sum(said == "within tolerance" for said in found.values())
    same = f"{len(found) - len(wrong) - near} of {len(found)} files are identical to the committed ones"
    yield f"{folder}: {same}" + (f", {near} more within tolerance" if near else "")
    yield from (f"{name}: {said}" for name, said in wrong.items())
    return 1 if wrong else 0


def committed(folder):
    """What git holds of a folder.

    Parameters
    ----------
    folder : pathlib.Path

    Returns
    -------
    dict of str to bytes
        By file name; empty where there is no git, no repository, or nothing committed.
    """
    names = git(folder, "ls-files", "-z").decode().split("\0")
    return {name: git(folder, "show", f":./{name}") for name in names if name}


def difference(name, before, after):
    """How a file differs from the committed one.

    Parameters
    ----------
    name : str
        File name; its ending says how to compare.
    before, after : bytes or None
        None where there is no such file.

    Returns
    -------
    str
        Empty where they are the same; ``within tolerance`` for a PNG that differs so little.
    """
    if before is None or after is None:
        return "not committed" if before is None else "not drawn anew"
    if before == after:
        return ""
    if not name.endswith(".png"):
        return "differs"
    old, new = (matplotlib.image.imread(io.BytesIO(png), format="png") for png in (before, after))
    if old.shape != new.shape:
        return "differs in size"
    furthest = 255 * float(np.abs(old - new).max())
    return "within tolerance" if furthest <= TOLERANCE else f"differs by {furthest:.0f} of 255"


def compare(before, after):
    """Compare two sets of files.

    Parameters
    ----------
    before, after : dict of str to bytes
        By file name.

    Returns
    -------
    dict of str to str
        Every file name, and what `difference` says of it.
    """
    names = sorted(before | after)
    return {name: difference(name, before.get(name), after.get(name)) for name in names}


def drawn(folder):
    """The files of a folder, by name.

    Parameters
    ----------
    folder : pathlib.Path

    Returns
    -------
    dict of str to bytes
    """
    if not folder.is_dir():
        return {}
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
