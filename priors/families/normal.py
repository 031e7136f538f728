"""The normal law."""

from dataclasses import dataclass
from math import inf
from typing import Any

from priors.families import special
from priors.families.base import Distribution, Floats
from priors.families.checks import nonzero, number, positive
from priors.families.transforms import Continuous


@dataclass(frozen=True)
class Normal(Continuous):
    """Normal with mean `mu` and standard deviation `sigma` (`mean` and `sd` in TOML)."""

    mu: float
    sigma: float
    family = "normal"

    def __post_init__(self) -> None:
        object.__setattr__(self, "mu", number(self.family, "mean", self.mu))
        object.__setattr__(self, "sigma", positive(self.family, "sd", self.sigma))

    @property
    def support(self) -> tuple[float, float]:
        """All numbers."""
        return -inf, inf

    def spec(self) -> dict[str, Any]:
        """Return family, mean, sd."""
        return {"family": self.family, "mean": self.mu, "sd": self.sigma}

    def _ppf(self, p: Floats) -> Floats:
        return self.mu + self.sigma * special.ndtri(p)

    def _isf(self, q: Floats) -> Floats:
        return self.mu - self.sigma * special.ndtri(q)

    def _cdf(self, x: Floats) -> Floats:
        return special.ndtr((x - self.mu) / self.sigma)

    def _sf(self, x: Floats) -> Floats:
        return special.ndtr((self.mu - x) / self.sigma)

    def mean(self) -> float:
        """Return mu."""
        return self.mu

    def var(self) -> float:
        """Return sigma²."""
        return self.sigma**2

    def standard(self) -> tuple[Distribution, float, float]:
        """Return the unit normal."""
        return Normal(0.0, 1.0), self.mu, self.sigma

    def scaled(self, factor: float) -> Distribution:
        """Return the normal law of factor * X."""
        factor = nonzero(self.family, factor)
        return Normal(self.mu * factor, self.sigma * abs(factor))

    def shifted(self, offset: float) -> Distribution:
        """Return the normal law of X + offset."""
        return Normal(self.mu + number(self.family, "shift", offset), self.sigma)
