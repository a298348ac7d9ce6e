"""What chapter 1 says: who answered, what is missing, for what the answers may be used."""

from functools import cached_property

import pandas as pd

from compendium.audit.provenance import import_notes
from compendium.coding.reading.in_short import on_coding
from compendium.figures import respondents
from compendium.statistics.design import nonresponse
from compendium.statistics.display import share_records, shares, spreads, visible
from compendium.statistics.frequencies import distribution, spread
from compendium.statistics.proportions import mean_interval
from compendium.survey import quality
from compendium.survey.answers import COUNTED
from compendium.survey.checklists import by_standard, filled
from compendium.survey.study import STATES
from compendium.wording import in_percent, interval, number, people, plain, texts
from helpers.show import Folded, View

FLOW = {"received": "sample.received", "analysed": "sample.n"}
STATE_NAMES = {"dont_know": "Don't know", "not_ticked": "Not ticked", "not_asked": "Not asked"}


class Responses:
    """Questions about the sample; part of `study.OpenStudy`."""

    def imported(self):
        """What the import guessed, left out and could not decide."""
        return View(self, [import_notes(self.folder)])

    def flow(self):
        """Every row from the export to the analysis: received, left out by reason, analysed."""
        flow = self.survey.flow
        records = [
            {"id": FLOW.get(reason, f"sample.excluded.{reason}"), "value": count, "unit": "count",
             "note": label}
            for reason, label, count in flow.itertuples(index=False)
        ]  # fmt: skip
        picture = respondents.flow_picture(self.survey, [fields["id"] for fields in records])
        return View(self, [picture], frame=flow, records=records)

    @cached_property
    def _completion(self):
        return quality.completion(self.survey)

    @cached_property
    def _stopped(self):
        return quality.break_offs(self.survey)

    @cached_property
    def _straight(self):
        return quality.straight_liners(self.survey)

    @property
    def _digits(self):
        # Of few answers a finer percent would tell how many did not know, where few did.
        return int(self.n * len(self.instrument.substantive()) >= 1000)

    def completion(self):
        """How many of the questions put to them respondents answered, with the interval of the mean."""
        done, digits = self._completion, self._digits
        low, high = mean_interval(done, self.seed, self.confidence)
        base = {"unit": "percent", "base": self.n}
        share = "share of questions answered"
        records = [
            {"id": "sample.completion.mean", "value": round(float(done.mean()), digits), **base,
             "low": round(low, digits), "high": round(high, digits),
             "method": f"mean {share}, percentile bootstrap"},
            {"id": "sample.completion.median", "value": round(float(done.median()), digits), **base,
             "method": f"median {share}"},
        ]  # fmt: skip
        spread = f" ({in_percent(self.confidence)} interval {interval(low, high, digits)})"
        spread *= low < high  # where all answered everything there is none
        told = f"On average {done.mean():.{digits}f}% of the questions were answered{spread}."
        table = quality.progress(done).rename_axis("Answered")
        table = table.rename(self.words.respondents.capitalize()).to_frame()
        return View(self, [table, told], frame=done.to_frame("percent"), records=records)

    def dropped_out(self):
        """Who broke off and after which question, and who gave one answer throughout the long grids."""
        stopped, straight = self._stopped, self._straight
        after = stopped.map(lambda last: self.items[last].question).value_counts()
        after = after.rename_axis("Last question answered").rename("Broke off after it")
        broke_off, alike = (people(len(who)).capitalize() for who in (stopped, straight))
        notes = [
            f"{broke_off} broke off before the end.",
            f"{alike} gave one answer to every statement of the long grids.",
            *self.survey.notes,
        ]
        records = [
            {"id": f"sample.{name}", "value": len(who), "unit": "count", "base": self.n}
            for name, who in (("break_offs", stopped), ("straight_lining", straight))
        ]
        told = "\n".join(f"- {plain(note)}" for note in notes)
        table = [after.to_frame()] if len(after) else []
        return View(self, [*table, told], frame=after.reset_index(), records=records)

    @cached_property
    def _gaps(self):
        return quality.missing(self.survey, self.hidden)

    def _worst(self):
        """Items by the share of those asked who skipped them, the largest first."""
        by_item = quality.missing_by_item(self._gaps)
        skipped = by_item["skipped"] / (self.n - by_item["not_asked"])
        return by_item.loc[skipped.sort_values(ascending=False, kind="stable").index], skipped

    def missing(self, most=25):
        """Three kinds of missing, one bar a question, the `most` skipped ones on top."""
        worst, skipped = self._worst()
        secret = dict.fromkeys(item for item in self._gaps["item"] if item not in worst.index)
        note = "withheld: it would tell how many answered or were asked"
        records = [
            {"id": f"missing.{item}", "value": None, "unit": "percent", "note": note, "withheld": "…"}
            for item in secret
        ]
        note = "skipped (with few who did not know), of those asked; mean over the parts of a grid"
        asked = self.n - quality.missing_by_item(self._gaps)["not_asked"]
        records += [
            {"id": f"missing.{item}", "value": 100 * share, "unit": "percent",
             "base": int(asked[item]), "note": note}
            for item, share in skipped.items()
        ]  # fmt: skip
        picture = respondents.missing_picture(self.survey, worst.iloc[:most])
        return View(self, [picture], frame=worst, records=records)

    def missing_table(self, most=25):
        """The same counts as a table, one row a question or a part of one."""
        gaps = self._gaps.copy()
        gaps.loc[gaps.pop("merged"), ["answered", "not_ticked"]] = pd.NA  # few ticked it
        names = {state: STATE_NAMES.get(state, state.capitalize()) for state in STATES}
        shown = gaps.drop(columns=["item"]).rename(columns=names).head(most).set_index("label")
        shown = shown.rename_axis("Question, or part of one").astype(object).fillna("withheld")
        return View(self, [shown], frame=gaps, tables={"missing": gaps.reset_index()})

    def nonresponse(self, kind):
        """Who did not answer: by ``groups``, against ``margins`` of the population, or ``late``."""
        found = nonresponse.KINDS[kind](self.survey, self.folder, self.hidden, self.confidence)
        return View(self, **found)

    @cached_property
    def _composition(self):
        about = [item for item in self.instrument.background() if item.type in COUNTED]
        return [(i, distribution(self.survey, i, self.hidden, self.confidence)) for i in about]

    def composition(self):
        """Who the respondents are: one table a background question, with intervals and bases."""
        parts, records, tables = [], [], {}
        for item, table in self._composition:
            index = ["statement", "option"] if item.type == "grid" else ["option"]
            parts += [f"**{plain(item.question)}**", shares(table, index, self.confidence)]
            records += share_records(table, "Wilson")
            tables[item.key_of(next(iter(item.columns()))) if item.statements else item.key] = table
        frame = pd.concat([table for _, table in self._composition]) if parts else None
        return View(self, parts, frame=frame, records=records, tables=tables)

    def portrait(self):
        """The composition as a picture."""
        drawn = {
            item.question: visible(table, 100)
            for item, table in self._composition
            if item.type != "multi" and table["percent"].notna().any()
        }
        if not drawn:
            return View(self, ["This study has no background question to draw."])
        return View(self, respondents.composition_pictures(self.survey, drawn))

    def background_numbers(self):
        """Background questions that are answered by a number: mean, spread, quartiles."""
        told = {
            item.question: spread(self.survey.answers[item.id], self.instrument.minimum)
            for item in self.instrument.background()
            if item.type == "number" and f"asked:{item.id}" not in self.hidden
        }
        if not told:
            return View(self, ["No background question asks for a number."])
        return View(self, [spreads(told)], frame=pd.DataFrame(told).T)

    @cached_property
    def _checklists(self):
        told, path = on_coding(self.coding, self.instrument), self.data / "checklists.csv"
        stopped = len(self._stopped)
        return filled(path, self.survey, self._completion, stopped, self.confidence, told)

    def checklists(self):
        """What reporting standards ask, filled in with what is known: folded, one a standard."""
        lists = self._checklists
        note = f"topics of {', '.join(lists['checklist'].unique())}"
        records = [
            {"id": "sample.checklists.not_reported", "value": int((~lists["reported"]).sum()),
             "unit": "count", "base": len(lists), "note": note}
        ]  # fmt: skip
        parts = [Folded(line, [texts(t, f"checklist_{name}")]) for name, line, t in by_standard(lists)]
        return View(self, parts, frame=lists, records=records)

    def who_answered(self):
        """The answer of chapter 1, in one paragraph."""
        lacking = int((~self._checklists["reported"]).sum())
        return (
            f"Of {number(int(self.survey.flow['count'].iloc[0]))} rows received, {number(self.n)} "
            f"{self.words.respondents} are analysed. Half of them answered {self._half()}; "
            f"{people(len(self._stopped))} broke off and {people(len(self._straight))} gave one answer "
            f"throughout the long grids. {self._left_out()}Of {len(self._checklists)} checklist "
            f"topics, {lacking} are not reported."
            + (" The answers are synthetic." if self.synthetic else "")
        )

    def _half(self):
        """What half of the respondents answered, never rounded up to all."""
        done, step = self._completion.median(), 10**-self._digits
        if done == 100:
            return "every question that was put to them"
        told = min(round(done, self._digits), 100 - step)
        return f"{told:.{self._digits}f}% or more of the questions put to them"

    def _left_out(self):
        """Which question was left out most, where one was and it may be told."""
        worst, skipped = self._worst()
        if worst.empty:
            return ""
        share = 100 * skipped[worst.index[0]]
        if share == 0:
            every = len(worst) == self._gaps["item"].nunique()
            return "Nobody left out a question. " if every else ""
        question = plain(self.items[worst.index[0]].question)
        told = number(share) if share >= 0.05 else "less than 0.1"
        return f"The question left out most was “{question}” ({told}% of those asked). "
