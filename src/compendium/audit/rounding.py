"""What counts a rounded percent allows: exact arithmetic on whole numbers, never on floats.

A percent of `base` respondents is a count in disguise. Turning it back shows whether the printed
figure is possible at all, and which counts may stand behind it: the idea of the GRIM test, which
asks the same of means (Brown & Heathers, 2017, https://doi.org/10.1177/1948550616673876).
"""

import functools
import operator
import re
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

CONVENTIONS = {
    "half_up": "to the nearest, halves up: 12.5 is printed as 13 (taught at school, spreadsheets)",
    "half_even": "to the nearest, halves to the even digit: 12.5 as 12, 13.5 as 14 (R, Python)",
    "half_down": "to the nearest, halves down: 12.5 as 12",
    "truncate": "further digits cut off: 12.9 as 12",
    "ceiling": "always up: 12.1 as 13",
}
# Percents are hardly ever rounded up throughout, so `ceiling` has no say in `unique_count`.
USUAL = ("half_up", "half_even", "half_down", "truncate")
PERCENT = r"[0-9]+(?:\.[0-9]+)?"
NUMBER = r"[-\u2212+]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)"


class Span(NamedTuple):
    """Where the exact value behind a printed number may lie, with or without its ends."""

    low: Fraction
    high: Fraction
    low_in: bool = True
    high_in: bool = True

    def holds(self, value):
        """Whether a value lies in it; a float may miss an end by its own rounding error."""
        near = Fraction(1, 10**9) * max(1, abs(self.low)) if isinstance(value, float) else 0
        exact = Fraction(value)
        low = self.low <= exact + near if self.low_in else self.low < exact
        return low and (exact - near <= self.high if self.high_in else exact < self.high)

    def meets(self, other):
        """Whether a value lies in both."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        ends = (self.holds(low), other.holds(low), self.holds(high), other.holds(high))
        return low < high or (low == high and all(ends))

    def whole(self, factor=1):
        """The whole numbers in it, once it is stretched by a positive factor."""
        low, high = self.low * factor, self.high * factor
        first = ceil(low) if self.low_in else floor(low) + 1
        last = floor(high) if self.high_in else ceil(high) - 1
        return range(first, last + 1) if first <= last else range(0)


@functools.lru_cache(4096)
def span(printed, convention="half_up", step=1):
    """Where the exact value behind a printed number may lie; `step` is 5 for numbers rounded to fives.

    Examples
    --------
    >>> span("2.5", "truncate")[:2]
    (Fraction(5, 2), Fraction(13, 5))
    """
    if convention not in CONVENTIONS:
        known = ", ".join(CONVENTIONS)
        raise ValueError(f"convention {convention!r} is not known; choose one of {known}.")
    value, unit = number(printed), step * Fraction(1, 10 ** decimals(printed))
    if value % unit:
        raise ValueError(f"'{printed}' is no multiple of {step}; correct it, or remove 'to_nearest'.")
    low, high, low_in, high_in = _interval(int(abs(value) / unit), convention)
    found = Span(low * unit, high * unit, low_in, high_in)
    return Span(-found.high, -found.low, found.high_in, found.low_in) if value < 0 else found


def number(printed):
    """The exact value of a printed number."""
    if not isinstance(printed, str) or not re.fullmatch(NUMBER, printed):
        raise ValueError(f"{printed!r} is no number as printed; write it in quotes, such as '13.0'.")
    return Fraction(printed.replace("\u2212", "-"))


def decimals(printed):
    """How many decimals a printed number has."""
    return len(printed.partition(".")[2])


def allowed_counts(percent, base, convention="half_up", step=1):
    """Counts that are printed as a given percent of a base.

    Parameters
    ----------
    percent : str
        The percent as printed, 0 to 100, without a sign: ``"13"`` has no decimals, ``"13.0"`` one;
        or ``"<1"``, ``">90"``, ``"10-15"``, which are taken at their word and not as rounded.
    base : int
        Number of respondents that the percent is of, at least 1.
    convention : str
        One of `CONVENTIONS`.
    step : int
        What the last digit is rounded to, as in `span`.

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
    base = _check_base(base)
    found = percent_span(percent, convention, step).whole(Fraction(base, 100))
    first, last = max(found.start, 0), min(found.stop - 1, base)
    return range(first, last + 1) if found and first <= last else range(0)


