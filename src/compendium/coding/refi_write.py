"""Writes codebook and codings for other QDA software: REFI-QDA ``.qdc`` and ``.qdpx``.

A theme is a code that cannot be given itself (``isCodable="false"``): nobody gives a theme in this
compendium, and programs that know categories, such as QualCoder, make one of it. Its codes are nested
in it. What a `Code` holds beside its name stands in labelled lines of the description, which a person
can read in any program and `refi_codebook` reads back. The rules of the rule coder and the seed of
their split are not exchanged: they mean nothing elsewhere.

*Read, and no code applies* is a code of its own, `NO_CODE`, in the project. A note or a selection
without a code would do for reading it back, but programs turn those into annotations or drop them,
and a coder who works elsewhere needs something to give.

Positions count Unicode code points from 0, as the standard has it, in texts whose line breaks are one
line feed. Identifiers are made from ids, so they never change. The standard's dates of creation are
fixed: some programs cannot do without one.

References
----------
REFI-QDA standard 1.5 (2019), with Codebook.xsd and Project.xsd 1.0, https://www.qdasoftware.org.
Evers, J., Caprioli, M. U., Nöst, S. & Wiedemann, G. (2020). What is the REFI-QDA standard. Forum
Qualitative Sozialforschung 21(2), art. 22. https://doi.org/10.17169/fqs-21.2.3439
"""

import json
import uuid
from xml.etree import ElementTree

from compendium.archives import refuse_forbidden, write_archive
from compendium.coding.codebook import CODING, NONE, check_coding

CODEBOOK = "urn:QDA-XML:codebook:1.0"
PROJECT = "urn:QDA-XML:project:1.0"
ORIGIN = "microcredentials-compendium"
NO_CODE = "No code applies"
NO_CODE_MEANS = "The answer was read, and no code of the codebook applies to it."
CREATED = "1980-01-01T00:00:00Z"
ANSWERS = ["respondent", "item", "question", "text"]
SPACE = uuid.uuid5(uuid.NAMESPACE_URL, PROJECT)


def write_codebook(codebook):
    """A codebook as REFI-QDA ``.qdc``.

    Parameters
    ----------
    codebook : Codebook

    Returns
    -------
    bytes
        The format has no place for a codebook's title and unit; a set of all codes holds them.

    Raises
    ------
    ValueError
        When a text holds a character that XML forbids.

    Examples
    --------
    >>> from compendium.coding.codebook import read_codebook
    >>> codebook = read_codebook("data/microcredentials/codebook.yml")
    >>> content = write_codebook(codebook).decode()
    >>> content.count("<Code ") == len(codebook.themes) + len(codebook.codes)
    True
    """
    root = ElementTree.Element("CodeBook", xmlns=CODEBOOK, origin=ORIGIN)
    _codes(root, codebook)
    title = {"name": codebook.title, "guid": guid("codebook")}
    whole = _add(_add(root, "Sets"), "Set", **title)
    _add(whole, "Description", describe(_about(codebook)))
    for code in codebook.ids:
        _add(whole, "MemberCode", guid=guid("code", code))
    return _serialise(root)


def write_project(codebook, answers, codings, cases, note=""):
    """Codebook, answers, codings and respondents as REFI-QDA ``.qdpx``.

    Parameters
    ----------
    codebook : Codebook
    answers : pandas.DataFrame
        `respondent`, `item`, `question` (its wording), `text`. Give masked texts: positions refer to
        the text as given.
    codings : pandas.DataFrame
        `coder`, `respondent`, `item`, `code`, as from `codebook.read_codings`. Each coding is of the
        whole answer.
    cases : pandas.DataFrame
        What is known of each respondent, as text: indexed by respondent, one column a variable;
        missing is not written.
    note : str
        What whoever opens the project should know, such as that the answers are synthetic.

    Returns
    -------
    bytes
        A zip archive with ``project.qde`` and one text file an answer; the same for the same input.

    Raises
    ------
    ValueError
        When an answer stands twice, a coding does not fit, or a text holds a character that XML
        forbids.

    Examples
    --------
    >>> import pandas as pd
    >>> from compendium.coding.codebook import read_codebook
    >>> codebook = read_codebook("data/microcredentials/codebook.yml")
    >>> answers = pd.DataFrame([["R1", "use", "Do you?", "We do."]], columns=ANSWERS)
    >>> codings = pd.DataFrame([["jo", "R1", "use", "none"]], columns=["coder", *CODING])
    >>> cases = pd.DataFrame({"size": ["small"]}, index=["R1"])
    >>> write_project(codebook, answers, codings, cases)[:2]
    b'PK'
    """
    _check(codebook, answers, codings)
    root = ElementTree.Element(
        "Project", xmlns=PROJECT, name=codebook.title, origin=ORIGIN, creationDateTime=CREATED
    )
    coders = sorted(codings["coder"].unique())
    if coders:
        users = _add(root, "Users")
        for coder in coders:
            _add(users, "User", guid=guid("coder", coder), name=coder)
    _codes(_add(root, "CodeBook"), codebook, with_none=True)
    _cases(root, answers, cases)
    texts = _sources(root, answers, codings, codebook)
    about = _about(codebook) + ([("Note", note)] if note else [])
    _add(root, "Description", describe(about))
    return write_archive({"project.qde": _serialise(root)} | texts)


