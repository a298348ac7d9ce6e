"""What a number of a manuscript can be: results, published figures, counts, and words for each."""

import functools
import math
import re
from collections import Counter
from typing import NamedTuple

from compendium.audit.manuscript.mentions import NUMBER, mentions
from compendium.audit.published import named, stated_n
from compendium.results import ResultId, withheld
from compendium.survey.plan import counted_in
from compendium.wording import number

# Words that say little of what a number is about; "not" and "no" say much and are kept.
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        """a an and are as at be been by do does for from had has have how i in into is it its many more
        most of on or our s she that the their them there these they this those to us was we were what
        when where which who will with would you your percent per cent number share some than other
        others any one each all apply tick""",
    )
)
_FIRST = "micro|non|multi|self|pre|post"
# What a statistic printed in a manuscript is called by the methods and ids of results.
STATISTICS = {
    "tau": "τ-b", "V": "Cramér's V", "W": "Kendall's W", "phi": "φ", "eta": "η", "kappa": "kappa",
    "alpha": "alpha", "omega": "omega", "ac1": "ac1", "f1": "f1", "odds_ratio": "odds_ratio",
    "r2": "McFadden's R²", "median": "median", "mean": "mean",
}  # fmt: skip

_SAMPLE = {  # what is said of the sample
    "sample.received": "rows received",
    "sample.n": "analysed, answered, responded",
    "sample.excluded": "left out, excluded",
    "sample.completion": "average of questions answered",
    "sample.break_offs": "broke off",
    "sample.straight_lining": "gave one answer throughout, straight down the grids",
}


class Entry(NamedTuple):
    """One thing that a number can say.

    Attributes
    ----------
    id : str
    source : str
        ``result``, ``fact``, ``claim`` or ``published``.
    key : str
        What it is counted in: entries of one key are easily mistaken for each other.
    words : dict of str to float
        Stems of the words for it, and how much they matter: those of an option, a statement and a group
        more than those of the question.
    fields : dict of str to float
        `percent`, `count`, `base`, `low`, `high`, `p`, `value` and `number`: what the result holds.
    names : str
        How its statistic is called.
    said : str
        The number in words, as a report prints it.
    group : frozenset of str
        Stems of the words for the respondents that it is counted among, one of which must be near.
    """

    id: str
    source: str
    key: str
    words: dict
    fields: dict
    names: str = ""
    said: str = ""
    group: frozenset = frozenset()


@functools.cache
def _stemmer():
    from nltk.stem.snowball import SnowballStemmer

    return functools.cache(SnowballStemmer("english").stem)


def stems(text):
    """The words of a text that say something, as stems, in order.

    Examples
    --------
    >>> stems("They would close gaps in our current skills")
    ['close', 'gap', 'current', 'skill']
    """
    # A micro-credential is not micro; a medium-sized firm is medium.
    words = re.findall(rf"(?:{_FIRST})-[^\W\d_]+|[^\W\d_]+", text.lower())
    return [_stemmer()(word) for word in words if word not in _EMPTY]


def catalogue(instrument, results, codebook=None, claims=(), published=None, said=None, facts=()):
    """All that a number of a manuscript can be.

    Parameters
    ----------
    instrument : Instrument
    results : dict of str to dict
        As from `results.read_results`.
    codebook : Codebook, optional
    claims : sequence of Claim
    published : dict of str to Published, optional
    said : dict of str to list of str, optional
        Other words for a result, by its id.
    facts : sequence of (str, str, float)
        Other numbers that a report may tell: an id, the words for it, the number.

    Returns
    -------
    list of Entry
    """
    named = _prefixes(instrument, codebook)
    named |= {f"multiverse.{claim.id}": (claim.statement, 0.5) for claim in claims}
    labels = {key: parts for key, _, _, parts in counted_in(instrument, codebook)}
    found = [_result(id, result, named, labels, instrument) for id, result in results.items()]
    for id, words in (said or {}).items():
        like = next((entry for entry in found if entry.id == id), None)
        found += [like._replace(words=_words((text, 1))) for text in words if like]
    for id, words, value in facts:
        kind = "percent" if words.startswith("%") else "number"
        found.append(Entry(id, "fact", id, _words((words, 1)), {kind: value}, "", number(value)))
    tests = list(_tests(results, named))
    told = {name for test in tests for name in (test.id, test.id.removesuffix("effect") + "p")}
    found = [entry for entry in found if entry.id not in told]
    return [*found, *tests, *_others(claims, published or {}, instrument.plan)]


def numbered(instrument):
    """The labels of options and groups that hold numbers, the longest first."""
    parts = [p for item in instrument.items for p in (*item.choices, *item.unsure, *item.groups)]
    labels = {part.label for part in parts if re.search(r"\d", part.label)}
    return sorted(labels, key=lambda label: (-len(label), label))


def weights(entries):
    """How much each stem tells: rare ones much, those of every entry little."""
    seen = Counter()
    for entry in entries:
        seen.update(entry.words)
    return {stem: math.log(1 + len(entries) / count) ** 2 for stem, count in seen.items()}


