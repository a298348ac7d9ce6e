"""Who gave which code to which answer, and what was settled.

A coding is one row: coder, respondent, item, code. An answer that a coder read and found to carry no
code has one row with the code `NONE`; an answer that has no row was not read.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from compendium.coding.codebook import Codebook, read_codebook, through_history
from compendium.coding.coders import read_programs, read_sample
from compendium.coding.consensus import CONSENSUS, read_consensus, settle
from compendium.coding.fingerprints import (
    KEY_FILE,
    MARK,
    check_coding,
    check_texts,
    key_of,
    sealed,
    with_fingerprints,
)
from compendium.coding.fingerprints import reattach as move
from compendium.coding.notes import CODING, KEY, MEMO, MEMOS, PROPOSALS, read_memos, read_proposals
from compendium.disclosure.masking import mask
from compendium.files import read_csv, write_table
from compendium.survey.study import load_study

ROUND = "round"
RESERVED = (
    "consensus",
    "memos",
    "proposals",
    "sample",
)  # names of files in ``coding/`` that are no coder's


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
        `coder`, `respondent`, `item`, `code`, of people; empty where nobody has coded.
    settled : pandas.DataFrame
        `respondent`, `item`, `code`, `decision` (``agreed``: all coders had it; ``kept`` or
        ``dropped``: not all, and this was settled) and `reason`.
    memos : pandas.DataFrame
        What coders noted, as from `notes.read_memos`.
    proposals : pandas.DataFrame
        Codings with a code that the codebook does not have yet: as `codings`, and they do not count.
    waiting : pandas.DataFrame
        Codings with a code that was split since: as `codings`, and they do not count.
    programs : tuple of Coder
        Programs that coded, as `coders.read_programs` has them.
    by_programs : pandas.DataFrame
        Their codings: as `codings`, and they do not count.
    sample : pandas.Series of bool
        Respondents drawn for people to code, as from `coders.read_sample`.
    rounds : dict of tuple to int
        By answer, as from `read_rounds`.
    """

    codebook: Codebook | None
    answers: pd.DataFrame
    codings: pd.DataFrame
    settled: pd.DataFrame
    memos: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=MEMO))
    proposals: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["coder", *CODING]))
    waiting: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["coder", *CODING]))
    programs: tuple = ()
    by_programs: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["coder", *CODING]))
    sample: pd.Series = field(default_factory=lambda: pd.Series(dtype=bool))
    rounds: dict = field(default_factory=dict)

    @property
    def coders(self):
        """Names of the people who coded, in the order of their files."""
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

    def marks_of(self, program):
        """What a program gave, as from `assigned`."""
        rows = self.by_programs[self.by_programs["coder"] == program]
        return assigned(rows, self.answers, self.codebook.ids)

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
    codebook, begun = read_codebook(path), any(coding.glob("*.csv"))
    marked = sealed(answers, key_of(study.synthetic, coding)) if begun else answers
    everybody, waiting = read_codings(coding, codebook, marked)
    codings, by_programs = parted(everybody, coding)
    memos, proposed = read_memos(coding), read_proposals(coding)
    check_texts(coding / MEMOS, memos, marked)
    new = proposed[~proposed["code"].isin([*codebook.ids, *codebook.former])]
    check_texts(coding / PROPOSALS, new, marked)
    path = coding / CONSENSUS
    settled = read_consensus(path, codebook, marked, codings) if path.exists() else settle(codings)
    return Coding(
        codebook, answers, codings, settled, memos[MEMO], new[["coder", *CODING]], waiting,
        read_programs(coding), by_programs, read_sample(coding, marked),
        read_rounds(coding, set(codings["coder"])),
    )  # fmt: skip


def reattach(study, data_dir="data"):
    """Move all that was coded of a study to the texts it was made for, as after a late import.

    Parameters
    ----------
    study : str
        Its folder under `data_dir`.
    data_dir : str or pathlib.Path

    Returns
    -------
    list of str
        What to tell the user, a file each.

    Raises
    ------
    ValueError
        When there are collected answers and no key.
    """
    survey, folder = load_study(study, data_dir), Path(data_dir) / study / "coding"
    key = key_of(survey.synthetic, folder)
    if key is None:
        raise ValueError(f"{folder / KEY_FILE}: is missing, so texts cannot be told; put it back.")
    return move(folder, sealed(open_answers(survey), key)) or [f"{folder}: holds no codings."]


def definitions(codebook, memos=None, names=()):
    """What each code means, where it ends and how it looks: a table, one row a code.

    Given memos, as in `Coding`, a column says, masked as by `masking.mask`, what coders noted on codes,
    where they noted anything.
    """
    rows = [
        (theme.name, code.name, code.definition, code.include, code.exclude, " · ".join(code.examples))
        for theme in codebook.themes
        for code in theme.codes
    ]
    names = ["Theme", "Code", "Definition", "Include", "Exclude", "Examples"]
    table = pd.DataFrame(rows, columns=names)
    on_codes = pd.DataFrame(columns=MEMO) if memos is None else memos[memos["respondent"] == ""]
    noted = on_codes.groupby("code")["note"].agg(" · ".join)
    notes = [mask(noted.get(code, ""), names)[0] for code in codebook.ids]
    return table.assign(Notes=notes) if any(notes) else table


def history_shown(codebook):
    """What became of codes that are no longer there: a table, one row a change, as dated."""
    names = codebook.names
    rows = [(change.date, change.change, ", ".join(change.codes),
             ", ".join(names.get(code, code) for code in change.into), change.reason)
            for change in codebook.history]  # fmt: skip
    return pd.DataFrame(rows, columns=["Date", "Change", "Codes", "Into", "Reason"])


