"""Coding sheets: what a person marks comes back, what nobody meant is refused with its cell."""

import io
import re
import zipfile

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compendium.archives import write_archive
from compendium.coding.codebook import NONE, Codebook
from compendium.coding.codings import CODING
from compendium.coding.exchange import coding_sheet
from compendium.coding.exchange.coding_sheet import from_workbook, to_workbook
from compendium.files import read_csv

FORMULAS = ["=1+1", '=HYPERLINK("http://127.0.0.1")', "+1", "-1", "@SUM(A1)", "\t=1", "#N/A", "TRUE"]
MARKUP = ["<script>alert(1)</script>", "a\nb", "]]>", "😀", "_x0041_"]
TEXTS = [*FORMULAS, *MARKUP]


@pytest.fixture(scope="module")
def codebook():
    code = {"definition": "d", "include": "=2+2", "examples": ["@a", "b"]}
    themes = [
        {"id": "value", "name": "=Value", "definition": "d",
         "codes": [code | {"id": "cost", "name": "Cost"}, code | {"id": "question", "name": "-Asks"}]},
        {"id": "more", "name": "More", "definition": "d",
         "codes": [code | {"id": "time", "name": "Time"}]},
    ]  # fmt: skip
    return Codebook(title="Small", themes=themes)


@pytest.fixture(scope="module")
def answers():
    rows = [(f"R{n}", "use", "=Do you?", text) for n, text in enumerate(TEXTS, 1)]
    return pd.DataFrame(rows, columns=["respondent", "item", "question", "text"], dtype=object)


def coded(*rows):
    return pd.DataFrame(rows, columns=CODING, dtype=object)


@pytest.fixture
def workbook(tmp_path, codebook, answers):
    """A sheet to change: opened, and saved where `from_workbook` finds it."""
    content = to_workbook(codebook, answers, coded(("R1", "use", "cost")), synthetic=True)
    book, path = openpyxl.load_workbook(io.BytesIO(content)), tmp_path / "jo.xlsx"
    return book, lambda: (book.save(path), path)[1]


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_marks_come_back(tmp_path, codebook, answers, data):
    codes = st.just([NONE]) | st.lists(st.sampled_from(codebook.ids), max_size=3, unique=True)
    rows = [
        (respondent, "use", code)
        for respondent in answers["respondent"]
        for code in sorted(data.draw(codes), key=[*codebook.ids, NONE].index)
    ]
    path = tmp_path / "jo.xlsx"
    path.write_bytes(to_workbook(codebook, answers, coded(*rows), synthetic=False))
    assert from_workbook(path, codebook, answers).codings[CODING].values.tolist() == [
        list(row) for row in rows
    ]


def test_no_text_is_run_as_a_formula(codebook, answers):
    content = to_workbook(codebook, answers, coded(), synthetic=False)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/"):
                xml = archive.read(name).decode()
                # Texts stand in <is>; formulas, numbers, truth values and errors would not.
                assert "<is>" in xml
                assert "<f>" not in xml
                assert "<v>" not in xml
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [book["Answers"].cell(row, 4) for row in range(5, 5 + len(TEXTS))]
    assert [cell.value for cell in cells][: len(FORMULAS)] == FORMULAS
    assert [cell.quotePrefix for cell in cells] == [text[0] in "=+-@\t" for text in TEXTS]
    assert book["Codebook"]["E2"].value == "=2+2"
    assert book["Codebook"]["E2"].data_type == "s"


def test_the_sheet_helps_whoever_works_in_it(codebook, answers):
    content = to_workbook(codebook, answers, coded(("R1", "use", "cost")), synthetic=True)
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["Answers"]
    assert book.sheetnames == ["Answers", "Codebook"]
    assert sheet.freeze_panes == "E5"
    assert [cell.value for cell in sheet[4]] == [
        "Respondent", "Item", "Question", "Answer", "none", "cost", "question", "time", "Note",
    ]  # fmt: skip
    assert [cell.value for cell in sheet[5]][4:] == [None, "x", None, None, None]
    (choice,) = sheet.data_validations.dataValidation
    assert (choice.type, choice.formula1, choice.allow_blank) == ("list", '"x"', True)
    assert str(choice.sqref) == f"E5:H{4 + len(TEXTS)}"
    assert sheet["D5"].alignment.wrap_text
    assert sheet.column_dimensions["D"].width == 60
    assert "SYNTHETIC ANSWERS" in sheet["A1"].value
    assert [cell.value for cell in book["Codebook"][2]] == [
        "=Value", "Cost", "cost", "d", "=2+2", None, "@a\nb",
    ]  # fmt: skip


