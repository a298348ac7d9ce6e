"""Whether coders see the same: agreement on codes and on whole sets of codes, and where they differ."""

from itertools import combinations
from math import inf

import numpy as np
import pandas as pd

from compendium.coding.consensus import by_answer
from compendium.coding.notes import CODING, KEY, about
from compendium.disclosure.masking import mask
from compendium.disclosure.suppression import suppress
from compendium.statistics.coders.agreement import COEFFICIENTS, by_code, by_set, jaccard, masi
from compendium.statistics.display import three_digits
from compendium.wording import coefficient, number, plain, short

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
    if minimum > 1:  # to the last digit a coefficient is one table of coders by coders
        table = three_digits(table)
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
    sets, respondents = _sets(coding, told), coding.answers["respondent"]
    found = {
        name: by_set(sets, respondents, distance, seed, confidence, resamples)
        for name, distance in (("masi", masi), ("jaccard", jaccard))
    }
    table = pd.DataFrame.from_dict(found, orient="index")
    return table if told is None or len(told) == len(coding.codebook.ids) else three_digits(table)


def _sets(coding, told=None):
    """The set of codes that each coder gave each answer; None where it was not read."""
    codes = np.array(coding.codebook.ids if told is None else told)
    return {
        coder: [
            frozenset(codes[row == 1].tolist()) if read else None
            for row, read in zip(
                marks[codes].to_numpy(), marks.notna().any(axis=1).to_numpy(), strict=True
            )
        ]
        for coder, marks in coding.marks.items()
    }


def agreement_by_pair(coding, seed, confidence, resamples, told=None):
    """Agreement of every two coders on whole sets of codes, by MASI distance.

    Parameters
    ----------
    coding, seed, confidence, resamples, told
        As in `agreement_on_sets`.

    Returns
    -------
    pandas.DataFrame
        `first`, `second`, `answers` that both read, `alpha`, `low`, `high`, `note`, and `alone`: a list
        of coder and code for what only one of the two gave to any of these answers.
    """
    sets, respondents, rows = _sets(coding, told), coding.answers["respondent"].to_numpy(), []
    for first, second in combinations(sets, 2):
        pairs = zip(sets[first], sets[second], strict=True)
        both = np.array([None not in pair for pair in pairs], dtype=bool)
        if not both.any():
            rows.append((first, second, 0, np.nan, np.nan, np.nan, "no answer in common", []))
            continue
        shared = {c: [s for s, b in zip(sets[c], both, strict=True) if b] for c in (first, second)}
        found = by_set(shared, respondents[both], masi, seed, confidence, resamples)
        used = {coder: frozenset().union(*given) for coder, given in shared.items()}
        alone = [(coder, code) for coder, other in ((first, second), (second, first))
                 for code in sorted(used[coder] - used[other])]  # fmt: skip
        values = (found[key] for key in ("answers", "alpha", "low", "high", "note"))
        rows.append((first, second, *values, alone))
    columns = ["first", "second", "answers", "alpha", "low", "high", "note", "alone"]
    return pd.DataFrame(rows, columns=columns)


def agreement_by_round(coding, seed, confidence, resamples, told=None):
    """Agreement on whole sets of codes in each round of coding, by MASI distance.

    Parameters
    ----------
    coding, seed, confidence, resamples, told
        As in `agreement_on_sets`.

    Returns
    -------
    pandas.DataFrame
        `round`, `answers` that two coders or more read, `alpha`, `low`, `high`, `note`; empty where
        there is one round only.
    """
    sets, answers, rows = _sets(coding, told), coding.answers, []
    keys = zip(answers["respondent"].astype(str), answers["item"], strict=True)
    rounds = np.array([coding.rounds.get(key, 0) for key in keys])
    twice = sum(np.array([s is not None for s in given], dtype=int) for given in sets.values()) > 1
    every = sorted({*coding.rounds.values()})
    for one in every if len(every) > 1 else ():
        here = twice & (rounds == one)
        shared = {c: [s for s, h in zip(given, here, strict=True) if h] for c, given in sets.items()}
        shared = {c: given for c, given in shared.items() if any(s is not None for s in given)}
        found = {"answers": 0, "note": "no answer in common"}
        if shared:
            whose = answers["respondent"].to_numpy()[here]
            found = by_set(shared, whose, masi, seed, confidence, resamples)
        rows.append({"round": one} | found)
    columns = ["round", "answers", "alpha", "low", "high", "note"]
    return three_digits(pd.DataFrame(rows, columns=columns))


