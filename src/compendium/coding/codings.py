"""Who gave which code to which answer, and what was settled.

A coding is one row: coder, respondent, item, code. An answer that a coder read and found to carry no
code has one row with the code `NONE`; an answer that has no row was not read.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from compendium.coding.codebook import NONE, Codebook, read_codebook
from compendium.files import read_csv, write_table

KEY = ["respondent", "item"]  # the unit of coding: one answer to one question
CODING = [*KEY, "code"]
SETTLED = [*CODING, "decision", "reason"]
CONSENSUS = "consensus.csv"
DECISIONS = ("agreed", "kept", "dropped")


@dataclass(frozen=True)
class Coding:
    """The open answers of a study with what has been coded of them.

    Attributes
    ----------
    codebook : Codebook or None
        None where the study has no codebook or no free text.
    answers : pandas.DataFrame
        As from `open_answers`.
    codings : pandas.DataFrame
        `coder`, `respondent`, `item`, `code`; empty where nobody has coded.
    settled : pandas.DataFrame
        `respondent`, `item`, `code`, `decision` (``agreed``: all coders had it; ``kept`` or
        ``dropped``: not all, and this was settled) and `reason`.
    """

    codebook: Codebook | None
    answers: pd.DataFrame
    codings: pd.DataFrame
    settled: pd.DataFrame

    @property
    def coders(self):
        """Names of the coders, in the order of their files."""
        return list(dict.fromkeys(self.codings["coder"]))

    @cached_property
    def consensus(self):
        """What was settled, as from `assigned`."""
        return assigned(self.settled, self.answers, self.codebook.ids)

    @cached_property
    def marks(self):
        """What each coder gave, by coder, as from `assigned`."""
        codes = self.codebook.ids if self.codebook else []
        given = self.codings.groupby("coder", sort=False)
        return {coder: assigned(rows, self.answers, codes) for coder, rows in given}

    @property
    def shared(self):
        """How many answers two coders or more have read."""
        return int(self.codings.groupby(KEY)["coder"].nunique().gt(1).sum())


def open_answers(study):
    """The answers to open questions, of the respondents who are analysed.

    Parameters
    ----------
    study : Study

    Returns
    -------
    pandas.DataFrame
        `respondent`, `item`, `text`; one row an answer, in the order of respondents and questions.

    Examples
    --------
    >>> from compendium.survey.study import load_study
    >>> len(open_answers(load_study("microcredentials", "data")))
    224
    """
    items = [item.id for item in study.instrument.of_type("text")]
    answers = study.answers[items].rename_axis(index="respondent", columns="item")
    # Row by row, so that a reader meets everything a respondent wrote together.
    return answers.stack().dropna().rename("text").astype(object).reset_index()


def load_coding(study, folder):
    """What has been coded of a study's open answers.

    Parameters
    ----------
    study : Study
    folder : str or pathlib.Path
        The study's folder: ``codebook.yml`` and ``coding/`` may be missing. In ``coding/`` each
        file is a coder's, but for ``consensus.csv``, which holds what the coders settled on.

    Returns
    -------
    Coding

    Raises
    ------
    ValueError
        When a file cannot be read, or a row names an answer that is not there or a code that the
        codebook does not have, stands twice, says that no code applies beside one that does, or was
        settled without a reason.

    Examples
    --------
    >>> from compendium.survey.study import load_study
    >>> load_coding(load_study("microcredentials", "data"), "data/microcredentials").coders
    ['coder_a', 'coder_b']
    """
    path, coding, answers = Path(folder) / "codebook.yml", Path(folder) / "coding", open_answers(study)
    if not path.exists() or not study.instrument.of_type("text"):
        nobody = pd.DataFrame(columns=["coder", *CODING])
        return Coding(None, answers, nobody, settle(nobody))
    codebook = read_codebook(path)
    codings, agreed = read_codings(coding, codebook, answers), coding / CONSENSUS
    settled = read_consensus(agreed, codebook, answers) if agreed.exists() else settle(codings)
    return Coding(codebook, answers, codings, settled)


def definitions(codebook):
    """What each code means, where it ends and how it looks: a table, one row a code."""
    rows = [
        (theme.name, code.name, code.definition, code.include, code.exclude, " · ".join(code.examples))
        for theme in codebook.themes
        for code in theme.codes
    ]
    names = ["Theme", "Code", "Definition", "Include", "Exclude", "Examples"]
    return pd.DataFrame(rows, columns=names)


def read_codings(folder, codebook, answers):
    """Read what each coder assigned: one CSV file a coder, its name the coder's."""
    paths = [path for path in sorted(Path(folder).glob("*.csv")) if path.name != CONSENSUS]
    read = [read_coding(path, codebook, answers).assign(coder=path.stem) for path in paths]
    columns = ["coder", *CODING]
    return pd.concat(read, ignore_index=True)[columns] if read else pd.DataFrame(columns=columns)


