"""Who answered a question, who chose what, and the answers as numbers."""

# pandas is imported where answers are: the page for teachers lists exercises without any.

from compendium.survey.instrument import ThemeItem
from compendium.wording import did_you_mean

COUNTED = ("single", "scale", "grid", "multi")  # types of items whose answers are counted


def answered(study, item):
    """Who answered an item: the base of its table.

    Parameters
    ----------
    study : Study
    item : Item

    Returns
    -------
    pandas.DataFrame
        Boolean, one row a respondent; one column a statement of a grid, or else one column with the
        item's id. *Don't know* is no answer on a scale, and not in the base.

    Examples
    --------
    >>> from compendium.survey.study import load_study
    >>> study = load_study("anes96", "data")
    >>> int(answered(study, study.instrument.item("left_right"))["left_right.dole"].sum())
    944
    """
    import pandas as pd

    given = {name: answered_one(study, name) for name in item.answer_columns()}
    given = pd.DataFrame(given, index=study.states.index)
    return given.all(axis=1).to_frame(item.id) if item.type == "multi" else given


def answered_one(study, column):
    """Who gave an answer that is kept in a column of its own, as from `answered`."""
    return study.states[column].isin(["answered", "not_ticked"])


def base_of(item, column):
    """Name of the count of those who answered: of an item, a statement, or all open answers.

    Examples
    --------
    >>> from compendium.survey.study import load_study
    >>> instrument = load_study("anes96", "data").instrument
    >>> base_of(instrument.item("left_right"), "left_right.dole")
    'base:placement.left_right.dole'
    """
    # A respondent whose answers are coded is in the base of each theme.
    return "base:themes" if isinstance(item, ThemeItem) else f"base:{item.key_of(column)}"


def chosen(study, item, of, column=None):
    """Who chose an option, or any option of a group.

    Parameters
    ----------
    study : Study
    item : Item
        A choice, a scale, a grid or a multi-response item.
    of : str
        Id of an option or a group.
    column : str, optional
        The statement's column, for a grid.

    Returns
    -------
    pandas.Series
        Boolean; False for whoever gave no answer.

    Examples
    --------
    >>> from compendium.survey.study import load_study
    >>> study = load_study("anes96", "data")
    >>> int(chosen(study, study.instrument.item("party"), "democrat").sum())
    380
    """
    members = item.members(of)
    if item.type == "multi":
        ticks = study.answers[[f"{item.id}.{option}" for option in members]]
        return ticks.eq(True).fillna(False).any(axis=1).astype(bool)
    return study.answers[column or item.id].isin(members)


def scores_of(study, item):
    """Answers as numbers, for methods that use their order.

    Parameters
    ----------
    study : Study
    item : Item
        A scale, a grid, or a multi-response item.

    Returns
    -------
    pandas.DataFrame of float
        One row a respondent; one column the item, a statement or an option. Points count from 1 up,
        ticks are 1 and 0; NaN for no answer and *don't know*.

    Examples
    --------
    >>> from compendium.survey.study import load_study
    >>> study = load_study("anes96", "data")
    >>> float(scores_of(study, study.instrument.item("party"))["party"].max())
    7.0
    """
    if item.type == "multi":
        options = [f"{item.id}.{option.id}" for option in item.options]
        return study.answers[options].astype("Float64").astype(float)
    columns = study.answers[list(item.answer_columns())]
    return columns.apply(lambda column: column.cat.codes.where(column.notna()) + 1.0)


def said_codes(study, topic):
    """Columns of the codes that say what a topic of the joint display is about.

    Parameters
    ----------
    study : Study
        With its themes, as from `themes.with_themes`.
    topic : Topic

    Returns
    -------
    list of str

    Raises
    ------
    ValueError
        When the codebook has no such theme or code.
    """
    found, there = [], set()
    for theme in study.instrument.themes():
        name = theme.id.partition(".")[2]
        there |= {name} if topic.theme else {option.id for option in theme.options}
        found += [
            f"{theme.id}.{option.id}"
            for option in theme.options
            if topic.theme == name or option.id in topic.codes
        ]
    for named in [topic.theme] if topic.theme else topic.codes:
        if named not in there:
            what = "theme" if topic.theme else "code"
            raise ValueError(
                f"survey.yml: integration > {topic.id}: codebook.yml has no {what} '{named}'"
                f"{did_you_mean(named, sorted(there))}."
            )
    return found


def said_name(study, topic):
    """Name of the count of those who say it: a code's or theme's own, or the topic's."""
    codes = said_codes(study, topic)
    if len(codes) == 1:
        return codes[0]
    for theme in study.instrument.themes():
        if codes == [f"{theme.id}.{option.id}" for option in theme.options]:
            return f"{theme.id}.{theme.groups[0].id}"
    same = (one for one in study.instrument.integration if said_codes(study, one) == codes)
    return f"{next(same).key}.said"


def said(study, topic):
    """Who said what a topic is about: nullable, missing for whoever has no coded answer."""
    import pandas as pd

    codes = study.answers[said_codes(study, topic)]
    return codes.any(axis=1).astype("boolean").where(codes.notna().all(axis=1), pd.NA)
