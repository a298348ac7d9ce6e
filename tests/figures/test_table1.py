"""Table 1: groups, marks, and markup."""

import numpy as np
import pandas as pd

from compendium.figures import table1


def test_table_1_keeps_the_mark_of_a_withheld_cell_and_escapes_everything():
    hostile = "<script>alert(1)</script> **b** $x$ <img src=x onerror=alert(1)>"
    cells = {"percent": [np.nan, 50.0], "low": [np.nan, 30.0], "high": [np.nan, 70.0]}
    index = pd.MultiIndex.from_product([[hostile], [hostile + " a", "b"]])
    table = pd.DataFrame(cells | {"base": [9, 20], "shown": ["<5", ""]}, index=index)
    text = table1.printed(table, {hostile: (0.2, np.nan)})
    assert text.iloc[0].tolist() == [hostile, "<5", "–", "9", "50%", "30 to 70", "20", "0.20", "–"]
    arguments = (text, hostile, hostile, [hostile], "table1_x", 0.9)
    page = table1.as_html(*arguments)
    assert page == table1.as_html(*arguments)
    body = page[page.index("<table") :]
    assert "<script" not in page
    assert "<img" not in page
    assert "<strong>" not in page
    assert "http" not in page
    assert "&lt;5" in body
    assert "90% interval" in body


def test_groups_whose_labels_hold_a_bar_stay_apart():
    labels = ["Micro | small", "Micro | large", "n|percent"]
    cells = {"percent": [10.0, 20.0, 30.0], "low": 1.0, "high": 90.0, "base": [11, 12, 13], "shown": ""}
    index = pd.MultiIndex.from_product([["Of value | of use"], labels])
    text = table1.printed(pd.DataFrame(cells, index=index), {})
    assert text.loc[0, "Micro | small"].tolist() == ["10%", "1 to 90", "11"]
    assert text.loc[0, "Micro | large"].tolist() == ["20%", "1 to 90", "12"]
    page = table1.as_json(text, "T", "B", [], 0.95)
    assert page["groups"] == labels
    assert [column["group"] for column in page["columns"]] == [
        None, *[label for label in labels for _ in range(3)], None, None,
    ]  # fmt: skip
    assert [column["what"] for column in page["columns"][1:4]] == ["percent", "interval", "n"]
    html = table1.as_html(text, "T", "B", [], "x", 0.95)
    for label in labels:
        assert html.count(f">{label}<") == 1
