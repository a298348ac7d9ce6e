"""What counts where coders differ: settled by majority, or by the coders themselves.

``coding/consensus.csv`` has one row for every code that anybody gave to an answer: `agreed` where all
who read the answer gave it, `kept` or `dropped`, with a reason, where not. An answer of which no code
is kept has the code `NONE`. The file is compared with the codings each time it is read, since whatever
it left out would be lost without a word.
"""

import pandas as pd

from compendium.coding.codebook import NONE
from compendium.coding.fingerprints import MARK, check_coding
from compendium.coding.notes import CODING, KEY
from compendium.files import read_csv

SETTLED = [*CODING, "decision", "reason"]
CONSENSUS = "consensus.csv"
DECISIONS = ("agreed", "kept", "dropped")
AGAIN = "make consensus writes a draft of today's codings"


def by_answer(codings):
    """Who read each answer, and who gave it each code: two dicts an answer, in order."""
    found = {}
    for coder, *answer, code in codings[["coder", *CODING]].itertuples(index=False, name=None):
        coders, given = found.setdefault(tuple(answer), ({}, {}))
        coders[coder] = True
        if code != NONE:
            given.setdefault(code, []).append(coder)
    return found


def settle(codings):
    """What counts as long as coders have not settled their disagreements: what most of them say.

    A code is kept when more than half of those who read the answer gave it; an answer without such
    a code has the code `NONE`.
    """
    rows = []
    for answer, (coders, given) in by_answer(codings).items():
        read, kept = len(coders), False
        for code, by in given.items():
            decision = "agreed" if len(by) == read else "kept" if 2 * len(by) > read else "dropped"
            rows.append((*answer, code, decision, f"given by {len(by)} of {read}"))
            kept |= decision != "dropped"
        if not kept:
            decision, reason = ("kept", "no code has a majority") if given else ("agreed", "")
            rows.append((*answer, NONE, decision, reason))
    return pd.DataFrame(rows, columns=SETTLED)


def read_consensus(path, codebook, answers, codings=None):
    """Read what the coders settled on, in today's codes.

    Parameters
    ----------
    path : str or pathlib.Path
    codebook : Codebook
    answers : pandas.DataFrame
        As from `codings.open_answers`, with fingerprints or without.
    codings : pandas.DataFrame, optional
        As in `codings.Coding`; the rows are compared with them.

    Returns
    -------
    pandas.DataFrame
        As `Coding.settled`.

    Raises
    ------
    ValueError
        When a row does not fit codebook, answers, texts or codings, or one is missing.
    """
    rows = read_csv(path, SETTLED)
    rows = rows[[*SETTLED, *({MARK} & set(rows))]]
    for number, row in enumerate(rows.itertuples(), 1):
        if row.decision not in DECISIONS:
            raise ValueError(f"{path}: row {number}: the decision '{row.decision}' is not one of "
                             f"{', '.join(DECISIONS)}; {AGAIN}.")  # fmt: skip
        if row.decision != "agreed" and not row.reason.strip():
            raise ValueError(f"{path}: row {number}: settled without a reason; write one.")
    check_coding(path, rows[rows["decision"] != "dropped"], codebook, answers)
    rows = rows[SETTLED]
    if set(rows["code"]) & set(codebook.former):
        rows = _today(rows, codebook, codings)
    if codings is not None:
        check_consensus(path, rows, codings)
    return rows


def check_consensus(source, rows, codings):
    """Refuse what contradicts the codings, by the row's number in `source`, and what is missing."""
    found, decided, kept = by_answer(codings), set(), set()
    for place, respondent, item, code, decision in rows[[*CODING, "decision"]].itertuples(name=None):
        here, answer = (
            f"{source}: row {place + 1}: respondent '{respondent}', '{item}', '{code}'",
            (respondent, item),
        )
        coders, given = found.get(answer, ({}, {}))
        if not coders:
            raise ValueError(f"{here}: no coder has read the answer; remove the row, or code it first.")
        by = given.get(code, []) if code != NONE else [] if given else list(coders)
        _refuse_contradiction(here, decision, code, by, list(coders))
        decided.add((*answer, code))
        kept |= {answer} if decision != "dropped" else set()
    for answer, (_, given) in found.items():
        missing = [code for code in given if (*answer, code) not in decided]
        if missing or answer not in kept:
            what = f"'{missing[0]}' is not settled" if missing else f"no code is kept, nor '{NONE}'"
            count = sum(any((*one, code) not in decided for code in codes) or one not in kept
                        for one, (_, codes) in found.items())  # fmt: skip
            raise ValueError(f"{source}: respondent '{answer[0]}', '{answer[1]}': {what}; {count} of "
                             f"{len(found)} coded answers are not fully settled here and would be "
                             f"lost; {AGAIN}.")  # fmt: skip


