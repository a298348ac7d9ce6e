"""Pages as text: what they must hold, and that no text out of a file is ever markup."""

import html
import json
import sys
from html.parser import HTMLParser
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import pytest
import yaml

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "report" / "site"))

import cells  # noqa: E402
import front  # noqa: E402
import notebook_pages  # noqa: E402

from helpers import pages  # noqa: E402
from helpers.claims import load_claims  # noqa: E402
from helpers.codebook import read_codebook  # noqa: E402
from helpers.instrument import read_instrument  # noqa: E402

HOSTILE = '<img src=x onerror="hit()"> & **b** {raw}`html x` $y$ [l](javascript:1) | `c`'


class Seen(HTMLParser):
    """Tags, and the text between them, of a piece of HTML."""

    def __init__(self, markup):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.text += " "

    def handle_data(self, data):
        self.text += data


def seen(markup):
    return Seen(markup)


@pytest.mark.parametrize(
    "made",
    [
        pages.paragraph(HOSTILE),
        pages.link(HOSTILE, "audit.html"),
        pages.table(["Code"], [[pages.text(HOSTILE), "7"]], HOSTILE),
        pages.facts([("Definition", pages.text(HOSTILE))]),
    ],
    ids=["paragraph", "link", "table", "facts"],
)
def test_hostile_text_stays_text(made):
    tags = {tag for tag, _ in seen(made).tags}
    assert HOSTILE in seen(made).text
    assert not tags & {"img", "script"}
    assert not any(name.startswith("on") for _, attrs in seen(made).tags for name in attrs)
    assert "\n\n" not in made  # a blank line would hand the rest to Markdown


def test_a_table_has_headings_with_scope_in_a_box_that_takes_the_focus():
    made = seen(pages.table(["Code", "Times"], [["cost", "7"], ["time", "9"]], "How often"))
    assert made.tags[0] == (
        "div",
        {"class": "scroll", "role": "group", "tabindex": "0", "aria-label": "Table: How often"},
    )
    assert [attrs["scope"] for tag, attrs in made.tags if tag == "th"] == ["col", "col", "row", "row"]
    assert made.text.split() == ["Code", "Times", "cost", "7", "time", "9"]


def test_the_codebook_page_holds_every_word_of_the_file():
    path = ROOT / "data" / "microcredentials" / "codebook.yml"
    book = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    page = pages.codebook_page(read_codebook(path))
    shown = " ".join(seen(page).text.split())
    for theme in book["themes"]:
        assert f"## {theme['name']}" in shown
        for code in theme["codes"]:
            words = [code["name"], code["id"], code["definition"], *code["examples"]]
            for word in [*words, code.get("include", ""), code.get("exclude", "")]:
                assert " ".join(word.split()) in shown


