"""How far coders agree, code by code and for whole sets of codes.

The coefficients come from libraries (krippendorff, nltk, statsmodels). Only the bootstrap repeats
their arithmetic in NumPy, for all resamples at once; tests hold the two together.
"""

from itertools import combinations

import krippendorff
import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.inter_rater import cohens_kappa

from compendium.statistics.arguments import check_level, check_same_length

UNDEFINED = "undefined: no variation"
COEFFICIENTS = ("kappa", "alpha", "ac1")
FEWEST = 5  # below so many disagreements resampling fails; below so many uses nothing can be estimated


def masi(first, second):
    """MASI distance of two sets of codes.

    nltk divides by zero when both sets are empty. Two coders who both find no code agree wholly, so
    that distance is 0.

    Parameters
    ----------
    first, second : set or frozenset

    Returns
    -------
    float
        0 (equal) to 1 (nothing shared).

    References
    ----------
    Passonneau (2006), Measuring agreement on set-valued items (MASI) for semantic and pragmatic
    annotation, LREC.

    Examples
    --------
    >>> masi(set(), set()), round(masi({"cost"}, {"cost", "time"}), 3)
    (0.0, 0.667)
    """
    from nltk.metrics.distance import masi_distance  # here, as only chapter 3 needs nltk

    return float(masi_distance(first, second)) if first or second else 0.0


def jaccard(first, second):
    """Jaccard distance of two sets of codes, 0 for two empty ones (see `masi`).

    Parameters
    ----------
    first, second : set or frozenset

    Returns
    -------
    float
        One less the share of all codes that both sets have.

    Examples
    --------
    >>> jaccard(set(), set()), jaccard({"cost"}, {"cost", "time"})
    (0.0, 0.5)
    """
    from nltk.metrics.distance import jaccard_distance

    return float(jaccard_distance(first, second)) if first or second else 0.0


def by_code(marks, respondents, seed, confidence=0.95, resamples=1000):
    """Agreement on each code, with percentile intervals from resampled respondents.

    Parameters
    ----------
    marks : mapping of str to pandas.DataFrame
        For each coder, answers in rows (same index) and codes in columns: 1.0 assigned, 0.0 not,
        missing where the coder did not read the answer. Any number of coders and any overlap.
    respondents : sequence
        Whose each answer is; a respondent's answers are drawn together.
    seed : int
    confidence : float
        Level of the intervals, a proportion.
    resamples : int

    Returns
    -------
    pandas.DataFrame
        Indexed by code: `answers` read by two coders or more; `prevalence` and `observed` agreement
        in percent; `kappa`, `alpha`, `ac1`, each with `_low` and `_high`, NaN where no interval can be
        estimated; `note`, which says *undefined: no variation* where all marks are the same, so that no
        coefficient exists.

    Raises
    ------
    ValueError
        When there are fewer than two coders or no answer was read by two.

    Notes
    -----
    With :math:`p_o` the share of agreeing pairs of coders, each coefficient is
    :math:`(p_o - p_e)/(1 - p_e)`. Cohen's expected agreement :math:`p_e` comes from each coder's
    own prevalence (of more than two coders, the mean over pairs, after Light), Krippendorff's from
    the pooled one in a finite sample, Gwet's is :math:`2\\pi(1-\\pi)` with the mean prevalence
    :math:`\\pi` of all answers that anybody read. Where a code is rare, the first two fall although
    coders agree nearly always.

    Resampling cannot draw what was not seen: without a disagreement every resample agrees wholly. So
    where fewer than five respondents have an answer on which coders differ, the interval is Clopper and
    Pearson's of the share of such respondents (one-sided where there is none), divided by the
    disagreement that chance would bring. Where fewer than five answers have, or lack, the code, no
    interval is given; nor for Cohen's and Krippendorff's where one coder gave all answers the same
    mark, as neither is above 0 in any sample of them.

    References
    ----------
    Cohen (1960), https://doi.org/10.1177/001316446002000104; Light (1971),
    https://doi.org/10.1037/h0031643; Hayes & Krippendorff (2007),
    https://doi.org/10.1080/19312450709336664; Gwet (2008),
    https://doi.org/10.1348/000711006X126600.

    Examples
    --------
    >>> first = pd.DataFrame({"cost": [1, 1, 0, 0, 0, 1, 0, 0, 1, 0]}, dtype=float)
    >>> second = first.assign(cost=[1, 0, 0, 0, 0, 1, 0, 0, 1, 1])
    >>> table = by_code({"a": first, "b": second}, range(10), seed=1, resamples=50)
    >>> print(table[["observed", "kappa", "alpha"]].round(3).to_string(index=False))
     observed  kappa  alpha
         80.0  0.583  0.604
    """
    check_level(confidence)
    cube = _cube(marks)
    check_same_length(respondents=respondents, marks=cube[0])
    weights = resample_weights(respondents, seed, resamples)
    names = np.asarray(respondents)
    rows = {}
    for position, code in enumerate(next(iter(marks.values())).columns):
        votes = cube[:, :, position]
        row = _points(votes)
        drawn = _resampled(votes, weights)
        for name, ends in _intervals(votes, row, drawn, names, confidence).items():
            row |= {f"{name}_low": ends[0], f"{name}_high": ends[1]}
        rows[code] = row
    columns = [f"{name}{end}" for name in COEFFICIENTS for end in ("", "_low", "_high")]
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("code")
    table.loc[table["note"] != "", columns] = np.nan
    return table[["answers", "prevalence", "observed", *columns, "note"]]


