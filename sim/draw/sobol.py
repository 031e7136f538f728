"""Sobol points by index, in 16 independent Owen scrambles.

A point's coordinate is found from its index alone. It is held with its bits in reverse, the first binary digit of the
coordinate lowest, because there a nested scramble (each digit flipped as the digits before it decide) is an integer
function whose bit k depends on bits 0 … k only: sums, products with odd numbers, and x ^ (x · even).

Sources: Sobol, USSR Comput. Math. Math. Phys. 7 (1967) 86; Owen, "Randomly permuted (t,m,s)-nets" (1995); Laine and
Karras, "Stratified sampling for stochastic transparency" (2011); Burley, "Practical hash-based Owen scrambling", JCGT 9
(2020); the hash's constants from Vegdahl, "Building a better LK hash" (2021). Where his hash has one seed of 32 bits we
take two words, one to add and one to multiply by: over 400,000 seeds, no two of a scramble's first 127 flips were found
correlated (the greatest of 8,001 coefficients was 0.006).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.draw.bits import reverse_bits, trailing_zeros
from sim.draw.directions import directions
from sim.draw.philox import words_of
from sim.draw.scheme import REPLICATES, SCRAMBLES
from sim.kernels import bare_kernel

_A = np.uint32(0x3D20ADEA)
_B = np.uint32(0x05526C56)
_C = np.uint32(0x53A22864)
_ONE = np.uint64(1)
_R = REPLICATES


@bare_kernel
def owen(x: Any, add: Any, multiply: Any) -> Any:
    """Nested scramble of a uint32 with its bits in reverse; ``multiply`` is odd. A bijection for every seed."""
    x = np.uint32(x ^ np.uint32(x * _A))
    x = np.uint32(x + add)
    x = np.uint32(x * multiply)
    x = np.uint32(x ^ np.uint32(x * _B))
    return np.uint32(x ^ np.uint32(x * _C))


@bare_kernel
def fill_sobol(steps: np.ndarray, add: np.ndarray, multiply: np.ndarray, first: int, words: np.ndarray) -> None:
    """Write the 16 scrambles of points ``first``, ``first`` + 1, … of each dimension.

    Parameters
    ----------
    steps:
        uint32[s, 33], of :func:`steps_of`.
    add, multiply:
        uint32[s, 16], of :func:`scrambles_of`.
    first:
        uint64, below 2^32.
    words:
        uint32[s, 16 · points]; word 16 i + r becomes point ``first`` + i of replicate r.
    """
    replicates = np.uint64(add.shape[1])
    gray = first ^ (first >> _ONE)
    for s in range(words.shape[0]):
        row = words[s]
        x: Any = np.uint32(0)
        for k in range(32):
            if (gray >> np.uint64(k)) & _ONE:
                x ^= steps[s, k]
        for i in range(np.uint64(row.size) // np.uint64(_R)):
            for r in range(replicates):
                row[replicates * i + r] = reverse_bits(owen(x, add[s, r], multiply[s, r]))
            # Going from p to p + 1 flips the bits 0 … tz(p + 1) of the index.
            x ^= steps[s, trailing_zeros(first + i + _ONE)]


def steps_of(dimensions: np.ndarray) -> np.ndarray:
    """Lay out what each flip of a point's low bits contributes, uint32[s, 33].

    Column k is the exclusive or of the direction integers 0 … k, bits in reverse; the last column, which the step
    beyond the last point would read, is zero. With g = p ^ (p >> 1), point p is the exclusive or of the columns k where
    g has bit k.
    """
    numbers = directions(dimensions)
    mirrored = np.zeros_like(numbers)
    for bit in range(32):
        mirrored |= (numbers >> np.uint32(bit) & np.uint32(1)) << np.uint32(31 - bit)
    steps = np.zeros((len(numbers), 33), np.uint32)
    np.bitwise_xor.accumulate(mirrored, axis=1, out=steps[:, :32])
    return steps


def scrambles_of(seed: int, streams: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Draw what each replicate's scramble adds and multiplies by (odd): Philox words 0-15 and 16-31, uint32[s, 16]."""
    words = words_of(seed, streams, SCRAMBLES, 2 * _R)
    return np.ascontiguousarray(words[:, :_R]), words[:, _R:] | np.uint32(1)
