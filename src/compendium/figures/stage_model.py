"""A model of stages in which two partners work together: what `model.yml` says of it, and its drawing.

Two layouts: a wide one for posters and slides, and a narrow one for a column of a journal; each in
colour and in greys that are chosen, not left to the printer. Coordinates are inches.
"""

from typing import Annotated

import pandas as pd
import pydantic
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Polygon
from matplotlib.path import Path

from compendium.figures.style import INK, Picture, frame, readable, wrap
from compendium.models import Model, read_model
from compendium.survey.instrument import Id
from compendium.wording import number

WIDE, COLUMN = 10.7, 3.35  # inches: landscape A4 within its margins, and one column of a journal
# Tint and strong colour of each partner, the colour of the path, and that of its outcomes' letters.
COLOUR = {
    "business": ("#fcefe3", "#8f3a12"), "university": ("#e3eff7", "#0b4f79"),
    "path": "#1c5c48", "soft": "#cfe3da",
}  # fmt: skip
GREYS = {
    "business": ("#f3f3f3", "#333333"), "university": ("#dcdcdc", "#333333"),
    "path": "#3d3d3d", "soft": "#d5d5d5",
}  # fmt: skip

Text = Annotated[str, pydantic.Field(min_length=1)]


class Evidence(Model):
    """A result that bears on a stage, and how it is worded after the number."""

    result: Annotated[str, pydantic.Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)+$")]
    says: Text


class Stage(Model):
    """One stage: what each partner does, what comes of it, which results and codes bear on it."""

    id: Id
    name: Text
    purpose: Text
    business: Text
    university: Text
    output: Text
    evidence: list[Evidence] = []
    codes: list[Id] = []


class Step(Model):
    """A step of a published model, and the stage that it is nearest to, where there is one."""

    name: Text
    stage: Id | None = None


class PublishedModel(Model):
    """A model of others: its steps, what it has that the stages lack, and what it lacks."""

    name: Text
    source: Text
    steps: Annotated[list[Step], pydantic.Field(min_length=1)]
    has: Text
    lacks: Text


class StageModel(Model):
    """The whole of ``model.yml``."""

    title: Text
    reconstruction: Text
    business: Text
    university: Text
    output: Text
    loop: Text
    stages: Annotated[list[Stage], pydantic.Field(min_length=3, max_length=7)]
    published: list[PublishedModel] = []


def read_stages(path, codes=None):
    """Read and check a ``model.yml``.

    Parameters
    ----------
    path : str or pathlib.Path
    codes : collection of str, optional
        Ids of the codebook's codes; without them the codes of the stages are not checked.

    Returns
    -------
    StageModel

    Raises
    ------
    ValueError
        As `files.read_model`; and when an id stands twice, a code is none of the codebook's, or a
        step of a published model names no stage.

    Examples
    --------
    >>> model = read_stages("data/microcredentials/model.yml")
    >>> len(model.stages), "reconstruction" in model.reconstruction
    (5, True)
    """
    model = read_model(path, StageModel)
    seen = set()
    for stage in model.stages:
        if stage.id in seen:
            raise ValueError(f"{path}: stages: '{stage.id}' stands twice; give each its own id.")
        seen.add(stage.id)
        for code in stage.codes:
            if codes is not None and code not in codes:
                raise ValueError(f"{path}: stages > {stage.id} > codes: the codebook has no code "
                                 f"'{code}'; use one of its ids.")  # fmt: skip
    for other in model.published:
        for step in other.steps:
            if step.stage is not None and step.stage not in seen:
                raise ValueError(f"{path}: published > {other.name}: '{step.stage}' is no stage; use "
                                 f"one of {', '.join(seen)}, or leave it out.")  # fmt: skip
    return model


def beside_published(model):
    """The stages beside the steps of published models, and what each of those has and lacks.

    Parameters
    ----------
    model : StageModel

    Returns
    -------
    pandas.DataFrame
        Text: a row a stage, then steps that are near none, what a model has, what it lacks, and its
        source; a column a model.
    """
    rows = {stage.id: stage.name for stage in model.stages}
    columns = {}
    for other in model.published:
        near = {id: [step.name for step in other.steps if step.stage == id] for id in [*rows, None]}
        steps = ["\n".join(names) or "–" for names in near.values()]
        columns[other.name] = [*steps, other.has, other.lacks, other.source]
    heads = [*rows.values(), "near no stage", "What it has", "What it lacks", "Source"]
    return pd.DataFrame({"Stage": heads} | columns)


def model_pictures(model):
    """The model for a poster and for a column of a journal, each in colour and in grey.

    Parameters
    ----------
    model : StageModel

    Returns
    -------
    list of Picture
        No numbers stand on them: a model and what bears on it are two things. The grey ones are
        saved, not shown.
    """
    said = [
        f"Stage {k}, {s.name}: {s.purpose} {model.business}: {s.business} "
        f"{model.university}: {s.university} {model.output}: {s.output}."
        for k, s in enumerate(model.stages, 1)
    ]
    alt = f"{' '.join(said)} From the last stage back to the first: {model.loop}."
    return [
        Picture(figure, f"model_{layout}{end}", model.reconstruction, alt, shown=not end)
        for end, palette in (("_grey", GREYS), ("", COLOUR))
        for layout, figure in (
            ("wide", draw_wide(model, palette)),
            ("column", draw_column(model, palette)),
        )
    ]