def _intervals(votes, row, drawn, respondents, confidence):
    """The interval of each coefficient of one code; see the notes of `by_code`."""
    yes, n = np.nansum(votes, axis=0), np.isfinite(votes).sum(axis=0)
    several = n > 1
    some, apart = several & (yes > 0), several & (yes > 0) & (yes < n)
    unsure = (np.nan, np.nan)
    if min(some.sum(), (several & (yes < n)).sum()) < FEWEST:
        return dict.fromkeys(COEFFICIENTS, unsure)
    found = {name: percentile_ends(drawn[name], 50 * (1 - confidence)) for name in COEFFICIENTS}
    differing = len(set(respondents[apart]))
    if differing < FEWEST:
        of, observed = len(set(respondents[several])), 1 - row["observed"] / 100
        bound = _per_answer(differing, of, several.sum(), observed, confidence)
        by_chance = _by_chance(votes[:, several], row)
        found = {name: _bounded(row[name], bound, by_chance[name]) for name in COEFFICIENTS}
    if any(len(np.unique(coder[np.isfinite(coder) & several])) == 1 for coder in votes):
        found |= {"kappa": unsure, "alpha": unsure}
    return found


def disagreement_bound(differing, of, confidence):
    """Clopper and Pearson's interval of a share of disagreements, one-sided where there is none.

    Examples
    --------
    >>> [round(end, 4) for end in disagreement_bound(0, 224, 0.95)]
    [0.0, 0.0133]
    """
    if differing == 0:
        return 0.0, 1 - (1 - confidence) ** (1 / of)
    low = stats.beta.ppf((1 - confidence) / 2, differing, of - differing + 1)
    high = (
        stats.beta.ppf((1 + confidence) / 2, differing + 1, of - differing) if differing < of else 1.0
    )
    return float(low), float(high)


def _per_answer(differing, of, answers, observed, confidence):
    """The bound of the share of respondents, put on the scale of the disagreement on all answers."""
    low, high = disagreement_bound(differing, of, confidence)
    scale = observed / (differing / of) if differing else of / answers
    return low * scale, min(1.0, high * scale)


def _by_chance(votes, row):
    """The disagreement that each coefficient expects by chance."""
    observed = 1 - row["observed"] / 100
    if observed:
        return {n: observed / (1 - row[n]) if row[n] != 1 else np.nan for n in COEFFICIENTS}
    share, values = np.nanmean(votes), int(np.isfinite(votes).sum())
    apart = 2 * share * (1 - share)
    return {"kappa": apart, "alpha": apart * values / (values - 1), "ac1": 1 - apart}


def _bounded(value, bound, by_chance):
    """A coefficient's interval from the bounds of the disagreement."""
    low, high = (1 - end / by_chance for end in reversed(bound))
    return max(min(low, value), -1.0), min(max(high, value), 1.0)


