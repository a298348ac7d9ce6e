"""Names, folders and settings of other people's machines: imported all the same, and nothing is run."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from described_imports import ROOT

from compendium.importing.importer import import_study
from compendium.survey.study import load_study

HOSTILE = 'b`touch pwned`$(touch pwned)$HOME";touch pwned;y.csv'
ANSWERS = "Âge,Tea?,姓\n40,Yes,\n51,No,\n33,Yes,\n"


@pytest.fixture(name="clone")
def clone_elsewhere(tmp_path):
    """What `make study` needs, in a folder whose name has spaces, accents, `&` and brackets."""
    folder = tmp_path / "Ma thèse & données (v2)"
    (folder / "data").mkdir(parents=True)
    for name in (
        "requirements.lock",
        "pyproject.toml",
        "Makefile",
    ):  # the last is newer than the others
        shutil.copyfile(ROOT / name, folder / name)
    (folder / "src").symlink_to(ROOT / "src")
    shutil.copy(ROOT / "data" / "response_scales.yml", folder / "data")
    return folder


def test_a_hostile_name_in_an_accented_folder_is_imported_by_make(clone):
    """In the C locale and with a umask of 077; the name is taken as it is."""
    (clone / HOSTILE).write_text(ANSWERS, encoding="utf-8")
    before = {path.name for path in clone.iterdir()}
    done = subprocess.run(
        ["make", "study", "NAME=mine", f"EXPORT={HOSTILE}", f"PYTHON={sys.executable}",
         "READY=Makefile"],
        cwd=clone, env=os.environ | {"LC_ALL": "C", "PYTHONPATH": str(ROOT / "src")},
        capture_output=True, text=True, check=False, umask=0o077,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    made = clone / "data" / "mine"
    assert {path.name for path in clone.iterdir()} == before
    assert json.loads((made / "import.json").read_text(encoding="utf-8"))["source"] == HOSTILE
    assert {path.name: path.stat().st_mode & 0o777 for path in made.iterdir()} == dict.fromkeys(
        ["import.json", "responses.csv", "survey.yml"], 0o600
    )
    study = load_study("mine", clone / "data")
    assert study.answers.iloc[:, 0].tolist() == [40, 51, 33]


def test_a_terminal_that_cannot_write_a_heading_is_told_in_escapes(clone):
    (clone / "a.csv").write_text(ANSWERS, encoding="utf-8")
    command = [sys.executable, "-m", "compendium", "import", "--name=mine", "--export=a.csv"]
    done = subprocess.run(
        command, cwd=clone, capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert r"Left out: \u59d3" in done.stdout


# macOS refuses to make a file of such a name, so there is nothing to read.
@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_name_that_is_not_utf_8_is_imported(data):
    """As archives of Windows unpack: the byte of ä in Latin-1."""
    path = os.path.join(os.fsencode(data.parent), b"umfrage-\xe4.csv")
    with open(path, "wb") as file:
        file.write(ANSWERS.encode())
    assert import_study("mine", os.fsdecode(path), data)["source"] == "umfrage-\ufffd.csv"
    assert load_study("mine", data).n == 3


def test_line_ends_of_a_windows_checkout_change_nothing(data, tmp_path, known, monkeypatch):
    """Known scales, an export and an edited draft, all with carriage returns."""
    from compendium.importing import importer
    from compendium.importing.draft.scales import read_wordings

    scales = data / "response_scales.yml"
    scales.write_bytes(scales.read_bytes().replace(b"\n", b"\r\n"))
    assert read_wordings(scales).scales == known.scales
    monkeypatch.setattr(importer, "read_wordings", read_wordings)
    (tmp_path / "a.csv").write_bytes(ANSWERS.encode())
    import_study("unix", tmp_path / "a.csv", data)
    (tmp_path / "a.csv").write_bytes(ANSWERS.replace("\n", "\r\n").encode())
    import_study("mine", tmp_path / "a.csv", data)
    made = [(data / name / "responses.csv").read_bytes() for name in ("unix", "mine")]
    assert made[0] == made[1]
    survey = data / "mine" / "survey.yml"
    survey.write_bytes(survey.read_bytes().replace(b"Tea?", b"Coffee?").replace(b"\n", b"\r\n"))
    assert import_study("mine", tmp_path / "a.csv", data)["edited"]
    assert load_study("mine", data).instrument.items[1].question == "Coffee?"
