"""What the distinct values of a column are: points, options, numbers, people or free text."""

import re

from compendium.disclosure.identifying import RULES
from compendium.disclosure.masking import mask
from compendium.importing.draft.decisions import Decision
from compendium.importing.draft.scales import (
    FEWEST_POINTS,
    falls,
    in_number_order,
    known_scale,
    off_scale,
    places_of,
    plain,
)
from compendium.importing.export import FOREIGN, heading
from compendium.names import slug, unique

INTEGER = re.compile(r"[+-]?[0-9]{1,15}")
NUMBER = re.compile(r"[+-]?[0-9]{1,15}([.,][0-9]{1,15})?([eE][+-][0-9]{1,3})?")
CURRENCY = re.compile(r"[€$£¥]|\b(?:EUR|USD|GBP|CHF|euros?|pounds?|dollars?)\b", re.IGNORECASE)
# Thousands, also as in India: 1,250.5, 1.250,5 or 12,50,000; nobody writes 0,953 for 953.
GROUPED = re.compile(
    r"[+-]?[1-9]\d{0,2}(,\d{2,3})*,\d{3}(\.\d+)?|[+-]?[1-9]\d{0,2}(\.\d{3})+(,\d+)?", re.ASCII
)
MOSTLY = 0.75  # of the answers are numbers where the others are slips of the pen
LEADING = re.compile(r"(\d{1,2})(?:\s*[^\d\s+][^\d+]*)?")  # 3, or 0 - Not at all likely
# A number before a label, and what is said of it behind.
AROUND = re.compile(r"^\(?Q?\d{1,3}[.):]\s+|\s*[:*]+$|\s*\([^()]*\)\s*[:*]*$", re.IGNORECASE)
# Words of a label beside what identifies a person, such as in "Your e-mail address".
ASIDE = {
    *("your", "my", "the", "please", "enter", "home", "work", "mobile", "address", "number", "no", "id")
}
FEW = 5  # respondents; fewer than that are no sign of an option where others wrote texts
LONG, WORDY = 40, 5  # characters, words of a value that is hardly an option unless many chose it
# Words of one's own behind the option Other, in one cell with it.
BEHIND_OTHER = re.compile(rf"^(other|{FOREIGN})\b[^:\-–—]{{0,30}}[:\-–—]\s*\w", re.IGNORECASE)
BAND = 4  # words of a band
MOST_BANDS = 25
MOST = 300  # different values that can be options
KEY = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9_-]{4,64}")
MASKED = {f"[{kind}]" for kind, *_ in RULES} - {"[name]"}
# A date with a time of day, a pair of coordinates, what a browser says of itself.
MOMENT = re.compile(
    r"(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|[^\W\d]{3,9}\.? \d{1,2},? \d{4})"
    r",?[ T]+(at |um |à )?\d{1,2}[:.h]\d\d([:.]\d\d([.,]\d+)?)?\s*([ap]\.?m\.?)?"
    r"\s*(Z|UTC|GMT|CET|[A-Z]{2,4}|[+-]\d\d:?\d\d)?"
    r"( [+-]\d+)?",
    re.IGNORECASE,
)
PLACE = re.compile(
    r"[(\[]?-?\d{1,3}\.\d{3,}°?\s*[NS]?\s*[,; ]\s*"
    r"-?\d{1,3}\.\d{3,}°?\s*[EW]?( [\d.-]+)*[)\]]?"
    r"|-?\d{1,3}\.\d+ -?\d{1,3}\.\d+ -?\d[\d.]* \d[\d.]*"  # ODK: height and accuracy behind
)
BROWSER = re.compile(r"(Mozilla|Opera|Dalvik)/\d.*|([0-9a-f]{2}[:-]){5}[0-9a-f]{2}", re.IGNORECASE)
# A number with its unit, before or behind.
MONEY = r"[A-Z]{0,3}[$€£¥₹₽₩₺₪฿₫₦]|EUR|USD|GBP|CHF|kr\.?|Rs\.?|%"
UNIT = re.compile(
    rf"(?P<before>{MONEY})?\s*(?P<number>[+-]?\d(?:[\d.,'’\s]*\d)?)\s*"
    rf"(?P<after>{MONEY}|[^\W\d][^\d,;+<>–-]{{0,15}}|°[CF]?)?",
    re.IGNORECASE,
)
SPACES = " \u00a0\u202f\u2009'’"  # between thousands
SPACED = re.compile(rf"[+-]?\d{{1,3}}([{SPACES}]\d{{3}})+([.,]\d+)?")
MOST_NUMBERED = 13  # points of a scale with numbers in front; of more, they are numbers with words
PERCENT = {
    *("%", "percent", "per cent", "prozent", "pourcent", "pour cent", "por ciento", "pct", "percentage")
}
# Some sign of an e-mail address or a telephone number, and of what else identifies.
CALLED = re.compile(
    r"@|(?:\d\D{0,3}){5}|\b(?:at|dot|punkt|point|arroba)\b|\W(?:at|ät|dot)\W", re.IGNORECASE
)
SOME = re.compile(r"[@/]|\b(?:at|dot|punkt)\b|\w\.\w|\d{4}|(?:\d\D{0,3}){5}|\d.*[A-Za-z]|[A-Za-z].*\d")
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
    bare = [AROUND.sub("", text).replace("_", " ").strip() for text in texts]
    texts = dict.fromkeys([*texts, *bare])
    asked = [(text, m) for text in texts if (m := known.headings["person"].search(text))]
    # "Your e-mail" asks for one whatever is in it; "May we e-mail you?" only where answers are open.
    rests = [text[: match.start()] + text[match.end() :] for text, match in asked]
    label = any("?" not in rest and {*re.findall(r"\w+", rest.casefold())} <= ASIDE for rest in rests)
    decided = known.ticked | known.unticked
    if asked and (not closed or (label and not decided.issuperset(map(plain, counts)))):
        return "its heading asks for what identifies a person"
    if not closed and any(map(known.headings["organisation"].search, texts)):
        return "its heading asks for the name of an organisation"
    total = sum(counts.values())
    if total >= 8 and len(counts) > 0.9 * total and all(map(KEY.fullmatch, counts)):
        return "its values are codes that tell respondents apart"
    values = list(counts)[:50]
    for pattern, what in (
        (MOMENT, "dates with the time of day"), (PLACE, "coordinates"), (BROWSER, "devices")
    ):  # fmt: skip
        if values and sum(bool(pattern.fullmatch(value)) for value in values) > 0.8 * len(values):
            return f"its values are {what}"
    # Of a column full of such values, some are among the first.
    if _many_reach(values[:5], 0.3) and _many_reach(values, 0.5):
        return "its values are addresses, telephone numbers or postcodes"
    return ""


