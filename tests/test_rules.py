"""The rule coder: stems, phrases, windows, negation, exclusions, explanations, and its scores."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.metrics import scores as nltk_scores
from nltk.tokenize import RegexpTokenizer

from compendium.coding.codebook import Codebook
from compendium.coding.rule_coder import (
    TOKEN,
    code_answers,
    compile_rules,
    in_context,
    spans_of,
    split,
    tokens_of,
)
from compendium.statistics.scoring import majority, scores


def coder(*rules):
    """A codebook with one code ``x`` that has these rules, compiled."""
    code = {"id": "x", "name": "X", "definition": "…", "rules": list(rules)}
    theme = {"id": "t", "name": "T", "definition": "…", "codes": [code]}
    return compile_rules(Codebook(title="…", themes=[theme]))


def hit(text, *rules, item="q"):
    """Words by which the code is given, or None."""
    answers = pd.DataFrame({"respondent": ["r"], "item": [item], "text": [text]})
    found = code_answers(answers, coder(*rules))
    return found["words"].iloc[0] if len(found) else None


def test_tokens_are_those_of_nltk():
    written = pd.read_csv("data/microcredentials/open_answers.csv", keep_default_na=False)["text"]
    tokenizer = RegexpTokenizer(TOKEN.pattern)
    for text in [*written, "", "l’été – 2 (or 3)…\nI'm e-mail_ing!"]:
        assert tokens_of(text) == tokenizer.tokenize(text)
        assert spans_of(text) == list(tokenizer.span_tokenize(text))


@pytest.mark.parametrize(
    ("text", "rule", "words"),
    [
        ("Staff stay.", {"any": ["staff stays"]}, "Staff stay"),
        ("trained", {"any": ["training"]}, "trained"),
        ("It SAVES times", {"any": ["save time"]}, "SAVES times"),
        ("We stay. Staff go.", {"any": ["stay staff"]}, None),  # a full stop stands between
        ("University’s name", {"any": ["university"]}, "University’s"),
        ("on-line courses", {"any": ["on line course"]}, "on line courses"),
        ("wellbeing", {"any": ["well"]}, None),
    ],
)
def test_words_and_phrases_match_by_stem(text, rule, words):
    assert hit(text, rule) == words


@pytest.mark.parametrize(
    ("text", "negated", "found"),
    [
        ("We see value.", "no", True),
        ("We see no value.", "no", False),
        ("We don't see the value.", "no", False),
        ("I'm not convinced that there is value.", "no", False),
        ("Not now, but there is value.", "no", True),  # a turn ends the reach
        ("Not here. Value there.", "no", True),  # so does a sentence
        ("Not a b c d e f value", "no", True),  # and seven words
        ("Not b c d e f value", "no", False),
        ("We can’t see value", "yes", True),
        ("We see value", "yes", False),
        ("We see no value", "either", True),
        ("Hardly any value", "yes", True),
    ],
)
def test_negation_reaches_as_far_as_it_should(text, negated, found):
    assert bool(hit(text, {"any": ["value"], "negated": negated})) == found


def test_near_phrases_within_a_window_and_one_sentence():
    rule = {"any": ["proof"], "near": ["want"], "within": 3}
    assert hit("We want to see proof", rule) == "proof"
    assert hit("proof is all we want", rule) is None  # want is the fourth word after it
    assert hit("proof we really want", rule) == "proof"
    assert hit("We want to see and hear proof", rule) is None
    assert hit("What we want. Proof!", rule) is None


def test_unless_takes_back_within_the_sentence():
    rule = {"any": ["sustainable"], "unless": ["sustainable growth"]}
    assert hit("Sustainable growth is our aim", rule) is None
    assert hit("Sustainable growth. And sustainable packaging.", rule) == "sustainable"


def test_a_rule_can_be_limited_to_a_question():
    rule = {"any": ["help"], "items": ["recruiting"]}
    assert hit("It would help", rule, item="recruiting") == "help"
    assert hit("It would help", rule, item="training") is None


def test_a_second_rule_gives_what_the_first_does_not():
    assert hit("too dear", {"any": ["cost"]}, {"any": ["dear"]}) == "dear"


def test_a_phrase_without_words_is_refused():
    with pytest.raises(ValueError, match="code 'x': the phrase '…' holds no word"):
        coder({"any": ["…"]})


@settings(max_examples=60)
@given(st.text(max_size=60))
def test_every_explanation_stands_in_the_text(text):
    answers = pd.DataFrame({"respondent": ["r"], "item": ["q"], "text": [text + " it costs money 🙂"]})
    (row,) = code_answers(answers, coder({"any": ["cost"], "negated": "either"})).itertuples()
    spans = spans_of(answers["text"].iloc[0])
    start, stop = spans[row.at][0], spans[row.at + row.size - 1][1]
    before, words, after = in_context(answers["text"].iloc[0], row.at, row.size, width=1000)
    assert answers["text"].iloc[0][start:stop] == words
    assert (before + words + after).split() == answers["text"].iloc[0].split()


def test_split_is_fixed_by_its_seed_and_keeps_respondents_whole():
    ids = [f"R{k}" for k in range(9)]
    first, second = split(ids * 3, seed=5)
    assert split(reversed(ids), seed=5) == (first, second)
    assert split(ids, seed=6) != (first, second)
    assert sorted(first + second) == ids
    assert (len(first), len(second)) == (5, 4)


# ---- scores


def test_scores_equal_nltks_on_sets():
    rng = np.random.default_rng(3)
    truth = pd.DataFrame((rng.random((40, 3)) < 0.4) * 1.0, columns=list("abc"))
    guess = pd.DataFrame((rng.random((40, 3)) < 0.4) * 1.0, columns=list("abc"))
    table = scores(truth, guess, range(40), seed=1, resamples=2)
    everything = [set(), set()]
    for code in "abc":
        reference, test = ({(code, k) for k in np.flatnonzero(t[code])} for t in (truth, guess))
        assert table.loc[code, "precision"] == pytest.approx(nltk_scores.precision(reference, test))
        assert table.loc[code, "recall"] == pytest.approx(nltk_scores.recall(reference, test))
        assert table.loc[code, "f1"] == pytest.approx(nltk_scores.f_measure(reference, test))
        everything[0] |= reference
        everything[1] |= test
    assert table.loc["micro", "f1"] == pytest.approx(nltk_scores.f_measure(*everything))
    assert table.loc["macro", "f1"] == pytest.approx(table.loc[list("abc"), "f1"].mean())


def test_scores_leave_out_what_nobody_read_and_say_where_nothing_is_divided_by():
    truth = pd.DataFrame({"a": [1.0, 0.0, np.nan], "b": [0.0, 0.0, np.nan]})
    guess = pd.DataFrame({"a": [1.0, 0.0, 1.0], "b": [0.0, 0.0, 1.0]})
    table = scores(truth, guess, range(3), seed=1, resamples=5)
    assert table.loc["a", "answers"] == 2
    assert table.loc["b", ["precision", "recall", "f1", "f1_low"]].isna().all()
    assert table.loc["macro", "f1"] == 1.0  # the mean of the one code that has an F1
    assert table.loc["b", "accuracy"] == 100


def test_score_intervals_resample_respondents_not_answers():
    rng = np.random.default_rng(8)
    truth, guess = (pd.DataFrame({"a": (rng.random(30) < 0.5) * 1.0}) for _ in range(2))
    once = scores(truth, guess, range(30), seed=2).loc["a"]
    four = [pd.concat([t] * 4, ignore_index=True) for t in (truth, guess)]
    again = scores(*four, list(range(30)) * 4, seed=2).loc["a"]
    wrong = scores(*four, range(120), seed=2).loc["a"]
    assert again["f1_low"] == pytest.approx(once["f1_low"])
    assert wrong["f1_high"] - wrong["f1_low"] < 0.7 * (once["f1_high"] - once["f1_low"])


def test_majority_baseline_gives_what_most_answers_have():
    learnt = pd.DataFrame({"often": [1.0, 1.0, 0.0], "rare": [0.0, 0.0, 1.0]})
    baseline = majority(learnt.iloc[:2], learnt)
    assert baseline.to_numpy().tolist() == [[1.0, 0.0], [1.0, 0.0]]
