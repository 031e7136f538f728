"""Counters of 16 bits: the inner loop of the sketch that increments them.

Increments, one by one, wait until thousands of draws of a cell can be counted in one go, since its counters lie far away in
memory: 1,024 at a time they take 1.4 ns each, 8,192 at a time 0.38, which is what bare ones in the first cache take (Emerald
Rapids). A few cells, whose counters are always near, are counted at once. Counters of 16 bits halve the memory that increments
wander through; a test for overflow at each would cost 0.2 ns, a look at all counters every fifty thousand draws or so costs
nothing to speak of.
"""

from __future__ import annotations

import numpy as np

from sim.kernels import bare_kernel, inlined_kernel
from sim.reduce.bins import COARSE
from sim.reduce.lanes import LANES
from sim.reduce.prefetch import prefetch
from sim.reduce.windows import FIRST, NEGATIVE, OUTSIDE, START, START_R, STEP_R, WIDTH

FULL = (1 << 16) - 1
"""The most that a counter holds."""
HALF_FULL = 1 << 15
"""Where one counter holds so many, all that hold :data:`RELIEVED` or more are relieved; at most so many draws wait."""
RELIEVED = 1 << 12

_EIGHTH, _LINE = np.uint64(8), np.uint64(32)


@inlined_kernel
def fetch(counters: np.ndarray, window: np.ndarray, codes: np.ndarray, first: int, n: int) -> None:
    """Have the counters of ``n`` codes from number ``first`` on brought to the cache while others are being counted.

    Every eighth code finds the lines that many codes lead to; the rest of a window, mostly its tails, is left alone.
    """
    start = np.uint64(window[START])
    for i in range(np.uint64(n) // _EIGHTH):
        prefetch(counters, start + np.uint64(codes[np.uint64(first) + i * _EIGHTH]))


@inlined_kernel
def fetch_codes(codes: np.ndarray, first: int, n: int) -> None:
    """Have ``n`` codes from number ``first`` on brought to the cache."""
    for i in range(np.uint64(first), np.uint64(first + n), _LINE):
        prefetch(codes, i)


@inlined_kernel
def count(
    codes: np.ndarray, first: int, n: int, window: np.ndarray, counters: np.ndarray, counters_r: np.ndarray
) -> None:
    """Count ``n`` of a cell's ``codes`` from number ``first`` on, and in the replicates' counters if it has any."""
    if window[START_R] >= 0:
        count_replicates(codes, first, n, window, counters, counters_r)
    else:
        count_pooled(codes, first, n, window, counters)


@inlined_kernel
def count_pooled(codes: np.ndarray, first: int, n: int, window: np.ndarray, counters: np.ndarray) -> None:
    """Count ``n`` of a cell's ``codes`` from number ``first`` on in its pooled counters."""
    start, at = np.uint64(window[START]), np.uint64(first)
    if _repeats(codes, at, n):
        counters[start + np.uint64(codes[at])] += np.uint16(n)
    else:
        for i in range(np.uint64(n)):
            counters[start + np.uint64(codes[at + i])] += np.uint16(1)


@bare_kernel
def count_replicates(
    codes: np.ndarray, first: int, n: int, window: np.ndarray, counters: np.ndarray, counters_r: np.ndarray
) -> None:
    """Count a headline cell's codes in its pooled counters, and code i in those of replicate i mod 16 as well."""
    start, start_r, step = np.uint64(window[START]), np.uint64(window[START_R]), np.uint64(window[STEP_R])
    at, left_out = np.uint64(first), np.uint64(COARSE)
    if _repeats(codes, at, n):
        code = np.uint64(codes[at])
        counters[start + code] += np.uint16(n)
        for lane in range(np.uint64(LANES)):
            counters_r[start_r + step * lane + (code >> left_out)] += np.uint16(n // LANES)
    else:
        for p in range(np.uint64(n // LANES)):
            for lane in range(np.uint64(LANES)):
                code = np.uint64(codes[at + p * np.uint64(LANES) + lane])
                counters[start + code] += np.uint16(1)
                counters_r[start_r + step * lane + (code >> left_out)] += np.uint16(1)


@bare_kernel
def count_at_once(
    codes: np.ndarray, first: int, n: int, window: np.ndarray, counters: np.ndarray, counters_r: np.ndarray
) -> None:
    """Count ``n`` of a cell's ``codes`` and be done: apart, so that whatever finds codes keeps its registers."""
    count(codes, first, n, window, counters, counters_r)
    end_count(window, counters, counters_r)


@bare_kernel
def end_count(window: np.ndarray, counters: np.ndarray, counters_r: np.ndarray) -> None:
    """Put the zeros, which were counted in turn, where they belong, and forget what was counted outside."""
    _end_block(counters, window[START], window, 0)
    if window[START_R] >= 0:
        for lane in range(LANES):
            _end_block(counters_r, window[START_R] + window[STEP_R] * lane, window, COARSE)


@bare_kernel
def _end_block(counters: np.ndarray, start: int, window: np.ndarray, left_out: int) -> None:
    """The same of one block, of one counter for 2^``left_out`` codes each."""
    at, outside = np.uint64(start), np.uint64(OUTSIDE >> left_out)
    zeros = np.uint16(0)
    for k in range(outside):
        zeros += counters[at + k]
        counters[at + k] = counters[at + outside + k] = np.uint16(0)
    counters[at + np.uint64((FIRST + window[WIDTH + NEGATIVE]) >> left_out)] += zeros


@bare_kernel
def _repeats(codes: np.ndarray, at: int, n: int) -> bool:
    """Whether one code repeats, ``n`` times from number ``at`` on."""
    if codes[at] != codes[at + 1] or codes[at] != codes[at + n - 1]:
        return False
    different = np.uint16(0)
    for i in range(np.uint64(at), np.uint64(at + n)):
        different |= codes[i] ^ codes[at]
    return different == 0