def read_coding(path, codebook, answers):
    """Read one coder's file."""
    rows = read_csv(path, CODING)[CODING]
    check_coding(path, rows, codebook, answers)
    return rows


def read_consensus(path, codebook, answers):
    """Read what the coders settled on; what was dropped is no coding, so it need not fit."""
    rows = read_csv(path, SETTLED)[SETTLED]
    for number, row in enumerate(rows.itertuples(), 1):
        if row.decision not in DECISIONS:
            raise ValueError(f"{path}: row {number}: the decision '{row.decision}' is not one of "
                             f"{', '.join(DECISIONS)}.")  # fmt: skip
        if row.decision != "agreed" and not row.reason.strip():
            raise ValueError(f"{path}: row {number}: settled without a reason; write one.")
    check_coding(path, rows[rows["decision"] != "dropped"], codebook, answers)
    return rows


def check_coding(source, rows, codebook, answers):
    """Refuse codings that do not fit codebook and answers, by the row's number in `source`."""
    known = set(zip(answers["respondent"].astype(str), answers["item"], strict=True))
    codes, seen, empty, given = {NONE, *codebook.ids}, set(), set(), set()
    for place, respondent, item, code in rows[CODING].itertuples(name=None):
        here, answer = f"{source}: row {place + 1}", (respondent, item)
        if answer not in known:
            raise ValueError(f"{here}: respondent '{respondent}' gave no answer to '{item}'; correct "
                             "one of them, or remove the row.")  # fmt: skip
        if code not in codes:
            raise ValueError(f"{here}: the codebook has no code '{code}'; use one of its ids, or "
                             f"'{NONE}'.")  # fmt: skip
        if (*answer, code) in seen:
            raise ValueError(f"{here}: the same answer has '{code}' already; remove one row.")
        seen.add((*answer, code))
        (empty if code == NONE else given).add(answer)
        if answer in empty & given:
            raise ValueError(f"{here}: the same answer has '{NONE}' and a code; remove one.")


def check_coder(name):
    """Refuse a coder's name that is no safe name of a file, or the consensus's."""
    if not re.fullmatch("[a-z0-9_-]+", name) or f"{name}.csv" == CONSENSUS:
        raise ValueError(f"coder '{name}': use small letters, digits, _ and - only, and not "
                         "'consensus'.")  # fmt: skip


def write_codings(folder, codings, codebook, answers, replace=False):
    """Write one CSV file a coder, all or none; return those that did not hold the same already."""
    changed = {}
    for coder, rows in codings.groupby("coder"):
        check_coder(coder)
        path, rows = Path(folder) / f"{coder}.csv", rows[CODING].reset_index(drop=True)
        check_coding(f"codings of {coder}", rows, codebook, answers)
        if not path.exists() or _differs(path, rows, codebook, answers, replace):
            changed[path] = rows
    for path, rows in changed.items():
        write_table(path, rows)
    return list(changed)


def _differs(path, rows, codebook, answers, replace):
    """Whether a file is to be overwritten; refused where it holds other codings."""
    there = read_coding(path, codebook, answers)
    differs = set(map(tuple, there.to_numpy())) != set(map(tuple, rows.to_numpy()))
    if differs and not replace:
        raise ValueError(f"{path}: holds other codings, {len(there)} rows against {len(rows)}; add "
                         "--replace (make: REPLACE=1) to overwrite them.")  # fmt: skip
    return differs


def by_answer(codings):
    """Who read each answer, and who gave it each code: two dicts an answer, in order."""
    found = {}
    for coder, *answer, code in codings[["coder", *CODING]].itertuples(index=False, name=None):
        coders, given = found.setdefault(tuple(answer), ({}, {}))
        coders[coder] = True
        if code != NONE:
            given.setdefault(code, []).append(coder)
    return found


def settle(codings):
    """What counts as long as coders have not settled their disagreements: what most of them say.

    A code is kept when more than half of those who read the answer gave it; an answer without such
    a code has the code `NONE`.
    """
    rows = []
    for answer, (coders, given) in by_answer(codings).items():
        read, kept = len(coders), False
        for code, by in given.items():
            decision = "agreed" if len(by) == read else "kept" if 2 * len(by) > read else "dropped"
            rows.append((*answer, code, decision, f"given by {len(by)} of {read}"))
            kept |= decision != "dropped"
        if not kept:
            decision, reason = ("kept", "no code has a majority") if given else ("agreed", "")
            rows.append((*answer, NONE, decision, reason))
    return pd.DataFrame(rows, columns=SETTLED)


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
    given = pd.MultiIndex.from_frame(codings[KEY].astype(str))
    values = np.zeros((len(index), len(codes)))
    values[~index.isin(given)] = np.nan
    rows, columns = index.get_indexer(given), pd.Index(codes).get_indexer(codings["code"])
    here = (rows >= 0) & (columns >= 0)
    values[rows[here], columns[here]] = 1.0
    return pd.DataFrame(values, index=index, columns=list(codes))
