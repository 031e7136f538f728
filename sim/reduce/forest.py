"""Moments of any set of leaves, merged as far as the tree of all leaves merges them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sim.reduce.node import Node, merge
from sim.reduce.tree import Tree

Ranges = Sequence[tuple[int, int]]


class Forest:
    """Nodes of a set of leaves: one for each largest block of 2^k leaves, from a multiple of 2^k on, that is all there.

    Such blocks are the nodes of :class:`~sim.reduce.tree.Tree`, so what a forest holds depends on the set of leaves alone,
    never on the order in which they came or on how they were split; when all leaves from 0 on are there, its nodes are
    the tree's open ones.

    Parameters
    ----------
    ranges: ascending (first leaf, last left out) that ``nodes`` are of.
    nodes: one for each of :func:`blocks_of` them.

    Raises
    ------
    ValueError: if ``nodes`` are more or fewer.
    """

    def __init__(self, ranges: Ranges = (), nodes: Sequence[Node] = ()) -> None:
        blocks = list(blocks_of(ranges))
        if len(blocks) != len(nodes):
            raise ValueError(f"a forest of the leaves {list(ranges)} has {len(blocks)} nodes, not {len(nodes)}")
        self._nodes = dict(zip(blocks, nodes, strict=True))

    def add(self, leaf: int, node: Node, leaves: int = 1) -> None:
        """Take leaf number ``leaf``, or 2^k ``leaves`` from a multiple of 2^k on, merged.

        Raises
        ------
        ValueError: if one has been added before.
        """
        self._put(leaf, leaves, node)

    def join(self, other: Forest) -> Forest:
        """The forest of both sets of leaves; neither is changed.

        Raises
        ------
        ValueError: if a leaf is in both.
        """
        found = Forest()
        found._nodes = dict(self._nodes)
        for (first, leaves), node in sorted(other._nodes.items(), key=lambda item: item[0]):
            found._put(first, leaves, node)
        return found

    @property
    def ranges(self) -> tuple[tuple[int, int], ...]:
        """The leaves that are there, ascending (first, last left out), none touching the next."""
        return joined((first, first + leaves) for first, leaves in self._nodes)

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The nodes, in the order of their leaves."""
        return tuple(self._nodes[block] for block in sorted(self._nodes))

    def tree(self) -> Tree:
        """The tree of leaves from 0 on.

        Raises
        ------
        ValueError: if a leaf is missing before one that is there.
        """
        ranges = self.ranges
        if len(ranges) != 1 or ranges[0][0]:
            raise ValueError(f"expected leaves from 0 on without a gap, found {list(ranges)}")
        return Tree(ranges[0][1], self.nodes)

    def _put(self, first: int, leaves: int, node: Node) -> None:
        for start, length in self._nodes:
            if start < first + leaves and first < start + length:
                raise ValueError(f"leaf {max(first, start)} has been added before")
        while (other := self._nodes.pop((first ^ leaves, leaves), None)) is not None:
            node = merge(node, other) if first & leaves == 0 else merge(other, node)
            first, leaves = first & ~leaves, 2 * leaves
        self._nodes[first, leaves] = node


def blocks_of(ranges: Ranges, most: int = 1 << 62) -> Iterator[tuple[int, int]]:
    """The largest blocks (first leaf, number of leaves), of 2^k leaves from a multiple of 2^k on, in ascending ranges.

    ``most``, a power of two, is how many leaves they may have.
    """
    for first, last in ranges:
        at = first
        while at < last:
            aligned, fits = at & -at or most, 1 << ((last - at).bit_length() - 1)
            leaves = min(aligned, fits, most)
            yield at, leaves
            at += leaves


def joined(ranges: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Disjoint ranges in ascending order, those that touch as one."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if found and found[-1][1] == first:
            found[-1] = found[-1][0], last
        else:
            found.append((first, last))
    return tuple(found)
