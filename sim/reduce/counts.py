"""What is left of sketches when all draws are in: sparse counts by bin, canonical and mergeable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.kernels import kernel
from sim.reduce.bins import entry_cell, entry_key, merge_entries
from sim.reduce.lanes import LANES
from sim.reduce.sketch import Sketch

# Cells brought together at a time: what is held twice stays small.
_BLOCK = 32


@dataclass(frozen=True, eq=False)
class Counts:
    """How many values of each row lie in each bin.

    The first rows are the cells, all replicates together; then 16 rows for each headline cell, one a replicate. Equal
    values give equal arrays, whatever the tiles, threads and order of merging.

    Attributes
    ----------
    row_start: int64[rows + 1]; row i has the entries ``row_start[i]`` to ``row_start[i + 1]``.
    key: int32[entries], ascending in each row: bins of :mod:`sim.reduce.bins`, signed as the values, 0 for zero.
    count: int64[entries], above 0.
    headline: int64[h], the headline cells, ascending.
    on_edge: bool[cells], whether each value met so far is its bin's smallest magnitude, so that quantiles are exact:
        zero, integers up to 1,024, halves and quarters of smaller ones.
    """

    row_start: np.ndarray
    key: np.ndarray
    count: np.ndarray
    headline: np.ndarray
    on_edge: np.ndarray

    @property
    def cells(self) -> int:
        """Number of cells."""
        return len(self.on_edge)

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.row_start) - 1

    def replicates(self) -> np.ndarray:
        """Rows of the headline cells' replicates, int64[h, 16]."""
        return self.cells + np.arange(self.rows - self.cells).reshape(-1, LANES)

    def totals(self) -> np.ndarray:
        """How many values each row holds, int64[rows]."""
        running = np.concatenate([np.zeros(1, np.int64), np.cumsum(self.count)])
        return running[self.row_start[1:]] - running[self.row_start[:-1]]


def empty(cells: int, headline: np.ndarray | None = None) -> Counts:
    """Make the Counts of no draws; ``headline`` is bool[cells], none if left out."""
    return combine([Sketch(cells, headline)])


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
    on_edge = np.logical_and.reduce([part.on_edge for part in parts])
    pooled, replicates = [], []
    for first in range(0, cells, _BLOCK):
        last = min(first + _BLOCK, cells)
        codes, counts = parts[0].entries(first, last)
        for part in parts[1:]:
            codes, counts = merge_entries(codes, counts, *part.entries(first, last))
        pooled.append(_pooled(codes, counts, first, last))
        if headline[first:last].any():
            replicates.append(_by_replicate(codes, counts, first, headline[first:last]))
    return _joined(pooled + replicates, np.flatnonzero(headline), on_edge)


def merge(a: Counts, b: Counts) -> Counts:
    """Add the values of both; exact, commutative and associative.

    Raises
    ------
    ValueError: if the two are of different cells or headline cells.
    """
    if a.cells != b.cells or not np.array_equal(a.headline, b.headline):
        raise ValueError("counts of different cells or headline cells cannot be merged")
    return _joined([_merge_rows(a, b)], a.headline, a.on_edge & b.on_edge)


_Part = tuple[np.ndarray, np.ndarray, np.ndarray]


def _joined(parts: Sequence[_Part], headline: np.ndarray, on_edge: np.ndarray) -> Counts:
    """One Counts of consecutive blocks of rows, each given as entries a row, keys, counts."""
    per_row = np.concatenate([np.zeros(1, np.int64), *(part[0] for part in parts)])
    key = np.concatenate([np.empty(0, np.int32), *(part[1] for part in parts)])
    count = np.concatenate([np.empty(0, np.int64), *(part[2] for part in parts)])
    return Counts(np.cumsum(per_row), key, count, headline.astype(np.int64), on_edge)


def _merge_rows(a: Counts, b: Counts) -> _Part:
    """All rows of both, row by row."""
    per_row, key, count = _merge_rows_kernel(
        (a.row_start, a.key, a.count), (b.row_start, b.key, b.count), np.empty(len(a.key) + len(b.key), np.int32)
    )
    return per_row, key, count


@kernel
def _merge_rows_kernel(a: _Part, b: _Part, key: np.ndarray) -> _Part:
    per_row = np.zeros(len(a[0]) - 1, np.int64)
    count = np.empty(len(key), np.int64)
    n = 0
    for row in range(len(per_row)):
        before = n
        i, j = a[0][row], b[0][row]
        while i < a[0][row + 1] or j < b[0][row + 1]:
            if j == b[0][row + 1] or (i < a[0][row + 1] and a[1][i] <= b[1][j]):
                key[n], count[n] = a[1][i], a[2][i]
                if j < b[0][row + 1] and a[1][i] == b[1][j]:
                    count[n] += b[2][j]
                    j += 1
                i += 1
            else:
                key[n], count[n] = b[1][j], b[2][j]
                j += 1
            n += 1
        per_row[row] = n - before
    return per_row, key[:n].copy(), count[:n].copy()


@kernel
def _pooled(codes: np.ndarray, counts: np.ndarray, first: int, last: int) -> _Part:
    """Rows of cells ``first`` to ``last`` (left out) from sorted entries, replicates added up."""
    per_row = np.zeros(last - first, np.int64)
    key, count = np.empty(len(codes), np.int32), np.empty(len(codes), np.int64)
    n = 0
    for i in range(len(codes)):
        if i and codes[i] >> 4 == codes[i - 1] >> 4:
            count[n - 1] += counts[i]
        else:
            per_row[entry_cell(codes[i]) - first] += 1
            key[n], count[n] = entry_key(codes[i]), counts[i]
            n += 1
    return per_row, key[:n].copy(), count[:n].copy()


@kernel
def _by_replicate(codes: np.ndarray, counts: np.ndarray, first: int, headline: np.ndarray) -> _Part:
    """Sixteen rows for each headline cell of a block that starts at ``first``, from sorted entries."""
    row_of = np.cumsum(headline) - 1
    per_row = np.zeros(LANES * headline.sum(), np.int64)
    for code in codes:
        c = entry_cell(code) - first
        if headline[c]:
            per_row[LANES * row_of[c] + (code & (LANES - 1))] += 1
    at = np.cumsum(per_row) - per_row
    key, count = np.empty(per_row.sum(), np.int32), np.empty(per_row.sum(), np.int64)
    for i in range(len(codes)):
        c = entry_cell(codes[i]) - first
        if headline[c]:
            row = LANES * row_of[c] + (codes[i] & (LANES - 1))
            key[at[row]], count[at[row]] = entry_key(codes[i]), counts[i]
            at[row] += 1
    return per_row, key, count
