"""What an export is once its platform's headings are understood: fields, values, who saw what."""

import html
import itertools
import re
import unicodedata
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from compendium.names import unique

# Headings of the text that goes with an option Other, and labels of that option itself.
FOREIGN = (
    "sonstige|andere|autre|otr[oa]|anders|altr[oi]|outr[oa]|inn[ey]|ann[ae][nt]|andet|muu|jiné|egyéb|diğer|"
    "друг[оа]|інше|其他|其它|その他|기타|أخرى|غير ذلك|אחר|अन्य|khác|lain"
)
OTHER_PART = re.compile(rf"\bother\b|specify|\b({FOREIGN})", re.IGNORECASE)
OTHER_LABEL = re.compile(rf"^(other|{FOREIGN})|specify\b", re.IGNORECASE)
# Between a question and its option or statement; the longest stem that ends in one of these is used.
PARTINGS = (" [", " - ", " – ", " — ", ": ", "? ", " | ")
WORDS = re.compile(r"_(text|other|oth|specify)$", re.IGNORECASE)
INLINE = "b|i|u|s|em|strong|span|sub|sup|a|font|small|big|mark|code|del|ins|abbr|q|cite|wbr|tt"
TICKS = {"1", "0", "x", "yes", "no", "y", "n", "true", "false", "ja", "nein", "oui", "non", "selected",
         "not selected", "checked", "unchecked", "other", "-oth-", "sí", "si", "sim", "não", "да",
         "нет", "nee", "nej", "☑", "☐", "是", "否", "نعم", "لا"}  # fmt: skip
CODE = re.compile(r"^[A-Za-z][A-Za-z0-9]*(?:[_.]{1,3}[A-Za-z0-9]+)*$")
RESPONDENT = re.compile(
    r"^((unique |anonymous )?(respondent|response|participant|case|record|submission|subject|entry|"
    r"antwort|teilnehmer(in)?|fall|person|interview|questionnaire|survey)"
    r"([ _-]?(id|no\.?|number|nr\.?|nummer|code|key))?|id|ids?[ _-]?(nr|no)?|"
    r"(lfd|laufende)[. _-]*(nr\.?|nummer)|nr\.?|no\.?|"
    r"#|n°|numéro|número|id de (la )?(réponse|respuesta)|s\.?/?no?\.?|"
    r"serial( (no\.?|number))?|row( ?(id|no|number))?|"
    r"_?uuid|_id|_index|index|obs|key|meta[:/]instance_?id|p?id|编号|序号|答[卷题]序?号|番号|번호|номер)$",
    re.IGNORECASE,
)


# A row that sums up the others, and one that says what codes mean: 1=Red 2=Blue.
TOTAL = re.compile(
    r"(grand )?totals?|sums?|means?|averages?|median|gesamt|insgesamt|summen?|mittelwert|durchschnitt|"
    r"moyenne|somme|total général|media|promedio|suma|totale|итого|всего|合计|总计|合計|平均",
    re.IGNORECASE,
)
FIRST = 50  # columns that tell of such rows
EXPLAINED = re.compile(r"\b\d+\s*[=:]\s*\w+.*\b\d+\s*[=:]\s*\w", re.DOTALL)


@dataclass(frozen=True)
class Field:
    """One column of an export.

    Attributes
    ----------
    name : str
        Its own name in the export: a code, or the whole heading.
    question : str
        What was asked.
    part : str
        The option or statement that the column is about; empty for a question of one column.
    group : str
        The same for all columns of one question; empty where the column stands alone.
    role : str
        ``answer``; ``other``, a text that is itself the option *Other*; ``other_specify``, the
        text beside an option of the field that `of` names; ``respondent``; ``admin`` (dates, progress,
        device); ``person`` (can identify somebody); ``joined``, ticks that have columns of their own.
    of : str
        The name of a field.
    coded : bool
        Whether `name` is a code that a person chose, such as ``Q7_1``, and not a heading.
    told : bool
        Whether the export has the question; Microsoft Forms leaves out that of a grid.
    key : tuple of str
        The platform's own id of the question and of the part, by which a survey structure names them.
    """

    name: str
    question: str
    part: str = ""
    group: str = ""
    role: str = "answer"
    of: str = ""
    coded: bool = False
    told: bool = True
    key: tuple[str, ...] = ()


