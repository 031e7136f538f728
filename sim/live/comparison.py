"""A state beside the one it is compared with, run further and further: leaf by leaf on the crew, as ``sim.run`` does it.

The same streams, leaves and order of merging: what is told of n draws is, bit for bit, what ``sim.run`` finds for these two
scenarios with ``pairs=True`` and n draws. Only the headline cells are summed up, and of the base only what has not been
before; the kernel itself works out all cells. Up to :data:`~sim.live.stage.KEPT` draws, while a hand may be on a slider,
replicates are not counted apart, which halves what it takes to sum up: errors of quantiles are then those of the binomial
order statistics, which are wider. Errors of means come from the replicates at once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from sim import reduce
from sim.live.copying import subtract
from sim.live.crew import Turn
from sim.live.stage import BASE, DIFFERENCE, FIRST, KEPT, STATE, Base, Plan, Room, Stage
from sim.tiles import LEAF

Leaf = dict[str, reduce.Node]


@dataclass(frozen=True)
class Found:
    """What is known after so many draws.

    Attributes
    ----------
    state, base: of the headline cells.
    difference: of the cells of the output ``paired``.
    """

    draws: int
    state: reduce.Summary
    base: reduce.Summary
    difference: reduce.Summary
    paired: str


@dataclass
class Track:
    """One of the three on its way: the tree of its leaves, counts of earlier draws, and an accumulator for each thread."""

    name: str
    cells: int
    replicates: bool = True
    tree: reduce.Tree = field(default_factory=reduce.Tree)
    before: reduce.Counts | None = None
    accumulators: dict[int, reduce.Accumulator] = field(default_factory=dict)

    def accumulator(self, room: Room) -> reduce.Accumulator:
        """That of the thread whose room it is."""
        found = self.accumulators.get(id(room))
        if found is None:
            replicated = np.full(self.cells, self.replicates)
            found = reduce.Accumulator(self.cells, replicated, room=room.waiting[self.name])
            self.accumulators[id(room)] = found
        return found

    def summary(self) -> reduce.Summary:
        """What has come of it so far; it can go on."""
        sketches = [each.sketch for each in self.accumulators.values()]
        return reduce.summarise(self.tree, sketches, self.before)


class Comparison:
    """The run of a state beside another.

    Parameters
    ----------
    stage, turn: what is run, and whose turn on the crew it takes.
    sides: the state, and what it is compared with.
    paired: the headline output whose differences are summed up.
    stop: once set, everything under way ends within a tile.

    Attributes
    ----------
    draws: draws run so far.
    """

    def __init__(
        self, stage: Stage, turn: Turn[Room], sides: tuple[Plan, Base], paired: str, stop: threading.Event
    ) -> None:
        self._stage, self._turn, self._stop = stage, turn, stop
        self._plan, self._base = sides
        self._paired = paired
        self._afresh(False)

    def _afresh(self, replicates: bool) -> None:
        self.draws, self._replicates = 0, replicates
        cells, known, some = len(self._stage.cells), self._base.summaries[KEPT], self._stage.outputs[self._paired]
        self._tracks = [Track(STATE, cells, replicates), Track(DIFFERENCE, some.stop - some.start, replicates)]
        self._base_track = Track(BASE, cells, True, known.tree(), known.counts)

    def begin(self, draws: int, urgency: int) -> list[Future[Leaf]]:
        """Set the crew to work up to ``draws``, a multiple of 16, above :data:`LEAF` of it; to be handed to :meth:`end`.

        Fewer draws than a leaf cannot go on, and are run again, as is what was run without counting replicates.
        """
        replicates = draws > KEPT
        if self.draws % LEAF or replicates != self._replicates:
            self._afresh(replicates)
        starts = range(self.draws, draws, LEAF)
        return [self._turn.submit(urgency, partial(self._leaf, first, min(first + LEAF, draws))) for first in starts]

    def end(self, draws: int, leaves: Sequence[Leaf]) -> Found:
        """Merge the leaves, in the order of their draws, and sum up."""
        for k, nodes in enumerate(leaves, self.draws // LEAF):
            for track in (*self._tracks, self._base_track):
                if track.name in nodes:
                    track.tree.add(k, nodes[track.name])
        self.draws = draws
        state, difference = (track.summary() for track in self._tracks)
        base = self._base.summaries.get(draws) or self._base_track.summary()
        return Found(draws, state, base, difference, self._paired)

    def _leaf(self, first: int, last: int, room: Room) -> Leaf:
        state, difference = taken = [track.accumulator(room) for track in self._tracks]
        nodes: Leaf = {}
        if last <= KEPT:
            beside, offset = self._base.outcomes, 0
        else:
            offset = first
            beside, nodes[BASE] = _summed(self._base.plan, self._base_track, (first, last), room, self._stop.is_set)

        some = self._stage.outputs[self._paired]

        def take(at: int, rows: np.ndarray) -> None:
            state.add(rows)
            differences = np.empty((some.stop - some.start, rows.shape[1]))
            subtract(rows, some.start, beside, at - offset, differences)
            difference.add(differences)

        room.outcomes(self._plan, first, last, take, self._stop.is_set)
        for track, accumulator in zip(self._tracks, taken, strict=True):
            accumulator.settle()
            nodes[track.name] = accumulator.leaf_done()
        return nodes


def _summed(
    plan: Plan, track: Track, draws: tuple[int, int], room: Room, stopped: Callable[[], bool] = bool
) -> tuple[np.ndarray, reduce.Node]:
    """Headline outcomes of some draws, float32[cells, draws], which the track has taken too.

    Raises
    ------
    Stopped: as soon as ``stopped`` says so.
    """
    first, last = draws
    accumulator = track.accumulator(room)
    found = np.empty((track.cells, last - first), room.dtype)

    def take(at: int, rows: np.ndarray) -> None:
        found[:, at - first : at - first + rows.shape[1]] = rows
        accumulator.add(rows)

    room.outcomes(plan, first, last, take, stopped)
    accumulator.settle()
    return found, accumulator.leaf_done()


def base_of(plan: Plan, room: Room) -> Base:
    """A state to compare with, in one thread: 0.2 s, once for each such state."""
    cells = len(next(iter(room.waiting.values())))
    summaries: dict[int, reduce.Summary] = {}
    parts: list[np.ndarray] = []
    for draws in (FIRST, KEPT):
        track, parts = Track(BASE, cells), []
        for k, first in enumerate(range(0, draws, LEAF)):
            part, node = _summed(plan, track, (first, min(first + LEAF, draws)), room)
            parts.append(part)
            track.tree.add(k, node)
        summaries[draws] = track.summary()
    return Base(plan, np.concatenate(parts, axis=1), summaries)
