"""The unit normal of the copula, both ways, eight words at a time and close enough to be made words again.

There: a polynomial for each octave of the tail probability (rank + 1/2) / 2^32, wrong by less than 1e-10; the upper side
is the lower one mirrored. Back: a polynomial for each half of a unit of |z|, wrong by less than 1e-11 in probability. Both
have 16 pieces where nearly all words are, which fit into registers (see :mod:`sim.draw.lanes`); a block with a word in the
last 2^-17 of a side is looked up one by one. The coefficients come from the standard library's inverse CDF (Wichura's
AS 241) and error function.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types

from sim.draw import lanes
from sim.draw.chebyshev import polynomials
from sim.draw.lanes import DOUBLES, LONGS, bits64, constant, float_of64, fma64
from sim.kernels import bare_kernel

_DEGREE, _DEGREE_BACK = 11, 8
_DEEP = 15
_REACH = 15.75  # in halves of a unit; beyond it every word is the last one
_RANKS = 2147483647.0
_SIDE, _SIGN = np.uint32(31), np.uint64(63)
_EXPONENT, _FIRST = np.uint64(52), np.uint64(1022)
_FRACTION, _ONE = np.uint64((1 << 52) - 1), np.uint64(1023 << 52)
_INT8S = ir.VectorType(lanes.INT, 8)
_8 = np.uint64(8)


# Where the four tables begin in the one array: see unit_normal.
_WHOLE = np.uint64(16 * (_DEGREE + 1))
_NEAR_TAIL = _WHOLE + np.uint64(32 * (_DEGREE + 1))
_TAIL = _NEAR_TAIL + np.uint64(16 * (_DEGREE_BACK + 1))


@cache
def unit_normal() -> np.ndarray:
    """Fit the unit normal: four tables in one float64 array.

    [12, 16], power by power the octaves 2^15 … 2^30 of rank + 1/2, in the order of the low 4 bits of a float's exponent;
    [32, 12], all octaves 2^-1 … 2^30; [9, 16] and [16, 9], 2^32 · P(Z > a) on the 16 halves of a unit from 0 to 8.
    """
    quantile = statistics.NormalDist().inv_cdf
    octave = np.exp2(np.arange(-1, 31))[:, None]
    whole = _fitted(lambda t: octave * (1.5 + t) * 2.0**-32, quantile, _DEGREE)
    near = whole[np.concatenate([np.arange(18, 32), [16, 17]])]
    cell = np.arange(16)[:, None]
    tail = _fitted(lambda t: (cell + 0.5 + t) / 2.0, _upper_tail, _DEGREE_BACK)
    return np.concatenate([part.ravel() for part in (near.T, whole, tail.T, tail)])


def _upper_tail(a: float) -> float:
    return 2.0**31 * math.erfc(a / math.sqrt(2.0))


def _fitted(where: Callable[[Any], Any], function: Callable[[float], float], degree: int) -> np.ndarray:
    def values(t: np.ndarray) -> np.ndarray:
        x = where(t)
        return np.array([function(float(value)) for value in x.ravel()]).reshape(x.shape)

    return polynomials(values, degree, degree + 4)


@bare_kernel
def normals(normal: np.ndarray, words: np.ndarray, z: np.ndarray) -> None:
    """Set ``z``, float64[n or more], to the unit normal's quantiles of the words, uint32[n]; see :func:`unit_normal`."""
    end = np.uint64(words.size)
    at = np.uint64(0)
    while at < end:
        while at + _8 <= end and _normals(words, at, normal, z):
            at += _8
        for i in range(at, min(at + _8, end)):
            word = words[i]
            upper = np.uint32(np.uint32(0) - (word >> _SIDE))
            bits = bits64(np.float64(np.uint32(word ^ upper)) + 0.5)
            t = float_of64((bits & _FRACTION) | _ONE) - 1.5
            first = _WHOLE + ((bits >> _EXPONENT) - _FIRST) * np.uint64(_DEGREE + 1)
            value = normal[first + np.uint64(_DEGREE)]
            for k in range(np.uint64(1), np.uint64(_DEGREE + 1)):
                value = fma64(value, t, normal[first + (np.uint64(_DEGREE) - k)])
            # By its bits: a branch would be guessed wrongly half of the time.
            z[i] = float_of64(bits64(value) ^ np.uint64(np.uint64(word >> _SIDE) << _SIGN))
        at += _8


