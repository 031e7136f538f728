from __future__ import annotations

import pytest

import priors
from tests.results.plot.fabricate import make

pytest.importorskip("matplotlib", reason="pictures need the extra report")


@pytest.fixture(scope="session")
def made():
    return make()


@pytest.fixture
def tree(made):
    return made.tree


@pytest.fixture(scope="session")
def book():
    return priors.load()
