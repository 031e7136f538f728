"""The law of shift + exp(a normal): above its bound, and open upwards."""

from dataclasses import dataclass
from math import exp, expm1, inf, log
from typing import Any

import numpy as np

from priors.families import special
from priors.families.base import Distribution, Floats
from priors.families.checks import ParameterError, nonzero, number, positive, shown, tidy
from priors.families.transforms import Affine, Continuous

Z95 = 1.6448536269514722  # ndtri(0.95), written out so that a spec does not hang on a library's last bit


@dataclass(frozen=True)
class Lognormal(Continuous):
    """shift + L, where L is lognormal with the given median and 95 % quantile.

    `median` and `p95` are L's own, without the shift: a bound of v and "v + lognormal(m, q)" is
    `Lognormal(m, q, shift=v)`.
    """

    median: float
    p95: float
    shift: float = 0.0
    family = "lognormal"

    def __post_init__(self) -> None:
        median, p95 = positive(self.family, "median", self.median), positive(self.family, "p95", self.p95)
        if tidy(p95 / median) <= 1.0:
            raise ParameterError(self.family, "p95", shown(p95), f"a number above the median = {shown(median)}")
        object.__setattr__(self, "median", median)
        object.__setattr__(self, "p95", p95)
        object.__setattr__(self, "shift", number(self.family, "shift", self.shift))

    @classmethod
    def from_normal(cls, mu: float, sigma: float, shift: float = 0.0) -> "Lognormal":
        """Return shift + exp(normal(mu, sigma))."""
        mu, sigma = number(cls.family, "mu", mu), positive(cls.family, "sigma", sigma)
        if abs(mu) + Z95 * sigma > 700.0:
            raise ParameterError(
                cls.family, "mu", f"mu = {shown(mu)}, sigma = {shown(sigma)}", "|mu| + 1.645 sigma <= 700"
            )
        return cls(exp(mu), exp(mu + Z95 * sigma), shift)

    @property
    def sigma(self) -> float:
        """Standard deviation of ln L."""
        return log(tidy(self.p95 / self.median)) / Z95

    @property
    def support(self) -> tuple[float, float]:
        """From the shift upwards."""
        return self.shift, inf

    def spec(self) -> dict[str, Any]:
        """Return family, median, p95, and shift where it is not 0."""
        base = {"family": self.family, "median": self.median, "p95": self.p95}
        return {**base, "shift": self.shift} if self.shift else base

    def _ppf(self, p: Floats) -> Floats:
        return self.shift + self.median * np.exp(self.sigma * special.ndtri(p))

    def _isf(self, q: Floats) -> Floats:
        return self.shift + self.median * np.exp(-self.sigma * special.ndtri(q))

    def _score(self, x: Floats) -> Floats:
        return np.log((x - self.shift) / self.median) / self.sigma

    def _cdf(self, x: Floats) -> Floats:
        return special.ndtr(self._score(x))

    def _sf(self, x: Floats) -> Floats:
        return special.ndtr(-self._score(x))

    def mean(self) -> float:
        """Return shift + median exp(sigma² / 2)."""
        return self.shift + self.median * exp(0.5 * self.sigma**2)

    def var(self) -> float:
        """Return median² exp(sigma²) (exp(sigma²) - 1)."""
        return self.median**2 * exp(self.sigma**2) * expm1(self.sigma**2)

    def standard(self) -> tuple[Distribution, float, float]:
        """Return exp(sigma z), with the median as scale and the shift as loc."""
        return Lognormal(1.0, tidy(self.p95 / self.median)), self.shift, self.median

    def scaled(self, factor: float) -> Distribution:
        """Return the law of factor * X, lognormal where the factor is above 0."""
        factor = nonzero(self.family, factor)
        if factor < 0.0:
            return Affine(self, 0.0, factor)
        return Lognormal(self.median * factor, self.p95 * factor, self.shift * factor)

    def shifted(self, offset: float) -> Distribution:
        """Return the lognormal law with its bound moved."""
        return Lognormal(self.median, self.p95, self.shift + number(self.family, "shift", offset))
