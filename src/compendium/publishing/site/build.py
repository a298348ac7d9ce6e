"""The web site of a study, from its executed notebooks and results.

It is made in a folder of its own and takes its place only when it is complete; when something fails,
the site that was there before stays.
"""

import io
import shutil
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

from compendium.audit.claims import load_claims
from compendium.audit.provenance import colophon
from compendium.audit.published import read_published
from compendium.coding.codebook import read_codebook
from compendium.files import alone, read_json, read_text, write_json
from compendium.fonts import needed, subset
from compendium.models import read_yaml
from compendium.publishing.notebooks import addresses, for_page, read_notebooks, title
from compendium.publishing.pictures import joint_rows, shown_figures
from compendium.publishing.site import explorer, home, pages, reference, themes
from compendium.publishing.statements import subject_of
from compendium.results import read_results
from compendium.survey.freeze import standing
from compendium.survey.instrument import read_instrument
from compendium.survey.plan import in_words
from compendium.wording import banner

ROOT = Path(__file__).resolve().parents[4]
LANGUAGE = ROOT / "report" / "site" / "language.md"
HALF = ".site-"  # how the folder of an unfinished site is called
# What the theme brings and no page loads: maps for debuggers, pictures of other themes.
UNUSED = (
    ".buildinfo", "objects.inv", "_sources", "_static/*/*.map", "_static/*/*.LICENSE.txt",
    "_static/scripts/furo-extensions.js", "_static/debug.css", "_static/skeleton.css", "_static/*.png",
)  # fmt: skip
# The theme's letters, behind which those of further scripts stand.
SYSTEM = 'system-ui, "Segoe UI", Roboto, Helvetica, Arial'
SETTINGS = {
    "extensions": [
        "myst_nb",
        "compendium.publishing.site.sphinx_extension",
    ],
    "language": "en-GB",
    "default_role": "code",
    "smartquotes": False,  # answers are quoted as they were written
    "exclude_patterns": ["figures", "letters"],
    "nb_execution_mode": "off",
    "nb_code_prompt_show": "Show code",
    "nb_code_prompt_hide": "Hide code",
    "myst_enable_extensions": ["amsmath", "dollarmath"],
    "html_math_renderer": "mathml",
    "html_theme": "furo",
    "templates_path": [str(ROOT / "report" / "site" / "layout")],
    "html_static_path": [str(ROOT / "report" / "site" / "static")],
    "html_css_files": ["site.css", "letters.css"],
    "html_favicon": str(ROOT / "report" / "site" / "static" / "favicon.svg"),
    "html_theme_options": {"top_of_page_buttons": []},
    "html_copy_source": False,
    "html_show_copyright": False,
    "html_show_sphinx": False,
    "html_permalinks_icon": "#",
    "html_use_index": False,
    "html_domain_indices": False,
    "html_last_updated_fmt": None,
    # A page opened from a file may not read other files, so results are listed without their text.
    "html_show_search_summary": False,
}


def build_site(study, data_dir=ROOT / "data", out_dir=ROOT / "build", figures_dir=ROOT / "figures"):
    """Build the site of one study, ``report/site/`` under what its notebooks wrote.

    Parameters
    ----------
    study : str
        Name of the study's folder; its notebooks were executed.
    data_dir, out_dir, figures_dir : pathlib.Path
        The folders that hold the studies, what their notebooks wrote, and their figures.

    Returns
    -------
    int
        How many pages it has.

    Raises
    ------
    ValueError
        When anything is missing or wrong. The old site stays.
    """
    built = out_dir / study
    site = built / "report" / "site"
    with (
        alone(site.parent),
        tempfile.TemporaryDirectory(prefix=HALF, dir=_cleared(site.parent)) as folder,
    ):
        source, output = Path(folder, "source"), Path(folder, "html")
        source.mkdir()
        instrument, citation = write_sources(source, data_dir / study, built, figures_dir / study)
        run_sphinx(source, output, instrument, citation)
        for name in UNUSED:
            for path in sorted(output.glob(name)):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        if (site / "papers").exists():  # which make puts there
            (site / "papers").rename(output / "papers")
        if site.exists():
            site.rename(Path(folder, "old"))
        output.rename(site)
    return len(list(site.glob("*.html")))


def _cleared(folder):
    """The folder without what a run that was killed left half done in it."""
    for path in folder.glob(f"{HALF}*"):
        shutil.rmtree(path)
    return folder


