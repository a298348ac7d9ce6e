"""The language of the notebooks: open a study, ask it, show the answer.

>>> from helpers import open_study
>>> study = open_study("anes96")
>>> study.n
944

How it is done stands in `compendium`; here stands what a chapter says.
"""

from helpers.show import show
from helpers.study import open_study

__all__ = ["open_study", "show"]
