"""Masks identifying text in open answers before anything of them is shown.

Regular expressions, on purpose: tools that recognise names by statistical models (Presidio,
scrubadub with spaCy) bring models of hundreds of megabytes whose results change with their version,
and `phonenumbers` passes over numbers that no network has given out. Here too much is masked rather
than too little, the rules can be read, and the same text always gives the same result.

Every quantifier is bounded or possessive, and no match starts inside a run of the characters that
it begins with, so the time grows with the length of a text whatever the text holds.
"""

import re
from collections import Counter
from functools import lru_cache

import pandas as pd

EMAIL = r"(?<![\w.+'’-])[\w.+'’-]++ ?(?:@|\(at\)|\[at\]) ?[\w-]++(?:\.[\w-]++)++"

# Endings after which a bare name is an address; not .it or .so, which also start a sentence.
ENDINGS = r"(?:ac|co|gov|org|sch|nhs)\.uk|com|org|net|edu|gov|info|biz|io|ai|eu|uk|scot|wales|ie"
WEB = (
    r"(?:https?://|(?<!\w)www\.)[^\s<>\"]++"
    rf"|(?<![\w.-])[a-z0-9-]++(?:\.[a-z0-9-]++)*?\.(?:{ENDINGS})(?![\w-])(?:/[^\s<>\"]*+)?"
)

# At most two signs between digits: "(0131) 496 0123" is one number, "0 - 5" and "10, 20" are not.
GAP = r"[ \u00a0().\-–]{0,2}"
TELEPHONE = (
    r"(?<!\d)(?<!\d[.,])(?:"
    rf"(?:\(?\+|00){GAP}[1-9](?:{GAP}/?\d){{6,14}}"  # international
    rf"|44(?:{GAP}\d){{10,11}}"  # the same, its + left out
    rf"|\(?0[1-9](?:{GAP}\d){{8,9}}"  # United Kingdom: 10 or 11 digits
    r"|(?:1[ .-])?\(?[2-9]\d{2}\)?[ .-]{1,2}\d{3}[ .-]\d{4}"  # North America
    r")(?!\d)(?: ?\(?(?:ext|extension|x)\b\.? ?\d{1,6}\)?)?"
)
# Short numbers, only where a word says what they are: "tel. 960123", "ring us on 496 0123".
CUED_TELEPHONE = (
    r"\b(?:tele|mobile |cell)?(?:phone|tel|mobile|mob|fax|call|ring|text|whatsapp)\b[.:]?"
    r"(?: (?:me|us|him|her|them|on|at|no|number|is|my|our|the|office)\b[.:]?){0,4} ?"
    r"(?P<hit>\d(?:[ .-]?\d){5,14})(?!\d|[.,]\d|%)"
)

# The shapes of a whole postcode; an area alone, such as EH8, is no single place.
POSTCODE = (
    r"(?<!\w)(?:GIR|[A-PR-UWYZ](?:[0-9][0-9A-HJKPS-UW]?|[A-HK-Y][0-9][0-9A-HMNPRV-Y]?))"
    r"[ \u00a0]{0,2}[0-9][ABD-HJLNP-UW-Z]{2}(?!\w)"
)

# What follows the cues below with a capital and is no name: "ask for English", "Ms Excel".
NOT_NAMES = (
    "(?:Access|Azure|Basic|Dynamics|English|Excel|Gaelic|French|German|Highers?|Level|Maths?"
    "|Mathematics|Microsoft|National|Office|Outlook|PowerPoint|Project|Scottish|SharePoint"
    "|Spanish|Teams|Windows|Word)"
)
# A capital and a small letter, so that CVs and SVQs are not taken for names; or an initial.
WORD = rf"(?!{NOT_NAMES}\b)[^\W\d_a-z](?:[a-zß-ÿ'’][\w'’-]{{0,40}}|\.|(?=\s))"
PARTICLE = r"(?:(?:van|von|de|der|den|del|di|da|du|la|le|al|bin|ibn|ter)\s{1,3}){0,2}"
NAME = rf"{PARTICLE}{WORD}(?:\s{{1,3}}{PARTICLE}{WORD}){{0,3}}"
SMALL_NAME = r"(?!(?:in|known|not|on|the)\b)[a-z]{2,20}(?: [a-z]{2,20})?(?=\s{0,3}(?:[.,;!?]|$))"
CUED_NAMES = (
    rf"\b(?:[Mm]y name(?:['’]s| is)|I(?: a|['’])m called)\s{{1,3}}(?P<hit>{NAME}|{SMALL_NAME})",
    rf"\b(?<![Ww]e )(?<!hey )[Aa]sk (?:to speak )?(?:for|to|with)\s{{1,3}}(?P<hit>{NAME})",
    rf"\b[Rr]egards,?\s{{1,3}}(?P<hit>{NAME})",
    r"\b(?P<hit>(?:Mrs?|MRS?|Ms|Mx|Miss|Dr|DR|Prof|Professor|Sir|Dame|Lord|Lady|Rev|Reverend"
    rf"|Cllr|Councillor)\b\.?\s{{1,3}}{NAME})",
    rf"\b(?P<hit>(?:mrs?|ms|dr)\b\.?\s{{1,3}}(?!(?i:{NOT_NAMES}|and|or)\b)[^\W\d_][\w'’-]{{1,40}})",
)