def test_the_dictionary_names_every_column_of_the_answers():
    study = ROOT / "data" / "microcredentials"
    page = seen(pages.dictionary_page(read_instrument(study / "survey.yml")))
    header = (study / "responses.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    words = set(page.text.split())
    # Who answered, which invitation, and where the row is from are no questions.
    assert set(header) - words <= {"respondent", "invitation", "provenance", "started", "finished"}
    about = page.text.split("In which areas?")[1].split("How urgent")[0]
    assert "those who chose “Yes” or “Maybe” in interest" in " ".join(about.split())


def test_the_dictionary_of_the_second_study_shows_values_and_limits():
    text = seen(pages.dictionary_page(read_instrument(ROOT / "data" / "anes96" / "survey.yml"))).text
    assert "Democrats (0–1)" in text
    assert "a number from 0 to 7" in text
    assert "selfLR" in text


def test_every_audited_statement_leads_to_the_cell_that_computed_it():
    study = ROOT / "data" / "anes96"
    claims = load_claims(study / "claims.yml", ROOT / "data" / "published.csv")
    audit = [
        {"id": claim.id, "statement": claim.statement, "source": claim.source, "published": "944",
         "computed": "944", "status": "reproduced", "why": "944 is possible."}
        for claim in claims
    ]  # fmt: skip
    links = {claim.result: f"1_responses.html#cell-{claim.result}" for claim in claims}
    page = front.audit_page(audit, claims, links)
    targets = [attrs["href"] for tag, attrs in seen(page).tags if tag == "a"]
    assert targets == [links[claim.result] for claim in claims]
    assert {attrs.get("id") for _, attrs in seen(page).tags} >= {claim.id for claim in claims}


def test_headlines_follow_the_plan_of_any_study():
    instrument = read_instrument(ROOT / "data" / "anes96" / "survey.yml")
    results = {
        "sample.n": {"value": 944, "unit": "count"},
        "identification.party.democrat": {
            "value": 40.25, "unit": "percent", "count": 380, "base": 944,
            "low": 37.2, "high": 43.4, "method": "Wilson",
        },
    }  # fmt: skip
    audit = [{"status": "reproduced"}, {"status": "not_reproduced"}]
    found = front.headlines(instrument, results, audit, {"sample.n": "1_responses.html"})
    assert [line[0] for line in found] == ["944", "40.2%", "2"]
    assert found[0][1] == "voters analysed"
    assert "380 of 944 voters; interval 37.2 to 43.4 (Wilson)." in found[1][2]
    assert found[2][1] == "published statements audited, 1 of them failed"
    results["identification.party.democrat"] |= {"value": None, "note": "withheld"}
    assert front.headlines(instrument, results, [], {})[1][0] == "Withheld"


def test_results_are_addressed_by_the_cell_that_recorded_them():
    shown = nbformat.v4.new_code_cell("record()", id="1-04", execution_count=4)
    added = nbformat.v4.new_code_cell("study = 1", id="f00", execution_count=2)
    added.metadata["tags"] = ["injected-parameters"]
    notebooks = {"1_responses": nbformat.v4.new_notebook(cells=[added, shown])}
    results = {
        "sample.n": {"notebook": "1_responses", "cell": 4},
        "sample.given": {"notebook": "1_responses", "cell": 2},
        "sample.old": {"notebook": "1_responses"},
        "other.n": {"notebook": "9_other", "cell": 4},
    }
    assert cells.addresses(results, notebooks) == {
        "sample.n": "1_responses.html#cell-1-04",
        "sample.given": "1_responses.html",
        "sample.old": "1_responses.html",
    }


def test_pictures_are_told_apart_by_their_shape_and_by_name(tmp_path):
    def draw(name, height, alt):
        figure = plt.figure(figsize=(4, height), dpi=110)
        figure.savefig(tmp_path / f"{name}.png", dpi=300)
        figure.savefig(tmp_path / f"{name}.svg")
        words = {"file": f"{name}.svg", "alt": alt, "title": alt, "notebook": "4_figures"}
        (tmp_path / f"{name}.json").write_text(json.dumps(words), encoding="utf-8")
        plt.close(figure)
        data = {"image/png": "", "text/plain": repr(figure)}
        return nbformat.v4.new_output("display_data", data)

    low, high = draw("4_low", 2, "low"), draw("4_high", 3.337, "high")
    twin, grey = draw("4_twin", 3.337, "twin"), draw("4_low_grey", 2, "low")
    (tmp_path / "captions.json").write_text("[]", encoding="utf-8")
    figures = cells.read_figures(tmp_path)
    assert [words["file"] for words in figures] == [
        "4_high.svg", "4_low.svg", "4_low_grey.svg", "4_twin.svg"
    ]  # fmt: skip

    def found(source, *outputs):
        cell = nbformat.v4.new_code_cell(source, outputs=list(outputs))
        return [[words["alt"] for words in known] for known in cells.pictures(cell, figures)]

    assert found("keep(figure, name)", high, low, grey) == [["high", "twin"], ["low"], ["low"]]
    assert found('save(figure, "4_twin")', twin) == [["twin"]]
    other = nbformat.v4.new_output(
        "display_data", {"image/png": "", "text/plain": "<Figure size 9x1 >"}
    )
    assert found("keep(figure, name)", other) == [[]]
    assert notebook_pages.describe(figures[:1]) == "high"
    assert "“high”, “low”" in notebook_pages.describe(figures[:2])


def test_links_to_notebooks_that_are_not_there_become_text():
    cell = nbformat.v4.new_markdown_cell("Before: [1 · A](1_a.ipynb). Next: [9 · B](9_b.ipynb).")
    cells.keep_links(nbformat.v4.new_notebook(cells=[cell]), {"1_a"})
    assert cell.source == "Before: [1 · A](1_a.ipynb). Next: 9 · B."


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ("<p>5 &lt; 6 &amp; <b>bold</b></p>", ""),
        ('<a href="https://doi.org/10.1">doi</a>', ""),
        ('<img alt="x" src="data:image/png;base64,AAAA">', ""),
        ("&lt;script&gt;hit()&lt;/script&gt;", ""),
        ("<ScRiPt>hit()</sCrIpT>", "<script>"),
        ("text\n<img src=x onerror=hit()>", "the attribute 'src' of <img>"),
        ("<b OnMouseOver='hit()'>b</b>", "the attribute 'onmouseover' of <b>"),
        ("<a href='java\nscript:hit()'>b</a>", "the attribute 'href' of <a>"),
        ("<svg/onload=hit()>", "the attribute 'onload' of <svg>"),
        ("<iframe srcdoc='x'>", "<iframe>"),
        ("<link rel=stylesheet href=//evil>", "<link>"),
    ],
)
def test_active_markup_is_found(markup, found):
    assert cells.active_markup(markup) == found


