"""Guesses items of several columns or several answers a cell: grids and multi-response questions."""

from collections import Counter
from dataclasses import replace

from compendium.files import unique
from compendium.importing.draft.joined import FEW as MANY
from compendium.importing.draft.joined import options_in, picks
from compendium.importing.draft.numerals import numbers
from compendium.importing.draft.points import (
    FEW,
    holds_contact,
    in_order,
    is_open,
    options_of,
    own_words,
    split_unsure,
)
from compendium.importing.draft.profile import Guess, ask
from compendium.importing.draft.scales import known_scale, plain

YES_NO = {"yes", "no", "y", "n", "ja", "nein", "oui", "non", "sí", "si"}
WIDEST_SCALE = 11


def guess_ticks(run, view):
    """A multi-response item with a column an option.

    Parameters
    ----------
    run : list of Field
        Of one group.
    view : View

    Returns
    -------
    Guess or None
        None when a column holds more than a tick and its absence.
    """
    run = [replace(part, role="answer") if _ticked(part, view) else part for part in run]
    main = [part for part in run if part.role == "answer"]
    ticks = {part.name: _tick(part, view) for part in main}
    used = [label for part in main if (label := (ticks[part.name] or ("",))[0])]
    if not main or None in ticks.values() or not _are_ticks(main, ticks, view):
        return None
    if any(map(holds_contact, used)):
        return None
    item = {"id": view.item_id(run), "type": "multi", "question": run[0].question, "options": []}
    recipes, fields, taken = {}, [], set()
    for part in run:
        yes, no = ticks.get(part.name, ("", []))
        label = part.part or part.name
        if yes and not _generic(part, yes, view):
            label = view.export.labels.get(part.name, {}).get(yes, yes)
        (option,) = options_of([label], taken=taken)
        option |= {"column": view.column(part)}
        option.pop("value", None)
        if plain(label) in view.known.exclusive:
            option["exclusive"] = True
        beside = view.besides.get(part.name) or (part if part.role == "other" else None)
        take = "filled" if part.role == "other" else "tick"
        recipe = {"take": take, "from": part.name}
        recipe |= ({"yes": yes} if yes else {}) | ({"no": no} if no else {})
        if beside is not None:
            option["text"] = True
            recipe["text"] = {"take": "text", "from": beside.name}
            fields += [beside.name]
        item["options"].append(option)
        recipes[option["column"]] = recipe
        fields.append(part.name)
    why = "each of its columns holds one value, a tick"
    return Guess(item, recipes, list(dict.fromkeys(fields)), why, _ask_ticks(item, main, ticks, view))


def _tick(part, view):
    """The value that ticks and those that do not; None when there are more."""
    labels = view.export.labels.get(part.name, {})
    words = {value: plain(labels.get(value, value)) for value in view.counts(part.name)}
    no = [v for v, word in words.items() if word in view.known.unticked and word != plain(part.part)]
    yes = [value for value in words if value not in no]
    return (yes[0] if yes else "", no) if len(yes) < 2 else None


def _ticked(part, view):
    """Whether an option such as Other is ticked after all, and not filled with words."""
    tick = _tick(part, view) if part.role == "other" else None
    return bool(tick) and bool(tick[0]) and (_generic(part, tick[0], view) or tick[0] == part.part)


def _generic(part, yes, view):
    """Whether a tick is a tick in any column, such as 1 or Yes, and not the option's own label."""
    word = plain(view.export.labels.get(part.name, {}).get(yes, yes))
    return word in view.known.ticked and word != plain(part.part)


def _are_ticks(main, ticks, view):
    """Ticks are one general word, or each column's own label; Yes beside No is a scale of two."""
    used = {part.name: ticks[part.name][0] for part in main if ticks[part.name][0]}
    generic = [_generic(part, used[part.name], view) for part in main if part.name in used]
    if not used:
        return True
    if not all(generic):
        own = all(plain(used[p.name]) == plain(p.part) for p in main if p.name in used)
        return own or (len(set(used.values())) == len(used) > 1 and not any(generic))
    words = {plain(value) for yes, no in ticks.values() for value in [yes, *no] if value}
    says_no = any(no for _, no in ticks.values())
    return view.export.platform in ("limesurvey", "spss") or not (says_no and words <= YES_NO)