def evidence(source, model):
    """What bears on each stage: stage, what the figure says, percent and result, as text."""
    percent = {
        row.result: row.shown or f"{number(float(row.percent), 0)}%"
        for row in _bearing(source, model).itertuples()
    }
    rows = [
        (f"{k} {s.name}", e.says, percent.get(e.result, "not among the results"), e.result)
        for k, s in enumerate(model.stages, 1)
        for e in s.evidence
    ]
    return pd.DataFrame(rows, columns=["Stage", "What bears on it", "Percent", "Result"])


def _bearing(source, model):
    ids = [(f"{s.name}: {e.says}", e.result) for s in model.stages for e in s.evidence]
    return source.gather(ids)


def draw_wide(model, palette):
    """Draw the model as a path from left to right.

    Parameters
    ----------
    model : StageModel
    palette : dict
        `COLOUR` or `GREYS`.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = frame(model.title, model.reconstruction, False, height=4.5, width=WIDE)
    figure.texts[0].set_size(15)
    figure.texts[1].set_y(figure.texts[1].get_position()[1] - 0.08 / figure.get_figheight())
    top = _canvas(figure, axes) - 0.02
    left, step = 1.42, (WIDE - 0.5 - 1.42) / len(model.stages)
    lane, path = 0.76, 1.62
    heights = {"business": top - lane, "path": top - lane - 0.16 - path}
    heights["university"] = heights["path"] - 0.16 - lane
    for partner in ("business", "university"):
        tint, strong = palette[partner]
        _box(axes, 0.42, heights[partner], WIDE - 0.84, lane, tint)
        label = getattr(model, partner)
        _say(axes, 0.55, heights[partner] + lane / 2, label, 10, weight="bold", color=strong)
    middle = heights["path"] + path / 2
    _say(axes, 0.55, middle + 0.17, model.output, 10, weight="bold", color=palette["path"])
    for k, stage in enumerate(model.stages):
        x = left + k * step
        _chevron(axes, x, heights["path"], step - 0.07, path, palette["path"])
        _stage(axes, stage, k + 1, x + 0.24, heights["path"], step - 0.42, path, palette)
        for partner, tip in (("business", -1), ("university", 1)):
            text = wrap(getattr(stage, partner), step - 0.28, 8.5)
            _say(axes, x + 0.24, heights[partner] + lane - 0.14, text, va="top")
            edge = heights[partner] if tip < 0 else heights[partner] + lane
            _notch(axes, x + 0.34, edge, tip, palette[partner][1])
    low = heights["university"] - 0.28
    right = WIDE - 0.2
    around = [(right - 0.36, middle), (right, middle), (right, low), (0.2, low), (0.2, middle)]
    _route(axes, [*around, (left + 0.15, middle)], palette["path"])
    _loop_label(axes, WIDE / 2, low, model.loop, palette)
    return figure


def _stage(axes, stage, number, x, y, width, height, palette):
    """What stands in a chevron: number, name, purpose, and what comes of the stage."""
    on = readable(palette["path"])
    top = y + height - 0.12
    _say(axes, x, top, f"{number}", 19, weight="bold", color=palette["soft"], va="top")
    name = wrap(stage.name, width - 0.3, 10, "bold", most=2)
    _say(axes, x + 0.26, top - 0.01, name, 10, weight="bold", color=on, va="top", spacing=1.25)
    purpose = wrap(stage.purpose, width, 8.5)
    _say(axes, x, top - 0.43, purpose, color=on, va="top", spacing=1.28)
    output = wrap(stage.output, width - 0.1, 8.5, "bold", most=2)
    _box(axes, x - 0.06, y + 0.13, width, 0.4, "#ffffff")
    centre = {"ha": "center", "weight": "bold", "color": palette["path"], "spacing": 1.3}
    _say(axes, x - 0.06 + width / 2, y + 0.325, output, **centre)


def draw_column(model, palette):
    """Draw the model as a path from top to bottom, for one column of a page."""
    pitch, stages = 1.37, len(model.stages)
    figure, axes = frame(
        model.title, model.reconstruction, False, height=0.82 + pitch * stages, width=COLUMN
    )
    top, left, width = _canvas(figure, axes), 0.05, COLUMN - 0.4
    half = (width - 0.05) / 2
    for partner, x in (("business", left), ("university", left + half + 0.05)):
        tint, strong = palette[partner]
        _box(axes, x, top - 0.24, half, 0.22, tint)
        look = {"ha": "center", "weight": "bold", "color": strong}
        _say(axes, x + half / 2, top - 0.135, getattr(model, partner), 9, **look)
    for k, stage in enumerate(model.stages):
        y = top - 0.3 - k * pitch
        _step(axes, stage, k + 1, left, y, width, palette)
        if k + 1 < stages:
            _notch(axes, left + width / 2, y - 1.26, -1, palette["path"])
    first, last, right = top - 0.5, top - 1.44 - pitch * (stages - 1), COLUMN - 0.13
    around = [(left + width - 0.3, last), (right, last), (right, first), (left + width, first)]
    _route(axes, around, palette["path"])
    _loop_label(axes, right, (first + last) / 2, model.loop, palette, rotation=90)
    return figure


def _step(axes, stage, number, left, top, width, palette):
    """One stage of the narrow layout: its bar, what each partner does, and what comes of it."""
    on, half = readable(palette["path"]), (width - 0.05) / 2
    _box(axes, left, top - 0.4, width, 0.4, palette["path"])
    _say(axes, left + 0.09, top - 0.205, f"{number}", 17, weight="bold", color=palette["soft"])
    _say(axes, left + 0.34, top - 0.12, stage.name, 9.5, weight="bold", color=on)
    _say(axes, left + 0.34, top - 0.285, wrap(stage.purpose, width - 0.38, 8, most=1), 8, color=on)
    for partner, x in (("business", left), ("university", left + half + 0.05)):
        _box(axes, x, top - 1.11, half, 0.68, palette[partner][0])
        _say(axes, x + 0.07, top - 0.52, wrap(getattr(stage, partner), half - 0.12, 8), 8, va="top")
    _box(axes, left + 0.3, top - 1.25, width - 0.6, 0.22, "#ffffff", palette["path"])
    output = wrap(stage.output, width - 0.66, 8, "bold", most=1)
    centre = {"ha": "center", "weight": "bold", "color": palette["path"]}
    _say(axes, left + width / 2, top - 1.145, output, 8, **centre)


def _say(axes, x, y, text, size=8.5, va="center", spacing=1.36, **look):
    """Write line by line, on even baselines; matplotlib's own lines shift with their descenders."""
    lines, capital = text.split("\n"), 0.73 * size / 72
    pitch = spacing * size / 72
    top = y if va == "top" else y + ((len(lines) - 1) * pitch + capital) / 2
    for k, line in enumerate(lines):
        axes.text(x, top - capital - k * pitch, line, size=size, **{"color": INK} | look)


