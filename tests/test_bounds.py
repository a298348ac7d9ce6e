"""Input out of all proportion, or no file at all: refused at once, in one line with a remedy."""

import errno
import os
import resource
import time

import pytest
from spoiling import STUDY, change

from compendium.__main__ import main
from compendium.audit.claims import load_claims
from compendium.coding.codings import load_coding
from compendium.files import read_csv, read_json, replace, write_json
from compendium.importing.importer import import_study
from compendium.results import read_results
from compendium.survey.instrument import read_instrument
from compendium.survey.study import load_study

SECONDS, BYTES = 5, 500 * 1024  # of this process alone; kilobytes, as getrusage counts


def refused(call, *said):
    """The one line with which something is refused, within the time and the memory."""
    began, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ValueError, match=r"^[^\n]+$") as caught:
        call()
    assert time.process_time() - began < SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < BYTES
    message = str(caught.value)
    assert len(message) < 600
    for words in said:
        assert words in message
    return message


def survey_with(data_dir, old, new):
    path = data_dir / STUDY / "survey.yml"
    change(path, old, new)
    return lambda: read_instrument(path)


def bomb(levels):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 9)}]" for k in range(1, levels)]
    return "\n".join(lines)


@pytest.mark.parametrize("levels", [6, 9, 40])
def test_references_that_multiply_are_refused(tmp_path, levels):
    path = tmp_path / "survey.yml"
    path.write_text(f"{bomb(levels)}\ntitle: *a{levels - 1}\n", encoding="utf-8")
    refused(lambda: read_instrument(path), "survey.yml", "references", "write out")


@pytest.mark.parametrize("depth", [300, 3000])
def test_yaml_nested_too_deeply_is_refused(tmp_path, depth):
    path = tmp_path / "survey.yml"
    path.write_text("[" * depth + "]" * depth, encoding="utf-8")
    refused(lambda: read_instrument(path), "survey.yml")
    path.write_text("".join(f"{' ' * k}a:\n" for k in range(depth)), encoding="utf-8")
    refused(lambda: read_instrument(path), "survey.yml")


@pytest.mark.parametrize(
    "text",
    ["title: " + "x" * 4_000_001, "k: 1\n" * 150_001, "a: [" + "1," * 150_001 + "]", "#\n" * 150_001],
)
def test_more_than_people_write_is_refused_unread(tmp_path, text):
    path = tmp_path / "survey.yml"
    path.write_text(text, encoding="utf-8")
    refused(lambda: read_instrument(path), "survey.yml", "the most", "shorten it")


@pytest.mark.parametrize("given", [".nan", ".inf", "-.inf", "true", "'0'"])
def test_a_limit_is_a_finite_number(data_dir, given):
    call = survey_with(data_dir, "minimum: ", f"minimum: {given} # ")
    refused(call, "survey.yml: line", "minimum")


@pytest.mark.parametrize("given", ["true", "'5'", "5.0", "0", "-1", "1" + "0" * 40, "1" + "0" * 5000])
def test_the_smallest_count_is_a_whole_number_of_sense(data_dir, given):
    call = survey_with(data_dir, "\nsections:", f"\ndisclosure: {{minimum_cell: {given}}}\nsections:")
    refused(call, "survey.yml: line")


def test_a_base_beyond_all_people_is_refused(data_dir):
    path = data_dir / STUDY / "claims.yml"
    path.write_text(
        "- {id: a.b, statement: S, source: T, percent: '5', base: 1" + "0" * 400 + "}\n",
        encoding="utf-8",
    )
    refused(lambda: load_claims(path, data_dir / "published.csv"), "claims.yml: line 1")


@pytest.mark.parametrize(
    "more", ["asked_if: {item: a, any: []}", "groups: [{id: g, label: G, options: []}]"]
)
def test_nothing_to_choose_from_is_refused(tmp_path, more):
    path = tmp_path / "survey.yml"
    one = "section: s, type: single, question: Q, options: [{id: x, label: X}]"
    path.write_text(
        "title: T\nprovenance: collected\nlicence: none\nsections: [{id: s, title: S}]\nitems:\n"
        f"  - {{id: a, {one}}}\n  - {{id: b, {one}, {more}}}\n",
        encoding="utf-8",
    )
    refused(lambda: read_instrument(path), "survey.yml: line", "name at least one")


def test_a_group_cannot_hold_who_does_not_know(tmp_path):
    path = tmp_path / "survey.yml"
    path.write_text(
        "title: T\nprovenance: collected\nlicence: none\nsections: [{id: s, title: S}]\nitems:\n"
        "  - {id: a, section: s, type: scale, question: Q, points: [{id: x, label: X}],\n"
        "     dont_know: [{id: u, label: U}], groups: [{id: g, label: G, options: [x, u]}]}\n",
        encoding="utf-8",
    )
    refused(lambda: read_instrument(path), "survey.yml", "items > a > groups > g", "take it out")


def test_a_pipe_a_device_and_a_folder_are_no_export(data_dir, tmp_path):
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    for path in (pipe, "/dev/zero", tmp_path):
        refused(lambda path=path: import_study("mine", path, data_dir), str(path), "no file")
    refused(lambda: read_csv(pipe), "pipe.csv")
    assert not (data_dir / "mine").exists()


