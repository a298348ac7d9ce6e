"""What is asked, in which order, on how many lines, and what answers it for good."""

import re

import pytest
from described_imports import ROOT
from described_survey import save

from compendium.importing.draft.decisions import KINDS, LINES, Decision, ranked, screen
from compendium.importing.importer import import_study
from compendium.survey.study import load_study


def asked_of(report):
    return {(one["kind"], one["item"]) for one in report["decisions"]}


def edit(data, old, new):
    path = data / "mine" / "survey.yml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (old, text)
    path.write_text(text.replace(old, new), encoding="utf-8")


def cooking(data, more=()):
    """Respondents who cook, six of whom gave no answer, with one scale that nobody used whole."""
    rows = [["Respondent ID", "How often do you cook?", "How rich are you, 1 to 4?"]]
    often = ["Never", "Rarely", "Sometimes", "Often", "Always", "No answer"]
    rows += [[str(i), often[i % 6], "124"[i % 3]] for i in range(36)]
    save(data.parent / "a.csv", rows + list(more))
    return import_study("mine", data.parent / "a.csv", data)


def test_every_decision_has_evidence_a_consequence_and_an_edit(data):
    report = cooking(data)
    for one in report["decisions"]:
        assert one["why"]
        assert one["consequence"] == KINDS[one["kind"]]
        assert one["edit"] or one["kind"] in ("file", "about")
    (missing,) = [one for one in report["decisions"] if one["kind"] == "missing"]
    assert missing["question"] == "Do these stand for no answer in often_cook: No answer?"
    assert missing["rows"] == 6


def test_decisions_stand_by_consequence_and_once_for_all_items_with_the_same():
    asked = [
        Decision("About?", "w", kind="about"),
        Decision("Points?", "w", "a", kind="points", rows=9),
        Decision("No answer in {items}: NA?", "{rows} values", "a", kind="missing", rows=3),
        Decision("No answer in {items}: NA?", "{rows} values", "b", kind="missing", rows=4),
        Decision("Order?", "w", "c", kind="order", rows=90),
        Decision("Consent?", "w", "d", kind="consent", rows=1),
    ]
    found = ranked(asked)
    assert [one.kind for one in found] == ["consent", "missing", "order", "points", "about"]
    assert (found[1].question, found[1].why) == ("No answer in a, b: NA?", "7 values")
    assert found[1].item == ""


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("missing", "    missing: [No answer]\n", "    missing: [No answer]\n    decided: [missing]\n"),
        ("missing", "    missing: [No answer]\n", '    dont_know: [{id: none, label: "No answer"}]\n'),
        ("points", '      - {id: n3, label: "3"}\n', ""),
    ],
)
def test_one_edit_answers_a_decision_and_a_second_import_keeps_it(data, kind, old, new):
    first = cooking(data)
    item = "often_cook" if kind == "missing" else "rich_1_4"
    assert (kind, item) in asked_of(first)
    edit(data, old, new)
    for _ in range(2):
        again = cooking(data)
        assert again["edited"]
        assert asked_of(first) - asked_of(again) == {(kind, item)}
        assert new in (data / "mine" / "survey.yml").read_text(encoding="utf-8")


def test_a_decision_follows_its_item_when_it_is_renamed_and_ends_when_it_is_taken_out(data):
    cooking(data)
    edit(data, "  - id: often_cook ", "  - id: cooks ")
    assert ("missing", "cooks") in asked_of(cooking(data))
    path = data / "mine" / "survey.yml"
    text = path.read_text(encoding="utf-8")
    start, end = text.index("  - id: cooks "), text.index("  - id: rich_1_4 ")
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    assert not any(item == "cooks" for _, item in asked_of(cooking(data)))


def test_what_only_a_later_export_brings_is_asked_then(data):
    cooking(data)
    edit(data, "title: Mine", "title: Edited")
    report = cooking(data)
    assert not any("refused" in one["question"].casefold() for one in report["decisions"])
    edit(data, "    missing: [No answer]\n", "    missing: [No answer, Refused]\n")
    report = cooking(data, [["99", "Refused", "1"]])
    assert load_study("mine", data).states["often_cook"].iloc[-1] == "skipped"
    assert report["edited"]


def test_the_general_decision_is_answered_by_a_licence(data):
    assert ("about", "") in asked_of(cooking(data))
    edit(data, "licence: Not stated", "licence: CC BY 4.0")
    assert ("about", "") not in asked_of(cooking(data))


def test_a_screen_has_the_most_consequential_and_says_where_the_rest_is(data):
    """Of many columns only the first decisions are printed; no line is longer than a screen."""
    heads = [f"How is thing {i}, which some call number {i}?" for i in range(40)]
    rows = [["Timestamp", "Do you consent to take part?", *heads]]
    rows += [
        [
            f"2024/05/01 10:00:0{i % 9}",
            "Yes" if i % 3 else "No",
            *(f"Kind {(i * j) % 4} of {j}" for j in range(40)),
        ]
        for i in range(30)
    ]
    save(data.parent / "a.csv", rows)
    report = import_study("mine", data.parent / "a.csv", data)
    lines = list(screen(report, data / "mine"))
    assert len(lines) <= LINES
    assert max(map(len, lines)) <= 100
    first = next(line for line in lines if line.startswith("1. "))
    assert first.startswith("1. [consent]")
    assert re.search(r"\d+ more \(\d+ \w+.*\): in import.json", " ".join(lines))  # by kind
    assert str(data / "mine") in "".join(line.strip() for line in lines)  # wrapped at a hyphen


def test_every_kind_of_decision_that_is_made_has_its_consequence():
    source = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "src/compendium").rglob("*.py"))
    kinds = {part.split('"')[0] for part in source.split('kind="')[1:]}
    assert {kind for kind in kinds if kind in KINDS} >= set(KINDS) - {"words"}