@bare_kernel
def words_of(normal: np.ndarray, z: np.ndarray, words: np.ndarray) -> None:
    """Set ``words``, uint32[n], to those whose probabilities are the normal CDF at ``z``, float64[n or more]."""
    end = np.uint64(words.size)
    at = np.uint64(0)
    while at < end:
        while at + _8 <= end and _words(z, at, normal, words):
            at += _8
        for i in range(at, min(at + _8, end)):
            a = abs(z[i]) * 2.0
            a = a if a < _REACH else _REACH
            cell = np.uint64(a)
            t = (a - np.float64(cell)) - 0.5
            first = _TAIL + cell * np.uint64(_DEGREE_BACK + 1)
            rank = normal[first + np.uint64(_DEGREE_BACK)]
            for k in range(np.uint64(1), np.uint64(_DEGREE_BACK + 1)):
                rank = fma64(rank, t, normal[first + (np.uint64(_DEGREE_BACK) - k)])
            rank = rank if rank > 0.0 else 0.0
            word = np.uint32(rank if rank < _RANKS else _RANKS)
            words[i] = np.uint32(word ^ np.uint32(np.uint32(0) - np.uint32(z[i] > 0.0)))
        at += _8


@lanes.emitted
def _normals(typingctx: Any, words: Any, at: Any, near: Any, z: Any) -> Any:
    """Set eight quantiles from element ``at`` on; False without such registers, or for a word too far out for them."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        if not lanes.has_avx512(context):
            return lanes.NO
        words, near, z = (lanes.array_of(context, builder, signature.args[i], args[i]) for i in (0, 2, 3))
        word = lanes.load(builder, words, args[1], _INT8S)
        side = builder.ashr(word, constant(_INT8S, 31))
        rank = builder.xor(word, side)
        place = builder.fadd(builder.sitofp(rank, DOUBLES), constant(DOUBLES, 0.5))
        bits = builder.bitcast(place, LONGS)
        fraction = builder.or_(builder.and_(bits, constant(LONGS, int(_FRACTION))), constant(LONGS, int(_ONE)))
        t = builder.fsub(builder.bitcast(fraction, DOUBLES), constant(DOUBLES, 1.5))
        table = lanes.Registers(builder, near, lanes.LONG(0), builder.lshr(bits, constant(LONGS, 52)), DOUBLES)
        value = table.horner(table.look(_DEGREE), t, range(_DEGREE - 1, -1, -1))
        mirror = builder.and_(builder.sext(side, LONGS), constant(LONGS, 1 << 63))
        value = builder.bitcast(builder.xor(builder.bitcast(value, LONGS), mirror), DOUBLES)
        lanes.store(builder, value, z, args[1])
        deep = builder.icmp_unsigned("<", rank, constant(_INT8S, 1 << _DEEP))
        return builder.icmp_unsigned("==", builder.bitcast(deep, ir.IntType(8)), ir.IntType(8)(0))

    return types.boolean(words, types.uint64, near, z), codegen


@lanes.emitted
def _words(typingctx: Any, z: Any, at: Any, near: Any, words: Any) -> Any:
    """Set eight words from element ``at`` on; False where there are no such registers."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        if not lanes.has_avx512(context):
            return lanes.NO
        z, near, words = (lanes.array_of(context, builder, signature.args[i], args[i]) for i in (0, 2, 3))
        value = lanes.load(builder, z, args[1], DOUBLES)
        size = builder.bitcast(builder.and_(builder.bitcast(value, LONGS), constant(LONGS, (1 << 63) - 1)), DOUBLES)
        a = _least(builder, "<", builder.fmul(size, constant(DOUBLES, 2.0)), _REACH)
        cell = builder.fptosi(a, _INT8S)
        t = builder.fsub(builder.fsub(a, builder.sitofp(cell, DOUBLES)), constant(DOUBLES, 0.5))
        begin = lanes.LONG(int(_NEAR_TAIL))
        table = lanes.Registers(builder, near, begin, builder.zext(cell, LONGS), DOUBLES)
        rank = table.horner(table.look(_DEGREE_BACK), t, range(_DEGREE_BACK - 1, -1, -1))
        rank = _least(builder, "<", _least(builder, ">", rank, 0.0), _RANKS)
        word = builder.fptosi(rank, _INT8S)
        upper = builder.sext(builder.fcmp_ordered(">", value, constant(DOUBLES, 0.0)), _INT8S)
        lanes.store(builder, builder.xor(word, upper), words, args[1])
        return lanes.YES

    return types.boolean(z, types.uint64, near, words), codegen


def _least(builder: Any, sign: str, value: Any, bound: float) -> Any:
    """``value`` where it is ``sign`` (less or greater) than the bound, else the bound."""
    bounds = constant(DOUBLES, bound)
    return builder.select(builder.fcmp_ordered(sign, value, bounds), value, bounds)
