"""Tests and effect sizes for what goes with what, and the adjustment of many tests.

Results are tables with one row a test, the columns of `one_test`.
"""

import numpy as np
import pandas as pd
from scipy import optimize, stats

from compendium.statistics.arguments import answered_pairs, check_counts, check_level
from compendium.statistics.proportions import difference

NO_VARIATION = "no variation in one of the two answers"


def one_test(
    test, statistic=np.nan, df=np.nan, p=np.nan, effect=np.nan, effect_name="", low=np.nan,
    high=np.nan, n=0, note="",
):  # fmt: skip
    """One row of a table of tests; what does not apply is NaN or empty.

    Parameters
    ----------
    test, effect_name, note : str
    statistic, df, p, effect, low, high : float
        `low` and `high` are the interval of the effect.
    n : int
        Respondents.

    Returns
    -------
    pandas.DataFrame
    """
    row = {"test": test, "statistic": float(statistic), "df": float(df), "p": float(p)}
    row |= {"effect": float(effect), "effect_name": effect_name, "low": float(low)}
    return pd.DataFrame([row | {"high": float(high), "n": int(n), "note": note}])


def association(rows, columns, seed, confidence=0.95, tables=9999, ordered=False, bound=None):
    """Test whether two categorical answers are independent.

    Parameters
    ----------
    rows, columns : pandas.Series
        Answers of the same respondents; pairs with a missing answer are left out.
    seed : int
        For the Monte Carlo tables.
    confidence : float
        Level of the intervals, a proportion.
    tables : int
        Monte Carlo tables.
    ordered : bool
        Whether `columns` are numbers whose order counts, such as points of a scale.
    bound : float, optional
        Percentage points within which a difference of shares would not matter: see `equivalence`. Only
        a 2 × 2 table has one difference to put it to.

    Returns
    -------
    pandas.DataFrame
        One row. Fisher's exact test for a 2 × 2 table; of ordered columns, three or more, the test of
        a trend; else Pearson's χ², or the Freeman–Halton test by Monte Carlo where an expected count
        is below 5. Effect: bias-corrected Cramér's V, or η of a trend. For a 2 × 2 table also
        `difference`, `difference_low`, `difference_high`: the share of the second row in the second
        column less that in the first, in percentage points, with Newcombe's interval. Beside a trend
        `unordered`, the p of the test that does not mind the order.

    Notes
    -----
    Freeman and Halton order tables with the observed margins by their probability; p is the share
    of drawn tables that are no more probable than the observed one, ``(b + 1) / (m + 1)``.

    The trend compares the rows' mean positions: ``χ² = n η²``, df = rows - 1, with ``η²`` the share of
    the positions' variance that lies between the rows; for two rows this is Cochran and Armitage's
    test. Where an expected count is below 5, p is the share of drawn tables with as large a χ².

    With r rows, c columns and ``φ² = χ²/n``, Bergsma's V is the root of
    ``max(0, φ² - (r-1)(c-1)/(n-1))`` over ``min(r', c') - 1``, where ``r' = r - (r-1)²/(n-1)`` and c'
    alike. Its interval holds the noncentralities λ under which χ² would be neither among the largest
    nor the smallest, put on V's scale by ``V = √(λ / (n (min(r, c) - 1)))``; a χ² below its df counts
    as its df, or tables that fit too well would give an interval without width. Where margins are
    skewed, χ² of an association spreads more than a noncentral one: both ends then lie as many times
    farther from ``χ² - df`` as the standard error of ``n φ²`` by the delta method exceeds the
    noncentral ``√(2 df + 4 λ)`` there. Of samples of 92 it holds V in .94 or more for 2 × 2 to 5 × 5
    tables with even margins; with skewed ones (60, 20, 12, 8; 55, 20, 10, 10, 5; 75, 10, 10, 5) in .92
    to .99 up to V = .3, where the noncentral one alone falls to .77. A V of .4 or .5 along the
    diagonal of such tables it holds in .89 to .95 only: simulated in ``tests/bench.py``.

    References
    ----------
    Fisher (1922), doi 10.2307/2340521. Freeman & Halton (1951), doi 10.1093/biomet/38.1-2.141.
    Armitage (1955), doi 10.2307/3001775. Bergsma (2013), doi 10.1016/j.jkss.2012.10.002.
    Smithson (2003), Confidence Intervals, doi 10.4135/9781412983761. Bishop, Fienberg & Holland (1975),
    Discrete Multivariate Analysis, chapter 11 (the standard error of φ²).

    Examples
    --------
    >>> guess, truth = list("MMMTMTTT"), list("MMMMTTTT")
    >>> association(guess, truth, seed=1)[["test", "p", "n"]].round(4).values.tolist()
    [['Fisher (exact)', 0.4857, 8]]
    """
    check_level(confidence)
    pairs = answered_pairs(rows=rows, columns=columns)
    (_, points), table = stats.contingency.crosstab(pairs["rows"], pairs["columns"])
    n = len(pairs)
    if min(table.shape, default=0) < 2:
        return one_test("none", n=n, note=NO_VARIATION if n else "nobody gave both answers")
    rng = np.random.default_rng(seed)
    sparse = int((stats.contingency.expected_freq(table) < 5).sum())
    chi2, p, df, _ = stats.chi2_contingency(table, correction=False)
    v = cramers_v(table, chi2, df, confidence)
    if table.shape == (2, 2):
        p = stats.fisher_exact(table).pvalue
        return _with_difference(one_test("Fisher (exact)", p=p, n=n, **v), table, confidence, bound)
    note, name = "", "Pearson's χ²"
    if sparse:
        chi2, df, p = np.nan, np.nan, _freeman_halton(table, tables, rng)
        note = f"{sparse} of {table.size} expected counts below 5; {tables:,} tables drawn"
        name = "Freeman–Halton (Monte Carlo)"
    if ordered and table.shape[1] > 2:
        test = _of_trend(table, points.astype(float), confidence, rng, tables if sparse else 0)
        return test.assign(note=note, unordered=float(p))
    return one_test(name, chi2, df, p, n=n, note=note, **v)


