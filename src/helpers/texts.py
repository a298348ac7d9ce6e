"""What chapter 3 says: what respondents wrote, how it was coded, how far the coding can be trusted."""

from functools import cached_property

import pandas as pd

from compendium.coding import reliability, text_analysis, themes
from compendium.coding.automatic.measured import measured_programs
from compendium.coding.automatic.rule_coder import code_answers, compile_rules, in_context, rules_shown
from compendium.coding.automatic.trial import trial_records, trial_said, trial_shown, try_rules
from compendium.coding.codings import definitions, history_shown
from compendium.coding.reading import in_short, passages
from compendium.coding.reading import joint_display as joint
from compendium.disclosure.masking import mask_all
from compendium.figures import themes as pictures
from compendium.statistics import display
from compendium.statistics.frequencies import breakdown, distribution
from compendium.wording import did_you_mean, plain, short, texts
from helpers.shares import WORKING
from helpers.show import Folded, View

MODES = ("codebook", "reflexive")


class Texts:
    """Questions about answers in free text; part of `study.OpenStudy`."""

    coding_mode = ""

    def read_as(self, mode):
        """Read the coding as ``codebook`` or ``reflexive``; empty: as the codebook says."""
        if mode not in ("", *MODES):
            raise ValueError(f"coding_mode: '{mode}' is not one of {', '.join(MODES)}, or empty.")
        self.coding_mode = mode

    @property
    def reflexive(self):
        """Whether coders are not meant to agree, so that coefficients would mislead."""
        book = self.coding.codebook
        return (self.coding_mode or (book.coding_mode if book else "")) == "reflexive"

    @property
    def _minimum(self):
        return self.instrument.minimum

    def _says(self, sentence):
        """What does not apply, in a sentence; nothing where a study has no free text at all."""
        return View(self, [f"*{sentence}*"] if len(self.coding.answers) else [])

    # ---- read

    def material(self):
        """What there is to read: answers, coders, codes."""
        return View(self, [in_short.material(self.coding, self.synthetic)])

    def answers_given(self):
        """How many answered each open question, and at what length."""
        lengths = text_analysis.lengths(self.coding.answers)
        lengths = lengths.loc[[f"asked:{item}" not in self.hidden for item in lengths.index]]
        records = text_analysis.length_records(lengths, len(self.coding.answers), self.n)
        shown = lengths.astype(int).map("{:,}".format).rename(columns=str.capitalize)
        shown.index = [self.items[item].question for item in lengths.index]
        return View(self, [shown] if len(shown) else [], frame=lengths, records=records)

    def collocations(self, least=3, most=12):
        """Pairs of words that `least` respondents use near each other, the strongest first."""
        pairs = text_analysis.collocations(self.coding.answers, least, most)[["pair"]]
        if pairs.empty:
            return self._says("No pair of words is used by enough respondents to be shown.")
        said = f"Strongest first: {' · '.join(map(plain, pairs['pair']))}."
        return View(self, [said], frame=pairs)

    def keyness(self, most=12):
        """Words that one group uses more than another, for the two groups that the plan names."""
        asked = [question for question in self.plan.of("themes") if len(question.rows) == 2]
        if not asked:
            return self._says("No two groups are compared: no question of `themes` names two rows.")
        parts, frames = [], []
        for question in asked:
            by = self.items[question.by[0]]
            found, shown = text_analysis.keyness_by(
                self.coding.answers, self.survey.answers[by.id], by, question.rows, self._minimum, most
            )
            frames.append(found)
            told = f"*Uses in 1,000 words, by:* {plain(by.question)}"
            parts += [
                f"{told} Positive: more used by the first group.",
                texts(shown, f"keyness_{by.id}"),
            ]
        return View(self, parts, frame=pd.concat(frames))

    @cached_property
    def _masked(self):
        """The answers with identifying text masked, and what was masked."""
        answers = self.coding.answers
        masked, review = mask_all(answers["text"], self.instrument.disclosure.names)
        review["respondent"] = answers["respondent"].to_numpy()[review["respondent"].astype(int)]
        return answers.assign(text=masked), review

    def concordance(self, term="", width=40, most=25):
        """A word or phrase wherever it occurs, masked; without one, what most respondents use."""
        if self._leaves:
            return self._says(in_short.INSIDE)
        masked = self._masked[0]
        term = term or text_analysis.commonest(masked, self._minimum)
        lines = text_analysis.concordance(masked, term, width, most)
        if lines.empty:
            return self._says(f"“{plain(term)}” does not occur." if term else "No word is shared.")
        return View(self, [texts(lines.rename(columns=str.capitalize), "concordance")], frame=lines)

    @property
    def _leaves(self):
        """Whether what is shown leaves the house: protected answers, in a chapter."""
        return self._minimum > 1 and self.chapter is not None

    def passages(self, code="", most=None):
        """Every answer that carries a code, masked, with the codes beside it: to read, not to publish.

        Without a code, of the one that coders differ on most.
        """
        return self._reading(passages.passages, code, most)

    def counter_examples(self, code="", most=None):
        """Answers with a code that takes over where this one ends (`instead`), and without this one."""
        return self._reading(passages.counter_examples, code, most)

    def _reading(self, find, code, most):
        coding, book = self.coding, self.coding.codebook
        if code and (book is None or code not in book.ids):
            hint = did_you_mean(code, book.ids if book else [])
            raise KeyError(f"The codebook has no code '{code}'{hint}.")
        if not self._themes or self._leaves:
            return self._says(in_short.INSIDE if self._leaves else "Nothing is coded.")
        code = code or passages.contested(coding, self._untold)
        if code in self._untold:
            return View(self, ["Withheld: few respondents have the code."])
        pairs = passages.cleared_pairs(self.themed, self.hidden)
        frame = find(coding, self._masked[0], code, pairs)
        shown = frame.head(most or len(frame)).rename(columns={"item": "Question", "text": "Answer"})
        shown["Question"] = [short(self.items[id].question, 45) for id in shown["Question"]]
        said = f"**{plain(book.names[code])}**: {len(shown)} of {len(frame)} answers."
        shown = texts(shown.rename(columns=str.capitalize), f"{find.__name__}_{code}", True)
        return View(self, [said, shown], frame=frame)

    def masked(self):
        """How much identifying text was masked, by kind."""
        answers, review = self._masked
        record = {
            "id": "themes.masked", "value": len(review), "unit": "count", "base": len(answers),
            "note": "pieces of identifying text masked in all answers",
        }  # fmt: skip
        counts = review["kind"].value_counts().rename_axis("Kind").rename("Masked").to_frame()
        view = self._says("Nothing was found to mask.") if counts.empty else View(self, [counts])
        view.frame, view.records, view.review = counts, [record], {"masked": review}
        return view

    # ---- code

    def code_definitions(self):
        """What each code means, where it ends, and what became of codes of the past."""
        if self.coding.codebook is None:
            return self._says("There is no `codebook.yml` in this study's folder.")
        names = self.instrument.disclosure.names
        frame = definitions(self.coding.codebook, self.coding.memos, names)
        past = history_shown(self.coding.codebook)
        parts = [texts(frame, "codebook", True), *([texts(past, "history")] if len(past) else [])]
        return View(self, parts, frame=frame)

    @property
    def _compared(self):
        """Whether two coders read some answers, and are meant to agree."""
        return self.coding.shared > 0 and not self.reflexive

    def agreement(self):
        """How far coders agree, code by code."""
        if self.reflexive:
            return self._says("No coefficients: coding is reflexive.")
        if not self._compared:
            return self._says("No coefficients: agreement needs answers that two coders have read.")
        table = reliability.agreement(
            self.coding, self.hidden, self._minimum, self.seed, self.confidence, self.resamples
        )
        written = table.drop(columns="withheld").reset_index()
        return View(
            self, [reliability.agreement_shown(table)], frame=table,
            records=reliability.agreement_records(table), tables={"agreement": written},
        )  # fmt: skip

    @property
    def _resampling(self):
        """What intervals of agreement are made with, and the codes that they may tell of."""
        told = reliability.told_codes(self.coding, self.hidden, self._minimum)
        return self.coding, self.seed, self.confidence, self.resamples, told

    @cached_property
    def _on_sets(self):
        return reliability.agreement_on_sets(*self._resampling)

    def agreement_on_sets(self):
        """How far coders agree on whole sets of codes: by two distances, and pair by pair."""
        if not self._compared:
            return View(self)
        table, pairs = self._on_sets, reliability.agreement_by_pair(*self._resampling)
        rounds = reliability.agreement_by_round(*self._resampling)
        parts = [reliability.sets_shown(table), *reliability.rounds_shown(rounds)]
        parts += reliability.pairs_shown(pairs, self.coding.codebook.names)
        return View(self, parts, frame=table, records=reliability.set_records(table, rounds))

    @cached_property
    def _apart(self):
        return reliability.disagreements(self.coding, self.instrument.disclosure.names)

    def disagreements(self, most=12):
        """Where coders differ, and what was settled."""
        apart = self._apart
        view = View(self, frame=apart, review={"disagreements": apart})
        if not self.coding.coders:
            return view
        tally = apart["decision"].value_counts()
        view.records = [
            {"id": "themes.disagreements", "value": len(apart), "unit": "count",
             "base": len(self.coding.settled),
             "note": "; ".join(f"{decision}: {count}" for decision, count in sorted(tally.items()))}
        ]  # fmt: skip
        counted = ", ".join(f"{count} {decision}" for decision, count in tally.items()) or "none"
        said = f"{len(apart)} times a code was given by some coders and not by others: {counted}."
        names = self.coding.codebook.names
        shown = reliability.disagreements_shown(apart, names, self._untold, most)
        view.parts = [said, texts(shown, "disagreements", True)]
        return view

    # ---- count

    @cached_property
    def _themes(self):
        """The table of each theme, by its name."""
        return {
            theme.groups[0].label: distribution(self.themed, theme, self.hidden, self.confidence)
            for theme in self.themed.instrument.themes()
        }

    @property
    def _untold(self):
        """Codes of which it may not be told how many have them."""
        book = self.coding.codebook
        ids = book.ids if book else []
        return [code for code in ids if f"themes.{book.theme_of(code).id}.{code}" in self.hidden]

    @property
    def _writers(self):
        return themes.coded_respondents(self.themed)

    def themes(self):
        """How many respondents raise each theme, and each code."""
        tables = self._themes
        records = themes.themes_records(tables.values(), self._writers, self.n)
        if not tables:
            return View(self, records=records)
        frame = pd.concat(tables.values(), ignore_index=True)
        shown = display.shares(frame[frame["kind"] == "group"], confidence=self.confidence)
        folded = [
            Folded(name, [display.shares(table[table["kind"] == "option"], confidence=self.confidence)])
            for name, table in tables.items()
        ]
        written = {"prevalence": frame.drop(columns="statement")}
        return View(self, [shown, *folded], frame=frame, records=records, tables=written)

    def codes(self):
        """How many respondents raise each theme and code: the picture that chapter 4 will print."""
        if not self._themes:
            return View(self)
        counted = themes.themes_records(self._themes.values(), self._writers, self.n)
        return View(self, self._from_records(pictures.prevalence, counted, self.coding.codebook.themes))

    def _raised_by(self, question):
        """Which group raises which theme, as a question of the plan asks: one table an item."""
        view = View(self, [f"**{plain(question.question)}**"])
        for by in (self.items[item] for item in question.by if self._themes):
            tables = [
                breakdown(self.themed, theme, theme.groups[0].id, by, self.hidden, self.confidence,
                          rows=question.rows)
                for theme in self.themed.instrument.themes()
            ]  # fmt: skip
            view.frame = pd.concat(tables, ignore_index=True)
            view.parts += [f"*By:* {plain(by.question)}", display.wide(view.frame)]
            view.records += display.share_records(view.frame, "Wilson")
            view.tables[f"{question.id}_{by.id}"] = view.frame
        return view if view.tables else self._says("Nothing is coded.")

    def codes_by(self, by=""):
        """How many of each group raise each code, by an item; without one, by those of the plan."""
        asked = [by] if by else [item for question in self.plan.of("themes") for item in question.by]
        view, frames = View(self), []
        for item in (self.items[item] for item in dict.fromkeys(asked) if self._themes):
            tables = themes.codes_by(self.themed, item, self.hidden, self.confidence)
            frames += tables.values()
            view.parts.append(f"*By:* {plain(item.question)}")
            view.parts += [Folded(name, [display.wide(table)]) for name, table in tables.items()]
        view.frame = pd.concat(frames, ignore_index=True) if frames else None
        if frames and not self.cleared(view.frame["result"]):
            return (
                self._says(in_short.INSIDE)
                if self._leaves
                else View(self, [WORKING, *view.parts], view.frame)
            )
        return view

    def together(self, most=12, by="", row=""):
        """Pairs of codes that the same respondents raise; of those who chose `row` of item `by`."""
        if by and self._leaves:
            return self._says(in_short.INSIDE)
        study = themes.of_cases(self.themed, self.items[by], row) if by else self.themed
        table, codebook = themes.cooccurrence(study, self.hidden), self.coding.codebook
        shown = themes.cooccurrence_shown(table, codebook.names if codebook else {}, most)
        if shown.empty:
            view = self._says("No pair of codes is shared by enough respondents to be shown.")
        else:
            view = View(self, [WORKING, shown] if by and self._minimum > 1 else [shown])
        view.frame, view.tables = table, {} if by else {"cooccurrence": table}
        return view

    def saturation(self):
        """How soon no new code turns up."""
        if not self._themes:
            return View(self)
        told = self.coding.consensus.drop(columns=self._untold)  # the curve would count the others
        if told.columns.empty:
            return self._says("Every code is withheld, so there is no curve.")
        curve = themes.told_saturation(told, self.themed, self.hidden)
        record = themes.saturation_record(curve)
        picture = pictures.saturation_picture(self.survey, curve, record["value"], record["id"])
        return View(self, [picture], frame=curve, records=[record])

    @cached_property
    def _quoted(self):
        return themes.quotations(self.coding, self.instrument.disclosure.names, without=self._untold)

    def arguments(self):
        """What the codebook argues of each theme, how many raise it, and a passage."""
        if not self._themes:
            return View(self)
        tables = pd.concat(self._themes.values())
        said = in_short.arguments(self.coding.codebook, tables, self._quoted, self.words)
        return View(self, said or ["*No theme of `codebook.yml` has an `argument` yet.*"])

    def quotations(self):
        """Masked quotations for each theme, chosen by rule."""
        if not self._themes:
            return View(self)
        quoted, pairs = self._quoted, passages.cleared_pairs(self.themed, self.hidden)
        contrasts = passages.contrasts(self.coding, self._masked[0], pairs, self._untold)
        shown = texts(quoted.rename(columns=str.capitalize), "quotations", True)
        facts = {"quotations": quoted.to_dict("records"), "contrasts": contrasts}
        return View(self, [shown], frame=quoted, tables={"quotations": quoted}, files=facts)

    @cached_property
    def _joint(self):
        return joint.joint_display(self.themed, self.coding, self.hidden, self.confidence)

    def joint_display(self):
        """What was chosen beside what was said of it, and whether the same people did both."""
        rows = self._joint
        if not rows:
            return View(self)
        drawn = pictures.joint_picture(self.survey, rows, joint.HEADS, self.confidence)
        shown, frame = texts(joint.joint_shown(rows), "joint_display"), joint.joint_frame(rows)
        return View(
            self, [*drawn, shown], frame=frame, records=joint.joint_records(rows),
            tables={"joint_display": frame}, files={"joint_display": rows},
        )  # fmt: skip

    # ---- rules

    @property
    def _ruled(self):
        """Whether there are rules, and codings to test them against."""
        return bool(self._themes) and any(code.rules for code in self.coding.codebook.codes)

    @cached_property
    def _by_rules(self):
        return code_answers(self._masked[0], compile_rules(self.coding.codebook))

    def rules(self):
        """What the rule coder gives, and by which words."""
        if not self._ruled:
            return self._says("There are no rules, or no human coding to test them against.")
        found, answers = self._by_rules, self._masked[0]
        context = in_context(found, answers)
        untold, names = self._untold, self.coding.codebook.names
        said, shown = rules_shown(found, answers, context, names, untold)
        explained = found.join(context[["Before", "After"]])
        return View(
            self, [said, texts(shown, "triggers")], frame=found, review={"rules_explained": explained}
        )

    @cached_property
    def _trial(self):
        """The test of the rules; None where there is nothing to test, or coders are not to agree."""
        if not self._ruled or self.reflexive:
            return None
        return try_rules(
            self.coding, self._by_rules, self.hidden, self._minimum, self.seed, self.confidence,
            self.resamples,
        )  # fmt: skip

    def rules_tested(self):
        """How well the rules do on the half that they were not written for."""
        trial = self._trial
        if trial is None:
            if self.reflexive or not self._ruled:
                return View(self)
            return self._says("No coded answer is left to test the rules on.")
        labels = {"micro": "All codes (micro)", "macro": "Mean of codes (macro)"}
        shown = trial_shown(trial).rename(index=self.coding.codebook.names | labels)
        written = {"rules": trial.scores.drop(columns=["majority", "withheld"]).reset_index()}
        return View(self, [trial_said(trial), shown], trial.scores, trial_records(trial), written)

    def programs(self):
        """How programs that coded do beside people, and what they count when that is corrected."""
        if self.reflexive or not self.coding.programs:
            return View(self)
        with_ends = self._minimum, self.seed, self.confidence, self.resamples
        parts, frame, records = measured_programs(self.coding, self.hidden, *with_ends)
        return View(self, parts, frame=frame, records=records, tables={"programs": frame})

    # ---- the answer

    def what_they_say(self):
        """The answer of chapter 3, in one paragraph."""
        said = []
        if self._themes:
            tables = pd.concat(self._themes.values())
            said += [in_short.most_and_fewest(tables, self._writers, self.words, self.confidence)]
            said += [in_short.how_words_fit(self._joint)]
        if self._compared and pd.notna(self._on_sets.loc["masi", "alpha"]):
            found, settled = self._on_sets.loc["masi"], len(self._apart)
            said += [in_short.how_far_coders_agree(found, settled)]
        if self._trial:
            said += [in_short.how_rules_do(self._trial)]
        return in_short.joined(said, self.synthetic, self.words)
