"""Features of single inputs: curves that main effects are put together of, piecewise linear between quantiles.

They only help: whatever is taken off an answer with them is put back, so that a poor fit costs accuracy and no bias.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.polynomial import legendre

from sim.kernels import bare_kernel

KNOTS = 33
FEW = 16
"""Values of an input up to which each has a feature of its own."""
DEGREE = 3
MOST = 512
ROOM = 100_000
"""Features times cells, at most: their coefficients are to stay in the cache."""


class Table(NamedTuple):
    """Features as a kernel gets them.

    Attributes
    ----------
    rows: int64[inputs], rows of the model's inputs; feature ``first[i]`` to ``first[i + 1]`` are of ``rows[i]``.
    knots: float64[inputs, 33], ascending, of which the first ``used`` are in use.
    values: float64[features, 33], at the knots.
    """

    rows: np.ndarray
    first: np.ndarray
    knots: np.ndarray
    used: np.ndarray
    values: np.ndarray


@dataclass(frozen=True)
class Curves:
    """Features of the inputs of some groups.

    Attributes
    ----------
    table: the features.
    spans: int64[groups, 2], from which feature to which a group's go.
    """

    table: Table
    spans: np.ndarray

    @property
    def size(self) -> int:
        """Number of features."""
        return len(self.table.values)

    def at(self, inputs: np.ndarray) -> np.ndarray:
        """The features of float64[inputs, T], float64[features, T]."""
        found = np.empty((self.size, inputs.shape[1]))
        fill(inputs, self.table, found)
        return found

    def less(self, mean: np.ndarray) -> Curves:
        """The same features less numbers of their own, float64[features]."""
        return replace(self, table=self.table._replace(values=self.table.values - mean[:, None]))

    def only(self, groups: np.ndarray) -> Curves:
        """The same with nothing filled in for groups that bool[groups] leaves out: numbers of no meaning."""
        used = self.table.used.copy()
        starts = self.table.first[:-1]
        for wanted, (start, stop) in zip(groups, self.spans, strict=True):
            if not wanted:
                used[(starts >= start) & (starts < stop)] = 0
        return replace(self, table=self.table._replace(used=used))


def curves(sample: np.ndarray, groups: Sequence[Sequence[int]], cells: int, draws: int) -> Curves:
    """Features, as many as ``draws`` can tell of; none where there are too many inputs or cells.

    Parameters
    ----------
    sample: float64[inputs, n], draws of all inputs.
    groups: rows of the inputs of each group.
    cells: how many answers are taken apart.
    draws: how many there will be to fit them to.
    """
    most = min(MOST, draws // 2, ROOM // max(cells, 1))
    whole = {row: np.unique(sample[row], return_counts=True) for rows in groups for row in rows}
    for degree in range(DEGREE, -1, -1):
        sizes = {row: _size(len(values), degree) for row, (values, _) in whole.items()}
        if degree == 0 or sum(sizes.values()) <= most:
            break
    rows = [row for members in groups for row in members]
    first = np.concatenate([[0], np.cumsum([sizes[row] for row in rows], dtype=np.int64)]).astype(np.int64)
    knots, values = np.zeros((len(rows), KNOTS)), np.zeros((int(first[-1]), KNOTS))
    used = np.zeros(len(rows), np.int64)
    for i, row in enumerate(rows):
        if sizes[row]:
            at, level = _knots(*whole[row])
            used[i], knots[i, : len(at)] = len(at), at
            values[first[i] : first[i + 1], : len(at)] = _features(level, sizes[row], len(whole[row][0]) <= FEW)
    ends = np.cumsum([0, *map(len, groups)])
    table = Table(np.array(rows, np.int64), first, knots, used, values)
    return _scaled(Curves(table, np.stack([first[ends[:-1]], first[ends[1:]]], axis=1)), sample)


def _size(distinct: int, degree: int) -> int:
    """Number of features of an input of so many values."""
    if degree == 0 or distinct < 2:
        return 0
    return distinct - 1 if distinct <= FEW else degree


def _knots(values: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Some of an input's values, and the share of draws below each, half of its own among them."""
    level = (np.cumsum(counts) - counts / 2.0) / counts.sum()
    if len(values) <= FEW:
        return values, level
    at = np.unique(np.searchsorted(level, np.linspace(0.0, 1.0, KNOTS)).clip(0, len(values) - 1))
    return values[at], level[at]


def _features(level: np.ndarray, size: int, few: bool) -> np.ndarray:
    """Values at the knots: one of a single value each, or Legendre polynomials of the level."""
    return np.eye(len(level))[1:] if few else legendre.legvander(2.0 * level - 1.0, size).T[1:]


def _scaled(made: Curves, sample: np.ndarray) -> Curves:
    """Of mean 0 and variance 1 in the sample."""
    if not made.size:
        return made
    found = made.at(np.ascontiguousarray(sample))
    spread = found.std(axis=1)
    values = (made.table.values - found.mean(axis=1)[:, None]) / np.where(spread > 0, spread, 1.0)[:, None]
    return replace(made, table=made.table._replace(values=values))


@bare_kernel
def fill(inputs: np.ndarray, table: Table, out: np.ndarray) -> None:
    """Fill ``out`` [features, T] by straight lines between knots, level beyond the last."""
    for i in range(len(table.rows)):
        used = table.used[i]
        if used == 0:
            continue
        for d in range(inputs.shape[1]):
            x = inputs[table.rows[i], d]
            low, high = 0, used - 1
            while high - low > 1:
                middle = (low + high) // 2
                if table.knots[i, middle] <= x:
                    low = middle
                else:
                    high = middle
            share = (x - table.knots[i, low]) / (table.knots[i, high] - table.knots[i, low])
            share = min(max(share, 0.0), 1.0)
            for k in range(table.first[i], table.first[i + 1]):
                out[k, d] = (1.0 - share) * table.values[k, low] + share * table.values[k, high]
