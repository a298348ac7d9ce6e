"""Numbers in running text, by hand."""

import pytest

from compendium.audit.manuscript.mentions import mentions


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("12 of 92 employers (13.0%, 95% interval 7.6 to 21.4)",
         [{"count": "12", "base": "92", "percent": "13.0", "low": "7.6", "high": "21.4"}]),
        ("13.0%, 12 of 92 (95% CI [7.6, 21.4])",
         [{"percent": "13.0", "count": "12", "base": "92", "low": "7.6", "high": "21.4"}]),
        ("13% of 92", [{"percent": "13", "base": "92"}]),
        ("18% of micro and 36% of small ones", [{"percent": "18"}, {"percent": "36"}]),
        ("Scotland (64 of 89; 72%), England (17 of 89; 19%)",
         [{"count": "64", "base": "89", "percent": "72"},
          {"count": "17", "base": "89", "percent": "19"}]),
        ("40%, 30%", [{"percent": "40"}, {"percent": "30"}]),
        ("χ²(6, N = 92) = 11.3, p < .001",
         [{"statistic": "chi2", "value": "11.3", "df": "6, N = 92", "sign": "<", "p": ".001"}]),
        ("τ-b = −0.26, p = .031", [{"statistic": "tau", "value": "-0.26", "sign": "=", "p": ".031"}]),
        ("α = 0.78 (0.74 to 0.83)",
         [{"statistic": "alpha", "value": "0.78", "low": "0.74", "high": "0.83"}]),
        ("an odds ratio of 3.9 (95% CI 1.2 to 12.7)",
         [{"statistic": "odds_ratio", "value": "3.9", "low": "1.2", "high": "12.7"}]),
        ("F1 of 0.74 against 0.89", [{"statistic": "f1", "value": "0.74"}, {"number": "0.89"}]),
        ("58% (n = 85)", [{"percent": "58", "base": "85"}]),
        ("1,129 people, 2.5 per cent", [{"number": "1,129"}, {"percent": "2.5"}]),
        ("on average 92.8% of them", [{"percent": "92.8"}]),
        ("doi 10.1093/gigascience/giad113 and a 5-point scale", []),
    ],
)  # fmt: skip
def test_numbers_that_belong_together_are_one(text, fields):
    assert [found.fields for found in mentions(text)] == fields


def test_where_a_mention_stands():
    text = "Of them 13% (12 of 92) agreed."
    assert [text[found.start : found.end] for found in mentions(text)] == ["13% (12 of 92"]
