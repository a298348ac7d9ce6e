"""Sphinx extension: what notebooks need on a page beyond myst-nb, and formulas without a network."""

import html
import re
from pathlib import Path

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from markupsafe import escape

from compendium.publishing.pictures import shape

# 7.6 to 21.4, and 0.62 (0.48 to 0.74)
INTERVAL = r"(<td\b[^>]*>)\s*((?:[−\d.,]+ \()?[−\d.,]+ to [−\d.,]+\)?)\s*(?=</td>)"


# The words in a column of numbers: 12 of 92, 7.6 to 21.4, 70.6 (n = 17), none.
AMONG_NUMBERS = re.compile(r"\b(?:to|of|n|none|no interval|withheld|nobody answered)\b")
# What stands in one line: few letters, or an effect. An id; and a word that would push a page aside.
SHORT, EFFECT = 14, 20
ID = re.compile(r"(?=.*[a-z])\w+(?:\.\w+)*")
ENDLESS = re.compile(r"<[^>]*>|&\w+;|\w{25,}")
# A figure of the study; and a picture of the page, in the link to itself where it has one.
DRAWN = re.compile(r'<img (?=[^>]*src="_images/([^"/]+\.svg)")')
PICTURE = re.compile(r'<img [^>]*src="_images/[^>]*>(?:\s*</a>)?')


def mark_cells(app, doctree):
    """Give cells their addresses and put words to their pictures, as `notebooks.for_page` says."""
    for cell in [n for n in doctree.findall(nodes.container) if n.get("nb_element") == "cell_code"]:
        known = cell["cell_metadata"]["compendium"]
        cell["ids"].append(known["anchor"])
        for image, alt in zip(cell.findall(nodes.image), known["alts"], strict=False):
            image["alt"] = alt


def accessible(body, figures=None):
    """Headings of tables that say what they head, tables that scroll alone, folds named as shown.

    Tables in a box of their own keep it. Pictures of the folder `figures` keep their room
    before they are there, or all of them would be in sight, and loaded, at once.
    """
    body = body.replace('<summary aria-label="Toggle hidden content">', "<summary>")
    body = re.sub(r"<style scoped>.*?</style>\s*", "", body, flags=re.S)
    body = body.replace("<pre>", '<pre tabindex="0">')
    body = body.replace("<img ", '<img loading="lazy" decoding="async" ')
    body = DRAWN.sub(lambda img: _with_room(img, figures), body) if figures else body
    body = PICTURE.sub(_in_words, body)
    return re.sub(r'(<div class="scroll"[^>]*>)?(<table\b.*?</table>)', _boxed, body, flags=re.S)


def _with_room(match, figures):
    path = figures / match[1]
    return f'{match[0]}style="aspect-ratio: 1 / {shape(path)}" ' if path.exists() else match[0]


def _in_words(match):
    """A picture, and for telephones, where its letters are small, the same in words."""
    said = re.search(r'\balt="([^"]*)"', match[0])
    words = f'<details class="words"><summary>The same in words</summary><p>{said[1]}</p></details>'
    return match[0] + words if said and said[1] else match[0]


def _boxed(match):
    """A table with a scope for each heading, in a box that the keyboard can reach and scroll."""
    if match[1]:
        head, split, rest = match[2].partition("<tbody")
        rest = re.sub(r"(<td\b[^>]*>)([^<]*)(?=</td>)", _breaking, rest)
        head, rest = _sided(head, ENDLESS.sub(_cut, rest))
        return f"{match[1]}{head}{split}{rest}"
    # A table of great_tables has colours of its own: a sheet of paper, also in the dark.
    sheet = "gt_table" in match[2]
    table = re.sub(r'<table border="1" class="dataframe[^"]*"', '<table class="numbers"', match[2])
    head, split, rest = table.partition("<tbody")
    if not sheet:  # there, cells name even empty headings as theirs
        head = re.sub(r"<th\b([^>]*)>(?:&nbsp;|\s)*</th>", r"<td\1></td>", head)
    else:
        unseen = '<span class="visually-hidden">What is counted</span>'
        head = re.sub(r"(<th\b[^>]*>)(?:&nbsp;|\s)*</th>", rf"\1{unseen}</th>", head)
    title = re.findall(r'class="gt_heading gt_title[^>]*>(.*?)</', head)
    names = title or re.findall(r"<th\b.*?</th>", head, flags=re.S)
    said = ", ".join(html.unescape(re.sub("<[^>]+>", "", name)).strip() for name in names)
    head = re.sub(r"<th\b(?![^>]*scope=)", '<th scope="col"', head)
    rest = re.sub(r"<th\b(?=[^>]*rowspan)(?![^>]*scope=)", '<th scope="rowgroup"', rest)
    rest = re.sub(r"<th\b(?![^>]*scope=)", '<th scope="row"', rest)
    head, rest = _sided(head, rest)
    rest = re.sub(r"(<td\b[^>]*>)([^<]*)(?=</td>)", _breaking, rest)
    rest = ENDLESS.sub(_cut, rest)
    rest = re.sub(INTERVAL, r'\1<span class="interval">\2</span>', rest)
    kind, label = "scroll sheet" if sheet else "scroll", html.escape(f"Table: {said}"[:120])
    box = f'<div class="{kind}" role="group" tabindex="0" aria-label="{label}">'
    return f"{box}{head}{split}{rest}</div>"


