"""Named results, their files, the published figures and the audit of claims."""

import csv
import io
import json
import os
import stat
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from helpers import results as module
from helpers.claims import Claim, audit, failures, load_claims, write_claims
from helpers.published import PUBLISHED_COLUMNS, load_published
from helpers.results import read_results, record, withheld, write_results, write_table

ROOT = Path(__file__).parents[1]
PUBLISHED = ROOT / "data" / "published.csv"
CLAIM = {"id": "poster.share", "statement": "13% …", "source": "A poster"}
SHARE = {"value": 13.043478, "unit": "percent", "count": 12, "base": 92}


def claim(**keys):
    return Claim(**(CLAIM | keys))


def audited(given, results=None, provenance="collected"):
    (one,) = audit([given], results or {}, provenance)
    return one


# ---- record


def test_record_keeps_what_applies_in_plain_numbers():
    results = {}
    record(
        results, "a.share", np.float64(13.5), "percent",
        count=np.int64(12), base=92.0, low=np.nan, high=pd.NA, method="Wilson",
    )  # fmt: skip
    assert results == {
        "a.share": {"value": 13.5, "unit": "percent", "count": 12, "base": 92, "method": "Wilson"}
    }
    assert [type(v) for v in results["a.share"].values()] == [float, str, int, int, str]


def test_record_zero_is_a_value():
    results = {}
    record(results, "a.none", 0, "count", count=0, base=0)
    assert results["a.none"] == {"value": 0, "unit": "count", "count": 0, "base": 0}


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA, np.float64("nan")])
def test_record_without_value_needs_a_note(missing):
    results = {}
    with pytest.raises(ValueError, match=r"'a.b' has no value; say why in 'note'"):
        record(results, "a.b", missing, "p")
    record(results, "a.b", missing, "p", note="not estimable: one group is empty")
    assert results["a.b"]["value"] is None


@pytest.mark.parametrize("id", ["n", "Sample.n", "sample.", ".n", "a b.c", "a..b", "a.b\n", "a-b.c"])
def test_record_refuses_malformed_ids(id):
    with pytest.raises(ValueError, match="lower-case words with dots"):
        record({}, id, 1, "count")


def test_record_refuses_repeats_units_and_non_numbers():
    results = {"a.b": SHARE}
    with pytest.raises(ValueError, match=r"'a.b' stands there already"):
        record(results, "a.b", 1, "count")
    with pytest.raises(ValueError, match="unit '%' is not one of count, percent"):
        record(results, "a.c", 1, "%")
    for bad in ("12", True, np.inf, 1j):
        with pytest.raises(ValueError, match="give a finite number"):
            record(results, "a.c", bad, "score")
    assert results == {"a.b": SHARE}


def test_withheld_needs_no_value_and_the_word():
    assert withheld({"value": None, "note": "withheld: a cell below 5"})
    assert withheld({"note": "withheld: value left out"})
    assert not withheld({"value": 3, "note": "withheld elsewhere"})
    assert not withheld({"value": None, "note": "not asked"})
    assert not withheld({"value": None})


# ---- files


def test_write_results_bytes(tmp_path):
    path = tmp_path / "new" / "folder" / "x.json"
    write_results(path, {"z.b": {"value": 1 / 3, "low": -0.0, "note": "ü"}, "a.a": {"value": 2}})
    assert (
        path.read_bytes()
        == (
            '{\n  "z.b": {\n    "value": 0.3333333333,\n    "low": 0.0,\n    "note": "ü"\n  },\n'
            '  "a.a": {\n    "value": 2\n  }\n}\n'
        ).encode()
    )


def test_ten_digits_hide_the_last_bits_that_differ_between_machines(tmp_path):
    for name, value in {"a": 0.1 + 0.2, "b": 0.3}.items():
        write_results(tmp_path / name, {"x.y": {"value": value}})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, np.float32("nan")])
def test_nan_and_infinity_are_refused_and_the_old_file_stays(tmp_path, bad):
    path = tmp_path / "x.json"
    write_results(path, {"a.b": {"value": 1}})
    with pytest.raises(ValueError, match=r"x\.json: a\.b: low is (nan|-?inf)"):
        write_results(path, {"a.b": {"value": 1, "low": bad}})
    assert json.loads(path.read_text()) == {"a.b": {"value": 1}}
    assert os.listdir(tmp_path) == ["x.json"]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "x.json"
    write_results(path, {"a.b": {"value": 1}})

    def full(*_):
        raise OSError("no space left")

    monkeypatch.setattr(module.os, "replace", full)
    with pytest.raises(OSError, match="no space left"):
        write_results(path, {"a.b": {"value": 2}})
    assert json.loads(path.read_text()) == {"a.b": {"value": 1}}
    assert os.listdir(tmp_path) == ["x.json"]


