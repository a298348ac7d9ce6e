"""Damaged files of every kind, through the real commands: one line, file, remedy, nothing changed.

Damaged exports have a suite of their own, in `importing/test_damage.py`; here they come by the command.
"""

import contextlib
import io
import os
import re
import sys
import time

import pytest
from chapters import TINY, lay_out
from damaged_files import (
    CSV,
    FORMS,
    LAUGHS,
    PARQUET,
    QUALTRICS,
    SPSS,
    archive_of,
    book_of,
    cut,
    protected,
)

from compendium.__main__ import main
from compendium.audit.published import load_published
from helpers import open_study

# What a remedy says to do.
REMEDY = re.compile(
    r"\b(add|answer|change|check|choose|close|code|copy|correct|delete|declare|do not use"
    r"|double|draw|enter"
    r"|export|fill|give|keep|leave|list|make|move|name|open|put|quote|read|remove|rename|repeat|run|save|say"
    r"|see|set|shorten|spell|split|take|unpack|use|write)\b|\bmust\b"
    r"|known: |should be |should have |was expected|\bare the most\b|\bone of\b",
    re.IGNORECASE,
)


def without(path):
    path.unlink()


def folder(path):
    path.unlink(missing_ok=True)
    path.mkdir()


def pipe(path):
    path.unlink(missing_ok=True)
    os.mkfifo(path)


def loop(path):
    path.unlink(missing_ok=True)
    path.symlink_to(path.name)


def endless(path):
    path.unlink(missing_ok=True)
    path.symlink_to("/dev/zero")


def bytes_of(content):
    def spoil(path):
        path.write_bytes(content(path.parent) if callable(content) else content)

    return spoil


def edit(change):
    """A change of the bytes that are there."""

    def spoil(path):
        path.write_bytes(change(path.read_bytes()))

    return spoil


def swap(old, new):
    def change(content):
        assert old.encode() in content, f"the file does not hold {old!r}"
        return content.replace(old.encode(), new.encode(), 1)

    return edit(change)


def more(text):
    return edit(lambda content: content + text.encode())


BOMB = "\nb0: &b0 [x, x]\n" + "".join(
    f"b{i}: &b{i} [{', '.join([f'*b{i - 1}'] * 9)}]\n" for i in range(1, 12)
)
NO_FILE = {"a folder": folder, "a pipe": pipe, "a link to itself": loop, "an endless file": endless}

# ---- what can be wrong with any YAML file, and with any CSV file

YAML = NO_FILE | {
    "nothing": bytes_of(b""),
    "only a mark": bytes_of(b"\xef\xbb\xbf"),
    "only a comment": bytes_of(b"# nothing\n"),
    "zeros": bytes_of(b"\0" * 400),
    "one text": bytes_of(b"hello\n"),
    "a number": bytes_of(b"7\n"),
    "a list of numbers": bytes_of(b"[1, 2]\n"),
    "an alias bomb": more(BOMB),
    "3,000 levels": bytes_of(b"title: " + b"[" * 3000 + b"]" * 3000 + b"\n"),
    "3,000 levels of blocks": bytes_of(
        b"".join(b" " * i + b"a:\n" for i in range(3000)) + b" " * 3000 + b"b\n"
    ),
    "Latin-1": edit(lambda content: content + b"# caf\xe9\n"),
    "UTF-16": edit(lambda content: content.decode().encode("utf-16")),
    "a tab": more("\n\tx: 1\n"),
    "an open quote": more('\nx: "never closed\n'),
    "an open bracket": more("\nx: [1, 2\n"),
    "two documents": more("\n---\ntitle: other\n"),
    "a control character": more("\nx: a\x07b\n"),
    "a tag that runs": more("\nx: !!python/object/apply:os.system [id]\n"),
    "an unknown alias": more("\nx: *nowhere\n"),
}
TABLE = NO_FILE | {
    "nothing": bytes_of(b""),
    "only a mark": bytes_of(b"\xef\xbb\xbf"),
    "zeros": bytes_of(b"\0" * 400),
    "a zero byte": more("\0,\0\n"),
    "Latin-1": more("") and edit(lambda content: content + b"caf\xe9\n"),
    "UTF-16": edit(lambda content: content.decode().encode("utf-16")),
    "semicolons": edit(lambda content: content.replace(b",", b";")),
    "an open quote": more('"never closed\n' + "x,y\n" * 50),
    "a row too long": more("," * 60 + "\n"),
    "a short row": more("x\n"),
    "a value without end": more("x" * 140_000 + "\n"),
    "a column twice": edit(lambda content: re.sub(rb"^([^,]+),", rb"\1,\1,", content, count=1)),
    "a column lost": edit(lambda content: content.replace(content.split(b",")[0] + b",", b"gone,", 1)),
    "a workbook": bytes_of(FORMS),
}
READS = {  # the command that meets a file
    "survey.yml": ["suppress"], "responses.csv": ["suppress"], "codebook.yml": ["suppress"],
    "coding/ada.csv": ["suppress"], "coding/consensus.csv": ["suppress"],
    "claims.yml": ["claims"], "model.yml": ["stages"], "../published.csv": ["published"],
}  # fmt: skip
CASES = [
    (f"{name}: {damage}", name, spoil, READS[name], "")
    for name, kinds in (
        ("survey.yml", YAML), ("codebook.yml", YAML), ("claims.yml", YAML), ("model.yml", YAML),
        ("responses.csv", TABLE), ("coding/ada.csv", TABLE), ("coding/consensus.csv", TABLE),
        ("../published.csv", TABLE),
    )
    for damage, spoil in kinds.items()
    # A link that leads nowhere is no file: a study does without these.
    if damage != "a link to itself" or name in ("survey.yml", "responses.csv")
]  # fmt: skip

