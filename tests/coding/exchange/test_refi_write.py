"""REFI-QDA: what is written comes back exactly, follows the schema and holds nothing identifying."""

import hashlib
import io
import re
import subprocess
import sys
import uuid
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compendium.archives import read_members, without_forbidden
from compendium.coding.codebook import NONE, Codebook, read_codebook
from compendium.coding.codings import CODING, open_answers, read_codings
from compendium.coding.exchange import refi_read, refi_write
from compendium.coding.exchange.refi_read import read_codebook_file, read_project, read_tags
from compendium.coding.exchange.refi_write import ANSWERS, guid, write_codebook, write_project
from compendium.disclosure.release import NOTICE, described, masked_answers
from compendium.files import read_csv
from compendium.survey.study import load_study

ROOT = Path(__file__).parents[3]
CODINGS = ["coder", "respondent", "item", "code"]
PROJECT = "{urn:QDA-XML:project:1.0}"

# Transcribed from Codebook.xsd and Project.xsd 1.0 (18 March 2019): the children of each element in
# their order, and its attributes, the required ones with a star.
ENTITY = "*guid name creatingUser creationDateTime modifyingUser modifiedDateTime"
SCHEMA = {
    "CodeBook": ("Codes Sets", "origin"),
    "Codes": ("Code", ""),
    "Code": ("Description NoteRef Code", "*guid *name *isCodable color"),
    "Sets": ("Set", ""),
    "Set": ("Description MemberCode MemberSource MemberNote", "*guid *name"),
    "MemberCode": ("", "*guid"),
    "Project": (
        "Users CodeBook Variables Cases Sources Notes Links Sets Graphs Description NoteRef",
        "*name origin creatingUserGUID creationDateTime modifyingUserGUID modifiedDateTime basePath",
    ),
    "Users": ("User", ""),
    "User": ("", "*guid name id"),
    "Variables": ("Variable", ""),
    "Variable": ("Description", "*guid *name *typeOfVariable"),
    "Cases": ("Case", ""),
    "Case": ("Description CodeRef VariableValue SourceRef SelectionRef", "*guid name"),
    "VariableValue": ("VariableRef TextValue", ""),
    "Sources": ("TextSource", ""),
    "TextSource": (
        "Description PlainTextContent PlainTextSelection Coding NoteRef VariableValue",
        f"{ENTITY} richTextPath plainTextPath",
    ),
    "PlainTextSelection": ("Description Coding NoteRef", f"{ENTITY} *startPosition *endPosition"),
    "Coding": ("CodeRef NoteRef", "*guid creatingUser creationDateTime"),
    "CodeRef": ("", "*targetGUID"),
    "SourceRef": ("", "*targetGUID"),
    "VariableRef": ("", "*targetGUID"),
    "NoteRef": ("", "*targetGUID"),
    "Notes": ("Note", ""),
    "PlainTextContent": ("", ""),
    "Description": ("", ""),
    "TextValue": ("", ""),
}
SCHEMA["Note"] = SCHEMA["TextSource"]
NOT_EMPTY = {"Codes", "Notes", "Sets", "Users", "Variables", "Cases", "Sources", "Coding"}
GUID = re.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")

PIECES = [
    "\n", "  ", "😀", "👩‍🔬", "é", "e\u0301", "]]>", "<script>alert(1)</script>", "&amp;", '"', "'",
    "Include: all", "\n  Example: no", "\u0085", "\u2028", "\t", "=1+1", "[use]", "R1 [use]",
]  # fmt: skip
CHARACTERS = st.characters(exclude_categories=("Cs", "Cc", "Cn"))
TEXT = st.lists(st.sampled_from(PIECES) | st.text(CHARACTERS, max_size=5), max_size=5).map("".join)
FULL = TEXT.filter(bool)
ID = st.from_regex("[a-z][a-z0-9_]{0,5}", fullmatch=True).filter(lambda id: id != NONE)


@st.composite
def codebooks(draw):
    ids = iter(draw(st.lists(ID, min_size=6, max_size=9, unique=True)))
    themes = draw(st.lists(ID, min_size=1, max_size=3, unique=True))
    part = {"name": FULL, "definition": FULL}
    code = {**part, "include": TEXT, "exclude": TEXT, "examples": st.lists(FULL, max_size=3)}
    drawn = [
        draw(st.fixed_dictionaries(part))
        | {"id": theme, "codes": [draw(st.fixed_dictionaries(code)) | {"id": next(ids)} for _ in "ab"]}
        for theme in themes
    ]
    mode = draw(st.sampled_from(["codebook", "reflexive"]))
    return Codebook(title=draw(FULL), unit=draw(FULL), coding_mode=mode, themes=drawn)


