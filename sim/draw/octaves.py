"""Smooth quantile functions: one polynomial an octave of each tail, in single precision, 16 words at a time.

A word, read as a signed number, is its distance from the nearer end of the distribution: w on the lower side, and
-(rank + 1) on the upper, rank counted from the top. As a float its exponent is the octave of the tail probability, its
sign the side, and its fraction the position t = 1.m - 3/2 in the octave; each octave has a polynomial in t, fitted to the
words' own probabilities (:mod:`sim.draw.octave_fit`). Where the function has a kink, its octave has a second polynomial,
which counts *beyond* it, towards the median. The 16 octaves above 2^-16 of both sides fit into registers (see
:mod:`sim.draw.lanes`); of a block of 16 words, one in 2,000 has a word further out, and is looked up one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types

from sim.draw import lanes
from sim.draw.lanes import FLOATS, INTS, bits32, constant, float_of32, fma32
from sim.draw.pool import Filling, Pool
from sim.kernels import bare_kernel

DEGREES = (7, 9)
"""The lower one holds normals, betas and lognormals of σ < 1; the higher takes a fifth longer."""

ROWS = 33
"""Rows a side: the word 0 of the lower side, then the octaves 2^0 to 2^31, of which the last is the median alone."""

_DEEP = 16
_EXPONENT = np.uint32(23)
_FRACTION, _ONE = np.uint32(0x007FFFFF), np.uint32(0x3F800000)
_LEAST = np.uint32(126 << 23)  # a half, which the word 0 is taken for
_MAGNITUDE, _TOP = np.uint32(0x7FFFFFFF), np.uint32(31)
_1, _16 = np.uint64(1), np.uint64(16)
_INTS_8, _FLOATS_8 = ir.VectorType(lanes.INT, 8), ir.VectorType(lanes.FLOAT, 8)


@dataclass(frozen=True, eq=False)
class Octaves:
    """A smooth quantile function.

    Attributes
    ----------
    coef: float32[2, 33, degree + 1], of each side and row, powers of t from 0 up.
    beyond: float32[degree + 1], of the words beyond a kink in their octave.
    span: int32[2], the first and the last of them, as signed words; the first above the last where there is no kink.
    support: least and greatest value, which no value passes.
    """

    coef: np.ndarray
    beyond: np.ndarray
    span: np.ndarray
    support: tuple[float, float]

    @property
    def degree(self) -> int:
        """Degree of the polynomials."""
        return self.coef.shape[2] - 1


def lay(table: Octaves, filling: Filling) -> list[int]:
    """Put a table into the pool; its degree, where in ``floats`` its parts are, and where in ``ints`` its span is.

    near: float32[degree + 1, 32], power by power the octaves 2^16 … 2^31 of both sides, in the order of the low 4 bits of a
    float's exponent. whole: float32[66, degree + 1], all rows. bounds: float32[2], the support rounded inwards, and behind
    them ``beyond``, float32[10].
    """
    octave = np.concatenate([np.arange(17, 32), [16]])
    near = table.coef[:, octave + 1].reshape(32, table.degree + 1).T
    beyond = np.zeros(DEGREES[-1] + 1, np.float32)
    beyond[: table.degree + 1] = table.beyond
    bounds = np.concatenate([np.array(_inwards(*table.support)), beyond])
    return [table.degree, *map(filling.put, (near, table.coef, bounds, table.span.view(np.uint32)))]


def _inwards(low: float, high: float) -> tuple[np.float32, np.float32]:
    a, b, end = np.float32(low), np.float32(high), np.float32(np.inf)
    return np.nextafter(a, end) if float(a) < low else a, np.nextafter(b, -end) if float(b) > high else b


@bare_kernel
def fill_octaves(pool: Pool, row: np.ndarray, words: np.ndarray, loc: float, scale: float, values: np.ndarray) -> None:
    """Set ``values``, float64[n], to loc + scale · quantile of the words, uint32[n], by the table in ``row``."""
    coef = pool.floats
    degree, near, whole, low, high = row[1], row[2], np.uint64(row[3]), coef[row[4]], coef[row[4] + 1]
    beyond, span = row[4] + 2, (np.int32(pool.ints[row[5]]), np.int32(pool.ints[row[5] + 1]))
    end = np.uint64(words.size)
    at = np.uint64(0)
    while at < end:
        tables = near, row[3], beyond
        while at + _16 <= end and _block(words, at, coef, tables, span, degree, low, high, loc, scale, values):
            at += _16
        # One by one, to the same bits: a word far out in a tail, a rest, or a machine without the registers.
        for i in range(at, min(at + _16, end)):
            signed = bits32(np.float32(np.int32(words[i])))
            bits = max(np.uint32(signed & _MAGNITUDE), _LEAST)
            t = np.float32(float_of32(np.uint32((bits & _FRACTION) | _ONE)) - np.float32(1.5))
            octave = np.uint64((bits - _LEAST) >> _EXPONENT) + np.uint64(ROWS) * np.uint64(signed >> _TOP)
            first = whole + octave * np.uint64(degree + 1)
            if span[0] <= np.int32(words[i]) <= span[1]:
                first = np.uint64(beyond)
            k = first + np.uint64(degree)
            value = coef[k]
            while k > first:
                k -= _1
                value = fma32(value, t, coef[k])
            value = value if value > low else low
            value = value if value < high else high
            values[i] = loc + scale * np.float64(value)
        at += _16


@lanes.emitted
def _block(
    typingctx: Any,
    words: Any,
    at: Any,
    coef: Any,
    tables: Any,
    span: Any,
    degree: Any,
    low: Any,
    high: Any,
    loc: Any,
    scale: Any,
    values: Any,
) -> Any:
    """Set 16 values from element ``at`` on; False where they have to be done one by one."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        words, coef, values = (lanes.array_of(context, builder, signature.args[i], args[i]) for i in (0, 2, 10))
        row = _Row(words, coef, values, *args[3:10])
        emit = _in_registers if lanes.has_avx512(context) else _by_rows
        return emit(builder, row, args[1])

    takes = (words, types.uint64, coef, tables, span, types.int64, low, high, types.float64, types.float64, values)
    return types.boolean(*takes), codegen


