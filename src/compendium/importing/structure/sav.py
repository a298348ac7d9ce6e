"""Reads SPSS files as rows of text, in a process of its own: the library can crash on a damaged one."""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.feather

from compendium.importing.structure.spss import DONT_KNOW
from compendium.importing.text import CELLS, Sheet, as_text, frame_of, refuse_size, same_rows

LONG = 600  # seconds
MEMORY = 8 << 30  # bytes


def read_spss(path):
    """Codes as text under two rows of headings: the variables' names and their labels."""
    with tempfile.TemporaryDirectory() as scratch:
        target = Path(scratch) / "table.feather"
        _convert_apart(path, target)
        table = pyarrow.feather.read_table(target, memory_map=False)
    about = json.loads(table.schema.metadata[b"spss"])
    sheet = Sheet(frame_of(table.columns), [f"SPSS file, {table.num_rows - 2:,} rows."])
    sheet.labels = dict(enumerate(about["labels"]))
    sheet.unseen = {i: set(codes) for i, codes in enumerate(about["unseen"])}
    sheet.refused = {i: set(codes) for i, codes in enumerate(about["refused"])}
    sheet.measures, sheet.sets = dict(enumerate(about["measures"])), about["sets"]
    return sheet


def _convert_apart(path, target):
    """Call `convert` in a process of its own."""
    package = str(Path(__file__).resolve().parents[2])
    paths = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH")]))
    command = [sys.executable, "-m", "compendium.importing.structure.sav", str(path), str(target)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=LONG, check=False,
            env=os.environ | {"PYTHONPATH": paths},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise ValueError(f"{path}: the file cannot be read in {LONG} s; save it again.") from None
    if done.returncode or not target.exists():
        said = done.stderr.strip().splitlines() if done.returncode == 1 else []
        # What the reader refuses it says in one line; any other end is a crash.
        message = said[-1] if said and said[-1].startswith(str(path)) else None
        raise ValueError(message or _unreadable(path))


def convert(path, target):
    """Read an SPSS file into an Arrow table of text; what the codes mean goes into its metadata."""
    import pyreadstat  # here, so that only the process of its own can crash

    try:
        _, head = pyreadstat.read_sav(path, metadataonly=True)
        refuse_size(path, head.number_rows or 0, head.number_columns or 0)
        # Of a file that does not state its rows, no more are read than a table may have.
        most = CELLS // max(head.number_columns or 1, 1) + 1
        frame, meta = pyreadstat.read_sav(path, user_missing=True, row_limit=most)
        refuse_size(path, len(frame), len(frame.columns))
        same_rows(path, head.number_rows, len(frame))
    except ValueError as error:
        said = str(error).startswith(str(path))
        raise ValueError(str(error) if said else _unreadable(path)) from None
    except Exception:  # pyreadstat raises errors of its own, and of what the bytes became
        raise ValueError(_unreadable(path)) from None
    columns, about = {}, {"labels": [], "unseen": [], "refused": [], "measures": []}
    for i, (name, label) in enumerate(zip(meta.column_names, meta.column_labels, strict=True)):
        codes, kinds = pd.factorize(frame.pop(name))
        texts = [*map(as_text, kinds.astype(object)), ""]  # the last for no value, whose code is -1
        values = np.array(texts, dtype=object)[codes]
        columns[str(i)] = pa.array([name, label or "", *values], pa.large_string())
        labels = meta.variable_value_labels.get(name, {})
        labels = {as_text(code): str(text) for code, text in sorted(labels.items(), key=_by_code)}
        unseen, refused = _user_missing(meta, name, labels, set(texts))
        about["labels"].append(labels)
        about["unseen"].append(sorted(unseen))
        about["refused"].append(sorted(refused))
        about["measures"].append(meta.variable_measure.get(name, ""))
    about["sets"] = [
        [name, one["label"], one["variable_list"]]
        for name, one in (meta.mr_sets or {}).items() if one["is_dichotomy"]
    ]  # fmt: skip
    table = pa.table(columns).replace_schema_metadata({"spss": json.dumps(about)})
    pyarrow.feather.write_feather(table, str(target))


def _by_code(labelled):
    """Numbers in their order, before texts."""
    code = labelled[0]
    return (1, 0.0, code) if isinstance(code, str) else (0, float(code), "")


def _unreadable(path):
    return f"{path}: not readable as an SPSS file (damaged); save it again, or as CSV."


# Words in the label of a missing code that say the question was not put at all.
NOT_PUT = re.compile(
    r"not (asked|shown|displayed|applicable|reached|presented)|inapplicable|filter|skip logic"
    r"|nicht gestellt|trifft nicht zu|système",
    re.IGNORECASE,
)


def _user_missing(meta, name, labels, present):
    """The codes that the file calls missing: not asked, and no answer; *don't know* is an answer."""
    codes, present = set(), present | set(labels)
    for span in meta.missing_ranges.get(name, []):
        low, high = span["lo"], span["hi"]
        codes |= {code for code in present if _within(code, low, high)}
    codes |= {as_text(value) for value in meta.missing_user_values.get(name, [])}
    codes = {code for code in codes if code and not DONT_KNOW.search(labels.get(code, ""))}
    unseen = {code for code in codes if NOT_PUT.search(labels.get(code, ""))}
    return unseen, codes - unseen


def _within(code, low, high):
    if isinstance(low, str) or isinstance(high, str):
        return code.rstrip() == str(low).rstrip()
    try:
        return low <= float(code) <= high
    except ValueError:
        return False


if __name__ == "__main__":
    try:
        import resource
    except ImportError:  # Windows has none
        pass
    else:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    try:
        convert(*sys.argv[1:])
    except ValueError as error:
        sys.exit(str(error))
