"""A repository of one's own: README, citation file and site name its title, authors and study."""

import html
import shutil
from pathlib import Path

import pytest

from compendium.models import read_yaml
from compendium.publishing.site import pages
from compendium.publishing.template import new_study
from compendium.survey.instrument import read_instrument

ROOT = Path(__file__).parents[2]
HOSTILE = "<img src=x onerror=hit()> **b**"


@pytest.fixture
def top(tmp_path):
    """A copy of what is changed, and the second study under a name of one's own."""
    for name in ("README.md", "CITATION.cff"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "data" / "mine").mkdir(parents=True)
    survey = (ROOT / "data" / "anes96" / "survey.yml").read_text(encoding="utf-8")
    title = read_yaml(ROOT / "data" / "anes96" / "survey.yml")["title"]
    survey = survey.replace(f"title: {title}", "title: Parks of the town")
    (tmp_path / "data" / "mine" / "survey.yml").write_text(survey, encoding="utf-8")
    return tmp_path


def test_readme_citation_and_site_name_title_authors_and_study(top):
    told = list(new_study("mine", "Ada Byron; Hopper, Grace; Consortium", "ada/parks", top))
    citation = read_yaml(top / "CITATION.cff")
    assert citation["title"] == "Parks of the town: a research compendium"
    assert citation["authors"] == [
        {"family-names": "Byron", "given-names": "Ada"},
        {"family-names": "Hopper", "given-names": "Grace"},
        {"name": "Consortium"},
    ]
    before = read_yaml(ROOT / "CITATION.cff")
    (origin,) = citation["references"]
    assert origin["title"] == before["title"]

    readme = (top / "README.md").read_text(encoding="utf-8")
    head, _, rest = readme.partition("## Run it")
    assert head.startswith("# Parks of the town: a research compendium\n")
    assert "Ada Byron, Grace Hopper, Consortium." in head
    assert "make all STUDY=mine" in head
    assert "mybinder.org/v2/gh/ada/parks/HEAD" in head
    assert "Perkins" not in readme
    kept = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Run it")[2]
    assert rest.partition("## Cite")[0] == kept.partition("## Cite")[0]
    assert rest.endswith(kept[kept.index("## Licences") :])

    made_with = {"python": "", "packages": [], "commit": ""}
    instrument = read_instrument(top / "data" / "mine" / "survey.yml")
    page = html.unescape(pages.citation_page(citation, instrument, False, made_with))
    assert "Byron, Hopper & Consortium. *Parks of the town: a research compendium*" in page
    assert f"*{before['title']}*" in page.partition("## What it was made from")[2]
    assert any("data/mine" in line for line in told)


def test_a_second_time_changes_authors_and_keeps_what_it_was_made_from(top):
    list(new_study("mine", "Ada Byron", "", top))
    once = read_yaml(top / "CITATION.cff")
    assert "Binder" not in (top / "README.md").read_text(encoding="utf-8").partition("## Run it")[0]
    list(new_study("mine", "Grace Hopper", "", top))
    twice = read_yaml(top / "CITATION.cff")
    assert twice["references"] == once["references"]
    assert [one["family-names"] for one in twice["authors"]] == ["Hopper"]


def test_hostile_names_are_shown_and_never_run(top):
    list(new_study("mine", HOSTILE, "", top))
    readme = (top / "README.md").read_text(encoding="utf-8")
    assert "<img src=x" not in readme
    assert "**b**" not in readme
    assert html.unescape(readme).count("<img src=x onerror=hit()>") == 2


@pytest.mark.parametrize(
    ("study", "people", "repository", "message"),
    [
        ("none", "Ada Byron", "", r"none.survey\.yml: there is no such file"),
        ("mine", " ; ", "", "AUTHORS is missing"),
        ("mine", "Ada Byron", "https://github.com/a/b", "no owner/name"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changed(top, study, people, repository, message):
    before = {path: path.read_bytes() for path in top.iterdir() if path.is_file()}
    with pytest.raises(ValueError, match=message):
        list(new_study(study, people, repository, top))
    assert {path: path.read_bytes() for path in top.iterdir() if path.is_file()} == before
