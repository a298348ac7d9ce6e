"""A frozen plan: what was asked before the answers were read, and what was changed since.

After ``amend_sframe`` of the R package surveyframe: a change that has a reason is kept with
its date, and one without makes its results exploratory.
"""

import datetime
import hashlib
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from compendium.files import read_json, write_json
from compendium.survey.instrument import read_instrument

LOCK = "plan.lock.json"
WHY_NOT = "changed after the plan was frozen, without a reason"


@dataclass(frozen=True)
class Standing:
    """How a plan stands to what was frozen of it.

    Attributes
    ----------
    lock : dict
        The content of ``plan.lock.json``; empty where nothing was frozen.
    amended, exploratory : dict of str to str
        The reason of each question that was changed or added, by its id; `exploratory` those that
        nobody gave a reason for.
    removed : dict of str to str
        The reason of each question that is gone; *without a reason* where nobody gave one.
    """

    lock: dict
    amended: dict
    exploratory: dict
    removed: dict

    def of(self, question):
        """How one question stands, in a word and its reason; empty where nothing was frozen."""
        if not self.lock:
            return ""
        if question in self.exploratory:
            return f"exploratory: {self.exploratory[question]}"
        return f"amended: {self.amended[question]}" if question in self.amended else "as frozen"

    def lines(self):
        """When the plan was frozen, and each question that was changed since with its reason."""
        changed = {"amended": self.amended, "exploratory": self.exploratory, "removed": self.removed}
        told = [f"{id}: {word}, {why}" for word, ids in changed.items() for id, why in ids.items()]
        return [self.said(), *told]

    def said(self):
        """When the plan was frozen and what became of it, in a sentence or two."""
        if not self.lock:
            return "The plan was not frozen (make freeze), so nothing shows whether it was changed."
        when = (
            "when answers were there already" if self.lock["answers"] else "before there were answers"
        )
        commit = f", commit {self.lock['commit'][:10]}" if self.lock.get("commit") else ""
        counts = {"amended": self.amended, "exploratory": self.exploratory, "removed": self.removed}
        told = [f"{len(ids)} {word} since" for word, ids in counts.items() if ids]
        return f"Plan frozen on {self.lock['date']}{commit}, {when}; {', '.join(told) or 'unchanged'}."


def digests(instrument):
    """What identifies each question of a plan: its words, its method, and the answers it is about.

    Parameters
    ----------
    instrument : Instrument

    Returns
    -------
    dict of str to str
        SHA-256 by question. The options, points, groups and conditions of the items that a question
        names are part of it, their labels are not: a slip of the pen may be mended.
    """
    return {question.id: _digest(_content(instrument, question)) for question in instrument.written}


def _content(instrument, question):
    named = [id for id in [question.item, *question.by] if id]
    return [
        question.model_dump(mode="json", exclude_defaults=True),
        [_definition(instrument.item(id)) for id in named],
    ]


def _definition(item):
    """What an item counts, in ids."""
    parts = (item.options, item.points, item.dont_know, item.statements)
    groups = {group.id: group.options for group in item.groups}
    asked = item.asked_if and item.asked_if.model_dump(mode="json")
    ids = [[part.id for part in some] for some in parts]
    return [item.id, item.type, ids, groups, asked, item.missing]


