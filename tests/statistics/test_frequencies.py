"""Tables of a study: their counts, their bases, and that withheld rows hold no number."""

from dataclasses import replace

import pandas as pd
import pytest

from compendium.disclosure.counts import suppressed_counts
from compendium.statistics.frequencies import breakdown, distribution
from compendium.survey.study import load_study


@pytest.fixture(scope="module")
def study():
    """The default study, protected as if its answers were those of people."""
    study = load_study("microcredentials", "data")
    return replace(study, instrument=study.instrument.protecting("always"))


@pytest.fixture(scope="module")
def hidden(study):
    return suppressed_counts(study)


def test_the_headline_is_shown(study, hidden):
    table = distribution(study, study.instrument.item("concept"), hidden, 0.95)
    row = table.set_index("result").loc["familiarity.concept.not_familiar"]
    assert (row["count"], row["base"]) == (12, 92)
    assert (round(row["low"], 1), round(row["high"], 1)) == (7.6, 21.4)


def test_counts_of_a_table_equal_pandas_own(study):
    raw = pd.read_csv("data/microcredentials/responses.csv").head(92)
    table = distribution(study, study.instrument.item("size"), {}, 0.95).set_index("option")
    assert table["count"].to_dict() == raw["size"].value_counts().to_dict()
    ticked = distribution(study, study.instrument.item("areas"), {}, 0.95).set_index("option")
    asked = raw[raw["interest"].isin(["Yes", "Maybe"])].filter(regex="^areas_(?!.*text)")
    answered = asked[asked.notna().any(axis=1)]
    assert ticked.loc["Technology advancements", "count"] == answered["areas_technology"].sum()
    assert (ticked["base"] == len(answered)).all()


def test_dont_know_is_beside_the_scale(study):
    table = distribution(study, study.instrument.item("terms"), {}, 0.95)
    badge = table[table["statement"] == "Digital badge"].set_index("kind")
    unsure, points = badge.loc["dont_know"], badge.loc["option"]
    assert points["count"].sum() == points["base"].iloc[0]
    assert unsure["base"] == points["base"].iloc[0] + unsure["count"]


def test_breakdowns_equal_pandas_own(study):
    raw = pd.read_csv("data/microcredentials/responses.csv").head(92)
    item = study.instrument.item
    table = breakdown(study, item("concept"), "not_familiar", item("role"), {}, 0.95)
    table = table.set_index("option")
    for role, rows in raw.groupby("role"):
        assert table.loc[role, "count"] == (rows["concept"] == "Not familiar").sum()
        assert table.loc[role, "base"] == len(rows)


def test_withheld_rows_carry_no_number(study, hidden):
    for item in study.instrument.of_type("single", "scale", "grid", "multi"):
        table = distribution(study, item, hidden, 0.95)
        gone = table[table["shown"] != ""]
        assert gone[["count", "percent", "low", "high"]].isna().all(axis=None)
        assert (table["count"].dropna() >= 5).all()


def test_several_ways_not_to_know_are_one_row(tmp_path):
    folder = tmp_path / "two"
    folder.mkdir()
    (folder / "survey.yml").write_text(
        "title: T\nprovenance: collected\nlicence: none\nsections: [{id: s, title: S}]\n"
        "items:\n  - {id: q, section: s, type: scale, question: 'Q?',\n"
        "     points: [{id: low, label: Low}, {id: high, label: High}],\n"
        "     dont_know: [{id: unsure, label: Don't know}, {id: silent, label: Won't say}]}\n",
        encoding="utf-8",
    )
    answers = ["Low"] * 8 + ["High"] * 9 + ["Don't know"] * 4 + ["Won't say"] * 3
    (folder / "responses.csv").write_text("q\n" + "\n".join(answers) + "\n", encoding="utf-8")
    study = load_study("two", tmp_path)
    table = distribution(study, study.instrument.item("q"), suppressed_counts(study), 0.95)
    (row,) = table[table["kind"] == "dont_know"].itertuples()
    assert (row.option, table.loc[row.Index, "count"], row.base) == ("Don't know / Won't say", 7, 24)
