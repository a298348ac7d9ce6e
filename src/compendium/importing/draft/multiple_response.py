"""Guesses multi-response items: ticks over columns, or options that stand together in one cell.

No export with options in one cell lists them, and options may hold what parts them, so they are worked
out from all cells: pieces that only ever stand side by side are one option, what one respondent alone
wrote is no option but an *Other*.
"""

import graphlib
import itertools
import re
from collections import Counter, defaultdict
from dataclasses import replace

from compendium.importing.draft.decisions import Decision
from compendium.importing.draft.profile import Guess
from compendium.importing.draft.scales import plain
from compendium.importing.draft.values import (
    FEW,
    holds_contact,
    is_wordy,
    only_few,
    options_of,
    own_words,
)
from compendium.names import unique

SEPARATORS = {";": r"\s*;\s*", ", ": r",\s+", ",": r",(?!\s)", " / ": r"\s+/\s+"} | {
    sign: rf"\s*{re.escape(sign)}\s*" for sign in "|；┋、，،\n"
}
MANY = 20  # respondents: among fewer, an option ticked once is not taken for somebody's own words
ALWAYS = 5  # times that pieces must stand together before they are taken for one option
MOST = 60  # options
YES_NO = {
    *("yes", "no", "y", "n", "ja", "nein", "oui", "non", "sí", "si", "sim", "não", "nee", "nej", "nei"),
    *(
        "да",
        "нет",
        "evet",
        "hayır",
        "はい",
        "いいえ",
        "예",
        "아니요",
        "是",
        "否",
        "نعم",
        "لا",
        "כן",
        "לא",
    ),
}


# ---- a column an option


def guess_ticks(run, profile):
    """A multi-response item with a column an option."""
    run = [replace(part, role="answer") if _ticked(part, profile) else part for part in run]
    main = [part for part in run if part.role == "answer"]
    if main and profile.kind(main[0].name) == "grid":
        return None
    ticks = {part.name: _tick(part, profile) for part in main}
    used = [label for part in main if (label := (ticks[part.name] or ("",))[0])]
    if not main or None in ticks.values() or not _are_ticks(run, main, ticks, profile):
        return None
    if any(map(holds_contact, used)) or _own_words(main, ticks, profile):
        return None
    item = {"id": profile.item_id(run), "type": "multi", "question": run[0].question, "options": []}
    recipes, fields, taken = {}, [], set()
    for part in run:
        yes, no = ticks.get(part.name, ("", []))
        label = part.part or part.name
        if yes and not _generic(part, yes, profile):
            label = profile.export.labels.get(part.name, {}).get(yes, yes)
        (option,) = options_of([label], taken=taken)
        option |= {"column": profile.column(part)}
        option.pop("value", None)
        if plain(label) in profile.known.exclusive:
            option["exclusive"] = True
        beside = profile.other_specify.get(part.name) or (part if part.role == "other" else None)
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
    decisions = _ticks_decisions(item, main, ticks, profile)
    if not run[0].told:
        left_out = "the export leaves it out; they stand together and hold their own headings"
        question, edit = "How does the question over these options run?", "write it as 'question'"
        decisions.insert(0, Decision(question, left_out, kind="question", edit=edit))
    return Guess(item, recipes, list(dict.fromkeys(fields)), why, decisions)


def _own_words(main, ticks, profile):
    """Whether what would name an option is a respondent's own: rare, long, and in no heading."""
    return any(
        is_wordy(yes) and profile.counts(part.name)[yes] < FEW and plain(yes) != plain(part.part)
        for part in main
        if (yes := ticks[part.name][0]) and not profile.export.labels.get(part.name)
    )


def _tick(part, profile):
    """The value that ticks and those that do not; None when there are more."""
    labels = profile.export.labels.get(part.name, {})
    words = {value: plain(labels.get(value, value)) for value in profile.counts(part.name)}
    no = [v for v, word in words.items() if word in profile.known.unticked and word != plain(part.part)]
    yes = [value for value in words if value not in no]
    return (yes[0] if yes else "", no) if len(yes) < 2 else None


def _ticked(part, profile):
    """Whether an option such as Other is ticked after all, and not filled with words."""
    tick = _tick(part, profile) if part.role == "other" else None
    return bool(tick) and bool(tick[0]) and (_generic(part, tick[0], profile) or tick[0] == part.part)


def _generic(part, yes, profile):
    """Whether a tick is a tick in any column, such as 1 or Yes, and not the option's own label."""
    word = plain(profile.export.labels.get(part.name, {}).get(yes, yes))
    return word in profile.known.ticked and word != plain(part.part)


