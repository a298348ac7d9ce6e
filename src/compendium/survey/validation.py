"""Whether the parts of a ``survey.yml`` fit together; each error names the key and the remedy."""

import re
from collections import Counter

from compendium.names import slug
from compendium.survey.plan import TAKES, outcomes
from compendium.wording import did_you_mean

# Which items a method of the plan can take, and how many options or groups it must be told.
METHOD_TYPES = {
    "share": ("single", "scale", "multi"),
    "association": ("single", "scale"),
    "trend": ("scale", "grid", "multi"),
    "grid": ("grid",),
    "ordinal_regression": ("scale",),
    "contrast": ("multi",),
    "published": ("single", "scale", "multi"),
}
# What can decide to whom an item is put; all but ticks can also decide whose row stays.
GATES = ("multi", "single", "scale", "consent", "screening")
ROWED = ("association", "trend", "themes")  # their answers are broken down by another item
BOUNDED = ("association", "trend", "grid", "contrast")  # their effect can be put to a bound
INTEGRATED = ("single", "scale", "multi", "grid")  # what the joint display can set beside words
METHOD_NEEDS = {"share": 1, "contrast": 2, "published": 1}


def check_all(instrument):
    """Whether all parts of an instrument fit together.

    Raises
    ------
    ValueError
        For the first that does not; it names the key and the remedy.
    """
    check_weights(instrument.weights)
    check_items(instrument)
    check_plan(instrument)
    check_integration(instrument)
    if instrument.multiverse is not None:
        check_multiverse(instrument)


def check_items(instrument):
    _refuse_names(instrument)
    _refuse_repeats("items", [item.id for item in instrument.items])
    _refuse_repeats("sections", [section.id for section in instrument.sections])
    columns = [column for item in instrument.items for column in item.columns().values()]
    _refuse_repeats("items > column", columns)
    sections = {section.id for section in instrument.sections}
    seen = {}
    for item in instrument.items:
        where = f"items > {item.id}"
        if item.section not in sections:
            raise ValueError(f"{where}: there is no section '{item.section}'; add it to 'sections'.")
        _check_parts(where, item)
        if item.asked_if is not None:
            _check_condition(where, item.asked_if.item, item.asked_if.any, seen, GATES)
        seen[item.id] = item
    for exclusion in instrument.exclude:
        if exclusion.item is not None:
            where = f"exclude > {exclusion.reason}"
            _check_condition(where, exclusion.item, exclusion.keep, seen, GATES[1:])
        elif exclusion.reason in ("no_consent", "screened_out"):
            raise ValueError(f"exclude > {exclusion.reason}: name its 'item' and what to 'keep'.")
        elif exclusion.reason == "duplicate" and exclusion.column is None:
            raise ValueError("exclude > duplicate: name the 'column' that tells respondents apart.")


def check_weights(weights):
    """Without weights nothing but the size of the population can be told of how people were drawn."""
    if weights is None or weights.column is not None:
        return
    if not isinstance(weights.population, int):
        raise ValueError("weights: name the 'column' of weights, or give the 'population' as a number.")
    if weights.file or weights.strata or weights.clusters:
        raise ValueError(
            "weights: the key 'column' is missing; name the column of weights, or give nothing but "
            "'population'."
        )


def _check_parts(where, item):
    """Each type has the parts it needs, and groups name options that exist."""
    needs = {
        "options": ("single", "multi", "consent", "screening"),
        "points": ("scale", "grid"),
        "statements": ("grid",),
    }
    for part, types in needs.items():
        if (item.type in types) != bool(getattr(item, part)):
            verb = "needs" if item.type in types else "has no use for"
            named = f"'{part}'" + (" (or a 'scale')" if part == "points" else "")
            raise ValueError(f"{where}: an item of type '{item.type}' {verb} {named}.")
    choices = [option.id for option in [*item.choices, *item.dont_know]]
    _refuse_repeats(where, [*choices, *(group.id for group in item.groups)])
    raw = [raw for o in [*item.choices, *item.dont_know] for raw in [o.raw, *o.also]]
    _refuse_repeats(where, [*raw, *item.missing])
    _refuse_repeats(where, [statement.id for statement in item.statements])
    unsure = {option.id for option in item.dont_know}
    for group in item.groups:
        for option in group.options:
            if option in unsure:
                raise ValueError(
                    f"{where} > groups > {group.id}: '{option}' stands under 'dont_know', which is off "
                    "the scale; take it out of the group, or put it under the item's options."
                )
            if option not in choices:
                raise ValueError(
                    f"{where} > groups > {group.id}: there is no option '{option}' "
                    f"(known: {', '.join(choices)})."
                )