def test_a_folder_in_place_of_responses_is_named(data_dir):
    path = data_dir / STUDY / "responses.csv"
    path.unlink()
    path.mkdir()
    refused(lambda: load_study(STUDY, data_dir), "responses.csv", "a folder")
    export = data_dir / "export.csv"
    export.write_text("Age,Tea?\n40,Yes\n51,No\n", encoding="utf-8")
    refused(lambda: import_study(STUDY, export, data_dir), "responses.csv", "a folder")


def test_a_value_of_endless_length_is_refused(data_dir, tmp_path):
    path = tmp_path / "long.csv"
    path.write_text("a,b\n1,2\n3," + "x" * 200_000 + "\n", encoding="utf-8")
    refused(lambda: read_csv(path), "long.csv", "after row 1", "export the file again")
    refused(lambda: import_study("mine", path, data_dir), "long.csv", "131,072")


def test_a_full_disk_is_said_with_the_file(tmp_path, monkeypatch, capsys):
    def full(self, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    refused(lambda: write_json(tmp_path / "a.json", {}), "a.json", "No space left", "free some space")
    refused(lambda: replace(tmp_path / "b.txt", "x"), "b.txt", "free some space")


def test_a_consensus_that_is_not_utf8_is_named_by_its_line(data_dir):
    path = data_dir / STUDY / "coding" / "consensus.csv"
    path.write_bytes(path.read_bytes() + "R1,why,a,agreed,gr\u00f6\u00dfer\n".encode("latin-1"))
    study = load_study(STUDY, data_dir)
    refused(
        lambda: load_coding(study, data_dir / STUDY), "consensus.csv", "is not UTF-8", "save the file"
    )


def test_a_result_of_two_chapters_that_agree_is_one(tmp_path):
    one = {"s.a.x": {"value": 50.0, "unit": "percent", "cell": 3}}
    write_json(tmp_path / "1_responses.json", one)
    write_json(tmp_path / "2_familiarity.json", {"s.a.x": one["s.a.x"] | {"cell": 9}})
    assert read_results(tmp_path)["s.a.x"]["notebook"] == "1_responses"
    write_json(tmp_path / "2_familiarity.json", {"s.a.x": one["s.a.x"] | {"value": 51.0}})
    refused(lambda: read_results(tmp_path), "s.a.x", "rename one")


UNCLOSED = "\n".join(
    ["respondent,use,like,a,b,num,say"]
    + [f"R{k},Aa,Low,1,,{k},{chr(34) * (k == 3)}Answer {k}" for k in range(1, 29)]
    + ['R29,Bb,,1,,29,Answer 29"', "R30,Aa,Low,1,,30,Answer 30", ""]
)


def test_rows_that_a_stray_quote_takes_in_are_not_lost(data_dir, tmp_path):
    path = tmp_path / "unclosed.csv"
    path.write_text(UNCLOSED, encoding="utf-8")
    refused(lambda: read_csv(path), "unclosed.csv", "row 3", "more rows", "stray quote")
    refused(lambda: import_study("mine", path, data_dir), "unclosed.csv", "row 4", "stray quote")


def test_an_answer_of_several_lines_is_no_lost_row(tmp_path):
    path = tmp_path / "lines.csv"
    path.write_text('a,b\n1,"Dear all,\nwell, so\nit is,\n\nyes"\n2,"x\ny"\n', encoding="utf-8")
    assert read_csv(path)["b"].tolist() == ["Dear all,\nwell, so\nit is,\n\nyes", "x\ny"]


def test_the_command_line_says_it_in_one_line(monkeypatch, capsys):
    def full(options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setitem(main.__globals__["COMMANDS"], "verify", (full, ""))
    assert main(["verify", "--study=anes96"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_json_nested_too_deeply_is_refused(tmp_path):
    path = tmp_path / "plan.lock.json"
    path.write_text("[" * 100_000, encoding="utf-8")
    refused(lambda: read_json(path), "plan.lock.json", "nested too deeply", "delete it")


def test_json_of_too_many_values_or_digits_is_refused(tmp_path):
    path = tmp_path / "plan.lock.json"
    path.write_text("[" + "[]," * 2_000_001 + "[]]", encoding="utf-8")
    refused(lambda: read_json(path), "plan.lock.json", "commas and brackets", "delete it")
    path.write_text("[" + "1" * 5000 + "]", encoding="utf-8")
    refused(lambda: read_json(path), "plan.lock.json", "not JSON", "delete it")


@pytest.mark.parametrize(
    "text", ["!" + "x" * 400_000, ("- " * 90 + "a\n") * 2000, " " * 1_000_000 + "a"]
)
def test_tags_and_lists_beyond_all_sense_are_refused(tmp_path, text):
    path = tmp_path / "claims.yml"
    path.write_text(text, encoding="utf-8")
    refused(lambda: load_claims(path, path), "claims.yml")


def test_a_text_is_weighed_before_it_is_read(tmp_path):
    path = tmp_path / "survey.yml"
    with open(path, "wb") as file:
        file.truncate(1 << 32)  # takes no room on disk
    refused(lambda: read_instrument(path), "survey.yml", "16,000,000 bytes", "shorten it")


def test_notes_of_an_import_that_nest_too_deeply_are_refused(data_dir):
    export = data_dir / "export.csv"
    export.write_text("Age,Tea?\n40,Yes\n51,No\n", encoding="utf-8")
    (data_dir / "mine").mkdir()
    (data_dir / "mine" / "import.json").write_text("[" * 100_000, encoding="utf-8")
    refused(lambda: import_study("mine", export, data_dir), "import.json", "restore it")
