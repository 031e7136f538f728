"""Counts of an output's values by bin, filled tile by tile: one sketch a thread and scenario."""

from __future__ import annotations

import numpy as np

from sim.kernels import kernel
from sim.reduce.bins import BELOW_EDGE, MAGNITUDE, NONFINITE, ONE, SHIFT, entry, key_of, merge_entries
from sim.reduce.lanes import LANES
from sim.reduce.windows import (
    NEGATIVE,
    POSITIVE,
    ZERO,
    Windows,
    from_pilot,
    lay_out,
    move,
    no_windows,
    widen,
)

_SPILL = 1 << 16
_COUNTER_LIMIT = 2**32 - 1
_SIGN = np.uint64(63)


class Sketch:
    """Counters of every cell; cells of ``headline`` are counted for each replicate.

    Not to be shared by threads. What it holds depends on the values alone, never on the windows, on the size of the
    tiles or on their order; :func:`sim.reduce.counts.combine` makes one :class:`~sim.reduce.counts.Counts` of several.

    Parameters
    ----------
    cells: number of cells.
    headline: bool[cells]; none if left out.
    counter_limit: draws that a counter can hold before all are flushed to 64 bits.
    """

    def __init__(self, cells: int, headline: np.ndarray | None = None, *, counter_limit: int = _COUNTER_LIMIT) -> None:
        self.cells = cells
        self.headline = np.zeros(cells, np.bool_) if headline is None else np.asarray(headline, np.bool_)
        if self.headline.shape != (cells,):
            raise ValueError(f"headline must be bool[{cells}], one for each cell, not of shape {self.headline.shape}")
        self.on_edge = np.ones(cells, np.bool_)
        self.draws = 0
        self._limit = counter_limit
        self._room_left = counter_limit
        self._windows: Windows | None = None
        self._counters = np.zeros(0, np.uint32)
        self._spill = np.empty(0, np.int64)
        self._spilled = 0
        self._codes = np.empty(0, np.int64)
        self._counts = np.empty(0, np.int64)

    def add(self, values: np.ndarray, draws: int | None = None) -> None:
        """Count the first ``draws`` columns (all unless given) of ``values``, float64[cells, ≥ draws], C order.

        NaN and infinities are left out. ``draws`` is a multiple of 16; column i belongs to replicate i mod 16.
        """
        draws = values.shape[1] if draws is None else draws
        bits = values.view(np.uint64)
        if self._windows is None:
            self._windows = no_windows(self.cells)
            from_pilot(bits, draws, self._windows)
            self._counters = np.zeros(lay_out(self._windows, self.headline), np.uint32)
        if draws > self._room_left:
            self._flush()
        if draws > len(self._spill):
            self._fold()
            self._spill = np.empty(max(_SPILL, 2 * draws), np.int64)
        cell = 0
        while True:
            cell, self._spilled = _count(
                bits, draws, cell, self._windows, self._counters, self._spill, self._spilled, self.on_edge
            )
            if cell == self.cells:
                break
            self._fold()
        self._room_left -= draws
        self.draws += draws

    def entries(self, first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
        """Sorted entries of cells ``first`` to ``last`` (left out), int64 codes of :mod:`~sim.reduce.bins`, counts."""
        self._fold(widening=False)
        start, stop = np.searchsorted(self._codes, [entry(first, 0, 0) & ~0x1FFFFFF, entry(last, 0, 0) & ~0x1FFFFFF])
        sparse = self._codes[start:stop], self._counts[start:stop]
        if self._windows is None:
            return sparse
        return merge_entries(*_dense_entries(self._windows, self._counters, first, last), *sparse)

    def _fold(self, widening: bool = True) -> None:
        """Move what was spilled to the sparse entries, and widen windows where that pays."""
        if self._spilled == 0:
            return
        codes, counts = np.unique(self._spill[: self._spilled], return_counts=True)
        self._spilled = 0
        self._codes, self._counts = merge_entries(self._codes, self._counts, codes, counts)
        assert self._windows is not None
        if widening:
            old = Windows(*(part.copy() for part in self._windows))
            if widen(self._windows, self._codes):
                room = np.zeros(lay_out(self._windows, self.headline), np.uint32)
                move(old, self._counters, self._windows, room)
                self._counters = room

    def _flush(self) -> None:
        """Move all counters to the sparse entries, which are 64-bit, before any can overflow."""
        self._codes, self._counts = self.entries(0, self.cells)
        self._counters[:] = 0
        self._room_left = self._limit


@kernel
def _count(
    bits: np.ndarray,
    draws: int,
    cell: int,
    windows: Windows,
    counters: np.ndarray,
    spill: np.ndarray,
    spilled: int,
    on_edge: np.ndarray,
) -> tuple[int, int]:
    """Count from ``cell`` on until the spill might overflow; the next cell to count, and the new ``spilled``."""
    for c in range(cell, bits.shape[0]):
        if spilled + draws > len(spill):
            return c, spilled
        row = bits[c, :draws]
        if on_edge[c]:
            below = np.uint64(0)
            for b in row:
                below |= b & BELOW_EDGE
            on_edge[c] = below == 0
        if windows.mixed[c] or windows.step[c]:
            spilled = _count_mixed(row, c, windows, counters, spill, spilled)
        else:
            spilled = _count_positive(row, c, windows, counters, spill, spilled)
    return bits.shape[0], spilled


@kernel
def _count_positive(
    row: np.ndarray, c: int, windows: Windows, counters: np.ndarray, spill: np.ndarray, spilled: int
) -> int:
    """Count in a straight loop, for pooled cells that are positive so far."""
    base, width = windows.base[c, POSITIVE], windows.width[c, POSITIVE]
    window = counters[windows.start[c, POSITIVE] :]
    for b in row:
        k = (b >> SHIFT) - base
        if k < width:
            window[k] += np.uint32(1)
        else:
            if b >> _SIGN or b << ONE == 0:
                windows.mixed[c] = True
            spilled = _put_by(b, c, 0, spill, spilled)
    return spilled


@kernel
def _count_mixed(
    row: np.ndarray, c: int, windows: Windows, counters: np.ndarray, spill: np.ndarray, spilled: int
) -> int:
    """Any signs, zeros, replicates: a choice of window without a branch."""
    base, width, start, step = windows.base[c], windows.width[c], windows.start[c], windows.step[c]
    lanes = np.uint64(LANES - 1) if step else np.uint64(0)
    for i in range(len(row)):
        b = row[i]
        sign = np.uint64(ZERO) if b << ONE == 0 else b >> _SIGN
        k = ((b >> SHIFT) & MAGNITUDE) - base[sign]
        lane = np.uint64(i) & lanes
        if k < width[sign]:
            counters[start[sign] + step * lane + k] += np.uint32(1)
        else:
            spilled = _put_by(b, c, lane, spill, spilled)
    return spilled


@kernel
def _put_by(b: np.uint64, c: int, replicate: int, spill: np.ndarray, spilled: int) -> int:
    """Write a value that has no counter down as an entry, unless it is not finite."""
    if (b >> SHIFT) & MAGNITUDE < NONFINITE:
        spill[spilled] = entry(c, key_of(b), np.int64(replicate))
        return spilled + 1
    return spilled


@kernel
def _dense_entries(windows: Windows, counters: np.ndarray, first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
    """Entries of all non-zero counters of cells ``first`` to ``last`` (left out), sorted."""
    start = windows.start[first, NEGATIVE]
    stop = np.uint64(len(counters)) if last == len(windows.step) else windows.start[last, NEGATIVE]
    n = 0
    for count in counters[start:stop]:
        n += count > 0
    codes, counts = np.empty(n, np.int64), np.empty(n, np.int64)
    n = 0
    for c in range(first, last):
        for sign in (NEGATIVE, ZERO, POSITIVE):
            width, base = np.int64(windows.width[c, sign]), np.int64(windows.base[c, sign])
            for at in range(width):
                k = width - 1 - at if sign == NEGATIVE else at
                key = -(base + k) if sign == NEGATIVE else base + k
                for r in range(LANES if windows.step[c] else 1):
                    count = counters[np.int64(windows.start[c, sign]) + np.int64(windows.step[c]) * r + k]
                    if count:
                        codes[n], counts[n] = entry(c, key, r), count
                        n += 1
    return codes, counts
