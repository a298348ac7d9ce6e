"""A grid of a study as one scale: its reliability and score in words, tables and named results."""

import pandas as pd

from compendium.statistics.display import three_digits
from compendium.statistics.scales.reliability import LEAST, item_rest, reliability, scale_scores
from compendium.survey.answers import scores_of
from compendium.wording import coefficient, number, plain

NAMES = {"alpha": "Cronbach's α", "omega": "McDonald's ω"}


def described(study, item, seed, confidence, resamples):
    """How reliable a grid is as a scale.

    Parameters
    ----------
    study : Study
    item : Item
        A grid of three statements or more.
    seed, confidence, resamples
        As in `reliability.reliability`.

    Returns
    -------
    line : str
    coefficients : pandas.DataFrame
        As from `reliability.reliability`; in three digits where answers are protected.
    rest : pandas.DataFrame
        Item–rest correlations as they are shown, by label of the statement.
    records : list of dict
        As `results.record` takes them.
    """
    ratings = scores_of(study, item)
    found, rest = reliability(ratings, seed, confidence, resamples), item_rest(ratings)
    scores = scale_scores(ratings)
    n, mean, sd = int(scores.notna().sum()), scores.mean(), scores.std()
    if study.instrument.minimum > 1:
        found = three_digits(found)
        mean, sd = (float(f"{value:.3g}") for value in (mean, sd))
    told = [f"{name} = {coefficient(*found.loc[key].iloc[:3])}" for key, name in NAMES.items()]
    line = (
        f"**{plain(item.question)}** {'; '.join(told)}; n = {found['n'].iloc[0]:,}. Score, the mean of "
        f"at least {LEAST:.0%} of {len(item.statements)} statements: mean {number(mean, 2)}, SD "
        f"{number(sd, 2)}, n = {n:,}. {found['note'].iloc[0]}"
    )
    records = [
        {"id": f"reliability.{item.id}.{key}", "value": row["value"], "unit": "coefficient",
         "low": row["low"], "high": row["high"], "base": row["n"], "method": NAMES[key],
         "note": row["note"] or None}
        for key, row in found.iterrows()
    ]  # fmt: skip
    records.append(
        {"id": f"reliability.{item.id}.score", "value": mean, "unit": "mean", "base": n,
         "method": f"mean of at least {LEAST:.0%} of the statements"}
    )  # fmt: skip
    labels = [statement.label for statement in item.statements]
    shown = pd.DataFrame({"Item–rest correlation": [number(r, 2) for r in rest]}, index=labels)
    return line.strip(), found, shown, records
