"""The answer of the chapter on words, a sentence a subject."""

from compendium.wording import coefficient, in_percent, interval, number, plain


def most_and_fewest(tables, writers, words, confidence):
    """Which theme most raise and which fewest; nothing where every share is withheld.

    Parameters
    ----------
    tables : pandas.DataFrame
        Of all themes, as from `frequencies.distribution`.
    writers : int
        Respondents with a coded answer.
    words : Words
    confidence : float
    """
    seen = tables[tables["kind"].eq("group") & tables["percent"].notna()]
    if seen.empty:
        return ""
    seen = seen.sort_values("percent", ascending=False, kind="stable")
    most, fewest = seen.iloc[0], seen.iloc[-1]
    return (
        f"Of {writers} {words.respondents} whose answers were read and coded, most "
        f"raise {plain(most['option'])} ({number(most['percent'])}%, {in_percent(confidence)} "
        f"interval {interval(most['low'], most['high'])}); fewest, {plain(fewest['option'])} "
        f"({number(fewest['percent'])}%)."
    )


def how_far_coders_agree(coders, found, settled):
    """How far coders agree on sets of codes, and how many differences were settled."""
    return (
        f"{coders} coders agree with α = {coefficient(found['alpha'], found['low'], found['high'])} "
        f"over whole sets of codes (MASI); {settled} differences were settled."
    )


def how_rules_do(trial):
    """What the rule coder reaches on the half that it was not written for."""
    micro, human = trial.scores.loc["micro"], trial.human
    beside = "" if human is None else number(float(human.loc["micro", "f1"]), 2)
    return (
        "On the held-out half the rule coder reaches a micro F1 of "
        f"{coefficient(*micro[['f1', 'f1_low', 'f1_high']])}"
        + (f", against {beside} between coders." if beside else ".")
    )


def how_words_fit(rows):
    """How often words fit the numbers in which way; nothing where nothing was set side by side."""
    fits = [row["fit"] for row in rows if row["fit"]]
    if not fits:
        return ""
    tally = ", ".join(f"{fits.count(fit)} {fit}" for fit in dict.fromkeys(fits))
    topics = "topic" if len(rows) == 1 else "topics"
    return f"Beside the numbers, by the declared rule, words of {len(rows)} {topics}: {tally}."


def on_coding(coding, instrument):
    """What reporting checklists ask of coding, by their keys; nothing where nobody has coded.

    Parameters
    ----------
    coding : Coding
    instrument : Instrument

    Returns
    -------
    dict of str to str
    """
    texts, book = instrument.of_type("text"), coding.codebook
    closed = len(instrument.substantive()) - len(texts)
    if not texts or book is None or not coding.coders:
        return {}
    made = " Illustrative: made for this compendium." if instrument.provenance == "synthetic" else ""
    twice = coding.shared > 0
    rare = f"; below {instrument.minimum} people counts are withheld" if instrument.minimum > 1 else ""
    agree = "are not meant" if book.coding_mode == "reflexive" else "are meant"
    approach = "Reflexive" if book.coding_mode == "reflexive" else "Codebook"
    return {
        "computed:coders": f"{len(coding.coders)}{', on the same answers' * twice}.{made}",
        "computed:codes": f"{len(book.ids)} codes in {len(book.themes)} themes, each defined.",
        "computed:approach": f"{approach} thematic analysis; coders {agree} to agree.",
        "computed:halves": f"{closed} closed questions are counted, {len(texts)} open ones coded.",
        "computed:units": f"Answers to {len(texts)} open questions; each answer is a unit.",
        "computed:processing": "Identifying text is masked; what was masked is listed for a reader.",
        "computed:quotations": (
            "Masked and picked by a stated rule. Who wrote them is not told: it could tell who it was."
        ),
        "computed:consistency": (
            "Coders are compared; every difference is kept with its decision and reason." * twice
        ),
        "computed:themes": f"{'; '.join(theme.name for theme in book.themes)}.",
        "computed:minor": f"Every code is counted, rare ones too{rare}.",
    }
