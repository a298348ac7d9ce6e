"""Zip archives and XML: written the same every time, read with distrust.

A file from outside can name places outside its folder, unpack to more than the memory holds, or make
a parser fetch and multiply what it names. Nothing is unpacked to disk here, every limit is checked
on what really comes out, and XML that declares a document type is refused.
"""

import io
import re
import struct
import unicodedata
import zipfile
import zlib
from xml.etree import ElementTree

import defusedxml
import defusedxml.ElementTree

from compendium.files import refuse_special

DATE = (1980, 1, 1, 0, 0, 0)  # the first that a zip archive can hold, and the same on every day
MAX_MEMBERS = 20_000
MAX_BYTES = 32_000_000  # unpacked, of what is read
MAX_NODES = 2_000_000  # signs of an element or attribute; an element takes a hundred bytes
MAX_RATIO = 200  # unpacked to packed; deflate reaches 1030, text and XML rarely 30
RATIO_FROM = 1_000_000  # bytes; below, a high ratio does no harm
ARCHIVES = (".zip", ".qdpx", ".7z", ".rar", ".gz", ".bz2", ".xz", ".tar", ".tgz")
# What zipfile raises for damaged archives; RuntimeError also for a password or an unknown method.
BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, OverflowError, RuntimeError,
          UnicodeDecodeError)  # fmt: skip
END, END_64 = b"PK\x05\x06", b"PK\x06\x07"
# What XML 1.0 forbids, even as a character reference (https://www.w3.org/TR/xml/#charsets).
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def without_forbidden(texts):
    """Texts that XML can hold: what it forbids becomes U+FFFD, so that lengths stay.

    Parameters
    ----------
    texts : pandas.Series of str

    Returns
    -------
    texts : pandas.Series of str
    changed : int
        How many texts held such a character.

    Examples
    --------
    >>> import pandas as pd
    >>> texts, changed = without_forbidden(pd.Series(["one\\x0btwo", "three"]))
    >>> texts.tolist(), changed
    (['one\ufffdtwo', 'three'], 1)
    """
    clean = texts.map(lambda text: FORBIDDEN.sub("\ufffd", text))
    return clean, int((clean != texts).sum())


def refuse_forbidden(text):
    """Raise a ValueError for a text that XML cannot hold; it quotes the text around the character."""
    found = FORBIDDEN.search(text)
    if found:
        near = text[max(0, found.start() - 20) : found.end() + 20]
        raise ValueError(f"{near!r}: the character U+{ord(found[0]):04X} may not stand in XML; remove "
                         "it from that text.")  # fmt: skip


