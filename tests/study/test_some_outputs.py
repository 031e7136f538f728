"""Questions of a model with some of its outputs alone: its kernel fills all rows, of which the cells are a few."""

import dataclasses

import numpy as np
import pytest

import sim
from tests.study import worlds

FEW = ["aside", "price"]  # the last rows that the kernel fills are among them, the first are not


@pytest.fixture(scope="module")
def few():
    return worlds.MODEL.only(FEW)


@pytest.fixture(scope="module")
def tree():
    return worlds.run(draws=1024, keep="all")


def test_a_draw_is_the_same(tree, few):
    own = sim.world(sim.run(worlds.book(), model=few, scenarios=worlds.NAMES, draws=1024, keep="none"), 5, model=few)
    for name in FEW:
        np.testing.assert_array_equal(own["outputs"][name], tree["draws"][name].isel(draw=5))


def test_an_attribution_is_the_same(tree, few):
    gaps = [sim.attribute(tree, "baseline", "wider", "price", draws=1024, model=model) for model in (worlds.MODEL, few)]
    assert gaps[0].identical(gaps[1])


def test_indices_are_the_same(few):
    found = [sim.sensitivity(worlds.book(), outputs="price", draws=256, model=model) for model in (worlds.MODEL, few)]
    assert found[0]["price"].identical(found[1]["price"])


def test_a_comparison_is_the_same(tree, few):
    found = [
        sim.compare(run, "baseline", "wider", outputs=["price"], model=model)
        for run, model in ((worlds.run(draws=1024), worlds.MODEL), (worlds.run(draws=1024), few))
    ]
    assert found[0]["price"].identical(found[1]["price"])


def test_the_kernel_always_gets_room_for_all_it_fills(few):
    """One that a wrong room would have written beyond."""

    def kernel(x, y):
        assert len(y) == 4
        worlds.kernel(x, y)

    strict = dataclasses.replace(few, kernel=kernel)
    tree = sim.run(worlds.book(), model=strict, scenarios=worlds.NAMES[:2], draws=256, keep="none")
    sim.world(tree, 3, model=strict)
    sim.compare(tree, model=strict)
    sim.attribute(tree, "baseline", "wider", "price", draws=256, model=strict)
    sim.sensitivity(worlds.book(), outputs="price", draws=256, model=strict)
