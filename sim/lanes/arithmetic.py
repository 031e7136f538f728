"""What can be done with lanes: operators, comparisons, choice, roots, and work on the bits.

The functions take plain numbers as well, so that :mod:`sim.vecmath` is written once for both.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba.core import cgutils, types
from numba.extending import intrinsic, lower_builtin, type_callable

from sim.lanes.kinds import COUNTING, DOUBLE, FLOATS, INTEGERS, TRUTHS, UNSIGNED, WIDTH, Lanes, common, spread

_intrinsic: Any = intrinsic  # what it makes takes other arguments than what it is given, which mypy cannot know


def _operator(function: Callable[..., Any], emit: Callable[..., ir.Value], result: Callable[[Any], Any]) -> None:
    """Teach Numba ``function`` of two operands, of which at least one is lanes; ``emit`` writes it for lanes of a type."""

    @type_callable(function)
    def _(context: Any) -> Any:
        def typer(a: Any, b: Any) -> Any:
            shared = common(a, b)
            return result(shared) if shared is not None else None

        return typer

    def lower(context: Any, builder: ir.IRBuilder, sig: Any, args: Any) -> ir.Value:
        shared = common(*sig.args)
        a, b = (spread(context, builder, arg, given, shared) for arg, given in zip(args, sig.args, strict=True))
        return emit(builder, shared, a, b)

    for pair in ((Lanes, Lanes), (Lanes, types.Number), (types.Number, Lanes)):
        lower_builtin(function, *pair)(lower)


def _arithmetic(on_floats: str, on_integers: str = "", on_unsigned: str = "") -> Callable[..., ir.Value]:
    def emit(builder: ir.IRBuilder, lanes: Lanes, a: ir.Value, b: ir.Value) -> ir.Value:
        if lanes.dtype in FLOATS:
            return getattr(builder, on_floats)(a, b)
        return getattr(builder, (on_unsigned if lanes.dtype in COUNTING else "") or on_integers)(a, b)

    return emit


def _comparison(symbol: str) -> Callable[..., ir.Value]:
    def emit(builder: ir.IRBuilder, lanes: Lanes, a: ir.Value, b: ir.Value) -> ir.Value:
        if lanes.dtype in FLOATS:
            return (builder.fcmp_unordered if symbol == "!=" else builder.fcmp_ordered)(symbol, a, b)
        return (builder.icmp_unsigned if lanes.dtype in COUNTING else builder.icmp_signed)(symbol, a, b)

    return emit


def _same(lanes: Any) -> Any:
    return lanes


def _truths(lanes: Any) -> Any:
    return TRUTHS


for _function, *_ways in (
    (operator.add, "fadd", "add"),
    (operator.iadd, "fadd", "add"),
    (operator.sub, "fsub", "sub"),
    (operator.isub, "fsub", "sub"),
    (operator.mul, "fmul", "mul"),
    (operator.imul, "fmul", "mul"),
    (operator.truediv, "fdiv", ""),
    (operator.and_, "", "and_"),
    (operator.or_, "", "or_"),
    (operator.rshift, "", "ashr", "lshr"),
    (operator.lshift, "", "shl"),
):
    _operator(_function, _arithmetic(*_ways), _same)
for _name, _symbol in (("lt", "<"), ("le", "<="), ("gt", ">"), ("ge", ">="), ("eq", "=="), ("ne", "!=")):
    _operator(getattr(operator, _name), _comparison(_symbol), _truths)


@type_callable(operator.neg)
def _neg(context: Any) -> Any:
    return lambda a: a if isinstance(a, Lanes) else None


@lower_builtin(operator.neg, Lanes)
def _lower_neg(context: Any, builder: ir.IRBuilder, sig: Any, args: Any) -> ir.Value:
    return builder.fneg(args[0])


@_intrinsic
def where(typing: Any, condition: Any, a: Any, b: Any) -> Any:
    """``a`` in lanes where ``condition`` is true, ``b`` where it is not; also of plain numbers."""
    kind = common(a, b) or (DOUBLE if condition == TRUTHS else types.float64)

    def emit(context: Any, builder: ir.IRBuilder, sig: Any, args: Any) -> ir.Value:
        picks = zip(args[1:], sig.args[1:], strict=True)
        if isinstance(kind, Lanes):
            return builder.select(args[0], *(spread(context, builder, value, given, kind) for value, given in picks))
        return builder.select(args[0], *(context.cast(builder, value, given, kind) for value, given in picks))

    return kind(condition, a, b), emit


@_intrinsic
def some(typing: Any, condition: Any) -> Any:
    """Whether any lane is true: what no lane needs may be left out."""

    def emit(context: Any, builder: ir.IRBuilder, sig: Any, args: Any) -> ir.Value:
        mask = builder.bitcast(args[0], ir.IntType(WIDTH))
        return builder.icmp_unsigned("!=", mask, ir.Constant(ir.IntType(WIDTH), 0))

    return types.boolean(condition), emit


@_intrinsic
def every(typing: Any, condition: Any) -> Any:
    """Whether all lanes are true."""

    def emit(context: Any, builder: ir.IRBuilder, sig: Any, args: Any) -> ir.Value:
        mask = builder.bitcast(args[0], ir.IntType(WIDTH))
        return builder.icmp_unsigned("==", mask, ir.Constant(ir.IntType(WIDTH), (1 << WIDTH) - 1))

    return types.boolean(condition), emit


def _rounding(name: str) -> Any:
    def of(typing: Any, x: Any) -> Any:
        def emit(context: Any, builder: ir.IRBuilder, sig: Any, args: Any) -> ir.Value:
            kind = args[0].type
            function = cgutils.get_or_insert_function(
                builder.module,
                ir.FunctionType(kind, [kind]),
                f"llvm.{name}.v{WIDTH}f64" if isinstance(x, Lanes) else f"llvm.{name}.f64",
            )
            return builder.call(function, args)

        return x(x), emit

    return of


sqrt = _intrinsic(_rounding("sqrt"))
floor = _intrinsic(_rounding("floor"))


@_intrinsic
def bits(typing: Any, x: Any) -> Any:
    """The 64 bits of a double as a signed integer."""
    result = INTEGERS if isinstance(x, Lanes) else types.int64

    def emit(context: Any, builder: ir.IRBuilder, sig: Any, args: Any) -> ir.Value:
        return builder.bitcast(args[0], context.get_value_type(result))

    return result(x), emit


@_intrinsic
def from_bits(typing: Any, n: Any) -> Any:
    """The double that has the bits of ``n``."""
    result = DOUBLE if isinstance(n, Lanes) else types.float64

    def emit(context: Any, builder: ir.IRBuilder, sig: Any, args: Any) -> ir.Value:
        return builder.bitcast(args[0], context.get_value_type(result))

    return result(n), emit


@_intrinsic
def unsigned(typing: Any, x: Any) -> Any:
    """The bits of lanes of either precision as unsigned integers of as many."""
    result = Lanes(UNSIGNED[x.dtype])

    def emit(context: Any, builder: ir.IRBuilder, sig: Any, args: Any) -> ir.Value:
        return builder.bitcast(args[0], context.get_value_type(result))

    return result(x), emit


@_intrinsic
def narrow(typing: Any, n: Any) -> Any:
    """The lower 32 bits of unsigned lanes."""
    result = Lanes(types.uint32)

    def emit(context: Any, builder: ir.IRBuilder, sig: Any, args: Any) -> ir.Value:
        return args[0] if n == result else builder.trunc(args[0], context.get_value_type(result))

    return result(n), emit


@_intrinsic
def double(typing: Any, x: Any) -> Any:
    """Lanes of either precision in double."""

    def emit(context: Any, builder: ir.IRBuilder, sig: Any, args: Any) -> ir.Value:
        return spread(context, builder, args[0], x, DOUBLE)

    return DOUBLE(x), emit


@_intrinsic
def numbers(typing: Any) -> Any:
    """0 to 15, unsigned, 32 bits each."""
    result = Lanes(types.uint32)

    def emit(context: Any, builder: ir.IRBuilder, sig: Any, args: Any) -> ir.Value:
        return ir.Constant(context.get_value_type(result), list(range(WIDTH)))

    return result(), emit
