"""Each kind of published statement: what it allows, and what a result must be."""

import pytest

from compendium.audit.claims import Claim, audit


def audited(result=None, **keys):
    claim = Claim(id="a.b", statement="…", source="s", **keys, **({"result": "a.r"} if result else {}))
    (one,) = audit([claim], {"a.r": result}, "collected")
    return one


def status(result=None, **keys):
    return audited(result, **keys)["status"]


SHARE = {"value": 100 * 12 / 92, "unit": "percent", "count": 12, "base": 92}


def test_a_count_with_its_percent_must_agree_and_be_the_result():
    assert audited(count=12, percent="13", base=92)["published"] == "12 (13%) of 92"
    assert status(count=12, percent="13", base=92) == "consistent"
    assert status(count=13, percent="13", base=92) == "inconsistent"
    assert status(SHARE, count=12, percent="13", base=92) == "reproduced"
    assert status(SHARE | {"count": 360, "base": 2760}, count=359, percent="13", base=2760) == (
        "not_reproduced"
    )


@pytest.mark.parametrize(
    ("percent", "held"),
    [("<14", True), ("<13", False), (">13", True), (">14", False), ("10-15", True), ("14-20", False)],
)
def test_bounds_and_ranges_are_compared_at_their_word(percent, held):
    assert status(SHARE, percent=percent, base=92) == ("reproduced" if held else "not_reproduced")


def test_less_than_one_percent():
    few = {"value": 0.2, "unit": "percent", "count": 1, "base": 510}
    one = audited(few, percent="<1", base=510)
    assert (one["status"], one["published"]) == ("reproduced", "<1% of 510")
    assert one["detectable"] == 0.01  # only "<0" would have failed
    assert status(few | {"count": 6}, percent="<1", base=510) == "not_reproduced"


# ---- means


def mean(value, base=28, unit="mean"):
    return {"value": value, "unit": unit, "base": base}


def test_a_mean_is_tested_by_grim_and_compared():
    assert status(mean="5.19", base=28) == "inconsistent"
    one = audited(mean="5.18", base=28, scale=[1, 7])
    assert (one["status"], one["published"]) == ("consistent", "mean 5.18 of 28")
    assert "GRIM" in one["why"]
    assert status(mean(145 / 28), mean="5.18", base=28, scale=[1, 7]) == "reproduced"
    assert status(mean(146 / 28, unit="score"), mean="5.18", base=28) == "not_reproduced"
    assert status(mean(145 / 28, base=29), mean="5.18", base=28) == "not_reproduced"
    assert status(mean="7.18", base=28, scale=[1, 7]) == "inconsistent"


def test_a_deviation_is_tested_by_grimmer_or_for_zeros_and_ones_by_debit():
    allard = audited(mean="3.44", sd="2.47", base=18)
    assert allard["status"] == "inconsistent"
    assert "GRIMMER" in allard["why"]
    binary = {"scale": [0, 1], "base": 1683}
    one = audited(mean="0.19", sd="0.35", **binary)
    assert one["status"] == "inconsistent"
    assert "DEBIT" in one["why"]
    assert status(mean="0.12", sd="0.33", **binary) == "consistent"


def test_a_deviation_may_name_its_own_result():
    claim = Claim(
        id="a.b", statement="…", source="s", mean="0.13", sd="0.34", base=92, scale=[0, 1],
        result=["a.mean", "a.sd"],
    )  # fmt: skip
    results = {"a.mean": mean(12 / 92, 92), "a.sd": {"value": 0.33862655, "unit": "sd", "base": 92}}
    assert audit([claim], results, "collected")[0]["status"] == "reproduced"
    results["a.sd"]["value"] = 0.33
    assert audit([claim], results, "collected")[0]["status"] == "not_reproduced"


def test_the_mean_scores_of_a_grid_are_one_claim():
    keys = {"means": ["3.40", "2.75", "4.10"], "scale": [1, 5]}
    assert status(**keys, base=20) == "consistent"
    wrong = audited(**keys | {"means": ["3.40", "2.77", "4.10"]}, base=20)
    assert wrong["status"] == "inconsistent"
    assert "not 2.77" in wrong["why"]
    assert status(**keys, base=[20, 16, 10]) == "consistent"
    assert status(**keys, base=[20, 10, 10]) == "inconsistent"  # 2.75 of 10
    claim = Claim(id="a.b", statement="…", source="s", **keys, base=20, result=["a.x", "a.y", "a.z"])
    scores = {"a.x": mean(3.4, 20), "a.y": mean(2.75, 20), "a.z": mean(4.1, 20)}
    assert audit([claim], scores, "collected")[0]["status"] == "reproduced"
    scores["a.y"] = mean(2.8, 20)
    assert audit([claim], scores, "collected")[0]["status"] == "not_reproduced"


