"""A frozen plan: each way to change a question of it is seen, and only its results are labelled."""

import copy
import datetime
import shutil
import subprocess

import pytest
from chapters import TINY, lay_out, run_chapter

from compendium.files import read_json, write_json
from compendium.models import read_yaml, write_yaml
from compendium.survey.freeze import LOCK, freeze, standing
from compendium.survey.instrument import read_instrument

DAY = datetime.date(2026, 3, 1)
SURVEY = read_yaml(TINY / "survey.yml")


def asked(survey, id):
    return next(question for question in survey["plan"] if question["id"] == id)


def item(survey, id):
    return next(item for item in survey["items"] if item["id"] == id)


def put(id, **keys):
    """A change of a question's keys."""
    return lambda survey: asked(survey, id).update(keys)


def add(survey):
    survey["plan"].append(asked(survey, "riders") | {"id": "more", "of": "daily"})


def remove(survey):
    survey["plan"].remove(asked(survey, "motives"))


def rename(survey):
    asked(survey, "motives")["id"] = "motive"


def widen_group(survey):
    survey["scales"]["often"]["groups"][0]["options"] = ["daily"]


def fold_options(survey):
    item(survey, "reasons")["groups"][0]["options"] = ["health"]


def turn_scale(survey):
    item(survey, "age")["points"].reverse()


def drop_statement(survey):
    item(survey, "weather")["statements"].pop()


def ask_others(survey):
    item(survey, "helmet")["asked_if"]["any"] = ["daily"]


def drop_condition(survey):
    del item(survey, "helmet")["asked_if"]


MUTATIONS = {
    "the words of a question": (put("riders", question="What share rides daily?"), {"riders"}),
    "the option whose share it is": (put("riders", of="daily"), {"riders"}),
    "a method": (put("riders", method="published", published="perkins_2021_unfamiliar"), {"riders"}),
    "an item": (put("where", item="helmet", of="yes"), {"where"}),
    "an outcome": (put("where", of="rides"), {"where"}),
    "a background item": (put("where", by=["age"]), {"where"}),
    "one more background item": (put("where", by=["place", "age"]), {"where"}),
    "a family": (put("where", family="helmets"), {"where"}),
    "a family of its own": (put("helmets", family=None), {"helmets"}),
    "rows": (put("helmets", rows=["young", "old"]), {"helmets"}),
    "a bound on what matters": (put("motives", equivalence=0.1), {"motives"}),
    "the order of predictors": (put("model", by=["place", "age"]), {"model"}),
    "fewer predictors": (put("model", by=["age"]), {"model"}),
    "one kind for the other": (put("motives", of=["money", "own"]), {"motives"}),
    "a table": (put("by_weather", table="Table 3"), {"by_weather"}),
    "a published figure": (put("earlier", published="another_2020_share"), {"earlier"}),
    "who speaks of other things": (put("themes_by_place", by=["age"]), {"themes_by_place"}),
    "a question more": (add, {"more"}),
    "a question less": (remove, {"motives"}),
    "a question's id": (rename, {"motives", "motive"}),
    "what a group holds": (
        widen_group, {"riders", "where", "weathers", "by_weather", "model", "earlier"},
    ),
    "what a group of ticks holds": (fold_options, {"motives"}),
    "which end of a scale is up": (turn_scale, {"helmets", "by_weather", "model"}),
    "statements of a grid": (drop_statement, {"weathers", "by_weather"}),
    "to whom it is put": (ask_others, {"helmets"}),
    "that it is put to some only": (drop_condition, {"helmets"}),
}  # fmt: skip


@pytest.fixture
def frozen(tmp_path):
    """The study of twenty rows with a frozen plan."""
    folder = tmp_path / "tiny"
    shutil.copytree(TINY, folder)
    list(freeze(folder, DAY))
    return folder


def changed(folder, change=lambda survey: None, **keys):
    """The standing of a plan once `change` was made to the survey."""
    survey = copy.deepcopy(SURVEY)
    change(survey)
    write_yaml(folder / "survey.yml", survey | keys)
    return standing(read_instrument(folder / "survey.yml"), folder)


def test_an_untouched_plan_is_as_frozen(frozen):
    found = changed(frozen)
    assert found.of("riders") == "as frozen"
    assert (found.amended, found.exploratory, found.removed) == ({}, {}, {})
    assert found.said() == "Plan frozen on 2026-03-01, when answers were there already; unchanged."


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_changed_plan_is_caught_and_only_what_changed(frozen, name):
    change, questions = MUTATIONS[name]
    found = changed(frozen, change)
    assert found.exploratory.keys() | found.removed.keys() == questions
    reasons = dict.fromkeys(questions, "the pilot showed that it was misread")
    found = changed(frozen, change, amendments=reasons)
    assert found.exploratory == {}
    assert found.amended | found.removed == reasons


