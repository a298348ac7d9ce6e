"""The codebook of a study, and who gave which code to which answer.

A coding is one row: coder, respondent, item, code. An answer that a coder read and found to carry no
code has one row with the code `NONE`; an answer that has no row was not read.
"""

from pathlib import Path
from typing import Annotated, Literal

import pandas as pd
import pydantic

from compendium.files import read_model
from compendium.survey.instrument import Id

NONE = "none"
TAKEN = ("agreement", "rules", "sets")  # what else results are named after "themes."
CODING = ["respondent", "item", "code"]
CONSENSUS = "consensus.csv"
DECISIONS = ("agreed", "kept", "dropped")
Text = Annotated[str, pydantic.Field(min_length=1)]


class _Part(pydantic.BaseModel):
    """A part of ``codebook.yml``: no key but the ones below, nothing changed after reading."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)


class Rule(_Part):
    """When the rule coder gives a code: any of these phrases, under these conditions.

    A phrase is one word or several in a row, compared by stem: ``save time`` is also found in
    *saving times*. With `near`, one of those phrases must stand within `within` words of it. A
    phrase in the scope of a negation counts as `negated` says; `unless` names phrases that, in the
    same sentence, take it back; `items` limits the rule to answers to some questions.
    """

    any: Annotated[list[Text], pydantic.Field(min_length=1)]
    near: list[Text] = []
    within: pydantic.PositiveInt = 5
    negated: Literal["no", "yes", "either"] = "no"
    unless: list[Text] = []
    items: list[Id] = []


class Code(_Part):
    """One code: what it means, where it ends, how it looks, and its rules."""

    id: Id
    name: Text
    definition: Text
    include: str = ""
    exclude: str = ""
    examples: list[Text] = []
    rules: list[Rule] = []


class Theme(_Part):
    """A theme: codes that belong together."""

    id: Id
    name: Text
    definition: Text
    codes: Annotated[list[Code], pydantic.Field(min_length=1)]


class Codebook(_Part):
    """The whole of ``codebook.yml``.

    `coding_mode` is ``codebook`` where coders are meant to agree, or ``reflexive`` where they are
    not and coefficients would mislead. `split_seed` fixes, once and for all, which respondents the
    rules may be written on.
    """

    title: Text
    unit: Text = "one answer to one question"
    coding_mode: Literal["codebook", "reflexive"] = "codebook"
    split_seed: int = 20240613
    themes: Annotated[list[Theme], pydantic.Field(min_length=1)]

    @property
    def codes(self):
        """All codes, in the order of the codebook."""
        return [code for theme in self.themes for code in theme.codes]

    @property
    def ids(self):
        """Ids of all codes."""
        return [code.id for code in self.codes]

    def theme_of(self, code):
        """The theme that a code's id belongs to."""
        return next(theme for theme in self.themes if code in [c.id for c in theme.codes])


def read_codebook(path):
    """Read and check a ``codebook.yml``.

    Parameters
    ----------
    path : str or pathlib.Path

    Returns
    -------
    Codebook

    Raises
    ------
    ValueError
        When the file cannot be read, has a key that is not known or lacks one, or an id stands
        twice or is `NONE`. The message names the file, the key and the remedy.

    Examples
    --------
    >>> codebook = read_codebook("data/microcredentials/codebook.yml")
    >>> len(codebook.themes), codebook.theme_of("cost").name
    (6, 'Barriers')
    """
    codebook = read_model(path, Codebook)
    for kind, ids in (("themes", [theme.id for theme in codebook.themes]), ("codes", codebook.ids)):
        for id in ids:
            if id == NONE:
                raise ValueError(f"{path}: {kind}: '{NONE}' means no code applies; use another id.")
            if kind == "themes" and id in TAKEN:
                raise ValueError(f"{path}: themes: '{id}' names other results; use another id.")
            if ids.count(id) > 1:
                raise ValueError(f"{path}: {kind}: '{id}' stands twice; give each its own id.")
    return codebook


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