def test_files_are_readable_as_any_other(tmp_path):
    (tmp_path / "plain").write_text("")
    write_results(tmp_path / "x.json", {})
    modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("plain", "x.json")}
    assert len(modes) == 1  # tempfile's files would be closed to everybody else


def test_results_go_out_and_in_again(tmp_path):
    results = {}
    record(results, "sample.n", 92, "count")
    record(results, "a.share", 13.5, "percent", count=12, base=92, low=7.6, high=21.4)
    write_results(tmp_path / "2_b.json", results)
    write_results(tmp_path / "1_a.json", {"b.c": {"value": None, "note": "withheld: 3"}})
    write_claims(tmp_path / "claims.json", [{"id": "not.a_result"}])
    write_results(tmp_path / "provenance.json", {"commit": {}})
    back = read_results(tmp_path)
    assert list(back) == ["b.c", "sample.n", "a.share"]
    assert back["a.share"] == results["a.share"] | {"notebook": "2_b"}
    assert back["b.c"]["notebook"] == "1_a"


def test_read_results_names_both_files_of_a_repeated_id(tmp_path):
    for name in ("1_a.json", "2_b.json"):
        write_results(tmp_path / name, {"sample.n": {"value": 92}})
    with pytest.raises(ValueError, match=r"'sample.n' stands in .*1_a\.json and in .*2_b\.json"):
        read_results(tmp_path)


def test_read_results_refuses_what_is_no_result_file(tmp_path):
    with pytest.raises(ValueError, match=r"no such folder; run the notebooks first"):
        read_results(tmp_path / "nowhere")
    (tmp_path / "x.json").write_text('{"a.b": ')
    with pytest.raises(ValueError, match=r"x\.json: not JSON"):
        read_results(tmp_path)
    (tmp_path / "x.json").write_text("[]")
    with pytest.raises(ValueError, match=r"x\.json: holds no results by id"):
        read_results(tmp_path)


# ---- tables


def test_write_table_disarms_text_and_leaves_numbers(tmp_path):
    frame = pd.DataFrame(
        {
            "text": ["=1+1", "+44", "-5", "@x", "\tx", "\rx", "a=1", None],
            "number": [-1.5, 1 / 3, -0.0, np.nan, 1e-7, 2.0, -3.0, 1e12],
            "=sum": range(-1, 7),
        }
    )
    write_table(tmp_path / "t.csv", frame)
    rows = list(csv.reader(io.StringIO((tmp_path / "t.csv").read_bytes().decode(), newline="")))
    assert rows[0] == ["text", "number", "'=sum"]
    assert [row[0] for row in rows[1:]] == [
        "'=1+1", "'+44", "'-5", "'@x", "'\tx", "'\nx", "a=1", "",
    ]  # fmt: skip
    assert [row[1] for row in rows[1:3]] == ["-1.5", "0.3333333333"]
    assert rows[3][1:] == ["0.0", "1"]
    assert rows[4][1] == ""
    assert [float(row[1]) for row in rows[5:]] == [1e-7, 2.0, -3.0, 1e12]


def test_a_carriage_return_does_not_start_a_row_of_its_own(tmp_path):
    # The trap: Python 3.11's csv quotes a line feed but not a lone carriage return.
    write_table(tmp_path / "t.csv", pd.DataFrame({"text": ["a\r=1+1", "\r=2", "b\r\nc"], "n": 1}))
    assert pd.read_csv(tmp_path / "t.csv")["text"].to_list() == ["a\n=1+1", "'\n=2", "b\nc"]


def test_write_table_keeps_index_categories_and_missing_integers(tmp_path):
    frame = pd.DataFrame(
        {"n": pd.array([1, None], dtype="Int64"), "size": pd.Categorical(["=big", "small"])},
        index=pd.Index(["-a", "b"], name="sector"),
    )
    write_table(tmp_path / "t.csv", frame)
    assert (tmp_path / "t.csv").read_bytes() == b"sector,n,size\n'-a,1,'=big\nb,,small\n"


