"""The innermost loops: a row of values into counters of 16 bits.

Places are found first, which is vector work without a branch, then incremented one by one. Measured on Zen 5 with rows
of 2,048: 0.36 ns a value, of which the bare increments are 0.20; a row that repeats one value takes no loop at all.
Counters of 16 bits halve the memory that increments wander through; a test for overflow at each increment would cost
0.2 ns, a sweep over all counters every 32,767 draws costs nothing to speak of.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.kernels import bare_kernel, kernel
from sim.reduce.bins import MAGNITUDE, NONFINITE, ONE, SHIFT, coarse, entry, key_of
from sim.reduce.lanes import LANES
from sim.reduce.prefetch import prefetch
from sim.reduce.windows import (
    BASE,
    FIRST_COUNTER,
    NEGATIVE,
    POSITIVE,
    SHIFTED,
    START,
    STEP,
    WIDTH,
    ZERO,
    key_at,
)

_SIGN = np.uint64(63)
_LAST_LANE = np.uint32(LANES - 1)
_OUTSIDE = np.uint64(LANES)
_INSIDE = np.uint32(FIRST_COUNTER)
_LINE = np.uint64(32)

HALF_FULL = 1 << 15
"""A counter from here on is relieved of so many by a sweep; between two sweeps come at most ``HALF_FULL - 1`` draws."""


class Room(NamedTuple):
    """What the loops write to.

    Attributes
    ----------
    windows: where each cell's counters are, see :mod:`sim.reduce.windows`.
    counters: uint16[...]; the first 32 are nobody's, 16 for zeros that are counted otherwise, 16 for values outside.
    spill: int64[...], entries of values that have no counter; used: int64[1], how many.
    places: uint32[draws], scratch.
    """

    windows: np.ndarray
    counters: np.ndarray
    spill: np.ndarray
    used: np.ndarray
    places: np.ndarray


# Kernels called row by row take plain arrays and no slices: to pass a tuple of arrays, or to slice one, counts
# references up and down, some 0.6 µs a row where all of a room was passed.


@bare_kernel
def count_row(
    bits: np.ndarray, draws: int, same: bool, g: int, windows: np.ndarray, counters: np.ndarray, places: np.ndarray
) -> int:
    """Count the first ``draws`` of ``bits``, uint64[≥ draws], in cell ``g``; how many lie outside its windows.

    ``same`` says that they all are one value. ``places`` tells afterwards which lie outside, see :func:`spill_row`.
    """
    n = np.uint64(draws)
    step = windows[g, STEP]
    if same:
        # At once: increments of one counter would wait for each other.
        place = _place(bits[0], g, windows)
        lanes = LANES if step else 1
        if place:
            for lane in range(lanes):
                counters[place + step * np.uint64(lane)] += np.uint64(draws // lanes)
            return 0
        for i in range(n):
            places[i] = _OUTSIDE
        return draws
    _find(bits, n, g, windows, places)
    if step:
        _to_replicates(n, np.uint32(step), places)
    for i in range(n):
        counters[np.uint64(places[i])] += ONE
    zeros, outside = ONE - ONE, 0
    for lane in range(np.uint64(LANES)):
        zeros += counters[lane]
        outside += counters[_OUTSIDE + lane]
        counters[lane] = counters[_OUTSIDE + lane] = 0
    counters[windows[g, START + ZERO]] += zeros
    return outside


@bare_kernel
def _place(b: np.uint64, g: int, windows: np.ndarray) -> np.uint64:
    """Counter of one value, the first replicate's; 0 if it has none."""
    if b << ONE == 0:
        return windows[g, START + ZERO]
    sign = b >> _SIGN
    k = ((b << ONE) >> (windows[g, SHIFTED] + ONE)) - windows[g, np.uint64(BASE) + sign]
    inside = k < windows[g, np.uint64(WIDTH) + sign]
    return windows[g, np.uint64(START) + sign] + k if inside else np.uint64(0)


