"""All that stands under a code, what stands beside it, and what is easily taken for it."""

import pandas as pd

from compendium.coding.themes import cooccurrence, picked


def contested(coding, without=()):
    """Id of the code that most differences were settled on; without any, of the most frequent one.

    Codes `without`, of which nothing may be told, come last.
    """
    settled = coding.settled[coding.settled["code"].isin(coding.codebook.ids)]
    apart = settled[settled["decision"] != "agreed"]
    counts = (settled if apart.empty else apart)["code"].value_counts()
    ids = coding.codebook.ids
    return max(ids, key=lambda code: (code not in without, counts.get(code, 0)))


def cleared_pairs(study, hidden):
    """Pairs of codes of which it may be told who has both or one alone; None where all may.

    Parameters
    ----------
    study, hidden
        As in `themes.cooccurrence`.

    Returns
    -------
    set of frozenset of str, or None
    """
    if study.instrument.minimum == 1:
        return None
    table = cooccurrence(study, hidden)
    shown = table.loc[table["shown"] == "", ["code_a", "code_b"]]
    return {frozenset(pair) for pair in shown.itertuples(index=False, name=None)}


def passages(coding, answers, code, pairs=None):
    """Every answer that carries a code, with the codes beside it.

    Parameters
    ----------
    coding : Coding
    answers : pandas.DataFrame
        The same answers, masked.
    code : str
        Its id.
    pairs : set, optional
        As from `cleared_pairs`: a code of another pair is not named.

    Returns
    -------
    pandas.DataFrame
        `item`, `text`, and `beside`, the names of its other codes, in the order of the answers.
    """
    marks, names = coding.consensus.eq(1), coding.codebook.names
    others = [id for id in names if id != code and (pairs is None or frozenset({id, code}) in pairs)]
    rows = marks[code].to_numpy()
    beside = ["; ".join(names[id] for id in others if row[id]) for _, row in marks[rows].iterrows()]
    return answers.loc[rows, ["item", "text"]].assign(beside=beside).reset_index(drop=True)


def counter_examples(coding, answers, code, pairs=None):
    """Answers that carry a code that takes over where this one ends, and do not carry this one.

    Parameters
    ----------
    coding, answers, code, pairs
        As in `passages`. Which code takes over is said by `instead` in the codebook.

    Returns
    -------
    pandas.DataFrame
        `instead` (name), `item`, `text`, by the order of the codebook.
    """
    marks, names = coding.consensus.eq(1), coding.codebook.names
    found = []
    for other in coding.codebook.code(code).instead:
        if pairs is None or frozenset({other, code}) in pairs:
            rows = (marks[other] & ~marks[code]).to_numpy()
            found.append(answers.loc[rows, ["item", "text"]].assign(instead=names[other]))
    columns = ["instead", "item", "text"]
    return pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns)


def contrasts(coding, answers, pairs=None, without=()):
    """For each code one masked answer that is easily taken for it: facts for a page to publish.

    The rule is that of `themes.quotations`, of answers with a code of `instead` and without this one;
    whoever is shown for one code is shown for no other.

    Parameters
    ----------
    coding, answers, pairs
        As in `counter_examples`.
    without : collection of str
        Codes of which nothing may be told.

    Returns
    -------
    list of dict
        `code` and `instead` (ids), `text`.
    """
    marks, length = coding.consensus.fillna(0).astype(bool), answers["text"].str.split().str.len()
    shown, found = set(), []
    for code in coding.codebook.codes:
        for other in code.instead:
            closed = pairs is not None and frozenset({other, code.id}) not in pairs
            if closed or not {other, code.id}.isdisjoint(without):
                continue
            writers = answers["respondent"]
            fits = length.between(8, 45).to_numpy() & ~marks[code.id].to_numpy()
            fits &= ~writers.isin(shown).to_numpy()
            inside = marks[[other]].to_numpy()
            for place in picked(writers, marks, inside, fits, length.to_numpy(), 1):
                shown.add(writers.iloc[place])
                text = answers["text"].iloc[place]
                found.append({"code": code.id, "instead": other, "text": text})
    return found