def _freeman_halton(table, tables, rng):
    """p by Monte Carlo; scipy's `fisher_exact` fails where respondents outnumber the cells it draws."""
    margins = stats.random_table(table.sum(axis=1), table.sum(axis=0), seed=rng)
    likely = margins.logpmf(margins.rvs(size=tables)) <= margins.logpmf(table) + 1e-7
    return (likely.sum() + 1) / (tables + 1)


def phi(both, first, second, neither, confidence=0.95):
    """How far two things go together in the same respondents: φ with its interval.

    Parameters
    ----------
    both, first, second, neither : int
        Respondents with both, with one of the two alone, and with none.
    confidence : float

    Returns
    -------
    dict
        `phi`, from -1 to 1, `low` and `high`; NaN where everybody or nobody has one of the two.

    Notes
    -----
    ``φ = (ad - bc) / √((a+b)(c+d)(a+c)(b+d))`` is Pearson's correlation of two yes-or-no answers. The
    interval is made on Fisher's scale, ``artanh φ``, with half a respondent more in each cell, so that
    a cell of nobody gives no certainty. With standardised x and y of a respondent, φ's variance is the
    mean of ``(xy - φ(x² + y²)/2)²`` over n. At 95% it held the true φ in 93.2 to 99.5% of 20,000
    samples of each of 48 tables of 20 to 300 respondents.

    References
    ----------
    Yule (1912), doi 10.2307/2340126. Bishop, Fienberg & Holland (1975), doi 10.1007/978-0-387-72806-3.
    Anscombe (1956), doi 10.1093/biomet/43.3-4.461. Fisher (1915), doi 10.1093/biomet/10.4.507.

    Examples
    --------
    >>> {key: round(value, 3) for key, value in phi(20, 10, 10, 50).items()}
    {'phi': 0.5, 'low': 0.28, 'high': 0.654}
    """
    check_level(confidence)
    check_counts(both=both, first=first, second=second, neither=neither)
    if min(both + first, second + neither, both + second, first + neither) == 0:
        return dict.fromkeys(("phi", "low", "high"), np.nan)
    value, _ = _phi(np.array([both, first, second, neither], float))
    near, variance = _phi(np.array([both, first, second, neither]) + 0.5)
    half = stats.norm.ppf((1 + confidence) / 2) * np.sqrt(variance) / (1 - near**2)
    low, high = np.tanh(np.arctanh(near) + np.array([-half, half]))
    return {"phi": value, "low": min(float(low), value), "high": max(float(high), value)}


