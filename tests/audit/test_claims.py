"""Published figures and the audit of claims."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from compendium.audit.claims import FAILED, STATUSES, Claim, audit, failures, load_claims, verdict
from compendium.audit.published import PUBLISHED_COLUMNS, bands, load_published, wordings
from compendium.files import write_json
from compendium.results import record

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT / "data" / "published.csv"
CLAIM = {"id": "poster.share", "statement": "…", "source": "A poster"}
SHARE = {"value": 13.043478, "unit": "percent", "count": 12, "base": 92}


def claim(**keys):
    return Claim(**(CLAIM | keys))


def audited(given, results=None, provenance="collected"):
    (one,) = audit([given], results or {}, provenance)
    return one


# ---- published figures


def test_published_table_holds_what_the_studies_printed():
    table = load_published(PUBLISHED)
    assert {i.split("_")[0] for i in table.index} == {
        "perkins", "poster", "upcea", "coursera", "northeastern", "shrm", "skillnet", "express",
    }  # fmt: skip
    by_base = table.groupby("n")["percent"].apply(list).to_dict()
    assert by_base == {
        73: ["97"],
        92: ["13"],
        150: ["86", "74"],
        500: ["87"],
        510: ["69", "76", "63", "60", "56", "80", "95", "95", "17", "12", "20", "71", "74", "73", "44"],
        750: ["48", "29", "23"],
        1129: ["90", "36", "77"],
        1200: ["81"],
    }
    assert table["n"].isna().sum() == 13  # the source states none, and so does the row
    assert table.loc["upcea_2023_95", "confidence"] == "medium"  # two places with one wording
    assert "10.21153/jtlge2021vol12no1art1027" in table.loc["perkins_2021_unfamiliar", "source"]


def published_file(folder, columns=PUBLISHED_COLUMNS, **changes):
    row = dict.fromkeys(PUBLISHED_COLUMNS, "x")
    row |= {"id": "one", "n": "92", "percent": "13", "decimals": "0", "confidence": "high"}
    row["asked"] = "aware"
    path = folder / "published.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerow(row | {"id": "zero"})
        writer.writerow(row | changes)
    return path


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"percent": "101"}, r"published\.csv: row 2 \(one\): percent '101' is above 100"),
        ({"percent": "-1"}, r"row 2 \(one\): percent '-1'"),
        ({"n": "0"}, r"row 2 \(one\): base 0"),
        ({"n": "about 500"}, r"row 2 \(one\): n 'about 500' is no number of respondents"),
        ({"id": "zero"}, r"row 2 \(zero\): the id stands twice"),
        ({"percent": "13.0"}, r"row 2 \(one\): percent '13.0' has 1 decimals"),
        ({"confidence": "sure"}, r"row 2 \(one\): confidence must be"),
        ({"asked": "why"}, r"row 2 \(one\): asked 'why' must be one of aware, value"),
    ],
)
def test_published_rows_that_cannot_be_are_refused(tmp_path, changes, message):
    with pytest.raises(ValueError, match=message):
        load_published(published_file(tmp_path, **changes))


def test_published_file_that_is_malformed_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"published\.csv: the column 'note' is missing"):
        load_published(published_file(tmp_path, columns=PUBLISHED_COLUMNS[:-1]))
    path = published_file(tmp_path)
    path.write_text(path.read_text() + "three,x\n")
    with pytest.raises(ValueError, match="row 3 has 2 values for 16 columns"):
        load_published(path)
    path.write_bytes(b"id,study\nx,Universit\xe9\n")
    with pytest.raises(ValueError, match=r"line 2 is not UTF-8"):
        load_published(path)
    with pytest.raises(ValueError, match="no such file"):
        load_published(tmp_path / "none.csv")


def test_a_figure_without_n_has_its_percent_and_no_interval(tmp_path):
    found = bands(load_published(published_file(tmp_path, n="")).assign(kind="others"), 0.95)
    assert found.loc["one", ["first", "last"]].to_list() == [13, 13]
    assert found.loc["one", ["low", "high"]].isna().all()
    assert found.loc["zero", "low"] < 13
    assert "n\u00a0not\u00a0stated" in wordings(found)["Base"].iloc[1]


# ---- claims


def claims_file(folder, text):
    path = folder / "claims.yml"
    path.write_text(text, encoding="utf-8")
    return path


ENTRY = "- {id: a.b, statement: s, source: s, "


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("percent: '130', base: 92}", "percent '130' is above 100"),
        ("percent: [13], base: 92}", "a.b > percent: input should be a valid string"),
        ("percent: '13', mean: '1.2', base: 92}", "give one of percent, percents, fraction, count"),
        ("percents: ['13', '87'], count: 12, base: 92}", "give one of percent, percents, fraction"),
        ("result: sample.n}", "give one of percent, percents, fraction, count"),
        ("percents: [], base: 92}", "give one of percent, percents, fraction, count"),
        ("count: 92, colour: red}", "a.b > colour: the key is not known"),
        ("count: '92'}", "a.b > count"),
        ("count: -1}", "a.b > count"),
        ("published: x, base: 92}", "remove 'base'"),
        ("published: [x, y]}", "'exclusive: true' go together"),
        ("published: x, exclusive: true}", "'exclusive: true' go together"),
        ("count: true}", "a.b > count"),
        ("count: 92, base: true}", "a.b > base"),
        ("count: 9.0}", "a.b > count"),
        ("count: 92, weighted: 1}", "a.b > weighted"),
        ("mean: '3.1', base: 9, scale: [true, 5]}", "a.b > scale > 0"),
        ("p: '.03', test: z, statistic: '2.2', tails: true}", "a.b > tails"),
        ("count: 92, evidence: [a.b]}", "key 'evidence': remove 'evidence'; it goes with qualitative"),
        ("count: 92, weighted: true}", "key 'weighted': remove 'weighted'; it goes with percent"),
        ("percent: '13', base: 92, forced: 100}", "key 'forced': remove 'forced'"),
        ("percents: ['<1', '99'], base: 92, forced: 100}", "key 'forced': '<1' is no number"),
        ("percents: ['48', '51'], base: 92, forced: 99}", "a.b > forced"),
        ("percent: '13', to_nearest: 5}", "'13' is no multiple of 5"),
        ("published: poster_not_familiar, to_nearest: 5}", "key 'percent': '13' is no multiple of 5"),
        ("fraction: one in eight, base: 92}", "key 'tolerance': it is missing"),
        ("fraction: most, tolerance: '1'}", "key 'fraction': 'most': write it as 'one in eight'"),
        ("fraction: nine in eight, tolerance: '1'}", "key 'fraction': 'nine in eight'"),
        ("percent: '10-5', base: 92}", "write the smaller end first"),
        ("percent: '<10-15', base: 92}", "digits and a point only"),
        ("mean: '3,4', base: 9}", "key 'mean': '3,4' is no number as printed"),
        ("mean: '3.4', base: 9, scale: [5, 1]}", "key 'scale': give the smallest"),
        ("mean: '3.4', sd: '1.0'}", "key 'base': it is missing; add it beside 'sd'"),
        ("mean: '3.4', base: [9, 9]}", "key 'base': give one number"),
        ("sd: '1.0', base: 9}", "give one of"),
        ("p: '.03'}", "key 'test': it is missing; add it beside 'p'"),
        ("p: '.03', test: t, statistic: '2.2'}", "key 'df': t has 1; give them as printed"),
        ("p: '.03', test: z, statistic: '2.2', df: 3}", "key 'df': z has none"),
        ("p: '3', test: z, statistic: '2.2'}", "key 'p': '3': write it as printed"),
        ("p: '.03', test: W, statistic: '2.2'}", "a.b > test"),
        ("ratio: '1.85', interval: ['1.20']}", "key 'interval': give its two ends"),
        ("difference: '12', before: '40'}", "key 'after': it is missing"),
        ("count: 92, rounding: bankers}", "a.b > rounding"),
        ("count: 92, besides: [elsewhere]}", "key 'besides': 'elsewhere' is not in the statement"),
        ("qualitative: true, result: a.b}", "remove 'result'"),
        ("percents: ['48', '52'], base: 9, result: a.b}", "name one for each figure"),
        ("count: 9, result: [a.b, a.c]}", "name one for each figure"),
        (
            "published: [northeastern_2018_up, northeastern_2018_same], exclusive: true, result: a.b}",
            "name one for each figure",
        ),
        (
            "published: perkins_2021}",
            r"'perkins_2021' is no id of .*; the closest are perkins_2021",
        ),
        (
            "published: [poster_not_familiar, perkins_2021_unfamiliar], exclusive: true}",
            "must share study and n",
        ),
    ],
)
def test_claims_that_cannot_be_checked_are_refused_in_one_line(tmp_path, entry, message):
    with pytest.raises(ValueError, match=message) as caught:
        load_claims(claims_file(tmp_path, ENTRY + entry), PUBLISHED)
    said = str(caught.value)
    assert said.startswith(f"{tmp_path / 'claims.yml'}: ")
    assert "a.b" in said
    assert "\n" not in said


def test_a_claim_about_an_uncertain_figure_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"'a\.b'.*'one' is marked uncertain"):
        load_claims(
            claims_file(tmp_path, ENTRY + "published: one}"),
            published_file(tmp_path, confidence="uncertain"),
        )


@pytest.mark.parametrize("written", ["13", "13.0", "7.50", "'13.0'"])
def test_percents_keep_the_decimals_that_are_written(tmp_path, written):
    """How far a percent was rounded is what its decimals say; a number would lose them."""
    (one,) = load_claims(claims_file(tmp_path, f"{ENTRY}percent: {written}, base: 920}}"), PUBLISHED)
    assert one.percent == written.strip("'")
    several = claims_file(tmp_path, f"{ENTRY}percents: [{written}, '1'], base: 920}}")
    assert load_claims(several, PUBLISHED)[0].percents == [written.strip("'"), "1"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("id: a.b", "input should be a valid list"),
        ("- just words", "line 1: 0 .'just words'.: input should be a valid dict"),
        ("- {id: a.b, source: s, count: 1}", "line 1: a.b > statement: the key is missing"),
        ("- {statement: s, source: s, count: 1}", "line 1: 0 > id: the key is missing"),
        ("- {id: Poster, statement: s, source: s, count: 1}", "Poster > id .'Poster'.: use lower-case"),
        ("- {id: [", "not readable as YAML"),
        (f"{ENTRY}count: 1}}\n{ENTRY}count: 2}}", "claim 'a.b' stands twice"),
    ],
)
def test_claims_files_that_are_malformed_are_refused(tmp_path, text, message):
    with pytest.raises(ValueError, match=message):
        load_claims(claims_file(tmp_path, text), PUBLISHED)


def test_published_rows_fill_in_the_figure(tmp_path):
    text = f"{ENTRY}published: perkins_2021_unfamiliar}}\n"
    text += "- {id: a.c, statement: s, source: s, exclusive: true, published: "
    text += "[northeastern_2018_up, northeastern_2018_same, northeastern_2018_down]}"
    one, three = load_claims(claims_file(tmp_path, text), PUBLISHED)
    assert (one.percent, one.base, one.printed) == ("97", 73, "97% of 73")
    assert (three.percents, three.base) == (["48", "29", "23"], 750)
    assert three.printed == "48%, 29% and 23% of 750"


SOURCES = "- {source: s, rounding: truncate}\n"


def test_a_source_that_states_how_it_rounds_does_so_in_all_of_its_claims(tmp_path):
    text = f"{ENTRY}percent: '86', base: 150}}\n- {{id: a.c, statement: s, source: other, count: 1}}"
    stated = load_claims(claims_file(tmp_path, SOURCES + text), PUBLISHED)
    assert [one.rounding for one in stated] == ["truncate", None]
    by_one = (
        text.replace("150}", "150, rounding: truncate}") + f"\n{ENTRY.replace('a.b', 'a.d')}count: 3}}"
    )
    stated = load_claims(claims_file(tmp_path, by_one), PUBLISHED)
    assert [one.rounding for one in stated] == ["truncate", None, "truncate"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{SOURCES}{ENTRY}count: 1, rounding: half_up}}",
         "claim 'a.b': key 'rounding': half_up, but truncate elsewhere; a source rounds in one way"),
        (f"{SOURCES.replace('truncate', 'half_up')}{SOURCES}{ENTRY}count: 1}}",
         "source 's': key 'rounding': truncate, but half_up elsewhere"),
        (f"{SOURCES.replace('s,', 'S,')}{ENTRY}count: 1}}",
         "source 'S': key 'source': no claim has it"),
        (f"{SOURCES.replace('truncate', 'bankers')}{ENTRY}count: 1}}", "line 1: .*'bankers'"),
        (f"- {{source: s}}\n{ENTRY}count: 1}}", "line 1: 0 > id: the key is missing"),
    ],
)  # fmt: skip
def test_conventions_that_contradict_each_other_are_refused(tmp_path, text, message):
    with pytest.raises(ValueError, match=message) as caught:
        load_claims(claims_file(tmp_path, text), PUBLISHED)
    assert str(caught.value).startswith(f"{tmp_path / 'claims.yml'}: ")


def test_the_published_table_is_not_needed_when_no_claim_names_it(tmp_path):
    path = claims_file(tmp_path, f"{ENTRY}count: 92}}")
    assert load_claims(path, tmp_path / "none.csv")[0].count == 92


# ---- audit


@pytest.mark.parametrize(
    ("keys", "result", "status"),
    [
        ({"percent": "13", "base": 92}, SHARE, "reproduced"),
        ({"percent": "13", "base": 92}, SHARE | {"count": 13}, "not_reproduced"),
        ({"percent": "13", "base": 92}, SHARE | {"base": 91}, "not_reproduced"),
        ({"percent": "14", "base": 92}, SHARE, "not_reproduced"),  # only rounding up prints 14
        ({"percent": "50", "base": 3}, SHARE | {"base": 3}, "inconsistent"),
        ({"percent": "3", "base": 92}, {"value": None, "withheld": "<5"}, "withheld"),
        ({"percent": "13", "base": 92}, {"value": None, "withheld": "…"}, "withheld"),
        ({"percent": "50", "base": 3}, {"value": None, "withheld": "<5"}, "inconsistent"),
        ({"percent": "13", "base": 92}, {"value": None, "note": "not asked"}, "not_reproduced"),
        ({"percent": "87", "base": 150}, SHARE | {"count": 130, "base": 150}, "reproduced"),
        # 86.67: cut off, which nothing says that the source does
        ({"percent": "86", "base": 150}, SHARE | {"count": 130, "base": 150}, "not_reproduced"),
        ({"count": 92}, {"value": 92, "unit": "count"}, "reproduced"),
        ({"count": 92}, {"value": 91, "unit": "count"}, "not_reproduced"),
        ({"count": 12, "base": 92}, SHARE, "reproduced"),  # the count, not the value
        ({"count": 12, "base": 93}, SHARE, "not_reproduced"),
        ({"count": 93, "base": 92}, SHARE, "inconsistent"),
    ],
)
def test_status_of_a_figure(keys, result, status):
    given = claim(**keys, result="a.share")
    collected = audited(given, {"a.share": result})
    synthetic = audited(given, {"a.share": result}, "synthetic")
    assert collected["status"] == status
    assert synthetic["status"] == ("by_construction" if status == "reproduced" else status)


def test_audit_has_the_keys_of_the_contract_and_a_sentence_to_check():
    given = claim(percent="13", base=92, result="a.share")
    assert audited(given, {"a.share": SHARE}, "synthetic") == {
        "id": "poster.share",
        "statement": "…",
        "source": "A poster",
        "published": "13% of 92",
        "computed": "12 of 92",
        "status": "by_construction",
        "why": "13% of 92 allows exactly 12, rounded half up; "
        "computed 12 of 92; the answers are synthetic, and made to match.",
        "detectable": 1.0,
    }


def test_why_names_the_conventions_that_fit():
    given = claim(percent="86", base=150, result="a.share")
    why = audited(given, {"a.share": SHARE | {"count": 130, "base": 150}})["why"]
    assert why == (
        "86% of 150 allows exactly 129, rounded half up; computed 130 of 150, which does not fit; it "
        "fits if rounded truncate: if its source rounds so, state 'rounding'."
    )
    stated = claim(percent="86", base=150, result="a.share", rounding="truncate")
    one = audited(stated, {"a.share": SHARE | {"count": 130, "base": 150}})
    assert one["status"] == "reproduced"
    assert "allows 129 to 130, rounded truncate (as stated)" in one["why"]


def test_a_withheld_number_is_not_told():
    hidden = {"value": None, "unit": "percent", "count": 3, "base": 92, "note": "few", "withheld": "<5"}
    one = audited(claim(percent="3", base=92, result="a.share"), {"a.share": hidden})
    assert (one["status"], one["computed"]) == ("withheld", None)
    assert "3 of 92" not in one["why"]


def test_figures_without_a_result_are_judged_by_arithmetic():
    assert audited(claim(percent="97", base=33))["status"] == "consistent"
    assert "allows exactly 32" in audited(claim(percent="97", base=33))["why"]
    assert audited(claim(percents=["48", "29", "23"], base=750))["status"] == "consistent"
    three = audited(claim(percents=["50", "50", "50"], base=10))
    assert three["status"] == "inconsistent"
    assert three["why"] == (
        "no counts that add up to 10 are printed as 50%, 50% and 50% of 10, however rounded."
    )


def test_findings_in_words_are_compared_with_nothing():
    hidden = {"value": None, "unit": "p", "note": "few", "withheld": "<5"}
    results = {"a.share": SHARE, "a.hidden": hidden}
    one = audited(claim(qualitative=True, evidence=["a.share", "a.hidden"]), results, "synthetic")
    assert (one["status"], one["published"]) == ("qualitative", None)
    assert one["computed"] == {
        "a.share": {"value": 13.043478, "unit": "percent"},
        "a.hidden": {"value": None, "unit": "p"},
    }
    assert one["why"].endswith("the answers are synthetic; withheld: a.hidden.")
    assert audited(claim(qualitative=True))["computed"] is None


@pytest.mark.parametrize(
    "keys", [{"count": 92, "result": "sample.m"}, {"qualitative": True, "evidence": ["sample.m"]}]
)
def test_ids_that_do_not_exist_are_named_with_the_closest(keys):
    with pytest.raises(
        ValueError,
        match=r"claims.yml: claim 'poster.share': key '.*': there is no result 'sample.m'; .*sample.n",
    ):
        audited(claim(**keys), {"sample.n": {"value": 92, "unit": "count"}})


@pytest.mark.parametrize(
    ("keys", "result"),
    [
        ({"percent": "13", "base": 92}, {"value": 13.04, "unit": "percent"}),
        ({"percent": "13", "base": 92}, {"value": 13.04, "unit": "percent", "count": 12}),
        ({"count": 13}, {"value": 13, "unit": "percent"}),
    ],
)
def test_results_that_cannot_be_compared_are_refused(keys, result):
    with pytest.raises(ValueError, match="record it with count= and base="):
        audited(claim(**keys, result="a.share"), {"a.share": result})


def test_unknown_provenance_is_refused():
    with pytest.raises(ValueError, match="write collected or synthetic"):
        audit([], {}, "simulated")


def test_failures_are_the_impossible_and_the_missed():
    given = [
        claim(id="a.ok", percent="97", base=33),
        claim(id="a.impossible", percent="50", base=3),
        claim(id="a.missed", count=92, result="sample.n"),
        claim(id="a.words", qualitative=True),
    ]
    found = failures(audit(given, {"sample.n": {"value": 91, "unit": "count"}}, "collected"))
    assert [one["id"] for one in found] == ["a.impossible", "a.missed"]


def test_the_verdict_counts_and_names_what_failed_and_is_kept_only_where_all_hold(tmp_path):
    """Its status is that of a command: 1 where a claim failed."""

    def told(*given):
        checked = audit(list(given), {"sample.n": {"value": 91, "unit": "count"}}, "collected")
        write_json(tmp_path / "results" / "claims.json", checked)
        lines, saying = [], verdict(tmp_path)
        while True:
            try:
                lines.append(next(saying))
            except StopIteration as ended:
                return lines, ended.value

    right = claim(id="a.ok", percent="97", base=33)
    assert told() == (["audit: no claims"], 0)
    assert told(right) == (["audit: 1 consistent"], 0)
    assert (tmp_path / "audit.txt").read_text("utf-8") == "audit: 1 consistent\n"
    (tmp_path / "audit.txt").unlink()
    lines, status = told(right, claim(id="a.no", percent="50", base=3))
    assert status == 1
    assert lines[0] == "audit: 1 consistent, 1 inconsistent"
    assert lines[1].startswith("FAILED a.no (inconsistent): 50% of 3 allows no count")
    assert not (tmp_path / "audit.txt").exists()


def test_every_status_has_a_meaning_and_those_that_fail_are_among_them():
    assert set(FAILED) < set(STATUSES)
    assert all(STATUSES.values())


# ---- the bundled studies


def test_the_employers_claims_hold_when_the_counts_do():
    claims = load_claims(ROOT / "data" / "microcredentials" / "claims.yml", PUBLISHED)
    results = {id: {"value": 1.0, "unit": "percent"} for one in claims for id in one.evidence}
    results["sample.n"] = {"value": 92, "unit": "count"}
    results["familiarity.concept.not_familiar"] = SHARE
    checked = audit(claims, results, "synthetic")
    assert failures(checked) == []
    status = {one["id"]: one["status"] for one in checked}
    assert status["poster.respondents"] == status["poster.not_familiar"] == "by_construction"
    assert list(status.values()).count("qualitative") == 5
    # Of a base from 67 on no whole percent is impossible: only the three that add up could fail.
    assert list(status.values()).count("untestable") == 9
    assert [id for id, found in status.items() if found == "consistent"] == ["northeastern.value"]
    noticed = {one["id"]: one["detectable"] for one in checked}
    assert {noticed[id] for id, found in status.items() if found == "untestable"} == {0}
    assert noticed["northeastern.value"] > 0.95
    used = {id for one in claims for id in np.atleast_1d(one.published) if one.published}
    settled = load_published(PUBLISHED)["confidence"] != "uncertain"
    assert settled[sorted(used)].all()


def test_the_voters_claims_are_reproduced_from_the_data():
    data = sm.datasets.anes96.load_pandas().data
    party = pd.cut(data["PID"], [-1, 1, 4, 6], labels=["democrat", "independent", "republican"])
    vote = data["vote"].map({0.0: "clinton", 1.0: "dole"})
    results = {}
    record(results, "sample.n", len(data), "count")
    for stem, answers in {"identification.party": party, "vote.intended": vote}.items():
        for answer, count in answers.value_counts().items():
            share = 100 * count / len(data)
            record(results, f"{stem}.{answer}", share, "percent", count=count, base=len(data))
    checked = audit(load_claims(ROOT / "data/anes96/claims.yml", PUBLISHED), results, "collected")
    assert [one["status"] for one in checked] == ["reproduced"] * 6
