"""Where the counter of a bin is, in blocks of :mod:`sim.reduce.windows`, pooled or of a replicate."""

from __future__ import annotations

import numpy as np

from sim.kernels import bare_kernel, kernel
from sim.reduce.bins import COARSE, entry_key, entry_row
from sim.reduce.windows import BASE, FIRST, NEGATIVE, POSITIVE, START, START_R, STEP_R, WIDTH, ZEROS

# Bits left out of keys; the negative window's first counter and their number; zero's counter; the same of the positive window.
Block = tuple[int, int, int, int, int, int]


@bare_kernel
def block_of(window: np.ndarray, lane: int, lanes: int) -> Block:
    """The block of replicate ``lane``, or the only one if ``lanes`` is 1."""
    if lanes == 1:
        at, left_out = window[START], 0
    else:
        at, left_out = window[START_R] + window[STEP_R] * lane, COARSE
    below, zero = window[WIDTH + NEGATIVE], FIRST + window[WIDTH + NEGATIVE]
    above = window[WIDTH + POSITIVE] >> left_out
    first, of_zero, behind = at + (FIRST >> left_out), at + (zero >> left_out), at + (zero + ZEROS >> left_out)
    return left_out, first, below >> left_out, of_zero, behind, above


@bare_kernel
def place_of(window: np.ndarray, block: Block, key: int) -> int:
    """Place of the counter of ``key``; -1 where it has none."""
    left_out, negative, below, zero, positive, above = block
    if key == 0:
        return zero
    sign = NEGATIVE if key < 0 else POSITIVE
    k = (abs(key) >> left_out) - (window[BASE + sign] >> left_out)
    if not 0 <= k < (below if key < 0 else above):
        return -1
    return (negative if key < 0 else positive) + k


@kernel
def absorb(
    windows: np.ndarray,
    counters: np.ndarray,
    cells: np.ndarray,
    lanes: int,
    codes: np.ndarray,
    counts: np.ndarray,
    most: int,
) -> int:
    """Count entries that have a counter by now where it holds no more than ``most`` then; how many are left, at the front.

    ``cells`` are those that the entries' rows are of, ``lanes`` rows each.
    """
    n = 0
    for j in range(len(codes)):
        row = entry_row(codes[j])
        window = windows[cells[row // lanes]]
        at = place_of(window, block_of(window, row % lanes, lanes), entry_key(codes[j]))
        if at >= 0 and np.int64(counters[at]) + counts[j] <= most:
            counters[at] += np.uint16(counts[j])
        else:
            codes[n], counts[n] = codes[j], counts[j]
            n += 1
    return n
