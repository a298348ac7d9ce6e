"""What `make multiverse` leaves, what the chapter says of it, and what is not told."""

import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from chapters import TINY, lay_out, run_chapter

from compendium.coding.codings import load_coding
from compendium.disclosure.counts import suppressed_counts
from compendium.files import read_csv, read_json
from compendium.multiverse import summary
from compendium.multiverse.choices import left
from compendium.multiverse.ground import Material, lay_ground
from compendium.multiverse.summary import concerned, run_multiverse, summed_up, table_of
from helpers import open_study


@pytest.fixture(scope="module")
def laid(tmp_path_factory):
    """The tiny study with its universes examined, under two schedulers; and what was said."""
    top = tmp_path_factory.mktemp("multiverse")
    data, said, steps = lay_out(top, TINY), [], []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(summary, "SHUFFLES", 39)
        said += run_multiverse("tiny", top / "build", data, progress=lambda *step: steps.append(step))
        run = run_multiverse("tiny", top / "other", data, scheduler="threads")
        said += run
        said += run_multiverse("tiny", top / "build", data)
    return top, said, steps


def folder(laid, build="build"):
    return laid[0] / build / "tiny" / "multiverse"


def test_two_engines_leave_the_same_bytes_and_nothing_else(laid):
    for name in (summary.SUMMARY, summary.UNIVERSES):
        assert (folder(laid) / name).read_bytes() == (folder(laid, "other") / name).read_bytes()
    assert sorted(path.name for path in folder(laid).iterdir()) == [
        "made.json", "summary.json", "universes.csv",
    ]  # fmt: skip
    _, said, steps = laid
    assert said[0].startswith("multiverse: ")
    assert "as made before" in said[-1]
    assert steps[0][0] == 0
    assert steps[-1][0] == steps[-1][1] == read_json(folder(laid) / "summary.json")["universes"]


def test_each_row_is_a_universe_and_each_question_has_its_facts(laid):
    table, facts = read_csv(folder(laid) / "universes.csv"), read_json(folder(laid) / "summary.json")
    assert len(table) == facts["universes"]
    for one in facts["questions"]:
        rows = table[table["question"] == one["id"]]
        assert len(rows) == one["universes"]
        assert (rows["estimate"] != "").sum() == one["told"]
        failed = rows[rows["why"] != ""]
        assert len(failed) == len(one["failed"])
        for fail in one["failed"]:
            assert fail["choices"]["cut"] in ("points", "named")
        if one.get("joint"):
            assert 1 / 40 <= one["joint"]["median_p"] <= 1
            assert one["robust"]["agree"] <= one["robust"]["of"] <= one["told"]
        if one.get("variance"):
            assert sum(one["variance"].values()) == pytest.approx(1, abs=1e-6)


def test_the_chapter_shows_what_was_left_and_escapes_it(laid, tmp_path):
    top, data = laid[0], lay_out(tmp_path, TINY)
    shutil.copytree(top / "build", tmp_path / "build")
    assert data.exists()
    shown = str(run_chapter("6_multiverse", tmp_path, drawn=False))
    assert "planned questions were asked in" in shown
    assert "No other place &lt;b&gt;for it" in shown
    assert "<b>for it" not in shown
    results = read_json(tmp_path / "build" / "tiny" / "results" / "6_multiverse.json")
    assert results["multiverse.one.planned"]["low"] <= results["multiverse.one.planned"]["value"]
    assert any(id.endswith(".median.p") for id in results)
    curves = list((tmp_path / "figures" / "tiny").glob("6_curve_*.json"))
    assert len(curves) == 2


def test_a_chapter_without_universes_says_so_in_a_sentence(tmp_path):
    study = open_study("tiny", lay_out(tmp_path, TINY), tmp_path / "build" / "scratch")
    assert "`make multiverse` does it" in study.what_depends()
    assert study.multiverse().parts == ["*Nothing was examined: `make multiverse` does it.*"]
    assert study.multiverse("curves").parts == study.multiverse("claims").parts == []
    bare = open_study("anes96", None, tmp_path / "build")
    assert "names no decision" in bare.what_depends()
    assert "names no decision" in bare.universe().parts[0]
    assert left([tmp_path]) == {}
    with pytest.raises(KeyError, match=r"no 'curve'.*is it 'curves'"):
        study.multiverse("curve")


def test_a_study_without_a_multiverse_passes_through(tmp_path):
    said = list(run_multiverse("anes96", tmp_path, "data"))
    assert said == ["multiverse: survey.yml of 'anes96' has none."]
    assert read_json(tmp_path / "anes96" / "multiverse" / "summary.json")["questions"] == []


