"""A shard: what has come of some leaves of a batch, small, and mergeable with what has come of others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sim import reduce
from sim.shards import job as jobs
from sim.tiles import LEAF


@dataclass(frozen=True)
class Spec:
    """What is to be run: the leaves from ``first`` to ``last`` (left out) of ``job``, a line of JSON. Small; pickles.

    Raises
    ------
    ValueError: if the batch has no such leaves.
    """

    job: str
    first: int
    last: int

    def __post_init__(self) -> None:
        most = jobs.leaves_of(self.job)
        if not 0 <= self.first < self.last <= most:
            raise ValueError(f"leaves {self.first} to {self.last}: expected a range within the batch's {most:,} leaves")

    @property
    def draws(self) -> tuple[int, int]:
        """First draw and the one after the last."""
        return self.first * LEAF, min(self.last * LEAF, int(jobs.read(self.job)["draws"]))


@dataclass(frozen=True, eq=False)
class Part:
    """What has come of one scenario's own cells (of one kind of outcome).

    Attributes
    ----------
    nodes: moments, one node for each block of leaves; see :class:`sim.reduce.Forest`.
    counts: values by bin.
    """

    nodes: tuple[reduce.Node, ...]
    counts: reduce.Counts


@dataclass(frozen=True, eq=False)
class Piece:
    """Draws kept one by one, of all scenarios.

    Attributes
    ----------
    first: number of the first of them.
    columns: float64[columns, draws].
    outputs: name -> [scenarios, draws, cells], in the model's precision.
    """

    first: int
    columns: np.ndarray
    outputs: Mapping[str, np.ndarray] = field(default_factory=dict)

    @property
    def draws(self) -> int:
        """How many they are."""
        return int(self.columns.shape[1])


@dataclass(frozen=True, eq=False)
class Shard:
    """What has come of some leaves of a batch.

    Attributes
    ----------
    job: the batch, see :mod:`sim.shards.job`.
    leaves: ascending ranges (first, last left out).
    parts: one for each scenario, of each of the engine's families of outcomes in turn.
    pieces: kept draws, ascending.
    """

    job: str
    leaves: tuple[tuple[int, int], ...]
    parts: tuple[Part, ...]
    pieces: tuple[Piece, ...] = ()


def merge_pair(a: Shard, b: Shard) -> Shard:
    """What has come of both shards' leaves: exact, commutative and associative, whatever leaves the two have.

    Raises
    ------
    ValueError: if they are of different batches, naming the difference, or some draws are in both.
    """
    jobs.refuse_stranger(a.job, b.job, "one", "the other")
    twice = overlap(a.leaves, b.leaves)
    if twice:
        raise ValueError(f"shards overlap: draws {shown(twice, int(jobs.read(a.job)['draws']))} are in both")
    forests = [reduce.Forest(a.leaves, p.nodes).join(reduce.Forest(b.leaves, q.nodes)) for p, q in _both(a, b)]
    counts = [reduce.merge(p.counts, q.counts) for p, q in _both(a, b)]
    parts = tuple(Part(forest.nodes, count) for forest, count in zip(forests, counts, strict=True))
    pieces = sorted((*a.pieces, *b.pieces), key=lambda piece: piece.first)
    return Shard(a.job, forests[0].ranges, parts, tuple(pieces))


def merge(shards: Iterable[Shard]) -> Shard:
    """All shards as one, merged two by two so that each goes through few mergers.

    Raises
    ------
    ValueError: as :func:`merge_pair`, or if there is none.
    """
    # As a binary counter adds: only shards that hold as many of those given are merged, so the work grows as n log n.
    held: list[tuple[int, Shard]] = []
    for shard in shards:
        entry = (1, shard)
        while held and held[-1][0] == entry[0]:
            number, before = held.pop()
            entry = (number + entry[0], merge_pair(before, entry[1]))
        held.append(entry)
    if not held:
        raise ValueError("there is no shard to merge; give at least one")
    found = held.pop()[1]
    while held:
        found = merge_pair(held.pop()[1], found)
    return found


def overlap(a: Sequence[tuple[int, int]], b: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ranges that are in both."""
    found = ((max(p[0], q[0]), min(p[1], q[1])) for p in a for q in b)
    return [(first, last) for first, last in found if first < last]


def missing(leaves: Sequence[tuple[int, int]], most: int) -> list[tuple[int, int]]:
    """Ranges of 0 to ``most`` that are not in ``leaves``."""
    ends = [0, *(end for each in leaves for end in each), most]
    return [(first, last) for first, last in zip(ends[::2], ends[1::2], strict=True) if first < last]


def shown(ranges: Sequence[tuple[int, int]], draws: int) -> str:
    """Ranges of leaves as draws, for a message."""
    words = [f"{first * LEAF:,} to {min(last * LEAF, draws) - 1:,}" for first, last in ranges[:3]]
    return ", ".join(words) + (f" and {len(ranges) - 3} ranges more" if len(ranges) > 3 else "")


def _both(a: Shard, b: Shard) -> Iterable[tuple[Part, Part]]:
    return zip(a.parts, b.parts, strict=True)
