"""The same bytes whatever the tiles, the threads, the padding and the interruptions."""

import numpy as np
import pytest

from sim import reduce
from tests.reduce.made import LEAF, awkward, reduced, same_summary

VALUES = np.stack(list(awkward(3 * LEAF, seed=5).values()))
VALUES[3, 100:200] = np.nan
HEADLINE = np.arange(len(VALUES)) % 2 == 0
WHOLE = reduced(VALUES, HEADLINE)


@pytest.fixture(autouse=True, params=[0, 64], ids=["codes wait", "counted at once"])
def way(request, monkeypatch) -> None:
    """The whole was counted at once."""
    monkeypatch.setattr("sim.reduce.sketch.AT_ONCE", request.param)


@pytest.mark.parametrize(("tile", "threads"), [(16, 1), (48, 2), (256, 3), (1024, 2), (4096, 1)])
def test_tiles_and_threads_change_no_bit(tile: int, threads: int) -> None:
    assert same_summary(reduced(VALUES, HEADLINE, tile=tile, threads=threads), WHOLE)


@pytest.mark.parametrize("seed", range(3))
def test_tiles_of_random_sizes_change_no_bit(seed: int) -> None:
    rng = np.random.default_rng(seed)
    crew = [reduce.Accumulator(len(VALUES), HEADLINE) for _ in range(2)]
    tree = reduce.Tree()
    for leaf in rng.permutation(3):
        at, end = int(leaf) * LEAF, (int(leaf) + 1) * LEAF
        accumulator = crew[rng.integers(2)]
        while at < end:
            draws = min(16 * int(rng.integers(1, 40)), end - at)
            accumulator.add(np.ascontiguousarray(VALUES[:, at : at + draws]))
            at += draws
        tree.add(int(leaf), accumulator.leaf_done())
    assert same_summary(reduce.summarise(tree, [a.sketch for a in crew]), WHOLE)


@pytest.mark.parametrize("kind", ["f8", "f4"])
def test_rows_in_any_order_and_in_blocks_of_sixteen_draws_change_no_bit(kind: str) -> None:
    """Cells are taken in the order of their rows, whatever their numbers, from tiles laid out either way."""
    with np.errstate(over="ignore"):
        values = np.ascontiguousarray(VALUES[:, :LEAF].astype(kind))
    rng = np.random.default_rng(3)
    place = rng.permutation(len(values) + 4)[: len(values)]  # the row that each cell is; four rows are none's
    plain = reduce.Accumulator(len(values), HEADLINE)
    headline = np.zeros(len(values) + 4, bool)
    headline[place] = HEADLINE
    mixed = reduce.Accumulator(len(values) + 4, headline, place)
    for at in range(0, LEAF, 512):
        part = np.ascontiguousarray(values[:, at : at + 512])
        plain.add(part)
        rows = np.full((len(values) + 4, 512), np.nan, kind)
        rows[place] = part
        mixed.add(np.ascontiguousarray(rows.reshape(len(rows), 32, 16).swapaxes(0, 1)))
    found = []
    for accumulator in (plain, mixed):
        tree = reduce.Tree()
        tree.add(0, accumulator.leaf_done())
        found.append(reduce.summarise(tree, [accumulator.sketch]))
    assert same_summary(*found)


@pytest.mark.parametrize("leaves", [1, 2])
def test_an_extended_run_equals_a_fresh_one(leaves: int) -> None:
    first = reduced(VALUES[:, : leaves * LEAF], HEADLINE, tile=64)
    assert not same_summary(first, WHOLE)
    assert same_summary(reduced(VALUES, HEADLINE, first=first, start=leaves * LEAF, threads=2), WHOLE)


def test_looking_at_a_sketch_half_way_changes_nothing() -> None:
    accumulator = reduce.Accumulator(len(VALUES), HEADLINE)
    tree = reduce.Tree()
    for leaf in range(3):
        for at in range(leaf * LEAF, (leaf + 1) * LEAF, 512):
            accumulator.add(np.ascontiguousarray(VALUES[:, at : at + 512]))
            reduce.combine([accumulator.sketch])
        tree.add(leaf, accumulator.leaf_done())
    assert same_summary(reduce.summarise(tree, [accumulator.sketch]), WHOLE)