@dataclass(frozen=True)
class LeftOut:
    """A column that is in no item, or rows that are in no table, and why; `rows` are counted from 1."""

    column: str
    why: str
    rows: tuple[int, ...] = ()

    def as_dict(self):
        """As it stands in ``import.json``."""
        found = {"column": self.column, "why": self.why}
        return found | {"rows": list(self.rows)} if self.rows else found


@dataclass
class Export:
    """An export with its platform's shape undone.

    Attributes
    ----------
    platform : str
    fields : list of Field
    values : pandas.DataFrame
        Text, one row a respondent, a column a field, by its name. The empty string is no value.
    seen : dict of str to pandas.Series of bool
        Whether the question was shown, by field, where the platform says.
    labels : dict of str to dict of str to str
        What the codes of a field mean, where the file says, in its order; missing codes left out.
    ordered : set of str
        The fields whose codes the file calls ordered.
    told : dict of str to Told
        What a survey structure says of a field.
    read, doubts : list of str
        As of a `Sheet`.
    left_out : list of LeftOut
    """

    platform: str
    fields: list[Field]
    values: pd.DataFrame
    seen: dict = field(default_factory=dict)
    labels: dict = field(default_factory=dict)
    ordered: set = field(default_factory=set)
    told: dict = field(default_factory=dict)
    read: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    _coded: dict = field(default_factory=dict, repr=False)

    def coded(self, name):
        """The place of each row's value among the different ones of a column, and these.

        They are without outer spaces, in the order in which they first occur; found once a column.
        """
        if name not in self._coded:
            found = pa.chunked_array(pa.array(self.values[name], pa.large_string()))
            found = found.dictionary_encode().unify_dictionaries()
            codes = [chunk.indices.to_numpy() for chunk in found.iterchunks()]
            codes = np.concatenate(codes) if codes else np.empty(0, np.int32)
            bare = pc.utf8_trim_whitespace(found.chunk(0).dictionary) if len(found) else pa.array([])
            merged = bare.dictionary_encode()
            if len(merged.dictionary) < len(bare):
                codes = merged.indices.to_numpy()[codes]
            clean = bare.equals(found.chunk(0).dictionary) if len(found) else True
            self._coded[name] = codes, merged.dictionary.to_pylist(), clean
        return self._coded[name][:2]

    def kinds(self, name):
        """The different values of a column, as `coded` finds them."""
        return self.coded(name)[1]

    def stripped(self, name):
        """A column without outer spaces."""
        self.coded(name)
        return self.values[name] if self._coded[name][2] else self.values[name].str.strip()


def heading(text):
    """A heading as one line of plain text: no markup, no line breaks, no hard spaces."""
    if "<" in text:
        text = re.sub(rf"</?(?:{INLINE})\b[^<>]{{0,300}}>", "", text, flags=re.IGNORECASE)
        text = re.sub(r"</?[a-zA-Z][^<>]{0,300}>", " ", text)  # a line break or block parts words
    return re.sub(r"\s+", " ", html.unescape(text)).strip()


def readable(values):
    """A column in composed characters, without what takes no room.

    What joins emoji, and letters of Persian or Hindi, is kept where it stands between such.
    """
    array = pa.chunked_array(pa.array(values, pa.large_string()))
    if pc.any(pc.match_substring(array, "_x000D_")).as_py():  # how Excel writes an end of line
        array = pc.replace_substring(array, "_x000D_", "")
        values = pd.Series(pd.array(array, dtype="str"), index=values.index, name=values.name)
    if pc.all(pc.string_is_ascii(array)).as_py() is not False:
        return values
    array = pc.utf8_normalize(array, form="NFC")
    array = pc.replace_substring_regex(array, "[\u200b\u2060\ufeff\u180e\u00ad]", "")
    array = pc.replace_substring_regex(array, "(^|[\\x00-\\x7f])[\u200c\u200d]+", "\\1")
    array = pc.replace_substring_regex(array, "[\u200c\u200d]+($|[\\x00-\\x7f])", "\\1")
    return _western(pd.Series(pd.array(array, dtype="str"), index=values.index, name=values.name))


def _western(values):
    """Numbers in Arabic, Persian, Indian or wide digits in those that all programs read."""
    kinds = pd.Series(values.iloc[1:].unique()).str.strip()
    signs = {ord(c): str(unicodedata.decimal(c)) for c in set("".join(kinds)) if c.isdecimal()}
    signs |= {0x66B: ".", 0x66C: "", 0x2212: "-", 0xFF05: "%", 0x66A: "%"}
    plain = kinds.str.translate(signs)
    if not plain.str.fullmatch(r"([+-]?\d[\d., ]*(e[+-]\d+)?\s*%?)?", flags=re.ASCII).all():
        return values
    return pd.concat([values.iloc[:1], values.iloc[1:].str.translate(signs)])