def test_an_output_that_could_run_is_refused_with_its_place_and_the_remedy():
    output = nbformat.v4.new_output("display_data", {"text/markdown": "<script>hit()</script>"})
    cell = nbformat.v4.new_code_cell("show()", id="3-01", outputs=[output])
    notebook = nbformat.v4.new_notebook(cells=[cell])
    with pytest.raises(ValueError, match=r"3_themes.ipynb: cell '3-01': .*<script>.*present.plain"):
        cells.check_outputs("3_themes.ipynb", notebook)
    output.data = nbformat.NotebookNode({"application/javascript": "hit()"})
    with pytest.raises(ValueError, match=r"cell '3-01': .*application/javascript.*table or a picture"):
        cells.check_outputs("3_themes.ipynb", notebook)


def test_tables_of_notebooks_get_scopes_and_a_box():
    frame = (
        '<div>\n<style scoped>x {}</style>\n<table border="1" class="dataframe x">\n<thead><tr>'
        '<th></th><th>Count</th></tr></thead><tbody><tr><th rowspan="2">a</th><th>b</th>'
        "<td>1</td></tr></tbody></table></div>"
    )
    made = seen(notebook_pages.accessible(frame))
    assert [attrs["scope"] for tag, attrs in made.tags if tag == "th"] == ["col", "rowgroup", "row"]
    box = dict(made.tags)["div"]
    assert (box["tabindex"], box["aria-label"]) == ("0", "Table: Count")
    own = pages.table(["A"], [["b"]], "mine")
    assert notebook_pages.accessible(own) == own
    sheet = notebook_pages.accessible(
        '<table class="gt_table"><thead><tr><th>A</th></tr></thead></table>'
    )
    assert 'class="scroll sheet"' in sheet


def test_the_citation_page_says_what_the_file_says():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    page = html.unescape(front.citation_page(citation, "CC BY 4.0"))
    assert "Perkins, Pryor, Tierney & Thornton. *Micro-credentials" in page
    assert "12(1), 24–38. [doi 10.21153/jtlge2021vol12no1art1027]" in page
    assert citation["title"] in page
