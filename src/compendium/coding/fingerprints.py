"""A coding belongs to an answer and its text: fingerprints tell whether it is still there.

A plain hash of a short answer could be guessed, so a key is needed that is nobody else's: it lies
beside the codings of collected answers, in ``.key``, which is neither committed nor passed on.
Synthetic answers have nobody to protect, and everybody may check them.
"""

import hmac
import secrets
import unicodedata
from hashlib import sha256
from pathlib import Path

import pandas as pd

from compendium.coding.codebook import NONE
from compendium.files import read_csv, read_text, replace, write_table

KEY_FILE = ".key"
MARK = "fingerprint"
DETACHED = "detached"  # folder of codings whose text is not there, or not only once
OPEN_KEY = b"synthetic answers"


def key_of(synthetic, folder, make=False):
    """The key of a study's codings in ``coding/``; None where there is none and `make` is False.

    Raises
    ------
    ValueError
        When a key is to be made although codings carry fingerprints of a key that is gone.
    """
    path = Path(folder) / KEY_FILE
    if synthetic:
        return OPEN_KEY
    if path.exists():
        return read_text(path).strip().encode()
    if not make:
        return None
    for file in sorted(Path(folder).glob("*.csv")):
        rows = read_csv(file)
        if MARK in rows and rows[MARK].ne("").any():
            raise ValueError(f"{path}: is missing, and {file} has fingerprints made with it; put "
                             f"it back, or remove the column '{MARK}' beside it.")  # fmt: skip
    replace(path, secrets.token_hex(32) + "\n")
    path.chmod(0o600)
    return key_of(synthetic, folder)


def fingerprint(key, item, text):
    """What a text is known by to whoever has the key: 16 hexadecimal digits (HMAC-SHA-256)."""
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return hmac.new(key, f"{item}\n{plain}".encode(), sha256).hexdigest()[:16]


def sealed(answers, key):
    """Answers with the column `MARK`; as they are where there is no key."""
    if key is None:
        return answers
    texts = zip(answers["item"], answers["text"], strict=True)
    return answers.assign(**{MARK: [fingerprint(key, item, text) for item, text in texts]})


def with_fingerprints(rows, answers):
    """Rows with the fingerprint of the answer that each is about, where `answers` have them."""
    if MARK not in answers:
        return rows
    answers = answers.assign(respondent=answers["respondent"].astype(str))
    marks = answers.set_index(["respondent", "item"])[MARK].to_dict()
    keys = rows[["respondent", "item"]].itertuples(index=False, name=None)
    return rows.assign(**{MARK: [marks.get(key, "") for key in keys]})


def check_texts(source, rows, answers):
    """Refuse a row whose answer is not the text that it was made for, by its number in `source`."""
    if MARK not in rows or MARK not in answers:
        return
    known, here = owners(answers), with_fingerprints(rows, answers)[MARK]
    for (place, respondent, item, was), now in zip(
        rows[["respondent", "item", MARK]].itertuples(name=None), here, strict=True
    ):
        if was not in ("", now):
            raise ValueError(f"{source}: row {place + 1}: respondent '{respondent}', '{item}': "
                             f"{likely_cause(known.get((item, was), []))}")  # fmt: skip


def check_coding(source, rows, codebook, answers):
    """Refuse codings that do not fit codebook, answers and texts, by the row's number in `source`.

    Texts are compared where both `rows` and `answers` have fingerprints.
    """
    known = set(zip(answers["respondent"].astype(str), answers["item"], strict=True))
    codes, seen, empty, given = {NONE, *codebook.ids, *codebook.former}, set(), set(), set()
    check_texts(source, rows, answers)
    for place, respondent, item, code in rows[["respondent", "item", "code"]].itertuples(name=None):
        here, answer = f"{source}: row {place + 1}", (respondent, item)
        if answer not in known:
            raise ValueError(f"{here}: respondent '{respondent}' gave no answer to '{item}'; correct "
                             "one of them, or remove the row.")  # fmt: skip
        if code not in codes:
            raise ValueError(f"{here}: the codebook has no code '{code}'; use one of its ids, or "
                             f"'{NONE}'.")  # fmt: skip
        if (*answer, code) in seen:
            raise ValueError(f"{here}: the same answer has '{code}' already; remove one row.")
        seen.add((*answer, code))
        (empty if code == NONE else given).add(answer)
        if answer in empty & given:
            raise ValueError(f"{here}: the same answer has '{NONE}' and a code; remove one.")


def owners(answers):
    """Respondents by item and fingerprint."""
    found = {}
    for respondent, item, mark in answers[["respondent", "item", MARK]].itertuples(index=False):
        found.setdefault((item, mark), []).append(str(respondent))
    return found


def likely_cause(others):
    """Why a text is not where it was coded, and what can be done."""
    if len(others) == 1:
        return (f"the text that was coded is now respondent '{others[0]}'s, as after an import that "
                "moved rows; reattach (make reattach) moves codings to their texts.")  # fmt: skip
    if others:
        return (f"the text that was coded is now that of {len(others)} other respondents; correct the "
                "row by hand, or reattach (make reattach) to set it aside.")  # fmt: skip
    return ("nobody's answer is the text that was coded: it was changed or taken out; restore it, or "
            "reattach (make reattach) to set the coding aside.")  # fmt: skip


def reattach(folder, answers):
    """Move what is kept in ``coding/`` to the texts it was made for, by fingerprint.

    Parameters
    ----------
    folder : str or pathlib.Path
        The study's ``coding/``. Rows whose text is gone, or stands in several answers, go to its
        folder `DETACHED`; rows there whose text is back return. No row is ever dropped.
    answers : pandas.DataFrame
        As from `sealed`.

    Returns
    -------
    list of str
        What to tell the user.
    """
    folder, known, told = Path(folder), owners(answers), []
    here = {(str(r), i): m for r, i, m in answers[["respondent", "item", MARK]].itertuples(index=False)}
    names = {path.name for part in (folder, folder / DETACHED) for path in part.glob("*.csv")}
    for name in sorted(names):
        there = {
            path: read_csv(path) for path in (folder / name, folder / DETACHED / name) if path.exists()
        }
        rows = pd.concat(there.values(), ignore_index=True).fillna("")
        if MARK not in rows:
            told.append(f"{name}: has no fingerprints, so nothing can be said of it.")
            continue
        of = rows[["respondent", "item", MARK]].itertuples(index=False, name=None)
        to = pd.Series([_place(*row, here, known) for row in of], index=rows.index, dtype=object)
        lost, moved = to.isna(), int((to.notna() & (to != rows["respondent"])).sum())
        kept = rows.assign(respondent=to)[~lost].drop_duplicates()
        for path, new in ((folder / name, kept), (folder / DETACHED / name, rows[lost])):
            if (
                path in there
                and list(there[path]) == list(new)
                and there[path].values.tolist() == new.values.tolist()
            ):
                continue
            if len(new) or path in there:
                write_table(path, new.reset_index(drop=True))
        told.append(f"{name}: {moved} rows are moved, {int(lost.sum())} are set aside.")
    return told


def _place(respondent, item, mark, here, known):
    """Whose answer a row belongs to; None where that cannot be said."""
    if not mark or here.get((respondent, item)) == mark:
        return respondent
    others = known.get((item, mark), [])
    return others[0] if len(others) == 1 else None
