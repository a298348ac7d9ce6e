"""Numbers beside words: every cell is a hand count of the study of twenty rows."""

from dataclasses import replace

import pytest

from compendium.coding.codings import load_coding
from compendium.coding.reading.joint_display import (
    FIT,
    HEADS,
    joint_display,
    joint_frame,
    joint_records,
    joint_shown,
)
from compendium.coding.themes import with_themes
from compendium.disclosure.counts import published_counts, suppressed_counts
from compendium.disclosure.gate import refuse_uncleared
from compendium.figures.style import PAGE
from compendium.figures.themes import joint_picture
from compendium.files import read_csv
from compendium.statistics.association import phi
from compendium.survey.study import load_study

TINY = "tests/fixtures/tiny"


@pytest.fixture(scope="module")
def coded():
    study = load_study("tiny", "tests/fixtures")
    coding = load_coding(study, TINY)
    return with_themes(study, coding), coding


@pytest.fixture(scope="module")
def rows(coded):
    return {row["id"]: row for row in joint_display(*coded, {}, 0.95)}


@pytest.fixture(scope="module")
def by_hand():
    """Who ticked and who said what, out of the files themselves."""
    responses = read_csv(f"{TINY}/responses.csv", ("respondent",))
    answers = responses[responses["respondent"] < "R21"].set_index("respondent")
    settled = read_csv(f"{TINY}/coding/consensus.csv", ("respondent", "code", "decision"))
    kept = settled[settled["decision"] != "dropped"]
    said = {code: set(rows["respondent"]) for code, rows in kept.groupby("code")}
    return answers, set(settled["respondent"]), said


def expected(asked, took, read, spoke):
    both = asked & read
    four = [took & spoke, took - spoke, spoke - took, both - took - spoke]
    return [(len(took), len(asked)), (len(spoke), len(read)), [len(part & both) for part in four]]


def found(row):
    shares = [(row[part]["count"], row[part]["base"]) for part in ("chosen", "said")]
    return [*shares, list(row["cells"].values())]


def test_a_tick_beside_a_code(rows, by_hand):
    answers, read, said = by_hand
    ticks = answers.filter(regex="^reasons_(health|price|speed|other|none)$")
    asked, took = (
        set(answers[ticks.ne("").any(axis=1)].index),
        set(answers[ticks["reasons_price"] == "1"].index),
    )
    assert found(rows["cost"]) == expected(asked, took, read, said["price"])
    assert found(rows["cost"]) == [(9, 20), (3, 16), [1, 5, 2, 8]]  # counted on paper


def test_a_statement_of_a_grid_beside_a_theme(rows, by_hand):
    answers, read, said = by_hand
    sun = answers["weather_sun"]
    took = set(answers[sun.isin(["Sometimes", "Daily"])].index)
    asked = set(answers[sun.isin(["Never", "Sometimes", "Daily"])].index)
    assert found(rows["way"]) == expected(asked, took, read, said["lanes"] | said["parking"])


def test_a_choice_beside_codes_of_two_themes(rows, by_hand):
    answers, read, said = by_hand
    took = set(answers[answers["place"] == "Town | centre"].index)
    assert found(rows["both"]) == expected(
        set(answers.index), took, read, said["lanes"] | said["price"]
    )


def test_shares_phi_and_base_are_those_of_the_counts(rows):
    row = rows["cost"]
    assert (row["chosen"]["percent"], row["base"]) == (45.0, 16)
    assert {key: row[key] for key in ("phi", "low", "high")} == phi(1, 5, 2, 8, 0.95)
    assert rows["way"]["phi"] is None  # everybody rides in the sun
    assert rows["way"]["fit"] == ""


@pytest.mark.parametrize(
    ("relation", "fits"),
    [
        ("same", ("confirmation", "discordance", "complementarity")),
        ("other", ("expansion", "discordance", "complementarity")),
        ("contrary", ("discordance", "confirmation", "complementarity")),
    ],
)
def test_the_rule_of_fit(coded, relation, fits):
    assert tuple(FIT[relation].values()) == fits
    study, coding = coded
    topic = study.instrument.integration[0].model_copy(update={"relation": relation})
    narrow = replace(study, instrument=study.instrument.model_copy(update={"integration": [topic]}))
    assert joint_display(narrow, coding, {}, 0.95)[0]["fit"] == fits[2]  # φ is about nothing
    assert joint_display(narrow, coding, {}, 0.05)[0]["fit"] == fits[1]  # and lies just below 0


