"""Quantile functions made of a few lines: a sum of ramps, each of which begins at a bend.

An interpolated empirical law, say. A ramp costs a subtraction, a maximum and a multiply-add for eight words at a time; four
are added up in a pass over the row.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.draw.fit import Shape
from sim.draw.pool import Filling, Pool
from sim.kernels import bare_kernel

MOST = 16
"""Bends up to which all are added up; more are found in the cells of cubics."""

_CLOSE = 1e-13
_INSIDE = np.array([0.1, 0.3, 0.5, 0.7, 0.9])
_WORD = 2.0**-32
_PASS = 4
_1, _2, _3, _4, _8 = (np.uint64(n) for n in (1, 2, 3, 4, 8))


@dataclass(frozen=True, eq=False)
class Bends:
    """A quantile function that is piecewise a line, without a jump.

    Attributes
    ----------
    start: float64[2], its value at the word 0 and its rise a word from there on.
    place: float64[n], rising, in words, where it bends; change: float64[n], by how much its rise does.
    support: least and greatest value, which no value passes.
    """

    start: np.ndarray
    place: np.ndarray
    change: np.ndarray
    support: tuple[float, float]


def bends_of(shape: Shape, support: tuple[float, float], breaks: np.ndarray) -> Bends | None:
    """A sum of ramps, if the function is a rising line between neighbours of the few ``breaks``; None if it is not."""
    if not 0 < len(breaks) <= MOST or not np.all(np.isfinite(support)):
        return None
    p = np.concatenate([[0.0], np.sort(breaks), [1.0]])
    at = np.concatenate([[support[0]], _quantile(shape, p[1:-1]), [support[1]]])
    length = np.diff(p)
    rise = np.diff(at) / length
    inside = p[:-1] + length * _INSIDE[:, None]
    error = np.abs(_quantile(shape, inside.ravel()).reshape(inside.shape) - (at[:-1] + np.diff(at) * _INSIDE[:, None]))
    if not (np.all(rise > 0.0) and np.all(error <= _CLOSE * np.max(np.abs(support)))):
        return None
    start = np.array([support[0] + 0.5 * _WORD * rise[0], _WORD * rise[0]])
    return Bends(start, p[1:-1] / _WORD - 0.5, _WORD * np.diff(rise), support)


def _quantile(shape: Shape, p: np.ndarray) -> np.ndarray:
    """The quantile function, by whichever end is nearer."""
    return np.where(p < 0.5, shape.ppf(p), shape.isf(1.0 - p))


def lay(table: Bends, filling: Filling) -> list[int]:
    """Put a table into the pool; its number of passes, and where its start, its passes and its bounds are.

    Passes: float64[8] each, four places and four changes; a ramp that is not needed rises by nothing.
    """
    passes = np.zeros((-(-len(table.place) // _PASS), 2, _PASS))
    for k, (place, change) in enumerate(zip(table.place, table.change, strict=True)):
        passes[k // _PASS, :, k % _PASS] = place, change
    return [len(passes), *map(filling.put, (table.start, passes, np.array(table.support)))]


@bare_kernel
def fill_bends(pool: Pool, row: np.ndarray, words: np.ndarray, loc: float, scale: float, values: np.ndarray) -> None:
    """Set ``values``, float64[n], to loc + scale · quantile of the words, uint32[n], by the table in ``row``."""
    of, first, n = pool.doubles, np.uint64(row[3]), np.uint64(words.size)
    start, rise, low, high = of[row[2]], of[row[2] + 1], of[row[4]], of[row[4] + 1]
    for i in range(n):
        values[i] = start + rise * np.float64(words[i])
    for k in range(np.uint64(row[1])):
        at = first + _8 * k
        place_0, place_1, place_2, place_3 = of[at], of[at + _1], of[at + _2], of[at + _3]
        at += _4
        change_0, change_1, change_2, change_3 = of[at], of[at + _1], of[at + _2], of[at + _3]
        for i in range(n):
            word, value = np.float64(words[i]), values[i]
            value += change_0 * (word - place_0 if word > place_0 else 0.0)
            value += change_1 * (word - place_1 if word > place_1 else 0.0)
            value += change_2 * (word - place_2 if word > place_2 else 0.0)
            value += change_3 * (word - place_3 if word > place_3 else 0.0)
            values[i] = value
    for i in range(n):
        value = values[i] if values[i] > low else low
        values[i] = loc + scale * (value if value < high else high)
