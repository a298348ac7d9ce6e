"""The web site: complete, self-contained, harmless and usable, as files and in a browser."""

import csv
import filecmp
import json
import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import chapters
import nbformat
import pytest
import yaml

from compendium.publishing.site.build import build_site
from compendium.results import read_results
from compendium.wording import interval, number

ROOT = Path(__file__).parents[2]
STUDY = "microcredentials"
BUILT = ROOT / "build" / STUDY
NOTICE = "Synthetic answers: not findings of the study"


def build(top, study, data=ROOT / "data", figures=ROOT / "figures", **variables):
    """Build the site of `top`/`study` as make does, in a process of its own; returns what it said."""
    command = (
        "import sys; from pathlib import Path; from compendium.publishing.site.build import build_site;"
        "print(build_site(sys.argv[1], *map(Path, sys.argv[2:])))"
    )
    arguments = [sys.executable, "-c", command, study, str(data), str(top), str(figures)]
    environment = os.environ | variables
    done = subprocess.run(
        arguments, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    return done.stdout


@pytest.fixture(scope="session")
def site():
    """The site of the default study, as make left it."""
    folder = BUILT / "report" / "site"
    return folder


class Page(HTMLParser):
    """What the tests ask of a page: names, addresses, headings, pictures, headings of tables, text."""

    def __init__(self, path):
        super().__init__()
        self.ids, self.links, self.loads, self.headings, self.alts = set(), [], [], [], []
        self.heads, self.text, self.silent = [], "", 0
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.silent += tag in ("script", "style")
        self.ids.add(attrs.get("id"))
        if tag == "a" and "href" in attrs:
            self.links.append(attrs["href"])
        if "src" in attrs or (tag == "link" and attrs["rel"] not in ("next", "prev")):
            self.loads.append(attrs.get("src") or attrs["href"])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "img":
            self.alts.append(attrs.get("alt"))
        if tag == "th":
            self.heads.append(attrs.get("scope"))

    def handle_endtag(self, tag):
        self.silent -= tag in ("script", "style")

    def handle_data(self, data):
        self.text += "" if self.silent else data


@pytest.fixture(scope="session")
def pages(site):
    return {path.name: Page(path) for path in sorted(site.glob("*.html"))}


# ---- as files


def test_every_internal_address_exists(site, pages):
    broken = []
    for name, page in pages.items():
        for address in {*page.links, *page.loads}:
            target = urlsplit(address)
            if target.scheme in ("http", "https", "data") or address == "#":
                continue
            path = unquote(target.path) or name
            if not (site / path).is_file():
                broken.append((name, address))
                continue
            names = pages[path].ids if path in pages else set()
            if target.fragment and unquote(target.fragment) not in names:
                broken.append((name, address))
    assert broken == []


def test_nothing_is_loaded_from_elsewhere(site, pages):
    loads = {address for page in pages.values() for address in page.loads}
    assert not [address for address in loads if urlsplit(address).netloc]
    for path in site.rglob("*.css"):
        text = path.read_text(encoding="utf-8")
        found = re.findall(r"url\(\s*['\"]?([^'\")]+)", text) + re.findall(
            r"@import\s+['\"](.+?)['\"]", text
        )
        for address in found:
            if not address.startswith(("data:", "#")):
                assert (path.parent / urlsplit(address).path).is_file(), (path.name, address)


def test_no_file_tells_where_it_was_made(site):
    places = re.compile(rb"(?<![\w.])/(?:tmp|home|root|work|Users)/\w|" + re.escape(str(ROOT)).encode())
    for path in site.rglob("*"):
        if path.is_file():
            assert not places.search(path.read_bytes()), path.name


def test_every_page_of_a_synthetic_study_says_so(pages):
    assert len(pages) > 10
    assert [name for name, page in pages.items() if NOTICE not in page.text] == []


def test_the_home_page_leads_with_what_was_published_and_says_what_was_computed(site, pages):
    folder = BUILT / "results"
    shares = json.loads((folder / "2_familiarity.json").read_text(encoding="utf-8"))
    audit = json.loads((folder / "claims.json").read_text(encoding="utf-8"))
    share = shares["familiarity.concept.not_familiar"]
    text = " ".join(pages["index.html"].text.split())
    published, computed, *_ = text.split("What the chapters compute")
    # the poster: 92 employers, 13% not familiar with the concept
    assert re.search(r"Published by the study\b.*\b92\b.*13%", published)
    assert "13.0%" not in published
    assert "Of 97 rows received." in computed
    assert f"{share['count']} of {share['base']} employers" in computed
    for status in {row["status"] for row in audit}:
        count = sum(row["status"] == status for row in audit)
        assert f"{count} {status.replace('_', ' ')}" in computed
    links = pages["index.html"].links
    wanted = {
        "papers/poster.pdf",
        "papers/handout.pdf",
        "papers/report.pdf",
        "explorer.html",
        "own.html",
    }
    assert wanted <= set(links)
    assert any(link.startswith("4_figures.html#cell-") for link in links)  # Table 1
    head = (site / "index.html").read_text(encoding="utf-8").partition("</head>")[0]
    assert all(word in head for word in ('name="description"', 'property="og:image"', "favicon.svg"))


def test_the_audit_says_that_what_it_computed_is_synthetic_and_shows_the_status_early(pages):
    text = "".join(pages["audit.html"].text.split())
    assert "StatementStatus,andwhyPublishedComputedfromsyntheticanswers" in text
    assert text.count("PublishedComputed") == 1  # what others published has no such column


def test_the_audit_names_what_bears_on_a_finding_in_words(pages):
    text = " ".join(pages["audit.html"].text.split())
    assert "developing micro-credentials together with a university? Yes" in text
    assert "Barriers: Awareness and finding them" in text
    assert not re.search(r"\b(themes|codevelopment|upskilling)\.[a-z_]+", text)


def test_the_codebook_says_that_its_examples_are_invented(pages):
    text = pages["codebook.html"].text
    assert "No respondent said any of it" in text
    assert text.count("Invented example") > 20


def test_the_audit_leads_to_the_cells_that_recorded_the_numbers(pages):
    """The address of a number is the cell that ran when it was recorded, and that cell shows it."""
    claims = yaml.safe_load((ROOT / "data" / STUDY / "claims.yml").read_text(encoding="utf-8"))
    assert {claim["id"] for claim in claims} <= pages["audit.html"].ids
    wanted = {claim["result"] for claim in claims if "result" in claim}
    wanted |= {id for claim in claims for id in claim.get("evidence", [])}
    links = [link for link in pages["audit.html"].links if "#cell-" in link]
    ran = {}
    for path in (BUILT / "notebooks").glob("*.ipynb"):
        for cell in nbformat.read(path, 4).cells:
            if cell.cell_type == "code":
                ran[path.stem, cell.execution_count] = (f"{path.stem}.html#cell-{cell.id}", cell.source)
    for name, result in read_results(BUILT / "results").items():
        if name in wanted:
            address, source = ran[result["notebook"], result["cell"]]
            assert address in links, name
            assert "show(" in source, name


def test_every_picture_has_the_words_that_were_written_for_it(site, pages):
    folder = ROOT / "figures" / STUDY
    words = [json.loads(p.with_suffix(".json").read_text("utf-8")) for p in folder.glob("*.svg")]
    assert len(words) > 5
    for figure in words:
        alt = " ".join(figure["alt"].split())
        assert any(alt in (shown or "") for shown in pages["figures.html"].alts), figure["file"]
        assert alt in pages[f"{figure['notebook']}.html"].alts, figure["file"]
    assert all(alt for page in pages.values() for alt in page.alts)


def test_headings_descend_and_table_headings_say_what_they_head(pages):
    for name, page in pages.items():
        levels = page.headings
        assert levels[0] == 1, name
        assert all(lower <= upper + 1 for upper, lower in pairwise(levels)), (name, levels)
        assert all(page.heads), name


def test_the_pages_hold_what_they_promise(pages):
    book = yaml.safe_load((ROOT / "data" / STUDY / "survey.yml").read_text(encoding="utf-8"))
    for item in book["items"]:
        assert " ".join(item["question"].split()) in " ".join(pages["dictionary.html"].text.split())
    assert "helpers.study.open_study" in pages["helpers.study.html"].ids
    assert len([name for name in pages if name.startswith("helpers.")]) < 10
    assert "10.21153/jtlge2021vol12no1art1027" in pages["citation.html"].text
    notebooks = {path.stem for path in (ROOT / "build" / STUDY / "notebooks").glob("*.ipynb")}
    assert {f"{name}.html" for name in notebooks} <= set(pages["index.html"].links)


def test_another_run_says_nothing_else_and_gives_the_same_bytes(site, tmp_path):
    for name in ("notebooks", "results"):
        shutil.copytree(BUILT / name, tmp_path / STUDY / name)
    shutil.copytree(BUILT / "tables", tmp_path / STUDY / "tables")
    again = tmp_path / STUDY / "report" / "site"
    shutil.copytree(site / "papers", again / "papers")  # as make does
    said = build(tmp_path, STUDY, PYTHONHASHSEED="4242", TZ="Asia/Kathmandu", LC_ALL="C")
    assert said == f"{len(list(site.glob('*.html')))}\n"
    files = sorted(str(p.relative_to(site)) for p in site.rglob("*") if p.is_file())
    assert files == sorted(str(p.relative_to(again)) for p in again.rglob("*") if p.is_file())
    _, differ, missing = filecmp.cmpfiles(site, again, files, shallow=False)
    assert (differ, missing) == ([], [])


def test_a_build_that_fails_says_why_and_leaves_the_old_site(tmp_path):
    old = tmp_path / STUDY / "report" / "site" / "index.html"
    old.parent.mkdir(parents=True)
    old.write_text("old", encoding="utf-8")
    with pytest.raises(
        ValueError, match=r"no executed notebooks; run the notebooks first \(make all\)\."
    ):
        build_site(STUDY, out_dir=tmp_path)
    assert old.read_text(encoding="utf-8") == "old"
    assert [path.name for path in old.parents[1].iterdir()] == ["site"]


# ---- in a browser


@pytest.fixture
def tab(browser):
    """A page without history that notes whatever goes wrong or out of the machine."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    tab = context.new_page()
    tab.wrong = []
    tab.on("console", lambda m: m.type in ("error", "warning") and tab.wrong.append(m.text))
    tab.on("pageerror", lambda error: tab.wrong.append(str(error)))
    tab.on("dialog", lambda dialog: (tab.wrong.append(dialog.message), dialog.dismiss()))
    left = "net::ERR_ABORTED"  # a page that was left before all of it was there
    tab.on("requestfailed", lambda r: r.failure == left or tab.wrong.append(f"failed: {r.url}"))
    tab.on("request", lambda r: r.url.startswith(("file:", "data:")) or tab.wrong.append(r.url))
    yield tab
    context.close()


def test_every_page_opens_cleanly_fits_a_telephone_and_weighs_little(tab, site):
    tab.set_viewport_size({"width": 390, "height": 844})
    wide, heavy, loaded = [], [], set()
    tab.on("request", lambda r: loaded.add(unquote(urlsplit(r.url).path)))
    for path in sorted(site.glob("*.html")):
        loaded.clear()
        tab.goto(path.as_uri())
        if tab.evaluate("document.documentElement.scrollWidth") > 390:
            wide.append(path.name)
        if sum(Path(one).stat().st_size for one in loaded if Path(one).is_file()) > 600_000:
            heavy.append(path.name)
    assert (wide, heavy, tab.wrong) == ([], [], [])


def test_words_of_600_letters_leave_a_page_as_wide_as_a_telephone(tab, site):
    """The first of each kind of element of each page is given such a word, one after the other."""
    tab.set_viewport_size({"width": 390, "height": 844})
    write = """kinds => kinds.filter(kind => {
      const one = document.querySelector(`[role=main] ${kind}`);
      if (!one) return false;
      const old = one.innerHTML;
      one.textContent = "unbroken".repeat(75);
      const wide = document.documentElement.scrollWidth > 390;
      one.innerHTML = old;
      return wide;
    })"""
    kinds = ["p", "td", "th", "li", "h1", "h2", "summary", "figcaption", "dt", "blockquote", "a"]
    wide = {}
    for path in sorted(site.glob("[!h]*.html")):  # helpers.* say nothing of a study
        tab.goto(path.as_uri())
        wide[path.name] = tab.evaluate(write, kinds)
    assert len(wide) > 10
    assert not any(wide.values()), wide


@pytest.mark.parametrize("width", [1280, 390])
def test_wide_tables_scroll_in_a_frame_whose_bar_is_seen(tab, site, width):
    """Nothing is cut off: what is wider than its box can be scrolled, and its status is reached."""
    tab.set_viewport_size({"width": width, "height": 900})
    wide = 0
    for name in ("2_familiarity", "3_themes", "5_claims", "audit"):
        tab.goto((site / f"{name}.html").as_uri())
        boxes = tab.evaluate(
            "[...document.querySelectorAll('article table')].map(t => { const b = t.closest('.scroll');"
            "return [t.offsetWidth, b.clientWidth, getComputedStyle(b).overflowX, b.tabIndex,"
            "getComputedStyle(b, '::-webkit-scrollbar').height,"
            "getComputedStyle(b).backgroundImage.split('gradient').length - 1,"
            "b.classList.contains('sheet')]; })"
        )
        for table, box, overflow, index, bar, shades, sheet in boxes:
            wide += table > box
            assert (overflow, index) == ("auto", 0), name
            assert float(bar.removesuffix("px")) >= 8, name
            assert sheet or shades == 4, name
    assert wide >= 4
    tab.goto((site / "audit.html").as_uri())
    last = tab.evaluate("document.querySelector('.status').getBoundingClientRect().right")
    assert last <= width
    assert tab.wrong == []


# Later rows of a table look like its first, and so do later functions of a reference page and later
# cells of code; axe would take minutes for thousands of them.
FEWER = """
const keep = (parts, alike, kept) => {
  for (const part of document.querySelectorAll(parts))
    [...part.querySelectorAll(alike)].slice(kept).forEach(one => one.remove());
};
keep("tbody", ":scope > tr", 3);
keep("section", ":scope > dl.py", 2);
keep("article", "details.hide", 2);
keep(".bd-sidebar ul", ":scope > li", 4);
for (const fold of document.querySelectorAll("details")) fold.open = true;
"""


def alike(path):
    """What a page is made of: chapters are of one kind, so are themes, so is the reference."""
    return "chapter" if path.name[0].isdigit() else re.match("[a-z]+", path.name).group()


def test_axe_finds_nothing_in_the_light_or_in_the_dark(tab, site):
    """On one page of each kind; ``make attack`` sets ATTACK, and all pages are looked at."""
    from axe_playwright_python.sync_playwright import Axe

    axe, found = Axe(), []
    everything = {"resultTypes": ["violations"], "preload": False}
    contrast = everything | {"runOnly": ["color-contrast"]}
    pages = sorted(site.glob("*.html"), reverse=True)
    kinds = {alike(path): path for path in pages} | {"chapter": site / "2_familiarity.html"}
    assert {"index", "theme", "audit", "helpers"} <= kinds.keys()
    for path in pages if "ATTACK" in os.environ else kinds.values():
        tab.goto(path.as_uri())
        tab.evaluate(FEWER)
        for theme, options in (("light", everything), ("dark", contrast)):
            tab.evaluate(f"document.body.dataset.theme = '{theme}'")
            for violation in axe.run(tab, options=options).response["violations"]:
                found.append((path.name, theme, violation["id"], violation["nodes"][0]["html"]))
    assert found == []


def test_the_dark_can_be_chosen_and_figures_keep_a_light_ground(tab, site):
    tab.goto((site / "figures.html").as_uri())
    light = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    while tab.evaluate("document.body.dataset.theme") != "dark":
        tab.get_by_role("button", name="theme").filter(visible=True).first.click()
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") != light
    shown = "document.querySelector('figure:not(.stages-column) img')"
    assert tab.evaluate(f"getComputedStyle({shown}).backgroundColor") == "rgb(255, 255, 255)"
    assert tab.evaluate(f"{shown}.naturalWidth") > 100
    assert tab.wrong == []


def test_the_keyboard_reaches_the_content_and_the_navigation(tab, site):
    tab.goto((site / "index.html").as_uri())
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.getAttribute('href')") == "#furo-main-content"
    tab.keyboard.press("Enter")
    assert tab.url.endswith("#furo-main-content")
    tab.locator(".sidebar-tree").get_by_role("link", name="2 · Shares").click()
    assert "Estimate shares" in tab.title()
    tab.get_by_role("link", name=re.compile("^next", re.I)).first.click()
    assert re.search(r"/[345]_\w+\.html", tab.url)
    tab.goto((site / "audit.html").as_uri())
    tab.get_by_role("link", name="12 of 92").click()
    assert "#cell-" in tab.url
    tab.locator(":target").wait_for()
    assert "13.0" in tab.locator(":target").inner_text()
    assert tab.wrong == []


def test_the_explorer_shows_in_every_state_what_the_results_hold(tab, site):
    results, seen = read_results(BUILT / "results"), {}
    page = (site / "explorer.html").as_uri()
    tab.goto(page)
    states = tab.evaluate(EVERY_STATE)
    for rows in states:
        for id, shown, n, spread in rows:
            result = results[id]
            assert shown == f"{number(float(result['value']))}%"
            assert n == f"{number(result['count'])} of {number(result['base'])}"
            assert spread == interval(result.get("low"), result.get("high"))
            seen[id] = True
    assert len(states) > 60
    assert len(seen) > 300
    tab.goto(f"{page}#q=codevelopment.interest&by=size&sort=down")
    tab.reload()
    assert tab.locator("#explorer-by").input_value() == "size"
    first, *_, last = tab.locator("#explorer .bar strong").all_inner_texts()
    assert float(first.rstrip("%")) > float(last.rstrip("%"))
    tab.get_by_role("button", name="Copy as CSV").click()
    tab.get_by_text("Table copied.").wait_for()
    weight = [(site / "explorer.html"), *(site / "_static").rglob("*.*")]
    assert sum(path.stat().st_size for path in weight) < 1_000_000
    assert tab.wrong == []


# Each question with each of its breakdowns: id, percent, count and interval of every row.
EVERY_STATE = """
(() => {
  const question = document.getElementById("explorer-question");
  const by = document.getElementById("explorer-by");
  const choose = (list, value) => { list.value = value; list.dispatchEvent(new Event("change")); };
  const states = [];
  for (const one of [...question.querySelectorAll("option")]) {
    choose(question, one.value);
    for (const group of [...by.options].map(o => o.value)) {
      choose(by, group);
      states.push([...document.querySelectorAll("#explorer tbody tr")].map(row =>
        [row.dataset.id, ...[...row.querySelectorAll("td")].slice(-3).map(cell => cell.textContent)]));
    }
  }
  return states;
})()
"""


def test_on_paper_the_notice_stays_and_the_navigation_goes(tab, site):
    tab.emulate_media(media="print")
    tab.goto((site / "index.html").as_uri())
    assert tab.get_by_text(NOTICE).first.is_visible()
    assert not tab.locator(".sidebar-drawer").is_visible()
    assert not tab.locator(".related-pages").is_visible()


def test_every_kind_of_page_says_on_paper_that_answers_are_synthetic(tab, site, tmp_path):
    kinds = ["1_responses", "audit", "codebook", "explorer", "figures", "helpers.study", "index",
             "joint", "search", min(site.glob("theme_*.html")).stem]  # fmt: skip
    silent = []
    for kind in kinds:
        tab.goto((site / f"{kind}.html").as_uri())
        tab.pdf(path=tmp_path / "page.pdf")
        told = subprocess.run(
            ["pdftotext", tmp_path / "page.pdf", "-"], capture_output=True, check=True
        )
        if NOTICE not in " ".join(told.stdout.decode().split()):
            silent.append(kind)
    assert silent == []


@pytest.mark.parametrize("word", ["exercise", "13%", "Table 1"])
def test_the_search_finds_what_readers_look_for(tab, site, word):
    tab.goto((site / "search.html").as_uri() + f"?q={quote(word)}")
    tab.locator("#search-results li a").first.wait_for()
    assert tab.wrong == []


def test_the_search_finds_a_word_of_a_notebook(tab, site):
    tab.goto((site / "index.html").as_uri())
    tab.get_by_role("textbox", name="Search").fill("Wilson")
    tab.keyboard.press("Enter")
    tab.wait_for_url(re.compile(r"search\.html\?q=Wilson"))
    results = tab.locator("#search-results li a")
    results.first.wait_for()
    assert any("2_familiarity.html" in link.get_attribute("href") for link in results.all())
    assert tab.wrong == []


# ---- what respondents and strangers' files may hold

HOSTILE = {
    "script": "<script>window.hit = 1</script>",
    "onerror": '<img src="x" onerror="window.hit = 1">',
    "svg": "</td></table><svg onload=window.hit=1>",
    "closing": "</p></div></main></body> & &lt;i&gt; &amp;",
    "comment": "<!-- <b>bold</b>",
    "markdown": "**bold** _thin_ `code` # no heading ~~gone~~ | cell |",
    "link": "[press](javascript:window.hit=1) ![seen](x)",
    "directive": "```{raw} html\n<script>window.hit = 1</script>\n```",
    "role": "{raw}`<script>window.hit = 1</script>` {{ 6 * 7 }} {{ site }}",
    "fence": ":::{note} +++ % (target)= :::",
    "formula": "$\\frac{1}{2}$ \\(x\\) $$y$$",
    "heading": "# a heading, - a list, 1. a number, > a quotation",
}
FILLER = "so we would take them into account when we next hire people for our shop"


def write_hostile(folder):
    """A study whose answers, questions, options and codes all try to be markup."""
    marked = list(HOSTILE.values())
    options = [{"id": f"o{k}", "label": f"Option {mark}"} for k, mark in enumerate(marked)]
    text = {"id": "open", "section": "s", "type": "text", "question": f"Say: {marked[0]}"}
    closed = {
        "id": "like", "section": "s", "type": "single", "question": f"# Like {' '.join(marked)}",
        "options": options,
    }  # fmt: skip
    themes = [
        {"id": f"t{k}", "name": f"Theme {mark}", "definition": mark, "codes": [
            {"id": f"c{k}", "name": f"Code {mark}", "definition": mark, "include": mark,
             "examples": [mark], "rules": [{"any": [f"filler{k}"]}]}]}
        for k, mark in enumerate(marked)
    ]  # fmt: skip
    survey = {
        "title": f"Study {marked[0]} {marked[1]}", "about": marked[-1], "provenance": "collected",
        "licence": marked[1], "respondent": "respondent", "sections": [{"id": "s", "title": marked[1]}],
        "items": [closed, text], "disclosure": {"minimum_cell": 1},
        "plan": [{"id": "share", "question": f"How many {marked[1]}?", "method": "share",
                  "item": "like", "of": "o0"}],
    }  # fmt: skip
    folder.mkdir(parents=True)
    (folder / "coding").mkdir()
    (folder / "survey.yml").write_text(yaml.safe_dump(survey), encoding="utf-8")
    book = yaml.safe_dump({"title": f"Codes {marked[0]}", "themes": themes})
    (folder / "codebook.yml").write_text(book, encoding="utf-8")
    claim = {"id": "a.b", "statement": marked[1], "source": marked[0], "qualitative": True,
             "evidence": ["s.like.o0"]}  # fmt: skip
    (folder / "claims.yml").write_text(yaml.safe_dump([claim]), encoding="utf-8")
    rows, codes = [["respondent", "like", "open"]], [["respondent", "item", "code"]]
    for k, (option, mark) in enumerate(zip(options, marked, strict=True)):
        rows.append([f"R{k}", option["label"], f"{mark} filler{k} {FILLER}"])
        codes.append([f"R{k}", "open", f"c{k}"])
    for path, table in ((folder / "responses.csv", rows), (folder / "coding" / "a.csv", codes)):
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(table)
    shutil.copyfile(folder / "coding" / "a.csv", folder / "coding" / "b.csv")


@pytest.fixture(scope="session")
def hostile(tmp_path_factory):
    """The site of a hostile study, with all that its chapters show."""
    top = tmp_path_factory.mktemp("hostile")
    write_hostile(chapters.lay_out(top) / "hostile")
    for name in chapters.NAMES:
        chapters.write_executed(name, top, "hostile")
    build(top / "build", "hostile", top / "data", top / "figures")
    made = top / "build" / "hostile" / "report" / "site"
    shutil.copytree(BUILT / "report" / "site" / "papers", made / "papers")  # as make does
    return made


def test_hostile_text_shows_as_it_is_and_does_nothing(tab, hostile):
    shown = {}
    for path in sorted(hostile.glob("*.html")):
        if path.name.startswith("helpers."):
            continue
        tab.goto(path.as_uri())
        assert tab.evaluate("window.hit") is None, path.name
        assert tab.locator("img[src='x'], svg[onload], [onerror], a[href^='javascript']").count() == 0
        assert tab.locator("[role=main]").count() == 1
        shown[path.name] = " ".join(tab.locator("[role=main]").inner_text().split())
        assert NOTICE not in tab.content()  # collected
    assert tab.wrong == []
    for name, mark in HOSTILE.items():
        said = " ".join(mark.split())
        for page in ("3_themes.html", "codebook.html", "dictionary.html"):
            assert said in shown[page], (page, name)
    assert " ".join(HOSTILE["onerror"].split()) in shown["audit.html"]


def test_hostile_titles_do_nothing_in_the_search(tab, hostile):
    tab.goto((hostile / "search.html").as_uri() + "?q=study")
    tab.locator("#search-results li a").first.wait_for()
    assert tab.evaluate("window.hit") is None
    assert tab.wrong == []
