"""Where a cell's counters are: a window of neighbouring bins for each sign, and one counter for zero.

Windows are a matter of speed and memory, never of results: what falls outside is kept as a sparse entry. They start
from a pilot tile and are widened where entries outside lie so dense that counters cost less than entries do.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.kernels import kernel
from sim.reduce.bins import LAST_KEY, MAGNITUDE, NONFINITE, ONE, SHIFT, entry_cell, entry_key
from sim.reduce.lanes import LANES

POSITIVE, NEGATIVE, ZERO = 0, 1, 2

# A pilot's window starts at most eight octaves under its largest magnitude; what is rarer may ask for room later.
_PILOT_SPAN = 8 * 512
_PILOT_MARGIN = 16
# A counter takes 2 bytes, an entry 16.
_ENTRY_WEIGHT = 8


class Windows(NamedTuple):
    """Layout of the counters; the last axis is the sign: positive, negative, zero.

    Attributes
    ----------
    base: uint64[cells, 3], magnitude key of the window's first counter.
    width: uint64[cells, 3], its number of counters, 0 for none; 1 for zero.
    start: uint64[cells, 3], index of its first counter in the buffer.
    step: uint64[cells], counters from one replicate to the next; 0 where replicates are pooled.
    mixed: bool[cells], whether negative values or zeros have been met.
    """

    base: np.ndarray
    width: np.ndarray
    start: np.ndarray
    step: np.ndarray
    mixed: np.ndarray


def no_windows(cells: int) -> Windows:
    """Windows of width 0 around nothing, but for zero's own counter."""
    windows = Windows(
        np.ones((cells, 3), np.uint64),
        np.zeros((cells, 3), np.uint64),
        np.zeros((cells, 3), np.uint64),
        np.zeros(cells, np.uint64),
        np.zeros(cells, np.bool_),
    )
    windows.base[:, ZERO] = 0
    windows.width[:, ZERO] = 1
    return windows


@kernel
def from_pilot(bits: np.ndarray, draws: int, windows: Windows) -> None:
    """Set base and width from the first ``draws`` columns of ``bits``, uint64[cells, ≥ draws]."""
    low, high = np.empty(2, np.int64), np.empty(2, np.int64)
    for c in range(bits.shape[0]):
        low[:] = MAGNITUDE
        high[:] = 0
        for i in range(draws):
            m = np.int64((bits[c, i] >> SHIFT) & MAGNITUDE)
            if 0 < m < NONFINITE:
                sign = bits[c, i] >> np.uint64(63)
                low[sign] = min(low[sign], m)
                high[sign] = max(high[sign], m)
        for sign in range(2):
            if high[sign]:
                first = max(low[sign], high[sign] - _PILOT_SPAN) - _PILOT_MARGIN
                _set(windows, c, sign, first, high[sign] + _PILOT_MARGIN)
        windows.mixed[c] = high[NEGATIVE] > 0


@kernel
def _set(windows: Windows, c: int, sign: int, first: int, last: int) -> None:
    start = max(first, 1)
    windows.base[c, sign] = start
    windows.width[c, sign] = min(last, LAST_KEY) - start + 1


@kernel
def lay_out(windows: Windows, headline: np.ndarray) -> int:
    """Set start and step for the widths; the buffer's length. Headline cells get their counters 16 times.

    The first 32 counters are nobody's, for loops that cannot branch to send increments to.
    """
    total = 2 * LANES
    for c in range(len(headline)):
        span = windows.width[c, NEGATIVE] + windows.width[c, ZERO] + windows.width[c, POSITIVE]
        windows.start[c, NEGATIVE] = total
        windows.start[c, ZERO] = total + windows.width[c, NEGATIVE]
        windows.start[c, POSITIVE] = windows.start[c, ZERO] + ONE
        windows.step[c] = span if headline[c] else 0
        total += span * (LANES if headline[c] else 1)
    return total


@kernel
def move(old: Windows, counters: np.ndarray, new: Windows, room: np.ndarray) -> None:
    """Carry the counters over to the zeroed buffer ``room``, whose windows contain the old ones."""
    for c in range(len(old.step)):
        for r in range(LANES if old.step[c] else 1):
            for sign in range(3):
                source = old.start[c, sign] + old.step[c] * np.uint64(r)
                target = new.start[c, sign] + new.step[c] * np.uint64(r)
                if old.width[c, sign]:
                    target += old.base[c, sign] - new.base[c, sign]
                for k in range(old.width[c, sign]):
                    room[target + k] = counters[source + k]


@kernel
def widen(windows: Windows, codes: np.ndarray) -> bool:
    """Widen base and width towards the sorted entries ``codes`` outside, where that saves memory; whether any was."""
    any_wider = False
    i = 0
    while i < len(codes):
        cell = entry_cell(codes[i])
        stop = i
        while stop < len(codes) and entry_cell(codes[stop]) == cell:
            stop += 1
        zero = i
        while zero < stop and entry_key(codes[zero]) < 0:
            zero += 1
        if zero > i:
            any_wider |= _widen(windows, cell, NEGATIVE, codes[i:zero])
        while zero < stop and entry_key(codes[zero]) == 0:
            zero += 1
        if stop > zero:
            any_wider |= _widen(windows, cell, POSITIVE, codes[zero:stop])
        i = stop
    return any_wider


@kernel
def _widen(windows: Windows, c: int, sign: int, codes: np.ndarray) -> bool:
    """Widen one cell's window of one sign; ``codes`` are its entries."""
    rows = LANES if windows.step[c] else 1
    n = len(codes)
    width = np.int64(windows.width[c, sign])
    if width:
        low = np.int64(windows.base[c, sign])
        high = low + width - 1
    else:
        low = abs(entry_key(codes[n // 2]))
        high = low - 1
    below, above = _reach(codes, low, -1, rows), _reach(codes, high, 1, rows)
    if below + above == 0:
        return False
    _set(windows, c, sign, low - below, high + above)
    return True


@kernel
def _reach(codes: np.ndarray, edge: int, direction: int, rows: int) -> int:
    """How many bins beyond ``edge`` to add, upwards or downwards in magnitude.

    The number that gains most by entries turned into counters, with a quarter more against the next widening.
    """
    n = len(codes)
    outwards = (entry_key(codes[0]) > 0) == (direction > 0)  # whether magnitudes move away from the edge as codes do
    best, reach, seen = 0, 0, 0
    for step in range(n):
        key = entry_key(codes[step if outwards else n - 1 - step])
        distance = (abs(key) - edge) * direction
        if distance <= 0:
            continue
        seen += 1
        gain = _ENTRY_WEIGHT * seen - rows * distance
        if gain > best:
            best, reach = gain, distance
    return reach + reach // 4
