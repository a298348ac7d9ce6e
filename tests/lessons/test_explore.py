"""Trying questions out: the cells of the site's explorer, drawn anew at each choice."""

import pytest
from chapters import files

from compendium.coding.codebook import read_codebook
from compendium.lessons import explore
from compendium.publishing.site import explorer
from compendium.results import read_results
from helpers import open_study


@pytest.fixture(scope="module")
def study(tiny):
    return open_study("tiny", tiny / "data", tiny / "build", tiny / "figures")


def chosen(study):
    """Every state: name, item and column, with and without a breakdown."""
    for name, (item, column) in explore.questions(study).items():
        yield name, item, column, None, None
        for by in explore.breakdowns(study).values():
            for part in [*item.choices, *item.groups]:
                yield name, item, column, by, part.id


def test_the_cells_are_those_of_the_sites_explorer(study, tiny):
    book, results = read_codebook(study.folder / "codebook.yml"), read_results(study.out / "results")
    told = {
        row["id"]: (results[row["id"]].get("count"), results[row["id"]].get("base"))
        for question in explorer.questions(study.instrument, results, book)
        for table in question["tables"].values()
        for row in table["rows"]
    }
    here = {}
    for _, item, column, by, of in chosen(study):
        frame = explore.cells(study, item, column, by, of)
        here |= {id: (int(count), int(base)) for id, count, base in
                 frame[["result", "count", "base"]].itertuples(index=False)}  # fmt: skip
    assert len(told) > 50
    assert told == {id: here[id] for id in told}


def test_of_protected_answers_only_what_was_decided_on_is_shown(tiny):
    study = open_study("tiny", tiny / "data", protect="always")
    told, refused = study.hidden, 0
    for _, item, column, by, of in [*chosen(study)][:40]:
        frame = explore.cells(study, item, column, by, of)
        assert {*frame["result"]} <= {*study._published, *study.hidden}
        hidden = frame[frame["result"].isin(told)]
        assert hidden["count"].isna().all()
        refused += frame.empty
    assert refused


def test_a_choice_draws_anew_and_writes_nothing(study, tiny):
    before = files(tiny)
    question, by, answer, page = study.explore().children
    first = page.value
    assert answer.disabled
    question.value = "How often do you ride?"
    assert "Never" in page.value
    by.value = by.options[1]
    assert not answer.disabled
    answer.value = "never"
    assert page.value.count("<img ") == 1
    assert "Town | centre" in page.value
    question.value, by.value = question.options[0], "everybody"
    assert page.value == first
    assert "<b>commuting" not in first + page.value
    assert files(tiny) == before
