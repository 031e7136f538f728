"""Quantile functions with kinks and jumps: cubics on pieces, found in the same few steps wherever a word falls.

The octave of a word's place t (see :mod:`sim.draw.fit`) is the position of its leading bit; each of the 2 · 32 octaves
is cut into 2^k cells, k as fine as its pieces need. Shifting t by ``shift[octave]`` brings the cell's number into the
high 32 bits and the position y inside the cell into the low ones, so a cell costs one shift to find. A cell is one
cubic in y, and where a kink or jump falls inside it, ``stop[cell]`` is the last y of the first cubic and ``link[cell]``
the first of the *further* ones, each with its own ``stop`` and, in ``link``, the y that it counts from.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.draw.bits import leading_zeros
from sim.draw.fit import END, Pieces
from sim.draw.pool import Filling, Pool
from sim.kernels import bare_kernel

_OCTAVES = 32
_FINEST = 7
_CROWDED = 9
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_1, _5, _TOP = np.uint32(1), np.uint32(5), np.uint32(31)
_2, _3, _64 = np.uint64(2), np.uint64(3), np.uint64(64)


@dataclass(frozen=True, eq=False)
class Cubics:
    """A tabled quantile function.

    Attributes
    ----------
    fine: uint8[64], k of each octave, lower side first, octave o being the places from 2^o to 2^(o + 1).
    link, stop: uint32[n]; coef: float64[n, 4], powers of y from 0 up; n cells and further cubics.
    support: least and greatest value, which no value passes.
    """

    fine: np.ndarray
    link: np.ndarray
    stop: np.ndarray
    coef: np.ndarray
    support: tuple[float, float]

    @property
    def cells(self) -> int:
        """Number of cells."""
        return int((1 << self.fine.astype(np.int64)).sum())


def pack(pieces: Pieces, support: tuple[float, float]) -> Cubics:
    """Lay pieces out in cells."""
    fine = _fineness(pieces)
    start, length = _cells(fine)
    key = pieces.side << 32 | np.maximum(pieces.start, 1)
    # Every cell and every piece starts a cubic, which holds until the next one starts.
    begin = np.union1d(start, key)
    cell = np.searchsorted(start, begin, side="right") - 1
    piece = np.searchsorted(key, begin, side="right") - 1
    further = begin != start[cell]
    unit = (np.int64(1) << 32) // length[cell]
    end = np.minimum(np.append(begin[1:], np.int64(2) << 32), start[cell] + length[cell])
    stop = (end - start[cell]) * unit - 1
    link = np.where(further, (begin - start[cell]) * unit, 0)
    rank = np.cumsum(further) - 1 + len(start)
    opens = np.flatnonzero(further & ~np.roll(further, 1))
    link[opens - 1] = rank[opens]
    order = np.concatenate([np.flatnonzero(~further), np.flatnonzero(further)])
    return Cubics(
        fine.astype(np.uint8),
        link[order].astype(np.uint32),
        stop[order].astype(np.uint32),
        np.ascontiguousarray(_moved(pieces, piece, begin, unit)[order]),
        (float(support[0]), float(support[1])),
    )


def _fineness(pieces: Pieces) -> np.ndarray:
    """Bits k of each octave, int64[64]: its pieces' own up to 2^7 cells, finer where many pieces fit no such grid."""
    inside = pieces.start > 1
    side, start = pieces.side[inside], pieces.start[inside]
    top = np.frexp(start.astype(np.float64))[1].astype(np.int64) - 1
    low = np.frexp((start & -start).astype(np.float64))[1].astype(np.int64) - 1
    octave = side * _OCTAVES + top
    fits = top - low <= _FINEST
    fine = np.zeros(2 * _OCTAVES, np.int64)
    np.maximum.at(fine, octave[fits], (top - low)[fits])
    # A misfit costs a mispredicted branch in the words of its cell: make these few.
    misfits = np.bincount(octave[~fits], minlength=2 * _OCTAVES)
    crowd = np.ceil(np.log2(np.maximum(misfits, 1))).astype(np.int64)
    crowd = np.minimum(crowd + 4, np.maximum(crowd + 2, _CROWDED))
    fine = np.where(misfits > 0, np.maximum(fine, crowd), fine)
    return np.minimum(fine, np.tile(np.maximum(np.arange(_OCTAVES) - 1, 0), 2))


