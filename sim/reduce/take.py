"""A tile's rows, one after the other, into sums and codes while they are in the cache."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.kernels import bare_kernel
from sim.reduce.bins import BITS
from sim.reduce.counting import encode, spill_row
from sim.reduce.moments import Leaf, add_finite, add_row, start_row
from sim.reduce.windows import from_pilot


class Reduction(NamedTuple):
    """All that a tile is reduced into.

    Attributes
    ----------
    leaf: running sums.
    which: int64[cells], rows of the tile that the cells are.
    headline: int64[cells], number of the headline cell, -1 for others.
    windows, codes, on_edge: of the :class:`~sim.reduce.sketch.Sketch`.
    spill, spill_r: of its two :class:`~sim.reduce.sparse.Sparse`.
    """

    leaf: Leaf
    which: np.ndarray
    headline: np.ndarray
    windows: np.ndarray
    codes: np.ndarray
    on_edge: np.ndarray
    spill: np.ndarray
    spill_r: np.ndarray


@bare_kernel
def take(values: np.ndarray, bits: np.ndarray, cell: int, fresh: bool, at: int, to: Reduction) -> int:
    """Reduce ``values``, [cells, T], from ``cell`` on; codes go to ``at`` and what follows.

    ``bits`` are the same memory as unsigned integers; ``fresh`` opens a leaf. Stops before a cell whose values might not
    find room in a spill; returns that cell, or the number of cells.
    """
    leaf, which, headline, windows, codes, on_edge, spill, spill_r = to
    draws = values.shape[1]
    for c in range(cell, len(which)):
        if spill[0] + draws >= len(spill) or spill_r[0] + draws >= len(spill_r):
            return c
        row, row_bits = values[which[c]], bits[which[c]]
        if fresh:
            start_row(row, c, leaf)
        if not add_row(row, draws, c, leaf.scale, leaf.sums, leaf.extremes):
            add_finite(row, draws, c, leaf)
        if on_edge[c]:
            on_edge[c] = _on_edge(row_bits)
        if encode(row_bits, draws, windows[c], codes[c], at):
            spill_row(row, codes[c], at, draws, c, headline[c], spill, spill_r)
    return len(which)


@bare_kernel
def place_windows(values: np.ndarray, to: Reduction) -> None:
    """Place the counters' windows around ``values``, [cells, T]."""
    for c in range(len(to.which)):
        from_pilot(values[to.which[c]], values.shape[1], c, to.windows)


@bare_kernel
def _on_edge(bits: np.ndarray) -> bool:
    """Whether every value is its bin's smallest magnitude."""
    mantissa = 23 if bits.itemsize == 4 else 52
    least = bits.dtype.type((1 << (mantissa - BITS)) - 1)
    below = bits.dtype.type(0)
    for i in range(np.uint64(len(bits))):
        below |= bits[i] & least
    return below == 0
