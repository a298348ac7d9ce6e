"""Writes the synthetic responses of the default study from one seed.

The respondents' own answers were never published. What this module writes has the shape of such
answers and nothing of their content: exactly 12 of 92 are *not familiar* because it was told so, and
every association is the one written down in `STRUCTURE`. None of it is a finding.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from compendium.survey.instrument import read_instrument

RESPONDENTS = 92
NOT_FAMILIAR = 12
SEED = 20240613

# The whole joint structure. A respondent has two hidden scores, both standard normal plus the shifts
# below: `awareness` (how much they know) and `openness` (how much they see in it). Every answer that
# is not in `MARGINS` is drawn from one of the two scores plus noise, so that nothing else depends on
# anything else.
STRUCTURE = {
    "awareness": {
        "size": {"micro": -0.4, "small": -0.2, "medium": 0.1, "large": 0.4},
        "role": {"employer": -0.2, "hr_manager": 0.3, "recruiting_employee": 0.0},
    },
    "openness": {"awareness": 0.35},
    "noise": 1.0,
}

# Shares of the answers that depend on nothing.
MARGINS = {
    "role": {"employer": 0.30, "hr_manager": 0.42, "recruiting_employee": 0.28},
    "size": {"micro": 0.24, "small": 0.26, "medium": 0.24, "large": 0.26},
    "region": {
        "scotland": 0.72, "england": 0.18, "wales": 0.03, "northern_ireland": 0.04,
        "elsewhere": 0.03,
    },
    "sector": {
        "a": 0.03, "c": 0.10, "d": 0.04, "f": 0.07, "g": 0.08, "h": 0.04, "i": 0.07, "j": 0.12,
        "k": 0.06, "m": 0.13, "n": 0.05, "o": 0.05, "p": 0.04, "q": 0.08, "r": 0.04,
    },
}  # fmt: skip

# Cumulative shares at which a score passes from one point of a scale to the next.
CUTS = {
    "prior": (0.45, 0.78),
    "concept": (0.42, 0.72, 0.92),  # of those who are familiar at all
    "use": (0.22, 0.62, 0.80),  # no plans, might, plans, uses
    "interest": (0.20, 0.58),  # no, maybe, yes
    "working_together": (0.06, 0.26, 0.68),
    "terms": {
        "micro_credential": (0.20, 0.48, 0.74, 0.92), "digital_badge": (0.32, 0.60, 0.82, 0.95),
        "stackable_credit": (0.45, 0.70, 0.87, 0.96), "short_course": (0.02, 0.08, 0.24, 0.58),
        "professional_certificate": (0.03, 0.12, 0.32, 0.66), "bootcamp": (0.14, 0.36, 0.62, 0.86),
        "prior_learning": (0.18, 0.42, 0.68, 0.89), "scqf_credit": (0.12, 0.30, 0.55, 0.80),
    },
    "recruiting": {
        "shortlist": (0.05, 0.20, 0.48, 0.84), "know_how": (0.20, 0.52, 0.74, 0.94),
        "trust": (0.03, 0.10, 0.34, 0.78), "willing": (0.02, 0.08, 0.25, 0.70),
        "degree_first": (0.14, 0.42, 0.68, 0.90),
    },
    "value": {
        "business": (0.04, 0.14, 0.42, 0.82), "current_skills": (0.05, 0.17, 0.42, 0.80),
        "future_skills": (0.03, 0.12, 0.34, 0.76), "career": (0.03, 0.10, 0.32, 0.76),
        "sustainable": (0.06, 0.20, 0.52, 0.85), "recognised": (0.12, 0.40, 0.74, 0.94),
    },
}  # fmt: skip

# Share of those asked who tick an option; value items lean on openness, delivery features do not.
TICKED = {
    "benefits": {
        "skills_gaps": 0.66, "up_to_date": 0.60, "flexible": 0.52, "retention": 0.45,
        "affordable": 0.40, "new_roles": 0.34, "sustainability": 0.30, "other": 0.07,
    },
    "green_skills": {
        "energy": 0.42, "circular": 0.34, "reporting": 0.36, "supply_chain": 0.32,
        "innovation": 0.24, "leadership": 0.28, "other": 0.05,
    },
    "factors": {
        "business_problem": 0.62, "job_skills": 0.70, "return": 0.48, "industry_standard": 0.55,
        "career_step": 0.36, "length": 0.30, "lectures": 0.10, "delivery": 0.34, "timetable": 0.26,
    },
    "areas": {
        "workforce_trends": 0.58, "technology": 0.62, "industry_standards": 0.52,
        "sustainability": 0.40, "management": 0.30, "other": 0.06,
    },
}  # fmt: skip

OTHER_TEXTS = {
    "benefits": ["Helps with tender questions", "Gives older staff a way back in", "Networking"],
    "green_skills": ["Peatland restoration", "Retrofit of old buildings", "Fleet electrification"],
    "areas": ["Food safety", "Working with small suppliers", "Rural skills"],
}

SKIPPED = 0.035  # share of questions that a respondent leaves out
UNSURE = 0.03  # share of don't know where the scale has it
BREAK_OFFS = ("recruiting", "benefits", "value", "factors")  # the first question not answered


def generate(
    instrument, seed, respondents=RESPONDENTS, open_answers=None, unaware=NOT_FAMILIAR / RESPONDENTS
):
    """Make up the raw rows of an export.

    Parameters
    ----------
    instrument : Instrument
        The instrument of the default study.
    seed : int
        The one seed; the same seed gives the same rows.
    respondents : int
        How many remain after the exclusions; one row with no consent, one screened out, one empty
        and two second answers come on top.
    open_answers : pandas.DataFrame, optional
        Columns `respondent`, `item`, `text`: the answers to open questions, written by hand. They
        are given to the respondents they name; a larger sample repeats them.
    unaware : float
        Share who are not familiar with the concept, a proportion.

    Returns
    -------
    pandas.DataFrame
        One row a respondent in the columns of the instrument, text as a survey platform exports it,
        with `provenance` ``synthetic`` in each row.

    Examples
    --------
    >>> from compendium.survey.instrument import read_instrument
    >>> rows = generate(read_instrument("data/microcredentials/survey.yml"), seed=1)
    >>> len(rows), int((rows["concept"] == "Not familiar").sum()) >= 12
    (97, True)
    """
    rng = np.random.default_rng(seed)
    chosen = _draw_answers(instrument, rng, respondents, unaware)
    _leave_out(instrument, chosen, rng)
    raw = _as_export(instrument, chosen, rng)
    if open_answers is not None:
        _add_open_answers(raw, open_answers)
    return _add_excluded_rows(instrument, raw)


def _scores(chosen, rng):
    """The two hidden scores, from `STRUCTURE`."""
    n = len(chosen)
    awareness = rng.standard_normal(n)
    for item, shifts in STRUCTURE["awareness"].items():
        awareness += chosen[item].map(shifts).to_numpy(float)
    openness = rng.standard_normal(n) + STRUCTURE["openness"]["awareness"] * awareness
    return awareness, openness


def _rank(score, rng):
    """Score plus noise as a rank between 0 and 1, so that shares come out as `CUTS` has them."""
    noisy = score + STRUCTURE["noise"] * rng.standard_normal(len(score))
    return (np.argsort(np.argsort(noisy, kind="stable"), kind="stable") + 0.5) / len(score)


def _cut(rank, cuts, ids):
    return np.array(ids, dtype=object)[np.searchsorted(cuts, rank)]


def _draw_answers(instrument, rng, n, unaware):
    """Option ids (or ticks, or numbers) of n respondents, complete and without skips."""
    chosen = pd.DataFrame(index=range(n))
    for item, shares in MARGINS.items():
        cumulative = np.cumsum(list(shares.values()))[:-1]
        chosen[item] = _cut(rng.random(n), cumulative, list(shares))
    awareness, openness = _scores(chosen, rng)
    ids = {item.id: [option.id for option in item.choices] for item in instrument.items}
    chosen["prior"] = _cut(_rank(awareness, rng), CUTS["prior"], ids["prior"])
    chosen["concept"] = _familiarity(_rank(awareness, rng), ids["concept"], unaware)
    chosen["use"] = _cut(_rank(openness, rng), CUTS["use"], ids["use"][::-1])
    chosen["interest"] = _cut(_rank(openness, rng), CUTS["interest"], ids["interest"][::-1])
    urgency = CUTS["working_together"]
    chosen["working_together"] = _cut(_rank(openness, rng), urgency, ids["working_together"])
    for grid, score in (("terms", awareness), ("recruiting", openness), ("value", openness)):
        for statement, cuts in CUTS[grid].items():
            chosen[f"{grid}.{statement}"] = _cut(_rank(score, rng), cuts, ids[grid])
    for item, shares in TICKED.items():
        for option, share in shares.items():
            leaning = openness if option in _value_items(instrument) else 0 * openness
            chosen[f"{item}.{option}"] = _rank(leaning, rng) > 1 - share
    chosen["training_share"] = np.round(100 * rng.beta(2, 2, n) / 5) * 5
    return chosen.copy()


def _value_items(instrument):
    return next(g for g in instrument.item("factors").groups if g.id == "value_items").options


def _familiarity(rank, ids, unaware):
    """The lowest ranks are not familiar, in the one proportion that the poster states."""
    cut = round(len(rank) * unaware) / len(rank)
    familiar = np.clip((rank - cut) / (1 - cut), 0, 1)
    return np.where(rank < cut, ids[0], _cut(familiar, CUTS["concept"], ids[1:]))


def _leave_out(instrument, chosen, rng):
    """Item non-response, break-offs, one straight-liner and skip logic, written into `chosen`.

    The concept itself is answered by all, because the poster gives its share of all 92.
    """
    items = [i for i in instrument.substantive() if i.type != "text" and i.id != "concept"]
    n = len(chosen)
    breaks = rng.choice(n, size=len(BREAK_OFFS), replace=False)
    order = [item.id for item in items]
    for item in items:
        columns = [c for c in chosen if c == item.id or c.startswith(f"{item.id}.")]
        if item.dont_know and item.id != "concept":
            for column in columns:
                chosen[column] = chosen[column].mask(rng.random(n) < UNSURE, "dont_know")
        skipped = rng.random(n) < SKIPPED
        for respondent, first in zip(breaks, BREAK_OFFS, strict=True):
            skipped[respondent] |= order.index(item.id) >= order.index(first)
        if item.asked_if is not None:
            skipped |= ~chosen[item.asked_if.item].isin(item.asked_if.any).to_numpy()
        for column in columns:
            chosen[column] = chosen[column].astype(object).mask(skipped, None)
    straight = int(rng.choice(np.setdiff1d(np.arange(n), breaks)))
    for column in chosen:
        if column.startswith(("recruiting.", "value.")):
            chosen.loc[straight, column] = "neither"
        if column.startswith("terms."):
            chosen.loc[straight, column] = "moderately"


def _as_export(instrument, chosen, rng):
    """Option ids as the labels that an export shows, in the instrument's columns."""
    n = len(chosen)
    raw = pd.DataFrame(index=range(n))
    raw["provenance"] = "synthetic"
    raw["invitation"] = [f"I{number:04d}" for number in rng.permutation(n) + 1001]
    for item in instrument.items:
        labels = {option.id: option.raw for option in [*item.choices, *item.dont_know]}
        if item.type in ("consent", "screening"):
            raw[item.columns()[item.id]] = labels["yes"]
        elif item.type == "multi":
            _export_ticks(item, chosen, raw)
        else:
            for name, column in item.columns().items():
                values = chosen[name] if name in chosen else pd.Series("", index=raw.index)
                raw[column] = values.map(lambda v, known=labels: _text(known.get(v, v)))
    return raw.copy()


