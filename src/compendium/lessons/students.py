"""A student's own synthetic answers: a study drawn from a name, so that no result can be copied."""

import importlib.util
import re
import shutil
import tempfile
from hashlib import sha256
from pathlib import Path

import numpy as np

from compendium.files import read_csv, read_text, replace, write_table
from compendium.models import read_yaml, write_yaml
from compendium.survey.instrument import read_instrument

MODEL = "microcredentials"  # the study whose answers a program writes, `synthesise.py` in its folder
ABOUT = (
    "Answers drawn from a name, for the exercises of one student. They have the shape of the default "
    "study's synthetic answers, and other numbers. Nothing here is a finding of anybody."
)
COPIED = ("codebook.yml", "model.yml", "plan.lock.json")


def draw(student, data_dir="data"):
    """Draw a student's answers as the study ``lesson-<student>``: the same name, the same answers.

    Parameters
    ----------
    student : str
        Letters, digits, ``-`` and ``_``; capitals make no difference.
    data_dir : str or pathlib.Path
        Holds the studies. A lesson that is there already stays as it is.

    Yields
    ------
    str
        What to tell the user.
    """
    data, name = Path(data_dir), f"lesson-{student.lower()}"
    if (data / name).exists():
        yield f"{data / name} is there already; remove the folder to draw it anew."
        return
    with tempfile.TemporaryDirectory(prefix=".lesson-", dir=data) as folder:
        _write(Path(folder, name), data / MODEL, student.lower())
        Path(folder, name).rename(data / name)
    yield f"{data / name}: synthetic answers of {student.lower()}."
    yield f'In JupyterLab set study = "{name}" in the first cell of a notebook and run all of it;'
    yield f"or make all STUDY={name} for all chapters, figures and the site."


def _write(folder, model, student):
    folder.mkdir()
    rng = np.random.default_rng(int.from_bytes(sha256(student.encode()).digest()[:8]))
    for name in COPIED:
        shutil.copyfile(model / name, folder / name)
    _write_survey(folder, model, student)
    answers = read_csv(model / "open_answers.csv")
    writers = sorted(answers["respondent"].unique())
    # Fewer than there are writers, in another order: the texts are shared out anew.
    n = int(rng.integers(70, len(writers)))
    order = rng.permutation(len(writers))
    moved = {writers[k]: f"R{place + 1:03d}" for place, k in enumerate(order) if place < n}
    rows = _synthesise(model).generate(
        read_instrument(folder / "survey.yml"), int(rng.integers(2**32)), n,
        _moved(answers, moved), rng.uniform(0.08, 0.24),
    )  # fmt: skip
    write_table(folder / "responses.csv", rows)
    (folder / "coding").mkdir()
    for path in sorted((model / "coding").glob("*.csv")):
        write_table(folder / "coding" / path.name, _moved(read_csv(path), moved))


def _moved(rows, moved):
    """Rows of the respondents who stay, under their new numbers."""
    rows = rows.assign(respondent=rows["respondent"].map(moved)).dropna(subset="respondent")
    return rows.sort_values("respondent", kind="stable", ignore_index=True)


def _write_survey(folder, model, student):
    """The questionnaire and the plan as they are; title, and what the answers are, of the lesson.

    The poster's figures are not claimed of it: only what others published can be audited.
    """
    survey = read_text(model / "survey.yml")
    survey = re.sub(r"^title: .*$", rf"\g<0> (exercises of {student})", survey, flags=re.M)
    survey = re.sub(r"^about:.*\n(?: .*\n)+", f"about: {ABOUT}\n", survey, flags=re.M)
    replace(folder / "survey.yml", survey)
    claims = read_yaml(model / "claims.yml")
    write_yaml(folder / "claims.yml", [one for one in claims if "result" not in one])


def _synthesise(model):
    """The program that writes the answers of the study that a lesson is modelled on."""
    spec = importlib.util.spec_from_file_location("synthesise", model / "synthesise.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