@st.composite
def projects(draw):
    codebook = draw(codebooks())
    respondents = draw(st.lists(FULL, min_size=1, max_size=3, unique=True))
    items = draw(st.lists(ID, min_size=1, max_size=2, unique=True))
    rows = [(r, i, draw(TEXT), draw(FULL)) for r in respondents for i in items if draw(st.booleans())]
    codes = st.just([NONE]) | st.lists(st.sampled_from(codebook.ids), max_size=3, unique=True)
    codings = [
        (coder, respondent, item, code)
        for coder in sorted(draw(st.lists(FULL, max_size=2, unique=True)))
        for respondent, item, *_ in rows
        for code in sorted(draw(codes), key=[*codebook.ids, NONE].index)
    ]
    columns = draw(st.lists(FULL, max_size=2, unique=True))
    values = [[draw(st.none() | TEXT) for _ in columns] for _ in respondents]
    cases = pd.DataFrame(values, index=respondents, columns=columns, dtype=object)
    answers = pd.DataFrame(rows, columns=ANSWERS, dtype=object)
    return codebook, answers, pd.DataFrame(codings, columns=CODINGS, dtype=object), cases


def listed(frame):
    """A table as plain lists; every kind of missing is None."""
    return [frame.columns.tolist(), frame.astype(object).where(frame.notna(), None).values.tolist()]


def valid(element):
    """Whether an element and all below it follow the schema."""
    tag = element.tag.rsplit("}", 1)[-1]
    children, attributes = (part.split() for part in SCHEMA[tag])
    below = [child.tag.rsplit("}", 1)[-1] for child in element]
    assert below == sorted(below, key=children.index), tag
    assert below or tag not in NOT_EMPTY, tag
    names = {attribute.lstrip("*") for attribute in attributes}
    needed = {attribute[1:] for attribute in attributes if attribute.startswith("*")}
    assert needed <= set(element.attrib) <= names, (tag, element.attrib)
    for name, value in element.attrib.items():
        assert not name.lower().endswith(("guid", "user")) or GUID.fullmatch(value)
    return all(valid(child) for child in element)


@pytest.fixture(scope="module")
def study():
    return load_study("microcredentials", ROOT / "data")


@pytest.fixture(scope="module")
def codebook():
    return read_codebook(ROOT / "data" / "microcredentials" / "codebook.yml")


@pytest.fixture(scope="module")
def exported(study, codebook):
    """The default study as the command exports it, and the codings that went in."""
    answers, _ = masked_answers(study, open_answers(study))
    folder = ROOT / "data" / "microcredentials" / "coding"
    codings, _ = read_codings(folder, codebook, open_answers(study))
    cases = described(study, answers["respondent"])
    return write_project(codebook, answers, codings, cases, NOTICE), answers, codings, cases


def without_rules(codebook):
    """What is exchanged of a codebook: no rules, seed of their split, arguments or codes instead."""
    content = codebook.model_dump(exclude={"split_seed"})
    for theme in content["themes"]:
        theme["argument"] = type(codebook.themes[0]).model_fields["argument"].default
        for code in theme["codes"]:
            code["rules"] = code["instead"] = []
    return Codebook(**content)


@settings(deadline=None, max_examples=25)
@given(codebooks())
def test_a_codebook_comes_back_as_it_was(tmp_path_factory, codebook):
    path = tmp_path_factory.mktemp("qdc") / "codebook.qdc"
    path.write_bytes(write_codebook(codebook))
    assert read_codebook_file(path) == (codebook, [])
    assert valid(ElementTree.fromstring(path.read_bytes()))


@settings(deadline=None, max_examples=25)
@given(projects())
def test_a_project_comes_back_as_it_was(tmp_path_factory, project):
    codebook, answers, codings, cases = project
    path = tmp_path_factory.mktemp("qdpx") / "project.qdpx"
    path.write_bytes(write_project(codebook, answers, codings, cases))
    back = read_project(path)
    assert (back.codebook, back.messages) == (codebook, [])
    assert listed(back.answers) == listed(answers)
    assert listed(back.codings) == listed(codings)
    assert listed(back.cases) == listed(cases)
    assert back.cases.index.tolist() == cases.index.tolist()
    with zipfile.ZipFile(path) as archive:
        root = ElementTree.fromstring(archive.read("project.qde"))
        assert valid(root)
        for source in root.iter(f"{PROJECT}TextSource"):
            text = archive.read(source.get("plainTextPath").replace("internal://", "sources/"))
            for selection in source.iter(f"{PROJECT}PlainTextSelection"):
                # UTF-32 spends four bytes on each code point, whichever it is.
                points = len(text.decode().encode("utf-32-le")) // 4
                ends = selection.get("startPosition"), selection.get("endPosition")
                assert ends == ("0", str(points))


