"""First-order and total Sobol' indices, from a pick-freeze design.

    first = Var E(f | x_g) / Var f,   total = E Var(f | x_-g) / Var f.

The first-order index is a mixture of two unbiased estimates of the same numerator: Saltelli's, exact for an input that
does nothing, and Jansen's, exact for one that does all; the index itself is the weight of the latter. Total likewise:
Jansen's is exact for an input that does nothing, one less what all others explain together, by Saltelli's product, for one
that does all. Of an input that is correlated with others the total is Jansen's alone.
Where inputs are correlated these are Kucherenko's: ``first`` counts what an input tells of the others as well, ``total``
only what it adds when all others are known; they then need not be in order, nor add up to anything. Shapley effects do.

Sources: Sobol', Math. Comput. Simul. 55 (2001) 271; Jansen, Comput. Phys. Commun. 117 (1999) 35; Saltelli et al.,
Comput. Phys. Commun. 181 (2010) 259, table 2 (b, c, f); Kucherenko et al., Comput. Phys. Commun. 183 (2012) 937.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.results import estimate
from sim.results.estimate import Estimate
from sim.study.design import Design
from sim.study.pickfreeze import Sums, sums

FIGURES = {"first": "first-order Sobol' index", "total": "total Sobol' index"}


def indices(
    design: Design, draws: int, threads: int | None = None, progress: Callable[[int], object] | None = None
) -> dict[str, Estimate]:
    """First-order and total index of each player on each cell, [players, cells]; NaN where the cell does not vary."""
    return from_sums(sums(design, draws, threads, progress))


def from_sums(found: Sums) -> dict[str, Estimate]:
    """The indices of a design's sums."""
    variance = _variance(found)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        near_none = found.shared[:, 0]
        near_all = variance - found.shared[:, 1] / 2.0
        weight = np.clip(near_none.mean(axis=-1) / variance.mean(axis=-1), 0.0, 1.0)[..., None]
        mixed = near_none + weight * (near_all - near_none)
        moved, others = found.moved / 2.0, variance - found.left
        weight = np.clip(moved.mean(axis=-1) / variance.mean(axis=-1), 0.0, 1.0)[..., None]
        total = np.where(np.isnan(others) | (weight == 0.0), moved, moved + weight * (others - moved))
    return {"first": estimate.ratio(mixed, variance), "total": estimate.ratio(total, variance)}


def _variance(found: Sums) -> np.ndarray:
    """Variance of f by replicate, float64[cells, 16], from both draws; their common mean is that of all replicates."""
    both = (found.first + found.second) / 2.0
    mean = both[0].mean(axis=-1, keepdims=True)
    variance = both[1] - 2.0 * mean * both[0] + mean**2
    # Of a cell that does not vary the centre may be off by a rounding, which is no variance.
    varies: np.ndarray = np.asarray(found.moved.any(axis=(0, 2)))
    return np.where(varies[:, None], variance, 0.0)
