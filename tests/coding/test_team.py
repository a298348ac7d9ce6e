"""Two people from answers to an agreed coding: memos, a new codebook, a late import."""

import csv
import re
import shutil

import openpyxl
import pytest
from chapters import TINY, lay_out

from compendium.coding.codebook import read_codebook
from compendium.coding.codings import CODING, definitions, load_coding, reattach
from compendium.coding.exchange import coding_sheet, consensus_sheet, refi_read, refi_write
from compendium.coding.exchange.refi_read import read_project
from compendium.coding.reliability import agreement_by_round, disagreements
from compendium.files import read_csv
from compendium.survey.study import load_study

GIVEN = {  # by coder, respondent: codes
    "Анна": {"R03": ["lanes", "price"], "R05": ["lanes"], "R06": ["none"], "R07": ["lanes"]},
    "Zoé": {"R03": ["price"], "R05": ["lanes"], "R06": ["price"], "R07": ["lanes"]},
}


@pytest.fixture
def team(small):
    """The small study with nothing coded yet, and what two coders mark in their sheets."""
    return uncoded(small)


def uncoded(data):
    for path in (data / "tiny" / "coding").iterdir():
        path.unlink()
    path = data / "tiny" / "responses.csv"
    rows = read_csv(path)  # no two answers are the same
    rows["wishes"] = [f"{wish} ({n})" if wish else "" for n, wish in enumerate(rows["wishes"], 1)]
    rows.to_csv(path, index=False)
    return data


def sheet_of(team, coder):
    """A coder's new sheet: the workbook, its path, and where each row and column is."""
    told = coding_sheet.write("tiny", coder, team, team.parent / "build")
    path = told[-1].removeprefix("Written: ")
    book = openpyxl.load_workbook(path)
    sheet = book["Answers"]
    rows = {sheet.cell(row, 1).value: row for row in range(5, sheet.max_row + 1)}
    columns = {cell.value: cell.column for cell in sheet[4]}
    return book, sheet, path, rows, columns


def mark(sheet, rows, columns, given):
    for respondent, codes in given.items():
        for code in codes:
            sheet.cell(rows[respondent], columns[code], "x")


def coded(team):
    """Both coders' sheets marked, noted and read back, one with a code of its own."""
    for coder, given in GIVEN.items():
        book, sheet, path, rows, columns = sheet_of(team, coder)
        mark(sheet, rows, columns, given)
        sheet.cell(rows["R03"], columns["Note"], f"{coder} is not sure")
        if coder == "Zoé":
            new = sheet.max_column + 1
            sheet.cell(4, new, "Weather & dirt")
            sheet.cell(rows["R07"], new, "x")
            sheet.cell(4, new + 1, "done?")
            sheet.cell(rows["R07"], new + 1, "yes")
            comment = openpyxl.comments.Comment("costs of what?", "z")
            sheet.cell(rows["R06"], columns["price"]).comment = comment
            sheet.cell(4, columns["price"]).comment = openpyxl.comments.Comment("too wide", "z")
        book.save(path)
        told = coding_sheet.read("tiny", coder, path, team)
    return told


def load(team):
    return load_coding(load_study("tiny", team), team / "tiny")


def by_text(coding):
    """Codings as coder, text and code: what must never change by moving rows."""
    texts = {(str(r), i): text for r, i, text in coding.answers.itertuples(index=False)}
    rows = coding.codings[["coder", *CODING]].itertuples(index=False, name=None)
    return sorted((coder, texts[r, i], code) for coder, r, i, code in rows)


def settle(team, decisions):
    """Fill the draft of the consensus and read it back."""
    told = consensus_sheet.write("tiny", team, team.parent / "build", replace=True)
    path = told[-1].removeprefix("Written: ")
    book = openpyxl.load_workbook(path)
    sheet = book["Consensus"]
    columns = {cell.value: cell.column for cell in sheet[2]}
    for row in range(3, sheet.max_row + 1):
        key = sheet.cell(row, columns["Respondent"]).value, sheet.cell(row, columns["Code"]).value
        if key in decisions:
            sheet.cell(row, columns["Decision"], decisions[key])
            sheet.cell(row, columns["Reason"], "read together")
    book.save(path)
    return path, consensus_sheet.read("tiny", path, team, replace=True)


DECIDED = {("R03", "lanes"): "kept", ("R06", "price"): "dropped"}


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """The study as both coders left it, and as they settled it: made once, for each test to copy."""
    places = {name: tmp_path_factory.mktemp(name) / "top" for name in ("marked", "settled")}
    told = coded(uncoded(lay_out(places["marked"], TINY)))
    shutil.copytree(places["marked"], places["settled"], dirs_exist_ok=True)
    settle(places["settled"] / "data", DECIDED)
    return places, told