def read_codings(folder, codebook, answers):
    """What each coder assigned, in today's codes; and which codings wait, as their code was split."""
    read, waiting = [], []
    for coder, path in coder_files(folder).items():
        rows, wait = read_coder(path, codebook, answers)
        read.append(rows.assign(coder=coder))
        waiting.append(wait.assign(coder=coder))
    columns = ["coder", *CODING]
    nobody = pd.DataFrame(columns=columns)
    return tuple(
        pd.concat(rows, ignore_index=True)[columns] if rows else nobody for rows in (read, waiting)
    )


def parted(codings, folder):
    """Codings of people, which count, and those of programs, which are measured by them."""
    by_program = codings["coder"].isin([program.id for program in read_programs(folder)]).astype(bool)
    return codings[~by_program].reset_index(drop=True), codings[by_program].reset_index(drop=True)


def read_rounds(folder, people):
    """In which round each answer was coded by people: the last where they differ; by answer.

    A round begins with each date in the codebook's history; a file without `ROUND` is of the first. An
    answer belongs to a later round once a coder gives it other codes, or a proposed code is taken up.
    """
    found = {}
    for coder, path in coder_files(folder).items():
        for place, answer, _, said in _with_round(path) if coder in people else ():
            if not re.fullmatch(r"[1-9][0-9]{0,3}", said):
                raise ValueError(f"{path}: row {place + 1}: the round '{said}' is no number; write 1, "
                                 "2 and so on.")  # fmt: skip
            found[answer] = max(found.get(answer, 1), int(said))
    return found


def _with_round(path):
    """Rows of a coder's file: place, answer, code, round."""
    rows = read_csv(path, CODING)
    rows = rows.assign(**{ROUND: rows.get(ROUND, "1")})[[*CODING, ROUND]]
    return [(place, (r, i), code, said) for place, r, i, code, said in rows.itertuples(name=None)]


def _in_rounds(path, rows, codebook):
    """Rows to be written, with today's round for answers that were not coded like this before."""
    today = str(1 + len({change.date for change in codebook.history}))
    was, rounds, given = {}, {}, {}
    for _, answer, code, said in _with_round(path) if path.exists() else ():
        was.setdefault(answer, set()).update(codebook.former.get(code, [code]))
        rounds[answer] = said
    for *answer, code in rows[CODING].itertuples(index=False, name=None):
        given.setdefault(tuple(answer), set()).update(codebook.former.get(code, [code]))
    for answer, codes in given.items():
        rounds[answer] = rounds[answer] if was.get(answer) == codes else today
    found = [rounds[answer] for answer in rows[KEY].itertuples(index=False, name=None)]
    return rows.assign(**{ROUND: found}) if set(found) - {"1"} else rows


def coder_files(folder):
    """The coders' files, by coder: all CSV files of ``coding/`` but the `RESERVED` ones."""
    paths = sorted(Path(folder).glob("*.csv"))
    named = {unicodedata.normalize("NFC", path.stem): path for path in paths}
    return {coder: path for coder, path in named.items() if coder not in RESERVED}


def read_coder(path, codebook, answers):
    """One coder's codings in today's codes, with proposals that were taken up; and which wait."""
    rows = read_coding(path, codebook, answers)
    proposed = read_proposals(path.parent)
    known = proposed["code"].isin([*codebook.ids, *codebook.former])
    taken_up = proposed[known & (proposed["coder"] == unicodedata.normalize("NFC", path.stem))]
    check_coding(path.parent / PROPOSALS, taken_up, codebook, answers)
    return through_history(pd.concat([rows, taken_up[CODING]], ignore_index=True), codebook)


def read_coding(path, codebook, answers):
    """One coder's file as it stands: the codes may be former ones."""
    rows = read_csv(path, CODING)
    rows = rows[[*CODING, *({MARK} & set(rows))]]
    check_coding(path, rows, codebook, answers)
    return rows[CODING]


def named_coder(name):
    """A coder's name as it names files: small letters, of any script; the name of no other file.

    Raises
    ------
    ValueError
        When it holds other signs than letters, digits, ``_`` and ``-``, or is `RESERVED`.
    """
    name = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name.strip()).lower())
    if not re.fullmatch(r"[\w-]{1,60}", name) or name in RESERVED:
        raise ValueError(f"coder '{name}': use letters, digits, _ and - only, and none of "
                         f"{', '.join(RESERVED)}.")  # fmt: skip
    return name


def write_codings(folder, codings, codebook, answers, replace=False):
    """Write one CSV file a coder, all or none; return those that did not hold the same already."""
    changed, there = {}, coder_files(folder)
    for coder, rows in codings.groupby("coder"):
        path, rows = there.get(coder, Path(folder) / f"{named_coder(coder)}.csv"), rows[CODING]
        rows = rows.reset_index(drop=True)
        check_coding(f"codings of {coder}", rows, codebook, answers)
        if not path.exists() or _differs(path, rows, codebook, answers, replace):
            changed[path] = _in_rounds(path, with_fingerprints(rows, answers), codebook)
    for path, rows in changed.items():
        write_table(path, rows)
    return list(changed)


def _differs(path, rows, codebook, answers, replace):
    """Whether a file is to be overwritten; refused where it holds other codings."""
    there, _ = read_coder(path, codebook, answers)
    today, _ = through_history(rows, codebook)
    differs = set(map(tuple, there.to_numpy())) != set(map(tuple, today.to_numpy()))
    if differs and not replace:
        raise ValueError(f"{path}: holds other codings, {len(there)} rows against {len(rows)}; add "
                         "--replace (make: REPLACE=1) to overwrite them.")  # fmt: skip
    return differs


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
