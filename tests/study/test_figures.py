"""Figures: what they show, how they read in print, and that they come out the same every time.

They are drawn here in this process, of the results that make left, so that they can be looked into
while they are alive.
"""

import itertools
import json
import math
import shutil
from pathlib import Path
from unittest import mock

import matplotlib
import numpy as np
import pandas as pd
import pytest
from chapters import lay_out, run_chapter
from matplotlib.colors import to_rgb
from matplotlib.image import imread
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from outlines import blank

from compendium.audit import committed
from compendium.captions import WORDS, write_captions
from compendium.figures import likert, planned, stage_model
from compendium.figures import style as figures
from compendium.figures.shares import Source
from compendium.figures.stage_model import read_stages
from compendium.results import read_results
from compendium.survey.instrument import read_instrument
from compendium.wording import KINDS, MARK
from helpers import open_study

ROOT = Path(__file__).parents[2]


matplotlib.use("agg")
STUDY = "microcredentials"
COMMITTED = ROOT / "figures" / STUDY
BUILT = ROOT / "build" / STUDY
# Chapters 4 to 6 draw most; of the others, what draws.
DRAW = {
    "1_responses": ("flow", "missing", "portrait"),
    "3_themes": ("joint_display", "saturation"),
}
SHARP = ("1_flow", "4_scale_terms", "4_share_awareness")  # in print; `make verify` sees all
PRINT = figures.PRINT


@pytest.fixture(scope="session")
def drawn(tmp_path_factory):
    """All figures of the default study, alive, by name; and the folder that they were saved to."""
    folder, alive, save = tmp_path_factory.mktemp("drawn"), {}, figures.save_figure
    data = lay_out(folder, ROOT / "data" / STUDY, STUDY)
    for part in ("results", "tables", "multiverse"):
        shutil.copytree(BUILT / part, folder / "build" / STUDY / part)

    def keep(figure, where, name, *rest, **options):
        if name in SHARP:
            with mock.patch.object(figures, "PRINT", PRINT):
                save(figure, where, name, *rest, **options)
            del figure.printed
        else:  # its SVG is looked at, and no pixel of its PNG
            with mock.patch.object(figures, "_pixels", blank):
                save(figure, where, name, *rest, **options)
        alive[name] = figure

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("helpers.study.save_figure", keep)
        for chapter, names in DRAW.items():
            places = data, folder / "build", folder / "figures"
            study = open_study(STUDY, *places, chapter)
            for name in names:
                getattr(study, name)().keep()
        for chapter in ("4_figures", "5_claims", "6_multiverse"):
            run_chapter(chapter, folder, STUDY)
    write_captions(folder / "figures" / STUDY)
    for figure in alive.values():
        figure.behind = background(figure, texts(figure))
    return alive, folder


@pytest.fixture(scope="session")
def results(drawn):
    return read_results(drawn[1] / "build" / STUDY / "results")


def texts(figure):
    """Every text that is drawn: not the labels of ticks outside the axes, nor of axes switched off."""
    undrawn = set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            for tick in axis.get_major_ticks() + axis.get_minor_ticks():
                if not (axes.axison and low <= tick.get_loc() <= high):
                    undrawn |= {tick.label1, tick.label2}
    found = figure.findobj(lambda artist: isinstance(artist, Text) and artist.get_text().strip())
    return [text for text in found if text.get_visible() and text not in undrawn]


# ---- how they read in print


def test_no_text_is_smaller_than_8_points_as_printed(drawn):
    for name, figure in drawn[0].items():
        for text in texts(figure):
            assert text.get_fontsize() >= 8, (name, text.get_text())


def test_figures_fit_a_page(drawn):
    for name, figure in drawn[0].items():
        width, height = figure.get_size_inches()
        limits = (figures.WIDTH, 9.8)  # inches: an A4 page within its margins
        if name.startswith("4_model"):
            limits = (stage_model.WIDE, 7.5) if "wide" in name else (stage_model.COLUMN, 9.6)
        assert width <= limits[0], name
        assert height <= limits[1], name


def test_letters_stand_out_from_what_is_behind_them(drawn):
    for name, figure in drawn[0].items():
        written = texts(figure)
        boxes = [text.get_window_extent() for text in written]
        behind = luminance(figure.behind)
        for text, box in zip(written, boxes, strict=True):
            letters = luminance(np.round(255 * np.array(to_rgb(text.get_color()))).astype(np.uint8))
            lights = np.sort(np.stack(np.broadcast_arrays(inside(behind, box), letters)), axis=0)
            ratios = (lights[1] + 0.05) / (lights[0] + 0.05)
            worst = np.percentile(ratios, 8)  # thin lines may cross
            assert worst >= 4.5, (name, text.get_text(), round(float(worst), 2))


