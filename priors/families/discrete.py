"""Laws of a few values: a choice among them, yes or no, one fixed value."""

from abc import abstractmethod
from dataclasses import dataclass
from functools import cached_property
from math import fsum
from typing import Any, NamedTuple

import numpy as np

from priors.families.base import Distribution, Floats
from priors.families.checks import ParameterError, bound, chance, nonzero, number, numbers, shown


class _Steps(NamedTuple):
    """A step function: values rising, their chances, the chance at or below each, the chance above each."""

    values: Floats
    chances: Floats
    below: Floats
    above: Floats


class Discrete(Distribution):
    """A law given by its atoms: `ppf` is the least value with cdf >= p."""

    discrete = True

    @abstractmethod
    def _atoms(self) -> tuple[Floats, Floats]:
        """Return the values, strictly rising, and their chances, all above 0 with sum 1."""

    @cached_property
    def _steps(self) -> _Steps:
        values, chances = self._atoms()
        below, above = np.cumsum(chances), np.cumsum(chances[::-1])[::-1]
        below[-1] = 1.0
        above = np.append(above[1:], 0.0)
        for array in (values, chances, below, above):
            array.flags.writeable = False
        return _Steps(values, chances, below, above)

    @property
    def support(self) -> tuple[float, float]:
        """Least and greatest value."""
        values = self._steps.values
        return float(values[0]), float(values[-1])

    def atoms(self) -> tuple[Floats, Floats]:
        """Return the values, rising, and their chances."""
        return self._steps.values, self._steps.chances

    def breaks(self) -> tuple[float, ...]:
        """Return the chances at which `ppf` jumps."""
        return tuple(sorted({float(p) for p in self._steps.below[:-1] if p < 1.0}))

    def _ppf(self, p: Floats) -> Floats:
        steps = self._steps
        return steps.values[np.minimum(np.searchsorted(steps.below, p), steps.values.size - 1)]

    def _isf(self, q: Floats) -> Floats:
        steps = self._steps  # the least value with a chance of at most q above it
        return steps.values[steps.values.size - np.searchsorted(steps.above[::-1], q, side="right")]

    def _cdf(self, x: Floats) -> Floats:
        steps = self._steps
        return np.append(0.0, steps.below)[np.searchsorted(steps.values, x, side="right")]

    def _sf(self, x: Floats) -> Floats:
        steps = self._steps
        return np.append(1.0, steps.above)[np.searchsorted(steps.values, x, side="right")]

    def mean(self) -> float:
        """Return the weighted mean of the values."""
        return fsum(self._steps.values * self._steps.chances)

    def var(self) -> float:
        """Return the weighted variance of the values."""
        return fsum((self._steps.values - self.mean()) ** 2 * self._steps.chances)

    def scaled(self, factor: float) -> Distribution:
        """Return the same chances on the values times factor."""
        factor = nonzero(self.family, factor)
        return choice(self._steps.values * factor, self._steps.chances)

    def shifted(self, offset: float) -> Distribution:
        """Return the same chances on the values plus offset."""
        return choice(self._steps.values + number(self.family, "shift", offset), self._steps.chances)

    def truncated(self, lo: float, hi: float) -> Distribution:
        """Return the law given lo <= X <= hi: the values inside, their chances raised in proportion."""
        lo, hi = bound(self.family, "truncate", lo), bound(self.family, "truncate", hi)
        if lo <= self.support[0] and self.support[1] <= hi:
            return self
        values, chances = self._steps.values, self._steps.chances
        keep = (values >= lo) & (values <= hi)
        if not keep.any():
            what = f"an interval that holds one of its values {shown([float(v) for v in values])}"
            raise ParameterError(self.family, "truncate", f"[{shown(lo)}, {shown(hi)}]", what)
        return choice(values[keep], chances[keep] / fsum(chances[keep]))


def choice(values: Floats, chances: Floats) -> "Choice | Fixed":
    """Return the law of these values; where only one is left, that value fixed."""
    if values.size == 1:
        return Fixed(float(values[0]))
    return Choice(tuple(values.tolist()), tuple(chances.tolist()))


@dataclass(frozen=True)
class Choice(Discrete):
    """One of some values, with equal chance or the chances given; kept in rising order."""

    values: tuple[float, ...]
    probabilities: tuple[float, ...] | None = None
    family = "choice"

    def __post_init__(self) -> None:
        values = numbers(self.family, "values", self.values)
        if len(set(values)) < len(values):
            raise ParameterError(self.family, "values", f"one twice in {shown(list(values))}", "each value once")
        if len(values) < 2:
            raise ParameterError(self.family, "values", "one value", "two or more, or the family fixed")
        given: object = [1.0 / len(values)] * len(values) if self.probabilities is None else self.probabilities
        listed = numbers(self.family, "probabilities", given)
        chances = tuple(chance(self.family, f"probabilities[{i}]", p) for i, p in enumerate(listed))
        if len(chances) != len(values):
            raise ParameterError(
                self.family, "probabilities", f"{len(chances)} for {len(values)} values", "one for each value"
            )
        if abs(fsum(chances) - 1.0) > 1e-9:
            raise ParameterError(self.family, "probabilities", f"a sum of {shown(fsum(chances))}", "a sum of 1")
        pairs = sorted(zip(values, chances, strict=True))
        object.__setattr__(self, "values", tuple(v for v, _ in pairs))
        object.__setattr__(self, "probabilities", tuple(p for _, p in pairs))

    def spec(self) -> dict[str, Any]:
        """Return family, values, probabilities."""
        return {"family": self.family, "values": list(self.values), "probabilities": list(self.probabilities or ())}

    def _atoms(self) -> tuple[Floats, Floats]:
        values, chances = np.array(self.values), np.array(self.probabilities)
        return values[chances > 0.0], chances[chances > 0.0]


@dataclass(frozen=True)
class Bernoulli(Discrete):
    """1 with chance p, else 0."""

    p: float
    family = "bernoulli"

    def __post_init__(self) -> None:
        object.__setattr__(self, "p", chance(self.family, "p", self.p))

    def spec(self) -> dict[str, Any]:
        """Return family, p."""
        return {"family": self.family, "p": self.p}

    def _atoms(self) -> tuple[Floats, Floats]:
        values, chances = np.array([0.0, 1.0]), np.array([1.0 - self.p, self.p])
        return values[chances > 0.0], chances[chances > 0.0]


@dataclass(frozen=True)
class Fixed(Discrete):
    """One value for certain."""

    value: float
    family = "fixed"

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", number(self.family, "value", self.value))

    def spec(self) -> dict[str, Any]:
        """Return family, value."""
        return {"family": self.family, "value": self.value}

    def _atoms(self) -> tuple[Floats, Floats]:
        return np.array([self.value]), np.array([1.0])

    def scaled(self, factor: float) -> Distribution:
        """Return the value times factor, fixed."""
        return Fixed(self.value * number(self.family, "scale", factor))
