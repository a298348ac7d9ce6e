"""An attacker who knows nothing of how counts are withheld, only what tables show, finds no small one.

Two questions, broken down by each other, each with groups and *don't know*; many random studies. The
attacker writes down all answers by all answers as unknowns, and every number, base and mark that the
tables show as equations, and asks for the smallest and the largest value of each withheld count.
"""

import csv
from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
import yaml
from scipy.optimize import Bounds, LinearConstraint, milp

from compendium.disclosure.counts import (
    _last,
    not_shown,
    published_counts,
    read_or_decide,
    suppressed_counts,
    write_suppressed,
)
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
    fitting = []  # whole tables that fit what is shown; two that differ in a count keep it secret
    for name, hits in secret:
        for sign in (1, -1):
            if len({round(table @ hits) for table in fitting}) < 2:
                found = milp(sign * np.array(hits), constraints=fits, bounds=within, integrality=1)
                assert found.status == 0, found.message
                fitting.append(np.rint(found.x))
        assert len({round(table @ hits) for table in fitting}) > 1, name


@pytest.fixture(scope="module")
def study():
    """The default study as if somebody had answered it."""
    study = load_study("microcredentials", "data")
    return replace(study, instrument=study.instrument.protecting("always"))


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


def test_breakdowns_go_before_distributions_before_bases_and_n_never(study):
    cells, _ = published_counts(study)
    late = _last(cells)
    assert late["n"] == np.inf
    assert late["familiarity.concept.not_familiar.by.size.micro"] == 0
    assert late["base:familiarity.concept.by.size.micro"] == 1
    assert late["familiarity.concept.not_familiar"] == 2
    assert late["base:familiarity.concept"] == 3
    kinds = {kind: {late[n] for n in cells if n.startswith(f"{kind}:")} for kind in PAIRED + TOTALS}
    assert [max(kinds[kind], default=0) for kind in PAIRED] == [0, 0, 0, 0]
    assert min(min(kinds[kind]) for kind in ("responses", "asked")) == 3


PAIRED, TOTALS = ("both", "first", "second", "neither"), ("base", "responses", "asked")


def small_study(folder, answers, plan="[]"):
    """Two closed questions, *use* and *size*, answered as listed."""
    folder.mkdir()
    (folder / "survey.yml").write_text(
        f"title: T\nprovenance: collected\nlicence: none\nplan: {plan}\n"
        "sections: [{id: s, title: S}]\nitems:\n"
        "  - {id: use, section: s, type: single, question: 'Use?', options: "
        "[{id: a, label: A}, {id: b, label: B}]}\n"
        "  - {id: size, section: s, type: single, question: 'Size?', options: "
        "[{id: x, label: X}, {id: y, label: Y}]}\n",
        encoding="utf-8",
    )
    rows = [pair for pair, times in answers.items() for _ in range(times)]
    (folder / "responses.csv").write_text("use,size\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return load_study(folder.name, folder.parent)


PLAN = "[{id: p, question: '?', method: association, item: use, of: [a, b], by: [size]}]"


def test_a_small_cell_of_a_breakdown_takes_cells_of_its_table_and_no_margin(tmp_path):
    answers = {"A,X": 3, "A,Y": 20, "B,X": 30, "B,Y": 40}
    hidden = suppressed_counts(small_study(tmp_path / "two", answers, PLAN))
    assert set(hidden) == {f"s.use.{of}.by.size.{row}" for of in "ab" for row in "xy"}
    assert hidden["s.use.a.by.size.x"] == "<5"
    assert set(hidden.values()) == {"<5", "…"}


def test_a_small_option_takes_another_option_and_no_base(tmp_path):
    answers = {"A,X": 3, "B,X": 30, ",X": 2, "B,Y": 40}
    hidden = suppressed_counts(small_study(tmp_path / "two", answers))
    assert hidden == {"s.use.a": "<5", "s.use.b": "…"}


def test_what_is_withheld_is_decided_once_and_kept(tmp_path, monkeypatch):
    study = small_study(tmp_path / "two", {"A,X": 3, "B,X": 30, "B,Y": 40}, PLAN)
    path = tmp_path / "build" / "suppressed.json"
    write_suppressed(path, study)
    decided = suppressed_counts(study)
    monkeypatch.setattr("compendium.disclosure.counts.suppressed_counts", lambda study: {"anew": "…"})
    assert read_or_decide(path, study) == decided
    assert read_or_decide(tmp_path / "none.json", study) == {"anew": "…"}
    other = small_study(tmp_path / "three", {"A,X": 3, "B,X": 30})
    assert read_or_decide(path, other) == {"anew": "…"}
    text = path.read_text(encoding="utf-8")
    for minimum in (4, 6):
        path.write_text(
            text.replace('"minimum_cell": 5', f'"minimum_cell": {minimum}'), encoding="utf-8"
        )
        assert read_or_decide(path, study) == {"anew": "…"}