class _Row(NamedTuple):
    """What the code of a block reads and writes."""

    words: Any
    coef: Any
    values: Any
    tables: Any
    span: Any
    degree: Any
    low: Any
    high: Any
    loc: Any
    scale: Any


def _in_registers(builder: Any, row: _Row, at: Any) -> Any:
    """All lanes at once; False if a word of theirs is too far out for the registers."""
    near = builder.extract_value(row.tables, 0)
    word = lanes.load(builder, row.words, at, INTS)
    bits, t = _split(builder, word, INTS, FLOATS)
    octave = builder.and_(builder.lshr(bits, constant(INTS, 23)), constant(INTS, 15))
    side = builder.and_(builder.lshr(bits, constant(INTS, 27)), constant(INTS, 16))
    table = lanes.Registers(builder, row.coef, near, builder.or_(octave, side), FLOATS)
    low, high = DEGREES
    with builder.if_else(builder.icmp_signed("==", row.degree, lanes.LONG(high))) as (then, otherwise):
        with then:
            longer = table.horner(table.look(high), t, range(high - 1, low - 1, -1))
            after = builder.block
        with otherwise:
            shorter = table.look(low)
            before = builder.block
    value = builder.phi(FLOATS)
    value.add_incoming(longer, after)
    value.add_incoming(shorter, before)
    value = table.horner(value, t, range(low - 1, -1, -1))
    _finish(builder, row, at, _beyond(builder, row, word, t, value))
    moved = builder.add(word, constant(INTS, 1 << _DEEP))
    deep = builder.icmp_unsigned("<", moved, constant(INTS, 2 << _DEEP))
    return builder.icmp_unsigned("==", builder.bitcast(deep, ir.IntType(16)), ir.IntType(16)(0))