def test_what_takes_long_is_left_to_make_multiverse(tmp_path, monkeypatch):
    data = lay_out(tmp_path, TINY)
    monkeypatch.setattr(summary, "AT_ONCE", 10)
    (said,) = run_multiverse("tiny", tmp_path / "build", data, briefly=True)
    assert said.endswith("`make multiverse` examines them.")
    study = open_study("tiny", data, tmp_path / "build")
    assert "universes are not examined yet" in study.what_depends()


def test_one_universe_is_asked_by_its_choices(tmp_path):
    study = open_study("tiny", lay_out(tmp_path, TINY), tmp_path / "build", seed=3)
    view = study.universe("by_weather", outcome="rain", cut="named")
    assert view.frame.index.tolist() == ["As planned", "Decided otherwise"]
    assert view.frame["p"].between(1 / 501, 1).all()
    with pytest.raises(KeyError, match=r"no universe with cut = 'nmaed'.*is it 'named'"):
        study.universe("by_weather", cut="nmaed")
    with pytest.raises(KeyError, match="make no universe together"):
        study.universe("by_weather", cut="named", test="linear")


@pytest.mark.parametrize("many", [1, 60])
def test_a_universe_on_withheld_ground_is_withheld(tmp_path, many):
    """Protected, the twenty respondents give no universe; sixty of each do where no cell is small."""
    study = open_study("tiny", lay_out(tmp_path, TINY), protect="always")
    survey = study.survey
    survey = replace(survey, answers=pd.concat([survey.answers] * many, ignore_index=True),
                     states=pd.concat([survey.states] * many, ignore_index=True))  # fmt: skip
    hidden = suppressed_counts(survey)
    material = Material(survey, load_coding(study.survey, study.folder))
    told = {}
    for name in ("where", "helmets", "by_weather", "weathers", "motives"):
        ground = lay_ground(material, study.plan[name], hidden)
        rows = np.arange(len(ground.universes) * 9, dtype=float).reshape(-1, 9)
        table = table_of(survey, ground, rows, {})
        facts = summed_up(ground, table, rows, {})
        told[name] = facts["told"]
        assert table["n"].isna().all()
        assert (table["why"] == "withheld").sum() == facts["withheld"] == len(table) - facts["told"]
        if facts["told"] == 0:
            assert {"joint", "comparisons", "robust"}.isdisjoint(facts)
            assert table[["estimate", "low", "high", "p"]].isna().all().all()
    assert told["weathers"] == told["motives"] == 0  # ranks tell more than their table
    assert (sum(told.values()) > 0) == (many > 1)
    assert "not told" in study.universe("where").parts[0]


def test_a_chapter_of_protected_answers_tells_none_of_a_small_study(tmp_path, monkeypatch):
    """Collected answers of twenty people: every universe is counted, and none has a number."""
    path = lay_out(tmp_path, TINY) / "tiny" / "survey.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("provenance: synthetic", "provenance: collected"), encoding="utf-8")
    monkeypatch.setattr(summary, "SHUFFLES", 9)
    list(run_multiverse("tiny", tmp_path / "build", tmp_path / "data"))
    table = read_csv(tmp_path / "build" / "tiny" / "multiverse" / "universes.csv")
    assert set(table["why"]) == {"withheld"}
    assert (table[["estimate", "low", "high", "n", "p"]] == "").all().all()
    study = open_study("tiny", tmp_path / "data", tmp_path / "build", chapter="6_multiverse")
    assert "none is told" in study.what_depends()
    for part in ("decisions", "summary", "curves", "dependence", "claims"):
        study.multiverse(part).keep()
    assert "not told" in study.universe().parts[0]
    assert summary._coarse({"a": [0.123, 4, None]}) == {"a": [0.12, 4, None]}


def test_claims_stand_in_the_universes_that_print_the_same(employers):
    from compendium.audit.claims import Claim

    study, plan = employers.study, employers.study.instrument.plan
    ground = lay_ground(employers, plan["awareness"])
    rows = np.full((len(ground.universes), 4), 13.2)
    rows[0, 0], rows[1, 0] = 13.49, 13.51
    facts, table = (
        summed_up(ground, table_of(study, ground, rows, {}), rows, {}),
        table_of(study, ground, rows, {}),
    )
    claim = Claim(id="a.b", statement="13%", source="us", percent="13", base=92,
                  result="familiarity.concept.not_familiar")  # fmt: skip
    (found,) = concerned(study, [claim], [facts], [table])
    assert (found["agree"], found["of"], found["printed"]) == (len(rows) - 1, len(rows), "13")
    assert found["decision"]
