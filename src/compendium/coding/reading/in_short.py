"""The answer of the chapter on words, a sentence a subject."""

from compendium.wording import coefficient, in_percent, interval, number, plain, why_not_shown

NOTHING = (
    "*This study has no answers in free text, so there is nothing to code: the rest of this notebook "
    "explains the method and shows no results.*"
)
UNCODED = (
    "*Nobody has coded these answers yet: the notebook shows how to read them. `make coding-sheet "
    "CODER=name` writes a sheet to code in; `codebook.yml` says what the codes mean.*"
)
INSIDE = (
    "These answers are protected, and a chapter leaves the house: read them in a notebook of your own, "
    "with `open_study(name)`."
)
ILLUSTRATIVE = (
    "Answers and codings are illustrative: made for this compendium in independent passes, they show "
    "the method and are no evidence about the codebook in the field."
)


def material(coding, synthetic):
    """What there is to read: answers, coders, codes; or why there is nothing."""
    if coding.answers.empty:
        return NOTHING
    if not coding.coders:
        return UNCODED
    said = (
        f"{len(coding.answers):,} answers, {len(coding.coders)} coders, {len(coding.codebook.ids)} "
        f"codes in {len(coding.codebook.themes)} themes."
    )
    return said + (f" {ILLUSTRATIVE}" if synthetic else "")


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
    said = (
        f"The theme raised most is “{plain(most['option'])}”: {number(most['percent'])}% of {writers} "
        f"{words.respondents} with a coded answer ({in_percent(confidence)} interval "
        f"{interval(most['low'], most['high'])})."
    )
    if len(seen) > 1:
        said += f" The one raised least is “{plain(fewest['option'])}” ({number(fewest['percent'])}%)."
    return said


def how_far_coders_agree(found, settled):
    """How far coders agree on sets of codes, and how many differences were settled."""
    return (
        f"Coders agree with α = {coefficient(found['alpha'], found['low'], found['high'])} "
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
    tally = ", ".join(f"{fit} in {fits.count(fit)}" for fit in dict.fromkeys(fits))
    return f"By the declared rule, numbers and words of {len(rows)} topics show {tally}."


def joined(said, synthetic, words):
    """All sentences of the answer in one paragraph; the empty ones are left out."""
    said = [sentence for sentence in said if sentence]
    if not said:
        return "There is no coded free text in this study."
    if synthetic:
        said.append(
            "Answers and codings were made for this compendium: these numbers show the method and "
            f"say nothing about {words.respondents}."
        )
    return " ".join(said)


def arguments(codebook, tables, quoted, words):
    """What the codebook argues of each theme, with what bears it out: Markdown, one a theme.

    Parameters
    ----------
    codebook : Codebook
    tables : pandas.DataFrame
        As in `most_and_fewest`.
    quoted : pandas.DataFrame
        As from `themes.quotations`.
    words : Words

    Returns
    -------
    list of str
    """
    shares = tables[tables["kind"] == "group"].set_index("result")
    said = []
    for theme in (theme for theme in codebook.themes if theme.argument):
        row = shares.loc[f"themes.{theme.id}.respondents"]
        count = f"{row['count']} of {row['base']} {words.respondents}"
        borne = f"*How many:* {plain(why_not_shown(row['shown']) if row['shown'] else count)}."
        lines = [f"“{plain(text)}”" for text in quoted.loc[quoted["theme"] == theme.name, "quotation"]]
        heard = f" *In their words:* {' '.join(lines[:1])}" if lines else ""
        said.append(f"**{plain(theme.name)}.** {plain(theme.argument)}\n\n{borne}{heard}")
    return said


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
