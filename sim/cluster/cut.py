"""How a batch is cut for a cluster: shards of leaves that are run, groups of shards that are merged before they travel.

Nothing here changes a bit of the result. Few large shards leave workers idle at the end; many small ones cost the
scheduler half a millisecond and a merge each. A shard and a group are a power of two of leaves, begun at a multiple, so that
what is merged is a node of the one tree of all leaves, and small.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.tiles import LEAF

SHARDS_A_SLOT = 16
"""At the end of a run a slot waits for half a shard on average: 3 % of its time with 16 shards."""

MOST_LEAVES = 1 << 11
"""Leaves of a shard, 34 million draws, minutes of work: what is lost with a worker."""

MOST_SHARDS = 1 << 18
"""What a scheduler can be asked to hold over a run; beyond it shards grow past MOST_LEAVES."""

MOST_IN_GROUP = 64
FEW_GROUPS = 512
"""Groups come home one at a time: with more than so many they are larger, though fewer than four for each slot."""


@dataclass(frozen=True)
class Cut:
    """A batch of ``leaves`` in shards of ``size`` leaves, ``group`` of which are merged on workers; powers of two."""

    leaves: int
    size: int
    group: int

    @classmethod
    def of(cls, leaves: int, slots: int, least: int = 1) -> Cut:
        """The cut for a cluster that runs ``slots`` shards at a time, of ``least`` leaves (a power of two) or more.

        Raises
        ------
        ValueError: for a batch without leaves or a cluster without slots.
        """
        if leaves < 1 or slots < 1:
            raise ValueError(f"cut: found {leaves} leaves and {slots} slots, expected at least one of each")
        size = min(_floor(leaves // (SHARDS_A_SLOT * slots)), MOST_LEAVES)
        size = max(size, least, _ceil(-(-leaves // MOST_SHARDS)))
        shards = -(-leaves // size)
        group = min(max(_floor(shards // (4 * slots)), _floor(shards // FEW_GROUPS)), MOST_IN_GROUP)
        return cls(leaves, size, group)

    @property
    def shards(self) -> int:
        """How many shards there are."""
        return -(-self.leaves // self.size)

    @property
    def top(self) -> int:
        """Level of a whole group: shards are level 0, two of level k make one of level k + 1."""
        return self.group.bit_length() - 1

    def range(self, level: int, index: int) -> tuple[int, int]:
        """First leaf of a node and the one after its last."""
        width = self.size << level
        return index * width, min((index + 1) * width, self.leaves)

    def exists(self, level: int, index: int) -> bool:
        """Whether all shards of a node exist, so that merging comes to it."""
        return index >= 0 and (index + 1) << level <= self.shards

    def draws(self, index: int, most: int) -> int:
        """Draws of a shard, of ``most`` in all."""
        first, last = self.range(0, index)
        return min(last * LEAF, most) - first * LEAF


def _floor(n: int) -> int:
    """The largest power of two that is not above n; 1 for n = 0."""
    return 1 << max(n.bit_length() - 1, 0)


def _ceil(n: int) -> int:
    """The smallest power of two that is not below n ≥ 1."""
    return 1 << (n - 1).bit_length()
