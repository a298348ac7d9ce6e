"""Numbers that cannot stand together, by statcheck as second source."""

from pathlib import Path

import pandas as pd
import pytest

from compendium.audit.consistency import p_reported, p_span
from compendium.audit.manuscript.binding import bind
from compendium.audit.manuscript.reading import Block

STATCHECK = Path(__file__).parents[1] / "statcheck.csv"


@pytest.fixture(scope="module")
def told():
    return pd.read_csv(STATCHECK, dtype=str, keep_default_na=False)


def test_a_p_smaller_than_its_statistic_gives_is_called_impossible(told):
    """As statcheck says, but for a p that is printed too large: it may have been adjusted."""
    accused, wrong, too_small = [], [], []
    for row in told.itertuples():
        decided = bind([Block(row.text)], [], {})
        accused.append("impossible" in {one.status for one in decided})
        degrees = tuple(int(df) for df in row.df.split(", ") if df)
        printed = p_reported(row.p.removeprefix("="))
        smaller = (
            not row.p.startswith(">") and printed.low < p_span(row.test, row.statistic, degrees).low
        )
        wrong.append(row.error == "TRUE")
        too_small.append(smaller and row.error == "TRUE")
    assert accused == too_small
    assert (sum(wrong), sum(accused)) == (311, 174)


@pytest.mark.parametrize(
    "sign", ["χ²", "χ2", "χ^2", "chi2", "chi-squared ", "Chi-square", "X2", "X^2^", "Q", "t", "r", "Z"]
)
def test_tests_are_read_under_the_signs_that_papers_give_them(sign):
    df = "" if sign == "Z" else "(28)"
    (one,) = bind([Block(f"So it was, {sign}{df} = 0.52, p = .001.")], [], {})
    assert one.status == "impossible"


@pytest.mark.parametrize(
    ("text", "unbound"),
    [
        ("Figures 5, 7 to 27, 29", 0),
        ("See Tables 2–4, 6 and 8.", 0),
        ("Figure 5 shows 7 to 27, 29", 2),
    ],
)
def test_numbers_of_figures_and_tables_are_no_results(text, unbound):
    found = bind([Block(text)], [], {})
    assert [one.status for one in found].count("unbound") == unbound
