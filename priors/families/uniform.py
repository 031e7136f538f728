"""Equal chance over an interval."""

from dataclasses import dataclass
from typing import Any

from priors.families.base import Distribution, Floats
from priors.families.checks import interval, nonzero, number, within
from priors.families.cuts import cut
from priors.families.transforms import Continuous


@dataclass(frozen=True)
class Uniform(Continuous):
    """Every value of [low, high] alike."""

    low: float
    high: float
    family = "uniform"

    def __post_init__(self) -> None:
        low, high = interval(self.family, self.low, self.high)
        object.__setattr__(self, "low", low)
        object.__setattr__(self, "high", high)

    @property
    def support(self) -> tuple[float, float]:
        """[low, high]."""
        return self.low, self.high

    def spec(self) -> dict[str, Any]:
        """Return family, low, high."""
        return {"family": self.family, "low": self.low, "high": self.high}

    def _ppf(self, p: Floats) -> Floats:
        return self.low + p * (self.high - self.low)

    def _isf(self, q: Floats) -> Floats:
        return self.high - q * (self.high - self.low)

    def _cdf(self, x: Floats) -> Floats:
        return (x - self.low) / (self.high - self.low)

    def _sf(self, x: Floats) -> Floats:
        return (self.high - x) / (self.high - self.low)

    def mean(self) -> float:
        """Return the middle."""
        return self.low + 0.5 * (self.high - self.low)

    def var(self) -> float:
        """Return width² / 12."""
        return (self.high - self.low) ** 2 / 12.0

    def standard(self) -> tuple[Distribution, float, float]:
        """Return the unit uniform."""
        return Uniform(0.0, 1.0), self.low, within(self.low, 1.0, self.high - self.low, self.low, self.high)

    def scaled(self, factor: float) -> Distribution:
        """Return the uniform law of factor * X."""
        factor = nonzero(self.family, factor)
        return Uniform(*sorted((self.low * factor, self.high * factor)))

    def shifted(self, offset: float) -> Distribution:
        """Return the uniform law of X + offset."""
        offset = number(self.family, "shift", offset)
        return Uniform(self.low + offset, self.high + offset)

    def truncated(self, lo: float, hi: float) -> Distribution:
        """Return the uniform law on what the two intervals share."""
        return Uniform(*cut(self, lo, hi))
