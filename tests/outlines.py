"""Pictures made with all their words and saved as outlines, where nobody looks at what they show."""

from pathlib import Path
from unittest import mock

import numpy as np
from matplotlib.backends.backend_svg import FigureCanvasSVG

from compendium.figures import style


class _Outline(FigureCanvasSVG):
    """Saves a picture's size and nothing in it."""

    def print_svg(self, path, **_):
        width, height = 72 * self.figure.get_size_inches()
        size = f'width="{width}pt" height="{height}pt" viewBox="0 0 {width} {height}"'
        Path(path).write_text(f'<svg xmlns="http://www.w3.org/2000/svg" {size}></svg>')


def blank(figure):
    """Pixels of a picture that nobody looks at, in place of drawing it."""
    figure.printed = np.full((2, 2, 4), 255, np.uint8)
    return figure.printed


OUTLINED = {
    "_settle": style._give_letters,
    "_pixels": blank,
    "FigureCanvasSVG": _Outline,
}


def begin():
    """From now on, until this process ends."""
    mock.patch.multiple(style, **OUTLINED).start()
