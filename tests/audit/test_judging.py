"""One convention a source, what would have been noticed, and claims that are false or true."""

import pytest

from compendium.audit.claims import Claim, audit, failures
from compendium.audit.rounding import CONVENTIONS

CLAIM = {"id": "poster.share", "statement": "…", "source": "A poster"}


def claim(**keys):
    return Claim(**(CLAIM | keys))


def share(count, base, **keys):
    return {"value": 100 * count / base, "unit": "percent", "count": count, "base": base} | keys


HIDDEN = {"value": None, "unit": "percent", "note": "few", "withheld": "<5"}


def audited(given, *results):
    """The claims, each beside the results in their order; of one claim, what is said of it."""
    named = {f"a.r{k}": result for k, result in enumerate(results)}
    found = audit(given if isinstance(given, list) else [given], named, "collected")
    return found if isinstance(given, list) else found[0]


def statuses(given, *results):
    return [one["status"] for one in audited(given, *results)]


def source(*figures):
    """Claims of one source: percent, base, and which result."""
    return [
        claim(
            id=f"a.c{k}", percent=percent, base=base, **({} if result is None else {"result": result})
        )
        for k, (percent, base, result) in enumerate(figures)
    ]


# ---- one convention a source


def test_two_conventions_in_one_source_fail():
    """130 of 150 is 86.67 and 20 is 13.33: cut off there, rounded up here."""
    cut, up = ("86", 150, "a.r0"), ("14", 150, "a.r1")
    results = (share(130, 150), share(20, 150))
    assert set(statuses(source(cut, up), *results)) == {"not_reproduced"}
    whole = [("87", 150, "a.r0"), ("13", 150, "a.r1")]
    assert statuses(source(*whole), *results) == ["reproduced"] * 2
    assert statuses(source(cut, whole[1]), *results)[0] == "not_reproduced"
    assert statuses(source(cut, ("13", 150, "a.r1")), share(130, 150), share(20, 150)) != [
        "reproduced", "reproduced",
    ]  # fmt: skip


def test_two_conventions_in_one_source_fail_by_arithmetic_alone():
    """1 of 8 is 12.5: printed as 12 and as 13 by one source."""
    assert statuses(source(("12", 8, None), ("13", 8, None))) == ["inconsistent"] * 2
    apart = [claim(id="a.b", percent="12", base=8), claim(percent="13", base=8, source="Another")]
    assert statuses(apart) == ["consistent"] * 2


def test_the_convention_is_inferred_from_the_other_figures_of_the_source():
    results = (share(130, 150), share(65, 150), share(7, 150))  # 86.67, 43.33, 4.67
    cut = [("86", 150, "a.r0"), ("43", 150, "a.r1"), ("4", 150, "a.r2")]
    assert statuses(source(*cut), *results) == ["reproduced"] * 3
    assert all("rounded truncate" in one["why"] for one in audited(source(*cut), *results))
    assert statuses(source(cut[0]), *results) == ["not_reproduced"]  # no figure vouches for itself
    wrong = [*cut[:2], ("5", 150, "a.r2")]
    assert statuses(source(*wrong), *results)[2] == "not_reproduced"


def test_one_wrong_figure_does_not_bring_down_the_others():
    results = [share(count, 150) for count in (130, 65, 7, 92)]
    figures = [(text, 150, f"a.r{k}") for k, text in enumerate(["87", "43", "5", "60"])]
    assert statuses(source(*figures), *results) == ["reproduced"] * 3 + ["not_reproduced"]


@pytest.mark.parametrize("rule", sorted(CONVENTIONS))
def test_a_stated_convention_is_used_and_no_other(rule):
    """62.5 under each convention; elsewhere in the source nothing."""
    printed = {"half_up": "63", "half_even": "62", "half_down": "62", "truncate": "62", "ceiling": "63"}
    for percent in ("62", "63"):
        given = claim(percent=percent, base=200, rounding=rule, result="a.r0")
        status = audited(given, share(125, 200))["status"]
        assert status == ("reproduced" if printed[rule] == percent else "not_reproduced")


# ---- what would have been noticed


@pytest.mark.parametrize(
    ("base", "noticed"), [(10, 0.9), (32, 0.68), (73, 0.27), (92, 0.08), (100, 0), (510, 0)]
)
def test_under_one_convention_the_chance_is_that_of_grim(base, noticed):
    """Of 100 other percents, `base` are possible: (100 − n) / 100, as in Brown & Heathers (2017)."""
    one = audited(claim(percent="50" if base % 2 == 0 else "100", base=base, rounding="half_up"))
    assert one["detectable"] == noticed
    assert one["status"] == ("consistent" if noticed else "untestable")


