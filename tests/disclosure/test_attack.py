"""A stranger who has every file of a study that was run works out no withheld count.

Chapters are run as `make` runs them, on random studies of collected answers. The attacker reads every
file that they leave and everything that they show, takes each count and each percent with its base for
known, and asks for the smallest and the largest value that every other count may have. ``make attack``
sets ATTACK, the number of studies.
"""

import csv
import io
import json
import os
import re

import chapters
import pytest
from random_studies import write_study

from compendium.disclosure.counts import not_shown, published_counts
from compendium.disclosure.suppression import feasibility_intervals

STUDIES = int(os.environ.get("ATTACK", "1"))
RUN = chapters.NAMES if STUDIES > 1 else chapters.NAMES[:3]
MINIMUM = 5
CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)
PERCENT = re.compile(r"(\d+(?:\.\d+)?)% ?\(n = (\d+)\)|(\d+(?:\.\d+)?) \(n = (\d+)\)")


def told(files):
    """Counts and bases by result id, in all results and tables; and every count without an id."""
    found, bases, nameless = {}, {}, []
    for path, content in files.items():
        if path.endswith(".json") and "/results/" in path and "provenance" not in path:
            content = json.loads(content)
            for id, one in content.items() if isinstance(content, dict) else ():
                if isinstance(one, dict) and "count" in one:
                    found.setdefault(id.removesuffix(".exact"), set()).add(one["count"])
                elif id.startswith("integration.") and one["unit"] == "count" and one["value"]:
                    found.setdefault(id, set()).add(one["value"])  # the four counts of a topic
                if isinstance(one, dict) and "base" in one:
                    bases.setdefault(id.removesuffix(".exact"), set()).add(one["base"])
        if path.endswith(".csv") and "/tables/" in path:
            for row in csv.DictReader(io.StringIO(content.decode())):
                if row.get("result") and row.get("count"):
                    found.setdefault(row["result"], set()).add(float(row["count"]))
                    bases.setdefault(row["result"], set()).add(float(row["base"] or "nan"))
                elif row.get("count"):
                    nameless.append(float(row["count"]))
    return found, bases, nameless


def shown_counts(outputs):
    """Counts in the tables that notebooks show: the column *Count*, and percents with their bases."""
    for data in outputs:
        page = data.get("text/html", "")
        for table in re.findall(r"<table.*?</table>", page, re.DOTALL):
            rows = [CELL.findall(row) for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL)]
            if rows and "Count" in rows[0]:
                place = rows[0].index("Count") - len(rows[0])  # from the right: row heads may span
                cells = (row[place] for row in rows[1:] if len(row) >= -place)
                yield from (float(cell) for cell in cells if cell.isdecimal())
        for hit in PERCENT.finditer(re.sub("<[^>]+>", " ", page)):
            percent, base = (float(x) for x in hit.groups() if x)
            yield round(percent * base / 100)


@pytest.mark.parametrize("seed", range(STUDIES))
def test_nothing_that_a_run_leaves_or_shows_pins_a_withheld_count(tmp_path, seed):
    study = write_study(chapters.lay_out(tmp_path) / "random", seed)
    outputs = [
        data for name in RUN for data in chapters.run_chapter(name, tmp_path, "random", resamples=50)
    ]
    found, bases, nameless = told(chapters.files(tmp_path, "random"))
    cells, sums = published_counts(study)
    nobody = {id for id in found.keys() - cells.keys() if found[id] == {0} and bases[id] == {0}}
    found = {id: numbers for id, numbers in found.items() if id not in nobody}
    assert len(found) > 10
    assert any(path.endswith("3_joint_display.csv") for path in chapters.files(tmp_path, "random"))
    assert found.keys() <= cells.keys()
    assert all(numbers == {cells[id]} for id, numbers in found.items())
    shown = list(shown_counts(outputs))
    assert len(shown) > 10
    assert min(*(cells[id] for id in found), *nameless, *shown) >= MINIMUM
    known = {*found, "n"} | {name for name in cells if name.startswith(("asked:", "responses:"))}
    known |= {base_name(id) for id in bases if id in cells}
    derived, harmless = not_shown(cells)
    unknown = [name for name in cells if name not in {*known, *derived, *harmless}]
    ranges = feasibility_intervals(cells, sums, MINIMUM, unknown, derived, harmless)
    assert len(ranges)
    assert (ranges["low"] < ranges["high"]).all()


def base_name(id):
    """The name that the base of a result has among the counts."""
    of, by, row = id.partition(".by.")
    if of.startswith("themes.") or (of.startswith("integration.") and of.endswith(".said")):
        return f"base:themes{by}{row}"
    return f"base:{of.rsplit('.', 1)[0]}{by}{row}"
