"""Masks identifying text in open answers before anything of them is shown.

Regular expressions, on purpose (`identifying` holds them): the rules can be read, the same text
always gives the same result, and too much is masked rather than too little. `phonenumbers` passes over
numbers that no network has given out. Models that recognise names (Presidio, scrubadub, spaCy) change
with their version, and spaCy's own models are not on PyPI, only copies that strangers made of them,
which nobody should let read what respondents wrote.
"""

import re
import unicodedata
from collections import Counter
from functools import lru_cache

import numpy as np
import pandas as pd

from compendium.disclosure.identifying import CUED_NAMES, RULES

# All the others need one.
WITHOUT_DIGITS = {"e-mail", "web address", "handle", "coordinates", "date of birth", "name"}


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
        The text with ``[e-mail]``, ``[telephone]``, ``[name]`` and the like in place of what was
        found.
    counts : dict of str to int
        How often each kind was replaced; what was not found is left out.

    Raises
    ------
    ValueError
        When `text` or a name is not text, or a name is empty.

    Notes
    -----
    Found are e-mail and web addresses, spelt out or not, handles, telephone numbers (British, German,
    French, Indian, North American, international), postcodes of these and some other countries,
    streets, coordinates, numbers of national insurance, social security, tax, health and passports, of
    accounts, cards and staff, addresses of machines, dates of birth after a cue, number plates, the
    names given, and names after plain cues (*my name is*, *ask for*, *regards*, *my manager*, a title).

    Not found are names without a cue that are not listed or are misspelt, places, roles that only
    one person holds ("the only female quarry manager on Islay"), events that were in the news,
    unusual wording by which colleagues know a writer, and details that identify only together. So
    masking goes before reading by a person and does not replace it: see `mask_all`.

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
    masked, given = texts.copy(), texts.notna().to_numpy()
    which, different = pd.factorize(texts[given])  # many answer alike
    found = [sorted(_found(text, names)) for text in different]
    clean = [
        _cut(text, [(start, stop, f"[{kind}]") for start, stop, kind in places])
        for text, places in zip(different, found, strict=True)
    ]
    masked[given] = np.array(clean, dtype=object)[which]
    identifying = np.array([bool(places) for places in found], dtype=bool)[which]
    rows = [
        (respondent, kind, different[place][start:stop])
        for respondent, place in zip(texts.index[given][identifying], which[identifying], strict=True)
        for start, stop, kind in found[place]
    ]
    return masked, pd.DataFrame(rows, columns=["respondent", "kind", "matched"])


def _found(text, names):
    """Where identifying text stands, kind by kind: start, end and kind, none over another."""
    if not isinstance(text, str):
        raise ValueError(f"{text!r} is not text: give answers as text, missing ones as missing")
    if isinstance(names, str):
        raise ValueError(f"names is the text {names!r}: give a list of names")
    left, places = _as_printed(text)
    found, digits = [], any(map(str.isdecimal, left))
    for kind, pattern, *end in _rules(tuple(names)):
        if not digits and kind not in WITHOUT_DIGITS:
            continue
        spans = [_span(match, kind, *end) for match in pattern.finditer(left)]
        spans = [(start, stop) for start, stop in spans if start < stop]
        if not spans:
            continue
        # Blanks of the same length keep the places of what comes later.
        left = _cut(left, [(start, stop, "\0" * (stop - start)) for start, stop in spans])
        found += [(start, stop, kind) for start, stop in spans]
    if places is None:
        return found
    return [(places[start], places[stop - 1] + 1, kind) for start, stop, kind in found]


def _as_printed(text):
    """The text as it looks on paper, and from where in it each sign comes where some are left out.

    Digits and signs as wide as Chinese ones are the plain ones, and signs of no width are none: neither
    hides an address. Accents written after their letter belong to it.
    """
    if text.isascii():
        return text, None
    seen = [(k, unicodedata.normalize("NFKC", sign)) for k, sign in enumerate(text)
            if unicodedata.category(sign) not in ("Cf", "Mn")]  # fmt: skip
    plain = [new if len(new) == 1 and not (old := text[k]).isspace() and new != old else text[k]
             for k, new in seen]  # fmt: skip
    places = [k for k, _ in seen] if len(seen) < len(text) else None
    return "".join(plain).replace("。", "."), places


def _cut(text, spans):
    """The text with other words at some places."""
    pieces, end = [], 0
    for start, stop, instead in sorted(spans):
        pieces += [text[end:start], instead]
        end = stop
    return "".join([*pieces, text[end:]])


def _span(match, kind, end=None):
    """The identifying part of a match; a sentence's full stop is no part of an address."""
    start, stop = match.span("hit" if "hit" in match.re.groupindex else 0)
    if end is not None:
        stop = start + end(match.string[start:stop])
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
