"""Letters, words and files of a figure."""

import io

import numpy as np
import pandas as pd
from PIL import Image

from compendium.figures import estimates, style
from compendium.figures.style import Picture, screen, wrap


def test_hostile_labels_are_letters_in_a_figure():
    style.use_style()
    figure, axes = style.frame("$x^2$ <b>", "\\alpha & co", True, height=2)
    table = pd.DataFrame({"percent": [50.0], "low": [40.0], "high": [60.0], "shown": [""]})
    estimates.draw_bars(axes, table.set_axis(["$\\frac{1}{2}$ & <script> " + "long" * 200]))
    figure.canvas.draw()
    assert figure.texts[0].get_text() == "$x^2$ <b>"
    label = axes.get_yticklabels()[0].get_text()
    assert label.startswith("$\\frac{1}{2}$ & <script>")
    assert label.endswith("…")


def test_wrapped_text_keeps_all_words_where_it_can():
    text = "They would help us to become more sustainable"
    assert wrap(text, 1.6, 8.5).split() == text.split()
    assert wrap("n\u00a0=\u00a073 of many", 0.5, 8.5).splitlines()[0] == "n\u00a0=\u00a073"


def test_a_line_breaks_where_the_next_word_would_not_fit():
    """The greedy rule, word by word, which `wrap` finds by halving."""
    text = "They would help us to become more sustainable, said each of the 92 employers asked " * 2
    for width in (0.9, 1.7, 3.1, 6.5):
        lines, words = [], text.split()
        while words:
            line = words.pop(0)
            while words and style.inches(f"{line} {words[0]}") <= width:
                line = f"{line} {words.pop(0)}"
            lines.append(line)
        assert wrap(text, width, 8.5, most=99).splitlines() == lines


def test_a_picture_on_the_screen_carries_its_name_and_its_words():
    figure, axes = style.frame("Title", "Base", True, height=2)
    axes.plot([0, 1])
    data, metadata = screen(Picture(figure, "4_x", "Caption.", "Alt <b>."))
    width, height = Image.open(io.BytesIO(data["image/png"])).size
    assert (width, height) == (1005, 300)  # 6.7 by 2 inches at 150 dots
    assert metadata["compendium"] == {"figure": "4_x"}
    assert metadata["image/png"] == {"alt": "Alt <b>.", "width": 670}


def test_file_and_screen_show_the_same_pixels(tmp_path):
    figure, axes = style.frame("Title", "Base", False, height=2)
    axes.plot([0, 1])
    style.save_figure(figure, tmp_path, "4_x", "Caption.", "Alt.", ["s.use.a", "s.use.b"])
    data, _ = screen(Picture(figure, "4_x", "Caption.", "Alt."))
    with Image.open(tmp_path / "4_x.png") as saved:
        about, file = saved.info, saved.convert("RGB")
    assert file.size == (2010, 600)
    # A copy of either still names the results that it shows.
    assert about["Relation"] == "s.use.a, s.use.b"
    assert "<dc:relation>s.use.a, s.use.b</dc:relation>" in (tmp_path / "4_x.svg").read_text()
    shown = Image.open(io.BytesIO(data["image/png"])).convert("RGB")
    assert np.abs(np.asarray(file.reduce(2), int) - np.asarray(shown, int)).max() <= 24
