"""The two halves of a reduction one at a time, which the engine only offers together.

The one place of ``sim.bench`` that calls what is inside a room: whoever changes the loops of :mod:`sim.reduce` changes
these few lines with them.
"""

from __future__ import annotations

import numpy as np

from sim.kernels import bare_kernel
from sim.lanes import lanes_at, put
from sim.reduce import Accumulator
from sim.reduce.coding import aim, codes_of
from sim.reduce.counting import count_pooled, fetch
from sim.reduce.lanes import LANES
from sim.reduce.moments import PIVOT, Leaves, add, open_leaves, put_back, running, start_row

TILE = 432  # draws of the market model at a time, see sim.tiles.tile_size
STRETCH = TILE  # values of a cell whose counters the engine finds at a time


class Moments:
    """Sums and extremes of rows, float32[rows, n], into a leaf."""

    def __init__(self, rows: np.ndarray) -> None:
        self.rows, self.leaf = rows, open_leaves(len(rows), rows.dtype)
        for c, row in enumerate(rows):
            start_row(row, c, self.leaf)

    def __call__(self) -> None:
        """Take all rows once."""
        _add_rows(self.rows, self.leaf)


class Counts:
    """Values of rows, float32[rows, n], into counters whose windows they have placed; n a multiple of a tile."""

    def __init__(self, rows: np.ndarray) -> None:
        accumulator = Accumulator(len(rows))
        accumulator.add(rows)
        accumulator.settle()
        self.rows, self.sketch, self.codes = rows, accumulator.sketch, np.empty(rows.size, np.uint16)

    def __call__(self) -> None:
        """Take all rows once; counters may run over, which costs no time and is not looked at."""
        sketch = self.sketch
        _count_rows(self.rows, sketch.windows, self.codes, sketch.counters)


@bare_kernel
def _add_rows(rows: np.ndarray, leaf: Leaves) -> None:
    points = np.uint64(rows.shape[1] // LANES)
    for c in range(rows.shape[0]):
        pivot, first = leaf.scale[c, PIVOT], np.uint64(c * rows.shape[1])
        total, square, low, high = running(c, leaf)
        for p in range(points):
            x = lanes_at(rows, first + p * np.uint64(LANES))
            total, square, low, high = add(x, pivot, total, square, low, high)
        put_back(c, leaf, total, square, low, high)


@bare_kernel
def _count_rows(rows: np.ndarray, windows: np.ndarray, codes: np.ndarray, counters: np.ndarray) -> None:
    cells, n = rows.shape
    for at in range(0, n, STRETCH):
        for c in range(cells):
            target, first, place = aim(windows[c], rows), np.uint64(c * n + at), np.uint64((at * cells) + c * STRETCH)
            for p in range(np.uint64(STRETCH // LANES)):
                put(codes, place + p * np.uint64(LANES), codes_of(lanes_at(rows, first + p * np.uint64(LANES)), target))
    for c in range(cells):
        for at in range(0, n, STRETCH):
            if c + 1 < cells:
                fetch(counters, windows[c + 1], codes, at * cells + (c + 1) * STRETCH, STRETCH)
            count_pooled(codes, at * cells + c * STRETCH, STRETCH, windows[c], counters)
