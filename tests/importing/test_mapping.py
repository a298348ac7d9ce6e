"""Columns of responses.csv, and how they are written."""

import csv
import io

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from compendium.importing.mapping import csv_parts

CELLS = st.text(st.sampled_from("ab,;\"\n\t é|'"), max_size=5)

TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=6)
)


@given(TABLES)
@settings(max_examples=150, deadline=None)
def test_what_is_written_is_what_python_writes(table):
    frame = pd.DataFrame(table[1:], columns=[f"c{i}" for i in range(len(table[0]))], dtype="str")
    frame.insert(0, "respondent", [f"r{i}" for i in range(len(frame))])
    expected = io.StringIO(newline="")
    csv.writer(expected, lineterminator="\n").writerows([list(frame), *frame.to_numpy().tolist()])
    assert b"".join(csv_parts(frame, rows=2)).decode() == expected.getvalue()
