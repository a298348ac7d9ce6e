"""All universes of a study, run and summed up: what `make multiverse` leaves for the chapter."""

import importlib.metadata
from pathlib import Path

import numpy as np
import pandas as pd

from compendium.audit.claims import load_claims
from compendium.coding.codings import load_coding
from compendium.coding.themes import with_themes
from compendium.disclosure.counts import read_or_decide
from compendium.files import alone, read_json, standing, write_json, write_table
from compendium.multiverse.choices import SUMMARY
from compendium.multiverse.engine import FIELDS, collect, examine_all
from compendium.multiverse.ground import Material, lay_ground
from compendium.multiverse.inference import (
    conclusions,
    joint,
    null_curve,
    p_values,
    shares_of_variance,
    turning,
)
from compendium.survey.plan import TAKES, outcomes
from compendium.survey.study import load_study

SHUFFLES, SEED, LEVEL = 500, 20240613, 0.05
AT_ONCE = 3e8  # respondents of all universes and shuffles that a run of the whole study has time for
UNIVERSES, MADE, PARTS = "universes.csv", "made.json", "parts"


def run_multiverse(name, build="build", data_dir="data", scheduler="", briefly=False, progress=None):
    """Examine every universe of a study, and write what they say.

    Parameters
    ----------
    name : str
        The study's folder under `data_dir`.
    build, data_dir : str or pathlib.Path
        ``<build>/<name>/multiverse/`` gets `SUMMARY` and `UNIVERSES`.
    scheduler : str
        As in `engine.examine_all`.
    briefly : bool
        Leave a study alone that would take longer than a few seconds.
    progress : callable, optional
        Is told how many universes are done, and of how many.

    Yields
    ------
    str
        What to tell the user.
    """
    folder, place = Path(data_dir, name), Path(build, name, "multiverse")
    study = load_study(name, data_dir)
    if study.instrument.multiverse is None:
        write_json(place / SUMMARY, {"universes": 0, "questions": [], "claims": []})
        (place / UNIVERSES).unlink(missing_ok=True)
        yield f"multiverse: survey.yml of '{name}' has none."
        return
    published = Path(data_dir, "published.csv")
    with alone(place):  # two runs at once would write the same parts
        yield from _examined(study, folder, place, published, scheduler, briefly, progress)


def _examined(study, folder, place, published, scheduler, briefly, progress):
    """Examine the universes of a study, unless they were, and write what they say."""
    stamp = _stamp(folder, published)
    if (place / MADE).exists() and read_json(place / MADE) == stamp:
        (place / SUMMARY).touch()  # for make, which compares times
        yield "multiverse: as made before; nothing that it rests on has changed."
        return
    coding = load_coding(study, folder)
    hidden = read_or_decide(place.parent / "suppressed.json", with_themes(study, coding))
    grounds = lay_all(study, coding, hidden)
    total = sum(len(ground.universes) for ground in grounds)
    if briefly and total * study.n * SHUFFLES > AT_ONCE:
        write_json(place / SUMMARY, {"universes": total, "questions": [], "claims": []})
        yield f"multiverse: {total:,} universes take a while; `make multiverse` examines them."
        return
    for done in examine_all(grounds, place / PARTS, stamp, SHUFFLES, SEED, 1 - LEVEL, scheduler):
        if progress:
            progress(*done)
    found = collect(grounds, place / PARTS)
    tables = [table_of(study, ground, *found[ground.question]) for ground in grounds]
    facts = [summed_up(*both, *found[both[0].question]) for both in zip(grounds, tables, strict=True)]
    if study.instrument.minimum > 1:
        facts = _coarse(facts)
    path = folder / "claims.yml"
    claims = load_claims(path, published) if path.exists() else []
    write_table(place / UNIVERSES, pd.concat(tables, ignore_index=True))
    summary = {"universes": total, "shuffles": SHUFFLES, "seed": SEED, "level": LEVEL}
    summary |= {"questions": facts, "claims": concerned(study, claims, facts, tables)}
    write_json(place / SUMMARY, summary)
    write_json(place / MADE, stamp)
    failed = sum(len(one["failed"]) for one in facts)
    yield f"multiverse: {total:,} universes of {len(facts)} questions" + (
        f", {failed} failed" if failed else ""
    )


