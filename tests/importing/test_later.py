"""A later export with other headings, options, columns or language: listed, asked about, edits kept."""

import json

import pytest

from compendium.importing.later import found_again
from compendium.survey.study import load_study

TEA = ("Do you like tea?", ["Yes", "No"])
MEALS = ["Pasta", "Soup", "Salad"]
MEAL, WHERE = ("Which meal do you take?", MEALS), ("Where?", ["Here", "There"])
WHY = ("Why so, in your own words?", [f"For reason {i} I take the one I take" for i in range(30)])


def edit(data, *pairs):
    path = data / "mine" / "survey.yml"
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return path.read_bytes()


def asked(report, kind):
    return [(one["item"], one["question"]) for one in report["decisions"] if one["kind"] == kind]


def test_what_changed_since_the_last_import_is_listed(study_of):
    first, _ = study_of([MEAL, TEA, WHERE])
    assert first["changes"] == []
    again, _ = study_of(
        [TEA, ("Which meal did you take?", [*MEALS, "Stew"]), ("Why?", ["A", "B"])], rows=80
    )
    assert again["changes"] == [
        "80 rows, 60 before",
        "'Which meal do you take?' is now 'Which meal did you take?'",
        "'Where?' is gone",
        "'Why?' is new",
        "the columns stand in another order",
        "'meal_take': the option 'Stew' is new",
    ]


def test_a_reworded_heading_is_followed_asked_about_and_the_edits_stay(study_of, data):
    study_of([MEAL, TEA, WHERE])
    edited = edit(
        data, ("id: meal_take", "id: meal"), ("label: Pasta}", "label: Noodles, value: Pasta}")
    )
    for _ in range(2):  # also when the next export has the new heading already
        report, study = study_of([TEA, ("Which meal did you take?", MEALS), WHERE])
        assert (data / "mine" / "survey.yml").read_bytes() == edited
        assert study.answers["meal"].value_counts().to_dict() == dict.fromkeys(
            ["pasta", "soup", "salad"], 20
        )
        assert asked(report, "renamed") == [
            ("meal", "Is 'Which meal did you take?' the question that was 'Which meal do you take?'?")
        ]
        assert asked(report, "new") == []
    edit(data, ("    column: meal_take", "    decided: [renamed]\n    column: meal_take"))
    report, _ = study_of([TEA, ("Which meal did you take?", MEALS), WHERE])
    assert asked(report, "renamed") == []


def test_a_heading_that_returns_is_not_asked_about_again(study_of, data):
    old, new = MEAL[0], "Which meal did you take?"
    study_of([MEAL, TEA, WHERE])
    edited = edit(data, ("title: Mine", "title: Lunch"))
    study_of([(new, MEALS), TEA, WHERE])
    # Nobody settled it, and the drafted heading is back: nothing is to be asked, now or later ...
    report, _ = study_of([MEAL, TEA, WHERE])
    assert asked(report, "renamed") == []
    # ... but of the new heading, which comes again.
    report, _ = study_of([(new, MEALS), TEA, WHERE])
    assert len(asked(report, "renamed")) == 1
    (data / "mine" / "survey.yml").write_bytes(edited.replace(old.encode(), new.encode()))
    for heading in (old, new, old):  # its text settles it, both ways
        report, study = study_of([TEA, (heading, MEALS), WHERE])
        assert asked(report, "renamed") == asked(report, "gone") == []
        assert study.answers["meal_take"].notna().all()
    report, _ = study_of([("Which meals do you take, then?", MEALS), TEA, WHERE])
    assert len(asked(report, "renamed")) == 1


def test_an_export_in_another_language_is_read_by_place_and_its_words_are_asked_about(study_of, data):
    study_of([MEAL, TEA, ("How old are you?", [str(n) for n in range(20, 50)])])
    edit(data, ("title: Mine", "title: Lunch"))
    german = [
        ("Was essen Sie zumeist?", ["Nudeln", "Suppe", "Salat"]), ("Mögen Sie Tee?", ["Ja", "Nein"]),
        ("Alter in Jahren", [str(n) for n in range(20, 50)]),
    ]  # fmt: skip
    report, study = study_of(german)
    assert [item for item, _ in asked(report, "renamed")] == ["meal_take", "like_tea", "old"]
    assert study.answers["old"].mean() == 34.5
    assert (study.states["like_tea"] == "skipped").all()
    assert asked(report, "unlisted")[1] == (
        "like_tea", "What are these answers, which are none of the item's: 'Ja', 'Nein'?"
    )  # fmt: skip
    edit(data, ('label: "Yes"}', 'label: "Yes", also: [Ja]}'),
         ('label: "No"}', 'label: "No", also: [Nein]}'))  # fmt: skip
    report, study = study_of(german)
    assert study.answers["like_tea"].value_counts().tolist() == [30, 30]
    assert [item for item, _ in asked(report, "unlisted")] == ["meal_take"]


