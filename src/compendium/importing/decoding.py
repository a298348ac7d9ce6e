"""Turns the bytes of an export into text."""

import itertools
import re

BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32", "UTF-32"),
    (b"\x00\x00\xfe\xff", "utf-32", "UTF-32"),
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)
WINDOWS_HAS_NOT = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


def decode(path, data):
    """Text from bytes whose encoding nobody states.

    A byte order mark or zeros in between tell UTF-16 and UTF-32; what is valid UTF-8 is UTF-8. What is
    left has one byte a character: Windows-1252 or Mac Roman, whichever reads like words. General
    detectors such as charset-normalizer take one for the other on texts of a few words.

    Parameters
    ----------
    path : pathlib.Path
        For the messages.
    data : bytes

    Returns
    -------
    text : str
    encoding : str
        Its name.
    doubts : list of str

    Raises
    ------
    ValueError
        When the bytes are no text, end in the middle of a character, or mix encodings.

    Examples
    --------
    >>> decode("a.csv", "Größe".encode("mac_roman"))[:2]
    ('Größe', 'Mac Roman')
    """
    for mark, codec, name in BOMS:
        if data.startswith(mark):
            return _strictly(path, data, codec, name), name, []
    start = data[:4096]
    if b"\0" in start:
        even, odd = start[0::2].count(0), start[1::2].count(0)
        if max(even, odd) > 0.3 * len(start) / 2 and min(even, odd) < 0.05 * len(start):
            codec = "utf-16-le" if odd > even else "utf-16-be"
            return _strictly(path, data, codec, "UTF-16"), "UTF-16", []
        raise ValueError(
            f"{path}: this is no text (byte {data.index(0)} is zero); export the answers as CSV "
            "UTF-8 or XLSX."
        )
    try:
        return data.decode("utf-8"), "UTF-8", []
    except UnicodeDecodeError as error:
        return _single_byte(path, data, error)


def _strictly(path, data, codec, name):
    try:
        return data.decode(codec).lstrip("\ufeff")
    except UnicodeDecodeError as error:
        where = "ends in the middle of a character: it seems cut off"
        if error.end < len(data) - 4:
            where = f"begins as {name}, but byte {error.start} is not"
        raise ValueError(f"{path}: the file {where}; export it again.") from None


def _single_byte(path, data, error):
    """Text of one byte a character: Windows-1252 or Mac Roman, whichever reads like words."""
    if error.reason == "unexpected end of data":
        raise ValueError(
            f"{path}: the file ends in the middle of a character: it seems cut off; export it again."
        )
    loose = data.decode("utf-8", errors="replace")
    wrong = loose.count("\ufffd")
    right = sum(1 for _ in re.finditer(r"[^\x00-\x7f\ufffd]", loose))
    if right > 2 * wrong:
        line = data[: error.start].count(b"\n") + 1
        raise ValueError(
            f"{path}: line {line} is not UTF-8 while the rest is; two files of different encodings "
            "were joined, or the file is damaged: export it again as CSV UTF-8."
        )
    around = re.finditer(rb"[^\n]{0,3}[\x80-\xff]+[^\n]{0,3}", data)
    sample = b"\n".join(match.group() for match in itertools.islice(around, 5000))
    codec, name = "mac_roman", "Mac Roman"
    if not WINDOWS_HAS_NOT.search(data) and (
        _wordiness(sample.decode("cp1252")) >= _wordiness(sample.decode("mac_roman"))
    ):
        codec, name = "cp1252", "Windows-1252"
    text = data.decode(codec)
    # An example from the headings only: words below may be somebody's name.
    first = text[: text.find("\n")] if "\n" in text else text
    word = re.search(r"[^\s,;|]{0,20}[^\x00-\x7f][^\s,;|]{0,20}", first)
    example = f"; a word of the headings then is '{word.group()}'" if word else ""
    doubt = (
        f"The file does not say its encoding and was read as {name}{example}: do accents and dashes "
        "stand right? If not, export again as CSV UTF-8."
    )
    return text, name, [doubt]


def _wordiness(text):
    """How much the characters beyond ASCII look like words and their punctuation.

    Small letters belong in words and capitals at their start; signs such as ‡ or ∑ belong nowhere.
    """
    good = len(re.findall(r"[a-zA-Z][ß-öø-ÿšžœ]|[ß-öø-ÿšžœ][a-z]|\b[À-ÖØ-ÞŠŽŒ][a-zA-Z]", text))
    good += len(re.findall(r"[A-Z][À-ÖØ-ÞŠŽŒ]|\w[’']\w|[“„«‘]\w|[\w.!?][”“»’]|[\s\d][–—][\s\d]", text))
    good += len(re.findall(r"[£€§]\s?\d|\d\s?[£€°]|\w…", text))
    bad = len(re.findall(r"[a-z\d][À-ÖØ-ÞŠŽŒ]|…\w|\bß\b", text))
    bad += len(re.findall(r"[¡-¢¤-¦ª¬-¯±-¶¸-º¦‡†ƒˆ˜‹›∂-∞√∆◊ﬁﬂˇ˘˙˚˛˝ı∏π∫Ω≈≠≤≥⁄‰]", text))
    return 2 * good - 3 * bad
