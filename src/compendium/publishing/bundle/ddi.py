"""DDI-Codebook 2.5 of a study: its questions, answers and skip logic, and how often each was given.

Counts are those of the results, which passed the gate of disclosure control; what is withheld there has
none here, and nothing is worked out from them. https://ddialliance.org/Specification/DDI-Codebook/2.5/
"""

from itertools import groupby
from xml.etree import ElementTree

from compendium.archives import FORBIDDEN
from compendium.publishing.bundle.columns import MISSING, variables
from compendium.publishing.bundle.datapackage import ANSWERS, name
from compendium.results import ResultId
from compendium.wording import SAID

NAMESPACE = "ddi:codebook:2_5"
DOMAINS = {"multi": "multiple", "number": "numeric", "text": "text"}  # of an item's type
HELD = "Respondents' answers are not in this bundle: ask the authors of the study."
IDENTIFYING = "Answers can identify a person and are shown with identifying text masked, if at all."


def codebook(contents, results, citation):
    """The instrument of a study as a DDI codebook.

    Parameters
    ----------
    contents : contents.Contents
    results : dict of str to dict
        As from `results.read_results`.
    citation : dict
        What ``CITATION.cff`` holds.

    Returns
    -------
    bytes
        XML in UTF-8.
    """
    instrument, found = contents.instrument, variables(contents.instrument)
    root = ElementTree.Element("codeBook", {"xmlns": NAMESPACE, "version": "2.5"})
    _describe_study(_in(root, "stdyDscr"), contents, citation)
    if contents.answers:
        file = _in(_in(root, "fileDscr", ID="F1"), "fileTxt")
        _in(file, "fileName", ANSWERS)
        size = _in(file, "dimensns")
        _in(size, "caseQnty", str(results["sample.n"]["value"]))
        _in(size, "varQnty", str(len(found) + 1))
        _in(file, "fileType", "CSV, UTF-8")
    data = _in(root, "dataDscr")
    for section in instrument.sections:
        inside = " ".join(_id("V", one.name) for one in found if one.item.section == section.id)
        if inside:
            group = _in(data, "varGrp", ID=_id("S", section.id), type="section", var=inside)
            _in(group, "labl", section.title)
    for _, ones in groupby(found, key=lambda one: one.item.id):
        for place, one in enumerate(ones):
            _describe(data, one, instrument, results, contents.answers, first=place == 0)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def _describe_study(study, contents, citation):
    instrument, cited = contents.instrument, _in(study, "citation")
    _in(_in(cited, "titlStmt"), "titl", instrument.title)
    authors = _in(cited, "rspStmt")
    for author in citation["authors"]:
        _in(authors, "AuthEnty", name(author))
    _in(_in(cited, "verStmt"), "version", str(citation.get("version") or contents.commit))
    about = [instrument.about, instrument.reconstruction]
    synthetic = instrument.provenance == "synthetic"
    _in(
        _in(study, "stdyInfo"),
        "abstract",
        " ".join(text for text in [SAID * synthetic, *about] if text),
    )
    use = _in(_in(study, "dataAccs"), "useStmt")
    if not contents.answers:
        _in(use, "restrctn", HELD)
    _in(use, "conditions", f"Licence of the data: {instrument.licence}")


def _describe(data, one, instrument, results, told, first):
    """One variable: its question, who was asked, its categories, and how often each was given."""
    item, asked = one.item, one.item.asked_if
    number = item.type == "number" and not one.text
    var = _in(data, "var", ID=_id("V", one.name), name=one.name,
              intrvl="contin" if number else "discrete", **{"files": "F1"} if told else {})  # fmt: skip
    _in(var, "labl", one.label)
    if item.identifying:
        _in(var, "security", IDENTIFYING)
    own = {"ID": _id("Q", item.id)} if first else {"qstn": _id("Q", item.id)}
    domain = "text" if one.text else DOMAINS.get(item.type, "category")
    question = _in(var, "qstn", responseDomainType=domain, **own)
    _in(question, "qstnLit", item.question)
    if one.part:
        _in(question, "postQTxt", one.label)
    if asked:
        _in(question, "backward", _condition(instrument, asked), qstn=_id("Q", asked.item))
    limits = {"min": item.minimum, "max": item.maximum, "UNITS": "REAL"}
    if number and (item.minimum is not None or item.maximum is not None):
        given = {key: str(limit) for key, limit in limits.items() if limit is not None}
        _in(_in(var, "valrng"), "range", **given)
    if asked:
        _in(var, "universe", _condition(instrument, asked))
    _count(var, one, results)
    kind = "numeric" if number else "character"
    _in(var, "varFormat", type=kind)


def _condition(instrument, asked):
    item = instrument.item(asked.item)
    chosen = " or ".join(f"“{item.label_of(option)}”" for option in asked.any)
    return f"Those who answered {chosen} to: {item.question}"


def _count(var, one, results):
    """Categories with their counts, the kinds of missing, and before them how many answered."""
    key = one.item.key if one.ticked else one.item.key_of(one.name)
    options = [(o.id, o.label, o.id) for o in one.choices]
    if one.ticked:
        options = [("true", "Ticked", one.part.id), ("false", "Not ticked", None)]
    counted = [results.get(str(ResultId(key, of)), {}) for _, _, of in options if of]
    bases = {result["base"] for result in counted if result.get("base") is not None}
    if len(bases) == 1:
        _in(var, "sumStat", str(bases.pop()), type="vald")
    for value, label, of in options:
        _category(var, value, label, results.get(str(ResultId(key, of)), {}) if of else {})
    for state, label in {} if one.text else MISSING.items():
        if state == "dont_know" and not one.item.dont_know:
            continue
        unsure = (
            results.get(str(ResultId(key, one.item.dont_know[0].id)), {})
            if state == "dont_know"
            else {}
        )
        _category(var, f".{state}", label, unsure, missing="Y", missType=state)


def _category(var, value, label, result, **missing):
    category = _in(var, "catgry", **missing)
    _in(category, "catValu", value)
    _in(category, "labl", label)
    if result.get("count") is not None and "withheld" not in result:
        _in(category, "catStat", str(result["count"]), type="freq")


def _id(kind, name):
    return f"{kind}_{name}"


def _in(parent, tag, text=None, **attributes):
    """A further element, without what XML forbids."""
    clean = {key: FORBIDDEN.sub("\ufffd", value) for key, value in attributes.items()}
    element = ElementTree.SubElement(parent, tag, clean)
    element.text = None if text is None else FORBIDDEN.sub("\ufffd", " ".join(text.split()))
    return element
