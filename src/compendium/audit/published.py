"""Figures that other studies published."""

import re
from collections import namedtuple

from compendium.audit.rounding import USUAL, allowed_counts, unique_count
from compendium.files import read_rows
from compendium.survey.plan import outcomes
from compendium.wording import KINDS, in_percent, interval, number, plain

PUBLISHED_COLUMNS = (
    "id", "study", "year", "country", "population", "n", "base", "asked", "answers", "concept",
    "wording", "percent", "decimals", "source", "confidence", "note",
)  # fmt: skip
Published = namedtuple("Published", PUBLISHED_COLUMNS)
# What was asked, a key of the column `asked`: figures under different ones are no series.
ASKED = {
    "aware": "Do they know it?",
    "value": "What do they see in it?",
    "hire": "Does it count in hiring?",
    "offer": "What do they offer for it?",
    "doubt": "What do they doubt?",
    "contact": "Do employers and providers meet?",
}


def read_published(path):
    """Read the figures that studies published.

    Parameters
    ----------
    path : str or pathlib.Path
        CSV in UTF-8 with the columns `PUBLISHED_COLUMNS`.

    Returns
    -------
    dict of str to Published
        One figure an id; `decimals` is a whole number, and so is `n`, or None where the source
        states none; `percent` (0 to 100) and everything else text as printed.

    Raises
    ------
    ValueError
        When the file is missing or not UTF-8, a column is missing or unknown, a row is ragged, an
        id stands twice, or a percent, n, decimals, what was asked or confidence does not hold. The
        first row below the header is row 1.

    Examples
    --------
    >>> published = read_published("data/published.csv")["perkins_2021_unfamiliar"]
    >>> published.percent, published.n
    ('97', 73)
    """
    found = {}
    for place, row in enumerate(read_rows(path, PUBLISHED_COLUMNS), start=1):
        try:
            _check_published(row)
            if row["id"] in found:
                raise ValueError("the id stands twice; give each figure its own.")
        except ValueError as error:
            raise ValueError(f"{path}: row {place} ({row['id']}): {error}") from None
        whole = {"n": int(row["n"]) if row["n"] else None, "decimals": int(row["decimals"])}
        found[row["id"]] = Published(**row | whole)
    return found


def of_named_studies(study_of, stated, plan):
    """Ids of the figures of those studies of which a claim or the plan names a figure.

    Parameters
    ----------
    study_of : dict of str to str
        The study of each figure, by id.
    stated : sequence of (str, list of str or None)
        Which figures each claim states.
    plan : Plan

    Returns
    -------
    list of str
        In the order of the file: nobody else's survey is set beside this one unasked.

    Examples
    --------
    >>> of_named_studies({"a_1": "A", "a_2": "A", "b_1": "B"}, ["a_2", None], [])
    ['a_1', 'a_2']
    """
    named = {id for ids in stated for id in ([ids] if isinstance(ids, str) else ids or ())}
    named |= {question.published for question in plan}
    studies = {study for id, study in study_of.items() if id in named}
    return [id for id, study in study_of.items() if study in studies]


def named(published, claims, plan):
    """The settled figures of `published`, as from `read_published`, that a claim or the plan names."""
    stated = [claim.published for claim in claims] + [question.published for question in plan]
    ids = {id for one in stated for id in ([one] if isinstance(one, str) else one or ())}
    return {id: row for id, row in published.items() if id in ids and row.confidence != "uncertain"}


def load_published(path, claims=None, plan=()):
    """What `read_published` reads, `named` of it where claims are given; a table indexed by id."""
    import pandas as pd  # poster and site do without it

    found = read_published(path)
    rows = list((found if claims is None else named(found, claims, plan)).values())
    table = pd.DataFrame(rows, columns=PUBLISHED_COLUMNS, dtype=object)
    return table.astype({"decimals": int}).set_index("id")


def _check_published(row):
    if not re.fullmatch(r"([0-9]{1,12})?", row["n"]):
        raise ValueError(
            f"n '{row['n'][:40]}' is no number of respondents; write how many there were, or leave it "
            "empty where the source states none."
        )
    allowed_counts(row["percent"], int(row["n"] or 100))
    decimals = len(row["percent"].partition(".")[2])
    if row["decimals"] != str(decimals):
        raise ValueError(f"percent '{row['percent']}' has {decimals} decimals; correct 'decimals'.")
    if row["confidence"] not in ("high", "medium", "uncertain"):
        raise ValueError("confidence must be high, medium or uncertain.")
    if row["asked"] not in ASKED:
        raise ValueError(f"asked '{row['asked'][:40]}' must be one of {', '.join(ASKED)}.")


def stated_n(n):
    """How many respondents a source states: ``n = 1,129``, or that it states none."""
    return "n\u00a0not\u00a0stated" if n is None else f"n\u00a0=\u00a0{n:,}"