def by_set(sets, respondents, distance, seed, confidence=0.95, resamples=1000):
    """Krippendorff's alpha for the whole set of codes that an answer was given.

    Parameters
    ----------
    sets : mapping of str to sequence
        For each coder a frozenset of codes an answer (empty: no code applies), None where the coder
        did not read it.
    respondents : sequence
        Whose each answer is.
    distance : callable
        `masi` or `jaccard`.
    seed, confidence, resamples
        As in `by_code`.

    Returns
    -------
    dict
        `alpha`, `low`, `high` (NaN where fewer than five answers were read, or where a coder gave all
        of them the same set), `answers`, and `note` as in `by_code`.

    References
    ----------
    Hayes & Krippendorff (2007), https://doi.org/10.1080/19312450709336664.

    Examples
    --------
    >>> a = [frozenset("x"), frozenset("xy"), frozenset()]
    >>> by_set({"a": a, "b": a}, [1, 2, 3], masi, seed=1, resamples=20)["alpha"]
    1.0
    """
    check_level(confidence)
    coders = list(sets.values())
    check_same_length(respondents=respondents, sets=coders[0])
    values = sorted({v for coder in coders for v in coder if v is not None}, key=sorted)
    place = {value: k for k, value in enumerate(values)}
    counts = np.zeros((len(coders[0]), len(values)))
    for coder in coders:
        for unit, value in enumerate(coder):
            if value is not None:
                counts[unit, place[value]] += 1
    apart = np.array([[distance(first, second) for second in values] for first in values])
    read = int((counts.sum(axis=1) > 1).sum())
    _need(read, len(coders))
    point = float(_alpha(counts, apart, np.ones((1, len(counts))))[0])
    drawn = _alpha(counts, apart, resample_weights(respondents, seed, resamples))
    low, high = percentile_ends(drawn, 50 * (1 - confidence))
    differs = (counts.sum(axis=1) > 1) & ((counts > 0).sum(axis=1) > 1)
    differing = len(set(np.asarray(respondents)[differs]))
    shared = counts.sum(axis=1) > 1
    alike = any(
        len({v for v, both in zip(coder, shared, strict=True) if both} - {None}) == 1
        for coder in coders
    )
    if read < FEWEST or alike:
        low = high = np.nan
    elif differing < FEWEST and np.isfinite(point):
        of = len(set(np.asarray(respondents)[counts.sum(axis=1) > 1]))
        by_chance = _sets_by_chance(counts, apart)
        bound = _per_answer(differing, of, read, (1 - point) * by_chance, confidence)
        low, high = _bounded(point, bound, by_chance)
    note = "" if np.isfinite(point) else UNDEFINED
    return {"alpha": point, "low": float(low), "high": float(high), "answers": read, "note": note}


def _sets_by_chance(counts, apart):
    """Mean distance of two sets drawn from all that coders of shared answers gave."""
    given = counts[counts.sum(axis=1) > 1].sum(axis=0)
    return float(given @ apart @ given / (given.sum() * (given.sum() - 1)))


def _need(read, coders):
    if coders < 2 or not read:
        raise ValueError(
            "agreement needs two coders who read the same answers: add a second file to coding/, "
            "or let the second coder read some of the first one's answers"
        )


def _cube(marks):
    """Coders × answers × codes."""
    cube = np.stack([frame.to_numpy(float) for frame in marks.values()])
    _need(int((np.isfinite(cube[:, :, 0]).sum(axis=0) > 1).sum()), len(cube))
    return cube


def resample_weights(respondents, seed, resamples):
    """How often each answer is in each bootstrap sample.

    Parameters
    ----------
    respondents : sequence
        Whose each answer is; all answers of a drawn respondent come together.
    seed, resamples : int

    Returns
    -------
    numpy.ndarray of float
        Samples in rows, answers in columns.

    Examples
    --------
    >>> bool(np.ptp(resample_weights(["r1", "r1", "r2"], seed=1, resamples=1)[0, :2]) == 0)
    True
    """
    codes, names = pd.factorize(np.asarray(respondents))
    rng = np.random.default_rng(seed)
    times = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=resamples)
    return times[:, codes].astype(float)


