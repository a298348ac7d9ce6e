"""Who did not answer: by group, against what is known of the population, and early against late.

Each function takes a study, its folder, what to withhold and the level of intervals, and returns the
`parts`, `frame`, `records` and `tables` of what is shown.
"""

import numpy as np
import pandas as pd

from compendium.results import row_id
from compendium.statistics.design.raking import MARGINS, read_margins
from compendium.statistics.frequencies import breakdown, distribution
from compendium.statistics.proportions import difference, proportions
from compendium.survey.answers import answered, base_of, chosen
from compendium.survey.plan import outcomes
from compendium.wording import interval, number, plain

NO_GROUPS = "*The plan breaks no question down, so that there are no groups to compare.*"
NO_MARGINS = (
    f"*Nothing is known here of the population (there is no `{MARGINS}`), so that nobody can tell "
    "whether some groups answered more readily than others.*"
)
NO_TIMES = (
    "*When respondents answered is not known (`submitted` in `survey.yml`), so that late ones cannot "
    "stand for those who never did.*"
)


def by_group(study, folder, hidden, confidence):
    """How many of each group gave no answer to the questions that the plan breaks down.

    Made of counts that are published anyway: the size of a group less those of it who answered, so that
    few are told as well; both are missing where either is withheld. Who does not know gives no answer.
    Questions that were put to some only are left out.
    """
    rows = []
    for question in study.instrument.plan.of("association", "trend"):
        item = study.instrument.item(question.item)
        if item.type == "grid" or item.asked_if:
            continue
        of = outcomes(item, question)[0]
        for by in map(study.instrument.item, question.by):
            sizes = distribution(study, by, hidden, confidence).set_index("result")["count"]
            table = breakdown(study, item, of, by, hidden, confidence, rows=question.rows)
            for part, label, base in zip(
                question.rows or [option.id for option in by.choices],
                table["option"], table["base"], strict=True,
            ):  # fmt: skip
                size, below = f"{by.key}.{part}", row_id(base_of(item, item.id), by.id, part)
                rows.append((item.question, by.question, label, size, sizes[size], below, base))
    if not rows:
        return {"parts": [NO_GROUPS]}
    columns = ["question", "by", "group", "n_result", "n", "answered_result", "answered"]
    frame = pd.DataFrame(rows, columns=columns).drop_duplicates()
    frame = frame.astype({"n": "Int64", "answered": "Int64"})
    frame = frame[frame["n"].isna() | frame["n"].gt(0)].reset_index(drop=True)
    frame["unanswered"] = frame["n"] - frame["answered"]
    frame[["percent", "low", "high"]] = np.nan
    told = frame["unanswered"].notna()
    counts, bases = frame.loc[told, "unanswered"].astype(int), frame.loc[told, "n"].astype(int)
    found = proportions(counts, bases, confidence, sampled=study.sampled)
    frame.loc[told, ["percent", "low", "high"]] = found[["percent", "low", "high"]].to_numpy()
    return {"parts": _folded(frame, told, confidence), "frame": frame, "tables": {"by_group": frame}}


def _folded(frame, told, confidence):
    """One table for each question and what it is broken down by."""
    parts = []
    for (question, by), rows in frame.groupby(["question", "by"], sort=False):
        shown = pd.DataFrame(
            {
                "Respondents": ["withheld" if pd.isna(n) else number(n) for n in rows["n"]],
                "No answer": [number(x) if ok else "withheld" for x, ok in
                              zip(rows["unanswered"], told[rows.index], strict=True)],
                "Percent": [number(x) for x in rows["percent"]],
                f"{100 * confidence:g}% interval": [
                    interval(*ends) for ends in zip(rows["low"], rows["high"], strict=True)
                ],
            },
            rows["group"].to_numpy(),
        )  # fmt: skip
        parts += [f"**{plain(question)}** *By:* {plain(by)}", shown]
    return parts


def against_margins(study, folder, hidden, confidence):
    """The respondents beside what is known of the population, row by row of ``margins.csv``."""
    if not (folder / MARGINS).exists():
        return {"parts": [NO_MARGINS]}
    margins, parts, records = read_margins(folder / MARGINS, study.instrument), [], []
    frames = []
    for id, rows in margins.groupby("item", sort=False):
        item = study.instrument.item(id)
        table = distribution(study, item, hidden, confidence).set_index("result")
        found = table.loc[[f"{item.key}.{option}" for option in rows["option"]]].reset_index()
        found["population"] = rows["percent"].to_numpy()
        found["gap"] = found["percent"] - found["population"]
        frames.append(found)
        ends = zip(found["low"], found["high"], strict=True)
        shown = {
            "Respondents %": [
                m or number(p) for m, p in zip(found["shown"], found["percent"], strict=True)
            ],
            f"{100 * confidence:g}% interval": [interval(*both) for both in ends],
            "Population %": [number(p) for p in found["population"]],
            "Difference": [number(gap) for gap in found["gap"]],
        }
        sources = "; ".join(plain(source) for source in dict.fromkeys(rows["source"]))
        parts += [f"**{plain(item.question)}** Source: {sources}"]
        parts += [pd.DataFrame(shown, found["option"].to_numpy())]
        records += [
            {"id": f"{row.result}.population", "value": row.population, "unit": "percent",
             "note": f"of the population, not of these answers: {sources}"}
            for row in found.itertuples()
        ]  # fmt: skip
    frame = pd.concat(frames, ignore_index=True)
    return {"parts": parts, "frame": frame, "records": records, "tables": {"margins": frame}}


def early_and_late(study, folder, hidden, confidence):
    """The planned shares among those who answered early and late, who may be like those who never did.

    The sample is parted at the middle of its times. Where few are protected, a share is shown only if
    in both halves as many as the minimum chose it, and as many did not.

    References
    ----------
    Armstrong & Overton (1977), doi 10.2307/3150783.
    """
    times = study.submitted
    if times is None or times.nunique() < 2:
        return {"parts": [NO_TIMES]}
    halves, rows, records = [times <= times.median(), times > times.median()], [], []
    for question in study.instrument.plan.of("share"):
        item = study.instrument.item(question.item)
        of = outcomes(item, question)[0]
        hit, given = chosen(study, item, of), answered(study, item)[item.id]
        counts = [int((hit & half & given).sum()) for half in halves]
        bases = [int((given & half).sum()) for half in halves]
        cells = [*counts, *(base - count for count, base in zip(counts, bases, strict=True))]
        id = f"{item.key}.{of}"
        if id in hidden or not all(bases) or min(cells) < study.instrument.minimum > 1:
            rows.append((item.label_of(of), "withheld", "withheld", "–", "–"))
            continue
        gap = difference(counts[1], bases[1], counts[0], bases[0], confidence)
        shares = [f"{number(100 * c / b)}% of {b:,}" for c, b in zip(counts, bases, strict=True)]
        ends = interval(gap["low"], gap["high"])
        rows.append((item.label_of(of), *shares, number(gap["difference"]), ends))
        records.append(
            {"id": f"plan.{question.id}.late", "value": gap["difference"], "unit": "percent",
             "low": gap["low"], "high": gap["high"], "method": "Newcombe",
             "note": "percentage points, late less early half"}
        )  # fmt: skip
    if not rows:
        return {"parts": ["*The plan asks for no share to compare early with late.*"]}
    heads = ["Share", "Early", "Late", "Difference", f"{100 * confidence:g}% interval"]
    frame = pd.DataFrame(rows, columns=heads)
    return {"parts": [frame.set_index("Share").rename_axis(None)], "frame": frame, "records": records}


KINDS = {"groups": by_group, "margins": against_margins, "late": early_and_late}
