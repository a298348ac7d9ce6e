"""What LimeSurvey takes down itself is no answer, and what only looks like it is one."""

import pytest
from described_survey import FREQUENCY, save

from compendium.importing.importer import import_study
from compendium.survey.study import load_study

LIME = ["id. Response ID", "submitdate. Date submitted", "lastpage. Last page",
        "startlanguage. Start language"]  # fmt: skip


@pytest.mark.parametrize("heading", ["code", "codetext", "text"])
def test_times_that_limesurvey_takes_are_no_answers(data, heading):
    """In all three forms of its headings; a question whose code ends in Time stays one."""
    columns = [("id", "Response ID", "{}"), ("submitdate", "Date submitted", "2026-01-01"),
               ("lastpage", "Last page", "2"), ("startlanguage", "Start language", "en"),
               ("AGE", "How old are you?", "3{}"), ("WORK", "Where do you work?", "At home"),
               ("WORKTime", "Question time: WORK" if heading != "code" else "", "{}.25"),
               ("AGETime", "Question time: AGE", "{}"), ("PartTime", "Do you work part time?", "Yes"),
               ("groupTime12", "Group time: About you", "1{}.5"),
               ("interviewtime", "Total time", "2{}.75")]  # fmt: skip
    form = {"code": "{0}", "codetext": "{0}. {1}", "text": "{1}"}[heading]
    rows = [[form.format(code, text) for code, text, _ in columns]]
    rows += [[value.format(i % 8) if i else value.format(9) for _, _, value in columns]
             for i in range(8)]  # fmt: skip
    for i, row in enumerate(rows[1:], start=1):
        row[0] = str(i)
    save(data.parent / "a.csv", rows)
    report = import_study("mine", data.parent / "a.csv", data)
    assert [one["columns"] for one in report["guessed"]] == [
        [rows[0][i].split(".")[0]] for i in (4, 5, 8)
    ]
    assert {rows[0][i].split(". ")[0] for i in (6, 7, 9, 10)} <= {
        x["column"] for x in report["left_out"]
    }


def test_a_question_named_like_a_time_is_told_by_its_text(data):
    """``WORKTime`` beside ``WORK`` is a question where its text asks one."""
    rows = [[*LIME, "WORK. Where do you work?", "WORKTime. How many hours do you work?"]]
    rows += [[str(i), "2026-01-01", "2", "en", "At home", str(20 + i)] for i in range(9)]
    save(data.parent / "a.csv", rows)
    report = import_study("mine", data.parent / "a.csv", data)
    assert [one["type"] for one in report["guessed"]] == ["single", "number"]


@pytest.mark.parametrize("texts", [["[I like tea]", "[I like milk]"], ["Tea[x]", "Milk[x]"]])
def test_headings_without_a_question_are_read(data, texts):
    """An array may have no text of its own, and a text of its own brackets."""
    rows = [[*LIME, *(f"lik[{i}]. {text}" for i, text in enumerate(texts))]]
    rows += [[str(i), "2026-01-01", "2", "en", FREQUENCY[i % 5], FREQUENCY[i % 3]] for i in range(30)]
    save(data.parent / "a.csv", rows)
    import_study("mine", data.parent / "a.csv", data)
    (item,) = load_study("mine", data).instrument.items
    assert (item.type, len(item.statements)) == ("grid", 2)
    if texts[0].startswith("["):
        assert item.question == "lik"
        assert [one.label for one in item.statements] == ["I like tea", "I like milk"]