def _points(votes):
    """The coefficients of one code by the libraries."""
    read = np.isfinite(votes).sum(axis=0)
    pairable = votes[:, read > 1]
    yes, n = np.nansum(pairable, axis=0), read[read > 1]
    agree = (yes * (yes - 1) + (n - yes) * (n - yes - 1)) / (n * (n - 1))
    row = {
        "answers": len(n),
        "prevalence": 100 * np.nanmean(pairable),
        "observed": 100 * agree.mean(),
        "note": "",
    }
    if len(np.unique(pairable[np.isfinite(pairable)])) == 1:
        return row | dict.fromkeys(COEFFICIENTS, np.nan) | {"note": UNDEFINED}
    alpha = krippendorff.alpha(reliability_data=votes, level_of_measurement="nominal")
    return row | {"kappa": _light(votes), "alpha": alpha, "ac1": _gwet(votes, agree)}


def _light(votes):
    """Cohen's kappa, the mean over all pairs of coders for whom it exists."""
    found = []
    for first, second in combinations(votes, 2):
        both = np.isfinite(first) & np.isfinite(second)
        square = np.zeros((2, 2))
        np.add.at(square, (first[both].astype(int), second[both].astype(int)), 1)
        if both.any() and max(square.diagonal()) < square.sum():
            found.append(cohens_kappa(square, return_results=False))
    return float(np.mean(found)) if found else np.nan


def _gwet(votes, agree):
    """Gwet's AC1; the prevalence is that of all answers that anybody read, as in irrCAC."""
    share = np.nanmean(votes[:, np.isfinite(votes).any(axis=0)], axis=0).mean()
    expected = 2 * share * (1 - share)
    return (agree.mean() - expected) / (1 - expected)


def _resampled(votes, weights):
    """The coefficients of one code in every resample; rows of `weights` are resamples."""
    read = np.isfinite(votes)
    n, yes = read.sum(axis=0), np.nansum(votes, axis=0)
    pair = np.where(n > 1, 1.0, 0.0)
    safe = np.maximum(n, 2)
    agree = pair * (yes * (yes - 1) + (n - yes) * (n - yes - 1)) / (safe * (safe - 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        total = weights @ pair
        observed = weights @ agree / total
        share = weights @ (yes / np.maximum(n, 1)) / (weights @ (n > 0))
        ac1 = (observed - 2 * share * (1 - share)) / (1 - 2 * share * (1 - share))
        kappas = [_kappas(a, b, weights) for a, b in combinations(votes, 2)]
        several = np.ma.masked_invalid(kappas).mean(axis=0).filled(np.nan)
    counts = np.column_stack([yes, n - yes])
    return {"kappa": several, "alpha": _alpha(counts, 1 - np.eye(2), weights), "ac1": ac1}


def _kappas(first, second, weights):
    both = np.isfinite(first) & np.isfinite(second)
    first, second, weights = first[both], second[both], weights[:, both]
    n = weights.sum(axis=1)
    a, b = weights @ first / n, weights @ second / n
    observed, expected = weights @ (first == second) / n, a * b + (1 - a) * (1 - b)
    return (observed - expected) / (1 - expected)


def _alpha(counts, apart, weights):
    """Krippendorff's alpha, one a row of `weights`.

    `counts` has answers in rows and values in columns: how many coders gave it. NaN where all
    values drawn are the same.
    """
    n = counts.sum(axis=1)
    counts, n, weights = counts[n > 1], n[n > 1], weights[:, n > 1]
    within = np.einsum("uv,vw,uw->u", counts, apart, counts, optimize=True) / (n - 1)
    drawn, total = weights @ counts, weights @ n
    between = np.einsum("rv,rv->r", drawn @ apart, drawn)
    with np.errstate(divide="ignore", invalid="ignore"):
        alpha = 1 - (weights @ within) * (total - 1) / between
    return np.where(between > 0, alpha, np.nan)


def percentile_ends(samples, tail):
    known = samples[np.isfinite(samples)]
    return tuple(np.percentile(known, [tail, 100 - tail])) if len(known) else (np.nan, np.nan)
