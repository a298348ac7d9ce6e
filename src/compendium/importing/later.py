"""A later export of a survey whose ``survey.yml`` was edited: what changed, and what goes on as before.

A column is found again by the platform's own id of it, its heading, or a heading that it had before;
else by the text of its question, if that stands once; else by its place between columns that were
found, or a nearly equal heading, and then a decision asks. What is found in no way leaves its item
without answers, and one says so; an answer that is none of an item's counts as not given until
``survey.yml`` has it.
"""

import difflib
import re
import unicodedata
from collections import Counter

import pandas as pd

from compendium.coding.fingerprints import MARK, key_of, owners, sealed
from compendium.files import read_csv
from compendium.importing.draft.decisions import Decision
from compendium.importing.draft.multiple_response import picks, pieces
from compendium.importing.mapping import missing_columns

NEAR = 0.75  # how alike two headings must be where nothing else tells
EARLIER = 3  # where, of what is known of a column, the headings begin that it had before
ALIKE = 0.5  # of what the instrument needs must be found, or the export is of another survey
SHOWN = 8  # values that a question quotes
PLAIN = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?")  # digits with a decimal point


def described(export, found):
    """How columns can be found again: by heading, the platform's id, the text, and what was guessed."""
    guessed = {name: one.item["type"] for one in found for name in one.fields}
    return {
        part.name: [list(part.key), _text(part), guessed.get(part.name, "")] for part in export.fields
    }


def _text(part):
    text = unicodedata.normalize("NFKC", f"{part.question} {part.part}").casefold()
    return re.sub(r"[\W_]+", " ", text).strip()


def found_again(before, now):
    """The columns of an export under the names that they had before, and how each was found.

    Parameters
    ----------
    before, now : dict
        As from `described`, in the order of the columns.

    Returns
    -------
    dict of str to tuple of str
        By name before: the name now, and ``""`` for the same heading, or ``id``, ``back`` for one that
        it had still earlier, ``text``, ``near`` or ``place``.
    """
    found = {}

    def take(how, keyed):
        old = _once(before, keyed, set(found))
        new = _once(now, keyed, {name for name, _ in found.values()})
        for key in (key for key in old if key in new):
            found[old[key]] = new[key], how if old[key] != new[key] else ""

    take("id", lambda name, told: tuple(told[0]))
    take("", lambda name, told: name)
    new = {name for name, _ in found.values()}
    for old, told in before.items():
        names = [name for name in told[EARLIER:] if name in now and name not in new]
        if old not in found and names:
            found[old] = names[-1], "back"
    take("text", lambda name, told: told[1])
    left = [name for name in now if name not in {new for new, _ in found.values()}]
    for name in [name for name in before if name not in found]:
        near = difflib.get_close_matches(name, left, n=1, cutoff=NEAR)
        if near:
            found[name] = near[0], "near"
            left.remove(near[0])
    return found | _by_place(before, now, found)


def _once(columns, keyed, taken):
    """Columns by what tells them, those left out that are found already or are not told apart by it."""
    keys = {name: keyed(name, told) for name, told in columns.items() if name not in taken}
    times = Counter(keys.values())
    return {key: name for name, key in keys.items() if key and times[key] == 1}


def _by_place(before, now, found):
    """Columns between the same neighbours, where they are as many and were guessed to be alike."""
    back = {new: old for old, (new, _) in found.items()}
    gaps = [_gaps(before, set(found), lambda n: n), _gaps(now, set(back), back.get)]
    pairs = [
        pair for gap, names in gaps[0].items() if names and len(names) == len(gaps[1].get(gap, ()))
        for pair in zip(names, gaps[1][gap], strict=True)
    ]  # fmt: skip
    asked = [pair for pair in pairs if before[pair[0]][2] or now[pair[1]][2]]
    same = sum(before[old][2] == now[new][2] for old, new in asked)
    return {old: (new, "place") for old, new in pairs} if asked and same >= ALIKE * len(asked) else {}


