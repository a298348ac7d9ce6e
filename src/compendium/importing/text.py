"""Reads text files of rows whatever their encoding, delimiter and line ends; mends nothing unsaid.

Python's own ``csv`` checks every row; where all are whole, Arrow's reader, which goes by the same
rules, makes the columns.
"""

import csv
import datetime
import itertools
import math
import re
import zipfile
from dataclasses import dataclass, field

import pandas as pd
import pyarrow as pa

from compendium.archives import BROKEN, check_directory, read_members
from compendium.files import arrow_table, lines_of, swallowed

DELIMITERS = (",", ";", "\t", "|")
NAMED = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
CELLS = 40_000_000  # of a table, empty ones counted
WIDEST = 10_000  # columns; a questionnaire has hundreds
CHUNK = 20_000  # rows that are Python objects at one time
BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32", "UTF-32"),
    (b"\x00\x00\xfe\xff", "utf-32", "UTF-32"),
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)
# As LimeSurvey and others write it.
SYNTAX = re.compile(r"^\s*(GET DATA|DATA LIST|(VARIABLE|VALUE) LABELS)\b", re.MULTILINE | re.IGNORECASE)
ROW = re.compile(r"'[^'\n]{0,999}'(,('[^'\n]{0,999}'|[\d.]{0,30})){1,999}\n")
WINDOWS_HAS_NOT = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


@dataclass
class Sheet:
    """The rows of an export as they stand in the file, headings among them.

    Attributes
    ----------
    cells : pandas.DataFrame
        Text only; columns 0, 1, ...; the empty string is no value.
    read : list of str
        How the file was read, in sentences.
    doubts : list of str
        What a person should look at, in sentences.
    labels : dict of int to dict of str to str
        By column, what the codes in it mean; only SPSS files say.
    unseen, refused : dict of int to set of str
        By column, codes that the file itself calls missing: not asked, and not answered.
    measures : dict of int to str
        By column, ``nominal``, ``ordinal`` or ``scale``; only SPSS files say.
    sets : list
        Name, label and variables of each multiple-response set that an SPSS file defines.
    """

    cells: pd.DataFrame
    read: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    labels: dict = field(default_factory=dict)
    unseen: dict = field(default_factory=dict)
    refused: dict = field(default_factory=dict)
    measures: dict = field(default_factory=dict)
    sets: list = field(default_factory=list)


def read_text_table(path, data):
    """Read delimited text: the encoding, the delimiter and the quotes are found."""
    text, encoding, doubts = decode(path, data)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    _refuse_other_text(path, text)
    # Excel's own first line, which says what parts the values and is no row.
    said = re.match(r'"?sep=(.)"?\n', text)
    text = text[said.end() :] if said else text
    delimiter = said.group(1) if said else _delimiter(text)
    cells, short = _parse(path, text, delimiter)
    if len(short):
        rows = ", ".join(f"{row}" for row in short[:5]) + (", ..." if len(short) > 5 else "")
        doubts.append(
            f"{len(short)} of the file's rows have fewer values than there are columns and were "
            f"filled up with nothing (row {rows}, headings counted): are they whole?"
        )
    part = NAMED.get(delimiter, repr(delimiter))
    return Sheet(cells, [f"Text in {encoding}, values parted by {part}."], doubts)


def zipped_text(path):
    """The one table of text in a zip archive, as platforms send it; nothing where it holds else."""
    check_directory(path)
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if not name.startswith("__MACOSX/")]
    except BROKEN:
        return None
    if len(names) != 1 or not names[0].lower().endswith((".csv", ".tsv")):
        return None
    return read_members(path, wanted=lambda name: name == names[0])[names[0]]


def frame_of(columns):
    """Columns of text for a `Sheet`."""
    arrays = [c if isinstance(c, pa.ChunkedArray) else pa.array(c, pa.large_string()) for c in columns]
    return pd.DataFrame({i: pd.array(array, dtype="str") for i, array in enumerate(arrays)})


