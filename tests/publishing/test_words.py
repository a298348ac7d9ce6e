"""What is printed of a study on another subject: no word of the default one, whatever is asked."""

import io
import json
import re
import shutil

import chapters
import hard_exports
import nbformat
import pypdf
import pytest
from printing import printed

from compendium.importing.importer import import_study
from compendium.publishing.site.build import write_sources

# What the default study is about, who published on it, and what is true of its answers alone.
OTHERS = (
    r"micro-?credential(?!s-compendium|s\")|employer|\bqaa\b|scotland|familiar|perkins|pryor|tierney"
    r"|thornton|upcea|badge|curricul|codevelop|universit|synthetic|made[ -]up|invented|fictitious"
)
# Names that are the same in every study: a chapter's file, a property, the compendium as it is cited.
NAMES = r"2_familiarity|OpenStudy\.synthetic|Employers and micro-credentials: a research compendium"


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    """All texts of a collected study on water, from the untouched draft of a hard export."""
    top = tmp_path_factory.mktemp("water")
    data = chapters.lay_out(top)
    hard_exports.of_everything(top / "water.csv")
    import_study("water", top / "water.csv", data)
    for name in chapters.NAMES:
        chapters.write_executed(name, top, "water", drawn=False)
    shutil.copyfile(chapters.ROOT / "CITATION.cff", top / "CITATION.cff")
    shutil.copytree(chapters.ROOT / "report", top / "report")
    papers = printed(top, "water", ("poster", "handout", "report"))
    found = {name: "\n".join(pages_of(pdf)) for name, pdf in papers.items()}
    pictures, sources = top / "figures" / "water", top / "sources"
    found |= {path.name: path.read_text("utf-8") for path in pictures.glob("*.json")}
    sources.mkdir()
    write_sources(sources, data / "water", top / "build" / "water", pictures)
    found |= {path.name: path.read_text("utf-8") for path in sources.glob("*.md")}
    found |= {path.name: "\n".join(words(path)) for path in sources.glob("*.ipynb")}
    return {name: re.sub(NAMES, "", text) for name, text in found.items()}


def pages_of(pdf):
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def words(path):
    """What a page of a chapter shows: text, code, outputs, and what is said of pictures."""
    for cell in nbformat.read(path, 4).cells:
        yield cell.source
        for output in cell.get("outputs", []):
            yield from (text for kind, text in output.data.items() if kind.startswith("text/"))
            yield json.dumps(output.metadata, ensure_ascii=False)


def test_nothing_of_the_default_study_is_said_of_another(texts):
    assert len(texts) > 30
    said = {
        (name, text[max(found.start() - 40, 0) : found.end() + 40])
        for name, text in texts.items()
        for found in re.finditer(OTHERS, text, re.IGNORECASE)
    }
    assert said == set()