def _cells(fine: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Start (side · 2^32 + place) and length, both in places, of every cell, in order."""
    count = np.int64(1) << fine
    of = np.repeat(np.arange(2 * _OCTAVES), count)
    position = np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count)
    octave = np.int64(1) << (of % _OCTAVES).astype(np.int64)
    length = octave >> fine[of]
    return (of // _OCTAVES << 32) + octave + position * length, length


def _moved(pieces: Pieces, piece: np.ndarray, begin: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """Coefficients in y counted from ``begin``, of cubics that are given from their piece's first word to its last."""
    first, last = (pieces.start + 1)[piece], (pieces.stop - 1)[piece]
    long = np.maximum(last - first, 1).astype(np.float64)
    z = ((begin & (END - 1)) - first) / long
    per_y = 1.0 / (unit * long)
    c0, c1, c2, c3 = pieces.coef[piece].T
    return np.stack(
        [
            c0 + z * (c1 + z * (c2 + z * c3)),
            per_y * (c1 + z * (2.0 * c2 + z * 3.0 * c3)),
            per_y**2 * (c2 + z * 3.0 * c3),
            per_y**3 * c3,
        ],
        axis=1,
    )


def lay(table: Cubics, filling: Filling) -> list[int]:
    """Put a table into the pool; where its octaves' shifts and bases are, its links, stops, cubics and bounds.

    shift, base: uint64[64] each, one after the other; base is where the octave's cells begin, less the leading bit that the
    shift brings along.
    """
    octave = np.tile(np.arange(_OCTAVES), 2)
    fine = table.fine.astype(np.int64)
    count = np.int64(1) << fine
    base = (np.cumsum(count) - 2 * count).astype(np.uint64)  # may wrap, and wraps back
    shift = (32 - octave + fine).astype(np.uint64)
    parts = (np.stack([shift, base]), table.link, table.stop, table.coef, np.array(table.support))
    return [filling.put(part) for part in parts]


@bare_kernel
def fill_cubics(pool: Pool, row: np.ndarray, words: np.ndarray, loc: float, scale: float, values: np.ndarray) -> None:
    """Set ``values``, float64[n], to loc + scale · quantile of the words, uint32[n], by the table in ``row``."""
    octaves, links, stops, cubics = np.uint64(row[1]), np.uint64(row[2]), np.uint64(row[3]), np.uint64(row[4])
    low, high = pool.doubles[row[5]], pool.doubles[row[5] + 1]
    longs, ints, coef = pool.longs, pool.ints, pool.doubles
    for i in range(np.uint64(words.size)):
        word = words[i]
        upper = word >> _TOP
        mirrored = np.uint32(word ^ np.uint32(np.uint32(0) - upper))
        place = np.uint32(np.uint32(mirrored << _1) | _1)
        octave = octaves + np.uint64((upper << _5) | (leading_zeros(place) ^ _TOP))
        moved = np.uint64(place) << longs[octave]
        at = longs[octave + _64] + (moved >> _HALF)
        y = np.uint32(moved & _LOW)
        if y > ints[stops + at]:
            at = np.uint64(ints[links + at])
            while y > ints[stops + at]:
                at += np.uint64(1)
            y = np.uint32(y - ints[links + at])
        z = np.float64(y)
        c = cubics + (at << _2)
        value = ((coef[c + _3] * z + coef[c + _2]) * z + coef[c + np.uint64(1)]) * z + coef[c]
        value = value if value > low else low
        value = value if value < high else high
        values[i] = loc + scale * value
