"""Whether the values of a column are numbers, and how they are written."""

import re

INTEGER = re.compile(r"[+-]?[0-9]{1,15}")
NUMBER = re.compile(r"[+-]?[0-9]{1,15}([.,][0-9]{1,15})?")
CURRENCY = re.compile(r"[€$£¥]|\b(?:EUR|USD|GBP|CHF|euros?|pounds?|dollars?)\b", re.IGNORECASE)
GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?|[+-]?\d{1,3}(\.\d{3})+(,\d+)?", re.ASCII)
MOSTLY = 0.75  # of the answers are numbers where the others are slips of the pen


def numbers(counts):
    """How the numbers of a column are written, where it holds nothing else.

    Parameters
    ----------
    counts : dict of str to int

    Returns
    -------
    dict or None
        ``{"decimal": ".", "thousands": ""}``; None when a value is no number, or one has zeros in
        front as codes and telephone numbers have.

    Examples
    --------
    >>> numbers({"1,5": 2, "12": 1}), numbers({"1.250,5": 1, "900": 1}), numbers({"007": 1})
    ({'decimal': ',', 'thousands': ''}, {'decimal': ',', 'thousands': '.'}, None)
    """
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
    """Whether a value is a number, with a currency sign or without; a code with zeros in front is none.

    Parameters
    ----------
    value : str

    Returns
    -------
    bool

    Examples
    --------
    >>> is_number("€ 4,20"), is_number("4-5")
    (True, False)
    """
    bare = CURRENCY.sub("", value).strip()
    return bool(NUMBER.fullmatch(bare) or GROUPED.fullmatch(bare)) and not re.match(r"[+-]?0\d", bare)


def nearly_numbers(counts):
    """Values that are no numbers, in a column where most are; it cannot be read as numbers.

    Parameters
    ----------
    counts : dict of str to int

    Returns
    -------
    odd : list of str
        Empty where fewer than three of four answers are numbers, a currency sign allowed, and where all
        are written alike.
    digits : dict
        How the others are written, as `numbers` says it; where they differ, as most are.

    Examples
    --------
    >>> nearly_numbers({"1,5": 4, "12": 4, "about 3": 1, "7 €": 1})
    (['about 3', '7 €'], {'decimal': ',', 'thousands': ''})
    >>> nearly_numbers({"1,250": 4, "900": 4, "about 800": 1})
    (['about 800'], {'decimal': '.', 'thousands': ','})
    >>> nearly_numbers({"Yes": 9, "1": 1})
    ([], {'decimal': '.', 'thousands': ''})
    """
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
