"""Codings and consensus: read, settled, compared, written."""

from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from compendium.coding.codebook import NONE
from compendium.coding.codings import (
    CODING,
    assigned,
    named_coder,
    read_codings,
    write_codings,
)
from compendium.coding.consensus import read_consensus, settle
from compendium.coding.fingerprints import key_of, sealed
from compendium.coding.reliability import disagreements
from compendium.files import read_csv


def test_every_answer_was_read_by_both_coders_and_settled(coding, answers):
    codings, settled = coding.codings, coding.settled
    every = set(zip(answers["respondent"], answers["item"], strict=True))
    for _, given in codings.groupby("coder"):
        assert set(zip(given["respondent"], given["item"], strict=True)) == every
    assert set(zip(settled["respondent"], settled["item"], strict=True)) == every
    apart = disagreements(coding)
    assert set(apart["decision"]) == {"kept", "dropped"}
    assert apart["reason"].str.len().min() > 10
    agreed = settled[settled["decision"] == "agreed"]
    assert len(agreed) + len(apart) >= len(settled) - (settled["code"] == NONE).sum()


def test_the_codings_of_the_default_study_are_bound_to_their_texts(study, codebook, answers):
    folder = Path("data/microcredentials/coding")
    for name in ("coder_a.csv", "coder_b.csv", "consensus.csv"):
        assert read_csv(folder / name)["fingerprint"].str.fullmatch("[0-9a-f]{16}").all()
    assert not (folder / ".key").exists()  # whoever clones can check: these answers are synthetic
    # An import that found a respondent more: every answer has moved to the next id.
    moved = dict(pairwise(answers["respondent"].unique()))
    shifted = answers.assign(respondent=answers["respondent"].map(moved)).dropna()
    with pytest.raises(
        ValueError, match=r"coder_a\.csv: row 1: respondent 'R001'.*'R00[2-9]'s.*moved rows"
    ):
        read_codings(folder, codebook, sealed(shifted, key_of(study.synthetic, folder)))


def test_open_answers_are_many_and_varied(answers):
    assert 180 <= len(answers) <= 230
    words = answers["text"].str.split().str.len()
    assert words.min() == 1
    assert 60 <= words.max() <= 80
    texts = answers["text"]
    assert texts.duplicated().any()  # a repeated answer
    assert "n/a" in set(texts)
    assert any(ord(sign) > 0xFFFF for sign in "".join(texts))  # an emoji
    assert texts.str.contains("\n").any()
    assert texts.str.contains("@").any()


def write(folder, name, text):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("R001,recruitment_open,bogus\n", "row 1: the codebook has no code 'bogus'"),
        ("R999,recruitment_open,cost\n", "row 1: respondent 'R999' gave no answer"),
        ("R001,region,cost\n", "gave no answer to 'region'"),
        ("R001,recruitment_open,cost\nR001,recruitment_open,cost\n", "row 2: .* has 'cost' already"),
        ("R001,recruitment_open,none\nR001,recruitment_open,cost\n", "has 'none' and a code"),
    ],
)
def test_a_coding_that_does_not_fit_names_file_and_row(tmp_path, codebook, answers, rows, message):
    folder = write(tmp_path / "coding", "coder_x.csv", HEAD + rows)
    with pytest.raises(ValueError, match=message) as error:
        read_codings(folder, codebook, answers)
    assert "coder_x.csv" in str(error.value)


def test_a_missing_column_and_a_broken_file_are_named(tmp_path, codebook, answers):
    with pytest.raises(ValueError, match="column 'code' is missing"):
        read_codings(write(tmp_path / "a", "x.csv", "respondent,item\n"), codebook, answers)
    folder = write(tmp_path / "b", "x.csv", "")
    with pytest.raises(ValueError, match=r"x\.csv: the file is empty"):
        read_codings(folder, codebook, answers)
    (folder / "x.csv").write_bytes(b"respondent,item,code\n\xff,\xfe,a\n")
    with pytest.raises(ValueError, match=r"x\.csv: line 2 is not UTF-8"):
        read_codings(folder, codebook, answers)