def test_the_default_study_comes_back(tmp_path, exported, codebook):
    content, answers, codings, cases = exported
    path = tmp_path / "project.qdpx"
    path.write_bytes(content)
    back = read_project(path)
    assert back.codebook == without_rules(codebook)
    assert listed(back.answers) == listed(answers)
    assert listed(back.cases) == listed(cases)
    assert set(map(tuple, back.codings.values)) == set(map(tuple, codings.values))
    assert NONE in set(back.codings["code"])  # read, and no code applies, is no gap
    assert valid(ElementTree.fromstring(read_members(path, "project.qde".__eq__)["project.qde"]))


def test_what_leaves_the_study_is_masked(exported, study):
    with zipfile.ZipFile(io.BytesIO(exported[0])) as archive:
        whole = "\n".join(archive.read(name).decode() for name in archive.namelist())
    assert open_answers(study)["text"].str.contains("@").any()
    assert "@" not in whole
    assert "SYNTHETIC ANSWERS" in whole
    assert "[name]" in whole
    for name in study.instrument.disclosure.names:
        assert name not in whole


def test_cases_hold_labels_of_closed_questions_only(exported, study):
    cases = exported[3]
    identifying = {item.id for item in study.instrument.items if item.identifying}
    assert {"size", "concept"} <= set(cases.columns)
    assert not identifying & set(cases.columns)
    assert set(cases["concept"].dropna()) <= {o.label for o in study.instrument.item("concept").choices}


def test_identifiers_are_those_of_rfc_4122():
    space = uuid.NAMESPACE_URL.bytes
    for name in ("urn:QDA-XML:project:1.0", '["code", "cost"]'):
        digest = bytearray(hashlib.sha1(space + name.encode()).digest()[:16])
        digest[6], digest[8] = digest[6] & 0x0F | 0x50, digest[8] & 0x3F | 0x80
        space = bytes(digest)
    assert guid("code", "cost") == str(uuid.UUID(bytes=space))


def test_bytes_do_not_depend_on_hash_seed_time_zone_or_locale(tmp_path, exported, environment):
    code = (
        "import hashlib, pathlib, sys; from compendium.coding.exchange.refi_write import write;"
        "written = write('microcredentials', out_dir=sys.argv[1])[-1].removeprefix('Written: ');"
        "print(hashlib.sha256(pathlib.Path(written).read_bytes()).hexdigest())"
    )
    odd = {"PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland", "LC_ALL": "C"}
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path], cwd=ROOT, env=environment | odd, capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == hashlib.sha256(exported[0]).hexdigest()
    with zipfile.ZipFile(io.BytesIO(exported[0])) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def table(*rows, columns):
    return pd.DataFrame(rows, columns=columns, dtype=object)


def test_line_breaks_become_one_line_feed_before_positions_are_counted(tmp_path, codebook):
    answers = table(("R1", "use", "Do\r\nyou?", "a\r\nb\rc\nd😀"), columns=ANSWERS)
    codings = table(("jo", "R1", "use", "cost"), columns=CODINGS)
    path = tmp_path / "project.qdpx"
    path.write_bytes(write_project(codebook, answers, codings, pd.DataFrame(index=["R1"])))
    members = read_members(path, lambda name: True)
    assert b'startPosition="0" endPosition="8"' in members["project.qde"]
    assert members[f"sources/{guid('answer', 'R1', 'use')}.txt"].decode() == "a\nb\nc\nd😀"
    assert read_project(path).answers["text"].tolist() == ["a\nb\nc\nd😀"]


