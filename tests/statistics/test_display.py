"""How tables of shares, tests and odds are laid out."""

import pandas as pd
import pytest

from compendium.statistics import display
from compendium.statistics.display import shares
from helpers import open_study


@pytest.mark.parametrize(
    ("bases", "heads"),
    [
        ([92, 92], ["Count of 92", "Percent", "95% interval"]),
        ([92, 90], ["Count", "Base", "Percent", "95% interval"]),
        ([92], ["Count", "Base", "Percent", "95% interval"]),
        ([None, None], ["Count", "Base", "Percent", "95% interval"]),
    ],
)
def test_a_base_that_all_rows_share_stands_in_the_head(bases, heads):
    rows = {
        "option": "Yes",
        "shown": "",
        "count": 3,
        "base": bases,
        "percent": 3.3,
        "low": 1,
        "high": 9,
    }
    table = pd.DataFrame(rows, index=range(len(bases)))
    assert list(shares(table).columns) == heads
    assert set(shares(table).iloc[:, 0]) == {"3"}


def test_tables_of_tests_have_no_empty_column_and_differences_of_shares_one_decimal():
    rows = {"test": ["McNemar (exact)", "Kendall's τ-b"], "n": 83, "p": 0.0052,
            "statistic": float("nan"), "effect": [19.277, 0.256], "effect_name": ["difference", "τ-b"],
            "low": [6.41, 0.08], "high": [31.24, 0.43], "note": ["", "few"]}  # fmt: skip
    shown = display.tests(pd.DataFrame(rows, index=["Value", "Delivery"]))
    assert list(shown.columns) == ["Test", "n", "p", "Effect", "95% interval"]
    assert shown["Effect"].tolist() == ["difference = 19.3", "τ-b = 0.26"]
    assert shown["95% interval"].tolist() == ["6.4 to 31.2", "0.08 to 0.43"]


@pytest.mark.parametrize(
    ("name", "terms"),
    [
        ("microcredentials", {"Small (10–49)": "Micro (1–9)", "Large (250 or more)": "Micro (1–9)"}),
        ("anes96", {"one more": "–", "Some high school": "Grades 1–8"}),
    ],
)
def test_a_model_speaks_in_the_words_of_the_questionnaire(name, terms):
    study = open_study(name)
    (question,) = study.plan.of("ordinal_regression")
    odds, tests = [part for part in study.answer(question).parts if isinstance(part, pd.DataFrame)]
    against = dict(zip(odds.index.get_level_values(1), odds["Against"], strict=True))
    assert terms.items() <= against.items()
    questions = [study.items[by].question for by in question.by]
    assert list(dict.fromkeys(odds.index.get_level_values(0))) == questions
    assert [f"Assumption: {asked}" for asked in questions] == list(tests.index[2:])
