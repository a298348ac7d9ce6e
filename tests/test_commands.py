"""The commands that make calls end in one line that says what is missing."""

import subprocess
import sys

import pytest
from described_imports import ROOT

from compendium.__main__ import main


def test_the_command_ends_with_one_line_when_it_cannot(tmp_path):
    command = [sys.executable, "-m", "compendium", "import", "--name", "mine"]
    command += ["--export", tmp_path / "no.csv", "--data", ROOT / "data"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "there is no such file; check EXPORT" in done.stderr
    assert not (ROOT / "data" / "mine").exists()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["import", "--name", "", "--export", "a.csv"], "NAME is missing: give NAME=mine"),
        (["import", "--name", "mine", "--export", ""], "give EXPORT=path/to/export.csv"),
        (["import", "--name", "../x", "--export", "a.csv"], "NAME: use letters, digits, - and _ only"),
        (["studies", "--list", ""], "LIST is missing: give LIST=studies.txt"),
        (["lesson", "--student", ""], "STUDENT is missing: give STUDENT=anna, a name"),
        (["lesson", "--student", "../x"], "STUDENT: use letters, digits, - and _ only"),
    ],
)
def test_the_commands_say_what_is_missing(given, told, capsys):
    """As make calls them when a variable is not set."""
    assert main(given) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert told in said
