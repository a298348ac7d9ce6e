"""The page of the site that says what was asked: a data dictionary made from ``survey.yml``."""

from compendium.publishing.pages import counted, facts, paragraph, table, text
from compendium.wording import plain

KINDS = {
    "single": "one option",
    "multi": "any number of options",
    "scale": "one point of a scale",
    "grid": "one point of a scale for each statement",
    "number": "a number",
    "text": "in the respondent's own words",
    "consent": "consent",
    "screening": "screening",
}


def dictionary_page(instrument):
    """The data dictionary: every question with its columns, values and conditions, and the plan.

    Parameters
    ----------
    instrument : Instrument

    Returns
    -------
    str
        MyST Markdown.
    """
    parts = [
        "# Data dictionary",
        f"{counted(instrument.items, 'question')} in {counted(instrument.sections, 'section')}; the "
        "answers are one row a respondent. A cell may be empty for three reasons that are never "
        "mixed: *not asked*, *skipped* (asked, no answer) and *not ticked* (an option left empty in "
        "a question that was answered).",
        paragraph(instrument.reconstruction),
    ]
    for section in instrument.sections:
        items = [item for item in instrument.items if item.section == section.id]
        parts += [f"## {plain(section.title)}"] if items else []
        for item in items:
            parts += [f"### {plain(item.question)}", facts(_about(instrument, item))]
            parts += _choices(item)
    parts += _plan(instrument)
    return "\n\n".join(part for part in parts if part) + "\n"


def _about(instrument, item):
    """What is known of an item, for `facts`."""
    asked = "everybody"
    if item.asked_if:
        other = instrument.item(item.asked_if.item)
        chose = " or ".join(f"“{text(other.label_of(id))}”" for id in item.asked_if.any)
        asked = f"those who chose {chose} in <code>{other.id}</code>"
    limits = [
        f"{word} {bound:g}"
        for word, bound in (("from", item.minimum), ("to", item.maximum))
        if bound is not None
    ]
    names = {} if item.type in ("grid", "multi") else item.columns()
    beside = [c for name, c in item.columns().items() if name.endswith(".text")]
    return [
        ("Id", f"<code>{item.id}</code>"),
        ("Answer", text(" ".join([KINDS[item.type], *limits]))),
        ("Unit", text(item.unit or "")),
        ("Asked of", asked),
        ("Column", ", ".join(f"<code>{text(c)}</code>" for c in names.values() if c not in beside)),
        ("Text beside", ", ".join(f"<code>{text(c)}</code>" for c in beside)),
        ("Shown", "never as it is: it may identify a person" if item.identifying else ""),
    ]


def _choices(item):
    """The tables of an item: its statements or options, the points of its scale, its groups."""
    columns, about, parts = item.columns(), text(item.question), []
    spread = {"grid": item.statements, "multi": item.options}.get(item.type, [])
    if spread:
        word = "Statement" if item.type == "grid" else "Option"
        rows = [
            [
                _named(part),
                f"<code>{part.id}</code>",
                f"<code>{text(columns[f'{item.id}.{part.id}'])}</code>",
            ]
            for part in spread
        ]
        parts.append(table([word, "Id", "Column"], rows, f"parts of: {about}"))
    if item.type != "multi" and item.choices:
        word = "Point" if item.points else "Option"
        rows = [
            [_named(part, off), f"<code>{part.id}</code>", text(part.raw)]
            for given, off in ((item.choices, ""), (item.dont_know, "off the scale"))
            for part in given
        ]
        parts.append(table([word, "Id", "In the file"], rows, f"answers to: {about}"))
    if item.groups:
        rows = [
            [text(group.label), f"<code>{group.id}</code>", text(", ".join(group.options))]
            for group in item.groups
        ]
        parts.append(table(["Counted together", "Id", "Options"], rows, f"groups of: {about}"))
    return parts


def _named(part, note=""):
    """The label of an option, and what is special about it."""
    special = note or ("excludes the others" if part.exclusive else "")
    return f'{text(part.label)} <span class="aside">{special}</span>' if special else text(part.label)


def _plan(instrument):
    """The analysis plan, or nothing where there is none."""
    rows = [
        [text(q.question), f"<code>{q.item}</code>", text(", ".join(q.by) or None),
         text(q.method.replace("_", " ")), text(q.family)]
        for q in instrument.plan
    ]  # fmt: skip
    headings = ["Question", "Item", "By", "Method", "Family"]
    said = "Written before the answers were read; what it does not hold is exploratory."
    return ["## Plan of the analysis", said, table(headings, rows, "analysis plan")] if rows else []
