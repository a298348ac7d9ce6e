"""What counts a rounded percent allows: exact arithmetic on whole numbers, never on floats.

A percent of `base` respondents is a count in disguise. Turning it back shows whether the printed
figure is possible at all, and which counts may stand behind it: the idea of the GRIM test, which
asks the same of means (Brown & Heathers, 2017, https://doi.org/10.1177/1948550616673876).
"""

import operator
import re
from fractions import Fraction
from math import ceil, floor

CONVENTIONS = {
    "half_up": "to the nearest, halves up: 12.5 is printed as 13 (taught at school, spreadsheets)",
    "half_even": "to the nearest, halves to the even digit: 12.5 as 12, 13.5 as 14 (R, Python)",
    "half_down": "to the nearest, halves down: 12.5 as 12",
    "truncate": "further digits cut off: 12.9 as 12",
    "ceiling": "always up: 12.1 as 13",
}
# Percents are hardly ever rounded up throughout, so `ceiling` is shown but decides nothing.
USUAL = ("half_up", "half_even", "half_down", "truncate")


def allowed_counts(percent, base, convention="half_up"):
    """Counts that are printed as a given percent of a base.

    Parameters
    ----------
    percent : str
        The percent as printed, 0 to 100, without a sign: ``"13"`` has no decimals, ``"13.0"`` one.
    base : int
        Number of respondents that the percent is of, at least 1.
    convention : str
        One of `CONVENTIONS`.

    Returns
    -------
    range
        Every count k from 0 to `base` for which 100 k / base, rounded to the decimals of `percent`,
        is `percent`. Empty where there is none.

    Raises
    ------
    ValueError
        When `percent` is not text or not from 0 to 100, `base` not a whole number from 1, or the
        convention not known.

    Notes
    -----
    With d decimals and p the percent without its point, k is allowed when 100 · 10^d · k / base
    lies between p − ½ and p + ½ (`truncate`: p and p + 1; `ceiling`: p − 1 and p). The conventions
    for halves differ in which end belongs to the interval. The idea is that of the GRIM test
    (Brown & Heathers, 2017, https://doi.org/10.1177/1948550616673876), applied to percents.

    Examples
    --------
    >>> list(allowed_counts("13", 92))
    [12]
    >>> allowed_counts("76", 510)
    range(386, 391)
    >>> len(allowed_counts("50", 3))
    0
    """
    printed, decimals = _parse(percent)
    base = _check_base(base)
    low, high, low_in, high_in = _interval(printed, convention)
    scale = Fraction(base, 100 * 10**decimals)
    first = ceil(low * scale) if low_in else floor(low * scale) + 1
    last = floor(high * scale) if high_in else ceil(high * scale) - 1
    first, last = max(first, 0), min(last, base)
    return range(first, last + 1) if first <= last else range(0)


def every_convention(percent, base):
    """Counts that each convention allows.

    Parameters
    ----------
    percent : str
        The percent as printed, 0 to 100.
    base : int
        Number of respondents that the percent is of.

    Returns
    -------
    dict of str to range
        For each of `CONVENTIONS`, what `allowed_counts` returns.

    Examples
    --------
    >>> {name: list(counts) for name, counts in every_convention("12", 8).items()}
    {'half_up': [], 'half_even': [1], 'half_down': [1], 'truncate': [1], 'ceiling': []}
    """
    return {name: allowed_counts(percent, base, name) for name in CONVENTIONS}


def unique_count(percent, base):
    """The one count behind a percent, if there is just one.

    Parameters
    ----------
    percent : str
        The percent as printed, 0 to 100.
    base : int
        Number of respondents that the percent is of.

    Returns
    -------
    int or None
        The count when half up, half even, half down and truncate all allow just one and the same;
        else None. `ceiling` has no say: nearly every percent would be ambiguous for the sake of a
        convention that is hardly used.

    Examples
    --------
    >>> unique_count("13", 92), unique_count("97", 73), unique_count("76", 510)
    (12, 71, None)
    """
    allowed = {allowed_counts(percent, base, name) for name in USUAL}
    only = allowed.pop()
    return only[0] if not allowed and len(only) == 1 else None


def jointly_possible(percents, base, convention="half_up"):
    """Counts that are printed as percents of exclusive answers and add up to the base, or None.

    One example, the last counts as small as they can be.

    Examples
    --------
    >>> jointly_possible(["33", "33", "33"], 3)
    [1, 1, 1]
    """
    if isinstance(percents, str) or not percents:
        raise ValueError(f"percents {percents!r}: give a list of percents, such as ['48', '52'].")
    allowed = [allowed_counts(percent, base, convention) for percent in percents]
    if not all(allowed):
        return None
    counts = [counts[0] for counts in allowed]
    left = base - sum(counts)
    for position, possible in enumerate(allowed):
        more = min(max(left, 0), len(possible) - 1)
        counts[position] += more
        left -= more
    return counts if left == 0 else None


def counts_in_words(percent, base):
    """What the usual conventions allow, as part of a sentence.

    Examples
    --------
    >>> counts_in_words("12", 8)
    '12% of 8 allows no count under half up, and exactly 1 under half even, half down and truncate'
    """
    names = {}
    for name in USUAL:
        names.setdefault(allowed_counts(percent, base, name), []).append(name)
    parts = [f"{_span(counts)} under {in_words(who)}" for counts, who in names.items()]
    return f"{percent}% of {base} allows {', and '.join(parts)}"


def in_words(names):
    """Names in a row, the last after *and*, underscores as spaces."""
    *first, last = [name.replace("_", " ") for name in names]
    return f"{', '.join(first)} and {last}" if first else last


def _span(counts):
    """``exactly 12``, ``386 to 390`` or ``no count``."""
    if not counts:
        return "no count"
    return f"exactly {counts[0]}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"


def _parse(percent):
    """The percent without its point, and its number of decimals."""
    if not isinstance(percent, str):
        raise ValueError(
            f"percent {percent!r} is not text; give it as printed, in quotes: as a number 13.0 "
            "would lose its decimals, which say how far it was rounded."
        )
    found = re.fullmatch(r"([0-9]+)(?:\.([0-9]+))?", percent)
    if not found:
        raise ValueError(f"percent '{percent}': write digits and a point only, such as '13.0'.")
    whole, decimals = found[1], found[2] or ""
    printed = int(whole + decimals)
    if printed > 100 * 10 ** len(decimals):
        raise ValueError(f"percent '{percent}' is above 100; a share of a base is 0 to 100.")
    return printed, len(decimals)


def _check_base(base):
    try:
        whole = operator.index(base)
    except TypeError:
        whole = 0
    if whole < 1 or isinstance(base, bool):
        raise ValueError(f"base {base!r}: give the number of respondents, a whole number from 1.")
    return whole


def _interval(printed, convention):
    """Where the exact value of `printed` may lie: low, high, and whether the ends belong to it."""
    half, even = Fraction(1, 2), printed % 2 == 0
    intervals = {
        "half_up": (printed - half, printed + half, True, False),
        "half_even": (printed - half, printed + half, even, even),
        "half_down": (printed - half, printed + half, False, True),
        "truncate": (printed, printed + 1, True, False),
        "ceiling": (printed - 1, printed, False, True),
    }
    if convention not in intervals:
        known = ", ".join(CONVENTIONS)
        raise ValueError(f"convention {convention!r} is not known; choose one of {known}.")
    return intervals[convention]
