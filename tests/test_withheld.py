"""Nothing that the notebooks wrote gives a small count away.

An attacker collects every count, base and mark from all results and tables of the default study, and
solves for each withheld cell from everything that is published.
"""

import csv
import json
from pathlib import Path

import pytest

from helpers.cells import not_shown, published
from helpers.disclosure import attack
from helpers.study import load_study
from helpers.themes import with_themes

BUILD = Path(__file__).parents[1] / "build" / "microcredentials"
MINIMUM = 5


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
    study = with_themes(load_study("microcredentials", "data"), "data/microcredentials")
    return study, *published(study), told()


def base_name(id, cells):
    """The name that the base of a result has among the counts."""
    return f"base:{id}" if f"base:{id}" in cells else f"base:{id.rsplit('.', 1)[0]}"


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
            shown.add(base_name(id.removeprefix("base of "), cells))
    # The total of all ticks follows from any shown percent of responses, and n is on every page.
    shown |= {name for name in cells if name.startswith("responses:")} | {"n"}
    derived, harmless = not_shown(cells)
    unseen = set(derived) | set(harmless)
    hidden = [name for name in cells if name not in shown and name not in unseen]
    bounds = attack(cells, sums, MINIMUM, hidden, derived, harmless)
    assert len(bounds) > 40
    assert bounds[(bounds["low"] == bounds["high"]).fillna(False)].empty


def test_the_attack_would_find_a_leak(everything):
    _, cells, sums, _ = everything
    small = next(n for n in cells if cells[n] < MINIMUM and f"rest:{n}" in cells and ".by." not in n)
    derived, harmless = not_shown(cells)
    bounds = attack(cells, sums, MINIMUM, [small], derived, harmless).set_index("name")
    assert bounds.loc[small, "low"] == bounds.loc[small, "high"] == cells[small]


def test_the_table_of_missing_answers_keeps_what_is_withheld(everything):
    study, cells, _, _ = everything
    with (BUILD / "tables" / "1_missing.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["column"]: row for row in csv.DictReader(file)}
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
