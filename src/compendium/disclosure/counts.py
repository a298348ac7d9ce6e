"""Every count that is shown of a study, what adds up to what, and which of them must be withheld.

Decided once for everything that is shown of a study, because one table can give away what another
withholds. Two questions that are shown together have one table of answers by answers, whichever is
broken down by the other; whatever is shown of them is a sum of its cells.
"""

from math import inf
from pathlib import Path

import numpy as np

from compendium.disclosure.together import pairs_of_codes
from compendium.files import read_json, write_json
from compendium.results import ResultId, row_id
from compendium.survey.answers import (
    COUNTED,
    answered,
    base_of,
    chosen,
    said,
    said_codes,
    said_name,
)
from compendium.survey.plan import shown_breakdowns

LINKS = ("none:", "joint:", "ticks:", "more:", "else:")  # in no table; they only tie counts together


def suppressed_counts(study):
    """Every count of a study that may not be shown, decided over all its tables at once.

    Parameters
    ----------
    study : Study

    Returns
    -------
    dict of str to str
        Result id of the count to its mark: ``<5`` (the study's own minimum) where it is below the
        minimum, ``…`` where it would give such a count away.

    Examples
    --------
    >>> from compendium.survey.study import load_study
    >>> suppressed_counts(load_study("anes96", "data"))  # public data: minimum_cell is 1
    {}
    """
    minimum = study.instrument.minimum
    if minimum == 1:
        return {}
    from compendium.disclosure.suppression import suppress  # here: open data need none

    cells, sums = published_counts(study)
    names = suppress(cells, sums, minimum, *not_shown(cells), last=_last(cells))
    marks = {name: f"<{minimum}" if cells[name] < minimum else "…" for name in names}
    return marks | dict.fromkeys(_nobody_unsure(study.instrument, cells), f"<{minimum}")


def write_suppressed(path, study):
    """Decide what is withheld of a study and keep it, so that it is decided once for all notebooks.

    Parameters
    ----------
    path : str or pathlib.Path
        A JSON file: the study's name, its minimum, and the marks by result id. It says nothing else
        of the answers, no digest of them either, by which guesses could be tested.
    study : Study
        With its themes, where it has any.
    """
    write_json(path, _decided_for(study) | {"suppressed": suppressed_counts(study)})


def read_or_decide(path, study):
    """What is withheld of a study, as it was decided; decided anew where no file says so.

    Parameters
    ----------
    path : str or pathlib.Path
        As from `write_suppressed`. A file for another study or minimum is passed over.
    study : Study
        As in `write_suppressed`.

    Returns
    -------
    dict of str to str
        As from `suppressed_counts`.

    Examples
    --------
    >>> from compendium.survey.study import load_study
    >>> read_or_decide("build/none.json", load_study("anes96", "data"))
    {}
    """
    kept = read_json(path) if Path(path).exists() else {}
    if kept and {key: kept.get(key) for key in _decided_for(study)} == _decided_for(study):
        return kept["suppressed"]
    return suppressed_counts(study)


def _decided_for(study):
    return {"study": study.name, "minimum_cell": study.instrument.minimum}


def published_counts(study):
    """Every count that the notebooks show of a study, and what adds up to what.

    Parameters
    ----------
    study : Study

    Returns
    -------
    cells : dict of str to int
        Count by result id. Before an id, ``base:`` names its base, ``rest:`` its complement,
        ``responses:`` all ticks of an item, ``asked:`` to whom a question was put, ``none:`` who is
        in no base, ``joint:`` who gave two answers, ``both:``, ``first:``, ``second:`` and
        ``neither:`` the four parts of two ticks; ``ticks:`` all ticks of a group, ``more:`` those
        beyond each respondent's first, ``else:`` who ticked another option of the group alone.
    sums : list of tuple
        ``(total, parts)``: the count that is the sum of the others.
    """
    cells, sums = {"n": study.n}, []
    for item in study.instrument.of_type(*COUNTED):
        add = _publish_ticks if item.type == "multi" else _publish_choices
        add(study, item, cells, sums)
    for item in study.instrument.items:
        if item.asked_if is not None:
            _publish_asked(study, item, cells, sums)
    for item, of, column, by, rows in shown_breakdowns(study.instrument):
        _publish_breakdown(study, item, of, column, by, rows, cells, sums)
    for item in study.instrument.of_type("multi"):
        _publish_overlap(item, cells, sums)
    for question in study.instrument.plan:
        if question.method == "contrast":
            _publish_pair(study, study.instrument.item(question.item), question.of[:2], cells, sums)
    for one, other, names, parts in pairs_of_codes(study):
        if min(parts) >= study.instrument.minimum:  # the others are never shown
            cells |= dict(zip(names, parts, strict=True))
            sums += [(one, names[:2]), (other, names[:3:2]), ("base:themes", names)]
    for topic in study.instrument.integration if study.instrument.themes() else ():
        _publish_topic(study, topic, cells, sums)
    return cells, list(dict.fromkeys((total, tuple(parts)) for total, parts in sums))