def _phi(cells):
    """φ of four cells, and its variance."""
    (x, y), weights = np.array([[1, 1, 0, 0], [1, 0, 1, 0]]), cells / cells.sum()
    x, y = ((one - weights @ one) / np.sqrt(weights @ one * (1 - weights @ one)) for one in (x, y))
    value = float(weights @ (x * y))
    return value, float(weights @ (x * y - value / 2 * (x**2 + y**2)) ** 2) / cells.sum()


def _with_difference(test, table, confidence, bound=None):
    """The test of a 2 × 2 table with the difference of the shares of its second row."""
    (_, _), (one, other) = table

    def gap(level):
        return difference(other, table[:, 1].sum(), one, table[:, 0].sum(), level)

    told = gap(confidence)
    test = test.assign(
        difference=told["difference"], difference_low=told["low"], difference_high=told["high"]
    )
    return test.assign(**equivalence(gap, told["difference"], bound, confidence))


def equivalence(ends, effect, bound, confidence):
    """Two one-sided tests of whether an effect is too small to matter.

    Parameters
    ----------
    ends : callable
        The effect's interval at a level: a mapping with `low` and `high`.
    effect : float
    bound : float or None
        What an effect, up or down, must reach to matter, in its unit; nothing is tested without.
    confidence : float
        Level of the study's intervals, a proportion; each one-sided test is at what it leaves.

    Returns
    -------
    dict of str to float
        `bound`, `bound_p`, `bound_low`, `bound_high`; empty without a bound.

    Notes
    -----
    At the level α = 1 - `confidence` an effect is *equivalent* to none when its interval of the level
    1 - 2α lies within the bound on both sides; `bound_p` is the smallest α at which it does, the larger
    p of the two one-sided tests. Test and interval are one idea, and the interval is the effect's own.
    A large p says that equivalence was not shown, not that there is an effect.

    References
    ----------
    Schuirmann (1987), doi 10.1007/BF01068419. Lakens (2017), doi 10.1177/1948550617697177.

    Examples
    --------
    >>> from compendium.statistics.proportions import difference
    >>> found = equivalence(lambda level: difference(56, 70, 48, 80, level), 20.0, 33.39, 0.975)
    >>> round(found["bound_p"], 4)
    0.025
    """
    if bound is None:
        return {}

    def one_sided(side, edge):
        # An effect beyond the edge has a p above one half: the other end of an interval finds it.
        beyond = effect > edge if side == "high" else effect < edge
        end = {"high": "low", "low": "high"}[side] if beyond else side

        def gap(alpha):
            return ends(1 - 2 * alpha)[end] - edge

        outer, inner = 1e-9, 0.5 - 1e-9
        if effect == edge or gap(outer) * gap(inner) > 0:
            alpha = 0.5 if effect == edge else outer
        else:
            alpha = optimize.brentq(gap, outer, inner)
        return 1 - alpha if beyond else alpha

    p = max(one_sided("low", -bound), one_sided("high", bound))
    narrow = ends(2 * confidence - 1)
    return {"bound": bound, "bound_p": p, "bound_low": narrow["low"], "bound_high": narrow["high"]}


def cramers_v(table, chi2, df, confidence):
    """Bergsma's V and its interval, as `one_test` takes them."""
    n, (r, c) = table.sum(), table.shape
    excess = max(0.0, chi2 / n - df / (n - 1))
    smaller = min(k - (k - 1) ** 2 / (n - 1) for k in (r, c)) - 1
    value = min(1.0, np.sqrt(excess / smaller)) if smaller > 0 else np.nan
    middle, ends = max(0.0, chi2 - df), noncentral(chi2, df, confidence)
    ends = middle + (ends - middle) * _overspread(table, middle, df)
    low, high = np.sqrt(ends.clip(0) / (n * (min(r, c) - 1)))
    low, high = min(low, value), max(min(1.0, high), value)
    return {"effect": value, "effect_name": "Cramér's V", "low": low, "high": high}


