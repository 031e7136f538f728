from __future__ import annotations

import pytest

from tests.results.made import make


@pytest.fixture(scope="session")
def made():
    return make()


@pytest.fixture
def tree(made):
    return made.tree
