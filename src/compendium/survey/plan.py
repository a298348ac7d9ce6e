"""What the questions of a plan ask to be shown."""


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
                for column in [item.id] if item.type == "multi" else item.answer_columns():
                    yield item, of, column, by, rows


def outcomes(item, question):
    """Options or groups whose share a question of the plan breaks down.

    What the plan names; or else the groups of a scale or grid, such as *agree or strongly agree*; or
    else every option.
    """
    if question.of is not None:
        return [question.of] if isinstance(question.of, str) else list(question.of)
    groups = [group.id for group in item.groups] if item.type in ("scale", "grid") else []
    return groups or [option.id for option in item.choices]


def method_of(question):
    """How the plan has a question answered, in words, with the bound that its effect is put to."""
    method = question.method.replace("_", " ")
    bound = question.equivalence
    return method if bound is None else f"{method}; too small to matter within ±{bound:g}"
