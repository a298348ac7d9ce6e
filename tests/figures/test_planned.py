"""What is drawn of a planned question, and what is said where nothing can be."""

from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from compendium.figures import planned, style
from compendium.figures.likert import grid_picture
from compendium.figures.shares import Source, compared, gather
from compendium.figures.style import Picture
from compendium.survey.instrument import read_instrument

DATA = Path(__file__).parents[2] / "data"
WITHHELD = {"value": None, "unit": "percent", "note": "withheld (<5): small", "withheld": "<5"}


@pytest.fixture(scope="module")
def anes():
    return read_instrument(DATA / "anes96" / "survey.yml")


@pytest.fixture(scope="module")
def default():
    return read_instrument(DATA / "microcredentials" / "survey.yml")


def shares_of(item, counts):
    """Results of an item by hand: its options in their order, with these counts."""
    base = sum(counts)
    return {
        f"{item.key}.{option.id}": {
            "value": 100 * count / base, "unit": "percent", "count": count, "base": base,
        }
        for option, count in zip(item.choices, counts, strict=False)
    }  # fmt: skip


def question(instrument, method):
    return instrument.plan.of(method)[0]


def source(instrument, results):
    return Source(instrument, {"sample.n": {"value": 92, "unit": "count"}} | results, 0.95)


def test_a_share_whose_options_are_all_withheld_is_said_not_drawn(anes):
    asked = question(anes, "share")
    item = anes.item(asked.item)
    results = {f"{item.key}.{option.id}": WITHHELD for option in item.choices}
    for recorded in (results, {}):
        (said,) = planned.share(source(anes, recorded), asked)
        assert said == f"“{asked.question}”: all of its numbers are withheld, or none was recorded"


def test_a_contrast_whose_options_are_all_withheld_is_said_not_drawn(default):
    asked = question(default, "contrast")
    item = default.item(asked.item)
    options = [*asked.of, *(x for of in asked.of for x in item.members(of))]
    (said,) = planned.contrast(source(default, {f"{item.key}.{x}": WITHHELD for x in options}), asked)
    assert said.startswith(f"“{asked.question}”: all of its numbers are withheld")


def test_a_section_draws_what_it_can_and_names_what_it_cannot(default):
    section = next(one for one in default.sections if one.id == "codevelopment")
    parts = [item for item in default.items if item.section == section.id and item.choices]
    shown, hidden = parts[0], parts[1]
    results = shares_of(shown, [30, 20, 42]) | {
        f"{hidden.key}.{o.id}": WITHHELD for o in hidden.choices
    }
    said, picture = planned.section(source(default, results), section)
    assert said == f"“{hidden.question}”: all of its numbers are withheld, or none was recorded"
    assert isinstance(picture, Picture)
    assert len(picture.figure.axes) == 1
    assert picture.results == tuple(f"{shown.key}.{o.id}" for o in shown.choices[:3])


def test_mostly_withheld_groups_are_said_not_drawn(anes, default):
    for method, make in (("trend", planned.trend), ("association", planned.association)):
        asked = question(default, method)
        assert all("most cells are withheld" in part for part in make(source(default, {}), asked))


def test_a_grid_without_results_is_said_not_drawn(default):
    grid = default.of_type("grid")[0]
    (said,) = grid_picture(source(default, {}), grid)
    assert said == f"“{grid.question}”: its answers were not recorded, or all are withheld"


def test_a_share_says_its_number_in_title_caption_and_alt(anes):
    asked = question(anes, "share")
    item = anes.item(asked.item)
    counts = [10, 20, 30, 25, 5, 5, 5][: len(item.choices)]
    results = shares_of(item, counts)
    (picture,) = planned.share(source(anes, results), asked)
    first = item.choices[0]
    assert f"{first.label}: {results[f'{item.key}.{first.id}']['value']:.0f} percent" in picture.alt
    assert picture.caption == "Percent with Wilson's intervals."
    assert picture.results == tuple(results)
    assert plt.get_fignums() == []  # or Jupyter would show each picture twice


def groups(*percents):
    """A table of two rows by two groups."""
    rows = pd.MultiIndex.from_product([["One", "Two"], ["Small", "Large"]])
    return pd.DataFrame({"percent": percents}, index=rows)


def test_a_title_says_the_difference_that_a_test_bears_out_even_where_another_is_wider():
    found = compared(groups(10.0, 90.0, 40.0, 60.0), {"One": 0.2, "Two": 0.001})
    assert (found.said, found.gap, found.clear) == (
        "Two: 40% of “Small”, 60% of “Large”", 20.0, True
    )  # fmt: skip
    found = compared(groups(10.0, 90.0, 40.0, 60.0), {"One": 0.2, "Two": 0.05})
    assert found.said.startswith("No clear difference; the widest: One, 10% of")
    assert not found.clear
    assert compared(groups(10.0, 90.0, 40.0, 60.0)).said.startswith("The widest difference: One, ")


def test_a_title_says_nothing_of_groups_that_are_withheld():
    found = compared(groups(None, 90.0, 40.0, 60.0), {"One": 0.001})
    assert found.said == "No clear difference; the widest: Two, 40% of “Small”, 60% of “Large”"
    assert compared(groups(None, 90.0, 40.0, None)) is None


def test_labels_in_two_parts_make_an_index_of_two_levels():
    results = {"s.like.yes": {"value": 50.0, "unit": "percent", "count": 9, "base": 18}}
    table = gather(results, [(("a", "b"), "s.like.yes"), (("a", "c"), "s.like.no")], 0.95)
    assert table.index.tolist() == [("a", "b")]
    assert gather(results, [(("a", "b"), "s.like.no")], 0.95).empty


def test_intervals_follow_the_confidence_of_the_notebook():
    results = {"s.like.yes": {"value": 50.0, "unit": "percent", "count": 9, "base": 18}}
    wide, narrow = (gather(results, [("Yes", "s.like.yes")], x).loc["Yes"] for x in (0.95, 0.5))
    assert wide["low"] < narrow["low"] < 50 < narrow["high"] < wide["high"]
    # Wilson (1927), 9 of 18 at 95%: 0.5 -+ 1.96 sqrt(.25/18 + 1.96^2/(4*18^2)) / (1 + 1.96^2/18)
    assert wide["low"] == pytest.approx(29.03, abs=0.01)


def test_the_style_is_set_once_and_for_all():
    style.use_style()
    assert plt.rcParams["svg.hashsalt"] == "compendium"
    assert plt.rcParams["text.parse_math"] is False
