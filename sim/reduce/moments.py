"""Mean and variance of a leaf, for each cell and replicate: pivoted sums, point by point.

A leaf's sums run over ``x − pivot`` in the order of its points, each replicate for itself, so that no tile size (a
multiple of 16) changes a bit. The pivot is the median of the leaf's first 16 draws: near enough to the mean that the
sum of squares loses nothing to cancellation, whatever the offset, and no outlier when one comes first.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import carray

from sim.kernels import kernel
from sim.reduce.lanes import LANES, stack_lanes
from sim.reduce.node import Node

# A leaf whose first draws are all below 2^-450 is summed in units that bring them there, lest their squares vanish;
# one in which a replicate's squares reach 2^900 goes over to units of 2^128 times the size, as often as it takes.
_SMALL = -450
_LARGE = 2.0**900
_SHRINK = 2.0**-128


class Leaf(NamedTuple):
    """Running sums of one leaf; arrays are mutated in place.

    Attributes
    ----------
    pivot, unit: float64[cells]; what is summed is ``x · unit − pivot``, ``unit`` a power of two, 1 but for cells
        of extreme size (so that the spread of values near 1e±300 is still a number).
    sums, squares: float64[cells, 16], of ``x · unit − pivot`` and its square.
    low, high: float64[cells, 16], extremes of x.
    nonfinite: int64[cells, 16], values that were NaN or infinite and are in no other figure.
    """

    pivot: np.ndarray
    unit: np.ndarray
    sums: np.ndarray
    squares: np.ndarray
    low: np.ndarray
    high: np.ndarray
    nonfinite: np.ndarray


def open_leaf(cells: int) -> Leaf:
    """Room for one leaf of ``cells`` cells; :func:`start` makes it ready."""
    return Leaf(
        pivot=np.zeros(cells),
        unit=np.ones(cells),
        sums=np.zeros((cells, LANES)),
        squares=np.zeros((cells, LANES)),
        low=np.zeros((cells, LANES)),
        high=np.zeros((cells, LANES)),
        nonfinite=np.zeros((cells, LANES), np.int64),
    )


@kernel
def start(values: np.ndarray, leaf: Leaf) -> None:
    """Empty ``leaf`` and choose its pivots from the first 16 columns of ``values``, float64[cells, ≥ 16]."""
    leaf.sums[:] = 0.0
    leaf.squares[:] = 0.0
    leaf.low[:] = np.inf
    leaf.high[:] = -np.inf
    leaf.nonfinite[:] = 0
    first = np.empty(LANES)
    for c in range(values.shape[0]):
        kept = 0
        for r in range(LANES):
            x = values[c, r]
            if math.isfinite(x):
                at = kept
                while at > 0 and first[at - 1] > x:
                    first[at] = first[at - 1]
                    at -= 1
                first[at] = x
                kept += 1
        leaf.unit[c] = 1.0
        leaf.pivot[c] = 0.0
        if kept:
            exponent = math.frexp(max(-first[0], first[kept - 1], 0.0))[1]
            if exponent < _SMALL:
                leaf.unit[c] = 2.0 ** (_SMALL - exponent)
            leaf.pivot[c] = first[(kept - 1) // 2] * leaf.unit[c]


@kernel
def accumulate(values: np.ndarray, draws: int, leaf: Leaf) -> None:
    """Add the first ``draws`` columns, a multiple of 16, of ``values``, float64[cells, ≥ draws], to ``leaf``."""
    sums, squares = carray(stack_lanes(), LANES), carray(stack_lanes(), LANES)
    low, high = carray(stack_lanes(), LANES), carray(stack_lanes(), LANES)
    points = np.uint64(draws) // np.uint64(LANES)
    for c in range(values.shape[0]):
        row = values[c]
        pivot, unit = leaf.pivot[c], leaf.unit[c]
        for r in range(LANES):
            sums[r], squares[r] = leaf.sums[c, r], leaf.squares[c, r]
            low[r], high[r] = leaf.low[c, r], leaf.high[c, r]
        for p in range(points):
            for r in range(LANES):
                x = row[np.uint64(p * LANES + r)]
                d = x * unit - pivot
                sums[r] += d
                squares[r] += d * d
                low[r] = x if x < low[r] else low[r]
                high[r] = x if x > high[r] else high[r]
        good = True
        for r in range(LANES):
            good &= squares[r] < _LARGE
        if good:
            for r in range(LANES):
                leaf.sums[c, r], leaf.squares[c, r] = sums[r], squares[r]
                leaf.low[c, r], leaf.high[c, r] = low[r], high[r]
        else:
            _accumulate_finite(row, draws, c, leaf)


@kernel
def _accumulate_finite(row: np.ndarray, draws: int, c: int, leaf: Leaf) -> None:
    """Add one cell's row to the same sums value by value: what is not finite is counted and left out.

    Same operations in the same order, so that it matters to no bit in which tile the extreme value came.
    """
    for i in range(draws):
        x, r = row[i], i % LANES
        if not math.isfinite(x):
            leaf.nonfinite[c, r] += 1
            continue
        d = x * leaf.unit[c] - leaf.pivot[c]
        while not leaf.squares[c, r] + d * d < _LARGE:
            leaf.unit[c] *= _SHRINK
            leaf.pivot[c] *= _SHRINK
            for lane in range(LANES):
                leaf.sums[c, lane] *= _SHRINK
                leaf.squares[c, lane] *= _SHRINK * _SHRINK
            d = x * leaf.unit[c] - leaf.pivot[c]
        leaf.sums[c, r] += d
        leaf.squares[c, r] += d * d
        leaf.low[c, r] = min(x, leaf.low[c, r])
        leaf.high[c, r] = max(x, leaf.high[c, r])


def close(leaf: Leaf, draws: int) -> Node:
    """Turn the sums into moments, of ``draws`` draws in all; ``leaf`` itself can be started anew."""
    count = draws // LANES - leaf.nonfinite
    n = np.maximum(count, 1)
    offset = leaf.sums / n
    m2 = np.maximum(leaf.squares - leaf.sums * offset, 0.0)
    mean = leaf.pivot[:, None] + offset
    # TwoSum (Knuth): mean + rest is pivot + offset exactly.
    part = mean - leaf.pivot[:, None]
    rest = (leaf.pivot[:, None] - (mean - part)) + (offset - part)
    exponent = -np.frexp(leaf.unit)[1].astype(np.int32) + np.int32(1)
    empty = count == 0
    return Node(
        count,
        np.where(empty, 0.0, mean),
        np.where(empty, 0.0, rest),
        np.where(empty, 0.0, m2),
        exponent,
        leaf.low.min(axis=1) + 0.0,
        leaf.high.max(axis=1) + 0.0,
        leaf.nonfinite.copy(),
    )
