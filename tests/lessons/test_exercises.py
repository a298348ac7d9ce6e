"""Every exercise solved for three students, and every usual mistake made."""

import shutil

import nbformat
import numpy as np
import pytest
from chapters import NOTEBOOKS, ROOT, TINY, lay_out
from lessons.solutions import SOLVED, Export, settled

from compendium.lessons.exercise import APART, KINDS
from compendium.lessons.students import draw
from compendium.lessons.table import EXERCISES, checked
from helpers import open_study

STUDENTS = ("anna", "ben", "chris")
NUMBERED = [id for id, one in EXERCISES.items() if one.kind not in ("choice", "codes")]
students = pytest.mark.parametrize("student", STUDENTS)
by_id = pytest.mark.parametrize("id", EXERCISES)


@pytest.fixture(scope="module")
def lessons(tmp_path_factory):
    """Each student's study, opened, and its export."""
    data = tmp_path_factory.mktemp("lessons") / "data"
    lay_out(data.parent)
    shutil.copytree(ROOT / "data" / "microcredentials", data / "microcredentials")
    for student in STUDENTS:
        assert "synthetic answers of" in next(draw(student, data))
    opened = {student: open_study(f"lesson-{student}", data, seed=1) for student in STUDENTS}
    return {student: (study, Export(study.folder)) for student, study in opened.items()}


@pytest.fixture(scope="module")
def posed(lessons):
    return {
        (id, student): one.task(study)
        for id, one in EXERCISES.items()
        for student, (study, _) in lessons.items()
    }


def ten(study, export, task):
    """What was settled of the ten answers of exercise 3.1."""
    rows = task.facts["answers"].iloc[task.facts["places"]]
    return settled(export, list(rows[["respondent", "item"]].itertuples(index=False, name=None)))


def said(parts):
    return [part for part in parts if isinstance(part, str)]


@students
@by_id
def test_what_a_teacher_computes_is_right(lessons, posed, id, student):
    study, export = lessons[student]
    task = posed[id, student]
    answer = ten(study, export, task) if id == "3.1" else SOLVED[id](export, **task.facts)
    if id in NUMBERED:
        assert answer == pytest.approx(task.right, abs=1e-9)
        answer = round(float(answer), KINDS[EXERCISES[id].kind].digits)
    asked, verdict, *_ = checked(study, id, answer)
    assert verdict.startswith("**Right.** ")
    assert "{" not in asked + verdict or id == "3.1"


@students
@by_id
def test_each_usual_mistake_has_its_own_hint(posed, id, student):
    one, task = EXERCISES[id], posed[id, student]
    mistakes = one.told_apart(task)
    hints = [one.judged(task, value) for value in mistakes.values()]
    assert [verdict.mistake for verdict in hints] == list(mistakes)
    assert not any(verdict.right for verdict in hints)
    assert len({verdict.said for verdict in hints}) == len(hints)
    assert set(task.mistakes) <= set(one.hints) or one.judge
    assert len(hints) >= APART or one.judge


@pytest.mark.parametrize("id", NUMBERED)
def test_slips_of_form_are_told(posed, id):
    one, task = EXERCISES[id], posed[id, "anna"]
    slips = {
        "percent": {"proportion": task.right / 100, "rounding": float(round(task.right))},
        "points": {"proportion": task.right / 100, "sign": -task.right},
        "proportion": {"percent": 100 * task.right, "rounding": round(task.right, 2)},
        "p": {"percent": 100 * task.right, "rounding": round(task.right, 2)},
        "count": {"whole": task.right + 0.4},
    }[one.kind]
    known = [task.right, *task.mistakes.values()]
    for slip, value in slips.items():
        if not any(other is not None and one._same(value, other) for other in known):
            assert one.judged(task, value).mistake == slip
    for nonsense in ("12%", True, float("nan"), [12], np.array([1, 2])):
        assert one.judged(task, nonsense).mistake == "form"
    far = one.judged(task, 987_654)
    assert (far.right, far.mistake) == (False, "")


def test_numbers_of_numpy_and_digits_more_than_asked_for_are_right(posed):
    one, task = EXERCISES["2.1"], posed["2.1", "anna"]
    assert one.judged(task, np.float64(task.right)).right
    assert one.judged(task, task.right + 0.04).right
    assert not one.judged(task, task.right + 0.06).right


