"""Continuous laws cut to an interval, and scaled or shifted where their family is not closed under it."""

from dataclasses import dataclass
from functools import cached_property
from math import inf, isfinite
from typing import Any, NamedTuple

import numpy as np

from priors.families import quadrature
from priors.families.base import Distribution, Floats
from priors.families.checks import ParameterError, nonzero, number, shown, within
from priors.families.cuts import cut

LEAST_MASS = 1e-9
"""A cut that keeps less chance than this is taken for a mistake."""


class Continuous(Distribution):
    """A law with a density; what follows from its quantiles where the family knows no better."""

    def mean(self) -> float:
        """Return the expectation, by quadrature of `ppf`."""
        return quadrature.mean(self)

    def var(self) -> float:
        """Return the variance, by quadrature of `ppf`."""
        return quadrature.var(self)

    def scaled(self, factor: float) -> Distribution:
        """Return the law of factor * X, factor other than 0."""
        return Affine(self, 0.0, nonzero(self.family, factor))

    def shifted(self, offset: float) -> Distribution:
        """Return the law of X + offset."""
        return Affine(self, number(self.family, "shift", offset), 1.0)

    def truncated(self, lo: float, hi: float) -> Distribution:
        """Return the law of X given lo <= X <= hi; itself where that cuts nothing."""
        lo, hi = cut(self, lo, hi)
        return self if (lo, hi) == self.support else Truncated(self, lo, hi)


class _Ends(NamedTuple):
    """Chances at the two ends of a cut: below the lower, above the upper, between."""

    below: float
    above: float
    mass: float


@dataclass(frozen=True)
class Truncated(Continuous):
    """`base` given lo <= X <= hi.

    ppf(p) = base.ppf(F(lo) + p (F(hi) - F(lo))) below the base's median and the mirror of it, in terms of 1 - F, above:
    no chance is the difference of two near 1.
    """

    base: Distribution
    lo: float
    hi: float

    def __post_init__(self) -> None:
        if self.base.discrete or isinstance(self.base, Truncated | Affine):
            raise TypeError("Truncated holds a plain continuous law; call .truncated(lo, hi)")
        lo, hi = cut(self.base, self.lo, self.hi)
        object.__setattr__(self, "lo", lo)
        object.__setattr__(self, "hi", hi)
        if not self._ends.mass >= LEAST_MASS:
            what = f"[{shown(lo)}, {shown(hi)}], which holds a chance of {self._ends.mass:.2g}"
            raise ParameterError(self.family, "truncate", what, f"one of at least {LEAST_MASS:g}")

    @property
    def family(self) -> str:  # type: ignore[override]
        """The base's family."""
        return self.base.family

    @property
    def support(self) -> tuple[float, float]:
        """The interval kept."""
        return self.lo, self.hi

    @cached_property
    def _ends(self) -> _Ends:
        below, above = float(self.base.cdf(self.lo)), float(self.base.sf(self.hi))
        if below >= 0.5:
            mass = float(self.base.sf(self.lo)) - above
        elif above >= 0.5:
            mass = float(self.base.cdf(self.hi)) - below
        else:
            mass = 1.0 - below - above
        return _Ends(below, above, mass)

    def spec(self) -> dict[str, Any]:
        """Return the base's spec with `truncate`."""
        return {**self.base.spec(), "truncate": [v if isfinite(v) else str(v) for v in (self.lo, self.hi)]}

    def _inverse(self, p: Floats, q: Floats) -> Floats:
        below, above, mass = self._ends
        p, q = below + p * mass, above + q * mass
        return np.where(p <= 0.5, self.base.ppf(np.minimum(p, 1.0)), self.base.isf(np.minimum(q, 1.0)))

    def _ppf(self, p: Floats) -> Floats:
        return self._inverse(p, 1.0 - p)

    def _isf(self, q: Floats) -> Floats:
        return self._inverse(1.0 - q, q)

    def _cdf(self, x: Floats) -> Floats:
        return self._shares(x)[0]

    def _sf(self, x: Floats) -> Floats:
        return self._shares(x)[1]

    def _shares(self, x: Floats) -> tuple[Floats, Floats]:
        below, above, mass = self._ends
        if below >= 0.5:
            right = self.base.sf(x)
            return (above + mass - right) / mass, (right - above) / mass
        if above >= 0.5:
            left = self.base.cdf(x)
            return (left - below) / mass, (below + mass - left) / mass
        low, high = (self.base.cdf(x) - below) / mass, (self.base.sf(x) - above) / mass
        return np.where(low <= 0.5, low, 1.0 - high), np.where(high <= 0.5, high, 1.0 - low)

    def breaks(self) -> tuple[float, ...]:
        """Return the base's breaks that lie inside, at their new chances."""
        below, _, mass = self._ends
        return tuple(b for b in ((p - below) / mass for p in self.base.breaks()) if 0.0 < b < 1.0)

    def standard(self) -> tuple[Distribution, float, float]:
        """Return the base's standard shape, cut at the same places."""
        shape, loc, scale = self.base.standard()
        lo, hi = ((x - loc) / scale for x in self.support)
        if isfinite(lo):
            lo = within(loc, scale, lo, self.lo, inf)
        if isfinite(hi):
            hi = within(loc, scale, hi, -inf, self.hi)
        lo, hi = cut(shape, lo, hi)
        if (lo, hi) == shape.support:
            return shape, loc, scale
        # Made past the check of what it holds, which is what this law holds: a cdf, and so SciPy, may not be needed at all.
        made = object.__new__(Truncated)
        for name, value in (("base", shape), ("lo", lo), ("hi", hi)):
            object.__setattr__(made, name, value)
        return made, loc, scale

    def scaled(self, factor: float) -> Distribution:
        """Return the law of factor * X."""
        base = self.base.scaled(factor)
        return Affine(self, 0.0, factor) if isinstance(base, Affine) else _mapped(base, self, 0.0, factor)

    def shifted(self, offset: float) -> Distribution:
        """Return the law of X + offset."""
        base = self.base.shifted(offset)
        return Affine(self, offset, 1.0) if isinstance(base, Affine) else _mapped(base, self, offset, 1.0)

    def truncated(self, lo: float, hi: float) -> Distribution:
        """Return the base cut to what both intervals hold."""
        lo, hi = cut(self, lo, hi)
        return self if (lo, hi) == self.support else Truncated(self.base, lo, hi)


