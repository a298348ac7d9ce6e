"""Every count that is shown of a study, what adds up to what, and which of them must be withheld.

Decided once for everything that is shown of a study, because one table can give away what another
withholds.
"""

import pandas as pd

from helpers.describe import COUNTED, answered, chosen
from helpers.disclosure import withhold


def withheld(study):
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
    >>> from helpers.study import load_study
    >>> withheld(load_study("anes96", "data"))  # public data: minimum_cell is 1
    {}
    """
    minimum = study.instrument.disclosure.minimum_cell
    cells, sums = published(study)
    names = withhold(cells, sums, minimum, *not_shown(cells), last=_last(cells))
    return {name: f"<{minimum}" if cells[name] < minimum else "…" for name in names}


def published(study):
    """Every count that the notebooks show of a study, and what adds up to what.

    Parameters
    ----------
    study : Study

    Returns
    -------
    cells : dict of str to int
        Count by result id; ``base:``, ``rest:``, ``none:`` and ``responses:`` before an id name its
        base, its complement, who gave no answer, and all ticks of an item.
    sums : list of tuple
        ``(total, parts)``: the count that is the sum of the others. How many left a question out is
        no answer and not protected.
    """
    cells, sums = {}, []
    for item in study.instrument.of_type(*COUNTED):
        add = _publish_ticks if item.type == "multi" else _publish_choices
        add(study, item, cells, sums)
    for item, of, column, by, rows in shown_breakdowns(study.instrument):
        _publish_breakdown(study, item, of, column, by, rows, cells, sums)
    return cells, sums


def not_shown(cells):
    """Names of the counts that no table shows.

    Parameters
    ----------
    cells : dict of str to int
        As from `published`.

    Returns
    -------
    derived, harmless : list of str
        Complements, which say as much as the counts do; and who left a question out, which is no
        answer and not protected.
    """
    harmless = [name for name in cells if name.startswith("none:") or name.endswith(".no_answer")]
    derived = [name for name in cells if name.startswith("rest:") and name not in set(harmless)]
    return derived, harmless


def _last(cells):
    """Breakdowns go before distributions, and bases, without which nothing can be said, last."""
    last = ("base:", "responses:")
    return {n: 2 * (".by." not in n) + (n.startswith(last) or n == "n") for n in cells}


def shown_breakdowns(instrument):
    """The breakdowns that the plan asks for.

    Yields
    ------
    tuple
        `item`, `of` (option or group), `column`, `by` and `rows`, as `breakdown` takes them.
    """
    for question in instrument.plan:
        for by in map(instrument.item, question.by):
            if question.method not in ("association", "trend", "themes") or not by.choices:
                continue
            rows = question.rows or [option.id for option in by.choices]
            if question.method == "themes":
                for theme in instrument.themes():
                    yield theme, theme.groups[0].id, theme.id, by, rows
                continue
            item = instrument.item(question.item)
            for of in outcomes(item, question):
                for column in [c for c in item.columns() if not c.endswith(".text")]:
                    if item.type != "multi":
                        yield item, of, column, by, rows
                    elif column == f"{item.id}.{of}":
                        yield item, of, item.id, by, rows


def outcomes(item, question):
    """Options or groups whose share a question of the plan breaks down.

    What the plan names; or else the groups of a scale or grid, such as *agree or strongly agree*; or
    else every option.
    """
    if question.of is not None:
        return [question.of] if isinstance(question.of, str) else list(question.of)
    groups = [group.id for group in item.groups] if item.type in ("scale", "grid") else []
    return groups or [option.id for option in item.choices]


def _publish_choices(study, item, cells, sums):
    """Options add up to the base, and to their groups."""
    for column, given in answered(study, item).items():
        key = item.key_of(column)
        cells[f"base:{key}"] = int(given.sum())
        options = [option.id for option in item.choices]
        counts = study.answers[column].value_counts()
        cells |= {f"{key}.{option}": int(counts.get(option, 0)) for option in options}
        sums.append((f"base:{key}", [f"{key}.{option}" for option in options]))
        for unsure in item.dont_know:
            cells[f"{key}.{unsure.id}"] = int((study.states[column] == "dont_know").sum())
        for group in item.groups:
            cells[f"{key}.{group.id}"] = int(chosen(study, item, group.id, column).sum())
            rest = [option for option in options if option not in group.options]
            sums.append((f"{key}.{group.id}", [f"{key}.{option}" for option in group.options]))
            _publish_rest(f"{key}.{group.id}", f"base:{key}", cells, sums)
            if rest:
                sums.append((f"rest:{key}.{group.id}", [f"{key}.{option}" for option in rest]))


def _publish_ticks(study, item, cells, sums):
    """Whoever answered ticked an option or did not; all ticks together are the responses.

    Percent of responses give away their total, as exactly as if it were printed.
    """
    cells[f"base:{item.key}"] = int(answered(study, item)[item.id].sum())
    options = [f"{item.key}.{option.id}" for option in item.options]
    for part in [*item.options, *item.groups]:
        cells[f"{item.key}.{part.id}"] = int(chosen(study, item, part.id).sum())
        _publish_rest(f"{item.key}.{part.id}", f"base:{item.key}", cells, sums)
    if item not in study.instrument.themes():
        cells[f"responses:{item.key}"] = sum(cells[option] for option in options)
        sums.append((f"responses:{item.key}", options))


def _publish_breakdown(study, item, of, column, by, rows, cells, sums):
    """Counts in each row add up to the total, as do the bases; nobody is in two rows."""
    given, hit = answered(study, item)[column], chosen(study, item, of, column)
    key, names = item.key_of(column), []
    left = pd.Series(True, index=study.answers.index)
    for part in [*rows, "no_answer"]:
        row = left if part == "no_answer" else study.answers[by.id].isin(by.members(part))
        left = left & ~row
        name = f"{key}.{of}.by.{by.id}.{part}"
        names.append(name)
        cells[name] = int((hit & row).sum())
        cells[f"base:{name}"] = int((given & row).sum())
        cells[f"none:{name}"] = int((~given & row).sum())
        if part != "no_answer":
            sums.append((f"{by.key}.{part}", [f"base:{name}", f"none:{name}"]))
        _publish_rest(name, f"base:{name}", cells, sums)
    if f"rest:{key}.{of}" not in cells:
        _publish_rest(f"{key}.{of}", f"base:{key}", cells, sums)
    sums.append((f"{key}.{of}", names))
    sums.append((f"rest:{key}.{of}", [f"rest:{name}" for name in names]))
    sums.append((f"base:{key}", [f"base:{name}" for name in names]))
    cells["n"] = study.n
    sums.append(("n", [f"base:{key}", *(f"none:{name}" for name in names)]))


def _publish_rest(name, base, cells, sums):
    """The complement of a count within its base."""
    cells[f"rest:{name}"] = cells[base] - cells[name]
    sums.append((base, [name, f"rest:{name}"]))