@pytest.mark.parametrize("bad", ["\x00", "\x0b", "\x1f", "\ufffe"])
def test_characters_that_xml_forbids_are_refused_or_replaced(codebook, bad):
    answers = table(("R1", "use", "", f"bell{bad}rings"), columns=ANSWERS)
    none, cases = table(columns=CODINGS), pd.DataFrame(index=["R1"])
    with pytest.raises(ValueError, match=rf"U\+{ord(bad):04X} may not stand in XML; remove it"):
        write_project(codebook, answers, none, cases)
    with pytest.raises(ValueError, match=r"may not stand in XML"):
        write_codebook(codebook.model_copy(update={"title": bad}))
    answers["text"], changed = without_forbidden(answers["text"])
    assert (answers["text"].tolist(), changed) == (["bell\ufffdrings"], 1)
    assert write_project(codebook, answers, none, cases)


@pytest.mark.parametrize(
    ("answers", "codings", "message"),
    [
        ([("R1", "use", "", "a")] * 2, [], "answers: 'use' of respondent 'R1' stands twice"),
        ([("R1", "use", "", "a")], [("jo", "R1", "use", "costs")], "jo: row 1: .* no code 'costs'"),
        ([("R1", "use", "", "a")], [("jo", "R2", "use", "cost")], "jo: row 1: respondent 'R2' gave no"),
    ],
)
def test_what_does_not_fit_is_not_written(codebook, answers, codings, message):
    answers, codings = table(*answers, columns=ANSWERS), table(*codings, columns=CODINGS)
    with pytest.raises(ValueError, match=message):
        write_project(codebook, answers, codings, pd.DataFrame())


def test_the_name_for_no_code_is_kept(codebook):
    theme = codebook.themes[0]
    code = theme.codes[0].model_copy(update={"name": "No code applies"})
    taken = codebook.model_copy(update={"themes": [theme.model_copy(update={"codes": [code]})]})
    with pytest.raises(ValueError, match="the name 'No code applies' is kept for answers"):
        write_project(taken, table(columns=ANSWERS), table(columns=CODINGS), pd.DataFrame())


def test_a_study_goes_out_and_comes_back(small):
    out, coding = small.parent / "build", small / "tiny" / "coding"

    def held():
        return {path.name: read_csv(path)[CODING].values.tolist() for path in coding.iterdir()}

    before = held()
    told = refi_write.write("tiny", small, out)
    assert "identifying passages are masked" in told[0]
    output = out / "tiny" / "exchange"
    assert sorted(path.name for path in output.iterdir()) == [
        "codebook.csv", "codebook.qdc", "project.qdpx",
    ]  # fmt: skip
    assert valid(ElementTree.fromstring((output / "codebook.qdc").read_bytes()))

    def read(name, **more):
        return refi_read.read("tiny", output / name, small, out, **more)

    (coding / "ben.csv").unlink()
    assert "".join(read("project.qdpx")).count("Written") == 1
    assert held() == before

    (coding / "ben.csv").write_text("respondent,item,code\nR01,wishes,none\n")
    with pytest.raises(ValueError, match=r"ben\.csv: holds other codings, 1 rows against"):
        read("project.qdpx")
    assert (coding / "ben.csv").read_text().count("\n") == 2
    read("project.qdpx", replace=True)
    assert held() == before

    ours = without_rules(read_codebook(small / "tiny" / "codebook.yml"))
    for name in ("codebook.qdc", "codebook.csv"):
        read(name)
        theirs = read_codebook(output / "codebook.yml")
        assert theirs.themes == ours.themes


@pytest.mark.parametrize(
    ("rows", "themes"),
    [
        ("tag,description\ncost,What it costs\n=time,\n", {"Codes without a theme": ["cost", "=time"]}),
        ("name,parent\nMoney,\ncost,Money\nfees,Money\n", {"Money": ["Money", "cost", "fees"]}),
        ("path,description\nMoney/cost,x\nMoney/fees,y\n", {"Money": ["cost", "fees"]}),
    ],
)
def test_a_codebook_of_taguette_is_read(tmp_path, rows, themes):
    path = tmp_path / "codebook.csv"
    path.write_text(rows, encoding="utf-8")
    book, _ = read_tags(path)
    assert {theme.name: [code.name for code in theme.codes] for theme in book.themes} == themes


def test_a_csv_file_without_tags_is_refused(tmp_path):
    path = tmp_path / "codebook.csv"
    path.write_text("id,colour\n1,red\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"codebook\.csv: has none of the columns tag, name and path"):
        read_tags(path)


def test_a_study_without_codebook_has_nothing_to_exchange(small):
    with pytest.raises(ValueError, match=r"codebook\.yml: there is no such file"):
        refi_write.write("anes96", "data", small.parent / "build")
    assert not (small.parent / "build").exists()
