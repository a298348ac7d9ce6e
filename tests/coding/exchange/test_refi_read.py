"""REFI-QDA files of other programs: taken as far as they map, with a message for the rest."""

import re

import pytest

from compendium.archives import write_archive
from compendium.coding.codebook import NONE, read_codebook
from compendium.coding.exchange.refi_read import codings_in, read_codebook_file, read_project

CODEBOOK = "data/microcredentials/codebook.yml"

# Files in the shape of other programs, written by hand after their exports.

ATLAS = """<?xml version="1.0" encoding="utf-8"?>
<CodeBook xmlns="urn:QDA-XML:codebook:0:4" origin="ATLAS.ti Win 9.0.19">
  <Codes>
    <Code guid="{0DCEF2F5-E55C-49DA-8C33-9B0803C7AEB4}" name="Cost" isCodable="true" color="#33cc33">
      <Description>Fees and
Include: travel</Description>
    </Code>
    <Code guid="1FF58B12-6F6F-4B0C-8BE5-BBDC91F55294" name="Time" isCodable="true">
      <Code name="2 years &amp; more" isCodable="true">
        <Code guid="575CD58B-641A-48C7-BC7B-4F3D2199C776" name="cost" isCodable="true"/>
        <Code guid="575CD58B-641A-48C7-BC7B-4F3D2199C777" name="Only a heading" isCodable="false"/>
      </Code>
    </Code>
    <Code guid="1B123EC4-7A16-4189-BAB2-74D37FC18BE8" name="Topics" isCodable="false"/>
  </Codes>
  <Sets>
    <Set name="Money" guid="D79FC877-F071-4117-8D25-235AA1062A44">
      <MemberCode guid="1FF58B12-6F6F-4B0C-8BE5-BBDC91F55294" />
    </Set>
  </Sets>
</CodeBook>"""
FLAT = """<?xml version="1.0" encoding="utf-8"?>
<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="Taguette 1.5.2"><Codes>
<Code guid="E6650281-6028-5146-8A59-99004EA51F04" name="value.business" isCodable="true"/>
<Code guid="9B7F990B-9C3C-5A5B-B8BC-4C05498864AA" name="Größe" isCodable="true"/>
</Codes><Sets/></CodeBook>"""


def test_a_deep_codebook_of_another_program_is_flattened(tmp_path):
    path = tmp_path / "theirs.qdc"
    path.write_bytes(ATLAS.encode("utf-8-sig"))
    codebook, messages = read_codebook_file(path)
    assert [(t.id, t.name, [(c.id, c.name) for c in t.codes]) for t in codebook.themes] == [
        ("time", "Time", [("time", "Time"), ("x_2_years_more", "2 years & more"), ("cost", "cost")]),
        ("codes_without_a_theme", "Codes without a theme", [("cost_2", "Cost")]),
    ]
    assert codebook.themes[1].codes[0].definition == "Fees and\nInclude: travel"
    assert codebook.title == "theirs"
    assert messages == [
        "Groups of codes are not taken over: Money.",
        "Codes below the second level stand directly under their theme: cost, Only a heading.",
        "Left out, because no code is in it: Topics.",
        "No definition, so the name stands in its place: Time, 2 years & more, cost.",
    ]


def test_a_flat_codebook_of_another_program_gets_one_theme(tmp_path):
    path = tmp_path / "flat.qdc"
    path.write_text(FLAT, encoding="utf-8")
    codebook, _ = read_codebook_file(path)
    assert [theme.name for theme in codebook.themes] == ["Codes without a theme"]
    assert codebook.ids == ["value_business", "grosse"]


def test_no_depth_of_codes_is_too_deep(tmp_path):
    path, depth = tmp_path / "deep.qdc", 20_000
    nested = '<Code name="a" isCodable="true">' * depth + "</Code>" * depth
    path.write_text(f"<CodeBook><Codes>{nested}</Codes></CodeBook>")
    codebook, messages = read_codebook_file(path)
    assert len(codebook.ids) == depth
    assert messages[0].endswith("under their theme: a.")


