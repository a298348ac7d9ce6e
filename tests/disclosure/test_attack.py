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

from compendium.disclosure.counts import not_shown, published_counts, write_suppressed
from compendium.disclosure.suppression import feasibility_intervals

STUDIES = int(os.environ.get("ATTACK", "1"))
RUN = chapters.NAMES if STUDIES > 1 else chapters.NAMES[:3]
MINIMUM = 5
CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)
# Whole numbers of tables that count nobody's answer.
NO_ANSWER = {"answered", "unanswered", "dont_know", "not_ticked", "skipped", "not_asked", "answers",
             "base", "n", "df", "statistic", "Percent", "Base"}  # fmt: skip
PERCENT = re.compile(r"(\d+(?:\.\d+)?)% ?\(n = (\d+)\)|(\d+(?:\.\d+)?) \(n = (\d+)\)")


def told(files):
    """Counts and bases by result id, in all results and tables; and every count without an id.

    In tables, a column of whole numbers is a column of counts, unless it is known to be none.
    """
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
            rows = list(csv.DictReader(io.StringIO(content.decode())))
            columns = [name for name in (rows or [{}])[0] if whole([row[name] for row in rows])]
            for column in columns:
                names = "result" if column == "count" else f"{column}_result"
                for row in (row for row in rows if row[column]):
                    if row.get(names):
                        found.setdefault(row[names], set()).add(float(row[column]))
                    elif column not in NO_ANSWER:
                        nameless.append(float(row[column]))
                    if row.get(names) and column == "count":
                        bases.setdefault(row[names], set()).add(float(row["base"] or "nan"))
    return found, bases, nameless


def whole(texts):
    """Whether a column holds whole numbers, and some."""
    return any(texts) and all(text.isdecimal() for text in texts if text)


def amiss(cells, files):
    """What is told that was not decided on, or is another number, or is small."""
    found, bases, nameless = told(files)
    nobody = {id for id in found.keys() - cells.keys() if found[id] == {0} and bases[id] == {0}}
    counted = {id: numbers for id, numbers in found.items() if id not in nobody}
    wrong = [id for id, numbers in counted.items() if numbers != {cells.get(id)}]
    small = [id for id in counted if cells.get(id, 0) < MINIMUM]
    return [*wrong, *small, *nameless]


def shown_counts(outputs):
    """Counts in the tables that notebooks show: the column *Count*, and percents with their bases."""
    for data in outputs:
        page = data.get("text/html", "")
        for table in re.findall(r"<table.*?</table>", page, re.DOTALL):
            rows = [CELL.findall(row) for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL)]
            heads = [head.startswith("Count") for head in rows[0]] if rows else []
            if any(heads):
                place = heads.index(True) - len(heads)  # from the right: row heads may span
                cells = (row[place] for row in rows[1:] if len(row) >= -place)
                yield from (float(cell) for cell in cells if cell.isdecimal())
        for hit in PERCENT.finditer(re.sub("<[^>]+>", " ", page)):
            percent, base = (float(x) for x in hit.groups() if x)
            yield round(percent * base / 100)


@pytest.fixture(scope="module", params=range(STUDIES))
def ran(request, tmp_path_factory):
    """Counts and sums of a random study, what its chapters left, and what they showed."""
    top = tmp_path_factory.mktemp("random")
    study = write_study(chapters.lay_out(top) / "random", request.param)
    write_suppressed(top / "build" / "random" / "suppressed.json", study)  # once for all, as make
    shown = [
        data
        for name in RUN
        for data in chapters.run_chapter(name, top, "random", drawn=False, resamples=50)
    ]
    return *published_counts(study), chapters.files(top, "random"), shown


def test_nothing_that_a_run_leaves_or_shows_pins_a_withheld_count(ran):
    cells, sums, files, outputs = ran
    found, bases, _ = told(files)
    assert len(found) > 10
    assert any(path.endswith("3_joint_display.csv") for path in files)
    assert amiss(cells, files) == []
    found = {id for id in found if id in cells}
    shown = list(shown_counts(outputs))
    assert len(shown) > 10
    assert min(shown) >= MINIMUM
    known = {*found, "n"} | {name for name in cells if name.startswith(("asked:", "responses:"))}
    known |= {base_name(id) for id in bases if id in cells}
    derived, harmless = not_shown(cells)
    unknown = [name for name in cells if name not in {*known, *derived, *harmless}]
    ranges = feasibility_intervals(cells, sums, MINIMUM, unknown, derived, harmless)
    assert len(ranges)
    pinned = ranges[ranges["low"] == ranges["high"]]
    known = ranges["name"].isin([*derived]) & ranges["high"].lt(MINIMUM)
    print(
        f"{len(ranges)} counts withheld or derived, {len(pinned)} pinned; {known.sum()} complements "
        f"are below {MINIMUM}, as the marks of their parts say"
    )  # pytest -rP shows it
    assert pinned.empty


@pytest.mark.parametrize(
    ("table", "column"),
    [("1_by_group", "n"), ("1_by_group", "answered"), ("3_cooccurrence", "count"), ("2_size", "count"),
     ("3_cooccurrence", "heard"), ("1_missing", "ticked")],
)  # fmt: skip
def test_the_walk_notices_a_count_that_goes_round_the_gate(ran, table, column):
    cells, _, files, _ = ran
    (path,) = (path for path in files if path.endswith(f"/{table}.csv"))
    rows = list(csv.DictReader(io.StringIO(files[path].decode())))
    spoilt = io.StringIO()
    writer = csv.DictWriter(spoilt, list(dict.fromkeys([*rows[0], column])))
    writer.writeheader()
    writer.writerows([rows[0] | {column: 2}, *rows[1:]])
    assert amiss(cells, files | {path: spoilt.getvalue().encode()})


def test_the_walk_notices_a_withheld_pair_of_codes(ran):
    cells, _, files, _ = ran
    (path,) = (path for path in files if path.endswith("/3_cooccurrence.csv"))
    row = "both:themes.m0.c9 & themes.m1.c8,c9,c8,3,40,"
    assert amiss(cells, files | {path: files[path] + row.encode() + b"\n"})


def base_name(id):
    """The name that the base of a result has among the counts."""
    of, by, row = id.removeprefix("both:").partition(".by.")
    if id.startswith("base:"):
        return id
    if of.startswith("themes.") or (of.startswith("integration.") and of.endswith(".said")):
        return f"base:themes{by}{row}"
    return f"base:{of.rsplit('.', 1)[0]}{by}{row}"