def guid(*parts):
    """The identifier of a part of a study: the same for the same kind and ids on every machine.

    Parameters
    ----------
    *parts : str
        A kind and ids.

    Returns
    -------
    str

    Examples
    --------
    >>> guid("code", "cost") == guid("code", "cost"), guid("code", "cost") == guid("theme", "cost")
    (True, False)
    """
    return str(uuid.uuid5(SPACE, json.dumps(parts)))


def describe(fields):
    """Labelled lines; `refi_codebook.fields_of` takes them apart again.

    Parameters
    ----------
    fields : list of tuple of str
        Label and text; further lines of a text are indented, so that none looks like a label.

    Returns
    -------
    str

    Examples
    --------
    >>> print(describe([("Code", "cost"), ("Definition", "Fees.\\nInclude: all.")]))
    Code: cost
    Definition: Fees.
      Include: all.
    """
    return "\n".join(f"{label}: {_lines(text)}".replace("\n", "\n  ") for label, text in fields)


def _about(codebook):
    return [("Unit", codebook.unit), ("Mode", codebook.coding_mode)]


def _codes(parent, codebook, with_none=False):
    codes = _add(parent, "Codes")
    for theme in codebook.themes:
        fields = [("Theme", theme.id), ("Definition", theme.definition)]
        above = _code(codes, guid("theme", theme.id), theme.name, "false", fields)
        for code in theme.codes:
            given = (("Include", code.include), ("Exclude", code.exclude))
            fields = [("Code", code.id), ("Definition", code.definition)]
            fields += [(label, text) for label, text in given if text]
            fields += [("Example", example) for example in code.examples]
            _code(above, guid("code", code.id), code.name, "true", fields)
    if with_none:
        fields = [("Code", NONE), ("Definition", NO_CODE_MEANS)]
        _code(codes, guid("code", NONE), NO_CODE, "true", fields)


def _code(parent, id, name, codable, fields):
    element = _add(parent, "Code", guid=id, name=name, isCodable=codable)
    _add(element, "Description", describe(fields))
    return element


def _cases(root, answers, cases):
    """Variables, and the respondents with their values and their answers."""
    if len(cases.columns):
        variables = _add(root, "Variables")
        for name in cases.columns:
            _add(variables, "Variable", guid=guid("variable", name), name=name, typeOfVariable="Text")
    if len(cases):
        parent = _add(root, "Cases")
    items = answers.groupby("respondent", sort=False)["item"].agg(list)
    for respondent, values in cases.iterrows():
        case = _add(parent, "Case", guid=guid("case", respondent), name=respondent)
        for name, value in values.dropna().items():
            given = _add(case, "VariableValue")
            _add(given, "VariableRef", targetGUID=guid("variable", name))
            _add(given, "TextValue", value)
        for item in items.get(respondent, []):
            _add(case, "SourceRef", targetGUID=guid("answer", respondent, item))


def _sources(root, answers, codings, codebook):
    """One text an answer, and one selection of the whole of it for each coder who read it."""
    if len(answers):
        sources = _add(root, "Sources")
    order = {code: place for place, code in enumerate([*codebook.ids, NONE])}
    given = codings.groupby(["respondent", "item"])
    texts = {}
    for respondent, item, question, text in answers[ANSWERS].itertuples(index=False):
        text, id = _lines(text), guid("answer", respondent, item)
        refuse_forbidden(text)
        texts[f"sources/{id}.txt"] = text.encode()
        source = _add(
            sources, "TextSource", guid=id, name=f"{respondent} [{item}]",
            plainTextPath=f"internal://{id}.txt", creationDateTime=CREATED,
        )  # fmt: skip
        _add(source, "Description", question)
        if (respondent, item) in given.groups:
            for coder, codes in given.get_group((respondent, item)).groupby("coder")["code"]:
                _selection(source, len(text), (coder, respondent, item), sorted(codes, key=order.get))
    return texts


def _selection(source, length, of, codes):
    user = guid("coder", of[0])
    selection = _add(
        source, "PlainTextSelection", guid=guid("selection", *of), startPosition="0",
        endPosition=str(length), creatingUser=user, creationDateTime=CREATED,
    )  # fmt: skip
    for code in codes:
        id = guid("coding", *of, code)
        coding = _add(selection, "Coding", guid=id, creatingUser=user, creationDateTime=CREATED)
        _add(coding, "CodeRef", targetGUID=guid("code", code))


def _check(codebook, answers, codings):
    twice = answers[answers.duplicated(["respondent", "item"])]
    if len(twice):
        respondent, item = twice[["respondent", "item"]].iloc[0]
        raise ValueError(f"answers: '{item}' of respondent '{respondent}' stands twice; remove one.")
    if NO_CODE in [code.name for code in codebook.codes]:
        raise ValueError(f"codebook: the name '{NO_CODE}' is kept for answers without a code; rename "
                         "that code.")  # fmt: skip
    for coder, rows in codings.groupby("coder"):
        check_coding(f"codings of {coder}", rows[CODING], codebook, answers)


def _add(parent, tag, text=None, **attributes):
    element = ElementTree.SubElement(parent, tag, attributes)
    element.text = text if text is None else _lines(text)
    return element


def _lines(text):
    """One kind of line break: XML parsers and programs change the others, and positions with them."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _serialise(root):
    for element in root.iter():
        for text in [element.text or "", *element.attrib.values()]:
            refuse_forbidden(text)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"
