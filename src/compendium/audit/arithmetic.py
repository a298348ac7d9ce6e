"""What the figures of a claim allow, what a result must be to bear them out, and what would show.

One convention of rounding is given throughout; which one, is settled in `claims`.
"""

from fractions import Fraction

from compendium.audit import consistency, prose
from compendium.audit.rounding import (
    Span,
    allowed_counts,
    counts_in_words,
    decimals,
    forced_counts,
    in_words,
    jointly_possible,
    number,
    percent_span,
    span,
)
from compendium.results import withheld

MOST = 10_000  # alternatives that are tried for one figure


def allows(claim, rule):
    """Whether the figures of a claim are possible."""
    return _ALLOWS[claim.kind](claim, rule)


def _allows_shares(claim, rule):
    if claim.weighted or claim.base is None:
        return not claim.percents or _hundred(claim, rule)
    if claim.percents:
        return bool(jointly_possible(claim.percents, claim.base, rule, claim.to_nearest, claim.forced))
    counts = shares_allowed(claim, 0, claim.base, rule)
    return bool(counts) if claim.count is None else claim.count in counts


def _hundred(claim, rule):
    """Whether percents without counts add up to 100, as far as they are rounded."""
    if claim.forced:
        return sum(map(number, claim.percents)) == 100
    spans = [percent_span(percent, rule, claim.to_nearest) for percent in claim.percents]
    return sum(one.low for one in spans) <= 100 <= sum(one.high for one in spans)


def _allows_mean(claim, rule):
    return not impossible_means(claim, rule)


def impossible_means(claim, rule):
    """Those of the means, with their standard deviation, that no answers on the scale give."""
    scale, items = claim.scale or None, claim.items
    if claim.weighted or claim.base is None:
        return [mean for mean in claim.all_means if not _on_scale(claim, mean, rule)]
    if claim.sd is None:
        pairs = zip(claim.all_means, claim.bases, strict=True)
        return [mean for mean, base in pairs if not consistency.grim(mean, base, scale, items, rule)]
    if claim.scale == [0, 1] and items == 1:
        possible = consistency.debit(claim.mean, claim.sd, claim.base, rule)
    else:
        possible = consistency.grimmer(claim.mean, claim.sd, claim.base, scale, items, rule)
    return [] if possible else [claim.mean]


def _on_scale(claim, mean, rule):
    return not claim.scale or span(mean, rule).meets(Span(*map(Fraction, claim.scale)))


def _allows_p(claim, rule):
    return consistency.p_reported(claim.p, rule).meets(_computed_p(claim, rule))


def _computed_p(claim, rule):
    return consistency.p_span(claim.test, claim.statistic, tuple(claim.all_df), claim.tails, rule)


def _allows_move(claim, rule):
    exact = consistency.difference_span if claim.difference else consistency.change_span
    found = exact(claim.before, claim.after, rule)
    return found is not None and found.meets(span(claim.difference or claim.change, rule))


_ALLOWS = {
    "share": _allows_shares,
    "count": lambda claim, _: claim.base is None or claim.count <= claim.base,
    "mean": _allows_mean,
    "p": _allows_p,
    "ratio": lambda claim, rule: consistency.ratio_fits(claim.ratio, claim.interval, rule),
    "move": _allows_move,
}


def shares_allowed(claim, position, base, rule):
    """Counts of a base that the percent or the fraction at a position allows."""
    if claim.fraction is not None:
        share, away = prose.fraction(claim.fraction), number(claim.tolerance) / 100
        counts = Span(share - away, share + away).whole(base)
        return range(max(counts.start, 0), min(counts.stop, base + 1))
    percent = claim.all_percents[position]
    if claim.forced:
        return forced_counts(percent, base, claim.to_nearest)
    return allowed_counts(percent, base, rule, claim.to_nearest)


# ---- the same in words