def lay_all(study, coding, hidden=()):
    """The ground of every planned question that the multiverse asks, if it has a universe."""
    material, asked = Material(study, coding), study.instrument.multiverse.questions
    questions = [q for q in study.instrument.plan if not asked or q.id in asked]
    grounds = [lay_ground(material, question, hidden) for question in questions]
    return [ground for ground in grounds if ground.universes]


def _stamp(folder, published):
    """What a run rests on: files by size and time, never by a digest of answers, and versions."""
    source = Path(__file__).parents[1]
    paths = [*folder.rglob("*"), published]
    for subject in ("multiverse", "statistics", "survey", "coding", "disclosure"):
        paths += (source / subject).rglob("*.py")
    versions = [importlib.metadata.version(name) for name in ("numpy", "scipy")]
    return {"files": standing(paths), "versions": versions, "shuffles": SHUFFLES, "seed": SEED}


def table_of(study, ground, rows, failed):
    """One row a universe: its choices, whether it is the plan's, and what it found.

    Parameters
    ----------
    study : Study
    ground : Ground
    rows, failed
        As from `engine.collect`.

    Returns
    -------
    pandas.DataFrame
        `question`, `outcome`, `by`, a column a decision, `planned`, then `estimate`, `low`, `high`, `n`
        and `p`, and `why` there is none. Two digits and no n where answers are protected.
    """
    table = pd.DataFrame(ground.universes)
    table.insert(0, "question", ground.question)
    table["planned"] = ~table.duplicated(["outcome", "by"])
    table[list(FIELDS)] = rows[:, : len(FIELDS)]
    table["p"] = np.nan
    told = ~np.isnan(rows[:, 0]) & ~np.array(ground.withheld)
    if ground.kind != "share" and told.any():
        table.loc[told, "p"] = p_values(_effects(rows[told]), ground.signed)[:, 0]
    table["why"] = [
        "withheld" if hide else failed.get(number, "") for number, hide in enumerate(ground.withheld)
    ]
    table.loc[~told, [*FIELDS, "p"]] = np.nan
    if study.instrument.minimum > 1:
        table[["estimate", "low", "high", "p"]] = table[["estimate", "low", "high", "p"]].round(2)
        table["n"] = np.nan
    return table


def _effects(rows):
    return np.column_stack([rows[:, 0], rows[:, len(FIELDS) :]])


def varied(table):
    """The decisions that universes differ in, as columns: with outcome and grouping first."""
    names = [name for name in ("outcome", "by", *TAKES) if table[name].nunique() > 1]
    return table[names]


def summed_up(ground, table, rows, failed):
    """What the universes of a question say together.

    Returns
    -------
    dict
        `id`, `kind`, `universes`, `withheld`, `failed` with their decisions, the range of effects,
        `joint`, `variance` by decision, `comparisons`, and `robust`: in how many universes the
        conclusion is the plan's, and the decision that turns it.
    """
    told = table["estimate"].notna()
    facts = {
        "id": ground.question, "kind": ground.kind, "signed": ground.signed, "universes": len(table),
        "withheld": int(sum(ground.withheld)),
        "failed": [{"choices": ground.universes[k], "why": why} for k, why in sorted(failed.items())],
    }  # fmt: skip
    planned = table[told & table["planned"]]
    known = table[told].merge(planned[["outcome", "by"]])  # without the plan's own nothing is compared
    if planned.empty or known.empty:
        return facts | {"told": 0}
    facts |= {"told": int(told.sum()), "variance": _plain(shares_of_variance(
        table.loc[told, "estimate"].to_numpy(), varied(table[told])))}  # fmt: skip
    if ground.kind == "share":
        return facts | {"comparisons": _comparisons(known, pd.Series(True, known.index))}
    effects = _effects(rows[told.to_numpy()])
    p = p_values(effects, ground.signed)
    agrees = conclusions(known, LEVEL)
    decisions = varied(known).drop(columns=["outcome", "by"], errors="ignore")
    decision, rates = turning(agrees, decisions)
    return facts | {
        "joint": _plain(joint(effects, p, ground.signed, LEVEL)),
        "null": null_curve(effects, LEVEL),
        "comparisons": _comparisons(known, agrees),
        "robust": {"agree": int(agrees.sum()), "of": len(known), "decision": decision,
                   "rates": _plain(rates)},
    }  # fmt: skip


