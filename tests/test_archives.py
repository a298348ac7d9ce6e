"""Hostile and broken archives are refused with one message that names the file."""

import io
import os
import zipfile

import pytest

from compendium import archives
from compendium.archives import read_members


def read_all(path):
    return read_members(path, lambda name: True)


def archive_of(*members, method=zipfile.ZIP_DEFLATED):
    """A zip archive with whatever names."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as file:
        for name, content in members:
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            file.writestr(info, content)
    return buffer.getvalue()


QDE = (
    "project.qde",
    '<Project name="Talks"><CodeBook><Codes><Code name="a"/></Codes></CodeBook></Project>',
)
SOUND = archive_of(QDE, ("sources/one.txt", "We cannot pay."))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (lambda: archive_of(QDE, ("../../evil.txt", "x")), "'../../evil.txt' would lie outside"),
        (lambda: archive_of(QDE, ("/etc/evil.txt", "x")), "'/etc/evil.txt' would lie outside"),
        (lambda: archive_of(QDE, ("C:/evil.txt", "x")), "'C:/evil.txt' would lie outside"),
        (lambda: archive_of(QDE, ("sources\\..\\evil.txt", "x")), "would lie outside"),
        (lambda: archive_of(QDE, ("sources/more.zip", SOUND)), "more.zip' is an archive within"),
        (lambda: archive_of(QDE, ("Project.qde", "")), "'Project.qde' stands twice"),
        (lambda: archive_of(QDE, ("s/a.txt", "x"), ("S/A.txt", "y")), "'S/A.txt' stands twice"),
        (lambda: archive_of(("project.qde", "<a/>" + " " * 3_000_000)), "more than 200 times its size"),
        (lambda: archive_of(("project.qde", os.urandom(2_000_000) * 17), method=zipfile.ZIP_STORED),
         "unpacks to more than 32 MB"),
        (lambda: archive_of(*((f"{n}.txt", "") for n in range(20_001))), "more than 20000 files"),
        (lambda: SOUND[:-30], "no sound zip archive"),
        (lambda: SOUND[: len(SOUND) // 2], "no sound zip archive"),
        (lambda: SOUND[30:], "no sound zip archive"),
        (lambda: b"", "no sound zip archive"),
        (lambda: b"<CodeBook/>", "no sound zip archive"),
        (lambda: archive_of(QDE, method=zipfile.ZIP_STORED).replace(b"Talks", b"talks"),
         "no sound zip archive"),
    ],
)  # fmt: skip
def test_hostile_and_broken_archives_are_refused(tmp_path, content, message):
    path = tmp_path / "bad.qdpx"
    path.write_bytes(content())
    with pytest.raises(ValueError, match=message) as raised:
        read_all(path)
    assert str(raised.value).startswith(str(path))
    assert [file.name for file in tmp_path.iterdir()] == ["bad.qdpx"]


def test_a_size_that_the_header_hides_is_noticed(tmp_path):
    """The directory says that a member unpacks to one byte, and it goes on for three million."""
    content = archive_of(("project.qde", b"<a/>" + b" " * 3_000_000))
    size = (3_000_004).to_bytes(4, "little")
    assert content.count(size) == 2
    path = tmp_path / "bad.qdpx"
    path.write_bytes(content.replace(size, (1).to_bytes(4, "little")))
    with pytest.raises(ValueError, match="no sound zip archive"):
        read_all(path)


def test_a_password_is_no_crash(tmp_path):
    content = bytearray(SOUND)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(mark) + place] |= 1
    path = tmp_path / "bad.qdpx"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"no sound zip archive .*encrypted"):
        read_all(path)


def test_a_directory_that_would_fill_the_memory_is_not_read(tmp_path, monkeypatch):
    path = tmp_path / "bad.qdpx"
    path.write_bytes(SOUND)
    monkeypatch.setattr(archives, "MAX_MEMBERS", 0)
    monkeypatch.setattr(archives.zipfile, "ZipFile", None)  # it must not come to that
    with pytest.raises(ValueError, match="holds more than 0 files, or more than 4 GB"):
        read_all(path)


def test_a_missing_file_is_named(tmp_path):
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(ValueError, match=str(tmp_path)):
            read_all(path)
