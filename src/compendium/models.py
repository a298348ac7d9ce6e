"""YAML files that people write, and the models that they are checked against.

YAML 1.2 is read: ``yes`` and ``no`` are words. The line of every key is known, so that a message can
name it, and so is the text of every value, where YAML takes for something else what is meant as text.
"""

import functools
import gc
import io
import itertools
import re
import reprlib

import pydantic
import ruamel.yaml

from compendium.files import read_text, replace

DEEPEST = 200  # spaces and dashes before a line, or brackets open
REFERRED = 100_000  # values that references may stand for beyond those written
DIGITS = 400  # of a whole number
LONGEST = 4_000_000  # letters of a file
DOUBTED = 500_000  # letters of a file that is read again where the fast reader refuses it
MARKS = 150_000  # line ends, commas, brackets and lists in lists: a draft has under 13 a column
LONG_TAG = 80  # letters
LEAST = {2: "two"}  # how many a list must name, in words; one where nothing is said
TAG = "tag:yaml.org,2002:"


class Model(pydantic.BaseModel):
    """A part of a YAML file: no key but its own, no value of another kind, nothing changed later."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


def read_yaml(path):
    """Read one YAML 1.2 document: ``yes`` and ``no`` are words, and no key may stand twice.

    Parameters
    ----------
    path : str or pathlib.Path
        A UTF-8 file.

    Returns
    -------
    dict or list
        Plain Python values only; keys and dates are text.

    Raises
    ------
    ValueError
        As `read_text`, and when the file is empty or not well-formed, has a tag that names a type
        of its own, or a key stands twice; it names the line.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "options.yml"
    >>> _ = path.write_text("- {id: yes, label: Yes, default: true}", encoding="utf-8")
    >>> read_yaml(path)
    [{'id': 'yes', 'label': 'Yes', 'default': True}]
    """
    return _compose(path, {})


def read_model(path, model):
    """Read one YAML document and check it against a pydantic model.

    Parameters
    ----------
    path : str or pathlib.Path
        A UTF-8 file that holds one YAML document. Where the model wants text, what YAML reads as
        something else is taken as it is written: ``true``, ``null``, ``2024-01-01``, ``1.50``.
    model : type
        A `Model`, or a type such as ``list[Model]``.

    Returns
    -------
    object
        An instance of `model`.

    Raises
    ------
    ValueError
        As `read_yaml`, and for a key that is unknown, missing or of the wrong kind; it names the
        line and the way to the key, by the ids on it.
    """
    places = {}
    content = _compose(path, places)
    while True:
        try:
            return pydantic.TypeAdapter(model).validate_python(content)
        except pydantic.ValidationError as error:
            findings = error.errors(include_url=False)
            if not _take_as_written(findings, content, places):
                raise ValueError(f"{path}: {_first_error(findings, content, places)}") from None


def write_yaml(path, content):
    """Write plain values as one YAML 1.2 document, keys in their order.

    Parameters
    ----------
    path : str or pathlib.Path
        The file; its folder is made, the file replaced in one step.
    content : dict or list
    """
    replace(path, yaml_text(content))


def yaml_text(content):
    """Plain values as the text of one YAML 1.2 document, keys in their order."""
    writer, text = ruamel.yaml.YAML(typ="safe", pure=True), io.StringIO()
    writer.default_flow_style, writer.allow_unicode, writer.width = False, True, 100
    writer.sort_base_mapping_type_on_output = False
    writer.dump(content, text)
    return text.getvalue()


def _compose(path, places):
    """The document's values; `places` gets the line and the text of each, by container and key."""
    text = read_text(path, 4 * LONGEST)
    if len(text) > LONGEST or len(re.findall(r"[\n,\[{]|[-?] (?=[-?] )", text)) > MARKS:
        raise ValueError(
            f"{path}: {LONGEST:,} letters and {MARKS:,} lines, commas and brackets are the most; "
            "shorten it."
        )
    try:
        if _deep(text):
            raise RecursionError
        node = _nodes(text)
        _weigh(path, node)
        content = None if node is None else _value(node, places, {})
    except ruamel.yaml.error.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}" if mark else "somewhere"
        problem = getattr(error, "problem", None) or "a character that YAML does not allow"
        raise ValueError(
            f"{path}: {line}: not readable as YAML: {problem}; "
            "check indentation, colons and quotes there."
        ) from None
    except RecursionError:
        raise ValueError(f"{path}: nested too deeply; write it flatter.") from None
    if content is None:
        raise ValueError(f"{path}: the file is empty; copy its shape from data/microcredentials/.")
    return content


@functools.lru_cache(maxsize=16)
def _nodes(text):
    """A document as read; several parts of a run read the same files.

    libyaml reads ten times as fast, but refuses some of YAML 1.2, such as a question mark before a
    comma: what it refuses the reader in Python decides on, which would take long over a long text.
    Among so many new objects the search for unused ones finds none, and takes a third of the time.
    """
    searched = gc.isenabled()
    gc.disable()
    try:
        fast = ruamel.yaml.YAML(typ="safe")
        fast.Resolver = _Resolver
        return fast.compose(text)
    except ruamel.yaml.error.YAMLError:
        if len(text) > DOUBTED:
            raise
        return ruamel.yaml.YAML(typ="safe", pure=True).compose(text)
    finally:
        if searched:
            gc.enable()


class _Resolver(ruamel.yaml.resolver.VersionedResolver):
    """What plain values are in YAML 1.2, which is looked up once and not for each value."""

    versioned_resolver = functools.cached_property(
        ruamel.yaml.resolver.VersionedResolver.versioned_resolver.fget
    )


