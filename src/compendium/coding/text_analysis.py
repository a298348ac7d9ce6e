"""Reading aids for open answers: lengths, collocations, keyness and concordance.

They help a reader to find what to read next; none of them is a result. NLTK, which only chapter 3
needs, is imported where it counts. Words that few respondents use are left out, because a rare word
can tell who wrote it.
"""

from functools import lru_cache

import numpy as np
import pandas as pd

from compendium.coding.automatic.rule_coder import spans_of, tokens_of
from compendium.wording import around, number

# Words that carry grammar rather than content. NLTK's own list has to be downloaded.
_LISTED = """
    a about after all also am an and any are as at be because been before being but by can could
    did do does doing don't down each for from had has have having he her here him his how i i'd i'm
    i've if in into is isn't it it's its just let me more most my no nor not now of off on once one
    only or other our out over own said same see she should so some such than that that's the their
    them then there these they they're they'd they'll this those through to too under until up us
    very was we we'd we're we've were what when where which while who why will with would you your
    yes us"""
FUNCTION_WORDS = frozenset(_LISTED.split())


@lru_cache(maxsize=1 << 18)  # each answer is read three times: its length, its pairs, its words
def words_of(text):
    """Words of an answer in lower case: tokens without punctuation and numbers."""
    tokens = (token.lower().replace("’", "'") for token in tokens_of(text))
    return tuple(token for token in tokens if token[0].isalpha())


def _numbered(answers):
    """All different words, and one row a word as it stands: its number, its answer's, its writer's."""
    which, texts = pd.factorize(answers["text"])  # many answer alike
    numbers = {}
    read = [[numbers.setdefault(word, len(numbers)) for word in words_of(text)] for text in texts]
    read = [np.array(words, np.int32) for words in read]
    each = [read[place] for place in which]
    rows = pd.DataFrame({"word": np.concatenate([np.empty(0, np.int32), *each])})
    rows["answer"] = np.repeat(np.arange(len(each), dtype=np.int32), list(map(len, each)))
    rows["writer"] = pd.factorize(answers["respondent"])[0].astype(np.int32)[rows["answer"]]
    return list(numbers), rows


def _times(numbers, writers, most):
    """How often each number below `most` stands, and with how many writers."""
    all_writers = writers.max(initial=0) + 1
    pairs = np.sort(numbers.astype(np.int64) * all_writers + writers)  # np.unique takes far longer
    pairs = pairs[np.diff(pairs, prepend=-1) != 0] // all_writers
    return np.bincount(numbers, minlength=most), np.bincount(pairs, minlength=most)


def lengths(answers):
    """Answers and words per question.

    Parameters
    ----------
    answers : pandas.DataFrame
        As from `codings.open_answers`.

    Returns
    -------
    pandas.DataFrame
        Indexed by item: `answers`, and the `median`, `shortest`, `longest` and total number of
        `words`.
    """
    which, texts = pd.factorize(answers["text"])
    counted = pd.Series(np.array([len(words_of(text)) for text in texts], int)[which], answers.index)
    counted = counted.groupby(answers["item"], sort=False)
    return pd.DataFrame(
        {
            "answers": counted.size(), "words": counted.sum(), "shortest": counted.min(),
            "median": counted.median(), "longest": counted.max(),
        }
    )  # fmt: skip


def length_records(table, answers, n):
    """The named results of `lengths`, of all `answers` of `n` respondents."""
    count = {"unit": "count", "base": n}
    records = [{"id": "themes.answers", "value": answers, "note": "answers in free text", **count}]
    for item, row in table.iterrows():
        note = f"median {row['median']:g} words"
        records.append(
            {"id": f"themes.answers.{item}", "value": int(row["answers"]), "note": note, **count}
        )
    return records


def collocations(answers, least, most=20, window=4):
    """Pairs of words that stand near each other more often than their frequency explains.

    Parameters
    ----------
    answers : pandas.DataFrame
        As from `codings.open_answers`.
    least : int
        Fewest respondents who use the pair.
    most : int
        Pairs at most.
    window : int
        Words that the two may lie apart, both counted.

    Returns
    -------
    pandas.DataFrame
        `pair`, `respondents`, `count`, and `log_likelihood`, the largest first. Pairs do not cross
        answers; those with a function word are left out.

    References
    ----------
    Dunning (1993), Accurate methods for the statistics of surprise and coincidence,
    https://aclanthology.org/J93-1003.
    """
    from nltk.metrics import BigramAssocMeasures

    words, flat = _numbered(answers)
    word, answer, writer = (flat[name].to_numpy() for name in flat)
    content = np.array([word not in FUNCTION_WORDS for word in words], bool)[word]
    found = []
    for step in range(1, window):  # nothing is near across the end of an answer
        near = (answer[:-step] == answer[step:]) & content[:-step] & content[step:]
        found.append(np.stack([word[:-step], word[step:], writer[step:]])[:, near])
    first, second, writer = np.concatenate(found, axis=1)
    place, pairs = pd.factorize(first.astype(np.int64) * len(words) + second)
    times, users = (counts.tolist() for counts in _times(place, writer, len(pairs)))
    total, alone, rows = len(word), np.bincount(word, minlength=len(words)).tolist(), []
    for k in [k for k, count in enumerate(users) if count >= least]:
        one, other = divmod(int(pairs[k]), len(words))
        # Each word meets window - 1 others: as in Church & Hanks (1990) each meeting counts in part.
        score = BigramAssocMeasures.likelihood_ratio(
            times[k] / (window - 1), (alone[one], alone[other]), total
        )
        rows.append((f"{words[one]} … {words[other]}", users[k], times[k], score))
    rows.sort(key=lambda row: (-row[3], row[0]))
    return pd.DataFrame(rows[:most], columns=["pair", "respondents", "count", "log_likelihood"])


