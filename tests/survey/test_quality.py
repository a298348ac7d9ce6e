"""Who broke off, who answered alike throughout, and what is missing."""

from spoiling import STUDY

from compendium.survey.quality import break_offs, straight_liners
from compendium.survey.study import load_study


def test_the_default_study_is_as_imperfect_as_a_real_one():
    study = load_study(STUDY, "data")
    assert 3 <= len(break_offs(study)) <= 6
    assert len(straight_liners(study)) == 1
    asked = study.answers["interest"].isin(["yes", "maybe"])
    assert (study.states.loc[~asked, "areas.technology"] == "not_asked").all()
    assert not (study.states.loc[asked, "areas.technology"] == "not_asked").any()
    assert study.answers["benefits.other.text"].notna().sum() >= 3
    assert study.notes == []
