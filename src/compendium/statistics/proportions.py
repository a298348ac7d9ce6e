"""What a count of a base says: shares with intervals, differences, and what a sample can show.

Shares and their intervals are in percent (0 to 100), differences in percentage points.
"""

import bisect
import math

import numpy as np
import pandas as pd
from scipy import optimize, stats
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
    proportion_effectsize,
)

from compendium.statistics.arguments import check_columns, check_counts, check_level

METHODS = {"wilson": "wilson", "clopper-pearson": "beta"}
EXACT_UP_TO = 150  # respondents in a group, beyond which power is approximated


def proportions(counts, base, confidence=0.95, method="wilson", sampled=0.0):
    """Shares with their intervals.

    Parameters
    ----------
    counts : int, sequence or pandas.Series of int
        How many chose the option.
    base : int, sequence or pandas.Series of int
        Of how many; one for all, or one a count. A base of 0 gives NaN.
    confidence : float
        Level of the interval, a proportion.
    method : {"wilson", "clopper-pearson"}
        Wilson's score interval keeps its level on average and is short; Clopper and Pearson's never
        falls below its level and is longer.
    sampled : float or sequence of float
        Which share of a finite population the base is, a proportion; 0 where it is not known or has no
        end. One for all, or one a count.

    Returns
    -------
    pandas.DataFrame
        `count`, `base`, and in percent `percent`, `low`, `high`; the index of `counts`.

    Raises
    ------
    ValueError
        For a count that is missing, not whole, below 0 or above its base, bases of another number
        than the counts, a level or a share of the population that is no proportion, or an unknown
        method.

    Notes
    -----
    Wilson: ``(p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n)``. Clopper–Pearson: the quantiles of
    beta distributions that give the observed count or more (or less) half the error each.

    Of ``n`` drawn without replacement from ``N`` the count is hypergeometric: its variance is that of a
    sample of ``n (N-1)/(N-n)`` from a population without end, which Wilson's formula takes for n; the
    exact interval holds the population counts under which the observed one is in neither tail.

    References
    ----------
    Wilson (1927), doi 10.1080/01621459.1927.10502953. Clopper & Pearson (1934),
    doi 10.1093/biomet/26.4.404. Newcombe (1998),
    doi 10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E. Cochran (1977), Sampling
    Techniques, 3rd ed., chapter 3.

    Examples
    --------
    >>> proportions(12, 92).round(1).values.tolist()
    [[12.0, 92.0, 13.0, 7.6, 21.4]]
    >>> proportions(12, 92, method="clopper-pearson").round(1).values.tolist()
    [[12.0, 92.0, 13.0, 6.9, 21.7]]
    >>> proportions(12, 92, sampled=92 / 400).round(1).values.tolist()
    [[12.0, 92.0, 13.0, 8.1, 20.3]]
    """
    if method not in METHODS:
        raise ValueError(f"method '{method}' is not known; use one of {', '.join(METHODS)}.")
    check_level(confidence)
    check_counts(counts=counts, base=base)
    if np.ndim(base) and len(base) != np.size(counts):
        raise ValueError(f"base has {len(base)} values for {np.size(counts)} counts.")
    counts = pd.Series(counts)
    table = pd.DataFrame({"count": counts, "base": np.asarray(base)}, index=counts.index)
    sampled = np.broadcast_to(np.asarray(sampled, float), len(table))
    if not ((sampled >= 0) & (sampled <= 1)).all():
        raise ValueError(f"sampled = {sampled.max():g}: write a proportion of the population, 0 to 1.")
    count, of = table["count"].to_numpy(int), table["base"].to_numpy(int)
    if ((count < 0) | (count > of)).any():
        raise ValueError("a count lies below 0 or above its base; count respondents, not answers.")
    some, percents = of > 0, np.full((len(table), 3), np.nan)
    if some.any():
        share = count[some] / of[some]
        low, high = _ends(count[some], of[some], confidence, METHODS[method], sampled[some])
        # Rounding in the last digit must not push an end past the estimate or the scale.
        low, high = np.minimum(low, share).clip(0), np.maximum(high, share).clip(max=1)
        percents[some] = 100 * np.c_[share, low, high]
    return table.assign(percent=percents[:, 0], low=percents[:, 1], high=percents[:, 2])


def _ends(count, of, confidence, method, sampled):
    """Both ends of each share's interval, as proportions."""
    alpha, finite = 1 - confidence, sampled > 0
    if not finite.any():
        return proportion_confint(count, of, alpha=alpha, method=method)
    size = np.divide(of, sampled, out=np.full(len(of), np.inf), where=finite)
    if method == "beta":
        both = [_without_replacement(*row, alpha / 2) for row in zip(count, of, size, strict=True)]
        return np.array(both).T
    everybody = size - of < 1e-9  # whoever asked them all knows
    worth = of.astype(float)
    np.divide(of * (size - 1), size - of, out=worth, where=finite & ~everybody)
    ends = proportion_confint(count / of * worth, worth, alpha=alpha, method=method)
    return [np.where(everybody, count / of, end) for end in ends]


