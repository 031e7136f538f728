"""What all threads' sketches hold, as counts of all cells: one cell may tell of several, one scenario of another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from sim.reduce.counts import Counts
from sim.reduce.ending import Kind, fill, kinds_of, lengths
from sim.reduce.gather import copy_rows
from sim.reduce.sketch import Sketch, together


def combine(sketches: Iterable[Sketch]) -> Counts:
    """Count all values of several sketches of the same cells; the sketches can go on afterwards.

    Raises
    ------
    ValueError: if there is no sketch, or two differ in cells or headline cells.
    """
    parts = list(sketches)
    if not parts:
        raise ValueError("there is no sketch to combine; give at least one")
    cells, headline = parts[0].cells, parts[0].headline
    if any(part.cells != cells or not np.array_equal(part.headline, headline) for part in parts):
        raise ValueError("sketches of different cells or headline cells cannot be combined")
    return combine_all([parts], [np.arange(cells)], np.flatnonzero(headline))[0]


def combine_all(
    groups: Sequence[list[Sketch]], sources: Sequence[np.ndarray], headline: np.ndarray, threads: int = 1
) -> list[Counts]:
    """Counts of all cells of several scenarios, end to end in one memory, so that joining them copies nothing.

    Parameters
    ----------
    groups: all threads' sketches of each scenario. The lists are emptied: memory is at its peak here, and threads' own
        sketches are let go of once there is one of all, that one once it has been written out.
    sources: for each scenario, cell by cell, the place among what it counted, int64[cells]; -1: as the first scenario's,
        which has all cells that others have not.
    headline: int64[h], cells that get rows of replicates; what tells of one of them has such rows.
    threads: how many share the work.
    """
    kinds: list[tuple[Kind, Kind]] = []
    on_edge: list[np.ndarray] = []
    wide = False
    for group, source in zip(groups, sources, strict=True):
        sketches = together(group, threads)
        group.clear()
        kinds.append(kinds_of(sketches, source, headline))
        of_own = np.append(np.logical_and.reduce([sketch.on_edge for sketch in sketches]), False)[source]
        on_edge.append(np.where(source >= 0, of_own, on_edge[0]) if on_edge else of_own)
        wide |= sum(sketch.draws for sketch in sketches) >= 1 << 31
    own = [lengths(each, threads) for each in kinds]
    kinds.reverse()
    row_starts = [np.concatenate([[0], np.cumsum(np.where(rows < 0, own[0], rows))]) for rows in own]
    total = sum(int(row_start[-1]) for row_start in row_starts)
    keys: np.ndarray = np.empty(total, np.int32)
    counts: np.ndarray = np.empty(total, np.int64 if wide else np.int32)
    found: list[Counts] = []
    stop = 0
    for s, (rows, row_start) in enumerate(zip(own, row_starts, strict=True)):
        start, stop = stop, stop + int(row_start[-1])
        key, count = keys[start:stop], counts[start:stop]
        fill(kinds.pop(), row_start, key, count, threads)
        if found:
            others = np.where(rows < 0, np.arange(len(rows)), -1)
            for values, room in ((found[0].key, key), (found[0].count, count)):
                copy_rows(found[0].row_start, values, others, row_start, room)
        found.append(Counts(row_start, key, count, headline, on_edge[s]))
    return found
