"""Nothing that the notebooks wrote gives a small count away.

An attacker collects every count, base and mark from all results and tables of the default study, run
as if its answers were those of people, and solves for each withheld cell from all that is published.
"""

import csv
import json

import chapters
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from compendium.coding.codings import load_coding
from compendium.coding.themes import with_themes
from compendium.disclosure.counts import not_shown, published_counts, write_suppressed
from compendium.disclosure.suppression import feasibility_intervals
from compendium.survey.study import load_study
from helpers import open_study

STUDY, MINIMUM = "microcredentials", 5
BUILD = None  # where chapters 1 to 3 were run as if the answers were those of people


@pytest.fixture(scope="module", autouse=True)
def _protected(tmp_path_factory):
    global BUILD
    top = tmp_path_factory.mktemp("protected")
    data = chapters.lay_out(top, chapters.ROOT / "data" / STUDY, STUDY)
    themed = open_study(STUDY, data, top / "build", protect="always").themed
    write_suppressed(
        top / "build" / STUDY / "suppressed.json", themed
    )  # once for all chapters, as make
    for name, changed in zip(chapters.NAMES[:3], ({}, *[{"resamples": 20}] * 2), strict=True):
        chapters.run_chapter(name, top, STUDY, drawn=False, protect="always", **changed)
    BUILD = top / "build" / STUDY


def told():
    """Counts and bases by result id, as results and tables tell them."""
    found = {}

    def add(id, count, base):
        for name, number in ((id, count), (f"base of {id}", base)):
            if number not in (None, ""):
                found.setdefault(name, set()).add(float(number))

    for path in (BUILD / "results").glob("[1-4]_*.json"):
        for id, result in json.loads(path.read_text(encoding="utf-8")).items():
            add(id, result.get("count"), result.get("base"))
    for path in (BUILD / "tables").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if "result" in row and "count" in row:
                    add(row["result"], row["count"], row.get("base"))
    return found


@pytest.fixture(scope="module")
def everything():
    study = load_study("microcredentials", "data")
    study = with_themes(study, load_coding(study, "data/microcredentials"))
    return study, *published_counts(study), told()


def base_name(id):
    """The name that the base of a result has among the counts."""
    of, by, row = id.partition(".by.")
    key = "themes" if of.startswith("themes.") else of.rsplit(".", 1)[0]
    return f"base:{key}{by}{row}"


def test_counts_that_are_told_are_right_and_not_small(everything):
    _, cells, _, found = everything
    counted = {id: numbers for id, numbers in found.items() if id in cells}
    assert len(counted) > 150
    for id, numbers in counted.items():
        assert numbers == {float(cells[id])}
        assert cells[id] >= MINIMUM


def test_percents_go_with_their_counts(everything):
    _, cells, _, found = everything
    for path in (BUILD / "results").glob("[1-4]_*.json"):
        for id, result in json.loads(path.read_text(encoding="utf-8")).items():
            if id in cells and id not in found:
                assert result["value"] is None
                assert "low" not in result


def test_no_withheld_cell_can_be_pinned_down(everything):
    _, cells, sums, found = everything
    shown = {id for id in found if id in cells}
    for id in found:
        if id.startswith("base of "):
            shown.add(base_name(id.removeprefix("base of ")))
    # The total of all ticks follows from any shown percent of responses, and n is on every page.
    shown |= {name for name in cells if name.startswith("responses:")} | {"n"}
    # How many were not asked stands in the table of missing answers, row by row.
    shown |= {f"asked:{row['item']}" for row in missing_rows() if row["not_asked"]}
    shown &= cells.keys()
    assert len([name for name in shown if name.startswith("base:")]) > 40
    derived, harmless = not_shown(cells)
    unseen = set(derived) | set(harmless)
    hidden = [name for name in cells if name not in shown and name not in unseen]
    bounds = feasibility_intervals(cells, sums, MINIMUM, hidden, derived, harmless)
    assert len(bounds) > 40
    assert bounds[(bounds["low"] == bounds["high"]).fillna(False)].empty


