"""Any script in figures, PDF and site: drawn with fonts of the lock, or named."""

from compendium.figures.shares import paged
from compendium.figures.style import PAGE, frame, save_figure, use_style, wrap
from compendium.files import read_json
from compendium.fonts import BASIC, UNDRAWN, further, glyphs, named, needed, printable, subset

SCRIPTS = ["سلام عليكم", "מה דעתך?", "आपके घर में", "您每天喝多少杯水？", "한국어", "ไทย", "😀👍🏽"]


def test_each_script_has_a_font_and_its_letters_stay():
    for text in SCRIPTS:
        assert printable(text) == text
    assert [font.family for font in needed("आप 您")] == ["Noto Sans Devanagari", "Noto Sans CJK JP"]
    assert needed("Café, π and ≥") == ()


def test_nobody_asks_for_letters_that_every_cut_has(monkeypatch):
    """To ask is to read two dozen fonts: marks such as ◆, and ends of lines, must not."""
    asked = [sign for sign in map(chr, range(0x10000)) if BASIC.fullmatch(sign)]
    assert {ord(sign) for sign in asked if not sign.isspace()} <= glyphs()
    monkeypatch.setattr("compendium.fonts.further", None)
    assert needed("◆ two\nlines → with Ḁ") == ()


def test_fonts_come_from_packages_and_a_subset_is_small_and_the_same():
    assert all("site-packages" in str(font.path) for font in further())
    (font,) = needed("है")
    assert subset(font, "है") == subset(font, "है")
    assert len(subset(font, "है")) < font.path.stat().st_size / 5


def test_text_without_spaces_breaks_between_letters_and_loses_none():
    for text in ("這是一個非常長的標籤，沒有空格，" * 2, "ภาษาไทยไม่มีช่องว่าง" * 2):
        assert wrap(text, 2, 8.5, most=9).replace("\n", "") == text
    assert not any(line.startswith("，") for line in wrap("標籤，" * 20, 1.1, 8.5, most=9).splitlines())


def test_a_figure_names_what_no_font_draws(tmp_path):
    use_style()
    figure, axes = frame("𓀀 sign", "ܐ 您", False, height=2)
    axes.set_yticks([0, 1], ["𓀁", "您"])
    save_figure(figure, tmp_path, "x", "Caption.", "Alt.")
    words = read_json(tmp_path / "x.json")
    assert words["title"] == "[U+13000] sign"
    assert words["caption"] == f"Caption. {UNDRAWN}"
    assert named("a\n𓀁") == "a\n[U+13001]"


def test_no_page_of_a_picture_is_higher_than_a_page():
    pages = paged(range(300), [1.08] * 300, 0.8)
    assert sum(len(part) for *_, part in pages) == 300
    assert max(0.8 + 1.08 * len(part) for *_, part in pages) <= PAGE
    assert pages[0][:2] == (" (1 of 38)", "-01")
