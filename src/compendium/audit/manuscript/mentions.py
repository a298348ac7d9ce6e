"""Numbers in running text: what is printed there, and which numbers belong together."""

import re
from dataclasses import dataclass, field
from fractions import Fraction

NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|(?<!\d)\.\d+)"
_SIGNED = rf"-?{NUMBER}"
_FREE = r"(?<![\w.,/-])"  # not in the middle of a word, a version or a date
_PERCENT = r"\s?(?:%|per\s?cent\b|percent(?:age\spoints?)?\b)"
_TO = r"\s?(?:to|and|–|—|,|;|-)\s?"
_LEVEL = rf"(?:\d\d(?:\.\d+)?{_PERCENT}\s)?(?:confidence\s)?(?:intervals?|CIs?)\b"
_UNIT = r"(?:%|\s?percent|\s?per\s?cent)?"
_RANGE = rf"\s?(?P<low>{_SIGNED}){_UNIT}{_TO}(?P<high>{_SIGNED}){_UNIT}"
_STATISTICS = {  # what is printed before a number, and whether the sign = must stand between
    "chi2": (r"(?:χ|X|[cC]hi-?)(?:²|\^?2\^?)|[cC]hi-?squared?", True),
    "tau": (r"τ(?:-?b)?|tau(?:-?b)?", True),
    "rho": (r"ρ|rho|r_?s", True),
    "r": ("r", True),
    "phi": (r"φ|phi", True),
    "eta": (r"η|eta", True),
    "t": ("t", True),
    "F": ("F", True),
    "Q": ("Q", True),
    "z": ("[zZ]", True),
    "V": (r"(?:Cramér's\s)?V", True),
    "W": (r"(?:Kendall's\s)?W", True),
    "kappa": (r"(?:Cohen's\s)?(?:κ|kappa)(?:\sof)?", False),
    "alpha": (r"(?:(?:Cronbach|Krippendorff)'s\s)?(?:α|alpha)(?:\sof)?", False),
    "omega": (r"(?:McDonald's\s)?(?:ω|omega)(?:\sof)?", False),
    "ac1": (r"(?:Gwet's\s)?AC1(?:\sof)?", False),
    "f1": (r"(?:micro|macro)?\s?F1(?:\sof)?", False),
    "r2": (r"(?:McFadden's\s)?(?:R²|R2)(?:\sof)?", False),
    "odds_ratio": (r"(?:odds\sratios?|OR)(?:\sof|\swas|\sis)?", False),
    "mean": (r"(?:M|means?|mean\sscore|average)(?:\sof|\sis|\swas)?", False),
    "sd": (r"(?:SD|standard\sdeviation)(?:\sof)?", False),
    "median": (r"(?:Mdn|median)(?:\sof|\sis|\swas)?", False),
}
_DF = r"\s?(?:\((?P<df>[^()]{1,40})\))?\s?"


def _statistic(sign):
    named = "|".join(
        f"(?P<{key}>{words})" for key, (words, must) in _STATISTICS.items() if must == sign
    )
    between = _DF + r"[=:]\s?" if sign else r"\s?[=:]?\s?"
    return rf"(?<![\w-])(?:{named}){between}(?P<value>{_SIGNED})(?!\.?\d|{_PERCENT})"


# Read at each place in this order; the first that fits takes its stretch of the text.
_OF = r"\s(?:of|out\sof)\s(?:the\s|all\s|our\s)?"
_BASE = rf"(?P<base>{NUMBER})(?!{_PERCENT}|\.?\d)"
_FORMS = [
    ("interval", rf"(?:{_LEVEL}[:,=]?\s?(?:of|from|between|was|is)?\s?)[\[(]?{_RANGE}[\])]?"),
    ("interval", rf"[\[(]{_RANGE}[\])]"),
    ("p", rf"\bp(?:-?values?)?\s?(?P<sign>[=<>≤≥]|of|below|above)\s?(?P<p>{NUMBER})"),
    ("statistic", _statistic(True)),
    ("statistic", _statistic(False)),
    ("base", rf"\b[nN]\s?=\s?(?P<base>{NUMBER})"),
    ("ratio", rf"{_FREE}(?P<count>{NUMBER}){_OF}{_BASE}"),
    ("share", rf"{_FREE}(?P<percent>{_SIGNED}){_PERCENT}{_OF}{_BASE}"),
    ("range", rf"{_FREE}(?P<low>{_SIGNED})(?:{_PERCENT})?\s?(?:to|–)\s?"
              rf"(?P<high>{_SIGNED})(?:{_PERCENT})?(?![\w-])"),
    ("percent", rf"{_FREE}(?P<percent>{_SIGNED}){_PERCENT}"),
    ("number", rf"{_FREE}(?P<number>{_SIGNED})(?![\w/]|-\w|\.\d|,\d{{3}})"),
]  # fmt: skip
_FORMS = [(kind, re.compile(pattern)) for kind, pattern in _FORMS]
# What separates two statements; numbers beyond it are about something else.
_PARTED = re.compile(r"[.;?!]\s|\b(?:and|but|while|whereas|or|than|against|compared|versus)\b|\n")


