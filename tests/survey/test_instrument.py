"""The questionnaire and the plan as they are read."""

import pytest
from spoiling import STUDY

from compendium.survey.instrument import read_instrument


@pytest.mark.parametrize("name", [STUDY, "anes96"])
def test_result_ids_are_unique(name):
    instrument = read_instrument(f"data/{name}/survey.yml")
    keys = [item.key for item in instrument.items]
    assert len(keys) == len(set(keys))


def test_the_plan_is_asked_for_a_method_and_keeps_its_order():
    plan = read_instrument(f"data/{STUDY}/survey.yml").plan
    both = plan.of("share", "trend")
    assert both == [question for question in plan if question.method in ("share", "trend")]
    assert {question.method for question in both} == {"share", "trend"}
    assert plan.of("no such method") == []
    assert plan[0] == next(iter(plan))
    assert len(plan) > len(both) > 0


def test_a_question_of_the_plan_is_found_by_its_id_and_the_nearest_is_named():
    plan = read_instrument("data/anes96/survey.yml").plan
    assert plan["placements"].method == "grid"
    assert plan[plan[0]] is plan[0]
    with pytest.raises(KeyError, match=r"no question 'placement' \(is it 'placements'\?\)"):
        plan["placement"]


def test_a_study_without_a_plan_has_an_empty_one(data_dir):
    path = data_dir / "anes96" / "survey.yml"
    path.write_text(path.read_text(encoding="utf-8").split("\nplan:")[0] + "\n", encoding="utf-8")
    plan = read_instrument(path).plan
    assert not plan
    assert plan.of("share") == []


def test_what_yaml_takes_for_something_else_is_read_as_it_is_written(tmp_path):
    path = tmp_path / "survey.yml"
    path.write_text(
        """
title: 2024
provenance: collected
licence: 2.0
sections: [{id: s, title: null}]
items:
  - id: true
    section: s
    type: single
    question: 2024-01-01
    options: [{id: true, label: True}, {id: null, label: 0010}, {id: x, label: 1.50, value: 0x1F}]
plan: [{id: p, question: No, method: share, item: true, of: true}]
""",
        encoding="utf-8",
    )
    instrument = read_instrument(path)
    assert (instrument.title, instrument.licence) == ("2024", "2.0")
    assert instrument.sections[0].title == "null"
    (item,) = instrument.items
    assert (item.id, item.question) == ("true", "2024-01-01")
    assert [(one.id, one.label) for one in item.options] == [
        ("true", "True"), ("null", "0010"), ("x", "1.50"),
    ]  # fmt: skip
    assert item.options[2].raw == "0x1F"
    assert (instrument.plan[0].item, instrument.plan[0].of) == ("true", "true")


@pytest.mark.parametrize(
    ("provenance", "name"), [("synthetic", "(Table 1, illustrative)"), ("collected", "(Table 1)")]
)
def test_a_published_table_stands_behind_its_question_and_one_of_made_up_answers_says_so(
    data_dir, provenance, name
):
    path = data_dir / "microcredentials" / "survey.yml"
    text = path.read_text(encoding="utf-8").replace(
        "provenance: synthetic", f"provenance: {provenance}"
    )
    path.write_text(text, encoding="utf-8")
    named = [question.question for question in read_instrument(path).plan if question.table]
    assert named == [f"Do employers who know the concept better see more value in it? {name}"]
