"""Where a cell's counters are: a window of neighbouring bins for each sign, and one counter for zero.

Windows are a matter of speed and memory, never of results: what falls outside is kept as a sparse entry. They start
from a pilot tile and are widened where entries outside lie so dense that counters cost less than entries do.

A cell's counters lie in one block::

    16 for zeros in turn | 16 for values outside | negative window | 4 for zero | positive window

so that the place of a value within its cell's block, its *code*, fits 16 bits. Many increments of one counter would wait
for each other: zeros, the one value that many cells repeat, go to the first sixteen in turn and are added up afterwards.
Windows begin and end where coarse bins do. A replicate of a headline cell has a block of the same order, of one counter for
four codes each: a code's upper bits are its place there.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.kernels import bare_kernel, kernel
from sim.reduce.bins import COARSE, LAST_KEY, ONE, SHIFT, entry_key, entry_row
from sim.reduce.lanes import LANES
from sim.reduce.search import count_below

POSITIVE, NEGATIVE = 0, 1
OUTSIDE = LANES  # code of the first counter for values outside
FIRST = 2 * LANES  # code of the first counter of the negative window
ZEROS = 1 << COARSE  # counters between the windows, of which the first is zero's

# Columns of ``windows``, int64[cells, 7]; the first two for both signs.
BASE = 0  # magnitude key of the window's first bin, a coarse one's; 0, which no value has, before 1
WIDTH = 2  # its number of bins, of whole coarse ones, 0 for none
START = 4  # index of the block in the pooled counters
START_R = 5  # index of the first replicate's block; -1 where replicates are not counted
STEP_R = 6  # counters from one replicate to the next
COLUMNS = 7

# A window of one sign has at most so many bins, so that codes fit 16 bits.
_WIDEST = 32_000
# A pilot's window starts at most eight octaves under its largest magnitude; what is rarer may ask for room later.
_PILOT_SPAN = 8 * 512
# It gets an eighth of its width more on either side, and this many bins.
_PILOT_MARGIN = 16
# To write a value down takes 16 bytes and, with the look at its tile's row that it causes, a thousand times the time of
# counting it; a counter takes 2 bytes, those of a headline cell's replicates 8 a bin more. What has come outside so far
# tells what will: 32 counters are worth a value, which takes no more memory than eight would.
_WORTH = 32
_COST, _COST_R = 1, 5


def no_windows(headline: np.ndarray) -> np.ndarray:
    """Windows of width 0 around nothing, int64[cells, 7]; ``headline`` is bool[cells], cells counted by replicate."""
    windows = np.zeros((len(headline), COLUMNS), np.int64)
    windows[:, START_R] = np.where(headline, 0, -1)
    return windows


@bare_kernel
def from_pilot(row: np.ndarray, draws: int, g: int, windows: np.ndarray) -> None:
    """Set a cell's bases and widths from the first ``draws`` of its values, float[≥ draws]."""
    for sign in range(2):
        low, high = np.int64(LAST_KEY + 1), np.int64(0)
        for i in range(draws):
            bits = np.float64(row[i]).view(np.uint64)
            m = np.int64((bits << ONE) >> (SHIFT + ONE))
            if 0 < m <= LAST_KEY and np.int64(bits >> np.uint64(63)) == sign:
                low, high = min(low, m), max(high, m)
        if high:
            first = max(low, high - _PILOT_SPAN)
            margin = _PILOT_MARGIN + (high - first) // 8
            _set(windows[g], sign, first - margin, high + margin)


@bare_kernel
def _set(window: np.ndarray, sign: int, first: int, last: int) -> None:
    start = max(first, 0) >> COARSE << COARSE
    window[BASE + sign] = start
    window[WIDTH + sign] = min(((min(last, LAST_KEY) >> COARSE) + 1 << COARSE) - start, _WIDEST)


@kernel
def lay_out(windows: np.ndarray) -> tuple[int, int]:
    """Set starts and steps for the widths; how many pooled counters and how many of replicates that makes."""
    total, total_r = 0, 0
    for window in windows:
        window[START] = total
        block = FIRST + window[WIDTH + NEGATIVE] + ZEROS + window[WIDTH + POSITIVE]
        total += block
        if window[START_R] >= 0:
            window[START_R] = total_r
            window[STEP_R] = block >> COARSE
            total_r += window[STEP_R] * LANES
    return total, total_r