def not_shown(cells):
    """Names of the counts that no table shows.

    Parameters
    ----------
    cells : dict of str to int
        As from `published_counts`.

    Returns
    -------
    derived, harmless : list of str
        Complements, which say as much as the counts do; and what only links the counts: who left a
        question out, which is no answer, and two answers of which no table is shown.
    """
    harmless = [name for name in cells if name.startswith(LINKS)]
    derived = [name for name in cells if name.startswith("rest:")]
    return derived, harmless


def _last(cells):
    """Breakdowns go before distributions, then bases; the number of respondents stays."""
    first = (".by.", "both:", "first:", "second:", "neither:")
    last = {n: 0 if any(part in n for part in first) or _crossed(n) else 2 for n in cells}
    last |= {n: last[n] + 1 for n in cells if n.startswith(("base:", "responses:", "asked:"))}
    return last | {"n": inf}


def _crossed(name):
    """Whether a count is of a topic's answers by words."""
    return name.startswith("integration.") and not name.endswith(".said")


def _publish_choices(study, item, cells, sums):
    """Options add up to the base and to their groups; whoever is in no base said so or nothing."""
    for column in item.answer_columns():
        key, base = item.key_of(column), base_of(item, column)
        options = [option.id for option in item.choices]
        counts, states = _tally(study.answers[column]), _tally(study.states[column])
        cells |= {f"{key}.{option}": counts.get(option, 0) for option in options}
        _add_up(base, [f"{key}.{option}" for option in options], cells, sums)
        for group in item.groups:
            _add_up(f"{key}.{group.id}", [f"{key}.{option}" for option in group.options], cells, sums)
            _publish_rest(f"{key}.{group.id}", base, cells, sums)
            rest = [f"{key}.{option}" for option in options if option not in group.options]
            if rest:
                sums.append((f"rest:{key}.{group.id}", rest))
        unsure = [f"{key}.{part.id}" for part in item.unsure]
        count = states["dont_know"]
        # That nobody said so says nothing about anybody, and needs no protection.
        unsure = unsure if count else []
        cells |= dict.fromkeys(unsure, count)
        cells[f"none:{key}"] = study.n - states["answered"] - count
        _add_up(f"none:{base}", [f"none:{key}", *unsure], cells, sums)
        sums.append(("n", [base, f"none:{base}"]))


def _tally(column):
    """How often each category of a column is there."""
    values = column.array
    times = np.bincount(values.codes[values.codes >= 0], minlength=len(values.categories))
    return dict(zip(values.categories, times.tolist(), strict=True))


def _nobody_unsure(instrument, cells):
    """The *don't know* that nobody said. It gets the mark of few, so that the mark tells no more."""
    for item in instrument.of_type(*COUNTED):
        for column in item.columns():
            for part in item.unsure:
                if (name := f"{item.key_of(column)}.{part.id}") not in cells:
                    yield name


def _publish_ticks(study, item, cells, sums):
    """Whoever answered ticked an option or did not; all ticks together are the responses.

    Percent of responses give away their total, as exactly as if it were printed.
    """
    base = base_of(item, item.id)
    cells[base] = int(answered(study, item)[item.id].sum())
    cells[f"none:{base}"] = study.n - cells[base]
    sums.append(("n", [base, f"none:{base}"]))
    options = [f"{item.key}.{option.id}" for option in item.options]
    for part in [*item.options, *item.groups]:
        cells[f"{item.key}.{part.id}"] = int(chosen(study, item, part.id).sum())
        _publish_rest(f"{item.key}.{part.id}", base, cells, sums)
    for group in item.groups:
        if len(group.options) == 1:
            sums.append((f"{item.key}.{group.id}", [f"{item.key}.{group.options[0]}"]))
        elif len(group.options) == 2:  # the group is whoever ticked one, the other or both
            parts = _publish_pair(study, item, group.options, cells, sums)
            sums.append((f"{item.key}.{group.id}", parts[:3]))
    if item not in study.instrument.themes():
        _add_up(f"responses:{item.key}", options, cells, sums)


