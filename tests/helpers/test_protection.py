"""Protection is for people: on for collected answers, off for made-up ones unless asked for."""

import pytest

from compendium.files import read_text
from helpers import open_study

STUDY = "microcredentials"


def test_made_up_answers_have_nobody_to_protect():
    study = open_study(STUDY)
    assert study.hidden == {}
    table = study.shares("concept", by="size", of="not_familiar").frame
    answers = study.survey.answers
    by_hand = (answers["concept"] == "not_familiar").groupby(answers["size"], observed=False).sum()
    assert table["count"].tolist() == by_hand.tolist()


def test_who_writes_collected_is_protected_without_doing_anything_else(data_dir):
    """The same answers, called collected: nothing below the minimum is left to be seen."""
    survey, responses = data_dir / STUDY / "survey.yml", data_dir / STUDY / "responses.csv"
    survey.write_text(
        read_text(survey).replace("provenance: synthetic", "provenance: collected"), "utf-8"
    )
    responses.write_text(read_text(responses).replace("synthetic", "collected"), "utf-8")
    study = open_study(STUDY, data_dir)
    table = study.shares("concept", by="size", of="not_familiar").frame
    assert table["shown"].tolist() == ["<5", "", "<5", "<5"]
    assert table["count"].dropna().min() >= 5
    assert study.hidden == open_study(STUDY, protect="always").hidden


def test_made_up_answers_can_be_shown_as_if_they_were_real():
    study = open_study(STUDY)
    view = study.shares("concept", by="size", of="not_familiar").published_view()
    assert view.frame["shown"].tolist() == ["<5", "", "<5", "<5"]
    assert view.parts[-1] == "3 of 4 rows are withheld."
    not_planned = study.shares("concept", by="region").published_view()
    assert "nothing was decided about it" in not_planned.parts[-1]


def test_a_study_that_withholds_nothing_is_not_called_protected():
    """And where all answered every question no interval is told."""
    study = open_study("anes96")
    assert study.protected_example().parts[0].startswith("*This study withholds nothing:")
    assert study.completion().parts[1] == "On average 100.0% of the questions were answered."


def test_another_word_than_always_is_refused():
    with pytest.raises(ValueError, match="protect = 'yes': write 'always'"):
        open_study(STUDY, protect="yes")
