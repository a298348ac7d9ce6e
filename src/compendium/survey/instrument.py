"""The instrument of a study: its questionnaire and analysis plan, as ``survey.yml`` states them.

One typed object holds questions, options, skip logic, exclusions and plan, so that a question, its
column and its test cannot drift apart.
"""

from typing import Annotated, Literal

import pydantic

from compendium.models import Model, read_model
from compendium.survey.plan import Id, Multiverse, Reason, Topic
from compendium.survey.validation import check_all
from compendium.wording import did_you_mean

Some = Annotated[list[Id], pydantic.Field(min_length=1)]
ITEM_TYPES = Literal["single", "multi", "scale", "grid", "number", "text", "consent", "screening"]
METHODS = Literal[
    "share", "association", "trend", "grid", "ordinal_regression", "contrast", "published", "themes"
]


class Option(Model):
    """A response option, a point of a scale, or a statement of a grid."""

    id: Id
    label: str
    value: str | None = None
    column: str | None = None
    also: list[str] = []
    text: bool = False
    exclusive: bool = False

    @property
    def raw(self):
        """The text of this option in the export, its `value` or else its label."""
        return self.label if self.value is None else self.value


class Group(Model):
    """Options counted together, such as the top two points of a scale."""

    id: Id
    label: str
    options: Some


class Scale(Model):
    """Ordered points; *don't know* is kept off them."""

    points: list[Option]
    dont_know: list[Option] = []
    groups: list[Group] = []


class Condition(Model):
    """Skip logic: the item is asked of those who chose any of these options of another item."""

    item: Id
    any: Some


class Item(Model):
    """One question of the questionnaire."""

    id: Id
    section: Id
    type: ITEM_TYPES
    question: str
    column: str | None = None
    options: list[Option] = []
    points: list[Option] = []
    scale: Id | None = None
    dont_know: list[Option] = []
    statements: list[Option] = []
    groups: list[Group] = []
    asked_if: Condition | None = None
    missing: list[str] = []
    identifying: bool = False
    decided: list[str] = []
    unit: str | None = None
    minimum: float | None = None
    maximum: float | None = None

    @property
    def choices(self):
        """Options or scale points, in the order of the questionnaire, without *don't know*."""
        return self.points or self.options

    @property
    def unsure(self):
        """The *don't know* of this item, several as one: they are kept apart on no table."""
        if len(self.dont_know) < 2:
            return self.dont_know
        label = " / ".join(option.label for option in self.dont_know)
        return [self.dont_know[0].model_copy(update={"label": label})]

    @property
    def key(self):
        """Section and item, the first two parts of the ids of this item's results."""
        return self.key_of(self.id)

    def key_of(self, column):
        """What the ids of a column's results start with; the column is named as in the answers."""
        return f"{self.section}.{column}"

    def columns(self):
        """Columns in the export, by the name they have in the answers.

        Returns
        -------
        dict of str to str
            ``concept -> concept``; for a grid or multi-response ``terms.badge -> terms_badge``; for
            the text beside an option ``benefits.other.text -> benefits_other_text``.
        """
        return self.answer_columns() | self.text_columns()

    def answer_columns(self):
        """The same, without the texts beside options."""
        parts = {"grid": self.statements, "multi": self.options}.get(self.type)
        if parts is None:
            return {self.id: self.column or self.id}
        return {f"{self.id}.{p.id}": p.column or f"{self.id}_{p.id}" for p in parts}

    def text_columns(self):
        """The same, of the texts beside options only."""
        return {f"{self.id}.{o.id}.text": f"{self.id}_{o.id}_text" for o in self.options if o.text}

    def members(self, of):
        """Ids of the options that `of`, an option's or a group's id, stands for."""
        groups = {group.id: group.options for group in self.groups}
        return groups.get(of, [of])

    def pair_names(self, of):
        """Names of the four counts of two options that one respondent can tick.

        Both, the first, the second, neither; `disclosure.counts` counts them.
        """
        kinds = ("both", "first", "second", "neither")
        return [f"{kind}:{self.key}.{of[0]}.{of[1]}" for kind in kinds]

    def label_of(self, of):
        """Label of an option, a *don't know* or a group of this item."""
        return next(x.label for x in [*self.choices, *self.dont_know, *self.groups] if x.id == of)


