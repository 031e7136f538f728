"""What is left of sketches when all draws are in: sparse counts by bin, canonical and mergeable."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.kernels import bare_kernel, kernel
from sim.reduce.lanes import LANES


@dataclass(frozen=True, eq=False)
class Counts:
    """How many values of each row lie in each bin.

    The first rows are the cells, all replicates together; then 16 rows for each headline cell, one a replicate. Equal
    values give equal arrays, whatever the tiles, threads and order of merging.

    Attributes
    ----------
    row_start: int64[rows + 1]; row i has the entries ``row_start[i]`` to ``row_start[i + 1]``.
    key: int32[entries], ascending in each row: bins of :mod:`sim.reduce.bins`, signed as the values, 0 for zero; those of
        replicates are coarse.
    count: int32[entries], above 0; int64 if one of them needs it, whatever was given.
    headline: int64[h], the headline cells, ascending.
    on_edge: bool[cells], whether each value met so far is its bin's smallest magnitude, so that quantiles are exact:
        zero, integers up to 1,024, halves and quarters of smaller ones.
    """

    row_start: np.ndarray
    key: np.ndarray
    count: np.ndarray
    headline: np.ndarray
    on_edge: np.ndarray

    def __post_init__(self) -> None:
        object.__setattr__(self, "count", _narrow(self.count))

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
        found = np.empty(self.rows, np.int64)
        _totals(self.row_start, self.count, found)
        return found


def merge(a: Counts, b: Counts) -> Counts:
    """Add the values of both; exact, commutative and associative.

    Raises
    ------
    ValueError: if the two are of different cells or headline cells.
    """
    if a.cells != b.cells or not np.array_equal(a.headline, b.headline):
        raise ValueError("counts of different cells or headline cells cannot be merged")
    room = np.empty(len(a.key) + len(b.key), np.int32), np.empty(len(a.key) + len(b.key), np.int64)
    row_start = np.zeros(a.rows + 1, np.int64)
    _merge_rows((a.row_start, a.key, a.count), (b.row_start, b.key, b.count), row_start, *room)
    key, count = (part[: row_start[-1]].copy() for part in room)
    return Counts(row_start, key, count, a.headline, a.on_edge & b.on_edge)


_Rows = tuple[np.ndarray, np.ndarray, np.ndarray]


def _narrow(count: np.ndarray) -> np.ndarray:
    """32 bits each unless one needs 64: counts are most of what a run holds at its end."""
    return count.astype(np.int32 if count.max(initial=0) < 1 << 31 else np.int64, copy=False)


@kernel
def _merge_rows(a: _Rows, b: _Rows, row_start: np.ndarray, key: np.ndarray, count: np.ndarray) -> None:
    """Merge rows given as row starts, keys, counts."""
    n = 0
    for row in range(len(row_start) - 1):
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
        row_start[row + 1] = n


@bare_kernel
def _totals(row_start: np.ndarray, count: np.ndarray, found: np.ndarray) -> None:
    for row in range(len(found)):
        found[row] = 0
        for i in range(row_start[row], row_start[row + 1]):
            found[row] += count[i]
