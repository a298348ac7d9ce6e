"""Surveys made up by hypothesis, written in each platform's shape, imported, and got back whole."""

import random
import shutil
import tempfile
from pathlib import Path

import platform_exports as platforms
import pytest
import table_exports as tables
from described_imports import ROOT, imported
from described_survey import AGREEMENT, FREQUENCY, SATISFACTION, Question, Survey, respondents
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

SHAPES = {
    "qualtrics": (platforms.qualtrics, "a.csv", {}),
    "qualtrics, joined": (platforms.qualtrics, "a.csv", {"split": False, "encoding": "utf-16"}),
    "qualtrics, workbook": (platforms.qualtrics, "a.xlsx", {"ids": False}),
    "limesurvey": (platforms.limesurvey, "a.csv", {"heading": "codetext", "delimiter": ";"}),
    "limesurvey, texts": (platforms.limesurvey, "a.csv", {"heading": "text"}),
    "limesurvey, codes": (platforms.limesurvey, "a.csv", {"full": False, "delimiter": "\t"}),
    "limesurvey, VV": (platforms.limesurvey, "a.txt", {"heading": "vv", "full": False}),
    "msforms": (tables.msforms, "a.xlsx", {}),
    "google": (tables.google, "a.csv", {}),
    "surveymonkey": (tables.surveymonkey, "a.csv", {"encoding": "utf-8-sig"}),
    "jisc": (tables.jisc, "a.csv", {}),
    "spss": (tables.spss, "a.sav", {}),
    "plain": (tables.plain, "a.csv", {"delimiter": ";", "mark": ","}),
    "plain, Parquet": (tables.plain, "a.parquet", {}),
}
LABELS = [
    "Apples", "Pears, ripe and sweet", 'Plums "to go"', "Größe & Länge", "A – B", "100% of it", "=1+1",
    "C#", "日本語", "It's all right", "Don’t ask", "E-mail (at work)", "@home", "O'Neil & Sons",
    "Two  blanks",
]  # fmt: skip
STATEMENTS = ["Trains are quick", 'Buses, they say, are "late"', "=A1", "Über uns", "It's 5% off"]
SCALES = [AGREEMENT, SATISFACTION, FREQUENCY]


def some_of(values, least, most):
    return st.lists(st.sampled_from(values), min_size=least, max_size=most, unique=True).map(tuple)


@st.composite
def surveys(draw, count):
    """A gate first, so that any question after it may be put to some only."""
    gate = Question("q0", "single", "Where do you live, number 0?", draw(some_of(LABELS, 2, 4)))
    questions = [gate]
    for n, kind in enumerate(
        draw(some_of(["single", "scale", "multi", "grid", "number", "text"], 1, 4)), 1
    ):
        text = f"{draw(st.sampled_from(['What about', 'How is – say –', 'Und wie ist']))} topic {n}?"
        some = draw(some_of(gate.options, 1, len(gate.options) - 1))
        asked_if = ("q0", some) if draw(st.booleans()) and kind not in ("single", "grid") else ()
        other = kind in ("single", "multi") and not asked_if and draw(st.booleans())
        options = {
            "single": draw(some_of(LABELS, 3, 5)), "multi": draw(some_of(LABELS, 2, 5)),
            "scale": tuple(draw(st.sampled_from(SCALES))), "grid": tuple(draw(st.sampled_from(SCALES))),
        }.get(kind, ())  # fmt: skip
        statements = draw(some_of(STATEMENTS, 2, 4)) if kind == "grid" else ()
        unsure = "Don't know" if kind == "scale" and draw(st.booleans()) else ""
        questions.append(Question(f"q{n}", kind, text, options, statements, other, unsure, asked_if))
    rng, skips = random.Random(draw(st.integers(0, 10**6))), draw(st.sampled_from([0, 0.2]))
    rows = respondents(questions, count, rng, skips)
    return Survey(tuple(questions), rows)


@pytest.mark.usefixtures("spss_here")
@pytest.mark.parametrize("shape", SHAPES)
def test_any_survey_comes_back(shape):
    write, name, how = SHAPES[shape]

    @settings(max_examples=4, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
    # Where words stand in place of options, an option is what five or more have.
    @given(surveys(96 if shape in ("msforms", "google") else 48))
    def comes_back(survey):
        with tempfile.TemporaryDirectory() as scratch:
            data = Path(scratch) / "data"
            data.mkdir()
            shutil.copy(ROOT / "data" / "response_scales.yml", data)
            _, _, wrong = imported(survey, write, data, name, **how)
        assert wrong == [], wrong[:5]

    comes_back()