def bands(published, confidence):
    """What published percents say, with the counts that rounding leaves open.

    Parameters
    ----------
    published : pandas.DataFrame
        As from `load_published`.
    confidence : float
        Level of Wilson's intervals, a proportion.

    Returns
    -------
    pandas.DataFrame
        Index of `published`; its columns and, in percent, `first` and `last`, the shares of the
        smallest and the largest count that any usual rounding prints so, and `low` and `high`, the
        lower end of the interval of the one and the upper end of that of the other; where no n is
        stated the percent itself, and no interval. A percent that no count of its n gives is left
        out.

    Examples
    --------
    >>> bands(load_published("data/published.csv"), 0.95).loc["upcea_2023_familiar", "first":"last"]
    first    68.627451
    last     69.803922
    Name: upcea_2023_familiar, dtype: float64
    """
    # Here, because pages that only read the figures start without statistics.
    import pandas as pd

    from compendium.statistics.proportions import proportions

    rows = {}
    for id, row in published.iterrows():
        if pd.isna(row["n"]):
            rows[id] = dict.fromkeys(("first", "last"), float(row["percent"]))
            continue
        allowed = [allowed_counts(row["percent"], row["n"], rule) for rule in USUAL]
        counts = sorted({count for span in allowed for count in span})
        if counts:
            ends = proportions([counts[0], counts[-1]], row["n"], confidence)
            first, last = ends["percent"]
            rows[id] = {"first": first, "last": last, "low": ends["low"][0], "high": ends["high"][1]}
    columns = ["first", "last", "low", "high"]
    return published.join(pd.DataFrame.from_dict(rows, "index", columns=columns), how="inner")


def wordings(published):
    """A map of wordings: what was asked about what, of whom, with which answers; a table of text.

    `published` as from `bands`, with `kind`, a key of `wording.KINDS`.
    """
    import pandas as pd

    rows = []
    for row in sorted(published.itertuples(), key=lambda row: list(ASKED).index(row.asked)):
        where = [part for part in (row.country, row.year) if part not in ("", "not stated")]
        people = "\n".join(filter(None, (row.population, ", ".join(where))))
        base = f"{row.base}\n{stated_n(row.n)}"
        asked, told = ASKED[row.asked], f"{row.percent}%\n{KINDS[row.kind][0]}"
        rows.append((asked, row.concept, row.wording, people, row.answers, base, told))
    heads = ["Asked", "About", "Wording", "Of whom", "Answers", "Base", "Percent"]
    return pd.DataFrame(rows, columns=heads)


def beside(study, question, path, hidden, confidence):
    """A share beside the figure that another study published, and the difference of the two.

    Parameters
    ----------
    study : Study
    question : Question
        Of the method ``published``.
    path : str or pathlib.Path
        As for `read_published`.
    hidden : dict of str to str
        What to withhold.
    confidence : float
        Level of the interval, a proportion.

    Returns
    -------
    dict
        `parts` in words; where both counts are known, `frame` and `records` of the difference.
    """
    import pandas as pd  # poster and site do without these

    from compendium.statistics.frequencies import distribution
    from compendium.statistics.proportions import difference

    other, item = read_published(path)[question.published], study.instrument.item(question.item)
    head, words = f"**{plain(question.question)}**", study.instrument.words
    table = distribution(study, item, hidden, confidence).set_index("result")
    mine = table.loc[f"{item.key}.{outcomes(item, question)[0]}"]
    theirs = unique_count(other.percent, other.n) if other.n else None
    if mine["shown"] or theirs is None:
        why = "one is withheld, or not determined by a rounded percent and a stated n"
        return {"parts": [head, f"The comparison needs both counts, and {why}."]}
    gap = difference(int(mine["count"]), int(mine["base"]), theirs, other.n, confidence)
    here = "These synthetic answers" if study.synthetic else "This survey"
    told = (
        f"> **Warning.** {plain(other.study)} asked about *{plain(other.concept)}*, this "
        f"survey about *{plain(words.concept)}*. The difference may lie in the question, "
        f"the year or the respondents.\n\n{here}: {mine['count']} of {mine['base']} "
        f"({number(mine['percent'])}%). {plain(other.study)}: {theirs} of {other.n} "
        f"({other.percent}%). Difference: {number(gap['difference'])} percentage points "
        f"({in_percent(confidence)} interval {interval(gap['low'], gap['high'])})."
    )
    record = {
        "id": f"plan.{question.id}.difference", "value": gap["difference"], "unit": "percent",
        "low": gap["low"], "high": gap["high"], "method": "Newcombe",
        "note": "percentage points; concepts differ",
    }  # fmt: skip
    return {"parts": [head, told], "frame": pd.DataFrame([gap]), "records": [record]}
