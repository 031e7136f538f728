"""How a batch is cut for a cluster: runs that a worker does in one go, and groups that are merged on workers before they travel.

Nothing here changes a bit of the result. A run costs half a second beside its draws, for its counts are brought together,
merged and sent. So workers get large runs first and small ones at the end, as few as let them all end together: a round of
runs is half of what is left. Shards are the smallest of them. All are a power of two of leaves, begun at a multiple, so
that what is merged is a node of the one tree of all leaves, and small.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from sim.tiles import LEAF

SHARDS_A_SLOT = 8
"""In the end a slot waits for half a shard on average: 6 % of its time if slots are uneven, nothing if they are not."""

MOST_LEAVES, MOST_SECONDS = 1 << 11, 120.0
"""Of a run, 34 million draws: what is lost with a worker, and for how long nothing is heard of one."""

MOST_SHARDS = 1 << 18
"""What a scheduler can be asked to hold over a batch; beyond it shards grow past those."""

MOST_IN_GROUP = 512
FEW_GROUPS = 16
"""Groups come home one at a time, half a second each: two for each slot, larger ones where that makes more than so many."""

Node = tuple[int, int]
"""Level and number at that level: shards are level 0, two of level k make one of level k + 1."""


@dataclass(frozen=True)
class Cut:
    """A batch of ``leaves`` in shards of ``size`` leaves, ``group`` of which are merged on workers; powers of two.

    ``steps`` tell how large runs are: (shard, level) where another level begins, levels falling. All are shards unless given.
    """

    leaves: int
    size: int
    group: int
    steps: tuple[tuple[int, int], ...] = ((0, 0),)

    @classmethod
    def of(cls, leaves: int, slots: int, least: int = 1, leaf: float = 0.0) -> Cut:
        """The cut for a cluster that does ``slots`` runs at a time, of ``least`` leaves (a power of two) or more.

        ``leaf`` is how many seconds a leaf takes, so that runs are not too long.

        Raises
        ------
        ValueError: for a batch without leaves or a cluster without slots.
        """
        if leaves < 1 or slots < 1:
            raise ValueError(f"cut: found {leaves} leaves and {slots} slots, expected at least one of each")
        most = min(_floor(int(MOST_SECONDS / leaf)), MOST_LEAVES) if leaf else MOST_LEAVES
        size = min(_floor(leaves // (SHARDS_A_SLOT * slots)), most)
        size = max(size, least, _ceil(-(-leaves // MOST_SHARDS)))
        shards = -(-leaves // size)
        group = min(max(_floor(shards // (2 * slots)), _floor(shards // FEW_GROUPS)), MOST_IN_GROUP)
        return cls(leaves, size, group, tuple(_steps(shards, slots, min(group, _floor(most // size)))))

    @property
    def shards(self) -> int:
        """How many shards there are."""
        return -(-self.leaves // self.size)

    @property
    def number(self) -> int:
        """How many runs there are."""
        ends = [*(first for first, _ in self.steps[1:]), self.shards]
        return sum(-(-(end - first) >> level) for (first, level), end in zip(self.steps, ends, strict=True))

    @property
    def top(self) -> int:
        """Level of a whole group."""
        return self.group.bit_length() - 1

    def runs(self, within: Node | None = None) -> Iterator[Node]:
        """The nodes that are run in one go, by their leaves; those that a node is made of, if one is given."""
        level, index = within or (self.shards.bit_length(), 0)
        at, stop = index << level, min((index + 1) << level, self.shards)
        while at < stop:
            run = self._level(at)
            yield run, at >> run
            at += 1 << run

    def is_run(self, node: Node) -> bool:
        """Whether a node is run in one go, rather than merged of its halves."""
        level, index = node
        return self._level(index << level) == level

    def range(self, level: int, index: int) -> tuple[int, int]:
        """First leaf of a node and the one after its last."""
        width = self.size << level
        return index * width, min((index + 1) * width, self.leaves)

    def exists(self, level: int, index: int) -> bool:
        """Whether all shards of a node exist, so that merging comes to it."""
        return index >= 0 and (index + 1) << level <= self.shards

    def draws(self, node: Node, most: int) -> int:
        """Draws of a node, of ``most`` in all."""
        first, last = self.range(*node)
        return min(last * LEAF, most) - first * LEAF

    def _level(self, shard: int) -> int:
        """Level of the run that a shard is part of."""
        return self.steps[bisect_right(self.steps, shard, key=lambda step: step[0]) - 1][1]


def _steps(shards: int, slots: int, most: int) -> Iterator[tuple[int, int]]:
    """Where another level of runs begins: rounds of half of what is left, in runs of ``most`` shards or fewer."""
    at, before, run = 0, 0, 0
    while at < shards and run != 1:
        run = min(_floor((shards - at) // (2 * slots)), most)
        if run != before:
            yield at, run.bit_length() - 1
        before = run
        at += run * min(slots, (shards - at) // run)


def _floor(n: int) -> int:
    """The largest power of two that is not above n; 1 for n = 0."""
    return 1 << max(n.bit_length() - 1, 0)


def _ceil(n: int) -> int:
    """The smallest power of two that is not below n ≥ 1."""
    return 1 << (n - 1).bit_length()