def test_a_column_that_is_gone_leaves_its_item_without_answers_and_that_is_said(study_of, data):
    study_of([MEAL, TEA, WHERE])
    edit(data, ("title: Mine", "title: Lunch"))
    report, study = study_of([MEAL, TEA])
    assert asked(report, "gone") == [("where", "Where are the answers to 'Where?'?")]
    assert study.answers["where"].isna().all()
    assert study.answers["meal_take"].notna().all()


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ([TEA, ("Shoe size", ["37", "44", "39"])], "of another survey"),
        ([("I agree to nothing at all", ["a", "b"]), MEAL, TEA, WHERE], "decides who is counted"),
    ],
)
def test_another_survey_and_a_lost_consent_are_refused(study_of, data, columns, said):
    consent = ("Do you consent to take part?", ["Yes", "Yes", "No"])
    study_of([MEAL, WHERE, WHY] if said.startswith("of") else [consent, MEAL, TEA, WHERE])
    edit(data, ("title: Mine", "title: Lunch"))
    before = {path.name: path.read_bytes() for path in (data / "mine").iterdir()}
    with pytest.raises(ValueError, match=said):
        study_of(columns)
    assert {path.name: path.read_bytes() for path in (data / "mine").iterdir()} == before


def test_new_options_are_asked_about_counted_once_they_are_in_and_own_words_not_quoted(study_of, data):
    study_of([MEAL, TEA])
    edit(data, ("title: Mine", "title: Lunch"))
    grown = (
        "Which meal do you take?",
        [*MEALS * 4, *["Stew"] * 3, "Wilma who cooks at home every day"],
    )
    report, study = study_of([grown, TEA], rows=64)
    ((item, question),) = asked(report, "unlisted")
    assert item == "meal_take"
    assert question.endswith("none of the item's: 'Stew', 1 others?")
    assert "Wilma" not in json.dumps(report)
    assert study.answers["meal_take"].count() == 48
    edit(
        data,
        ("{id: salad, label: Salad}", "{id: salad, label: Salad}\n      - {id: stew, label: Stew}"),
    )
    _, study = study_of([grown, TEA], rows=64)
    assert study.answers["meal_take"].count() == 60


def test_a_new_option_in_cells_of_several_is_asked_about(study_of, data):
    cells = ["Tea; Milk", "Tea", "Milk; Rum", "Rum"]
    study_of([("Which do you drink?", cells), TEA])
    edit(data, ("title: Mine", "title: Drinks"))
    report, _ = study_of([("Which do you drink?", [*cells, "Tea; Cola"]), TEA])
    assert asked(report, "unlisted") == [
        ("drink", "What are these answers, which are none of the item's: 'Cola'?")
    ]


def test_codings_whose_text_moved_are_told(study_of, data):
    from compendium.coding.fingerprints import fingerprint, key_of

    study_of([WHY, TEA], ids=False)
    coding, folder = load_study("mine", data), data / "mine" / "coding"
    folder.mkdir()
    key = key_of(False, folder, make=True)
    item = coding.instrument.items[0].id
    rows = [
        f"{n},{item},none,{fingerprint(key, item, coding.answers[item].loc[str(n)])}" for n in (1, 2)
    ]
    (folder / "ann.csv").write_text(
        "\n".join(["respondent,item,code,fingerprint", *rows, ""]), encoding="utf-8"
    )
    report, _ = study_of([WHY, TEA], ids=False)
    assert asked(report, "codings") == []
    report, _ = study_of(
        [(WHY[0], [*WHY[1][1:], "Something else altogether"]), TEA], rows=30, ids=False
    )
    ((_, question),) = asked(report, "codings")
    assert question.startswith("May 2 codings be moved")
    (told,) = [one for one in report["decisions"] if one["kind"] == "codings"]
    assert told["why"].startswith("the text of 1 stands with another respondent now")
    assert told["edit"] == "make reattach STUDY=mine"


def test_columns_are_found_by_id_then_heading_then_text_then_place():
    before = {
        "Q1": [["QID1"], "how old", "number"], "Q2": [["QID2"], "where", "single"],
        "x": [[], "why so", "text"], "y": [[], "twice", "text"], "z": [[], "twice", "single"],
    }  # fmt: skip
    now = {
        "Q2": [["QID1"], "how old", "number"], "Q5": [["QID2"], "where", "single"],
        "a": [[], "why so", "text"], "b": [[], "twice", "text"], "c": [[], "twice", "single"],
    }  # fmt: skip
    assert found_again(before, now) == {
        "Q1": ("Q2", "id"), "Q2": ("Q5", "id"), "x": ("a", "text"), "y": ("b", "place"),
        "z": ("c", "place"),
    }  # fmt: skip


def test_another_language_where_it_is_decided_who_is_counted_is_refused_with_the_way_out(
    study_of, data
):
    consent = "Do you agree to take part?"
    study_of([(consent, ["Yes", "No"]), MEAL])
    edited = edit(data, ("title: Mine", "title: Tea"))
    with pytest.raises(ValueError, match=r"60 answers to .* \('Ja', 'Nein'\); add each to 'also'"):
        study_of([(consent, ["Ja", "Nein"]), MEAL])
    assert (data / "mine" / "survey.yml").read_bytes() == edited
    edit(data, ('"Yes"}', '"Yes", also: [Ja]}'), ('"No"}', '"No", also: [Nein]}'))
    _, study = study_of([(consent, ["Ja", "Nein", "Yes"]), MEAL])
    assert study.n == 40
