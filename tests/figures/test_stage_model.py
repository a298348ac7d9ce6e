"""What `model.yml` may say."""

from pathlib import Path

import pytest

from compendium.figures.stage_model import beside_published, read_stages

MODEL = Path(__file__).parents[2] / "data" / "microcredentials" / "model.yml"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("id: agree", "id: sense"), r"stages: 'sense' stands twice"),
        (("codes: [trends,", "codes: [fashion,"), r"sense > codes: the codebook has no code 'fashion'"),
        (("purpose: Find", "purpos: Find"), r"stages > sense"),
        (("Analysis, stage: sense", "Analysis, stage: ask"), r"published > ADDIE: 'ask' is no stage"),
        (("loop: What is learned sets the next need\n", ""), r"loop: the key is missing"),
    ],
)  # fmt: skip
def test_a_model_that_does_not_hold_is_refused_by_file_and_key(tmp_path, change, message):
    text = MODEL.read_text(encoding="utf-8")
    assert change[0] in text
    path = tmp_path / "model.yml"
    path.write_text(text.replace(*change), encoding="utf-8")
    codes = {"trends", "technology", "listening", "green", "awareness"}
    with pytest.raises(ValueError, match=message) as refused:
        read_stages(path, codes if "code" in message else None)
    assert str(path) in str(refused.value)


def test_published_models_stand_beside_the_stages_with_what_they_have_and_lack():
    model = read_stages(MODEL)
    table = beside_published(model).set_index("Stage")
    assert list(table.columns) == [other.name for other in model.published]
    assert table.loc["Design together", "ADDIE"] == "Design\nDevelopment"
    assert table.loc["Agree the value", "ADDIE"] == "–"
    for other in model.published:  # each step once
        steps = [name for cell in table[other.name][:-3] for name in cell.split("\n") if name != "–"]
        assert sorted(steps) == sorted(step.name for step in other.steps)