def _deep(text):
    """Whether a text is nested so deeply that reading it would take long before it fails."""
    # Lists can begin in lists on one line, and libyaml ends the process where they are too many.
    if max(map(len, re.findall(r"^(?:[-?]? )*+", text, re.MULTILINE))) > DEEPEST:
        return True
    signs = itertools.accumulate(1 if sign in "[{" else -1 for sign in re.findall(r"[\[\]{}]", text))
    return max(signs, default=0) > DEEPEST


def _weigh(path, node):
    """Refuse a document whose references would make it many times as large as it is written."""
    sizes = {}

    def size(node):
        if id(node) not in sizes:
            sizes[id(node)] = 1  # until it is known: a node may refer to itself
            if node.id != "scalar":
                parts = node.value if node.id == "sequence" else itertools.chain(*node.value)
                sizes[id(node)] += sum(size(below) for below in parts)
        return sizes[id(node)]

    whole = 0 if node is None else size(node)
    if whole > len(sizes) + REFERRED:
        raise ValueError(
            f"{path}: its references (&, *) stand for {whole:,} values; write out what is needed."
        )


def _value(node, places, known):
    """The value of a node; `known` are those of nodes met before, for they can be referred to."""
    if id(node) in known:
        return known[id(node)]
    kind = _kind(node.ctag)
    if node.id == "scalar":
        known[id(node)] = _scalar(node, kind)
    elif kind == "seq":
        known[id(node)] = found = []
        for index, below in enumerate(node.value):
            places[id(found), index] = (below.start_mark.line + 1, _written(below))
            found.append(_value(below, places, known))
    elif kind == "map":
        known[id(node)] = found = {}
        for key, below in node.value:
            if key.id != "scalar" or key.value in found:
                twice = f"the key '{key.value}' stands twice" if key.id == "scalar" else "no plain key"
                raise ruamel.yaml.error.MarkedYAMLError(problem=twice, problem_mark=key.start_mark)
            places[id(found), key.value] = (key.start_mark.line + 1, _written(below))
            found[key.value] = None  # until its value is known, which may refer to it
            found[key.value] = _value(below, places, known)
    else:
        _refuse_tag(node)
    return known[id(node)]


def _kind(tag):
    """What a tag names; the library spells out each one letter by letter."""
    plain = tag.handle is None and "%" not in tag.suffix
    return (tag.suffix if plain or len(tag.suffix) > LONG_TAG else str(tag)).removeprefix(TAG)


def _scalar(node, kind):
    text = node.value
    if kind in ("str", "timestamp", "merge"):
        return text
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind == "int" and len(text) > DIGITS:
        raise ruamel.yaml.error.MarkedYAMLError(
            problem=f"a number of {len(text):,} digits", problem_mark=node.start_mark
        )
    if kind == "int":
        return int(text, 0) if re.match(r"[-+]?0[box]", text) else int(text)
    if kind == "float":
        return float(re.sub(r"\.(inf|nan)$", r"\1", text, flags=re.IGNORECASE))
    return _refuse_tag(node)


def _refuse_tag(node):
    raise ruamel.yaml.error.MarkedYAMLError(
        problem=f"the tag '{_kind(node.ctag)[:LONG_TAG]}', which names a type of its own",
        problem_mark=node.start_mark,
    )


def _written(node):
    return node.value if node.id == "scalar" else ""


def _way(finding, content):
    """Containers and keys that lead to one of pydantic's findings; its other steps name types."""
    way = []
    for step in finding["loc"]:
        keys = range(len(content)) if isinstance(content, list) else content
        if isinstance(content, dict | list) and step in keys:
            way.append((content, step))
            content = content[step]
    return way


def _take_as_written(findings, content, places):
    """Put the text of a value where the model wants text and YAML read something else."""
    changed = False
    for finding in findings:
        way = _way(finding, content)
        if finding["type"] == "string_type" and way:
            container, key = way[-1]
            text = places[id(container), key][1]
            if text and not isinstance(container[key], str):
                container[key], changed = text, True
    return changed


def _first_error(findings, content, places):
    """The first of pydantic's findings in one plain sentence."""
    start, first = _way(findings[0], content), findings[0]
    if len(first["loc"]) > len(start) and first["type"] != "missing":
        # Several types are allowed here: the one that was meant got furthest.
        within = [one for one in findings if _way(one, content)[: len(start)] == start]
        first = max(within, key=lambda one: len(_way(one, content)))
    where, line = [], 1
    for container, key in _way(first, content):
        line, here = places[id(container), key][0], container[key]
        where.append(str((isinstance(here, dict) and here.get("id")) or key))
    if first["type"] == "missing":
        where.append(str(first["loc"][-1]))
    remedy = {
        "extra_forbidden": "the key is not known; check its spelling, or remove it",
        "missing": "the key is missing; add it",
        "too_short": f"name at least {LEAST.get(first.get('ctx', {}).get('min_length'), 'one')}",
        "string_pattern_mismatch": "use lower-case letters, digits and _ only, a letter first",
        "value_error": first["msg"].removeprefix("Value error, ").rstrip("."),
    }.get(first["type"], first["msg"].lower())
    told = first["type"] in ("missing", "extra_forbidden") or isinstance(first["input"], dict | list)
    given = "" if told else f" ({reprlib.repr(first['input'])})"
    place = f"{' > '.join(where)}{given}: " if where else ""
    return f"line {line}: {place}{remedy}."
