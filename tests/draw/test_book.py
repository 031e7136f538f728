"""Every law of the built-in book and its scenarios, as its columns draw it, against its own quantiles."""

import numpy as np
import pytest

import priors
from sim.draw.cache import table_of
from sim.draw.cubics import Cubics
from sim.draw.fit import PROMISE
from sim.draw.table import flatten, look_up
from tests.draw.laws import deep_words, exact

WORDS = np.sort(deep_words(2000))  # sorted, so that blocks of 16 are in the registers or out of them


@pytest.fixture(scope="module")
def laws() -> list[priors.Distribution]:
    book = priors.load()
    found = {law for scenario in book.scenarios for law in book.resolve(scenario).values()}
    return [law for law in found if law.support[0] < law.support[1]]


def test_no_law_of_the_book_needs_the_slowest_kind(laws: list[priors.Distribution]) -> None:
    assert not [law for law in laws if type(table_of(law.standard()[0])) is Cubics]


def test_every_law_of_the_book_is_within_the_promise(laws: list[priors.Distribution]) -> None:
    assert len(laws) > 80
    for law in laws:
        shape, loc, scale = law.standard()
        values = look_up(flatten([table_of(shape)]), 0, WORDS, loc, scale)
        expected = exact(law, WORDS)
        low, high = law.ppf(np.array([0.25, 0.75]))
        allowed = PROMISE * np.maximum(np.abs(expected), high - low or 1.0)
        assert np.all(np.abs(values - expected) <= allowed), law
        assert values.min() >= law.support[0], law
        assert values.max() <= law.support[1], law
