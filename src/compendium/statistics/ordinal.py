"""Proportional-odds regression of an ordered answer, and the test of its assumption."""

import warnings

import numpy as np
import pandas as pd
from scipy import stats

from compendium.statistics.association import one_test


def ordinal_regression(outcome, predictors, confidence=0.95):
    """Proportional-odds regression of an ordered answer.

    Parameters
    ----------
    outcome : pandas.Series
        Ordered categorical.
    predictors : pandas.DataFrame
        Categoricals (the first category used is the reference) or numbers.
    confidence : float
        Level of the intervals, a proportion.

    Returns
    -------
    coefficients : pandas.DataFrame
        One row a term: `term`, `name` (as part of an id), `reference`, `coefficient` (log odds of a
        higher answer), `odds_ratio`, `low`, `high`, `p` (Wald).
    fit : pandas.DataFrame
        One row of a test: the likelihood-ratio test against the model without predictors, effect
        McFadden's R²; its `note` says where the model cannot be trusted.

    Notes
    -----
    ``logit P(Y ≤ j) = α_j - xβ``: one β for every cut of the scale, which `parallel_lines` tests.

    References
    ----------
    McCullagh (1980), doi 10.1111/j.2517-6161.1980.tb01109.x.

    Examples
    --------
    >>> satisfied = pd.Series(pd.Categorical(list("lmhlmhhmll") * 4, list("lmh"), ordered=True))
    >>> x = pd.DataFrame({"x": [1, 2, 3, 1, 1, 2, 3, 2, 1, 2] * 4})
    >>> coefficients, fit = ordinal_regression(satisfied, x)
    >>> coefficients["term"].tolist(), int(fit["n"].iloc[0])
    (['x'], 40)
    """
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    y, design, names = _design(outcome, predictors)
    name = "Likelihood ratio (proportional odds)"
    if y.nunique() < 3 or design.empty or design.shape[1] >= len(y) / 2:
        note = "too few answers or too little variation for this model"
        return _coefficients(names, confidence, None), one_test(name, n=len(y), note=note)
    centre, spread = design.mean(), design.std(ddof=0)  # steps of one size, so that BFGS arrives
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # non-convergence is said in the note
        model = OrderedModel(y.cat.codes.to_numpy(), (design - centre) / spread, distr="logit")
        result = model.fit(method="bfgs", maxiter=500, disp=False)
        errors = np.asarray(result.bse)[: design.shape[1]] / spread.to_numpy()
    estimate = np.asarray(result.params)[: design.shape[1]] / spread.to_numpy()
    shares = y.value_counts()
    null = float((shares * np.log(shares / len(y))).sum())
    statistic, df = 2 * (result.llf - null), design.shape[1]
    trusted = result.mle_retvals["converged"] and np.isfinite(errors).all()
    separated = (np.abs(estimate * spread.to_numpy()) > 10).any() or (errors > 100).any()
    note = "" if trusted and not separated else "not converged, or an answer is fully predicted"
    fit = one_test(
        name, statistic, df, stats.chi2.sf(statistic, df), 1 - result.llf / null, "McFadden's R²",
        n=len(y), note=note,
    )  # fmt: skip
    return _coefficients(names, confidence, (estimate, errors)), fit


def _design(outcome, predictors):
    """Complete rows: the outcome without unused categories, and the design matrix with its names."""
    columns, names = {}, []  # names: as printed, as part of a result's id, what it is compared with
    complete = outcome.notna() & predictors.notna().all(axis=1)
    y = outcome[complete].cat.remove_unused_categories()
    for name, values in predictors[complete].items():
        if isinstance(values.dtype, pd.CategoricalDtype):
            reference, *others = values.cat.remove_unused_categories().cat.categories
            for category in others:
                columns[f"{name}: {category}"] = (values == category).astype(float)
                names.append((f"{name}: {category}", f"{name}.{category}".lower(), str(reference)))
        elif values.nunique() > 1:
            columns[name] = values.astype(float)
            names.append((name, name.lower(), ""))
    return y, pd.DataFrame(columns, index=y.index), names