def test_a_mean_of_several_items_needs_their_number():
    assert status(mean="3.82", base=20) == "inconsistent"
    assert status(mean="3.82", base=20, items=3) == "consistent"  # 229 of 60
    assert status(mean="3.82", base=40, items=3) == "untestable"  # 120 answers give any hundredth


def test_means_and_tests_are_rounded_to_the_nearest_unless_their_source_is_not():
    """0.0362 cut off is .03, and 145 of 28 cut off is 5.17."""
    test = {"test": "t", "statistic": "2.20", "df": 28, "p": ".03"}
    assert status(**test) == status(mean="5.17", base=28) == "inconsistent"
    assert status(mean="5.17", base=28, rounding="truncate") == "consistent"
    assert status(**test, rounding="truncate") == "consistent"


# ---- tests, ratios, differences


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ({"test": "t", "statistic": "2.20", "df": 28, "p": ".04"}, "consistent"),
        ({"test": "t", "statistic": "2.20", "df": [28], "p": ".06"}, "inconsistent"),
        ({"test": "F", "statistic": "2.20", "df": [2, 28], "p": ".13"}, "consistent"),
        ({"test": "chi2", "statistic": "22.20", "df": 28, "p": ".77"}, "consistent"),
        ({"test": "z", "statistic": "2.20", "p": "<.05"}, "consistent"),
        ({"test": "z", "statistic": "2.20", "p": ".014"}, "inconsistent"),
        ({"test": "z", "statistic": "2.20", "p": ".014", "tails": 1}, "consistent"),
    ],
)
def test_a_test_must_give_its_p(keys, found):
    one = audited(**keys)
    assert one["status"] == found
    assert one["detectable"] > 0.9 or keys["p"][0] == "<"


def test_a_decision_that_changes_is_named():
    one = audited(test="t", statistic="2.20", df=28, p=".06")
    assert one["published"] == "t(28) = 2.20, p = .06"
    assert "p from 0.0358 to 0.0366, which decides otherwise at .05" in one["why"]


def test_a_p_is_compared_with_a_p():
    keys = {"test": "t", "statistic": "2.20", "df": 28, "p": ".04"}
    assert status({"value": 0.0362, "unit": "p"}, **keys) == "reproduced"
    assert status({"value": 0.0462, "unit": "p"}, **keys) == "not_reproduced"
    with pytest.raises(ValueError, match=r"claims.yml: claim 'a.b': key 'result': 'a.r' is in percent"):
        status(SHARE, **keys)


def test_a_ratio_lies_midway_in_its_interval_and_is_compared_with_it():
    """UCBAdmissions, department A: consistency.R."""
    keys = {"ratio": "0.35", "interval": ["0.21", "0.58"]}
    one = audited(**keys)
    assert (one["status"], one["published"]) == ("consistent", "0.35 (0.21 to 0.58)")
    assert one["detectable"] > 0.9
    assert status(**keys | {"ratio": "0.40"}) == "inconsistent"
    result = {"value": 0.349212, "unit": "coefficient", "low": 0.208676, "high": 0.584395}
    assert status(result, **keys) == "reproduced"
    assert status(result | {"high": 0.59}, **keys) == "not_reproduced"


def test_differences_and_changes_follow_from_their_two_numbers():
    points = {"before": "40", "after": "52"}
    assert status(**points, difference="12") == "consistent"
    assert status(**points, difference="13") == "consistent"  # 39.5 and 52.4
    assert status(**points, difference="14") == "inconsistent"
    assert audited(**points, change="30")["published"] == "40 to 52, change 30%"
    assert status(**points, change="30") == "consistent"
    assert status(**points, change="12") == "inconsistent"
    assert status(before="52", after="40", difference="-12") == "consistent"
    assert status(before="0", after="4", change="100") == "inconsistent"
    claim = Claim(id="a.b", statement="…", source="s", **points, difference="12", result=["a.x", "a.y"])
    shares = {
        name: {"value": value, "unit": "percent"} for name, value in (("a.x", 40.4), ("a.y", 52.1))
    }
    assert audit([claim], shares, "collected")[0]["status"] == "reproduced"
    shares["a.y"]["value"] = 53.1
    assert audit([claim], shares, "collected")[0]["status"] == "not_reproduced"