def background(figure, written):
    """Draw a figure: its pixels without its letters, whose own backing stays."""
    colours = [text.get_color() for text in written]
    for text in written:
        text.set_color("none")
    figure.canvas.draw()
    pixels = np.array(figure.canvas.buffer_rgba())[..., :3]  # a copy: it is drawn on again
    for text, colour in zip(written, colours, strict=True):
        text.set_color(colour)
    return pixels


def luminance(pixels):
    """Relative luminance as WCAG 2 defines it, of many colours of three bytes at once."""
    steps = np.arange(256) / 255
    linear = np.where(steps <= 0.04045, steps / 12.92, ((steps + 0.055) / 1.055) ** 2.4)
    return linear[pixels] @ np.array([0.2126, 0.7152, 0.0722])


def inside(pixels, box):
    """The pixels of a box, whose rows are counted from below."""
    rows = slice(max(int(pixels.shape[0] - box.y1), 0), int(pixels.shape[0] - box.y0) + 1)
    return pixels[rows, max(int(box.x0), 0) : int(box.x1) + 1].ravel()


def test_no_text_is_cut_off_or_lies_on_another(drawn):
    for name, figure in drawn[0].items():
        written = texts(figure)
        boxes = [text.get_window_extent() for text in written]
        edge = figure.bbox
        for text, box in zip(written, boxes, strict=True):
            inside = box.x0 >= -1 and box.y0 >= -1 and box.x1 <= edge.x1 + 1 and box.y1 <= edge.y1 + 1
            assert inside, (name, text.get_text())
        for (one, a), (two, b) in itertools.combinations(zip(written, boxes, strict=True), 2):
            across = min(a.x1, b.x1) - max(a.x0, b.x0)
            upright = min(a.y1, b.y1) - max(a.y0, b.y0)
            overlap = across > 1 and upright > 0.35 * min(a.height, b.height)
            assert not overlap, (name, one.get_text(), two.get_text())


def test_every_figure_of_synthetic_answers_says_so(drawn):
    for name, figure in drawn[0].items():
        said = {text.get_text() for text in figure.texts}
        made_of_answers = not name.startswith(("4_model", "5_published"))
        assert (MARK in said) == made_of_answers, name


# ---- what they show


def bars(axes):
    return [patch for patch in axes.patches if isinstance(patch, Rectangle)]


def test_bars_are_as_long_as_the_results_and_in_the_order_of_the_questionnaire(drawn, results):
    axes = drawn[0]["4_share_awareness"].axes[0]
    points = read_instrument(ROOT / "data" / STUDY / "survey.yml").item("concept").points
    assert [tick.get_text() for tick in axes.get_yticklabels()] == [p.label for p in points]
    expected = [results[f"familiarity.concept.{point.id}"]["value"] for point in points]
    assert [bar.get_width() for bar in bars(axes)] == pytest.approx(expected)
    assert expected[0] == pytest.approx(100 * 12 / 92)
    said = [line.get_text() for line in axes.texts]
    assert said == ["13", "37", "26", "17", "7"]
    assert drawn[0]["4_share_awareness"].texts[0].get_text() == "Not familiar: 13% of employers"


def test_a_rounded_percent_is_a_band_where_several_counts_give_it(drawn):
    axes = drawn[0]["5_published"].axes[0]
    # 97% of 73: only 71. 69% of 510: 350 to 356 (68.6% to 69.8%, which is cut off to 69%).
    points = [x for line in axes.lines if line.get_marker() == "o" for x in line.get_xdata()]
    assert points == pytest.approx([100 * 71 / 73, 100 * 12 / 92])
    first = bars(axes)[0]
    ends = first.get_x(), first.get_x() + first.get_width()
    assert ends == pytest.approx((100 * 350 / 510, 100 * 356 / 510))
    labels = [tick.get_text() for tick in axes.get_yticklabels()]
    said = "Do they know it? Perkins & Pryor (employers, 2021, n\u00a0=\u00a073)"
    assert labels[0].replace("\n", " ") == said
    assert labels[1].replace("\n", " ") == "Unfamiliar with the concept of digital badges"


def test_what_the_study_published_has_another_colour_than_what_others_did(drawn):
    """And a word for it: other studies are not the study, and neither is synthetic."""
    figure = drawn[0]["5_published"]
    drawn_in = {line.get_color() for line in figure.axes[0].lines if line.get_marker() == "o"} | {
        matplotlib.colors.to_hex(bar.get_facecolor()) for bar in bars(figure.axes[0])
    }
    assert drawn_in == {KINDS["published"][2], KINDS["others"][2]}
    assert [text.get_text() for text in figure.legends[0].get_texts()] == [
        "Published by others", "Published by the study"
    ]  # fmt: skip