def read_codings(folder, codebook, answers):
    """Read what each coder assigned, one CSV file a coder.

    Parameters
    ----------
    folder : str or pathlib.Path
        Its CSV files, `CONSENSUS` left out, are coders; a file's name is the coder's. It may be
        missing.
    codebook : Codebook
    answers : pandas.DataFrame
        As from `open_answers`.

    Returns
    -------
    pandas.DataFrame
        `coder`, `respondent`, `item`, `code`.

    Raises
    ------
    ValueError
        When a file has other columns, or a row names an answer that is not there or a code that the
        codebook does not have, stands twice, or says that no code applies beside one that does. The
        message names the file, the row and the remedy.

    Examples
    --------
    >>> from compendium.survey.study import load_study
    >>> codebook = read_codebook("data/microcredentials/codebook.yml")
    >>> answers = open_answers(load_study("microcredentials", "data"))
    >>> codings = read_codings("data/microcredentials/coding", codebook, answers)
    >>> codings.columns.tolist(), "coder_a" in set(codings["coder"])
    (['coder', 'respondent', 'item', 'code'], True)
    """
    paths = [path for path in sorted(Path(folder).glob("*.csv")) if path.name != CONSENSUS]
    read = [read_coding(path, codebook, answers).assign(coder=path.stem) for path in paths]
    columns = ["coder", *CODING]
    return pd.concat(read, ignore_index=True)[columns] if read else pd.DataFrame(columns=columns)


def read_coding(path, codebook, answers, more=()):
    """Read one coder's file; parameters as in `read_codings`, `more` the columns beside `CODING`."""
    try:
        rows = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (ValueError, UnicodeDecodeError) as error:  # pandas' parser errors are ValueErrors
        raise ValueError(f"{path}: not readable as CSV in UTF-8 ({error}); save it again.") from None
    missing = [column for column in [*CODING, *more] if column not in rows]
    if missing:
        raise ValueError(f"{path}: the column '{missing[0]}' is missing; the columns are "
                         f"{', '.join([*CODING, *more])}.")  # fmt: skip
    check_coding(path, rows, codebook, answers)
    return rows[[*CODING, *more]]


def check_coding(source, rows, codebook, answers, where="row"):
    """Refuse codings that do not fit the codebook and the answers.

    Parameters
    ----------
    source : str or pathlib.Path
        For the messages.
    rows : pandas.DataFrame
        `respondent`, `item`, `code`; the index plus one is what the messages call the row.
    codebook : Codebook
    answers : pandas.DataFrame
        As from `open_answers`.
    where : str
        What the messages call a row.

    Raises
    ------
    ValueError
        As `read_codings`.
    """
    known = set(zip(answers["respondent"].astype(str), answers["item"], strict=True))
    seen, empty, given = set(), set(), set()
    for number, (respondent, item, code) in enumerate(rows[CODING].itertuples(index=False), 1):
        here, answer = f"{source}: {where} {number}", (respondent, item)
        if answer not in known:
            raise ValueError(f"{here}: respondent '{respondent}' gave no answer to '{item}'; correct "
                             "one of them, or remove the row.")  # fmt: skip
        if code != NONE and code not in codebook.ids:
            raise ValueError(f"{here}: the codebook has no code '{code}'; use one of its ids, or "
                             f"'{NONE}'.")  # fmt: skip
        if (*answer, code) in seen:
            raise ValueError(f"{here}: the same answer has '{code}' already; remove one row.")
        seen.add((*answer, code))
        (empty if code == NONE else given).add(answer)
        if answer in empty & given:
            raise ValueError(f"{here}: the same answer has '{NONE}' and a code; remove one.")


def read_consensus(path, codebook, answers):
    """Read what the coders settled on.

    Parameters
    ----------
    path : str or pathlib.Path
        A CSV file with `respondent`, `item`, `code`, `decision` (``agreed``: both coders had it;
        ``kept`` or ``dropped``: only one had it, and this was settled) and `reason`.
    codebook : Codebook
    answers : pandas.DataFrame
        As from `open_answers`.

    Returns
    -------
    pandas.DataFrame
        The file's rows. What was dropped is no coding: leave it out before counting.

    Raises
    ------
    ValueError
        As `read_codings`, and for an unknown decision or one that was settled without a reason.
    """
    more = ("decision", "reason")
    rows = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    missing = [column for column in [*CODING, *more] if column not in rows]
    if missing:
        raise ValueError(f"{path}: the column '{missing[0]}' is missing; the columns are "
                         f"{', '.join([*CODING, *more])}.")  # fmt: skip
    for number, row in enumerate(rows.itertuples(), 1):
        if row.decision not in DECISIONS:
            raise ValueError(f"{path}: row {number}: the decision '{row.decision}' is not one of "
                             f"{', '.join(DECISIONS)}.")  # fmt: skip
        if row.decision != "agreed" and not row.reason.strip():
            raise ValueError(f"{path}: row {number}: settled without a reason; write one.")
    kept = rows[rows["decision"] != "dropped"]
    check_coding(path, kept, codebook, answers, where="coding")
    return rows[[*CODING, *more]]
