"""Known wordings of response scales, and what they say about the values of a column.

``data/response_scales.yml`` lists the scales; here they are compared with what stands in an export.
"""

import itertools
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from compendium.models import read_yaml

# Words of a question that name its subject poorly; left out of the ids made from questions.
SMALL_WORDS = (
    "a about all an and any apply are as at be been by can could describe describes did do does for "
    "from had has have how i if in is it its main mainly many me most much my of on or our own please "
    "select tell that the their these they this tick to us use was we were what when where which who "
    "why will with would you your der die das den dem ein eine und oder in im ist sind wie was welche "
    "welcher sie ihr ihre le la les un une des du de et ou est vous votre vos quel quelle quels el los "
    "las una y o es su que cual"
)
SMALL = frozenset(SMALL_WORDS.split())
HEADINGS = (
    "person", "organisation", "weight", "several", "counted", "background", "consent", "contact",
    "agreeing", "refusing", "open",
)  # fmt: skip
LONGEST_SCALE = 7  # points; of a longer one, such as a list of frequencies, few stand in any survey
NO_ANSWER = 30  # characters; longer than all known words for no answer, also in brackets
SPELLED = 300  # different values of a column whose spellings are compared
NUMBERED = re.compile(r"^\W*\d+\s*[-–—.:=)]*\s*")
ONE = re.compile(r"\D{0,3}\d[\d.,]*\s?[^\W\d]{1,10}")
SIGNS = re.compile(r"[-–—_./\\*?#]+|NULL|\\N")
BRACKETS = " []<>(){}"
QUOTES = str.maketrans("“”„«»’‘", '"' * 5 + "'" * 2)
CODE = re.compile(r"-?\d{1,7}([.,]0+)?")
# What questionnaires write for no answer: below all numbers that can be answers, or far above.
NEGATIVE = re.compile(r"-([789]|66|77|88|9[5-9]|666|777|888|99[5-9]|999[5-9]|99999)([.,]0+)?")
FAR = re.compile(r"(77|88|9[5-9]|777|888|99[5-9]|7777|8888|999[5-9]|99999|999999|9999999)([.,]0+)?")
GAP = 10  # between the largest answer and such a code
BESIDE = {"8", "9"}  # codes of no answer beside points from 0 or 1 to 5
NUMERIC = 0.75  # of the values are numbers where a code of them can stand for no answer


@dataclass(frozen=True)
class Wordings:
    """What `read_wordings` found; every wording as `plain` makes it.

    Attributes
    ----------
    scales, choices : tuple
        ``(id, points)`` with a tuple of wordings as written for each point, lowest point first.
    translated : frozenset of str
        Wordings of scales in other languages than English.
    dont_know, missing, ticked, unticked, other, exclusive : frozenset of str
    headings : dict of str to re.Pattern
        What a heading asks: ``person``, ``organisation``, ``weight``, ``several``, ``counted``,
        ``background``, ``consent``, ``open``, words of one's own; and what agrees or refuses.
    """

    scales: tuple
    choices: tuple
    translated: frozenset
    dont_know: frozenset
    missing: frozenset
    ticked: frozenset
    unticked: frozenset
    other: frozenset
    exclusive: frozenset
    headings: dict


def read_wordings(path):
    """Read the known response scales."""
    content = read_yaml(Path(path))
    try:
        scales, translated = (
            [(id, _points(row)) for id, rows in content[key].items() for row in rows]
            for key in ("scales", "translated")
        )
        foreign = frozenset(plain(w) for _, points in translated for point in points for w in point)
        choices = [("choice", _points(row)) for row in content["choices"]]
        lists = {
            key: frozenset(plain(text) for text in content[key])
            for key in ("dont_know", "missing", "ticked", "unticked", "other", "exclusive")
        }
        headings = {
            key: re.compile("|".join(content["headings"][key]), re.IGNORECASE) for key in HEADINGS
        }
    except (KeyError, TypeError, AttributeError, re.error) as error:
        raise ValueError(
            f"{path}: {error} is missing or of the wrong kind; restore the file."
        ) from None
    scales = (*scales, *translated)
    return Wordings(scales, tuple(choices), foreign, **lists, headings=headings)


