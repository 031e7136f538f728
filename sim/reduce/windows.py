"""Where a cell's counters are: a window of neighbouring bins for each sign, and one counter for zero.

Windows are a matter of speed and memory, never of results: what falls outside is kept as a sparse entry. They start
from a pilot tile and are widened where entries outside lie so dense that counters cost less than entries do.
"""

from __future__ import annotations

import numpy as np

from sim.kernels import bare_kernel, kernel
from sim.reduce.bins import NONFINITE, ONE, SHIFT, entry_key, entry_row
from sim.reduce.lanes import LANES

POSITIVE, NEGATIVE, ZERO = 0, 1, 2
FIRST_COUNTER = 2 * LANES

# A pilot's window starts at most eight octaves under its largest magnitude; what is rarer may ask for room later.
_PILOT_SPAN = 8 * 512
# It gets an eighth of its width more on either side, and this many bins.
_PILOT_MARGIN = 16
# A counter takes 2 bytes, an entry 16.
_ENTRY_WEIGHT = 8


# Columns of ``windows``, uint64[cells, 9], three for the signs (positive, negative, zero) and two of their own.
BASE = 0  # magnitude of the window's first counter: a double's bits without their sign, shifted right by SHIFTED
WIDTH = 2  # its number of counters, 0 for none
START = 4  # index of its first counter in the buffer; START + ZERO that of zero's own
STEP = 7  # counters from one replicate to the next; 0 where replicates are pooled
SHIFTED = 8  # bins.SHIFT, more where bins are coarse
COLUMNS = 9


def no_windows(cells: int, shift: int) -> np.ndarray:
    """Windows of width 0 around nothing, uint64[cells, 9]."""
    windows = np.zeros((cells, COLUMNS), np.uint64)
    windows[:, BASE : BASE + 2] = 1
    windows[:, SHIFTED] = shift
    return windows


@bare_kernel
def from_pilot(bits: np.ndarray, draws: int, g: int, windows: np.ndarray) -> None:
    """Set a cell's bases and widths from the first ``draws`` of its values' ``bits``, uint64[≥ draws]."""
    shift = windows[g, SHIFTED]
    most = NONFINITE << SHIFT >> shift
    for sign in range(2):
        low, high = np.int64(most), np.int64(0)
        for i in range(draws):
            m = np.int64((bits[i] << ONE) >> (shift + ONE))
            if 0 < m < most and (bits[i] >> np.uint64(63)) == sign:
                low, high = min(low, m), max(high, m)
        if high:
            first = np.int64(max(low, high - np.int64(_PILOT_SPAN >> (shift - SHIFT))))
            margin = _PILOT_MARGIN + (np.int64(high) - first) // 8
            _set(windows[g], sign, first - margin, np.int64(high) + margin)


@bare_kernel
def _set(window: np.ndarray, sign: int, first: int, last: int) -> None:
    most = int(NONFINITE << SHIFT >> window[SHIFTED]) - 1
    start = max(first, 1)
    window[BASE + sign] = start
    stop = min(last, most) + 1
    window[WIDTH + sign] = stop - start


@kernel
def key_at(window: np.ndarray, sign: int, k: int) -> int:
    """Key of the counter number ``k`` of a cell's ``window`` of one sign."""
    if sign == ZERO:
        return 0
    magnitude = (np.int64(window[BASE + sign]) + k) << (window[SHIFTED] - SHIFT)
    return -magnitude if sign == NEGATIVE else magnitude


@kernel
def lay_out(windows: np.ndarray, replicates: bool) -> int:
    """Set start and step for the widths; the buffer's length. With ``replicates`` a cell gets its counters 16 times.

    The first 32 counters are nobody's, for loops that cannot branch to send increments to.
    """
    total = np.uint64(FIRST_COUNTER)
    for window in windows:
        span = window[WIDTH + NEGATIVE] + ONE + window[WIDTH + POSITIVE]
        window[START + NEGATIVE] = total
        window[START + ZERO] = total + window[WIDTH + NEGATIVE]
        window[START + POSITIVE] = window[START + ZERO] + ONE
        window[STEP] = span if replicates else 0
        total += span * np.uint64(LANES if replicates else 1)
    return int(total)


@kernel
def move(old: np.ndarray, counters: np.ndarray, new: np.ndarray, room: np.ndarray) -> None:
    """Carry the counters over to the zeroed buffer ``room``, whose windows contain the old ones."""
    for g in range(len(old)):
        for r in range(LANES if old[g, STEP] else 1):
            for sign in range(3):
                source = old[g, START + sign] + old[g, STEP] * np.uint64(r)
                target = new[g, START + sign] + new[g, STEP] * np.uint64(r)
                width = ONE if sign == ZERO else old[g, WIDTH + sign]
                if sign != ZERO and width:
                    target += old[g, BASE + sign] - new[g, BASE + sign]
                for k in range(width):
                    room[target + k] = counters[source + k]


@kernel
def widen(windows: np.ndarray, codes: np.ndarray) -> bool:
    """Widen base and width towards the sorted entries ``codes`` outside, where that saves memory; whether any was."""
    any_wider = False
    i = 0
    rows = LANES if len(windows) and windows[0, STEP] else 1
    while i < len(codes):
        g = entry_row(codes[i]) // rows
        stop = i
        while stop < len(codes) and entry_row(codes[stop]) // rows == g:
            stop += 1
        keys = np.empty(stop - i, np.int64)
        for at in range(i, stop):
            keys[at - i] = entry_key(codes[at]) >> (windows[g, SHIFTED] - SHIFT)
        if rows > 1:
            keys.sort()
        zero = np.searchsorted(keys, 0)
        after = np.searchsorted(keys, 0, side="right")
        if zero > 0:
            any_wider |= _widen(windows[g], NEGATIVE, keys[:zero], rows)
        if after < len(keys):
            any_wider |= _widen(windows[g], POSITIVE, keys[after:], rows)
        i = stop
    return any_wider


@kernel
def _widen(window: np.ndarray, sign: int, keys: np.ndarray, rows: int) -> bool:
    """Widen one cell's window of one sign; ``keys`` are its entries', in units of its counters, ascending."""
    width = np.int64(window[WIDTH + sign])
    if width:
        low = np.int64(window[BASE + sign])
        high = low + width - 1
    else:
        low = np.int64(max(abs(keys[len(keys) // 2]), 1))
        high = low - 1
    below, above = _reach(keys, low, -1, rows), _reach(keys, high, 1, rows)
    if below + above == 0:
        return False
    _set(window, sign, low - below, high + above)
    return True


@kernel
def _reach(keys: np.ndarray, edge: int, direction: int, rows: int) -> int:
    """How many bins beyond ``edge`` to add, upwards or downwards in magnitude.

    The number that gains most by entries turned into counters, with a quarter more against the next widening.
    """
    n = len(keys)
    outwards = (keys[0] > 0) == (direction > 0)  # whether magnitudes move away from the edge as keys do
    best, reach, seen = 0, 0, 0
    for step in range(n):
        key = keys[step if outwards else n - 1 - step]
        distance = (abs(key) - edge) * direction
        if distance <= 0:
            continue
        seen += 1
        gain = _ENTRY_WEIGHT * seen - rows * distance
        if gain > best:
            best, reach = gain, distance
    return reach + reach // 4
