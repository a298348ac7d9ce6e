"""All studies of a list, examined and told of: what `make studies` does and leaves."""

import hashlib
import importlib.metadata
import os
from dataclasses import replace
from pathlib import Path

import pandas as pd

from compendium.files import read_json, standing, write_table
from compendium.files import replace as put
from compendium.multiverse.engine import computed
from compendium.studies.examined import FOUND, MADE, Places, examine, is_made
from compendium.studies.listed import read_list
from compendium.studies.page import page
from compendium.studies.waves import surveys
from compendium.wording import in_percent

HERE = Path(__file__).resolve().parents[3]
COLUMNS = (
    "name", "export", "status", "platform", "rows", "respondents", "items", "results", "withheld",
    "planned", "answered", "claims", "claims_failed", "decisions", "first_decision", "at", "why",
)  # fmt: skip
LISTED = 12


def run_studies(path, data="data", out="build/studies", scheduler="", progress=None):
    """Examine every export of a list, and write what each gave, what was guessed, what was refused.

    Parameters
    ----------
    path : str or pathlib.Path
        As for `listed.read_list`.
    data, out : str or pathlib.Path
        Where studies lie; what `studies.csv`, `waves.csv`, `index.html` and `seconds.csv` are
        written to, and under ``each/`` the results of each study.
    scheduler : str
        As in `engine.computed`.
    progress : callable, optional
        Is told how many studies are done, and of how many.

    Yields
    ------
    str
        What to tell the user.
    """
    entries = [replace(entry, export=_whole(entry.export), structure=_whole(entry.structure))
               for entry in read_list(path)]  # fmt: skip
    places = Places(Path(data).resolve(), Path(out).resolve(), HERE / "notebooks", _house(data))
    missing = [entry for entry in entries if not is_made(places, entry)]
    done = len(entries) - len(missing)
    for at, _ in enumerate(computed(examine, [(places, entry) for entry in missing], scheduler), 1):
        if progress:
            progress(done + at, len(entries))
    found = [read_json(places.of(entry) / FOUND) for entry in entries]
    compared = surveys(places, entries, found)
    frame = pd.DataFrame(found).reindex(columns=COLUMNS)
    whole = frame.select_dtypes("number").columns
    frame = frame.astype(dict.fromkeys(whole, "Int64"))
    write_table(places.out / "studies.csv", frame)
    seconds = _seconds(places, entries)
    write_table(places.out / "seconds.csv", seconds)
    _write_waves(places.out, compared)
    put(places.out / "index.html", page(found, compared))
    yield from _told(out, found, len(missing), compared, seconds.drop(columns="name").sum())


def _whole(path):
    """A path as workers elsewhere on the machine read it; an empty one stays."""
    return type(path)(os.path.abspath(path)) if str(path) else path


def _house(data):
    """A sum of what every study rests on beside itself: code, chapters, scales, packages."""
    code = [*HERE.glob("src/**/*.py"), *HERE.glob("notebooks/*.ipynb")]
    versions = [importlib.metadata.version(name) for name in ("numpy", "pandas", "scipy")]
    files = standing([*code, *Path(data).resolve().glob("*.*")])
    return hashlib.sha256(repr([files, versions]).encode()).hexdigest()


def _write_waves(out, compared):
    """What waves show and how it moved, as tables; none is left of surveys that have none."""
    for name, tables in (
        ("waves", {survey.title: survey.points for survey in compared}),
        ("trends", {survey.title: survey.trends for survey in compared}),
    ):
        there = {title: table for title, table in tables.items() if len(table)}
        (out / f"{name}.csv").unlink(missing_ok=True)
        if there:
            whole = pd.concat(there, names=["survey", None]).reset_index("survey")
            write_table(out / f"{name}.csv", whole.reset_index(drop=True))


def _seconds(places, entries):
    """How long each study took, step by step, when it was examined last."""
    rows = [read_json(places.of(entry) / MADE)["seconds"] for entry in entries]
    table = pd.DataFrame(rows).round(3)
    table.insert(0, "name", [entry.name for entry in entries])
    return table.assign(all=table.drop(columns="name").sum(axis=1).round(3))


def _told(out, found, fresh, compared, seconds):
    """A few lines: how many, what was refused, what is asked most."""
    refused = [one for one in found if one["status"] == "refused"]
    yield (
        f"studies: {len(found) - len(refused):,} of {len(found):,} from export to audit, "
        f"{len(refused):,} refused; {fresh:,} examined now, the others as before"
    )
    done = [one for one in found if one["status"] == "done"]
    for one in done if len(done) <= LISTED else ():
        first = f", first of all: {one['first_decision']}" if one["decisions"] else ""
        yield (
            f"  done     {one['name']}: {one['respondents']:,} respondents, {one['items']:,} "
            f"questions, {one['results']:,} results; {one['decisions']:,} to decide{first}"
        )
    for one in refused[:LISTED]:
        yield f"  refused  {one['name']} ({one['at']}): {one['why']}"
    if len(refused) > LISTED:
        yield f"  … and {len(refused) - LISTED:,} more"
    for survey in compared:
        yield (
            f"  {survey.title}: {len(survey.times)} waves, {len(survey.trends):,} rows over time, "
            f"{len(survey.apart):,} questions of a wave not compared"
        )
    most = seconds.drop("all").idxmax()
    part = in_percent(round(seconds[most] / seconds["all"], 2))
    yield f"  They took {seconds['all']:,.0f} s of one process, {part} of it in {most}."
    yield f"  See {Path(out)}/index.html; studies.csv and seconds.csv beside it."
