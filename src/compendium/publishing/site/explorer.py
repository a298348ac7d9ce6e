"""The explorer: every released share of a study, by question and breakdown, on one page.

Its numbers are those of ``results/*.json`` and nothing else, so nothing is shown that was not cleared.
"""

import json

import markupsafe

from compendium.publishing.site.pages import page
from compendium.results import ResultId, mark
from compendium.survey.plan import counted_in
from compendium.wording import interval, number, why_not_shown

WORDS = "In their own words"


def explorer_page(instrument, results, codebook=None):
    """The page with its data, which the script ``explorer.js`` beside the style sheet draws.

    Parameters
    ----------
    instrument : Instrument
    results : dict of str to dict
        As from `results.read_results`.
    codebook : Codebook, optional
    """
    content = {"title": instrument.title, "questions": questions(instrument, results, codebook)}
    return page("explorer", kind=instrument.provenance, data=embedded(content))


def embedded(content):
    """JSON that can stand in a script block of a page, whatever its texts hold.

    Examples
    --------
    >>> print(embedded({"a": "</script><!-- & -->"}))
    {"a":"\\u003c/script\\u003e\\u003c!-- \\u0026 --\\u003e"}
    """
    text = json.dumps(content, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return markupsafe.Markup(text)


def questions(instrument, results, codebook=None):
    """What can be chosen, in the order of the questionnaire, with the shares that were released.

    Returns
    -------
    list of dict
        `id`, what the ids of its results start with; `section`; `label`; `tables`, by the id of the
        breakdown (empty for none), each with its `label` and `rows`. A row holds `id`, `of` and
        `group`, what is counted and among whom, and the number as `value`, `low`, `high` and as text.
    """
    shares = {}
    for id, result in results.items():
        named = ResultId.read(id)
        if result["unit"] == "percent" and ("count" in result or "withheld" in result):
            shares.setdefault(named.key, {}).setdefault(named.by or "", []).append((named, result))
    found = []
    titles = {section.id: section.title for section in instrument.sections}
    for key, item, label, of in counted_in(instrument, codebook):
        tables = {}
        for by, cells in shares.get(key, {}).items():
            among = instrument.item(by) if by else None
            rows = [
                _row(id, result, of[id.of], among.label_of(id.row) if among else "")
                for id, result in cells
                if id.of in of
            ]
            if rows:
                tables[by] = {"label": among.question if among else "", "rows": rows}
        if tables:
            within = item.question if item and item.type == "grid" else None
            section = within or (titles[item.section] if item else WORDS)
            found.append({"id": key, "section": section, "label": label, "tables": tables})
    return found


def _row(id, result, of, group):
    """One share, as numbers to draw and as text to read; a withheld one has its mark for a number."""
    known = result.get("value") is not None
    row = {"id": str(id), "of": of, "group": group}
    if not known:
        return row | {"shown": why_not_shown(mark(result)), "n": "–", "interval": "–"}
    drawn = {key: result[key] for key in ("value", "low", "high") if result.get(key) is not None}
    n = f"{number(result['count'])} of {number(result['base'])}" if "base" in result else "–"
    spread = interval(result.get("low"), result.get("high"))
    return row | drawn | {"shown": f"{number(float(result['value']))}%", "n": n, "interval": spread,
                          "method": result.get("method", "")}  # fmt: skip