def _gaps(columns, anchors, named):
    """The columns between anchors, by the anchors on both sides."""
    found, gap, last = {}, [], ""
    for name in [*columns, ""]:
        if name in anchors or not name:
            found[last, named(name) or ""] = gap
            gap, last = [], named(name)
        else:
            gap.append(name)
    return found


def rewired(recipes, instrument, again):
    """Recipes with the names that columns have now; of columns named by hand as well."""
    names = {old: new for old, (new, how) in again.items() if how}

    def renamed(recipe):
        found = {k: names.get(v, v) if k in ("from", "beside") else v for k, v in recipe.items()}
        return found | {"text": renamed(recipe["text"])} if "text" in recipe else found

    found = {column: renamed(recipe) for column, recipe in recipes.items()}
    by_hand = {c for item in instrument.items for c in item.answer_columns().values()}
    by_hand |= {e.column for e in instrument.exclude if e.column} | set(instrument.beside_answers())
    for column in sorted(by_hand - set(found)):
        if column in names:
            found[column] = {"take": "value", "from": names[column]}
    return found


def source_of(recipes):
    """The column of ``responses.csv`` that is made of each of the export, where one is."""
    found = {recipe["text"]["from"]: column for column, recipe in recipes.items() if "text" in recipe}
    return found | {recipe["from"]: column for column, recipe in recipes.items()}


# ---- what is asked


def asked_again(memory, instrument, again, recipes):
    """Ask about columns that were found by their place or by a heading that is nearly the same."""
    items = {column: item.id for item in instrument.items for column in item.columns().values()}
    by_source, found = source_of(recipes), []
    texts = {item.question for item in instrument.items}  # who wrote it into survey.yml knows
    why = {"near": "its heading is nearly the same", "place": "it stands at the same place"}
    for old, (new, how) in again.items():
        item = items.get(by_source.get(new, ""))
        if how in why and item and new not in texts:
            found.append(
                Decision(
                    f"Is '{new}' the question that was '{old}'?", why[how], item,
                    source="new", kind="renamed",
                    edit="if not, write as its 'column' which heading it is, or take the item out",
                )
            )  # fmt: skip
    back = {items.get(by_source.get(new, "")) for new, how in again.values() if how == "back"}
    for one in _unsettled(memory, instrument):
        if one["item"] not in back and one["question"] not in {new.question for new in found}:
            fields = {key: one[key] for key in ("question", "why", "item", "source", "kind", "edit")}
            found.append(Decision(**fields))
    known = {item.id: item for item in instrument.items}
    return [one for one in found if one.kind not in known[one.item].decided]


def _unsettled(memory, instrument):
    """What was asked of headings before and ``survey.yml`` answers neither by `decided` nor by text."""
    open_now = {
        item.id for item in instrument.items
        if "renamed" not in item.decided and item.question not in memory["fields"]
    }  # fmt: skip
    asked = [one for one in memory.get("decisions", []) if one["kind"] == "renamed"]
    return [one for one in asked if one["item"] in open_now]


def with_earlier_names(told, memory, instrument, again, recipes):
    """How columns can be found again, with the headings that they had before; changes `told`.

    A heading is forgotten where it gives way before anybody settled that it was the same question.
    """
    items = {column: item.id for item in instrument.items for column in item.columns().values()}
    by_source = source_of(recipes)
    unsettled = {one["item"] for one in _unsettled(memory, instrument)}
    for old, (new, how) in again.items():
        earlier = [name for name in memory["fields"][old][EARLIER:] if name != new]
        if how and not (how == "back" and items.get(by_source.get(new, "")) in unsettled):
            earlier.append(old)
        told[new] += earlier