@dataclass
class Mention:
    """One number, or several that say one thing: *12 of 92 (13.0%, 95% interval 7.6 to 21.4)*.

    Attributes
    ----------
    start, end : int
        Where it stands in its text.
    fields : dict of str to str
        As printed: `percent`, `count`, `base`, `low`, `high`, `p` with `sign`, `statistic` (its
        name) with `value` and `df`, or `number`.
    """

    start: int
    end: int
    fields: dict = field(default_factory=dict)

    @property
    def printed(self):
        """The numbers as printed, in the order of the fields."""
        return [text for name, text in self.fields.items() if name not in ("sign", "statistic")]


def tidy(text):
    """The text with one kind of blank, minus and apostrophe, letter for letter as long as before."""
    return text.translate(str.maketrans("\u00a0\u202f\u2009\u2212\u2010\u2011’", "   ---'"))


def exact(printed):
    """The number that is printed."""
    return Fraction(printed.replace(",", ""))


def mentions(text):
    """The numbers of a stretch of text, those that belong together as one.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of Mention
        In the order of the text.

    Examples
    --------
    >>> [found.fields for found in mentions("12 of 92 employers (13.0%, 95% interval 7.6 to 21.4)")]
    [{'count': '12', 'base': '92', 'percent': '13.0', 'low': '7.6', 'high': '21.4'}]
    """
    text, found, at = tidy(text), [], 0
    while at < len(text):
        read = _read(text, at)
        if read is None:
            break
        one = read
        at = one.end
        last = found[-1] if found else None
        if last and _together(last, one, text[last.end : one.start]):
            last.fields |= one.fields
            last.end = one.end
        else:
            found.append(one)
    return found


def _read(text, at):
    """The first mention from a place on, of the form that begins first and takes most."""
    best = None
    for kind, pattern in _FORMS:
        match = pattern.search(text, at)
        if match and (best is None or match.start() < best[1].start()):
            best = kind, match
    if best is None:
        return None
    kind, match = best
    given = {name: value for name, value in match.groupdict().items() if value is not None}
    if kind == "statistic":
        name = next(name for name in _STATISTICS if name in given)
        given = {"statistic": name, "value": given["value"], "df": given.get("df")}
        given = {key: value for key, value in given.items() if value is not None}
    if kind == "p":
        given["sign"] = {"of": "=", "below": "<", "above": ">"}.get(given["sign"], given["sign"])
    return Mention(match.start(), match.end(), given)


def _together(one, other, between):
    """Whether two mentions say one thing: no field twice, and nothing parts them."""
    if set(one.fields) & set(other.fields) or len(between) > 60:
        return False
    joined = re.fullmatch(r"[\s,;:()\[\]–-]*", between)
    if not joined and (_PARTED.search(between) or re.search(r"\).*\(", between)):
        return False
    if "number" in one.fields or "number" in other.fields:
        return False
    if "value" in other.fields and "percent" in one.fields:
        return False
    share = {"percent", "count", "base"}
    if share & set(one.fields) and share & set(other.fields):
        # "13% of 92", "12 of 92 employers (13%)", "13.0% (n = 92)"; not "40%, 30%".
        return (
            "(" in between
            or len(re.findall("[,;]", between)) == 1
            or not (joined and "count" in one.fields)
        )
    return True
