"""Which answers are quoted: by rule, and masked."""

import numpy as np
import pandas as pd

from compendium.disclosure.masking import mask


def quotations(answers, marks, theme, names=(), most=3, words=(8, 45)):
    """Masked quotations for a theme, chosen by rule and not by taste.

    The rule: of the answers that carry a code of the theme and have between 8 and 45 words, take
    the one that adds most codes of the theme not yet quoted; among equals the one with fewest codes
    of other themes, then the shortest, then the first in the file. Then the next, from another
    respondent, as long as it adds a code, up to `most`.

    Parameters
    ----------
    answers : pandas.DataFrame
        As from `codings.open_answers`.
    marks : pandas.DataFrame
        As from `codings.assigned`, for the same answers.
    theme : Theme
    names : sequence of str
        As in `masking.mask`.
    most : int
    words : tuple of int
        Fewest and most words of a quotation.

    Returns
    -------
    pandas.DataFrame
        `item`, `quotation` (masked) and `codes`, the names of the theme's codes that it carries.
        Nothing says who wrote it.
    """
    own = [code.id for code in theme.codes]
    read = marks.fillna(0).to_numpy(bool)
    inside = read[:, marks.columns.get_indexer(own)]
    length = answers["text"].str.split().str.len().to_numpy()
    open_ = inside.any(axis=1) & (length >= words[0]) & (length <= words[1])
    shown, writers, rows = np.zeros(len(own), bool), set(), []
    while len(rows) < most:
        new = (inside & ~shown).sum(axis=1)
        left = open_ & (new > 0) & ~answers["respondent"].isin(writers).to_numpy()
        if not left.any():
            break
        others = read.sum(axis=1) - inside.sum(axis=1)
        order = np.lexsort((np.arange(len(new)), length, others, -new, ~left))
        best = int(order[0])
        shown |= inside[best]
        writers.add(answers["respondent"].iloc[best])
        codes = [code.name for code, has in zip(theme.codes, inside[best], strict=True) if has]
        text = mask(answers["text"].iloc[best], names)[0]
        rows.append((answers["item"].iloc[best], text, "; ".join(codes)))
    return pd.DataFrame(rows, columns=["item", "quotation", "codes"])
