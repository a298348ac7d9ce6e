"""Poster, handout and report: the right numbers, one page, tags, and hostile text that only shows.

They are set from what `make all` wrote, in a copy that each test may spoil. Figures are only outlined
there: what they show is tested elsewhere, and reading their paths takes longer than all else. What make
left with all figures is set once more, byte by byte.
"""

import functools
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pypdf
import pytest
from printing import printed

from compendium.audit.published import read_published
from compendium.coding.codebook import read_codebook
from compendium.files import read_json
from compendium.models import read_yaml
from compendium.publishing import poster
from compendium.publishing.notebooks import answers
from compendium.publishing.pdf import PAGES, build_pdfs, typeset
from compendium.publishing.pictures import printed_figures
from compendium.publishing.statements import bibliography_keys, cited
from compendium.results import read_results
from compendium.survey.instrument import read_instrument
from compendium.wording import KINDS

ROOT = Path(__file__).parents[2]

STUDY = "microcredentials"
BUILT = ROOT / "build" / STUDY
BIBLIOGRAPHY = (ROOT / "report" / "references.bib").read_text(encoding="utf-8")
HOSTILE = "#panic() $x$ @a ] *b* _i_ \\ // /* \"q\" 'q' `r` <label> <script>"
each_page = pytest.mark.parametrize("page", PAGES)


def copy(folder):
    """All that the pages of the default study are made of."""
    shutil.copytree(ROOT / "data", folder / "data")
    shutil.copytree(ROOT / "report" / "poster", folder / "report" / "poster")
    shutil.copytree(ROOT / "figures" / STUDY, folder / "figures" / STUDY)
    for part in ("results", "tables", "notebooks"):
        shutil.copytree(BUILT / part, folder / "build" / STUDY / part)
    shutil.copy(ROOT / "report" / "references.bib", folder / "report")
    shutil.copy(ROOT / "CITATION.cff", folder)
    return folder


def outlined(folder):
    """A copy whose figures have their size and nothing in it."""
    copy(folder)
    for path in (folder / "figures" / STUDY).glob("*.svg"):
        (opening,) = re.findall("<svg.*?>", path.read_text(encoding="utf-8"), re.DOTALL)
        path.write_text(f"{opening}</svg>", encoding="utf-8")
    return folder


def built(folder, *pages):
    """The PDFs as bytes by page, all or those that are named."""
    return printed(folder, STUDY, pages or PAGES)


@pytest.fixture(scope="module")
def pdfs(tmp_path_factory):
    return built(outlined(tmp_path_factory.mktemp("default")))


@pytest.fixture
def spoiled(tmp_path):
    return outlined(tmp_path)


def reader(pdf):
    return pypdf.PdfReader(io.BytesIO(pdf))


def squeezed(text):
    """Without white space and marks of a broken word, which depend on where lines end."""
    return re.sub(r"[\s\u200b\u00ad]+", "", text)


@functools.cache
def pages_of(pdf):
    """The text of each page; reading figures that are drawn as paths takes its time."""
    return [squeezed(page.extract_text()) for page in reader(pdf).pages]


def text_of(pdf):
    return "".join(pages_of(pdf))


def figures():
    """The words of the figures that are printed."""
    return printed_figures(ROOT / "figures" / STUDY, None)


def change(path, edit):
    """Edit a JSON or YAML file in place."""
    loaded = read_json(path) if path.suffix == ".json" else read_yaml(path)
    edit(loaded)
    path.write_text(json.dumps(loaded, ensure_ascii=False), encoding="utf-8")  # JSON is YAML too


# ---- what stands on the pages


@each_page
def test_a_paper_names_the_results_that_it_shows(pdfs, page):
    named = reader(pdfs[page]).metadata["/Keywords"].split(", ")
    assert {"sample.n", "familiarity.concept.not_familiar"} <= set(named)
    assert set(named) <= set(read_results(BUILT / "results"))


@each_page
def test_the_headline_is_the_published_one_and_beside_it_what_was_computed(pdfs, page):
    """92 and 13% as the poster states them; the rest recomputed here from count and base."""
    result = read_results(BUILT / "results")["familiarity.concept.not_familiar"]
    assert (result["count"], result["base"]) == (12, 92)
    assert round(100 * 12 / 92) == 13
    text = text_of(pdfs[page])
    assert squeezed("13% of the employers were not familiar with the concept") in text
    assert "Published:13%of92" in text
    if page == "report":
        assert squeezed("13.0%, 12 of 92 employers (interval 7.6 to 21.4)") in text
        assert (round(result["low"], 1), round(result["high"], 1)) == (7.6, 21.4)