def _points(row):
    return tuple(tuple(word.strip() for word in point.split(" | ")) for point in row)


_COUNTED = re.compile(r"^\(?\d{1,2}\)?\s*[-–—.:=)]?\s+(?=\D)")


@lru_cache(maxsize=262_144)  # a column of texts is looked at several times in a row
def plain(text):
    """A wording without what does not matter: case, curly quotes, spaces, a number in front."""
    text = str(text)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("’", "'").replace("‘", "'")
    text = " ".join(text.casefold().replace("`", "'").split()).strip(" .*")
    return _COUNTED.sub("", text)


def off_scale(values, known):
    """The one value beside all points of a known scale, such as a way of not answering in any words."""
    if not 4 <= len(values) <= LONGEST_SCALE + 1 or known_scale(values, known):
        return ""
    found = []
    for value in values:
        points = [other for other in values if other != value]
        scale = known_scale(points, known)
        found += [value] if scale and len(scale[1]) == len(points) else []
    return found[0] if len(found) == 1 else ""


def known_scale(values, known, choices=False):
    """The scale that these values are points of: the one that adds fewest points nobody chose."""
    if len(values) < 2:
        return None
    words, best = [plain(value) for value in values], None
    for id, points, places in places_of(known.choices if choices else known.scales):
        if words[0] not in places:
            continue
        found = [places.get(word) for word in words]
        if None in found or len(set(found)) < len(found):
            continue
        at = dict(zip(found, values, strict=True))
        padded = len(points) <= LONGEST_SCALE or choices
        labels = [at.get(i, p[0]) for i, p in enumerate(points) if padded or i in at]
        added = len(points) - len(values)
        if best is None or added < best[0]:
            best = added, (id, labels)
    return best and best[1]


@lru_cache(maxsize=4)
def places_of(scales):
    """Each scale with the place of each of its wordings."""
    return [(id, points, {plain(word): i for i, point in enumerate(points) for word in point})
            for id, points in scales]  # fmt: skip


NUMBER = r"\d+(?:[.,]\d{3})*(?:[.,]\d+)?"
BELOW = r"under|below|less|fewer|up to|until|unter|weniger|bis|moins|jusqu|menos|hasta|<|≤"
ABOVE = r"over|above|more|older|plus|at least|über|mehr|mindestens|älter|más|mayor|>|≥|\+"
# What a number may be a number of: where two of them stand in a list, or times of day, numbers tell no
# order.
MEASURES = [re.compile(rf"\d\s*({names})", re.IGNORECASE) for names in (
    r"s\b|sec|sek", r"min", r"h\b|hrs?\b|hours?|stunden?|std|heures?|horas?|or[ae]\b|uur|timm|час",
    r"d\b|days?|tage?\b|jours?|d[ií]as?|giorn|dag|dni|дн", r"w\b|wks?|week|woche|seman|semain|sett|нед",
    r"month|monat|mois|mes(es|i)?\b|maand|мес", r"y\b|yrs?|year|jahr|ans?\b|ann[éo]|año|jaar|год|лет",
    r"km", r"m\b|met(re|er)", r"cm", r"mi(les?)?\b", r"kg", r"g\b|gram", r"k\b|tsd|thousand",
    r"mn\b|mio|million",
)]  # fmt: skip
CLOCK = re.compile(r"\d\s*[ap]\.?m\b|\d:\d\d|\d\s*uhr", re.IGNORECASE)
MONTHS = (
    "jan janv ene gen|feb fév févr fev|mar mär mrz mars märz|apr avr abr|may mai mayo mag|jun juin giu"
    "|jul juil lug|aug août ago|sep sept set|oct okt ott out|nov|dec dez déc dic"
)
MONTH = {name: i for i, names in enumerate(MONTHS.split("|"), start=1) for name in names.split()}
DATED = re.compile(
    r"(?P<month>[^\W\d]{3,5})\.?[-. /]+(?P<number>\d{1,4})"  # Oct-49
    r"|(?P<day>\d{1,2})[-. /]+(?P<name>[^\W\d]{3,5})\.?([-. /]+(?P<year>\d{2,4}))?"  # 9-Jan, 9-Jan-2024
    r"|(?P<y>\d{4})[-./](?P<m>\d{1,2})[-./](?P<d>\d{1,2})([ T]0?0:00(:00)?)?"
    r"|(?P<a>\d{1,2})[./](?P<b>\d{1,2})[./](?P<c>\d{4}|\d\d)( 0?0:00(:00)?)?"
    r"|(?P<cm>\d{1,2})[月월] ?(?P<cd>\d{1,2})[日일]"
)
MOST_DATED = 5  # bands of a question that a spreadsheet made dates of
FEWEST_POINTS = 11  # values with a unit; of so few, they may be bands to choose from
NOTHING = {"none", "no", "never", "nobody", "zero", "keine", "aucun", "aucune", "ninguno", "nie"}


