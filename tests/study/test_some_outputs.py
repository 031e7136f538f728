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


def test_a_result_with_some_outputs_is_asked_as_a_whole_one(tree):
    """What is run again has those outputs that a question needs, whichever the result was asked for."""
    part = worlds.run(draws=1024, outputs=["price", "aside"])
    own = sim.world(part, 5, model=worlds.MODEL)
    assert set(own["outputs"].data_vars) == {"price", "aside"} == set(own["output_place"].data_vars)
    np.testing.assert_array_equal(own["outputs"]["aside"], tree["draws"]["aside"].isel(draw=5))
    whole = sim.compare(tree, outputs=["price"])["price"].to_dataset()
    assert sim.compare(part, outputs=["price"], model=worlds.MODEL)["price"].to_dataset().identical(whole)
    both = sim.compare(part, other=part, outputs=["price"], model=worlds.MODEL)
    assert (both.attrs["paired"], set(both["price"]["first_order"].values)) == (1, {"the same"})


def test_a_question_sums_up_no_more_than_it_names():
    from sim.study import kept

    setup = kept.Setup(draws=1_024, model=worlds.MODEL)
    found = kept.run(worlds.book(), ["baseline"], ["price"], setup)
    assert set(found["mean"].data_vars) == set(found["draws"].data_vars) == {"price"}
    assert set(found["inputs"].data_vars) == set(worlds.MODEL.inputs)