def keyness(answers, first, second, least):
    """Words that one group of respondents uses more often than another.

    Parameters
    ----------
    answers : pandas.DataFrame
        As from `codings.open_answers`.
    first, second : collection
        Ids of the respondents of the two groups.
    least : int
        Fewest respondents, of both groups together, who use the word.

    Returns
    -------
    pandas.DataFrame
        `word`, `respondents` who use it, how many of each group (`users_first`, `users_second`), its
        rate per 1,000 words in each (`first`, `second`), and `log_likelihood` (G², 1 degree of
        freedom), the largest first; positive where the first group uses the word more, negative
        where the second does. Function words are left out.

    Notes
    -----
    G² of the table *this word or another × first group or second* (NLTK's ``likelihood_ratio``).
    Words are counted as if each were drawn by itself, which words of one writer are not: a large
    value says where to read, and is no test.

    References
    ----------
    Dunning (1993), https://aclanthology.org/J93-1003. Rayson & Garside (2000), Comparing corpora
    using frequency profiling, https://doi.org/10.3115/1117729.1117730.
    """
    from nltk.metrics import BigramAssocMeasures

    words, flat = _numbered(answers)
    counts, users = [], []
    for ids in (first, second):
        rows = flat[answers["respondent"].isin(ids).to_numpy()[flat["answer"]]]
        found = _times(rows["word"].to_numpy(), rows["writer"].to_numpy(), len(words))
        counts.append(found[0].tolist())
        users.append(found[1].tolist())
    totals, rows = [sum(each) for each in counts], []
    for word, *each, a, b in zip(words, *users, *counts, strict=True):
        if word in FUNCTION_WORDS or sum(each) < max(least, 1) or min(totals) == 0:
            continue
        score = BigramAssocMeasures.likelihood_ratio(a, (a + b, totals[0]), sum(totals))
        rates = 1000 * a / totals[0], 1000 * b / totals[1]
        rows.append((word, sum(each), *each, *rates, score if rates[0] >= rates[1] else -score))
    rows.sort(key=lambda row: (-abs(row[-1]), row[0]))
    columns = ["word", "respondents", "users_first", "users_second", "first", "second"]
    return pd.DataFrame(rows, columns=[*columns, "log_likelihood"])


def keyness_by(answers, chose, by, rows, least, most):
    """The words that two groups of an item use differently, and the same as it is shown.

    A word that few of one group use is left out: the value itself would tell how few.

    Parameters
    ----------
    answers : pandas.DataFrame
        As from `codings.open_answers`.
    chose : pandas.Series
        Answers to the item `by`, by respondent.
    by : Item
    rows : sequence of str
        Two options or groups of it.
    least, most : int
        Users of a word in each group, and words.

    Returns
    -------
    tuple of pandas.DataFrame
    """
    groups = [chose.index[chose.isin(by.members(row))] for row in rows]
    found = keyness(answers, *groups, least)
    found = found[found[["users_first", "users_second"]].min(axis=1) >= least].head(most)
    return found, keyness_shown(found, *map(by.label_of, rows))


def keyness_shown(table, first, second):
    """A table of `keyness` as it is shown, its groups under their names."""
    shown = {"Word": table["word"], "Respondents": table["respondents"].astype(str)}
    shown |= {first: table["first"].map(number), second: table["second"].map(number)}
    return pd.DataFrame(shown | {"Log-likelihood": [number(x, 0) for x in table["log_likelihood"]]})


def commonest(answers, least):
    """The word of content that most respondents use, the first of the alphabet among equals.

    Empty where fewer than `least` use any.
    """
    words, flat = _numbered(answers)
    users = _times(flat["word"].to_numpy(), flat["writer"].to_numpy(), len(words))[1].tolist()
    counted = zip(users, words, strict=True)
    told = [(-n, word) for n, word in counted if n >= least and word not in FUNCTION_WORDS]
    return min(told, default=(0, ""))[1]


def concordance(answers, term, width=40, most=25):
    """A word or phrase wherever it occurs, with what stands around it.

    Parameters
    ----------
    answers : pandas.DataFrame
        As from `codings.open_answers`; mask the text first where it is to be shown.
    term : str
        One word or several; case is ignored.
    width : int
        Characters on either side, at most.
    most : int
        Lines at most.

    Returns
    -------
    pandas.DataFrame
        `before`, `term`, `after`: one row an occurrence, in the order of the answers.

    Examples
    --------
    >>> answers = pd.DataFrame({"text": ["The cost of it, and no time.", "Cost!"]})
    >>> concordance(answers, "cost").values.tolist()
    [['The ', 'cost', ' of it, and no time.'], ['', 'Cost', '!']]
    """
    from nltk.text import ConcordanceIndex

    wanted, rows = [token.lower() for token in tokens_of(term)], []
    for text in answers["text"]:
        tokens, spans = tokens_of(text), spans_of(text)
        # Answer by answer, so that no line runs from one respondent's words into another's.
        for at in ConcordanceIndex(tokens, key=str.lower).offsets(wanted[0]) if wanted else []:
            last = at + len(wanted) - 1
            if [token.lower() for token in tokens[at : last + 1]] == wanted:
                start, stop = spans[at][0], spans[last][1]
                before, after = around(text, start, stop, width)
                rows.append((before, text[start:stop], after))
        if len(rows) >= most:
            break
    return pd.DataFrame(rows[:most], columns=["before", "term", "after"])