def printed(claim):
    """The figure as published, or None where there is none."""
    if claim.kind == "share" and claim.count is not None:
        return f"{claim.count} ({claim.percent}%){_base_in_words(claim)}"
    if claim.kind == "share":
        shares = [f"{share}%" for share in claim.all_percents]
        return (in_words(shares) if shares else claim.fraction) + _base_in_words(claim)
    if claim.kind == "count":
        return f"{claim.count}{_base_in_words(claim)}"
    if claim.kind == "mean":
        spread = f", sd {claim.sd}" if claim.sd else ""
        return f"mean {in_words(claim.all_means)}{spread}{_base_in_words(claim)}"
    if claim.kind == "p":
        degrees = f"({', '.join(f'{value:g}' for value in claim.all_df)})" if claim.all_df else ""
        sign = "" if claim.p[0] in "<>" else "= "
        return f"{claim.test}{degrees} = {claim.statistic}, p {sign}{claim.p}"
    if claim.kind == "ratio":
        return f"{claim.ratio} ({' to '.join(claim.interval)})"
    if claim.kind == "move":
        moved = f"difference {claim.difference}" if claim.difference else f"change {claim.change}%"
        return f"{claim.before} to {claim.after}, {moved}"
    return None


def _base_in_words(claim):
    if claim.base is None:
        return ""
    bases = claim.base if isinstance(claim.base, list) else [claim.base]
    return f" of {in_words(list(map(str, bases)))}" + _of(claim)


def words(claim, rule):
    """What the figures allow, as the beginning of a sentence."""
    return _WORDS[claim.kind](claim, rule)


def _words_shares(claim, rule):
    if claim.weighted:
        return f"{claim.printed}, weighted: no count stands behind it"
    if claim.base is None:
        return f"{claim.printed}, of a base that is not stated"
    if not claim.percents:
        counts = shares_allowed(claim, 0, claim.base, rule)
        text = f"{claim.fraction or claim.percent + '%'} of {claim.base}{_of(claim)}"
        text += f" allows {counts_in_words(counts)}"
        return text if claim.count is None else f"{text}; the count published with it is {claim.count}"
    example = jointly_possible(claim.percents, claim.base, rule, claim.to_nearest, claim.forced)
    if not example:
        return f"no counts that add up to {claim.base} are printed as {claim.printed}"
    return f"{claim.printed} add up, for example as {in_words(list(map(str, example)))}"


def _of(claim):
    return " responses" if claim.of == "responses" else ""


def _words_mean(claim, rule):
    if claim.weighted or claim.base is None:
        return f"{claim.printed}: with no base to divide by, any mean on the scale is possible"
    name = "GRIM" if claim.sd is None else "DEBIT" if claim.scale == [0, 1] else "GRIMMER"
    wrong = impossible_means(claim, rule)
    if not wrong:
        return f"{claim.printed} can come from whole-number answers ({name})"
    which = f": not {in_words(wrong)}" if len(claim.all_means) > 1 else ""
    return f"{claim.printed} cannot come from whole-number answers ({name}{which})"


def _words_p(claim, rule):
    found = _computed_p(claim, rule)
    text = f"{claim.printed}: the statistic gives p from {_three(found.low)} to {_three(found.high)}"
    other = consistency.decides_otherwise(consistency.p_reported(claim.p, rule), found)
    return f"{text}, which decides otherwise at .05" if other else text


def _words_ratio(claim, rule):
    low, high = (float(number(end)) for end in claim.interval)
    middle = f"{(low * high) ** 0.5:.{decimals(claim.ratio)}f}" if low * high > 0 else "nowhere"
    return f"{claim.printed}: the middle of the interval, by its logarithm, is {middle}"


def _words_move(claim, rule):
    exact = consistency.difference_span if claim.difference else consistency.change_span
    found = exact(claim.before, claim.after, rule)
    if found is None:
        return f"{claim.printed}: there is no percent change from zero"
    return f"{claim.printed}: the two give {_three(found.low)} to {_three(found.high)}"


_WORDS = {
    "share": _words_shares,
    "count": lambda claim, rule: (
        f"{claim.printed} is {'a possible count' if allows(claim, rule) else 'more than the base'}"
    ),
    "mean": _words_mean,
    "p": _words_p,
    "ratio": _words_ratio,
    "move": _words_move,
}


def _three(value):
    return f"{float(value):.3g}"


# ---- beside results


