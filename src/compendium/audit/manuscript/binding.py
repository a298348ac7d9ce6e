"""Each number of a manuscript bound to what computed it, or left unbound."""

import math
import re
from fractions import Fraction
from typing import NamedTuple

from compendium.audit.consistency import DEGREES, p_reported, p_span
from compendium.audit.manuscript.catalogue import STATISTICS, stems
from compendium.audit.manuscript.mentions import NUMBER, exact, mentions, tidy
from compendium.audit.prose import WHO
from compendium.audit.rounding import decimals, every_convention

# What a status says, for a reader.
STATUSES = {
    "agrees": "The text and the number are those of this result, as rounded.",
    "wrong": "The text is about this result, and the number is another.",
    "impossible": "No count of respondents gives this number.",
    "cited": "A number of a citation, or one that another study published.",
    "setting": "A choice of the method, such as the level of an interval, or the number of a figure.",
    "unbound": "Nothing that was computed or published fits text and number.",
}
# What part of the words for a result must stand near a number: where they point to it better than to
# any other, where the number is exact, else; and where a number that differs is called wrong.
LEAST, FEW, ENOUGH, CLEAR = 0.07, 0.12, 0.25, 0.45
# How near they must stand, beside the words for the nearest result: its sibling, or another altogether.
CLOSE, LOOSE = 0.74, 0.45
_CLAUSE = re.compile(r"[;:,]\s|\s(?:while|whereas|but)\s")
_SETTING = re.compile(
    r"(?:figures?|fig\.|tables?|sections?|notebooks?|chapters?|appendix|pages?|exercises?|steps?|versions?"
    r"|python|seed|wave|cc by|appendices|equation|question)\s?$",
    re.IGNORECASE,
)
_LISTED = re.compile(r"\s?(?:,|,?\s?and|–|to|&)\s?")  # Figures 2, 4 and 5, or 2, 4 to 7
_LISTABLE = ({"number"}, {"low", "high"})
_LEVEL_AFTER = re.compile(r"\s(?:confidence|intervals?|CIs?|level)\b", re.IGNORECASE)
_LEVEL_BEFORE = re.compile(
    r"(?:level(?:\sof)?|significan\w+(?:\sat)?|threshold(?:\sof)?|below|under|α\s?=|alpha\s?=)\s?$",
    re.IGNORECASE,
)
_ADJUSTED = re.compile(r"\s(?:after|before|level|following)\b", re.IGNORECASE)
_YEAR = re.compile(r"(?:1[6-9]|20)\d\d")
_WHOLE = re.compile(
    r"combined|together|altogether|at least|or more|other than|(?:the )?rest(?: of)?|remaining|all but"
    r"|points?\b"  # sums and differences, which no result is
)


_PEOPLE = re.compile(rf"\s(?:\w+\s)?{WHO}\b", re.IGNORECASE)


class Bound(NamedTuple):
    """A number of the manuscript and what became of it.

    Attributes
    ----------
    at : int
        Number of its block in the manuscript, from 0.
    start, end : int
        Where it stands there.
    printed : str
    status : str
        One of `STATUSES`.
    id : str or None
        The result, claim or published figure that it is bound to.
    why : str
    """

    at: int
    start: int
    end: int
    printed: str
    status: str
    id: str | None
    why: str
    fields: dict


def bind(blocks, entries, telling, labels=()):
    """Every number of a manuscript, bound.

    Parameters
    ----------
    blocks : sequence of reading.Block
    entries : list of Entry
        As from `catalogue.catalogue`.
    telling : dict of str to float
        As from `catalogue.weights`.
    labels : sequence of str
        Names of options and groups, whose numbers say nothing: *Micro (1–9)*.

    Returns
    -------
    list of Bound
        In the order of the text.
    """
    found, blocks = [], [block._replace(text=_unnumbered(block.text, labels)) for block in blocks]
    measured = [_measured(entry, telling) for entry in entries if entry.words]
    for at, block in enumerate(blocks):
        before = _around(blocks, at)
        read = mentions(block.text)
        for k, one in enumerate(read):
            text = block.text[one.start : one.end]
            known = _known(block, one)
            if not known and k and found[-1].status == "setting" and set(one.fields) in _LISTABLE:
                listed = _LISTED.fullmatch(block.text[read[k - 1].end : one.start])
                known = "setting" if listed and set(read[k - 1].fields) in _LISTABLE else None
            if known:
                found.append(Bound(at, one.start, one.end, text, known, None, "", one.fields))
                continue
            context = _context(block, read, k, before)
            decided = _decided(one, context, measured, telling, block)
            found.append(Bound(at, one.start, one.end, text, *decided, one.fields))
    return found


