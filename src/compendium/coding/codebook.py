"""The codebook of a study: themes, their codes, where each ends, and the rules of the rule coder."""

from typing import Annotated, Literal

import pydantic

from compendium.models import Model, read_model
from compendium.survey.instrument import Id
from compendium.wording import did_you_mean

NONE = "none"  # the code of an answer that was read and carries no other
NO_CODE = "No code applies"  # its name in files for coders
TAKEN = ("agreement", "programs", "rules", "sets")  # what else results are named after "themes."
Text = Annotated[str, pydantic.Field(min_length=1)]


class Rule(Model):
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


class Code(Model):
    """One code: what it means, where it ends, how it looks, and its rules.

    `instead` names the codes that take over where this one ends, which `exclude` says in words.
    """

    id: Id
    name: Text
    definition: Text
    include: str = ""
    exclude: str = ""
    instead: list[Id] = []
    examples: list[Text] = []
    rules: list[Rule] = []


class Theme(Model):
    """A theme: codes that belong together, and what they say as an `argument`, a person's sentences."""

    id: Id
    name: Text
    definition: Text
    argument: str = ""
    codes: Annotated[list[Code], pydantic.Field(min_length=1)]


class Change(Model):
    """What became of codes: what was coded with them is read through it, and no file is rewritten.

    ``renamed`` and ``merged``: `codes` are now the one in `into`. ``split``: each coding with the code
    waits until somebody says which of `into` it is. ``retired``: the code is no more.
    """

    date: Annotated[str, pydantic.Field(pattern=r"^\d{4}-\d\d-\d\d$")]
    change: Literal["renamed", "merged", "split", "retired"]
    codes: Annotated[list[Id], pydantic.Field(min_length=1)]
    into: list[Id] = []
    reason: Text


class Codebook(Model):
    """The whole of ``codebook.yml``.

    `coding_mode` is ``codebook`` where coders are meant to agree, or ``reflexive`` where they are
    not and coefficients would mislead. `split_seed` fixes, once and for all, which respondents the
    rules may be written on. `history` says what became of codes that are no longer there.
    """

    title: Text
    unit: Text = "one answer to one question"
    coding_mode: Literal["codebook", "reflexive"] = "codebook"
    split_seed: int = 20240613
    themes: Annotated[list[Theme], pydantic.Field(min_length=1)]
    history: list[Change] = []

    @property
    def codes(self):
        """All codes, in the order of the codebook."""
        return [code for theme in self.themes for code in theme.codes]

    @property
    def ids(self):
        """Ids of all codes."""
        return [code.id for code in self.codes]

    @property
    def names(self):
        """Names of all codes, by id."""
        return {code.id: code.name for code in self.codes}

    def code(self, id):
        """One code, by its id."""
        return next(code for code in self.codes if code.id == id)

    @property
    def former(self):
        """What each code of the past is now: one id, `NONE` where retired, or all that it may be."""
        now = {}
        for change in reversed(self.history):  # the latest first: what follows is known then
            for code in change.codes:
                found = [id for into in change.into for id in now.get(into, [into])]
                now[code] = list(dict.fromkeys(found)) or [NONE]
        return now

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
        When the file does not fit the model, an id stands twice, or an id has a meaning of its own.

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
    for code in codebook.codes:
        for other in code.instead:
            if other == code.id or other not in codebook.ids:
                raise ValueError(f"{path}: codes: {code.id}: instead: '{other}' is no other code"
                                 f"{did_you_mean(other, codebook.ids)}.")  # fmt: skip
    _check_history(path, codebook)
    return codebook


def _check_history(path, codebook):
    """Refuse changes that lead nowhere, or to more codes than their kind allows."""
    later = set(codebook.ids)
    for number, change in reversed(list(enumerate(codebook.history, 1))):
        here, count = f"{path}: history: change {number} ({change.change})", len(change.into)
        wanted = {"renamed": count == 1 == len(change.codes), "merged": count == 1,
                  "split": count > 1 and len(change.codes) == 1, "retired": count == 0}  # fmt: skip
        if not wanted[change.change]:
            raise ValueError(f"{here}: renamed is one code into one, merged several into one, split "
                             "one into several, retired into none.")  # fmt: skip
        for code in change.into:
            if code not in later:
                raise ValueError(f"{here}: there is no code '{code}'; use one of the codebook, or one "
                                 "that a later change takes up.")  # fmt: skip
        for code in change.codes:
            if code in later or code == NONE:
                raise ValueError(f"{here}: '{code}' is still a code; give what it became an id of its "
                                 "own.")  # fmt: skip
        later |= set(change.codes)


def through_history(rows, codebook):
    """Codings in today's codes, and those that wait, as their code was split."""
    import pandas as pd  # poster and site do without it

    now = {code: codebook.former.get(code, [code]) for code in rows["code"].unique()}
    wait = rows["code"].map(lambda code: len(now[code]) > 1).astype(bool)
    kept = (
        rows[~wait]
        .assign(code=rows["code"].map(lambda code: now[code][0]))
        .drop_duplicates(["respondent", "item", "code"])
    )
    given = set(
        kept.loc[kept["code"] != NONE, ["respondent", "item"]].itertuples(index=False, name=None)
    )
    given |= set(rows.loc[wait, ["respondent", "item"]].itertuples(index=False, name=None))
    coded = [
        answer in given for answer in kept[["respondent", "item"]].itertuples(index=False, name=None)
    ]
    return kept[(kept["code"] != NONE) | ~pd.Series(coded, kept.index, dtype=bool)], rows[wait]
