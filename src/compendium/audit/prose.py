"""Numbers in a published sentence, which must be those of the claim's fields.

Elsewhere no code reads a sentence; here the sentence is what is audited.
"""

import re
from fractions import Fraction

_DIGITS = r"[-\u2212+]?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
_NUMBER = rf"(?<![\w.,\u2013-]){_DIGITS}(?!\w|-\w|\.\d)"
_PERCENT = r"\s?(?:%|per\s?cent\b|percent(?:age points?)?\b)"
_YEAR = r"(?:\b(?:in|since|by|until|before|after|during|from)\s|\()(?:19|20)\d\d\b(?!\s?%)"
# Bands such as ages 16–24 are no figures, unless the claim has a scale, an interval or two values.
_BAND = rf"(?<![\w.,-])\d+(?:\.\d+)?\s?(?:\u2013|-|\sto\s)\s?\d+(?:\.\d+)?(?![\w-])(?!{_PERCENT})"
_WORDS = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
]  # fmt: skip
_PARTS = {
    "half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6,
    "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
}  # fmt: skip
WHO = (
    r"(?:employers?|respondents?|participants?|organi[sz]ations?|compan(?:y|ies)|firms?|business(?:es)?"
    r"|enterprises?|people|adults?|students?|learners?|graduates?|teachers?|managers?|voters?|users?"
    r"|households?|universit(?:y|ies)|schools?|institutions?|interviewees?|women|men)"
)
_COUNT = rf"\d+|{'|'.join(_WORDS)}"
FRACTION = (
    rf"(?:(?P<a>{_COUNT})\s(?:in|out\sof)(?:\severy)?\s(?P<b>{_COUNT})"
    rf"|(?:(?P<n>{_COUNT}|an?)[\s-])?(?P<part>{'|'.join(_PARTS)})s?)"
)


def fraction(words):
    """The proportion that a fraction in words is.

    Raises
    ------
    ValueError
        When the words are no such fraction, or it is above 1.

    Examples
    --------
    >>> fraction("one in eight"), fraction("two-thirds"), fraction("half")
    (Fraction(1, 8), Fraction(2, 3), Fraction(1, 2))
    """
    found = re.fullmatch(FRACTION, words.strip().lower())
    if found:
        parts = (found["a"], found["b"]) if found["a"] else (found["n"] or "a", found["part"])
        above, below = (_whole(part) for part in parts)
        if 0 <= above <= below and below:
            return Fraction(above, below)
    raise ValueError(f"'{words}': write it as 'one in eight', '3 out of 5', 'two thirds' or 'half'.")


def _whole(word):
    if word in ("a", "an"):
        return 1
    return _PARTS.get(word) or (int(word) if word.isdigit() else _WORDS.index(word))


def unaccounted(statement, percents, numbers, besides=(), bands=False):
    """Numbers of a statement that are no field of its claim.

    Parameters
    ----------
    statement : str
    percents, numbers : collection of fractions.Fraction
        What the fields say in percent, and otherwise; signs are not compared.
    besides : sequence of str
        Stretches of the statement whose numbers are about something else.
    bands : bool
        Whether ranges of plain numbers count, as where the claim has a scale or an interval.

    Returns
    -------
    list of str
        As they stand there; years after *in* or *since*, and numbers joined to a word as in
        ``5-point``, are none.

    Examples
    --------
    >>> unaccounted("13% of 40 employers, in 2022", {Fraction(13)}, {Fraction(92)})
    ['40']
    """
    text = statement
    for stretch in besides:
        text = text.replace(stretch, " … ")
    text = _in_digits(re.sub(_YEAR, " … ", text, flags=re.IGNORECASE))
    text = text if bands else re.sub(_BAND, " … ", text)
    text = re.sub(r"(?<=\d)\s?\u2013\s?(?=\d)", " to ", text)
    wrong, plain = [], {abs(value) for value in numbers}
    shares = {abs(value) for value in percents}
    for found in re.finditer(_NUMBER, text):
        value = abs(Fraction(found[0].replace(",", "").replace("\u2212", "-")))
        after = text[found.end() :]
        sign = re.match(_PERCENT, after)
        # "48, 29 and 23%": the sign at the end holds for all, though "of 92, 13%" looks alike.
        listed = re.match(rf"(?:(?:,? and|,? or| to|,)\s?{_DIGITS})+{_PERCENT}", after)
        known = shares if sign else plain | shares if listed else plain
        if value not in known:
            wrong.append(found[0] + (sign[0] if sign else ""))
    return wrong


