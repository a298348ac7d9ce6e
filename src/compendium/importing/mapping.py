"""Makes the columns of ``responses.csv`` from an export, column by column as recipes say.

A recipe is plain data and stands in ``import.json``: `take` says what is done, `from` names a column of
the export. The instrument decides which columns are made, so an edited one is served as well.
"""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from compendium.importing.draft.multiple_response import picks

NUMERIC = ("number", "text", "value")  # what can be read as numbers instead
NO_TICK = [
    "0", "No", "N", "False", "FALSE", "NO", "no", "false", "Nein", "nein", "Non", "non", "Unchecked",
    "Not selected", "Not checked",
]  # fmt: skip


def missing_columns(instrument, recipes, export):
    """Columns that the instrument names and that cannot be made."""
    found = []
    for item in instrument.items:
        for column, recipe in _needed(item, recipes).items():
            text = recipe.get("text", {})
            sources = [recipe["from"], text.get("from"), recipe.get("beside"), text.get("beside")]
            found += [(column, s) for s in sources if s and s not in export.values]
    extra = [*(e.column for e in instrument.exclude if e.column), *instrument.beside_answers()]
    found += [(c, recipes.get(c, {"from": c})["from"]) for c in extra
              if recipes.get(c, {"from": c})["from"] not in export.values]  # fmt: skip
    return found


def make_columns(instrument, recipes, export):
    """The columns that an instrument names, as text."""
    made = {}
    for item in instrument.items:
        recipes_of, cells = _needed(item, recipes), {}
        columns = {c: _take(item, r, export, recipes_of, cells) for c, r in recipes_of.items()}
        if item.type == "multi":
            columns = _with_nothing(item, recipes_of, columns, export)
        for column, recipe in _beside(item, recipes_of).items():
            columns[column] = pd.Series("", index=export.values.index, dtype="str")
            if recipe is not None:
                columns[column] = _take(item, recipe, export, recipes_of, cells)
        made |= columns
    for column in [*(e.column for e in instrument.exclude if e.column), *instrument.beside_answers()]:
        if column not in made:
            made[column] = export.values[recipes.get(column, {"from": column})["from"]]
    return pd.DataFrame(made, index=export.values.index)


def ticks_of(recipes, export):
    """Which options are ticked, before there is an instrument."""
    cells = {}
    made = [_take(None, recipe, export, recipes, cells) for recipe in recipes.values()]
    return np.column_stack([(column == "1").to_numpy() for column in made])


def _needed(item, recipes):
    """The recipe of each column of an item, the texts beside options left out."""
    named = item.answer_columns()
    if item.type == "multi":
        return _of_options(item, named, recipes)
    take = {"number": "number", "text": "text"}.get(item.type, "value")
    found = {c: recipes.get(c, {"take": take, "from": c}) for c in named.values()}
    if item.type == "number":  # whatever it was first taken for
        return {c: r | {"take": "number"} if r["take"] in NUMERIC else r for c, r in found.items()}
    return found


def _beside(item, recipes):
    """The recipe of the text beside each option that has one, by its column; None if not known."""
    columns, found = item.columns(), {}
    for option in item.options:
        if option.text:
            of = columns.get(f"{item.id}.{option.id}", columns.get(item.id))
            found[columns[f"{item.id}.{option.id}.text"]] = recipes[of].get("text")
    return found


def _of_options(item, named, recipes):
    """Recipes of a multi-response item; an option added by hand is looked for where the others are."""
    joined = [recipes[c] for c in named.values() if recipes.get(c, {}).get("take") == "option"]
    found = {}
    for column, option in zip(named.values(), item.options, strict=True):
        if recipes.get(column, {}).get("take") == "value":  # first taken for a choice
            found[column] = {"take": "tick", "from": recipes[column]["from"], "no": NO_TICK}
        elif column in recipes:
            found[column] = recipes[column]
        elif joined:
            found[column] = joined[0] | {"option": option.raw}
        else:
            found[column] = {"take": "tick", "from": column, "no": NO_TICK}
    return found