def test_write_table_of_an_empty_table_has_its_header(tmp_path):
    write_table(tmp_path / "t.csv", pd.DataFrame({"a": [], "b": []}))
    assert (tmp_path / "t.csv").read_bytes() == b"a,b\n"


# ---- published figures


def test_published_table_holds_what_the_studies_printed():
    table = load_published(PUBLISHED)
    figures = {(i, row.percent, row.n) for i, row in table.iterrows()}
    assert {i.split("_")[0] for i, *_ in figures} == {
        "perkins", "poster", "upcea", "coursera", "northeastern",
    }  # fmt: skip
    by_base = table.groupby("n")["percent"].apply(list).to_dict()
    assert by_base == {
        73: ["97"],
        92: ["13"],
        150: ["86", "74"],
        510: ["69", "76", "63", "60", "56", "80", "95"],
        750: ["48", "29", "23"],
    }
    assert table.index[table["confidence"] == "uncertain"].to_list() == ["upcea_2023_95"]
    assert "10.21153/jtlge2021vol12no1art1027" in table.loc["perkins_2021_unfamiliar", "source"]


def published_file(folder, columns=PUBLISHED_COLUMNS, **changes):
    row = dict.fromkeys(PUBLISHED_COLUMNS, "x")
    row |= {"id": "one", "n": "92", "percent": "13", "decimals": "0", "confidence": "high"}
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
        ({"n": "about 500"}, r"row 2 \(one\): n 'about 500' is no whole number"),
        ({"id": "zero"}, r"row 2 \(zero\): the id stands twice"),
        ({"percent": "13.0"}, r"row 2 \(one\): percent '13.0' has 1 decimals"),
        ({"confidence": "sure"}, r"row 2 \(one\): confidence must be"),
    ],
)
def test_published_rows_that_cannot_be_are_refused(tmp_path, changes, message):
    with pytest.raises(ValueError, match=message):
        load_published(published_file(tmp_path, **changes))


def test_published_file_that_is_malformed_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"published\.csv: the columns must be id, study"):
        load_published(published_file(tmp_path, columns=PUBLISHED_COLUMNS[:-1]))
    path = published_file(tmp_path)
    path.write_text(path.read_text() + "three,x\n")
    with pytest.raises(ValueError, match=r"row 3 \(three\): the row and the header differ"):
        load_published(path)
    path.write_bytes(b"id,study\nx,Universit\xe9\n")
    with pytest.raises(ValueError, match=r"line 2 is not UTF-8"):
        load_published(path)
    with pytest.raises(ValueError, match="no such file"):
        load_published(tmp_path / "none.csv")


# ---- claims


def claims_file(folder, text):
    path = folder / "claims.yml"
    path.write_text(text, encoding="utf-8")
    return path


ENTRY = "- {id: a.b, statement: s, source: s, "


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("percent: 13, base: 92}", r"claim 'a.b': key 'percent': 13: write it as text, in quotes"),
        ("percent: 13.0, base: 92}", r"key 'percent': 13.0: write it as text, in quotes"),
        ("percents: [48, '52'], base: 9}", r"key 'percents': 48: write it as text, in quotes"),
        ("percent: '13'}", "'base' is missing"),
        ("percent: '130', base: 92}", "percent '130' is above 100"),
        ("percent: '13', count: 12, base: 92}", "give one of percent, percents, count"),
        ("result: sample.n}", "give one of percent, percents, count"),
        ("count: 92, colour: red}", "key 'colour': the key is not known"),
        ("count: '92'}", "key 'count'"),
        ("count: -1}", "key 'count'"),
        ("published: x, base: 92}", "remove 'base'"),
        ("published: [x, y]}", "'exclusive: true' go together"),
        ("published: x, exclusive: true}", "'exclusive: true' go together"),
        ("count: 92, evidence: [a.b]}", "'evidence' goes with 'qualitative: true'"),
        ("qualitative: true, result: a.b}", "remove 'result'"),
        ("percents: ['48', '52'], base: 9, result: a.b}", "remove 'result'"),
        (
            "published: perkins_2021}",
            r"'perkins_2021' is no id of .*; the closest are perkins_2021",
        ),
        ("published: upcea_2023_95}", "marked uncertain"),
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
    assert said.startswith(f"{tmp_path / 'claims.yml'}: claim 'a.b':")
    assert "\n" not in said


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("id: a.b", "write a list of claims"),
        ("- just words", "claim '1'"),
        ("- {id: a.b, source: s, count: 1}", "claim 'a.b': key 'statement': the key is missing"),
        ("- {statement: s, source: s, count: 1}", "claim 'number 1': key 'id': the key is missing"),
        ("- {id: Poster, statement: s, source: s, count: 1}", "lower-case words with dots"),
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
        ({"percent": "13", "base": 92}, {"value": None, "note": "withheld: 3"}, "withheld"),
        ({"percent": "50", "base": 3}, {"value": None, "note": "withheld: 3"}, "inconsistent"),
        ({"percent": "13", "base": 92}, {"value": None, "note": "not asked"}, "not_reproduced"),
        ({"percent": "86", "base": 150}, SHARE | {"count": 130, "base": 150}, "reproduced"),
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
        "statement": "13% …",
        "source": "A poster",
        "published": "13% of 92",
        "computed": "12 of 92",
        "status": "by_construction",
        "why": "13% of 92 allows exactly 12 under half up, half even, half down and truncate; "
        "computed 12 of 92; the data are synthetic and built to match.",
    }


