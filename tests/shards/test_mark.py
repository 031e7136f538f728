"""What tells two models of one's own apart, and one from itself in another process."""

import dataclasses
import functools
import subprocess
import sys

import numba
import numpy as np
import pytest

import sim
from sim import shards
from sim.mark import mark
from tests.shards import made

RATE = 1.0


def at_rate(x, y):
    y[:] = RATE * x[0]


def through_helper(x, y):
    y[:] = helper(x[0])


def helper(values):
    return values * RATE


def rate_of(rate):
    def kernel(x, y):
        y[:] = rate * x[0]

    return kernel


def with_default(x, y, rate=1.0):
    y[:] = rate * x[0]


class Table:
    def __init__(self, values):
        self.values = values

    def __call__(self, x, y):
        y[:] = self.values[0] * x[0]


def of(kernel, **more):
    return mark(dataclasses.replace(made.MODEL, kernel=kernel, **more))


@pytest.mark.parametrize("kernel", [at_rate, through_helper, numba.njit(at_rate), numba.njit(through_helper)])
def test_a_number_that_the_code_takes_from_elsewhere_is_told(monkeypatch, kernel):
    before = of(kernel)
    assert of(kernel) == before
    monkeypatch.setitem(globals(), "RATE", 100.0)
    assert of(kernel) != before


def test_so_is_what_it_closes_over_defaults_to_or_is_handed():
    arrays = np.arange(3.0), np.arange(3.0) + 1e-9
    pairs = [
        [of(rate_of(rate)) for rate in (1.0, 100.0)],
        [of(rate_of(array)) for array in arrays],
        [of(functools.partial(with_default, rate=rate)) for rate in (1.0, 2.0)],
        [of(Table(array)) for array in arrays],
        [of(at_rate, args=(array,)) for array in arrays],
    ]
    assert all(a != b for a, b in pairs)
    assert of(Table(arrays[0])) == of(Table(arrays[0].copy()))


def test_it_is_the_same_in_every_process():
    """Sets of text are told in no process's own order."""
    script = """
import sys, numpy as np, sim
from sim.mark import mark
def kernel(x, y):
    y[:] = x[0] * (len(str(y.shape)) in {1, 2, 3} or "a" in {"a", "b", "c", "d"})
print(mark(sim.Model(["a"], [sim.Output("b")], kernel)))
"""
    told = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={"PYTHONHASHSEED": str(seed)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in (1, 2, 3)
    }
    assert len(told) == 1


def test_a_checkpoint_a_merger_and_an_extension_refuse_another_number(monkeypatch, tmp_path):
    model = dataclasses.replace(made.MODEL, kernel=at_rate)
    book, draws = made.book(), 32_768
    sim.run(book, model=model, draws=draws, checkpoint=tmp_path / "kept")
    one, tree = made.spec(model=model, draws=draws), sim.run(book, model=model, draws=draws)
    monkeypatch.setitem(globals(), "RATE", 100.0)
    with pytest.raises(ValueError, match="outputs or kernel"):
        sim.run(book, model=model, draws=draws, checkpoint=tmp_path / "kept")
    with pytest.raises(ValueError, match="outputs or kernel"):
        shards.run_shard(dataclasses.replace(one, first=1), model=model)
    with pytest.raises(ValueError, match="outputs or kernel"):
        sim.extend(tree, 2 * draws, model=model)


def test_arguments_that_no_json_holds_are_handed_over():
    def kernel(x, y, factors):
        y[:] = factors[0] * x[0]

    model = dataclasses.replace(made.MODEL, kernel=kernel, args=(np.array([2.0]),), same=None)
    tree = sim.run(made.book(), model=model, draws=64)
    assert float(tree["mean"]["product"][0]) == float(sim.run(made.book(), model=model, draws=64)["mean"]["product"][0])
