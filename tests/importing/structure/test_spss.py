"""Code lists of SPSS files: levels stay, missing codes are missing, numbers stay numbers.

The shapes are those of pyreadstat's own tests: `missing_ranges` of `lo` and `hi` for numbers and
texts, labels by code, `variable_measure`, sets by name without ``$``; answers and labels are made up.
"""

import pandas as pd
import pyreadstat
import pytest

from compendium.importing.importer import import_study
from compendium.importing.structure.spss import spss
from compendium.importing.text import Sheet
from compendium.survey.study import load_study

pytestmark = pytest.mark.usefixtures("spss_here")
AGREE = {1.0: "Strongly disagree", 2.0: "Disagree", 3.0: "Neither", 4.0: "Agree", 5.0: "Strongly agree"}


def saved(data, columns, **how):
    """The study of an SPSS file, and what is to be decided."""
    path = data.parent / "a.sav"
    pyreadstat.write_sav(pd.DataFrame(columns), str(path), **how)
    report = import_study("mine", path, data)
    return load_study("mine", data), [one["question"] for one in report["decisions"]]


def shape(study):
    """Type and labels of each item."""
    return {item.id: (item.type, [o.label for o in item.choices]) for item in study.instrument.items}


def test_a_level_that_nobody_chose_stays_at_its_place(data):
    """Labels of codes 1 to 4, of which 1 and 4 are chosen; a code list in falling order as well."""
    stage = {4.0: "Taught", 1.0: "Never heard of", 3.0: "Used", 2.0: "Heard of"}
    study, _ = saved(
        data, {"stage": [4.0, 1.0] * 10, "mood": [5.0, 4.0] * 10},
        variable_value_labels={"stage": stage, "mood": AGREE},
    )  # fmt: skip
    assert shape(study) == {
        "stage": ("single", ["Never heard of", "Heard of", "Used", "Taught"]),
        "mood": ("scale", list(AGREE.values())),
    }
    assert study.answers["stage"].value_counts(sort=False).tolist() == [10, 0, 0, 10]


def test_numbers_stay_numbers_whatever_codes_are_labelled(data):
    """Declared missing, missing by its label alone, don't know, and a top code that is a number."""
    ages = [float(18 + i) for i in range(20)]
    columns = {
        "age": [*ages[:18], 998.0, 999.0], "income": [*[i * 1000.0 for i in ages[:19]], 9999999.0],
        "children": [0.0, 1.0, 2.0, 3.0, 98.0] * 4, "years": [*ages[:19], 90.0],
    }  # fmt: skip
    labels = {
        "age": {998.0: "Refused", 999.0: "No answer"}, "income": {9999999.0: "Missing"},
        "children": {98.0: "Don't know"}, "years": {90.0: "90 or more"},
    }  # fmt: skip
    study, asked = saved(
        data, columns, variable_value_labels=labels,
        column_labels={"children": "How many children have you got?"},
        missing_ranges={"age": [{"lo": 998.0, "hi": 999.0}]},
    )  # fmt: skip
    assert {item.type for item in study.instrument.items} == {"number"}
    answers = study.answers
    assert answers.count().tolist() == [18, 19, 16, 20]
    means = answers[["age", "children"]].mean().tolist()
    assert means == pytest.approx([26.5, 1.5])
    assert answers["income"].max() == 36000
    assert answers["years"].max() == 90
    (codes,) = [question for question in asked if "codes read rightly" in question]
    assert "9999999 “Missing” is no answer" in codes
    assert "90 “90 or more” is a number" in codes
    assert "998" not in codes  # the file declares it


def test_a_scale_with_labelled_ends_stays_a_scale(data):
    points = {0.0: "Not at all", 10.0: "Extremely", 99.0: "Refused"}
    study, _ = saved(
        data, {"trust": [0.0, 3.0, 5.0, 8.0, 10.0] * 4},
        variable_value_labels={"trust": points}, missing_ranges={"trust": [99.0]},
    )  # fmt: skip
    kind, labels = shape(study)["trust"]
    assert (kind, len(labels)) == ("scale", 11)
    assert (labels[0], labels[-1]) == ("Not at all", "Extremely")


def test_variables_of_one_stem_with_one_code_list_are_a_grid(data):
    """op1 to op6; q1 and q2 with Yes and No are questions of their own."""
    values = {1.0: "Poor", 2.0: "Fair", 3.0: "Superb", 9.0: "Not asked (filter)"}
    columns = {f"op{i}": [1.0, 2.0, 9.0, 2.0] * 5 for i in range(1, 7)}
    columns |= {f"q{i}": [1.0, 2.0] * 10 for i in (1, 2)}
    labels = {f"op{i}": f"Opinion of our {name}" for i, name in enumerate("abcdef", start=1)}
    study, _ = saved(
        data, columns, column_labels=labels | {"q1": "Do you drive?", "q2": "Do you walk?"},
        variable_value_labels={name: values for name in labels}
        | {name: {1.0: "Yes", 2.0: "No"} for name in ("q1", "q2")},
        missing_ranges={name: [9.0] for name in labels},
    )  # fmt: skip
    grid = study.instrument.items[0]
    assert (grid.type, len(grid.statements)) == ("grid", 6)
    assert [point.label for point in grid.points] == ["Poor", "Fair", "Superb"]
    assert study.answers["op.opinion_of_our_a"].count() == 15
    assert [item.type for item in study.instrument.items[1:]] == ["single", "single"]


def test_what_the_file_calls_ordinal_is_a_scale(data):
    stage = {1.0: "Never heard of", 2.0: "Heard of", 3.0: "Used"}
    study, asked = saved(
        data, {"stage": [3.0, 1.0] * 10}, variable_value_labels={"stage": stage},
        variable_measure={"stage": "ordinal"},
    )  # fmt: skip
    assert shape(study) == {"stage": ("scale", list(stage.values()))}
    assert not any("ordered" in question for question in asked)


def test_a_set_that_the_file_defines_is_one_question():
    """Names that share nothing; pyreadstat reads such sets and writes none, so the sheet is made."""
    cells = pd.DataFrame([["news", "tv"], ["Papers", "Television"], ["1", "0"], ["0", "1"]])
    labels = {column: {"0": "No", "1": "Yes"} for column in (0, 1)}
    sheet = Sheet(cells, labels=labels, sets=[["media", "Which do you use?", ["news", "tv"]]])
    fields = spss("a.sav", sheet).fields
    assert [(f.group, f.question, f.part) for f in fields] == [
        ("media", "Which do you use?", "Papers"), ("media", "Which do you use?", "Television"),
    ]  # fmt: skip


def test_texts_that_the_file_declares_missing_are_no_answers(data):
    """As for numbers: one text, whose range begins and ends with it."""
    study, _ = saved(data, {"seen": ["yes", "no", "Z", "no"] * 5}, missing_ranges={"seen": ["Z"]})
    assert shape(study) == {"seen": ("single", ["yes", "no"])}
    assert study.answers["seen"].count() == 15