def _digest(content):
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def standing(instrument, folder):
    """Compare a plan with what was frozen of it.

    Parameters
    ----------
    instrument : Instrument
    folder : str or pathlib.Path
        The study's folder.

    Returns
    -------
    Standing

    Raises
    ------
    ValueError
        When ``plan.lock.json`` was edited, or a reason is given for a question that never was.

    Examples
    --------
    >>> instrument = read_instrument("data/anes96/survey.yml")
    >>> standing(instrument, "data/anes96").of("model")
    ''
    """
    path, reasons = Path(folder) / LOCK, instrument.amendments
    lock = read_json(path) if path.exists() else {}
    if not lock:
        return Standing({}, {}, {}, {})
    if not isinstance(lock, dict) or lock.get("digest") != _digest(_sealed(lock)):
        raise ValueError(f"{path}: was edited after it was written; restore it from where it was kept.")
    now, then = digests(instrument), lock["questions"]
    unknown = [id for id in reasons if id not in now.keys() | then.keys()]
    if unknown:
        raise ValueError(
            f"survey.yml: amendments > {unknown[0]}: the plan has and had no such question."
        )
    changed = {id: _reason(lock, id, digest, reasons) for id, digest in now.items()
               if digest != then.get(id)}  # fmt: skip
    return Standing(
        lock,
        {id: reason for id, reason in changed.items() if reason},
        {id: WHY_NOT for id, reason in changed.items() if not reason},
        {id: reasons.get(id, "without a reason") for id in then if id not in now},
    )


def _sealed(lock):
    return {key: value for key, value in lock.items() if key != "digest"}


def _reason(lock, id, digest, reasons):
    """The reason for what a question is now: one that was given for an earlier change is none."""
    kept = [one for one in lock["amendments"] if one["question"] == id]
    for one in kept:
        if one["digest"] == digest:
            return one["reason"]
    given = reasons.get(id, "")
    return "" if given in [one["reason"] for one in kept] else given


def freeze(folder, today=None):
    """Write ``plan.lock.json``, or keep in it the amendments that were made since.

    Parameters
    ----------
    folder : str or pathlib.Path
        The study's folder.
    today : datetime.date, optional

    Yields
    ------
    str
        What was done.

    Raises
    ------
    ValueError
        When there is no plan, or a question was changed since without a reason.
    """
    folder = Path(folder)
    instrument = read_instrument(folder / "survey.yml")
    if not instrument.plan:
        raise ValueError(
            f"{folder / 'survey.yml'}: there is no plan to freeze; write one under 'plan'."
        )
    found, now = standing(instrument, folder), digests(instrument)
    if found.exploratory or found.removed.keys() - instrument.amendments.keys():
        id = next(iter({**found.exploratory, **found.removed}))
        raise ValueError(
            f"{folder / LOCK}: the plan was frozen on {found.lock['date']} and its question '{id}' was "
            "changed since; say why in survey.yml under 'amendments', or undo the change."
        )
    note = {"date": (today or datetime.date.today()).isoformat(), "commit": _commit(folder)}
    answers = (
        instrument.responses.startswith("statsmodels:") or (folder / instrument.responses).exists()
    )
    lock = found.lock or {**note, "answers": answers, "questions": now, "amendments": []}
    kept = {(one["question"], one["digest"]) for one in lock["amendments"]}
    reasons = found.amended | found.removed
    new = [
        {"question": id, "reason": reason, "digest": now.get(id), **note}
        for id, reason in reasons.items()
        if (id, now.get(id)) not in kept
    ]
    if found.lock and not new:
        yield f"{folder / LOCK}: {found.said()}"
        return
    lock = _sealed(lock) | {"amendments": [*lock["amendments"], *new]}
    write_json(folder / LOCK, lock | {"digest": _digest(lock)})
    yield f"{folder / LOCK}: {len(now)} questions; {standing(instrument, folder).said()}"
    if note["commit"] is None:
        yield "commit survey.yml before you freeze it, so that others can check the date"


def _commit(folder):
    """The commit that holds ``survey.yml`` as it is; None where there is none."""
    git = ["git", "-C", str(folder)]
    try:
        changed = subprocess.run([*git, "status", "--porcelain", "--", "survey.yml"],
                                 capture_output=True, text=True, check=True).stdout  # fmt: skip
        known = subprocess.run([*git, "ls-files", "--", "survey.yml"],
                               capture_output=True, text=True, check=True).stdout  # fmt: skip
        head = subprocess.run([*git, "rev-parse", "HEAD"],
                              capture_output=True, text=True, check=True).stdout  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        return None
    return head.strip() if known and not changed else None
