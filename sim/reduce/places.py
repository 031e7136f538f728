"""Where the counter of a bin is, in blocks of :mod:`sim.reduce.windows`, pooled or of a replicate, and the way back."""

from __future__ import annotations

import numpy as np

from sim.kernels import bare_kernel, kernel
from sim.reduce.bins import COARSE, KEY_ZERO, ROW_STEP, entry_key, entry_row
from sim.reduce.windows import BASE, FIRST, NEGATIVE, POSITIVE, START, START_R, STEP_R, WIDTH, ZEROS

# Counters looked at together: what that takes stays in the cache.
_AT_A_TIME = 1 << 13

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


def entries_of(
    windows: np.ndarray, counters: np.ndarray, cells: np.ndarray, lanes: int, least: int
) -> tuple[np.ndarray, np.ndarray]:
    """Sorted entries of the counters that hold at least ``least``, and what they hold; ``cells`` and ``lanes`` as above.

    For few counters, or seldom: a kernel takes as long to compile as NumPy takes for a thousand runs.
    """
    at = np.flatnonzero(counters >= least)
    codes = np.empty(len(at), np.int64)
    for first in range(0, len(at), _AT_A_TIME):
        part = slice(first, first + _AT_A_TIME)
        codes[part] = _codes_of(windows, at[part], cells, lanes)
    held = counters[at].astype(np.int64)
    del at
    order = np.argsort(codes, kind="stable")
    order = order[np.searchsorted(codes, 0, sorter=order) :]
    return codes[order], held[order]


def _codes_of(windows: np.ndarray, at: np.ndarray, cells: np.ndarray, lanes: int) -> np.ndarray:
    """Code of each of the counters ``at``, -1 for those before the windows, which are added up elsewhere."""
    left_out = 0 if lanes == 1 else COARSE
    first, steps = (START, 0) if lanes == 1 else (START_R, windows[cells, STEP_R, None])
    starts = (windows[cells, first, None] + steps * np.arange(lanes)).ravel()
    row = np.searchsorted(starts, at, side="right") - 1
    window, place = windows[cells[row // lanes]], at - starts[row]
    zero = FIRST + window[:, WIDTH + NEGATIVE] >> left_out
    below = window[:, BASE + NEGATIVE] + (place - (FIRST >> left_out) << left_out)
    above = window[:, BASE + POSITIVE] + (place - zero - (ZEROS >> left_out) << left_out)
    signed = np.where(place > zero, np.maximum(above, 1), -np.maximum(below, 1))
    codes: np.ndarray = row * ROW_STEP + np.where(place == zero, 0, signed) + KEY_ZERO
    return np.where(place < FIRST >> left_out, -1, codes)