def _check_condition(where, item, any_of, seen, types):
    if item not in seen:
        raise ValueError(f"{where}: '{item}' is no item that is asked before it; name one that is.")
    if seen[item].type not in types:
        raise ValueError(
            f"{where}: '{item}' is of type '{seen[item].type}', which cannot decide this; "
            f"name an item of type {', '.join(types[:-1])} or {types[-1]}."
        )
    choices = [option.id for option in seen[item].choices]
    for option in any_of:
        if option not in choices:
            raise ValueError(
                f"{where}: '{item}' has no option '{option}' (known: {', '.join(choices) or 'none'})."
            )


def _refuse_names(instrument):
    """No label or question may hold what is masked in the open answers: labels are shown everywhere."""
    for name in instrument.disclosure.names:
        words = r"\s+".join(map(re.escape, name.replace("’", "'").split()))
        in_text = re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)
        in_id = re.compile(rf"(?:^|_){slug(name, most=99) or '-'}(?:_|$)")
        for where, text in _shown(instrument) if words else ():
            pattern = in_id if where.endswith("> id") else in_text
            if pattern.search(text.replace("’", "'")):
                raise ValueError(
                    f"{where}: holds '{name}', which 'disclosure > names' has masked, and what stands "
                    "here is shown everywhere; word it otherwise (the export's wording as 'value'), or "
                    "take the option out so that it counts as Other."
                )


def _shown(instrument):
    """Where each text of an item that is shown stands, and the text."""
    for item in instrument.items:
        where = f"items > {item.id}"
        yield f"{where} > question", item.question
        for part in ("options", "points", "dont_know", "statements", "groups"):
            for one in getattr(item, part):
                yield f"{where} > {part} > {one.id} > label", one.label
                yield f"{where} > {part} > {one.id} > id", one.id


def check_plan(instrument):
    _refuse_repeats("plan", [question.id for question in instrument.plan])
    known = {item.id: item for item in instrument.items}
    for question in instrument.plan:
        where = f"plan > {question.id}"
        for id in [question.item, *question.by]:
            if id is not None and id not in known:
                raise ValueError(
                    f"{where}: there is no item '{id}'; write the id of an item under 'items'."
                )
        for by in question.by:
            _check_of(where, known[by], question.rows)
            if question.method in ROWED and known[by].type not in ("single", "scale"):
                raise ValueError(
                    f"{where}: 'by' takes an item of type single or scale, and '{by}' is of type "
                    f"'{known[by].type}'."
                )
        if question.method == "themes":
            if question.item is not None or not question.by:
                raise ValueError(
                    f"{where}: the method 'themes' takes all open answers: name 'by' and no 'item'."
                )
            continue
        if question.item is None:
            raise ValueError(f"{where}: the key 'item' is missing; name the item it is about.")
        item, types = known[question.item], METHOD_TYPES[question.method]
        if item.type not in types:
            raise ValueError(
                f"{where}: the method '{question.method}' takes an item of type {' or '.join(types)},"
                f" and '{item.id}' is of type '{item.type}'."
            )
        given = [question.of] if isinstance(question.of, str) else question.of or []
        if len(given) < (METHOD_NEEDS.get(question.method, 0)):
            raise ValueError(f"{where}: the method '{question.method}' needs 'of'; name it.")
        _check_of(where, item, given)
        if question.equivalence is not None:
            _check_bound(where, question, item, [known[by] for by in question.by])
        if question.method == "published" and question.published is None:
            raise ValueError(f"{where}: name the row of published.csv under 'published'.")


