"""Reading a study: the three kinds of missing, exclusions, and one clear message for bad input."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compendium.disclosure.counts import suppressed_counts
from compendium.files import read_yaml
from compendium.statistics.frequencies import distribution
from compendium.survey.instrument import Instrument, read_instrument
from compendium.survey.quality import break_offs, item_states, missing, straight_liners
from compendium.survey.study import STATES, interpret, load_study

STUDY = "microcredentials"


def change(path, old, new, count=1):
    text = path.read_text(encoding="utf-8")
    assert old in text, f"the test expects '{old}' in {path.name}"
    path.write_text(text.replace(old, new, count), encoding="utf-8")


def refused(data_dir, *parts):
    """Loading fails with a message that has all these parts, and no file is touched."""
    before = {p: p.read_bytes() for p in data_dir.rglob("*") if p.is_file()}
    with pytest.raises(ValueError, match=r"\S") as caught:
        load_study(STUDY, data_dir)
    message = str(caught.value)
    assert "\n" not in message
    for part in parts:
        assert part in message
    assert before == {p: p.read_bytes() for p in data_dir.rglob("*") if p.is_file()}


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


def test_the_default_study_is_as_imperfect_as_a_real_one():
    study = load_study(STUDY, "data")
    assert 3 <= len(break_offs(study)) <= 6
    assert len(straight_liners(study)) == 1
    asked = study.answers["interest"].isin(["yes", "maybe"])
    assert (study.states.loc[~asked, "areas.technology"] == "not_asked").all()
    assert not (study.states.loc[asked, "areas.technology"] == "not_asked").any()
    assert study.answers["benefits.other.text"].notna().sum() >= 3
    assert study.notes == []


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


def test_a_missing_column_is_named_with_the_nearest_one(data_dir):
    change(data_dir / STUDY / "responses.csv", ",concept,", ",concpet,")
    refused(data_dir, "column 'concept' is missing", "is it 'concpet'?", "survey.yml")


def test_a_repeated_column_is_refused(data_dir):
    change(data_dir / STUDY / "responses.csv", ",role,", ",size,")
    refused(data_dir, "responses.csv", "column 'size' stands twice")


def test_a_repeated_respondent_is_refused(data_dir):
    change(data_dir / STUDY / "responses.csv", "\nR002,", "\nR001,")
    refused(data_dir, "row 2", "respondent 'R001' stands twice", "give each row its own id")


def test_a_respondent_without_id_is_refused(data_dir):
    change(data_dir / STUDY / "responses.csv", "\nR002,", "\n,")
    refused(data_dir, "row 2 has no respondent id")


def test_a_wrong_encoding_names_the_line(data_dir):
    path = data_dir / STUDY / "responses.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1252", errors="replace"))
    refused(data_dir, "responses.csv", "line 2 is not UTF-8", "save the file as UTF-8")


@pytest.mark.parametrize("content", ["", "\n"])
def test_an_empty_file_is_refused(data_dir, content):
    (data_dir / STUDY / "responses.csv").write_text(content)
    refused(data_dir, "responses.csv: the file is empty")


def test_ragged_rows_are_refused(data_dir):
    path = data_dir / STUDY / "responses.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "R999,synthetic\n", encoding="utf-8")
    refused(data_dir, "row 98 has 2 values for 73 columns")
    path.write_text(text + "R999" + "," * 99 + "\n", encoding="utf-8")
    refused(data_dir, "row 98 has 100 values")


def test_a_file_that_is_not_there_is_named(data_dir):
    (data_dir / STUDY / "responses.csv").unlink()
    refused(data_dir, "responses.csv: there is no such file")


def test_synthetic_rows_cannot_pass_for_collected(data_dir):
    change(data_dir / STUDY / "survey.yml", "provenance: synthetic", "provenance: collected")
    refused(data_dir, "row 1 says provenance 'synthetic'", "survey.yml says 'collected'")


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("title: Employers", "title: [Employers", ("survey.yml: line", "not readable as YAML")),
        ("licence:", "lisence:", ("licence: the key is missing",)),
        ("provenance: synthetic", "provenance: invented", ("provenance ('invented')",)),
        ("    type: consent\n", "    typ: consent\n", ("items > consent > type: the key is missing",)),
        ("asked_if: {item: interest", "asked_if: {item: intrest", ("'intrest' is no item",)),
        ("any: [yes, maybe]}\n", "any: [yes, often]}\n", ("'interest' has no option 'often'",)),
        ("    scale: urgency", "    scale: urgent", ("no scale 'urgent'", "known:")),
        ("    section: urgency", "    section: urgent", ("no section 'urgent'",)),
        ("  - id: use\n", "  - id: concept\n", ("items: 'concept' stands twice",)),
        ("    item: terms\n", "    item: words\n", ("plan > terms: there is no item 'words'",)),
        ("    of: not_familiar", "    of: unfamiliar", ("plan > awareness", "'unfamiliar'")),
        ("    method: grid", "    method: share", ("plan > terms: the method 'share' takes",)),
        ("title: Employers", "title: Twice\ntitle: Employers", ("the key 'title' stands twice",)),
        ("  minimum_cell: 5\n", "  minimum_cell: none\n", ("disclosure > minimum_cell",)),
        ("    scale: engagement\n", "    scale: engagement\n    colour: red\n",
         ("items > prior > colour", "the key is not known")),
    ],
)  # fmt: skip
def test_a_faulty_instrument_is_refused_by_key(data_dir, old, new, parts):
    change(data_dir / STUDY / "survey.yml", old, new)
    refused(data_dir, "survey.yml", *parts)


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("label: HR manager", "label: Ask  jean O’MUIR first", "hr_manager > label"),
        ("id: hr_manager", "id: ask_jean_omuir", "ask_jean_omuir > id"),
        ("id: hr_manager", "id: jean_omuirhead", ""),
    ],
)
def test_a_listed_name_in_a_label_is_refused(data_dir, old, new, where):
    path = data_dir / STUDY / "survey.yml"
    change(path, "  names: [", "  names: [Jean O'Muir, ")
    change(path, old, new)
    if where:
        refused(
            data_dir,
            f"survey.yml: items > role > options > {where}: holds '",
            "disclosure > names",
            "word it otherwise",
        )
    else:
        load_study(STUDY, data_dir)


def test_a_listed_name_in_a_question_or_a_scale_is_refused_and_part_of_a_word_is_not(data_dir):
    path = data_dir / STUDY / "survey.yml"
    change(path, "  names: [", "  names: [Compan, ")
    load_study(STUDY, data_dir)
    change(path, "names: [Compan, ", "names: [Slightly, ")
    refused(data_dir, "survey.yml: items > ", "holds 'Slightly'")
    change(path, "names: [Slightly, ", "names: [What, ")
    refused(data_dir, "question: holds 'What'")


def test_an_unknown_data_set_of_statsmodels_is_refused(data_dir):
    change(data_dir / "anes96" / "survey.yml", "statsmodels:anes96", "statsmodels:anes69")
    with pytest.raises(ValueError, match="statsmodels has no data set 'anes69'"):
        load_study("anes96", data_dir)


# ---- the traps of YAML that yamlfile takes out


def test_yes_and_no_stay_words(tmp_path):
    path = tmp_path / "a.yml"
    path.write_text("[yes, no, on, off, true]")
    assert read_yaml(path) == ["yes", "no", "on", "off", True]


def test_yaml_runs_nothing(tmp_path):
    path = tmp_path / "a.yml"
    path.write_text("!!python/object/apply:os.getcwd []")
    with pytest.raises(ValueError, match="line 1"):
        read_yaml(path)


@pytest.mark.parametrize("name", [STUDY, "anes96"])
def test_result_ids_are_unique(name):
    instrument = read_instrument(f"data/{name}/survey.yml")
    keys = [item.key for item in instrument.items]
    assert len(keys) == len(set(keys))
