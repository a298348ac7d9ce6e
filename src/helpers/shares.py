"""Shares and tests by hand: how often an option was chosen, by whom, and what goes with it."""

from functools import cached_property

import pandas as pd

from compendium.disclosure.counts import published_counts
from compendium.disclosure.gate import refuse_uncleared
from compendium.figures import planned
from compendium.statistics import display
from compendium.statistics.frequencies import breakdown, distribution
from compendium.statistics.planned import find
from compendium.statistics.proportions import METHODS, proportions
from compendium.survey.answers import answered
from compendium.survey.instrument import Question
from compendium.survey.plan import outcomes
from compendium.wording import plain
from helpers.show import View

WORKING = "*Working table: not cleared for publication, because it may tell of few people.*"


class Shares(View):
    """A table of shares; `.frame` is tidy, `.plot()` draws it, `.row(option)` looks at one."""

    def __init__(self, study, item, frame, by=None, of=None):
        index = ["statement", "option"] if frame["statement"].nunique() > 1 else ["option"]
        shown = display.shares(frame, index, study.confidence)
        working = [] if study.cleared(frame["result"]) else [WORKING]
        super().__init__(study, [*working, shown], frame=frame)
        self.item, self.by, self.of = item, by, of
        self.records = display.share_records(frame, "Wilson")

    def plot(self, of=None):
        """One row an option with its interval; the option or group `of` stands out."""
        title = self.item.question + (f" By: {self.by.question}" if self.by else "")
        return View(self.study, [planned.plotted(self.study, self.item, self.frame, title, of)])

    def published_view(self):
        """The same table as it would be published if the answers were those of people."""
        study = self.study.as_if_real
        view = study.shares(self.item, self.by, self.of)
        few = int(view.frame["shown"].ne("").sum())
        told = f"{few} of {len(view.frame)} rows are withheld."
        if not set(view.frame["result"]) <= {*study._published, *study.hidden}:
            told = "Nobody planned to publish this table, so nothing was decided about it."
        return View(self.study, [*view.parts[-1:], told], frame=view.frame)

    def row(self, option):
        """One option, by its id."""
        keys = [f"{self.item.key}.{option}", *self.frame["result"]]
        found = self.frame[self.frame["result"] == keys[0]]
        if found.empty:
            known = ", ".join(part.id for part in [*self.item.choices, *self.item.groups])
            raise KeyError(f"'{self.item.id}' has no option '{option}' (known: {known}).")
        return Row(self.study, self.item, found)


class Row(View):
    """One row of a table of shares."""

    def __init__(self, study, item, frame):
        super().__init__(study, [display.shares(frame, confidence=study.confidence)], frame=frame)
        self.item = item

    def intervals(self, *methods):
        """The share with one interval a method: ``wilson``, ``clopper-pearson``."""
        methods = methods or tuple(METHODS)
        if self.frame["shown"].iloc[0]:
            return View(self.study, ["The count is withheld."])
        count, base = (int(self.frame[name].iloc[0]) for name in ("count", "base"))
        level, sampled = self.study.confidence, self.study.survey.sampled
        made = [proportions(count, base, level, method, sampled) for method in methods]
        rows = [self.frame.assign(low=x["low"].iloc[0], high=x["high"].iloc[0]) for x in made]
        names = [f"{self.frame['option'].iloc[0]} ({name.title()})" for name in methods]
        frame = pd.concat(rows, ignore_index=True)
        shown = display.shares(frame, confidence=self.study.confidence)
        return View(self.study, [shown.set_axis(names)], frame=frame.assign(method=methods))


class Asking:
    """Shares and tests of any item by any other; part of `study.OpenStudy`."""

    def shares(self, item, by=None, of=None):
        """How often each option was chosen; with `by`, in each group of another item.

        Parameters
        ----------
        item, by : str
            Ids, such as ``party`` or ``identification.party``.
        of : str, optional
            Option or group of the item to break down; its groups or all its options otherwise.

        Returns
        -------
        Shares

        Examples
        --------
        >>> from helpers import open_study
        >>> study = open_study("anes96")
        >>> study.shares("vote.intended").frame["count"].tolist()
        [551, 393]
        """
        item, by = self.items[item], by and self.items[by]
        if by is None:
            return Shares(self, item, distribution(self.survey, item, self.hidden, self.confidence))
        ofs = [of] if of else outcomes(item, _question(item, by, "association"))
        tables = [
            breakdown(self.survey, item, of, by, self.hidden, self.confidence, column)
            for column in answered(self.survey, item)
            for of in ofs
        ]
        return Shares(self, item, pd.concat(tables, ignore_index=True), by, of)

    def test(self, item, by, of=None):
        """Whether answers to one item go with answers to another.

        Parameters
        ----------
        item, by : str
            Ids. Kendall's τ-b where both are ordered, a trend where `by` is, else χ² or exact.
        of : str, optional
            Option or group of the item.

        Returns
        -------
        Test

        Examples
        --------
        >>> from helpers import open_study
        >>> study = open_study("anes96")
        >>> study.test("intended", by="party").frame["test"].item()
        'Cochran–Armitage (trend)'
        """
        item, by = self.items[item], self.items[by]
        ordered = item.type in ("scale", "grid", "multi") and by.type == "scale"
        question = _question(item, by, "trend" if ordered else "association", of)
        found = find(self.survey, question, self.hidden, self.seed, self.confidence)
        return Test(self, item, by, found)

    def cleared(self, results):
        """Whether every number of a table was decided on when it was decided what to withhold."""
        if self.instrument.minimum == 1:
            return True
        return set(results) <= {*self._published, *self.hidden}

    def clear(self, records, tables):
        """Refuse a count that was never decided on, where answers are protected."""
        if self.instrument.minimum > 1:
            refuse_uncleared(self._published, self.hidden, records, tables)

    @cached_property
    def _published(self):
        return published_counts(self.themed)[0]


class Test(View):
    """One or more tests; `.frame` is tidy, `.explain()` shows what they are made of."""

    __test__ = False  # no test of pytest's

    def __init__(self, study, item, by, found):
        shown = display.tests(found.tests.set_index("label").rename_axis(None), study.confidence)
        super().__init__(study, [shown], frame=found.tests)
        self.item, self.by, self.found = item, by, found

    def explain(self):
        """The shares that the test compares, and what independence would let expect."""
        shares = self.found.shares[self.by.id]
        if shares["shown"].ne("").any():
            return View(self.study, ["Withheld: few of a group gave an answer, and the test with it."])
        rows = pd.MultiIndex.from_frame(shares[["statement", "option"]], names=[None, None])
        counts = shares.set_axis(rows)[["count", "base"]].astype(float)
        overall = counts.groupby(level=0, sort=False).sum()
        rate = (overall["count"] / overall["base"]).reindex(rows, level=0)
        table = pd.DataFrame({"Observed": counts["count"], "Expected": counts["base"] * rate})
        line = (
            f"If {plain(self.by.question)} made no difference, each group would give what is expected."
        )
        return View(self.study, [line, table.round(1)], frame=table)


def _question(item, by, method, of=None):
    """A question that nobody planned, put as the plan would put it."""
    return Question(id="by_hand", question="", method=method, item=item.id, of=of, by=[by.id])
