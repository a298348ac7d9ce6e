"""Whether coders see the same: agreement on codes and on whole sets of codes, and where they differ."""

from math import inf

import numpy as np
import pandas as pd

from compendium.coding.consensus import by_answer
from compendium.coding.notes import CODING, KEY, about
from compendium.disclosure.masking import mask
from compendium.disclosure.suppression import suppress
from compendium.statistics.coders.agreement import COEFFICIENTS, by_code, by_set, jaccard, masi
from compendium.wording import coefficient, number

FEW = "withheld: few answers or respondents have the code"
NAMES = dict(zip(COEFFICIENTS, ("Cohen's κ", "Krippendorff's α", "Gwet's AC1"), strict=True))


def agreement(coding, hidden, minimum, seed, confidence, resamples):
    """Agreement of the coders on each code.

    Parameters
    ----------
    coding : Coding
        Two coders or more have read some of its answers: see `Coding.shared`.
    hidden, minimum
        As in `few_coded`.
    seed, confidence, resamples
        As in `agreement.by_code`.

    Returns
    -------
    pandas.DataFrame
        By id of code: `theme` (id), `name`, then as from `agreement.by_code`, and `withheld`, which is
        ``…`` where a coder gave the code so seldom that nothing may be told of it.
    """
    respondents, codebook = coding.answers["respondent"], coding.codebook
    table = by_code(coding.marks, respondents, seed, confidence, resamples)
    few = ~table.index.isin(told_codes(coding, hidden, minimum))
    table.loc[few, table.columns.drop(["answers", "note"])] = np.nan
    table.loc[few, "note"] = FEW
    table.insert(0, "theme", [codebook.theme_of(code).id for code in table.index])
    table.insert(1, "name", list(codebook.names.values()))
    return table.assign(withheld=np.where(few, "…", ""))


def agreement_records(table):
    """The named results of `agreement`, as `results.record` takes them."""
    records = []
    for code, row in table.iterrows():
        told = {"base": row["answers"], "withheld": row["withheld"] or None}
        note = row["note"] if row["withheld"] else None
        records.append(
            {"id": f"themes.agreement.{code}.observed", "value": row["observed"], "unit": "percent",
             "method": "agreeing pairs of coders", "note": note, **told}
        )  # fmt: skip
        records += [
            {"id": f"themes.agreement.{code}.{name}", "value": row[name], "unit": "coefficient",
             "low": row[f"{name}_low"], "high": row[f"{name}_high"], "note": row["note"] or None,
             "method": NAMES[name], **told}
            for name in NAMES
        ]  # fmt: skip
    return records


def agreement_shown(table):
    """The table of `agreement` as it is shown: text only, a code a row."""
    shown = pd.DataFrame(
        {f"{name.capitalize()}, %": table[name].map(number) for name in ("prevalence", "observed")}
    )
    for name, label in NAMES.items():
        ends = table[[name, f"{name}_low", f"{name}_high", "note"]].itertuples(index=False)
        shown[label] = [note or coefficient(*values) for *values, note in ends]
    return shown.set_axis(table["name"].to_numpy())


def told_codes(coding, hidden, minimum):
    """Ids of the codes of which agreement may be told: every coder gave them often enough."""
    least = pd.DataFrame({coder: given.sum() for coder, given in coding.marks.items()}).min(axis=1)
    few = few_coded(least.astype(int), coding.codebook, hidden, minimum)
    return [code for code in few.index if not few[code]]


