"""A model of stages in which two partners work together: what each does, and what comes of it."""

from typing import Annotated

import pydantic

from compendium.files import read_model
from compendium.survey.instrument import Id

Text = Annotated[str, pydantic.Field(min_length=1)]


class _Part(pydantic.BaseModel):
    """A part of ``model.yml``: no key but the ones below, nothing changed after reading."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)


class Evidence(_Part):
    """A result that bears on a stage, and how the figure words it after the number."""

    result: Annotated[str, pydantic.Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)+$")]
    says: Text


class Stage(_Part):
    """One stage; the first piece of its evidence is the one that the figure shows."""

    id: Id
    name: Text
    purpose: Text
    business: Text
    university: Text
    output: Text
    evidence: list[Evidence] = []
    codes: list[Id] = []


class Model(_Part):
    """The whole of ``model.yml``."""

    title: Text
    reconstruction: Text
    business: Text
    university: Text
    output: Text
    evidence: Text
    words: Text
    loop: Text
    stages: Annotated[list[Stage], pydantic.Field(min_length=3, max_length=7)]


def read_stages(path, codes=None):
    """Read and check a ``model.yml``.

    Parameters
    ----------
    path : str or pathlib.Path
    codes : collection of str, optional
        Ids of the codebook's codes; without them the codes of the stages are not checked.

    Returns
    -------
    Model

    Raises
    ------
    ValueError
        When the file cannot be read, has a key that is not known or lacks one, an id stands twice,
        or a code is none of the codebook's. The message names the file, the key and the remedy.

    Examples
    --------
    >>> model = read_stages("data/microcredentials/model.yml")
    >>> len(model.stages), "reconstruction" in model.reconstruction
    (5, True)
    """
    model = read_model(path, Model)
    seen = set()
    for stage in model.stages:
        if stage.id in seen:
            raise ValueError(f"{path}: stages: '{stage.id}' stands twice; give each its own id.")
        seen.add(stage.id)
        for code in stage.codes:
            if codes is not None and code not in codes:
                raise ValueError(f"{path}: stages > {stage.id} > codes: the codebook has no code "
                                 f"'{code}'; use one of its ids.")  # fmt: skip
    return model


def headline(stage, results):
    """The number that the figure shows under a stage, and its words.

    Parameters
    ----------
    stage : Stage
    results : dict of str to dict
        As from `results.read_results`.

    Returns
    -------
    tuple of str
        Number and words; both empty where the stage has no evidence, or its first result has no
        number (withheld, or not computed).

    Examples
    --------
    >>> stage = read_stages("data/microcredentials/model.yml").stages[0]
    >>> number, words = headline(stage, {stage.evidence[0].result: {"value": 55.6, "unit": "percent"}})
    >>> number
    '56%'
    """
    if not stage.evidence:
        return "", ""
    first = stage.evidence[0]
    result = results.get(first.result, {})
    if result.get("value") is None or result.get("unit") != "percent":
        return "", ""
    return f"{result['value']:.0f}%", first.says
