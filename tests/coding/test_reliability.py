"""Agreement of coders, what of it may be told, and where they differ."""

import pandas as pd
import pytest

from compendium.coding.codings import CODING, Coding
from compendium.coding.consensus import settle
from compendium.coding.reliability import (
    FEW,
    agreement,
    agreement_by_pair,
    agreement_on_sets,
    agreement_records,
    disagreements,
    few_coded,
)


def coding_of(codebook, *rows):
    """Codings as (coder, respondent, code) of answers to one question, settled by majority."""
    frame = pd.DataFrame(
        [(coder, who, "q", code) for coder, who, code in rows], columns=["coder", *CODING]
    )
    answers = frame[["respondent", "item"]].drop_duplicates().assign(text="Too dear, says Jo Brown.")
    return Coding(codebook, answers.reset_index(drop=True), frame, settle(frame))


def test_a_rare_code_takes_the_next_smallest_along(codebook):
    counts = pd.Series([3, *range(8, 8 + len(codebook.ids) - 1)], index=codebook.ids)
    few = few_coded(counts, codebook, {}, minimum=5)
    # The sum of all codes is published: one withheld count alone would follow from it.
    assert few[few].index.tolist() == codebook.ids[:2]


def test_a_code_whose_respondents_are_withheld_is_withheld_here_too(codebook):
    counts = pd.Series(range(8, 8 + len(codebook.ids)), index=codebook.ids)
    hidden = {f"themes.{codebook.theme_of('cost').id}.cost": "<5"}
    assert few_coded(counts, codebook, hidden, minimum=5)["cost"]
    assert few_coded(counts, codebook, hidden, minimum=5).sum() == 2
    assert not few_coded(counts, codebook, {}, minimum=5).any()


def test_a_codebook_of_one_rare_code_has_nothing_to_take_along(codebook):
    one = codebook.themes[0].model_copy(update={"codes": codebook.themes[0].codes[:1]})
    small = codebook.model_copy(update={"themes": [one]})
    assert few_coded(pd.Series([2], index=small.ids), small, {}, minimum=5).all()


def test_what_one_coder_gave_seldom_is_withheld_in_every_number_and_says_why(codebook):
    people = [f"R{n:02}" for n in range(30)]
    rows = [("a", who, "time" if n < 15 else "cost") for n, who in enumerate(people)]
    rows += [("b", who, "time" if n < 15 else "green" if n < 17 else "cost")
             for n, who in enumerate(people)]  # fmt: skip
    table = agreement(coding_of(codebook, *rows), {}, 5, seed=1, confidence=0.95, resamples=20)
    assert table.loc["green", "withheld"] == "…"
    assert table.loc["green", ["prevalence", "observed", "kappa", "kappa_low"]].isna().all()
    records = {fields["id"]: fields for fields in agreement_records(table)}
    for name in ("observed", "kappa", "alpha", "ac1"):
        assert records[f"themes.agreement.green.{name}"]["note"] == FEW
        assert records[f"themes.agreement.green.{name}"]["withheld"] == "…"
    assert table.loc["time", "kappa"] == 1


def test_equal_sets_agree_wholly_and_half_overlaps_in_part(codebook):
    rows = [("a", "R1", "time"), ("a", "R1", "cost"), ("a", "R2", "time"), ("a", "R3", "none")]
    same = coding_of(codebook, *rows, *[("b", *row[1:]) for row in rows])
    found = agreement_on_sets(same, seed=1, confidence=0.95, resamples=10)
    assert found["alpha"].tolist() == [1, 1]
    assert found["answers"].tolist() == [3, 3]
    other = [("b", "R1", "time"), ("b", "R2", "time"), ("b", "R3", "none")]
    found = agreement_on_sets(coding_of(codebook, *rows, *other), 1, 0.95, 10)
    # nltk 3.9: masi_distance({"time", "cost"}, {"time"}) is 2/3, jaccard_distance 1/2.
    assert 0 < found.loc["masi", "alpha"] < found.loc["jaccard", "alpha"] < 1


def test_coders_who_share_no_answer_have_no_agreement(codebook):
    apart = coding_of(codebook, ("a", "R1", "time"), ("b", "R2", "time"))
    assert apart.shared == 0
    with pytest.raises(ValueError, match="two coders who read the same answers"):
        agreement(apart, {}, 5, seed=1, confidence=0.95, resamples=10)


def test_every_two_coders_are_compared_on_what_both_read(codebook):
    rows = [("a", "R1", "time"), ("a", "R2", "cost"), ("b", "R2", "cost"), ("b", "R3", "time")]
    rows += [("c", "R3", "time"), ("c", "R2", "time")]
    pairs = agreement_by_pair(coding_of(codebook, *rows), 1, 0.95, 10).set_index(["first", "second"])
    assert pairs["answers"].to_dict() == {("a", "b"): 1, ("a", "c"): 1, ("b", "c"): 2}
    assert pairs.loc[("b", "c"), "alone"] == [("b", "cost")]
    # Krippendorff's alpha by hand: of 4 values 1 is apart from the other 3; 1 - 3 (1/2) / (3/6 * 3)
    assert pairs.loc[("b", "c"), "alpha"] == 0
    apart = coding_of(codebook, ("a", "R1", "time"), ("b", "R2", "time"))
    assert agreement_by_pair(apart, 1, 0.95, 10)["note"].tolist() == ["no answer in common"]


def test_disagreements_name_who_gave_a_code_and_mask_the_answer(codebook):
    coding = coding_of(codebook, ("a", "R1", "cost"), ("b", "R1", "none"), ("a", "R2", "time"))
    (row,) = disagreements(coding, names=["Jo Brown"]).itertuples()
    assert (row.respondent, row.code, row.given_by, row.not_by) == ("R1", "cost", "a", "b")
    assert (row.decision, row.reason) == ("dropped", "given by 1 of 2")
    assert row.answer == "Too dear, says [name]."