@functools.lru_cache(4096)
def percent_span(percent, convention="half_up", step=1):
    """Where the exact value of a percent may lie, in the forms that `allowed_counts` reads."""
    if not isinstance(percent, str):
        raise ValueError(
            f"percent {percent!r} is not text; give it as printed, in quotes: as a number 13.0 "
            "would lose its decimals, which say how far it was rounded."
        )
    found = re.fullmatch(rf"([<>])?({PERCENT})(?:(?:-|\u2013| to )({PERCENT}))?", percent)
    if not found or (found[1] and found[3]):
        raise ValueError(f"percent '{percent}': write digits and a point only, such as '13.0'.")
    if max(Fraction(end) for end in found.group(2, 3) if end) > 100:
        raise ValueError(f"percent '{percent}' is above 100; write a share of a base, 0 to 100.")
    first, last = Fraction(found[2]), Fraction(found[3] or found[2])
    if last < first:
        raise ValueError(f"percent '{percent}': write the smaller end first.")
    if found[1]:
        below = found[1] == "<"
        return Span(Fraction(0), first, True, False) if below else Span(first, Fraction(100), False)
    return Span(first, last) if found[3] else span(percent, convention, step)


def every_convention(percent, base, step=1):
    """Counts that each convention allows.

    Parameters
    ----------
    percent : str
        The percent as printed, 0 to 100.
    base : int
        Number of respondents that the percent is of.
    step : int
        As for `span`.

    Returns
    -------
    dict of str to range
        For each of `CONVENTIONS`, what `allowed_counts` returns.

    Examples
    --------
    >>> {name: list(counts) for name, counts in every_convention("12", 8).items()}
    {'half_up': [], 'half_even': [1], 'half_down': [1], 'truncate': [1], 'ceiling': []}
    """
    return {name: allowed_counts(percent, base, name, step) for name in CONVENTIONS}


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


def jointly_possible(percents, base, convention="half_up", step=1, forced=False):
    """Counts that are printed as percents of exclusive answers and add up to the base, or None.

    One example, the last counts as small as they can be. A set that was `forced` was changed until it
    added up to 100: each percent lies less than a unit of its last digit from the exact one.

    Examples
    --------
    >>> jointly_possible(["33", "33", "33"], 3)
    [1, 1, 1]
    """
    if isinstance(percents, str) or not percents:
        raise ValueError(f"percents {percents!r}: give a list of percents, such as ['48', '52'].")
    if forced and sum(map(number, percents)) != 100:
        return None
    if forced:
        allowed = [forced_counts(percent, base, step) for percent in percents]
    else:
        allowed = [allowed_counts(percent, base, convention, step) for percent in percents]
    if not all(allowed):
        return None
    counts = [counts[0] for counts in allowed]
    left = base - sum(counts)
    for position, possible in enumerate(allowed):
        more = min(max(left, 0), len(possible) - 1)
        counts[position] += more
        left -= more
    return counts if left == 0 else None


def forced_counts(percent, base, step=1):
    """Counts whose percent lies less than a unit of the last digit from a forced one."""
    both = (allowed_counts(percent, base, rule, step) for rule in ("truncate", "ceiling"))
    counts = sorted({count for allowed in both for count in allowed})
    return range(counts[0], counts[-1] + 1) if counts else range(0)


def in_words(names):
    """Names in a row, the last after *and*, underscores as spaces."""
    *first, last = [name.replace("_", " ") for name in names]
    return f"{', '.join(first)} and {last}" if first else last


def counts_in_words(counts):
    """Say how many counts there are: ``exactly 12``, ``386 to 390`` or ``no count``."""
    if not counts:
        return "no count"
    return f"exactly {counts[0]}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"


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
    return intervals[convention]
