"""Counts of an output's values by bin, filled tile by tile: one sketch a thread and scenario."""

from __future__ import annotations

import numpy as np

from sim.reduce.bins import entry, merge_entries
from sim.reduce.counting import HALF_FULL, Room, count_tile, dense_entries
from sim.reduce.windows import Windows, from_pilot, lay_out, move, no_windows, widen

# More than this many columns at a time would fill a counter between two sweeps.
_PIECE = 1 << 13
_SPILL = 1 << 16


class Sketch:
    """Counters of every cell; cells of ``headline`` are counted for each replicate.

    Not to be shared by threads. What it holds depends on the values alone, never on the windows, on the size of the
    tiles or on their order; :func:`sim.reduce.counts.combine` makes one :class:`~sim.reduce.counts.Counts` of several.

    Parameters
    ----------
    cells: number of cells.
    headline: bool[cells]; none if left out.

    Attributes
    ----------
    draws: how many draws it has been given.

    Raises
    ------
    ValueError: if ``headline`` has another shape.
    """

    def __init__(self, cells: int, headline: np.ndarray | None = None) -> None:
        self.cells = cells
        self.headline = np.zeros(cells, np.bool_) if headline is None else np.asarray(headline, np.bool_)
        if self.headline.shape != (cells,):
            raise ValueError(f"headline must be bool[{cells}], one for each cell, not of shape {self.headline.shape}")
        self.draws = 0
        self._started = False
        self._room = Room(
            no_windows(cells),
            np.zeros(0, np.uint16),
            np.empty(_SPILL, np.int64),
            np.zeros(1, np.int64),
            np.ones(cells, np.bool_),
            np.empty(_PIECE, np.uint32),
        )
        self._since_sweep = 0
        # What has no counter, and what counters were relieved of: sorted entries without doubles, 64-bit counts.
        self._codes = np.empty(0, np.int64)
        self._counts = np.empty(0, np.int64)

    @property
    def on_edge(self) -> np.ndarray:
        """bool[cells], whether every value so far is its bin's smallest magnitude; a view."""
        return self._room.on_edge

    @property
    def most_entries(self) -> int:
        """At most how many entries all cells have."""
        return int(np.count_nonzero(self._room.counters)) + len(self._codes) + int(self._room.used[0])

    def add(self, values: np.ndarray, draws: int | None = None) -> None:
        """Count the first ``draws`` columns (all unless given) of ``values``, float64[cells, ≥ draws], C order.

        NaN and infinities are left out. ``draws`` is a multiple of 16; column i belongs to replicate i mod 16.
        """
        draws = values.shape[1] if draws is None else draws
        self.draws += draws
        bits = values.view(np.uint64)
        for first in range(0, draws, _PIECE):
            self._add(bits[:, first:] if first else bits, min(_PIECE, draws - first))

    def entries(self, first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
        """Sorted entries of cells ``first`` to ``last`` (left out), int64 codes of :mod:`~sim.reduce.bins`, counts."""
        self._fold(widening=False)
        cell_bits = entry(1, 0, 0) - entry(0, 0, 0)
        start, stop = np.searchsorted(self._codes, [first * cell_bits, last * cell_bits])
        sparse = self._codes[start:stop], self._counts[start:stop]
        if not self._started:
            return sparse
        return merge_entries(*dense_entries(self._room.windows, self._room.counters, first, last, 1), *sparse)

    def _add(self, bits: np.ndarray, draws: int) -> None:
        if not self._started:
            from_pilot(bits, draws, self._room.windows)
            self._lay_out()
            self._started = True
        self._since_sweep += draws
        if self._since_sweep >= HALF_FULL:
            self._sweep()
            self._since_sweep = draws
        cell = 0
        while (cell := count_tile(bits, draws, cell, self._room)) < self.cells:
            self._fold()

    def _lay_out(self) -> None:
        room = np.zeros(lay_out(self._room.windows, self.headline), np.uint16)
        self._room = self._room._replace(counters=room)

    def _fold(self, widening: bool = True) -> None:
        """Move what was spilled to the sparse entries, and widen windows where that pays."""
        used = self._room.used[0]
        if used == 0:
            return
        codes, counts = np.unique(self._room.spill[:used], return_counts=True)
        self._room.used[0] = 0
        self._codes, self._counts = merge_entries(self._codes, self._counts, codes, counts)
        if len(self._codes) > len(self._room.spill):
            # As long as all entries, so that folding costs each spilled value a fixed share.
            self._room = self._room._replace(spill=np.empty(len(self._codes), np.int64))
        old, counters = Windows(*(part.copy() for part in self._room.windows)), self._room.counters
        if widening and widen(self._room.windows, self._codes):
            self._lay_out()
            move(old, counters, self._room.windows, self._room.counters)

    def _sweep(self) -> None:
        """Relieve all counters that are half full."""
        codes, counts = dense_entries(self._room.windows, self._room.counters, 0, self.cells, HALF_FULL)
        if len(codes):
            self._codes, self._counts = merge_entries(self._codes, self._counts, codes, np.full_like(counts, HALF_FULL))
            self._room.counters[:] &= np.uint16(HALF_FULL - 1)
