"""What coders write beside their codings: memos, and codes that they propose.

Both lie beside the codings: ``coding/memos.csv`` says of which coder, about which answer and code each
memo is (an empty cell: about all), ``coding/proposals.csv`` who gave a proposed code to which answer.
``coding/proposals.yml`` drafts the entries that a person may move into ``codebook.yml``; from then on
the codings count.
"""

from pathlib import Path

import pandas as pd

from compendium.coding.fingerprints import MARK, with_fingerprints
from compendium.files import GUARDED, read_csv, write_table
from compendium.models import read_yaml, write_yaml

KEY = ["respondent", "item"]  # the unit of coding: one answer to one question
CODING = [*KEY, "code"]
ABOUT = ["coder", *CODING]
MEMO = [*ABOUT, "note"]
MEMOS, PROPOSALS, DRAFT = "memos.csv", "proposals.csv", "proposals.yml"


def read_memos(folder):
    """All memos of a study: `coder`, `respondent`, `item`, `code`, `note`, and fingerprints if any."""
    return _read(Path(folder) / MEMOS, MEMO)


def read_proposals(folder):
    """Who gave a proposed code to which answer: as `read_memos`, without `note`."""
    return _read(Path(folder) / PROPOSALS, ABOUT)


def _read(path, columns):
    """A file of rows that may be missing, without what `write_table` puts before a formula."""
    if not path.exists():
        return pd.DataFrame(columns=columns, dtype=object)
    rows = read_csv(path, columns)
    rows = rows[[*columns, *({MARK} & set(rows))]].astype(object)
    return rows.map(lambda text: text[1:] if text[:1] == "'" and text[1:].startswith(GUARDED) else text)


def write_memos(folder, memos, answers):
    """Add memos to a study's; one about the same thing by the same coder takes the old one's place.

    `answers` may have fingerprints. Nothing is written where nothing is new; returns the files written.
    """
    there, new = read_memos(folder), with_fingerprints(memos, answers)
    if MARK not in there:
        there = with_fingerprints(there, answers)
    new = new[new["note"].str.strip() != ""]
    both = pd.concat([there, new], ignore_index=True).fillna("").drop_duplicates(ABOUT, keep="last")
    return _write(Path(folder) / MEMOS, there, both.sort_values(ABOUT, kind="stable"))


def write_proposals(folder, proposed, drafts, answers, codebook, coders):
    """Add proposed codings to a study's, and draft their codes; returns the files written.

    Of `coders`, whose files are written at the same time, those go that the codebook took up since.
    """
    there, new = read_proposals(folder), with_fingerprints(proposed, answers)
    done = there["coder"].isin(coders) & there["code"].isin([*codebook.ids, *codebook.former])
    both = (
        pd.concat([there[~done], new], ignore_index=True).fillna("").drop_duplicates(ABOUT, keep="last")
    )
    written = _write(Path(folder) / PROPOSALS, there, both.sort_values(ABOUT, kind="stable"))
    path = Path(folder) / DRAFT
    entries = {entry["id"]: entry for entry in read_drafts(folder)}
    drafts = [
        entry for entry in drafts if entry["id"] not in entries and entry["id"] in set(both["code"])
    ]
    if drafts:
        write_yaml(path, [*entries.values(), *drafts])
        written.append(path)
    return written


def read_drafts(folder):
    """The drafted entries of proposed codes; what a person added to them is read too."""
    path = Path(folder) / DRAFT
    entries = read_yaml(path) if path.exists() else []
    if not isinstance(entries, list) or not all(isinstance(e, dict) and "id" in e for e in entries):
        raise ValueError(f"{path}: must be a list of codes with an id each; correct it, or delete it.")
    return [drafted(e["id"], e["id"]) | e for e in entries]


def _write(path, there, rows):
    if len(rows) == len(there) and set(map(tuple, rows.to_numpy())) == set(
        map(tuple, there.to_numpy())
    ):
        return []
    write_table(path, rows.reset_index(drop=True))
    return [path]


def drafted(id, name, definition=""):
    """An entry for ``codebook.yml`` as a proposal drafts it."""
    return {"id": id, "name": name, "definition": definition or name}


def about(memos, respondent, item, code=None):
    """Memos of one answer by coder: those on the answer, and with `code` those on its coding, too."""
    here = memos[(memos["respondent"] == respondent) & (memos["item"] == item)]
    here = here[here["code"].isin(["", code])] if code is not None else here
    return here.groupby("coder", sort=False)["note"].agg("; ".join).to_dict()
