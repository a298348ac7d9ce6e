"""Reading a study: the three kinds of missing, exclusions, and one clear message for bad input."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spoiling import STUDY, change, refused

from compendium.disclosure.counts import suppressed_counts
from compendium.statistics.frequencies import distribution
from compendium.survey.instrument import Instrument
from compendium.survey.quality import item_states, missing
from compendium.survey.study import STATES, interpret, load_study

# ---- the default study


def test_the_default_study_has_the_published_counts():
    study = load_study(STUDY, "data")
    assert dict(zip(study.flow["reason"], study.flow["count"], strict=True)) == {
        "received": 97, "no_consent": 1, "screened_out": 1, "empty": 1, "duplicate": 2,
        "analysed": 92,
    }  # fmt: skip
    assert (study.answers["concept"] == "not_familiar").sum() == 12
    assert study.answers["concept"].notna().all()  # 13% is of all 92
    assert study.answers["size"].value_counts().gt(0).sum() == 4
    assert study.answers["sector"].value_counts().gt(0).sum() >= 10
    assert study.synthetic


def test_the_second_study_is_read_from_the_installed_package():
    study = load_study("anes96", "data")
    groups = distribution(study, study.instrument.item("party"), {}, 0.95).query("kind == 'group'")
    assert groups["count"].tolist() == [380, 239, 325]  # Faraway, nes96
    assert suppressed_counts(study) == {}


# ---- three kinds of missing

SMALL = Instrument.model_validate(
    {
        "title": "t", "provenance": "collected", "licence": "l",
        "sections": [{"id": "s", "title": "s"}],
        "items": [
            {"id": "gate", "section": "s", "type": "single", "question": "q",
             "options": [{"id": "yes", "label": "Yes"}, {"id": "no", "label": "No"}]},
            {"id": "pick", "section": "s", "type": "multi", "question": "q",
             "asked_if": {"item": "gate", "any": ["yes"]},
             "options": [{"id": "a", "label": "A"}, {"id": "b", "label": "B"}]},
            {"id": "rate", "section": "s", "type": "scale", "question": "q",
             "points": [{"id": "low", "label": "Low"}, {"id": "high", "label": "High"}],
             "dont_know": [{"id": "dont_know", "label": "?"}]},
        ],
    }
)  # fmt: skip
ROWS = st.fixed_dictionaries(
    {
        "gate": st.sampled_from(["Yes", "No", ""]),
        "pick_a": st.sampled_from(["1", "0", ""]),
        "pick_b": st.sampled_from(["1", "", "B"]),
        "rate": st.sampled_from(["Low", "High", "?", ""]),
    }
)


@settings(deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=12))
def test_the_three_kinds_of_missing_are_never_mixed(rows):
    raw = pd.DataFrame(rows, index=pd.Index(range(len(rows)), name="respondent"))
    study = interpret("small", SMALL, "rows", raw)
    for (_, given_row), (_, state) in zip(raw.iterrows(), study.states.iterrows(), strict=True):
        answered = given_row["pick_a"] != "" or given_row["pick_b"] != ""
        for column, ticks in (("pick_a", "1"), ("pick_b", ("1", "B"))):
            expected = "not_asked"
            if given_row["gate"] == "Yes":
                ticked = given_row[column] != "" and given_row[column] in ticks
                expected = "answered" if ticked else "not_ticked" if answered else "skipped"
            assert state[column.replace("_", ".")] == expected
        assert state["rate"] == {"": "skipped", "?": "dont_know"}.get(given_row["rate"], "answered")
    assert (missing(study)[STATES].sum(axis=1) == len(rows)).all()
    blank = study.states.isin(["skipped", "not_asked", "dont_know"])
    assert (study.answers.isna() == blank).all(axis=None)


def test_an_answer_to_a_question_that_was_not_asked_is_set_aside_and_told():
    raw = pd.DataFrame([{"gate": "No", "pick_a": "1", "pick_b": "", "rate": "Low"}])
    study = interpret("small", SMALL, "rows", raw)
    assert item_states(study)["pick"].tolist() == ["not_asked"]
    assert study.notes == ["1 answered 'pick' without being asked; set aside."]


def test_a_second_answer_counts_as_duplicate_only_after_an_empty_first(data_dir):
    # An invitation opened without answering, then answered: the answer stays.
    path = data_dir / STUDY / "responses.csv"
    change(path, "I0003", "I1001")
    flow = load_study(STUDY, data_dir).flow.set_index("reason")["count"]
    assert (flow["empty"], flow["duplicate"], flow["analysed"]) == (1, 2, 92)


# ---- bad input


def test_an_unknown_option_names_row_value_and_the_nearest_option(data_dir):
    change(data_dir / STUDY / "responses.csv", "HR manager", "HR manger")
    refused(data_dir, "responses.csv", "row ", "'HR manger'", "'role'", "is it 'HR manager'?")


def test_a_wrong_scale_point_is_refused(data_dir):
    change(data_dir / STUDY / "responses.csv", "Slightly familiar", "Slightly familair")
    refused(data_dir, "responses.csv", "is no point of its scale", "is it 'Slightly familiar'?")


def test_a_number_out_of_range_or_no_number_is_refused(data_dir):
    path = data_dir / STUDY / "responses.csv"
    raw = pd.read_csv(path, dtype=str, keep_default_na=False)
    for value, part in (("130", "outside 0 to 100"), ("many", "is no number"), ("inf", "no number")):
        raw.loc[3, "training_share"] = value
        raw.to_csv(path, index=False)
        refused(data_dir, "row 4 (respondent R004)", f"'{value}'", part)


def test_a_wrong_tick_is_refused(data_dir):
    path = data_dir / STUDY / "responses.csv"
    raw = pd.read_csv(path, dtype=str, keep_default_na=False)
    raw.loc[0, "benefits_flexible"] = "perhaps"
    raw.to_csv(path, index=False)
    refused(data_dir, "row 1", "'perhaps'", "write 1, 0 or nothing")


# ---- conditions on ticked options

OPTIONS = [
    {"id": "bike", "label": "Bike"},
    {"id": "bus", "label": "Bus"},
    {"id": "car", "label": "Car"},
]


def asked_of(any_of):
    """An instrument whose second question is put to those who ticked any of these."""
    gate = {"id": "mode", "section": "s", "type": "multi", "question": "q", "options": OPTIONS}
    why = {"id": "why", "section": "s", "type": "text", "question": "q"}
    why["asked_if"] = {"item": "mode", "any": any_of}
    parts = {"title": "t", "provenance": "collected", "licence": "l", "items": [gate, why]}
    return Instrument.model_validate(parts | {"sections": [{"id": "s", "title": "s"}]})


@pytest.mark.parametrize(
    ("any_of", "put"),
    [(["bike"], [True, False, False, True]), (["bike", "bus"], [True, True, False, True])],
)
def test_asked_are_those_who_ticked_any_of_the_options(any_of, put):
    rows = [("1", "", "", "x"), ("", "1", "", ""), ("", "", "", "stray"), ("1", "1", "1", "")]
    raw = pd.DataFrame(rows, columns=["mode_bike", "mode_bus", "mode_car", "why"], dtype="str")
    study = interpret("small", asked_of(any_of), "rows", raw)
    states = study.states["why"].reindex(raw.index, fill_value="not_asked")
    assert (states != "not_asked").tolist() == put
    assert study.notes == ["1 answered 'why' without being asked; set aside."]


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("asked_if: {item: interest, any: [yes, maybe]}", "asked_if: {item: terms, any: [yes]}",
         ("'terms' is of type 'grid', which cannot decide this", "name an item of type multi,")),
        ("item: involved", "item: benefits",
         ("exclude > screened_out: 'benefits' is of type 'multi'", "name an item of type single,")),
    ],
)  # fmt: skip
def test_a_condition_on_what_cannot_decide_is_refused(data_dir, old, new, parts):
    text = (data_dir / STUDY / "survey.yml").read_text(encoding="utf-8")
    assert old in text
    change(data_dir / STUDY / "survey.yml", old, new)
    refused(data_dir, "survey.yml", *parts)


def test_an_option_that_is_called_text_is_an_option():
    """Its column looks like that of the text beside another option."""
    options = [{"id": "video", "label": "Video"}, {"id": "text", "label": "Text", "text": True}]
    grid = [{"id": "text", "label": "Texts"}, {"id": "film", "label": "Films"}]
    points = [{"id": "low", "label": "Low"}, {"id": "high", "label": "High"}]
    instrument = Instrument.model_validate(
        {
            "title": "t", "provenance": "collected", "licence": "l",
            "sections": [{"id": "s", "title": "s"}],
            "items": [
                {"id": "use", "section": "s", "type": "multi", "question": "q", "options": options},
                {"id": "like", "section": "s", "type": "grid", "question": "q", "statements": grid,
                 "points": points},
            ],
        }
    )  # fmt: skip
    raw = pd.DataFrame(
        {"use_video": ["1", ""], "use_text": ["", "1"], "use_text_text": ["", "books"],
         "like_text": ["High", "Low"], "like_film": ["Low", "Low"]}
    )  # fmt: skip
    study = interpret("small", instrument, "rows", raw)
    assert study.answers["use.text"].tolist() == [False, True]
    assert study.states["use.text"].tolist() == ["not_ticked", "answered"]
    assert study.answers["use.text.text"].dropna().tolist() == ["books"]
    assert study.answers["like.text"].tolist() == ["high", "low"]
    assert missing(study).loc["use.text", "answered"] == 1
    assert list(missing(study).index) == ["use.video", "use.text", "like.text", "like.film"]
