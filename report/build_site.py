"""Build the web site of a study from its executed notebooks and results.

    python report/build_site.py --study microcredentials

The site is made in a folder of its own and takes its place only when it is complete; when something
fails, the site that was there before stays.
"""

import argparse
import ast
import io
import shutil
import sys
import tempfile
import time
from pathlib import Path

# nbformat imports jsonschema, which imports this package, which compiles a grammar of web addresses
# for more than a second. No notebook format checks one, and jsonschema does without it.
sys.modules.setdefault("rfc3987_syntax", None)

import nbformat  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "report" / "site"
# What the theme brings and no page loads: translations, maps for debuggers, marks of other services.
UNUSED = (".buildinfo", "_static/locales", "_static/images", "_static/*/*.map", "_static/*macros.html")
sys.path[:0] = [str(SOURCES), str(ROOT / "src")]

import cells  # noqa: E402
import front  # noqa: E402

from compendium.audit.claims import load_claims  # noqa: E402
from compendium.audit.published import load_published  # noqa: E402
from compendium.coding.codebook import read_codebook  # noqa: E402
from compendium.files import read_yaml, write_json  # noqa: E402
from compendium.publishing import pages  # noqa: E402
from compendium.publishing.dictionary import dictionary_page  # noqa: E402
from compendium.results import read_results  # noqa: E402
from compendium.survey.instrument import read_instrument  # noqa: E402
from compendium.wording import MARK  # noqa: E402


def read_notebooks(folder):
    """The executed notebooks of a study in reading order, by name without ending.

    Raises
    ------
    ValueError
        When there is none, or one holds something that could run.
    """
    paths = [p for p in sorted(folder.glob("*.ipynb")) if not p.name.endswith(".failed.ipynb")]
    if not paths:
        raise ValueError(
            f"{folder}: there are no executed notebooks; run the notebooks first (make all)."
        )
    notebooks = {path.stem: nbformat.read(path, 4) for path in paths}
    for path, notebook in zip(paths, notebooks.values(), strict=True):
        cells.check_outputs(path, notebook)
        cells.keep_links(notebook, notebooks)
    return notebooks


def write_sources(target, data, built, pictures):
    """Gather what Sphinx reads.

    Parameters
    ----------
    target : pathlib.Path
        An empty folder.
    data, built, pictures : pathlib.Path
        Of the study: its ``data/<study>``, ``build/<study>`` and ``figures/<study>``.

    Returns
    -------
    Instrument
    """
    instrument = read_instrument(data / "survey.yml")
    synthetic, citation = instrument.provenance == "synthetic", read_yaml(ROOT / "CITATION.cff")
    notebooks, results = read_notebooks(built / "notebooks"), read_results(built / "results")
    figures = cells.read_figures(pictures, results)
    audited = built / "results" / "claims.json"
    audit = cells.read_json(audited) if audited.exists() else []
    stated = data / "claims.yml"
    published = load_published(data.parent / "published.csv")
    claims = load_claims(stated, data.parent / "published.csv") if stated.exists() else []
    links = cells.addresses(results, notebooks)
    papers = sorted((built / "report").glob("*.pdf"))

    texts = {
        "audit.md": front.audit_page(audit, claims, links, synthetic),
        "figures.md": front.figures_page(figures, notebooks),
        "dictionary.md": dictionary_page(instrument),
        "citation.md": front.citation_page(
            citation, instrument, front.about_references(citation, claims, published)
        ),
    } | front.reference_pages(modules())
    named = {
        "audit.md": "Audit of published statements",
        "figures.md": "Figures",
        "codebook.md": "Codebook",
        "dictionary.md": "Data dictionary",
        "citation.md": "How to cite",
        "reference.md": "Helpers' reference",
    }
    if (data / "codebook.yml").exists():
        texts["codebook.md"] = pages.codebook_page(read_codebook(data / "codebook.yml"), synthetic)
    named = {name: title for name, title in named.items() if name in texts}
    texts["index.md"] = front.home_page(
        instrument,
        front.headlines(instrument, results, audit, claims, links),
        {f"{name}.ipynb": cells.title(notebook) for name, notebook in notebooks.items()},
        named,
        front.lead(instrument, figures),
        [path.name for path in papers],
    )
    for name, text in texts.items():
        (target / name).write_text(text, encoding="utf-8")
    for name, notebook in notebooks.items():
        nbformat.write(notebook, target / f"{name}.ipynb")
    drawn = [path for words in figures for path in pictures.glob(f"{Path(words['file']).stem}.*")]
    write_json(target / "figures" / "captions.json", figures)
    for folder, paths in (("figures", drawn), ("papers", papers)):
        (target / folder).mkdir(exist_ok=True)
        for path in paths:
            shutil.copyfile(path, target / folder / path.name)
    return instrument


def modules():
    """First line of the docstring of each helper, by name."""
    found = {}
    for path in sorted((ROOT / "src" / "compendium").rglob("[a-z]*.py")):
        docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        found[path.stem] = docstring.partition("\n")[0]
    return found


def run_sphinx(source, output, instrument):
    """Make HTML.

    Raises
    ------
    ValueError
        When Sphinx warns of anything.
    """
    from sphinx.application import Sphinx
    from sphinx.util.console import nocolor

    nocolor()

    code, words = read_yaml(ROOT / "CITATION.cff")["license"]
    settings = {
        "project": instrument.title,
        "html_title": instrument.title,
        "html_theme_options.announcement": MARK if instrument.provenance == "synthetic" else "",
        "html_theme_options.extra_footer": f"Text and figures {front.spelt(words)}, code {code}. "
        '<a href="citation.html">How to cite</a>',
    }
    warnings = io.StringIO()
    app = Sphinx(source, SOURCES, output, output.parent / "doctrees", "html", settings,
                 status=None, warning=warnings, parallel=2)  # fmt: skip
    app.build()
    if warnings.getvalue():
        first = warnings.getvalue().strip().splitlines()[0].replace(f"{source}/", "")
        raise ValueError(f"{first}; correct it there, or in the docstring, and run make again.")


def build(data, built, pictures, site):
    """Build the site of one study in place of the one that is there.

    Parameters
    ----------
    data, built, pictures : pathlib.Path
        As for `write_sources`.
    site : pathlib.Path
        The folder of the site.

    Raises
    ------
    ValueError
        When anything is missing or wrong; the message says what. The old site stays.
    """
    site.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".site-", dir=site.parent) as folder:
        source, output = Path(folder, "source"), Path(folder, "html")
        source.mkdir()
        instrument = write_sources(source, data, built, pictures)
        run_sphinx(source, output, instrument)
        for name in UNUSED:
            for path in sorted(output.glob(name)):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        if site.exists():
            site.rename(Path(folder, "old"))
        output.rename(site)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--study", default="microcredentials", help="the study's folder")
    parser.add_argument("--data-dir", type=Path, default=ROOT / "data")
    parser.add_argument("--out-dir", type=Path, default=ROOT / "build")
    parser.add_argument("--figures-dir", type=Path, default=ROOT / "figures")
    options = parser.parse_args()
    built, started = options.out_dir / options.study, time.monotonic()
    site = built / "report" / "site"
    try:
        build(options.data_dir / options.study, built, options.figures_dir / options.study, site)
    except ValueError as error:
        sys.exit(f"  site: {error}")
    print(f"  site: {len(list(site.glob('*.html')))} pages in {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
