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


@dataclass(frozen=True)
class Wordings:
    """What `read_wordings` found; every wording as `plain` makes it.

    Attributes
    ----------
    scales, choices : tuple
        ``(id, points)`` with a tuple of wordings as written for each point, lowest point first.
    dont_know, ticked, unticked, other, exclusive, consent : frozenset of str
    headings : dict of str to re.Pattern
        What a heading asks for: ``person``, ``counted``, ``background``, ``consent``.
    """

    scales: tuple
    choices: tuple
    dont_know: frozenset
    ticked: frozenset
    unticked: frozenset
    other: frozenset
    exclusive: frozenset
    consent: frozenset
    headings: dict


def read_wordings(path):
    """Read the known response scales."""
    content = read_yaml(Path(path))
    try:
        scales = [(id, _points(row)) for id, rows in content["scales"].items() for row in rows]
        choices = [("choice", _points(row)) for row in content["choices"]]
        lists = {
            key: frozenset(plain(text) for text in content[key])
            for key in ("dont_know", "ticked", "unticked", "other", "exclusive", "consent")
        }
        headings = {
            key: re.compile("|".join(content["headings"][key]), re.IGNORECASE)
            for key in ("person", "counted", "background", "consent")
        }
    except (KeyError, TypeError, AttributeError, re.error) as error:
        raise ValueError(
            f"{path}: {error} is missing or of the wrong kind; restore the file."
        ) from None
    return Wordings(tuple(scales), tuple(choices), **lists, headings=headings)


def _points(row):
    return tuple(tuple(word.strip() for word in point.split(" | ")) for point in row)


@lru_cache(maxsize=65_536)
def plain(text):
    """A wording without what does not matter: case, curly quotes, spaces, a number in front."""
    text = unicodedata.normalize("NFKC", str(text)).casefold()
    text = text.replace("’", "'").replace("‘", "'").replace("`", "'")
    text = re.sub(r"\s+", " ", text).strip(" .*")
    return re.sub(r"^\(?\d{1,2}\)?\s*[-–—.:=)]?\s+(?=\D)", "", text)


def known_scale(values, known, choices=False):
    """The scale that these values are points of."""
    if len(values) < 2:
        return None
    best = None
    for id, points in known.choices if choices else known.scales:
        places = {plain(word): i for i, point in enumerate(points) for word in point}
        found = [places.get(plain(value)) for value in values]
        if None in found or len(set(found)) < len(found):
            continue
        at = dict(zip(found, values, strict=True))
        labels = [at.get(i, point[0]) for i, point in enumerate(points)]
        if len(points) == len(values):
            return id, labels
        best = best or (id, labels)
    return best


NUMBER = r"\d+(?:[.,]\d{3})*(?:[.,]\d+)?"
BELOW = r"under|below|less|fewer|up to|until|unter|weniger|bis|moins|jusqu|menos|hasta|<|≤"
ABOVE = r"over|above|more|older|plus|at least|über|mehr|mindestens|älter|más|mayor|>|≥|\+"
NOTHING = {"none", "no", "never", "nobody", "zero", "keine", "aucun", "aucune", "ninguno", "nie"}


def in_number_order(values):
    """Values that are bands or numbered points, in the order of their numbers."""
    spans = {}
    for value in values:
        text = value.casefold().strip()
        numbers = [float(re.sub(r"[.,](?=\d{3})", "", n).replace(",", ".")) for n in _numbers(text)]
        if text in NOTHING:
            numbers = [0.0]
        if not numbers or len(numbers) > 2 or len(text) > 60:
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
    banded = any(low != high for low, high in spans.values())
    numbered = all(re.match(r"\(?\d", value.strip()) for value in values)
    return ordered if len(values) > 1 and (banded or numbered) else None


def _numbers(text):
    return re.findall(NUMBER, text)
