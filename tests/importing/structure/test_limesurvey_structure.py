"""A LimeSurvey export read by its structure: texts, order, skip logic, required."""

import pytest
from described_survey import save
from structure_files import lss

from compendium.importing.importer import import_study
from compendium.survey.study import load_study

FIXED = ["id", "submitdate", "lastpage", "startlanguage"]
STAGES = {"A1": ("Never heard", "Nie gehört"), "A2": ("Heard", "Gehört"), "A3": ("Used", "Benutzt"),
          "A4": ("Taught", "Gelehrt")}  # fmt: skip
VEHICLES = {"SQ001": ("Trains", "Züge"), "SQ002": ("Ships", "Schiffe")}


def both(pairs):
    return {code: {"en": en, "de": de} for code, (en, de) in pairs.items()}


QUESTIONS = [
    {"code": "work", "type": "Y", "text": {"en": "Do you <b>work</b>?", "de": "Arbeiten Sie?"},
     "mandatory": "Y"},
    {"code": "stage", "type": "F", "text": {"en": "How far are you?", "de": "Wie weit sind Sie?"},
     "subs": both(VEHICLES), "answers": both(STAGES)},
    {"code": "use", "type": "M", "text": {"en": "What do you use?", "de": "Was benutzen Sie?"},
     "subs": both(VEHICLES),
     "relevance": '((work.NAOK == "Y"))'},
    {"code": "years", "type": "N", "text": {"en": "Since when?", "de": "Seit wann?"},
     "relevance": 'use_SQ001.NAOK=="Y" or use_SQ002.NAOK=="Y"'},
    {"code": "why", "type": "L", "text": {"en": "Why?", "de": "Warum?"}, "answers": both(STAGES)},
    {"code": "say", "type": "T", "text": {"en": "What else?", "de": "Was noch?"},
     "relevance": 'work.NAOK == "Y" and years.NAOK > 3'},
]  # fmt: skip


def answers(full, language=0):
    """60 respondents: two in three work; nobody chooses A4; everybody says one of two things."""
    name = (lambda code: STAGES[code][language]) if full else (lambda code: code)
    yes, no, tick = [("Yes", "No", "Yes"), ("Ja", "Nein", "Ja")][language] if full else ("Y", "N", "Y")
    rows = []
    for i in range(60):
        work, train = i % 3 > 0, i % 2 > 0
        rows.append([
            str(i), "2026-05-01 10:00:00", "3", "en", yes if work else no, name(f"A{i % 3 + 1}"),
            name(f"A{i % 2 + 1}"), tick if work and train else "", tick if work and not train else "",
            str(i % 4) if work else "", name(f"A{i % 2 + 2}"), ["good", "fine"][i % 2] * work,
        ])  # fmt: skip
    return rows


CODES = [
    *FIXED,
    "work",
    "stage[SQ001]",
    "stage[SQ002]",
    "use[SQ001]",
    "use[SQ002]",
    "years",
    "why",
    "say",
]


EXPRESSION = [code.replace("[", "_").replace("]", "") for code in CODES]
NUMBERED = [[{"Y": "1", "N": "2"}.get(cell, cell) for cell in row] for row in answers(False)]


def texts(language):
    asked = {q["code"]: q["text"][language].replace("<b>", "").replace("</b>", "") for q in QUESTIONS}
    parts = {
        "SQ001": QUESTIONS[1]["subs"]["SQ001"][language],
        "SQ002": QUESTIONS[1]["subs"]["SQ002"][language],
    }
    named = [f"{asked[c.split('[')[0]]} [{parts[c.split('[')[1][:-1]]}]" if "[" in c else asked[c]
             for c in CODES[4:]]  # fmt: skip
    return ["Response ID", "Date submitted", "Last page", "Start language", *named]


def study_of(data, heads, rows, **how):
    save(data.parent / "results-survey4711.csv", [heads, *rows])
    lss(data.parent / "limesurvey_survey_4711.lss", QUESTIONS, languages=("en", "de"), **how)
    report = import_study("mine", data.parent / "results-survey4711.csv", data)
    return load_study("mine", data), report


@pytest.mark.parametrize(
    ("heads", "rows", "language", "version"),
    [(CODES, answers(False), 0, 485), (CODES, answers(True), 0, 359),
     (texts("en"), answers(True), 0, 485), (texts("de"), answers(True, 1), 1, 450),
     (EXPRESSION, NUMBERED, 0, 485)],
)  # fmt: skip
def test_texts_levels_and_skip_logic_are_the_structures(data, heads, rows, language, version):
    """Codes, full answers, headings of texts; the second language; rows of two generations.

    What LimeSurvey's export offers beside (FormattingOptions in its source): codes of the expression
    engine in the headings, and Y and N turned into 1 and 2.
    """
    study, report = study_of(data, heads, rows, version=version)
    items = {item.question: item for item in study.instrument.items}
    asked = [
        list(q["text"].values())[language].replace("<b>", "").replace("</b>", "") for q in QUESTIONS
    ]
    assert list(items) == asked
    work, stage, use, years, why, say = items.values()
    assert [item.type for item in items.values()] == [
        "single",
        "grid",
        "multi",
        "number",
        "single",
        "text",
    ]
    assert [point.label for point in stage.points] == [names[language] for names in STAGES.values()]
    assert [option.label for option in why.options] == [names[language] for names in STAGES.values()]
    assert [one.label for one in stage.statements] == [
        ["Trains", "Züge"][language],
        ["Ships", "Schiffe"][language],
    ]
    assert (use.asked_if.item, len(use.asked_if.any)) == (work.id, 1)
    assert (years.asked_if.item, len(years.asked_if.any)) == (use.id, 2)
    assert (say.asked_if, why.asked_if) == (None, None)
    assert study.answers[years.id].count() == 40
    assert (study.states[years.id] == "not_asked").sum() == 20
    quoted = [one for one in report["decisions"] if one["item"] == say.id]
    assert 'work.NAOK == "Y" and years.NAOK > 3' in quoted[0]["question"]
    assert [one.get("required", False) for one in report["guessed"]] == [True] + [False] * 5
    assert any(f"database version {version}" in line for line in report["read"])