def in_number_order(values):
    """Values that are bands, numbered points or so many stars, in the order of their numbers."""
    if len(values) > 1 and len(set("".join(values)) - {"☆"}) == 1 and not values[0].isalnum():
        return sorted(values, key=lambda value: len(value.strip("☆")))
    if any(re.fullmatch(r"0\d+", value) for value in values):  # codes, such as of districts
        return None
    spans = {}
    for value in values:
        text = value.casefold().strip()
        numbers = [float(re.sub(r"[.,](?=\d{3})", "", n).replace(",", ".")) for n in _numbers(text)]
        if text in NOTHING:
            numbers = [0.0]
        if not numbers or len(numbers) > 2 or len(text) > 60 or len(text.split()) > 7:
            return None
        low, high = numbers[0], numbers[-1]
        if len(numbers) == 1 and re.search(ABOVE, text):
            high = float("inf")
        elif len(numbers) == 1 and re.search(BELOW, text):
            low = -1.0
        spans[value] = (low, high)
    ordered = sorted(spans, key=lambda value: spans[value])
    for before, after in itertools.pairwise(ordered):
        if spans[before][1] > spans[after][0] or spans[before] == spans[after]:
            return None
    kinds = sum(any(map(measure.search, values)) for measure in MEASURES)
    if kinds > 1 or any(map(CLOCK.search, values)):
        return None
    banded = any(low != high for low, high in spans.values())
    numbered = all(re.match(r"\(?\d", value.strip()) for value in values)
    return ordered if len(values) > 1 and (banded or numbered) else None


def _numbers(text):
    return re.findall(NUMBER, text)


# ---- what is no answer, and what is one answer spelled in several ways


def missing_in(counts, labels, counted, known):
    """Values that are words, signs or codes for no answer.

    What the file has labels for is judged by its label. `counted` says that the question asks for a
    number, so that 8 and 9 are numbers like any other.
    """
    words = {v: plain(labels.get(v, v)) for v in counts if len(v) < NO_ANSWER or labels}
    found = {v for v, word in words.items() if word in known.missing or _bare(word) in known.missing}
    signs = [value for value in words if SIGNS.fullmatch(value) and value not in found]
    rated = len(signs) == len(words) > 2  # from * to *****
    if not rated and not any("+" in value for value in words):  # a scale from - to +
        found.update(signs)
    rest = [value for value in counts if value not in found]
    if labels or not rest:
        return found
    numeric = [value for value in rest if CODE.fullmatch(value)]
    if len(numeric) < NUMERIC * len(rest):
        coded = [v for v in numeric if v.startswith("-") or FAR.fullmatch(v)]
        plainly = len(coded) == len(numeric) < len(rest) - 1  # codes among words without numbers
        if plainly and not any(re.search(r"\d", value) for value in rest if value not in coded):
            found.update(coded)
        return found
    return {*found, *_codes({value: counts[value] for value in numeric}, counted)}


def _bare(word):
    """A word without brackets around it."""
    bare = word.strip(BRACKETS)
    return plain(bare) if bare != word else word