# ---- what is wrong with this file only: what stands there, what instead, and what the line names

SPOILED = {
    "survey.yml": [
        ("provenance: synthetic", "provenance: guessed", "provenance"),
        ("provenance: synthetic", "provenance: synthetic\nresponses: ../../x.csv", "outside"),
        ("provenance: synthetic", "provenance: synthetic\nresponses: /etc/passwd", "outside"),
        ("provenance: synthetic", "provenance: synthetic\nresponses: 'statsmodels:os'", "no data"),
        ("title: Cycling", "titel: Cycling", "title"),
        ("minimum_cell: 2", "minimum_cell: true", "minimum_cell"),
        ("minimum_cell: 2", "minimum_cell: 1" + "0" * 40, "minimum_cell"),
        ("minimum_cell: 2", "minimum_cell: -3", "minimum_cell"),
        ("minimum_cell: 2", "minimum_cell: two", "minimum_cell"),
        ("names: [Bruno Kettle]", "names: Bruno Kettle", "names"),
        ("respondent: respondent\n\n", "respondent: nobody\n\n", "nobody"),
        ("type: multi", "type: many", "many"),
        ("{id: helmet, section: riding", "{id: helmet, section: walking", "walking"),
        ("{id: helmet, section", "{id: rides, section", "rides"),
        ("{id: helmet, section", '{id: "he lmet", section', "he lmet"),
        ("scale: often,", "scale: seldom,", "seldom"),
        ("options: [health, speed]", "options: [health, luck]", "luck"),
        ("options: [health, speed]", "options: []", "own"),
        ("options: [sometimes, daily]", "options: [dont_know]", "dont_know"),
        ("any: [sometimes, daily]", "any: []", "helmet"),
        ("any: [sometimes, daily]", "any: [hourly]", "hourly"),
        ("{item: rides, any", "{item: cars, any", "cars"),
        ("method: share, item: rides", "method: shear, item: rides", "shear"),
        ("method: share, item: rides", "method: share, item: cars", "cars"),
        ("method: share, item: rides", "method: share, item: place", "riders"),
        ("of: never}\n", "of: rarely}\n", "rarely"),
        ("by: [age, place]", "by: [age, shoe]", "shoe"),
        ("of: [own, money]", "of: [own]", "motives"),
        ("published: perkins_2021_unfamiliar", "method: published", "method"),
        ("minimum: 0, maximum: 200", "minimum: 300, maximum: 200", "distance"),
        ("keep: [yes]}", "keep: [maybe]}", "maybe"),
        ("column: invitation", "column: ticket", "ticket"),
    ],
    "responses.csv": [
        ("R02,I02", "R01,I02", "R01"),
        ("Under 30,Sometimes", "Under 30,Hourly", "Hourly"),
        ("24.8", "far", "far"),
        ("24.8", "2480", "2480"),
        ("24.8", "nan", "nan"),
        ("24.8", "1e400", "1e400"),
        ("R02,I02,Yes", "R02,I02,Perhaps", "Perhaps"),
        (",helmet,", ",hat,", "helmet"),
        ("R02,I02", ",I02", "respondent"),
        ("1,1,1,,,", "7,1,1,,,", "7"),
    ],
    "codebook.yml": [
        ("unit: one answer", "unti: one answer", "unti"),
        ("id: parking, name", "id: lanes, name", "lanes"),
        ("coding_mode: codebook", "coding_mode: mood", "mood"),
        ("split_seed: 3", "split_seed: three", "split_seed"),
        ("rules: [{any: [lane, path]}]", "rules: [{any: []}]", "any"),
        ("rules: [{any: [lane, path]}]", "rules: [{every: [lane]}]", "any"),
        ("definition: Speaks of lanes.,", "", "definition"),
        ("name: Money", "name: [Money]", "name"),
    ],
    "coding/ada.csv": [
        ("R01,wishes,lanes", "R99,wishes,lanes", "R99"),
        ("R01,wishes,lanes", "R01,wishes,luck", "luck"),
        ("R01,wishes,lanes", "R01,dreams,lanes", "dreams"),
        ("R01,wishes,lanes", "R01,helmet,lanes", "helmet"),
        ("R01,wishes,lanes\n", "R01,wishes,lanes\nR01,wishes,lanes\n", "lanes"),
    ],
    "coding/consensus.csv": [
        ("R01,wishes,lanes,kept", "R01,wishes,lanes,perhaps", "perhaps"),
        ("R01,wishes,lanes,kept", "R99,wishes,lanes,kept", "R99"),
        ("R01,wishes,lanes,kept", "R01,wishes,luck,kept", "luck"),
    ],
    "claims.yml": [
        ('percent: "32"', 'percent: "132"', "132"),
        ('percent: "32"', 'percent: "x"', "percent"),
        ("base: 19", "base: 1" + "0" * 400, "line 10"),
        ("base: 19", "base: -1", "base"),
        ("base: 19", "base: true", "base"),
        ("count: 20", "count: many", "count"),
        ("id: press.never", "id: press.commuters", "press.commuters"),
        ("result: sample.n", "reslut: sample.n", "reslut"),
        ("qualitative: true", "qualitative: perhaps", "qualitative"),
        ("source: The made-up press", "source: ", "source"),
    ],
    "model.yml": [
        ("title: Two stages", "titel: Two stages", "title"),
        ("id: build", "id: ask", "ask"),
        ("codes: [lanes]", "codes: [luck]", "luck"),
        ("codes: [lanes]", "codes: lanes", "codes"),
        ("stages:\n", "stages: []\nmore:\n", "stages"),
        ("purpose: Find", "porpuse: Find", "purpose"),
    ],
    "../published.csv": [
        ("employers,73,", "employers,many,", "many"),
        (",97,0,", ",197,0,", "197"),
        (",97,0,", ",,0,", "percent"),
        ("poster_not_familiar", "perkins_2021_unfamiliar", "perkins_2021_unfamiliar"),
        (",high,About", ",certain,About", "certain"),
    ],
}  # fmt: skip
CASES += [
    (f"{name}: {old[:24]!r} is {new[:30]!r}", name, swap(old, new), READS[name], part)
    for name, changes in SPOILED.items()
    for old, new, part in changes
]

