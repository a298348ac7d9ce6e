"""Codebook, codings, consensus, and themes counted as multi-response items."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from compendium.coding.codebook import NONE, open_answers, read_codebook, read_codings, read_consensus
from compendium.coding.quotations import disagreements, quotations
from compendium.coding.themes import (
    assigned,
    cooccurrence,
    load_coding,
    saturation,
    settle,
    with_themes,
)
from compendium.disclosure.counts import not_shown, published_counts, suppressed_counts
from compendium.disclosure.suppression import feasibility_intervals
from compendium.statistics.frequencies import distribution
from compendium.survey.answers import answered
from compendium.survey.study import load_study

FOLDER = "data/microcredentials"


@pytest.fixture(scope="module")
def study():
    return load_study("microcredentials", "data")


@pytest.fixture(scope="module")
def answers(study):
    return open_answers(study)


@pytest.fixture(scope="module")
def codebook():
    return read_codebook(f"{FOLDER}/codebook.yml")


def codings_of(*rows):
    return pd.DataFrame(rows, columns=["coder", "respondent", "item", "code"])


# ---- the default study's own files


def test_codebook_has_what_a_coder_needs(codebook):
    assert 5 <= len(codebook.themes) <= 6
    assert 16 <= len(codebook.ids) <= 24
    for code in codebook.codes:
        assert all([code.definition, code.include, code.exclude])
        assert len(code.examples) >= 2
        assert code.rules


def test_examples_are_not_taken_from_the_answers(codebook, answers):
    said = " ".join(answers["text"]).lower()
    assert not [e for code in codebook.codes for e in code.examples if e.lower().rstrip(".!?") in said]


def test_every_answer_was_read_by_both_coders_and_settled(study, answers):
    _, codings, settled = load_coding(study, FOLDER)
    every = set(zip(answers["respondent"], answers["item"], strict=True))
    for _, given in codings.groupby("coder"):
        assert set(zip(given["respondent"], given["item"], strict=True)) == every
    assert set(zip(settled["respondent"], settled["item"], strict=True)) == every
    apart = disagreements(codings, settled, answers)
    assert set(apart["decision"]) == {"kept", "dropped"}
    assert apart["reason"].str.len().min() > 10
    agreed = settled[settled["decision"] == "agreed"]
    assert len(agreed) + len(apart) >= len(settled) - (settled["code"] == NONE).sum()


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


# ---- reading


def write(folder, name, text):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


HEAD = "respondent,item,code\n"


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
    with pytest.raises(ValueError, match=r"x\.csv: not readable"):
        read_codings(folder, codebook, answers)
    (folder / "x.csv").write_bytes(b"respondent,item,code\n\xff,\xfe,a\n")
    with pytest.raises(ValueError, match=r"x\.csv: not readable"):
        read_codings(folder, codebook, answers)


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


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (("id: cost\n", "id: time\n"), "codes: 'time' stands twice"),
        (("id: barriers\n", "id: rules\n"), "themes: 'rules' names other results"),
        (("id: cost\n", "id: none\n"), "'none' means no code applies"),
        (("        definition: Names fees", "        definitoin: Names fees"), "the key"),
    ],
)
def test_a_codebook_that_does_not_fit_is_refused(tmp_path, edit, message):
    text = Path(FOLDER, "codebook.yml").read_text(encoding="utf-8")
    assert edit[0] in text
    path = tmp_path / "codebook.yml"
    path.write_text(text.replace(*edit), encoding="utf-8")
    with pytest.raises(ValueError, match=message) as error:
        read_codebook(path)
    assert "codebook.yml" in str(error.value)


# ---- settling


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


# ---- themes as items


def test_themes_count_respondents_as_a_hand_count_does(study, codebook):
    _, _, settled = load_coding(study, FOLDER)
    kept = settled[settled["decision"] != "dropped"]
    themed = with_themes(study, FOLDER)
    for item in themed.instrument.themes():
        table = distribution(themed, item, {}, 0.95).set_index("result")
        theme = next(t for t in codebook.themes if item.id == f"themes.{t.id}")
        ids = [code.id for code in theme.codes]
        by_hand = kept.loc[kept["code"].isin(ids), "respondent"].nunique()
        assert table.loc[f"{item.id}.respondents", "count"] == by_hand
        for code in ids:
            count = kept.loc[kept["code"] == code, "respondent"].nunique()
            assert table.loc[f"{item.id}.{code}", "count"] == count
        assert set(table["base"]) == {kept["respondent"].nunique()}


def test_respondents_who_wrote_nothing_are_no_base(study):
    themed = with_themes(study, FOLDER)
    silent = study.answers[[i.id for i in study.instrument.of_type("text")]].isna().all(axis=1)
    given = answered(themed, themed.instrument.themes()[0])
    assert not given[silent].to_numpy().any()
    assert given[~silent].to_numpy().all()


def test_a_study_without_free_text_passes_through():
    study = load_study("anes96", "data")
    assert with_themes(study, "data/anes96") is study


def test_no_small_theme_count_can_be_worked_out(study):
    themed = with_themes(study, FOLDER)
    cells, sums = published_counts(themed)
    hidden = suppressed_counts(themed)
    bounds = feasibility_intervals(
        cells, sums, 5, [name for name in hidden if name in cells], *not_shown(cells)
    )
    themes = bounds[bounds["name"].str.contains("themes.")]
    assert len(themes) > 0
    assert (themes["low"] != themes["high"]).all()


def test_cooccurrence_shows_only_pairs_whose_four_parts_are_large(study):
    themed = with_themes(study, FOLDER)
    table = cooccurrence(themed, {}).set_index(["code_a", "code_b"])
    ticks = {c.rsplit(".", 1)[1]: themed.answers[c] for c in themed.answers if c.startswith("themes.")}
    some = table.dropna(subset="respondents")
    assert 0 < len(some) < len(table)
    for (a, b), row in some.iterrows():
        square = pd.crosstab(ticks[a], ticks[b])
        assert row["respondents"] == square.loc[True, True]
        assert square.to_numpy().min() >= 5
    first = "themes.value.learner_gain"
    assert (
        cooccurrence(themed, {first: "…"}).query("code_a == 'learner_gain'")["respondents"].isna().all()
    )


def test_saturation_mean_over_all_orders_is_the_hypergeometric_one():
    # 20 answers, one code in 5 of them: after k answers it has been seen with probability
    # 1 - C(15, k) / C(20, k); scipy.stats.hypergeom.sf(0, 20, 5, k).
    from scipy.stats import hypergeom

    marks = pd.DataFrame({"x": [1.0] * 5 + [0.0] * 15})
    curve = saturation(marks, seed=3, orders=4000)["codes"]
    expected = hypergeom.sf(0, 20, 5, np.arange(1, 21))
    assert curve.to_numpy() == pytest.approx(expected, abs=0.03)


def test_quotations_follow_their_rule(codebook):
    theme = next(t for t in codebook.themes if t.id == "barriers")
    long = "word " * 10
    rows = [
        ("r1", "q", f"{long}one", ["cost"]),
        ("r2", "q", f"{long}two three", ["cost", "time"]),  # adds two codes: first
        ("r2", "p", f"{long}four", ["awareness"]),  # the same writer: passed over
        ("r3", "q", f"{long}five a@b.example", ["awareness", "green"]),  # carries another theme
        ("r4", "q", f"{long}six seven", ["awareness"]),  # fewest others: second
        ("r5", "q", "too short", ["awareness"]),
    ]
    answers = pd.DataFrame([r[:3] for r in rows], columns=["respondent", "item", "text"])
    marks = pd.DataFrame([{c: float(c in r[3]) for c in codebook.ids} for r in rows])
    picked = quotations(answers, marks, theme)
    assert [q.split()[-1] for q in picked["quotation"]] == ["three", "seven"]
    assert "respondent" not in picked
    alone = quotations(answers.iloc[[3]], marks.iloc[[3]], theme)["quotation"].iloc[0]
    assert alone.endswith("[e-mail]")
