"""The codebook of a study: themes, their codes, where each ends, and the rules of the rule coder."""

from typing import Annotated, Literal

import pydantic

from compendium.models import Model, read_model
from compendium.survey.instrument import Id

NONE = "none"  # the code of an answer that was read and carries no other
NO_CODE = "No code applies"  # its name in files for coders
TAKEN = ("agreement", "rules", "sets")  # what else results are named after "themes."
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
    """One code: what it means, where it ends, how it looks, and its rules."""

    id: Id
    name: Text
    definition: Text
    include: str = ""
    exclude: str = ""
    examples: list[Text] = []
    rules: list[Rule] = []


class Theme(Model):
    """A theme: codes that belong together."""

    id: Id
    name: Text
    definition: Text
    codes: Annotated[list[Code], pydantic.Field(min_length=1)]


class Codebook(Model):
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

    @property
    def names(self):
        """Names of all codes, by id."""
        return {code.id: code.name for code in self.codes}

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
    return codebook
