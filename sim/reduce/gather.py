"""Counts of all cells of a batch from those that were counted: one cell may tell of several, one scenario of another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.kernels import bare_kernel
from sim.reduce.counts import Counts
from sim.reduce.lanes import LANES


def gather(counted: Sequence[Counts], sources: Sequence[np.ndarray], headline: np.ndarray) -> list[Counts]:
    """Counts of all cells of several scenarios, end to end in one memory, so that joining them copies nothing.

    Parameters
    ----------
    counted: what each scenario counted itself; the first has all that others have not.
    sources: for each scenario, cell by cell, the place in what it counted, int64[cells]; -1: as the first scenario's.
    headline: int64[h], cells that get rows of replicates; what tells of one of them has such rows.
    """
    base, first = counted[0], _rows(counted[0], sources[0], headline)
    rows = [_rows(own, source, headline) for own, source in zip(counted, sources, strict=True)]
    lengths = [
        np.where(own_rows >= 0, _lengths(own)[own_rows], _lengths(base)[first])
        for own, own_rows in zip(counted, rows, strict=True)
    ]
    total = sum(int(each.sum()) for each in lengths)
    wide = any(own.count.dtype == np.int64 for own in counted)
    key, count = np.empty(total, np.int32), np.empty(total, np.int64 if wide else np.int32)
    found, used = [], 0
    for own, own_rows, source, length in zip(counted, rows, sources, lengths, strict=True):
        row_start = np.concatenate([[0], np.cumsum(length)])
        stop = used + int(row_start[-1])
        room = key[used:stop], count[used:stop]
        _copy((base.row_start, base.key, base.count), np.where(own_rows >= 0, -1, first), row_start, *room)
        _copy((own.row_start, own.key, own.count), own_rows, row_start, *room)
        on_edge = np.where(source >= 0, np.append(own.on_edge, False)[source], base.on_edge[sources[0]])
        found.append(Counts(row_start, *room, headline, on_edge))
        used = stop
    return found


def _lengths(counts: Counts) -> np.ndarray:
    """Entries of each row, and 0 for the row -1: a scenario that touches no output has no row at all."""
    return np.append(np.diff(counts.row_start), 0)


def _rows(own: Counts, source: np.ndarray, headline: np.ndarray) -> np.ndarray:
    """Row of ``own`` for each row of all cells, -1 where it has none."""
    number = np.full(own.cells + 1, -1)
    number[own.headline] = np.arange(len(own.headline))
    at = source[headline]
    replicates = own.cells + number[at][:, None] * LANES + np.arange(LANES)
    return np.concatenate([source, np.where(at[:, None] >= 0, replicates, -1).ravel()])


@bare_kernel
def _copy(
    source: tuple[np.ndarray, np.ndarray, np.ndarray],
    rows: np.ndarray,
    row_start: np.ndarray,
    key: np.ndarray,
    count: np.ndarray,
) -> None:
    """Copy the rows ``rows`` of ``source`` (row starts, keys, counts) to where ``row_start`` tells; -1 leaves one out."""
    for row in range(len(rows)):
        if rows[row] >= 0:
            first, at = source[0][rows[row]], row_start[row]
            for i in range(row_start[row + 1] - at):
                key[at + i], count[at + i] = source[1][first + i], source[2][first + i]
