"""A tile's rows, one after the other, into sums and codes while they are in the cache."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.kernels import bare_kernel, inlined_kernel
from sim.lanes import numbers, put, some, unsigned, where
from sim.reduce.coding import Spills, aim, below_edge, codes_of, spill
from sim.reduce.counting import count_at_once
from sim.reduce.lanes import LANES
from sim.reduce.moments import PIVOT, Leaves, add, add_finite, put_back, running, start_row
from sim.reduce.prefetch import prefetch
from sim.reduce.values import ask_for, copy_row, lanes_of
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
    row: [draws], scratch of the values' type.
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


@bare_kernel
def take(values: np.ndarray, first: int, leaf: int, fresh: bool, at: int, to: Reduction) -> int:
    """Reduce ``values``, of :mod:`sim.reduce.values`, from the cell on that is taken ``first``.

    The tile's codes, [cells, draws] in the order in which cells are taken, go to the room from number ``at`` on, unless they
    are counted at once. ``leaf`` is its leaf's first row, which ``fresh`` opens. Stops before a cell whose values might
    not find room in a spill; returns which one is next, or the number of cells.
    """
    draws, spills = len(to.row), to.spills
    at_once = len(to.counters) > 0
    pitch = 0 if at_once else draws
    for k in range(first, len(to.which)):
        if spills.spill[0] + draws >= len(spills.spill) or spills.spill_r[0] + draws >= len(spills.spill_r):
            return k
        if fresh:
            put(to.row, np.uint64(0), lanes_of(values, to.which[k], 0))
            start_row(to.row, leaf + k, to.leaves)
        place, c = at + k * pitch, to.cells[k]
        added, inside = _sum_and_code(values, k, leaf, place, to)
        if not added:
            copy_row(values, to.which[k], to.row)
            add_finite(to.row, draws, leaf + k, to.leaves)
        if to.on_edge[c]:
            to.on_edge[c] = _on_edge(values, to.which[k], draws)
        if not inside:
            spill(values, to.which[k], to.codes, place, draws, (c, to.headline[c]), spills, to.row)
        if at_once:
            count_at_once(to.codes, place, draws, to.windows[c], to.counters, to.counters_r)
    return len(to.which)


@inlined_kernel
def _sum_and_code(values: np.ndarray, k: int, leaf: int, place: int, to: Reduction) -> tuple[bool, bool]:
    """Add a cell's values to its sums and write their codes, sixteen at a time and in registers throughout.

    Returns whether they could be added and whether all have a counter. What the next cell needs is asked for meanwhile:
    its values lie in other lines of memory, each of which would be waited for.
    """
    row, following = to.which[k], min(k + 1, len(to.which) - 1)
    _ask_for(following, leaf, to)
    pivot, target = to.leaves.scale[leaf + k, PIVOT], aim(to.windows[to.cells[k]], values)
    total, square, low, high = running(leaf + k, to.leaves)
    nearest = numbers() + LANES
    for p in range(np.uint64(len(to.row) // LANES)):
        x = lanes_of(values, row, p)
        ask_for(values, to.which[following], p)
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
    """Place the counters' windows around ``values``, of :mod:`sim.reduce.values`."""
    for k in range(len(to.which)):
        copy_row(values, to.which[k], to.row)
        from_pilot(to.row, len(to.row), to.cells[k], to.windows)


@bare_kernel
def _on_edge(values: np.ndarray, c: int, draws: int) -> bool:
    """Whether each of a cell's values is its bin's smallest magnitude."""
    least = below_edge(values)
    below = unsigned(lanes_of(values, c, 0)) & least
    for p in range(np.uint64(1), np.uint64(draws // LANES)):
        below = below | unsigned(lanes_of(values, c, p)) & least
    return not some(below != 0)