def _check_bound(where, question, item, groupings):
    """A bound is put to one difference, or to a rank correlation."""
    if question.method not in BOUNDED:
        raise ValueError(
            f"{where} > equivalence: the method '{question.method}' has no effect to bound; take it "
            f"out (methods that have: {', '.join(BOUNDED)})."
        )
    for by in groupings if question.method == "association" else ():
        shares = len(outcomes(item, question))
        one_share = shares == 1 or shares == len(item.choices) == 2
        if len(question.rows or by.choices) != 2 or not one_share:
            raise ValueError(
                f"{where} > equivalence: a difference of shares is between two groups in one share; "
                f"name one option or group under 'of', and two under 'rows' ('by': '{by.id}')."
            )


def check_integration(instrument):
    """Each topic names what was chosen and what was said; the codebook is asked when it is read."""
    _refuse_repeats("integration", [topic.id for topic in instrument.integration])
    known = {item.id: item for item in instrument.items}
    for topic in instrument.integration:
        where = f"integration > {topic.id}"
        item = known.get(topic.item)
        if item is None or item.type not in INTEGRATED:
            raise ValueError(
                f"{where}: '{topic.item}' is no item of type {', '.join(INTEGRATED[:-1])} or "
                f"{INTEGRATED[-1]}; name one that is."
            )
        _check_of(where, item, [topic.of])
        statements = [statement.id for statement in item.statements]
        if (topic.statement is None) == bool(statements) or (
            statements and topic.statement not in statements
        ):
            named = f"name one of {', '.join(statements)}" if statements else "take it out"
            raise ValueError(
                f"{where}: '{topic.statement or ''}' is no 'statement' of '{item.id}'; {named}."
            )
        if (topic.theme is None) != bool(topic.codes):
            raise ValueError(f"{where}: name either a 'theme' or 'codes' of codebook.yml.")
        _refuse_repeats(f"{where} > codes", topic.codes)


def check_multiverse(instrument):
    """Each decision once, with alternatives that it can take; coders are looked for when read."""
    asked = instrument.multiverse
    _refuse_repeats("multiverse > decisions", [one.decides for one in asked.decisions])
    planned = [question.id for question in instrument.plan]
    for id in asked.questions:
        if id not in planned:
            raise ValueError(
                f"multiverse > questions: the plan has no question '{id}'{did_you_mean(id, planned)}."
            )
    for one in asked.decisions:
        where = f"multiverse > decisions > {one.decides}"
        takes = [alternative.take for alternative in one.alternatives]
        _refuse_repeats(where, takes)
        for take in takes:
            if take not in TAKES[one.decides] and one.decides != "coders":
                raise ValueError(
                    f"{where}: '{take}' cannot be taken{did_you_mean(take, TAKES[one.decides])}; there "
                    f"are: {', '.join(TAKES[one.decides])}."
                )
    for number, rule in enumerate(asked.exclude, 1):
        for name, given in rule.when.items():
            for take in [given] if isinstance(given, str) else given:
                if take not in asked.takes(name):
                    raise ValueError(
                        f"multiverse > exclude > {number}: '{take}' is no alternative of '{name}' here."
                    )
    timed = [item.id for item in instrument.items if item.type == "number"]
    if "speeders" in asked.takes("exclusions") and asked.duration not in timed:
        raise ValueError(
            "multiverse > duration: speeders are told by it; name an item of type number that says how "
            "long each respondent took."
        )


def _check_of(where, item, given):
    options = [x.id for x in [*item.choices, *item.groups]]
    for of in given:
        if of not in options:
            raise ValueError(
                f"{where}: '{item.id}' has no option or group '{of}' (known: {', '.join(options)})."
            )


def _refuse_repeats(where, names):
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        raise ValueError(f"{where}: '{repeated[0]}' stands twice; give each its own name.")
