"""Open a study and ask it."""

from dataclasses import replace
from functools import cached_property
from pathlib import Path

from compendium.coding.codings import load_coding
from compendium.coding.themes import with_themes
from compendium.disclosure.counts import read_or_decide
from compendium.figures.style import save_figure, use_style
from compendium.lessons.explore import explorer
from compendium.lessons.table import checked
from compendium.results import read_results, write_answer, write_results
from compendium.survey.freeze import standing
from compendium.survey.instrument import read_instrument
from compendium.survey.study import interpret, read_responses
from compendium.wording import notice, plain, use_tables
from helpers.claims import Claims
from helpers.items import Items
from helpers.pictures import Pictures
from helpers.planned import Planned
from helpers.responses import Responses
from helpers.shares import Asking
from helpers.show import View
from helpers.texts import Texts

HERE = Path(__file__).resolve().parents[2]


def open_study(
    name, data_dir=None, out_dir=None, figures_dir=None, chapter=None, seed=20240613,
    confidence=0.95, resamples=2000, protect="",
):  # fmt: skip
    """Open a study to ask it.

    Parameters
    ----------
    name : str
        The study's folder, such as ``"anes96"``.
    data_dir, out_dir, figures_dir : str or pathlib.Path, optional
        Where studies lie, and where results and pictures go: ``data/`` and ``build/scratch/`` of
        this compendium. With an empty `figures_dir` no picture is saved.
    chapter : str, optional
        The notebook, such as ``"1_responses"``, that results, tables and pictures are written for;
        without it nothing is written.
    seed : int
        For everything that is drawn at random.
    confidence : float
        Level of all intervals, a proportion.
    resamples : int
        Bootstrap samples of each effect size.
    protect : str
        ``always`` withholds small counts whatever the answers; empty: as ``survey.yml`` says.

    Returns
    -------
    OpenStudy

    Raises
    ------
    ValueError
        When the study's files do not fit; the message names the file, the row and the remedy.

    Examples
    --------
    >>> study = open_study("anes96")
    >>> study.items.party.question[:23]
    'Party identification of'
    """
    use_tables()
    use_style()
    scratch = HERE / "build" / "scratch"
    return OpenStudy(
        name, Path(data_dir or HERE / "data"), Path(out_dir or scratch),
        scratch / "figures" if figures_dir is None else figures_dir and Path(figures_dir),
        chapter, seed, confidence, resamples, protect,
    )  # fmt: skip


class OpenStudy(Asking, Responses, Planned, Pictures, Claims, Texts):
    """A study that answers: its items, what was chosen, what was said, what was planned.

    Every method returns a view, which shows itself and holds tidy data under `.frame`.

    Attributes
    ----------
    name, chapter : str
    folder, out, pictures : pathlib.Path
        Where the study lies, and where results and pictures go.
    seed : int
    confidence : float
    results : dict of str to dict
        What this chapter has recorded so far.
    """

    def __init__(
        self, name, data_dir, out_dir, figures_dir, chapter, seed, confidence, resamples, protect
    ):  # fmt: skip
        if protect not in ("", "collected", "always"):
            raise ValueError(f"protect = '{protect}': write 'always', 'collected' or nothing.")
        self.resamples, self.protect = resamples, protect
        self.name, self.chapter, self.seed, self.confidence = name, chapter, seed, confidence
        self.data, self.folder = data_dir, data_dir / name
        self.out, self.pictures = out_dir / name, figures_dir and figures_dir / name
        self.results, self.saved = {}, {}

    @cached_property
    def survey(self):
        """Answers with what each missing one means, checked against the questionnaire."""
        source, raw = read_responses(self.instrument, self.folder)
        return interpret(self.name, self.instrument, source, raw)

    @cached_property
    def coding(self):
        """Open answers, the codebook, who gave which code, and what was settled."""
        return load_coding(self.survey, self.folder)

    @cached_property
    def themed(self):
        """The same study with its themes as items, where its open answers are coded."""
        return with_themes(self.survey, self.coding)

    @cached_property
    def hidden(self):
        """What may not be told, by result id, decided over all that is shown of the study."""
        return read_or_decide(self.out / "suppressed.json", self.themed)  # make leaves it there

    @cached_property
    def instrument(self):
        """The questionnaire and the plan; reading it opens no answers."""
        instrument = read_instrument(self.folder / "survey.yml")
        return instrument.protecting(self.protect) if self.protect else instrument

    @cached_property
    def as_if_real(self):
        """The same study, protected as it would be if the answers were those of people."""
        twin = OpenStudy(
            self.name, self.data, self.out.parent, "", None, self.seed, self.confidence,
            self.resamples, "always",
        )  # fmt: skip
        twin.survey, twin.coding = replace(self.survey, instrument=twin.instrument), self.coding
        return twin

    @property
    def words(self):
        """How the study names its respondents and its subject."""
        return self.instrument.words

    @property
    def plan(self):
        """The planned questions; ``plan.of("association")`` are those that a method answers."""
        return self.instrument.plan

    @cached_property
    def frozen(self):
        """How the plan stands to what was frozen of it."""
        return standing(self.instrument, self.folder)

    @property
    def n(self):
        """How many respondents are analysed."""
        return self.survey.n

    @property
    def synthetic(self):
        """Whether ``provenance`` in ``survey.yml`` says so."""
        return self.instrument.provenance == "synthetic"

    @cached_property
    def items(self):
        """What was asked: a table; Tab completes the ids."""
        return Items(self.instrument)

    @property
    def number(self):
        """The chapter's number, which its files begin with."""
        return self.chapter.partition("_")[0]

    @property
    def places(self):
        """Where chapters left results and tables: what `make` left, and over it a trial run."""
        scratch = self.out.parent.name == "scratch"
        return [self.out.parents[1] / self.name, self.out] if scratch else [self.out]

    @cached_property
    def recorded(self):
        """Results of all chapters."""
        found = {}
        for place in self.places:
            if (place / "results").is_dir():
                found |= read_results(place / "results")
        return found

    def headline(self, answer):
        """Title, what kind of answers these are, and the answer of the chapter in short."""
        title, about = plain(self.instrument.title), plain(self.instrument.about)
        told = notice(self.instrument)
        return View(self, [f"## {title}\n\n{about}\n\n{told}\n\n**In short.** {answer}"])

    def conclude(self, answer):
        """The answer of the chapter; where the study is open for a chapter, its results are written."""
        if self.chapter is not None:
            if self.results:  # chapter 4 records none of its own
                write_results(self.out / "results" / f"{self.chapter}.json", self.results)
            write_answer(self.out / "results", self.chapter, answer)
        return View(self, [f"**Answer.** {answer}"])

    def check(self, exercise, answer=None):
        """An exercise such as ``"2.1"`` and, once answered, whether it is right, or the usual mistake.

        Parameters
        ----------
        exercise : str
        answer : float, str or dict, optional
            In the form that the exercise asks for.

        Examples
        --------
        >>> open_study("microcredentials").check("5.2", 90).parts[1]
        '**Not yet.** So many *can* be printed. Those that cannot are asked for.'
        """
        return View(self, checked(self, exercise, answer))

    def explore(self):
        """Choose a question and a breakdown in JupyterLab: chart and table; nothing is written."""
        return explorer(self)

    def save_picture(self, picture):
        """Save a picture once, as SVG and PNG with its words."""
        name = f"{self.number}_{picture.name}"
        save_figure(
            picture.figure, self.pictures, name, picture.caption, picture.alt,
            list(picture.results), self.chapter,
        )  # fmt: skip
        self.saved[name] = picture.table
