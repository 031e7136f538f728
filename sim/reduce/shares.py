"""Chances from counts, for many rows at once.

Values are taken for evenly spread within their bin, 0.2 % of themselves wide, unless more is known of them: that all of a
cell's are their bins' edges, or what share of a bin's lies below. :func:`lumps` tells where that matters.
"""

from __future__ import annotations

import numpy as np

from sim.kernels import kernel
from sim.reduce.bins import MAGNITUDE, ONE, SHIFT, coarse, next_key
from sim.reduce.counts import Counts
from sim.reduce.rows import Rows, View, bin_of, edge, limits, rows_of, running_sums, view_of
from sim.reduce.search import count_below


def cdf(
    counts: Counts,
    x: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    rows: np.ndarray | None = None,
    inside: np.ndarray | None = None,
) -> np.ndarray:
    """Share of each row's values that are at most ``x``: float64[x] for all rows, or float64[rows, x].

    0 below ``low`` and 1 from ``high`` on, exactly; NaN in rows without values and where x is NaN. Other arguments as
    in :func:`quantiles`. The chance of exceeding x is what is left to 1.

    ``inside``, float64[cells, x], tells what share of a cell's values in x's bin are at most x where that is known, of
    :func:`lumps` for one, NaN elsewhere; replicates have it from all draws of their cell together then.
    """
    of = rows_of(counts, low, high, rows)
    asked = np.broadcast_to(np.asarray(x, np.float64), (len(of.number), np.shape(x)[-1]))
    known = np.empty((0, 0)) if inside is None else np.array(inside, np.float64, order="C")
    out = np.empty(asked.shape)
    _cdf(view_of(counts), of, np.array(asked, order="C"), known, out)
    return out


def lumps(counts: Counts, x: np.ndarray) -> np.ndarray:
    """Whether a value repeats in the bin of ``x``, float64[x], of each cell: bool[cells, x].

    It holds far more then than the bins beside it, where a density would change by a hundredth. Cells whose values are
    all their bins' edges are exact as they are.
    """
    out = np.zeros((counts.cells, len(x)), np.bool_)
    _lumps(view_of(counts), counts.on_edge, np.array(x, np.float64), out)
    return out


def keys(values: np.ndarray) -> np.ndarray:
    """Bins of finite ``values``, int64[...], see :mod:`sim.reduce.bins`; anything for others."""
    bits = np.asarray(values, np.float64).view(np.uint64)
    magnitude = np.maximum((bits >> SHIFT) & MAGNITUDE, ONE).astype(np.int64)
    return np.where(values == 0, 0, np.where(np.signbit(values), -magnitude, magnitude))


@kernel
def _cdf(view: View, of: Rows, asked: np.ndarray, known: np.ndarray, out: np.ndarray) -> None:
    row_start, keys, counts = view
    for i in range(len(of.number)):
        first, last = row_start[of.number[i]], row_start[of.number[i] + 1]
        running = running_sums(counts[first:last])
        low, high = of.limits[i]
        for j in range(asked.shape[1]):
            x = asked[i, j]
            if last == first or np.isnan(x):
                out[i, j] = np.nan
            elif x < low or x >= high:
                out[i, j] = 0.0 if x < low else 1.0
            else:
                key = bin_of(x, of.coarse[i])
                at = count_below(keys[first:last], key)
                lower = running[at - 1] if at else 0
                share = 0.0
                if at < last - first and keys[first + at] == key:
                    told = known[of.cell[i], j] if len(known) else np.nan
                    share = _inside(view, of, i, key, x, told, len(known) > 0) * counts[first + at]
                out[i, j] = (lower + share) / running[-1]


@kernel
def _inside(view: View, of: Rows, i: int, key: int, x: float, told: float, pooled: bool) -> float:
    """Share of the values in the bin ``key`` of row i, that of ``x``, that are at most x.

    ``told`` is what is known of the fine bin, NaN where nothing is; ``pooled``: replicates have it from their cell's bins.
    """
    exact = of.on_edge[i] or not np.isnan(told)
    if of.coarse[i] and exact and pooled:
        return _of_pooled(view, of.cell[i], key, x, told)
    if not of.coarse[i] and not np.isnan(told):
        return told
    if not of.coarse[i] and of.on_edge[i]:
        return 1.0 if x >= edge(key) else 0.0
    start, stop = limits(key, of.coarse[i], of.limits[i, 0], of.limits[i, 1])
    return min(max((x - start) / (stop - start), 0.0), 1.0) if stop > start else 1.0


@kernel
def _of_pooled(view: View, cell: int, key: int, x: float, told: float) -> float:
    """The same of a coarse bin, by the fine ones of all the cell's draws; ``told`` as of a cell on edges where NaN."""
    row_start, keys, counts = view
    first, last = row_start[cell], row_start[cell + 1]
    least = key if key >= 0 else 1 - next_key(key, True)
    fine, below, total = bin_of(x, False), 0.0, 0.0
    for at in range(first + count_below(keys[first:last], least), last):
        if coarse(keys[at]) != key:
            break
        total += counts[at]
        if keys[at] < fine:
            below += counts[at]
        elif keys[at] == fine:
            below += counts[at] * ((1.0 if x >= edge(fine) else 0.0) if np.isnan(told) else told)
    return below / total


@kernel
def _lumps(view: View, on_edge: np.ndarray, x: np.ndarray, out: np.ndarray) -> None:
    row_start, keys, counts = view
    for cell in range(len(out)):
        first, last = row_start[cell], row_start[cell + 1]
        for j in range(len(x)):
            if on_edge[cell] or np.isnan(x[j]):
                continue
            key = bin_of(x[j], False)
            at = first + count_below(keys[first:last], key)
            if at == last or keys[at] != key:
                continue
            beside = 0.0
            if at > first and keys[at - 1] == key - 1:
                beside = float(counts[at - 1])
            if at + 1 < last and keys[at + 1] == key + 1:
                beside = max(beside, float(counts[at + 1]))
            held = float(counts[at])
            out[cell, j] = held > 1.1 * beside + 6.0 * np.sqrt(held) + 3.0
