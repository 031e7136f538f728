"""A tile's rows, one after the other, through moments and counts while they are in the cache.

A row is copied to a scratch of doubles first: what follows need not know whether a model writes single or double
precision, nor in how many pieces its tile lies.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.kernels import bare_kernel
from sim.reduce.bins import BELOW_EDGE
from sim.reduce.counting import Room, count_row, fetch, spill_row
from sim.reduce.moments import Leaf, add_finite, add_row, start_row
from sim.reduce.windows import from_pilot

STRETCH = 1024
"""So many values of a row are worked on at a time: scratch, places and counters then share the first cache."""


class Reduction(NamedTuple):
    """All that a tile is reduced into.

    Attributes
    ----------
    leaf: running sums.
    pooled: counters of all cells; replicates: of the headline cells, each replicate for itself.
    which: int64[cells], rows of the tile that the cells are.
    headline: int64[cells], number of the headline cell, -1 for others.
    on_edge: bool[cells], whether every value so far is its bin's smallest magnitude.
    row: float64[draws], scratch.
    """

    leaf: Leaf
    pooled: Room
    replicates: Room
    which: np.ndarray
    headline: np.ndarray
    on_edge: np.ndarray
    row: np.ndarray


@bare_kernel
def take(values: np.ndarray, first: int, draws: int, cell: int, fresh: bool, to: Reduction) -> int:
    """Reduce columns ``first`` to ``first + draws`` of ``values``, [pieces, cells, T], from ``cell`` on.

    Column j is column j mod T of piece j div T; ``fresh`` opens a leaf. Stops before a cell whose values might not find
    room in a spill; returns that cell, or the number of cells.
    """
    leaf, pooled, replicates, which, headline, on_edge, row = to
    bits = row.view(np.uint64)
    windows, counters, _, _, places = pooled
    windows_r, counters_r, _, _, places_r = replicates
    scale, sums = leaf.scale, leaf.sums
    last = first + draws
    for c in range(cell, len(which)):
        if pooled.used[0] + draws > len(pooled.spill) or replicates.used[0] + draws > len(replicates.spill):
            return c
        if c + 1 < len(which):
            fetch(c + 1, windows, counters)
        if headline[c] >= 0:
            fetch(headline[c], windows_r, counters_r)
        at = first
        while at < last:
            n = min(STRETCH, last - at)
            copy_row(values, which[c], at, row, n)
            same = _repeats(bits, n)
            if on_edge[c]:
                on_edge[c] = _on_edge(bits, n)
            if fresh and at == first:
                start_row(row, c, leaf)
            if not add_row(row, n, same, c, scale, sums):
                add_finite(row, n, c, leaf)
            if count_row(bits, n, same, c, windows, counters, places):
                spill_row(bits, n, c, pooled)
            if headline[c] >= 0 and count_row(bits, n, same, headline[c], windows_r, counters_r, places_r):
                spill_row(bits, n, headline[c], replicates)
            at += n
    return len(which)


@bare_kernel
def place_windows(values: np.ndarray, draws: int, to: Reduction) -> None:
    """Place the counters' windows around the first ``draws`` columns of ``values``."""
    bits = to.row.view(np.uint64)
    for c in range(len(to.which)):
        copy_row(values, to.which[c], 0, to.row, draws)
        from_pilot(bits, draws, c, to.pooled.windows)
        if to.headline[c] >= 0:
            from_pilot(bits, draws, to.headline[c], to.replicates.windows)


@bare_kernel
def copy_row(values: np.ndarray, c: int, first: int, row: np.ndarray, draws: int) -> None:
    """Fill the first ``draws`` of ``row``, float64[≥ draws], with cell ``c``'s columns from ``first`` on."""
    width = values.shape[2]
    done = 0
    while done < draws:
        piece, column = np.uint64((first + done) // width), np.uint64((first + done) % width)
        part = np.uint64(min(width - np.int64(column), draws - done))
        for i in range(part):
            row[np.uint64(done) + i] = values[piece, np.uint64(c), column + i]
        done += int(part)


@bare_kernel
def _repeats(bits: np.ndarray, draws: int) -> bool:
    """Whether one value repeats: two looks at most rows, all values only where these agree."""
    if bits[0] != bits[1] or bits[0] != bits[draws - 1]:
        return False
    different = np.uint64(0)
    for i in range(np.uint64(draws)):
        different |= bits[i] ^ bits[0]
    return different == 0


@bare_kernel
def _on_edge(bits: np.ndarray, draws: int) -> bool:
    """Whether every value is its bin's smallest magnitude."""
    below = np.uint64(0)
    for i in range(np.uint64(draws)):
        below |= bits[i] & BELOW_EDGE
    return below == 0
