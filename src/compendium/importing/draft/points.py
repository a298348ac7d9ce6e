"""What the distinct values of a column are: points, options, numbers, people or free text."""

import re

from compendium.disclosure.masking import mask
from compendium.files import slug, unique
from compendium.importing.draft.numerals import INTEGER, NUMBER
from compendium.importing.draft.scales import in_number_order, known_scale, plain
from compendium.importing.exports import heading

LEADING = re.compile(r"(\d{1,2})(?:\s*[^\d\s+][^\d+]*)?")  # 3, or 0 - Not at all likely
FEW = 5  # respondents; fewer than that are no sign of an option where others wrote texts
LONG = 60  # characters of a value that is hardly an option unless many chose it
MOST = 300  # different values that can be options
KEY = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9_-]{4,64}")
MASKED = {"[e-mail]", "[telephone]", "[postcode]", "[web address]"}
IP = re.compile(r"\d{1,3}(\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:]+:[0-9a-f:]*", re.IGNORECASE)


def is_open(counts):
    """Whether values are words of the respondents' own: many, long or seldom repeated.

    Parameters
    ----------
    counts : dict of str to int
        How often each value occurs, the empty one left out.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_open({"Yes": 30, "No": 12}), is_open({f"Because of reason {i}": 1 for i in range(9)})
    (False, True)
    """
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
    """Why a column can identify a person.

    Parameters
    ----------
    texts : sequence of str
        Its name and its question.
    counts : dict of str to int
    closed : bool
        Whether its values are a few options.
    known : Wordings

    Returns
    -------
    str
        Empty when nothing says so.

    Examples
    --------
    >>> from compendium.importing.draft.scales import read_wordings
    >>> known = read_wordings("data/response_scales.yml")
    >>> identifies(["Q9", "Your e-mail"], {"a@example.org": 1}, False, known)
    'its heading asks for what identifies a person'
    """
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
    """Whether a value holds an e-mail address or a telephone number, so that it is no option.

    Parameters
    ----------
    value : str

    Returns
    -------
    bool

    Examples
    --------
    >>> holds_contact("Ask me: j.muir@example.org"), holds_contact("Ward 3, 10-12 beds")
    (True, False)
    """
    return bool({"e-mail", "telephone"} & mask(value)[1].keys())


def own_words(values, counts, once, known):
    """Values that are respondents' own words rather than options, where a platform mixes the two.

    Parameters
    ----------
    values : sequence of str
    counts : dict of str to int
        How many respondents have each.
    once : sequence of str
        Of them, those that tell of free text: what one respondent alone has; empty where all may be
        options.
    known : Wordings
        A value is an option after all where it belongs to a known list with what most chose, or says
        *none of these* and the like.

    Returns
    -------
    list of str
        Those with an address or a telephone number; long ones that few have; and, where there is free
        text, whatever fewer than `FEW` have: what two or three wrote is still theirs. Two options stay
        where there are two.
    """
    proven = listed(values, counts, known)
    own = [v for v in values if holds_contact(v)]
    rare = [v for v in values if counts.get(v, 0) < FEW and v not in proven and v not in own]
    long = [v for v in rare if len(v) > LONG]
    for more in (rare if once else long, [v for v in rare if v in once or v in long]):
        if len(values) - len(own) - len(more) > 1:
            return own + more
    return own


def listed(values, counts, known):
    """Values that stand in one known list with what most chose, or say *none of these* and the like.

    Parameters
    ----------
    values : sequence of str
    counts : dict of str to int
    known : Wordings

    Returns
    -------
    set of str

    Examples
    --------
    >>> from compendium.importing.draft.scales import read_wordings
    >>> known = read_wordings("data/response_scales.yml")
    >>> sorted(listed(["Yes", "No", "Ask me"], {"Yes": 9, "No": 1, "Ask me": 1}, known))
    ['No', 'Yes']
    """
    most = plain(max(values, key=lambda value: counts.get(value, 0), default=""))
    plainly = known.exclusive | known.dont_know | known.other
    found = {value for value in values if plain(value) in plainly}
    for _, points in [*known.choices, *known.scales]:
        words = {plain(word) for point in points for word in point}
        if most in words:
            found |= {value for value in values if plain(value) in words}
    return found


def options_of(values, labels=None, taken=None):
    """Options for ``survey.yml``.

    Parameters
    ----------
    values : sequence of str
        As they stand in the export.
    labels : dict of str to str, optional
        What codes mean.
    taken : set of str, optional
        Ids that are in use; changed in place.

    Returns
    -------
    list of dict
        `id`, `label`, and `value` where the export has something else than the label.

    Examples
    --------
    >>> options_of(["1", "Not  sure"], {"1": "Yes"})[0]
    {'id': 'yes', 'label': 'Yes', 'value': '1'}
    """
    taken, found = set() if taken is None else taken, []
    for value in values:
        label = heading((labels or {}).get(value, value)) or value
        option = {"id": unique(slug(label) or f"o{len(found) + 1}", taken), "label": label}
        found.append(option if label == value else option | {"value": value})
    return found


def split_unsure(values, labels, known):
    """Values that are kept beside a scale, such as *don't know*, apart from the others.

    Parameters
    ----------
    values : sequence of str
    labels : dict of str to str
    known : Wordings

    Returns
    -------
    sure, unsure : list of str
        All are in `sure` when nothing else would be left.
    """
    if len(values) > MOST:
        return list(values), []
    unsure = [value for value in values if plain(labels.get(value, value)) in known.dont_know]
    sure = [value for value in values if value not in unsure]
    return (sure, unsure) if sure else (list(values), [])


def in_order(values, labels, known):
    """Values in the order of a response scale.

    Parameters
    ----------
    values : list of str
        Distinct, *don't know* left out, in the order in which they first occur.
    labels : dict of str to str
        What codes mean, where the export says.
    known : Wordings

    Returns
    -------
    values : list of str
        Lowest point first; points of a known scale that nobody chose are added.
    scale : str
        Id of the known scale, ``numbers``, ``ends`` (numbers of which some have a label) or ``bands``;
        empty when no order was recognised.

    Examples
    --------
    >>> from compendium.importing.draft.scales import read_wordings
    >>> known = read_wordings("data/response_scales.yml")
    >>> in_order(["4", "0 - Not at all", "2", "5 - Very"], {}, known)
    (['0 - Not at all', '1', '2', '3', '4', '5 - Very'], 'ends')
    """
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