def _are_ticks(run, main, ticks, profile):
    """Ticks are one general word, or each column's own label; Yes beside No alone is a scale of two."""
    used = {part.name: ticks[part.name][0] for part in main if ticks[part.name][0]}
    generic = [_generic(part, used[part.name], profile) for part in main if part.name in used]
    if not used or profile.kind(main[0].name) == "multi":
        return True
    if not all(generic):
        own = all(plain(used[p.name]) == plain(p.part) for p in main if p.name in used)
        return own or (len(set(used.values())) == len(used) > 1 and not any(generic))
    words = {plain(value) for yes, no in ticks.values() for value in [yes, *no] if value}
    says_no = any(no for _, no in ticks.values())
    asked = profile.known.headings["several"].search(main[0].question)
    beside = len(main) < len(run) or any(part.name in profile.other_specify for part in main)
    sure = asked or beside or profile.export.platform in ("limesurvey", "spss")
    return bool(sure) or not (says_no and words <= YES_NO)


def _ticks_decisions(item, main, ticks, profile):
    """What the ticks leave open: shown and nothing ticked, and never more than one ticked."""
    decisions, ticked, seen = [], 0, None
    for part in main:
        yes = profile.kinds[part.name].index(ticks[part.name][0]) if ticks[part.name][0] else None
        ticked = ticked + (profile.codes[part.name] == yes)
        shown = profile.export.seen.get(part.name)
        seen = shown if seen is None else seen | shown if shown is not None else seen
    exclusive = any(option.get("exclusive") for option in item["options"])
    empty = 0 if seen is None else int((seen.to_numpy() & (ticked == 0)).sum())
    if empty and not exclusive:
        decisions.append(
            Decision(
                f"Does nothing apply to those who were shown this and ticked nothing ({empty})?",
                "they count as having ticked none; the export cannot tell them from those who passed "
                "over the question",
                kind="several",
                rows=empty,
            )
        )
    if len(ticked) >= 20 and len(main) > 1 and ticked.max() == 1:
        why = "several answers, and by some platforms single ones, are exported with a column an option"
        question = "Is this a single choice? Nobody ticked more than one."
        decisions.append(Decision(question, why, kind="several", rows=int((ticked > 0).sum())))
    return decisions


# ---- options in one cell


def guess_in_one_cell(part, options, separator, counts, profile, labels=None):
    """A multi-response item whose ticks stand together in one cell; `labels` where a list is known."""
    if labels is None:
        options = _without_own_words(options, separator, counts, profile)
    if not options:
        return None
    item = {"id": profile.item_id([part]), "type": "multi", "question": part.question}
    item["options"] = options_of(options, labels)
    source = {"from": part.name, "separator": separator}
    recipes = {}
    for option, raw in zip(item["options"], options, strict=True):
        option.pop("value", None)
        option["column"] = unique(f"{item['id']}_{option['id']}", profile.columns)
        if plain(raw) in profile.known.exclusive:
            option["exclusive"] = True
        recipes[option["column"]] = {"take": "option", "option": raw} | source
    why = (
        f"several options stand in one cell, parted by '{separator}', and the export does not list them"
    )
    shown = "; ".join(options[:12]) + ("; …" if len(options) > 12 else "")
    question, edit = f"Are these the options of {{items}}: {shown}?", "correct 'options'"
    decisions = [Decision(question, why, kind="several", edit=edit, rows=sum(counts.values()))]
    decisions = decisions if labels is None else []
    if _all_in_each(counts, options, separator):
        question = "Is this a ranking? Everybody named all options, in different orders."
        edit = "if so take the item out, or export the ranks in columns of their own: no order is read"
        why = "so each option counts 100%"
        decisions.append(Decision(question, why, kind="type", edit=edit, rows=sum(counts.values())))
    rests = {rest for rest in (picks(cell, options, separator)[1] for cell in counts) if rest}
    fields, beside = [part.name], profile.other_specify.get(part.name)
    named = [o for o in item["options"] if plain(o["label"]) in profile.known.other]
    if beside is not None and named:
        named[-1]["text"] = True
        recipes[named[-1]["column"]]["text"] = {"take": "text", "from": beside.name}
        fields.append(beside.name)
    elif rests:
        other = _other_option(item, profile)
        text = {"take": "rest_text"} | source
        recipes[other["column"]] = {"take": "rest"} | source | {"text": text}
        decisions.append(written_decision(rests))
    return Guess(item, recipes, fields, f"its cells hold options parted by '{separator}'", decisions)


def _all_in_each(counts, options, separator):
    """Whether every cell holds all options, and not all in the same order."""
    return len(counts) > 1 < len(options) and all(
        sorted(pieces(cell, separator)) == sorted(options) for cell in counts
    )


def _without_own_words(options, separator, counts, profile):
    """Options without what is the respondents' own."""
    often, once = Counter(), []
    for cell, count in counts.items():
        picked, rest = picks(cell, options, separator)
        often.update(dict.fromkeys(picked, count))
        once += [rest] if rest else []
    few = sum(counts.values()) < MANY
    if not profile.few and only_few(often, profile.known):
        return []
    own = own_words(options, often, [] if few else once, profile.known)
    return [option for option in options if option not in own]


