"""A tile's rows, one after the other, into sums and codes while they are in the cache."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.kernels import bare_kernel, inlined_kernel
from sim.lanes import lanes_at, numbers, put, some, where
from sim.reduce.bins import BITS
from sim.reduce.counting import Spills, aim, codes_of, count_at_once, spill
from sim.reduce.lanes import LANES
from sim.reduce.moments import PIVOT, Leaves, add, add_finite, put_back, running, start_row
from sim.reduce.prefetch import prefetch
from sim.reduce.windows import COLUMNS, OUTSIDE, from_pilot


class Reduction(NamedTuple):
    """All that a tile is reduced into.

    Attributes
    ----------
    leaves: running sums; of a leaf's rows, in the order in which cells are taken.
    which: int64[cells], rows of the tile that the cells are, ascending: the order in which they are taken.
    cells: int64[cells], the number of each; what follows goes by that.
    headline: int64[cells], number of the headline cell, -1 for others.
    windows, on_edge: of the :class:`~sim.reduce.sketch.Sketch`.
    codes: uint16[room], its room.
    counters, counters_r: its counters where cells are counted at once, empty where their codes wait.
    spills: of its two :class:`~sim.reduce.sparse.Sparse`.
    row, row_bits: [draws], scratch of the values' type, and the same memory as unsigned integers.
    """

    leaves: Leaves
    which: np.ndarray
    cells: np.ndarray
    headline: np.ndarray
    windows: np.ndarray
    codes: np.ndarray
    counters: np.ndarray
    counters_r: np.ndarray
    on_edge: np.ndarray
    spills: Spills
    row: np.ndarray
    row_bits: np.ndarray


@bare_kernel
def take(values: np.ndarray, first: int, leaf: int, fresh: bool, at: int, to: Reduction) -> int:
    """Reduce ``values``, [1, cells, draws] or [draws / 16, cells, 16], from the cell on that is taken ``first``.

    The tile's codes, [cells, draws] in the order in which cells are taken, go to the room from number ``at`` on, unless they
    are counted at once. ``leaf`` is its leaf's first row, which ``fresh`` opens. Stops before a cell whose values might
    not find room in a spill; returns which one is next, or the number of cells.
    """
    draws, spills = len(to.row), to.spills
    width, step = values.shape[2], step_of(values)
    at_once = len(to.counters) > 0
    pitch = 0 if at_once else draws
    for k in range(first, len(to.which)):
        if spills.spill[0] + draws >= len(spills.spill) or spills.spill_r[0] + draws >= len(spills.spill_r):
            return k
        if fresh:
            start_row(values[0, to.which[k]], leaf + k, to.leaves)
        place, c = at + k * pitch, to.cells[k]
        added, inside = _sum_and_code(values, k, leaf, step, place, to)
        if not added or to.on_edge[c]:
            copy_row(values, to.which[k], to.row)
            if not added:
                add_finite(to.row, draws, leaf + k, to.leaves)
            if to.on_edge[c]:
                to.on_edge[c] = _on_edge(to.row_bits)
        if not inside:
            spill(values, to.which[k] * width, step, to.codes, place, draws, (c, to.headline[c]), spills)
        if at_once:
            count_at_once(to.codes, place, draws, to.windows[c], to.counters, to.counters_r)
    return len(to.which)


@inlined_kernel
def _sum_and_code(values: np.ndarray, k: int, leaf: int, step: int, place: int, to: Reduction) -> tuple[bool, bool]:
    """Add a cell's values to its sums and write their codes, sixteen at a time and in registers throughout.

    Sixteen values each lie ``step`` apart. Returns whether they could be added and whether all have a counter. What the
    next cell needs is asked for meanwhile: its values lie in other lines of memory, each of which would be waited for.
    """
    width, following = values.shape[2], min(k + 1, len(to.which) - 1)
    first, ahead = np.uint64(to.which[k] * width), np.uint64(to.which[following] * width)
    _ask_for(following, leaf, to)
    pivot, target = to.leaves.scale[leaf + k, PIVOT], aim(to.windows[to.cells[k]], values)
    total, square, low, high = running(leaf + k, to.leaves)
    nearest = numbers() + LANES
    for p in range(np.uint64(len(to.row) // LANES)):
        x = lanes_at(values, first + p * np.uint64(step))
        prefetch(values, ahead + p * np.uint64(step))
        total, square, low, high = add(x, pivot, total, square, low, high)
        code = codes_of(x, target)
        # Codes outside are 16 to 31, those of zero below: less 16 they wrap around.
        beyond = code - OUTSIDE
        nearest = where(beyond < nearest, beyond, nearest)
        put(to.codes, np.uint64(place) + p * np.uint64(LANES), code)
    return put_back(leaf + k, to.leaves, total, square, low, high), not some(nearest < LANES)


@inlined_kernel
def _ask_for(k: int, leaf: int, to: Reduction) -> None:
    """Have a cell's sums, extremes and window brought to the cache."""
    for line in range(4):
        prefetch(to.leaves.sums, 2 * LANES * (leaf + k) + 8 * line)
    for line in range(2):
        prefetch(to.leaves.extremes, 2 * LANES * (leaf + k) + LANES * line)
    prefetch(to.windows, COLUMNS * to.cells[k])


@bare_kernel
def place_windows(values: np.ndarray, to: Reduction) -> None:
    """Place the counters' windows around ``values``, [pieces, cells, width]."""
    for k in range(len(to.which)):
        copy_row(values, to.which[k], to.row)
        from_pilot(to.row, len(to.row), to.cells[k], to.windows)


@inlined_kernel
def step_of(values: np.ndarray) -> int:
    """How far sixteen values of a cell lie from its next sixteen in [1, cells, draws] or [draws / 16, cells, 16]."""
    step: int = values.shape[1] * LANES if values.shape[2] == LANES else LANES
    return step


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
