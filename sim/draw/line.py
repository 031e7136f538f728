"""The quantile function of a uniform law, by its formula: no table is as good or as fast."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.draw.fit import Shape
from sim.draw.pool import Filling, Pool
from sim.kernels import bare_kernel

_P = np.array([2.0**-33, 2.0**-20, 0.01, 0.2, 0.3, 0.5])
_CLOSE = 1e-14
_WORD = 2.0**-32


@dataclass(frozen=True, eq=False)
class Line:
    """A quantile function without a bend.

    Attributes
    ----------
    support: least and greatest value, its ends.
    """

    support: tuple[float, float]


def line_of(shape: Shape, support: tuple[float, float]) -> Line | None:
    """A line between the ends of the support; None where the quantile function is another."""
    low, high = support
    if not np.isfinite(high - low) or high <= low:
        return None
    rise = (high - low) * _P
    error = np.concatenate([shape.ppf(_P) - (low + rise), shape.isf(_P) - (high - rise)])
    return Line(support) if np.all(np.abs(error) <= _CLOSE * max(abs(low), abs(high))) else None


def lay(table: Line, filling: Filling) -> list[int]:
    """Put the ends into the pool; where they are."""
    return [filling.put(np.array(table.support))]


@bare_kernel
def fill_line(pool: Pool, row: np.ndarray, words: np.ndarray, loc: float, scale: float, values: np.ndarray) -> None:
    """Set ``values``, float64[n], to loc + scale · quantile of the words, uint32[n], by the table in ``row``."""
    low, high = pool.doubles[row[1]], pool.doubles[row[1] + 1]
    rise = (high - low) * _WORD
    for i in range(np.uint64(words.size)):
        value = low + rise * (np.float64(words[i]) + 0.5)
        values[i] = loc + scale * (value if value < high else high)