# ---- files that come from elsewhere

SHEET = ["coding-sheet", "--coder", "eve", "--read", "given.xlsx"]
QDPX, QDC = ["exchange", "--read", "given.qdpx"], ["exchange", "--read", "given.qdc"]
XLSX = b"PK\x03\x04"
COMING = NO_FILE | {
    "no file": lambda path: None,
    "nothing": bytes_of(b""),
    "zeros": bytes_of(b"\0" * 400),
    "a text": bytes_of(b"hello\n"),
    "a picture": bytes_of(b"\x89PNG\r\n\x1a\n" + b"\0" * 99),
    "the head of an archive": bytes_of(XLSX + b"\0" * 40),
    "an archive of anything": bytes_of(archive_of({"readme.txt": "x"})),
    "a password": bytes_of(protected),
    "a place outside": bytes_of(archive_of({"../../x.qde": "<Project/>", "project.qde": "<Project/>"})),
    "entities": bytes_of(archive_of({"project.qde": f'<?xml version="1.0"?>{LAUGHS}<l>&c;</l>'})),
    "XML of something else": bytes_of(b'<?xml version="1.0"?><html><body/></html>'),
    "XML with entities": bytes_of(f'<?xml version="1.0"?>{LAUGHS}<l>&c;</l>'.encode()),
    "XML that stops": bytes_of(b'<?xml version="1.0"?><CodeBook><Codes>'),
    "another workbook": bytes_of(book_of(lambda sheet: sheet.append(["a", "b"]))),
    "a workbook cut off": bytes_of(cut(FORMS, 0.5)),
}
CASES += [
    (f"{command[-1]}: {damage}", f"../../{command[-1]}", spoil, command, "")
    for command in (SHEET, QDPX, QDC)
    for damage, spoil in COMING.items()
]
EXPORTS = NO_FILE | {
    "no file": lambda path: None,
    "headings only": bytes_of(b"ID,How?,Why?\n"),
    "an OpenDocument spreadsheet": bytes_of(archive_of({"mimetype": "x", "content.xml": "<a/>"})),
    "a binary workbook": bytes_of(archive_of({"xl/workbook.bin": "x"})),
    "an open quote": bytes_of((CSV + '31,Well,"Because').encode()),
    "an unquoted comma": bytes_of(CSV.replace("Because 7", "Yes, 7").encode()),
    "Qualtrics without answers": bytes_of(lambda f: b"\n".join(QUALTRICS(f).splitlines()[:1]) + b"\n"),
    "Forms cut off": bytes_of(cut(FORMS, 0.7)),
    "Parquet cut off": bytes_of(cut(PARQUET, 0.5)),
    "SPSS cut off": bytes_of(cut(SPSS, 0.2)),
    "JSON": bytes_of(b'{"responses": []}'),
    "a web page": bytes_of(b"<!DOCTYPE html><p>Sign in</p>"),
}
IMPORT = ["import", "--name", "mine", "--export", "given.csv"]
CASES += [
    (f"export: {damage}", "../../given.csv", spoil, IMPORT, "") for damage, spoil in EXPORTS.items()
]


