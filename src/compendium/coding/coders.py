"""Who codes: people, and programs that are measured by people on respondents drawn at random.

``coding/coders.yml`` may say of each coder what it is; whoever is not named is a person. A program's
codings lie in its file like anybody's, but they count for nothing: ``coding/sample.csv`` remembers
whose answers were drawn for people to code, and by these the program is measured.
"""

import re
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
import pydantic

from compendium.coding.fingerprints import MARK, check_texts, with_fingerprints
from compendium.coding.notes import KEY
from compendium.files import read_csv
from compendium.models import Model, read_model

CODERS, SAMPLE = "coders.yml", "sample.csv"
DRAWN = [*KEY, "drawn"]


class Coder(Model):
    """A coder as ``coders.yml`` declares it: what it is, and of a program what made its codings.

    `prompt` is the SHA-256 digest of the file with the prompt, as sha256sum prints it; a program that
    is given none, such as a classifier, has none.
    """

    id: str
    kind: Literal["person", "program"]
    model: str = ""
    prompt: str = ""
    date: str = ""

    @pydantic.model_validator(mode="after")
    def _is_traceable(self):
        if self.kind == "program" and not re.fullmatch(r"[a-z][a-z0-9_]*", self.id):
            raise ValueError("name a program with lower-case letters, digits and _ only")
        if self.kind == "program" and not (self.model.strip() and self.date):
            raise ValueError("a program needs a model with its version, and the date when it coded")
        if self.prompt and not re.fullmatch(r"[0-9a-f]{64}", self.prompt):
            raise ValueError("prompt is the SHA-256 digest of the prompt's file, 64 digits 0-9 and a-f")
        if self.date and not re.fullmatch(r"\d{4}-\d\d-\d\d", self.date):
            raise ValueError("write the date as 2026-03-01")
        return self


def read_programs(folder):
    """The programs among the coders of a study's ``coding/``, as declared there."""
    path = Path(folder) / CODERS
    declared = read_model(path, list[Coder]) if path.exists() else []
    for coder in declared:
        if [one.id for one in declared].count(coder.id) > 1:
            raise ValueError(f"{path}: '{coder.id}' stands twice; keep one.")
    return tuple(coder for coder in declared if coder.kind == "program")


def read_sample(folder, answers):
    """Who was there when the sample was drawn, and who was drawn.

    Parameters
    ----------
    folder : str or pathlib.Path
        The study's ``coding/``.
    answers : pandas.DataFrame
        As from `codings.open_answers`, with fingerprints or without.

    Returns
    -------
    pandas.Series of bool
        By respondent, as text, whether they were drawn; empty where nothing was drawn. Who answered
        later had no chance to be drawn and is not in it.

    Raises
    ------
    ValueError
        When a row's text is not the one that was drawn, or a respondent is both drawn and not.
    """
    path = Path(folder) / SAMPLE
    if not path.exists():
        return pd.Series(dtype=bool)
    rows = read_csv(path, DRAWN)
    check_texts(path, rows, answers)
    said = rows.groupby("respondent", sort=False)["drawn"].agg(
        lambda drawn: "/".join(sorted(set(drawn)))
    )
    for respondent, drawn in said.items():
        if drawn not in ("yes", "no"):
            raise ValueError(f"{path}: respondent '{respondent}': drawn is '{drawn}'; write yes or no, "
                             "the same for all of their answers.")  # fmt: skip
    return said.eq("yes")


def draw(folder, answers, size, seed):
    """Draw respondents for people to code, or take those that were drawn before.

    Parameters
    ----------
    folder, answers
        As in `read_sample`.
    size : str
        How many respondents.
    seed : int

    Returns
    -------
    drawn : set of str
        Respondents.
    rows : pandas.DataFrame or None
        What ``sample.csv`` is to hold; None where it holds it already.

    Raises
    ------
    ValueError
        When there are not more respondents than that, or another number was drawn before.
    """
    path, sample = Path(folder) / SAMPLE, read_sample(folder, answers)
    if len(sample) and str(sample.sum()) != size.strip():
        raise ValueError(f"{path}: {sample.sum()} respondents were drawn before; give SAMPLE="
                         f"{sample.sum()}, or remove the file to draw anew.")  # fmt: skip
    if len(sample):
        return set(sample.index[sample]), None
    everybody = sorted(answers["respondent"].astype(str).unique())
    if not re.fullmatch(r"[0-9]{1,6}", size.strip()) or not 1 < int(size) < len(everybody):
        raise ValueError(f"SAMPLE: give a number from 2 to {len(everybody) - 1}, as {len(everybody)} "
                         f"respondents wrote something; not '{size}'.")  # fmt: skip
    # Another stream than that of the halves for the rules, which have the same seed.
    drawn = set(np.random.default_rng([seed, 1]).permutation(everybody)[: int(size)].tolist())
    rows = answers[KEY].astype(str)
    rows = rows.assign(drawn=np.where(rows["respondent"].isin(drawn), "yes", "no"))
    return drawn, with_fingerprints(rows, answers)[[*DRAWN, *({MARK} & set(answers))]]
