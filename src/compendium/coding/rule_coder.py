"""The rule coder: gives codes to answers by rules that a person can read, says by which words, and is
tested on answers that its rules have never seen.

It knows words, not meaning. Tokens are cut as NLTK's RegexpTokenizer cuts, and compared by their
Snowball stems; a phrase matches the same stems in a row. Nothing has to be downloaded.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd

from compendium.coding.codings import assigned
from compendium.coding.reliability import FEW, few_coded
from compendium.statistics.coders.scoring import SCORES, majority, scores
from compendium.wording import coefficient, number

# Cuts as NLTK's RegexpTokenizer does with this pattern (a test holds the two together), and several
# times faster: NLTK guards every pattern against slow matching, which this one cannot run into.
TOKEN = re.compile(r"\w+(?:['’]\w+)*|[.!?;:,()\n–—]")
tokens_of = TOKEN.findall
ENDS = frozenset(".!?\n")  # of a sentence
# What ends the reach of a negation, besides the number of words.
TURNS = ENDS | frozenset([*";:,()–—", "but", "though", "although", "howev", "yet", "except"])
NEGATIONS = frozenset(
    ["n't", "not", "no", "never", "nor", "neither", "nobodi", "none", "noth", "without",
     "lack"]
)  # fmt: skip
# Negations that are no stems of their own, and spellings without the apostrophe.
NEGATING = frozenset(
    ["cannot", "cant", "dont", "doesnt", "didnt", "isnt", "arent", "wasnt", "wont", "wouldnt",
     "couldnt", "shouldnt", "havent", "hasnt", "hardly", "barely", "rarely", "seldom"]
)  # fmt: skip
REACH = 6  # words after a negation that it can take back
EXPLAINED = ["respondent", "item", "code", "words", "at", "size"]


def spans_of(text):
    """Where the tokens of a text start and end."""
    return [match.span() for match in TOKEN.finditer(text)]


class Stems(dict):
    """Token to stem, worked out once for each spelling; *can't*, *cannot*, *hardly* all to ``n't``."""

    def __missing__(self, token):
        word = token.lower().replace("’", "'")
        negation = word.endswith("n't") or word in NEGATING
        self[token] = stem = "n't" if negation else _snowball().stem(word)
        return stem


@cache
def _snowball():
    from nltk.stem.snowball import SnowballStemmer  # here, as only chapter 3 needs nltk

    return SnowballStemmer("english")


@dataclass(frozen=True)
class Compiled:
    """Rules, their phrases looked up by the stem that they start with."""

    words: dict  # stem to the number of the phrase that is this one word
    phrases: dict  # first two stems to the longer phrases that start with them, and their numbers
    # Code, items (empty: all), whether the phrase must be negated (None: either), numbers of the
    # phrases under near, the window, numbers of those under unless.
    rules: list
    triggers: dict  # number of a phrase to the rules that it can set off
    stems: Stems


def compile_rules(codebook):
    """Prepare the rules of a codebook; a phrase that holds no word is refused."""
    stems, numbers = Stems(), {}

    def place(phrase, code):
        found = tuple(stems[token] for token in tokens_of(phrase))
        if not found:
            raise ValueError(f"codebook: code '{code}': the phrase '{phrase}' holds no word.")
        return numbers.setdefault(found, len(numbers))

    rules, triggers = [], defaultdict(list)
    for code in codebook.codes:
        for rule in code.rules:
            for phrase in {place(phrase, code.id) for phrase in rule.any}:
                triggers[phrase].append(len(rules))
            near, unless = ({place(p, code.id) for p in given} for given in (rule.near, rule.unless))
            negated = {"no": False, "yes": True, "either": None}[rule.negated]
            rules.append((code.id, tuple(rule.items), negated, near, rule.within, unless))
    words = {found[0]: position for found, position in numbers.items() if len(found) == 1}
    phrases = defaultdict(list)
    for found, position in numbers.items():
        if len(found) > 1:
            phrases[found[:2]].append((found, position))
    return Compiled(words, dict(phrases), rules, dict(triggers), stems)


def code_answers(answers, compiled):
    """Give codes to answers.

    Parameters
    ----------
    answers : pandas.DataFrame
        `respondent`, `item`, `text`, as from `codings.open_answers`.
    compiled : Compiled
        As from `compile_rules`.

    Returns
    -------
    pandas.DataFrame
        One row an assigned code: `respondent`, `item`, `code`, and why: the first `words` that
        triggered it, `at` which token they stand and how many tokens they are (`size`). Answers
        without a code have no row.

    Notes
    -----
    A phrase is negated when a negation stands at most `REACH` words before it in the same clause,
    as in NegEx: Chapman et al. (2001), https://doi.org/10.1006/jbin.2001.1029. Snowball: Porter
    (2001), Snowball: A language for stemming algorithms.

    Examples
    --------
    >>> from compendium.coding.codebook import Codebook
    >>> code = {"id": "cost", "name": "Cost", "definition": "…", "rules": [{"any": ["budget"]}]}
    >>> theme = {"id": "b", "name": "Barriers", "definition": "…", "codes": [code]}
    >>> compiled = compile_rules(Codebook(title="…", themes=[theme]))
    >>> answers = pd.DataFrame({"respondent": [1], "item": ["why"], "text": ["Budgets, mostly."]})
    >>> code_answers(answers, compiled).values.tolist()
    [[1, 'why', 'cost', 'Budgets', 0, 1]]
    """
    rows, stems = [], compiled.stems
    for respondent, item, text in zip(
        answers["respondent"].tolist(), answers["item"].tolist(), answers["text"].tolist(), strict=True
    ):
        tokens = tokens_of(text)
        stemmed = [stems[token] for token in tokens]
        for code, at, size in _assigned(_hits(stemmed, compiled), stemmed, item, compiled):
            rows.append((respondent, item, code, " ".join(tokens[at : at + size]), at, size))
    return pd.DataFrame(rows, columns=EXPLAINED)


def _hits(stemmed, compiled):
    """Phrases of any rule that occur: place, number of tokens, number of the phrase; in order."""
    words, phrases = compiled.words, compiled.phrases
    hits = [(at, 1, words[stem]) for at, stem in enumerate(stemmed) if stem in words]
    for at, pair in enumerate(pairwise(stemmed)):
        if pair in phrases:
            for found, position in phrases[pair]:
                size = len(found)
                if size == 2 or tuple(stemmed[at : at + size]) == found:
                    hits.append((at, size, position))
    hits.sort()
    return hits


def _assigned(hits, stemmed, item, compiled):
    """Codes of one answer with the place of the first words that triggered each."""
    found, triggers, rules = {}, compiled.triggers, compiled.rules
    present = {phrase for _, _, phrase in hits}
    denied = not NEGATIONS.isdisjoint(stemmed)
    for at, size, phrase in hits:
        for rule in triggers.get(phrase, ()):
            code, items, negated, near, within, unless = rules[rule]
            if code in found or (items and item not in items):
                continue
            if negated is not None and (denied and _negated(stemmed, at)) != negated:
                continue
            # Sets first: most rules fail there, before anybody has to look at places.
            if near and (near.isdisjoint(present) or not _near(hits, near, at, size, within, stemmed)):
                continue
            if not unless.isdisjoint(present) and _taken_back(hits, unless, at, stemmed):
                continue
            found[code] = (code, at, size)
    return found.values()


def _negated(stemmed, at):
    """Whether a negation reaches the token at this place."""
    for stem in reversed(stemmed[max(0, at - REACH) : at]):
        if stem in NEGATIONS:
            return True
        if stem in TURNS:
            return False
    return False


def _near(hits, near, at, size, within, stemmed):
    """Whether one of these phrases stands close by in the same sentence."""
    for other, length, phrase in hits:
        if phrase in near:
            apart = other - (at + size) if other >= at else at - (other + length)
            if apart < within and _together(stemmed, at, other):
                return True
    return False


def _taken_back(hits, unless, at, stemmed):
    """Whether one of these phrases stands in the same sentence."""
    return any(phrase in unless and _together(stemmed, at, other) for other, _, phrase in hits)


def _together(stemmed, one, other):
    """Whether no sentence ends between two tokens."""
    low, high = (one, other) if one < other else (other, one)
    return ENDS.isdisjoint(stemmed[low:high])


def in_context(found, answers, width=60):
    """The words of each match between what stands before and after them.

    Parameters
    ----------
    found : pandas.DataFrame
        As from `code_answers`.
    answers : pandas.DataFrame
        `respondent`, `item`, `text`: those that were coded.
    width : int
        Characters of context on either side.

    Returns
    -------
    pandas.DataFrame
        `Before`, `Trigger`, `After`, one row a match; white space folded, cut places marked by an
        ellipsis.
    """
    texts = answers.set_index(["respondent", "item"])["text"].to_dict()
    places = found[["respondent", "item", "at", "size"]].itertuples(index=False, name=None)
    rows = [_around(texts[who, item], at, size, width) for who, item, at, size in places]
    return pd.DataFrame(rows, columns=["Before", "Trigger", "After"])


def _around(text, at, size, width):
    """What stands before the tokens of a match, the match, and what stands after it."""
    spans = spans_of(text)
    start, stop = spans[at][0], spans[at + size - 1][1]
    before, after = text[max(0, start - width) : start], text[stop : stop + width]
    before = " ".join(before.split()) + " " * (before != before.rstrip())
    after = " " * (after != after.lstrip()) + " ".join(after.split())
    return "…" * (start > width) + before, text[start:stop], after + "…" * (stop + width < len(text))


def split(respondents, seed):
    """Split respondents once into a development and a held-out half.

    Rules are written against answers of the first half only; how well they do is measured on the
    second.

    Parameters
    ----------
    respondents : sequence
        Ids, in any order and number.
    seed : int

    Returns
    -------
    development, held_out : list
        Ids, sorted; the development half has the odd one.

    Examples
    --------
    >>> split(["r4", "r1", "r3", "r2"], seed=1)
    (['r1', 'r2'], ['r3', 'r4'])
    """
    unique = sorted(set(respondents), key=str)
    drawn = np.random.default_rng(seed).permutation(len(unique))
    half = (len(unique) + 1) // 2
    return ([unique[k] for k in sorted(drawn[:half])], [unique[k] for k in sorted(drawn[half:])])


@dataclass(frozen=True)
class Trial:
    """How well rules do on the half of the respondents that they were not written for.

    Attributes
    ----------
    scores : pandas.DataFrame
        By code, then ``micro`` and ``macro``: as from `agreement.scores`, against the consensus, and
        `majority`, the accuracy of giving each answer what most have. Codes of few answers or
        respondents are missing, and `withheld` is ``…``.
    human : pandas.DataFrame or None
        Scores of the first two coders against each other, where both read some of the answers.
    fitted : float
        Micro F1 on the half that the rules were written for.
    respondents, answers, development : int
        Respondents and answers of the held-out half; answers of the other.
    """

    scores: pd.DataFrame
    human: pd.DataFrame | None
    fitted: float
    respondents: int
    answers: int
    development: int


def try_rules(coding, found, hidden, minimum, seed, confidence, resamples):
    """Test what the rules gave against the consensus, on the held-out half.

    Parameters
    ----------
    coding : Coding
    found : pandas.DataFrame
        As from `code_answers`, of all answers of `coding`.
    hidden, minimum
        As in `reliability.few_coded`.
    seed, confidence, resamples
        As in `agreement.scores`.

    Returns
    -------
    Trial or None
        None where nobody has coded an answer of one of the halves, or every code is withheld.
    """
    codebook, answers, consensus = coding.codebook, coding.answers, coding.consensus
    _, held_out = split(answers["respondent"], codebook.split_seed)
    test, whose = answers["respondent"].isin(held_out).to_numpy(), answers["respondent"]
    read = consensus.notna().all(axis=1).to_numpy()
    if not read[test].any() or not read[~test].any():
        return None
    ruled = assigned(found, answers, codebook.ids).fillna(0.0)

    def scored(reference, candidate, half=test, samples=resamples):
        return scores(reference[half], candidate[half], whose[half], seed, confidence, samples)

    ours = scored(consensus, ruled)
    plain = scored(consensus, majority(consensus, consensus[~test]), samples=2)
    few = few_coded(ours["in_reference"].drop(["micro", "macro"]), codebook, hidden, minimum)
    secret, told = few[few].index, few[~few].index
    if told.empty:
        return None
    if len(secret):  # what sums up all codes would narrow down those that are withheld
        consensus, ruled = consensus[told], ruled[told]
        plain = scored(consensus, majority(consensus, consensus[~test]), samples=2)
        ours = scored(consensus, ruled).reindex(ours.index)
        ours["answers"] = ours["answers"].max()
    ours["majority"] = plain["accuracy"].where(ours["accuracy"].notna())
    ours.loc[secret, ours.columns.drop("answers")] = np.nan
    ours.loc["macro", ["in_reference", "in_candidate", "accuracy", "majority"]] = np.nan
    ours["withheld"] = np.where(ours.index.isin(secret), "…", "")
    fitted = float(scored(consensus, ruled, half=~test, samples=2).loc["micro", "f1"])
    human = None
    if len(coding.coders) > 1:
        one, other = (coding.marks[coder] for coder in coding.coders[:2])
        if (one.notna() & other.notna()).all(axis=1).to_numpy()[test].any():
            human = scored(one[told], other[told]).reindex(ours.index)
    return Trial(ours, human, fitted, len(held_out), int(test.sum()), int((~test).sum()))


def trial_records(trial):
    """The named results of a `Trial`, as `results.record` takes them."""
    records = [
        {"id": "themes.rules.development.f1", "value": trial.fitted, "unit": "proportion",
         "base": trial.development, "method": "micro, on the half that the rules were written for"}
    ]  # fmt: skip
    for code, row in trial.scores.iterrows():
        for name in SCORES:
            undefined = "nothing to divide by" if pd.isna(row[name]) else None
            records.append(
                {"id": f"themes.rules.{code}.{name}", "value": row[name], "unit": "proportion",
                 "low": row[f"{name}_low"], "high": row[f"{name}_high"], "base": row["answers"],
                 "method": "held-out half, against the consensus",
                 "withheld": row["withheld"] or None, "note": FEW if row["withheld"] else undefined}
            )  # fmt: skip
    return records


def trial_shown(trial):
    """The scores of a `Trial` as they are shown: text only, a code a row."""
    table, shown = trial.scores, pd.DataFrame(index=trial.scores.index)
    for name, label in (("in_reference", "In consensus"), ("in_candidate", "By rules")):
        shown[label] = table[name].astype("Int64").map(number)
    for name in SCORES:
        ends = table[[name, f"{name}_low", f"{name}_high"]].to_numpy(float)
        shown[name.capitalize()] = [coefficient(*row) for row in ends]
    shown["Accuracy, %"] = table["accuracy"].map(number)
    shown["Majority accuracy, %"] = table["majority"].map(number)
    if trial.human is not None:
        shown["Two coders, F1"] = [number(float(x), 2) for x in trial.human["f1"]]
    shown.loc[table["withheld"] != ""] = "withheld"
    return shown.rename_axis(None)
