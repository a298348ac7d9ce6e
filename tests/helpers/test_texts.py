"""Chapter 3, run for studies of twenty rows that are coded in other ways, and its language."""

import shutil

import pandas as pd
import pytest
from chapters import TINY, lay_out, run_chapter

from compendium.files import read_json
from helpers import open_study
from helpers.study import OpenStudy

NAME = "3_themes"


@pytest.fixture
def folder(tmp_path):
    """The tiny study, free to be coded anew; its notebook runs under ``tmp_path``."""
    return lay_out(tmp_path, TINY) / "tiny"


def chapter(folder, **changed):
    """Run the chapter; its results by id, and everything that it showed as text.

    Ends of intervals are not looked at, so five resamples do.
    """
    top = folder.parents[1]
    shown = run_chapter(NAME, top, drawn=False, **{"protect": "always", "resamples": 5} | changed)
    results = read_json(top / "build" / "tiny" / "results" / f"{NAME}.json")
    return results, "\n".join(str(data) for data in shown)


def coded(folder, **files):
    """Replace the codings: one list of (respondent, code) a coder."""
    shutil.rmtree(folder / "coding")
    (folder / "coding").mkdir()
    for coder, rows in files.items():
        frame = pd.DataFrame([(who, "wishes", code) for who, code in rows])
        frame.columns = ["respondent", "item", "code"]
        frame.to_csv(folder / "coding" / f"{coder}.csv", index=False)


EVERY = [f"R{n:02}" for n in range(1, 21) if n not in (8, 12, 16, 17)]  # who wrote something


def test_a_code_that_one_coder_gave_seldom_is_withheld_with_its_agreement(folder):
    given = {"R02": "parking"} | dict.fromkeys(EVERY[-8:], "price")
    ada = [(who, given.get(who, "lanes")) for who in EVERY]
    ben = [(who, "parking" if who in EVERY[:6] else code) for who, code in ada]
    coded(folder, ada=ada, ben=ben)
    results, shown = chapter(folder)
    told = results["themes.agreement.parking.observed"]
    assert told["value"] is None
    assert told["withheld"] == "…"
    assert results["themes.agreement.parking.kappa"]["withheld"] == "…"
    assert "withheld: few answers or respondents have the code" in shown
    assert results["themes.agreement.price.observed"]["value"] == 100
    table = pd.read_csv(folder.parents[1] / "build" / "tiny" / "tables" / "3_agreement.csv")
    assert table.set_index("code").loc["parking", ["prevalence", "observed", "kappa"]].isna().all()


def test_coders_who_share_no_answer_are_told_so(folder):
    coded(
        folder,
        ada=[(who, "lanes") for who in EVERY[::2]],
        ben=[(who, "price") for who in EVERY[1::2]],
    )
    results, shown = chapter(folder)
    assert "agreement needs answers that two coders have read" in shown
    assert not [id for id in results if id.startswith(("themes.agreement", "themes.sets"))]
    assert results["themes.coded_respondents"]["value"] == len(EVERY)
    assert "between coders" not in shown


LANES = [(who, "lanes" if who < "R11" else "price") for who in EVERY]
PRICE = [(who, "lanes" if who < "R10" else "price") for who in EVERY]


@pytest.mark.parametrize(
    ("coders", "said", "protect"),
    [
        ({"ada": LANES[:8], "ben": LANES[:8]}, "undefined: no variation", "always"),
        ({"ada": LANES[:3], "ben": LANES[3:], "cleo": PRICE}, "no answer in common", ""),
        ({"ada": LANES, "ben": PRICE[:9], "cleo": PRICE[6:], "dan": LANES[:2]}, "ada and dan", ""),
        (
            {"ada": LANES, "ben": PRICE[:9], "cleo": PRICE[6:], "dan": LANES[:2]},
            "ben and dan",
            "always",
        ),
    ],
)
def test_any_coders_with_any_overlap_are_compared(folder, coders, said, protect):
    coded(folder, **coders)
    _, shown = chapter(folder, protect=protect)
    assert said in shown


def test_a_code_that_one_coder_alone_gives_is_said_in_words(folder):
    coded(folder, ada=LANES, ben=[(who, "none" if code == "price" else code) for who, code in LANES])
    _, shown = chapter(folder, protect="")
    assert "Of ada and ben only ada gave: Price." in shown
    assert "only ada gave" not in chapter(folder, protect="always")[1]


