"""What the distinct values of a column are: points, options, numbers, people or free text."""

import re

from compendium.disclosure.identifying import RULES
from compendium.disclosure.masking import mask
from compendium.files import slug, unique
from compendium.importing.draft.profile import Decision
from compendium.importing.draft.scales import in_number_order, known_scale, plain
from compendium.importing.export import heading

INTEGER = re.compile(r"[+-]?[0-9]{1,15}")
NUMBER = re.compile(r"[+-]?[0-9]{1,15}([.,][0-9]{1,15})?")
CURRENCY = re.compile(r"[€$£¥]|\b(?:EUR|USD|GBP|CHF|euros?|pounds?|dollars?)\b", re.IGNORECASE)
GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?|[+-]?\d{1,3}(\.\d{3})+(,\d+)?", re.ASCII)
MOSTLY = 0.75  # of the answers are numbers where the others are slips of the pen
LEADING = re.compile(r"(\d{1,2})(?:\s*[^\d\s+][^\d+]*)?")  # 3, or 0 - Not at all likely
FEW = 5  # respondents; fewer than that are no sign of an option where others wrote texts
LONG = 60  # characters of a value that is hardly an option unless many chose it
MOST = 300  # different values that can be options
KEY = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9_-]{4,64}")
MASKED = {f"[{kind}]" for kind, *_ in RULES} - {"[name]"}
IP = re.compile(r"\d{1,3}(\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:]+:[0-9a-f:]*", re.IGNORECASE)


# ---- options or free text


def is_open(counts):
    """Whether values are words of the respondents' own: many, long or seldom repeated."""
    kinds, total = len(counts), sum(counts.values())
    length = sum(map(len, counts)) / max(kinds, 1)
    if kinds <= 2 and total >= 4 and length < 60:
        return False
    if length > 60:
        return kinds > max(2, 0.3 * total)
    if kinds > 60:
        return total < 20 * kinds or kinds > 300
    if total >= 10:
        return kinds > 0.5 * total
    return kinds == total and kinds > 3 and length > 15


def identifies(texts, counts, closed, known):
    """Why a column can identify a person."""
    asked = [text for text in texts if known.headings["person"].search(text)]
    # "Your e-mail" asks for one whatever is in it; "May we e-mail you?" only where answers are open.
    label = any(len(text.split()) < 5 and not text.endswith("?") for text in asked)
    decided = {plain(value) for value in counts} <= known.ticked | known.unticked
    if asked and (not closed or (label and not decided)):
        return "its heading asks for what identifies a person"
    total = sum(counts.values())
    if total >= 8 and len(counts) > 0.9 * total and all(map(KEY.fullmatch, counts)):
        return "its values are codes that tell respondents apart"
    values = list(counts)[:50]
    found = sum(bool(IP.fullmatch(value)) or mask(value)[0].strip() in MASKED for value in values)
    if values and found > 0.5 * len(values):
        return "its values are addresses, telephone numbers or postcodes"
    return ""


def holds_contact(value):
    """Whether a value holds an e-mail address or a telephone number, so that it is no option."""
    return bool({"e-mail", "telephone"} & mask(value)[1].keys())


def own_words(values, counts, once, known):
    """Values that are respondents' own words rather than options, where a platform mixes the two."""
    proven = listed(values, counts, known)
    own = [v for v in values if holds_contact(v)]
    rare = [v for v in values if counts.get(v, 0) < FEW and v not in proven and v not in own]
    long = [v for v in rare if len(v) > LONG]
    for more in (rare if once else long, [v for v in rare if v in once or v in long]):
        if len(values) - len(own) - len(more) > 1:
            return own + more
    return own


def listed(values, counts, known):
    """Values that stand in one known list with what most chose, or say *none of these* and the like."""
    most = plain(max(values, key=lambda value: counts.get(value, 0), default=""))
    plainly = known.exclusive | known.dont_know | known.other
    found = {value for value in values if plain(value) in plainly}
    for _, points in [*known.choices, *known.scales]:
        words = {plain(word) for point in points for word in point}
        if most in words:
            found |= {value for value in values if plain(value) in words}
    return found


def options_of(values, labels=None, taken=None):
    """Options for ``survey.yml``."""
    taken, found = set() if taken is None else taken, []
    for value in values:
        label = heading((labels or {}).get(value, value)) or value
        option = {"id": unique(slug(label) or f"o{len(found) + 1}", taken), "label": label}
        found.append(option if label == value else option | {"value": value})
    return found


# ---- points and their order


def levels(counts, labels):
    """The values of a column: those that the file labels, chosen or not, then the others."""
    return [*labels, *(value for value in counts if value not in labels)]


def split_dont_know(values, labels, known):
    """Values that are kept beside a scale, such as *don't know*, apart from the others."""
    if len(values) > MOST:
        return list(values), []
    dont_know = [value for value in values if plain(labels.get(value, value)) in known.dont_know]
    sure = [value for value in values if value not in dont_know]
    return (sure, dont_know) if sure else (list(values), [])