def pair_others(export):
    """Of two columns of one option Other, take the words for the text beside the ticks."""
    groups = {}
    for part in export.fields:
        if part.group and part.role in ("answer", "other") and OTHER_LABEL.search(part.part):
            groups.setdefault(part.group, []).append(part)
    for members in groups.values():
        kinds = {p.name: {*export.kinds(p.name)} - {""} for p in members}
        words = [p for p in members if not _one_tick(kinds[p.name], p.part)]
        ticks = [p for p in members if p not in words and kinds[p.name]]
        if len(members) == 2 and len(words) == len(ticks) == 1:
            at = export.fields.index(words[0])
            export.fields[at] = replace(
                words[0], role="other_specify", of=ticks[0].name, group="", part=""
            )
            at = export.fields.index(ticks[0])
            export.fields[at] = replace(ticks[0], role="answer")
        elif len(members) == len(words) == 1 and not export.labels.get(words[0].name):
            beside = [p for p in export.fields if p.group == words[0].group and p not in members]
            cells = {kind.casefold() for p in beside for kind in export.kinds(p.name)}
            if len(beside) > 1 and {""} < cells | {""} <= TICKS | {""}:  # words beside ticks
                export.fields[export.fields.index(words[0])] = replace(words[0], role="other")


def _one_tick(kinds, label):
    """Whether a column holds its own label, or signs of a tick, and nothing else."""
    if len(kinds) == 1 and OTHER_LABEL.search(min(kinds)):
        return True
    return {kind.casefold() for kind in kinds} <= {label.casefold()} | TICKS


def unique_names(names):
    """Column names of their own: a name that stands twice gets a number, an empty one its place."""
    taken = set()
    found = [unique(name or f"column {i}", taken, "{} ({})") for i, name in enumerate(names, start=1)]
    return found, [new for new, name in zip(found, names, strict=True) if new != name]


def runs_of(fields):
    """Consecutive fields of one question."""
    keyed = itertools.groupby(enumerate(fields), key=lambda pair: pair[1].group or str(pair[0]))
    return [[part for _, part in run] for _, run in keyed]


def drop_rows(export, drop, why):
    """Leave rows out, and say which."""
    if not drop.any():
        return
    rows = [i + 1 for i in range(len(drop)) if drop.iloc[i]]
    shown = ", ".join(map(str, rows[:10])) + (", ..." if len(rows) > 10 else "")
    export.left_out.append(LeftOut(f"{len(rows)} of the rows (row {shown})", why, tuple(rows)))
    export.values, export._coded = export.values[~drop].reset_index(drop=True), {}
    export.seen = {k: v[~drop].reset_index(drop=True) for k, v in export.seen.items()}


def look_at_rows(export, headings):
    """Leave out rows that repeat the headings; ask about rows that explain codes, and about totals."""
    cells, same = export.values, np.ones(len(export.values), bool)
    for text, (_, values) in zip(headings, cells.items(), strict=True):
        same &= (values == text).to_numpy()
        if not same.any():
            break
    else:
        others = any((values != text)[values != ""].any() for text, (_, values) in
                     zip(headings, cells.items(), strict=True))  # fmt: skip
        if others:  # else they are ticks that say what was ticked
            drop_rows(export, pd.Series(same), "it repeats the headings")
    first = [[c.strip() for c in row if c.strip()] for row in cells.iloc[:1, :FIRST].to_numpy()]
    if any(
        len(row) > 1 and sum(map(bool, map(EXPLAINED.search, row))) > 0.3 * len(row) for row in first
    ):
        export.doubts.append(
            "Does the first row below the headings explain codes? It counts as answers."
        )
    last = cells.iloc[-3:, :FIRST].to_numpy()
    for at, row in enumerate(last, len(cells) - len(last)):
        said = next((cell.strip() for cell in row if cell.strip()), "")
        if TOTAL.fullmatch(said):
            export.doubts.append(
                f"Does row {at + 1}, which begins with “{said}”, sum up the others? It counts as a "
                "respondent; delete it from a copy of the export."
            )


