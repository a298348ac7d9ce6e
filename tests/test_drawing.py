"""Parts of figures and tables, one at a time; and `make verify`, on repositories made for it."""

import io
import math
import os
import subprocess
import sys
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from compendium.figures import estimates as charts
from compendium.figures import likert, table1
from compendium.figures import style as figures
from compendium.figures.captions import write_captions
from compendium.figures.lettering import wrap
from compendium.figures.stages import read_stages

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "notebooks"))
import verify  # noqa: E402

matplotlib.use("agg")
MODEL = ROOT / "data" / "microcredentials" / "model.yml"


# ---- Table 1


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


# ---- make verify


def repository(folder, names):
    """A git repository with these files committed."""
    folder.mkdir()
    for name, content in names.items():
        (folder / name).write_bytes(content)
    run = ["git", "-c", "user.name=x", "-c", "user.email=x@x.example", "-C", str(folder)]
    commands = (["init", "-q"], ["add", "-A"], ["commit", "-qm", "figures"])
    inside = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    for command in commands:
        subprocess.run([*run, *command], check=True, capture_output=True, env=inside)


def png(colour):
    file = io.BytesIO()
    matplotlib.image.imsave(file, np.full((4, 4, 3), colour, dtype=np.uint8), format="png")
    return file.getvalue()


def test_verify_counts_and_names_what_differs(tmp_path, capsys):
    folder = tmp_path / "figures"
    names = {
        "a.svg": b"<svg/>",
        "b.svg": b"<svg/>",
        "c.png": png(100),
        "d.png": png(100),
        "e.json": b"[]",
    }
    repository(folder, names)
    assert verify.main(folder) == 0
    assert "5 of 5 files are identical" in capsys.readouterr().out
    (folder / "c.png").write_bytes(png(110))
    assert verify.main(folder) == 0
    assert "4 of 5 files are identical to the committed ones, 1 more within" in capsys.readouterr().out
    (folder / "b.svg").write_bytes(b"<svg />")
    (folder / "d.png").write_bytes(png(140))
    (folder / "e.json").unlink()
    (folder / "f.svg").write_bytes(b"<svg/>")
    assert verify.main(folder) == 1
    said = capsys.readouterr().out
    assert "1 of 6 files are identical" in said
    for line in (
        "b.svg: differs",
        "d.png: differs by 40 of 255",
        "e.json: not drawn anew",
        "f.svg: not committed",
    ):
        assert line in said


def test_verify_says_when_there_is_nothing_to_compare_with(tmp_path, capsys):
    assert verify.main(tmp_path / "nowhere") == 2
    assert "git has no figures here" in capsys.readouterr().out


# ---- parts


def test_parts_of_a_bar_for_each_place_of_the_middle():
    shares = [10, 20, 30, 25, 15]
    assert [part[2] for part in likert.parts_of(shares, "split")[0]] == [-45, -35, -15, 15, 40]
    assert [part[2] for part in likert.parts_of(shares, "left")[0]] == [-60, -50, -30, 0, 25]
    parts, apart, middle = likert.parts_of(shares, "beside")
    assert [part[2] for part in parts] == [-30, -20, 0, 25]
    assert math.isnan(apart)
    assert middle == 30
    even = likert.parts_of([10, 40, 30, 20], "left")[0]
    assert [part[2] for part in even] == [-50, -40, 0, 30]


def test_what_is_withheld_on_both_sides_has_no_place_on_the_bar():
    nothing = float("nan")
    parts, apart, _ = likert.parts_of([nothing, 20, 30, 25, nothing])
    assert [part[:2] for part in parts] == [(1, 1), (2, 2), (3, 3)]
    assert apart == 25
    _, alone, _ = likert.parts_of([nothing, 20, 30, 25, 15])
    assert math.isnan(alone)  # a single one must not be worked out


def test_an_unknown_place_of_the_middle_is_refused():
    with pytest.raises(ValueError, match="neutral is 'right'; write one of split, left, beside"):
        likert.parts_of([50, 50], "right")


def test_hostile_labels_are_letters_in_a_figure():
    figures.use_style()
    figure, axes = figures.frame("$x^2$ <b>", "\\alpha & co", True, height=2)
    table = pd.DataFrame({"percent": [50.0], "low": [40.0], "high": [60.0], "shown": [""]})
    charts.draw_bars(axes, table.set_axis(["$\\frac{1}{2}$ & <script> " + "long" * 200]))
    figure.canvas.draw()
    assert figure.texts[0].get_text() == "$x^2$ <b>"
    label = axes.get_yticklabels()[0].get_text()
    assert label.startswith("$\\frac{1}{2}$ & <script>")
    assert label.endswith("…")
    plt.close(figure)


def test_wrapped_text_keeps_all_words_where_it_can():
    text = "They would help us to become more sustainable"
    assert wrap(text, 1.6, 8.5).split() == text.split()
    assert wrap("n\u00a0=\u00a073 of many", 0.5, 8.5).splitlines()[0] == "n\u00a0=\u00a073"


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


def test_captions_refuse_a_file_that_is_not_the_words_of_a_figure(tmp_path):
    (tmp_path / "4_x.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ValueError, match=r"4_x\.json: not the words of a figure"):
        write_captions(tmp_path)
    assert not (tmp_path / "captions.json").exists()