@pytest.fixture
def marked(done, tmp_path):
    return shutil.copytree(done[0]["marked"], tmp_path / "top") / "data"


@pytest.fixture
def settled(done, tmp_path):
    return shutil.copytree(done[0]["settled"], tmp_path / "top") / "data"


def test_notes_and_a_new_code_come_back_from_a_sheet(marked, done):
    told = done[1]
    assert "The column 'done?' is no code and was not read." in told
    assert "Proposed as codes, as the codebook has no such column: 'Weather & dirt'." in told
    coding = load(marked)
    assert coding.coders == ["zoé", "анна"]
    assert coding.proposals.values.tolist() == [["zoé", "R07", "wishes", "weather_dirt"]]
    assert sorted(coding.memos.values.tolist()) == [
        ["zoé", "", "", "price", "too wide"],
        ["zoé", "R03", "wishes", "", "Zoé is not sure"],
        ["zoé", "R06", "wishes", "price", "costs of what?"],
        ["анна", "R03", "wishes", "", "Анна is not sure"],
    ]
    apart = disagreements(coding).set_index(["respondent", "code"])["notes"]
    assert apart["R03", "lanes"] == "zoé: Zoé is not sure; анна: Анна is not sure"
    assert apart["R06", "price"] == "zoé: costs of what?"
    assert definitions(coding.codebook, coding.memos).set_index("Code")["Notes"]["Price"] == "too wide"
    # A new sheet begins with marks and notes of before.
    _, sheet, _, rows, columns = sheet_of_again(marked, "Zoé")
    assert sheet.cell(rows["R03"], columns["Note"]).value == "Zoé is not sure"
    assert sheet.cell(rows["R06"], columns["price"]).comment.text == "costs of what?"
    assert sheet.cell(4, columns["price"]).comment.text == "too wide"


def sheet_of_again(team, coder):
    (team.parent / "build" / "tiny" / "coding" / f"{coder.lower()}.xlsx").unlink()
    return sheet_of(team, coder)


def test_memos_and_proposals_go_to_other_programs_and_come_back(marked):
    before = load(marked)
    refi_write.write("tiny", marked, marked.parent / "build")
    project = marked.parent / "build" / "tiny" / "exchange" / "project.qdpx"
    memos = read_project(project).memos.values.tolist()
    assert sorted(memos) == sorted(before.memos.values.tolist())
    for path in (marked / "tiny" / "coding").iterdir():
        path.unlink()
    refi_read.read("tiny", project, marked, marked.parent / "build")
    after = load(marked)
    assert by_text(after) == by_text(before)
    assert sorted(after.memos.values.tolist()) == sorted(before.memos.values.tolist())
    assert after.proposals.values.tolist() == before.proposals.values.tolist()


def test_a_consensus_is_settled_in_its_sheet_and_nothing_agreed_is_lost(marked):
    with pytest.raises(ValueError, match=r"cell K\d+ and 1 more: not settled; choose kept or dropped"):
        settle(marked, {})
    path, told = settle(marked, DECIDED)
    assert told[0] == "6 rows are settled."
    heads = [cell.value for cell in openpyxl.load_workbook(path)["Consensus"][2]]
    assert heads[8:10] == ["Notes of zoé", "Notes of анна"]
    settled = load(marked).settled[["respondent", "code", "decision"]].values.tolist()
    assert settled == [
        ["R03", "lanes", "kept"], ["R03", "price", "agreed"], ["R05", "lanes", "agreed"],
        ["R06", "price", "dropped"], ["R06", "none", "kept"], ["R07", "lanes", "agreed"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda rows: rows[:2], r"respondent 'R05', 'wishes': 'lanes' is not settled; 3 of 4 coded"),
        (lambda rows: [r for r in rows if r[3] != "agreed"], "'R03', 'wishes': 'price' is not settled"),
        (lambda rows: [[*rows[0][:3], "agreed", ""], *rows[1:]], "row 1: .*'agreed', but анна of"),
        (lambda rows: [*rows, ["R07", "wishes", "price", "kept", "x"]], "'kept', but nobody of"),
        (lambda rows: [*rows, ["R09", "wishes", "price", "kept", "x"]], "no coder has read the answer"),
        (lambda rows: [rows[0], [*rows[1][:3], "dropped", "x"]], "row 2: .*'dropped', but .* gave it"),
    ],
)
def test_a_consensus_that_does_not_fit_the_codings_is_refused(settled, spoil, message):
    path = settled / "tiny" / "coding" / "consensus.csv"
    rows = read_csv(path)
    kept = spoil(rows[list(rows)[:5]].values.tolist())
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([list(rows)[:5], *kept])
    with pytest.raises(ValueError, match=message) as raised:
        load(settled)
    assert str(raised.value).startswith(str(path))


