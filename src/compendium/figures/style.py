"""The look of all figures: theme, frame, letters and colours; and how a picture is saved.

Titles say what is shown, the line below says of whom, and a figure of synthetic answers carries its
mark wherever it goes.
"""

import io
import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.image import imsave
from matplotlib.text import Text
from matplotlib.textpath import text_to_path
from matplotlib.ticker import FixedLocator
from PIL import Image

from compendium.captions import WORDS
from compendium.files import write_json
from compendium.fonts import BASIC, FIRST, NAMED, RIGHT_TO_LEFT, UNDRAWN, named, needed
from compendium.wording import MARK, SAID

WIDTH = 6.7  # inches: the text width of an A4 page
PRINT = 300  # dots an inch
PAGE = 9.8  # inches: the text height of an A4 page, which no picture exceeds
LEFT = "\u200e"  # a mark that is not seen: what follows is read from the left
INK, GREY, PALE = "#1f2933", "#5b6770", "#d9dee2"
ACCENT, WARM = "#0b5d8a", "#b3471d"
# Of an answer, as `study.STATES`. Any two may touch in a bar, so all five differ in lightness.
STATES = ("#0b4f79", "#86b0cd", "#c9dae6", "#b9521f", "#f4f4f4")


@dataclass(frozen=True)
class Picture:
    """A figure and the words that travel with it.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
    name : str
        File name without the chapter's number and without ending, such as ``"share_concept"``.
    caption, alt : str
        What a reader needs below the figure, and instead of it.
    results : tuple of str
        Ids of the results that are drawn.
    table : pandas.DataFrame or None
        The numbers that are drawn, where somebody checks or counts them later.
    shown : bool
        Whether a notebook displays it, or only saves it.
    saved : bool
        Whether a notebook saves it, or only displays it because another one saves it.
    """

    figure: Figure
    name: str
    caption: str
    alt: str
    results: tuple = ()
    table: pd.DataFrame | None = None
    shown: bool = True
    saved: bool = True


# ---- theme and frame


def use_style():
    """Set the one look of all figures (seaborn's theme and matplotlib's settings)."""
    sns.set_theme(
        style="white",
        rc={
            "font.family": FIRST,
            "font.size": 9,
            "axes.labelsize": 9,
            "axes.titlesize": 9,
            "xtick.labelsize": 8.5,
            "ytick.labelsize": 8.5,
            "legend.fontsize": 8.5,
            "text.color": INK,
            "axes.labelcolor": INK,
            "xtick.color": INK,
            "ytick.color": INK,
            "axes.edgecolor": GREY,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "figure.dpi": 110,
            "svg.hashsalt": "compendium",
            "svg.fonttype": "path",
            "text.parse_math": False,  # a $ in an answer or a label is a dollar
        },
    )


def frame(title, base, synthetic, height, rows=1, columns=1, legend=False, width=WIDTH, **options):
    """Start a figure with its title, its base and, where it applies, the synthetic mark.

    Parameters
    ----------
    title : str
        What is shown. It is wrapped, and the figure grows by each line after the first.
    base : str
        Of whom, with n; wrapped likewise.
    synthetic : bool
        Whether the answers were made up.
    height, width : float
        Inches, as printed.
    legend : bool or int
        Leave room below for `legend_below`, or for so many rows of `legend_rows`.
    rows, columns : int
        Axes, as in `matplotlib.pyplot.subplots`, which also takes `options`.

    Returns
    -------
    figure : matplotlib.figure.Figure
    axes : matplotlib.axes.Axes or numpy.ndarray of them
    """
    title = wrap(title, 0.98 * width, 11, "bold")
    base = wrap(base, 0.98 * width, 8.5)
    further = 0.19 * title.count("\n")
    more = further + 0.15 * base.count("\n")
    height += more
    figure = Figure(figsize=(width, height), layout="constrained")  # pyplot would show it once more
    FigureCanvasAgg(figure)
    head, foot = (0.52 + more) / height, (0.06 + 0.2 * synthetic + 0.28 * legend) / height
    figure.get_layout_engine().set(rect=(0.005, foot, 0.99, 1 - head - foot))
    figure.text(0.01, 1 - 0.07 / height, title, size=11, weight="bold", va="top")
    figure.text(0.01, 1 - (0.29 + further) / height, base, size=8.5, color=GREY, va="top")
    if synthetic:
        figure.text(0.01, 0.06 / height, MARK, size=8.5, color=WARM, weight="bold")
    return figure, figure.subplots(rows, columns, **options)


def legend_below(axes, columns=5):
    """Put the legend of these axes into the room that `frame` left below."""
    legend_rows(axes.figure, [axes.get_legend_handles_labels()[0]], columns)