_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
_TEENS = {
    "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19,
}  # fmt: skip
_BELOW = {word: value for value, word in enumerate(_WORDS)} | _TEENS
_SPELT = re.compile(
    rf"(?<![\w-])(?:(?P<tens>{'|'.join(_TENS)})(?:[\s-](?P<ones>{'|'.join(_BELOW)}))?"
    rf"|(?P<below>{'|'.join(sorted(_BELOW, key=len, reverse=True))}))"
    rf"(?=\s?%|\sper\s?cent\b|\s(?:out\s)?of\s\d|(?P<who>\s{WHO}\b))",
    re.IGNORECASE,
)
NEAR = Fraction(3)  # points by which a fraction in words may miss the percent beside it
_ABOVE, _UNDER = r"(?:over|above|more than|at least)", r"(?:under|below|(?:less|fewer) than|at most)"
_NEARLY = r"(?:nearly|almost|virtually|practically)"
_THE = r"(?:of\s)?(?:the\s|our\s|these\s|those\s)?(?:\d[\d,]*\s)?(?:\w+\s)?"
# Words for how many, with the least and the most percent that they can be. They are looked for where
# a clause begins, or with `\b` anywhere: elsewhere "no" and "all" are mostly about what was asked.
_QUANTITIES = [
    (rf"(?:no\s(?:\w+\s)?{WHO}|not\s(?:one|a\ssingle)\s{WHO}|nobody|no[\s-]one"
     r"|none(?!\sof\s(?:the\sabove|these|those|them)\b))\b", 0, 0),
    (rf"(?:(?:hardly|scarcely|barely)\sany|{_NEARLY}\s(?:none|no|nobody))(?:\s?one|body)?\b", 0, 10),
    (rf"(?:(?:only\s|very\s)?few\s{_THE}{WHO}|(?:only\s)?a\s(?:\w+\s)?minority)\b", 0, 50),
    (rf"(?:all\s{_THE}{WHO}|every(?:one|body|\s(?:single\s)?{WHO}))\b", 100, 100),
    (rf"\b{_NEARLY}\s(?:all|every(?:one|body)?)\b", 90, 100),
    (r"\b(?:a|the)\s(?:\w+\s)?majority\b|\bmost\sof\b", 50.01, 100),
    (r"most\s(?!\w+ly\b|common|often|popular)", 50.01, 100),
]  # fmt: skip
# "All employers were asked, 13% agreed": of whom the share is, not how large it is.
_ASKED = (
    r"\s(?:(?:were|was|are|had\sbeen)\s(?:\w+\s)?(?:asked|invited|surveyed|interviewed|contacted|sampled"
    r"|included|excluded|eligible|shown|sent)|took\spart|received|saw)\b"
)
_CLAUSES = re.compile(r"(?:[.;:,!?\u2013\u2014]|\s\()\s*|\b(?:but|while|whereas|and|yet)\s")


def _in_digits(text):
    """Numbers in words before a percent sign, *of 92* or *employers*, in digits."""

    def value(found):
        before = text[: found.start()].lower()
        if found["who"] and (found[0].lower() == "one" or before.endswith(("in ", "every "))):
            return found[0]  # one in eight employers
        tens, ones = _TENS.get((found["tens"] or "").lower(), 0), found["ones"] or found["below"]
        return str(tens + _BELOW.get((ones or "").lower(), 0))

    return _SPELT.sub(value, text)