def _by_rows(builder: Any, row: _Row, at: Any) -> Any:
    """Eight lanes at a time, each one's eight coefficients loaded whole and transposed; False for the higher degree."""
    fits = builder.icmp_signed("==", row.degree, lanes.LONG(DEGREES[0]))
    whole = builder.extract_value(row.tables, 1)
    with builder.if_then(fits):
        for half in (0, 8):
            here = builder.add(at, lanes.LONG(half))
            word = lanes.load(builder, row.words, here, _INTS_8)
            bits, t = _split(builder, word, _INTS_8, _FLOATS_8)
            size = builder.and_(bits, constant(_INTS_8, int(_MAGNITUDE)))
            least = constant(_INTS_8, int(_LEAST))
            size = builder.select(builder.icmp_signed(">", size, least), size, least)
            octave = builder.lshr(builder.sub(size, least), constant(_INTS_8, 23))
            side = builder.and_(builder.ashr(bits, constant(_INTS_8, 31)), constant(_INTS_8, ROWS))
            line = builder.shl(builder.add(octave, side), constant(_INTS_8, 3))
            starts = [builder.zext(builder.extract_element(line, lanes.INT(i)), lanes.LONG) for i in range(8)]
            found = [lanes.load(builder, row.coef, builder.add(whole, start), _FLOATS_8) for start in starts]
            value, *rest = reversed(lanes.transposed(builder, found))
            for coef in rest:
                value = lanes.fused(builder, value, t, coef)
            _finish(builder, row, here, _beyond(builder, row, word, t, value))
    return fits


def _beyond(builder: Any, row: _Row, word: Any, t: Any, value: Any) -> Any:
    """``value``, or the second polynomial's where a word lies beyond a kink in its octave; nothing is done without one."""
    first, last = (builder.extract_value(row.span, i) for i in (0, 1))
    base, before = builder.extract_value(row.tables, 2), builder.block
    with builder.if_then(builder.icmp_signed("<=", first, last)):
        other = constant(value.type, 0.0)
        for power in range(DEGREES[-1], -1, -1):
            place = builder.gep(row.coef.data, [builder.add(base, lanes.LONG(power))])
            other = lanes.fused(builder, other, t, lanes.spread(builder, builder.load(place), value.type))
        ends = (lanes.spread(builder, end, word.type) for end in (first, last))
        inside = [builder.icmp_signed(sign, word, end) for sign, end in zip((">=", "<="), ends, strict=True)]
        chosen = builder.select(builder.and_(*inside), other, value)
        after = builder.block
    found = builder.phi(value.type)
    found.add_incoming(value, before)
    found.add_incoming(chosen, after)
    return found


def _split(builder: Any, word: Any, ints: Any, floats: Any) -> tuple[Any, Any]:
    """The words' bits as floats, and the positions in their octaves."""
    bits = builder.bitcast(builder.sitofp(word, floats), ints)
    fraction = builder.or_(builder.and_(bits, constant(ints, int(_FRACTION))), constant(ints, int(_ONE)))
    return bits, builder.fsub(builder.bitcast(fraction, floats), constant(floats, 1.5))


def _finish(builder: Any, row: _Row, at: Any, value: Any) -> None:
    """Hold values within the bounds, and write them with loc and scale applied in double precision."""
    for sign, bound in ((">", row.low), ("<", row.high)):
        bounds = lanes.spread(builder, bound, value.type)
        value = builder.select(builder.fcmp_ordered(sign, value, bounds), value, bounds)
    for first in range(0, value.type.count, 8):
        wide = builder.fpext(lanes.part(builder, value, first, 8), lanes.DOUBLES)
        wide = builder.fmul(lanes.spread(builder, row.scale, lanes.DOUBLES), wide)
        wide = builder.fadd(lanes.spread(builder, row.loc, lanes.DOUBLES), wide)
        lanes.store(builder, wide, row.values, builder.add(at, lanes.LONG(first)))
