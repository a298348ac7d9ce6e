"""The page of the site that says how a study is asked: every example on it runs."""

import doctest
from pathlib import Path

PAGE = Path(__file__).parents[2] / "report" / "site" / "language.md"


def test_the_examples_of_the_page_run():
    ran = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert ran.attempted > 10
    assert ran.failed == 0
