"""A density that rises in a line to the mode and falls in a line from it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from priors.families.base import Distribution, Floats
from priors.families.checks import interval, mode, nonzero, number, tidy, within
from priors.families.transforms import Continuous


@dataclass(frozen=True)
class Triangular(Continuous):
    """Triangular on [low, high] with its peak at `mode`, which may be an end."""

    low: float
    mode: float
    high: float
    family = "triangular"

    def __post_init__(self) -> None:
        low, high = interval(self.family, self.low, self.high)
        object.__setattr__(self, "low", low)
        object.__setattr__(self, "high", high)
        object.__setattr__(self, "mode", mode(self.family, self.mode, low, high))

    @property
    def support(self) -> tuple[float, float]:
        """[low, high]."""
        return self.low, self.high

    @property
    def peak(self) -> float:
        """Chance below the mode, which is also the mode's place within the width."""
        return tidy((self.mode - self.low) / (self.high - self.low))

    def spec(self) -> dict[str, Any]:
        """Return family, low, mode, high."""
        return {"family": self.family, "low": self.low, "mode": self.mode, "high": self.high}

    def _ppf(self, p: Floats) -> Floats:
        return self._inverse(p, 1.0 - p)

    def _isf(self, q: Floats) -> Floats:
        return self._inverse(1.0 - q, q)

    def _inverse(self, p: Floats, q: Floats) -> Floats:
        c, width = self.peak, self.high - self.low
        return np.where(p < c, self.low + width * np.sqrt(p * c), self.high - width * np.sqrt(q * (1.0 - c)))

    def _cdf(self, x: Floats) -> Floats:
        return np.where(x < self.mode, self._left(x), 1.0 - self._right(x))

    def _sf(self, x: Floats) -> Floats:
        return np.where(x < self.mode, 1.0 - self._left(x), self._right(x))

    def _left(self, x: Floats) -> Floats:
        return ((x - self.low) / (self.high - self.low)) ** 2 / (self.peak or 1.0)

    def _right(self, x: Floats) -> Floats:
        return ((self.high - x) / (self.high - self.low)) ** 2 / ((1.0 - self.peak) or 1.0)

    def mean(self) -> float:
        """Return the mean of low, mode and high."""
        return self.low + (self.high - self.low) * (1.0 + self.peak) / 3.0

    def var(self) -> float:
        """Return width² (1 - c + c²) / 18, c the mode's place within the width."""
        c = self.peak
        return (self.high - self.low) ** 2 * (1.0 - c + c * c) / 18.0

    def breaks(self) -> tuple[float, ...]:
        """Return the chance below the mode."""
        return (self.peak,) if 0.0 < self.peak < 1.0 else ()

    def standard(self) -> tuple[Distribution, float, float]:
        """Return the triangle on [0, 1]."""
        return (
            Triangular(0.0, self.peak, 1.0),
            self.low,
            within(self.low, 1.0, self.high - self.low, self.low, self.high),
        )

    def scaled(self, factor: float) -> Distribution:
        """Return the triangular law of factor * X."""
        factor = nonzero(self.family, factor)
        low, high = sorted((self.low * factor, self.high * factor))
        return Triangular(low, self.mode * factor, high)

    def shifted(self, offset: float) -> Distribution:
        """Return the triangular law of X + offset."""
        offset = number(self.family, "shift", offset)
        return Triangular(self.low + offset, self.mode + offset, self.high + offset)