def test_there_are_two_hundred_of_them():
    assert len({name for name, *_ in CASES}) >= 200


@pytest.fixture
def top(tmp_path, monkeypatch):
    """A folder with the study of twenty rows, as the top of a repository."""
    lay_out(tmp_path, TINY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(top):
    """All that lies there: regular files' bytes, and what else there is by its kind."""
    return {
        path: path.read_bytes() if path.is_file() and not path.is_symlink() else path.lstat().st_mode
        for path in sorted(top.rglob("*"))
    }


def asked(command):
    """The status and the words of a command; claims and stages as chapters 5 and 4 ask for them."""
    if command[0] not in ("claims", "stages", "published"):
        study = [] if command[0] == "import" else ["--study", "tiny"]
        return main([*command, *study])
    try:
        if command[0] == "published":
            load_published("data/published.csv")
        else:
            study = open_study("tiny", "data", "build", "figures")
            _ = study.claims if command[0] == "claims" else study._stages
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


@pytest.mark.parametrize(("file", "spoil", "command", "part"), [c[1:] for c in CASES],
                         ids=[c[0] for c in CASES])  # fmt: skip
def test_damage_is_told_in_one_line_and_changes_nothing(top, file, spoil, command, part):
    path = top / "data" / "tiny" / file
    spoil(path.parent.resolve() / path.name)
    before, started = files(top), time.process_time()
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = asked(command)
    assert time.process_time() - started < 5  # whatever else the machine does
    message = err.getvalue().strip()
    assert status not in (0, None), out.getvalue()
    assert "\n" not in message
    assert path.name in message
    assert part in message
    assert REMEDY.search(message.replace(str(path), "").replace(path.name, "")), message
    assert len(message) < 800
    assert files(top) == before