def test_a_consensus_in_another_encoding_is_named(tmp_path, codebook, answers):
    path = tmp_path / "consensus.csv"
    row = "respondent,item,code,decision,reason\nR001,recruitment_open,cost,kept,café\n"
    path.write_bytes(row.encode("latin-1"))
    with pytest.raises(ValueError, match=r"consensus\.csv: .*UTF-8.*save") as error:
        read_consensus(path, codebook, answers)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("R001,recruitment_open,cost,perhaps,x\n", "row 1: the decision 'perhaps'"),
        ("R001,recruitment_open,cost,kept,\n", "row 1: settled without a reason"),
    ],
)
def test_a_consensus_without_reason_is_refused(tmp_path, codebook, answers, row, message):
    path = write(tmp_path, "consensus.csv", "respondent,item,code,decision,reason\n" + row)
    with pytest.raises(ValueError, match=message):
        read_consensus(path / "consensus.csv", codebook, answers)


HEAD = "respondent,item,code\n"


def codings_of(*rows):
    return pd.DataFrame(rows, columns=["coder", "respondent", "item", "code"])


def test_any_number_of_coders_settle_by_majority():
    rows = [("a", 1, "q", "cost"), ("b", 1, "q", "cost"), ("c", 1, "q", "time"), ("a", 2, "q", NONE)]
    settled = settle(codings_of(*rows))
    assert settled[["respondent", "code", "decision"]].to_numpy().tolist() == [
        [1, "cost", "kept"], [1, "time", "dropped"], [2, NONE, "agreed"],
    ]  # fmt: skip


def test_partial_overlap_settles_each_answer_among_its_readers():
    settled = settle(codings_of(("a", 1, "q", "cost"), ("b", 2, "q", "time")))
    assert settled["decision"].tolist() == ["agreed", "agreed"]


def test_marks_tell_unread_from_no_code(answers, codebook):
    codings = codings_of(
        ("a", "R001", "recruitment_open", NONE), ("a", "R002", "upskilling_open", "cost")
    )
    table = assigned(codings, answers, codebook.ids)
    assert table.loc[("R001", "recruitment_open")].tolist() == [0.0] * len(codebook.ids)
    assert table.loc[("R002", "upskilling_open"), "cost"] == 1
    assert table.isna().all(axis=1).sum() == len(answers) - 2


@pytest.mark.parametrize("name", ["", "a.b", "../jo", "jo/../al", "a b", "consensus", "Memos", "."])
def test_coders_have_safe_names(name):
    with pytest.raises(ValueError, match="use letters, digits, _ and - only, and none of consensus"):
        named_coder(name)


@pytest.mark.parametrize(
    ("name", "file"),
    [("Jo", "jo"), ("Анна", "анна"), ("Zoe\u0301", "zoé"), ("李", "李")],
)
def test_coders_may_be_called_as_they_are(name, file):
    assert named_coder(name) == file


def test_other_codings_are_overwritten_only_when_told(tmp_path, codebook):
    answers = pd.DataFrame({"respondent": ["R1", "R2"], "item": "use"})

    def write(*rows, replace=False):
        columns = ["coder", *CODING]
        return write_codings(tmp_path, pd.DataFrame(rows, columns=columns), codebook, answers, replace)

    jo, al = ("jo", "R1", "use", "cost"), ("al", "R2", "use", NONE)
    assert [path.name for path in write(jo)] == ["jo.csv"]
    assert write(jo) == []
    with pytest.raises(ValueError, match=r"jo.csv: holds other codings, 1 rows against 2; add"):
        write(al, jo, ("jo", "R2", "use", "time"))
    with pytest.raises(ValueError, match="codings of jo: row 1: the codebook has no code 'costs'"):
        write(al, ("jo", "R1", "use", "costs"), replace=True)
    assert [path.name for path in tmp_path.iterdir()] == ["jo.csv"]  # all or nothing
    write(al, ("jo", "R2", "use", "time"), replace=True)
    assert (tmp_path / "jo.csv").read_text() == "respondent,item,code\nR2,use,time\n"
    assert (tmp_path / "al.csv").read_text() == "respondent,item,code\nR2,use,none\n"
