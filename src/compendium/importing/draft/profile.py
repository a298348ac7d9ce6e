"""What guessing looks at, and what it finds: distinct values of an export, items with reasons."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from compendium.importing.draft.decisions import Decision
from compendium.importing.draft.scales import SMALL, missing_in, spellings
from compendium.importing.export import runs_of
from compendium.names import slug, unique

MANY = 20  # rows; in fewer, what one respondent gave may well be an option


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
    agreed : list of str
        Ids of the options of a consent that agree.
    """

    item: dict
    recipes: dict
    fields: list[str]
    why: str
    decisions: list[Decision] = field(default_factory=list)
    scale: str = ""
    required: bool = False
    agreed: list[str] = field(default_factory=list)


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
    missing : dict of str to dict of str to int
        By field, the values that stand for no answer, and how often; they count as empty above.
    also : dict of str to dict of str to list of str
        By field and value, other spellings of it, which count with it above.
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
    missing: dict = field(default_factory=dict)
    also: dict = field(default_factory=dict)
    other_specify: dict = field(default_factory=dict)
    ids: set = field(default_factory=set)
    columns: set = field(default_factory=lambda: {"respondent", "provenance"})

    @property
    def few(self):
        """Whether there are so few rows that options may well have been chosen once."""
        return len(self.export.values) < MANY

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
        if part.role in ("admin", "person", "joined", "respondent"):
            continue
        codes, kinds = export.coded(part.name)
        found.codes[part.name], found.kinds[part.name] = codes, kinds
        found.tallies[part.name] = dict(zip(kinds, np.bincount(codes).tolist(), strict=True))
        if part.role == "other_specify":
            found.other_specify[part.of] = part
    for run in runs_of([part for part in export.fields if part.name in found.kinds]):
        _clean(run, found)
    return found


def _clean(run, found):
    """Count words for no answer as empty, and spellings of one value as one, in columns of a run."""
    labels, union = found.export.labels, Counter()
    for part in run:
        union.update(found.tallies[part.name])
    same = {} if labels.get(run[0].name) else spellings({v: n for v, n in union.items() if v})
    for part in run:
        kinds, tally = found.kinds[part.name], found.tallies[part.name]
        counted = found.known.headings["counted"].search(part.question)
        gone = missing_in(
            {v: n for v, n in tally.items() if v}, labels.get(part.name, {}), bool(counted), found.known
        )
        found.missing[part.name] = {value: n for value, n in tally.items() if value in gone}
        if not gone and not same:
            tally.pop("", None)
            continue
        clean = ["" if value in gone else same.get(value, value) for value in kinds]
        found.kinds[part.name], found.tallies[part.name] = clean, {}
        for value, before in zip(clean, kinds, strict=True):
            if value != before and value:
                found.also.setdefault(part.name, {}).setdefault(value, []).append(before)
            if value:
                found.tallies[part.name][value] = found.tallies[part.name].get(value, 0) + tally[before]
