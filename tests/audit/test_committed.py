"""`make verify`, on repositories made for it."""

import io
import os
import subprocess

import matplotlib.image
import numpy as np

from compendium.audit.committed import verify


def told(folder):
    """The status that a comparison ends with, and its lines."""
    lines, said = verify(folder), []
    while True:
        try:
            said.append(next(lines))
        except StopIteration as ended:
            return ended.value, "\n".join(said)


def repository(folder, names):
    """A git repository with these files committed."""
    folder.mkdir()
    for name, content in names.items():
        (folder / name).write_bytes(content)
    run = ["git", "-c", "user.name=x", "-c", "user.email=x@x.example", "-C", str(folder)]
    commands = (["init", "-q"], ["add", "-A"], ["commit", "-qm", "figures"])
    inside = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    for command in commands:
        subprocess.run([*run, *command], check=True, capture_output=True, env=inside)


def png(colour):
    file = io.BytesIO()
    matplotlib.image.imsave(file, np.full((4, 4, 3), colour, dtype=np.uint8), format="png")
    return file.getvalue()


def test_verify_counts_and_names_what_differs(tmp_path):
    folder = tmp_path / "figures"
    names = {
        "a.svg": b"<svg/>",
        "b.svg": b"<svg/>",
        "c.png": png(100),
        "d.png": png(100),
        "e.json": b"[]",
    }
    repository(folder, names)
    assert told(folder) == (0, f"{folder}: 5 of 5 files are identical to the committed ones")
    (folder / "c.png").write_bytes(png(110))
    status, said = told(folder)
    assert status == 0
    assert "4 of 5 files are identical to the committed ones, 1 more within" in said
    (folder / "b.svg").write_bytes(b"<svg />")
    (folder / "d.png").write_bytes(png(140))
    (folder / "e.json").unlink()
    (folder / "f.svg").write_bytes(b"<svg/>")
    status, said = told(folder)
    assert status == 1
    assert "1 of 6 files are identical" in said
    for line in (
        "b.svg: differs",
        "d.png: differs by 40 of 255",
        "e.json: not drawn anew",
        "f.svg: not committed",
    ):
        assert line in said


def test_verify_says_when_there_is_nothing_to_compare_with(tmp_path):
    status, said = told(tmp_path / "nowhere")
    assert status == 2
    assert "git has no figures here" in said