def _take(item, recipe, export, recipes, cells):
    """One column, by the name of its recipe."""
    take = recipe["take"]
    if take == "text":
        return export.values[recipe["from"]]
    values = export.stripped(recipe["from"])
    gone = recipe.get("missing", []) if item is None else item.missing
    if take == "value":
        return values
    if take == "number":
        return _decimal(values, recipe)
    if take == "filled":
        return _text((values != "") & ~values.isin(gone), "1", "")
    if take == "tick":
        no = values.isin(recipe.get("no", ["0"]))
        empty = (values == "") | values.isin(gone)
        yes = values == recipe["yes"] if recipe.get("yes") else ~empty & ~no
        # What is neither stays as it is, and the study's reader refuses it by row and column.
        return values.mask(no, "0").mask(yes, "1")
    if take == "choice":
        written = export.values[recipe["beside"]].str.strip() != ""
        return values.mask((values == "") & written, recipe["other"])
    if take in ("listed", "unlisted"):
        raws = {raw for o in [*item.choices, *item.dont_know] for raw in [o.raw, *o.also]}
        own = ~values.isin([*(raws - {recipe.get("other")}), *gone, ""])
        beside = export.values[recipe["beside"]] if "beside" in recipe else None
        if take == "unlisted":
            return values.where(own, "" if beside is None else beside)
        written = False if beside is None else (values == "") & (beside.str.strip() != "")
        return values.mask(own | written, recipe["other"])
    return _from_joined(recipe, values, recipes, cells, gone)


def _text(hit, yes, no):
    return pd.Series(np.where(hit, yes, no), index=hit.index, dtype="str")


def _decimal(values, recipe):
    """Digits with a decimal point, without their unit."""
    for unit in recipe.get("strip", []):
        values = values.str.replace(unit, "", regex=False)
    if "strip" in recipe:
        values = values.str.strip()
    if recipe.get("thousands"):
        values = values.str.replace(recipe["thousands"], "", regex=False)
    if recipe.get("decimal", ".") == ",":
        values = values.str.replace(",", ".", regex=False)
    return values


def _from_joined(recipe, values, recipes, cells, gone):
    """An option, or what no option accounts for, from cells that hold several."""
    source = recipe["from"]
    if source not in cells:
        codes, kinds = pd.factorize(values.mask(values.isin(gone), ""))
        options = [r["option"] for r in recipes.values() if "option" in r]
        cells[source] = codes, [picks(kind, options, recipe["separator"]) for kind in kinds]
    codes, picked = cells[source]
    if recipe["take"] == "rest_text":
        found = [rest for _, rest in picked]
    elif recipe["take"] == "rest":
        found = ["1" if rest else "" for _, rest in picked]
    else:
        found = ["1" if recipe["option"] in hits else "" for hits, _ in picked]
    return pd.Series(np.array(found, dtype=object)[codes], index=values.index, dtype="str")


def _with_nothing(item, recipes, columns, export):
    """Zeros where the item was shown and nothing ticked, if leaving it empty is an answer."""
    seen = [export.seen[r["from"]] for r in recipes.values() if r["from"] in export.seen]
    if not seen or any(option.exclusive for option in item.options):
        return columns
    shown = pd.concat(seen, axis=1).any(axis=1)
    ticked = pd.concat([column == "1" for column in columns.values()], axis=1).any(axis=1)
    return {name: column.mask(shown & ~ticked, "0") for name, column in columns.items()}


def csv_parts(frame, rows=20_000):
    """A table of text as CSV, quoted only where needed, as Python's ``csv`` would write it."""
    yield _csv_lines([pa.array([str(name)], pa.large_string()) for name in frame.columns])
    columns = [values if isinstance(values.dtype, pd.StringDtype) else values.astype("str")
               for _, values in frame.items()]  # fmt: skip
    columns = [pa.array(values, pa.large_string()) for values in columns]
    for start in range(0, len(frame), rows):
        yield _csv_lines([column.slice(start, rows) for column in columns])


def _csv_lines(columns):
    """The columns side by side, cells with a comma, a quote or a line break quoted."""
    comma, quote, nothing = (pa.scalar(sign, pa.large_string()) for sign in (",", '"', ""))
    cells = []
    for column in columns:
        special = pc.match_substring_regex(column, r'[",\n\r]')
        if pc.any(special).as_py():
            doubled = pc.replace_substring(column, '"', '""')
            quoted = pc.binary_join_element_wise(quote, doubled, quote, nothing)
            column = pc.if_else(special, quoted, column)
        cells.append(column)
    lines = pc.binary_join_element_wise(*cells, comma)
    return "\n".join([*lines.to_pylist(), ""]).encode("utf-8")
