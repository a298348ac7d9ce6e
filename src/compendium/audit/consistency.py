"""Whether reported statistics agree with themselves, and can come from whole-number answers at all.

GRIM: with d decimals most means of n whole numbers are impossible while n is below 10^d (Brown &
Heathers, 2017, https://doi.org/10.1177/1948550616673876). GRIMMER: so are most standard deviations
(Anaya, 2016, https://doi.org/10.7287/peerj.preprints.2400v1; the parity is Allard's, 2018). DEBIT: of
zeros and ones the mean fixes the deviation (Heathers & Brown, 2019, https://osf.io/5vb3u). p-values
are computed again from statistic and degrees of freedom, as statcheck does (Nuijten, Hartgerink, van
Assen, Epskamp & Wicherts, 2016, https://doi.org/10.3758/s13428-015-0664-2). What fails is impossible;
what passes may be.
"""

import functools
import re
from fractions import Fraction

from compendium.audit.rounding import Span, number, span

# ---- means and standard deviations


def grim(mean, base, scale=None, items=1, convention="half_up"):
    """Sums of `base` times `items` whole-number answers on a scale whose mean is printed so.

    Examples
    --------
    >>> list(grim("5.18", 28)), list(grim("5.19", 28))
    ([145], [])
    """
    sums = span(mean, convention).whole(base * items)
    if scale is None:
        return sums
    low, high = (base * items * end for end in scale)
    return range(max(sums.start, low), min(sums.stop, high + 1))


def grimmer(mean, sd, base, scale=None, items=1, convention="half_up"):
    """Whether whole-number answers can have both the mean and the sample standard deviation printed.

    With sum S the sum of squares is (n − 1) sd² + S² / n: a whole number, odd or even as S is, no less
    than when all answers are alike, and no more than when they lie at the ends of the scale.

    Examples
    --------
    >>> grimmer("3.44", "2.47", 18), grimmer("5.21", "1.60", 28)
    (False, True)
    """
    spread = span(sd, convention)
    if base < 2 or spread.high < 0:
        return False
    # In units of one item's answer the respondents' means are whole: y = items × mean.
    low, high = (max(end, Fraction(0)) * items for end in spread[:2])
    shortest = [end * items for end in scale] if scale else None
    for total in grim(mean, base, scale, items, convention):
        middle = Fraction(total * total, base)
        variance = spread._replace(
            low=(base - 1) * low**2 + middle,
            high=(base - 1) * high**2 + middle,
            low_in=spread.low_in or spread.low < 0,
        )
        squares = variance.whole()
        least, most = _squares(total, base, shortest)
        first = max(squares.start, least)
        first += (first - total) % 2
        if first < squares.stop and (most is None or first <= most):
            return True
    return False


def _squares(total, base, scale):
    """The least and the greatest sum of squares of `base` whole numbers that add up to `total`."""
    whole, more = divmod(total, base)
    least = more * (whole + 1) ** 2 + (base - more) * whole**2
    if scale is None or scale[0] == scale[1]:
        return least, None if scale is None else least
    low, high = scale
    at_top, rest = divmod(total - base * low, high - low)
    between = (low + rest) ** 2 if rest else 0
    return least, at_top * high**2 + between + (base - at_top - bool(rest)) * low**2


def debit(mean, sd, base, convention="half_up"):
    """Counts of ones among zeros and ones that give both the mean and the deviation printed.

    Examples
    --------
    >>> debit("0.19", "0.35", 1683), bool(debit("0.12", "0.33", 1683))
    ([], True)
    """
    spread = span(sd, convention)
    squared = spread._replace(low=max(spread.low, 0) ** 2, high=spread.high**2)
    return [
        ones
        for ones in grim(mean, base, (0, 1), 1, convention)
        if base > 1 and squared.holds(Fraction(ones * (base - ones), base * (base - 1)))
    ]


# ---- tests, intervals, differences

# What the degrees of freedom are of; r is turned into t.
DEGREES = {"t": 1, "z": 0, "r": 1, "chi2": 1, "F": 2, "Q": 1}


@functools.lru_cache(256)
def p_span(test, statistic, degrees=(), tails=2, convention="half_up"):
    """The p-values that a printed test statistic allows; of two `tails`, or for t, z and r of one.

    Examples
    --------
    >>> found = p_span("t", "2.20", (28,))
    >>> round(float(found.low), 4), round(float(found.high), 4)
    (0.0358, 0.0366)
    """
    found = span(statistic, convention)
    ends = sorted(abs(end) for end in found[:2])
    small = Fraction(0) if found.low < 0 < found.high else ends[0]
    p = [_p(test, float(end), degrees, tails) for end in (ends[1], small)]
    return Span(*(Fraction(value) for value in p))


def _p(test, statistic, degrees, tails):
    # Here, because pages that only read claims start without statistics.
    from scipy import stats

    if test in ("chi2", "Q"):
        return float(stats.chi2.sf(statistic, *degrees))
    if test == "F":
        return float(stats.f.sf(statistic, *degrees))
    if test == "z":
        return float(tails * stats.norm.sf(statistic))
    if test == "r":
        if statistic >= 1:
            return 0.0
        statistic *= (degrees[0] / (1 - statistic**2)) ** 0.5
    return float(tails * stats.t.sf(statistic, *degrees))


def p_reported(p, convention="half_up"):
    """P-values that a printed one stands for: ``"0.012"``, ``".012"``, ``"<.001"`` or ``">.05"``."""
    found = re.fullmatch(r"([<>])?(0?\.[0-9]+|[01](?:\.0+)?)", p)
    if not found:
        raise ValueError(f"'{p}': write it as printed, such as '0.012', '.012' or '<.001'.")
    value = number(found[2])
    if found[1]:
        below = found[1] == "<"
        return Span(Fraction(0), value, True, False) if below else Span(value, Fraction(1), False)
    # As in statcheck, no p is 0: it is reported as smaller than something.
    return span(found[2], convention) if value else Span(value, value, False, False)


def decides_otherwise(reported, computed, level=Fraction(1, 20)):
    """Whether what is printed as significant at `level` is not, or the other way round."""
    return (reported.high <= level and computed.low > level) or (
        reported.low >= level and computed.high < level
    )


def ratio_fits(ratio, interval, convention="half_up"):
    """Whether a ratio is the middle of its interval, by logarithms, up to rounding.

    So it is in Wald's interval, exp(b ± z se); in a profile or an exact one it need not be.

    Examples
    --------
    >>> ratio_fits("1.85", ["1.20", "2.85"]), ratio_fits("2.10", ["1.20", "2.85"])
    (True, False)
    """
    middle, low, high = (span(printed, convention) for printed in (ratio, *interval))
    product = Span(max(low.low, 0) * max(high.low, 0), low.high * high.high)
    return product.meets(Span(max(middle.low, 0) ** 2, middle.high**2))


def difference_span(before, after, convention="half_up"):
    """What the difference of two printed numbers, after less before, may be."""
    first, second = span(before, convention), span(after, convention)
    return Span(second.low - first.high, second.high - first.low)


def change_span(before, after, convention="half_up"):
    """What the change from one printed number to another may be, in percent of the first."""
    first, second = span(before, convention), span(after, convention)
    if first.low <= 0:
        return None
    ends = [100 * (b - a) / a for a in first[:2] for b in second[:2]]
    return Span(min(ends), max(ends))