def as_text(value):
    """A cell as it would stand in a CSV file: whole numbers whole, dates as ISO 8601."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.15g}"
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ")
    return "" if value is None else str(value)


def refuse_size(path, rows, width):
    """Refuse a table that no survey is."""
    if width > WIDEST or rows * width > CELLS:
        raise ValueError(
            f"{path}: the table reaches over {rows:,} rows and {width:,} columns; {CELLS:,} cells and "
            f"{WIDEST:,} columns are the most. Delete what stands far outside the answers, or export "
            "them as CSV."
        )


def same_rows(path, stated, read):
    """Refuse a file that states another number of rows than was read; some state none."""
    if stated is not None and stated >= 0 and stated != read:
        raise ValueError(
            f"{path}: the file states {stated:,} rows and {read:,} were read; save it again, or as CSV."
        )


def _refuse_other_text(path, text):
    """Text that is no table of rows."""
    start = text[:2000].lstrip()
    if not start:
        raise ValueError(f"{path}: the file is empty; export the answers again.")
    if "\0" in text:
        raise ValueError(f"{path}: the file holds NUL characters and is damaged; export it again.")
    if start.startswith("<"):
        raise ValueError(
            f"{path}: this is a web page or XML, whatever its name says; open it in a spreadsheet "
            "and save it as XLSX or CSV UTF-8."
        )
    if start.startswith("{") or re.match(r"\[\s*[{\[]", start):
        raise ValueError(f"{path}: this is JSON; export the answers as CSV or XLSX.")
    if SYNTAX.search(text[:4000]):
        raise ValueError(
            f"{path}: this is SPSS syntax, which only SPSS (or PSPP) runs; run it there and save the "
            "data as .sav, or export the answers as CSV."
        )
    if ROW.match(text):
        raise ValueError(
            f"{path}: the first row is no headings but answers, as in the data beside an SPSS syntax "
            "file; run the syntax in SPSS (or PSPP) and save a .sav, or export the answers as CSV."
        )
    controls = len(re.findall(r"[\x01-\x08\x0e-\x1f\x7f]", text[:100_000]))
    if controls > 0.01 * min(len(text), 100_000):
        raise ValueError(f"{path}: this is no text; export the answers as CSV UTF-8 or XLSX.")


# ---- encodings


def decode(path, data):
    """Text from bytes whose encoding nobody states.

    A byte order mark or zeros in between tell UTF-16 and UTF-32; what is valid UTF-8 is UTF-8. What is
    left has one byte a character: Windows-1252 or Mac Roman, whichever reads like words. General
    detectors such as charset-normalizer take one for the other on texts of a few words.
    """
    for mark, codec, name in BOMS:
        if data.startswith(mark):
            return _strictly(path, data, codec, name), name, []
    start = data[:4096]
    if b"\0" in start:
        even, odd = start[0::2].count(0), start[1::2].count(0)
        if max(even, odd) > 0.3 * len(start) / 2 and min(even, odd) < 0.05 * len(start):
            codec = "utf-16-le" if odd > even else "utf-16-be"
            return _strictly(path, data, codec, "UTF-16"), "UTF-16", []
        raise ValueError(
            f"{path}: this is no text (byte {data.index(0)} is zero); export the answers as CSV "
            "UTF-8 or XLSX."
        )
    try:
        return data.decode("utf-8"), "UTF-8", []
    except UnicodeDecodeError as error:
        return _single_byte(path, data, error)


def _strictly(path, data, codec, name):
    try:
        return data.decode(codec).lstrip("\ufeff")
    except UnicodeDecodeError as error:
        where = "ends in the middle of a character: it seems cut off"
        if error.end < len(data) - 4:
            where = f"begins as {name}, but byte {error.start} is not"
        raise ValueError(f"{path}: the file {where}; export it again.") from None


def _single_byte(path, data, error):
    """Text of one byte a character: Windows-1252 or Mac Roman, whichever reads like words."""
    if error.reason == "unexpected end of data":
        raise ValueError(
            f"{path}: the file ends in the middle of a character: it seems cut off; export it again."
        )
    loose = data.decode("utf-8", errors="replace")
    wrong = loose.count("\ufffd")
    right = sum(1 for _ in re.finditer(r"[^\x00-\x7f\ufffd]", loose))
    if right > 2 * wrong:
        line = data[: error.start].count(b"\n") + 1
        raise ValueError(
            f"{path}: line {line} is not UTF-8 while the rest is; two files of different encodings "
            "were joined, or the file is damaged: export it again as CSV UTF-8."
        )
    around = re.finditer(rb"[^\n]{0,3}[\x80-\xff]+[^\n]{0,3}", data)
    sample = b"\n".join(match.group() for match in itertools.islice(around, 5000))
    codec, name = "mac_roman", "Mac Roman"
    if not WINDOWS_HAS_NOT.search(data) and (
        _wordiness(sample.decode("cp1252")) >= _wordiness(sample.decode("mac_roman"))
    ):
        codec, name = "cp1252", "Windows-1252"
    text = data.decode(codec)
    # An example from the headings only: words below may be somebody's name.
    first = text[: text.find("\n")] if "\n" in text else text
    word = re.search(r"[^\s,;|]{0,20}[^\x00-\x7f][^\s,;|]{0,20}", first)
    example = f"; a word of the headings then is '{word.group()}'" if word else ""
    doubt = (
        f"The file does not say its encoding and was read as {name}{example}: do accents and dashes "
        "stand right? If not, export again as CSV UTF-8."
    )
    return text, name, [doubt]


def _wordiness(text):
    """How much the characters beyond ASCII look like words and their punctuation.

    Small letters belong in words and capitals at their start; signs such as ‡ or ∑ belong nowhere.
    """
    good = len(re.findall(r"[a-zA-Z][ß-öø-ÿšžœ]|[ß-öø-ÿšžœ][a-z]|\b[À-ÖØ-ÞŠŽŒ][a-zA-Z]", text))
    good += len(re.findall(r"[A-Z][À-ÖØ-ÞŠŽŒ]|\w[’']\w|[“„«‘]\w|[\w.!?][”“»’]|[\s\d][–—][\s\d]", text))
    good += len(re.findall(r"[£€§]\s?\d|\d\s?[£€°]|\w…", text))
    bad = len(re.findall(r"[a-z\d][À-ÖØ-ÞŠŽŒ]|…\w|\bß\b", text))
    bad += len(re.findall(r"[¡-¢¤-¦ª¬-¯±-¶¸-º¦‡†ƒˆ˜‹›∂-∞√∆◊ﬁﬂˇ˘˙˚˛˝ı∏π∫Ω≈≠≤≥⁄‰]", text))
    return 2 * good - 3 * bad


# ---- rows


def _delimiter(text):
    """What parts the values: the sign that gives the most rows, the first among them, one width."""
    best, found = (0.0, False, 0), ","
    for delimiter in DELIMITERS:
        widths = []
        try:
            for row in csv.reader(lines_of(text[:2_000_000]), delimiter=delimiter):
                if row:
                    widths.append(len(row))
                if len(widths) == 100 or widths[-1:] > [WIDEST]:
                    break
        except csv.Error:
            continue
        usual = max(set(widths), key=widths.count, default=1)
        if usual > 1:
            score = (round(widths.count(usual) / len(widths), 1), widths[0] == usual, usual)
            best, found = max((best, found), (score, delimiter), key=lambda pair: pair[0])
    return found


def _parse(path, text, delimiter):
    """The table, and which of its rows are short."""
    reader = csv.reader(lines_of(text), delimiter=delimiter, strict=True)
    width, even, last, line = 0, True, 0, 0
    try:
        for row in reader:
            width = width or _header_width(path, row)
            even = even and len(row) in (width, 0)
            last += 1
            if reader.line_num > line + 1 and (told := swallowed(row, width, delimiter)):
                raise ValueError(f"{path}: row {last} (headings counted): {told}")
            line = reader.line_num
    except csv.Error as error:
        raise ValueError(_unreadable(path, last + 1, error)) from None
    table = None
    if even:
        table = arrow_table(text.encode("utf-8"), [str(i) for i in range(width)], delimiter)
    if table is None:
        return _parse_uneven(path, text, delimiter, width)
    return frame_of(table.columns), []


def _parse_uneven(path, text, delimiter, width):
    """Rows of which some are short, or long by empty values."""
    rows, chunks, short, lengths, number = [], [], [], [], 0
    for row in csv.reader(lines_of(text), delimiter=delimiter, strict=True):
        number += 1
        if not row:
            continue
        if len(row) != width:
            # A long row loses nothing but empty values at its end; a short one is filled up.
            row, was = _fitted(path, number, row, width), len(row)
            if was < width:
                short.append(number)
                lengths.append(was)
        rows.append(row)
        if len(rows) == CHUNK:
            chunks.append(_arrays(rows))
            rows = []
    _refuse_broken(path, text, number, short, lengths, width)
    chunks += [_arrays(rows)] if rows else []
    columns = [pa.chunked_array([c[i] for c in chunks], pa.large_string()) for i in range(width)]
    return frame_of(columns), short


def _arrays(rows):
    return [pa.array(column, pa.large_string()) for column in zip(*rows, strict=True)]


def _header_width(path, row):
    if len(row) > WIDEST:
        raise ValueError(
            f"{path}: the first row has {len(row):,} columns; {WIDEST:,} are the most. "
            "Is it the export of a survey, one row a respondent?"
        )
    return len(row)


def _fitted(path, number, row, width):
    if len(row) > width and any(value.strip() for value in row[width:]):
        raise ValueError(
            f"{path}: row {number} (headings counted) has {len(row)} values for {width} columns; "
            "quote every value that holds the delimiter or a line break, or export the file again."
        )
    return row[:width] + [""] * (width - len(row))


def _refuse_broken(path, text, last, short, lengths, width):
    """Short rows that are halves: the file is cut off, or a line break stands unquoted in a value."""
    if short and short[-1] == last and not text.endswith("\n"):
        raise ValueError(
            f"{path}: the last row ({last}, headings counted) has {lengths[-1]} values for {width} "
            "columns: the file seems cut off; export it again."
        )
    if 1 in lengths and width > 2:
        raise ValueError(
            f"{path}: row {short[lengths.index(1)]} (headings counted) has 1 values for {width} "
            "columns: a line break before it is not quoted, or it is no row; export the file again."
        )
    for i in range(1, len(short)):
        if short[i] == short[i - 1] + 1 and lengths[i] + lengths[i - 1] == width + 1:
            raise ValueError(
                f"{path}: rows {short[i - 1]} and {short[i]} (headings counted) have "
                f"{lengths[i - 1]} and {lengths[i]} values for {width} columns: a line break that "
                "is not quoted parts them; quote the value, or export the file again."
            )


def _unreadable(path, number, error):
    """csv's own words, made plain."""
    if "field larger" in str(error):
        return (
            f"{path}: row {number} (headings counted) has a value of more than "
            f"{csv.field_size_limit():,} characters: a quote before it is never closed, or the file "
            "is damaged; export it again."
        )
    if "unexpected end" in str(error):
        return (
            f"{path}: a quote that opens in row {number} (headings counted) is never closed: the "
            "file seems cut off; export it again."
        )
    return (
        f"{path}: row {number} (headings counted): a quote stands inside a quoted value ({error}); "
        "double the quotes inside values, or export the file again."
    )