THEIRS = """<?xml version="1.0" encoding="utf-8"?>
<Project xmlns="urn:QDA-XML:project:1.0" name="Interviews" origin="NVivo" basePath="">
  <Users>
    <User guid="{AAAAAAAA-0000-0000-0000-000000000001}" name="Jane Smith" id="JS"/>
    <User guid="aaaaaaaa-0000-0000-0000-000000000002" id="CP"/>
  </Users>
  <CodeBook><Codes>
    <Code guid="cccccccc-0000-0000-0000-000000000001" name="Money" isCodable="false">
      <Code guid="cccccccc-0000-0000-0000-000000000002" name="Cost and funding" isCodable="true">
        <Description>Who pays.</Description></Code>
      <Code guid="cccccccc-0000-0000-0000-000000000003" name="No code applies" isCodable="true"/>
    </Code>
  </Codes></CodeBook>
  <Variables>
    <Variable guid="ffffffff-0000-0000-0000-000000000001" name="Age" typeOfVariable="Integer"/>
    <Variable guid="ffffffff-0000-0000-0000-000000000002" name="Place" typeOfVariable="Text"/>
  </Variables>
  <Cases>
    <Case guid="eeeeeeee-0000-0000-0000-000000000001" name="Anna">
      <VariableValue><VariableRef targetGUID="FFFFFFFF-0000-0000-0000-000000000001"/>
        <IntegerValue>41</IntegerValue></VariableValue>
      <SourceRef targetGUID="dddddddd-0000-0000-0000-000000000002"/>
    </Case>
    <Case guid="eeeeeeee-0000-0000-0000-000000000002">
      <VariableValue><VariableRef targetGUID="ffffffff-0000-0000-0000-000000000002"/>
        <TextValue>Oban</TextValue></VariableValue>
      <SourceRef targetGUID="dddddddd-0000-0000-0000-000000000001"/>
    </Case>
  </Cases>
  <Sources>
    <TextSource guid="dddddddd-0000-0000-0000-000000000001" name="R1 [use].txt"
        plainTextPath="internal://One.txt">
      <PlainTextSelection guid="bbbbbbbb-0000-0000-0000-000000000001" startPosition="2" endPosition="4"
          creatingUser="aaaaaaaa-0000-0000-0000-000000000001">
        <Coding guid="bbbbbbbb-0000-0000-0000-000000000002">
          <CodeRef targetGUID="CCCCCCCC-0000-0000-0000-000000000002"/></Coding>
      </PlainTextSelection>
      <PlainTextSelection guid="bbbbbbbb-0000-0000-0000-000000000003" startPosition="0"
          endPosition="9">
        <Description>a memo</Description></PlainTextSelection>
      <PlainTextSelection guid="bbbbbbbb-0000-0000-0000-000000000004" startPosition="5"
          endPosition="99">
        <Coding guid="bbbbbbbb-0000-0000-0000-000000000005"
            creatingUser="aaaaaaaa-0000-0000-0000-000000000001">
          <CodeRef targetGUID="cccccccc-0000-0000-0000-000000000002"/></Coding>
        <Coding guid="bbbbbbbb-0000-0000-0000-000000000006"
            creatingUser="aaaaaaaa-0000-0000-0000-000000000001">
          <CodeRef targetGUID="cccccccc-0000-0000-0000-000000000003"/></Coding>
        <Coding guid="bbbbbbbb-0000-0000-0000-000000000007">
          <CodeRef targetGUID="99999999-0000-0000-0000-000000000000"/></Coding>
      </PlainTextSelection>
    </TextSource>
    <TextSource guid="dddddddd-0000-0000-0000-000000000002" name="Second talk">
      <PlainTextContent>We pay.</PlainTextContent>
      <Coding guid="bbbbbbbb-0000-0000-0000-000000000008"
          creatingUser="aaaaaaaa-0000-0000-0000-000000000002">
        <CodeRef targetGUID="cccccccc-0000-0000-0000-000000000003"/></Coding>
    </TextSource>
    <TextSource guid="dddddddd-0000-0000-0000-000000000003" name="Elsewhere"
        plainTextPath="absolute:///etc/passwd"/>
    <PDFSource guid="dddddddd-0000-0000-0000-000000000004" name="Report.pdf" path="internal://r.pdf"/>
    <TextSource guid="dddddddd-0000-0000-0000-000000000005" name="R1 [use]">
      <PlainTextContent>Again.</PlainTextContent></TextSource>
  </Sources>
  <Notes><Note guid="dddddddd-0000-0000-0000-000000000009"/></Notes>
</Project>"""


