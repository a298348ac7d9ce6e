"""Pages as text: what they must hold, and that no text out of a file is ever markup."""

import html
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

from compendium.audit.claims import load_claims
from compendium.audit.published import read_published
from compendium.coding.codebook import Change, Codebook, read_codebook
from compendium.figures.style import WARM
from compendium.files import write_json
from compendium.lessons.table import EXERCISES
from compendium.publishing import statements
from compendium.publishing.site import explorer, home, pages, reference, themes
from compendium.publishing.site.sphinx_extension import accessible
from compendium.survey.instrument import read_instrument
from compendium.wording import KINDS

ROOT = Path(__file__).parents[2]
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


LIGHT = {
    "compendium.publishing.pdf, compendium.publishing.site.build": {"pandas", "scipy", "matplotlib"},
    "compendium.audit.provenance, compendium.audit.claims": {"pandas", "scipy", "matplotlib"},
    "compendium.coding.themes, compendium.disclosure.counts": {"scipy", "matplotlib"},
}


@pytest.mark.parametrize("modules", LIGHT)
def test_what_computes_nothing_starts_without_tables_and_statistics(modules):
    """Loading them takes longer than making a PDF, the trail, or what is withheld of open data."""
    loaded = subprocess.run(
        [sys.executable, "-c", f"import {modules}, sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert not LIGHT[modules] & set(loaded.stdout.split())


def harmless(page, times=1):
    """The hostile text is shown, and nothing of it is a tag or an attribute; returns what is seen."""
    assert html.unescape(page).count(HOSTILE) >= times, page
    # The alternative text is an option of a directive, which Sphinx escapes.
    made = seen("\n".join(line for line in page.splitlines() if not line.startswith(":alt:")))
    others = [tag for tag, attrs in made.tags if not str(attrs.get("src")).startswith("papers/")]
    assert not {"img", "script"} & set(others)
    assert not any(name.startswith("on") for _, attrs in made.tags for name in attrs)
    for part in page.split("<dl")[1:] + page.split("<table")[1:]:  # a blank line would end the HTML
        assert "\n\n" not in part.partition("</dl>")[0].partition("</table>")[0]
    for line in page.splitlines():  # in Markdown, every sign that means something is an entity
        if not line.startswith(("<", ":alt:")):
            assert "{raw}" not in line
            assert "**b**" not in line
    return made


def test_hostile_text_stays_text_on_every_page():
    code = {"id": "c", "name": HOSTILE, "definition": HOSTILE, "include": HOSTILE, "exclude": HOSTILE,
            "examples": [HOSTILE]}  # fmt: skip
    theme = {"id": "t", "name": HOSTILE, "definition": HOSTILE, "codes": [code]}
    book = Codebook.model_validate({"title": HOSTILE, "unit": HOSTILE, "themes": [theme]})
    harmless(pages.codebook_page(book, synthetic=True), 6)

    study = read_instrument(ROOT / "data" / "microcredentials" / "survey.yml")
    words = {"title": HOSTILE, "about": HOSTILE, "reconstruction": HOSTILE, "licence": HOSTILE}
    label = {"label": HOSTILE, "value": HOSTILE}
    choices = [option.model_copy(update=label) for option in study.item("interest").options]
    options = {"question": HOSTILE, "options": choices}
    items = [item.model_copy(update=options) if item.id == "interest" else item for item in study.items]
    section = study.sections[0].model_copy(update={"title": HOSTILE})
    plan = [study.plan[0].model_copy(update={"question": HOSTILE})]
    changed = study.model_copy(
        update=words | {"items": items, "sections": [section, *study.sections[1:]], "plan": plan}
    )
    harmless(pages.dictionary_page(changed), 6)

    claim = {"id": "a.b", "statement": HOSTILE, "source": HOSTILE, "published": HOSTILE, "why": HOSTILE,
             "computed": HOSTILE, "status": "consistent"}  # fmt: skip
    harmless(pages.audit_page([claim], [], {}), 5)
    figure = {"file": "4_a.svg", "title": HOSTILE, "base": HOSTILE, "alt": HOSTILE, "caption": HOSTILE,
              "notebook": "4_figures", "results": []}  # fmt: skip
    harmless(pages.figures_page([figure], {"4_figures"}), 2)
    ways = {"exercises": {"a.html": HOSTILE}, "tables": {"b.html": HOSTILE}}
    first = home.home_page(
        changed, {"sample.n": {"value": 9}}, [claim], [], {}, {"1_a.ipynb": HOSTILE},
        {"audit.md": "Audit"}, [figure], ways,
    )  # fmt: skip
    harmless(first, 5)
    entry = {"title": HOSTILE, "authors": [{"name": HOSTILE}], "notes": HOSTILE, "version": HOSTILE,
             "license": ["MIT", "CC-BY-4.0"], "message": HOSTILE}  # fmt: skip
    made_with = {"python": HOSTILE, "packages": [HOSTILE], "commit": HOSTILE}
    harmless(pages.citation_page(entry, changed, False, made_with), 7)


def test_a_table_has_headings_with_scope_in_a_box_that_takes_the_focus():
    claim = {"id": "a.b", "statement": "s", "source": "t", "published": "7", "computed": "9",
             "why": "w", "status": "consistent"}  # fmt: skip
    made = seen(pages.audit_page([claim], [], {}))
    box = {"class": "scroll", "role": "group", "tabindex": "0"}
    assert made.tags[0] == (
        "div",
        box | {"aria-label": "Table: published statements and how they fared"},
    )
    assert [attrs["scope"] for tag, attrs in made.tags if tag == "th"] == ["col"] * 4 + ["row"]


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


def test_the_codebook_page_says_what_became_of_codes_of_the_past():
    book = read_codebook(ROOT / "data" / "microcredentials" / "codebook.yml")
    change = {"date": "2024-08-01", "change": "merged", "codes": ["fees", "loans"], "into": ["cost"],
              "reason": "<b>one</b> thing | two"}  # fmt: skip
    page = pages.codebook_page(book.model_copy(update={"history": [Change(**change)]}))
    assert "<b>one</b>" not in page
    shown = " ".join(seen(page).text.split())
    assert "2024-08-01 merged fees, loans Cost and funding <b>one</b> thing | two" in shown


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
    page = seen(pages.dictionary_page(read_instrument(study / "survey.yml")))
    header = (study / "responses.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    words = set(page.text.split())
    # Who answered, which invitation, and where the row is from are no questions.
    assert set(header) - words <= {"respondent", "invitation", "provenance", "started", "finished"}
    about = page.text.split("In which areas?")[1].split("How urgent")[0]
    assert "those who chose “Yes” or “Maybe” in interest" in " ".join(about.split())


def test_the_dictionary_of_the_second_study_shows_values_and_limits():
    text = seen(pages.dictionary_page(read_instrument(ROOT / "data" / "anes96" / "survey.yml"))).text
    assert "Democrats" in text
    assert "a number from 0 to 7" in text
    assert "selfLR" in text


def test_teachers_find_aims_and_times_and_no_solution():
    page = seen(pages.teachers_page([f"{k} · {HOSTILE}" for k in range(1, 7)]))
    assert "320 minutes in all" in page.text
    for one in EXERCISES.values():
        assert one.aim in page.text
        assert one.why not in page.text
    assert page.text.count("lesson-anna") > 2


def test_what_others_asked_is_mapped_and_never_one_series():
    """Every figure under its question, with n or that there is none, and what is not settled."""
    published = read_published(ROOT / "data" / "published.csv")
    first = next(iter(published.values()))
    hostile = first._replace(id="x", wording=HOSTILE, note=HOSTILE, confidence="uncertain")
    page = harmless(pages.published_page(published | {"x": hostile}, {"poster_not_familiar"}), 2)
    for row in published.values():
        assert row.wording in page.text, row.id
    assert page.text.count("n not stated") == sum(row.n is None for row in published.values())
    assert page.text.count("not settled") == 1
    leads = {attrs["href"][1:] for tag, attrs in page.tags if tag == "a"}
    assert leads == {attrs["id"] for tag, attrs in page.tags if tag == "li"}
    kinds = [attrs.get("class") for tag, attrs in page.tags if tag == "td" and attrs.get("class")]
    assert kinds.count("published") == 1
    assert kinds.count("others") == len(published)


def test_every_audited_statement_leads_to_the_cell_that_computed_it():
    study = ROOT / "data" / "anes96"
    claims = load_claims(study / "claims.yml", ROOT / "data" / "published.csv")
    audit = [
        {"id": claim.id, "statement": claim.statement, "source": claim.source, "published": "944",
         "computed": "944", "status": "reproduced", "why": "944 is possible."}
        for claim in claims
    ]  # fmt: skip
    links = {claim.result: f"1_responses.html#cell-{claim.result}" for claim in claims}
    page = pages.audit_page(audit, claims, links)
    heads = [head for head in ("Statement", "Status, and why", "Published", "Computed")]
    assert [page.index(f">{head}</th>") for head in heads] == sorted(
        page.index(f">{x}</th>") for x in heads
    )
    assert ">Computed from synthetic answers</th>" in pages.audit_page(audit, claims, links, True)
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
    found = home.headlines(instrument, results, audit, [], {"sample.n": "1_responses.html"})
    assert [line["shown"] for line in found] == ["944", "40.2%", "2"]
    assert found[0]["what"] == "voters analysed"
    assert "380 of 944 voters; interval 37.2 to 43.4 (Wilson)." in found[1]["how"]
    assert found[2]["what"] == "published statements audited, 1 of them failed"


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
    (card,) = home.headlines(instrument, results, [], [], {})
    asked = next(q.question for q in instrument.plan if q.method == "share")
    assert (card["shown"], card["how"]) == (shown, f"{asked} {said}".strip())


def test_the_audit_never_calls_a_withheld_value_a_number():
    result = {"value": None, "unit": "percent", "note": "few", "withheld": "<5"}
    audit = [
        {"id": "a.b", "statement": "s", "source": "t", "published": None, "computed": {"s.x": result},
         "status": "qualitative", "why": "w"}
    ]  # fmt: skip
    page = pages.audit_page(audit, [], {})
    assert "no number shown" in page
    assert "– percent" not in page


def test_what_was_published_and_what_is_synthetic_stand_in_two_frames():
    """The percent that was stated stands in the first; what was made to match it says so in its own."""
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
    found = home.headlines(instrument, results, audit, claims, {})
    assert [line["shown"] for line in found] == ["92", "13.0%", "1"]
    assert (found[0]["what"], found[0]["how"]) == ("employers analysed", "Of 97 rows received.")
    assert found[1]["how"].endswith("Made to match the published 13%.")
    # Without an audit that found it matched, it is a number like others.
    assert "Made to" not in home.headlines(instrument, results, [], claims, {})[1]["how"]
    ways = {"exercises": {}, "tables": {}}
    page = home.home_page(instrument, results, audit, claims, {}, {}, {}, [], ways)
    published, _, computed = page.partition('<div class="kind synthetic">')
    assert ">92</a>" in published
    assert ">13%</a>" in published
    assert "13.0%" not in published
    assert published.lower().count("synthetic") <= 1  # the heading of the next frame names no kind
    assert computed.count('class="kind-name synthetic">Synthetic<') == 1
    only_words = [claim for claim in claims if not claim.result]  # as a lesson's
    page = home.home_page(instrument, results, [], only_words, {}, {}, {}, [], ways)
    assert '<div class="kind published">' in page
    assert "{index}" not in page


def test_a_collected_study_never_says_synthetic():
    instrument = read_instrument(ROOT / "data" / "anes96" / "survey.yml")
    claims = load_claims(ROOT / "data" / "anes96" / "claims.yml", ROOT / "data" / "published.csv")
    assert home.finding(instrument, claims) is None
    results = {"vote.intended.dole": {"value": 41.6, "unit": "percent", "count": 393, "base": 944}}
    ways = {"exercises": {}, "tables": {}}
    shown = home.home_page(instrument, results, [], claims, {}, {}, {}, [], ways)
    shown += explorer.explorer_page(instrument, results)
    assert "synthetic" not in shown.lower()
    assert "393 of 944" in shown


def test_the_explorer_holds_released_shares_only_and_its_texts_cannot_leave_their_block():
    instrument = read_instrument(ROOT / "data" / "anes96" / "survey.yml")
    label = {"label": "</script><img src=x onerror=hit()>"}
    items = [
        item.model_copy(update={"options": [x.model_copy(update=label) for x in item.options]})
        for item in instrument.items
    ]
    changed = instrument.model_copy(update={"items": items})
    results = {
        "vote.intended.dole": {"value": 6.25, "unit": "percent", "count": 1, "base": 16},
        "vote.intended.clinton": {"value": None, "unit": "percent", "note": "few", "withheld": "<5"},
        "sample.n": {"value": 16, "unit": "count"},
    }  # fmt: skip
    (asked,) = explorer.questions(changed, results)
    rows = asked["tables"][""]["rows"]
    assert [(row["id"], row["shown"], row["n"]) for row in rows] == [
        ("vote.intended.dole", "6.2%", "1 of 16"), ("vote.intended.clinton", "withheld (<5)", "–"),
    ]  # fmt: skip
    assert "value" not in rows[1]
    page = explorer.explorer_page(changed, results)
    assert page.count("</script>") == 2
    assert "<img" not in page


def test_tables_of_notebooks_get_scopes_and_a_box():
    frame = (
        '<div>\n<style scoped>x {}</style>\n<table border="1" class="dataframe x">\n<thead><tr>'
        '<th></th><th>Count</th></tr></thead><tbody><tr><th rowspan="2">a</th><th>b</th>'
        "<td>1</td></tr></tbody></table></div>"
    )
    made = seen(accessible(frame))
    assert [attrs["scope"] for tag, attrs in made.tags if tag == "th"] == ["col", "rowgroup", "row"]
    box = dict(made.tags)["div"]
    assert (box["tabindex"], box["aria-label"]) == ("0", "Table: Count")
    own = '<div class="scroll" tabindex="0"><table><thead></thead></table></div>'
    assert accessible(own) == own
    sheet = accessible('<table class="gt_table"><thead><tr><th>A</th></tr></thead></table>')
    assert 'class="scroll sheet"' in sheet


def test_columns_of_tables_say_what_they_hold_so_that_texts_stand_left_and_numbers_right():
    said = "Cochran–Armitage (trend) of the two ordered answers"
    rows = [("How many people does your organisation employ?", said, "12 of 92", "&lt;5", "η = 0.1"),
            ("b", "Fisher", "<b>−4.0</b> (n = 1,017)", "7.6% to 21.4%", "–")]  # fmt: skip
    body = "".join(
        f"<tr><th>{name}</th><td>{'</td><td>'.join(cells)}</td></tr>" for name, *cells in rows
    )
    for opening in ("", '<div class="scroll">'):
        heads = "".join(f"<th>{name}</th>" for name in "qabcd")
        table = f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
        made = seen(accessible(opening + table)).tags
        kinds = [attrs.get("data-kind") for tag, attrs in made if tag in ("th", "td")]
        held = ["long", "number", "number", None]
        assert kinds == [None, *held, None, *held, None, *held]
        assert dict(made)["table"]["data-rows"] == "long"


def test_intervals_in_tables_do_not_break():
    row = "<td>7.6 to 21.4</td><td class='x'>0.62 (−0.48 to 1,000.7)</td><td>from 3 to 4 of them</td>"
    made = accessible(f"<table><thead></thead><tbody><tr>{row}</tr></tbody></table>")
    assert made.count('<span class="interval">') == 2
    assert "<td>from 3 to 4 of them</td>" in made


def test_in_a_table_of_texts_each_cell_says_its_head():
    cells = "<td>a reason that takes many words</td><td>another one, as long as that</td><td>12</td>"
    heads = "<thead><tr><th>Why &amp; how</th><th>But</th><th>n</th></tr></thead>"
    made = accessible(f"<table>{heads}<tbody><tr>{cells}</tr></tbody></table>")
    tags = seen(made).tags
    assert [attrs.get("data-head") for tag, attrs in tags if tag == "td"] == ["Why & how", "But", "n"]
    assert dict(tags)["table"]["data-cells"] == "texts"
    named = f"<th>a statement that somebody published</th>{cells.partition('</td>')[2]}"
    made = accessible(f"<table>{heads}<tbody><tr>{named}</tr></tbody></table>")
    assert [attrs.get("data-head") for tag, attrs in seen(made).tags if tag == "td"] == ["But", "n"]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("70.6 (n = 17)", '<span class="interval">70.6 (n = 17)</span>'),
        ("use.values.by_size.more", "use.<wbr>values.<wbr>by_<wbr>size.<wbr>more"),
        ("coder_a", "coder_a"),
        ("0.352", "0.352"),
        ("97%\nof 73", "97%\nof 73"),
        ("a &lt;b&gt; of seven words and more", "a &lt;b&gt; of seven words and more"),
        ("x" * 30, "x" * 24 + "<wbr>" + "x" * 6),
        (
            "<code>many_night_buses_at_night</code>",
            "<code>many_<wbr>night_<wbr>buses_<wbr>at_<wbr>night</code>",
        ),
        (f'<a href="{"y" * 30}">z</a>', f'<a href="{"y" * 30}">z</a>'),
    ],
)
def test_cells_break_where_a_reader_would(cell, shown):
    made = accessible(f"<table><thead></thead><tbody><tr><td>{cell}</td></tr></tbody></table>")
    assert f"{shown}</td>" in made


MADE_WITH = {"python": "3.12.1", "packages": ["pandas 3.1", "scipy 1.18"], "commit": "abc123"}


def cited(study):
    """The page of a study, and whether it is about the publications of the citation file."""
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    folder, published = ROOT / "data" / study, ROOT / "data" / "published.csv"
    claims = load_claims(folder / "claims.yml", published)
    about = statements.subject_of(citation, claims, read_published(published))
    instrument = read_instrument(folder / "survey.yml")
    page = pages.citation_page(citation, instrument, about, MADE_WITH)
    return html.unescape(page), citation, instrument


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
    assert "Made with Python 3.12.1, pandas 3.1, scipy 1.18, from commit abc123." in page
    assert citation["title"] in page


def test_reference_pages_say_what_the_source_says_and_never_run_it(tmp_path):
    package = tmp_path / "words"
    package.mkdir()
    (package / "__init__.py").write_text('"""Words."""', encoding="utf-8")
    source = (
        '"""About ``this``."""\n\nraise SystemExit("run")\n\n\n'
        'def open_it(name, *, wide=(1, 2)):\n    """Open.\n\n    Parameters\n    ----------\n'
        '    name : str\n        Of it.\n    """\n\n\n'
        'def _inner():\n    """Hidden."""\n\n\n'
        'class It:\n    """One."""\n\n    @property\n    def size(self):\n        """Large."""\n\n'
        '    def say(self, what):\n        """Say."""\n\n    def silent(self):\n        return 1\n'
    )
    (package / "first.py").write_text(source, encoding="utf-8")
    found = reference.reference_pages(package, "# A guide")
    assert list(found) == ["reference.md", "words.first.md"]
    assert found["reference.md"].startswith("# A guide\n")
    assert "- [first](words.first.md): About `this`." in found["reference.md"]
    page = found["words.first.md"]
    for entry in ("function:: open_it(name, *, wide=(1, 2))", "class:: It", "property:: It.size",
                  "method:: It.say(what)", ":param name: Of it."):  # fmt: skip
        assert entry in page
    assert "inner" not in page
    assert "silent" not in page


def test_the_language_of_the_notebooks_takes_few_pages():
    assert len(reference.reference_pages(ROOT / "src" / "helpers", "")) <= 10


def test_the_audit_says_what_became_of_the_plan_and_which_claims_lean_on_a_changed_question():
    row = {"id": "a.b", "statement": "Half ride", "status": "consistent", "why": "", "source": "x",
           "published": "50%", "computed": None}  # fmt: skip
    lines = ["Plan frozen on 2026-03-01; 1 exploratory since.", "riders: exploratory, <b>no</b> reason"]
    page = pages.audit_page([row | {"exploratory": True}], [], {}, plan=lines)
    assert "Exploratory: the question was changed" in page
    assert "frozen on 2026" in page
    assert "<b>" not in page
    assert "changed" not in pages.audit_page([row], [], {}, plan=lines[:1])


def test_a_theme_page_holds_what_was_released_and_escapes_it(tmp_path):
    code = {"name": HOSTILE, "definition": HOSTILE}
    first = code | {"id": "c", "instead": ["d"]}
    theme = {"id": "t", "name": HOSTILE, "definition": HOSTILE, "argument": HOSTILE}
    book = Codebook.model_validate(
        {"title": HOSTILE, "themes": [theme | {"codes": [first, code | {"id": "d"}]}]}
    )
    study = read_instrument(ROOT / "data" / "microcredentials" / "survey.yml")
    results = {
        "themes.t.respondents": {"value": 40.0, "unit": "percent", "count": 8, "base": 20},
        "themes.t.c": {"value": None, "unit": "percent", "withheld": "<5"},
        "themes.t.respondents.by.size.micro": {
            "value": 30.0,
            "unit": "percent",
            "count": 6,
            "base": 20,
        },
    }
    assert themes.theme_pages(study, results, book, tmp_path) == {}
    write_json(
        tmp_path / "3_quotations.json", [{"theme": HOSTILE, "quotation": HOSTILE, "codes": HOSTILE}]
    )
    write_json(tmp_path / "3_contrasts.json", [{"code": "c", "instead": "d", "text": HOSTILE}])
    (tmp_path / "3_cooccurrence.csv").write_text("result,code_a,code_b,count,base,shown\n,c,d,,,…\n")
    made = themes.theme_pages(study, results, book, tmp_path)
    shown = harmless(made["theme_t.md"], 7).text
    assert "8 of 20" in shown
    assert "6 of 20" in shown
    assert "withheld (<5)" in shown
    assert "said together" not in shown  # its only pair is withheld
    listed = pages.codebook_page(book, themes=made)
    assert "theme_t.html" in listed
    assert "theme_t.html" not in pages.codebook_page(book)


def test_a_kind_of_number_has_one_colour_on_site_poster_and_figures():
    style = (ROOT / "report" / "site" / "static" / "site.css").read_text(encoding="utf-8")
    for kind, (_, _, colour) in KINDS.items():
        assert f"--{kind}: light-dark({colour}, " in style
    assert KINDS["synthetic"][2] == WARM


def test_a_figure_keeps_its_room_before_it_is_there(tmp_path):
    (tmp_path / "a.svg").write_text('<svg viewBox="0 0 200 100"></svg>', encoding="utf-8")
    page = accessible('<img src="_images/a.svg" alt="A"><img src="_images/b.svg" alt="B">', tmp_path)
    assert page.count("aspect-ratio: 1 / 0.5") == 1


def test_the_model_is_one_figure_in_two_layouts_of_which_a_screen_shows_one():
    drawn = {"title": "T", "base": "", "alt": "A", "caption": "C", "notebook": "4_figures"}
    names = ("4_model_column", "4_model_wide", "4_model_wide_grey", "4_by_size_wide")
    page = pages.figures_page([drawn | {"file": f"{name}.svg"} for name in names], {"4_figures"})
    assert (page.count("## T"), page.count("```{figure}")) == (2, 3)
    assert (page.count(":figclass: stages-column"), page.count(":figclass: stages-wide")) == (1, 1)


def test_a_picture_can_be_read_in_words_and_a_thumbnail_needs_none():
    page = accessible(
        '<a href="x"><img src="_images/a.svg" alt="Yes: 4 &lt; 5"></a> <img src="papers/p.png" alt="P">'
    )
    assert page.count("<details") == 1
    assert page.index("</a>") < page.index("<p>Yes: 4 &lt; 5</p>") < page.index("papers/p.png")


def test_the_readme_s_links_into_the_repository_become_paths_on_the_site():
    said = "See [how](data/README.md), [docs](https://a.example)."
    readme = f"# x\n## Your own survey\n{said}\n### Many\n## Next\n"
    told = home.own_survey(readme)
    assert "See how: `data/README.md`, [docs](https://a.example)." in told
    assert "Next" not in told
    assert told.endswith("\n## Many")