def put_in_order(survey):
    survey["plan"].reverse()


def mend_labels(survey):
    item(survey, "place")["options"][0]["label"] = "Town"
    survey["title"] = "Riding"


@pytest.mark.parametrize("change", [put_in_order, mend_labels])
def test_what_changes_no_question_is_no_change(frozen, change):
    assert changed(frozen, change).exploratory == {}


def test_a_reason_holds_for_the_change_that_it_was_given_for(frozen):
    first, why = put("riders", of="daily"), {"riders": "the pilot showed that it was misread"}
    changed(frozen, first, amendments=why)
    list(freeze(frozen, DAY + datetime.timedelta(days=9)))
    (kept,) = read_json(frozen / LOCK)["amendments"]
    assert (kept["question"], kept["date"], kept["reason"]) == ("riders", "2026-03-10", why["riders"])
    assert changed(frozen, first).amended == why  # it stands in the lock from now on
    second = put("riders", of="sometimes")
    assert changed(frozen, second, amendments=why).exploratory.keys() == {"riders"}
    assert changed(frozen, second, amendments={"riders": "another one"}).exploratory == {}


def test_freezing_again_keeps_the_date_and_refuses_what_has_no_reason(frozen):
    before = (frozen / LOCK).read_bytes()
    (line,) = freeze(frozen)
    assert "2026-03-01" in line
    changed(frozen, put("riders", of="daily"))
    with pytest.raises(ValueError, match=r"question 'riders' was changed since; say why.*amendments"):
        list(freeze(frozen))
    assert (frozen / LOCK).read_bytes() == before


def test_a_lock_that_was_edited_is_refused(frozen):
    lock = read_json(frozen / LOCK)
    write_json(frozen / LOCK, lock | {"date": "2020-01-01"})
    with pytest.raises(ValueError, match="was edited after it was written"):
        changed(frozen)


def test_a_reason_needs_words_and_a_question(frozen):
    with pytest.raises(ValueError, match="amendments > nobody: the plan has and had no such question"):
        changed(frozen, amendments={"nobody": "no reason"})
    with pytest.raises(ValueError, match="amendments > riders"):
        changed(frozen, amendments={"riders": "  "})


def test_the_commit_is_kept_where_it_holds_the_plan(frozen):
    (frozen / LOCK).unlink()
    git = ["git", "-C", str(frozen), "-c", "user.name=x", "-c", "user.email=x@example.org"]
    for arguments in (["init", "-q"], ["add", "survey.yml"], ["commit", "-q", "-m", "plan"]):
        subprocess.run([*git, *arguments], check=True)
    head = subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True).stdout.strip()
    list(freeze(frozen, DAY))
    assert read_json(frozen / LOCK)["commit"] == head
    (frozen / LOCK).unlink()
    changed(frozen, put("riders", of="daily"))
    assert "commit survey.yml before you freeze it" in list(freeze(frozen, DAY))[-1]
    assert read_json(frozen / LOCK)["commit"] is None


def test_results_of_a_changed_question_say_so_and_no_others(tmp_path):
    data = lay_out(tmp_path, TINY)
    list(freeze(data / "tiny", DAY))
    survey = copy.deepcopy(SURVEY)
    asked(survey, "helmets")["rows"] = ["young", "old"]
    asked(survey, "motives")["of"] = ["money", "own"]
    reason = {"motives": "the order was a slip"}
    write_yaml(data / "tiny" / "survey.yml", survey | {"amendments": reason})
    shown = run_chapter("2_familiarity", tmp_path, drawn=False)
    results = read_json(tmp_path / "build" / "tiny" / "results" / "2_familiarity.json")
    loose = {id for id, result in results.items() if result.get("exploratory")}
    assert "plan.helmets.age.p" in loose
    assert {id for id in results if id.startswith("plan.helmets.")} <= loose
    assert all(id.startswith(("plan.helmets.", "riding.helmet.")) for id in loose)
    text = "\n".join(str(output) for output in shown)
    assert "exploratory: changed after the plan was frozen" in text
    assert "amended: the order was a slip" in text
    assert "1 amended since, 1 exploratory since" in text
