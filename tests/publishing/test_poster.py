"""What the poster is made of: facts from files, nothing taken out of a sentence."""

import hard_exports
import pytest
from chapters import lay_out

from compendium.files import write_json
from compendium.importing.importer import import_study
from compendium.publishing import poster
from compendium.publishing.poster import parsed_table, quotations
from compendium.publishing.statements import cited
from compendium.survey.instrument import read_instrument


def test_quotations_are_what_was_said_whatever_a_spreadsheet_would_do_with_it(tmp_path):
    """The CSV file beside it guards a cell that starts like a formula; here it stands as it was."""
    said = ["=1+1 is what we pay", "It depends on the course that they take"]
    rows = [{"theme": "Cost", "quotation": text, "codes": "c"} for text in said]
    write_json(tmp_path / "3_quotations.json", rows)
    themes = {"rows": [{"label": "Time"}, {"label": "Cost"}]}
    assert quotations(tmp_path, themes) == [{"theme": "Cost", "words": said[0]}]
    assert quotations(tmp_path, None) == []
    assert quotations(tmp_path / "none", themes) == []


@pytest.mark.parametrize(("agree", "lines"), [(4, 1), (6, 0)])
def test_a_line_on_decisions_stands_only_where_one_turns_something(tmp_path, agree, lines):
    """Made-up answers are named as such; nothing is said where nothing was examined."""
    robust = {"agree": agree, "of": 6, "decision": "cut"}
    asked = {"id": "persuasion", "told": 6, "joint": {}, "robust": robust}
    instrument = read_instrument("data/microcredentials/survey.yml")
    assert poster.otherwise(instrument, tmp_path) == []
    write_json(tmp_path / "multiverse" / "summary.json", {"universes": 6, "questions": [asked]})
    found = poster.otherwise(instrument, tmp_path)
    assert len(found) == lines
    for line in found:
        assert line["sentence"].startswith("In the synthetic file one conclusion depends most on")
        assert "(4 of 6 universes as planned, most on cut of the scale)." in line["sentence"]


def test_groups_that_share_the_start_of_their_name_keep_their_columns():
    columns = [{"group": None, "what": "statement"}]
    columns += [
        {"group": g, "what": w} for g in ("Micro | small", "Micro | large") for w in ("percent", "n")
    ]
    table = {"title": "t", "base": "b", "notes": [], "groups": ["Micro | small", "Micro | large"],
             "columns": columns, "rows": [["Of value", "1%", "2", "3%", "4"]]}  # fmt: skip
    (row,) = parsed_table(table)["rows"]
    assert row == {
        "statement": "Of value",
        "cells": [{"percent": "1%", "n": "2"}, {"percent": "3%", "n": "4"}],
    }


@pytest.mark.parametrize(
    ("id", "key"),
    [("upcea_2023_95", "upcea_2023"), ("upcea_2023", "upcea_2023"), ("upcea_20231", None)],
)
def test_a_figure_is_cited_by_the_key_that_its_id_starts_with(id, key):
    assert cited(id, ["poster", "upcea_2023"]) == key


def test_a_draft_shows_grids_on_its_poster_and_neither_consent_nor_leave_to_contact(tmp_path):
    path, data = tmp_path / "water.csv", lay_out(tmp_path)
    hard_exports.of_everything(path)
    import_study("water", path, data)
    instrument = read_instrument(data / "water" / "survey.yml")
    assert instrument.item("may_contact_again_survey").type == "consent"
    assert instrument.about == ""
    assert poster.licences(instrument) == "Code: MIT. Text and figures: CC BY 4.0."
    share = {"value": 50.0, "unit": "percent", "count": 40, "base": 80, "low": 39.0, "high": 61.0}
    parts = [(item, item.statements or [None]) for item in instrument.substantive() if item.choices]
    results = {
        f"{item.key}.{part.id}.{poster.leading(item)}" if part else f"{item.key}.{option.id}": share
        for item, statements in parts
        for part in statements
        for option in item.choices
    }
    shown = {one["title"]: one for one in poster.distributions(instrument, results)}
    assert [row["label"] for row in shown["How far do you agree?"]["rows"]] == hard_exports.STATEMENTS
    assert not any("contact" in title or "take part" in title for title in shown)
    assert max(map(len, shown)) <= 180