def without_answers(survey, path, instrument, recipes, export):
    """Give columns that are gone as empty ones, and ask about them; refuse another survey's export.

    Raises
    ------
    ValueError
        Where a column is gone that decides who is counted, or most are.
    """
    missing = missing_columns(instrument, recipes, export)
    if not missing:
        return []
    items = {column: item for item in instrument.items for column in item.columns().values()}
    gates = {e.item for e in instrument.exclude if e.item}
    gone = {}
    for column, source in missing:
        item = items.get(column)
        if item is None or item.id in gates:
            near = difflib.get_close_matches(source, list(export.values), n=1)
            hint = f" (is it '{near[0]}'?)" if near else ""
            made = "" if column == source else f", made of '{source}'"
            raise ValueError(
                f"{path}: has no column '{source}'{hint}, but {survey} names '{column}'{made}, which "
                "decides who is counted; correct 'column' there, or export the survey with it. "
                "Nothing was changed."
            )
        gone.setdefault(item.id, []).append(source)
    asked = [item for item in instrument.items if item.columns()]
    if len(gone) > (1 - ALIKE) * len(asked):
        raise ValueError(
            f"{path}: {len(gone)} of the {len(asked)} items of {survey} are not in it: is it the "
            "export of another survey? Give it another NAME. Nothing was changed."
        )
    for source in {source for sources in gone.values() for source in sources}:
        export.values[source] = pd.Series("", index=export.values.index, dtype="str")
    return [
        Decision(
            f"Where are the answers to '{', '.join(dict.fromkeys(sources))}'?",
            "the export has no such column any more, and none in its place", id,
            source="new", kind="gone",
            edit="name under 'column' the heading that holds them now, or take the item out",
        )
        for id, sources in gone.items()
    ]  # fmt: skip


def unlisted(instrument, path, frame, found, recipes, export):
    """Empty the answers that an edited item cannot have, and ask about them; changes the table.

    Only wordings that the draft would list, which are nobody's own, are quoted.

    Raises
    ------
    ValueError
        Where such answers decide who is counted.
    """
    keys = ("options", "points", "dont_know")
    quotable = {o.get("value", o["label"]) for one in found for k in keys for o in one.item.get(k, [])}
    asked, gates = [], {e.item for e in instrument.exclude if e.item}
    for item in instrument.items:
        allowed = {"", *item.missing}
        allowed |= {raw for o in [*item.choices, *item.dont_know] for raw in [o.raw, *o.also]}
        if item.type == "multi":
            allowed |= {"0", "1"}
        odd = _beside_options(item, recipes, export)
        for column in () if item.type == "text" else item.answer_columns().values():
            values = frame[column].str.strip()
            for value, count in values.value_counts().items():
                numeric = item.type == "number" and PLAIN.fullmatch(value)
                if value not in allowed and not numeric:
                    odd[value] += count
                    frame[column] = frame[column].mask(values == value, "")
        if odd and item.id in gates:
            raise ValueError(
                f"{path}: {odd.total():,} answers to '{item.id}', which decides who counts, are none "
                f"of its options{_quoted(odd, quotable)}; add each to 'also' of the option that it "
                "means, or export the survey in the language of survey.yml. Nothing was changed."
            )
        if odd:
            asked.append(_unlisted_decision(item, odd, quotable))
    return asked


def _beside_options(item, recipes, export):
    """What stands in cells of several options, and is none of them, where no *Other* takes it."""
    own = [recipes[column] for column in item.answer_columns().values() if column in recipes]
    joined = [recipe for recipe in own if recipe["take"] == "option"]
    odd = Counter()
    if not joined or any(recipe["take"] == "rest" for recipe in own):
        return odd
    source, separator = joined[0]["from"], joined[0]["separator"]
    options = [*(recipe["option"] for recipe in joined), *(option.raw for option in item.options)]
    for cell, count in export.values[source].str.strip().value_counts().items():
        rest = picks(cell, options, separator)[1] if cell not in ("", *item.missing) else ""
        odd.update(dict.fromkeys(pieces(rest, separator), count))
    return odd


def _quoted(odd, quotable):
    named = [f"'{value}'" for value in odd if value in quotable][:SHOWN]
    return f" ({', '.join(named)})" if named else ""


