"""What every family answers: the interface, and the rules at the ends of a support."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

NEVER = 9999.0
"""The quarter of an event that does not happen."""


class Distribution(ABC):
    """A law of one number: frozen, hashable, equal where its content is equal.

    A family gives `support`, `spec` and the four functions `_ppf`, `_isf`, `_cdf`, `_sf`. These are called with
    float64 arrays and need be right only inside: p or q in (0, 1), x in (lo, hi). The public four put the ends right
    (`ppf(0) = lo`, `ppf(1) = hi`, `cdf(x) = 0` below lo …), keep values within the support and answer NaN to a p
    outside [0, 1].
    """

    family: ClassVar[str]
    discrete: ClassVar[bool] = False

    @property
    @abstractmethod
    def support(self) -> tuple[float, float]:
        """Least and greatest value, infinite where there is none."""

    @abstractmethod
    def spec(self) -> dict[str, Any]:
        """Return the canonical description in JSON's types; `make` builds an equal distribution from it."""

    @abstractmethod
    def _ppf(self, p: Floats) -> Floats: ...

    @abstractmethod
    def _isf(self, q: Floats) -> Floats: ...

    @abstractmethod
    def _cdf(self, x: Floats) -> Floats: ...

    @abstractmethod
    def _sf(self, x: Floats) -> Floats: ...

    def ppf(self, p: ArrayLike) -> Floats:
        """Return the quantile: the least x with cdf(x) >= p, for p in [0, 1]."""
        lo, hi = self.support
        return _quantile(self._ppf, p, lo, hi)

    def isf(self, q: ArrayLike) -> Floats:
        """Return ppf(1 - q) with no loss for small q."""
        lo, hi = self.support
        return _quantile(self._isf, q, hi, lo)

    def cdf(self, x: ArrayLike) -> Floats:
        """Return P(X <= x)."""
        return _chance(self._cdf, x, self.support, (0.0, 1.0))

    def sf(self, x: ArrayLike) -> Floats:
        """Return P(X > x) with no loss where it is small."""
        return _chance(self._sf, x, self.support, (1.0, 0.0))

    @abstractmethod
    def mean(self) -> float:
        """Return the expectation."""

    @abstractmethod
    def var(self) -> float:
        """Return the variance."""

    def atoms(self) -> tuple[Floats, Floats] | None:
        """Return the values (rising) and their probabilities where the law is discrete, else None."""
        return None

    def breaks(self) -> tuple[float, ...]:
        """Return the probabilities in (0, 1), rising, at which `ppf` jumps or has a kink."""
        return ()

    def standard(self) -> tuple["Distribution", float, float]:
        """Return (shape, loc, scale), scale > 0, with ppf(p) = loc + scale * shape.ppf(p); shapes are few."""
        return self, 0.0, 1.0

    @abstractmethod
    def scaled(self, factor: float) -> "Distribution":
        """Return the law of factor * X; a factor of 0 is refused."""

    @abstractmethod
    def shifted(self, offset: float) -> "Distribution":
        """Return the law of X + offset."""

    @abstractmethod
    def truncated(self, lo: float, hi: float) -> "Distribution":
        """Return the law of X given lo <= X <= hi; itself where that cuts nothing."""


def _quantile(inner: Callable[[Floats], Floats], p: ArrayLike, at_0: float, at_1: float) -> Floats:
    p = np.asarray(p, dtype=np.float64)
    with np.errstate(all="ignore"):
        x = np.clip(inner(np.where((p > 0.0) & (p < 1.0), p, 0.5)), min(at_0, at_1), max(at_0, at_1))
    x = np.where(p == 0.0, at_0, np.where(p == 1.0, at_1, x))
    return np.where((p >= 0.0) & (p <= 1.0), x, np.nan)[()]


def _chance(
    inner: Callable[[Floats], Floats], x: ArrayLike, support: tuple[float, float], ends: tuple[float, float]
) -> Floats:
    x = np.asarray(x, dtype=np.float64)
    with np.errstate(all="ignore"):
        inside = np.clip(inner(x), 0.0, 1.0)
    result = np.where(x < support[0], ends[0], np.where(x >= support[1], ends[1], inside))
    return np.where(np.isnan(x), np.nan, result)[()]
