"""Rows of lanes in memory: of an array, of other rows, of a kernel's own stack; reading and writing them."""

from __future__ import annotations

import operator
from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba.core import cgutils, types
from numba.extending import intrinsic, lower_builtin, type_callable

from sim.lanes.kinds import ELEMENTS, FLOATS, WIDTH, Lanes, Rows, spread

_intrinsic: Any = intrinsic
_LINE = 64  # bytes of the cache's


@_intrinsic
def held(typing: Any, value: Any, rows: Any) -> Any:
    """``value``, lanes or a plain number, as ``rows`` hold it: rounded to their precision, a number put in every lane."""
    kind = Lanes(rows.dtype)

    def emit(context: Any, builder: ir.IRBuilder, sig: Any, args: Any) -> ir.Value:
        return spread(context, builder, args[0], sig.args[0], kind)

    return kind(value, rows), emit


def _made(context: Any, builder: ir.IRBuilder, kind: Rows, data: ir.Value, pitch: ir.Value) -> ir.Value:
    made = cgutils.create_struct_proxy(kind)(context, builder)
    made.data, made.pitch = data, pitch
    return made._getvalue()


@_intrinsic
def rows(typing: Any, array: Any, first: Any) -> Any:
    """Rows of draws ``first`` to ``first + 15`` of ``array`` [any, T], in C order."""
    kind = Rows(array.dtype)

    def emit(context: Any, builder: ir.IRBuilder, sig: Any, args: Any) -> ir.Value:
        found = context.make_array(array)(context, builder, args[0])
        pitch = builder.extract_value(found.strides, 0)
        return _made(context, builder, kind, builder.gep(found.data, [args[1]]), pitch)

    return kind(array, types.intp), emit


@_intrinsic
def block(typing: Any, array: Any, at: Any) -> Any:
    """Rows of block ``at`` of ``array`` [draws / 16, any, 16], in C order."""
    kind = Rows(array.dtype)

    def emit(context: Any, builder: ir.IRBuilder, sig: Any, args: Any) -> ir.Value:
        found = context.make_array(array)(context, builder, args[0])
        size = builder.udiv(builder.extract_value(found.strides, 0), found.itemsize)
        pitch = builder.extract_value(found.strides, 1)
        return _made(context, builder, kind, builder.gep(found.data, [builder.mul(args[1], size)]), pitch)

    return kind(array, types.intp), emit


@_intrinsic
def view(typing: Any, whole: Any, first: Any, step: Any) -> Any:
    """Every ``step``-th of the rows from ``first`` on."""
    kind = Rows(whole.dtype)

    def emit(context: Any, builder: ir.IRBuilder, sig: Any, args: Any) -> ir.Value:
        found = cgutils.create_struct_proxy(whole)(context, builder, args[0])
        data = _row(builder, found, args[1], found.data.type)
        return _made(context, builder, kind, data, builder.mul(found.pitch, args[2]))

    return kind(whole, types.intp, types.intp), emit


@_intrinsic(prefer_literal=True)
def scratch(typing: Any, count: Any, like: Any) -> Any:
    """``count`` rows, a constant, of the precision of rows ``like``, holding rubbish; gone when the calling kernel returns."""
    size = like.dtype.bitwidth // 8 * WIDTH
    kind = Rows(like.dtype, size)

    def emit(context: Any, builder: ir.IRBuilder, sig: Any, args: Any) -> ir.Value:
        element = ELEMENTS[like.dtype]
        with builder.goto_entry_block():  # not Numba's own helper, which would fill it with zeros
            slot = builder.alloca(ir.ArrayType(element, count.literal_value * WIDTH))
            slot.align = _LINE
        data = builder.bitcast(slot, ir.PointerType(element))
        return _made(context, builder, kind, data, ir.Constant(ir.IntType(64), size))

    return kind(count, like), emit


