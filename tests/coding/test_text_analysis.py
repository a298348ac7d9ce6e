"""Reading aids against other software and by hand."""

import pandas as pd
import pytest
from scipy.stats import chi2_contingency

from compendium.coding.text_analysis import collocations, commonest, concordance, keyness, lengths


def answers(*texts, respondents=None):
    rows = respondents or range(len(texts))
    return pd.DataFrame({"respondent": list(rows), "item": "q", "text": list(texts)})


def test_log_likelihood_is_scipys_g_squared():
    frame = answers("cost cost skill pay", "skill cost team team time pay")
    table = keyness(frame, [0], [1], least=1).set_index("word")
    # scipy 1.x: chi2_contingency([[2, 1], [2, 5]], correction=False, lambda_="log-likelihood")
    for word, a, b in (("cost", 2, 1), ("team", 0, 2)):
        table_of = [[a, b], [4 - a, 6 - b]]
        g2 = chi2_contingency(table_of, correction=False, lambda_="log-likelihood").statistic
        assert abs(table.loc[word, "log_likelihood"]) == pytest.approx(g2)
    assert table.loc["cost", "log_likelihood"] > 0 > table.loc["team", "log_likelihood"]
    assert table.loc["cost", ["first", "second"]].tolist() == pytest.approx([500, 1000 / 6])
    assert table.loc["cost", ["respondents", "users_first", "users_second"]].tolist() == [2, 1, 1]


def test_words_of_few_respondents_are_left_out():
    frame = answers("peat peat peat", "peat", "cost", "cost", "cost")
    assert keyness(frame, [0, 1], [2, 3, 4], least=3)["word"].tolist() == ["cost"]


def test_pairs_do_not_cross_answers_and_count_respondents_once():
    frame = answers("gap closed gap closed", "close the gap", "market gap", respondents=[1, 1, 2])
    assert collocations(frame, least=1).query("pair == 'gap … closed'")["respondents"].tolist() == [1]
    assert "closed … market" not in collocations(frame, least=1)["pair"].tolist()
    assert collocations(frame, least=2).empty


def test_a_pair_beyond_the_window_is_none():
    frame = answers("labour one two three market", "labour x market")
    assert collocations(frame, least=1).query("pair == 'labour … market'")["count"].tolist() == [1]


def test_ties_come_in_alphabetical_order():
    pairs = collocations(answers("pear plum", "fig nut"), least=1)["pair"].tolist()
    assert pairs == ["fig … nut", "pear … plum"]


def test_concordance_finds_phrases_within_answers_only():
    frame = answers("No time, no money. NO TIME at all", "no", "time")
    lines = concordance(frame, "no time", width=8)
    assert lines.to_numpy().tolist() == [
        ["", "No time", ", no…"],
        ["…money. ", "NO TIME", " at all"],
    ]
    assert concordance(frame, "").empty
    assert concordance(frame, "[").empty


def test_the_word_that_most_respondents_use_is_looked_up_where_none_is_named():
    """By respondents, not by mentions; grammar does not count; the alphabet decides among equals."""
    frame = answers("the time the cost", "the cost time", "pay pay pay pay", "the")
    assert (commonest(frame, 1), commonest(frame, 3), commonest(answers(), 1)) == ("cost", "", "")


def test_lengths_count_words_not_signs():
    table = lengths(answers("Cost!", "No — not for 20 of us."))
    assert table.loc["q", ["answers", "words", "shortest", "longest"]].tolist() == [2, 6, 1, 5]


@pytest.mark.parametrize(
    "function", [lengths, lambda f: keyness(f, [], [], 1), lambda f: collocations(f, 1)]
)
def test_no_answers_give_an_empty_table(function):
    assert function(answers()).empty
