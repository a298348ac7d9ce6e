"""A bundle beside a fresh run: which files are the same, and why others are not.

A bundle comes from somebody else: it is read with distrust, in memory, and nothing of it is run.
"""

import base64
import hashlib
import json
import math
import re
from pathlib import Path
from urllib.parse import unquote

import pandas as pd

from compendium.archives import MAX_BYTES, read_members
from compendium.audit.committed import difference
from compendium.files import write_table
from compendium.publishing.bundle.contents import CRATE, INCLUDE, SUMS, collect
from compendium.publishing.bundle.datapackage import ANSWERS

IDENTICAL, CLOSE, DIFFERENT = "identical", "equal within rounding", "different"
DIGITS = 1e-9  # numbers are written with ten significant digits
NUMBER = re.compile(rb"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
PICTURE = re.compile(rb'"image/png": "([^"]*)"')  # in a notebook
TRAIL = re.compile(r"build/([A-Za-z0-9_-]+)/results/provenance\.json")
HEADER = 33  # bytes of a PNG that say how large its picture is
COUNTS = ("data/", "notebooks/", "requirements.lock", "src/")  # sources that numbers rest on
MOST = 4 * MAX_BYTES  # unpacked, of a bundle
SHOWN = 12  # what the screen names of a kind; the table has all


def verify_bundle(study, path, top="."):
    """Compare what a bundle holds of a study's run with what the present run made.

    Parameters
    ----------
    study : str
    path : str or pathlib.Path
        Of the bundle; it is only read.
    top : str or pathlib.Path
        Where the study was run.

    Yields
    ------
    str
        How many files are the same, which are not, and why.

    Returns
    -------
    int
        1 where a file is different or missing, or is not what the bundle says that it is; else 0.

    Raises
    ------
    ValueError
        When the archive is not to be trusted, no bundle, or one of another study.
    """
    files = read_members(path, lambda name: True, most=MOST)
    trail, sums = _trail(study, path, files), _sums(path, files)
    altered = [name for name, sum in sums.items() if _sum(files.get(name)) != sum]
    now = collect(study, INCLUDE if ANSWERS in files else "", top)
    places = (f"build/{study}/", f"figures/{study}/")
    then = {name: content for name, content in files.items() if name.startswith(places)}
    rows = [(name, *compared(name, then.get(name), now.made.get(name)))
            for name in sorted(then | now.made)]  # fmt: skip
    table = pd.DataFrame(rows, columns=["file", "status", "how"])
    write_table(Path(top, "build", study, "verification.csv"), table)
    counts = table["status"].value_counts()
    told = [f"{counts.get(status, 0)} {status}" for status in (IDENTICAL, CLOSE, DIFFERENT)]
    yield f"{', '.join(told)}: build/{study}/verification.csv"
    wrong = table[table["status"] == DIFFERENT]
    yield from _few(f"{row.file}: {row.how}" for row in wrong.itertuples())
    yield from _few(f"{name}: is not what the bundle says that it is" for name in altered)
    if len(wrong):
        yield from _few(_reasons(trail, sums, now)) or [
            "why cannot be told: sources, parameters and versions are the same"
        ]
    return 1 if len(wrong) or altered else 0


def compared(name, before, after):
    """Whether two versions of a file are the same, and how they are not.

    Parameters
    ----------
    name : str
        Its ending says how to compare.
    before, after : bytes or None
        None where there is no such file.

    Returns
    -------
    tuple of str
        One of `IDENTICAL`, `CLOSE` and `DIFFERENT`, and how they differ.

    Examples
    --------
    >>> compared("a.csv", b"x\\n0.3333333333\\n", b"x\\n0.3333333334\\n")
    ('equal within rounding', '')
    >>> compared("a.csv", b"x\\n12\\n", b"x\\n21\\n")
    ('different', 'reads 12, and now 21')
    """
    if before is None or after is None:
        return DIFFERENT, "not in the bundle" if before is None else "not made by this run"
    if before == after:
        return IDENTICAL, ""
    if name.endswith(".png"):
        how = _picture(before, after)
    elif name.endswith(".pdf"):
        how = "other bytes"
    else:
        how = _text(before, after)
    return (DIFFERENT, how) if how else (CLOSE, "")


def _picture(before, after):
    """How two pictures differ; one of another size is not decoded, however large it says it is."""
    if before[:HEADER] != after[:HEADER]:
        return "another size or kind of picture"
    try:
        how = difference("a.png", before, after)
    except (OSError, SyntaxError, ValueError):
        return "no sound picture"
    return "" if how == "within tolerance" else how


def _text(before, after):
    """The first place in which two texts differ: words must be the same, numbers to ten digits."""
    pictures = [PICTURE.findall(text) for text in (before, after)]
    before, after = (PICTURE.sub(b"", text) for text in (before, after))
    if len(pictures[0]) != len(pictures[1]):
        return "another number of pictures"
    for pair in zip(*pictures, strict=True):
        if pair[0] != pair[1] and (how := _picture(*(_decoded(one) for one in pair))):
            return f"a picture in it: {how}"
    for old, new in zip(NUMBER.findall(before), NUMBER.findall(after), strict=False):
        if old != new and not math.isclose(float(old), float(new), rel_tol=DIGITS, abs_tol=1e-12):
            return f"reads {old[:20].decode()}, and now {new[:20].decode()}"
    return "" if NUMBER.sub(b"0", before) == NUMBER.sub(b"0", after) else "other words"


def _decoded(text):
    try:
        return base64.b64decode(text, validate=False)
    except ValueError:
        return b""


def _reasons(trail, sums, now):
    """Why a run can have made other files: versions, parameters and sources that are others now."""
    present = json.loads(now.made[f"build/{now.study}/results/provenance.json"])
    then, after = (_settings(one) for one in (trail, present))
    for key in sorted(then.keys() | after.keys()):
        if then.get(key) != after.get(key):
            yield f"another {key}: {then.get(key, 'none')}, and now {after.get(key, 'none')}"
    here = {line[66:]: line[:64] for line in now.sums.decode().splitlines()}
    there = {name: sum for name, sum in sums.items() if name in here or not _made(name)}
    others = [name for name in there.keys() | here.keys() if there.get(name) != here.get(name)]
    for name in sorted(others, key=lambda name: (not name.startswith(COUNTS), name)):
        yield f"another source: {name}"


def _settings(trail):
    """Versions and parameters of a trail, by what they are of, in a few letters each."""
    found = {"version of Python": trail.get("python")}
    found |= {f"version of {name}": version for name, version in _flat(trail.get("packages")).items()}
    found |= {
        f"input {name}": sum[:8]
        for name, sum in _flat(trail.get("inputs")).items()
        if isinstance(sum, str)
    }
    for chapter, values in _flat(trail.get("parameters")).items():
        found |= {f"parameter of {chapter}, {key}": value for key, value in _flat(values).items()}
    return {
        key: "?" if isinstance(value, dict | list) else str(value)[:60] for key, value in found.items()
    }


def _made(name):
    return name.startswith(("build/", "figures/")) or "/" not in name


def _flat(content):
    return content if isinstance(content, dict) else {}


def _few(lines):
    """The first of many lines, and how many more there are."""
    lines = list(lines)
    more = len(lines) - SHOWN
    return lines[:SHOWN] + ([f"… and {more} more"] if more > 0 else [])


def _trail(study, path, files):
    """What the bundle's run was made from, once it is of this study."""
    names = [match[1] for name in files if (match := TRAIL.fullmatch(name))]
    if len(names) != 1 or not {SUMS, CRATE} <= files.keys():
        raise ValueError(f"{path}: is no bundle of a study; make one with make bundle.")
    if names != [study]:
        raise ValueError(f"{path}: is a bundle of {names[0]}; give STUDY={names[0]}.")
    return _flat(_read(path, f"build/{study}/results/provenance.json", files))


def _sums(path, files):
    """What the bundle says of its files: the sum of each, sources and what was made."""
    lines = files[SUMS].decode("utf-8", "replace").splitlines()
    sums = {line[66:]: line[:64] for line in lines if len(line) > 66}
    graph = _flat(_read(path, CRATE, files)).get("@graph")
    for one in graph if isinstance(graph, list) else []:
        if isinstance(one, dict) and isinstance(one.get("@id"), str) and "sha256" in one:
            sums[unquote(one["@id"])] = one["sha256"]
    return sums


def _read(path, name, files):
    try:
        return json.loads(files[name])
    except (ValueError, RecursionError):
        raise ValueError(f"{path}: {name} is not JSON; make the bundle again.") from None


def _sum(content):
    return None if content is None else hashlib.sha256(content).hexdigest()
