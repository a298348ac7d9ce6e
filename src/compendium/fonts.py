"""Letters for any text, out of packages of the lock: a machine's own fonts are never looked at.

DejaVu Sans, which comes with matplotlib, draws what it can; Noto draws further scripts. What neither
draws is named, ``[U+13000]``, so that no empty box stands where a letter should be.
"""

import functools
import importlib.util
import io
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

FIRST = "DejaVu Sans"
CUTS = ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSans-BoldOblique")
CONTROL = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")  # Unicode's categories of what is not drawn
# What joins letters or chooses their look and has none itself: joiners, selectors of emoji.
JOINING = {0x200C, 0x200D, 0xFE0E, 0xFE0F}
NAMED = "[U+"  # how the name of what cannot be drawn begins
UNDRAWN = "A code such as [U+13000] stands for a character that no font here can draw."
# Letters of which nobody needs to ask: most texts hold no others.
BASIC = re.compile(
    r"[\s\u0021-\u007e\u00a0-\u00ac\u00ae-\u017f\u0391-\u03a1\u03a3-\u03c9\u2010-\u2026\u2190-\u22ff\u25a0-\u25ff]*"
)
RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def _folder(package):
    """Where a package lies; it is found, not imported, which takes matplotlib a while."""
    return Path(importlib.util.find_spec(package).origin).parent


FONTS = _folder("matplotlib") / "mpl-data" / "fonts" / "ttf"


@dataclass(frozen=True)
class Font:
    """A font for further scripts: its family, its file, and the code points that it draws."""

    family: str
    path: Path
    drawn: frozenset


@functools.cache
def glyphs():
    """Characters that every cut of DejaVu Sans can draw.

    Returns
    -------
    frozenset of int
        Code points.

    Examples
    --------
    >>> ord("é") in glyphs(), 0x6F22 in glyphs()
    (True, False)
    """
    return frozenset.intersection(*(_read(FONTS / f"{cut}.ttf").drawn for cut in CUTS))


@functools.cache
def further():
    """Fonts for what DejaVu Sans lacks, in the order in which they are asked.

    Returns
    -------
    tuple of Font
    """
    noto = sorted(_folder("manimgx_fonts").glob("NotoSans?*.ttf"))
    scripts = [path for path in noto if path.name[8] not in "[-" and "Symbols" not in path.name]
    symbols = [_folder("manimgx_fonts") / f"Noto{name}[wght].ttf" for name in ("Emoji", "SansSymbols")]
    chinese = _folder("noto_cjk_sans_jp_regular") / "NotoSansCJKjp-Regular.otf"
    return tuple(_read(path) for path in (*scripts, chinese, *symbols))


def _read(path):
    from fontTools.ttLib import TTFont  # here: most texts need no other font

    with TTFont(path, lazy=True) as font:
        return Font(font["name"].getBestFamilyName(), path, frozenset(font.getBestCmap()))


@functools.cache
def _font_of(code):
    """The first of `further` that draws a character; None where none does."""
    return next((font for font in further() if code in font.drawn), None)


def needed(text):
    """The fonts of `further` that a text needs beside DejaVu Sans.

    Parameters
    ----------
    text : str

    Returns
    -------
    tuple of Font

    Examples
    --------
    >>> needed("plain text"), [font.family for font in needed("नमस्ते 你好")]
    ((), ['Noto Sans Devanagari', 'Noto Sans CJK JP'])
    """
    if BASIC.fullmatch(text):
        return ()
    beyond = {ord(sign) for sign in set(BASIC.sub("", text))} - glyphs() - JOINING
    found = {_font_of(code) for code in beyond} if beyond else set()
    return tuple(font for font in further() if font in found) if found else ()


def printable(text, known=None):
    """Text on one line, in which a character that cannot be drawn is named instead.

    Parameters
    ----------
    text : str
        Anything.
    known : collection of int, optional
        Code points that can be drawn; by default those of DejaVu Sans and of `further`.

    Returns
    -------
    str
        Accents are joined with their letters (NFC) and white space becomes single spaces. Whatever
        no font draws, and whatever hides or turns the text around it, is named: ``[U+13000]``.

    Examples
    --------
    >>> printable("Café #1\\n is $5 *today*")
    'Café #1 is $5 *today*'
    >>> printable("yes \\U00013000 \\u202eno")
    'yes [U+13000] [U+202E]no'
    """
    return named(unicodedata.normalize("NFC", " ".join(text.split())), known)


def named(text, known=None):
    """The same text with each character named that cannot be drawn; ends of lines stay."""
    if known is None and BASIC.fullmatch(text):
        return text
    return "".join(sign if _drawn(sign, known) else f"[U+{ord(sign):04X}]" for sign in text)


def _drawn(sign, known):
    """Whether a character can be drawn, or ends a line, or joins others."""
    code = ord(sign)
    if sign == "\n" or (code in JOINING and known is None):
        return True
    if unicodedata.category(sign) in CONTROL:
        return False
    return code in known if known is not None else code in glyphs() or _font_of(code) is not None


def subset(font, text):
    """A font with the letters of a text alone, as a page of the web loads it (WOFF).

    Parameters
    ----------
    font : Font
    text : str

    Returns
    -------
    bytes
        The same from run to run.
    """
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    out = io.BytesIO()
    with TTFont(font.path, lazy=True, recalcTimestamp=False) as whole:
        subsetter = Subsetter(Options(layout_features=["*"], notdef_outline=True))
        subsetter.populate(text=text)
        subsetter.subset(whole)
        whole.flavor = "woff"
        whole.save(out)
    return out.getvalue()
