"""Programs that code, measured by people on respondents drawn at random, and corrected by them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from compendium.coding.coders import Coder
from compendium.coding.reliability import FEW, few_coded
from compendium.statistics.coders.agreement import by_code
from compendium.statistics.coders.corrected import corrected
from compendium.statistics.coders.scoring import scores
from compendium.statistics.display import three_digits
from compendium.statistics.proportions import proportions
from compendium.wording import coefficient, interval, number, plain

PPI = "prediction-powered inference, interval from adjusted pairs"
ENDS = ("", "_low", "_high")


@dataclass(frozen=True)
class Measured:
    """A program beside the people's consensus on the sample.

    Attributes
    ----------
    coder : Coder
    sampled, answers, others : int
        Respondents drawn and their answers; respondents not drawn.
    open : int
        Drawn respondents of whom people have not coded every answer.
    unread : int
        Respondents, drawn or not, of whom the program has not coded every answer.
    table : pandas.DataFrame or None
        By code, then ``micro``; None while anything is open or unread. Of answers in the sample:
        `people` and `program` (counts with the code), `kappa` and `f1` with their ends. Of respondents,
        in percent: `alone` (people, in the sample), `naive` (the program, everybody) and `corrected`,
        with ends where they have any. `note`, and `withheld`, which is ``…`` where few have the code.
    """

    coder: Coder
    sampled: int
    answers: int
    others: int
    open: int
    unread: int
    table: pd.DataFrame | None


def measured_programs(coding, hidden, minimum, seed, confidence, resamples):
    """What is shown of all programs, the same as tidy data, and as named results.

    Parameters
    ----------
    coding, hidden, minimum, seed, confidence, resamples
        As in `measure`.

    Returns
    -------
    parts : list
    frame : pandas.DataFrame
    records : list of dict
    """
    found = measure(coding, hidden, minimum, seed, confidence, resamples)
    return measured_shown(found, coding.codebook.names), measured_frame(found), measured_records(found)


def measure(coding, hidden, minimum, seed, confidence, resamples):
    """Measure every program that is declared among the coders of a study.

    Parameters
    ----------
    coding : Coding
    hidden, minimum
        As in `reliability.few_coded`.
    seed, confidence, resamples
        As in `agreement.by_code`.

    Returns
    -------
    list of Measured
    """
    sample, respondents = coding.sample, coding.answers["respondent"].astype(str)
    inside = respondents.isin(sample.index).to_numpy()
    drawn = respondents.isin(sample.index[sample]).to_numpy()
    people, found = coding.consensus, []
    for program in coding.programs:
        given, table = coding.marks_of(program.id), None
        open_, unread = (
            respondents[part & marks.isna().any(axis=1).to_numpy()].nunique()
            for part, marks in ((drawn, people), (inside, given))
        )
        if drawn.any() and not open_ and not unread:
            by = [_by_respondent(marks[part]) for marks, part in
                  ((people, drawn), (given, drawn), (given, inside & ~drawn))]  # fmt: skip
            few = _few(by, coding, hidden, minimum)
            told = few.index[~few]
            both = people.loc[drawn, told], given.loc[drawn, told], respondents[drawn]
            table = _prevalences(*by, confidence)
            table = table.join(_scores(*both, seed, confidence, resamples), how="outer")
            table = _cleared(table.reindex([*few.index, "micro"]), few, minimum)
        counts = int(sample.sum()), int(drawn.sum()), int((~sample).sum())
        found.append(Measured(program, *counts, open_, unread, table))
    return found


def _cleared(table, few, minimum):
    """A table without what few have, and coarse where counts are small secrets."""
    secret = table.index.isin(few.index[few])
    if minimum > 1:  # to the last digit a rate is one count of another
        table = three_digits(table)
    table = table.assign(note=table["note"].fillna("").mask(secret, FEW))
    table.loc[secret, table.columns.drop("note")] = np.nan
    return table.assign(withheld=np.where(secret, "…", ""))


def _by_respondent(marks):
    """Whether respondents have a code in any of their answers."""
    return marks.groupby(level=0, sort=False).max()


def _few(by, coding, hidden, minimum):
    """Codes that few have, or lack, by people or program, in the sample or among the others."""
    rest = coding.consensus.dropna()
    rest = _by_respondent(rest[~rest.index.get_level_values(0).isin(by[0].index)])
    parts = [*by, rest] if len(rest) else by  # what all coded respondents less the sample would tell
    least = pd.DataFrame([part.sum() for part in parts] + [len(part) - part.sum() for part in parts])
    return few_coded(least.min().astype(int), coding.codebook, hidden, minimum)


def _prevalences(people, program, others, confidence):
    """Percent of respondents with each code: by people alone, by the program, and corrected."""
    program = program.reindex(people.index)
    missed, invented = ((one > other).sum() for one, other in ((people, program), (program, people)))
    table = proportions(people.sum().to_numpy(int), len(people), confidence)
    table = table[["percent", "low", "high"]].set_axis([f"alone{end}" for end in ENDS], axis=1)
    table.index = people.columns
    table["naive"] = 100 * (program.sum() + others.sum()) / (len(program) + len(others))
    found = corrected(missed, invented, len(people), others.sum(), len(others), confidence)
    return table.assign(
        **{f"corrected{end}": 100 * part for end, part in zip(ENDS, found, strict=True)}
    )


def _scores(people, program, respondents, seed, confidence, resamples):
    """Counts of answers with each code, and how far the program agrees with the people."""
    counts = {"in_reference": "people", "in_candidate": "program"}
    rates, kappa = [f"f1{end}" for end in ENDS], [*(f"kappa{end}" for end in ENDS), "note"]
    if people.columns.empty:  # everything is withheld
        return pd.DataFrame(columns=[*counts.values(), *rates, *kappa], dtype=object)
    score = scores(people, program, respondents, seed, confidence, resamples).rename(columns=counts)
    both = {"people": people, "program": program}
    agreed = by_code(both, respondents, seed, confidence, resamples)[kappa]
    return score.drop("macro")[[*counts.values(), *rates]].join(agreed)


def measured_records(found):
    """The named results of all programs, as `results.record` takes them."""
    records = []
    for one in (one for one in found if one.table is not None):
        everybody = one.sampled + one.others
        kinds = {
            "kappa": ("coefficient", one.answers, "Cohen's κ"),
            "f1": ("proportion", one.answers, "against the consensus, on the sample"),
            "alone": ("percent", one.sampled, "Wilson"),
            "naive": ("percent", everybody, "codings of the program, not corrected"),
            "corrected": ("percent", everybody, PPI),
        }
        for code, row in one.table.iterrows():
            for kind, (unit, base, method) in kinds.items():
                if code == "micro" and kind != "f1":
                    continue
                value, low, high = (row.get(f"{kind}{end}", np.nan) for end in ENDS)
                why = row["note"] or ("nothing to divide by" if pd.isna(value) else None)
                records.append(
                    {"id": f"themes.programs.{one.coder.id}.{code}.{kind}", "value": value,
                     "unit": unit, "low": low, "high": high, "base": base, "method": method,
                     "note": why, "withheld": row["withheld"] or None}
                )  # fmt: skip
    return records


def measured_frame(found):
    """All programs as tidy data: `coder`, `code`, then as `Measured.table`."""
    tables = [one.table.rename_axis("code").reset_index().assign(coder=one.coder.id)
              for one in found if one.table is not None]  # fmt: skip
    frame = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=["coder", "code"])
    return frame[["coder", *frame.columns.drop(["coder", "withheld"], errors="ignore")]]


def measured_shown(found, names):
    """What is shown of all programs: a sentence and a table each, or what is missing.

    `names` are those of the codes, by id.
    """
    parts = []
    for one in found:
        of = [plain(one.coder.model), one.coder.date]
        of += [f"prompt {one.coder.prompt[:12]}…"] if one.coder.prompt else []
        said = f"**{plain(one.coder.id)}** is a program ({', '.join(of)}). "
        if one.table is None:
            parts.append(said + _missing(one))
            continue
        micro = one.table.loc["micro"]
        score = coefficient(*micro[["f1", "f1_low", "f1_high"]].astype(float))
        parts += [said + _measured(one, score), _table_shown(one.table.drop("micro"), names)]
    return parts


def _measured(one, score):
    """What stands above a program's table."""
    return (
        f"People coded {one.sampled} respondents drawn at random ({one.answers} answers); of the "
        f"other {one.others} the program's codings alone are used. On the sample its micro F1 is "
        f"{score}. *Not corrected* is what the program says of everybody; *corrected* is what it "
        "says of the others with its mean error in the sample added (prediction-powered inference, "
        "[Angelopoulos et al. 2023](https://doi.org/10.1126/science.adi6000); ends from "
        "adjusted pairs, [Bonett & Price 2012](https://doi.org/10.3102/1076998611411915)), and holds "
        "whatever the program's errors are. Where the interval of people alone is the shorter one, the "
        "program brings nothing."
    )


