"""The language of the notebooks: what a study answers when it is asked."""

import inspect

import pytest

from compendium.files import read_json
from helpers import open_study, show
from helpers.study import OpenStudy


@pytest.fixture(scope="module")
def anes():
    return open_study("anes96")


@pytest.fixture(scope="module")
def default():
    return open_study("microcredentials")


def test_an_item_is_found_by_its_id_or_with_its_section(anes):
    assert anes.items["vote.intended"] is anes.items["intended"] is anes.items.intended


def test_tab_completes_the_ids_of_items(anes):
    assert {"party", "left_right", "intended"} <= set(dir(anes.items))
    assert set(anes.items._ipython_key_completions_()) >= {"party", "vote.intended"}


@pytest.mark.parametrize("wrong", ["partei", "identification.parti"])
def test_an_unknown_item_is_answered_with_the_nearest_id(anes, wrong):
    with pytest.raises(KeyError, match="party"):
        anes.items[wrong]
    with pytest.raises(AttributeError, match="party"):
        _ = anes.items.partyy


def test_an_unknown_option_is_answered_with_those_that_there_are(anes):
    with pytest.raises(KeyError, match="clinton, dole"):
        anes.shares("intended").row("perot")


def test_shares_are_those_of_a_hand_count(anes):
    answers = anes.survey.answers["intended"]
    frame = anes.shares("intended").frame.set_index("option")
    assert frame.loc["Bill Clinton", "count"] == (answers == "clinton").sum() == 551
    assert (frame["low"] < frame["percent"]).all()
    assert (frame["percent"] < frame["high"]).all()


def test_a_breakdown_adds_up_to_the_whole(anes):
    frame = anes.shares("intended", by="party", of="dole").frame
    assert frame["count"].sum() == 393
    assert frame["base"].sum() == 944


def test_two_ordered_answers_get_a_rank_correlation_and_others_independence(default):
    assert default.test("value", by="concept").frame["test"].eq("Kendall's τ-b").all()
    assert default.test("region", by="sector").frame["effect_name"].item() == "Cramér's V"


def test_expected_counts_add_up_to_the_observed(anes):
    table = anes.test("intended", by="party").explain().frame
    assert table["Observed"].sum() == pytest.approx(table["Expected"].sum()) == pytest.approx(944)


def test_the_two_intervals_of_a_share_are_those_of_newcombe(default):
    """Newcombe (1998), table I: methods 3 and 5 for 15 of 148 give 6.2 to 16.0 and 5.8 to 16.2."""
    row = default.shares("concept").row("not_familiar")
    row.frame = row.frame.assign(count=15, base=148)
    made = row.intervals("wilson", "clopper-pearson").frame
    assert made[["low", "high"]].round(1).to_numpy().tolist() == [[6.2, 16.0], [5.8, 16.2]]


def test_a_table_of_collected_answers_that_was_not_cleared_says_so(default):
    working = "Working table: not cleared"
    assert working not in str(default.shares("concept", by="region").parts)
    assert working in str(default.as_if_real.shares("concept", by="region").parts)
    assert working not in str(default.as_if_real.shares("concept").parts)


def test_without_a_chapter_nothing_is_written(tmp_path, capsys):
    study = open_study("anes96", out_dir=tmp_path, figures_dir=tmp_path)
    show(study.shares("intended"), study.flow(), study.conclude("Yes."))
    assert not list(tmp_path.iterdir())


def test_in_a_chapter_what_is_shown_is_recorded_and_saved_once(tmp_path, capsys):
    study = open_study("anes96", None, tmp_path / "out", tmp_path / "figures", "1_responses")
    show(study.flow(), study.composition(), study.composition())
    show(study.conclude("All answered."))
    made = read_json(tmp_path / "out" / "anes96" / "results" / "1_responses.json")
    assert made["sample.n"]["value"] == 944
    assert (tmp_path / "figures" / "anes96" / "1_flow.svg").exists()
    assert (tmp_path / "out" / "anes96" / "results" / "answers" / "1_responses.json").exists()


def test_every_word_of_the_language_says_what_it_does():
    for name, word in inspect.getmembers(OpenStudy):
        if not name.startswith("_"):
            assert inspect.getdoc(word), name