def _other_option(item, profile):
    """Add the option *Other*, with a text, to a multi-response item."""
    taken = {option["id"] for option in item["options"]}
    other = {"id": unique("other", taken), "label": "Other", "text": True}
    labels = {plain(option["label"]) for option in item["options"]}
    other["label"] = "Other" if "other" not in labels else "Other (in their own words)"
    other["column"] = unique(f"{item['id']}_{other['id']}", profile.columns)
    item["options"].append(other)
    return other


def written_decision(texts):
    """Ask whether any of the respondents' own texts is an option after all; none is quoted."""
    why = (
        f"what fewer than {FEW} respondents have, and what holds an e-mail address or a telephone "
        "number, was taken for their own words beside Other"
    )
    question = f"Is any of {len(texts)} texts beside Other an option of the questionnaire?"
    edit = "if so write it under 'options', with the export's wording as 'value'"
    return Decision(question, why, edit=edit, rows=len(texts))


# ---- what a cell holds


def pieces(cell, separator):
    """What stands between the separators of a cell."""
    parts = re.split(SEPARATORS[separator], cell.strip())
    return [part.strip() for part in parts if part.strip()]


def picks(cell, options, separator):
    """The options that a cell holds, and what is left: the longest option that fits is taken."""
    found, rest, at = set(), [], 0
    parts = pieces(cell, separator)
    known = {tuple(pieces(option, separator)): option for option in options}
    longest = max((len(key) for key in known), default=1)
    while at < len(parts):
        for length in range(min(longest, len(parts) - at), 0, -1):
            option = known.get(tuple(parts[at : at + length]))
            if option is not None:
                found.add(option)
                at += length
                break
        else:
            rest.append(parts[at])
            at += 1
    return found, (separator if separator.endswith(" ") else f"{separator} ").join(rest)


def options_in(counts, separator, sure=False):
    """The options of a multi-response question whose ticks stand together in one cell."""
    cells = [
        (pieces(cell, separator), count) for cell, count in itertools.islice(counts.items(), 20_000)
    ]
    cells = [(parts, count) for parts, count in cells if parts]
    if separator in (", ", ",", "、", "，", "،", ";"):
        cells = _glued(cells, separator, any("; " in cell for cell in counts))
    total, often, within = 0, Counter(), Counter()
    for parts, count in cells:
        total += count
        often.update(dict.fromkeys(parts, count))
        within.update(set(parts))
    options = [part for part, count in often.items() if count > 1 or total < MANY]
    if not options or len(options) > MOST:
        return None
    # Options stand together in some cells and apart in others; the pieces of one option do not.
    varied = any(len(parts) > 1 and min(within[part] for part in parts) > 1 for parts, _ in cells)
    kept = sum(often[option] for option in options if often[option] > 1)
    if not sure and (not varied or kept < 0.6 * often.total() or max(map(len, options)) > 120):
        return None
    return _in_order(cells, options)


def _glued(cells, separator, spaced):
    """Pieces that belong to one option, put together again."""
    between = "; " if separator == ";" and spaced else separator
    if separator != ";" and not any(parts[0][:1].islower() for parts, _ in cells):
        # Options begin with a capital, so a small letter goes on with the option before it.
        cells = [(_joined(parts, lambda _, b: b[0].islower() or b[0] == "(", between), n)
                 for parts, n in cells]  # fmt: skip
    while True:
        alone, pairs = Counter(), Counter()
        for parts, count in cells:
            alone.update(dict.fromkeys(parts, count))
            pairs.update(dict.fromkeys(itertools.pairwise(parts), count))
        always = {
            pair for pair, count in pairs.items()
            if count >= ALWAYS and count == alone[pair[0]] == alone[pair[1]]
        }  # fmt: skip
        if not always:
            return cells
        cells = [
            (_joined(parts, lambda a, b, always=always: (a, b) in always, between), n)
            for parts, n in cells
        ]


def _joined(parts, together, between):
    """Neighbours put together where they go together, looking at each pair as it stood before."""
    found = [parts[0]]
    for before, part in itertools.pairwise(parts):
        if together(before, part):
            found[-1] += between + part
        else:
            found.append(part)
    return found


def _in_order(cells, options):
    """Options in the order in which cells name them; as they first occur where cells disagree."""
    before, known = defaultdict(Counter), set(options)
    for parts, count in cells:
        listed = [part for part in parts if part in known]
        for a, b in itertools.combinations(listed, 2):
            before[a][b] += count
    graph = graphlib.TopologicalSorter({option: [] for option in options})
    for a, b in itertools.permutations(options, 2):
        if before[a][b] > before[b][a]:
            graph.add(b, a)
    try:
        return list(graph.static_order())
    except graphlib.CycleError:
        return options