# pigs1 of R's scrutiny 0.6.1: mean, n and the probability that grim_map() gives
@pytest.mark.parametrize(
    ("mean", "base", "noticed"),
    [("7.22", 32, 0.68), ("2.68", 28, 0.72), ("7.38", 26, 0.74), ("5.00", 25, 0.75)],
)
def test_the_chance_for_a_mean_is_that_of_grim(mean, base, noticed):
    assert audited(claim(mean=mean, base=base, rounding="half_up"))["detectable"] == noticed


def test_a_convention_that_is_open_leaves_less_to_notice():
    """Of a base from 67 on, each whole percent is printed by one convention or another."""
    assert [audited(claim(percent="50", base=base))["detectable"] for base in (67, 73, 92)] == [0, 0, 0]
    stated, open_ = (
        audited(claim(percent="50", base=30, **keys)) for keys in ({"rounding": "half_up"}, {})
    )
    assert stated["detectable"] == 0.7
    assert 0 < open_["detectable"] < 0.7
    assert audited(claim(percent="97", base=73))["status"] == "untestable"


def test_beside_a_result_every_other_figure_is_noticed():
    for keys in ({"percent": "13"}, {"count": 12}):
        one = audited(claim(**keys, base=92, result="a.r0"), share(12, 92))
        assert (one["status"], one["detectable"]) == ("reproduced", 1.0)
    both = claim(count=12, percent="13", base=92, result="a.r0")
    assert audited(both, share(12, 92))["detectable"] == 0.99  # 14, by rounding up
    assert audited(claim(count=12, base=92))["detectable"] == 0  # any count is possible


def test_a_figure_whose_base_is_not_stated_is_untestable():
    assert audited(claim(percent="13"))["status"] == "untestable"
    assert audited(claim(count=92))["status"] == "untestable"
    assert audited(claim(mean="3.40"))["status"] == "untestable"
    compared = audited(claim(percent="13", result="a.r0"), share(12, 92))
    assert compared["status"] == "untestable"
    assert "the base is not stated" in compared["why"]
    assert audited(claim(percent="23", result="a.r0"), share(12, 92))["status"] == "not_reproduced"
    total = audited(claim(count=92, result="a.r0"), {"value": 92, "unit": "count"})
    assert total["status"] == "reproduced"  # a total is of nothing else


def test_of_three_percents_that_add_up_each_is_tried_alone():
    """Half up and of 100, 30 + 30 + 40: the first can be nothing else."""
    one = audited(claim(percents=["30", "30", "40"], base=100, rounding="half_up"))
    assert one["detectable"] == 1.0


def test_of_many_decimals_an_even_selection_is_tried():
    """100,001 percents with three decimals: 92 and one of them are printed."""
    one = audited(claim(percent="13.043", base=92, rounding="half_up"))
    assert one["detectable"] == pytest.approx(1 - 93 / 100_001, abs=0.0005)


def test_words_have_no_chance():
    assert audited(claim(qualitative=True))["detectable"] is None


# ---- false claims that would pass without it


def test_percents_that_the_results_contradict_fail():
    results = [share(count, 100) for count in (48, 29, 23)]
    names = ["a.r0", "a.r1", "a.r2"]
    right = claim(percents=["48", "29", "23"], base=100, result=names)
    one = audited(right, *results)
    assert (one["status"], one["computed"]) == ("reproduced", "48, 29 and 23 of 100")
    for wrong in (["29", "48", "23"], ["48", "28", "24"]):
        assert (
            audited(claim(percents=wrong, base=100, result=names), *results)["status"]
            == "not_reproduced"
        )
    other = [share(count, 101) for count in (48, 29, 23)]
    assert "another base" in audited(right, *other)["why"]


def test_what_is_told_of_a_withheld_number_is_used():
    """50% don't know, beside a count that is withheld as less than five."""
    given = claim(statement="50% don't know", percent="50", base=92, result="a.r0")
    one = audited(given, HIDDEN)
    assert (one["status"], one["computed"]) == ("not_reproduced", None)
    assert "what is withheld is <5" in one["why"]
    assert audited(claim(count=46, base=92, result="a.r0"), HIDDEN)["status"] == "not_reproduced"
    assert audited(claim(percent="4", base=92, result="a.r0"), HIDDEN)["status"] == "withheld"
    assert audited(claim(percent="5", base=92, result="a.r0"), HIDDEN)["status"] == "not_reproduced"
    secondary = HIDDEN | {"withheld": "…"}
    assert audited(given, secondary)["status"] == "withheld"
    assert "another base" in audited(given, secondary | {"base": 91})["why"]
    several = claim(percents=["50", "50"], base=92, result=["a.r0", "a.r1"])
    assert audited(several, share(46, 92), HIDDEN)["status"] == "not_reproduced"