def _unlisted_decision(item, odd, quotable):
    named = [value for value, _ in odd.most_common() if value in quotable]
    rest = len(odd) - len(named[:SHOWN])
    said = [f"'{value}'" for value in named[:SHOWN]] + ([f"{rest} others"] if rest and named else [])
    what = ", ".join(said) or f"{rest} values that were not expected"
    edit = "add an option with the wording as 'value', or the wording to 'also' of the option it means"
    if item.type == "number":
        edit = "add what stands for no answer to 'missing', or correct the export"
    question = f"What are these answers, which are none of the item's: {what}?"
    why = f"{odd.total():,} answers of this export have them"
    return Decision(question, why, item.id, source="new", kind="unlisted", edit=edit, rows=odd.total())


def codings_apart(folder, instrument, frame):
    """Ask about codings whose text is no longer where it was coded."""
    coding, apart, elsewhere = folder / "coding", 0, 0
    files = sorted(coding.glob("*.csv"))
    key = key_of(instrument.provenance == "synthetic", coding) if files else None
    if key is None:
        return []
    respondents = frame[instrument.respondent or "respondent"].astype(str)
    texts = [
        pd.DataFrame({"respondent": respondents, "item": item.id, "text": frame[column]})
        for item in instrument.of_type("text") for column in item.answer_columns().values()
    ]  # fmt: skip
    here = pd.concat([*texts, pd.DataFrame(columns=["respondent", "item", "text"])])
    here = sealed(here[here["text"].astype("str").str.strip() != ""], key)
    now = set(here[["respondent", "item", MARK]].itertuples(index=False, name=None))
    known = owners(here)
    for path in files:
        rows = read_csv(path)
        if MARK not in rows:
            continue
        for row in rows[["respondent", "item", MARK]].itertuples(index=False, name=None):
            if row[2] and row not in now:
                apart += 1
                elsewhere += len(known.get(row[1:], [])) == 1
    if not apart:
        return []
    question = f"May {apart} codings be moved to the texts that they were given to, or be set aside?"
    why = f"the text of {elsewhere} stands with another respondent now, that of the others is gone"
    edit = f"make reattach STUDY={folder.name}"
    return [Decision(question, why, source="new", kind="codings", edit=edit, rows=apart)]


# ---- what is told


def changes(memory, again, export, found):
    """What is other than in the last export, in sentences: rows, columns, types, options."""
    if not memory["fields"]:
        return []
    said = []
    if memory["rows"] != len(export.values):
        said.append(f"{len(export.values):,} rows, {memory['rows']:,} before")
    now, before = [part.name for part in export.fields], list(memory["fields"])
    said += [f"'{old}' is now '{new}'" for old, (new, how) in again.items() if how]
    said += [f"'{name}' is gone" for name in before if name not in again]
    back = {new: old for old, (new, _) in again.items()}
    said += [f"'{name}' is new" for name in now if name not in back]
    if [back[name] for name in now if name in back] != [name for name in before if name in again]:
        said.append("the columns stand in another order")
    guessed = {tuple(one["columns"]): one for one in memory["guessed"]}
    for one in found:
        was = guessed.get(tuple(back.get(name, name) for name in one.fields))
        if was and was["type"] != one.item["type"]:
            said.append(f"'{was['item']}' looks like {one.item['type']}, before like {was['type']}")
        elif was and "drafted" in was:
            said += _new_options(was["item"], one, was["drafted"]["choices"])
    return said


def _new_options(id, one, before):
    """Options that are new or gone; an option is none that is respondents' own words."""
    keys = ("options", "points", "dont_know")
    now = [o.get("value", o["label"]) for key in keys for o in one.item.get(key, [])]
    said = [(raw, "new") for raw in now if raw not in before]
    said += [(raw, "no longer chosen") for raw in before if raw not in now]
    return [f"'{id}': the option '{raw}' is {what}" for raw, what in said]
