"""All exercises of the chapters, and the check of an answer."""

from compendium.lessons import claims, pictures, responses, shares, texts
from compendium.lessons.exercise import Exercise
from compendium.wording import did_you_mean, plain

EXERCISES = {
    one.id: one
    for chapter in (responses, shares, texts, pictures, claims)
    for one in sorted(
        (one for one in vars(chapter).values() if isinstance(one, Exercise)), key=lambda one: one.id
    )
}
LEAVES = (
    "Exercises tell of single answers, so a chapter checks none where answers are protected. "
    "`make lesson STUDENT=name` draws answers to practise on."
)


def checked(study, id, answer=None):
    """What is said of an answer to an exercise.

    Parameters
    ----------
    study : OpenStudy
    id : str
        Such as ``"2.1"``.
    answer : object
        None where there is none yet.

    Returns
    -------
    list
        The question, the verdict with its hint or reason, and what there is to look at.

    Raises
    ------
    KeyError
        When there is no such exercise.
    """
    if id not in EXERCISES:
        raise KeyError(f"There is no exercise '{id}'{did_you_mean(str(id), [*EXERCISES])}.")
    one = EXERCISES[id]
    if study.instrument.protects and study.chapter is not None:
        return [f"*{LEAVES}*"] if id.endswith(".1") else []  # once a chapter
    try:
        task = one.task(study)
    except LookupError:
        return [f"*This study has no exercise {id}: it needs {plain(one.needs)}.*"]
    asked = f"**{id}** {one.asked(task)}"
    if answer is None or answer == {}:
        return [asked, "**Not answered yet.**", *task.parts]
    verdict = one.judged(task, answer)
    return [asked, f"**{'Right' if verdict.right else 'Not yet'}.** {verdict.said}", *verdict.parts]