def test_a_title_says_what_was_found_and_asks_nothing(drawn):
    titles = {name: figure.texts[0].get_text().replace("\n", " ") for name, figure in drawn[0].items()}
    assert not [name for name, title in titles.items() if title.endswith("?")]
    assert titles["1_flow"] == "92 employers are analysed, of 97 rows received"
    assert titles["4_scale_terms"] == (
        "Very or extremely familiar: 74% for “Short course or CPD”, 14% for “Stackable credit”"
    )
    assert titles["4_trend_value_by_familiarity_concept"].startswith("They would prepare us for skills")
    assert titles["4_by_interest_by_size_size"].startswith("No clear difference; the widest: Maybe")
    assert not [name for name, title in titles.items() if "…" in title]


def test_a_diverging_bar_has_its_middle_at_zero(drawn, results):
    axes = drawn[0]["4_scale_terms"].axes[0]
    labels = [tick.get_text().replace("\n", " ") for tick in axes.get_yticklabels()]
    assert labels[0] == "Short course or CPD"
    assert labels[-1] == "Stackable credit"
    row = [
        bar
        for bar in bars(axes)
        if bar.get_y() + bar.get_height() / 2 == 8 - 1 - labels.index("Bootcamp")
    ]
    ids = ("not_familiar", "slightly", "moderately", "very", "extremely")
    shares = [results[f"familiarity.terms.bootcamp.{id}"]["value"] for id in ids]
    assert [bar.get_width() for bar in row] == pytest.approx(shares)
    assert row[0].get_x() == pytest.approx(-(shares[0] + shares[1] + shares[2] / 2))
    assert [bar.get_facecolor() for bar in row] == [
        matplotlib.colors.to_rgba(c) for c in likert.DIVERGING
    ]


def withheld(results, *ids):
    """What pictures are made of, where these results are withheld."""
    secret = {id: {"value": None, "unit": "percent", "withheld": "<5"} for id in ids}
    secret = {id: one | {"base": results[id]["base"]} for id, one in secret.items()}
    instrument = read_instrument(ROOT / "data" / STUDY / "survey.yml")
    return Source(instrument, results | secret, 0.95)


def test_neighbouring_points_that_are_withheld_are_drawn_as_the_rest_of_their_bar(results):
    ids = ("not_familiar", "slightly", "moderately", "very", "extremely")
    row = [f"familiarity.terms.short_course.{id}" for id in ids]
    source = withheld(results, *row[:2])
    (picture,) = likert.grid_picture(source, source.item("terms"), "split")
    axes, known = picture.figure.axes[0], [results[id]["value"] for id in row[2:]]
    first = [bar for bar in bars(axes) if bar.get_y() > 6.5]
    assert first[0].get_hatch()
    assert [bar.get_width() for bar in first] == pytest.approx([100 - sum(known), *known])


def test_who_is_not_on_the_scale_stands_beside_it(drawn):
    beside = drawn[0]["4_scale_terms"].axes[1]
    # 92 asked; 86 on the scale for short courses, 84 (and 5 don't know) for prior learning
    said = [text.get_text() for text in beside.texts]
    assert sum(map(int, said[0].split(" + "))) == 92 - 86
    assert "5 + 3" in said
    legends = drawn[0]["4_scale_terms"].legends
    entries = [text.get_text() for legend in reversed(legends) for text in legend.get_texts()]
    assert entries[0] == "Not familiar"
    assert {"Don't know", "No answer"} <= set(entries)


def test_no_withheld_number_is_in_a_figure(results):
    few = [f"codevelopment.interest.no.by.size.{size}" for size in ("micro", "large")]
    source = withheld(results, *few)
    question = next(q for q in source.instrument.plan if q.id == "interest_by_size")
    (picture,) = planned.association(source, question)
    unsaid = picture.figure.axes[2]  # "No"
    assert [text.get_text() for text in unsaid.texts].count("withheld (<5)") == 2
    assert len([line for line in unsaid.lines if line.get_marker() == "o"]) == 2


def test_groups_have_their_own_mark_and_a_legend(drawn, results):
    figure = drawn[0]["4_trend_value_by_familiarity_concept"]
    axes = figure.axes[0]
    diamonds = [x.get_xdata()[0] for x in axes.lines if x.get_marker() == "D" and len(x.get_xdata())]
    value = read_instrument(ROOT / "data" / STUDY / "survey.yml").item("value")
    ids = [f"upskilling.value.{s.id}.agrees.by.concept.less" for s in value.statements]
    assert diamonds == pytest.approx([results[id]["value"] for id in ids])
    entries = [text.get_text() for text in figure.legends[0].get_texts()]
    assert entries == ["Not or slightly familiar", "At least moderately familiar"]