def _publish_overlap(item, cells, sums):
    """A group was ticked by no fewer than any of its options, and by no more than all together.

    So in every table that shows both, whole or of the respondents in a row.
    """
    start = f"{item.key}."
    for group in item.groups:
        name = f"{start}{group.id}"
        rows = [""] + [n.removeprefix(name) for n in cells if n.startswith(f"{name}.by.")]
        for row in rows:
            options = [f"{start}{option}{row}" for option in group.options]
            options = [option for option in options if option in cells]
            if len(group.options) == 1:
                sums += [(f"{name}{row}", [option]) for option in options]
                continue
            for option in options:
                rest = f"else:{name}{row}:{option}"
                cells[rest] = cells[f"{name}{row}"] - cells[option]
                sums.append((f"{name}{row}", [option, rest]))
            if len(options) == len(group.options):
                ticks, more = f"ticks:{name}{row}", f"more:{name}{row}"
                _add_up(ticks, options, cells, sums)
                cells[more] = cells[ticks] - cells[f"{name}{row}"]
                sums.append((ticks, [f"{name}{row}", more]))


def _publish_pair(study, item, of, cells, sums):
    """The four parts of two options or groups that one respondent can tick."""
    one, other = (chosen(study, item, part) for part in of)
    given, base = answered(study, item)[item.id], base_of(item, item.id)
    parts = item.pair_names(of)
    hits = [one & other, one & ~other, ~one & other, ~one & ~other & given]
    cells |= {part: int(hit.sum()) for part, hit in zip(parts, hits, strict=True)}
    sums.append((f"{item.key}.{of[0]}", [parts[0], parts[1]]))
    sums.append((f"{item.key}.{of[1]}", [parts[0], parts[2]]))
    sums.append((base, parts))
    return parts


def _publish_asked(study, item, cells, sums):
    """To whom a question was put is who gave certain answers to another."""
    asked, condition = f"asked:{item.id}", item.asked_if
    parent = study.instrument.item(condition.item)
    if parent.type not in COUNTED:
        return  # consent and screening: of those analysed all were asked
    parts = [f"{parent.key}.{option}" for option in condition.any]
    if parent.type == "multi" and len(parts) == 2:  # whoever ticked one, the other or both
        parts = _publish_pair(study, parent, condition.any, cells, sums)[:3]
    if parent.type == "multi" and len(condition.any) > 2:  # ticks of several add up to nobody's count
        ticked = study.answers[[f"{parent.id}.{option}" for option in condition.any]]
        cells[asked] = int(ticked.eq(True).fillna(False).any(axis=1).sum())
    else:
        _add_up(asked, parts, cells, sums)
    _publish_rest(asked, "n", cells, sums)


def _publish_breakdown(study, item, of, column, by, rows, cells, sums):
    """Two questions and their table of answers by answers, of which each shown row is a sum."""
    key, base = item.key_of(column), base_of(item, column)
    named, hits = _parts(study, item, of, column)
    groups, _ = _parts(study, by, by.choices[0].id, by.id)
    joint = _publish_joint(
        named, groups, cells, sums, lambda answer, row: _possible(item, by, answer, row)
    )
    named = [name for name in named if not name.startswith("none:")]
    for part in rows:
        members = [f"{by.key}.{member}" for member in by.members(part)]
        inside = [joint[a, r] for a in named for r in members if (a, r) in joint]
        if not inside:  # nobody of these is asked
            continue
        name, below = str(ResultId(key, of, by.id, part)), row_id(base, by.id, part)
        hit = [joint[a, r] for a in hits for r in members if (a, r) in joint]
        _add_up(below, inside, cells, sums)
        if hit:
            _add_up(name, hit, cells, sums)
        if hit and len(hit) < len(inside):
            _publish_rest(name, below, cells, sums)


