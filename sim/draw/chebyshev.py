"""Polynomials of a given degree, close to the best, on many pieces at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np


def nodes(count: int) -> np.ndarray:
    """Chebyshev's points of the interval from -1/2 to 1/2, float64[count]."""
    return 0.5 * np.cos(_angles(count))


def coefficients(values: np.ndarray, degree: int) -> np.ndarray:
    """Powers of t from 0 up, float64[..., degree + 1], from values at :func:`nodes`, float64[..., count].

    The Chebyshev series through the values, cut off. Equal values give exactly a constant.
    """
    rise = values - values[..., :1]
    coef = np.zeros((*values.shape[:-1], degree + 1))
    for node, weights in enumerate(_weights(values.shape[-1], degree)):
        coef += (
            rise[..., node, None] * weights
        )  # one by one: a library's sums would let the machine choose the last bits
    coef[..., 0] += values[..., 0]
    return coef


def polynomials(values: Callable[[np.ndarray], np.ndarray], degree: int, count: int) -> np.ndarray:
    """Coefficients, float64[pieces, degree + 1], from a function of t that gives values, float64[pieces, count]."""
    return coefficients(values(nodes(count)), degree)


@cache
def _weights(count: int, degree: int) -> np.ndarray:
    """What the value at each node contributes to each power's coefficient, float64[count, degree + 1]."""
    series = np.cos(np.arange(degree + 1) * _angles(count)[:, None]) * (2.0 / count)
    series[:, 0] /= 2.0
    before, power = np.zeros((2, degree + 1))  # of Chebyshev's polynomials in 2 t, one after the other
    power[0] = 1.0
    found = np.zeros((count, degree + 1))
    for k in range(degree + 1):
        found += series[:, k, None] * power
        following = (4.0 if k else 2.0) * np.append(0.0, power[:-1]) - before
        before, power = power, following
    return found


def _angles(count: int) -> np.ndarray:
    return np.pi * (np.arange(count) + 0.5) / count
