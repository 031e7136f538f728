"""What has come home of a batch: shards merged as far as the tree of all leaves goes, however they arrive."""

from __future__ import annotations

from sim import shards
from sim.cluster.cut import Cut, Node
from sim.shards import Shard


class Gathered:
    """Shards by their node (level, index) of the tree over a cut; as few as the leaves that are there allow."""

    def __init__(self, cut: Cut) -> None:
        self._cut = cut
        self._nodes: dict[Node, Shard] = {}

    def add(self, node: Node, shard: Shard) -> None:
        """Take a node, none of whose leaves is there yet, and merge it with its sibling, and so on upwards."""
        level, index = node
        while (other := self._nodes.pop((level, index ^ 1), None)) is not None:
            shard = shards.merge_pair(shard, other)
            level, index = level + 1, index >> 1
        self._nodes[level, index] = shard

    def __contains__(self, node: Node) -> bool:
        """Whether a node, or one that it is part of, is there."""
        level, index = node
        return any((level + k, index >> k) in self._nodes for k in range(self._cut.leaves.bit_length() + 1))

    @property
    def complete(self) -> bool:
        """Whether all leaves are there."""
        ranges = (self._cut.range(*node) for node in self._nodes)
        return sum(last - first for first, last in ranges) == self._cut.leaves

    def whole(self) -> Shard:
        """All that is there as one."""
        return shards.merge(self._nodes[node] for node in sorted(self._nodes, key=lambda node: self._cut.range(*node)))
