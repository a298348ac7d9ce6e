"""Texts as Typst shows them: nothing is read into them, and no character goes missing in silence."""

import io
import json
import unicodedata

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compendium.fonts import FONTS, JOINING, further, glyphs, printable
from compendium.publishing.pdf import all_printable, typeset

MARKUP = [
    "#panic()", "$x$", "@nobody", "]", "[", "*bold*", "_it_", "\\", "// gone?", "/* gone? */", '"q"',
    "'q'", "`raw`", "<label>", "= Head", "- item", "~", "---", "#eval(\"1\")", "https://a.example/#b",
]  # fmt: skip
PAGE = """#set document(title: [T], date: none)
#set text(font: ("Libertinus Serif", "DejaVu Sans"))
#let data = json("content.json")
= Head
#for text in data { par(text); strong(text); table([#text]) }
"""


def page(folder, texts, source=PAGE):
    (folder / "page.typ").write_text(source, encoding="utf-8")
    (folder / "content.json").write_text(json.dumps(texts), encoding="utf-8")
    return typeset(folder / "page.typ", folder, {})


def text_of(pdf):
    return "".join("".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


@pytest.mark.parametrize("text", MARKUP)
def test_markup_shows_as_text(tmp_path, text):
    shown = text_of(page(tmp_path, [f"a {text} b"]))
    assert shown.count("".join(f"a {text} b".split())) == 3


def test_what_no_font_draws_is_named():
    assert printable("\U00013000 and \U0001f9d1") == "[U+13000] and \U0001f9d1"
    assert printable("é Ł ж α − “…” → ✓") == "é Ł ж α − “…” → ✓"


def test_what_hides_or_turns_text_is_named():
    assert printable("pay \u202e001\u202c now\u200b") == "pay [U+202E]001[U+202C] now[U+200B]"
    assert printable("bell\x07") == "bell[U+0007]"
    assert printable("half \ud800") == "half [U+D800]"


def test_lines_are_joined_and_accents_composed():
    assert printable(" a\r\n\tb  e\u0301 ") == "a b é"


def test_only_characters_that_are_known_stay():
    assert printable("abc", known={ord("a")}) == "a[U+0062][U+0063]"


@given(st.text())
def test_every_character_is_drawn_or_named_and_a_second_pass_changes_nothing(text):
    shown = printable(text)
    drawn = glyphs().union(JOINING, *(font.drawn for font in further()))
    assert all(ord(character) in drawn for character in shown)
    control = {c for c in shown if unicodedata.category(c).startswith("C")}
    assert {ord(character) for character in control} <= JOINING
    assert printable(shown) == shown


def test_every_text_of_a_content_is_made_printable_and_no_key_or_number():
    content = {"𓀀": ["𓀀", {"a": "𓀀"}, ("𓀀", 1.5, None, True)]}
    named = "[U+13000]"
    assert all_printable(content) == {"𓀀": [named, {"a": named}, [named, 1.5, None, True]]}


def test_each_cut_of_the_font_is_there():
    assert len(list(FONTS.glob("DejaVuSans*.ttf"))) >= 4


def test_two_runs_give_the_same_bytes(tmp_path):
    assert page(tmp_path, ["a"]) == page(tmp_path, ["a"])


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("#set document(title: [T])\n= A\n#nothing", "unknown variable"),
        ('#set document(title: [T])\n= A\n#read("../outside.txt")', "page.typ"),
        ('#set document(title: [T])\n= A\n#text(font: "No Such Font")[a]', "unknown font"),
        ('#set document(title: [T])\n#image("a.svg")', "alt"),
    ],
)
def test_what_typst_refuses_or_warns_of_is_one_error_that_names_the_file(tmp_path, source, says):
    (tmp_path.parent / "outside.txt").write_text("secret", encoding="utf-8")
    (tmp_path / "a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    with pytest.raises(ValueError, match=r"page\.typ: Typst") as error:
        page(tmp_path, [], source)
    assert says in str(error.value)
