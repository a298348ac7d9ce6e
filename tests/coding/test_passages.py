"""Passages, counter-examples and ten answers to code, by hand on six answers."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from compendium.coding.codebook import Codebook, read_codebook
from compendium.coding.codings import Coding
from compendium.coding.consensus import settle
from compendium.coding.reading import passages, practice

LONG = "this answer has as many words as a quotation needs, number"


@pytest.fixture
def coding():
    """Coders a and b: cost in 1, 2, 3 (b misses 3), time in 2, 4; 5 carries nothing, 6 was not read."""
    book = Codebook.model_validate(
        {
            "title": "T",
            "themes": [
                {"id": "t", "name": "Theme", "definition": "D", "codes": [
                    {"id": "cost", "name": "Cost", "definition": "D", "instead": ["time"]},
                    {"id": "time", "name": "Time", "definition": "D"},
                ]}
            ],
        }
    )  # fmt: skip
    answers = pd.DataFrame(
        [(f"R{n}", "q", f"{LONG} {n}") for n in range(1, 7)], columns=["respondent", "item", "text"]
    )
    given = {"a": ["1 cost", "2 cost", "2 time", "3 cost", "4 time", "5 none"],
             "b": ["1 cost", "2 cost", "2 time", "3 none", "4 time", "5 none"]}  # fmt: skip
    rows = [(coder, f"R{one[0]}", "q", one[2:]) for coder, ones in given.items() for one in ones]
    codings = pd.DataFrame(rows, columns=["coder", "respondent", "item", "code"])
    return Coding(book, answers, codings, settle(codings))


def test_passages_name_the_codes_beside(coding):
    found = passages.passages(coding, coding.answers, "time")
    assert [text[-1] for text in found["text"]] == ["2", "4"]
    assert found["beside"].tolist() == ["Cost", ""]
    withheld = passages.passages(coding, coding.answers, "time", pairs=set())
    assert withheld["beside"].tolist() == ["", ""]


def test_counter_examples_have_the_other_code_and_not_this_one(coding):
    found = passages.counter_examples(coding, coding.answers, "cost")
    assert [text[-1] for text in found["text"]] == ["4"]
    assert found["instead"].tolist() == ["Time"]
    assert passages.counter_examples(coding, coding.answers, "cost", pairs=set()).empty
    assert passages.counter_examples(coding, coding.answers, "time").empty


def test_what_is_contested_is_read_first(coding):
    assert passages.contested(coding) == "cost"


def test_a_contrast_is_published_only_of_cleared_pairs_and_told_codes(coding):
    (found,) = passages.contrasts(coding, coding.answers)
    assert (found["code"], found["instead"], found["text"][-1]) == ("cost", "time", "4")
    assert passages.contrasts(coding, coding.answers, pairs=set()) == []
    assert passages.contrasts(coding, coding.answers, without=["time"]) == []


def test_ten_answers_are_of_those_that_every_coder_read(coding):
    places = practice.to_practise(coding, 1)
    assert sorted(places) == [0, 1, 2, 3, 4]
    assert places == practice.to_practise(coding, 1)


def test_a_student_is_as_near_to_a_coder_as_masi_says(coding):
    mine = {1: ["cost"], 2: "cost", 3: []}
    frame = practice.practised(coding, coding.answers, [0, 1, 2, 3], mine)
    near = practice.nearness(frame, coding.coders)["nearness"]
    # Answer 2: {cost} against {cost, time} is 1/2 of Jaccard's, times 2/3 for a set within the other.
    assert near["your codes and codes of a"] == pytest.approx((1 + 1 / 3 + 0) / 3)
    assert near["your codes and codes of b"] == pytest.approx((1 + 1 / 3 + 1) / 3)
    assert near["codes of a and codes of b"] == pytest.approx(2 / 3)
    assert "your codes and codes of a 0.44" in practice.nearness_said(frame, coding.coders)
    asked = SimpleNamespace(item=lambda id: SimpleNamespace(question=f"What of {id}?"))
    shown = practice.practice_shown(frame, asked)
    assert shown["Question"].unique().tolist() == ["What of q?"]
    assert shown["your codes"].tolist() == ["cost", "cost", "none"]


@pytest.mark.parametrize(
    ("mine", "said"), [({1: ["cots"]}, "is it 'cost'"), ({7: []}, "numbered from 1 to 4")]
)
def test_a_slip_of_the_student_is_named(coding, mine, said):
    with pytest.raises(KeyError, match=said):
        practice.practised(coding, coding.answers, [0, 1, 2, 3], mine)


def test_answers_to_code_come_without_anybodys_codes(coding):
    frame = practice.practised(coding, coding.answers, [3, 1], {})
    assert list(frame) == ["number", "item", "text"]
    assert np.array_equal(frame["number"], [1, 2])


def test_a_code_cannot_give_way_to_itself_or_to_nothing(tmp_path):
    path = tmp_path / "codebook.yml"
    for other in ("cost", "tme"):
        path.write_text(
            "title: T\nthemes:\n- {id: t, name: T, definition: D, codes: [{id: cost, name: C, "
            f"definition: D, instead: [{other}]}}, {{id: time, name: T, definition: D}}]}}\n"
        )
        with pytest.raises(ValueError, match=f"cost: instead: '{other}' is no other code"):
            read_codebook(path)