def _many_reach(values, share):
    """Whether more than a share of values are as `_reaches` says, looking no further than needed."""
    others = (1 - share) * len(values)
    for value in values:
        others -= not _reaches(value)
        if others <= 0:
            return False
    return bool(values)


def _reaches(value):
    """Whether a value is an address, a telephone number or a postcode, and nothing else."""
    if IP.fullmatch(value):
        return True
    return bool(SOME.search(value)) and mask(value)[0].strip() in MASKED


def holds_contact(value):
    """Whether a value holds an e-mail address or a telephone number, so that it is no option."""
    return bool(CALLED.search(value)) and bool({"e-mail", "telephone"} & mask(value)[1].keys())


def own_words(values, counts, once, known):
    """Values that are respondents' own words rather than options, where a platform mixes the two."""
    proven = listed(values, counts, known)
    own = [v for v in values if holds_contact(v)]
    rare = [v for v in values if counts.get(v, 0) < FEW and v not in proven and v not in own]
    own += [v for v in rare if BEHIND_OTHER.search(v)]
    rare = [v for v in rare if v not in own]
    if any(map(is_wordy, rare)):  # a sign that they wrote, and did not choose
        return own + rare
    for more in (rare, [v for v in rare if v in once]):
        if once and len(values) - len(own) - len(more) > 1:
            return own + more
    return own


def is_wordy(value):
    """Whether a value reads like somebody's words; an option reads so only where many chose it."""
    return len(value) > LONG or len(value.split()) > WORDY


def only_few(counts, known):
    """Whether values, all or all but one, are of a few respondents each and in no known list."""
    rare = {value for value, count in counts.items() if count < FEW}
    rare -= listed(list(counts), counts, known)
    return bool(rare) and len(counts) - len(rare) < (2 if len(rare) > 1 else 1)


def listed(values, counts, known):
    """Values that stand in one known list with what most chose, or say *none of these* and the like."""
    most = plain(max(values, key=lambda value: counts.get(value, 0), default=""))
    plainly = known.exclusive | known.dont_know | known.other
    found = {value for value in values if plain(value) in plainly}
    for places in (places_of(known.choices), places_of(known.scales)):
        for _, _, words in places:
            if most in words:
                found |= {value for value in values if plain(value) in words}
    return found


def options_of(values, labels=None, taken=None):
    """Options for ``survey.yml``, their ids added to those that are taken."""
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


def split_dont_know(values, labels, known, counts=()):
    """Values that are kept beside a scale, such as *don't know*, apart from the others.

    Of those in no list, one beside a whole known scale is, unless a few respondents alone wrote it.
    """
    if len(values) > MOST:
        return list(values), []
    dont_know = [value for value in values if plain(labels.get(value, value)) in known.dont_know]
    sure = [value for value in values if value not in dont_know]
    beside = off_scale([labels.get(value, value) for value in sure], known) if counts else ""
    off = [v for v in sure if labels.get(v, v) == beside and (labels or counts[v] >= FEW)]
    if all(map(INTEGER.fullmatch, labels)) and "0" not in labels:  # codes below 1, 2, 3 are no points
        off += [v for v in sure if v.startswith("-") and v in labels and v not in off]
    sure, dont_know = [value for value in sure if value not in off], dont_know + off
    return (sure, dont_know) if sure else (list(values), [])


