"""How notices, numbers and tables are worded on the page."""

import difflib
import html
import numbers
import re

MARK = "Synthetic answers: not findings of the study"  # on each figure and page
SAID = f"{MARK}."  # in caption and alt text
SYNTHETIC = (
    "**Synthetic answers.** The respondents' own answers were never published. What is computed below "
    "is computed from answers made up for this compendium, and is no finding of the study. What was "
    "published is named so."
)
UNWEIGHTED = "Every number counts each respondent once, unless it is called weighted."
OPEN = "Small counts are shown: this study withholds none"
COLLECTED = "**Collected answers.** The numbers below are computed from the answers of respondents."

# Where a number is from: the one name of each kind on site, poster and figures, what it means, and
# its colour on white.
KINDS = {
    "published": ("Published by the study", "stated by its authors", "#0b5d8a"),
    "others": ("Published by others", "stated by other studies, about other people", "#5b4a8a"),
    "synthetic": (
        "Synthetic", "computed from answers made up for this compendium: no finding", "#b3471d",
    ),
    "collected": ("Computed", "from the answers of respondents", "#1c5c48"),
}  # fmt: skip

HEADS = ("Chosen and said", "Chosen only", "Said only", "Neither")  # counts of the joint display


def use_tables():
    """Show tables as plain text: no mathematics and no markup out of anybody's answers."""
    import pandas as pd  # here, since pages word numbers without it

    pd.set_option("display.html.use_mathjax", False)
    pd.set_option("display.max_rows", 200)
    pd.set_option("display.max_columns", 40)
    pd.set_option("display.max_colwidth", None)


def notice(instrument):
    """What kind of answers the reader is looking at, in Markdown.

    Parameters
    ----------
    instrument : Instrument

    Returns
    -------
    str
        The provenance, how respondents count where they have weights, and what was reconstructed.
    """
    first = SYNTHETIC if instrument.provenance == "synthetic" else COLLECTED
    open_ = f"**{OPEN}.**" if unprotected(instrument) else ""
    once = UNWEIGHTED if instrument.weighs else ""
    return f"> {' '.join(filter(None, [first, open_, once, plain(instrument.reconstruction)]))}"


def unprotected(instrument):
    """Whether counts of few real people are shown."""
    return instrument.provenance == "collected" and instrument.minimum == 1


def banner(instrument):
    """What stands on every page: that answers are synthetic, or that nobody is protected; or ""."""
    return MARK if instrument.provenance == "synthetic" else OPEN * unprotected(instrument)


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
    escaped = escaped.translate({ord(sign): f"&#{ord(sign)};" for sign in "\\`*_{}[]$~^|"})
    # At the start of a line these make a heading, a list, a rule, a comment or a target.
    return re.sub(r"^(\d{0,9})([#+.:%()=-])", lambda m: f"{m[1]}&#{ord(m[2])};", escaped)


def texts(frame, name, grouped=False):
    """A table of sentences: aligned left, every character of every cell shown as it is.

    Parameters
    ----------
    frame : pandas.DataFrame
        Text; the index is not shown.
    name : str
        Names the table in the page, so that its markup is the same from run to run.
    grouped : bool
        Whether a first cell is left empty that says what the one above says.

    Returns
    -------
    pandas.io.formats.style.Styler
    """
    look = "text-align: left; vertical-align: top; white-space: pre-line"  # lines of a cell stay
    left = [{"selector": "th, td", "props": look}]
    if grouped:
        first = frame.iloc[:, 0]
        frame = frame.assign(**{first.name: first.mask(first == first.shift(), "")})
    styled = frame.style.hide(axis="index").set_uuid(name).set_table_styles(left)
    # pandas escapes nothing in a styled table unless it is told to.
    return styled.format(escape="html", na_rep="–").format_index(escape="html", axis=1)


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
    if _missing(value):
        return "–"
    if isinstance(value, numbers.Integral):
        return f"{value:,}".replace("-", "−")
    text = f"{value:,.{decimals}f}"
    return text.lstrip("-") if float(text.replace(",", "")) == 0 else text.replace("-", "−")


def people(count):
    """How many people did something, as a sentence says it: *nobody* rather than 0.

    Examples
    --------
    >>> people(0), people(1017)
    ('nobody', '1,017')
    """
    return number(count) if count else "nobody"


def _missing(value):
    """Whether there is no number: None, NaN, or pandas' own mark."""
    return value is None or type(value).__name__ == "NAType" or value != value


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
    if _missing(p):
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
    if _missing(low) or _missing(high):
        return "–"
    return f"{number(float(low), decimals)} to {number(float(high), decimals)}"


