"""What of a study goes into files for coders: masked answers, and what describes the respondents."""

import pandas as pd

from compendium.archives import without_forbidden
from compendium.disclosure.masking import mask_all

ORIGIN = "microcredentials-compendium"  # the program that files for coders name
CREATED = "1980-01-01T00:00:00Z"  # their date, the same on every day
NOTICE = "SYNTHETIC ANSWERS, made up for this compendium: nothing that is coded here is a finding."


def masked_answers(study, answers):
    """Open answers for reading elsewhere.

    Identifying text is masked whoever reads: a file travels further than a permission. Coding needs
    the words around a name, not the name.

    Parameters
    ----------
    study : Study
    answers : pandas.DataFrame
        `respondent`, `item`, `text`.

    Returns
    -------
    answers : pandas.DataFrame
        `respondent`, `item`, `question` (its wording), `text`.
    messages : list of str
        How much was masked or replaced.
    """
    texts = answers.set_index("respondent")["text"]
    masked, review = mask_all(texts, study.instrument.disclosure.names)
    masked, changed = without_forbidden(masked)
    wording = answers["item"].map({item.id: item.question for item in study.instrument.items})
    messages = [f"{len(review)} identifying passages are masked; read the texts before you share them."]
    if changed:
        messages.append(f"{changed} answers hold characters that XML forbids; each is now \ufffd.")
    respondents = answers["respondent"].astype(str)
    columns = {"respondent": respondents, "item": answers["item"], "question": wording}
    return pd.DataFrame(columns | {"text": masked.to_numpy()}, dtype=object), messages


def described(study, respondents):
    """What is known of respondents from closed questions: background and scales, as labels.

    Parameters
    ----------
    study : Study
    respondents : sequence of str
        Those who wrote something; the others are nobody's business here.

    Returns
    -------
    pandas.DataFrame
        Indexed by respondent, one column a question, missing where there is no answer on its scale.
        Questions with identifying answers are left out.

    Examples
    --------
    >>> from compendium.survey.study import load_study
    >>> described(load_study("microcredentials", "data"), ["R001"]).loc["R001", "region"]
    'Scotland'
    """
    background = {item.id for item in study.instrument.background()}
    items = [
        item
        for item in study.instrument.of_type("single", "scale")
        if not item.identifying and (item.id in background or item.type == "scale")
    ]
    labels = {
        item.id: study.answers[item.id].astype(object).map({o.id: o.label for o in item.choices})
        for item in items
    }
    table = pd.DataFrame(labels, index=study.answers.index, dtype=object)
    table.index = table.index.astype(str)
    return table.loc[list(dict.fromkeys(respondents))].rename_axis(index="respondent")
