"""Three surveys on unlike subjects go from export to what the poster says, on the untouched draft."""

import json

import matplotlib.pyplot as plt
import pytest
import unlike_surveys
from chapters import COARSE, NAMES, ROOT, lay_out, write_executed

from compendium.figures.style import PAGE
from compendium.importing.importer import import_study
from compendium.publishing.poster import poster_content
from compendium.results import read_results
from compendium.survey.instrument import read_instrument

PLACEHOLDERS = ("Say here", "Not stated", "the subject of the survey")


@pytest.mark.parametrize(
    ("survey", "few", "unrated", "points"),
    [("market", "stall", "rate.lsmk", 4), ("choir", "q4", "q2.i_sing_the_other_part", 5),
     ("allotment", "bed", "op.bonfires_should_be_allowed", 5)],
)  # fmt: skip
def test_an_untouched_draft_reaches_the_poster(tmp_path, survey, few, unrated, points):
    data = lay_out(tmp_path)
    report = import_study("it", getattr(unlike_surveys, survey)(tmp_path), data)
    assert len(report["decisions"]) <= 3  # what describes the export answers the others
    for name in NAMES:
        write_executed(name, tmp_path, "it")
    built, figures = tmp_path / "build" / "it", tmp_path / "figures" / "it"
    results, instrument = read_results(built / "results"), read_instrument(data / "it" / "survey.yml")

    shares = [results[f"questions.{few}.{one.id}"] for one in instrument.item(few).choices]
    assert len(shares) >= 24
    assert all(share["withheld"] for share in shares)
    grid, _, statement = unrated.partition(".")
    assert [one.id for one in instrument.item(grid).statements][-1] == statement
    rows = [results[f"questions.{unrated}.{one.id}"] for one in instrument.item(grid).points]
    assert [row["value"] for row in rows] == [None] * points

    heights = [plt.imread(path).shape[0] / COARSE for path in figures.glob("*.png")]
    assert len(heights) > 3
    assert max(heights) <= PAGE
    content = poster_content(
        data / "it", built, figures, ROOT / "CITATION.cff", ROOT / "report" / "references.bib"
    )
    (shown,) = [
        one for one in content["distributions"] if one["title"] == instrument.item(grid).question
    ]
    assert shown["rows"][-1]["percent"] is None
    printed = {key: value for key, value in content.items() if key != "words"}
    assert not [words for words in PLACEHOLDERS if words in json.dumps(printed)]
