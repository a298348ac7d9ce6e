"""Raking against R's survey, and what a file of margins is refused for."""

import pandas as pd
import pytest

from compendium.statistics.design.raking import rake, read_margins, weigh
from compendium.survey.instrument import read_instrument
from compendium.survey.study import load_study

MARGINS = "item,option,share,source\n"
SIZE = "size,micro,400,a\nsize,small,300,a\nsize,medium,200,a\nsize,large,100,a\n"
STUDY = "microcredentials"


def test_raking_agrees_with_r():
    # Rscript weights.R: R 4.2.2, survey 4.1.1, rake() to 36, 15, 5 by size and 20, 36 by knowing
    sample = pd.read_csv("tests/statistics/design/sample.csv").dropna(subset="size")
    known = {"size": {"large": 5, "medium": 15, "small": 36}, "knows": {"no": 20, "yes": 36}}
    rows = [(item, of, 100 * n / 56) for item, parts in known.items() for of, n in parts.items()]
    margins = pd.DataFrame(rows, columns=["item", "option", "percent"])
    inside = pd.DataFrame({i: sample[item] == of for i, (item, of, _) in enumerate(rows)})
    weights = rake(pd.Series(56 / len(sample), sample.index), margins, inside)
    r = [0.5767496587, 0.5767496587, 1.2982503413, 0.7997915815]
    assert weights.head(4).tolist() == pytest.approx(r, rel=1e-8)
    assert [weights[inside[i]].sum() for i in inside] == pytest.approx([5, 15, 36, 20, 36], rel=1e-8)


def test_a_study_is_weighed_and_its_weights_are_read_back(data_dir):
    folder = data_dir / STUDY
    (folder / "margins.csv").write_text(MARGINS + SIZE, encoding="utf-8")
    lines = list(weigh(STUDY, data_dir))
    assert "92 weights, raked to size" in lines[0]
    assert "survey.yml" in lines[-1]
    survey = folder / "survey.yml"
    text = survey.read_text(encoding="utf-8")
    survey.write_text(f"weights: {{file: weights.csv, column: weight}}\n{text}", encoding="utf-8")
    study = load_study(STUDY, data_dir)
    by_size = study.design["weight"].groupby(study.answers["size"], observed=True).sum()
    assert (by_size / by_size.sum()).tolist() == pytest.approx([0.4, 0.3, 0.2, 0.1])
    first = (folder / "weights.csv").read_bytes()
    assert len(list(weigh(STUDY, data_dir))) == 2  # and nothing is said of survey.yml any more
    assert (folder / "weights.csv").read_bytes() == first


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("size,tiny,1,a\n", "row 1: 'size' has no option or group 'tiny'"),
        ("wages,low,1,a\n", "row 1: 'wages' is no item"),
        ("size,micro,many,a\n", "row 1: the share 'many'"),
        (SIZE.replace("400", "0"), "row 1: the share '0'"),
        (SIZE.replace("size,large,100,a\n", ""), "the option 'large' is missing"),
        (SIZE + "size,large,1,b\n", "the option 'large' counts twice"),
        ("concept,more,1,a\nconcept,less,1,a\nconcept,familiar,1,a\n", "counts twice"),
    ],
)
def test_margins_that_do_not_fit_are_refused_with_their_place(tmp_path, rows, message):
    path = tmp_path / "margins.csv"
    path.write_text(MARGINS + rows, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        read_margins(path, read_instrument(f"data/{STUDY}/survey.yml"))


def test_a_margin_that_nobody_meets_is_refused():
    margins = pd.DataFrame({"item": "size", "option": ["small", "large"], "percent": [50.0, 50.0]})
    inside = pd.DataFrame({0: [True, True], 1: [False, False]})
    with pytest.raises(ValueError, match="nobody of the sample is 'large' of 'size'"):
        rake(pd.Series([1.0, 1.0]), margins, inside)


def test_without_margins_make_weights_says_what_to_write(data_dir):
    with pytest.raises(ValueError, match=r"margins\.csv: there is no such file"):
        list(weigh("anes96", data_dir))
