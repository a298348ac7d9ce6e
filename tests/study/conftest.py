"""Tests of what `make all` wrote for the default study."""

from pathlib import Path

import pytest

BUILT = Path(__file__).parents[2] / "build" / "microcredentials"


@pytest.fixture(scope="session", autouse=True)
def _built():
    # `make test` builds first: only whoever calls pytest by hand before that comes here.
    if not (BUILT / "audit.txt").exists():
        pytest.skip("the default study is not built: run make all first")
