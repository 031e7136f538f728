"""One thread's side of one scenario: moments and sketch of what a tile brings."""

from __future__ import annotations

import numpy as np

from sim.reduce import moments
from sim.reduce.counting import Spills
from sim.reduce.lanes import LANES
from sim.reduce.node import Node
from sim.reduce.sketch import Sketch
from sim.reduce.take import Reduction, place_windows, take

_BITS = {np.dtype(np.float64): np.uint64, np.dtype(np.float32): np.uint32}


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
        self._leaf: moments.Leaf | None = None
        self._row = np.empty(0)
        self._draws = 0
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
        good = values.dtype in _BITS and values.flags.c_contiguous
        if not good or tile.ndim != 3 or tile.shape[1] != self.cells:
            expected = f"float64 or float32 [{self.cells}, draws] or [pieces, {self.cells}, draws] in C order"
            raise ValueError(f"expected {expected}, not {values.dtype}{list(values.shape)}")
        draws = tile.shape[0] * tile.shape[2]
        if draws % LANES or draws <= 0:
            raise ValueError(f"a tile holds a positive multiple of {LANES} draws, not {draws}")
        most = self.sketch.codes.shape[1]
        if draws <= most and tile.shape[2] in (LANES, draws):
            self._add(tile, draws)
        else:
            rows = tile.transpose(1, 0, 2).reshape(self.cells, draws)
            for first in range(0, draws, most):
                part = np.ascontiguousarray(rows[:, first : first + most])
                self._add(part[None], part.shape[1])

    def settle(self) -> None:
        """Count all that waits in the room, so that another accumulator can use it."""
        self.sketch.settle()

    def leaf_done(self) -> Node:
        """End the leaf: the moments of what has come since the last one.

        Raises
        ------
        ValueError: if nothing has come since.
        """
        if self._draws == 0 or self._leaf is None:
            raise ValueError("a leaf needs at least one tile; add one before ending it")
        node = moments.close(self._leaf, self._order, self._draws)
        self._draws = 0
        return node

    def _add(self, tile: np.ndarray, draws: int) -> None:
        sketch = self.sketch
        if self._leaf is None:
            self._leaf = moments.open_leaf(len(self.which), tile.dtype)
        if len(self._row) != draws:
            self._row = np.empty(draws, tile.dtype)
        if draws > sketch.room:
            sketch.settle()
        if sketch.draws == sketch.waiting == 0:
            place_windows(tile, self._reduction(self._leaf))
            sketch.lay_out()
        first, fresh = 0, self._draws == 0
        at = sketch.waiting * sketch.cells
        while (first := take(tile, first, fresh, at, self._reduction(self._leaf))) < sketch.cells:
            sketch.outside.make_room(draws)
            sketch.outside_r.make_room(draws)
        sketch.waiting += draws
        sketch.tiles.append(draws)
        self._draws += draws

    def _reduction(self, leaf: moments.Leaf) -> Reduction:
        sketch, bits = self.sketch, self._row.view(_BITS[self._row.dtype])
        spills = Spills(sketch.outside.spill, sketch.outside_r.spill)
        found = sketch.windows, sketch.codes.reshape(-1), sketch.on_edge, spills, self._row, bits
        return Reduction(leaf, self.which[self._order], self._order, self._headline, *found)
