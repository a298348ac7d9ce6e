"""How notices, numbers and tables are worded on the page."""

import html

import numpy as np
import pandas as pd

SYNTHETIC = (
    "**Synthetic answers.** The respondents' own answers were never published. Every number below is "
    "computed from answers made up for this compendium; none is a finding of the study."
)
COLLECTED = "**Collected answers.** The numbers below are computed from the answers of respondents."


def use_tables():
    """Show tables as plain text: no mathematics and no markup out of anybody's answers."""
    pd.set_option("display.html.use_mathjax", False)
    pd.set_option("display.max_rows", 200)
    pd.set_option("display.max_columns", 40)
    pd.set_option("display.max_colwidth", 140)


def notice(instrument):
    """What kind of answers the reader is looking at, in Markdown.

    Parameters
    ----------
    instrument : Instrument

    Returns
    -------
    str
        The provenance and, where there is one, what was reconstructed.
    """
    first = SYNTHETIC if instrument.provenance == "synthetic" else COLLECTED
    return f"> {first} {plain(instrument.reconstruction)}".rstrip()


def plain(text):
    """Text from a file or a respondent, made safe to stand in Markdown and HTML.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        The same text on one line, with every character that Markdown, MyST or HTML gives a meaning
        written as an entity.

    Examples
    --------
    >>> plain("<b>5 * 3</b>")
    '&lt;b&gt;5 &#42; 3&lt;/b&gt;'
    """
    escaped = html.escape(" ".join(text.split()), quote=False)
    return escaped.translate({ord(sign): f"&#{ord(sign)};" for sign in "\\`*_{}[]$~^|"})


def number(value, decimals=1):
    """A number in words of a report: thousands parted, a true minus, a dash for none.

    Parameters
    ----------
    value : float or int or None
    decimals : int
        Kept for floats; whole numbers have none.

    Returns
    -------
    str

    Examples
    --------
    >>> number(1234.56), number(12), number(float("nan")), number(-0.04)
    ('1,234.6', '12', '–', '0.0')
    """
    if value is None or pd.isna(value):
        return "–"
    if isinstance(value, int | np.integer):
        return f"{value:,}".replace("-", "−")
    text = f"{value:,.{decimals}f}"
    return text.lstrip("-") if float(text.replace(",", "")) == 0 else text.replace("-", "−")


def p_value(p):
    """A p-value as journals print it.

    Parameters
    ----------
    p : float
        A probability.

    Returns
    -------
    str

    Examples
    --------
    >>> p_value(0.0312), p_value(0.00004), p_value(float("nan"))
    ('0.031', '<0.001', '–')
    """
    if pd.isna(p):
        return "–"
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def interval(low, high, decimals=1):
    """An interval as text, ``7.6 to 21.4``.

    Parameters
    ----------
    low, high : float
    decimals : int

    Returns
    -------
    str

    Examples
    --------
    >>> interval(7.63, 21.41)
    '7.6 to 21.4'
    """
    if pd.isna(low) or pd.isna(high):
        return "–"
    return f"{number(float(low), decimals)} to {number(float(high), decimals)}"


def shares(table, index=("option",), confidence=0.95):
    """A table of shares as it is shown: count, base, percent, interval; withheld cells marked.

    Parameters
    ----------
    table : pandas.DataFrame
        As from `describe.distribution` or `describe.breakdown`.
    index : sequence of str
        Columns that name the rows.
    confidence : float
        Level of the intervals, a proportion, for the heading.

    Returns
    -------
    pandas.DataFrame
        Text only.
    """
    level = f"{100 * confidence:g}% interval"
    rows = pd.DataFrame(
        {
            "Count": [m or number(c) for m, c in zip(table["shown"], table["count"], strict=True)],
            "Base": [number(base) for base in table["base"]],
            "Percent": [m or number(p) for m, p in zip(table["shown"], table["percent"], strict=True)],
            level: [interval(a, b) for a, b in zip(table["low"], table["high"], strict=True)],
        }
    )
    rows.index = pd.MultiIndex.from_frame(table[list(index)].rename(columns=str.capitalize))
    return rows if len(index) > 1 else rows.set_axis(rows.index.get_level_values(0))


def tests(table, confidence=0.95):
    """A table of tests as it is shown.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a test: `test`, `statistic`, `df`, `p`, `effect`, `effect_name`, `low`, `high`, `n`,
        `note`; `p_holm` where p-values were adjusted.
    confidence : float
        Level of the intervals, a proportion, for the heading.

    Returns
    -------
    pandas.DataFrame
        Text only, with the index of `table`.
    """
    effects = [
        "–" if pd.isna(value) else f"{name} = {number(float(value), 2)}"
        for name, value in zip(table["effect_name"], table["effect"], strict=True)
    ]
    shown = pd.DataFrame(
        {
            "Test": table["test"],
            "n": [number(n) for n in table["n"]],
            "Statistic": [number(x, 2) for x in table["statistic"].astype(float)],
            "p": [p_value(p) for p in table["p"]],
            "Effect": effects,
            f"{100 * confidence:g}% interval": [
                interval(a, b, 2) for a, b in zip(table["low"], table["high"], strict=True)
            ],
            "Note": table["note"].fillna(""),
        },
        index=table.index,
    )
    if "p_holm" in table:
        shown.insert(4, "p (Holm)", [p_value(p) for p in table["p_holm"]])
    return shown
