"""One thread's side of one scenario: moments and sketch of what a tile brings."""

from __future__ import annotations

import numpy as np

from sim.reduce import moments
from sim.reduce.coding import Spills
from sim.reduce.lanes import LANES
from sim.reduce.node import Node, merged, only, stack
from sim.reduce.same import take_same
from sim.reduce.sketch import Sketch
from sim.reduce.take import Reduction, place_windows, take
from sim.reduce.values import Beside

_TYPES = np.dtype(np.float64), np.dtype(np.float32)
_NONE = np.empty(0, np.uint16)


class Accumulator:
    """Takes tiles of one scenario on one thread; a leaf ends where its owner says so.

    Parameters
    ----------
    cells: number of output cells.
    headline: bool[cells], cells counted for each replicate; none if left out.
    which: int64[n], the cells to take; all if left out. What comes of it is numbered from 0 to n.
    room: of :func:`~sim.reduce.sketch.waiting_room`, shared with other accumulators of the same thread: one of them may
        use it at a time, until it is told to :meth:`settle`. One of its own if left out.

    Attributes
    ----------
    sketch: the counts of all leaves so far, to be combined with other threads' at the end.
    """

    def __init__(
        self,
        cells: int,
        headline: np.ndarray | None = None,
        which: np.ndarray | None = None,
        room: np.ndarray | None = None,
    ) -> None:
        self.cells = cells
        self.which = np.arange(cells) if which is None else np.asarray(which, np.int64)
        self._order = np.argsort(self.which)
        self.sketch = Sketch(self._order, None if headline is None else headline[self.which], room)
        self._leaves = moments.open_leaves(0, np.dtype(np.float64))
        self._row = np.empty(0)
        self._to: Reduction | None = None
        self._parts: tuple[np.ndarray, ...] = ()
        self._draws = 0
        self._points = list[int]()
        replicated = self.sketch.headline
        self._headline = np.where(replicated, np.cumsum(replicated) - 1, -1)

    def add(self, values: np.ndarray) -> None:
        """Take a tile: ``values``, [cells, draws] or [pieces, cells, draws / pieces], float64 or float32 in C order.

        The draws of a later piece follow those of the one before; the type is the same in all tiles. Draw i belongs to
        replicate i mod 16; a tile starts at a multiple of 16 draws. NaN and infinities are counted and in no other figure.

        Raises
        ------
        ValueError: if ``values`` is of another shape, type or order, or its draws are no multiple of 16.
        """
        tile = values[None] if values.ndim == 2 else values
        good = values.dtype in _TYPES and values.flags.c_contiguous
        if not good or tile.ndim != 3 or tile.shape[1] != self.cells:
            expected = f"float64 or float32 [{self.cells}, draws] or [pieces, {self.cells}, draws] in C order"
            raise ValueError(f"expected {expected}, not {values.dtype}{list(values.shape)}")
        draws = tile.shape[0] * tile.shape[2]
        if draws % LANES or draws <= 0:
            raise ValueError(f"a tile holds a positive multiple of {LANES} draws, not {draws}")
        most = self.sketch.codes.shape[1]
        if draws <= most and tile.shape[2] in (LANES, draws):
            self._add(tile, draws, tile.dtype)
        else:
            rows = tile.transpose(1, 0, 2).reshape(self.cells, draws)
            for first in range(0, draws, most):
                part = np.ascontiguousarray(rows[:, first : first + most])
                self._add(part[None], part.shape[1], tile.dtype)

    def add_beside(self, values: Beside) -> None:
        """As :meth:`add`, of differences or ratios of as many cells."""
        most = self.sketch.codes.shape[1]
        for first in range(values.first, values.first + values.draws, most):
            part = values._replace(first=first, draws=min(most, values.first + values.draws - first))
            self._add(part, part.draws, np.dtype(np.float64))

    def settle(self) -> None:
        """Count all that waits in the room, so that another accumulator can use it."""
        self.sketch.settle()

    def end_leaf(self) -> None:
        """End the leaf: its moments are of what has come since the last one.

        Raises
        ------
        ValueError: if nothing has come since.
        """
        if self._draws == 0:
            raise ValueError("a leaf needs at least one tile; add one before ending it")
        self._points.append(self._draws // LANES)
        self._draws = 0

    def leaves_done(self) -> Node:
        """The moments of all leaves that have ended since the last call, 2^k of them, merged as :class:`Tree` does."""
        points, self._points = np.array(self._points, np.int64), []
        nodes = stack(len(points), len(self.which))
        moments.close(self._leaves, self._order, points, nodes)
        return only(nodes) if len(points) == 1 else merged(nodes)

    def leaf_done(self) -> Node:
        """End the leaf: the moments of what has come since the last one.

        Raises
        ------
        ValueError: if nothing has come since.
        """
        self.end_leaf()
        return self.leaves_done()

    def _add(self, values: np.ndarray | Beside, draws: int, dtype: np.dtype) -> None:
        sketch, rows = self.sketch, len(self._points) * len(self.which)
        if len(self._leaves.scale) == rows:
            self._leaves = self._room_for(2 * rows or len(self.which), dtype)
        if len(self._row) != draws:
            self._row = np.empty(draws, dtype)
        if sketch.draws == sketch.waiting == 0:
            place_windows(self._pilot(values, draws, dtype), self._reduction())
            sketch.lay_out()
        if sketch.at_once:
            sketch.get_ready(draws)
            self._take(values, 0, draws)
            sketch.counted(draws)
        else:
            if draws > sketch.room:
                sketch.settle()
            self._take(values, sketch.waiting * sketch.cells, draws)
            sketch.waiting += draws
            sketch.tiles.append(draws)
        self._draws += draws

    def _pilot(self, values: np.ndarray | Beside, draws: int, dtype: np.dtype) -> np.ndarray | Beside:
        """What windows are placed around."""
        if isinstance(values, Beside) and values.same:
            return np.full((1, len(self.which), draws), values.constant, dtype)
        return values

    def _room_for(self, rows: int, dtype: np.dtype) -> moments.Leaves:
        """Room for ``rows`` rows of sums, with those that there are."""
        room = moments.open_leaves(rows, dtype)
        for new, old in zip(room, self._leaves, strict=True):
            new[: len(old)] = old
        return room

    def _take(self, values: np.ndarray | Beside, at: int, draws: int) -> None:
        first, leaf, sketch = 0, len(self._points) * len(self.which), self.sketch
        way = take_same if isinstance(values, Beside) and values.same else take
        while (first := way(values, first, leaf, self._draws == 0, at, self._reduction())) < sketch.cells:
            sketch.outside.make_room(draws)
            sketch.outside_r.make_room(draws)

    def _reduction(self) -> Reduction:
        """What tiles are reduced into, made again only where a part of it is another by now: it takes 4 µs."""
        sketch, row, to, leaves = self.sketch, self._row, self._to, self._leaves
        spills = Spills(sketch.outside.spill, sketch.outside_r.spill)
        # Counters that nothing here needs are not held on to.
        counters = (sketch.counters, sketch.counters_r) if sketch.at_once else (_NONE, _NONE)
        parts = row, counters[0], *spills, leaves.scale
        if to is None or any(a is not b for a, b in zip(parts, self._parts, strict=True)):
            to = Reduction(
                leaves,
                self.which[self._order],
                self._order,
                self._headline,
                sketch.windows,
                sketch.codes.reshape(-1),
                counters[0],
                counters[1],
                sketch.on_edge,
                spills,
                row,
            )
            self._to, self._parts = to, parts
        return to
