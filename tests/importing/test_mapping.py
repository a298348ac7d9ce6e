"""Columns of responses.csv, and how they are written."""

import csv
import io

import pandas as pd
import pytest
from described_survey import FREQUENCY, save
from hypothesis import given, settings
from hypothesis import strategies as st

from compendium.importing.importer import import_study
from compendium.importing.mapping import csv_parts
from compendium.survey.study import load_study

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


@pytest.mark.parametrize("label", ["Text", "Other", "Column"])
@pytest.mark.parametrize("kind", ["ticks", "grid", "one cell"])
def test_an_option_may_be_called_what_columns_are_called(data, kind, label):
    """``use.text`` is an option or a statement here, and not the text beside one."""
    parts = ["Audio", label, "Video"]
    rows = [["Respondent ID", *(f"Which do you use? [{part}]" for part in parts)]]
    given = {"ticks": "01", "grid": FREQUENCY}.get(kind)
    if given:
        rows += [[str(i), *(given[(i + j * j) % len(given)] for j in range(3))] for i in range(30)]
    else:
        rows = [["Timestamp", "Which do you use?"]]
        rows += [
            ["2024/05/01", ", ".join(parts[j] for j in range(3) if (i >> j) % 2)] for i in range(64)
        ]
    save(data.parent / "a.csv", rows)
    import_study("mine", data.parent / "a.csv", data)
    study = load_study("mine", data)
    (item,) = study.instrument.items
    named = item.statements if kind == "grid" else item.options
    assert [one.label for one in named] == parts
    column = study.answers[f"{item.id}.{named[1].id}"]
    if kind == "grid":
        assert column.tolist() == [FREQUENCY[(i + 1) % 5].casefold() for i in range(30)]
    elif kind == "ticks":
        ticked = [bool((i + 1) % 2) for i in range(30)]
        answered = [bool(i % 2) or tick for i, tick in enumerate(ticked)]
        assert all(answered)
        assert column.tolist() == ticked
    else:
        assert column.sum() == 32
