"""Trying questions out: choose a question and a breakdown, and see chart and table at once."""

import base64
import html

from compendium.figures.planned import plotted
from compendium.figures.style import screen
from compendium.results import ResultId
from compendium.statistics import display
from compendium.statistics.frequencies import breakdown, distribution
from compendium.survey.answers import COUNTED
from compendium.survey.instrument import ThemeItem

UNDECIDED = "Nobody decided what may be shown of this breakdown, so nothing of it is."


def questions(study):
    """What can be chosen, in the order of the questionnaire, and what was said last.

    Parameters
    ----------
    study : OpenStudy

    Returns
    -------
    dict of str to tuple
        Item and column, by what the question is called; a grid has one a statement.
    """
    found = {}
    for item in study.themed.instrument.items:
        if item.type not in COUNTED:
            continue
        columns = list(item.answer_columns()) if item.type == "grid" else [item.id]
        for column, statement in zip(columns, item.statements or [None], strict=True):
            name = f"{item.question} {statement.label}" if statement else item.question
            theme = isinstance(item, ThemeItem)
            found[f"In their own words: {item.groups[0].label}" if theme else name] = item, column
    return found


def breakdowns(study):
    """Items that answers can be broken down by, by their question: background and plan."""
    asked = {by for question in study.plan for by in question.by}
    asked |= {item.id for item in study.instrument.background()}
    return {i.question: i for i in study.items if i.id in asked and i.type in ("single", "scale")}


def cells(study, item, column, by=None, of=None):
    """The cells of the site's explorer, of the answers at hand; tidy, as from `distribution`.

    Of protected answers only those are there that were decided on.

    Parameters
    ----------
    study : OpenStudy
    item : Item
    column : str
        Of the statement, for a grid.
    by : Item, optional
    of : str, optional
        The option or group that is broken down; needed with `by`.
    """
    if by is None:
        table = distribution(study.themed, item, study.hidden, study.confidence)
        here = [ResultId.read(id).key == item.key_of(column) for id in table["result"]]
    else:
        rows = [part.id for part in [*by.choices, *by.groups]]
        table = breakdown(study.themed, item, of, by, study.hidden, study.confidence, column, rows)
        here = [study.cleared([id]) for id in table["result"]]
    return table[here].reset_index(drop=True)


def drawn(study, name, item, column, by=None, of=None):
    """Chart and table of `cells` as HTML, or why there are none."""
    frame = cells(study, item, column, by, of)
    if frame.empty:
        return f"<p>{UNDECIDED}</p>"
    table = display.shares(frame, confidence=study.confidence).to_html(border=0)
    table = f'<div class="jp-RenderedHTMLCommon">{table}</div>'  # as JupyterLab shows tables
    if frame["percent"].isna().all():
        return table
    title = f"{name} {item.label_of(of)}, by: {by.question}" if by else name
    data, about = screen(plotted(study, item, frame, title))
    png, alt = base64.b64encode(data["image/png"]).decode(), html.escape(about["image/png"]["alt"])
    width = about["image/png"]["width"]
    return f'<img src="data:image/png;base64,{png}" alt="{alt}" width="{width}">{table}'


def explorer(study):
    """Three choices, and below them what they give.

    Parameters
    ----------
    study : OpenStudy

    Returns
    -------
    ipywidgets.VBox
    """
    from ipywidgets import HTML, Dropdown, Layout, VBox  # for this alone

    asked, groups = questions(study), {"everybody": None} | breakdowns(study)

    def answers():
        item, _ = asked[question.value]
        return [(part.label, part.id) for part in [*item.groups, *item.choices]]

    def seen():
        whom = groups[by.value]
        return drawn(study, question.value, *asked[question.value], whom, whom and answer.value)

    def choose(change):
        if change["owner"] is question:
            answer.options = answers()
        answer.disabled = groups[by.value] is None
        if answer.value is not None:  # as it is between two questions
            page.value = seen()

    wide = {"layout": Layout(width="99%")}
    question = Dropdown(options=[*asked], description="Question", **wide)
    by = Dropdown(options=[*groups], description="By", **wide)
    answer = Dropdown(options=answers(), description="Answer", disabled=True, **wide)
    page = HTML(seen())
    for choice in (question, by, answer):
        choice.observe(choose, "value")
    return VBox([question, by, answer, page])
