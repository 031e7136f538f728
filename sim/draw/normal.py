"""The unit normal of the copula, both ways: word to value by a table, value to word by cubics of our own.

The way back is :func:`math.erfc` at nodes 1/128 apart and cubics between them, wrong by less than 1e-11, so that the
words do not depend on how a machine computes the error function in between.
"""

from __future__ import annotations

import math
import statistics
from functools import cache
from typing import Any

import numpy as np

from sim.draw.cache import table_of
from sim.draw.fit import through_nodes
from sim.draw.table import Table
from sim.kernels import bare_kernel

_STEPS = 128
_REACH = 8
_CLOSE = 1e-10
_HALF = np.uint32(0xFFFFFFFF)


class UnitNormal:
    """Quantiles of the unit normal from the standard library (Wichura's AS 241), to be tabled once."""

    support = (-math.inf, math.inf)

    def ppf(self, p: np.ndarray) -> np.ndarray:
        """Quantile at p."""
        quantile = statistics.NormalDist().inv_cdf
        return np.array([quantile(value) for value in np.ravel(p)]).reshape(np.shape(p))

    def isf(self, q: np.ndarray) -> np.ndarray:
        """Quantile at 1 - q."""
        return -self.ppf(q)

    def spec(self) -> dict[str, str]:
        """Name the table in the cache."""
        return {"family": "unit normal"}


def unit_normal() -> Table:
    """Quantiles of the unit normal, closer than other tables since a word is made of them again."""
    return table_of(UnitNormal(), _CLOSE)


@cache
def upper_tail() -> np.ndarray:
    """Cubics of 2^32 · P(Z > a), float64[1024, 4], in powers of 128 a - cell; a from 0 to 8."""
    cells = _STEPS * _REACH
    nodes = (np.arange(cells)[:, None] + np.array([0.0, 0.25, 0.75, 1.0])) / _STEPS
    values = np.array([0.5 * math.erfc(a / math.sqrt(2.0)) for a in nodes.ravel()]).reshape(nodes.shape)
    return through_nodes(values * 2.0**32)


@bare_kernel
def word_of(z: float, tail: np.ndarray) -> Any:
    """Word whose probability is the normal CDF at ``z``; ``tail`` is of :func:`upper_tail`."""
    a = min(abs(z), _REACH - 0.5 / _STEPS) * _STEPS
    cell = np.uint64(a)
    x = a - np.float64(cell)
    rank = ((tail[cell, 3] * x + tail[cell, 2]) * x + tail[cell, 1]) * x + tail[cell, 0]
    word = np.uint32(min(max(rank, 0.0), 2147483647.0))
    return np.uint32(word ^ _HALF) if z > 0.0 else word
