"""First-order Sobol' indices from kept draws, with no further run.

    first = Var E(y | x) / Var y

E(y | x) is taken as a straight line within each of M bins of x, equally likely; a bin of one value has a mean alone.
Lines instead of means leave out a part of order M^-4 instead of M^-2 of a smooth curve's variance. That the lines fit
noise as well adds a part of order 1/n, which the jackknife over replicates takes out, whatever the sampler.

Sources: Plischke, Borgonovo, Smith, "Global sensitivity measures from given data", Eur. J. Oper. Res. 226 (2013) 536;
the correlation ratio is Pearson's (1905); Quenouille (1956) for the jackknife.
"""

from __future__ import annotations

import numpy as np

from sim.results import estimate
from sim.results.bins import codes
from sim.results.estimate import Estimate
from sim.results.kept import Kept
from sim.sample import REPLICATES

WORDS = {"first": "first-order Sobol' index"}


def first_order(kept: Kept) -> dict[str, Estimate]:
    """The index of each input on each cell, [inputs, cells]; NaN for a cell that does not vary."""
    y = kept.y - kept.y.mean(axis=1, keepdims=True)
    found = [_one(_standard(x), y, kept.replicate) for x in kept.x]
    parts = zip(*((each.value, each.mcse, each.lower, each.upper) for each in found), strict=True)
    return {"first": Estimate(*map(np.array, parts))}


def bins_for(draws: int) -> int:
    """How many bins: a quarter of what a replicate's draws would fill one by one, in the square root."""
    return max(2, int(np.sqrt(draws / REPLICATES) / 2.0))


def _standard(x: np.ndarray) -> np.ndarray:
    spread = x.std()
    return (x - x.mean()) / spread if spread > 0 else np.zeros_like(x)


def _one(x: np.ndarray, y: np.ndarray, replicate: np.ndarray) -> Estimate:
    """The index of one input on all cells."""
    bins, count = codes(x, bins_for(len(x)))
    cell = replicate * count + bins
    order = np.argsort(cell, kind="stable")
    filled, starts = np.unique(cell[order], return_index=True)
    x, y = x[order], y[:, order]

    def summed(values: np.ndarray) -> np.ndarray:
        out = np.zeros((*values.shape[:-1], REPLICATES * count))
        out[..., filled] = np.add.reduceat(values, starts, axis=-1)
        return out.reshape(*values.shape[:-1], REPLICATES, count)

    n, sx, sxx = summed(np.ones(len(x))), summed(x), summed(x * x)
    sy, sxy, syy = summed(y), summed(y * x), summed(y * y).sum(axis=-1)
    parts = [n, sx, sxx, sy, sxy, syy]
    axes = [0, 0, 0, 1, 1, 1]
    total = [part.sum(axis=axis) for part, axis in zip(parts, axes, strict=True)]
    whole = _share(*total)
    without = np.stack(
        [
            _share(*(all_of - part.take(r, axis=axis) for all_of, part, axis in zip(total, parts, axes, strict=True)))
            for r in range(REPLICATES)
        ],
        axis=-1,
    )
    return estimate.jackknife(whole, without)


def _share(
    n: np.ndarray, sx: np.ndarray, sxx: np.ndarray, sy: np.ndarray, sxy: np.ndarray, syy: np.ndarray
) -> np.ndarray:
    """Share of the cells' variance that lines over bins explain, from sums over bins [bins] and [cells, bins]."""
    draws = n.sum()
    mean = sy.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        between = np.where(n > 0, sy**2 / n, 0.0).sum(axis=-1) - mean**2 / draws
        spread = np.where(n > 0, sxx - sx**2 / n, 0.0)
        slope = np.where(spread > 1e-12 * sxx, (sxy - sx * sy / n) ** 2 / spread, 0.0).sum(axis=-1)
        return (between + slope) / (syy - mean**2 / draws)
