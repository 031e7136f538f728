"""Mean and variance of a leaf, for each cell and replicate: pivoted sums, point by point.

A leaf's sums run over ``x − pivot`` in the order of its points, each replicate for itself, so that no tile size (a
multiple of 16) changes a bit. The pivot is the median of the leaf's first 16 draws: near enough to the mean that the
sum of squares loses nothing to cancellation, whatever the offset, and no outlier when one comes first.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from sim.kernels import bare_kernel, inlined_kernel, inlined_lane_kernel
from sim.lanes import double, every, lanes_at, put, where
from sim.reduce.lanes import LANES, stack_lanes
from sim.reduce.node import Node, two_sum

# A leaf whose first draws are all below 2^-450 is summed in units that bring them there, lest their squares vanish;
# one in which a replicate's squares reach 2^900 goes over to units of 2^128 times the size, as often as it takes.
_SMALL = -450
_LARGE = 2.0**900
_SHRINK = 2.0**-128


SUM, SQUARE = range(2)
LOW, HIGH = range(2)
PIVOT, UNIT = range(2)


class Leaves(NamedTuple):
    """Running sums of some leaves, a row for each cell of each leaf, leaf by leaf; arrays are mutated in place.

    Attributes
    ----------
    scale: float64[rows, 2], pivot and unit; what is summed is ``x · unit − pivot``, ``unit`` a power of two, 1 but for
        cells of extreme size (so that the spread of values near 1e±300 is still a number).
    sums: float64[rows, 2, 16]: the sum of ``x · unit − pivot``, and that of its square.
    extremes: [rows, 2, 16] in the values' precision: the least and the greatest x.
    nonfinite: int64[rows, 16], values that were NaN or infinite and are in no other figure.
    """

    scale: np.ndarray
    sums: np.ndarray
    extremes: np.ndarray
    nonfinite: np.ndarray


def open_leaves(rows: int, dtype: np.dtype) -> Leaves:
    """Room for so many rows of values of type ``dtype``; :func:`start_row` makes them ready."""
    sums, extremes = np.zeros((rows, 2, LANES)), np.zeros((rows, 2, LANES), dtype)
    return Leaves(np.zeros((rows, 2)), sums, extremes, np.zeros((rows, LANES), np.int64))


@bare_kernel
def start_row(row: np.ndarray, c: int, leaf: Leaves) -> None:
    """Empty row ``c`` of ``leaf`` and choose its pivot from the first 16 of ``row``, float[≥ 16]."""
    first = stack_lanes(leaf.sums)
    kept = 0
    for r in range(LANES):
        leaf.sums[c, SUM, r] = 0.0
        leaf.sums[c, SQUARE, r] = 0.0
        leaf.extremes[c, LOW, r] = np.inf
        leaf.extremes[c, HIGH, r] = -np.inf
        leaf.nonfinite[c, r] = 0
        x = row[r]
        if math.isfinite(x):
            at = kept
            while at > 0 and first[at - 1] > x:
                first[at] = first[at - 1]
                at -= 1
            first[at] = x
            kept += 1
    leaf.scale[c, UNIT] = 1.0
    leaf.scale[c, PIVOT] = 0.0
    if kept:
        exponent = math.frexp(max(-first[0], first[kept - 1], 0.0))[1]
        if exponent < _SMALL:
            leaf.scale[c, UNIT] = 2.0 ** (_SMALL - exponent)
        leaf.scale[c, PIVOT] = first[(kept - 1) // 2] * leaf.scale[c, UNIT]


@inlined_kernel
def running(c: int, leaf: Leaves) -> Any:
    """Row ``c``'s sums and extremes so far, lanes: Σ, Σ of squares, least, greatest."""
    at = np.uint64(2 * LANES * c)
    total, square = lanes_at(leaf.sums, at + SUM * LANES), lanes_at(leaf.sums, at + SQUARE * LANES)
    return total, square, lanes_at(leaf.extremes, at + LOW * LANES), lanes_at(leaf.extremes, at + HIGH * LANES)


@inlined_lane_kernel
def add(x: Any, pivot: float, total: Any, square: Any, low: Any, high: Any) -> Any:
    """The same four with the lanes ``x`` added."""
    d = double(x) - pivot
    return total + d, square + d * d, where(x < low, x, low), where(x > high, x, high)


@inlined_kernel
def put_back(c: int, leaf: Leaves, total: Any, square: Any, low: Any, high: Any) -> bool:
    """Make these row ``c``'s sums and extremes.

    Returns False, and changes nothing, where a value was not finite, squares grow too large, or the cell is summed in
    units of another size: :func:`add_finite` can add its values.
    """
    if leaf.scale[c, UNIT] != 1.0 or not every(square < _LARGE):
        return False
    at = np.uint64(2 * LANES * c)
    put(leaf.sums, at + SUM * LANES, total)
    put(leaf.sums, at + SQUARE * LANES, square)
    put(leaf.extremes, at + LOW * LANES, low)
    put(leaf.extremes, at + HIGH * LANES, high)
    return True


