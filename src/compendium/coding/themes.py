"""What respondents say in their own words: themes and codes, counted as closed answers are.

A theme becomes a multi-response item of the study whose options are its codes, so that bases,
intervals, breakdowns and disclosure control are those of every other question.
"""

from itertools import combinations
from math import inf
from pathlib import Path

import numpy as np
import pandas as pd

from compendium.coding.codebook import NONE, open_answers, read_codebook, read_codings, read_consensus
from compendium.disclosure.suppression import suppress
from compendium.results import ResultId
from compendium.survey.answers import answered
from compendium.survey.instrument import Group, Option, ThemeItem

ANY = "respondents"  # the group of all codes of a theme: who mentions it at all
KEY = ["respondent", "item"]


def load_coding(study, folder):
    """The codebook of a study, who coded what, and what counts.

    Parameters
    ----------
    study : Study
    folder : str or pathlib.Path
        The study's folder: ``codebook.yml`` and ``coding/`` may be missing.

    Returns
    -------
    codebook : Codebook or None
    codings : pandas.DataFrame
        As from `read_codings`; empty where nobody has coded.
    settled : pandas.DataFrame
        `respondent`, `item`, `code`, `decision`, `reason`, as from `settle`.

    Raises
    ------
    ValueError
        When a file does not fit; the message names the file, the row and the remedy.

    Examples
    --------
    >>> from compendium.survey.study import load_study
    >>> study = load_study("anes96", "data")
    >>> load_coding(study, "data/anes96")[0] is None
    True
    """
    path, coding = Path(folder) / "codebook.yml", Path(folder) / "coding"
    columns = [*KEY, "code", "decision", "reason"]
    if not path.exists() or not study.instrument.of_type("text"):
        return None, pd.DataFrame(columns=["coder", *KEY, "code"]), pd.DataFrame(columns=columns)
    codebook, answers = read_codebook(path), open_answers(study)
    codings = read_codings(coding, codebook, answers)
    agreed = coding / "consensus.csv"
    settled = read_consensus(agreed, codebook, answers) if agreed.exists() else settle(codings)
    return codebook, codings, settled


def settle(codings):
    """What counts as long as coders have not settled their disagreements: what most of them say.

    Parameters
    ----------
    codings : pandas.DataFrame
        As from `read_codings`.

    Returns
    -------
    pandas.DataFrame
        `respondent`, `item`, `code`, `decision`, `reason`. A code is kept when more than half of
        those who read the answer gave it; an answer without such a code has the code `NONE`.

    Examples
    --------
    >>> codings = pd.DataFrame([("a", 1, "q", "cost"), ("b", 1, "q", "none")],
    ...                        columns=["coder", "respondent", "item", "code"])
    >>> settle(codings)[["code", "decision"]].values.tolist()
    [['cost', 'dropped'], ['none', 'kept']]
    """
    rows = []
    for answer, given in codings.groupby(KEY, sort=False):
        coders = given["coder"].nunique()
        counts = given.loc[given["code"] != NONE, "code"].value_counts(sort=False)
        for code, count in counts.items():
            decision = "agreed" if count == coders else "kept" if 2 * count > coders else "dropped"
            rows.append((*answer, code, decision, f"given by {count} of {coders}"))
        if not (2 * counts > coders).any():
            unanimous = counts.empty
            reason = "" if unanimous else "no code has a majority"
            rows.append((*answer, NONE, "agreed" if unanimous else "kept", reason))
    return pd.DataFrame(rows, columns=[*KEY, "code", "decision", "reason"])


