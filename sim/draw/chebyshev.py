"""Polynomials of a given degree, close to the best, on many pieces at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.polynomial import chebyshev


def nodes(count: int) -> np.ndarray:
    """Chebyshev's points of the interval from -1/2 to 1/2, float64[count]."""
    return 0.5 * np.cos(_angles(count))


def coefficients(values: np.ndarray, degree: int) -> np.ndarray:
    """Powers of t from 0 up, float64[..., degree + 1], from values at :func:`nodes`, float64[..., count].

    The Chebyshev series through the values, cut off. Equal values give exactly a constant.
    """
    count = values.shape[-1]
    series = np.cos(np.arange(degree + 1) * _angles(count)[:, None]) * (2.0 / count)
    series[:, 0] /= 2.0
    powers = np.array([np.resize(chebyshev.cheb2poly(row), degree + 1) for row in series])
    weights = powers * np.exp2(np.arange(degree + 1))
    rise = values - values[..., :1]
    coef = np.zeros((*values.shape[:-1], degree + 1))
    for node in range(count):  # one by one: a library's sums would let the machine choose the last bits
        coef += rise[..., node, None] * weights[node]
    coef[..., 0] += values[..., 0]
    return coef


def polynomials(values: Callable[[np.ndarray], np.ndarray], degree: int, count: int) -> np.ndarray:
    """Coefficients, float64[pieces, degree + 1], from a function of t that gives values, float64[pieces, count]."""
    return coefficients(values(nodes(count)), degree)


def _angles(count: int) -> np.ndarray:
    return np.pi * (np.arange(count) + 0.5) / count