def _codes(counts, counted):
    """Codes for no answer among whole numbers."""
    number = {value: int(re.split("[.,]", value)[0]) for value in counts}
    low = [value for value in counts if NEGATIVE.fullmatch(value)]
    answers = {n for value, n in number.items() if value not in low}
    if not answers or min(answers) < 0:
        return []
    high = [value for value in counts if FAR.fullmatch(value)]
    rest = {number[value] for value in counts if value not in [*low, *high]}
    # One respondent may be 99 years old; several beside a gap are none.
    far = bool(rest) and min((number[v] for v in high), default=0) >= max(rest) + GAP
    if not far or sum(counts[value] for value in high) < 2:
        high = []
    answers = {n for value, n in number.items() if value not in [*low, *high]}
    beside = [value for value in counts if value in BESIDE]
    points = answers - {8, 9}
    if not counted and beside and len(points) > 1 and max(points) <= 5 and max(answers) <= 9:
        high += beside
    return low + high


def spellings(counts):
    """What a value counts as, where values differ in case, spaces and quotes alone.

    The spelling that most wrote stands for all; of equally many, the first.
    """
    if len(counts) > SPELLED:
        return {}
    groups = {}
    for value in counts:
        groups.setdefault(_loose(value), []).append(value)
    several = [members for members in groups.values() if len(members) > 1]
    return {value: max(members, key=counts.get) for members in several for value in members}


@lru_cache(maxsize=262_144)
def _loose(value):
    if not value.isascii():
        value = unicodedata.normalize("NFKC", value).translate(QUOTES)
    return " ".join(value.casefold().replace("`", "'").split()).rstrip(" .") or value


def known_id(order):
    """The id of a known scale, where that is how `in_order` recognised an order; else nothing."""
    return "" if order in ("numbers", "ends", "bands", "told") else order


def falls(points, known):
    """Whether the words of the first point stand above those of the last in a known scale."""
    first, last = (plain(NUMBERED.sub("", text).strip(" ()[]")) for text in (points[0], points[-1]))
    for _, scale, places in places_of(known.scales):
        high = places.get(first, -1)
        if high > places.get(last, len(scale) - 2):  # the best of a scale, if the last is none of it
            return True
    return False


def mostly_digits(counts):
    """Whether most answers are digits, and signs between them, or a number with a word."""
    digits = sum(
        n for v, n in counts.items() if 2 * sum(map(str.isdigit, v)) >= len(v) or ONE.fullmatch(v)
    )
    return digits > 0.75 * sum(counts.values())


# ---- bands that a spreadsheet took for dates


def dated_bands(counts):
    """Values that a spreadsheet made dates of, such as Oct-49, by the band that each may have been.

    Empty where the values put back are no bands that follow one another.
    """
    few = counts if len(counts) <= FEWEST_POINTS else ()
    may = {value: bands for value in few if len(value) < 20 and (bands := _bands(value))}
    if not may or len(may) > MOST_DATED:
        return {}, []
    best = None
    for chosen in itertools.product(*may.values()):
        found = dict(zip(may, chosen, strict=True))
        back = {found.get(value, value): value for value in counts}
        ordered = in_number_order(list(back)) if len(back) == len(counts) else None
        if ordered and (best is None or _apart(ordered) < best[0]):
            best = _apart(ordered), found, [back[band] for band in ordered]
    return best[1:] if best else ({}, [])


def _apart(bands):
    """How many of the bands do not go on where the one before ends."""
    ends = [[int(n) for n in re.findall(r"\d+", band)] for band in bands]
    return sum(bool(a and b) and b[0] > a[-1] + 1 for a, b in itertools.pairwise(ends))


def _bands(value):
    """What a date may have been: ``9-Jan`` was 1-9, ``Oct-49`` 10-49."""
    match = DATED.fullmatch(value.strip())
    if match is None:
        return []
    named = (match["month"] or match["name"] or "").casefold()
    if named and named not in MONTH:
        return []
    month = MONTH.get(named) or int(match["m"] or match["cm"] or 0)
    day = int(match["day"] or match["d"] or match["cd"] or 0)
    year = int(match["year"] or match["y"] or match["c"] or 0) % 100
    if match["number"]:
        pairs = [(month, int(match["number"]) % 100), (int(match["number"]), month)]
    elif match["a"]:
        a, b = int(match["a"]), int(match["b"])
        pairs = [(a, b), (b, a)] + [(m, year) for m, d in ((a, b), (b, a)) if d == 1]
    else:
        pairs = [(month, day), (day, month)] + ([(month, year)] if day == 1 and year else [])
    return list(dict.fromkeys(f"{low}-{high}" for low, high in pairs if 0 < low < high))
