"""Polynomials for the octaves of a smooth quantile function, or the finding that it is not smooth enough.

On each octave the function is met at twelve Chebyshev points; the series through them, cut off, is within a fifth of the
best polynomial of its degree. It is looked at there and between, in the arithmetic of the kernel. A kink or jump anywhere
in an octave spoils the whole of it, and is seen; only a spike between two of the 25 points would not be, and has to be
named in ``breaks()``.
"""

from __future__ import annotations

import numpy as np

from sim.draw.chebyshev import coefficients, nodes
from sim.draw.fit import PROMISE, Shape
from sim.draw.octaves import DEGREES, ROWS, Octaves

ALLOWED = PROMISE / 4
"""Error allowed at every point looked at, relative to max(|x|, interquartile range), rounding included."""

_NODES = 12
# Between the nodes and at the ends, where the polynomial through them is worst.
_T = 0.5 * np.concatenate([2.0 * nodes(_NODES), np.cos(np.pi * np.arange(_NODES + 1) / _NODES)])
_SMALL = 4  # octaves below 2^4 have fewer words than 25: each of these is met
_NEAR = 16
_OCTAVES = np.arange(32)
_WORD_0 = 2.0**-33
_LARGEST = 1e30  # so that no coefficient is beyond single precision


def octaves_of(shape: Shape, support: tuple[float, float]) -> Octaves | None:
    """Fit ``shape``; None where its quantile function is not finite, or not smooth enough for :data:`ALLOWED`."""
    place = np.exp2(_OCTAVES)[:, None] * (1.5 + _T)
    for e in range(_SMALL):
        place[e] = (1 << e) + np.arange(len(_T)) % (1 << e)
    place[31] = 1 << 31
    place = np.stack([np.minimum(place, (1 << 31) - 1), place])  # the lower side ends at the median
    t = place / np.exp2(_OCTAVES)[:, None] - 1.5
    low, high, last = np.asarray(shape.ppf(np.array([0.25, 0.75, _WORD_0])), np.float64)
    values = np.stack([shape.ppf((place[0] + 0.5) * 2.0**-32), shape.isf((place[1] - 0.5) * 2.0**-32)])
    size = np.maximum(np.abs(values), high - low)
    if not (np.all(np.isfinite(values)) and np.isfinite(last) and size.max() < _LARGEST):
        return None
    if np.any(np.all(values[:, _NEAR:31] == values[:, _NEAR:31, :1], axis=2)):
        return None  # flat for a while: steps, whose values must be exact
    for degree in DEGREES:
        coef = _rounded(_coefficients(t, values, degree))
        error = np.abs(_evaluate(coef, t) - values)
        if np.all(error <= ALLOWED * size):
            whole = np.zeros((2, ROWS, degree + 1), np.float32)
            whole[:, 1:] = coef
            whole[0, 0, 0] = last
            return Octaves(whole, support)
    return None


def _coefficients(t: np.ndarray, values: np.ndarray, degree: int) -> np.ndarray:
    """Coefficients, float64[2, 32, degree + 1], in powers of t."""
    coef = np.zeros((2, 32, degree + 1))
    for e in range(_SMALL):
        n = min(1 << e, degree + 1)
        coef[:, e, :n] = _through(t[0, e, :n], values[:, e, :n])
    coef[:, _SMALL:31] = coefficients(values[:, _SMALL:31, :_NODES], degree)
    coef[:, 31, 0] = values[:, 31, 0]
    return coef


def _through(t: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Coefficients of the polynomial through a few values, by Newton's differences."""
    n = len(t)
    difference = values.copy()
    for k in range(1, n):
        difference[:, k:] = (difference[:, k:] - difference[:, k - 1 : -1]) / (t[k:] - t[: n - k])
    coef = np.zeros_like(values)
    for k in range(n - 1, -1, -1):
        shifted = np.concatenate([np.zeros((len(values), 1)), coef[:, :-1]], axis=1)
        coef = shifted - t[k] * coef
        coef[:, 0] += difference[:, k]
    return coef


def _rounded(coef: np.ndarray) -> np.ndarray:
    """In single precision, what the constant loses paid back in the square, so that an octave's mean is not moved."""
    lost = coef[:, _SMALL:31, 0] - coef[:, _SMALL:31, 0].astype(np.float32)
    coef = coef.copy()
    coef[:, _SMALL:31, 2] += 12.0 * lost  # the mean of t² is 1/12
    return coef.astype(np.float32)


def _evaluate(coef: np.ndarray, t: np.ndarray) -> np.ndarray:
    """What the kernel makes of it: fused multiply-adds in single precision (but for a second rounding, very rarely)."""
    t = t.astype(np.float32).astype(np.float64)
    value = coef[..., -1, None]
    for power in range(coef.shape[-1] - 2, -1, -1):
        value = (value * t + coef[..., power, None].astype(np.float64)).astype(np.float32)
    return value