def _ask_ticks(item, main, ticks, view):
    """What the ticks leave open: shown and nothing ticked, and never more than one ticked."""
    asks, ticked, seen = [], 0, None
    for part in main:
        yes = view.kinds[part.name].index(ticks[part.name][0]) if ticks[part.name][0] else None
        ticked = ticked + (view.codes[part.name] == yes)
        shown = view.export.seen.get(part.name)
        seen = shown if seen is None else seen | shown if shown is not None else seen
    exclusive = any(option.get("exclusive") for option in item["options"])
    empty = 0 if seen is None else int((seen.to_numpy() & (ticked == 0)).sum())
    if empty and not exclusive:
        asks.append(
            ask(
                f"Does nothing apply to those who were shown this and ticked nothing ({empty})?",
                "they count as having ticked none; the export cannot tell them from those who passed "
                "over the question",
            )
        )
    if len(ticked) >= 20 and len(main) > 1 and ticked.max() == 1:
        why = "several answers, and by some platforms single ones, are exported with a column an option"
        asks.append(ask("Is this a single choice? Nobody ticked more than one.", why))
    return asks


def guess_grid(run, view):
    """A grid: several statements on one scale.

    Parameters
    ----------
    run : list of Field
        Of one group.
    view : View

    Returns
    -------
    Guess or None
        None when the columns have no scale in common.
    """
    main = [part for part in run if part.role == "answer"]
    tallies = [view.counts(part.name) for part in main]
    union = sum(map(Counter, tallies), Counter())
    labels = view.export.labels.get(main[0].name, {}) if main else {}
    if len(main) < 2 or any(view.export.labels.get(part.name, {}) != labels for part in main):
        return None
    words = is_open(union) or _joined_cells(union, view) or any(map(holds_contact, union))
    if not labels and words:
        return None
    sure, unsure = split_unsure(list(union), labels, view.known)
    points, scale = in_order(sure, labels, view.known)
    counted = view.known.headings["counted"].search(run[0].question)
    digits = numbers(dict.fromkeys(sure, 1)) and not labels
    if (digits and (scale != "numbers" or counted)) or len(points) > WIDEST_SCALE:
        return None
    if not scale and not _alike(tallies, labels):
        return None
    why, asks = explain_scale(scale, points, union)
    if not scale:
        points, asks = _in_doubt(points, labels, view)
        why = "its values are few"
    item = {"id": view.item_id(main), "type": "grid", "question": run[0].question}
    item |= points_of(points, unsure, labels)
    statements = options_of([part.part or part.name for part in main])
    for statement, part in zip(statements, main, strict=True):
        statement.pop("value", None)
        statement["column"] = view.column(part)
    item["statements"] = statements
    takes = zip(statements, main, strict=True)
    recipes = {s["column"]: {"take": "value", "from": part.name} for s, part in takes}
    if main[0].group.startswith("grid "):
        left_out = "the export leaves it out; they stand together and share a scale"
        asks = [ask("How does the question over these statements run?", left_out), *asks]
    why = f"its columns share one scale; {why}"
    return Guess(item, recipes, [part.name for part in main], why, asks)


def _joined_cells(union, view):
    separators = (";", ", ") if view.export.platform == "google" else ()
    return any(options_in(union, separator) for separator in separators)


def _alike(tallies, labels):
    """Whether columns whose order nobody knows share their values, as statements on a scale do."""
    if labels:
        return True
    filled = [set(tally) for tally in tallies if tally]
    times = Counter(value for values in filled for value in values)
    shared = [sum(times[value] > 1 for value in values) / len(values) for values in filled]
    return len(filled) > 1 and min(shared) >= 0.5


def _in_doubt(points, labels, view):
    """Points whose order is not known: no before yes, else as they first occur, and a question."""
    texts = [labels.get(value, value) for value in points]
    found = known_scale(texts, view.known, choices=True)
    if found:
        back = dict(zip(texts, points, strict=True))
        return [back[text] for text in reversed(found[1]) if text in back], []
    order = "in which they are coded" if labels else "in which they first occur"
    question = f"In which order do the points stand: {', '.join(texts)}?"
    return points, [ask(question, f"no known scale has them; they are in the order {order}")]