def contradicted(claim, found, rule):
    """Why the results do not bear a claim out, in words; empty where they do.

    Of a withheld result, what its mark tells is used and nothing else.
    """
    for position, result in enumerate(found):
        base = _base(claim, position)
        if claim.of == "respondents" and base is not None and result.get("base", base) != base:
            return "which is another base"
        if claim.weighted and result.get("weighted") is False:
            return "which counts each respondent once"
        if withheld(result):
            if _above(claim, position, result, rule):
                return f"but what is withheld is {result['withheld']}"
        elif result.get("value") is None:
            return f"no value was computed: {result.get('note')}"
        elif not _AGREES[claim.kind](claim, position, found, rule):
            return "which does not fit"
    told = claim.of == "responses" and len(found) > 1 and not any(map(withheld, found))
    if told and sum(counted(claim, result)[0] for result in found) != claim.base:
        return f"which do not add up to {claim.base} responses"
    return ""


def _base(claim, position):
    return claim.bases[position] if isinstance(claim.base, list) else claim.base


def _above(claim, position, result, rule):
    """Whether every count that a claim allows is above what a mark such as ``<5`` leaves."""
    mark, base = result["withheld"], claim.base or result.get("base")
    if not mark.startswith("<") or claim.weighted or claim.kind not in ("share", "count"):
        return False
    if claim.count is not None:
        return claim.count >= int(mark[1:])
    counts = shares_allowed(claim, position, base, rule) if base else ()
    return bool(counts) and counts[0] >= int(mark[1:])


def counted(claim, result):
    """Count and base of a result, as far as the claim needs them."""
    count, base = result.get("count"), result.get("base")
    if count is None and claim.kind == "count" and result.get("unit") == "count":
        count, base = result["value"], base if base == claim.base else None
    if count is None or (base is None and claim.base is not None):
        raise ValueError(
            f"claims.yml: claim '{claim.id}': key 'result': '{', '.join(claim.results)}' has no count "
            f"or no base to compare with {claim.printed}; record it with count= and base=."
        )
    return count, base


def _agrees_share(claim, position, found, rule):
    result = found[position]
    if claim.count is not None and counted(claim, result)[0] != claim.count:
        return False
    if claim.weighted:
        given = percent_span(claim.all_percents[position], rule, claim.to_nearest)
        return given.holds(_value(claim, result, ("percent",)))
    count, base = counted(claim, result)
    return count in shares_allowed(claim, position, claim.base or base, rule)


def _agrees_mean(claim, position, found, rule):
    value = _value(claim, found[position], ("sd",) if claim.sd and position else ("mean", "score"))
    printed = claim.sd if claim.sd and position else claim.all_means[position]
    return span(printed, rule).holds(value)


def _agrees_p(claim, _, found, rule):
    return consistency.p_reported(claim.p, rule).holds(_value(claim, found[0], ("p",)))


def _agrees_ratio(claim, _, found, rule):
    printed = (claim.ratio, *claim.interval)
    values = (_value(claim, found[0], ("coefficient",)), found[0].get("low"), found[0].get("high"))
    pairs = zip(printed, values, strict=True)
    return all(value is None or span(text, rule).holds(float(value)) for text, value in pairs)


def _agrees_move(claim, _, found, rule):
    values = [float(result["value"]) for result in found if not withheld(result)]
    if len(found) == 2:
        if len(values) < 2:
            return True
        ends = zip((claim.before, claim.after), values, strict=True)
        if not all(span(text, rule).holds(value) for text, value in ends):
            return False
        before, after = values
        values = [after - before if claim.difference else 100 * (after - before) / before]
    return span(claim.difference or claim.change, rule).holds(values[0])


_AGREES = {
    "share": _agrees_share,
    "count": lambda claim, k, found, _: counted(claim, found[k])[0] == claim.count,
    "mean": _agrees_mean,
    "p": _agrees_p,
    "ratio": _agrees_ratio,
    "move": _agrees_move,
}


def _value(claim, result, units):
    if result.get("unit") not in units:
        raise ValueError(
            f"claims.yml: claim '{claim.id}': key 'result': '{', '.join(claim.results)}' is in "
            f"{result.get('unit')}, not in {' or '.join(units)}; name a result of that unit."
        )
    return float(result["value"])


