"""Lanes: a kernel's number that stands for the same number of sixteen draws at a time.

A kernel that is written for one draw, of ``+ − × ÷``, comparisons and :func:`where`, is compiled for sixteen: each
operation becomes one of LLVM's on a vector, which any machine carries out in as many steps as its registers ask for, and
to the same bits in every lane. So nothing is left to the compiler's loop vectoriser, which gives up where it cannot tell
arrays apart and takes its time to find out. What differs between lanes is chosen by ``where``, never by ``if``.

Draws come as :class:`Rows`: ``x[row]`` is a row's sixteen draws, of which arithmetic is in double precision whatever the
array holds. They point into an array (:func:`rows`) or a function's own stack (:func:`scratch`) and count no references.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import (
    intrinsic,
    lower_builtin,
    models,
    register_model,
    type_callable,
)

WIDTH = 16
_ALIGN = 64  # bytes, a line of the cache

_ELEMENTS = {
    types.float64: ir.DoubleType(),
    types.float32: ir.FloatType(),
    types.int64: ir.IntType(64),
    types.boolean: ir.IntType(1),
}

_FLOATS = {types.float64, types.float32}


class Lanes(types.Type):  # type: ignore[misc]
    """Sixteen numbers or truths of one ``dtype``, held in registers."""

    def __init__(self, dtype: Any) -> None:
        self.dtype = dtype
        super().__init__(name=f"lanes({dtype})")


class Rows(types.Type):  # type: ignore[misc]
    """Rows of sixteen draws each, ``pitch`` bytes apart if that is known when kernels are compiled."""

    def __init__(self, dtype: Any, pitch: int = 0) -> None:
        self.dtype, self.pitch = dtype, pitch
        super().__init__(name=f"rows({dtype}, {pitch})")


DOUBLE, INTEGERS, TRUTHS = Lanes(types.float64), Lanes(types.int64), Lanes(types.boolean)


@register_model(Lanes)
class _LanesModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, lanes: Lanes) -> None:
        super().__init__(manager, lanes, ir.VectorType(_ELEMENTS[lanes.dtype], WIDTH))


@register_model(Rows)
class _RowsModel(models.StructModel):  # type: ignore[misc]
    def __init__(self, manager: Any, rows: Rows) -> None:
        super().__init__(manager, rows, [("data", types.CPointer(rows.dtype)), ("pitch", types.intp)])


def _spread(context: Any, builder: ir.IRBuilder, value: ir.Value, given: Any, wanted: Lanes) -> ir.Value:
    """``value`` of type ``given``, lanes or a plain number, as lanes of type ``wanted``."""
    if given == wanted:
        return value
    if isinstance(given, Lanes):
        kind = context.get_value_type(wanted)
        return builder.fpext(value, kind) if wanted == DOUBLE else builder.fptrunc(value, kind)
    number = context.cast(builder, value, given, wanted.dtype)
    vector = ir.VectorType(number.type, WIDTH)
    first = builder.insert_element(ir.Constant(vector, ir.Undefined), number, ir.Constant(ir.IntType(32), 0))
    order = ir.Constant(ir.VectorType(ir.IntType(32), WIDTH), [0] * WIDTH)
    return builder.shuffle_vector(first, ir.Constant(vector, ir.Undefined), order)


def _common(a: Any, b: Any) -> Any:
    """Type of lanes in which ``a`` and ``b`` are worked with; None where neither is lanes or the two do not go together."""
    if isinstance(a, Lanes) and isinstance(b, Lanes):
        return a if a == b else (DOUBLE if {a.dtype, b.dtype} <= _FLOATS else None)
    if isinstance(a, Lanes):
        return a if isinstance(b, types.Number) else None
    return b if isinstance(b, Lanes) and isinstance(a, types.Number) else None


def _operator(function: Callable[..., Any], emit: Callable[..., ir.Value], result: Callable[[Any], Any]) -> None:
    """Teach Numba ``function`` of two operands, of which at least one is lanes; ``emit`` writes it for lanes of a type."""

    @type_callable(function)  # type: ignore[untyped-decorator]
    def _(context: Any) -> Any:
        def typer(a: Any, b: Any) -> Any:
            common = _common(a, b)
            return result(common) if common is not None else None

        return typer

    def lower(context: Any, builder: ir.IRBuilder, sig: Any, args: Any) -> ir.Value:
        common = _common(*sig.args)
        a, b = (_spread(context, builder, arg, given, common) for arg, given in zip(args, sig.args, strict=True))
        return emit(builder, common, a, b)

    for pair in ((Lanes, Lanes), (Lanes, types.Number), (types.Number, Lanes)):
        lower_builtin(function, *pair)(lower)


def _arithmetic(on_floats: str, on_integers: str = "") -> Callable[..., ir.Value]:
    def emit(builder: ir.IRBuilder, lanes: Lanes, a: ir.Value, b: ir.Value) -> ir.Value:
        return getattr(builder, on_floats if lanes.dtype in _FLOATS else on_integers)(a, b)

    return emit


def _comparison(symbol: str) -> Callable[..., ir.Value]:
    def emit(builder: ir.IRBuilder, lanes: Lanes, a: ir.Value, b: ir.Value) -> ir.Value:
        if lanes.dtype in _FLOATS:
            return (builder.fcmp_unordered if symbol == "!=" else builder.fcmp_ordered)(symbol, a, b)
        return builder.icmp_signed(symbol, a, b)

    return emit


def _same(lanes: Any) -> Any:
    return lanes


def _truths(lanes: Any) -> Any:
    return TRUTHS


for _function, _floats, _integers in (
    (operator.add, "fadd", "add"),
    (operator.iadd, "fadd", "add"),
    (operator.sub, "fsub", "sub"),
    (operator.isub, "fsub", "sub"),
    (operator.mul, "fmul", "mul"),
    (operator.imul, "fmul", "mul"),
    (operator.truediv, "fdiv", ""),
    (operator.and_, "", "and_"),
    (operator.or_, "", "or_"),
    (operator.rshift, "", "ashr"),
    (operator.lshift, "", "shl"),
):
    _operator(_function, _arithmetic(_floats, _integers), _same)
for _name, _symbol in (("lt", "<"), ("le", "<="), ("gt", ">"), ("ge", ">="), ("eq", "=="), ("ne", "!=")):
    _operator(getattr(operator, _name), _comparison(_symbol), _truths)


@type_callable(operator.neg)  # type: ignore[untyped-decorator]
def _neg(context: Any) -> Any:
    return lambda a: a if isinstance(a, Lanes) else None


@lower_builtin(operator.neg, Lanes)  # type: ignore[untyped-decorator]
def _lower_neg(context: Any, builder: ir.IRBuilder, sig: Any, args: Any) -> ir.Value:
    return builder.fneg(args[0])


@intrinsic
def held(typing: Any, value: Any, rows: Any) -> Any:
    """``value``, lanes or a plain number, as ``rows`` hold it: rounded to their precision, a number put in every lane."""
    kind = Lanes(rows.dtype)

    def emit(context: Any, builder: ir.IRBuilder, sig: Any, args: Any) -> ir.Value:
        return _spread(context, builder, args[0], sig.args[0], kind)

    return kind(value, rows), emit


@intrinsic
def where(typing: Any, condition: Any, a: Any, b: Any) -> Any:
    """``a`` in lanes where ``condition`` is true, ``b`` where it is not; also of plain numbers."""
    common = _common(a, b) or (DOUBLE if condition == TRUTHS else types.float64)

    def emit(context: Any, builder: ir.IRBuilder, sig: Any, args: Any) -> ir.Value:
        if isinstance(common, Lanes):
            picks = [_spread(context, builder, args[i], sig.args[i], common) for i in (1, 2)]
        else:
            picks = [context.cast(builder, args[i], sig.args[i], common) for i in (1, 2)]
        return builder.select(args[0], *picks)

    return common(condition, a, b), emit


@intrinsic
def some(typing: Any, condition: Any) -> Any:
    """Whether any lane is true: what no lane needs may be left out."""

    def emit(context: Any, builder: ir.IRBuilder, sig: Any, args: Any) -> ir.Value:
        mask = builder.bitcast(args[0], ir.IntType(WIDTH))
        return builder.icmp_unsigned("!=", mask, ir.Constant(ir.IntType(WIDTH), 0))

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


sqrt = intrinsic(_rounding("sqrt"))
floor = intrinsic(_rounding("floor"))


@intrinsic
def bits(typing: Any, x: Any) -> Any:
    """The 64 bits of a double as a signed integer."""
    result = INTEGERS if isinstance(x, Lanes) else types.int64

    def emit(context: Any, builder: ir.IRBuilder, sig: Any, args: Any) -> ir.Value:
        return builder.bitcast(args[0], context.get_value_type(result))

    return result(x), emit


@intrinsic
def from_bits(typing: Any, n: Any) -> Any:
    """The double that has the bits of ``n``."""
    result = DOUBLE if isinstance(n, Lanes) else types.float64

    def emit(context: Any, builder: ir.IRBuilder, sig: Any, args: Any) -> ir.Value:
        return builder.bitcast(args[0], context.get_value_type(result))

    return result(n), emit


def _made(context: Any, builder: ir.IRBuilder, kind: Rows, data: ir.Value, pitch: ir.Value) -> ir.Value:
    made = cgutils.create_struct_proxy(kind)(context, builder)
    made.data, made.pitch = data, pitch
    return made._getvalue()


@intrinsic
def rows(typing: Any, array: Any, first: Any) -> Any:
    """Rows of draws ``first`` to ``first + 15`` of ``array`` [any, T], in C order."""
    kind = Rows(array.dtype)

    def emit(context: Any, builder: ir.IRBuilder, sig: Any, args: Any) -> ir.Value:
        found = context.make_array(array)(context, builder, args[0])
        pitch = builder.extract_value(found.strides, 0)
        return _made(context, builder, kind, builder.gep(found.data, [args[1]]), pitch)

    return kind(array, types.intp), emit


@intrinsic
def block(typing: Any, array: Any, at: Any) -> Any:
    """Rows of block ``at`` of ``array`` [draws / 16, any, 16], in C order."""
    kind = Rows(array.dtype)

    def emit(context: Any, builder: ir.IRBuilder, sig: Any, args: Any) -> ir.Value:
        found = context.make_array(array)(context, builder, args[0])
        size = builder.udiv(builder.extract_value(found.strides, 0), found.itemsize)
        pitch = builder.extract_value(found.strides, 1)
        return _made(context, builder, kind, builder.gep(found.data, [builder.mul(args[1], size)]), pitch)

    return kind(array, types.intp), emit


@intrinsic
def view(typing: Any, whole: Any, first: Any, step: Any) -> Any:
    """Every ``step``-th of the rows from ``first`` on."""

    def emit(context: Any, builder: ir.IRBuilder, sig: Any, args: Any) -> ir.Value:
        found = cgutils.create_struct_proxy(whole)(context, builder, args[0])
        data = _row(builder, found, args[1], found.data.type)
        return _made(context, builder, whole, data, builder.mul(found.pitch, args[2]))

    return whole(whole, types.intp, types.intp), emit


@intrinsic(prefer_literal=True)
def scratch(typing: Any, count: Any, like: Any) -> Any:
    """``count`` rows, a constant, of the precision of rows ``like``, holding rubbish; gone when the calling kernel returns."""
    size = like.dtype.bitwidth // 8 * WIDTH
    kind = Rows(like.dtype, size)

    def emit(context: Any, builder: ir.IRBuilder, sig: Any, args: Any) -> ir.Value:
        element = _ELEMENTS[like.dtype]
        slot = cgutils.alloca_once(builder, ir.ArrayType(element, count.literal_value * WIDTH))
        slot.align = _ALIGN
        data = builder.bitcast(slot, ir.PointerType(element))
        return _made(context, builder, kind, data, ir.Constant(ir.IntType(64), size))

    return kind(count, like), emit


def _row(builder: ir.IRBuilder, found: Any, row: ir.Value, kind: ir.Type, pitch: int = 0) -> ir.Value:
    """Pointer of type ``kind`` to ``row``."""
    start = builder.bitcast(found.data, ir.PointerType(ir.IntType(8)))
    apart = ir.Constant(ir.IntType(64), pitch) if pitch else found.pitch
    return builder.bitcast(builder.gep(start, [builder.mul(row, apart)]), kind)


def _slot(context: Any, builder: ir.IRBuilder, kind: Rows, value: ir.Value, row: ir.Value) -> ir.Value:
    found = cgutils.create_struct_proxy(kind)(context, builder, value)
    return _row(builder, found, row, ir.PointerType(ir.VectorType(_ELEMENTS[kind.dtype], WIDTH)), kind.pitch)


def _alignment(kind: Rows) -> int:
    """Bytes: rows of the scratch begin on a line of the cache, those of an array where they happen to."""
    return _ALIGN if kind.pitch else kind.dtype.bitwidth // 8


@type_callable(operator.getitem)  # type: ignore[untyped-decorator]
def _getitem(context: Any) -> Any:
    def typer(whole: Any, row: Any) -> Any:
        return Lanes(whole.dtype) if isinstance(whole, Rows) and isinstance(row, types.Integer) else None

    return typer


@type_callable(operator.setitem)  # type: ignore[untyped-decorator]
def _setitem(context: Any) -> Any:
    def typer(whole: Any, row: Any, value: Any) -> Any:
        fits = isinstance(value, types.Number) or (isinstance(value, Lanes) and value.dtype in _FLOATS)
        return types.none if isinstance(whole, Rows) and isinstance(row, types.Integer) and fits else None

    return typer


@lower_builtin(operator.getitem, Rows, types.Integer)  # type: ignore[untyped-decorator]
def _load(context: Any, builder: ir.IRBuilder, sig: Any, args: Any) -> ir.Value:
    kind = sig.args[0]
    row = context.cast(builder, args[1], sig.args[1], types.intp)
    return builder.load(_slot(context, builder, kind, args[0], row), align=_alignment(kind))


@lower_builtin(operator.setitem, Rows, types.Integer, types.Any)  # type: ignore[untyped-decorator]
def _store(context: Any, builder: ir.IRBuilder, sig: Any, args: Any) -> ir.Value:
    kind = sig.args[0]
    value = _spread(context, builder, args[2], sig.args[2], Lanes(kind.dtype))
    row = context.cast(builder, args[1], sig.args[1], types.intp)
    builder.store(value, _slot(context, builder, kind, args[0], row), align=_alignment(kind))
    return context.get_dummy_value()
