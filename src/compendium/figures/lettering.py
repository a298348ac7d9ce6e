"""Letters in figures: how wide a text is, how it breaks into lines, what colour stands out."""

import re

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

FONT = "DejaVu Sans"  # comes with matplotlib, so every machine draws the same letters
INK, GREY = "#1f2933", "#5b6770"


def wrap(text, width, size, weight="normal", most=3):
    """Break text into lines that fit a width.

    Parameters
    ----------
    text : str
        Its white space is made single.
    width : float
        Inches.
    size : float
        Points.
    weight : str
        ``normal`` or ``bold``.
    most : int
        Lines; what does not fit into them is cut, with an ellipsis.

    Returns
    -------
    str

    Examples
    --------
    >>> wrap("Recognition of prior learning", 1, 8.5).splitlines()
    ['Recognition of', 'prior learning']
    >>> wrap("Recognition of prior learning", 1, 8.5, most=1)
    'Recognition of…'
    """
    lines, words = [], re.findall(r"[^ \t\r\n]+", text)  # no-break spaces hold
    while words and len(lines) < most:
        line = words.pop(0)
        while words and inches(f"{line} {words[0]}", size, weight) <= width:
            line = f"{line} {words.pop(0)}"
        lines.append(line)
    lines = [_cut(line, width, size, weight) for line in lines]
    if words:
        lines[-1] += "…"
        while inches(lines[-1], size, weight) > width and " " in lines[-1]:
            lines[-1] = lines[-1].rsplit(" ", 1)[0].rstrip(",;:") + "…"
    return "\n".join(lines)


def _cut(line, width, size, weight):
    """A line of one word that is too long for it, cut; any other line as it is."""
    while inches(line, size, weight) > width and len(line) > 2 and " " not in line:
        line = f"{line[: min(len(line) - 2, 200)]}…"
    return line


def inches(text, size=8.5, weight="normal"):
    """Width of a line of text as printed.

    Parameters
    ----------
    text : str
    size : float
        Points.
    weight : str
        ``normal`` or ``bold``.

    Returns
    -------
    float
        Inches.

    Examples
    --------
    >>> 1.1 < inches("Recognition of prior") < 1.2
    True
    """
    font = FontProperties(family=FONT, size=size, weight=weight)
    return text_to_path.get_text_width_height_descent(text, font, ismath=False)[0] / 72


def readable(colour):
    """White or ink, whichever stands out from a background.

    Parameters
    ----------
    colour : str
        The background, as ``#rrggbb``.

    Returns
    -------
    str

    Examples
    --------
    >>> readable("#0b5d8a"), readable("#d3e2ec")
    ('white', '#1f2933')
    """
    return "white" if luminance(colour) < 0.2 else INK


def contrast(first, second):
    """Contrast ratio of two colours: 1 for none, 21 for black on white; letters need 4.5.

    Parameters
    ----------
    first, second : str
        As ``#rrggbb``, or a name that matplotlib knows.

    Returns
    -------
    float

    References
    ----------
    W3C (2018), Web Content Accessibility Guidelines 2.1, https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio

    Examples
    --------
    >>> round(contrast("#000000", "#ffffff"), 3)
    21.0
    """
    darker, lighter = sorted([luminance(first), luminance(second)])
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    """Relative luminance of a colour, 0 to 1, as WCAG 2 defines it.

    Parameters
    ----------
    colour : str or sequence of float
        As ``#rrggbb``, a name that matplotlib knows, or red, green and blue from 0 to 1.

    Returns
    -------
    float

    Examples
    --------
    >>> round(luminance("#808080"), 4)
    0.2159
    """
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])