def test_characters_that_xml_forbids_are_refused(codebook, answers):
    with pytest.raises(ValueError, match=r"'bell\\x0bs': the character U\+000B may not stand in XML"):
        to_workbook(codebook, answers.assign(text="bell\x0bs"), coded(), synthetic=False)


def test_collected_answers_are_not_called_synthetic(codebook, answers):
    content = to_workbook(codebook, answers, coded(), synthetic=False)
    assert "SYNTHETIC" not in openpyxl.load_workbook(io.BytesIO(content))["Answers"]["A1"].value


def test_a_workbook_holds_no_time_of_writing(codebook, answers, monkeypatch):
    content = to_workbook(codebook, answers, coded(), synthetic=False)
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    assert to_workbook(codebook, answers, coded(), synthetic=False) == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core) == ["1980-01-01T00:00:00Z"] * 2


def test_what_people_and_programs_change_is_understood(workbook, codebook, answers):
    book, save = workbook
    sheet = book["Answers"]
    sheet["F5"], sheet["H5"], sheet["E6"], sheet["F7"] = None, " X ", "x", ""
    sheet.move_range("C4:D20", cols=20)  # columns in another order
    sheet.append([])
    assert from_workbook(save(), codebook, answers).codings[CODING].values.tolist() == [
        ["R1", "use", "time"],
        ["R2", "use", NONE],
    ]


def test_ids_that_a_program_takes_for_numbers_are_found(tmp_path, codebook):
    answers = pd.DataFrame({"respondent": ["17"], "item": "use", "question": "?", "text": "a"})
    content = to_workbook(codebook, answers, coded(("17", "use", "cost")), synthetic=False)
    book = openpyxl.load_workbook(io.BytesIO(content))
    for number in (17, 17.0):
        book["Answers"]["A5"] = number
        book.save(tmp_path / "jo.xlsx")
        back = from_workbook(tmp_path / "jo.xlsx", codebook, answers).codings
        assert back[CODING].values.tolist() == [["17", "use", "cost"]]


@pytest.mark.parametrize(
    ("cell", "content", "message"),
    [
        ("G14", "y", "sheet Answers, cell G14: 'y' is no mark; write x, or leave the cell empty."),
        ("G14", "=1+1", "sheet Answers, cell G14: '=1+1' is no mark"),
        ("G14", 1, "sheet Answers, cell G14: '1' is no mark"),
        ("E5", "x", "sheet Answers, cell E5: 'No code applies' is marked beside a code"),
        ("A6", "R99", "sheet Answers, cell A6: respondent 'R99' gave no answer to 'use'"),
        ("B6", "used", "sheet Answers, cell A6: respondent 'R2' gave no answer to 'used'"),
        ("A6", "R1", "sheet Answers, cell A6: the answer of respondent 'R1' to 'use' stands in"),
        ("A5", None, "cell A5: the text is not the answer of respondent '' to 'use' but that of"),
        ("A5", "R2", "not the answer of respondent 'R2' to 'use' but that of respondent 'R1', as when"),
        ("D5", "=1+2", "not the answer of respondent 'R1' to 'use', nor anybody's: it was changed"),
        ("G4", "costs", "sheet Answers, cell G4: the codebook has no code 'costs'"),
        ("G4", "cost", "sheet Answers, cell G4: 'cost' stands in two columns"),
        ("G4", None, "sheet Answers, row 4: the column 'question' is missing"),
        ("F4", None, "sheet Answers, cell F5: the column has no id in row 4"),
        ("A4", "Person", "sheet Answers: no row has the heading 'Respondent'"),
        ("A99999", "x", "sheet Answers reaches to cell I99999; delete what lies far outside"),
        ("ZZ5", "x", "sheet Answers reaches to cell ZZ17; delete what lies far outside"),
    ],
)
def test_what_nobody_meant_is_refused(workbook, codebook, answers, cell, content, message):
    book, save = workbook
    book["Answers"][cell] = content
    path = save()
    with pytest.raises(ValueError, match=re.escape(message)) as raised:
        from_workbook(path, codebook, answers)
    assert str(raised.value).startswith(str(path))


