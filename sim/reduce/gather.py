"""Counts of all cells of a batch from those that were counted: one cell may tell of several, one scenario of another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.kernels import bare_kernel
from sim.reduce.counts import Counts
from sim.reduce.lanes import LANES


def gather(counted: list[Counts], sources: Sequence[np.ndarray], headline: np.ndarray) -> list[Counts]:
    """Counts of all cells of several scenarios, end to end in one memory, so that joining them copies nothing.

    Parameters
    ----------
    counted: what each scenario counted itself; the first has all that others have not. The list is emptied on the way:
        memory is at its peak here, and what has been copied is let go of.
    sources: for each scenario, cell by cell, the place in what it counted, int64[cells]; -1: as the first scenario's.
    headline: int64[h], cells that get rows of replicates; what tells of one of them has such rows.
    """
    base, first = counted[0], _rows(counted[0], sources[0], headline)
    rows = [_rows(own, source, headline) for own, source in zip(counted, sources, strict=True)]
    lengths = [
        np.where(own_rows >= 0, _lengths(own)[own_rows], _lengths(base)[first])
        for own, own_rows in zip(counted, rows, strict=True)
    ]
    on_edge = [
        np.where(source >= 0, np.append(own.on_edge, False)[source], base.on_edge[sources[0]])
        for own, source in zip(counted, sources, strict=True)
    ]
    row_starts = [np.concatenate([[0], np.cumsum(length)]) for length in lengths]
    starts, keys, counts = ([getattr(own, name) for own in counted] for name in ("row_start", "key", "count"))
    counted.clear()
    del base
    places = list(zip(starts, rows, row_starts, strict=True))
    found = zip(row_starts, _end_to_end(keys, places, first), _end_to_end(counts, places, first), on_edge, strict=True)
    return [Counts(row_start, key, count, headline, edge) for row_start, key, count, edge in found]


def _end_to_end(
    arrays: list[np.ndarray], places: Sequence[tuple[np.ndarray, np.ndarray, np.ndarray]], first: np.ndarray
) -> list[np.ndarray]:
    """One of the arrays of each scenario, gathered; ``arrays`` is emptied.

    ``places`` are, for each scenario, its row starts, its row for each row of all cells, and where that one starts.
    """
    total = sum(int(row_start[-1]) for _, _, row_start in places)
    room = np.empty(total, max((array.dtype for array in arrays), key=lambda dtype: dtype.itemsize))
    found, used = [], 0
    base = arrays[0]
    arrays.reverse()
    for start, rows, row_start in places:
        stop = used + int(row_start[-1])
        copy_rows(places[0][0], base, np.where(rows >= 0, -1, first), row_start, room[used:stop])
        copy_rows(start, arrays.pop(), rows, row_start, room[used:stop])
        found.append(room[used:stop])
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
def copy_rows(start: np.ndarray, values: np.ndarray, rows: np.ndarray, row_start: np.ndarray, room: np.ndarray) -> None:
    """Copy the rows ``rows`` of ``values``, which start at ``start``, to where ``row_start`` tells; -1 leaves one out."""
    for row in range(len(rows)):
        if rows[row] >= 0:
            first, at = start[rows[row]], row_start[row]
            for i in range(row_start[row + 1] - at):
                room[at + i] = values[first + i]