def _unnumbered(text, labels):
    """The text, letter for letter as long, with the digits of labels hidden."""
    for label in labels:
        text = text.replace(label, re.sub(r"\d", "_", label))
    return text


def _around(blocks, at):
    """Words of the headings and blocks that a block stands under and after, with their weights."""
    block, found = blocks[at], {}
    for text, weight in [(block.under, 0.6), (block.heads, 0.9)]:
        for stem in stems(text):
            found[stem] = max(found.get(stem, 0), weight)
    earlier = blocks[max(0, at - (9 if block.place.startswith("page") else 1)) : at]
    text = " ".join(one.text for one in earlier if not block.cell and one.under == block.under)
    weight = (
        0.3 if len(stems(block.text)) > 3 else 0.8
    )  # a line of a table goes with the lines before it
    for stem in stems(text[-700:]):
        found[stem] = max(found.get(stem, 0), weight)
    return found


def _context(block, read, k, before):
    """How near each word stands to a mention: 1 beside it, less in the sentence, little before it."""
    text, one = block.text, read[k]
    left = read[k - 1].end if k else 0
    right = read[k + 1].start if k + 1 < len(read) else len(text)
    first, last = sentence(text, one)
    near = dict(before)

    def add(stretch, weight):
        for stem in stems(stretch):
            near[stem] = max(near.get(stem, 0), weight)

    add(text[max(0, first - 500) : first], 0.4)
    if text.startswith("Figure"):  # its title says what was found, what follows of what
        add(text[last : last + 200], 0.4)
    add(text[first:last], 0.6)
    inside = text[: one.start].rstrip().endswith("(")
    gap, after = text[max(left, first) : one.start], text[one.end : min(right, last)]
    # "70% for this, 29% for that": what stands before the comma was of the number before.
    parted = k and re.search(r"[,;]\s(?:and\s)?$", gap) and re.match(r"\s(?:for|of|in|among)\b", after)
    add(gap, 1.0 if inside else 0.6 if parted else 0.9)
    parted = _CLAUSE.search(after)
    after = after[: parted.start()] if parted else after
    # "18% of micro employers": what follows is meant; after "(18%)" what stood before it was.
    add(after, 0.6 if inside else 1.0)
    return near


def sentence(text, one):
    """Where the sentence of a mention begins and ends."""
    ends = [found.end() for found in re.finditer(r"(?<![A-Z])[.!?]\s+(?=[A-Z0-9“\"(])|\n", text)]
    first = max([end for end in ends if end <= one.start], default=0)
    last = min([end for end in ends if end >= one.end], default=len(text))
    return first, last


def _known(block, one):
    """The status of a number that is none of a study's: a citation's, a setting's; or None."""
    text = tidy(block.text)
    before, after = text[: one.start], text[one.end :]
    if block.cited:
        return "cited"
    number = one.fields.get("number")
    if number and _YEAR.fullmatch(number):
        return "cited"
    if _SETTING.search(before) or (_LEVEL_AFTER.match(after) and "percent" in one.fields):
        return "setting"
    single = one.fields.get("p") or number
    level = single in ("0.05", ".05", "0.01", ".01")
    if level and (_LEVEL_BEFORE.search(before) or _ADJUSTED.match(after)):
        return "setting"
    if number and re.fullmatch(r"\s*", before) and re.match(r"\s?[.)·]\s", after):
        return "setting"  # of a list
    return None