def test_bars_carry_the_numbers_of_the_results(pdfs):
    results = read_results(BUILT / "results")
    text = text_of(pdfs["handout"])
    expected = {
        "Not familiar": "familiarity.concept.not_familiar",
        "Very familiar": "familiarity.concept.very",
        "Use in recruitment": "themes.recruitment.respondents",
        "Barriers": "themes.barriers.respondents",
        "At least one value item": "persuade.factors.value_items",
        "Workforce trends": "codevelopment.areas.workforce_trends",
    }
    for label, id in expected.items():
        percent = f"{100 * results[id]['count'] / results[id]['base']:.0f}%"
        assert squeezed(label + percent) in text, label


def test_the_poster_sets_numbers_beside_words(pdfs):
    """Chosen and written in percent, from the counts that chapter 3 leaves; and the fit."""
    text = text_of(pdfs["poster"])
    rows = read_json(BUILT / "tables" / "3_joint_display.json")
    assert len(rows) == 5
    for row in rows:
        chosen, said = (100 * row[of]["count"] / row[of]["base"] for of in ("chosen", "said"))
        assert squeezed(f"{row['topic']}{chosen:.0f}%{said:.0f}%{row['fit']}") in text, row["topic"]


@each_page
def test_table_1_has_each_share_its_interval_and_base(pdfs, page):
    """On the poster in brief: shares alone."""
    (path,) = (BUILT / "tables").glob("4_table1_value_*.csv")
    first = path.read_text(encoding="utf-8").splitlines()[1]
    statement = first.split(",")[0]
    results = read_results(BUILT / "results")
    text = text_of(pdfs[page])
    row = squeezed(statement)
    for end in ("agrees", "agrees.by.concept.less", "agrees.by.concept.more"):
        found = results[f"upskilling.value.business.{end}"]
        row += f"{found['value']:.0f}%"
        if page != "poster":
            row += f"{found['low']:.0f}to{found['high']:.0f}n={found['base']}"
    assert row in text


def withhold_other(spoiled):
    """Spoil a copy: few chose *Other* among the areas."""

    def withhold(results):
        secret = {"value": None, "unit": "percent", "base": 63, "withheld": "<5"}
        results["codevelopment.areas.other"] = secret

    change(spoiled / "build" / STUDY / "results" / "2_familiarity.json", withhold)


def test_withheld_numbers_are_shown_as_withheld(spoiled):
    withhold_other(spoiled)
    assert "Otherwithheld(<5)" in text_of(built(spoiled, "handout")["handout"])


def withhold_headline(spoiled):
    """Spoil a copy: the planned share is withheld, and nothing was published of it."""

    def withhold(results):
        for id in [id for id in results if id.startswith("familiarity.concept.not_familiar")]:
            results[id] = {"value": None, "unit": "percent", "base": 92, "withheld": "<5"}

    change(spoiled / "build" / STUDY / "results" / "2_familiarity.json", withhold)
    (spoiled / "data" / STUDY / "claims.yml").unlink()
    (spoiled / "build" / STUDY / "results" / "claims.json").unlink()


def test_a_withheld_headline_is_withheld_everywhere_and_in_no_larger_letters_than_a_heading(spoiled):
    """The only planned share is withheld: no banner of letters as high as a hand."""
    withhold_headline(spoiled)
    made = built(spoiled)
    for page, pdf in made.items():
        text = text_of(pdf)
        assert "withheld(<5)" in text, page
        assert "nobodyanswered" not in text
        assert "12of92" not in text.replace("Notfamiliar:12of92", ""), page  # notebook 2's answer
    pieces = words_with_sizes(made["poster"])
    said = [size for text, size, *_ in pieces if text.strip() == "withheld (<5)"]
    title = max(size for text, size, *_ in pieces if "research" in text)
    assert said
    assert max(said) <= 1.1 * title


