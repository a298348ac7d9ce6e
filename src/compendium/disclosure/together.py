"""Codes that the same respondents raise: which pairs of them are weighed with all other counts."""

from itertools import combinations

KINDS = ("both", "first", "second", "neither")


def pairs_of_codes(study):
    """The four parts of every two codes of a study `with_themes`.

    Parameters
    ----------
    study : Study

    Returns
    -------
    list of tuple
        ``(one, other, names, parts)``: names of both codes' counts, names of the parts (both, the
        first, the second, neither) as `counts.published_counts` has them, and how many they are.
    """
    codes = [(theme, o.id) for theme in study.instrument.themes() for o in theme.options]
    if not codes:
        return []
    names = [f"{theme.key}.{code}" for theme, code in codes]
    ticks = study.answers[names].dropna().astype(bool)
    found = []
    for (one, (theme, code)), (other, (beside, second)) in combinations(
        zip(names, codes, strict=True), 2
    ):
        a, b = ticks[one].to_numpy(), ticks[other].to_numpy()
        parts = [int(part.sum()) for part in (a & b, a & ~b, ~a & b, ~a & ~b)]
        told = theme.pair_names([code, second]) if theme.id == beside.id else across(one, other)
        found.append((one, other, told, parts))
    return found


def across(one, other):
    """Names of the four parts of codes of two themes."""
    return [f"{kind}:{one} & {other}" for kind in KINDS]
