"""A ``survey.yml`` whose parts do not fit together is refused by its key."""

import pytest
from spoiling import STUDY, change, refused

from compendium.survey.study import load_study


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("title: Employers", "title: [Employers", ("survey.yml: line", "not readable as YAML")),
        ("licence:", "lisence:", ("licence: the key is missing",)),
        ("provenance: synthetic", "provenance: invented", ("provenance ('invented')",)),
        ("    type: consent\n", "    typ: consent\n", ("items > consent > type: the key is missing",)),
        ("asked_if: {item: interest", "asked_if: {item: intrest", ("'intrest' is no item",)),
        ("any: [yes, maybe]}\n", "any: [yes, often]}\n", ("'interest' has no option 'often'",)),
        ("    scale: urgency", "    scale: urgent", ("no scale 'urgent'", "known:")),
        ("    section: urgency", "    section: urgent", ("no section 'urgent'",)),
        ("  - id: use\n", "  - id: concept\n", ("items: 'concept' stands twice",)),
        ("    item: terms\n", "    item: words\n", ("plan > terms: there is no item 'words'",)),
        ("    of: not_familiar", "    of: unfamiliar", ("plan > awareness", "'unfamiliar'")),
        ("    method: grid", "    method: share", ("plan > terms: the method 'share' takes",)),
        ("title: Employers", "title: Twice\ntitle: Employers", ("the key 'title' stands twice",)),
        ("  minimum_cell: 5\n", "  minimum_cell: none\n", ("disclosure > minimum_cell",)),
        ("    scale: engagement\n", "    scale: engagement\n    colour: red\n",
         ("items > prior > colour", "the key is not known")),
    ],
)  # fmt: skip
def test_a_faulty_instrument_is_refused_by_key(data_dir, old, new, parts):
    change(data_dir / STUDY / "survey.yml", old, new)
    refused(data_dir, "survey.yml", *parts)


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("label: HR manager", "label: Ask  jean O’MUIR first", "hr_manager > label"),
        ("id: hr_manager", "id: ask_jean_omuir", "ask_jean_omuir > id"),
        ("id: hr_manager", "id: jean_omuirhead", ""),
    ],
)
def test_a_listed_name_in_a_label_is_refused(data_dir, old, new, where):
    path = data_dir / STUDY / "survey.yml"
    change(path, "  names: [", "  names: [Jean O'Muir, ")
    change(path, old, new)
    if where:
        refused(
            data_dir,
            f"survey.yml: items > role > options > {where}: holds '",
            "disclosure > names",
            "word it otherwise",
        )
    else:
        load_study(STUDY, data_dir)


def test_a_listed_name_in_a_question_or_a_scale_is_refused_and_part_of_a_word_is_not(data_dir):
    path = data_dir / STUDY / "survey.yml"
    change(path, "  names: [", "  names: [Compan, ")
    load_study(STUDY, data_dir)
    change(path, "names: [Compan, ", "names: [Slightly, ")
    refused(data_dir, "survey.yml: items > ", "holds 'Slightly'")
    change(path, "names: [Slightly, ", "names: [What, ")
    refused(data_dir, "question: holds 'What'")
