"""The joint display: for each topic the number, the words, and whether they go together in people.

After Fetters, Curry & Creswell (2013), https://doi.org/10.1111/1475-6773.12117, and Guetterman, Fetters
& Creswell (2015), https://doi.org/10.1370/afm.1865. What is set beside what, and what a person infers
from it, stands in ``survey.yml`` under `integration`.
"""

import numpy as np
import pandas as pd

from compendium.coding.themes import picked
from compendium.disclosure.masking import mask
from compendium.statistics.association import phi
from compendium.statistics.display import share_records
from compendium.statistics.frequencies import estimated
from compendium.survey.answers import answered, base_of, chosen, said, said_codes, said_name
from compendium.wording import HEADS, interval, number, phi_said, why_not_shown

# How words fit the number, by what they are to it and by whether both go together in people. Their
# meaning is declared before anybody counts; only whether they go together is computed.
FIT = {
    "same": {"together": "confirmation", "apart": "discordance", "neither": "complementarity"},
    "other": {"together": "expansion", "apart": "discordance", "neither": "complementarity"},
    "contrary": {"together": "discordance", "apart": "confirmation", "neither": "complementarity"},
}
PARTS = ("both", "chosen_only", "said_only", "neither")
METHOD = "φ; Fisher's scale, half a respondent more in each cell"
NUMBERS = ("count", "base", "percent", "low", "high")


def joint_display(study, coding, hidden, confidence):
    """What was chosen, what was said, and whether the same people did both, one row a topic.

    Parameters
    ----------
    study : Study
        With its themes, as from `themes.with_themes`.
    coding : Coding
    hidden : dict of str to str
        As from `counts.suppressed_counts`.
    confidence : float
        Level of the intervals, a proportion.

    Returns
    -------
    list of dict
        One a topic: `id`, `topic`, `relation`, `inference`; `chosen` and `said`, each with `label`,
        `result` (id), `count`, `base`, `percent`, `low`, `high` and `shown`, the mark of what is
        withheld; `cells`, the four counts by id, None each where one of them is withheld; `base`, of
        whom both is known; `phi`, `low`, `high`; `fit`, empty where there is no interval; `quotation`,
        masked, and empty where there is none.

    Raises
    ------
    ValueError
        When a topic names a theme or a code that the codebook does not have.

    Notes
    -----
    The quotation is picked by the rule of `themes.quotations`, from a respondent who is quoted for no
    topic above. The rule does not look at what its writer chose, so a quotation tells of no tick.
    """
    quoted, rows = set(), []
    for topic in study.instrument.integration if study.instrument.themes() else ():
        item, codes = study.instrument.item(topic.item), said_codes(study, topic)
        says, given = said(study, topic), answered(study, item)[topic.column]
        took = chosen(study, item, topic.of, topic.column)
        row = {"id": topic.id, "topic": topic.topic, "relation": topic.relation}
        shares = {
            "chosen": (
                _label(item, topic),
                f"{item.key_of(topic.column)}.{topic.of}",
                took[given],
                base_of(item, topic.column),
            ),
            "said": (
                _named(study, topic, codes),
                said_name(study, topic),
                says.dropna().astype(bool),
                "base:themes",
            ),
        }
        row |= {key: _share(*one, hidden, confidence, study.sampled) for key, one in shares.items()}
        row |= _together(topic, took, says, given, hidden, confidence)
        row["fit"] = _fit(topic.relation, row["low"], row["high"])
        row["quotation"] = _quoted(study, coding, codes, hidden, quoted)
        rows.append(row | {"inference": topic.inference})
    return rows


def _label(item, topic):
    """What was chosen, in the words of the questionnaire."""
    of = item.label_of(topic.of)
    if topic.statement is None:
        return of
    return f"{next(s.label for s in item.statements if s.id == topic.statement)}: {of}"


def _named(study, topic, codes):
    """What was said, in the names of the codebook."""
    names = {}
    for theme in study.instrument.themes():
        if topic.theme and theme.id == f"themes.{topic.theme}":
            return theme.groups[0].label
        names |= {f"{theme.id}.{option.id}": option.label for option in theme.options}
    return " or ".join(names[code] for code in codes)


def _share(label, result, hits, base, hidden, confidence, sampled):
    """A share with its label, and nothing of it that is withheld."""
    row = (result, "", label, "option", int(hits.sum()), len(hits), base)
    (row,) = estimated([row], hidden, confidence, sampled).to_dict("records")
    numbers = {key: None if pd.isna(row[key]) else row[key] for key in NUMBERS}
    return {"label": label, "result": result, **numbers, "shown": row["shown"]}