def test_a_share_that_is_shown_takes_the_place_of_one_that_is_withheld():
    instrument = read_instrument(ROOT / "data" / STUDY / "survey.yml")
    first = next(q for q in instrument.plan if q.method == "share")
    second = first.model_copy(update={"id": "second", "item": "interest", "of": "yes"})
    both = instrument.model_copy(update={"plan": [first, second]})
    results = {
        "familiarity.concept.not_familiar": {"value": None, "unit": "percent", "withheld": "<5"},
        "codevelopment.interest.yes": {"value": 44.2, "unit": "percent", "count": 38, "base": 86},
    }
    assert poster.headline(both, results)["big"] == "44%"
    results["codevelopment.interest.yes"] = {
        "value": None,
        "unit": "percent",
        "note": "nobody answered",
    }
    shown = poster.headline(both, results)
    assert (shown["big"], shown["seen"], shown["count"], shown["interval"]) == (
        "withheld (<5)", False, "", ""
    )  # fmt: skip


def test_numbers_of_the_synthetic_file_are_called_so_and_those_of_collected_answers_are_not():
    instrument = read_instrument(ROOT / "data" / STUDY / "survey.yml")
    results = read_results(BUILT / "results")
    themes = read_codebook(ROOT / "data" / STUDY / "codebook.yml").themes

    def said(provenance):
        asked = instrument.model_copy(update={"provenance": provenance})
        lines = poster.method(asked, results, themes, ["wilson", "holm"])
        return {line["word"]: line["sentence"] for line in lines if line["made"]}, lines

    made, _ = said("synthetic")
    assert made["Counted"].startswith("In the synthetic file: 92 employers of 97 rows.")
    assert made["Read"].startswith("In the synthetic file: 224 invented open answers")
    made, lines = said("collected")
    assert not made
    assert "synthetic" not in str(lines)
    assert "invented" not in str(lines)


@each_page
def test_no_made_up_table_or_answer_passes_for_the_posters(pdfs, page):
    text = text_of(pdfs[page])
    assert "(Table1)" not in text
    assert "Table1,illustrative" in text
    if page == "report":
        assert "Computedfromsynthetic" in text
    if page == "handout":
        assert "Inventedanswers,writtenforthiscompendium." in text
    title, by = text.index("aresearchcompendium"), text.index("aftertheposterbyPerkins")
    assert title < by < text.index("13%of")


def test_titles_name_the_compendium(pdfs):
    for made in pdfs.values():
        assert reader(made).metadata.title == "Employers and micro-credentials: a research compendium"


def test_tables_follow_the_plan_and_leave_out_what_is_no_longer_in_it(tmp_path):
    """Files of old questions, of one whose id starts like a planned one, and outcomes not asked for."""
    instrument = read_instrument(ROOT / "data" / STUDY / "survey.yml")
    plan = [q for q in instrument.plan if q.id == "value_by_familiarity"]
    of = {"of": ["strongly_agree", "agrees"]}
    plan.append(plan[0].model_copy(update={"id": "value_by_familiarity_two"} | of))
    changed = instrument.model_copy(update={"plan": plan})
    table = {"base": "", "notes": [], **columns([]), "rows": []}
    start = "4_table1_value_by_familiarity"
    for name in ("_concept", "_concept_agrees", "_two_concept_agrees", "_two_concept_strongly_agree",
                 "_two_concept", "_old_concept", "_concept_2"):  # fmt: skip
        path = tmp_path / f"{start}{name}.json"
        path.write_text(json.dumps(table | {"title": name}), encoding="utf-8")
    titles = [shown["title"] for shown in poster.tables(changed, tmp_path, [])]
    assert titles == ["_concept", "_two_concept_strongly_agree", "_two_concept_agrees"]


def columns(groups):
    """Groups and columns of a Table 1, as chapter 4 writes them."""
    parts = [(None, "statement")]
    parts += [(group, what) for group in groups for what in ("percent", "interval", "n")]
    parts += [(None, "effect"), (None, "p")]
    return {"groups": groups, "columns": [{"group": group, "what": what} for group, what in parts]}


def rows_of(pdf, start):
    """Pieces of the row of a table that starts so, on the first page: where in points, text, size."""
    pieces = words_with_sizes(pdf, 1)
    (first,) = [piece for piece in pieces if piece[0].startswith(start)]
    width = float(reader(pdf).pages[0].mediabox[2])
    near = [p for p in pieces if abs(p[3] - first[3]) < 0.008 and p[2] >= first[2]]
    return sorted((x * width, text.strip(), size) for text, size, x, _ in near)


