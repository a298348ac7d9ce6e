"""The results that matter of the default study, against values from elsewhere."""

import json
from pathlib import Path

import pytest

BUILT = Path(__file__).parents[2] / "build" / "microcredentials"


def results(name):
    return json.loads((BUILT / "results" / f"{name}.json").read_text(encoding="utf-8"))


def test_the_share_that_is_not_familiar():
    found = results("2_familiarity")
    share = found["familiarity.concept.not_familiar"]
    assert (share["count"], share["base"], share["unit"]) == (12, 92, "percent")
    # Wilson and Clopper-Pearson, R 4.2.2: prop.test(12, 92, correct = FALSE), binom.test(12, 92)
    assert (share["low"], share["high"]) == pytest.approx((7.62148, 21.42801), abs=1e-5)
    exact = found["familiarity.concept.not_familiar.exact"]
    assert (exact["low"], exact["high"]) == pytest.approx((6.925269, 21.676125), abs=1e-6)


@pytest.mark.parametrize("name", ["1_responses", "2_familiarity", "3_themes"])
def test_results_have_known_keys(name):
    keys = ["value", "unit", "count", "base", "low", "high", "method", "note", "withheld", "cell"]
    keys += ["test", "bound", "equivalent", "sampled"]
    for id, result in results(name).items():
        assert id.count(".") >= 1
        assert set(result) <= set(keys)


@pytest.mark.parametrize("name", ["1_responses", "2_familiarity", "3_themes"])
def test_each_value_lies_within_its_interval(name):
    for id, result in results(name).items():
        if result.get("low") is not None and result.get("value") is not None:
            assert result["low"] <= result["value"] <= result["high"], id


def test_themes():
    found = results("3_themes")
    # By hand from coding/consensus.csv: awk -F, '$4 != "dropped" && $3 == "cost"' | cut -d, -f1,
    # sorted and unique: 12 of the 89 respondents who wrote an answer.
    cost = found["themes.barriers.cost"]
    assert (cost["count"], cost["base"]) == (12, 89)
    # R 4.2.2: prop.test(12, 89, correct = FALSE)
    assert (cost["low"], cost["high"]) == pytest.approx((7.884271201, 22.103903451), abs=1e-6)
    assert found["themes.answers"]["value"] == 224
    agreement = {id: r for id, r in found.items() if id.startswith("themes.agreement.")}
    assert len(agreement) == 24 * 4
    # R 4.2.2, psych 2.2.9: cohen.kappa(cbind(a, b)) of the code `business_value`.
    assert agreement["themes.agreement.business_value.kappa"]["value"] == pytest.approx(
        0.6831683168, abs=1e-9
    )
    micro = found["themes.rules.micro.f1"]
    assert micro["base"] == 106
    assert 0 < micro["low"] < micro["value"] < micro["high"] < 1


def test_the_audit():
    audit = {row["id"]: row for row in results("claims")}
    assert "reproduced" not in {row["status"] for row in audit.values()}
    assert audit["poster.not_familiar"]["status"] == "by_construction"
    assert "exactly 12" in audit["poster.not_familiar"]["why"]
    # One rounded percent of a source that states no convention: every percent of 73 could be printed.
    assert audit["perkins_pryor.unfamiliar"]["status"] == "untestable"
    assert audit["northeastern.value"]["status"] == "consistent"  # three percents that must add up
    keys = {"id", "statement", "source", "published", "computed", "status", "why"}
    assert all(keys <= set(row) <= keys | {"detectable"} for row in audit.values())