def _cut(match):
    """A word without end, which may break, an id after a line below; tags and signs as they are."""
    if match[0][0] in "<&":
        return match[0]
    return re.sub(r"_(?=\w)|[^\W_]{24}(?=\w)", r"\g<0><wbr>", match[0])


def _breaking(cell):
    """A cell that breaks where a reader would: a short one not at all, an id after points."""
    said = _said(cell[2])
    one_line = " " in said and "\n" not in cell[2].strip()
    if one_line and len(said) <= (EFFECT if "=" in said else SHORT):
        return f'{cell[1]}<span class="interval">{cell[2].strip()}</span>'
    if len(said) > EFFECT and ID.fullmatch(said):
        return cell[1] + re.sub(r"(?<=\w)[._](?=\w)", r"\g<0><wbr>", said)
    return cell[0]


def _sided(head, rest):
    """Columns of numbers and of long texts are marked as such, and a table with long names of rows.

    In a table of texts each cell says its head too: on a telephone its rows stand below each other.
    """
    rows = [re.findall(r"<td\b.*?</td>", row, flags=re.S) for row in re.split(r"<tr\b", rest)[1:]]
    kinds = {}
    for place in range(1, max(map(len, rows), default=0) + 1):
        said = [_said(row[-place]) for row in rows if len(row) >= place]
        words = any(map(str.isalpha, AMONG_NUMBERS.sub("", "".join(said))))
        kinds[place] = ("long" if max(map(len, said)) > 20 else "") if words else "number"
    names = [] if "rowspan" in rest else re.findall(r"<th\b.*?</th>", rest, flags=re.S)
    long = any(len(_said(name)) > 30 for name in names)
    head = head.replace("<table", '<table data-rows="long"', 1) if long else head
    texts = [*kinds.values(), "long" * long].count("long") > 1 and "rowspan" not in rest
    head = head.replace("<table", '<table data-cells="texts"', 1) if texts else head
    last = head.rfind("<tr")
    heads = [_said(cell) for cell in re.findall(r"<t[hd]\b.*?</t[hd]>", head[last:], flags=re.S)]
    heads = dict(zip(range(len(heads), 0, -1), heads, strict=True)) if texts else {}
    return head[:last] + _marked(head[last:], "t[hd]", kinds), "<tr".join(
        _marked(row, "td", kinds, heads) for row in rest.split("<tr")
    )


def _said(cell):
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", cell)).split())


def _marked(row, tag, kinds, heads=()):
    """A row whose cells say in ``data-kind`` what their column holds, and in ``data-head`` its head."""
    cells = re.findall(rf"<{tag}\b", row)
    place = iter(range(len(cells), 0, -1))

    def mark(match):
        at = next(place)
        kind = f' data-kind="{kinds[at]}"' if kinds.get(at) else ""
        return match[0] + kind + (f' data-head="{html.escape(heads[at])}"' if at in heads else "")

    return re.sub(rf"<{tag}\b", mark, row)


def finish_page(app, pagename, templatename, context, doctree):
    """Make the body accessible, and the titles text: the theme writes them as they are."""
    context["named"] = named
    if not pagename[:1].isdigit():  # no chapter, so without a notebook's cells
        context["css_files"] = [file for file in context["css_files"] if "mystnb" not in file.filename]
    tree = context.get("furo_navigation_tree", "")
    context["furo_navigation_tree"] = tree.replace(' role="heading"', "")
    if "body" in context:
        context["body"] = accessible(context["body"], Path(app.srcdir, "figures"))
    for name in ("docstitle", "pagetitle"):
        context[name] = escape(context.get(name) or "")


def named(whole):
    """The theme's frame of a page: names for its landmarks, buttons that the keyboard reaches."""
    landmarks = ("announcement-content", "Notice"), ("sidebar-drawer", "Pages"), ("toc-drawer", "Parts")
    for part, name in landmarks:
        whole = whole.replace(f'<aside class="{part}', f'<aside aria-label="{name}" class="{part}')
    results = '<div id="search-results"></div>'
    how = '<p class="how">Write a word into the field above the list of pages, and press Enter.</p>'
    whole = whole.replace(results, f"<h1>Search</h1>{results}{how}")
    return re.sub(
        r'<label class="(\w+-overlay-icon[^"]*)" for="(\w+)">(.*?)</label>',
        _button,
        whole,
        flags=re.S,
    )


def _button(label):
    what = "Menu" if "nav" in label[2] else "Contents"
    pressed = f"document.getElementById('{label[2]}').click()"
    return (
        f'<button type="button" class="{label[1]}" aria-label="{what}" onclick="{pressed}">'
        f"{label[3]}</button>"
    )


def formula(translator, node):
    """Inline formulas as MathML, which browsers draw and read out by themselves."""
    translator.body.append(tex2mathml(node.astext()))
    raise nodes.SkipNode


def displayed_formula(translator, node):
    translator.body.append('<div class="scroll" tabindex="0" role="group" aria-label="Formula">')
    translator.body.append(tex2mathml(node.astext(), as_block=True) + "</div>")
    raise nodes.SkipNode


def setup(app):
    app.add_html_math_renderer("mathml", (formula, None), (displayed_formula, None))
    app.connect("doctree-read", mark_cells)
    app.connect("html-page-context", finish_page, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