def agreement_on_sets(coding, seed, confidence, resamples, told=None):
    """Agreement of the coders on whole sets of codes.

    Parameters
    ----------
    coding, seed, confidence, resamples
        As in `agreement`.
    told : sequence of str, optional
        Ids of the codes that the sets are made of, as from `told_codes`; all otherwise.

    Returns
    -------
    pandas.DataFrame
        By name of the distance, ``masi`` and ``jaccard``: `alpha`, `low`, `high`, `answers`, `note`.
    """
    codes = np.array(coding.codebook.ids if told is None else told)
    sets = {
        coder: [
            None if np.isnan(row).any() else frozenset(codes[row == 1].tolist())
            for row in marks[codes].to_numpy()
        ]
        for coder, marks in coding.marks.items()
    }
    respondents = coding.answers["respondent"]
    found = {
        name: by_set(sets, respondents, distance, seed, confidence, resamples)
        for name, distance in (("masi", masi), ("jaccard", jaccard))
    }
    return pd.DataFrame.from_dict(found, orient="index")


def set_records(table):
    """The named results of `agreement_on_sets`, as `results.record` takes them."""
    return [
        {"id": f"themes.sets.{name}", "value": row["alpha"], "unit": "coefficient",
         "low": row["low"], "high": row["high"], "base": row["answers"],
         "method": "Krippendorff's alpha over sets of codes", "note": row["note"] or None}
        for name, row in table.iterrows()
    ]  # fmt: skip


def sets_shown(table):
    """The table of `agreement_on_sets` as it is shown."""
    alphas = [coefficient(*row) for row in table[["alpha", "low", "high"]].to_numpy(float)]
    shown = {"Krippendorff's α": alphas, "Answers": table["answers"].to_list()}
    return pd.DataFrame(shown, index=["MASI distance", "Jaccard distance"])


def few_coded(counts, codebook, hidden, minimum):
    """Codes of which a table of codes may not tell in how many answers they are.

    Parameters
    ----------
    counts : pandas.Series of int
        Answers with the code, by id of code; their sum is published too.
    codebook : Codebook
    hidden : collection of str
        As from `counts.suppressed_counts`.
    minimum : int
        Smallest count that may be shown.

    Returns
    -------
    pandas.Series of bool
        By id of code: True where so few answers or respondents have the code, or where its count
        would give such a code away.
    """
    names = {code: f"themes.{codebook.theme_of(code).id}.{code}" for code in counts.index}
    cells = {"all": int(counts.sum())} | {code: int(count) for code, count in counts.items()}
    try:
        secret = set(suppress(cells, [("all", list(counts.index))], minimum, last={"all": inf}))
    except ValueError:  # so few codes are common that their sum gives the others away
        secret = set(counts.index)
    secret |= {code for code, name in names.items() if name in hidden}
    if len(secret) == 1 < len(counts):  # the total less all others
        secret.add(counts.drop(list(secret)).idxmin())
    return pd.Series([code in secret for code in counts.index], index=counts.index)


def disagreements(coding, names=()):
    """Codes on which coders differ, with what was settled.

    Parameters
    ----------
    coding : Coding
    names : sequence of str
        As in `masking.mask`.

    Returns
    -------
    pandas.DataFrame
        `respondent`, `item`, `code`, `given_by` and `not_by` (coders), `decision`, `reason`, and
        masked the coders' `notes` and the `answer`; one row a code and answer that two coders or more
        read and not all gave.
    """
    answers = coding.answers[[*KEY, "text"]].itertuples(index=False)
    text = {(str(respondent), item): text for respondent, item, text in answers}
    made = {row[:3]: row[3:] for row in coding.settled.itertuples(index=False, name=None)}
    rows = []
    for answer, (coders, given) in by_answer(coding.codings).items():
        for code, by in given.items():
            if len(by) < len(coders):
                decision, reason = made.get((*answer, code), ("open", ""))
                rest = [coder for coder in coders if coder not in by]
                said = mask(text[(str(answer[0]), answer[1])], names)[0]
                noted = about(coding.memos, *answer, code).items()
                notes = mask("; ".join(f"{coder}: {note}" for coder, note in noted), names)[0]
                gave = ", ".join(by), ", ".join(rest)
                rows.append((*answer, code, *gave, decision, reason, notes, said))
    columns = [*CODING, "given_by", "not_by", "decision", "reason", "notes", "answer"]
    return pd.DataFrame(rows, columns=columns)