@pytest.mark.parametrize(("page", "groups"), [("poster", 3)] + [("handout", k) for k in (3, 4, 5, 7)])
def test_no_cell_of_a_table_runs_into_the_next(spoiled, page, groups):
    """Whatever the number of groups; cells that hold all are given up before they touch."""
    (path,) = (spoiled / "build" / STUDY / "tables").glob("4_table1_value_*.json")
    table = json.loads(path.read_text(encoding="utf-8"))
    heads = [f"Group {k} of them" for k in range(groups)]
    table |= columns(heads)
    row = [x for _ in heads for x in ("100%", "95 to 100", "1,234")]
    table["rows"] = [[f"Zz{k} whole statement", *row, "−0.02", "<0.001"] for k in range(groups + 1)]
    path.write_text(json.dumps(table), encoding="utf-8")
    pieces = rows_of(built(spoiled, page)[page], "Zz1")
    shown = [(x, text, size) for x, text, size in pieces if text == "100%"]
    assert len(shown) == groups
    for x, _, size in shown:
        end = x + 2.7 * size  # four bold characters of DejaVu Sans
        assert not [text for other, text, _ in pieces if x < other < end - 0.5], (groups, end)
    bases = [(x, text, size) for x, text, size in pieces if text.startswith("n")]
    for x, text, size in bases:
        end = x + 0.5 * size * len(text)
        assert not [told for other, told, _ in shown if x < other < end], (groups, text)


def upright(pdf):
    """Whether any text of a page stands on its side."""
    found = []

    def visit(text, cm, tm, font, size):
        if text.strip() and abs(tm[1] * cm[0] + tm[0] * cm[1]) > 0.01:
            found.append(text)

    for sheet in reader(pdf).pages:
        sheet.extract_text(visitor_text=visit)
    return found


def test_headings_stand_on_their_side_only_where_they_would_not_fit(spoiled):
    (path,) = (spoiled / "build" / STUDY / "tables").glob("4_table1_value_*.json")

    def headed(words):
        def edit(table):
            heads = [f"{words}{k}" for k in range(5)]
            table.update(columns(heads))
            row = ["50%", "40 to 60", "85"] * 5
            table["rows"] = [[f"Statement {k}", *row, "0.1", "0.5"] for k in range(6)]

        change(path, edit)
        return upright(built(spoiled, "handout")["handout"])

    assert headed("Yes ") == []
    assert headed("Incomprehensibilities of the counterrevolutionaries ") != []


def test_published_and_synthetic_stand_apart(pdfs):
    """Each block names its kind once, and holds no number of another."""
    named = {kind: squeezed("".join(words[:2])) for kind, words in KINDS.items()}
    text = text_of(pdfs["poster"])
    assert [text.count(named[kind]) for kind in KINDS] == [1, 0, 1, 0]
    assert text.index(named["published"]) < text.index("13%of") < text.index(named["synthetic"])
    assert "97%" not in text
    text = text_of(pdfs["handout"])
    assert [text.count(named[kind]) for kind in KINDS] == [1, 1, 2, 0]  # of the synthetic, one a page
    assert text.index(named["others"]) < text.index("97%") < text.index(named["synthetic"])


@each_page
def test_every_page_says_that_the_answers_are_synthetic(pdfs, page):
    for text in pages_of(pdfs[page]):
        assert "Syntheticanswers:notfindingsofthestudy" in text


def test_the_report_has_every_answer_every_figure_and_every_statement(pdfs):
    text = text_of(pdfs["report"])
    for path in sorted((BUILT / "notebooks").glob("[1-5]_*.ipynb")):
        answer = answers(BUILT)[int(path.name[0]) - 1]["answer"]
        assert squeezed(answer) in text
    audit = json.loads((BUILT / "results" / "claims.json").read_text("utf-8"))
    assert len(audit) == 17
    for claim in audit:
        assert squeezed(claim["statement"]) in text
    for words in figures():
        assert squeezed(words["caption"]) in text or "_column" in words["file"], words["file"]
        assert not words["caption"].startswith(words["title"])


