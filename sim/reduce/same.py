"""A base beside itself: nothing but zeros, or ones, and what is not a number; known without reckoning."""

from __future__ import annotations

import numpy as np

from sim.kernels import bare_kernel
from sim.lanes import lanes_at, numbers, put, some, where
from sim.reduce.bins import key_of
from sim.reduce.counting import count_at_once
from sim.reduce.lanes import LANES
from sim.reduce.moments import HIGH, LOW, start_row
from sim.reduce.take import Reduction
from sim.reduce.values import Beside
from sim.reduce.windows import BASE, FIRST, NEGATIVE, OUTSIDE, POSITIVE, WIDTH, ZEROS


@bare_kernel
def take_same(values: Beside, first: int, leaf: int, fresh: bool, at: int, to: Reduction) -> int:
    """As :func:`~sim.reduce.take.take`, of a base beside itself, around whose one value windows have been placed.

    A difference is no number where the outcome is none, a ratio where it is zero as well.
    """
    at_once = len(to.counters) > 0
    value = 1.0 if values.ratio else 0.0
    for d in range(LANES):
        to.row[d] = value
    for k in range(first, len(to.which)):
        place, c = at if at_once else at + k * values.draws, to.cells[k]
        if fresh:
            start_row(to.row, leaf + k, to.leaves)
        if _missing(values, to.which[k], place, _code(value, to.windows[c]), leaf + k, to) < values.draws:
            to.leaves.extremes[leaf + k, LOW, 0] = to.leaves.extremes[leaf + k, HIGH, 0] = value
        if at_once:
            count_at_once(to.codes, place, values.draws, to.windows[c], to.counters, to.counters_r)
    return len(to.which)


@bare_kernel
def _code(value: float, window: np.ndarray) -> np.uint32:
    """Code of zero, or of one."""
    zero = FIRST + window[WIDTH + NEGATIVE]
    key = key_of(np.float64(value).view(np.uint64))
    return np.uint32(zero + ZEROS + key - window[BASE + POSITIVE] if key else zero)


@bare_kernel
def _missing(values: Beside, c: int, place: int, code: np.uint32, row: int, to: Reduction) -> int:
    """Write a cell's codes, and count what is no number in ``row`` of the leaves; how many that are."""
    first = np.uint64(values.rows[1, c] * values.base.shape[1] + values.first)
    missing = 0
    for p in range(np.uint64(values.draws // LANES)):
        x = lanes_at(values.base, first + p * np.uint64(LANES))
        bad = where(x - x == 0.0, 0, numbers() + OUTSIDE)
        if values.ratio:
            bad = where(x == 0.0, numbers() + OUTSIDE, bad)
        put(to.codes, np.uint64(place) + p * np.uint64(LANES), where(bad > 0, bad, code))
        if some(bad > 0):
            for lane in range(LANES):
                if to.codes[np.uint64(place) + p * np.uint64(LANES) + np.uint64(lane)] < FIRST:
                    to.leaves.nonfinite[row, lane] += 1
                    missing += 1
    return missing
