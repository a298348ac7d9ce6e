"""Reporting checklists, filled in with what a study knows of itself."""

from compendium.files import read_csv
from compendium.wording import number, withheld_below

MISSING = "Not reported."


def filled(path, study, completion, stopped):
    """The checklists with an answer to each topic.

    Parameters
    ----------
    path : str or pathlib.Path
        ``checklists.csv``: `checklist`, `topic`, `asks`, and `answer`: ``fixed:`` and a sentence, or
        the key of something that the study knows or says to be not reported.
    study : Study
    completion : pandas.Series
        Percent of the questions answered, one value a respondent.
    stopped : int
        How many broke off.

    Returns
    -------
    pandas.DataFrame
        `checklist`, `topic`, `asks`, `answer` (a sentence) and `reported` (whether there is one).

    References
    ----------
    CROSS: Sharma et al. (2021), doi 10.1007/s11606-021-06737-1. CHERRIES: Eysenbach (2004),
    doi 10.2196/jmir.6.3.e34.
    """
    known, missing = _known(study, completion, stopped), study.instrument.not_reported
    lists = read_csv(path, ("checklist", "topic", "asks", "answer"))
    kind, _, sentence = (lists["answer"].str.partition(":")[part] for part in range(3))
    told = sentence.where(kind == "fixed", lists["answer"].map(known)).fillna("")
    why = lists["answer"].map(missing).fillna(MISSING)
    return lists.assign(answer=told.where(told != "", why), reported=told != "")


def _known(study, completion, stopped):
    """What the study tells of itself, by key of the checklists."""
    instrument = study.instrument
    steps = {reason: f"{label}: {count}" for reason, label, count in study.flow.itertuples(index=False)}
    asked_some = sum(item.asked_if is not None for item in instrument.items)
    consent = instrument.of_type("consent") and "no_consent" in steps
    return dict(instrument.reporting) | {
        "about": instrument.about,
        "questionnaire": instrument.reconstruction or "survey.yml of this study",
        "computed:flow": "; ".join(steps.values()),
        "computed:duplicates": steps.get(
            "duplicate", "Not checked: no column tells respondents apart."
        ),
        "computed:consent": f"Asked for in the questionnaire; {steps['no_consent']}" if consent else "",
        "computed:missing": (
            "Left out question by question; every table states its base. Break-offs stay in."
        ),
        "computed:plan": (
            f"Yes: {len(instrument.plan)} questions in survey.yml."
            if instrument.plan
            else "No plan; all results are exploratory."
        ),
        "computed:disclosure": withheld_below(instrument),
        "computed:conditions": f"{asked_some} of {len(instrument.items)} questions.",
        "computed:items": f"{len(instrument.items)}",
        "computed:completion": (
            f"Median {number(float(completion.median()))}% of the questions; {stopped} broke off."
        ),
    }