# In this order: what an earlier kind has taken, a later one does not see.
RULES = (
    ("e-mail", re.compile(EMAIL, re.IGNORECASE)),
    ("web address", re.compile(WEB, re.IGNORECASE)),
    ("telephone", re.compile(TELEPHONE, re.IGNORECASE)),
    ("telephone", re.compile(CUED_TELEPHONE, re.IGNORECASE)),
    ("postcode", re.compile(POSTCODE, re.IGNORECASE)),
    *(("name", re.compile(cue)) for cue in CUED_NAMES),
)


def mask(text, names=()):
    """An open answer with identifying text replaced.

    Parameters
    ----------
    text : str
        What a respondent wrote.
    names : sequence of str
        People and organisations known to occur in the answers; whole words in any case.

    Returns
    -------
    masked : str
        The text with ``[e-mail]``, ``[web address]``, ``[telephone]``, ``[postcode]`` and
        ``[name]`` in place of what was found.
    counts : dict of str to int
        How often each kind was replaced; what was not found is left out.

    Raises
    ------
    ValueError
        When `text` or a name is not text, or a name is empty.

    Notes
    -----
    Found are e-mail and web addresses, telephone numbers in British and international shapes, whole
    British postcodes, the names given, and names after plain cues (*my name is*, *ask for*,
    *regards*, a title).

    Not found are names without a cue that are not listed or are misspelt, handles, places, roles
    that only one person holds ("the only female quarry manager on Islay"), events that were in the
    news, unusual wording by which colleagues know a writer, and details that identify only
    together. So masking goes before reading by a person and does not replace it: see `mask_all`.

    Examples
    --------
    >>> mask("Ring Ms Aird on 01632 960123, or write to m.aird@example.org.")
    ('Ring [name] on [telephone], or write to [e-mail].', {'e-mail': 1, 'telephone': 1, 'name': 1})
    >>> mask("Between 2019 and 2021, 2-3 days cost us £10,000 (15%).")
    ('Between 2019 and 2021, 2-3 days cost us £10,000 (15%).', {})
    """
    found = _found(text, names)
    counts = Counter(kind for _, _, kind in found)
    return _cut(text, [(start, stop, f"[{kind}]") for start, stop, kind in found]), dict(counts)


def mask_all(texts, names=()):
    """Open answers with identifying text replaced, and a table for a person to review.

    Parameters
    ----------
    texts : pandas.Series of str
        Open answers by respondent; missing ones stay missing.
    names : sequence of str
        As in `mask`.

    Returns
    -------
    masked : pandas.Series of str
        Index and name of `texts`.
    review : pandas.DataFrame
        One row a replacement, in the order of the text: `respondent` (from the index), `kind`,
        `matched`. It holds what was masked: keep it out of everything that is shown.

    Raises
    ------
    ValueError
        As `mask`.

    Examples
    --------
    >>> texts = pd.Series({"r1": "Ask for Jean Muir", "r2": None, "r3": "More time"})
    >>> masked, review = mask_all(texts)
    >>> masked["r1"], review.values.tolist()
    ('Ask for [name]', [['r1', 'name', 'Jean Muir']])
    """
    masked, rows, given = texts.copy(), [], texts.notna().to_numpy()
    clean = []
    for respondent, text in texts[given].items():
        found = _found(text, names)
        rows += [(respondent, kind, text[start:stop]) for start, stop, kind in sorted(found)]
        clean.append(_cut(text, [(start, stop, f"[{kind}]") for start, stop, kind in found]))
    masked[given] = clean
    return masked, pd.DataFrame(rows, columns=["respondent", "kind", "matched"])


def _found(text, names):
    """Where identifying text stands, kind by kind: start, end and kind, none over another."""
    if not isinstance(text, str):
        raise ValueError(f"{text!r} is not text: give answers as text, missing ones as missing")
    if isinstance(names, str):
        raise ValueError(f"names is the text {names!r}: give a list of names")
    found, left = [], text
    for kind, pattern in _rules(tuple(names)):
        spans = [_span(match, kind) for match in pattern.finditer(left)]
        # Blanks of the same length keep the places of what comes later.
        left = _cut(left, [(start, stop, "\0" * (stop - start)) for start, stop in spans])
        found += [(start, stop, kind) for start, stop in spans]
    return found


def _cut(text, spans):
    """The text with other words at some places."""
    pieces, end = [], 0
    for start, stop, instead in sorted(spans):
        pieces += [text[end:start], instead]
        end = stop
    return "".join([*pieces, text[end:]])


def _span(match, kind):
    """The identifying part of a match; a sentence's full stop is no part of an address."""
    start, stop = match.span("hit" if "hit" in match.re.groupindex else 0)
    if kind == "web address":
        stop = start + len(match.string[start:stop].rstrip(".,;:!?)]}'’”"))
    return start, stop


@lru_cache(maxsize=8)
def _rules(names):
    """The rules, with that for the listed names before those for names after a cue."""
    words = []
    for name in sorted(names, key=lambda name: (-len(str(name)), str(name))):
        if not isinstance(name, str) or not name.strip():
            raise ValueError(f"the name {name!r} to mask is empty or not text: see disclosure.names")
        parts = [re.sub("['’]", "['’]", re.escape(part)) for part in name.split()]
        words.append(r"\s{1,3}".join(parts))
    if not words:
        return RULES
    listed = re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)
    return (*RULES[: -len(CUED_NAMES)], ("name", listed), *RULES[-len(CUED_NAMES) :])
