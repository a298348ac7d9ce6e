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

from compendium.audit.claims import load_claims  # noqa: E402
from compendium.audit.published import load_published  # noqa: E402
from compendium.coding.codebook import read_codebook  # noqa: E402
from compendium.publishing import pages  # noqa: E402
from compendium.publishing.dictionary import dictionary_page  # noqa: E402
from compendium.survey.instrument import read_instrument  # noqa: E402

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


@pytest.mark.parametrize("synthetic", [True, False])
def test_examples_of_a_synthetic_study_are_headed_as_invented(synthetic):
    book = read_codebook(ROOT / "data" / "microcredentials" / "codebook.yml")
    page = pages.codebook_page(book, synthetic)
    assert ("No respondent said any of it" in page) == synthetic
    assert page.count("<dt>Invented example") == (len(book.codes) if synthetic else 0)
    assert page.count("<dt>Example") == (0 if synthetic else len(book.codes))
    assert "The unit coded is one answer to one question" in page


def test_the_dictionary_names_every_column_of_the_answers():
    study = ROOT / "data" / "microcredentials"
    page = seen(dictionary_page(read_instrument(study / "survey.yml")))
    header = (study / "responses.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    words = set(page.text.split())
    # Who answered, which invitation, and where the row is from are no questions.
    assert set(header) - words <= {"respondent", "invitation", "provenance", "started", "finished"}
    about = page.text.split("In which areas?")[1].split("How urgent")[0]
    assert "those who chose “Yes” or “Maybe” in interest" in " ".join(about.split())


def test_the_dictionary_of_the_second_study_shows_values_and_limits():
    text = seen(dictionary_page(read_instrument(ROOT / "data" / "anes96" / "survey.yml"))).text
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
    heads = [head for head in ("Statement", "Status, and why", "Published", "Computed")]
    assert [page.index(f">{head}</th>") for head in heads] == sorted(
        page.index(f">{x}</th>") for x in heads
    )
    assert ">Computed from synthetic answers</th>" in front.audit_page(audit, claims, links, True)
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
    found = front.headlines(instrument, results, audit, [], {"sample.n": "1_responses.html"})
    assert [line[-1] for line in found] == ["computed", "computed", "audit"]
    assert [line[0] for line in found] == ["944", "40.2%", "2"]
    assert found[0][1] == "voters analysed"
    assert "380 of 944 voters; interval 37.2 to 43.4 (Wilson)." in found[1][2]
    assert found[2][1] == "published statements audited, 1 of them failed"


@pytest.mark.parametrize(
    ("result", "shown", "said"),
    [
        ({"value": None, "note": "few", "withheld": "<5"}, "Withheld", "Too few answers to be shown."),
        (
            {"value": None, "note": "few", "withheld": "…"},
            "Withheld",
            "Too few answers to be shown.",
        ),
        ({"value": None, "note": "nobody answered"}, "–", "Nobody answered."),
        ({"value": 50}, "50.0%", ""),
        ({"value": 50.0, "count": 5, "base": 10}, "50.0%", "5 of 10 voters."),
        (None, "–", "Not computed."),
    ],
)
def test_a_share_without_its_number_says_why(result, shown, said):
    instrument = read_instrument(ROOT / "data" / "anes96" / "survey.yml")
    results = {"identification.party.democrat": result} if result else {}
    ((number, _, how, *_),) = front.headlines(instrument, results, [], [], {})
    asked = next(q.question for q in instrument.plan if q.method == "share")
    assert (number, how) == (shown, f"{asked} {said}".strip())


def test_the_audit_never_calls_a_withheld_value_a_number():
    result = {"value": None, "unit": "percent", "note": "few", "withheld": "<5"}
    audit = [
        {"id": "a.b", "statement": "s", "source": "t", "published": None, "computed": {"s.x": result},
         "status": "qualitative", "why": "w"}
    ]  # fmt: skip
    page = front.audit_page(audit, [], {})
    assert "no number shown" in page
    assert "– percent" not in page


def test_each_number_of_a_synthetic_study_says_what_kind_it_is():
    """The percent that was stated stands large; what matches it does so by construction."""
    study = ROOT / "data" / "microcredentials"
    instrument = read_instrument(study / "survey.yml")
    claims = load_claims(study / "claims.yml", ROOT / "data" / "published.csv")
    results = {
        "sample.n": {"value": 92, "unit": "count"},
        "sample.received": {"value": 97, "unit": "count"},
        "familiarity.concept.not_familiar": {
            "value": 13.04, "unit": "percent", "count": 12, "base": 92,
            "low": 7.6, "high": 21.4, "method": "Wilson",
        },
    }  # fmt: skip
    audit = [{"id": "poster.not_familiar", "status": "by_construction"}]
    found = front.headlines(instrument, results, audit, claims, {})
    assert [(line[0], line[-1]) for line in found] == [
        ("92", "synthetic"), ("13%", "published"), ("1", "audit")
    ]  # fmt: skip
    assert found[0][1:3] == ("synthetic employers analysed", "Of 97 synthetic rows.")
    assert "By construction 12 of 92 synthetic employers here" in found[1][2]
    # Without an audit that found it matched, it is a number like others.
    assert front.headlines(instrument, results, [], claims, {})[1][::4] == ("13.0%", "synthetic")
    page = front.home_page(instrument, found, {}, {})
    assert page.count('class="origin"') == 3
    assert "Every number below" not in page


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
        words = {
            "file": f"{name}.svg",
            "alt": alt,
            "title": alt,
            "notebook": "4_figures",
            "results": [],
        }
        (tmp_path / f"{name}.json").write_text(json.dumps(words), encoding="utf-8")
        plt.close(figure)
        data = {"image/png": "", "text/plain": repr(figure)}
        return nbformat.v4.new_output("display_data", data)

    low, high = draw("4_low", 2, "low"), draw("4_high", 3.337, "high")
    twin, grey = draw("4_twin", 3.337, "twin"), draw("4_low_grey", 2, "low")
    assert cells.read_figures(tmp_path) == []  # none is listed
    listed = [json.loads(path.read_text("utf-8")) for path in sorted(tmp_path.glob("4_*.json"))]
    (tmp_path / "captions.json").write_text(json.dumps(listed), encoding="utf-8")
    draw("4_stale", 2, "of an earlier plan")
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


def test_figures_come_in_the_order_of_reading_and_without_those_of_an_earlier_plan(tmp_path):
    names = [
        "1_composition",
        "1_flow",
        "1_missing",
        "4_agreement",
        "4_model_wide",
        "4_other",
        "4_share_a",
    ]
    listed = [{"file": f"{name}.svg", "results": []} for name in names]
    listed[-1]["results"] = ["s.gone.yes"]
    (tmp_path / "captions.json").write_text(json.dumps(listed), encoding="utf-8")

    def shown(results):
        return [words["file"][:-4] for words in pages.shown_figures(tmp_path, results)]

    first = ["4_model_wide", "1_flow", "1_composition", "1_missing"]
    assert shown(None) == [*first, "4_share_a", "4_agreement", "4_other"]
    assert shown(["s.other.yes"]) == [*first, "4_agreement", "4_other"]
    (tmp_path / "captions.json").write_text('{"a": 1}', encoding="utf-8")
    with pytest.raises(ValueError, match=r"captions\.json: no list of figures .* run make again"):
        shown(None)


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


def test_intervals_in_tables_do_not_break():
    row = "<td>7.6 to 21.4</td><td class='x'>0.62 (−0.48 to 1,000.7)</td><td>from 3 to 4</td>"
    made = notebook_pages.accessible(f"<table><thead></thead><tbody><tr>{row}</tr></tbody></table>")
    assert made.count('<span class="interval">') == 2
    assert "<td>from 3 to 4</td>" in made


def cited(study):
    """The page of a study, and whether it is about the publications of the citation file."""
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    folder, published = ROOT / "data" / study, ROOT / "data" / "published.csv"
    claims = load_claims(folder / "claims.yml", published)
    about = front.about_references(citation, claims, load_published(published))
    instrument = read_instrument(folder / "survey.yml")
    return html.unescape(front.citation_page(citation, instrument, about)), citation, instrument


def test_another_study_is_cited_as_itself():
    page, citation, instrument = cited("anes96")
    assert instrument.title in page
    assert "Perkins" not in page
    assert "poster" not in page
    assert citation["title"] in page  # for the methods


def test_the_citation_page_says_what_the_file_says():
    page, citation, _ = cited("microcredentials")
    assert "CC-BY" not in page
    assert "Perkins, Pryor, Tierney & Thornton. *Micro-credentials" in page
    assert "12(1), 24–38. [doi 10.21153/jtlge2021vol12no1art1027]" in page
    assert citation["title"] in page
