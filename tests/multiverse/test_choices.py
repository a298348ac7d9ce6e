"""Which universes a question has: every sensible combination once, the plan's own first."""

import numpy as np
import pytest

from compendium.models import read_yaml, write_yaml
from compendium.multiverse.ground import Material, lay_ground
from compendium.multiverse.sides import groupings, unsure
from compendium.survey.instrument import read_instrument


def plan(employers):
    return employers.study.instrument.plan


def test_each_planned_question_has_universes_and_no_two_of_one_meaning(employers):
    for question in plan(employers):
        if question.method == "themes":
            continue  # its coders are read in another test
        universes = lay_ground(employers, question).universes
        assert len({tuple(choices.values()) for choices in universes}) == len(universes) > 2
        first = universes[0]
        assert (first["exclusions"], first["completeness"]) == ("nobody", "any")
        assert (first["dont_know"], first["weights"]) == ("missing", "off")


def test_rules_leave_out_combinations_and_never_the_plans_own(employers):
    universes = lay_ground(employers, plan(employers)["value_by_familiarity"]).universes
    both = {"exclusions": "straight_liners", "completeness": "most"}
    assert not any(both.items() <= choices.items() for choices in universes)
    assert {choices["completeness"] for choices in universes} == {"any", "most"}


def test_two_groups_and_two_outcomes_have_one_correlation(employers):
    universes = lay_ground(employers, plan(employers)["value_by_familiarity"]).universes
    two = [c for c in universes if c["cut"] == "named" and c["groups"] == "named"]
    assert {choices["test"] for choices in two} == {"kendall"}


def test_cuts_keep_the_direction_and_place_who_does_not_know(employers):
    ground = lay_ground(employers, plan(employers)["value_by_familiarity"])
    points = ground.outcomes["business", "points", "missing", "consensus"]
    named = ground.outcomes["business", "named", "missing", "consensus"]
    middle = ground.outcomes["business", "points", "middle", "consensus"]
    halves = ground.outcomes["business", "no_middle", "missing", "consensus"]
    given = ~np.isnan(points)
    assert (named[given] == (points[given] > 3)).all()
    assert np.isnan(halves[points == 3]).all()
    assert set(middle[~given & ~np.isnan(middle)]) == {3.0}
    unsure_ones = (employers.study.states["value.business"] == "dont_know").to_numpy()
    assert (~np.isnan(middle) == given | unsure_ones).all()


def test_halves_are_as_even_as_the_answers_allow_and_small_groups_stand_together(employers):
    study, question = employers.study, plan(employers)["who"]
    size = groupings(study, study.instrument.item("size"), question)["halves"]
    assert sorted(size) == list(size) == [0, 0, 1, 1]
    sector = groupings(study, study.instrument.item("sector"), question)["no_small"]
    counts = (
        study.answers["sector"]
        .value_counts()
        .reindex([o.id for o in study.instrument.item("sector").options])
    )
    assert [score == 0 for score in sector] == (counts < 5).tolist()


def test_an_even_scale_has_no_place_for_who_does_not_know_in_halves(employers):
    item = employers.study.instrument.item("working_together")
    points = (1, 2, 3, 4)
    assert unsure(points, "middle", points, item) == 2.5
    assert unsure((0, 0, 1, 1), "middle", points, item) is None
    assert unsure((0, 0, 0, 1), "middle", points, item) == 0
    assert unsure(points, "own_group", points, item) == 5


def test_each_coder_says_what_was_written(employers):
    ground = lay_ground(employers, plan(employers)["themes_by_size"])
    says = {coders: array for (theme, *_, coders), array in ground.outcomes.items() if theme == "value"}
    assert set(says) == {"consensus", "coder_a", "coder_b", "rules"}
    assert (np.nansum(list(says.values()), axis=1) > 10).all()
    assert any((one != says["consensus"]).any() for one in says.values())


def test_careless_answers_are_those_that_any_listed_reason_leaves_out(employers):
    left = {name: employers.left_in(name, "any") for name in ("nobody", "straight_liners", "careless")}
    assert left["nobody"].all()
    assert (left["careless"] == left["straight_liners"]).all()
    assert (employers.left_in("nobody", "most") == (employers.completed >= 80)).all()


@pytest.fixture
def survey(tmp_path, employers):
    """The default study's survey.yml with another multiverse; returns what reads it."""
    content = read_yaml("data/microcredentials/survey.yml")

    def written(**changes):
        content["multiverse"] |= changes
        write_yaml(tmp_path / "survey.yml", content)
        return read_instrument(tmp_path / "survey.yml")

    return written


def decision(decides, *takes):
    return {"decides": decides, "alternatives": [{"take": take, "reason": "why not"} for take in takes]}


@pytest.mark.parametrize(("changes", "says"), [
    ({"decisions": [decision("cut", "points", "pionts")]}, "'pionts' cannot be taken .is it 'points'"),
    ({"decisions": [decision("cut", "points")]}, "at least two"),
    ({"decisions": [decision("cuts", "points", "one")]}, "cuts"),
    ({"decisions": [decision("cut", "one", "one")]}, "'one' stands twice"),
    ({"questions": ["whom"]}, "no question 'whom' .is it 'who'"),
    ({"exclude": [{"reason": "why", "when": {"cut": "one", "test": "table"}}]}, "'one' is no alt"),
    ({"decisions": [decision("exclusions", "nobody", "speeders")], "exclude": []}, "duration"),
])  # fmt: skip
def test_a_multiverse_that_does_not_fit_is_refused_in_one_line(survey, changes, says):
    with pytest.raises(ValueError, match=says) as refused:
        survey(**changes)
    assert "survey.yml" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_who_was_fast_is_left_out_and_an_unknown_coder_is_named(survey, employers):
    instrument = survey(decisions=[decision("exclusions", "nobody", "speeders")], exclude=[],
                        duration="training_share")  # fmt: skip
    study = type(employers.study)(**vars(employers.study) | {"instrument": instrument})
    took = study.answers["training_share"]
    left = Material(study, employers.coding).left_in("speeders", "any")
    assert (left == ~(took < took.median() / 2)).all()
    instrument = survey(decisions=[decision("coders", "consensus", "coder_c")], exclude=[])
    study = type(employers.study)(**vars(employers.study) | {"instrument": instrument})
    with pytest.raises(ValueError, match=r"nobody called 'coder_c' has coded .is it 'coder_"):
        lay_ground(Material(study, employers.coding), study.instrument.plan["themes_by_size"])