def test_quotations_are_masked_and_nobody_is_quoted_twice(coded, rows):
    texts = coded[1].answers["text"].tolist()
    told = [row["quotation"] for row in rows.values() if row["quotation"]]
    assert told == ["Cheaper bicycles, and a path by the river."]  # the rest has fewer than 8 words
    assert set(told) <= set(texts)


def test_what_is_withheld_is_in_no_cell_and_passes_the_gate(coded):
    study = replace(coded[0], instrument=coded[0].instrument.protecting("always"))
    hidden = suppressed_counts(study)
    cells, _ = published_counts(study)
    rows = joint_display(study, coded[1], hidden, 0.95)
    refuse_uncleared(cells, hidden, joint_records(rows), [joint_frame(rows)])
    few = {name for name in cells if name.startswith("integration.") and cells[name] < 2}
    assert few
    assert few <= hidden.keys()
    for row in rows:
        if few & row["cells"].keys():
            assert set(row["cells"].values()) == {None}
            assert row["base"] is row["phi"] is row["low"] is None
            assert row["fit"] == ""
    shown = joint_shown(rows).to_string()
    assert "φ is withheld" in shown


def test_words_of_the_table(coded):
    shown = joint_shown(joint_display(*coded, {}, 0.95))
    lines = shown.loc[0, "In numbers"].splitlines()
    assert lines[0] == "Chosen: Price: 9 of 20, 45.0% (25.8 to 65.8)"
    both = "The same people: chosen and said 1; chosen only 5; said only 2; neither 8 (of 16)"
    assert lines[2:] == [both, "φ = −0.04 (−0.44 to 0.42)"]
    assert shown.loc[2, "What we infer"] == "Nothing follows from <b>so few</b>."


def test_a_study_that_sets_nothing_beside_its_words(coded):
    plain = coded[0].instrument.model_copy(update={"integration": []})
    assert joint_display(replace(coded[0], instrument=plain), coded[1], {}, 0.95) == []
    bare = load_study("tiny", "tests/fixtures")  # nobody has coded it
    assert joint_display(bare, coded[1], {}, 0.95) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("codes: [price]", "codes: [prize]", "has no code 'prize' \\(is it 'price'\\?\\)"),
        ("theme: roads", "theme: rods", "has no theme 'rods' \\(is it 'roads'\\?\\)"),
        ("of: money, codes", "of: mony, codes", "'reasons' has no option or group 'mony'"),
        ("statement: sun", "statement: son", "'son' is no 'statement' of 'weather'; name one of sun"),
        (
            "item: reasons, of: money, codes",
            "item: wishes, of: money, codes",
            "'wishes' is no item of type",
        ),
        ("theme: roads", "theme: roads, codes: [price]", "name either a 'theme' or 'codes'"),
        ("id: way", "id: cost", "'cost' stands twice"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_key(small, old, new, message):
    path = small / "tiny" / "survey.yml"
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(ValueError, match=message):
        display_of(small)


def test_a_display_of_many_rows_goes_on_over_pages(coded):
    rows = joint_display(*coded, {}, 0.95)
    many = [row | {"topic": f"Topic {k}"} for k, row in enumerate(rows * 20)]
    pictures = joint_picture(coded[0], many, HEADS, 0.95)
    assert max(picture.figure.get_figheight() for picture in pictures) <= PAGE
    assert [p.name for p in pictures] == [f"joint_display-{k}" for k in range(1, len(pictures) + 1)]
    assert all(any(f"Topic {k}:" in p.alt for p in pictures) for k in range(len(many)))


def display_of(data):
    study = load_study("tiny", data)
    coding = load_coding(study, data / "tiny")
    return joint_display(with_themes(study, coding), coding, {}, 0.95)
