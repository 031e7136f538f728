"""Leaves merge as their numbers say: early or late, in one go or restored half-way, the same bytes."""

import numpy as np
import pytest

from sim import reduce
from tests.reduce.made import same_node as same


def node(seed: int, cells: int = 3) -> reduce.Node:
    rng = np.random.default_rng(seed)
    accumulator = reduce.Accumulator(cells)
    accumulator.add(rng.lognormal(size=(cells, 64)) + 10.0**seed)
    return accumulator.leaf_done()


NODES = [node(seed) for seed in range(13)]


def grown(count: int) -> reduce.Tree:
    tree = reduce.Tree()
    for leaf in range(count):
        tree.add(leaf, NODES[leaf])
    return tree


@pytest.mark.parametrize("seed", range(5))
def test_order_of_arrival_changes_no_bit(seed: int) -> None:
    tree = reduce.Tree()
    for leaf in np.random.default_rng(seed).permutation(13):
        tree.add(int(leaf), NODES[leaf])
    assert same(tree.total(), grown(13).total())


@pytest.mark.parametrize("stop", range(14))
def test_restored_tree_goes_on_as_if_never_stopped(stop: int) -> None:
    first = grown(stop)
    tree = reduce.Tree(first.leaves, first.nodes)
    for leaf in range(stop, 13):
        tree.add(leaf, NODES[leaf])
    whole = grown(13)
    assert tree.leaves == whole.leaves == 13
    assert all(same(a, b) for a, b in zip(tree.nodes, whole.nodes, strict=True))
    assert same(tree.total(), whole.total())


def test_open_nodes_are_the_bits_of_the_number_of_leaves() -> None:
    for count in range(1, 14):
        sizes = [node.finite[0, 0] // 4 for node in grown(count).nodes]
        assert sizes == [1 << bit for bit in range(3, -1, -1) if count >> bit & 1]


@pytest.mark.parametrize("whole", [reduce.Tree, reduce.Forest])
def test_leaves_that_were_merged_before_change_no_bit(whole) -> None:
    """Twos, fours and eights from where such a node of the tree begins, early or late."""
    parts = [(8, 4), (0, 8), (12, 1)], [(0, 1), (1, 1), (4, 2), (2, 2), (6, 2), (8, 2), (10, 2), (12, 1)]
    for part in parts:
        tree = whole()
        for first, leaves in part:
            merged = reduce.Tree()
            for i in range(leaves):
                merged.add(i, NODES[first + i])
            tree.add(first, merged.total(), leaves)
        assert all(same(a, b) for a, b in zip(tree.nodes, grown(13).nodes, strict=True))
    assert tree.nodes[0].finite[0, 0] == 8 * 4


def test_an_accumulator_merges_leaves_as_the_tree_does() -> None:
    rng = np.random.default_rng(3)
    values = rng.lognormal(size=(8, 3, 64)) * 10.0 ** np.arange(-8, 8, 2)[:, None, None]
    one, many, tree = reduce.Accumulator(3), reduce.Accumulator(3), reduce.Tree()
    for turn in range(2):  # its room is used again
        for leaf, tile in enumerate(values):
            one.add(tile)
            tree.add(8 * turn + leaf, one.leaf_done())
            many.add(tile)
            many.end_leaf()
        nodes = many.leaves_done()
    tree_of_two = reduce.Tree()
    tree_of_two.add(0, nodes, 8)
    tree_of_two.add(8, nodes, 8)
    assert same(tree.total(), tree_of_two.total())


def test_total_does_not_disturb_the_tree() -> None:
    tree = grown(7)
    before = tree.total()
    assert same(before, tree.total())
    tree.add(7, NODES[7])
    assert same(tree.total(), grown(8).total())


def test_refuses_a_leaf_twice_a_gap_and_a_wrong_restoration() -> None:
    tree = grown(2)
    with pytest.raises(ValueError, match="leaf 1 has been added before"):
        tree.add(1, NODES[1])
    tree.add(3, NODES[3])
    with pytest.raises(ValueError, match="leaf 2 is missing, but leaf 3"):
        tree.total()
    with pytest.raises(ValueError, match="leaf 3 has been added before"):
        tree.add(3, NODES[3])
    for leaf, leaves in ((4, 3), (6, 4), (4, 0)):
        with pytest.raises(ValueError, match=rf"2\^k leaves .* not of {leaves} from {leaf} on"):
            tree.add(leaf, NODES[0], leaves)
    with pytest.raises(ValueError, match="3 leaves has 2 open nodes, not 1"):
        reduce.Tree(3, [NODES[0]])
    with pytest.raises(ValueError, match="-1 leaves has no open nodes"):
        reduce.Tree(-1)
    with pytest.raises(ValueError, match="no leaf has been added"):
        reduce.Tree().total()