class ThemeItem(Item):
    """A theme of the codebook as a multi-response item: its codes are the options.

    It is no question: `themes.with_themes` adds it to what a study counts. Its id is ``themes.cost``,
    with the dot that no item of a questionnaire can have.
    """

    id: str

    def key_of(self, column):
        """The column's name as it is: ``themes.cost``."""
        return column


class Section(Model):
    """A part of the questionnaire; `background` sections describe the respondents."""

    id: Id
    title: str
    background: bool = False


class Exclusion(Model):
    """A reason for which a row is left out of the analysis."""

    reason: Literal["no_consent", "screened_out", "empty", "duplicate"]
    label: str
    item: Id | None = None
    keep: list[Id] = []
    column: str | None = None


class Disclosure(Model):
    """What may be shown of few or of identifiable people."""

    minimum_cell: Annotated[int, pydantic.Field(ge=1, le=1000)] = 5
    protect: Literal["collected", "always"] = "collected"
    names: list[str] = []


class Weights(Model):
    """Columns that say how respondents were drawn, and how many each stands for.

    `file` holds the weights where the responses do not (columns `respondent` and `column`). Without a
    `column` there are no weights, and `population` is all that is known.
    `population` is the size of a finite population, in each stratum: a column, or a number where
    nothing is stratified; of clusters where `clusters` is given.
    """

    column: str | None = None
    file: str | None = None
    strata: str | None = None
    clusters: str | None = None
    population: pydantic.PositiveInt | str | None = None

    def in_responses(self):
        """Columns that stand in the responses."""
        named = [None if self.file else self.column, self.strata, self.clusters, self.population]
        return [column for column in named if isinstance(column, str)]


class Words(Model):
    """How the prose of the notebooks names the study's people and subject."""

    respondent: str = "respondent"
    respondents: str = "respondents"
    concept: str = "the subject of the survey"


class Question(Model):
    """One research question of the plan, bound to its items, its method and its family.

    The method ``themes`` is about all open answers together, so it names no `item`. `equivalence` is
    the smallest effect that would matter: a difference of shares as a proportion (``association`` of
    two groups, ``contrast``), τ-b (``trend``) or a rank-biserial correlation (``grid``). `table` is
    what the study calls its table of this question; it stands behind the question once the file is
    read.
    """

    id: Id
    question: str
    method: METHODS
    item: Id | None = None
    of: Id | list[Id] | None = None
    by: list[Id] = []
    rows: list[Id] = []
    family: Id | None = None
    published: str | None = None
    equivalence: Annotated[float, pydantic.Field(gt=0, lt=1)] | None = None
    table: str | None = None


class Plan(pydantic.RootModel[list[Question]], frozen=True):
    """The questions that were planned, in their order.

    Examples
    --------
    >>> plan = read_instrument("data/anes96/survey.yml").plan
    >>> len(plan), [question.item for question in plan.of("share")]
    (6, ['party'])
    >>> plan["model"].method
    'ordinal_regression'
    """

    def __iter__(self):
        return iter(self.root)

    def __len__(self):
        return len(self.root)

    def __getitem__(self, asked):
        """A question by its id or its position; a question is itself."""
        if isinstance(asked, Question):
            return asked
        named = {question.id: question for question in self.root}
        if isinstance(asked, str) and asked not in named:
            raise KeyError(f"The plan has no question '{asked}'{did_you_mean(asked, [*named])}.")
        return named[asked] if isinstance(asked, str) else self.root[asked]

    def _ipython_key_completions_(self):
        return [question.id for question in self.root]

    def of(self, *methods):
        """Questions that one of these methods answers."""
        return [question for question in self.root if question.method in methods]


