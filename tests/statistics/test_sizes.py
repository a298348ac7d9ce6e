"""How often tests reject what is true, and how often intervals hold it: simulations, seeded."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq
from scipy.special import expit

from compendium.statistics.ordinal import ordinal_regression, parallel_lines
from compendium.survey.study import load_study


def parallel(study, samples, seed):
    """p of the test of parallel lines in samples drawn from the model fitted to a study's own plan."""
    study = load_study(study, "data")
    question = study.instrument.plan.of("ordinal_regression")[0]
    predictors = study.answers[question.by].dropna()
    outcome = study.answers[question.item].loc[predictors.index]
    coefficients, _ = ordinal_regression(outcome, predictors)
    design = np.column_stack(
        [
            column
            for _, values in predictors.items()
            for column in (
                [values.astype(float)]
                if values.dtype == float
                else [(values == k).astype(float) for k in values.cat.categories[1:]]
            )
        ]
    )
    effect = design @ coefficients["coefficient"].to_numpy()
    # Thresholds under which the drawn answers spread over the points as the real ones did.
    shares = outcome.value_counts(sort=False).to_numpy().cumsum()[:-1] / len(outcome)
    cuts = [_threshold(effect, share) for share in shares]
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(samples):
        drawn = (rng.random((len(design), 1)) > expit(np.array(cuts) - effect[:, None])).sum(axis=1)
        answer = pd.Series(pd.Categorical(drawn, range(len(cuts) + 1), ordered=True), predictors.index)
        found.append(parallel_lines(answer, predictors).set_index("name")["p"])
    return pd.DataFrame(found)


def _threshold(effect, share):
    return brentq(lambda cut: expit(cut - effect).mean() - share, -30, 30)


# 5% within three standard errors of the simulation.
@pytest.mark.parametrize(("study", "samples"), [("microcredentials", 150), ("anes96", 60)])
def test_parallel_lines_are_rejected_as_often_as_stated(study, samples):
    p = parallel(study, samples, seed=7)
    rejected = (p < 0.05).sum() / p.notna().sum()
    error = 3 * np.sqrt(0.05 * 0.95 / p.notna().sum())
    assert (abs(rejected - 0.05) < error + 0.01).all(), rejected
