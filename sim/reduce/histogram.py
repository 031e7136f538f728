"""Counters of some cells with what has no counter: windows that grow, spilled values, and sweeps against overflow."""

from __future__ import annotations

import numpy as np

from sim.reduce.bins import COARSE, SHIFT, entry, merge_entries
from sim.reduce.counting import HALF_FULL, Room, dense_entries
from sim.reduce.lanes import LANES
from sim.reduce.windows import lay_out, move, no_windows, widen

PIECE = 1 << 13
"""At most so many draws of a cell are counted at a time; more would fill a counter between two sweeps."""

_SPILL = 1 << 16


class Histogram:
    """Counts of ``cells`` cells by bin, a row each; with ``replicates`` 16 rows each, in coarse bins.

    Attributes
    ----------
    room: what the kernels write to.
    rows: rows of counts for each cell, 1 or 16.
    """

    def __init__(self, cells: int, *, replicates: bool) -> None:
        self.cells, self.rows = cells, LANES if replicates else 1
        self.room = Room(
            no_windows(cells, int(SHIFT) + (COARSE if replicates else 0)),
            np.zeros(0, np.uint16),
            np.empty(_SPILL, np.int64),
            np.zeros(1, np.int64),
            np.empty(PIECE, np.uint32),
        )
        self._since_sweep = 0
        # What has no counter, and what counters were relieved of: sorted entries without doubles, 64-bit counts.
        self._codes = np.empty(0, np.int64)
        self._counts = np.empty(0, np.int64)
        self.lay_out()

    @property
    def most_entries(self) -> int:
        """At most how many entries all rows have."""
        return int(np.count_nonzero(self.room.counters)) + len(self._codes) + int(self.room.used[0])

    def expect(self, draws: int) -> None:
        """Make sure that no counter runs over in the next ``draws`` draws, at most :data:`PIECE`."""
        self._since_sweep += draws
        if self._since_sweep >= HALF_FULL:
            self._sweep()
            self._since_sweep = draws

    def entries(self, first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
        """Sorted entries of cells ``first`` to ``last`` (left out), int64 codes of :mod:`~sim.reduce.bins`, counts."""
        self.fold(widening=False)
        per_row = entry(1, 0) - entry(0, 0)
        start, stop = np.searchsorted(self._codes, [first * self.rows * per_row, last * self.rows * per_row])
        sparse = self._codes[start:stop], self._counts[start:stop]
        return merge_entries(*dense_entries(self.room.windows, self.room.counters, first, last, 1), *sparse)

    def fold(self, widening: bool = True) -> None:
        """Move what was spilled to the sparse entries, and widen windows where that pays."""
        used = self.room.used[0]
        if used == 0:
            return
        codes, counts = np.unique(self.room.spill[:used], return_counts=True)
        self.room.used[0] = 0
        self._codes, self._counts = merge_entries(self._codes, self._counts, codes, counts)
        if len(self._codes) > len(self.room.spill):
            # As long as all entries, so that folding costs each spilled value a fixed share.
            self.room = self.room._replace(spill=np.empty(len(self._codes), np.int64))
        old, counters = self.room.windows.copy(), self.room.counters
        if widening and widen(self.room.windows, self._codes):
            self.lay_out()
            move(old, counters, self.room.windows, self.room.counters)

    def lay_out(self) -> None:
        """Make empty counters for the windows as they are."""
        counters = np.zeros(lay_out(self.room.windows, self.rows > 1), np.uint16)
        self.room = self.room._replace(counters=counters)

    def _sweep(self) -> None:
        """Relieve all counters that are half full."""
        codes, counts = dense_entries(self.room.windows, self.room.counters, 0, self.cells, HALF_FULL)
        if len(codes):
            self._codes, self._counts = merge_entries(self._codes, self._counts, codes, np.full_like(counts, HALF_FULL))
            self.room.counters[:] &= np.uint16(HALF_FULL - 1)
