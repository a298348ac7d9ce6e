"""Exports of Qualtrics in the shapes of public test data, their answers made up.

ropensci/qualtRics, tests/testthat/files: sample.csv (three rows, the third JSON, choices as numbers,
a column of topics made from a text) and sample_legacy.csv (two rows). ctesta01/QualtricsTools,
data/Sample Surveys: "(Insights).csv" of 2016, whose third row has single quotes and hyphens.
"""

import json

import pytest
from described_survey import save

from compendium.importing.importer import import_study
from compendium.survey.study import load_study

PERSON = ["IPAddress", "RecipientLastName", "RecipientEmail", "LocationLatitude"]
ASKED = {"Q1": "Where do you sail?", "Q2_1": "Which boats?{}Dinghies",
         "Q2_2": "Which boats?{}Yachts, large", "Q3": "What else?"}  # fmt: skip


def answers(i):
    """Choice numbers, ticks of 1 or nothing, and a text."""
    return [
        str(i % 3 + 1),
        "1" if i % 2 else "",
        "1" if i % 5 < 2 else "",
        f"Winds of {i} knots are fine",
    ]


def today(path):
    ids = {"StartDate": "startDate", "Status": "status", "IPAddress": "ipAddress",
           "Finished": "finished", "ResponseId": "_recordId", "RecipientLastName": "recipientLastName",
           "RecipientEmail": "recipientEmail", "LocationLatitude": "locationLatitude"}  # fmt: skip
    parts = {"Q1": {"ImportId": "QID1"}, "Q2_1": {"ImportId": "QID2", "choiceId": "1"},
             "Q2_2": {"ImportId": "QID2", "choiceId": "2"},
             "Q3": {"ImportId": "QID3_TEXT"}}  # fmt: skip
    topics = "Q3 - Topics", {"ImportId": "QID3_TEXT_eae5a8d0e7fd4bd183e983e5Topics"}
    rows = [
        [*ids, *ASKED, topics[0]],
        [*(f"Feld {n}" for n in ids), *(t.format(" - ") for t in ASKED.values()), topics[0]],
        [
            json.dumps(one)
            for one in [*({"ImportId": i} for i in ids.values()), *parts.values(), topics[1]]
        ],
    ]
    for i in range(40):
        fixed = ["2017-07-18 08:28:09", "0", "192.0.2.7", "1", f"R_{i:03d}", "Muir", "j@example.org"]
        rows.append([*fixed, "55.9", *answers(i), "Wind"])
    save(path, rows)


def insights(path):
    ids = {"ResponseID": "responseId", "ResponseSet": "responseSetId", "IPAddress": "ipAddress",
           "RecipientLastName": "panel-RecipientLastName", "RecipientEmail": "panel-RecipientEmail",
           "Finished": "finished", "Status": "status", "LocationLatitude": "Location-LocationLatitude",
           "Q1": "QID1", "Q2_1": "QID2-1", "Q2_2": "QID2-2", "Q3": "QID3-TEXT"}  # fmt: skip
    rows = [list(ids), [ASKED.get(name, name).format("-") for name in ids],
            [f"{{'ImportId': '{id}'}}" for id in ids.values()]]  # fmt: skip
    for i in range(40):
        fixed = [f"R_{i:03d}", "Default Response Set", "192.0.2.7", "Muir", "j@example.org", "1", "0"]
        rows.append([*fixed, "55.9", *answers(i)])
    save(path, rows)


def legacy(path):
    heads = ["ResponseID", "ResponseSet", "Name", "ExternalDataReference", "EmailAddress", "IPAddress",
             "Status", "StartDate", "EndDate", "Finished"]  # fmt: skip
    rows = [[*(f"V{n}" for n in range(1, 11)), *ASKED, "LocationLatitude", ""]]
    rows.append([*heads, *(text.format("-") for text in ASKED.values()), "LocationLatitude", ""])
    for i in range(40):
        fixed = [f"R_{i:03d}", "Default Response Set", "Muir", "", "j@example.org", "192.0.2.7", "0"]
        rows.append(
            [*fixed, "2017-07-18 08:28:09", "2017-07-18 08:28:48", "1", *answers(i), "55.9", ""]
        )
    save(path, rows)


@pytest.mark.parametrize("write", [today, insights, legacy])
def test_each_generation_of_exports_is_read(data, write):
    write(data.parent / "a.csv")
    report = import_study("mine", data.parent / "a.csv", data)
    study = load_study("mine", data)
    assert (report["platform"], study.n) == ("qualtrics", 40)
    where, boats, more = study.instrument.items
    assert [one.type for one in (boats, more)] == ["multi", "text"]
    assert [one.question for one in (where, boats, more)] == [
        "Where do you sail?", "Which boats?", "What else?"
    ]  # fmt: skip
    assert [option.label for option in boats.options] == ["Dinghies", "Yachts, large"]
    ticked = [int(study.answers[f"{boats.id}.{o.id}"].fillna(False).sum()) for o in boats.options]
    assert ticked == [20, 16]
    kept = (data / "mine" / "responses.csv").read_text()
    assert not any(word in kept for word in ("Muir", "example.org", "192.0.2.7", "55.9", "Wind\n"))