def _overspread(table, middle, df):
    """How many times the error of χ² exceeds that of a noncentral one; 1 where it does not."""
    n = table.sum()
    p = table / n
    rows, columns = p.sum(axis=1, keepdims=True), p.sum(axis=0, keepdims=True)
    ratio = p / (rows * columns)
    slope = 2 * ratio - (p * ratio).sum(axis=1, keepdims=True) / rows
    slope -= (p * ratio).sum(axis=0, keepdims=True) / columns
    error = np.sqrt(max(0.0, n * ((p * slope**2).sum() - (p * slope).sum() ** 2)))
    return max(1.0, error / np.sqrt(2 * df + 4 * middle))


def noncentral(chi2, df, confidence):
    """The noncentralities between which a χ² is unsurprising.

    Parameters
    ----------
    chi2, df, confidence : float

    Returns
    -------
    numpy.ndarray of float
        Low and high; low is 0 where the χ² would not be surprising without any effect.

    Examples
    --------
    >>> noncentral(11.276985, 6, 0.95).round(3).tolist()
    [0.0, 21.93]
    """
    ends = []
    for seen, tail in ((chi2, (1 + confidence) / 2), (max(chi2, df), (1 - confidence) / 2)):
        if stats.chi2.cdf(seen, df) <= tail:
            ends.append(0.0)
            continue
        top = 4 * seen + 100
        while stats.ncx2.cdf(seen, df, top) > tail:
            top *= 2
        ends.append(optimize.brentq(lambda x, v=seen, t=tail: stats.ncx2.cdf(v, df, x) - t, 1e-12, top))
    return np.array(ends)


def _of_trend(table, scores, confidence, rng, tables):
    """Whether the rows differ in their mean position on the ordered columns; by `tables` drawn."""
    n, sizes = table.sum(), table.sum(axis=1)
    centred = scores - table.sum(axis=0) @ scores / n
    variance = table.sum(axis=0) @ centred**2 / n

    def chi2_of(drawn):
        return ((drawn @ centred) ** 2 / sizes).sum(axis=-1) / variance

    chi2, df = float(chi2_of(table)), len(sizes) - 1
    name = "Cochran–Armitage (trend)" if df == 1 else "Mean positions (trend)"
    p = stats.chi2.sf(chi2, df)
    if tables:
        drawn = stats.random_table(sizes, table.sum(axis=0)).rvs(tables, random_state=rng)
        p = (1 + (chi2_of(drawn) >= chi2 * (1 - 1e-9)).sum()) / (tables + 1)
    low, high = np.sqrt(noncentral(chi2, df, confidence) / n)
    effect = np.sqrt(chi2 / n)
    return one_test(name, chi2, df, p, effect, "η", min(low, effect), max(min(high, 1.0), effect), n)


