"""How tables of shares, tests and odds are laid out on the page."""

import numpy as np
import pandas as pd

from compendium.statistics.proportions import multi_response
from compendium.wording import interval, number, p_value, plain, short


def shares(table, index=("option",), confidence=0.95):
    """A table of shares as it is shown: count, base, percent, interval; withheld cells marked.

    A base that all rows share stands once, in the heading of the counts.

    Parameters
    ----------
    table : pandas.DataFrame
        As from `frequencies.distribution` or `frequencies.breakdown`.
    index : sequence of str
        Columns that name the rows.
    confidence : float
        Level of the intervals, a proportion, for the heading.

    Returns
    -------
    pandas.DataFrame
        Text only.
    """
    level, bases = f"{100 * confidence:g}% interval", [number(base) for base in table["base"]]
    once = len(bases) > 1 and len(set(bases)) == 1 and table["base"].notna().all()
    count = f"Count of {bases[0]}" if once else "Count"
    rows = pd.DataFrame(
        {
            count: [m or number(c) for m, c in zip(table["shown"], table["count"], strict=True)],
            **({} if once else {"Base": bases}),
            "Percent": [m or number(p) for m, p in zip(table["shown"], table["percent"], strict=True)],
            level: [interval(a, b) for a, b in zip(table["low"], table["high"], strict=True)],
        }
    )
    if len(index) == 1:
        return rows.set_axis(table[index[0]].to_numpy())
    return rows.set_axis(pd.MultiIndex.from_frame(table[list(index)], names=[None] * len(index)))


def tests(table, confidence=0.95):
    """A table of tests as it is shown; `notes` are for the lines below it.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a test: `test`, `statistic`, `df`, `p`, `effect`, `effect_name`, `low`, `high`, `n`,
        `note`; `p_holm` where p-values were adjusted; `unordered`, `differed`, `difference` with its
        interval and `bound_p` where a test has them.
    confidence : float
        Level of the intervals, a proportion, for the heading.

    Returns
    -------
    pandas.DataFrame
        Text only, with the index of `table`.
    """
    decimals = [
        1 if name == "difference" else 2 for name in table["effect_name"]
    ]  # of shares, in points
    effects = [
        "–" if pd.isna(value) else f"{name} = {number(float(value), d)}"
        for name, value, d in zip(table["effect_name"], table["effect"], decimals, strict=True)
    ]
    shown = pd.DataFrame(
        {
            "Test": table["test"],
            "n": [number(n) for n in table["n"]],
            "Statistic": [number(x, 2) for x in table["statistic"].astype(float)],
            "p": [p_value(p) for p in table["p"]],
            "Effect": effects,
            f"{100 * confidence:g}% interval": [
                interval(a, b, d) for a, b, d in zip(table["low"], table["high"], decimals, strict=True)
            ],
        },
        index=table.index,
    )
    if not _has(table, "statistic"):
        shown = shown.drop(columns="Statistic")
    if "p_holm" in table:
        shown.insert(shown.columns.get_loc("Effect"), "p (Holm)", [p_value(p) for p in table["p_holm"]])
    if _has(table, "unordered"):
        shown.insert(
            shown.columns.get_loc("Effect"), "p, unordered", [p_value(p) for p in table["unordered"]]
        )
    if _has(table, "differed"):
        shown.insert(2, "Differ", [number(int(n)) for n in table["differed"]])
    if _has(table, "difference"):
        ends = table[["difference", "difference_low", "difference_high"]].itertuples(index=False)
        told = ["–" if pd.isna(d) else f"{number(d)} ({interval(a, b)})" for d, a, b in ends]
        shown["Difference, points"] = told
    if _has(table, "bound_p"):
        shown["p, equivalence"] = [p_value(p) for p in table["bound_p"]]
    return shown


def notes(table):
    """What is to be said of tests below their table, each note once with the tests that it is about.

    Examples
    --------
    >>> notes(pd.DataFrame({"note": ["few", "", "few"]}, index=["Size", "Sector", "Role"]))
    ['Few (Size; Role).']
    """
    found = {}
    for label, note in table["note"].fillna("").items():
        found.setdefault(note, []).append(str(label))
    return [
        f"{note[0].upper()}{note[1:]} ({'; '.join(dict.fromkeys(labels))})."
        for note, labels in found.items()
        if note
    ]


def listed(lines):
    """Lines as one list in Markdown: a list that holds it, or nothing where there is no line."""
    return ["\n".join(f"- {plain(line)}" for line in lines)] if lines else []


def _has(table, column):
    return column in table and table[column].notna().any()


def share_records(table, method):
    """Each row of a table of shares as a named result, in percent.

    Parameters
    ----------
    table : pandas.DataFrame
        As from `frequencies.distribution` or `frequencies.breakdown`.
    method : str
        How the intervals were made.

    Returns
    -------
    list of dict
        As `results.record` takes them.
    """
    records = []
    for row in table.rename(columns={"count": "count_"}).itertuples():  # tuples have a `count`
        base = None if pd.isna(row.base) else int(row.base)
        fields = {"id": row.result, "value": None, "unit": "percent", "base": base}
        if row.shown:
            fields["note"] = f"withheld ({row.shown}): small count, or it would give one away"
            fields["withheld"] = row.shown
        elif not base:
            fields["note"] = "nobody answered"
        else:
            fields |= {"value": row.percent, "count": int(row.count_), "low": row.low, "high": row.high}
            fields["method"] = method
            if "sampled" in table:
                fields |= {"method": f"{method}, finite population", "sampled": row.sampled}
        records.append(fields)
    return records


