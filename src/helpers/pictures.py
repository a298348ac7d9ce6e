"""What chapter 4 says: pictures of what the other chapters recorded, and Table 1."""

from functools import cached_property

import numpy as np
import pandas as pd
from IPython.display import HTML

from compendium.coding.codebook import read_codebook
from compendium.figures import planned, stage_model, table1, themes
from compendium.figures.likert import grid_picture
from compendium.figures.shares import Source, at_random
from compendium.figures.style import Picture
from compendium.files import read_csv
from compendium.survey.plan import outcomes
from compendium.wording import SAID, plain, texts
from helpers.show import View

DRAWN = {  # which planned questions have a picture, and what a study without one lacks
    "share": "Share of the whole sample",
    "trend": "Groups compared on a scale",
    "contrast": "Two kinds of reasons",
    "association": "Answers by background",
}
THEMED = ("prevalence", "by_groups", "together", "agreement")


class Pictures:
    """Pictures of named results, never of answers; part of `study.OpenStudy`."""

    def picture(self, question):
        """The pictures of a planned question, or the reason why there is none.

        Parameters
        ----------
        question : Question or str
            Of the plan, or its id.

        Returns
        -------
        View

        Examples
        --------
        >>> from helpers import open_study
        >>> study = open_study("anes96", out_dir="build")
        >>> # Not run: it draws what chapters 1 to 3 recorded, and a test of this text has no build.
        >>> study.picture("vote_by_party")  # doctest: +SKIP
        """
        question = self.plan[question]
        return self._drawn(getattr(planned, question.method)(self.source, question))

    def pictures_of(self, method):
        """The pictures of all planned questions of a method, or a sentence where there is none."""
        asked = self.plan.of(method)
        why = f"{DRAWN[method]}: the plan has no question of the kind '{method}'"
        return self._once(method, lambda: [self.picture(q) for q in asked] or [self._drawn([why])])

    def scales(self, neutral="split"):
        """The grids as diverging bars; the middle point is ``split``, ``left`` or ``beside``."""
        grids, why = self.items.of_type("grid"), "Diverging bars: this study has no grid"
        return self._once(
            f"scales {neutral}",
            lambda: (
                [self._drawn(grid_picture(self.source, grid, neutral)) for grid in grids]
                or [self._drawn([why])]
            ),
        )

    def sections(self):
        """What was chosen, section by section, where no other picture shows it."""
        return self._once(
            "sections",
            lambda: [
                self._drawn(planned.section(self.source, one)) for one in self.instrument.sections
            ],
        )

    def theme_pictures(self, what):
        """Pictures of coded free text.

        Parameters
        ----------
        what : str
            ``prevalence`` of themes and codes, themes ``by_groups`` of respondents, codes that come
            ``together``, or the ``agreement`` of coders.

        Returns
        -------
        list of View
        """
        return self._once(f"themes {what}", lambda: [self._drawn(self._of_themes(what))])

    def _of_themes(self, what):
        if not self._coded:
            lacks = "Themes, what comes together and agreement: this study has no coded free text"
            return [lacks] if what == "prevalence" else []
        more = [self._pairs] if what == "together" else []
        return getattr(themes, what)(self.source, self._coded, *more)

    def model(self):
        """The model of stages, in two sizes, in colour and in grey."""
        lacks = ["The model of stages: this study has no model.yml"]
        return self._once("model", lambda: [self._drawn(self._of_model() or lacks)])

    def _of_model(self):
        return self._stages and stage_model.model_pictures(self._stages)

    def model_evidence(self):
        """What bears on each stage of the model: the words, the share, its result."""
        if not self._stages:
            return View(self)
        bears = stage_model.evidence(self.source, self._stages)
        return View(self, [texts(bears, "model", True)], frame=bears)

    def model_beside(self):
        """The stages beside the steps of models that others published."""
        if not (self._stages and self._stages.published):
            return View(self)
        beside = stage_model.beside_published(self._stages)
        return View(self, [texts(beside, "beside")], frame=beside)

    @cached_property
    def _stages(self):
        path, book = self.folder / "model.yml", self.codebook
        return stage_model.read_stages(path, book and book.ids) if path.exists() else None

    def table1(self, question):
        """Table 1 of a planned question: who agrees with each statement, in all and by group.

        Parameters
        ----------
        question : Question or str
            Of the kind ``trend``, about a grid.

        Returns
        -------
        View
        """
        question = self.plan[question]
        outcome, view = self.items[question.item], View(self)
        asked = outcomes(outcome, question)
        for by in map(self.items.__getitem__, question.by):
            for of in asked:
                end = "" if len(asked) == 1 else f"_{of}"
                self._add_table1(view, question, outcome, by, of, f"{question.id}_{by.id}{end}")
        return view

    def tables1(self):
        """Table 1 of every planned question that compares groups on a grid."""
        asked = [q for q in self.plan.of("trend") if self.items[q.item].type == "grid"]
        why = "Table 1: no planned question compares groups on a grid"
        return self._once("table 1", lambda: [self.table1(q) for q in asked] or [self._drawn([why])])

    def _add_table1(self, view, question, outcome, by, of, name):
        table = table1.agreement_by(
            self.source.results, outcome, of, by, question.rows, self.confidence
        )
        if table.empty:
            view.parts.append(self._not_drawn(f"“{question.question}” as a table: no result"))
            return
        text = table1.printed(table, self._tested(question, outcome, by))
        base = f"Percent “{outcome.label_of(of)}”, by: {by.question}"
        least = self.instrument.minimum
        marks = f" <{least} and …: withheld." if least > 1 else ""
        told = f"n: {self.words.respondents} who answered both questions. Intervals: Wilson.{marks}"
        notes = [SAID] * self.synthetic + [told]
        about = (text, question.question, base, notes)
        page = table1.as_html(*about, f"table1_{name}", self.confidence)
        view.parts.append(HTML(page))
        view.frame = table if view.frame is None else pd.concat([view.frame, table])
        view.tables[f"table1_{name}"] = table.rename_axis(["statement", "group"])
        view.files[f"table1_{name}"] = table1.as_json(*about, self.confidence)

    def _tested(self, question, outcome, by):
        """Effect and adjusted p by statement, as chapter 2 recorded them."""
        found = {}
        for part in outcome.statements:
            ids = [f"plan.{question.id}.{by.id}.{part.id}.{what}" for what in ("effect", "p")]
            values = [self.source.results.get(id, {}).get("value") for id in ids]
            found[part.label] = tuple(np.nan if value is None else value for value in values)
        return found

    def check_by_hand(self, most=6):
        """Numbers that were drawn, picked at random: find each in its picture and its chapter."""
        frame = at_random(self.saved, self.seed, most)
        if frame is None:
            return View(self, ["Nothing was drawn from a percentage."])
        return View(self, [texts(frame, "check", True)], frame=frame)

    def what_is_drawn(self, neutral="split"):
        """The answer of chapter 4, in one paragraph: how much is drawn, and what is not, and why."""
        views = [
            *self.pictures_of("share"), *self.scales(neutral), *self.tables1(),
            *self.pictures_of("trend"), *self.sections(), *self.pictures_of("contrast"),
            *self.pictures_of("association"),
            *(view for what in THEMED for view in self.theme_pictures(what)), *self.model(),
        ]  # fmt: skip
        pictures = [part for view in views for part in view.parts if isinstance(part, Picture)]
        results = {id for picture in pictures for id in picture.results}
        tables = sum(len(view.files) for view in views)
        said = [
            f"{_many(len(pictures), 'figure')} of {_many(len(results), 'result')}, and "
            f"{_many(tables, 'table')} by group."
        ]
        if self._lacking:
            said.append(f"Not drawn. {'. '.join(map(plain, self._lacking))}.")
        if self.synthetic:
            said.append("The answers are synthetic: the figures show the method, and no finding.")
        return " ".join(said)

    @cached_property
    def source(self):
        """What pictures are made of: the questionnaire, and what the other chapters recorded."""
        if "sample.n" not in self.recorded:
            place = self.out / "results"
            raise ValueError(f"{place}: notebook 1 has left no results here; run make all.")
        return Source(self.instrument, self.recorded, self.confidence)

    @cached_property
    def codebook(self):
        """The codebook of the study; None where it has none."""
        path = self.folder / "codebook.yml"
        return read_codebook(path) if path.exists() else None

    @property
    def _coded(self):
        """Themes of the codebook that chapter 3 has counted."""
        book = self.codebook.themes if self.codebook else []
        return [one for one in book if f"themes.{one.id}.respondents" in self.source.results]

    @property
    def _pairs(self):
        """How many respondents raise two codes; missing where it is withheld."""
        paths = [place / "tables" / "3_cooccurrence.csv" for place in self.places]
        paths = [path for path in paths if path.exists()]
        if not paths:
            return pd.DataFrame(columns=["code_a", "code_b", "count"])
        table = read_csv(paths[-1], ["code_a", "code_b", "count", "shown"])
        counts = table["count"].where(table["shown"] == "")
        return table[["code_a", "code_b"]].assign(count=pd.to_numeric(counts))

    def _drawn(self, parts):
        """A view of pictures, and of sentences that say what cannot be drawn."""
        drawn = [part for part in parts if not isinstance(part, str)]
        frames = [part.table for part in drawn if part.table is not None]
        shown = [self._not_drawn(part) if isinstance(part, str) else part for part in parts]
        return View(self, shown, frame=pd.concat(frames) if frames else None)

    def _not_drawn(self, why):
        self._lacking[why] = None
        return f"*Not drawn. {plain(why)}.*"

    def _once(self, name, make):
        """Drawn once a study: the answer counts pictures before and after they are shown."""
        if name not in self._views:
            self._views[name] = make()
        return self._views[name]

    @cached_property
    def _views(self):
        return {}

    @cached_property
    def _lacking(self):
        """What cannot be drawn, in its order."""
        return {}


def _many(count, thing):
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"
