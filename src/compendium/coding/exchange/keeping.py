"""What came back from a coder or another program: matched with the texts, and kept all or none."""

from dataclasses import dataclass, replace

import pandas as pd
from openpyxl.utils.escape import unescape

from compendium.coding.codings import write_codings
from compendium.coding.notes import write_memos, write_proposals

REATTACH = "add --reattach (make: REATTACH=1) to let what was coded follow the texts"


@dataclass(frozen=True)
class Given:
    """What came back: codings and proposals by coder, memos, drafts of proposed codes, and messages."""

    codings: pd.DataFrame
    memos: pd.DataFrame
    proposals: pd.DataFrame
    drafts: list[dict]
    messages: list[str]

    def by(self, coder):
        """The same, given by a coder."""
        named = (table.assign(coder=coder) for table in (self.codings, self.memos, self.proposals))
        codings, memos, proposals = named
        return replace(self, codings=codings, memos=memos, proposals=proposals)


def keep(folder, given, codebook, answers, overwrite):
    """Write codings, proposals and memos beside each other; returns the files that changed.

    `answers` are raw, with fingerprints. Former codes stay, as reading goes through the history.
    """
    coders = list(dict.fromkeys(given.codings["coder"]))
    written = write_codings(folder, given.codings, codebook, answers, overwrite)
    written += write_proposals(folder, given.proposals, given.drafts, answers, codebook, coders)
    return written + write_memos(folder, given.memos, answers)


@dataclass(frozen=True)
class TextIndex:
    """Plain texts by answer, and respondents by item and plain text."""

    texts: dict[tuple[str, str], str]
    owners: dict[tuple[str, str], list[str]]


def text_index(answers):
    """The texts that were handed out, masked as they were."""
    texts, owners = {}, {}
    for respondent, item, text in answers[["respondent", "item", "text"]].itertuples(index=False):
        texts[str(respondent), item] = _plain(text)
        owners.setdefault((item, _plain(text)), []).append(str(respondent))
    return TextIndex(texts, owners)


def _plain(text):
    """A text as no program changes it: words, whatever stands between them."""
    return " ".join(unescape(text).removeprefix("\ufeff").split())


def match(here, answer, text, index, reattach, remask=str):
    """The answer that a text belongs to; refused where it is not the one that is named.

    Parameters
    ----------
    here : str
        What the message begins with.
    answer : tuple of str
        Respondent and item that the text came with.
    text : str
    index : TextIndex
    reattach : bool
        Whether another respondent with the same text, if there is only one, takes its place.
    remask : callable
        Masks the text as is done today.

    Returns
    -------
    tuple of str
        Respondent and item.

    Raises
    ------
    ValueError
        When the text is not the answer's; it says whose it is.
    """
    (respondent, item), plain = answer, _plain(text)
    if answer in index.texts and index.texts[answer] in (plain, _plain(remask(text))):
        return answer
    others = index.owners.get((item, plain)) or index.owners.get((item, _plain(remask(text))), [])
    if len(others) == 1 and reattach:
        return others[0], item
    if answer not in index.texts and not others:
        raise ValueError(f"{here}: respondent '{respondent}' gave no answer to '{item}'; correct the "
                         "row, or remove it.")  # fmt: skip
    whose = f"respondent '{others[0]}'" if len(others) == 1 else f"{len(others)} respondents"
    if others:
        raise ValueError(f"{here}: the text is not the answer of respondent '{respondent}' to '{item}' "
                         f"but that of {whose}, as when one column is sorted by itself or the "
                         f"study was imported anew; {REATTACH}.")  # fmt: skip
    raise ValueError(f"{here}: the text is not the answer of respondent '{respondent}' to '{item}', "
                     "nor anybody's: it was changed here, or in the study; put it back, or start from "
                     "a new file.")  # fmt: skip
