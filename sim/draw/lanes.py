"""Vector code by hand: what LLVM's own vectoriser does not find, as it never turns a look-up into a permutation.

Each function emits the instructions for many *lanes* at once through llvmlite's builder, for the intrinsics of
:mod:`sim.draw.octaves`, :mod:`sim.draw.normal` and :mod:`sim.draw.sobol`. A table of 32 floats or 16 doubles lies in two
registers of AVX-512, where one ``vpermi2`` looks up all lanes. Multiply-adds
are fused, explicitly, so that every machine rounds them alike, with vectors or without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

INT, LONG, FLOAT, DOUBLE = ir.IntType(32), ir.IntType(64), ir.FloatType(), ir.DoubleType()
INTS, FLOATS = ir.VectorType(INT, 16), ir.VectorType(FLOAT, 16)
LONGS, DOUBLES = ir.VectorType(LONG, 8), ir.VectorType(DOUBLE, 8)
NO, YES = ir.IntType(1)(0), ir.IntType(1)(1)


def has_avx512(context: Any) -> bool:
    """Whether code is made for a machine that has AVX-512, which may be another one than this."""
    return "+avx512f" in context.codegen().magic_tuple()[2].split(",")


def constant(kind: Any, value: Any) -> Any:
    """The same number in every lane of the vector type ``kind``."""
    return ir.Constant(kind, [value] * kind.count)


def spread(builder: Any, value: Any, kind: Any) -> Any:
    """The scalar ``value`` in every lane."""
    one = builder.insert_element(ir.Constant(kind, ir.Undefined), value, INT(0))
    return builder.shuffle_vector(one, ir.Constant(kind, ir.Undefined), constant(ir.VectorType(INT, kind.count), 0))


def part(builder: Any, vector: Any, first: int, count: int) -> Any:
    """The lanes ``first`` to ``first`` + ``count``."""
    lanes = ir.Constant(ir.VectorType(INT, count), list(range(first, first + count)))
    return builder.shuffle_vector(vector, ir.Constant(vector.type, ir.Undefined), lanes)


def load(builder: Any, array: Any, at: Any, kind: Any, lasting: bool = False) -> Any:
    """Lanes of an array from element ``at`` on; ``lasting`` where no loop ever writes there, so that it stays loaded."""
    found = builder.load(builder.bitcast(builder.gep(array.data, [at]), kind.as_pointer()))
    found.align = 8 if kind.element in (LONG, DOUBLE) else 4
    if lasting:
        found.set_metadata("invariant.load", builder.module.add_metadata([]))
    return found


def store(builder: Any, value: Any, array: Any, at: Any) -> None:
    """Write lanes into an array from element ``at`` on."""
    place = builder.bitcast(builder.gep(array.data, [at]), value.type.as_pointer())
    builder.store(value, place).align = 8 if value.type.element in (LONG, DOUBLE) else 4


class Registers:
    """A table in registers: numbers by power and piece, looked up for all lanes at once.

    Element ``base`` of ``array`` is where the powers' coefficients begin, from power 0 up, 32 floats or 16 doubles each; of
    each lane's ``index`` the low 5 or 4 bits count.
    """

    def __init__(self, builder: Any, array: Any, base: Any, index: Any, kind: Any) -> None:
        self.builder, self.array, self.base, self.index, self.kind = builder, array, base, index, kind
        name = {FLOATS: "ps", DOUBLES: "pd"}[kind]
        self.two = _function(builder, f"llvm.x86.avx512.vpermi2var.{name}.512", kind, kind, index.type, kind)

    def look(self, power: int) -> Any:
        """Coefficients of a power."""
        builder, count = self.builder, self.kind.count
        first = builder.add(self.base, LONG(2 * count * power))
        low = load(builder, self.array, first, self.kind, lasting=True)
        high = load(builder, self.array, builder.add(first, LONG(count)), self.kind, lasting=True)
        return builder.call(self.two, [low, self.index, high])

    def horner(self, value: Any, t: Any, powers: Iterable[int]) -> Any:
        """Go on from ``value`` by one multiply-add for each of the powers, falling."""
        for power in powers:
            value = fused(self.builder, value, t, self.look(power))
        return value


def transposed(builder: Any, rows: Sequence[Any]) -> list[Any]:
    """Columns of eight rows of eight, in the 24 shuffles that AVX has for it."""

    def paired(a: Any, b: Any, *lanes: int) -> Any:
        return builder.shuffle_vector(a, b, ir.Constant(ir.VectorType(INT, 8), lanes))

    ones = []
    for a, b in zip(rows[::2], rows[1::2], strict=True):
        ones += [paired(a, b, 0, 8, 1, 9, 4, 12, 5, 13), paired(a, b, 2, 10, 3, 11, 6, 14, 7, 15)]
    twos = []
    for a, b in ((0, 2), (1, 3), (4, 6), (5, 7)):
        twos += [
            paired(ones[a], ones[b], 0, 1, 8, 9, 4, 5, 12, 13),
            paired(ones[a], ones[b], 2, 3, 10, 11, 6, 7, 14, 15),
        ]
    first = [paired(twos[k], twos[k + 4], 0, 1, 2, 3, 8, 9, 10, 11) for k in range(4)]
    return first + [paired(twos[k], twos[k + 4], 4, 5, 6, 7, 12, 13, 14, 15) for k in range(4)]


def fused(builder: Any, a: Any, b: Any, c: Any) -> Any:
    """The product a · b plus c, rounded once."""
    kind = a.type
    letter = {FLOAT: "f32", DOUBLE: "f64"}
    name = letter[kind] if kind in letter else f"v{kind.count}{letter[kind.element]}"
    return builder.call(_function(builder, f"llvm.fma.{name}", kind, kind, kind, kind), [a, b, c])


def reversed_bits(builder: Any, value: Any) -> Any:
    """Bits of each lane in the opposite order."""
    name = f"llvm.bitreverse.v{value.type.count}i32"
    return builder.call(_function(builder, name, value.type, value.type), [value])


def _function(builder: Any, name: str, returns: Any, *takes: Any) -> Any:
    return cgutils.get_or_insert_function(builder.module, ir.FunctionType(returns, takes), name)


def emitted(function: Callable[..., Any]) -> Any:
    """Make a function that kernels call of one that tells its types and emits its code: Numba's ``intrinsic``."""
    return intrinsic(function)


