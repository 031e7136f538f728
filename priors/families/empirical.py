"""Laws that repeat what was observed: values with weights, as steps or joined by lines."""

from dataclasses import dataclass
from functools import cached_property
from math import fsum
from typing import Any

import numpy as np

from priors.families.base import Distribution, Floats
from priors.families.checks import ParameterError, nonzero, number, numbers, shown
from priors.families.discrete import Discrete
from priors.families.transforms import Continuous

_NAME = "empirical"


def _merged(values: object, weights: object | None) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return distinct values, rising, with the weights of equal ones added; values of weight 0 dropped."""
    xs = numbers(_NAME, "values", values)
    ws = (1.0,) * len(xs) if weights is None else numbers(_NAME, "weights", weights)
    if len(ws) != len(xs):
        raise ParameterError(_NAME, "weights", f"{len(ws)} for {len(xs)} values", "one for each value")
    for i, w in enumerate(ws):
        if w < 0.0:
            raise ParameterError(_NAME, f"weights[{i}]", shown(w), "a number of at least 0")
    sums: dict[float, float] = {}
    for x, w in sorted(zip(xs, ws, strict=True)):
        if w > 0.0:
            sums[x] = sums.get(x, 0.0) + w
    if len(sums) < 2:
        what = f"{len(sums)} distinct value{'' if len(sums) == 1 else 's'} with a weight above 0"
        raise ParameterError(_NAME, "values", what, "two or more, or the family fixed")
    return tuple(sums), tuple(sums.values())


def empirical(values: object, weights: object | None = None, interpolate: bool = False) -> Distribution:
    """Return the empirical law of weighted values.

    Args:
        values: what was observed, in any order.
        weights: one a value, at least 0; equal where left out.
        interpolate: join the values by lines in the quantile function, else step from value to value.

    Returns:
        A discrete law (steps) or a continuous one (lines).
    """
    if not isinstance(interpolate, bool | np.bool_):
        raise ParameterError(_NAME, "interpolate", shown(interpolate), "true or false")
    return Lines(*_merged(values, weights)) if interpolate else Steps(*_merged(values, weights))


@dataclass(frozen=True)
class Steps(Discrete):
    """Each value with a chance in proportion to its weight."""

    values: tuple[float, ...]
    weights: tuple[float, ...]
    family = _NAME

    def __post_init__(self) -> None:
        values, weights = _merged(self.values, self.weights)
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "weights", weights)

    def spec(self) -> dict[str, Any]:
        """Return family, values, weights, interpolate."""
        return {"family": _NAME, "values": list(self.values), "weights": list(self.weights), "interpolate": False}

    def _atoms(self) -> tuple[Floats, Floats]:
        return np.array(self.values), np.array(self.weights) / fsum(self.weights)


@dataclass(frozen=True)
class Lines(Continuous):
    """A piecewise linear quantile function from the least value (p = 0) to the greatest (p = 1).

    A value stands at the middle of its weight, and p is stretched so that the first stands at 0 and the last at 1: for
    equal weights at (i - 1) / (n - 1), as NumPy's `quantile` has it.
    """

    values: tuple[float, ...]
    weights: tuple[float, ...]
    family = _NAME

    def __post_init__(self) -> None:
        values, weights = _merged(self.values, self.weights)
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "weights", weights)

    @cached_property
    def _knots(self) -> tuple[Floats, Floats, Floats]:
        """Values, the chance below each, the chance above each."""
        w = np.array(self.weights)
        gaps = 0.5 * (w[1:] + w[:-1])
        below = np.append(0.0, np.cumsum(gaps))
        above = np.append(np.cumsum(gaps[::-1])[::-1], 0.0)
        return np.array(self.values), below / below[-1], above / above[0]

    @property
    def support(self) -> tuple[float, float]:
        """Least and greatest value."""
        return self.values[0], self.values[-1]

    def spec(self) -> dict[str, Any]:
        """Return family, values, weights, interpolate."""
        return {"family": _NAME, "values": list(self.values), "weights": list(self.weights), "interpolate": True}

    def _ppf(self, p: Floats) -> Floats:
        values, below, _ = self._knots
        return np.interp(p, below, values)

    def _isf(self, q: Floats) -> Floats:
        values, _, above = self._knots
        return np.interp(q, above[::-1], values[::-1])

    def _cdf(self, x: Floats) -> Floats:
        values, below, _ = self._knots
        return np.interp(x, values, below)

    def _sf(self, x: Floats) -> Floats:
        values, _, above = self._knots
        return np.interp(x, values, above)

    def mean(self) -> float:
        """Return the expectation, exact for lines."""
        values, below, _ = self._knots
        return fsum(np.diff(below) * 0.5 * (values[1:] + values[:-1]))

    def var(self) -> float:
        """Return the variance, exact for lines."""
        values, below, _ = self._knots
        d = values - self.mean()
        return fsum(np.diff(below) * (d[1:] ** 2 + d[1:] * d[:-1] + d[:-1] ** 2) / 3.0)

    def breaks(self) -> tuple[float, ...]:
        """Return the chances at the inner values."""
        return tuple(float(p) for p in self._knots[1][1:-1])

    def scaled(self, factor: float) -> Distribution:
        """Return the law of factor * X."""
        factor = nonzero(_NAME, factor)
        return Lines(tuple(x * factor for x in self.values), self.weights)

    def shifted(self, offset: float) -> Distribution:
        """Return the law of X + offset."""
        offset = number(_NAME, "shift", offset)
        return Lines(tuple(x + offset for x in self.values), self.weights)
