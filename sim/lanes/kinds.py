"""Numba's types of lanes and rows, and how a plain number, or lanes of the other precision, become lanes of a type."""

from __future__ import annotations

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba.core import types
from numba.extending import models, register_model

WIDTH = 16

ELEMENTS = {
    types.float64: ir.DoubleType(),
    types.float32: ir.FloatType(),
    types.int64: ir.IntType(64),
    types.uint64: ir.IntType(64),
    types.uint32: ir.IntType(32),
    types.uint16: ir.IntType(16),
    types.boolean: ir.IntType(1),
}
FLOATS = {types.float64, types.float32}
UNSIGNED = {types.float64: types.uint64, types.float32: types.uint32}
"""Of floats: the unsigned integers of as many bits."""
COUNTING = frozenset({types.uint64, types.uint32, types.uint16})


class Lanes(types.Type):
    """Sixteen numbers or truths of one ``dtype``, held in registers."""

    def __init__(self, dtype: Any) -> None:
        self.dtype = dtype
        super().__init__(name=f"lanes({dtype})")


class Rows(types.Type):
    """Rows of sixteen draws each, ``pitch`` bytes apart; 0 where that is not known when kernels are compiled."""

    def __init__(self, dtype: Any, pitch: int = 0) -> None:
        self.dtype, self.pitch = dtype, pitch
        super().__init__(name=f"rows({dtype}, {pitch})")


DOUBLE, INTEGERS, TRUTHS = Lanes(types.float64), Lanes(types.int64), Lanes(types.boolean)


@register_model(Lanes)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager: Any, lanes: Lanes) -> None:
        super().__init__(manager, lanes, ir.VectorType(ELEMENTS[lanes.dtype], WIDTH))


@register_model(Rows)
class _RowsModel(models.StructModel):
    def __init__(self, manager: Any, rows: Rows) -> None:
        super().__init__(manager, rows, [("data", types.CPointer(rows.dtype)), ("pitch", types.intp)])


def spread(context: Any, builder: ir.IRBuilder, value: ir.Value, given: Any, wanted: Lanes) -> ir.Value:
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


def common(a: Any, b: Any) -> Any:
    """Type of lanes in which ``a`` and ``b`` are worked with; None where neither is lanes or the two do not go together."""
    if isinstance(a, Lanes) and isinstance(b, Lanes):
        return a if a == b else (DOUBLE if {a.dtype, b.dtype} <= FLOATS else None)
    if isinstance(a, Lanes):
        return a if isinstance(b, types.Number) else None
    return b if isinstance(b, Lanes) and isinstance(a, types.Number) else None