def test_each_figure_stands_near_the_answer_of_its_chapter(pdfs):
    """After it, and at most on the pages of the next chapter; the answer says which figures it has."""
    text, told = text_of(pdfs["report"]), answers(BUILT)
    starts = [text.index(squeezed(one["answer"])) for one in told] + [len(text)] * 2
    for one, start, end in zip(told, starts, starts[2:], strict=False):
        drawn = [words for words in figures() if words["notebook"] == one["notebook"]]
        for words in drawn:
            if "_column" not in words["file"]:
                assert start < text.index(squeezed(words["caption"])) < end, words["file"]
    assert "Figures1to3" in text[starts[0] : starts[1]]


def test_pages_of_the_report_are_filled(pdfs):
    """Each but the last at least by two thirds: what stands lowest, above the line at the foot."""
    sheets = reader(pdfs["report"]).pages
    for number, sheet in enumerate(sheets[:-1], 1):
        lowest = []

        def visit(text, cm, tm, font, size, lowest=lowest):
            at = (tm[5] * cm[3] + cm[5]) / 72 * 25.4  # mm from below
            if text.strip() and at > 20:
                lowest.append(at)

        sheet.extract_text(visitor_text=visit)
        upright = sheet.mediabox.height > sheet.mediabox.width
        assert not upright or min(lowest) < 22 + 249 / 3, number


def test_whom_to_ask_stands_on_the_poster_with_a_code_to_scan_only_where_it_is_given(spoiled, pdfs):
    assert "Readmore,andask" not in text_of(pdfs["poster"])

    def asked(study):
        study.update(
            affiliation="A place", contact="survey.office@example.org", address="https://example.org/a"
        )

    change(spoiled / "data" / STUDY / "survey.yml", asked)
    made = built(spoiled, "poster")["poster"]
    assert "Aplacesurvey.office@example.orghttps://example.org/a" in text_of(made)
    mail = next(piece for piece in words_with_sizes(made) if "survey.office@" in piece[0])
    width = 841 / 25.4 * 72
    assert mail[2] * width + 0.55 * mail[1] * len(mail[0].strip()) < 0.97 * width
    alts = [element["/Alt"] for element in structure(made) if element["/S"] == "/Figure"]
    assert "QR code: https://example.org/a" in alts


def test_a_study_that_nobody_published_is_headed_by_its_own_finding():
    """Never by the question: the first planned share, and the differences that a test bears out."""
    instrument = read_instrument(ROOT / "data" / "anes96" / "survey.yml")
    key = "vote.intended.clinton.by.party"
    shares = {"strong_democrat": (196, 200), "strong_republican": (9, 175)}
    results = {
        f"{key}.{party}": {"value": 100 * k / n, "unit": "percent", "count": k, "base": n}
        for party, (k, n) in shares.items()
    }
    said = "Bill Clinton: 98% of “Strong Democrat”, 5% of “Strong Republican”"
    for p, found in ((1e-9, [said]), (0.2, [])):
        tested = {"plan.vote_by_party.party.p": {"value": p, "unit": "p"}}
        assert poster.findings(instrument, results | tested) == found
    share = {"value": 40.3, "unit": "percent", "count": 380, "base": 944, "low": 37.2, "high": 43.4}
    results |= {"identification.party.democrat": share, "identification.party.strong_democrat": share}
    hero = poster.hero(poster.headline(instrument, results), [])
    assert (hero["big"], hero["words"]) == ("40%", "of voters: Democrats")


def test_a_heading_stands_on_the_page_of_its_answer(pdfs):
    texts = pages_of(pdfs["report"])
    for told in answers(BUILT):
        (page,) = [text for text in texts if squeezed(told["answer"][:60]) in text]
        assert squeezed(told["title"]) in page
        assert squeezed(told["question"]) in page


def test_references_that_are_cited_appear(pdfs):
    titles = dict(re.findall(r"^@\w+\{(\S+),.*?title = \{(.+?)\},\n", BIBLIOGRAPHY, re.M | re.S))
    source = (ROOT / "report" / "poster" / "report.typ").read_text(encoding="utf-8")
    cited = set(re.findall(r"@([a-z]+_\d{4}(?:_[a-z]+)?)", source))
    assert len(cited) > 25
    cited -= {"cox_1980", "hundepool_2012", "fischetti_2001"}  # where something is withheld
    cited -= {"lakens_2017", "schuirmann_1987"}  # where the plan names a bound
    cited -= {"fisher_1922"}  # where a table of two by two is tested
    cited -= {"kish_1965", "deming_1940", "rao_1984"}  # where respondents count by weights
    text = text_of(pdfs["report"]).lower()
    for key in cited | {"poster", "perkins_2021", "upcea_2023", "coursera_2022", "northeastern_2018"}:
        assert squeezed(titles[key]).lower() in text, key
    assert ",)" not in text  # Typst's style leaves a comma where an online source has a year alone
    assert squeezed(titles["perkins_2021"]) in text_of(pdfs["handout"])


