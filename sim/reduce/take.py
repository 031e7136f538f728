"""A tile's rows, one after the other, into sums and codes while they are in the cache."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.kernels import bare_kernel, inlined_kernel
from sim.reduce.bins import BITS
from sim.reduce.counting import encode, spill_row
from sim.reduce.lanes import LANES
from sim.reduce.moments import Leaf, add_finite, add_row, start_row
from sim.reduce.prefetch import prefetch
from sim.reduce.windows import from_pilot

# Codes in a line of the cache.
_LINE = 32


class Reduction(NamedTuple):
    """All that a tile is reduced into.

    Attributes
    ----------
    leaf: running sums.
    which: int64[cells], rows of the tile that the cells are.
    headline: int64[cells], number of the headline cell, -1 for others.
    windows, codes, on_edge: of the :class:`~sim.reduce.sketch.Sketch`.
    spill, spill_r: of its two :class:`~sim.reduce.sparse.Sparse`.
    row, row_bits: [draws], scratch of the values' type, and the same memory as unsigned integers.
    """

    leaf: Leaf
    which: np.ndarray
    headline: np.ndarray
    windows: np.ndarray
    codes: np.ndarray
    on_edge: np.ndarray
    spill: np.ndarray
    spill_r: np.ndarray
    row: np.ndarray
    row_bits: np.ndarray


@bare_kernel
def take(values: np.ndarray, cell: int, fresh: bool, at: int, to: Reduction) -> int:
    """Reduce ``values``, [pieces, cells, width], from ``cell`` on; codes go to ``at`` and what follows.

    ``fresh`` opens a leaf. Stops before a cell whose values might not find room in a spill; returns that cell, or the
    number of cells.
    """
    leaf, which, headline, windows, codes, on_edge, spill, spill_r, row, bits = to
    draws = len(row)
    for c in range(cell, len(which)):
        if spill[0] + draws >= len(spill) or spill_r[0] + draws >= len(spill_r):
            return c
        copy_row(values, which[c], row)
        if c + 1 < len(which):
            fetch(codes, c + 1, at, draws)
        if fresh:
            start_row(row, c, leaf)
        if not add_row(row, draws, c, leaf.scale, leaf.sums, leaf.extremes):
            add_finite(row, draws, c, leaf)
        if on_edge[c]:
            on_edge[c] = _on_edge(bits)
        if encode(bits, draws, windows[c], codes[c], at):
            spill_row(row, codes[c], at, draws, c, headline[c], spill, spill_r)
    return len(which)


@inlined_kernel
def fetch(codes: np.ndarray, c: int, at: int, draws: int) -> None:
    """Have the place of a cell's next codes brought to the cache while another's are found: 2.1 -> 1.75 us a draw."""
    for i in range(at, at + draws, _LINE):
        prefetch(codes, c * codes.shape[1] + i)


@bare_kernel
def place_windows(values: np.ndarray, to: Reduction) -> None:
    """Place the counters' windows around ``values``, [pieces, cells, width]."""
    for c in range(len(to.which)):
        copy_row(values, to.which[c], to.row)
        from_pilot(to.row, len(to.row), c, to.windows)


@inlined_kernel
def copy_row(values: np.ndarray, c: int, row: np.ndarray) -> None:
    """Bring the pieces of a cell's row together."""
    width = np.uint64(values.shape[2])
    if width == LANES:  # of a length known to the compiler
        for p in range(np.uint64(values.shape[0])):
            for lane in range(np.uint64(LANES)):
                row[p * np.uint64(LANES) + lane] = values[p, np.uint64(c), lane]
    else:
        for p in range(np.uint64(values.shape[0])):
            for i in range(width):
                row[p * width + i] = values[p, np.uint64(c), i]


@bare_kernel
def _on_edge(bits: np.ndarray) -> bool:
    """Whether every value is its bin's smallest magnitude."""
    mantissa = 23 if bits.itemsize == 4 else 52
    least = bits.dtype.type((1 << (mantissa - BITS)) - 1)
    below = bits.dtype.type(0)
    for i in range(np.uint64(len(bits))):
        below |= bits[i] & least
    return below == 0
