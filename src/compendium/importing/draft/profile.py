"""What guessing looks at, and what it finds: distinct values of an export, items with reasons."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from compendium.files import slug, unique
from compendium.importing.draft.scales import SMALL


@dataclass(frozen=True)
class Decision:
    """What a person has to decide; `source` is ``file``, ``guess``, or ``new`` of a new column."""

    question: str
    why: str
    item: str = ""
    source: str = "guess"

    def as_dict(self):
        """As it stands in ``import.json``."""
        keys = ("item", "question", "why", "source")
        return {key: getattr(self, key) for key in keys}


@dataclass
class Guess:
    """One item of the draft.

    Attributes
    ----------
    item : dict
        As in ``survey.yml``.
    recipes : dict of str to dict
        By column of ``responses.csv``: `take`, and what it is taken from.
    fields : list of str
        The columns of the export it is made from.
    why : str
        Why it was guessed so.
    decisions : list of Decision
    scale : str
        The known scale that its points are of; empty where they are of none.
    required : bool
        Whether a survey structure says that it must be answered.
    """

    item: dict
    recipes: dict
    fields: list[str]
    why: str
    decisions: list[Decision] = field(default_factory=list)
    scale: str = ""
    required: bool = False


@dataclass
class Profile:
    """What guessing looks at: an export, the known wordings, and the names given so far.

    Attributes
    ----------
    export : Export
    known : Wordings
    codes : dict of str to numpy.ndarray of int
        By field, the place of each row's value in `kinds`.
    kinds : dict of str to list of str
        By field, the distinct values in the order in which they first occur, without outer spaces.
    tallies : dict of str to dict of str to int
        By field, how often each of them occurs, the empty one left out.
    other_specify : dict of str to Field
        The text beside an option, by the field it is beside.
    ids, columns : set of str
        Ids of items, and columns of ``responses.csv``, that are taken.
    """

    export: object
    known: object
    codes: dict = field(default_factory=dict)
    kinds: dict = field(default_factory=dict)
    tallies: dict = field(default_factory=dict)
    other_specify: dict = field(default_factory=dict)
    ids: set = field(default_factory=set)
    columns: set = field(default_factory=lambda: {"respondent", "provenance"})

    def counts(self, name):
        """How often each value occurs in a field, the empty one left out."""
        return self.tallies[name]

    def kind(self, name):
        """What a survey structure says that a field is: ``single``, ``grid``, ...; or nothing."""
        told = self.export.told.get(name)
        return told.asked.kind if told else ""

    def column(self, part):
        """A column of ``responses.csv`` for a field, and remember it."""
        if part.coded:
            return unique(part.name, self.columns)
        name = slug(part.question, SMALL) or "q"
        return unique(f"{name}_{slug(part.part, SMALL, 24)}".rstrip("_"), self.columns)

    def item_id(self, fields):
        """An id for the item that these fields are, and remember it."""
        if fields[0].coded:
            low, high = min(f.name for f in fields), max(f.name for f in fields)
            shared = next(
                (i for i, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), len(low)
            )
            name = slug(low[:shared].split("[")[0].rstrip("_. "))
        else:
            name = slug(fields[0].question, SMALL)
        return unique(name or "q", self.ids)


def profile(export, known):
    """Prepare an export for guessing: distinct values by field."""
    found = Profile(export, known)
    for part in export.fields:
        if part.role in ("admin", "person"):
            continue
        codes, kinds = pd.factorize(export.values[part.name].str.strip())
        found.codes[part.name], found.kinds[part.name] = codes.astype(np.int32), kinds.tolist()
        tally = zip(kinds.tolist(), np.bincount(codes).tolist(), strict=True)
        found.tallies[part.name] = {value: count for value, count in tally if value}
        if part.role == "other_specify":
            found.other_specify[part.of] = part
    return found
