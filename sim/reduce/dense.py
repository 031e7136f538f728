"""Entries of what counters hold, sorted."""

from __future__ import annotations

import numpy as np

from sim.kernels import bare_kernel, kernel
from sim.reduce.bins import COARSE, entry
from sim.reduce.lanes import LANES
from sim.reduce.windows import BASE, FIRST, NEGATIVE, POSITIVE, START, START_R, STEP_R, WIDTH, ZEROS

_Entries = tuple[np.ndarray, np.ndarray]

# Counters that one look passes over where all hold too little.
_CHUNK = 64


@kernel
def pooled_entries(windows: np.ndarray, counters: np.ndarray, first: int, last: int, least: int) -> _Entries:
    """Entries of the pooled counters of cells ``first`` to ``last`` (left out) that hold at least ``least``."""
    if first == last:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    stop = len(counters) if last == len(windows) else windows[last, START]
    codes, counts = _room(counters, windows[first, START], stop, least)
    n = 0
    for g in range(first, last):
        window = windows[g]
        n = _of_block(counters, window[START], window, 0, least, g, codes, counts, n)
    return codes[:n], counts[:n]


@kernel
def replicate_entries(windows: np.ndarray, counters: np.ndarray, cells: np.ndarray, h: int, least: int) -> _Entries:
    """The same of the replicates' counters of neighbouring headline ``cells``, the first of which is number ``h``."""
    if len(cells) == 0:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    stop = windows[cells[-1], START_R] + LANES * windows[cells[-1], STEP_R]
    codes, counts = _room(counters, windows[cells[0], START_R], stop, least)
    n = 0
    for i in range(len(cells)):
        window = windows[cells[i]]
        for lane in range(LANES):
            at, row = window[START_R] + window[STEP_R] * lane, (h + i) * LANES + lane
            n = _of_block(counters, at, window, COARSE, least, row, codes, counts, n)
    return codes[:n], counts[:n]


@bare_kernel
def _of_block(
    counters: np.ndarray,
    at: int,
    window: np.ndarray,
    left_out: int,
    least: int,
    row: int,
    codes: np.ndarray,
    counts: np.ndarray,
    n: int,
) -> int:
    """Append the entries of the block at ``at``, of one counter for 2^``left_out`` codes each; the new n."""
    below, above = window[WIDTH + NEGATIVE], window[WIDTH + POSITIVE]
    zero = FIRST + below
    base_n, base = window[BASE + NEGATIVE] >> left_out, window[BASE + POSITIVE] >> left_out
    n = _below(counters, at + (FIRST >> left_out), below >> left_out, least, (row, base_n, left_out), codes, counts, n)
    n = _above(counters, at + (zero >> left_out), 1, least, (row, -1, 0), codes, counts, n)
    first = at + (zero + ZEROS >> left_out)
    return _above(counters, first, above >> left_out, least, (row, base, left_out), codes, counts, n)


@bare_kernel
def _above(
    counters: np.ndarray,
    at: int,
    width: int,
    least: int,
    of: tuple[int, int, int],
    codes: np.ndarray,
    counts: np.ndarray,
    n: int,
) -> int:
    """Append the entries of ``width`` counters from ``at`` on, the new n.

    ``of`` is the row, the first bin (-1 for zero's own) and the bits left out of its key.
    """
    row, base, left_out = of
    for start in range(0, width, _CHUNK):
        stop = min(start + _CHUNK, width)
        if _greatest(counters, at + start, stop - start) < least:
            continue
        for k in range(start, stop):  # no branch, which nobody could foretell
            key = max((base + k) << left_out, 1) if base >= 0 else 0
            codes[n], counts[n] = entry(row, key), counters[at + k]
            n += counters[at + k] >= least
    return n


@bare_kernel
def _below(
    counters: np.ndarray,
    at: int,
    width: int,
    least: int,
    of: tuple[int, int, int],
    codes: np.ndarray,
    counts: np.ndarray,
    n: int,
) -> int:
    """The same of a negative window, whose keys rise as its magnitudes fall."""
    row, base, left_out = of
    for end in range(width, 0, -_CHUNK):
        start = max(end - _CHUNK, 0)
        if _greatest(counters, at + start, end - start) < least:
            continue
        for i in range(end - start):
            k = end - 1 - i
            codes[n], counts[n] = entry(row, -max((base + k) << left_out, 1)), counters[at + k]
            n += counters[at + k] >= least
    return n


@bare_kernel
def _greatest(counters: np.ndarray, at: int, width: int) -> int:
    """The greatest of ``width`` counters from ``at`` on; vector work, one by one they take ten times as long."""
    greatest = np.uint16(0)
    for k in range(np.uint64(at), np.uint64(at + width)):
        greatest = max(greatest, counters[k])
    return int(greatest)


@kernel
def _room(counters: np.ndarray, start: int, stop: int, least: int) -> _Entries:
    """Room for the entries of the counters ``start`` to ``stop`` (left out), and for one more that is written in vain."""
    n, enough = np.int64(0), np.uint16(least)
    for at in range(np.uint64(start), np.uint64(stop)):  # a signed index would keep it from being vector work
        n += np.int64(counters[at] >= enough)
    return np.empty(n + 1, np.int64), np.empty(n + 1, np.int64)