@students
def test_each_statement_that_can_be_chosen_is_told_its_share(posed, student):
    one, task = EXERCISES["4.1"], posed["4.1", student]
    for id, about in task.about.items():
        verdict = one.judged(task, id)
        assert verdict.right == (id == task.right)
        assert verdict.right or about.partition("”")[0] in verdict.said
    assert "No such id" in one.judged(task, "Short course").said


def test_coding_ten_answers_is_measured_by_the_coders_and_habits_are_named(lessons, posed):
    study, export = lessons["anna"]
    task, one = posed["3.1", "anna"], EXERCISES["3.1"]
    right = ten(study, export, task)
    codes = study.coding.codebook.ids
    wrong = {
        "form": [["cost"]], "number": {0: ["cost"]}, "theme": {1: ["value"]}, "unknown": {1: ["no"]},
        "topic": {k: ["cost"] for k in right}, "unfinished": {1: right[1]},
        "many": {k: codes[: 6 + k] for k in right}, "few": {k: ["cost"] * (k == 1) for k in right},
    }  # fmt: skip
    verdicts = {mistake: one.judged(task, mine) for mistake, mine in wrong.items()}
    assert {mistake: verdict.mistake for mistake, verdict in verdicts.items()} == {k: k for k in wrong}
    assert not any(verdict.right for verdict in verdicts.values())
    shown = checked(study, "3.1", {1: right[1]})
    assert "Nearness on 1 answers" in shown[1]
    assert shown[2].data["what was settled"].tolist() == [", ".join(sorted(right[1])) or "none"]


def test_no_two_students_have_the_same_results(posed):
    for id in NUMBERED:
        rights = [posed[id, student].right for student in STUDENTS]
        assert len(set(rights)) > 1 or id == "5.2", id
    same = [id for id in NUMBERED if len({posed[id, s].right for s in STUDENTS}) < len(STUDENTS)]
    assert len(same) <= 4


def test_a_name_gives_the_same_answers_again_and_nothing_is_written_over(lessons, tmp_path):
    study, _ = lessons["anna"]
    data = study.folder.parent
    assert next(draw("Anna", data)).endswith("is there already; remove the folder to draw it anew.")
    shutil.copytree(ROOT / "data" / "microcredentials", tmp_path / "microcredentials")
    list(draw("ANNA", tmp_path))
    again = tmp_path / "lesson-anna"
    for path in study.folder.rglob("*.*"):
        assert (again / path.relative_to(study.folder)).read_bytes() == path.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lesson-anna", "microcredentials"]
    rows = (again / "responses.csv").read_text(encoding="utf-8").splitlines()
    assert all(",synthetic," in row for row in rows[1:] if row.startswith("R"))
    assert study.synthetic
    assert not {*study.frozen.exploratory, *study.frozen.amended}


def test_the_table_is_three_exercises_a_chapter_that_the_notebooks_ask():
    assert [*EXERCISES] == [f"{chapter}.{place}" for chapter in range(1, 7) for place in (1, 2, 3)]
    for path in NOTEBOOKS:
        cells = nbformat.read(path, 4).cells
        asked = {id: one for id, one in EXERCISES.items() if id[0] == path.stem[0]}
        for id, one in asked.items():
            heading = f"Exercise {id}: {one.title[0].lower()}{one.title[1:]}"
            assert any(c.source.lstrip("# ").partition("\n")[0] == heading for c in cells), id
            assert any(f'show(study.check("{id}", ' in c.source for c in cells), id


def test_a_study_that_lacks_what_an_exercise_needs_says_so(tmp_path):
    study = open_study("tiny", lay_out(tmp_path, TINY))
    for id in EXERCISES:
        shown = said(checked(study, id))
        assert shown[0].startswith((f"**{id}** ", "*This study has no exercise"))
        assert "<b>" not in "".join(shown)
    with pytest.raises(KeyError, match=r"There is no exercise '9\.9'"):
        checked(study, "9.9")


def test_a_chapter_of_protected_answers_checks_nothing(tmp_path):
    data = lay_out(tmp_path, TINY)
    study = open_study("tiny", data, tmp_path / "b", chapter="1_responses", protect="always")
    told = {id: checked(study, id, 3) for id in EXERCISES}
    once = [id for id, parts in told.items() if parts]
    assert once == [id for id in EXERCISES if id.endswith(".1")]  # once a chapter
    assert all(said(told[id])[0].startswith("*Exercises tell of single answers") for id in once)