def _mapped(base: Distribution, old: Truncated, offset: float, factor: float) -> Truncated:
    lo, hi = sorted((offset + factor * old.lo, offset + factor * old.hi))
    return Truncated(base, lo, hi)


@dataclass(frozen=True)
class Affine(Continuous):
    """The law of offset + factor * X for a continuous X whose family does not hold it."""

    base: Distribution
    offset: float
    factor: float

    def __post_init__(self) -> None:
        if self.base.discrete or isinstance(self.base, Affine):
            raise TypeError("Affine holds a plain continuous law; call .scaled(factor) or .shifted(offset)")
        object.__setattr__(self, "offset", number(self.family, "shift", self.offset))
        object.__setattr__(self, "factor", nonzero(self.family, self.factor))

    @property
    def family(self) -> str:  # type: ignore[override]
        """The base's family."""
        return self.base.family

    @property
    def support(self) -> tuple[float, float]:
        """The base's support, mapped."""
        lo, hi = sorted(self.offset + self.factor * x for x in self.base.support)
        return lo, hi

    def spec(self) -> dict[str, Any]:
        """Return the base's spec with `affine = [offset, factor]`, which is applied after `truncate`."""
        return {**self.base.spec(), "affine": [self.offset, self.factor]}

    def _ppf(self, p: Floats) -> Floats:
        return self.offset + self.factor * (self.base.ppf(p) if self.factor > 0.0 else self.base.isf(p))

    def _isf(self, q: Floats) -> Floats:
        return self.offset + self.factor * (self.base.isf(q) if self.factor > 0.0 else self.base.ppf(q))

    def _cdf(self, x: Floats) -> Floats:
        z = (x - self.offset) / self.factor
        return self.base.cdf(z) if self.factor > 0.0 else self.base.sf(z)

    def _sf(self, x: Floats) -> Floats:
        z = (x - self.offset) / self.factor
        return self.base.sf(z) if self.factor > 0.0 else self.base.cdf(z)

    def mean(self) -> float:
        """Return the expectation."""
        return self.offset + self.factor * self.base.mean()

    def var(self) -> float:
        """Return the variance."""
        return self.factor**2 * self.base.var()

    def breaks(self) -> tuple[float, ...]:
        """Return the base's breaks, mirrored by a factor below 0."""
        inner = self.base.breaks()
        return inner if self.factor > 0.0 else tuple(1.0 - p for p in reversed(inner))

    def standard(self) -> tuple[Distribution, float, float]:
        """Return the base's shape, mirrored by a factor below 0, since scale must be positive."""
        shape, loc, scale = self.base.standard()
        if self.factor < 0.0:
            shape = Affine(shape, 0.0, -1.0)
        return shape, self.offset + self.factor * loc, abs(self.factor) * scale

    def scaled(self, factor: float) -> Distribution:
        """Return the law of factor * X."""
        factor = nonzero(self.family, factor)
        return self._with(self.offset * factor, self.factor * factor)

    def shifted(self, offset: float) -> Distribution:
        """Return the law of X + offset."""
        return self._with(self.offset + number(self.family, "shift", offset), self.factor)

    def _with(self, offset: float, factor: float) -> Distribution:
        """Return the law in the base's own family where that holds it: one law, one spec."""
        if factor > 0.0:
            moved = self.base.scaled(factor) if factor != 1.0 else self.base
            if not isinstance(moved, Affine):
                moved = moved.shifted(offset) if offset else moved
            if not isinstance(moved, Affine):
                return moved
        return Affine(self.base, offset, factor)

    def truncated(self, lo: float, hi: float) -> Distribution:
        """Return the law cut to [lo, hi]; the cut is kept inside, on the base."""
        lo, hi = cut(self, lo, hi)
        if (lo, hi) == self.support:
            return self
        ends = sorted((x - self.offset) / self.factor if isfinite(x) else x * np.sign(self.factor) for x in (lo, hi))
        return Affine(self.base.truncated(ends[0], ends[1]), self.offset, self.factor)
