"""The rule coder: stems, phrases, windows, negation, exclusions, explanations."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.tokenize import RegexpTokenizer

from compendium.coding.automatic.rule_coder import (
    TOKEN,
    code_answers,
    compile_rules,
    in_context,
    spans_of,
    tokens_of,
)
from compendium.coding.codebook import Codebook


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


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Cost is not an issue.", False),
        ("Cost isn't really a problem for us", False),
        ("Cost and time don't matter", False),
        ("Cost is no barrier", False),
        ("Cost does not cover it", True),  # it is what is not covered
        ("Cost is the problem, not time", True),
        ("Cost is a problem. It is not an issue of time.", True),  # a sentence ends the reach
        ("Cost a b c not an issue", False),
        ("Cost a b c d not an issue", True),  # the fifth word after it
        ("Cost is not a b c d issue", True),
    ],
)
def test_what_follows_can_take_a_phrase_back(text, found):
    assert bool(hit(text, {"any": ["cost"]})) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It saves us money", True),
        ("It doesn't save us money", False),
        ("It saves us no money", False),
        ("Money that it does not save", False),
        ("It saves money, not time", True),
    ],
)
def test_a_negation_between_two_near_phrases_counts(text, found):
    for any, near in (("save", "money"), ("money", "save")):
        assert bool(hit(text, {"any": [any], "near": [near]})) == found


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
    found = code_answers(answers, coder({"any": ["cost"], "negated": "either"}))
    (row,) = found.itertuples()
    spans = spans_of(answers["text"].iloc[0])
    start, stop = spans[row.at][0], spans[row.at + row.size - 1][1]
    ((before, words, after),) = in_context(found, answers, width=1000).to_numpy()
    assert answers["text"].iloc[0][start:stop] == words
    assert (before + words + after).split() == answers["text"].iloc[0].split()


def test_context_is_cut_at_its_width_and_says_so():
    answers = pd.DataFrame({"respondent": ["r"], "item": ["q"], "text": ["Budgets, mostly. And time."]})
    found = code_answers(answers, coder({"any": ["budget"]}))
    assert in_context(found, answers, width=9).to_numpy().tolist() == [["", "Budgets", ", mostly.…"]]
