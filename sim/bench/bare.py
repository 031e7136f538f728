"""The least that a machine can be asked for the same job: loops of the same memory and arithmetic, and nothing else.

No index is computed from a seed, no table searched, no edge looked after. What the engine takes beyond these is what its
promises cost.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic

from sim.kernels import bare_kernel
from sim.reduce.lanes import LANES, stack_lanes

_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint32(0x9E3779B9), np.uint32(0xBB67AE85)
_HALF = np.uint64(32)
_ONE = np.uint16(1)


def _reverse_bits(typingctx: Any, x: Any) -> Any:
    """Bits of a uint32 in the opposite order."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitreverse(args[0])

    return types.uint32(types.uint32), codegen


reverse_bits: Any = intrinsic(_reverse_bits)


@bare_kernel
def words(first: np.ndarray, second: np.ndarray, third: np.ndarray, fourth: np.ndarray) -> None:
    """Ten rounds of Philox on a counter, each of a block's four words stored in a row of its own, uint32[n]."""
    for i in range(np.uint64(first.size)):
        c0: Any = np.uint32(i)
        c1: Any = np.uint32(0)
        c2, c3, k0, k1 = np.uint32(1), np.uint32(2), np.uint32(3), np.uint32(4)
        for _ in range(10):
            a = _M0 * np.uint64(c0)
            b = _M1 * np.uint64(c2)
            c0, c1 = np.uint32(np.uint32(b >> _HALF) ^ c1 ^ k0), np.uint32(b)
            c2, c3 = np.uint32(np.uint32(a >> _HALF) ^ c3 ^ k1), np.uint32(a)
            k0 = np.uint32(k0 + _W0)
            k1 = np.uint32(k1 + _W1)
        first[i] = c0
        second[i] = c1
        third[i] = c2
        fourth[i] = c3


@bare_kernel
def coordinates(add: np.ndarray, multiply: np.ndarray, out: np.ndarray) -> None:
    """Scrambles of a counter, their arithmetic, the digits turned round, stored: uint32[r] twice, uint32[r · n]."""
    scrambles = np.uint64(add.size)
    for i in range(np.uint64(out.size) // scrambles):
        x = np.uint32(i)
        x = np.uint32(x ^ np.uint32(x * np.uint32(0x3D20ADEA)))
        for r in range(scrambles):
            y = np.uint32(np.uint32(x + add[r]) * multiply[r])
            y = np.uint32(y ^ np.uint32(y * np.uint32(0x05526C56)))
            y = np.uint32(y ^ np.uint32(y * np.uint32(0x53A22864)))
            out[scrambles * i + r] = reverse_bits(y)


@bare_kernel
def cubics(words: np.ndarray, a: float, b: float, c: float, d: float, values: np.ndarray) -> None:
    """One and the same cubic of every word, uint32[n], moved and stretched: float64[n]."""
    for i in range(np.uint64(words.size)):
        z = np.float64(words[i])
        values[i] = 1.5 + 2.5 * (((d * z + c) * z + b) * z + a)


@bare_kernel
def cells(inputs: np.ndarray, factor: float, offset: float, outputs: np.ndarray) -> None:
    """An input read, multiplied, added to and stored for every cell: float64[inputs, T] to [cells, T]."""
    width = np.uint64(outputs.shape[1])
    for cell in range(outputs.shape[0]):
        row, out = inputs[cell % inputs.shape[0]], outputs[cell]
        for d in range(width):
            out[d] = row[d] * factor + offset


@bare_kernel
def moments(rows: np.ndarray, out: np.ndarray) -> None:
    """Sum, sum of squares and extremes of every row in 16 lanes, float32[rows, n] to float64[rows, 4]."""
    for r in range(rows.shape[0]):
        row = rows[r]
        total, squares, low, high = stack_lanes(out), stack_lanes(out), stack_lanes(rows), stack_lanes(rows)
        for lane in range(LANES):
            total[lane], squares[lane], low[lane], high[lane] = 0.0, 0.0, row[lane], row[lane]
        for p in range(np.uint64(row.size) // np.uint64(LANES)):
            for lane in range(LANES):
                x = row[np.uint64(p * LANES + lane)]
                total[lane] += np.float64(x)
                squares[lane] += np.float64(x) * np.float64(x)
                low[lane] = x if x < low[lane] else low[lane]
                high[lane] = x if x > high[lane] else high[lane]
        out[r, 0], out[r, 1], out[r, 2], out[r, 3] = total[0], squares[0], low[0], high[0]


@bare_kernel
def increments(places: np.ndarray, counters: np.ndarray) -> None:
    """A counter of 16 bits in the first cache goes up for every place, both uint16."""
    for i in range(np.uint64(places.size)):
        counters[np.uint64(places[i])] += _ONE
