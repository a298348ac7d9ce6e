"""The one gate that every count of a protected study passes on its way out.

What is withheld is decided over the counts that `counts.published_counts` knows. A count that it does
not know was never weighed against the others: it is refused here, not shown.
"""

import pandas as pd

from compendium.results import ResultId, row_id

# Counts of rows, texts, codings and universes. Who answered what is in none of them.
OF_NO_ANSWER = ("sample.", "missing.", "themes.answers", "themes.coded_respondents", "themes.masked",
                "themes.disagreements", "themes.saturation.", "themes.rules.", "themes.sets.",
                "themes.agreement.", "themes.programs.", "multiverse.")  # fmt: skip
AGAIN = ".exact"  # a second interval of a result
# Whole numbers in tables that count nobody's answer: who gave none, texts, what a test rests on, and
# what was published.
OF_NO_COUNT = {"answered", "unanswered", "dont_know", "not_ticked", "skipped", "not_asked", "answers",
               "differed", "base", "n", "df", "Percent", "Base"}  # fmt: skip


def refuse_uncleared(cells, hidden, records=(), tables=()):
    """Refuse a count that was not decided on, that is withheld, or that is another than was decided on.

    Parameters
    ----------
    cells : dict of str to int
        As from `counts.published_counts`.
    hidden : collection of str
        As from `counts.suppressed_counts`.
    records : sequence of dict
        Named results, as `results.record` takes them.
    tables : sequence of pandas.DataFrame
        Tables to be written. `result` names what `count` counts of `base`; that of any other column
        of counts has its name and ``_result``.

    Raises
    ------
    ValueError
        It names the result, or the column of whole numbers that nothing names.

    Examples
    --------
    >>> cells = {"s.use.a": 3, "s.use.b": 30, "base:s.use": 33}
    >>> refuse_uncleared(cells, {"s.use.a": "<5"}, [{"id": "s.use.b", "count": 30, "base": 33}])
    >>> refuse_uncleared(cells, {}, [{"id": "s.use.c", "count": 2}])
    Traceback (most recent call last):
    ValueError: result 's.use.c' counts answers and was not decided on: see disclosure.counts.
    """
    for fields in records:
        id = str(fields["id"]).removesuffix(AGAIN)
        count = fields.get("count")
        if count is None and fields["id"] == id and fields.get("unit") == "count":
            count = fields.get("value")
        _pass(id, count, fields.get("base"), cells, hidden)
    for table in tables:
        whole = [name for name in table if pd.api.types.is_integer_dtype(table[name])]
        for column in dict.fromkeys([*whole, *table.columns.intersection(["count"])]):
            names = "result" if column == "count" else f"{column}_result"
            if names not in table and column in OF_NO_COUNT:
                continue
            if names not in table:
                raise ValueError(
                    f"the column '{column}' of a table names no results, so nothing was decided on it."
                )
            bases = table["base"] if column == "count" else [None] * len(table)
            for id, count, base in zip(table[names], table[column], bases, strict=True):
                _pass(id, count, base, cells, hidden)


def _pass(id, count, base, cells, hidden):
    """One count and its base."""
    count, base = (None if number is None or pd.isna(number) else number for number in (count, base))
    known = id in cells or id in hidden  # nobody said don't know: marked, and in no table
    if not known and base == 0 == count:  # skip logic put the question to nobody of these
        return
    if count is not None and not id.startswith(OF_NO_ANSWER):
        if not known:
            raise ValueError(
                f"result '{id}' counts answers and was not decided on: see disclosure.counts."
            )
        if id in hidden or int(count) != cells[id]:
            raise ValueError(f"result '{id}' is {count}, which is withheld or another than decided on.")
    if base is None or not known:
        return
    name = _base(id)
    # Who does not know is in the base of no other answer; that base less the other is their count.
    allowed = {cells.get(name), cells.get(name, 0) + cells.get(id, 0)}
    if name in hidden or int(base) not in allowed or (int(base) != cells.get(name) and id in hidden):
        raise ValueError(
            f"the base of result '{id}' is {base}, which is withheld or was not decided on."
        )


def _base(id):
    """Name of the base of a share, or of two codes that the same respondents raise."""
    parts = ResultId.read(id.removeprefix("both:").partition(" & ")[0])
    of_words = parts.key.startswith("themes.") or (
        parts.key.startswith("integration.") and parts.of == "said"
    )
    name = "base:themes" if of_words else f"base:{parts.key}"
    return name if parts.by is None else row_id(name, parts.by, parts.row)
