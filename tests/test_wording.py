"""Numbers, intervals and what is withheld, in words."""

import numpy as np
import pandas as pd
import pytest

from compendium.survey.instrument import read_instrument
from compendium.wording import (
    OPEN,
    banner,
    coefficient,
    counts,
    did_you_mean,
    evidence,
    interval,
    notice,
    number,
    p_value,
    plain,
    short,
    texts,
    unprotected,
    why_not_shown,
)  # fmt: skip


@pytest.mark.parametrize(
    ("value", "decimals", "said"),
    [
        (1234.56, 1, "1,234.6"), (np.int64(-1234), 1, "−1,234"), (-0.04, 1, "0.0"), (0.05, 0, "0"),
        (np.float64(12.5), 0, "12"), (None, 1, "–"), (np.nan, 1, "–"), (pd.NA, 1, "–"), (7, 1, "7"),
    ],
)  # fmt: skip
def test_numbers_have_thousands_parted_and_a_true_minus(value, decimals, said):
    assert number(value, decimals) == said


def test_what_is_missing_has_a_dash_in_every_kind_of_number():
    assert interval(None, 3) == interval(1, np.nan) == p_value(np.nan) == "–"
    assert coefficient(np.nan, 0, 1) == "–"
    assert evidence(None) == evidence({}) == "–"


@pytest.mark.parametrize(("p", "said"), [(0.0009, "<0.001"), (0.001, "0.001"), (0.05, "0.050")])
def test_a_p_value_has_three_decimals(p, said):
    assert p_value(p) == said


@pytest.mark.parametrize(
    ("shown", "said"),
    [("<5", "withheld (<5)"), ("<10", "withheld (<10)"), ("…", "withheld"), ("not asked", "not asked")],
)
def test_a_mark_is_worded_in_one_place(shown, said):
    assert why_not_shown(shown) == said


@pytest.mark.parametrize(
    "text",
    [
        "<script>",
        "*a*",
        "`a`",
        "[a](b)",
        "$x$",
        "# a",
        "1. a",
        "- a",
        "a | b",
        "a^b~c",
        "{{a}}",
        "&amp;",
    ],
)
def test_nothing_in_a_text_is_markup(text):
    safe = plain(text)
    assert not set(safe) & set("<>*`[]$|^~{}")
    assert not safe.startswith(("#", "-", "1."))
    assert "\n" not in plain("a\n\nb")


def test_a_label_is_cut_at_a_word():
    assert short("a b", 3) == "a b"
    assert short("one two, three", 10) == "one two…"
    assert len(short("x" * 99, 20)) <= 20


def test_a_range_of_counts():
    assert [counts(range(*ends)) for ends in ((3, 4), (3, 6), (3, 3))] == ["3", "3–5", "none"]


def test_the_nearest_known_name_is_a_hint():
    assert did_you_mean("concpet", iter(["use", "concept"])) == " (is it 'concept'?)"
    assert did_you_mean("zzz", ["concept"]) == ""


def test_a_table_of_sentences_shows_every_character():
    page = texts(pd.DataFrame({"<b>": ["<i>x</i>", None]}), "t").to_html()
    assert "<i>" not in page
    assert "<b>" not in page
    assert "–" in page


def test_what_the_row_above_says_is_left_out_of_a_grouped_table_and_stays_in_its_frame():
    frame = pd.DataFrame({"Theme": ["a", "a", "b", "a"], "Code": list("wxyz")})
    page = texts(frame, "t", grouped=True).to_html()
    assert (page.count(">a</td>"), page.count(">b</td>")) == (2, 1)
    assert frame["Theme"].tolist() == ["a", "a", "b", "a"]


def test_a_study_that_protects_nobody_says_so():
    instrument = read_instrument("data/anes96/survey.yml")
    assert unprotected(instrument)
    assert "this study withholds none" in notice(instrument)
    assert banner(instrument) == OPEN
    five = instrument.disclosure.model_copy(update={"minimum_cell": 5})
    guarded = instrument.model_copy(update={"disclosure": five})
    assert banner(guarded) == ""
    assert "minimum_cell" not in notice(guarded)
