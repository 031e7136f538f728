"""Quantiles and chances from counts, for many rows at once.

A quantile is the order statistic that ``np.quantile(..., method="inverted_cdf")`` picks, found by its rank and placed
inside its bin as if the bin's values were evenly spread: never further than a bin from the truth (0.2 %), mostly much
nearer, and exact for zero, for the extremes, and in cells whose values all are their bins' edges. A cdf goes the same
way back. In rows of single replicates bins are four times as wide.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.kernels import kernel
from sim.reduce.bins import coarse, key_of, lower_edge, next_key
from sim.reduce.counts import Counts
from sim.reduce.search import count_below


def quantiles(
    counts: Counts, probabilities: np.ndarray, low: np.ndarray, high: np.ndarray, rows: np.ndarray | None = None
) -> np.ndarray:
    """Estimate quantiles of rows.

    Parameters
    ----------
    counts : Counts
        The values.
    probabilities : ndarray
        float64[q] in [0, 1] for all rows, or float64[rows, q].
    low, high : ndarray
        float64[cells], extremes of each cell, between which the estimates stay.
    rows : ndarray, optional
        int64[rows] of ``counts``; all cells unless given.

    Returns
    -------
    float64[rows, q], NaN in rows without values.
    """
    rows = np.arange(counts.cells) if rows is None else np.asarray(rows, np.int64)
    wanted = np.broadcast_to(np.asarray(probabilities, np.float64), (len(rows), np.shape(probabilities)[-1]))
    cell = cell_of(counts, rows)
    out = np.empty(wanted.shape)
    limits = np.stack([np.asarray(low)[cell], np.asarray(high)[cell]], axis=1)
    of = _Rows(rows, rows >= counts.cells, limits, counts.on_edge[cell])
    # A copy: what broadcasting gives may be read-only, which would be another type to compile for.
    _quantiles(_view(counts), of, np.array(wanted, order="C"), out)
    return out


def cdf(counts: Counts, x: np.ndarray, low: np.ndarray, high: np.ndarray, rows: np.ndarray | None = None) -> np.ndarray:
    """Share of each row's values that are at most ``x``: float64[x] for all rows, or float64[rows, x].

    0 below ``low`` and 1 from ``high`` on, exactly; NaN in rows without values and where x is NaN. Other arguments as
    in :func:`quantiles`. The chance of exceeding x is what is left to 1.
    """
    rows = np.arange(counts.cells) if rows is None else np.asarray(rows, np.int64)
    asked = np.broadcast_to(np.asarray(x, np.float64), (len(rows), np.shape(x)[-1]))
    cell = cell_of(counts, rows)
    out = np.empty(asked.shape)
    limits = np.stack([np.asarray(low)[cell], np.asarray(high)[cell]], axis=1)
    of = _Rows(rows, rows >= counts.cells, limits, counts.on_edge[cell])
    _cdf(_view(counts), of, np.array(asked, order="C"), out)
    return out


def cell_of(counts: Counts, rows: np.ndarray) -> np.ndarray:
    """Cell that each row belongs to."""
    replicated = np.repeat(counts.headline, 16)
    return np.concatenate([np.arange(counts.cells), replicated])[rows]


_View = tuple[np.ndarray, np.ndarray, np.ndarray]


class _Rows(NamedTuple):
    """Rows asked for: their numbers, whether bins are coarse, extremes and ``on_edge`` of their cells."""

    number: np.ndarray
    coarse: np.ndarray
    limits: np.ndarray
    on_edge: np.ndarray


def _view(counts: Counts) -> _View:
    return counts.row_start, counts.key, counts.count


@kernel
def _limits(key: int, coarse_bins: bool, low: float, high: float) -> tuple[float, float]:
    """Smallest and largest value that a bin can hold in a cell with these extremes."""
    if key == 0:
        return 0.0, 0.0
    near, far = lower_edge(key), lower_edge(next_key(key, coarse_bins))
    if key > 0:
        return max(near, low), min(far, high)
    return max(-far, low), min(-near, high)


@kernel
def _edge(key: int) -> float:
    """Find the value of smallest magnitude in a bin."""
    if key == 0:
        return 0.0
    return lower_edge(key) if key > 0 else -lower_edge(key)


@kernel
def _quantiles(view: _View, of: _Rows, wanted: np.ndarray, out: np.ndarray) -> None:
    row_start, keys, counts = view
    for i in range(len(of.number)):
        first, last = row_start[of.number[i]], row_start[of.number[i] + 1]
        running = _running(counts[first:last])
        low, high = of.limits[i]
        for j in range(wanted.shape[1]):
            if last == first or not 0.0 <= wanted[i, j] <= 1.0:
                out[i, j] = np.nan
                continue
            n = running[-1]
            rank = min(max(np.int64(np.ceil(n * wanted[i, j] - 1.0)), 0), n - 1)
            at = count_below(running, rank + 1)
            key = np.int64(keys[first + at])
            inside = counts[first + at]
            share = (rank - (running[at] - inside) + 0.5) / inside
            if of.on_edge[i] and not of.coarse[i]:
                out[i, j] = _edge(key)
            else:
                start, stop = _limits(key, of.coarse[i], low, high)
                out[i, j] = min(max(start + share * (stop - start), start), stop)
            # Replicates share their cell's extremes and need not reach them.
            if at == 0 and rank == 0 and key == _key_of(low, of.coarse[i]):
                out[i, j] = low
            elif rank == n - 1 and key == _key_of(high, of.coarse[i]):
                out[i, j] = high


@kernel
def _running(counts: np.ndarray) -> np.ndarray:
    """Sums of the first counts, int64[n]."""
    sums, total = np.empty(len(counts), np.int64), np.int64(0)
    for k in range(len(counts)):
        total += np.int64(counts[k])
        sums[k] = total
    return sums


@kernel
def _key_of(x: float, coarse_bins: bool) -> np.int64:
    key = key_of(np.float64(x).view(np.uint64))
    return coarse(key) if coarse_bins else key


@kernel
def _cdf(view: _View, of: _Rows, asked: np.ndarray, out: np.ndarray) -> None:
    row_start, keys, counts = view
    for i in range(len(of.number)):
        first, last = row_start[of.number[i]], row_start[of.number[i] + 1]
        running = _running(counts[first:last])
        low, high = of.limits[i]
        for j in range(asked.shape[1]):
            x = asked[i, j]
            if last == first or np.isnan(x):
                out[i, j] = np.nan
            elif x < low or x >= high:
                out[i, j] = 0.0 if x < low else 1.0
            else:
                key = _key_of(x, of.coarse[i])
                at = count_below(keys[first:last], key)
                lower = running[at - 1] if at else 0
                share = 0.0
                if at < last - first and keys[first + at] == key:
                    start, stop = _limits(key, of.coarse[i], low, high)
                    if of.on_edge[i] and not of.coarse[i]:
                        share = 1.0 if x >= _edge(key) else 0.0
                    else:
                        share = (x - start) / (stop - start) if stop > start else 1.0
                    share = min(max(share, 0.0), 1.0) * counts[first + at]
                out[i, j] = (lower + share) / running[-1]