def _missing(one):
    """What a program is not measured for."""
    if not one.sampled:
        return ("It is not measured: no sample is drawn. `make coding-sheet CODER=name SAMPLE=60` "
                "draws one and writes its sheet for a person.")  # fmt: skip
    if one.open:
        return (f"It is not measured yet: of {one.open} of {one.sampled} respondents in the sample "
                "people have not coded every answer.")  # fmt: skip
    return f"It is not measured: of {one.unread} respondents it has not coded every answer."


def _table_shown(table, names):
    """A program's table: text only, a code a row."""
    shown = pd.DataFrame(index=table.index)
    for name, label in (("people", "Answers, people"), ("program", "Answers, program")):
        shown[label] = table[name].astype("Int64").map(number)
    for name, label in (("kappa", "Cohen's κ"), ("f1", "F1")):
        shown[label] = [coefficient(*row) for row in _with_ends(table, name)]
    shown["Not corrected, %"] = table["naive"].map(number)
    for name, label in (("corrected", "Corrected, %"), ("alone", "People alone, %")):
        ends = _with_ends(table, name)
        shown[label] = [f"{number(value)} ({interval(low, high)})" for value, low, high in ends]
    shown.loc[table["withheld"] != ""] = "withheld"
    return shown.rename(index=names).rename_axis(None)


def _with_ends(table, name):
    """A number of each row with the ends of its interval."""
    return table[[f"{name}{end}" for end in ENDS]].astype(float).to_numpy()