@bare_kernel
def _find(bits: np.ndarray, n: np.uint64, g: int, windows: np.ndarray, places: np.ndarray) -> None:
    """Find each value's counter, the first replicate's; vector work, in 32 bits as far as it goes.

    Zeros of pooled rows go to nobody's counters in turn and are added up apart: many increments of one counter would
    wait for each other. The replicates' zeros go to counters of their own, one after the other.
    """
    shift = windows[g, SHIFTED]
    sign_bit = np.uint32(ONE << (_SIGN - shift))
    base, base_n = np.uint32(windows[g, BASE + POSITIVE]), np.uint32(windows[g, BASE + NEGATIVE] + sign_bit)
    width, width_n = np.uint32(windows[g, WIDTH + POSITIVE]), np.uint32(windows[g, WIDTH + NEGATIVE])
    start, start_n = np.uint32(windows[g, START + POSITIVE] - base), np.uint32(windows[g, START + NEGATIVE] - base_n)
    zero, zero_lanes = (np.uint32(0), _LAST_LANE)
    if windows[g, STEP]:
        zero, zero_lanes = np.uint32(windows[g, START + ZERO]), np.uint32(0)
    for i in range(n):
        places[i] = bits[i] >> shift
    for i in range(n):
        code = places[i]
        lane = np.uint32(np.uint32(i) & _LAST_LANE)
        place = np.uint32(np.uint32(_OUTSIDE) + lane)
        place = np.uint32(code + start) if np.uint32(code - base) < width else place
        place = np.uint32(code + start_n) if np.uint32(code - base_n) < width_n else place
        place = np.uint32(zero + np.uint32(lane & zero_lanes)) if np.uint32(code & ~sign_bit) == 0 else place
        places[i] = place


@bare_kernel
def _to_replicates(n: np.uint64, step: np.uint32, places: np.ndarray) -> None:
    """From places of the first replicate to each value's own."""
    for i in range(n):
        place = places[i]
        own = np.uint32(place + np.uint32(step * np.uint32(np.uint32(i) & _LAST_LANE)))
        places[i] = own if place >= _INSIDE else place


@bare_kernel
def spill_row(bits: np.ndarray, draws: int, g: int, room: Room) -> None:
    """Write the values that :func:`count_row` found no counter for down as entries, unless they are not finite.

    The spill must have room for them.
    """
    pooled = room.windows[g, STEP] == 0
    for i in range(draws):
        if LANES <= room.places[i] < _INSIDE and (bits[i] >> SHIFT) & MAGNITUDE < NONFINITE:
            key = key_of(bits[i])
            room.spill[room.used[0]] = entry(g, key) if pooled else entry(g * LANES + i % LANES, coarse(key))
            room.used[0] += 1


@bare_kernel
def fetch(g: int, windows: np.ndarray, counters: np.ndarray) -> None:
    """Have a cell's counters brought to the cache while another's are being counted."""
    at = windows[g, START + NEGATIVE]
    span = windows[g, WIDTH + NEGATIVE] + ONE + windows[g, WIDTH + POSITIVE]
    last = at + (span * np.uint64(LANES) if windows[g, STEP] else span)
    while at < last:
        prefetch(counters, at)
        at += _LINE


@kernel
def dense_entries(
    windows: np.ndarray, counters: np.ndarray, first: int, last: int, least: int
) -> tuple[np.ndarray, np.ndarray]:
    """Sorted entries of the counters of cells ``first`` to ``last`` (left out) that hold at least ``least``."""
    start = windows[first, START + NEGATIVE] if len(windows) else np.uint64(0)
    stop = np.uint64(len(counters)) if last == len(windows) else windows[last, START + NEGATIVE]
    n = 0
    for count in counters[start:stop]:
        n += count >= least
    codes, counts = np.empty(n, np.int64), np.empty(n, np.int64)
    if n == 0:
        return codes, counts
    n = 0
    for g in range(first, last):
        lanes = LANES if windows[g, STEP] else 1
        for lane in range(lanes):
            for sign in (NEGATIVE, ZERO, POSITIVE):
                width = 1 if sign == ZERO else np.int64(windows[g, WIDTH + sign])
                row_start = np.int64(windows[g, START + sign]) + np.int64(windows[g, STEP]) * lane
                for at in range(width):
                    k = width - 1 - at if sign == NEGATIVE else at
                    count = counters[row_start + k]
                    if count >= least:
                        codes[n], counts[n] = entry(g * lanes + lane, key_at(windows[g], sign, k)), count
                        n += 1
    return codes, counts