@bare_kernel
def add_finite(row: np.ndarray, draws: int, c: int, leaf: Leaves) -> None:
    """Add to the same sums what is finite; the rest is counted and left out.

    Same operations in the same order, so that it matters to no bit in which tile the extreme value came.
    """
    if not _add_masked(row, draws, c, leaf):
        _add_one_by_one(row, draws, c, leaf)


@inlined_kernel
def _add_masked(row: np.ndarray, draws: int, c: int, leaf: Leaves) -> bool:
    """As :func:`add`, with nothing in place of what is not finite: 0.4 ns a value, one by one 3 (ratios to zero)."""
    if leaf.scale[c, UNIT] != 1.0:
        return False
    pivot = leaf.scale[c, PIVOT]
    total, square, missing = stack_lanes(leaf.sums), stack_lanes(leaf.sums), stack_lanes(leaf.nonfinite)
    low, high = stack_lanes(row), stack_lanes(row)
    for r in range(LANES):
        total[r], square[r], missing[r] = leaf.sums[c, SUM, r], leaf.sums[c, SQUARE, r], leaf.nonfinite[c, r]
        low[r], high[r] = leaf.extremes[c, LOW, r], leaf.extremes[c, HIGH, r]
    for p in range(np.uint64(draws) // np.uint64(LANES)):
        for r in range(LANES):
            x = row[np.uint64(p * LANES + r)]
            finite = math.isfinite(x)
            d = np.float64(x) - pivot if finite else 0.0
            total[r] += d
            square[r] += d * d
            missing[r] += 0 if finite else 1
            low[r] = x if finite and x < low[r] else low[r]
            high[r] = x if finite and x > high[r] else high[r]
    good = True
    for r in range(LANES):
        good &= square[r] < _LARGE
    if good:
        for r in range(LANES):
            leaf.sums[c, SUM, r], leaf.sums[c, SQUARE, r], leaf.nonfinite[c, r] = total[r], square[r], missing[r]
            leaf.extremes[c, LOW, r], leaf.extremes[c, HIGH, r] = low[r], high[r]
    return good


@bare_kernel
def _add_one_by_one(row: np.ndarray, draws: int, c: int, leaf: Leaves) -> None:
    for i in range(draws):
        x, r = np.float64(row[i]), i % LANES
        if not math.isfinite(x):
            leaf.nonfinite[c, r] += 1
            continue
        d = x * leaf.scale[c, UNIT] - leaf.scale[c, PIVOT]
        while not leaf.sums[c, SQUARE, r] + d * d < _LARGE:
            leaf.scale[c, UNIT] *= _SHRINK
            leaf.scale[c, PIVOT] *= _SHRINK
            for lane in range(LANES):
                leaf.sums[c, SUM, lane] *= _SHRINK
                leaf.sums[c, SQUARE, lane] *= _SHRINK * _SHRINK
            d = x * leaf.scale[c, UNIT] - leaf.scale[c, PIVOT]
        leaf.sums[c, SUM, r] += d
        leaf.sums[c, SQUARE, r] += d * d
        leaf.extremes[c, LOW, r] = min(row[i], leaf.extremes[c, LOW, r])
        leaf.extremes[c, HIGH, r] = max(row[i], leaf.extremes[c, HIGH, r])


@bare_kernel
def close(leaves: Leaves, order: np.ndarray, points: np.ndarray, nodes: Node) -> None:
    """Turn the sums of leaves of ``points``, int64[leaves], into moments, of :func:`~sim.reduce.node.stack`.

    ``order``, int64[cells], are the numbers of the cells that a leaf's rows are of. ``leaves`` can be started anew.
    """
    cells = len(order)
    for at in range(len(points) * cells):
        i, c = at // cells, order[at % cells]
        pivot = leaves.scale[at, PIVOT]
        nodes.exponent[i, c] = 1 - math.frexp(leaves.scale[at, UNIT])[1]
        low, high = np.inf, -np.inf
        for r in range(LANES):
            least, greatest = np.float64(leaves.extremes[at, LOW, r]), np.float64(leaves.extremes[at, HIGH, r])
            low, high = least if least < low else low, greatest if greatest > high else high
            missing = leaves.nonfinite[at, r]
            count = points[i] - missing
            nodes.nonfinite[i, c, r], nodes.finite[i, c, r] = missing, count
            if count == 0:
                nodes.mean[i, c, r] = nodes.rest[i, c, r] = nodes.m2[i, c, r] = 0.0
                continue
            total = leaves.sums[at, SUM, r]
            offset = total / count
            nodes.mean[i, c, r], nodes.rest[i, c, r] = two_sum(pivot, offset)
            left = leaves.sums[at, SQUARE, r] - total * offset
            nodes.m2[i, c, r] = left if left > 0.0 else 0.0
        nodes.low[i, c], nodes.high[i, c] = low + 0.0, high + 0.0  # zero has no sign
