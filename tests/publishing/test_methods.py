"""The report names the methods that were used in a study, and no others."""

import io
import shutil

import pypdf
import pytest
from chapters import ROOT, TINY, lay_out
from printing import printed

from compendium.files import write_json
from compendium.publishing.methods import methods_used
from compendium.results import record
from compendium.survey.instrument import read_instrument


def test_a_study_of_shares_has_used_wilsons_interval_only():
    instrument, results = read_instrument(TINY / "survey.yml"), {}
    record(results, "riding.rides.never", 20.0, "percent", count=4, base=20, method="Wilson")
    record(results, "riding.rides.daily", None, "percent", method="Clopper–Pearson", note="withheld")
    assert methods_used(instrument, results, [], ["1_flow.png"], False) == ["wilson"]


def test_each_method_is_known_by_its_results():
    instrument, results = read_instrument(TINY / "survey.yml"), {}
    record(
        results, "plan.where.place.p", 0.2, "p", method="Fisher (exact), Holm", test="Fisher (exact)"
    )
    record(results, "plan.where.place.effect", 0.2, "coefficient", method="Cramér's V")
    record(results, "themes.agreement.cost.ac1", 0.8, "coefficient", method="Gwet's AC1")
    every = "permutation test over all universes"
    record(results, "multiverse.where.median.p", 0.2, "p", method=every)
    found = methods_used(instrument, results, [{}], ["4_scale_weather.png"], True)
    assert found == ["ac1", "audit", "bootstrap", "cramer", "fisher", "holm", "likert", "multiverse",
                     "wilcoxon"]  # fmt: skip


@pytest.fixture
def report(tmp_path):
    """Makes the text of the report of a study with these results."""
    lay_out(tmp_path, TINY)
    shutil.copytree(ROOT / "report", tmp_path / "report")
    shutil.copy(ROOT / "CITATION.cff", tmp_path)
    out = tmp_path / "build" / "tiny"
    shutil.copytree(ROOT / "notebooks", out / "notebooks")
    (tmp_path / "figures" / "tiny").mkdir(parents=True)

    def made(results):
        write_json(out / "results" / "2_familiarity.json", results)
        pages = pypdf.PdfReader(io.BytesIO(printed(tmp_path, "tiny", ["report"])["report"])).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())

    return made


OTHERS = (
    "Holm",
    "Kendall",
    "Friedman",
    "Cramér",
    "Cronbach",
    "GRIM",
    "CROSS",
    "bootstrap",
    "Kish",
    "κ",
)
COUNTED = {name: {"value": 20, "unit": "count"} for name in ("sample.n", "sample.received")}
SHARE = {"value": 20.0, "unit": "percent", "count": 4, "base": 20, "method": "Wilson"}
TAU = {"value": 0.2, "unit": "p", "base": 20, "method": "τ-b, Holm", "test": "Kendall's τ-b"}


def test_the_report_names_no_method_that_was_not_used(report):
    few = COUNTED | {"riding.rides.never": SHARE}
    methods = report(few).partition("Methods Shares carry Wilson")[2]
    assert methods
    assert [name for name in OTHERS if name in methods] == []
    more = report(few | {"plan.by_weather.age.sun.p": TAU}).partition("Methods Shares carry")[2]
    assert [name for name in OTHERS if name in more] == ["Holm", "Kendall"]
