"""Chapter 4 asked by hand: results in, pictures and sentences out."""

import pytest

from compendium.captions import WORDS, write_captions
from compendium.figures.style import Picture
from compendium.files import read_json, write_json
from helpers import open_study, show

WITHHELD = {"value": None, "unit": "percent", "note": "withheld (<5): small", "withheld": "<5"}


def share(count, base):
    return {"value": 100 * count / base, "unit": "percent", "count": count, "base": base}


def opened(folder, results):
    """The second study with results by hand."""
    results = {"sample.n": {"value": 20, "unit": "count"}} | results
    write_json(folder / "anes96" / "results" / "2_familiarity.json", results)
    return open_study("anes96", None, folder, folder / "figures", "4_figures")


@pytest.fixture
def intended(tmp_path):
    """A study of which only one question was recorded: 9 of 20 would vote for one, 11 for the other."""
    names = "vote.intended.clinton", "vote.intended.dole"
    return opened(tmp_path, {names[0]: share(9, 20), names[1]: share(11, 20)})


def test_what_all_options_withheld_leave_is_said_and_the_chapter_goes_on(tmp_path):
    study = opened(tmp_path, dict.fromkeys(["vote.intended.clinton", "vote.intended.dole"], WITHHELD))
    question = study.items.intended.question
    said = f"“{question}”: all of its numbers are withheld, or none was recorded"
    assert said in study.what_is_drawn()
    assert study.what_is_drawn().startswith("0 figures of 0 results, and 0 tables by group.")
    show(*study.sections(), study.conclude(study.what_is_drawn()))
    assert list((tmp_path / "figures").rglob("*.svg")) == []


def test_a_section_is_drawn_of_its_results_and_saved_with_its_words(intended):
    (view,) = [view for view in intended.sections() if view.frame is not None]
    (picture,) = [part for part in view.parts if isinstance(part, Picture)]
    assert "Bill Clinton: 45 percent" in picture.alt
    show(view)
    words = read_json(intended.pictures / "4_section_vote.json")
    assert tuple(words) == WORDS
    assert words["results"] == ["vote.intended.clinton", "vote.intended.dole"]
    write_captions(intended.pictures)
    assert read_json(intended.pictures / "captions.json") == [words]


def test_a_number_is_checked_by_hand_only_where_one_was_drawn(intended):
    assert intended.check_by_hand().parts == ["Nothing was drawn from a percentage."]
    show(*intended.sections())
    frame = intended.check_by_hand().frame
    assert frame["Percent"].tolist() == ["45.0", "55.0"]
    assert frame["Result"].tolist() == ["vote.intended.clinton", "vote.intended.dole"]


def test_a_planned_question_is_found_by_its_id(intended):
    asked = intended.plan.of("share")[0]
    assert intended.picture(asked.id).parts == intended.picture(asked).parts
    assert "all of its numbers are withheld" in intended.picture(asked).parts[0]


def test_without_results_the_way_out_is_named(tmp_path):
    study = open_study("anes96", None, tmp_path, tmp_path / "figures")
    with pytest.raises(ValueError, match="notebook 1 has left no results here; run make all"):
        study.what_is_drawn()


def test_chapter_4_reads_no_answers(intended):
    intended.what_is_drawn()
    assert "survey" not in vars(intended)


def test_a_table_by_hand_is_drawn_with_its_groups_as_rows():
    study = open_study("anes96")
    (whole,) = study.shares("party").plot("democrat").parts
    assert whole.figure.texts[0].get_text() == "Democrats: 40% of voters"
    (parted,) = study.shares("intended", by="party", of="dole").plot().parts
    assert parted.alt.startswith("Strong Democrat: 2 percent")  # 3 of 200
    assert "37 to 200 voters" in parted.figure.texts[1].get_text()
