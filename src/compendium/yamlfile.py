"""Reads a YAML file that a person wrote, with the traps of YAML 1.1 taken out.

PyYAML follows YAML 1.1: ``yes``, ``no``, ``on`` and ``off`` become booleans, so the response
option ``{id: yes}`` would lose its name, and a key that stands twice silently keeps the last value.
Every YAML file of the compendium is read here and nowhere else.
"""

import re
from pathlib import Path

import pydantic
import yaml


class _Loader(yaml.SafeLoader):
    """SafeLoader in which only ``true`` and ``false`` are booleans and no key stands twice."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise yaml.constructor.ConstructorError(
                    problem=f"the key '{key.value}' stands twice", problem_mark=key.start_mark
                )
            seen.add(key.value if isinstance(key, yaml.ScalarNode) else id(key))
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in rules if tag != "tag:yaml.org,2002:bool"]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def read_yaml(path):
    """Read one YAML document.

    Parameters
    ----------
    path : str or pathlib.Path
        A UTF-8 file that holds one YAML document.

    Returns
    -------
    dict or list
        What the document holds; plain Python values only.

    Raises
    ------
    ValueError
        When the file is missing, not UTF-8, empty or not well-formed, or a key stands twice. The
        message names the file, the line and the remedy.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "options.yml"
    >>> _ = path.write_text("- {id: yes, label: Yes, default: true}", encoding="utf-8")
    >>> read_yaml(path)
    [{'id': 'yes', 'label': 'Yes', 'default': True}]
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ValueError(f"{path}: there is no such file; check the name of the study.") from None
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{path}: byte {error.start} is not UTF-8; save the file with the encoding UTF-8."
        ) from None
    try:
        content = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}" if mark else "somewhere"
        problem = getattr(error, "problem", None) or "a character that YAML does not allow"
        raise ValueError(
            f"{path}: {line}: not readable as YAML: {problem}; "
            "check indentation, colons and quotes there."
        ) from None
    if content is None:
        raise ValueError(f"{path}: the file is empty; copy its shape from data/microcredentials/.")
    return content


def read_model(path, model):
    """Read one YAML document and check it against a pydantic model.

    Parameters
    ----------
    path : str or pathlib.Path
        A UTF-8 file that holds one YAML document.
    model : type
        A pydantic model, or a type such as ``list[Model]``.

    Returns
    -------
    object
        An instance of `model`.

    Raises
    ------
    ValueError
        As `read_yaml`, and for a key that is unknown, missing or of the wrong kind; the message
        names the file, the way to the key (by the ids on it) and the remedy.
    """
    content = read_yaml(path)
    try:
        return pydantic.TypeAdapter(model).validate_python(content)
    except pydantic.ValidationError as error:
        raise ValueError(f"{path}: {_first_error(error, content)}") from None


def _first_error(error, content):
    """The first of pydantic's findings in one plain sentence."""
    first = error.errors()[0]
    where, here = [], content
    for step in first["loc"]:
        here = here[step] if isinstance(here, list | dict) and _has(here, step) else None
        where.append(str(here.get("id", step)) if isinstance(here, dict) else str(step))
    remedy = {
        "extra_forbidden": "the key is not known; check its spelling, or remove it",
        "missing": "the key is missing; add it",
        "string_pattern_mismatch": "use lower-case letters, digits and _ only, a letter first",
    }.get(first["type"], first["msg"].lower())
    given = "" if first["type"] in ("missing", "extra_forbidden") else f" ({first['input']!r})"
    return f"{' > '.join(where)}{given}: {remedy}."


def _has(container, step):
    if isinstance(container, list):
        return isinstance(step, int) and step < len(container)
    return step in container
