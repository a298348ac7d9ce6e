"""What was asked: the items of a study, found by id, by section or by the Tab key."""

import difflib

import pandas as pd


class Items:
    """The items of a questionnaire; each is an attribute by its id.

    Examples
    --------
    >>> from helpers import open_study
    >>> items = open_study("anes96").items
    >>> items.party.type, items["vote.intended"].id
    ('scale', 'intended')
    """

    def __init__(self, instrument):
        self._instrument = instrument
        self._by_name = {item.id: item for item in instrument.items}
        self._by_name |= {item.key: item for item in instrument.items}

    def __getitem__(self, name):
        """The item with this id, such as ``concept`` or ``familiarity.concept``."""
        if not isinstance(name, str):
            return name  # an item already
        if name not in self._by_name:
            near = difflib.get_close_matches(name, self._by_name, n=1)
            hint = f"; is it '{near[0]}'?" if near else "; study.items lists them all."
            raise KeyError(f"This study asked no item '{name}'{hint}")
        return self._by_name[name]

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self[name]
        except KeyError as error:
            raise AttributeError(error.args[0]) from None

    def __dir__(self):
        return [*(item.id for item in self._instrument.items), "frame", "of_type"]

    def _ipython_key_completions_(self):
        return list(self._by_name)

    def __iter__(self):
        return iter(self._instrument.items)

    def __len__(self):
        return len(self._instrument.items)

    def of_type(self, *types):
        """Items of these types, such as ``grid`` or ``multi``, in the order of the questionnaire."""
        return self._instrument.of_type(*types)

    @property
    def frame(self):
        """The items as a table: `id`, `section`, `type`, `question`, `options`, `asked_if`."""
        rows = [
            (
                item.id, item.section, item.type, item.question,
                " · ".join(option.label for option in [*item.statements, *item.choices]),
                f"{item.asked_if.item}: {', '.join(item.asked_if.any)}" if item.asked_if else "",
            )
            for item in self
        ]  # fmt: skip
        names = ["id", "section", "type", "question", "options", "asked_if"]
        return pd.DataFrame(rows, columns=names).set_index("id")

    def _repr_html_(self):
        return self.frame.to_html(escape=True)
