"""An attacker who knows nothing of how counts are withheld, only what tables show, finds no small one.

Two questions, broken down by each other, each with groups and *don't know*; many random studies. The
attacker writes down all answers by all answers as unknowns, and every number, base and mark that the
tables show as equations, and asks for the smallest and the largest value of each withheld count.
"""

import csv
from itertools import product

import numpy as np
import pandas as pd
import pytest
import yaml
from scipy.optimize import Bounds, LinearConstraint, milp

from compendium.disclosure.counts import not_shown, published_counts, suppressed_counts
from compendium.disclosure.suppression import feasibility_intervals
from compendium.statistics.frequencies import breakdown, distribution
from compendium.survey.study import load_study

MINIMUM = 5
USE = {"uses": "Uses", "plans": "Plans", "might": "Might", "never": "Never"}
SIZE = {"micro": "Micro", "small": "Small", "large": "Large"}
UNSURE = "Don't know"


def write_study(folder, seed):
    """Two questions, the second asked of those who do not answer *Never* to the first."""
    rng = np.random.default_rng(seed)
    rows = int(rng.integers(25, 70))
    folder.mkdir()

    def item(id, options, **more):
        listed = [{"id": key, "label": label} for key, label in options.items()]
        unsure = [{"id": "unsure", "label": UNSURE}]
        return {
            "id": id, "section": "s", "type": "scale", "question": f"{id}?", "points": listed,
            "dont_know": unsure,
        } | more  # fmt: skip

    shares = rng.dirichlet(np.ones(6)), rng.dirichlet(np.ones(5))
    use = rng.choice([*USE.values(), UNSURE, ""], rows, p=shares[0])
    size = rng.choice([*SIZE.values(), UNSURE, ""], rows, p=shares[1])
    condition = bool(seed % 2)
    if condition:
        size[np.isin(use, ["Never", UNSURE, ""])] = ""
    asked = {"asked_if": {"item": "use", "any": ["uses", "plans", "might"]}} if condition else {}
    groups = [{"id": "open", "label": "Open to it", "options": ["uses", "plans", "might"]}]
    plan = [
        {"item": "use", "of": [*USE], "by": ["size"]},
        {"item": "size", "of": [*SIZE], "by": ["use"]},
        {"item": "use", "of": "open", "by": ["size"]},
    ]
    plan = [{"id": f"p{k}", "question": "?", "method": "association"} | q for k, q in enumerate(plan)]
    survey = {
        "title": "T", "provenance": "collected", "licence": "none", "plan": plan,
        "sections": [{"id": "s", "title": "S"}],
        "items": [item("use", USE, groups=groups), item("size", SIZE, **asked)],
    }  # fmt: skip
    (folder / "survey.yml").write_text(yaml.safe_dump(survey), encoding="utf-8")
    with (folder / "responses.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["use", "size"], *zip(use, size, strict=True)])
    return load_study(folder.name, folder.parent)


def rows_of(table):
    return table.rename(columns={"count": "count_"}).itertuples()  # tuples have a `count`


def shown(study, hidden):
    """Rows of all tables, each with the answers that it counts and those of its base."""
    use, size = map(study.instrument.item, ("use", "size"))
    any_use, any_size = set(USE), set(SIZE)
    rows = []
    for side, (item, every) in enumerate(((use, any_use), (size, any_size))):
        for row in rows_of(distribution(study, item, hidden, 0.95)):
            part = row.result.rsplit(".", 1)[1]
            base = every | {"unsure"} if part == "unsure" else every
            rows.append((row, {side: set(item.members(part))}, {side: base}))
    for of, by in product([*USE, "open"], SIZE):
        table = breakdown(study, use, of, size, hidden, 0.95, rows=[by])
        for row in rows_of(table):
            rows.append((row, {0: set(use.members(of)), 1: {by}}, {0: any_use, 1: {by}}))
    for of, by in product(SIZE, USE):
        for row in rows_of(breakdown(study, size, of, use, hidden, 0.95, rows=[by])):
            rows.append((row, {1: {of}, 0: {by}}, {1: any_size, 0: {by}}))
    return rows


@pytest.mark.parametrize("seed", range(12))
def test_a_stranger_pins_no_small_count(tmp_path, seed):
    study = write_study(tmp_path / "random", seed)
    hidden = suppressed_counts(study)
    states = list(product([*USE, "unsure", "none"], [*SIZE, "unsure", "none"]))
    skipped = study.instrument.item("size").asked_if is not None
    closed = {"never", "unsure", "none"} if skipped else set()
    most = [0 if use in closed and size != "none" else study.n for use, size in states]

    def counted(sets):
        return [
            float(all(state[side] in members for side, members in sets.items())) for state in states
        ]

    rows, lower, upper, secret = [np.ones(len(states))], [study.n], [study.n], []
    for row, hits, base in shown(study, hidden):
        numbers = [(counted(hits), row.count_), (counted(base), row.base)]
        if not any(
            np.array(counted(hits)) * np.array(most)
        ):  # skip logic lets nobody give both answers
            continue
        if row.shown:
            assert np.isnan([row.percent, row.low, row.high]).all()
            assert row.count_ is pd.NA
            low, high = (0, MINIMUM - 1) if row.shown.startswith("<") else (MINIMUM, study.n)
            rows.append(counted(hits))
            lower.append(low)
            upper.append(high)
            if row.shown.startswith("<"):
                secret.append((row.result, counted(hits)))
        for unknowns, number in numbers:
            if number is not pd.NA:
                rows.append(unknowns)
                lower.append(int(number))
                upper.append(int(number))
        if not row.shown and row.base:
            assert row.count_ >= MINIMUM
    fits = LinearConstraint(np.array(rows), lower, upper)
    within = Bounds(0, most)
    assert secret
    for name, hits in secret:
        ends = []
        for sign in (1, -1):
            found = milp(sign * np.array(hits), constraints=fits, bounds=within, integrality=1)
            assert found.status == 0, found.message
            ends.append(round(sign * found.fun))
        assert ends[0] < ends[1], (name, ends)


@pytest.fixture(scope="module")
def study():
    return load_study("microcredentials", "data")


@pytest.fixture(scope="module")
def hidden(study):
    return suppressed_counts(study)


def test_no_small_count_can_be_worked_out_of_everything_shown(study, hidden):
    cells, sums = published_counts(study)
    ranges = feasibility_intervals(cells, sums, 5, [n for n in hidden if n in cells], *not_shown(cells))
    assert len(ranges) > 50
    assert (ranges["low"] < ranges["high"]).all()


def test_the_attack_would_find_what_is_only_withheld_itself(study):
    cells, sums = published_counts(study)
    derived, harmless = not_shown(cells)
    small = [n for n in cells if cells[n] < 5 and n not in {*derived, *harmless}]
    ranges = feasibility_intervals(cells, sums, 5, small, derived, harmless)
    assert (ranges["low"] == ranges["high"]).any()