def _without_replacement(count, of, size, tail):
    """Shares of a population between which a count is in neither tail of the hypergeometric."""
    if np.isinf(size):
        return proportion_confint(count, of, alpha=2 * tail, method="beta")
    size = math.ceil(round(size, 6))
    # The fewest under which so many are no surprise, and the most under which so few are none.
    fewest, most = count, size - (of - count)
    low = bisect.bisect_left(
        range(fewest, most), True, key=lambda m: stats.hypergeom.sf(count - 1, size, m, of) > tail
    )
    high = bisect.bisect_left(
        range(fewest + low, most),
        True,
        key=lambda m: stats.hypergeom.cdf(count, size, m + 1, of) <= tail,
    )
    return (fewest + low) / size, (fewest + low + high) / size


def difference(count1, base1, count2, base2, confidence=0.95):
    """Difference of two independent shares with Newcombe's interval.

    Parameters
    ----------
    count1, base1, count2, base2 : int
        Counts and bases of the two samples.
    confidence : float
        Level of the interval, a proportion.

    Returns
    -------
    dict of str to float
        `difference` (first minus second), `low`, `high`, in percentage points.

    Raises
    ------
    ValueError
        For a count outside its base, or an empty base.

    Notes
    -----
    Newcombe's hybrid of two Wilson intervals (method 10): with Wilson's ends ``l, u`` of each share
    ``p``, the interval goes from ``d - √((p1-l1)² + (u2-p2)²)`` to ``d + √((u1-p1)² + (p2-l2)²)``.

    References
    ----------
    Newcombe (1998), doi 10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I.

    Examples
    --------
    >>> {name: round(value, 2) for name, value in difference(56, 70, 48, 80).items()}
    {'difference': 20.0, 'low': 5.24, 'high': 33.39}
    """
    check_level(confidence)
    check_counts(count1=count1, base1=base1, count2=count2, base2=base2)
    for count, base in ((count1, base1), (count2, base2)):
        if base < 1 or not 0 <= count <= base:
            raise ValueError(f"{count} of {base} is no share; the count must lie within the base.")
    low, high = confint_proportions_2indep(
        count1, base1, count2, base2, method="newcomb", compare="diff", alpha=1 - confidence
    )
    estimate = count1 / base1 - count2 / base2
    # Rounding in the last digit must not push an end past the estimate or the scale.
    low, high = max(min(float(low), estimate), -1.0), min(max(float(high), estimate), 1.0)
    return {"difference": 100 * estimate, "low": 100 * low, "high": 100 * high}


def multi_response(ticks, confidence=0.95):
    """Table of a multi-response item: percent of respondents and percent of responses.

    Parameters
    ----------
    ticks : pandas.DataFrame
        One column an option; True ticked, False not ticked, NA in the whole row for a respondent
        who was not asked or gave no answer.
    confidence : float
        Level of Wilson's intervals, a proportion.

    Returns
    -------
    pandas.DataFrame
        One row an option: `count`, `base` (respondents who answered), `percent` of respondents with
        `low` and `high`, and `percent_of_responses` (which adds up to 100).

    Examples
    --------
    >>> ticks = pd.DataFrame({"a": [True, True, None], "b": [False, True, None]}, dtype="boolean")
    >>> multi_response(ticks)[["count", "base", "percent", "percent_of_responses"]].round(1)
       count  base  percent  percent_of_responses
    a      2     2    100.0                  66.7
    b      1     2     50.0                  33.3
    """
    check_columns(ticks, "ticks", least=1)
    given = ticks[ticks.notna().all(axis=1)].astype(bool)
    counts = given.sum()
    table = proportions(counts, len(given), confidence)
    responses = counts.sum()
    return table.assign(percent_of_responses=100 * counts / responses if responses else np.nan)


def mean_interval(values, seed, confidence=0.95, resamples=999):
    """Percentile bootstrap interval of a mean.

    Parameters
    ----------
    values : pandas.Series or sequence of float
        One value a respondent; missing ones are left out.
    seed : int
        For the resampling.
    confidence : float
        Level of the interval, a proportion.
    resamples : int
        Bootstrap samples.

    Returns
    -------
    tuple of float
        `low` and `high`, in the unit of the values; NaN for fewer than two values.

    References
    ----------
    Efron & Tibshirani (1993), An Introduction to the Bootstrap, doi 10.1201/9780429246593.

    Examples
    --------
    >>> low, high = mean_interval([1, 2, 3, 4, 5, 6, 7, 8, 9], seed=1)
    >>> 3 < low < 5 < high < 7
    True
    """
    check_level(confidence)
    values = pd.Series(values, dtype=float).dropna().to_numpy()
    if len(values) < 2:
        return np.nan, np.nan
    result = stats.bootstrap(
        (values,), np.mean, n_resamples=resamples, batch=20, confidence_level=confidence,
        method="percentile", rng=np.random.default_rng(seed),
    )  # fmt: skip
    return float(result.confidence_interval.low), float(result.confidence_interval.high)