def test_a_renamed_sheet_is_missed(workbook, codebook, answers):
    book, save = workbook
    book["Answers"].title = "Sheet1"
    with pytest.raises(ValueError, match="the sheet 'Answers' is missing; give it its name back"):
        from_workbook(save(), codebook, answers)


LAUGHS = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("xl/sharedStrings.xml", LAUGHS, "sharedStrings.xml: declares a document type or entities"),
        ("xl/worksheets/sheet1.xml", LAUGHS, "sheet1.xml: declares a document type or entities"),
        ("xl/worksheets/sheet1.xml", b"<a/>" + b" " * 3_000_000, "more than 200 times its size"),
        ("xl/worksheets/sheet1.xml", b"<a", "sheet1.xml: not readable as XML"),
        ("xl/worksheets/sheet1.xml", b"<a/>", "no row has the heading 'Respondent'"),
        ("xl/workbook.xml", b"<a/>", "the sheet 'Answers' is missing"),
        ("[Content_Types].xml", b"<a/>", "no workbook in xlsx"),
        ("../evil.xml", b"<a/>", "'../evil.xml' would lie outside the archive's own folder"),
        ("xl/embeddings/more.zip", b"PK", "'xl/embeddings/more.zip' is an archive within the archive"),
    ],
)
def test_hostile_workbooks_are_refused(tmp_path, codebook, answers, name, content, message):
    sound = to_workbook(codebook, answers, coded(), synthetic=False)
    with zipfile.ZipFile(io.BytesIO(sound)) as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
    path = tmp_path / "jo.xlsx"
    path.write_bytes(write_archive(members | {name: content}))
    with pytest.raises(ValueError, match=re.escape(message)) as raised:
        from_workbook(path, codebook, answers)
    assert str(raised.value).startswith(str(path))


@pytest.mark.parametrize("content", [b"", b"respondent,item,code\n", b"PK\x03\x04"])
def test_what_is_no_workbook_is_refused(tmp_path, codebook, answers, content):
    path = tmp_path / "jo.xlsx"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="no sound zip archive"):
        from_workbook(path, codebook, answers)
    with pytest.raises(ValueError, match="there is no such file"):
        from_workbook(tmp_path / "none.xlsx", codebook, answers)


def test_a_half_filled_sheet_goes_out_and_comes_back(small):
    out, coding = small.parent / "build", small / "tiny" / "coding"
    target = out / "tiny" / "coding" / "jo.xlsx"

    def write(**more):
        return coding_sheet.write("tiny", "jo", small, out, **more)

    assert write()[-1] == f"Written: {target}"
    first = target.read_bytes()
    write()
    assert target.read_bytes() == first

    book = openpyxl.load_workbook(target)
    sheet = book["Answers"]
    assert "@" not in "".join(str(cell.value) for cell in sheet["D"])
    ids = [cell.value for cell in sheet[4]]
    sheet.cell(5, ids.index("lanes") + 1, "x")
    sheet.cell(7, ids.index("none") + 1, "x")
    book.save(target)
    with pytest.raises(ValueError, match=r"jo\.xlsx: may hold marks that were not read back"):
        write()
    (told,) = coding_sheet.read("tiny", "jo", target, small)
    assert told == f"2 of 16 answers are read; their codes are in {coding / 'jo.csv'}."
    rows = read_csv(coding / "jo.csv")
    assert rows[CODING].values.tolist() == [["R01", "wishes", "lanes"], ["R03", "wishes", "none"]]
    # A new sheet begins with what was read back.
    write(replace=True)
    sheet = openpyxl.load_workbook(target)["Answers"]
    assert [cell.value for cell in sheet[5]].count("x") == 1


@pytest.mark.parametrize(
    ("coder", "message"),
    [("../../jo", "coder '../../jo': use letters"), (" ", "CODER is missing: give CODER=name")],
)
def test_a_name_that_is_none_is_refused(small, coder, message):
    with pytest.raises(ValueError, match=message):
        coding_sheet.write("tiny", coder, small, small.parent / "build")
    assert not (small.parent / "build").exists()
