"""Who did not answer: sums by hand, and nothing below the minimum where answers are protected."""

import pandas as pd
import pytest

from compendium.statistics.design.nonresponse import (
    NO_MARGINS,
    NO_TIMES,
    against_margins,
    by_group,
    early_and_late,
)
from compendium.survey.study import load_study

STUDY = "microcredentials"


@pytest.fixture
def changed(data_dir):
    """The default study with a time for each row: the first half of the rows answered early."""
    folder = data_dir / STUDY
    rows = pd.read_csv(folder / "responses.csv", dtype=str, keep_default_na=False)
    rows["when"] = ["2026-03-01" if row < 50 else "2026-03-09 12:00:00" for row in range(len(rows))]
    rows.to_csv(folder / "responses.csv", index=False)
    survey = folder / "survey.yml"
    text = f"submitted: when\n{survey.read_text(encoding='utf-8')}"

    def load(protect="collected"):
        new = text.replace("minimum_cell: 5", f"minimum_cell: 5\n  protect: {protect}")
        survey.write_text(new, encoding="utf-8")
        return load_study(STUDY, data_dir), folder

    return load


def test_who_gave_no_answer_is_the_group_less_its_base():
    study = load_study(STUDY, "data")
    frame = by_group(study, None, {}, 0.95)["frame"]
    interest = study.instrument.item("interest")
    rows = frame[frame["question"].eq(interest.question) & frame["group"].str.startswith("Micro")]
    micro = study.answers["size"] == "micro"
    assert rows["n"].tolist() == [micro.sum()]
    none = micro & study.states["interest"].isin(["skipped", "dont_know"])
    assert rows["unanswered"].tolist() == [none.sum()]


def test_who_gave_no_answer_is_told_where_size_and_base_are(changed):
    study, folder = changed("always")
    interest = study.instrument.item("interest")
    hidden = {"about.size.micro": "<5", f"base:{interest.key}.by.size.small": "<5"}
    frame = by_group(study, folder, hidden, 0.95)["frame"]
    micro = frame["group"].str.startswith("Micro")
    assert frame.loc[micro, ["n", "unanswered", "percent"]].isna().all(axis=None)
    small = frame["group"].str.startswith("Small") & frame["question"].eq(interest.question)
    assert frame.loc[small, ["answered", "unanswered", "percent"]].isna().all(axis=None)
    assert frame.loc[~micro & ~small, "unanswered"].between(1, 4).any()
    rest = frame["n"] - frame["answered"]
    assert rest.dropna().tolist() == frame["unanswered"].dropna().tolist()


def test_respondents_stand_beside_the_population(data_dir):
    folder = data_dir / STUDY
    study = load_study(STUDY, data_dir)
    assert against_margins(study, folder, {}, 0.95) == {"parts": [NO_MARGINS]}
    rows = "size,micro,40,x\nsize,small,30,x\nsize,medium,20,x\nsize,large,10,x\n"
    (folder / "margins.csv").write_text(f"item,option,share,source\n{rows}", encoding="utf-8")
    frame = against_margins(study, folder, {}, 0.95)["frame"]
    told = study.answers["size"].dropna()
    expected = [100 * (told == of).mean() for of in ("micro", "small", "medium", "large")]
    assert frame["percent"].tolist() == pytest.approx(expected)
    assert (frame["percent"] - frame["gap"]).tolist() == pytest.approx([40, 30, 20, 10])
    hidden = against_margins(study, folder, {"about.size.micro": "<5"}, 0.95)["frame"]
    assert pd.isna(hidden["gap"].iloc[0])


def test_early_and_late_are_compared_by_halves(changed):
    study, folder = changed()
    (record,) = early_and_late(study, folder, {}, 0.95)["records"]
    late = study.submitted > study.submitted.median()
    hit = study.answers["concept"].eq("not_familiar")
    given = study.answers["concept"].notna()
    shares = [100 * hit[part & given].mean() for part in (late, ~late)]
    assert record["value"] == pytest.approx(shares[0] - shares[1])
    protected, _ = changed("always")
    found = early_and_late(protected, folder, {"familiarity.concept.not_familiar": "<5"}, 0.95)
    assert found["records"] == []
    assert "withheld" in found["frame"].to_string()
    assert early_and_late(load_study(STUDY, "data"), folder, {}, 0.95) == {"parts": [NO_TIMES]}


def test_a_time_that_can_be_misread_is_refused(changed, data_dir):
    changed()
    path = data_dir / STUDY / "responses.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("2026-03-01", "01/03/2026", 1), encoding="utf-8"
    )
    with pytest.raises(ValueError, match=r"column 'when': '01/03/2026' is no time"):
        load_study(STUDY, data_dir)