def computed(claim, found):
    """What the results say, as text; None where nothing is told."""
    told = [result for result in found if not withheld(result) and result.get("value") is not None]
    if not told:
        return None
    if claim.kind in ("share", "count") and not claim.weighted:
        counts, bases = zip(*(counted(claim, result) for result in told), strict=True)
        text = in_words(list(map(str, counts)))
        return f"{text} of {bases[0]}" if bases[0] is not None and len(set(bases)) == 1 else text
    return in_words([f"{result['value']:.6g}" for result in told])


# ---- what would have been noticed


def alternatives(claim):
    """Claims that differ in one figure: each other one that could be printed in the same form."""
    for key, texts in _ALTERNATIVES[claim.kind](claim):
        given = getattr(claim, key)
        for text in texts:
            if not isinstance(given, list):
                if text != given:
                    yield claim.model_copy(update={key: text})
                continue
            for k, old in enumerate(given):
                if text != old:
                    yield claim.model_copy(update={key: [*given[:k], text, *given[k + 1 :]]})


def _other_shares(claim):
    if claim.fraction:
        pairs = ((above, below) for below in range(2, 11) for above in range(1, below))
        shares = sorted({Fraction(*pair) for pair in pairs} - {prose.fraction(claim.fraction)})
        return [("fraction", [f"{share.numerator} in {share.denominator}" for share in shares])]
    if claim.percents:
        like = max((text for text in claim.percents if text[0].isdigit()), key=decimals, default="1")
        return [("percents", _printable(0, 100, like, claim.to_nearest))]
    percent = claim.percent
    if percent[0] in "<>":
        return [("percent", [percent[0] + text for text in _printable(0, 100, percent[1:])])]
    ends = percent.replace("\u2013", "-").replace(" to ", "-").split("-")
    if len(ends) == 2:
        gap = number(ends[1]) - number(ends[0])
        first, last = (_printable(low, low + 100 - gap, ends[0]) for low in (0, gap))
        return [("percent", ["-".join(pair) for pair in zip(first, last, strict=True)])]
    return [("percent", _printable(0, 100, percent, claim.to_nearest))]


def _other_counts(claim):
    return [("count", map(int, _printable(0, claim.base or 2 * claim.count + 1, "1")))]


def _other_means(claim):
    first = claim.all_means[0]
    low, high = claim.scale or (number(first) // 1, number(first) // 1 + 1)
    others = [("means" if claim.means else "mean", _printable(low, high, first))]
    if claim.sd:
        others.append(("sd", _printable(0, 2 * number(claim.sd) + 1, claim.sd)))
    return others


def _other_ps(claim):
    if claim.p[0] in "<>":
        usual, given = (".001", ".005", ".01", ".05", ".10", ".50"), number(claim.p[1:])
        return [("p", [claim.p[0] + text for text in usual if number(text) != given])]
    others, given = _printable(0, 1, claim.p), number(claim.p)
    return [("p", [text for text in others if number(text) != given])]


def _other_ratios(claim):
    low, high = map(number, claim.interval)
    return [("ratio", _printable(low, high, claim.ratio))]


def _other_moves(claim):
    key = "difference" if claim.difference else "change"
    return [(key, _printable(-100, 100, getattr(claim, key)))]


_ALTERNATIVES = {
    "share": _other_shares,
    "count": _other_counts,
    "mean": _other_means,
    "p": _other_ps,
    "ratio": _other_ratios,
    "move": _other_moves,
}


def _printable(low, high, like, step=1):
    """Numbers from low to high with the decimals of another; of very many, an even selection."""
    places = decimals(like)
    first, last = (int(end * 10**places) for end in (low, high))
    skip = max((last - first) // (MOST * step), 1)
    skip += {0: 3, 2: 1, 4: 3, 5: 2, 6: 1, 8: 1}.get(skip % 10, 0) if skip > 1 else 0
    return [f"{whole / 10**places:.{places}f}" for whole in range(first, last + 1, step * skip)]
