"""Reporting checklists, filled in with what a study knows of itself."""

from compendium.files import read_csv
from compendium.wording import in_percent, number, people, withheld_below

MISSING = "Not reported."
# What each standard is for, in the order of reading.
STANDARDS = {
    "CROSS": "surveys of any kind",
    "CHERRIES": "surveys on the web",
    "AAPOR": "what whoever publishes a survey discloses",
    "GRAMMS": "numbers and words in one study",
    "COREQ": "interviews and the like, its part on analysis",
    "SRQR": "qualitative research",
}
OF_WORDS = ("GRAMMS", "COREQ", "SRQR")  # they ask nothing of a study without free text


def filled(path, study, completion, stopped, confidence=0.95, told=None):
    """The checklists with an answer to each topic.

    Parameters
    ----------
    path : str or pathlib.Path
        ``checklists.csv``: `checklist`, `topic`, `asks`, `chapter` and `place`, where it is told, and
        `answer`: ``fixed:`` and a sentence, or the key of something that the study knows or says to be
        not reported.
    study : Study
    completion : pandas.Series
        Percent of the questions answered, one value a respondent.
    stopped : int
        How many broke off.
    confidence : float
        Level of the intervals, a proportion.
    told : dict of str to str
        What others than the survey know, by key: as from `in_short.on_coding`.

    Returns
    -------
    pandas.DataFrame
        `checklist`, `topic`, `asks`, `answer` (a sentence), `chapter`, `place` and `reported` (whether
        there is an answer). Standards of qualitative work are left out of a study without free text.

    References
    ----------
    CROSS: Sharma et al. (2021), doi 10.1007/s11606-021-06737-1. CHERRIES: Eysenbach (2004),
    doi 10.2196/jmir.6.3.e34. AAPOR: Code of Professional Ethics and Practices (2021), section on
    disclosure. GRAMMS: O'Cathain, Murphy & Nicholl (2008), doi 10.1258/jhsrp.2007.007074. COREQ: Tong,
    Sainsbury & Craig (2007), doi 10.1093/intqhc/mzm042. SRQR: O'Brien et al. (2014),
    doi 10.1097/ACM.0000000000000388.
    """
    missing = study.instrument.not_reported
    known = _known(study, completion, stopped, confidence) | (told or {})
    lists = read_csv(path, ("checklist", "topic", "asks", "answer", "chapter", "place"))
    if not study.instrument.of_type("text"):
        lists = lists[~lists["checklist"].isin(OF_WORDS)]
    kind, _, sentence = (lists["answer"].str.partition(":")[part] for part in range(3))
    said = sentence.where(kind == "fixed", lists["answer"].map(known)).fillna("")
    why = lists["answer"].map(lambda key: missing.get(key, MISSING))
    return lists.assign(answer=said.where(said != "", why), reported=said != "")


def by_standard(lists):
    """The checklists as they are read, from `filled`: a line and a table for each standard."""
    for name, rows in lists.groupby("checklist", sort=False):
        open_ = int((~rows["reported"]).sum())
        line = f"{name} ({STANDARDS[name]}): {len(rows)} topics, {open_} not reported"
        where = rows["chapter"].where(rows["chapter"] == "", rows["chapter"] + " · ") + rows["place"]
        shown = rows[["topic", "asks", "answer"]].assign(where=where.where(rows["reported"], ""))
        yield name, line, shown.rename(columns=str.capitalize)


def _known(study, completion, stopped, confidence):
    """What the study tells of itself, by key of the checklists."""
    instrument = study.instrument
    steps = {reason: f"{label}: {count}" for reason, label, count in study.flow.itertuples(index=False)}
    asked_some = sum(item.asked_if is not None for item in instrument.items)
    topics = instrument.integration
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
        "computed:precision": (
            f"{number(study.n)} analysed; shares carry {in_percent(confidence)} intervals, which say "
            "nothing of those who did not answer."
        ),
        "computed:title": f"“{instrument.title}”",
        "computed:integration": (
            f"After the analysis of both, person by person, in {len(topics)} topics: "
            f"{'; '.join(topic.topic for topic in topics)}. Who did it is not reported."
            if topics
            else ""
        ),
        "computed:inference": " ".join(topic.inference for topic in topics),
        "computed:completion": (
            f"Median {number(float(completion.median()))}% of the questions; "
            f"{people(stopped)} broke off."
        ),
    }
