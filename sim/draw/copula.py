"""Rank correlations by a Gaussian copula, one block of streams at a time.

A block's words become unit normals by the same tables as everything else, are mixed by the Cholesky factor of the normal
correlation matrix in the order of the streams, and become words again, which the members' own tables turn into values.
The first member keeps its word; a later one depends on the members before it alone.

Spearman's rank correlation rho is the normal correlation 2 sin(pi rho / 6): Pearson, "On further methods of determining
correlation" (1907).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import ndtr, ndtri

from sim.draw.fit import _through_nodes
from sim.draw.table import Flat, look_up
from sim.kernels import kernel

_STEPS = 128
_REACH = 8
_SCALE = 2.0**32


@dataclass(frozen=True, eq=False)
class Block:
    """Streams that are correlated with each other.

    Attributes
    ----------
    streams: stream numbers, rising.
    spearman: float64[n, n], their rank correlations.
    """

    streams: tuple[int, ...]
    spearman: np.ndarray


@dataclass(frozen=True)
class UnitNormal:
    """The normal law that copulas are made of."""

    support: tuple[float, float] = (-math.inf, math.inf)

    def ppf(self, p: np.ndarray) -> np.ndarray:
        """Quantile at p."""
        return ndtri(p)

    def isf(self, q: np.ndarray) -> np.ndarray:
        """Quantile at 1 - q."""
        return -ndtri(q)

    def spec(self) -> dict[str, str]:
        """What the table's name is made of."""
        return {"family": "unit normal"}


def factor_of(block: Block) -> np.ndarray:
    """Lower Cholesky factor of the block's normal correlations, float64[n, n].

    Plain sums in a fixed order rather than LAPACK, whose bits differ between machines.

    Raises
    ------
    ValueError: if the streams do not rise, or the matrix is not positive definite; names the stream where it fails.
    """
    if any(b <= a for a, b in zip(block.streams, block.streams[1:], strict=False)):
        raise ValueError(f"streams of a correlated block: found {block.streams}, expected them rising")
    n = len(block.streams)
    factor = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            rho = 1.0 if i == j else 2.0 * math.sin(math.pi * float(block.spearman[i, j]) / 6.0)
            rest = rho - math.fsum(factor[i, k] * factor[j, k] for k in range(j))
            if i == j and rest <= 0.0:
                raise ValueError(f"correlations of stream {block.streams[i]} with those before it: not positive definite")
            factor[i, j] = math.sqrt(rest) if i == j else rest / factor[j, j]
    return factor


@cache
def lower_half() -> np.ndarray:
    """Unit normal CDF on [-8, 0] as cubics on steps of 1/128, float64[1024, 4]; off by less than 1e-11."""
    start = -_REACH + np.arange(_REACH * _STEPS) / _STEPS
    at = start[:, None] + np.array([0.0, 0.25, 0.75, 1.0]) / _STEPS
    return _through_nodes(ndtr(at))


@kernel
def word_of(z: float, cdf: np.ndarray) -> int:
    """The word whose probability holds Φ(z): both tails alike, so that −z gives the mirrored word."""
    down = -z if z > 0.0 else z
    at = max((down + _REACH) * _STEPS, 0.0)
    cell = min(np.int64(at), _REACH * _STEPS - 1)
    t = at - cell
    p = ((cdf[cell, 3] * t + cdf[cell, 2]) * t + cdf[cell, 1]) * t + cdf[cell, 0]
    word = np.uint32(min(max(p, 0.0) * _SCALE, 2147483647.0))
    return np.uint32(~word) if z > 0.0 else word


@kernel
def mix(flat: Flat, normal: int, cdf: np.ndarray, factor: np.ndarray, rows: np.ndarray, words: np.ndarray) -> None:
    """Correlate some rows of ``words``, uint32[streams, n], in place.

    Parameters
    ----------
    normal: number of the unit normal's table in ``flat``. cdf: of :func:`lower_half`.
    factor: float64[m, m], of :func:`factor_of`. rows: int64[m], the members' rows, in stream order.
    """
    z = np.empty((len(rows), words.shape[1]))
    for i in range(len(rows)):
        look_up(flat, normal, words[rows[i]], 0.0, 1.0, z[i])
    for i in range(1, len(rows)):
        row = words[rows[i]]
        for d in range(words.shape[1]):
            mixed = 0.0
            for k in range(i + 1):
                mixed += factor[i, k] * z[k, d]
            row[d] = word_of(mixed, cdf)
