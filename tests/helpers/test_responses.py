"""Chapter 1 asked by hand: what is perfect, tiny or withheld is said as such."""

import pandas as pd
import pytest
from chapters import TINY, lay_out

from helpers import open_study


@pytest.fixture
def study(tmp_path):
    return open_study("tiny", lay_out(tmp_path, TINY))


@pytest.mark.parametrize(
    ("done", "said"),
    [
        ([100, 100, 100], "Half of them answered every question that was put to them;"),
        ([80, 99.6, 100], "Half of them answered 99% or more of the questions put to them;"),
        ([80, 80, 100], "Half of them answered 80% or more of the questions put to them;"),
    ],
)
def test_what_half_answered_is_never_more_than_all(study, done, said):
    study.__dict__["_completion"] = pd.Series(done, dtype=float)
    assert said in study.who_answered()


def test_nobody_left_out_a_question_or_too_few_for_a_digit(study):
    assert "The question left out most was “" in study.who_answered()
    gaps = study._gaps
    study.__dict__["_gaps"] = gaps.assign(skipped=0)
    assert "Nobody left out a question." in study.who_answered()
    assert "left out most" not in study.who_answered()
    study.__dict__["_gaps"] = gaps.assign(skipped=0.001)
    assert "(less than 0.1% of those asked)" in study.who_answered()


def test_nobody_broke_off_rather_than_0_and_questions_are_named_in_their_words(study):
    at = study.survey.states.index
    study.__dict__["_straight"] = pd.Series([], dtype=object)
    study.__dict__["_stopped"] = pd.Series([], dtype=object)
    assert "; nobody broke off and nobody gave one answer throughout" in study.who_answered()
    assert study.dropped_out().parts[0].startswith("- Nobody broke off before the end.\n- Nobody gave")
    item = study.instrument.items[-1]
    study.__dict__["_stopped"] = pd.Series([item.id], at[:1])
    table, told = study.dropped_out().parts
    assert (table.index.tolist(), told.splitlines()[0]) == (
        [item.question],
        "- 1 broke off before the end.",
    )