def loosely_said(claim):
    """Fractions and majorities in words that the percents beside them contradict."""
    shares = [Fraction(_plain(text)) for text in claim.all_percents if re.fullmatch(_DIGITS, text)]
    if claim.count is not None and isinstance(claim.base, int):
        shares.append(Fraction(100 * claim.count, claim.base))
    if not shares or claim.fraction:
        return []
    text = claim.statement
    for stretch in claim.besides:
        text = text.replace(stretch, " … ")
    near = Fraction(_plain(claim.tolerance)) if claim.tolerance else NEAR
    wrong = []
    for found in re.finditer(rf"(?<![\w-]){FRACTION}(?![\w-])", text, flags=re.IGNORECASE):
        among = found["a"] or re.match(r"\sof\b", text[found.end() :])  # "half an hour" is no share
        counted = claim.base is not None and found["b"] == str(claim.base)
        try:
            said = 100 * fraction(found[0])
        except ValueError:
            continue
        way = re.search(rf"\b({_ABOVE}|{_UNDER})\s$", text[: found.start()], flags=re.IGNORECASE)
        if not way:
            fits = any(abs(said - share) <= near for share in shares)
        elif re.fullmatch(_ABOVE, way[1], flags=re.IGNORECASE):
            fits = max(shares) > said or (max(shares) == said and way[1].lower() == "at least")
        else:
            fits = min(shares) < said or (min(shares) == said and way[1].lower() == "at most")
        if among and not counted and not fits:
            wrong.append(found[0])
    return wrong + _quantities(text, min(shares), max(shares))


def _quantities(text, least, most):
    """Words such as *no employers*, *few* or *nearly all* that shares from least to most contradict."""
    text = re.sub(_YEAR, " ", text, flags=re.IGNORECASE)
    text = re.sub(r"^[^\d.]*\bthat\s", "", text.strip())  # We found that …
    wrong = []
    for clause in _CLAUSES.split(text):
        opened = re.sub(r"^(?:(?:in|among|of|for)\s[^\d]*?\b)?(?=(?:no|none|all|most)\b)", "", clause)
        for words, low, high in _QUANTITIES:
            find = re.search if words.startswith(r"\b") else re.match
            found = find(words, opened.strip(), flags=re.IGNORECASE)
            asked = found and re.match(_ASKED, opened.strip()[found.end() :], flags=re.IGNORECASE)
            if found and not asked and (most < low or least > high):
                wrong.append(found[0])
    return wrong


def fractions_in(statement):
    """The fractions in words of a statement, as proportions."""
    found = re.finditer(rf"(?<![\w-]){FRACTION}(?![\w-])", statement.lower())
    return [fraction(match[0]) for match in found]


def misquoted(claim):
    """What the statement of a claim says that no field of it does.

    Parameters
    ----------
    claim : claims.Claim

    Returns
    -------
    list of str
        Numbers as they stand in the statement; of a finding in words, percents only.
    """
    moves = [claim.before, claim.after, claim.difference, claim.change]
    ends = [end for percent in claim.all_percents for end in re.findall(_DIGITS, percent.strip("<>"))]
    shares = [*ends, *moves, "95" if claim.interval else None]
    texts = [
        *moves, *claim.all_means, claim.sd, claim.statistic, claim.ratio, *claim.interval,
        claim.p and claim.p.strip("<>"), claim.tolerance, *re.findall(_DIGITS, claim.fraction or ""),
    ]  # fmt: skip
    plain = [claim.count, claim.to_nearest, *claim.scale, claim.items, *claim.all_df]
    plain += claim.base if isinstance(claim.base, list) else [claim.base]
    percents = {Fraction(_plain(text)) for text in shares if text is not None}
    numbers = {Fraction(_plain(text)) for text in texts if text is not None}
    numbers |= {Fraction(number) for number in plain if number is not None}
    bands = bool(claim.scale or claim.interval or claim.before)
    wrong = unaccounted(claim.statement, percents, numbers, claim.besides, bands)
    if claim.qualitative:
        return [said for said in wrong if not said[-1].isdigit()]
    said = fractions_in(claim.statement) if claim.fraction else []
    wrong += loosely_said(claim)
    return wrong + ([] if not said or fraction(claim.fraction) in said else ["another fraction"])


def _plain(text):
    return text.replace("\u2212", "-").replace(",", "").lstrip("+")
