"""The slow twin of distances and verdicts: a cell at a time, its bins as one array, in NumPy alone."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit

from sim import reduce
from sim.reduce.bins import COARSE, SHIFT
from sim.sample import standard_error
from sim.study.dominance import DOMINATED, DOMINATES, LEVEL, NEITHER, SAME, UNDECIDED
from sim.study.notes import TAIL
from sim.study.sides import Side


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


def distances(other: Side, base: Side, cell: int, grids: tuple[Steps, Steps]) -> dict[str, float]:
    """Distances of a cell; ``grids`` are its steps for all draws together, and for each replicate."""
    pooled, replicates = grids
    w, w_error = _wasserstein(
        pooled, replicates, other.mean[cell] - base.mean[cell], other.replicate_mean[cell] - base.replicate_mean[cell]
    )
    at = int(np.argmax(np.abs(pooled.gap[0])))
    # Between two bins, so that a single point at the end of the next is left out whatever the width of bins.
    after = pooled.low[at + 1] if at + 1 < len(pooled.low) else pooled.high[at]
    x = (pooled.high[at] + after) / 2.0
    each = _share(base, cell, x) - _share(other, cell, x)
    ks, ks_error = float(abs(pooled.gap[0, at])), float(standard_error(each))
    return {
        "wasserstein": w,
        "wasserstein_mcse": w_error,
        "ks": ks,
        "ks_mcse": ks_error,
        "ks_at": float(pooled.high[at]),
    }


def grids(other: Side, base: Side, cell: int) -> tuple[Steps, Steps]:
    """Steps of a cell for all draws together, and for each replicate."""
    extremes = float(min(other.low[cell], base.low[cell])), float(max(other.high[cell], base.high[cell]))
    rows = other.counts.replicates()[cell]
    return tuple(steps(other.counts, base.counts, np.atleast_1d(r), extremes) for r in (cell, rows))  # type: ignore[return-value]


def _wasserstein(pooled: Steps, replicates: Steps, shift: float, shifts: np.ndarray) -> tuple[float, float]:
    """Distance and error; ``shift`` and ``shifts``, [16], are the differences of the means."""
    length, level = pooled.stretches
    value = _area(length * level[0], shift)
    length, level = replicates.stretches
    held = length * level
    mean = held.mean(axis=0)
    whole = np.abs(mean).sum()
    tilt = mean.sum() / whole if whole > 0 else np.sign(shift)
    each = held @ np.sign(mean) + (shifts - held.sum(axis=1)) * tilt
    return value, float(standard_error(each))


def _area(held: np.ndarray, shift: float) -> float:
    """Sum of magnitudes of the areas ``held`` once they sum up to ``shift``."""
    whole, net = np.abs(held).sum(), held.sum()
    if not whole > 0.0:
        return float(abs(shift))
    return float(max(whole + (shift - net) * (net / whole), abs(shift)))


def _share(side: Side, cell: int, x: float) -> np.ndarray:
    """Share of each replicate's values up to ``x``, float64[16]."""
    rows = side.counts.replicates()[cell]
    return reduce.cdf(side.counts, np.array([x]), side.low, side.high, rows)[:, 0]


class Verdict(NamedTuple):
    """Verdict on one cell, and its evidence.

    Attributes
    ----------
    word: :data:`DOMINATES` and so on, said of the other scenario.
    margin, margin_mcse, margin_at: the smallest difference in favour of the other between the tails, its standard error,
        and where; above zero where it dominates.
    reverse, reverse_mcse, reverse_at: the same in favour of the base.
    """

    word: str
    margin: float
    margin_mcse: float
    margin_at: float
    reverse: float
    reverse_mcse: float
    reverse_at: float


def first_order(replicates: Steps) -> Verdict:
    """Verdict on F_base − F_other, from the steps of each replicate; margins are shares."""
    return _verdict(replicates.share, replicates.high, replicates.gap)


def second_order(replicates: Steps) -> Verdict:
    """Verdict on the integral of F_base − F_other; margins are in the output's unit."""
    length, level = replicates.stretches
    share, ends = np.empty_like(length), np.empty_like(length)
    # The integral changes between bins too: it is looked at where each begins and ends.
    share[::2], share[1::2] = replicates.share, replicates.share[:-1]
    ends[::2], ends[1::2] = replicates.high, replicates.low[1:]
    return _verdict(share, ends, np.cumsum(length * level, axis=1))


def _verdict(share: np.ndarray, ends: np.ndarray, each: np.ndarray) -> Verdict:
    """Verdict on a function at the points ``ends``, up to which ``share`` lies, for each replicate, float64[16, n]."""
    mean, error = each.mean(axis=0), standard_error(each.T)
    with np.errstate(invalid="ignore", divide="ignore"):
        t = np.where(error > 0.0, mean / error, np.sign(mean) * np.inf)
    t = np.where(mean == 0.0, 0.0, t)
    same = ~np.any(each, axis=0)
    inside = (share >= TAIL) & (share <= 1.0 - TAIL)
    if not inside.any():
        inside = np.ones_like(inside)
    lowest, highest = (int(np.flatnonzero(inside)[pick(mean[inside])]) for pick in (np.argmin, np.argmax))
    evidence = (float(mean[lowest]), float(error[lowest]), float(ends[lowest]))
    against = (float(-mean[highest]), float(error[highest]), float(ends[highest]))
    return Verdict(_word(t, same, inside), *evidence, *against)


def _word(t: np.ndarray, same: np.ndarray, inside: np.ndarray) -> str:
    if same.all():
        return SAME
    each, shared = _critical(1.0 - LEVEL), _critical(1.0 - LEVEL / len(t) / 2.0)
    for word, signed in ((DOMINATES, t), (DOMINATED, -t)):
        above = signed[inside] > each
        if above.any() and np.all(same[inside] | above) and np.all(signed[~inside] > -each):
            return word
    return NEITHER if t.max() > shared and t.min() < -shared else UNDECIDED


def _critical(probability: float) -> float:
    """Quantile of Student's t with 15 degrees of freedom."""
    return float(stdtrit(15, probability))