@kernel
def move(
    old: np.ndarray,
    counters: np.ndarray,
    counters_r: np.ndarray,
    new: np.ndarray,
    room: np.ndarray,
    room_r: np.ndarray,
    first: int,
    last: int,
) -> None:
    """Add counters of the cells ``first`` to ``last`` (left out), pooled and of replicates, to those in ``room`` and ``room_r``.

    Their windows contain the old ones.
    """
    for g in range(first, last):
        _move(old[g], new[g], counters, old[g, START], room, new[g, START], 0)
        if old[g, START_R] >= 0:
            for r in range(LANES):
                source, target = old[g, START_R] + old[g, STEP_R] * r, new[g, START_R] + new[g, STEP_R] * r
                _move(old[g], new[g], counters_r, source, room_r, target, COARSE)


@kernel
def _move(
    old: np.ndarray, new: np.ndarray, counters: np.ndarray, source: int, room: np.ndarray, target: int, left_out: int
) -> None:
    """Add up a block of one counter for 2^``left_out`` codes each."""
    below, below_new = old[WIDTH + NEGATIVE], new[WIDTH + NEGATIVE]
    negative = old[BASE + NEGATIVE] - new[BASE + NEGATIVE]
    positive = below_new + ZEROS + old[BASE + POSITIVE] - new[BASE + POSITIVE]
    for here, there, width in (
        (0, negative, below),
        (below, below_new, ZEROS),
        (below + ZEROS, positive, old[WIDTH + POSITIVE]),
    ):
        first, to = source + (FIRST + here >> left_out), target + (FIRST + there >> left_out)
        _add(counters, first, room, to, width >> left_out)


@kernel
def _add(source: np.ndarray, first: int, target: np.ndarray, to: int, n: int) -> None:
    there, here = np.uint64(to), np.uint64(first)
    for k in range(np.uint64(n)):  # signed indices would keep it from being vector work
        target[there + k] += source[here + k]


def embracing(windows: Sequence[np.ndarray]) -> np.ndarray | None:
    """Windows that contain all of several; None where one would be too wide."""
    found = windows[0].copy()
    first, width = found[:, BASE : BASE + 2], found[:, WIDTH : WIDTH + 2]
    for other in windows[1:]:
        low, more = other[:, BASE : BASE + 2], other[:, WIDTH : WIDTH + 2]
        both = (width > 0) & (more > 0)
        stop = np.where(both, np.maximum(first + width, low + more), np.where(more > 0, low + more, first + width))
        first[:] = np.where(both, np.minimum(first, low), np.where(more > 0, low, first))
        width[:] = stop - first
    return found if width.max(initial=0) <= _WIDEST else None


@kernel
def widen(windows: np.ndarray, codes: np.ndarray, counts: np.ndarray) -> bool:
    """Widen base and width towards the sorted entries outside, where that pays; whether any was."""
    any_wider = False
    i = 0
    while i < len(codes):
        g = entry_row(codes[i])
        stop = i
        while stop < len(codes) and entry_row(codes[stop]) == g:
            stop += 1
        keys = np.empty(stop - i, np.int64)
        for at in range(i, stop):
            keys[at - i] = entry_key(codes[at])
        zero = count_below(keys, 0)
        after = count_below(keys, 1)
        if zero > 0:
            any_wider |= _widen(windows[g], NEGATIVE, keys[:zero], counts[i : i + zero])
        if after < len(keys):
            any_wider |= _widen(windows[g], POSITIVE, keys[after:], counts[i + after : stop])
        i = stop
    return any_wider


@kernel
def _widen(window: np.ndarray, sign: int, keys: np.ndarray, counts: np.ndarray) -> bool:
    """Widen one cell's window of one sign; ``keys`` are its entries', ascending, ``counts`` their values'."""
    width = window[WIDTH + sign]
    if width:
        low = window[BASE + sign]
        high = low + width - 1
    else:
        low = np.int64(abs(keys[len(keys) // 2]))
        high = low - 1
    cost = _COST_R if window[START_R] >= 0 else _COST
    below, above = _reach(keys, counts, low, -1, cost), _reach(keys, counts, high, 1, cost)
    room = _WIDEST - width
    below = min(below, room)
    above = min(above, room - below)
    if below + above == 0:
        return False
    _set(window, sign, low - below, high + above)
    return True


@kernel
def _reach(keys: np.ndarray, counts: np.ndarray, edge: int, direction: int, cost: int) -> int:
    """How many bins beyond ``edge`` to add, upwards or downwards in magnitude.

    The number that gains most by values counted instead of written down, with a quarter more against the next widening.
    """
    n = len(keys)
    outwards = (keys[0] > 0) == (direction > 0)  # whether magnitudes move away from the edge as keys do
    best, reach, seen = 0, 0, 0
    for step in range(n):
        at = step if outwards else n - 1 - step
        distance = (abs(keys[at]) - edge) * direction
        if distance <= 0:
            continue
        seen += counts[at]
        gain = _WORTH * seen - cost * distance
        if gain > best:
            best, reach = gain, distance
    return reach + reach // 4