def _comparisons(known, agrees):
    """One fact a comparison that the plan makes: its own universe, and the range of the others."""
    found = []
    for (outcome, by), rows in known.groupby(["outcome", "by"], sort=False):
        own = rows[rows["planned"]].iloc[0]
        found.append(_plain({
            "outcome": outcome, "by": by, **own[["estimate", "low", "high", "p"]].to_dict(),
            "universes": len(rows), "agree": int(agrees[rows.index].sum()),
            "smallest": rows["estimate"].min(), "largest": rows["estimate"].max(),
        }))  # fmt: skip
    return found


def _coarse(facts):
    """Facts of two digits: to the last one they would tell more than the tables do."""
    if isinstance(facts, dict):
        return {name: _coarse(value) for name, value in facts.items()}
    if isinstance(facts, list):
        return [_coarse(value) for value in facts]
    return round(facts, 2) if isinstance(facts, float) else facts


def _plain(facts):
    """Plain values for JSON; None for no number."""
    facts = dict(facts)
    return {name: None if isinstance(v, float) and np.isnan(v) else v for name, v in facts.items()}


def concerned(study, claims, facts, tables):
    """For each claim that a question concerns, in how many universes it stands, and what turns it.

    Parameters
    ----------
    study : Study
    claims : list of Claim
    facts, tables
        Of the questions, as from `summed_up` and `table_of`.

    Returns
    -------
    list of dict
        `claim`, `question`, `agree`, `of`, `decision`, and `printed`, where the claim is a percentage:
        it stands where a universe's share, rounded as printed, is the same. A finding in words that
        sets two shares side by side stands where their difference concludes what the plan's does.
    """
    found = []
    for one, table in zip(facts, tables, strict=True):
        if not one["told"]:
            continue
        question = study.instrument.plan[one["id"]]
        names = _shares_of(study, question)
        for claim in claims if names else ():
            bound = [claim.result] if isinstance(claim.result, str) else list(claim.result or [])
            percent = claim.percent if isinstance(claim.percent, str) else None
            if one["kind"] == "share" and question.method == "share" and names[0] in bound and percent:
                half = 0.5 * 10.0 ** -len(percent.partition(".")[2])
                rows = table[table["estimate"].notna()]
                agrees = (rows["estimate"] - float(percent)).abs() <= half + 1e-9
                decision, _ = turning(agrees, varied(rows))
                found.append({"claim": claim.id, "question": one["id"], "agree": int(agrees.sum()),
                              "of": len(rows), "decision": decision, "printed": percent})  # fmt: skip
            elif one["kind"] == "contrast" and set(names) <= {*bound, *(claim.evidence or [])}:
                robust = one["robust"]
                found.append({"claim": claim.id, "question": one["id"], "agree": robust["agree"],
                              "of": robust["of"], "decision": robust["decision"]})  # fmt: skip
    return found


def _shares_of(study, question):
    """Ids of the shares that a question is about: one, or the two that it sets side by side."""
    if question.method not in ("share", "contrast"):
        return []
    item = study.instrument.item(question.item)
    return [
        f"{item.key}.{of}" for of in outcomes(item, question)[: 1 + (question.method == "contrast")]
    ]
