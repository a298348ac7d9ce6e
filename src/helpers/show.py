"""Showing: what a cell displays, records and saves."""

import html
from dataclasses import dataclass, field

import pandas as pd
from IPython.display import HTML, Markdown, display

from compendium.figures.style import Picture, screen
from compendium.files import write_json, write_table
from compendium.results import record
from compendium.statistics.display import headed


@dataclass
class View:
    """Something that a study answers: it shows itself, and holds the facts that it shows.

    Attributes
    ----------
    study : OpenStudy
    parts : list
        What the reader sees, in order: Markdown (str), tables, pictures, folded details.
    frame : pandas.DataFrame or None
        The same as tidy data, one row an observation; percents from 0 to 100.
    records : list of dict
        Named results, as `compendium.results.record` takes them, that `show` records.
    tables, review : dict of str to pandas.DataFrame
        Tables that `show` writes as CSV, by file name without the chapter's number; those under
        `review` hold single answers and are never published.
    files : dict of str to object
        Tables that `show` writes as JSON.
    """

    study: object = field(repr=False)
    parts: list = field(default_factory=list)
    frame: pd.DataFrame | None = None
    records: list = field(default_factory=list)
    tables: dict = field(default_factory=dict)
    review: dict = field(default_factory=dict)
    files: dict = field(default_factory=dict)

    def _ipython_display_(self):
        for part in self.parts:
            _display(part)

    def keep(self):
        """Record the results and save tables and pictures, in a study open for a chapter."""
        study = self.study
        if study.chapter is None:
            return
        study.clear(self.records, self.tables.values())
        said = {"weighted": False} if study.instrument.weighs else {}
        for fields in self.records:
            if fields["id"] not in study.results:  # a sibling table shows it too
                record(study.results, **said | fields)
        for place, tables in (("tables", self.tables), ("review", self.review)):
            for name, table in tables.items():
                write_table(study.out / place / f"{study.number}_{name}.csv", table)
        for name, content in self.files.items():
            write_json(study.out / "tables" / f"{study.number}_{name}.json", content)
        for picture in _pictures(self.parts) if study.pictures else ():
            study.save_picture(picture)


@dataclass
class Folded:
    """Details under a line that a click opens."""

    line: str
    parts: list

    def _ipython_display_(self):
        inside = "".join(_html(part) for part in self.parts)
        display(HTML(f"<details><summary>{html.escape(self.line)}</summary>{inside}</details>"))


def show(*views):
    """Display each view; where the study is open for a chapter, record and save what it holds.

    Parameters
    ----------
    *views : View, str, table or picture
        What a study answers; text is Markdown.

    Examples
    --------
    >>> from helpers import open_study
    >>> study = open_study("anes96")
    >>> # Not run: outside a notebook it prints where objects lie in memory.
    >>> show(study.shares("intended"))  # doctest: +SKIP
    """
    for view in views:
        if isinstance(view, View):
            view.keep()
        _display(view)


def _display(part):
    if isinstance(part, str):
        display(Markdown(part))
    elif isinstance(part, Picture):
        if part.shown:
            data, metadata = screen(part)
            display(data, raw=True, metadata=metadata)
    elif part is not None:
        display(headed(part))


def _pictures(parts):
    for part in parts:
        if isinstance(part, Picture):
            if part.saved:
                yield part
        elif isinstance(part, Folded):
            yield from _pictures(part.parts)


def _html(part):
    """A part inside folded details: a table, or a paragraph of plain text."""
    return f"<p>{html.escape(part)}</p>" if isinstance(part, str) else headed(part).to_html()