def explain_scale(scale, points, chosen):
    """Why values are taken for a scale, and what to decide about it.

    Parameters
    ----------
    scale : str
        As `in_order` gives it.
    points : list of str
    chosen : collection of str
        What anybody chose.

    Returns
    -------
    why : str
    asks : list of dict

    Examples
    --------
    >>> why, asks = explain_scale("ends", ["0 - Never", "1", "2 - Daily"], {"0 - Never", "2 - Daily"})
    >>> asks[0]["question"]
    'Is 1 a point of this scale? Nobody chose it.'
    """
    added = [point for point in points if point not in chosen]
    numeric, found = scale in ("numbers", "ends"), []
    if scale == "numbers":
        question = f"What do the points {points[0]} to {points[-1]} mean, and are they all there?"
        found.append(ask(question, "the export has numbers without labels"))
    if numeric and added:
        be, are, them = ("Are", "points", "any") if len(added) > 1 else ("Is", "a point", "it")
        question = f"{be} {', '.join(added)} {are} of this scale? Nobody chose {them}."
        found.append(ask(question, "what is missing between numbers that were chosen was added"))
    if numeric:
        some = ", some with a label" if scale == "ends" else ""
        return f"its values are a few whole numbers{some}", found
    if scale == "bands":
        return "its values are bands, put in the order of their numbers", []
    return f"its values are points of the known scale '{scale}'", []


def points_of(points, unsure, labels):
    """Points of a scale and what is kept beside them, with ids of their own.

    Parameters
    ----------
    points, unsure : list of str
    labels : dict of str to str

    Returns
    -------
    dict
        The keys `points` and, where there is any, `dont_know` of an item.
    """
    taken = set()
    found = {"points": options_of(points, labels, taken)}
    return found | ({"dont_know": options_of(unsure, labels, taken)} if unsure else {})


def guess_joined(part, options, separator, counts, view):
    """A multi-response item whose ticks stand together in one cell.

    Parameters
    ----------
    part : Field
    options : list of str
        From `options_in`.
    separator : str
    counts : dict of str to int
    view : View

    Returns
    -------
    Guess
    """
    options = _without_own_words(options, separator, counts, view)
    item = {"id": view.item_id([part]), "type": "multi", "question": part.question}
    item["options"] = options_of(options)
    source = {"from": part.name, "separator": separator}
    recipes = {}
    for option, raw in zip(item["options"], options, strict=True):
        option.pop("value", None)
        option["column"] = unique(f"{item['id']}_{option['id']}", view.columns)
        if plain(raw) in view.known.exclusive:
            option["exclusive"] = True
        recipes[option["column"]] = {"take": "option", "option": raw} | source
    why = (
        f"several options stand in one cell, parted by '{separator}', and the export does not list them"
    )
    asks = [ask(f"Are these the options: {'; '.join(options[:12])}?", why)]
    rests = {rest for rest in (picks(cell, options, separator)[1] for cell in counts) if rest}
    fields, beside = [part.name], view.besides.get(part.name)
    named = [o for o in item["options"] if plain(o["label"]) in view.known.other]
    if beside is not None and named:
        named[-1]["text"] = True
        recipes[named[-1]["column"]]["text"] = {"take": "text", "from": beside.name}
        fields.append(beside.name)
    elif rests:
        other = _other_option(item, view)
        text = {"take": "rest_text"} | source
        recipes[other["column"]] = {"take": "rest"} | source | {"text": text}
        asks.append(ask_written(rests))
    return Guess(item, recipes, fields, f"its cells hold options parted by '{separator}'", asks)


def _without_own_words(options, separator, counts, view):
    """Options without what is the respondents' own; one option at least stays."""
    often, once = Counter(), []
    for cell, count in counts.items():
        picked, rest = picks(cell, options, separator)
        often.update(dict.fromkeys(picked, count))
        once += [rest] if rest else []
    few = sum(counts.values()) < MANY
    own = own_words(options, often, [] if few else once, view.known)
    return [option for option in options if option not in own] or options


def _other_option(item, view):
    """Add the option *Other*, with a text, to a multi-response item."""
    taken = {option["id"] for option in item["options"]}
    other = {"id": unique("other", taken), "label": "Other", "text": True}
    labels = {plain(option["label"]) for option in item["options"]}
    other["label"] = "Other" if "other" not in labels else "Other (in their own words)"
    other["column"] = unique(f"{item['id']}_{other['id']}", view.columns)
    item["options"].append(other)
    return other


def ask_written(texts):
    """Ask whether any of the respondents' own texts is an option after all; none is quoted.

    Parameters
    ----------
    texts : collection of str

    Returns
    -------
    dict
    """
    why = (
        f"what fewer than {FEW} respondents have, and what holds an e-mail address or a telephone "
        "number, was taken for their own words beside Other"
    )
    return ask(f"Is any of {len(texts)} texts beside Other an option of the questionnaire?", why)
