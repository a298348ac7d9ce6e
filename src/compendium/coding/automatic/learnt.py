"""A coder that learns from examples: what rules must beat to be worth writing.

Words weighted by how telling they are, and one logistic regression a code. No library is needed for it:
the loss is convex and small.
"""

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import expit

from compendium.coding.automatic.rule_coder import Stems, tokens_of

FEWEST = 2  # examples with the code, and without, that it learns from
# Of 1, 0.1, 0.01 and 0.001 the best in five-fold cross-validation on the development half of the
# default study; the held-out half had no say.
PENALTY = 0.1


def tf_idf(texts, learn_from):
    """Texts as rows of weights, a column a stem of the texts that are learnt from.

    Parameters
    ----------
    texts : sequence of str
    learn_from : numpy.ndarray of bool
        Which of them give the columns and how rare each is.

    Returns
    -------
    numpy.ndarray
        Rows of length 1, or 0 where a text holds no word of the columns.

    Notes
    -----
    Of n texts d hold the stem: its weight is its count × (1 + ln((1 + n) / (1 + d))). Spärck Jones
    (1972), https://doi.org/10.1108/eb026526; smoothed as in scikit-learn.
    """
    stems = Stems()
    words = [[stems[token] for token in tokens_of(text) if token[0].isalnum()] for text in texts]
    known = sorted({stem for row in np.flatnonzero(learn_from) for stem in words[row]})
    place, counts = {stem: n for n, stem in enumerate(known)}, np.zeros((len(words), len(known)))
    for row, found in enumerate(words):
        for stem in found:
            if stem in place:
                counts[row, place[stem]] += 1
    n, having = int(np.sum(learn_from)), (counts[learn_from] > 0).sum(axis=0)
    weights = counts * (1 + np.log((1 + n) / (1 + having)))
    length = np.linalg.norm(weights, axis=1, keepdims=True)
    return np.divide(weights, length, out=np.zeros_like(weights), where=length > 0)


def logistic(features, given, penalty=PENALTY):
    """Coefficients of a ridge logistic regression whose classes weigh the same, the constant last.

    Notes
    -----
    Least of ``Σ sᵢ ln(1 + exp(-yᵢ(xᵢw + b))) + penalty/2 · w·w`` with y of -1 and 1 and s that make
    both classes half of the n texts. Le Cessie & van Houwelingen (1992), https://doi.org/10.2307/2347628.
    """
    sign = np.where(given, 1.0, -1.0)
    share = np.where(given, 0.5 / np.mean(given), 0.5 / np.mean(~given))
    with_one = np.column_stack([features, np.ones(len(features))])

    def loss(w):
        margin = sign * (with_one @ w)
        slope = with_one.T @ (-share * sign * expit(-margin))
        slope[:-1] += penalty * w[:-1]
        return share @ np.logaddexp(0, -margin) + penalty / 2 * w[:-1] @ w[:-1], slope

    start = np.zeros(with_one.shape[1])
    return minimize(loss, start, jac=True, method="L-BFGS-B", options={"gtol": 1e-8, "ftol": 1e-14}).x


def learn(answers, marks, learn_from):
    """What logistic regressions give to all answers that learnt from some.

    Parameters
    ----------
    answers : pandas.DataFrame
        `item`, which they know too, and `text`.
    marks : pandas.DataFrame
        As from `codings.assigned`; what was not read teaches nothing.
    learn_from : numpy.ndarray of bool

    Returns
    -------
    pandas.DataFrame
        Like `marks`, without gaps. A code with fewer than `FEWEST` examples for or against is never
        given.

    Examples
    --------
    >>> texts = ["too dear", "dear and slow", "no time", "little time", "time, mostly"]
    >>> marks = pd.DataFrame({"cost": [1.0, 1.0, 0.0, 0.0, np.nan]})
    >>> answers = pd.DataFrame({"item": "why", "text": texts})
    >>> learn(answers, marks, np.array([True] * 4 + [False]))["cost"].tolist()
    [1.0, 1.0, 0.0, 0.0, 0.0]
    """
    teach = learn_from & marks.notna().all(axis=1).to_numpy()
    asked = pd.get_dummies(answers["item"]).to_numpy(float)
    features = np.column_stack([tf_idf(answers["text"], teach), asked])
    given = pd.DataFrame(0.0, marks.index, marks.columns)
    with_one = np.column_stack([features, np.ones(len(features))])
    for code in marks:
        examples = marks[code].to_numpy()[teach] == 1
        if min(examples.sum(), (~examples).sum()) >= FEWEST:
            given[code] = (with_one @ logistic(features[teach], examples) > 0).astype(float)
    return given