def headed(table):
    """A table whose rows are named in the head itself, not in a second row below it; else as it is.

    Examples
    --------
    >>> table = pd.DataFrame({"n": [3]}, index=pd.Index(["Yes"], name="Answer"))
    >>> headed(table).columns.name, headed(table).index.name
    ('Answer', None)
    """
    if not isinstance(table, pd.DataFrame):
        return table
    named = " · ".join(str(name) for name in table.index.names if name)
    plain = table.rename_axis(index=[None] * table.index.nlevels)
    return plain.rename_axis(columns=named) if named and table.columns.nlevels == 1 else plain


def visible(table, length=44):
    """The rows of a table of shares that a picture can show, and one that counts the others.

    Parameters
    ----------
    table : pandas.DataFrame
        As from `frequencies.distribution` or `frequencies.breakdown`.
    length : int
        Characters that a label may have.

    Returns
    -------
    pandas.DataFrame
        Index: label. `result`, `percent`, `low`, `high`, `shown`, and `said`, the row in words.
    """
    options = table[(table["kind"] == "option") & (table["shown"].ne("") | table["base"].gt(0))]
    seen = options[options["percent"].notna()]
    said = [f"{number(p, 0)} percent" for p in seen["percent"]]
    rows = seen.assign(said=said).set_index("option")
    rows = rows.rename(index=lambda label: short(label, length))
    hidden = len(options) - len(seen)
    if hidden:
        word = "option" if hidden == 1 else "options"
        last = {"percent": np.nan, "shown": "withheld: few answers", "said": "withheld"}
        rows.loc[f"{hidden} other {word}"] = last
    return rows[["result", "percent", "low", "high", "shown", "said"]]


def wide(table):
    """Shares of several statements side by side: one row a statement, one column a part.

    Parameters
    ----------
    table : pandas.DataFrame
        As from `frequencies.distribution` or `frequencies.breakdown`, several put together.

    Returns
    -------
    pandas.DataFrame
        Text: percent and base in each cell, ``<5`` or ``…`` where it is withheld.
    """
    cells = [
        mark or f"{number(p)} (n = {number(base)})"
        for mark, p, base in zip(table["shown"], table["percent"], table["base"], strict=True)
    ]
    rows = table.assign(cell=cells)
    order = list(dict.fromkeys(rows["statement"])), list(dict.fromkeys(rows["option"]))
    shown = rows.pivot(index="statement", columns="option", values="cell")
    return shown.loc[order[0], order[1]].rename_axis(index=None, columns=None)


def spreads(told):
    """Numbers that respondents gave as they are shown, one row a question.

    Parameters
    ----------
    told : dict of str to pandas.Series
        By question, as from `frequencies.spread`.

    Returns
    -------
    pandas.DataFrame
        Text only; *withheld* where too few answered.
    """
    heads = {"n": "n", "mean": "Mean", "sd": "SD", "q1": "Quartile 1", "median": "Median"}
    table = pd.DataFrame(told).T.rename(columns=heads | {"q3": "Quartile 3"})
    shown = table.map(number).mask(table.isna(), "withheld")
    return shown.assign(n=[number(int(n)) for n in table["n"]])


def three_digits(table):
    """A table of tests or coefficients as coarse as a report prints them.

    Parameters
    ----------
    table : pandas.DataFrame

    Returns
    -------
    pandas.DataFrame
        Its floats rounded to three significant digits.

    Examples
    --------
    >>> three_digits(pd.DataFrame({"p": [0.00412345, 187.266], "n": [69, 91]})).values.tolist()
    [[0.00412, 69.0], [187.0, 91.0]]
    """
    rounded = table.select_dtypes("float").map(lambda number: float(f"{number:.3g}"))
    return table.assign(**rounded)


def odds(coefficients, confidence, named):
    """A table of odds ratios as it is shown.

    Parameters
    ----------
    coefficients : pandas.DataFrame
        As from `ordinal.ordinal_regression`.
    confidence : float
        Level of the intervals, a proportion.
    named : list of tuple of str
        Of each row in words: question, answer, and what that is compared with.

    Returns
    -------
    pandas.DataFrame
        Text only.
    """
    level = f"{100 * confidence:g}% interval"
    ends = zip(coefficients["low"], coefficients["high"], strict=True)
    shown = {
        "Against": [against for *_, against in named],
        "Odds ratio": [number(x, 2) for x in coefficients["odds_ratio"]],
        level: [interval(a, b, 2) for a, b in ends],
        "p": [p_value(p) for p in coefficients["p"]],
    }
    index = pd.MultiIndex.from_tuples([row[:2] for row in named])
    return pd.DataFrame(shown).set_axis(index)


def explored(study, item, table, hidden, confidence):
    """A table of shares as wide or as long as its item asks for.

    Parameters
    ----------
    study : Study
    item : Item
    table : pandas.DataFrame
        As from `frequencies.distribution`.
    hidden : dict of str to str
        What to withhold.
    confidence : float

    Returns
    -------
    pandas.DataFrame
        A grid one row a statement; a multi-response item with the percent of all its ticks.
    """
    if item.type == "grid":
        return wide(table[table["kind"] != "group"])
    found = shares(table, confidence=confidence)
    if item.type == "multi":
        ticks = study.answers[[f"{item.id}.{option.id}" for option in item.options]]
        responses = multi_response(ticks)["percent_of_responses"]
        total = hidden.get(f"responses:{item.key}", "")
        told = [total or m or number(x) for m, x in zip(table["shown"], responses, strict=False)]
        found["% of responses"] = [*told, *["–"] * len(item.groups)]
    return found