def write_sources(target, data, built, pictures):
    """Gather what Sphinx reads in an empty folder; returns the instrument and the citation file."""
    instrument = read_instrument(data / "survey.yml")
    synthetic, citation = instrument.provenance == "synthetic", read_yaml(ROOT / "CITATION.cff")
    notebooks, results = read_notebooks(built / "notebooks"), read_results(built / "results")
    figures = [f for f in shown_figures(pictures, results) if (pictures / f["file"]).exists()]
    audited = built / "results" / "claims.json"
    audit = read_json(audited) if audited.exists() else []
    published = read_published(data.parent / "published.csv")
    stated = data / "claims.yml"
    claims = load_claims(stated, data.parent / "published.csv") if stated.exists() else []
    links = addresses(results, notebooks)
    plan = standing(instrument, data).lines() if instrument.plan else []
    codebook = read_codebook(data / "codebook.yml") if (data / "codebook.yml").exists() else None
    tables = [read_json(path)["title"] for path in sorted((built / "tables").glob("4_table1_*.json"))]

    texts = {
        "explorer.md": explorer.explorer_page(instrument, results, codebook),
        "own.md": home.own_survey(read_text(ROOT / "README.md")),
        "teachers.md": pages.teachers_page([title(notebook) for notebook in notebooks.values()]),
        "audit.md": pages.audit_page(
            audit, claims, links, synthetic, plan, in_words(instrument, codebook)
        ),
        "figures.md": pages.figures_page(figures, notebooks),
        "dictionary.md": pages.dictionary_page(instrument),
        "citation.md": pages.citation_page(
            citation,
            instrument,
            subject_of(citation, claims, published) is not None,
            colophon(built),
        ),
    } | reference.reference_pages(ROOT / "src" / "helpers", read_text(LANGUAGE))
    if codebook:
        of_themes = themes.theme_pages(instrument, results, codebook, built / "tables")
        texts |= of_themes | {"codebook.md": pages.codebook_page(codebook, synthetic, of_themes)}
    if any(claim.published for claim in claims) or any(one.published for one in instrument.plan):
        own = {claim.published for claim in claims if claim.result and not claim.exclusive}
        texts["published.md"] = pages.published_page(published, own)
    if rows := joint_rows(built / "tables"):
        texts["joint.md"] = pages.joint_page(rows, figures, instrument)
    named = {
        "joint.md": "Numbers beside words",
        "audit.md": "Audit of published statements",
        "published.md": "What others asked employers",
        "figures.md": "Figures",
        "codebook.md": "Codebook",
        "dictionary.md": "Data dictionary",
        "citation.md": "How to cite",
        "reference.md": "The language of the notebooks",
    }
    texts["index.md"] = home.home_page(
        instrument, results, audit, claims, links,
        {f"{name}.ipynb": title(notebook) for name, notebook in notebooks.items()},
        {name: heading for name, heading in named.items() if name in texts},
        figures,
        home.ways_on(notebooks, tables),
    )  # fmt: skip
    for name, text in texts.items():
        (target / name).write_text(text, encoding="utf-8")
    alts = {Path(words["file"]).stem: " ".join(words["alt"].split()) for words in figures}
    for name in notebooks:
        write_json(target / f"{name}.ipynb", for_page(name, notebooks, alts))
    drawn = [path for words in figures for path in pictures.glob(f"{Path(words['file']).stem}.[ps]*")]
    (target / "figures").mkdir()
    for path in drawn:
        shutil.copyfile(path, target / "figures" / path.name)
    write_letters(target)
    return instrument, citation


def write_letters(target):
    """Put the letters of further scripts that the pages use into ``letters/``, with a style sheet."""
    folder = target / "letters"
    folder.mkdir()
    written = sorted([*target.glob("*.md"), *target.glob("*.ipynb")])
    used = "".join(sorted({sign for path in written for sign in read_text(path)}))
    fonts, rules = needed(used), []
    for font in fonts:
        (folder / f"{font.path.stem}.woff").write_bytes(subset(font, used))
        rules.append(
            f'@font-face {{ font-family: "{font.family}"; src: url("{quote(font.path.stem)}.woff"); }}'
        )
    if fonts:
        stack = ", ".join([SYSTEM, *(f'"{font.family}"' for font in fonts), "sans-serif"])
        rules.append(f"html:root body {{ --font-stack: {stack}; }}")
    (folder / "letters.css").write_text("\n".join(rules) + "\n", encoding="utf-8")


def run_sphinx(source, output, instrument, citation):
    """Make HTML; ValueError when Sphinx warns of anything."""
    # nbformat imports jsonschema, which imports this package, which compiles a grammar of web addresses
    # for more than a second. No notebook format checks one, and jsonschema does without it.
    sys.modules.setdefault("rfc3987_syntax", None)
    from sphinx.application import Sphinx
    from sphinx.util.console import nocolor

    nocolor()
    code, words = citation["license"]
    licence = f"Text and figures {pages.spelt(words)}, code {code}."
    settings = SETTINGS | {
        "html_static_path": [*SETTINGS["html_static_path"], str(source / "letters")],
        "project": instrument.title,
        "html_title": instrument.title,
        "html_theme_options": SETTINGS["html_theme_options"] | {"announcement": banner(instrument)},
        "html_context": {
            "banner": banner(instrument),
            "description": " ".join(instrument.about.split()),
            "licence": f'{licence} <a href="citation.html">How to cite</a>',
        },
    }
    warnings = io.StringIO()
    app = Sphinx(source, None, output, output.parent / "doctrees", "html", settings,
                 status=None, warning=warnings, parallel=2)  # fmt: skip
    app.build()
    if warnings.getvalue():
        first = warnings.getvalue().strip().splitlines()[0].replace(f"{source}/", "")
        raise ValueError(f"{first}; correct it there, or in the docstring, and run make again.")
