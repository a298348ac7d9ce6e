"""How tables of shares are laid out."""

import pandas as pd
import pytest

from compendium.statistics.display import shares


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
