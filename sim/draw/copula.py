"""Rank correlations by a Gaussian copula, one block of streams at a time.

A block's words become unit normals, are mixed by the Cholesky factor of the normal correlation matrix in the order of the
streams, and become words again, which the members' own tables turn into values.
The first member keeps its word; a later one depends on the members before it alone.

Source: Spearman's rho is the normal correlation 2 sin(pi rho / 6), Pearson, "On further methods of determining
correlation" (1907); the factor without pivoting is Cholesky's, so that an order of its own never enters.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.draw.normal import normals, unit_normal, words_of
from sim.kernels import bare_kernel

_SMALLEST = 1e-10
_AT_ONCE = 256  # words of a row, so that a block's normals stay in the nearest cache


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


class Mixer(NamedTuple):
    """All blocks as the kernel reads them.

    rows: int64[members], row of each member in the words, block after block. ends: int64[blocks], where a block ends.
    factor: float64[members, longest], the member's row of its block's Cholesky factor. normal: of
    :func:`~sim.draw.normal.unit_normal`.
    """

    rows: np.ndarray
    ends: np.ndarray
    factor: np.ndarray
    normal: np.ndarray


def mixer(blocks: Sequence[Block], row_of: Mapping[int, int]) -> Mixer | None:
    """Make blocks ready for :func:`mix`; None where there are none.

    Parameters
    ----------
    blocks:
        No stream in two of them.
    row_of:
        Row of the words of every stream named.

    Raises
    ------
    ValueError
        If a block's streams do not rise or are in another block, or its matrix is not a correlation matrix.
    """
    if not blocks:
        return None
    streams = [stream for block in blocks for stream in block.streams]
    twice = {stream for stream in streams if streams.count(stream) > 1}
    if twice:
        raise ValueError(f"stream {min(twice)} is in two correlated blocks or twice in one; join the blocks into one")
    factors = [_factor(block) for block in blocks]
    factor = np.zeros((len(streams), max(map(len, factors))))
    ends = np.cumsum([len(rows) for rows in factors])
    for rows, end in zip(factors, ends, strict=True):
        factor[end - len(rows) : end, : len(rows)] = rows
    rows = np.array([row_of[stream] for stream in streams], np.int64)
    return Mixer(rows, ends.astype(np.int64), factor, unit_normal())


def _factor(block: Block) -> np.ndarray:
    """Cholesky factor of the block's normal correlations."""
    streams, rho = block.streams, np.asarray(block.spearman, np.float64)
    n = len(streams)
    where = f"correlated block of streams {', '.join(map(str, streams))}"
    if list(streams) != sorted(streams):
        raise ValueError(f"{where}: its streams must rise; reorder them and the matrix")
    if rho.shape != (n, n) or not np.array_equal(rho, rho.T) or not np.all(np.diag(rho) == 1.0):
        raise ValueError(
            f"{where}: found a matrix {rho.shape}, expected {n} by {n}, symmetric, with ones on the diagonal"
        )
    normal = [[2.0 * math.sin(math.pi / 6.0 * rho[i, j]) if i != j else 1.0 for j in range(n)] for i in range(n)]
    lower = np.zeros((n, n))
    # By hand: a library's blocked sums would let the machine choose the last bits.
    for i in range(n):
        for j in range(i):
            lower[i, j] = (normal[i][j] - _dot(lower[i], lower[j], j)) / lower[j, j]
        pivot = 1.0 - _dot(lower[i], lower[i], i)
        if not pivot > _SMALLEST:
            raise ValueError(
                f"{where}: its rank correlations contradict each other at stream {streams[i]} (its matrix is not "
                "positive definite); weaken the strongest of them"
            )
        lower[i, i] = math.sqrt(pivot)
    return lower


def _dot(a: np.ndarray, b: np.ndarray, n: int) -> float:
    total = 0.0
    for k in range(n):
        total += float(a[k]) * float(b[k])
    return total


def scratch(mixer: Mixer | None) -> np.ndarray:
    """Room for the normals of a block's members, float64[longest, 256]."""
    return np.empty((0 if mixer is None else mixer.factor.shape[1], _AT_ONCE))


@bare_kernel
def mix(mixer: Mixer, words: np.ndarray, z: np.ndarray) -> None:
    """Correlate the blocks' rows of the words, uint32[streams, n], in place; ``z`` of :func:`scratch`."""
    n = words.shape[1]
    for first in range(0, n, _AT_ONCE):
        stop = min(first + _AT_ONCE, n)
        begin = 0
        for end in mixer.ends:
            for m in range(end - begin):
                normals(mixer.normal, words[mixer.rows[begin + m]][first:stop], z[m])
            # From the last to the first: what is mixed is no longer needed unmixed.
            for m in range(end - begin - 1, 0, -1):
                factor, mixed = mixer.factor[begin + m], z[m]
                for i in range(_AT_ONCE):
                    mixed[i] *= factor[m]
                for k in range(m):
                    for i in range(_AT_ONCE):
                        mixed[i] += factor[k] * z[k, i]
                words_of(mixer.normal, mixed, words[mixer.rows[begin + m]][first:stop])
            begin = end
