"""Two distributions of one cell on one grid: what their cumulative distributions differ by, bin by bin.

Counts lie in bins of 0.2 % of the value, those of single replicates in bins four times as wide. At the ends of bins the
two distributions are known exactly; inside they are taken to rise evenly, as everywhere else in the project.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import reduce
from sim.reduce.bins import COARSE, SHIFT


class Steps(NamedTuple):
    """Difference of two cumulative distributions, F_base − F_other.

    Attributes
    ----------
    gap: float64[rows, n], the difference at the upper end of each bin; a row for all draws, or one a replicate.
    share: float64[n], how much of both distributions, on average, lies up to there.
    low, high: float64[n], ends of the bins, the same where all values are single points.
    """

    gap: np.ndarray
    share: np.ndarray
    low: np.ndarray
    high: np.ndarray

    @property
    def stretches(self) -> tuple[np.ndarray, np.ndarray]:
        """Lengths, float64[2n − 1], of bins and of what lies between them, and the mean gap along each, [rows, 2n − 1]."""
        before = np.concatenate([np.zeros((len(self.gap), 1)), self.gap[:, :-1]], axis=1)
        lengths, levels = np.empty(2 * len(self.low) - 1), np.empty((len(self.gap), 2 * len(self.low) - 1))
        lengths[::2], levels[:, ::2] = self.high - self.low, (before + self.gap) / 2.0
        lengths[1::2], levels[:, 1::2] = np.maximum(self.low[1:] - self.high[:-1], 0.0), self.gap[:, :-1]
        return lengths, levels


def steps(other: reduce.Counts, base: reduce.Counts, rows: np.ndarray, extremes: tuple[float, float]) -> Steps:
    """Lay rows of two counts of the same shape beside one another; ``rows`` are one cell, or its 16 replicates.

    ``extremes`` are the smallest and the largest value of both.
    """
    cell = rows[0] if rows[0] < other.cells else int(other.headline[(rows[0] - other.cells) // reduce.REPLICATES])
    bounds = [(counts.row_start[row], counts.row_start[row + 1]) for counts in (other, base) for row in rows]
    whose = [other] * len(rows) + [base] * len(rows)
    keys = np.sort(np.concatenate([c.key[a:b] for c, (a, b) in zip(whose, bounds, strict=True)]))
    keys = keys[np.concatenate([[True], keys[1:] != keys[:-1]])]  # sorted lists: ten times faster than np.unique
    held = np.zeros((len(bounds), len(keys)))
    for row, counts, (first, last) in zip(held, whose, bounds, strict=True):
        row[np.searchsorted(keys, counts.key[first:last])] = counts.count[first:last]
    with np.errstate(invalid="ignore"):
        shares = np.cumsum(held, axis=1) / held.sum(axis=1, keepdims=True)
    points = bool(other.on_edge[cell] and base.on_edge[cell])
    low, high = _ends(keys.astype(np.int64), bool(rows[0] >= other.cells), points)
    gap = shares[len(rows) :] - shares[: len(rows)]
    return Steps(gap, shares.mean(axis=0), np.clip(low, *extremes), np.clip(high, *extremes))


def same(other: reduce.Counts, base: reduce.Counts, cell: int) -> bool:
    """Whether all rows of a cell hold the same counts in both: mostly a cell that the scenario leaves alone."""
    spans = [(cell, 1), (int(other.replicates()[cell, 0]), reduce.REPLICATES)]
    for first, rows in spans:
        a, b = (counts.row_start[first : first + rows + 1] for counts in (other, base))
        if not np.array_equal(a - a[0], b - b[0]):
            return False
        for name in ("key", "count"):
            if not np.array_equal(getattr(other, name)[a[0] : a[-1]], getattr(base, name)[b[0] : b[-1]]):
                return False
    return True


def _ends(keys: np.ndarray, wide: bool, points: bool) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper ends of the bins called ``keys``, int64[n]; both the smallest magnitude where values are points."""
    size = np.abs(keys)
    after = (size | ((1 << COARSE) - 1)) + 1 if wide else size + 1
    near, far = _magnitude(size), _magnitude(size if points else after)
    none = keys == 0
    low, high = np.where(keys > 0, near, -far), np.where(keys > 0, far, -near)
    return np.where(none, 0.0, low), np.where(none, 0.0, high)


def _magnitude(key: np.ndarray) -> np.ndarray:
    edge = (key.astype(np.uint64) << SHIFT).view(np.float64)
    return np.where(key > 1, edge, 0.0)
