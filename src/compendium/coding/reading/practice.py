"""Ten answers to code oneself, and how far one sees what the coders saw."""

from itertools import combinations

import numpy as np
import pandas as pd

from compendium.statistics.coders.agreement import masi
from compendium.wording import did_you_mean, number, short

TEN = 10
YOURS, SETTLED = "your codes", "what was settled"  # no coder's name has a space


def to_practise(coding, seed):
    """Places of ten answers, each of another respondent, that every coder read.

    Parameters
    ----------
    coding : Coding
    seed : int

    Returns
    -------
    list of int
        Fewer where there are not as many.
    """
    read = np.all([marks.notna().any(axis=1) for marks in coding.marks.values()], axis=0)
    order = np.random.default_rng(seed).permutation(np.flatnonzero(read))
    writers = coding.answers["respondent"].iloc[order]
    return order[~writers.duplicated().to_numpy()][:TEN].tolist()


def practised(coding, answers, places, mine):
    """The ten answers, and beside them what a student, each coder and all together gave.

    Parameters
    ----------
    coding : Coding
    answers : pandas.DataFrame
        As in `Coding`, masked.
    places : list of int
        As from `to_practise`.
    mine : dict of int to list of str
        Ids of codes, by the number of the answer from 1; no answer is coded by an empty list.

    Returns
    -------
    pandas.DataFrame
        `number`, `item`, `text`; for the answers in `mine` also sets of ids, `YOURS`, one a coder as
        `given_by` names it, and `SETTLED`.

    Raises
    ------
    KeyError
        When a code is not in the codebook, or there is no answer of that number.
    """
    for at, codes in mine.items():
        if at not in range(1, len(places) + 1):
            raise KeyError(f"There is no answer {at!r}; they are numbered from 1 to {len(places)}.")
        for code in [codes] if isinstance(codes, str) else codes:
            if code not in coding.codebook.ids:
                hint = did_you_mean(code, coding.codebook.ids)
                raise KeyError(f"Answer {at}: the codebook has no code '{code}'{hint}.")
    frame = answers.iloc[places][["item", "text"]].reset_index(drop=True)
    frame.insert(0, "number", range(1, len(places) + 1))
    if not mine:
        return frame
    frame = frame[frame["number"].isin(mine)].assign(
        **{YOURS: lambda rows: [frozenset(_listed(mine[at])) for at in rows["number"]]}
    )
    given = {given_by(coder): marks for coder, marks in coding.marks.items()}
    for name, marks in (given | {SETTLED: coding.consensus}).items():
        rows = marks.iloc[[places[at - 1] for at in frame["number"]]]
        frame[name] = [frozenset(rows.columns[row == 1]) for row in rows.to_numpy()]
    return frame


def given_by(coder):
    """Name of the column with a coder's codes."""
    return f"codes of {coder}"


def _listed(codes):
    return [codes] if isinstance(codes, str) else codes


def nearness(frame, coders):
    """How near each two sets of codes are, 1 less their MASI distance: means over the answers coded.

    Parameters
    ----------
    frame : pandas.DataFrame
        As from `practised`, with codes.
    coders : sequence of str

    Returns
    -------
    pandas.DataFrame
        By pair: `nearness`, from 0 (nothing shared) to 1 (the same), and `same`, answers of equal sets.
    """
    given = [given_by(coder) for coder in coders]
    pairs = [*((YOURS, other) for other in (*given, SETTLED)), *combinations(given, 2)]
    rows = {
        f"{one} and {other}": (
            np.mean([1 - masi(a, b) for a, b in zip(frame[one], frame[other], strict=True)]),
            int((frame[one] == frame[other]).sum()),
        )
        for one, other in pairs
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=["nearness", "same"])


def practice_shown(frame, instrument):
    """The table of `practised` as it is shown: text only."""
    asked = [short(instrument.item(id).question, 45) for id in frame["item"]]
    sets = frame.columns.drop(["number", "item", "text"])
    shown = {"No.": frame["number"].astype(str), "Question": asked, "Answer": frame["text"]}
    return pd.DataFrame(
        shown | {name: [", ".join(sorted(codes)) or "none" for codes in frame[name]] for name in sets}
    )


def nearness_said(frame, coders):
    """The table of `nearness` in a sentence."""
    pairs = nearness(frame, coders)["nearness"].items()
    return (
        f"Nearness on {len(frame)} answers, from 0 to 1: "
        f"{'; '.join(f'{pair} {number(near, 2)}' for pair, near in pairs)}. So few answers bear no "
        "interval: ask of each difference which sentence of the codebook decides it."
    )