def legend_rows(figure, rows, columns=None):
    """Put legends, rows of labelled handles, into the room that `frame` left below."""
    above = 0.26 if any(text.get_text() == MARK for text in figure.texts) else 0.06
    for k, handles in enumerate(reversed(rows)):
        figure.legend(
            handles, [handle.get_label() for handle in handles], loc="lower center",
            ncol=columns or len(handles), frameon=False, handlelength=1, columnspacing=1.2,
            bbox_to_anchor=(0.5, (above + 0.24 * k) / figure.get_figheight()), borderaxespad=0,
        )  # fmt: skip


def flow(handles, width=WIDTH):
    """Break the labelled handles of a legend into rows that fit a width in inches, in their order."""
    rows, used = [], width
    for handle in handles:
        needed = inches(handle.get_label()) + 0.4
        if used + needed > width:
            rows.append([])
            used = 0.0
        rows[-1].append(handle)
        used += needed
    return rows


# ---- saving


def save_figure(figure, folder, name, caption, alt, results=(), notebook=""):
    """Write a figure as SVG and PNG (300 dpi), its words inside and, as ``NAME.json``, beside it.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    folder : str or pathlib.Path
        Made if it is not there.
    name : str
        File name without ending.
    caption, alt : str
        What a reader needs below the figure, and instead of it; a figure with the synthetic mark
        says so in both.
    results : sequence of str
        Ids of the results that are drawn.
    notebook : str
        The notebook that draws it.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    _settle(figure)
    title, base = (text.get_text().replace("\n", " ").replace(LEFT, "") for text in figure.texts[:2])
    if any(text.get_text() == MARK for text in figure.texts):  # words travel without their picture
        caption, alt = f"{caption} {SAID}", f"{SAID} {alt}"
    if any(NAMED in text.get_text() for text in figure.findobj(Text)):
        caption = f"{caption} {UNDRAWN}"
    about = {"Title": f"{title}. {base}", "Description": f"{caption} {alt}", "Source": notebook}
    about |= {"Relation": ", ".join(results)} if results else {}
    # The layout stands, so each canvas draws once; `savefig` would draw first to look for it.
    canvas, dpi = figure.canvas, figure.dpi
    FigureCanvasSVG(figure).print_svg(
        folder / f"{name}.svg", metadata=about | {"Date": None, "Creator": None}
    )
    figure.dpi = dpi
    figure.set_canvas(canvas)
    imsave(
        folder / f"{name}.png", _pixels(figure), format="png", dpi=PRINT,
        metadata=about | {"Software": None},
    )  # fmt: skip
    words = (f"{name}.svg", title, caption, alt, base, list(results), notebook)
    write_json(folder / f"{name}.json", dict(zip(WORDS, words, strict=True)))


def screen(picture):
    """A picture for the screen, and the metadata that name it.

    Parameters
    ----------
    picture : Picture

    Returns
    -------
    data, metadata : dict
        As `IPython.display.display` takes them with ``raw=True``: a PNG of half the resolution in
        print; its name as ``compendium: figure``, its alt text and its width in pixels as those of
        the PNG.
    """
    _settle(picture.figure)
    pixels, buffer = np.asarray(_pixels(picture.figure))[..., :3], io.BytesIO()
    half = Image.fromarray(pixels).reduce(2)
    # A palette makes notebooks a third of the size; a difference of one shade is not seen.
    half = half.quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    half.save(buffer, format="png")
    data = {"image/png": buffer.getvalue(), "text/plain": f"<Figure: {picture.name}>"}
    del picture.figure.printed  # a dozen megabytes, and few pictures are shown twice
    width = round(100 * picture.figure.get_figwidth())
    return data, {
        "image/png": {"alt": picture.alt, "width": width},
        "compendium": {"figure": picture.name},
    }


def _settle(figure):
    """Solve the layout once, and end it on round numbers.

    The solver's last digits differ from run to run, and the ids in an SVG are made of all digits.
    """
    if figure.get_layout_engine() is None:
        return
    _give_letters(figure)
    figure.get_layout_engine().execute(figure)
    figure.set_layout_engine("none")
    for axes in figure.axes:
        bounds = axes.get_position(original=True).bounds
        axes.set_position([round(x + 1e-9, 5) for x in bounds])  # off the edge of rounding


def _give_letters(figure):
    """Give each text the fonts of its script, and name what none draws."""
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        labels = isinstance(axis.get_major_locator(), FixedLocator) and axis.get_ticklabels()
        words = [label.get_text() for label in labels or ()]
        if not BASIC.fullmatch("".join(words)):  # a tick takes its label anew whenever it is drawn
            axis.set_ticklabels([_in_order(named(word)) for word in words])
            axis.set_tick_params(labelfontfamily=families("".join(words)))
    for text in figure.findobj(Text):
        words = text.get_text()
        if not BASIC.fullmatch(words):
            text.set_text(_in_order(named(words)))
            text.set_fontfamily(families(words))


def _in_order(text):
    """Text in which English that begins with a label in Arabic or Hebrew still reads from the left."""
    return "\n".join(
        LEFT + re.sub(f"(?<={RIGHT_TO_LEFT.pattern}): ", f"{LEFT}: ", line)
        if RIGHT_TO_LEFT.match(line) and re.search("[A-Za-z]", line) else line
        for line in text.split("\n")
    )  # fmt: skip


def _pixels(figure):
    """The figure as printed, in red, green, blue and alpha; drawn once for file and screen."""
    if not hasattr(figure, "printed"):
        dpi, figure.dpi = figure.dpi, PRINT
        figure.canvas.draw()
        figure.printed, figure.dpi = figure.canvas.buffer_rgba(), dpi
    return figure.printed


# ---- letters


def wrap(text, width, size, weight="normal", most=3):
    """Break text into lines that fit a width.

    Parameters
    ----------
    text : str
        Its white space is made single.
    width : float
        Inches.
    size : float
        Points.
    weight : str
        ``normal`` or ``bold``.
    most : int
        Lines; what does not fit into them is cut, with an ellipsis.

    Returns
    -------
    str

    Examples
    --------
    >>> wrap("Recognition of prior learning", 1, 8.5).splitlines()
    ['Recognition of', 'prior learning']
    >>> wrap("Recognition of prior learning", 1, 8.5, most=1)
    'Recognition of…'
    """
    text = named(text)
    lines, words = [], [part for word in re.findall(r"[^ \t\r\n]+", text) for part in _parts(word)]
    while words and len(lines) < most:
        count = _fitting(words, width, size, weight)
        line, words = "".join(words[:count]), words[count:]
        if count == 1 and inches(line.strip(), size, weight) > width:
            line, rest = _broken(line, width, size, weight)
            words = [*rest, *words]
        lines.append(line.strip(" "))
    if words:
        lines[-1] += "…"
        while inches(lines[-1], size, weight) > width and len(lines[-1]) > 2:
            kept = lines[-1][:-1].rsplit(" ", 1)[0]
            lines[-1] = (kept if kept + "…" != lines[-1] else kept[:-1]).rstrip(",;:") + "…"
    return "\n".join(lines)


def _parts(word):
    """A word with the space before it (no-break spaces hold); Chinese and Japanese break anywhere."""
    found = re.findall(r"[^\u2e80-\u9fff]+|[\u3041-\u9fff][\u3001-\u3011\uff01-\uff1f]*|.", word)
    return [" " + found[0], *found[1:]]


def _fitting(words, width, size, weight):
    """How many words fit a line, at least one; found by halving, since measuring takes time."""
    fits, too_many = 1, len(words) + 1
    tried = len(words)  # most texts fit at once
    while too_many - fits > 1:
        if inches("".join(words[:tried]).strip(" "), size, weight) <= width:
            fits = tried
        else:
            too_many = tried
        tried = (fits + too_many) // 2
    return fits


def _broken(word, width, size, weight):
    """A word too long for a line: what of it fits, and the rest, in parts between whole letters."""
    word = word.strip(" ")[:400]
    starts = [k for k in range(1, len(word)) if unicodedata.category(word[k])[0] != "M"]
    cut = next(
        (k for k in reversed(starts) if inches(word[:k], size, weight) <= width),
        starts[0] if starts else 0,
    )
    return (word[:cut], [word[cut:]]) if cut else (word, [])


@cache
def families(text):
    """The names of the fonts that draw a text, known to matplotlib from now on."""
    for font in needed(text):
        _introduce(font.path)
    return [FIRST, *(font.family for font in needed(text))]


@cache
def _introduce(path):
    """Tell matplotlib of a font; it stands for every weight and slant, since it has but one."""
    fontManager.addfont(path)
    first = next(entry for entry in fontManager.ttflist if entry.fname == str(path))
    fontManager.ttflist += [replace(first, weight=700), replace(first, style="italic")]


@lru_cache(maxsize=4096)
def inches(text, size=8.5, weight="normal"):
    """Width of a line of text as printed, in inches; `size` in points."""
    font = FontProperties(family=families(text), size=size, weight=weight)
    return text_to_path.get_text_width_height_descent(text, font, ismath=False)[0] / 72


# ---- colours


def readable(colour):
    """White or ink, whichever stands out from a background given as ``#rrggbb``."""
    return "white" if luminance(colour) < 0.2 else INK


def lighter(colour, share=0.55):
    """A colour, as ``#rrggbb``, mixed with this share of white."""
    channels = [int(colour[k : k + 2], 16) for k in (1, 3, 5)]
    return "#" + "".join(f"{int(c + (255 - c) * share + 0.5):02x}" for c in channels)


def contrast(first, second):
    """Contrast ratio of two colours: 1 for none, 21 for black on white; letters need 4.5.

    W3C (2018), Web Content Accessibility Guidelines 2.1, https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio
    """
    darker, lighter = sorted([luminance(first), luminance(second)])
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    """Relative luminance of a colour, 0 to 1, as WCAG 2 defines it."""
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])
