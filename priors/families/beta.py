"""Beta laws on an interval: by their exponents, or PERT by low, mode and high."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np

from priors.families import special
from priors.families.base import Distribution, Floats
from priors.families.checks import interval, mode, nonzero, number, positive, tidy, within
from priors.families.transforms import Continuous

_LEAST = 1e-100  # SciPy's roots (1.17) go astray from about 1e-105 down


def _small_root(a: float, b: float, p: Floats) -> Floats:
    """Return z with I_z(a, b) = p: SciPy's root, or two terms of the series where z is below 1e-12."""
    first = np.exp((np.log(p) + np.log(a) + special.betaln(a, b)) / a)
    root = special.betaincinv(a, b, np.maximum(p, _LEAST), where=first >= 1e-12, out=np.zeros_like(first))
    return np.where(first < 1e-12, first * (1.0 + (b - 1.0) / (a + 1.0) * first), root)


class _OnInterval(Continuous):
    """What beta and PERT share: low + (high - low) B with B ~ beta(a, b)."""

    low: float
    high: float

    @property
    @abstractmethod
    def exponents(self) -> tuple[float, float]:
        """The pair (a, b)."""

    @property
    def support(self) -> tuple[float, float]:
        """[low, high]."""
        return self.low, self.high

    def _ppf(self, p: Floats) -> Floats:
        a, b = self.exponents
        z = _small_root(a, b, p)
        return self._from_unit(z, special.betainccinv(b, a, np.maximum(p, _LEAST), where=z > 0.5, out=np.zeros_like(z)))

    def _isf(self, q: Floats) -> Floats:
        a, b = self.exponents
        z = special.betainccinv(a, b, np.maximum(q, _LEAST))
        return self._from_unit(z, np.where(z > 0.5, _small_root(b, a, q), 0.0))

    def _from_unit(self, z: Floats, rest: Floats) -> Floats:
        """Return x from the share z of the width, or from the rest of it where that is the smaller."""
        width = self.high - self.low
        return np.where(z <= 0.5, self.low + width * z, self.high - width * rest)

    def _cdf(self, x: Floats) -> Floats:
        return self._from_near_end(x, special.betainc, special.betaincc)

    def _sf(self, x: Floats) -> Floats:
        return self._from_near_end(x, special.betaincc, special.betainc)

    def _from_near_end(self, x: Floats, below: np.ufunc, above: np.ufunc) -> Floats:
        """Return below(a, b, ·) of the distance to low or above(b, a, ·) of that to high, whichever is nearer."""
        (a, b), width = self.exponents, self.high - self.low
        z, rest = (x - self.low) / width, (self.high - x) / width
        result = above(b, a, rest, where=z > 0.5, out=np.zeros_like(z))
        return below(a, b, z, where=z <= 0.5, out=result)

    def mean(self) -> float:
        """Return low + width a / (a + b)."""
        a, b = self.exponents
        return self.low + (self.high - self.low) * (a / (a + b))

    def var(self) -> float:
        """Return width² a b / ((a + b)² (a + b + 1))."""
        a, b = self.exponents
        return (self.high - self.low) ** 2 * (a / (a + b)) * (b / (a + b)) / (a + b + 1.0)

    def standard(self) -> tuple[Distribution, float, float]:
        """Return beta(a, b) on [0, 1]: all symmetric PERTs share beta(3, 3)."""
        return Beta(*self.exponents), self.low, within(self.low, 1.0, self.high - self.low, self.low, self.high)


@dataclass(frozen=True)
class Beta(_OnInterval):
    """Beta with exponents a and b on [low, high]."""

    a: float
    b: float
    low: float = 0.0
    high: float = 1.0
    family = "beta"

    def __post_init__(self) -> None:
        low, high = interval(self.family, self.low, self.high)
        object.__setattr__(self, "a", positive(self.family, "a", self.a))
        object.__setattr__(self, "b", positive(self.family, "b", self.b))
        object.__setattr__(self, "low", low)
        object.__setattr__(self, "high", high)

    @property
    def exponents(self) -> tuple[float, float]:
        """The pair (a, b)."""
        return self.a, self.b

    def spec(self) -> dict[str, Any]:
        """Return family, a, b, low, high."""
        return {"family": self.family, "a": self.a, "b": self.b, "low": self.low, "high": self.high}

    def scaled(self, factor: float) -> Distribution:
        """Return the beta law of factor * X, its exponents swapped by a factor below 0."""
        factor = nonzero(self.family, factor)
        a, b = (self.a, self.b) if factor > 0.0 else (self.b, self.a)
        return Beta(a, b, *sorted((self.low * factor, self.high * factor)))

    def shifted(self, offset: float) -> Distribution:
        """Return the beta law of X + offset."""
        offset = number(self.family, "shift", offset)
        return Beta(self.a, self.b, self.low + offset, self.high + offset)


@dataclass(frozen=True)
class Pert(_OnInterval):
    """PERT on [low, high]: beta with a = 1 + 4 (mode - low) / (high - low) and a + b = 6.

    Source: Malcolm, Roseboom, Clark and Fazar 1959; Vose 2008 for the beta form.
    """

    low: float
    mode: float
    high: float
    family = "pert"

    def __post_init__(self) -> None:
        low, high = interval(self.family, self.low, self.high)
        object.__setattr__(self, "low", low)
        object.__setattr__(self, "high", high)
        object.__setattr__(self, "mode", mode(self.family, self.mode, low, high))

    @property
    def exponents(self) -> tuple[float, float]:
        """The pair (a, b), which sum to 6."""
        rise = tidy(4.0 * ((self.mode - self.low) / (self.high - self.low)))
        return 1.0 + rise, 5.0 - rise

    def spec(self) -> dict[str, Any]:
        """Return family, low, mode, high."""
        return {"family": self.family, "low": self.low, "mode": self.mode, "high": self.high}

    def scaled(self, factor: float) -> Distribution:
        """Return the PERT law of factor * X."""
        factor = nonzero(self.family, factor)
        low, high = sorted((self.low * factor, self.high * factor))
        return Pert(low, self.mode * factor, high)

    def shifted(self, offset: float) -> Distribution:
        """Return the PERT law of X + offset."""
        offset = number(self.family, "shift", offset)
        return Pert(self.low + offset, self.mode + offset, self.high + offset)