def test_of_a_withheld_number_no_more_is_used_than_its_mark():
    """A claim of 1 and one of 4 get the same answer, though the count is 3."""
    for count in (0, 1, 3, 4):
        one = audited(claim(count=count, base=92, result="a.r0"), HIDDEN | {"count": 3, "base": 92})
        assert (one["status"], one["computed"]) == ("withheld", None)
        assert one["detectable"] == round(88 / 92, 4)


@pytest.mark.parametrize(
    "statement",
    [
        "31% of 92 employers",
        "13% of 29 employers",
        "13 of 92 employers",
        "13% (12 of 92)",
        "13.5% of 92",
    ],
)
def test_prose_that_gives_other_numbers_than_the_fields_fails(statement):
    given = claim(statement=statement, percent="13", base=92, result="a.r0")
    one = audited(given, share(12, 92))
    assert one["status"] == "inconsistent"
    assert "no field of the claim holds" in one["why"]
    assert failures([one])


def test_words_with_a_percent_are_a_figure_that_was_not_entered():
    one = audited(claim(statement="Most (62%) agree, see Table 1", qualitative=True))
    assert one["status"] == "inconsistent"
    assert "62%" in one["why"]
    assert (
        audited(claim(statement="Most agree, see Table 1", qualitative=True))["status"] == "qualitative"
    )


def test_a_count_without_a_base_is_not_taken_for_a_share():
    """12 employers of forty, beside 12 of 92."""
    bare = audited(claim(statement="12 employers", count=12, result="a.r0"), share(12, 92))
    assert bare["status"] == "untestable"
    prose = claim(statement="12 of 40 employers", count=12, result="a.r0")
    assert audited(prose, share(12, 92))["status"] == "inconsistent"
    assert audited(claim(count=12, base=40, result="a.r0"), share(12, 92))["status"] == "not_reproduced"


# ---- true claims that would fail without it


def test_weighted_percents_have_no_count():
    weighted = {"value": 14.6, "unit": "percent", "count": 12, "base": 92, "method": "weighted"}
    given = claim(percent="15", base=92, weighted=True, result="a.r0")
    one = audited(given, weighted)
    assert (one["status"], one["computed"]) == ("reproduced", "14.6")
    assert audited(claim(percent="13", base=92, result="a.r0", weighted=True), weighted)["status"] == (
        "not_reproduced"
    )
    both = {"percent": "15", "base": 92, "weighted": True, "result": "a.r0"}
    assert audited(claim(**both, count=12), weighted)["status"] == "reproduced"
    assert audited(claim(**both, count=13), weighted)["status"] == "not_reproduced"
    once = audited(
        claim(percent="13", base=92, weighted=True, result="a.r0"), share(12, 92) | {"weighted": False}
    )
    assert (once["status"], "counts each respondent once" in once["why"]) == ("not_reproduced", True)
    assert audited(claim(percent="15", base=3, weighted=True))["status"] == "untestable"
    assert audited(claim(percents=["50", "60"], base=9, weighted=True))["status"] == "inconsistent"


def test_a_set_forced_to_add_to_100_is_within_a_unit():
    results = [share(1, 3)] * 3
    keys = {"percents": ["34", "33", "33"], "base": 3, "result": ["a.r0", "a.r1", "a.r2"]}
    assert audited(claim(**keys), *results)["status"] == "inconsistent"
    one = audited(claim(**keys, forced=100), *results)
    assert (one["status"], one["detectable"]) == ("reproduced", 1.0)
    off = claim(**keys | {"percents": ["35", "33", "32"]}, forced=100)
    assert audited(off, *results)["status"] == "inconsistent"


def test_a_fraction_in_words_holds_within_its_tolerance():
    keys = {
        "statement": "One in eight employers",
        "fraction": "one in eight",
        "base": 92,
        "result": "a.r0",
    }
    one = audited(claim(**keys, tolerance="1"), share(12, 92))  # 13.04 against 12.5
    assert (one["status"], one["computed"]) == ("reproduced", "12 of 92")
    assert one["published"] == "one in eight of 92"
    assert audited(claim(**keys, tolerance="0.5"), share(12, 92))["status"] == "inconsistent"
    assert audited(claim(**keys, tolerance="1"), share(15, 92))["status"] == "not_reproduced"
    said = keys | {"statement": "One in nine employers"}
    assert audited(claim(**said, tolerance="1"), share(12, 92))["status"] == "inconsistent"
    assert audited(claim(fraction="one in eight", tolerance="1", base=3))["status"] == "inconsistent"