def test_a_project_of_another_program_is_taken_as_far_as_it_maps(tmp_path):
    path = tmp_path / "theirs.qdpx"
    members = {"Sources/one.txt": "\ufeffWe\r\ncannot pay.".encode(), "project.qde": THEIRS.encode()}
    path.write_bytes(write_archive(members))
    project = read_project(path)
    assert project.codebook.title == "Interviews"
    assert project.codebook.ids == ["cost_and_funding"]
    assert project.answers.values.tolist() == [
        ["R1", "use", "", "We\ncannot pay."],
        ["Anna", "second_talk", "", "We pay."],
        ["R1", "use_2", "", "Again."],
    ]
    assert project.codings.values.tolist() == [
        ["CP", "Anna", "second_talk", NONE],
        ["Jane Smith", "R1", "use", "cost_and_funding"],
    ]
    assert project.cases.loc["Anna"].tolist()[0] == "41"
    assert project.cases.loc["R1", "Place"] == "Oban"
    codings, _ = codings_in(project, read_codebook(CODEBOOK))
    assert codings["code"].tolist() == [NONE, "cost"]
    assert project.messages == [
        "No definition, so the name stands in its place: Money.",
        "Sources that are no plain text in UTF-8 within the project are skipped: "
        "Elsewhere, Report.pdf.",
        "Parts of a text were coded; the code counts for the whole of it: R1.",
        "Selections without a code are left out: R1.",
        "Codings with a code that the codebook lacks are left out: R1.",
        "'No code applies' is left out where the same coder gave a code: R1.",
    ]


# ---- hostile and broken files

LAUGHS = """<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<CodeBook><Codes><Code name="&c;" isCodable="true"/></Codes></CodeBook>"""
OUTSIDE = """<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>
<CodeBook><Codes><Code name="&b;" isCodable="true"/></Codes></CodeBook>"""
ELSEWHERE = '<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd"><CodeBook><Codes/></CodeBook>'


@pytest.mark.parametrize("content", [LAUGHS, OUTSIDE, ELSEWHERE])
def test_document_types_are_refused_wherever_they_stand(tmp_path, content):
    for name, data in (
        ("bad.qdc", content.encode()),
        ("utf16.qdc", content.encode("utf-16")),
        ("bad.qdpx", write_archive({"project.qde": content.encode()})),
    ):
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(ValueError, match=rf"{name}.*declares a document type or entities"):
            (read_project if name.endswith("qdpx") else read_codebook_file)(path)


QDE = b'<Project name="Talks"><CodeBook><Codes><Code name="a"/></Codes></CodeBook></Project>'


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"sources/one.txt": b"x"}, "holds no project.qde"),
        ({"project.qde": b""}, "project.qde: not readable as XML"),
        ({"project.qde": b"PK\x03\x04"}, "project.qde: not readable as XML"),
        ({"project.qde": b"<Project/>"}, "holds no code"),
        ({"project.qde": b"<Project><CodeBook/></Project>"}, "holds no code"),
        ({"project.qde": QDE, "../../evil.txt": b"x"}, "'../../evil.txt' would lie outside"),
    ],
)
def test_what_is_no_project_is_refused(tmp_path, members, message):
    path = tmp_path / "bad.qdpx"
    path.write_bytes(write_archive(members))
    with pytest.raises(ValueError, match=message) as raised:
        read_project(path)
    assert str(raised.value).startswith(str(path))
    assert [file.name for file in tmp_path.iterdir()] == ["bad.qdpx"]


@pytest.mark.parametrize("read", [read_project, read_codebook_file])
def test_a_missing_file_is_named(tmp_path, read):
    with pytest.raises(ValueError, match=r"none: (there is no such file|cannot be opened)"):
        read(tmp_path / "none")
    with pytest.raises(ValueError, match=re.escape(str(tmp_path))):
        read(tmp_path)


def test_a_codebook_larger_than_any_is_refused(tmp_path):
    path = tmp_path / "large.qdc"
    with open(path, "wb") as file:
        file.truncate(32_000_001)
    with pytest.raises(ValueError, match="larger than 32 MB, which no codebook is"):
        read_codebook_file(path)
