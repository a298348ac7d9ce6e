"""The page of `make studies`: what each study gave, what was refused, and waves side by side."""

import pandas as pd

from compendium.publishing.manuscript import rendered
from compendium.studies.waves import KEYS
from compendium.wording import MARK, number

WIDE, HIGH = 120, 56  # of a small picture


def page(found, surveys):
    """All of a list on one page, as HTML.

    Parameters
    ----------
    found : list of dict
        As `examined.examine` leaves it.
    surveys : list of waves.Survey

    Returns
    -------
    str
    """
    return rendered(
        "studies.html.j2", found=found, surveys=[_survey(survey) for survey in surveys], mark=MARK
    )


def _survey(survey):
    rows = [_row(survey, trend) for trend in survey.trends.to_dict("records")]
    for before, row in zip([None, *rows], rows, strict=False):
        row["first"] = before is None or before["item"] != row["item"]
    tests = [] if survey.trends.empty else [t for t in survey.trends["test"].unique() if t != "none"]
    return vars(survey) | {"rows": rows, "tests": tests or ["none could be made"]}


def _row(survey, trend):
    """A trend with what each wave shows, and where that lies in the small picture."""
    points = survey.points
    same = (points[KEYS] == pd.Series(trend)[KEYS]).all(axis=1)
    cells = {cell["wave"]: cell for cell in points[same].to_dict("records")}
    told = [cell for cell in cells.values() if not cell["shown"] and pd.notna(cell["value"])]
    bottom, top = 0, 100
    if trend["kind"] == "mean" and told:
        bottom, top = min(cell["low"] for cell in told), max(cell["high"] for cell in told)
    start, end = survey.times[0], survey.times[-1]

    def across(time):
        return round(WIDE * (time - start) / (end - start), 1)

    def up(value):
        return round(HIGH * (1 - (value - bottom) / ((top - bottom) or 1)), 1)

    marks = [{"x": across(cell["wave"]), "y": up(cell["value"]), "low": up(cell["low"]),
              "high": up(cell["high"])} for cell in told]  # fmt: skip
    said = ", ".join(f"{cell['wave']:g}: {number(float(cell['value']))}" for cell in told)
    return trend | {"cells": [cells.get(time) for time in survey.times], "marks": marks, "said": said}