def _text(value):
    if value is None or value != value:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _export_ticks(item, chosen, raw):
    """Ticks as 1 or nothing; nobody who answered ticked nothing, where *none of these* stands."""
    drawn = [option.id for option in item.options if f"{item.id}.{option.id}" in chosen]
    ticks = chosen[[f"{item.id}.{option}" for option in drawn]]
    asked = ticks.notna().any(axis=1)
    nothing = asked & ~ticks.eq(True).any(axis=1)
    for option in item.options:
        name = f"{item.id}.{option.id}"
        ticked = nothing if option.exclusive else chosen[name].eq(True)
        raw[item.columns()[name]] = np.where(ticked, "1", "")
        if option.text:
            texts = OTHER_TEXTS[item.id]
            said = [texts[k % len(texts)] for k in ticked.cumsum()]
            raw[item.columns()[f"{name}.text"]] = np.where(ticked, said, "")


def _add_open_answers(raw, open_answers):
    """Give each respondent the answers written for them; row k of a larger sample takes k mod 92."""
    source = raw.index % RESPONDENTS
    for item, answers in open_answers.groupby("item", sort=False):
        texts = answers.set_index("respondent")["text"]
        raw[item] = [texts.get(f"R{row + 1:03d}", "") for row in source]


def _add_excluded_rows(instrument, raw):
    """Put the rows that the exclusions remove among the others and number all of them.

    Respondents R001 to R092 keep their numbers; the five others get the numbers after them and stand
    at the end, as late-comers do.
    """
    blank = dict.fromkeys(raw.columns, "") | {"provenance": "synthetic"}
    consent, involved = instrument.item("consent").column or "consent", "involved"
    extra = [
        blank | {consent: "No", "invitation": "I0001"},
        blank | {consent: "Yes", involved: "No", "invitation": "I0002"},
        blank | {consent: "Yes", involved: "Yes", "invitation": "I0003"},
        raw.loc[4].to_dict(),
        raw.loc[40].to_dict(),
    ]
    rows = pd.concat([raw, pd.DataFrame(extra)], ignore_index=True)
    width = max(3, len(str(len(rows))))
    rows.insert(0, "respondent", [f"R{row + 1:0{width}d}" for row in rows.index])
    return rows


def main(arguments=None):
    """Write `responses.csv` of a folder that holds the default study's instrument."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--respondents", type=int, default=RESPONDENTS)
    options = parser.parse_args(arguments)
    written = options.folder / "open_answers.csv"
    # "n/a" is what a respondent wrote, not a missing value.
    open_answers = pd.read_csv(written, dtype=str, keep_default_na=False) if written.exists() else None
    instrument = read_instrument(options.folder / "survey.yml")
    rows = generate(instrument, options.seed, options.respondents, open_answers)
    rows.to_csv(options.folder / "responses.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
