"""The specification curve: what it shows, and that it can be read."""

from itertools import product

import matplotlib
import numpy as np
import pandas as pd
import pytest
from study import test_figures as looks

from compendium.figures.style import use_style
from compendium.multiverse.curve import MOST, MOST_TAKES, OTHERS, curve_picture
from compendium.multiverse.summary import LEVEL
from compendium.survey.plan import TAKES

matplotlib.use("agg")


@pytest.fixture(scope="module")
def drawn():
    """A curve of many universes, of a grid with more statements than a page has room for."""
    use_style()
    takes = {"outcome": [f"s{k}" for k in range(MOST_TAKES + 3)], "by": ["one"],
             "cut": ["points", "named"], "dont_know": ["missing", "middle"],
             "groups": ["points", "halves"], "test": ["kendall", "linear"]}  # fmt: skip
    table = pd.DataFrame(product(*takes.values()), columns=list(takes))
    table = table.assign(**{name: "any" for name in TAKES if name not in takes})
    rng = np.random.default_rng(1)
    table["estimate"] = rng.normal(0.1, 0.1, len(table)).round(4)
    table = table.assign(low=table["estimate"] - 0.2, high=table["estimate"] + 0.2, n=90)
    table["p"] = (0.5 - table["estimate"].abs()).clip(0.002)
    table["planned"] = ~table.duplicated(["outcome", "by"])
    facts = {"id": "q", "kind": "pairs", "joint": {"median": 0.1},
             "robust": {"agree": 9, "of": len(table), "decision": "cut"},
             "null": [[k / 10, -0.2 + k / 50, k / 50] for k in range(11)]}  # fmt: skip
    words = {name: {"": name.capitalize(), **TAKES.get(name, {})} for name in ("outcome", *TAKES)}
    words["outcome"]["s1"] = "A statement that goes on & on for $5, longer than there is room for it"
    question = (
        "Do those who know the concept better than others agree with more of all of these statements?"
    )
    return table, curve_picture(table, facts, words, question, synthetic=True)


def test_it_reads_in_print(drawn):
    figure = drawn[1].figure
    figure.canvas.draw()  # before it an axis has not all its labels
    figure.behind = looks.background(figure, looks.texts(figure))
    for look in ("test_no_text_is_smaller_than_8_points_as_printed", "test_figures_fit_a_page",
                 "test_no_text_is_cut_off_or_lies_on_another",
                 "test_letters_stand_out_from_what_is_behind_them",
                 "test_every_figure_of_synthetic_answers_says_so"):  # fmt: skip
        getattr(looks, look)(({"6_curve_q": figure}, None))


def test_estimates_stand_in_order_and_choices_below_their_own(drawn):
    table, picture = drawn
    above, below = picture.figure.axes
    points = [line.get_xydata() for line in above.lines if line.get_marker() == "."]
    places = np.concatenate(points)
    places = places[places[:, 0].argsort()]
    assert len(places) <= MOST + table["planned"].sum()
    assert (np.diff(places[:, 1]) >= 0).all()
    labels = [tick.get_text() for tick in below.get_yticklabels()]
    assert OTHERS in labels
    assert len(labels) == MOST_TAKES + 2 * 4
    marks = sum(len(lines.get_segments()) for lines in below.collections)
    assert marks == 5 * len(places)  # each universe makes one choice of each decision
    diamonds = next(line for line in above.lines if line.get_marker() == "D")
    assert len(diamonds.get_xdata()) == table["planned"].sum()


def test_its_words_say_what_it_shows(drawn):
    table, picture = drawn
    below = int((table["p"] <= LEVEL).sum())
    assert f"{len(table)} universes" in picture.alt
    assert f"{below} with p below 0.05" in picture.alt
    title = picture.figure.texts[0].get_text()
    assert title == f"As planned in 9 of {len(table)} universes; what turns it most: cut"
    assert picture.results == ("multiverse.q.median", "multiverse.q.robust")