# ---- the files


def test_page_numbers_and_sizes(pdfs):
    sizes = {page: [sheet.mediabox[2:] for sheet in reader(pdf).pages] for page, pdf in pdfs.items()}
    millimetres = {
        page: [tuple(round(float(x) / 72 * 25.4) for x in size) for size in found]
        for page, found in sizes.items()
    }
    assert millimetres["poster"] == [(841, 1189)]
    assert millimetres["handout"] == [(210, 297), (210, 297)]
    assert set(millimetres["report"]) == {(210, 297), (297, 210)}


def words_with_sizes(pdf, pages=None):
    """Pieces of text of so many pages with their size in points and where they start, 0 to 1."""
    found = []
    for sheet in reader(pdf).pages[:pages]:

        def visit(text, cm, tm, font, size, box=sheet.mediabox):
            if text.strip():
                scale = abs(tm[0] * cm[0]) + abs(tm[1] * cm[1])
                x, y = tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5]
                found.append((text, size * scale, x / float(box[2]), y / float(box[3])))

        sheet.extract_text(visitor_text=visit)
    return found


@pytest.mark.parametrize(("page", "least", "body"), [("poster", 23.9, 23.9), ("handout", 7.4, 8)])
def test_text_is_large_enough_and_none_leaves_the_page(pdfs, page, least, body):
    pieces = words_with_sizes(pdfs[page])
    assert min(size for _, size, *_ in pieces) >= least
    assert next(size for text, size, *_ in pieces if "employers responded to" in text) >= body
    assert all(0.01 < x < 0.99 and 0 < y < 1 for *_, x, y in pieces)


