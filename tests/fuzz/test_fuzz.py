"""A sample of the fuzzing campaign, and what it once found."""

import pytest

from benchmarks.fuzzing.apart import fuzz_apart
from benchmarks.fuzzing.outcome import Tally
from benchmarks.fuzzing.targets import TARGETS

COUNTS = {"book": 40, "scenario": 40, "structure": 12, "zarr": 20, "question": 40, "netcdf": 60}


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_but_declared_errors_comes_out(name):
    found = fuzz_apart(name, COUNTS.get(name, 400), 60.0, 7, Tally())
    assert not found.failures
    assert found.inputs >= 10
    assert found.kinds["refused"] > 0
    assert found.lines, "no line of the reader was reached: its modules are named wrongly"


@pytest.mark.slow
@pytest.mark.parametrize("name", TARGETS)
def test_nothing_but_declared_errors_comes_out_at_length(name):
    assert not fuzz_apart(name, 20 * COUNTS.get(name, 1_000), 15.0, 8, Tally()).failures