def evolve(team):
    """The codebook takes the proposal up, and parking and lanes become one."""
    path = team / "tiny" / "codebook.yml"
    text = path.read_text(encoding="utf-8").replace(
        "{id: lanes, name: Lanes,", "{id: ways, name: Ways,"
    )
    text = re.sub(r"      - \{id: parking.*?\]\}\n", "", text, flags=re.DOTALL)
    text += (
        "      - {id: weather_dirt, name: Weather & dirt, definition: Speaks of weather.}\n"
        "history:\n"
        "  - {date: 2024-07-01, change: renamed, codes: [cycleways], into: [lanes], reason: plain}\n"
        "  - {date: 2024-08-01, change: merged, codes: [lanes, parking], into: [ways], reason: one}\n"
    )
    path.write_text(text, encoding="utf-8")


def test_old_codings_are_read_through_the_history_of_the_codebook(settled):
    before = by_text(load(settled))
    evolve(settled)
    with pytest.raises(ValueError, match="'weather_dirt' is not settled; 1 of 4 coded answers"):
        load(settled)
    settle(settled, DECIDED | {("R03", "ways"): "kept", ("R07", "weather_dirt"): "kept"})
    after = load(settled)
    assert after.codebook.former == {"lanes": ["ways"], "parking": ["ways"], "cycleways": ["ways"]}
    new = ("zoé", "A dry path. Write to bruno.kettle@example.org. (7)", "weather_dirt")
    renamed = [(who, text, "ways" if code == "lanes" else code) for who, text, code in before]
    assert by_text(after) == sorted([*renamed, new])
    assert after.proposals.empty


def test_codings_of_a_split_code_wait_and_those_of_a_retired_one_leave_none(marked):
    path = marked / "tiny" / "codebook.yml"
    text = path.read_text(encoding="utf-8").replace(
        "{id: lanes, name: Lanes,", "{id: ways, name: Ways,"
    )
    text = text.replace("{id: price, name: Price,", "{id: fees, name: Fees,")
    text += (
        "history:\n"
        "  - {date: 2024-08-01, change: split, codes: [lanes], into: [ways, parking], reason: two}\n"
        "  - {date: 2024-08-02, change: retired, codes: [price], reason: nobody agreed on it}\n"
    )
    path.write_text(text, encoding="utf-8")
    coding = load(marked)
    assert len(coding.waiting) == 5
    assert set(coding.codings["code"]) == {"none"}
    assert sorted(coding.codings["respondent"]) == ["R03", "R06", "R06"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("renamed, codes: [a, b], into: [lanes]", "renamed is one code into one"),
        ("split, codes: [a], into: [lanes]", "split one into several"),
        ("merged, codes: [a, b], into: [walls]", "there is no code 'walls'"),
        ("retired, codes: [lanes]", "'lanes' is still a code"),
    ],
)
def test_a_history_that_leads_nowhere_is_refused(team, change, message):
    path = team / "tiny" / "codebook.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        f"{text}history:\n  - {{date: 2024-08-01, change: {change}, reason: r}}\n", encoding="utf-8"
    )
    with pytest.raises(ValueError, match=message):
        read_codebook(path)


def shift(team):
    """The study is imported anew without the second row: everybody below has another id."""
    path = team / "tiny" / "responses.csv"
    head, first, _, *rest = path.read_text(encoding="utf-8").splitlines()
    moved = [re.sub(r"^R(\d\d)", lambda found: f"R{int(found[1]) - 1:02}", line) for line in rest]
    path.write_text("\n".join([head, first, *moved]) + "\n", encoding="utf-8")


def test_codings_follow_their_texts_after_a_late_import(settled):
    before, notes = load(settled), len(load(settled).memos)
    shift(settled)
    with pytest.raises(ValueError, match=r"zoé\.csv: row 1: .*now respondent 'R02's.*make reattach"):
        load(settled)
    told = reattach("tiny", settled)
    assert "zoé.csv: 4 rows are moved, 0 are set aside." in told
    after = load(settled)
    assert by_text(after) == by_text(before)
    assert sorted(after.settled["code"]) == sorted(before.settled["code"])
    assert len(after.memos) == notes
    assert not (settled / "tiny" / "coding" / "detached").exists()