def _decided(one, context, measured, telling, block):
    """Status, id and reason of a mention."""
    text = block.text
    impossible = _impossible(one)
    if impossible:
        return "impossible", None, impossible
    people, precise = _PEOPLE.match(tidy(text[one.end :])), _precise(one)
    scored = [
        (*_near(row, context), row[0]) for row in measured
        if _sort(one, row[0], people)
        and (not row[0].group or precise or any(context.get(stem, 0) >= 0.3 for stem in row[0].group))
    ]  # fmt: skip
    if not scored:
        return "unbound", None, ""
    fits = [row for row in scored if _agrees(one, row[2])]
    fit, enough, entry = max(fits, key=lambda row: row[:2]) if fits else (0, 0, None)
    # A number beside the results, such as how many codes there are, may be meant; it accuses nobody.
    accusing = [row for row in scored if row[2].source == "result"]
    best, clear, meant = max([*accusing, *fits], key=lambda row: row[:2], default=(0, 0, None))
    if "number" in one.fields and "." not in one.fields["number"]:
        clear -= CLEAR / 2  # a bare count is easily that of something else
    if set(one.fields) == {"low", "high"} and "." not in "".join(one.printed):
        clear = 0  # points of a scale or ages as easily as an interval
    needed = CLOSE if (entry and entry.key == meant.key) or not precise else LOOSE
    if entry and entry.key == meant.key and _swapped(entry, meant, context, telling, block.cell):
        needed = 1
    published = entry and entry.source != "result" and {"percent", "base"} <= set(one.fields)
    bare = len(stems(text)) <= 3 and len(set(one.fields) & set(_TOLD)) > 1
    beside = next((row[2] for row in fits if row[2].source == "fact" and row[1] >= 0.6), None)
    exact_enough = precise or "." in one.fields.get("number", "")
    least = LEAST if entry is meant else FEW if exact_enough else ENOUGH
    if beside and not (enough >= ENOUGH and fit >= needed * best):
        return "agrees", beside.id, beside.said
    if published or (bare and entry) or (enough >= least and fit >= needed * best):
        return ("cited" if entry.source in ("claim", "published") else "agrees"), entry.id, entry.said
    if clear >= CLEAR and not (fits and _WHOLE.search(text)):
        other = f"; that number is of {entry.id}" if enough >= ENOUGH else ""
        return "wrong", meant.id, f"computed: {meant.said}{other}"
    return "unbound", None, ""


def _swapped(entry, meant, context, telling, cell):
    """Whether the words that set two siblings apart speak for the one whose number it is not."""

    def apart(one, other, none):
        own = {word: share for word, share in one.words.items() if word not in other.words}
        whole = sum(telling[word] * share for word, share in own.items())
        near = sum(telling[word] * share * context.get(word, 0) for word, share in own.items())
        return near / whole if whole else none

    own, others = apart(entry, meant, 1), apart(meant, entry, 0)
    return others >= 0.5 and own <= (0.8 if cell else 0.55) * others


_TOLD = ("percent", "count", "base", "low", "high", "p", "value")


def _precise(one):
    """Whether the numbers are so many or so exact that another result hardly has them by chance."""
    held = [text for name, text in one.fields.items() if name in _TOLD]
    return sum(len(text.strip("-0").replace(".", "").replace(",", "")) for text in held) >= 4


def _measured(entry, telling):
    """An entry, how much each of its words tells, and their sum and length."""
    told = [(word, telling[word] * share) for word, share in entry.words.items()]
    length = math.sqrt(sum(telling[word] * share**2 for word, share in entry.words.items()))
    return entry, told, sum(weight for _, weight in told), length


def _near(measured, context):
    """How near the words for an entry stand (a cosine but for the context's length), and how many."""
    _, told, whole, length = measured
    here = sum(weight * context[word] for word, weight in told if word in context)
    return here / length, here / whole