def array_of(context: Any, builder: Any, kind: Any, value: Any) -> Any:
    """The array behind a kernel's argument."""
    return context.make_array(kind)(context, builder, value)


def _scalar(name: str, returns: Any, takes: tuple[Any, ...], build: Callable[[Any, Any], Any]) -> Any:
    """Make a function of plain numbers, compiled to what ``build(builder, args)`` emits."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return build(builder, args)

    if len(takes) == 1:

        def typed(typingctx: Any, x: Any) -> Any:
            return returns(*takes), codegen

    else:

        def typed(typingctx: Any, a: Any, b: Any, c: Any) -> Any:  # type: ignore[misc]
            return returns(*takes), codegen

    typed.__name__ = name
    return emitted(typed)


f4, f8, u4, u8 = types.float32, types.float64, types.uint32, types.uint64
fma32 = _scalar("fma32", f4, (f4, f4, f4), lambda builder, args: fused(builder, *args))
"""a · b + c of float32, rounded once."""
fma64 = _scalar("fma64", f8, (f8, f8, f8), lambda builder, args: fused(builder, *args))
"""a · b + c of float64, rounded once."""
bits32 = _scalar("bits32", u4, (f4,), lambda builder, args: builder.bitcast(args[0], INT))
"""Bits of a float32."""
bits64 = _scalar("bits64", u8, (f8,), lambda builder, args: builder.bitcast(args[0], LONG))
"""Bits of a float64."""
float_of32 = _scalar("float_of32", f4, (u4,), lambda builder, args: builder.bitcast(args[0], FLOAT))
"""Float32 of its bits."""
float_of64 = _scalar("float_of64", f8, (u8,), lambda builder, args: builder.bitcast(args[0], DOUBLE))
"""Float64 of its bits."""
