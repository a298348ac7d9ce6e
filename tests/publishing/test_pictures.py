"""Figures in the order of reading."""

import json

import pytest

from compendium.publishing.pictures import shown_figures
from compendium.wording import SAID


def test_figures_come_in_the_order_of_reading_and_without_those_of_an_earlier_plan(tmp_path):
    names = [
        "1_composition",
        "1_flow",
        "1_missing",
        "4_agreement",
        "4_model_wide",
        "4_other",
        "4_share_a",
    ]
    listed = [{"file": f"{name}.svg", "results": []} for name in names]
    listed[-1]["results"] = ["s.gone.yes"]
    listed[0]["caption"] = f"Who answered. {SAID}"
    (tmp_path / "captions.json").write_text(json.dumps(listed), encoding="utf-8")

    def shown(results):
        return [words["file"][:-4] for words in shown_figures(tmp_path, results)]

    first = ["4_model_wide", "1_flow", "1_composition", "1_missing"]
    assert shown(None) == [*first, "4_share_a", "4_agreement", "4_other"]
    assert [words["caption"] for words in shown_figures(tmp_path)][2] == "Who answered."
    assert shown(["s.other.yes"]) == [*first, "4_agreement", "4_other"]
    (tmp_path / "captions.json").write_text('{"a": 1}', encoding="utf-8")
    with pytest.raises(ValueError, match=r"captions\.json: no list of figures .* run make again"):
        shown(None)