def assigned(codings, answers, codes):
    """Codings as a table of marks.

    Parameters
    ----------
    codings : pandas.DataFrame
        `respondent`, `item`, `code`, of one coder or of the consensus; rows with the decision
        ``dropped`` are passed over.
    answers : pandas.DataFrame
        As from `open_answers`.
    codes : sequence of str

    Returns
    -------
    pandas.DataFrame of float
        One row an answer (index: respondent and item), one column a code: 1 given, 0 not, NaN in
        the whole row where the answer was not read.

    Examples
    --------
    >>> answers = pd.DataFrame({"respondent": [1, 2], "item": ["q", "q"], "text": ["Dear", "n/a"]})
    >>> codings = pd.DataFrame({"respondent": [1], "item": ["q"], "code": ["cost"]})
    >>> assigned(codings, answers, ["cost", "time"]).values.tolist()
    [[1.0, 0.0], [nan, nan]]
    """
    if "decision" in codings:
        codings = codings[codings["decision"] != "dropped"]
    index = pd.MultiIndex.from_frame(answers[KEY].astype(str))
    table = pd.DataFrame(0.0, index=index, columns=list(codes))
    given = pd.MultiIndex.from_frame(codings[KEY].astype(str))
    table.loc[~index.isin(given)] = np.nan
    rows, columns = index.get_indexer(given), table.columns.get_indexer(codings["code"])
    here = (rows >= 0) & (columns >= 0)
    values = table.to_numpy(copy=True)
    values[rows[here], columns[here]] = 1.0
    return pd.DataFrame(values, index=index, columns=table.columns)


def with_themes(study, folder):
    """A study that counts its themes too.

    Parameters
    ----------
    study : Study
    folder : str or pathlib.Path
        As in `load_coding`.

    Returns
    -------
    Study
        With one multi-response item a theme, ``themes.<theme>``: its options are the codes, and its
        group `ANY` stands for any of them. Asked of everybody; answered by whoever has a coded
        answer. The study itself where nothing is coded.

    Examples
    --------
    >>> from compendium.survey.study import load_study
    >>> study = with_themes(load_study("microcredentials", "data"), "data/microcredentials")
    >>> [item.id for item in study.instrument.themes()][:2]
    ['themes.value', 'themes.recognition']
    """
    codebook, _, settled = load_coding(study, folder)
    if codebook is None or settled.empty:
        return study
    marks = assigned(settled, open_answers(study), codebook.ids)
    by_respondent = marks.groupby(level=0, sort=False).max()
    by_respondent = by_respondent.reindex(study.answers.index.astype(str))
    read = by_respondent.notna().any(axis=1).to_numpy()
    answers, states, items = {}, {}, []
    for theme in codebook.themes:
        items.append(_item(theme, codebook))
        for code in theme.codes:
            ticked = by_respondent[code.id].eq(1).to_numpy()
            name = f"{items[-1].id}.{code.id}"
            answers[name] = pd.array(np.where(read, ticked, None), dtype="boolean")
            states[name] = np.where(read, np.where(ticked, "answered", "not_ticked"), "skipped")
    index = study.answers.index
    states = pd.DataFrame(states, index=index).astype(study.states.dtypes.iloc[0])
    instrument = study.instrument.model_copy(update={"items": [*study.instrument.items, *items]})
    return type(study)(
        study.name, instrument, study.flow,
        pd.concat([study.answers, pd.DataFrame(answers, index=index)], axis=1),
        pd.concat([study.states, states], axis=1), study.notes,
    )  # fmt: skip


def _item(theme, codebook):
    options = [Option(id=code.id, label=code.name) for code in theme.codes]
    group = Group(id=ANY, label=theme.name, options=[code.id for code in theme.codes])
    return ThemeItem(
        id=f"themes.{theme.id}", section="themes", type="multi", question=codebook.title,
        options=options, groups=[group],
    )  # fmt: skip


def few_coded(counts, codebook, hidden, minimum):
    """Codes of which a table of codes may not tell in how many answers they are.

    Parameters
    ----------
    counts : pandas.Series of int
        Answers with the code, by id of code; their sum is published too.
    codebook : Codebook
    hidden : collection of str
        As from `counts.suppressed_counts`.
    minimum : int
        Smallest count that may be shown.

    Returns
    -------
    pandas.Series of bool
        By id of code: True where so few answers or respondents have the code, or where its count
        would give such a code away.

    Examples
    --------
    >>> from compendium.coding.codebook import read_codebook
    >>> book = read_codebook("data/microcredentials/codebook.yml")
    >>> counts = pd.Series([3, *range(8, 31)], index=book.ids)
    >>> few_coded(counts, book, {}, minimum=5).sum().item()
    2
    """
    names = {code: f"themes.{codebook.theme_of(code).id}.{code}" for code in counts.index}
    cells = {"all": int(counts.sum())} | {code: int(count) for code, count in counts.items()}
    secret = set(suppress(cells, [("all", list(counts.index))], minimum, last={"all": inf}))
    secret |= {code for code, name in names.items() if name in hidden}
    if len(secret) == 1:  # the total less all others
        secret.add(counts.drop(list(secret)).idxmin())
    return pd.Series([code in secret for code in counts.index], index=counts.index)