def _parts(study, item, of, column):
    """Who gave each answer, or has one tick and not, and who gave none; and which of them are `of`."""
    key, given = item.key_of(column), answered(study, item)[column]
    if item.type == "multi":
        ticked, hits = chosen(study, item, of), [f"{key}.{of}"]
        named = {f"{key}.{of}": ticked, f"rest:{key}.{of}": given & ~ticked}
    else:
        named = {f"{key}.{o.id}": study.answers[column] == o.id for o in item.choices}
        hits = [f"{key}.{member}" for member in item.members(of)]
        given = study.answers[column].notna()
    return named | {f"none:{base_of(item, column)}": ~given}, hits


def _publish_joint(named, groups, cells, sums, possible=lambda answer, row: True):
    """The table of two questions, of which each is the sum over the other; names by both answers."""
    joint = {}
    for answer, gave in named.items():
        for row, is_in in groups.items():
            if possible(answer, row):
                name = joint[answer, row] = "joint:" + " & ".join(sorted([answer, row]))
                cells[name] = int((gave & is_in).sum())
    for side, totals in enumerate((named, groups)):
        for total in totals:
            sums.append((total, [name for pair, name in joint.items() if pair[side] == total]))
    return joint


def _publish_topic(study, topic, cells, sums):
    """What was chosen by what was said: four counts of the respondents who did both."""
    item, base, name = study.instrument.item(topic.item), "base:themes", said_name(study, topic)
    says = said(study, topic)
    if name not in cells:
        cells[name] = int(says.sum())
        _publish_rest(name, base, cells, sums)
        _publish_union(study, name, said_codes(study, topic), cells, sums)
    spoke = says.fillna(False).astype(bool)
    silent = says.eq(False).fillna(False).astype(bool)
    named, hits = _parts(study, item, topic.of, topic.column)
    words = {name: spoke, f"rest:{name}": silent, f"none:{base}": says.isna()}
    joint = _publish_joint(named, words, cells, sums)
    others = [answer for answer in named if answer not in hits and not answer.startswith("none:")]
    kinds = [(part, said) for part in (hits, others) for said in (name, f"rest:{name}")]
    for cell, (answers, said_so) in zip(topic.cells, kinds, strict=True):
        _add_up(cell, [joint[answer, said_so] for answer in answers], cells, sums)
    _add_up(f"base:{topic.key}", topic.cells, cells, sums)


def _publish_union(study, name, codes, cells, sums):
    """Whoever said any of some codes: as many as said one of them, and those who said only others."""
    if len(codes) == 2:
        one, other = (study.answers[code].fillna(False).astype(bool) for code in codes)
        parts = [f"{kind}:{name}" for kind in ("both", "first", "second")]
        hits = (one & other, one & ~other, ~one & other)
        cells |= {part: int(hit.sum()) for part, hit in zip(parts, hits, strict=True)}
        sums += [(name, parts), (codes[0], parts[:2]), (codes[1], [parts[0], parts[2]])]
        return
    themes = {
        f"{theme.id}.{theme.groups[0].id}": {f"{theme.id}.{option.id}" for option in theme.options}
        for theme in study.instrument.themes()
    }
    topics = {said_name(study, one): {*said_codes(study, one)} for one in study.instrument.integration}
    sets = {code: {code} for code in codes} | themes | topics
    for other, within in sets.items():
        large, small = (name, other) if within < {*codes} else (other, name)
        if other in cells and (within < {*codes} or within > {*codes}):
            rest = f"else:{large}:{small}"
            cells[rest] = cells[large] - cells[small]
            sums.append((large, [small, rest]))
    ticks, more = f"ticks:{name}", f"more:{name}"
    _add_up(ticks, codes, cells, sums)
    cells[more] = cells[ticks] - cells[name]
    sums.append((ticks, [name, more]))


def _possible(item, by, answer, row):
    """Whether skip logic lets anybody give both answers; counts that must be zero say nothing."""
    for asked, own, other, parent in ((item, answer, row, by), (by, row, answer, item)):
        condition = asked.asked_if
        if condition is None or condition.item != parent.id or own.startswith("none:"):
            continue
        leads = {f"{parent.key}.{option}" for option in condition.any}
        if parent.type == "multi" and leads != {other.removeprefix("rest:")}:
            continue  # another tick may have led there
        if other not in leads:
            return False
    return True


def _add_up(total, parts, cells, sums):
    cells[total] = sum(cells[part] for part in parts)
    sums.append((total, parts))


def _publish_rest(name, base, cells, sums):
    """The complement of a count within its base."""
    cells[f"rest:{name}"] = cells[base] - cells[name]
    sums.append((base, [name, f"rest:{name}"]))