def precision(base, confidence=0.95, sampled=0.0):
    """Half the width of Wilson's interval of a share of 50%.

    Parameters
    ----------
    base : int
        Respondents.
    confidence : float
        Level of the interval, a proportion.
    sampled : float
        Which share of a finite population that is: see `proportions`.

    Returns
    -------
    float
        Percentage points.

    Examples
    --------
    >>> round(precision(92), 1), round(precision(92, sampled=92 / 400), 1)
    (10.0, 8.8)
    """
    check_level(confidence)
    _check_base(base=base)
    if sampled == 1:
        return 0.0
    if sampled:
        base *= (base / sampled - 1) / (base / sampled - base)
    # Wilson's formula at p = 1/2, for odd bases too, where no whole count is half.
    z = float(stats.norm.ppf((1 + confidence) / 2))
    return 100 * float(z) * math.sqrt(0.25 / base + z**2 / (4 * base**2)) / (1 + z**2 / base)


def _check_base(**bases):
    check_counts(**bases)
    for name, base in bases.items():
        if base < 1:
            raise ValueError(f"{name} = {base}: at least one respondent is needed.")


def detectable(base1, base2, power=0.8, alpha=0.05, baseline=50.0):
    """The smallest difference between two groups' shares that Fisher's exact test would likely find.

    Parameters
    ----------
    base1, base2 : int
        Respondents in the two groups.
    power : float
        Probability of finding it, a proportion.
    alpha : float
        Level of the two-sided test, a proportion.
    baseline : float
        Share in the first group, percent; the other group's lies above it.

    Returns
    -------
    float
        Percentage points; NaN where not even 100% in the other group would be found.

    Notes
    -----
    The test is made of every pair of counts, and the probability of those that it rejects added up.
    With more than 150 respondents in a group the test is approximated: Cohen's effect size ``h =
    2 asin √p2 - 2 asin √p1`` with the correction for continuity of Casagrande, Pike and Smith.

    References
    ----------
    Fisher (1922), doi 10.2307/2340521. Cohen (1988), Statistical Power Analysis for the Behavioral
    Sciences, 2nd ed., chapter 6, doi 10.4324/9780203771587. Casagrande, Pike & Smith (1978),
    doi 10.2307/2530613.

    Examples
    --------
    >>> round(detectable(46, 46), 1)
    29.4
    """
    _check_base(base1=base1, base2=base2)
    check_level(power)
    p1 = baseline / 100
    if max(base1, base2) > EXACT_UP_TO:
        return _detectable_by_h(2 / (1 / base1 + 1 / base2), power, alpha, p1)
    found = _rejected(base1, base2, alpha)
    first = stats.binom.pmf(np.arange(base1 + 1), base1, p1) @ found

    def short(p2):
        return first @ stats.binom.pmf(np.arange(base2 + 1), base2, p2) - power

    return np.nan if short(1.0) < 0 else 100 * (optimize.brentq(short, p1, 1.0) - p1)


def _rejected(base1, base2, alpha):
    """Which pairs of counts Fisher's test rejects; counts of the first group in rows."""
    found = np.zeros((base1 + 1, base2 + 1), bool)
    for total in range(base1 + base2 + 1):
        first = np.arange(max(0, total - base2), min(total, base1) + 1)
        chance = stats.hypergeom.pmf(first, base1 + base2, base1, total)
        order = np.sort(chance)
        # All tables that are no likelier, up to rounding in the last digits.
        p = np.cumsum(order)[np.searchsorted(order, chance * (1 + 1e-7), side="right") - 1]
        found[first, total - first] = p <= alpha
    return found


def _detectable_by_h(n, power, alpha, p1):
    """The same of two groups of n, without making every table."""
    z = stats.norm.isf(alpha / 2) + stats.norm.ppf(power)

    def short(p2):
        needed = 2 * (z / proportion_effectsize(p2, p1)) ** 2
        return needed / 4 * (1 + math.sqrt(1 + 4 / (needed * (p2 - p1)))) ** 2 - n

    return np.nan if short(1.0) > 0 else 100 * (optimize.brentq(short, p1 + 1e-6, 1.0) - p1)
