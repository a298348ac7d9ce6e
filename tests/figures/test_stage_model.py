"""What `model.yml` may say."""

from pathlib import Path

import pytest

from compendium.figures.stage_model import read_stages

MODEL = Path(__file__).parents[2] / "data" / "microcredentials" / "model.yml"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("id: agree", "id: sense"), r"stages: 'sense' stands twice"),
        (("codes: [trends,", "codes: [fashion,"), r"sense > codes: the codebook has no code 'fashion'"),
        (("purpose: Find", "purpos: Find"), r"stages > sense"),
        (("loop: What is learned sets the next need\n", ""), r"loop: the key is missing"),
    ],
)  # fmt: skip
def test_a_model_that_does_not_hold_is_refused_by_file_and_key(tmp_path, change, message):
    text = MODEL.read_text(encoding="utf-8")
    assert change[0] in text
    path = tmp_path / "model.yml"
    path.write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(ValueError, match=message) as refused:
        read_stages(path, codes={"trends", "technology", "listening", "green", "awareness"})
    assert str(path) in str(refused.value)
