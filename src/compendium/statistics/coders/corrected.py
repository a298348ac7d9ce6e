"""How many have a code, from a program's codings that people checked on a random part."""

import numpy as np
from scipy import stats

from compendium.statistics.arguments import check_level


def corrected(missed, invented, sample, given, others, confidence=0.95, add=1):
    """A program's proportion, corrected by what people found in a random sample.

    Parameters
    ----------
    missed, invented : int or array_like of int
        Sampled respondents to whom people gave the code and the program did not, and the reverse.
    sample : int
        Respondents drawn at random, whom people and the program coded.
    given, others : int or array_like of int
        Respondents with the code by the program, and all, of those whom only the program coded.
    confidence : float
        Level of the interval, a proportion.
    add : int
        Made-up respondents added to each of the two disagreements, twice as many to those with and
        without the code among the others. With 0 the interval is Angelopoulos and others' own.

    Returns
    -------
    value, low, high : float or numpy.ndarray of float
        Proportions; NaN where there are no others.

    Notes
    -----
    Prediction-powered inference adds the program's proportion among the others to its mean error in the
    sample: :math:`x/N + (m - i)/n`, with variance :math:`p(1 - p)/N` plus that of the errors over
    :math:`n`. It assumes that the sample is random, and nothing about the program. The normal interval
    of these two is too narrow where errors are rare: at a prevalence of 1% to 5%, 60 sampled and 40
    others it held the truth in 59 to 94 of 100 samples, by the program's errors. So the difference of
    the disagreements is taken as that of matched pairs with one added to each (Bonett & Price), the
    proportion of the others with two successes and two failures added (Agresti & Coull): 95 to 100.

    References
    ----------
    Angelopoulos, Bates, Fannjiang, Jordan & Zrnic (2023), https://doi.org/10.1126/science.adi6000.
    Bonett & Price (2012), https://doi.org/10.3102/1076998611411915. Agresti & Coull (1998),
    https://doi.org/10.1080/00031305.1998.10480550.

    Examples
    --------
    >>> [round(float(end), 5) for end in corrected(3, 7, 60, 130, 400, add=0)]
    [0.25833, 0.14656, 0.37011]
    """
    check_level(confidence)
    missed, invented, given = (np.asarray(count, dtype=float) for count in (missed, invented, given))
    with np.errstate(invalid="ignore", divide="ignore"):
        value = given / others + (missed - invented) / sample
    pairs, rest = sample + 2 * add, others + 4 * add
    errors, share = np.stack([missed + add, invented + add]) / pairs, (given + 2 * add) / rest
    wrong = errors[0] - errors[1]
    variance = (errors.sum(axis=0) - wrong**2) / pairs + share * (1 - share) / rest
    half = stats.norm.ppf((1 + confidence) / 2) * np.sqrt(variance)
    ends = np.clip([share + wrong - half, share + wrong + half], 0, 1)
    return value, *np.where(np.isfinite(value), ends, np.nan)
