"""Lays a survey structure over an export: its texts, levels and their order in place of guesses.

LimeSurvey writes ``.lss`` (a survey) and ``.lsq`` (a question), Qualtrics ``.qsf``. Nothing in them is
run: conditions that are more than "one of these options was chosen" are quoted and asked about.
"""

import re
from dataclasses import replace

from compendium.importing.export import heading
from compendium.importing.structure.limesurvey import read_lss
from compendium.importing.structure.qualtrics import read_qsf
from compendium.importing.structure.questionnaire import Told

LARGEST = 1 << 25  # bytes of a structure file
KINDS = {".lss": "limesurvey", ".lsq": "limesurvey", ".qsf": "qualtrics"}
MOSTLY = 0.5  # of the different answers must be listed, or the structure is of another survey


def find_structure(export):
    """The structure beside an export that its name belongs to; None where there is none, or several."""
    name = export.stem.casefold()
    numbers = set(re.findall(r"\d{4,}", name))
    near = [path for path in sorted(export.parent.iterdir()) if path.suffix.lower() in KINDS]
    same = [path for path in near if path.stem.casefold() == name]
    named = [
        p
        for p in near
        if (_bare(p.stem) and _bare(name).startswith(_bare(p.stem))) or _number(p) & numbers
    ]
    found = same or named
    return found[0] if len(found) == 1 else None


def _bare(name):
    return re.sub(r"[\W_]+", "", name.casefold())


def _number(path):
    """The survey's number, which LimeSurvey puts into the names of both files."""
    return (
        set(re.findall(r"\d{4,}", path.stem)) if KINDS[path.suffix.lower()] == "limesurvey" else set()
    )


def read_structure(path):
    """Its version, and the questions that it holds, once for each language, the survey's own first."""
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise ValueError(f"{path}: STRUCTURE is a file that ends in {', '.join(KINDS)}.")
    try:
        size = path.stat().st_size
    except OSError as error:
        raise ValueError(f"{path}: the structure cannot be read: {error.strerror}.") from None
    if size > LARGEST:
        raise ValueError(f"{path}: the structure has {size:,} bytes; {LARGEST:,} are the most.")
    return {"limesurvey": read_lss, "qualtrics": read_qsf}[kind](path)


def use_structure(path, export, given):
    """Lay a survey structure over an export: its texts, levels and order; what it cannot, is told."""
    version, languages = read_structure(path)
    if export.platform != KINDS[path.suffix.lower()]:
        if given:
            raise ValueError(
                f"{path}: this structure is not of the platform of the export ({export.platform}); "
                "leave STRUCTURE out."
            )
        return
    answers = [f for f in export.fields if f.role in ("answer", "other", "other_specify")]
    matched = [_matched(questions, answers) for questions in languages]
    used = max(matched, key=lambda pairs: _fitting(pairs, export), default={})
    if not used and given:
        raise ValueError(f"{path}: names no column of the export; is it of another survey?")
    if not _same_words(used, answers):
        if not given:
            export.doubts.append(
                f"Does the structure {path.name} belong to this export? Most questions run otherwise "
                "in it, so it was not used; give it as STRUCTURE if it does."
            )
            return
        export.doubts.append(f"Most questions run otherwise in {path.name}: is it of this survey?")
    closed = {f.name for f in answers if f.role == "answer"}  # words beside an option are no levels
    foreign = sorted(n for n, (asked, _) in used.items() if n in closed and not _fits(asked, n, export))
    used = {name: pair for name, pair in used.items() if name not in foreign}
    export.fields = [_retold(f, *used[f.name]) if f.name in used else f for f in export.fields]
    for f in export.fields:
        if f.name in used:
            _lay(export, f, *used[f.name])
    export.read.append(
        f"Survey structure {path.name} ({version}): {len(used)} of {len(answers)} columns of "
        "answers were read by it."
    )
    if foreign:
        export.doubts.append(
            f"Does the structure {path.name} belong to this export? It does not list most answers of "
            f"{', '.join(foreign[:5])}, which were read without it."
        )


