"""Quantiles from counts, for many rows at once.

A quantile is the order statistic that ``np.quantile(..., method="inverted_cdf")`` picks, found by its rank and placed
inside its bin as if the bin's values were evenly spread: never further than a bin from the truth (0.2 %), mostly much
nearer, and exact for zero, for the extremes, and in cells whose values all are their bins' edges. :mod:`sim.reduce.shares`
goes the same way back. In rows of single replicates bins are four times as wide.
"""

from __future__ import annotations

import numpy as np

from sim.kernels import kernel
from sim.reduce.counts import Counts
from sim.reduce.rows import Rows, View, bin_of, edge, limits, rows_of, running_sums, view_of
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
    of = rows_of(counts, low, high, rows)
    wanted = np.broadcast_to(np.asarray(probabilities, np.float64), (len(of.number), np.shape(probabilities)[-1]))
    out = np.empty(wanted.shape)
    # A copy: what broadcasting gives may be read-only, which would be another type to compile for.
    _quantiles(view_of(counts), of, np.array(wanted, order="C"), out)
    return out


@kernel
def _quantiles(view: View, of: Rows, wanted: np.ndarray, out: np.ndarray) -> None:
    row_start, keys, counts = view
    for i in range(len(of.number)):
        first, last = row_start[of.number[i]], row_start[of.number[i] + 1]
        running = running_sums(counts[first:last])
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
                out[i, j] = edge(key)
            else:
                start, stop = limits(key, of.coarse[i], low, high)
                out[i, j] = min(max(start + share * (stop - start), start), stop)
            # Replicates share their cell's extremes and need not reach them.
            if at == 0 and rank == 0 and key == bin_of(low, of.coarse[i]):
                out[i, j] = low
            elif rank == n - 1 and key == bin_of(high, of.coarse[i]):
                out[i, j] = high
