"""Every count of collected answers passes the gate, and none that was not decided on gets through."""

from dataclasses import replace

import pandas as pd
import pytest
from random_studies import write_study

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


def all_records(study, hidden):
    """What all tables of a study and all its planned questions record."""
    records = []
    for item in study.instrument.of_type(*COUNTED):
        records += share_records(distribution(study, item, hidden, 0.95), "Wilson")
    for question in (question for question in study.instrument.plan if question.item):
        records += find(study, question, hidden, 1, 0.95).records
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
    found = find(study, question, suppressed_counts(study), 1, 0.95)
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
        ({"id": "s.use.c.by.size.x", "count": 0, "base": 0}, ""),
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


def test_a_model_is_withheld_with_the_breakdowns_that_its_coefficients_would_tell():
    study = load_study("microcredentials", "data")
    (question,) = study.instrument.plan.of("ordinal_regression")
    item, by = study.instrument.item(question.item), question.by[0]
    row = study.instrument.item(by).choices[0].id
    base = f"base:{item.key}"
    for name in (f"{item.key}.{item.choices[0].id}.by.{by}.{row}", f"{base}.by.{by}.{row}", base):
        found = find(study, question, {name: "<5"}, 1, 0.95)
        assert found.coefficients is None
        assert "withheld" in found.reason
    elsewhere = {f"{item.key}.{item.choices[0].id}.by.nobody.{row}": "<5"}
    assert find(study, question, elsewhere, 1, 0.95).coefficients is not None


def grid_of(study, hidden):
    (question,) = study.instrument.plan.of("grid")
    return find(study, question, hidden, 1, 0.95)


def test_ranks_of_a_grid_are_withheld_with_one_of_its_ratings_and_else_have_three_digits():
    study = load_study("microcredentials", "data")
    protected = replace(study, instrument=study.instrument.protecting("always"))
    grid = study.instrument.item(study.instrument.plan.of("grid")[0].item)
    rating = f"{grid.key}.{grid.statements[0].id}.{grid.choices[0].id}"
    for found in (grid_of(study, {rating: "<5"}), grid_of(protected, {rating: "…"})):
        assert found.pairs is None
        assert found.tests[["statistic", "p", "effect"]].isna().all(axis=None)
        assert "withheld" in found.reason.lower()
    unsure = f"{grid.key}.{grid.statements[0].id}.{grid.unsure[0].id}"
    for table in (grid_of(protected, {unsure: "<5"}).pairs, grid_of(protected, {}).tests):
        numbers = table.select_dtypes("float").stack().dropna()
        assert numbers.map(lambda number: float(f"{number:.3g}") == number).all()
    assert "differed" not in grid_of(protected, {}).pairs