def _coefficients(names, confidence, fitted):
    table = pd.DataFrame(names, columns=["term", "name", "reference"])
    estimate, errors = fitted if fitted else (np.full(len(names), np.nan),) * 2
    z = stats.norm.ppf((1 + confidence) / 2)
    table["coefficient"] = estimate
    with np.errstate(over="ignore"):
        table["odds_ratio"] = np.exp(estimate)
        ends = np.exp(np.array([estimate - z * errors, estimate + z * errors]))
        # Where an answer is fully predicted an end lies beyond all numbers.
        table["low"], table["high"] = np.where(np.isfinite(ends), ends, np.nan)
    table["p"] = 2 * stats.norm.sf(np.abs(estimate / errors))
    return table


def parallel_lines(outcome, predictors):
    """Brant's test of the assumption that every cut of the scale has the same coefficients.

    Parameters
    ----------
    outcome, predictors
        As in `ordinal_regression`.

    Returns
    -------
    pandas.DataFrame
        One row: Brant's omnibus χ². A small p speaks against the assumption; with few respondents a
        large one says little for it.

    Notes
    -----
    A binary logit is fitted at each cut; a Wald test asks whether their slopes are equal, with the
    covariance between the fits that Brant derives.

    References
    ----------
    Brant (1990), doi 10.2307/2532457.

    Examples
    --------
    >>> answer = pd.Series(pd.Categorical(list("lmhlmhhmll") * 4, list("lmh"), ordered=True))
    >>> x = pd.DataFrame({"x": [1, 2, 3, 2, 1, 2, 1, 3, 1, 2] * 4})
    >>> int(parallel_lines(answer, x)["df"].iloc[0])
    1
    """
    y, design, _ = _design(outcome, predictors)
    cuts, terms = y.nunique() - 1, design.shape[1]
    nothing = one_test("Brant (parallel lines)", n=len(y))
    if cuts < 2 or terms == 0:
        return nothing.assign(note="too few points or terms")
    x = np.column_stack([np.ones(len(y)), (design - design.mean()) / design.std(ddof=0)])
    fits = [_logit(x, (y.cat.codes > cut).to_numpy(float)) for cut in range(cuts)]
    if any(fit is None for fit in fits):
        return nothing.assign(note="an answer is fully predicted at one of the cuts")
    slopes = np.concatenate([beta[1:] for beta, _, _ in fits])
    covariance = np.zeros((cuts * terms, cuts * terms))
    for i, (_, mean_i, inverse_i) in enumerate(fits):
        for j, (_, mean_j, inverse_j) in list(enumerate(fits))[i:]:
            weight = mean_j * (1 - mean_i)  # i ≤ j: P(Y > j) ≤ P(Y > i)
            block = (inverse_i @ (x.T * weight) @ x @ inverse_j)[1:, 1:]
            covariance[i * terms : (i + 1) * terms, j * terms : (j + 1) * terms] = block
            covariance[j * terms : (j + 1) * terms, i * terms : (i + 1) * terms] = block.T
    contrast = np.kron(np.c_[-np.ones(cuts - 1), np.eye(cuts - 1)], np.eye(terms))
    gap = contrast @ slopes
    statistic = gap @ np.linalg.pinv(contrast @ covariance @ contrast.T, hermitian=True) @ gap
    df = terms * (cuts - 1)
    return one_test("Brant (parallel lines)", statistic, df, stats.chi2.sf(statistic, df), n=len(y))


def _logit(x, y, steps=50):
    """Coefficients, fitted means and inverse information; None where the answer is separated."""
    from statsmodels.discrete.discrete_model import Logit

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # separation and non-convergence are handled below
        try:
            result = Logit(y, x).fit(method="newton", maxiter=steps, disp=False)
        except np.linalg.LinAlgError:
            return None
    if not result.mle_retvals["converged"] or np.abs(result.params).max() > 10:
        return None
    mean = result.predict(x)
    return result.params, mean, np.linalg.inv((x.T * (mean * (1 - mean))) @ x)