def test_percents_rounded_to_fives_hold():
    keys = {"percent": "15", "base": 92, "result": "a.r0"}
    assert audited(claim(**keys), share(12, 92))["status"] == "not_reproduced"
    assert audited(claim(**keys, to_nearest=5), share(12, 92))["status"] == "reproduced"
    ten = claim(**keys | {"percent": "10"}, to_nearest=5)
    assert audited(ten, share(12, 92))["status"] == "not_reproduced"


def test_percents_of_responses_are_of_what_was_ticked():
    """92 respondents ticked 240 options, 60 of them this one: 25% of responses."""
    given = claim(percent="25", base=240, of="responses", result="a.r0")
    assert audited(given, share(60, 92))["status"] == "reproduced"
    assert audited(given, share(23, 92))["status"] == "not_reproduced"
    plain = claim(percent="25", base=240, result="a.r0")
    assert "another base" in audited(plain, share(60, 92))["why"]
    every = claim(percents=["25", "75"], base=240, of="responses", result=["a.r0", "a.r1"])
    assert audited(every, share(60, 92), share(180, 200))["status"] == "reproduced"
    assert "do not add up" in audited(every, share(60, 92), share(179, 200))["why"]


# ---- words that say another number than the fields


@pytest.mark.parametrize(
    "words",
    ["Two in three employers", "Half of the employers", "Two thirds of employers", "A quarter of 92",
     "One in five of the employers", "A majority of employers", "The vast majority of employers",
     "Most employers", "Most of the employers", "Nearly all employers", "Seventy percent of employers",
     "Thirty-one per cent of employers", "Sixty of 92 employers", "Sixty employers",
     "No employers", "No large employers", "In 2022 no employers", "We found that no employer",
     "None of the employers", "In the survey, none", "Nobody", "Not a single employer",
     "Hardly any said otherwise, and no one", "All employers", "All of the 92 employers", "Everyone",
     "Every employer", "Almost everybody", "Of the employers, all firms", "We see that a majority",
     "All employers were convinced and", "Nobody was asked and 13% agreed: none"],
)  # fmt: skip
def test_words_that_contradict_the_percent_beside_them_fail(words):
    given = claim(statement=f"{words} said so.", percent="13", base=92, result="a.r0")
    found = audited(given, share(12, 92))
    assert found["status"] == "inconsistent"
    assert "which no field of the claim holds" in found["why"]


@pytest.mark.parametrize(
    ("words", "percent", "count"),
    [("One in eight employers (13%)", "13", 12), ("Thirteen percent of 92 employers", "13", 12),
     ("Most employers, 67%,", "67", 62), ("Two thirds of employers", "67", 62),
     ("The most common reason, given by 13%,", "13", 12), ("Within half an hour 13%", "13", 12),
     ("About half of the employers (48%)", "48", 44), ("Over a third of employers (48%)", "48", 44),
     ("Less than half of employers (13%)", "13", 12), ("At least half of employers (50%)", "50", 46),
     ("Of all employers, 13%", "13", 12),
     ("Not all employers: 13%", "13", 12), ("No more than 13%", "13", 12),
     ("No prior engagement was what 13%", "13", 12), ("None of these, 13%", "13", 12),
     ("Employers with no employees (13%)", "13", 12), ("13% knew no employers who", "13", 12),
     ("Few employers (13%)", "13", 12), ("A minority, 13%,", "13", 12), ("Hardly any (2%)", "2", 2),
     ("All in all 13%", "13", 12), ("Nearly all employers (97%)", "97", 89),
     ("All 92 employers (100%)", "100", 92), ("No employers (0%)", "0", 0),
     ("One employer, as 13% did,", "13", 12),
     ("All respondents were asked, 13%", "13", 12), ("All 92 employers took part; 13%", "13", 12),
     ("No respondents were excluded and 13%", "13", 12),
     ("Everyone had been invited, 13%", "13", 12)],
)  # fmt: skip
def test_words_that_fit_the_percent_beside_them_pass(words, percent, count):
    given = claim(statement=f"{words} said so.", percent=percent, base=92, result="a.r0")
    assert audited(given, share(count, 92))["status"] == "reproduced"


@pytest.mark.parametrize(
    ("words", "percent", "count"),
    [("Over half of employers", "50", 46), ("Less than a third of employers", "48", 44),
     ("Few employers", "67", 62), ("Only a minority", "67", 62), ("Hardly any employers", "13", 12),
     ("Almost no employers", "67", 62), ("Nearly all employers", "67", 62), ("All firms", "98", 90),
     ("A majority of employers", "50", 46)],
)  # fmt: skip
def test_words_for_how_many_must_fit_however_loosely(words, percent, count):
    given = claim(statement=f"{words} said so.", percent=percent, base=92, result="a.r0")
    assert audited(given, share(count, 92))["status"] == "inconsistent"
