"""The metalog: a smooth law through the quantiles that someone gave, unbounded or with bounds."""

from dataclasses import dataclass
from functools import cached_property
from math import inf, isfinite
from typing import Any, NamedTuple

import numpy as np

from priors.families import quadrature, special
from priors.families.base import Distribution, Floats
from priors.families.checks import ParameterError, bound, nonzero, number, quantiles, shown
from priors.families.transforms import Continuous

_GRID = np.linspace(-40.0, 40.0, 8001)  # ln(p / (1 - p)); beyond, the slope is its limit to 1e-15
_TAIL = np.array([2.0**-60])
_SINGULAR = 1e12  # condition number; ten points at 5 %, 15 %, … are far below it


class _Terms(NamedTuple):
    """z(t) = level(c) + slope(c) t with t = ln(p / (1 - p)), c = p - 1/2; coefficients of rising powers of c."""

    level: Floats
    slope: Floats

    def value(self, t: Floats, c: Floats) -> Floats:
        """Return z."""
        return _poly(self.level, c) + _poly(self.slope, c) * t

    def rise(self, t: Floats) -> Floats:
        """Return dz/dt, which is positive exactly where the density is."""
        c, spread = 0.5 * np.tanh(0.5 * t), special.expit(t) * special.expit(-t)
        bend = _poly(_derivative(self.level), c) + _poly(_derivative(self.slope), c) * t
        return spread * bend + _poly(self.slope, c)


def _poly(coefficients: Floats, c: Floats) -> Floats:
    return np.asarray(np.polynomial.polynomial.polyval(c, coefficients), dtype=np.float64)


def _derivative(coefficients: Floats) -> Floats:
    return np.arange(1.0, coefficients.size) * coefficients[1:] if coefficients.size > 1 else np.zeros(1)


