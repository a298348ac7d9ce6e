"""To whom a question was put, guessed from exports."""

import numpy as np
import pandas as pd
import pytest
from described_survey import save

from compendium.importing.importer import import_study
from compendium.survey.study import load_study

LIME = ["id. Response ID", "submitdate. Date submitted", "lastpage. Last page",
        "startlanguage. Start language"]  # fmt: skip

MODES = ["Bicycle", "E-bike", "Bus or tram", "Car"]


def cyclists(count=60):
    """Who ticked what, how far they got, and whether they leased the e-bike they may have."""
    rng = np.random.default_rng(4)
    ticked = rng.random((count, 4)) < [0.5, 0.3, 0.4, 0.3]
    ticked[:5] = False  # shown, and nothing ticked
    return ticked, rng.random(count) < 0.9


def lime_rows(timed):
    ticked, finished = cyclists()
    rows = [[*LIME, *(f"MODE[SQ{i}]. How do you travel? [{m}]" for i, m in enumerate(MODES)),
             "LEASE. Did you lease your e-bike?", "SAY. What else?"]]  # fmt: skip
    rows[0] += ["interviewtime. Total time", "groupTime3. Group time: Cycling",
                "LEASETime. Question time: LEASE"] * timed  # fmt: skip
    for i, (ticks, done) in enumerate(zip(ticked, finished, strict=True)):
        page = ["Yes" if tick else "No" for tick in ticks]
        lease = ("Yes" if i % 2 else "No") if done and ticks[1] else "N/A"
        say = f"Respondent {i} has this to say" if done and i % 3 else "" if done else "N/A"
        row = [str(i + 1), "2026-01-01" if done else "", "2" if done else "1", "en", *page, lease, say]
        rows.append(row + [f"{90 + i}.25", f"{i}.5", f"{i / 4}"] * timed)
    return rows


@pytest.mark.parametrize("timed", [False, True])
def test_who_ticked_an_option_and_was_asked_is_guessed_from_limesurvey(data, timed):
    save(data.parent / "a.csv", lime_rows(timed))
    report = import_study("mine", data.parent / "a.csv", data)
    study = load_study("mine", data)
    lease = study.instrument.item("lease")
    assert (lease.asked_if.item, lease.asked_if.any) == ("mode", ["e_bike"])
    asks = [one["question"] for one in report["decisions"] if one["item"] == "lease"]
    assert asks == ["Was this asked only of those who ticked e_bike at 'mode'?"]
    ticked, _ = cyclists()
    owners = pd.Series(ticked[:, 1], index=[str(i + 1) for i in range(len(ticked))])
    assert ((study.states["lease"] != "not_asked") == owners[study.states.index]).all()


def test_several_options_are_guessed_where_the_platform_says_nothing(data):
    ticked, _ = cyclists(90)
    rows = [["Respondent ID", *["How do you travel?", "", "", ""], "Where do you park?"],
            ["", *MODES, "Response"]]  # fmt: skip
    for i, ticks in enumerate(ticked):
        park = ("Street", "Garage")[i % 2] if ticks[1] or ticks[3] else ""
        rows.append([str(1000 + i), *(m if t else "" for m, t in zip(MODES, ticks, strict=True)), park])
    save(data.parent / "a.csv", rows)
    import_study("mine", data.parent / "a.csv", data)
    study = load_study("mine", data)
    assert study.instrument.item("park").asked_if.any == ["e_bike", "car"]


def test_chance_is_no_skip_logic(data):
    """Answers that are missing at random, and rows that break off, have no condition."""
    rng = np.random.default_rng(9)
    for seed in range(12):
        ticked, _ = cyclists(90)
        rows = [["Respondent ID", *["How do you travel?", "", "", ""], "Where do you park?", "Well?"],
                ["", *MODES, "Response", "Response"]]  # fmt: skip
        for i, ticks in enumerate(rng.permutation(ticked)):
            gone = rng.random() < 0.2
            picks = ["" if gone else m if t else "" for m, t in zip(MODES, ticks, strict=True)]
            park, well = ("" if gone or rng.random() < 0.15 else rng.choice(["A", "B"]) for _ in "ab")
            rows.append([str(1000 + i), *picks, park, well])
        save(data.parent / "a.csv", rows)
        import_study(f"mine{seed}", data.parent / "a.csv", data)
        items = load_study(f"mine{seed}", data).instrument.items
        assert [item.asked_if for item in items] == [None, None, None]
