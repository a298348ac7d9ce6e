"""The test of the rule coder: against the consensus, on answers that its rules have never seen, beside
what coders reach between them and what a computer learns by itself.
"""

from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
import pandas as pd

from compendium.coding.automatic.learnt import learn
from compendium.coding.codings import assigned
from compendium.coding.reliability import FEW, few_coded
from compendium.statistics.coders.scoring import SCORES, majority, scores
from compendium.wording import coefficient, number


def split(respondents, seed):
    """Split respondents once into a development and a held-out half.

    Rules are written against answers of the first half only; how well they do is measured on the
    second.

    Parameters
    ----------
    respondents : sequence
        Ids, in any order and number.
    seed : int

    Returns
    -------
    development, held_out : list
        Ids, sorted; the development half has the odd one.

    Examples
    --------
    >>> split(["r4", "r1", "r3", "r2"], seed=1)
    (['r1', 'r2'], ['r3', 'r4'])
    """
    unique = sorted(set(respondents), key=str)
    drawn = np.random.default_rng(seed).permutation(len(unique))
    half = (len(unique) + 1) // 2
    return ([unique[k] for k in sorted(drawn[:half])], [unique[k] for k in sorted(drawn[half:])])


@dataclass(frozen=True)
class Trial:
    """How well rules do on the half of the respondents that they were not written for.

    Attributes
    ----------
    scores : pandas.DataFrame
        By code, then ``micro`` and ``macro``: as from `agreement.scores`, against the consensus, and
        `majority`, the accuracy of giving each answer what most have. Codes of few answers or
        respondents are missing, and `withheld` is ``…``.
    human : pandas.DataFrame or None
        Scores of coders against each other, all pairs together, where two read some of the answers.
    learnt : pandas.DataFrame
        Scores of what was learnt from the other half, as from `learnt.learn`.
    fitted : float
        Micro F1 on the half that the rules were written for.
    respondents, answers, development : int
        Respondents and answers of the held-out half; answers of the other.
    """

    scores: pd.DataFrame
    human: pd.DataFrame | None
    learnt: pd.DataFrame
    fitted: float
    respondents: int
    answers: int
    development: int


def try_rules(coding, found, hidden, minimum, seed, confidence, resamples):
    """Test what the rules gave against the consensus, on the held-out half.

    Parameters
    ----------
    coding : Coding
    found : pandas.DataFrame
        As from `code_answers`, of all answers of `coding`.
    hidden, minimum
        As in `reliability.few_coded`.
    seed, confidence, resamples
        As in `agreement.scores`.

    Returns
    -------
    Trial or None
        None where nobody has coded an answer of one of the halves, or every code is withheld.
    """
    codebook, answers, consensus = coding.codebook, coding.answers, coding.consensus
    _, held_out = split(answers["respondent"], codebook.split_seed)
    test, whose = answers["respondent"].isin(held_out).to_numpy(), answers["respondent"]
    read = consensus.notna().all(axis=1).to_numpy()
    if not read[test].any() or not read[~test].any():
        return None
    ruled = assigned(found, answers, codebook.ids).fillna(0.0)

    def scored(reference, candidate, half=test, samples=resamples):
        return scores(reference[half], candidate[half], whose[half], seed, confidence, samples)

    ours = scored(consensus, ruled)
    plain = scored(consensus, majority(consensus, consensus[~test]), samples=2)
    few = few_coded(ours["in_reference"].drop(["micro", "macro"]), codebook, hidden, minimum)
    secret, told = few[few].index, few[~few].index
    if told.empty:
        return None
    if len(secret):  # what sums up all codes would narrow down those that are withheld
        consensus, ruled = consensus[told], ruled[told]
        plain = scored(consensus, majority(consensus, consensus[~test]), samples=2)
        ours = scored(consensus, ruled).reindex(ours.index)
        ours["answers"] = ours["answers"].max()
    ours["majority"] = plain["accuracy"].where(ours["accuracy"].notna())
    ours.loc[secret, ours.columns.drop("answers")] = np.nan
    ours.loc["macro", ["in_reference", "in_candidate", "accuracy", "majority"]] = np.nan
    ours["withheld"] = np.where(ours.index.isin(secret), "…", "")
    fitted = float(scored(consensus, ruled, half=~test, samples=2).loc["micro", "f1"])
    human, taught = None, learn(answers, consensus, ~test)
    pairs = list(combinations([coding.marks[coder][told][test] for coder in coding.coders], 2))
    if any((one.notna() & other.notna()).all(axis=1).any() for one, other in pairs):
        # A pair's F1 is the same whoever is called the reference, so pairs can be put together.
        every = (pd.concat(side) for side in zip(*pairs, strict=True))
        of = np.tile(whose[test], len(pairs))
        human = scores(*every, of, seed, confidence, resamples).reindex(ours.index)
    learnt = scored(consensus, taught).reindex(ours.index)
    halves = int(test.sum()), int((~test).sum())
    return Trial(ours, human, learnt, fitted, len(held_out), *halves)