class Instrument(Model):
    """The whole of ``survey.yml``."""

    title: str
    about: str = ""
    reconstruction: str = ""
    affiliation: str = ""
    contact: str = ""
    address: str = ""
    provenance: Literal["synthetic", "collected"]
    licence: str
    words: Words = Words()
    responses: str = "responses.csv"
    respondent: str | None = None
    submitted: str | None = None
    weights: Weights | None = None
    exclude: list[Exclusion] = []
    disclosure: Disclosure = Disclosure()
    decided: list[str] = []
    reporting: dict[Id, str] = {}
    not_reported: dict[Id, str] = {}
    scales: dict[Id, Scale] = {}
    sections: list[Section]
    items: list[Item]
    plan: Plan = Plan([])
    amendments: dict[Id, Reason] = {}
    integration: list[Topic] = []
    multiverse: Multiverse | None = None
    _written: Plan | None = pydantic.PrivateAttr(None)

    @property
    def written(self):
        """The plan in its own words, before tables are named behind its questions."""
        return self._written or self.plan

    @property
    def protects(self):
        """Whether small counts are withheld: people are protected, and answers made up have none."""
        return self.provenance == "collected" or self.disclosure.protect == "always"

    @property
    def minimum(self):
        """Smallest count that may be shown; 1 where there is nobody to protect."""
        return self.disclosure.minimum_cell if self.protects else 1

    @property
    def weighs(self):
        """Whether respondents have weights; a population without a column gives none."""
        return self.weights is not None and self.weights.column is not None

    @property
    def population(self):
        """How many people respondents were drawn from, each alike; None where that is not known."""
        drawn = self.weights
        if drawn is None or drawn.strata or drawn.clusters or isinstance(drawn.population, str):
            return None
        return drawn.population

    @property
    def licensed(self):
        """Whether a licence is stated; an untouched draft says *Not stated*."""
        return self.licence.strip().casefold() not in ("", "not stated")

    def protecting(self, protect):
        """The same instrument with another say about whom to protect."""
        disclosure = self.disclosure.model_copy(update={"protect": protect})
        return self.model_copy(update={"disclosure": disclosure})

    @pydantic.field_validator("weights", mode="before")
    @classmethod
    def _weights_in_short(cls, given):
        """A name alone is that of the column."""
        return {"column": given} if isinstance(given, str) else given

    def beside_answers(self):
        """Columns of the responses that hold no answers but say when and how respondents were drawn."""
        weights = self.weights.in_responses() if self.weights else []
        return [*weights, *([self.submitted] if self.submitted else [])]

    def item(self, id):
        """The item with this id."""
        return next(item for item in self.items if item.id == id)

    def of_type(self, *types):
        """Items of these types, in the order of the questionnaire."""
        return [item for item in self.items if item.type in types]

    def themes(self):
        """Themes of the codebook, once `themes.with_themes` has added them."""
        return [item for item in self.items if isinstance(item, ThemeItem)]

    def background(self):
        """Items of the sections that describe the respondents."""
        sections = {section.id for section in self.sections if section.background}
        return [item for item in self.items if item.section in sections]

    def substantive(self):
        """Items that can be answered: all but consent and screening."""
        return [item for item in self.items if item.type not in ("consent", "screening")]


def read_instrument(path):
    """Read and check a ``survey.yml``.

    Parameters
    ----------
    path : str or pathlib.Path
        The file.

    Returns
    -------
    Instrument
        The questionnaire; the points, *don't know* and groups of each named scale stand in the items
        that use it.

    Raises
    ------
    ValueError
        When the file cannot be read, has a key that is not known or lacks one, or when an item, an
        option, a scale or a section is named that does not exist.

    Examples
    --------
    >>> instrument = read_instrument("data/anes96/survey.yml")
    >>> instrument.provenance, instrument.item("left_right").columns()["left_right.self"]
    ('collected', 'selfLR')
    """
    return checked(path, read_model(path, Instrument))


def checked(path, instrument):
    """An instrument with the points of named scales in its items, once all that it names exists."""
    try:
        instrument = _with_scales(instrument)
        check_all(instrument)
        instrument = _with_tables(instrument)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    return instrument


def _with_tables(instrument):
    """Name the published table behind its question: one of made-up answers does not pass for it."""
    end = ", illustrative" if instrument.provenance == "synthetic" else ""
    plan = [
        q.model_copy(update={"question": f"{q.question} ({q.table}{end})"}) if q.table else q
        for q in instrument.plan
    ]
    named = instrument.model_copy(update={"plan": Plan(plan)})
    named._written = instrument.plan
    return named


def _with_scales(instrument):
    """Put the points of each named scale into the items that use it."""
    items = []
    for item in instrument.items:
        if item.scale is not None:
            if item.scale not in instrument.scales:
                known = ", ".join(instrument.scales) or "none"
                raise ValueError(
                    f"items > {item.id}: there is no scale '{item.scale}' (known: {known}); "
                    "add it under 'scales'."
                )
            scale = instrument.scales[item.scale]
            item = item.model_copy(
                update={
                    "points": scale.points,
                    "dont_know": [*scale.dont_know, *item.dont_know],
                    "groups": [*scale.groups, *item.groups],
                }
            )
        items.append(item)
    return instrument.model_copy(update={"items": items})
