"""Every count of collected answers passes the gate, and none that was not decided on gets through."""

import csv

import numpy as np
import pandas as pd
import pytest
import yaml

from compendium.disclosure.counts import not_shown, published_counts, suppressed_counts
from compendium.disclosure.gate import refuse_uncleared
from compendium.disclosure.suppression import feasibility_intervals
from compendium.statistics.display import share_records
from compendium.statistics.frequencies import distribution
from compendium.statistics.planned import find
from compendium.survey.answers import COUNTED
from compendium.survey.study import load_study

CELLS = {
    "s.use.a": 3,
    "s.use.b": 30,
    "base:s.use": 33,
    "s.use.b.by.size.x": 9,
    "base:s.use.by.size.x": 12,
}


def listed(prefix, names):
    return [{"id": f"{prefix}{k}", "label": name} for k, name in enumerate(names)]


def write_study(folder, seed):
    """Two closed questions, ticks with groups of one, two and three, a grid, and plans of any kind."""
    rng = np.random.default_rng(seed)
    rows = int(rng.integers(30, 90))
    size, view = ["Small", "Middle", "Large"], ["Low", "Mid", "High"]
    ticks = [f"t{k}" for k in range(int(rng.integers(3, 6)))]
    groups = [
        {
            "id": f"g{k}",
            "label": f"G{k}",
            "options": sorted(rng.choice(ticks, k, replace=False).tolist()),
        }
        for k in (1, 2, 3)
    ]
    plan, kinds = [], [("trend", "ill"), ("trend", "ill"), ("trend", "grid"), ("association", "view")]
    for number, (method, item) in enumerate(kinds):
        parts = [*ticks, "g1", "g2", "g3"] if item == "ill" else ["p0", "p1", "p2", "top"]
        of = sorted(rng.choice(parts, int(rng.integers(1, 3)), replace=False).tolist())
        plan.append({"id": f"q{number}", "question": "?", "method": method, "item": item, "of": of,
                     "by": ["size"]})  # fmt: skip
    points = {
        "points": listed("p", view),
        "groups": [{"id": "top", "label": "Top", "options": ["p1", "p2"]}],
    }
    common, asked = {"section": "s", "question": "?"}, {}
    if seed % 2:
        asked = {"asked_if": {"item": "size", "any": ["z0", "z1"]}}
    survey = {
        "title": "T", "provenance": "collected", "licence": "none", "plan": plan,
        "sections": [{"id": "s", "title": "S"}],
        "items": [
            {"id": "size", "type": "scale", "points": listed("z", size), **common},
            {"id": "view", "type": "scale", **points, **common},
            {"id": "ill", "type": "multi", "options": listed("t", ticks), "groups": groups, **asked,
             **common},
            {"id": "grid", "type": "grid", "statements": listed("s", ["A", "B"]), **points, **common},
        ],
    }  # fmt: skip
    columns = {"size": rng.choice([*size, ""], rows, p=[0.3, 0.35, 0.3, 0.05])}
    for name in ("view", "grid_s0", "grid_s1"):
        columns[name] = rng.choice([*view, ""], rows, p=rng.dirichlet(np.ones(4)))
    there = np.ones(rows, bool) if not asked else np.isin(columns["size"], size[:2])
    for tick in ticks:
        chose = rng.random(rows) < rng.choice([0.05, 0.2, 0.6])
        columns[f"ill_{tick}"] = np.where(there, chose.astype(int).astype(str), "")
    folder.mkdir(parents=True)
    (folder / "survey.yml").write_text(yaml.safe_dump(survey), encoding="utf-8")
    with (folder / "responses.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([list(columns), *zip(*columns.values(), strict=True)])
    return load_study(folder.name, folder.parent)


def all_records(study, hidden):
    """What all tables of a study and all its planned questions record."""
    records = []
    for item in study.instrument.of_type(*COUNTED):
        records += share_records(distribution(study, item, hidden, 0.95), "Wilson")
    for question in study.instrument.plan:
        records += find(study, question, hidden, 1, 0.95, 2).records
    return records


@pytest.mark.parametrize("seed", range(4))
def test_every_count_of_random_studies_was_decided_on_and_none_can_be_worked_out(tmp_path, seed):
    study = write_study(tmp_path / "random", seed)
    cells, sums = published_counts(study)
    hidden = suppressed_counts(study)
    records = all_records(study, hidden)
    refuse_uncleared(cells, hidden, records)
    counted = [one["count"] for one in records if "count" in one]
    assert counted
    assert min(counted) >= 5
    secret = [name for name in hidden if name in cells]
    ranges = feasibility_intervals(cells, sums, 5, secret, *not_shown(cells))
    assert (ranges["low"] < ranges["high"]).all()


def test_a_group_of_ticks_is_decided_on_wherever_a_plan_names_it(tmp_path):
    study = write_study(tmp_path / "random", 2)
    question = study.instrument.plan[0].model_copy(update={"of": ["g2"]})
    plan = type(study.instrument.plan)([question])
    study = type(study)(
        **vars(study) | {"instrument": study.instrument.model_copy(update={"plan": plan})}
    )
    cells, _ = published_counts(study)
    assert {f"s.ill.g2.by.size.z{k}" for k in range(3)} <= cells.keys()
    found = find(study, question, suppressed_counts(study), 1, 0.95, 2)
    assert found.tests["name"].tolist() == ["size.g2"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"id": "s.use.c", "count": 2}, "was not decided on"),
        ({"id": "s.new.number", "unit": "count", "value": 3}, "was not decided on"),
        ({"id": "s.use.a", "count": 3}, "withheld"),
        ({"id": "s.use.b", "count": 29}, "another than decided on"),
        ({"id": "s.use.b", "count": 30, "base": 34}, "base of result"),
        ({"id": "s.use.b.by.size.x", "count": 9, "base": 12.0}, ""),
        ({"id": "s.use.b.exact", "count": 30, "base": 33}, ""),
        ({"id": "sample.n", "unit": "count", "value": 2}, ""),
    ],
)
def test_a_count_that_was_not_decided_on_is_refused(fields, said):
    hidden = {"s.use.a": "<5"}
    if not said:
        refuse_uncleared(CELLS, hidden, [fields])
        return
    with pytest.raises(ValueError, match=said):
        refuse_uncleared(CELLS, hidden, [fields])


def test_tables_pass_the_same_gate():
    table = pd.DataFrame({"result": ["s.use.a"], "count": [3], "base": [33]})
    refuse_uncleared(CELLS, {}, tables=[table])
    with pytest.raises(ValueError, match="withheld"):
        refuse_uncleared(CELLS, {"s.use.a": "<5"}, tables=[table])
    with pytest.raises(ValueError, match="names no results"):
        refuse_uncleared(CELLS, {}, tables=[table[["count"]]])
