"""What columns hold: of answers, by the questionnaire; of the compendium's tables, by their names."""

from typing import NamedTuple

from compendium.survey.instrument import Item, Option

# By state of an answer; a mark has a full stop in front, which no id of an option has.
MISSING = {
    "skipped": "Asked, and not answered",
    "not_asked": "Not asked, because of an earlier answer",
    "dont_know": "Said that they do not know",
}
OF_TABLES = {
    "result": "Id of the result in build/<study>/results that this row shows",
    "statement": "What was asked about: a statement, an option, or a theme with its code",
    "option": "The answer that is counted, or the group that a row of a breakdown is about",
    "kind": "What is counted: an option, a group of options, or who does not know",
    "count": "Respondents counted; empty where withheld",
    "base": "Respondents they are counted among",
    "percent": "Count in percent of the base",
    "low": "Lower end of the interval",
    "high": "Upper end of the interval",
    "shown": "The mark that stands in place of a withheld number",
    "test": "Name of the test",
    "statistic": "Its test statistic",
    "df": "Degrees of freedom",
    "p": "p-value before any correction",
    "p_holm": "p-value after Holm's correction within its family",
    "effect": "Size of the effect, in the measure that effect_name names",
    "effect_name": "Measure of the effect",
    "n": "How many the number rests on",
    "note": "What limits the number, or why there is none",
    "unordered": "p-value of the test that takes no order of the groups for granted",
    "question": "Id or wording of the question",
    "family": "Family of tests that are corrected together",
    "name": "What the row is about",
    "theme": "Theme of the codebook",
    "quotation": "Words of a respondent, identifying text masked",
    "codes": "Codes that the words carry",
    "code": "Code of the codebook",
    "answers": "How many answers were compared",
    "in_reference": "Answers that carry the code in the reference",
    "in_candidate": "Answers that carry the code as the other coder or program says",
    "observed": "Observed agreement in percent",
    "accuracy": "Percent of answers on which both say the same",
    "precision": "Share of the candidate's codings that the reference has too",
    "recall": "Share of the reference's codings that the candidate has too",
    "f1": "Harmonic mean of precision and recall",
    "kappa": "Cohen's kappa",
    "alpha": "Krippendorff's alpha",
    "ac1": "Gwet's AC1",
    "prevalence": "How often the code was given, in percent",
    "term": "Term of the model",
    "reference": "What the term is compared with",
    "coefficient": "Estimated coefficient, in log odds",
    "odds_ratio": "The same as an odds ratio",
    "index": "Name of the index",
    "value": "Its value",
    "group": "Group of respondents",
    "column": "Name of the answer in the study",
    "item": "Id of the question",
    "label": "Its wording",
    "answered": "How many gave an answer",
    "unanswered": "How many gave none",
    "dont_know": "How many said that they do not know",
    "not_ticked": "How many left the option empty in a question that they answered",
    "skipped": "How many were asked and gave no answer",
    "not_asked": "How many were not asked, because of an earlier answer",
    "by": "Question that forms the groups",
    "id": "Id of the entry",
    "source": "Where the statement or figure is from",
    "published": "What was published",
    "computed": "What was computed here",
    "status": "How the comparison ended",
    "why": "Why it ended so",
    "detectable": "Chance that a wrong figure of this kind would have been noticed",
    "a": "First of the two that are compared",
    "b": "Second of the two that are compared",
    "differed": "Respondents whose two answers differ",
    "topic": "Topic of the joint display",
    "part": "Whether it is about what was chosen or what was said",
    "code_a": "First code of the pair",
    "code_b": "Second code of the pair",
    "Claim": "Id of the claim",
    "Percent": "Percent as published",
    "Base": "Base as published",
    "study": "Publication that states the figure",
    "year": "Year of the publication",
    "country": "Country that the figure is about",
    "population": "Who was asked",
    "wording": "What was asked, or how the source words the figure",
    "decimals": "Decimals as published",
    "concept": "What the question is about",
    "confidence": "How sure it is that the figure was read as it is meant",
    "checklist": "Reporting standard",
    "asks": "What it asks for, in our words",
    "answer": "Where or how this compendium answers",
    "chapter": "Chapter that shows it",
    "place": "File that holds it",
    "respondent": "Id of the respondent",
    "text": "The answer in the respondent's own words",
    "provenance": "Where the row is from: synthetic rows were made up",
    "fingerprint": "Keyed sum of the text that was coded",
    "decision": "What was settled",
    "reason": "The reason that was given",
}  # fmt: skip
ENDS = {"_low": ": lower end of its interval", "_high": ": upper end of its interval",
        "_result": ": id of the result"}  # fmt: skip


class Variable(NamedTuple):
    """One column of answers.

    Attributes
    ----------
    name, column : str
        In the answers of the study, and in its responses as received.
    item : Item
    part : Option or None
        The statement or option that it is about, where the question has several.
    text : bool
        Whether it holds the text beside that option.
    """

    name: str
    column: str
    item: Item
    part: Option | None = None
    text: bool = False

    @property
    def label(self):
        """What it is about, within its question."""
        if self.part is None:
            return self.item.question
        return f"{self.part.label}: text" if self.text else self.part.label

    @property
    def choices(self):
        """Options of which it is one; none for ticks, numbers and texts."""
        return [] if self.text or self.item.type == "multi" else self.item.choices

    @property
    def ticked(self):
        """Whether it says that an option was ticked."""
        return self.item.type == "multi" and not self.text


def variables(instrument):
    """All variables, in the order of the questionnaire.

    Parameters
    ----------
    instrument : Instrument

    Returns
    -------
    list of Variable

    Examples
    --------
    >>> from compendium.survey.instrument import read_instrument
    >>> found = variables(read_instrument("data/anes96/survey.yml"))
    >>> found[6].column, found[6].label
    ('selfLR', 'The respondent')
    """
    found = []
    for item in instrument.items:
        parts = {"grid": item.statements, "multi": item.options}.get(item.type) or [None]
        answers = zip(item.answer_columns().items(), parts, strict=True)
        found += [Variable(name, column, item, part) for (name, column), part in answers]
        beside = [option for option in item.options if option.text]
        texts = zip(item.text_columns().items(), beside, strict=True)
        found += [Variable(name, column, item, option, text=True) for (name, column), option in texts]
    return found


def described(name):
    """What a column holds, as far as its name says; its own heading is the last resort.

    Examples
    --------
    >>> described("kappa_low"), described("half up")
    ("Cohen's kappa: lower end of its interval", 'As the heading says: half up')
    """
    for end, what in ENDS.items():
        stem = name.removesuffix(end)
        if stem != name and stem in OF_TABLES:
            return OF_TABLES[stem] + what
    return OF_TABLES.get(name, f"As the heading says: {name}")
