"""Kernels that add up products of values draw by draw, [..., T], by replicate: draw d to lane d mod 16."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.kernels import bare_kernel
from sim.reduce.lanes import stack_lanes


class Tile(NamedTuple):
    """A tile of draws taken apart, f = M + r, the mean of f left out.

    Attributes
    ----------
    x, y: float64[cells, T], f(x) and f(y), centred; ``rest_x``, ``rest_y``: r(x) and r(y).
    curves_x, curves_y: float64[features, T], what M is made of.
    """

    x: np.ndarray
    y: np.ndarray
    rest_x: np.ndarray
    rest_y: np.ndarray
    curves_x: np.ndarray
    curves_y: np.ndarray


class Fit(NamedTuple):
    """M as kernels get it: see :class:`sim.study.main_effects.MainEffects`."""

    mean: np.ndarray
    weights: np.ndarray
    active: np.ndarray
    spans: np.ndarray


@bare_kernel
def powers(values: np.ndarray, out: np.ndarray) -> None:
    """Add values and squares, [cells, T], to ``out`` [2, cells, 16]."""
    for c in range(values.shape[0]):
        total, square = stack_lanes(out), stack_lanes(out)
        for r in range(16):
            total[r], square[r] = out[0, c, r], out[1, c, r]
        for b in range(np.uint64(values.shape[1]) // np.uint64(16)):
            for r in range(16):
                value = values[c, np.uint64(b * 16 + r)]
                total[r] += value
                square[r] += value * value
        for r in range(16):
            out[0, c, r], out[1, c, r] = total[r], square[r]


@bare_kernel
def squares(a: np.ndarray, h: np.ndarray, out: np.ndarray) -> None:
    """Add (a − h)², of values [cells, T], to ``out`` [cells, 16]."""
    for c in range(a.shape[0]):
        total = stack_lanes(out)
        for r in range(16):
            total[r] = out[c, r]
        for b in range(np.uint64(a.shape[1]) // np.uint64(16)):
            for r in range(16):
                step = a[c, np.uint64(b * 16 + r)] - h[c, np.uint64(b * 16 + r)]
                total[r] += step * step
        for r in range(16):
            out[c, r] = total[r]


@bare_kernel
def products(a: np.ndarray, b: np.ndarray, h: np.ndarray, out: np.ndarray) -> None:
    """Add a (h − b) and (a − h)², of values [cells, T], to ``out`` [2, cells, 16]."""
    for c in range(a.shape[0]):
        for first in range(0, np.uint64(a.shape[1]), 16):
            for r in range(16):
                i = np.uint64(first + r)
                step = a[c, i] - h[c, i]
                out[0, c, r] += a[c, i] * (h[c, i] - b[c, i])
                out[1, c, r] += step * step


@bare_kernel
def split(fit: Fit, curves: np.ndarray, values: np.ndarray) -> None:
    """Take the mean and M off ``values`` [cells, T], which leaves r."""
    for c in range(values.shape[0]):
        for b in range(np.uint64(values.shape[1]) // np.uint64(16)):
            rest = stack_lanes(values)
            for r in range(16):
                rest[r] = values[c, np.uint64(b * 16 + r)] - fit.mean[c]
            for group in range(len(fit.spans)):
                if fit.active[c, group]:
                    for k in range(np.uint64(fit.spans[group, 0]), np.uint64(fit.spans[group, 1])):
                        for r in range(16):
                            rest[r] -= fit.weights[c, k, r] * curves[k, np.uint64(b * 16 + r)]
            for r in range(16):
                values[c, np.uint64(b * 16 + r)] = rest[r]


@bare_kernel
def known(fit: Fit, curves: np.ndarray, rest: np.ndarray, out: np.ndarray) -> None:
    """Add m² + 2 m r of each group, with r in ``rest`` [cells, T], to ``out`` [groups, cells, 16]."""
    for c in range(rest.shape[0]):
        for group in range(len(fit.spans)):
            if not fit.active[c, group]:
                continue
            total = stack_lanes(rest)
            for r in range(16):
                total[r] = out[group, c, r]
            for b in range(np.uint64(rest.shape[1]) // np.uint64(16)):
                m = stack_lanes(rest)
                for r in range(16):
                    m[r] = 0.0
                for k in range(np.uint64(fit.spans[group, 0]), np.uint64(fit.spans[group, 1])):
                    for r in range(16):
                        m[r] += fit.weights[c, k, r] * curves[k, np.uint64(b * 16 + r)]
                for r in range(16):
                    total[r] += m[r] * (m[r] + 2.0 * rest[c, np.uint64(b * 16 + r)])
            for r in range(16):
                out[group, c, r] = total[r]


@bare_kernel
def moved_alone(
    x: np.ndarray, outputs: np.ndarray, rows: np.ndarray, centre: np.ndarray, cells: np.ndarray, moved: np.ndarray
) -> None:
    """Add (x − h)² of ``cells`` to ``moved`` [cells, 16], h being the kernel's ``outputs`` less ``centre``."""
    per = np.uint64(outputs.shape[2]) // np.uint64(16)
    for c in cells:
        for b in range(np.uint64(x.shape[1]) // np.uint64(16)):
            piece, at = b // per, b % per * np.uint64(16)
            for r in range(16):
                h = np.float64(outputs[piece, rows[c], np.uint64(at + r)]) - centre[c]
                step = x[c, np.uint64(b * 16 + r)] - h
                moved[c, r] += step * step


@bare_kernel
def moved_all(
    tile: Tile,
    seen: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray],
    fit: Fit,
    group: int,
    moved: np.ndarray,
    shared: np.ndarray,
    left: np.ndarray,
) -> None:
    """Add all sums of a player that shares y_g with f(y), as of :class:`sim.study.pickfreeze.Sums`, in one go.

    ``seen``: the kernel's outputs with the player's inputs drawn anew; their rows and centres; the cells to look at.
    """
    outputs, rows, centre, cells = seen
    per = np.uint64(outputs.shape[2]) // np.uint64(16)
    for c in cells:
        square, product, other, kept = stack_lanes(moved), stack_lanes(moved), stack_lanes(moved), stack_lanes(moved)
        step = stack_lanes(moved)
        for r in range(16):
            square[r], product[r], other[r], kept[r] = moved[c, r], shared[0, c, r], shared[1, c, r], left[c, r]
        for b in range(np.uint64(tile.x.shape[1]) // np.uint64(16)):
            piece, at = b // per, b % per * np.uint64(16)
            for r in range(16):
                h = np.float64(outputs[piece, rows[c], np.uint64(at + r)]) - centre[c]
                step[r] = tile.x[c, np.uint64(b * 16 + r)] - h
            if fit.active[c, group]:
                for k in range(np.uint64(fit.spans[group, 0]), np.uint64(fit.spans[group, 1])):
                    for r in range(16):
                        i = np.uint64(b * 16 + r)
                        step[r] += fit.weights[c, k, r] * (tile.curves_y[k, i] - tile.curves_x[k, i])
            for r in range(16):
                x, y = tile.rest_x[c, np.uint64(b * 16 + r)], tile.rest_y[c, np.uint64(b * 16 + r)]
                apart = y - x + step[r]
                square[r] += step[r] * step[r]
                product[r] -= y * step[r]
                other[r] += apart * apart
                kept[r] -= x * apart
        for r in range(16):
            moved[c, r], shared[0, c, r], shared[1, c, r], left[c, r] = square[r], product[r], other[r], kept[r]
