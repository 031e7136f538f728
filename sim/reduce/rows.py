"""Rows of counts as quantiles and chances walk over them: whose they are, and what a bin of theirs can hold."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.kernels import kernel
from sim.reduce.bins import coarse, key_of, lower_edge, next_key
from sim.reduce.counts import Counts
from sim.reduce.lanes import LANES

View = tuple[np.ndarray, np.ndarray, np.ndarray]


class Rows(NamedTuple):
    """Rows asked for: their numbers and cells, whether bins are coarse, extremes and ``on_edge`` of their cells."""

    number: np.ndarray
    cell: np.ndarray
    coarse: np.ndarray
    limits: np.ndarray
    on_edge: np.ndarray


def rows_of(counts: Counts, low: np.ndarray, high: np.ndarray, rows: np.ndarray | None) -> Rows:
    """``rows`` of all cells, whose extremes are ``low`` and ``high``; the cells' own unless given."""
    number = np.arange(counts.cells) if rows is None else np.asarray(rows, np.int64)
    cell = cell_of(counts, number)
    extremes = np.stack([np.asarray(low)[cell], np.asarray(high)[cell]], axis=1)
    return Rows(number, cell, number >= counts.cells, extremes, counts.on_edge[cell])


def view_of(counts: Counts) -> View:
    """What kernels read of ``counts``: where rows start, their bins and how many values those hold."""
    return counts.row_start, counts.key, counts.count


def cell_of(counts: Counts, rows: np.ndarray) -> np.ndarray:
    """Cell that each row belongs to."""
    replicated = np.repeat(counts.headline, LANES)
    return np.concatenate([np.arange(counts.cells), replicated])[rows]


@kernel
def limits(key: int, coarse_bins: bool, low: float, high: float) -> tuple[float, float]:
    """Smallest and largest value that a bin can hold in a cell with these extremes."""
    if key == 0:
        return 0.0, 0.0
    near, far = lower_edge(key), lower_edge(next_key(key, coarse_bins))
    if key > 0:
        return max(near, low), min(far, high)
    return max(-far, low), min(-near, high)


@kernel
def edge(key: int) -> float:
    """Find the value of smallest magnitude in a bin."""
    if key == 0:
        return 0.0
    return lower_edge(key) if key > 0 else -lower_edge(key)


@kernel
def running_sums(counts: np.ndarray) -> np.ndarray:
    """Sums of the first counts, int64[n]."""
    sums, total = np.empty(len(counts), np.int64), np.int64(0)
    for k in range(len(counts)):
        total += np.int64(counts[k])
        sums[k] = total
    return sums


@kernel
def bin_of(x: float, coarse_bins: bool) -> np.int64:
    """Key of the bin that ``x`` lies in."""
    key = key_of(np.float64(x).view(np.uint64))
    return coarse(key) if coarse_bins else key
