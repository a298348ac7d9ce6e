"""Names for machines, made of words that people wrote."""

import re
import unicodedata

from anyascii import anyascii


def slug(text, small=frozenset(), most=32):
    """An id made from a label or a question.

    Parameters
    ----------
    text : str
    small : set of str
        Words to leave out while others are left.
    most : int
        Characters; cut between words where possible.

    Returns
    -------
    str
        Lower-case letters of English, those of other scripts transliterated, digits and ``_``, a letter
        first; empty when nothing is left, as of emoji.

    Examples
    --------
    >>> slug("Größe & Alter"), slug("10–49"), slug("How often do you cycle?", {"how", "do", "you"})
    ('groesse_alter', 'n10_49', 'often_cycle')
    >>> slug("Вы пьёте чай?"), slug("您喜欢茶吗？")
    ('vy_pete_chai', 'nin_xi_huan_cha_ma')
    """
    text = text.casefold().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    text = unicodedata.normalize("NFKD", text)
    text = "".join(_english(c) for c in text if not unicodedata.combining(c))
    text = text.replace("'", "").replace("’", "").replace("`", "")
    words = re.findall(r"[a-z0-9]+", text)
    words = [word for word in words if word not in small] or words
    kept = ""
    for word in words:
        if kept and len(kept) + 1 + len(word) > most:
            break
        kept = f"{kept}_{word}" if kept else word[:most]
    return f"n{kept}" if kept[:1].isdigit() else kept


def _english(sign):
    """A letter of any script in English ones; a sign that is a syllable makes a word."""
    if sign.isascii() or unicodedata.category(sign)[0] not in "LM":
        return sign
    letters = anyascii(sign)
    return f" {letters} ".lower() if letters[:1].isupper() else letters


def unique(name, taken, form="{}_{}"):
    """The name, or the name with a number behind it, and remember it as taken.

    Parameters
    ----------
    name : str
    taken : set of str
        Changed in place.
    form : str
        How name and number are put together.

    Returns
    -------
    str

    Examples
    --------
    >>> taken = {"other"}
    >>> unique("other", taken), unique("other", taken), unique("other", taken, "{} ({})")
    ('other_2', 'other_3', 'other (2)')
    """
    found, number = name, 1
    while found in taken:
        number += 1
        found = form.format(name, number)
    taken.add(found)
    return found
