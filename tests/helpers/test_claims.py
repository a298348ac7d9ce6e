"""What chapter 5 says: what each published statement allows, and whether the results bear it out."""

import csv
import shutil
from pathlib import Path

import pytest
from chapters import TINY, lay_out

from compendium.audit.claims import STATUSES
from compendium.audit.rounding import CONVENTIONS
from compendium.files import read_json
from compendium.results import record, write_results
from helpers import open_study, show

ROOT = Path(__file__).parents[2]


@pytest.fixture
def voters(tmp_path):
    """The second study with a few results, open for chapter 5; counts are those of statsmodels."""
    results = {}
    record(results, "sample.n", 944, "count")
    counts = {"identification.party": {"democrat": 380, "independent": 239, "republican": 325},
              "vote.intended": {"clinton": 551, "dole": 393}}  # fmt: skip
    for key, answers in counts.items():
        for answer, count in answers.items():
            percent = 100 * count / 944
            record(results, f"{key}.{answer}", percent, "percent", count=count, base=944)
    write_results(tmp_path / "build" / "anes96" / "results" / "1_responses.json", results)
    return open_study(
        "anes96", ROOT / "data", tmp_path / "build", tmp_path / "figures", chapter="5_claims"
    )


def test_the_audit_is_shown_and_written_where_the_pages_read_it(voters):
    audit = voters.audit()
    show(audit, audit.plot(), voters.conclude(voters.what_holds()))
    out = voters.out
    assert read_json(out / "results" / "claims.json") == audit.rows
    assert [row["status"] for row in audit.rows] == ["reproduced"] * 6
    with (out / "tables" / "5_claims.csv").open(encoding="utf-8", newline="") as file:
        assert [row["computed"] for row in csv.DictReader(file)][1] == "380 of 944"
    assert (voters.pictures / "5_claims.svg").exists()
    answer = read_json(out / "results" / "answers" / "5_claims.json")["answer"]
    assert answer == "Of 6 published statements: 6 reproduced."


def test_a_result_that_differs_is_named_in_the_answer(voters):
    voters.recorded["vote.intended.dole"]["count"] = 392
    assert voters.what_holds().endswith("5 reproduced, 1 not reproduced. **Failed:** anes96.dole.")
    assert voters.audit().plot().frame["statements"].sum() == 6


def test_each_percent_is_taken_apart_under_every_way_to_round():
    frame = open_study("microcredentials").arithmetic().frame.set_index("Claim")
    assert list(frame.columns) == ["Percent", "Base", *(n.replace("_", " ") for n in CONVENTIONS)]
    # 12 of 92 is 13.04%: no other count is printed as 13, and rounding up gives 14.
    assert frame.loc["poster.not_familiar"].tolist() == ["13", 92, *["12"] * 4, "none"]


def test_every_status_that_a_study_can_have_is_explained():
    """That of numbers built to match is none where people answered."""
    made, given = (dict(open_study(name).statuses().frame.to_numpy().tolist())
                   for name in ("microcredentials", "anes96"))  # fmt: skip
    assert made == STATUSES
    assert STATUSES.keys() - given.keys() == {"by_construction"}


def test_published_figures_have_intervals_of_the_confidence_asked_for():
    """Wilson's interval of 12 of 92, 1.644854 standard errors for 90%: by its formula."""
    wide, narrow = (open_study("microcredentials", confidence=c).published() for c in (0.95, 0.9))
    p, n, z = 12 / 92, 92, 1.6448536269514722
    middle, half = p + z * z / (2 * n), z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    low, high = narrow.frame.loc["poster_not_familiar", ["low", "high"]]
    assert low == pytest.approx(100 * (middle - half) / (1 + z * z / n))
    assert high == pytest.approx(100 * (middle + half) / (1 + z * z / n))
    assert wide.frame.loc["poster_not_familiar", "low"] < low
    assert open_study("anes96").published().frame is None


def test_a_planned_comparison_needs_the_n_of_the_other_study(tmp_path):
    """With it the difference has an interval; where its source states none, the reader is told."""
    said = []
    for name, n in (("with", ",employers,73,"), ("without", ",employers,,")):
        data = lay_out(tmp_path / name, TINY)
        published = (data / "published.csv").read_text(encoding="utf-8")
        assert ",employers,73," in published
        (data / "published.csv").write_text(published.replace(",employers,73,", n), encoding="utf-8")
        study = open_study("tiny", data, tmp_path / name / "build")
        said.append(study.answer("earlier").parts[-1])
    assert "71 of 73 (97%)" in said[0]
    assert "needs both counts" in said[1]


def test_findings_in_words_come_in_an_order_that_the_seed_decides():
    def order(seed):
        study = open_study("microcredentials", seed=seed)
        named = {id: {"value": 1.0, "unit": "percent"} for c in study.claims for id in c.evidence}
        bound = {
            c.result: {"value": 92, "unit": "count", "count": 12, "base": 92} for c in study.claims
        }
        study.__dict__["recorded"] = named | bound
        return study.audit().readers().parts[0]

    assert order(1) == order(1) != order(2)
    assert order(1).count("\n") == 1 + 5  # a heading, a blank line, five findings


def test_a_study_without_claims_says_so(tmp_path):
    shutil.copytree(ROOT / "data" / "anes96", tmp_path / "anes96")
    shutil.copy(ROOT / "data" / "published.csv", tmp_path)
    (tmp_path / "anes96" / "claims.yml").unlink()
    study = open_study("anes96", tmp_path)
    assert study.audit().parts[0].startswith("This study has no claims")
    assert study.audit().plot().parts == []
    assert study.what_holds() == "There is nothing to audit."
    assert study.arithmetic().parts == ["No claim of this study is a percentage of a stated base."]