def trend(x, y, confidence=0.95, decimals=None, bound=None):
    """Test whether two ordered answers rise together.

    Parameters
    ----------
    x, y : pandas.Series of numbers
        Scale points (or 0 and 1) of the same respondents; pairs with a missing one are left out.
    confidence : float
        Level of the interval, a proportion.
    decimals : int, optional
        To how many decimals τ-b is told. Interval and p are made of the rounded τ-b and of the margins
        of the two answers, so that all three together tell no more of single cells than it does.
    bound : float, optional
        The τ-b below which two answers are as good as unrelated: see `equivalence`.

    Returns
    -------
    pandas.DataFrame
        One row: Kendall's τ-b with its asymptotic test and the interval that belongs to it. A 2 × 2
        table has Fisher's exact test and the difference of shares, as in `association`.

    Notes
    -----
    With s the standard error of τ-b where nothing rises together, ties included, the test compares τ-b
    with ``z s``. The interval holds every t with ``|τ-b - t| ≤ z s √(1 - t²)``, so it holds 0 exactly
    where the test does not reject: ``(τ-b ± √(k (1 + k - τ-b²))) / (1 + k)`` with ``k = z² s²``.

    References
    ----------
    Kendall (1945), doi 10.1093/biomet/33.3.239.

    Examples
    --------
    >>> row = trend(pd.Series([1, 2, 3, 4, 5]), pd.Series([1, 3, 2, 5, 4]))
    >>> float(row["effect"].round(2).iloc[0])
    0.6
    """
    check_level(confidence)
    pairs = answered_pairs(x=x, y=y).astype(float)
    n = len(pairs)
    if n < 3 or pairs.nunique().min() < 2:
        why = NO_VARIATION if n > 2 else "fewer than three gave both answers"
        return one_test("Kendall's τ-b", n=n, note=why)
    tau = stats.kendalltau(pairs["x"], pairs["y"], method="asymptotic").statistic
    table = stats.contingency.crosstab(pairs["x"], pairs["y"]).count
    variance = null_variance(table)
    if decimals is not None:
        tau = round(tau, decimals)
    p = 2 * stats.norm.sf(abs(tau) / np.sqrt(variance))
    ends = score_ends(tau, variance, confidence)
    within = equivalence(lambda level: score_ends(tau, variance, level), tau, bound, confidence)
    if table.shape == (2, 2):
        p = stats.fisher_exact(table).pvalue
        test = one_test("Fisher (exact)", p=p, effect=tau, effect_name="τ-b", n=n, **ends)
        return _with_difference(test, table.T, confidence).assign(**within)
    test = one_test("Kendall's τ-b", np.nan, np.nan, p, tau, "τ-b", n=n, **ends)
    return test.assign(**within)


def score_ends(value, variance, confidence):
    """Interval of a rank correlation, from its variance where there is none: see `trend`."""
    k = stats.norm.ppf((1 + confidence) / 2) ** 2 * variance
    half = np.sqrt(max(0, k * (1 + k - value**2)))
    # Rounding in the last digit must not push an end past the estimate.
    low, high = min((value - half) / (1 + k), value), max((value + half) / (1 + k), value)
    return {"low": max(low, -1.0), "high": min(high, 1.0)}


def null_variance(table):
    """Variance of τ-b where both answers are independent, given their ties (Kendall 1970, 4.9)."""
    n, tied = table.sum(), [table.sum(axis=1), table.sum(axis=0)]
    pairs = [(t * (t - 1)).sum() for t in tied]
    triples = [(t * (t - 1) * (t - 2)).sum() for t in tied]
    more = [(t * (t - 1) * (2 * t + 5)).sum() for t in tied]
    m = n * (n - 1)
    variance = (m * (2 * n + 5) - sum(more)) / 18 + pairs[0] * pairs[1] / (2 * m)
    variance += triples[0] * triples[1] / (9 * m * (n - 2))
    return variance / ((m - pairs[0]) / 2 * (m - pairs[1]) / 2)


def holm(p_values, untold=0):
    """Holm's adjustment of the p-values of one family.

    Parameters
    ----------
    p_values : sequence of float
        NaN for a test that could not be made; it stays NaN and does not count.
    untold : int
        Tests of the family that were made but may not be told: they count as if their p-values were
        the largest.

    Returns
    -------
    numpy.ndarray of float
        Adjusted p-values in the same order.

    Notes
    -----
    The k-th smallest of m is multiplied by m - k + 1, and none falls below the one before it; m counts
    the untold ones.
    statsmodels' `multipletests` turns every p-value into NaN when one is, and collects garbage
    at each call, which takes a notebook longer than all of its tests.

    References
    ----------
    Holm (1979), https://www.jstor.org/stable/4615733.

    Examples
    --------
    >>> holm([0.01, float("nan"), 0.04, 0.03]).tolist()
    [0.03, nan, 0.06, 0.06]
    """
    p_values = np.asarray(p_values, float)
    made = ~np.isnan(p_values)
    adjusted = np.full(len(p_values), np.nan)
    order = np.flatnonzero(made)[np.argsort(p_values[made])]
    steps = p_values[order] * (untold + np.arange(len(order), 0, -1))
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1)
    return adjusted