def _prefixes(instrument, codebook):
    """The words for what ids of results begin with, and how much they matter."""
    found = {id: (text, 0.7) for id, text in _SAMPLE.items()}
    for item in instrument.items:
        found[item.key] = (item.question, 0.5)
        found[f"missing.{item.id}"] = (f"left out, skipped: {item.question}", 0.7)
        found[f"reliability.{item.id}"] = (item.question, 0.7)
        for statement in item.statements or ():
            found[f"{item.key}.{statement.id}"] = (statement.label, 1)
    for question in instrument.plan:
        start = f"plan.{question.id}"
        found[start] = (question.question, 0.25)
        found[f"multiverse.{question.id}"] = (question.question, 1)
        item = instrument.item(question.item) if question.item else None
        parts = [*(item.statements or ()), *item.choices] if item else []
        for by in question.by or ():
            found[f"{start}.{by}"] = (instrument.item(by).question, 0.15)
            # A regression's ids end with the groups of its predictors, a trend's with the statements.
            of = instrument.item(by).choices if question.method == "ordinal_regression" else parts
            found |= {f"{start}.{by}.{part.id}": (part.label, 1) for part in of}
    for topic in instrument.integration or ():
        found[f"integration.{topic.id}"] = (topic.topic, 1)
    for theme in codebook.themes if codebook else ():
        found[f"themes.{theme.id}"] = (f"theme {theme.name}", 0.5)
        for code in theme.codes:
            found |= {f"themes.{kind}.{code.id}": (code.name, 1) for kind in ("agreement", "rules")}
    return found


def _words(*pieces):
    """Stems of pieces of text, each with the largest weight of the pieces it stands in."""
    found = {}
    for text, weight in pieces:
        for stem in stems(text):
            found[stem] = max(found.get(stem, 0), weight)
    return found


def _spelt(id):
    return id.replace(".", " ").replace("_", " ")


def _before(id, named):
    return [piece for prefix, piece in named.items() if id == prefix or id.startswith(f"{prefix}.")]


def _result(id, result, named, labels, instrument):
    read, method = ResultId.read(id), result.get("method", "")
    of = labels.get(read.key, {}).get(read.of) if read.of != "respondents" else None
    pieces = [*_before(id, named), (_spelt(read.key), 0.3), (_spelt(read.of), 0.5)]
    if of:
        pieces.append((of, 0.3 if of == "Yes" else 1))  # which says little
    else:
        told = 0.2 if len(pieces) > 2 else 0.6  # where a question says what it is, the method need not
        pieces += [(method, told), (result.get("note", ""), told / 2)]
    group = {}
    if read.by:
        group = _words((instrument.item(read.by).label_of(read.row), 1), (read.row, 0.5))
        for stem in stems(f"{instrument.words.respondent} {instrument.words.respondents}"):
            group.pop(stem, None)  # all of them are employers
    fields = {
        key: result[key] for key in ("count", "base", "low", "high") if result.get(key) is not None
    }
    value, unit = result.get("value"), result["unit"]
    if value is not None:
        fields[{"percent": "percent", "count": "number", "p": "p"}.get(unit, "value")] = value
        if unit == "count":
            fields["count"] = value
    gone = withheld(result)
    return Entry(id, "result", read.key, _words(*pieces) | group, {} if gone else fields,
                 f"{read.of} {method}", "withheld" if gone else _said(result),
                 frozenset(group))  # fmt: skip


def _said(result):
    if result.get("value") is None:
        return "no number"
    sign = "%" if result["unit"] == "percent" else ""
    counted = f", {number(result['count'])} of {number(result['base'])}" if "count" in result else ""
    digits = {"percent": 1, "p": 3}.get(result["unit"], 2)
    low, high = (number(result.get(end), digits) for end in ("low", "high"))
    ends = f" ({low} to {high})" if "low" in result else ""
    return f"{number(result['value'], digits)}{sign}{counted}{ends}"


def _tests(results, named):
    """Effect and p of one test as one entry: they are printed side by side."""
    for id, result in results.items():
        read = ResultId.read(id)
        effect = results.get(f"{read.key}.effect")
        if read.of != "p" or not effect or None in (result["value"], effect["value"]):
            continue
        value = "percent" if effect["unit"] == "percent" else "value"
        fields = {"p": result["value"], value: effect["value"], "base": effect.get("base")}
        fields |= {key: effect[key] for key in ("low", "high") if key in effect}
        fields = {key: value for key, value in fields.items() if value is not None}
        said = f"{effect.get('method', '')} {_said(effect)}, p {number(result['value'], 3)}"
        words = _words(*_before(id, named), (_spelt(read.key), 0.5))
        yield Entry(
            f"{read.key}.effect", "result", read.key, words, fields, effect.get("method", ""), said
        )


def _others(claims, published, plan):
    for claim in claims:
        words = _words((claim.statement, 1))
        base = {"base": claim.base} if isinstance(claim.base, int) else {}
        for percent in claim.all_percents:
            if re.fullmatch(NUMBER, percent):
                fields = {"percent": float(percent)} | base
                yield Entry(claim.id, "claim", claim.id, words, fields, "", f"{percent}%")
        if claim.count is not None:
            yield Entry(
                claim.id, "claim", claim.id, words, {"number": claim.count}, "", str(claim.count)
            )
    if drawn := named(published, claims, plan):
        percents = [float(row.percent) for row in drawn.values()]
        words = _words(("studies published", 1))
        ends = {"low": min(percents), "high": max(percents)}
        yield Entry("published", "published", "published", words, ends, "", "published percents")
    for id, row in published.items():
        words = _words((f"{row.study} {row.population} {row.wording} {row.concept}", 1))
        fields = {"percent": float(row.percent)} | ({"base": row.n, "number": row.n} if row.n else {})
        said = f"{row.percent}% of {row.n}" if row.n else f"{row.percent}%, {stated_n(None)}"
        yield Entry(id, "published", id, words, fields, "", said)
        for found in mentions(row.note):
            for text in found.printed:
                noted = {"number": float(text.replace(",", ""))}
                yield Entry(id, "published", id, _words((row.note, 1)), noted, "", row.note)
