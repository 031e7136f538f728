"""Quantile functions that only step: exact values between exact words, whether of two values or of thousands.

A few values are told apart by comparing every word with every step. Of many, the leading bits of the word say where to
begin, and most words are there after one comparison.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.draw.fit import Pieces
from sim.draw.pool import Filling, Pool
from sim.kernels import bare_kernel

FEW = 4
"""Steps up to which all are compared: each costs a pass over the row."""

_WORDS = 1 << 32
_MOST_BITS = 14
_1 = np.uint64(1)


@dataclass(frozen=True, eq=False)
class Steps:
    """A step function.

    Attributes
    ----------
    last: uint32[n], rising, the last word of each value; the last one's is 2^32 - 1.
    value: float64[n].
    """

    last: np.ndarray
    value: np.ndarray


def steps_of(pieces: Pieces) -> Steps | None:
    """The pieces as steps; None where one is not constant."""
    if np.any(pieces.coef[:, 1:] != 0.0):
        return None
    lower = pieces.side == 0
    last = np.where(lower, pieces.stop // 2 - 1, _WORDS - 1 - pieces.start // 2)
    order = np.argsort(last, kind="stable")
    last, value = last[order], pieces.coef[order, 0]
    ends = np.append(value[1:] != value[:-1], True)
    return Steps(last[ends].astype(np.uint32), value[ends])


def lay(table: Steps, filling: Filling) -> list[int]:
    """Put a table into the pool; its number of values, where these and their last words are, the guide and its shift.

    guide: uint32[2^(32 - shift)], by the leading bits of a word the value to begin with.
    """
    size = len(table.last)
    bits = min((size - 1).bit_length() + 3, _MOST_BITS)
    first = (np.arange(1 << bits, dtype=np.uint64) << np.uint64(32 - bits)).astype(np.uint32)
    guide = np.searchsorted(table.last, first).astype(np.uint32)
    return [size, filling.put(table.value), filling.put(table.last), filling.put(guide), 32 - bits]


@bare_kernel
def fill_steps(pool: Pool, row: np.ndarray, words: np.ndarray, loc: float, scale: float, values: np.ndarray) -> None:
    """Set ``values``, float64[n], to loc + scale · quantile of the words, uint32[n], by the table in ``row``."""
    size, value, last, guide = row[1], np.uint64(row[2]), np.uint64(row[3]), np.uint64(row[4])
    if size <= FEW + 1:
        values[:] = loc + scale * pool.doubles[value]
        for k in range(np.uint64(1), np.uint64(size)):
            before, high = pool.ints[last + k - _1], loc + scale * pool.doubles[value + k]
            for i in range(np.uint64(words.size)):
                values[i] = high if words[i] > before else values[i]
        return
    shift = np.uint32(row[5])
    for i in range(np.uint64(words.size)):
        word = words[i]
        at = np.uint64(pool.ints[guide + np.uint64(word >> shift)])
        at += np.uint64(word > pool.ints[last + at])
        while word > pool.ints[last + at]:
            at += _1
        values[i] = loc + scale * pool.doubles[value + at]
