"""The coder that learns: weights and coefficients as scikit-learn has them."""

import numpy as np
import pytest

from compendium.coding.automatic.learnt import logistic, tf_idf

TEXTS = ["too dear", "dear and slow", "no time", "time and time", "dear, no"]
GIVEN = np.array([True, True, False, False, True])


def test_weights_are_those_of_scikit_learn():
    # scikit-learn 1.9.1: TfidfVectorizer(token_pattern=r"\\w+").fit(TEXTS[:4]).transform(TEXTS)
    expected = [
        [0.0, 0.61913, 0.0, 0.0, 0.0, 0.785288],
        [0.526405, 0.526405, 0.0, 0.667679, 0.0, 0.0],
        [0.0, 0.0, 0.785288, 0.0, 0.61913, 0.0],
        [0.447214, 0.0, 0.0, 0.0, 0.894427, 0.0],
        [0.0, 0.61913, 0.785288, 0.0, 0.0, 0.0],
    ]
    assert tf_idf(TEXTS, np.array([True] * 4 + [False])) == pytest.approx(np.array(expected), abs=1e-6)


def test_coefficients_are_those_of_scikit_learn():
    # scikit-learn 1.9.1: LogisticRegression(C=10, class_weight="balanced", tol=1e-10)
    features = tf_idf(TEXTS, np.ones(5, bool))
    expected = [-0.04372, 1.95675, -0.25871, 0.76661, -2.73979, 0.72153, 0.463]
    assert logistic(features, GIVEN, penalty=0.1) == pytest.approx(np.array(expected), abs=1e-4)