def test_ticks_go_from_the_most_to_the_least_and_a_withheld_one_says_so(results):
    source = withheld(results, "codevelopment.areas.other")
    section = next(one for one in source.instrument.sections if one.id == "codevelopment")
    (picture,) = planned.section(source, section)
    axes = picture.figure.axes[1]
    widths = [bar.get_width() for bar in bars(axes)]
    assert widths == sorted(widths, reverse=True)
    assert axes.get_yticklabels()[-1].get_text() == "Other"
    assert axes.texts[-2].get_text() == "withheld (<5)"
    assert "n\u00a0=\u00a063, asked of those who said Yes or Maybe" in axes.texts[-1].get_text()


def test_pairs_show_their_count_or_a_dot(drawn):
    table = pd.read_csv(drawn[1] / "build" / STUDY / "tables" / "3_cooccurrence.csv")
    axes = drawn[0]["4_together"].axes[0]
    numbers = sorted(int(text.get_text()) for text in axes.texts if text.get_text().isdigit())
    assert numbers == sorted(table.loc[table["shown"].isna(), "count"].astype(int))
    dots = [line for line in axes.lines if line.get_marker() == "."]
    codes = sum(not text.get_text().isdigit() for text in axes.texts)
    assert len(dots) + len(numbers) == math.comb(codes, 2)


@pytest.mark.parametrize("layout", ["4_model_wide", "4_model_column"])
def test_the_model_shows_every_word_of_its_file(drawn, layout):
    model = read_stages(ROOT / "data" / STUDY / "model.yml")
    for name in (layout, f"{layout}_grey"):
        said = " ".join(" ".join(text.get_text().split()) for text in texts(drawn[0][name]))
        for stage in model.stages:
            for part in ("name", "purpose", "business", "university", "output"):
                assert getattr(stage, part) in said, (name, stage.id, part)
        for part in (model.loop, model.business, model.university, model.reconstruction):
            assert part in said
        assert "reconstruction" in model.reconstruction
        assert "…" not in said


def test_a_grey_figure_has_no_colour(drawn):
    for name in ("4_model_wide_grey", "4_model_column_grey"):
        figure = drawn[0][name]
        figure.canvas.draw()
        pixels = np.asarray(figure.canvas.buffer_rgba())[..., :3].astype(int)
        assert (pixels.max(axis=2) - pixels.min(axis=2)).max() <= 24  # ink is a bluish black


# ---- Table 1


def test_table_1_holds_shares_intervals_and_bases_of_results(drawn, results):
    folder = drawn[1] / "build" / STUDY / "tables"
    table = pd.read_csv(folder / "4_table1_value_by_familiarity_concept.csv").set_index("result")
    for id, row in table.iterrows():
        assert row["percent"] == pytest.approx(results[id]["value"])
        assert (row["low"], row["high"]) == pytest.approx((results[id]["low"], results[id]["high"]))
        assert row["base"] == results[id]["base"]
    page = json.loads(
        (folder / "4_table1_value_by_familiarity_concept.json").read_text(encoding="utf-8")
    )
    assert page["rows"][2][0] == "They would prepare us for skills we shall need"
    assert page["rows"][2][1:4] == ["70%", "59 to 78", "82"]
    assert MARK in page["notes"][0]


# ---- words, files, and that they stay the same


def test_captions_list_all_figures_with_their_words(drawn, results):
    folder = drawn[1] / "figures" / STUDY
    listed = json.loads((folder / "captions.json").read_text(encoding="utf-8"))
    assert [words["file"] for words in listed] == sorted(path.name for path in folder.glob("*.svg"))
    for words in listed:
        assert tuple(words) == WORDS
        assert all(words[key] for key in ("title", "caption", "alt", "base", "notebook"))
        assert set(words["results"]) <= set(results)
        assert (folder / words["file"]).with_suffix(".png").exists()


def test_a_figure_carries_its_words(drawn):
    folder = drawn[1] / "figures" / STUDY
    words = json.loads((folder / "4_scale_terms.json").read_text(encoding="utf-8"))
    svg = (folder / "4_scale_terms.svg").read_text(encoding="utf-8")
    assert words["title"] in svg
    assert words["alt"][:60] in svg
    png = (folder / "4_scale_terms.png").read_bytes()
    assert words["title"].encode() in png
    assert imread(folder / "4_scale_terms.png").shape[1] == 2010  # 6.7 inches at 300 dpi


def test_every_figure_drawn_anew_equals_the_committed_one(drawn):
    """SVG and words byte for byte, PNG within tolerance; none is missing, none is left over."""
    before, after = committed.drawn(COMMITTED), committed.drawn(drawn[1] / "figures" / STUDY)
    assert before.keys() == after.keys()
    compared = {name for name in before if not name.endswith(".png") or name[:-4] in SHARP}
    found = committed.compare(*({name: files[name] for name in compared} for files in (before, after)))
    assert {said for said in found.values()} <= {"", "within tolerance"}, found