def rounds_shown(table):
    """The table of `agreement_by_round` as it is shown; nothing where there is one round only."""
    if table.empty:
        return []
    ends = table[["alpha", "low", "high", "note"]].itertuples(index=False)
    alphas = [note or coefficient(*values) for *values, note in ends]
    shown = {"Krippendorff's α (MASI)": alphas, "Answers": table["answers"].to_list()}
    return [pd.DataFrame(shown, index=[f"Round {one}" for one in table["round"]])]


def pairs_shown(table, names):
    """The table of `agreement_by_pair` as it is shown, and in words which codes one coder gave alone.

    `names` are those of the codes, by id. Of two coders there is one pair, which needs no table.
    """
    ends = table[["alpha", "low", "high", "note"]].itertuples(index=False)
    alphas = [note or coefficient(*values) for *values, note in ends]
    shown = {"Krippendorff's α (MASI)": alphas, "Answers": table["answers"].to_list()}
    pairs = [f"{first} and {second}" for first, second in table[["first", "second"]].to_numpy()]
    shown = pd.DataFrame(shown, index=pairs)
    said = []
    for row in table.itertuples():
        for coder in dict.fromkeys(coder for coder, _ in row.alone):
            codes = ", ".join(plain(names[code]) for by, code in row.alone if by == coder)
            said.append(
                f"Of {plain(row.first)} and {plain(row.second)} only {plain(coder)} gave: {codes}."
            )
    return [shown] * (len(table) > 1) + ["\n".join(f"- {line}" for line in said)] * bool(said)


def set_records(table, rounds):
    """The named results of `agreement_on_sets` and `agreement_by_round`, for `results.record`."""
    by_round = rounds.set_index("masi.round_" + rounds["round"].astype(str))
    return [
        {"id": f"themes.sets.{name}", "value": row["alpha"], "unit": "coefficient",
         "low": row["low"], "high": row["high"], "base": row["answers"],
         "method": "Krippendorff's alpha over sets of codes", "note": row["note"] or None}
        for name, row in [*table.iterrows(), *by_round.iterrows()]
    ]  # fmt: skip


def sets_shown(table):
    """The table of `agreement_on_sets` as it is shown."""
    ends = table[["alpha", "low", "high", "note"]].itertuples(index=False)
    alphas = [note or coefficient(*values) for *values, note in ends]
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
    coded = coding.answers["respondent"].astype(str).isin(coding.codings["respondent"].astype(str))
    answers = coding.answers.loc[coded, [*KEY, "text"]].itertuples(index=False)
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


def disagreements_shown(apart, names, untold, most):
    """The start of `disagreements` as it is read: text only, without respondents and codes withheld.

    Parameters
    ----------
    apart : pandas.DataFrame
    names : dict of str to str
        Names of the codes.
    untold : collection of str
        Codes of which nothing may be told.
    most : int
        Rows.
    """
    columns = ["answer", "code", "given_by", "decision", "reason"]
    columns += ["notes"] if apart["notes"].ne("").any() else []
    shown = apart.loc[~apart["code"].isin(untold), columns].head(most)
    shown = shown.assign(
        code=shown["code"].map(names), answer=[short(text, 110) for text in shown["answer"]]
    )
    return shown.set_axis([name.replace("_", " ").capitalize() for name in columns], axis=1)
