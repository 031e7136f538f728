"""Random inputs of the market model as a NumPy user would draw them: Generator's own methods, a copula for the block.

PERT is Generator.beta, moved and stretched; what is cut is drawn again; correlated growth rates are a multivariate normal
whose normal margins are cut by way of the normal CDF and its inverse.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

import priors
from priors.correlate import matrix, pearson
from sim.market import INPUTS

Spec = dict[str, Any]
Z95 = 1.6448536269514722


def shape_of_pert(spec: Spec) -> tuple[float, float]:
    """The two parameters of the beta behind a PERT."""
    width = spec["high"] - spec["low"]
    return 1.0 + 4.0 * (spec["mode"] - spec["low"]) / width, 1.0 + 4.0 * (spec["high"] - spec["mode"]) / width


def _pert(rng: np.random.Generator, spec: Spec, n: int) -> np.ndarray:
    return spec["low"] + (spec["high"] - spec["low"]) * rng.beta(*shape_of_pert(spec), n)


def _lognormal(rng: np.random.Generator, spec: Spec, n: int) -> np.ndarray:
    sigma = math.log(spec["p95"] / spec["median"]) / Z95
    return spec.get("shift", 0.0) + rng.lognormal(math.log(spec["median"]), sigma, n)


FAMILIES: dict[str, Callable[[np.random.Generator, Spec, int], np.ndarray]] = {
    "fixed": lambda rng, spec, n: np.full(n, float(spec["value"])),
    "normal": lambda rng, spec, n: rng.normal(spec["mean"], spec["sd"], n),
    "lognormal": _lognormal,
    "pert": _pert,
    "uniform": lambda rng, spec, n: rng.uniform(spec["low"], spec["high"], n),
    "bernoulli": lambda rng, spec, n: (rng.random(n) < spec["p"]).astype(float),
    "hazard": lambda rng, spec, n: np.minimum(spec["from"] - 1.0 + rng.geometric(spec["rate"], n), priors.NEVER),
    "choice": lambda rng, spec, n: rng.choice(spec["values"], n, p=spec["probabilities"]),
}


class Draws:
    """Inputs of the baseline of the built-in book.

    Attributes
    ----------
    specs: name -> family and parameters, as ``spec()`` of a prior tells them.
    block: names of the correlated inputs, normal all of them, and ``factor`` of their copula.
    """

    def __init__(self) -> None:
        book = priors.load()
        resolved = book.resolve()
        self.specs: dict[str, Spec] = {name: resolved[name].spec() for name in INPUTS}
        rho = {frozenset((a, b)): value for a, b, value in book.pairs()}
        self.block = sorted(set().union(*rho))
        self.factor = np.linalg.cholesky(pearson(matrix(self.block, rho)))

    def __call__(self, rng: np.random.Generator, n: int) -> dict[str, np.ndarray]:
        """Name -> float64[n]."""
        alone = {name: self._one(rng, spec, n) for name, spec in self.specs.items() if name not in self.block}
        z = self.factor @ rng.standard_normal((len(self.block), n))
        return alone | {name: _cut_normal(self.specs[name], row) for name, row in zip(self.block, z, strict=True)}

    @staticmethod
    def _one(rng: np.random.Generator, spec: Spec, n: int) -> np.ndarray:
        draw = FAMILIES[spec["family"]]
        x = draw(rng, spec, n)
        low, high = limits(spec)
        if low > -math.inf or high < math.inf:
            while len(out := np.flatnonzero((x < low) | (x > high))):
                x[out] = draw(rng, spec, len(out))
        return x


def limits(spec: Spec) -> tuple[float, float]:
    """Where the family is cut, infinite where it is not."""
    low, high = spec.get("truncate", (-math.inf, math.inf))
    return float(low), float(high)


def _cut_normal(spec: Spec, z: np.ndarray) -> np.ndarray:
    """A normal input from its place in the copula."""
    low, high = ((end - spec["mean"]) / spec["sd"] for end in limits(spec))
    p = ndtr(low) + ndtr(z) * (ndtr(high) - ndtr(low))
    return spec["mean"] + spec["sd"] * ndtri(p)