def _refuse_contradiction(here, decision, code, by, coders):
    """A decision that cannot follow from who gave the code."""
    gave = f"{', '.join(by) or 'nobody'} of {', '.join(coders)} gave it"
    if decision == "agreed" and len(by) < len(coders):
        raise ValueError(f"{here}: 'agreed', but {gave}; write kept or dropped, with the reason.")
    if decision != "agreed" and by and len(by) == len(coders):
        raise ValueError(f"{here}: '{decision}', but {gave}: write agreed, or change the codings.")
    if code != NONE and not by:
        raise ValueError(f"{here}: '{decision}', but {gave}; give it in a coder's file first, or "
                         "remove the row.")  # fmt: skip


def _today(rows, codebook, codings):
    """Decisions on former codes as decisions on today's, agreed where the codings now agree."""
    now = {code: codebook.former.get(code, [code]) for code in rows["code"].unique()}
    rows = rows[rows["code"].map(lambda code: len(now[code]) == 1)]  # the others wait
    rows = rows.assign(code=rows["code"].map(lambda code: now[code][0]))
    found = by_answer(codings) if codings is not None else {}
    new, seen = [], {}
    for *answer, code, decision, reason in rows.itertuples(index=False, name=None):
        seen.setdefault(tuple(answer), {}).setdefault(code, []).append((decision, reason))
    for answer, codes in seen.items():
        coders, given = found.get(answer, ({}, {}))
        settled = [(*answer, code, *_joined(made, len(given.get(code, ())) == len(coders) > 0))
                   for code, made in codes.items() if code != NONE]  # fmt: skip
        new += settled
        if coders and all(decision == "dropped" for *_, decision, _ in settled):
            new.append((*answer, NONE, *(("kept", "no code is kept") if given else ("agreed", ""))))
    return pd.DataFrame(new, columns=SETTLED, dtype=object)


def _joined(made, all_gave):
    """One decision out of those on codes that became one."""
    if len(made) == 1:
        return made[0]
    if all_gave or all(decision == "agreed" for decision, _ in made):
        return "agreed", ""
    reasons = "; ".join(dict.fromkeys(reason for _, reason in made if reason)) or "codes were merged"
    return ("dropped" if all(decision == "dropped" for decision, _ in made) else "kept"), reasons


def decided(path, codebook):
    """The decisions of a consensus that may not fit any more, in today's codes."""
    rows = read_csv(path, SETTLED)[SETTLED]
    return _today(rows, codebook, None) if set(rows["code"]) & set(codebook.former) else rows


def draft(codings, settled=None):
    """What is to be settled, agreed rows filled in; the decision is empty where it is open.

    `settled` are decisions of before, as from `decided`; those that still fit are kept.
    """
    before = [] if settled is None else settled[SETTLED].itertuples(index=False, name=None)
    made, rows = {row[:3]: row[3:] for row in before}, []
    for answer, (coders, given) in by_answer(codings).items():
        for code, by in given.items():
            decision, reason = made.get((*answer, code), ("", ""))
            if len(by) == len(coders):
                decision, reason = "agreed", ""
            elif decision == "agreed":  # not any more
                decision, reason = "", ""
            rows.append((*answer, code, decision, reason))
        if not given:
            rows.append((*answer, NONE, "agreed", ""))
    return pd.DataFrame(rows, columns=SETTLED, dtype=object)


def completed(rows):
    """Settled rows with `NONE` for every answer of which no code is kept."""
    kept = rows[rows["decision"] != "dropped"][KEY].apply(tuple, axis=1)
    none = [answer for answer in rows[KEY].drop_duplicates().itertuples(index=False, name=None)
            if answer not in set(kept)]  # fmt: skip
    more = [(*answer, NONE, "kept", "no code is kept") for answer in none]
    return pd.concat([rows, pd.DataFrame(more, columns=SETTLED, dtype=object)], ignore_index=True)