def test_rules_need_a_coded_answer_in_each_half(folder):
    coded(folder, ada=[("R01", "lanes")])
    results, shown = chapter(folder)
    assert "No coded answer is left to test the rules on" in shown
    assert not [id for id in results if id.startswith("themes.rules")]


def test_a_reflexive_coding_has_no_coefficient_and_no_score(folder):
    results, shown = chapter(folder, coding_mode="reflexive")
    assert "No coefficients: coding is reflexive." in shown
    assert not [id for id in results if id.startswith(("themes.agreement", "themes.rules"))]
    assert "themes.disagreements" in results
    assert "agree with α" not in shown


def test_a_mode_that_there_is_not_is_refused(folder):
    with pytest.raises(ValueError, match="'reflexiv' is not one of codebook, reflexive"):
        chapter(folder, coding_mode="reflexiv")


def test_a_study_without_codebook_is_read_and_not_counted(folder):
    (folder / "codebook.yml").unlink()
    (folder / "model.yml").unlink()
    results, shown = chapter(folder)
    assert results["themes.answers"]["value"] == len(EVERY)
    assert results["themes.coded_respondents"]["value"] == 0
    assert "There is no `codebook.yml` in this study" in shown
    assert "There is no coded free text in this study." in shown


def test_answers_that_nobody_coded_are_read(folder):
    shutil.rmtree(folder / "coding")
    results, shown = chapter(folder)
    assert "Nobody has coded these answers yet" in shown
    assert "Lanes and paths." in shown  # the codebook is there
    assert results["themes.coded_respondents"]["value"] == 0


def test_one_coder_counts_and_has_nobody_to_agree_with(folder):
    coded(folder, ada=[(who, "price" if who < "R10" else "lanes") for who in EVERY])
    results, shown = chapter(folder, protect="")
    assert "agreement needs answers that two coders have read" in shown
    assert results["themes.money.price"]["count"] == len([who for who in EVERY if who < "R10"])
    assert "themes.rules.micro.f1" in results


def test_the_history_of_the_codebook_stands_below_it(folder):
    assert len(open_study("tiny", folder.parent).code_definitions().parts) == 1
    change = "{date: 2024-07-01, change: renamed, codes: [ways], into: [lanes], reason: r}"
    with open(folder / "codebook.yml", "a", encoding="utf-8") as file:
        file.write(f"history:\n  - {change}\n")
    _, past = open_study("tiny", folder.parent).code_definitions().parts
    assert past.data.to_numpy().tolist() == [["2024-07-01", "renamed", "ways", "Lanes", "r"]]


def test_passages_are_masked_and_name_nobody(folder):
    study = open_study("tiny", folder.parent)
    passages = study.passages("lanes").frame
    assert list(passages.columns) == ["item", "text", "beside"]
    assert len(passages) == 7  # in consensus.csv
    assert passages["text"].str.contains(r"\[e-mail\]").sum() == 1
    assert not passages["text"].str.contains("@").any()
    with pytest.raises(KeyError, match=r"no code 'lane' \(is it 'lanes'\?\)"):
        study.passages("lane")


def test_no_part_of_the_language_hides_another():
    parts = OpenStudy.__mro__[1:-1]
    names = [name for part in parts for name in vars(part) if not name.startswith("__")]
    assert len(names) == len(set(names)), {name for name in names if names.count(name) > 1}
    assert not {name for name in vars(OpenStudy) if not name.startswith("__")} & set(names)


def test_protected_answers_are_read_inside_and_leave_in_no_chapter(tmp_path):
    data = lay_out(tmp_path, TINY)
    inside = open_study("tiny", data, protect="always")
    leaves = open_study("tiny", data, tmp_path / "build", chapter=NAME, protect="always")
    for ask in ("passages", "counter_examples"):
        assert getattr(leaves, ask)().frame is None
        assert "in a notebook of your own" in getattr(leaves, ask)().parts[0]
        assert getattr(inside, ask)().frame is not None
    assert leaves.together(by="age", row="young").frame is None


def test_codes_by_an_item_count_each_group(tmp_path):
    study = open_study("tiny", lay_out(tmp_path, TINY), protect="collected")
    by = next(item for item in study.instrument.background() if item.type in ("single", "scale"))
    frame = study.codes_by(by.id).frame
    alone = study.together(by=by.id, row=by.options[0].id).frame
    assert set(frame["statement"]) == {"Lanes", "Parking", "Price"}
    assert alone["count"].max() <= study.together().frame["count"].max()
