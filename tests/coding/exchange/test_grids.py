"""Spreadsheets of other kinds, and projects named otherwise, are read as those handed out."""

import csv
import io
import zipfile

import openpyxl
import pandas as pd
import pytest

from compendium.archives import write_archive
from compendium.coding.codebook import Codebook
from compendium.coding.codings import CODING
from compendium.coding.exchange.coding_sheet import to_workbook
from compendium.coding.exchange.grids import read_grid
from compendium.coding.exchange.refi_read import read_project
from compendium.coding.exchange.refi_write import ANSWERS, write_project
from compendium.coding.exchange.sheet_read import from_workbook

OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"
ODS = f"""<office:document-content xmlns:office="{OFFICE}office:1.0" xmlns:table="{OFFICE}table:1.0"
 xmlns:text="{OFFICE}text:1.0"><office:body><office:spreadsheet><table:table table:name="Answers">
<table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="99"/>
</table:table-row>
<table:table-row>CELLS</table:table-row>
<table:table-row><table:table-cell office:value="7"><text:p>R1</text:p></table:table-cell>
<table:table-cell><text:p>use</text:p></table:table-cell><table:table-cell/>
<table:table-cell>
<text:p>We <text:span>can</text:span><text:s text:c="2"/>not</text:p><text:p>pay</text:p>
</table:table-cell><table:table-cell/><table:table-cell><office:annotation><text:p>why?</text:p>
</office:annotation><text:p>x</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="1048571"><table:table-cell
 table:number-columns-repeated="16384"/></table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>"""
HEADS = ["Respondent", "Item", "Question", "Answer", "none", "cost", "Note"]


@pytest.fixture
def codebook():
    code = {"id": "cost", "name": "Cost", "definition": "d"}
    return Codebook(title="T", themes=[{"id": "a", "name": "A", "definition": "d", "codes": [code]}])


@pytest.fixture
def answers():
    return pd.DataFrame([("R1", "use", "?", "We can  not\npay")], columns=ANSWERS, dtype=object)


def test_an_open_document_sheet_comes_back(tmp_path, codebook, answers):
    cells = "".join(f"<table:table-cell><text:p>{h}</text:p></table:table-cell>" for h in HEADS)
    path = tmp_path / "jo.ods"
    path.write_bytes(write_archive({"content.xml": ODS.replace("CELLS", cells).encode()}))
    back = from_workbook(path, codebook, answers)
    assert back.codings[CODING].values.tolist() == [["R1", "use", "cost"]]
    assert back.memos[["code", "note"]].values.tolist() == [["cost", "why?"]]
    with pytest.raises(ValueError, match="the sheet 'Other' is missing"):
        read_grid(path, "Other", 9, 9)


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_a_sheet_saved_as_csv_comes_back(tmp_path, codebook, answers, sign):
    content = to_workbook(codebook, answers, pd.DataFrame(columns=CODING), synthetic=False)
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Answers"]
    sheet["F5"], sheet["G5"] = "X", "read twice"
    path = tmp_path / "jo.csv"
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=sign).writerows(sheet.iter_rows(values_only=True))
    back = from_workbook(path, codebook, answers)
    assert back.codings[CODING].values.tolist() == [["R1", "use", "cost"]]
    assert back.memos["note"].tolist() == ["read twice"]


def test_a_project_file_with_a_capital_and_a_text_with_a_byte_order_mark(tmp_path, codebook, answers):
    answers = answers.assign(text="\ufeffWe pay")
    codings = pd.DataFrame([("李", "R1", "use", "cost")], columns=["coder", *CODING], dtype=object)
    content = write_project(codebook, answers, codings, pd.DataFrame(index=["R1"]))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {
            name.replace("project", "Project"): archive.read(name) for name in archive.namelist()
        }
    path = tmp_path / "theirs.qdpx"
    path.write_bytes(write_archive(members))
    back = read_project(path)
    assert back.messages == []
    assert back.answers["text"].tolist() == ["We pay"]
    assert back.codings.values.tolist() == [["李", "R1", "use", "cost"]]
