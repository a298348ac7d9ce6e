"""What they say in their own words: themes and codes, counted as closed answers are, and quoted.

A theme becomes a multi-response item of the study whose options are its codes, so that bases,
intervals, breakdowns and disclosure control are those of every other question. Statistics are loaded
where they are used: what is withheld is decided before anything else starts, and needs none.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from compendium.disclosure.masking import mask
from compendium.disclosure.together import pairs_of_codes
from compendium.survey.answers import answered
from compendium.survey.instrument import Group, Option, ThemeItem

ANY = "respondents"  # the group of all codes of a theme: who mentions it at all


def with_themes(study, coding):
    """A study that counts its themes too.

    Parameters
    ----------
    study : Study
    coding : Coding
        As from `codings.load_coding`.

    Returns
    -------
    Study
        With one multi-response item a theme, ``themes.<theme>``: its options are the codes, and its
        group `ANY` stands for any of them. Asked of everybody; answered by whoever has a coded
        answer. The study itself where nothing is coded.

    Examples
    --------
    >>> from compendium.coding.codings import load_coding
    >>> from compendium.survey.study import load_study
    >>> study = load_study("microcredentials", "data")
    >>> study = with_themes(study, load_coding(study, "data/microcredentials"))
    >>> [item.id for item in study.instrument.themes()][:2]
    ['themes.value', 'themes.recognition']
    """
    if coding.codebook is None or coding.settled.empty:
        return study
    by_respondent = coding.consensus.groupby(level=0, sort=False).max()
    by_respondent = by_respondent.reindex(study.answers.index.astype(str))
    read = by_respondent.notna().any(axis=1).to_numpy()
    answers, states, items = {}, {}, []
    for theme in coding.codebook.themes:
        items.append(_item(theme, coding.codebook))
        for code in theme.codes:
            ticked = by_respondent[code.id].eq(1).to_numpy()
            name = f"{items[-1].id}.{code.id}"
            answers[name] = pd.array(np.where(read, ticked, None), dtype="boolean")
            states[name] = np.where(read, np.where(ticked, "answered", "not_ticked"), "skipped")
    index = study.answers.index
    states = pd.DataFrame(states, index=index).astype(study.states.dtypes.iloc[0])
    instrument = study.instrument.model_copy(update={"items": [*study.instrument.items, *items]})
    return type(study)(
        study.name, instrument, study.flow,
        pd.concat([study.answers, pd.DataFrame(answers, index=index)], axis=1),
        pd.concat([study.states, states], axis=1), study.notes,
    )  # fmt: skip


def _item(theme, codebook):
    options = [Option(id=code.id, label=code.name) for code in theme.codes]
    group = Group(id=ANY, label=theme.name, options=[code.id for code in theme.codes])
    return ThemeItem(
        id=f"themes.{theme.id}", section="themes", type="multi", question=codebook.title,
        options=options, groups=[group],
    )  # fmt: skip


def coded_respondents(study):
    """How many respondents of a study `with_themes` have a coded answer: the base of every theme."""
    themes = study.instrument.themes()
    return int(answered(study, themes[0]).to_numpy().sum()) if themes else 0


def themes_records(tables, writers, n):
    """The named results of tables of themes, and of their base: `writers` of `n` respondents."""
    from compendium.statistics.display import share_records

    records = [row for table in tables for row in share_records(table, "Wilson")]
    note = "respondents with a coded answer, the base of themes and codes"
    return [
        *records,
        {"id": "themes.coded_respondents", "value": writers, "unit": "count", "base": n, "note": note},
    ]


def codes_by(study, by, hidden, confidence):
    """How many of each group raise each code: by name of the theme, a table of its codes.

    Parameters
    ----------
    study, hidden
        As in `cooccurrence`.
    by : Item
    confidence : float

    Returns
    -------
    dict of str to pandas.DataFrame
        As from `frequencies.breakdown`.
    """
    from compendium.statistics.frequencies import breakdown

    return {
        theme.groups[0].label: pd.concat(
            [breakdown(study, theme, code.id, by, hidden, confidence) for code in theme.options],
            ignore_index=True,
        )
        for theme in study.instrument.themes()
    }


def cooccurrence(study, hidden):
    """How many respondents mention both of two codes.

    Parameters
    ----------
    study : Study
        As from `with_themes`.
    hidden : dict of str to str
        As from `counts.suppressed_counts`.

    Returns
    -------
    pandas.DataFrame
        `result` (name of the count), `code_a`, `code_b` (ids of codes), `count`, `base` (Int64) and
        `shown`. A count is shown where neither code's own count is withheld, nor that of any of the
        four parts of the two codes' table (both, one, the other, neither), all of which reach the
        minimum cell; otherwise it is missing and `shown` is ``…``, so that no mark says how small
        it is.
    """
    rows, base = [], coded_respondents(study)
    for one, other, names, parts in pairs_of_codes(study):
        secret = {one, other, "base:themes", *names} & hidden.keys()
        hide = min(parts) < study.instrument.minimum or secret
        shown = (pd.NA, pd.NA, "…") if hide else (parts[0], base, "")
        rows.append((names[0], one.rpartition(".")[2], other.rpartition(".")[2], *shown))
    table = pd.DataFrame(rows, columns=["result", "code_a", "code_b", "count", "base", "shown"])
    return table.astype({"count": "Int64", "base": "Int64"})


def cooccurrence_shown(table, names, most):
    """The pairs of `cooccurrence` that most respondents share, as they are read, codes by `names`."""
    some = table.dropna(subset="count")
    some = some.sort_values("count", ascending=False, kind="stable").head(most)
    columns = {"code_a": "Code", "code_b": "and code", "count": "Respondents"}
    shown = some[list(columns)].replace(names).rename(columns=columns)
    return shown.set_axis(range(1, len(some) + 1))


def of_cases(study, item, row):
    """A study of those only who chose an option, or any of a group, of an item with one answer."""
    cases = study.answers[item.id].isin(item.members(row)).fillna(False).to_numpy(bool)
    return replace(study, answers=study.answers[cases], states=study.states[cases])


def saturation(marks):
    """How many different codes are expected after hearing so many respondents.

    Parameters
    ----------
    marks : pandas.DataFrame
        As from `codings.assigned`, respondents as first level of the index; answers that were not read
        are left out.

    Returns
    -------
    pandas.DataFrame
        Indexed by number of respondents heard, from 1: mean `codes` met, and `low` and `high`, between
        which they lie in about 90 of 100 orders of hearing them.

    Notes
    -----
    One order says as much about the order as about the answers, so the curve is the mean over all. Of N
    respondents m raise a code; it has not been met after k of them with probability
    ``C(N - m, k) / C(N, k)``. The band is 1.645 standard deviations wide on each side, from the same
    probability for every two codes. That the curve flattens shows that *this codebook* meets nothing
    new in *these answers*; it cannot show that a further question would not. See Guest, Namey & Chen
    (2020), https://doi.org/10.1371/journal.pone.0232076, and Braun & Clarke (2021) for why reflexive
    analysis does without, https://doi.org/10.1080/2159676X.2019.1704846.
    """
    heard = marks.dropna().groupby(level=0, sort=False).max().to_numpy(bool).astype(int)
    n = len(heard)
    k = np.arange(1, n + 1)[:, None]
    alone = heard.sum(axis=0)
    either = alone[:, None] + alone - heard.T @ heard
    missed = _missed(n, alone, k)
    codes = (1 - missed).sum(axis=1)
    variance = _missed(n, either.ravel(), k).sum(axis=1) - missed.sum(axis=1) ** 2
    half = 1.645 * np.sqrt(variance.clip(0))
    table = pd.DataFrame({"codes": codes, "low": codes - half, "high": codes + half})
    return table.clip(0, (alone > 0).sum()).set_axis(pd.RangeIndex(1, n + 1, name="respondents"))


def told_saturation(marks, study, hidden):
    """The curve of `saturation`, without its band where that would tell how few raise two codes.

    The band is made of how many raise each two codes, so its ends give a withheld pair away.

    Parameters
    ----------
    marks : pandas.DataFrame
        As in `saturation`, of codes that may be told.
    study, hidden
        As in `cooccurrence`.

    Returns
    -------
    pandas.DataFrame
        As from `saturation`, or its `codes` alone.
    """
    pairs, curve = cooccurrence(study, hidden), saturation(marks)
    inside = pairs["code_a"].isin(marks.columns) & pairs["code_b"].isin(marks.columns)
    return curve[["codes"]] if pairs.loc[inside, "shown"].ne("").any() else curve


def saturation_record(curve):
    """The named result of `told_saturation`: when nine tenths of the codes have turned up."""
    most = int((curve["codes"] >= 0.9 * curve["codes"].iloc[-1]).to_numpy().argmax()) + 1
    return {
        "id": "themes.saturation.ninety_percent", "value": most, "unit": "count",
        "base": len(curve), "method": "mean over all orders of hearing them",
        "note": "respondents heard until nine tenths of the codes have turned up",
    }  # fmt: skip


def _missed(n, raised, k):
    """Chance that none of k respondents drawn from n is among those who raised something."""
    from scipy.stats import hypergeom

    return hypergeom.pmf(0, n, raised, k)


def quotations(coding, names=(), most=3, words=(8, 45), without=()):
    """Masked quotations for each theme, chosen by rule and not by taste.

    The rule: of the answers that carry a code of the theme and have between 8 and 45 words, take
    the one that adds most codes of the theme not yet quoted; among equals the one with fewest codes
    of other themes, then the shortest, then the first in the file. Then the next, from another
    respondent, as long as it adds a code, up to `most`.

    Parameters
    ----------
    coding : Coding
    names : sequence of str
        As in `masking.mask`.
    most : int
        Quotations of each theme.
    words : tuple of int
        Fewest and most words of a quotation.
    without : collection of str
        Codes that no quotation may be said to carry.

    Returns
    -------
    pandas.DataFrame
        `theme` (name), `quotation` (masked) and `codes`, the names of the theme's codes that it
        carries. Nothing says who wrote it.
    """
    marks = coding.consensus.fillna(0).astype(bool)
    length = coding.answers["text"].str.split().str.len().to_numpy()
    fits = (length >= words[0]) & (length <= words[1])
    rows = []
    for theme in coding.codebook.themes:
        told = [code for code in theme.codes if code.id not in without]
        inside = marks[[code.id for code in told]].to_numpy(bool)
        for place in picked(coding.answers["respondent"], marks, inside, fits, length, most):
            codes = [code.name for code, has in zip(told, inside[place], strict=True) if has]
            text = mask(coding.answers["text"].iloc[place], names)[0]
            rows.append((theme.name, text, "; ".join(codes)))
    return pd.DataFrame(rows, columns=["theme", "quotation", "codes"])


def picked(respondents, marks, inside, fits, length, most):
    """Places of the answers that the rule of `quotations` picks for a theme, in their order."""
    others = marks.to_numpy().sum(axis=1) - inside.sum(axis=1)
    shown, writers, places = np.zeros(inside.shape[1], bool), set(), []
    while len(places) < most:
        new = (inside & ~shown).sum(axis=1)
        left = fits & (new > 0) & ~respondents.isin(writers).to_numpy()
        if not left.any():
            break
        best = int(np.lexsort((np.arange(len(new)), length, others, -new, ~left))[0])
        shown |= inside[best]
        writers.add(respondents.iloc[best])
        places.append(best)
    return places