def coefficient(value, low, high):
    """A coefficient with its interval as text, ``0.62 (0.48 to 0.74)``.

    Parameters
    ----------
    value, low, high : float

    Returns
    -------
    str
        A dash where there is no value; *no interval* where none can be estimated.

    Examples
    --------
    >>> coefficient(0.617, 0.48, 0.741), coefficient(float("nan"), 0, 1)
    ('0.62 (0.48 to 0.74)', '–')
    """
    if _missing(value):
        return "–"
    told = "no interval" if _missing(low) else interval(low, high, 2)
    return f"{number(float(value), 2)} ({told})"


def phi_said(row):
    """φ of a row of the joint display in words."""
    if row["phi"] is None:
        return "φ is withheld" if row["base"] is None else "No φ: all or none chose it, or said it"
    return f"φ = {coefficient(row['phi'], row['low'], row['high'])}"


def short(text, length):
    """A label that fits: cut at a word, with an ellipsis.

    Parameters
    ----------
    text : str
    length : int
        Characters at most.

    Returns
    -------
    str

    Examples
    --------
    >>> short("How many people does your organisation employ?", 24)
    'How many people does…'
    """
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    return text[: length - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def around(text, start, stop, width):
    """What stands before and after a place in a text, at most `width` characters of each.

    White space is folded. It is cut between words, and an ellipsis stands where it was.

    Examples
    --------
    >>> around("We cannot release staff, and the cost is too high for us.", 33, 37, 18)
    ('…staff, and the ', ' is too high for…')
    """
    before, after = text[:start], text[stop:]
    if len(before) > width:
        before = "…" + re.sub(r"^\S*\s|^\S", "", before[-width - 1 :], count=1)
    if len(after) > width:
        after = re.sub(r"\s\S*$|\S$", "", after[: width + 1], count=1) + "…"
    folded = [" ".join(part.split()) for part in (before, after)]
    return folded[0] + " " * (before[-1:].isspace()), " " * (after[:1].isspace()) + folded[1]


def did_you_mean(name, known):
    """The known name that is most like one that is not known, as a hint for a message.

    Examples
    --------
    >>> did_you_mean("fairness", ["unfairness", "cost"]), did_you_mean("x", ["cost"])
    (" (is it 'unfairness'?)", '')
    """
    near = difflib.get_close_matches(name, list(known), n=1)
    return f" (is it '{near[0]}'?)" if near else ""


def why_not_shown(shown):
    """Why a number is not shown, in words: withheld, or the reason as it is.

    Parameters
    ----------
    shown : str
        A mark of disclosure control (``<5``, ``…``) or a reason, as from `results.mark`.

    Returns
    -------
    str

    Examples
    --------
    >>> why_not_shown("<5"), why_not_shown("…"), why_not_shown("nobody answered")
    ('withheld (<5)', 'withheld', 'nobody answered')
    """
    return f"withheld ({shown})" if shown.startswith("<") else "withheld" if shown == "…" else shown


def evidence(value):
    """What an audit compared, as text.

    Parameters
    ----------
    value : dict, str, int, float or None
        A number, a text, or results with their units by id.

    Returns
    -------
    str

    Examples
    --------
    >>> evidence({"interest.yes": {"value": 41.27, "unit": "percent"}})
    'interest.yes: 41.3 percent'
    >>> evidence(None), evidence(92)
    ('–', '92')
    """
    if isinstance(value, dict):
        parts = [f"{id}: {number(x['value'])} {x['unit']}" for id, x in value.items()]
        return "; ".join(parts) or "–"
    return value if isinstance(value, str) else number(value)


def counts(allowed):
    """A range of counts as text.

    Parameters
    ----------
    allowed : range

    Returns
    -------
    str

    Examples
    --------
    >>> counts(range(12, 13)), counts(range(386, 391)), counts(range(0))
    ('12', '386–390', 'none')
    """
    if not len(allowed):
        return "none"
    return str(allowed[0]) if len(allowed) == 1 else f"{allowed[0]}–{allowed[-1]}"


def in_percent(proportion):
    """A proportion in percent, such as the level of an interval.

    Parameters
    ----------
    proportion : float

    Returns
    -------
    str

    Examples
    --------
    >>> in_percent(0.95), in_percent(0.999)
    ('95%', '99.9%')
    """
    return f"{100 * proportion:g}%"


def noticed(detectable):
    """The share of other numbers that would have failed; a dash for a finding in words.

    Examples
    --------
    >>> noticed(0.96), noticed(0.999), noticed(0.0), noticed(None)
    ('96%', 'over 99%', '0%', '–')
    """
    if detectable is None:
        return "–"
    return "over 99%" if 0.995 <= detectable < 1 else f"{100 * detectable:.0f}%"


def withheld_below(instrument):
    """Which counts are withheld, and why none where none is, in a sentence.

    Parameters
    ----------
    instrument : Instrument

    Returns
    -------
    str
    """
    if instrument.minimum > 1:
        return f"Counts below {instrument.minimum}, and those that would give one away, are withheld."
    if instrument.protects:
        return "Nothing is withheld, however few gave an answer: the study asks for no protection."
    return "Nothing is withheld: the answers were made up, so there is nobody to protect."
