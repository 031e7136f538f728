"""Philox4x32-10, a generator that is a function: counter and key in, four random words out.

Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11, doi:10.1145/2063384.2063405.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.draw.scheme import key_of, tag
from sim.kernels import bare_kernel

_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint32(0x9E3779B9)
_W1 = np.uint32(0xBB67AE85)
_HALF, _LOW = np.uint64(32), np.uint64(0xFFFFFFFF)
_1, _2, _3, _4 = (np.uint64(lane) for lane in (1, 2, 3, 4))


@bare_kernel
def fill_words(key: np.ndarray, streams: np.ndarray, purpose: Any, block: Any, words: np.ndarray) -> None:
    """Write the blocks ``block``, ``block`` + 1, … of every stream for one purpose.

    Parameters
    ----------
    key:
        uint32[2], of :func:`sim.draw.scheme.key_of`.
    streams:
        uint32[s], third word of the counter.
    purpose:
        uint32, fourth word of the counter, of :func:`sim.draw.scheme.tag`.
    block:
        uint64, first and second word of the counter.
    words:
        uint32[s, n], n a multiple of 4; filled in place, block ``block`` + i at 4 i.
    """
    # The ten rounds stand here, not in a function: LLVM inlines too late to vectorise the loop (4.2 -> 1.2 ns a word).
    for s in range(streams.size):
        row, stream = words[s], streams[s]
        for i in range(np.uint64(row.size) // _4):
            c0: Any = np.uint32(block + i)
            c1: Any = np.uint32((block + i) >> _HALF)
            c2, c3, k0, k1 = stream, purpose, key[0], key[1]
            for _ in range(10):
                a = _M0 * np.uint64(c0)
                b = _M1 * np.uint64(c2)
                c0, c1 = np.uint32(np.uint32(b >> _HALF) ^ c1 ^ k0), np.uint32(b)
                c2, c3 = np.uint32(np.uint32(a >> _HALF) ^ c3 ^ k1), np.uint32(a)
                k0 = np.uint32(k0 + _W0)
                k1 = np.uint32(k1 + _W1)
            at = _4 * i
            row[at] = c0
            row[at + _1] = c1
            row[at + _2] = c2
            row[at + _3] = c3


def words_of(seed: int, streams: np.ndarray, purpose: int, count: int) -> np.ndarray:
    """Return the first ``count`` words, a multiple of 4, of each stream for one purpose: uint32[streams, count].

    The same generator in NumPy: for a few thousand words, less than to load the kernel, let alone to compile it (0.4 s).
    """
    c0: Any = np.arange(count // 4, dtype=np.uint64)[None]
    c1: Any = np.uint64(0)
    c2: Any = np.asarray(streams, np.uint64)[:, None]
    c3: Any = np.uint64(tag(purpose))
    key = key_of(seed)
    for i in range(10):
        k0, k1 = (np.uint64((k + i * int(w)) & int(_LOW)) for k, w in zip(key, (_W0, _W1), strict=True))
        a, b = _M0 * c0, _M1 * c2
        c0, c1 = (b >> _HALF) ^ c1 ^ k0, b & _LOW
        c2, c3 = (a >> _HALF) ^ c3 ^ k1, a & _LOW
    return np.stack(np.broadcast_arrays(c0, c1, c2, c3), axis=2).reshape(len(streams), count).astype(np.uint32)
