"""Standard errors of quantiles and chances, and a bound where there are too few hits for one."""

from __future__ import annotations

import numpy as np

from sim.reduce.counts import Counts
from sim.reduce.lanes import LANES
from sim.reduce.quantiles import quantiles
from sim.sample import standard_error


def mcse_quantiles(counts: Counts, probabilities: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Tell all cells' quantiles' standard errors, float64[cells, q]; arguments as in :func:`~sim.reduce.quantiles`.

    Headline cells: the standard deviation of the 16 replicates' quantiles over √16; an interval takes Student's t with
    15 degrees of freedom. Other cells: half the distance between the quantiles one binomial standard deviation of the
    rank to either side, right for independent draws and wider than the truth for Sobol points.
    """
    q = np.asarray(probabilities, np.float64)
    out = _binomial(counts, q, low, high)
    rows = counts.replicates()
    if rows.size:
        each = quantiles(counts, q, low, high, rows.ravel()).reshape(len(rows), LANES, len(q))
        out[counts.headline] = standard_error(each, axis=1)
    return out


def chance_bounds(hits: np.ndarray, draws: np.ndarray, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Clopper and Pearson's bounds of a chance of which ``hits`` of ``draws`` independent draws were seen.

    What to tell instead of a standard error below ten hits, or ten misses: the upper bound is above 0 when none was.

    Raises
    ------
    ValueError: unless 0 ≤ hits ≤ draws, draws ≥ 1 and level lies in (0, 1).
    """
    # scipy.special takes 0.1 s to import, and a run needs none of it.
    from scipy.special import betaincinv

    hits, draws = np.asarray(hits, np.float64), np.asarray(draws, np.float64)
    if np.any((hits < 0) | (hits > draws) | (draws < 1)) or not 0.0 < level < 1.0:
        raise ValueError("chance_bounds needs 0 <= hits <= draws, draws >= 1 and a level between 0 and 1")
    tail = (1.0 - level) / 2.0
    lower = np.where(hits > 0, betaincinv(np.maximum(hits, 1.0), draws - hits + 1.0, tail), 0.0)
    upper = np.where(hits < draws, betaincinv(hits + 1.0, np.maximum(draws - hits, 1.0), 1.0 - tail), 1.0)
    return lower, upper


def _binomial(counts: Counts, q: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    n = counts.totals()[: counts.cells, None]
    band = np.sqrt(q * (1.0 - q) / np.maximum(n, 1))
    both = np.concatenate([np.clip(q - band, 0.0, 1.0), np.clip(q + band, 0.0, 1.0)], axis=1)
    at = quantiles(counts, both, low, high)
    return (at[:, len(q) :] - at[:, : len(q)]) / 2.0