def _together(topic, took, says, given, hidden, confidence):
    """The four counts of who answered and wrote, and φ; nothing where one of them is withheld."""
    both = given & says.notna()
    took, spoke = took[both], says[both].astype(bool)
    hits = (took & spoke, took & ~spoke, ~took & spoke, ~took & ~spoke)
    cells = dict(zip(topic.cells, [int(hit.sum()) for hit in hits], strict=True))
    names = [*cells, f"base:{topic.key}"]
    if not hidden.keys().isdisjoint(names):
        nothing = dict.fromkeys(("base", "phi", "low", "high"))
        marks = {name: hidden.get(name, "…") for name in cells}
        return {"cells": dict.fromkeys(cells), "marks": marks, **nothing}
    found = {key: None if np.isnan(x) else x for key, x in phi(*cells.values(), confidence).items()}
    return {"cells": cells, "marks": dict.fromkeys(cells, ""), "base": int(both.sum()), **found}


def _fit(relation, low, high):
    """How words fit the number, by the rule of `FIT`; empty where there is no interval."""
    if low is None:
        return ""
    return FIT[relation]["together" if low > 0 else "apart" if high < 0 else "neither"]


def _quoted(study, coding, codes, hidden, quoted):
    """One masked quotation of a topic; its writer is added to those quoted."""
    if not hidden.keys().isdisjoint(codes):  # a quotation would say of somebody what is withheld
        codes = [code for code in codes if code not in hidden]
    if not codes:
        return ""
    marks = coding.consensus.fillna(0).astype(bool)
    inside = marks[[code.rsplit(".", 1)[1] for code in codes]].to_numpy(bool)
    length = coding.answers["text"].str.split().str.len().to_numpy()
    writers = coding.answers["respondent"]
    fits = (length >= 8) & (length <= 45) & ~writers.isin(quoted).to_numpy()
    places = picked(writers, marks, inside, fits, length, 1)
    if not places:
        return ""
    quoted.add(writers.iloc[places[0]])
    return mask(coding.answers["text"].iloc[places[0]], study.instrument.disclosure.names)[0]


def joint_frame(rows):
    """The counts of a joint display as tidy data: `topic`, `part`, `result`, `count`, `base`, `shown`.

    `percent`, `low` and `high` too, of what was chosen and what was said.
    """
    found = []
    for row in rows:
        for part in ("chosen", "said"):
            found.append({"topic": row["id"], "part": part, **row[part]})
        for part, (result, count) in zip(PARTS, row["cells"].items(), strict=True):
            found.append(
                {"topic": row["id"], "part": part, "result": result, "count": count,
                 "base": row["base"], "shown": row["marks"][result]}
            )  # fmt: skip
    columns = ["topic", "part", "result", "count", "base", "percent", "low", "high", "shown"]
    return pd.DataFrame(found, columns=columns).astype({"count": "Int64", "base": "Int64"})


def joint_records(rows):
    """The named results of a joint display, as `results.record` takes them."""
    frame = joint_frame(rows)
    records = share_records(frame[frame["part"].isin(["said"])], "Wilson")
    for row in rows:
        for result, count in row["cells"].items():
            fields = {"id": result, "value": count, "unit": "count", "base": row["base"]}
            if count is None:
                mark = row["marks"][result]
                fields |= {
                    "note": f"withheld ({mark}): a part of this table is small",
                    "withheld": mark,
                }
            records.append(fields)
        about = {"id": f"integration.{row['id']}.phi", "unit": "coefficient", "base": row["base"]}
        if row["phi"] is None:
            hides = row["base"] is None
            why = "withheld with its table" if hides else "all or none chose it, or said it"
            records.append(about | {"value": None, "note": why, "withheld": "…" if hides else None})
        else:
            records.append(
                about
                | {key: row[key] for key in ("low", "high")}
                | {"value": row["phi"], "note": row["fit"], "method": METHOD}
            )  # fmt: skip
    return records


def joint_shown(rows):
    """A joint display as it is read, in sentences and numbers: one row a topic.

    Returns
    -------
    pandas.DataFrame
        Text only.
    """
    shown = []
    for row in rows:
        counts = [number(count) if count is not None else row["marks"][id]
                  for id, count in row["cells"].items()]  # fmt: skip
        told = "; ".join(f"{head.lower()} {n}" for head, n in zip(HEADS, counts, strict=True))
        base = f" (of {number(row['base'])})" if row["base"] is not None else ""
        shown.append(
            {
                "Topic": row["topic"],
                "In numbers": "\n".join(
                    [
                        f"Chosen: {share_said(row['chosen'])}",
                        f"Said: {share_said(row['said'])}",
                        f"The same people: {told}{base}",
                        phi_said(row),
                    ]
                ),
                "In their words": f"“{row['quotation']}”" if row["quotation"] else "–",
                "Fit": row["fit"].capitalize() or "–",
                "What we infer": row["inference"],
            }
        )
    return pd.DataFrame(shown)


def share_said(share):
    """A share of the joint display in words."""
    if share["percent"] is None:
        return f"{share['label']}: {why_not_shown(share['shown'] or 'nobody answered')}"
    ends = interval(share["low"], share["high"])
    counts = f"{number(share['count'])} of {number(share['base'])}"
    return f"{share['label']}: {counts}, {number(share['percent'])}% ({ends})"
