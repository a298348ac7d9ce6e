"""The questions of a questionnaire as a survey structure states them, whatever platform wrote it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Level:
    """An answer that can be chosen: its id, its label, and how an export may write it."""

    id: str
    label: str
    spellings: tuple[str, ...]


@dataclass(frozen=True)
class Chosen:
    """Skip logic: one of these levels, or ticked parts, of an earlier question was chosen."""

    question: str
    any: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """A question of the questionnaire.

    `kind` is ``single``, ``multi``, ``grid``, ``number``, ``text``, or empty where it is none of
    these; `parts` are labels of statements or ticks by their ids; `shown` must hold all together;
    `unclear` quotes a condition that no item can state.
    """

    key: str
    kind: str
    text: str
    levels: tuple[Level, ...] = ()
    parts: dict = field(default_factory=dict)
    ordered: bool = False
    required: bool = False
    shown: tuple[Chosen, ...] = ()
    unclear: str = ""


@dataclass(frozen=True)
class Told:
    """What a structure says of one field: its question, and each level as this export writes it."""

    asked: Asked
    part: str = ""
    values: dict = field(default_factory=dict)