def write_archive(members):
    """A zip archive whose bytes depend on its members alone.

    Parameters
    ----------
    members : dict of str to bytes
        Contents by name, in the order in which they are stored.

    Returns
    -------
    bytes

    Examples
    --------
    >>> write_archive({"a.txt": b"one"}) == write_archive({"a.txt": b"one"})
    True
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            member = zipfile.ZipInfo(name, DATE)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system, member.external_attr = 3, 0o644 << 16
            archive.writestr(member, content, compresslevel=9)
    return buffer.getvalue()


def read_members(path, wanted, most=MAX_BYTES):
    """Unpack members of a zip archive from outside into memory.

    Parameters
    ----------
    path : str or pathlib.Path
    wanted : callable
        Takes a member's name; whether it is to be unpacked. The others are not touched, but their
        names are checked.
    most : int
        Bytes that are unpacked at most.

    Returns
    -------
    dict of str to bytes
        In the order of the archive, folders left out.

    Raises
    ------
    ValueError
        When the file is missing, damaged or no zip archive; when a name is absolute, leads out of
        the archive, stands twice or is an archive's; when there are more than `MAX_MEMBERS` members,
        or they unpack to more than `most` or to `MAX_RATIO` times their size.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "archive.zip"
    >>> _ = path.write_bytes(write_archive({"a.txt": b"one", "b.txt": b"two"}))
    >>> read_members(path, wanted=lambda name: name == "b.txt")
    {'b.txt': b'two'}
    """
    try:
        check_directory(path)
        with zipfile.ZipFile(path) as archive:
            _check_names(path, [member.filename for member in archive.infolist()])
            left, unpacked = most, {}
            for member in archive.infolist():
                if not member.is_dir() and wanted(member.filename):
                    unpacked[member.filename] = _unpack(path, archive, member, left, most)
                    left -= len(unpacked[member.filename])
            return unpacked
    except FileNotFoundError:
        raise ValueError(f"{path}: there is no such file; check its name and folder.") from None
    except BROKEN as error:
        raise ValueError(f"{path}: no sound zip archive ({error}); export or save it again.") from None


def parse_xml(content, source):
    """Parse XML from outside.

    Parameters
    ----------
    content : bytes
    source : str
        For the message.

    Returns
    -------
    xml.etree.ElementTree.Element
        The root.

    Raises
    ------
    ValueError
        When it is not well-formed, too large, or declares a document type or entities.

    Examples
    --------
    >>> parse_xml(b"<a>one</a>", "a.xml").text
    'one'
    """
    if content.count(b"<") + content.count(b"=") > MAX_NODES:
        raise ValueError(f"{source}: has more than {MAX_NODES:,} elements and attributes; export it in "
                         "parts.")  # fmt: skip
    try:
        return defusedxml.ElementTree.fromstring(content, forbid_dtd=True)
    except defusedxml.DefusedXmlException:
        raise ValueError(f"{source}: declares a document type or entities, which can hide an attack; "
                         "export it again without them.") from None  # fmt: skip
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise ValueError(f"{source}: not readable as XML ({error}); export it again.") from None


def check_directory(path):
    """Refuse a directory of members that would itself fill the memory, before it is read."""
    refuse_special(path)
    with open(path, "rb") as file:
        file.seek(max(0, file.seek(0, io.SEEK_END) - 66_000))
        tail = file.read()
    end = tail.rfind(END)
    size = int.from_bytes(tail[end + 12 : end + 16], "little") if end >= 0 else 0
    if size > 300 * MAX_MEMBERS or (end >= 0 and END_64 in tail[max(0, end - 76) : end]):
        raise ValueError(f"{path}: holds more than {MAX_MEMBERS} files, or more than 4 GB; export it "
                         "without audio and video, or in parts.")  # fmt: skip


def _check_names(path, names):
    if len(names) > MAX_MEMBERS:
        raise ValueError(f"{path}: holds more than {MAX_MEMBERS} files; export it in parts.")
    seen = set()
    for name in names:
        parts = re.split(r"[/\\]", name)
        if ".." in parts or parts[0] == "" or ":" in parts[0] or "\\" in name:
            raise ValueError(f"{path}: '{name}' would lie outside the archive's own folder, which no "
                             "sound export does; do not use this file.")  # fmt: skip
        if name.lower().endswith(ARCHIVES):
            raise ValueError(f"{path}: '{name}' is an archive within the archive; unpack it, and "
                             "read what you need by itself.")  # fmt: skip
        # File systems that fold case or accents take these for one file.
        folded = unicodedata.normalize("NFC", name).casefold()
        if folded in seen:
            raise ValueError(f"{path}: '{name}' stands twice; export it again.")
        seen.add(folded)


def _unpack(path, archive, member, left, most):
    """The content of a member, given up as soon as it grows out of bounds."""
    content = bytearray()
    with archive.open(member) as stream:
        while chunk := stream.read(65_536):
            content += chunk
            if len(content) > left:
                raise ValueError(f"{path}: unpacks to more than {most // 1_000_000} MB; export it "
                                 "in parts.")  # fmt: skip
            if len(content) > max(RATIO_FROM, MAX_RATIO * member.compress_size):
                raise ValueError(f"{path}: '{member.filename}' unpacks to more than {MAX_RATIO} times "
                                 "its size, as an attack does; do not use this file.")  # fmt: skip
    return bytes(content)