def cooccurrence(study, hidden):
    """How many respondents mention both of two codes.

    Parameters
    ----------
    study : Study
        As from `with_themes`.
    hidden : dict of str to str
        As from `counts.suppressed_counts`.

    Returns
    -------
    pandas.DataFrame
        `code_a`, `code_b` (ids of codes), `respondents` (Int64) and `shown`. A count is shown where
        neither code's own count is withheld and all four parts of the two codes' table (both, one,
        the other, neither) reach the minimum cell; otherwise it is missing and `shown` is ``…``, so
        that no mark says how small it is.

    Examples
    --------
    >>> from compendium.survey.study import load_study
    >>> study = with_themes(load_study("microcredentials", "data"), "data/microcredentials")
    >>> bool(cooccurrence(study, {})["respondents"].min() >= 5)
    True
    """
    minimum = study.instrument.disclosure.minimum_cell
    columns = [column for item in study.instrument.themes() for column in item.columns()]
    ticks = study.answers[columns].dropna().astype(bool)
    rows = []
    for one, other in combinations(columns, 2):
        a, b = ticks[one].to_numpy(), ticks[other].to_numpy()
        parts = [(a & b).sum(), (a & ~b).sum(), (~a & b).sum(), (~a & ~b).sum()]
        ids = ResultId.read(one).of, ResultId.read(other).of
        pair = {f"both:{one}.{ids[1]}", f"both:{other}.{ids[0]}"}
        hide = min(parts) < minimum or not hidden.keys().isdisjoint({one, other} | pair)
        rows.append((*ids, pd.NA if hide else int(parts[0]), "…" if hide else ""))
    table = pd.DataFrame(rows, columns=["code_a", "code_b", "respondents", "shown"])
    return table.astype({"respondents": "Int64"})


def saturation(marks, seed, orders=200):
    """How many different codes have turned up after so many answers.

    Parameters
    ----------
    marks : pandas.DataFrame
        As from `assigned`; answers that were not read are left out.
    seed : int
    orders : int
        Random orders of reading.

    Returns
    -------
    pandas.DataFrame
        Indexed by number of answers read, from 1: mean `codes` seen, and `low` and `high`, between
        which they lie in 90 of 100 orders.

    Notes
    -----
    One order of reading says as much about the order as about the answers, so the curve is an
    average over orders. That it flattens shows that *this codebook* meets nothing new in *these
    answers*; it cannot show that a further question would not. See Guest, Namey & Chen (2020),
    https://doi.org/10.1371/journal.pone.0232076, and Braun & Clarke (2021) for why reflexive
    analysis does without, https://doi.org/10.1080/2159676X.2019.1704846.

    Examples
    --------
    >>> marks = pd.DataFrame({"cost": [1.0, 1.0], "time": [0.0, 1.0]})
    >>> float(saturation(marks, seed=1)["codes"].iloc[-1])
    2.0
    """
    read = marks.dropna().to_numpy(bool)
    rng = np.random.default_rng(seed)
    curves = np.empty((orders, len(read)))
    for k in range(orders):
        curves[k] = np.maximum.accumulate(read[rng.permutation(len(read))]).sum(axis=1)
    low, high = np.percentile(curves, [5, 95], axis=0)
    table = pd.DataFrame({"codes": curves.mean(axis=0), "low": low, "high": high})
    return table.set_axis(pd.RangeIndex(1, len(read) + 1, name="answers"))


def coded_respondents(study):
    """How many respondents have a coded answer: the base of every theme."""
    themes = study.instrument.themes()
    return int(answered(study, themes[0]).to_numpy().sum()) if themes else 0