def export_of(platform, sheet, fields, rows):
    """The fields over the rows below the headings."""
    values = sheet.cells.iloc[rows:].reset_index(drop=True)
    values.columns = [field.name for field in fields]
    return Export(platform, fields, values, read=list(sheet.read), doubts=list(sheet.doubts))


def doubt_unfinished(export, count):
    """Ask what is to become of rows that the platform calls unfinished."""
    if count:
        export.doubts.append(
            f"May rows that were not finished stay in ({count} of {len(export.values)})? Each answer "
            "counts under its own base."
        )


# ---- which columns belong to one question: what their headings share


def part_of(texts, signs=PARTINGS):
    """Split headings of one question into what they share and what each adds."""
    low, high = min(texts), max(texts)
    same = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(low, high, strict=False))
    shared = low[: len(list(same))]
    cuts = [shared.rfind(sign) + len(sign) for sign in signs if sign in shared]
    if not cuts:
        return None
    cut = max(cuts)
    stem, parts = shared[:cut], [text[cut:] for text in texts]
    if stem.endswith(" ["):
        if not all(part.endswith("]") for part in parts):
            return None
        parts = [part[:-1] for part in parts]
    question = stem.strip() if stem.endswith("? ") else stem.strip(" -–—:[|")
    return question, [part.strip() for part in parts]


def group_by_stem(fields):
    """Group consecutive codes ``stem_part`` and texts ``stem - part`` by the stem that fits most."""
    everything = _with_words(list(fields))
    fields, start = [column for column in everything if column.role != "other_specify"], 0
    while start < len(fields):
        best = (1, "")
        for stem in _stems_of(fields[start]):
            run = 0
            while start + run < len(fields) and stem in _stems_of(fields[start + run]):
                run += 1
            best = max(best, (run, stem), key=lambda pair: (pair[0], len(pair[1])))
        run, stem = best
        if run > 1:
            fields[start : start + run] = _parted(fields[start : start + run], stem)
        start += run
    grouped = {column.name: column for column in fields}
    return [grouped.get(column.name, column) for column in everything]


def _with_words(fields):
    """A code that ends in ``_text`` or ``_other`` is of words beside the column it is named after."""
    names = {column.name for column in fields if column.role == "answer"}
    for i, column in enumerate(fields):
        once = WORDS.sub("", column.name)
        tried = [
            once,
            WORDS.sub("", once),
            *([re.sub(r"_\d+$", "", once)] if once != column.name else []),
        ]
        main = next((name for name in tried if name in names), "")
        if main and main != column.name and column.role == "answer":
            fields[i] = replace(column, role="other_specify", of=main, coded=True)
    return fields


def _stems_of(column):
    """What the column's name or question may share with its neighbours."""
    if column.group or column.role != "answer":
        return []
    if CODE.match(column.name):
        return [column.name[: m.start()] for m in re.finditer(r"[_.]", column.name)]
    ends = (column.question.find(sign) for sign in (" [", " - ", " – ", " — ", ": "))
    return [column.question[:end] for end in ends if end > 0]


def _parted(run, stem):
    """Fields of one stem: their question and parts, from their texts where these share a beginning."""
    texts = [column.question for column in run]
    plain = [column.question for column in run if not WORDS.search(column.name)]
    shared = part_of(plain) if len(plain) == len(run) else None
    if plain and not shared and part_of(plain):
        stem_text = part_of(plain)[0]
        shared = stem_text, [text.removeprefix(stem_text).strip(" -–—:[]|") for text in texts]
    parts = [re.sub(r"^[_.]+", "", column.name.removeprefix(stem)) for column in run]
    if shared and all(shared[1]):
        question, parts = shared
    else:
        question = stem.rstrip("_")
        parts = [f"Choice {part}" if stem.endswith("__") else part for part in parts]  # of REDCap
        told = [text != column.name for text, column in zip(texts, run, strict=True)]
        parts = texts if all(told) else [_spoken(part) for part in parts]
    found = []
    for column, part in zip(run, parts, strict=True):
        role = "other" if WORDS.search(column.name) and CODE.match(column.name) else column.role
        coded = bool(CODE.match(column.name))
        found.append(replace(column, question=question, part=part, group=stem, role=role, coded=coded))
    return found


def _spoken(code):
    """A code as words: ``skills_gaps`` becomes *Skills gaps*."""
    words = re.sub(r"[_.]+", " ", code).strip()
    return words[:1].upper() + words[1:]