def in_order(values, labels, known):
    """Values in the order of a response scale."""
    texts = [labels.get(value, value) for value in values]
    if len(values) > MOST:
        return list(values), ""
    found = known_scale(texts, known)
    if found is not None:
        back = dict(zip(texts, values, strict=True))
        unused = {plain(text): code for code, text in labels.items()}
        # A code that the file labels and nobody chose; a label alone where there are no codes.
        points = [back.get(p) or unused.get(plain(p)) or (None if labels else p) for p in found[1]]
        return [point for point in points if point is not None], found[0]
    if labels and all(NUMBER.fullmatch(value) for value in values):
        ordered = sorted(values, key=float)
        if not all(value in labels for value in values):
            return _filled(ordered) or ordered, "numbers"
        return ordered, "bands" if in_number_order(texts) else ""
    if labels:
        return list(values), "bands" if in_number_order(texts) == texts else ""
    if all(INTEGER.fullmatch(value) for value in values):
        low, high = min(map(int, values)), max(map(int, values))
        if low >= 0 and high <= 10:
            return [str(n) for n in range(min(low, 1), high + 1)], "numbers"
    ordered = in_number_order(values)
    if ordered is not None:
        bare = sum(bool(INTEGER.fullmatch(value)) for value in values)
        filled = _filled(ordered) if bare and bare < len(values) else []
        return (filled, "ends") if filled else (ordered, "bands")
    return list(values), ""


def _filled(ordered):
    """The points of a numeric scale with the whole numbers between them that nobody chose.

    Empty where they are no whole numbers from 0 to 10; a point that has two numbers is a band.
    """
    found = [LEADING.fullmatch(value) for value in ordered]
    if not all(found):
        return []
    by_number = {int(match.group(1)): value for match, value in zip(found, ordered, strict=True)}
    if len(by_number) < len(ordered) or max(by_number) > 10:
        return []
    return [by_number.get(n, str(n)) for n in range(min(by_number), max(by_number) + 1)]


def explain_scale(scale, points, chosen):
    """Why values are taken for a scale, and what to decide about it."""
    added = [point for point in points if point not in chosen]
    numeric, found = scale in ("numbers", "ends"), []
    if scale == "numbers":
        question = f"What do the points {points[0]} to {points[-1]} mean, and are they all there?"
        found.append(Decision(question, "the export has numbers without labels"))
    if numeric and added:
        be, are, them = ("Are", "points", "any") if len(added) > 1 else ("Is", "a point", "it")
        question = f"{be} {', '.join(added)} {are} of this scale? Nobody chose {them}."
        found.append(Decision(question, "what is missing between numbers that were chosen was added"))
    if numeric:
        some = ", some with a label" if scale == "ends" else ""
        return f"its values are a few whole numbers{some}", found
    if scale == "told":
        return "the file says that its codes are in order", []
    if scale == "bands":
        return "its values are bands, put in the order of their numbers", []
    return f"its values are points of the known scale '{scale}'", []


def known_id(order):
    """The id of a known scale, where that is how `in_order` recognised an order; else nothing."""
    return "" if order in ("numbers", "ends", "bands", "told") else order


def points_of(points, dont_know, labels):
    """Points of a scale and what is kept beside them, with ids of their own."""
    taken = set()
    found = {"points": options_of(points, labels, taken)}
    return found | ({"dont_know": options_of(dont_know, labels, taken)} if dont_know else {})


# ---- numbers


def numbers(counts):
    """How the numbers of a column are written, where it holds nothing else."""
    values = list(counts)
    if not all(NUMBER.fullmatch(v) or GROUPED.fullmatch(v) for v in values):
        return None
    if any(re.match(r"[+-]?0\d", value) for value in values):
        return None
    grouped = [value for value in values if GROUPED.fullmatch(value)]
    commas = [value for value in values if "," in value]
    if all(NUMBER.fullmatch(value) for value in values) and not (
        commas and set(commas) <= set(grouped)
    ):
        if commas and any("." in value for value in values):
            return None
        return {"decimal": "," if commas else ".", "thousands": ""}
    decimal = "," if any(re.search(r"\.\d{3}(\D|$)", value) for value in grouped) else "."
    return {"decimal": decimal, "thousands": "." if decimal == "," else ","}


def is_number(value):
    """Whether a value is a number, with a currency sign or not; a code with zeros in front is none."""
    bare = CURRENCY.sub("", value).strip()
    return bool(NUMBER.fullmatch(bare) or GROUPED.fullmatch(bare)) and not re.match(r"[+-]?0\d", bare)


def nearly_numbers(counts):
    """Values that are no numbers, in a column where most are; it cannot be read as numbers."""
    numeric = [value for value in counts if is_number(value)]
    enough = sum(counts[value] for value in numeric) >= MOSTLY * sum(counts.values())
    plainly = [value for value in numeric if not CURRENCY.search(value)]
    digits = numbers(dict.fromkeys(plainly, 1)) if plainly else None
    if digits:
        return [value for value in counts if value not in plainly] if enough else [], digits
    commas = sum(counts[value] for value in plainly if "," in value)
    points = sum(counts[value] for value in plainly if "." in value)
    decimal = "," if commas > points else "."
    other = "." if decimal == "," else ","
    odd = [value for value in counts if value not in plainly or other in value]
    return odd if enough else [], {"decimal": decimal, "thousands": ""}
