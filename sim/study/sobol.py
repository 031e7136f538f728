"""First-order and total Sobol' indices, from a pick-freeze design.

    first = Var E(f | x_g) / Var f,   total = E Var(f | x_-g) / Var f.

The first-order index is a mixture of two unbiased estimates of the same numerator: Saltelli's, exact for an input that
does nothing, and Jansen's, exact for one that does all; the index itself is the weight of the latter. Total likewise:
Jansen's is exact for an input that does nothing, one less what all others explain together, by Saltelli's product, for one
that does all. Of an input that is correlated with others the total is Jansen's alone. What a fit knows of main effects is
taken off first and added as it is (:mod:`sim.study.main_effects`), so that all this is of the rest.
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
    tied = found.tied[:, None, None]
    varies: np.ndarray = np.asarray(found.moved.any(axis=(0, 2)))
    whole, rest = _variance(found.plain, varies), _variance(found.rest, varies)
    variance = np.where(tied, whole, rest + found.known_of_all)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        sampled = np.where(tied, whole, rest)
        near_none = found.shared[:, 0]
        first = _mixed(near_none, sampled - found.shared[:, 1] / 2.0, near_none, sampled)
        moved, others = found.moved / 2.0, sampled - found.left
        total = np.where(np.isnan(others), moved, _mixed(moved, others, moved, sampled))
        numerators = first + found.known, total + found.known
    return {name: estimate.ratio(top, variance) for name, top in zip(FIGURES, numerators, strict=True)}


def _mixed(near_none: np.ndarray, near_all: np.ndarray, part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """The one the more, the smaller ``part`` is of ``whole``."""
    share = part.mean(axis=-1) / whole.mean(axis=-1)
    weight = np.clip(np.where(whole.mean(axis=-1) > 0.0, share, 0.0), 0.0, 1.0)[..., None]
    mixed: np.ndarray = np.where(weight == 0.0, near_none, near_none + weight * (near_all - near_none))
    return mixed


def _variance(powers: np.ndarray, varies: np.ndarray) -> np.ndarray:
    """Variance by replicate, float64[cells, 16], from both draws; their common mean is that of all replicates."""
    both = (powers[0] + powers[1]) / 2.0
    mean = both[0].mean(axis=-1, keepdims=True)
    variance = both[1] - 2.0 * mean * both[0] + mean**2
    # Of a cell that does not vary the centre may be off by a rounding, which is no variance.
    found: np.ndarray = np.where(varies[:, None], variance, 0.0)
    return found
