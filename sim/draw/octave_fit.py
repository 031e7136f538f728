"""Polynomials for the octaves of a smooth quantile function, or the finding that it is not smooth enough.

On each octave the function is met at twelve Chebyshev points; the series through them, cut off, is within a fifth of the
best polynomial of its degree. It is looked at there and between, in the arithmetic of the kernel. A kink or jump anywhere
in an octave spoils the whole of it, and is seen; only a spike between two of the 25 points would not be, and has to be
named in ``breaks()``. One that is named, and lies where words are many, is met: its octave gets two polynomials.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

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
_WORD, _WORD_0 = 2.0**-32, 2.0**-33
_LARGEST = 1e30  # so that no coefficient is beyond single precision


def octaves_of(shape: Shape, support: tuple[float, float], kink: float = 0.5) -> Octaves | None:
    """Fit ``shape``; None where its quantile function is not finite, or not smooth enough for :data:`ALLOWED`.

    ``kink`` is a chance at which it may have a kink or a jump, beside the median.
    """
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
    parted = None if kink == 0.5 else _Parted.of(shape, kink)
    if kink != 0.5 and parted is None:
        return None
    for degree in DEGREES:
        coef = _rounded(_coefficients(t, values, degree))
        excess = np.abs(_evaluate(coef, t) - values) - ALLOWED * size
        beyond, span = np.zeros(degree + 1, np.float32), np.array([0, -1], np.int32)
        if parted is not None:
            at = parted.side, parted.octave
            coef[at], beyond, excess[at] = parted.fitted(degree, high - low)
            span = parted.span
        if np.all(excess <= 0.0):
            whole = np.zeros((2, ROWS, degree + 1), np.float32)
            whole[:, 1:] = coef
            whole[0, 0, 0] = last
            return Octaves(whole, beyond, span, support)
    return None


@dataclass(frozen=True, eq=False)
class _Parted:
    """The octave of a kink, in two parts: from its end towards the tail up to the kink, and beyond.

    Attributes
    ----------
    side, octave: which octave.
    span: int32[2], signed words beyond the kink.
    t, values: float64[2, 25], the places looked at in each part, and the exact values there.
    """

    side: int
    octave: int
    span: np.ndarray
    t: np.ndarray
    values: np.ndarray

    @classmethod
    def of(cls, shape: Shape, kink: float) -> _Parted | None:
        """The octave that ``kink``, a chance, falls into; None if it has few words, before the kink's own last ones."""
        side = int(kink > 0.5)
        # The first word beyond, as its distance from the end: one that has the chance itself belongs to the left.
        first = math.ceil((1.0 - kink) * 2.0**32 + 0.5) if side else math.floor(kink * 2.0**32 + 0.5)
        octave = max(first.bit_length() - 1, 0)
        start, stop = 1 << octave, 2 << octave
        # Words that are rounded to the next octave's first float are told by its polynomial.
        last = stop - 1 - (1 << octave >> 24)
        if not _NEAR <= octave <= 30 or last < first:
            return None
        # Where the kink is the octave's start, the words that are rounded to it keep the value before.
        ends = np.array([[min(start, first - 1), first - 1], [first, stop]], np.float64)
        place = ends[:, :1] + (ends[:, 1:] - ends[:, :1]) * (0.5 + _T)
        if side:
            values, span = shape.isf((place - 0.5) * _WORD), [-last, -first]
        else:
            values, span = shape.ppf((place + 0.5) * _WORD), [first, last]
        return cls(side, octave, np.array(span, np.int32), place / start - 1.5, np.asarray(values, np.float64))

    def fitted(self, degree: int, spread: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Coefficients of the two parts, float32[degree + 1], and by how much their errors exceed what is allowed."""
        coef = np.stack([_on_part(t, values, degree) for t, values in zip(self.t, self.values, strict=True)])
        single = coef.astype(np.float32)
        size = np.maximum(np.abs(self.values), spread)
        excess = np.abs(_evaluate(single, self.t) - self.values) - ALLOWED * size
        return single[0], single[1], np.max(excess, axis=0)


def _on_part(t: np.ndarray, values: np.ndarray, degree: int) -> np.ndarray:
    """Coefficients in powers of t, float64[degree + 1], of a part of an octave looked at in ``t``.

    The shorter the part, the fewer powers: rounding is all that the higher ones would tell of.
    """
    middle, length = 0.5 * (t.min() + t.max()), max(float(np.ptp(t)), 1e-9)
    some = min(degree, max(1, int(math.log(1e-8) / math.log(min(0.5 * length, 0.4)))))
    local = coefficients(values[:_NODES], some)
    coef = np.zeros(degree + 1)
    for c in local[::-1]:  # Horner's rule on polynomials, of (t - middle) / length
        moved = np.append(0.0, coef[:-1]) - middle * coef
        coef = moved / length
        coef[0] += c
    return coef


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
