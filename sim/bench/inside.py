"""The two halves of a reduction one at a time, which the engine only offers together.

The one place of ``sim.bench`` that calls what is inside a room: whoever changes the loops of :mod:`sim.reduce` changes
these few lines with them.
"""

from __future__ import annotations

import numpy as np

from sim.kernels import bare_kernel
from sim.reduce import Accumulator
from sim.reduce.counting import count_row
from sim.reduce.moments import add_row, open_leaf, start_row


class Moments:
    """Sums and extremes of rows, float64[rows, n], into a leaf."""

    def __init__(self, rows: np.ndarray) -> None:
        self.rows, self.leaf = rows, open_leaf(len(rows))
        for c, row in enumerate(rows):
            start_row(row, c, self.leaf)

    def __call__(self) -> None:
        """Take all rows once."""
        _add_rows(self.rows, self.leaf.scale, self.leaf.sums)


class Counts:
    """Values of rows, float64[rows, n], into counters whose windows they have placed."""

    def __init__(self, rows: np.ndarray) -> None:
        accumulator = Accumulator(len(rows))
        accumulator.add(rows)
        self.bits, self.room = rows.view(np.uint64), accumulator.sketch.pooled.room

    def __call__(self) -> None:
        """Take all rows once; counters may run over, which costs no time and is not looked at."""
        _count_rows(self.bits, self.room.windows, self.room.counters, self.room.places)


@bare_kernel
def _add_rows(rows: np.ndarray, scale: np.ndarray, sums: np.ndarray) -> None:
    for c in range(rows.shape[0]):
        add_row(rows[c], rows.shape[1], False, c, scale, sums)


@bare_kernel
def _count_rows(bits: np.ndarray, windows: np.ndarray, counters: np.ndarray, places: np.ndarray) -> None:
    for c in range(bits.shape[0]):
        count_row(bits[c], bits.shape[1], False, c, windows, counters, places)