def _canvas(figure, axes):
    """Make inches the coordinates of the whole figure; returns where its heading ends."""
    width, height = figure.get_size_inches()
    figure.set_layout_engine("none")
    axes.set_position([0, 0, 1, 1])
    axes.set(xlim=(0, width), ylim=(0, height))
    axes.set_axis_off()
    base = figure.texts[1]
    return base.get_position()[1] * height - 0.15 * (base.get_text().count("\n") + 1) - 0.1


def _box(axes, x, y, width, height, face, edge="none"):
    axes.add_patch(FancyBboxPatch(
        (x + 0.05, y + 0.05), width - 0.1, height - 0.1, boxstyle="round,pad=0.05,rounding_size=0.06",
        fc=face, ec=edge, lw=1.1,
    ))  # fmt: skip


def _chevron(axes, x, y, width, height, colour, tip=0.16):
    corners = [
        (x, y), (x + width - tip, y), (x + width, y + height / 2), (x + width - tip, y + height),
        (x, y + height), (x + tip, y + height / 2),
    ]  # fmt: skip
    axes.add_patch(Polygon(corners, closed=True, fc=colour, ec=colour, lw=2, joinstyle="round"))


def _notch(axes, x, y, tip, colour):
    """A small triangle that points up (`tip` 1) or down (-1) from an edge."""
    corners = [(x - 0.08, y), (x + 0.08, y), (x, y + 0.1 * tip)]
    axes.add_patch(Polygon(corners, closed=True, fc=colour, ec="none"))


def _route(axes, points, colour, radius=0.12):
    """A line with round corners and an arrow at its end."""
    vertices, codes = [points[0]], [Path.MOVETO]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        vertices += [_towards(corner, before, radius), corner, _towards(corner, after, radius)]
        codes += [Path.LINETO, Path.CURVE3, Path.CURVE3]
    path = Path([*vertices, points[-1]], [*codes, Path.LINETO])
    look = {"arrowstyle": "-|>,head_width=3.5,head_length=6", "lw": 2, "color": colour}
    axes.add_patch(FancyArrowPatch(path=path, **look))


def _towards(start, end, distance):
    """The point so far from one towards another; lines run along the axes."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = abs(dx) + abs(dy)
    return start[0] + dx / length * distance, start[1] + dy / length * distance


def _loop_label(axes, x, y, text, palette, rotation=0):
    axes.text(x, y, text, size=8.5, weight="bold", color=palette["path"], ha="center", va="center",
              rotation=rotation, bbox={"fc": "white", "ec": "none", "pad": 3})  # fmt: skip