@_intrinsic
def lanes_at(typing: Any, array: Any, first: Any) -> Any:
    """The sixteen numbers from number ``first`` on of an array in C order, however many dimensions it has."""
    kind = Lanes(array.dtype)

    def emit(context: Any, builder: ir.IRBuilder, sig: Any, args: Any) -> ir.Value:
        data = _numbers(context, builder, array, args[0], args[1])
        return builder.load(data, align=array.dtype.bitwidth // 8)

    return kind(array, types.uintp), emit


@_intrinsic
def put(typing: Any, array: Any, first: Any, value: Any) -> Any:
    """Write lanes to the sixteen numbers from number ``first`` on of an array in C order; of integers what bits it has."""

    def emit(context: Any, builder: ir.IRBuilder, sig: Any, args: Any) -> ir.Value:
        data = _numbers(context, builder, array, args[0], args[1])
        kept = args[2] if value.dtype == array.dtype else builder.trunc(args[2], data.type.pointee)
        builder.store(kept, data, align=array.dtype.bitwidth // 8)
        return context.get_dummy_value()

    return types.none(array, types.uintp, value), emit


def _numbers(context: Any, builder: ir.IRBuilder, array: Any, value: ir.Value, first: ir.Value) -> ir.Value:
    """Pointer to sixteen numbers of an array."""
    data = context.make_array(array)(context, builder, value).data
    vector = ir.VectorType(context.get_data_type(array.dtype), WIDTH)
    return builder.bitcast(builder.gep(data, [first]), ir.PointerType(vector))


def _row(builder: ir.IRBuilder, found: Any, row: ir.Value, kind: ir.Type, pitch: int = 0) -> ir.Value:
    """Pointer of type ``kind`` to ``row``."""
    start = builder.bitcast(found.data, ir.PointerType(ir.IntType(8)))
    apart = ir.Constant(ir.IntType(64), pitch) if pitch else found.pitch
    return builder.bitcast(builder.gep(start, [builder.mul(row, apart)]), kind)


def _slot(context: Any, builder: ir.IRBuilder, kind: Rows, value: ir.Value, row: ir.Value) -> ir.Value:
    found = cgutils.create_struct_proxy(kind)(context, builder, value)
    return _row(builder, found, row, ir.PointerType(ir.VectorType(ELEMENTS[kind.dtype], WIDTH)), kind.pitch)


def _alignment(kind: Rows) -> int:
    """Bytes: rows of the scratch begin on a line of the cache, those of an array where they happen to."""
    return _LINE if kind.pitch else kind.dtype.bitwidth // 8


@type_callable(operator.getitem)
def _getitem(context: Any) -> Any:
    def typer(whole: Any, row: Any) -> Any:
        return Lanes(whole.dtype) if isinstance(whole, Rows) and isinstance(row, types.Integer) else None

    return typer


@type_callable(operator.setitem)
def _setitem(context: Any) -> Any:
    def typer(whole: Any, row: Any, value: Any) -> Any:
        fits = isinstance(value, types.Number) or (isinstance(value, Lanes) and value.dtype in FLOATS)
        return types.none if isinstance(whole, Rows) and isinstance(row, types.Integer) and fits else None

    return typer


@lower_builtin(operator.getitem, Rows, types.Integer)
def _load(context: Any, builder: ir.IRBuilder, sig: Any, args: Any) -> ir.Value:
    kind = sig.args[0]
    row = context.cast(builder, args[1], sig.args[1], types.intp)
    return builder.load(_slot(context, builder, kind, args[0], row), align=_alignment(kind))


@lower_builtin(operator.setitem, Rows, types.Integer, types.Any)
def _store(context: Any, builder: ir.IRBuilder, sig: Any, args: Any) -> ir.Value:
    kind = sig.args[0]
    value = spread(context, builder, args[2], sig.args[2], Lanes(kind.dtype))
    row = context.cast(builder, args[1], sig.args[1], types.intp)
    builder.store(value, _slot(context, builder, kind, args[0], row), align=_alignment(kind))
    return context.get_dummy_value()
