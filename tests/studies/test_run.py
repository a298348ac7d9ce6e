"""Exports of a list from import to audit: what each gave, what was refused, and runs that stop."""

from concurrent.futures import BrokenExecutor
from unittest import mock

import pytest
from listed_exports import export, laid_out, left, studied

from compendium.files import read_csv
from compendium.multiverse import engine
from compendium.studies import run

PLAN = """
plan:
  - {id: riders, question: How many ride?, method: share, item: ride, of: "yes"}
"""
CLAIM = """
- {id: press.riders, statement: 99% ride., source: The press, percent: "99", base: 20,
   result: questions.ride.yes}
"""


@pytest.fixture(scope="module")
def top(tmp_path_factory):
    """The list, run, stopped in the third study, and run again; steps and what was said."""
    top, steps, made = laid_out(tmp_path_factory.mktemp("studies")), [], run.examine

    def stopped(places, entry):
        if entry.name == "second":
            raise KeyboardInterrupt
        made(places, entry)

    with mock.patch.object(run, "examine", stopped), pytest.raises(KeyboardInterrupt):
        studied(top)
    assert not (top / "build" / "studies.csv").exists()
    assert not list(top.rglob("*.part"))
    said = studied(top, progress=lambda *step: steps.append(step))
    return top, said, steps


def test_one_study_that_fails_stops_none(top):
    _, said, steps = top
    assert steps == [(2, 4), (3, 4), (4, 4)]  # a stopped run goes on where it was
    assert said[0].startswith("studies: 2 of 4 from export to audit, 2 refused; 3 examined now")
    assert said[1].startswith("  done     first: 20 respondents, 2 questions, ")
    assert " to decide, first of all: " in said[2]
    assert said[3] == "  refused  gone (import): gone.csv: there is no such file; check EXPORT."
    assert said[4].startswith("  refused  odd (import): =1+1.csv: ")
    assert "Riding: 2 waves, 9 rows over time, 0 questions of a wave not compared" in said[5]


def test_the_table_says_what_each_gave_guessed_and_refused(top):
    table = read_csv(top[0] / "build" / "studies.csv").set_index("name")
    first = table.loc["first"]
    assert first[["export", "status", "platform", "rows", "respondents", "items"]].tolist() == [
        "one year.csv", "done", "plain", "20", "20", "2",
    ]  # fmt: skip
    assert int(first["results"]) > 5
    assert first[["planned", "answered", "claims", "claims_failed"]].tolist() == ["0"] * 4
    assert int(first["decisions"]) > 0
    assert first["first_decision"] != ""
    assert table.loc["odd", "export"] == "'=1+1.csv"  # no formula
    assert table.loc["odd", ["status", "at", "respondents"]].tolist() == ["refused", "import", ""]
    seconds = read_csv(top[0] / "build" / "seconds.csv")
    assert seconds.columns.tolist() == [
        "name", "import", "counts", "1_responses", "2_familiarity", "3_themes", "5_claims", "all",
    ]  # fmt: skip


def test_the_page_escapes_and_shows_waves(top):
    page = (top[0] / "build" / "index.html").read_text(encoding="utf-8")
    assert "<b>" not in page
    assert [path for path in left(top[0]) if path.endswith((".svg", ".png"))] == []
    assert "Riding: 2 waves" in page
    trends = read_csv(top[0] / "build" / "trends.csv").set_index("option")
    assert float(trends.loc["Yes", "change"]) == 35
    assert trends.loc["Yes", "test"] == "Fisher (exact)"


def test_a_second_run_examines_only_what_has_changed(top):
    here, before = top[0], left(top[0])
    assert "; 2 examined now" in studied(here)[0]  # what was refused is tried again
    assert left(here) == before
    export(here / "in" / "gone.csv", 3)
    with (here / "data" / "first" / "survey.yml").open("a", encoding="utf-8") as survey:
        survey.write(PLAN)
    (here / "data" / "first" / "claims.yml").write_text(CLAIM, encoding="utf-8")
    said = studied(here)
    assert said[0].startswith("studies: 3 of 4 from export to audit, 1 refused; 3 examined now")
    table = read_csv(here / "build" / "studies.csv").set_index("name")
    assert table.loc["gone", ["respondents", "planned"]].tolist() == ["20", "0"]
    assert table.loc["first", ["planned", "answered", "claims", "claims_failed"]].tolist() == [
        "1", "1", "1", "1",
    ]  # fmt: skip


def test_a_worker_that_is_killed_is_said_in_one_line():
    killed = mock.patch("dask.compute", side_effect=BrokenExecutor)
    with killed, pytest.raises(ValueError, match="a worker was killed, mostly for want of memory"):
        list(engine.computed(len, [("",)]))