def in_order(values, labels, known):
    """Values in the order of a response scale."""
    if len(values) > MOST:
        return list(values), ""
    texts = [labels.get(value, value) for value in values]
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
    numbered = len(values) > MOST_NUMBERED and all(map(UNIT.fullmatch, values))  # with a word
    if numbered or len(values) > MOST_BANDS:
        return list(values), ""
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


def explain_scale(scale, points, chosen, known, listed=()):
    """Why values are taken for a scale, and what to decide; `listed` are the file's own levels."""
    added = [point for point in points if point not in chosen and point not in listed]
    numeric, found = scale in ("numbers", "ends"), []
    edit = "take a point that was not asked for out of 'points', or put one in"
    if scale == "numbers":
        question = (
            f"What do the points {points[0]} to {points[-1]} of {{items}} mean, and are they all there?"
        )
        found.append(
            Decision(
                question, "the export has numbers without labels", kind="points",
                edit="write the meaning as 'label' beside each 'value' in 'points'",
            )
        )  # fmt: skip
    if added and scale != "bands":
        be, are, them = ("Are", "points", "any") if len(added) > 1 else ("Is", "a point", "it")
        question = f"{be} {', '.join(added)} {are} of this scale? Nobody chose {them}."
        why = f"they belong to the scale '{scale}', which fits the answers best"
        if numeric:
            why = "what is missing between numbers that were chosen was added"
        found.append(Decision(question, why, kind="points", edit=edit, rows=sum(chosen.values())))
    if scale in ("bands", "ends") and falls(points, known):
        question = f"Do the points of {{items}} rise in this order: {', '.join(points)}?"
        why = "they stand in the order of their numbers, but their words fall"
        edit = "if not, put 'points' in order, lowest first"
        found.append(Decision(question, why, kind="order", edit=edit, rows=sum(chosen.values())))
    if not added and {*map(plain, points)} <= known.translated:
        question = f"Do the points of {{items}} rise in this order: {', '.join(points)}?"
        why = f"they are taken for the scale '{scale}' in a language other than English"
        edit = "if not, put 'points' in order, lowest first"
        found.append(Decision(question, why, kind="order", edit=edit, rows=sum(chosen.values())))
    if numeric:
        some = ", some with a label" if scale == "ends" else ""
        return f"its values are a few whole numbers{some}", found
    if scale == "told":
        return "the file says that its codes are in order", []
    if scale == "bands":
        return "its values are bands, put in the order of their numbers", found
    return f"its values are points of the known scale '{scale}'", found


def points_of(points, dont_know, labels):
    """Points of a scale and what is kept beside them, with ids of their own."""
    taken = set()
    found = {"points": options_of(points, labels, taken)}
    return found | ({"dont_know": options_of(dont_know, labels, taken)} if dont_know else {})


# ---- numbers


def numbers(counts):
    """How the numbers of a column are written, where it holds nothing else."""
    values = list(counts)
    forms = (NUMBER, GROUPED, SPACED)
    if not all(any(form.fullmatch(value) for form in forms) for value in values):
        return None
    signs = sorted(set("".join(values)) & set(SPACES))
    if signs:
        bare = numbers({value.translate(dict.fromkeys(map(ord, signs))): 1 for value in values})
        return bare and bare | {"strip": signs}
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
    numeric, left = [], (1 - MOSTLY) * sum(counts.values())  # answers that may be no numbers
    for value, count in counts.items():
        if is_number(value):
            numeric.append(value)
        else:
            left -= count
            if left < 0:
                return [], {}
    plainly = [value for value in numeric if not CURRENCY.search(value)]
    digits = numbers(dict.fromkeys(plainly, 1)) if plainly else None
    if digits:
        return [value for value in counts if value not in plainly], digits
    commas = sum(counts[value] for value in plainly if "," in value)
    points = sum(counts[value] for value in plainly if "." in value)
    decimal = "," if commas > points else "."
    other = "." if decimal == "," else ","
    odd = [value for value in counts if value not in plainly or other in value]
    return odd, {"decimal": decimal, "thousands": ""}


def unit_of(counts):
    """The unit that stands beside every number of a column, and the numbers without it.

    Returns
    -------
    tuple or None
        What to take away, the unit in words, and how often each bare number occurs.
    """
    found = []
    for value in counts:
        found.append(UNIT.fullmatch(value))
        if found[-1] is None:
            return None
    beside = [((m["before"] or "") + (m["after"] or "")).strip() for m in found]
    units = {unit.casefold().rstrip(".") for unit in beside if unit}
    percent, short = units <= PERCENT, min(units, key=len, default="")
    one = len(units) == 1 or all(u.startswith(short) and len(u) <= len(short) + 2 for u in units)
    if not short or "" in beside or not (percent or one):  # hours, and an hour
        return None
    if len(counts) <= FEWEST_POINTS and len(counts) <= 0.5 * sum(counts.values()):
        return None
    bare = dict.fromkeys((m["number"] for m in found), 0)
    for match, count in zip(found, counts.values(), strict=True):
        bare[match["number"]] += count
    strip = sorted({unit for unit in beside if unit}, key=len, reverse=True)
    return strip, "percent" if percent else max(beside, key=len), bare