def _places(count: int) -> list[tuple[int, int]]:
    """Return for each of Keelin's terms where it stands: (0 level or 1 slope, power of c)."""
    first = [(0, 0), (1, 0), (1, 1), (0, 1)]
    return [*first, *((0, (k - 1) // 2) if k % 2 else (1, k // 2 - 1) for k in range(5, count + 1))][:count]


def _solve(points: tuple[tuple[float, float], ...], z: Floats) -> _Terms | None:
    """Return the terms that pass through z at the given chances, None where no single curve does.

    As many terms as points. At 7, 11, 15 … points that lie symmetrically about p = 1/2 Keelin's terms depend on each
    other (one odd function of c too many); there the next term stands in for the last.
    """
    p = np.array([point[0] for point in points])
    t, c = np.log(p) - np.log1p(-p), p - 0.5
    terms = _places(p.size + 1)
    for places in (terms[:-1], [*terms[:-2], terms[-1]]):
        matrix = np.column_stack([c**power * (t if part else 1.0) for part, power in places])
        if np.linalg.cond(matrix / np.abs(matrix).max(axis=0)) < _SINGULAR:
            by_power = np.zeros((2, 1 + max(power for _, power in places)))
            for place, a in zip(places, np.linalg.solve(matrix, z), strict=True):
                by_power[place] = a
            return _Terms(*by_power)
    return None


@dataclass(frozen=True)
class Metalog(Continuous):
    """The metalog with as many terms as quantiles, exactly through them.

    Args:
        quantiles: (p, x) pairs, two or more, p inside (0, 1), both rising, x inside (low, high).
        low: least value, or -inf.
        high: greatest value, or inf.

    Raises:
        ParameterError: where the curve through the quantiles would fall somewhere, so that no density fits it.

    Source: Keelin 2016, The Metalog Distributions, Decision Analysis 13(4).
    """

    quantiles: tuple[tuple[float, float], ...]
    low: float = -inf
    high: float = inf
    family = "metalog"

    def __post_init__(self) -> None:
        points = quantiles(self.family, self.quantiles)
        low, high = bound(self.family, "low", self.low), bound(self.family, "high", self.high)
        if low == inf or not low < points[0][1]:
            raise ParameterError(self.family, "low", shown(low), f"a number below the quantile {shown(points[0][1])}")
        if high == -inf or not high > points[-1][1]:
            raise ParameterError(
                self.family, "high", shown(high), f"a number above the quantile {shown(points[-1][1])}"
            )
        object.__setattr__(self, "quantiles", points)
        object.__setattr__(self, "low", low)
        object.__setattr__(self, "high", high)
        self._check()

    def _check(self) -> None:
        p, x = np.array(self.quantiles).T
        if self._solved is None:
            what = f"{p.size} points that determine no single curve"
            raise ParameterError(self.family, "quantiles", what, "fewer points, or points further apart")
        rise = np.append(self._terms.rise(_GRID), _poly(self._terms.slope, np.array([-0.5, 0.5])))
        if not np.all(rise > 0.0):
            worst = int(np.argmin(rise))
            at = special.expit(_GRID[worst]) if worst < _GRID.size else float(worst - _GRID.size)
            raise ParameterError(
                self.family,
                "quantiles",
                f"points whose curve falls near p = {at:.3g} (density not positive)",
                "points that one smooth density can pass: move or leave out one, or set low or high",
            )
        with np.errstate(all="ignore"):
            ends = np.append(self._ppf(_TAIL), self._isf(_TAIL))
            miss = float(np.max(np.abs(self._ppf(p) - x)) / (x[-1] - x[0]))
        if not np.isfinite(ends).all():
            what = "points whose curve passes 1e308 within a chance of 2^-60"
            raise ParameterError(
                self.family, "quantiles", what, "points that do not steepen so towards an end, or a bound"
            )
        if not miss < 1e-9:
            what = f"points too close to tell apart (missed by {miss:.1g} of their spread)"
            raise ParameterError(self.family, "quantiles", what, "fewer points, or points further apart")

    @cached_property
    def _solved(self) -> _Terms | None:
        return _solve(self.quantiles, self._to_z(np.array([x for _, x in self.quantiles])))

    @property
    def _terms(self) -> _Terms:
        assert self._solved is not None  # as the constructor saw to
        return self._solved

    def _to_z(self, x: Floats) -> Floats:
        if isfinite(self.low) and isfinite(self.high):
            return np.log(x - self.low) - np.log(self.high - x)
        if isfinite(self.low):
            return np.log(x - self.low)
        return -np.log(self.high - x) if isfinite(self.high) else x

    def _from_z(self, z: Floats) -> Floats:
        if isfinite(self.low) and isfinite(self.high):
            width = self.high - self.low
            return np.where(z <= 0.0, self.low + width * special.expit(z), self.high - width * special.expit(-z))
        if isfinite(self.low):
            return self.low + np.exp(z)
        return self.high - np.exp(-z) if isfinite(self.high) else z

    @property
    def support(self) -> tuple[float, float]:
        """(low, high)."""
        return self.low, self.high

    def spec(self) -> dict[str, Any]:
        """Return family, quantiles, and the bounds there are."""
        result: dict[str, Any] = {"family": self.family, "quantiles": [list(pair) for pair in self.quantiles]}
        return result | {key: v for key, v in (("low", self.low), ("high", self.high)) if isfinite(v)}

    def _ppf(self, p: Floats) -> Floats:
        return self._from_z(self._terms.value(np.log(p) - np.log1p(-p), p - 0.5))

    def _isf(self, q: Floats) -> Floats:
        return self._from_z(self._terms.value(np.log1p(-q) - np.log(q), 0.5 - q))

    def _cdf(self, x: Floats) -> Floats:
        return special.expit(self._logit(x))

    def _sf(self, x: Floats) -> Floats:
        return special.expit(-self._logit(x))

    def _logit(self, x: Floats) -> Floats:
        """Return ln(cdf / sf): z(t) = z solved by Newton's method, held inside a bracket that shrinks."""
        z = self._to_z(np.asarray(x, dtype=np.float64))
        knots = self._terms.value(_GRID, 0.5 * np.tanh(0.5 * _GRID))
        cell = np.searchsorted(knots, z)
        ends = np.concatenate([[-750.0], _GRID, [750.0]])
        left, right = ends[cell], ends[cell + 1]
        t = np.clip(np.interp(z, knots, _GRID), left, right)
        for _ in range(80):
            gap = self._terms.value(t, 0.5 * np.tanh(0.5 * t)) - z
            left, right = np.where(gap <= 0.0, t, left), np.where(gap >= 0.0, t, right)
            new = t - gap / self._terms.rise(t)
            new = np.where((new >= left) & (new <= right), new, 0.5 * (left + right))
            done = np.all(np.abs(new - t) <= 1e-15 * np.maximum(np.abs(new), 1.0))
            t = new
            if done:
                break
        return t

    def _tail(self) -> float:
        """Return s where the open tail of a half-bounded metalog falls as |x|^(-1/s), else 0."""
        if isfinite(self.low) == isfinite(self.high):
            return 0.0
        return float(_poly(self._terms.slope, np.array(0.5 if isfinite(self.low) else -0.5)))

    def mean(self) -> float:
        """Return the expectation by quadrature; infinite where the tail is that heavy."""
        if self._tail() >= 1.0:
            return inf if isfinite(self.low) else -inf
        return quadrature.mean(self)

    def var(self) -> float:
        """Return the variance by quadrature; infinite where the tail is that heavy."""
        return inf if self._tail() >= 0.5 else quadrature.var(self)

    def scaled(self, factor: float) -> Distribution:
        """Return the metalog of factor * X, mirrored by a factor below 0."""
        factor = nonzero(self.family, factor)
        points = [(p if factor > 0.0 else 1.0 - p, x * factor) for p, x in self.quantiles]
        low, high = sorted((self.low * factor, self.high * factor))
        return Metalog(tuple(sorted(points)), low, high)

    def shifted(self, offset: float) -> Distribution:
        """Return the metalog of X + offset."""
        offset = number(self.family, "shift", offset)
        return Metalog(tuple((p, x + offset) for p, x in self.quantiles), self.low + offset, self.high + offset)
