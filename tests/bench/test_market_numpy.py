"""The benchmark's NumPy market is the market: the same outputs from the same inputs, so that their speeds compare."""

import numpy as np
import pytest

from benchmarks.market_numpy import market
from sim.market import INPUTS
from tests.market import cases

TOLERANCE = 5e-6  # relative to max(|x|, the cell's largest magnitude), as for kernels


@pytest.mark.parametrize(("quarters", "count", "seed"), [(12, 400, 11), (1, 60, 12), (6, 80, 13), (16, 80, 14)])
def test_numpy_market_equals_the_kernel(quarters, count, seed):
    tile = cases.tile(cases.random_cases(count, seed))
    found = market(dict(zip(INPUTS, tile, strict=True)), quarters)
    expected = cases.labelled(cases.cells(tile, quarters), quarters)
    assert found.keys() == expected.keys()
    for name, wanted in expected.items():
        assert found[name].shape == wanted.shape, name
        largest = np.abs(wanted).max(axis=-1, keepdims=True)
        scale = np.maximum(np.abs(wanted), np.where(largest == 0, 1, largest))
        assert np.all(np.abs(found[name] - wanted) <= TOLERANCE * scale), name
