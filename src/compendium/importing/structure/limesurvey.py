"""Reads LimeSurvey's structure files: a survey (``.lss``) or a question (``.lsq``).

Seen in LimeSurvey's own tests (tests/data/surveys in its source): database versions 359, where each row
of a question has its text and language, 450 and 485, where texts stand in ``question_l10ns`` and
``answer_l10ns``, and 717 of a ``.lsq``. Types of questions are those of its manual.
"""

import re
from collections import defaultdict
from dataclasses import replace

from compendium.archives import parse_xml
from compendium.importing.export import heading
from compendium.importing.structure.questionnaire import Asked, Chosen, Level

TYPES = {
    "L": "single", "!": "single", "O": "single", "Y": "single", "G": "single", "5": "single",
    "M": "multi", "P": "multi", "F": "grid", "H": "grid", "1": "grid", "A": "grid", "B": "grid",
    "C": "grid", "E": "grid", "N": "number", "K": "number", ":": "number", "S": "text", "T": "text",
    "U": "text", "Q": "text", ";": "text",
}  # fmt: skip
ORDERED = tuple("FH1ABE5")
YES_NO = {"en": ("Yes", "No"), "de": ("Ja", "Nein"), "fr": ("Oui", "Non"), "es": ("Sí", "No"),
          "it": ("Sì", "No"), "pt": ("Sim", "Não"), "nl": ("Ja", "Nee")}  # fmt: skip
FIXED = {  # what LimeSurvey writes in English; in other languages words are read as they stand
    "G": {"F": "Female", "M": "Male"},
    "C": {"Y": "Yes", "U": "Uncertain", "N": "No"},
    "E": {"D": "Decrease", "S": "Same", "I": "Increase"},
    "5": {str(n): str(n) for n in range(1, 6)}, "A": {str(n): str(n) for n in range(1, 6)},
    "B": {str(n): str(n) for n in range(1, 11)},
}  # fmt: skip
EQUAL = re.compile(
    r"""^\(*\s*([A-Za-z0-9_]+)(?:\.NAOK|\.value|\.code)?\s*==\s*["']([^"']*)["']\s*\)*$"""
)


def read_lss(path):
    """The version, and the questions in each language, the survey's own language first."""
    root = parse_xml(path.read_bytes(), str(path))
    kind = root.findtext("LimeSurveyDocType")
    if kind not in ("Survey", "Question", "Group"):
        raise ValueError(f"{path}: is no structure of a LimeSurvey survey; export it as .lss.")
    tables = {table.tag: [_row(row) for row in table.iter("row")] for table in root}
    own = next((row["language"] for row in tables.get("surveys", ()) if row.get("language")), "")
    listed = [node.text or "" for node in root.findall("languages/language")]
    languages = sorted(dict.fromkeys(listed or [own]), key=lambda language: language != own)
    version = f"LimeSurvey, database version {root.findtext('DBVersion') or 'not stated'}"
    try:
        return version, [_questions(tables, language) for language in languages]
    except KeyError as error:
        raise ValueError(f"{path}: a row has no {error}; export the structure again.") from None


def _row(row):
    return {cell.tag: (cell.text or "").strip() for cell in row}


def _questions(tables, language):
    """The questions in the order of the survey, in one language."""

    def here(rows):
        return [row for row in rows if row.get("language", language) in ("", language)]

    text = {row["qid"]: row["question"] for row in here(tables.get("question_l10ns", ()))}
    label = {row["aid"]: row["answer"] for row in here(tables.get("answer_l10ns", ()))}
    subs, answers = defaultdict(dict), defaultdict(list)
    for row in sorted(here(tables.get("subquestions", ())), key=_place):
        said = text.get(row["qid"], row.get("question", ""))
        subs[row["parent_qid"]][row["title"]] = row | {"question": said}
    for row in sorted(here(tables.get("answers", ())), key=_place):
        answers[row["qid"]].append((row["code"], label.get(row.get("aid"), row.get("answer", ""))))
    groups = {row["gid"]: row for row in tables.get("groups", ())}
    mains = [row for row in here(tables.get("questions", ())) if row.get("parent_qid", "0") == "0"]
    mains.sort(key=lambda row: (_place(groups.get(row.get("gid"), {})), _place(row)))
    names = _names(mains, subs)
    found = []
    for row in mains:
        parts = {title: heading(sub["question"]) or title for title, sub in subs[row["qid"]].items()}
        rules = [row.get("relevance", ""), groups.get(row.get("gid"), {}).get("grelevance", "")]
        shown, unclear = _conditions(rules, names)
        kind, said = row.get("type", ""), text.get(row["qid"], row.get("question", ""))
        one = Asked(
            row["title"], TYPES.get(kind, ""), heading(said), _levels(row, answers, language), parts
        )
        ordered, required = kind in ORDERED, row.get("mandatory") in ("Y", "S")
        found.append(replace(one, ordered=ordered, required=required, shown=shown, unclear=unclear))
    return found


def _place(row):
    """Where a row stands among its like."""
    for key in ("sortorder", "question_order", "group_order"):
        if row.get(key, "").lstrip("-").isdecimal():
            return int(row[key])
    return 0


def _levels(row, answers, language):
    """Answer options, by code or by text in an export; those that LimeSurvey brings for some types."""
    if row.get("type") == "1":  # two scales, whose codes may be the same
        return ()
    short = language.split("-")[0]
    fixed = FIXED.get(row.get("type"), {}) if short == "en" or row.get("type") in "5AB" else {}
    if row.get("type") == "Y" and short in YES_NO:
        fixed = dict(zip("YN", YES_NO[short], strict=True))
    listed = answers[row["qid"]] or list(fixed.items())
    listed = dict(listed).items()  # of a dual scale the codes are mostly the same
    found = [Level(code, heading(text) or code, (code, heading(text) or code)) for code, text in listed]
    if row.get("type") == "Y":  # an export may turn Y and N into numbers
        found = [replace(x, spellings=(*x.spellings, n)) for x, n in zip(found, "12", strict=False)]
    if found and row.get("other") == "Y":
        found.append(Level("-oth-", "Other", ("-oth-", "Other")))
    return tuple(found)


def _names(mains, subs):
    """What expressions call questions and ticks: codes, and ids in the two ways that were seen."""
    found = {}
    for row in mains:
        qid, title = row["qid"], row["title"]
        places = f"{row.get('sid')}X{row.get('gid')}X{qid}"
        found |= dict.fromkeys([title, f"Q{qid}", places], (title, ""))
        for code, sub in subs[qid].items():
            named = [f"{title}_{code}", f"Q{qid}_S{sub['qid']}", f"{places}{code}"]
            found |= dict.fromkeys(named, (title, code))
    return found


def _conditions(rules, names):
    """What must have been chosen; what is more than that is quoted."""
    shown = []
    for rule in dict.fromkeys(rule.strip() for rule in rules):
        if rule in ("", "1"):
            continue
        terms = re.split(r"\s+or\s+|\|\|", rule, flags=re.IGNORECASE)
        terms = [EQUAL.match(term.strip()) for term in terms]
        gates = {names.get(term[1], ("", ""))[0] for term in terms if term}
        if None in terms or len(gates) != 1 or gates == {""}:
            return (), rule
        ticks = [(names[term[1]][1], term[2]) for term in terms]
        if any(code and value != "Y" for code, value in ticks):
            return (), rule
        shown.append(Chosen(gates.pop(), tuple(code or value for code, value in ticks)))
    return tuple(shown), ""
