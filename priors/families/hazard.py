"""When something happens that has the same chance every quarter until it does."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, log, log1p
from typing import Any

import numpy as np
from numpy.typing import NDArray

from priors.families.base import NEVER, Distribution, Floats
from priors.families.checks import ParameterError, bound, chance, nonzero, number, shown
from priors.families.discrete import Discrete

_SMALL = 60.0 * log(2.0)  # atoms are listed until the chance left is 2^-60


@dataclass(frozen=True)
class Hazard(Discrete):
    """Index of the first quarter, from `start` on, in which an event of chance `rate` a quarter happens.

    Geometric: P(X = start + k) = rate (1 - rate)^k. A value that would reach NEVER is NEVER; a rate of 0 is NEVER for
    certain. Scaled and shifted, the quarters move to shift + scale * quarter while NEVER stays.
    """

    rate: float
    start: float
    scale: float = 1.0
    shift: float = 0.0
    family = "hazard"

    def __post_init__(self) -> None:
        start = number(self.family, "from", self.start)
        if start != int(start) or not 0 <= start < NEVER:
            raise ParameterError(self.family, "from", shown(start), "a whole quarter index, from 0 to 9998")
        scale = number(self.family, "scale", self.scale)
        if scale <= 0.0:
            raise ParameterError(self.family, "scale", shown(scale), "a number above 0, as never stays last")
        object.__setattr__(self, "rate", chance(self.family, "rate", self.rate))
        object.__setattr__(self, "start", start)
        object.__setattr__(self, "scale", scale)
        object.__setattr__(self, "shift", number(self.family, "shift", self.shift))

    def spec(self) -> dict[str, Any]:
        """Return family, rate, from, and scale and shift where they do something."""
        result = {"family": self.family, "rate": self.rate, "from": self.start}
        return (
            result if (self.scale, self.shift) == (1.0, 0.0) else {**result, "scale": self.scale, "shift": self.shift}
        )

    @property
    def _log_stay(self) -> float:
        return log1p(-self.rate) if self.rate < 1.0 else -inf

    @property
    def support(self) -> tuple[float, float]:
        """From `start` to NEVER; one value where the rate is 0 or 1."""
        first = float(self._value(np.zeros(())))
        return (NEVER if self.rate == 0.0 else first), (first if self.rate == 1.0 else NEVER)

    def _value(self, k: Floats) -> Floats:
        happens = self.start + k < NEVER
        return np.where(happens, np.minimum(self.shift + self.scale * (self.start + k), NEVER), NEVER)

    def _atoms(self) -> tuple[Floats, Floats]:
        if self.rate in (0.0, 1.0):
            return np.array([self.support[0]]), np.array([1.0])
        last = min(NEVER, (NEVER - self.shift) / self.scale) - self.start
        count = max(int(min(np.ceil(last), np.ceil(_SMALL / -self._log_stay))), 0)
        k = np.arange(count, dtype=np.float64)
        chances = self.rate * np.exp(k * self._log_stay)
        return np.append(self._value(k), NEVER), np.append(chances, np.exp(count * self._log_stay))

    def _ppf(self, p: Floats) -> Floats:
        return self._first(np.log1p(-p), lambda k: -np.expm1((k + 1.0) * self._log_stay) >= p)

    def _isf(self, q: Floats) -> Floats:
        return self._first(np.log(q), lambda k: np.exp((k + 1.0) * self._log_stay) <= q)

    def _first(self, log_left: Floats, enough: Callable[[Floats], NDArray[np.bool_]]) -> Floats:
        """Return the value of the least k that is enough, from its place by logarithms, which may round one off."""
        if self.rate in (0.0, 1.0):
            return np.full(np.shape(log_left), self.support[0])
        k = np.maximum(np.ceil(log_left / self._log_stay) - 1.0, 0.0)
        k = np.where((k > 0.0) & enough(k - 1.0), k - 1.0, k)
        return self._value(np.where(enough(k), k, k + 1.0))

    def _left(self, x: Floats) -> Floats:
        """Return ln P(X > x) for x below NEVER."""
        k = np.minimum(np.floor((x - self.shift) / self.scale - self.start), NEVER - 1.0 - self.start)
        k = np.where(self._value(k + 1.0) <= x, k + 1.0, np.where(self._value(k) > x, k - 1.0, k))
        return (k + 1.0) * self._log_stay

    def _cdf(self, x: Floats) -> Floats:
        return -np.expm1(self._left(x))

    def _sf(self, x: Floats) -> Floats:
        return np.exp(self._left(x))

    def scaled(self, factor: float) -> Distribution:
        """Return the hazard with its quarters times factor, factor above 0; NEVER stays."""
        factor = nonzero(self.family, factor)
        return Hazard(self.rate, self.start, self.scale * factor, self.shift * factor)

    def shifted(self, offset: float) -> Distribution:
        """Return the hazard with its quarters moved by offset; NEVER stays."""
        offset = number(self.family, "shift", offset)
        return Hazard(self.rate, self.start, self.scale, self.shift + offset)

    def truncated(self, lo: float, hi: float) -> Distribution:
        """Return itself where [lo, hi] holds every value; a hazard is not cut."""
        lo, hi = bound(self.family, "truncate", lo), bound(self.family, "truncate", hi)
        if lo <= self.support[0] and self.support[1] <= hi:
            return self
        ends = f"[{shown(self.support[0])}, {shown(self.support[1])}]"
        raise ParameterError(
            self.family, "truncate", f"[{shown(lo)}, {shown(hi)}]", f"an interval around {ends}; a hazard is not cut"
        )