def test_why_names_the_conventions_that_fit():
    given = claim(percent="86", base=150, result="a.share")
    why = audited(given, {"a.share": SHARE | {"count": 130, "base": 150}})["why"]
    assert "computed 130 of 150, which fits truncate only; the data were collected." in why


def test_a_withheld_number_is_not_told():
    hidden = {"value": None, "unit": "percent", "count": 3, "base": 92, "note": "withheld: below 5"}
    one = audited(claim(percent="3", base=92, result="a.share"), {"a.share": hidden})
    assert (one["status"], one["computed"]) == ("withheld", None)
    assert "3 of 92" not in one["why"]


def test_figures_without_a_result_are_judged_by_arithmetic():
    assert audited(claim(percent="97", base=73))["status"] == "consistent"
    assert "allows exactly 71" in audited(claim(percent="97", base=73))["why"]
    assert audited(claim(percents=["48", "29", "23"], base=750))["status"] == "consistent"
    three = audited(claim(percents=["50", "50", "50"], base=10))
    assert three["status"] == "inconsistent"
    assert three["why"] == ("no counts that add up to 10 are printed as 50%, 50% and 50% of 10.")


def test_findings_in_words_are_compared_with_nothing():
    results = {"a.share": SHARE, "a.hidden": {"value": None, "unit": "p", "note": "withheld: 3"}}
    one = audited(claim(qualitative=True, evidence=["a.share", "a.hidden"]), results, "synthetic")
    assert (one["status"], one["published"]) == ("qualitative", None)
    assert one["computed"] == {
        "a.share": {"value": 13.043478, "unit": "percent"},
        "a.hidden": {"value": None, "unit": "p"},
    }
    assert one["why"].endswith("the data are synthetic; withheld: a.hidden.")
    assert audited(claim(qualitative=True))["computed"] is None


@pytest.mark.parametrize(
    "keys", [{"count": 92, "result": "sample.m"}, {"qualitative": True, "evidence": ["sample.m"]}]
)
def test_ids_that_do_not_exist_are_named_with_the_closest(keys):
    with pytest.raises(ValueError, match=r"'poster.share': there is no result 'sample.m'; .*sample.n"):
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
        claim(id="a.ok", percent="97", base=73),
        claim(id="a.impossible", percent="50", base=3),
        claim(id="a.missed", count=92, result="sample.n"),
        claim(id="a.words", qualitative=True),
    ]
    found = failures(audit(given, {"sample.n": {"value": 91, "unit": "count"}}, "collected"))
    assert [one["id"] for one in found] == ["a.impossible", "a.missed"]


def test_claims_are_written_as_a_list(tmp_path):
    checked = audit([claim(qualitative=True, evidence=["a.share"])], {"a.share": SHARE}, "collected")
    write_claims(tmp_path / "claims.json", checked)
    assert json.loads((tmp_path / "claims.json").read_text(encoding="utf-8")) == checked


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
    assert list(status.values()).count("consistent") == 10
    used = {id for one in claims for id in np.atleast_1d(one.published) if one.published}
    assert set(load_published(PUBLISHED).index) - used == {"upcea_2023_95"}


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