def _matched(questions, fields):
    """By field, its question and the ids of question and part; by texts where there are no codes."""
    by_key, by_text = {asked.key: asked for asked in questions}, {}
    for asked in questions:
        by_text.setdefault(asked.text, []).append(asked)
    found = {}
    for f in fields:
        key = f.key
        alike = [] if f.key or f.coded else by_text.get(f.question) or by_text.get(f.name, [])
        if len(alike) == 1:
            parts = [id for id, label in alike[0].parts.items() if label == f.part]
            key = (alike[0].key, *parts[:1])
        if key and key[0] in by_key:
            found[f.name] = by_key[key[0]], key
    return found


def _same_words(used, fields):
    """Whether most questions begin alike, where the export tells them: ids are alike in all surveys."""
    told = [(f.question, used[f.name][0].text) for f in fields
            if f.name in used and f.question not in (f.name, used[f.name][1][0])]  # fmt: skip
    alike = sum(here[:20].casefold() == there[:20].casefold() for here, there in told)
    return not told or alike >= MOSTLY * len(told)


def _fitting(pairs, export):
    """How many fields a language explains: those that it names and whose answers it lists."""
    return sum(_fits(asked, name, export) for name, (asked, _) in pairs.items())


def _fits(asked, name, export):
    """Whether most different answers in a field are levels of its question."""
    if not asked.levels or asked.kind not in ("single", "grid"):
        return True
    values = [value for value in export.kinds(name) if value]
    known = _spelt(asked, values)
    return sum(value in known for value in values) >= MOSTLY * len(values)


def _spelt(asked, values):
    """The levels by the value that stands for each; of several ways to write them the one that fits."""
    ways = [
        {level.spellings[way]: level for level in asked.levels if len(level.spellings) > way}
        for way in range(max(len(level.spellings) for level in asked.levels))
    ]
    clean = {value: heading(value) for value in values}
    ways = [
        way | {v: way[clean[v]] for v in values if v not in way and clean[v] in way} for way in ways
    ]
    return max(ways, key=lambda way: sum(value in way for value in values))


def _retold(f, asked, key):
    """The field with the texts of the questionnaire; parts of a question belong together."""
    part = asked.parts.get(key[1], f.part) if len(key) > 1 else f.part
    if f.role in ("other", "other_specify"):
        return replace(f, question=asked.text or f.question)
    question = asked.text or f.question
    if part and not f.group and asked.kind not in ("multi", "grid"):  # a form of several texts
        return replace(f, question=f"{question} – {part}", part="")
    grouped = f.group or (asked.key if part else "")
    if len(key) > 2:  # an array of two scales: the same statements twice
        question, grouped = f"{question} [{key[2]}]", f"{grouped} {key[2]}"
    return replace(f, question=question, part=part, group=grouped, told=True)


def _lay(export, f, asked, key):
    """What the field is, and its levels in the order of the questionnaire, chosen or not."""
    values = [value for value in export.kinds(f.name) if value]
    told = Told(asked, key[1] if len(key) > 1 else "")
    if asked.levels and f.role == "answer" and asked.kind in ("single", "grid"):
        by_value = _spelt(asked, values)
        written = {}
        for value, level in by_value.items():  # a value that is in the export before one that is not
            if level.id not in written or value in values:
                written[level.id] = value
        ids = [level.id for level in asked.levels if level.id in written]
        labels = {level.id: level.label for level in asked.levels}
        export.labels[f.name] = {written[id]: labels[id] for id in ids}
        told = replace(told, values={id: written[id] for id in ids})
        if asked.ordered:
            export.ordered.add(f.name)
    elif asked.kind == "multi" and asked.levels and not told.part and f.role == "answer":
        pieces = [piece.strip() for value in values for piece in value.split(",")]
        written = {level.id: value for value, level in reversed(_spelt(asked, pieces).items())}
        told = replace(told, values={level.id: written[level.id] for level in asked.levels})
    export.told[f.name] = told
