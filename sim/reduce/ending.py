"""From counters to rows of counts: first how long each row is, then its entries in their place, cells shared among threads.

A row's entries are those of its counters that hold something, in the order of their keys, with what has no counter merged
in.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from sim.reduce.bins import merge_entries
from sim.reduce.lanes import LANES
from sim.reduce.places import entries_of
from sim.reduce.sketch import Sketch
from sim.reduce.writing import Kind, fill_rows, row_lengths
from sim.threads import in_parts

_Entries = tuple[np.ndarray, np.ndarray]


def kinds_of(sketches: list[Sketch], source: np.ndarray, headline: np.ndarray) -> tuple[Kind, Kind]:
    """Rows of all cells, and of those ``headline`` (int64[h]) by replicate, from sketches of the same own cells.

    ``source``, int64[cells], is the own cell that tells of each, -1 for none. Sketches beyond the first are taken for what
    has no counter.
    """
    first, *others = sketches
    pooled, replicates = first.without_counters()
    for other in others:
        outside, outside_r = other.without_counters()
        dense, dense_r = (
            entries_of(other.windows, counters, cells, lanes, 1) for _, counters, cells, lanes in other.kinds
        )
        pooled = merge_entries(*pooled, *merge_entries(*outside, *dense))
        replicates = merge_entries(*replicates, *merge_entries(*outside_r, *dense_r))
    number = np.full(first.cells + 1, -1)  # the last for -1
    number[:-1][first.headline] = np.arange(first.headline.sum())
    own = source[headline]
    return (
        Kind(first.windows, first.counters, *pooled, source, source, 1),
        Kind(first.windows, first.counters_r, *replicates, own, number[own], LANES),
    )


def lengths(kinds: tuple[Kind, Kind], threads: int) -> np.ndarray:
    """How many entries each row has, int64[rows]; -1 for rows that are left out."""
    found = [np.full(len(kind.cell) * kind.lanes, -1) for kind in kinds]
    for kind, of_kind in zip(kinds, found, strict=True):
        in_parts(partial(row_lengths, kind, of_kind), len(kind.cell), threads)
    return np.concatenate(found)


def fill(kinds: tuple[Kind, Kind], row_start: np.ndarray, key: np.ndarray, count: np.ndarray, threads: int) -> None:
    """Write the entries of each row where ``row_start``, int64[rows + 1], has its place in ``key`` and ``count``."""
    row = 0
    for kind in kinds:
        rows = len(kind.cell) * kind.lanes
        in_parts(partial(fill_rows, kind, row_start[row : row + rows + 1], key, count), len(kind.cell), threads)
        row += rows