def test_the_attack_would_find_a_leak(everything):
    _, cells, sums, _ = everything
    small = next(n for n in cells if cells[n] < MINIMUM and f"rest:{n}" in cells and ".by." not in n)
    derived, harmless = not_shown(cells)
    bounds = feasibility_intervals(cells, sums, MINIMUM, [small], derived, harmless).set_index("name")
    assert bounds.loc[small, "low"] == bounds.loc[small, "high"] == cells[small]


def missing_rows():
    with (BUILD / "tables" / "1_missing.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_each_test_follows_from_the_table_that_is_printed_with_it():
    results = json.loads((BUILD / "results" / "2_familiarity.json").read_text(encoding="utf-8"))
    read = {path.stem: pd.read_csv(path) for path in (BUILD / "tables").glob("2_*.csv")}
    checked = 0
    for row in read["2_tests"].itertuples():
        table = read.get(f"2_{row.question}_{row.name.split('.')[0]}")
        if table is None or row.question == "persuasion":
            continue
        named = row.name.split(".")[1:]
        if named:
            table = table[table["result"].str.contains(f".{named[0]}.", regex=False)]
        told = table["count"].notna().all() and table["base"].notna().all()
        assert told == pd.isna(row.note), row.name
        effect = results.get(f"plan.{row.question}.{row.name}.effect")
        if not told:
            assert effect is None
            assert np.isnan([row.p, row.statistic, row.low, row.high]).all()
            continue
        counts = table.pivot_table(index="option", columns="statement", values="count", sort=False)
        counts = counts.to_numpy(int)
        if counts.shape[1] == 1:  # the outcome or not
            counts = np.column_stack([table["base"].to_numpy(int) - counts[:, 0], counts])
        if row.test == "Kendall's τ-b":  # of all points: no finer than two decimals
            assert effect["value"] == round(effect["value"], 2)
        else:
            assert effect["value"] == pytest.approx(corrected_v(counts))
        checked += 1
    assert checked > 15


def corrected_v(counts):
    """Cramér's V, corrected for chance: Bergsma (2013), doi 10.1016/j.jkss.2012.10.002."""
    n, (rows, columns) = counts.sum(), counts.shape
    phi = stats.contingency.association(counts, method="cramer") ** 2 * (min(rows, columns) - 1)
    phi = max(0, phi - (rows - 1) * (columns - 1) / (n - 1))
    least = min(k - (k - 1) ** 2 / (n - 1) for k in (rows, columns)) - 1
    return (phi / least) ** 0.5


def test_what_rests_on_more_cells_than_are_shown_has_three_digits_or_is_withheld():
    folder = BUILD / "tables"
    tests = pd.read_csv(folder / "2_tests.csv").set_index("question")
    trends = tests.loc[tests["test"] == "Kendall's τ-b", ["statistic", "p", "effect", "low", "high"]]
    numbers = trends.stack().dropna()
    assert len(numbers) > 50
    assert numbers.map(lambda number: float(f"{number:.3g}") == number).all()
    assert not (folder / "2_model.csv").exists()  # it rests on breakdowns of which a count is withheld
    # Few gave one of the ratings of every grid.
    assert not [*folder.glob("2_*_pairs.csv"), *folder.glob("2_reliability_*.csv")]
    assert tests.loc["terms", ["statistic", "p", "effect", "n"]].isna().all()
    told = json.loads((BUILD / "results" / "2_familiarity.json").read_text())
    assert not [id for id in told if id.startswith("reliability.")]


def test_the_table_of_missing_answers_keeps_what_is_withheld(everything):
    study, cells, _, _ = everything
    rows = {row["column"]: row for row in missing_rows()}
    few = 0
    for item in study.instrument.of_type("multi", "scale", "grid", "single"):
        for column in (c for c in item.columns() if c in rows):
            unsure = [cells.get(f"{item.key_of(column)}.{part.id}", MINIMUM) for part in item.dont_know]
            ticked = cells.get(item.key_of(column), MINIMUM) if item.type == "multi" else MINIMUM
            if min([*unsure, MINIMUM]) < MINIMUM:
                assert rows[column]["dont_know"] == "0"
                few += 1
            if ticked < MINIMUM:
                assert rows[column]["answered"] == rows[column]["not_ticked"] == ""
                few += 1
    assert few > 10
