"""The two halves of a reduction one at a time, which the engine only offers together.

The one place of ``sim.bench`` that calls what is inside a room: whoever changes the loops of :mod:`sim.reduce` changes
these few lines with them.
"""

from __future__ import annotations

import numpy as np

from sim.kernels import bare_kernel
from sim.reduce import Accumulator
from sim.reduce.counting import count, encode, fetch
from sim.reduce.moments import add_row, open_leaf, start_row

TILE = 432  # draws of the market model at a time, see sim.tiles.tile_size
STRETCH = TILE  # values of a cell whose counters the engine finds at a time


class Moments:
    """Sums and extremes of rows, float32[rows, n], into a leaf."""

    def __init__(self, rows: np.ndarray) -> None:
        self.rows, self.leaf = rows, open_leaf(len(rows), rows.dtype)
        for c, row in enumerate(rows):
            start_row(row, c, self.leaf)

    def __call__(self) -> None:
        """Take all rows once."""
        _add_rows(self.rows, self.leaf.scale, self.leaf.sums, self.leaf.extremes)


class Counts:
    """Values of rows, float32[rows, n], into counters whose windows they have placed; n a multiple of a tile."""

    def __init__(self, rows: np.ndarray) -> None:
        accumulator = Accumulator(len(rows))
        accumulator.add(rows)
        accumulator.settle()
        self.bits, self.sketch = rows.view(np.uint32), accumulator.sketch

    def __call__(self) -> None:
        """Take all rows once; counters may run over, which costs no time and is not looked at."""
        sketch = self.sketch
        _count_rows(self.bits, sketch.windows, sketch.codes, sketch.counters)


@bare_kernel
def _add_rows(rows: np.ndarray, scale: np.ndarray, sums: np.ndarray, extremes: np.ndarray) -> None:
    for c in range(rows.shape[0]):
        add_row(rows[c], rows.shape[1], c, scale, sums, extremes)


@bare_kernel
def _count_rows(bits: np.ndarray, windows: np.ndarray, codes: np.ndarray, counters: np.ndarray) -> None:
    cells, n = bits.shape
    for at in range(0, n, STRETCH):
        for c in range(cells):
            encode(bits[c, at : at + STRETCH], STRETCH, windows[c], codes[c], at)
    for c in range(cells):
        if c + 1 < cells:
            fetch(counters, windows[c + 1], codes[c + 1], n)
        count(codes[c], n, windows[c], counters)
