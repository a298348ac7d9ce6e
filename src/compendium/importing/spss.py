"""Reads SPSS files in a process of its own: the library that does can crash on a damaged one.

python -m compendium.importing.spss export.sav table.feather
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.feather

from compendium.importing.tabular import Sheet, as_text, frame_of, refuse_size

LONG = 600  # seconds


def read_spss(path):
    """Codes as text under two rows of headings: the variables' names and their labels.

    Parameters
    ----------
    path : pathlib.Path
        A ``.sav`` or ``.zsav`` file.

    Returns
    -------
    Sheet
        With the labels of the codes, and which codes the file calls missing.

    Raises
    ------
    ValueError
        When the file cannot be read.
    """
    package = str(Path(__file__).resolve().parents[1])
    paths = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH")]))
    with tempfile.TemporaryDirectory() as scratch:
        target = Path(scratch) / "table.feather"
        command = [sys.executable, "-m", "compendium.importing.spss", str(path), str(target)]
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
            raise ValueError(
                message or f"{path}: not readable as an SPSS file (damaged); save it again, or as CSV."
            )
        table = pyarrow.feather.read_table(target, memory_map=False)
    about = json.loads(table.schema.metadata[b"spss"])
    sheet = Sheet(frame_of(table.columns), [f"SPSS file, {table.num_rows - 2:,} rows."])
    sheet.labels = dict(enumerate(about["labels"]))
    sheet.unseen = {i: set(codes) for i, codes in enumerate(about["unseen"])}
    sheet.refused = {i: set(codes) for i, codes in enumerate(about["refused"])}
    return sheet


def convert(path, target):
    """Read an SPSS file into an Arrow table of text; what the codes mean goes into its metadata.

    Parameters
    ----------
    path, target : str or pathlib.Path

    Raises
    ------
    ValueError
        When the file cannot be read.
    """
    import pyreadstat  # here, so that only the process of its own can crash

    try:
        _, head = pyreadstat.read_sav(path, metadataonly=True)
        refuse_size(path, head.number_rows or 0, head.number_columns or 0)
        frame, meta = pyreadstat.read_sav(path, user_missing=True)
    except ValueError as error:
        raise ValueError(
            str(error) if str(error).startswith(str(path)) else _unreadable(path)
        ) from None
    except Exception:
        raise ValueError(_unreadable(path)) from None
    columns, about = {}, {"labels": [], "unseen": [], "refused": []}
    for i, (name, label) in enumerate(zip(meta.column_names, meta.column_labels, strict=True)):
        values = [as_text(v) for v in frame[name].astype(object).where(frame[name].notna(), None)]
        columns[str(i)] = pa.array([name, label or "", *values], pa.large_string())
        labels = meta.variable_value_labels.get(name, {})
        labels = {as_text(code): str(text) for code, text in labels.items()}
        unseen, refused = _user_missing(meta, name, labels, set(values))
        about["labels"].append(labels)
        about["unseen"].append(sorted(unseen))
        about["refused"].append(sorted(refused))
    table = pa.table(columns).replace_schema_metadata({"spss": json.dumps(about)})
    pyarrow.feather.write_feather(table, str(target))


def _unreadable(path):
    return f"{path}: not readable as an SPSS file (damaged); save it again, or as CSV."


# Words in the label of a missing code that say the question was not put at all.
NOT_PUT = re.compile(
    r"not (asked|shown|displayed|applicable|reached|presented)|inapplicable|filter|skip logic"
    r"|nicht gestellt|trifft nicht zu|système",
    re.IGNORECASE,
)
UNSURE = re.compile(r"don.?t know|do not know|not sure|unsure|weiß nicht|ne sait pas", re.IGNORECASE)


def _user_missing(meta, name, labels, present):
    """The codes that the file calls missing: not asked, and no answer; *don't know* is an answer."""
    codes, present = set(), present | set(labels)
    for span in meta.missing_ranges.get(name, []):
        low, high = span["lo"], span["hi"]
        codes |= {code for code in present if _within(code, low, high)}
    codes |= {as_text(value) for value in meta.missing_user_values.get(name, [])}
    codes = {code for code in codes if code and not UNSURE.search(labels.get(code, ""))}
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
        convert(*sys.argv[1:])
    except ValueError as error:
        sys.exit(str(error))
