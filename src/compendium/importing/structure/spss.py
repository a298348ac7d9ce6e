"""Undoes the shape of an SPSS file: names, labels, code lists, and codes that mean no answer.

A labelled level stays though nobody chose it, a missing code is no answer, and a number stays one
though some of its codes have labels. What was declared is taken as it is; what only the wording of a
label tells is taken and asked about.
"""

import itertools
import re
from dataclasses import replace

from compendium.importing.export import RESPONDENT, Field, export_of, group_by_stem, heading, part_of

DONT_KNOW = re.compile(r"don.?t know|do not know|not sure|unsure|weiß nicht|ne sait pas", re.IGNORECASE)
NO_ANSWER = re.compile(
    r"(system )?missing\b|no (answer|response|reply)\b|not (answered|stated|ascertained)\b|refus"
    r"|declined\b"
    r"|keine (angabe|antwort)|verweigert|(sans|pas de) réponse|non.?réponse|sin respuesta|no contesta",
    re.IGNORECASE,
)
NUMBERED = re.compile(r"^(.*?[A-Za-z_])(\d{1,3})$")
LONGEST_SCALE = 10  # the highest number that a point of a scale may have without a label of its own


def spss(path, sheet):
    """Names and labels of the variables; codes with their labels; user-missing codes."""
    names, texts = ([heading(cell) for cell in sheet.cells.iloc[row]] for row in (0, 1))
    fields = [Field(n, text or n, coded=True) for n, text in zip(names, texts, strict=True)]
    export = export_of("spss", sheet, fields, 2)
    asked = []
    for name, column in zip(names, sheet.cells.columns, strict=True):
        values, listed = export.values[name], sheet.labels.get(column, {})
        unseen, refused = sheet.unseen.get(column, set()), sheet.refused.get(column, set())
        listed = {code: label for code, label in listed.items() if code not in unseen | refused}
        labels, gone, said = _code_list(listed, set(values[values != ""]) - unseen - refused)
        asked += [f"{name}: {', '.join(said)}"] if said else []
        not_put = values.isin(unseen)
        if not_put.any():
            export.seen[name] = ~not_put
        export.values[name] = values.mask(not_put | values.isin(refused | gone), "")
        export.labels[name] = labels
        if sheet.measures.get(column) == "ordinal" and labels:
            export.ordered.add(name)
    if asked:
        shown = "; ".join([*asked[:10], *(["..."] if len(asked) > 10 else [])])
        export.doubts.append(
            f"Are these codes read rightly ({shown})? "
            "The file does not declare them; their labels tell so."
        )
    export.fields = _grids(group_by_stem(_sets(fields, sheet.sets)), export.labels)
    known = [f for f in export.fields if RESPONDENT.match(f.name)]
    if known and export.values[known[0].name].is_unique:
        at = export.fields.index(known[0])
        export.fields[at] = replace(known[0], role="respondent", group="")
    return export


def _code_list(labels, present):
    """The labels that are levels, the codes that are no answers by their label, and what to ask."""
    gone = {code for code, label in labels.items() if NO_ANSWER.match(label)}
    levels = {code: label for code, label in labels.items() if code not in gone}
    bare = [value for value in present if value not in labels]
    unsure = {code for code, label in levels.items() if DONT_KNOW.search(label)}
    number = bool(bare) and all(map(_number, [*bare, *levels]))
    if number and (set(levels) == unsure or not all(map(_point, bare))):
        gone, levels = gone | unsure, {}
    kept = [code for code in labels if code in present and code not in gone and not levels]
    said = [
        f"{code} “{label}” is no answer" for code, label in labels.items() if code in gone & present
    ]
    return levels, gone, said + [f"{code} “{labels[code]}” is a number" for code in kept[:3]]


def _number(value):
    try:
        return float(value) == float(value)
    except ValueError:
        return False


def _point(value):
    """Whether a code without a label may be a point of a scale of which only the ends are labelled."""
    return value.isdecimal() and int(value) <= LONGEST_SCALE


def _sets(fields, sets):
    """Fields of a multiple-response set that the file defines belong together."""
    of = {name: (set_name, label) for set_name, label, names in sets for name in names}
    return [
        replace(f, question=of[f.name][1] or of[f.name][0], part=f.question, group=of[f.name][0])
        if f.name in of
        else f
        for f in fields
    ]


def _grids(fields, labels):
    """``op1`` to ``op6`` beside each other with one list of three codes or more are one question."""
    found = []
    for (stem, codes), run in itertools.groupby(fields, key=lambda f: _stem(f, labels)):
        run = list(run)
        if not stem or len(run) < 2 or len(codes) < 3:
            found += run
            continue
        texts = [field.question for field in run]
        shared = part_of(texts)
        question, parts = shared if shared and all(shared[1]) else (stem.rstrip("_"), texts)
        found += [
            replace(
                field, question=question, part=part, group=f"{stem} {run[0].name}", told=bool(shared)
            )
            for field, part in zip(run, parts, strict=True)
        ]
    return found


def _stem(field, labels):
    match = NUMBERED.match(field.name) if field.role == "answer" and not field.group else None
    return (match.group(1), tuple(labels[field.name].items())) if match else (field.name, ())
