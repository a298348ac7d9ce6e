"""A program as one more coder: declared, kept out of the consensus, measured and corrected."""

import shutil

import numpy as np
import pandas as pd
import pytest
from chapters import TINY, lay_out

from compendium.coding.automatic.measured import measure, measured_records, measured_shown
from compendium.coding.coders import read_programs
from compendium.coding.codings import load_coding, reattach
from compendium.coding.exchange import coding_sheet, consensus_sheet
from compendium.files import read_csv
from compendium.survey.study import load_study
from helpers import open_study

DECLARED = (
    "- {id: eliza, kind: program, model: ELIZA 1.0 <script>, prompt: "
    + "0a" * 32
    + ", date: 2026-03-01}\n"
)


@pytest.fixture
def coded(made, tmp_path):
    """What was `made`, free to be changed."""
    return shutil.copytree(made, tmp_path / "data")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The small study with eight respondents drawn, whom Ada coded, and a program that coded all."""
    small = lay_out(tmp_path_factory.mktemp("programs"), TINY)
    folder = small / "tiny" / "coding"
    for path in folder.iterdir():
        path.unlink()
    (folder / "coders.yml").write_text(DECLARED, encoding="utf-8")
    coding_sheet.write("tiny", "ada", small, small.parent / "build", sample="8")
    sample = read_csv(folder / "sample.csv")
    drawn = sample.loc[sample["drawn"] == "yes", "respondent"].tolist()
    mark(folder / "ada.csv", dict.fromkeys(drawn[:4], "lanes"), drawn)
    program = dict.fromkeys(drawn[1:6], "lanes") | dict.fromkeys(rest(sample)[:3], "lanes")
    mark(folder / "eliza.csv", program, sample["respondent"])
    return small


def rest(sample):
    return sample.loc[sample["drawn"] == "no", "respondent"].tolist()


def mark(path, given, respondents):
    rows = [(who, "wishes", given.get(who, "none")) for who in respondents]
    pd.DataFrame(rows, columns=["respondent", "item", "code"]).to_csv(path, index=False)


def load(data):
    return load_coding(load_study("tiny", data), data / "tiny")


def found_by(data, hidden=(), minimum=1):
    return measure(load(data), dict.fromkeys(hidden, "<5"), minimum, 1, 0.95, 50)


def test_a_sample_is_drawn_once_and_its_sheet_has_those_answers_alone(coded, tmp_path):
    path = coded / "tiny" / "coding" / "sample.csv"
    before = path.read_bytes()
    told = coding_sheet.write("tiny", "ben", coded, tmp_path / "other", sample="8")
    assert path.read_bytes() == before
    assert told[-2].startswith("8 respondents are drawn;")
    sheet = pd.read_excel(
        tmp_path / "other" / "tiny" / "coding" / "ben.xlsx", skiprows=3, engine="openpyxl"
    )
    sample = load(coded).sample
    assert set(sheet["Respondent"]) == set(sample.index[sample])
    assert (int(sample.sum()), len(sample)) == (8, 16)
    with pytest.raises(
        ValueError, match=r"sample\.csv: 8 respondents were drawn before; give SAMPLE=8"
    ):
        coding_sheet.write("tiny", "ben", coded, tmp_path, sample="9")


@pytest.mark.parametrize("size", ["0", "16", "many", "-3"])
def test_a_sample_that_cannot_be_drawn_is_refused(small, size):
    with pytest.raises(ValueError, match=f"SAMPLE: give a number from 2 to 15, .* not '{size}'"):
        coding_sheet.write("tiny", "eve", small, small.parent / "build", sample=size)
    assert not (small / "tiny" / "coding" / "sample.csv").exists()


def test_programs_do_not_count_in_what_they_are_measured_by(coded):
    coding = load(coded)
    assert coding.coders == ["ada"]
    assert set(coding.by_programs["coder"]) == {"eliza"}
    assert coding.consensus["lanes"].sum() == 4
    consensus_sheet.write("tiny", coded, coded.parent / "build")
    heads = pd.read_excel(
        coded.parent / "build" / "tiny" / "coding" / "consensus.xlsx", skiprows=1, engine="openpyxl"
    )
    assert not [head for head in heads if "eliza" in head]


def test_a_program_is_measured_on_the_sample_and_corrected_elsewhere(coded):
    (one,) = found_by(coded)
    assert (one.sampled, one.answers, one.others, one.open, one.unread) == (8, 8, 8, 0, 0)
    row = one.table.loc["lanes"]
    # By hand: people 1111 0000, program 0111 1100, of eight others 3.
    assert row[["people", "program"]].tolist() == [4, 5]
    assert row["f1"] == pytest.approx(2 * 3 / (2 * 3 + 2 + 1))
    assert row["kappa"] == pytest.approx((5 / 8 - 0.5) / 0.5)
    assert row["naive"] == pytest.approx(100 * 8 / 16)
    assert row["corrected"] == pytest.approx(100 * (3 / 8 + (1 - 2) / 8))
    assert row["alone"] == pytest.approx(50)
    assert row["corrected_low"] < row["corrected"] < row["corrected_high"]
    records = {fields["id"]: fields for fields in measured_records([one])}
    assert records["themes.programs.eliza.lanes.naive"]["base"] == 16
    assert records["themes.programs.eliza.micro.f1"]["base"] == 8
    said, table = measured_shown([one], load(coded).codebook.names)
    assert "<script>" not in said
    assert table.loc["Lanes", "Not corrected, %"] == "50.0"


@pytest.mark.parametrize(
    ("without", "message"),
    [
        ("ada.csv", "of 1 of 8 respondents in the sample people"),
        ("eliza.csv", "of 1 respondents it has"),
    ],
)
def test_a_program_is_not_measured_by_half(coded, without, message):
    path = coded / "tiny" / "coding" / without
    rows = read_csv(path)
    rows[:-1].to_csv(path, index=False)
    (one,) = found_by(coded)
    assert message in "".join(measured_shown([one], {}))
    assert measured_records([one]) == []
    (path.parent / "sample.csv").unlink()
    assert "no sample is drawn" in measured_shown(found_by(coded), {})[0]


def test_of_few_respondents_nothing_is_told(coded):
    (one,) = found_by(coded, minimum=5)  # four by people
    assert one.table.drop("micro")["withheld"].eq("…").all()
    assert one.table.drop(columns=["note", "withheld"]).isna().all(axis=None)
    assert {fields["value"] for fields in measured_records([one])} == {None} or all(
        np.isnan(fields["value"]) for fields in measured_records([one])
    )


def test_a_chapter_shows_a_program_where_one_is_declared(coded):
    view = open_study("tiny", coded).programs()
    assert view.frame["code"].tolist()[-1] == "micro"
    assert len(view.parts) == 2
    (coded / "tiny" / "coding" / "coders.yml").unlink()
    assert open_study("tiny", coded).programs().parts == []


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("{id: eliza, kind: program}", "a program needs a model with its version, and the date"),
        ("{id: GPT-4, kind: program, model: m, date: 2026-03-01}", "lower-case letters, digits and _"),
        ("{id: eliza, kind: program, model: m, date: 2026-03-01, prompt: hello}", "SHA-256 digest"),
        ("{id: eliza, kind: program, model: m, date: March}", "write the date as 2026-03-01"),
        ("{id: eliza, kind: robot}", "'person' or 'program'"),
    ],
)
def test_a_coder_that_is_not_declared_well_is_refused(tmp_path, entry, message):
    (tmp_path / "coders.yml").write_text(f"- {entry}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=f"coders.yml: line 1: .*{message}"):
        read_programs(tmp_path)


def test_the_sample_follows_its_texts(coded):
    path, before = coded / "tiny" / "responses.csv", load(coded)
    rows = read_csv(path)
    rows["wishes"] = [f"{wish} ({n})" if wish else "" for n, wish in enumerate(rows["wishes"], 1)]
    rows.to_csv(path, index=False)
    with pytest.raises(ValueError, match=r"sample\.csv: row 1: .*nobody's answer is the text"):
        load(coded)
    assert any(
        "sample.csv: 0 rows are moved, 16 are set aside." in line for line in reattach("tiny", coded)
    )
    assert load(coded).sample.empty
    assert before.sample.sum() == 8
