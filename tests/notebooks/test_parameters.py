"""Each parameter of each notebook changes a value, not only a label.

Compared is what a chapter leaves and shows with every word taken out: the numbers of its results and
tables and the points of its pictures. A chapter that prints "80% interval" and computes 95% fails.
"""

import csv
import io
import json
import re
import shutil

import pytest
from chapters import NOTEBOOKS, TINY, files, lay_out, parameters, run_all, run_chapter

# Which numbers of a result may differ; its words may not count.
NUMBERS = ("value", "count", "base", "low", "high")
CHANGED = {
    "study": "other",
    "seed": 1,
    "confidence": 0.8,
    "most_missing": 3,
    "resamples": 50,
    "power": 0.5,
    "term": "parking",
    "coding_mode": "reflexive",
    "neutral": "left",
    "protect": "always",
}
# What changes pictures alone; of all others numbers are compared, and pictures are only outlined.
IN_PICTURES = {("1_responses", "most_missing"), ("4_figures", "neutral"), ("5_claims", "confidence")}
# What decides an order or what is looked up leaves no number: its text is compared.
IN_WORDS = {("3_themes", "term"), ("4_figures", "seed"), ("5_claims", "seed")}
SEEDS = {("1_responses", "seed"), ("3_themes", "seed")}  # tested on more than twenty respondents
PLACES = {"data_dir", "out_dir", "figures_dir"}


def names(path):
    return re.findall(r"^(\w+) = ", parameters(path).source, re.MULTILINE)


CASES = [
    (path.stem, name)
    for path in NOTEBOOKS
    for name in names(path)
    if name not in PLACES and (path.stem, name) not in SEEDS
]


def values(left, pictures=False):
    """The numbers in what a chapter left, by file; those of its pictures where they are drawn."""
    found = {}
    for path, content in left.items():
        text = content.decode("utf-8", errors="replace")
        if path.endswith(".json") and "/results/" in path and "/answers" not in path:
            found[path] = numbers(json.loads(text))
        elif path.endswith(".csv"):
            cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
            found[path] = [cell for cell in cells if re.fullmatch(r"-?[\d.,e%+-]+", cell)]
        elif path.endswith(".svg") and pictures:
            found[path] = [points for points in re.findall(r'<path d="([^"]+)"', text)]
    return found


def numbers(content):
    """The numbers of named results, or of a list such as the audit's."""
    if isinstance(content, dict) and all(isinstance(one, dict) for one in content.values()):
        return {id: [one.get(key) for key in NUMBERS] for id, one in content.items()}
    return re.findall(r"[\d.]+", json.dumps(content))


def one_chapter(left, name):
    """Of all that was left, what this chapter leaves."""
    mine = re.compile(rf"/(results/({name}|claims)\.json|(tables|review|figures/\w+)/{name[0]}_)")
    return {path: content for path, content in left.items() if mine.search(f"/{path}")}


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    """All chapters run for the same study with two respondents fewer."""
    top = tmp_path_factory.mktemp("other")
    folder = lay_out(top, TINY, "other") / "other"
    path = folder / "responses.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([lines[0], *lines[3:]]) + "\n", encoding="utf-8")
    for coder in (folder / "coding").glob("*.csv"):
        head, *rows = coder.read_text(encoding="utf-8").splitlines()
        kept = [row for row in rows if not row.startswith(("R01,", "R02,"))]
        coder.write_text("\n".join([head, *kept]) + "\n", encoding="utf-8")
    run_all(top, "other", drawn=False)
    return top


@pytest.mark.parametrize(("name", "parameter"), CASES, ids=str)
def test_each_parameter_changes_a_value(tmp_path, tiny, told, other, name, parameter):
    study, top = "tiny", tmp_path
    if parameter == "study":
        study, top = CHANGED["study"], other
    else:
        lay_out(tmp_path, TINY)
        shutil.copytree(tiny / "build", tmp_path / "build")
        shutil.rmtree(tmp_path / "build" / "tiny" / "tables")
        drawn = (name, parameter) in IN_PICTURES
        shown = run_chapter(name, tmp_path, drawn=drawn, **{parameter: CHANGED[parameter]})
    if (name, parameter) in IN_WORDS:
        assert words(shown) != words(told[name])
        return
    pictures = (name, parameter) in IN_PICTURES
    before, after = (
        values(one_chapter(left, name), pictures) for left in (files(tiny), files(top, study))
    )
    after = {path.replace(f"/{study}/", "/tiny/"): found for path, found in after.items()}
    assert before
    assert before != after


def test_another_run_with_the_same_parameters_shows_the_same_words(tmp_path, tiny, told):
    """So what a parameter changes in words is changed by it."""
    lay_out(tmp_path, TINY)
    shutil.copytree(tiny / "build", tmp_path / "build")
    for name in sorted({name for name, _ in IN_WORDS}):
        assert words(run_chapter(name, tmp_path, drawn=False)) == words(told[name])


@pytest.mark.parametrize(("name", "drawn"), [("1_responses", "completion"), ("3_themes", "agreement")])
def test_the_seed_draws_other_intervals(tmp_path, name, drawn):
    """Of twenty respondents too little is told, or too coarsely, for a seed to show."""
    lay_out(tmp_path, TINY.parents[2] / "data" / "microcredentials", "microcredentials")
    cells, more = rf"study\.({drawn}|conclude)\(", {"resamples": 20} if name == "3_themes" else {}
    found = []
    for seed in (1, 2):
        options = {"only": cells, "seed": seed, "drawn": False} | more
        run_chapter(name, tmp_path, "microcredentials", **options)
        found.append(values(one_chapter(files(tmp_path, "microcredentials"), name)))
    assert found[0] != found[1]


def words(shown):
    """The text that was shown, without pictures and without where an object lay in memory."""
    return [(one.get("text/html"), one.get("text/markdown")) for one in shown]
