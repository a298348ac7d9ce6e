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

import pandas as pd

from compendium.wording import around

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
AFTER = 4  # words after a phrase in which a negation can begin that takes it back
# What such a negation is of: *cost is not an issue*, but not *cost is not covered*.
DISMISSED = frozenset(
    ["issu", "problem", "concern", "barrier", "obstacl", "hurdl", "worri", "matter", "factor",
     "difficulti", "object", "deterr", "constraint", "question", "stop", "prevent", "deter"]
)  # fmt: skip
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
    A phrase is negated when a negation stands at most `REACH` words before it in the same clause, or
    between it and a phrase that it must be near (*saves us no money*), or begins at most `AFTER` words
    after it in the same clause and is, within as many words, of something that is `DISMISSED` (*cost is
    not an issue*). Terms before and after as in NegEx: Chapman et al. (2001),
    https://doi.org/10.1006/jbin.2001.1029. Snowball: Porter (2001), Snowball: A language for stemming
    algorithms.

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
            # Sets first: most rules fail there, before anybody has to look at places.
            if near and near.isdisjoint(present):
                continue
            close = _near(hits, near, at, size, within, stemmed) if near else []
            if near and not close:
                continue
            if negated is not None and (denied and _negated(stemmed, at, size, close)) != negated:
                continue
            if not unless.isdisjoint(present) and _taken_back(hits, unless, at, stemmed):
                continue
            found[code] = (code, at, size)
    return found.values()


def _negated(stemmed, at, size, close):
    """Whether a negation takes back the phrase at this place, which has others close by."""
    end = at + size
    before = _denial(reversed(stemmed[max(0, at - REACH) : at]))
    between = any(
        not NEGATIONS.isdisjoint(stemmed[min(end, other) : max(at, other)]) for other in close
    )
    return before is not None or between or _dismissed(stemmed, end)


def _denial(stems):
    """How many words it is to a negation in the same clause; None where there is none."""
    for apart, stem in enumerate(stems):
        if stem in NEGATIONS:
            return apart
        if stem in TURNS:
            return None
    return None


def _dismissed(stemmed, end):
    """Whether what ends here is, by what follows, no issue."""
    apart = _denial(stemmed[end : end + AFTER])
    if apart is None:
        return False
    for stem in stemmed[end + apart + 1 : end + apart + 1 + AFTER]:
        if stem in DISMISSED:
            return True
        if stem in TURNS:
            return False
    return False


def _near(hits, near, at, size, within, stemmed):
    """Where one of these phrases stands close by in the same sentence."""
    found = []
    for other, length, phrase in hits:
        if phrase in near:
            apart = other - (at + size) if other >= at else at - (other + length)
            if apart < within and _together(stemmed, at, other):
                found.append(other)
    return found


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
        Characters of context on either side, at most.

    Returns
    -------
    pandas.DataFrame
        `Before`, `Trigger`, `After`, one row a match, as `wording.around` cuts.
    """
    texts = answers.set_index(["respondent", "item"])["text"].to_dict()
    places = found[["respondent", "item", "at", "size"]].itertuples(index=False, name=None)
    rows = [_around(texts[who, item], at, size, width) for who, item, at, size in places]
    return pd.DataFrame(rows, columns=["Before", "Trigger", "After"])


def rules_shown(found, answers, context, names, untold):
    """What the rules gave in a sentence, and one match of each code with the words around it.

    Parameters
    ----------
    found, answers
        As in `in_context`.
    context : pandas.DataFrame
        As from `in_context`.
    names : dict of str to str
        Names of the codes.
    untold : collection of str
        Codes of which nothing may be told.
    """
    named = context.assign(Code=found["code"].map(names).to_numpy())
    named = named[["Code", *context]][~found["code"].isin(untold).to_numpy()]
    coded = len(found[["respondent", "item"]].drop_duplicates())
    said = (
        f"{len(found):,} codes given to {coded:,} of {len(answers):,} answers. One of each code, "
        "with the words that triggered it:"
    )
    return said, named.drop_duplicates("Code")


def _around(text, at, size, width):
    """What stands before the tokens of a match, the match, and what stands after it."""
    spans = spans_of(text)
    start, stop = spans[at][0], spans[at + size - 1][1]
    before, after = around(text, start, stop, width)
    return before, text[start:stop], after
