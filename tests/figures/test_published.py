"""Published figures: as many pictures as they need, none taller than a page."""

from pathlib import Path

from compendium.audit.published import ASKED, bands, load_published
from compendium.figures.estimates import published_pictures
from compendium.figures.style import PAGE

PUBLISHED = Path(__file__).parents[2] / "data" / "published.csv"


def test_no_picture_of_published_figures_is_taller_than_a_page():
    """All rows of the file, grouped by what was asked; a ring and no line where no n is stated."""
    table = bands(load_published(PUBLISHED).assign(kind="others"), 0.95)
    drawn = published_pictures(table)
    assert [picture.name for picture in drawn] == ["published", "published_2", "published_3"]
    assert max(picture.figure.get_figheight() for picture in drawn) <= PAGE
    said = " ".join(picture.alt for picture in drawn)
    asked = [said.index(question) for question in ASKED.values()]
    assert asked == sorted(asked)
    assert said.count("n\u00a0not\u00a0stated") == table["n"].isna().sum()
    lines = [line for picture in drawn for line in picture.figure.axes[0].lines]
    rings = [line for line in lines if line.get_markerfacecolor() == "white"]
    assert len(rings) == table["n"].isna().sum()
