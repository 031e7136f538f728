"""How far apart two distributions are: Wasserstein's and Kolmogorov and Smirnov's distances, with their errors.

Wasserstein's first distance is ∫ |F_base − F_other| dx (Vallender 1973), in the output's unit; that of Kolmogorov and
Smirnov is max |F_base − F_other|. Both are smooth in the distributions where these differ, with derivative ∫ s (dF_base −
dF_other) dx for the sign s of the difference, and the difference at the maximum (van der Vaart 1998, chapter 20); so the
spread of that over the 16 replicates is their error. A distance that is zero in truth is found a little above it.

∫ (F_base − F_other) dx is the difference of the means, which is known better than from bins: the rest, which bins leave,
is shared out among the stretches in proportion to what they hold. Where one distribution lies to the right of the other
throughout, Wasserstein's distance is the difference of the means exactly.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import reduce
from sim.study.sides import Side, standard_error
from sim.study.steps import Steps, steps


class Distances(NamedTuple):
    """Of one cell: each distance with its standard error, and where the distributions are furthest apart."""

    wasserstein: float
    wasserstein_mcse: float
    ks: float
    ks_mcse: float
    ks_at: float


NONE = Distances(0.0, 0.0, 0.0, 0.0, np.nan)


def distances(other: Side, base: Side, cell: int, grids: tuple[Steps, Steps]) -> Distances:
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
    return Distances(w, w_error, float(abs(pooled.gap[0, at])), float(standard_error(each)), float(pooled.high[at]))


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
    return float(max(whole + (shift - net) * net / whole, abs(shift)))


def _share(side: Side, cell: int, x: float) -> np.ndarray:
    """Share of each replicate's values up to ``x``, float64[16]."""
    rows = side.counts.replicates()[cell]
    return reduce.cdf(side.counts, np.array([x]), side.low, side.high, rows)[:, 0]
