"""Pictures of a codebook that is larger than a page."""

from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest

from compendium.coding.codebook import Codebook
from compendium.figures import themes
from compendium.figures.shares import Source
from compendium.figures.style import PAGE
from compendium.survey.instrument import read_instrument

SHARE = {"value": 40.0, "unit": "percent", "count": 40, "base": 100, "low": 31.0, "high": 50.0}


@pytest.fixture(scope="module")
def book():
    """Eighteen themes, of sixty codes the first, of two each of the others."""
    sizes = [60] + 17 * [2]
    made = [
        {"id": f"t{n}", "name": f"Theme {n}", "definition": "d",
         "codes": [{"id": f"c{n}_{k}", "name": f"Code {n}.{k}", "definition": "d", "examples": ["e"]}
                   for k in range(size)]}
        for n, size in enumerate(sizes)
    ]  # fmt: skip
    return Codebook.model_validate({"title": "Pipes", "unit": "answer", "themes": made}).themes


@pytest.fixture(scope="module")
def voters():
    return read_instrument(Path(__file__).parents[2] / "data" / "anes96" / "survey.yml")


def inches(pictures):
    return [picture.figure.get_figheight() for picture in pictures]


def test_codes_by_theme_go_on_over_pages_and_none_is_lost(book, voters):
    ids = [
        f"themes.{theme.id}.{x}"
        for theme in book
        for x in ("respondents", *[c.id for c in theme.codes])
    ]
    pictures = themes.prevalence(Source(voters, dict.fromkeys(ids, SHARE), 0.95), book)
    assert max(inches(pictures)) <= PAGE
    assert [picture.name for picture in pictures] == [
        f"themes-{k}" for k in range(1, len(pictures) + 1)
    ]
    assert [id for picture in pictures for id in picture.results] == ids


@pytest.mark.parametrize("by", ["intended", "party"])  # two groups, seven
def test_themes_by_groups_go_on_over_pages(book, voters, by):
    rows = [option.id for option in voters.item(by).choices]
    ids = [f"themes.{theme.id}.respondents.by.{by}.{row}" for theme in book for row in rows]
    ids += [f"themes.{theme.id}.respondents" for theme in book]
    source = Source(voters, dict.fromkeys(ids, SHARE) | {"sample.n": {"value": 100}}, 0.95)
    pictures = themes.by_groups(source, book)
    assert len(pictures) > 1
    assert max(inches(pictures)) <= PAGE
    assert {id for picture in pictures for id in picture.results} >= set(ids) - {
        f"themes.{theme.id}.respondents" for theme in book
    }


def test_the_codes_that_come_together_most_often_fill_a_page(book, voters):
    codes = [code.id for code in book[0].codes][:46]
    pairs = pd.DataFrame(combinations(codes, 2), columns=["code_a", "code_b"])
    pairs["count"] = range(len(pairs), 0, -1)
    source = Source(voters, {"sample.n": {"value": 100}}, 0.95)
    (picture,) = themes.together(source, book, pairs)
    assert max(inches([picture])) <= PAGE
    assert "the 43 of 94 codes with the highest counts" in picture.figure.texts[1].get_text()
    assert picture.alt.startswith(f"Most often together: Code 0.0 and Code 0.1: {len(pairs)};")
