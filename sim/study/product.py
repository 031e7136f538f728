"""The law of a product X · Z from the exact law of X and draws of Z, which does not depend on X.

    P(X · Z ≤ y) = E[ P(X ≤ y / Z | Z) ]

is the mean of a smooth function of Z, where the draws of X · Z themselves tell of a step: X is integrated out exactly, and
only the error of Z is left. Nothing is assumed of the law of Z; the estimate of a chance or of the mean is unbiased.

Source: conditional Monte Carlo; Asmussen and Glynn, "Stochastic Simulation" (2007), V.4.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from priors.families import Distribution
from sim.sample import REPLICATES, standard_error

_STEP = (
    1.0 / 64
)  # octaves, and at most a 64th of the middle half of X: what is put together differs by less than X does
_ROUNDS = 40
_BAND = 6.0  # standard deviations of a rank, within which a quantile of the draws lies
_SLOPE = 1e-3


class Rest(NamedTuple):
    """Draws of Z, put together where they hardly differ.

    value: float64[groups], the mean of each. weight: float64[16, groups], its share of each replicate's draws.
    """

    value: np.ndarray
    weight: np.ndarray


def rest_of(z: np.ndarray, law: Distribution) -> Rest:
    """Put the draws ``z``, float64[n], together; draw d is of replicate d mod 16, and n a multiple of 16."""
    low, high = np.log2(law.ppf(np.array([0.25, 0.75])))
    step = min(_STEP, _STEP * float(high - low))
    with np.errstate(divide="ignore"):
        size = np.floor(np.log2(np.abs(z)) / step)
    # Sign and size in one number that sorts: zero has a size of minus infinity, and a group of its own.
    key = np.sign(z) * (np.where(z == 0.0, 0.0, size) + 2.0**40)
    _, group = np.unique(key, return_inverse=True)
    groups, per = int(group.max()) + 1, len(z) // REPLICATES
    place = group + groups * (np.arange(len(z)) % REPLICATES)
    weight = np.bincount(place, minlength=groups * REPLICATES).reshape(REPLICATES, groups) / per
    return Rest(np.bincount(group, weights=z) / np.bincount(group), weight)


def chances(law: Distribution, rest: Rest, y: np.ndarray) -> np.ndarray:
    """P(X · Z ≤ y), float64[16, y], by replicate."""
    positive, negative = rest.value > 0.0, rest.value < 0.0
    p = np.repeat((np.asarray(y)[:, None] >= 0.0).astype(float), len(rest.value), axis=1)  # where Z is 0
    p[:, positive] = law.cdf(np.asarray(y)[:, None] / rest.value[positive])
    p[:, negative] = law.sf(np.asarray(y)[:, None] / rest.value[negative])
    return rest.weight @ p.T


def mean(law: Distribution, z: np.ndarray) -> tuple[float, float]:
    """The mean of X · Z and its standard error, from the spread of the replicates; t with 15 degrees of freedom."""
    each = law.mean() * z.reshape(-1, REPLICATES).mean(axis=0)
    return float(each.mean()), float(standard_error(each))


def quantiles(law: Distribution, z: np.ndarray, y: np.ndarray, levels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Quantiles of X · Z and their standard errors, float64[levels] each.

    Parameters
    ----------
    law: of X, above 0, without an atom.
    z, y: float64[n], draws of Z and of the product; those of the product only tell where to look.
    levels: float64[levels], between 0 and 1.
    """
    rest = rest_of(z, law)
    low, high = _bracket(law, rest, y, levels)
    for _ in range(_ROUNDS):
        middle = 0.5 * (low + high)
        above = chances(law, rest, middle).mean(axis=0) >= levels
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    found = np.where(np.abs(high) <= 1e-300, 0.0, high)
    near = found * np.array([[1.0 - _SLOPE], [1.0 + _SLOPE]])
    p = chances(law, rest, np.concatenate([found, *near])).reshape(REPLICATES, 3, len(levels))
    rise = np.abs(p[:, 2] - p[:, 1]).mean(axis=0)
    spread = standard_error(p[:, 0], axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        error = spread * np.abs(near[1] - near[0]) / rise
    return found, np.where(found == 0.0, 0.0, error)  # many zeros: a quantile among them is exact


def _bracket(law: Distribution, rest: Rest, y: np.ndarray, levels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Values below and above the quantiles: those of the draws within their error, or else as far as it takes."""
    band = _BAND * np.sqrt(levels * (1.0 - levels) / len(y))
    low, high = (np.quantile(y, np.clip(levels + sign * band, 0.0, 1.0)) for sign in (-1.0, 1.0))
    width = np.maximum(high - low, np.max(np.abs(y)) * 1e-12)
    for _ in range(64):
        short = chances(law, rest, low).mean(axis=0) >= levels
        far = chances(law, rest, high).mean(axis=0) < levels
        if not (short | far).any():
            break
        low, high = np.where(short, low - width, low), np.where(far, high + width, high)
        width = 2.0 * width
    return low, high
