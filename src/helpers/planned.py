"""What chapter 2 says: every planned question, its family of tests, and the rest."""

from dataclasses import replace
from functools import cached_property

import pandas as pd

from compendium.audit.published import beside
from compendium.figures import planned as pictures
from compendium.figures.shares import Source
from compendium.figures.style import Picture
from compendium.multiverse import told
from compendium.statistics import display
from compendium.statistics.design.planned import weighted
from compendium.statistics.findings import Details, laid_out
from compendium.statistics.frequencies import distribution, few_rated
from compendium.statistics.planned import (
    FEW_RATED,
    TOLD,
    adjusted,
    find,
    number_answers,
    test_records,
    told_bounds,
    told_precision,
)
from compendium.statistics.scales.grids import described
from compendium.survey.answers import COUNTED
from compendium.survey.plan import family_of, method_of, outcomes
from compendium.wording import in_percent, interval, number, plain, texts
from helpers.shares import Shares
from helpers.show import Folded, View

PICTURED = {
    "association": pictures.association, "trend": pictures.trend, "contrast": pictures.contrast,
}  # fmt: skip
TESTED = ("association", "grid", "ordinal_regression", "trend", "contrast")


class Planned:
    """Questions of the plan, and what nobody planned; part of `study.OpenStudy`."""

    def plan_table(self):
        """The plan: question, method, family of tests."""
        plan = [(q.question, method_of(q), family_of(q), self.frozen.of(q.id)) for q in self.plan]
        if not plan:
            return View(self, ["This study has no plan: everything below is exploratory."])
        frame = pd.DataFrame(plan, columns=["Question", "Method", "Family", "Standing"])
        frame = frame if self.frozen.lock else frame.drop(columns="Standing")
        gone = [f"Removed: {id} ({plain(why)})." for id, why in self.frozen.removed.items()]
        said = " ".join([self.frozen.said(), *gone])
        return View(self, [said, texts(frame, "plan")], frame=frame)

    def answer(self, question):
        """What a planned question found: picture, tests, tables.

        Parameters
        ----------
        question : Question or str
            Of the plan, or its id.

        Returns
        -------
        View
        """
        question = self.plan[question]
        if question.method == "published":
            there, level = self.data / "published.csv", self.confidence
            found = beside(self.survey, question, there, self.hidden, level)
            return self._standing(question, View(self, **found))
        if question.method == "themes":
            return self._standing(question, self._raised_by(question))
        return self._standing(question, self._computed(question))

    def _standing(self, question, view):
        """Say of an answer that its question was changed after the plan was frozen."""
        if question.id in self.frozen.exploratory | self.frozen.amended:
            view.parts.insert(1, f"*Plan, {plain(self.frozen.of(question.id))}.*")
        if question.id in self.frozen.exploratory:
            planned = [q for q in self.plan.of("share", *TESTED) if q.id not in self.frozen.exploratory]
            firm = {fields["id"] for q in planned for fields in self.found(q).records}
            view.records = [f if f["id"] in firm else f | {"exploratory": True} for f in view.records]
        return view

    def _computed(self, question):
        """A question of the plan that this chapter computes: picture, tests, tables."""
        found = self.found(question)
        view = View(self, [f"**{plain(question.question)}**"], records=found.records)
        view.frame = (
            pd.concat(found.shares.values(), keys=found.shares) if found.shares else found.tests
        )
        view.parts += [*self._drawn_now(question, found), *self._laid_out(question, found)]
        view.tables = {
            "_".join(filter(None, [question.id, by])): table
            for by, table in found.shares.items()
            if question.method in ("association", "grid", "trend")
        }
        if found.pairs is not None:
            view.tables[f"{question.id}_pairs"] = found.pairs
        if found.coefficients is not None:
            view.tables[question.id] = found.coefficients.drop(columns="name")
        return view

    def _laid_out(self, question, found):
        if question.method != "share":
            parts = laid_out(self.instrument, found, self.confidence)
            return [Folded(*part) if isinstance(part, Details) else part for part in parts]
        if found.reason:
            return [found.reason]
        item = self.items[question.item]
        row = Shares(self, item, found.shares[""]).row(outcomes(item, question)[0])
        return row.intervals().parts

    def _drawn_now(self, question, found, draw=None):
        """The pictures that chapter 4 will print, of the results that were just found."""
        draw = draw or PICTURED.get(question.method)
        if draw is None:
            return []
        # In the chapter all tests are known by now, so that titles say which difference holds.
        tests = test_records(self._tests, self.frozen.exploratory) if self.chapter else []
        return self._from_records(draw, [*found.records, *tests], question)

    def _from_records(self, draw, records, about):
        """Pictures of what is recorded here; the chapter that shows all of them saves them."""
        results = {fields["id"]: fields for fields in records}
        parts = draw(Source(self.instrument, results, self.confidence), about)
        return [replace(part, saved=False) for part in parts if isinstance(part, Picture)]

    def answers(self, method):
        """The answers to all planned questions of a method, or a sentence where there is none."""
        asked = [question for question in self.plan if question.method == method]
        if not asked:
            return [View(self, ["*The plan of this study has no such question.*"])]
        return [self.answer(question) for question in asked]

    def found(self, question):
        """What a planned question found, as from `statistics.planned.find`: made once."""
        if question.id not in self._findings:
            self._findings[question.id] = find(
                self.survey, question, self.hidden, self.seed, self.confidence
            )
        return self._findings[question.id]

    @cached_property
    def _findings(self):
        return {}

    def protected_example(self):
        """The first planned breakdown in full, and as it would be published of real answers."""
        asked = [q for q in self.plan.of("association") if q.by]
        if not asked:
            return View(self, ["No breakdown was planned, so there is none to show."])
        question = asked[0]
        of = outcomes(self.items[question.item], question)[0]
        full = self.shares(question.item, by=question.by[0], of=of)
        view = full.published_view()
        if self.instrument.protects:
            kept = self.instrument.minimum > 1
            why = "These answers are protected" if kept else "This study withholds nothing"
            return View(self, [f"*{why}: this is what is published.*", view.parts[0]])
        parts = ["**In full**, as made-up answers may be shown:", full.parts[-1],
                 "**As it would be published** if the answers were real:", *view.parts]  # fmt: skip
        return View(self, parts, frame=view.frame)

    def share_picture(self):
        """The share that the first question of the plan is about, as a picture."""
        asked = [q for q in self.plan if q.method == "share" and not self.found(q).reason]
        if not asked:
            return View(self)
        return View(self, self._drawn_now(asked[0], self.found(asked[0]), pictures.share))

    @cached_property
    def _tests(self):
        order = [q for method in TESTED for q in self.plan if q.method == method]
        return adjusted([self.found(question) for question in order])

    def tests(self):
        """All planned tests, one table a family, adjusted within it."""
        table, changed = self._tests, self.frozen.exploratory
        if table.empty:
            return View(self, ["No test was planned."], frame=table)
        parts = []
        for family, rows in table.groupby("family", sort=False):
            names = rows["label"] + rows["question"].isin(changed).map(
                {True: " (exploratory)", False: ""}
            )
            shown = display.tests(rows.set_axis(names).rename_axis(None), self.confidence)
            asked = " ".join(plain(self.plan[id].question) for id in rows["question"].unique())
            parts += [f"**{asked}** Family: {plain(family.replace('_', ' '))}.", shown]
            untold = int(rows["note"].eq(TOLD).sum())
            if untold:
                tests = "the withheld test" if untold == 1 else f"the {untold} withheld tests"
                parts.append(f"*Holm's adjustment counts {tests} of this family.*")
        written = {"tests": table.drop(columns="label")}
        return View(self, parts, frame=table, records=test_records(table, changed), tables=written)

    def weighted(self):
        """Planned shares and tests with the study's weights, beside those without."""
        return View(
            self, **weighted(self.survey, self.hidden, self.confidence, self.frozen.exploratory)
        )

    def multiverse(self, part="summary", *given):
        """Every reasonable analysis of the plan, as `make multiverse` left it.

        Parts: ``decisions``, ``summary``, ``curves`` (how many), ``dependence``, ``claims``.
        """
        return View(self, **told.part(self, part, *given))

    def universe(self, question=None, **choices):
        """One analysis of a planned question, decided otherwise, beside the plan's own."""
        return View(self, **told.one_universe(self, question and self.plan[question], choices))

    def what_depends(self):
        """The answer of chapter 6, in one paragraph."""
        return told.answer(self, told.left(self.places))

    def explored(self):
        """What was not planned: every other closed question, without a test."""
        planned = {q.item for q in self.plan if q.method in ("share", "grid")}
        left = [i for i in self.items if i.type in COUNTED and i.id not in planned | self._background]
        view = View(self)
        for item in left:
            table = distribution(self.survey, item, self.hidden, self.confidence)
            line = item.question + (" (asked of some only)" if item.asked_if else "")
            view.parts.append(
                Folded(line, [display.explored(self.survey, item, table, self.hidden, self.confidence)])
            )
            view.records += display.share_records(table, "Wilson")
            view.tables[item.id] = table
        view.frame = pd.concat(view.tables.values()) if left else None
        return view

    @property
    def _background(self):
        return {item.id for item in self.instrument.background()}

    def reliability(self, *grids):
        """How reliably grids measure one thing, and their scores; all of three statements or more."""
        asked = [self.items[grid] for grid in grids] or [
            grid for grid in self.items.of_type("grid") if len(grid.statements) > 2
        ]
        view = View(self, [] if asked else ["No grid of this study has three statements or more."])
        for item in asked:
            if few_rated(distribution(self.survey, item, self.hidden, self.confidence)):
                view.parts.append(f"**{plain(item.question)}** {FEW_RATED}")
                continue
            line, table, rest, records = described(
                self.survey, item, self.seed, self.confidence, self.resamples
            )
            view.parts += [line, Folded("Each statement against the others", [rest])]
            view.records += records
            view.tables[f"reliability_{item.id}"] = table
        view.frame = pd.concat(view.tables.values(), keys=view.tables) if view.tables else None
        return view

    def explored_numbers(self):
        """Questions outside the background that are answered by a number."""
        items = [item for item in self.items.of_type("number") if item.id not in self._background]
        return View(self, **number_answers(self.survey, items, self.hidden))

    def precision(self, power=0.8):
        """What this many respondents can show: half an interval, and a difference worth looking for."""
        return View(self, **told_precision(self.survey, self.confidence, power))

    def what_was_found(self):
        """The answer of chapter 2, in one paragraph."""
        said = []
        for question in self.plan:
            if question.method != "share" or self.found(question).reason:
                continue
            item, table = self.items[question.item], self.found(question).shares[""]
            row = table[table["result"] == f"{item.key}.{outcomes(item, question)[0]}"].iloc[0]
            said.append(
                f"{plain(row['option'])}: {row['count']:,} of {row['base']:,} "
                f"{self.words.respondents}, {number(row['percent'])}% ({in_percent(self.confidence)} "
                f"interval {interval(row['low'], row['high'])})."
            )
        if len(self._tests):
            planned = self._tests[~self._tests["question"].isin(self.frozen.exploratory)]
            holds = planned[planned["p_holm"] < 0.05]
            families = ", ".join(dict.fromkeys(holds["family"])).replace("_", " ")
            said.append(
                f"Of {planned['p_holm'].notna().sum()} planned tests, {len(holds)} stay below "
                "0.05 after Holm's adjustment" + (f" (families: {families})." if families else ".")
            )
            said += told_bounds([self.found(q) for q in self.plan.of(*TESTED)], self.frozen.exploratory)
        if self.synthetic:
            said.append(
                "The answers are synthetic: these numbers were built in or are accidents of a random "
                "generator."
            )
        nothing = [] if self.plan else ["Nothing was planned; see the explored tables."]
        return " ".join([*nothing, *said])