def trial_records(trial):
    """The named results of a `Trial`, as `results.record` takes them."""
    records = [
        {"id": "themes.rules.development.f1", "value": trial.fitted, "unit": "proportion",
         "base": trial.development, "method": "micro, on the half that the rules were written for"}
    ]  # fmt: skip
    for code, row in trial.scores.iterrows():
        for name in SCORES:
            undefined = "nothing to divide by" if pd.isna(row[name]) else None
            records.append(
                {"id": f"themes.rules.{code}.{name}", "value": row[name], "unit": "proportion",
                 "low": row[f"{name}_low"], "high": row[f"{name}_high"], "base": row["answers"],
                 "method": "held-out half, against the consensus",
                 "withheld": row["withheld"] or None, "note": FEW if row["withheld"] else undefined}
            )  # fmt: skip
    others = [("learnt_f1", trial.learnt, "TF-IDF and logistic regression, learnt from the other half")]
    if trial.human is not None:
        others.append(("coders_f1", trial.human, "between coders"))
    for (kind, table, method), name in product(others, ("micro", "macro")):
        of = table.loc[name]
        records.append(
            {"id": f"themes.rules.{name}.{kind}", "value": of["f1"], "unit": "proportion",
             "low": of["f1_low"], "high": of["f1_high"], "base": trial.scores["answers"].max(),
             "method": method}
        )  # fmt: skip
    return records


def trial_said(trial):
    """On what the rules were tested, and how much better they do where they were written."""
    return (
        f"Held-out half: {trial.respondents} respondents, {trial.answers} answers. On the other "
        f"half, for which the rules were written, their micro F1 is {number(trial.fitted, 2)}: the "
        "difference is fit to what was read."
    )


def trial_shown(trial):
    """The scores of a `Trial` as they are shown: text only, a code a row."""
    table, shown = trial.scores, pd.DataFrame(index=trial.scores.index)
    for name, label in (("in_reference", "In consensus"), ("in_candidate", "By rules")):
        shown[label] = table[name].astype("Int64").map(number)
    for name in SCORES:
        ends = table[[name, f"{name}_low", f"{name}_high"]].to_numpy(float)
        shown[name.capitalize()] = [coefficient(*row) for row in ends]
    shown["Accuracy, %"] = table["accuracy"].map(number)
    shown["Majority accuracy, %"] = table["majority"].map(number)
    ends = trial.learnt[["f1", "f1_low", "f1_high"]].to_numpy(float)
    shown["Learnt, F1"] = [coefficient(*row) for row in ends]
    if trial.human is not None:
        shown["Between coders, F1"] = [number(float(x), 2) for x in trial.human["f1"]]
    shown.loc[table["withheld"] != ""] = "withheld"
    return shown.rename_axis(None)