def structure(pdf):
    """Structure elements of a tagged PDF."""
    waiting = [reader(pdf).trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop().get_object()
        if isinstance(element, list):
            waiting += element
        elif isinstance(element, dict):
            if "/S" in element:
                yield element
            waiting += [element["/K"]] if "/K" in element else []


@each_page
def test_the_pdf_is_tagged_and_each_image_has_its_alt_text(pdfs, page):
    root = reader(pdfs[page]).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert b"pdfuaid" in root["/Metadata"].get_data()
    elements = list(structure(pdfs[page]))
    kinds = [element["/S"] for element in elements]
    assert {"/H1", "/H2", "/Table", "/TH", "/TD"} <= set(kinds)
    words = {words["file"]: words["alt"] for words in figures()}
    expected = {
        "poster": [words["4_model_wide.svg"]],
        "handout": [words["4_model_column.svg"]],
        "report": [alt for file, alt in words.items() if "_column" not in file],
    }[page]
    alts = [element["/Alt"] for element in elements if element["/S"] == "/Figure"]
    assert sorted(map(squeezed, alts)) == sorted(map(squeezed, expected))


def last_resort(pdf):
    """Whether any text is drawn in the font of labelled boxes that stands in for a missing glyph."""
    fonts = [font for sheet in reader(pdf).pages for font in sheet["/Resources"]["/Font"].values()]
    names = {str(font.get_object()["/BaseFont"]) for font in fonts}
    assert names
    return any("LastResort" in name for name in names)


@each_page
def test_no_glyph_is_missing(pdfs, page):
    assert not last_resort(pdfs[page])


def test_a_missing_glyph_would_be_seen(tmp_path):
    source = "#set document(title: [T], date: none)\n= A\n漢"
    (tmp_path / "page.typ").write_text(source, encoding="utf-8")
    assert last_resort(typeset(tmp_path / "page.typ", tmp_path, {}))


def test_another_process_elsewhere_gives_the_bytes_that_make_left(tmp_path):
    command = (
        "import sys; from pathlib import Path; from compendium.publishing.pdf import build_pdfs;"
        "build_pdfs(sys.argv[1], Path(sys.argv[2]))"
    )
    other = {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C", "SOURCE_DATE_EPOCH": "1"}
    arguments = [sys.executable, "-c", command, STUDY, str(copy(tmp_path))]
    shutil.copytree(BUILT / "multiverse", tmp_path / "build" / STUDY / "multiverse")
    subprocess.run(arguments, check=True, cwd=ROOT, env=os.environ | other)
    for page in PAGES:
        again = (tmp_path / "build" / STUDY / "report" / f"{page}.pdf").read_bytes()
        assert again == (BUILT / "report" / f"{page}.pdf").read_bytes(), page


# ---- other studies


def test_hostile_text_shows_as_text(spoiled):
    """In the title, a question, labels, a theme, a quotation, a claim, a table, a figure's words."""

    def survey(study):
        study["title"] = study["about"] = f"Title {HOSTILE}"
        study["reconstruction"] = f"Made {HOSTILE}"
        study["contact"] = f"Whom {HOSTILE}"
        (item,) = [item for item in study["items"] if item["id"] == "interest"]
        item["question"] = f"Question {HOSTILE}"
        item["options"][0]["label"] = f"Label {HOSTILE}"

    def codebook(book):
        book["themes"][-2]["name"] = f"Theme {HOSTILE}"

    folder, out = spoiled / "data" / STUDY, spoiled / "build" / STUDY
    change(folder / "survey.yml", survey)
    change(folder / "codebook.yml", codebook)
    quoted = [{"theme": f"Theme {HOSTILE}", "quotation": f"Said \U00013000 {HOSTILE}", "codes": "x"}]
    (out / "tables" / "3_quotations.json").write_text(json.dumps(quoted), encoding="utf-8")
    (table,) = (out / "tables").glob("4_table1_value*.json")
    change(table, lambda t: t["rows"][0].__setitem__(0, f"Row {HOSTILE}"))
    topic = {"topic": f"Topic {HOSTILE}"}
    change(out / "tables" / "3_joint_display.json", lambda rows: rows[0].update(topic))
    change(out / "results" / "claims.json", lambda c: c[2].update(statement=f"Claim {HOSTILE}"))
    words = spoiled / "figures" / STUDY / "captions.json"
    flow = {"caption": f"Caption {HOSTILE}", "title": HOSTILE}
    change(words, lambda w: next(x for x in w if x["file"] == "1_flow.svg").update(flow))
    made = built(spoiled)
    shown = {"poster": ("Topic", "Row", "Claim", "Title", "Whom")}
    shown["handout"] = ("Question", "Label", "Theme", "Said[U+13000]", "Row", "Claim", "Title")
    shown["report"] = ("Title", "Made", "Row", "Claim", "Caption")
    for page, pdf in made.items():
        text = text_of(pdf)
        for start in shown[page]:
            assert squeezed(start + HOSTILE) in text, (page, start)
        assert not last_resort(pdf)
    assert len(reader(made["poster"]).pages) == 1


def test_a_study_with_little_to_show_builds_and_shows_what_it_has(spoiled):
    """No themes, no claims, no tables, no figures, no plan; answers that were collected."""
    folder, out = spoiled / "data" / STUDY, spoiled / "build" / STUDY

    def bare(study):
        study.update(plan=[], provenance="collected", reporting={})

    change(folder / "survey.yml", bare)
    for path in (folder / "codebook.yml", folder / "claims.yml", out / "results" / "claims.json"):
        path.unlink()
    shutil.rmtree(out / "tables")
    shutil.rmtree(spoiled / "figures" / STUDY)
    made = built(spoiled)
    assert [len(reader(made[page]).pages) for page in ("poster", "handout")] == [1, 1]
    for pdf in made.values():
        text = text_of(pdf)
        assert "Employersandmicro-credentials" in text
        assert "Syntheticanswers:" not in text.replace("Theanswersaresynthetic", "")
        assert "SYNTHETIC" not in text


def test_an_untouched_draft_shows_its_answers_question_by_question(spoiled):
    """No plan, no codebook: no heading stands over nothing, and what is withheld stays so."""
    folder = spoiled / "data" / STUDY
    change(folder / "survey.yml", lambda study: study.update(plan=[], provenance="collected"))
    for name in ("codebook.yml", "claims.yml", "model.yml"):
        (folder / name).unlink()
    (spoiled / "build" / STUDY / "results" / "claims.json").unlink()
    withhold_other(spoiled)
    results = read_results(spoiled / "build" / STUDY / "results")
    made = built(spoiled, "poster", "handout")
    for page in made:
        text = text_of(made[page])
        start = text.index("Whattheanswerssay")
        for question in ("Wouldyoubeinterestedindeveloping", "Howurgentisitthat"):
            assert text.find(question) > start, (page, question)
        share = results["codevelopment.interest.yes"]
        assert f"Yes{100 * share['count'] / share['base']:.0f}%" in text
        assert "withheld(<5)" in text
        assert all(0 < x < 1 and 0 < y < 1 for *_, x, y in words_with_sizes(made[page]))
    assert len(reader(made["poster"]).pages) == 1


def test_content_keeps_off_the_edge_of_the_poster(spoiled):
    """The margin above the title is as wide as those beside it, however much there is below."""

    def longer(study):
        study.update(provenance="collected", about="Words. " * 600)

    change(spoiled / "data" / STUDY / "survey.yml", longer)
    pieces = words_with_sizes(built(spoiled, "poster")["poster"])
    title = next(piece for piece in pieces if "Employers" in piece[0])
    points = 841 / 25.4 * 72, 1189 / 25.4 * 72
    above = (1 - title[3]) * points[1] - 0.65 * title[1]  # capitals are 0.65 of the size high
    assert above >= 0.97 * 34 / 25.4 * 72
    assert min(x for *_, x, _ in pieces) * points[0] >= 34 / 25.4 * 72 - 1
    assert min(y for *_, y in pieces) * points[1] >= 20 / 25.4 * 72


def test_much_text_still_makes_one_poster(spoiled):
    def longer(study):
        (item,) = [item for item in study["items"] if item["id"] == "concept"]
        for point in study["scales"]["familiarity"]["points"]:
            point["label"] += " and so on" * 12 + "x" * 90
        item["question"] *= 6
        study["title"] *= 8

    change(spoiled / "data" / STUDY / "survey.yml", longer)
    made = built(spoiled, "poster", "handout")
    assert len(reader(made["poster"]).pages) == 1
    assert len(reader(made["handout"]).pages) == 2
    assert all(0 < x < 1 and 0 < y < 1 for *_, x, y in words_with_sizes(made["poster"]))


def test_without_executed_notebooks_one_line_says_so_and_nothing_is_written(spoiled):
    shutil.rmtree(spoiled / "build" / STUDY / "notebooks")
    with pytest.raises(
        ValueError, match=r"notebooks: there are no executed notebooks; run the notebooks first"
    ):
        build_pdfs(STUDY, spoiled)
    assert not (spoiled / "build" / STUDY / "report").exists()


def test_a_page_that_cannot_be_set_leaves_the_others_as_they_were(spoiled):
    out = spoiled / "build" / STUDY / "report"
    before = built(spoiled)
    source = spoiled / "report" / "poster" / "report.typ"
    source.write_text(source.read_text(encoding="utf-8") + "#nothing", encoding="utf-8")
    poster = spoiled / "report" / "poster" / "poster.typ"
    poster.write_text(poster.read_text(encoding="utf-8").replace("3.1em", "3em") + "// new")
    with pytest.raises(ValueError, match=r"report\.typ: Typst cannot set it"):
        built(spoiled)
    assert {page: (out / f"{page}.pdf").read_bytes() for page in PAGES} == before
    assert not list(out.glob(".*"))


# ---- the bibliography


def dois(text):
    found = re.findall(r"10\.\d{4,}/[^\s\"'\\`]+", text)
    return {re.split(r"\)[\]),.;]*$|[,.;:]+$", doi)[0].rstrip(").,;").lower() for doi in found}


def test_every_doi_that_helpers_and_notebooks_name_is_in_the_bibliography():
    listed, missing = {doi.lower().rstrip("}").rstrip("},") for doi in dois(BIBLIOGRAPHY)}, set()
    for path in [*(ROOT / "src").rglob("*.py"), *(ROOT / "notebooks").glob("*.ipynb")]:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".ipynb":
            cells = json.loads(text)["cells"]
            text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
        unlisted = {d for d in dois(text) if not any(x.startswith(d[:24]) for x in listed)}
        missing |= {(path.name, doi) for doi in unlisted}
    assert missing == set()


def test_every_published_figure_that_is_used_has_its_reference():
    keys = bibliography_keys(ROOT / "report" / "references.bib")
    assert len(keys) == len(set(keys))
    for id in read_published(ROOT / "data" / "published.csv"):
        assert cited(id, keys), id