def _sort(one, entry, people):
    """Whether an entry is of the sort that is printed: shares for a percent, a p for a p."""
    fields = one.fields
    if "statistic" in fields:
        wanted = STATISTICS.get(fields["statistic"])
        return wanted is not None and wanted in entry.names and "value" in entry.fields
    if "p" in fields:
        return "p" in entry.fields
    if "percent" in fields:
        return "percent" in entry.fields
    if "count" in fields:
        return "count" in entry.fields and "base" in entry.fields
    if "base" in fields:
        return "base" in entry.fields
    if "number" in fields:
        if "." in fields["number"]:
            return "value" in entry.fields or "p" in entry.fields
        return "number" in entry.fields or bool(
            people and "base" in entry.fields and "count" not in entry.fields
        )
    return "low" in entry.fields


def _agrees(one, entry):
    """Whether each number printed is the entry's, as rounded."""
    for name, printed in one.fields.items():
        if name in ("sign", "statistic", "df"):
            continue
        if name == "number":
            kinds = ("value", "p") if "." in printed else ("number", "base")
            held = [entry.fields[key] for key in kinds if key in entry.fields]
            if not any(_rounds(printed, value) for value in held):
                return False
        elif name == "p":
            if not _p_holds(one.fields["sign"], printed, entry.fields.get("p")):
                return False
        elif name not in entry.fields or not _rounds(printed, entry.fields[name]):
            return False
    return True


def _rounds(printed, value):
    """Whether a value can be printed so, whichever way halves are rounded."""
    if abs(float(printed.replace(",", "")) - value) > 1:
        return False  # as nearly all are: no step is wider, and fractions take long
    step = Fraction(1, 10 ** decimals(printed.replace(",", "").lstrip("-")))
    return abs(exact(printed) - Fraction(value).limit_denominator(10**12)) <= step / 2


def _p_holds(sign, printed, value):
    if value is None:
        return False
    if sign == "=":
        return _rounds(printed, value)
    return value < exact(printed) if sign in "<≤" else value > exact(printed)


def _impossible(one):
    """Why the numbers of a mention cannot stand together, or nothing."""
    fields = one.fields
    if {"count", "base"} <= set(fields) and exact(fields["count"]) > exact(fields["base"]):
        return f"{fields['count']} is more than {fields['base']}."
    if {"low", "high"} <= set(fields):
        value = fields.get("percent") or fields.get("value")
        low, high = exact(fields["low"]), exact(fields["high"])
        if (low > high and value) or (value and not low <= exact(value) <= high):
            return "The interval does not hold the number."
    if {"statistic", "p"} <= set(fields):
        return _other_p(fields)
    if "percent" in fields and "count" in fields and "base" in fields:
        share = 100 * exact(fields["count"]) / (exact(fields["base"]) or 1)
        if not _rounds(fields["percent"], share):
            return f"{fields['count']} of {fields['base']} is {float(share):.1f}%."
    elif "percent" in fields and "base" in fields and exact(fields["base"]).denominator == 1:
        percent, base = fields["percent"], int(exact(fields["base"]))
        share = base and not percent.startswith("-") and exact(percent) <= 100
        if share and not any(every_convention(percent.replace(",", ""), base).values()):
            return f"No count of {base} gives {percent}%."
    return ""


def _other_p(fields):
    """What p the statistic gives, where it is larger than the printed one; adjusted p may be larger."""
    test, given = fields["statistic"], re.sub(r"[nN]\s?=.*", "", fields.get("df", ""))
    degrees = re.findall(NUMBER, given)
    if test not in DEGREES or len(degrees) != DEGREES[test]:
        return ""
    computed = p_span(test, fields["value"], tuple(float(value) for value in degrees))
    sign = "" if fields["sign"] == "=" else fields["sign"].replace("≤", "<").replace("≥", ">")
    if sign == ">" or not re.fullmatch(r"0?\.\d+|1(?:\.0+)?", fields["p"]):
        return ""
    printed = p_reported(f"{sign}{fields['p']}")
    if printed.meets(computed) or printed.low > computed.high:
        return ""
    return f"The statistic gives p = {float(computed.low):.3f} or more."