def test_two_people_go_from_answers_to_an_agreed_coding_and_nothing_is_lost_or_moved(settled):
    def by_wish(coding, table, columns):
        texts = {(str(r), i): text for r, i, text in coding.answers.itertuples(index=False)} | {
            ("", ""): ""
        }
        rows = table[["respondent", "item", *columns]].itertuples(index=False, name=None)
        return sorted((texts[row[:2]], *row[2:]) for row in rows)

    first = load(settled)
    evolve(settled)
    settle(settled, DECIDED | {("R03", "ways"): "kept", ("R07", "weather_dirt"): "kept"})
    agreed = load(settled)
    shift(settled)
    reattach("tiny", settled)
    last = load(settled)
    renamed = [(who, text, "ways" if code == "lanes" else code) for who, text, code in by_text(first)]
    assert set(renamed) < set(by_text(agreed))  # and the proposal that was taken up
    assert by_text(last) == by_text(agreed)
    noted = ["coder", "code", "note"]
    assert len(first.memos) == 4
    assert by_wish(last, last.memos, noted) == by_wish(first, first.memos, noted)
    made = ["code", "decision", "reason"]
    assert by_wish(last, last.settled, made) == by_wish(agreed, agreed.settled, made)
    assert not (settled / "tiny" / "coding" / "detached").exists()


def test_codings_know_the_round_of_the_codebook_in_which_they_were_made(marked):
    assert set(load(marked).rounds.values()) == {1}
    evolve(marked)
    for coder in GIVEN:  # one answer more, with the new codebook
        book, sheet, path, rows, columns = sheet_of_again(marked, coder)
        mark(sheet, rows, columns, {"R10": ["ways"]})
        book.save(path)
        coding_sheet.read("tiny", coder, path, marked, replace=True)
    rounds = load(marked).rounds
    assert {who: number for (who, _), number in rounds.items()} == {
        "R03": 1, "R05": 1, "R06": 1, "R07": 3, "R10": 3,
    }  # the code that Zoé proposed for R07 is one of the codebook's now  # fmt: skip
    table = agreement_by_round(load(marked), 1, 0.95, 20)
    assert table[["round", "answers"]].values.tolist() == [[1, 3], [3, 2]]
    path = marked / "tiny" / "coding" / "zoé.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",3\n", ",two\n"), encoding="utf-8")
    with pytest.raises(ValueError, match=r"zoé\.csv: row 4: the round 'two' is no number"):
        load(marked)


def test_a_coding_whose_text_is_gone_is_set_aside_and_comes_back(marked):
    before = load(marked)
    path = marked / "tiny" / "responses.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Lanes, lanes, lanes! (5)", "Lanes!"), encoding="utf-8")
    with pytest.raises(ValueError, match="nobody's answer is the text that was coded"):
        load(marked)
    reattach("tiny", marked)
    assert len(load(marked).codings) == len(before.codings) - 2
    path.write_text(text, encoding="utf-8")
    reattach("tiny", marked)
    assert by_text(load(marked)) == by_text(before)


def test_a_sheet_and_a_project_from_before_the_import_follow_their_texts_when_told(marked):
    before = load(marked)
    refi_write.write("tiny", marked, marked.parent / "build")
    project = marked.parent / "build" / "tiny" / "exchange" / "project.qdpx"
    sheet = marked.parent / "build" / "tiny" / "coding" / "zoé.xlsx"
    for path in (marked / "tiny" / "coding").iterdir():
        path.unlink()
    shift(marked)
    with pytest.raises(ValueError, match="but that of respondent 'R02', as when one column is sorted"):
        coding_sheet.read("tiny", "Zoé", sheet, marked)
    with pytest.raises(ValueError, match=r"the text 'R03 \[wishes\]': .* but that of respondent 'R02'"):
        refi_read.read("tiny", project, marked, marked.parent / "build")
    assert list((marked / "tiny" / "coding").iterdir()) == []
    coding_sheet.read("tiny", "Zoé", sheet, marked, reattach=True)
    refi_read.read("tiny", project, marked, marked.parent / "build", reattach=True)
    assert by_text(load(marked)) == by_text(before)


def test_collected_answers_have_a_key_of_their_own(team):
    path = team / "tiny" / "survey.yml"
    text = path.read_text(encoding="utf-8").replace("provenance: synthetic", "provenance: collected")
    path.write_text(text, encoding="utf-8")
    coded(team)
    key = team / "tiny" / "coding" / ".key"
    assert key.stat().st_mode & 0o077 == 0
    first = read_csv(team / "tiny" / "coding" / "zoé.csv")["fingerprint"]
    load(team)
    key.write_text("another", encoding="utf-8")
    with pytest.raises(ValueError, match="row 1"):
        load(team)
    key.unlink()
    with pytest.raises(ValueError, match=r"\.key: is missing, and .*memos\.csv has fingerprints"):
        consensus_sheet.write("tiny", team, team.parent / "build")
    assert len(set(first)) == 4
